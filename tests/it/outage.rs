//! The database is away: questions are answered from memory, reports are told to come again.

use axum::http::StatusCode;
use chrono::Duration;
use serde_json::json;

use crate::support::TestNode;

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
    if node.database.is_postgres() {
        node.get("/readyz").send().await.problem(503, "unavailable");
    }
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
