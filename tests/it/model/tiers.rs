//! How far a number can be believed, how well a facility fits, and who may see what.

use chrono::Duration;

use super::{
    directory::{Directory, Number},
    places::lies_in,
};

/// How far a number can be believed, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Freshness {
    Fresh,
    Aging,
    Stale,
    Unknown,
}

impl Freshness {
    pub(super) const ALL: [Self; 4] = [Self::Fresh, Self::Aging, Self::Stale, Self::Unknown];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Aging => "aging",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
        }
    }
}

/// How well something fits, best first: enough is free by fresh numbers; with aging ones; with stale ones;
/// with the places that are held; nobody knows; it is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    Fresh,
    Aging,
    Stale,
    Held,
    Unknown,
    Full,
}

impl Tier {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Aging => "aging",
            Self::Stale => "stale",
            Self::Held => "held",
            Self::Unknown => "unknown",
            Self::Full => "full",
        }
    }
}

/// Who reads an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Anybody.
    Public,
    /// An agent with a key for everything.
    Agent,
    /// An agent whose key is for one region.
    AgentOf(&'static str),
}

impl Reader {
    /// Whether this reader sees what is internal in a region; `None` is the whole country. An agent of a region
    /// sees it in the region, and what the regions above it, which contain it, have.
    pub(super) fn sees_internal_of(self, region: Option<&str>) -> bool {
        match self {
            Self::Public => false,
            Self::Agent => true,
            Self::AgentOf(own) => region.is_none_or(|region| lies_in(region, own) || lies_in(own, region)),
        }
    }
}

impl Number {
    /// Whether it says that nobody knows anything any more; the capacity may be one from before.
    pub(super) fn is_unknown(&self) -> bool {
        let capacity = self.capacity.filter(|_| self.states_capacity);
        [capacity, self.occupied, self.available, self.queue] == [None; 4]
    }
}

impl Directory {
    /// How far a number of a type can be believed now.
    pub(super) fn freshness(&self, resource: &str, number: &Number) -> Freshness {
        let known = &self.types[resource];
        let age = self.now - number.observed_at;
        if number.is_unknown() {
            Freshness::Unknown
        } else if age >= Duration::hours(known.stale_after_h) {
            Freshness::Stale
        } else if age >= Duration::hours(known.aging_after_h) {
            Freshness::Aging
        } else {
            Freshness::Fresh
        }
    }
}

/// Something that may be free, how far that can be believed, and how many of it this reader knows to be held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    pub(super) available: Option<u64>,
    pub(super) held: u64,
    pub(super) freshness: Freshness,
}

impl Offer {
    fn free(self) -> Option<u64> {
        Some(self.available?.saturating_sub(self.held))
    }
}

/// The best tier in which at least `min` (and at least one) are free, and how many are free by the numbers of
/// that tier and better ones. Before nobody knows, it may be enough with the held ones.
pub(super) fn tier(offers: &[Offer], min: u64) -> (Tier, u64) {
    let free_by = |worst: Freshness| -> u64 {
        offers.iter().filter(|offer| offer.freshness <= worst).filter_map(|offer| offer.free()).sum()
    };
    let is_enough = |worst| free_by(worst) >= min.max(1);
    let with_held: u64 = offers.iter().filter_map(|offer| offer.available).sum();
    let nobody_knows = offers.iter().any(|offer| offer.available.is_none());
    if is_enough(Freshness::Fresh) {
        (Tier::Fresh, free_by(Freshness::Fresh))
    } else if is_enough(Freshness::Aging) {
        (Tier::Aging, free_by(Freshness::Aging))
    } else if is_enough(Freshness::Stale) {
        (Tier::Stale, free_by(Freshness::Stale))
    } else if with_held >= min.max(1) {
        (Tier::Held, free_by(Freshness::Stale))
    } else if nobody_knows {
        (Tier::Unknown, free_by(Freshness::Stale))
    } else {
        (Tier::Full, free_by(Freshness::Stale))
    }
}
