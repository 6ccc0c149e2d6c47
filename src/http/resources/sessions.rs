//! Adding, changing and ending vaccination sessions.

use axum::response::Response;

use crate::{
    domain::{
        rejection::{Code, Rejection},
        session::SessionId,
    },
    http::{
        Problem,
        conditional::if_match,
        documents::SessionProblems,
        extract::{Segment, uuid},
        sent::{Guard, Retry, WriteRequest},
    },
    store::commands::{PutSession, SessionChanged, SessionInput, SessionPatch, SessionSaid},
};

/// Add a vaccination session
///
/// One day (`date`), or days of every week (`weekly`), so that nobody has to type each day. What is left is
/// reported like other numbers: `PUT /v1/facilities/{id}/availability` with `sessions`. By the coordinator of
/// the region, or with the facility's own key.
#[utoipa::path(
    post,
    path = "/v1/sessions",
    operation_id = "create_session",
    tag = "change",
    params(Retry),
    request_body = SessionInput,
    responses((status = 201, description = "Added; `Location` is where it is changed", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn create(sent: WriteRequest) -> Result<Response, Problem> {
    let said = SessionSaid::Whole(Box::new(sent.json()?));
    sent.submit(PutSession { id: None, said, if_match: None }).await
}

/// Replace a vaccination session
///
/// The numbers of days that it keeps stay.
#[utoipa::path(
    put,
    path = "/v1/sessions/{id}",
    operation_id = "replace_session",
    tag = "change",
    params(("id" = String, Path, description = "The session's id, as answers show it"), Guard, Retry),
    request_body = SessionInput,
    responses((status = 200, description = "Replaced", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn replace(Segment(id): Segment, sent: WriteRequest) -> Result<Response, Problem> {
    let id = session(&id)?;
    let said = SessionSaid::Whole(Box::new(sent.json()?));
    put(sent, id, said).await
}

/// Change a vaccination session
///
/// What is left out stays as it is, inside `audience` and `weekly` too; `null` removes it; `date` and `weekly` take each
/// other's place.
/// `cancelled: true` takes it out of answers, `false` puts it back.
#[utoipa::path(
    patch,
    path = "/v1/sessions/{id}",
    operation_id = "change_session",
    tag = "change",
    params(("id" = String, Path, description = "The session's id, as answers show it"), Guard, Retry),
    request_body = SessionPatch,
    responses((status = 200, description = "Changed", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn change(Segment(id): Segment, sent: WriteRequest) -> Result<Response, Problem> {
    let id = session(&id)?;
    let said = SessionSaid::Part(sent.json()?);
    put(sent, id, said).await
}

/// End a vaccination session
///
/// It is cancelled: answers leave it out, and it is forgotten after a month. To skip a single day of a weekly
/// session, add that day to `except`.
#[utoipa::path(
    delete,
    path = "/v1/sessions/{id}",
    operation_id = "end_session",
    tag = "change",
    params(("id" = String, Path, description = "The session's id, as answers show it"), Guard, Retry),
    responses((status = 200, description = "Cancelled; this is what it was", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn end(Segment(id): Segment, sent: WriteRequest) -> Result<Response, Problem> {
    let id = session(&id)?;
    put(sent, id, SessionSaid::Cancelled).await
}

fn session(id: &str) -> Result<SessionId, Rejection> {
    uuid(id, Code::UnknownSession).map(SessionId)
}

async fn put(sent: WriteRequest, id: SessionId, said: SessionSaid) -> Result<Response, Problem> {
    let if_match = if_match(&sent.headers)?;
    sent.submit(PutSession { id: Some(id), said, if_match }).await
}
