//! Who may change sessions, and what is refused.

use rstest::rstest;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use super::{add, ask, days, left, said};
use crate::support::TestNode;

#[rstest]
#[case(json!({"facility": "test:B"}), (404, "unknown_facility", "/facility"))]
#[case(json!({"title": ""}), (422, "invalid_text", "/title"))]
#[case(json!({"date": "2021-02-30"}), (422, "invalid_date", "/date"))]
#[case(json!({"date": null}), (422, "invalid_schedule", "/date"))]
#[case(json!({"date": "2021-07-01"}), (422, "session_over", "/date"))]
#[case(json!({"date": "2023-07-01"}), (422, "invalid_schedule", "/date"))]
#[case(json!({"weekly": {"weekdays": [], "from": "2021-07-01"}}), (422, "invalid_schedule", "/weekly/weekdays"))]
#[case(
    json!({"weekly": {"weekdays": ["mon"], "from": "2021-07-10", "until": "2021-07-01"}}),
    (422, "invalid_schedule", "/weekly/until")
)]
#[case(
    json!({"weekly": {"weekdays": ["mon"], "from": "2021-06-01", "until": "2021-06-20"}}),
    (422, "session_over", "/weekly")
)]
#[case(json!({"weekly": {"weekdays": ["senin"], "from": "2021-07-01"}}), (422, "invalid_field", "/weekly/weekdays/0"))]
#[case(
    json!({"weekly": {"weekdays": ["mon", "fri"], "from": "2021-07-01", "except": ["2021-07-05", "2021-07-06"]}}),
    (422, "invalid_schedule", "/weekly/except/1")
)]
#[case(json!({"weekly": {"from": "2021-07-01"}}), (422, "missing_field", "/weekly/weekdays"))]
#[case(json!({"from": "8 pagi"}), (422, "invalid_time", "/from"))]
#[case(json!({"to": "07:00"}), (422, "invalid_schedule", "/to"))]
#[case(json!({"product": "Sinovac!"}), (422, "invalid_word", "/product"))]
#[case(json!({"doses": []}), (422, "invalid_field", "/doses"))]
#[case(json!({"doses": [0]}), (422, "invalid_field", "/doses"))]
#[case(json!({"age_min": 18, "age_max": 12}), (422, "invalid_field", "/age_max"))]
#[case(json!({"audience": {"domicile": "99.99"}}), (404, "unknown_region", "/audience/domicile"))]
#[case(json!({"booking_url": "javascript:alert(1)"}), (422, "invalid_url", "/booking_url"))]
#[case(json!({"booking_phone": "tanya saja"}), (422, "invalid_phone", "/booking_phone"))]
#[case(json!({"fee": -1}), (422, "invalid_field", "/fee"))]
#[case(json!({"quota": 3}), (422, "unknown_field", "/quota"))]
#[tokio::test]
async fn what_cannot_be_is_refused(#[case] patch: Value, #[case] expected: (u16, &str, &str)) {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let (key, before) = (node.admin().await, node.seq().await);
    let (status, code, pointer) = expected;
    let reply = node.post("/v1/sessions", &said("A", &patch)).key(&key).send().await;
    let problem = reply.problem(status, code);
    assert_eq!((&problem["errors"][0]["pointer"], node.seq().await), (&json!(pointer), before));
}

#[tokio::test]
async fn coordinators_and_the_facility_itself_change_its_sessions() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.22", None).await;
    let here = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let elsewhere = node.key(Role::Coordinator, Some("33.22"), &[]).await;
    let own = node.key(Role::Reporter, None, &["test:A"]).await;
    let other = node.key(Role::Reporter, None, &["test:B"]).await;
    let agent = node.key(Role::Agent, None, &[]).await;
    let body = said("A", &json!({}));
    let before = node.seq().await;
    for key in [&elsewhere, &other] {
        node.post("/v1/sessions", &body).key(key).send().await.problem(403, "outside_scope");
    }
    node.post("/v1/sessions", &body).key(&agent).send().await.problem(403, "role_not_allowed");
    node.post("/v1/sessions", &body).send().await.problem(401, "key_required");
    assert_eq!(node.seq().await, before);
    for key in [&here, &own] {
        let made = node.post("/v1/sessions", &body).key(key).send().await;
        let path = made.header("location").to_owned();
        assert_eq!(path, format!("/v1/sessions/{}", made.json()["session"]["id"].as_str().unwrap()));
        node.patch(&path, &json!({"fee": 1})).key(&other).send().await.problem(403, "outside_scope");
        assert_eq!(node.patch(&path, &json!({"fee": 1})).key(key).send().await.json()["session"]["fee"], 1);
        node.delete(&path).key(&elsewhere).send().await.problem(403, "outside_scope");
        assert_eq!(node.delete(&path).key(key).send().await.json()["session"]["cancelled"], true);
    }
    assert_eq!(days(&ask(&node, "region=33.74").await).len(), 0);
    node.delete("/v1/sessions/0196f1b0-0000-7000-8000-000000000000")
        .key(&here)
        .send()
        .await
        .problem(404, "unknown_session");
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let id = add(&node, "A", json!({"title": "Pagi", "age_min": 18})).await;
    left(&node, "A", &id, 7).await;
    let path = format!("/v1/sessions/{id}");
    let weekly = json!({"weekdays": ["fri", "mon"], "from": "2021-07-01"});
    let changed = node.patch(&path, &json!({"weekly": weekly, "title": null})).key(&key).send().await;
    let version = changed.header("etag").to_owned();
    let session = changed.json()["session"].clone();
    assert_eq!((&session["title"], &session["age_min"]), (&Value::Null, &json!(18)));
    let answer = ask(&node, "region=33.74").await;
    assert_eq!(days(&answer), ["2021-07-02", "2021-07-05"]);
    assert_eq!(answer["facilities"][0]["sessions"][0]["left"], 7);
    node.patch(&path, &json!({"fe": 1})).key(&key).send().await.problem(422, "unknown_field");
    node.patch(&path, &json!({"product": null})).key(&key).send().await.problem(422, "invalid_field");
    let stale = node.patch(&path, &json!({"fee": 2})).key(&key).header("if-match", "\"1\"").send().await;
    stale.problem(412, "version_mismatch");
    let whole = said("A", &json!({"date": "2021-07-03"}));
    let replaced = node.put(&path, &whole).key(&key).header("if-match", &version).send().await.json();
    assert_eq!(replaced["session"]["age_min"], Value::Null);
    assert_eq!(days(&ask(&node, "region=33.74").await), ["2021-07-03"]);
    let elsewhere = node.hospital("B", "33.74.10", None).await;
    let moved = node.patch(&path, &json!({"facility": elsewhere})).key(&key).send().await;
    assert_eq!(moved.problem(422, "invalid_field")["errors"][0]["pointer"], "/facility");
}

#[tokio::test]
async fn a_change_that_cannot_be_names_the_field_and_the_remedy() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let (id, key) = (add(&node, "A", json!({})).await, node.admin().await);
    for (patch, expected, remedy) in [
        (
            json!({"weekly": {"weekdays": ["mon", "fri"], "from": "2021-07-01", "except": ["2021-07-06"]}}),
            ("invalid_schedule", "/weekly/except/0"),
            "2021-07-06 adalah tue, sedangkan sesi diadakan pada mon, fri",
        ),
        (
            json!({"weekly": {"from": "2021-07-01"}}),
            ("missing_field", "/weekly/weekdays"),
            "'weekdays' belum diisi",
        ),
        (
            json!({"weekly": {"weekdays": ["mon"], "form": 1}}),
            ("unknown_field", "/weekly/form"),
            "'form' tidak dikenal",
        ),
        (json!({"quota": 1}), ("unknown_field", "/quota"), "'quota' tidak dikenal"),
        (json!({"from": null}), ("invalid_field", "/from"), "'from' tidak dapat dihapus"),
        (json!({"doses": ["dua"]}), ("invalid_field", "/doses/0"), "harus berupa bilangan bulat"),
    ] {
        let reply = node.patch(&format!("/v1/sessions/{id}"), &patch).key(&key).send().await;
        let problem = reply.problem(422, expected.0);
        assert_eq!(problem["errors"][0]["pointer"], expected.1);
        assert!(problem["detail"].as_str().unwrap().starts_with(remedy), "{problem}");
    }
}
