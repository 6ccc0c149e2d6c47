//! Marks as clients write them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{report::check_type, session_input::Keep};
use crate::{
    auth::Principal,
    domain::{
        facility::phone_number,
        fields::Fields,
        mark::{MarkKind, Note, NoteSource, Verdict},
        numbers::Numbers,
        rejection::{Code, Rejection, Rejections},
        resource_type::{self, TypeCode},
        text::{self, short_text},
    },
    locales::Message,
    snapshot::FacilityState,
    store::UnitOfWork,
};

/// A mark as a client writes it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum MarkInput {
    /// I am phoning them: nobody else need.
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
        /// and `confirmed` end what was said of the place being closed.
        verdict: Verdict,
        /// The type; callers who do not know it may leave it out of `wrong`.
        #[serde(default, rename = "type")]
        #[schema(example = "bed.icu_vent")]
        resource: Option<String>,
        /// The numbers I was told.
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
    pub(super) fn read(
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

fn known_type(unit: &UnitOfWork, code: &str) -> Result<TypeCode, Rejection> {
    let code = TypeCode::parse(code, "/type")?;
    let known = unit.state().resource_type(code.as_str());
    if known.is_some_and(|resource| resource.kind == resource_type::Kind::Vaccination) {
        return Err(Rejection::new(
            Code::UnknownType,
            "/type",
            Message::new("type-without-places").arg("code", code.to_string()),
        ));
    }
    check_type(unit, &code, "/type")?;
    Ok(code)
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
