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
//! the rooms do not state stays as another report stated it, unless the beds of the rooms are more than it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
}

/// The key of a room: its facility, the system, and its id in that system.
pub type RoomKey = (FacilityId, System, String);

/// A room as a hospital system last reported it: a change carries the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// The owner.
    pub facility: FacilityId,
    /// To which system the row was written.
    pub system: System,
    /// Its id in that system, or [`Room::id_of`] where the system gave none.
    pub id: String,
    /// The bed class in it, as an external code such as `kemenkes:38`; None if no row stated one.
    #[serde(default)]
    pub code: Option<String>,
    /// The name that the hospital uses.
    pub name: String,
    /// Its numbers.
    #[serde(flatten)]
    pub numbers: Numbers,
    /// The time at which they were true.
    pub observed_at: Timestamp,
    /// The sender: the name of the key.
    pub reporter: Arc<str>,
    /// Its system removed it at that moment. It counts no more, and no older row brings it back.
    #[serde(default)]
    pub removed: bool,
}

impl Room {
    /// The id of a room that its system did not number.
    pub fn id_of(code: Option<&str>, name: &str) -> String {
        let bare = code.and_then(|code| code.split_once(':')).map_or("", |(_, bare)| bare);
        format!("{bare}/{name}")
    }

    /// The room as one that was removed.
    #[must_use]
    pub fn removed(&self, at: Timestamp, reporter: Arc<str>) -> Self {
        Self { numbers: Numbers::UNKNOWN, observed_at: at, reporter, removed: true, ..self.clone() }
    }

    /// Whether it was counted after `observed_at`, the time of a row received at `now`. One that a wrong clock dated in
    /// the future was not.
    pub fn is_newer_than(&self, observed_at: Timestamp, now: Timestamp) -> bool {
        self.observed_at.min(now) > observed_at && !is_dated_ahead(self.observed_at, now)
    }

    /// Whether its system numbered it.
    pub fn is_numbered(&self) -> bool {
        self.id != Self::id_of(self.code.as_deref(), &self.name)
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
        Some(Self { numbers, newest: newest.observed_at, oldest, reporter: Arc::clone(&newest.reporter) })
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
            observed_at: Timestamp::UNIX_EPOCH + chrono::Duration::minutes(minute),
            reporter: format!("key {minute}").into(),
            removed: false,
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
}
