//! Nodes that know the same give equal bytes, so that a client may ask one after the other.

use axum::http::StatusCode;
use chrono::Duration;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use crate::support::TestNode;

const QUESTIONS: &[&str] = &[
    "/v1/beds?region=33&min=0",
    "/v1/beds?region=33.74&type=bed.icu",
    "/v1/beds?region=33.22",
    "/v1/beds?near=-7.05,110.44&min=0",
    "/v1/beds?near=33.74.10&freshness=fresh",
    "/v1/beds?min=0&q=rs+a",
    "/v1/beds?min=0&limit=1",
    "/v1/isolation?region=33&min=0",
    "/v1/vaccinations?region=33&min=0&from=2021-07-01&to=2021-07-20",
    "/v1/facilities?region=33",
    "/v1/facilities/test:A",
    "/v1/facilities/test:A/history",
    "/v1/regions/33.74",
    "/v1/regions?parent=33",
    "/v1/regions/33/overview",
    "/v1/completeness?region=33",
    "/v1/reminders?region=33",
    "/v1/doubts?region=33",
    "/v1/marks?region=33",
    "/v1/search?q=semarang",
    "/v1/search?q=a",
    "/v1/types",
    "/v1/changes?limit=50",
    "/v1/snapshot?region=33",
];

const FORMS: &[(&str, &str)] = &[
    ("application/json", "id"),
    ("text/plain", "id"),
    ("text/plain", "en"),
    ("text/csv", "id"),
    ("application/geo+json", "en"),
];

async fn same(one: &TestNode, other: &TestNode, key: &str) {
    for path in QUESTIONS {
        for (form, language) in FORMS {
            for key in [None, Some(key)] {
                let ask = async |node: &TestNode| {
                    let call = node.get(path).accept(form).language(language);
                    match key {
                        Some(key) => call.key(key).send().await,
                        None => call.send().await,
                    }
                };
                let (one, other) = (ask(one).await, ask(other).await);
                let what = format!("{path} {form} {language} {}", key.is_some());
                assert_eq!(one.status, other.status, "{what}");
                assert!(!one.status.is_server_error(), "{what}: {}", one.text());
                // A problem names its request.
                if one.status == StatusCode::OK {
                    assert_eq!(one.text(), other.text(), "{what}");
                    assert_eq!(one.header("etag"), other.header("etag"), "{what}");
                }
            }
        }
    }
}

async fn send(node: &TestNode, method: &str, path: &str, key: &str, body: Value) -> Value {
    let reply = node.call(method.parse().unwrap(), path).json(&body).key(key).send().await;
    reply.json()
}

/// Something of everything, through `node`.
async fn write(node: &TestNode, key: &str, round: u32) {
    let values = json!({"bed.icu": {"capacity": 20, "available": round}, "bed.hcu": {"available": 0}});
    send(node, "PUT", "/v1/facilities/test:A/availability", key, json!({ "values": values })).await;
    node.clock.pass(Duration::seconds(7));
    let patch = json!({"name": format!("RS A {round}"), "phones": [{"number": format!("024-555{round}")}]});
    send(node, "PATCH", "/v1/facilities/test:A", key, patch).await;
    let contact =
        json!({"region": "33.74", "name": format!("Piket {round}"), "role": "satgas", "phone": "0811-1"});
    send(node, "POST", "/v1/contacts", key, contact).await;
    let session = json!({
        "facility": "test:B", "date": "2021-07-03", "from": "08:00", "to": "12:00", "product": "sinovac",
        "doses": [1], "title": format!("Gelanggang {round}"),
    });
    let session = send(node, "POST", "/v1/sessions", key, session).await;
    let left =
        json!({"sessions": {session["session"]["id"].as_str().unwrap(): {"capacity": 50, "available": 5}}});
    send(node, "PUT", "/v1/facilities/test:B/availability", key, left).await;
    send(node, "PUT", "/v1/regions/33.22", key, json!({"name": format!("Kabupaten Semarang {round}")})).await;
    let note = json!({"kind": "note", "type": "bed.icu", "verdict": "wrong", "by": "Siti"});
    send(node, "POST", "/v1/facilities/test:A/marks", key, note).await;
}

async fn start() -> (TestNode, TestNode, String) {
    let one = TestNode::start().await;
    one.hospital("A", "33.74.10", Some((-7.05, 110.44))).await;
    one.hospital("B", "33.22", None).await;
    one.hospital("Far", "91.71", None).await;
    let key = one.key(Role::Admin, None, &[]).await;
    let other = one.beside().await;
    (one, other, key)
}

#[tokio::test]
async fn nodes_on_one_database_give_equal_bytes() {
    let (mut one, other, key) = start().await;
    same(&one, &other, &key).await;
    write(&one, &key, 1).await;
    other.follow().await;
    same(&one, &other, &key).await;
    write(&other, &key, 2).await;
    one.follow().await;
    // Numbers grow old while nobody writes.
    one.clock.pass(Duration::hours(5));
    same(&one, &other, &key).await;
    one = one.restart().await;
    same(&one, &other, &key).await;
}

/// One node answered before something happened far away, the other after it.
#[tokio::test]
async fn an_age_is_told_alike_whatever_else_a_node_knows() {
    let (one, other, key) = start().await;
    one.clock.pass(Duration::seconds(20));
    one.report("test:A", json!({"bed.icu": {"capacity": 9, "available": 4}})).await;
    other.follow().await;
    one.clock.pass(Duration::seconds(70));
    let ask = async |node: &TestNode| {
        let reply =
            node.get("/v1/beds?region=33.74&type=bed.icu").accept("text/plain").language("en").send().await;
        (reply.text(), reply.header("etag").to_owned())
    };
    let before = ask(&one).await;
    one.clock.pass(Duration::seconds(20));
    let values = json!({"values": {"bed.icu": {"available": 1}}});
    send(&other, "PUT", "/v1/facilities/test:Far/availability", &key, values).await;
    assert_eq!(ask(&other).await, before);
    one.follow().await;
    assert_eq!(ask(&one).await, before);
    same(&one, &other, &key).await;
}

const REPORTS: &str = "/v1/facilities/test:A/availability";

async fn free(node: &TestNode) -> Value {
    node.follow().await;
    node.get("/v1/facilities/test:A").send().await.json()["availability"][0]["available"].clone()
}

/// Both nodes know the version, and decide at the same moment.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_reports_on_one_version_the_second_is_refused_whichever_node_gets_it() {
    let (one, other, key) = start().await;
    let first = json!({"values": {"bed.icu": {"available": 0}}});
    let mut version = send(&one, "PUT", REPORTS, &key, first).await["version"].clone();
    for round in 1..20 {
        let tag = format!("\"{version}\"");
        let report = async |node: &TestNode, available: u32| {
            let body = json!({"values": {"bed.icu": {"available": available}}});
            node.put(REPORTS, &body).key(&key).header("if-match", &tag).send().await
        };
        let (by_one, by_other) = tokio::join!(report(&one, round), report(&other, 100 + round));
        let is_one = by_one.status == StatusCode::OK;
        let (won, lost) = if is_one { (by_one, by_other) } else { (by_other, by_one) };
        lost.problem(412, "version_mismatch");
        version = won.json()["version"].clone();
        let number = if is_one { round } else { 100 + round };
        assert_eq!((free(&one).await, free(&other).await), (number.into(), number.into()));
    }
}

/// A load balancer sends a retry to any node, the first try may still be there, and nobody knows what became of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_retry_at_another_node_gets_the_first_receipt() {
    let (one, other, key) = start().await;
    let first = json!({"values": {"bed.icu": {"available": 0}}});
    send(&one, "PUT", REPORTS, &key, first).await;
    let (path, body) = (format!("{REPORTS}/adjust"), json!({"type": "bed.icu", "delta": 1}));
    let adjust = |node, name: &str| {
        let node: &TestNode = node;
        node.post(&path, &body).key(&key).header("idempotency-key", name).send()
    };
    for round in 1..10 {
        let name = format!("retry-{round}");
        let (by_one, by_other) = tokio::join!(adjust(&one, &name), adjust(&other, &name));
        let again = adjust(if round % 2 == 0 { &one } else { &other }, &name).await;
        let replayed = again.header("idempotent-replayed");
        assert_eq!(replayed, "true", "{} {} {}", again.text(), by_one.text(), by_other.text());
        for reply in [&by_one, &by_other] {
            assert_eq!((reply.status, &reply.body), (StatusCode::OK, &again.body), "{}", reply.text());
        }
        assert_eq!((free(&one).await, free(&other).await), (round.into(), round.into()));
    }
}
