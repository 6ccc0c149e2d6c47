//! The order of facilities in an answer.
//!
//! 1. **Tier**: it fits and the number is fresh; it fits and the number is aging; it fits but the number
//!    is stale; it fits but its places are held for others; its number is unknown; it is full. A stale number never
//!    stands among fresh ones, and a facility that may have a place stands before one that says it has none.
//! 2. **Distance** from the asked place, if one was asked for.
//! 3. **How much is free**, more first (by the numbers that made the tier).
//! 4. The id, so that the order is total and pages never overlap.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{facility::FacilityId, freshness::Freshness};

/// How well a facility answers the question. Sorts from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Enough is free by a fresh number.
    Fresh,
    /// Enough is free by an aging number.
    Aging,
    /// Enough was free by a stale number.
    Stale,
    /// Enough is free only with the places that are held for others.
    Held,
    /// The number of free places is unknown.
    Unknown,
    /// Known, and not enough.
    Full,
}

impl Tier {
    /// Whether enough is free, as far as anybody knows.
    pub fn fits(self) -> bool {
        self <= Self::Held
    }

    /// Whether enough is free by numbers that are not stale, and held for nobody.
    pub fn is_usable(self) -> bool {
        self <= Self::Aging
    }
}

/// How many suitable places one facility has free, by how far the numbers can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Free {
    fresh: u32,
    aging: u32,
    stale: u32,
    held: u32,
    unknown: bool,
}

impl Free {
    /// Adds the number of one type; `held` of the free places are held for others.
    #[must_use]
    pub fn with(mut self, available: Option<u32>, held: u32, freshness: Freshness) -> Self {
        let Some(count) = available.filter(|_| freshness < Freshness::Unknown) else {
            return Self { unknown: true, ..self };
        };
        let held = held.min(count);
        self.held += held;
        match freshness {
            Freshness::Fresh => self.fresh += count - held,
            Freshness::Aging => self.aging += count - held,
            _ => self.stale += count - held,
        }
        self
    }

    /// A facility that never reported.
    pub const NEVER_REPORTED: Self = Self { fresh: 0, aging: 0, stale: 0, held: 0, unknown: true };

    /// The best tier in which at least `min` (and at least one) are free, and how many are free by the
    /// numbers of that tier and better ones, held places apart.
    pub fn tier(self, min: u32) -> (Tier, u32) {
        let min = min.max(1);
        let all = self.fresh + self.aging + self.stale;
        let sums = [(Tier::Fresh, self.fresh), (Tier::Aging, self.fresh + self.aging), (Tier::Stale, all)];
        match sums.into_iter().find(|(_, free)| *free >= min) {
            Some(found) => found,
            None if all + self.held >= min => (Tier::Held, all),
            None if self.unknown => (Tier::Unknown, all),
            None => (Tier::Full, all),
        }
    }
}

/// The sort key of one facility in one answer; smaller is better. It is also what a cursor remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rank(pub Tier, pub Option<u32>, pub std::cmp::Reverse<u32>, pub FacilityId);

impl Rank {
    /// A facility of `tier`, `metres` away, with `free` places.
    pub fn new(tier: Tier, metres: Option<u32>, free: u32, id: FacilityId) -> Self {
        Self(tier, metres, std::cmp::Reverse(free), id)
    }
}

/// The sort key of one facility in an answer about sessions: of its sessions that answer the question, the
/// best tier, then the distance, the day of the first one in that tier, and how much is left of it. A session
/// whose number nobody knows is possible, after those known to have places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SessionRank(
    pub Tier,
    pub Option<u32>,
    pub chrono::NaiveDate,
    pub std::cmp::Reverse<u32>,
    pub FacilityId,
);

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;

    #[rstest]
    #[case(&[(Some(3), Freshness::Fresh)], 1, (Tier::Fresh, 3))]
    #[case(&[(Some(3), Freshness::Aging)], 1, (Tier::Aging, 3))]
    #[case(&[(Some(3), Freshness::Stale)], 1, (Tier::Stale, 3))]
    #[case(&[(Some(3), Freshness::Fresh)], 4, (Tier::Full, 3))]
    #[case(&[(Some(3), Freshness::Fresh), (Some(9), Freshness::Stale)], 1, (Tier::Fresh, 3))]
    #[case(&[(Some(3), Freshness::Fresh), (Some(9), Freshness::Stale)], 4, (Tier::Stale, 12))]
    #[case(&[(Some(2), Freshness::Fresh), (Some(2), Freshness::Aging)], 4, (Tier::Aging, 4))]
    #[case(&[(Some(0), Freshness::Fresh)], 0, (Tier::Full, 0))]
    #[case(&[(Some(0), Freshness::Fresh), (None, Freshness::Fresh)], 1, (Tier::Unknown, 0))]
    #[case(&[(None, Freshness::Unknown)], 0, (Tier::Unknown, 0))]
    #[case(&[], 1, (Tier::Full, 0))]
    fn tiers(#[case] numbers: &[(Option<u32>, Freshness)], #[case] min: u32, #[case] expected: (Tier, u32)) {
        let free = numbers
            .iter()
            .fold(Free::default(), |free, (available, freshness)| free.with(*available, 0, *freshness));
        assert_eq!(free.tier(min), expected);
    }

    #[rstest]
    #[case(3, 2, 1, (Tier::Fresh, 1))]
    #[case(3, 2, 2, (Tier::Held, 1))]
    #[case(3, 2, 4, (Tier::Full, 1))]
    #[case(1, 1, 1, (Tier::Held, 0))]
    #[case(1, 3, 1, (Tier::Held, 0))]
    #[case(0, 1, 1, (Tier::Full, 0))]
    fn held_places_come_last_of_those_that_fit(
        #[case] available: u32,
        #[case] held: u32,
        #[case] min: u32,
        #[case] expected: (Tier, u32),
    ) {
        assert_eq!(Free::default().with(Some(available), held, Freshness::Fresh).tier(min), expected);
        let with_stale = Free::default().with(Some(available), held, Freshness::Fresh);
        let with_stale = with_stale.with(Some(9), 0, Freshness::Stale).tier(min).0;
        assert_eq!(with_stale, expected.0.min(Tier::Stale));
    }

    #[test]
    fn freshness_then_distance_then_how_much_is_free() {
        let id = |n| FacilityId(Uuid::from_u128(n));
        let order = [
            Rank::new(Tier::Fresh, Some(1_000), 1, id(9)),
            Rank::new(Tier::Fresh, Some(5_000), 9, id(8)),
            Rank::new(Tier::Fresh, Some(5_000), 2, id(1)),
            Rank::new(Tier::Fresh, Some(5_000), 2, id(2)),
            Rank::new(Tier::Aging, Some(10), 50, id(3)),
            Rank::new(Tier::Stale, Some(1), 99, id(4)),
            Rank::new(Tier::Held, Some(1), 0, id(7)),
            Rank::new(Tier::Unknown, Some(1), 0, id(5)),
            Rank::new(Tier::Full, Some(1), 0, id(6)),
        ];
        assert!(order.is_sorted());
    }
}
