//! The only ways a snapshot changes: a change from the log, and time.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use imbl::OrdSet;
use serde::{Deserialize, Serialize};

use super::{
    CurrentReading, FacilityState, Snapshot,
    places::cell,
    sessions::midnight_after,
    versions::{Changed, UNDATED},
};
use crate::{
    clock::{CLOCK_TOLERANCE, Timestamp},
    domain::{
        change::{Change, Effect, Late, Report, Seq},
        contact::{Contact, ContactId},
        facility::{Facility, FacilityId},
        freshness::deadlines,
        key::{Key, KeyId},
        mark::Mark,
        observation::Reading,
        region::Region,
        region_code::{Level, RegionCode},
        resource_type::{ResourceType, TypeCode},
        room::Room,
        session::{SESSION_TYPE, Session},
        sign_in::SignIn,
    },
};

/// One current row, as the database keeps it beside the log; a snapshot is built from all of them.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// A resource type; the time is that of its last change.
    ResourceType(ResourceType, Timestamp),
    /// A region; the time is that of its last change.
    Region(Region, Timestamp),
    /// A region that a facility left at this time.
    Left(RegionCode, Timestamp),
    /// A facility.
    Facility {
        /// Its name, place and telephones.
        facility: Facility,
        /// The last change that shows in it, or an earlier one if that was a report.
        version: Seq,
        /// When it was last changed, or a session of it was forgotten.
        changed_at: Timestamp,
        /// When it last came from another region.
        moved_at: Option<Timestamp>,
    },
    /// A current reading, with the last change of the facility by then.
    Reading(FacilityId, TypeCode, Reading, Seq),
    /// A session.
    Session {
        /// Its days, hours, product and booking.
        session: Session,
        /// The current readings of its occurrences.
        readings: BTreeMap<NaiveDate, Arc<Reading>>,
        /// Its last change.
        version: Seq,
        /// The time of that change.
        changed_at: Timestamp,
    },
    /// A room of a hospital system.
    Room(Room),
    /// A mark, ended or not.
    Mark(Mark),
    /// A contact.
    Contact(Contact),
    /// A key.
    Key(Key),
    /// A sign-in, ended or not.
    SignIn(SignIn),
}

impl Snapshot {
    /// The snapshot that `rows` describe: types before regions before facilities before readings and sessions.
    pub fn build(
        seq: Seq,
        last_change_at: Timestamp,
        now: Timestamp,
        rows: impl IntoIterator<Item = Row>,
    ) -> Self {
        let mut snapshot = Self::default();
        snapshot.advance(now);
        let mut rows = rows.into_iter().peekable();
        while let Some(row) = rows.next() {
            match row {
                Row::Region(region, at) => snapshot.put_region(region, at),
                Row::Left(region, at) => {
                    snapshot.versions.bump_region(region, Changed::Facility, at);
                }
                Row::ResourceType(resource, at) => snapshot.put_type(resource, at),
                Row::Facility { facility, version, changed_at, moved_at } => {
                    let id = facility.id;
                    snapshot.put_facility(facility, version, changed_at);
                    snapshot.change(id, UNDATED, |state| state.moved_at = moved_at);
                }
                Row::Reading(id, code, reading, seq) => {
                    // Those of one facility come together: each time its numbers change costs a copy of it.
                    let mut readings = vec![(code, reading, seq)];
                    while let Some(Row::Reading(_, code, reading, seq)) =
                        rows.next_if(|row| matches!(row, Row::Reading(next, ..) if *next == id))
                    {
                        readings.push((code, reading, seq));
                    }
                    snapshot.put_readings(id, readings);
                }
                Row::Session { session, readings, version, changed_at } => {
                    let id = session.id;
                    snapshot.put_session(session, version, changed_at);
                    for (date, reading) in readings {
                        snapshot.put_session_reading(id, date, Arc::unwrap_or_clone(reading));
                    }
                }
                Row::Room(room) => drop(snapshot.rooms.insert(room.key(), Arc::new(room))),
                Row::Mark(mark) => snapshot.put_mark(mark),
                Row::Contact(contact) => snapshot.put_contact(contact),
                Row::Key(key) => snapshot.put_key(key),
                Row::SignIn(sign_in) => snapshot.put_sign_in(sign_in),
            }
        }
        // Only now it is known where each region is.
        let provinces: Vec<RegionCode> = snapshot.children(None).map(|province| province.code).collect();
        for province in provinces {
            snapshot.settle(province);
        }
        snapshot.places.summarize();
        Self { seq, last_change_at, publicity: seq, ..snapshot }
    }

    /// Takes in the changes after its own, as they were known one after another until `now`; time passes as far as the
    /// last of them.
    pub fn follow<'a>(&mut self, changes: impl IntoIterator<Item = &'a Change>, now: Timestamp) {
        for change in changes {
            // A clock that ran ahead dated the change: that is no reason to run ahead, too.
            self.advance(change.at.min(now));
            self.apply(change);
        }
    }

    /// Takes in the next change of the log. Time does not pass.
    ///
    /// # Panics
    /// If `change` is not the one after [`Snapshot::seq`]: a gap would make the memory a lie.
    pub fn apply(&mut self, change: &Change) {
        assert_eq!(change.seq, self.seq + 1, "changes are applied in order");
        self.seq = change.seq;
        self.last_change_at = change.at;
        if change.effect.may_move_publicity() {
            self.publicity = change.seq;
        }
        match &change.effect {
            Effect::Region(region) => self.put_region(region.clone(), change.at),
            Effect::ResourceType(resource) => self.put_type(resource.clone(), change.at),
            Effect::Facility(facility) => self.update_facility(facility.clone(), change.seq, change.at),
            Effect::Contact(contact) => self.put_contact(contact.clone()),
            Effect::ContactEnded { id } => self.end_contact(*id),
            Effect::Key(key) => self.put_key(key.clone()),
            Effect::KeyForgotten { id } => self.forget_key(*id),
            Effect::SignedIn(sign_in) => self.put_sign_in(sign_in.clone()),
            Effect::SignedOut(sign_in) => self.end_sign_in(&sign_in.hash),
            Effect::Report(report) => self.put_report(report, change.seq, change.at),
            Effect::Session(session) => self.put_session(session.clone(), change.seq, change.at),
            Effect::SessionForgotten { id } => self.forget_session(*id, change.seq, change.at),
            Effect::SessionReport(report) => self.put_session_report(report, change.seq, change.at),
            Effect::Room(room) => self.put_room(room.clone(), change.at),
            Effect::Mark(mark) => self.put_mark(mark.clone()),
            Effect::MarkEnded(mark) => self.end_mark(mark.id),
            Effect::RoomEnded { facility, system, id } => {
                self.rooms.remove(&(*facility, *system, id.clone()));
            }
        }
    }

    /// The moment at which the next number becomes aging or stale, a session, a mark or a sign-in ends, or a day begins.
    pub fn next_deadline(&self) -> Timestamp {
        let number = self.deadlines.get_min().map(|(at, ..)| *at);
        let session = self.session_deadlines.get_min().map(|(at, _)| *at);
        let mark = self.mark_ends.get_min().map(|(at, _)| *at);
        let sign_in = self.sign_in_ends.get_min().map(|(at, _)| *at);
        [number, session, mark, sign_in].into_iter().flatten().fold(self.midnight, Timestamp::min)
    }

    /// Lets time pass: numbers, sessions and marks whose deadline has come give their regions new versions, and
    /// a new day gives new meaning to questions about the coming days. What ended is forgotten, so time does not go
    /// back: after a clock was set back the snapshot is built anew from the rows.
    pub fn advance(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        self.versions.advance(self.now);
        if self.midnight <= self.now {
            self.midnight = midnight_after(self.now);
            self.versions.bump_types(UNDATED);
        }
        self.end_marks();
        self.end_sign_ins();
        while let Some((_, id)) = self.session_deadlines.get_min().filter(|(at, _)| *at <= self.now) {
            self.reschedule(*id);
        }
        // A list of thousands of numbers makes as many deadlines at one moment: each region is raised once.
        let mut due: BTreeMap<RegionCode, BTreeMap<FacilityId, Timestamp>> = BTreeMap::new();
        while let Some((at, id, _)) = self.deadlines.get_min().filter(|(at, ..)| *at <= self.now) {
            // The last one is the latest.
            due.entry(self.facilities[id].facility.region).or_default().insert(*id, *at);
            self.deadlines.remove_min();
        }
        for (region, facilities) in due {
            let latest = facilities.values().copied().fold(UNDATED, Timestamp::max);
            let stamp = self.versions.bump_region(region, Changed::Numbers, latest);
            for (id, at) in facilities {
                self.change_under(stamp, Changed::Numbers, id, at, |_| ());
            }
        }
    }

    fn put_region(&mut self, region: Region, at: Timestamp) {
        let (code, zone, point) = (region.code, region.zone, region.point);
        if code.level() == Level::Regency {
            match point {
                Some(point) => drop(self.regencies.insert(code, point)),
                None => drop(self.regencies.remove(&code)),
            }
        }
        if let Some(before) = self.regions.get(&code) {
            self.names.remove_region(before);
        }
        self.names.insert_region(&region);
        if let Some(bps) = self.regions.get(&code).and_then(|before| before.bps_code.clone()) {
            self.by_bps.remove(&bps);
        }
        if let Some(bps) = &region.bps_code {
            self.by_bps.insert(bps.clone(), code);
        }
        let before = self.regions.insert(code, Arc::new(region));
        if before.as_ref().is_some_and(|before| before.zone != zone) {
            self.reschedule_below(code);
        }
        if before.as_ref().and_then(|before| before.point) != point {
            self.settle_around(code);
        }
        self.versions.bump_reference(Some(code), at);
        self.versions.bump_names(at);
    }

    fn put_type(&mut self, resource: ResourceType, at: Timestamp) {
        let code = resource.code.clone();
        let resource = Arc::new(resource);
        let before = self.types.insert(code.clone(), Arc::clone(&resource));
        self.vocabulary.reset();
        let thresholds = |resource: &ResourceType| (resource.aging_after_h, resource.stale_after_h);
        if let Some(before) = before.filter(|before| thresholds(before) != thresholds(&resource)) {
            let readings: Vec<_> = self
                .facilities
                .iter()
                .filter_map(|(id, state)| Some((*id, Arc::clone(state.reading(&code)?))))
                .collect();
            for (id, reading) in readings {
                self.forget_deadlines(id, &before, &reading);
                let passed = self.set_deadlines(id, &resource, &reading);
                for at in passed {
                    self.change_numbers(id, at, |_| ());
                }
            }
        }
        self.keep_type(&resource);
        if code.as_str() == SESSION_TYPE {
            self.reschedule_all();
        }
        self.versions.bump_types(at);
    }

    /// Takes in a facility. Regions without a point of their own stand where their facilities are.
    fn update_facility(&mut self, facility: Facility, seq: Seq, at: Timestamp) {
        let id = facility.id;
        let stand = |snapshot: &Self| {
            let state = snapshot.facilities.get(&id).filter(|state| !state.facility.closed)?;
            Some((state.facility.region, state.sure_point()?))
        };
        let stood = stand(self);
        self.put_facility(facility, seq, at);
        let stands = stand(self);
        if stood != stands {
            let regions = stood.into_iter().chain(stands).map(|(region, _)| region);
            for following in regions.filter_map(|region| self.highest_following(region)).collect::<Vec<_>>() {
                self.settle(following);
                self.versions.bump_below(following.at(Level::Province).unwrap_or(following), UNDATED);
            }
        }
    }

    fn put_facility(&mut self, facility: Facility, seq: Seq, at: Timestamp) {
        let (id, region) = (facility.id, facility.region);
        let mut state = FacilityState { version: seq, changed_at: at, ..FacilityState::new(facility) };
        if let Some(before) = self.facilities.remove(&id) {
            self.totals.replace(Some(&before), None);
            let moves = before.facility.region != region;
            state.moved_at = if moves { Some(at) } else { before.moved_at };
            if state.facility.merged_into.is_none() {
                state.readings.clone_from(&before.readings);
            } else {
                before
                    .readings
                    .iter()
                    .for_each(|gone| self.forget_deadlines(id, &gone.resource, &gone.reading));
            }
            (state.known_at, state.has_sessions, state.has_marks) =
                (before.known_at, before.has_sessions, before.has_marks);
            if before.facility.merged_into.is_none() {
                for external in &before.facility.external_ids {
                    self.by_external_id.remove(external);
                }
            }
            self.names.remove_facility(&before.facility);
            self.by_region.remove(&(before.facility.region, id));
            self.places.remove(&before);
            let stamp = self.versions.bump_region(before.facility.region, Changed::Facility, at);
            self.versions.bump_cell(cell(before.stands), Changed::Facility, stamp);
        }
        // What was merged is found by the entry that took its place.
        if state.facility.merged_into.is_none() {
            for external in &state.facility.external_ids {
                self.by_external_id.insert(external.clone(), id);
            }
            self.names.insert_facility(&state.facility);
        }
        self.by_region.insert((region, id));
        state.stands = state.sure_point().or_else(|| self.locate(region).map(|located| located.point));
        self.keep(Arc::new(state));
        self.change(id, at, |_| ());
        self.versions.bump_names(at);
        self.reschedule_at(id);
    }

    fn put_contact(&mut self, contact: Contact) {
        self.end_contact(contact.id);
        self.versions.bump_reference(contact.region, UNDATED);
        self.contacts_by_region.insert((contact.region, contact.id));
        self.contacts.insert(contact.id, Arc::new(contact));
    }

    fn end_contact(&mut self, id: ContactId) {
        if let Some(contact) = self.contacts.remove(&id) {
            self.contacts_by_region.remove(&(contact.region, id));
            self.versions.bump_reference(contact.region, UNDATED);
        }
    }

    fn forget_key(&mut self, id: KeyId) {
        if let Some(key) = self.keys.remove(&id) {
            self.keys_by_hash.remove(&key.hash);
            for (index, text) in self.key_indexes(&key) {
                index.remove(&(text, id));
            }
        }
    }

    fn put_key(&mut self, key: Key) {
        self.keys_by_hash.insert(key.hash.clone(), key.id);
        for (index, text) in self.key_indexes(&key) {
            index.insert((text, key.id));
        }
        self.keys.insert(key.id, Arc::new(key));
    }

    /// The indexes in which a key stands, and under which text.
    fn key_indexes(&mut self, key: &Key) -> impl Iterator<Item = (&mut OrdSet<(String, KeyId)>, String)> {
        let phone = key.phone.clone().map(|phone| (&mut self.keys_by_phone, phone));
        let consumer = key.consumer.clone().map(|consumer| (&mut self.keys_by_consumer, consumer));
        let openid = key.openid.as_ref().map(|identity| (&mut self.keys_by_openid, identity.text()));
        phone.into_iter().chain(consumer).chain(openid)
    }

    /// The part of a report received at `at` that does not become current: newer numbers are known, or the session
    /// is over.
    pub fn late(&self, effect: &Effect, at: Timestamp) -> Late {
        let mut late = Late::default();
        match effect {
            Effect::Report(report) => {
                let state = self.facilities.get(&report.facility);
                for observation in &report.observations {
                    let current = state.and_then(|state| state.reading(&observation.resource));
                    if current.is_some_and(|current| !current.superseded_by(observation.observed_at, at)) {
                        late.add(&observation.resource);
                    }
                }
            }
            Effect::SessionReport(report) => {
                for said in &report.observations {
                    if !self.takes_reading(said.session, said.date, said.observed_at, at) {
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
            let said = report.reading(observation, at);
            if let Some(reading) = Reading::superseding(current.map(|current| &**current), said) {
                self.put_readings(report.facility, vec![(observation.resource.clone(), reading, seq)]);
            }
        }
    }

    /// Rooms show in no answer, only what they add up to: that is a report of its own.
    fn put_room(&mut self, room: Room, at: Timestamp) {
        let key = room.key();
        if !self.rooms.get(&key).is_some_and(|before| before.is_newer_than(room.observed_at, at)) {
            self.rooms.insert(key, Arc::new(room));
        }
    }

    /// Sets current numbers of a facility, each with the last change of the facility by then.
    fn put_readings(&mut self, id: FacilityId, readings: Vec<(TypeCode, Reading, Seq)>) {
        let (mut dates, mut version) = (Vec::new(), 0);
        let mut current = Vec::with_capacity(readings.len());
        for (code, reading, seq) in readings {
            let resource = self.types.get(&code).cloned().expect("types come before their numbers");
            let before = self.facilities.get(&id).and_then(|state| state.reading(&code)).cloned();
            if let Some(before) = before {
                self.forget_deadlines(id, &resource, &before);
            }
            dates.push(reading.known_at());
            dates.extend(self.set_deadlines(id, &resource, &reading));
            current.push(CurrentReading::new(resource, Arc::new(reading)));
            version = version.max(seq);
        }
        let is_ahead = |at: &Timestamp| *at > self.now + CLOCK_TOLERANCE;
        let (ahead, dates): (Vec<Timestamp>, Vec<Timestamp>) = dates.into_iter().partition(is_ahead);
        self.change_numbers(id, dates.into_iter().max().unwrap_or(UNDATED), |state| {
            state.version = version.max(state.version);
            state.put_readings(current);
        });
        // A date from a wrong clock shows in no answer, and must not hide the others.
        for at in ahead {
            self.change_numbers(id, at, |_| ());
        }
    }

    /// Notes when a number becomes aging and stale. Gives the moments that have passed: they date the answers.
    fn set_deadlines(
        &mut self,
        id: FacilityId,
        resource: &ResourceType,
        reading: &Reading,
    ) -> Vec<Timestamp> {
        if reading.is_unknown() {
            return Vec::new();
        }
        let (passed, ahead): (Vec<_>, Vec<_>) =
            deadlines(reading.observed_at, resource).into_iter().partition(|at| *at <= self.now);
        self.deadlines.extend(ahead.into_iter().map(|at| (at, id, resource.code.clone())));
        passed.into_iter().filter(|at| *at >= reading.observed_at).collect()
    }

    fn forget_deadlines(&mut self, id: FacilityId, resource: &ResourceType, reading: &Reading) {
        for at in deadlines(reading.observed_at, resource) {
            self.deadlines.remove(&(at, id, resource.code.clone()));
        }
    }
}
