//! A question as it came, and the response that answers it: about the present, or about a moment before.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::{HeaderMap, Uri, request::Parts},
    response::Response,
};

use super::{
    App, Problem, conditional,
    extract::Caller,
    negotiate,
    problem::unreadable,
    resources,
    shortcut::{Understood, Words},
};
use crate::{
    clock::Timestamp,
    domain::rejection::{Code, Rejection},
    locales::Message,
    query::{Query, params::Moment},
    render::Representation,
    snapshot::Snapshot,
    store::as_of::AsOfError,
};

/// A question as it came.
pub(super) struct ReadRequest {
    pub(super) caller: Caller,
    uri: Uri,
    headers: HeaderMap,
    route: MatchedPath,
}

impl FromRequestParts<Arc<App>> for ReadRequest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        Ok(Self {
            caller: Caller::from_request_parts(parts, app).await?,
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
            route: parts.extensions.get().cloned().expect("what is routed has a route"),
        })
    }
}

/// Answers the query that `read` makes in the present state, from there.
pub(super) async fn answer(
    app: &App,
    asked: &ReadRequest,
    read: impl FnOnce(&Snapshot) -> Result<Query, Rejection>,
) -> Result<Response, Problem> {
    let state = app.shared.current();
    let query = read(&state)?;
    answer_now(app, &state, asked, query).await
}

/// The same about the moment `as_of`, as it was seen then; without one, about the present.
pub(super) async fn answer_as_of(
    app: &App,
    asked: &ReadRequest,
    as_of: Option<Moment>,
    read: impl FnOnce(&Snapshot) -> Result<Query, Rejection> + Send,
) -> Result<Response, Problem> {
    let Some(Moment(at)) = as_of else {
        return answer(app, asked, read).await;
    };
    let failed = |error: AsOfError| error.rejection().unwrap_or_else(|| unreadable(&error));
    let turn = app.past.turn().await.map_err(failed)?;
    let state = turn.state(at, app.clock.now(), &app.shared.current()).await.map_err(failed)?;
    let query = read(&state)?;
    answer_then(app, state, asked, query, at).await
}

/// From the cache, or by making the answer.
async fn answer_now(
    app: &App,
    state: &Arc<Snapshot>,
    asked: &ReadRequest,
    query: Query,
) -> Result<Response, Problem> {
    let ReadRequest { caller, headers, .. } = asked;
    let (query, audience) = (Arc::new(query), caller.principal.audience());
    let format = negotiate::format(headers, &query.formats())?;
    let coding = negotiate::coding(headers);
    let form = Representation::new(format, caller.language, app.clock.now());
    let body = app.answers.get(state, Arc::clone(&query), audience, form).await?.ok_or_else(gone)?;
    resources::unmet_demand::note(&app.usage, &body);
    if let Some(words) = Words::of(&asked.uri, headers) {
        let understood = Understood {
            query,
            format,
            language: caller.language,
            coding,
            vocabulary: state.vocabulary(),
            route: asked.route.clone(),
        };
        app.shortcuts.remember(words, understood);
    }
    Ok(conditional::respond(headers, body, audience, coding).await)
}

/// About `state`, which was the present at `at`.
async fn answer_then(
    app: &App,
    state: Arc<Snapshot>,
    asked: &ReadRequest,
    query: Query,
    at: Timestamp,
) -> Result<Response, Problem> {
    let ReadRequest { caller, headers, .. } = asked;
    let audience = caller.principal.audience();
    let format = negotiate::format(headers, &query.formats())?;
    let form = Representation::new(format, caller.language, at);
    let body = app.answers.once(state, query, audience, form).await?.ok_or_else(gone)?;
    Ok(conditional::respond(headers, Arc::new(body), audience, negotiate::coding(headers)).await)
}

fn gone() -> Rejection {
    Rejection::new(Code::NotFound, "", Message::new("not-in-directory"))
}
