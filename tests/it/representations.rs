//! The same answer as JSON, as text, for spreadsheets and for maps.

mod as_of;
mod lists;
mod texts;

use axum::http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

/// A hospital with coordinates and a name that a spreadsheet would run, and one without either.
async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", Some((-7.05, 110.44))).await;
    node.hospital("B", "33.74.11", None).await;
    let key = node.admin().await;
    let name = json!({"name": "=1+1; \"RS\", Kariadi"});
    let reply = node.patch("/v1/facilities/test:A", &name).key(&key).send().await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let values = json!({"bed.icu": {"capacity": 9, "available": 4}, "bed.hcu": {"available": null}});
    node.report("test:A", values).await;
    node.report("test:B", json!({"bed.icu": {"available": 2}})).await;
    node
}

async fn get(node: &TestNode, path: &str, accept: &str) -> Reply {
    let reply = node.get(path).accept(accept).language("en").send().await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert!(reply.header("content-type").starts_with(accept), "{}", reply.header("content-type"));
    reply
}

/// The lines of a CSV as a program reads them, without the header.
fn lines(reply: &Reply) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(&*reply.body);
    reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn a_spreadsheet_has_a_line_for_each_number_and_runs_nothing() {
    let node = start().await;
    let lines = lines(&get(&node, "/v1/beds?region=33.74&min=0", "text/csv").await);
    let told = |line: &Vec<String>| (line[2].clone(), line[12].clone(), line[14].clone(), line[16].clone());
    let all: Vec<_> = lines.iter().map(told).collect();
    let cells = |name: &str, code: &str, capacity: &str, available: &str| {
        (name.to_owned(), code.to_owned(), capacity.to_owned(), available.to_owned())
    };
    let name = "'=1+1; \"RS\", Kariadi";
    assert_eq!(
        all,
        [cells(name, "bed.hcu", "", ""), cells(name, "bed.icu", "9", "4"), cells("RS B", "bed.icu", "", "2")]
    );
    assert!(
        lines.iter().all(|line| !line.join(" ").contains("0812-4100")),
        "internal telephones stay inside"
    );
}

#[tokio::test]
async fn a_map_has_a_feature_for_each_place() {
    let node = start().await;
    let reply = get(&node, "/v1/beds?region=33.74", "application/geo+json").await;
    let map: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((&map["type"], &map["region"]["code"]), (&json!("FeatureCollection"), &json!("33.74")));
    let [a, b] = [&map["features"][0], &map["features"][1]];
    assert_eq!(a["geometry"], json!({"type": "Point", "coordinates": [110.44, -7.05]}));
    assert_eq!(a["properties"]["availability"][1]["available"], 4);
    assert_eq!((&b["geometry"], &b["properties"]["name"]), (&Value::Null, &json!("RS B")), "nobody vanishes");

    let reply = get(&node, "/v1/regions/33/overview", "application/geo+json").await;
    let map: Value = serde_json::from_slice(&reply.body).unwrap();
    let features = map["features"].as_array().unwrap();
    assert_eq!(features.len(), 35);
    let semarang = features.iter().find(|feature| feature["id"] == "33.74").unwrap();
    assert_eq!(semarang["properties"]["beds"]["totals"][1]["available"], 6);
    assert_eq!(semarang["geometry"]["type"], "Point");
}

#[tokio::test]
async fn totals_and_reporting_come_as_tables_too() {
    let node = start().await;
    let totals = lines(&get(&node, "/v1/regions/33.74/overview", "text/csv").await);
    let whole: Vec<_> = totals.iter().filter(|line| line[0] == "33.74").collect();
    assert_eq!(
        whole.iter().map(|line| (&*line[6], &*line[10])).collect::<Vec<_>>(),
        [("bed.hcu", ""), ("bed.icu", "6")]
    );
    let reporters = lines(&get(&node, "/v1/completeness?region=33.74", "text/csv").await);
    assert_eq!(reporters.len(), 2);
    assert_eq!(lines(&get(&node, "/v1/facilities", "text/csv").await).len(), 3);
    assert_eq!(lines(&get(&node, "/v1/facilities/test:B", "text/csv").await).len(), 1);
}

#[rstest]
#[case("text/csv")]
#[case("application/geo+json")]
#[case("application/json")]
#[tokio::test]
async fn the_next_page_of_any_form_is_named_in_a_header(#[case] accept: &str) {
    let node = start().await;
    let first = get(&node, "/v1/beds?region=33.74&limit=1", accept).await;
    let next = first.header("sedia-next").to_owned();
    assert!(!next.is_empty());
    let second = get(&node, &format!("/v1/beds?region=33.74&limit=1&cursor={next}"), accept).await;
    assert_eq!(second.header("sedia-next"), "");
    assert!(second.text().contains("RS B"), "{}", second.text());
}

#[tokio::test]
async fn every_form_has_a_tag_of_its_own() {
    let node = start().await;
    let mut tags = Vec::new();
    for accept in ["application/json", "text/plain", "text/csv", "application/geo+json"] {
        tags.push(get(&node, "/v1/beds?region=33.74", accept).await.header("etag").to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4);
}
