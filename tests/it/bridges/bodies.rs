//! Bodies and headers as programs write them: what is meant for sure is read, and answered as that system answers.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{aplicares, numbers, rsonline, start};
use crate::support::{Reply, TestNode};

fn icu(ruang: &str, jumlah: u32, terpakai: u32) -> Value {
    json!({"id_tt": "6", "ruang": ruang, "jumlah": jumlah, "terpakai": terpakai})
}

/// A row of Aplicares at the path that is built in, in these bytes.
async fn bytes(node: &TestNode, key: &str, body: &'static [u8]) -> Value {
    let call = node.call(Method::POST, "/aplicaresws/rest/bed/update/0112A").body("application/json", body);
    let reply = call.header("X-cons-id", key).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["metadata"].clone()
}

#[rstest]
#[case::a_list(json!([icu("ICU 1", 10, 7)]))]
#[case::a_list_in_a_list(json!([[icu("ICU 1", 10, 7)]]))]
#[case::as_it_is_answered(json!({"fasyankes": [icu("ICU 1", 10, 7)]}))]
#[case::without_a_list(json!({"fasyankes": icu("ICU 1", 10, 7)}))]
#[case::in_capitals(json!({"FASYANKES": [icu("ICU 1", 10, 7)]}))]
#[case::of_another_library(json!({"status": true, "data": [icu("ICU 1", 10, 7)]}))]
#[tokio::test]
async fn a_row_is_found_in_what_is_around_it(#[case] body: Value) {
    let (node, key) = start().await;
    let reply = rsonline(&node, &key, Method::POST, "A", &body).await.json();
    assert_eq!(reply["fasyankes"].as_array().unwrap().len(), 1);
    assert_eq!(reply["fasyankes"][0]["message"], "Berhasil, data telah disimpan");
    assert_eq!(numbers(&node, "A", "bed.icu").await[..3], [json!(10), json!(7), json!(3)]);
}

#[tokio::test]
async fn several_rows_are_stored_together_or_not_at_all() {
    let (node, key) = start().await;
    let send = async |method: Method, rows: Value| rsonline(&node, &key, method, "A", &rows).await;
    let seq = node.seq().await;
    let refused: Reply = send(Method::POST, json!([icu("ICU 1", 10, 7), icu("ICU 2", 2, 7)])).await;
    let problem = refused.problem(422, "above_capacity");
    assert_eq!(problem["errors"][0]["pointer"], "/1/terpakai");
    assert!(problem["detail"].as_str().unwrap().contains('2'), "{problem}");
    // The first row would be stored, but the second names a room that is not there.
    let gone = json!([icu("ICU 1", 10, 7), {"id_t_tt": "77", "jumlah": 1}]);
    send(Method::PUT, gone).await.problem(404, "unknown_room");
    assert_eq!(node.seq().await, seq);
    let rows = json!({"fasyankes": [icu("ICU 1", 10, 7), icu("ICU 2", 5, 1)]});
    let stored = send(Method::POST, rows.clone()).await.json();
    let outcomes = stored["fasyankes"].as_array().unwrap();
    assert!(outcomes.len() == 2 && outcomes.iter().all(|outcome| outcome["status"] == "200"), "{stored}");
    assert_eq!(numbers(&node, "A", "bed.icu").await[..3], [json!(15), json!(8), json!(7)]);
    send(Method::DELETE, rows).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[..3], [Value::Null, Value::Null, Value::Null]);
    send(Method::POST, json!([])).await.problem(400, "invalid_body");
    send(Method::POST, json!([icu("ICU", 1, 0), 7])).await.problem(422, "invalid_field");
    let many: Vec<Value> = (0..201).map(|number| icu(&number.to_string(), 1, 0)).collect();
    send(Method::POST, many.into()).await.problem(422, "too_many_rooms");
}

#[tokio::test]
async fn aplicares_answers_a_list_once() {
    let (node, key) = start().await;
    let row = |class: &str, room: &str| json!({"kodekelas": class, "koderuang": room, "kapasitas": "10", "tersedia": "4"});
    let reply =
        aplicares(&node, &key, "create", "A", &json!([row("KL3", "B1"), row("UTM", "B2")])).await.json();
    assert_eq!(reply["metadata"]["message"], "Data berhasil disimpan.");
    assert!(reply["metadata"]["keterangan"].as_str().unwrap().contains("belum dipetakan"), "{reply}");
    let read = node.get("/aplicaresws/rest/bed/read/0112A").header("X-cons-id", &key).send().await.json();
    let back = aplicares(&node, &key, "update", "A", &read).await.json();
    assert_eq!(back["metadata"]["code"], 1);
    assert_eq!(numbers(&node, "A", "bed.class3").await[..3], [json!(10), Value::Null, json!(4)]);
}

#[rstest]
#[case::in_capitals(br#"{"KODEKELAS":"KL3","KODERUANG":"B1","KAPASITAS":"20","TERSEDIA":"8"}"#)]
#[case::in_both(br#"{"KodeKelas":"kl3","KodeRuang":"B1","Kapasitas":20,"kapasitas":20,"Tersedia":8}"#)]
#[case::of_an_old_windows(b"{\"kodekelas\":\"KL3\",\"koderuang\":\"B1\",\"namaruang\":\"Ruang \xc9toile \x96 2\",\"kapasitas\":20,\"tersedia\":8}")]
#[case::a_form_in_capitals(b"KODEKELAS=KL3&KODERUANG=B1&KAPASITAS=20&TERSEDIA=8")]
#[tokio::test]
async fn names_and_letters_are_read_in_any_form(#[case] body: &'static [u8]) {
    let (node, key) = start().await;
    assert_eq!(bytes(&node, &key, body).await, json!({"code": 1, "message": "Data berhasil diupdate."}));
    assert_eq!(numbers(&node, "A", "bed.class3").await[..3], [json!(20), Value::Null, json!(8)]);
    let read = node.get("/aplicaresws/rest/bed/read/0112A").header("X-cons-id", &key).send().await.json();
    let name = read["response"]["list"][0]["namaruang"].as_str().unwrap().to_owned();
    assert!(["B1", "KL3/B1", "Ruang Étoile – 2"].contains(&&*name), "{name}");
}

#[tokio::test]
async fn one_field_with_two_values_is_refused() {
    let (node, key) = start().await;
    let twice =
        bytes(&node, &key, br#"{"kodekelas":"KL3","koderuang":"B1","tersedia":"8","TERSEDIA":"9"}"#).await;
    assert_eq!(twice["code"], 0);
    assert!(twice["message"].as_str().unwrap().contains("TERSEDIA"), "{twice}");
}

/// Who maps a code, and who sends it, may write it in any letter case.
#[tokio::test]
async fn a_class_is_known_in_any_letter_case() {
    let (node, key) = start().await;
    let admin = node.admin().await;
    aplicares(
        &node,
        &key,
        "create",
        "A",
        &json!({"kodekelas": "IsoX", "koderuang": "B1", "kapasitas": 5, "tersedia": 2}),
    )
    .await
    .json();
    let codes = json!({"external_codes": ["aplicares:isoX"]});
    let mapped = node.patch("/v1/types/bed.isolation", &codes).key(&admin).send().await;
    assert!(mapped.status.is_success(), "{}", mapped.text());
    assert_eq!(numbers(&node, "A", "bed.isolation").await[..3], [json!(5), Value::Null, json!(2)]);
    let taken = node
        .patch("/v1/types/bed.icu", &json!({"external_codes": ["aplicares:ISOX"]}))
        .key(&admin)
        .send()
        .await;
    taken.problem(422, "invalid_field");
}

/// JavaScript and Java count in milliseconds, Python has decimals.
#[rstest]
#[case(1_625_122_800_i64 - 60, "1625122740")]
#[case(1_625_122_740, "1625122740000")]
#[case(1_625_122_740, "1625122740.25")]
#[tokio::test]
async fn a_time_is_read_in_milliseconds_too(#[case] expected: i64, #[case] sent: &str) {
    let (node, key) = start().await;
    let call = node.post("/bridge/rsonline/Fasyankes", &icu("ICU", 10, 4)).header("X-Timestamp", sent);
    call.header("X-rs-id", "33A").header("X-pass", &key).send().await.json();
    let at = super::reading(&node, "A", "bed.icu").await["observed_at"].clone();
    let at: chrono::DateTime<chrono::Utc> = at.as_str().unwrap().parse().unwrap();
    assert_eq!(at.timestamp(), expected);
}
