//! Types and facilities by the names that people and other systems have for them.

use axum::http::{Method, StatusCode};
use sedia::domain::resource_type::Kind;
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

/// What somebody writes, and the type that is meant.
const TYPES: &[(&str, &str)] = &[
    // Codes: ours, and those of other systems.
    ("bed.icu_vent", "bed.icu_vent"),
    ("BED.ICU_VENT", "bed.icu_vent"),
    ("icu_vent", "bed.icu_vent"),
    ("covid.icu_neg", "bed.covid.icu_neg"),
    ("kemenkes:38", "bed.icu_vent"),
    ("Kemenkes:38", "bed.icu_vent"),
    ("38", "bed.icu_vent"),
    ("50", "bed.ricu"),
    ("aplicares:KL3", "bed.class3"),
    ("KL3", "bed.class3"),
    // Labels in both languages, in any spelling.
    ("ICU Dengan Ventilator", "bed.icu_vent"),
    ("ICU dgn ventilator", "bed.icu_vent"),
    ("ICU + Ventilator", "bed.icu_vent"),
    ("Ruang ICU (Ventilator)", "bed.icu_vent"),
    ("ICU with ventilator", "bed.icu_vent"),
    ("ICU Tanpa Ventilator", "bed.icu"),
    ("ICU", "bed.icu"),
    ("kelas 3", "bed.class3"),
    ("Kelas III", "bed.class3"),
    ("KELAS iii", "bed.class3"),
    ("Kls. 3", "bed.class3"),
    ("K3", "bed.class3"),
    ("kelas tiga", "bed.class3"),
    ("Kelas I", "bed.class1"),
    ("Class II ward", "bed.class2"),
    ("TT Kelas 1", "bed.class1"),
    ("VIP", "bed.vip"),
    ("VVIP", "bed.vvip"),
    ("Kelas VIP", "bed.vip"),
    ("KRIS", "bed.kris"),
    ("UGD", "bed.er"),
    ("Instalasi Gawat Darurat", "bed.er"),
    ("Ruang Bersalin", "bed.delivery"),
    ("VK", "bed.delivery"),
    ("Perinatologi", "bed.perinatology"),
    ("HCU", "bed.hcu"),
    ("PICU Dengan Ventilator", "bed.picu"),
    ("NICU", "bed.nicu"),
    ("ICU anak", "bed.picu"),
    ("ICCU Tanpa Ventilator", "bed.iccu"),
    ("ICVCU dengan ventilator", "bed.iccu_vent"),
    ("Isolasi", "bed.isolation"),
    ("isolasi tekanan negatif", "bed.covid.isolation_neg"),
    ("Isolasi Tanpa Tekanan Negatif", "bed.covid.isolation"),
    ("ICU Tekanan Negatif Dengan Ventilator", "bed.covid.icu_neg_vent"),
    ("ICU Tanpa Tekanan Negatif Dengan Ventilator", "bed.covid.icu_vent"),
    ("ICU Tanpa Tekanan Negatif Tanpa Ventilator", "bed.covid.icu"),
    ("NICU Khusus Covid", "bed.covid.nicu"),
    ("IGD Khusus Covid-19", "bed.covid.er"),
    ("VK (Ruang Bersalin) Khusus Covid", "bed.covid.delivery"),
    ("Isoter", "isolation.any"),
    ("ISOMAN", "isolation.any"),
    ("isoter laki-laki", "isolation.male"),
    ("Isolasi terpusat (wanita)", "isolation.female"),
    ("isoter keluarga", "isolation.family"),
    ("Sesi vaksinasi", "vaccination.session"),
    // A part of one name.
    ("pria", "isolation.male"),
    ("paru", "bed.ricu"),
    // Slips.
    ("ICU dengan ventilatr", "bed.icu_vent"),
    ("Isolasi tekenan negatif", "bed.covid.isolation_neg"),
    ("Perinatolgi", "bed.perinatology"),
];

/// What can mean several types, and two of them.
const AMBIGUOUS: &[(&str, [&str; 2])] = &[
    ("ICU covid", ["bed.covid.icu_neg_vent", "bed.covid.icu"]),
    ("isolasi covid", ["bed.covid.isolation_neg", "bed.covid.isolation"]),
    ("ICU covid dengan ventilator", ["bed.covid.icu_neg_vent", "bed.covid.icu_vent"]),
];

#[tokio::test]
async fn types_are_known_by_their_names() {
    let node = TestNode::start().await;
    let state = node.state().await;
    for (given, code) in TYPES {
        let read = state.resolve_type(given, None).map(|resource| resource.code.to_string());
        assert_eq!(read.map_err(|rejection| rejection.detail.to_string()), Ok((*code).to_owned()), "{given}");
    }
    for resource in state.resource_types() {
        for name in [&resource.label.id, &resource.label.en] {
            let read = state.resolve_type(name, Some(resource.kind)).unwrap();
            assert_eq!(read.code, resource.code, "{name}");
        }
        for code in &resource.external_codes {
            assert_eq!(state.resolve_type(code, None).unwrap().code, resource.code, "{code}");
        }
    }
    for (given, candidates) in AMBIGUOUS {
        let rejection = state.resolve_type(given, None).unwrap_err();
        let said = rejection.detail.to_string();
        assert_eq!(rejection.code.name(), "ambiguous_type", "{given}: {said}");
        assert!(candidates.iter().all(|code| said.contains(code)), "{given}: {said}");
    }
    // A slip of a short word would be another type.
    for given in ["CICU", "KICU", "Oksigen", "kelas 7", "", "-", "ruang", "()"] {
        let rejection = state.resolve_type(given, None).unwrap_err();
        assert_eq!(rejection.code.name(), "unknown_type", "{given}: {}", rejection.detail);
    }
    let other_kind = state.resolve_type("Isoter", Some(Kind::Bed)).unwrap_err();
    assert_eq!(other_kind.code.name(), "unknown_type");
}

/// Sends rows as CSV.
async fn send(node: &TestNode, key: &str, rows: &str) -> Reply {
    let call = node.call(Method::POST, "/v1/reports").key(key).language("id");
    call.body("text/csv", format!("facility,type,available\n{rows}")).send().await
}

#[tokio::test]
async fn a_report_may_name_types_and_says_how_they_were_read() {
    let node = TestNode::start().await;
    let id = node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let values = json!({"values": {"ICU Dengan Ventilator": {"available": 2}, "Kelas III": {"available": 9}, "bed.hcu": {"available": 1}}});
    let path = "/v1/facilities/test:A/availability";
    let receipt = node.put(path, &values).key(&key).language("id").send().await.json();
    assert_eq!(receipt["accepted"], json!(["bed.icu_vent", "bed.class3", "bed.hcu"]));
    assert_eq!(
        receipt["resolved"],
        json!([
            {"pointer": "/values/ICU Dengan Ventilator", "given": "ICU Dengan Ventilator", "code": "bed.icu_vent", "name": "ICU dengan ventilator"},
            {"pointer": "/values/Kelas III", "given": "Kelas III", "code": "bed.class3", "name": "Kelas III"},
        ])
    );
    let adjust = json!({"type": "kemenkes:38", "delta": -1});
    let receipt = node.post(&format!("{path}/adjust"), &adjust).key(&key).send().await.json();
    assert_eq!(receipt["values"]["bed.icu_vent"]["available"], 1);
    assert_eq!(receipt["resolved"][0]["code"], "bed.icu_vent");
    let confirm = json!({"types": ["kelas 3"]});
    let receipt = node.post(&format!("{path}/confirm"), &confirm).key(&key).send().await.json();
    assert_eq!(receipt["accepted"], json!(["bed.class3"]));
    assert_eq!(receipt["resolved"][0]["pointer"], "/types/0");

    let outcomes =
        send(&node, &key, "test:A,UGD,4\ntest:A,bed.vip,1\ntest:A,ICU covid,1\n").await.json()["outcomes"]
            .clone();
    assert_eq!(
        outcomes[0]["resolved"],
        json!([{"pointer": "/type", "given": "UGD", "code": "bed.er", "name": "IGD"}])
    );
    assert_eq!(outcomes[1].get("resolved"), None);
    assert_eq!(outcomes[2]["errors"][0]["code"], "ambiguous_type");

    let asked =
        node.get("/v1/beds?type=ICU%20dengan%20ventilator,kelas%203&region=33.74.10").send().await.json();
    let types: Vec<&Value> = asked["totals"].as_array().unwrap().iter().map(|total| &total["type"]).collect();
    assert_eq!(types, ["bed.class3", "bed.icu_vent"]);
    assert_eq!(asked["facilities"][0]["id"], id.as_str());
}

#[tokio::test]
async fn a_name_that_an_admin_adds_is_known_at_once() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    assert_eq!(send(&node, &key, "test:A,Bangsal Melati,3\n").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let patch = json!({"aliases": ["Bangsal Melati", "Bangsal Mawar"]});
    assert!(node.patch("/v1/types/bed.class3", &patch).key(&key).send().await.status.is_success());
    let outcome = send(&node, &key, "test:A,bangsal melati,3\n").await.json()["outcomes"][0].clone();
    assert_eq!(
        (&outcome["status"], &outcome["resolved"][0]["code"]),
        (&json!("accepted"), &json!("bed.class3"))
    );
    let types = node.get("/v1/types?kind=bed").send().await.json();
    let class3 =
        types["types"].as_array().unwrap().iter().find(|known| known["code"] == "bed.class3").unwrap();
    assert_eq!(class3["aliases"], patch["aliases"]);
}

/// Adds a hospital of this name.
async fn add(node: &TestNode, id: &str, name: &str, region: &str) -> String {
    let key = node.admin().await;
    let body =
        json!({"name": name, "kind": "hospital", "region": region, "external_ids": [format!("test:{id}")]});
    node.post("/v1/facilities", &body).key(&key).send().await.json()["facility"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_row_may_name_its_facility() {
    let node = TestNode::start().await;
    let one = add(&node, "1", "RSUD Contoh Satu", "33.74.10").await;
    let other = add(&node, "2", "RSUD Contoh Satu", "33.22.18").await;
    add(&node, "3", "RS Contoh Dua", "33.74.11").await;
    let admin = node.admin().await;
    let read = |outcome: &Value| {
        let resolved = &outcome["resolved"][0];
        (
            outcome["status"].as_str().unwrap().to_owned(),
            resolved["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let rows = "\"RSUD Contoh Satu, Kota Semarang\",bed.icu,3\n\"rsud contoh satu, Kab. Semarang\",bed.icu,4\nRSUD Contoh Satu,bed.icu,5\n\
        rumah sakit contoh dua,bed.icu,6\nRS Contho Dua,bed.hcu,7\n\"RS Contoh Dua, Kab. Semarang\",bed.hcu,8\nRS Contoh Tiga,bed.icu,1\n";
    let outcomes = send(&node, &admin, rows).await.json()["outcomes"].clone();
    assert_eq!(read(&outcomes[0]), ("accepted".to_owned(), one.clone()));
    assert_eq!(outcomes[0]["resolved"][0]["name"], "RSUD Contoh Satu, Tembalang, Kota Semarang, Jawa Tengah");
    assert_eq!(read(&outcomes[1]), ("accepted".to_owned(), other));
    let ambiguous = &outcomes[2]["errors"][0];
    assert_eq!(
        (&ambiguous["code"], &ambiguous["pointer"]),
        (&json!("ambiguous_facility"), &json!("/facility"))
    );
    let detail = ambiguous["detail"].as_str().unwrap();
    assert!(
        ["Kota Semarang", "Kabupaten Semarang", "test:1", "test:2"].iter().all(|part| detail.contains(part)),
        "{detail}"
    );
    assert_eq!(read(&outcomes[3]).0, "accepted");
    assert_eq!(read(&outcomes[4]).0, "accepted");
    for nowhere in [&outcomes[5], &outcomes[6]] {
        assert_eq!(nowhere["errors"][0]["code"], "unknown_facility", "{nowhere}");
    }
}

#[tokio::test]
async fn a_name_means_only_what_the_sender_may_report_on() {
    let node = TestNode::start().await;
    let own = add(&node, "1", "RSUD Contoh Satu", "33.74.10").await;
    add(&node, "2", "RSUD Contoh Satu", "33.22.18").await;
    add(&node, "3", "RS Lain", "33.74.10").await;
    let admin = node.admin().await;
    let key = json!({"role": "reporter", "facilities": ["test:1"]});
    let key = node.post("/v1/keys", &key).key(&admin).send().await.json()["key"].as_str().unwrap().to_owned();
    let outcome = send(&node, &key, "RSUD Contoh Satu,ICU,3\n").await.json()["outcomes"][0].clone();
    assert_eq!((&outcome["status"], &outcome["resolved"][0]["code"]), (&json!("accepted"), &json!(own)));
    send(&node, &key, "RS Lain,ICU,3\n").await.problem(422, "all_rows_refused");
}
