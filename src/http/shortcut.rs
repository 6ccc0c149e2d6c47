//! The short way to a public answer whose question came before in the same words.
//!
//! What the words of a question mean depends on the vocabulary (types, regions, names), never on the numbers. So
//! what routing, parsing and negotiation made of them is remembered, and the next time only the answer itself
//! is looked up, in the version of that moment. Everything else goes through the router, and both ways lead to
//! equal responses.

use std::{convert::Infallible, net::IpAddr, pin::Pin, sync::Arc, time::Instant};

use axum::{
    BoxError, Router,
    body::{Body, HttpBody},
    extract::MatchedPath,
    http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header},
};
use bytes::Bytes;
use metrics::Histogram;
use moka::sync::Cache;
use tower::{Service, ServiceExt};

use super::{
    App,
    around::{REQUEST_ID, histogram},
    conditional,
    limits::Peer,
    unmet_demand,
};
use crate::{
    auth::Audience,
    domain::language::Language,
    query::Query,
    render::{Coding, Format, Representation},
};

/// Longer questions always take the long way.
const MOST_BYTES: usize = 1024;
/// How many questions are remembered.
const MOST_QUESTIONS: u64 = 16_384;
/// What the CORS layer adds to every response.
const ANYBODY: HeaderValue = HeaderValue::from_static("*");

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
        };
        self.0.insert(words, Arc::new(shortcut));
    }
}

/// The whole application: the short way where there is one, else the router.
#[derive(Clone)]
pub struct Front {
    app: Arc<App>,
    router: Router,
    /// Who is at the other end, where that is known.
    peer: Option<Peer>,
}

impl Front {
    /// The application on `app`.
    pub fn new(app: Arc<App>) -> Self {
        Self { router: super::router(Arc::clone(&app)), app, peer: None }
    }

    /// The application for one connection.
    pub(super) fn for_peer(&self, address: IpAddr) -> Self {
        Self { peer: Some(Peer(address)), ..self.clone() }
    }
}

impl<B> Service<Request<B>> for Front
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Self { app, router, peer } = self.clone();
        Box::pin(async move {
            if let Some(response) = known(&app, request.method(), request.uri(), request.headers()).await {
                return Ok(response);
            }
            let mut request = request.map(Body::new);
            if let Some(peer) = peer {
                request.extensions_mut().insert(peer);
            }
            router.oneshot(request).await
        })
    }
}

async fn known(app: &App, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response<Body>> {
    if method != Method::GET {
        return None;
    }
    let started = Instant::now();
    let shortcut = app.shortcuts.0.get(&Words::of(uri, headers)?)?;
    let Understood { ref query, format, language, coding, vocabulary, .. } = shortcut.understood;
    let state = app.shared.current();
    if state.vocabulary() != vocabulary {
        return None;
    }
    let form = Representation::new(format, language, app.clock.now());
    let answer = app.answers.get(&state, Arc::clone(query), Audience::Public, form);
    let body = answer.await.ok()??;
    unmet_demand::note(&app.usage, &body);
    let mut response = conditional::respond(headers, body, Audience::Public, coding).await;
    let added = response.headers_mut();
    added.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANYBODY);
    added.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, ANYBODY);
    added.insert(REQUEST_ID, app.requests.id(headers));
    let histogram = match response.status() {
        StatusCode::NOT_MODIFIED => &shortcut.not_modified,
        _ => &shortcut.answered,
    };
    histogram.record(started.elapsed().as_secs_f64());
    Some(response)
}
