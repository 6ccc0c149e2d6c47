//! Facilities: listed, looked at, added and changed.

use axum::response::Response;

use crate::{
    domain::facility::FacilityRef,
    http::{
        Problem,
        documents::{FacilityProblems, ListingProblems, PastProblems},
        request::{
            Params, ReadRequest, WriteRequest,
            write::{Guard, Retry},
        },
    },
    query::{FacilitiesQuery, Query, params::AsOfParams},
    store::commands::{
        CreateFacility, FacilityChanged, FacilityInput, FacilityPatch, MergeFacilities, MergeInput,
        PatchFacility,
    },
};

/// List facilities
#[utoipa::path(
    get,
    path = "/v1/facilities",
    operation_id = "facilities",
    tag = "ask",
    params(FacilitiesQuery),
    responses((status = 200, description = "The facilities by id"), ListingProblems),
    security((), ("key" = [])),
)]
pub(super) async fn list(
    request: ReadRequest,
    Params(query): Params<FacilitiesQuery>,
) -> Result<Response, Problem> {
    request.answer(|state| query.checked(state)).await
}

/// Get a facility
///
/// Its `ETag` begins with the facility's version and can be sent as `If-Match` with a report or a change.
#[utoipa::path(
    get,
    path = "/v1/facilities/{id}",
    operation_id = "facility",
    tag = "ask",
    params(FacilityRef, AsOfParams),
    responses(
        (status = 200, description = "The facility with all its current numbers"),
        (status = 301, description = "It was merged into the one that `Location` names"),
        PastProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn get(
    facility: FacilityRef,
    request: ReadRequest,
    Params(AsOfParams { as_of }): Params<AsOfParams>,
) -> Result<Response, Problem> {
    let successor = request.reads.current().successor(&facility).filter(|_| as_of.is_none());
    if let Some(successor) = successor {
        return Ok(request.moved(&format!("/v1/facilities/{successor}")));
    }
    request.answer_as_of(as_of, |state| Query::facility(&facility, state)).await
}

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
pub(super) async fn create(request: WriteRequest) -> Result<Response, Problem> {
    let input: FacilityInput = request.json()?;
    request.submit(CreateFacility(input)).await
}

/// Change a facility
///
/// Members left out stay, inside `intake` too, and `null` takes away (RFC 7396); a facility always has its name, kind
/// and region. A list replaces the whole list. `closed: true` ends it.
#[utoipa::path(
    patch,
    path = "/v1/facilities/{id}",
    operation_id = "change_facility",
    tag = "change",
    params(FacilityRef, Guard, Retry),
    request_body = FacilityPatch,
    responses((status = 200, description = "Changed", body = FacilityChanged), FacilityProblems),
    security(("key" = [])),
)]
pub(super) async fn change(facility: FacilityRef, request: WriteRequest) -> Result<Response, Problem> {
    let patch: FacilityPatch = request.json()?;
    let if_match = request.if_match()?;
    request.submit(PatchFacility { facility, patch, if_match }).await
}

/// Merge two entries of one facility
///
/// The facility in the path stays, and the `duplicate` goes: its external ids, telephones, names, numbers, rooms,
/// sessions, marks, keys and links go over. Where the two differ, the one that stays is right, but of two numbers the one
/// observed later counts. From then on `GET` of the id and of the external ids of the one that went answers `301` with
/// the one that stays; reports and changes sent there are taken as if sent to it, so that bridges keep working. The history
/// is that of both. Nothing undoes it.
#[utoipa::path(
    post,
    path = "/v1/facilities/{id}/merge",
    operation_id = "merge_facilities",
    tag = "change",
    params(FacilityRef, Retry),
    request_body = MergeInput,
    responses((status = 200, description = "Merged; this is the one that stays", body = FacilityChanged), FacilityProblems),
    security(("key" = [])),
)]
pub(super) async fn merge(facility: FacilityRef, request: WriteRequest) -> Result<Response, Problem> {
    let MergeInput { duplicate } = request.json()?;
    let duplicate = FacilityRef::parse(&duplicate, "/duplicate")?;
    request.submit(MergeFacilities { facility, duplicate }).await
}
