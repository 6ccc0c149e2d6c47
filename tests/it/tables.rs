//! Tables as people have them, sent over HTTP and read by the command line.

mod facilities;
mod mapping;

use std::io::Read;

use axum::http::Method;
use rstest::rstest;
use rust_xlsxwriter::Workbook;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const TABLE: &str = "facility,type,capacity,available\ntest:A,bed.icu,12,3\n";

async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.74.11", None).await;
    node
}

async fn send(node: &TestNode, path: &str, media_type: &str, body: impl Into<axum::body::Body>) -> Reply {
    let key = node.admin().await;
    node.call(Method::POST, path).key(&key).body(media_type, body).language("en").send().await
}

async fn numbers(node: &TestNode, facility: &str) -> Vec<(String, Value, Value)> {
    let facility = node.get(&format!("/v1/facilities/{facility}")).send().await.json();
    let numbers = facility["availability"].as_array().unwrap().iter();
    let of = |number: &Value| {
        let code = number["type"].as_str().unwrap().to_owned();
        (code, number["capacity"].clone(), number["available"].clone())
    };
    numbers.map(of).collect()
}

fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (line, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(line, column, number).unwrap(),
                Err(_) => sheet.write(line, column, *cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

fn form(file: &[u8]) -> Vec<u8> {
    let head = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--x\r\nContent-Disposition: \
                form-data; name=\"file\"; filename=\"x.csv\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    [head.as_bytes(), file, b"\r\n--x--\r\n"].concat()
}

#[rstest]
#[case::csv("text/csv", TABLE.into())]
#[case::tsv("text/tab-separated-values", TABLE.replace(',', "\t").into())]
#[case::without_a_type("", TABLE.into())]
#[case::of_unknown_contents("application/octet-stream", TABLE.into())]
#[case::as_old_browsers_name_it("application/vnd.ms-excel", TABLE.into())]
#[case::in_a_form("multipart/form-data; boundary=x", form(TABLE.as_bytes()))]
#[case::utf_16("text/csv; charset=utf-16", TABLE.encode_utf16().flat_map(u16::to_le_bytes).collect())]
#[case::of_an_old_spreadsheet(
    "text/csv; charset=windows-1252",
    [TABLE.as_bytes(), b"test:B,bed.icu,\x96,1\n"].concat()
)]
#[case::a_workbook(
    XLSX,
    workbook(&[&["facility", "type", "capacity", "available"], &["test:A", "bed.icu", "12", "3"]])
)]
#[case::headings_of_a_ministry(
    "text/csv",
    "Ketersediaan Tempat Tidur;;;\n\nFaskes;Jenis TT;Jml TT;Kosong\ntest:A;kemenkes:6;12,0;3\nTotal;;12;3\n".into()
)]
#[case::labels("text/csv", "facility,type,capacity,available\ntest:A,ICU tanpa ventilator,12,3\n".into())]
#[tokio::test]
async fn a_table_is_taken_however_it_is_sent(#[case] media_type: &str, #[case] body: Vec<u8>) {
    let node = start().await;
    let receipt = send(&node, "/v1/reports", media_type, body).await.json();
    assert_eq!(receipt["refused"], 0, "{receipt}");
    assert_eq!(numbers(&node, "test:A").await, [("bed.icu".to_owned(), json!(12), json!(3))]);
    let columns = receipt["reading"]["columns"].as_array().unwrap().iter();
    let columns: Vec<&str> = columns.filter_map(|column| column["column"].as_str()).collect();
    assert_eq!(columns, ["facility", "type", "capacity", "available"]);
}

#[tokio::test]
async fn a_wide_table_has_one_row_for_each_hospital() {
    let node = start().await;
    node.report("test:B", json!({"bed.hcu": {"capacity": 9, "available": 9}})).await;
    let grouped = workbook(&[
        &["Faskes", "ICU tanpa ventilator", "", "HCU", ""],
        &["", "Kapasitas", "Tersedia", "Kapasitas", "Tersedia"],
        &["test:A", "12", "3", "5", "penuh"],
        &["test:B", "4", "-", "", ""],
    ]);
    let flat = "Faskes;Kapasitas ICU tanpa ventilator;ICU tanpa ventilator - Tersedia;HCU kapasitas;HCU tersedia\n\
                test:A;12;3;5;penuh\ntest:B;4;-;;\n";
    for (media_type, body) in [(XLSX, grouped), ("text/csv", flat.into())] {
        let receipt = send(&node, "/v1/reports", media_type, body).await.json();
        assert_eq!((&receipt["accepted"], &receipt["refused"]), (&json!(3), &json!(0)), "{receipt}");
        let of = |code: &str, capacity, available| (code.to_owned(), capacity, available);
        let expected = [of("bed.hcu", json!(5), json!(0)), of("bed.icu", json!(12), json!(3))];
        assert_eq!(numbers(&node, "test:A").await, expected);
        let expected = [of("bed.hcu", json!(9), json!(9)), of("bed.icu", json!(4), Value::Null)];
        assert_eq!(numbers(&node, "test:B").await, expected, "blank cells say nothing");
        node.clock.pass(chrono::Duration::minutes(1));
    }
}

/// Every type has a column of that number: a refusal says which one it means.
#[tokio::test]
async fn a_refusal_of_a_wide_table_names_the_heading_and_the_type() {
    let node = start().await;
    let list = "Faskes;ICU TT;ICU Kosong;HCU TT;HCU Kosong\ntest:A;5;9;3;dua\n"
        .replace("ICU", "ICU tanpa ventilator");
    let problem = send(&node, "/v1/reports", "text/csv", list).await.problem(422, "all_rows_refused");
    let details: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["detail"].as_str().unwrap()).collect();
    assert!(
        details.iter().any(|text| text.contains("'ICU tanpa ventilator Kosong' (bed.icu)")),
        "{details:?}"
    );
    assert!(details.iter().any(|text| text.contains("'HCU Kosong' (bed.hcu)")), "{details:?}");
}

/// A row with the code of one hospital and the name of another would change the wrong one.
#[tokio::test]
async fn a_name_that_is_not_that_of_the_code_is_told() {
    let node = start().await;
    let admin = node.admin().await;
    for (id, name) in [("test:A", "RSUP Dr. Kariadi"), ("test:B", "RSUD Tugurejo")] {
        let reply =
            node.patch(&format!("/v1/facilities/{id}"), &json!({"name": name})).key(&admin).send().await;
        assert!(reply.status.is_success(), "{}", reply.text());
    }
    let outcome = async |name: &str| {
        let list = format!("Faskes;Nama RS;Jenis;Kosong\ntest:A;{name};HCU;3\ntest:B;;HCU;1\n");
        let receipt = send(&node, "/v1/reports?dry_run=true", "text/csv", list).await.json();
        receipt["outcomes"][0].clone()
    };
    for same in [
        "RSUP Dr. Kariadi",
        "rsup kariadi",
        "RS Kariadi Semarang",
        "RS KARIADY",
        "RSUP Dr Kariadi Kota Semarang",
        "RS",
        "",
    ] {
        let outcome = outcome(same).await;
        assert_eq!(
            (&outcome["status"], &outcome["warnings"]),
            (&json!("accepted"), &Value::Null),
            "{same}: {outcome}"
        );
    }
    let other = outcome("RSUD Tugurejo").await;
    assert_eq!(
        (&other["status"], &other["errors"][0]["code"]),
        (&json!("refused"), &json!("ambiguous_facility"))
    );
    let detail = other["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("RSUP Dr. Kariadi") && detail.contains("RSUD Tugurejo"), "{detail}");
    let unknown = outcome("RS Elisabeth").await;
    assert_eq!(unknown["status"], "accepted");
    assert!(unknown["warnings"][0]["detail"].as_str().unwrap().contains("RS Elisabeth"), "{unknown}");
}

/// A dry run tells what the real one does: what is late or refused changes nothing.
#[tokio::test]
async fn a_dry_run_shows_the_numbers_that_would_stand() {
    let node = start().await;
    node.report("test:A", json!({"bed.icu": {"capacity": 12, "available": 3}})).await;
    let list = "facility,type,capacity,available,observed_at\n\
                test:A,bed.icu,12,9,2021-06-01T07:00:00Z\ntest:A,bed.hcu,,2,\ntest:A,bed.vip,,1,\ntest:A,bed.vip,,2,\n";
    let tried = send(&node, "/v1/reports?dry_run=true", "text/csv", list).await.json();
    let outcomes = tried["outcomes"].as_array().unwrap();
    let statuses: Vec<&Value> = outcomes.iter().map(|outcome| &outcome["status"]).collect();
    assert_eq!(statuses, ["late", "accepted", "refused", "refused"]);
    let changes: Vec<Value> = tried["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            json!([
                change["row"],
                change["type"],
                change["before"]["available"],
                change["values"]["available"]
            ])
        })
        .collect();
    assert_eq!(changes, [json!([2, "bed.hcu", null, 2])], "late and refused rows change nothing");
    let done = send(&node, "/v1/reports", "text/csv", list).await.json();
    assert_eq!((&done["outcomes"], &done["changes"]), (&tried["outcomes"], &Value::Null));
}

/// `7 pasien` are people, whom no column of free beds counts.
#[tokio::test]
async fn patients_are_a_unit_of_those_who_are_there() {
    let node = start().await;
    let list = "Faskes;Jenis;Terpakai;Kosong\ntest:A;HCU;7 pasien;3 TT\ntest:A;NICU;;7 pasien\n";
    let receipt = send(&node, "/v1/reports", "text/csv", list).await.json();
    let outcomes = receipt["outcomes"].as_array().unwrap();
    assert_eq!(
        (&outcomes[0]["status"], &outcomes[1]["errors"][0]["code"]),
        (&json!("accepted"), &json!("count_not_whole"))
    );
}

/// Excel takes codes for numbers.
#[rstest]
#[case("3,37E+06")]
#[case("3.374010E+6")]
#[case("3.374.010")]
#[tokio::test]
async fn a_code_that_became_a_number_is_named_as_such(#[case] code: &str) {
    let node = start().await;
    let reports = format!("Kode RS;Jenis;Kosong\n{code};HCU;3\n");
    let facilities = format!("Kode RS;Nama RS;Kab/Kota\n{code};RS Satu;Kota Semarang\n");
    for (path, list) in [("/v1/reports", reports), ("/v1/imports/facilities", facilities)] {
        let problem = send(&node, path, "text/csv", list).await.problem(422, "all_rows_refused");
        let detail = problem["errors"][1]["detail"].as_str().unwrap();
        assert!(detail.contains(code) && detail.contains("Text"), "{detail}");
    }
}

#[tokio::test]
async fn a_header_may_have_two_lines_of_groups() {
    let node = start().await;
    let list = "Faskes;TEMPAT TIDUR COVID;;;\n;NICU;;PICU;\n;TT;Terisi;TT;Terisi\ntest:A;5;1;3;2\n";
    let receipt = send(&node, "/v1/reports", "text/csv", list).await.json();
    let columns: Vec<&Value> =
        receipt["reading"]["columns"].as_array().unwrap().iter().map(|column| &column["column"]).collect();
    let expected = [
        "facility",
        "bed.covid.nicu/capacity",
        "bed.covid.nicu/occupied",
        "bed.covid.picu/capacity",
        "bed.covid.picu/occupied",
    ];
    assert_eq!(columns, expected, "{receipt}");
    assert_eq!(receipt["accepted"], 2);
}

#[rstest]
#[case::cekdiri(
    "satker,nama,alamat,prov,kelas,total_kamar,terisi_lk,terisi_pr,total_terisi,kosong_lk,kosong_pr,total_kosong,waiting_list,last_update,lat,lng\n\
     3374010,RS A,Jl. A,JAWA TENGAH,Kelas 1,11,4,6,10,-,-,1,N/A,05/Apr/2020 03:29:00,3.5,98.6\n\
     3374010,RS A,Jl. A,JAWA TENGAH,Kelas 3,12,8,1,9,-,-,-3,N/A,05/Apr/2020 03:29:00,3.5,98.6\n",
    json!([["kemenkes:3374010", "accepted", ""], ["kemenkes:3374010", "refused", "/available"]])
)]
#[case::a_ward_and_a_class(
    "satker,nama,ruang,kelas,total_kosong\n3374010,RS A,ICU,Isolasi,1\n3374010,RS A,Melati,Kelas 3,2\n3374010,RS A,HCU,,3\n",
    json!([
        ["kemenkes:3374010", "refused", "/type"],
        ["kemenkes:3374010", "accepted", ""],
        ["kemenkes:3374010", "accepted", ""]
    ])
)]
#[case::jswsean_covid(
    "\"\",\"hospital\",\"address\",\"bed_availability\",\"queue\",\"last_update\",\"tlp_number\",\"bed_type\"\n\
     \"1\",\"kemenkes:3374010\",\"Jl. A\",\"Tersedia 2 bed kosong IGD\",\"tanpa antrian pasien.\",\"15 jam\",\"0811\",\"COVID-19\"\n",
    json!("")
)]
#[case::jswsean_noncovid("hospital,bed_class1,last_update_class1,bed_class2\nkemenkes:3374010,42,kurang dari 1 menit,49\n", json!("bed_class1"))]
#[case::ikanx101("nama_RS,bed\nRS A,3\n", json!("type"))]
#[case::a_column_for_each_type("Kode RS;VIP;Kelas I;ICU\n3374010;10;20;4\n", json!("VIP"))]
#[tokio::test]
async fn scraped_reports_are_read_or_refused_with_a_word(#[case] list: &str, #[case] expected: Value) {
    let node = TestNode::start().await;
    send(&node, "/v1/imports/facilities", "text/csv", "code,name,type,region_code\n3374010,RS A,RS,33.74\n")
        .await
        .json();
    let reply = send(&node, "/v1/reports", "text/csv", list.to_owned()).await;
    let reply: Value = serde_json::from_slice(&reply.body).unwrap();
    let outcomes = reply["outcomes"].as_array().map(|outcomes| {
        let of = |row: &Value| {
            let pointer = row["errors"][0]["pointer"].as_str().unwrap_or_default();
            json!([row["facility"], row["status"], pointer])
        };
        outcomes.iter().map(of).collect::<Value>()
    });
    assert_eq!(outcomes.unwrap_or_else(|| reply["errors"][0]["pointer"].clone()), expected, "{reply}");
}

#[rstest]
#[case("2021-07-01 13:30:00", "2021-07-01T06:30:00Z")]
#[case("01/07/2021 13:30", "2021-07-01T06:30:00Z")]
#[case("1 Juli 2021 13.30", "2021-07-01T06:30:00Z")]
#[case("44378.5625", "2021-07-01T06:30:00Z")]
#[tokio::test]
async fn a_time_without_a_zone_is_that_of_the_facility(#[case] time: &str, #[case] expected: &str) {
    let node = start().await;
    let list = format!("facility,type,available,observed_at\ntest:A,bed.icu,3,{time}\n");
    let receipt = send(&node, "/v1/reports", "text/csv", list).await.json();
    assert_eq!(receipt["refused"], 0, "{receipt}");
    let facility = node.get("/v1/facilities/test:A").send().await.json();
    assert_eq!(facility["availability"][0]["observed_at"], expected);
}

#[tokio::test]
async fn an_exact_copy_of_a_row_counts_once_and_a_contradiction_not_at_all() {
    let node = start().await;
    let list =
        "facility,type,available\ntest:A,bed.icu,3\ntest:A,bed.icu,3\ntest:B,bed.icu,1\ntest:B,bed.icu,2\n";
    let receipt = send(&node, "/v1/reports", "text/csv", list).await.json();
    let statuses: Vec<&Value> =
        receipt["outcomes"].as_array().unwrap().iter().map(|outcome| &outcome["status"]).collect();
    assert_eq!(statuses, ["accepted", "accepted", "refused", "refused"]);
    assert_eq!(receipt["outcomes"][1]["warnings"][0]["code"], "duplicate_row");
    assert_eq!(numbers(&node, "test:A").await.len(), 1);
    assert_eq!(numbers(&node, "test:B").await.len(), 0);
}

/// Rows of one class, what becomes of each, and what is free then and since when.
#[rstest]
#[case::of_two_moments("Mawar,3,13:30|Dahlia,5,13:00", "accepted accepted", Some((8, "2021-07-01T06:00:00Z")))]
#[case::as_many_in_each("Mawar,3,13:30|Dahlia,3,13:30", "accepted accepted", Some((6, "2021-07-01T06:30:00Z")))]
#[case::one_sent_twice("Mawar,3,13:30|Dahlia,5,13:30|mawar,3,13:30", "accepted accepted accepted", Some((8, "2021-07-01T06:30:00Z")))]
#[case::the_history_of_one("Mawar,3,13:00|Mawar,5,13:30", "accepted accepted", Some((5, "2021-07-01T06:30:00Z")))]
#[case::one_of_two_numbers("Mawar,3,13:30|Dahlia,5,13:30|Mawar,4,13:30", "refused refused refused", None)]
#[case::one_unreadable("Mawar,3,13:30|Dahlia,x,13:30", "refused refused", None)]
#[case::one_that_may_be_of_another_class("Mawar,3,13:30|ICU,5,13:30", "refused refused", None)]
#[case::one_without_a_name("Mawar,3,13:30|,5,13:30", "refused refused", None)]
#[tokio::test]
async fn rooms_of_a_class_are_added_up(
    #[case] rooms: &str,
    #[case] statuses: &str,
    #[case] stands: Option<(u32, &str)>,
) {
    let node = start().await;
    let rows = rooms.split('|').map(|room| {
        let [room, free, at] = room.split(',').collect::<Vec<_>>()[..] else { panic!("{room}") };
        format!("test:A,{room},Kelas II,{free},2021-07-01 {at}\n")
    });
    let list = format!("facility,ruang,kelas,kosong,observed_at\n{}", rows.collect::<String>());
    // Another type, so that not every row is refused.
    let receipt =
        send(&node, "/v1/reports", "text/csv", list + "test:A,Anggrek,Kelas I,1,2021-07-01 13:00\n").await;
    let receipt = receipt.json();
    let outcomes = receipt["outcomes"].as_array().unwrap();
    let told: Vec<&str> = outcomes.iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert_eq!(told.join(" "), format!("{statuses} accepted"), "{receipt}");
    let facility = node.get("/v1/facilities/test:A").send().await.json();
    let mut known = facility["availability"].as_array().unwrap().iter();
    let known = known
        .find(|known| known["type"] == "bed.class2")
        .map(|known| (known["available"].clone(), known["observed_at"].clone()));
    assert_eq!(known, stands.map(|(free, at)| (json!(free), json!(at))), "{receipt}");
}

#[tokio::test]
async fn the_outcome_can_be_had_as_the_table_with_two_columns_more() {
    let node = start().await;
    let key = node.admin().await;
    let list = "Laporan\n\nfacility;type;available;BOR\ntest:A;bed.icu;3;=1+1\ntest:A;bed.hcu;tiga;\n";
    let call = node.call(Method::POST, "/v1/reports").key(&key).accept("text/csv").language("en");
    let reply = call.body("text/csv", list).send().await;
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        reply.text(),
        "facility,type,available,BOR,outcome,detail\ntest:A,bed.icu,3,'=1+1,accepted,\n\
         test:A,bed.hcu,tiga,,refused,\"tiga is not a whole number; send a whole number, or leave it unknown\"\n"
    );
    // What came back is read again: the two columns are passed over, and no cell grows.
    let receipt = send(&node, "/v1/reports", "text/csv", reply.text().replace("tiga,", "4,")).await.json();
    assert_eq!(receipt["refused"], 0, "{receipt}");
    let again = async |accept: &str| {
        let call =
            node.call(Method::POST, "/v1/reports?dry_run=true").key(&key).accept(accept).language("en");
        call.body("text/csv", reply.text()).send().await
    };
    assert_eq!(again("text/csv").await.text(), reply.text());
    assert_eq!(again("application/json;q=0.5, text/csv").await.text(), reply.text());
    assert_eq!(again("text/csv;q=0.5, application/json").await.json()["refused"], 1);
    assert_eq!(again("text/csv;q=0, */*").await.json()["refused"], 1);
    assert_eq!(again("image/png").await.json()["refused"], 1);
    assert!(again("text/csv; charset=utf-16").await.body.starts_with(b"\xff\xfef\0"));
}

#[tokio::test]
async fn a_table_may_be_long_and_wide_at_once_and_what_is_of_no_type_is_told() {
    let node = start().await;
    let mixed = "Faskes;Jenis TT;Kapasitas;Kosong;HCU kapasitas;HCU kosong\ntest:A;ICU tanpa ventilator;12;3;5;1\n\
                 test:B;;;;7;2\n";
    let receipt = send(&node, "/v1/reports", "text/csv", mixed).await.json();
    assert_eq!((&receipt["accepted"], &receipt["refused"]), (&json!(3), &json!(0)), "{receipt}");
    let of = |code: &str, capacity, available| (code.to_owned(), json!(capacity), json!(available));
    assert_eq!(numbers(&node, "test:A").await, [of("bed.hcu", 5, 1), of("bed.icu", 12, 3)]);
    // The kind and the size of the whole hospital are of no type.
    let totals = "Faskes;Jenis;Jumlah TT;HCU kapasitas;HCU kosong\ntest:B;RSUD;300;8;3\n";
    node.clock.pass(chrono::Duration::minutes(1));
    let receipt = send(&node, "/v1/reports", "text/csv", totals).await.json();
    assert_eq!((&receipt["accepted"], &receipt["refused"]), (&json!(1), &json!(0)), "{receipt}");
    let notes = receipt["reading"]["notes"].to_string();
    assert!(notes.contains("'Jenis'") && notes.contains("'Jumlah TT'"), "{notes}");
    assert_eq!(numbers(&node, "test:B").await, [of("bed.hcu", 8, 3)]);
}

/// The time of a row is that of the facility that the row means, also where another sender would mean two.
#[tokio::test]
async fn a_time_of_day_that_cannot_be_read_is_no_midnight() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    for time in ["siang", "25:10"] {
        let list = format!("facility;type;available;Tanggal;Jam\ntest:A;bed.icu;3;01/07/2021;{time}\n");
        let refused = send(&node, "/v1/reports", "text/csv", list).await;
        refused.problem(422, "all_rows_refused");
    }
}

#[tokio::test]
async fn a_name_means_the_same_facility_for_its_time_as_for_its_numbers() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    let mut ids = Vec::new();
    for region in ["33.74.10", "91.71"] {
        let body = json!({"name": "RSUD Kembar", "kind": "hospital", "region": region});
        let made = node.post("/v1/facilities", &body).key(&key).send().await.json();
        ids.push(made["facility"]["id"].as_str().unwrap().to_owned());
    }
    let reporter = node.key(Role::Reporter, None, &[&ids[1]]).await;
    let list = "facility,type,available,observed_at\nRSUD Kembar,bed.icu,3,2021-07-01 15:30\n";
    let call = node.call(Method::POST, "/v1/reports").key(&reporter);
    assert_eq!(call.body("text/csv", list).send().await.json()["refused"], 0);
    let facility = node.get(&format!("/v1/facilities/{}", ids[1])).send().await.json();
    assert_eq!(facility["availability"][0]["observed_at"], "2021-07-01T06:30:00Z");
}

#[tokio::test]
async fn rows_of_json_may_be_packed() {
    use std::io::Write;
    let node = start().await;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed
        .write_all(b"{\"facility\":\"test:A\",\"type\":\"bed.icu\",\"capacity\":12,\"available\":3}\n")
        .unwrap();
    let packed = packed.finish().unwrap();
    for media_type in ["application/x-ndjson", "application/gzip", ""] {
        let receipt = send(&node, "/v1/reports", media_type, packed.clone()).await.json();
        assert_eq!(receipt["refused"], 0, "{media_type}: {receipt}");
    }
    assert_eq!(numbers(&node, "test:A").await, [("bed.icu".to_owned(), json!(12), json!(3))]);
}

/// Each row is compared with the first of its kind, not with all of them.
#[tokio::test]
async fn many_copies_take_no_longer_than_many_rows() {
    let node = start().await;
    let list = format!("facility,type,available\n{}", "test:A,bed.icu,3\n".repeat(20_000));
    let receipt = send(&node, "/v1/reports", "text/csv", list).await.json();
    assert_eq!((&receipt["accepted"], &receipt["refused"]), (&json!(20_000), &json!(0)));
    assert_eq!(numbers(&node, "test:A").await.len(), 1);
}

#[tokio::test]
async fn a_row_below_a_title_is_named_by_its_line() {
    let node = start().await;
    let list = "Laporan\n\nfacility,type,available\ntest:A,bed.icu,3\ntest:Z,bed.icu,3\n";
    let receipt = send(&node, "/v1/reports?dry_run=true", "text/csv", list).await.json();
    let outcome = &receipt["outcomes"][1];
    assert_eq!((&outcome["row"], &outcome["line"]), (&json!(2), &json!(5)));
    assert_eq!(receipt["reading"]["header_line"], 3);
}

/// A workbook of 60 kB with 60 MB in it.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::copy(&mut std::io::repeat(b' ').take(60_000_000), &mut zip).unwrap();
    zip.finish().unwrap().into_inner()
}

#[rstest]
#[case::a_page("application/vnd.ms-excel", b"<html><table>".to_vec(), 400, "invalid_body")]
#[case::half_a_workbook(XLSX, b"PK\x03\x04 and no more".to_vec(), 400, "invalid_body")]
#[case::a_form_without_a_file(
    "multipart/form-data; boundary=x",
    b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n".to_vec(),
    422,
    "missing_field"
)]
#[case::a_form_without_a_boundary("multipart/form-data", b"--x".to_vec(), 400, "invalid_body")]
#[case::a_zip_bomb(XLSX, bomb(), 413, "too_many_rows")]
#[case::json_in_the_place_of_a_table("text/csv", b"[{}]".to_vec(), 400, "invalid_body")]
#[case::a_picture("image/png", b"\x89PNG".to_vec(), 415, "unsupported_media_type")]
#[tokio::test]
async fn what_is_no_table_is_refused(
    #[case] media_type: &str,
    #[case] body: Vec<u8>,
    #[case] status: u16,
    #[case] code: &str,
) {
    let node = start().await;
    let seq = node.seq().await;
    for path in ["/v1/reports", "/v1/imports/facilities"] {
        send(&node, path, media_type, body.clone()).await.problem(status, code);
    }
    assert_eq!(node.seq().await, seq);
}
