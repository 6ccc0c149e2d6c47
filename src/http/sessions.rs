//! Adding, changing and ending vaccination sessions.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::Request, response::Response};

use super::{
    App, Problem,
    conditional::if_match,
    contacts::uuid,
    documents::{SessionChanged, SessionProblems},
    extract::{Caller, Segment},
    sent::WriteRequest,
    shapes,
};
use crate::{
    domain::{rejection::Code, session::SessionId},
    store::commands::{PutSession, SessionInput, SessionSaid},
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
    params(("Idempotency-Key" = inline(Option<shapes::IdempotencyKey>), Header, description = "Makes a retry harmless for 24 hours: the first receipt is given again")),
    request_body = SessionInput,
    responses((status = 201, description = "Added; `Location` is where it is changed", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let sent = WriteRequest::read(app, caller, request).await?;
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
    params(
        ("id" = String, Path, description = "The session's id, as answers show it"),
        ("If-Match" = inline(Option<shapes::Tags>), Header, description = "Only if the session is still at this version (its `ETag`)"),
        ("Idempotency-Key" = inline(Option<shapes::IdempotencyKey>), Header, description = "Makes a retry harmless for 24 hours: the first receipt is given again"),
    ),
    request_body = SessionInput,
    responses((status = 200, description = "Replaced", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn replace(
    State(app): State<Arc<App>>,
    caller: Caller,
    Segment(id): Segment,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let (id, sent) = read(app, caller, &id, request).await?;
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
    params(
        ("id" = String, Path, description = "The session's id, as answers show it"),
        ("If-Match" = inline(Option<shapes::Tags>), Header, description = "Only if the session is still at this version (its `ETag`)"),
        ("Idempotency-Key" = inline(Option<shapes::IdempotencyKey>), Header, description = "Makes a retry harmless for 24 hours: the first receipt is given again"),
    ),
    request_body(content = Object, description = "Some of the fields of a session"),
    responses((status = 200, description = "Changed", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Segment(id): Segment,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let (id, sent) = read(app, caller, &id, request).await?;
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
    params(
        ("id" = String, Path, description = "The session's id, as answers show it"),
        ("If-Match" = inline(Option<shapes::Tags>), Header, description = "Only if the session is still at this version (its `ETag`)"),
        ("Idempotency-Key" = inline(Option<shapes::IdempotencyKey>), Header, description = "Makes a retry harmless for 24 hours: the first receipt is given again"),
    ),
    responses((status = 200, description = "Cancelled; this is what it was", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn end(
    State(app): State<Arc<App>>,
    caller: Caller,
    Segment(id): Segment,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let (id, sent) = read(app, caller, &id, request).await?;
    put(sent, id, SessionSaid::Cancelled).await
}

async fn read(
    app: Arc<App>,
    caller: Caller,
    id: &str,
    request: Request<Body>,
) -> Result<(SessionId, WriteRequest), Problem> {
    caller.principal.check_reports()?;
    let id = SessionId(uuid(id, Code::UnknownSession)?);
    Ok((id, WriteRequest::read(app, caller, request).await?))
}

async fn put(sent: WriteRequest, id: SessionId, said: SessionSaid) -> Result<Response, Problem> {
    let if_match = if_match(&sent.headers)?;
    sent.submit(PutSession { id: Some(id), said, if_match }).await
}
