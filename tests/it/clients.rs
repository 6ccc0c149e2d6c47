//! What client libraries, spreadsheets and browsers do by themselves is understood.

use axum::http::{Method, StatusCode};
use rstest::rstest;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

const ASK: &str = "/v1/beds?region=33.74&type=bed.icu,bed.hcu";
const PUT: &str = "/v1/facilities/test:A/availability";
const ACCEPTED_BY_A_BROWSER: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("B", "33.74.10", Some((-7.05, 110.44))).await;
    node.hospital("A", "33.74.10", Some((-7.05, 110.44))).await;
    let values = json!({"bed.icu": {"capacity": 9, "available": 4}, "bed.hcu": {"available": 1}});
    node.report("test:A", values).await;
    let name = node
        .patch("/v1/facilities/test:B", &json!({"name": "RS Ḥasan"}))
        .key(&node.admin().await)
        .send()
        .await;
    assert_eq!(name.status, StatusCode::OK, "{}", name.text());
    node.report("test:B", json!({"bed.icu": {"available": 2}})).await;
    node
}

async fn get(node: &TestNode, path: &str) -> Reply {
    let reply = node.get(path).send().await;
    assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
    reply
}

#[rstest]
#[case::axios("/v1/beds?region=33.74&type[]=bed.icu&type[]=bed.hcu")]
#[case::php("/v1/beds?region=33.74&type%5B0%5D=bed.icu&type%5B1%5D=bed.hcu")]
#[case::repeated("/v1/beds?region=33.74&type=bed.icu&type=bed.hcu")]
#[case::upper_case("/v1/beds?region=33.74&type=BED.ICU,Bed.Hcu&freshness=Unknown")]
#[case::jquery_without_a_cache("/v1/beds?region=33.74&type=bed.icu,bed.hcu&_=1700000000000")]
#[case::an_html_form(
    "/v1/beds?region=33.74&type=bed.icu,bed.hcu&q=&min=&limit=&ventilator=&age_group=&cursor=&format="
)]
#[case::a_program_without_whole_numbers("/v1/beds?region=33.74&type=bed.icu,bed.hcu&min=1.0&limit=20.00")]
#[case::joined_by_a_program("/v1/beds?region=33.74&type=bed.icu,bed.hcu&")]
#[case::a_slash_at_the_end("/v1/beds/?region=33.74&type=bed.icu,bed.hcu")]
#[case::a_base_that_ends_in_a_slash("//v1/beds?region=33.74&type=bed.icu,bed.hcu")]
#[case::slashes_everywhere("/v1///beds//?region=33.74&type=bed.icu,bed.hcu")]
#[tokio::test]
async fn the_same_question_as_libraries_write_it(#[case] path: &str) {
    let node = start().await;
    let plain = get(&node, ASK).await;
    // The second time it may come by another way.
    for _ in 0..3 {
        assert_eq!(get(&node, path).await.body, plain.body);
    }
}

#[rstest]
#[case("True", "true")]
#[case("yes", "true")]
#[case("on", "true")]
#[case("False", "false")]
#[case("no", "false")]
#[tokio::test]
async fn truth_as_programming_languages_write_it(#[case] written: &str, #[case] meant: &str) {
    let node = start().await;
    let ask = async |word: &str| get(&node, &format!("/v1/beds?region=33.74&ventilator={word}")).await.body;
    assert_eq!(ask(written).await, ask(meant).await);
}

#[tokio::test]
async fn words_of_the_vocabulary_may_be_in_any_case() {
    let node = start().await;
    let key = node.admin().await;
    let session = json!({"facility": "TEST:A", "title": "Balai Kota", "date": "2021-07-02", "from": "08:00", "to": "12:00",
        "product": "Sinovac", "doses": [1]});
    let made = node.post("/v1/sessions", &session).key(&key).send().await.json();
    assert_eq!(made["session"]["product"], "sinovac", "{made}");
    let asked = get(&node, "/v1/vaccinations?region=33.74&product=SinoVac&min=0").await.json();
    assert_eq!(asked["facilities"][0]["sessions"][0]["product"], "sinovac", "{asked}");
    for path in ["/v1/facilities?kind=Hospital", "/v1/regions?level=Provinsi", "/v1/types?kind=BED"] {
        let plain = get(&node, &path.to_lowercase()).await;
        assert_eq!(get(&node, path).await.body, plain.body);
    }
    let mark = json!({"kind": "Note", "verdict": "Wrong", "type": "bed.icu"});
    let left = node.post("/v1/facilities/Test:A/marks", &mark).send().await;
    assert_eq!(left.status, StatusCode::CREATED, "{}", left.text());
}

#[rstest]
#[case("application/json; charset=utf-8")]
#[case("application/json;charset=UTF-8")]
#[case("text/json")]
#[case("text/plain;charset=UTF-8")]
#[case("application/octet-stream")]
#[case("application/x-www-form-urlencoded; charset=UTF-8")]
#[case("")]
#[tokio::test]
async fn json_comes_under_many_media_types_and_after_a_byte_order_mark(#[case] media_type: &str) {
    let node = start().await;
    let key = node.admin().await;
    let body = "\u{feff}{\"values\": {\"bed.icu\": {\"available\": 3}}}";
    let call = node.call(Method::PUT, PUT).key(&key);
    let call = if media_type.is_empty() { call.bytes(body) } else { call.body(media_type, body) };
    let receipt = call.send().await.json();
    assert_eq!(receipt["values"]["bed.icu"]["available"], 3);
    let wide: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let receipt = node.call(Method::PUT, PUT).key(&key).body("application/json", wide).send().await.json();
    assert_eq!(receipt["values"]["bed.icu"]["available"], 3);
}

/// Every operation that reads JSON reads it after a mark.
#[tokio::test]
async fn no_operation_stumbles_over_a_byte_order_mark() {
    let node = start().await;
    let key = node.admin().await;
    let bridge = node.key(Role::Bridge, None, &["test:A"]).await;
    node.patch(
        "/v1/facilities/test:A",
        &json!({"external_ids": ["test:A", "kemenkes:3374010", "bpjs:0112R034"]}),
    )
    .key(&key)
    .send()
    .await
    .json();
    for (method, path, body) in [
        (Method::POST, "/v1/facilities", json!({"name": "RS C", "kind": "hospital", "region": "33.74"})),
        (Method::PATCH, "/v1/facilities/test:A", json!({"name": "RS A"})),
        (Method::POST, "/v1/facilities/test:A/availability/adjust", json!({"type": "bed.icu", "delta": -1})),
        (Method::POST, "/v1/facilities/test:A/availability/confirm", json!({})),
        (Method::POST, "/v1/reports", json!([{"facility": "test:A", "type": "bed.icu", "available": 3}])),
        (Method::POST, "/v1/keys", json!({"role": "agent"})),
        (
            Method::POST,
            "/bridge/rsonline/Fasyankes",
            json!({"id_tt": "24", "ruang": "A", "jumlah": "3", "kosong": "1", "terpakai": "2"}),
        ),
        (
            Method::POST,
            "/bridge/aplicares/rest/bed/create/0112R034",
            json!({"kodekelas": "ICU", "koderuang": "A", "namaruang": "A", "kapasitas": "9", "tersedia": "4"}),
        ),
    ] {
        let call = node.call(method, path).header("x-rs-id", "3374010");
        let call = if path.starts_with("/bridge") { call.key(&bridge) } else { call.key(&key) };
        let reply = call.body("application/json", format!("\u{feff}{body}")).send().await;
        assert!(reply.status.is_success(), "{path}: {}", reply.text());
    }
}

#[rstest]
#[case::no_media_type("")]
#[case::a_file("application/octet-stream")]
#[case::a_text("text/plain")]
#[case::curl("application/x-www-form-urlencoded")]
#[tokio::test]
async fn a_list_without_a_media_type_is_recognised(#[case] media_type: &str) {
    let node = start().await;
    let key = node.admin().await;
    for list in [
        "facility,type,capacity,available\ntest:A,bed.icu,12,3\n",
        "[{\"facility\": \"test:A\", \"type\": \"bed.icu\", \"available\": 3}]",
        "{\"facility\": \"test:A\", \"type\": \"bed.icu\", \"available\": 3}\n",
    ] {
        let call = node.call(Method::POST, "/v1/reports").key(&key);
        let call = if media_type.is_empty() { call.bytes(list) } else { call.body(media_type, list) };
        assert_eq!(call.send().await.json()["accepted"], 1, "{list}");
    }
}

#[tokio::test]
async fn the_address_may_name_the_form() {
    let node = start().await;
    for (format, media_type) in [
        ("json", "application/json"),
        ("text", "text/plain"),
        ("csv", "text/csv"),
        ("geojson", "application/geo+json"),
        ("short", "application/vnd.sedia.short+json"),
    ] {
        let by_header = node.get(ASK).accept(media_type).send().await;
        for _ in 0..3 {
            let by_address = node.get(&format!("{ASK}&format={format}")).accept("image/png").send().await;
            assert_eq!(by_address.body, by_header.body);
            assert_eq!(by_address.header("content-type"), by_header.header("content-type"));
            assert_eq!(by_address.header("etag"), by_header.header("etag"));
            let is_file = matches!(format, "csv" | "geojson");
            let file = format!("attachment; filename=\"beds-33.74.{format}\"");
            assert_eq!(by_address.header("content-disposition"), if is_file { &file } else { "" });
        }
        // The same words without the form are another question.
        assert_eq!(get(&node, ASK).await.header("content-type"), "application/json");
    }
    let overview = get(&node, "/v1/regions/33/overview?format=csv").await;
    assert_eq!(overview.header("content-disposition"), "attachment; filename=\"regions-33-overview.csv\"");
    let past = get(&node, &format!("{ASK}&as_of=2021-07-01T07:00:00Z&format=csv")).await;
    assert_eq!(past.header("content-type"), "text/csv; charset=utf-8");
    let history = get(&node, "/v1/facilities/test:A/history/?format=CSV").await;
    assert_eq!(
        history.header("content-disposition"),
        "attachment; filename=\"facilities-test_A-history.csv\""
    );
}

#[tokio::test]
async fn a_person_with_a_browser_reads_indented_json_and_saves_marked_csv() {
    let node = start().await;
    let opened = node.get(ASK).accept(ACCEPTED_BY_A_BROWSER).send().await;
    assert_eq!(opened.header("content-type"), "application/json");
    assert!(opened.text().starts_with("{\n  \"region\": {\n"), "{}", opened.text());
    assert_eq!(opened.json(), get(&node, ASK).await.json());
    let csv = format!("{ASK}&format=csv");
    let saved = node.get(&csv).accept(ACCEPTED_BY_A_BROWSER).send().await.text();
    assert_eq!(saved.strip_prefix('\u{feff}'), Some(&*get(&node, &csv).await.text()));
}

#[tokio::test]
async fn a_table_comes_in_utf_16_where_that_is_asked_for() {
    let node = start().await;
    let wide = node.get(ASK).accept("text/csv; charset=utf-16").send().await;
    assert_eq!(wide.header("content-type"), "text/csv; charset=utf-16");
    let units: Vec<u16> = wide.body.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let plain = node.get(ASK).accept("text/csv").send().await;
    assert_eq!(String::from_utf16(&units).unwrap(), format!("\u{feff}{}", plain.text()));
    assert!(plain.text().contains("Ḥasan"));
    assert_ne!(wide.header("etag"), plain.header("etag"));
}

#[tokio::test]
async fn writes_are_understood_at_the_same_odd_addresses() {
    let node = start().await;
    let key = node.admin().await;
    for path in ["/v1/facilities/test:A/availability/", "//v1//facilities/test:A/availability"] {
        let reply = node.put(path, &json!({"values": {"bed.icu": {"available": 3}}})).key(&key).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
    }
    let seq = node.seq().await;
    for path in ["/v1/reports?dry_run", "/v1/reports?dry_run="] {
        let rows = json!([{"facility": "test:A", "type": "bed.icu", "available": 3}]);
        node.post(path, &rows).key(&key).send().await.problem(400, "invalid_parameter");
    }
    assert_eq!(node.seq().await, seq, "a wish that lost its value is not carried out");
}

#[tokio::test]
async fn a_parameter_that_a_change_has_not_is_refused() {
    let node = start().await;
    let key = node.admin().await;
    let seq = node.seq().await;
    let patch = json!({"address": "Jl. A"});
    for parameter in ["format=csv", "dry_run=true", "confirm=true"] {
        let reply = node.patch(&format!("/v1/facilities/test:A?{parameter}"), &patch).key(&key).send().await;
        reply.problem(400, "unknown_parameter");
    }
    assert_eq!(node.seq().await, seq, "a try that the server does not know is not carried out");
}

#[tokio::test]
async fn the_short_form_warns_like_the_whole_one() {
    let node = start().await;
    let ask = "/v1/beds?near=33.74.10&type=bed.class1&ventilator=true&min=0";
    let whole = get(&node, ask).await.json();
    let short = get(&node, &format!("{ask}&format=short")).await.json();
    assert_eq!(
        (&short["unrecorded"], &whole["unrecorded"]),
        (&json!(["ventilator"]), &json!(["ventilator"]))
    );
    for (short, whole) in
        short["facilities"].as_array().unwrap().iter().zip(whole["facilities"].as_array().unwrap())
    {
        assert_eq!(
            short.get("distance_rough"),
            Some(&whole["distance_rough"]).filter(|rough| **rough == true)
        );
        assert_eq!(short.get("simulated"), Some(&whole["simulated"]).filter(|simulated| **simulated == true));
    }
}

/// Everything that can be asked can be asked for its headers only.
#[tokio::test]
async fn every_question_has_a_head() {
    let node = start().await;
    let key = node.admin().await;
    node.patch("/v1/facilities/test:A", &json!({"external_ids": ["test:A", "kemenkes:3374010"]}))
        .key(&key)
        .send()
        .await
        .json();
    let document: Value = serde_json::from_str(&sedia::http::openapi_json()).unwrap();
    for (template, operations) in document["paths"].as_object().unwrap() {
        if operations["get"].is_null() || template.starts_with("/bridge") || template.ends_with("/stream") {
            continue;
        }
        let path =
            template.replace("{id}", "kemenkes:3374010").replace("/problems/{code}", "/problems/not_found");
        let is_search = ["/v1/search", "/v1/ask"].contains(&&**template);
        let path = path.replace("{code}", "33.74") + if is_search { "?q=tembalang" } else { "" };
        let whole = node.get(&path).key(&key).send().await;
        // A webhook proves itself to its gateway only.
        assert!(whole.status.is_success() || template == "/v1/messages", "{path}: {}", whole.text());
        let head = node.call(Method::HEAD, &path).key(&key).send().await;
        assert_eq!((head.status, head.body.len()), (whole.status, 0), "{path}: {}", whole.text());
        assert_eq!(head.header("content-type"), whole.header("content-type"), "{path}");
        assert_eq!(head.header("etag"), whole.header("etag"), "{path}");
    }
}

#[tokio::test]
async fn a_part_of_an_answer_is_the_whole_answer() {
    let node = start().await;
    let whole = get(&node, ASK).await;
    let part = node.get(ASK).header("range", "bytes=0-9").header("if-range", "\"x\"").send().await;
    assert_eq!((part.status, &part.body), (StatusCode::OK, &whole.body));
}

#[tokio::test]
async fn the_first_page_leads_to_the_documents() {
    let node = start().await;
    for path in ["/", "//"] {
        let reply = node.get(path).send().await;
        assert_eq!((reply.status, reply.text().contains("href=\"/docs\"")), (StatusCode::OK, true));
    }
    assert!(get(&node, "/docs/").await.text().contains("swagger"));
}
