//! Commands that add, change and end vaccination sessions.

use std::sync::Arc;

use chrono::{Days, Duration, NaiveDate};
use serde_json::{Map, Value, json};

use super::{
    report::{check_open, check_version_of},
    session_input::{SessionInput, patched},
};
use crate::{
    clock::Timestamp,
    directory::{
        change::{Effect, Seq},
        facility::FacilityRef,
        refusal::{Code, Refusal, Refusals},
        session::{Schedule, Session, SessionId, local_date},
    },
    snapshot::{FacilityState, SessionState, Snapshot},
    store::{Command, Draft, Receipt},
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
    /// What it says now.
    pub said: SessionSaid,
    /// Only if the session still is at one of these versions.
    pub if_match: Option<Vec<Seq>>,
}

/// What is said of a session.
pub enum SessionSaid {
    /// All of it.
    Whole(Box<SessionInput>),
    /// What changes; null removes.
    Part(Map<String, Value>),
    /// That it does not take place.
    Cancelled,
}

/// Forgets the sessions that have long been over.
pub struct ForgetSessions;

impl Command for PutSession {
    fn decide(&self, draft: &mut Draft) -> Result<Receipt, Refusals> {
        draft.principal().check_reports()?;
        let before = self.id.map(|id| known(draft, id)).transpose()?;
        if let Some(before) = &before {
            authorized(draft, &FacilityRef::Id(before.session.facility))?;
            check_version_of("session", "sesi", before.version, self.if_match.as_deref())?;
        }
        let session = match (&self.said, &before) {
            (SessionSaid::Whole(input), _) => self.checked(draft, input)?,
            (SessionSaid::Part(patch), Some(before)) => {
                self.checked(draft, &patched(&before.session, patch)?)?
            }
            (_, Some(before)) => Session { cancelled: true, ..(*before.session).clone() },
            (_, None) => return Err(SessionId::unknown("", "id").into()),
        };
        if let Some(before) = before.filter(|before| before.session.facility != session.facility) {
            let facility = before.session.facility;
            return Err(Refusal::new(
                Code::InvalidField,
                "/facility",
                format!("this session belongs to {facility}; add a new one for another facility"),
                format!("sesi ini milik {facility}; buat sesi baru untuk fasilitas lain"),
            )
            .into());
        }
        if !session.cancelled {
            let state = draft.state().facility(session.facility);
            state.map_or(Ok(()), |state| check_open(state))?;
            check_to_come(draft, &session)?;
            check_count(draft, &session)?;
        }
        let location = self.id.is_none().then(|| format!("/v1/sessions/{}", session.id));
        draft.record(Effect::Session(session.clone()));
        let version = Some(draft.state().seq());
        Ok(Receipt { body: json!({ "session": session, "version": version }), location, version })
    }
}

impl PutSession {
    fn checked(&self, draft: &Draft, input: &SessionInput) -> Result<Session, Refusals> {
        let facility = FacilityRef::parse(&input.facility, "/facility")?;
        let state = authorized(draft, &facility).map_err(|refusal| match refusal.code {
            Code::UnknownFacility => Refusal { pointer: "/facility".into(), ..refusal },
            _ => refusal,
        })?;
        let mut refused = Vec::new();
        let session = input.read(draft, state.facility.id, &mut refused);
        Refusals::unless_empty(refused, ())?;
        let session = session.expect("what cannot be read is refused");
        let id = self.id.unwrap_or_else(|| SessionId(draft.clock().new_id()));
        Ok(Session { id, ..session })
    }
}

impl Command for ForgetSessions {
    fn decide(&self, draft: &mut Draft) -> Result<Receipt, Refusals> {
        draft.principal().check_admin()?;
        let long_ago = draft.now() - REMEMBERED;
        let forgotten = |state: &&Arc<SessionState>| is_over(draft.state(), state, long_ago);
        let ids: Vec<SessionId> =
            draft.state().sessions().filter(forgotten).map(|state| state.session.id).collect();
        let count = ids.len();
        for id in ids {
            draft.record(Effect::SessionForgotten { id });
        }
        Ok(Receipt::of(json!({ "forgotten": count })))
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

fn known(draft: &Draft, id: SessionId) -> Result<Arc<SessionState>, Refusal> {
    draft.state().session(id).cloned().ok_or_else(|| SessionId::unknown(&id.to_string(), "id"))
}

/// The facility, if it exists and the sender may speak for it.
fn authorized(draft: &Draft, facility: &FacilityRef) -> Result<Arc<FacilityState>, Refusal> {
    let state =
        draft.state().resolve(facility).ok_or_else(|| FacilityRef::unknown(&facility.to_string(), "id"))?;
    draft.principal().check_reports_for(&state.facility)?;
    Ok(Arc::clone(state))
}

fn check_to_come(draft: &Draft, session: &Session) -> Result<(), Refusal> {
    let zone = draft.state().session_zone(session);
    let pointer = match session.schedule {
        Schedule::Once(_) => "/date",
        Schedule::Weekly(_) => "/weekly",
    };
    let last: NaiveDate = local_date(draft.now(), zone) + Days::new(FURTHEST);
    match session.next_after(draft.now(), zone) {
        Some(next) if next <= last => Ok(()),
        Some(next) => Err(Refusal::new(
            Code::InvalidSchedule,
            pointer,
            format!("{next} is more than {FURTHEST} days away; check the year"),
            format!("{next} masih lebih dari {FURTHEST} hari lagi; periksa tahunnya"),
        )),
        None => Err(Refusal::new(
            Code::SessionOver,
            pointer,
            "none of its days is still to come; check the date and the hours, or cancel it",
            "tidak ada lagi hari yang akan datang; periksa tanggal dan jamnya, atau batalkan",
        )),
    }
}

fn check_count(draft: &Draft, session: &Session) -> Result<(), Refusal> {
    let (state, now) = (draft.state(), draft.now());
    let others = state.sessions_of(session.facility).filter(|other| other.session.id != session.id);
    let running = others.filter(|other| !is_over(state, other, now)).count();
    if running < MOST_SESSIONS {
        return Ok(());
    }
    Err(Refusal::new(
        Code::TooManySessions,
        "/facility",
        format!("it has {running} sessions to come; use 'weekly' instead of many days, or end some"),
        format!(
            "sudah ada {running} sesi mendatang; pakai 'weekly' daripada banyak hari, atau akhiri sebagian"
        ),
    ))
}
