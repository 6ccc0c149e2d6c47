//! The regions that the name of a region, as people write it, may mean.
//!
//! A name is cut into parts that are names of regions, kinds of regions, or words without weight. A region is meant if it
//! bears the name of one part, lies in regions that bear the names of all others, and fits the kinds beside them. Each
//! such reading has a cost: typing errors, other spaces, a kind on the wrong side.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::Arc,
};

use super::terms::TermIndex;
use crate::domain::{
    names::{Sought, spelled_out},
    region::Region,
    region_code::{Level, RegionCode},
    region_name::{KindWord, NameWord, RegionKey, is_title, keys},
};

/// The most words that the name of one region has.
const MOST_WORDS: usize = 6;

/// A typing error.
pub(super) const ERROR: f32 = 0.5;
/// Words that are written as one, or one as several: "Kota Baru" is not sure to be "Kotabaru".
const SPACING: f32 = 0.3;
/// A village whose name is misspelt: there are so many that one is always like it.
const MISSPELT_VILLAGE: f32 = 0.45;
/// The name of the whole, where a part of it is meant: another region that is called so is meant sooner.
const OF_WHOLE: f32 = 0.45;
/// A kind that stands beside another name than usual.
const KIND_ELSEWHERE: f32 = 0.1;
/// A region that is named twice: the smaller one of that name in the larger is meant sooner.
const NAMED_TWICE: f32 = 0.5;

/// The most names of regions in one: a village, the three regions it lies in, and one of them twice.
const MOST_NAMES: usize = 5;
/// A reading that costs more is none.
const MOST_COST: f32 = 2.0;

/// Under which names regions are found.
#[derive(Clone, Default)]
pub(super) struct RegionNames(TermIndex<Bearer>);

/// A region that bears a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Bearer {
    code: RegionCode,
    /// How many words the name has.
    words: u8,
    /// Whether the name holds only with the kind before it.
    with_kind: bool,
    /// Whether it is the name of the whole of which the region is a part.
    is_of_whole: bool,
}

/// Which words may have typing errors in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forgiving {
    Nothing,
    /// Those that are no name.
    UnknownWords,
    AllWords,
}

/// Some words of a given name, and what they may be.
struct Part {
    /// The first word behind it.
    end: usize,
    is: PartIs,
}

enum PartIs {
    /// Nothing that tells regions apart.
    Title,
    /// A kind, and the cost of reading it so.
    Kind(KindWord, f32),
    Name(BTreeMap<RegionCode, Named>),
}

/// How a region bears a name.
#[derive(Clone)]
struct Named {
    key: Arc<str>,
    cost: f32,
    with_kind: bool,
}

/// A region that may be meant, at what cost.
#[derive(Clone)]
pub(super) struct Meant {
    pub(super) code: RegionCode,
    /// The name that it bears.
    pub(super) key: Arc<str>,
    pub(super) cost: f32,
}

/// A text, cut into what its words may be as names of regions.
pub(super) struct Parts {
    /// Behind which words a part of the text ends.
    ends: Vec<bool>,
    /// By the first word.
    parts: Vec<Vec<Part>>,
}

impl RegionNames {
    pub(super) fn insert(&mut self, region: &Region) {
        for (joined, bearer) in borne_by(region) {
            self.0.insert(&joined, bearer);
        }
    }

    pub(super) fn remove(&mut self, region: &Region) {
        for (joined, bearer) in borne_by(region) {
            self.0.remove(&joined, &bearer);
        }
    }

    /// Cuts a name into what each word, with those behind it, may be.
    pub(super) fn parts(&self, words: &[NameWord], forgiving: Forgiving) -> Parts {
        let ends_of = |words: &[NameWord]| words.iter().map(|word| word.ends_part).collect();
        let mut parts: Vec<Vec<Part>> = (0..words.len()).map(|start| self.written(words, start)).collect();
        let mut is_known = vec![false; words.len()];
        for (start, parts) in parts.iter().enumerate() {
            for part in parts {
                is_known[start..part.end].fill(true);
            }
        }
        if forgiving == Forgiving::Nothing {
            return Parts { ends: ends_of(words), parts };
        }
        for (start, parts) in parts.iter_mut().enumerate() {
            let all_known = |end: usize| is_known[start..end].iter().all(|known| *known);
            if !all_known(start + 1) {
                let kind = KindWord::misspelt(&words[start].word);
                let is = kind.map(|(kind, errors)| PartIs::Kind(kind, ERROR * f32::from(errors)));
                parts.extend(is.map(|is| Part { end: start + 1, is }));
            }
            let tried = |end: &usize| forgiving == Forgiving::AllWords || !all_known(*end);
            for end in ends(words, start).filter(tried) {
                let joined: String = words[start..end].iter().map(|word| &*word.word).collect();
                // A name that exists is hardly another one with several errors.
                let most = if all_known(end) { 1 } else { u8::MAX };
                parts.extend(name(end, self.misspelt(&joined, most)));
            }
        }
        Parts { ends: ends_of(words), parts }
    }

    /// What the words from `start` on are as they are written.
    fn written(&self, words: &[NameWord], start: usize) -> Vec<Part> {
        let first = &*words[start].word;
        let kind = KindWord::of(first).map(|kind| PartIs::Kind(kind, 0.0));
        let kind = kind.or_else(|| is_title(first).then_some(PartIs::Title));
        let mut parts: Vec<Part> = kind.into_iter().map(|is| Part { end: start + 1, is }).collect();
        for end in ends(words, start) {
            let words: Vec<&str> = words[start..end].iter().map(|word| &*word.word).collect();
            let mut bearers = self.borne(&words);
            let long = |word: &&str| !spelled_out(word).is_empty();
            if words.iter().any(long) {
                let spell = |word| if long(&word) { spelled_out(word).to_vec() } else { vec![word] };
                bearers.extend(self.borne(&words.into_iter().flat_map(spell).collect::<Vec<_>>()));
            }
            parts.extend(name(end, bearers));
        }
        if parts.is_empty() {
            parts.extend(name(start + 1, self.behind_kind(first)));
        }
        parts
    }

    /// The regions that bear exactly this name.
    fn borne(&self, words: &[&str]) -> BTreeMap<RegionCode, Named> {
        let key = words.concat();
        let spacing = |bearer: &Bearer| if usize::from(bearer.words) == words.len() { 0.0 } else { SPACING };
        self.exactly(&key).map(|(key, bearer)| (bearer.code, bearer.named(key, spacing(bearer)))).collect()
    }

    /// The regions that a kind and a name mean which are written as one word: `kabsemarang`.
    fn behind_kind(&self, word: &str) -> BTreeMap<RegionCode, Named> {
        let fitting = KindWord::before(word)
            .flat_map(|(kind, rest)| self.exactly(rest).filter(move |(_, bearer)| kind.fits(bearer.code)));
        let named = |(key, bearer): (Arc<str>, &Bearer)| {
            (bearer.code, Named { with_kind: false, ..bearer.named(key, SPACING) })
        };
        fitting.map(named).collect()
    }

    fn exactly(&self, key: &str) -> impl Iterator<Item = (Arc<str>, &Bearer)> {
        let found = self.0.get(key);
        found.into_iter().flat_map(|(key, bearers)| bearers.iter().map(|bearer| (Arc::clone(key), bearer)))
    }

    /// The regions that bear a name like this one, with so many errors at most.
    fn misspelt(&self, joined: &str, most: u8) -> BTreeMap<RegionCode, Named> {
        let mut like: BTreeMap<RegionCode, Named> = BTreeMap::new();
        let sought = Sought::new(joined);
        for (errors, key, bearers) in self.0.misspelt(&sought).filter(|(errors, ..)| *errors <= most) {
            for bearer in bearers {
                let village = if bearer.code.level() == Level::Village { MISSPELT_VILLAGE } else { 0.0 };
                let cost = ERROR * f32::from(errors) + village;
                if like.get(&bearer.code).is_none_or(|known| cost < known.cost) {
                    like.insert(bearer.code, bearer.named(Arc::clone(key), cost));
                }
            }
        }
        like
    }

    /// The names that differ from this one by one slip, with the regions that bear them.
    pub(super) fn one_slip_from(&self, joined: &str) -> impl Iterator<Item = (&str, RegionCode)> {
        let sought = Sought::new(joined);
        let names: Vec<_> = self.0.misspelt(&sought).filter(|(errors, ..)| *errors == 1).collect();
        names.into_iter().flat_map(|(_, name, bearers)| {
            let whole = bearers.iter().filter(|bearer| !bearer.is_of_whole);
            whole.map(move |bearer| (&**name, bearer.code))
        })
    }
}

fn borne_by(region: &Region) -> impl Iterator<Item = (String, Bearer)> {
    keys(region).into_iter().map(|RegionKey { joined, words, with_kind, is_of_whole }| {
        (joined, Bearer { code: region.code, words, with_kind, is_of_whole })
    })
}

impl Bearer {
    fn named(self, key: Arc<str>, cost: f32) -> Named {
        let cost = if self.is_of_whole { cost + OF_WHOLE } else { cost };
        Named { key, cost, with_kind: self.with_kind }
    }
}

fn name(end: usize, bearers: BTreeMap<RegionCode, Named>) -> Option<Part> {
    (!bearers.is_empty()).then_some(Part { end, is: PartIs::Name(bearers) })
}

/// Where a name that begins at `start` may end.
fn ends(words: &[NameWord], start: usize) -> impl Iterator<Item = usize> {
    let most = words.len().min(start + MOST_WORDS);
    let part_ends = words[start..most].iter().position(|word| word.ends_part);
    start + 1..=part_ends.map_or(most, |last| start + last + 1)
}

impl Parts {
    /// The regions that the words of a range may mean, each at its least cost.
    pub(super) fn meant(&self, words: Range<usize>) -> Vec<Meant> {
        let mut meant = HashMap::new();
        self.read_on(words, &mut Vec::new(), &mut meant);
        meant.into_values().collect()
    }

    /// Every region that bears a part, alone, with the cost of that.
    pub(super) fn bearers(&self) -> impl Iterator<Item = (RegionCode, f32)> {
        let names = self.parts.iter().flatten().filter_map(|part| match &part.is {
            PartIs::Name(bearers) => Some(bearers),
            PartIs::Title | PartIs::Kind(..) => None,
        });
        names.flatten().map(|(code, named)| (*code, named.cost))
    }

    fn read_on<'p>(
        &'p self,
        words: Range<usize>,
        chosen: &mut Vec<&'p Part>,
        meant: &mut HashMap<RegionCode, Meant>,
    ) {
        if words.is_empty() {
            return Reading::of(chosen, &self.ends).collect(meant);
        }
        let names = chosen.iter().filter(|part| matches!(part.is, PartIs::Name(_))).count();
        for part in self.parts[words.start].iter().filter(|part| part.end <= words.end) {
            if names == MOST_NAMES && matches!(part.is, PartIs::Name(_)) {
                continue;
            }
            chosen.push(part);
            self.read_on(part.end..words.end, chosen, meant);
            chosen.pop();
        }
    }
}

/// One way to read a name.
struct Reading<'p> {
    names: Vec<&'p BTreeMap<RegionCode, Named>>,
    /// Each with the names it may stand beside, the usual one first.
    kinds: Vec<(KindWord, Vec<usize>)>,
    cost_of_kinds: f32,
}

impl<'p> Reading<'p> {
    fn of(parts: &[&'p Part], ends: &[bool]) -> Self {
        let mut names = Vec::new();
        let mut kinds = Vec::new();
        let mut cost_of_kinds = 0.0;
        for part in parts {
            match &part.is {
                PartIs::Title => {}
                PartIs::Name(bearers) => names.push(bearers),
                PartIs::Kind(kind, cost) => {
                    cost_of_kinds += cost;
                    kinds.push((*kind, names.len(), ends[part.end - 1]));
                }
            }
        }
        let beside = |(kind, next, ends_part): (KindWord, usize, bool)| {
            let (before, behind) = (next.checked_sub(1), Some(next).filter(|next| *next < names.len()));
            let beside = if ends_part { [before, behind] } else { [behind, before] };
            (kind, beside.into_iter().flatten().collect())
        };
        Self { kinds: kinds.into_iter().map(beside).collect(), names, cost_of_kinds }
    }

    /// Adds the regions that are meant so.
    fn collect(&self, meant: &mut HashMap<RegionCode, Meant>) {
        for (target, bearers) in self.names.iter().enumerate() {
            for (code, named) in *bearers {
                let Some(cost) = self.cost(target, *code, named) else { continue };
                let known = meant.get(code);
                if known.is_none_or(|known| cost < known.cost) {
                    meant.insert(*code, Meant { code: *code, key: Arc::clone(&named.key), cost });
                }
            }
        }
    }

    /// The cost of the name `target` meaning this region; None if it cannot.
    fn cost(&self, target: usize, code: RegionCode, named: &Named) -> Option<f32> {
        let mut cost = named.cost + self.cost_of_kinds;
        let mut means = Vec::with_capacity(self.names.len());
        for (index, bearers) in self.names.iter().enumerate() {
            if index == target {
                means.push(code);
                continue;
            }
            let usual = |kind: &&(KindWord, Vec<usize>)| kind.1.first() == Some(&index);
            let fits = |above: RegionCode| self.kinds.iter().filter(usual).all(|(kind, _)| kind.fits(above));
            let above = code.with_ancestors().filter_map(|above| {
                let twice = if above == code { NAMED_TWICE } else { 0.0 };
                Some((fits(above), bearers.get(&above)?.cost + twice, above))
            });
            let best = above.min_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.total_cmp(&b.1)))?;
            cost += best.1;
            means.push(best.2);
        }
        let mut has_kind = false;
        for (kind, beside) in &self.kinds {
            let place = beside.iter().position(|name| kind.fits(means[*name]))?;
            has_kind |= beside[place] == target;
            cost += if place == 0 { 0.0 } else { KIND_ELSEWHERE };
        }
        (cost <= MOST_COST && (has_kind || !named.with_kind)).then_some(cost)
    }
}
