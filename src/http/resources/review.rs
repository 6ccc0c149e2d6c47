//! The review list of coordinators: outliers, and what people who phoned or stood there say is wrong.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};

use crate::{
    http::{
        App, Problem,
        documents::ManagedFormProblems,
        extract::Caller,
        managed::{Page, PageParams},
        reply::Reply,
    },
    query::review::{Place, doubts},
    render::model::{Review, ReviewAnswer},
};

/// List what to review
///
/// One list for the coordinators of a region: numbers that jumped and that nobody confirmed; what people who phoned
/// found wrong (`disputed` when two did), telephones that nobody answers, places found closed; and what the public
/// says of these. A jump leaves the list when somebody confirms the number (`confirm`, or `confirm=true`), when it goes
/// back, or when it is told again after a week; a note when the number changes, when it is taken back, or at its end.
#[utoipa::path(
    get,
    path = "/v1/doubts",
    operation_id = "list_doubts",
    tag = "call",
    params(PageParams),
    responses(
        (status = 200, description = "The doubts, the newest first", content((ReviewAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        ManagedFormProblems,
    ),
    security(("key" = [])),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let state = app.shared.current();
    let page: Page<Place> = Page::read("doubts", &caller, &state, query.as_deref())?;
    let reply = Reply::to(&app, &caller, &headers)?;
    let doubts = doubts(&state, page.region, caller.language, page.after.as_ref());
    let (doubts, next) = page.take(doubts, Review::place);
    let answer = ReviewAnswer::new(&state, page.region, doubts, next);
    Ok(reply.with(&answer, answer.next.as_ref()).await)
}
