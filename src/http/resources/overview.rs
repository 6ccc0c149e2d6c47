//! Questions about a whole region: what it has, who has reported, whom to remind.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use crate::http::{
    App, Problem,
    asked::{ReadRequest, answer, answer_as_of},
    documents::{ManagedFormProblems, PageProblems, PastProblems},
    extract::Segment,
    shapes,
};
use crate::{
    domain::rejection::Rejections,
    query::{Query, RemindersQuery},
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
        ("code" = inline(shapes::Region), Path, description = "Kemendagri code with dots", example = "33"),
        ("as_of" = inline(Option<shapes::Moment>), Query, description = "What the directory knew at this moment (RFC 3339), and how it was seen then", example = "2021-07-01T14:00:00+07:00"),
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
) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, |query, state| Query::overview(&code, query, state)).await
}

/// List who has reported and who has not
///
/// Every open facility stands by its freshest number. `facilities` lists them by the age of their newest
/// number: those that never reported first, then the oldest.
#[utoipa::path(
    get,
    path = "/v1/completeness",
    tag = "ask",
    params(
        ("region" = inline(Option<shapes::Region>), Query, description = "Kemendagri code of a region at any level; the whole country if left out", example = "33"),
        ("kind" = inline(Option<shapes::Word>), Query, description = "Only facilities of this kind, such as `hospital`"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Facilities on a page, 20 if left out"),
        ("cursor" = inline(Option<shapes::Cursor>), Query, description = "`next` of the page before"),
        ("as_of" = inline(Option<shapes::Moment>), Query, description = "What the directory knew at this moment (RFC 3339), and how it was seen then", example = "2021-07-01T14:00:00+07:00"),
    ),
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
) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, Query::completeness).await
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
    params(
        ("region" = inline(Option<shapes::Region>), Query, description = "Kemendagri code of a region inside the key's", example = "33.74"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Reminders at once, 20 if left out"),
        ("cursor" = inline(Option<shapes::Cursor>), Query, description = "`next` of the poll before"),
    ),
    responses(
        (status = 200, description = "Who, since when, whom to call", content((RemindersAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        ManagedFormProblems,
    ),
    security(("key" = [])),
)]
pub(super) async fn reminders(State(app): State<Arc<App>>, asked: ReadRequest) -> Result<Response, Problem> {
    let read = |query: &str, state: &Snapshot| -> Result<Query, Rejections> {
        let query = RemindersQuery::read(query, state)?;
        asked.caller.principal.check_changes(query.region)?;
        Ok(Query::Reminders(query))
    };
    answer(&app, &asked, read).await
}
