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
    assert!(reply["reply"].as_str().unwrap().contains("Kelas III kosong 5 antri 2"), "{reply}");
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

/// Who is in a bed is not free, however that is said.
#[rstest]
#[case("ICU pasien 7", [Value::Null, json!(7), Value::Null])]
#[case("ICU pakai 7/10", [json!(10), json!(7), Value::Null])]
#[case("ICU terisi 7", [Value::Null, json!(7), Value::Null])]
#[case("ICU terpakai 7 dari 10", [json!(10), json!(7), Value::Null])]
#[case("ICU 7 isi 3 kosong", [Value::Null, json!(7), json!(3)])]
#[case("ICU occupied 7, HCU used 2", [Value::Null, json!(7), Value::Null])]
#[case("Total ICU 10, terisi 7, sisa 3", [json!(10), json!(7), json!(3)])]
#[tokio::test]
async fn those_in_use_are_not_free(#[case] text: &str, #[case] expected: [Value; 3]) {
    let (node, gateway) = start().await;
    let reply = say(&node, &gateway, text).await;
    assert_eq!(reply["outcome"], "stored", "{reply}");
    assert!(reply["reply"].as_str().unwrap().contains("terpakai 7"), "{reply}");
    assert_eq!(reply["understood"][0]["occupied"], 7);
    assert_eq!(numbers(&node, "bed.icu").await[..3], expected);
    if expected[2].is_null() {
        assert!(reply["reply"].as_str().unwrap().contains("yang kosong tidak disebut"), "{reply}");
    }
}

#[rstest]
#[case::no_number("selamat pagi", "unreadable", "'selamat pagi'")]
#[case::no_such_type("ICU 3/10, XYZZY 4", "unreadable", "'XYZZY'")]
#[case::empty("ICU kosong", "unreadable", "'ICU kosong'")]
#[case::no_type("3 5", "unreadable", "'3 5'")]
#[case::two_numbers_behind_a_type("ICU 3 10", "unreadable", "'ICU 3'")]
#[case::not_full("ICU tidak penuh", "unreadable", "'ICU tidak penuh'")]
#[case::what_is_ten("ICU 10 terisi 7", "unreadable", "'ICU 10 terisi 7'")]
#[case::in_use_above("ICU terisi 12 dari 10", "refused", "12")]
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

/// A picture or a voice comes without text.
#[tokio::test]
async fn a_message_without_text_is_told_what_can_be_read() {
    let (node, gateway) = start().await;
    for text in ["", " \n "] {
        let reply = say(&node, &gateway, text).await;
        assert_eq!(reply["outcome"], "unreadable");
        let said = reply["reply"].as_str().unwrap();
        assert!(said.contains("hanya teks") && said.contains("ICU 3/10") && !said.contains(": ."), "{said}");
    }
}

/// Labels have commas, brackets and words of meaning in them: the form has a name that can be sent back.
#[rstest]
#[case("id", "Tercatat: ")]
#[case("en", "Known: ")]
#[tokio::test]
async fn what_the_form_shows_is_understood_when_it_comes_back(#[case] language: &str, #[case] mark: &str) {
    let (node, gateway) = start().await;
    let types = node.get("/v1/types").send().await.json();
    let types = types["types"].as_array().unwrap().iter().filter(|one| one["kind"] != "vaccination");
    let types: Vec<&str> = types.map(|one| one["code"].as_str().unwrap()).collect();
    for chunk in types.chunks(15) {
        let values: serde_json::Map<String, Value> =
            chunk.iter().map(|code| ((*code).to_owned(), json!({"capacity": 20, "available": 7}))).collect();
        node.report("test:A", values.into()).await;
    }
    let send = async |text: &str| {
        let message = json!({"from": PHONE, "text": text});
        node.post("/v1/messages", &message).key(&gateway).language(language).send().await.json()
    };
    let form = send("?").await["reply"].as_str().unwrap().to_owned();
    let (_, known) = form.split_once(mark).unwrap();
    let known: Vec<&str> = known.trim_end_matches('.').split(", ").collect();
    assert_eq!(known.len(), types.len(), "{known:?}");
    let mut understood = Vec::new();
    for part in known.chunks(30) {
        let filled = part.join(", ").replace("7/20", "6/20");
        let reply = send(&filled).await;
        assert_eq!(reply["outcome"], "stored", "{reply}");
        let items = reply["understood"].as_array().unwrap().clone();
        understood.extend(items.iter().map(|item| {
            assert_eq!((&item["available"], &item["capacity"]), (&json!(6), &json!(20)), "{item}");
            item["type"].as_str().unwrap().to_owned()
        }));
    }
    understood.sort();
    let mut types: Vec<String> = types.into_iter().map(str::to_owned).collect();
    types.sort();
    assert_eq!(understood, types);
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

/// The numbers were true when they were written, however late somebody confirms them.
#[tokio::test]
async fn confirmed_numbers_are_as_of_the_message_that_was_asked_back() {
    let (node, gateway) = start().await;
    say(&node, &gateway, "ICU 3/10, HCU 3/10").await;
    node.clock.pass(Duration::minutes(10));
    let asked_at = node.clock.now();
    assert_eq!(say(&node, &gateway, "ICU 90/100").await["outcome"], "asked_back");
    node.clock.pass(Duration::minutes(29));
    assert_eq!(say(&node, &gateway, "YA").await["outcome"], "stored");
    assert_eq!(reading(&node, "bed.icu").await["observed_at"], json!(asked_at));
    // A gateway that says when it was written is believed.
    let written_at = node.clock.now() - Duration::minutes(5);
    let jump = json!({"from": PHONE, "text": "HCU 90/100", "sent_at": written_at});
    let asked = node.post("/v1/messages", &jump).key(&gateway).send().await.json();
    assert_eq!(asked["outcome"], "asked_back");
    node.clock.pass(Duration::minutes(5));
    node.report("test:A", json!({"bed.hcu": {"capacity": 10, "available": 2}})).await;
    node.clock.pass(Duration::minutes(5));
    let yes = say(&node, &gateway, "YA").await;
    assert!(yes["reply"].as_str().unwrap().contains("riwayat"), "{yes}");
    assert_eq!(numbers(&node, "bed.hcu").await[2], 2);
}

#[tokio::test]
async fn a_yes_that_comes_again_answers_no_other_question() {
    let (node, gateway) = start().await;
    say(&node, &gateway, "ICU 3/10, HCU 3/10").await;
    node.clock.pass(Duration::minutes(5));
    let early = send(&node, &gateway, PHONE, "YA", Some("y0")).await.json();
    assert_eq!(early["outcome"], "unreadable");
    say(&node, &gateway, "ICU 90/100").await;
    let yes = send(&node, &gateway, PHONE, "YA", Some("y1")).await.json();
    assert_eq!(yes["outcome"], "stored");
    node.clock.pass(Duration::minutes(5));
    assert_eq!(say(&node, &gateway, "HCU 90/100").await["outcome"], "asked_back");
    let seq = node.seq().await;
    // Both were answered before this question was asked.
    assert_eq!(send(&node, &gateway, PHONE, "YA", Some("y1")).await.json(), yes);
    assert_eq!(send(&node, &gateway, PHONE, "YA", Some("y0")).await.json(), early);
    let before = json!({"from": PHONE, "text": "YA", "sent_at": node.clock.now() - Duration::minutes(4)});
    let reply = node.post("/v1/messages", &before).key(&gateway).send().await.json();
    assert_eq!((&reply["outcome"], node.seq().await), (&json!("unreadable"), seq));
    // And the question still waits.
    assert_eq!(send(&node, &gateway, PHONE, "YA", Some("y2")).await.json()["outcome"], "stored");
    assert_eq!(numbers(&node, "bed.hcu").await[..3], [json!(100), Value::Null, json!(90)]);
    // The answer to a YA is known after a restart, too.
    let node = node.restart().await;
    assert_eq!(send(&node, &gateway, PHONE, "YA", Some("y1")).await.json(), yes);
    assert_eq!(send(&node, &gateway, PHONE, "YA", Some("y3")).await.json()["outcome"], "unreadable");
}

/// An id may be empty, which is none, or as long as a body.
#[tokio::test]
async fn messages_are_told_apart_by_any_id() {
    let (node, gateway) = start().await;
    for (text, free) in [("ICU 3/10", 3), ("ICU 4/10", 4)] {
        for id in ["", " "] {
            node.clock.pass(Duration::minutes(1));
            assert_eq!(send(&node, &gateway, PHONE, text, Some(id)).await.json()["outcome"], "stored");
            assert_eq!(numbers(&node, "bed.icu").await[2], free);
        }
    }
    let long = "m".repeat(60_000);
    let first = send(&node, &gateway, PHONE, "ICU 90/100", Some(&long)).await.json();
    assert_eq!(first["outcome"], "asked_back");
    assert_eq!(send(&node, &gateway, PHONE, "ICU 90/100", Some(&long)).await.json(), first);
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
    let message = json!({"from": PHONE, "text": "ICU 3/10"});
    node.post("/v1/messages", &message).send().await.problem(401, "key_required");
    // Whose number reports is told neither to a clerk of another hospital nor to a gateway of another region.
    for (role, region, facilities) in [
        (Role::Agent, None, &[][..]),
        (Role::Reporter, None, &["test:A"]),
        (Role::Reporter, None, &["test:B"]),
    ] {
        let key = node.key(role, region, facilities).await;
        node.post("/v1/messages", &message).key(&key).send().await.problem(403, "role_not_allowed");
    }
    let admin = node.admin().await;
    let made = node.post("/v1/links", &json!({"facility": "test:A"})).key(&admin).send().await.json();
    let link = made["token"].as_str().unwrap().to_owned();
    node.post("/v1/messages", &message).key(&link).send().await.problem(403, "role_not_allowed");
    for (role, region, facilities) in
        [(Role::Bridge, None, &["test:B"][..]), (Role::Coordinator, Some("33.22"), &[])]
    {
        let key = node.key(role, region, facilities).await;
        let unknown = send(&node, &key, "+62 812-0000-0000", "ICU 3/10", None).await.json();
        assert_eq!(unknown["outcome"], "unknown_sender");
        for text in ["ICU 3/10", "?", "YA", "ICU 12/10"] {
            assert_eq!(send(&node, &key, PHONE, text, None).await.json(), unknown);
        }
    }
    assert_eq!(numbers(&node, "bed.icu").await[2], Value::Null);
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
    with_gateways_at(Some("https://sedia.example")).await
}

async fn with_gateways_at(public_url: Option<&str>) -> TestNode {
    let gateways = Gateways {
        twilio_auth_token: Some("12345".to_owned()),
        meta_app_secret: Some("geheim".to_owned()),
        meta_verify_token: Some("sedia".to_owned()),
        public_url: public_url.map(str::to_owned),
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

/// Other gateways send the form of Twilio, too, with a key in the place of a signature. What is JSON is read so, because curl
/// calls it a form.
#[tokio::test]
async fn a_form_with_a_key_is_a_message() {
    let node = with_gateways().await;
    let key = node.admin().await;
    let form = "application/x-www-form-urlencoded";
    let post = async |body: &'static str| {
        node.call(Method::POST, "/v1/messages").key(&key).body(form, body).send().await
    };
    let told = post("From=%2B6281234567890&Body=ICU+3%2F10&MessageSid=SM1").await.json();
    assert_eq!(told["outcome"], "stored", "{told}");
    assert_eq!(numbers(&node, "bed.icu").await[2], 3);
    let json = post(r#"{"from": "+6281234567890", "text": "?"}"#).await.json();
    assert_eq!(json["outcome"], "help", "{json}");
    for (body, missing) in [("", "From"), ("Body=ICU+3", "From"), ("From=0812", "Body")] {
        let refused = post(body).await.problem(422, "missing_field");
        assert_eq!(refused["errors"][0]["pointer"], missing, "{refused}");
    }
}

fn meta_signature(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let bytes = mac.chain_update(body.as_bytes()).finalize().into_bytes();
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={}", hex.concat())
}

/// Twilio signs the address as it was told it, whatever slashes are in it; without a public one it is the `Host` that counts.
#[rstest]
#[case::a_slash_at_the_end(Some("https://sedia.example"), "/v1/messages/")]
#[case::two_slashes(Some("https://sedia.example"), "//v1/messages")]
#[case::without_a_public_address(None, "/v1/messages?gateway=twilio")]
#[case::slashes_without_one(None, "/v1//messages/")]
#[tokio::test]
async fn a_webhook_of_twilio_is_checked_by_the_address_that_it_was_sent_to(
    #[case] public_url: Option<&str>,
    #[case] path: &str,
) {
    let node = with_gateways_at(public_url).await;
    let signed = format!("https://sedia.example{path}BodyICU 3/10From+6281234567890MessageSidSM1");
    let form = "From=%2B6281234567890&Body=ICU+3%2F10&MessageSid=SM1";
    let call = node.call(Method::POST, path).body("application/x-www-form-urlencoded", form);
    let call = call
        .header("Host", "sedia.example")
        .header("X-Twilio-Signature", &twilio_signature("12345", &signed));
    let text = call.send().await.text();
    assert!(text.contains("<Response><Message>Tersimpan"), "{text}");
}

/// Each message of a batch counts for itself, and the gateway is told that all arrived: it would send them all again.
#[tokio::test]
async fn a_message_that_is_refused_does_not_keep_its_neighbours_out() {
    let node = with_gateways().await;
    let from = "6281234567890";
    let text = |id: &str, text: &str| json!({"from": from, "id": id, "timestamp": "1625122790", "text": {"body": text}});
    let post = async |messages: Value| {
        let value = json!({"messages": messages});
        let body = json!({"entry": [{"changes": [{"value": value}, {"value": null}, 7]}, {"changes": null}]})
            .to_string();
        let signature = meta_signature("geheim", &body);
        let call = node.call(Method::POST, "/v1/messages").body("application/json", body);
        let reply = call.header("X-Hub-Signature-256", &signature).send().await.json();
        let outcomes = reply["replies"].as_array().unwrap().iter();
        outcomes.map(|reply| reply["outcome"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(post(json!([text("w1", "ICU 3/10")])).await, ["stored"]);
    let batch = json!([
        text("w1", "ICU 9/10"), // another text under a known id
        text("w2", "HCU 12/10"),
        {"id": "w3", "type": "system"},
        {"from": from, "id": 4, "timestamp": 1_625_122_790, "text": {"body": ["VIP 1"]}},
        {"from": from, "id": "w5", "timestamp": "gestern", "type": "button", "button": {"text": "VIP 2/4"}},
        text("w6", "K3 5"),
    ]);
    let outcomes = post(batch).await;
    assert_eq!(outcomes, ["refused", "refused", "unknown_sender", "unreadable", "stored", "stored"]);
    assert_eq!(numbers(&node, "bed.icu").await[2], 3);
    assert_eq!(numbers(&node, "bed.vip").await[2], 2);
    assert_eq!(numbers(&node, "bed.class3").await[2], 5);
}

/// A header alone is no right: nothing of what follows is read before the signature can be one, and it is read as from
/// anybody until it was checked.
#[rstest]
#[case("X-Twilio-Signature", "x")]
#[case("X-Twilio-Signature", "")]
#[case("X-Hub-Signature-256", "sha256=00")]
#[case("X-Hub-Signature-256", "00")]
#[tokio::test]
async fn a_header_that_is_no_signature_is_refused_before_the_body_is_read(
    #[case] header: &str,
    #[case] value: &str,
) {
    let node = with_gateways().await;
    let body = "From=%2B6281234567890&Body=".to_owned() + &"x".repeat(1 << 20);
    let call = node.call(Method::POST, "/v1/messages").body("application/x-www-form-urlencoded", body);
    call.header(header, value).send().await.problem(401, "key_invalid");
}

#[tokio::test]
async fn a_webhook_of_meta_is_checked_and_may_hold_several_messages() {
    let node = with_gateways().await;
    let message = |id: &str, text: Value| json!({"from": "6281234567890", "id": id, "timestamp": "1625122790", "type": "text", "text": text});
    let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "messages": [message("wamid.1", json!({"body": "ICU 3/10"})), message("wamid.2", Value::Null)],
    }}, {"value": {"statuses": [{"id": "wamid.0", "status": "delivered"}]}}]}]}).to_string();
    let sign = |secret: &str| meta_signature(secret, &body);
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
