//! The table of roles and operations.

use axum::http::{Method, StatusCode};
use sedia::domain::key::Role;
use serde_json::{Value, json};

use crate::support::TestNode;

/// Who asks, in the order of the columns below.
const WHO: [&str; 6] = ["public", "agent", "reporter", "bridge", "coordinator", "admin"];

const OK: &str = "";
const KEY: &str = "key_required";
const ROLE: &str = "role_not_allowed";
const SCOPE: &str = "outside_scope";

/// An operation, and for each role the code it is refused with.
struct Operation {
    name: &'static str,
    method: Method,
    path: String,
    body: Value,
    refused: [&'static str; 6],
}

fn operation(
    name: &'static str,
    method: Method,
    path: impl Into<String>,
    body: Value,
    refused: [&'static str; 6],
) -> Operation {
    Operation { name, method, path: path.into(), body, refused }
}

/// A node with hospital A in Kota Semarang, where everybody belongs, and B in Kabupaten Semarang; with
/// a key of each role.
async fn start() -> (TestNode, [Option<String>; 6]) {
    let node = TestNode::start().await;
    let numbers = json!({"bed.icu": {"capacity": 10, "occupied": 5, "available": 5}});
    for (name, region) in [("A", "33.74.10"), ("B", "33.22.10")] {
        node.hospital(name, region, None).await;
        node.report(&format!("test:{name}"), numbers.clone()).await;
    }
    let keys = [
        None,
        Some(node.key(Role::Agent, Some("33.74"), &[]).await),
        Some(node.key(Role::Reporter, None, &["test:A"]).await),
        Some(node.key(Role::Bridge, None, &["test:A"]).await),
        Some(node.key(Role::Coordinator, Some("33.74"), &[]).await),
        Some(node.admin().await),
    ];
    (node, keys)
}

async fn check(node: &TestNode, keys: &[Option<String>; 6], operation: &Operation) {
    for ((who, key), refused) in WHO.iter().zip(keys).zip(operation.refused) {
        let before = node.seq().await;
        let call = node.call(operation.method.clone(), &operation.path).json(&operation.body);
        let call = match key {
            Some(key) => call.key(key),
            None => call,
        };
        let reply = call.send().await;
        let code = if reply.status.is_success() {
            String::new()
        } else {
            let body: Value = serde_json::from_slice(&reply.body).unwrap();
            body["code"].as_str().unwrap().to_owned()
        };
        assert_eq!(code, refused, "{who}: {}: {}", operation.name, reply.text());
        let status = match refused {
            OK => continue,
            KEY => 401,
            "all_rows_refused" => 422,
            _ => 403,
        };
        reply.problem(status, refused);
        assert_eq!(node.seq().await, before, "{who}: {} stored something", operation.name);
    }
}

#[tokio::test]
async fn reports() {
    let (node, keys) = start().await;
    let values = json!({"values": {"bed.icu": {"capacity": 10, "occupied": 5, "available": 5}}});
    let more = json!({"type": "bed.icu", "delta": -1});
    let row = |facility: &str| json!([{"facility": facility, "type": "bed.icu", "available": 1}]);
    let own = [KEY, ROLE, OK, OK, OK, OK];
    let other = [KEY, ROLE, SCOPE, SCOPE, SCOPE, OK];
    let other_rows = [KEY, ROLE, "all_rows_refused", "all_rows_refused", "all_rows_refused", OK];
    for (facility, expected) in [("test:A", own), ("test:B", other)] {
        let path = format!("/v1/facilities/{facility}/availability");
        for operation in [
            operation("put", Method::PUT, &path, values.clone(), expected),
            operation("adjust", Method::POST, format!("{path}/adjust"), more.clone(), expected),
            operation("confirm", Method::POST, format!("{path}/confirm"), json!({}), expected),
        ] {
            check(&node, &keys, &operation).await;
        }
    }
    for (facility, expected) in [("test:A", own), ("test:B", other_rows)] {
        let list = operation("list", Method::POST, "/v1/reports", row(facility), expected);
        check(&node, &keys, &list).await;
    }
}

#[tokio::test]
async fn facilities_and_contacts() {
    let (node, keys) = start().await;
    let facility = |region: &str| json!({"name": "Puskesmas C", "kind": "puskesmas", "region": region});
    let contact =
        |region: Value| json!({"region": region, "name": "Satgas", "role": "satgas", "phone": "024-123456"});
    let inside = [KEY, ROLE, ROLE, ROLE, OK, OK];
    let outside = [KEY, ROLE, ROLE, ROLE, SCOPE, OK];
    let a = "/v1/facilities/test:A";
    let operations = [
        operation("add inside", Method::POST, "/v1/facilities", facility("33.74.11"), inside),
        operation("add outside", Method::POST, "/v1/facilities", facility("33.22.11"), outside),
        operation("add above", Method::POST, "/v1/facilities", facility("33"), outside),
        operation("change inside", Method::PATCH, a, json!({"name": "RS Baru"}), inside),
        operation(
            "change outside",
            Method::PATCH,
            "/v1/facilities/test:B",
            json!({"name": "RS Baru"}),
            outside,
        ),
        operation("contact inside", Method::POST, "/v1/contacts", contact(json!("33.74")), inside),
        operation("contact above", Method::POST, "/v1/contacts", contact(json!("33")), outside),
        operation("contact outside", Method::POST, "/v1/contacts", contact(json!("33.22")), outside),
        operation("contact of all", Method::POST, "/v1/contacts", contact(Value::Null), outside),
        operation("move outside", Method::PATCH, a, json!({"region": "33.22.10"}), outside),
    ];
    for operation in &operations {
        check(&node, &keys, operation).await;
    }
}

#[tokio::test]
async fn contacts_of_others_stay() {
    let (node, keys) = start().await;
    let key = node.admin().await;
    let contact =
        |region: Value| json!({"region": region, "name": "Satgas", "role": "satgas", "phone": "024-123456"});
    let inside = [KEY, ROLE, ROLE, ROLE, OK, OK];
    let outside = [KEY, ROLE, ROLE, ROLE, SCOPE, OK];
    for (region, expected) in [(json!("33.74.10"), inside), (json!("33.22"), outside), (Value::Null, outside)]
    {
        let added = node.post("/v1/contacts", &contact(region.clone())).key(&key).send().await;
        let path = added.header("location").to_owned();
        // Nobody may take a contact into a region of their own either.
        let mine = contact(json!("33.74"));
        check(&node, &keys, &operation("replace", Method::PUT, &path, mine, expected)).await;
        node.put(&path, &contact(region)).key(&key).send().await.json();
        // The first who may remove it does; the admin comes too late then.
        let end = operation("remove", Method::DELETE, &path, json!({}), expected);
        let mut expected = expected;
        expected[5] = if expected[4] == OK { "unknown_contact" } else { OK };
        for ((who, key), code) in WHO.iter().zip(&keys).zip(expected) {
            let call = node.delete(&end.path);
            let reply = match key {
                Some(key) => call.key(key).send().await,
                None => call.send().await,
            };
            let body: Value = serde_json::from_slice(&reply.body).unwrap();
            assert_eq!(body["code"].as_str().unwrap_or_default(), code, "{who}: {}", reply.text());
        }
    }
}

#[tokio::test]
async fn regions_and_types() {
    let (node, keys) = start().await;
    let only_admin = [KEY, ROLE, ROLE, ROLE, ROLE, OK];
    let vocabulary = json!({
        "kind": "bed", "label": {"id": "Baru", "en": "New"}, "age_group": "any", "aging_after_h": 4, "stale_after_h": 12,
    });
    for operation in [
        operation("region", Method::PUT, "/v1/regions/33.74.10", json!({"name": "Baru"}), only_admin),
        operation("type", Method::PUT, "/v1/types/bed.new", vocabulary, only_admin),
    ] {
        check(&node, &keys, &operation).await;
    }
}

#[tokio::test]
async fn keys() {
    let (node, keys) = start().await;
    let make = |body: Value, refused| operation("make a key", Method::POST, "/v1/keys", body, refused);
    let inside = [KEY, ROLE, ROLE, ROLE, OK, OK];
    let outside = [KEY, ROLE, ROLE, ROLE, SCOPE, OK];
    let above = [KEY, ROLE, ROLE, ROLE, ROLE, OK];
    for operation in [
        make(json!({"role": "reporter", "facilities": ["test:A"]}), inside),
        make(json!({"role": "reporter", "facilities": ["test:B"]}), outside),
        make(json!({"role": "bridge", "facilities": ["test:A", "test:B"]}), outside),
        make(json!({"role": "agent", "region": "33.74"}), inside),
        make(json!({"role": "agent", "region": "33"}), outside),
        make(json!({"role": "agent"}), outside),
        make(json!({"role": "coordinator", "region": "33.74.10"}), inside),
        make(json!({"role": "coordinator", "region": "33.74"}), above),
        make(json!({"role": "coordinator", "region": "33"}), outside),
        make(json!({"role": "admin"}), above),
        operation("list keys", Method::GET, "/v1/keys", json!({}), inside),
    ] {
        check(&node, &keys, &operation).await;
    }
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let made = node.post("/v1/keys", &json!({"role": "agent"})).key(&coordinator).send().await;
    let problem = made.problem(403, SCOPE);
    assert_eq!(problem["errors"][0]["pointer"], "/region");
    assert!(
        problem["detail"].as_str().unwrap().ends_with("sebutkan 33.74 atau wilayah di dalamnya"),
        "{problem}"
    );
    // Revoking follows the same table.
    let admin = node.admin().await;
    for (body, expected) in [
        (json!({"role": "reporter", "facilities": ["test:A"]}), inside),
        (json!({"role": "reporter", "facilities": ["test:B"]}), outside),
        (json!({"role": "coordinator", "region": "33.74"}), above),
        (json!({"role": "admin"}), above),
    ] {
        let made = node.post("/v1/keys", &body).key(&admin).send().await;
        let path = made.header("location").to_owned();
        let revoke = operation("revoke", Method::DELETE, &path, json!({}), expected);
        check(&node, &keys, &revoke).await;
    }
}

#[tokio::test]
async fn a_coordinator_sees_the_keys_it_manages_and_no_others() {
    let (node, keys) = start().await;
    let listed = |key: &str| {
        let call = node.get("/v1/keys").key(key);
        async move {
            let reply = call.send().await;
            assert_eq!(reply.header("cache-control"), "no-store");
            let keys = reply.json()["keys"].as_array().unwrap().clone();
            keys.iter().map(|key| key["role"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        }
    };
    node.key(Role::Reporter, None, &["test:B"]).await;
    node.key(Role::Agent, None, &[]).await;
    assert_eq!(listed(keys[4].as_ref().unwrap()).await, ["agent", "reporter", "bridge"]);
    let all = listed(keys[5].as_ref().unwrap()).await;
    assert_eq!(all.len(), 7, "{all:?}");
}

#[tokio::test]
async fn every_role_may_ask() {
    let (node, keys) = start().await;
    for path in [
        "/v1/beds?region=33",
        "/v1/facilities",
        "/v1/facilities/test:B",
        "/v1/regions",
        "/v1/regions/33.22",
        "/v1/search?q=semarang",
        "/v1/types",
    ] {
        let ask = operation("ask", Method::GET, path, json!({}), [OK; 6]);
        check(&node, &keys, &ask).await;
    }
}

#[tokio::test]
async fn a_key_does_not_live_on_in_those_it_made() {
    let (node, _) = start().await;
    let admin = node.admin().await;
    let made = async |key: &str, body: Value| {
        let reply = node.post("/v1/keys", &body).key(key).send().await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        reply.json()
    };
    let body = json!({"role": "coordinator", "region": "33.74", "expires_days": 2});
    let coordinator = made(&admin, body).await;
    let secret = coordinator["key"].as_str().unwrap();
    for (days, expires_at) in [
        (json!(null), "2021-07-03T07:00:00Z"),
        (json!(1), "2021-07-02T07:00:00Z"),
        (json!(9), "2021-07-03T07:00:00Z"),
    ] {
        let body = json!({"role": "reporter", "facilities": ["test:A"], "expires_days": days});
        let key = made(secret, body).await;
        assert_eq!(key["expires_at"], expires_at, "{key}");
    }
}
