//! A PostgreSQL that took over may lack the last changes of the one before it, and a backup may be put in its place. A
//! node that has shown those changes notices, and goes on with what the log has.

use axum::{
    body::to_bytes,
    http::{Response, StatusCode},
};
use chrono::Duration;
use futures_util::StreamExt;
use serde_json::json;

use crate::{
    seen::deaf,
    support::{Reply, TestNode},
};

const CHANGES: &str = "/v1/changes?limit=200&after=";

/// A node that has shown the numbers 1, 2 and 3, of which the log has lost all but the first; the last change there, and an
/// admin's key.
async fn lost() -> (TestNode, u64, String) {
    let writer = TestNode::start().await;
    writer.hospital("A", "33.74.10", None).await;
    writer.report("test:A", json!({"bed.icu": {"available": 1}})).await;
    let last = writer.seq().await;
    writer.database.run("CREATE TABLE kept AS SELECT * FROM current_row").await;
    let node = writer.beside_with(deaf).await;
    for available in 2..4 {
        writer.clock.pass(Duration::seconds(1));
        writer.report("test:A", json!({"bed.icu": {"available": available}})).await;
    }
    node.follow().await;
    assert_eq!(node.shown_icu().await, 3);
    let key = writer.admin().await;
    writer.stop().await;
    let put_back = format!(
        "BEGIN; DELETE FROM change WHERE seq > {last}; DELETE FROM current_row; \
         INSERT INTO current_row SELECT * FROM kept; COMMIT"
    );
    node.database.run(&put_back).await;
    (node, last, key)
}

async fn report(node: &TestNode, key: &str, available: u64) -> Reply {
    node.clock.pass(Duration::seconds(1));
    node.report_icu(key, available).await
}

#[tokio::test]
async fn a_node_shows_no_more_than_the_log_has() {
    let (node, last, key) = lost().await;
    let stream: Response<_> = node.get("/v1/changes/stream").open().await;
    node.follow().await;

    assert_eq!((node.shown_icu().await, node.seq().await), (1, last));
    // Whoever was told of what is lost is told that it is.
    let seen = node.get("/v1/beds?region=33.74").header("sedia-seq", &(last + 2).to_string()).send().await;
    seen.problem(412, "unknown_seq");
    node.get(&format!("{CHANGES}{last}&epoch=1")).send().await.problem(410, "not_kept");
    let ended = to_bytes(stream.into_body(), usize::MAX).await.unwrap();
    assert!(ended.starts_with(b"event: again\n"), "{ended:?}");

    let report = report(&node, &key, 7).await;
    assert_eq!((report.header("sedia-seq"), report.header("sedia-epoch")), (&*(last + 1).to_string(), "2"));
    assert_eq!(node.shown_icu().await, 7);
    let page = node.get(&format!("{CHANGES}{last}&epoch=2")).send().await.json();
    assert_eq!(page["changes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn other_changes_in_the_place_of_lost_ones_are_noticed() {
    let (node, last, key) = lost().await;
    let other = node.beside_with(deaf).await;
    for available in 11..16 {
        assert_eq!(report(&other, &key, available).await.status, StatusCode::OK);
    }
    node.follow().await;
    assert_eq!((node.shown_icu().await, node.seq().await), (15, last + 5));
    // The other had lost nothing. It counts the same epoch all the same, for its followers may have asked this node before.
    other.follow().await;
    for node in [&node, &other] {
        node.get(&format!("{CHANGES}{last}&epoch=1")).send().await.problem(410, "not_kept");
        node.get(&format!("{CHANGES}{last}&epoch=2")).send().await.json();
    }
}

/// The database was put back twice, the second time to before the first.
#[tokio::test]
async fn an_epoch_that_the_database_has_forgotten_is_not_begun_again() {
    let (node, last, key) = lost().await;
    node.follow().await;
    assert_eq!(report(&node, &key, 7).await.header("sedia-epoch"), "2");
    let put_back = format!(
        "BEGIN; DELETE FROM change WHERE seq > {last}; DELETE FROM current_row; \
         INSERT INTO current_row SELECT * FROM kept; DELETE FROM setting WHERE name = 'epoch'; COMMIT"
    );
    node.database.run(&put_back).await;
    node.follow().await;
    assert_eq!(report(&node, &key, 8).await.header("sedia-epoch"), "3");
    node.get(&format!("{CHANGES}{last}&epoch=2")).send().await.problem(410, "not_kept");
}

/// The receipt is lost with the report, so a sender who does not know what became of it loses nothing.
#[tokio::test]
async fn a_report_that_was_lost_is_stored_when_it_is_sent_again() {
    let (node, last, key) = lost().await;
    node.follow().await;
    let body = json!({"values": {"bed.icu": {"available": 5}}});
    let put = || {
        let call = node.put("/v1/facilities/test:A/availability", &body).key(&key);
        call.header("idempotency-key", "failover").send()
    };
    assert_eq!(put().await.header("sedia-seq"), (last + 1).to_string());
    let put_back = format!(
        "BEGIN; DELETE FROM change WHERE seq > {last}; DELETE FROM current_row; DELETE FROM idempotency; \
         INSERT INTO current_row SELECT * FROM kept; COMMIT"
    );
    node.database.run(&put_back).await;
    put().await.problem(503, "unavailable");
    node.follow().await;
    assert_eq!(node.shown_icu().await, 1);
    let reply = put().await;
    assert_eq!((reply.status, reply.header("idempotent-replayed")), (StatusCode::OK, ""));
    assert_eq!(put().await.header("idempotent-replayed"), "true");
    assert_eq!((node.shown_icu().await, node.seq().await), (5, last + 1));
}

/// Programs send back what they were told, and nothing else: the epoch is in it.
#[tokio::test]
async fn a_stream_is_not_resumed_with_other_changes_of_the_same_numbers() {
    let (node, last, key) = lost().await;
    node.follow().await;
    for available in 11..14 {
        assert_eq!(report(&node, &key, available).await.status, StatusCode::OK);
    }
    let path = "/v1/changes/stream";
    let resume = |id: String| node.get(path).header("last-event-id", &id).open();
    let of_the_first = resume((last + 2).to_string()).await;
    assert_eq!(of_the_first.status(), StatusCode::GONE);
    let by_library = node.get(&format!("{path}?lastEventId={}", last + 2)).send().await;
    by_library.problem(410, "not_kept");
    let resumed = resume(format!("{}@2", last + 2)).await;
    assert_eq!(resumed.status(), StatusCode::OK);
    let mut events = resumed.into_body().into_data_stream();
    let event = String::from_utf8(events.next().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(event.contains(&format!("id: {}@2\n", last + 3)), "{event}");
}

#[tokio::test]
async fn nothing_is_decided_by_what_the_log_has_lost() {
    let (node, last, key) = lost().await;
    let body = json!({"type": "bed.icu", "delta": 1});
    let adjust = || node.post("/v1/facilities/test:A/availability/adjust", &body).key(&key).send();
    adjust().await.problem(503, "unavailable");
    node.follow().await;
    assert_eq!((node.shown_icu().await, node.seq().await), (1, last));
    let reply = adjust().await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert_eq!(node.shown_icu().await, 2);
}
