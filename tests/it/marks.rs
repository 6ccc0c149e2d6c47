//! What people who phone facilities leave there for each other.

mod calls;
mod forms;
mod notes;
mod public;

use sedia::domain::key::Role;
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

const ASK: &str = "/v1/beds?region=33.74&type=bed.icu";

/// Hospitals A (3 of 40 free) and B (8 of 40 free) in Kota Semarang, and the keys of two agents there.
async fn start() -> (TestNode, [String; 2]) {
    let node = TestNode::start().await;
    for (name, free) in [("A", 3), ("B", 8)] {
        node.hospital(name, "33.74.10", None).await;
        node.report(&format!("test:{name}"), json!({"bed.icu": {"capacity": 40, "available": free}})).await;
    }
    let keys = [node.key(Role::Agent, Some("33.74"), &[]).await, node.key(Role::Agent, None, &[]).await];
    (node, keys)
}

async fn leave(node: &TestNode, key: &str, facility: &str, mark: Value) -> Reply {
    node.post(&format!("/v1/facilities/test:{facility}/marks"), &mark).key(key).language("en").send().await
}

/// The hospitals of an answer, in order.
async fn found(node: &TestNode, key: Option<&str>) -> Vec<Value> {
    let call = node.get(ASK);
    let call = match key {
        Some(key) => call.key(key),
        None => call,
    };
    call.send().await.json()["facilities"].as_array().unwrap().clone()
}

fn names(facilities: &[Value]) -> Vec<&str> {
    facilities.iter().map(|facility| facility["name"].as_str().unwrap()).collect()
}
