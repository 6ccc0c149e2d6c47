//! Where is a free bed?

use axum::http::StatusCode;
use chrono::Duration;
use serde_json::json;

use crate::support::TestNode;

#[tokio::test]
async fn a_report_is_in_the_very_next_answer() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", Some((-6.99, 110.35))).await;
    for available in [3, 0, 5] {
        node.report("test:A", json!({"bed.icu_vent": {"capacity": 10, "available": available}})).await;
        let answer = node.get("/v1/beds?region=33.74&min=0").send().await.json();
        assert_eq!(answer["facilities"][0]["availability"][0]["available"], available);
        assert_eq!(answer["totals"][0]["available"], available);
    }
}

#[tokio::test]
async fn the_answer_has_the_shape_of_the_contract() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", Some((-6.99, 110.35))).await;
    node.report(
        "test:A",
        json!({"bed.icu_vent": {"capacity": 10, "occupied": 7, "available": 3, "queue": 0}}),
    )
    .await;
    let answer =
        node.get("/v1/beds?region=33.74&near=33.74.10&ventilator=true").language("en").send().await.json();
    assert_eq!(answer["region"], json!({"code": "33.74", "name": "Kota Semarang", "level": "kabkota"}));
    assert_eq!(answer["as_of"], "2021-07-01T07:00:00Z");
    let total = &answer["totals"][0];
    assert_eq!(
        (&total["type"], &total["capacity"], &total["facilities_unknown"]),
        (&json!("bed.icu_vent"), &json!(10), &json!(0))
    );
    let facility = &answer["facilities"][0];
    assert_eq!(facility["external_ids"], json!(["test:A"]));
    assert_eq!(facility["region"]["path"], json!(["Jawa Tengah", "Kota Semarang", "Tembalang"]));
    assert_eq!(facility["phones"].as_array().unwrap().len(), 1);
    let number = &facility["availability"][0];
    assert_eq!(number["label"], "ICU with ventilator");
    assert_eq!((&number["freshness"], &number["source"]), (&json!("fresh"), &json!("coordinator")));
    assert_eq!((&answer["widened"], &answer["next"]), (&json!(null), &json!(null)));
    assert_eq!(answer["contacts"][0]["phone"], "119");
}

#[tokio::test]
async fn a_number_grows_old_by_itself() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74", None).await;
    node.report("test:A", json!({"bed.icu": {"available": 3}})).await;
    let mut tags = Vec::new();
    for (hours, freshness) in [(0, "fresh"), (4, "aging"), (8, "stale")] {
        node.clock.pass(Duration::hours(hours));
        let reply = node.get("/v1/beds?region=33.74").send().await;
        assert_eq!(reply.json()["facilities"][0]["availability"][0]["freshness"], freshness);
        tags.push(reply.header("etag").to_owned());
    }
    tags.dedup();
    assert_eq!(tags.len(), 3, "every change of freshness is a new version");
    let known = node.get("/v1/beds?region=33.74").header("if-none-match", tags.last().unwrap()).send().await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}
