//! Cursors: where the next page starts, sealed together with the question it belongs to.

use crate::{
    domain::rejection::{Code, Rejection},
    locales::Message,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    /// The form of cursors.
    v: u8,
    /// The fingerprint of the question without its page.
    q: String,
    /// The last item of the page before.
    a: T,
}

const VERSION: u8 = 1;

/// The cursor that goes on after `last` in the pages of `query`.
pub(crate) fn seal(query: &impl std::fmt::Debug, last: &impl Serialize) -> String {
    let sealed = Sealed { v: VERSION, q: fingerprint(query), a: last };
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&sealed).expect("sort keys are plain data"))
}

/// What the cursor goes on after; refused if it belongs to another question.
pub(crate) fn open<T: DeserializeOwned>(text: &str, query: &impl std::fmt::Debug) -> Result<T, Rejection> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let sealed: Option<Sealed<T>> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let sealed = sealed
        .filter(|sealed| sealed.v == VERSION)
        .ok_or_else(|| Rejection::new(Code::InvalidCursor, "cursor", Message::new("invalid-cursor")))?;
    if sealed.q == fingerprint(query) {
        return Ok(sealed.a);
    }
    Err(Rejection::new(Code::CursorOfAnotherQuery, "cursor", Message::new("cursor-of-another-query")))
}

fn fingerprint(query: &impl std::fmt::Debug) -> String {
    let digest = Sha256::digest(format!("{query:?}"));
    URL_SAFE_NO_PAD.encode(&digest[..9])
}
