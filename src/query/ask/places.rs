//! The places that a question names: regions at any level, and facilities.

use std::ops::Range;

use super::{
    rules::{self, Means, meaning},
    words::{Word, name_words},
};
use crate::{
    domain::{
        facility::{Facility, FacilityId},
        names::is_generic,
        region_code::RegionCode,
        rejection::Rejection,
    },
    snapshot::{Lies, NamesIn, Snapshot},
};

/// The longest name of a place, in words.
const LONGEST_PLACE: usize = 7;
/// A search for a facility with slips in its name looks at all names, so only so many are made.
const MOST_SEARCHES: usize = 2;

/// Where it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Where {
    Region(RegionCode),
    Facility(FacilityId),
}

/// A place, and the words that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) is: Where,
    pub(super) words: Range<usize>,
    /// As they were typed.
    pub(super) given: String,
}

/// The places of a question.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) place: Option<Place>,
    /// Where somebody comes from.
    pub(super) origin: Option<Place>,
}

/// Runs of words that are the whole name of a place although one of them means something else alone: "Pasar Minggu" is not
/// Sunday, and "Kelapa Dua" not two.
pub(super) fn whole_names(words: &[Word], state: &Snapshot) -> Vec<Range<usize>> {
    let is_vocabulary = |word: &Word| rules::has_word(&word.text) || state.is_type_word(&word.text);
    let mut names: Vec<Range<usize>> = Vec::new();
    for length in (1..=4).rev() {
        for start in 0..(words.len() + 1).saturating_sub(length) {
            let run = &words[start..start + length];
            let is_mixed = run.iter().any(is_vocabulary) && run.iter().any(|word| !is_vocabulary(word));
            let is_kind = |at: usize| words.get(at).is_some_and(|word| is_region_kind(&word.text));
            let is_named = start.checked_sub(1).is_some_and(is_kind);
            let is_taken = names.iter().any(|name| start < name.end && name.start < start + length);
            if is_taken || !(is_mixed && length > 1 || is_named && run.iter().all(is_vocabulary)) {
                continue;
            }
            let telling: Vec<&str> =
                run.iter().map(|word| &*word.text).filter(|word| !is_generic(word)).collect();
            let says_facility = start > 0 && is_facility_word(words, start - 1);
            if telling.len() == length && state.is_whole_name(&telling, says_facility) {
                names.push(start..start + length);
            }
        }
    }
    names
}

/// Finds the places among the words that the vocabulary does not use: the longest run of them first. `here` is where
/// whoever asks sits.
pub(super) fn read(
    text: &str,
    given: &[Word],
    meant: &[String],
    is_known: &[bool],
    whole: &[Range<usize>],
    here: Option<RegionCode>,
    state: &Snapshot,
) -> Result<Places, Rejection> {
    let words: Vec<Word> =
        given.iter().zip(meant).map(|(given, meant)| Word { text: meant.clone(), ..given.clone() }).collect();
    let finder = Finder { state, here, names: state.names_in(name_words(&words)), words };
    let is_whole = |at: usize| whole.iter().any(|name| name.contains(&at));
    let is_open: Vec<bool> = (0..given.len())
        .map(|at| {
            is_whole(at) || !is_known[at] && !given[at].text.starts_with(|char: char| char.is_ascii_digit())
        })
        .collect();
    let runs = finder.runs(&is_open);
    let Some((run, is)) = finder.find(&runs)? else { return Ok(Places::default()) };
    let place = |run: Range<usize>, is| {
        let typed = given[run.start].range.start..given[run.end - 1].range.end;
        Place { is, given: text[typed].to_owned(), words: run }
    };
    let is_origin = finder.is_origin(&run);
    let mut others = runs.iter().filter(|other| other.end <= run.start || run.end <= other.start);
    // A second place is used only if somebody comes from one of the two.
    let other = others.find_map(|other| {
        let is = finder.as_written(other).filter(|_| finder.is_origin(other) != is_origin)?;
        Some((other.clone(), is))
    });
    let first = place(run, is);
    match other {
        Some((other, is)) if is_origin => Ok(Places { place: Some(place(other, is?)), origin: Some(first) }),
        Some((other, Ok(is))) => Ok(Places { place: Some(first), origin: Some(place(other, is)) }),
        _ => Ok(Places { place: Some(first), origin: None }),
    }
}

struct Finder<'s> {
    state: &'s Snapshot,
    here: Option<RegionCode>,
    words: Vec<Word>,
    names: NamesIn<'s>,
}

impl Finder<'_> {
    /// The runs of words that may name a place, the longest first; of equally long ones those whose words all stand in names
    /// come before those with a slip.
    fn runs(&self, is_open: &[bool]) -> Vec<Range<usize>> {
        let is_part = |at: usize| is_open[at] || is_part_of_names(&self.words, at);
        let mut runs: Vec<Range<usize>> = Vec::new();
        for start in 0..self.words.len() {
            for end in start + 1..=(start + LONGEST_PLACE).min(self.words.len()) {
                if !(start..end).all(is_part) {
                    break;
                }
                if (start..end).any(|at| is_open[at] && !is_generic(&self.words[at].text)) {
                    runs.push(start..end);
                }
            }
        }
        runs.sort_by_cached_key(|run| {
            let is_known = run.clone().all(|at| self.state.is_name_word(&self.words[at].text));
            (std::cmp::Reverse(run.len()), !is_known, run.start)
        });
        runs
    }

    /// The place that one of the runs names, the longest first: as it is written, else with slips. A place that is written
    /// without one gives way only to a longer name around it, so that a word that is like many places hides none. Refused
    /// if all that is named can be several.
    fn find(&self, runs: &[Range<usize>]) -> Result<Option<(Range<usize>, Where)>, Rejection> {
        let written = runs.iter().find_map(|run| Some((run.clone(), self.as_written(run)?)));
        let is_around = |run: &&Range<usize>| {
            written
                .as_ref()
                .is_none_or(|(of, _)| run.start <= of.start && of.end <= run.end && run.len() > of.len())
        };
        let mut several = None;
        for run in runs.iter().filter(is_around) {
            match self.names.region(run.clone(), Lies::Around(self.here)) {
                Some(Ok(code)) => return Ok(Some((run.clone(), Where::Region(code)))),
                Some(Err(error)) => {
                    several.get_or_insert_with(|| self.state.unresolved_region(&error, &self.text(run), "q"));
                }
                None => {}
            }
        }
        if let Some((run, found)) = written {
            return found.map(|is| Some((run, is)));
        }
        let searched = runs.iter().take(MOST_SEARCHES);
        let facility = searched.clone().find_map(|run| Some((run.clone(), self.facility(run, true)?)));
        match (facility, several) {
            (None, Some(rejection)) => Err(rejection),
            (facility, _) => Ok(facility),
        }
    }

    /// The place that a run of words names without slips: None if none, refused if several regions.
    fn as_written(&self, run: &Range<usize>) -> Option<Result<Where, Rejection>> {
        let says_facility = run.clone().any(|at| is_facility_word(&self.words, at));
        let facility = || self.facility(run, false).map(Ok);
        if says_facility && let Some(facility) = facility() {
            return Some(facility);
        }
        match self.names.region_as_written(run.clone(), Lies::Around(self.here)) {
            Some(Ok(code)) => Some(Ok(Where::Region(code))),
            Some(Err(error)) => Some(Err(self.state.unresolved_region(&error, &self.text(run), "q"))),
            None if says_facility => None,
            None => facility(),
        }
    }

    /// The facility that a run of words names. Where they name a region, too, that is meant, unless they say all that the
    /// facility is called: "rs banyumanik" are the hospitals there.
    fn facility(&self, run: &Range<usize>, is_forgiving: bool) -> Option<Where> {
        let words: Vec<&str> = run.clone().map(|at| &*self.words[at].text).collect();
        let telling: Vec<&str> = words.iter().copied().filter(|word| !is_generic(word)).collect();
        let says = |kinds: &[&str]| words.iter().any(|word| kinds.contains(word));
        let is_puskesmas = says(&["puskesmas", "pkm"]);
        let is_hospital = run.clone().any(|at| is_facility_word(&self.words, at)) && !is_puskesmas;
        let is_meant = |facility: &Facility| {
            !facility.closed
                && match facility.kind.as_str() {
                    "hospital" => !is_puskesmas,
                    // Each is called like its kecamatan, so it must be spoken of.
                    "puskesmas" => is_puskesmas && !is_hospital,
                    _ => true,
                }
        };
        let named = self.state.facility_called(&self.text(run), is_meant, is_forgiving)?;
        let telling_run = run.clone().filter(|at| !is_generic(&self.words[*at].text));
        let region = telling_run.clone().min().zip(telling_run.max()).map(|(first, last)| first..last + 1);
        let is_region =
            region.is_some_and(|region| self.names.region_as_written(region, Lies::Around(None)).is_some());
        let exact = ["rsud", "rsup", "rsia", "rsi", "rsu", "rst", "rsk", "puskesmas", "pkm", "klinik"];
        let is_said_so = |word: &&str| exact.contains(word) && self.state.has_own_word(named, word);
        let is_enough = self.state.is_called_whole(named, &telling) || words.iter().any(is_said_so);
        (!is_region || is_enough).then_some(Where::Facility(named))
    }

    /// Whether "dari" stands before a run.
    fn is_origin(&self, run: &Range<usize>) -> bool {
        let before = |at: usize| run.start.checked_sub(at).map(|at| &*self.words[at].text);
        let is_from = |word: Option<&str>| word.and_then(meaning) == Some(Means::From);
        let is_filler = |word: Option<&str>| word.and_then(meaning) == Some(Means::Nothing);
        is_from(before(1)) || is_filler(before(1)) && is_from(before(2)) || {
            let first = &*self.words[run.start].text;
            run.len() > 1 && meaning(first) == Some(Means::From)
        }
    }

    fn text(&self, run: &Range<usize>) -> String {
        run.clone().map(|at| &*self.words[at].text).collect::<Vec<_>>().join(" ")
    }
}

/// Whether a word may be part of the name of a place although it says nothing of its own: "RS", "Kecamatan".
fn is_part_of_names(words: &[Word], at: usize) -> bool {
    let word = &*words[at].text;
    match word {
        "h" | "st" | "sakit" | "vaksin" | "vaksinasi" => {
            matches!(at.checked_sub(1).map(|before| &*words[before].text), Some("rumah" | "sentra" | "rs"))
        }
        _ => is_generic(word) || is_region_kind(word),
    }
}

fn is_region_kind(word: &str) -> bool {
    crate::domain::region_name::KindWord::of(word).is_some()
}

fn is_facility_word(words: &[Word], at: usize) -> bool {
    let word = |at: usize| words.get(at).map_or("", |word| &*word.text);
    matches!(
        word(at),
        "rs" | "rsu"
            | "rsud"
            | "rsup"
            | "rsia"
            | "rsi"
            | "rsj"
            | "rst"
            | "rsk"
            | "puskesmas"
            | "pkm"
            | "klinik"
            | "hospital"
            | "sentra"
    ) || word(at) == "sakit" && at > 0 && word(at - 1) == "rumah"
}
