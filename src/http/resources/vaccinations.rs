//! The question for vaccination sessions.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use crate::{
    http::{
        App, Problem,
        asked::{ReadRequest, answer_as_of},
        documents::PageProblems,
        extract::Params,
    },
    query::VaccinationsQuery,
    render::model::VaccinationsAnswer,
};

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
    responses(
        (status = 200, description = "The answer", content((VaccinationsAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn vaccinations(
    State(app): State<Arc<App>>,
    asked: ReadRequest,
    Params(query): Params<VaccinationsQuery>,
) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, query.as_of.clone(), |state| query.checked(state)).await
}
