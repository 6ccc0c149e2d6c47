//! Marks: claims, holds and notes by people who phone facilities.

use std::sync::Arc;

use super::reports::ConfirmParams;
use crate::{
    auth::Principal,
    domain::{
        facility::FacilityRef,
        mark::{MarkId, MarkView},
        rejection::Code,
    },
    http::{
        App, Problem,
        documents::{ManagedFormProblems, MarkProblems},
        extract::{Caller, Segment, uuid},
        managed::{Page, PageParams},
        reply::Reply,
        sent::{Retry, WriteRequest},
    },
    query::{marks::marks, params},
    render::model::MarksAnswer,
    store::commands::{EndMark, LeaveMark, MarkInput},
};
use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, Request},
    response::Response,
};

/// Leave a mark at a facility
///
/// Three kinds, each of which ends by itself and none of which changes the facility's own numbers. A **claim**: I am
/// phoning them, so that five agents do not phone one hospital; who comes second is refused with `already_claimed`. A
/// **hold**: I am sending somebody to one place of this type, so that two families are not sent to one bed; in
/// agents' answers a place that is free but held comes after the others, and holding more than are free wants
/// `confirm=true`. A **note**: what I heard; it shows beside the number and ends the claim of who leaves it. When two
/// people heard that a number is wrong, or the place closed, it is `disputed` until somebody confirms it or the facility
/// states another.
///
/// Claims and holds need an agent's key or a coordinator's, and only such see them. A note may come from anybody, with
/// `wrong`, `phone_dead` or `closed`: the public's go to the coordinators' list (`/v1/doubts`) and are limited by
/// address.
#[utoipa::path(
    post,
    path = "/v1/facilities/{id}/marks",
    operation_id = "leave_mark",
    tag = "call",
    params(
        ("id" = String, Path, description = "Our id, or `system:value`", example = "kemenkes:3374010"),
        ConfirmParams,
        Retry,
    ),
    request_body(content = MarkInput, examples(
        ("claim" = (summary = "I am phoning them", value = json!({"kind": "claim", "by": "Siti"}))),
        ("hold" = (summary = "I am sending somebody", value = json!({"kind": "hold", "type": "bed.icu_vent", "by": "Siti", "minutes": 45}))),
        ("note" = (summary = "They told me otherwise", value = json!({"kind": "note", "verdict": "wrong", "type": "bed.icu_vent", "numbers": {"available": 0}, "by": "Siti"}))),
    )),
    responses(
        (status = 200, description = "It takes the place of the same mark, left before", body = MarkView),
        (status = 201, description = "Left", body = MarkView),
        MarkProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn leave(
    State(app): State<Arc<App>>,
    caller: Caller,
    facility: FacilityRef,
    RawQuery(query): RawQuery,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let confirmed = params::read::<ConfirmParams>(query.as_deref().unwrap_or_default())?.confirm;
    if caller.principal == Principal::Public {
        app.limits.check(request.headers(), request.extensions())?;
    }
    let sent = WriteRequest::read(app, caller, request).await?;
    let mark = MarkInput::from_json(sent.json()?)?;
    sent.submit(LeaveMark { facility, mark, confirmed }).await
}

/// Take a mark back
///
/// Before its end: by the key that left it, or by a coordinator of the region, who has seen to what a note says.
#[utoipa::path(
    delete,
    path = "/v1/marks/{id}",
    operation_id = "end_mark",
    tag = "call",
    params(("id" = String, Path, description = "The mark's id")),
    responses((status = 200, description = "Taken back; this is what it was", body = MarkView), MarkProblems),
    security(("key" = [])),
)]
pub(super) async fn end(
    State(app): State<Arc<App>>,
    caller: Caller,
    Segment(id): Segment,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_key()?;
    let id = uuid(&id, Code::UnknownMark)?;
    WriteRequest::read(app, caller, request).await?.submit(EndMark { id }).await
}

/// List marks
///
/// The claims, holds and notes of a region that have not ended: what colleagues are doing right now. For agents and
/// up; an agent sees those of its region.
#[utoipa::path(
    get,
    path = "/v1/marks",
    operation_id = "list_marks",
    tag = "call",
    params(PageParams),
    responses(
        (status = 200, description = "The marks, oldest first", content((MarksAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"))),
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
    let page: Page<MarkId> = Page::read_as_agent("marks", &caller, &state, query.as_deref())?;
    let reply = Reply::to(&app, &caller, &headers)?;
    let marks = marks(&state, page.region, caller.language, page.after);
    let (marks, next) = page.take(marks, |listed| listed.mark.id);
    let answer = MarksAnswer::new(&state, page.region, marks, next);
    Ok(reply.with(&answer, answer.next.as_ref()).await)
}
