//! Numbers of many facilities added up. A sum of none is unknown, not zero.

use std::ops::{AddAssign, SubAssign};

use super::{
    freshness::Freshness,
    numbers::{Count, Numbers, Sum},
};

/// A sum, and how many facilities it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    sum: Sum,
    facilities: u32,
}

impl Tally {
    /// The sum, if anybody knew a number.
    pub fn sum(self) -> Option<Sum> {
        (self.facilities > 0).then_some(self.sum)
    }

    /// How many facilities knew a number.
    pub const fn facilities(self) -> u32 {
        self.facilities
    }

    fn count(&mut self, count: Option<Count>) {
        if let Some(count) = count {
            self.sum = self.sum + count;
            self.facilities += 1;
        }
    }
}

/// The sum of the numbers that facilities state for one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// The number of places.
    pub capacity: Tally,
    /// How many are in use.
    pub occupied: Tally,
    /// How many are free, stale numbers included.
    pub available: Tally,
    /// How much of `available` comes from stale numbers.
    pub available_stale: Tally,
    /// How many are in use where the capacity is known.
    pub occupied_of_capacity: Tally,
    /// How many are free where the capacity is known.
    pub available_of_capacity: Tally,
    /// The number of people who wait.
    pub queue: Tally,
    /// How many facilities have the type.
    pub facilities: u32,
    /// How many of them have at least one free.
    pub facilities_available: u32,
    /// How many of them have stale numbers.
    pub facilities_stale: u32,
}

impl Total {
    /// Counts a facility that states one number of the type.
    pub fn count(&mut self, numbers: Numbers, freshness: Freshness) {
        let [capacity, occupied, available, queue] = numbers.counts();
        let is_stale = freshness == Freshness::Stale;
        self.capacity.count(capacity);
        self.occupied.count(occupied);
        self.available.count(available);
        self.available_stale.count(available.filter(|_| is_stale));
        self.occupied_of_capacity.count(capacity.and(occupied));
        self.available_of_capacity.count(capacity.and(available));
        self.queue.count(queue);
        self.facilities += 1;
        self.facilities_available += u32::from(available.is_some_and(|count| count.get() > 0));
        self.facilities_stale += u32::from(is_stale);
    }

    /// Counts a facility that states many numbers of the type, or none: those of its sessions.
    pub fn count_all(&mut self, stated: impl IntoIterator<Item = (Numbers, Freshness)>) {
        let mut all = Self::default();
        stated.into_iter().for_each(|(numbers, freshness)| all.count(numbers, freshness));
        // It is one facility, however many numbers it states.
        all.tallies().into_iter().for_each(|tally| tally.facilities = tally.facilities.min(1));
        all.counts().into_iter().for_each(|count| *count = (*count).min(1));
        *self += Self { facilities: 1, ..all };
    }

    fn tallies(&mut self) -> [&mut Tally; 7] {
        [
            &mut self.capacity,
            &mut self.occupied,
            &mut self.available,
            &mut self.available_stale,
            &mut self.occupied_of_capacity,
            &mut self.available_of_capacity,
            &mut self.queue,
        ]
    }

    fn counts(&mut self) -> [&mut u32; 3] {
        [&mut self.facilities, &mut self.facilities_available, &mut self.facilities_stale]
    }
}

impl AddAssign for Total {
    fn add_assign(&mut self, mut other: Self) {
        for (tally, more) in self.tallies().into_iter().zip(other.tallies()) {
            tally.sum += more.sum;
            tally.facilities += more.facilities;
        }
        for (count, more) in self.counts().into_iter().zip(other.counts()) {
            *count += *more;
        }
    }
}

/// Takes back what was added before.
impl SubAssign for Total {
    fn sub_assign(&mut self, mut other: Self) {
        for (tally, less) in self.tallies().into_iter().zip(other.tallies()) {
            tally.sum -= less.sum;
            tally.facilities -= less.facilities;
        }
        for (count, less) in self.counts().into_iter().zip(other.counts()) {
            *count -= *less;
        }
    }
}
