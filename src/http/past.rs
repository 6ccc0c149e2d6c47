//! Questions about a moment that has passed: `as_of`.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::Response;

use super::{App, Problem, changes::unreadable, conditional, extract::Caller, negotiate};
use crate::{
    answer::{Representation, params::Params, question::Question},
    clock::Timestamp,
    directory::refusal::Refusal,
    snapshot::Snapshot,
};

/// Takes `as_of` out of a query string, and gives the rest.
pub(super) fn split(query: &str) -> Result<(Option<Timestamp>, String), Refusal> {
    let is_as_of = |part: &&str| part.split('=').next() == Some("as_of");
    let (moments, rest): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_as_of);
    Ok((Params::parse(&moments.join("&"))?.take_time("as_of")?, rest.join("&")))
}

/// The directory as it was known at `at`; as it is now for None.
pub(super) async fn state(app: &App, at: Option<Timestamp>) -> Result<Arc<Snapshot>, Refusal> {
    let present = app.shared.current();
    let Some(at) = at else {
        return Ok(present);
    };
    let past = {
        let _turn = app.log_reads.acquire().await;
        let past = app.past.at(at, app.clock.now()).await;
        past.map_err(|error| error.refusal().unwrap_or_else(|| unreadable(&error)))?
    };
    let seen = tokio::task::spawn_blocking(move || Arc::new((*past).clone().in_hindsight(&present)));
    Ok(seen.await.expect("looking back neither panics nor is cancelled"))
}

/// Answers `question` about `state`, as it was seen at `at`.
pub(super) async fn answer(
    app: &App,
    state: Arc<Snapshot>,
    caller: &Caller,
    headers: &HeaderMap,
    question: Question,
    at: Timestamp,
) -> Result<Response, Problem> {
    let audience = caller.principal.audience();
    let format = negotiate::format(headers, question.formats())?;
    let form = Representation::new(format, caller.language, at);
    let body = app.answers.once(state, question, audience, form).await?.ok_or_else(super::ask::gone)?;
    Ok(conditional::respond(headers, Arc::new(body), audience, negotiate::coding(headers)).await)
}
