//! Adding, changing and removing contacts. They are read in the answers of their regions.

use axum::response::Response;

use crate::{
    domain::{contact::Contact, rejection::Code},
    http::{
        Problem,
        documents::ChangeProblems,
        extract::{Segment, uuid},
        sent::{Retry, WriteRequest},
    },
    store::commands::{ContactInput, EndContact, PutContact},
};

/// Add a contact
#[utoipa::path(
    post,
    path = "/v1/contacts",
    operation_id = "create_contact",
    tag = "change",
    params(Retry),
    request_body = ContactInput,
    responses((status = 201, description = "Added", body = Contact), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn create(sent: WriteRequest) -> Result<Response, Problem> {
    let contact: ContactInput = sent.json()?;
    sent.submit(PutContact { id: None, contact }).await
}

/// Replace a contact
#[utoipa::path(
    put,
    path = "/v1/contacts/{id}",
    operation_id = "replace_contact",
    tag = "change",
    params(("id" = String, Path, description = "The contact's id, as answers show it"), Retry),
    request_body = ContactInput,
    responses((status = 200, description = "Replaced", body = Contact), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn replace(Segment(id): Segment, sent: WriteRequest) -> Result<Response, Problem> {
    let id = uuid(&id, Code::UnknownContact)?;
    let contact: ContactInput = sent.json()?;
    sent.submit(PutContact { id: Some(id), contact }).await
}

/// Remove a contact
#[utoipa::path(
    delete,
    path = "/v1/contacts/{id}",
    operation_id = "remove_contact",
    tag = "change",
    params(("id" = String, Path, description = "The contact's id, as answers show it"), Retry),
    responses((status = 200, description = "Removed; this is what it was", body = Contact), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn end(Segment(id): Segment, sent: WriteRequest) -> Result<Response, Problem> {
    let id = uuid(&id, Code::UnknownContact)?;
    sent.submit(EndContact { id }).await
}
