//! Marks: as clients write them, and the commands that leave them at facilities and take them back.

use std::{collections::BTreeSet, sync::Arc};

use chrono::Duration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    Keep,
    report::{check_open, known_facility},
};
use crate::{
    auth::Principal,
    domain::{
        change::Effect,
        facility::{FacilityRef, phone_number},
        fields::Fields,
        mark::{Mark, MarkId, MarkKind, MarkView, Note, NoteSource, Verdict},
        numbers::Numbers,
        rejection::{Code, Rejection, Rejections},
        resource_type::{self, TypeCode},
        text::{self, short_text},
    },
    locales::{self, Message},
    snapshot::FacilityState,
    store::{Command, Receipt, UnitOfWork},
};

/// How many marks may stand at one facility.
const MOST_MARKS: usize = 200;
/// How many notes of the public may stand at one facility, beside those: they must not keep agents out.
const MOST_PUBLIC_NOTES: usize = 50;
/// Within this time, a repeated mark from the same person replaces the earlier one.
const SAME_CALL: Duration = Duration::minutes(10);

/// Leaves a mark at a facility.
pub struct LeaveMark {
    /// The facility at which it is left.
    pub facility: FacilityRef,
    /// The contents.
    pub mark: MarkInput,
    /// The sender knows that every free place is held already.
    pub confirmed: bool,
}

/// Takes a mark back before its end.
pub struct EndMark {
    /// The mark that is taken back.
    pub id: MarkId,
}

impl Command for LeaveMark {
    type Outcome = MarkView;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<MarkView>, Rejections> {
        let state = known_facility(unit, &self.facility, "id")?;
        unit.principal().check_marks(&state.facility, matches!(self.mark, MarkInput::Note { .. }))?;
        if matches!(self.mark, MarkInput::Note { verdict: Verdict::Confirmed | Verdict::Open, .. }) {
            unit.principal().check_key()?;
        }
        check_open(&state)?;
        let (what, by, minutes) = self.mark.read(unit, &state)?;
        let (usual, most) = what.minutes();
        if let Some(minutes) = minutes.filter(|minutes| !(1..=most).contains(minutes)) {
            return Err(Rejection::new(
                Code::InvalidField,
                "/minutes",
                Message::new("mark-minutes")
                    .arg("minutes", minutes.to_string())
                    .arg("most", most.to_string())
                    .arg("usual", usual.to_string()),
            )
            .into());
        }
        let key = match unit.principal() {
            Principal::Key(key) => Some(key.id),
            _ => None,
        };
        let (id, at) = (unit.clock().new_id(), unit.now());
        let until = at + Duration::minutes(minutes.unwrap_or(usual).into());
        let mark = Mark { id, facility: state.facility.id, what, by, key, at, until };
        let said = MarkView::from(&mark);
        let mark = self.joined(unit, &state, mark)?;
        let is_new = unit.state().mark(mark.id).is_none();
        let is_public = |mark: &Mark| mark.what.note().is_some_and(|note| note.source == NoteSource::Public);
        let alike = |other: &&Arc<Mark>| is_public(other) == is_public(&mark);
        let (most, rejection) = if is_public(&mark) {
            (MOST_PUBLIC_NOTES, said_often as fn() -> Rejection)
        } else {
            (MOST_MARKS, too_many as fn() -> Rejection)
        };
        if is_new && unit.state().marks_of(state.facility.id).filter(alike).count() >= most {
            return Err(rejection().into());
        }
        unit.record(Effect::Mark(mark.clone()));
        for settled in settled(unit, &mark) {
            unit.record(Effect::MarkEnded(settled));
        }
        let location = is_new.then(|| format!("/v1/marks/{}", mark.id));
        // The public does not see the notes of others.
        let shown = if mark.key.is_none() { MarkView { id: mark.id, ..said } } else { MarkView::from(&mark) };
        Ok(Receipt { location, ..Receipt::of(shown) })
    }
}

/// The marks that this one ends: a note ends its author's claim, and `open` ends `closed`.
fn settled(unit: &UnitOfWork, by: &Mark) -> Vec<Mark> {
    let is_claim = |mark: &Mark| mark.what == MarkKind::Claim && mark.person() == by.person();
    let is_settled = |mark: &Mark| {
        (by.what.note().is_some() && is_claim(mark))
            || (by.what.tells_that_it_is_open() && mark.what.tells_that_it_is_closed())
    };
    let marks = unit.state().marks_of(by.facility).map(|mark| &**mark);
    marks.filter(|mark| is_settled(mark)).cloned().collect()
}

impl LeaveMark {
    /// The mark as it is to stand among those that are there: in the place of one it repeats, or refused where
    /// somebody else was first.
    fn joined(&self, unit: &UnitOfWork, state: &FacilityState, mark: Mark) -> Result<Mark, Rejection> {
        match &mark.what {
            MarkKind::Claim => claimed(unit, state, mark),
            MarkKind::Hold { resource } => {
                let free = state.reading(resource).and_then(|reading| reading.numbers.available());
                let holds: Vec<_> = unit.state().holds_of(state, resource).collect();
                match free.map(|free| free.get() as usize) {
                    Some(free) if holds.len() >= free && !self.confirmed => {
                        Err(all_held(unit, state, resource, free, &holds))
                    }
                    _ => Ok(mark),
                }
            }
            MarkKind::Note(note) => Ok(noted(unit, state, &mark, note)),
        }
    }
}

/// The first of two who want to phone a facility does so, for as long as they say.
fn claimed(unit: &UnitOfWork, state: &FacilityState, mark: Mark) -> Result<Mark, Rejection> {
    let Some(first) = unit.state().claim_of(state) else {
        return Ok(mark);
    };
    if first.person() == mark.person() {
        return Ok(Mark { id: first.id, ..mark });
    }
    let until = unit.state().zone(state.facility.region).clock(first.until);
    let by = &first.by;
    Err(Rejection::new(
        Code::AlreadyClaimed,
        "id",
        Message::new("already-claimed").arg("by", by.clone()).arg("until", until.clone()),
    ))
}

fn all_held(
    unit: &UnitOfWork,
    state: &FacilityState,
    resource: &TypeCode,
    free: usize,
    holds: &[&Arc<Mark>],
) -> Rejection {
    let known = unit.state().resource_type(resource.as_str());
    let zone = unit.state().zone(state.facility.region);
    let by: BTreeSet<(String, String)> =
        holds.iter().map(|hold| (hold.by.clone(), zone.clock(hold.until))).collect();
    let by = by.into_iter().map(|(by, until)| Message::new("held-by").arg("by", by).arg("until", until));
    let detail = Message::new("all-held")
        .arg(
            "label",
            known.map_or_else(|| resource.to_string().into(), |known| locales::Value::from(&known.label)),
        )
        .arg("free", free)
        .arg("held", holds.len())
        .arg("by", locales::Value::list(by));
    Rejection::new(Code::ConfirmHold, "/type", detail)
}

/// One person's last word on a matter in one call replaces the words before it. The public's words about the number
/// that is stated now are one note with a count.
fn noted(unit: &UnitOfWork, state: &FacilityState, mark: &Mark, note: &Note) -> Mark {
    let is_public = note.source == NoteSource::Public;
    let number = note.resource.as_ref().and_then(|code| Some((code, state.reading(code)?)));
    let repeats = |before: &&Arc<Mark>| {
        let is_same_call = if is_public {
            number.is_none_or(|(code, reading)| before.is_about(code, reading))
        } else {
            mark.at - before.at < SAME_CALL
        };
        before.person() == mark.person()
            && is_same_call
            && before.what.note().is_some_and(|said| note.replaces(said))
    };
    let before = unit.state().marks_of(mark.facility).find(repeats);
    let Some((before, said)) = before.and_then(|before| Some((before, before.what.note()?))) else {
        return mark.clone();
    };
    let text = match note.source {
        // Where words of several people come together, the first ones stay.
        NoteSource::Public => said.text.clone().or_else(|| note.text.clone()),
        NoteSource::AgentCall => {
            note.text.clone().or_else(|| said.text.clone().filter(|_| note.says_the_same_as(said)))
        }
    };
    let times = said.times.saturating_add(is_public.into());
    Mark { id: before.id, what: MarkKind::Note(Note { text, times, ..note.clone() }), ..mark.clone() }
}

impl Note {
    /// Whether it takes the place of another of the same person: an agent's last word on a number, a telephone or
    /// the place; what the public says of one number or telephone.
    fn replaces(&self, other: &Self) -> bool {
        let is_of_number = |note: &Self| matches!(note.verdict, Verdict::Confirmed | Verdict::Wrong);
        let is_of_place = |note: &Self| matches!(note.verdict, Verdict::Closed | Verdict::Open);
        let is_same = (self.verdict, &self.phone) == (other.verdict, &other.phone);
        (self.source, &self.resource) == (other.source, &other.resource)
            && match self.source {
                NoteSource::AgentCall if is_of_number(self) => is_of_number(other),
                NoteSource::AgentCall if is_of_place(self) => is_of_place(other),
                _ => is_same,
            }
    }

    /// Whether the words that explain another explain it too.
    fn says_the_same_as(&self, other: &Self) -> bool {
        self.verdict == other.verdict && (self.heard.is_none() || self.heard == other.heard)
    }
}

fn said_often() -> Rejection {
    Rejection::new(Code::TooManyMarks, "", Message::new("too-many-notes-by-public"))
}

fn too_many() -> Rejection {
    Rejection::new(
        Code::TooManyMarks,
        "",
        Message::new("too-many-marks").arg("most-marks", MOST_MARKS.to_string()),
    )
}

impl Command for EndMark {
    type Outcome = MarkView;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<MarkView>, Rejections> {
        unit.principal().check_key()?;
        let mark = unit.state().mark(self.id).cloned().ok_or_else(|| unknown(self.id))?;
        let key = match unit.principal() {
            Principal::Key(key) => Some(key.id),
            _ => None,
        };
        if key.is_none() || mark.key != key {
            let region = unit.state().facility(mark.facility).map(|state| state.facility.region);
            unit.principal().check_changes(region).map_err(not_theirs)?;
        }
        unit.record(Effect::MarkEnded((*mark).clone()));
        Ok(Receipt::of(MarkView::from(&*mark)))
    }
}

/// An agent takes back their own marks, so it is not the role that is wrong.
fn not_theirs(rejection: Rejection) -> Rejection {
    match rejection.code {
        Code::RoleNotAllowed => {
            Rejection::new(rejection.code, rejection.pointer, Message::new("mark-of-somebody-else"))
        }
        _ => rejection,
    }
}

fn unknown(id: MarkId) -> Rejection {
    Rejection::new(Code::UnknownMark, "id", Message::new("unknown-mark").arg("id", id.to_string()))
}

/// A mark as a client writes it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum MarkInput {
    /// I am phoning them, so nobody else needs to.
    Claim {
        /// Who I am, for colleagues with the same key; the name of the key if left out.
        #[serde(default)]
        by: Option<String>,
        /// How long, 1 to 60; 10 if left out.
        #[serde(default)]
        #[schema(minimum = 1, maximum = 60)]
        minutes: Option<u32>,
    },
    /// I am sending somebody to one place of this type.
    Hold {
        /// The type.
        #[serde(rename = "type")]
        #[schema(example = "bed.icu_vent")]
        resource: String,
        /// Who I am; the name of the key if left out. Never the patient.
        #[serde(default)]
        by: Option<String>,
        /// How long, 1 to 240; 30 if left out.
        #[serde(default)]
        #[schema(minimum = 1, maximum = 240)]
        minutes: Option<u32>,
    },
    /// A note of what was heard.
    Note {
        /// The finding: `confirmed` and `wrong` are about the number of a type, the others about the facility. `open`
        /// and `confirmed` end the notes that the place is closed.
        verdict: Verdict,
        /// The type; callers who do not know it may leave it out of `wrong`.
        #[serde(default, rename = "type")]
        #[schema(example = "bed.icu_vent")]
        resource: Option<String>,
        /// The numbers that the caller heard.
        #[serde(default)]
        #[schema(value_type = Option<Numbers>)]
        numbers: Option<Map<String, Value>>,
        /// The telephone where nobody answered, as the facility lists it; all of them if left out.
        #[serde(default)]
        phone: Option<String>,
        /// In words, at most 300 characters. Colleagues and coordinators see it. Never the patient's name.
        #[serde(default)]
        text: Option<String>,
        /// Who I am; the name of the key if left out.
        #[serde(default)]
        by: Option<String>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Claim,
    Hold,
    Note,
}

impl MarkInput {
    /// The mark in a client's JSON. Its kind is read first: so what is wrong with another field names that field.
    pub fn from_json(value: Value) -> Result<Self, Rejection> {
        let mut fields = Fields::of(value)?;
        let mark = match fields.need("kind")? {
            Kind::Claim => Self::Claim { by: fields.take("by")?, minutes: fields.take("minutes")? },
            Kind::Hold => Self::Hold {
                resource: fields.need("type")?,
                by: fields.take("by")?,
                minutes: fields.take("minutes")?,
            },
            Kind::Note => Self::Note {
                verdict: fields.need("verdict")?,
                resource: fields.take("type")?,
                numbers: fields.take("numbers")?,
                phone: fields.take("phone")?,
                text: fields.take("text")?,
                by: fields.take("by")?,
            },
        };
        fields.finish()?;
        Ok(mark)
    }

    /// Gives the content, the source, and the minutes if they are given.
    fn read(
        &self,
        unit: &UnitOfWork,
        state: &FacilityState,
    ) -> Result<(MarkKind, String, Option<u32>), Rejections> {
        let (what, by, minutes) = match self {
            Self::Claim { by, minutes } => (MarkKind::Claim, by, *minutes),
            Self::Hold { resource, by, minutes } => {
                (MarkKind::Hold { resource: known_type(unit, resource)? }, by, *minutes)
            }
            Self::Note { verdict, resource, numbers, phone, text, by } => {
                let (resource, phone) = (resource.as_deref(), phone.as_deref());
                let text = text.as_deref().filter(|text| !text.trim().is_empty());
                let said = NoteSaid { verdict: *verdict, resource, numbers: numbers.as_ref(), phone, text };
                (MarkKind::Note(said.read(unit, state)?), by, None)
            }
        };
        let by = match (by, unit.principal()) {
            (_, Principal::Public) => String::new(),
            (Some(by), _) => text::name(by, 60, "/by")?,
            (None, principal) => principal.reporter().to_string(),
        };
        Ok((what, by, minutes))
    }
}

/// A note as it was written.
struct NoteSaid<'a> {
    verdict: Verdict,
    resource: Option<&'a str>,
    numbers: Option<&'a Map<String, Value>>,
    phone: Option<&'a str>,
    text: Option<&'a str>,
}

impl NoteSaid<'_> {
    /// The note; refused with everything that is wrong with it.
    fn read(&self, unit: &UnitOfWork, state: &FacilityState) -> Result<Note, Rejections> {
        let is_public = *unit.principal() == Principal::Public;
        let source = if is_public { NoteSource::Public } else { NoteSource::AgentCall };
        let mut refused = Vec::new();
        let mut keep = Keep(&mut refused);
        let code = self.resource.map(|code| known_type(unit, code)).transpose();
        let resource = keep.take(code).flatten();
        let phone = self.phone.map(|number| listed_phone(unit, state, number)).transpose();
        let phone = keep.take(phone).flatten();
        let text = keep.take(self.text.map(|text| short_text(text, 300, "/text")).transpose()).flatten();
        refused.extend(self.misplaced(source));
        let heard = self.numbers.map(|fields| Numbers::from_json(&fields.clone().into(), "/numbers"));
        let heard = heard.transpose().unwrap_or_else(|rejections| {
            refused.extend(rejections);
            None
        });
        Rejections::unless_empty(refused, ())?;
        let about = resource.as_ref().and_then(|code| Some(state.reading(code)?.numbers));
        Ok(Note { verdict: self.verdict, source, resource, about, heard, phone, text, times: 1 })
    }

    /// Refuses members that do not belong to this verdict, or are missing from it.
    fn misplaced(&self, source: NoteSource) -> Option<Rejection> {
        let is_of_number = matches!(self.verdict, Verdict::Confirmed | Verdict::Wrong);
        let needs_type =
            is_of_number && (self.verdict == Verdict::Confirmed || source == NoteSource::AgentCall);
        let refuse = |code, pointer, detail| Some(Rejection::new(code, pointer, detail));
        match (&self.resource, &self.numbers, &self.phone) {
            (Some(_), ..) if !is_of_number => {
                refuse(Code::InvalidField, "/type", Message::new("note-of-facility"))
            }
            (.., Some(_)) if self.verdict != Verdict::PhoneDead => {
                refuse(Code::InvalidField, "/phone", Message::new("note-phone-misplaced"))
            }
            (None, ..) if needs_type => {
                refuse(Code::MissingField, "/type", Message::new("note-type-missing"))
            }
            (None, Some(_), _) => {
                refuse(Code::InvalidField, "/numbers", Message::new("note-numbers-of-nothing"))
            }
            _ => None,
        }
    }
}

/// The type that the sender calls `given`, if it counts places.
fn known_type(unit: &UnitOfWork, given: &str) -> Result<TypeCode, Rejection> {
    let resource = unit.state().resolve_type(given, None).map_err(|rejection| rejection.under("/type"))?;
    if resource.kind == resource_type::Kind::Vaccination {
        return Err(Rejection::new(
            Code::UnknownType,
            "/type",
            Message::new("type-without-places").arg("code", given.to_owned()),
        ));
    }
    Ok(resource.code.clone())
}

/// The number as the facility lists it, of those that the sender may see.
fn listed_phone(unit: &UnitOfWork, state: &FacilityState, number: &str) -> Result<String, Rejection> {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    let wanted = phone_number(number, "/phone")?;
    let (audience, region) = (unit.principal().audience(), Some(state.facility.region));
    let mut seen = state.facility.phones.iter().filter(|phone| audience.sees(phone.visibility, region));
    let listed = seen.find(|phone| digits(&phone.number) == digits(&wanted));
    listed.map(|phone| phone.number.clone()).ok_or_else(|| {
        Rejection::new(
            Code::InvalidField,
            "/phone",
            Message::new("phone-not-listed").arg("wanted", wanted.clone()),
        )
    })
}
