//! Adding and changing facilities.

use axum::response::Response;

use crate::{
    domain::facility::FacilityRef,
    http::{
        Problem,
        conditional::if_match,
        documents::FacilityProblems,
        sent::{Guard, Retry, WriteRequest},
    },
    store::commands::{CreateFacility, FacilityChanged, FacilityInput, FacilityPatch, PatchFacility},
};

/// Add a facility
#[utoipa::path(
    post,
    path = "/v1/facilities",
    operation_id = "create_facility",
    tag = "change",
    params(Retry),
    request_body = FacilityInput,
    responses((status = 201, description = "Added; `Location` is where it is", body = FacilityChanged), FacilityProblems),
    security(("key" = [])),
)]
pub(super) async fn create(sent: WriteRequest) -> Result<Response, Problem> {
    let input: FacilityInput = sent.json()?;
    sent.submit(CreateFacility(input)).await
}

/// Change a facility
///
/// What is left out stays, inside `intake` too, and `null` takes away (RFC 7396); a facility always has its name, kind
/// and region. A list replaces the whole list. `closed: true` ends it.
#[utoipa::path(
    patch,
    path = "/v1/facilities/{id}",
    operation_id = "change_facility",
    tag = "change",
    params(("id" = String, Path, description = "Our id, or `system:value`", example = "kemenkes:3374010"), Guard, Retry),
    request_body = FacilityPatch,
    responses((status = 200, description = "Changed", body = FacilityChanged), FacilityProblems),
    security(("key" = [])),
)]
pub(super) async fn change(facility: FacilityRef, sent: WriteRequest) -> Result<Response, Problem> {
    let patch: FacilityPatch = sent.json()?;
    let if_match = if_match(&sent.headers)?;
    sent.submit(PatchFacility { facility, patch, if_match }).await
}
