//! A requested word: which words of names it may be, and how well these fit.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{GENERIC_WEIGHT, Names, REGION_WEIGHT, Subject, site};
use crate::domain::{
    facility::FacilityId,
    names::{Sought, generic_words_like, is_generic, spelled_out},
    region_code::RegionCode,
    region_name::KindWord,
};

/// A shorter word begins too many names to score each of them by all its words.
const SCORED_FROM: usize = 3;

/// No bound of a score is less: a word that may be one for a kind of place counts in one of two ways.
const LEAST_BOUND: f64 = 0.65;

/// What a requested word may be.
pub(super) struct Asked<'a> {
    pub(super) requested: &'a str,
    /// Whether it tells one place from another, and is no word for a kind of place.
    pub(super) is_telling: bool,
    /// Whether few enough names carry such a word to score each of them.
    pub(super) is_scored: bool,
    word: WordsLike<'a>,
    /// All the words that it is short for.
    long: Vec<WordsLike<'a>>,
    /// The words for kinds of places that it may be.
    pub(super) kinds: Vec<(&'static str, f64)>,
    /// Those of them that are kinds of regions.
    region_kinds: Vec<(KindWord, f64)>,
}

impl Names {
    /// What a requested word may be.
    pub(super) fn asked<'a>(&'a self, requested: &'a str) -> Asked<'a> {
        let is_telling = !is_generic(requested);
        let (mut word, mut long) = (WordsLike::default(), Vec::new());
        if is_telling {
            word = self.words_like(requested);
            long.extend(spelled_out(requested).iter().map(|word| self.words_like(word)));
        }
        let is_scored = is_telling && requested.chars().count() >= SCORED_FROM;
        let kinds: Vec<(&str, f64)> = generic_words_like(requested).collect();
        let region_kinds = kinds.iter().filter_map(|(kind, fit)| Some((KindWord::of(kind)?, *fit))).collect();
        Asked { requested, is_telling, is_scored, word, long, kinds, region_kinds }
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
    pub(super) fn candidates<'a>(
        &'a self,
        asked: &Asked<'a>,
        forgiving: bool,
        sees: impl Fn(FacilityId) -> bool,
    ) -> Vec<Subject> {
        let carriers = |word: &&'a str| self.carriers(word, &sees);
        let titled = |word: &&'a str| self.titled(word);
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

    /// What is called by a word, or has it as a telephone that may be seen.
    fn carriers(&self, word: &str, sees: impl Fn(FacilityId) -> bool) -> impl Iterator<Item = Subject> {
        let own = self.own.get(word).into_iter().flat_map(|(_, carriers)| carriers).copied();
        let internal = self.internal.get(word).into_iter().flat_map(|(_, carriers)| carriers);
        own.chain(internal.filter_map(move |id| sees(*id).then_some(Subject::Facility(*id))))
    }

    /// Where something takes place that is called by a word.
    fn titled(&self, word: &str) -> impl Iterator<Item = Subject> {
        self.titles.get(word).into_iter().flat_map(|(_, carriers)| carriers).map(site)
    }

    /// What carries a word that one of the requested words may be, and how well that fits at most: to know the score for sure
    /// takes much longer.
    pub(super) fn bounds(&self, asked: &[&Asked<'_>], sees: impl Fn(FacilityId) -> bool) -> Bounds {
        let mut bounds = Bounds { words: asked.len(), ..Bounds::default() };
        for (index, word) in asked.iter().enumerate().filter(|(_, word)| word.is_scored) {
            let long = word.long.iter().flat_map(|part| part.fits.keys()).map(|like| (*like, 1.0));
            for (like, fit) in word.word.fits.iter().map(|(like, fit)| (*like, *fit)).chain(long) {
                for subject in self.carriers(like, &sees).chain(self.titled(like)) {
                    bounds.raise(subject, index, fit);
                }
            }
        }
        bounds
    }
}

/// How well each of the requested words may fit what carries one of them at most; it may lie in regions that carry others.
#[derive(Default)]
pub(super) struct Bounds {
    /// How many words are requested.
    words: usize,
    /// Where the fits of a subject begin.
    rows: HashMap<Subject, usize, RandomState>,
    /// One for each word.
    fits: Vec<f64>,
}

impl Bounds {
    fn raise(&mut self, subject: Subject, index: usize, fit: f64) {
        let row = *self.rows.entry(subject).or_insert_with(|| {
            self.fits.resize(self.fits.len() + self.words, 0.0);
            self.fits.len() - self.words
        });
        let known = &mut self.fits[row + index];
        *known = known.max(fit);
    }

    /// How well the words may fit the names of a subject; None if it carries none.
    fn of(&self, subject: Subject) -> Option<&[f64]> {
        self.rows.get(&subject).map(|row| &self.fits[*row..*row + self.words])
    }

    /// The score of a subject at most, wherever it lies.
    pub(super) fn rough_score(&self, asked: &[&Asked<'_>], subject: Subject) -> f64 {
        self.score_if(asked, subject, |_| true)
    }

    /// The score of a subject at most, which lies in these regions.
    pub(super) fn score(
        &self,
        asked: &[&Asked<'_>],
        subject: Subject,
        around: &(impl Iterator<Item = RegionCode> + Clone),
    ) -> f64 {
        let is_around = |index: usize| {
            around.clone().any(|code| self.of(Subject::Region(code)).is_some_and(|fits| fits[index] > 0.0))
        };
        self.score_if(asked, subject, is_around)
    }

    /// The score at most, where `is_around` says which words the regions around may carry.
    fn score_if(&self, asked: &[&Asked<'_>], subject: Subject, is_around: impl Fn(usize) -> bool) -> f64 {
        let Some(own) = self.of(subject) else { return 1.0 };
        let (weight, sum) = asked.iter().enumerate().fold((0.0, 0.0), |(weights, sum), (index, word)| {
            let fit = match own[index] {
                _ if !word.is_scored => 1.0,
                fit if fit < REGION_WEIGHT && is_around(index) => REGION_WEIGHT,
                fit => fit,
            };
            let (weight, fit) = word.at_most(fit);
            (weights + weight, sum + weight * fit)
        });
        let may_be_kind = asked.iter().any(|word| !word.kinds.is_empty());
        (sum / weight).max(if may_be_kind { LEAST_BOUND } else { 0.0 })
    }
}

/// Words of names that are like a requested one, and how much.
#[derive(Default)]
struct WordsLike<'a> {
    fits: HashMap<&'a str, f64, RandomState>,
    /// Those that are it, or begin so.
    written: Vec<&'a str>,
    /// Those that it is with typing errors.
    misspelt: Vec<&'a str>,
}

impl WordsLike<'_> {
    pub(super) fn fit<'w>(&self, words: impl Iterator<Item = &'w str>) -> f64 {
        words.filter_map(|word| self.fits.get(word)).copied().fold(0.0, f64::max)
    }
}

impl Asked<'_> {
    /// How well it fits one of the words: as it is written, or as all the words that it is short for.
    pub(super) fn fit<'w>(&self, words: impl Iterator<Item = &'w str> + Clone) -> f64 {
        if !self.is_telling {
            return self.kind_fit(words);
        }
        let long = self.long.iter().map(|word| word.fit(words.clone())).reduce(f64::min);
        self.word.fit(words).max(long.unwrap_or_default())
    }

    /// The weight and the fit with which it raises the score most, where it fits so well as a name: it may be a word for a kind
    /// of place, too.
    pub(super) fn at_most(&self, fit: f64) -> (f64, f64) {
        let is_kind = !self.is_telling || fit < 0.9 && !self.kinds.is_empty();
        if is_kind { (GENERIC_WEIGHT, 1.0) } else { (1.0, fit) }
    }

    /// How well it fits one of the words as a word for a kind of place.
    pub(super) fn kind_fit<'w>(&self, words: impl Iterator<Item = &'w str>) -> f64 {
        let fit = |word| self.kinds.iter().find(|(kind, _)| *kind == word).map(|(_, fit)| *fit);
        words.filter_map(fit).fold(0.0, f64::max)
    }

    /// How well it fits a region as the word for its kind, which most names leave out.
    pub(super) fn region_kind_fit(&self, code: RegionCode) -> f64 {
        let fitting = self.region_kinds.iter().filter(|(kind, _)| kind.fits(code));
        fitting.map(|(_, fit)| *fit).fold(0.0, f64::max)
    }
}
