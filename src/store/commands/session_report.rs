//! Numbers of vaccination sessions: the occurrence that they are of, and whether they are current.

use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    domain::{
        change::Effect,
        facility::FacilityId,
        numbers::Statement,
        observation::Source,
        region::Zone,
        rejection::{Code, Rejection, pointer_token},
        session::{SessionId, SessionObservation, SessionRef, SessionReport, local_date},
    },
    locales::Message,
    store::UnitOfWork,
};

/// How many days ahead the numbers of an occurrence may be stated.
const FURTHEST: u64 = 100;

/// The outcome of the numbers of one occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionReceipt {
    /// The session that is counted.
    pub id: SessionId,
    /// The day of the occurrence.
    pub date: NaiveDate,
    /// Whether they are current now; if not, they went into the history, and only a quota among them counts if none was
    /// stated later.
    pub accepted: bool,
    /// Why they are not current.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<NotCurrent>,
}

/// Why the numbers of an occurrence are not current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotCurrent {
    /// The occurrence is over.
    Over,
    /// Something observed later was known.
    NewerKnown,
}

/// The numbers with the occurrences that they are of, each once.
pub(super) fn occurrences(
    unit: &UnitOfWork,
    facility: FacilityId,
    observed_at: Timestamp,
    said: &[(SessionRef, Statement)],
) -> Result<Vec<SessionObservation>, Vec<Rejection>> {
    let (mut found, mut refused) = (Vec::<SessionObservation>::new(), Vec::new());
    for (named, numbers) in said {
        let pointer = format!("/sessions/{}", pointer_token(&named.to_string()));
        match occurrence(unit, facility, *named, observed_at, &pointer) {
            Ok(date) if found.iter().any(|other| (other.session, other.date) == (named.id, date)) => {
                refused.push(Rejection::new(
                    Code::DuplicateRow,
                    pointer,
                    Message::new("session-day-twice").arg("date", date.to_string()),
                ));
            }
            Ok(date) => match session_observed(unit, named.id, date, *numbers, observed_at, &pointer) {
                Ok(observation) => found.push(observation),
                Err(rejection) => refused.push(rejection),
            },
            Err(rejection) => refused.push(rejection),
        }
    }
    if refused.is_empty() { Ok(found) } else { Err(refused) }
}

/// The observation of an occurrence that somebody made who said this.
pub(super) fn session_observed(
    unit: &UnitOfWork,
    session: SessionId,
    date: NaiveDate,
    said: Statement,
    observed_at: Timestamp,
    pointer: &str,
) -> Result<SessionObservation, Rejection> {
    let state = unit.state().session(session);
    let current = state.and_then(|state| state.readings.get(&date)).map(|current| &**current);
    let zone = state.map_or(Zone::Wib, |state| unit.state().session_zone(&state.session));
    let (numbers, capacity_observed_at) = said.resolved(current, (observed_at, unit.now()), zone, pointer)?;
    Ok(SessionObservation { session, date, numbers, observed_at, capacity_observed_at })
}

/// The occurrence that is meant: the named one, or the one that was going on or next at `observed_at`.
pub(super) fn occurrence(
    unit: &UnitOfWork,
    facility: FacilityId,
    named: SessionRef,
    observed_at: Timestamp,
    pointer: &str,
) -> Result<NaiveDate, Rejection> {
    let session = unit.state().session(named.id).map(|state| &state.session);
    let session = session
        .filter(|session| session.facility == facility)
        .ok_or_else(|| SessionId::unknown(&named.to_string(), pointer))?;
    let zone = unit.state().session_zone(session);
    if session.cancelled {
        return Err(over(pointer));
    }
    let last = local_date(unit.now(), zone) + Days::new(FURTHEST);
    match named.date {
        None => session.next_after(observed_at, zone).ok_or_else(|| over(pointer)),
        Some(date) if session.schedule.includes(date) && date <= last => Ok(date),
        Some(date) => Err(Rejection::new(
            Code::NoOccurrence,
            pointer,
            Message::new("no-session-that-day")
                .arg("date", date.to_string())
                .arg("furthest", FURTHEST.to_string()),
        )),
    }
}

fn over(pointer: &str) -> Rejection {
    Rejection::new(Code::SessionOver, pointer, Message::new("session-is-over"))
}

/// Records the numbers and returns which of them are current now.
pub(super) fn record_sessions(
    unit: &mut UnitOfWork,
    facility: FacilityId,
    source: Source,
    observations: Vec<SessionObservation>,
) -> Vec<SessionReceipt> {
    if observations.is_empty() {
        return Vec::new();
    }
    let (reporter, state) = (unit.principal().reporter(), unit.state());
    let receipts = observations.iter().map(|said| {
        let (id, date, now) = (said.session, said.date, unit.now());
        let reason = match state.takes_reading(id, date, said.observed_at, now) {
            true => None,
            false if state.is_to_come(id, date, now) => Some(NotCurrent::NewerKnown),
            false => Some(NotCurrent::Over),
        };
        SessionReceipt { id, date, accepted: reason.is_none(), reason }
    });
    let receipts = receipts.collect();
    unit.record(Effect::SessionReport(SessionReport { facility, source, reporter, observations }));
    receipts
}
