//! Reports by text message.

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Duration;
use hmac::{Hmac, KeyInit, Mac};
use rstest::rstest;
use sedia::{
    clock::Clock,
    domain::key::Role,
    http::{Gateways, HttpConfig},
};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;

use crate::support::{Reply, TestNode};

const PHONE: &str = "+62 812-3456-7890";

/// A node with a hospital whose clerk reports from [`PHONE`], and a key of a gateway.
async fn start() -> (TestNode, String) {
    prepare(TestNode::start().await).await
}

async fn prepare(node: TestNode) -> (TestNode, String) {
    node.hospital("A", "33.74", None).await;
    let admin = node.admin().await;
    let body = json!({"role": "reporter", "facilities": ["test:A"], "phone": PHONE, "name": "IGD RS A"});
    let made = node.post("/v1/keys", &body).key(&admin).send().await.json();
    assert_eq!(made["phone"], "081234567890");
    let gateway = node.key(Role::Bridge, None, &["test:A"]).await;
    (node, gateway)
}

async fn send(node: &TestNode, gateway: &str, from: &str, text: &str, id: Option<&str>) -> Reply {
    let message = json!({"from": from, "text": text, "id": id});
    node.post("/v1/messages", &message).key(gateway).send().await
}

async fn say(node: &TestNode, gateway: &str, text: &str) -> Value {
    send(node, gateway, PHONE, text, None).await.json()
}

async fn reading(node: &TestNode, resource: &str) -> Value {
    let answer = node.get("/v1/facilities/test:A").send().await.json();
    let numbers = answer["availability"].as_array().unwrap();
    numbers.iter().find(|number| number["type"] == resource).cloned().unwrap_or_default()
}

async fn numbers(node: &TestNode, resource: &str) -> [Value; 4] {
    let number = reading(node, resource).await;
    ["capacity", "occupied", "available", "queue"].map(|field| number[field].clone())
}

#[tokio::test]
async fn a_message_is_a_report_and_its_answer_says_what_was_understood() {
    let (node, gateway) = start().await;
    let reply = say(&node, &gateway, "ICU 3/10, KL3 5 antri 2, IGD PENUH").await;
    assert_eq!(reply["outcome"], "stored", "{reply}");
    let text = reply["reply"].as_str().unwrap();
    assert!(
        text.contains("RS A") && text.contains("kosong 3 dari 10 (sebelumnya tidak diketahui)"),
        "{text}"
    );
    assert_eq!(numbers(&node, "bed.icu").await, [json!(10), Value::Null, json!(3), Value::Null]);
    assert_eq!(numbers(&node, "bed.class3").await, [Value::Null, Value::Null, json!(5), json!(2)]);
    assert_eq!(numbers(&node, "bed.er").await[2], 0);
    assert_eq!(reading(&node, "bed.icu").await["source"], "message");
    // The capacity stays, and the numbers before are said.
    node.clock.pass(Duration::minutes(10));
    let reply = say(&node, &gateway, "icu 2").await;
    assert_eq!(reply["understood"][0]["before"]["available"], 3);
    assert!(reply["reply"].as_str().unwrap().contains("(sebelumnya 3)"), "{reply}");
    assert_eq!(numbers(&node, "bed.icu").await[..3], [json!(10), Value::Null, json!(2)]);
    let admin = node.admin().await;
    let seen = node.get("/v1/facilities/test:A").key(&admin).send().await.json();
    assert_eq!(seen["availability"][0]["reporter"], "IGD RS A");
}

#[rstest]
#[case::no_number("selamat pagi", "unreadable", "'selamat pagi'")]
#[case::no_such_type("ICU 3/10, XYZZY 4", "unreadable", "'XYZZY'")]
#[case::empty("ICU kosong", "unreadable", "'ICU'")]
#[case::nothing("", "unreadable", "Belum terbaca")]
#[case::twice("ICU 3/10, icu 4", "unreadable", "dua kali")]
#[case::above("ICU 12/10", "refused", "12")]
#[case::nothing_asked("YA", "unreadable", "YA ICU")]
#[case::help("?", "help", "ICU 3/10, K3 5, IGD PENUH")]
#[tokio::test]
async fn what_is_no_report_is_answered_and_stores_nothing(
    #[case] text: &str,
    #[case] outcome: &str,
    #[case] says: &str,
) {
    let (node, gateway) = start().await;
    let seq = node.seq().await;
    let reply = say(&node, &gateway, text).await;
    assert_eq!(reply["outcome"], outcome, "{reply}");
    assert!(reply["reply"].as_str().unwrap().contains(says), "{reply}");
    assert_eq!(node.seq().await, seq);
}

#[tokio::test]
async fn a_long_message_and_an_unknown_number_store_nothing() {
    let (node, gateway) = start().await;
    let seq = node.seq().await;
    let long = say(&node, &gateway, &"icu 3 ".repeat(10_000 / 6)).await;
    assert_eq!(long["outcome"], "unreadable");
    for from in ["+62 812-0000-0000", "GRAB", ""] {
        let reply = send(&node, &gateway, from, "ICU 3/10", None).await.json();
        assert_eq!((&reply["outcome"], &reply["facility"]), (&json!("unknown_sender"), &Value::Null));
    }
    assert_eq!(node.seq().await, seq);
}

#[tokio::test]
async fn numbers_that_jump_are_asked_back() {
    let (node, gateway) = start().await;
    say(&node, &gateway, "ICU 3/10").await;
    node.clock.pass(Duration::minutes(10));
    let seq = node.seq().await;
    let asked = send(&node, &gateway, PHONE, "ICU 90/100", Some("m1")).await.json();
    assert_eq!(asked["outcome"], "asked_back");
    assert!(asked["reply"].as_str().unwrap().contains("balas YA"), "{asked}");
    assert_eq!((numbers(&node, "bed.icu").await[2].clone(), node.seq().await), (json!(3), seq));
    let yes = send(&node, &gateway, PHONE, "Ya", Some("m2")).await.json();
    assert_eq!(yes["outcome"], "stored", "{yes}");
    assert_eq!(numbers(&node, "bed.icu").await[..3], [json!(100), Value::Null, json!(90)]);
    assert_eq!(reading(&node, "bed.icu").await["jump"], Value::Null);
    // Gateways repeat messages, both of these too.
    let seq = node.seq().await;
    assert_eq!(send(&node, &gateway, PHONE, "Ya", Some("m2")).await.json(), yes);
    assert_eq!(send(&node, &gateway, PHONE, "ICU 90/100", Some("m1")).await.json(), asked);
    assert_eq!(send(&node, &gateway, PHONE, "Ya", Some("m3")).await.json()["outcome"], "unreadable");
    assert_eq!(node.seq().await, seq);
    // With the numbers in the same message it is one step; after half an hour nobody waits any more.
    assert_eq!(say(&node, &gateway, "YA ICU 3/10").await["outcome"], "stored");
    assert_eq!(say(&node, &gateway, "ICU 90/100").await["outcome"], "asked_back");
    node.clock.pass(Duration::minutes(31));
    assert_eq!(say(&node, &gateway, "YA").await["outcome"], "unreadable");
    assert_eq!(numbers(&node, "bed.icu").await[2], 3);
}

#[tokio::test]
async fn a_message_that_comes_again_is_stored_once() {
    let (node, gateway) = start().await;
    let first = send(&node, &gateway, PHONE, "ICU 3/10", Some("m1")).await.json();
    let seq = node.seq().await;
    node.clock.pass(Duration::minutes(5));
    assert_eq!(send(&node, &gateway, PHONE, "ICU 3/10", Some("m1")).await.json(), first);
    assert_eq!(node.seq().await, seq);
    send(&node, &gateway, PHONE, "ICU 4/10", Some("m1")).await.problem(422, "idempotency_key_reused");
    let node = node.restart().await;
    assert_eq!(send(&node, &gateway, PHONE, "ICU 3/10", Some("m1")).await.json(), first);
}

#[tokio::test]
async fn an_older_message_goes_into_the_history() {
    let (node, gateway) = start().await;
    say(&node, &gateway, "ICU 3/10").await;
    let before = node.clock.now() - Duration::hours(1);
    let message = json!({"from": PHONE, "text": "ICU 1/10", "sent_at": before});
    let reply = node.post("/v1/messages", &message).key(&gateway).send().await.json();
    assert!(reply["reply"].as_str().unwrap().contains("riwayat"), "{reply}");
    assert_eq!(numbers(&node, "bed.icu").await[2], 3);
    let later = json!({"from": PHONE, "text": "ICU 1/10", "sent_at": node.clock.now() + Duration::hours(1)});
    node.post("/v1/messages", &later).key(&gateway).send().await.problem(422, "observed_in_future");
}

#[tokio::test]
async fn a_gateway_reports_within_its_own_scope_and_a_number_for_one_facility() {
    let (node, _) = start().await;
    node.hospital("B", "33.22", None).await;
    let other = node.key(Role::Bridge, None, &["test:B"]).await;
    send(&node, &other, PHONE, "ICU 3/10", None).await.problem(403, "outside_scope");
    let message = json!({"from": PHONE, "text": "ICU 3/10"});
    node.post("/v1/messages", &message).send().await.problem(401, "key_required");
    let agent = node.key(Role::Agent, None, &[]).await;
    node.post("/v1/messages", &message).key(&agent).send().await.problem(403, "role_not_allowed");
    let admin = node.admin().await;
    for (role, facility, phone, code) in [
        ("reporter", "test:B", "0812 3456 7890", "invalid_field"),
        ("bridge", "test:B", "0812 0000 0001", "invalid_field"),
        ("reporter", "test:B", "bukan nomor", "invalid_phone"),
    ] {
        let body = json!({"role": role, "facilities": [facility], "phone": phone});
        let problem = node.post("/v1/keys", &body).key(&admin).send().await.problem(422, code);
        assert_eq!(problem["errors"][0]["pointer"], "/phone");
    }
    // A number that no longer reports may report elsewhere.
    let keys = node.get("/v1/keys?limit=200").key(&admin).send().await.json();
    let held = keys["keys"].as_array().unwrap().iter().find(|key| key["phone"].is_string()).unwrap();
    let path = format!("/v1/keys/{}", held["id"].as_str().unwrap());
    node.delete(&path).key(&admin).send().await.json();
    let gone = send(&node, &admin, PHONE, "ICU 3/10", None).await.json();
    assert_eq!(gone["outcome"], "unknown_sender");
    let body = json!({"role": "reporter", "facilities": ["test:B"], "phone": PHONE});
    assert_eq!(node.post("/v1/keys", &body).key(&admin).send().await.status, 201);
    assert_eq!(send(&node, &admin, PHONE, "ICU 3/10", None).await.json()["outcome"], "stored");
}

/// A node that knows the secrets of both gateways.
async fn with_gateways() -> TestNode {
    let gateways = Gateways {
        twilio_auth_token: Some("12345".to_owned()),
        meta_app_secret: Some("geheim".to_owned()),
        meta_verify_token: Some("sedia".to_owned()),
        public_url: Some("https://sedia.example/".to_owned()),
    };
    let config = HttpConfig { gateways, ..HttpConfig::default() };
    prepare(TestNode::start_with(&config).await).await.0
}

fn twilio_signature(token: &str, signed: &str) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
    STANDARD.encode(mac.chain_update(signed.as_bytes()).finalize().into_bytes())
}

#[tokio::test]
async fn a_webhook_of_twilio_is_checked_and_answered_as_twilio_reads_it() {
    let node = with_gateways().await;
    let form = "From=whatsapp%3A%2B6281234567890&Body=ICU+3%2F10&FromZip=&MessageSid=SM1&To=%2B1555";
    let signed =
        "https://sedia.example/v1/messagesBodyICU 3/10Fromwhatsapp:+6281234567890FromZipMessageSidSM1To+1555";
    let post = async |signature: &str| {
        let call = node.call(Method::POST, "/v1/messages").body("application/x-www-form-urlencoded", form);
        call.header("X-Twilio-Signature", signature).send().await
    };
    let seq = node.seq().await;
    for forged in ["", "c2lnbg==", &twilio_signature("54321", signed), &twilio_signature("12345", "other")] {
        post(forged).await.problem(401, "key_invalid");
    }
    assert_eq!(node.seq().await, seq);
    let reply = post(&twilio_signature("12345", signed)).await;
    assert_eq!(reply.header("content-type"), "text/xml; charset=utf-8");
    let text = reply.text();
    assert!(text.starts_with("<?xml") && text.contains("<Response><Message>Tersimpan"), "{text}");
    assert_eq!(numbers(&node, "bed.icu").await[2], 3);
    assert_eq!(post(&twilio_signature("12345", signed)).await.text(), text);
}

#[tokio::test]
async fn a_webhook_of_meta_is_checked_and_may_hold_several_messages() {
    let node = with_gateways().await;
    let message = |id: &str, text: Value| json!({"from": "6281234567890", "id": id, "timestamp": "1625122790", "type": "text", "text": text});
    let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "messages": [message("wamid.1", json!({"body": "ICU 3/10"})), message("wamid.2", Value::Null)],
    }}, {"value": {"statuses": [{"id": "wamid.0", "status": "delivered"}]}}]}]}).to_string();
    let sign = |secret: &str| {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        let bytes = mac.chain_update(body.as_bytes()).finalize().into_bytes();
        let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256={}", hex.concat())
    };
    let post = async |signature: &str| {
        let call = node.call(Method::POST, "/v1/messages").body("application/json", body.clone());
        call.header("X-Hub-Signature-256", signature).send().await
    };
    let seq = node.seq().await;
    for forged in ["", "sha256=", "sha256=00", &sign("secret")] {
        post(forged).await.problem(401, "key_invalid");
    }
    assert_eq!(node.seq().await, seq);
    let replies = post(&sign("geheim")).await.json();
    assert_eq!(
        (&replies["replies"][0]["outcome"], &replies["replies"][1]["outcome"]),
        (&json!("stored"), &json!("unreadable"))
    );
    assert_eq!(reading(&node, "bed.icu").await["observed_at"], "2021-07-01T06:59:50Z");
    let ask = async |token: &str| {
        let path =
            format!("/v1/messages?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444");
        node.get(&path).send().await
    };
    assert_eq!(ask("sedia").await.text(), "1158201444");
    ask("seida").await.problem(401, "key_invalid");
}

#[tokio::test]
async fn a_gateway_whose_secret_the_node_does_not_know_is_refused() {
    let (node, _) = start().await;
    for (header, setting) in
        [("X-Twilio-Signature", "SEDIA_TWILIO_AUTH_TOKEN"), ("X-Hub-Signature-256", "SEDIA_META_APP_SECRET")]
    {
        let call =
            node.call(Method::POST, "/v1/messages").body("application/x-www-form-urlencoded", "From=1");
        let problem = call.header(header, "c2lnbg==").send().await.problem(401, "key_invalid");
        assert!(problem["detail"].as_str().unwrap().contains(setting), "{problem}");
    }
    let path = "/v1/messages?hub.mode=subscribe&hub.verify_token=x&hub.challenge=1";
    node.get(path).send().await.problem(401, "key_invalid");
    let path = "/v1/messages?hub.mode=subscribe&hub.challenge=1";
    node.get(path).send().await.problem(422, "missing_field");
}
