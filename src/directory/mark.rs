//! Marks: what people who phone facilities leave there for each other. Each ends by itself.
//!
//! A claim says that somebody is phoning the facility; a hold, that somebody is being sent to one of its places; a
//! note, what was heard. Marks stand beside the facility's own numbers and never change them.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{facility::FacilityId, key::KeyId, numbers::Numbers, resource_type::TypeCode};
use crate::clock::Timestamp;

/// The id of a mark.
pub type MarkId = Uuid;

/// How many who were told otherwise make a number disputed.
const DISPUTED_BY: usize = 2;

/// A mark as it is stored: a change carries the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Our id.
    pub id: MarkId,
    /// Where it was left.
    pub facility: FacilityId,
    /// What it says.
    #[serde(flatten)]
    pub what: MarkKind,
    /// Who left it, in words; empty for the public.
    pub by: String,
    /// With which key; None for the public and the command line.
    #[serde(default)]
    pub key: Option<KeyId>,
    /// When it was left.
    pub at: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
}

/// A mark as it is shown to those who see what is internal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MarkView {
    /// The id, for taking it back.
    #[schema(value_type = String, format = "uuid")]
    pub id: MarkId,
    /// Where it was left.
    pub facility: FacilityId,
    /// What it says.
    #[serde(flatten)]
    pub what: MarkKind,
    /// Who left it; empty for the public.
    pub by: String,
    /// When it was left.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

impl From<&Mark> for MarkView {
    fn from(mark: &Mark) -> Self {
        let Mark { id, facility, what, by, at, until, key: _ } = mark.clone();
        Self { id, facility, what, by, at, until }
    }
}

/// What a mark says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MarkKind {
    /// Somebody is phoning the facility: nobody else need.
    Claim,
    /// Somebody is being sent to one place of a type.
    Hold {
        /// The type.
        #[serde(rename = "type")]
        resource: TypeCode,
    },
    /// What somebody heard.
    Note(Note),
}

/// What somebody heard of a facility or of one of its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// What was found.
    pub verdict: Verdict,
    /// Whose word it is.
    pub source: NoteSource,
    /// The type whose number it is about; None for the facility as a whole.
    #[serde(default, rename = "type")]
    pub resource: Option<TypeCode>,
    /// The numbers it is about, as the facility stated them.
    #[serde(default)]
    pub about: Option<Numbers>,
    /// The numbers that were heard instead, or again.
    #[serde(default)]
    pub heard: Option<Numbers>,
    /// The telephone it is about.
    #[serde(default)]
    pub phone: Option<String>,
    /// In words, for those who see what is internal.
    #[serde(default)]
    pub text: Option<String>,
    /// How often the same was said: the public's word is kept once.
    pub times: u32,
}

/// What somebody found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The number is right.
    Confirmed,
    /// The number is wrong.
    Wrong,
    /// Nobody answers the telephone.
    PhoneDead,
    /// The place is closed.
    Closed,
}

/// Whose word a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteSource {
    /// An agent or a coordinator, after a call.
    AgentCall,
    /// Anybody.
    Public,
}

impl MarkKind {
    /// How long such a mark stands if nobody says otherwise, and at most, in minutes.
    pub fn minutes(&self) -> (u32, u32) {
        match self {
            Self::Claim => (10, 60),
            Self::Hold { .. } => (30, 240),
            Self::Note(note) => {
                let length = note.lasts().num_minutes().try_into().unwrap_or(u32::MAX);
                (length, length)
            }
        }
    }

    /// The type it is about; None for the facility as a whole.
    pub const fn resource(&self) -> Option<&TypeCode> {
        match self {
            Self::Claim => None,
            Self::Hold { resource } => Some(resource),
            Self::Note(note) => note.resource.as_ref(),
        }
    }

    /// The note, if it is one.
    pub const fn note(&self) -> Option<&Note> {
        match self {
            Self::Note(note) => Some(note),
            Self::Claim | Self::Hold { .. } => None,
        }
    }
}

impl Note {
    /// What was heard of a number is old after a day; a dead telephone and the public's word wait a week for a
    /// coordinator.
    fn lasts(&self) -> Duration {
        match (self.source, self.verdict) {
            (NoteSource::AgentCall, Verdict::Confirmed | Verdict::Wrong) => Duration::days(1),
            _ => Duration::days(7),
        }
    }

    /// Whether the facility still states the number that the note is about.
    pub fn is_about(&self, resource: &TypeCode, current: Numbers) -> bool {
        self.resource.as_ref() == Some(resource)
            && self.about.is_some_and(|about| about.available() == current.available())
    }
}

/// Whether a number is disputed by the notes about it and its facility, in the order they were left: people who
/// phoned were told otherwise twice since anybody confirmed it, be it that the place is closed. The public's word
/// does not dispute a number.
pub fn is_disputed<'a>(notes: impl IntoIterator<Item = &'a Note>) -> bool {
    let heard = notes.into_iter().filter(|note| note.source == NoteSource::AgentCall);
    let wrong = heard.fold(0, |wrong, note| match note.verdict {
        Verdict::Confirmed => 0,
        Verdict::Wrong | Verdict::Closed => wrong + 1,
        Verdict::PhoneDead => wrong,
    });
    wrong >= DISPUTED_BY
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use NoteSource::{AgentCall, Public};
    use Verdict::{Closed, Confirmed, PhoneDead, Wrong};

    #[rstest]
    #[case(&[], false)]
    #[case(&[(Wrong, AgentCall)], false)]
    #[case(&[(Wrong, AgentCall), (Wrong, AgentCall)], true)]
    #[case(&[(Wrong, Public), (Wrong, Public), (Wrong, AgentCall)], false)]
    #[case(&[(Wrong, AgentCall), (Confirmed, AgentCall), (Wrong, AgentCall)], false)]
    #[case(&[(Wrong, AgentCall), (Wrong, AgentCall), (Confirmed, AgentCall)], false)]
    #[case(&[(Wrong, AgentCall), (PhoneDead, AgentCall), (Wrong, AgentCall)], true)]
    #[case(&[(Wrong, AgentCall), (PhoneDead, AgentCall)], false)]
    #[case(&[(Closed, AgentCall), (Wrong, AgentCall)], true)]
    #[case(&[(Closed, AgentCall), (Closed, Public)], false)]
    #[case(&[(Closed, AgentCall), (Closed, AgentCall), (Confirmed, AgentCall)], false)]
    fn two_who_phoned_dispute_a_number(#[case] said: &[(Verdict, NoteSource)], #[case] disputed: bool) {
        let note = |(verdict, source): &(Verdict, NoteSource)| Note {
            verdict: *verdict,
            source: *source,
            resource: None,
            about: None,
            heard: None,
            phone: None,
            text: None,
            times: 1,
        };
        let notes: Vec<Note> = said.iter().map(note).collect();
        assert_eq!(is_disputed(&notes), disputed);
    }
}
