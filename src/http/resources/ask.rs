//! The questions: every `GET` that is answered from memory.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use utoipa::IntoParams;

use crate::http::{
    App, Problem,
    asked::{ReadRequest, answer, answer_as_of},
    documents::{AskProblems, ListingProblems, PageProblems, PastProblems},
    extract::Segment,
    shapes,
};
use crate::{
    domain::{facility::Flag, freshness::Freshness, region_code::Level, resource_type::Kind},
    query::Query,
    render::model::{
        BedsAnswer, FacilitiesAnswer, FacilityAnswer, RegionAnswer, RegionsAnswer, SearchAnswer, TypesAnswer,
    },
};

/// The parameters of a question for free places.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "this is their documentation; they are read in canonical form")]
struct PlaceParams {
    /// Kemendagri code of a region at any level; the whole country if left out
    #[param(inline, example = "33.74")]
    region: Option<shapes::Region>,
    /// Measure from here: `lat,lon` in degrees, or the code of a region
    #[param(inline, example = "33.74.10")]
    near: Option<shapes::Near>,
    /// At most so many kilometres from `near`; 50 if there is no `region`
    #[param(minimum = 1, maximum = 5000)]
    within: Option<u32>,
    /// Only these types, separated by commas
    #[param(inline, style = Form, explode = false, min_items = 1)]
    r#type: Option<Vec<shapes::Resource>>,
    /// With a ventilator, or without. Where no type of this age, or of these types, says so, those that say nothing are
    /// told of, with `unrecorded` (see the answer)
    ventilator: Option<bool>,
    /// With negative pressure, or without; what nobody recorded is told of in the same way
    negative_pressure: Option<bool>,
    /// Fit for `adult`, `child` or `neonate`; types for any age fit too
    #[param(inline)]
    age_group: Option<shapes::Word>,
    /// Kept for this illness or group, such as `covid`; `none` for what is kept for nobody
    #[param(inline)]
    reserved_for: Option<shapes::Word>,
    /// At least so many free, 1 if left out; 0 lists all, also the full and the unknown
    #[param(minimum = 0, maximum = 10000)]
    min: Option<u32>,
    /// The worst freshness that counts: `fresh`, `aging`, `stale`, or `unknown` (all; if left out)
    #[param(inline)]
    freshness: Option<Freshness>,
    /// Only facilities with such a name
    #[param(inline)]
    q: Option<shapes::Words>,
    /// Facilities on a page, 20 if left out
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before
    #[param(inline)]
    cursor: Option<shapes::Cursor>,
    /// What the directory knew at this moment (RFC 3339), and how it was seen then
    #[param(inline, example = "2021-07-01T14:00:00+07:00")]
    as_of: Option<shapes::Moment>,
}

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
    params(PlaceParams),
    responses(
        (status = 200, description = "The answer", content((BedsAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn beds(State(app): State<Arc<App>>, asked: ReadRequest) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, |query, state| Query::availability(Kind::Bed, query, state)).await
}

/// Find free isolation places
///
/// As `/v1/beds`, for places in isolation sites: of any kind (`isolation.any`), for men, for women, for
/// families. `intake` says who is taken in, who must refer, how one gets there, and what to bring.
#[utoipa::path(
    get,
    path = "/v1/isolation",
    tag = "ask",
    params(PlaceParams),
    responses(
        (status = 200, description = "The answer", content((BedsAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn isolation(State(app): State<Arc<App>>, asked: ReadRequest) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, |query, state| Query::availability(Kind::Isolation, query, state)).await
}

/// List regions
#[utoipa::path(
    get,
    path = "/v1/regions",
    tag = "ask",
    params(
        ("parent" = inline(Option<shapes::Region>), Query, description = "Only regions in this one; right below it unless `level` says deeper", example = "33"),
        ("level" = inline(Option<Level>), Query, description = "`provinsi`, `kabkota`, `kecamatan` or `desa`"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Regions on a page, 20 if left out"),
        ("cursor" = inline(Option<shapes::Cursor>), Query, description = "`next` of the page before"),
    ),
    responses(
        (status = 200, description = "The regions in the order of their codes", content((RegionsAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        ListingProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn regions(State(app): State<Arc<App>>, asked: ReadRequest) -> Result<Response, Problem> {
    answer(&app, &asked, Query::regions).await
}

/// Get a region
#[utoipa::path(
    get,
    path = "/v1/regions/{code}",
    tag = "ask",
    params(("code" = inline(shapes::Region), Path, description = "Kemendagri code with dots", example = "33.74")),
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
) -> Result<Response, Problem> {
    answer(&app, &asked, |query, state| Query::region(&code, query, state)).await
}

/// List facilities
#[utoipa::path(
    get,
    path = "/v1/facilities",
    tag = "ask",
    params(
        ("region" = inline(Option<shapes::Region>), Query, description = "Kemendagri code of a region at any level", example = "33.74"),
        ("kind" = inline(Option<shapes::Word>), Query, description = "Only of this kind, such as `hospital`"),
        ("flag" = inline(Option<Flag>), Query, description = "Only with this flag: `region_unsure`, `location_doubtful`, `location_invalid`"),
        ("q" = inline(Option<shapes::Words>), Query, description = "Only with such a name"),
        ("closed" = Option<bool>, Query, description = "Closed ones too"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Facilities on a page, 20 if left out"),
        ("cursor" = inline(Option<shapes::Cursor>), Query, description = "`next` of the page before"),
    ),
    responses(
        (status = 200, description = "The facilities by id", content((FacilitiesAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        ListingProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn facilities(State(app): State<Arc<App>>, asked: ReadRequest) -> Result<Response, Problem> {
    answer(&app, &asked, Query::facilities).await
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
        ("as_of" = inline(Option<shapes::Moment>), Query, description = "What the directory knew at this moment (RFC 3339), and how it was seen then", example = "2021-07-01T14:00:00+07:00"),
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
) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, |query, state| Query::facility(&id, query, state)).await
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
    params(
        ("q" = inline(shapes::Words), Query, min_length = 1, max_length = 100, description = "The name, part of it, or a telephone number", example = "kariadi"),
        ("region" = inline(Option<shapes::Region>), Query, description = "Only in this region"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "At most so many regions and so many facilities, 20 if left out"),
    ),
    responses(
        (status = 200, description = "What was found, best first", content((SearchAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        AskProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn search(State(app): State<Arc<App>>, asked: ReadRequest) -> Result<Response, Problem> {
    answer(&app, &asked, Query::search).await
}

/// List resource types
#[utoipa::path(
    get,
    path = "/v1/types",
    tag = "ask",
    params(("kind" = inline(Option<Kind>), Query, description = "Only `bed`, `isolation` or `vaccination`")),
    responses(
        (status = 200, description = "The resource types by code", content((TypesAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        AskProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn types(State(app): State<Arc<App>>, asked: ReadRequest) -> Result<Response, Problem> {
    answer(&app, &asked, |query, _| Query::types(query)).await
}
