//! From a region as a client gives it, by a code or by a name, to the region.

use std::{
    cell::OnceCell,
    cmp::Reverse,
    collections::{BTreeSet, HashSet},
    ops::Range,
};

use super::{
    Snapshot, Subject,
    region_names::{ERROR, Forgiving, Meant, Parts},
};
use crate::{
    domain::{
        names::respelled,
        region_code::{CodeError, Level, RegionCode},
        region_name::{GivenRegion, NameWord, name_words},
        rejection::{Choice, Code, Rejection},
    },
    locales::{Language, Message, Value, render},
};

/// A name of more words is none.
const MOST_WORDS: usize = 10;
/// How many choices a refusal lists.
const MOST_CHOICES: usize = 10;
/// How many regions are named that a name is like.
const MOST_LIKE: usize = 3;
/// Of two regions whose costs differ by less, neither is surely meant.
const MARGIN: f32 = 0.4;

/// Why a text names no region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnresolvedRegion {
    /// It is written as a code, but wrongly.
    Malformed(CodeError),
    /// The code of no region in the directory.
    UnknownCode(RegionCode),
    /// A code of BPS that no region has.
    UnknownBps,
    /// The name of several regions, the likeliest first.
    Ambiguous(Vec<RegionCode>),
    /// The name of no region; those that it is like, the likeliest first.
    Unknown(Vec<RegionCode>),
}

impl Snapshot {
    /// The region that a client means by a code, or by a name with or without its kind and the regions it lies in;
    /// within `within` if it is known to lie there. A code costs no more than looking it up.
    ///
    /// Call this to go on with the choices of [`UnresolvedRegion`]. Call [`Snapshot::read_region`] where a field is refused.
    /// Whoever gave a name must be told how it was read: say the code and the name of the region.
    pub fn resolve_region(
        &self,
        given: &str,
        within: Option<RegionCode>,
    ) -> Result<RegionCode, UnresolvedRegion> {
        match GivenRegion::read(given).map_err(UnresolvedRegion::Malformed)? {
            GivenRegion::Code(code) if self.regions.contains_key(&code) => Ok(code),
            GivenRegion::Code(code) => Err(UnresolvedRegion::UnknownCode(code)),
            GivenRegion::Bps(code) => self.region_of_bps(code).ok_or(UnresolvedRegion::UnknownBps),
            GivenRegion::NameAndCode(name, code) if self.named_region(&name, Some(code)) == Ok(code) => {
                Ok(code)
            }
            GivenRegion::NameAndCode(name, code) => {
                let found = match self.named_region(&name, within) {
                    Ok(found) => vec![found],
                    Err(UnresolvedRegion::Ambiguous(found) | UnresolvedRegion::Unknown(found)) => found,
                    Err(other) => return Err(other),
                };
                let is_both = found.contains(&code);
                let either = std::iter::once(code).chain(found);
                let either: Vec<_> = either.filter(|code| self.regions.contains_key(code)).collect();
                match either.len() {
                    _ if is_both => Ok(code),
                    0 | 1 => Err(UnresolvedRegion::Unknown(either)),
                    _ => Err(UnresolvedRegion::Ambiguous(either)),
                }
            }
            GivenRegion::Name(name) => self.named_region(name, within),
        }
    }

    fn named_region(&self, name: &str, within: Option<RegionCode>) -> Result<RegionCode, UnresolvedRegion> {
        let names = self.names_in(name_words(name));
        let count = names.written.len();
        let found = if count > MOST_WORDS { None } else { names.region(0..count, Lies::Within(within)) };
        found.unwrap_or_else(|| Err(UnresolvedRegion::Unknown(self.regions_like(name, &names, within))))
    }

    /// The region that has a code at BPS.
    pub fn region_of_bps(&self, code: &str) -> Option<RegionCode> {
        self.by_bps.get(code).copied()
    }

    /// The region that a client gives in the field `pointer`, as [`Snapshot::resolve_region`] finds it.
    pub fn read_region(
        &self,
        given: &str,
        within: Option<RegionCode>,
        pointer: &str,
    ) -> Result<RegionCode, Rejection> {
        self.resolve_region(given, within)
            .map_err(|error| self.unresolved_region(&error, given.trim(), pointer))
    }

    /// The names of regions in a text.
    pub fn names_in(&self, written: Vec<NameWord>) -> NamesIn<'_> {
        let today = |word: &NameWord| NameWord {
            word: respelled(&word.word).unwrap_or_else(|| word.word.clone()),
            ends_part: word.ends_part,
        };
        let respelled: Vec<NameWord> = written.iter().map(today).collect();
        let respelled = (respelled != written).then_some(respelled);
        NamesIn { state: self, written, respelled, parts: Default::default() }
    }

    /// The kabupaten and kota that a word names with one slip after its first letter, which is seldom wrong.
    pub fn regencies_like(&self, word: &str) -> Vec<RegionCode> {
        let is_like = |(name, code): &(&str, RegionCode)| {
            code.level() == Level::Regency && name.chars().next() == word.chars().next()
        };
        let like: BTreeSet<RegionCode> =
            self.names.regions.one_slip_from(word).filter(is_like).map(|(_, code)| code).collect();
        like.into_iter().collect()
    }

    /// The regions that are called exactly so, the likeliest first, for the search.
    pub(super) fn regions_called(&self, name: &str, within: Option<RegionCode>) -> Vec<RegionCode> {
        let words = name_words(name);
        if words.len() > MOST_WORDS {
            return Vec::new();
        }
        let mut meant = self.names.regions.parts(&words, Forgiving::Nothing).meant(0..words.len());
        meant.retain(|one| within.is_none_or(|within| within.covers(one.code)));
        likeliest_first(meant)
    }

    /// The regions larger than all that are called exactly so whose names differ by one slip from that.
    pub(super) fn larger_regions_like(
        &self,
        name: &str,
        within: Option<RegionCode>,
        exactly: &[RegionCode],
    ) -> Vec<RegionCode> {
        let words = name_words(name);
        let Some(largest) = exactly.iter().map(|code| code.level()).min() else { return Vec::new() };
        let mut meant = self.names.regions.parts(&words, Forgiving::AllWords).meant(0..words.len());
        meant.retain(|one| {
            one.code.level() < largest
                && one.cost < ERROR + MARGIN
                && within.is_none_or(|within| within.covers(one.code))
                && !exactly.iter().any(|exactly| one.code.covers(*exactly))
        });
        likeliest_first(meant)
    }

    /// The region that is meant without doubt: no other costs about as little, apart from those that lie in it, and
    /// those of a lower level that bear the same name, with the kind of the larger one or without.
    fn clear_winner(&self, mut meant: Vec<Meant>) -> Result<RegionCode, UnresolvedRegion> {
        let least = meant.iter().map(|one| one.cost).fold(f32::INFINITY, f32::min);
        meant.retain(|one| one.cost < least + MARGIN);
        // Where the directory has more facilities, people ask more. No cost is negative, so their bits are in order.
        meant.sort_by_cached_key(|one| {
            let facilities = self.facilities_in(Some(one.code)).count();
            (one.cost.to_bits(), one.code.level(), Reverse(facilities), one.code)
        });
        let best = meant[0].clone();
        let is_smaller = |code: RegionCode| code.level() > best.code.level();
        // "Kota Padang" is the city; there is a kecamatan of that whole name, too.
        let is_called_so = |key: &str| {
            let before = key.strip_suffix(&*best.key);
            before.is_some_and(|before| before.is_empty() || before == best.code.kind())
        };
        meant.retain(|one| {
            one.code == best.code
                || !(best.code.covers(one.code) || (is_called_so(&one.key) && is_smaller(one.code)))
        });
        match meant.len() {
            1 => Ok(best.code),
            _ => Err(UnresolvedRegion::Ambiguous(meant.into_iter().map(|one| one.code).collect())),
        }
    }

    /// The regions that a name that is none is like: those that bear a part of it, else those that the search finds.
    fn regions_like(&self, name: &str, names: &NamesIn<'_>, within: Option<RegionCode>) -> Vec<RegionCode> {
        let is_short = names.written.len() <= MOST_WORDS;
        let bearers =
            is_short.then(|| names.parts(WAYS.len() - 1)).flatten().into_iter().flat_map(Parts::bearers);
        let mut bearers: Vec<(RegionCode, f32)> =
            bearers.filter(|(code, _)| within.is_none_or(|within| within.covers(*code))).collect();
        // The smallest is what was looked for; the others say where.
        let place = |code: RegionCode| (Reverse(code.level()), code);
        bearers.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| place(a.0).cmp(&place(b.0))));
        let mut like: Vec<RegionCode> = bearers.into_iter().map(|(code, _)| code).collect();
        if like.is_empty() && is_short {
            let found = self.search_words(name, within, &|_| false).into_iter();
            like = found.filter_map(|found| found.subject.region()).collect();
        }
        let mut seen = HashSet::new();
        like.retain(|code| seen.insert(*code));
        like.truncate(MOST_LIKE);
        like
    }

    /// The refusal of what was given in the field `pointer`.
    pub fn unresolved_region(&self, error: &UnresolvedRegion, given: &str, pointer: &str) -> Rejection {
        let spoken = |codes: &[RegionCode]| Value::choice(codes.iter().map(|code| self.spoken(*code)));
        let choices = |codes: &[RegionCode]| codes.iter().map(|code| self.choice(*code)).collect();
        match error {
            UnresolvedRegion::Malformed(error) => error.rejection(given, pointer),
            UnresolvedRegion::UnknownCode(code) => {
                let detail = Message::new("unknown-region").arg("code", code.to_string());
                Rejection::new(Code::UnknownRegion, pointer, detail)
            }
            UnresolvedRegion::UnknownBps => {
                let detail = Message::new("unknown-bps-code")
                    .arg("given", given.to_owned())
                    .arg("loaded", !self.by_bps.is_empty());
                Rejection::new(Code::UnknownRegion, pointer, detail)
            }
            UnresolvedRegion::Ambiguous(codes) => {
                let listed = &codes[..codes.len().min(MOST_CHOICES)];
                let detail = Message::new("ambiguous-region")
                    .arg("given", given.to_owned())
                    .arg("choices", spoken(listed))
                    .arg("more", codes.len() - listed.len());
                Rejection::new(Code::AmbiguousRegion, pointer, detail).with_choices(choices(listed))
            }
            UnresolvedRegion::Unknown(like) => {
                let near = (!like.is_empty()).then(|| spoken(like));
                let detail =
                    Message::new("unknown-region-name").arg("given", given.to_owned()).arg("near", near);
                Rejection::new(Code::UnknownRegion, pointer, detail).with_choices(choices(like))
            }
        }
    }

    /// `Kecamatan Tembalang, Kota Semarang (33.74.10)`.
    fn spoken(&self, code: RegionCode) -> Message {
        let said = code.with_ancestors().filter(|part| *part == code || part.level() > Level::Province);
        let names = said.filter_map(|part| self.kind_and_name(part));
        Message::new("region-and-code").arg("region", Value::list(names)).arg("code", code.to_string())
    }

    fn kind_and_name(&self, code: RegionCode) -> Option<Message> {
        let region = self.region(code)?;
        Some(Message::new("region-name").arg("kind", code.kind()).arg("name", &region.name))
    }

    /// The region as it is listed for a choice.
    fn choice(&self, code: RegionCode) -> Choice {
        Choice {
            code: code.to_string(),
            name: self.region_title(code),
            path: self.path(code).into_iter().map(str::to_owned).collect(),
        }
    }

    /// The name with its kind, `Kecamatan Tembalang`; the kinds have no other names in English.
    pub fn region_title(&self, code: RegionCode) -> String {
        self.kind_and_name(code).map(|name| render(&name, Language::Id)).unwrap_or_default()
    }
}

fn likeliest_first(mut meant: Vec<Meant>) -> Vec<RegionCode> {
    let place = |one: &Meant| (one.code.level(), one.code);
    meant.sort_by(|a, b| a.cost.total_cmp(&b.cost).then_with(|| place(a).cmp(&place(b))));
    meant.into_iter().map(|one| one.code).collect()
}

/// Where a region is known to lie, or is likelier to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    /// In this region, if it is known; nothing else is meant.
    Within(Option<RegionCode>),
    /// Rather in this region, or around it, than elsewhere.
    Around(Option<RegionCode>),
}

/// The ways to read names, one after the other: as they are written if possible, else in today's spelling, else with
/// typing errors.
const WAYS: [(bool, Forgiving); 5] = [
    (false, Forgiving::Nothing),
    (true, Forgiving::Nothing),
    (false, Forgiving::UnknownWords),
    (true, Forgiving::UnknownWords),
    (false, Forgiving::AllWords),
];

/// The names of regions in a text. Each way of reading it is tried once, however many runs of its words are looked at.
pub struct NamesIn<'s> {
    state: &'s Snapshot,
    written: Vec<NameWord>,
    /// In today's spelling, if that is another one.
    respelled: Option<Vec<NameWord>>,
    parts: [OnceCell<Parts>; WAYS.len()],
}

impl NamesIn<'_> {
    /// The region that a run of words names: None if none does.
    pub fn region(&self, words: Range<usize>, lies: Lies) -> Option<Result<RegionCode, UnresolvedRegion>> {
        self.read(words, lies, &[0, 1, 2, 3, 4])
    }

    /// The same for names without slips.
    pub fn region_as_written(
        &self,
        words: Range<usize>,
        lies: Lies,
    ) -> Option<Result<RegionCode, UnresolvedRegion>> {
        self.read(words, lies, &[0, 1])
    }

    fn read(
        &self,
        words: Range<usize>,
        lies: Lies,
        ways: &[usize],
    ) -> Option<Result<RegionCode, UnresolvedRegion>> {
        let meant = ways.iter().filter_map(|way| self.parts(*way)).find_map(|parts| {
            let mut meant = parts.meant(words.clone());
            match lies {
                Lies::Within(within) => {
                    meant.retain(|one| within.is_none_or(|within| within.covers(one.code)));
                }
                Lies::Around(here) => {
                    let is_here =
                        |code: RegionCode| here.is_some_and(|here| here.covers(code) || code.covers(here));
                    let least = meant.iter().map(|one| one.cost).fold(f32::INFINITY, f32::min);
                    // Elsewhere it is meant if it is called so, and here only nearly.
                    let is_meant = |one: &Meant| is_here(one.code) && one.cost < least + MARGIN;
                    if meant.iter().any(is_meant) {
                        meant.retain(is_meant);
                    }
                }
            }
            (!meant.is_empty()).then_some(meant)
        })?;
        Some(self.state.clear_winner(meant))
    }

    /// The text read in one way; None if that is no way of its own.
    fn parts(&self, way: usize) -> Option<&Parts> {
        let (is_respelled, forgiving) = WAYS[way];
        let words = if is_respelled { self.respelled.as_ref()? } else { &self.written };
        Some(self.parts[way].get_or_init(|| self.state.names.regions.parts(words, forgiving)))
    }
}

impl Subject {
    /// The region, if it is one.
    pub fn region(self) -> Option<RegionCode> {
        match self {
            Self::Region(code) => Some(code),
            Self::Facility(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
