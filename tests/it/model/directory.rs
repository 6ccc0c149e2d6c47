//! The directory as its log tells it: plain maps, filled row by row.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{marks::Mark, rooms::Room};

pub(super) type Time = DateTime<Utc>;

/// Latitude and longitude.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(super) struct Point {
    pub(super) lat: f64,
    pub(super) lon: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Region {
    pub(super) name: String,
    pub(super) point: Option<Point>,
    pub(super) precision: Option<String>,
    pub(super) zone: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Type {
    pub(super) code: String,
    pub(super) kind: String,
    pub(super) label: Label,
    pub(super) ventilator: Option<bool>,
    pub(super) negative_pressure: Option<bool>,
    pub(super) age_group: String,
    pub(super) reserved_for: Option<String>,
    pub(super) aging_after_h: i64,
    pub(super) stale_after_h: i64,
    pub(super) external_codes: Vec<String>,
    #[serde(default)]
    pub(super) retired: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Label {
    pub(super) id: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Facility {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) region: String,
    pub(super) external_ids: Vec<String>,
    pub(super) address: Option<String>,
    pub(super) phones: Vec<Phone>,
    pub(super) point: Option<Point>,
    pub(super) flags: BTreeSet<String>,
    pub(super) simulated: bool,
    pub(super) closed: bool,
    pub(super) merged_into: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Phone {
    pub(super) number: String,
    pub(super) visibility: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Contact {
    pub(super) id: String,
    pub(super) region: Option<String>,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) phone: String,
    pub(super) visibility: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) facility: String,
    /// Its day, or its days of every week.
    pub(super) date: Option<NaiveDate>,
    pub(super) weekly: Option<Weekly>,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) product: String,
    pub(super) doses: BTreeSet<u8>,
    pub(super) age_min: Option<u8>,
    pub(super) age_max: Option<u8>,
    pub(super) walk_in: bool,
    pub(super) cancelled: bool,
    /// When it was last changed.
    #[serde(skip)]
    pub(super) changed_at: Time,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Weekly {
    pub(super) weekdays: BTreeSet<String>,
    pub(super) from: NaiveDate,
    pub(super) until: Option<NaiveDate>,
    pub(super) except: BTreeSet<NaiveDate>,
}

/// What somebody said of one type, or of one day of a session.
#[derive(Debug, Clone)]
pub(super) struct Number {
    pub(super) capacity: Option<u64>,
    pub(super) occupied: Option<u64>,
    pub(super) available: Option<u64>,
    pub(super) queue: Option<u64>,
    pub(super) observed_at: Time,
    /// When the capacity was stated, if it ever was.
    pub(super) capacity_observed_at: Option<Time>,
    /// Whether it was stated with the other numbers.
    pub(super) states_capacity: bool,
    pub(super) received_at: Time,
    pub(super) source: String,
    pub(super) reporter: String,
    /// What the log says it is far away from.
    pub(super) jump: Value,
    /// Since when as many are said to be free.
    pub(super) available_since: Time,
}

/// All there is, by code and by id.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// The last row of the log in it.
    seq: i64,
    /// When it is seen: an old number is old at a moment.
    pub(super) now: Time,
    pub(super) regions: BTreeMap<String, Region>,
    pub(super) types: BTreeMap<String, Type>,
    pub(super) facilities: BTreeMap<String, Facility>,
    /// The current numbers by facility and type.
    pub(super) numbers: BTreeMap<(String, String), Number>,
    /// The rooms of hospitals by facility, system and id.
    pub(super) rooms: BTreeMap<(String, String, String), Room>,
    /// The last change that shows in a facility.
    pub(super) versions: BTreeMap<String, i64>,
    pub(super) contacts: BTreeMap<String, Contact>,
    pub(super) sessions: BTreeMap<String, Session>,
    /// The current numbers by session and day.
    pub(super) session_numbers: BTreeMap<(String, NaiveDate), Number>,
    pub(super) marks: BTreeMap<String, Mark>,
    /// What was said last of sessions without becoming current.
    late: Vec<String>,
}

impl Directory {
    /// Reads what was appended to the log, and lets it be `now`.
    pub(super) async fn read(&mut self, connection: &DatabaseConnection, now: Time) {
        let query = format!("SELECT seq, at, late, body FROM change WHERE seq > {} ORDER BY seq", self.seq);
        let statement = Statement::from_string(connection.get_database_backend(), query);
        for row in connection.query_all_raw(statement).await.unwrap() {
            let body: String = row.try_get("", "body").unwrap();
            let seq: i64 = row.try_get("", "seq").unwrap();
            assert_eq!(seq, self.seq + 1, "the log has no gaps");
            self.seq = seq;
            let late: Option<String> = row.try_get("", "late").unwrap();
            let body: Value = serde_json::from_str(&body).unwrap();
            self.late.clear();
            self.take(row.try_get("", "at").unwrap(), &body);
            if body["effect"] == "session_report" {
                assert_eq!(late.unwrap_or_default(), self.late.join(","), "late at {seq}: {body}");
            }
        }
        self.now = now;
        self.forget_what_is_over();
    }

    /// Takes in one row of the log: what was said at `at`.
    fn take(&mut self, at: Time, body: &Value) {
        assert!(at >= self.now, "time does not go back");
        self.now = at;
        self.forget_what_is_over();
        match text(body, "effect").as_str() {
            "region" => drop(self.regions.insert(text(body, "code"), read(body))),
            "resource_type" => drop(self.types.insert(text(body, "code"), read(body))),
            "contact" => drop(self.contacts.insert(text(body, "id"), read(body))),
            "contact_ended" => drop(self.contacts.remove(&text(body, "id"))),
            "facility" => {
                if body["merged_into"].is_string() {
                    // What it had is told again of the one that took its place.
                    self.numbers.retain(|(facility, _), _| *facility != text(body, "id"));
                }
                self.facilities.insert(text(body, "id"), read(body));
                self.changed(text(body, "id"));
            }
            "report" => self.take_report(at, body),
            "session" => {
                let (id, session) = (text(body, "id"), Session { changed_at: at, ..read(body) });
                if let Some(before) = self.sessions.get(&id).map(|before| before.facility.clone()) {
                    self.changed(before);
                }
                self.changed(session.facility.clone());
                // What was said of a day on which it is not held any more is void.
                self.session_numbers.retain(|(of, day), _| *of != id || session.is_held_on(*day));
                self.sessions.insert(id, session);
            }
            "session_forgotten" => {
                let id = text(body, "id");
                if let Some(session) = self.sessions.remove(&id) {
                    self.changed(session.facility);
                    self.session_numbers.retain(|(of, _), _| *of != id);
                }
            }
            "session_report" => self.take_session_report(at, body),
            // Rooms show in no answer, only what they add up to: that is a report of its own.
            "room" => {
                let (key, room) = (room_key(body), read::<Room>(body));
                let is_older = self.rooms.get(&key).is_some_and(|have| room.observed_at < have.observed_at);
                if !is_older {
                    self.rooms.insert(key, room);
                }
            }
            "room_ended" => drop(self.rooms.remove(&room_key(body))),
            "mark" => drop(self.marks.insert(text(body, "id"), read(body))),
            "mark_ended" => drop(self.marks.remove(&text(body, "id"))),
            "key" | "key_forgotten" => {}
            other => panic!("the model does not know what '{other}' means"),
        }
    }

    fn changed(&mut self, facility: String) {
        self.versions.insert(facility, self.seq);
    }

    /// An older observation never replaces a newer one; of two of the same moment the later word counts. The capacity has
    /// a time of its own.
    fn take_report(&mut self, at: Time, report: &Value) {
        let facility = text(report, "facility");
        for said in report["observations"].as_array().unwrap() {
            let key = (facility.clone(), text(said, "type"));
            if let Some(number) = joined(self.numbers.get(&key), number(said, report, at)) {
                self.numbers.insert(key, number);
                self.changed(facility.clone());
            }
        }
    }

    /// The same of sessions; what is said of a day that is over is too late.
    fn take_session_report(&mut self, at: Time, report: &Value) {
        for said in report["observations"].as_array().unwrap() {
            let key = (text(said, "session"), text(said, "date").parse().unwrap());
            let number = number(said, report, at);
            let is_to_come = self
                .sessions
                .get(&key.0)
                .is_some_and(|session| session.is_held_on(key.1) && self.closes_at(session, key.1) > at);
            let have = self.session_numbers.get(&key);
            if !is_to_come || have.is_some_and(|have| number.observed_at < have.observed_at) {
                self.late.push(format!("{}:{}", key.0, key.1));
            }
            if let Some(number) = joined(have, number).filter(|_| is_to_come) {
                self.session_numbers.insert(key, number);
                self.changed(text(report, "facility"));
            }
        }
    }

    fn forget_what_is_over(&mut self) {
        self.marks.retain(|_, mark| mark.until > self.now);
        let mut numbers = std::mem::take(&mut self.session_numbers);
        numbers.retain(|(id, day), _| self.closes_at(&self.sessions[id], *day) > self.now);
        self.session_numbers = numbers;
    }
}

/// What stands after `said`; none if it changes nothing.
fn joined(have: Option<&Number>, said: Number) -> Option<Number> {
    let known = |number: &Number| (number.capacity, number.capacity_observed_at);
    let Some(have) = have else {
        assert!(said.states_capacity || known(&said) == (None, None), "{said:?}");
        return Some(said);
    };
    if said.observed_at >= have.observed_at {
        assert!(
            said.states_capacity || known(&said) == known(have),
            "{said:?} left the capacity out of {have:?}"
        );
        let is_same = said.available == have.available;
        let available_since = if is_same { have.available_since } else { said.available_since };
        return Some(Number { available_since, ..said });
    }
    let is_newer =
        said.capacity_observed_at.is_some() && said.capacity_observed_at >= have.capacity_observed_at;
    let used = have.occupied.unwrap_or_default() + have.available.unwrap_or_default();
    if !is_newer || known(&said) == known(have) || said.capacity.is_some_and(|capacity| capacity < used) {
        return None;
    }
    let (capacity, capacity_observed_at) = known(&said);
    let jump = if said.jump.is_null() { have.jump.clone() } else { said.jump };
    Some(Number { capacity, capacity_observed_at, states_capacity: false, jump, ..have.clone() })
}

fn room_key(body: &Value) -> (String, String, String) {
    (text(body, "facility"), text(body, "system"), text(body, "id"))
}

fn text(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap_or_else(|| panic!("no {field} in {body}")).to_owned()
}

fn read<T: DeserializeOwned>(body: &Value) -> T {
    serde_json::from_value(body.clone()).unwrap_or_else(|error| panic!("{error}: {body}"))
}

fn number(said: &Value, report: &Value, received_at: Time) -> Number {
    Number {
        capacity: said["capacity"].as_u64(),
        occupied: said["occupied"].as_u64(),
        available: said["available"].as_u64(),
        queue: said["queue"].as_u64(),
        observed_at: read(&said["observed_at"]),
        capacity_observed_at: read(said.get("capacity_observed_at").unwrap_or(&said["observed_at"])),
        states_capacity: said.get("capacity_observed_at").is_none(),
        received_at,
        source: text(report, "source"),
        reporter: text(report, "reporter"),
        jump: said["jump"].clone(),
        available_since: received_at,
    }
}
