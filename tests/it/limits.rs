//! What anybody may send is limited for all nodes together, and its answers say how much of it is left.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chrono::Duration;
use sea_orm::{ConnectionTrait, Database, Statement};
use sedia::{domain::key::Role, http::HttpConfig, maintenance::Maintenance, store::retention::Keep};
use serde_json::json;

use crate::support::{Reply, TestNode};

const POLICY: &str = r#""client";q=5;w=600, "all";q=60;w=60"#;

async fn start(config: &HttpConfig) -> TestNode {
    let node = TestNode::start_with(config).await;
    node.hospital("A", "33.74.10", None).await;
    node
}

async fn complain(node: &TestNode, address: &str) -> Reply {
    let note = json!({"kind": "note", "verdict": "wrong", "text": "penuh"});
    let call = node.post("/v1/facilities/test:A/marks", &note).header("x-forwarded-for", address);
    call.send().await
}

/// A sign-in with a key that is none.
async fn guess(node: &TestNode) -> Reply {
    node.call(Method::POST, "/v1/sign-ins").key("sedia_guessed").send().await
}

/// How the client of this answer stands.
fn standing(reply: &Reply) -> &str {
    assert_eq!(reply.header("ratelimit-policy"), POLICY, "{reply:?}");
    reply.header("ratelimit")
}

/// The ids of the quotas that the database remembers.
async fn remembered(node: &TestNode) -> Vec<String> {
    let connection = Database::connect(node.database.url()).await.unwrap();
    let select =
        Statement::from_string(connection.get_database_backend(), "SELECT id FROM quota ORDER BY id");
    let rows = connection.query_all_raw(select).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn nodes_share_a_limit_and_a_restart_forgets_nothing() {
    let one = start(&HttpConfig::default()).await;
    let other = one.beside().await;
    for node in [&one, &other, &one, &other, &one] {
        assert!(complain(node, "").await.status.is_success());
    }
    for node in [&one, &other] {
        let refused = complain(node, "").await;
        refused.problem(429, "too_many_requests");
        assert_eq!(refused.header("retry-after"), "120");
        assert_eq!(standing(&refused), r#""client";r=0;t=120, "all";r=55;t=1"#);
    }
    let other = other.restart().await;
    complain(&other, "").await.problem(429, "too_many_requests");
    one.clock.pass(Duration::seconds(119));
    assert_eq!(complain(&one, "").await.header("retry-after"), "1");
    one.clock.pass(Duration::seconds(1));
    let left = complain(&other, "").await;
    assert!(left.status.is_success());
    assert_eq!(standing(&left), r#""client";r=0;t=120, "all";r=59;t=1"#);
    complain(&one, "").await.problem(429, "too_many_requests");
}

#[tokio::test]
async fn every_answer_to_a_limited_request_says_what_is_left() {
    let config =
        HttpConfig { client_address: Some("x-forwarded-for".parse().unwrap()), ..HttpConfig::default() };
    let node = start(&config).await;
    for (left, more_in) in [(4, 120), (3, 120), (2, 120)] {
        let reply = complain(&node, "192.0.2.1").await;
        assert!(reply.status.is_success());
        assert_eq!(standing(&reply), format!(r#""client";r={left};t={more_in}, "all";r={};t=1"#, 55 + left));
    }
    // Each address has its own share, and its body may be wrong.
    let wrong = node.post("/v1/facilities/test:A/marks", &json!({"kind": "note"}));
    let wrong = wrong.header("x-forwarded-for", "192.0.2.2").send().await;
    assert!(wrong.status.is_client_error());
    assert_eq!(standing(&wrong), r#""client";r=4;t=120, "all";r=56;t=1"#);
    // What is not limited says nothing of limits.
    let agent = node.key(Role::Agent, None, &[]).await;
    let call = node.post("/v1/facilities/test:A/marks", &json!({"kind": "claim"})).key(&agent);
    assert!(call.send().await.headers.get("ratelimit").is_none());
    assert!(node.get("/v1/types").send().await.headers.get("ratelimit-policy").is_none());
    // The database knows nobody's address, and nothing at all once a quota is whole again.
    let ids = remembered(&node).await;
    assert_eq!(ids.len(), 3, "two clients and all: {ids:?}");
    assert!(ids.iter().all(|id| id.starts_with("note ") && !id.contains("192.")), "{ids:?}");
    node.clock.pass(Duration::minutes(5));
    let keep = Keep { days: 90, rollup_days: 90 };
    Arc::new(Maintenance::new(&node.node, keep)).run().await;
    assert_eq!(remembered(&node).await.len(), 1, "of the first client, who sent three");
    node.clock.pass(Duration::minutes(1));
    Arc::new(Maintenance::new(&node.node, keep)).run().await;
    assert_eq!(remembered(&node).await, Vec::<String>::new());
}

#[tokio::test]
async fn guessed_keys_are_limited_on_all_nodes_and_right_ones_never() {
    let one = TestNode::start().await;
    let other = one.beside().await;
    let agent = one.key(Role::Agent, None, &[]).await;
    other.follow().await;
    for node in [&one, &other, &one, &other, &one] {
        let refused = guess(node).await;
        refused.problem(401, "key_invalid");
        assert!(standing(&refused).starts_with(r#""client";r="#));
    }
    for node in [&other, &one] {
        let refused = guess(node).await;
        refused.problem(429, "too_many_requests");
        assert_eq!(refused.header("retry-after"), "120");
        let signed_in = node.call(Method::POST, "/v1/sign-ins").key(&agent).send().await;
        assert_eq!(signed_in.status, StatusCode::CREATED, "{}", signed_in.text());
    }
}

/// Guesses are bounded also where nobody can be asked how many there were.
#[tokio::test]
async fn a_node_without_its_database_limits_alone() {
    let node = TestNode::start().await;
    node.database.run("ALTER TABLE quota RENAME TO hidden").await;
    for _ in 0..5 {
        guess(&node).await.problem(401, "key_invalid");
    }
    let refused = guess(&node).await;
    refused.problem(429, "too_many_requests");
    assert_eq!(standing(&refused), r#""client";r=0;t=120, "all";r=55;t=1"#);
    node.database.run("ALTER TABLE hidden RENAME TO quota").await;
    node.clock.pass(Duration::minutes(2));
    guess(&node).await.problem(401, "key_invalid");
    guess(&node).await.problem(429, "too_many_requests");
}
