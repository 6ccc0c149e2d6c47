//! What runs on a timer: a failure is counted and mended by the next round, and a death is not survived.

use std::{sync::Arc, time::Duration};

use sedia::{
    clock::Clock,
    domain::key::Role,
    maintenance::{self, Maintenance},
    store::retention::Keep,
    tasks::Tasks,
};
use serde_json::json;

use crate::support::{TestDatabase, TestNode};

const KEEP: Keep = Keep { days: 90, rollup_days: 1_095 };

/// What `/metrics` says about failures of maintenance.
async fn failures(node: &TestNode) -> Vec<String> {
    let metrics = node.get("/metrics").send().await.text();
    let lines = metrics.lines().filter(|line| line.starts_with("sedia_maintenance_failures_total"));
    // Those that have not failed are counted, too.
    lines.filter(|line| !line.ends_with(" 0")).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_failed_job_is_counted_and_done_in_the_next_round() {
    let node = TestNode::start().await;
    let maintenance = Arc::new(Maintenance::new(&node.node, KEEP));
    let key = node.admin().await;
    node.get("/v1/keys").key(&key).send().await.json();
    node.database.run("ALTER TABLE key_use RENAME TO hidden").await;

    Arc::clone(&maintenance).run().await;
    assert_eq!(failures(&node).await, ["sedia_maintenance_failures_total{task=\"key uses\"} 1"]);
    assert!(node.node.database.key_uses(None).await.is_err());

    node.database.run("ALTER TABLE hidden RENAME TO key_use").await;
    Arc::clone(&maintenance).run().await;
    assert_eq!(failures(&node).await, ["sedia_maintenance_failures_total{task=\"key uses\"} 1"]);
    let used_at: Vec<_> = node.node.database.key_uses(None).await.unwrap().into_values().collect();
    assert_eq!(used_at, [node.clock.now()], "what could not be written down was kept for the next round");
}

#[tokio::test]
async fn the_uses_of_many_keys_are_written_down_together() {
    let node = TestNode::start().await;
    node.admin().await;
    let mut used = Vec::new();
    for _ in 0..3 {
        let key = node.key(Role::Agent, Some("33"), &[]).await;
        node.clock.pass(chrono::Duration::seconds(1));
        node.get("/v1/regions").key(&key).send().await.json();
        used.push(node.clock.now());
    }
    Arc::new(Maintenance::new(&node.node, KEEP)).run().await;
    let mut written: Vec<_> = node.node.database.key_uses(None).await.unwrap().into_values().collect();
    written.sort();
    assert_eq!(written, used);
    // Keys that were not used since keep the time of their last use.
    Arc::new(Maintenance::new(&node.node, KEEP)).run().await;
    assert_eq!(node.node.database.key_uses(None).await.unwrap().len(), used.len());
}

#[tokio::test]
async fn a_log_that_cannot_be_shortened_is_counted() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.icu": {"available": 3}})).await;
    let maintenance = Arc::new(Maintenance::new(&node.node, KEEP));
    node.database.run("ALTER TABLE checkpoint RENAME TO hidden").await;
    Arc::clone(&maintenance).shorten_log().await;
    assert_eq!(failures(&node).await, ["sedia_maintenance_failures_total{task=\"retention\"} 1"]);
    node.database.run("ALTER TABLE hidden RENAME TO checkpoint").await;
    maintenance.shorten_log().await;
    assert_eq!(node.node.database.log_size().await.unwrap().checkpoints, 1);
}

#[tokio::test]
async fn one_node_shortens_the_log_and_another_takes_over() {
    let one = TestNode::start().await;
    one.hospital("A", "33.74.10", None).await;
    if matches!(*one.database, TestDatabase::Sqlite(_)) {
        return;
    }
    let other = one.beside().await;
    let [first, second] = [&one, &other].map(|node| Arc::new(Maintenance::new(&node.node, KEEP)));
    // A round makes a checkpoint if one is due: the log has grown, and a day has passed.
    let is_due = async || {
        one.clock.pass(chrono::Duration::days(2));
        one.report("test:A", json!({"bed.icu": {"available": 3}})).await;
    };
    let checkpoints = async || one.node.database.log_size().await.unwrap().checkpoints;
    is_due().await;
    Arc::clone(&first).shorten_log().await;
    assert_eq!(checkpoints().await, 1);
    is_due().await;
    Arc::clone(&second).shorten_log().await;
    assert_eq!(checkpoints().await, 1, "it is the other one's work");
    Arc::clone(&first).shorten_log().await;
    assert_eq!(checkpoints().await, 2);

    is_due().await;
    one.database
        .run(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON database = pg_database.oid \
             WHERE locktype = 'advisory' AND datname = current_database()",
        )
        .await;
    // The server may take a moment to end the connection.
    while checkpoints().await == 2 {
        Arc::clone(&second).shorten_log().await;
    }
    is_due().await;
    Arc::clone(&first).shorten_log().await;
    assert_eq!(checkpoints().await, 3, "now it is the work of the second");

    drop(second);
    other.stop().await;
    Arc::clone(&first).shorten_log().await;
    assert_eq!(checkpoints().await, 4, "a node that stops leaves it to the others");
}

#[tokio::test]
async fn a_round_that_panics_stops_the_node() {
    let tasks = Tasks::default();
    maintenance::every(&tasks, "maintenance", Duration::ZERO, || async { panic!("a defect") });
    tasks.ended().await;
    assert!(tasks.is_stopping() && tasks.is_broken());
}
