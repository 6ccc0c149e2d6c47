//! Rooms of hospital systems: the commands that state and remove one.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::Serialize;

use super::{
    report::authorized,
    room_totals::{ChangedBy, RoomTotals, SumKey, is_overtaken},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::Effect,
        facility::{FacilityId, FacilityRef},
        numbers::{Numbers, Statement},
        rejection::{Code, Rejection, Rejections},
        resource_type::TypeCode,
        room::{COVID, Room, System},
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
    /// The other fields of the row; those that it leaves out stay as they were.
    pub sent: BTreeMap<String, String>,
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

/// The rows of one request: all of them are taken, or none.
pub struct RoomRows<C>(pub Vec<C>);

impl<C: Command<Outcome = RoomReceipt>> Command for RoomRows<C> {
    type Outcome = Vec<RoomReceipt>;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<Vec<RoomReceipt>>, Rejections> {
        all_rows(self.0.iter(), |row| Ok(row.decide(unit)?.body)).map(Receipt::of)
    }
}

/// What `read` makes of all rows, or what is wrong with the first that it refuses.
pub fn all_rows<R, T>(
    rows: impl ExactSizeIterator<Item = R>,
    mut read: impl FnMut(R) -> Result<T, Rejections>,
) -> Result<Vec<T>, Rejections> {
    let is_list = rows.len() > 1;
    let read = |(row, number): (R, u32)| {
        read(row).map_err(|refused| if is_list { in_row(number, refused) } else { refused })
    };
    rows.zip(1..).map(read).collect()
}

/// What is wrong with one of several rows. Programs show the text and not the pointer.
fn in_row(number: u32, refused: Rejections) -> Rejections {
    refused.map(|rejection| {
        let detail = Message::new("room-of-row").arg("row", number).arg("detail", rejection.detail.clone());
        Rejection { detail, ..rejection }.under(&format!("/{}", number - 1))
    })
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
        room.derive_available();
        if known.is_none() && !late && unit.state().rooms_of(facility, self.room.system).count() >= MOST_ROOMS
        {
            return Err(too_many().into());
        }
        let sums = known.as_deref().into_iter().chain([&room]).filter_map(|room| sum_of(unit, room));
        let totals = RoomTotals::before(unit, sums.collect::<BTreeSet<_>>());
        let same_code = known.as_ref().map(|known| known.code.clone());
        if let Some(known) = known.filter(|known| !late && known.id != room.id) {
            let (id, reporter) = (room.id.clone(), Arc::clone(&room.reporter));
            unit.record(Effect::Room(known.renumbered(id, observed_at, reporter)));
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
        let mut removed = room.removed(observed_at, unit.principal().reporter());
        if let Some(id) = self.room.numbers(&room).filter(|_| !late) {
            // The same removal, sent again, finds that this very room is gone, and no other of its name.
            unit.record(Effect::Room(room.renumbered(
                id.clone(),
                observed_at,
                Arc::clone(&removed.reporter),
            )));
            removed.id = id;
        }
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

    /// The room that is meant, if it is known: by its id, else by what is in it and how it is called. An id that is known
    /// never means another room, also not after that one was removed: programs repeat what they sent. A row with a new id
    /// may mean a room that had none so far, but never one with another id; one that says nothing but a name means the
    /// only room of that name. On the day of the switch a program sends ids that the ministry gave.
    fn find(&self, state: &Snapshot, facility: FacilityId) -> Result<Option<Arc<Room>>, Rejection> {
        if let Some(room) = self.of_id(state, facility) {
            return Ok(Some(room).filter(|room| !room.removed).cloned());
        }
        let name = self.called();
        let is_named = |room: &&Arc<Room>| {
            room.successor.is_none()
                && (self.code.is_none() || room.code == self.code)
                && name.is_some_and(|name| room.is_named(name))
                && (self.id.is_none() || !room.is_numbered())
        };
        let named: Vec<&Arc<Room>> = state.known_rooms_of(facility, self.system).filter(is_named).collect();
        // The ministry takes a row that does not say it for one of beds that are not for COVID-19.
        let is_usual = named.iter().any(|room| room.covid() == "0");
        let covid = self.sent.get(COVID).map(String::as_str).or(is_usual.then_some("0"));
        let meant =
            named.into_iter().filter(|room| !room.removed && covid.is_none_or(|covid| room.covid() == covid));
        match meant.collect::<Vec<_>>()[..] {
            [] => Ok(None),
            [room] => Ok(Some(Arc::clone(room))),
            _ => Err(self.ambiguous()),
        }
    }

    /// The room of that id, also if it was removed; under the id that its system gave it since.
    fn of_id<'a>(&self, state: &'a Snapshot, facility: FacilityId) -> Option<&'a Arc<Room>> {
        let of_id = |id: String| state.room(&(facility, self.system, id));
        let room = of_id(self.id.clone()?)?;
        room.successor.clone().and_then(of_id).or(Some(room))
    }

    /// How the row calls the room. A program that reads its rooms of Aplicares finds the name in the place of a code that
    /// is missing, and sends it back there.
    fn called(&self) -> Option<&str> {
        let code = || Some(self.id.as_deref()?.split_once('/')?.1);
        self.name.as_deref().or_else(|| code().filter(|_| self.system == System::Aplicares))
    }

    /// The id that the row gives to a known room that has none of its own.
    fn numbers(&self, known: &Room) -> Option<String> {
        self.id.clone().filter(|id| !known.is_numbered() && !self.system.is_given(id))
    }

    /// The rooms that were removed and may be the one that a row is about: of the same id, or named alike where one of
    /// the two has none.
    fn removed<'a>(&'a self, state: &'a Snapshot, room: &'a Room) -> impl Iterator<Item = &'a Arc<Room>> {
        let is_it = move |other: &&Arc<Room>| {
            other.removed
                && (other.id == room.id
                    || (other.is_alike(room) && (self.id.is_none() || !other.is_numbered())))
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
        let mut sent = known.map(|known| known.sent.clone()).unwrap_or_default();
        sent.extend(self.sent.clone());
        let mut room = Room {
            facility,
            system: self.system,
            id: String::new(),
            code,
            name,
            numbers,
            available_derived: false,
            sent,
            observed_at,
            reporter: unit.principal().reporter(),
            removed: false,
            successor: None,
        };
        let is_free = |id: &String| {
            let other = unit.state().room(&(facility, self.system, id.clone()));
            other.is_none_or(|other| other.is_alike(&room))
        };
        let id = match known {
            Some(known) => self.numbers(known).or_else(|| Some(known.id.clone())),
            None => self.id.clone().or_else(|| room.ids_of().find(is_free)),
        };
        room.id = id.ok_or_else(|| self.ambiguous())?;
        Ok(room)
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

pub(super) fn sum_of(unit: &UnitOfWork, room: &Room) -> Option<SumKey> {
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
