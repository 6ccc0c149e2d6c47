//! Nobody phones a place that somebody is phoning, and no two families are sent to one bed.

use axum::http::StatusCode;
use chrono::Duration;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use super::{found, leave, names, start};

fn claim(by: &str) -> Value {
    json!({"kind": "claim", "by": by})
}

fn hold() -> Value {
    json!({"kind": "hold", "type": "bed.icu"})
}

#[tokio::test]
async fn a_claim_keeps_others_from_phoning_and_ends_by_itself() {
    let (node, [one, other]) = start().await;
    let made = leave(&node, &one, "A", claim("Siti")).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.json()["until"], "2021-07-01T07:10:00Z");
    let refused = leave(&node, &other, "A", claim("Budi")).await.problem(409, "already_claimed");
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("Siti") && detail.contains("14:10 WIB"), "{detail}");
    // Colleagues with the same key are told apart by name; the same person may go on.
    leave(&node, &one, "A", claim("Budi")).await.problem(409, "already_claimed");
    node.clock.pass(Duration::minutes(5));
    let again = leave(&node, &one, "A", claim("Siti")).await;
    assert_eq!(
        (again.status, again.json()["until"].clone()),
        (StatusCode::OK, json!("2021-07-01T07:15:00Z"))
    );
    // Every agent of the region sees it; the public does not.
    for key in [&one, &other] {
        let a = &found(&node, Some(key)).await[1];
        assert_eq!((&a["name"], &a["claim"]["by"]), (&json!("RS A"), &json!("Siti")));
    }
    assert_eq!(found(&node, None).await[1]["claim"], Value::Null);
    let text = node.get(super::ASK).key(&one).accept("text/plain").language("en").send().await.text();
    assert!(text.contains("Siti is phoning them, until 14:15 WIB at the latest."), "{text}");
    node.clock.pass(Duration::minutes(10));
    assert_eq!(found(&node, Some(&one)).await[1]["claim"], Value::Null);
    leave(&node, &other, "A", claim("Budi")).await.json();
}

#[tokio::test]
async fn a_held_place_counts_as_taken_for_agents_only() {
    let (node, [one, other]) = start().await;
    assert_eq!(names(&found(&node, Some(&other)).await), ["RS B", "RS A"]);
    for _ in 0..6 {
        leave(&node, &one, "B", hold()).await.json();
    }
    // B has 8 free of which 6 are held: A has more to give.
    assert_eq!(names(&found(&node, Some(&other)).await), ["RS A", "RS B"]);
    assert_eq!(names(&found(&node, None).await), ["RS B", "RS A"]);
    let b = &found(&node, Some(&other)).await[1]["availability"][0];
    assert_eq!((&b["available"], b["holds"].as_array().unwrap().len()), (&json!(8), 6));
    assert_eq!(b["holds"][0]["by"], "test agent");
    assert_eq!(found(&node, None).await[0]["availability"][0]["holds"], Value::Null);
    node.clock.pass(Duration::minutes(30));
    assert_eq!(names(&found(&node, Some(&other)).await), ["RS B", "RS A"]);
}

/// Nobody is told that a free bed is not there, and nobody misses one.
#[tokio::test]
async fn a_place_that_is_held_is_still_listed_after_the_others() {
    let (node, [one, other]) = start().await;
    for _ in 0..3 {
        leave(&node, &one, "A", hold()).await.json();
    }
    let answer = node.get(super::ASK).key(&other).send().await.json();
    assert_eq!(names(answer["facilities"].as_array().unwrap()), ["RS B", "RS A"]);
    assert_eq!(answer["widened"], Value::Null);
    let text = node.get(super::ASK).key(&other).accept("text/plain").language("en").send().await.text();
    assert!(text.contains("Other facilities: 1 free but held."), "{text}");
    assert!(text.contains("3 free of 40"), "{text}");

    for _ in 0..8 {
        leave(&node, &one, "B", hold()).await.json();
    }
    let answer = node.get(super::ASK).key(&other).send().await.json();
    assert_eq!(names(answer["facilities"].as_array().unwrap()), ["RS A", "RS B"]);
    let text = node.get(super::ASK).key(&other).accept("text/plain").language("en").send().await.text();
    assert!(text.contains("have a free bed, but all are held; call first."), "{text}");
    let admin = node.admin().await;
    let demand = node.get("/v1/demand").key(&admin).send().await.json();
    assert_eq!(demand["demand"], json!([]));
}

#[tokio::test]
async fn holding_more_than_are_free_wants_a_word() {
    let (node, [one, other]) = start().await;
    for _ in 0..3 {
        leave(&node, &one, "A", hold()).await.json();
    }
    let refused = leave(&node, &other, "A", hold()).await.problem(409, "confirm_hold");
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("3 free, 3 held already (test agent until 14:30 WIB)"), "{detail}");
    let path = "/v1/facilities/test:A/marks?confirm=true";
    assert_eq!(node.post(path, &hold()).key(&other).send().await.status, StatusCode::CREATED);
    // What nobody knows can be held: who holds it has phoned.
    let unknown = json!({"kind": "hold", "type": "bed.hcu", "minutes": 240});
    assert_eq!(leave(&node, &one, "A", unknown).await.json()["until"], "2021-07-01T11:00:00Z");
}

#[tokio::test]
async fn who_left_a_mark_takes_it_back_and_so_does_the_coordinator() {
    let (node, [one, other]) = start().await;
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let elsewhere = node.key(Role::Coordinator, Some("33.22"), &[]).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let made = leave(&node, &one, "A", hold()).await;
        ids.push(made.header("location").to_owned());
    }
    node.delete(&ids[0]).send().await.problem(401, "key_required");
    let refused = node.delete(&ids[0]).key(&other).send().await.problem(403, "role_not_allowed");
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("oleh yang membuatnya atau koordinator wilayah"), "{detail}");
    node.delete(&ids[0]).key(&elsewhere).send().await.problem(403, "outside_scope");
    for (id, key) in ids.iter().zip([&one, &coordinator]) {
        assert_eq!(node.delete(id).key(key).send().await.json()["kind"], "hold");
        node.delete(id).key(key).send().await.problem(404, "unknown_mark");
    }
    let marks = node.get("/v1/marks?region=33.74").key(&one).send().await.json();
    assert_eq!(marks["marks"], json!([]));
}

#[tokio::test]
async fn agents_see_what_stands_in_their_region_page_by_page() {
    let (node, [one, _]) = start().await;
    node.hospital("C", "33.22", None).await;
    let other = node.key(Role::Agent, Some("33.22"), &[]).await;
    leave(&node, &one, "A", claim("Siti")).await.json();
    leave(&node, &one, "A", hold()).await.json();
    leave(&node, &other, "C", claim("Budi")).await.json();
    let list =
        async |key: &str, query: &str| node.get(&format!("/v1/marks{query}")).key(key).send().await.json();
    let first = list(&one, "?limit=1").await;
    assert_eq!(
        (&first["marks"][0]["kind"], &first["marks"][0]["at_facility"]["name"]),
        (&json!("claim"), &json!("RS A"))
    );
    let second = list(&one, &format!("?limit=1&cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!((&second["marks"][0]["kind"], &second["next"]), (&json!("hold"), &Value::Null));
    assert_eq!(list(&other, "").await["marks"].as_array().unwrap().len(), 1);
    assert_eq!(list(&node.admin().await, "").await["marks"].as_array().unwrap().len(), 3);
    node.get("/v1/marks?region=33.74").key(&other).send().await.problem(403, "outside_scope");
    node.get("/v1/marks").send().await.problem(401, "key_required");
    let reporter = node.key(Role::Reporter, None, &["test:A"]).await;
    node.get("/v1/marks").key(&reporter).send().await.problem(403, "role_not_allowed");
}

#[tokio::test]
async fn marks_want_the_right_key_and_the_right_words() {
    let (node, [one, _]) = start().await;
    node.hospital("C", "33.22", None).await;
    let reporter = node.key(Role::Reporter, None, &["test:A"]).await;
    leave(&node, &reporter, "A", claim("x")).await.problem(403, "role_not_allowed");
    leave(&node, &one, "C", claim("x")).await.problem(403, "outside_scope");
    node.post("/v1/facilities/test:A/marks", &hold()).send().await.problem(401, "key_required");
    node.post("/v1/facilities/test:X/marks", &hold()).key(&one).send().await.problem(404, "unknown_facility");
    let before = node.seq().await;
    for (mark, code, pointer) in [
        (json!({"kind": "hold", "type": "bed.zzz"}), "unknown_type", "/type"),
        (json!({"kind": "hold", "type": "bed.icu", "minutes": 241}), "invalid_field", "/minutes"),
        (json!({"kind": "claim", "minutes": 0}), "invalid_field", "/minutes"),
        (json!({"kind": "claim", "by": "x".repeat(61)}), "invalid_text", "/by"),
        (json!({"kind": "claim", "patient": "Ani"}), "unknown_field", ""),
        (json!({"kind": "promise"}), "invalid_field", "/kind"),
        (json!({"by": "Siti"}), "missing_field", "/kind"),
        (json!({"kind": "claim", "minutes": "ten"}), "invalid_field", "/minutes"),
        (json!({"kind": "claim", "minutes": -1}), "invalid_field", "/minutes"),
        (json!({"kind": "claim", "verdict": "wrong"}), "unknown_field", "/verdict"),
        (json!({"kind": "note"}), "missing_field", "/verdict"),
        (json!({"kind": "note", "verdict": "full"}), "invalid_field", "/verdict"),
    ] {
        let problem = leave(&node, &one, "A", mark.clone()).await.problem(422, code);
        assert!(problem["errors"][0]["pointer"].as_str().unwrap().starts_with(pointer), "{mark}: {problem}");
    }
    let session = json!({"kind": "hold", "type": "vaccination.session"});
    let problem = leave(&node, &one, "A", session).await.problem(422, "unknown_type");
    assert!(
        problem["detail"].as_str().unwrap().contains("holds and notes are for beds and isolation"),
        "{problem}"
    );
    assert_eq!(node.seq().await, before);
    let admin = node.admin().await;
    node.patch("/v1/facilities/test:A", &json!({"closed": true})).key(&admin).send().await.json();
    leave(&node, &one, "A", claim("x")).await.problem(409, "facility_closed");
}

#[tokio::test]
async fn marks_survive_a_restart_and_their_ends_are_cleaned_up() {
    let (node, [one, _]) = start().await;
    leave(&node, &one, "A", claim("Siti")).await.json();
    leave(&node, &one, "A", hold()).await.json();
    let before = found(&node, Some(&one)).await;
    let node = node.restart().await;
    assert_eq!(found(&node, Some(&one)).await, before);
    node.clock.pass(Duration::minutes(15));
    assert_eq!(node.node.database.forget_ended(sedia::clock::Clock::now(&*node.clock)).await.unwrap(), 1);
    let node = node.restart().await;
    let a = &found(&node, Some(&one)).await[1];
    assert_eq!((&a["claim"], a["availability"][0]["holds"].as_array().unwrap().len()), (&Value::Null, 1));
}
