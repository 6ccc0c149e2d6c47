//! Counts rooms anew after something happened that changes what they add up to.

use std::collections::BTreeSet;

use crate::{
    clock::Timestamp,
    domain::{
        change::{Effect, Report},
        facility::FacilityId,
        numbers::Numbers,
        observation::{Observation, Reading, Source},
        outlier::Outlier,
        resource_type::TypeCode,
        room::{RoomSum, System},
    },
    store::UnitOfWork,
};

/// The sums that something is about to change, as they are before it.
pub(super) struct Tally(Vec<Sum>);

/// Which type of which facility, in which system.
pub(super) type SumKey = (FacilityId, System, TypeCode);

struct Sum {
    key: SumKey,
    before: Option<RoomSum>,
    /// Since when the current numbers of the type are this sum, if they are: somebody may have confirmed it since the
    /// oldest room was counted.
    current_since: Option<Timestamp>,
}

/// Why sums are counted anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// A row of a room that was in the sum.
    SameRooms,
    /// A room came into the sum, or went out of it.
    OtherRooms,
    /// The codes of a type mean other rooms now, which may be older than anything in the sum.
    OtherCodes,
}

/// What came of counting rooms anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Recount {
    /// A sum is far from the one before.
    pub(super) jumped: bool,
    /// The sums that are not current: somebody stated other numbers since their oldest room was counted.
    pub(super) waiting: Vec<SumKey>,
}

impl Tally {
    /// Notes how these sums are now.
    pub(super) fn before(unit: &UnitOfWork, keys: BTreeSet<SumKey>) -> Self {
        let note = |key: SumKey| {
            let (facility, system, resource) = &key;
            let before = unit.state().room_sum(*facility, *system, resource);
            let current = unit.state().facility(*facility).and_then(|state| state.reading(resource));
            let current = current.filter(|current| before.as_ref().is_some_and(|sum| is_sum(current, sum)));
            let current_since = current.map(|current| current.observed_at);
            Sum { key, before, current_since }
        };
        Self(keys.into_iter().map(note).collect())
    }

    /// Reports the sums that are others now because of what was true `at` a moment; only one that is of the same rooms
    /// as before can have jumped. A sum takes its own place even if it is older now, because an older room joined it; the
    /// place of what somebody else stated it takes like any other observation.
    pub(super) fn report_changed(self, unit: &mut UnitOfWork, cause: Cause, at: Timestamp) -> Recount {
        let mut outcome = Recount::default();
        for Sum { key, before, current_since } in self.0 {
            let (facility, system, resource) = key.clone();
            let after = unit.state().room_sum(facility, system, &resource);
            if after == before {
                outcome.waiting.extend((after.is_some() && current_since.is_none()).then_some(key));
                continue;
            }
            // What is older than a confirmation of the sum does not change it.
            let confirmed =
                current_since.filter(|since| Some(*since) != before.as_ref().map(|sum| sum.observed_at));
            let is_current = current_since.is_some() && confirmed.is_none_or(|confirmed| at >= confirmed);
            let (numbers, observed_at, reporter) = match (after, before) {
                (Some(sum), _) => (sum.numbers, sum.observed_at, sum.reporter),
                // The last room is gone, or its code means nothing any more: what is there now nobody says. Whatever
                // was seen since that sum was true may say it, the same rooms too if they count again.
                (None, Some(sum)) if is_current => {
                    (Numbers::UNKNOWN, sum.observed_at, unit.principal().reporter())
                }
                (None, _) => continue,
            };
            let current = unit.state().facility(facility).and_then(|state| state.reading(&resource));
            // The rooms that did not change were last known to be so when the sum was confirmed.
            let confirmed = confirmed.filter(|_| is_current && cause != Cause::OtherCodes);
            let observed_at = confirmed.unwrap_or(observed_at).max(observed_at);
            if current.is_some_and(|current| !is_current && !current.superseded_by(observed_at, unit.now())) {
                outcome.waiting.push(key);
            }
            let replaced =
                current.filter(|current| is_current || current.superseded_by(observed_at, unit.now()));
            let jump_from = if cause == Cause::SameRooms { Outlier::of } else { Outlier::kept };
            let jump = replaced.and_then(|current| jump_from(current, numbers, unit.now()));
            outcome.jumped |= jump.is_some();
            let observations = vec![Observation { resource, numbers, observed_at, jump }];
            let source = Source::Bridge;
            let report = Report { facility, source, reporter, observations, recounted: is_current };
            unit.record(Effect::Report(report));
        }
        outcome
    }
}

/// Whether the current numbers are the sum, or somebody said the same of it later.
fn is_sum(current: &Reading, sum: &RoomSum) -> bool {
    current.numbers == sum.numbers && current.observed_at >= sum.observed_at
}
