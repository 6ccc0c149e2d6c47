//! A mirror that starts from a snapshot and follows the changes equals the directory.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use sedia::{clock::Clock, domain::key::Role};
use serde_json::{Value, json};

use super::pages;
use crate::support::TestNode;

/// What somebody builds who reads only the documents: the newest content of everything by kind and id.
#[derive(Debug, Clone, Default, PartialEq)]
struct Mirror {
    seq: u64,
    /// Only of this region, as a parameter; empty for everything.
    region: String,
    things: BTreeMap<(String, String), Value>,
    /// By facility and type.
    numbers: BTreeMap<(String, String), Value>,
    /// By session and date.
    left: BTreeMap<(String, String), Value>,
}

fn word(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn moment(value: &Value) -> DateTime<Utc> {
    word(value).parse().unwrap()
}

/// Keeps a number, unless a later observation is known, and a capacity, unless one that was stated later is known.
fn keep(numbers: &mut BTreeMap<(String, String), Value>, id: (String, String), number: &Value) {
    let observed = |number: &Value| moment(&number["observed_at"]);
    let Some(have) = numbers.get_mut(&id).filter(|have| observed(number) < observed(have)) else {
        numbers.insert(id, number.clone());
        return;
    };
    let stated = |number: &Value| match number.get("capacity_observed_at") {
        None => Some(observed(number)),
        Some(Value::Null) => None,
        Some(at) => Some(moment(at)),
    };
    let used = ["occupied", "available"].map(|field| have[field].as_u64().unwrap_or_default());
    let is_disproved = number["capacity"].as_u64().is_some_and(|capacity| capacity < used[0] + used[1]);
    let is_known = (stated(number), &number["capacity"]) == (stated(have), &have["capacity"]);
    if stated(number).is_some() && stated(number) >= stated(have) && !is_disproved && !is_known {
        have["capacity"] = number["capacity"].clone();
        have["capacity_observed_at"] = json!(stated(number));
        if !number["jump"].is_null() {
            have["jump"] = number["jump"].clone();
        }
    }
}

impl Mirror {
    /// From `/v1/snapshot`.
    async fn start(node: &TestNode, key: Option<&str>) -> Self {
        Self::of_region(node, key, "").await
    }

    async fn of_region(node: &TestNode, key: Option<&str>, region: &str) -> Self {
        let call = node.get(&format!("/v1/snapshot?{region}"));
        let reply = match key {
            Some(key) => call.key(key).send().await,
            None => call.send().await,
        };
        assert_eq!(reply.header("content-type"), "application/x-ndjson");
        let text = reply.text();
        let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let end = lines.pop().unwrap();
        let head = lines.remove(0);
        assert_eq!((&end["end"], end["lines"].as_u64()), (&json!(true), Some(lines.len() as u64)));
        assert_eq!(head["region"].as_str().unwrap_or_default(), region.trim_start_matches("region="));
        let seq = head["seq"].as_u64().unwrap();
        let mut mirror = Self { seq, region: region.to_owned(), ..Self::default() };
        for line in &lines {
            mirror.take(line);
        }
        mirror
    }

    /// Follows the changes to their end.
    async fn follow(&mut self, node: &TestNode, key: Option<&str>) {
        for change in pages(node, key, self.seq, &format!("&limit=7&{}", self.region)).await {
            self.take(&change);
        }
        self.seq = node.seq().await;
        // Marks end by themselves.
        let now = node.clock.now();
        self.things.retain(|(kind, _), thing| kind != "mark" || moment(&thing["until"]) > now);
    }

    fn take(&mut self, line: &Value) {
        let (kind, content) = (line["kind"].as_str().unwrap(), &line["content"]);
        let list = |name: &str| content[name].as_array().unwrap().iter();
        match kind {
            "report" => self.take_numbers(&content["facility"], list("numbers")),
            "session_report" => self.take_left(list("numbers")),
            "facility_entered" => {
                self.forget(&content["facility"]["id"]);
                self.take_thing("facility", &content["facility"]);
                self.take_numbers(&content["facility"]["id"], list("numbers"));
                list("sessions").for_each(|session| self.take_thing("session", session));
                self.take_left(list("session_numbers"));
                list("marks").for_each(|mark| self.take_thing("mark", mark));
            }
            "facility_left" => self.forget(&content["id"]),
            "mark_ended" => drop(self.things.remove(&("mark".to_owned(), word(&content["id"])))),
            "contact_ended" => drop(self.things.remove(&("contact".to_owned(), word(&content["id"])))),
            _ => {
                if content["merged_into"].is_string() {
                    self.forget(&content["id"]);
                }
                self.take_thing(kind, content);
            }
        }
    }

    /// A facility with all that it has.
    fn forget(&mut self, id: &Value) {
        let id = word(id);
        self.things.remove(&("facility".to_owned(), id.clone()));
        self.numbers.retain(|(facility, _), _| *facility != id);
        let goes = |kind: &str| kind == "session" || kind == "mark";
        self.things.retain(|(kind, _), thing| !goes(kind) || thing["facility"] != *id);
        let known = |session: &String| self.things.contains_key(&("session".to_owned(), session.clone()));
        self.left.retain(|(session, _), _| known(session));
    }

    fn take_thing(&mut self, kind: &str, content: &Value) {
        let id = if content["id"].is_string() { &content["id"] } else { &content["code"] };
        self.things.insert((kind.to_owned(), word(id)), content.clone());
    }

    fn take_numbers<'a>(&mut self, facility: &Value, numbers: impl Iterator<Item = &'a Value>) {
        for number in numbers {
            keep(&mut self.numbers, (word(facility), word(&number["type"])), number);
        }
    }

    fn take_left<'a>(&mut self, numbers: impl Iterator<Item = &'a Value>) {
        for number in numbers {
            keep(&mut self.left, (word(&number["session"]), word(&number["date"])), number);
        }
    }

    /// What the mirror says the directory would answer about a facility.
    async fn answers_like(&self, node: &TestNode, key: Option<&str>) {
        let mut seen = 0;
        for ((kind, id), facility) in &self.things {
            if kind != "facility" {
                continue;
            }
            seen += 1;
            let call = node.get(&format!("/v1/facilities/{id}"));
            let answer = match key {
                Some(key) => call.key(key).send().await.json(),
                None => call.send().await.json(),
            };
            for field in
                ["id", "name", "kind", "external_ids", "address", "phones", "lat", "lon", "flags", "closed"]
            {
                assert_eq!(answer[field], facility[field], "{field} of {answer}");
            }
            assert_eq!(answer["region"]["code"], facility["region"]);
            let numbers: Vec<&Value> = self
                .numbers
                .range((id.clone(), String::new())..)
                .take_while(|((have, _), _)| have == id)
                .map(|(_, number)| number)
                .collect();
            let told = answer["availability"].as_array().unwrap();
            assert_eq!(told.len(), numbers.len());
            for (told, number) in told.iter().zip(numbers) {
                for (field, value) in number.as_object().unwrap() {
                    assert_eq!(told[field], *value, "{field} of {told}");
                }
                assert_eq!(told["reporter"], number["reporter"]);
            }
        }
        if self.region.is_empty() {
            assert_eq!(seen, 3);
        }
    }
}

/// A session of a facility with numbers, told twice.
async fn a_session(node: &TestNode, facility: &str) {
    let key = node.admin().await;
    let session = json!({
        "facility": facility, "weekly": {"weekdays": ["fri"], "from": "2021-07-01"}, "from": "08:00", "to": "12:00",
        "product": "sinovac", "doses": [1],
    });
    let made = node.post("/v1/sessions", &session).key(&key).send().await.json();
    let id = made["session"]["id"].as_str().unwrap();
    for (date, left) in [("2021-07-02", 7), ("2021-07-09", 9), ("2021-07-02", 5)] {
        let body = json!({"sessions": {format!("{id}@{date}"): {"capacity": 10, "available": left}}});
        let path = format!("/v1/facilities/{facility}/availability");
        node.put(&path, &body).key(&key).send().await.json();
    }
}

/// A hospital system tells rooms, of which the second was counted before the first.
async fn rooms(node: &TestNode, facility: &str) {
    let key = node.admin().await;
    let ids = json!({"external_ids": [facility, "kemenkes:33C"]});
    node.patch(&format!("/v1/facilities/{facility}"), &ids).key(&key).send().await.json();
    for (room, minutes) in [("1", 1), ("2", 50)] {
        let row = json!({"id_tt": "5", "id_t_tt": room, "ruang": room, "jumlah": "9", "kosong": "4"});
        let sent = node.clock.now() - Duration::minutes(minutes);
        let call = node.post("/bridge/rsonline/Fasyankes", &row).header("X-rs-id", "33C").key(&key);
        call.header("X-Timestamp", &sent.timestamp().to_string()).send().await.json();
    }
}

/// A capacity is stated, left out, stated late, and stated too late.
async fn capacities(node: &TestNode, facility: &str) {
    let key = node.admin().await;
    for (minutes, numbers) in [
        (50, json!({"capacity": 12, "occupied": 7, "available": 2})),
        (20, json!({"occupied": 8, "available": 3})),
        (40, json!({"capacity": 14, "available": 1})),
        (45, json!({"capacity": 13})),
        (30, json!({"capacity": 10, "available": 1})),
        (35, json!({"available": 2})),
    ] {
        let at = node.clock.now() - Duration::minutes(minutes);
        let body =
            json!({"observed_at": at, "values": {"bed.picu": numbers, "bed.vip": {"available": minutes}}});
        let path = format!("/v1/facilities/{facility}/availability");
        node.put(&path, &body).key(&key).send().await.json();
    }
}

/// People who phone leave marks, take one back, and wait until another ends.
async fn marks(node: &TestNode, facility: &str) {
    let agent = node.key(Role::Agent, None, &[]).await;
    let path = format!("/v1/facilities/{facility}/marks");
    let note = json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "numbers": {"available": 0}, "text": "penuh"});
    let mut locations = Vec::new();
    for mark in [
        note.clone(),
        json!({"kind": "claim"}),
        json!({"kind": "hold", "type": "bed.icu", "minutes": 5}),
        json!({"kind": "note", "verdict": "closed"}),
    ] {
        let made = node.post(&path, &mark).key(&agent).send().await;
        locations.push(made.header("location").to_owned());
    }
    node.delete(&locations[3]).key(&agent).send().await.json();
    node.clock.pass(Duration::minutes(6));
    node.post(&path, &note).key(&agent).send().await.json();
    node.post(&path, &json!({"kind": "note", "verdict": "phone_dead"})).send().await.json();
}

/// Everything that can happen to the directory, once or twice.
async fn much_happens(node: &TestNode) {
    let key = node.admin().await;
    let facility = "/v1/facilities/test:A";
    for body in [
        json!({"name": "RS Baru", "region": "33.22"}),
        json!({"phones": [{"number": "024-111111", "visibility": "internal"}], "lat": -7.0, "lon": 110.4}),
    ] {
        node.patch(facility, &body).key(&key).send().await.json();
    }
    node.hospital("C", "34.04", Some((-7.7, 110.3))).await;
    for (available, at) in
        [(5, "2021-07-01T06:00:00Z"), (1, "2021-07-01T05:00:00Z"), (7, "2021-07-01T06:00:00Z")]
    {
        let body = json!({"observed_at": at, "values": {"bed.hcu": {"available": available}, "bed.icu": {"capacity": 9}}});
        node.put("/v1/facilities/test:C/availability", &body).key(&key).send().await.json();
    }
    node.report("test:A", json!({"bed.icu": {}})).await;
    capacities(node, "test:C").await;
    rooms(node, "test:C").await;
    marks(node, "test:A").await;
    node.patch("/v1/facilities/test:B", &json!({"closed": true})).key(&key).send().await.json();
    node.put("/v1/regions/33.74", &json!({"name": "Kota Semarang Raya"})).key(&key).send().await.json();
    let contact = |name: &str, visibility: &str| json!({"region": "33", "name": name, "role": "satgas", "phone": "0811-1", "visibility": visibility});
    let mut ids = Vec::new();
    for visibility in ["public", "internal", "public"] {
        let made = node.post("/v1/contacts", &contact("Piket", visibility)).key(&key).send().await;
        ids.push(made.json()["id"].as_str().unwrap().to_owned());
    }
    for (id, visibility) in ids.iter().zip(["internal", "public"]) {
        node.put(&format!("/v1/contacts/{id}"), &contact("Lain", visibility)).key(&key).send().await.json();
    }
    node.delete(&format!("/v1/contacts/{}", ids[2])).key(&key).send().await.json();
    a_session(node, "test:A").await;
}

/// Facilities and a contact go from region to region.
async fn much_moves(node: &TestNode) {
    let key = node.admin().await;
    let contact = json!({"region": "33.74", "name": "Pindah", "role": "satgas", "phone": "0811-2"});
    let made = node.post("/v1/contacts", &contact).key(&key).send().await.json();
    let contact = format!("/v1/contacts/{}", made["id"].as_str().unwrap());
    for (round, region) in ["33.22", "33.74.10", "34.04", "33", "33.74"].into_iter().enumerate() {
        node.clock.pass(Duration::seconds(1));
        for facility in ["test:A", "test:B"].iter().take(1 + round % 2) {
            let path = format!("/v1/facilities/{facility}");
            node.patch(&path, &json!({"region": region})).key(&key).send().await.json();
        }
        let moved = json!({"region": region, "name": "Pindah", "role": "satgas", "phone": "0811-2"});
        node.put(&contact, &moved).key(&key).send().await.json();
        node.report("test:A", json!({"bed.hcu": {"available": round}})).await;
        node.patch("/v1/facilities/test:A", &json!({"address": format!("Jalan {round}")}))
            .key(&key)
            .send()
            .await
            .json();
    }
}

#[tokio::test]
async fn a_mirror_from_a_snapshot_and_the_changes_equals_the_directory() {
    let (node, _) = super::busy().await;
    let agent = node.key(Role::Agent, Some("33.22"), &[]).await;
    for round in 0..2 {
        let mut mirrors = Vec::new();
        for key in [None, Some(agent.as_str())] {
            mirrors.push((key, Mirror::start(&node, key).await));
        }
        if round == 0 {
            much_happens(&node).await;
        }
        for (key, mut mirror) in mirrors {
            mirror.follow(&node, key).await;
            assert_eq!(mirror, Mirror::start(&node, key).await);
            mirror.answers_like(&node, key).await;
        }
    }
}

/// Also after a restart, whose memory knows only what the tables say; and for whoever follows step by step.
#[tokio::test]
async fn a_mirror_of_one_region_equals_what_the_directory_says_of_it() {
    let (node, _) = super::busy().await;
    a_session(&node, "test:A").await;
    let agent = node.key(Role::Agent, Some("33.74"), &[]).await;
    let mut mirrors = Vec::new();
    for region in ["33", "33.74", "33.74.10", "33.22", "34", "11"] {
        for key in [None, Some(agent.as_str())] {
            let mirror = Mirror::of_region(&node, key, &format!("region={region}")).await;
            mirrors.push((region, key, mirror.clone(), mirror));
        }
    }
    let sizes: Vec<usize> = mirrors.iter().map(|(.., mirror)| mirror.numbers.len()).collect();
    assert_eq!(sizes, [2, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    much_happens(&node).await;
    for (_, key, steady, _) in &mut mirrors {
        steady.follow(&node, *key).await;
    }
    much_moves(&node).await;
    let node = node.restart().await;
    for (region, key, steady, late) in &mut mirrors {
        let now = Mirror::of_region(&node, *key, &format!("region={region}")).await;
        for mirror in [steady, late] {
            mirror.follow(&node, *key).await;
            assert_eq!(*mirror, now, "{region}");
            mirror.answers_like(&node, *key).await;
        }
        assert_eq!(
            now.left.len(),
            if ["33", "33.74", "33.74.10"].contains(region) { 4 } else { 0 },
            "{region}"
        );
    }
}

/// What stays where it is comes as it always did, and what is elsewhere makes no noise.
#[tokio::test]
async fn only_what_moves_enters_and_leaves() {
    let (node, before) = super::busy().await;
    let key = node.admin().await;
    let kinds = async |region: &str| -> Vec<String> {
        let changes = pages(&node, None, before, &format!("&region={region}")).await;
        changes
            .iter()
            .map(|change| word(&change["kind"]))
            .filter(|kind| kind.starts_with("facility"))
            .collect()
    };
    node.patch("/v1/facilities/test:A", &json!({"name": "RS Baru"})).key(&key).send().await.json();
    assert_eq!(kinds("33.74").await, ["facility", "facility"]);
    assert_eq!(kinds("33.22").await, ["facility"]);
    node.clock.pass(Duration::seconds(1));
    node.patch("/v1/facilities/test:A", &json!({"region": "33.22"})).key(&key).send().await.json();
    node.clock.pass(Duration::seconds(1));
    node.patch("/v1/facilities/test:A", &json!({"name": "RS Lama"})).key(&key).send().await.json();
    assert_eq!(kinds("33.74").await.last().unwrap(), "facility_left");
    let there = kinds("33.22").await;
    assert_eq!(there[there.len() - 2..], ["facility_entered", "facility"]);
    assert!(kinds("11").await.iter().all(|kind| kind == "facility_left"));
    let live = node.get(&format!("/v1/changes?after={}&region=11", node.seq().await - 1)).send().await.json();
    assert_eq!(live["changes"], json!([]));
}

#[tokio::test]
async fn the_changes_alone_from_the_first_on_build_the_same() {
    let (node, _) = super::busy().await;
    much_happens(&node).await;
    let mut mirror = Mirror::default();
    for change in pages(&node, None, 0, "&limit=200").await {
        mirror.take(&change);
    }
    mirror.seq = node.seq().await;
    assert_eq!(mirror, Mirror::start(&node, None).await);
}
