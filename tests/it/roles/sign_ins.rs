//! Sign-ins: short-lived secrets that stand for the key of a person.

use axum::http::StatusCode;
use chrono::Duration;
use sedia::{auth::Secret, clock::Clock, domain::key::Role};
use serde_json::{Value, json};

use crate::support::TestNode;

async fn sign_in(node: &TestNode, key: &str) -> Value {
    let reply = node.post("/v1/sign-ins", &json!({})).key(key).send().await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    assert_eq!(
        (reply.header("cache-control"), reply.header("location")),
        ("no-store", "/v1/sign-ins/current")
    );
    reply.json()
}

async fn secret(node: &TestNode, key: &str) -> String {
    sign_in(node, key).await["key"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_done_with_a_sign_in_the_holder_of_the_key_has_done() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let made = sign_in(&node, &key).await;
    assert_eq!(
        (&made["role"], &made["name"], &made["region"], &made["expires_at"], &made["ends_at"]),
        (
            &json!("coordinator"),
            &json!("test coordinator"),
            &json!("33.74"),
            &json!("2021-07-01T08:00:00Z"),
            &json!("2021-07-01T19:00:00Z")
        )
    );
    let secret = made["key"].as_str().unwrap();
    let me = node.get("/v1/me").key(secret).send().await.json();
    assert_eq!(me["sign_in"], json!({"expires_at": made["expires_at"], "ends_at": made["ends_at"]}));
    assert!(node.get("/v1/me").key(&key).send().await.json().get("sign_in").is_none());
    let values = json!({"values": {"bed.icu": {"available": 1}}});
    node.put("/v1/facilities/test:A/availability", &values).key(secret).send().await.json();
    let read = node.get("/v1/facilities/test:A").key(&key).send().await.json();
    assert_eq!(read["availability"][0]["reporter"], "test coordinator");
    // A link that is made from it lasts as long as one that is made with the key.
    let link = node.post("/v1/links", &json!({"facility": "test:A"})).key(secret).send().await.json();
    assert_eq!(link["expires_at"], "2021-07-31T07:00:00Z");
    // Of what one of them claimed, the other is no stranger.
    let claimed =
        node.post("/v1/facilities/test:A/marks", &json!({"kind": "claim", "by": "Siti"})).key(secret);
    let mark = claimed.send().await.json()["id"].as_str().unwrap().to_owned();
    node.delete(&format!("/v1/marks/{mark}")).key(&key).send().await.json();
}

#[tokio::test]
async fn a_sign_in_neither_signs_in_nor_renews_a_key() {
    let node = TestNode::start().await;
    let key = node.key(Role::Agent, None, &[]).await;
    let signed_in = secret(&node, &key).await;
    let again = node.post("/v1/sign-ins", &json!({})).key(&signed_in).send().await;
    again.problem(403, "role_not_allowed");
    node.post("/v1/sign-ins/current", &json!({})).key(&key).send().await.problem(403, "role_not_allowed");
    node.delete("/v1/sign-ins/current").key(&key).send().await.problem(403, "role_not_allowed");
    for path in ["/v1/sign-ins", "/v1/sign-ins/current"] {
        node.post(path, &json!({})).send().await.problem(401, "key_required");
        node.delete(path).send().await.problem(401, "key_required");
        node.post(path, &json!({})).key("sedia_x").send().await.problem(401, "key_invalid");
    }
    node.hospital("A", "33.74.10", None).await;
    let bridge = node.key(Role::Bridge, None, &["test:A"]).await;
    node.post("/v1/sign-ins", &json!({})).key(&bridge).send().await.problem(403, "role_not_allowed");
}

#[tokio::test]
async fn it_is_renewed_by_use_until_the_end_of_a_shift() {
    let node = TestNode::start().await;
    let key = node.key(Role::Agent, None, &[]).await;
    let signed_in = secret(&node, &key).await;
    let renew = || node.post("/v1/sign-ins/current", &json!({})).key(&signed_in).send();
    let seq = node.seq().await;
    node.clock.pass(Duration::minutes(30));
    assert_eq!(renew().await.json()["expires_at"], "2021-07-01T08:00:00Z");
    assert_eq!(node.seq().await, seq);
    node.clock.pass(Duration::minutes(1));
    assert_eq!(renew().await.json()["expires_at"], "2021-07-01T08:31:00Z");
    assert_eq!(node.seq().await, seq + 1);
    for _ in 0..13 {
        node.clock.pass(Duration::minutes(50));
        renew().await.json();
    }
    // Eleven hours and 21 minutes: the shift ends before the idle time.
    assert_eq!(renew().await.json()["expires_at"], "2021-07-01T19:00:00Z");
    let seq = node.seq().await;
    renew().await.json();
    assert_eq!(node.seq().await, seq);
    node.clock.pass(Duration::minutes(39));
    renew().await.problem(401, "key_invalid");
    node.get("/v1/types").key(&signed_in).send().await.problem(401, "key_invalid");
    node.get("/v1/types").key(&key).send().await.json();
}

#[tokio::test]
async fn it_ends_with_its_key_on_every_node() {
    let node = TestNode::start().await;
    let admin = node.admin().await;
    let made =
        node.post("/v1/keys", &json!({"role": "agent", "expires_days": 1})).key(&admin).send().await.json();
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    let other = node.beside().await;
    node.clock.pass(Duration::hours(23) + Duration::minutes(30));
    let signed_in = secret(&node, key).await;
    // The other node looks for it in the log.
    other.get("/v1/types").key(&signed_in).send().await.json();
    node.clock.pass(Duration::minutes(30));
    for node in [&node, &other] {
        node.get("/v1/types").key(&signed_in).send().await.problem(401, "key_expired");
    }
    let made = node.post("/v1/keys", &json!({"role": "agent"})).key(&admin).send().await.json();
    let signed_in = secret(&node, made["key"].as_str().unwrap()).await;
    node.delete(&format!("/v1/keys/{}", made["id"].as_str().unwrap())).key(&admin).send().await.json();
    other.follow().await;
    for node in [&node, &other] {
        node.get("/v1/types").key(&signed_in).send().await.problem(401, "key_revoked");
    }
    assert_ne!(id, made["id"].as_str().unwrap());
}

#[tokio::test]
async fn signing_out_holds_after_a_restart_and_for_followers_of_the_changes() {
    let node = TestNode::start().await;
    let key = node.key(Role::Agent, None, &[]).await;
    let [one, two, three] = [secret(&node, &key).await, secret(&node, &key).await, secret(&node, &key).await];
    assert_eq!(node.delete("/v1/sign-ins/current").key(&one).send().await.json()["ended"], 1);
    node.get("/v1/types").key(&one).send().await.problem(401, "key_invalid");
    let node = node.restart().await;
    node.get("/v1/types").key(&one).send().await.problem(401, "key_invalid");
    node.get("/v1/types").key(&two).send().await.json();
    assert_eq!(node.delete("/v1/sign-ins").key(&two).send().await.json()["ended"], 2);
    for secret in [&two, &three] {
        node.get("/v1/types").key(secret).send().await.problem(401, "key_invalid");
    }
    // Nobody who follows the changes is told about them.
    let changes = node.get("/v1/changes?limit=200&after=0").key(&node.admin().await).send().await.text();
    assert!(!changes.contains(&Secret::given(&one).hash()), "{changes}");
}

#[tokio::test]
async fn they_are_few_and_what_ended_is_forgotten() {
    let node = TestNode::start().await;
    let key = node.key(Role::Agent, None, &[]).await;
    let first = secret(&node, &key).await;
    node.clock.pass(Duration::minutes(1));
    for _ in 0..100 {
        secret(&node, &key).await;
    }
    node.get("/v1/types").key(&first).send().await.problem(401, "key_invalid");
    node.clock.pass(Duration::minutes(60));
    let last = secret(&node, &key).await;
    let now = node.clock.now();
    assert_eq!(node.node.database.forget_ended(now).await.unwrap(), 100);
    let node = node.restart().await;
    node.get("/v1/types").key(&last).send().await.json();
}
