//! Adding, changing and removing contacts. They are read in the answers of their regions.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::Request, response::Response};
use uuid::Uuid;

use super::{
    App, Problem,
    documents::ChangeProblems,
    extract::{Caller, Segment},
    sent::WriteRequest,
    shapes,
};
use crate::{
    domain::{
        contact::Contact,
        rejection::{Code, Rejection},
    },
    locales::Message,
    store::commands::{ContactInput, EndContact, PutContact},
};

/// Add a contact
#[utoipa::path(
    post,
    path = "/v1/contacts",
    operation_id = "create_contact",
    tag = "change",
    params(("Idempotency-Key" = inline(Option<shapes::IdempotencyKey>), Header, description = "Makes a retry harmless for 24 hours: the first receipt is given again")),
    request_body = ContactInput,
    responses((status = 201, description = "Added", body = Contact), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let sent = WriteRequest::read(app, caller, request).await?;
    let contact: ContactInput = sent.json()?;
    sent.submit(PutContact { id: None, contact }).await
}

/// Replace a contact
#[utoipa::path(
    put,
    path = "/v1/contacts/{id}",
    operation_id = "replace_contact",
    tag = "change",
    params(
        ("id" = String, Path, description = "The contact's id, as answers show it"),
        ("Idempotency-Key" = inline(Option<shapes::IdempotencyKey>), Header, description = "Makes a retry harmless for 24 hours: the first receipt is given again"),
    ),
    request_body = ContactInput,
    responses((status = 200, description = "Replaced", body = Contact), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn replace(
    State(app): State<Arc<App>>,
    caller: Caller,
    Segment(id): Segment,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let id = uuid(&id, Code::UnknownContact)?;
    let sent = WriteRequest::read(app, caller, request).await?;
    let contact: ContactInput = sent.json()?;
    sent.submit(PutContact { id: Some(id), contact }).await
}

/// Remove a contact
#[utoipa::path(
    delete,
    path = "/v1/contacts/{id}",
    operation_id = "remove_contact",
    tag = "change",
    params(
        ("id" = String, Path, description = "The contact's id, as answers show it"),
        ("Idempotency-Key" = inline(Option<shapes::IdempotencyKey>), Header, description = "Makes a retry harmless for 24 hours: the first receipt is given again"),
    ),
    responses((status = 200, description = "Removed; this is what it was", body = Contact), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn end(
    State(app): State<Arc<App>>,
    caller: Caller,
    Segment(id): Segment,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let id = uuid(&id, Code::UnknownContact)?;
    WriteRequest::read(app, caller, request).await?.submit(EndContact { id }).await
}

/// An id in a path.
pub(super) fn uuid(text: &str, code: Code) -> Result<Uuid, Rejection> {
    Uuid::try_parse(text)
        .map_err(|_| Rejection::new(code, "id", Message::new("refused-uuid").arg("text", text.to_string())))
}
