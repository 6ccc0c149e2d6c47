//! Finding regions and facilities by name, alias or telephone, and facilities by what takes place there.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::RangeInclusive,
    sync::Arc,
};

use imbl::OrdMap;

use super::{FacilityState, Snapshot, region_names::RegionNames, terms::TermIndex};
use crate::domain::{
    facility::{Facility, FacilityId, Visibility},
    names::{Sought, generic_words_like, is_generic, likeness, phone_digits, spelled_out, words},
    region::Region,
    region_code::RegionCode,
    region_name::KindWord,
    session::{Session, SessionId},
};

/// The weight of a word that only means "hospital" or "regency", against the weight of a name.
const GENERIC_WEIGHT: f64 = 0.1;
/// How much a word counts that matches the region a facility lies in, not its own name.
const REGION_WEIGHT: f64 = 0.6;
/// How much a word counts that matches the title of a session there: the name itself comes first.
const TITLE_WEIGHT: f64 = 0.9;
/// How well a whole name fits that was typed with one error.
const ONE_ERROR: f64 = 0.8;
/// The share of the wished words that must be found.
const LEAST_SCORE: f64 = 0.55;
/// A find that fits so much worse than the best was not meant.
const LEAST_OF_BEST: f64 = 0.85;

/// A shorter word begins too many names to score each of them by all its words.
const SCORED_FROM: usize = 3;

/// How many other spacings of a text are tried.
const MOST_SPACINGS: usize = 4;

/// A region or a facility that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A region.
    Region(RegionCode),
    /// A facility.
    Facility(FacilityId),
}

/// Something found, and how well it fits, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The subject.
    pub subject: Subject,
    /// How well the name fits the words.
    pub score: f64,
}

/// Tells whether the searcher may see internal data of a region.
pub type Sees<'a> = &'a dyn Fn(RegionCode) -> bool;

/// The words of a subject's own names, and of its public telephones.
#[derive(Clone)]
struct Terms {
    words: Arc<[Arc<str>]>,
    /// How many telling words its shortest name has.
    shortest: usize,
}

/// Under which words everything is found.
#[derive(Clone, Default)]
pub(super) struct Names {
    /// In names, aliases and public telephones.
    own: TermIndex<Subject>,
    /// The same by subject.
    terms: OrdMap<Subject, Terms>,
    /// Internal telephones: only readers who see them find facilities by them.
    internal: TermIndex<FacilityId>,
    /// In the titles of sessions that are still to come.
    titles: TermIndex<(FacilityId, SessionId)>,
    /// The names of regions as a whole.
    pub(super) regions: RegionNames,
}

impl Names {
    pub(super) fn insert_region(&mut self, region: &Region) {
        let names = region.aliases.iter().chain([&region.name]);
        self.insert(Subject::Region(region.code), names, Vec::new());
        self.regions.insert(region);
    }

    pub(super) fn remove_region(&mut self, region: &Region) {
        self.remove(Subject::Region(region.code));
        self.regions.remove(region);
    }

    pub(super) fn insert_facility(&mut self, facility: &Facility) {
        let names = facility.aliases.iter().chain([&facility.name]);
        let phones = phone_words(facility, Visibility::Public).collect();
        self.insert(Subject::Facility(facility.id), names, phones);
        for digits in phone_words(facility, Visibility::Internal) {
            self.internal.insert(&digits, facility.id);
        }
    }

    pub(super) fn remove_facility(&mut self, facility: &Facility) {
        self.remove(Subject::Facility(facility.id));
        for digits in phone_words(facility, Visibility::Internal) {
            self.internal.remove(&digits, &facility.id);
        }
    }

    fn insert<'n>(&mut self, subject: Subject, names: impl Iterator<Item = &'n String>, phones: Vec<String>) {
        let names: Vec<Vec<String>> = names.map(|name| words(name)).collect();
        let telling = |name: &Vec<String>| name.iter().filter(|word| !is_generic(word)).count();
        let shortest = names.iter().map(telling).min().unwrap_or_default();
        let all: BTreeSet<String> = names.into_iter().flatten().chain(phones).collect();
        let words = all.iter().map(|word| self.own.insert(word, subject)).collect();
        self.terms.insert(subject, Terms { words, shortest });
    }

    fn remove(&mut self, subject: Subject) {
        if let Some(terms) = self.terms.remove(&subject) {
            terms.words.iter().for_each(|word| self.own.remove(word, &subject));
        }
    }

    /// The words of a subject; none if it is not there.
    pub(super) fn words_of(&self, subject: Subject) -> &[Arc<str>] {
        self.terms.get(&subject).map_or(&[], |terms| &terms.words)
    }

    /// Whether a name has this word, as it is written.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.own.contains(word)
    }

    /// The subjects whose names have all these words, as they are written.
    pub(super) fn bearing(&self, words: &[&str]) -> Vec<Subject> {
        let carriers: Option<Vec<_>> =
            words.iter().map(|word| self.own.get(word).map(|(_, carriers)| carriers)).collect();
        let Some(mut carriers) = carriers else { return Vec::new() };
        carriers.sort_by_key(|of_word| of_word.len());
        let Some((fewest, others)) = carriers.split_first() else { return Vec::new() };
        let has_all = |subject: &&Subject| others.iter().all(|of_word| of_word.contains(*subject));
        fewest.iter().filter(has_all).copied().collect()
    }

    pub(super) fn insert_title(&mut self, session: &Session) {
        for word in title_words(session) {
            self.titles.insert(&word, (session.facility, session.id));
        }
    }

    pub(super) fn remove_title(&mut self, session: &Session) {
        for word in title_words(session) {
            self.titles.remove(&word, &(session.facility, session.id));
        }
    }

    /// What a requested word may be.
    fn asked<'a>(&'a self, requested: &'a str) -> Asked<'a> {
        let is_telling = !is_generic(requested);
        let (mut word, mut long) = (WordsLike::default(), Vec::new());
        if is_telling {
            word = self.words_like(requested);
            long.extend(spelled_out(requested).iter().map(|word| self.words_like(word)));
        }
        let is_scored = is_telling && requested.chars().count() >= SCORED_FROM;
        Asked { is_telling, is_scored, word, long, kinds: generic_words_like(requested).collect() }
    }

    /// The words of names that this one may be.
    fn words_like(&self, requested: &str) -> WordsLike<'_> {
        let sought = Sought::for_list(requested);
        let begin = self.own.words_beginning(requested).map(|(word, _)| word);
        let begin = begin.chain(self.internal.words_beginning(requested).map(|(word, _)| word));
        let begin = begin.chain(self.titles.words_beginning(requested).map(|(word, _)| word));
        let written: Vec<&str> = begin.collect();
        let like = self.own.like(&sought).chain(self.internal.like(&sought)).chain(self.titles.like(&sought));
        let misspelt: Vec<&str> = like.collect();
        let fits = written.iter().chain(&misspelt).map(|word| (*word, sought.likeness(word))).collect();
        WordsLike { fits, written, misspelt }
    }

    /// The carriers of the words that a requested one may be; of those with typing errors if there are no others, or if asked
    /// to be forgiving. In titles a typing error is forgiven that begins a name, too: "masal" is meant for "Massal" more often
    /// than for "Masalembu". An internal telephone that `sees` does not allow is as if it were not there.
    fn candidates(
        &self,
        asked: &Asked<'_>,
        forgiving: bool,
        sees: impl Fn(FacilityId) -> bool,
    ) -> Vec<Subject> {
        let seen = |id: &FacilityId| sees(*id).then_some(Subject::Facility(*id));
        let carriers = |word: &&str| {
            let own = self.own.get(word).into_iter().flat_map(|(_, carriers)| carriers).copied();
            let internal = self.internal.get(word).into_iter().flat_map(|(_, carriers)| carriers);
            own.chain(internal.filter_map(seen))
        };
        let titled =
            |word: &&str| self.titles.get(word).into_iter().flat_map(|(_, carriers)| carriers).map(site);
        let WordsLike { fits, written, misspelt } = &asked.word;
        let mut own: Vec<Subject> = written.iter().flat_map(carriers).collect();
        let mut there: Vec<Subject> = written.iter().flat_map(titled).collect();
        own.extend(asked.long.iter().flat_map(|word| &word.written).flat_map(carriers));
        let is_own = written.iter().any(|word| fits[word] >= 1.0 && self.own.contains(word));
        let (own_slips, titled_slips) = (own.is_empty() && there.is_empty(), there.is_empty() && !is_own);
        if forgiving || own_slips {
            own.extend(misspelt.iter().flat_map(carriers));
        }
        if forgiving || titled_slips {
            there.extend(misspelt.iter().flat_map(titled));
        }
        own.extend(there);
        own
    }

    /// The carriers of the word and of words that begin so, and how well each fits. "ka" is not short for "Kabupaten",
    /// as "rs" is for "RSUD".
    fn fitting(&self, requested: &str, sees: impl Fn(FacilityId) -> bool) -> HashMap<Subject, f64> {
        let mut fitting: HashMap<Subject, f64> = HashMap::new();
        let mut add = |word: &str, weight: f64, subject: Subject| {
            let fit = fitting.entry(subject).or_default();
            *fit = fit.max(weight * likeness(requested, word));
        };
        let counts = |word: &str| !is_generic(word) || is_generic(requested);
        for (word, carriers) in self.own.words_beginning(requested).filter(|(word, _)| counts(word)) {
            carriers.iter().for_each(|subject| add(word, 1.0, *subject));
        }
        for (digits, carriers) in self.internal.words_beginning(requested) {
            let seen = carriers.iter().filter(|id| sees(**id));
            seen.for_each(|id| add(digits, 1.0, Subject::Facility(*id)));
        }
        for (word, carriers) in self.titles.words_beginning(requested).filter(|(word, _)| counts(word)) {
            carriers.iter().for_each(|carrier| add(word, TITLE_WEIGHT, site(carrier)));
        }
        fitting
    }

    /// The requested words with two written as one, or one as two, if that makes known words.
    fn spacings(&self, requested: &[String]) -> Vec<Vec<String>> {
        let known = |word: &str| is_generic(word) || self.own.contains(word) || self.titles.contains(word);
        let joined = (1..requested.len()).filter_map(|at| {
            let both = [&*requested[at - 1], &*requested[at]].concat();
            known(&both).then(|| replaced(requested, at - 1..=at, &[&both]))
        });
        let split = requested.iter().enumerate().flat_map(|(at, word)| {
            let ends = (2..word.len().saturating_sub(1)).filter_map(|end| word.split_at_checked(end));
            ends.filter(|(left, right)| known(left) && known(right))
                .map(move |(left, right)| replaced(requested, at..=at, &[left, right]))
        });
        joined.chain(split).take(MOST_SPACINGS).collect()
    }
}

fn site((facility, _): &(FacilityId, SessionId)) -> Subject {
    Subject::Facility(*facility)
}

/// How well a wished word fits one of the words: as it is written, or as all the words that it is short for.
pub(super) fn fit<'w>(requested: &str, words: &(impl Iterator<Item = &'w str> + Clone)) -> f64 {
    let best = |requested: &str| words.clone().map(|word| likeness(requested, word)).fold(0.0, f64::max);
    let spelled_out = spelled_out(requested).iter().map(|word| best(word)).reduce(f64::min);
    best(requested).max(spelled_out.unwrap_or_default())
}

fn weight(word: &str) -> f64 {
    if is_generic(word) { GENERIC_WEIGHT } else { 1.0 }
}

/// What a requested word may be.
struct Asked<'a> {
    /// Whether it tells one place from another, and is no word for a kind of place.
    is_telling: bool,
    /// Whether few enough names carry such a word to score each of them.
    is_scored: bool,
    word: WordsLike<'a>,
    /// All the words that it is short for.
    long: Vec<WordsLike<'a>>,
    /// The words for kinds of places that it may be.
    kinds: Vec<(&'static str, f64)>,
}

/// Words of names that are like a requested one, and how much.
#[derive(Default)]
struct WordsLike<'a> {
    fits: HashMap<&'a str, f64>,
    /// Those that are it, or begin so.
    written: Vec<&'a str>,
    /// Those that it is with typing errors.
    misspelt: Vec<&'a str>,
}

impl WordsLike<'_> {
    fn fit<'w>(&self, words: impl Iterator<Item = &'w str>) -> f64 {
        words.filter_map(|word| self.fits.get(word)).copied().fold(0.0, f64::max)
    }
}

impl Asked<'_> {
    /// How well it fits one of the words: as it is written, or as all the words that it is short for.
    fn fit<'w>(&self, words: impl Iterator<Item = &'w str> + Clone) -> f64 {
        if !self.is_telling {
            return self.kind_fit(words);
        }
        let long = self.long.iter().map(|word| word.fit(words.clone())).reduce(f64::min);
        self.word.fit(words).max(long.unwrap_or_default())
    }

    /// How well it fits one of the words as a word for a kind of place.
    fn kind_fit<'w>(&self, words: impl Iterator<Item = &'w str>) -> f64 {
        let fit = |word| self.kinds.iter().find(|(kind, _)| *kind == word).map(|(_, fit)| *fit);
        words.filter_map(fit).fold(0.0, f64::max)
    }

    /// How well it fits a region as the word for its kind, which most names leave out.
    fn region_kind_fit(&self, code: RegionCode) -> f64 {
        let fits = |kind: &str| KindWord::of(kind).is_some_and(|kind| kind.fits(code));
        self.kinds.iter().filter(|(kind, _)| fits(kind)).map(|(_, fit)| *fit).fold(0.0, f64::max)
    }
}

/// Sorts finds by score, then by the rank beside them, and drops those that fit much worse than the best. Regions that
/// are equal in both come from large to small, so that a kabupaten stands before the villages that share its name.
fn best_first(mut found: Vec<(Found, impl Ord + Copy)>) -> Vec<Found> {
    let best = found.iter().map(|(found, _)| found.score).fold(0.0, f64::max);
    found.retain(|(found, _)| found.score >= LEAST_OF_BEST * best);
    found.sort_by(|(a, a_rank), (b, b_rank)| {
        let level = |found: &Found| match found.subject {
            Subject::Region(code) => Some(code.level()),
            Subject::Facility(_) => None,
        };
        let key = |found: &Found| (level(found).is_none(), level(found), found.subject);
        b.score.total_cmp(&a.score).then_with(|| a_rank.cmp(b_rank)).then_with(|| key(a).cmp(&key(b)))
    });
    found.into_iter().map(|(found, _)| found).collect()
}

/// Lets what is found in one way and in the other take turns, regions and facilities apart.
fn taking_turns(one: Vec<Found>, other: Vec<Found>) -> Vec<Found> {
    let is_region = |found: &Found| found.subject.region().is_some();
    let (one, other): ((Vec<_>, Vec<_>), (Vec<_>, Vec<_>)) =
        (one.into_iter().partition(is_region), other.into_iter().partition(is_region));
    let mut found = Vec::new();
    for (one, other) in [(one.0, other.0), (one.1, other.1)] {
        let (mut one, mut other) = (one.into_iter(), other.into_iter());
        while one.len() + other.len() > 0 {
            found.extend(one.next().into_iter().chain(other.next()));
        }
    }
    found
}

fn replaced(words: &[String], range: RangeInclusive<usize>, by: &[&str]) -> Vec<String> {
    let mut words = words.to_vec();
    words.splice(range, by.iter().map(|word| (*word).to_owned()));
    words
}

/// The telephones of a facility that are for these eyes, as they are found.
fn phone_words(facility: &Facility, visibility: Visibility) -> impl Iterator<Item = String> {
    let phones = facility.phones.iter().filter(move |phone| phone.visibility == visibility);
    phones.filter_map(|phone| phone_digits(&phone.number))
}

/// The words under which the place of a session is found, too.
fn title_words(session: &Session) -> Vec<String> {
    session.title.as_deref().map(words).unwrap_or_default()
}

impl Snapshot {
    /// Finds the regions and facilities that `text` may mean, best first; within `region` if one is given. Forgives
    /// typing errors, left-out and added generic words ("RS", "Kabupaten"), "Tugu Rejo" for "Tugurejo", abbreviations
    /// ("smg", "jateng") and any way of writing a telephone number; internal ones only where the reader `sees` them.
    pub fn search(&self, text: &str, region: Option<RegionCode>, sees: Sees<'_>) -> Vec<Found> {
        let mut found = self.find_words(text, region, sees, true);
        // The regions that bear the whole name come before names that share its words.
        let whole = self.regions_called(text, region);
        if !whole.is_empty() {
            found.retain(|found| found.subject.region().is_none_or(|code| !whole.contains(&code)));
            // Nobody who typed "makasar" wants to search through all kecamatan for Kota Makassar.
            let larger = self.larger_regions_like(text, region, &whole);
            found.retain(|found| found.subject.region().is_none_or(|code| !larger.contains(&code)));
            let listed = |codes: Vec<RegionCode>, score| {
                codes.into_iter().map(move |code| Found { subject: Subject::Region(code), score })
            };
            found.splice(0..0, listed(whole, 1.0).chain(listed(larger, ONE_ERROR)));
        }
        found
    }

    /// What the words of a text mean, and nothing less likely.
    pub(super) fn search_words(&self, text: &str, region: Option<RegionCode>, sees: Sees<'_>) -> Vec<Found> {
        self.find_words(text, region, sees, false)
    }

    /// What the words of a text may mean. If slips are welcome, names with a slip are found beside those that begin like the
    /// words, where no name has all of them: "kran" may become Kranggan, and may be Krian.
    fn find_words(
        &self,
        text: &str,
        region: Option<RegionCode>,
        sees: Sees<'_>,
        are_slips_welcome: bool,
    ) -> Vec<Found> {
        let requested = match phone_digits(text) {
            Some(digits) => vec![digits],
            None => words(text),
        };
        let asked: Vec<Asked<'_>> = requested.iter().map(|word| self.names.asked(word)).collect();
        if !asked.iter().any(|asked| asked.is_scored) {
            return self.beginning_with(&requested, region, sees);
        }
        let as_written = self.meant(&asked, region, sees, false);
        let is_whole = as_written.first().is_some_and(|first| self.bears_all(&asked, first.subject));
        if is_whole || !(as_written.is_empty() || are_slips_welcome) {
            return as_written;
        }
        let mut spaced = self.names.spacings(&requested).into_iter().map(|words| {
            let asked: Vec<Asked<'_>> = words.iter().map(|word| self.names.asked(word)).collect();
            self.meant(&asked, region, sees, false)
        });
        let mut slips = spaced.find(|found| !found.is_empty()).unwrap_or_default();
        if slips.is_empty() || are_slips_welcome {
            // A word that exists elsewhere may still be a typing error here.
            slips.extend(self.meant(&asked, region, sees, true));
        }
        let mut seen: HashSet<Subject> = as_written.iter().map(|found| found.subject).collect();
        slips.retain(|slip| seen.insert(slip.subject));
        taking_turns(as_written, slips)
    }

    /// Whether each telling word stands, as it is written, in the names of a subject or of the regions around it.
    fn bears_all(&self, asked: &[Asked<'_>], subject: Subject) -> bool {
        let own = self.names.words_of(subject).iter().map(|word| &**word);
        asked
            .iter()
            .filter(|asked| asked.is_telling)
            .all(|asked| asked.fit(own.clone()) >= 1.0 || asked.fit(self.words_around(subject)) >= 1.0)
    }

    /// Finds names with words that begin like each of the telling words, best first: larger regions before smaller ones,
    /// shorter names before longer ones. So a letter or two can be answered while somebody is still typing.
    fn beginning_with(&self, requested: &[String], region: Option<RegionCode>, sees: Sees<'_>) -> Vec<Found> {
        let sees = |id| sees(self.region_of(Subject::Facility(id)));
        let (telling, generic): (Vec<&String>, Vec<&String>) =
            requested.iter().partition(|word| !is_generic(word));
        let (needed, welcome) = if telling.is_empty() { (generic, telling) } else { (telling, generic) };
        let mut needed = needed.into_iter().map(|word| (weight(word), self.names.fitting(word, sees)));
        let Some((first, fitting)) = needed.next() else {
            return Vec::new();
        };
        let mut scores: Vec<(Subject, f64)> = fitting
            .into_iter()
            .filter(|(subject, _)| region.is_none_or(|region| region.covers(self.region_of(*subject))))
            .map(|(subject, fit)| (subject, first * fit))
            .collect();
        for (weight, fitting) in needed {
            scores.retain_mut(|(subject, score)| {
                fitting.get(subject).map(|fit| *score += weight * fit).is_some()
            });
        }
        for word in welcome {
            let fitting = self.names.fitting(word, sees);
            for (subject, score) in &mut scores {
                *score += weight(word) * fitting.get(subject).copied().unwrap_or_default();
            }
        }
        let total: f64 = requested.iter().map(|word| weight(word)).sum();
        let found = scores.into_iter().map(|(subject, score)| {
            let length = self.names_of(subject).0.len();
            let rank = match subject {
                Subject::Region(code) => (Some(code.level()), length),
                Subject::Facility(_) => (None, length),
            };
            (Found { subject, score: score / total }, rank)
        });
        best_first(found.collect())
    }

    /// Scores everything that carries one of the words by all of them, best first.
    fn meant(
        &self,
        asked: &[Asked<'_>],
        region: Option<RegionCode>,
        sees: Sees<'_>,
        forgiving: bool,
    ) -> Vec<Found> {
        let sees = |id| sees(self.region_of(Subject::Facility(id)));
        let scored = asked.iter().filter(|asked| asked.is_scored);
        let candidates: HashSet<Subject> =
            scored.flat_map(|word| self.names.candidates(word, forgiving, sees)).collect();
        let found: Vec<(Found, usize)> = candidates
            .into_iter()
            .filter(|subject| region.is_none_or(|region| region.covers(self.region_of(*subject))))
            .map(|subject| {
                let own = self.names.words_of(subject).iter().map(|word| &**word);
                let (titles, internal) = (self.titles_at(subject), self.internal_phones_of(subject, sees));
                let best = |word: &Asked<'_>| {
                    let own = word.fit(own.clone().chain(internal.iter().map(String::as_str)));
                    let titled = TITLE_WEIGHT * word.fit(titles.iter().map(String::as_str));
                    let best = own.max(titled);
                    // Most words are found before anybody needs to look around.
                    if best >= REGION_WEIGHT {
                        return best;
                    }
                    best.max(REGION_WEIGHT * word.fit(self.words_around(subject)))
                };
                let weighed = |word: &Asked<'_>| {
                    let best = best(word);
                    let kind = subject.region().map(|code| word.region_kind_fit(code)).unwrap_or_default();
                    let kind = word.kind_fit(own.clone()).max(kind);
                    // A word that is no better as a name may be a slip of "RS" or "kecamatan".
                    let is_name = word.is_telling && (best > kind || word.kinds.is_empty());
                    (if is_name { 1.0 } else { GENERIC_WEIGHT }, best.max(kind))
                };
                let (total, score) = asked
                    .iter()
                    .map(weighed)
                    .fold((0.0, 0.0), |(total, score), (weight, fit)| (total + weight, score + weight * fit));
                let shortest = self.names.terms.get(&subject).map_or(0, |terms| terms.shortest);
                (Found { subject, score: score / total }, shortest)
            })
            .filter(|(found, _)| found.score >= LEAST_SCORE)
            .collect();
        // The name with fewer telling words is nearer to what was typed.
        best_first(found)
    }

    /// The facilities of a list whose names answer to `text`.
    pub fn facilities_named(
        &self,
        text: &str,
        region: Option<RegionCode>,
        sees: Sees<'_>,
    ) -> HashSet<FacilityId> {
        let mut found = self.search_words(text, region, sees);
        found.retain(|found| matches!(found.subject, Subject::Facility(_)));
        // A whole name means the region or facility that bears it, not others that share most of its words.
        let requested = words(text);
        let is_whole = |name: &String| {
            let name = words(name);
            requested.len() > 1
                && requested.iter().all(|word| name.contains(word))
                && name.iter().all(|word| is_generic(word) || requested.contains(word))
        };
        let bears_it = |found: &Found| match found.subject {
            Subject::Facility(id) => {
                let facility = &self.facilities[&id].facility;
                facility.aliases.iter().chain([&facility.name]).any(is_whole)
            }
            Subject::Region(_) => false,
        };
        if found.iter().any(bears_it) {
            found.retain(bears_it);
        }
        let facility = |found: Found| match found.subject {
            Subject::Facility(id) => Some(id),
            Subject::Region(_) => None,
        };
        found.into_iter().filter_map(facility).collect()
    }

    fn names_of(&self, subject: Subject) -> (&String, &[String]) {
        match subject {
            Subject::Region(code) => (&self.regions[&code].name, &self.regions[&code].aliases),
            Subject::Facility(id) => {
                let facility = &self.facilities[&id].facility;
                (&facility.name, &facility.aliases)
            }
        }
    }

    fn region_of(&self, subject: Subject) -> RegionCode {
        match subject {
            Subject::Region(code) => code,
            Subject::Facility(id) => self.facilities[&id].facility.region,
        }
    }

    /// The words of the titles of sessions to come at a facility.
    fn titles_at(&self, subject: Subject) -> Vec<String> {
        let Subject::Facility(id) = subject else { return Vec::new() };
        let coming = self.sessions_of(id).filter(|state| state.is_coming());
        coming.flat_map(|state| title_words(&state.session)).collect()
    }

    fn internal_phones_of(&self, subject: Subject, sees: impl Fn(FacilityId) -> bool) -> Vec<String> {
        match subject {
            Subject::Facility(id) if sees(id) => {
                phone_words(&self.facilities[&id].facility, Visibility::Internal).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The words of the names of the regions that a subject lies in.
    pub(super) fn words_around(&self, subject: Subject) -> impl Iterator<Item = &str> + Clone {
        let above = match subject {
            Subject::Region(code) => code.parent(),
            Subject::Facility(id) => Some(self.facilities[&id].facility.region),
        };
        let regions = above.into_iter().flat_map(RegionCode::with_ancestors);
        regions.flat_map(|code| self.names.words_of(Subject::Region(code))).map(|word| &**word)
    }

    /// The sessions to come at a facility that `text` names by their titles; None if it names none of them, but the
    /// facility.
    pub fn sessions_titled(&self, state: &FacilityState, text: &str) -> Option<HashSet<SessionId>> {
        let id = state.facility.id;
        let subject = Subject::Facility(id);
        let known = self.names.words_of(subject).iter().map(|word| &**word).chain(self.words_around(subject));
        let mut telling = words(text);
        telling.retain(|word| !is_generic(word) && fit(word, &known) == 0.0);
        let coming = self.sessions_of(id).filter(|state| state.is_coming());
        let titled: Vec<(SessionId, usize)> = coming
            .map(|state| {
                let title = title_words(&state.session);
                let title = title.iter().map(String::as_str);
                (state.session.id, telling.iter().filter(|word| fit(word, &title) > 0.0).count())
            })
            .collect();
        let most = titled.iter().map(|(_, fitting)| *fitting).max().filter(|most| *most > 0)?;
        Some(titled.into_iter().filter(|(_, fitting)| *fitting == most).map(|(id, _)| id).collect())
    }
}
