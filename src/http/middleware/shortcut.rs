//! The short way to a public answer whose question came before in the same words.
//!
//! The meaning of a question depends on the vocabulary (types, regions, names), never on the numbers. So the result of
//! routing, parsing and negotiation is remembered, and the next time only the answer itself is looked up, in the version
//! of that moment; and while the directory stays as it is, not even that. Everything else goes through the router, and
//! both ways lead to equal responses.

use std::sync::{Arc, Weak};

use arc_swap::ArcSwapOption;
use axum::{
    body::Body as HttpBody,
    extract::MatchedPath,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header},
};
use metrics::Histogram;
use moka::sync::Cache;

use super::{Route, histogram};
use crate::{
    auth::Audience,
    http::{Reads, resources, response},
    locales::Language,
    query::Asked,
    render::{Body, Format, Representation},
    snapshot::Snapshot,
};

/// Longer questions always take the long way.
const MOST_BYTES: usize = 1024;
/// How many questions are remembered.
const MOST_QUESTIONS: u64 = 16_384;

/// The parts of a request that can change the answer to a public question.
#[derive(PartialEq, Eq, Hash)]
pub(in crate::http) struct RequestKey(Vec<u8>);

impl RequestKey {
    /// The key of a `GET`; None if the sender has a key of the directory, which makes it another question, or if it is
    /// too long.
    pub(in crate::http) fn of(uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        let path = uri.path_and_query()?.as_str();
        if headers.contains_key(header::AUTHORIZATION) || path.len() > MOST_BYTES {
            return None;
        }
        let mut key = Vec::with_capacity(256);
        key.extend_from_slice(path.as_bytes());
        for name in [header::ACCEPT, header::ACCEPT_LANGUAGE, header::ACCEPT_ENCODING] {
            key.push(b'\n');
            key.extend_from_slice(headers.get(name).map_or(&[], HeaderValue::as_bytes));
        }
        (key.len() <= MOST_BYTES).then_some(Self(key))
    }
}

/// The result of routing, parsing and negotiation.
pub(in crate::http) struct ParsedRequest {
    pub(in crate::http) asked: Arc<Asked>,
    pub(in crate::http) format: Format,
    pub(in crate::http) language: Language,
    pub(in crate::http) wanted: response::Wanted,
    /// Under which vocabulary; under another one the request may mean something else, or nothing.
    pub(in crate::http) vocabulary: u64,
    /// The route, for the metrics.
    pub(in crate::http) route: MatchedPath,
}

/// The questions that came before.
pub(in crate::http) struct Shortcuts(Cache<RequestKey, Arc<Shortcut>>);

struct Shortcut {
    parsed: ParsedRequest,
    answered: Histogram,
    not_modified: Histogram,
    last: ArcSwapOption<Last>,
}

/// The last answer. It holds neither the bytes, whose place is the cache, nor the state it was made from.
struct Last {
    state: Weak<Snapshot>,
    form: Representation,
    body: Weak<Body>,
}

impl Shortcut {
    /// The last answer, if nothing has changed since.
    fn last(&self, state: &Arc<Snapshot>, form: Representation) -> Option<Arc<Body>> {
        let last = self.last.load();
        let last = last.as_ref()?;
        let is_same = last.form == form && std::ptr::eq(last.state.as_ptr(), Arc::as_ptr(state));
        is_same.then(|| last.body.upgrade())?
    }
}

impl Shortcuts {
    pub(in crate::http) fn new() -> Self {
        Self(Cache::new(MOST_QUESTIONS))
    }

    pub(in crate::http) fn remember(&self, key: RequestKey, parsed: ParsedRequest) {
        let histogram = |status| histogram(&Method::GET, parsed.route.as_str(), status);
        let shortcut = Shortcut {
            answered: histogram(StatusCode::OK),
            not_modified: histogram(StatusCode::NOT_MODIFIED),
            parsed,
            last: ArcSwapOption::empty(),
        };
        self.0.insert(key, Arc::new(shortcut));
    }
}

/// The answer to a request that came before in the same words, and the histogram for it. `route` is told as soon as it
/// is known.
pub(super) async fn answer(
    reads: &Reads,
    route: &Route,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Option<(Response<HttpBody>, Histogram)> {
    if method != Method::GET {
        return None;
    }
    let shortcut = reads.shortcuts.0.get(&RequestKey::of(uri, headers)?)?;
    let ParsedRequest { ref asked, format, language, ref wanted, vocabulary, route: ref path } =
        shortcut.parsed;
    route.tell(path);
    let state = reads.current();
    if state.vocabulary() != vocabulary {
        return None;
    }
    let form = Representation::new(format, language, reads.clock.now());
    let body = if let Some(body) = shortcut.last(&state, form) {
        reads.answers.again(body)
    } else {
        let answer = reads.answers.get(&state, Arc::clone(asked), Audience::Public, form);
        let (body, _) = answer.await.ok()??;
        let last = Last { state: Arc::downgrade(&state), form, body: Arc::downgrade(&body) };
        shortcut.last.store(Some(Arc::new(last)));
        body
    };
    resources::unmet_demand::note(&reads.usage, &body);
    let response = response::respond(headers, body, Audience::Public, wanted).await;
    let histogram = match response.status() {
        StatusCode::NOT_MODIFIED => &shortcut.not_modified,
        _ => &shortcut.answered,
    };
    let histogram = histogram.clone();
    Some((response, histogram))
}
