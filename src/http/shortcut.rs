//! The short way to a public answer whose question came before in the same words.
//!
//! What the words of a question mean depends on the vocabulary (types, regions, names), never on the numbers. So
//! what routing, parsing and negotiation made of them is remembered, and the next time only the answer itself
//! is looked up, in the version of that moment; and while the directory stays as it is, not even that. Everything else
//! goes through the router, and both ways lead to equal responses.

use std::sync::{Arc, Weak};

use arc_swap::ArcSwapOption;
use axum::{
    body::Body as HttpBody,
    extract::MatchedPath,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header},
};
use metrics::Histogram;
use moka::sync::Cache;

use super::{App, conditional, middleware::histogram, resources};
use crate::{
    auth::Audience,
    locales::Language,
    query::Query,
    render::{Body, Coding, Format, Representation},
    snapshot::Snapshot,
};

/// Longer questions always take the long way.
const MOST_BYTES: usize = 1024;
/// How many questions are remembered.
const MOST_QUESTIONS: u64 = 16_384;

/// All that a request says which can change the answer to a public question.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Words(Vec<u8>);

impl Words {
    /// The words of a `GET`; None if a key makes the question another one, or if they are too many.
    pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        let path = uri.path_and_query()?.as_str();
        if headers.contains_key(header::AUTHORIZATION) || path.len() > MOST_BYTES {
            return None;
        }
        let mut words = Vec::with_capacity(256);
        words.extend_from_slice(path.as_bytes());
        for name in [header::ACCEPT, header::ACCEPT_LANGUAGE, header::ACCEPT_ENCODING] {
            let said = headers.get(name).map_or(&[][..], HeaderValue::as_bytes);
            words.push(b'\n');
            words.extend_from_slice(said);
        }
        (words.len() <= MOST_BYTES).then_some(Self(words))
    }
}

/// What the words of a request were found to mean.
pub(super) struct Understood {
    pub(super) query: Arc<Query>,
    pub(super) format: Format,
    pub(super) language: Language,
    pub(super) coding: Coding,
    /// Under which vocabulary; under another one they may mean something else, or nothing.
    pub(super) vocabulary: u64,
    /// The route, for the metrics.
    pub(super) route: MatchedPath,
}

/// The questions that came before.
pub(super) struct Shortcuts(Cache<Words, Arc<Shortcut>>);

struct Shortcut {
    understood: Understood,
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
    pub(super) fn new() -> Self {
        Self(Cache::new(MOST_QUESTIONS))
    }

    pub(super) fn remember(&self, words: Words, understood: Understood) {
        let histogram = |status| histogram(&Method::GET, understood.route.as_str(), status);
        let shortcut = Shortcut {
            answered: histogram(StatusCode::OK),
            not_modified: histogram(StatusCode::NOT_MODIFIED),
            understood,
            last: ArcSwapOption::empty(),
        };
        self.0.insert(words, Arc::new(shortcut));
    }
}

/// The answer to a request that came before in the same words, and the histogram for it.
pub(super) async fn answer(
    app: &App,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Option<(Response<HttpBody>, Histogram)> {
    if method != Method::GET {
        return None;
    }
    let shortcut = app.shortcuts.0.get(&Words::of(uri, headers)?)?;
    let Understood { ref query, format, language, coding, vocabulary, .. } = shortcut.understood;
    let state = app.shared.current();
    if state.vocabulary() != vocabulary {
        return None;
    }
    let form = Representation::new(format, language, app.clock.now());
    let body = if let Some(body) = shortcut.last(&state, form) {
        app.answers.again(body)
    } else {
        let answer = app.answers.get(&state, Arc::clone(query), Audience::Public, form);
        let body = answer.await.ok()??;
        let last = Last { state: Arc::downgrade(&state), form, body: Arc::downgrade(&body) };
        shortcut.last.store(Some(Arc::new(last)));
        body
    };
    resources::unmet_demand::note(&app.usage, &body);
    let response = conditional::respond(headers, body, Audience::Public, coding).await;
    let histogram = match response.status() {
        StatusCode::NOT_MODIFIED => &shortcut.not_modified,
        _ => &shortcut.answered,
    };
    let histogram = histogram.clone();
    Some((response, histogram))
}
