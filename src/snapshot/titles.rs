//! Which sessions of a place a text means that also found the place.

use std::collections::HashSet;

use super::{FacilityState, Snapshot, names::facility_words};
use crate::directory::{
    names::{is_generic, likeness, words},
    session::SessionId,
};

impl Snapshot {
    /// The sessions at a facility that `text` names by their titles; None if it names none of them, but the facility.
    pub fn sessions_titled(&self, state: &FacilityState, text: &str) -> Option<HashSet<SessionId>> {
        let facility = &state.facility;
        let around = facility.region.with_ancestors().filter_map(|code| self.region(code));
        let around = around.flat_map(|region| words(&region.name));
        let own: HashSet<String> = facility_words(facility).into_iter().chain(around).collect();
        let mut telling = words(text);
        telling.retain(|word| !is_generic(word) && !is_among(word, &own));
        let fitting = |title: &str| {
            let title = words(title).into_iter().collect();
            telling.iter().filter(|word| is_among(word, &title)).count()
        };
        let sessions = self.sessions_of(facility.id);
        let titled: Vec<(SessionId, usize)> = sessions
            .filter_map(|state| Some((state.session.id, fitting(state.session.title.as_deref()?))))
            .collect();
        let most = titled.iter().map(|(_, fitting)| *fitting).max().filter(|most| *most > 0)?;
        Some(titled.into_iter().filter(|(_, fitting)| *fitting == most).map(|(id, _)| id).collect())
    }
}

fn is_among(wished: &str, words: &HashSet<String>) -> bool {
    words.iter().any(|word| likeness(wished, word) > 0.0)
}
