//! The places that a question names: regions at any level, and facilities.

use std::ops::Range;

use super::{
    notes::{About, Note, unknown_facility},
    rules::{self, Means, meaning},
    words::{Word, name_words},
};
use crate::{
    domain::{
        facility::{Facility, FacilityId},
        names::{FacilityWord, is_generic},
        region_code::{Level, RegionCode},
        rejection::{Choice, Code, Rejection},
    },
    query::params::Near,
    snapshot::{Lies, NamesIn, Snapshot, UnresolvedRegion},
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
    /// Coordinates.
    Point(Near),
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
    /// What is to be told about them.
    pub(super) notes: Vec<Note>,
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
    let finder = Finder { text, given, state, here, names: state.names_in(name_words(&words)), words };
    let is_whole = |at: usize| whole.iter().any(|name| name.contains(&at));
    let is_open: Vec<bool> = (0..given.len())
        .map(|at| {
            is_whole(at) || !is_known[at] && !given[at].text.starts_with(|char: char| char.is_ascii_digit())
        })
        .collect();
    let called = finder.facilities_called(&is_open);
    let runs = finder.runs(&is_open);
    let mut places = match finder.coded(is_known) {
        Some(place) => Places { place: Some(place), ..Places::default() },
        None => finder.places(&runs, &called)?,
    };
    finder.note_unknown(&called, &mut places)?;
    finder.note_left(&runs, &called, &mut places);
    Ok(places)
}

struct Finder<'s> {
    /// The question as it was typed.
    text: &'s str,
    given: &'s [Word],
    state: &'s Snapshot,
    here: Option<RegionCode>,
    words: Vec<Word>,
    names: NamesIn<'s>,
}

impl Finder<'_> {
    /// The place that a code or coordinates say.
    fn coded(&self, is_known: &[bool]) -> Option<Place> {
        let is_measured = |at: usize| {
            let before = at.checked_sub(1).and_then(|before| meaning(&self.words[before].text));
            before.is_some_and(Means::is_of_health)
        };
        (0..self.given.len()).filter(|at| !is_known[*at] && !is_measured(*at)).find_map(|at| {
            let word = &self.given[at];
            let region = || {
                let code: RegionCode = word.text.contains('.').then(|| word.text.parse().ok())??;
                self.state.region(code).map(|_| Where::Region(code))
            };
            Some(self.place(at..at + 1, word.point.map(Where::Point).or_else(region)?))
        })
    }

    /// The place that the words name, and where somebody comes from.
    fn places(&self, runs: &[Range<usize>], called: &[Called]) -> Result<Places, Rejection> {
        let Some((run, is, is_slip)) = self.find(runs, called)? else { return Ok(Places::default()) };
        let is_origin = self.is_origin(&run);
        let mut others = runs.iter().filter(|other| is_apart(other, &run));
        // A second place is used only if somebody comes from one of the two.
        let other = others.find_map(|other| {
            let is = self.as_written(other, called).filter(|_| self.is_origin(other) != is_origin)?;
            Some((other.clone(), is))
        });
        let first = self.place(run, is);
        let similar = is_slip.then(|| self.note(About::SimilarPlace(is), first.words.clone()));
        let (place, origin) = match other {
            Some((other, is)) if is_origin => (Some(self.place(other, is?)), Some(first)),
            Some((other, Ok(is))) => (Some(first), Some(self.place(other, is))),
            _ => (Some(first), None),
        };
        Ok(Places { place, origin, notes: similar.into_iter().collect() })
    }

    fn place(&self, words: Range<usize>, is: Where) -> Place {
        Place { is, given: self.typed(&words).to_owned(), words }
    }

    fn note(&self, about: About, words: Range<usize>) -> Note {
        Note { about, given: self.typed(&words).to_owned(), words: words.collect() }
    }

    /// Some of the words as they were typed.
    fn typed(&self, words: &Range<usize>) -> &str {
        &self.text[self.given[words.start].range.start..self.given[words.end - 1].range.end]
    }

    /// The words that call a facility by a name: those behind "RS" or "RSUD", up to a word that means something else.
    fn facilities_called(&self, is_open: &[bool]) -> Vec<Called> {
        let is_name = |at: usize| is_open[at] || is_part_of_names(&self.words, at);
        let mut called: Vec<Called> = Vec::new();
        for start in 0..self.words.len() {
            let is_in_last = called.last().is_some_and(|last| start < last.words.end);
            if is_in_last || !is_facility_word(&self.words, start) {
                continue;
            }
            let mut end = start + 1;
            while end < self.words.len() && is_name(end) && !self.words[end - 1].ends_part {
                end += 1;
            }
            let is_telling = |at: &usize| is_open[*at] && !is_generic(&self.words[*at].text);
            if let Some(first) = (start + 1..end).find(is_telling) {
                let is_rumah_sakit = self.words[start].text == "sakit";
                called.push(Called { words: start - usize::from(is_rumah_sakit)..end, first });
            }
        }
        called
    }

    /// Says of each facility that is called by a name, and that nobody knows, which are called nearly so. Refused if the
    /// question names no other place: an answer about the whole country helps nobody.
    fn note_unknown(&self, called: &[Called], places: &mut Places) -> Result<(), Rejection> {
        let used: Vec<Range<usize>> =
            places.place.iter().chain(&places.origin).map(|place| place.words.clone()).collect();
        for Called { words, first } in called {
            if used.iter().any(|used| used.contains(first)) {
                continue;
            }
            // The region behind the name is no part of it.
            let end = used.iter().map(|used| used.start).filter(|start| words.contains(start)).min();
            let name = words.start..end.unwrap_or(words.end);
            let near = self.state.facilities_like(&self.text(&name));
            if places.place.is_none() && self.here.is_none() {
                let detail = unknown_facility(self.state, self.typed(&name).to_owned(), &near);
                let choices = near.iter().filter_map(|id| self.choice(*id)).collect();
                return Err(Rejection::new(Code::UnknownFacility, "q", detail).with_choices(choices));
            }
            places.notes.push(self.note(About::UnknownFacility(near), name));
        }
        Ok(())
    }

    fn choice(&self, id: FacilityId) -> Option<Choice> {
        let facility = &self.state.facility(id)?.facility;
        let path = self.state.path(facility.region).into_iter().map(str::to_owned).collect();
        Some(Choice { code: id.to_string(), name: facility.name.clone(), path })
    }

    /// Says which other place is named and left out.
    fn note_left(&self, runs: &[Range<usize>], called: &[Called], places: &mut Places) {
        let mut used: Vec<Range<usize>> =
            places.place.iter().chain(&places.origin).map(|place| place.words.clone()).collect();
        if used.is_empty() {
            return;
        }
        for run in runs {
            let is_free = used.iter().all(|used| is_apart(run, used));
            if is_free && self.as_written(run, called).is_some() {
                places.notes.push(self.note(About::PlaceLeft, run.clone()));
                used.push(run.clone());
            }
        }
    }

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

    /// The place that one of the runs names, the longest first, and whether with slips: as it is written if possible. A place
    /// that is written without one gives way only to a longer name around it, so that a word that is like many places hides
    /// none. Refused if all that is named can be several.
    fn find(
        &self,
        runs: &[Range<usize>],
        called: &[Called],
    ) -> Result<Option<(Range<usize>, Where, bool)>, Rejection> {
        let written = runs.iter().find_map(|run| Some((run.clone(), self.as_written(run, called)?)));
        let is_around = |run: &&Range<usize>| {
            written
                .as_ref()
                .is_none_or(|(of, _)| run.start <= of.start && of.end <= run.end && run.len() > of.len())
        };
        // A word of a facility's name is no region that is only like it.
        let is_whole = |run: &&Range<usize>| {
            called.iter().all(|called| {
                is_apart(run, &called.words) || run.start <= called.first && called.words.end <= run.end
            })
        };
        let mut several: Option<(&Range<usize>, Rejection)> = None;
        for run in runs.iter().filter(is_around).filter(is_whole) {
            // A part of a name that several bear is no name of something else.
            let is_part = several.as_ref().is_some_and(|(of, _)| of.start <= run.start && run.end <= of.end);
            match self.names.region(run.clone(), Lies::Around(self.here)) {
                Some(Ok(code)) if !is_part => {
                    let is_slip = self.names.region_as_written(run.clone(), Lies::Around(None)).is_none();
                    return Ok(Some((run.clone(), Where::Region(code), is_slip)));
                }
                Some(Err(error)) if several.is_none() => {
                    several = Some((run, self.state.unresolved_region(&error, &self.text(run), "q")));
                }
                _ => {}
            }
        }
        if let Some((run, found)) = written {
            return match (found, several) {
                (Err(_), Some((_, longer))) => Err(longer),
                (found, _) => found.map(|is| Some((run, is, false))),
            };
        }
        let searched = runs.iter().take(MOST_SEARCHES);
        let facility = searched.clone().find_map(|run| Some((run.clone(), self.facility(run, true)?, true)));
        match (facility, several) {
            (None, Some((_, rejection))) => Err(rejection),
            (facility, _) => Ok(facility),
        }
    }

    /// The place that a run of words names without slips: None if none, refused if several regions.
    fn as_written(&self, run: &Range<usize>, called: &[Called]) -> Option<Result<Where, Rejection>> {
        let says_facility = run.clone().any(|at| is_facility_word(&self.words, at));
        let facility = || self.facility(run, false).map(Ok);
        if says_facility && let Some(facility) = facility() {
            return Some(facility);
        }
        // In "RS Wira Tamtama Semarang" only the end may be a region.
        let is_in_name = |called: &Called| {
            !is_apart(run, &called.words) && called.first < run.start && run.end < called.words.end
                || run.start <= called.first && called.first < run.end && run.end < called.words.end
        };
        if called.iter().any(is_in_name) {
            return if says_facility { None } else { facility() };
        }
        // Many end in a word that some kecamatan is called, too: "RS Sehat Jaya".
        let is_end = called.iter().any(|called| !is_apart(run, &called.words) && called.first < run.start);
        let is_sure = |codes: &[RegionCode]| {
            let is_here = |code: RegionCode| self.here.is_some_and(|here| here.covers(code));
            run.len() > 1 || codes.iter().any(|code| code.level() <= Level::Regency || is_here(*code))
        };
        match self.names.region_as_written(run.clone(), Lies::Around(self.here)) {
            Some(Ok(code)) if is_end && !is_sure(&[code]) => None,
            Some(Err(UnresolvedRegion::Ambiguous(codes))) if is_end && !is_sure(&codes) => None,
            Some(Ok(code)) => Some(self.unless_city(run, code).map(Where::Region)),
            Some(Err(error)) => Some(Err(self.state.unresolved_region(&error, &self.text(run), "q"))),
            None if says_facility => None,
            None => facility(),
        }
    }

    /// The kecamatan or village that one word names, unless a kabupaten or kota is called nearly so, and nothing says which
    /// is meant: "makasar" is a kecamatan of Jakarta, and Makassar a city.
    fn unless_city(&self, run: &Range<usize>, code: RegionCode) -> Result<RegionCode, Rejection> {
        let is_here = self.here.is_some_and(|here| here.covers(code) || code.covers(here));
        let [word] = &self.words[run.clone()] else { return Ok(code) };
        if is_here || code.level() <= Level::Regency {
            return Ok(code);
        }
        let mut meant = self.state.regencies_like(&word.text);
        if meant.is_empty() {
            return Ok(code);
        }
        meant.push(code);
        Err(self.state.unresolved_region(&UnresolvedRegion::Ambiguous(meant), self.typed(run), "q"))
    }

    /// The facility that a run of words names. Where they name a region, too, that is meant, unless they say all that the
    /// facility is called: "rs banyumanik" are the hospitals there.
    fn facility(&self, run: &Range<usize>, is_forgiving: bool) -> Option<Where> {
        let words: Vec<&str> = run.clone().map(|at| &*self.words[at].text).collect();
        let telling: Vec<&str> = words.iter().copied().filter(|word| !is_generic(word)).collect();
        let kinds = || words.iter().filter_map(|word| FacilityWord::of(word));
        let is_puskesmas = kinds().any(|kind| kind == FacilityWord::Puskesmas);
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
        let is_part_of_name = |word: &str| {
            let kind = FacilityWord::of(word);
            matches!(kind, Some(FacilityWord::Hospital | FacilityWord::Puskesmas | FacilityWord::Clinic))
        };
        let is_said_so = |word: &&str| is_part_of_name(word) && self.state.has_own_word(named, word);
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
    FacilityWord::of(word(at)).is_some() || word(at) == "sakit" && at > 0 && word(at - 1) == "rumah"
}

/// The words that call a facility by a name.
struct Called {
    words: Range<usize>,
    /// The first one that tells it from others.
    first: usize,
}

fn is_apart(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.end <= other.start || other.end <= one.start
}
