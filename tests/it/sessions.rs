//! Where can one be vaccinated? It is Thursday 1 July 2021, 14.00 WIB.

mod changes;
mod questions;
mod reports;
mod titles;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::TestNode;

/// A session of `test:NAME`, changed by `patch`.
fn said(name: &str, patch: &Value) -> Value {
    let mut session = json!({
        "facility": format!("test:{name}"), "date": "2021-07-02", "from": "08:00", "to": "12:00",
        "product": "sinovac", "doses": [1, 2], "walk_in": true,
    });
    for (field, value) in patch.as_object().unwrap() {
        session[field] = value.clone();
    }
    if patch.get("weekly").is_some() {
        session.as_object_mut().unwrap().shift_remove("date");
    }
    session
}

/// Adds a session and gives its id.
async fn add(node: &TestNode, name: &str, patch: Value) -> String {
    let key = node.admin().await;
    let reply = node.post("/v1/sessions", &said(name, &patch)).key(&key).send().await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    reply.json()["session"]["id"].as_str().unwrap().to_owned()
}

/// Reports what is left of a session.
async fn left(node: &TestNode, name: &str, session: &str, left: impl Into<Value>) -> Value {
    let key = node.admin().await;
    let body = json!({"sessions": {session: {"capacity": 100, "available": left.into()}}});
    let path = format!("/v1/facilities/test:{name}/availability");
    node.put(&path, &body).key(&key).send().await.json()
}

async fn ask(node: &TestNode, query: &str) -> Value {
    node.get(&format!("/v1/vaccinations?{query}")).send().await.json()
}

/// The names of the facilities, without `RS `.
fn names(answer: &Value) -> Vec<&str> {
    let facilities = answer["facilities"].as_array().unwrap();
    facilities.iter().map(|one| one["name"].as_str().unwrap().trim_start_matches("RS ")).collect()
}

/// The days of the sessions of the first facility.
fn days(answer: &Value) -> Vec<&str> {
    let sessions = answer["facilities"][0]["sessions"].as_array();
    sessions.into_iter().flatten().map(|session| session["date"].as_str().unwrap()).collect()
}
