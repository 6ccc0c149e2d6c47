//! The only ways a snapshot changes: a change from the log, and time.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    FacilityState, Snapshot,
    names::{Subject, region_words},
    sessions::midnight_after,
    versions::UNDATED,
};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Change, Effect, Report, Seq},
        contact::{Contact, ContactId},
        facility::{Facility, FacilityId},
        freshness::deadlines,
        key::Key,
        late::Late,
        mark::Mark,
        observation::Reading,
        region::Region,
        region_code::{Level, RegionCode},
        resource_type::{ResourceType, TypeCode},
        room::Room,
        session::{SESSION_TYPE, Session, SessionId},
    },
};

/// One current row, as the database keeps it beside the log; a snapshot is built from all of them.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// A region; the time is that of its last change.
    Region(Region, Timestamp),
    /// A region that a facility left at this time.
    Left(RegionCode, Timestamp),
    /// A resource type.
    ResourceType(ResourceType, Timestamp),
    /// A facility, with its last change.
    Facility(Facility, Seq, Timestamp),
    /// When a facility last came from another region.
    Moved(FacilityId, Timestamp),
    /// A current reading, with the change that made it.
    Reading(FacilityId, TypeCode, Reading, Seq),
    /// A session, with its last change.
    Session(Session, Seq, Timestamp),
    /// The current reading of one occurrence.
    SessionReading(SessionId, NaiveDate, Reading),
    /// A room of a hospital system.
    Room(Room),
    /// A mark, ended or not.
    Mark(Mark),
    /// A contact.
    Contact(Contact),
    /// A key.
    Key(Key),
}

impl Snapshot {
    /// The snapshot that `rows` describe: types before regions before facilities before readings and
    /// sessions, and sessions before their readings.
    pub fn build(
        seq: Seq,
        last_change_at: Timestamp,
        now: Timestamp,
        rows: impl IntoIterator<Item = Row>,
    ) -> Self {
        let now = now.max(last_change_at);
        let mut snapshot = Self { now, midnight: midnight_after(now), ..Self::default() };
        for row in rows {
            match row {
                Row::Region(region, at) => snapshot.put_region(region, at),
                Row::Left(region, at) => snapshot.versions.bump_version(region, at),
                Row::ResourceType(resource, at) => snapshot.put_type(resource, at),
                Row::Facility(facility, seq, at) => snapshot.put_facility(facility, seq, at),
                Row::Moved(id, at) => snapshot.put_move(id, at),
                Row::Reading(id, code, reading, seq) => snapshot.put_reading(id, code, reading, seq),
                Row::Session(session, seq, at) => snapshot.put_session(session, seq, at),
                Row::SessionReading(id, date, reading) => {
                    snapshot.put_session_reading(id, date, reading);
                }
                Row::Room(room) => snapshot.put_room(room),
                Row::Mark(mark) => snapshot.put_mark(mark),
                Row::Contact(contact) => snapshot.put_contact(contact),
                Row::Key(key) => snapshot.put_key(key),
            }
        }
        Self { seq, last_change_at, publicity: seq, ..snapshot }
    }

    /// Takes in the next change of the log.
    ///
    /// # Panics
    /// If `change` is not the one after [`Snapshot::seq`]: a gap would make the memory a lie.
    pub fn apply(&mut self, change: &Change) {
        assert_eq!(change.seq, self.seq + 1, "changes are applied in order");
        self.advance(change.at);
        self.seq = change.seq;
        self.last_change_at = change.at;
        if matches!(
            change.effect,
            Effect::Facility(_)
                | Effect::Contact(_)
                | Effect::ContactEnded { .. }
                | Effect::Session(_)
                | Effect::SessionForgotten { .. }
        ) {
            self.publicity = change.seq;
        }
        match &change.effect {
            Effect::Region(region) => self.put_region(region.clone(), change.at),
            Effect::ResourceType(resource) => self.put_type(resource.clone(), change.at),
            Effect::Facility(facility) => self.put_facility(facility.clone(), change.seq, change.at),
            Effect::Contact(contact) => self.put_contact(contact.clone()),
            Effect::ContactEnded { id } => self.end_contact(*id),
            Effect::Key(key) => self.put_key(key.clone()),
            Effect::Report(report) => self.put_report(report, change.seq, change.at),
            Effect::Session(session) => self.put_session(session.clone(), change.seq, change.at),
            Effect::SessionForgotten { id } => self.forget_session(*id, change.seq, change.at),
            Effect::SessionReport(report) => self.put_session_report(report, change.seq, change.at),
            Effect::Room(room) => self.put_room(room.clone()),
            Effect::Mark(mark) => self.put_mark(mark.clone()),
            Effect::MarkEnded(mark) => self.end_mark(mark.id),
            Effect::RoomEnded { facility, system, id } => {
                self.rooms.remove(&(*facility, *system, id.clone()));
            }
        }
    }

    /// The moment at which the next number becomes aging or stale, a session or a mark ends, or a day begins.
    pub fn next_deadline(&self) -> Timestamp {
        let number = self.deadlines.get_min().map(|(at, ..)| *at);
        let session = self.session_deadlines.get_min().map(|(at, _)| *at);
        let mark = self.mark_ends.get_min().map(|(at, _)| *at);
        [number, session, mark].into_iter().flatten().fold(self.midnight, Timestamp::min)
    }

    /// Lets time pass: numbers, sessions and marks whose deadline has come give their regions new versions, and
    /// a new day gives new meaning to questions about the coming days.
    pub fn advance(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        if self.midnight <= self.now {
            self.midnight = midnight_after(self.now);
            self.versions.bump_types(UNDATED);
        }
        self.end_marks();
        while let Some((_, id)) = self.session_deadlines.get_min().filter(|(at, _)| *at <= self.now) {
            self.reschedule(*id);
        }
        // A list of thousands of numbers makes as many deadlines at one moment: each region is touched once.
        let mut regions: BTreeMap<RegionCode, Timestamp> = BTreeMap::new();
        while let Some((at, id, _)) = self.deadlines.get_min().filter(|(at, ..)| *at <= self.now) {
            // The last one is the latest.
            regions.insert(self.facilities[id].facility.region, *at);
            self.deadlines.remove_min();
        }
        for (region, at) in regions {
            self.versions.bump_version(region, at);
        }
    }

    fn put_region(&mut self, region: Region, at: Timestamp) {
        let (code, subject) = (region.code, Subject::Region(region.code));
        let words = region_words(&region);
        let zone = region.zone;
        let before = self.regions.insert(code, Arc::new(region));
        if before.as_ref().is_some_and(|before| before.zone != zone) {
            self.reschedule_below(code);
        }
        let old_words = before.map(|region| region_words(&region)).unwrap_or_default();
        old_words.difference(&words).for_each(|word| self.names.remove(word, subject));
        words.difference(&old_words).for_each(|word| self.names.insert(word, subject));
        self.versions.bump_below(Some(code), at);
        self.versions.bump_names(at);
    }

    fn put_type(&mut self, resource: ResourceType, at: Timestamp) {
        let code = resource.code.clone();
        let resource = Arc::new(resource);
        let before = self.types.insert(code.clone(), Arc::clone(&resource));
        let thresholds = |resource: &ResourceType| (resource.aging_after_h, resource.stale_after_h);
        if let Some(before) = before.filter(|before| thresholds(before) != thresholds(&resource)) {
            let readings: Vec<_> = self
                .facilities
                .iter()
                .filter_map(|(id, state)| Some((*id, Arc::clone(state.reading(&code)?))))
                .collect();
            for (id, reading) in readings {
                self.forget_deadlines(id, &before, &reading);
                self.set_deadlines(id, &resource, &reading);
            }
        }
        if code.as_str() == SESSION_TYPE {
            self.reschedule_all();
        }
        self.versions.bump_types(at);
    }

    fn put_facility(&mut self, facility: Facility, seq: Seq, at: Timestamp) {
        let id = facility.id;
        let before = self.facilities.get(&id).cloned();
        let moves = before.as_ref().is_some_and(|before| before.facility.region != facility.region);
        let moved_at = if moves { Some(at) } else { before.as_ref().and_then(|before| before.moved_at) };
        let state = FacilityState {
            readings: before.as_ref().map(|state| state.readings.clone()).unwrap_or_default(),
            version: seq,
            moved_at,
            facility: Arc::new(facility),
        };
        if let Some(before) = before {
            let place = (before.facility.region, id);
            for external in &before.facility.external_ids {
                self.by_external_id.remove(external);
            }
            self.names.remove_facility(&before.facility);
            self.by_region.remove(&place);
            self.unplaced.remove(&place);
            if let Some(point) = before.sure_point() {
                self.places.remove(point, id);
            }
            self.versions.bump_version(before.facility.region, at);
        }
        let stand =
            |state: &FacilityState| (state.facility.region, state.facility.closed, state.sure_point());
        let (stood, stands) = (self.facilities.get(&id).map(|before| stand(before)), stand(&state));
        if stood != Some(stands) {
            // Regions without a point of their own stand where their facilities are.
            for (region, ..) in stood.into_iter().chain([stands]) {
                self.versions.bump_below(region.at(Level::Province), UNDATED);
            }
        }
        let place = (state.facility.region, id);
        for external in &state.facility.external_ids {
            self.by_external_id.insert(external.clone(), id);
        }
        self.names.insert_facility(&state.facility);
        self.by_region.insert(place);
        match state.sure_point() {
            Some(point) => self.places.insert(point, id),
            None => drop(self.unplaced.insert(place)),
        }
        self.versions.bump_version(state.facility.region, at);
        self.versions.bump_names(at);
        self.facilities.insert(id, Arc::new(state));
        self.reschedule_at(id);
    }

    fn put_contact(&mut self, contact: Contact) {
        self.end_contact(contact.id);
        self.versions.bump_below(contact.region, UNDATED);
        self.contacts_by_region.insert((contact.region, contact.id));
        self.contacts.insert(contact.id, Arc::new(contact));
    }

    fn end_contact(&mut self, id: ContactId) {
        if let Some(contact) = self.contacts.remove(&id) {
            self.contacts_by_region.remove(&(contact.region, id));
            self.versions.bump_below(contact.region, UNDATED);
        }
    }

    fn put_key(&mut self, key: Key) {
        self.keys_by_hash.insert(key.hash.clone(), key.id);
        self.keys.insert(key.id, Arc::new(key));
    }

    /// What of a report does not become current: something newer is known, or the session is over. A sum of rooms
    /// that takes the place of the sum before always does, however old the oldest room in it is.
    pub fn late(&self, effect: &Effect) -> Late {
        let mut late = Late::default();
        match effect {
            Effect::Report(report) if !report.recounted => {
                let state = self.facilities.get(&report.facility);
                for observation in &report.observations {
                    let current = state.and_then(|state| state.reading(&observation.resource));
                    if current.is_some_and(|current| !current.superseded_by(observation.observed_at)) {
                        late.add(&observation.resource);
                    }
                }
            }
            Effect::SessionReport(report) => {
                for said in &report.observations {
                    if !self.takes_reading(said.session, said.date, said.observed_at) {
                        late.add_occurrence(said.session, said.date);
                    }
                }
            }
            _ => {}
        }
        late
    }

    fn put_report(&mut self, report: &Report, seq: Seq, at: Timestamp) {
        for observation in &report.observations {
            let current = self.facilities[&report.facility].reading(&observation.resource);
            if report.recounted
                || current.is_none_or(|current| current.superseded_by(observation.observed_at))
            {
                let reading = Reading {
                    numbers: observation.numbers,
                    observed_at: observation.observed_at,
                    received_at: at,
                    source: report.source,
                    reporter: Arc::clone(&report.reporter),
                    jump: observation.jump,
                    available_since: current
                        .filter(|current| current.numbers.available() == observation.numbers.available())
                        .map(|current| current.available_since()),
                };
                self.put_reading(report.facility, observation.resource.clone(), reading, seq);
            }
        }
    }

    /// Rooms show in no answer, only what they add up to: that is a report of its own.
    fn put_room(&mut self, room: Room) {
        let key = room.key();
        if self.rooms.get(&key).is_none_or(|before| room.observed_at >= before.observed_at) {
            self.rooms.insert(key, Arc::new(room));
        }
    }

    fn put_reading(&mut self, id: FacilityId, code: TypeCode, reading: Reading, seq: Seq) {
        let Some(mut state) = self.facilities.get(&id).cloned() else {
            return;
        };
        let resource = self.types.get(&code).cloned();
        let (received_at, reading) = (reading.received_at, Arc::new(reading));
        let changed = Arc::make_mut(&mut state);
        changed.version = changed.version.max(seq);
        let before = match changed.readings.binary_search_by(|(have, _)| have.cmp(&code)) {
            Ok(index) => Some(std::mem::replace(&mut changed.readings[index].1, Arc::clone(&reading))),
            Err(index) => {
                changed.readings.insert(index, (code, Arc::clone(&reading)));
                None
            }
        };
        let region = state.facility.region;
        self.facilities.insert(id, state);
        if let Some(resource) = resource {
            if let Some(before) = before {
                self.forget_deadlines(id, &resource, &before);
            }
            self.set_deadlines(id, &resource, &reading);
        }
        self.versions.bump_version(region, received_at);
    }

    fn set_deadlines(&mut self, id: FacilityId, resource: &ResourceType, reading: &Reading) {
        if reading.numbers.is_unknown() {
            return;
        }
        for at in deadlines(reading.observed_at, resource) {
            if at > self.now {
                self.deadlines.insert((at, id, resource.code.clone()));
            } else {
                // What passed while nobody looked still dates the answer.
                self.versions.bump_version(self.facilities[&id].facility.region, at);
            }
        }
    }

    fn forget_deadlines(&mut self, id: FacilityId, resource: &ResourceType, reading: &Reading) {
        for at in deadlines(reading.observed_at, resource) {
            self.deadlines.remove(&(at, id, resource.code.clone()));
        }
    }
}
