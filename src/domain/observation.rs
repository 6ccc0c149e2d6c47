//! Observations: numbers of a facility, their time and their source.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    moment::{self, DateOrder},
    numbers::{Count, Numbers, Statement},
    outlier::Outlier,
    region::Zone,
    rejection::{Code, Rejection},
    resource_type::TypeCode,
};
use crate::{
    clock::{CLOCK_TOLERANCE, Timestamp},
    locales::Message,
};

/// Which way a number came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The facility's own people.
    Facility,
    /// A hospital information system.
    Bridge,
    /// A list of many facilities.
    Bulk,
    /// A coordinator of the region.
    Coordinator,
    /// A call-centre agent, after a call.
    AgentCall,
    /// A text message from a number that the facility reports with.
    Message,
    /// The demonstration's simulated reports.
    Simulated,
}

/// When a capacity was stated. It stays while the other numbers change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Option<Timestamp>", into = "Option<Timestamp>")]
pub enum CapacityTime {
    /// When the other numbers were, by the same report. It is left out where it is written down.
    #[default]
    Same,
    /// By another report.
    At(Timestamp),
    /// Nobody has stated it.
    Never,
}

impl CapacityTime {
    /// Whether it was stated with the other numbers.
    pub fn is_same(&self) -> bool {
        *self == Self::Same
    }

    /// The moment itself, beside other numbers of `observed_at`; None if nobody has stated the capacity.
    pub fn moment(self, observed_at: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Same => Some(observed_at),
            Self::At(at) => Some(at),
            Self::Never => None,
        }
    }
}

impl From<Option<Timestamp>> for CapacityTime {
    fn from(at: Option<Timestamp>) -> Self {
        at.map_or(Self::Never, Self::At)
    }
}

impl From<CapacityTime> for Option<Timestamp> {
    fn from(time: CapacityTime) -> Self {
        match time {
            CapacityTime::At(at) => Some(at),
            CapacityTime::Same | CapacityTime::Never => None,
        }
    }
}

/// The numbers of one type at one facility at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The type that was counted.
    #[serde(rename = "type")]
    pub resource: TypeCode,
    /// The numbers.
    #[serde(flatten)]
    pub numbers: Numbers,
    /// The time at which they were true.
    pub observed_at: Timestamp,
    /// When the capacity was stated.
    #[serde(default, skip_serializing_if = "CapacityTime::is_same")]
    pub capacity_observed_at: CapacityTime,
    /// When the oldest of the rooms was counted that the numbers are the sum of, if that was earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_room_observed_at: Option<Timestamp>,
    /// Whether what is free was worked out from the capacity and what is in use, as the ministry's display does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub available_derived: bool,
    /// Set if they are far from the numbers before, and nobody has confirmed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jump: Option<Outlier>,
}

/// The current numbers of one type at one facility, and where they came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The numbers.
    pub numbers: Numbers,
    /// The time at which they were true.
    pub observed_at: Timestamp,
    /// When the capacity was stated, which is no later.
    #[serde(default, skip_serializing_if = "CapacityTime::is_same")]
    pub capacity_observed_at: CapacityTime,
    /// When the oldest of the rooms was counted that the numbers are the sum of, if that was earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_room_observed_at: Option<Timestamp>,
    /// Whether what is free was worked out from the capacity and what is in use, as the ministry's display does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub available_derived: bool,
    /// When the directory learned them.
    pub received_at: Timestamp,
    /// When the directory learned the capacity, if a report stated it that was too late for the other numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_received_at: Option<Timestamp>,
    /// The way by which they came.
    pub source: Source,
    /// Who sent them: the name of the key, shown to agents only.
    pub reporter: Arc<str>,
    /// Set if they are far from the numbers before, and nobody has confirmed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jump: Option<Outlier>,
    /// When `available` got its current value. Set only if a later report repeated that value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_since: Option<Timestamp>,
}

impl Reading {
    /// Whether the last report said that nobody knows anything; a capacity from before stays all the same.
    pub fn is_unknown(&self) -> bool {
        let is_said = self.capacity_observed_at.is_same();
        if is_said { self.numbers.is_unknown() } else { self.numbers.without_capacity().is_unknown() }
    }

    /// When the capacity was stated, compared with the other numbers: it is the same moment whichever report it was.
    pub fn capacity_time(&self) -> CapacityTime {
        match self.capacity_observed_at {
            CapacityTime::At(at) if at == self.observed_at => CapacityTime::Same,
            time => time,
        }
    }

    /// When the capacity was stated; None if nobody has stated it.
    fn capacity_stated_at(&self) -> Option<Timestamp> {
        self.capacity_observed_at.moment(self.observed_at)
    }

    /// When the directory last learned something of it.
    pub fn known_at(&self) -> Timestamp {
        self.capacity_received_at.map_or(self.received_at, |at| at.max(self.received_at))
    }

    /// When the directory learned that so many are free.
    pub fn available_since(&self) -> Timestamp {
        self.available_since.unwrap_or(self.received_at)
    }

    /// Whether an observation made at `observed_at` and received at `received_at` takes this reading's place: an
    /// older one never does; of two made at the same moment the later word counts. A reading that a wrong clock dated
    /// in the future gives way to any later word, because its date says nothing.
    pub fn superseded_by(&self, observed_at: Timestamp, received_at: Timestamp) -> bool {
        is_superseded(self.observed_at, observed_at, received_at)
    }

    /// What stands once `said` is known, too: its occupied, available and queue take the place of the `current` ones
    /// unless they are older, and so does its capacity, by its own time. None if nothing of it becomes current.
    pub fn superseding(current: Option<&Self>, said: Self) -> Option<Self> {
        let Some(current) = current else { return Some(said) };
        let since = Some(current.available_since());
        if current.superseded_by(said.observed_at, said.received_at) {
            let is_same = current.numbers.available() == said.numbers.available();
            // A capacity that was left out was filled in already.
            return Some(Self { available_since: since.filter(|_| is_same), ..said });
        }
        let stated_at = said.capacity_stated_at()?;
        Some(Self {
            numbers: current.with_late_capacity(said.numbers.capacity(), stated_at, said.received_at)?,
            capacity_observed_at: CapacityTime::At(stated_at),
            capacity_received_at: Some(said.received_at),
            jump: said.jump.or(current.jump),
            ..current.clone()
        })
    }

    /// These numbers with a capacity that was stated at `stated_at`, by a report that is too late for the other
    /// numbers. None if that capacity does not become current.
    pub fn with_late_capacity(
        &self,
        capacity: Option<Count>,
        stated_at: Timestamp,
        received_at: Timestamp,
    ) -> Option<Numbers> {
        if let Some(known_at) = self.capacity_stated_at()
            && (!is_superseded(known_at, stated_at, received_at)
                || (known_at, self.numbers.capacity()) == (stated_at, capacity))
        {
            return None;
        }
        // Later numbers tell that it was no longer so.
        self.numbers.with_capacity(capacity, "").ok()
    }
}

impl Statement {
    /// The numbers as of `observed_at`, and when their capacity was stated: one that is left out is the `current` one, as
    /// far as that was stated by then. Refused where such a capacity is less than what is used and free.
    pub fn resolved(
        self,
        current: Option<&Reading>,
        (observed_at, received_at): (Timestamp, Timestamp),
        zone: Zone,
        pointer: &str,
    ) -> Result<(Numbers, CapacityTime), Rejection> {
        if !self.leaves_out_capacity {
            return Ok((self.numbers, CapacityTime::Same));
        }
        let kept = current.and_then(|current| {
            let stated_at = current.capacity_stated_at()?;
            let stands = stated_at <= observed_at || current.superseded_by(observed_at, received_at);
            stands.then(|| (current.numbers.capacity(), stated_at.min(observed_at)))
        });
        let Some((capacity, stated_at)) = kept else {
            return Ok((self.numbers, CapacityTime::Never));
        };
        let numbers = self.numbers.with_capacity(capacity, pointer).map_err(|rejection| {
            let detail = Message::new("above-capacity-kept")
                .arg("said", rejection.detail)
                .arg("capacity", capacity.map_or(0, Count::get))
                .arg("moment", zone.minute(stated_at));
            Rejection { detail, ..rejection }
        })?;
        Ok((numbers, CapacityTime::At(stated_at)))
    }
}

/// Whether a word of `observed_at`, received at `received_at`, takes the place of one of `known_at`.
fn is_superseded(known_at: Timestamp, observed_at: Timestamp, received_at: Timestamp) -> bool {
    observed_at >= known_at.min(received_at) || is_dated_ahead(known_at, received_at)
}

/// Whether `at` lies so far after `now` that it must come from a wrong clock.
pub fn is_dated_ahead(at: Timestamp, now: Timestamp) -> bool {
    at > now + CLOCK_TOLERANCE
}

/// Reads a time, RFC 3339 or as the clocks of `zone` show it, and refuses one that lies in the future in the words of
/// those who live there.
pub fn observed_at(text: &str, now: Timestamp, zone: Zone, pointer: &str) -> Result<Timestamp, Rejection> {
    let written = moment::read(text, DateOrder::Unsure).and_then(|written| written.within(zone));
    let time = written.ok_or_else(|| {
        Rejection::new(Code::InvalidTime, pointer, Message::new("not-a-time").arg("text", text.to_string()))
    })?;
    let time = time.trunc_subsecs(6);
    let said = zone.minute(time);
    if is_dated_ahead(time, now) {
        let now = zone.minute(now);
        return Err(Rejection::new(
            Code::ObservedInFuture,
            pointer,
            Message::new("observed-in-future").arg("said", said.clone()).arg("now", now.clone()),
        ));
    }
    let earliest = DateTime::from_timestamp(946_684_800, 0).expect("the year 2000 exists");
    if time < earliest {
        return Err(Rejection::new(
            Code::InvalidTime,
            pointer,
            Message::new("time-before-2000").arg("said", said.clone()),
        ));
    }
    // Inside the tolerance the sender's clock is merely fast: nothing was true after we heard of it.
    Ok(time.min(now))
}

#[cfg(test)]
#[expect(clippy::option_option, reason = "left out, null and a number are three things")]
mod tests {
    use rstest::rstest;

    use super::*;

    fn numbers(counts: [Option<u32>; 4]) -> Numbers {
        Numbers::check(counts.map(|count| count.and_then(Count::new)), "").unwrap()
    }

    fn at(hour: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + chrono::Duration::hours(hour)
    }

    fn reading(counts: [Option<u32>; 4], hour: i64, capacity_hour: Option<i64>) -> Reading {
        Reading {
            numbers: numbers(counts),
            observed_at: at(hour),
            capacity_observed_at: capacity_hour.map(at).into(),
            oldest_room_observed_at: None,
            available_derived: false,
            received_at: at(20),
            capacity_received_at: None,
            source: Source::Facility,
            reporter: "".into(),
            jump: None,
            available_since: None,
        }
    }

    /// Capacity 20 of 10 o'clock, the rest of 14 o'clock; then reports, each received at 20 o'clock.
    #[rstest]
    #[case::left_out(16, None, [Some(15), Some(4)], Ok((Some(20), Some(10), 16)))]
    #[case::stated(16, Some(Some(25)), [Some(15), Some(4)], Ok((Some(25), Some(16), 16)))]
    #[case::unknown(16, Some(None), [Some(15), Some(4)], Ok((None, Some(16), 16)))]
    #[case::late_and_left_out(12, None, [Some(15), Some(4)], Ok((Some(20), Some(10), 14)))]
    #[case::late_and_stated(12, Some(Some(25)), [Some(15), Some(4)], Ok((Some(25), Some(12), 14)))]
    #[case::late_and_unknown(12, Some(None), [Some(15), Some(4)], Ok((None, Some(12), 14)))]
    #[case::older_than_the_capacity(9, Some(Some(25)), [Some(15), Some(4)], Ok((Some(20), Some(10), 14)))]
    #[case::older_and_left_out(9, None, [Some(25), Some(4)], Ok((Some(20), Some(10), 14)))]
    #[case::disproved_since(12, Some(Some(6)), [Some(2), Some(4)], Ok((Some(20), Some(10), 14)))]
    #[case::impossible(16, None, [Some(17), Some(4)], Err(()))]
    #[case::impossible_then(12, None, [Some(17), Some(4)], Err(()))]
    fn the_capacity_has_a_time_of_its_own(
        #[case] hour: i64,
        #[case] capacity: Option<Option<u32>>,
        #[case] rest: [Option<u32>; 2],
        #[case] expected: Result<(Option<u32>, Option<i64>, i64), ()>,
    ) {
        let current = reading([Some(20), Some(15), Some(5), Some(1)], 14, Some(10));
        let numbers = numbers([capacity.flatten(), rest[0], rest[1], None]);
        let said = Statement { numbers, leaves_out_capacity: capacity.is_none() };
        let stands = said.resolved(Some(&current), (at(hour), at(20)), Zone::Wib, "/x").map(|resolved| {
            let (numbers, stated_at) = resolved;
            let said = Reading { numbers, capacity_observed_at: stated_at, ..reading([None; 4], hour, None) };
            let stands = Reading::superseding(Some(&current), said).unwrap_or_else(|| current.clone());
            (stands.numbers.capacity().map(Count::get), stands.capacity_stated_at(), stands.observed_at)
        });
        let stands = stands.map_err(|rejection| assert_eq!(rejection.code, Code::AboveCapacity));
        assert_eq!(stands, expected.map(|(count, stated, observed)| (count, stated.map(at), at(observed))));
    }

    #[rstest]
    #[case::stated_before_all(Some(Some(20)), (Some(20), Some(at(9))))]
    #[case::left_out(None, (None, None))]
    fn a_capacity_that_nobody_stated_gives_way_to_any(
        #[case] capacity: Option<Option<u32>>,
        #[case] expected: (Option<u32>, Option<Timestamp>),
    ) {
        let current = reading([None, None, Some(5), None], 14, None);
        let numbers = numbers([capacity.flatten(), None, Some(2), None]);
        let said = Statement { numbers, leaves_out_capacity: capacity.is_none() };
        let (numbers, stated_at) = said.resolved(Some(&current), (at(9), at(20)), Zone::Wib, "").unwrap();
        let said = Reading { numbers, capacity_observed_at: stated_at, ..reading([None; 4], 9, None) };
        let stands = Reading::superseding(Some(&current), said).unwrap_or(current);
        assert_eq!((stands.numbers.capacity().map(Count::get), stands.capacity_stated_at()), expected);
        assert_eq!(stands.numbers.available().map(Count::get), Some(5));
    }

    #[rstest]
    #[case("2021-07-01T07:00:00Z", Ok("2021-07-01T07:00:00Z"))]
    #[case("2021-07-01T14:00:00+07:00", Ok("2021-07-01T07:00:00Z"))]
    #[case("2021-07-01T07:06:59Z", Ok("2021-07-01T07:05:00Z"))]
    #[case("2021-07-01T07:07:01Z", Err(Code::ObservedInFuture))]
    #[case::of_the_clock_on_the_wall("2021-07-01 14:00", Ok("2021-07-01T07:00:00Z"))]
    #[case::of_a_wrong_clock("2021-07-01 15:00", Err(Code::ObservedInFuture))]
    #[case::two_readings("07/01/2021 14:00", Err(Code::InvalidTime))]
    #[case("1999-12-31T23:59:59Z", Err(Code::InvalidTime))]
    #[case("kemarin", Err(Code::InvalidTime))]
    fn observation_times_are_read_or_refused(#[case] text: &str, #[case] expected: Result<&str, Code>) {
        let now: Timestamp = "2021-07-01T07:05:00Z".parse().unwrap();
        let read = observed_at(text, now, Zone::Wib, "/observed_at").map_err(|rejection| rejection.code);
        assert_eq!(read, expected.map(|time| time.parse().unwrap()));
    }
}
