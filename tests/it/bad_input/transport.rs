//! Requests that are wrong before anybody looks at what they say.

use axum::http::Method;
use chrono::Duration;
use sedia::domain::key::Role;
use serde_json::json;

use super::refused;
use crate::support::TestNode;

const PUT: &str = "/v1/facilities/test:A/availability";

#[tokio::test]
async fn a_wrong_method_says_which_ones_there_are() {
    let node = TestNode::start().await;
    for (method, path, allow) in [
        (Method::DELETE, "/v1/beds", "GET,HEAD"),
        (Method::POST, "/v1/types", "GET,HEAD"),
        (Method::GET, "/v1/types/bed.icu", "PATCH,PUT"),
        (Method::PUT, "/v1/facilities", "GET,HEAD,POST"),
        (Method::DELETE, "/v1/regions/33", "GET,HEAD,PATCH,PUT"),
        (Method::GET, "/v1/reports", "POST"),
    ] {
        let call = || node.call(method.clone(), path);
        refused(&node, call, (405, "method_not_allowed", "method")).await;
        let reply = call().send().await;
        let mut allowed: Vec<&str> = reply.header("allow").split(',').map(str::trim).collect();
        allowed.sort_unstable();
        assert_eq!(allowed.join(","), allow, "{path}");
    }
}

#[tokio::test]
async fn a_representation_that_nobody_makes_is_refused() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    for path in [
        "/v1/beds",
        "/v1/facilities",
        "/v1/facilities/test:A",
        "/v1/regions",
        "/v1/regions/33",
        "/v1/search?q=a",
        "/v1/types",
    ] {
        let call = || node.get(path).accept("application/xml");
        refused(&node, call, (406, "not_acceptable", "Accept")).await;
    }
    let call = || node.get("/v1/types").accept("application/geo+json");
    refused(&node, call, (406, "not_acceptable", "Accept")).await;
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let whole = r#"{"values": {"bed.icu": {"available": 1}}}"#;
    let large = format!("{whole}{}", " ".repeat(64 << 10));
    for (body, expected) in [
        (&b""[..], (400, "invalid_body", "")),
        (b"beds: 3", (400, "invalid_body", "")),
        (&whole.as_bytes()[..20], (400, "invalid_body", "/values")),
        (br#"{"values": {"bed.icu": {"available": 1}}} {}"#, (400, "invalid_body", "")),
        (
            br#"{"values": {"bed.icu": {"available": 1}, "bed.icu": {"available": 2}}}"#,
            (422, "invalid_field", "/values/bed.icu"),
        ),
        (b"{\"values\": {\"\xff\": {}}}", (400, "invalid_encoding", "")),
        (large.as_bytes(), (413, "body_too_large", "")),
    ] {
        let call = || node.call(Method::PUT, PUT).key(&key).body("application/json", body.to_vec());
        refused(&node, call, expected).await;
    }
    for (path, media_type) in [(PUT, "text/csv"), (PUT, "application/xml")] {
        let call = || node.call(Method::PUT, path).key(&key).body(media_type, whole);
        refused(&node, call, (415, "unsupported_media_type", "Content-Type")).await;
    }
    let call = || node.call(Method::POST, "/v1/reports").key(&key).body("text/html", "<p>");
    refused(&node, call, (415, "unsupported_media_type", "Content-Type")).await;
    let call = || {
        let call = node.call(Method::PUT, PUT).key(&key).header("content-encoding", "gzip");
        call.body("application/json", whole)
    };
    refused(&node, call, (415, "unsupported_media_type", "Content-Encoding")).await;
    let list = "x".repeat((8 << 20) + 1);
    let call = || node.call(Method::POST, "/v1/reports").key(&key).body("text/csv", list.clone());
    refused(&node, call, (413, "body_too_large", "")).await;
}

#[tokio::test]
async fn a_key_that_does_not_hold_is_refused_for_questions_too() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let admin = node.admin().await;
    let body = json!({"values": {"bed.icu": {"available": 1}}});
    for authorization in
        ["Bearer", "Bearer ", "Bearer sedia_nobody", "Basic YTpi", "sedia_nobody", "Bearer ké"]
    {
        let expected = (401, "key_invalid", "Authorization");
        let ask = || node.get("/v1/beds").header("authorization", authorization);
        refused(&node, ask, expected).await;
        let report = || node.put(PUT, &body).header("authorization", authorization);
        refused(&node, report, expected).await;
        assert_eq!(report().send().await.header("www-authenticate"), "Bearer");
    }
    refused(&node, || node.put(PUT, &body), (401, "key_required", "Authorization")).await;

    let short = json!({"role": "reporter", "facilities": ["test:A"], "expires_days": 1});
    let short = node.post("/v1/keys", &short).key(&admin).send().await.json();
    let secret = short["key"].as_str().unwrap();
    assert!(node.put(PUT, &body).key(secret).send().await.status.is_success());
    node.clock.pass(Duration::days(1));
    let call = || node.put(PUT, &body).key(secret);
    refused(&node, call, (401, "key_expired", "Authorization")).await;
    let call = || node.get("/v1/beds").key(secret);
    refused(&node, call, (401, "key_expired", "Authorization")).await;

    let revoked = json!({"role": "agent"});
    let revoked = node.post("/v1/keys", &revoked).key(&admin).send().await.json();
    let path = format!("/v1/keys/{}", revoked["id"].as_str().unwrap());
    assert!(node.delete(&path).key(&admin).send().await.status.is_success());
    let call = || node.get("/v1/beds").key(revoked["key"].as_str().unwrap());
    refused(&node, call, (401, "key_revoked", "Authorization")).await;
}

#[tokio::test]
async fn a_key_for_another_facility_is_refused() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.74.10", None).await;
    let key = node.key(Role::Reporter, None, &["test:B"]).await;
    let body = json!({"values": {"bed.icu": {"available": 1}}});
    let call = || node.put(PUT, &body).key(&key);
    refused(&node, call, (403, "outside_scope", "Authorization")).await;
}

#[tokio::test]
async fn guards_that_cannot_hold_are_refused() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let body = json!({"values": {"bed.icu": {"available": 1}}});
    for tag in ["yesterday", "\"\"", "\"1\"", "\"999999\"", "1, \"x\"", ""] {
        let call = || node.put(PUT, &body).key(&key).header("if-match", tag);
        refused(&node, call, (412, "version_mismatch", "If-Match")).await;
    }
    let long = "k".repeat(129);
    for name in ["", &long, "ké"] {
        let call = || node.put(PUT, &body).key(&key).header("idempotency-key", name);
        refused(&node, call, (400, "invalid_idempotency_key", "Idempotency-Key")).await;
    }
    let first = node.put(PUT, &body).key(&key).header("idempotency-key", "one");
    assert!(first.send().await.status.is_success());
    let other = json!({"values": {"bed.icu": {"available": 2}}});
    for (path, body) in [(PUT, &other), ("/v1/facilities/test:A/availability/confirm", &json!({}))] {
        let call = || {
            let method = if path == PUT { Method::PUT } else { Method::POST };
            let call = node.call(method, path).json(body).key(&key);
            call.header("idempotency-key", "one")
        };
        refused(&node, call, (422, "idempotency_key_reused", "Idempotency-Key")).await;
    }
}

#[tokio::test]
async fn what_clients_make_up_costs_nothing_that_stays() {
    let node = TestNode::start().await;
    let query: Vec<String> = (0..2000).map(|number| format!("made_up_{number}=1")).collect();
    let reply = node.get(&format!("/v1/beds?{}", query.join("&"))).send().await;
    let problem = reply.problem(400, "unknown_parameter");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 50);
    for number in 0..3 {
        let method = Method::from_bytes(format!("MADEUP{number}").as_bytes()).unwrap();
        node.call(method, "/livez").send().await.problem(405, "method_not_allowed");
    }
    let metrics = node.get("/metrics").send().await.text();
    assert!(!metrics.contains("MADEUP"), "{metrics}");
}
