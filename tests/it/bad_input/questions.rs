//! Questions that cannot be asked.

use super::{Expected, refused};
use crate::support::TestNode;

/// The path and what is wrong with it.
const WRONG: &[(&str, Expected<'_>)] = &[
    // Regions
    ("/v1/beds?region=99", (404, "unknown_region", "region")),
    ("/v1/beds?near=99", (404, "unknown_region", "near")),
    ("/v1/facilities?region=33.99", (404, "unknown_region", "region")),
    ("/v1/search?q=a&region=33.74.99", (404, "unknown_region", "region")),
    ("/v1/regions?parent=99", (404, "unknown_region", "parent")),
    ("/v1/regions/99", (404, "unknown_region", "code")),
    ("/v1/beds?region=3374010", (400, "bps_code", "region")),
    ("/v1/beds?region=33.74.010", (400, "bps_code", "region")),
    ("/v1/regions/3374010", (400, "bps_code", "code")),
    ("/v1/beds?region=3374", (400, "region_code_without_dots", "region")),
    ("/v1/beds?region=337410", (400, "region_code_without_dots", "region")),
    ("/v1/beds?near=3374", (400, "region_code_without_dots", "near")),
    ("/v1/regions/33741010", (400, "invalid_region_code", "code")),
    ("/v1/beds?region=semarang", (400, "ambiguous_region", "region")),
    ("/v1/beds?near=kec.+kaliwungu", (400, "ambiguous_region", "near")),
    ("/v1/regions?parent=bandung", (400, "ambiguous_region", "parent")),
    ("/v1/regions/semarang", (400, "ambiguous_region", "code")),
    ("/v1/regions/semarang/overview", (400, "ambiguous_region", "code")),
    ("/v1/beds?region=zzzzzz", (404, "unknown_region", "region")),
    ("/v1/beds?near=tembalang,+bandung", (404, "unknown_region", "near")),
    ("/v1/beds?region=bps:33", (404, "unknown_region", "region")),
    ("/v1/beds?region=33.", (400, "invalid_region_code", "region")),
    ("/v1/beds?region=33&region=34", (400, "invalid_parameter", "region")),
    // Places
    ("/v1/beds?near=-6.99", (400, "invalid_region_code", "near")),
    ("/v1/beds?near=-6.99,", (422, "invalid_coordinates", "near")),
    ("/v1/beds?near=a,b", (422, "invalid_coordinates", "near")),
    ("/v1/beds?near=NaN,110", (422, "invalid_coordinates", "near")),
    ("/v1/beds?near=1e999,110", (422, "invalid_coordinates", "near")),
    ("/v1/beds?near=1,2,3", (422, "invalid_coordinates", "near")),
    ("/v1/beds?near=110.42,-6.99", (422, "invalid_coordinates", "near")),
    ("/v1/beds?within=10", (422, "parameters_disagree", "within")),
    ("/v1/beds?near=33.74&within=0", (400, "invalid_parameter", "within")),
    ("/v1/beds?near=33.74&within=5001", (400, "invalid_parameter", "within")),
    // Types and attributes
    ("/v1/beds?type=bed.none", (422, "unknown_type", "type")),
    ("/v1/beds?type=bed.icu,bed.none", (422, "unknown_type", "type")),
    ("/v1/beds?type=isolation.any", (422, "unknown_type", "type")),
    ("/v1/beds?type=Bed%20Oksigen", (422, "unknown_type", "type")),
    ("/v1/beds?type=icu%20covid", (422, "ambiguous_type", "type")),
    ("/v1/beds?ventilator=maybe", (400, "invalid_parameter", "ventilator")),
    ("/v1/beds?negative_pressure=2", (400, "invalid_parameter", "negative_pressure")),
    ("/v1/beds?age_group=An%C3%A4k", (422, "unknown_word", "age_group")),
    ("/v1/beds?freshness=old", (400, "invalid_parameter", "freshness")),
    ("/v1/types?kind=beds", (400, "invalid_parameter", "kind")),
    ("/v1/regions?level=city", (400, "invalid_parameter", "level")),
    ("/v1/facilities?flag=odd", (400, "invalid_parameter", "flag")),
    ("/v1/facilities?closed=maybe", (400, "invalid_parameter", "closed")),
    ("/v1/facilities?kind=Rumah%20Sakit", (422, "invalid_word", "kind")),
    // Numbers
    ("/v1/beds?limit=0", (400, "limit_out_of_range", "limit")),
    ("/v1/beds?limit=201", (400, "limit_out_of_range", "limit")),
    ("/v1/beds?limit=abc", (400, "limit_out_of_range", "limit")),
    ("/v1/beds?limit=-1", (400, "limit_out_of_range", "limit")),
    ("/v1/facilities?limit=99999999999", (400, "limit_out_of_range", "limit")),
    ("/v1/regions?limit=1.5", (400, "limit_out_of_range", "limit")),
    ("/v1/search?q=a&limit=0", (400, "limit_out_of_range", "limit")),
    ("/v1/beds?min=-1", (400, "invalid_parameter", "min")),
    ("/v1/beds?min=10001", (400, "invalid_parameter", "min")),
    // Cursors
    ("/v1/beds?cursor=zzz", (400, "invalid_cursor", "cursor")),
    ("/v1/facilities?cursor=%F0%9F%9B%8F", (400, "invalid_cursor", "cursor")),
    ("/v1/regions?cursor=e30", (400, "invalid_cursor", "cursor")),
    ("/v1/vaccinations?date=kapan", (422, "invalid_date", "date")),
    ("/v1/vaccinations?from=0278-10-22", (422, "invalid_date", "from")),
    // Names
    ("/v1/search", (422, "missing_field", "q")),
    ("/v1/search?q=%20", (400, "invalid_parameter", "q")),
    // A lost value must not widen the question.
    ("/v1/beds?region=", (400, "invalid_parameter", "region")),
    ("/v1/beds?region=33.74&near=", (400, "invalid_parameter", "near")),
    ("/v1/beds?region=33.74&as_of=", (400, "invalid_parameter", "as_of")),
    ("/v1/regions?parent=", (400, "invalid_parameter", "parent")),
    ("/v1/changes?after=", (400, "invalid_parameter", "after")),
    ("/v1/beds?region=33.74&type=,", (400, "invalid_parameter", "type")),
    ("/v1/search?q=%00", (422, "missing_field", "q")),
    ("/v1/beds?q=%ff", (400, "invalid_encoding", "query")),
    ("/v1/regions/%ff", (400, "invalid_encoding", "path")),
    ("/v1/facilities/%ff", (400, "invalid_encoding", "path")),
    ("/v1/facilities/nothing", (404, "unknown_facility", "id")),
    ("/v1/facilities/kemenkes:1", (404, "unknown_facility", "id")),
    ("/v1/facilities/0196f1b0-0000-7000-8000-000000000000", (404, "unknown_facility", "id")),
    // What nobody knows
    ("/v1/beds?regoin=33", (400, "unknown_parameter", "regoin")),
    ("/v1/regions/33?deep=1", (400, "unknown_parameter", "deep")),
    ("/v1/regions?region=33", (400, "unknown_parameter", "region")),
    ("/v1/facilities?near=33", (400, "unknown_parameter", "near")),
    ("/v1/facilities/test:A?x=1", (400, "unknown_parameter", "x")),
    ("/v1/search?q=a&cursor=b", (400, "unknown_parameter", "cursor")),
    ("/v1/types?x=1", (400, "unknown_parameter", "x")),
    ("/v1/reports", (405, "method_not_allowed", "method")),
    ("/v1/nothing", (404, "not_found", "path")),
    ("/v1/nothing/", (404, "not_found", "path")),
    // Forms
    ("/v1/beds?format=xml", (400, "invalid_parameter", "format")),
    ("/v1/beds?format=csv&format=json", (400, "invalid_parameter", "format")),
    ("/v1/types?format=geojson", (400, "invalid_parameter", "format")),
    ("/v1/changes?format=csv", (400, "unknown_parameter", "format")),
    ("/problems/nothing", (404, "not_found", "code")),
];

#[tokio::test]
async fn every_wrong_parameter_is_named() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    for (path, expected) in WRONG {
        refused(&node, || node.get(path), *expected).await;
    }
    let long = format!("/v1/search?q={}", "a".repeat(101));
    refused(&node, || node.get(&long), (422, "invalid_text", "q")).await;
}

#[tokio::test]
async fn a_cursor_serves_only_its_own_question() {
    let node = TestNode::start().await;
    for name in ["A", "B"] {
        node.hospital(name, "33.74.10", None).await;
        node.report(&format!("test:{name}"), serde_json::json!({"bed.icu": {"available": 1}})).await;
    }
    for (first, other) in [
        ("/v1/beds?region=33.74&limit=1", "/v1/beds?region=33&limit=1"),
        ("/v1/beds?region=33.74&limit=1", "/v1/beds?region=33.74&min=2"),
        ("/v1/facilities?limit=1", "/v1/facilities?kind=hospital"),
        ("/v1/regions?limit=1", "/v1/regions?parent=33"),
    ] {
        let next = node.get(first).send().await.json()["next"].clone();
        let next = next.as_str().unwrap();
        let same = node.get(&format!("{first}&cursor={next}")).send().await;
        assert!(same.status.is_success(), "{}", same.text());
        let separator = if other.contains('?') { '&' } else { '?' };
        let other = format!("{other}{separator}cursor={next}");
        refused(&node, || node.get(&other), (400, "cursor_of_another_query", "cursor")).await;
        let broken = format!("{first}&cursor={}", &next[..next.len() - 2]);
        refused(&node, || node.get(&broken), (400, "invalid_cursor", "cursor")).await;
    }
}

/// A word that fits nothing would look like an answer: "there are no such beds".
#[tokio::test]
async fn what_may_have_been_meant_is_said() {
    let node = TestNode::start().await;
    for (path, status, code, hint) in [
        ("/v1/beds?age_group=bayi", 422, "unknown_word", "neonate"),
        ("/v1/beds?reserved_for=covid19", 422, "unknown_word", "covid"),
        ("/v1/beds?type=bed.icuu", 422, "unknown_type", "'bed.icu'"),
        ("/v1/beds?type=icuuu", 422, "unknown_type", "'bed.icu'"),
        ("/v1/beds?type=icu%20covid", 422, "ambiguous_type", "'bed.covid.icu_vent'"),
        ("/v1/beds?type=isolation.any", 422, "unknown_type", "/v1/isolation"),
    ] {
        let problem = node.get(path).send().await.problem(status, code);
        assert!(problem["detail"].as_str().unwrap().contains(hint), "{problem}");
    }
    let upper = node.get("/v1/beds?type=BED.ICU&age_group=Adult").send().await;
    assert_eq!(upper.status.as_u16(), 200);
}

#[tokio::test]
async fn what_is_no_place_is_looked_up_first() {
    let node = TestNode::start().await;
    for name in ["near", "region"] {
        let call = || node.get(&format!("/v1/beds?{name}=zzzzzz"));
        let problem = refused(&node, call, (404, "unknown_region", name)).await;
        assert!(problem["detail"].as_str().unwrap().contains("look it up at /v1/search?q=NAME"), "{problem}");
    }
    let long = format!("/v1/beds?region={}", "semarang+".repeat(12));
    refused(&node, || node.get(&long), (422, "invalid_text", "region")).await;
}

#[tokio::test]
async fn a_moment_to_come_is_told_what_time_it_is() {
    let node = TestNode::start().await;
    let reply = node.get("/v1/beds?region=33&as_of=2022-01-01T00:00:00Z").send().await;
    let problem = reply.problem(422, "as_of_in_future");
    assert!(problem["detail"].as_str().unwrap().starts_with("sekarang 2021-07-01 14:00 WIB;"), "{problem}");
}
