//! Whoever has seen a change is not answered from a state before it, whichever node they ask.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use sedia::node::NodeConfig;
use serde_json::{Value, json};

use crate::support::{PUBLIC, Reply, TestNode};

/// A node that learns of nothing by itself.
pub(crate) fn deaf(config: NodeConfig) -> NodeConfig {
    NodeConfig { pooled: true, poll: Duration::from_hours(1), ..config }
}

const QUESTION: &str = "/v1/beds?region=33.74&type=bed.icu&min=0";

fn shown(reply: &Reply) -> Value {
    reply.json()["facilities"][0]["availability"][0]["available"].clone()
}

async fn start() -> (TestNode, TestNode) {
    let one = TestNode::start().await;
    one.hospital("A", "33.74.10", None).await;
    one.report("test:A", json!({"bed.icu": {"available": 0}})).await;
    let other = one.beside_with(deaf).await;
    (one, other)
}

#[tokio::test]
async fn a_client_sees_its_own_report_on_another_node() {
    let (one, other) = start().await;
    let key = one.admin().await;
    other.get("/v1/me").key(&key).send().await.json();
    let mut tags = Vec::new();
    for available in 1..6 {
        let report = one.report("test:A", json!({"bed.icu": {"available": available}})).await;
        let seq = report.header("sedia-seq");
        assert_eq!(report.header("sedia-epoch"), "1");
        // Nothing else tells the other node, and a question that came often takes a shorter way.
        assert_eq!(shown(&other.get(QUESTION).send().await), available - 1);
        let asked = || other.get(QUESTION).header("sedia-seq", seq);
        let reply = if available % 2 == 0 { asked() } else { asked().header("sedia-epoch", "1") };
        let reply = reply.send().await;
        assert_eq!(shown(&reply), available);
        // No cache between them may give it to others, nor an older answer to this client.
        assert_eq!(reply.header("cache-control"), "private, no-cache");
        assert!(reply.header("vary").split(", ").any(|name| name == "sedia-seq"));
        assert_eq!(shown(&asked().key(&key).send().await), available);
        let plain = other.get(QUESTION).send().await;
        assert_eq!(shown(&plain), available);
        assert_eq!(plain.header("cache-control"), PUBLIC);
        assert_eq!(reply.header("etag"), one.get(QUESTION).send().await.header("etag"));
        tags.push(reply.header("etag").to_owned());
        let known = asked().header("if-none-match", &tags[0]).send().await;
        assert_eq!(known.status, if available == 1 { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    }
}

#[tokio::test]
async fn a_change_that_is_not_in_the_log_is_refused_at_once() {
    let (_, other) = start().await;
    let last = other.seq().await;
    assert_eq!(
        other.get(QUESTION).header("sedia-seq", &last.to_string()).send().await.status,
        StatusCode::OK
    );
    for unknown in [last + 1, u64::MAX] {
        let reply = other.get(QUESTION).header("sedia-seq", &unknown.to_string()).send().await;
        let problem = reply.problem(412, "unknown_seq");
        assert_eq!(problem["errors"][0]["pointer"], "sedia-seq");
        assert!(problem["detail"].as_str().unwrap().contains(&last.to_string()), "{problem}");
    }
    let reply = other.get(QUESTION).header("sedia-seq", "1").header("sedia-epoch", "2").send().await;
    assert_eq!(reply.problem(412, "unknown_seq")["errors"][0]["pointer"], "sedia-epoch");
    for wrong in ["", "x", "-1", "1, 2", "18446744073709551616"] {
        let reply = other.get(QUESTION).header("sedia-seq", wrong).send().await;
        assert_eq!(reply.problem(400, "invalid_parameter")["errors"][0]["pointer"], "sedia-seq");
    }
    let head = other.call(Method::HEAD, QUESTION).header("sedia-seq", "999999").send().await;
    assert_eq!((head.status, head.body.len()), (StatusCode::PRECONDITION_FAILED, 0));
}

#[tokio::test]
async fn every_question_can_be_asked_so() {
    let node = TestNode::start().await;
    let document: Value = serde_json::from_str(&sedia::http::openapi_json()).unwrap();
    let mut questions = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let Some(question) = operations.get("get") else { continue };
        let parameters = question["parameters"].as_array().cloned().unwrap_or_default();
        let takes = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
        let is_question = path.starts_with("/v1/");
        assert_eq!((takes("sedia-seq"), takes("sedia-epoch")), (is_question, is_question), "{path}");
        if is_question {
            let path = path.replace(['{', '}'], "");
            node.get(&path).header("sedia-seq", "999999").send().await.problem(412, "unknown_seq");
            questions += 1;
        }
    }
    assert!(questions > 20, "{questions}");
}

#[tokio::test]
async fn a_node_that_cannot_read_the_log_says_so() {
    let (one, other) = start().await;
    let report = one.report("test:A", json!({"bed.icu": {"available": 7}})).await;
    let seq = report.header("sedia-seq");
    one.database.run("ALTER TABLE change RENAME TO hidden").await;
    let reply = other.get(QUESTION).header("sedia-seq", seq).send().await;
    reply.problem(503, "behind");
    assert_eq!(reply.header("retry-after"), "2");
    // Others are answered as ever, and so is whoever has seen no more than the node.
    assert_eq!(shown(&other.get(QUESTION).send().await), 0);
    assert_eq!(shown(&one.get(QUESTION).header("sedia-seq", seq).send().await), 7);
    one.database.run("ALTER TABLE hidden RENAME TO change").await;
    assert_eq!(shown(&other.get(QUESTION).header("sedia-seq", seq).send().await), 7);
}
