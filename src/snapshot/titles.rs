//! Which sessions of a place a text means that also found the place.

use std::collections::HashSet;

use super::{
    FacilityState, Snapshot,
    names::{Subject, fit, title_words},
};
use crate::domain::{
    names::{is_generic, words},
    session::SessionId,
};

impl Snapshot {
    /// The sessions to come at a facility that `text` names by their titles; None if it names none of them, but the
    /// facility.
    pub fn sessions_titled(&self, state: &FacilityState, text: &str) -> Option<HashSet<SessionId>> {
        let id = state.facility.id;
        let [own, _, around] = self.words_of(Subject::Facility(id), |_| false);
        let mut telling = words(text);
        telling.retain(|word| !is_generic(word) && fit(word, &own) == 0.0 && fit(word, &around) == 0.0);
        let coming = self.sessions_of(id).filter(|state| state.is_coming());
        let titled: Vec<(SessionId, usize)> = coming
            .map(|state| {
                let title = title_words(&state.session).into_iter().collect();
                (state.session.id, telling.iter().filter(|word| fit(word, &title) > 0.0).count())
            })
            .collect();
        let most = titled.iter().map(|(_, fitting)| *fitting).max().filter(|most| *most > 0)?;
        Some(titled.into_iter().filter(|(_, fitting)| *fitting == most).map(|(id, _)| id).collect())
    }
}
