//! Reads a question as somebody types it during a call: what is needed, for whom, how many, when, and where.
//!
//! The words are looked at in this order: regions and facilities whose name has several words; what [`super::rules`] and
//! the names of types say; then the longest run of the remaining words that names a region or a facility. Whatever is left is
//! listed as not read.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{self, Means, meaning};
use crate::{
    domain::{
        days::RelativeDay,
        facility::FacilityId,
        lexicon::{self, Term},
        names::{is_generic, likeness},
        region_code::RegionCode,
        rejection::Rejection,
        resource_type::{Kind, TypeCode},
    },
    snapshot::{NamedFacility, Snapshot, UnresolvedRegion},
};

/// A shorter word is not taken for a slip of another one.
const FORGIVEN_FROM: usize = 5;
/// How alike a slip and the word that is meant must be.
const LEAST_LIKENESS: f64 = 0.8;
/// The longest name of a place, in words.
const LONGEST_PLACE: usize = 7;
/// The longest phrase of the rules, in terms.
const LONGEST_PHRASE: usize = 3;

/// Where it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Where {
    Region(RegionCode),
    Facility(FacilityId),
}

/// A question as it was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// What it says that it is about.
    pub(super) kinds: BTreeSet<Kind>,
    pub(super) types: BTreeSet<TypeCode>,
    /// The words that name the types.
    pub(super) type_words: Vec<String>,
    /// The kinds of these types.
    pub(super) type_kinds: BTreeSet<Kind>,
    pub(super) ventilator: Option<bool>,
    pub(super) negative_pressure: Option<bool>,
    pub(super) age_group: Option<&'static str>,
    pub(super) age: Option<u32>,
    pub(super) reserved_for: Option<&'static str>,
    pub(super) product: Option<&'static str>,
    pub(super) dose: Option<u32>,
    pub(super) walk_in: Option<bool>,
    pub(super) persons: Option<u32>,
    pub(super) min: Option<u32>,
    pub(super) day: Option<RelativeDay>,
    pub(super) is_near: bool,
    /// The place, and the words that name it.
    pub(super) place: Option<(Where, String)>,
    /// The words that were read for each part that not every kind of question can use.
    pub(super) words: BTreeMap<&'static str, String>,
    pub(super) unread: Vec<String>,
}

/// Reads a question. Refused if it names a place that can be several.
pub(super) fn read(text: &str, within: Option<RegionCode>, state: &Snapshot) -> Result<Reading, Rejection> {
    let given = lexicon::words(text);
    let mut sentence = Sentence {
        state,
        within,
        words: given.clone(),
        taken: vec![false; given.len()],
        reading: Reading::default(),
    };
    sentence.whole_names()?;
    sentence.mend();
    sentence.terms();
    sentence.place()?;
    let Sentence { taken, mut reading, .. } = sentence;
    reading.unread = given.into_iter().zip(taken).filter(|(_, taken)| !taken).map(|(word, _)| word).collect();
    Ok(reading)
}

struct Sentence<'a> {
    state: &'a Snapshot,
    within: Option<RegionCode>,
    words: Vec<String>,
    taken: Vec<bool>,
    reading: Reading,
}

impl Sentence<'_> {
    /// Places whose name has a word that means something else alone: "Pasar Minggu" is not Sunday.
    fn whole_names(&mut self) -> Result<(), Rejection> {
        for length in (2..=4).rev() {
            for start in 0..(self.words.len() + 1).saturating_sub(length) {
                let run = &self.words[start..start + length];
                let telling: Vec<&str> =
                    run.iter().map(String::as_str).filter(|word| !is_generic(word)).collect();
                if telling.len() >= 2 && self.reading.place.is_none() && self.state.is_whole_name(&telling) {
                    let before = (0..start)
                        .rev()
                        .take_while(|at| is_generic(&self.words[*at]))
                        .last()
                        .unwrap_or(start);
                    self.settle(before, start + length)?;
                }
            }
        }
        Ok(())
    }

    /// Writes words that nobody knows like the one of the vocabulary that is meant, unless a place is called so.
    fn mend(&mut self) {
        for at in 0..self.words.len() {
            let word = &self.words[at];
            let is_known = self.taken[at]
                || word.len() < FORGIVEN_FROM
                || rules::words().chain(RelativeDay::phrases()).any(|known| known == word)
                || self.state.is_type_word(word)
                || self.state.is_name_word(word);
            if is_known {
                continue;
            }
            let long = |known: &&str| known.len() >= FORGIVEN_FROM;
            let known = rules::words().chain(RelativeDay::phrases()).filter(long);
            let like = known.map(|known| (likeness(word, known), known.to_owned()));
            let of_type = self.state.type_word_like(word).map(|known| (likeness(word, &known), known));
            let best = like.chain(of_type).max_by(|(one, _), (other, _)| one.total_cmp(other));
            if let Some((_, meant)) = best.filter(|(like, _)| *like >= LEAST_LIKENESS) {
                self.words[at] = meant;
            }
        }
    }

    /// Reads what rules and types say.
    fn terms(&mut self) {
        let open: Vec<usize> = (0..self.words.len()).filter(|at| !self.taken[*at]).collect();
        let words: Vec<String> = open.iter().map(|at| self.words[*at].clone()).collect();
        let terms = lexicon::terms(&words);
        let meanings = meanings(&terms);
        let position = |term: &Term| term.words.clone().map(|at| open[at]).collect::<Vec<_>>();
        let mut wanted: Vec<(String, Vec<usize>)> = Vec::new();
        for (index, term) in terms.iter().enumerate() {
            let at = position(term);
            let means = meanings[index];
            let is_read = match means {
                Some(Meaning::Rule(Means::Pregnant)) => terms.iter().any(|term| term.text == "bersalin"),
                Some(Meaning::Rule(Means::People)) | None => false,
                Some(Meaning::Number(number)) => self.number(number, &meanings, index),
                Some(Meaning::Rule(rule)) => self.rule(rule, &term.text),
                Some(Meaning::Day(day)) => {
                    self.reading.day = Some(day);
                    self.note("day", &term.text);
                    true
                }
                Some(Meaning::Continued) => true,
            };
            if is_read {
                for at in &at {
                    self.taken[*at] = true;
                }
            }
            // "isoter" is two terms in one word, and part of the names of types.
            wanted.extend(term.text.split(' ').map(|part| (part.to_owned(), at.clone())));
        }
        self.types(&wanted);
    }

    /// Reads the names of types.
    fn types(&mut self, wanted: &[(String, Vec<usize>)]) {
        let terms: BTreeSet<&str> = wanted.iter().map(|(term, _)| term.as_str()).collect();
        let ages = self.reading.ages();
        let site = ["isolasi", "terpusat"];
        for (core, types) in self.state.types_in(&terms, &ages) {
            // That it is about centralized isolation is no narrower than the question.
            if core != site {
                let known = types.iter().filter_map(|code| self.state.resource_type(code.as_str()));
                self.reading.type_kinds.extend(known.map(|resource| resource.kind));
                self.reading.types.extend(types);
                self.reading.type_words.extend(core.iter().cloned());
            }
            if core.len() > site.len() && site.iter().all(|term| core.contains(&(*term).to_owned())) {
                // What takes anybody takes men, women and families, too.
                let anybody = self.state.types_in(&BTreeSet::from(site), &[]);
                self.reading.types.extend(anybody.into_iter().flat_map(|(_, types)| types));
            }
            if core == ["isolasi"] && self.reading.negative_pressure.is_none() {
                // In a hospital or in a centralized place: the word says neither.
                self.reading.kinds.extend([Kind::Bed, Kind::Isolation]);
            }
            for (_, at) in wanted.iter().filter(|(term, _)| core.contains(term)) {
                for at in at {
                    self.taken[*at] = true;
                }
            }
        }
    }

    fn note(&mut self, part: &'static str, words: &str) {
        self.reading.words.insert(part, words.trim_start_matches('-').to_owned());
    }

    fn rule(&mut self, means: Means, word: &str) -> bool {
        let reading = &mut self.reading;
        match means {
            Means::Kind(kind) => {
                // "RS" stands in questions about isolation and vaccines, too.
                reading.kinds.insert(kind);
            }
            Means::Ventilator(with) => {
                reading.ventilator = Some(with);
                self.note("ventilator", word);
            }
            Means::NegativePressure(with) => {
                reading.negative_pressure = Some(with);
                self.note("negative_pressure", word);
            }
            Means::AgeGroup(group) => {
                reading.age_group = Some(group);
                self.note("age_group", word);
            }
            Means::ReservedFor(group) => {
                reading.reserved_for = Some(group);
                self.note("reserved_for", word);
            }
            Means::Product(product) => {
                reading.product = Some(product);
                reading.kinds.insert(Kind::Vaccination);
            }
            Means::Dose(dose) => {
                reading.dose = Some(dose);
                reading.kinds.insert(Kind::Vaccination);
            }
            Means::DoseIs => {
                reading.kinds.insert(Kind::Vaccination);
            }
            Means::WalkIn(unbooked) => {
                reading.walk_in = Some(unbooked);
                self.note("walk_in", word);
            }
            Means::Near => reading.is_near = true,
            Means::People | Means::Pregnant => return false,
            Means::AgeIs
            | Means::Years
            | Means::DaysOld(_)
            | Means::Persons
            | Means::AtLeast
            | Means::Places
            | Means::Nothing => {}
        }
        true
    }

    /// Reads a number by the words beside it.
    fn number(&mut self, number: u32, meanings: &[Option<Meaning>], at: usize) -> bool {
        let rule = |at: Option<usize>| match at.and_then(|at| meanings.get(at)?.as_ref()) {
            Some(Meaning::Rule(rule)) => Some(*rule),
            _ => None,
        };
        let (before, after) = (rule(at.checked_sub(1)), rule(at.checked_add(1)));
        let reading = &mut self.reading;
        let is_vaccine =
            |means| matches!(means, Some(Means::DoseIs | Means::Product(_) | Means::Kind(Kind::Vaccination)));
        match (before, after) {
            (_, Some(Means::Years)) | (Some(Means::AgeIs), _)
                if number <= 130 && !matches!(after, Some(Means::DaysOld(_))) =>
            {
                reading.age = Some(number);
                self.note("age", &number.to_string());
            }
            (_, Some(Means::DaysOld(unit))) => {
                // A newborn is up to 28 days old: Permenkes 25/2014.
                match number.saturating_mul(unit) {
                    ..=28 => {
                        reading.age_group = Some("neonate");
                        self.note("age_group", &number.to_string());
                    }
                    days => {
                        reading.age = Some((days / 365).min(130));
                        self.note("age", &number.to_string());
                    }
                }
            }
            (_, Some(Means::Persons)) => reading.persons = Some(number),
            (Some(Means::DoseIs), _) if (1..=9).contains(&number) => {
                reading.dose = Some(number);
                reading.kinds.insert(Kind::Vaccination);
            }
            (_, Some(Means::Kind(Kind::Bed) | Means::Places)) | (Some(Means::AtLeast), _) => {
                reading.min = Some(number);
            }
            (Some(Means::AgeGroup(_)), _) if number <= 130 => {
                reading.age = Some(number);
                self.note("age", &number.to_string());
            }
            (Some(Means::Persons | Means::People), _) => reading.persons = Some(number),
            (before, _) if is_vaccine(before) && (1..=4).contains(&number) => {
                reading.dose = Some(number);
                reading.kinds.insert(Kind::Vaccination);
            }
            _ => return false,
        }
        true
    }

    /// Finds the place that the remaining words name: the longest run of them first.
    fn place(&mut self) -> Result<(), Rejection> {
        if self.reading.place.is_some() {
            return Ok(());
        }
        let is_open =
            |at: usize| !self.taken[at] && !self.words[at].bytes().all(|byte| byte.is_ascii_digit());
        let is_part = |at: usize| {
            is_open(at) || (is_generic(&self.words[at]) && !matches!(&*self.words[at], "h" | "st"))
        };
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for start in 0..self.words.len() {
            for end in start + 1..=(start + LONGEST_PLACE).min(self.words.len()) {
                if !(start..end).all(is_part) {
                    break;
                }
                if (start..end).any(|at| is_open(at) && !is_generic(&self.words[at])) {
                    runs.push((start, end));
                }
            }
        }
        // Of equally long ones, those whose words all stand in names come before those with a slip.
        let is_known =
            |(start, end): (usize, usize)| (start..end).all(|at| self.state.is_name_word(&self.words[at]));
        runs.sort_by_key(|(start, end)| (std::cmp::Reverse(end - start), !is_known((*start, *end)), *start));
        for (start, end) in runs {
            if self.settle(start, end)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes the words for the place that they name, if they name one.
    fn settle(&mut self, start: usize, end: usize) -> Result<bool, Rejection> {
        let text = self.words[start..end].join(" ");
        let says_facility = self.words[start..end].iter().any(|word| is_facility_word(word));
        let facility = || match self.state.resolve_facility(&text, |facility| !facility.closed) {
            Ok(NamedFacility { state, .. }) => Some(Where::Facility(state.facility.id)),
            Err(_) => None,
        };
        let place = if says_facility { facility() } else { None };
        let place = match place {
            Some(place) => Some(place),
            None => match self.state.resolve_region(&text, self.within) {
                Ok(code) => Some(Where::Region(code)),
                Err(error @ UnresolvedRegion::Ambiguous(_)) if !says_facility => {
                    return Err(self.state.unresolved_region(&error, &text, "q"));
                }
                Err(_) => facility(),
            },
        };
        let Some(place) = place else { return Ok(false) };
        self.reading.place = Some((place, text));
        self.taken[start..end].fill(true);
        Ok(true)
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
        let groups = self.age.map_or(&[][..], crate::domain::resource_type::age_groups_at);
        groups.iter().copied().chain(self.age_group).map(of_group).collect()
    }
}

fn is_facility_word(word: &str) -> bool {
    matches!(
        word,
        "rs" | "rsu"
            | "rsud"
            | "rsup"
            | "rsia"
            | "rsi"
            | "rumah"
            | "sakit"
            | "puskesmas"
            | "pkm"
            | "klinik"
            | "hospital"
            | "sentra"
    )
}

/// The meaning of a term.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Rule(Means),
    Day(RelativeDay),
    Number(u32),
    /// Part of the phrase that the term before it begins.
    Continued,
}

/// The meanings of the terms, the longest phrases first.
fn meanings(terms: &[Term]) -> Vec<Option<Meaning>> {
    let mut meanings: Vec<Option<Meaning>> = Vec::with_capacity(terms.len());
    while meanings.len() < terms.len() {
        let rest = &terms[meanings.len()..];
        let found = (1..=LONGEST_PHRASE.min(rest.len())).rev().find_map(|length| {
            let phrase = rest[..length].iter().map(|term| term.text.as_str()).collect::<Vec<_>>().join(" ");
            let means = RelativeDay::named(&phrase)
                .map(Meaning::Day)
                .or_else(|| meaning(&phrase).map(Meaning::Rule))
                .or_else(|| phrase.parse().ok().map(Meaning::Number));
            means.map(|means| (means, length))
        });
        let Some((means, length)) = found else {
            meanings.push(None);
            continue;
        };
        meanings.push(Some(means));
        meanings.extend(std::iter::repeat_n(Some(Meaning::Continued), length - 1));
    }
    meanings
}
