//! Codes that nobody explained yet.

use axum::http::Method;
use chrono::{DateTime, Duration, Utc};
use sedia::{clock::Clock, domain::key::Role};
use serde_json::{Value, json};

use super::{aplicares, numbers, reading, rsonline, start};
use crate::support::TestNode;

async fn unmapped(node: &TestNode, key: &str, query: &str) -> Value {
    node.get(&format!("/v1/unmapped{query}")).key(key).send().await.json()
}

/// Writes the codes of a type, as an admin does.
async fn map(node: &TestNode, resource: &str, codes: &[&str]) -> crate::support::Reply {
    let admin = node.admin().await;
    let answer = node.get("/v1/types").language("en").send().await.json();
    let found = answer["types"].as_array().unwrap().iter().find(|r| r["code"] == resource).unwrap().clone();
    let body = json!({
        "kind": found["kind"], "label": {"en": "x", "id": "x"}, "age_group": found["age_group"],
        "aging_after_h": 4, "stale_after_h": 12, "external_codes": codes,
    });
    node.put(&format!("/v1/types/{resource}"), &body).key(&admin).send().await
}

#[tokio::test]
async fn an_unknown_code_is_kept_shown_and_counted_once_it_is_mapped() {
    let (node, key) = start().await;
    let admin = node.admin().await;
    let utm = |room: &str, tersedia: u32| json!({"kodekelas": "UTM", "koderuang": room, "namaruang": "Utama", "kapasitas": "10", "tersedia": tersedia.to_string()});
    for (hospital, room, tersedia) in [("A", "U1", 1), ("A", "U2", 2), ("B", "U1", 4)] {
        let reply = aplicares(&node, &key, "create", hospital, &utm(room, tersedia)).await.json();
        assert_eq!(reply["metadata"]["code"], 1);
        assert!(reply["metadata"]["keterangan"].as_str().unwrap().contains("dipetakan"));
    }
    let foreign = json!({"id_tt": "999", "id_t_tt": "9", "jumlah": "3"});
    rsonline(&node, &key, Method::PUT, "A", &foreign).await.json();
    let listed = unmapped(&node, &admin, "").await;
    assert_eq!(listed["unmapped"].as_array().unwrap().len(), 4);
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let own = unmapped(&node, &coordinator, "").await;
    let rooms: Vec<_> =
        own["unmapped"].as_array().unwrap().iter().map(|room| (&room["code"], &room["room"])).collect();
    assert_eq!(
        rooms,
        [
            (&json!("kemenkes:999"), &json!("9")),
            (&json!("aplicares:UTM"), &json!("UTM/U1")),
            (&json!("aplicares:UTM"), &json!("UTM/U2"))
        ]
    );
    assert_eq!(own["unmapped"][1]["facility"]["name"], "RS A");
    node.get("/v1/unmapped?region=33.22").key(&coordinator).send().await.problem(403, "outside_scope");
    node.get("/v1/unmapped").send().await.problem(401, "key_required");
    node.get("/v1/unmapped").key(&key).send().await.problem(403, "role_not_allowed");
    // Page by page.
    let first = unmapped(&node, &admin, "?limit=3").await;
    let cursor = first["next"].as_str().unwrap();
    let second = unmapped(&node, &admin, &format!("?limit=3&cursor={cursor}")).await;
    assert_eq!((second["unmapped"].as_array().unwrap().len(), &second["next"]), (1, &json!(null)));

    let node = node.restart().await;
    node.clock.pass(Duration::minutes(5));
    assert!(map(&node, "bed.vip", &["aplicares:VIP", "aplicares:UTM"]).await.status.is_success());
    assert_eq!(numbers(&node, "A", "bed.vip").await, [json!(20), json!(null), json!(3), json!(null)]);
    assert_eq!(numbers(&node, "B", "bed.vip").await[2], 4);
    assert_eq!(unmapped(&node, &admin, "").await["unmapped"].as_array().unwrap().len(), 1);
    // One code means one type.
    map(&node, "bed.class1", &["aplicares:UTM"]).await.problem(422, "invalid_field");
    // What is taken out again no longer counts, and shows again.
    assert!(map(&node, "bed.vip", &["aplicares:VIP"]).await.status.is_success());
    assert_eq!(numbers(&node, "A", "bed.vip").await, [const { Value::Null }; 4]);
    assert!(map(&node, "bed.class1", &["aplicares:UTM", "aplicares:KL1"]).await.status.is_success());
    assert_eq!(numbers(&node, "A", "bed.class1").await[2], 3);
}

#[tokio::test]
async fn mapping_an_old_room_adds_it_to_newer_ones() {
    let (node, key) = start().await;
    let bed = |class: &str| json!({"kodekelas": class, "koderuang": "R", "kapasitas": "5", "tersedia": "1"});
    aplicares(&node, &key, "create", "A", &bed("UTM")).await.json();
    node.clock.pass(Duration::hours(1));
    aplicares(&node, &key, "create", "A", &bed("VIP")).await.json();
    assert!(map(&node, "bed.vip", &["aplicares:VIP", "aplicares:UTM"]).await.status.is_success());
    assert_eq!(numbers(&node, "A", "bed.vip").await[2], 2);
}

/// Whoever confirmed the numbers saw other rooms.
#[tokio::test]
async fn a_room_that_is_mapped_after_a_confirmation_counts_from_its_next_row() {
    let (node, key) = start().await;
    let bed = |class: &str| json!({"kodekelas": class, "koderuang": "R", "kapasitas": "5", "tersedia": "1"});
    for class in ["UTM", "VIP"] {
        aplicares(&node, &key, "create", "A", &bed(class)).await.json();
    }
    node.clock.pass(Duration::days(5));
    let admin = node.admin().await;
    let confirm = "/v1/facilities/test:A/availability/confirm";
    node.post(confirm, &json!({"types": ["bed.vip"]})).key(&admin).send().await.json();
    assert!(map(&node, "bed.vip", &["aplicares:VIP", "aplicares:UTM"]).await.status.is_success());
    let vip = reading(&node, "A", "bed.vip").await;
    assert_eq!(
        (&vip["available"], &vip["freshness"]),
        (&json!(1), &json!("fresh")),
        "the newest word counts"
    );
    node.clock.pass(Duration::minutes(1));
    aplicares(&node, &key, "update", "A", &bed("VIP")).await.json();
    let (vip, oldest) = (reading(&node, "A", "bed.vip").await, node.clock.now() - Duration::days(5));
    assert_eq!((&vip["available"], &vip["freshness"]), (&json!(2), &json!("fresh")));
    let said: DateTime<Utc> = vip["oldest_room_observed_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(said, oldest - Duration::minutes(1));
}

#[tokio::test]
async fn a_code_that_was_left_out_by_mistake_counts_again_once_it_is_back() {
    let (node, key) = start().await;
    let row = json!({"id_tt": "6", "id_t_tt": "1", "jumlah": "10", "terpakai": "7", "kosong": "3"});
    rsonline(&node, &key, Method::POST, "A", &row).await.json();
    node.clock.pass(Duration::hours(1));
    assert!(map(&node, "bed.icu", &[]).await.status.is_success());
    assert_eq!(numbers(&node, "A", "bed.icu").await, [const { Value::Null }; 4]);
    node.clock.pass(Duration::hours(1));
    assert!(map(&node, "bed.icu", &["kemenkes:6"]).await.status.is_success());
    assert_eq!(numbers(&node, "A", "bed.icu").await[2], 3);
}
