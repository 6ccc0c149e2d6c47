//! Aplicares as its programs know it, and what they sign.

use axum::http::Method;
use chrono::Duration;
use hmac::{Hmac, KeyInit, Mac};
use rstest::rstest;
use sedia::clock::Clock;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{aplicares, numbers, rooms::bed, start};
use crate::support::{Call, Reply, TestNode};

#[tokio::test]
async fn the_messages_are_those_that_programs_compare() {
    let (node, key) = start().await;
    let ward = bed("KL3", "B1", "20", "8");
    for prefix in ["/bridge/aplicares", "/bridge/aplicares/aplicaresws", "/aplicaresws"] {
        for (action, message) in [
            ("create", "Data berhasil disimpan."),
            ("update", "Data berhasil diupdate."),
            ("delete", "Data berhasil dihapus."),
        ] {
            let call = node.post(&format!("{prefix}/rest/bed/{action}/0112A"), &ward);
            let reply = call.header("X-cons-id", &key).send().await.json();
            assert_eq!(reply, json!({"metadata": {"code": 1, "message": message}}));
        }
    }
    // What else there is to know stands beside the message.
    let unmapped = aplicares(&node, &key, "create", "A", &bed("UTM", "B2", "20", "8")).await.json();
    assert_eq!(unmapped["metadata"]["message"], "Data berhasil disimpan.");
    assert!(unmapped["metadata"]["keterangan"].as_str().unwrap().contains("belum dipetakan"));
}

#[tokio::test]
async fn programs_read_their_rooms_and_the_classes() {
    let (node, key) = start().await;
    for (class, room, free) in [("KL1", "B1", "2"), ("KL3", "B1", "8"), ("KL3", "B2", "")] {
        aplicares(&node, &key, "create", "A", &bed(class, room, "20", free)).await.json();
    }
    let read = async |page: &str| {
        let path = format!("/bridge/aplicares/aplicaresws/rest/bed/read/0112A{page}");
        node.get(&path).header("X-cons-id", &key).send().await
    };
    let all = read("/1/100").await.json();
    assert_eq!(all["metadata"], json!({"code": 1, "message": "OK", "totalitems": 3}));
    assert_eq!(
        all["response"]["list"][1],
        json!({
            "rownumber": 2, "kodekelas": "KL3", "namakelas": "Kelas III", "koderuang": "B1", "namaruang": "Ruang B1",
            "kapasitas": 20, "tersedia": 8, "tersediapria": 0, "tersediawanita": 0, "tersediapriawanita": 8,
            "lastupdate": "2021-07-01 14:00:00", "kodeppk": "0112A",
        })
    );
    assert_eq!(all["response"]["list"][2]["tersedia"], Value::Null);
    assert_eq!(read("").await.json(), all);
    let page = read("/3/1").await.json();
    assert_eq!(
        (&page["response"]["list"][0]["rownumber"], &page["metadata"]["totalitems"]),
        (&json!(3), &json!(3))
    );
    let path = "/bridge/aplicares/rest/bed/read/0112A/1/100";
    assert_eq!(node.get(path).header("X-cons-id", &key).send().await.json(), all);
    read("/x/1").await.problem(400, "invalid_parameter");
    let classes = node.get("/bridge/aplicares/rest/ref/kelas").header("X-cons-id", &key).send().await.json();
    let list = classes["response"]["list"].as_array().unwrap();
    assert!(list.contains(&json!({"kodekelas": "KL3", "namakelas": "Kelas III"})), "{classes}");
    assert_eq!(classes["metadata"]["totalitems"], list.len());
}

#[rstest]
#[case::form(
    "application/x-www-form-urlencoded",
    "kodekelas=KL3&koderuang=B1&namaruang=Mawar+Merah&kapasitas=20&tersedia=8"
)]
#[case::json_that_calls_itself_a_form(
    "application/x-www-form-urlencoded",
    r#" {"kodekelas":"KL3","koderuang":"B1","kapasitas":"20","tersedia":"8.0"}"#
)]
#[case::with_a_byte_order_mark(
    "application/json",
    "\u{feff}{\"kodekelas\":\"kl3\",\"koderuang\":\"B1\",\"kapasitas\":20,\"tersedia\":8}"
)]
#[tokio::test]
async fn bodies_are_read_as_they_come(#[case] media_type: &str, #[case] body: &'static str) {
    let (node, key) = start().await;
    let call = node.call(Method::POST, "/bridge/aplicares/rest/bed/update/0112A").body(media_type, body);
    call.header("X-cons-id", &key).send().await.json();
    assert_eq!(numbers(&node, "A", "bed.class3").await[..3], [json!(20), Value::Null, json!(8)]);
}

fn signature(secret: &str, text: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    STANDARD.encode(mac.chain_update(text.as_bytes()).finalize().into_bytes())
}

/// The consumer secret of hospital A, whose consumer id is 12345.
async fn consumer(node: &TestNode, facility: &str) -> (String, String) {
    let admin = node.admin().await;
    let body = json!({"role": "bridge", "facilities": [facility], "consumer": "12345"});
    let made = node.post("/v1/keys", &body).key(&admin).send().await.json();
    assert_eq!(made["consumer"], "12345");
    (made["key"].as_str().unwrap().to_owned(), made["id"].as_str().unwrap().to_owned())
}

/// A request as the public programs sign it, so many seconds from now.
fn signed<'a>(node: &'a TestNode, secret: &str, seconds: i64) -> Call<'a> {
    let at = (node.clock.now() + Duration::seconds(seconds)).timestamp().to_string();
    let call = node.post("/aplicaresws/rest/bed/update/0112A", &bed("KL3", "B1", "20", "8"));
    let call = call.header("X-cons-id", "12345").header("X-timestamp", &at).header("user_key", "0123456789");
    call.header("X-signature", &signature(secret, &format!("12345&{at}")))
}

#[rstest]
#[case::now(0)]
#[case::slow_clock(-300)]
#[case::fast_clock(300)]
#[tokio::test]
async fn a_program_that_signs_is_let_in(#[case] seconds: i64) {
    let (node, _) = start().await;
    let (secret, id) = consumer(&node, "test:A").await;
    consumer(&node, "test:B").await; // another hospital took the same consumer id
    let reply = signed(&node, &secret, seconds).send().await.json();
    assert_eq!(reply, json!({"metadata": {"code": 1, "message": "Data berhasil diupdate."}}));
    assert_eq!(numbers(&node, "A", "bed.class3").await[2], 8);
    // The key does as well without a signature, and a revoked one with it does not.
    let path = "/aplicaresws/rest/bed/read/0112A/1/1";
    assert_eq!(node.get(path).header("X-cons-id", &secret).send().await.json()["metadata"]["code"], 1);
    let admin = node.admin().await;
    assert!(node.delete(&format!("/v1/keys/{id}")).key(&admin).send().await.status.is_success());
    let refused = signed(&node, &secret, seconds).send().await.json();
    assert_eq!(refused["metadata"]["code"], 0);
}

#[tokio::test]
async fn what_is_not_signed_as_it_should_be_is_refused() {
    let (node, key) = start().await;
    let (secret, _) = consumer(&node, "test:A").await;
    let seq = node.seq().await;
    let path = "/bridge/aplicares/rest/bed/update/0112A";
    let now = node.clock.now().timestamp().to_string();
    let send = async |consumer: &str, at: &str, signature: Option<&str>| -> Reply {
        let call = node.post(path, &bed("KL3", "B1", "20", "8")).header("X-cons-id", consumer);
        let call = call.header("X-timestamp", at);
        match signature {
            Some(signature) => call.header("X-signature", signature).send().await,
            None => call.send().await,
        }
    };
    let of = |secret: &str, at: &str| signature(secret, &format!("12345&{at}"));
    let refused = |reply: Reply, code: &str, pointer: &str| {
        let problem = reply.problem(401, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer);
        assert_eq!(problem["metadata"], json!({"code": 0, "message": problem["detail"]}));
    };
    refused(send("12345", &now, None).await, "key_invalid", "X-signature");
    refused(send("12345", &now, Some(&of(&key, &now))).await, "key_invalid", "X-signature");
    refused(send("12345", &now, Some("c2lnbg==")).await, "key_invalid", "X-signature");
    refused(send("12345", &now, Some("%%%")).await, "key_invalid", "X-signature");
    refused(send("54321", &now, Some(&of(&secret, &now))).await, "key_invalid", "X-signature");
    for seconds in [-301, 301] {
        let at = (node.clock.now() + Duration::seconds(seconds)).timestamp().to_string();
        refused(send("12345", &at, Some(&of(&secret, &at))).await, "key_invalid", "X-timestamp");
    }
    refused(send("12345", "kemarin", Some(&of(&secret, "kemarin"))).await, "key_invalid", "X-timestamp");
    assert_eq!(node.seq().await, seq);
    // In milliseconds it is as much a time.
    let at = node.clock.now().timestamp_millis().to_string();
    assert_eq!(send("12345", &at, Some(&of(&secret, &at))).await.json()["metadata"]["code"], 1);
    let seq = node.seq().await;
    // A signature is for the hospitals of its key.
    let call = node.post("/aplicaresws/rest/bed/update/0112B", &bed("KL3", "B1", "20", "8"));
    let call = call.header("X-cons-id", "12345").header("X-timestamp", &now);
    let reply = call.header("X-signature", &of(&secret, &now)).send().await.json();
    assert_eq!(reply["metadata"]["code"], 0);
    assert_eq!(node.seq().await, seq);
    // Without its padding it is the same, and as a part of an address.
    let signed = of(&secret, &now);
    let encoded = signed.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    for signature in [signed.trim_end_matches('='), &encoded] {
        assert_eq!(send("12345", &now, Some(signature)).await.json()["metadata"]["code"], 1);
    }
}

#[tokio::test]
async fn at_the_path_that_is_built_in_a_refusal_comes_with_status_200() {
    let (node, key) = start().await;
    let send = async |action: &str, key: &str, row: &Value| {
        let call = node.post(&format!("/aplicaresws/rest/bed/{action}/0112A"), row);
        let reply = call.header("X-cons-id", key).send().await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["metadata"].clone()
    };
    let gone = send("delete", &key, &json!({"kodekelas": "KL3", "koderuang": "B9"})).await;
    assert_eq!((&gone["code"], &gone["message"]), (&json!(0), &json!("Data tidak ada di database.")));
    assert_eq!(send("update", &key, &bed("KL3", "B1", "2", "8")).await["code"], 0);
    assert_eq!(send("update", "sedia_x", &bed("KL3", "B1", "20", "8")).await["code"], 0);
    assert_eq!(send("erase", &key, &bed("KL3", "B1", "20", "8")).await["code"], 0);
    let reply = node.get("/aplicaresws/rest/antrean").header("X-cons-id", &key).send().await.json();
    assert!(reply["metadata"]["message"].as_str().unwrap().contains("rest/antrean"), "{reply}");
}

#[rstest]
#[case::of_a_reporter(json!({"role": "reporter", "facilities": ["test:A"], "consumer": "12345"}))]
#[case::with_a_space(json!({"role": "bridge", "facilities": ["test:A"], "consumer": "12 345"}))]
#[case::that_cannot_be_told_from_the_time(json!({"role": "bridge", "facilities": ["test:A"], "consumer": "12&345"}))]
#[case::empty(json!({"role": "bridge", "facilities": ["test:A"], "consumer": ""}))]
#[tokio::test]
async fn only_a_bridge_has_a_consumer_id(#[case] body: Value) {
    let (node, _) = start().await;
    let admin = node.admin().await;
    let problem = node.post("/v1/keys", &body).key(&admin).send().await.problem(422, "invalid_field");
    assert_eq!(problem["errors"][0]["pointer"], "/consumer");
}
