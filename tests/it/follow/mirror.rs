//! A mirror that starts from a snapshot and follows the changes equals the directory.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sedia::directory::key::Role;
use serde_json::{Value, json};

use super::pages;
use crate::support::TestNode;

/// What somebody builds who reads only the documents: the newest content of everything by kind and id.
#[derive(Debug, Default, PartialEq)]
struct Mirror {
    seq: u64,
    things: BTreeMap<(String, String), Value>,
    numbers: BTreeMap<(String, String), Value>,
}

impl Mirror {
    /// From `/v1/snapshot`.
    async fn start(node: &TestNode, key: Option<&str>) -> Self {
        let call = node.get("/v1/snapshot");
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
        let mut mirror = Self { seq: head["seq"].as_u64().unwrap(), ..Self::default() };
        for line in &lines {
            mirror.take(line);
        }
        mirror
    }

    /// Follows the changes to their end.
    async fn follow(&mut self, node: &TestNode, key: Option<&str>) {
        for change in pages(node, key, self.seq, "&limit=7").await {
            self.take(&change);
        }
        self.seq = node.seq().await;
    }

    fn take(&mut self, line: &Value) {
        let (kind, content) = (line["kind"].as_str().unwrap(), &line["content"]);
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        match kind {
            "report" => {
                for number in content["numbers"].as_array().unwrap() {
                    let id = (word(&content["facility"]), word(&number["type"]));
                    let observed =
                        |number: &Value| -> DateTime<Utc> { word(&number["observed_at"]).parse().unwrap() };
                    let is_late = self.numbers.get(&id).is_some_and(|have| observed(number) < observed(have));
                    if !is_late {
                        self.numbers.insert(id, number.clone());
                    }
                }
            }
            "contact_ended" => drop(self.things.remove(&("contact".to_owned(), word(&content["id"])))),
            _ => {
                let id = if content["id"].is_string() { &content["id"] } else { &content["code"] };
                self.things.insert((kind.to_owned(), word(id)), content.clone());
            }
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
        assert_eq!(seen, 3);
    }
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
