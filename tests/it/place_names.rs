//! Regions by their names, wherever a code is taken.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::TestNode;

async fn directory() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.22", None).await;
    node.report("test:A", json!({"bed.icu": {"available": 2}})).await;
    node
}

/// Each operation that takes a region: by code, and by name.
const OPERATIONS: &[(&str, &str, &str)] = &[
    ("/v1/beds?region=33.74&type=bed.icu", "/v1/beds?region=Kota+Semarang&type=bed.icu", "33.74"),
    ("/v1/beds?near=33.74.10", "/v1/beds?near=kec.+tembalang+semarang", "33.74.10"),
    ("/v1/isolation?region=33.74", "/v1/isolation?region=KOTA+SEMARANG,+JAWA+TENGAH", "33.74"),
    ("/v1/vaccinations?region=33.22", "/v1/vaccinations?region=KAB.SEMARANG", "33.22"),
    ("/v1/vaccinations?near=33.74.10", "/v1/vaccinations?near=tembalng", "33.74.10"),
    ("/v1/facilities?region=33.74", "/v1/facilities?region=Semarang+(Kota)", "33.74"),
    ("/v1/regions?parent=33", "/v1/regions?parent=jateng", "33"),
    ("/v1/regions/33.74", "/v1/regions/kota%20semarang", "33.74"),
    ("/v1/regions/33/overview", "/v1/regions/jawa%20tenga/overview", "33"),
    ("/v1/search?q=a&region=33.74", "/v1/search?q=a&region=kodya+semarang", "33.74"),
    ("/v1/completeness?region=33.74", "/v1/completeness?region=kota+smg", "33.74"),
    ("/v1/reminders?region=33.74", "/v1/reminders?region=kota+smg", "33.74"),
    ("/v1/marks?region=33.74", "/v1/marks?region=kota+semarang", "33.74"),
    ("/v1/doubts?region=33.74", "/v1/doubts?region=kota+semarang", "33.74"),
    ("/v1/demand?region=33.74", "/v1/demand?region=kota+semarang", "33.74"),
    ("/v1/changes?region=33.74", "/v1/changes?region=kota+semarang", "33.74"),
];

#[tokio::test]
async fn every_operation_takes_a_name_and_says_how_it_was_read() {
    let node = directory().await;
    let key = node.admin().await;
    for (by_code, by_name, code) in OPERATIONS {
        let expected: Value = node.get(by_code).key(&key).send().await.json();
        assert_eq!(expected.get("resolved"), None, "{by_code}");
        let mut answer: Value = node.get(by_name).key(&key).send().await.json();
        let resolved = answer.as_object_mut().unwrap().remove("resolved");
        let resolved = resolved.unwrap_or_else(|| panic!("{by_name}: {answer}"));
        assert_eq!(resolved[0]["code"], *code, "{by_name}");
        assert_eq!(resolved.as_array().unwrap().len(), 1, "{by_name}");
        // What a cursor of reminders holds is the same, too.
        assert_eq!(answer, expected, "{by_name}");
    }
    // Forms and lists that have no place for it say it in a header.
    let header = "region=33.74 (Kota Semarang)";
    for path in [
        "/v1/beds?format=csv&",
        "/v1/facilities?format=geojson&",
        "/v1/keys?",
        "/v1/links?",
        "/v1/unmapped?",
        "/v1/duplicates?",
        "/v1/snapshot?",
    ] {
        let reply = node.get(&format!("{path}region=kota+smg")).key(&key).send().await;
        assert_eq!((reply.status, reply.header("sedia-resolved")), (StatusCode::OK, header), "{path}");
        let by_code = node.get(&format!("{path}region=33.74")).key(&key).send().await;
        assert_eq!(by_code.header("sedia-resolved"), "", "{path}");
    }
    let answer: Value = node.get("/v1/beds?region=Kota+Semarang&near=Tembalang").send().await.json();
    assert_eq!(
        answer["resolved"],
        json!([
            {"parameter": "region", "given": "Kota Semarang", "code": "33.74", "name": "Kota Semarang"},
            {"parameter": "near", "given": "Tembalang", "code": "33.74.10", "name": "Kecamatan Tembalang"},
        ])
    );
}

/// A text says it first: who reads it aloud hears that another place was meant.
#[tokio::test]
async fn a_text_says_how_a_name_was_read() {
    let node = directory().await;
    for (language, line) in [
        ("id", "'tembalng' dibaca sebagai Kecamatan Tembalang (33.74.10)."),
        ("en", "'tembalng' was read as Kecamatan Tembalang (33.74.10)."),
    ] {
        let call = node.get("/v1/beds?region=tembalng").accept("text/plain").language(language);
        let text = call.send().await.text();
        assert_eq!(text.lines().next(), Some(line), "{text}");
    }
    let text = node.get("/v1/beds?region=33.74.10").accept("text/plain").send().await.text();
    assert!(!text.contains("dibaca sebagai"), "{text}");
}

#[tokio::test]
async fn several_regions_are_asked_back() {
    let node = directory().await;
    let reply = node.get("/v1/beds?region=semarang").language("en").send().await;
    let problem = reply.problem(400, "ambiguous_region");
    assert_eq!(
        problem["detail"],
        "'semarang' is the name of several regions. Which one: Kabupaten Semarang (33.22) or Kota Semarang (33.74)?"
    );
    assert_eq!(
        problem["errors"][0]["choices"],
        json!([
            {"code": "33.22", "name": "Kabupaten Semarang", "path": ["Jawa Tengah", "Kabupaten Semarang"]},
            {"code": "33.74", "name": "Kota Semarang", "path": ["Jawa Tengah", "Kota Semarang"]},
        ])
    );
    // More facilities there make it likelier.
    node.hospital("C", "33.74", None).await;
    let problem = node.get("/v1/beds?region=semarang").send().await.problem(400, "ambiguous_region");
    assert_eq!(problem["errors"][0]["choices"][0]["code"], "33.74");
    let problem = node.get("/v1/beds?region=karanganyar+jateng&limit=1").send().await;
    assert_eq!(problem.json()["resolved"][0]["code"], "33.13");
    let reply = node.get("/v1/beds?region=kab.+tembalang").language("en").send().await;
    let problem = reply.problem(404, "unknown_region");
    assert_eq!(problem["errors"][0]["choices"][0]["code"], "33.74.10");
    let said = problem["detail"].as_str().unwrap();
    assert!(said.contains("did you mean Kecamatan Tembalang, Kota Semarang (33.74.10)"), "{said}");
}

/// What words mean depends on the names of the moment, however often they were asked.
#[tokio::test]
async fn a_name_means_what_it_means_now() {
    let node = directory().await;
    let key = node.admin().await;
    let read = async || {
        let answer = node.get("/v1/beds?region=bumi+mulia").send().await;
        answer.status.is_success().then(|| answer.json()["resolved"][0]["code"].clone())
    };
    assert_eq!(read().await, None);
    for (code, expected) in [("33.74.10", "33.74.10"), ("33.74.11", "33.74.11")] {
        let aliases = if code == "33.74.11" { json!([]) } else { json!(["Bumi Mulia"]) };
        node.patch("/v1/regions/33.74.10", &json!({"aliases": aliases})).key(&key).send().await;
        let reply = node.patch(&format!("/v1/regions/{code}"), &json!({"aliases": ["Bumi Mulia"]}));
        assert_eq!(reply.key(&key).send().await.status, StatusCode::OK);
        for _ in 0..3 {
            assert_eq!(read().await, Some(json!(expected)));
        }
    }
}

#[tokio::test]
async fn bodies_take_names() {
    let node = directory().await;
    let key = node.admin().await;
    let facility = json!({"name": "RS Baru", "kind": "hospital", "region": "KLATEN, JAWA TENGAH"});
    let reply = node.post("/v1/facilities", &facility).key(&key).send().await;
    assert_eq!((reply.status, &reply.json()["facility"]["region"]), (StatusCode::CREATED, &json!("33.10")));
    let contact =
        json!({"region": "Kab. Semarang", "name": "Satgas", "role": "satgas", "phone": "024-1234567"});
    let reply = node.post("/v1/contacts", &contact).key(&key).send().await;
    assert_eq!((reply.status, &reply.json()["region"]), (StatusCode::CREATED, &json!("33.22")));
    let asked = json!({"role": "coordinator", "region": "jateng", "name": "Provinsi"});
    let reply = node.post("/v1/keys", &asked).key(&key).send().await;
    assert_eq!((reply.status, &reply.json()["region"]), (StatusCode::CREATED, &json!("33")));
    let facility = json!({"name": "RS Baru", "kind": "hospital", "region": "semarang"});
    let problem =
        node.post("/v1/facilities", &facility).key(&key).send().await.problem(400, "ambiguous_region");
    assert_eq!(problem["errors"][0]["pointer"], "/region");
}
