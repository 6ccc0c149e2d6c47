//! Links: reports of one facility, without an account.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::Duration;
use sedia::{
    auth::{Principal, Secret},
    clock::Clock,
    domain::{
        change::{Change, Effect},
        facility::FacilityRef,
        key::Role,
        rejection::Code,
    },
    maintenance::Maintenance,
    node::{Node, NodeConfig, rejections},
    store::{self, Durability, commands::ConfirmAvailability, retention::Keep},
};
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

async fn start() -> TestNode {
    let node = TestNode::start().await;
    for (name, region) in [("A", "33.74.10"), ("B", "33.22.10")] {
        node.hospital(name, region, None).await;
        node.report(&format!("test:{name}"), json!({"bed.icu": {"capacity": 10, "available": 5}})).await;
    }
    node
}

async fn make(node: &TestNode, key: &str, body: Value) -> Value {
    let reply = node.post("/v1/links", &body).key(key).send().await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    assert_eq!(reply.header("cache-control"), "no-store");
    let made = reply.json();
    assert_eq!(reply.header("location"), format!("/v1/links/{}", made["id"].as_str().unwrap()));
    assert_eq!(made["url"], format!("/r/{}", made["token"].as_str().unwrap()));
    made
}

async fn report(node: &TestNode, facility: &str, token: &str) -> Reply {
    let values = json!({"values": {"bed.icu": {"capacity": 10, "available": 4}}});
    node.put(&format!("/v1/facilities/{facility}/availability"), &values).key(token).send().await
}

#[tokio::test]
async fn a_link_reports_for_its_facility_and_no_other() {
    let node = start().await;
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let made = make(&node, &coordinator, json!({"facility": "test:A", "name": "Bu Sri, IGD"})).await;
    let token = made["token"].as_str().unwrap();
    assert!(report(&node, "test:A", token).await.status.is_success());
    report(&node, "test:B", token).await.problem(403, "outside_scope");
    let read = node.get("/v1/facilities/test:A").key(&coordinator).send().await.json();
    let number = &read["availability"][0];
    assert_eq!((&number["source"], &number["reporter"]), (&json!("facility"), &json!("Bu Sri, IGD")));
    // It sees what the public sees, and changes nothing else.
    let seen = node.get("/v1/facilities/test:A").key(token).send().await.json();
    assert!(seen["availability"][0]["reporter"].is_null());
    assert_eq!(seen["phones"].as_array().unwrap().len(), 1);
    node.get("/v1/links").key(token).send().await.problem(403, "role_not_allowed");
    node.post("/v1/links", &json!({"facility": "test:A"}))
        .key(token)
        .send()
        .await
        .problem(403, "role_not_allowed");
    let patch = node.patch("/v1/facilities/test:A", &json!({"name": "X"})).key(token);
    patch.send().await.problem(403, "role_not_allowed");
}

#[tokio::test]
async fn a_link_ends_by_itself_or_is_revoked() {
    let node = start().await;
    let admin = node.admin().await;
    let month = make(&node, &admin, json!({"facility": "test:A"})).await;
    let week = make(&node, &admin, json!({"facility": "test:A", "expires_days": 7})).await;
    let [month_token, week_token] = [&month, &week].map(|made| made["token"].as_str().unwrap());
    node.clock.pass(Duration::days(7));
    report(&node, "test:A", week_token).await.problem(401, "key_expired");
    assert!(report(&node, "test:A", month_token).await.status.is_success());
    let path = format!("/v1/links/{}", month["id"].as_str().unwrap());
    for _ in 0..2 {
        let revoked = node.delete(&path).key(&admin).send().await.json();
        assert!(revoked["revoked_at"].is_string());
    }
    report(&node, "test:A", month_token).await.problem(401, "key_revoked");
    let node = node.restart().await;
    report(&node, "test:A", month_token).await.problem(401, "key_revoked");
    assert!(node.seq().await > 0);
}

#[tokio::test]
async fn every_node_obeys_a_revocation_at_once() {
    let node = start().await;
    let admin = node.admin().await;
    let made = make(&node, &admin, json!({"facility": "test:A"})).await;
    let hash = Secret::given(made["token"].as_str().unwrap()).hash();
    let held = Arc::clone(node.state().await.key_by_hash(&hash).unwrap());
    let config = NodeConfig { durability: Durability::Normal, ..NodeConfig::at(node.database.url()) };
    let other = Node::start(&config, Arc::clone(&node.clock) as Arc<dyn Clock>).await.unwrap();
    node.delete(&format!("/v1/links/{}", made["id"].as_str().unwrap())).key(&admin).send().await.json();
    // The other node may not have read the log yet, and holds the key as it was.
    let facility = FacilityRef::parse("test:A", "").unwrap();
    let report = ConfirmAvailability {
        facility,
        types: Vec::new(),
        observed_at: None,
        language: sedia::locales::Language::Id,
        if_match: None,
    };
    let refused = other.submit(Principal::Key(held), report).await.unwrap_err();
    assert_eq!(rejections(&refused).unwrap().first().code, Code::KeyRevoked);
    other.stop().await.unwrap();
}

#[tokio::test]
async fn coordinators_manage_the_links_of_their_region() {
    let node = start().await;
    let (admin, semarang) = (node.admin().await, node.key(Role::Coordinator, Some("33.74"), &[]).await);
    let reporter = node.key(Role::Reporter, None, &["test:A"]).await;
    let a = make(&node, &semarang, json!({"facility": "test:A"})).await;
    let b = make(&node, &admin, json!({"facility": "test:B"})).await;
    node.post("/v1/links", &json!({"facility": "test:B"}))
        .key(&semarang)
        .send()
        .await
        .problem(403, "outside_scope");
    for (body, status, code, pointer) in [
        (json!({"facility": "test:X"}), 404, "unknown_facility", "/facility"),
        (json!({"facility": "test:A", "expires_days": 0}), 422, "invalid_field", "/expires_days"),
        (json!({}), 422, "missing_field", "/facility"),
    ] {
        let problem = node.post("/v1/links", &body).key(&admin).send().await.problem(status, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let listed = async |key: &str, query: &str| {
        let answer = node.get(&format!("/v1/links{query}")).key(key).send().await.json();
        assert!(!answer.to_string().contains("sedia_"));
        let links = answer["links"].as_array().unwrap().iter().map(|link| link["id"].clone());
        (links.collect::<Vec<_>>(), answer["next"].clone())
    };
    assert_eq!(listed(&semarang, "").await.0, [a["id"].clone()]);
    let (first, next) = listed(&admin, "?limit=1").await;
    let (second, end) = listed(&admin, &format!("?limit=1&cursor={}", next.as_str().unwrap())).await;
    assert_eq!((first, second, end), (vec![a["id"].clone()], vec![b["id"].clone()], json!(null)));
    node.get("/v1/links").key(&reporter).send().await.problem(403, "role_not_allowed");
    node.get("/v1/links?region=33.22").key(&semarang).send().await.problem(403, "outside_scope");
    let delete = async |id: &Value, key: &str| {
        node.delete(&format!("/v1/links/{}", id.as_str().unwrap())).key(key).send().await
    };
    delete(&b["id"], &semarang).await.problem(403, "outside_scope");
    delete(&a["id"], &reporter).await.problem(403, "role_not_allowed");
    let keys = node.get("/v1/keys").key(&admin).send().await.json();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["role"] == "reporter").unwrap();
    delete(&key["id"], &admin).await.problem(404, "unknown_link");
    assert!(delete(&a["id"], &semarang).await.status.is_success());
}

#[tokio::test]
async fn days_that_cannot_be_say_what_is_usual_for_such_a_key() {
    let node = start().await;
    let admin = node.admin().await;
    let link = json!({"facility": "test:A", "expires_days": 0});
    let agent = json!({"role": "agent", "expires_days": 3651});
    for (path, body, remedy) in [
        ("/v1/links", link, "kosongkan untuk 30 hari"),
        ("/v1/keys", agent, "kosongkan untuk kunci tanpa batas waktu"),
    ] {
        let problem = node.post(path, &body).key(&admin).send().await.problem(422, "invalid_field");
        assert_eq!(problem["errors"][0]["pointer"], "/expires_days");
        assert!(problem["detail"].as_str().unwrap().ends_with(remedy), "{problem}");
    }
}

#[tokio::test]
async fn a_link_that_ended_says_when_in_the_time_of_its_facility() {
    let node = start().await;
    let admin = node.admin().await;
    let zone = json!({"timezone": "Asia/Makassar"});
    assert!(node.patch("/v1/regions/33.74", &zone).key(&admin).send().await.status.is_success());
    let [revoked, expired] = [1, 2].map(|days| json!({"facility": "test:A", "expires_days": days}));
    let (revoked, expired) = (make(&node, &admin, revoked).await, make(&node, &admin, expired).await);
    let path = format!("/v1/links/{}", revoked["id"].as_str().unwrap());
    node.delete(&path).key(&admin).send().await.json();
    node.clock.pass(Duration::days(2));
    for (made, code, said) in [
        (&revoked, "key_revoked", "kunci dicabut pada 2021-07-01 15:00 WITA;"),
        (&expired, "key_expired", "kunci kedaluwarsa pada 2021-07-03 15:00 WITA;"),
    ] {
        let refused = report(&node, "test:A", made["token"].as_str().unwrap()).await.problem(401, code);
        assert!(refused["detail"].as_str().unwrap().starts_with(said), "{refused}");
    }
}

#[tokio::test]
async fn keys_come_in_pages() {
    let node = start().await;
    let admin = node.admin().await;
    for _ in 0..5 {
        node.key(Role::Agent, Some("33.74"), &[]).await;
        node.key(Role::Reporter, None, &["test:B"]).await;
    }
    let listed = async |query: &str| {
        let mut all = Vec::new();
        let mut next = String::new();
        loop {
            let page = node.get(&format!("/v1/keys?{query}{next}")).key(&admin).send().await.json();
            all.extend(
                page["keys"].as_array().unwrap().iter().map(|key| key["id"].as_str().unwrap().to_owned()),
            );
            match page["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => return all,
            }
        }
    };
    let all = listed("limit=200").await;
    assert_eq!((all.len(), listed("limit=3").await), (11, all));
    assert_eq!(listed("limit=2&region=33.74").await.len(), 5);
    assert_eq!(listed("limit=2&region=33.22").await.len(), 5);
    node.get("/v1/keys?limit=0").key(&admin).send().await.problem(400, "limit_out_of_range");
}

#[tokio::test]
async fn keys_and_links_that_ended_are_forgotten_after_ninety_days() {
    let node = start().await;
    let admin = node.admin().await;
    let link = make(&node, &admin, json!({"facility": "test:A"})).await;
    let agent = node.post("/v1/keys", &json!({"role": "agent"})).key(&admin).send().await.json();
    node.key(Role::Agent, None, &[]).await;
    node.clock.pass(Duration::days(30));
    let path = format!("/v1/keys/{}", agent["id"].as_str().unwrap());
    node.delete(&path).key(&admin).send().await.json();
    let maintenance = Arc::new(Maintenance::new(&node.node, Keep { days: 3_650, rollup_days: 3_650 }));
    let kept = async || {
        Arc::clone(&maintenance).run().await;
        let listed = async |list: &str| {
            let answer = node.get(&format!("/v1/{list}")).key(&admin).send().await.json();
            answer[list].as_array().unwrap().len()
        };
        let loaded = store::load(&node.node.database, node.clock.now()).await.unwrap();
        assert_eq!(loaded.keys().count(), node.node.shared.current().keys().count());
        (listed("keys").await, listed("links").await)
    };
    node.clock.pass(Duration::days(89));
    assert_eq!(kept().await, (4, 1));
    let token = link["token"].as_str().unwrap();
    report(&node, "test:A", token).await.problem(401, "key_expired");
    node.get("/v1/beds").key(agent["key"].as_str().unwrap()).send().await.problem(401, "key_revoked");
    node.clock.pass(Duration::days(1));
    assert_eq!(kept().await, (2, 0));
    report(&node, "test:A", token).await.problem(401, "key_invalid");
    node.delete(&path).key(&admin).send().await.problem(404, "unknown_key");
    let seq = node.seq().await;
    assert_eq!((kept().await, node.seq().await), ((2, 0), seq), "nothing is left to be forgotten");
    // Who made and revoked them stays in the log.
    let changes = node.node.database.changes_after(0, 10_000).await.unwrap();
    let of_agent =
        |change: &&Change| matches!(&change.effect, Effect::Key(key) if agent["id"] == json!(key.id));
    assert_eq!(changes.iter().filter(of_agent).count(), 2);
}

#[tokio::test]
async fn the_last_key_is_not_forgotten() {
    let node = start().await;
    let admin = node.admin().await;
    let keys = node.get("/v1/keys").key(&admin).send().await.json();
    let path = format!("/v1/keys/{}", keys["keys"][0]["id"].as_str().unwrap());
    node.delete(&path).key(&admin).send().await.json();
    node.clock.pass(Duration::days(365));
    Arc::new(Maintenance::new(&node.node, Keep { days: 3_650, rollup_days: 3_650 })).run().await;
    assert!(node.node.first_admin_key().await.unwrap().is_none());
}
