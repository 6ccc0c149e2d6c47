//! Numbers that jump: people with a link are asked, systems are warned, coordinators see the list.

use axum::http::Method;
use chrono::Duration;
use sedia::{
    auth::{Operator, Principal},
    clock::Clock,
    domain::key::Role,
    store::commands::LinkInput,
};
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

const AVAILABILITY: &str = "/v1/facilities/test:A/availability";

async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.22", None).await;
    node.report("test:A", json!({"bed.icu": {"capacity": 40, "available": 3}})).await;
    node.clock.pass(Duration::minutes(30));
    node
}

async fn link(node: &TestNode) -> String {
    let input = LinkInput { facility: "test:A".to_owned(), name: None, expires_days: None };
    let (secret, _) = node.node.create_key(Principal::Operator(Operator::Cli), input).await.unwrap();
    secret.reveal().to_owned()
}

fn free(count: u32) -> Value {
    json!({"values": {"bed.icu": {"capacity": 40, "available": count}}})
}

async fn number(node: &TestNode) -> Value {
    node.get("/v1/facilities/test:A").send().await.json()["availability"][0].clone()
}

async fn doubts(node: &TestNode, key: &str) -> Vec<Value> {
    node.get("/v1/doubts").key(key).send().await.json()["doubts"].as_array().unwrap().clone()
}

/// What is no longer counted cannot be confirmed, so nobody is asked to.
#[tokio::test]
async fn a_number_of_a_retired_type_is_not_doubted() {
    let node = start().await;
    let admin = node.admin().await;
    node.put(AVAILABILITY, &free(38)).key(&admin).send().await.json();
    assert_eq!(doubts(&node, &admin).await.len(), 1);
    let retired = json!({
        "kind": "bed", "label": {"en": "ICU", "id": "ICU"}, "age_group": "adult", "aging_after_h": 4, "stale_after_h": 12,
        "retired": true,
    });
    node.put("/v1/types/bed.icu", &retired).key(&admin).send().await.json();
    assert_eq!(doubts(&node, &admin).await.len(), 0);
}

#[tokio::test]
async fn who_has_a_link_is_asked_and_shown_what_was_there_before() {
    let node = start().await;
    let token = link(&node).await;
    let before = node.seq().await;
    let ask = || node.put(AVAILABILITY, &free(33)).key(&token).language("en");
    let asked = ask().header("Idempotency-Key", "1").send().await.problem(409, "confirm_jump");
    assert_eq!(asked["errors"][0]["pointer"], "/values/bed.icu/available");
    let detail = asked["detail"].as_str().unwrap();
    for part in ["is 33", "was 3 before", "2021-07-01 14:00 WIB", "confirm=true"] {
        assert!(detail.contains(part), "{detail}");
    }
    assert_eq!(node.seq().await, before, "nothing is stored while the question is open");
    let path = format!("{AVAILABILITY}?confirm=true");
    let confirmed = node.put(&path, &free(33)).key(&token).header("Idempotency-Key", "1").send().await.json();
    assert_eq!((&confirmed["accepted"], &confirmed["warnings"]), (&json!(["bed.icu"]), &Value::Null));
    assert_eq!((&number(&node).await["available"], &number(&node).await["jump"]), (&json!(33), &Value::Null));
}

/// A capacity counts by its own time, also if the report is too late for the other numbers.
#[tokio::test]
async fn a_late_capacity_jumps_like_any_other() {
    let node = start().await;
    let token = link(&node).await;
    node.report("test:A", json!({"bed.icu": {"available": 4}})).await;
    let seen = node.clock.now() - Duration::minutes(15);
    let late = |capacity: u32| json!({"observed_at": seen, "values": {"bed.icu": {"capacity": capacity}}});
    let asked = node.put(AVAILABILITY, &late(2000)).key(&token).send().await.problem(409, "confirm_jump");
    assert_eq!(asked["errors"][0]["pointer"], "/values/bed.icu/capacity");
    assert_eq!(number(&node).await["capacity"], 40);
    // It was so then, and is not what is known by now.
    let old = json!({"observed_at": seen - Duration::hours(1), "values": {"bed.icu": {"capacity": 2000}}});
    node.put(AVAILABILITY, &old).key(&token).send().await.json();
    assert_eq!(number(&node).await["capacity"], 40);
    // A system is warned, and the coordinator sees it.
    let system = node.key(Role::Reporter, None, &["test:A"]).await;
    let receipt = node.put(AVAILABILITY, &late(2000)).key(&system).send().await.json();
    assert_eq!(receipt["warnings"][0]["code"], "confirm_jump");
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let doubt = doubts(&node, &coordinator).await[0].clone();
    assert_eq!((&doubt["before"]["capacity"], &doubt["numbers"]["capacity"]), (&json!(40), &json!(2000)));
    let node = node.restart().await;
    assert_eq!(number(&node).await["jump"]["from"]["capacity"], 40);
    let confirmed = format!("{AVAILABILITY}?confirm=true");
    node.put(&confirmed, &late(400)).key(&token).send().await.json();
    assert_eq!(number(&node).await["capacity"], 400);
}

#[tokio::test]
async fn a_link_may_say_that_nothing_changed_and_small_changes_without_being_asked() {
    let node = start().await;
    let token = link(&node).await;
    for (method, path, body) in [
        (Method::PUT, AVAILABILITY.to_owned(), free(9)),
        (Method::POST, format!("{AVAILABILITY}/adjust"), json!({"type": "bed.icu", "delta": -1})),
        (Method::POST, format!("{AVAILABILITY}/confirm"), json!({})),
    ] {
        node.call(method, &path).json(&body).key(&token).send().await.json();
    }
    let step = json!({"type": "bed.icu", "delta": 25});
    let adjust = |query: &str| node.post(&format!("{AVAILABILITY}/adjust{query}"), &step).key(&token);
    adjust("").send().await.problem(409, "confirm_jump");
    adjust("?confirm=true").send().await.json();
    assert_eq!(number(&node).await["available"], 33);
}

#[tokio::test]
async fn what_a_system_reports_is_taken_with_a_warning_and_listed() {
    let node = start().await;
    let system = node.key(Role::Reporter, None, &["test:A"]).await;
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let elsewhere = node.key(Role::Coordinator, Some("33.22"), &[]).await;
    let put = |count| node.put(AVAILABILITY, &free(count)).key(&system).language("en").send();
    let receipt = put(33).await.json();
    assert_eq!(receipt["accepted"], json!(["bed.icu"]));
    let warning = &receipt["warnings"][0];
    assert_eq!(
        (&warning["code"], &warning["pointer"]),
        (&json!("confirm_jump"), &json!("/values/bed.icu/available"))
    );
    let shown = number(&node).await;
    assert_eq!((&shown["available"], &shown["jump"]["from"]["available"]), (&json!(33), &json!(3)));
    // Said again by the system, it is no truer.
    node.clock.pass(Duration::minutes(15));
    assert_eq!(put(34).await.json()["warnings"].as_array().unwrap().len(), 1);

    let listed = doubts(&node, &coordinator).await;
    assert_eq!(listed.len(), 1);
    let doubt = &listed[0];
    assert_eq!((&doubt["why"], &doubt["type"]), (&json!("jump"), &json!("bed.icu")));
    assert_eq!((&doubt["before"]["available"], &doubt["numbers"]["available"]), (&json!(3), &json!(34)));
    assert_eq!((&doubt["facility"]["name"], &doubt["reporter"]), (&json!("RS A"), &json!("test reporter")));
    assert_eq!(doubt["at"], "2021-07-01T07:30:00Z");
    assert_eq!(doubts(&node, &elsewhere).await, Vec::<Value>::new());

    // Who reads the answer is told to call first.
    let text = node.get("/v1/facilities/test:A").accept("text/plain").language("en").send().await.text();
    assert!(text.contains("This is far from the number before (3 free); confirm it by phone."), "{text}");
    // After a restart it still is.
    let node = node.restart().await;
    assert_eq!(doubts(&node, &coordinator).await.len(), 1);
    // Back where it was: it was an error, and it is mended.
    let back = node.put(AVAILABILITY, &free(4)).key(&system).send().await.json();
    assert_eq!(back["warnings"], Value::Null);
    assert_eq!(doubts(&node, &coordinator).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_coordinator_who_called_confirms_it() {
    for confirm in ["/confirm", "?confirm=true"] {
        let node = start().await;
        let system = node.key(Role::Reporter, None, &["test:A"]).await;
        let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
        node.put(AVAILABILITY, &free(33)).key(&system).send().await.json();
        assert_eq!(doubts(&node, &coordinator).await.len(), 1);
        let path = format!("{AVAILABILITY}{confirm}");
        let reply = match confirm {
            "/confirm" => node.post(&path, &json!({"types": ["bed.icu"]})).key(&coordinator).send().await,
            _ => node.put(&path, &free(33)).key(&coordinator).send().await,
        };
        reply.json();
        assert_eq!(doubts(&node, &coordinator).await, Vec::<Value>::new());
        assert_eq!(number(&node).await["jump"], Value::Null);
    }
}

#[tokio::test]
async fn rows_of_a_list_carry_warnings_and_a_link_is_asked_row_by_row() {
    let node = start().await;
    let rows = "facility,type,capacity,available\ntest:A,bed.icu,40,33\ntest:A,bed.hcu,10,2\n";
    let send = |key: String, query: &'static str| {
        let call = node.call(Method::POST, &format!("/v1/reports{query}")).key(&key).language("en");
        async move { call.body("text/csv", rows).send().await.json() }
    };
    let token = link(&node).await;
    let asked = send(token.clone(), "?dry_run=true").await;
    assert_eq!((&asked["accepted"], &asked["refused"]), (&json!(1), &json!(1)));
    assert_eq!(asked["outcomes"][0]["errors"][0]["code"], "confirm_jump");
    let confirmed = send(token, "?dry_run=true&confirm=true").await;
    assert_eq!((&confirmed["accepted"], &confirmed["refused"]), (&json!(2), &json!(0)));
    let taken = send(node.admin().await, "").await;
    assert_eq!((&taken["accepted"], &taken["refused"]), (&json!(2), &json!(0)));
    assert_eq!(taken["outcomes"][0]["warnings"][0]["pointer"], "/available");
    assert_eq!(taken["outcomes"][1]["warnings"], Value::Null);
}

#[tokio::test]
async fn a_late_number_neither_jumps_nor_is_lost() {
    let node = start().await;
    let token = link(&node).await;
    let mut late = free(33);
    late["observed_at"] = json!("2021-07-01T12:00:00+07:00");
    let receipt = node.put(AVAILABILITY, &late).key(&token).send().await.json();
    assert_eq!((&receipt["late"], &receipt["warnings"]), (&json!(["bed.icu"]), &Value::Null));
    let history = node.get("/v1/facilities/test:A/history").send().await.json();
    assert_eq!(
        (&history["history"][0]["available"], &history["history"][0]["late"]),
        (&json!(33), &json!(true))
    );
    assert_eq!(number(&node).await["available"], 3);
}

#[tokio::test]
async fn whoever_confirms_a_jump_by_phone_settles_it() {
    let node = start().await;
    let admin = node.admin().await;
    let key = node.key(Role::Bridge, None, &["test:A"]).await;
    let values = json!({"values": {"bed.icu": {"capacity": 40, "available": 33}}});
    node.put("/v1/facilities/test:A/availability", &values).key(&key).send().await.json();
    assert_eq!(doubts(&node, &admin).await.len(), 1);
    let agent = node.key(Role::Agent, None, &[]).await;
    let mut note = json!({"kind": "note", "verdict": "confirmed", "type": "bed.icu", "by": "Siti"});
    node.post("/v1/facilities/test:A/marks", &note).key(&agent).send().await.json();
    assert_eq!(doubts(&node, &admin).await, Vec::<Value>::new());
    assert_eq!(number(&node).await["jump"], Value::Null);
    // Somebody else who is told otherwise opens it again.
    note["verdict"] = json!("wrong");
    note["by"] = json!("Budi");
    node.clock.pass(Duration::minutes(1));
    node.post("/v1/facilities/test:A/marks", &note).key(&agent).send().await.json();
    assert_eq!(doubts(&node, &admin).await.len(), 2);
}

#[tokio::test]
async fn a_hospital_system_is_told_in_its_own_answer() {
    let node = start().await;
    let admin = node.admin().await;
    let ids = json!({"external_ids": ["test:A", "kemenkes:33A"]});
    node.patch("/v1/facilities/test:A", &ids).key(&admin).send().await.json();
    let key = node.key(Role::Bridge, None, &["test:A"]).await;
    let row = |room: &str, capacity: u32, free: u32| json!({"id_tt": "6", "id_t_tt": room, "ruang": room, "jumlah": capacity.to_string(), "kosong": free.to_string()});
    let send = async |row: Value| -> Reply {
        let call = node.call(Method::POST, "/bridge/rsonline/Fasyankes").json(&row);
        call.header("X-rs-id", "33A").header("X-pass", &key).send().await
    };
    // Rooms that are told for the first time make the sum jump, and that is no wonder.
    for (room, capacity) in [("1", 10), ("2", 40)] {
        let said = send(row(room, capacity, capacity / 10)).await.text();
        assert!(!said.contains("jauh dari yang sebelumnya"), "{said}");
    }
    let said = send(row("2", 40, 38)).await.text();
    assert!(said.contains("jauh dari yang sebelumnya"), "{said}");
    assert_eq!(doubts(&node, &admin).await[0]["before"]["available"], 5);
    // Another room settles nothing; a number near the one before does.
    send(row("3", 6, 1)).await;
    assert_eq!(doubts(&node, &admin).await[0]["before"]["available"], 5);
    send(row("2", 40, 5)).await;
    assert_eq!(doubts(&node, &admin).await, Vec::<Value>::new());
}
