//! Rooms of hospital systems: the commands that state and remove one, and what that does to the numbers of types.

use std::{collections::BTreeSet, sync::Arc};

use serde::Serialize;

use super::report::authorized;
use crate::{
    clock::Timestamp,
    domain::{
        change::{Effect, Report},
        facility::{FacilityId, FacilityRef},
        numbers::{Numbers, Statement},
        observation::{CapacityTime, Observation, Reading, Source},
        outlier::Outlier,
        region::Zone,
        rejection::{Code, Rejection, Rejections},
        resource_type::TypeCode,
        room::{Room, RoomSum, System},
        text::wire_name,
    },
    locales::Message,
    snapshot::{FacilityState, Snapshot},
    store::{Command, Receipt, UnitOfWork},
};

/// How many rooms one facility may have in one system.
const MOST_ROOMS: usize = 1_000;

/// The room that a row is about. Later rows of a system may leave out what its first row stated.
#[derive(Debug, Clone)]
pub struct RoomName {
    /// The owner.
    pub facility: FacilityRef,
    /// Which parameter or header names the facility.
    pub facility_pointer: &'static str,
    /// The system that reports it.
    pub system: System,
    /// Its id there.
    pub id: Option<String>,
    /// The bed class in it, as an external code such as `kemenkes:38`.
    pub code: Option<String>,
    /// The name that the hospital uses.
    pub name: Option<String>,
}

/// States the numbers of a room; it is added if it is new.
pub struct PutRoom {
    /// The room.
    pub room: RoomName,
    /// Its numbers.
    pub numbers: Statement,
    /// When they were true; now, if not given.
    pub observed_at: Option<Timestamp>,
}

/// Removes a room.
pub struct EndRoom {
    /// The room.
    pub room: RoomName,
    /// When it was no longer there; now, if not given.
    pub observed_at: Option<Timestamp>,
}

/// The outcome of a row.
#[derive(Debug, Clone, Serialize)]
pub struct RoomReceipt {
    /// The facility.
    pub facility: FacilityId,
    /// Its id.
    pub room: String,
    /// The type it counts for; null while no type names its code.
    #[serde(rename = "type")]
    pub resource: Option<TypeCode>,
    /// The effect.
    pub outcome: RoomOutcome,
}

/// The effect of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomOutcome {
    /// The room has these numbers now.
    Stored,
    /// The same, and the sum of its type is far from the one before: the review list shows it.
    Odd,
    /// The room is no longer there.
    Removed,
    /// Nothing: a newer row, or a newer statement about the type, was known. Only a capacity that nobody stated
    /// later counts; the rest went into the history.
    Late,
}

impl Command for PutRoom {
    type Outcome = RoomReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<RoomReceipt>, Rejections> {
        let facility = self.room.facility(unit)?.facility.id;
        let known = self.room.find(unit.state(), facility)?;
        let observed_at = self.observed_at.unwrap_or(unit.now()).min(unit.now());
        let said_before = known.clone().or_else(|| self.room.of_id(unit.state(), facility).cloned());
        let mut room =
            self.room.room(facility, said_before.as_deref(), self.numbers.numbers, observed_at, unit)?;
        let now = unit.now();
        let is_newer = move |other: &&Arc<Room>| other.is_newer_than(observed_at, now);
        let is_sure = known.as_ref().is_some_and(|known| Some(&known.id) == self.room.id.as_ref());
        let removed_since =
            || self.room.removed(unit.state(), &room).find(|removed| !is_sure && is_newer(removed));
        let newer = known.as_ref().filter(is_newer).or_else(removed_since).cloned();
        let late = newer.is_some();
        if let Some(newer) = newer {
            room.id.clone_from(&newer.id);
        }
        if let Some(known) = known.as_ref().filter(|_| self.numbers.leaves_out_capacity && !late) {
            // A capacity that the rest of the row disproves is no longer known.
            let kept = room.numbers.with_capacity(known.numbers.capacity(), "");
            room.numbers = kept.unwrap_or(room.numbers);
        }
        if known.is_none() && !late && unit.state().rooms_of(facility, self.room.system).count() >= MOST_ROOMS
        {
            return Err(too_many().into());
        }
        let sums = known.as_deref().into_iter().chain([&room]).filter_map(|room| sum_of(unit, room));
        let totals = RoomTotals::before(unit, sums.collect::<BTreeSet<_>>());
        let same_code = known.as_ref().map(|known| known.code.clone());
        if let Some(known) = known.filter(|known| !late && known.id != room.id) {
            // Its system has numbered it since.
            unit.record(Effect::Room(known.removed(observed_at, Arc::clone(&room.reporter))));
        }
        let same_rooms = same_code.is_some_and(|code| code == room.code);
        unit.record(Effect::Room(room.clone()));
        forget_removed(unit, facility, self.room.system);
        let row = ChangedBy { row_at: Some(observed_at), same_rooms, numbers: Some(self.numbers) };
        let is_odd = totals.report_changed(unit, &row);
        let outcome = match sum_of(unit, &room) {
            _ if late => RoomOutcome::Late,
            Some(key) if is_overtaken(unit, &key) => RoomOutcome::Late,
            _ if is_odd => RoomOutcome::Odd,
            _ => RoomOutcome::Stored,
        };
        Ok(receipt(unit, &room, outcome))
    }
}

impl Command for EndRoom {
    type Outcome = RoomReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<RoomReceipt>, Rejections> {
        let facility = self.room.facility(unit)?.facility.id;
        let room = self.room.find(unit.state(), facility)?.ok_or_else(|| self.room.unknown())?;
        let observed_at = self.observed_at.unwrap_or(unit.now()).min(unit.now());
        let late = room.is_newer_than(observed_at, unit.now());
        let totals = RoomTotals::before(unit, sum_of(unit, &room).into_iter().collect());
        let removed = room.removed(observed_at, unit.principal().reporter());
        unit.record(Effect::Room(removed.clone()));
        totals.report_changed(unit, &ChangedBy { row_at: Some(observed_at), ..ChangedBy::default() });
        let outcome = match sum_of(unit, &removed) {
            _ if late => RoomOutcome::Late,
            Some(key) if is_overtaken(unit, &key) => RoomOutcome::Late,
            _ => RoomOutcome::Removed,
        };
        Ok(receipt(unit, &removed, outcome))
    }
}

/// Forgets the rooms that were removed longest ago, as far as there are too many.
fn forget_removed(unit: &mut UnitOfWork, facility: FacilityId, system: System) {
    let known = || unit.state().known_rooms_of(facility, system);
    let surplus = known().count().saturating_sub(MOST_ROOMS);
    if surplus == 0 {
        return;
    }
    let mut removed: Vec<_> = known().filter(|room| room.removed).cloned().collect();
    removed.sort_by_key(|room| room.observed_at);
    for room in removed.into_iter().take(surplus) {
        unit.record(Effect::RoomEnded { facility, system, id: room.id.clone() });
    }
}

impl RoomName {
    fn facility(&self, unit: &UnitOfWork) -> Result<Arc<FacilityState>, Rejection> {
        authorized(unit, &self.facility, self.facility_pointer, None)
    }

    /// The room that is meant, if it is known: by its id, else by what is in it and how it is called. A row with an id
    /// may mean a room that had none so far, but never one with another id; one that says nothing but a name means the
    /// only room of that name.
    fn find(&self, state: &Snapshot, facility: FacilityId) -> Result<Option<Arc<Room>>, Rejection> {
        if let Some(room) = self.of_id(state, facility).filter(|room| !room.removed) {
            return Ok(Some(Arc::clone(room)));
        }
        let is_named = |room: &&Arc<Room>| {
            (room.code == self.code || (self.code.is_none() && self.id.is_none()))
                && self.name.as_ref().is_some_and(|name| *name == room.name)
                && (self.id.is_none() || !room.is_numbered())
        };
        let mut named = state.rooms_of(facility, self.system).filter(is_named);
        match (named.next(), named.next()) {
            (Some(_), Some(_)) => Err(self.ambiguous()),
            (only, _) => Ok(only.cloned()),
        }
    }

    /// The room of that id, also if it was removed.
    fn of_id<'a>(&self, state: &'a Snapshot, facility: FacilityId) -> Option<&'a Arc<Room>> {
        state.room(&(facility, self.system, self.id.clone()?))
    }

    /// The rooms that were removed and may be the one that a row is about: of the same id, or named alike where one of
    /// the two has none.
    fn removed<'a>(&'a self, state: &'a Snapshot, room: &'a Room) -> impl Iterator<Item = &'a Arc<Room>> {
        let is_it = move |other: &&Arc<Room>| {
            let is_named = (&other.code, &other.name) == (&room.code, &room.name);
            other.removed
                && (other.id == room.id || (is_named && (self.id.is_none() || !other.is_numbered())))
        };
        state.known_rooms_of(room.facility, room.system).filter(is_it)
    }

    fn room(
        &self,
        facility: FacilityId,
        known: Option<&Room>,
        numbers: Numbers,
        observed_at: Timestamp,
        unit: &UnitOfWork,
    ) -> Result<Room, Rejection> {
        let code = self.code.clone().or_else(|| known?.code.clone());
        let name = self.name.clone().or_else(|| known.map(|known| known.name.clone()));
        let name =
            name.or_else(|| self.id.clone()).or_else(|| code.clone()).ok_or_else(|| self.nameless())?;
        if known.is_none() && code.is_none() {
            return Err(self.codeless(&name));
        }
        let id = self.id.clone().or_else(|| known.map(|known| known.id.clone()));
        let id = id.unwrap_or_else(|| Room::id_of(code.as_deref(), &name));
        let reporter = unit.principal().reporter();
        Ok(Room {
            facility,
            system: self.system,
            id,
            code,
            name,
            numbers,
            observed_at,
            reporter,
            removed: false,
        })
    }

    /// Where the room stands in a row.
    const fn pointer(&self) -> &'static str {
        match self.system {
            System::Kemenkes => "/id_t_tt",
            System::Aplicares => "/koderuang",
        }
    }

    fn nameless(&self) -> Rejection {
        let detail = Message::new("room-nameless").arg("system", wire_name(self.system));
        Rejection::new(Code::MissingField, self.pointer(), detail)
    }

    /// A room without a bed class cannot be mapped: it would never count.
    fn codeless(&self, room: &str) -> Rejection {
        let detail = Message::new("room-without-contents")
            .arg("system", wire_name(self.system))
            .arg("room", room.to_owned());
        Rejection::new(Code::UnknownRoom, self.pointer(), detail)
    }

    fn ambiguous(&self) -> Rejection {
        let detail = Message::new("room-ambiguous").arg("system", wire_name(self.system));
        Rejection::new(Code::UnknownRoom, self.pointer(), detail)
    }

    fn unknown(&self) -> Rejection {
        let detail = Message::new("room-not-there").arg("system", wire_name(self.system));
        Rejection::new(Code::UnknownRoom, self.pointer(), detail)
    }
}

fn sum_of(unit: &UnitOfWork, room: &Room) -> Option<SumKey> {
    let resource = unit.state().type_of(room.code.as_deref()?)?;
    Some((room.facility, room.system, resource.code.clone()))
}

fn receipt(unit: &UnitOfWork, room: &Room, outcome: RoomOutcome) -> Receipt<RoomReceipt> {
    let resource = sum_of(unit, room).map(|(_, _, resource)| resource);
    Receipt::of(RoomReceipt { facility: room.facility, room: room.id.clone(), resource, outcome })
}

fn too_many() -> Rejection {
    Rejection::new(
        Code::TooManyRooms,
        "",
        Message::new("too-many-rooms").arg("most-rooms", MOST_ROOMS.to_string()),
    )
}

/// Which type of which facility, in which system.
pub(super) type SumKey = (FacilityId, System, TypeCode);

/// The sums that something is about to change, as they are before it.
pub(super) struct RoomTotals(Vec<(SumKey, Option<RoomSum>)>);

/// The cause of changed sums.
#[derive(Default)]
pub(super) struct ChangedBy {
    /// The time of the row, if it was a row.
    row_at: Option<Timestamp>,
    /// Whether the sums are of the rooms of before. Only such a sum can jump.
    same_rooms: bool,
    /// The numbers in the row.
    numbers: Option<Statement>,
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
        for (key, before) in self.0 {
            let after = sum(unit, &key);
            if after == before {
                continue;
            }
            let (facility, _, resource) = key;
            let current = unit.state().facility(facility).and_then(|state| state.reading(&resource)).cloned();
            // Without rooms the numbers are unknown.
            let numbers = |sum: &Option<RoomSum>| sum.as_ref().map_or(Numbers::UNKNOWN, |sum| sum.numbers);
            let (said, said_before) = (numbers(&after), numbers(&before));
            // A sum takes the place of the sum before, in whatever order rows arrive.
            let replaces = current.as_ref().filter(|current| is_sum(current, said_before));
            let newest = [&after, &before].into_iter().flatten().map(|sum| sum.newest).next();
            let times = [newest, cause.row_at, replaces.map(|replaced| replaced.observed_at)];
            let observed_at = times.into_iter().flatten().max().unwrap_or(unit.now()).min(unit.now());
            let reporter =
                after.as_ref().map_or_else(|| unit.principal().reporter(), |sum| sum.reporter.clone());
            let oldest = after.map(|sum| sum.oldest).filter(|oldest| *oldest < observed_at);
            let is_stated_again = cause.numbers.is_none_or(|numbers| !numbers.leaves_out_capacity);
            let leaves_out_capacity = if said.capacity().is_some() {
                said.capacity() == said_before.capacity() && !is_stated_again
            } else {
                // The rooms take a capacity away only if they had stated it.
                let newest_before = before.as_ref().map(|sum| sum.newest);
                !current.as_ref().is_some_and(|current| states_capacity(current, said_before, newest_before))
            };
            let zone = unit
                .state()
                .facility(facility)
                .map_or(Zone::Wib, |state| unit.state().zone(state.facility.region));
            let times = (observed_at, unit.now());
            let kept = if leaves_out_capacity {
                Statement::without_capacity(said).resolved(current.as_deref(), times, zone, "")
            } else {
                Ok((said, CapacityTime::Same))
            };
            let is_late =
                current.as_ref().is_some_and(|current| !current.superseded_by(observed_at, unit.now()));
            // A capacity that the rooms disprove is no longer known. Rooms of before the last report take nothing away.
            let disproved = if is_late { CapacityTime::Never } else { CapacityTime::Same };
            let (numbers, capacity_observed_at) =
                kept.unwrap_or_else(|_| (said.without_capacity(), disproved));
            let mut observation = Observation {
                resource,
                numbers,
                observed_at,
                capacity_observed_at,
                oldest_room_observed_at: oldest,
                jump: None,
            };
            observation.jump = current.and_then(|current| {
                if cause.same_rooms {
                    Outlier::said(&current, &observation, unit.now())
                } else {
                    Outlier::kept(&current, numbers, unit.now()).filter(|_| !is_late)
                }
            });
            is_odd |= observation.jump.is_some();
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
fn is_overtaken(unit: &UnitOfWork, key: &SumKey) -> bool {
    let current = unit.state().facility(key.0).and_then(|state| state.reading(&key.2));
    current
        .zip(sum(unit, key))
        .is_some_and(|(current, sum)| !is_sum(current, sum.numbers) && current.observed_at > sum.newest)
}

/// Whether a number is what rooms add up to. Its capacity may be what somebody else stated.
fn is_sum(current: &Reading, sum: Numbers) -> bool {
    let is_same_capacity = sum.capacity().is_none()
        || !current.capacity_observed_at.is_same()
        || current.numbers.capacity() == sum.capacity();
    current.source == Source::Bridge
        && is_same_capacity
        && current.numbers.without_capacity() == sum.without_capacity()
}

/// Whether the current capacity is what rooms stated that added up to `sum`, the newest of them counted at `newest`.
fn states_capacity(current: &Reading, sum: Numbers, newest: Option<Timestamp>) -> bool {
    let is_theirs = match current.capacity_observed_at {
        CapacityTime::Same => is_sum(current, sum),
        CapacityTime::At(at) => Some(at) == newest,
        CapacityTime::Never => false,
    };
    is_theirs && sum.capacity().is_some() && current.numbers.capacity() == sum.capacity()
}
