//! Cursors: where the next page starts, sealed together with the query it belongs to.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, Type},
    },
};

use crate::{
    domain::{
        fields,
        rejection::{Code, Rejection},
    },
    locales::Message,
};

#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Sealed<T> {
    /// The form of cursors.
    v: u8,
    /// The fingerprint of the query, which its pages share.
    q: String,
    /// The last item of the page before.
    a: T,
}

const VERSION: u8 = 1;

/// Where a page starts: after an item, or with the first.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cursor<T>(Option<Sealed<T>>);

impl<T> Cursor<T> {
    /// The last item of the page before.
    pub fn after(&self) -> Option<&T> {
        self.0.as_ref().map(|sealed| &sealed.a)
    }

    /// Refuses the cursor of another query.
    pub fn check(&self, query: &impl fmt::Debug) -> Result<(), Rejection> {
        if self.0.as_ref().is_none_or(|sealed| sealed.q == fingerprint(query)) {
            return Ok(());
        }
        Err(Rejection::new(Code::CursorOfAnotherQuery, "cursor", Message::new("cursor-of-another-query")))
    }
}

impl Cursor<Value> {
    /// The same for a list whose items differ in `T`.
    pub fn typed<T: DeserializeOwned>(self) -> Result<Cursor<T>, Rejection> {
        let typed = |Sealed { v, q, a }| Ok(Sealed { v, q, a: serde_json::from_value(a)? });
        let unusable = |_: serde_json::Error| {
            Rejection::new(Code::InvalidCursor, "cursor", Message::new("invalid-cursor"))
        };
        self.0.map(typed).transpose().map(Cursor).map_err(unusable)
    }
}

impl<T> Default for Cursor<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// Always the same: all pages belong to one query, and what it writes here is its fingerprint.
impl<T> fmt::Debug for Cursor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor")
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Cursor<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::text(deserializer, |text| {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok();
            let sealed: Option<Sealed<T>> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let sealed = sealed.filter(|sealed| sealed.v == VERSION);
            let unusable = || Rejection::new(Code::InvalidCursor, "", Message::new("invalid-cursor"));
            sealed.map(|sealed| Self(Some(sealed))).ok_or_else(unusable)
        })
    }
}

/// A cursor as the API document shows it.
pub struct CursorText;

impl PartialSchema for CursorText {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).examples([""]);
        text.pattern(Some("^[A-Za-z0-9_-]*$")).into()
    }
}

impl ToSchema for CursorText {}

/// The cursor that goes on after `last` in the pages of `query`.
pub(crate) fn seal(query: &impl fmt::Debug, last: &impl Serialize) -> String {
    let sealed = Sealed { v: VERSION, q: fingerprint(query), a: last };
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&sealed).expect("sort keys are plain data"))
}

fn fingerprint(query: &impl fmt::Debug) -> String {
    let digest = Sha256::digest(format!("{query:?}"));
    URL_SAFE_NO_PAD.encode(&digest[..9])
}
