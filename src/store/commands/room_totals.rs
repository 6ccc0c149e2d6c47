//! What changed rooms do to the numbers of types: each sum that is another one now is reported.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::Duration;

use crate::{
    clock::Timestamp,
    domain::{
        change::{Effect, Report},
        facility::FacilityId,
        numbers::{Count, FIELDS, Numbers, Statement},
        observation::{CapacityTime, Observation, Reading, Source},
        outlier::Outlier,
        region::Zone,
        resource_type::TypeCode,
        room::{RoomSum, System},
    },
    store::UnitOfWork,
};

/// Which type of which facility, in which system.
pub(super) type SumKey = (FacilityId, System, TypeCode);

/// The sums that something is about to change, as they are before it.
pub(super) struct RoomTotals(BTreeMap<SumKey, Option<RoomSum>>);

/// The cause of changed sums.
#[derive(Default)]
pub(super) struct ChangedBy {
    /// The time of the row, if it was a row.
    pub(super) row_at: Option<Timestamp>,
    /// Whether the sums are of the rooms of before. Only such a sum can jump.
    pub(super) same_rooms: bool,
    /// The numbers in the row.
    pub(super) numbers: Option<Statement>,
}

impl RoomTotals {
    /// Notes how these sums are now.
    pub(super) fn before(unit: &UnitOfWork, keys: BTreeSet<SumKey>) -> Self {
        Self(keys.into_iter().map(|key| (key.clone(), sum(unit, &key))).collect())
    }

    /// Reports the sums that are others now: as of the row that changed them, if it was a row, or as of a newer row in
    /// them. Says whether one is far from the sum before.
    pub(super) fn report_changed(self, unit: &mut UnitOfWork, cause: &ChangedBy) -> bool {
        let mut is_odd = false;
        for (key, before) in &self.0 {
            let after = sum(unit, key);
            if after == *before {
                continue;
            }
            let (facility, system, resource) = key.clone();
            let other_key = (facility, system.other(), resource.clone());
            let other = sum(unit, &other_key);
            let other_before = self.0.get(&other_key).unwrap_or(&other).clone();
            let before = before.clone();
            let changed = ChangedSum { facility, resource, before, after, other_before, other };
            is_odd |= changed.report(unit, cause);
        }
        is_odd
    }
}

/// The sum of a type in one system, and that of the same beds in the other, before a change and after it.
struct ChangedSum {
    facility: FacilityId,
    resource: TypeCode,
    before: Option<RoomSum>,
    after: Option<RoomSum>,
    other_before: Option<RoomSum>,
    other: Option<RoomSum>,
}

impl ChangedSum {
    /// Reports the sum, and says whether it is far from the one before.
    fn report(self, unit: &mut UnitOfWork, cause: &ChangedBy) -> bool {
        let Self { facility, resource, before, after, other_before, other } = &self;
        let current = unit.state().facility(*facility).and_then(|state| state.reading(resource)).cloned();
        // Without rooms the numbers are unknown.
        let numbers = |sum: Option<&RoomSum>| sum.map_or(Numbers::UNKNOWN, |sum| sum.numbers);
        let said_before = numbers(before.as_ref());
        // A sum takes the place of the sum before, in whatever order rows arrive.
        let replaces = current.as_ref().filter(|current| is_sum(current, said_before, other_before.as_ref()));
        // The last room is gone, and the other system still says what is there.
        let is_left_to_other = after.is_none() && other.is_some();
        if is_left_to_other && replaces.is_none() {
            self.complete_anew(unit, current.as_deref());
            return false;
        }
        let stated = if is_left_to_other { other.as_ref() } else { after.as_ref() };
        let said = numbers(stated);
        let newest = stated.or(before.as_ref()).map(|sum| sum.newest);
        let times = [newest, cause.row_at, replaces.map(|replaced| replaced.observed_at)];
        let observed_at = times.into_iter().flatten().max().unwrap_or(unit.now()).min(unit.now());
        let reporter = stated.map_or_else(|| unit.principal().reporter(), |sum| sum.reporter.clone());
        let is_stated_again = cause.numbers.is_none_or(|numbers| !numbers.leaves_out_capacity);
        let leaves_out_capacity = if said.capacity().is_some() {
            said.capacity() == said_before.capacity() && !is_stated_again
        } else {
            // The rooms take a capacity away only if they had stated it.
            let newest_before = before.as_ref().map(|sum| sum.newest);
            let states = |current: &Arc<Reading>| {
                states_capacity(current, said_before, newest_before, other_before.as_ref())
            };
            !current.as_ref().is_some_and(states)
        };
        let zone = unit
            .state()
            .facility(*facility)
            .map_or(Zone::Wib, |state| unit.state().zone(state.facility.region));
        let times = (observed_at, unit.now());
        let kept = if leaves_out_capacity {
            Statement::without_capacity(said).resolved(current.as_deref(), times, zone, "")
        } else {
            Ok((said, CapacityTime::Same))
        };
        let is_late = current.as_ref().is_some_and(|current| !current.superseded_by(observed_at, unit.now()));
        // A capacity that the rooms disprove is no longer known. Rooms of before the last report take nothing away.
        let disproved = if is_late { CapacityTime::Never } else { CapacityTime::Same };
        let (own, capacity_observed_at) = kept.unwrap_or_else(|_| (said.without_capacity(), disproved));
        let standing = current.as_deref().filter(|_| !is_late && after.is_some());
        let completing = other.as_ref().zip(standing).filter(|(other, standing)| {
            standing.source == Source::Bridge && other.oldest > unit.now() - stale_after(unit, resource)
        });
        let numbers = completing.map_or(own, |(other, standing)| {
            let stands = |field: usize| {
                other.numbers.counts()[field].filter(|said| standing.numbers.counts()[field] == Some(*said))
            };
            completed(own, stands)
        });
        let completing = completing.map(|(other, _)| other).filter(|_| numbers != own);
        let oldest = stated.into_iter().chain(completing).map(|sum| sum.oldest).min();
        let derived_by = if own.available().is_some() { stated } else { completing };
        let mut observation = Observation {
            resource: resource.clone(),
            numbers,
            observed_at,
            capacity_observed_at,
            oldest_room_observed_at: oldest.filter(|oldest| *oldest < observed_at),
            available_derived: derived_by.is_some_and(|sum| sum.available_derived),
            jump: None,
        };
        observation.jump = current.as_ref().and_then(|current| {
            if cause.same_rooms {
                Outlier::said(current, &observation, unit.now())
            } else {
                Outlier::kept(current, numbers, unit.now()).filter(|_| !is_late)
            }
        });
        let is_odd = observation.jump.is_some();
        record(unit, *facility, reporter, observation);
        if is_late {
            self.complete_anew(unit, current.as_deref());
        }
        is_odd
    }

    /// Mends the current numbers if they are those of the other system, completed by what this one said before.
    fn complete_anew(&self, unit: &mut UnitOfWork, current: Option<&Reading>) {
        let Self { facility, resource, before, after, other_before, .. } = self;
        let (Some(current), Some(other)) = (current, other_before) else { return };
        if !is_sum(current, other.numbers, before.as_ref()) {
            return;
        }
        let own = Numbers::check(
            std::array::from_fn(|field| {
                let is_own = field == 0 || other.numbers.counts()[field].is_some();
                current.numbers.counts()[field].filter(|_| is_own)
            }),
            "",
        );
        let own = own.expect("fewer counts go together as well");
        let was_said = |field: usize| current.numbers.counts()[field].is_some();
        let says = |field: usize| after.as_ref()?.numbers.counts()[field].filter(|_| was_said(field));
        let numbers = completed(own, says);
        if numbers == current.numbers {
            return;
        }
        let completing = after.as_ref().filter(|_| numbers != own);
        let oldest = [Some(other), completing].into_iter().flatten().map(|sum| sum.oldest).min();
        let derived_by = if own.available().is_some() { Some(other) } else { completing };
        let observation = Observation {
            resource: resource.clone(),
            numbers,
            observed_at: current.observed_at,
            capacity_observed_at: current.capacity_observed_at,
            oldest_room_observed_at: oldest.filter(|oldest| *oldest < current.observed_at),
            available_derived: derived_by.is_some_and(|sum| sum.available_derived),
            jump: current.jump,
        };
        record(unit, *facility, Arc::clone(&current.reporter), observation);
    }
}

fn record(unit: &mut UnitOfWork, facility: FacilityId, reporter: Arc<str>, observation: Observation) {
    let (source, observations) = (Source::Bridge, vec![observation]);
    unit.record(Effect::Report(Report { facility, source, reporter, observations }));
}

fn sum(unit: &UnitOfWork, (facility, system, resource): &SumKey) -> Option<RoomSum> {
    unit.state().room_sum(*facility, *system, resource)
}

/// How old numbers of a type may be before they are stale.
fn stale_after(unit: &UnitOfWork, resource: &TypeCode) -> Duration {
    let hours = unit.state().resource_type(resource.as_str()).map_or(0, |resource| resource.stale_after_h);
    Duration::hours(hours.into())
}

/// The numbers, and of what they leave out what the other system `says` of a field, as far as it goes together with them.
/// The capacity stays by itself.
fn completed(own: Numbers, says: impl Fn(usize) -> Option<Count>) -> Numbers {
    (1..FIELDS.len()).fold(own, |numbers, field| {
        let mut counts = numbers.counts();
        counts[field] = counts[field].or_else(|| says(field));
        Numbers::check(counts, "").unwrap_or(numbers)
    })
}

/// Whether a later word than the sum is known of its type.
pub(super) fn is_overtaken(unit: &UnitOfWork, key: &SumKey) -> bool {
    let (facility, system, resource) = key;
    let current = unit.state().facility(*facility).and_then(|state| state.reading(resource));
    let other = unit.state().room_sum(*facility, system.other(), resource);
    current.zip(sum(unit, key)).is_some_and(|(current, sum)| {
        !is_sum(current, sum.numbers, other.as_ref()) && current.observed_at > sum.newest
    })
}

/// Whether a number is what rooms add up to. Its capacity may be what somebody else stated, and what they leave out may
/// be what the rooms of the `other` system say.
fn is_sum(current: &Reading, sum: Numbers, other: Option<&RoomSum>) -> bool {
    let is_same_capacity = sum.capacity().is_none()
        || !current.capacity_observed_at.is_same()
        || current.numbers.capacity() == sum.capacity();
    let others = other.map(|other| other.numbers.counts()).unwrap_or_default();
    let (known, said) = (current.numbers.counts(), sum.counts());
    let is_same = (1..FIELDS.len()).all(|field| {
        known[field] == said[field]
            || (said[field].is_none() && !sum.is_unknown() && known[field] == others[field])
    });
    current.source == Source::Bridge && is_same_capacity && is_same
}

/// Whether the current capacity is what rooms stated that added up to `sum`, the newest of them counted at `newest`.
fn states_capacity(
    current: &Reading,
    sum: Numbers,
    newest: Option<Timestamp>,
    other: Option<&RoomSum>,
) -> bool {
    let is_theirs = match current.capacity_observed_at {
        CapacityTime::Same => is_sum(current, sum, other),
        CapacityTime::At(at) => Some(at) == newest,
        CapacityTime::Never => false,
    };
    is_theirs && sum.capacity().is_some() && current.numbers.capacity() == sum.capacity()
}
