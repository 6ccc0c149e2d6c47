//! Guards against lost updates, and retries that do no harm.

use chrono::Duration;
use sea_orm::{ConnectionTrait, Database, Statement};
use sedia::{clock::Clock, domain::key::Role};
use serde_json::{Value, json};

use super::number;
use crate::support::{Call, TestNode};

const PUT: &str = "/v1/facilities/test:A/availability";

fn icu(available: u32) -> Value {
    json!({"values": {"bed.icu": {"available": available}}})
}

/// A request that only holds while the facility is at the version of `tag`.
fn guarded<'a>(call: Call<'a>, key: &str, tag: &str) -> Call<'a> {
    call.key(key).header("if-match", tag)
}

/// A node with a hospital whose answer is long enough to be packed.
async fn start() -> (TestNode, String) {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let types = ["bed.icu", "bed.icu_vent", "bed.hcu", "bed.picu", "bed.nicu"];
    let values = types.map(|code| (code.to_owned(), json!({"available": 1})));
    node.report("test:A", Value::Object(values.into_iter().collect())).await;
    let key = node.admin().await;
    (node, key)
}

#[tokio::test]
async fn the_tag_of_any_representation_guards_a_report() {
    let (node, key) = start().await;
    for (accept, coding, suffix) in [
        ("application/json", "identity", ""),
        ("application/json", "gzip", "-gz"),
        ("application/json", "br", "-br"),
        ("text/plain", "identity", ""),
    ] {
        let call = node.get("/v1/facilities/test:A").accept(accept);
        let read = call.header("accept-encoding", coding).send().await;
        let tag = read.header("etag");
        assert!(tag.ends_with(&format!("{suffix}\"")), "{tag}");
        let put = |value| node.put(PUT, value).key(&key).header("if-match", tag);
        let first = icu(7);
        assert!(put(&first).send().await.status.is_success(), "{accept} {coding}");
        // The version has moved on: whoever read before loses.
        put(&icu(8)).send().await.problem(412, "version_mismatch");
        assert_eq!(number(&node, "test:A", "bed.icu").await["available"], 7);
    }
}

#[tokio::test]
async fn the_tag_of_a_report_guards_the_next_one() {
    let (node, key) = start().await;
    let first = node.put(PUT, &icu(1)).key(&key).send().await;
    assert_eq!(first.header("etag"), format!("\"{}\"", first.json()["version"]));
    let second = guarded(node.put(PUT, &icu(2)), &key, first.header("etag")).send().await;
    assert_eq!(second.json()["accepted"], json!(["bed.icu"]));
    let stale = first.header("etag").to_owned();
    let adjust = json!({"type": "bed.icu", "delta": 1});
    let (adjust_path, confirm_path) = (format!("{PUT}/adjust"), format!("{PUT}/confirm"));
    for call in [
        node.put(PUT, &icu(3)),
        node.post(&adjust_path, &adjust),
        node.post(&confirm_path, &json!({})),
        node.patch("/v1/facilities/test:A", &json!({"name": "RS Baru"})),
    ] {
        guarded(call, &key, &stale).send().await.problem(412, "version_mismatch");
    }
    // One of several is enough, and `*` is any.
    let several = format!("{stale}, W/{}", second.header("etag"));
    let third = guarded(node.post(&adjust_path, &adjust), &key, &several).send().await;
    assert_eq!(third.json()["accepted"], json!(["bed.icu"]));
    let patched =
        guarded(node.patch("/v1/facilities/test:A", &json!({"name": "RS Baru"})), &key, third.header("etag"));
    let patched = patched.send().await;
    assert!(patched.status.is_success(), "{}", patched.text());
    assert!(guarded(node.put(PUT, &icu(4)), &key, "*").send().await.status.is_success());
}

#[tokio::test]
async fn a_report_of_somebody_else_is_not_overwritten_unseen() {
    let (node, admin) = start().await;
    let clerk = node.key(Role::Reporter, None, &["test:A"]).await;
    let seen = node.get("/v1/facilities/test:A").key(&clerk).send().await;
    node.put(PUT, &icu(4)).key(&admin).send().await.json();
    let call = node.put(PUT, &icu(5)).key(&clerk).header("if-match", seen.header("etag"));
    let problem = call.language("en").send().await.problem(412, "version_mismatch");
    assert!(problem["detail"].as_str().unwrap().contains("read it again"), "{problem}");
    let seen = node.get("/v1/facilities/test:A").key(&clerk).send().await;
    let call = node.put(PUT, &icu(5)).key(&clerk).header("if-match", seen.header("etag"));
    call.send().await.json();
    assert_eq!(number(&node, "test:A", "bed.icu").await["available"], 5);
}

/// One request of each sort, each with an idempotency key of its own.
fn calls<'a>(node: &'a TestNode, key: &str) -> [(&'static str, Call<'a>); 4] {
    let row = |available: i32| json!([{"facility": "test:A", "type": "bed.hcu", "available": available}]);
    let facility = json!({"name": "Puskesmas B", "kind": "puskesmas", "region": "33.74"});
    let adjust = json!({"type": "bed.icu", "delta": 1});
    [
        ("adjust", node.post("/v1/facilities/test:A/availability/adjust", &adjust)),
        ("facility", node.post("/v1/facilities", &facility)),
        ("list", node.post("/v1/reports", &row(5))),
        ("refused", node.post("/v1/reports", &row(-5))),
    ]
    .map(|(name, call)| (name, call.key(key).header("idempotency-key", name)))
}

#[tokio::test]
async fn a_retry_gets_the_same_receipt_and_stores_nothing_twice() {
    let (node, key) = start().await;
    let mut firsts = Vec::new();
    for (_, call) in calls(&node, &key) {
        firsts.push(call.send().await);
    }
    node.clock.pass(chrono::Duration::hours(23));
    // Also after a restart: the receipt is as durable as the report.
    let seq = node.seq().await;
    let node = node.restart().await;
    for ((name, call), first) in calls(&node, &key).into_iter().zip(&firsts) {
        let again = call.send().await;
        assert_eq!(again.status, first.status, "{name}");
        for header in ["location", "etag", "content-type"] {
            assert_eq!(again.header(header), first.header(header), "{name}");
        }
        if again.status.is_success() {
            assert_eq!(again.body, first.body, "{name}");
            assert_eq!(first.header("idempotent-replayed"), "");
            assert_eq!(again.header("idempotent-replayed"), "true", "{name}");
        } else {
            again.problem(422, "all_rows_refused");
        }
    }
    assert_eq!(node.seq().await, seq);
    assert_eq!(number(&node, "test:A", "bed.icu").await["available"], 2);
    // A day later the key is free again.
    node.clock.pass(chrono::Duration::hours(2));
    let [(_, adjust), ..] = calls(&node, &key);
    assert_eq!(adjust.send().await.header("idempotent-replayed"), "");
    assert_eq!(number(&node, "test:A", "bed.icu").await["available"], 3);
}

#[tokio::test]
async fn two_senders_with_the_same_idempotency_key_do_not_meet() {
    let (node, _) = start().await;
    for (available, name) in [(5, "one"), (6, "two")] {
        let key = node.key(Role::Reporter, None, &["test:A"]).await;
        let body = icu(available);
        let call = node.put(PUT, &body).key(&key).header("idempotency-key", "same");
        let reply = call.send().await;
        assert_eq!(reply.header("idempotent-replayed"), "", "{name}");
        assert_eq!(number(&node, "test:A", "bed.icu").await["available"], available);
    }
}

#[tokio::test]
async fn old_receipts_of_a_sender_make_room_for_the_new_ones_of_its_lists() {
    let (node, key) = start().await;
    let other = node.key(Role::Admin, None, &[]).await;
    for (key, name) in [(&key, "old"), (&other, "other")] {
        node.put(PUT, &icu(2)).key(key).header("idempotency-key", name).send().await.json();
    }
    let connection = Database::connect(node.database.url()).await.unwrap();
    let long = format!("{{\"body\": \"{}\"}}", "0".repeat(64 << 20));
    let grown = Statement::from_sql_and_values(
        connection.get_database_backend(),
        "UPDATE idempotency SET receipt = $1",
        [long.into()],
    );
    connection.execute_raw(grown).await.unwrap();
    node.clock.pass(Duration::hours(1));
    let observed = |minute| node.clock.now() - Duration::minutes(minute);
    let rows = (0..2_000).map(|minute| json!({"facility": "test:A", "type": "bed.icu", "available": 1, "observed_at": observed(minute)}));
    let list = Value::Array(rows.collect());
    let report =
        async || node.post("/v1/reports", &list).key(&key).header("idempotency-key", "new").send().await;
    let first = report().await;
    assert!(first.json()["outcomes"].as_array().unwrap().len() == 2_000 && first.body.len() > 64 << 10);
    let kept = Statement::from_string(
        connection.get_database_backend(),
        "SELECT idempotency_key FROM idempotency ORDER BY idempotency_key",
    );
    let kept = connection.query_all_raw(kept).await.unwrap();
    let kept: Vec<String> = kept.into_iter().map(|row| row.try_get("", "idempotency_key").unwrap()).collect();
    assert_eq!(kept, ["new", "other"]);
    let again = report().await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.body, first.body);
    connection.close().await.unwrap();
}
