//! JSON as clients write it, read into a type; what does not fit names its field, in both languages.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    json::pointer,
    rejection::{Code, Rejection, pointer_token},
};

/// Reads `value` into `T`.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Rejection> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| unfit(pointer(error.path()), &error.inner().to_string()))
}

/// An object whose fields depend on one of them: they are taken one by one.
pub struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of `value`.
    pub fn of(value: Value) -> Result<Self, Rejection> {
        read(value).map(Self)
    }

    /// Takes a field that may be left out or null.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Rejection> {
        let value = self.0.shift_remove(name).unwrap_or_default();
        read(value).map_err(|rejection| rejection.under(&format!("/{name}")))
    }

    /// Takes a field that must be there.
    pub fn need<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Rejection> {
        self.take(name)?.ok_or_else(|| missing("", name))
    }

    /// Refuses what nobody took.
    pub fn finish(self) -> Result<(), Rejection> {
        self.0
            .keys()
            .next()
            .map_or(Ok(()), |name| Err(unknown(format!("/{}", pointer_token(name)), name, "")))
    }
}

/// The refusal behind what serde says of the value at `pointer`.
fn unfit(pointer: String, cause: &str) -> Rejection {
    let said = |prefix: &str, between: &str| cause.strip_prefix(prefix)?.split_once(between);
    if let Some((name, _)) = said("missing field `", "`") {
        return missing(&pointer, name);
    }
    if let Some((name, others)) = said("unknown field `", "`, ") {
        return unknown(pointer, name, &quoted(others));
    }
    let (en, id) = if let Some((word, others)) = said("unknown variant `", "`, ") {
        let others = quoted(others);
        (format!("'{word}' is none of {others}"), format!("'{word}' bukan salah satu dari {others}"))
    } else if let Some((found, _)) =
        said("invalid value: ", ", expected ").filter(|(found, _)| is_number(found))
    {
        let (en, id) = kind(found);
        (
            format!("{en} is too small or too large here"),
            format!("{id} terlalu kecil atau terlalu besar di sini"),
        )
    } else if let Some((found, wanted)) = said("invalid type: ", ", expected ") {
        let ((found_en, found_id), (wanted_en, wanted_id)) = (kind(found), kind(wanted));
        (
            format!("must be {wanted_en}, and {found_en} was sent"),
            format!("harus berupa {wanted_id}, sedangkan yang dikirim {found_id}"),
        )
    } else {
        (format!("this does not fit: {cause}"), format!("isinya tidak sesuai (\"{cause}\")"))
    };
    Rejection::old(Code::InvalidField, pointer, en, id)
}

fn missing(pointer: &str, name: &str) -> Rejection {
    Rejection::old(
        Code::MissingField,
        format!("{pointer}/{}", pointer_token(name)),
        format!("'{name}' is missing; add it"),
        format!("'{name}' belum diisi; tambahkan"),
    )
}

fn unknown(pointer: String, name: &str, others: &str) -> Rejection {
    let (en, id) = match others {
        "" => ("leave it out".to_owned(), "hapus isian ini".to_owned()),
        _ => (format!("known are {others}"), format!("yang dikenal: {others}")),
    };
    Rejection::old(
        Code::UnknownField,
        pointer,
        format!("'{name}' is not known here; {en}"),
        format!("'{name}' tidak dikenal di sini; {id}"),
    )
}

/// The words between backticks.
fn quoted(text: &str) -> String {
    text.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(", ")
}

fn is_number(found: &str) -> bool {
    found.starts_with("integer") || found.starts_with("floating point")
}

/// What serde calls a value or a type, in English and Indonesian.
fn kind(said: &str) -> (String, String) {
    let both = |en: &str, id: &str| (en.to_owned(), id.to_owned());
    if is_number(said) {
        let number = quoted(said);
        return (format!("the number {number}"), format!("angka {number}"));
    }
    if let Some(text) = said.strip_prefix("string ") {
        return match said {
            "string or map" => both("text", "teks"),
            _ => (format!("the text {text}"), format!("teks {text}")),
        };
    }
    match said {
        "a string" => both("text", "teks"),
        "a boolean" => both("true or false", "true atau false"),
        "f32" | "f64" => both("a number", "angka"),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" => {
            both("a whole number", "bilangan bulat")
        }
        "sequence" | "a sequence" => both("a list", "daftar"),
        "map" | "a map" => both("an object", "objek"),
        "null" => both("null", "null"),
        _ if said.starts_with("struct ") => both("an object", "objek"),
        _ if said.starts_with("boolean ") => (quoted(said), quoted(said)),
        other => (other.to_owned(), format!("\"{other}\"")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rstest::rstest;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::domain::{mark::Verdict, session::Weekday};
    use crate::locales::{Language, render};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tried")]
    struct Sample {
        #[serde(default)]
        days: BTreeSet<Weekday>,
        #[serde(default)]
        verdict: Option<Verdict>,
        #[serde(default)]
        dose: Option<u8>,
        #[serde(default)]
        inner: Option<Box<Self>>,
        text: String,
        #[serde(default)]
        open: bool,
    }

    #[rstest]
    #[case(json!({}), Code::MissingField, "/text", "'text' belum diisi; tambahkan")]
    #[case(json!({"text": "", "inner": {}}), Code::MissingField, "/inner/text", "'text' belum diisi; tambahkan")]
    #[case(
        json!({"text": "", "days": ["mon", "senin"]}),
        Code::InvalidField,
        "/days/1",
        "'senin' bukan salah satu dari mon, tue, wed, thu, fri, sat, sun"
    )]
    #[case(json!({"text": "", "days": "mon"}), Code::InvalidField, "/days", "harus berupa daftar, sedangkan yang dikirim teks \"mon\"")]
    #[case(json!({"text": 5}), Code::InvalidField, "/text", "harus berupa teks, sedangkan yang dikirim angka 5")]
    #[case(json!({"text": null}), Code::InvalidField, "/text", "harus berupa teks, sedangkan yang dikirim null")]
    #[case(json!({"text": "", "open": "ya"}), Code::InvalidField, "/open", "harus berupa true atau false, sedangkan yang dikirim teks \"ya\"")]
    #[case(json!({"text": "", "open": []}), Code::InvalidField, "/open", "harus berupa true atau false, sedangkan yang dikirim daftar")]
    #[case(json!({"text": "", "dose": -1}), Code::InvalidField, "/dose", "angka -1 terlalu kecil atau terlalu besar di sini")]
    #[case(json!({"text": "", "dose": true}), Code::InvalidField, "/dose", "harus berupa bilangan bulat, sedangkan yang dikirim true")]
    #[case(json!({"text": "", "verdict": 3}), Code::InvalidField, "/verdict", "harus berupa teks, sedangkan yang dikirim angka 3")]
    #[case(json!({"text": "", "inner": 3}), Code::InvalidField, "/inner", "harus berupa objek, sedangkan yang dikirim angka 3")]
    #[case(
        json!({"text": "", "a/b": 3}),
        Code::UnknownField,
        "/a~1b",
        "'a/b' tidak dikenal di sini; yang dikenal: days, verdict, dose, inner, text, open"
    )]
    fn what_does_not_fit_names_its_field(
        #[case] value: Value,
        #[case] code: Code,
        #[case] pointer: &str,
        #[case] detail: &str,
    ) {
        let rejection = read::<Sample>(value).unwrap_err();
        assert_eq!((rejection.code, rejection.pointer.as_ref()), (code, pointer));
        assert_eq!(render(&rejection.detail, Language::Id), detail);
    }
}
