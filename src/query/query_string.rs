//! A query string, read leniently: the ways in which client libraries, forms and people write the same parameters.
//!
//! The values that parameters can have are in [`super::params`].

use percent_encoding::percent_decode_str;
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor,
        value::SeqDeserializer,
    },
    forward_to_deserialize_any,
};

use crate::{
    domain::{
        fields::{self, Unfit},
        region_name::is_name,
        rejection::{Code, Rejection, Rejections, pointer_token},
        text::{short_text, visible},
    },
    locales::Message,
    render::model::Resolved,
    snapshot::Snapshot,
};

/// The parameters whose loss would turn a question into another one: about the whole country, about the present, from
/// the beginning of the log, or with what was to be tried only. They are never left out by an empty value.
pub const NEVER_EMPTY: [&str; 6] = ["region", "near", "parent", "as_of", "after", "dry_run"];

/// The parameters of a request as they were given.
#[derive(Debug, Clone, Default)]
pub struct Given(Vec<Pair>);

/// Reads a query string: `a=1&b=2`, percent-encoded UTF-8. A list may be `a=1,2` or `a=1&a=2`, or as libraries write it,
/// `a[]=1` or `a[0]=1`; anything else stands there once. A form sends the fields that nobody filled in as `a=`, which
/// leaves them out, but for [`NEVER_EMPTY`].
pub fn given(query: &str) -> Result<Given, Rejections> {
    let mut pairs = Vec::new();
    for pair in pairs_of(query) {
        let (name, value) = pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value)));
        let (name, value) = (decoded(name)?, value.map(decoded).transpose()?);
        visible(&name, "query")?;
        visible(&value.as_deref().unwrap_or_default().replace(char::is_control, " "), &name)?;
        pairs.push((name, value));
    }
    Ok(Given(pairs))
}

/// The parameters of all operations that take regions.
const REGIONS: [&str; 3] = ["region", "near", "parent"];

impl Given {
    /// Puts the codes of regions in place of their names, and tells how these were read.
    pub fn resolve(&mut self, state: &Snapshot) -> Result<Vec<Resolved>, Rejection> {
        let mut resolved = Vec::new();
        for (written, value) in &mut self.0 {
            let Some(value) = value.as_mut().filter(|value| is_name(value) && !is_point(value)) else {
                continue;
            };
            let Some(name) = REGIONS.into_iter().find(|name| is_like(written, name)) else { continue };
            let read = resolved_region(state, value, name)?;
            value.clone_from(&read.code);
            resolved.push(read);
        }
        Ok(resolved)
    }

    /// Reads the parameters into the struct of an operation.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Rejections> {
        read_all(self.0)
    }
}

/// How the name of a region in `parameter` is read.
pub fn resolved_region(state: &Snapshot, given: &str, parameter: &str) -> Result<Resolved, Rejection> {
    let given = short_text(given, 100, parameter)?;
    let code = state.read_region(&given, None, parameter)?;
    let (parameter, name) = (parameter.to_owned(), state.region_title(code));
    Ok(Resolved { parameter, given, code: code.to_string(), name })
}

/// Whether a text that is not written in digits alone is meant as a point all the same: `NaN,110`.
fn is_point(text: &str) -> bool {
    text.contains(',') && text.split(',').any(|part| part.trim().parse::<f64>().is_ok())
}

/// Reads a query string into the struct of an operation, as [`given`] says.
pub fn read<T: DeserializeOwned>(query: &str) -> Result<T, Rejections> {
    given(query)?.read()
}

fn read_all<T: DeserializeOwned>(mut pairs: Vec<Pair>) -> Result<T, Rejections> {
    let mut unknown = Vec::new();
    let read = loop {
        match read_known(pairs.clone()) {
            // Serde stops at the first one; without it, it finds the next.
            Err(rejection)
                if rejection.code == Code::UnknownParameter && unknown.len() < Rejections::MOST =>
            {
                pairs.retain(|(name, _)| *name != rejection.pointer);
                unknown.push(rejection);
            }
            read => break read,
        }
    };
    Rejections::unless_empty(unknown, ())?;
    Ok(read?)
}

/// Takes the parameter `name` out of a query string: its value, and the string without it.
pub fn take(query: &str, name: &str) -> Result<(Option<String>, String), Rejection> {
    let mut values = Vec::new();
    let mut rest = Vec::new();
    for pair in pairs_of(query) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        // What cannot be decoded is refused with the rest.
        if decoded(key).is_ok_and(|key| is_like(&key, name)) {
            values.push(decoded(value)?);
        } else {
            rest.push(pair);
        }
    }
    if values.is_empty() {
        return Ok((None, query.to_owned()));
    }
    values.retain(|value| !value.is_empty());
    let taken = Parameter { name: name.to_owned(), values };
    let value = (!taken.values.is_empty()).then(|| taken.one(Ok)).transpose();
    let value =
        value.map_err(|Unfit(rejection)| Rejection { pointer: name.to_owned().into(), ..rejection })?;
    Ok((value, rest.join("&")))
}

fn pairs_of(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter(|pair| !pair.is_empty())
}

/// A name and its value, if there was a `=`.
type Pair = (String, Option<String>);

fn read_known<T: DeserializeOwned>(pairs: Vec<Pair>) -> Result<T, Rejection> {
    T::deserialize(Written(pairs)).map_err(|Unfit(rejection)| {
        let name = rejection.pointer.trim_start_matches('/').replace("~1", "/").replace("~0", "~");
        let code = match rejection.code {
            Code::UnknownField => Code::UnknownParameter,
            Code::InvalidField if name == "limit" => Code::LimitOutOfRange,
            Code::InvalidField => Code::InvalidParameter,
            other => other,
        };
        Rejection { code, pointer: name.into(), ..rejection }
    })
}

fn decoded(text: &str) -> Result<String, Rejection> {
    let text = text.replace('+', " ");
    percent_decode_str(&text)
        .decode_utf8()
        .map(String::from)
        .map_err(|_| Rejection::new(Code::InvalidEncoding, "query", Message::new("parameters-not-utf8")))
}

/// Whether `written` means the parameter `name`: libraries mark lists by `[]` or `[0]`, `&` comes as `&amp;` out of the
/// source of a page, and some write `ageGroup` or `Age-Group`.
fn is_like(written: &str, name: &str) -> bool {
    let written = written.strip_prefix("amp;").unwrap_or(written);
    let plain = match written.split_once('[') {
        Some((plain, index)) if index.strip_suffix(']').is_some_and(is_number) => plain,
        _ => written,
    };
    plain == name || snake_case(plain).eq(snake_case(name))
}

fn snake_case(text: &str) -> impl Iterator<Item = char> {
    let before = std::iter::once(' ').chain(text.chars());
    before.zip(text.chars()).flat_map(|(before, char)| {
        let begins_word = char.is_ascii_uppercase() && before.is_ascii_lowercase();
        let char = if char == '-' { '_' } else { char.to_ascii_lowercase() };
        begins_word.then_some('_').into_iter().chain([char])
    })
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether nobody chose this parameter: a library adds it so that no cache answers (`_=1700000000000`), a social network
/// to follow a link. It changes no answer. A name that could be a typing error is one of these only with a number.
fn is_noise(name: &str, value: &str) -> bool {
    const OF_CACHES: [&str; 15] = [
        "cachebuster",
        "cachebust",
        "nocache",
        "cb",
        "bust",
        "dc",
        "rand",
        "random",
        "rnd",
        "r",
        "t",
        "ts",
        "timestamp",
        "v",
        "evspreamble",
    ];
    const OF_NETWORKS: [&str; 8] =
        ["fbclid", "gclid", "gbraid", "wbraid", "msclkid", "ttclid", "igshid", "mcclid"];
    let plain = name.to_ascii_lowercase().replace(['_', '-'], "");
    let is_counted = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    name.starts_with("utm_")
        || OF_NETWORKS.contains(&&*plain)
        || is_counted && (name == "_" || OF_CACHES.contains(&&*plain))
}

/// The parameters as they were written.
struct Written(Vec<Pair>);

impl Written {
    /// The parameters that were chosen, by the names of `fields`.
    fn named(self, fields: &[&str]) -> Parameters {
        let mut named: Vec<Parameter> = Vec::new();
        for (written, value) in self.0 {
            let exactly = fields.iter().find(|field| **field == written);
            let field = exactly.or_else(|| fields.iter().find(|field| is_like(&written, field)));
            let is_left_out = field.is_none() && is_noise(&written, value.as_deref().unwrap_or_default())
                || value.as_deref() == Some("") && field.is_some_and(|field| !NEVER_EMPTY.contains(field));
            if is_left_out {
                continue;
            }
            let (name, value) =
                (field.map_or(written, |field| (*field).to_owned()), value.unwrap_or_default());
            match named.iter_mut().find(|known| known.name == name) {
                Some(parameter) => parameter.values.push(value),
                None => named.push(Parameter { name, values: vec![value] }),
            }
        }
        Parameters { left: named.into_iter(), current: None }
    }
}

impl<'de> Deserializer<'de> for Written {
    type Error = Unfit;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_map(self.named(fields))
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_map(self.named(&[]))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The parameters that are left, and the one whose name was read.
struct Parameters {
    left: std::vec::IntoIter<Parameter>,
    current: Option<Parameter>,
}

impl<'de> MapAccess<'de> for Parameters {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        self.current = self.left.next();
        self.current.as_ref().map(|one| seed.deserialize(one.name.as_str().into_deserializer())).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unfit> {
        let parameter = self.current.take().expect("serde asks for a name before its value");
        let pointer = pointer_token(&parameter.name);
        seed.deserialize(parameter)
            .map_err(|Unfit(rejection)| Unfit(Rejection { pointer: pointer.into(), ..rejection }))
    }
}

/// A parameter that is being read.
#[derive(Debug, Clone)]
struct Parameter {
    name: String,
    values: Vec<String>,
}

impl Parameter {
    fn empty(self) -> Unfit {
        let detail = Message::new("parameter-empty").arg("name", self.name);
        Unfit(Rejection::new(Code::InvalidParameter, "", detail))
    }

    /// Gives `visit` the only value, trimmed.
    fn one<T>(self, visit: impl FnOnce(String) -> Result<T, Unfit>) -> Result<T, Unfit> {
        match &self.values[..] {
            [value] if value.trim().is_empty() => Err(self.empty()),
            [value] => visit(value.trim().to_owned()),
            _ => {
                let detail = Message::new("parameter-twice").arg("name", self.name);
                Err(Unfit(Rejection::new(Code::InvalidParameter, "", detail)))
            }
        }
    }
}

impl IntoDeserializer<'_, Unfit> for Parameter {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Parameter {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.one(|text| visitor.visit_string(text))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        // As Python, forms, YAML and Indonesian write it.
        self.one(|text| match &*text.to_ascii_lowercase() {
            "true" | "1" | "yes" | "y" | "on" | "t" | "ya" => visitor.visit_bool(true),
            "false" | "0" | "no" | "n" | "off" | "f" | "tidak" => visitor.visit_bool(false),
            _ => Err(Unfit::unknown_variant(&text, &["true", "false"])),
        })
    }

    /// The number of a change.
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.one(|text| match text.parse::<u64>() {
            Ok(number) if i64::try_from(number).is_ok() => visitor.visit_u64(number),
            _ => {
                let detail = Message::new("not-a-change-number").arg("text", text);
                Err(Unfit(Rejection::new(Code::InvalidParameter, "", detail)))
            }
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.one(|text| visitor.visit_enum(fields::known_word(text, words).into_deserializer()))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let parts = self.values.iter().flat_map(|value| value.split(',')).map(str::trim);
        let parts: Vec<Self> = parts
            .filter(|part| !part.is_empty())
            .map(|part| Self { name: self.name.clone(), values: vec![part.to_owned()] })
            .collect();
        if parts.is_empty() {
            return Err(self.empty());
        }
        visitor.visit_seq(SeqDeserializer::new(parts.into_iter()))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct
        map struct identifier
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use serde::Deserialize;

    use super::*;
    use crate::{
        domain::{
            region_code::{Level, RegionCode},
            resource_type::TypeCode,
            text::Slug,
        },
        query::params::{Limit, Near, Number, Words},
    };

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        region: Option<RegionCode>,
        near: Option<Near>,
        #[serde(default)]
        r#type: Vec<TypeCode>,
        #[serde(default)]
        min: Number<0, 9, 1>,
        #[serde(default)]
        limit: Limit,
        #[serde(default)]
        flag: bool,
        q: Option<Words>,
        after: Option<u64>,
        cursor: Option<String>,
        age_group: Option<Slug>,
        level: Option<Level>,
    }

    #[rstest]
    #[case("min=1&type=bed.icu&region=33.74&type=bed.hcu")]
    #[case("region=33%2E74&&cursor=&type=bed.icu%2Cbed.hcu,")]
    #[case("region=+33.74&limit=20&flag=0&type=bed.icu,bed.hcu")]
    #[case::lists_of_axios_and_jquery("region=33.74&type[]=bed.icu&type%5B%5D=bed.hcu")]
    #[case::lists_of_php("region=33.74&type[0]=bed.icu&type[1]=bed.hcu")]
    #[case::lists_mixed("region=33.74&type=bed.icu&type[]=bed.hcu")]
    #[case::jquery_without_cache("region=33.74&type=bed.icu,bed.hcu&_=1700000000000")]
    #[case::other_cache_busters(
        "region=33.74&type=bed.icu,bed.hcu&_dc=17&cb=4.2&_ts=1&nocache&cacheBuster=0.123"
    )]
    #[case::networks("region=33.74&type=bed.icu,bed.hcu&utm_source=wa&fbclid=IwAR0x-y")]
    #[case::an_unfilled_form("region=33.74&type=bed.icu,bed.hcu&q=&min=&flag=&limit=&age_group=&_=")]
    #[case::ends_of_addresses("region=33.74&type=bed.icu&type=bed.hcu&")]
    #[case::out_of_a_page("region=33.74&amp;type=bed.icu&amp;type=bed.hcu")]
    #[case::names_in_any_case("Region=33.74&TYPE=bed.icu,bed.hcu")]
    fn one_query_written_in_many_ways_is_one_query(#[case] query: &str) {
        let plain: Sample = read("region=33.74&type=bed.icu,bed.hcu").unwrap();
        assert_eq!(read::<Sample>(query).unwrap(), plain);
    }

    #[rstest]
    #[case("q=%ff", Code::InvalidEncoding, "query")]
    #[case("region=33&region=33", Code::InvalidParameter, "region")]
    #[case("region=", Code::InvalidParameter, "region")]
    #[case("near=", Code::InvalidParameter, "near")]
    #[case("after=", Code::InvalidParameter, "after")]
    #[case("region[]=", Code::InvalidParameter, "region")]
    #[case("flag", Code::InvalidParameter, "flag")]
    #[case("q=%20", Code::InvalidParameter, "q")]
    #[case("t=icu", Code::UnknownParameter, "t")]
    #[case("type[icu]=1", Code::UnknownParameter, "type[icu]")]
    #[case("callback=jQuery1", Code::UnknownParameter, "callback")]
    #[case("region=3374", Code::RegionCodeWithoutDots, "region")]
    #[case("near=1,2,3", Code::InvalidCoordinates, "near")]
    #[case("type=,", Code::InvalidParameter, "type")]
    #[case("type=bed.icu,Bed", Code::InvalidTypeCode, "type")]
    #[case("limit=201", Code::LimitOutOfRange, "limit")]
    #[case("min=10", Code::InvalidParameter, "min")]
    #[case("flag=maybe", Code::InvalidParameter, "flag")]
    #[case("after=9223372036854775808", Code::InvalidParameter, "after")]
    #[case("q=%00", Code::MissingField, "q")]
    #[case("a/b~c=1", Code::UnknownParameter, "a/b~c")]
    fn what_is_wrong_names_the_parameter(#[case] query: &str, #[case] code: Code, #[case] name: &str) {
        let rejections = read::<Sample>(query).unwrap_err();
        let rejection = rejections.first();
        assert_eq!((rejection.code, &*rejection.pointer), (code, name), "{}", rejection.detail);
    }

    #[rstest]
    #[case("True", true)]
    #[case("YES", true)]
    #[case("on", true)]
    #[case("ya", true)]
    #[case("False", false)]
    #[case("no", false)]
    #[case("off", false)]
    #[case("tidak", false)]
    fn truth_is_written_in_many_ways(#[case] written: &str, #[case] meant: bool) {
        assert_eq!(read::<Sample>(&format!("flag={written}")).unwrap().flag, meant);
    }

    #[test]
    fn words_may_be_in_any_case() {
        let plain: Sample = read("age_group=adult&level=kecamatan").unwrap();
        for written in ["ageGroup=Adult&level=Kecamatan", "Age-Group=ADULT&LEVEL=KECAMATAN"] {
            assert_eq!(read::<Sample>(written).unwrap(), plain);
        }
    }

    #[rstest]
    #[case("format=csv", Some("csv"), "")]
    #[case("region=33&format=csv&type=a%2Cb", Some("csv"), "region=33&type=a%2Cb")]
    #[case("Format=CSV&x=%ff", Some("CSV"), "x=%ff")]
    #[case("region=33&&", None, "region=33&&")]
    #[case("format=&region=33", None, "region=33")]
    fn one_parameter_is_taken_out(#[case] query: &str, #[case] value: Option<&str>, #[case] rest: &str) {
        assert_eq!(take(query, "format").unwrap(), (value.map(str::to_owned), rest.to_owned()));
    }

    #[test]
    fn an_unknown_name_is_told_the_known_ones() {
        let rejections = read::<Sample>("regoin=33&min=1&nearr=1").unwrap_err();
        assert_eq!(rejections.all().iter().map(|one| &*one.pointer).collect::<Vec<_>>(), ["regoin", "nearr"]);
        let said = rejections.first().detail.to_string();
        assert!(
            said.contains("region, near, type, min, limit, flag, q, after, cursor, age_group, level"),
            "{said}"
        );
    }

    proptest! {
        #[test]
        fn no_query_string_panics(query in "\\PC{0,60}") {
            let _ = read::<Sample>(&query);
        }
    }
}
