//! The resources of simulated facilities, and how they report them.

use rand::RngExt;

use super::plan::{Dice, chance};
use crate::{
    clock::Timestamp,
    domain::{
        numbers::{Count, Numbers},
        resource_type::TypeCode,
    },
    snapshot::Snapshot,
};

/// How long occupancy takes to rise and fall again.
const WAVE_S: i64 = 20 * 60;

/// Types with the least and the most places that a facility of a class has.
type Class = &'static [(&'static str, u32, u32)];

pub(super) const LARGE: Class = &[
    ("bed.vip", 10, 30),
    ("bed.class1", 20, 60),
    ("bed.class2", 30, 80),
    ("bed.class3", 60, 160),
    ("bed.icu", 6, 16),
    ("bed.icu_vent", 8, 20),
    ("bed.hcu", 6, 14),
    ("bed.iccu_vent", 4, 8),
    ("bed.nicu", 4, 10),
    ("bed.picu", 4, 8),
    ("bed.perinatology", 6, 16),
    ("bed.isolation", 4, 12),
    ("bed.er", 12, 30),
    ("bed.delivery", 4, 10),
    ("bed.covid.icu_neg_vent", 6, 16),
    ("bed.covid.icu_vent", 4, 10),
    ("bed.covid.isolation_neg", 10, 30),
    ("bed.covid.isolation", 20, 60),
];

pub(super) const MIDDLE: Class = &[
    ("bed.vip", 4, 12),
    ("bed.class1", 10, 30),
    ("bed.class2", 12, 40),
    ("bed.class3", 30, 90),
    ("bed.icu", 3, 8),
    ("bed.icu_vent", 2, 8),
    ("bed.nicu", 2, 6),
    ("bed.isolation", 2, 8),
    ("bed.er", 6, 16),
    ("bed.covid.icu_neg_vent", 2, 6),
    ("bed.covid.isolation_neg", 4, 14),
    ("bed.covid.isolation", 8, 30),
];

pub(super) const SMALL: Class = &[
    ("bed.class1", 4, 12),
    ("bed.class2", 6, 16),
    ("bed.class3", 10, 40),
    ("bed.icu", 1, 4),
    ("bed.er", 3, 8),
    ("bed.covid.isolation", 2, 10),
];

pub(super) const MATERNITY: Class = &[
    ("bed.class1", 3, 8),
    ("bed.class3", 6, 16),
    ("bed.delivery", 2, 6),
    ("bed.perinatology", 4, 10),
    ("bed.nicu", 1, 4),
];

pub(super) const HEALTH_CENTRE: Class = &[("bed.er", 2, 5), ("bed.delivery", 1, 3), ("bed.class3", 4, 12)];

pub(super) const ISOLATION_SITE: Class =
    &[("isolation.male", 10, 60), ("isolation.female", 10, 60), ("isolation.family", 4, 20)];

/// The way in which a facility reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    /// It never reported.
    Never,
    /// It reports that it is full, and nothing more.
    Full,
    /// Its last report is this old, and nobody sends another.
    Old {
        /// How old it was when the demonstration was filled.
        hours: u32,
    },
    /// It reported that it no longer knows.
    Withdrawn,
    /// It keeps reporting.
    Moving,
}

impl Habit {
    /// The habit that the dice give; `silent` percent never report.
    pub(super) fn thrown(dice: &mut Dice, silent: u32) -> Self {
        if chance(dice, silent) {
            return Self::Never;
        }
        match dice.random_range(1..=100_u8) {
            1..=10 => Self::Full,
            11..=17 => Self::Old { hours: dice.random_range(5..=11) },
            18..=24 => Self::Old { hours: dice.random_range(13..=120) },
            25..=28 => Self::Withdrawn,
            _ => Self::Moving,
        }
    }

    /// Whether it still sends reports.
    pub(super) const fn goes_on(self) -> bool {
        matches!(self, Self::Full | Self::Moving)
    }
}

/// The numbers that a facility reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    All,
    OnlyAvailable,
    NotAvailable,
}

/// The places of one type.
#[derive(Debug, Clone)]
pub(super) struct Beds {
    pub(super) code: TypeCode,
    capacity: u32,
    /// How many of a thousand are in use in the middle of the wave, and how far the wave goes.
    usual: i64,
    swing: i64,
    /// Where in the wave it begins, in seconds.
    phase: i64,
    tells: Tells,
}

impl Beds {
    /// The beds of a class, without types that the directory does not have.
    pub(super) fn of(class: Class, dice: &mut Dice, snapshot: &Snapshot) -> Vec<Self> {
        let tells = match dice.random_range(1..=100_u8) {
            1..=8 => Tells::OnlyAvailable,
            9..=14 => Tells::NotAvailable,
            _ => Tells::All,
        };
        let phase = dice.random_range(0..WAVE_S);
        class
            .iter()
            .filter_map(|(code, least, most)| {
                let resource = snapshot.resource_type(code).filter(|resource| !resource.retired);
                Some(Self {
                    capacity: dice.random_range(*least..=*most),
                    usual: dice.random_range(550..=950),
                    swing: dice.random_range(100..=300),
                    phase: phase + dice.random_range(0..=240),
                    tells,
                    code: resource?.code.clone(),
                })
            })
            .collect()
    }

    /// The same beds, never all in use, with all numbers stated.
    pub(super) fn never_full(self) -> Self {
        Self { capacity: self.capacity.max(4), usual: 600, swing: 150, tells: Tells::All, ..self }
    }

    /// The numbers that a facility of this habit reports at `now`.
    pub(super) fn numbers(&self, habit: Habit, now: Timestamp) -> Numbers {
        let occupied = self.occupied(now);
        let (capacity, occupied, available) =
            (Some(self.capacity), Some(occupied), Some(self.capacity - occupied));
        let told = match (habit, self.tells) {
            (Habit::Never | Habit::Withdrawn, _) => [None; 4],
            (Habit::Full, _) => [None, None, Some(0), None],
            (_, Tells::All) => [capacity, occupied, available, Some(self.queue(now))],
            (_, Tells::OnlyAvailable) => [None, None, available, None],
            (_, Tells::NotAvailable) => [capacity, None, None, None],
        };
        Numbers::check(told.map(|count| count.and_then(Count::new)), "")
            .expect("occupied and available add up to the capacity")
    }

    fn occupied(&self, now: Timestamp) -> u32 {
        let per_mille = self.usual + self.swing * wave(now.timestamp() + self.phase) / 1000;
        let occupied = i64::from(self.capacity) * per_mille.clamp(0, 1000) / 1000;
        u32::try_from(occupied).map_or(self.capacity, |occupied| occupied.min(self.capacity))
    }

    /// People wait in the emergency department when it is full.
    fn queue(&self, now: Timestamp) -> u32 {
        let waits = self.code.as_str() == "bed.er" && self.occupied(now) == self.capacity;
        if waits { self.capacity / 3 } else { 0 }
    }
}

/// The wave at a second: from -1000 up to 1000 and back.
fn wave(second: i64) -> i64 {
    let half = WAVE_S / 2;
    let place = second.rem_euclid(WAVE_S);
    let risen = if place < half { place } else { WAVE_S - place };
    risen * 2000 / half - 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wave_rises_and_falls() {
        assert_eq!([0, 300, 600, 900, 1200, -300].map(wave), [-1000, 0, 1000, 0, -1000, 0]);
    }

    #[test]
    fn what_is_never_full_always_has_something_free() {
        let beds = Beds {
            code: TypeCode::parse("bed.icu_vent", "").unwrap(),
            capacity: 1,
            usual: 950,
            swing: 300,
            phase: 17,
            tells: Tells::NotAvailable,
        }
        .never_full();
        for second in 0..1200 {
            let now = Timestamp::from_timestamp(second, 0).unwrap();
            assert!(beds.numbers(Habit::Moving, now).available().unwrap().get() > 0);
        }
    }
}
