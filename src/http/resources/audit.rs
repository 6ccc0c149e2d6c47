//! Who changed what, and when.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use crate::{
    domain::rejection::Rejection,
    http::{
        LogReads, Problem,
        documents::AuditProblems,
        request::{Caller, ReadRequest},
        response::problem::unreadable,
    },
    locales::Language,
    query::audit::{AuditQuery, Page},
    render::{audit::AuditAnswer, model::Resolved},
    store::{
        Database,
        log::{LogFilter, Span},
    },
};

/// List who changed what
///
/// Each change with who made it, when, and its whole effect, the newest first: for coordinators what concerns their
/// region, for admins all. It shows keys, links, sign-ins and rooms besides what `/v1/changes` shows, to those who manage
/// them. Reported numbers name the way they came (`source`). The log keeps neither addresses nor devices.
#[utoipa::path(
    get,
    path = "/v1/audit",
    operation_id = "audit",
    tag = "follow",
    params(AuditQuery),
    responses((status = 200, description = "The changes, the newest first"), AuditProblems),
    security(("key" = [])),
)]
pub(super) async fn list(
    State(log): State<Arc<LogReads>>,
    request: ReadRequest,
) -> Result<Response, Problem> {
    let Caller { principal, language } = &request.caller;
    principal.check_reports()?;
    let form = request.form::<AuditAnswer>()?;
    let state = request.reads.current();
    let mut query: AuditQuery = request.params()?;
    query.check(principal, &state)?;
    let _turn = log.turns.acquire().await;
    let page = Page::new(&query, principal, &state);
    let answer = read(&log.database, page, request.resolved(), *language).await?;
    Ok(request.reply(&answer, form, answer.next.as_ref()).await)
}

/// Fills a page from the log.
pub async fn read(
    database: &Database,
    mut page: Page<'_>,
    resolved: Vec<Resolved>,
    language: Language,
) -> Result<AuditAnswer, Rejection> {
    let AuditQuery { facilities, by, kind, since, until, .. } = page.query;
    let filter = LogFilter {
        facilities: facilities.clone(),
        actor: by.as_deref().cloned(),
        kinds: kind.clone(),
        span: Span { from: since.as_deref().copied(), to: until.as_deref().copied() },
    };
    let next = database.look_back(&filter, page.start(), |change| page.take(change)).await;
    let next = next.map_err(unreadable)?;
    Ok(page.into_answer(next, resolved, language))
}
