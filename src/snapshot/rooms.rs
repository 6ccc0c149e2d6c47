//! The rooms of hospital systems, and what they add up to.

use std::sync::Arc;

use super::Snapshot;
use crate::domain::{
    facility::FacilityId,
    resource_type::{Kind, ResourceType, TypeCode},
    room::{Room, RoomKey, RoomSum, System},
};

impl Snapshot {
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

    /// What the rooms of a facility in one system have together of one type.
    pub fn room_sum(&self, facility: FacilityId, system: System, resource: &TypeCode) -> Option<RoomSum> {
        let is_of = |room: &&Room| {
            let meant = room.code.as_deref().and_then(|code| self.type_of(code));
            meant.is_some_and(|meant| meant.code == *resource)
        };
        RoomSum::of(self.rooms_of(facility, system).map(|room| &**room).filter(is_of))
    }
}
