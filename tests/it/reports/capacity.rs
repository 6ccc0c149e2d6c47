//! What a report leaves out: the capacity stays, the other numbers are one observation.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{hospital, number, report_at};
use crate::support::TestNode;

const TEN: &str = "2021-07-01T03:00:00Z";
const NOON: &str = "2021-07-01T05:00:00Z";
const ONE: &str = "2021-07-01T06:00:00Z";
const NINE: &str = "2021-07-01T02:00:00Z";

/// Capacity, occupied, available and queue of the ICU, and when the capacity was stated if that was earlier.
async fn icu(node: &TestNode) -> ([Value; 4], Value) {
    let icu = number(node, "test:A", "bed.icu").await;
    let counts = ["capacity", "occupied", "available", "queue"].map(|field| icu[field].clone());
    (counts, icu["capacity_observed_at"].clone())
}

/// At ten 20 beds, 15 of them occupied and 5 free, and one who waits.
async fn full_report() -> TestNode {
    let node = hospital().await;
    let whole = json!({"capacity": 20, "occupied": 15, "available": 5, "queue": 1});
    report_at(&node, TEN, json!({"bed.icu": whole})).await;
    node
}

#[rstest]
#[case::capacity_left_out(json!({"available": 4}), [json!(20), Value::Null, json!(4), Value::Null], json!(TEN))]
#[case::capacity_unknown(json!({"capacity": null, "available": 4}), [Value::Null, Value::Null, json!(4), Value::Null], Value::Null)]
#[case::capacity_stated(json!({"capacity": 25, "available": 4}), [json!(25), Value::Null, json!(4), Value::Null], Value::Null)]
#[case::only_the_capacity(json!({"capacity": 25}), [json!(25), Value::Null, Value::Null, Value::Null], Value::Null)]
#[case::nothing(json!({}), [json!(20), Value::Null, Value::Null, Value::Null], json!(TEN))]
#[case::above_it_with_another(json!({"capacity": 30, "occupied": 27}), [json!(30), json!(27), Value::Null, Value::Null], Value::Null)]
#[tokio::test]
async fn a_capacity_stays_until_another_is_stated(
    #[case] said: Value,
    #[case] expected: [Value; 4],
    #[case] stated_at: Value,
) {
    let node = full_report().await;
    let receipt = report_at(&node, NOON, json!({"bed.icu": said})).await;
    assert_eq!(icu(&node).await, (expected.clone(), stated_at.clone()));
    let whole = |[capacity, occupied, available, queue]: [Value; 4]| json!({"capacity": capacity, "occupied": occupied, "available": available, "queue": queue});
    assert_eq!(receipt["values"]["bed.icu"], whole(expected.clone()));
    assert_eq!(receipt["before"]["bed.icu"], whole([20, 15, 5, 1].map(Value::from)));
    // The rows, the log and the history say the same.
    let history = node.get("/v1/facilities/test:A/history").send().await.json();
    let newest = &history["history"][0];
    assert_eq!((&newest["capacity"], &newest["capacity_observed_at"]), (&expected[0], &stated_at));
    let node = node.restart().await;
    assert_eq!(icu(&node).await, (expected.clone(), stated_at.clone()));
    let now = node.get("/v1/facilities/test:A").send().await.json()["as_of"].clone();
    let past =
        node.get(&format!("/v1/facilities/test:A?as_of={}", now.as_str().unwrap())).send().await.json();
    let past = &past["availability"][0];
    assert_eq!((&past["capacity"], &past["capacity_observed_at"]), (&expected[0], &stated_at));
}

#[rstest]
#[case::json("application/json", r#"[{"facility": "test:A", "type": "bed.icu", "available": 4}]"#, json!(20))]
#[case::json_null(
    "application/json",
    r#"[{"facility": "test:A", "type": "bed.icu", "capacity": null, "available": 4}]"#,
    Value::Null
)]
#[case::ndjson("application/x-ndjson", r#"{"facility": "test:A", "type": "bed.icu", "available": 4}"#, json!(20))]
#[case::csv_empty("text/csv", "facility,type,capacity,available\ntest:A,bed.icu,,4\n", json!(20))]
#[case::csv_without("text/csv", "facility,type,available\ntest:A,bed.icu,4\n", json!(20))]
#[case::csv_stated("text/csv", "facility,type,capacity,available\ntest:A,bed.icu,22,4\n", json!(22))]
#[tokio::test]
async fn so_it_does_in_lists(#[case] media_type: &str, #[case] list: &str, #[case] capacity: Value) {
    let node = full_report().await;
    let key = node.admin().await;
    let call = node.call(Method::POST, "/v1/reports").key(&key).body(media_type, list.to_owned());
    assert_eq!(call.send().await.json()["accepted"], 1);
    assert_eq!(icu(&node).await.0, [capacity, Value::Null, json!(4), Value::Null]);
}

#[tokio::test]
async fn what_the_capacity_that_stays_makes_impossible_is_refused_with_the_remedy() {
    let node = full_report().await;
    let key = node.admin().await;
    let path = "/v1/facilities/test:A/availability";
    for (said, field, numbers) in [
        (json!({"available": 21}), "available", ["available 21", "capacity 20"]),
        (json!({"occupied": 17, "available": 4}), "occupied", ["= 21", "capacity 20"]),
    ] {
        let body = json!({"values": {"bed.icu": said, "bed.hcu": {"available": 1}}});
        let problem =
            node.put(path, &body).key(&key).language("en").send().await.problem(422, "above_capacity");
        assert_eq!(problem["errors"][0]["pointer"], format!("/values/bed.icu/{field}"));
        let detail = problem["detail"].as_str().unwrap();
        for part in numbers.into_iter().chain(["2021-07-01 10:00 WIB", "state the capacity too"]) {
            assert!(detail.contains(part), "{detail}");
        }
    }
    let row = r#"[{"facility": "test:A", "type": "bed.icu", "available": 21}]"#;
    let call = node.call(Method::POST, "/v1/reports").key(&key).body("application/json", row.to_owned());
    assert_eq!(call.send().await.problem(422, "all_rows_refused")["errors"][1]["code"], "above_capacity");
    let unchanged = [20, 15, 5, 1].map(Value::from);
    assert_eq!(icu(&node).await, (unchanged, Value::Null));
    assert_eq!(number(&node, "test:A", "bed.hcu").await, Value::Null);
}

/// At noon 4 are free and nobody says of how many; then comes what was true at another time.
#[rstest]
#[case::after_it_was_stated("2021-07-01T04:00:00Z", json!({"capacity": 25, "occupied": 9}), json!(25), json!("2021-07-01T04:00:00Z"))]
#[case::unknown_since("2021-07-01T04:00:00Z", json!({"capacity": null, "occupied": 9}), Value::Null, json!("2021-07-01T04:00:00Z"))]
#[case::left_out("2021-07-01T04:00:00Z", json!({"occupied": 9}), json!(20), json!(TEN))]
#[case::before_it_was_stated(NINE, json!({"capacity": 25, "occupied": 9}), json!(20), json!(TEN))]
#[case::more_than_it_was_later(NINE, json!({"occupied": 900}), json!(20), json!(TEN))]
#[case::disproved_since("2021-07-01T04:00:00Z", json!({"capacity": 3, "available": 1}), json!(20), json!(TEN))]
#[tokio::test]
async fn a_late_report_counts_for_the_capacity_by_its_own_time(
    #[case] at: &str,
    #[case] said: Value,
    #[case] capacity: Value,
    #[case] stated_at: Value,
) {
    let node = full_report().await;
    report_at(&node, NOON, json!({"bed.icu": {"available": 4}})).await;
    let before = node.get("/v1/facilities/test:A").send().await.json();
    node.clock.pass(chrono::Duration::minutes(30));
    let receipt = report_at(&node, at, json!({"bed.icu": said})).await;
    assert_eq!(receipt["late"], json!(["bed.icu"]));
    let changes = stated_at != json!(TEN);
    let expected = ([capacity, Value::Null, json!(4), Value::Null], stated_at);
    assert_eq!(icu(&node).await, expected);
    // The other numbers are known no later for it, and still the answer is another one, on every node.
    let after = node.get("/v1/facilities/test:A").send().await.json();
    let received_at = |answer: &Value| answer["availability"][0]["received_at"].clone();
    assert_eq!(received_at(&after), received_at(&before));
    assert_eq!(after["as_of"] != before["as_of"], changes);
    let node = node.restart().await;
    assert_eq!(icu(&node).await, expected);
    assert_eq!(node.get("/v1/facilities/test:A").send().await.json()["as_of"], after["as_of"]);
}

#[tokio::test]
async fn a_capacity_that_nobody_stated_is_taken_from_any_time() {
    let node = hospital().await;
    report_at(&node, NOON, json!({"bed.icu": {"available": 4}})).await;
    report_at(&node, NINE, json!({"bed.icu": {"available": 5}})).await;
    assert_eq!(icu(&node).await.0[0], Value::Null);
    report_at(&node, TEN, json!({"bed.icu": {"capacity": 20}})).await;
    assert_eq!(icu(&node).await, ([json!(20), Value::Null, json!(4), Value::Null], json!(TEN)));
}

#[tokio::test]
async fn an_adjustment_leaves_it_alone_and_a_confirmation_states_it_again() {
    let node = full_report().await;
    let key = node.admin().await;
    report_at(&node, NOON, json!({"bed.icu": {"available": 4}})).await;
    let adjust = json!({"type": "bed.icu", "delta": -1});
    node.post("/v1/facilities/test:A/availability/adjust", &adjust).key(&key).send().await.json();
    assert_eq!(icu(&node).await, ([json!(20), Value::Null, json!(3), Value::Null], json!(TEN)));
    let confirm = json!({"observed_at": ONE});
    let path = "/v1/facilities/test:A/availability/confirm";
    let receipt = node.post(path, &confirm).key(&key).send().await.json();
    // Since then somebody has taken a bed; that there were 20 was true, and is confirmed later than it was stated.
    assert_eq!(receipt["late"], json!(["bed.icu"]));
    assert_eq!(icu(&node).await, ([json!(20), Value::Null, json!(3), Value::Null], json!(ONE)));
    node.post(path, &json!({})).key(&key).send().await.json();
    assert_eq!(icu(&node).await, ([json!(20), Value::Null, json!(3), Value::Null], Value::Null));
}

#[tokio::test]
async fn a_type_of_which_only_the_capacity_is_left_is_not_fresh() {
    let node = full_report().await;
    report_at(&node, NOON, json!({"bed.icu": {}})).await;
    let number = number(&node, "test:A", "bed.icu").await;
    assert_eq!((&number["freshness"], &number["capacity"]), (&json!("unknown"), &json!(20)));
    let key = node.admin().await;
    let confirm = node.post("/v1/facilities/test:A/availability/confirm", &json!({})).key(&key).send().await;
    confirm.problem(422, "nothing_to_adjust");
}

#[tokio::test]
async fn the_quota_of_a_session_stays_too() {
    let node = hospital().await;
    let key = node.admin().await;
    let session = json!({
        "facility": "test:A", "date": "2021-07-03", "from": "08:00", "to": "12:00", "product": "sinovac", "doses": [1],
    });
    let made = node.post("/v1/sessions", &session).key(&key).send().await.json();
    let id = made["session"]["id"].as_str().unwrap();
    let path = "/v1/facilities/test:A/availability";
    let left = |numbers: Value| json!({"sessions": {id: numbers}});
    node.put(path, &left(json!({"capacity": 100, "available": 80}))).key(&key).send().await.json();
    node.put(path, &left(json!({"available": 40}))).key(&key).send().await.json();
    let total =
        |answer: &Value| (answer["totals"][0]["capacity"].clone(), answer["totals"][0]["available"].clone());
    let answer = node.get("/v1/vaccinations?region=33.74&min=0").send().await.json();
    assert_eq!(total(&answer), (json!(100), json!(40)));
    let problem = node.put(path, &left(json!({"available": 101}))).key(&key).send().await;
    let problem = problem.problem(422, "above_capacity");
    assert_eq!(problem["errors"][0]["pointer"], format!("/sessions/{id}/available"));
    let csv = format!("facility,type,session,capacity,available\ntest:A,vaccination.session,{id},,30\n");
    let call = node.call(Method::POST, "/v1/reports").key(&key).body("text/csv", csv);
    assert_eq!(call.send().await.json()["accepted"], 1);
    let node = node.restart().await;
    let answer = node.get("/v1/vaccinations?region=33.74&min=0").send().await.json();
    assert_eq!(total(&answer), (json!(100), json!(30)));
    node.put(path, &left(json!({"capacity": null, "available": 30}))).key(&key).send().await.json();
    let answer = node.get("/v1/vaccinations?region=33.74&min=0").send().await.json();
    assert_eq!(total(&answer), (Value::Null, json!(30)));
}
