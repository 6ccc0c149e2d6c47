//! What is to be told about how a question was read, beside the words that no request uses.

use std::collections::BTreeSet;

use super::places::Where;
use crate::{
    domain::{facility::FacilityId, region_code::RegionCode},
    locales::{Message, Value},
    snapshot::Snapshot,
};

/// Something to be told, and the words of the question that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Note {
    /// What is to be told.
    pub(crate) about: About,
    /// The words of the question, as they were typed.
    pub(crate) given: String,
    /// Where these stand.
    pub(super) words: BTreeSet<usize>,
}

/// What a note tells.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum About {
    /// Somebody may die: the emergency line comes first.
    Emergency,
    /// "Negatif" was read as the result of a test, or else as the pressure of a room.
    Negative { is_test: bool },
    /// No type records this.
    Unrecorded,
    /// Of several ages, those of the youngest are looked for.
    YoungestOf(u32),
    /// No facility is called so; these nearly are.
    UnknownFacility(Vec<FacilityId>),
    /// It is no place; this one has a similar name.
    SimilarPlace(Where),
    /// Another place is named, too, and left out.
    PlaceLeft,
}

impl Note {
    /// The note in words.
    pub(crate) fn in_words(&self, state: &Snapshot) -> Message {
        let given = self.given.clone();
        match &self.about {
            About::Emergency => Message::new("ask-emergency").arg("given", given),
            About::Negative { is_test } => {
                Message::new("ask-negative").arg("given", given).arg("test", *is_test)
            }
            About::Unrecorded => Message::new("ask-unrecorded").arg("given", given),
            About::YoungestOf(years) => Message::new("ask-youngest").arg("given", given).arg("years", *years),
            About::UnknownFacility(near) => unknown_facility(state, given, near),
            About::SimilarPlace(place) => {
                let name = named(state, *place);
                Message::new("ask-similar-place").arg("given", given).arg("name", name)
            }
            About::PlaceLeft => Message::new("ask-place-left").arg("given", given),
        }
    }
}

/// That no facility is called so, and which nearly are.
pub(super) fn unknown_facility(state: &Snapshot, given: String, near: &[FacilityId]) -> Message {
    let near =
        (!near.is_empty()).then(|| Value::choice(near.iter().map(|id| named(state, Where::Facility(*id)))));
    Message::new("ask-unknown-facility").arg("given", given).arg("near", near)
}

/// `RSUP Dr. Kariadi, Kota Semarang`.
fn named(state: &Snapshot, place: Where) -> String {
    let above = |code: RegionCode| state.path(code).into_iter().skip(1).rev();
    match place {
        Where::Region(code) => {
            let names =
                std::iter::once(state.region_title(code)).chain(above(code).skip(1).map(str::to_owned));
            names.collect::<Vec<_>>().join(", ")
        }
        Where::Facility(id) => state.facility(id).map_or_else(String::new, |known| {
            let names = std::iter::once(known.facility.name.as_str()).chain(above(known.facility.region));
            names.collect::<Vec<_>>().join(", ")
        }),
        Where::Point(_) => String::new(),
    }
}
