//! A change that one node took is soon known to the others: a notification wakes them, and where none comes they look.
//!
//! Only PostgreSQL notifies. These tests measure no time: the looks come once an hour where a notification is to be proved.

use std::time::Duration;

use axum::http::StatusCode;
use sea_orm::sqlx::postgres::PgListener;
use sedia::{domain::key::Role, node::NodeConfig};
use serde_json::json;

use crate::support::{TestDatabase, TestNode};

const HOUR: Duration = Duration::from_hours(1);

fn woken(config: NodeConfig) -> NodeConfig {
    NodeConfig { poll: HOUR, ..config }
}

fn looking(config: NodeConfig) -> NodeConfig {
    NodeConfig { pooled: true, poll: Duration::from_millis(20), ..config }
}

async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node
}

/// Reports on `one`, and waits until `other` knows it by itself.
async fn is_heard(one: &TestNode, other: &TestNode, available: u32) {
    let reply = one.report("test:A", json!({"bed.icu": {"available": available}})).await;
    other.has_heard(reply.header("sedia-seq").parse().unwrap()).await;
    let answer = other.get("/v1/beds?region=33.74").send().await.json();
    assert_eq!(answer["facilities"][0]["availability"][0]["available"], available);
}

fn is_postgres(node: &TestNode) -> bool {
    matches!(*node.database, TestDatabase::Postgres { .. })
}

#[tokio::test]
async fn a_notification_wakes_the_other_nodes() {
    let one = start().await;
    if !is_postgres(&one) {
        return;
    }
    let (other, third) = (one.beside_with(woken).await, one.beside_with(woken).await);
    // The first may come with the connection; the others have nothing but the notification.
    for available in 1..10 {
        is_heard(&one, &other, available).await;
        third.has_heard(other.seq().await).await;
    }
    let metrics = other.get("/metrics").send().await.text();
    assert!(metrics.contains("\nsedia_notified 1\n"), "{metrics}");
    assert!(metrics.contains("\nsedia_change_lag_seconds_count "), "{metrics}");
}

#[tokio::test]
async fn nodes_that_are_not_notified_look() {
    let one = start().await;
    let other = one.beside_with(looking).await;
    for available in 1..5 {
        is_heard(&one, &other, available).await;
    }
    // Nor do they notify.
    is_heard(&other, &one, 5).await;
    assert!(other.get("/metrics").send().await.text().contains("\nsedia_notified 0\n"));
}

/// Whoever notifies waits for all who do, and those may wait for a replica that is away: a node must start all the same.
#[tokio::test]
async fn a_node_that_starts_notifies_nobody() {
    let node = start().await;
    if !is_postgres(&node) {
        return;
    }
    let mut listener = PgListener::connect(&node.database.url()).await.unwrap();
    listener.listen("sedia_log").await.unwrap();
    let other = node.beside().await;
    let mut senders = Vec::new();
    for available in 1..3 {
        is_heard(&node, &other, available).await;
        senders.push(listener.recv().await.unwrap().payload().to_owned());
    }
    assert_eq!(senders[0], senders[1], "only the node that took the reports notified");
}

#[tokio::test]
async fn a_database_without_notify_is_served() {
    let database = TestDatabase::create().await;
    if matches!(database, TestDatabase::Sqlite(_)) {
        return;
    }
    database.run("ALTER FUNCTION pg_catalog.pg_notify(text, text) RENAME TO hidden").await;
    let one = TestNode::start_on(database, std::sync::Arc::default()).await;
    one.hospital("A", "33.74.10", None).await;
    let other = one.beside().await;
    is_heard(&one, &other, 1).await;
    is_heard(&other, &one, 2).await;
}

#[tokio::test]
async fn a_node_whose_connection_died_is_notified_again() {
    let one = start().await;
    if !is_postgres(&one) {
        return;
    }
    let other = one.beside_with(woken).await;
    for available in 1..4 {
        is_heard(&one, &other, available).await;
        one.database
            .run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND query LIKE 'LISTEN%'",
            )
            .await;
        // What was missed is found with the new connection, and what comes then is told.
        is_heard(&one, &other, available + 10).await;
        is_heard(&one, &other, available + 20).await;
    }
}

#[tokio::test]
async fn a_revoked_key_is_refused_by_every_node_that_was_woken() {
    let one = start().await;
    if !is_postgres(&one) {
        return;
    }
    let other = one.beside_with(woken).await;
    let admin = one.admin().await;
    let key = one.key(Role::Agent, Some("33.74"), &[]).await;
    // A node that does not know a key yet looks at once.
    let reply = other.get("/v1/me").key(&key).send().await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let keys = one.get("/v1/keys?limit=200").key(&admin).send().await.json();
    let listed = keys["keys"].as_array().unwrap().iter().find(|listed| listed["role"] == "agent").unwrap();
    let revoke = one.delete(&format!("/v1/keys/{}", listed["id"].as_str().unwrap())).key(&admin).send().await;
    assert_eq!(revoke.status, StatusCode::OK, "{}", revoke.text());
    other.has_heard(revoke.header("sedia-seq").parse().unwrap()).await;
    other.get("/v1/me").key(&key).send().await.problem(401, "key_revoked");
    other.get("/v1/beds?region=33.74").key(&key).send().await.problem(401, "key_revoked");
}
