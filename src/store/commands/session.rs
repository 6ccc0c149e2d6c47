//! Vaccination sessions: as clients write them, and the commands that add, change and end them.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{Days, Duration, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Keep,
    contact::known_region,
    report::{check_open, check_version_of, reported_facility},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Effect, Seq},
        facility::{FacilityId, FacilityRef, phone_number},
        patch::Patch,
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        session::{
            Conditions, LocalTime, MOST_EXCEPTIONS, Schedule, Session, SessionId, Weekday, Weekly,
            local_date, read_date,
        },
        text::{self, Slug, web_link},
    },
    locales::Message,
    snapshot::{SessionState, Snapshot},
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
            reported_facility(unit, &FacilityRef::Id(before.session.facility), "id")?;
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
        let state = reported_facility(unit, &facility, "/facility")?;
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

/// A session as a client writes it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionInput {
    /// Where it is held: our id, or `system:value`.
    #[schema(example = "kemenkes:3374010")]
    pub facility: String,
    /// The name that people know it by.
    #[serde(default)]
    pub title: Option<String>,
    /// Its day, if it has only one.
    #[serde(default)]
    #[schema(example = "2021-07-02")]
    pub date: Option<String>,
    /// Its days, if it is held every week; either `date` or `weekly`.
    #[serde(default)]
    pub weekly: Option<WeeklyInput>,
    /// When it opens, in the time zone of the facility's region.
    #[schema(example = "08:00")]
    pub from: String,
    /// When it closes, the same day.
    #[schema(example = "12:00")]
    pub to: String,
    /// The vaccine: a word such as `sinovac`.
    #[schema(value_type = Slug, example = "sinovac")]
    pub product: String,
    /// Which doses, 1 to 9; 3 and up are boosters.
    #[schema(example = json!([1, 2]), min_items = 1)]
    pub doses: Vec<u8>,
    /// The youngest, in years; null for any.
    #[serde(default)]
    pub age_min: Option<u8>,
    /// The oldest, in years; null for any.
    #[serde(default)]
    pub age_max: Option<u8>,
    /// The conditions of admission; null for everybody.
    #[serde(default)]
    pub audience: Option<ConditionsInput>,
    /// Whether one may come without booking.
    #[serde(default)]
    pub walk_in: bool,
    /// Where to book: an http or https link.
    #[serde(default)]
    pub booking_url: Option<String>,
    /// The telephone for booking.
    #[serde(default)]
    pub booking_phone: Option<String>,
    /// Rupiah; 0, free of charge, if left out.
    #[serde(default)]
    pub fee: u32,
    /// It does not take place: answers leave it out.
    #[serde(default)]
    pub cancelled: bool,
}

/// Changes of a session.
pub type SessionPatch = Patch<SessionInput>;

/// Some days of every week.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeeklyInput {
    /// The days of the week.
    pub weekdays: BTreeSet<Weekday>,
    /// The first day it may be.
    #[schema(example = "2021-07-01")]
    pub from: String,
    /// The last day it may be; null until further notice.
    #[serde(default)]
    pub until: Option<String>,
    /// Days without it, such as holidays, each a day on which it would be held; at most 100.
    #[serde(default)]
    pub except: Vec<String>,
}

/// The conditions of admission to a session, beyond age.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionsInput {
    /// Only for people whose identity card is of this region or below, a Kemendagri code.
    #[serde(default)]
    #[schema(value_type = Option<RegionCode>)]
    pub domicile: Option<String>,
    /// True: for pregnant women; false: not for them.
    #[serde(default)]
    pub pregnancy: Option<bool>,
    /// True: for people with a disability; false: not for them.
    #[serde(default)]
    pub disability: Option<bool>,
}

impl SessionInput {
    /// The session, with everything that is wrong with it.
    fn read(&self, unit: &UnitOfWork, facility: FacilityId, refused: &mut Vec<Rejection>) -> Option<Session> {
        let mut keep = Keep(refused);
        let title = self.title.as_deref().map(|title| text::name(title, 120, "/title")).transpose();
        let title = keep.take(title);
        let schedule = keep.take(self.schedule());
        let from = keep.take(LocalTime::parse(&self.from, "/from"));
        let to = keep.take(LocalTime::parse(&self.to, "/to"));
        if let Some((from, to)) = from.zip(to).filter(|(from, to)| from >= to) {
            let detail =
                Message::new("session-closes-early").arg("from", from.to_string()).arg("to", to.to_string());
            keep.refuse(Code::InvalidSchedule, "/to", detail);
        }
        let product = keep.take(Slug::parse(&self.product, "/product"));
        let doses: BTreeSet<u8> = self.doses.iter().copied().collect();
        if doses.is_empty() || doses.iter().any(|dose| !(1..=9).contains(dose)) {
            keep.refuse(Code::InvalidField, "/doses", Message::new("session-without-doses"));
        }
        if let Some((min, max)) = self.age_min.zip(self.age_max).filter(|(min, max)| min > max) {
            let detail = Message::new("session-ages-crossed").arg("min", min).arg("max", max);
            keep.refuse(Code::InvalidField, "/age_max", detail);
        }
        let asked = self.audience.clone().unwrap_or_default();
        let domicile = asked.domicile.map(|code| known_region(unit, &code, "/audience/domicile")).transpose();
        let domicile = keep.take(domicile);
        let url = self.booking_url.as_deref().map(|text| web_link(text, "/booking_url")).transpose();
        let phone =
            self.booking_phone.as_deref().map(|text| phone_number(text, "/booking_phone")).transpose();
        let (booking_url, booking_phone) = (keep.take(url), keep.take(phone));
        if self.fee > 100_000_000 {
            keep.refuse(
                Code::InvalidField,
                "/fee",
                Message::new("session-fee-too-high").arg("fee", self.fee),
            );
        }
        Some(Session {
            id: SessionId(uuid::Uuid::nil()),
            facility,
            title: title?,
            schedule: schedule?,
            from: from?,
            to: to?,
            product: product?,
            doses,
            age_min: self.age_min,
            age_max: self.age_max,
            audience: Conditions {
                domicile: domicile?,
                pregnancy: asked.pregnancy,
                disability: asked.disability,
            },
            walk_in: self.walk_in,
            booking_url: booking_url?,
            booking_phone: booking_phone?,
            fee: self.fee,
            cancelled: self.cancelled,
        })
    }

    fn schedule(&self) -> Result<Schedule, Rejection> {
        match (&self.date, &self.weekly) {
            (Some(only), None) => Ok(Schedule::Once(read_date(only, "/date")?)),
            (None, Some(weekly)) => weekly.read().map(Schedule::Weekly),
            _ => Err(Rejection::new(Code::InvalidSchedule, "/date", Message::new("session-date-or-weekly"))),
        }
    }
}

impl WeeklyInput {
    fn read(&self) -> Result<Weekly, Rejection> {
        let wrong = |pointer, detail| Err(Rejection::new(Code::InvalidSchedule, pointer, detail));
        let from = read_date(&self.from, "/weekly/from")?;
        let until = self.until.as_deref().map(|text| read_date(text, "/weekly/until")).transpose()?;
        if self.weekdays.is_empty() {
            return wrong("/weekly/weekdays", Message::new("session-without-weekdays"));
        }
        if until.is_some_and(|until| until < from) {
            return wrong("/weekly/until", Message::new("session-ends-early"));
        }
        if self.except.len() > MOST_EXCEPTIONS {
            return wrong(
                "/weekly/except",
                Message::new("session-exceptions-too-many").arg("most", MOST_EXCEPTIONS),
            );
        }
        let except = self.except.iter().enumerate();
        let except = except.map(|(index, text)| self.excepted(text, &format!("/weekly/except/{index}")));
        Ok(Weekly { weekdays: self.weekdays.clone(), from, until, except: except.collect::<Result<_, _>>()? })
    }

    /// A day without the session. It must fall on a day of the week of the session, or it would cancel nothing.
    fn excepted(&self, text: &str, pointer: &str) -> Result<NaiveDate, Rejection> {
        let day = read_date(text, pointer)?;
        if self.weekdays.contains(&Weekday::of(day)) {
            return Ok(day);
        }
        let held: Vec<&str> = self.weekdays.iter().map(|weekday| weekday.name()).collect();
        let (weekday, held) = (Weekday::of(day).name(), held.join(", "));
        Err(Rejection::new(
            Code::InvalidSchedule,
            pointer,
            Message::new("session-not-held-on-exception")
                .arg("day", day.to_string())
                .arg("weekday", weekday.to_string())
                .arg("held", held.clone()),
        ))
    }
}

/// The input that would make `session`, changed by `patch`.
fn patched(session: &Session, patch: &SessionPatch) -> Result<SessionInput, Rejection> {
    let mut whole = serde_json::to_value(session).expect("sessions are plain data");
    let current = whole.as_object_mut().expect("a session is an object");
    current.shift_remove("id");
    // One day and every week exclude each other: saying the one takes back the other.
    for (said, other) in [("date", "weekly"), ("weekly", "date")] {
        if patch.get(said).is_some_and(|value| !value.is_null()) {
            current.shift_remove(other);
        }
    }
    patch.applied(&whole)
}
