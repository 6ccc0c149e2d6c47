//! Reads the text and JSON of clients into types; a refusal names the field, in both languages.

use std::fmt::Display;

use serde::{
    Deserialize, Deserializer,
    de::{
        self, DeserializeOwned, DeserializeSeed, Expected, IntoDeserializer, MapAccess, SeqAccess,
        Unexpected, Visitor,
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

use super::rejection::{Code, Rejection, pointer_token};
use crate::locales::{self, Message};

/// Reads `value` into `T`. To JSON 30.0 is a whole number like 30, and so it is here.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Rejection> {
    T::deserialize(Json(value)).map_err(|Unfit(rejection)| rejection)
}

/// Reads a text by `read`, whose rejection goes through serde as it is.
pub fn text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl FnOnce(&str) -> Result<T, Rejection>,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    read(&text).map_err(Rejection::through_serde)
}

/// The one of `words` that `text` is, in whatever case it was written; else `text`.
pub fn known_word(text: String, words: &[&str]) -> String {
    let known = words.iter().find(|word| word.eq_ignore_ascii_case(&text));
    known.map_or(text, |word| (*word).to_owned())
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
        self.take(name)?.ok_or_else(|| missing(name))
    }

    /// Refuses the members that nothing read.
    pub fn finish(self) -> Result<(), Rejection> {
        self.0.keys().next().map_or(Ok(()), |name| Err(unknown(name, &[])))
    }
}

/// Why serde could not read a value. Serde says it by calling one of the constructors below.
#[derive(Debug)]
pub struct Unfit(pub Rejection);

impl Unfit {
    /// This error with a pointer that begins at the object or list that contains `key`.
    #[must_use]
    pub fn under(self, key: &str) -> Self {
        Self(self.0.under(&format!("/{}", pointer_token(key))))
    }
}

impl Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.detail.fmt(f)
    }
}

impl std::error::Error for Unfit {}

impl de::Error for Unfit {
    /// A type of ours says why by [`Rejection::through_serde`].
    fn custom<T: Display>(said: T) -> Self {
        Self(Rejection::from_serde().unwrap_or_else(|| {
            let detail = Message::new("field-unfit").arg("said", said.to_string());
            Rejection::new(Code::InvalidField, "", detail)
        }))
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        let (wanted, found) = (wanted_in_words(wanted), found_in_words(found));
        let detail = Message::new("field-of-another-type").arg("wanted", wanted).arg("found", found);
        Self(Rejection::new(Code::InvalidField, "", detail))
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        if !matches!(found, Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_)) {
            return Self::invalid_type(found, wanted);
        }
        let detail = Message::new("field-out-of-range").arg("found", found_in_words(found));
        Self(Rejection::new(Code::InvalidField, "", detail))
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        let detail = Message::new("none-of").arg("text", word.to_owned()).arg("known", known.to_vec());
        Self(Rejection::new(Code::InvalidField, "", detail))
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self(unknown(name, known))
    }

    fn missing_field(name: &'static str) -> Self {
        Self(missing(name))
    }
}

fn missing(name: &str) -> Rejection {
    let detail = Message::new("missing-field").arg("name", name.to_owned());
    Rejection::new(Code::MissingField, format!("/{}", pointer_token(name)), detail)
}

fn unknown(name: &str, known: &[&'static str]) -> Rejection {
    let named = name.to_owned();
    let detail = match known {
        [] => Message::new("unknown-field-without-others").arg("name", named),
        _ => Message::new("unknown-field").arg("name", named).arg("known", known.to_vec()),
    };
    Rejection::new(Code::UnknownField, format!("/{}", pointer_token(name)), detail)
}

fn found_in_words(found: Unexpected<'_>) -> locales::Value {
    let number = |number: String| Message::new("json-that-number").arg("number", number).into();
    match found {
        Unexpected::Bool(value) => value.into(),
        Unexpected::Unsigned(value) => number(value.to_string()),
        Unexpected::Signed(value) => number(value.to_string()),
        Unexpected::Float(value) => number(value.to_string()),
        Unexpected::Str(text) => Message::new("json-that-text").arg("text", text.to_owned()).into(),
        Unexpected::Unit | Unexpected::Option => "null".into(),
        Unexpected::Seq => Message::new("json-list").into(),
        Unexpected::Map => Message::new("json-object").into(),
        other => other.to_string().into(),
    }
}

/// The kind of value that a type expects, from the words of serde's types.
fn wanted_in_words(wanted: &dyn Expected) -> locales::Value {
    let said = wanted.to_string();
    let message = match &*said {
        "a string" | "string or map" => Message::new("json-text"),
        "a boolean" => Message::new("json-truth"),
        "f32" | "f64" => Message::new("json-number"),
        "u8" | "u16" | "u32" | "u64" | "i32" | "i64" => Message::new("json-whole-number"),
        "a sequence" => Message::new("json-list"),
        said if said == "a map" || said.starts_with("struct ") => Message::new("json-object"),
        _ => return said.into(),
    };
    message.into()
}

/// A JSON value that is being read.
struct Json(Value);

impl<'de> Deserializer<'de> for Json {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                #[expect(clippy::cast_possible_truncation, reason = "whole, and less than 2^53")]
                (.., Some(float)) if float.fract() == 0.0 && float.abs() < 1e15 => {
                    visitor.visit_i64(float as i64)
                }
                (.., float) => visitor.visit_f64(float.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter().enumerate())),
            Value::Object(members) => visitor.visit_map(Members(members.into_iter(), None)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        let word = String::deserialize(self)?;
        visitor.visit_enum(known_word(word, words).into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items(std::iter::Enumerate<std::vec::IntoIter<Value>>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        let next = self.0.next();
        next.map(|(index, item)| {
            seed.deserialize(Json(item)).map_err(|unfit| unfit.under(&index.to_string()))
        })
        .transpose()
    }
}

/// The members that are left, and the one whose name was read.
struct Members(serde_json::map::IntoIter, Option<(String, Value)>);

impl<'de> MapAccess<'de> for Members {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        self.1 = self.0.next();
        self.1.as_ref().map(|(name, _)| seed.deserialize(name.as_str().into_deserializer())).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unfit> {
        let (name, value) = self.1.take().expect("serde asks for a name before its value");
        seed.deserialize(Json(value)).map_err(|unfit| unfit.under(&name))
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
