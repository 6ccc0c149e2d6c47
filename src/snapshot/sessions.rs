//! Sessions with the numbers of their occurrences, and the moments at which these change by themselves.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{Days, NaiveDate};

use super::{Snapshot, versions::UNDATED};
use crate::{
    clock::Timestamp,
    domain::{
        change::Seq,
        facility::FacilityId,
        freshness::deadlines,
        observation::Reading,
        region::Zone,
        region_code::RegionCode,
        session::{LocalTime, SESSION_TYPE, Session, SessionId, SessionReport, local_date},
        text::Slug,
    },
};

/// A session with the current numbers of its occurrences.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionState {
    /// Its days, hours, product and booking.
    pub session: Arc<Session>,
    /// Its current numbers by date; those of occurrences that are over are forgotten.
    pub readings: BTreeMap<NaiveDate, Arc<Reading>>,
    /// The change that made it what it is; `If-Match` compares this.
    pub version: Seq,
    /// The time of that change.
    pub changed_at: Timestamp,
    /// The next moment at which it changes by itself; None once it is over.
    deadline: Option<Timestamp>,
}

impl SessionState {
    /// The same under the definition `session`, which has the same days and hours.
    pub(super) fn told_as(&self, session: Session) -> Self {
        Self { session: Arc::new(session), ..self.clone() }
    }

    /// Whether an occurrence of it goes on or is still to come.
    pub fn is_coming(&self) -> bool {
        self.deadline.is_some() && !self.session.cancelled
    }
}

/// The first moment after `now` at which a day begins in one of the zones.
pub(super) fn midnight_after(now: Timestamp) -> Timestamp {
    let begins = |zone| LocalTime::MIDNIGHT.on(local_date(now, zone) + Days::new(1), zone);
    [Zone::Wib, Zone::Wita, Zone::Wit].map(begins).into_iter().min().unwrap_or(now)
}

impl Snapshot {
    /// A session, cancelled or over or not.
    pub fn session(&self, id: SessionId) -> Option<&Arc<SessionState>> {
        self.sessions.get(&id)
    }

    /// All sessions by id.
    pub fn sessions(&self) -> impl Iterator<Item = &Arc<SessionState>> {
        self.sessions.values()
    }

    /// Suggests a product if `word` looks misspelled: no coming session has `word`, and one has a similar product.
    pub fn product_like(&self, word: &Slug) -> Option<&Slug> {
        let coming = self.sessions().filter(|state| state.is_coming());
        let products: BTreeSet<&Slug> = coming.map(|state| &state.session.product).collect();
        if products.contains(word) {
            return None;
        }
        let like = |product: &Slug| strsim::jaro_winkler(product.as_str(), word.as_str());
        let likely = products.into_iter().map(|product| (like(product), product));
        let likely = likely.filter(|(like, _)| *like > 0.85);
        likely.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, product)| product)
    }

    /// The sessions of a facility by id, cancelled ones too.
    pub fn sessions_of(&self, facility: FacilityId) -> impl Iterator<Item = &Arc<SessionState>> {
        let (first, last) = (SessionId(uuid::Uuid::nil()), SessionId(uuid::Uuid::max()));
        self.sessions_by_facility
            .range((facility, first)..=(facility, last))
            .filter_map(|(_, id)| self.sessions.get(id))
    }

    /// The time zone that a session's hours are in.
    pub fn session_zone(&self, session: &Session) -> Zone {
        self.facilities.get(&session.facility).map_or(Zone::Wib, |state| self.zone(state.facility.region))
    }

    pub(super) fn put_session(&mut self, session: Session, seq: Seq, at: Timestamp) {
        let (id, facility) = (session.id, session.facility);
        let before = self.sessions.remove(&id);
        if let Some(before) = &before {
            self.unschedule(before);
        }
        let left = before.as_ref().map(|before| before.session.facility);
        let state = SessionState {
            session: Arc::new(session),
            readings: before.map(|before| before.readings.clone()).unwrap_or_default(),
            version: seq,
            changed_at: at,
            deadline: None,
        };
        if let Some(left) = left.filter(|left| *left != facility) {
            self.sessions_by_facility.remove(&(left, id));
            self.note_change_of(left, seq, at);
        }
        self.sessions.insert(id, Arc::new(state));
        self.sessions_by_facility.insert((facility, id));
        self.note_change_of(facility, seq, at);
        self.reschedule(id);
    }

    pub(super) fn forget_session(&mut self, id: SessionId, seq: Seq, at: Timestamp) {
        if let Some(state) = self.sessions.remove(&id) {
            let facility = state.session.facility;
            self.sessions_by_facility.remove(&(facility, id));
            self.unschedule(&state);
            self.note_change_of(facility, seq, at);
            self.change(facility, at, |state| state.changed_at = state.changed_at.max(at));
            // The row of the facility is dated by this, and so are its names.
            self.versions.bump_names(at);
        }
    }

    pub(super) fn put_session_report(&mut self, report: &SessionReport, seq: Seq, at: Timestamp) {
        for observation in &report.observations {
            let (id, date) = (observation.session, observation.date);
            let Some(state) = self.sessions.get(&id).filter(|_| self.is_to_come(id, date, at)) else {
                continue;
            };
            let current = state.readings.get(&date).map(|current| &**current);
            if let Some(reading) = Reading::superseding(current, report.reading(observation, at)) {
                // The rest of a session's quota may be gone within the hour.
                self.put_session_reading(id, date, Reading { available_since: None, ..reading });
                self.note_change_of(report.facility, seq, at);
            }
        }
    }

    /// Whether numbers observed at `observed_at` and received at `at` become current: the occurrence is still to
    /// come or going on, and nothing newer is known of it.
    pub fn takes_reading(
        &self,
        id: SessionId,
        date: NaiveDate,
        observed_at: Timestamp,
        at: Timestamp,
    ) -> bool {
        let current = self.sessions.get(&id).and_then(|state| state.readings.get(&date));
        self.is_to_come(id, date, at) && current.is_none_or(|current| current.superseded_by(observed_at, at))
    }

    /// Whether an occurrence is going on or still to come at `at`.
    pub fn is_to_come(&self, id: SessionId, date: NaiveDate, at: Timestamp) -> bool {
        self.sessions.get(&id).is_some_and(|state| {
            let session = &state.session;
            session.schedule.includes(date) && session.ends_at(date, self.session_zone(session)) > at
        })
    }

    pub(super) fn put_session_reading(&mut self, id: SessionId, date: NaiveDate, reading: Reading) {
        let Some(mut state) = self.sessions.get(&id).cloned() else {
            return;
        };
        let (facility, known_at) = (state.session.facility, reading.known_at());
        Arc::make_mut(&mut state).readings.insert(date, Arc::new(reading));
        self.sessions.insert(id, state);
        self.change(facility, known_at, |_| ());
        self.reschedule(id);
    }

    /// Something about the sessions of a facility shows now that did not before.
    fn note_change_of(&mut self, facility: FacilityId, seq: Seq, at: Timestamp) {
        let has_sessions = self.sessions_of(facility).next().is_some();
        self.change(facility, at, |state| {
            state.version = state.version.max(seq);
            state.has_sessions = has_sessions;
        });
    }

    pub(super) fn reschedule_all(&mut self) {
        self.reschedule_each(self.sessions.keys().copied().collect());
    }

    pub(super) fn reschedule_below(&mut self, region: RegionCode) {
        let lies_in = |state: &SessionState| {
            let facility = self.facilities.get(&state.session.facility);
            facility.is_some_and(|state| region.covers(state.facility.region))
        };
        let below = self.sessions.iter().filter(|(_, state)| lies_in(state));
        self.reschedule_each(below.map(|(id, _)| *id).collect());
    }

    pub(super) fn reschedule_at(&mut self, facility: FacilityId) {
        self.reschedule_each(self.sessions_of(facility).map(|state| state.session.id).collect());
    }

    fn reschedule_each(&mut self, ids: Vec<SessionId>) {
        for id in ids {
            self.reschedule(id);
        }
    }

    /// The session no longer changes by itself, and its title leads to nothing.
    fn unschedule(&mut self, state: &SessionState) {
        if let Some(deadline) = state.deadline {
            self.session_deadlines.remove(&(deadline, state.session.id));
        }
        if state.is_coming() {
            self.names.remove_title(&state.session);
            self.note_title(&state.session);
        }
    }

    /// The search index changed. Old titles are not stored, so `as_of` does not move.
    fn note_title(&mut self, session: &Session) {
        if session.title.is_some() {
            self.versions.bump_names(UNDATED);
        }
    }

    /// Forgets the numbers of occurrences that are over, and finds out when the session next changes by
    /// itself. What has passed since somebody looked dates the answers of its region. Its title leads to it as long
    /// as it is still to come.
    pub(super) fn reschedule(&mut self, id: SessionId) {
        let Some(mut state) = self.sessions.get(&id).cloned() else {
            return;
        };
        let (now, session) = (self.now, Arc::clone(&state.session));
        let zone = self.session_zone(&session);
        let was_coming = state.is_coming();
        let changed = Arc::make_mut(&mut state);
        if let Some(deadline) = changed.deadline.take() {
            self.session_deadlines.remove(&(deadline, id));
        }
        let is_over = |date: NaiveDate| session.ends_at(date, zone) <= now;
        changed.readings.retain(|date, _| session.schedule.includes(*date) && !is_over(*date));
        // A cancelled one shows nowhere, but what is over is forgotten of it, too.
        let shows = !session.cancelled;
        let known = changed.readings.values().filter(|reading| shows && !reading.is_unknown());
        let resource = self.types.get(SESSION_TYPE);
        let growing_old = known
            .zip(std::iter::repeat(resource))
            .filter_map(|(reading, resource)| Some(deadlines(reading.observed_at, resource?)))
            .flatten();
        let ends = [session.last_before(now, zone), session.next_after(now, zone)];
        let ends = ends.into_iter().flatten().map(|date| session.ends_at(date, zone));
        let (passed, coming): (Vec<_>, Vec<_>) = growing_old.chain(ends).partition(|at| *at <= now);
        changed.deadline = coming.into_iter().min();
        if let Some(at) = passed.into_iter().max().filter(|_| shows) {
            self.change(session.facility, at, |_| ());
        }
        if let Some(deadline) = changed.deadline {
            self.session_deadlines.insert((deadline, id));
        }
        if was_coming != state.is_coming() {
            if was_coming {
                self.names.remove_title(&session);
            } else {
                self.names.insert_title(&session);
            }
            self.note_title(&session);
        }
        self.sessions.insert(id, state);
    }
}
