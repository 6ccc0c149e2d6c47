//! The database is away, fails or is damaged: questions are answered from memory, reports are told to come again.

use std::{
    fs::OpenOptions,
    io::{Seek, SeekFrom, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::StatusCode;
use chrono::Duration;
use futures_util::future::join_all;
use rstest::rstest;
use sea_orm::{ConnectionTrait, Database, Statement};
use sedia::store::Health;
use serde_json::json;
use tempfile::TempDir;

use crate::{
    processes::logged,
    support::{ManualClock, TestDatabase, TestNode, said, sedia},
};

#[tokio::test]
async fn questions_go_on_and_a_report_is_taken_once_the_database_is_back() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.icu": {"available": 3}})).await;
    let (key, seq) = (node.admin().await, node.seq().await);
    let body = json!({"values": {"bed.icu": {"available": 2}}});
    let report = || {
        let call = node.put("/v1/facilities/test:A/availability", &body).key(&key);
        call.header("idempotency-key", "one").send()
    };

    let outage = node.database.go_away().await;
    let reply = report().await;
    reply.problem(503, "unavailable");
    assert_eq!(reply.header("retry-after"), "2");
    // Never asked before, so no cache helps; and old numbers still grow old.
    node.clock.pass(Duration::hours(5));
    let answer = node.get("/v1/beds?region=33.74").send().await.json();
    let number = &answer["facilities"][0]["availability"][0];
    assert_eq!((&number["available"], &number["freshness"]), (&json!(3), &json!("aging")));
    assert_eq!(answer["as_of"], "2021-07-01T11:00:00Z", "the answer says as of when");
    assert_eq!(node.get("/livez").send().await.status, StatusCode::OK);
    node.get("/readyz").send().await.problem(503, "unavailable");
    outage.end().await;

    let reply = report().await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let answer = node.get("/v1/beds?region=33.74").send().await.json();
    assert_eq!(answer["facilities"][0]["availability"][0]["available"], 2);
    assert_eq!(node.seq().await, seq + 1, "nothing was half stored");
    // Probes ask the database once a second.
    node.clock.pass(Duration::seconds(1));
    assert_eq!(node.get("/readyz").send().await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_node_is_ready_again_by_itself() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let outage = node.database.go_away().await;
    let body = json!({"values": {"bed.icu": {"available": 2}}});
    let key = node.admin().await;
    node.put("/v1/facilities/test:A/availability", &body).key(&key).send().await.problem(503, "unavailable");
    node.get("/readyz").send().await.problem(503, "unavailable");
    outage.end().await;
    let mut health = node.node.writer.health();
    health.wait_for(|health| *health == Health::Good).await.unwrap();
    node.clock.pass(Duration::seconds(1));
    assert_eq!(node.get("/readyz").send().await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_starts_and_answers_although_no_commit_ends() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.icu": {"available": 3}})).await;
    let outage = node.database.hold_commits().await;
    let other = node.beside().await;
    let answer = other.get("/v1/beds?region=33.74").send().await.json();
    assert_eq!(answer["facilities"][0]["availability"][0]["available"], 3);
    other.get("/readyz").send().await.problem(503, "unavailable");
    outage.end().await;
    other.node.writer.health().wait_for(|health| *health == Health::Good).await.unwrap();
}

#[rstest]
#[case(&["current_row"])]
#[case(&["current_row", "setting"])]
#[tokio::test]
async fn a_refused_command_does_not_say_that_writes_are_stored(#[case] tables: &[&str]) {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let body = json!({"values": {"bed.icu": {"available": 2}}});
    let report = || node.put("/v1/facilities/test:A/availability", &body).key(&key);
    for table in tables {
        node.database.run(&format!("ALTER TABLE {table} RENAME TO hidden_{table}")).await;
    }
    report().send().await.problem(503, "unavailable");
    // It needs no write, but nobody knows whether what it was decided on is still so.
    report().header("if-match", "\"1\"").send().await.problem(503, "unavailable");
    node.get("/readyz").send().await.problem(503, "unavailable");
    for table in tables {
        node.database.run(&format!("ALTER TABLE hidden_{table} RENAME TO {table}")).await;
    }
    node.node.writer.health().wait_for(|health| *health == Health::Good).await.unwrap();
    report().header("if-match", "\"1\"").send().await.problem(412, "version_mismatch");
    assert_eq!(report().send().await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_break_in_the_middle_lose_and_double_nothing() {
    const HOSPITALS: u64 = 4;
    let node = TestNode::start().await;
    for hospital in 0..HOSPITALS {
        node.hospital(&hospital.to_string(), "33.74.10", None).await;
    }
    let key = node.admin().await;
    let broken = AtomicU64::new(0);
    // Each number is reported until it is acknowledged.
    let reports = (0..HOSPITALS).map(async |hospital| {
        let path = format!("/v1/facilities/test:{hospital}/availability");
        let mut number = 0;
        while number < 10 || broken.load(Ordering::Relaxed) < 5 {
            number += 1;
            let body = json!({"values": {"bed.icu": {"available": number}}});
            let retry = format!("{hospital}-{number}");
            loop {
                let reply = node.put(&path, &body).key(&key).header("idempotency-key", &retry).send().await;
                if reply.status == StatusCode::OK {
                    break;
                }
                reply.problem(503, "unavailable");
                broken.fetch_add(1, Ordering::Relaxed);
            }
        }
        number
    });
    let breaking = async {
        while broken.load(Ordering::Relaxed) < 5 {
            node.database.break_writes().await;
        }
    };
    let (reported, ()) = tokio::join!(join_all(reports), breaking);

    let node = node.restart().await;
    let (sequence, numbers) = logged(&node.database).await;
    assert!(sequence.iter().copied().eq(1..=i64::try_from(sequence.len()).unwrap()), "no gaps");
    for (hospital, last) in reported.into_iter().enumerate() {
        let name = format!("test:{hospital}");
        let stored = numbers.iter().filter(|(id, _)| *id == name).map(|(_, number)| *number);
        assert!(stored.eq(1..=last), "hospital {hospital}: each number once and in order, up to {last}");
        let facility = node.get(&format!("/v1/facilities/{name}")).send().await.json();
        assert_eq!(facility["availability"][0]["available"], last);
    }
}

/// Overwrites the root page of an index, which no question and no start reads.
async fn damage(database: &TestDatabase) {
    let connection = Database::connect(database.url()).await.unwrap();
    let number = async |sql: &str| -> i64 {
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    };
    let page = number("SELECT rootpage FROM sqlite_schema WHERE name = 'change_facility'").await;
    let size = number("SELECT page_size FROM pragma_page_size").await;
    connection.close().await.unwrap();
    let path = database.url().strip_prefix("sqlite://").unwrap().to_owned();
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(u64::try_from((page - 1) * size).unwrap())).unwrap();
    file.write_all(&vec![0xff; usize::try_from(size).unwrap()]).unwrap();
}

#[tokio::test]
async fn a_damaged_file_is_neither_served_nor_called_healthy() {
    let database = TestDatabase::Sqlite(TempDir::new().unwrap());
    assert!(sedia(&database, "migrate").output().unwrap().status.success());
    let output = sedia(&database, "check").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    damage(&database).await;

    let output = sedia(&database, "check").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = said(&output);
    assert!(text.contains("WRONG the database is damaged") && text.contains(".recover"), "{text}");
    let output = sedia(&database, "serve").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = said(&output);
    assert!(text.contains("is damaged") && text.contains("Put a backup in its place"), "{text}");
}

#[test]
fn a_file_that_is_no_database_is_said_to_be_damaged() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("sedia.db"), vec![7; 8192]).unwrap();
    let database = TestDatabase::Sqlite(folder);
    for command in ["check", "serve"] {
        let output = sedia(&database, command).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command}: {output:?}");
        let text = said(&output);
        assert!(
            text.contains("not a database") && text.contains("Put a backup in its place"),
            "{command}: {text}"
        );
    }
}

#[tokio::test]
async fn nothing_more_is_written_to_a_file_that_was_found_damaged() {
    let database = TestDatabase::Sqlite(TempDir::new().unwrap());
    let node = TestNode::start_on(database, Arc::new(ManualClock::default())).await;
    node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.icu": {"available": 3}})).await;
    let key = node.admin().await;
    let body = json!({"values": {"bed.icu": {"available": 2}}});
    let report = || node.put("/v1/facilities/test:A/availability", &body).key(&key).send();
    let schema = |change: &str| {
        format!(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET {change}; PRAGMA schema_version = 9999"
        )
    };
    node.database.run(&schema("rootpage = 999999 WHERE name = 'current_row'")).await;

    report().await.problem(503, "unavailable");
    let problem = node.get("/readyz").language("en").send().await.problem(503, "unavailable");
    assert!(problem["detail"].as_str().unwrap().contains("damaged"), "{problem}");
    assert_eq!(*node.node.writer.health().borrow(), Health::Damaged);
    report().await.problem(503, "unavailable");
    let answer = node.get("/v1/beds?region=33.74").send().await.json();
    assert_eq!(answer["facilities"][0]["availability"][0]["available"], 3, "questions are answered");
}
