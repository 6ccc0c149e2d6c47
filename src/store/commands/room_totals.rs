//! Restates the numbers of types after something happened to the rooms that they are the sums of.

use std::collections::BTreeSet;

use crate::{
    clock::Timestamp,
    domain::{
        change::{Effect, Report},
        facility::FacilityId,
        numbers::{Numbers, Statement},
        observation::{CapacityTime, Observation, Reading, Source},
        outlier::Outlier,
        region::Zone,
        resource_type::TypeCode,
        room::{RoomSum, System},
    },
    store::UnitOfWork,
};

/// A type of a facility in one system.
pub(super) type SumKey = (FacilityId, System, TypeCode);

/// The sums that something is about to change, as they are before it.
pub(super) struct RoomTotals(Vec<(SumKey, Option<RoomSum>)>);

impl RoomTotals {
    /// Notes how these sums are now.
    pub(super) fn before(unit: &UnitOfWork, keys: BTreeSet<SumKey>) -> Self {
        Self(keys.into_iter().map(|key| (key.clone(), sum(unit, &key))).collect())
    }

    /// Reports the sums that are others now: as of the row of `row_at` that changed them, if it was a row, or as of a
    /// newer row in them. Says whether one is far from the sum before; only one of the `same_rooms` can be.
    pub(super) fn report_changed(
        self,
        unit: &mut UnitOfWork,
        row_at: Option<Timestamp>,
        same_rooms: bool,
    ) -> bool {
        let mut is_odd = false;
        for (key, before) in self.0 {
            let after = sum(unit, &key);
            if after == before {
                continue;
            }
            let (facility, _, resource) = key;
            let current = unit.state().facility(facility).and_then(|state| state.reading(&resource)).cloned();
            // Without rooms nobody says what is there.
            let numbers = |sum: &Option<RoomSum>| sum.as_ref().map_or(Numbers::UNKNOWN, |sum| sum.numbers);
            let (said, said_before) = (numbers(&after), numbers(&before));
            // A sum takes the place of the sum before, in whatever order rows arrive.
            let replaces = current.as_ref().filter(|current| is_sum(current, said_before));
            let newest = [&after, &before].into_iter().flatten().map(|sum| sum.newest).next();
            let times = [newest, row_at, replaces.map(|replaced| replaced.observed_at)];
            let observed_at = times.into_iter().flatten().max().unwrap_or(unit.now()).min(unit.now());
            let reporter =
                after.as_ref().map_or_else(|| unit.principal().reporter(), |sum| sum.reporter.clone());
            let oldest = after.map(|sum| sum.oldest).filter(|oldest| *oldest < observed_at);
            // The rooms take a capacity away only if they had stated it.
            let takes_away =
                current.as_ref().is_some_and(|current| current.numbers.capacity() == said_before.capacity())
                    && said_before.capacity().is_some();
            let leaves_out_capacity = said.capacity().is_none() && !takes_away;
            let statement = Statement { numbers: said, leaves_out_capacity };
            let zone = unit
                .state()
                .facility(facility)
                .map_or(Zone::Wib, |state| unit.state().zone(state.facility.region));
            let times = (observed_at, unit.now());
            let kept = statement.resolved(current.as_deref(), times, zone, "");
            // A capacity that the rooms disprove is no longer known.
            let (numbers, capacity_observed_at) = kept.unwrap_or((said, CapacityTime::Same));
            let current = current.filter(|current| current.superseded_by(observed_at, unit.now()));
            let find = if same_rooms { Outlier::of } else { Outlier::kept };
            let jump = current.and_then(|current| find(&current, numbers, unit.now()));
            is_odd |= jump.is_some();
            let observation = Observation {
                resource,
                numbers,
                observed_at,
                capacity_observed_at,
                oldest_room_observed_at: oldest,
                jump,
            };
            let (source, observations) = (Source::Bridge, vec![observation]);
            unit.record(Effect::Report(Report { facility, source, reporter, observations }));
        }
        is_odd
    }
}

fn sum(unit: &UnitOfWork, (facility, system, resource): &SumKey) -> Option<RoomSum> {
    unit.state().room_sum(*facility, *system, resource)
}

/// Whether a later word than the sum is known of its type.
pub(super) fn is_overtaken(unit: &UnitOfWork, key: &SumKey) -> bool {
    let current = unit.state().facility(key.0).and_then(|state| state.reading(&key.2));
    current
        .zip(sum(unit, key))
        .is_some_and(|(current, sum)| !is_sum(current, sum.numbers) && current.observed_at > sum.newest)
}

/// Whether a number is what rooms add up to. A capacity that they do not say may be anybody's.
fn is_sum(current: &Reading, sum: Numbers) -> bool {
    let is_same_capacity = sum.capacity().is_none() || current.numbers.capacity() == sum.capacity();
    current.source == Source::Bridge
        && is_same_capacity
        && current.numbers.without_capacity() == sum.without_capacity()
}
