//! What handlers take from a request; whatever cannot be taken is a problem.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Path, rejection::PathRejection},
    http::{HeaderMap, Method, header, request::Parts},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{App, Problem, negotiate};
use crate::{
    auth::{Principal, Secret},
    domain::{
        facility::FacilityRef,
        fields,
        json::value,
        rejection::{Code, Rejection},
    },
    locales::{self, Language, Message},
    query::params,
    store::Idempotency,
};

/// Who asks, and in which language.
pub(super) struct Caller {
    pub(super) principal: Principal,
    pub(super) language: Language,
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let principal = principal(&parts.headers, app).await?;
        Ok(Self { principal, language: negotiate::language(&parts.headers) })
    }
}

/// Who asks, by the `Authorization` header.
pub(super) async fn principal(headers: &HeaderMap, app: &App) -> Result<Principal, Rejection> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(Principal::Public);
    };
    let unusable = || Rejection::new(Code::KeyInvalid, "Authorization", Message::new("key-not-made-here"));
    let text = value.to_str().map_err(|_| unusable())?;
    let (scheme, secret) = text.trim().split_once(' ').ok_or_else(unusable)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unusable());
    }
    holder(app, secret, unusable).await
}

/// The principal whose key `secret` is, if it may be used now.
pub(super) async fn holder(
    app: &App,
    secret: &str,
    unusable: impl FnOnce() -> Rejection,
) -> Result<Principal, Rejection> {
    let hash = Secret::given(secret.trim()).hash();
    let find = || app.shared.current().key_by_hash(&hash).cloned();
    let mut key = find();
    if key.is_none() {
        // It may have been made a moment ago, by another process.
        app.read_on().await;
        key = find();
    }
    let key = key.ok_or_else(unusable)?;
    let now = app.clock.now();
    app.shared.current().check_key(&key, now)?;
    app.usage.note_key(key.id, now);
    Ok(Principal::Key(key))
}

/// One segment of the path, decoded.
pub(super) struct Segment(pub(super) String);

impl FromRequestParts<Arc<App>> for Segment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let segment = Path::<String>::from_request_parts(parts, app).await;
        segment.map(|Path(text)| Self(text)).map_err(|rejection| unreadable_path(&rejection).into())
    }
}

/// Two segments of the path, decoded.
pub(super) struct Segments(pub(super) String, pub(super) String);

impl FromRequestParts<Arc<App>> for Segments {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let segments = Path::<(String, String)>::from_request_parts(parts, app).await;
        segments
            .map(|Path((one, two))| Self(one, two))
            .map_err(|rejection| unreadable_path(&rejection).into())
    }
}

/// The facility that the path names.
impl FromRequestParts<Arc<App>> for FacilityRef {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Segment(id) = Segment::from_request_parts(parts, app).await?;
        Ok(Self::parse(&id, "id")?)
    }
}

/// An id in a path.
pub(super) fn uuid(text: &str, code: Code) -> Result<Uuid, Rejection> {
    Uuid::try_parse(text).map_err(|_| {
        Rejection::new(code, "id", Message::new("not-an-id-of-ours").arg("text", text.to_string()))
    })
}

/// The parameters of the request, read into the operation's struct.
pub(super) struct Params<Q>(pub(super) Q);

impl<Q: DeserializeOwned> FromRequestParts<Arc<App>> for Params<Q> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        Ok(Self(params::read(parts.uri.query().unwrap_or_default())?))
    }
}

fn unreadable_path(rejection: &PathRejection) -> Rejection {
    let detail = Message::new("path-unreadable").arg("error", rejection.body_text());
    Rejection::new(Code::InvalidEncoding, "path", detail)
}

/// Refuses a body that is packed.
pub(super) fn must_be_unpacked(headers: &HeaderMap) -> Result<(), Rejection> {
    let Some(coding) = headers.get(header::CONTENT_ENCODING).filter(|coding| *coding != "identity") else {
        return Ok(());
    };
    let detail = Message::new("body-packed").arg("coding", format!("{coding:?}"));
    Err(Rejection::new(Code::UnsupportedMediaType, "Content-Encoding", detail))
}

/// Reads JSON into `T`; the refusal names the field.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Rejection> {
    let mut value = value(utf8(bytes)?)?;
    write_whole(&mut value);
    fields::read(value)
}

/// To JSON 30.0 is a whole number like 30; to those who read whole numbers it is not.
fn write_whole(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 1e15);
            #[expect(clippy::cast_possible_truncation, reason = "whole, and less than 2^53")]
            if let Some(float) = float {
                *value = (float as i64).into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_whole),
        Value::Object(fields) => fields.values_mut().for_each(write_whole),
        _ => {}
    }
}

/// The text of a body.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, Rejection> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Rejection::new(Code::InvalidEncoding, "", Message::new("body-not-utf8").arg("at", at.to_string()))
    })
}

/// The media type of a body, without parameters; JSON if none is given.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let value =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("application/json");
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Refuses a body that is said to be something else than JSON.
pub(super) fn must_be_json(headers: &HeaderMap) -> Result<(), Rejection> {
    let given = media_type(headers);
    // curl -d says this of whatever it sends.
    if given == "application/json" || given.ends_with("+json") || given == "application/x-www-form-urlencoded"
    {
        return Ok(());
    }
    Err(unsupported(&given, &["application/json"]))
}

/// The refusal of a media type.
pub(super) fn unsupported(given: &str, taken: &[&'static str]) -> Rejection {
    let detail = Message::new("media-type-not-taken")
        .arg("given", given.to_owned())
        .arg("taken", locales::Value::choice(taken.iter().copied()));
    Rejection::new(Code::UnsupportedMediaType, "Content-Type", detail)
}

/// The `Idempotency-Key` of a request.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Rejection> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let fits = |key: &&str| (1..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    value.to_str().ok().filter(fits).map(Some).ok_or_else(|| {
        Rejection::new(
            Code::InvalidIdempotencyKey,
            "Idempotency-Key",
            Message::new("invalid-idempotency-key"),
        )
    })
}

/// The `Idempotency-Key` of a request, bound to its sender and to what it says.
pub(super) fn idempotency(
    headers: &HeaderMap,
    principal: &Principal,
    method: &Method,
    path: &str,
    body: &[u8],
) -> Result<Option<Idempotency>, Rejection> {
    let Some(key) = idempotency_key(headers)? else {
        return Ok(None);
    };
    let mut hash = Sha256::new();
    hash.update(method.as_str());
    hash.update([0]);
    hash.update(path);
    hash.update([0]);
    if let Some(hospital) = headers.get("x-rs-id") {
        // RS Online names it there.
        hash.update(hospital);
        hash.update([0]);
    }
    hash.update(body);
    Ok(Some(Idempotency {
        principal: principal.actor(),
        key: key.to_owned(),
        fingerprint: URL_SAFE_NO_PAD.encode(hash.finalize()),
    }))
}
