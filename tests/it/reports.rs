//! What a report does: which numbers count, what is kept, and that a retry is harmless.

mod capacity;
mod lists;
mod retries;

use axum::http::StatusCode;
use sedia::{
    auth::{Operator, Principal},
    domain::{
        change::Effect,
        contact::ContactId,
        rejection::{Code, Rejections},
    },
    store::{Command, Health, Receipt, UnitOfWork, WriteError},
};
use serde_json::{Value, json};

use crate::support::TestNode;

/// The current numbers of one type of one facility.
async fn number(node: &TestNode, facility: &str, resource: &str) -> Value {
    let answer = node.get(&format!("/v1/facilities/{facility}")).send().await.json();
    let numbers = answer["availability"].as_array().unwrap();
    let number = numbers.iter().find(|number| number["type"] == resource);
    number.cloned().unwrap_or_default()
}

/// Reports with a time.
async fn report_at(node: &TestNode, at: &str, values: Value) -> Value {
    let key = node.admin().await;
    let body = json!({"observed_at": at, "values": values});
    let call = node.put("/v1/facilities/test:A/availability", &body).key(&key);
    call.send().await.json()
}

async fn hospital() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node
}

/// A defect of the program that one request runs into, after it has recorded something.
struct Defect;

impl Command for Defect {
    type Outcome = ();

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<()>, Rejections> {
        unit.record(Effect::ContactEnded { id: ContactId::nil() });
        panic!("a defect");
    }
}

#[tokio::test]
async fn a_command_that_panics_takes_nothing_with_it() {
    let node = hospital().await;
    node.hospital("B", "33.74.10", None).await;
    let (key, before) = (node.admin().await, node.seq().await);
    let body = json!({"values": {"bed.icu": {"available": 3}}});
    let report = |facility: &str| {
        let call = node.put(&format!("/v1/facilities/test:{facility}/availability"), &body);
        call.key(&key).send()
    };
    // All three wait when the writer begins its batch.
    let defect = node.node.writer.submit(Principal::Operator(Operator::Cli), Defect);
    let (one, broken, other) = tokio::join!(report("A"), defect, report("B"));
    assert_eq!([one.status, other.status], [StatusCode::OK; 2]);
    let Err(WriteError::Refused(refused)) = broken else { panic!("{broken:?}") };
    assert_eq!(refused.first().code, Code::Internal);
    assert_eq!(node.seq().await, before + 2, "nothing else is in the log");
    assert_eq!(*node.node.writer.health().borrow(), Health::Good);
}

#[tokio::test]
async fn an_older_observation_never_replaces_a_newer_one() {
    let node = hospital().await;
    let icu = |available: u32| json!({"bed.icu": {"available": available}});
    report_at(&node, "2021-07-01T06:00:00Z", icu(6)).await;
    let receipt = report_at(&node, "2021-07-01T05:59:59.999999Z", icu(5)).await;
    assert_eq!((&receipt["accepted"], &receipt["late"]), (&json!([]), &json!(["bed.icu"])));
    let seq = node.seq().await;
    assert_eq!(number(&node, "test:A", "bed.icu").await["available"], 6);
    // It is kept all the same: the log grew, and so did nothing that anybody is shown.
    let receipt = report_at(
        &node,
        "2021-07-01T05:00:00Z",
        json!({"bed.icu": {"available": 4}, "bed.hcu": {"available": 1}}),
    )
    .await;
    assert_eq!((&receipt["accepted"], &receipt["late"]), (&json!(["bed.hcu"]), &json!(["bed.icu"])));
    assert_eq!(node.seq().await, seq + 1);
    let icu = number(&node, "test:A", "bed.icu").await;
    assert_eq!((&icu["available"], &icu["observed_at"]), (&json!(6), &json!("2021-07-01T06:00:00Z")));
    assert_eq!(number(&node, "test:A", "bed.hcu").await["available"], 1);
    let node = node.restart().await;
    assert_eq!(number(&node, "test:A", "bed.icu").await["available"], 6);
}

#[tokio::test]
async fn of_two_words_about_one_moment_the_later_counts() {
    let node = hospital().await;
    for available in [6, 9, 2] {
        let values = json!({"bed.icu": {"available": available}});
        let receipt = report_at(&node, "2021-07-01T13:00:00+07:00", values).await;
        assert_eq!(receipt["accepted"], json!(["bed.icu"]));
        assert_eq!(number(&node, "test:A", "bed.icu").await["available"], available);
    }
}

#[tokio::test]
async fn types_that_are_not_reported_stay_as_they_are() {
    let node = hospital().await;
    node.report("test:A", json!({"bed.icu": {"available": 3}, "bed.hcu": {"available": 4, "queue": 2}}))
        .await;
    node.report("test:A", json!({"bed.icu": {"capacity": 9}})).await;
    let icu = number(&node, "test:A", "bed.icu").await;
    // Of a type that is named, what is left out is unknown.
    assert_eq!((&icu["capacity"], &icu["available"]), (&json!(9), &json!(null)));
    let hcu = number(&node, "test:A", "bed.hcu").await;
    assert_eq!((&hcu["available"], &hcu["queue"]), (&json!(4), &json!(2)));
}

#[tokio::test]
async fn nothing_known_any_more_is_a_statement() {
    let node = hospital().await;
    node.report("test:A", json!({"bed.icu": {"capacity": 5, "available": 3}})).await;
    node.report("test:A", json!({"bed.icu": {"available": null}})).await;
    let icu = number(&node, "test:A", "bed.icu").await;
    assert_eq!((&icu["available"], &icu["freshness"]), (&json!(null), &json!("unknown")));
    let answer = node.get("/v1/beds?region=33.74&min=0").send().await.json();
    let total = &answer["totals"][0];
    assert_eq!(
        (&total["available"], &total["facilities"], &total["facilities_unknown"]),
        (&json!(null), &json!(1), &json!(1))
    );
    assert_eq!(answer["facilities"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn full_without_a_count_is_full_and_not_unknown() {
    let node = hospital().await;
    node.report("test:A", json!({"bed.icu": {"available": 0}})).await;
    let icu = number(&node, "test:A", "bed.icu").await;
    assert_eq!(
        (&icu["available"], &icu["capacity"], &icu["freshness"]),
        (&json!(0), &json!(null), &json!("fresh"))
    );
    let answer = node.get("/v1/beds?region=33.74&min=0").send().await.json();
    let total = &answer["totals"][0];
    assert_eq!(
        (&total["available"], &total["capacity"], &total["facilities_unknown"]),
        (&json!(0), &json!(null), &json!(0))
    );
    assert_eq!(total["facilities_available"], 0);
}

#[tokio::test]
async fn adjusting_moves_free_and_occupied_against_each_other() {
    let node = hospital().await;
    let key = node.admin().await;
    node.report("test:A", json!({"bed.icu": {"capacity": 10, "occupied": 7, "available": 3, "queue": 1}}))
        .await;
    for (delta, available, occupied) in [(-1, 2, 8), (-2, 0, 10), (4, 4, 6)] {
        let body = json!({"type": "bed.icu", "delta": delta});
        let call = node.post("/v1/facilities/test:A/availability/adjust", &body);
        call.key(&key).send().await.json();
        let icu = number(&node, "test:A", "bed.icu").await;
        assert_eq!(
            (&icu["available"], &icu["occupied"], &icu["queue"]),
            (&json!(available), &json!(occupied), &json!(1))
        );
    }
}

#[tokio::test]
async fn confirming_makes_old_numbers_fresh() {
    let node = hospital().await;
    let key = node.admin().await;
    let values =
        json!({"bed.icu": {"available": 3}, "bed.hcu": {"available": 1}, "bed.picu": {"available": null}});
    node.report("test:A", values).await;
    node.clock.pass(chrono::Duration::hours(13));
    assert_eq!(number(&node, "test:A", "bed.icu").await["freshness"], "stale");
    let path = "/v1/facilities/test:A/availability/confirm";
    let one = json!({"types": ["bed.icu"]});
    let receipt = node.post(path, &one).key(&key).send().await.json();
    assert_eq!(receipt["accepted"], json!(["bed.icu"]));
    for (resource, freshness) in [("bed.icu", "fresh"), ("bed.hcu", "stale"), ("bed.picu", "unknown")] {
        assert_eq!(number(&node, "test:A", resource).await["freshness"], freshness);
    }
    // Without a body: all that is known. What is unknown stays so.
    let all = node.call(axum::http::Method::POST, path).key(&key).send().await.json();
    assert_eq!(all["accepted"], json!(["bed.hcu", "bed.icu"]));
    assert_eq!(number(&node, "test:A", "bed.hcu").await["freshness"], "fresh");
}

#[tokio::test]
async fn a_number_says_where_it_came_from() {
    use sedia::domain::key::Role;
    let node = hospital().await;
    let row = json!([{"facility": "test:A", "type": "bed.icu", "available": 1}]);
    let values = json!({"values": {"bed.icu": {"available": 1}}});
    for (role, region, facilities, put, list) in [
        (Role::Reporter, None, &["test:A"][..], "facility", "facility"),
        (Role::Bridge, None, &["test:A"], "bridge", "bridge"),
        (Role::Coordinator, Some("33.74"), &[], "coordinator", "bulk"),
        (Role::Admin, None, &[], "coordinator", "bulk"),
    ] {
        let key = node.key(role, region, facilities).await;
        node.put("/v1/facilities/test:A/availability", &values).key(&key).send().await.json();
        assert_eq!(number(&node, "test:A", "bed.icu").await["source"], put);
        node.post("/v1/reports", &row).key(&key).send().await.json();
        assert_eq!(number(&node, "test:A", "bed.icu").await["source"], list);
    }
}

#[tokio::test]
async fn a_closed_facility_is_told_that_nobody_would_see_its_report() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74", None).await;
    let key = node.admin().await;
    let patch = async |closed: bool| {
        let call = node.patch("/v1/facilities/test:A", &json!({"closed": closed})).key(&key);
        assert_eq!(call.send().await.status, StatusCode::OK);
    };
    let report = || {
        let body = json!({"values": {"bed.icu": {"available": 1}}});
        node.put("/v1/facilities/test:A/availability", &body).key(&key).send()
    };
    patch(true).await;
    let seq = node.seq().await;
    report().await.problem(409, "facility_closed");
    assert_eq!(node.seq().await, seq);
    patch(false).await;
    assert_eq!(report().await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_receipt_shows_the_numbers_as_they_are_now() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74", None).await;
    node.report("test:A", json!({"bed.icu": {"capacity": 9, "occupied": 6, "available": 3}})).await;
    let key = node.admin().await;
    let adjust = async |delta: i32| {
        let body = json!({"type": "bed.icu", "delta": delta});
        node.post("/v1/facilities/test:A/availability/adjust", &body).key(&key).language("en").send().await
    };
    let receipt = adjust(-1).await.json();
    assert_eq!(
        receipt["values"]["bed.icu"],
        json!({"capacity": 9, "occupied": 7, "available": 2, "queue": null})
    );
    let problem = adjust(-3).await.problem(422, "negative_count");
    assert!(problem["detail"].as_str().unwrap().contains("only 2 are free"), "{problem}");
}
