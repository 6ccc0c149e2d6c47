//! When nothing fits where it was asked for, the answer looks further, and nobody gets lost on the way.

use chrono::Duration;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Point, SEMARANG, beds, hospital, names};
use crate::support::TestNode;

/// In Kabupaten Semarang, 16 km away.
const UNGARAN: Point = (-7.14, 110.405);
/// 38 km away.
const SALATIGA: Point = (-7.332, 110.493);
/// 77 km away.
const SURAKARTA: Point = (-7.556, 110.832);
/// 256 km away.
const SURABAYA: Point = (-7.249, 112.751);
/// 3,370 km away.
const JAYAPURA: Point = (-2.534, 140.718);

/// The area within so many kilometres; the whole country for null.
fn to(within_km: impl Into<Value>) -> Value {
    json!({"region": null, "within_km": within_km.into()})
}

/// An answer that looked further in vain depends on what is further all the same.
#[tokio::test]
async fn what_becomes_free_nearby_is_found_after_it_was_looked_for_in_vain() {
    let node = TestNode::start().await;
    hospital(&node, "Here", "33.74.10", Some(SEMARANG), 2).await;
    hospital(&node, "There", "33.22", Some(UNGARAN), 0).await;
    node.clock.pass(Duration::hours(20));
    for _ in 0..2 {
        let answer = beds(&node, "region=33.74").await;
        assert_eq!((names(&answer), &answer["widened"]), (vec!["Here"], &Value::Null));
    }
    node.report("test:There", json!({"bed.icu": {"available": 3}})).await;
    let answer = beds(&node, "region=33.74").await;
    assert_eq!(names(&answer), ["There", "Here"]);
    assert_eq!(answer["widened"]["reason"], "only_stale");
}

#[rstest]
#[case(UNGARAN, "33.22", json!(25))]
#[case(SALATIGA, "33.73", json!(50))]
#[case(SURAKARTA, "33.72", json!(100))]
#[case(SURABAYA, "35.78", json!(400))]
#[case(JAYAPURA, "91.71", Value::Null)]
#[tokio::test]
async fn a_full_region_is_answered_from_the_nearest_that_is_not(
    #[case] point: Point,
    #[case] region: &str,
    #[case] ring: Value,
) {
    let node = TestNode::start().await;
    hospital(&node, "Here", "33.74.10", Some(SEMARANG), 0).await;
    hospital(&node, "There", region, Some(point), 3).await;
    hospital(&node, "Further", "94", Some((-3.36, 135.5)), 9).await;
    let answer = beds(&node, "region=33.74").await;
    let from = json!({
        "region": {"code": "33.74", "name": "Kota Semarang", "level": "kabkota"}, "within_km": null,
    });
    assert_eq!(answer["widened"], json!({"reason": "nothing_free", "from": from, "to": to(ring.clone())}));
    let expected: &[&str] = if ring.is_null() { &["Further", "There"] } else { &["There"] };
    assert_eq!(names(&answer), expected);
    assert!(answer["facilities"][0]["distance_km"].as_f64().unwrap() > 10.0);
    let total = &answer["totals"][0];
    assert_eq!((&total["facilities"], &total["available"]), (&json!(1), &json!(0)), "of the asked region");
    assert_eq!(answer["contacts"][0]["phone"], "119");
}

#[rstest]
#[case::nobody_there("region=33.21", "no_facility", json!(25))]
#[case::not_of_that_type("region=33.74&type=bed.nicu", "no_facility", json!(25))]
#[case::too_few("region=33.74&min=5", "nothing_free", json!(25))]
#[case::nobody_of_that_name("region=33.74&q=beyond", "no_facility", json!(25))]
#[case::small_circle("near=-6.9,110.42&within=5", "no_facility", json!(25))]
#[case::full_circle("near=-6.993,110.421&within=5&min=5", "nothing_free", json!(25))]
#[tokio::test]
async fn a_widened_answer_says_why(#[case] query: &str, #[case] reason: &str, #[case] ring: Value) {
    let node = TestNode::start().await;
    hospital(&node, "Here", "33.74", Some(SEMARANG), 4).await;
    hospital(&node, "Beyond", "33.22", Some((-6.95, 110.5)), 6).await;
    node.report("test:Beyond", json!({"bed.nicu": {"available": 1}})).await;
    let answer = beds(&node, query).await;
    assert_eq!((&answer["widened"]["reason"], &answer["widened"]["to"]), (&json!(reason), &to(ring)));
    assert!(names(&answer).contains(&"Beyond"), "{answer}");
}

#[tokio::test]
async fn a_stale_number_stays_below_fresh_ones_from_nearby() {
    let node = TestNode::start().await;
    hospital(&node, "Old", "33.74", Some(SEMARANG), 9).await;
    hospital(&node, "OldToo", "33.22", Some(UNGARAN), 9).await;
    node.clock.pass(Duration::hours(12));
    hospital(&node, "TooFar", "35.78", Some(SURABAYA), 5).await;
    let answer = beds(&node, "region=33.74").await;
    assert_eq!(names(&answer), ["Old"]);
    assert_eq!(
        (&answer["widened"], &answer["near"]),
        (&json!(null), &json!(null)),
        "a better number too far away helps nobody"
    );
    hospital(&node, "New", "33.73", Some(SALATIGA), 1).await;
    let answer = beds(&node, "region=33.74").await;
    assert_eq!(names(&answer), ["New", "Old", "OldToo"]);
    assert_eq!(answer["widened"]["reason"], "only_stale");
    assert_eq!(answer["widened"]["to"], to(50));
    let total = &answer["totals"][0];
    assert_eq!((&total["available"], &total["available_stale"]), (&json!(9), &json!(9)));
}

#[rstest]
#[case("", json!([]), Value::Null)]
#[case("region=33.74", json!([]), to(Value::Null))]
#[case("near=-6.99,110.42", json!([]), to(Value::Null))]
#[case("region=33.74&min=0", json!(["full"]), Value::Null)]
#[tokio::test]
async fn nothing_in_the_whole_country_is_still_an_answer(
    #[case] query: &str,
    #[case] found: Value,
    #[case] area: Value,
) {
    let node = TestNode::start().await;
    hospital(&node, "Full", "33.74", Some(SEMARANG), 0).await;
    let answer = beds(&node, query).await;
    assert_eq!(json!(names(&answer)).to_string().to_lowercase(), found.to_string());
    assert_eq!(answer["widened"]["to"], area);
    assert_eq!(answer["contacts"][0]["phone"], "119");
    assert_eq!(answer["totals"][0]["available"], 0);
    for (language, next) in [("id", "hubungi:"), ("en", "call:")] {
        let call = node.get(&format!("/v1/beds?{query}"));
        let text = call.accept("text/plain").language(language).send().await.text();
        assert!(text.contains(next) && text.contains(": 119"), "{text}");
    }
}

/// The distance of the hospital without coordinates: unknown, or known and rough.
#[rstest]
#[case::no_place_asked("region=33.74", "33.74", None, false)]
#[case::at_the_point_of_its_region("region=33&near=-7.14,110.405", "33.74", Some(16.4), true)]
#[case::in_the_asked_region("region=33.74&near=33.74.10", "33.74.10", Some(0.0), true)]
#[case::both_only_somewhere_in_the_kota("region=33.74&near=33.74.10", "33.74.01", None, false)]
#[case::in_a_circle("near=33.74&within=5", "33.74.10", Some(0.0), true)]
#[case::widened("region=33.22", "33.74.10", Some(16.4), true)]
#[tokio::test]
async fn a_hospital_without_coordinates_never_vanishes(
    #[case] query: &str,
    #[case] region: &str,
    #[case] km: Option<f64>,
    #[case] rough: bool,
) {
    let node = TestNode::start().await;
    hospital(&node, "Somewhere", region, None, 3).await;
    let answer = beds(&node, query).await;
    assert_eq!(names(&answer), ["Somewhere"]);
    let facility = &answer["facilities"][0];
    assert_eq!(facility["distance_km"], json!(km));
    assert_eq!(facility["distance_rough"], rough);
    assert_eq!(facility["lat"], json!(null));
}

#[tokio::test]
async fn another_place_of_the_same_kota_comes_before_those_far_away() {
    let node = TestNode::start().await;
    hospital(&node, "NextTown", "33.73", Some(SALATIGA), 3).await;
    hospital(&node, "Outskirts", "33.22", Some((-7.0, 110.5)), 3).await;
    hospital(&node, "SameKota", "33.74.01", None, 3).await;
    let answer = beds(&node, "region=33&near=33.74.10").await;
    assert_eq!(names(&answer), ["Outskirts", "SameKota", "NextTown"]);
    assert_eq!(answer["facilities"][1]["distance_km"], json!(null));
}
