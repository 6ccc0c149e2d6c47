//! Two entries of one facility become one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    facility::{FacilityChanged, MEMBERS, add_aliases, at_most, flag_doubtful, record},
    facility_rows::{keep_flags, take_part},
    report::known_facility,
    room::sum_of,
    room_totals::{ChangedBy, RoomTotals, SumKey},
};
use crate::{
    domain::{
        change::{Effect, Report},
        facility::{Facility, FacilityId, FacilityRef, Flag, Part},
        names::phone_digits,
        numbers::Statement,
        observation::{CapacityTime, Observation, Reading},
        region::Zone,
        rejection::{Code, Rejection, Rejections},
        resource_type::TypeCode,
        room::{Room, System},
    },
    locales::Message,
    snapshot::FacilityState,
    store::{Command, Receipt, UnitOfWork},
};

/// The entry that goes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// The other entry of the same facility: our id, or `system:value`.
    #[schema(example = "bpjs:0112R034")]
    pub duplicate: String,
}

/// Merges one entry of a facility into another.
pub struct MergeFacilities {
    /// The entry that stays.
    pub facility: FacilityRef,
    /// The entry that goes.
    pub duplicate: FacilityRef,
}

impl Command for MergeFacilities {
    type Outcome = FacilityChanged;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<FacilityChanged>, Rejections> {
        unit.principal().check_reports()?;
        let stays = known_facility(unit, &self.facility, "id")?;
        unit.principal().check_changes(Some(stays.facility.region))?;
        let goes = known_facility(unit, &self.duplicate, "/duplicate")?;
        unit.principal().check_changes(Some(goes.facility.region))?;
        if stays.facility.id == goes.facility.id {
            let detail = Message::new("merge-of-one").arg("name", stays.facility.name.clone());
            return Err(Rejection::new(Code::InvalidField, "/duplicate", detail).into());
        }
        let merged = merged(&stays.facility, &goes.facility, unit)?;
        let id = merged.id;
        // Ids that go over are free before they are taken.
        retire(unit, &goes.facility, id);
        for before in &goes.facility.merged {
            let before = unit.state().facility(*before).map(|state| (*state.facility).clone());
            if let Some(before) = before {
                unit.record(Effect::Facility(Facility { merged_into: Some(id), ..before }));
            }
        }
        record(unit, &merged)?;
        let summed = move_rooms(unit, goes.facility.id, id);
        move_numbers(unit, &goes, id, &summed);
        move_the_rest(unit, goes.facility.id, id);
        let version = unit.state().facility(id).map(|state| state.version);
        let body = FacilityChanged { facility: merged, version: version.unwrap_or_default() };
        Ok(Receipt { body, location: None, version })
    }
}

/// The facility with what both entries know. Where they differ the one that stays is right, unless only the other has
/// it from a person.
fn merged(stays: &Facility, goes: &Facility, unit: &UnitOfWork) -> Result<Facility, Rejection> {
    let mut merged = stays.clone();
    let new_ids = goes.external_ids.iter().filter(|id| !stays.external_ids.contains(id));
    merged.external_ids.extend(new_ids.cloned());
    at_most(&merged.external_ids, "/external_ids")?;
    let numbers: BTreeSet<_> = stays.phones.iter().map(|phone| phone_digits(&phone.number)).collect();
    let new_phones = goes.phones.iter().filter(|phone| !numbers.contains(&phone_digits(&phone.number)));
    merged.phones.extend(new_phones.cloned());
    at_most(&merged.phones, "/phones")?;
    if goes.flags.contains(&Flag::PhoneUnsure) {
        merged.flags.insert(Flag::PhoneUnsure);
    }
    let is_missing = |part| match part {
        Part::Address => stays.address.is_none(),
        Part::Point => stays.point.is_none(),
        Part::Intake => stays.intake.is_none(),
        Part::Name | Part::Kind | Part::Region | Part::Phones => false,
    };
    let mut other = goes.clone();
    for (part, _) in MEMBERS.into_iter().filter(|(part, _)| *part != Part::Phones) {
        if is_missing(part) || goes.stated.contains(&part) && !stays.stated.contains(&part) {
            take_part(&mut merged, &mut other, part);
            keep_flags(&mut merged, Some(goes), part);
        }
    }
    merged.stated.extend(&goes.stated);
    let names = goes.aliases.iter().chain([&goes.name, &stays.name]).filter(|name| **name != merged.name);
    add_aliases(&mut merged.aliases, names.cloned().collect::<Vec<_>>());
    // One entry says that the place is there.
    merged.closed &= goes.closed;
    merged.merged.extend(goes.merged.iter().copied().chain([goes.id]));
    flag_doubtful(&mut merged, unit.state());
    Ok(merged)
}

/// What stays of the entry that goes is where it went, and by which ids it was known. A telephone that it kept could
/// not be taken back any more.
fn retire(unit: &mut UnitOfWork, goes: &Facility, into: FacilityId) {
    let retired = Facility {
        merged_into: Some(into),
        merged: Vec::new(),
        closed: true,
        phones: Vec::new(),
        ..goes.clone()
    };
    unit.record(Effect::Facility(retired));
}

/// Moves the rooms. Of two with the same id a room that is used outranks one that was removed, then the later one. Where
/// both entries had rooms of a type, what they add up to is stated anew: returns these types.
fn move_rooms(unit: &mut UnitOfWork, from: FacilityId, to: FacilityId) -> BTreeSet<TypeCode> {
    let systems = System::ALL.into_iter();
    let rooms: Vec<Room> = systems
        .flat_map(|system| unit.state().known_rooms_of(from, system))
        .map(|room| Room { facility: to, ..(**room).clone() })
        .collect();
    let sums: BTreeSet<SumKey> = rooms.iter().filter_map(|room| sum_of(unit, room)).collect();
    let has_rooms = |system: System, code: &TypeCode| unit.state().room_sum(to, system, code).is_some();
    let both = |(_, system, code): &&SumKey| has_rooms(*system, code) || has_rooms(system.other(), code);
    let summed = sums.iter().filter(both).map(|key| key.2.clone()).collect();
    let totals = RoomTotals::before(unit, sums);
    for room in rooms {
        let known = unit.state().room(&(to, room.system, room.id.clone())).cloned();
        let stays = known
            .as_ref()
            .is_some_and(|known| (!known.removed, known.observed_at) >= (!room.removed, room.observed_at));
        let ended = |facility| Effect::RoomEnded { facility, system: room.system, id: room.id.clone() };
        unit.record(ended(from));
        if !stays {
            // An older room does not take the place of a newer one by itself.
            if known.is_some() {
                unit.record(ended(to));
            }
            unit.record(Effect::Room(room));
        }
    }
    totals.report_changed(unit, &ChangedBy::default());
    summed
}

/// Moves the numbers that are newer than those of the entry that stays. A capacity that was stated earlier than they were
/// observed, or with numbers that are older, is moved by itself, as of its own time.
fn move_numbers(unit: &mut UnitOfWork, goes: &FacilityState, to: FacilityId, summed: &BTreeSet<TypeCode>) {
    let now = unit.now();
    for current in goes.readings.iter().filter(|current| !summed.contains(current.code())) {
        let (code, reading) = (current.code(), &current.reading);
        let known = |unit: &UnitOfWork| unit.state().facility(to)?.reading(code).cloned();
        let is_late = known(unit).is_some_and(|known| !known.superseded_by(reading.observed_at, now));
        let said = Observation {
            resource: code.clone(),
            numbers: reading.numbers,
            observed_at: reading.observed_at,
            capacity_observed_at: CapacityTime::Same,
            oldest_room_observed_at: reading.oldest_room_observed_at,
            available_derived: reading.available_derived,
            jump: reading.jump,
        };
        if reading.capacity_observed_at.is_same() && !is_late {
            report(unit, to, reading, said);
            continue;
        }
        let capacity_at = reading.capacity_observed_at.moment(reading.observed_at);
        if let Some(observed_at) = capacity_at.filter(|_| reading.numbers.capacity().is_some()) {
            let numbers = reading.numbers.only_capacity();
            let capacity = Observation {
                numbers,
                observed_at,
                oldest_room_observed_at: None,
                available_derived: false,
                jump: None,
                ..said.clone()
            };
            report(unit, to, reading, capacity);
        }
        if is_late {
            continue;
        }
        let zone =
            unit.state().facility(to).map_or(Zone::Wib, |state| unit.state().zone(state.facility.region));
        let kept = Statement::without_capacity(reading.numbers);
        let kept = kept.resolved(known(unit).as_deref(), (reading.observed_at, now), zone, "");
        let (numbers, capacity_observed_at) =
            kept.unwrap_or_else(|_| (reading.numbers.without_capacity(), CapacityTime::Same));
        report(unit, to, reading, Observation { numbers, capacity_observed_at, ..said });
    }
}

/// Reports what somebody said of another entry.
fn report(unit: &mut UnitOfWork, facility: FacilityId, reading: &Reading, observation: Observation) {
    let (source, reporter, observations) = (reading.source, reading.reporter.clone(), vec![observation]);
    unit.record(Effect::Report(Report { facility, source, reporter, observations }));
}

/// Moves sessions, marks, keys and links.
fn move_the_rest(unit: &mut UnitOfWork, from: FacilityId, to: FacilityId) {
    let sessions: Vec<_> = unit.state().sessions_of(from).map(|state| (*state.session).clone()).collect();
    for mut session in sessions {
        session.facility = to;
        unit.record(Effect::Session(session));
    }
    let marks: Vec<_> = unit.state().marks_of(from).map(|mark| (**mark).clone()).collect();
    for mut mark in marks {
        mark.facility = to;
        unit.record(Effect::Mark(mark));
    }
    let keys = unit.state().keys().filter(|key| key.facilities.contains(&from));
    let keys: Vec<_> = keys.map(|key| (**key).clone()).collect();
    for mut key in keys {
        key.facilities.retain(|id| *id != from && *id != to);
        key.facilities.push(to);
        unit.record(Effect::Key(key));
    }
}
