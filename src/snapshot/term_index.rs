//! Words, and what carries them.

use std::{ops::Bound, sync::Arc};

use imbl::{OrdMap, OrdSet};

use crate::domain::names::likeness;

/// Words (and telephone digits) to what carries them.
#[derive(Clone)]
pub(super) struct TermIndex<T>(OrdMap<Arc<str>, OrdSet<T>>);

impl<T> Default for TermIndex<T> {
    fn default() -> Self {
        Self(OrdMap::default())
    }
}

impl<T: Clone + Ord> TermIndex<T> {
    pub(super) fn insert(&mut self, word: &str, carrier: T) {
        let mut carriers = self.0.get(word).cloned().unwrap_or_default();
        carriers.insert(carrier);
        self.0.insert(word.into(), carriers);
    }

    pub(super) fn remove(&mut self, word: &str, carrier: &T) {
        let Some(mut carriers) = self.0.get(word).cloned() else {
            return;
        };
        carriers.remove(carrier);
        if carriers.is_empty() {
            self.0.remove(word);
        } else {
            self.0.insert(word.into(), carriers);
        }
    }

    pub(super) fn contains(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }

    /// The words that begin so, with what carries them.
    pub(super) fn words_beginning(&self, requested: &str) -> impl Iterator<Item = (&str, &OrdSet<T>)> {
        self.0
            .range::<_, str>((Bound::Included(requested), Bound::Unbounded))
            .take_while(move |(word, _)| word.starts_with(requested))
            .map(|(word, carriers)| (&**word, carriers))
    }

    /// What carries the word, or a word that begins so.
    pub(super) fn prefix(&self, requested: &str) -> impl Iterator<Item = &T> {
        self.words_beginning(requested).flat_map(|(_, carriers)| carriers)
    }

    /// What carries a word much like it.
    pub(super) fn fuzzy(&self, requested: &str) -> impl Iterator<Item = &T> {
        self.0
            .iter()
            .filter(move |(word, _)| likeness(requested, word) > 0.0)
            .flat_map(|(_, carriers)| carriers)
    }
}
