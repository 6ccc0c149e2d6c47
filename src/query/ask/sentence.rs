//! Reads a question as somebody types it during a call: what is needed, for whom, how many, when, and where.
//!
//! The words are looked at in this order: places whose name has a word that means something else alone; what
//! [`super::rules`] and the names of types say; what numbers count; then the places that the remaining words name. A word
//! that nothing uses is listed as not read.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    negation::{Negative, carried, negative},
    notes::{About, Note},
    numbers::{Counts, Meaning, Terms, meanings},
    places::Place,
    rules::{self, Means, Span},
    words::{Word, words},
};
use crate::{
    domain::{
        lexicon::{self, Term},
        region_code::RegionCode,
        region_name::KindWord,
        rejection::Rejection,
        resource_type::{Kind, TypeCode, age_groups_at},
    },
    query::params::NamedDay,
    snapshot::Snapshot,
};

/// A part of a question, and the words that say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stated<T> {
    pub(super) value: T,
    pub(super) words: Vec<usize>,
}

/// Types that some words of a question name.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) types: BTreeSet<TypeCode>,
    /// The kinds of these.
    pub(super) kinds: BTreeSet<Kind>,
    pub(super) words: Vec<usize>,
}

/// The people of a question, as far as it counts them.
#[derive(Debug, Default)]
struct People {
    /// All of them.
    all: Option<Stated<u32>>,
    couple: Option<Stated<()>>,
    adults: Option<Stated<u32>>,
    children: Option<Stated<u32>>,
    has_parent: bool,
}

/// A question as it was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) words: Vec<Word>,
    /// The words that say nothing, or nothing more.
    pub(super) fillers: BTreeSet<usize>,
    /// What it says that it is about.
    pub(super) kinds: BTreeMap<Kind, Vec<usize>>,
    /// Whether beds stand beside an "or".
    pub(super) is_bed_chosen: bool,
    pub(super) types: Vec<Named>,
    pub(super) ventilator: Option<Stated<bool>>,
    pub(super) negative_pressure: Option<Stated<bool>>,
    pub(super) age_group: Option<Stated<&'static str>>,
    pub(super) elderly: Option<Stated<()>>,
    pub(super) age: Option<Stated<u32>>,
    pub(super) reserved_for: Option<Stated<&'static str>>,
    pub(super) product: Option<Stated<&'static str>>,
    pub(super) dose: Option<Stated<u32>>,
    pub(super) walk_in: Option<Stated<bool>>,
    pub(super) persons: Option<Stated<u32>>,
    pub(super) min: Option<Stated<u32>>,
    pub(super) day: Option<Stated<NamedDay>>,
    pub(super) span: Option<Stated<Span>>,
    pub(super) kilometres: Option<Stated<u32>>,
    pub(super) is_near: bool,
    /// Where it is looked for.
    pub(super) place: Option<Place>,
    /// Where somebody comes from.
    pub(super) origin: Option<Place>,
    /// Whether children and adults need places together.
    pub(super) is_mixed: bool,
    /// What is to be told about it.
    pub(super) notes: Vec<Note>,
}

/// Reads a question of somebody who sits in the region `here`. Refused if it names a place that can be several.
pub(super) fn read(text: &str, here: Option<RegionCode>, state: &Snapshot) -> Result<Reading, Rejection> {
    let words = words(text);
    let mended = mended(&words, state);
    let mut reading = Reading { words, ..Reading::default() };
    let mut sentence = Sentence {
        text,
        state,
        is_known: vec![false; mended.len()],
        words: mended,
        people: People::default(),
    };
    let whole = super::places::whole_names(&reading.words, state);
    for name in &whole {
        sentence.is_known[name.clone()].fill(true);
    }
    sentence.terms(&mut reading);
    let places =
        super::places::read(text, &reading.words, &sentence.words, &sentence.is_known, &whole, here, state)?;
    (reading.place, reading.origin) = (places.place, places.origin);
    reading.notes.extend(places.notes);
    Ok(reading)
}

/// The words, those that nobody knows like the one of the vocabulary that is meant, unless a place is called so.
fn mended(words: &[Word], state: &Snapshot) -> Vec<String> {
    let mend = |(at, Word { text, .. }): (usize, &Word)| {
        let is_named = at.checked_sub(1).is_some_and(|before| KindWord::of(&words[before].text).is_some());
        let is_known = is_named
            || text.starts_with(|char: char| char.is_ascii_digit())
            || rules::has_word(text)
            || state.is_type_word(text)
            || state.is_name_word(text);
        if is_known {
            return text.clone();
        }
        lexicon::meant(text, state.type_words().chain(rules::words().map(|word| word as &str)))
            .unwrap_or(text)
            .to_owned()
    };
    words.iter().enumerate().map(mend).collect()
}

struct Sentence<'s> {
    /// As it was typed.
    text: &'s str,
    state: &'s Snapshot,
    /// The words as they are meant.
    words: Vec<String>,
    /// Which of them are no place: the vocabulary has them.
    is_known: Vec<bool>,
    people: People,
}

impl Sentence<'_> {
    fn know(&mut self, words: &[usize]) {
        for at in words {
            self.is_known[*at] = true;
        }
    }

    /// Reads what rules, types and numbers say.
    fn terms(&mut self, reading: &mut Reading) {
        let snapshot = self.state;
        let ends: Vec<bool> = reading.words.iter().map(|word| word.ends_part).collect();
        let open: Vec<usize> = (0..self.words.len()).filter(|at| !self.is_known[*at]).collect();
        let terms = self.open_terms(&open, &ends);
        let at = |term: &Term| -> Vec<usize> { term.words.clone().map(|at| open[at]).collect() };
        let mut meanings = meanings(&terms);
        self.negatives(&terms, &mut meanings, &at, reading);
        let phrase = |index: usize| -> Vec<usize> {
            let is_of_it = |next: &usize| *next == index || meanings[*next] == Some(Meaning::Continued);
            (index..terms.len()).take_while(is_of_it).flat_map(|next| at(&terms[next])).collect()
        };
        let numbers = Terms {
            all: &terms,
            meanings: &meanings,
            ends_part: &|term| at(term).last().is_some_and(|last| ends[*last]),
            is_type: &|term| snapshot.is_type_term(term),
        };
        // What a number takes says nothing else: the Sunday in "2 minggu". Only for whom it is may be said by an age, too.
        let mut is_counted = vec![false; terms.len()];
        let mut wanted: Vec<(String, Vec<usize>)> = Vec::new();
        let mut counted = Vec::new();
        for index in (0..terms.len()).filter(|index| is_number(meanings[*index])) {
            let Some(number) = numbers.number(index) else {
                // Its unit means nothing without it.
                if let Some(unit) = numbers.unit(index) {
                    is_counted[unit] = true;
                    self.know(&phrase(unit));
                }
                continue;
            };
            for term in &number.terms {
                is_counted[*term] |= !matches!(
                    meanings[*term],
                    Some(Meaning::Rule(Means::AgeGroup(_) | Means::Sex | Means::Elderly))
                );
            }
            let words: Vec<usize> = number.terms.iter().flat_map(|term| phrase(*term)).collect();
            if let Counts::Class(class) = number.counts {
                wanted.push((format!("kelas{class}"), words.clone()));
            }
            counted.push((number.counts, words));
        }
        for (counts, words) in counted {
            // The July of a date is no kecamatan.
            self.know(&words);
            self.counted(counts, &words, reading);
        }
        for (index, term) in terms.iter().enumerate() {
            let words = at(term);
            // What is not wanted is no place, either: "bukan Solo".
            let is_said = meanings[index].is_some_and(|meaning| meaning != Meaning::Numbers);
            if is_said || term.text.starts_with('-') {
                self.know(&words);
            }
            if is_counted[index] {
                continue;
            }
            match meanings[index] {
                Some(Meaning::Rule(rule)) => {
                    let is_or = |at: Option<usize>| {
                        at.and_then(|at| *meanings.get(at)?) == Some(Meaning::Rule(Means::Or))
                    };
                    let is_chosen = is_or(index.checked_sub(1)) || is_or(Some(index + 1));
                    self.rule(rule, phrase(index), is_chosen, reading);
                }
                Some(Meaning::Day(day)) => state(&mut reading.day, NamedDay::From(day), &phrase(index)),
                Some(Meaning::Number(_) | Meaning::Numbers | Meaning::Continued) | None => {}
            }
            // "isoter" is two terms in one word, and part of the names of types.
            wanted.extend(term.text.split(' ').map(|part| (part.to_owned(), words.clone())));
        }
        self.count(reading);
        self.types(&wanted, reading);
        if reading.types.is_empty() && reading.notes.iter().any(|note| note.about == About::Emergency) {
            // Whoever says nothing else is helped soonest there.
            let words = reading.notes.iter().filter(|note| note.about == About::Emergency);
            let words = words.flat_map(|note| note.words.iter().copied()).collect();
            self.types(&[("igd".to_owned(), words)], reading);
        }
        if terms.iter().any(|term| term.text == "bersalin") {
            let pregnant = terms.iter().filter(|term| term.text == "hamil");
            reading.fillers.extend(pregnant.flat_map(at));
        }
        self.others(&terms, &meanings, &open);
    }

    /// The terms of the words that no place has, each part of the question by itself.
    fn open_terms(&self, open: &[usize], ends: &[bool]) -> Vec<Term> {
        let mut terms = Vec::new();
        let mut start = 0;
        while start < open.len() {
            let last =
                open[start..].iter().position(|at| ends[*at]).map_or(open.len() - 1, |last| start + last);
            let words: Vec<String> = open[start..=last].iter().map(|at| self.words[*at].clone()).collect();
            let moved = |Term { text, words }| Term { text, words: words.start + start..words.end + start };
            let carried = carried(lexicon::terms(&words), |term| self.state.is_type_term(term));
            terms.extend(carried.into_iter().map(moved));
            start = last + 1;
        }
        terms
    }

    /// Reads each "negatif" that stands alone, and notes how.
    fn negatives(
        &self,
        terms: &[Term],
        meanings: &mut [Option<Meaning>],
        at: &dyn Fn(&Term) -> Vec<usize>,
        reading: &mut Reading,
    ) {
        for index in 0..terms.len() {
            let Some(read) = negative(terms, meanings, index, |term| self.state.is_type_term(term)) else {
                continue;
            };
            let words = at(&terms[index]);
            match read {
                Negative::Unclear => {
                    // It stays unread, and is no place.
                    meanings[index] = Some(Meaning::Rule(Means::Unused));
                    continue;
                }
                Negative::Pressure => {}
                Negative::Test => {
                    let covid = Some(Meaning::Rule(Means::ReservedFor("covid")));
                    let none = Some(Meaning::Rule(Means::ReservedFor("none")));
                    meanings[index] = none;
                    // "Swab covid negatif": what was tested.
                    for (other, meaning) in terms.iter().zip(&mut *meanings) {
                        if other.text == "covid" && *meaning == covid {
                            *meaning = none;
                        }
                    }
                }
            }
            let is_test = read == Negative::Test;
            reading.notes.push(self.note(About::Negative { is_test }, &words, reading));
        }
    }

    fn note(&self, about: About, words: &[usize], reading: &Reading) -> Note {
        let typed = words.iter().min().zip(words.iter().max()).map(|(first, last)| {
            &self.text[reading.words[*first].range.start..reading.words[*last].range.end]
        });
        Note { about, given: typed.unwrap_or_default().to_owned(), words: words.iter().copied().collect() }
    }

    /// The words behind "jalan" name a street, even if a place is called so.
    fn others(&mut self, terms: &[Term], meanings: &[Option<Meaning>], open: &[usize]) {
        for (index, meaning) in meanings.iter().enumerate() {
            if *meaning == Some(Meaning::Rule(Means::NameOfOther)) {
                let behind = terms.get(index + 1).into_iter().flat_map(|term| term.words.clone());
                for at in behind {
                    self.is_known[open[at]] = true;
                }
            }
        }
    }

    /// Reads the names of types.
    fn types(&mut self, wanted: &[(String, Vec<usize>)], reading: &mut Reading) {
        let terms: BTreeSet<&str> = wanted.iter().map(|(term, _)| term.as_str()).collect();
        let ages = reading.ages();
        let site = ["isolasi", "terpusat"];
        for (core, mut types) in self.state.types_in(&terms, &ages) {
            let said = wanted.iter().filter(|(term, _)| core.contains(term));
            let words: Vec<usize> = said.flat_map(|(_, at)| at.iter().copied()).collect();
            self.know(&words);
            if reading.is_mixed {
                // Who comes with a child is no child.
                let all = self.state.types_in(&core.iter().map(|term| &**term).collect(), &[]);
                types.extend(all.into_iter().flat_map(|(_, types)| types));
            }
            if core == site {
                // That it is about centralized isolation is no narrower than the question.
                reading.kinds.entry(Kind::Isolation).or_default().extend(words);
                continue;
            }
            let mut named = types.iter().filter_map(|code| self.state.resource_type(code.as_str()));
            if named.all(|resource| resource.kind == Kind::Isolation) {
                // What takes anybody takes men, women and families, too.
                let anybody = self.state.types_in(&BTreeSet::from(site), &[]);
                types.extend(anybody.into_iter().flat_map(|(_, types)| types));
            }
            if core == ["isolasi"] && reading.negative_pressure.is_none() {
                // In a hospital or in a centralized place: the word says neither.
                reading.kinds.entry(Kind::Isolation).or_default().extend(&words);
            }
            let known = types.iter().filter_map(|code| self.state.resource_type(code.as_str()));
            let kinds = known.map(|resource| resource.kind).collect();
            reading.types.push(Named { types, kinds, words });
        }
    }

    fn rule(&mut self, means: Means, words: Vec<usize>, is_chosen: bool, reading: &mut Reading) {
        match means {
            Means::Kind(kind) => {
                // "RS" stands in questions about isolation and vaccines, too.
                reading.is_bed_chosen |= kind == Kind::Bed && is_chosen;
                reading.kinds.entry(kind).or_default().extend(words);
            }
            Means::Ventilator(with) => state(&mut reading.ventilator, with, &words),
            Means::NegativePressure(with) => state(&mut reading.negative_pressure, with, &words),
            Means::AgeGroup(group) => state(&mut reading.age_group, group, &words),
            Means::Elderly => {
                state(&mut reading.age_group, "adult", &words);
                state(&mut reading.elderly, (), &words);
            }
            Means::ReservedFor(group) => state(&mut reading.reserved_for, group, &words),
            Means::Product(product) => state(&mut reading.product, product, &words),
            Means::Dose(dose) => state(&mut reading.dose, dose, &words),
            Means::DoseIs => reading.kinds.entry(Kind::Vaccination).or_default().extend(words),
            Means::WalkIn(unbooked) => state(&mut reading.walk_in, unbooked, &words),
            Means::Span(span) => state(&mut reading.span, span, &words),
            Means::Emergency => {
                let known = reading.notes.iter_mut().find(|note| note.about == About::Emergency);
                match known {
                    Some(note) => note.words.extend(words),
                    None => reading.notes.push(self.note(About::Emergency, &words, reading)),
                }
            }
            Means::Unrecorded => reading.notes.push(self.note(About::Unrecorded, &words, reading)),
            Means::Couple => state(&mut self.people.couple, (), &words),
            Means::Together(count) => state(&mut self.people.all, count, &words),
            Means::Near => {
                reading.is_near = true;
                reading.fillers.extend(words);
            }
            Means::Unused
            | Means::Pregnant
            | Means::Sex
            | Means::Family
            | Means::FromNow
            | Means::DateIs
            | Means::NameOfOther => {}
            Means::AgeIs
            | Means::Years
            | Means::Days(_)
            | Means::Persons
            | Means::AtLeast
            | Means::Places
            | Means::Kilometres
            | Means::Person
            | Means::From
            | Means::Or
            | Means::Nothing => reading.fillers.extend(words),
        }
    }

    /// Notes what a number counts.
    fn counted(&mut self, counts: Counts, words: &[usize], reading: &mut Reading) {
        match counts {
            Counts::Age(years) => state(&mut reading.age, years, words),
            Counts::Newborn => state(&mut reading.age_group, "neonate", words),
            Counts::Persons(count) => state(&mut self.people.all, count, words),
            Counts::Children { count, with_parent } => {
                self.people.has_parent |= with_parent;
                state(&mut self.people.children, count, words);
            }
            Counts::Adults(count) => state(&mut self.people.adults, count, words),
            Counts::AgesFrom(from) => {
                state(&mut reading.age, from, words);
                reading.notes.push(self.note(About::YoungestOf(from), words, reading));
            }
            Counts::Places(count) => state(&mut reading.min, count, words),
            Counts::Dose(dose) => state(&mut reading.dose, dose, words),
            Counts::Kilometres(km) => state(&mut reading.kilometres, km, words),
            Counts::Day(day) => state(&mut reading.day, day, words),
            Counts::Class(_) => {}
        }
    }

    /// Adds up the people.
    fn count(&mut self, reading: &mut Reading) {
        let People { all, couple, adults, children, has_parent } = std::mem::take(&mut self.people);
        let has_adults = couple.is_some() || has_parent || adults.is_some();
        let words =
            [couple.as_ref().map(|couple| &couple.words), adults.as_ref().map(|adults| &adults.words)];
        let of_children = children.as_ref().map(|children| &children.words);
        let mut words: Vec<usize> =
            words.into_iter().chain([of_children]).flatten().flatten().copied().collect();
        let count = |counted: Option<&Stated<u32>>| counted.map_or(0, |counted| counted.value);
        let sum = 2 * u32::from(couple.is_some())
            + u32::from(has_parent)
            + count(adults.as_ref())
            + count(children.as_ref());
        let is_child = reading.age_group.as_ref().is_some_and(|group| group.value == "child");
        reading.is_mixed = has_adults && (is_child || children.is_some());
        if reading.is_mixed
            && let Some(group) = reading.age_group.take()
        {
            // A family needs places for all of them.
            words.extend(group.words);
        }
        reading.persons = match all {
            Some(all) => {
                words.extend(&all.words);
                Some(Stated { value: all.value, words })
            }
            None => (sum > 0).then_some(Stated { value: sum, words }),
        };
    }
}

fn is_number(meaning: Option<Meaning>) -> bool {
    matches!(meaning, Some(Meaning::Number(_) | Meaning::Numbers))
}

/// Notes a part of a question. A second one that says something else cannot be used, so its words stay unread.
fn state<T: PartialEq>(slot: &mut Option<Stated<T>>, value: T, words: &[usize]) {
    match slot {
        None => *slot = Some(Stated { value, words: words.to_vec() }),
        Some(known) if known.value == value => known.words.extend(words),
        Some(_) => {}
    }
}

impl Reading {
    /// The words of names of types for the age that the question says.
    fn ages(&self) -> Vec<&'static str> {
        let of_group = |group| match group {
            "child" => "anak",
            "neonate" => "neonatus",
            _ => "dewasa",
        };
        let groups = self.age.as_ref().map_or(&[][..], |age| age_groups_at(age.value));
        let named = self.age_group.as_ref().map(|group| group.value);
        let child = self.is_mixed.then_some("child");
        groups.iter().copied().chain(named).chain(child).map(of_group).collect()
    }
}
