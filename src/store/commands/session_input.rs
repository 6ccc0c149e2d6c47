//! Sessions as clients write them.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::contact::known_region;
use crate::{
    domain::{
        facility::{FacilityId, phone_number},
        patch::Patch,
        region_code::RegionCode,
        rejection::{Code, Rejection},
        session::{
            Conditions, LocalTime, MOST_EXCEPTIONS, Schedule, Session, SessionId, Weekday, Weekly, read_date,
        },
        text::{self, Slug, web_link},
    },
    locales::Message,
    store::UnitOfWork,
};

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
    /// Where to book by telephone.
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
    /// Which days.
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
    pub(super) fn read(
        &self,
        unit: &UnitOfWork,
        facility: FacilityId,
        refused: &mut Vec<Rejection>,
    ) -> Option<Session> {
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

    /// A day without the session. On another day of the week it would cancel nothing, where somebody meant to.
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

/// Collects all that is wrong, so that one refusal names it.
pub(super) struct Keep<'a>(pub(super) &'a mut Vec<Rejection>);

impl Keep<'_> {
    pub(super) fn take<T>(&mut self, read: Result<T, Rejection>) -> Option<T> {
        read.map_err(|rejection| self.0.push(rejection)).ok()
    }

    fn refuse(&mut self, code: Code, pointer: &str, detail: Message) {
        self.0.push(Rejection::new(code, pointer, detail));
    }
}

/// The input that would make `session`, changed by `patch`.
pub(super) fn patched(session: &Session, patch: &SessionPatch) -> Result<SessionInput, Rejection> {
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
