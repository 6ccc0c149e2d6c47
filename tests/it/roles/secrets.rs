//! Keys are shown once, kept nowhere, and revoked at once.

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::json;

use crate::support::TestNode;

#[tokio::test]
async fn a_revoked_key_is_refused_by_the_very_next_request() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let admin = node.admin().await;
    let body = json!({"role": "reporter", "facilities": ["test:A"]});
    let made = node.post("/v1/keys", &body).key(&admin).send().await.json();
    let (id, secret) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    let values = json!({"values": {"bed.icu": {"available": 1}}});
    let put = || {
        let call = node.put("/v1/facilities/test:A/availability", &values);
        call.key(secret).header("idempotency-key", "once").send()
    };
    put().await.json();
    let path = format!("/v1/keys/{id}");
    let revoked = node.delete(&path).key(&admin).send().await.json();
    assert_eq!(revoked["revoked_at"], "2021-07-01T07:00:00Z");
    // A receipt that was given before is not given again either.
    put().await.problem(401, "key_revoked");
    node.get("/v1/types").key(secret).send().await.problem(401, "key_revoked");
    // Revoking it again changes nothing.
    let seq = node.seq().await;
    assert_eq!(node.delete(&path).key(&admin).send().await.json(), revoked);
    assert_eq!(node.seq().await, seq);
    let node = node.restart().await;
    node.get("/v1/types").key(secret).send().await.problem(401, "key_revoked");
}

#[tokio::test]
async fn the_secret_of_a_key_is_in_one_answer_and_nowhere_else() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let admin = node.admin().await;
    let body = json!({"role": "reporter", "facilities": ["test:A"], "name": "loket"});
    let call = node.post("/v1/keys", &body).key(&admin);
    let made = call.header("idempotency-key", "again").send().await;
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    let secret = made["key"].as_str().unwrap();
    assert_eq!(secret.len(), "sedia_".len() + 43);
    // A retry makes another key: a receipt that is kept would keep the secret.
    let call = node.post("/v1/keys", &body).key(&admin);
    let other = call.header("idempotency-key", "again").send().await.json();
    assert_ne!(other["key"], made["key"]);

    let values = json!({"values": {"bed.icu": {"available": 1}}});
    let call = node.put("/v1/facilities/test:A/availability", &values).key(secret);
    let receipt = call.header("idempotency-key", "x").send().await;
    let mut told = vec![receipt.text()];
    for path in ["/v1/keys", "/v1/facilities/test:A", "/v1/beds", "/metrics", "/livez"] {
        told.push(node.get(path).key(&admin).send().await.text());
    }
    let id = made["id"].as_str().unwrap();
    told.push(node.delete(&format!("/v1/keys/{id}")).key(&admin).send().await.text());
    told.extend(stored(&node).await);
    for text in told {
        for secret in [secret, admin.as_str()] {
            assert!(!text.contains(&secret["sedia_".len()..]), "{text}");
        }
    }
    let keys = node.get("/v1/keys").key(&admin).send().await.text();
    assert!(!keys.contains("hash"), "{keys}");
}

/// Everything that was written down, as text.
async fn stored(node: &TestNode) -> Vec<String> {
    let connection = Database::connect(node.database.url()).await.unwrap();
    let backend = connection.get_database_backend();
    let mut texts = Vec::new();
    for select in [
        "SELECT body AS text FROM change",
        "SELECT actor AS text FROM change",
        "SELECT receipt AS text FROM idempotency",
        "SELECT principal AS text FROM idempotency",
        "SELECT body AS text FROM current_row",
    ] {
        let rows = connection.query_all_raw(Statement::from_string(backend, select)).await.unwrap();
        assert!(!rows.is_empty());
        texts.extend(rows.iter().map(|row| row.try_get::<String>("", "text").unwrap()));
    }
    texts
}
