//! Lists of facilities.

use axum::http::Method;
use rstest::rstest;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use super::{send, start};
use crate::support::TestNode;

/// Headers and cells as repositories and portals publish them; names and codes are made up.
#[rstest]
#[case::cekdiri(
    "\"\",\"prov_id\",\"kode_rs\",\"nama_unit\",\"alamat\",\"nama_prov\",\"jenis_faskes\",\"lat\",\"lng\"\n\
     \"1\",33,\"3374010\",\"RS Tk. IV Satu\",\"Jl. A No.1 \",\"JAWA TENGAH\",\"Rumah Sakit\",-6.99,110.42\n",
    json!(["RS Tk. IV Satu", "hospital", "33", [], -6.99])
)]
#[case::clumsyyyy(
    "d.kode_rs,d.nama_rs,d.nama_prop,d.jenis_rs,d.kelas,d.pemilik,(d.total_tt)\n\
     3374010,RS Satu,JAWA TENGAH,RSU,Belum Ditetapkan,Pemkab,63\n",
    json!(["RS Satu", "hospital", "33", [], null])
)]
#[case::hndryno(
    "code,kind,name,address,region,phone,province,lat,long\n3374010,facility,RS UMUM DAERAH SATU,JL. A,\"KOTA SEMARANG, JAWA TENGAH\",\
     (024) 5523507 / (024)  5512948 / (024) 5513709,Jawa Tengah,-6.99,110.42\n",
    json!(["RS UMUM DAERAH SATU", "facility", "33.74", ["(024) 5523507", "(024) 5512948", "(024) 5513709"], -6.99])
)]
#[case::open_data_jabar(
    "kode_provinsi,nama_provinsi,kode_kabupaten_kota,nama_kabupaten_kota,kode_rs,nama_rs,tahun\n\
     33,JAWA TENGAH,3374,KOTA SEMARANG,3374010,RS SATU,2021\n",
    json!(["RS SATU", "hospital", "33.74", [], null])
)]
#[case::wargabantuwarga(
    "Kode,Nama RS,Lokasi,Kontak,Kab/Kota,Link\n3374010,RS Satu,Semarang,\"(024) 7319111, (024) 22118\",Kota Semarang,https://a.example\n",
    json!(["RS Satu", "hospital", "33.74", ["(024) 7319111", "(024) 22118"], null])
)]
#[case::siranap(
    "kode_rs,hospital,address,tlp_number,kota\n3374010,RS Satu, Jl. A ,hotline tidak tersedia,Kota Semarang\n",
    json!(["RS Satu", "hospital", "33.74", [], null])
)]
#[case::degrees_in_one_cell(
    "Kode RS;Nama RS;Kab/Kota;Koordinat\n'3374010;RS Satu;Kota Semarang;-6,99, 110,42\n",
    json!(["RS Satu", "hospital", "33.74", [], -6.99])
)]
#[case::degrees_with_minutes(
    "Kode RS;Nama RS;Kab/Kota;Lintang;Bujur\n3374010;RS Satu;Kota Semarang;6°59'24\" LS;110°25'12\" BT\n",
    json!(["RS Satu", "hospital", "33.74", [], -6.99])
)]
#[case::minutes_after_a_minus(
    "Kode RS;Nama RS;Kab/Kota;Lintang;Bujur\n3374010;RS Satu;Kota Semarang;-6°59'24\";110°25'12\"\n",
    json!(["RS Satu", "hospital", "33.74", [], -6.99])
)]
#[case::a_minus_and_a_direction(
    "Kode RS;Nama RS;Kab/Kota;Lintang;Bujur\n3374010;RS Satu;Kota Semarang;-6.99 LS;110.42 BT\n",
    json!(["RS Satu", "hospital", "33.74", [], -6.99])
)]
#[case::two_columns_of_telephones(
    "Kode RS;Nama RS;Kab/Kota;Telepon;No HP\n3374010;RS Satu;Kota Semarang;024-111111;0811-222222\n",
    json!(["RS Satu", "hospital", "33.74", ["024-111111", "0811-222222"], null])
)]
#[tokio::test]
async fn lists_of_facilities_are_read_as_they_are_published(#[case] list: &str, #[case] expected: Value) {
    let node = TestNode::start().await;
    let done = send(&node, "/v1/imports/facilities", "text/csv", list.to_owned()).await.json();
    assert_eq!(done["refused"], 0, "{done}");
    let facility = node.get("/v1/facilities/kemenkes:3374010").send().await.json();
    let phones: Vec<&Value> =
        facility["phones"].as_array().unwrap().iter().map(|phone| &phone["number"]).collect();
    let read =
        json!([facility["name"], facility["kind"], facility["region"]["code"], phones, facility["lat"]]);
    assert_eq!(read, expected, "{done}");
}

/// A list without telephones knows nothing of those that are doubted.
#[tokio::test]
async fn a_list_that_says_nothing_of_a_part_leaves_its_flag() {
    let node = TestNode::start().await;
    let flags = async |list: &str| {
        let done = send(&node, "/v1/imports/facilities", "text/csv", list.to_owned()).await.json();
        assert_eq!(done["refused"], 0, "{done}");
        let key = node.admin().await;
        node.get("/v1/facilities/kemenkes:3374010").key(&key).send().await.json()["flags"].clone()
    };
    let all = json!(["region_unsure", "location_invalid", "phone_unsure"]);
    let doubted =
        "code,name,type,region_code,phone,lat,lon\n3374010,RS Satu,RS,33.74.99,247000021,utara,timur\n";
    assert_eq!(flags(doubted).await, all);
    assert_eq!(flags("code,name,type,region_code\n3374010,RS Satu,RS,33\n").await, all);
    let mended =
        "code,name,type,region_code,phone,lat,lon\n3374010,RS Satu,RS,33.74.10,024-7000021,-6.99,110.42\n";
    assert_eq!(flags(mended).await, json!([]));
}

const HOSPITALS: &str = "Kode RS;Nama RS;Kab/Kota;No. Telp;Phon\n3374010;RS Satu;33.74;247000021;x\n;;;;\n";

#[tokio::test]
async fn a_list_of_hospitals_is_tried_then_taken() {
    let node = TestNode::start().await;
    node.admin().await;
    let seq = node.seq().await;
    let tried = send(&node, "/v1/imports/facilities?dry_run=true", "text/csv", HOSPITALS).await.json();
    assert_eq!((node.seq().await, &tried["dry_run"]), (seq, &json!(true)));
    let done = send(&node, "/v1/imports/facilities", "text/csv", HOSPITALS).await.json();
    let outcome = &done["outcomes"][0];
    assert_eq!((&outcome["status"], &outcome["flags"]), (&json!("added"), &json!(["phone_unsure"])));
    assert_eq!(outcome["warnings"][0]["pointer"], "/phone");
    assert!(done["reading"]["notes"][0].as_str().unwrap().contains("'Phon'"), "{done}");
    let facility = node.get("/v1/facilities/kemenkes:3374010").send().await.json();
    assert_eq!(
        (&facility["kind"], &facility["phones"][0]["number"]),
        (&json!("hospital"), &json!("0247000021"))
    );
}

#[tokio::test]
async fn who_may_not_change_facilities_may_not_send_lists_of_them() {
    let node = start().await;
    let coordinator = node.key(Role::Coordinator, Some("33.22"), &[]).await;
    let reporter = node.key(Role::Reporter, None, &["test:A"]).await;
    let path = "/v1/imports/facilities";
    let send = |key: &str| node.call(Method::POST, path).key(key).body("text/csv", HOSPITALS).send();
    send(&reporter).await.problem(403, "role_not_allowed");
    node.call(Method::POST, path).body("text/csv", HOSPITALS).send().await.problem(401, "key_required");
    let problem = send(&coordinator).await.problem(422, "all_rows_refused");
    assert_eq!(problem["errors"][1]["code"], "outside_scope");
}

/// What a person stated stays; the list's other words are taken.
#[tokio::test]
async fn a_second_list_undoes_nothing() {
    let node = TestNode::start().await;
    let list = |name: &str, phone: &str, address: &str| {
        format!("code,name,type,region_code,phone,address\n3374010,{name},RS,33.74,{phone},{address}\n")
    };
    let path = "/v1/imports/facilities";
    send(&node, path, "text/csv", list("RS Lama", "024-111111", "Jl. A")).await.json();
    let key = node.admin().await;
    let patch = json!({"name": "RS Baru", "phones": [{"number": "024-222222"}]});
    let reply = node.patch("/v1/facilities/kemenkes:3374010", &patch).key(&key).send().await;
    assert!(reply.status.is_success(), "{}", reply.text());

    let again = list("RS Lama", "024-111111", "Jl. B");
    let receipt = send(&node, path, "text/csv", again.clone()).await.json();
    let outcome = &receipt["outcomes"][0];
    assert_eq!(outcome["status"], "changed");
    let differences = outcome["differences"].as_array().unwrap().iter();
    let differences: Vec<(&str, bool)> =
        differences.map(|one| (one["part"].as_str().unwrap(), one["kept"].as_bool().unwrap())).collect();
    assert_eq!(differences, [("name", true), ("address", false), ("phones", true)]);
    let facility = async || {
        let facility = node.get("/v1/facilities/kemenkes:3374010").send().await.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&facility["name"]), text(&facility["phones"][0]["number"]), text(&facility["address"]))
    };
    let three =
        |name: &str, phone: &str, address: &str| (name.to_owned(), phone.to_owned(), address.to_owned());
    assert_eq!(facility().await, three("RS Baru", "024-222222", "Jl. B"));

    let path = format!("{path}?overwrite=true");
    send(&node, &path, "text/csv", again).await.json();
    assert_eq!(facility().await, three("RS Lama", "024-111111", "Jl. B"));
    // Then the list's word is nobody's correction any more.
    let receipt =
        send(&node, "/v1/imports/facilities", "text/csv", list("RS Lain", "024-333333", "Jl. B")).await;
    assert_eq!(receipt.json()["outcomes"][0]["differences"][0]["kept"], false);
}

#[tokio::test]
async fn a_retry_of_a_list_of_facilities_is_harmless() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    let send = || {
        let call =
            node.call(Method::POST, "/v1/imports/facilities").key(&key).header("idempotency-key", "one");
        call.body("text/csv", HOSPITALS).send()
    };
    let (first, second) = (send().await.json(), send().await.json());
    assert_eq!(first, second);
}
