//! How the totals of a region went.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::Duration;
use rstest::rstest;
use sedia::{maintenance::Maintenance, store::retention::Keep};
use serde_json::{Value, json};

use crate::support::{PUBLIC, TestNode};

const KEEP: Keep = Keep { days: 90, rollup_days: 1_095 };

/// Lets maintenance run so many rounds.
async fn keep(node: &TestNode, rounds: usize) {
    for _ in 0..rounds {
        Arc::new(Maintenance::new(&node.node, KEEP)).keep_trend().await;
    }
}

async fn history(node: &TestNode, query: &str) -> Value {
    node.get(&format!("/v1/regions/{query}")).send().await.json()
}

/// The moments of a history, each with what was free and stale of a type.
fn points(history: &Value, code: &str) -> Vec<(String, Value, Value)> {
    let of = |point: &Value| {
        let totals = point["totals"].as_array().unwrap();
        let total = totals.iter().find(|total| total["type"] == code).cloned().unwrap_or_default();
        let at = point["at"].as_str().unwrap().to_owned();
        (at, total["available"].clone(), total["available_stale"].clone())
    };
    history["points"].as_array().unwrap().iter().map(of).collect()
}

/// A node from 2021-07-01T07:00Z on: a report at once, another one after eight hours, one that nobody knows any more after
/// sixteen; then the time goes on to the second morning.
async fn went() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.22.10", None).await;
    node.report("test:B", json!({"bed.icu": {"available": 2}})).await;
    for free in [json!(4), json!(7), Value::Null] {
        node.report("test:A", json!({"bed.icu": {"available": free}, "isolation.male": {"available": 1}}))
            .await;
        node.clock.pass(Duration::hours(8));
    }
    node.clock.pass(Duration::hours(23));
    node
}

#[tokio::test]
async fn each_moment_tells_what_was_known_then() {
    let node = went().await;
    keep(&node, 20).await;
    let city = history(&node, "33.74/history").await;
    assert_eq!((&city["region"]["code"], &city["every_h"]), (&json!("33.74"), &json!(6)));
    let expected = [
        ("2021-07-01T12:00:00Z", json!(4), Value::Null),
        ("2021-07-01T18:00:00Z", json!(7), Value::Null),
        ("2021-07-02T00:00:00Z", Value::Null, Value::Null),
        ("2021-07-02T06:00:00Z", Value::Null, Value::Null),
        ("2021-07-02T12:00:00Z", Value::Null, Value::Null),
        ("2021-07-02T18:00:00Z", Value::Null, Value::Null),
        ("2021-07-03T00:00:00Z", Value::Null, Value::Null),
    ];
    let expected = expected.map(|(at, free, stale)| (at.to_owned(), free, stale));
    assert_eq!(points(&city, "bed.icu"), expected);
    // The province adds up what is known, and says what of it is old.
    let province = points(&history(&node, "33/history?type=ICU%20tanpa%20ventilator").await, "bed.icu");
    assert_eq!(province[0].1, 6);
    assert_eq!((&province[1].1, &province[1].2), (&json!(9), &Value::Null));
    assert_eq!((&province[2].1, &province[2].2), (&json!(2), &json!(2)), "it became stale meanwhile");
    // The overview says the same of that moment.
    let then = history(&node, "33/overview?as_of=2021-07-03T00:00:00Z").await;
    let total = then["beds"]["totals"].as_array().unwrap().iter().find(|total| total["type"] == "bed.icu");
    assert_eq!(total.unwrap()["available_stale"], 2);
    // Another kecamatan has nothing to do with it.
    assert!(history(&node, "33.74.11/history").await["points"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_moment_that_was_missed_is_made_later_and_an_old_one_is_forgotten() {
    let node = went().await;
    // The newest comes first, one in each round.
    keep(&node, 1).await;
    assert_eq!(points(&history(&node, "33.74/history").await, "bed.icu").len(), 1);
    let node = node.restart().await;
    keep(&node, 20).await;
    let all = points(&history(&node, "33.74/history").await, "bed.icu");
    assert_eq!(all[0].0, "2021-07-01T12:00:00Z", "nothing is known of a moment before the first change");
    let day = points(&history(&node, "33.74/history?days=1").await, "bed.icu");
    assert_eq!(day.len(), 3, "the moment that has just come is kept a little later");
    node.clock.pass(Duration::days(14));
    keep(&node, 2).await;
    let kept = points(&history(&node, "33.74/history?days=14").await, "bed.icu");
    let moments: Vec<&str> = kept.iter().map(|(at, ..)| &**at).collect();
    assert_eq!(moments, ["2021-07-16T18:00:00Z", "2021-07-17T00:00:00Z"]);
    node.database.run("DELETE FROM trend").await;
    let node = node.restart().await;
    keep(&node, 2).await;
    let again = points(&history(&node, "33.74/history?days=14").await, "bed.icu");
    assert_eq!(again, kept, "made anew it is the same");
}

#[tokio::test]
async fn the_forms_of_it_say_the_same() {
    let node = went().await;
    keep(&node, 20).await;
    let get = async |path: &str, accept: &str| node.get(path).accept(accept).language("en").send().await;
    let text = get("/v1/regions/33.74/history?days=3", "text/plain").await.text();
    assert!(text.contains("Kota Semarang, every 6 hours"), "{text}");
    assert!(text.contains("beds 4 free; isolation places 1 free") && text.contains("beds unknown"), "{text}");
    let csv = get("/v1/regions/33.74/history?days=3&kind=bed", "text/csv").await.text();
    assert!(csv.starts_with("region_code,region,at,type,kind,capacity"), "{csv}");
    assert!(csv.contains("33.74,Kota Semarang,2021-07-01T12:00:00Z,bed.icu,bed,,,4,,1,1,0,0"), "{csv}");
    assert!(!csv.contains("isolation"), "{csv}");
    let empty = get("/v1/regions/33.01/history", "text/plain").await.text();
    assert!(empty.contains("Nothing is recorded yet"), "{empty}");
    let first = node.get("/v1/regions/33.74/history").send().await;
    assert_eq!(first.header("cache-control"), PUBLIC);
    let again =
        node.get("/v1/regions/33.74/history").header("if-none-match", first.header("etag")).send().await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let named = history(&node, "kota%20semarang/history").await;
    assert_eq!(named["resolved"][0]["code"], "33.74");
}

#[rstest]
#[case("99/history", 404, "unknown_region")]
#[case("33.74/history?type=bed.none", 422, "unknown_type")]
#[case("33.74/history?days=15", 400, "invalid_parameter")]
#[case("33.74/history?day=1", 400, "unknown_parameter")]
#[tokio::test]
async fn what_cannot_be_is_refused(#[case] query: &str, #[case] status: u16, #[case] code: &str) {
    let node = TestNode::start().await;
    node.get(&format!("/v1/regions/{query}")).send().await.problem(status, code);
    node.get("/v1/regions/33.74/history").accept("image/png").send().await.problem(406, "not_acceptable");
}

#[tokio::test]
async fn the_board_draws_it_and_stands_without_it() {
    let node = went().await;
    let before = node.get("/regions/33.74").send().await.text();
    assert!(!before.contains("class=\"chart\""), "{before}");
    keep(&node, 20).await;
    // What was read is kept for a moment.
    let node = node.restart().await;
    let page = node.get("/regions/33.74").send().await.text();
    assert_eq!(page.matches("<figure class=\"chart\">").count(), 2, "{page}");
    assert!(page.contains("Paling sedikit 4 kosong, paling banyak 7, terakhir belum diketahui"), "{page}");
    let table = page.split_once("Yang kosong pada tiap saat").unwrap().1;
    assert!(table.matches("<span class=\"unknown\">").count() >= 4, "{table}");
    node.database.run("ALTER TABLE trend RENAME TO hidden").await;
    let node = node.restart().await;
    node.get("/v1/regions/33.74/history").send().await.problem(503, "history_unavailable");
    let page = node.get("/regions/33.74").send().await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text();
    assert!(page.contains("ICU tanpa ventilator") && page.contains("sedang tidak dapat dibaca"), "{page}");
    node.database.run("ALTER TABLE hidden RENAME TO trend").await;
}
