//! What is left, as facilities report it.

use chrono::Duration;
use serde_json::{Value, json};

use super::{add, ask, left};
use crate::support::TestNode;

const WEEKLY: &str = r#"{"weekdays": ["thu", "fri"], "from": "2021-07-01"}"#;

async fn weekly(node: &TestNode) -> String {
    let weekly: Value = serde_json::from_str(WEEKLY).unwrap();
    node.hospital("A", "33.74.10", None).await;
    add(node, "A", json!({"weekly": weekly, "to": "16:00"})).await
}

/// What is left on the first three days.
async fn shown(node: &TestNode) -> Vec<Value> {
    let answer = ask(node, "region=33.74&min=0").await;
    let sessions = answer["facilities"][0]["sessions"].as_array().unwrap().clone();
    sessions.into_iter().take(3).map(|session| session["left"].clone()).collect()
}

#[tokio::test]
async fn a_report_names_an_occurrence_or_means_the_one_going_on() {
    let node = TestNode::start().await;
    let id = weekly(&node).await;
    let receipt = left(&node, "A", &id, 7).await;
    assert_eq!(receipt["sessions"], json!([{"id": id, "date": "2021-07-01", "accepted": true}]));
    left(&node, "A", &format!("{id}@2021-07-02"), 50).await;
    assert_eq!(shown(&node).await, [json!(7), json!(50), Value::Null]);
    // Today's is over at 16.00: the same words mean the next one now.
    node.clock.pass(Duration::hours(2));
    left(&node, "A", &id, 49).await;
    assert_eq!(shown(&node).await, [json!(49), Value::Null]);
    let node = node.restart().await;
    assert_eq!(shown(&node).await, [json!(49), Value::Null]);
}

#[tokio::test]
async fn what_is_late_goes_into_the_history_only() {
    let node = TestNode::start().await;
    let (id, key) = (weekly(&node).await, node.admin().await);
    left(&node, "A", &id, 7).await;
    let path = "/v1/facilities/test:A/availability";
    let sessions = json!({&id: {"available": 90}});
    let older = json!({"observed_at": "2021-07-01T06:00:00Z", "sessions": sessions});
    let receipt = node.put(path, &older).key(&key).send().await.json();
    assert_eq!(receipt["sessions"][0]["accepted"], false);
    assert_eq!(receipt["sessions"][0]["reason"], "newer_known");
    node.clock.pass(Duration::hours(2));
    let over = json!({"observed_at": "2021-07-01T08:59:00Z", "sessions": sessions});
    let before = node.seq().await;
    let receipt = node.put(path, &over).key(&key).send().await.json();
    assert_eq!(
        receipt["sessions"],
        json!([{"id": id, "date": "2021-07-01", "accepted": false, "reason": "over"}])
    );
    assert_eq!((node.seq().await, shown(&node).await), (before + 1, vec![Value::Null, Value::Null]));
}

#[tokio::test]
async fn what_was_left_of_a_day_is_forgotten_when_it_is_over_cancelled_or_not() {
    for restarts in [false, true] {
        let mut node = TestNode::start().await;
        let (key, path) = (node.admin().await, format!("/v1/sessions/{}", weekly(&node).await));
        left(&node, "A", path.trim_start_matches("/v1/sessions/"), 7).await;
        node.patch(&path, &json!({"cancelled": true})).key(&key).send().await.json();
        node.clock.pass(Duration::hours(3));
        if restarts {
            node = node.restart().await;
        }
        // It takes place after all, later that day.
        let later = json!({"cancelled": false, "to": "20:00"});
        node.patch(&path, &later).key(&key).send().await.json();
        assert_eq!(shown(&node).await, [const { Value::Null }; 3], "{restarts}");
    }
}

#[tokio::test]
async fn numbers_of_beds_and_sessions_come_together_or_not_at_all() {
    let node = TestNode::start().await;
    let (id, key) = (weekly(&node).await, node.admin().await);
    let path = "/v1/facilities/test:A/availability";
    let beds = json!({"bed.icu": {"available": 2}});
    node.hospital("B", "33.74", None).await;
    let foreign = add(&node, "B", json!({})).await;
    let before = node.seq().await;
    let refused = [
        (
            json!({&id: {"capacity": 5, "available": 6}}),
            422,
            "above_capacity",
            format!("/sessions/{id}/available"),
        ),
        (json!({&id: {"left": 6}}), 422, "unknown_field", format!("/sessions/{id}/left")),
        (json!({"s1": {"available": 6}}), 404, "unknown_session", "/sessions/s1".to_owned()),
        (json!({&foreign: {"available": 6}}), 404, "unknown_session", format!("/sessions/{foreign}")),
        (
            json!({format!("{id}@2021-07-03"): {"available": 6}}),
            422,
            "no_occurrence",
            format!("/sessions/{id}@2021-07-03"),
        ),
        (
            json!({&id: {"available": 6}, format!("{id}@2021-07-01"): {"available": 5}}),
            422,
            "duplicate_row",
            format!("/sessions/{id}@2021-07-01"),
        ),
    ];
    for (sessions, status, code, pointer) in refused {
        let body = json!({"values": beds, "sessions": sessions});
        let problem = node.put(path, &body).key(&key).send().await.problem(status, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    assert_eq!(node.seq().await, before);
    let body = json!({"values": beds, "sessions": {&id: {"capacity": 10, "available": 6}}});
    let reply = node.put(path, &body).key(&key).send().await;
    let receipt = reply.json();
    assert_eq!(
        (&receipt["accepted"], &receipt["sessions"][0]["accepted"]),
        (&json!(["bed.icu"]), &json!(true))
    );
    let next = node.put(path, &body).key(&key).header("if-match", reply.header("etag")).send().await;
    assert!(next.status.is_success(), "{}", next.text());
    let stale = node.put(path, &body).key(&key).header("if-match", reply.header("etag")).send().await;
    stale.problem(412, "version_mismatch");
}

#[tokio::test]
async fn rows_of_a_list_name_sessions_too() {
    let node = TestNode::start().await;
    let (id, key) = (weekly(&node).await, node.admin().await);
    let csv = format!(
        "facility,type,session,capacity,available\ntest:A,vaccination.session,{id},20,5\n\
         test:A,vaccination.session,{id}@2021-07-02,30,9\ntest:A,vaccination.session,,30,9\n\
         test:A,vaccination.session,{id}@2021-07-03,30,9\ntest:A,bed.icu,,30,9\n"
    );
    let call = node.call(axum::http::Method::POST, "/v1/reports").body("text/csv", csv);
    let receipt = call.key(&key).send().await.json();
    let outcomes: Vec<&str> =
        receipt["outcomes"].as_array().unwrap().iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["accepted", "accepted", "refused", "refused", "accepted"], "{receipt}");
    assert_eq!(receipt["outcomes"][2]["errors"][0]["pointer"], "/session");
    assert_eq!(shown(&node).await, [json!(5), json!(9), Value::Null]);
    let rows = json!([
        {"facility": "test:A", "type": "vaccination.session", "session": id, "available": 1},
        {"facility": "test:A", "type": "vaccination.session", "session": format!("{id}@2021-07-01"), "available": 2},
    ]);
    node.post("/v1/reports", &rows).key(&key).send().await.problem(422, "all_rows_refused");
}
