//! The lists of what somebody may change: contacts and sessions.

use axum::http::StatusCode;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use crate::support::TestNode;

/// Two contacts and two sessions in Kota Semarang, one of each elsewhere, and the key of a coordinator of that city.
async fn start() -> (TestNode, String) {
    let node = TestNode::start().await;
    let admin = node.admin().await;
    for (name, region) in [("A", "33.74.10"), ("B", "33.74.11"), ("C", "33.22")] {
        node.hospital(name, region, None).await;
        let contact = json!({"name": format!("Piket {name}"), "role": "dinkes", "phone": "0811-2700-0000",
            "region": region, "visibility": "internal"});
        let session = json!({"facility": format!("test:{name}"), "date": "2021-07-02", "from": "08:00", "to": "12:00",
            "product": "sinovac", "doses": [1]});
        for (path, body) in [("/v1/contacts", contact), ("/v1/sessions", session)] {
            let reply = node.post(path, &body).key(&admin).send().await;
            assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        }
    }
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    (node, coordinator)
}

/// The whole list, page by page.
async fn listed(node: &TestNode, key: &str, what: &str, parameters: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = node.get(&format!("/v1/{what}?limit=1{parameters}{cursor}")).key(key).send().await.json();
        all.extend(page[what].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn a_coordinator_lists_what_the_region_has() {
    let (node, coordinator) = start().await;
    let contacts = listed(&node, &coordinator, "contacts", "").await;
    let names: Vec<&str> = contacts.iter().map(|contact| contact["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Piket A", "Piket B"]);
    assert_eq!(contacts[0]["region"]["name"], "Tembalang");
    assert_eq!(listed(&node, &coordinator, "contacts", "&region=33.74.11").await.len(), 1);

    let sessions = listed(&node, &coordinator, "sessions", "").await;
    let names: Vec<&str> =
        sessions.iter().map(|listed| listed["at_facility"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["RS A", "RS B"]);
    // The version is good for a change, once.
    let (id, version) = (sessions[0]["session"]["id"].as_str().unwrap(), &sessions[0]["version"]);
    let cancel = || node.patch(&format!("/v1/sessions/{id}"), &json!({"cancelled": true})).key(&coordinator);
    let cancel = || cancel().header("if-match", &format!("\"{version}\""));
    assert_eq!(cancel().send().await.status, StatusCode::OK);
    cancel().send().await.problem(412, "version_mismatch");
    let sessions = listed(&node, &coordinator, "sessions", "").await;
    assert_eq!(sessions[0]["session"]["cancelled"], true);

    let admin = node.admin().await;
    // The emergency number of the country ships with Sedia.
    assert_eq!(listed(&node, &admin, "contacts", "").await.len(), 4);
    assert_eq!(listed(&node, &admin, "sessions", "").await.len(), 3);
}

#[tokio::test]
async fn nobody_else_is_shown_them() {
    let (node, coordinator) = start().await;
    let agent = node.key(Role::Agent, None, &[]).await;
    for path in ["/v1/contacts", "/v1/sessions"] {
        node.get(path).send().await.problem(401, "key_required");
        node.get(path).key(&agent).send().await.problem(403, "role_not_allowed");
        let elsewhere = format!("{path}?region=33.22");
        node.get(&elsewhere).key(&coordinator).send().await.problem(403, "outside_scope");
        node.get(&format!("{path}?limit=0"))
            .key(&coordinator)
            .send()
            .await
            .problem(400, "limit_out_of_range");
        let admin = node.admin().await;
        node.get(&format!("{path}?region=33.99")).key(&admin).send().await.problem(404, "unknown_region");
    }
}
