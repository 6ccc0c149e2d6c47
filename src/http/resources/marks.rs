//! Claims, holds and notes of people who phone facilities, and the list that coordinators review.

use axum::{body::Body, extract::State, http::Request, response::Response};

use super::reports::ConfirmParams;
use crate::{
    auth::Principal,
    domain::{
        facility::FacilityRef,
        mark::{Mark, MarkId, MarkView},
    },
    http::{
        App, Problem,
        documents::{ManagedFormProblems, MarkProblems},
        request::{
            Caller, Params, PathId, WriteRequest,
            admin_lists::{AdminList, AgentList, Page, PageParams},
            write::Retry,
        },
    },
    query::{
        marks::marks,
        review::{Place, doubts},
    },
    render::model::{MarksAnswer, Review, ReviewAnswer},
    store::commands::{EndMark, LeaveMark, MarkInput},
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
    params(FacilityRef, ConfirmParams, Retry),
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
    State(app): State<App>,
    caller: Caller,
    facility: FacilityRef,
    Params(ConfirmParams { confirm: confirmed }): Params<ConfirmParams>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    if caller.principal == Principal::Public {
        app.writes.public.check(request.headers(), request.extensions()).await?;
    }
    let request = WriteRequest::read(&app, caller, request).await?;
    let mark = MarkInput::from_json(request.json()?)?;
    request.submit(LeaveMark { facility, mark, confirmed }).await
}

/// Take a mark back
///
/// Before its end: by the key that left it, or by a coordinator of the region, who has seen to what a note says.
#[utoipa::path(
    delete,
    path = "/v1/marks/{id}",
    operation_id = "end_mark",
    tag = "call",
    params(PathId<Mark>),
    responses((status = 200, description = "Taken back; this is what it was", body = MarkView), MarkProblems),
    security(("key" = [])),
)]
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    PathId { id, .. }: PathId<Mark>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_key()?;
    WriteRequest::read(&app, caller, request).await?.submit(EndMark { id }).await
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
    responses((status = 200, description = "The marks, oldest first"), ManagedFormProblems),
    security(("key" = [])),
)]
pub(super) async fn list(AgentList(list): AgentList) -> Result<Response, Problem> {
    let page: Page<MarkId> = list.page("marks")?;
    let AdminList { request, state, region, .. } = &list;
    let form = request.form::<MarksAnswer>()?;
    let marks = marks(state, *region, request.caller.language, page.after);
    let (marks, next) = page.take(marks, |listed| listed.mark.id);
    let resolved = request.resolved();
    let answer = MarksAnswer { resolved, ..MarksAnswer::new(state, *region, marks, next) };
    Ok(request.reply(&answer, form, answer.next.as_ref()).await)
}

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
    responses((status = 200, description = "The doubts, the newest first"), ManagedFormProblems),
    security(("key" = [])),
)]
pub(super) async fn review(list: AdminList) -> Result<Response, Problem> {
    let page: Page<Place> = list.page("doubts")?;
    let AdminList { request, state, region, .. } = &list;
    let form = request.form::<ReviewAnswer>()?;
    let doubts = doubts(state, *region, request.caller.language, page.after.as_ref());
    let (doubts, next) = page.take(doubts, Review::place);
    let resolved = request.resolved();
    let answer = ReviewAnswer { resolved, ..ReviewAnswer::new(state, *region, doubts, next) };
    Ok(request.reply(&answer, form, answer.next.as_ref()).await)
}
