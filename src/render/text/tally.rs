//! How many facilities of an answer fit, and what is known of the others.

use crate::{
    domain::{freshness::Freshness, ranking::Tier},
    render::{
        model::{BedsAnswer, FacilityView},
        text::{
            openings::{Amount, Doubtful},
            words::Words,
        },
    },
};

/// How well facilities fit, in the order they are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// Enough is free.
    Usable,
    /// Enough was free by an old number, or one that is disputed.
    Stale,
    /// Enough is free only with the places that are held for others.
    Held,
    /// Nobody knows.
    Unknown,
    /// Not enough is free.
    Full,
}

/// The facilities of one page, counted by group.
pub(crate) struct Tally {
    groups: [(Group, Amount); 5],
    /// What is wrong with the numbers of the stale ones.
    pub(crate) doubtful: Doubtful,
    min: u32,
}

impl Tally {
    pub(crate) fn of(answer: &BedsAnswer) -> Self {
        let groups: Vec<Group> = answer.facilities.iter().map(group).collect();
        // Facilities come ranked: another page can only add to the last group of this one.
        let open = answer.next.as_ref().and(groups.last().copied());
        let counted = |wanted| {
            let count = groups.iter().filter(|group| **group == wanted).count();
            let or_more = open == Some(wanted);
            (wanted, Amount { count, or_more })
        };
        Self {
            groups: [Group::Usable, Group::Stale, Group::Held, Group::Unknown, Group::Full].map(counted),
            doubtful: doubtful(answer.facilities.iter().zip(&groups)),
            min: answer.min,
        }
    }

    /// All of them.
    pub(crate) fn all(&self) -> Amount {
        Amount {
            count: self.groups.iter().map(|(_, amount)| amount.count).sum(),
            or_more: self.groups.iter().any(|(_, amount)| amount.or_more),
        }
    }

    /// Those of one group, if there are any.
    pub(crate) fn some(&self, wanted: Group) -> Option<Amount> {
        self.groups
            .iter()
            .find(|(group, amount)| *group == wanted && amount.count > 0)
            .map(|(_, amount)| *amount)
    }

    /// Those of `first` and the groups after it in words, empty for none.
    pub(crate) fn in_words(&self, first: Group, words: Words) -> String {
        let said = |(group, amount): &(Group, Amount)| match group {
            Group::Usable => words.with_some(*amount),
            Group::Stale => words.by_old_numbers(*amount, self.doubtful),
            Group::Held => words.with_held(*amount),
            Group::Unknown => words.with_unknown(*amount),
            Group::Full => words.with_too_few(*amount, self.min),
        };
        self.groups
            .iter()
            .filter(|(group, amount)| *group >= first && amount.count > 0)
            .map(said)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Where a facility stands; the answer has decided that.
const fn group(facility: &FacilityView) -> Group {
    match facility.tier {
        Some(Tier::Fresh | Tier::Aging) => Group::Usable,
        Some(Tier::Stale) => Group::Stale,
        Some(Tier::Held) => Group::Held,
        Some(Tier::Unknown) | None => Group::Unknown,
        Some(Tier::Full) => Group::Full,
    }
}

/// What is wrong with the numbers by which those of [`Group::Stale`] have something free.
fn doubtful<'a>(facilities: impl Iterator<Item = (&'a FacilityView, &'a Group)>) -> Doubtful {
    let stale = facilities.filter(|(_, group)| **group == Group::Stale);
    let numbers = stale.flat_map(|(facility, _)| &facility.availability);
    let (mut is_old, mut is_disputed) = (false, false);
    for view in numbers.filter(|view| view.available.is_some_and(|count| count.get() > 0)) {
        is_disputed |= view.disputed;
        is_old |= !view.disputed && view.freshness == Freshness::Stale;
    }
    match (is_old, is_disputed) {
        (true, true) => Doubtful::OldOrDisputed,
        (false, true) => Doubtful::Disputed,
        (_, false) => Doubtful::Old,
    }
}
