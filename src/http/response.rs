//! Answers as responses: tags, `304`, codings, and how long they may be kept; and the receipts of changes.

pub(super) mod problem;

use std::sync::Arc;

use axum::{
    Json,
    body::Body as HttpBody,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use bytes::Bytes;
use serde::Serialize;

use super::middleware::seen::SEQ;
use crate::{
    auth::Audience,
    domain::{
        change::Seq,
        rejection::{Code, Rejection},
    },
    locales::Message,
    render::{Body, Coding, tags::Numbers},
    store::{Committed, SentReceipt},
};

/// The request headers that an answer depends on.
const VARY: HeaderValue =
    HeaderValue::from_static("accept, accept-encoding, accept-language, authorization, sedia-seq");
/// Public answers may be kept this long by anybody, so long more while a new one is fetched, and for minutes only where
/// none can be: the bounds on how old a shared copy can be.
pub const PUBLIC: HeaderValue =
    HeaderValue::from_static("public, max-age=5, stale-while-revalidate=5, stale-if-error=300");
/// Internal answers may be kept by their reader only, and must be asked for again each time.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");
/// Answers to one request only are kept nowhere.
pub(super) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// What the client wants of a response besides the answer.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// How the bytes are packed, if that helps.
    pub(super) coding: Coding,
    /// The `Content-Disposition` of an answer that is to be a file.
    pub(super) file: Option<HeaderValue>,
}

/// The response for `body`: `304` if the client has it, else the bytes as they are wanted.
pub(super) async fn respond(
    request: &HeaderMap,
    body: Arc<Body>,
    audience: Audience,
    wanted: &Wanted,
) -> Response<HttpBody> {
    let Wanted { coding: wanted, ref file } = *wanted;
    let coding = if body.is_worth_compressing() { wanted } else { Coding::Identity };
    let tag = tag(body.tag(), coding);
    let mut response = if is_known(request, &tag) {
        let mut response = Response::new(HttpBody::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let mut response = Response::new(HttpBody::from(bytes(&body, coding).await));
        describe(response.headers_mut(), &body, coding);
        response.headers_mut().extend(file.clone().map(|file| (header::CONTENT_DISPOSITION, file)));
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    headers.insert(header::VARY, VARY);
    let kept = kept(request, audience);
    if kept == PUBLIC {
        headers.extend(tags(body.meta.numbers));
    }
    headers.insert(header::CACHE_CONTROL, kept);
    response
}

/// The tags by which shared caches forget an answer that shows these numbers: as Varnish reads them, and as others do.
pub fn tags(numbers: Numbers) -> [(HeaderName, HeaderValue); 2] {
    [("xkey", ' '), ("cache-tag", ',')].map(|(name, between)| {
        let tags = HeaderValue::try_from(numbers.tags(between)).expect("tags are plain ASCII");
        (HeaderName::from_static(name), tags)
    })
}

/// How long an answer may be kept, and by whom. One for a client that has seen a change is nobody else's question.
fn kept(request: &HeaderMap, audience: Audience) -> HeaderValue {
    let is_own = request.contains_key(header::AUTHORIZATION) || request.contains_key(SEQ);
    let is_public = audience == Audience::Public && !is_own;
    if is_public { PUBLIC } else { PRIVATE }
}

/// The response that sends the client elsewhere. It is kept no longer than an answer: an id can be given to another one.
pub(super) fn moved(request: &HeaderMap, audience: Audience, location: String) -> Response<HttpBody> {
    let headers = [(header::VARY, VARY), (header::CACHE_CONTROL, kept(request, audience))];
    (StatusCode::MOVED_PERMANENTLY, headers, [(header::LOCATION, location)]).into_response()
}

async fn bytes(body: &Arc<Body>, coding: Coding) -> Bytes {
    if let Some(bytes) = body.ready(coding) {
        return bytes;
    }
    let body = Arc::clone(body);
    let packed = tokio::task::spawn_blocking(move || body.packed(coding)).await;
    packed.expect("packing neither panics nor is cancelled")
}

fn describe(headers: &mut HeaderMap, body: &Body, coding: Coding) {
    headers.reserve(8);
    if let Some(next) = body.meta.next.as_deref().and_then(|next| HeaderValue::try_from(next).ok()) {
        headers.insert("sedia-next", next);
    }
    say_resolved(headers, body.meta.resolved.as_deref());
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(body.format.content_type()));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(body.language.tag()));
    if let Some(coding) = coding.name() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
}

/// Says how names in the question were read.
pub(super) fn say_resolved(headers: &mut HeaderMap, resolved: Option<&str>) {
    if let Some(resolved) = resolved.and_then(|resolved| HeaderValue::try_from(resolved).ok()) {
        headers.insert("sedia-resolved", resolved);
    }
}

/// A strong tag belongs to exact bytes, so each coding has its own.
fn tag(tag: &str, coding: Coding) -> HeaderValue {
    let suffix = match coding {
        Coding::Identity => "",
        Coding::Gzip => "-gz",
        Coding::Brotli => "-br",
    };
    HeaderValue::try_from(format!("\"{tag}{suffix}\"")).expect("tags are plain ASCII")
}

/// The tags of a header such as `If-None-Match`, as they are written there.
fn entity_tags<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// Whether the client says that it has these bytes. The comparison is the weak one (RFC 9110, 13.1.2).
fn is_known(request: &HeaderMap, tag: &HeaderValue) -> bool {
    request.contains_key(header::IF_NONE_MATCH)
        && entity_tags(request, &header::IF_NONE_MATCH).any(|known| {
            known == "*" || known.strip_prefix("W/").unwrap_or(known).as_bytes() == tag.as_bytes()
        })
}

/// The versions of a facility that `If-Match` allows; None allows any. A facility's tag begins with its
/// version, whatever the representation.
pub(super) fn if_match(request: &HeaderMap) -> Result<Option<Vec<Seq>>, Rejection> {
    if !request.contains_key(header::IF_MATCH) {
        return Ok(None);
    }
    let mut versions = Vec::new();
    for tag in entity_tags(request, &header::IF_MATCH) {
        if tag == "*" {
            return Ok(None);
        }
        // A proxy that compresses makes tags weak; the version in them is as exact as before.
        let version =
            tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"').split('.').next().unwrap_or(tag);
        versions.push(version.parse().map_err(|_| {
            Rejection::new(
                Code::VersionMismatch,
                "If-Match",
                Message::new("not-an-etag").arg("tag", tag.to_string()),
            )
        })?);
    }
    Ok(Some(versions))
}

/// An answer that is kept nowhere.
pub(super) fn unstored(answer: impl Serialize) -> Response<HttpBody> {
    ([(header::CACHE_CONTROL, NO_STORE)], Json(answer)).into_response()
}

/// The response that says what was committed.
pub(super) fn acknowledged(written: &Committed<Arc<SentReceipt>>) -> Response<HttpBody> {
    let body = written.receipt.body.get().to_owned();
    let status = if written.receipt.location.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    headers.insert(SEQ, HeaderValue::from(written.seq));
    let location = written.receipt.location.as_deref();
    if let Some(location) = location.and_then(|text| HeaderValue::try_from(text).ok()) {
        headers.insert(header::LOCATION, location);
    }
    if let Some(version) = written.receipt.version {
        // It is good for `If-Match`.
        headers.insert(header::ETAG, tag(&version.to_string(), Coding::Identity));
    }
    if written.replayed {
        headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}
