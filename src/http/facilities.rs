//! Adding and changing facilities.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::Request, response::Response};

use super::{
    App, Problem,
    conditional::if_match,
    documents::{ChangeProblems, FacilityChanged},
    extract::{Caller, Segment},
    sent::WriteRequest,
    shapes,
};
use crate::{
    domain::facility::FacilityRef,
    store::commands::{CreateFacility, FacilityInput, FacilityPatch, PatchFacility},
};

/// Add a facility
#[utoipa::path(
    post,
    path = "/v1/facilities",
    operation_id = "create_facility",
    tag = "change",
    params(("Idempotency-Key" = inline(Option<shapes::IdempotencyKey>), Header, description = "Makes a retry harmless for 24 hours: the first receipt is given again")),
    request_body = FacilityInput,
    responses((status = 201, description = "Added; `Location` is where it is", body = FacilityChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let sent = WriteRequest::read(app, caller, request).await?;
    let input: FacilityInput = sent.json()?;
    sent.submit(CreateFacility(input)).await
}

/// Change a facility
///
/// What is left out stays as it is; `null` removes it; a list replaces the whole list, and `intake` all of it. `closed: true` ends it.
#[utoipa::path(
    patch,
    path = "/v1/facilities/{id}",
    operation_id = "change_facility",
    tag = "change",
    params(
        ("id" = String, Path, description = "Our id, or `system:value`", example = "kemenkes:3374010"),
        ("If-Match" = inline(Option<shapes::Tags>), Header, description = "Only if the facility is still at this version (its `ETag`)"),
        ("Idempotency-Key" = inline(Option<shapes::IdempotencyKey>), Header, description = "Makes a retry harmless for 24 hours: the first receipt is given again"),
    ),
    request_body = FacilityPatch,
    responses((status = 200, description = "Changed", body = FacilityChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Segment(id): Segment,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let facility = FacilityRef::parse(&id, "id")?;
    let sent = WriteRequest::read(app, caller, request).await?;
    let patch: FacilityPatch = sent.json()?;
    let if_match = if_match(&sent.headers)?;
    sent.submit(PatchFacility { facility, patch, if_match }).await
}
