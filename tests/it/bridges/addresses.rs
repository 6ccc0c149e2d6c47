//! The addresses that programs put together: however they write them, a refusal is one of the system that they know.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{numbers, rooms::bed, start};

#[rstest]
#[case("//aplicaresws/rest/bed/update/0112A")]
#[case("/aplicaresws//rest/bed/update/0112A/")]
#[case("///aplicaresws/rest//bed/update/0112A?x=1")]
#[case::encoded("/aplicaresws/rest/bed/update/%30112A%20")]
#[case::in_capitals("/AplicaresWS/Rest/Bed/Update/0112a")]
#[case("//APLICARESWS/rest/bed/UPDATE/0112A/")]
#[tokio::test]
async fn aplicares_answers_in_its_own_words_however_the_address_is_written(#[case] path: &str) {
    let (node, key) = start().await;
    let send = async |key: &str, row: Value| {
        let reply = node.post(path, &row).header("X-cons-id", key).send().await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("content-type")),
            (200, "application/json"),
            "{path}"
        );
        reply.json()["metadata"].clone()
    };
    assert_eq!(send(&key, bed("KL3", "B1", "2", "8")).await["code"], 0);
    assert_eq!(send("sedia_x", bed("KL3", "B1", "20", "8")).await["code"], 0);
    assert_eq!(send(&key, json!([])).await["code"], 0);
    assert_eq!(
        send(&key, bed("KL3", "B1", "20", "8")).await,
        json!({"code": 1, "message": "Data berhasil diupdate."})
    );
    assert_eq!(numbers(&node, "A", "bed.class3").await[2], 8);
}

#[rstest]
#[case("//fo/index.php/Fasyankes")]
#[case("/fo//index.php/Fasyankes/")]
#[case("/fo/Fasyankes//")]
#[case::in_capitals("/FO/Index.php/fasyankes")]
#[tokio::test]
async fn rs_online_answers_in_its_own_words_however_the_address_is_written(#[case] path: &str) {
    let (node, key) = start().await;
    let send = async |method: Method, key: &str, row: Value| {
        let call = node.call(method, path).header("X-rs-id", "33A").header("X-pass", key);
        let reply = call.json(&row).send().await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("content-type")),
            (200, "application/json"),
            "{path}"
        );
        reply.json()["fasyankes"][0].clone()
    };
    let row = json!({"id_tt": "6", "ruang": "ICU", "jumlah": "10", "terpakai": "7"});
    assert_eq!(send(Method::POST, "kata sandi", row.clone()).await["status"], "401");
    assert_eq!(send(Method::PATCH, &key, row.clone()).await["status"], "404");
    assert_eq!(send(Method::PUT, &key, json!({"id_t_tt": "77"})).await["status"], "404");
    assert_eq!(send(Method::POST, &key, row).await["status"], "200");
    assert_eq!(numbers(&node, "A", "bed.icu").await[2], 3);
}

/// The older interface of the ministry took XML; its programs send the MD5 of their password.
#[tokio::test]
async fn a_table_in_xml_is_refused_wherever_it_is_sent() {
    let (node, key) = start().await;
    let seq = node.seq().await;
    let send = async |method: Method, path: &str| {
        let xml = "<?xml version=\"1.0\"?><xml><data><kode_ruang>0005</kode_ruang><total_TT>7</total_TT></data></xml>";
        let call = node.call(method, path).body("application/xml; charset=ISO-8859-1", xml);
        call.header("X-rs-id", "33A").header("X-pass", &key).send().await
    };
    send(Method::POST, "/sirsservice/ranap").await.problem(404, "not_found");
    send(Method::GET, "/sirsservice/sisrute/hapusdata/33A/0004/0005").await.problem(404, "not_found");
    let reply = send(Method::POST, "/fo/index.php/Fasyankes").await.json();
    assert_eq!(reply["fasyankes"][0]["status"], "400");
    assert!(reply["fasyankes"][0]["message"].as_str().unwrap().contains("JSON"), "{reply}");
    assert_eq!(node.seq().await, seq);
}

/// Below `/bridge` it is a problem that says it once more; at the base of a built-in path it is the system's alone.
#[tokio::test]
async fn what_leads_nowhere_is_refused_as_its_system_does() {
    let (node, key) = start().await;
    for path in ["/aplicaresws", "//aplicaresws/", "/aplicaresws/rest", "/aplicaresws//rest/bed"] {
        let reply = node.get(path).header("X-cons-id", &key).send().await;
        assert_eq!((reply.status.as_u16(), &reply.json()["metadata"]["code"]), (200, &json!(0)), "{path}");
    }
    for path in ["/fo/apa", "//fo/index.php/apa/"] {
        let reply = node.get(path).header("X-rs-id", "33A").header("X-pass", &key).send().await;
        assert_eq!(
            (reply.status.as_u16(), &reply.json()["fasyankes"][0]["status"]),
            (200, &json!("404")),
            "{path}"
        );
    }
    for path in ["/bridge/aplicares", "//bridge/aplicares/rest/", "/bridge//aplicares/rest/bed/create"] {
        let problem = node.get(path).header("X-cons-id", &key).send().await.problem(404, "not_found");
        assert_eq!(problem["metadata"]["message"], problem["detail"], "{path}");
    }
    let problem =
        node.get("//bridge//rsonline/apa").header("X-pass", &key).send().await.problem(404, "not_found");
    assert_eq!(problem["fasyankes"][0]["message"], problem["detail"]);
    for path in ["/Bridge/Aplicares/REST", "/BRIDGE/aplicares/Rest/Bed/Create"] {
        let problem = node.get(path).header("X-cons-id", &key).send().await.problem(404, "not_found");
        assert_eq!(problem["metadata"]["message"], problem["detail"], "{path}");
    }
    // Other paths are nobody's.
    for path in ["/FOB", "/fob", "/aplicareswsx", "/bridge/rsonlinex", "/bridge"] {
        let problem = node.get(path).send().await.problem(404, "not_found");
        assert!(problem["metadata"].is_null() && problem["fasyankes"].is_null(), "{path}");
    }
}
