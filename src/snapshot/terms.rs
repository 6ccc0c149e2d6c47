//! Words to what carries them: found as they are written, by how they begin, and with typing errors.

use std::{ops::Bound, sync::Arc};

use imbl::{OrdMap, OrdSet, Vector};

use crate::domain::names::{Letters, Sought};

/// Words (or telephone digits, or whole names) to what carries them.
#[derive(Clone)]
pub(super) struct TermIndex<T> {
    words: OrdMap<Arc<str>, Entry<T>>,
    /// The same words by length: a search for words like another one reads the letters of all that are nearly as long.
    lengths: OrdMap<usize, OfLength>,
}

#[derive(Clone)]
struct Entry<T> {
    /// Where the word stands among those of its length.
    at: usize,
    carriers: OrdSet<T>,
}

/// The words of one length, and beside them their letters, close together because most of them are read for nothing.
#[derive(Clone, Default)]
struct OfLength {
    letters: Vector<Letters>,
    words: Vector<Arc<str>>,
}

impl<T> Default for TermIndex<T> {
    fn default() -> Self {
        Self { words: OrdMap::default(), lengths: OrdMap::default() }
    }
}

impl<T: Clone + Ord> TermIndex<T> {
    /// Gives the word as it is kept.
    pub(super) fn insert(&mut self, word: &str, carrier: T) -> Arc<str> {
        let known = self.words.get_key_value(word).map(|(word, _)| Arc::clone(word));
        let word = known.unwrap_or_else(|| {
            let word: Arc<str> = word.into();
            let same = self.lengths.entry(word.chars().count()).or_default();
            let entry = Entry { at: same.words.len(), carriers: OrdSet::new() };
            same.letters.push_back(Letters::of(&word));
            same.words.push_back(Arc::clone(&word));
            self.words.insert(Arc::clone(&word), entry);
            word
        });
        self.words.get_mut(&word).expect("it was there, or was put there").carriers.insert(carrier);
        word
    }

    pub(super) fn remove(&mut self, word: &str, carrier: &T) {
        let Some(entry) = self.words.get_mut(word) else { return };
        entry.carriers.remove(carrier);
        if !entry.carriers.is_empty() {
            return;
        }
        let at = entry.at;
        self.words.remove(word);
        // The last word takes the place that is free now.
        if let Some(same) = self.lengths.get_mut(&word.chars().count())
            && let Some((letters, last)) = same.letters.pop_back().zip(same.words.pop_back())
            && let Some(moved) = self.words.get_mut(&last)
            && at < same.words.len()
        {
            moved.at = at;
            same.letters.set(at, letters);
            same.words.set(at, last);
        }
    }

    /// Exactly this word, and its carriers.
    pub(super) fn get(&self, word: &str) -> Option<(&Arc<str>, &OrdSet<T>)> {
        self.words.get_key_value(word).map(|(word, entry)| (word, &entry.carriers))
    }

    pub(super) fn contains(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// The words that begin so, with what carries them.
    pub(super) fn words_beginning(&self, requested: &str) -> impl Iterator<Item = (&str, &OrdSet<T>)> {
        self.words
            .range::<_, str>((Bound::Included(requested), Bound::Unbounded))
            .take_while(move |(word, _)| word.starts_with(requested))
            .map(|(word, entry)| (&**word, &entry.carriers))
    }

    /// The words that are `sought` with typing errors, and how many; the word itself is not among them.
    pub(super) fn misspelt(&self, sought: &Sought<'_>) -> impl Iterator<Item = (u8, &Arc<str>, &OrdSet<T>)> {
        let alike = self.lengths.range(sought.lengths()).flat_map(|(length, same)| {
            let letters = same.letters.leaves().flatten().enumerate();
            let alike = letters.filter(|(_, letters)| sought.may_be(*length, **letters));
            alike.map(|(at, _)| &same.words[at])
        });
        alike.filter_map(|word| {
            let errors = sought.errors(word).filter(|errors| *errors > 0)?;
            let (word, carriers) = self.get(word)?;
            Some((errors, word, carriers))
        })
    }

    /// The words that are `sought` with typing errors, and the telephone numbers that end so.
    pub(super) fn like(&self, sought: &Sought<'_>) -> impl Iterator<Item = &str> {
        let ending = sought.is_telephone().then(|| self.words.keys()).into_iter().flatten();
        let ending = ending.filter(|word| sought.likeness(word) > 0.0 && sought.errors(word).is_none());
        self.misspelt(sought).map(|(_, word, _)| word).chain(ending).map(|word| &**word)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The list of letters follows whatever comes and goes.
        #[test]
        fn every_word_is_found_as_long_as_something_carries_it(
            steps in prop::collection::vec((any::<bool>(), "[ab]{1,2}", 0..3_u8), 0..40),
        ) {
            let (mut index, mut plain) = (TermIndex::default(), BTreeMap::<String, BTreeSet<u8>>::new());
            for (comes, word, carrier) in steps {
                if comes {
                    index.insert(&word, carrier);
                    plain.entry(word).or_default().insert(carrier);
                } else {
                    index.remove(&word, &carrier);
                    if let Some(carriers) = plain.get_mut(&word) {
                        carriers.remove(&carrier);
                    }
                }
            }
            plain.retain(|_, carriers| !carriers.is_empty());
            let carried = |carriers: &OrdSet<u8>| carriers.iter().copied().collect::<BTreeSet<u8>>();
            let all: Vec<_> = index.lengths.values().flat_map(|same| &same.words).collect();
            let fits = |same: &OfLength| same.letters.iter().copied().eq(same.words.iter().map(|word| Letters::of(word)));
            prop_assert!(index.lengths.values().all(fits));
            let listed: BTreeMap<String, BTreeSet<u8>> =
                all.iter().map(|word| (word.to_string(), carried(index.get(word).unwrap().1))).collect();
            prop_assert_eq!(all.len(), plain.len());
            prop_assert_eq!(listed, plain);
        }
    }
}
