//! Listing, adding, changing and ending vaccination sessions.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::session::{Session, SessionId},
    http::{
        Problem,
        documents::{ManagedListProblems, SessionProblems},
        request::{
            PathId, WriteRequest,
            admin_lists::{AdminList, Page, PageParams},
            write::{Guard, Retry},
        },
    },
    render::model::FacilityBrief,
    store::commands::{PutSession, SessionChanged, SessionInput, SessionPatch, SessionSaid},
};

/// A session in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ListedSession {
    /// The facility that it belongs to.
    at_facility: FacilityBrief,
    /// The session, and its version.
    #[serde(flatten)]
    session: SessionChanged,
}

/// The sessions that the caller may change.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionsAnswer {
    /// The sessions, the oldest first.
    sessions: Vec<ListedSession>,
    /// The cursor of the next page.
    next: Option<String>,
}

/// List the sessions you may change
///
/// As they were announced, with the `version` that `If-Match` takes; those that are cancelled or over stay for a month.
/// `/v1/vaccinations` answers which take place when. A coordinator sees those of its region.
#[utoipa::path(
    get,
    path = "/v1/sessions",
    operation_id = "list_sessions",
    tag = "change",
    params(PageParams),
    responses((status = 200, description = "The sessions, the oldest first", body = SessionsAnswer), ManagedListProblems),
    security(("key" = [])),
)]
pub(super) async fn list(list: AdminList) -> Result<Response, Problem> {
    let page: Page<SessionId> = list.page("sessions")?;
    let state = &list.state;
    let after = |id: SessionId| page.after.is_none_or(|after| id > after);
    let sessions = state.sessions().filter(|listed| after(listed.session.id)).filter_map(|listed| {
        let facility = &state.facility(listed.session.facility)?.facility;
        let session = SessionChanged { session: (*listed.session).clone(), version: listed.version };
        let at_facility = FacilityBrief::of(state, facility);
        list.covers(facility).then_some(ListedSession { at_facility, session })
    });
    let (sessions, next) = page.take(sessions, |listed| listed.session.session.id);
    Ok(list.reply(SessionsAnswer { sessions, next }))
}

/// Add a vaccination session
///
/// One day (`date`), or days of every week (`weekly`), so that nobody has to type each day. The places left are
/// reported like other numbers: `PUT /v1/facilities/{id}/availability` with `sessions`. By the coordinator of
/// the region, or with the facility's own key.
#[utoipa::path(
    post,
    path = "/v1/sessions",
    operation_id = "create_session",
    tag = "change",
    params(Retry),
    request_body = SessionInput,
    responses((status = 201, description = "Added; `Location` is where it is changed", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn create(request: WriteRequest) -> Result<Response, Problem> {
    let said = SessionSaid::Whole(Box::new(request.json()?));
    request.submit(PutSession { id: None, said, if_match: None }).await
}

/// Replace a vaccination session
///
/// The numbers of days that it keeps stay.
#[utoipa::path(
    put,
    path = "/v1/sessions/{id}",
    operation_id = "replace_session",
    tag = "change",
    params(PathId<Session>, Guard, Retry),
    request_body = SessionInput,
    responses((status = 200, description = "Replaced", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn replace(
    PathId { id, .. }: PathId<Session>,
    request: WriteRequest,
) -> Result<Response, Problem> {
    let said = SessionSaid::Whole(Box::new(request.json()?));
    put(request, id, said).await
}

/// Change a vaccination session
///
/// Members left out stay as they are, inside `audience` and `weekly` too; `null` removes it; `date` and `weekly` take each
/// other's place.
/// `cancelled: true` takes it out of answers, `false` puts it back.
#[utoipa::path(
    patch,
    path = "/v1/sessions/{id}",
    operation_id = "change_session",
    tag = "change",
    params(PathId<Session>, Guard, Retry),
    request_body = SessionPatch,
    responses((status = 200, description = "Changed", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn change(
    PathId { id, .. }: PathId<Session>,
    request: WriteRequest,
) -> Result<Response, Problem> {
    let said = SessionSaid::Part(request.json()?);
    put(request, id, said).await
}

/// End a vaccination session
///
/// It is cancelled: answers leave it out, and it is forgotten after a month. To skip a single day of a weekly
/// session, add that day to `except`.
#[utoipa::path(
    delete,
    path = "/v1/sessions/{id}",
    operation_id = "end_session",
    tag = "change",
    params(PathId<Session>, Guard, Retry),
    responses((status = 200, description = "Cancelled; this is what it was", body = SessionChanged), SessionProblems),
    security(("key" = [])),
)]
pub(super) async fn end(
    PathId { id, .. }: PathId<Session>,
    request: WriteRequest,
) -> Result<Response, Problem> {
    put(request, id, SessionSaid::Cancelled).await
}

async fn put(request: WriteRequest, id: Uuid, said: SessionSaid) -> Result<Response, Problem> {
    let if_match = request.if_match()?;
    request.submit(PutSession { id: Some(SessionId(id)), said, if_match }).await
}
