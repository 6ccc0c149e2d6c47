//! JSON text, read so that nothing in it is lost: of two members with one name neither is meant for sure.

use std::{borrow::Cow, cell::Cell, collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use super::rejection::{Code, Rejection, pointer_token};
use crate::locales::Message;

/// The text of a body. Windows writes UTF-16, and before UTF-8 the mark of it, which nobody sees.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Rejection> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, odd) = bytes.as_chunks();
        let text = char::decode_utf16(pairs.iter().copied().map(unit)).collect::<Result<String, _>>();
        text.ok().filter(|_| odd.is_empty()).map(Cow::Owned).ok_or(None)
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => {
            std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|error| Some(error.valid_up_to()))
        }
    };
    text.map_err(|at| {
        let detail = Message::new("body-not-utf8").arg("at", at.unwrap_or_default().to_string());
        Rejection::new(Code::InvalidEncoding, "", detail)
    })
}

/// Reads a whole text.
pub fn parse<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::new(Code::InvalidBody, "", Message::new("json-empty")));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| rejection(&pointer(error.path()), error.inner()))?;
    reader.end().map_err(|error| rejection("", &error))?;
    Ok(value)
}

/// Reads any JSON.
pub fn value(text: &str) -> Result<Value, Rejection> {
    parse(text).map(|Whole(value)| value)
}

/// The place in a JSON text, as a pointer.
pub fn pointer(path: &Path) -> String {
    let token = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", pointer_token(key)),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    };
    path.iter().map(token).collect()
}

fn rejection(pointer: &str, error: &serde_json::Error) -> Rejection {
    let (line, column) = (error.line(), error.column());
    if let Some(name) = TWICE.take() {
        let pointer = format!("{pointer}/{}", pointer_token(&name));
        let detail =
            Message::new("json-member-twice").arg("name", name).arg("line", line).arg("column", column);
        return Rejection::new(Code::InvalidField, pointer, detail);
    }
    let detail = if error.is_eof() {
        Message::new("json-ends-early").arg("line", line).arg("column", column)
    } else {
        Message::new("json-broken").arg("line", line).arg("column", column)
    };
    Rejection::new(Code::InvalidBody, pointer, detail)
}

thread_local! {
    /// The name of the member that stands there twice. Serde lets an error be made of nothing but text, so that it waits
    /// here for [`rejection`].
    static TWICE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Gives each member of an object to `insert`, which says whether it is the first of its name.
fn members<'de, A: MapAccess<'de>, V: Deserialize<'de>>(
    mut object: A,
    mut insert: impl FnMut(String, V) -> bool,
) -> Result<(), A::Error> {
    while let Some(name) = object.next_key::<String>()? {
        if !insert(name.clone(), object.next_value()?) {
            TWICE.set(Some(name));
            return Err(A::Error::custom("a member stands there twice"));
        }
    }
    Ok(())
}

/// The members of an object by name.
#[derive(Debug)]
pub struct Members<V>(pub BTreeMap<String, V>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Members<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<V>(PhantomData<V>);

        impl<'de, V: Deserialize<'de>> Visitor<'de> for Object<V> {
            type Value = Members<V>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Members<V>, A::Error> {
                let mut found = BTreeMap::new();
                members(object, |name, value| found.insert(name, value).is_none())?;
                Ok(Members(found))
            }
        }

        deserializer.deserialize_map(Object(PhantomData))
    }
}

/// Any JSON without a member that stands there twice.
struct Whole(Value);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("any JSON")
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_str<E>(self, value: &str) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_string<E>(self, value: String) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
                let mut found = Vec::new();
                while let Some(Whole(value)) = items.next_element()? {
                    found.push(value);
                }
                Ok(found.into())
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Value, A::Error> {
                let mut found = Map::new();
                members(object, |name, Whole(value)| found.insert(name, value).is_none())?;
                Ok(found.into())
            }
        }

        deserializer.deserialize_any(Any).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::not_json("{\"a\": }", Code::InvalidBody, "/a")]
    #[case::cut_off("{\"a\": 1", Code::InvalidBody, "")]
    #[case::something_follows("{} {}", Code::InvalidBody, "")]
    #[case::twice("{\"a\": 1, \"b\": 2, \"a\": 1}", Code::InvalidField, "/a")]
    #[case::twice_inside(
        "{\"values\": [{\"bed.icu\": {}, \"b/c\": 1, \"b/c\": 2}]}",
        Code::InvalidField,
        "/values/0/b~1c"
    )]
    fn what_is_wrong_is_named(#[case] text: &str, #[case] code: Code, #[case] pointer: &str) {
        let refused = value(text).unwrap_err();
        assert_eq!((refused.code, &*refused.pointer), (code, pointer), "{}", refused.detail);
    }

    #[test]
    fn a_body_may_begin_with_the_mark_of_its_encoding() {
        let sent = "{\"name\": \"RS Ḥasan 🛏\"}";
        let wide = |unit: fn(u16) -> [u8; 2]| sent.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let marked = |mark: &[u8], rest: Vec<u8>| [mark.to_vec(), rest].concat();
        for bytes in [
            sent.as_bytes().to_vec(),
            marked(b"\xef\xbb\xbf", sent.as_bytes().to_vec()),
            marked(b"\xff\xfe", wide(u16::to_le_bytes)),
            marked(b"\xfe\xff", wide(u16::to_be_bytes)),
        ] {
            assert_eq!(text(&bytes).unwrap(), sent);
        }
        for broken in [&b"{\xff"[..], b"\xff\xfe{", b"\xfe\xff\xd8\x00", b"\xef\xbb\xbf\xff"] {
            assert_eq!(text(broken).unwrap_err().code, Code::InvalidEncoding, "{broken:?}");
        }
    }

    #[test]
    fn members_that_stand_there_twice_are_refused() {
        let refused = parse::<Members<Value>>("{\"reports\": [], \"reports\": [1]}").unwrap_err();
        assert_eq!(&*refused.pointer, "/reports");
        let Members(found) = parse::<Members<Value>>("{\"b\": 1, \"a\": {}}").unwrap();
        assert_eq!(found.into_keys().collect::<Vec<_>>(), ["a", "b"]);
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1e9..1e9_f64).prop_map(Value::from),
            ".{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(".{0,4}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_sound_is_read_as_it_is(sent in json()) {
            let text = sent.to_string();
            prop_assert_eq!(value(&text).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
        }
    }
}
