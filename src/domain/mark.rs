//! Marks: messages that callers leave at a facility for each other. Each ends by itself.
//!
//! A claim says that somebody is phoning the facility; a hold, that somebody is being sent to one of its places; a
//! note, what was heard. Marks stand beside the facility's own numbers and never change them.

use std::collections::HashSet;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    facility::FacilityId, key::KeyId, numbers::Numbers, observation::Reading, resource_type::TypeCode,
};
use crate::clock::Timestamp;

/// The id of a mark.
pub type MarkId = Uuid;

/// A number is disputed when this many callers heard a different one.
const DISPUTED_BY: usize = 2;

/// A mark as it is stored: a change carries the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Our id.
    pub id: MarkId,
    /// The facility at which it was left.
    pub facility: FacilityId,
    /// The contents.
    #[serde(flatten)]
    pub what: MarkKind,
    /// Who left it, in words; empty for the public.
    pub by: String,
    /// With which key; None for the public and the command line.
    #[serde(default)]
    pub key: Option<KeyId>,
    /// The time at which it was left.
    pub at: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
}

/// A mark as readers of internal data see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MarkView {
    /// The id, for taking it back.
    #[schema(value_type = String, format = "uuid")]
    pub id: MarkId,
    /// The facility at which it was left.
    pub facility: FacilityId,
    /// The contents.
    #[serde(flatten)]
    pub what: MarkKind,
    /// Who left it; empty for the public.
    pub by: String,
    /// The time at which it was left.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// The label of the type that it is about, where that is shown.
    #[serde(skip)]
    pub label: Option<String>,
}

impl From<&Mark> for MarkView {
    fn from(mark: &Mark) -> Self {
        let Mark { id, facility, what, by, at, until, key: _ } = mark.clone();
        Self { id, facility, what, by, at, until, label: None }
    }
}

/// The contents of a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MarkKind {
    /// Somebody is phoning the facility, so nobody else needs to.
    Claim,
    /// Somebody is being sent to one place of a type.
    Hold {
        /// The type.
        #[serde(rename = "type")]
        resource: TypeCode,
    },
    /// A note about what a caller heard.
    Note(Note),
}

/// A note about a facility or one of its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// The verdict.
    pub verdict: Verdict,
    /// The source.
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
    /// The note in words, for readers of internal data.
    #[serde(default)]
    pub text: Option<String>,
    /// The number of equal notes: those of the public are kept once.
    pub times: u32,
}

/// The verdict of a note.
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
    /// The place is open, though somebody found it closed.
    Open,
}

/// The source of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteSource {
    /// An agent or a coordinator, after a call.
    AgentCall,
    /// Anybody.
    Public,
}

impl MarkKind {
    /// Whether a caller found the place open: notes that it is closed no longer count.
    pub fn tells_that_it_is_open(&self) -> bool {
        self.note().is_some_and(|note| {
            note.source == NoteSource::AgentCall && matches!(note.verdict, Verdict::Confirmed | Verdict::Open)
        })
    }

    /// Whether somebody found the place closed.
    pub fn tells_that_it_is_closed(&self) -> bool {
        self.note().is_some_and(|note| note.verdict == Verdict::Closed)
    }

    /// The default and the longest life of such a mark, in minutes.
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
    /// An agent's note about a number is old after a day; notes of dead telephones, and notes of the public, wait a week
    /// for a coordinator.
    fn lasts(&self) -> Duration {
        match (self.source, self.verdict) {
            (NoteSource::AgentCall, Verdict::Confirmed | Verdict::Wrong | Verdict::Open) => Duration::days(1),
            _ => Duration::days(7),
        }
    }
}

impl Mark {
    /// The person who left it: the name, in any spelling of case and spaces, distinguishes colleagues with one key.
    pub fn person(&self) -> (Option<KeyId>, String) {
        let words: Vec<String> = self.by.split_whitespace().map(str::to_lowercase).collect();
        (self.key, words.join(" "))
    }

    /// Whether the note is about the current statement. If the facility changes the number and later returns to it, old
    /// notes no longer apply.
    pub fn is_about(&self, resource: &TypeCode, current: &Reading) -> bool {
        let is_about = |note: &Note| {
            let about = note.about.is_some_and(|about| about.available() == current.numbers.available());
            note.resource.as_ref() == Some(resource) && about
        };
        self.is_of(current) && self.what.note().is_some_and(is_about)
    }

    /// Whether this note supports or disputes a number: it is about the number, or tells that the place is closed.
    pub fn speaks_of(&self, resource: &TypeCode, current: &Reading) -> bool {
        self.is_about(resource, current) || (self.is_of(current) && self.what.tells_that_it_is_closed())
    }

    /// Whether the mark is at least as new as the current `available` value.
    fn is_of(&self, current: &Reading) -> bool {
        self.at >= current.available_since()
    }
}

/// Whether `notes`, which are about one number and in the order they were left, dispute it. They do if, since the last
/// confirmation, two callers heard a different number or that the place is closed. Notes of the public do not count.
pub fn is_disputed<'a>(notes: impl IntoIterator<Item = &'a Mark>) -> bool {
    let mut against = HashSet::new();
    for mark in notes {
        let heard = mark.what.note().filter(|note| note.source == NoteSource::AgentCall);
        match heard.map(|note| note.verdict) {
            Some(Verdict::Confirmed) => against.clear(),
            Some(Verdict::Wrong | Verdict::Closed) => drop(against.insert(mark.person())),
            Some(Verdict::PhoneDead | Verdict::Open) | None => {}
        }
    }
    against.len() >= DISPUTED_BY
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use NoteSource::{AgentCall, Public};
    use Verdict::{Closed, Confirmed, PhoneDead, Wrong};

    #[rstest]
    #[case(&[], false)]
    #[case(&[(Wrong, "Siti")], false)]
    #[case(&[(Wrong, "Siti"), (Wrong, "Budi")], true)]
    #[case::one_person_twice(&[(Wrong, "Siti"), (Wrong, "Siti")], false)]
    #[case::one_person_in_haste(&[(Wrong, "Siti A."), (Wrong, " siti  a.")], false)]
    #[case::the_public(&[(Wrong, ""), (Wrong, ""), (Wrong, "Siti")], false)]
    #[case(&[(Wrong, "Siti"), (Confirmed, "Ani"), (Wrong, "Budi")], false)]
    #[case(&[(Wrong, "Siti"), (Wrong, "Budi"), (Confirmed, "Ani")], false)]
    #[case(&[(Wrong, "Siti"), (PhoneDead, "Ani"), (Wrong, "Budi")], true)]
    #[case(&[(Wrong, "Siti"), (PhoneDead, "Budi")], false)]
    #[case(&[(Closed, "Siti"), (Wrong, "Budi")], true)]
    #[case(&[(Closed, "Siti"), (Closed, "")], false)]
    #[case(&[(Closed, "Siti"), (Closed, "Budi"), (Confirmed, "Ani")], false)]
    fn two_who_phoned_dispute_a_number(#[case] said: &[(Verdict, &str)], #[case] disputed: bool) {
        let mark = |(verdict, by): &(Verdict, &str)| {
            let note = Note {
                verdict: *verdict,
                source: if by.is_empty() { Public } else { AgentCall },
                resource: None,
                about: None,
                heard: None,
                phone: None,
                text: None,
                times: 1,
            };
            Mark {
                id: MarkId::nil(),
                facility: FacilityId(Uuid::nil()),
                what: MarkKind::Note(note),
                by: (*by).to_owned(),
                key: None,
                at: Timestamp::UNIX_EPOCH,
                until: Timestamp::UNIX_EPOCH,
            }
        };
        let marks: Vec<Mark> = said.iter().map(mark).collect();
        assert_eq!(is_disputed(&marks), disputed);
    }
}
