//! Questions about a whole region: what it has, who has reported, whom to remind.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use crate::{
    domain::region_code::RegionCode,
    http::{
        App, Problem,
        asked::{ReadRequest, answer, answer_as_of},
        documents::{ManagedFormProblems, PageProblems, PastProblems},
        extract::{Params, Segment},
    },
    query::{CompletenessQuery, Query, RemindersQuery, params::AsOfParams},
    render::model::{CompletenessAnswer, OverviewAnswer, RemindersAnswer},
    snapshot::Snapshot,
};

/// Get an overview of a region
///
/// Beds, isolation places, vaccination and reporting of a region in one answer, and the same of each region
/// right below it: enough to draw a map.
#[utoipa::path(
    get,
    path = "/v1/regions/{code}/overview",
    tag = "ask",
    params(
        ("code" = inline(RegionCode), Path, description = "Kemendagri code with dots", example = "33"),
        AsOfParams,
    ),
    responses(
        (status = 200, description = "The region at a glance", content((OverviewAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PastProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn overview(
    State(app): State<Arc<App>>,
    Segment(code): Segment,
    asked: ReadRequest,
    Params(AsOfParams { as_of }): Params<AsOfParams>,
) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, as_of, |state| Query::overview(&code, state)).await
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
    responses(
        (status = 200, description = "Counts by region, and the facilities by age", content((CompletenessAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn completeness(
    State(app): State<Arc<App>>,
    asked: ReadRequest,
    Params(query): Params<CompletenessQuery>,
) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, query.as_of.clone(), |state| query.checked(state)).await
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
    responses(
        (status = 200, description = "Who, since when, whom to call", content((RemindersAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        ManagedFormProblems,
    ),
    security(("key" = [])),
)]
pub(super) async fn reminders(
    State(app): State<Arc<App>>,
    asked: ReadRequest,
    Params(query): Params<RemindersQuery>,
) -> Result<Response, Problem> {
    let read = |state: &Snapshot| {
        let region = query.region;
        let query = query.checked(state)?;
        asked.caller.principal.check_changes(region)?;
        Ok(query)
    };
    answer(&app, &asked, read).await
}
