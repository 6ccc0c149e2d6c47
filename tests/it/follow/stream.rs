//! The changes as they happen.

use axum::{body::Body, http::Response};
use http_body_util::BodyExt;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use super::pages;
use crate::support::Call;

/// An open stream.
struct Events {
    body: Body,
    text: String,
}

/// One event.
#[derive(Debug, PartialEq)]
struct Event {
    id: Option<u64>,
    name: Option<String>,
    data: Value,
}

impl Events {
    async fn open(call: Call<'_>) -> Self {
        let response: Response<Body> = call.open().await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The next event; None at the end of the stream. Comments are passed over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let lines = event.lines().filter_map(|line| line.split_once(": "));
                    lines.filter(|(have, _)| *have == name).map(|(_, value)| value.to_owned()).next()
                };
                let event = field("data").map(|data| Event {
                    id: field("id").map(|id| id.parse().unwrap()),
                    name: field("event"),
                    data: serde_json::from_str(&data).unwrap(),
                });
                self.text = rest.to_owned();
                if event.is_some() {
                    return event;
                }
                continue;
            }
            let frame = self.body.frame().await?.unwrap();
            self.text += std::str::from_utf8(frame.data_ref().unwrap()).unwrap();
        }
    }

    async fn changes(&mut self, count: usize) -> Vec<Value> {
        let mut changes = Vec::new();
        while changes.len() < count {
            let event = self.next().await.unwrap();
            assert_eq!((event.id, event.name), (event.data["seq"].as_u64(), None));
            changes.push(event.data);
        }
        changes
    }
}

#[tokio::test]
async fn a_stream_tells_what_happens_and_resumes_without_loss() {
    let (node, before) = super::busy().await;
    let mut live = Events::open(node.get("/v1/changes/stream")).await;
    let mut region = Events::open(node.get("/v1/changes/stream?region=33.22")).await;
    for available in 0..3 {
        for hospital in ["test:A", "test:B"] {
            node.report(hospital, json!({"bed.icu": {"available": available}})).await;
        }
    }
    let told = live.changes(6).await;
    let all = pages(&node, None, before, "&limit=200").await;
    assert_eq!(told, all[all.len() - 6..]);
    let there: Vec<Value> = told.iter().filter(|change| change["region"] == "33.22").cloned().collect();
    assert_eq!(region.changes(3).await, there);
    // From any event on, by each way of saying it: libraries for old browsers cannot send the header.
    for (index, change) in all.iter().enumerate() {
        let seq = change["seq"].as_u64().unwrap();
        let by_header = node.get("/v1/changes/stream?after=1").header("last-event-id", &seq.to_string());
        let by_parameter = node.get(&format!("/v1/changes/stream?after={seq}"));
        let library =
            |name: &str| format!("/v1/changes/stream?after=1&{name}={seq}&evs_preamble=2056&r=0.17");
        let by_library =
            ["lastEventId", "Last-Event-ID", "evs_last_event_id"].map(|name| node.get(&library(name)));
        for call in [by_header, by_parameter].into_iter().chain(by_library) {
            let mut events = Events::open(call).await;
            let rest = all[index + 1..].len();
            assert_eq!(events.changes(rest).await, all[index + 1..]);
        }
    }
    // What was missed and what happens now follow each other.
    let mut resumed = Events::open(node.get(&format!("/v1/changes/stream?after={before}"))).await;
    node.report("test:A", json!({"bed.hcu": {"available": 1}})).await;
    let told = resumed.changes(all.len() + 1).await;
    assert_eq!(told[..all.len()], all);
    assert_eq!(told[all.len()]["content"]["numbers"][0]["type"], "bed.hcu");
}

#[tokio::test]
async fn whoever_is_too_slow_is_told_to_come_again() {
    let (node, _) = super::busy().await;
    let seq = node.seq().await;
    let mut slow = Events::open(node.get("/v1/changes/stream")).await;
    let key = node.admin().await;
    for _ in 0..3 {
        let row = |minute: u32| json!({"facility": "test:A", "type": "bed.icu", "available": 1, "observed_at": format!("2021-06-{:02}T{:02}:{:02}:00Z", 1 + minute / 1440, minute / 60 % 24, minute % 60)});
        let rows: Vec<Value> = (0..2000).map(row).collect();
        let reply = node.post("/v1/reports", &json!({ "reports": rows })).key(&key).send().await;
        assert_eq!(reply.json()["refused"], 0, "{}", reply.text());
    }
    let again = slow.next().await.unwrap();
    assert_eq!((again.id, again.name.as_deref()), (None, Some("again")));
    assert_eq!(again.data, json!({"reason": "slow", "after": seq}));
    assert_eq!(slow.next().await, None);
    // It comes again, and has missed nothing.
    let mut resumed = Events::open(node.get(&format!("/v1/changes/stream?after={seq}"))).await;
    assert_eq!(resumed.changes(6000).await.last().unwrap()["seq"], node.seq().await);
}

/// Whoever follows a quiet region has missed nothing when they come back.
#[tokio::test]
async fn a_stream_of_a_quiet_region_says_how_far_it_is() {
    let (node, _) = super::busy().await;
    let mut quiet = Events::open(node.get("/v1/changes/stream?region=33.22")).await;
    let key = node.admin().await;
    let row = |minute: u32| json!({"facility": "test:A", "type": "bed.icu", "available": 1, "observed_at": format!("2021-06-01T{:02}:{:02}:00Z", minute / 60, minute % 60)});
    let rows: Vec<Value> = (0..1200).map(row).collect();
    node.post("/v1/reports", &json!({ "reports": rows })).key(&key).send().await.json();
    let last = node.seq().await;
    let frame = quiet.body.frame().await.unwrap().unwrap();
    let event = std::str::from_utf8(frame.data_ref().unwrap()).unwrap();
    let id = event.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
    assert!(last - id.parse::<u64>().unwrap() < 1_000 && !event.contains("data:"), "{event}");
}

#[tokio::test]
async fn a_node_takes_so_many_followers_and_a_stop_ends_them() {
    let (node, _) = super::busy().await;
    let (one, other) = (node.admin().await, node.key(Role::Agent, None, &[]).await);
    let mut streams = Vec::new();
    for _ in 0..64 {
        streams.push(Events::open(node.get("/v1/changes/stream")).await);
        streams.push(Events::open(node.get("/v1/changes/stream").key(&one)).await);
    }
    for refused in [node.get("/v1/changes/stream"), node.get("/v1/changes/stream").key(&one)] {
        let refused = refused.send().await;
        refused.problem(503, "overloaded");
        assert_eq!(refused.header("retry-after"), "2");
    }
    // Those who take all that they get leave places to others.
    streams.push(Events::open(node.get("/v1/changes/stream").key(&other)).await);
    drop(streams.remove(0));
    streams.push(Events::open(node.get("/v1/changes/stream")).await);
    node.node.tasks.stop();
    for mut stream in streams {
        assert_eq!(stream.next().await, None);
    }
}

#[tokio::test]
async fn a_revoked_key_follows_nothing_any_more() {
    let (node, _) = super::busy().await;
    let (admin, agent) = (node.admin().await, node.key(Role::Agent, None, &[]).await);
    let mut events = Events::open(node.get("/v1/changes/stream").key(&agent)).await;
    node.report("test:A", json!({"bed.icu": {"available": 1}})).await;
    let told = events.changes(1).await;
    assert_eq!(told[0]["content"]["numbers"][0]["reporter"], "test admin");
    let seq = node.seq().await;
    let keys = node.get("/v1/keys").key(&admin).send().await.json();
    let id =
        keys["keys"].as_array().unwrap().iter().find(|key| key["role"] == "agent").unwrap()["id"].clone();
    node.delete(&format!("/v1/keys/{}", id.as_str().unwrap())).key(&admin).send().await.json();
    // Whoever comes again with a good key has missed nothing.
    assert_eq!(events.next().await.unwrap().data, json!({"reason": "key", "after": seq}));
    assert_eq!(events.next().await, None);
}
