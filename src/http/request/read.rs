//! A question as it came, and the responses that answer it: from memory about the present or a moment before, or with
//! an answer that was made for this one request.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::{HeaderMap, Uri, request::Parts},
    response::Response,
};
use serde::de::DeserializeOwned;

use super::{Caller, negotiate};
use crate::{
    clock::Timestamp,
    domain::rejection::{Code, Rejection},
    http::{
        App, Problem, Reads,
        middleware::shortcut::{ParsedRequest, RequestKey},
        resources,
        response::{self, problem::unreadable},
    },
    locales::Message,
    query::{
        Query,
        params::{self, Moment},
    },
    render::{
        Body, Representation, ResponseMeta,
        forms::{self, Answer, formats},
    },
    snapshot::Snapshot,
    store::as_of::AsOfError,
};

/// A question as it came.
pub(in crate::http) struct ReadRequest {
    pub(in crate::http) reads: Arc<Reads>,
    pub(in crate::http) caller: Caller,
    pub(in crate::http) headers: HeaderMap,
    uri: Uri,
    route: MatchedPath,
}

impl FromRequestParts<App> for ReadRequest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self {
            reads: Arc::clone(&app.reads),
            caller: Caller::from_request_parts(parts, app).await?,
            headers: parts.headers.clone(),
            uri: parts.uri.clone(),
            route: parts.extensions.get().cloned().expect("what is routed has a route"),
        })
    }
}

impl ReadRequest {
    /// Answers the query that `read` makes in the present state, from there.
    pub(in crate::http) async fn answer(
        self,
        read: impl FnOnce(&Snapshot) -> Result<Query, Rejection>,
    ) -> Result<Response, Problem> {
        let state = self.reads.current();
        let query = read(&state)?;
        self.answer_now(&state, query).await
    }

    /// Answers about the moment `as_of`, as it was seen then; without one, about the present.
    pub(in crate::http) async fn answer_as_of(
        self,
        as_of: Option<Moment>,
        read: impl FnOnce(&Snapshot) -> Result<Query, Rejection> + Send,
    ) -> Result<Response, Problem> {
        let Some(Moment(at)) = as_of else {
            return self.answer(read).await;
        };
        let failed = |error: AsOfError| error.rejection().unwrap_or_else(|| unreadable(&error));
        let reads = &self.reads;
        let turn = reads.as_of.turn().await.map_err(failed)?;
        let state = turn.state(at, reads.clock.now(), &reads.current()).await.map_err(failed)?;
        let query = read(&state)?;
        self.answer_then(state, query, at).await
    }

    /// From the cache, or by making the answer.
    async fn answer_now(&self, state: &Arc<Snapshot>, query: Query) -> Result<Response, Problem> {
        let Self { reads, caller, headers, uri, route } = self;
        let (query, audience) = (Arc::new(query), caller.principal.audience());
        let format = negotiate::format(headers, &query.formats())?;
        let form = Representation::new(format, caller.language, reads.clock.now());
        let (body, is_new) =
            reads.answers.get(state, Arc::clone(&query), audience, form).await?.ok_or_else(gone)?;
        resources::unmet_demand::note(&reads.usage, &body);
        // What was asked only once needs no short way: a place on the map, say.
        if let Some(key) = RequestKey::of(uri, headers).filter(|_| !is_new) {
            let parsed = ParsedRequest {
                query,
                format,
                language: caller.language,
                coding: negotiate::coding(headers),
                vocabulary: state.vocabulary(),
                route: route.clone(),
            };
            reads.shortcuts.remember(key, parsed);
        }
        Ok(self.respond(body).await)
    }

    /// About `state`, which was the present at `at`.
    async fn answer_then(
        &self,
        state: Arc<Snapshot>,
        query: Query,
        at: Timestamp,
    ) -> Result<Response, Problem> {
        let format = negotiate::format(&self.headers, &query.formats())?;
        let form = Representation::new(format, self.caller.language, at);
        let audience = self.caller.principal.audience();
        let body = self.reads.answers.once(state, query, audience, form).await?.ok_or_else(gone)?;
        Ok(self.respond(Arc::new(body)).await)
    }

    /// The parameters.
    pub(in crate::http) fn params<Q: DeserializeOwned>(&self) -> Result<Q, Problem> {
        Ok(params::read(self.uri.query().unwrap_or_default())?)
    }

    /// The form of an `A` that the client likes best; refused if they can take none.
    pub(in crate::http) fn form<A: Answer>(&self) -> Result<Representation, Rejection> {
        let format = negotiate::format(&self.headers, &formats::<A>())?;
        Ok(Representation::new(format, self.caller.language, self.reads.clock.now()))
    }

    /// The response with an answer that was made for this request; `next` is the cursor of its next page.
    pub(in crate::http) async fn reply(
        &self,
        answer: &impl Answer,
        form: Representation,
        next: Option<&String>,
    ) -> Response {
        let meta = ResponseMeta { next: next.cloned(), ..ResponseMeta::default() };
        self.respond(Arc::new(forms::body(answer, form, meta))).await
    }

    /// The response with `body`, or `304`.
    pub(in crate::http) async fn respond(&self, body: Arc<Body>) -> Response {
        let audience = self.caller.principal.audience();
        response::respond(&self.headers, body, audience, negotiate::coding(&self.headers)).await
    }
}

fn gone() -> Rejection {
    Rejection::new(Code::NotFound, "", Message::new("not-in-directory"))
}
