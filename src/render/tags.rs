//! Tags: what an answer depends on, so that a cache before the nodes can forget it when that changes.
//!
//! An answer carries two at most: one for everything, and one for the region it was asked about, or for the country. A
//! number that changes concerns its region and those above it. What else changes is rare, and concerns everything.

use std::{collections::BTreeSet, fmt};

use crate::domain::{change::ChangeKind, region_code::RegionCode};

/// On every answer.
const EVERYTHING: &str = "sedia";
/// On answers that look beyond one region.
const COUNTRY: &str = "sedia-country";
/// So many tags go into one header; more are everything.
const MOST: usize = 200;

/// The part of the directory whose numbers an answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbers {
    /// Numbers of anywhere.
    #[default]
    Country,
    /// Those of a region.
    Region(RegionCode),
    /// None: names, regions and types.
    None,
}

impl Numbers {
    /// The tags of an answer that shows them, with this between two.
    pub fn tags(self, between: char) -> String {
        match self {
            Self::Country => format!("{EVERYTHING}{between}{COUNTRY}"),
            Self::Region(code) => format!("{EVERYTHING}{between}{}", region(code)),
            Self::None => EVERYTHING.to_owned(),
        }
    }
}

/// Some tags.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags(BTreeSet<String>);

impl Tags {
    /// What concerns everything.
    pub fn everything() -> Self {
        Self([EVERYTHING.to_owned()].into())
    }

    /// What a change in a region concerns. What is known of no region concerns everything.
    pub fn of_change(kind: ChangeKind, code: Option<RegionCode>) -> Self {
        use ChangeKind::{Mark, MarkEnded, Report, Session, SessionReport};
        let is_number = matches!(kind, Report | SessionReport | Session | Mark | MarkEnded);
        let Some(code) = code.filter(|_| is_number) else { return Self::everything() };
        let up = std::iter::successors(Some(code), |code| code.parent());
        Self(up.map(region).chain([COUNTRY.to_owned()]).collect())
    }

    /// Adds others.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
        if self.0.len() > MOST || self.0.contains(EVERYTHING) {
            *self = Self::everything();
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// With spaces between them, as caches are told to forget them.
impl fmt::Display for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
    }
}

fn region(code: RegionCode) -> String {
    format!("{EVERYTHING}-{code}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text, "").unwrap()
    }

    #[test]
    fn what_changes_a_number_is_on_every_answer_that_shows_it() {
        let changed = Tags::of_change(ChangeKind::Report, Some(code("33.74.10")));
        assert_eq!(changed.to_string(), "sedia-33 sedia-33.74 sedia-33.74.10 sedia-country");
        let shows = |numbers: Numbers| numbers.tags(' ').split(' ').any(|tag| changed.0.contains(tag));
        assert!(shows(Numbers::Country));
        assert!(["33", "33.74", "33.74.10"].iter().all(|above| shows(Numbers::Region(code(above)))));
        assert!(!shows(Numbers::Region(code("33.22"))) && !shows(Numbers::None));
        assert_eq!(Tags::of_change(ChangeKind::Facility, Some(code("33.74.10"))), Tags::everything());
        assert_eq!(Tags::of_change(ChangeKind::SessionForgotten, None), Tags::everything());
    }

    #[test]
    fn more_tags_than_a_header_holds_are_everything() {
        let mut tags = Tags::default();
        for regency in 1..=99 {
            let code = code(&format!("33.{regency:02}.01"));
            tags.extend(Tags::of_change(ChangeKind::Report, Some(code)));
        }
        assert_eq!((tags.0.len(), tags.is_empty()), (200, false));
        tags.extend(Tags::of_change(ChangeKind::Report, Some(code("11.01"))));
        assert_eq!(tags, Tags::everything());
    }
}
