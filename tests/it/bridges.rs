//! Hospital systems send what they send elsewhere already, and it adds up.

mod addresses;
mod bodies;
mod both;
mod insurance;
mod ministry;
mod removals;
mod rooms;
mod unmapped;

use axum::http::Method;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

/// A node with hospitals A (both systems) and B in two regions of Central Java, and a key of a bridge for both.
async fn start() -> (TestNode, String) {
    let node = TestNode::start().await;
    let admin = node.admin().await;
    for (name, region) in [("A", "33.74.10"), ("B", "33.22")] {
        node.hospital(name, region, None).await;
        let ids = json!({"external_ids": [format!("test:{name}"), format!("kemenkes:33{name}"), format!("bpjs:0112{name}")]});
        let reply = node.patch(&format!("/v1/facilities/test:{name}"), &ids).key(&admin).send().await;
        assert!(reply.status.is_success(), "{}", reply.text());
    }
    let key = node.key(Role::Bridge, None, &["test:A", "test:B"]).await;
    (node, key)
}

/// A row to RS Online, at the present time of the node.
async fn rsonline(node: &TestNode, key: &str, method: Method, hospital: &str, row: &Value) -> Reply {
    let call = node.call(method, "/bridge/rsonline/Fasyankes").json(row);
    call.header("X-rs-id", &format!("33{hospital}")).header("X-pass", key).send().await
}

async fn aplicares(node: &TestNode, key: &str, action: &str, hospital: &str, row: &Value) -> Reply {
    let path = format!("/bridge/aplicares/rest/bed/{action}/0112{hospital}");
    node.post(&path, row).header("X-cons-id", key).header("X-signature", "abc=").send().await
}

/// The current numbers of one type: capacity, occupied, available, queue.
async fn numbers(node: &TestNode, hospital: &str, resource: &str) -> [Value; 4] {
    let number = reading(node, hospital, resource).await;
    ["capacity", "occupied", "available", "queue"].map(|field| number[field].clone())
}

async fn reading(node: &TestNode, hospital: &str, resource: &str) -> Value {
    let answer = node.get(&format!("/v1/facilities/test:{hospital}")).send().await.json();
    let numbers = answer["availability"].as_array().unwrap();
    numbers.iter().find(|number| number["type"] == resource).cloned().unwrap_or_default()
}
