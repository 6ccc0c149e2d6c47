//! The reports of one facility in the course of time.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use crate::{
    domain::{
        facility::{FacilityId, FacilityRef},
        numbers::Count,
        rejection::Rejection,
        resource_type::TypeCode,
    },
    http::{
        LogReads, Problem,
        documents::HistoryProblems,
        request::{Caller, Known, Params, ReadRequest},
        response::problem::unreadable,
    },
    query::history::{After, HistoryQuery, Page},
    render::model::{Day, HistoryAnswer},
    store::{
        Database,
        log::{DailyRow, Span},
    },
};

/// How many changes of the facility are looked at for one page.
const MOST_READ: usize = 2_000;
/// How many are read at once.
const CHUNK: u64 = 200;

/// List the reports of a facility
///
/// Each number with when it was true (`observed_at`), when it came (`received_at`), which way and, for agents and up,
/// by whom; `late` ones never were current. Numbers of vaccination sessions name the `session` and its `date`.
/// The last received comes first. Where reports are no longer kept one by one, `daily` has the days in short; of
/// sessions nothing is left then. `from` and `to` are about when numbers were received.
#[utoipa::path(
    get,
    path = "/v1/facilities/{id}/history",
    operation_id = "history",
    tag = "follow",
    params(FacilityRef, HistoryQuery),
    responses(
        (status = 200, description = "The numbers, the last received first"),
        (status = 301, description = "The facility was merged into the one that `Location` names; its numbers are there"),
        HistoryProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn history(
    State(log): State<Arc<LogReads>>,
    request: ReadRequest,
    reference: FacilityRef,
    Known { state, facility }: Known,
    Params(mut query): Params<HistoryQuery>,
) -> Result<Response, Problem> {
    if let Some(successor) = state.successor(&reference) {
        return Ok(request.moved(&format!("/v1/facilities/{successor}/history")));
    }
    query.check(facility.id, &state)?;
    let form = request.form::<HistoryAnswer>()?;
    let Caller { principal, language } = &request.caller;
    let mut page = Page::new(&query, &state, &facility, principal.audience(), *language);
    let _turn = log.turns.acquire().await;
    let entries = [&[facility.id], &*facility.merged].concat();
    let has_more = fill(&log.database, &entries, &query, &mut page).await?;
    let answer = page.into_answer(has_more);
    Ok(request.reply(&answer, form, answer.next.as_ref()).await)
}

/// Fills a page; returns whether there is more.
async fn fill(
    database: &Database,
    entries: &[FacilityId],
    query: &HistoryQuery,
    page: &mut Page<'_>,
) -> Result<bool, Rejection> {
    let span = Span { from: query.from.as_deref().copied(), to: query.to.as_deref().copied() };
    let mut read = 0;
    while !matches!(page.last(), Some(After::Day(..))) {
        let last = match page.last() {
            Some(After::Number(seq, _)) => Some(*seq),
            _ => None,
        };
        // The first row can be the one that the page before ended in.
        let changes = database.facility_changes(entries, span, last, CHUNK).await.map_err(unreadable)?;
        for row in &changes {
            if page.room() == 0 {
                return Ok(true);
            }
            if !page.take(&row.change, &row.late) {
                return Ok(true);
            }
            if page.room() > 0 {
                page.pass(row.change.seq);
            }
        }
        read += changes.len();
        if (changes.len() as u64) < CHUNK {
            break;
        }
        if read >= MOST_READ {
            return Ok(true);
        }
    }
    let after = match page.last() {
        Some(After::Day(day, code)) => Some((day.clone(), code.clone())),
        _ => None,
    };
    let after = after.as_ref().map(|(day, code)| (day.as_str(), code));
    let room = page.room();
    let days = database
        .facility_days(entries, query.resource.as_ref(), span, after, room as u64 + 1)
        .await
        .map_err(unreadable)?;
    let has_more = days.len() > room;
    days.into_iter().filter_map(day).for_each(|day| page.take_day(day));
    Ok(has_more)
}

/// A day as the answer shows it.
fn day(row: DailyRow) -> Option<Day> {
    let count = |count: Option<i32>| count.and_then(|count| u32::try_from(count).ok()).and_then(Count::new);
    let [available_min, available_max, available_last, capacity_last] = row.counts.map(count);
    Some(Day {
        day: row.day,
        resource: TypeCode::parse(&row.resource, "").ok()?,
        available_min,
        available_max,
        available_last,
        capacity_last,
        reports: u32::try_from(row.reports).unwrap_or_default(),
    })
}
