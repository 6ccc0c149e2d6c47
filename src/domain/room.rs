//! Rooms: what hospital systems report, row by row, instead of the numbers of a type.
//!
//! The rooms of one system whose codes mean one type add up to that type's numbers. Hospitals send the
//! same beds to several systems, so rooms of different systems are never added to each other.
//!
//! The newest statement about a type wins. Each room row recomputes the sum for its type; the sum is dated by that row,
//! or by a newer row that it already includes. Removing a room, or giving its code to another type, recomputes the sum
//! too; when no room is left, the numbers are unknown. A sum competes with other reports: a clerk's later report stays
//! current until the next row, and a row observed before that report goes into the history, but for a
//! capacity that nobody stated later. Beside its own time a sum states when its oldest room was counted. A capacity that
//! the rooms do not state stays as another report stated it, unless the beds of the rooms are more than it. A count that
//! one system leaves out stays as the rooms of the other say it, if that is what stands: Aplicares never says who waits.
//!
//! The ministry asks for the beds and for those in use, and works out what is free. So do we with its rows, and mark it.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    facility::FacilityId,
    numbers::{Count, Numbers},
    observation::is_dated_ahead,
};
use crate::clock::Timestamp;

/// A system that hospitals send their rooms to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// RS Online of the ministry of health.
    Kemenkes,
    /// Aplicares of the health insurance, BPJS.
    Aplicares,
}

impl System {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Kemenkes, Self::Aplicares];

    /// The prefix of its codes in the external codes of a type.
    pub const fn codes(self) -> &'static str {
        match self {
            Self::Kemenkes => "kemenkes",
            Self::Aplicares => "aplicares",
        }
    }

    /// The prefix of its facilities in the external ids of a facility.
    pub const fn facilities(self) -> &'static str {
        match self {
            Self::Kemenkes => "kemenkes",
            Self::Aplicares => "bpjs",
        }
    }

    /// A code of it as it is stored: those of Aplicares are in capitals, and programs write them in any case.
    pub fn code(self, bare: &str) -> String {
        match self {
            Self::Kemenkes => format!("{}:{bare}", self.codes()),
            Self::Aplicares => format!("{}:{}", self.codes(), bare.to_uppercase()),
        }
    }

    /// Whether a room got this id here, because its system gave it none.
    pub fn is_given(self, id: &str) -> bool {
        match self {
            Self::Kemenkes => id.parse().is_ok_and(|id| GIVEN_IDS.contains(&id)),
            Self::Aplicares => id.contains(NO_CODE),
        }
    }

    /// The system that the same hospital may report the same beds to.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Kemenkes => Self::Aplicares,
            Self::Aplicares => Self::Kemenkes,
        }
    }
}

/// The field of RS Online that tells two rooms of one type and name apart: beds for COVID-19, and the others.
pub const COVID: &str = "covid";
/// The ids that rooms of RS Online get here: programs keep ids in columns of whole numbers of 32 bits, and the ministry's
/// own are far from these.
const GIVEN_IDS: std::ops::RangeInclusive<u64> = 1_000_000_000..=2_147_483_647;
/// What stands before the name of a room of Aplicares whose rows say no code. White space is tidied in all that a row
/// says, so that no id of a row has it.
const NO_CODE: &str = "  ";

/// The key of a room: its facility, the system, and its id in that system.
pub type RoomKey = (FacilityId, System, String);

/// A room as a hospital system last reported it: a change carries the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// The owner.
    pub facility: FacilityId,
    /// To which system the row was written.
    pub system: System,
    /// Its id in that system, or one of [`Room::ids_of`] where the system gave none.
    pub id: String,
    /// The bed class in it, as an external code such as `kemenkes:38`; None if no row stated one.
    #[serde(default)]
    pub code: Option<String>,
    /// The name that the hospital uses.
    pub name: String,
    /// Its numbers.
    #[serde(flatten)]
    pub numbers: Numbers,
    /// Whether what is free was worked out from the beds and those in use.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub available_derived: bool,
    /// The other fields of its rows, as they were sent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sent: BTreeMap<String, String>,
    /// The time at which they were true.
    pub observed_at: Timestamp,
    /// The sender: the name of the key.
    pub reporter: Arc<str>,
    /// Its system removed it at that moment. It counts no more, and no older row brings it back.
    #[serde(default)]
    pub removed: bool,
    /// The id that its system gave it at that moment: there it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
}

impl Room {
    /// The ids that a room may get which its system did not number, likeliest first.
    pub fn ids_of(&self) -> impl Iterator<Item = String> {
        let (bare, name) = (self.bare_code().unwrap_or_default(), self.name.to_lowercase());
        let (text, most) = match self.system {
            System::Kemenkes => {
                (format!("{bare}/{name}/{}", self.covid()), GIVEN_IDS.end() - GIVEN_IDS.start() + 1)
            }
            System::Aplicares => (format!("{bare}{NO_CODE}{name}"), 1),
        };
        let (system, hash) = (self.system, xxh3_64(text.as_bytes()) % most);
        (0..most).map(move |next| match system {
            System::Kemenkes => (GIVEN_IDS.start() + (hash + next) % most).to_string(),
            System::Aplicares => text.clone(),
        })
    }

    /// The bed class as its system writes it.
    pub fn bare_code(&self) -> Option<&str> {
        self.code.as_deref()?.split_once(':').map(|(_, bare)| bare)
    }

    /// The mark of RS Online for beds that are for COVID-19; they are not if it was never sent.
    pub fn covid(&self) -> &str {
        self.sent.get(COVID).map_or("0", String::as_str)
    }

    /// Whether it has this name: databases compare names without regard to capitals.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.to_lowercase() == name.to_lowercase()
    }

    /// Whether a row that names no id may mean either.
    pub fn is_alike(&self, other: &Self) -> bool {
        self.code == other.code && self.is_named(&other.name) && self.covid() == other.covid()
    }

    /// Works out what is free as the ministry does, where its row does not say it.
    pub fn derive_available(&mut self) {
        let [capacity, occupied, available, queue] = self.numbers.counts();
        if let (System::Kemenkes, Some(capacity), Some(occupied), None) =
            (self.system, capacity, occupied, available)
        {
            let free = Count::new(capacity.get() - occupied.get());
            let counts = [Some(capacity), Some(occupied), free, queue];
            self.numbers = Numbers::check(counts, "").expect("the free and the occupied are the capacity");
            self.available_derived = true;
        }
    }

    /// The room as one that was removed.
    #[must_use]
    pub fn removed(&self, at: Timestamp, reporter: Arc<str>) -> Self {
        let numbers = Numbers::UNKNOWN;
        Self { numbers, available_derived: false, observed_at: at, reporter, removed: true, ..self.clone() }
    }

    /// What is left under its id once its system has given it another.
    #[must_use]
    pub fn renumbered(&self, id: String, at: Timestamp, reporter: Arc<str>) -> Self {
        Self { successor: Some(id), ..self.removed(at, reporter) }
    }

    /// Whether it was counted after `observed_at`, the time of a row received at `now`. One that a wrong clock dated in
    /// the future was not.
    pub fn is_newer_than(&self, observed_at: Timestamp, now: Timestamp) -> bool {
        self.observed_at.min(now) > observed_at && !is_dated_ahead(self.observed_at, now)
    }

    /// Whether its system numbered it.
    pub fn is_numbered(&self) -> bool {
        !self.system.is_given(&self.id)
    }

    /// Its identity.
    pub fn key(&self) -> RoomKey {
        (self.facility, self.system, self.id.clone())
    }
}

/// The sum of the rooms of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomSum {
    /// The sum of the numbers; a count that any of the rooms does not state is unknown.
    pub numbers: Numbers,
    /// Whether what is free was worked out for any of the rooms.
    pub available_derived: bool,
    /// When the newest of the rooms was counted.
    pub newest: Timestamp,
    /// The time at which the oldest of the rooms was counted.
    pub oldest: Timestamp,
    /// Who sent the newest of them.
    pub reporter: Arc<str>,
}

impl RoomSum {
    /// Adds rooms up; nothing for no rooms.
    pub fn of<'a>(rooms: impl IntoIterator<Item = &'a Room>) -> Option<Self> {
        let rooms: Vec<&Room> = rooms.into_iter().collect();
        let oldest = rooms.iter().map(|room| room.observed_at).min()?;
        let newest = rooms.iter().max_by_key(|room| room.observed_at)?;
        let add = |count: fn(Numbers) -> Option<Count>| {
            let counts: Option<Vec<u32>> =
                rooms.iter().map(|room| count(room.numbers).map(Count::get)).collect();
            // An impossible sum counts as unknown.
            let sum = counts?.into_iter().try_fold(0, u32::checked_add)?;
            Count::new(sum)
        };
        let counts = [Numbers::capacity, Numbers::occupied, Numbers::available, Numbers::queue].map(add);
        let numbers = Numbers::check(counts, "").expect("what holds for every room holds for all together");
        let is_derived = rooms.iter().any(|room| room.available_derived);
        let available_derived = is_derived && numbers.available().is_some();
        let reporter = Arc::clone(&newest.reporter);
        Some(Self { numbers, available_derived, newest: newest.observed_at, oldest, reporter })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;

    fn room(counts: [Option<u32>; 4], minute: i64) -> Room {
        Room {
            facility: FacilityId(Uuid::nil()),
            system: System::Kemenkes,
            id: "1".to_owned(),
            code: Some("kemenkes:6".to_owned()),
            name: "ICU".to_owned(),
            numbers: Numbers::check(counts.map(|count| count.and_then(Count::new)), "").unwrap(),
            available_derived: false,
            sent: BTreeMap::new(),
            observed_at: Timestamp::UNIX_EPOCH + chrono::Duration::minutes(minute),
            reporter: format!("key {minute}").into(),
            removed: false,
            successor: None,
        }
    }

    #[rstest]
    #[case(&[[Some(4), Some(3), Some(1), Some(0)]], [Some(4), Some(3), Some(1), Some(0)])]
    #[case(&[[Some(4), Some(3), Some(1), Some(0)], [Some(6), Some(6), Some(0), Some(2)]], [Some(10), Some(9), Some(1), Some(2)])]
    // One that does not say makes the sum unknown, and no other.
    #[case(&[[Some(4), Some(3), None, Some(0)], [Some(6), Some(5), Some(1), None]], [Some(10), Some(8), None, None])]
    #[case(&[[None; 4], [Some(6), Some(5), Some(1), Some(0)]], [None; 4])]
    #[case(&[[Some(900_000), None, None, None], [Some(900_000), None, None, None]], [None; 4])]
    fn rooms_add_up(#[case] rooms: &[[Option<u32>; 4]], #[case] expected: [Option<u32>; 4]) {
        let rooms: Vec<Room> = rooms.iter().zip([20, 10]).map(|(counts, at)| room(*counts, at)).collect();
        let sum = RoomSum::of(&rooms).unwrap();
        let numbers = sum.numbers;
        let counts = [numbers.capacity(), numbers.occupied(), numbers.available(), numbers.queue()];
        assert_eq!(counts.map(|count| count.map(Count::get)), expected);
        assert_eq!(sum.newest, rooms[0].observed_at);
        assert_eq!(sum.oldest, rooms.last().unwrap().observed_at);
        assert_eq!(&*sum.reporter, "key 20");
    }

    #[test]
    fn no_rooms_have_no_sum() {
        assert_eq!(RoomSum::of([]), None);
    }

    #[rstest]
    #[case::worked_out([Some(10), Some(4), None, None], Some(6), true)]
    #[case::full([Some(10), Some(10), None, None], Some(0), true)]
    #[case::stated([Some(10), Some(4), Some(5), None], Some(5), false)]
    #[case::beds_unknown([None, Some(4), None, None], None, false)]
    #[case::use_unknown([Some(10), None, None, None], None, false)]
    fn the_ministry_works_out_what_is_free(
        #[case] counts: [Option<u32>; 4],
        #[case] free: Option<u32>,
        #[case] derived: bool,
    ) {
        let mut kemenkes = room(counts, 0);
        let mut aplicares = Room { system: System::Aplicares, ..kemenkes.clone() };
        kemenkes.derive_available();
        aplicares.derive_available();
        assert_eq!(
            (kemenkes.numbers.available().map(Count::get), kemenkes.available_derived),
            (free, derived)
        );
        assert_eq!(aplicares.numbers.available(), counts[2].and_then(Count::new));
        let sum = RoomSum::of([&kemenkes, &room([Some(1), Some(1), Some(0), None], 0)]).unwrap();
        assert_eq!(sum.available_derived, derived);
    }

    #[test]
    fn ids_that_are_given_here_fit_into_a_column_of_whole_numbers() {
        let ward = room([None; 4], 0);
        let ids: Vec<i32> = ward.ids_of().take(3).map(|id| id.parse().unwrap()).collect();
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
        for id in ids {
            assert!(!Room { id: id.to_string(), ..ward.clone() }.is_numbered());
        }
        for id in ["1", "42114749", "2147483648", "A1"] {
            assert!(Room { id: id.to_owned(), ..ward.clone() }.is_numbered());
        }
        let covid = Room { sent: [(COVID.to_owned(), "1".to_owned())].into(), ..ward.clone() };
        assert_ne!(covid.ids_of().next(), ward.ids_of().next());
        let shouted = Room { name: "icu".to_owned(), ..ward.clone() };
        assert_eq!(shouted.ids_of().next(), ward.ids_of().next());
    }
}
