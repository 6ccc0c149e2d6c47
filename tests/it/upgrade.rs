//! Nodes of an older and of a newer version on one database: what a newer version adds is no matter to an older one, and what
//! it makes another is read and written by no older one.

use axum::http::StatusCode;
use sedia::{
    domain::key::Role,
    store::{Health, feed},
};

use crate::support::{TestDatabase, TestNode, said, sedia};

/// What a newer version does that only adds.
const EXPAND: &str = "BEGIN; CREATE TABLE ward (id integer PRIMARY KEY, name varchar); \
    ALTER TABLE change ADD COLUMN ward integer; \
    ALTER TABLE current_row ADD COLUMN ward integer NOT NULL DEFAULT 7; \
    INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_wards', 0); COMMIT";

/// What one does that stores what older ones cannot read.
const CONTRACT: &str = "BEGIN; INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990102_000001_moves', 0); \
    UPDATE setting SET value = 'm20990102_000001_moves' WHERE name = 'needs'; \
    INSERT INTO change (seq, at, actor, body) SELECT max(seq) + 1, max(at), 'newer', '{\"effect\":\"moved\"}' FROM change; \
    COMMIT";

/// The way back that a backup would be.
const TAKE_BACK: &str = "BEGIN; DELETE FROM seaql_migrations WHERE version = 'm20990102_000001_moves'; \
    UPDATE setting SET value = (SELECT min(version) FROM seaql_migrations) WHERE name = 'needs'; \
    DELETE FROM change WHERE actor = 'newer'; COMMIT";

#[tokio::test]
async fn what_a_newer_version_adds_is_no_matter_to_nodes_that_run_or_start() {
    let mut node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.key(Role::Admin, None, &[]).await;
    assert_eq!(node.report_icu(&key, 1).await.status, StatusCode::OK);

    node.database.run(EXPAND).await;
    assert_eq!(node.report_icu(&key, 2).await.status, StatusCode::OK);
    let started = node.beside().await;
    assert_eq!(started.shown_icu().await, 2);
    assert_eq!(started.report_icu(&key, 3).await.status, StatusCode::OK);
    node.follow().await;
    assert_eq!(node.shown_icu().await, 3);
    node = node.restart().await;
    assert_eq!(node.report_icu(&key, 4).await.status, StatusCode::OK);
    assert_eq!(node.shown_icu().await, 4);
    assert_eq!(node.get("/readyz").send().await.status, StatusCode::OK);

    let migrated = sedia(&node.database, "migrate").output().unwrap();
    assert!(migrated.status.success(), "{}", said(&migrated));
    let checked = sedia(&node.database, "check").output().unwrap();
    assert!(
        said(&checked).contains("a newer version of sedia has added to the schema"),
        "{}",
        said(&checked)
    );
    // The newer version goes on with what it had added.
    node.database.run("UPDATE current_row SET ward = ward + 1; INSERT INTO ward VALUES (1, 'Melati')").await;
}

#[tokio::test]
async fn a_node_that_no_longer_knows_what_the_log_says_answers_from_memory_and_writes_nothing() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.key(Role::Admin, None, &[]).await;
    assert_eq!(node.report_icu(&key, 1).await.status, StatusCode::OK);
    let seq = node.seq().await;

    node.database.run(CONTRACT).await;
    node.report_icu(&key, 2).await.problem(503, "unavailable");
    let unread = feed::read_on(&node.node.database, &node.node.shared).await.unwrap_err().to_string();
    assert!(unread.contains("m20990102_000001_moves, which it does not know"), "{unread}");
    let ready = node.get("/readyz").language("en").send().await;
    ready.problem(503, "unavailable");
    assert!(ready.text().contains("start the newer version here"), "{}", ready.text());
    assert_eq!((node.shown_icu().await, node.seq().await), (1, seq));
    for command in ["serve", "migrate", "check"] {
        let output = sedia(&node.database, command).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command}: {}", said(&output));
        assert!(
            said(&output).contains("m20990102_000001_moves, which it does not know"),
            "{}",
            said(&output)
        );
    }

    node.database.run(TAKE_BACK).await;
    node.node.writer.health().wait_for(|health| *health == Health::Good).await.unwrap();
    assert_eq!(node.report_icu(&key, 3).await.status, StatusCode::OK);
    assert_eq!((node.shown_icu().await, node.seq().await), (3, seq + 1), "nothing was half stored");
    assert_eq!(node.get("/readyz").send().await.status, StatusCode::OK);
}

/// A database of a version that did not say yet what programs must know.
#[tokio::test]
async fn a_database_that_says_nothing_is_told_what_programs_must_know() {
    let database = TestDatabase::create().await;
    database.run("DELETE FROM setting WHERE name = 'needs'").await;
    database.run(EXPAND).await;
    let output = sedia(&database, "check").output().unwrap();
    assert!(said(&output).contains("m20990101_000001_wards, which it does not know"), "{}", said(&output));

    database.run("DELETE FROM seaql_migrations WHERE version = 'm20990101_000001_wards'").await;
    assert!(sedia(&database, "migrate").output().unwrap().status.success());
    database
        .run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_wards', 0)")
        .await;
    let output = sedia(&database, "check").output().unwrap();
    assert!(said(&output).contains("a newer version of sedia has added"), "{}", said(&output));
}
