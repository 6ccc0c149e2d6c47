//! Observations: numbers of a facility, their time and their source.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    numbers::Numbers,
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
    /// The demonstration's simulated reports.
    Simulated,
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
    /// When they were true.
    pub observed_at: Timestamp,
    /// When the oldest of the rooms was counted that the numbers are the sum of, if that was earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_room_observed_at: Option<Timestamp>,
    /// Set if they are far from the numbers before, and nobody has confirmed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jump: Option<Outlier>,
}

/// The current numbers of one type at one facility, and where they came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The numbers.
    pub numbers: Numbers,
    /// When they were true.
    pub observed_at: Timestamp,
    /// When the oldest of the rooms was counted that the numbers are the sum of, if that was earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_room_observed_at: Option<Timestamp>,
    /// When the directory learned them.
    pub received_at: Timestamp,
    /// Which way they came.
    pub source: Source,
    /// Who sent them: the name of the key, shown to agents only.
    pub reporter: Arc<str>,
    /// Set if they are far from the numbers before, and nobody has confirmed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jump: Option<Outlier>,
    /// When the directory learned that so many are free, if it was told the same again since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_since: Option<Timestamp>,
}

impl Reading {
    /// When the directory learned that so many are free.
    pub fn available_since(&self) -> Timestamp {
        self.available_since.unwrap_or(self.received_at)
    }

    /// Whether an observation made at `observed_at` and received at `received_at` takes this reading's place: an
    /// older one never does; of two made at the same moment the later word counts. A reading that a wrong clock dated
    /// in the future gives way to any later word, because its date says nothing.
    pub fn superseded_by(&self, observed_at: Timestamp, received_at: Timestamp) -> bool {
        observed_at >= self.observed_at.min(received_at) || is_dated_ahead(self.observed_at, received_at)
    }
}

/// Whether `at` lies so far after `now` that a wrong clock must have said it.
pub fn is_dated_ahead(at: Timestamp, now: Timestamp) -> bool {
    at > now + CLOCK_TOLERANCE
}

/// Reads an RFC 3339 time and refuses one that lies in the future, in the words of those who live in `zone`.
pub fn observed_at(text: &str, now: Timestamp, zone: Zone, pointer: &str) -> Result<Timestamp, Rejection> {
    let time = DateTime::parse_from_rfc3339(text.trim()).map_err(|_| {
        Rejection::new(Code::InvalidTime, pointer, Message::new("not-a-time").arg("text", text.to_string()))
    })?;
    let time = time.with_timezone(&Utc).trunc_subsecs(6);
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
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2021-07-01T07:00:00Z", Ok("2021-07-01T07:00:00Z"))]
    #[case("2021-07-01T14:00:00+07:00", Ok("2021-07-01T07:00:00Z"))]
    #[case("2021-07-01T07:06:59Z", Ok("2021-07-01T07:05:00Z"))]
    #[case("2021-07-01T07:07:01Z", Err(Code::ObservedInFuture))]
    #[case("2021-07-01 14:00", Err(Code::InvalidTime))]
    #[case("1999-12-31T23:59:59Z", Err(Code::InvalidTime))]
    #[case("kemarin", Err(Code::InvalidTime))]
    fn observation_times_are_read_or_refused(#[case] text: &str, #[case] expected: Result<&str, Code>) {
        let now: Timestamp = "2021-07-01T07:05:00Z".parse().unwrap();
        let read = observed_at(text, now, Zone::Wib, "/observed_at").map_err(|rejection| rejection.code);
        assert_eq!(read, expected.map(|time| time.parse().unwrap()));
    }
}
