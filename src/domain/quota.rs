//! How often somebody may do something: so many at once, and one more each while (the generic cell rate algorithm).
//!
//! One moment is all that is remembered of a quota: when it is whole again if nothing more is taken from it.

use chrono::TimeDelta;

use crate::clock::Timestamp;

/// So many at once, and one more each while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    at_once: i32,
    every: TimeDelta,
}

/// What is left of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// How many are allowed now.
    pub now: i32,
    /// How long until it is one more; nothing if the quota is whole.
    pub more_in: TimeDelta,
}

impl Quota {
    /// `at_once`, and one more after each `every`.
    pub const fn new(at_once: i32, every: TimeDelta) -> Self {
        Self { at_once, every }
    }

    /// How many are allowed at once.
    pub const fn at_once(self) -> i32 {
        self.at_once
    }

    /// After what time one more is allowed.
    pub const fn every(self) -> TimeDelta {
        self.every
    }

    /// The time in which a quota that is used up is whole again.
    pub fn window(self) -> TimeDelta {
        self.every * self.at_once
    }

    /// The latest moment at which it may be whole again so that one more is allowed `now`.
    pub fn latest(self, now: Timestamp) -> Timestamp {
        now + self.every * (self.at_once - 1)
    }

    /// When it is whole again if one more is taken `now`; None if that is too many.
    pub fn take(self, whole_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
        (whole_at <= self.latest(now)).then(|| whole_at.max(now) + self.every)
    }

    /// What is left `now` of a quota that is whole again at some moment.
    pub fn left(self, whole_at: Timestamp, now: Timestamp) -> Left {
        if whole_at <= now {
            return Left { now: self.at_once, more_in: TimeDelta::zero() };
        }
        let (missing, every) = ((whole_at - now).num_microseconds(), self.every.num_microseconds());
        let (missing, every) = (missing.unwrap_or(i64::MAX), every.unwrap_or(i64::MAX));
        let taken = (missing - 1) / every + 1;
        let taken = i32::try_from(taken).unwrap_or(i32::MAX).min(self.at_once);
        let more_in = TimeDelta::microseconds(missing) - self.every * (taken - 1);
        Left { now: self.at_once - taken, more_in }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const QUOTA: Quota = Quota::new(5, TimeDelta::minutes(2));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::default() + TimeDelta::seconds(seconds)
    }

    #[test]
    fn so_many_at_once_and_then_one_each_while() {
        let mut whole_at = Timestamp::default();
        for taken in 1..=5 {
            whole_at = QUOTA.take(whole_at, at(7)).unwrap();
            assert_eq!(whole_at, at(7 + 120 * taken));
        }
        for too_early in [7, 126] {
            assert_eq!(QUOTA.take(whole_at, at(too_early)), None);
        }
        whole_at = QUOTA.take(whole_at, at(127)).unwrap();
        assert_eq!(QUOTA.take(whole_at, at(127)), None);
        assert_eq!(QUOTA.take(whole_at, at(10_000)), Some(at(10_120)), "never more than at once");
    }

    #[rstest]
    #[case::whole(0, 5, 0)]
    #[case::long_ago(-1_000, 5, 0)]
    #[case::one_taken(120, 4, 120)]
    #[case::a_second_later(119, 4, 119)]
    #[case::two_taken(121, 3, 1)]
    #[case::all_taken(600, 0, 120)]
    #[case::nearly_one_more(481, 0, 1)]
    #[case::one_more(480, 1, 120)]
    #[case::by_a_clock_that_is_ahead(700, 0, 220)]
    fn what_is_left_is_told(#[case] whole_in: i64, #[case] left: i32, #[case] more_in: i64) {
        let told = QUOTA.left(at(whole_in), at(0));
        assert_eq!(told, Left { now: left, more_in: TimeDelta::seconds(more_in) });
        assert_eq!(QUOTA.take(at(whole_in), at(0)).is_some(), left > 0);
    }
}
