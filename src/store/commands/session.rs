//! Commands that add, change and end vaccination sessions.

use std::sync::Arc;

use chrono::{Days, Duration, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    report::{check_open, check_version_of},
    session_input::{SessionInput, SessionPatch, patched},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Effect, Seq},
        facility::FacilityRef,
        rejection::{Code, Rejection, Rejections},
        session::{Schedule, Session, SessionId, local_date},
    },
    locales::Message,
    snapshot::{FacilityState, SessionState, Snapshot},
    store::{Command, Receipt, UnitOfWork},
};

/// How many sessions one facility may have that are neither over nor cancelled.
const MOST_SESSIONS: usize = 100;
/// How long a session that is over is remembered.
const REMEMBERED: Duration = Duration::days(31);
/// How far ahead a session may begin, in days.
const FURTHEST: u64 = 400;

/// Adds a session, or changes the one with `id`.
pub struct PutSession {
    /// Which one; none adds a new one.
    pub id: Option<SessionId>,
    /// Its content, or the changes of it.
    pub said: SessionSaid,
    /// Only if the session still is at one of these versions.
    pub if_match: Option<Vec<Seq>>,
}

/// The content of a session, or the changes of it.
pub enum SessionSaid {
    /// All of it.
    Whole(Box<SessionInput>),
    /// The members to change; null removes.
    Part(SessionPatch),
    /// That it does not take place.
    Cancelled,
}

/// Forgets the sessions that have long been over.
pub struct ForgetSessions;

/// A session that was added, changed or cancelled.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionChanged {
    /// The session as it is now: the fields that were sent, and its `id`.
    #[schema(value_type = Object)]
    pub session: Session,
    /// Its version, for `If-Match`.
    #[schema(value_type = u64)]
    pub version: Seq,
}

impl Command for PutSession {
    type Outcome = SessionChanged;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<SessionChanged>, Rejections> {
        unit.principal().check_reports()?;
        let before = self.id.map(|id| known(unit, id)).transpose()?;
        if let Some(before) = &before {
            authorized(unit, &FacilityRef::Id(before.session.facility))?;
            check_version_of("session", before.version, self.if_match.as_deref())?;
        }
        let session = match (&self.said, &before) {
            (SessionSaid::Whole(input), _) => self.checked(unit, input)?,
            (SessionSaid::Part(patch), Some(before)) => {
                self.checked(unit, &patched(&before.session, patch)?)?
            }
            (_, Some(before)) => Session { cancelled: true, ..(*before.session).clone() },
            (_, None) => return Err(SessionId::unknown("", "id").into()),
        };
        if let Some(before) = before.filter(|before| before.session.facility != session.facility) {
            let facility = before.session.facility;
            return Err(Rejection::new(
                Code::InvalidField,
                "/facility",
                Message::new("session-of-another-facility").arg("facility", facility.to_string()),
            )
            .into());
        }
        if !session.cancelled {
            let state = unit.state().facility(session.facility);
            state.map_or(Ok(()), |state| check_open(state))?;
            check_to_come(unit, &session)?;
            check_count(unit, &session)?;
        }
        let location = self.id.is_none().then(|| format!("/v1/sessions/{}", session.id));
        unit.record(Effect::Session(session.clone()));
        let version = unit.state().seq();
        Ok(Receipt { body: SessionChanged { session, version }, location, version: Some(version) })
    }
}

impl PutSession {
    fn checked(&self, unit: &UnitOfWork, input: &SessionInput) -> Result<Session, Rejections> {
        let facility = FacilityRef::parse(&input.facility, "/facility")?;
        let state = authorized(unit, &facility).map_err(|rejection| match rejection.code {
            Code::UnknownFacility => Rejection { pointer: "/facility".into(), ..rejection },
            _ => rejection,
        })?;
        let mut refused = Vec::new();
        let session = input.read(unit, state.facility.id, &mut refused);
        Rejections::unless_empty(refused, ())?;
        let session = session.expect("what cannot be read is refused");
        let id = self.id.unwrap_or_else(|| SessionId(unit.clock().new_id()));
        Ok(Session { id, ..session })
    }
}

impl Command for ForgetSessions {
    type Outcome = ();

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<()>, Rejections> {
        unit.principal().check_admin()?;
        let long_ago = unit.now() - REMEMBERED;
        let forgotten = |state: &&Arc<SessionState>| is_over(unit.state(), state, long_ago);
        let ids: Vec<SessionId> =
            unit.state().sessions().filter(forgotten).map(|state| state.session.id).collect();
        for id in ids {
            unit.record(Effect::SessionForgotten { id });
        }
        Ok(Receipt::of(()))
    }
}

impl ForgetSessions {
    /// Whether there is any to forget.
    pub fn is_due(state: &Snapshot, now: Timestamp) -> bool {
        state.sessions().any(|session| is_over(state, session, now - REMEMBERED))
    }
}

/// Whether a session had nothing more to come at `moment`.
fn is_over(state: &Snapshot, session: &SessionState, moment: Timestamp) -> bool {
    let zone = state.session_zone(&session.session);
    let is_done = session.session.cancelled || session.session.next_after(moment, zone).is_none();
    is_done && session.changed_at <= moment
}

fn known(unit: &UnitOfWork, id: SessionId) -> Result<Arc<SessionState>, Rejection> {
    unit.state().session(id).cloned().ok_or_else(|| SessionId::unknown(&id.to_string(), "id"))
}

/// The facility, if it exists and the sender may speak for it.
fn authorized(unit: &UnitOfWork, facility: &FacilityRef) -> Result<Arc<FacilityState>, Rejection> {
    let state =
        unit.state().resolve(facility).ok_or_else(|| FacilityRef::unknown(&facility.to_string(), "id"))?;
    unit.principal().check_reports_for(&state.facility)?;
    Ok(Arc::clone(state))
}

fn check_to_come(unit: &UnitOfWork, session: &Session) -> Result<(), Rejection> {
    let zone = unit.state().session_zone(session);
    let pointer = match session.schedule {
        Schedule::Once(_) => "/date",
        Schedule::Weekly(_) => "/weekly",
    };
    let last: NaiveDate = local_date(unit.now(), zone) + Days::new(FURTHEST);
    match session.next_after(unit.now(), zone) {
        Some(next) if next <= last => Ok(()),
        Some(next) => Err(Rejection::new(
            Code::InvalidSchedule,
            pointer,
            Message::new("session-too-far-ahead")
                .arg("next", next.to_string())
                .arg("furthest", FURTHEST.to_string()),
        )),
        None => Err(Rejection::new(Code::SessionOver, pointer, Message::new("session-without-days-to-come"))),
    }
}

fn check_count(unit: &UnitOfWork, session: &Session) -> Result<(), Rejection> {
    let (state, now) = (unit.state(), unit.now());
    let others = state.sessions_of(session.facility).filter(|other| other.session.id != session.id);
    let running = others.filter(|other| !is_over(state, other, now)).count();
    if running < MOST_SESSIONS {
        return Ok(());
    }
    Err(Rejection::new(
        Code::TooManySessions,
        "/facility",
        Message::new("too-many-sessions").arg("running", running.to_string()),
    ))
}
