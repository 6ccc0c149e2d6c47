//! RS Online as its programs know it.

use std::collections::BTreeMap;

use axum::http::Method;
use chrono::Duration;
use rstest::rstest;
use sedia::clock::Clock;
use serde_json::{Value, json};

use super::{numbers, reading, rsonline, start};
use crate::support::{Reply, TestNode};

/// A row as most programs send it: what is free is not in it.
fn row(id_tt: &str, ruang: &str, jumlah: u32, terpakai: u32) -> Value {
    json!({
        "id_tt": id_tt, "ruang": ruang, "jumlah_ruang": "2", "jumlah": jumlah.to_string(),
        "terpakai": terpakai.to_string(), "terpakai_suspek": "1", "terpakai_konfirmasi": "0", "antrian": "3",
        "prepare": "0", "prepare_plan": "4", "covid": 0, "terpakai_dbd": "5", "terpakai_dbd_anak": "2",
        "jumlah_dbd": "6",
    })
}

async fn rooms(node: &TestNode, key: &str) -> Vec<Value> {
    let list = rsonline(node, key, Method::GET, "A", &Value::Null).await.json();
    list["fasyankes"].as_array().unwrap().clone()
}

/// A request to the path that programs have built in.
async fn built_in(node: &TestNode, key: &str, method: Method, path: &str, body: &Value) -> Reply {
    let call = node.call(method, path).header("X-rs-id", "33A").header("X-pass", key);
    call.json(body).send().await
}

#[rstest]
#[case::left_out(json!({"jumlah": "10", "terpakai": "4"}), [json!(10), json!(4), json!(6)], true)]
#[case::empty(json!({"jumlah": "10", "terpakai": "4", "kosong": ""}), [json!(10), json!(4), json!(6)], true)]
#[case::null(json!({"jumlah": 10, "terpakai": 10, "kosong": null}), [json!(10), json!(10), json!(0)], true)]
#[case::decimals(json!({"jumlah": "20.0", "terpakai": "4.00"}), [json!(20), json!(4), json!(16)], true)]
#[case::decimal_numbers(json!({"jumlah": 20.0, "terpakai": 4.0}), [json!(20), json!(4), json!(16)], true)]
#[case::stated(json!({"jumlah": "10", "terpakai": "4", "kosong": "5"}), [json!(10), json!(4), json!(5)], false)]
#[case::use_unknown(json!({"jumlah": "10"}), [json!(10), json!(null), json!(null)], false)]
#[case::beds_unknown(json!({"terpakai": "4"}), [json!(null), json!(4), json!(null)], false)]
#[tokio::test]
async fn what_is_free_is_the_beds_less_those_in_use(
    #[case] counts: Value,
    #[case] expected: [Value; 3],
    #[case] derived: bool,
) {
    let (node, key) = start().await;
    let mut row = json!({"id_tt": "6", "ruang": "ICU"});
    row.as_object_mut().unwrap().extend(counts.as_object().unwrap().clone());
    rsonline(&node, &key, Method::POST, "A", &row).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[..3], expected);
    let marked = async |node: &TestNode| reading(node, "A", "bed.icu").await["available_derived"].clone();
    assert_eq!(marked(&node).await, if derived { json!(true) } else { Value::Null });
    let after = node.seq().await - 1;
    let changes = node.get(&format!("/v1/changes?after={after}")).send().await.json();
    let said = changes["changes"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        said["content"]["numbers"][0]["available_derived"].as_bool().unwrap_or_default(),
        derived,
        "{said}"
    );
    let node = node.restart().await;
    assert_eq!(marked(&node).await, if derived { json!(true) } else { Value::Null });
    // A person who says what is free states it.
    node.report("test:A", json!({"bed.icu": {"capacity": 10, "available": 1}})).await;
    assert_eq!(marked(&node).await, Value::Null);
}

#[tokio::test]
async fn what_was_sent_comes_back_as_the_ministry_sends_it() {
    let (node, key) = start().await;
    rsonline(&node, &key, Method::POST, "A", &row("38", "ICU 01", 10, 4)).await.json();
    let room = rooms(&node, &key).await.remove(0);
    let expected = [
        ("id_tt", "38"),
        ("tt", "ICU Dengan Ventilator"),
        ("ruang", "ICU 01"),
        ("kode_siranap", "0070"),
        ("jumlah_ruang", "2"),
        ("jumlah", "10"),
        ("terpakai_suspek", "1"),
        ("terpakai_konfirmasi", "0"),
        ("antrian", "3"),
        ("prepare", "0"),
        ("prepare_plan", "4"),
        ("kosong", "6"),
        ("terpakai_dbd", "5"),
        ("terpakai_dbd_anak", "2"),
        ("jumlah_dbd", "6"),
        ("terpakai", "4"),
        ("covid", "0"),
        ("tglupdate", "2021-07-01 14:00:00"),
    ];
    for (field, value) in expected {
        assert_eq!(room[field], value, "{field}");
    }
    assert!(room["id_t_tt"].as_str().unwrap().parse::<i32>().is_ok());
    // What a row leaves out stays, and what was never sent is what the ministry shows.
    let partial = json!({"id_t_tt": room["id_t_tt"], "jumlah": "10", "terpakai": "5", "prepare": "1"});
    rsonline(&node, &key, Method::PUT, "A", &partial).await.json();
    rsonline(&node, &key, Method::POST, "A", &json!({"id_tt": "24", "ruang": "", "covid": "1"})).await.json();
    let node = node.restart().await;
    let rooms = rooms(&node, &key).await;
    let of = |id_tt: &str| rooms.iter().find(|room| room["id_tt"] == id_tt).unwrap();
    assert_eq!(
        ["prepare", "prepare_plan", "kosong", "antrian"].map(|field| of("38")[field].clone()),
        [json!("1"), json!("4"), json!("5"), Value::Null]
    );
    assert_eq!(
        ["ruang", "covid", "jumlah_ruang", "prepare_plan", "jumlah"].map(|field| of("24")[field].clone()),
        [json!(""), json!("1"), json!("0"), Value::Null, Value::Null]
    );
}

/// A program that reads what is there, and sends what differs: it matches by type, name and the mark for COVID-19, keeps
/// ids in a column of whole numbers, and removes what it does not know.
#[tokio::test]
async fn a_program_that_compares_both_sides_comes_to_rest() {
    let (node, key) = start().await;
    let wards = [("5", "Mawar", "0", 20, 12), ("5", "Mawar", "1", 8, 8), ("3", "Mawar", "0", 6, 0)];
    let mut counts = Vec::new();
    for terpakai in [0, 0, 1] {
        let there = rooms(&node, &key).await;
        let known: BTreeMap<[String; 3], &Value> = there
            .iter()
            .map(|room| {
                (["id_tt", "ruang", "covid"].map(|field| room[field].as_str().unwrap().to_owned()), room)
            })
            .collect();
        let (mut posted, mut put) = (0, 0);
        for (id_tt, ruang, covid, jumlah, used) in wards {
            let mut row = row(id_tt, ruang, jumlah, used - used.min(terpakai));
            row["covid"] = covid.into();
            match known.get(&[id_tt, ruang, covid].map(str::to_owned)) {
                None => {
                    rsonline(&node, &key, Method::POST, "A", &row).await.json();
                    posted += 1;
                }
                Some(room) if room["terpakai"] == row["terpakai"] && room["jumlah"] == row["jumlah"] => {}
                Some(room) => {
                    let id: i32 = room["id_t_tt"].as_str().unwrap().parse().unwrap();
                    row.as_object_mut().unwrap().remove("id_tt");
                    row["id_t_tt"] = id.into();
                    rsonline(&node, &key, Method::PUT, "A", &row).await.json();
                    put += 1;
                }
            }
        }
        counts.push((there.len(), posted, put));
    }
    assert_eq!(counts, [(0, 3, 0), (3, 0, 0), (3, 0, 2)]);
    assert_eq!(numbers(&node, "A", "bed.class3").await[..3], [json!(28), json!(18), json!(10)]);
    for room in rooms(&node, &key).await {
        let id: i64 = room["id_t_tt"].as_str().unwrap().parse().unwrap();
        rsonline(&node, &key, Method::DELETE, "A", &json!({"id_t_tt": id})).await.json();
    }
    assert!(rooms(&node, &key).await.is_empty());
}

/// A program that puts texts together writes a word for what is not there; a column that nobody filled has zeros.
#[rstest]
#[case::in_java("null")]
#[case::in_python("None")]
#[case::in_javascript("undefined")]
#[case::not_a_number("NaN")]
#[tokio::test]
async fn what_a_program_writes_for_nothing_is_nothing(#[case] nothing: &str) {
    let (node, key) = start().await;
    for (ruang, id) in [("Mawar", nothing), ("Melati", "0"), ("Anggrek", "0")] {
        let mut sent = row("5", ruang, 10, 4);
        for field in ["antrian", "prepare_plan", "kosong"] {
            sent[field] = nothing.into();
        }
        sent["id_t_tt"] = id.into();
        rsonline(&node, &key, Method::PUT, "A", &sent).await.json();
    }
    assert_eq!(numbers(&node, "A", "bed.class3").await, [json!(30), json!(12), json!(18), Value::Null]);
    let rooms = rooms(&node, &key).await;
    assert_eq!((rooms.len(), &rooms[0]["prepare_plan"]), (3, &Value::Null));
    assert!(rooms.iter().all(|room| room["id_t_tt"].as_str().unwrap().parse::<i32>().is_ok_and(|id| id > 0)));
}

/// Its time is in whole seconds, and the present one is not over yet.
#[tokio::test]
async fn a_row_of_the_present_second_is_not_late() {
    let (node, key) = start().await;
    let second = node.clock.now().timestamp().to_string();
    for (millis, used, at) in [(300, 4, ""), (300, 5, &*second), (300, 6, "kemarin"), (99, 7, &*second)] {
        node.clock.pass(Duration::milliseconds(millis));
        let call =
            node.post("/bridge/rsonline/Fasyankes", &row("6", "ICU", 10, used)).header("X-Timestamp", at);
        let reply = call.header("X-rs-id", "33A").header("X-pass", &key).send().await.json();
        assert_eq!(reply["fasyankes"][0]["message"], "Berhasil, data telah disimpan");
        assert_eq!(numbers(&node, "A", "bed.icu").await[1], used);
    }
}

/// On the day of the switch a program has the ids that the ministry gave.
#[rstest]
#[case::text(json!("30694999"))]
#[case::number(json!(30_694_999))]
#[case::decimal(json!(30_694_999.0))]
#[case::padded(json!(" 030694999 "))]
#[tokio::test]
async fn an_id_of_the_ministry_means_the_room_of_that_name(#[case] id: Value) {
    let (node, key) = start().await;
    for (id_tt, ruang) in [("5", "Melati"), ("3", "Mawar"), ("5", "Mawar")] {
        rsonline(&node, &key, Method::POST, "A", &row(id_tt, ruang, 10, 4)).await.json();
    }
    let sent = json!({"id_t_tt": id, "ruang": "MELATI", "jumlah": 10, "terpakai": 5});
    let reply = rsonline(&node, &key, Method::PUT, "A", &sent).await.json();
    assert_eq!(reply["fasyankes"][0]["id_t_tt"], "30694999");
    assert_eq!(numbers(&node, "A", "bed.class3").await[..3], [json!(20), json!(9), json!(11)]);
    // Two rooms have this name, and the type tells them apart.
    let sent = json!({"id_t_tt": 30_695_000, "ruang": "Mawar", "jumlah": 10, "terpakai": 5});
    rsonline(&node, &key, Method::PUT, "A", &sent).await.problem(404, "unknown_room");
    let sent = json!({"id_t_tt": 30_695_000, "id_tt": 3, "ruang": "Mawar", "jumlah": 10, "terpakai": 5});
    rsonline(&node, &key, Method::PUT, "A", &sent).await.json();
    assert_eq!(numbers(&node, "A", "bed.class1").await[1], 5);
    rsonline(&node, &key, Method::DELETE, "A", &json!({ "id_t_tt": id })).await.json();
    assert_eq!(rooms(&node, &key).await.len(), 2);
}

#[tokio::test]
async fn the_list_of_bed_types_is_what_counts_here() {
    let (node, key) = start().await;
    for path in ["/bridge/rsonline/Referensi/tempat_tidur", "/fo/index.php/Referensi/tempat_tidur"] {
        let list = built_in(&node, &key, Method::GET, path, &Value::Null).await.json();
        let list = list["tempat_tidur"].as_array().unwrap();
        assert_eq!(list[0], json!({"kode_tt": "1", "nama_tt": "VVIP/ Super VIP"}));
        assert!(list.contains(&json!({"kode_tt": "38", "nama_tt": "ICU Dengan Ventilator"})));
    }
    let reply = node.get("/bridge/rsonline/Referensi/tempat_tidur").header("X-rs-id", "33A").send().await;
    reply.problem(401, "key_required");
}

/// The ministry takes much else, which is neither stored nor passed over here.
#[rstest]
#[case(Method::GET, "Fasyankes/sdm")]
#[case(Method::POST, "Pasien")]
#[case(Method::GET, "Referensi/kebutuhan_apd")]
#[case(Method::POST, "Referensi/tempat_tidur")]
#[case(Method::PATCH, "Fasyankes")]
#[tokio::test]
async fn what_is_something_else_is_said_to_be(#[case] method: Method, #[case] path: &str) {
    let (node, key) = start().await;
    let seq = node.seq().await;
    let body = row("6", "ICU", 10, 4);
    let address = format!("/bridge/rsonline/fo/index.php/{path}");
    let problem = built_in(&node, &key, method.clone(), &address, &body).await.problem(404, "not_found");
    assert_eq!(problem["fasyankes"][0], json!({"status": "404", "message": problem["detail"]}));
    let reply = built_in(&node, &key, method, &format!("/fo/index.php/{path}"), &body).await.json();
    assert_eq!(reply["fasyankes"][0]["status"], "404");
    assert!(reply["fasyankes"][0]["message"].as_str().unwrap().contains(path), "{reply}");
    assert_eq!(node.seq().await, seq);
}

/// Most programs look at `status` in the body: a refusal reaches them as the ministry sends it.
#[tokio::test]
async fn at_the_path_that_is_built_in_a_refusal_comes_with_status_200() {
    let (node, key) = start().await;
    let path = "/fo/index.php/Fasyankes";
    let reply = built_in(&node, &key, Method::POST, path, &row("6", "ICU", 10, 4)).await;
    let outcome = reply.json()["fasyankes"][0].clone();
    assert_eq!(
        (&outcome["status"], &outcome["message"]),
        (&json!("200"), &json!("Berhasil, data telah disimpan"))
    );
    let id = outcome["id_t_tt"].clone();
    let put = json!({"id_t_tt": id, "jumlah": "10", "terpakai": "11"});
    let refused = async |method: Method, key: &str, body: &Value| {
        let reply = built_in(&node, key, method, path, body).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"));
        reply.json()["fasyankes"][0].clone()
    };
    let above = refused(Method::PUT, &key, &put).await;
    assert_eq!(above["status"], "422");
    assert!(above["message"].as_str().unwrap().starts_with("Gagal: "), "{above}");
    let unknown = refused(Method::PUT, &key, &json!({"id_t_tt": "77", "jumlah": "1"})).await;
    assert_eq!(unknown["status"], "404");
    assert!(unknown["message"].as_str().unwrap().contains("belum ada di database"), "{unknown}");
    let login = refused(Method::GET, "password", &Value::Null).await;
    let message: Value = serde_json::from_str(login["message"].as_str().unwrap()).unwrap();
    assert_eq!((&login["status"], &message["response"]), (&json!("401"), &json!("Gagal Login")));
    let gone = built_in(&node, &key, Method::DELETE, path, &json!({ "id_t_tt": id })).await.json();
    assert_eq!(gone["fasyankes"][0]["message"], "Berhasil, data telah dihapus");
}
