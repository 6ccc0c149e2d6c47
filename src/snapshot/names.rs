//! Finding regions and facilities by name, alias or telephone, and facilities by what takes place there.

mod asked;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::RangeInclusive,
    sync::Arc,
};

use foldhash::fast::RandomState;
use imbl::OrdMap;

use self::asked::{Asked, Bounds};
use super::{FacilityState, Snapshot, region_names::RegionNames, terms::TermIndex};
use crate::domain::{
    facility::{Facility, FacilityId, Visibility},
    names::{is_generic, likeness, phone_digits, spelled_out, words},
    region::Region,
    region_code::RegionCode,
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
        let read: Vec<Asked<'_>> = requested.iter().map(|word| self.names.asked(word)).collect();
        let asked: Vec<&Asked<'_>> = read.iter().collect();
        if !asked.iter().any(|asked| asked.is_scored) {
            return self.beginning_with(&requested, region, sees);
        }
        let bounds = self.bounds(&asked, sees);
        let as_written = self.meant(&asked, &bounds, region, sees, false);
        let is_whole = as_written.first().is_some_and(|first| self.bears_all(&asked, first.subject));
        if is_whole || !(as_written.is_empty() || are_slips_welcome) {
            return as_written;
        }
        let spacings = self.names.spacings(&requested);
        let mut spaced = spacings.iter().map(|words| {
            let others = words.iter().filter(|word| !requested.contains(word));
            let others: Vec<Asked<'_>> = others.map(|word| self.names.asked(word)).collect();
            let of_word = |word: &String| read.iter().chain(&others).find(|asked| asked.requested == word);
            let asked: Vec<&Asked<'_>> = words.iter().filter_map(of_word).collect();
            self.meant(&asked, &self.bounds(&asked, sees), region, sees, false)
        });
        let mut slips = spaced.find(|found| !found.is_empty()).unwrap_or_default();
        if slips.is_empty() || are_slips_welcome {
            // A word that exists elsewhere may still be a typing error here.
            slips.extend(self.meant(&asked, &bounds, region, sees, true));
        }
        let mut seen: HashSet<Subject> = as_written.iter().map(|found| found.subject).collect();
        slips.retain(|slip| seen.insert(slip.subject));
        taking_turns(as_written, slips)
    }

    /// Whether each telling word stands, as it is written, in the names of a subject or of the regions around it.
    fn bears_all(&self, asked: &[&Asked<'_>], subject: Subject) -> bool {
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

    fn bounds(&self, asked: &[&Asked<'_>], sees: Sees<'_>) -> Bounds {
        self.names.bounds(asked, |id| sees(self.region_of(Subject::Facility(id))))
    }

    /// Scores what carries one of the words by all of them, best first, as long as it may be about as good as the best.
    fn meant(
        &self,
        asked: &[&Asked<'_>],
        bounds: &Bounds,
        region: Option<RegionCode>,
        sees: Sees<'_>,
        forgiving: bool,
    ) -> Vec<Found> {
        let sees = |id| sees(self.region_of(Subject::Facility(id)));
        let scored = asked.iter().filter(|asked| asked.is_scored);
        let candidates: HashSet<Subject, RandomState> =
            scored.flat_map(|word| self.names.candidates(word, forgiving, sees)).collect();
        let inside = candidates
            .into_iter()
            .filter(|subject| region.is_none_or(|region| region.covers(self.region_of(*subject))));
        let rough: Vec<(f64, Subject)> =
            inside.map(|subject| (bounds.rough_score(asked, subject), subject)).collect();
        let most = rough.iter().map(|(bound, _)| *bound).fold(0.0, f64::max);
        // The likeliest first: mostly they fit so well that few of the others have to be put in order.
        let (likeliest, mut others): (Vec<_>, Vec<_>) =
            rough.into_iter().partition(|(bound, _)| *bound >= most);
        let (mut found, mut best) = (Vec::new(), 0.0_f64);
        let mut consider = |candidates: Vec<(f64, Subject)>, best: &mut f64| {
            for (bound, subject) in candidates {
                let least = LEAST_OF_BEST * *best;
                // To look where something lies takes longer.
                if bound < least || bounds.score(asked, subject, &self.regions_around(subject)) < least {
                    continue;
                }
                let score = self.score(asked, subject, sees);
                if score >= LEAST_SCORE {
                    *best = best.max(score);
                    let shortest = self.names.terms.get(&subject).map_or(0, |terms| terms.shortest);
                    found.push((Found { subject, score }, shortest));
                }
            }
        };
        consider(likeliest, &mut best);
        others.retain(|(bound, _)| *bound >= LEAST_OF_BEST * best);
        others.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        consider(others, &mut best);
        // The name with fewer telling words is nearer to what was typed.
        best_first(found)
    }

    /// How well all the words fit the names of a subject, what takes place there, and the regions around it.
    fn score(&self, asked: &[&Asked<'_>], subject: Subject, sees: impl Fn(FacilityId) -> bool) -> f64 {
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
            .map(|word| weighed(word))
            .fold((0.0, 0.0), |(total, score), (weight, fit)| (total + weight, score + weight * fit));
        score / total
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
        let regions = self.regions_around(subject);
        regions.flat_map(|code| self.names.words_of(Subject::Region(code))).map(|word| &**word)
    }

    /// The regions that a subject lies in.
    fn regions_around(&self, subject: Subject) -> impl Iterator<Item = RegionCode> + Clone + use<> {
        let above = match subject {
            Subject::Region(code) => code.parent(),
            Subject::Facility(id) => Some(self.facilities[&id].facility.region),
        };
        above.into_iter().flat_map(RegionCode::with_ancestors)
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
