//! The questions that are answered from memory: free places, names, completeness.

use axum::response::Response;

use crate::{
    domain::resource_type::Kind,
    http::{
        Problem,
        documents::{AskProblems, ManagedFormProblems, PageProblems, SentenceProblems},
        request::{Params, ReadRequest},
    },
    query::{
        AskParams, AvailabilityQuery, CompletenessQuery, RemindersQuery, SearchQuery, VaccinationsQuery,
    },
    snapshot::Snapshot,
};

/// Ask in one box
///
/// A question as it is typed during a call, in Indonesian or English, in any order and with slips: "icu anak ventilator
/// tembalang", "vaksin dosis 2 anak 12 besok kendal". The answer is that of `/v1/beds`, `/v1/isolation` or
/// `/v1/vaccinations`, or all three if nothing says which, after how the question was read: in words, as requests, and with the
/// words that could not be read. A place that can be several is a problem with the choices to ask back. A kecamatan is looked
/// at with `near`, a larger region with `region`, a facility by its name.
#[utoipa::path(
    get,
    path = "/v1/ask",
    tag = "ask",
    params(AskParams),
    responses((status = 200, description = "How the question was read, and its answers"), SentenceProblems),
    security((), ("key" = [])),
)]
pub(super) async fn ask(request: ReadRequest, Params(query): Params<AskParams>) -> Result<Response, Problem> {
    request.answer_read_apart(|state| query.checked(state)).await
}

/// Find free beds
///
/// Facilities that fit, best first: fresh numbers before aging before stale ones, then the nearest, then the
/// one with most free. If nothing fits in the area asked about, the same answer looks further in rings of 25,
/// 50, 100, 200 and 400 km and says so in `widened`. `contacts` are the offices to call, nearest first. As
/// `text/plain` it is what an agent reads aloud.
#[utoipa::path(
    get,
    path = "/v1/beds",
    tag = "ask",
    params(AvailabilityQuery),
    responses((status = 200, description = "The answer"), PageProblems),
    security((), ("key" = [])),
)]
pub(super) async fn beds(
    request: ReadRequest,
    Params(query): Params<AvailabilityQuery>,
) -> Result<Response, Problem> {
    request.answer_as_of(query.as_of.clone(), |state| query.checked(Kind::Bed, state)).await
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
    responses((status = 200, description = "The answer"), PageProblems),
    security((), ("key" = [])),
)]
pub(super) async fn isolation(
    request: ReadRequest,
    Params(query): Params<AvailabilityQuery>,
) -> Result<Response, Problem> {
    request.answer_as_of(query.as_of.clone(), |state| query.checked(Kind::Isolation, state)).await
}

/// Find vaccination sessions
///
/// Facilities with sessions that fit, best first: those with enough left by fresh numbers before aging before
/// stale ones, then those whose number nobody knows (they are possible), then the nearest, the earliest, and
/// the one with most left. A session that is over leaves by itself. If nothing fits in the area asked about,
/// the same answer looks further in rings of 25, 50, 100, 200 and 400 km and says so in `widened`. Tomorrow, the
/// second dose, a child of 12, near a kecamatan: `date=2021-07-02&dose=2&age=12&near=33.74.10`.
#[utoipa::path(
    get,
    path = "/v1/vaccinations",
    tag = "ask",
    params(VaccinationsQuery),
    responses((status = 200, description = "The answer"), PageProblems),
    security((), ("key" = [])),
)]
pub(super) async fn vaccinations(
    request: ReadRequest,
    Params(query): Params<VaccinationsQuery>,
) -> Result<Response, Problem> {
    request.answer_as_of(query.as_of.clone(), |state| query.checked(state)).await
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
    responses((status = 200, description = "Regions and facilities, best first"), AskProblems),
    security((), ("key" = [])),
)]
pub(super) async fn search(
    request: ReadRequest,
    Params(query): Params<SearchQuery>,
) -> Result<Response, Problem> {
    request.answer(|state| query.checked(state)).await
}

/// List who has reported and who has not
///
/// Every open facility stands by its freshest number. `facilities` lists them by the age of their newest
/// number: those that never reported first, then the oldest.
#[utoipa::path(
    get,
    path = "/v1/completeness",
    tag = "ask",
    params(CompletenessQuery),
    responses((status = 200, description = "Counts by region, and the facilities by age"), PageProblems),
    security((), ("key" = [])),
)]
pub(super) async fn completeness(
    request: ReadRequest,
    Params(query): Params<CompletenessQuery>,
) -> Result<Response, Problem> {
    request.answer_as_of(query.as_of.clone(), |state| query.checked(state)).await
}

/// List reports that became due
///
/// For a messaging system that polls: each facility once each time its last number becomes stale or is
/// withdrawn, in that order. Send `next` as `cursor` with the next poll; what was seen does not come again.
/// Needs the key of a coordinator or an admin, whose region it keeps to.
#[utoipa::path(
    get,
    path = "/v1/reminders",
    tag = "ask",
    params(RemindersQuery),
    responses((status = 200, description = "Who, since when, whom to call"), ManagedFormProblems),
    security(("key" = [])),
)]
pub(super) async fn reminders(
    request: ReadRequest,
    Params(query): Params<RemindersQuery>,
) -> Result<Response, Problem> {
    let principal = request.caller.principal.clone();
    let read = |state: &Snapshot| {
        let region = query.region;
        let query = query.checked(state)?;
        principal.check_changes(region)?;
        Ok(query)
    };
    request.answer(read).await
}
