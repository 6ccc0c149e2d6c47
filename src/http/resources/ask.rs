//! The questions: every `GET` that is answered from memory.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use crate::{
    domain::{region_code::RegionCode, resource_type::Kind},
    http::{
        App, Problem,
        asked::{ReadRequest, answer, answer_as_of},
        documents::{AskProblems, ListingProblems, PageProblems, PastProblems},
        extract::{Params, Segment},
    },
    query::{
        AvailabilityQuery, FacilitiesQuery, Query, RegionsQuery, SearchQuery, TypesQuery,
        params::{AsOfParams, NoParams},
    },
    render::model::{
        BedsAnswer, FacilitiesAnswer, FacilityAnswer, RegionAnswer, RegionsAnswer, SearchAnswer, TypesAnswer,
    },
};

/// Find free beds
///
/// Facilities that fit, best first: fresh numbers before aging before stale ones, then the nearest, then the
/// one with most free. If nothing fits in the area asked about, the same answer looks further in rings of 25,
/// 50, 100, 200 and 400 km and says so in `widened`. `contacts` are whom to call, nearest first. As
/// `text/plain` it is what an agent reads aloud.
#[utoipa::path(
    get,
    path = "/v1/beds",
    tag = "ask",
    params(AvailabilityQuery),
    responses(
        (status = 200, description = "The answer", content((BedsAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn beds(
    State(app): State<Arc<App>>,
    asked: ReadRequest,
    Params(query): Params<AvailabilityQuery>,
) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, query.as_of.clone(), |state| query.checked(Kind::Bed, state)).await
}

/// Find free isolation places
///
/// As `/v1/beds`, for places in isolation sites: of any kind (`isolation.any`), for men, for women, for
/// families. `intake` says who is taken in, who must refer, how one gets there, and what to bring.
#[utoipa::path(
    get,
    path = "/v1/isolation",
    tag = "ask",
    params(AvailabilityQuery),
    responses(
        (status = 200, description = "The answer", content((BedsAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn isolation(
    State(app): State<Arc<App>>,
    asked: ReadRequest,
    Params(query): Params<AvailabilityQuery>,
) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, query.as_of.clone(), |state| query.checked(Kind::Isolation, state)).await
}

/// List regions
#[utoipa::path(
    get,
    path = "/v1/regions",
    tag = "ask",
    params(RegionsQuery),
    responses(
        (status = 200, description = "The regions in the order of their codes", content((RegionsAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        ListingProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn regions(
    State(app): State<Arc<App>>,
    asked: ReadRequest,
    Params(query): Params<RegionsQuery>,
) -> Result<Response, Problem> {
    answer(&app, &asked, |state| query.checked(state)).await
}

/// Get a region
#[utoipa::path(
    get,
    path = "/v1/regions/{code}",
    tag = "ask",
    params(("code" = inline(RegionCode), Path, description = "Kemendagri code with dots", example = "33.74")),
    responses(
        (status = 200, description = "The region, the regions right below it, and whom to call", content((RegionAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        AskProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn region(
    State(app): State<Arc<App>>,
    Segment(code): Segment,
    asked: ReadRequest,
    Params(NoParams {}): Params<NoParams>,
) -> Result<Response, Problem> {
    answer(&app, &asked, |state| Query::region(&code, state)).await
}

/// List facilities
#[utoipa::path(
    get,
    path = "/v1/facilities",
    tag = "ask",
    params(FacilitiesQuery),
    responses(
        (status = 200, description = "The facilities by id", content((FacilitiesAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        ListingProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn facilities(
    State(app): State<Arc<App>>,
    asked: ReadRequest,
    Params(query): Params<FacilitiesQuery>,
) -> Result<Response, Problem> {
    answer(&app, &asked, |state| query.checked(state)).await
}

/// Get a facility
///
/// Its `ETag` begins with the facility's version and can be sent as `If-Match` with a report or a change.
#[utoipa::path(
    get,
    path = "/v1/facilities/{id}",
    tag = "ask",
    params(
        ("id" = String, Path, description = "Our id, or `system:value`", example = "kemenkes:3374010"),
        AsOfParams,
    ),
    responses(
        (status = 200, description = "The facility with all its current numbers", content((FacilityAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PastProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn facility(
    State(app): State<Arc<App>>,
    Segment(id): Segment,
    asked: ReadRequest,
    Params(AsOfParams { as_of }): Params<AsOfParams>,
) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, as_of, |state| Query::facility(&id, state)).await
}

/// Search regions and facilities
///
/// Regions and facilities by name, former name or telephone; facilities also by the title of a vaccination session
/// that is still to come there. Typing errors are forgiven, and so are left-out or added words such as "RS",
/// "RSUD", "dr." or "Kabupaten"; a telephone number may be written in any way. One or two letters find the names with a
/// word that begins so.
#[utoipa::path(
    get,
    path = "/v1/search",
    tag = "ask",
    params(SearchQuery),
    responses(
        (status = 200, description = "What was found, best first", content((SearchAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        AskProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn search(
    State(app): State<Arc<App>>,
    asked: ReadRequest,
    Params(query): Params<SearchQuery>,
) -> Result<Response, Problem> {
    answer(&app, &asked, |state| query.checked(state)).await
}

/// List resource types
#[utoipa::path(
    get,
    path = "/v1/types",
    tag = "ask",
    params(TypesQuery),
    responses(
        (status = 200, description = "The resource types by code", content((TypesAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        AskProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn types(
    State(app): State<Arc<App>>,
    asked: ReadRequest,
    Params(query): Params<TypesQuery>,
) -> Result<Response, Problem> {
    answer(&app, &asked, |_| Ok(Query::Types(query))).await
}
