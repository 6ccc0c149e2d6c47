//! Answers that are made once: tags, codings, and which question is the same question.

use std::{collections::BTreeMap, io::Read};

use axum::http::{Method, StatusCode};
use chrono::Duration;
use proptest::{prelude::*, test_runner::Config};
use rstest::rstest;
use sedia::{clock::Clock, domain::key::Role, snapshot::Scope};
use serde_json::json;

use crate::{
    steps::{self, steps, take},
    support::{PUBLIC, Reply, TestNode},
};

const QUESTION: &str = "/v1/beds?region=33.74&min=0";

async fn start() -> TestNode {
    let node = TestNode::start().await;
    for name in ["A", "B", "C"] {
        node.hospital(name, "33.74.10", Some((-7.05, 110.44))).await;
        let values = json!({"bed.icu": {"capacity": 9, "available": 2}, "bed.hcu": {"available": 0}});
        node.report(&format!("test:{name}"), values).await;
    }
    node
}

/// A counter of `/metrics`.
async fn counted(node: &TestNode, line: &str) -> u64 {
    let text = node.get("/metrics").send().await.text();
    let counted = text.lines().find_map(|counted| counted.strip_prefix(line)?.trim().parse().ok());
    counted.unwrap_or(0)
}

async fn made(node: &TestNode) -> u64 {
    counted(node, "sedia_answer_cache_total{outcome=\"miss\"}").await
}

/// All headers but the id of the request, and the length, which the connection adds if nobody did.
fn headers(reply: &Reply) -> BTreeMap<String, String> {
    let headers =
        reply.headers.iter().filter(|(name, _)| *name != "x-request-id" && *name != "content-length");
    headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
}

#[rstest]
#[case::json(&[])]
#[case::text(&[("accept", "text/plain"), ("accept-language", "en")])]
#[case::brotli(&[("accept-encoding", "gzip, br")])]
#[case::gzip(&[("accept-encoding", "gzip")])]
#[tokio::test]
async fn the_same_words_again_get_the_same_response(#[case] said: &[(&str, &str)]) {
    let node = start().await;
    let ask = async || {
        let call = node.get(QUESTION);
        let call = said.iter().fold(call, |call, (name, value)| call.header(name, value));
        call.send().await
    };
    // Made; found in the cache; found by its words.
    let (first, second, third) = (ask().await, ask().await, ask().await);
    for again in [&second, &third] {
        assert_eq!((first.status, &first.body), (again.status, &again.body));
        assert_eq!(headers(&first), headers(again));
        assert_ne!(first.header("x-request-id"), again.header("x-request-id"));
    }
    assert_eq!(second.header("access-control-allow-origin"), "*");
    assert_eq!(second.header("x-content-type-options"), "nosniff");
    let route = "sedia_http_request_seconds_count{method=\"GET\",route=\"/v1/beds\",status=\"200\"}";
    assert_eq!(counted(&node, route).await, 3);
    assert_eq!(second.header("cache-control"), PUBLIC);
}

#[rstest]
#[case::by_the_router(0)]
#[case::by_the_shortcut(1)]
#[tokio::test]
async fn a_panic_is_a_problem_whichever_way_the_answer_is_made(#[case] asked_before: u64) {
    let node = start().await;
    for _ in 0..asked_before {
        assert_eq!(node.get(QUESTION).send().await.status, StatusCode::OK);
    }
    let reply = node.get(QUESTION).header("x-request-id", "mine").broken().send().await;
    let problem = reply.problem(500, "internal");
    assert_eq!((&problem["request_id"], reply.header("x-request-id")), (&json!("mine"), "mine"));
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    let route = |status: u16| {
        format!("sedia_http_request_seconds_count{{method=\"GET\",route=\"/v1/beds\",status=\"{status}\"}}")
    };
    assert_eq!(counted(&node, &route(500)).await, 1);
    // What panicked is answered again as soon as it can be.
    assert_eq!(node.get(QUESTION).send().await.status, StatusCode::OK);
    assert_eq!(counted(&node, &route(200)).await, asked_before + 1);
}

#[tokio::test]
async fn the_same_words_get_what_is_true_now() {
    let node = start().await;
    for available in [5, 4, 3] {
        node.report("test:A", json!({"bed.icu": {"available": available}})).await;
        let answer = node.get("/v1/beds?region=33.74&type=bed.icu&min=3").send().await.json();
        assert_eq!(answer["facilities"][0]["availability"][0]["available"], available);
    }
}

/// Words whose meaning changes: a type that did not exist, a name that moved on, an id given to another.
#[tokio::test]
async fn the_same_words_mean_what_they_mean_now() {
    let node = start().await;
    let key = node.admin().await;
    let unknown = node.get("/v1/beds?type=bed.burn").send().await;
    unknown.problem(422, "unknown_type");
    let made = node.put(
        "/v1/types/bed.burn",
        &json!({"label": {"id": "Luka bakar", "en": "Burns"}, "kind": "bed", "age_group": "any", "aging_after_h": 4, "stale_after_h": 12}),
    );
    let reply = made.key(&key).send().await;
    assert!(reply.status.is_success(), "{}", reply.text());
    assert_eq!(node.get("/v1/beds?type=bed.burn").send().await.status, StatusCode::OK);

    for _ in 0..2 {
        let facility = node.get("/v1/facilities/test:A").send().await.json();
        assert_eq!(facility["name"], "RS A");
    }
    let other = node.get("/v1/facilities/test:B").send().await.json();
    let give = async |facility: &str, ids: serde_json::Value| {
        let call = node.patch(&format!("/v1/facilities/{facility}"), &json!({"external_ids": ids}));
        assert_eq!(call.key(&key).send().await.status, StatusCode::OK);
    };
    give("test:A", json!(["test:old"])).await;
    node.get("/v1/facilities/test:A").send().await.problem(404, "unknown_facility");
    give(other["id"].as_str().unwrap(), json!(["test:A"])).await;
    assert_eq!(node.get("/v1/facilities/test:A").send().await.json()["name"], "RS B");
}

#[tokio::test]
async fn one_question_in_many_spellings_is_made_once() {
    let node = start().await;
    let spellings = [
        "/v1/beds?region=33.74&type=bed.hcu,bed.icu&min=0",
        "/v1/beds?min=0&type=bed.icu,bed.hcu&region=33.74",
        "/v1/beds?region=33.74&type=bed.icu&type=bed.hcu&min=0&limit=20",
        "/v1/beds?region=33.74&type=bed.icu%2Cbed.hcu,bed.icu&min=0&freshness=unknown",
        "/v1/beds?region=%33%33.74&type=bed.hcu,bed.icu&min=00",
    ];
    let before = made(&node).await;
    let mut tags = Vec::new();
    for path in spellings {
        let reply = node.get(path).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
        tags.push(reply.header("etag").to_owned());
    }
    tags.dedup();
    assert_eq!(tags.len(), 1);
    assert_eq!(made(&node).await - before, 1);
}

#[tokio::test]
async fn those_who_ask_at_once_wait_for_one_answer() {
    let node = start().await;
    let before = made(&node).await;
    let ask = || node.get("/v1/beds?region=33&limit=7").send();
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    assert_eq!(one.body, two.body);
    assert_eq!(one.body, three.body);
    assert_eq!(made(&node).await - before, 1);
}

/// The body as it was before it was packed.
fn unpacked(reply: &Reply) -> Vec<u8> {
    let mut bytes = Vec::new();
    match reply.header("content-encoding") {
        "gzip" => {
            flate2::read::GzDecoder::new(&*reply.body).read_to_end(&mut bytes).unwrap();
        }
        "br" => brotli::BrotliDecompress(&mut &*reply.body, &mut bytes).unwrap(),
        _ => bytes.extend_from_slice(&reply.body),
    }
    bytes
}

#[rstest]
#[case::snapshot("/v1/snapshot")]
#[case::api_document("/openapi.json")]
#[tokio::test]
async fn what_is_large_comes_packed(#[case] path: &str) {
    let node = start().await;
    let plain = node.get(path).send().await;
    assert_eq!(plain.header("content-encoding"), "");
    for coding in ["gzip", "br"] {
        let packed = node.get(path).header("accept-encoding", coding).send().await;
        assert_eq!(packed.header("content-encoding"), coding);
        assert!(packed.header("vary").contains("accept-encoding"));
        assert_eq!(packed.header("content-type"), plain.header("content-type"));
        assert!(packed.body.len() * 3 < plain.body.len(), "{coding}: {}", packed.body.len());
        assert!(unpacked(&packed) == plain.body, "{coding}");
    }
}

#[tokio::test]
async fn whoever_has_the_api_document_is_told_so() {
    let node = start().await;
    let tag = node.get("/openapi.json").send().await.header("etag").to_owned();
    let known = node.get("/openapi.json").header("if-none-match", &tag).send().await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}

#[rstest]
#[case::identity("identity", "")]
#[case::gzip("gzip", "gzip")]
#[case::brotli("br", "br")]
#[tokio::test]
async fn every_coding_holds_the_same_and_has_a_tag_of_its_own(#[case] accept: &str, #[case] coding: &str) {
    let node = start().await;
    let plain = node.get(QUESTION).send().await;
    let ask = || node.get(QUESTION).header("accept-encoding", accept);
    let packed = ask().send().await;
    assert_eq!(packed.header("content-encoding"), coding);
    assert_eq!(unpacked(&packed), plain.body);
    assert_eq!(packed.header("etag") == plain.header("etag"), coding.is_empty());
    assert!(packed.header("vary").contains("accept-encoding"));
    let known = ask().header("if-none-match", packed.header("etag")).send().await;
    assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(known.header("etag"), packed.header("etag"));
}

#[rstest]
#[case::another("\"other\"", StatusCode::OK)]
#[case::any("*", StatusCode::NOT_MODIFIED)]
#[case::weak("W/TAG", StatusCode::NOT_MODIFIED)]
#[case::one_of_many("\"other\", TAG", StatusCode::NOT_MODIFIED)]
#[tokio::test]
async fn a_client_that_has_the_answer_is_told_so(#[case] header: &str, #[case] status: StatusCode) {
    let node = start().await;
    let tag = node.get(QUESTION).send().await.header("etag").to_owned();
    let header = header.replace("TAG", &tag);
    for _ in 0..2 {
        let reply = node.get(QUESTION).header("if-none-match", &header).send().await;
        assert_eq!(reply.status, status);
    }
    node.report("test:A", json!({"bed.icu": {"available": 1}})).await;
    let reply = node.get(QUESTION).header("if-none-match", &tag).send().await;
    assert_eq!(reply.status, StatusCode::OK, "what changed is sent again");
}

#[tokio::test]
async fn a_change_elsewhere_leaves_an_answer_as_it_is() {
    let node = start().await;
    node.hospital("far", "33.22", None).await;
    let tag = node.get(QUESTION).send().await.header("etag").to_owned();
    let before = made(&node).await;
    node.report("test:far", json!({"bed.icu": {"available": 1}})).await;
    let reply = node.get(QUESTION).header("if-none-match", &tag).send().await;
    assert_eq!(reply.status, StatusCode::NOT_MODIFIED);
    assert_eq!(made(&node).await, before);
}

/// Hospitals in Kota Semarang, a NICU in the kabupaten around it, and hospitals in Bali, 500 km away.
async fn start_with_bali() -> TestNode {
    let node = start().await;
    node.hospital("Nicu", "33.22", Some((-7.14, 110.405))).await;
    node.report("test:Nicu", json!({"bed.nicu": {"available": 1}})).await;
    for (name, point) in [("D", Some((-8.66, 115.21))), ("E", None)] {
        node.hospital(name, "51.71", point).await;
        node.report(&format!("test:{name}"), json!({"bed.icu": {"available": 1}})).await;
    }
    node
}

#[rstest]
#[case::near_a_point("/v1/beds?near=-7.05,110.44")]
#[case::near_a_kecamatan("/v1/beds?near=33.74.10")]
#[case::narrow("/v1/beds?near=33.74&within=20&min=0")]
#[case::in_a_region_near_another("/v1/beds?region=33.74&near=33.22")]
#[case::widened_from_a_region("/v1/beds?region=33.74&type=bed.nicu")]
#[case::widened_from_a_circle("/v1/beds?near=-7.05,110.44&within=5&type=bed.nicu")]
#[case::by_name("/v1/beds?region=33.74&q=rs+a")]
#[case::by_name_near("/v1/beds?near=33.74.10&q=rs+a")]
#[case::facilities_by_name("/v1/facilities?region=33.74&q=rs+a")]
#[tokio::test]
async fn what_happens_far_away_leaves_an_answer_as_it_is(#[case] path: &str) {
    let node = start_with_bali().await;
    let key = node.key(Role::Agent, None, &[]).await;
    let tag = node.get(path).send().await.header("etag").to_owned();
    let before = made(&node).await;
    for number in 0..30 {
        node.report(["test:D", "test:E"][number % 2], json!({"bed.icu": {"available": number}})).await;
        node.clock.pass(Duration::seconds(1));
        let reply = node.get(path).header("if-none-match", &tag).send().await;
        assert_eq!(reply.status, StatusCode::NOT_MODIFIED, "{}", reply.text());
    }
    let body = json!({"kind": "claim", "by": "Siti"});
    let reply = node.post("/v1/facilities/test:D/marks", &body).key(&key).send().await;
    assert!(reply.status.is_success(), "{}", reply.text());
    assert_eq!(node.get(path).send().await.header("etag"), tag);
    assert_eq!(made(&node).await, before, "nothing was made again");
}

#[tokio::test]
async fn what_happens_near_is_told() {
    let node = start_with_bali().await;
    let key = node.admin().await;
    let hospital =
        json!({"name": "RS Baru", "kind": "hospital", "region": "33.74.11", "external_ids": ["test:New"]});
    let contact = json!({"region": "33.74", "name": "Dinkes", "role": "dinkes", "phone": "024-3318070", "visibility": "public"});
    let ask = async || node.get("/v1/beds?near=33.74.10&min=0").send().await.header("etag").to_owned();
    let mut tags = vec![ask().await];
    for (method, path, body) in [
        (Method::PUT, "/v1/facilities/test:A/availability", json!({"values": {"bed.icu": {"available": 3}}})),
        (Method::POST, "/v1/facilities", hospital),
        (Method::PATCH, "/v1/facilities/test:New", json!({"lat": -7.06, "lon": 110.45})),
        (Method::PATCH, "/v1/facilities/test:New", json!({"lat": -7.02, "lon": 110.45})),
        (Method::PATCH, "/v1/facilities/test:New", json!({"lat": null, "lon": null})),
        (Method::PATCH, "/v1/facilities/test:B", json!({"closed": true})),
        (Method::POST, "/v1/contacts", contact),
    ] {
        let reply = node.call(method, path).json(&body).key(&key).send().await;
        assert!(reply.status.is_success(), "{path}: {}", reply.text());
        tags.push(ask().await);
    }
    // Numbers become stale.
    node.clock.pass(Duration::hours(13));
    tags.push(ask().await);
    // A point that is taken back leaves the answer as it was before the point came.
    assert!(tags.windows(2).all(|two| two[0] != two[1]), "{tags:?}");
}

#[tokio::test]
async fn tags_outlive_a_restart() {
    let mut node = start().await;
    let mut tags = BTreeMap::new();
    let paths = [
        QUESTION,
        "/v1/beds?near=33.74.10",
        "/v1/facilities/test:A",
        "/v1/facilities",
        "/v1/regions/33.74",
        "/v1/types",
        "/v1/search?q=rs+b",
    ];
    for path in paths {
        tags.insert(path, node.get(path).send().await.header("etag").to_owned());
    }
    node = node.restart().await;
    for (path, tag) in tags {
        let reply = node.get(path).header("if-none-match", &tag).send().await;
        assert_eq!(reply.status, StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[tokio::test]
async fn the_text_tells_ages_anew_each_minute() {
    let node = start().await;
    let ask = async || node.get(QUESTION).accept("text/plain").language("en").send().await.text();
    assert!(ask().await.contains("just now"), "{}", ask().await);
    node.clock.pass(Duration::minutes(5));
    assert!(ask().await.contains("5 minutes ago"), "{}", ask().await);
}

#[tokio::test]
async fn head_gives_the_headers_alone() {
    let node = start().await;
    let full = node.get(QUESTION).send().await;
    let head = node.call(Method::HEAD, QUESTION).send().await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("etag"), full.header("etag"));
    assert_eq!(head.header("content-type"), full.header("content-type"));
}

/// A list without times makes all its numbers old at one moment.
#[tokio::test]
async fn many_deadlines_at_one_moment_raise_a_region_once() {
    let node = start().await;
    let rows: Vec<_> = ["A", "B", "C"]
        .iter()
        .flat_map(|name| {
            ["bed.icu", "bed.hcu"]
                .map(|bed| json!({"facility": format!("test:{name}"), "type": bed, "available": 4}))
        })
        .collect();
    let key = node.admin().await;
    let reply = node.post("/v1/reports", &json!(rows)).key(&key).send().await;
    assert_eq!(reply.json()["accepted"], 6, "{}", reply.text());
    let before = node.state().await;
    node.clock.pass(before.next_deadline() - node.clock.now());
    let after = node.state().await;
    let risen = |scope| after.version(scope) - before.version(scope);
    assert_eq!(risen(Scope::everything(Some("33.74".parse().unwrap()))), 1);
    assert_eq!(risen(Scope::everything(None)), 1);
}

/// Where things happen in the steps, and around: places with points and without, by name, and widened.
const ASKED: [&str; 17] = [
    "/v1/beds?near=-7.05,110.44&min=0",
    "/v1/beds?near=33.74.10",
    "/v1/beds?near=33.74.10&within=1&min=0",
    "/v1/beds?near=33.22&within=5000&min=0",
    "/v1/beds?near=51.71&min=4",
    "/v1/beds?near=35.78&region=33",
    "/v1/beds?region=33.74&near=33.74.12&min=0",
    "/v1/beds?region=34.04&freshness=fresh",
    "/v1/beds?region=33.22.01",
    "/v1/beds?region=33&q=rs+c",
    "/v1/beds?near=33.74&q=rs+a",
    "/v1/isolation?near=33.74.11&min=2",
    "/v1/vaccinations?near=33.22.01",
    "/v1/vaccinations?region=33.74&near=33.22",
    "/v1/facilities?region=33&q=rs+b",
    "/v1/regions?parent=33.74",
    "/v1/search?q=rs",
];

proptest! {
    #![proptest_config(Config { cases: 3, max_shrink_iters: 20, failure_persistence: None, ..Config::default() })]

    /// Whatever happens, what was made before is what would be made now, here and on a node that starts later.
    #[test]
    fn a_cached_answer_is_the_answer(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut node = steps::start().await;
            let key = node.key(Role::Agent, None, &[]).await;
            for (turn, step) in steps.into_iter().enumerate() {
                let said = format!("{step:?}");
                node = take(node, step).await;
                // Every third of them in turn, so that what was asked last is some steps old.
                for (number, path) in ASKED.into_iter().enumerate().skip(turn % 3).step_by(3) {
                    let call = || match number % 4 {
                        0 => node.get(path).key(&key),
                        1 => node.get(path).accept("text/plain"),
                        _ => node.get(path),
                    };
                    let (cached, anew) = (call().send().await, call().uncached().send().await);
                    assert_eq!(cached.text(), anew.text(), "{path} after {said}");
                    assert_eq!(headers(&cached), headers(&anew), "{path} after {said}");
                }
            }
            let mut told = Vec::new();
            for path in ASKED {
                told.push(node.get(path).send().await.text());
            }
            node = node.restart().await;
            for (path, told) in ASKED.into_iter().zip(told) {
                assert_eq!(node.get(path).send().await.text(), told, "{path} after a restart");
            }
        });
    }
}

/// A cache before the nodes forgets by tags what a change concerns; what is asked with a key has none to be kept under.
#[tokio::test]
async fn answers_carry_the_region_whose_numbers_they_show() {
    let node = start().await;
    for (path, own) in [
        ("/v1/beds?region=33.74", "sedia-33.74"),
        ("/v1/regions/33/overview", "sedia-33"),
        ("/v1/beds?min=0", "sedia-country"),
        ("/v1/beds?near=33.74.10&min=0", "sedia-country"),
        ("/v1/changes", "sedia-country"),
        ("/", "sedia-country"),
    ] {
        // Made, found in the cache, and found by its words.
        for _ in 0..3 {
            let reply = node.get(path).send().await;
            assert_eq!(reply.header("cache-control"), PUBLIC, "{path}");
            let expected = (&*format!("sedia {own}"), &*format!("sedia,{own}"));
            assert_eq!((reply.header("xkey"), reply.header("cache-tag")), expected, "{path}");
        }
    }
    assert_eq!(node.get("/v1/types").send().await.header("xkey"), "sedia");
    // What nobody has in that region is looked for further away, and depends on more.
    let further = node.get("/v1/beds?region=33.22&type=bed.icu").send().await;
    assert_eq!(further.header("xkey"), "sedia sedia-country", "{}", further.text());
    let own = node.get("/v1/beds?region=33.74").key(&node.admin().await).send().await;
    assert_eq!((own.header("xkey"), own.header("cache-tag")), ("", ""));
}
