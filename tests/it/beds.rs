//! Where is a free bed?

use axum::http::StatusCode;
use chrono::Duration;
use serde_json::{Value, json};

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

#[tokio::test]
async fn where_no_facility_has_so_many_those_that_have_fewer_are_told() {
    let node = TestNode::start().await;
    for (name, available) in [("A", 19), ("B", 7), ("C", 0)] {
        node.hospital(name, "33.74.10", Some((-6.99, 110.35))).await;
        node.report(&format!("test:{name}"), json!({"bed.icu": {"capacity": 30, "available": available}}))
            .await;
    }
    let names = |answer: &Value| -> Vec<String> {
        let facilities = answer["facilities"].as_array().unwrap();
        facilities.iter().map(|facility| facility["name"].as_str().unwrap().to_owned()).collect()
    };
    let ask = "/v1/beds?region=33.74&min=";
    let answer = node.get(&format!("{ask}50")).send().await.json();
    assert_eq!((names(&answer), &answer["available_max"]), (vec!["RS A".into(), "RS B".into()], &json!(19)));
    assert_eq!(answer["widened"], Value::Null, "they stand where they were asked for");
    let first = node.get(&format!("{ask}50&limit=1")).send().await.json();
    let second = format!("{ask}50&limit=1&cursor={}", first["next"].as_str().unwrap());
    let second = node.get(&second).send().await.json();
    assert_eq!((names(&first), names(&second)), (vec!["RS A".into()], vec!["RS B".into()]));
    assert_eq!((&second["available_max"], &second["next"]), (&json!(19), &Value::Null));
    let short = node.get(&format!("{ask}50&format=short")).send().await.json();
    assert_eq!(short["available_max"], 19);
    for (language, said) in [("id", "paling banyak 19."), ("en", "the most that one of these has is 19.")] {
        let text = node.get(&format!("{ask}50")).accept("text/plain").language(language).send().await.text();
        assert!(text.contains(said), "{text}");
    }
    let enough = node.get(&format!("{ask}19")).send().await.json();
    assert_eq!((names(&enough), &enough["available_max"]), (vec!["RS A".to_owned()], &Value::Null));
    // The answer is about the whole country: a hospital far away ends it.
    let tag = node.get(&format!("{ask}50")).send().await.header("etag").to_owned();
    node.hospital("D", "91.71", Some((-2.55, 140.7))).await;
    node.report("test:D", json!({"bed.icu": {"capacity": 60, "available": 60}})).await;
    let answer = node.get(&format!("{ask}50")).header("if-none-match", &tag).send().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        (names(&answer.json()), &answer.json()["available_max"]),
        (vec!["RS D".to_owned()], &Value::Null)
    );
}

#[tokio::test]
async fn the_order_is_told_where_it_is_not_by_distance() {
    let node = TestNode::start().await;
    node.hospital("Dekat", "33.74.10", Some((-7.05, 110.45))).await;
    node.hospital("Jauh", "33.74.10", Some((-7.15, 110.55))).await;
    node.report("test:Dekat", json!({"bed.icu": {"available": 3}})).await;
    let text = async |query: &str| node.get(query).accept("text/plain").language("id").send().await.text();
    assert!(!text("/v1/beds?region=33.74").await.contains("disebut dahulu"), "one facility has no order");
    node.clock.pass(Duration::hours(13));
    node.report("test:Jauh", json!({"bed.icu": {"available": 1}})).await;
    let near = text("/v1/beds?near=-7.05,110.45").await;
    assert!(near.contains("yang lebih dekat bisa ada di bawahnya"), "{near}");
    let inside = text("/v1/beds?region=33.74").await;
    assert!(inside.contains("paling banyak kosong disebut dahulu"), "{inside}");
    node.report("test:Dekat", json!({"bed.icu": {"available": 3}})).await;
    let near = text("/v1/beds?near=-7.05,110.45").await;
    assert!(!near.contains("disebut dahulu") && !near.contains("di bawahnya"), "{near}");
}
