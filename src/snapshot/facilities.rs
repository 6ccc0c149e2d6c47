//! Looking facilities up: by id, by region, by place; and the rooms that hospital systems tell of them.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    Snapshot,
    places::{Offers, Outward, cell},
    versions::{Stamp, UNDATED},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::Seq,
        facility::{Facility, FacilityId, FacilityRef, Flag},
        freshness::Freshness,
        geo::Point,
        observation::Reading,
        region_code::RegionCode,
        resource_type::{Kind, ResourceType, TypeCode},
        room::{Room, RoomKey, RoomSum, System},
    },
};

/// A facility with its current numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct FacilityState {
    /// Its name, place and telephones.
    pub facility: Arc<Facility>,
    /// Its current numbers, sorted by type.
    pub readings: Vec<(TypeCode, Arc<Reading>)>,
    /// The last change that shows in it; `If-Match` compares this.
    pub version: Seq,
    /// When its description last changed, or a session of it was forgotten.
    pub changed_at: Timestamp,
    /// When it last came from another region.
    pub moved_at: Option<Timestamp>,
    /// Where distances to it are measured: at its sure coordinates, else at its region's point.
    pub stands: Option<Point>,
    /// When the newest that it shows became known, or one of its numbers older. Marks do not count,
    /// as they leave no trace.
    pub known_at: Timestamp,
    /// Whether it has sessions, be they over or cancelled.
    pub has_sessions: bool,
    /// Whether there are marks at it.
    pub has_marks: bool,
}

impl FacilityState {
    /// A facility of which nothing else is known.
    pub(super) fn new(facility: Facility) -> Self {
        Self {
            facility: Arc::new(facility),
            readings: Vec::new(),
            version: 0,
            changed_at: UNDATED,
            moved_at: None,
            stands: None,
            known_at: UNDATED,
            has_sessions: false,
            has_marks: false,
        }
    }

    /// The current numbers of one type.
    pub fn reading(&self, code: &TypeCode) -> Option<&Arc<Reading>> {
        let index = self.readings.binary_search_by(|(have, _)| have.cmp(code)).ok()?;
        Some(&self.readings[index].1)
    }

    /// Sets the current numbers of one type, and gives those before.
    pub(super) fn put_reading(&mut self, code: TypeCode, reading: Arc<Reading>) -> Option<Arc<Reading>> {
        match self.readings.binary_search_by(|(have, _)| have.cmp(&code)) {
            Ok(index) => Some(std::mem::replace(&mut self.readings[index].1, reading)),
            Err(index) => {
                self.readings.insert(index, (code, reading));
                None
            }
        }
    }

    /// Its coordinates, unless they are doubtful.
    pub fn sure_point(&self) -> Option<Point> {
        self.facility.point.filter(|_| !self.facility.flags.contains(&Flag::LocationDoubtful))
    }
}

impl Snapshot {
    /// Changes something at a facility. Every answer that shows it is made anew, and dated by `at` ([`UNDATED`] leaves
    /// the date alone).
    pub(super) fn change(&mut self, id: FacilityId, at: Timestamp, change: impl FnOnce(&mut FacilityState)) {
        if let Some(region) = self.facilities.get(&id).map(|state| state.facility.region) {
            let stamp = self.versions.bump_region(region, at);
            self.change_under(stamp, id, at, change);
        }
    }

    /// The same, after its region got this stamp.
    pub(super) fn change_under(
        &mut self,
        stamp: Stamp,
        id: FacilityId,
        at: Timestamp,
        change: impl FnOnce(&mut FacilityState),
    ) {
        let Some(mut state) = self.facilities.get(&id).cloned() else {
            return;
        };
        let changed = Arc::make_mut(&mut state);
        change(changed);
        changed.known_at = changed.known_at.max(at);
        self.versions.bump_cell(cell(state.stands), stamp);
        self.keep(state);
    }

    /// Keeps a facility that stands where it stood.
    pub(super) fn keep(&mut self, state: Arc<FacilityState>) {
        self.places.put(&state);
        self.facilities.insert(state.facility.id, state);
    }

    /// Lets a facility stand somewhere else.
    pub(super) fn stand(&mut self, id: FacilityId, stands: Option<Point>) {
        let Some(before) = self.facilities.get(&id).filter(|before| before.stands != stands) else {
            return;
        };
        self.places.remove(before);
        let (region, stood) = (before.facility.region, cell(before.stands));
        let stamp = self.versions.bump_region(region, UNDATED);
        self.versions.bump_cell(stood, stamp);
        self.change_under(stamp, id, UNDATED, |state| state.stands = stands);
    }

    /// Lets the facilities of a region without sure coordinates stand at the points of their regions, after one of those
    /// points may have moved.
    pub(super) fn settle(&mut self, region: RegionCode) {
        let unsure: Vec<(FacilityId, RegionCode)> = self
            .states_in(region)
            .filter(|state| state.sure_point().is_none())
            .map(|state| (state.facility.id, state.facility.region))
            .collect();
        for facilities in unsure.chunk_by(|(_, one), (_, other)| one == other) {
            let stands = self.locate(facilities[0].1).map(|located| located.point);
            for (id, _) in facilities {
                self.stand(*id, stands);
            }
        }
    }

    /// A facility, open or closed.
    pub fn facility(&self, id: FacilityId) -> Option<&Arc<FacilityState>> {
        self.facilities.get(&id)
    }

    /// A facility by whichever name the client used for it.
    pub fn resolve(&self, reference: &FacilityRef) -> Option<&Arc<FacilityState>> {
        match reference {
            FacilityRef::Id(id) => self.facility(*id),
            FacilityRef::External(external) => match self.by_external_id.get(external.as_str()) {
                Some(id) => self.facility(*id),
                // Our own ids go by this name in what we export.
                None => self.facility(FacilityId(external.as_str().strip_prefix("sedia:")?.parse().ok()?)),
            },
        }
    }

    /// All facilities by id, closed ones too.
    pub fn facilities(&self) -> impl Iterator<Item = &Arc<FacilityState>> {
        self.facilities.values()
    }

    /// The facilities of a region and below, closed ones too.
    fn states_in(&self, region: RegionCode) -> impl Iterator<Item = &Arc<FacilityState>> {
        let codes = region.descendants();
        let from = (*codes.start(), FacilityId(Uuid::nil()));
        let to = (*codes.end(), FacilityId(Uuid::max()));
        self.by_region.range(from..=to).filter_map(|(_, id)| self.facilities.get(id))
    }

    /// The open facilities of a region and below, or of the country.
    pub fn facilities_in(&self, region: Option<RegionCode>) -> impl Iterator<Item = &Arc<FacilityState>> {
        let inside = region.map(|region| self.states_in(region));
        let all = region.is_none().then(|| self.facilities.values());
        inside.into_iter().flatten().chain(all.into_iter().flatten()).filter(|state| !state.facility.closed)
    }

    /// The open facilities of the whole country that `may` be wanted by what they offer.
    pub fn facilities_that(
        &self,
        may: impl Fn(FacilityId, Offers) -> bool,
    ) -> impl Iterator<Item = &Arc<FacilityState>> {
        self.places.that(may)
    }

    /// A search for what stands around a point.
    pub fn outward(&self, centre: Point) -> Outward<'_> {
        self.places.outward(centre)
    }

    /// How far a reading of `code` can be believed now.
    pub fn freshness(&self, code: &TypeCode, reading: &Reading) -> Freshness {
        self.types.get(code).map_or(Freshness::Unknown, |resource| {
            Freshness::of(reading.numbers, reading.observed_at, resource, self.now)
        })
    }

    /// A room, also one that was removed.
    pub fn room(&self, key: &RoomKey) -> Option<&Arc<Room>> {
        self.rooms.get(key)
    }

    /// All rooms, also those that were removed; those of one facility together.
    pub fn rooms(&self) -> impl Iterator<Item = &Arc<Room>> {
        self.rooms.values()
    }

    /// The rooms after `key`, in the same order.
    pub fn rooms_after(&self, key: RoomKey) -> impl Iterator<Item = &Arc<Room>> {
        self.rooms.range((std::ops::Bound::Excluded(key), std::ops::Bound::Unbounded)).map(|(_, room)| room)
    }

    /// The rooms that a facility has in one system.
    pub fn rooms_of(&self, facility: FacilityId, system: System) -> impl Iterator<Item = &Arc<Room>> {
        self.known_rooms_of(facility, system).filter(|room| !room.removed)
    }

    /// The same, and those that were removed.
    pub fn known_rooms_of(&self, facility: FacilityId, system: System) -> impl Iterator<Item = &Arc<Room>> {
        self.rooms
            .range((facility, system, String::new())..)
            .take_while(move |((of, of_system, _), _)| (*of, *of_system) == (facility, system))
            .map(|(_, room)| room)
    }

    /// The type that an external code such as `kemenkes:38` means, if numbers of it can be reported.
    pub fn type_of(&self, code: &str) -> Option<&Arc<ResourceType>> {
        self.types.values().find(|resource| {
            !resource.retired
                && resource.kind != Kind::Vaccination
                && resource.external_codes.iter().any(|have| have == code)
        })
    }

    /// The sum of a facility's rooms of one type in one system.
    pub fn room_sum(&self, facility: FacilityId, system: System, resource: &TypeCode) -> Option<RoomSum> {
        let is_of = |room: &&Room| {
            let meant = room.code.as_deref().and_then(|code| self.type_of(code));
            meant.is_some_and(|meant| meant.code == *resource)
        };
        RoomSum::of(self.rooms_of(facility, system).map(|room| &**room).filter(is_of))
    }
}
