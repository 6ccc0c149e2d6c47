//! From a region as a client gives it, by a code or by a name, to the region.

use std::{cmp::Reverse, collections::HashSet};

use super::{
    Snapshot, Subject,
    region_names::{Forgiving, Meant},
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
            GivenRegion::Bps(_) => Err(UnresolvedRegion::Unknown(Vec::new())),
            GivenRegion::Name(name) => self.region_named(name, within),
        }
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

    /// A name is read as it is written if possible, else in today's spelling, else with typing errors.
    fn region_named(&self, name: &str, within: Option<RegionCode>) -> Result<RegionCode, UnresolvedRegion> {
        let written = name_words(name);
        if written.is_empty() || written.len() > MOST_WORDS {
            return Err(UnresolvedRegion::Unknown(Vec::new()));
        }
        let today = |word: &NameWord| NameWord {
            word: respelled(&word.word).unwrap_or_else(|| word.word.clone()),
            ends_part: word.ends_part,
        };
        let respelled: Vec<NameWord> = written.iter().map(today).collect();
        let ways = [
            (&written, Forgiving::Nothing),
            (&respelled, Forgiving::Nothing),
            (&written, Forgiving::UnknownWords),
            (&respelled, Forgiving::UnknownWords),
            (&written, Forgiving::AllWords),
        ];
        let mut like = Vec::new();
        for (words, forgiving) in ways {
            if std::ptr::eq(words, &raw const respelled) && respelled == written {
                continue;
            }
            let parts = self.names.regions.parts(words, forgiving);
            let covers = |code: RegionCode| within.is_none_or(|within| within.covers(code));
            let mut meant = parts.meant();
            meant.retain(|one| covers(one.code));
            if !meant.is_empty() {
                return self.clear_winner(meant);
            }
            like = parts.bearers().filter(|(code, _)| covers(*code)).collect();
        }
        Err(UnresolvedRegion::Unknown(self.regions_like(name, like, within)))
    }

    /// The regions that are called exactly so, the likeliest first, for the search.
    pub(super) fn regions_called(&self, name: &str, within: Option<RegionCode>) -> Vec<RegionCode> {
        let words = name_words(name);
        if words.len() > MOST_WORDS {
            return Vec::new();
        }
        let mut meant = self.names.regions.parts(&words, Forgiving::Nothing).meant();
        meant.retain(|one| within.is_none_or(|within| within.covers(one.code)));
        let place = |one: &Meant| (one.code.level(), one.code);
        meant.sort_by(|a, b| a.cost.total_cmp(&b.cost).then_with(|| place(a).cmp(&place(b))));
        meant.into_iter().map(|one| one.code).collect()
    }

    /// The region that is meant without doubt: no other costs about as little, apart from those that lie in it, and
    /// those of a lower level that bear the same name.
    fn clear_winner(&self, mut meant: Vec<Meant>) -> Result<RegionCode, UnresolvedRegion> {
        // Where the directory has more facilities, people ask more.
        let likelihood =
            |code: RegionCode| (code.level(), Reverse(self.facilities_in(Some(code)).count()), code);
        let least = meant.iter().map(|one| one.cost).fold(f32::INFINITY, f32::min);
        meant.retain(|one| one.cost < least + MARGIN);
        meant.sort_by(|a, b| {
            a.cost.total_cmp(&b.cost).then_with(|| likelihood(a.code).cmp(&likelihood(b.code)))
        });
        let best = meant[0].clone();
        let is_smaller = |code: RegionCode| code.level() > best.code.level();
        meant.retain(|one| {
            one.code == best.code
                || !(best.code.covers(one.code) || (one.key == best.key && is_smaller(one.code)))
        });
        match meant.len() {
            1 => Ok(best.code),
            _ => Err(UnresolvedRegion::Ambiguous(meant.into_iter().map(|one| one.code).collect())),
        }
    }

    /// The regions that a name that is none is like: those that bear a part of it, else those that the search finds.
    fn regions_like(
        &self,
        name: &str,
        mut bearers: Vec<(RegionCode, f32)>,
        within: Option<RegionCode>,
    ) -> Vec<RegionCode> {
        // The smallest is what was looked for; the others say where.
        let place = |code: RegionCode| (Reverse(code.level()), code);
        bearers.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| place(a.0).cmp(&place(b.0))));
        let mut like: Vec<RegionCode> = bearers.into_iter().map(|(code, _)| code).collect();
        if like.is_empty() {
            let found = self.search(name, within, &|_| false).into_iter();
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
