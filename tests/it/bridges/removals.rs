//! Rooms that come and go: by the time of their rows, and as the room that was meant.

use axum::http::Method;
use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use rstest::rstest;
use sedia::clock::Clock;
use serde_json::{Value, json};

use super::{aplicares, numbers, rooms::row, rsonline, start};
use crate::support::TestNode;

/// What RS Online says to a row that was sent so many minutes after `begin`.
async fn said(
    node: &TestNode,
    key: &str,
    begin: DateTime<Utc>,
    method: Method,
    body: &Value,
    minute: i64,
) -> String {
    let at = (begin + Duration::minutes(minute)).timestamp().to_string();
    let call = node.call(method, "/bridge/rsonline/Fasyankes").json(body).header("X-Timestamp", &at);
    let reply = call.header("X-rs-id", "33A").header("X-pass", key).send().await.json();
    reply["fasyankes"][0]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn rows_and_removals_count_by_their_time_whatever_order_they_arrive_in() {
    let (node, key) = start().await;
    let begin = node.clock.now();
    node.clock.pass(Duration::hours(1));
    let send = async |method: Method, body: Value, minute: i64| {
        said(&node, &key, begin, method, &body, minute).await.contains("riwayat")
    };
    let icu = |free: &str| row("6", "1", ["10", "7", free, "0"]);
    let gone = json!({"id_t_tt": "1"});
    assert!(!send(Method::POST, icu("3"), 10).await);
    // It was counted after whoever removed it had looked.
    assert!(send(Method::DELETE, gone.clone(), 5).await);
    assert_eq!(numbers(&node, "A", "bed.icu").await[2], 3);
    assert!(!send(Method::DELETE, gone.clone(), 20).await);
    assert_eq!(numbers(&node, "A", "bed.icu").await, [const { Value::Null }; 4]);
    // A row that waited somewhere does not bring it back, also not after a restart.
    assert!(send(Method::PUT, icu("2"), 15).await);
    assert_eq!(numbers(&node, "A", "bed.icu").await, [const { Value::Null }; 4]);
    // Nor does one that leaves out what is in the room, as programs may.
    let partial = json!({"id_t_tt": "1", "jumlah": "10", "terpakai": "7", "kosong": "3"});
    assert!(send(Method::PUT, partial.clone(), 16).await);
    let node = node.restart().await;
    rsonline(&node, &key, Method::DELETE, "A", &gone).await.problem(404, "unknown_room");
    let list = rsonline(&node, &key, Method::GET, "A", &Value::Null).await.json();
    assert_eq!(list["fasyankes"], json!([]));
    rsonline(&node, &key, Method::PUT, "A", &partial).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[2], 3);
}

/// A hospital that numbers its rooms anew every night must not fill the memory, nor be locked out.
#[tokio::test]
async fn a_hospital_has_a_thousand_rooms_at_most_and_removed_ones_make_space() {
    let (node, key) = start().await;
    let post = async |id: usize| {
        rsonline(&node, &key, Method::POST, "A", &row("6", &id.to_string(), ["1", "1", "0", "0"])).await
    };
    for tens in 0..10 {
        join_all((0..100).map(|id| post(tens * 100 + id + 1)))
            .await
            .iter()
            .for_each(|reply| drop(reply.json()));
    }
    post(1_001).await.problem(422, "too_many_rooms");
    rsonline(&node, &key, Method::DELETE, "A", &json!({"id_t_tt": "2"})).await.json();
    post(1_001).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], 1_000);
    post(1_002).await.problem(422, "too_many_rooms");
    // A full house may be numbered anew.
    let renumbered =
        json!({"id_tt": "6", "id_t_tt": "9000", "ruang": "Tanpa nomor", "kosong": "0", "jumlah": "1"});
    rsonline(&node, &key, Method::DELETE, "A", &json!({"id_t_tt": "1"})).await.json();
    let unnumbered = json!({"id_tt": "6", "ruang": "Tanpa nomor", "kosong": "0", "jumlah": "1"});
    rsonline(&node, &key, Method::POST, "A", &unnumbered).await.json();
    rsonline(&node, &key, Method::PUT, "A", &renumbered).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], 1_000);
}

/// Programs name a room by its id, or by what is in it and how it is called.
#[tokio::test]
async fn a_removed_room_stays_removed_however_an_older_row_names_it() {
    let named = json!({"id_tt": "6", "ruang": "Ruang 1", "jumlah": "10", "terpakai": "7", "kosong": "3"});
    let numbered = row("6", "1", ["10", "7", "3", "0"]);
    for (first, then) in [(&numbered, &named), (&named, &numbered)] {
        let (node, key) = start().await;
        let begin = node.clock.now();
        node.clock.pass(Duration::hours(1));
        said(&node, &key, begin, Method::POST, first, 10).await;
        assert_eq!(said(&node, &key, begin, Method::DELETE, first, 30).await, "Berhasil, data telah dihapus");
        assert!(said(&node, &key, begin, Method::PUT, then, 20).await.contains("riwayat"), "{then}");
        assert_eq!(numbers(&node, "A", "bed.icu").await, [const { Value::Null }; 4]);
        assert!(!said(&node, &key, begin, Method::PUT, then, 40).await.contains("riwayat"), "{then}");
        assert_eq!(numbers(&node, "A", "bed.icu").await[2], 3);
    }
}

#[tokio::test]
async fn a_row_without_an_id_means_the_only_room_of_its_name() {
    let (node, key) = start().await;
    let send = async |method: Method, body: &Value| rsonline(&node, &key, method, "A", body).await;
    send(Method::POST, &row("6", "1", ["10", "7", "3", "0"])).await.json();
    send(Method::PUT, &json!({"ruang": "Ruang 1", "jumlah": "10", "terpakai": "10", "kosong": "0"}))
        .await
        .json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[2], 0);
    let other = json!({"id_tt": "6", "id_t_tt": "2", "ruang": "Ruang 1", "jumlah": "5", "terpakai": "1", "kosong": "4"});
    send(Method::POST, &other).await.json();
    for method in [Method::PUT, Method::DELETE] {
        let refused = send(method, &json!({"id_tt": "6", "ruang": "Ruang 1", "kosong": "1"})).await;
        let problem = refused.problem(404, "unknown_room");
        assert_eq!(problem["errors"][0]["pointer"], "/id_t_tt");
        // The program that sends shows its own kind of answer.
        let shown = &problem["fasyankes"][0];
        assert_eq!((&shown["status"], &shown["message"]), (&json!("404"), &problem["detail"]));
    }
    assert_eq!(numbers(&node, "A", "bed.icu").await[2], 4);
}

/// A ward that Aplicares knows by name first, and by its code later, counts once.
#[tokio::test]
async fn a_ward_that_gets_its_code_later_is_the_same_ward() {
    let (node, key) = start().await;
    let rows = [
        json!({"kodekelas": "VIP", "namaruang": "MAWAR", "kapasitas": "6", "tersedia": "2"}),
        json!({"koderuang": "M1", "namaruang": "MAWAR", "kapasitas": "6", "tersedia": "1"}),
        json!({"kodekelas": "VIP", "koderuang": "M1", "namaruang": "MAWAR", "kapasitas": "6", "tersedia": "0"}),
    ];
    for (row, free) in rows.iter().zip([2, 1, 0]) {
        aplicares(&node, &key, "update", "A", row).await.json();
        assert_eq!(numbers(&node, "A", "bed.vip").await[..3], [json!(6), Value::Null, json!(free)]);
    }
    let other = json!({"kodekelas": "KL1", "koderuang": "M1", "namaruang": "MAWAR", "kapasitas": "8", "tersedia": "4"});
    aplicares(&node, &key, "create", "A", &other).await.json();
    let refused = aplicares(&node, &key, "update", "A", &rows[1]).await.problem(404, "unknown_room");
    assert_eq!(refused["metadata"], json!({"code": 0, "message": refused["detail"]}));
}

/// A ward without a code is another than the one whose code is its name, whatever comes first.
#[tokio::test]
async fn a_ward_whose_name_is_the_code_of_another_is_a_ward_of_its_own() {
    let coded = json!({"kodekelas": "KL3", "koderuang": "Mawar", "namaruang": "Ruang A", "kapasitas": "20", "tersedia": "8"});
    let named = json!({"kodekelas": "KL3", "namaruang": "Mawar", "kapasitas": "10", "tersedia": "2"});
    for rows in [[&coded, &named], [&named, &coded]] {
        let (node, key) = start().await;
        for row in rows.into_iter().chain(rows) {
            aplicares(&node, &key, "update", "A", row).await.json();
        }
        assert_eq!(numbers(&node, "A", "bed.class3").await[..3], [json!(30), Value::Null, json!(10)]);
    }
    // Nor does a ward that is called like its code become another one of that name.
    let (node, key) = start().await;
    for (code, free) in [("Mawar", "8"), ("M1", "2"), ("Mawar", "7")] {
        let row = json!({"kodekelas": "KL3", "koderuang": code, "namaruang": "Mawar", "kapasitas": "20", "tersedia": free});
        aplicares(&node, &key, "update", "A", &row).await.json();
    }
    assert_eq!(numbers(&node, "A", "bed.class3").await[..3], [json!(40), Value::Null, json!(9)]);
}

/// A program that reads its rooms sends back what it read.
#[tokio::test]
async fn a_ward_without_a_code_is_known_by_what_its_program_read() {
    let (node, key) = start().await;
    let named = json!({"kodekelas": "KL3", "namaruang": "Mawar", "kapasitas": "10", "tersedia": "2"});
    aplicares(&node, &key, "create", "A", &named).await.json();
    let path = "/bridge/aplicares/rest/bed/read/0112A/1/10";
    let read = node.get(path).header("X-cons-id", &key).send().await.json();
    assert_eq!(read["response"]["list"][0]["koderuang"], "Mawar");
    let coded = json!({"kodekelas": "KL3", "koderuang": "Mawar", "kapasitas": "10", "tersedia": "1"});
    aplicares(&node, &key, "update", "A", &coded).await.json();
    assert_eq!(numbers(&node, "A", "bed.class3").await[..3], [json!(10), Value::Null, json!(1)]);
    aplicares(&node, &key, "delete", "A", &coded).await.json();
    assert_eq!(numbers(&node, "A", "bed.class3").await[0], Value::Null);
}

/// Programs repeat what they sent: what is gone is gone, and nothing else goes with it.
#[rstest]
#[case::by_its_id(json!({"id_t_tt": "99", "ruang": "Mawar"}))]
#[case::by_its_id_and_type(json!({"id_t_tt": 99, "id_tt": "5", "ruang": "MAWAR"}))]
#[case::by_its_name(json!({"id_tt": "5", "ruang": "Mawar"}))]
#[case::by_an_id_of_the_ministry(json!({"id_t_tt": "30694999", "id_tt": "5", "ruang": "Mawar"}))]
#[tokio::test]
async fn a_removal_that_comes_again_removes_nothing_else(#[case] removal: Value) {
    let (node, key) = start().await;
    let send = async |method: Method, row: &Value| rsonline(&node, &key, method, "A", row).await;
    let ward = |id_tt: &str, covid: &str| json!({"id_tt": id_tt, "ruang": "Mawar", "covid": covid, "jumlah": "10", "terpakai": "4"});
    // Wards of the same name that their system did not number: the one that goes, and two that stay.
    let mut first = ward("5", "0");
    if removal["id_t_tt"] != "30694999" && removal["id_t_tt"] != Value::Null {
        first["id_t_tt"] = "99".into();
    }
    send(Method::POST, &first).await.json();
    send(Method::POST, &ward("5", "1")).await.json();
    if removal["id_tt"] == Value::Null {
        send(Method::POST, &ward("3", "0")).await.json();
    }
    send(Method::DELETE, &removal).await.json();
    let (left, seq) = (numbers(&node, "A", "bed.class3").await, node.seq().await);
    assert_eq!(left[..3], [json!(10), json!(4), json!(6)]);
    for _ in 0..2 {
        send(Method::DELETE, &removal).await.problem(404, "unknown_room");
    }
    assert_eq!((numbers(&node, "A", "bed.class3").await, node.seq().await), (left, seq));
    // Sent anew, it is the ward that was removed, and no other becomes it.
    let mut anew = removal.clone();
    anew.as_object_mut()
        .unwrap()
        .extend([("id_tt", "5"), ("jumlah", "7"), ("terpakai", "0")].map(|(k, v)| (k.to_owned(), v.into())));
    send(Method::PUT, &anew).await.json();
    assert_eq!(numbers(&node, "A", "bed.class3").await[..3], [json!(17), json!(4), json!(13)]);
}

/// A room whose code means another type counts there, whatever stands where it was.
#[tokio::test]
async fn a_room_that_moves_to_another_type_leaves_the_sum_of_the_old_one() {
    let (node, key) = start().await;
    for id in ["1", "2"] {
        rsonline(&node, &key, Method::POST, "A", &row("6", id, ["10", "7", "3", "0"])).await.json();
    }
    node.report("test:A", json!({"bed.icu": {"capacity": 40, "available": 9}})).await;
    let begin = node.clock.now();
    node.clock.pass(Duration::hours(1));
    let moved = said(&node, &key, begin, Method::PUT, &row("38", "1", ["10", "7", "3", "0"]), 30).await;
    assert_eq!(moved, "Berhasil, data telah diupdate");
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], 10, "the newest word counts");
    assert_eq!(numbers(&node, "A", "bed.icu_vent").await[0], 10);
    let unmapped = said(&node, &key, begin, Method::PUT, &row("999", "1", ["10", "7", "3", "0"]), 40).await;
    assert!(unmapped.contains("belum dipetakan"), "{unmapped}");
}

/// Whoever confirmed the sum later knew better; the system is told why its word shows nowhere.
#[tokio::test]
async fn a_removal_from_before_a_confirmation_is_late() {
    let (node, key) = start().await;
    let begin = node.clock.now();
    let icu = |id: &str| row("6", id, ["10", "7", "3", "0"]);
    for id in ["1", "2"] {
        rsonline(&node, &key, Method::POST, "A", &icu(id)).await.json();
    }
    node.clock.pass(Duration::hours(1));
    let admin = node.admin().await;
    let confirm = "/v1/facilities/test:A/availability/confirm";
    node.post(confirm, &json!({"types": ["bed.icu"]})).key(&admin).send().await.json();
    let message = said(&node, &key, begin, Method::DELETE, &json!({"id_t_tt": "2"}), 30).await;
    assert!(message.contains("riwayat"), "{message}");
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], 20);
    node.clock.pass(Duration::minutes(1));
    rsonline(&node, &key, Method::PUT, "A", &icu("1")).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], 10);
}

/// One key of a bridge for many hospitals may count its rows.
#[tokio::test]
async fn a_retry_is_of_the_same_hospital() {
    let (node, key) = start().await;
    for (hospital, code) in [("A", None), ("A", None), ("B", Some("idempotency_key_reused"))] {
        let call = node.post("/bridge/rsonline/Fasyankes", &row("6", "1", ["10", "7", "3", "0"]));
        let call = call.header("X-rs-id", &format!("33{hospital}")).header("X-pass", &key);
        let reply = call.header("Idempotency-Key", "row-1").send().await;
        match code {
            None => drop(reply.json()),
            Some(code) => drop(reply.problem(422, code)),
        }
    }
}
