//! What an answer holds, and in which order.

mod texts;
mod widening;

use axum::http::StatusCode;
use chrono::Duration;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::TestNode;

type Point = (f64, f64);

/// The middle of Kota Semarang.
const SEMARANG: Point = (-6.993, 110.421);
async fn beds(node: &TestNode, query: &str) -> Value {
    node.get(&format!("/v1/beds?{query}")).send().await.json()
}

/// Adds a hospital that has so many ICU beds free.
async fn hospital(node: &TestNode, name: &str, region: &str, point: Option<Point>, free: u32) {
    node.hospital(name, region, point).await;
    icu(node, name, free.into()).await;
}

async fn icu(node: &TestNode, name: &str, free: Value) {
    node.report(&format!("test:{name}"), json!({"bed.icu": {"available": free}})).await;
}

/// The names of an answer's facilities, in its order.
fn names(answer: &Value) -> Vec<&str> {
    let facilities = answer["facilities"].as_array().unwrap();
    facilities.iter().map(|facility| facility["name"].as_str().unwrap().trim_start_matches("RS ")).collect()
}

/// Hospitals of every tier; the best are added last, so that no order comes by itself.
async fn every_tier() -> TestNode {
    let node = TestNode::start().await;
    for (name, lat) in [("Full", -6.99), ("Silent", -7.0), ("Unknown", -6.99)] {
        node.hospital(name, "33.74", Some((lat, 110.42))).await;
    }
    hospital(&node, "Stale", "33.74", Some((-6.99, 110.42)), 9).await;
    node.clock.pass(Duration::hours(6));
    hospital(&node, "Aging", "33.74", Some((-6.99, 110.42)), 9).await;
    node.clock.pass(Duration::hours(6));
    for (name, lat, free) in [("Near", -6.99, 2), ("Nearby", -6.99, 5), ("Far", -7.05, 8)] {
        hospital(&node, name, "33.74", Some((lat, 110.42)), free).await;
    }
    icu(&node, "Full", 0.into()).await;
    icu(&node, "Unknown", Value::Null).await;
    node
}

#[rstest]
#[case("min=0", "Far Nearby Near Aging Stale Silent Unknown Full")]
#[case("", "Far Nearby Near Aging Stale")]
#[case("near=-6.99,110.42&min=0", "Nearby Near Far Aging Stale Unknown Silent Full")]
#[case("near=-7.05,110.42", "Far Nearby Near Aging Stale")]
#[case("min=6", "Far Aging Stale")]
#[case("freshness=fresh", "Far Nearby Near")]
#[case("freshness=fresh&min=0", "Far Nearby Near Full")]
#[case("freshness=aging", "Far Nearby Near Aging")]
#[case("freshness=stale&min=0", "Far Nearby Near Aging Stale Full")]
#[tokio::test]
async fn believable_numbers_come_first_then_near_ones_then_high_ones(
    #[case] query: &str,
    #[case] expected: &str,
) {
    let node = every_tier().await;
    let answer = beds(&node, &format!("region=33.74&{query}")).await;
    assert_eq!(names(&answer).join(" "), expected);
    assert_eq!(answer["widened"], json!(null));
}

/// What each hospital has, and how many are free; each is 11 km south of the one before.
const TYPES: &[(&str, &str, u32)] = &[
    ("Icu", "bed.icu", 9),
    ("Vent", "bed.icu_vent", 8),
    ("Picu", "bed.picu", 7),
    ("Nicu", "bed.nicu", 6),
    ("CovidVent", "bed.covid.icu_neg_vent", 5),
    ("CovidIso", "bed.covid.isolation", 4),
    ("Ward", "bed.class3", 3),
];

#[rstest]
#[case::types("region=33&type=bed.picu,bed.icu", "Icu Picu")]
#[case::types_one_by_one("region=33&type=bed.icu&type=bed.picu", "Icu Picu")]
#[case::with_ventilator("region=33&ventilator=true", "Vent CovidVent")]
#[case::without_ventilator("region=33&ventilator=false", "Icu Picu Nicu CovidIso Ward")]
#[case::negative_pressure("region=33&negative_pressure=true", "CovidVent")]
#[case::wards_take_children("region=33&age_group=child", "Picu CovidIso Ward")]
#[case::newborns_need_a_ward_of_their_own("region=33&age_group=neonate", "Nicu")]
#[case::adults("region=33&age_group=adult&reserved_for=none", "Icu Vent Ward")]
#[case::reserved("region=33&reserved_for=covid", "CovidVent CovidIso")]
#[case::reserved_for_nobody("region=33&ventilator=true&reserved_for=none", "Vent")]
#[case::min("region=33&min=7", "Icu Vent Picu")]
#[case::min_and_attribute("region=33&min=5&reserved_for=covid", "CovidVent")]
#[case::name("region=33&q=rs%20NICU", "Nicu")]
#[case::name_with_an_error("region=33&q=covidizo", "CovidIso")]
#[case::name_and_type("region=33&q=ward&type=bed.class3,bed.icu", "Ward")]
#[case::circle("near=-6.99,110.42&within=12", "Icu Vent")]
#[case::circle_around_the_second("near=-7.09,110.42&within=12", "Vent Icu Picu")]
#[case::circle_and_region("region=33.74&near=-7.09,110.42&within=12", "Icu Picu")]
#[case::circle_and_attribute("near=-6.99,110.42&within=25&age_group=child", "Picu")]
#[case::everything_at_once(
    "region=33&near=-6.99,110.42&within=60&type=bed.covid.icu_neg_vent,bed.icu_vent&ventilator=true\
     &negative_pressure=true&age_group=adult&reserved_for=covid&min=5&freshness=fresh&q=covidvent",
    "CovidVent"
)]
#[tokio::test]
async fn an_answer_holds_what_was_wished_for(#[case] query: &str, #[case] expected: &str) {
    let node = TestNode::start().await;
    let mut lat = -6.99;
    for (index, (name, code, free)) in TYPES.iter().enumerate() {
        let region = if index % 2 == 0 { "33.74" } else { "33.22" };
        node.hospital(name, region, Some((lat, 110.42))).await;
        // Full everywhere else, to show that what was not wished for neither counts nor shows.
        let mut values: Value =
            TYPES.iter().map(|(_, other, _)| ((*other).to_owned(), json!({"available": 0}))).collect();
        values[*code] = json!({"available": free});
        node.report(&format!("test:{name}"), values).await;
        lat -= 0.1;
    }
    let answer = beds(&node, query).await;
    assert_eq!(names(&answer).join(" "), expected);
    assert_eq!(answer["widened"], json!(null));
    let types = |list: &Value, key: &str| -> Vec<Value> {
        let list = list.as_array().unwrap();
        list.iter().map(|item| item[key].clone()).collect()
    };
    let counted = types(&answer["totals"], "type");
    for facility in answer["facilities"].as_array().unwrap() {
        assert_eq!(types(&facility["availability"], "type"), counted);
    }
}

#[rstest]
#[case::region("region=33&min=0")]
#[case::near_a_point("region=33&min=0&near=-6.99,110.42")]
#[case::near_a_region("near=33.74.10&within=200&min=0")]
#[case::only_free_ones("region=33.74")]
#[case::looked_further("region=33.21")]
#[tokio::test]
async fn pages_hold_each_facility_once_in_the_order_of_one_long_page(#[case] query: &str) {
    let node = TestNode::start().await;
    for number in 0..25u32 {
        let point = (number % 5 != 0).then(|| (-7.0 - f64::from(number % 6) / 50.0, 110.42));
        let region = ["33.74", "33.74.10", "33.22"][number as usize % 3];
        let name = format!("N{number}");
        if number % 8 == 7 {
            node.hospital(&name, region, point).await;
        } else {
            hospital(&node, &name, region, point, number % 4).await;
        }
    }
    let whole = beds(&node, &format!("{query}&limit=200")).await;
    assert_eq!(whole["next"], json!(null));
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = beds(&node, &format!("{query}&limit=4{cursor}")).await;
        for part in ["totals", "widened", "contacts", "near"] {
            assert_eq!(page[part], whole[part]);
        }
        pages.extend(page["facilities"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
        let other = format!("/v1/beds?{query}&age_group=adult{cursor}");
        node.get(&other).send().await.problem(400, "cursor_of_another_query");
    }
    assert!(pages.len() >= 10, "{}", pages.len());
    assert_eq!(json!(pages), whole["facilities"]);
}

#[tokio::test]
async fn totals_tell_unknown_from_none_and_old_from_new() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74", None).await;
    node.report("test:A", json!({"bed.icu": {"capacity": 10}})).await;
    let total = || async { beds(&node, "region=33.74&type=bed.icu").await["totals"][0].clone() };
    let unknown = json!({
        "type": "bed.icu", "label": "ICU tanpa ventilator", "capacity": 10, "occupied": null, "available": null,
        "available_stale": null, "occupied_of_capacity": null, "available_of_capacity": null, "queue": null,
        "facilities": 1, "facilities_available": 0, "facilities_unknown": 1, "facilities_stale": 0,
        "facilities_capacity_known": 1, "facilities_occupied_known": 0, "facilities_available_known": 0,
        "facilities_queue_known": 0,
    });
    assert_eq!(total().await, unknown);
    hospital(&node, "B", "33.74", None, 3).await;
    hospital(&node, "C", "33.74", None, 0).await;
    let known = total().await;
    assert_eq!((&known["available"], &known["available_stale"]), (&json!(3), &json!(null)));
    node.clock.pass(Duration::hours(12));
    hospital(&node, "D", "33.74", None, 2).await;
    let mixed = total().await;
    for (key, count) in [
        ("available", 5),
        ("available_stale", 3),
        ("facilities", 4),
        ("facilities_available", 2),
        ("facilities_unknown", 1),
        ("facilities_stale", 3),
    ] {
        assert_eq!(mixed[key], count, "{key}: {mixed}");
    }
}

/// What a bar of a dashboard is drawn from: its parts never exceed the whole, whoever states only some numbers.
#[tokio::test]
async fn totals_say_what_each_sum_counts_and_what_is_part_of_the_capacity() {
    let node = TestNode::start().await;
    for (name, numbers) in [
        ("A", json!({"capacity": 100, "occupied": 60, "available": 40})),
        ("B", json!({"capacity": 39, "occupied": 14})),
        ("C", json!({"available": 30, "queue": 2})),
        ("D", json!({"occupied": 9})),
    ] {
        node.hospital(name, "33.74", None).await;
        node.report(&format!("test:{name}"), json!({"bed.icu": numbers})).await;
    }
    let total = beds(&node, "region=33.74&type=bed.icu").await["totals"][0].clone();
    for (key, count) in [
        ("capacity", 139),
        ("occupied", 83),
        ("available", 70),
        ("occupied_of_capacity", 74),
        ("available_of_capacity", 40),
        ("facilities_capacity_known", 2),
        ("facilities_occupied_known", 3),
        ("facilities_available_known", 2),
        ("facilities_queue_known", 1),
        ("facilities_unknown", 2),
    ] {
        assert_eq!(total[key], count, "{key}: {total}");
    }
    let table = node.get("/v1/regions/33.74/overview").accept("text/csv").send().await.text();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let header = rows.headers().unwrap().clone();
    let row =
        rows.records().map(Result::unwrap).find(|row| row.iter().any(|cell| cell == "bed.icu")).unwrap();
    for key in ["occupied_of_capacity", "available_of_capacity", "facilities_capacity_known"] {
        let column = header.iter().position(|name| name == key).unwrap();
        assert_eq!(row[column], total[key].to_string(), "{key}");
    }
}

#[tokio::test]
async fn a_closed_hospital_is_neither_listed_nor_counted() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    hospital(&node, "A", "33.74", Some(SEMARANG), 3).await;
    hospital(&node, "B", "33.74", Some(SEMARANG), 2).await;
    for (closed, left, free) in [(true, "B", 2), (false, "A B", 5)] {
        let patch = json!({"closed": closed});
        let reply = node.patch("/v1/facilities/test:A", &patch).key(&key).send().await;
        assert_eq!(reply.status, StatusCode::OK);
        for query in ["region=33.74", "near=33.74", "q=rs", "min=0"] {
            let answer = beds(&node, query).await;
            assert_eq!(names(&answer).join(" "), left, "{query}");
            assert_eq!(answer["totals"][0]["available"], free, "{query}");
        }
    }
}
