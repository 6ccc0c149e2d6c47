//! Numbers that jump: so far from the number before that a slip of the finger is likelier than the truth.
//!
//! A jump is never a reason to refuse what a system says, and the number counts like any other. It is
//! remembered beside the number until somebody confirms it, or until the number is back near where it was.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    numbers::{Count, FIELDS, Numbers},
    observation::{Observation, Reading},
};
use crate::clock::Timestamp;

/// A difference of fewer places than this is no jump.
const LEAST: u32 = 10;
/// The larger of the two is more than so many times the smaller. A third digit, or a digit too few, always is.
const TIMES: u32 = 3;
/// A number that stays where it jumped to for so long is believed.
const BELIEVED_AFTER: Duration = Duration::days(7);

/// The fact that the current numbers jumped and that nobody has confirmed them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outlier {
    /// The numbers before.
    pub from: Numbers,
    /// When the directory learned the first number that was far from them.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// Which of the four numbers jumps, with the counts before and after; None if none does. What is unknown on
/// one side has not jumped.
pub fn jumping(before: Numbers, after: Numbers) -> Option<(&'static str, Count, Count)> {
    let pairs = FIELDS.into_iter().zip(before.counts().into_iter().zip(after.counts()));
    let known = pairs.filter_map(|(field, (before, after))| Some((field, before?, after?)));
    known.into_iter().find(|(_, before, after)| is_far(before.get(), after.get()))
}

fn is_far(one: u32, other: u32) -> bool {
    let (less, more) = (one.min(other), one.max(other));
    more - less >= LEAST && more > TIMES * less
}

impl Outlier {
    /// The jump to remember if what was `said`, received at `at` and confirmed by nobody, is known beside `current`. A
    /// report that is too late for the other numbers may still state the capacity.
    pub fn said(current: &Reading, said: &Observation, at: Timestamp) -> Option<Self> {
        if current.superseded_by(said.observed_at, at) {
            return Self::of(current, said.numbers, at);
        }
        let stated_at = said.capacity_observed_at.moment(said.observed_at)?;
        let numbers = current.with_late_capacity(said.numbers.capacity(), stated_at, at)?;
        jumping(current.numbers, numbers).map(|_| Self { from: current.numbers, at })
    }

    /// The jump to remember if `numbers`, received at `at` and confirmed by nobody, take the place of
    /// `current`.
    pub fn of(current: &Reading, numbers: Numbers, at: Timestamp) -> Option<Self> {
        match Self::doubted(current, at) {
            Some(jump) => jump.unless_undone(numbers),
            None => jumping(current.numbers, numbers).map(|_| Self { from: current.numbers, at }),
        }
    }

    /// The jump of `current` to go on remembering if `numbers` that count something else take its place: what they
    /// differ by is no jump.
    pub fn kept(current: &Reading, numbers: Numbers, at: Timestamp) -> Option<Self> {
        Self::doubted(current, at)?.unless_undone(numbers)
    }

    fn doubted(current: &Reading, at: Timestamp) -> Option<Self> {
        current.jump.filter(|jump| at - jump.at < BELIEVED_AFTER)
    }

    /// Repeating the number does not confirm it. Returning to the old range removes the doubt.
    fn unless_undone(self, numbers: Numbers) -> Option<Self> {
        jumping(self.from, numbers).map(|_| self)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::observation::{CapacityTime, Source};

    fn numbers(capacity: Option<u32>, available: Option<u32>) -> Numbers {
        Numbers::check([capacity, None, available, None].map(|count| count.and_then(Count::new)), "").unwrap()
    }

    #[rstest]
    #[case::third_digit(3, 33, true)]
    #[case::digit_too_few(33, 3, true)]
    #[case::ward_that_opens(0, 10, true)]
    #[case::few(0, 9, false)]
    #[case::small_ward(2, 11, false)]
    #[case::three_times(10, 30, false)]
    #[case::more_than_three_times(10, 31, true)]
    #[case::busy_night(60, 22, false)]
    #[case::the_same(500, 500, false)]
    fn far_is_ten_and_three_times(#[case] before: u32, #[case] after: u32, #[case] jumps: bool) {
        let (before, after) = (numbers(None, Some(before)), numbers(None, Some(after)));
        assert_eq!(jumping(before, after).map(|(field, ..)| field), jumps.then_some("available"));
    }

    #[test]
    fn the_unknown_does_not_jump() {
        assert_eq!(jumping(numbers(None, None), numbers(Some(900), Some(900))), None);
        assert_eq!(jumping(numbers(Some(900), Some(900)), numbers(Some(900), None)), None);
        let (field, before, after) = jumping(numbers(Some(20), None), numbers(Some(200), None)).unwrap();
        assert_eq!((field, before.get(), after.get()), ("capacity", 20, 200));
    }

    #[test]
    fn a_jump_is_remembered_until_it_is_undone_or_old() {
        let at = |hours| Timestamp::UNIX_EPOCH + Duration::hours(hours);
        let free = |count| numbers(None, Some(count));
        let reading = |count, jump| Reading {
            numbers: free(count),
            observed_at: at(0),
            received_at: at(0),
            capacity_received_at: None,
            source: Source::Bridge,
            reporter: "".into(),
            capacity_observed_at: CapacityTime::Same,
            oldest_room_observed_at: None,
            available_derived: false,
            jump,
            available_since: None,
        };
        let jump = Outlier::of(&reading(3, None), free(33), at(1));
        assert_eq!(jump, Some(Outlier { from: free(3), at: at(1) }));
        assert_eq!(Outlier::of(&reading(33, jump), free(34), at(2)), jump);
        assert_eq!(Outlier::of(&reading(33, jump), free(4), at(2)), None);
        assert_eq!(Outlier::of(&reading(33, jump), free(34), at(24 * 8)), None);
        // Another room that joined a sum neither jumps nor undoes a jump.
        assert_eq!(Outlier::kept(&reading(33, jump), free(38), at(2)), jump);
        assert_eq!(Outlier::kept(&reading(3, None), free(38), at(2)), None);
    }
}
