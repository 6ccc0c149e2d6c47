//! Outlines of regions: from a file or by a change, in the answers for maps, and on the board.

use axum::http::StatusCode;
use rstest::rstest;
use sedia::{
    auth::{Operator, Principal},
    import::boundaries,
    locales::Language,
    store::commands::{ImportRegions, RegionRowsReceipt},
};
use serde_json::{Value, json};

use crate::support::TestNode;

/// A square around a point, with so much to each side.
fn square(lat: f64, lon: f64, side: f64) -> Value {
    let corner = |east: f64, north: f64| json!([lon + east * side, lat + north * side]);
    let ring =
        [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0), corner(-1.0, -1.0)];
    json!({"type": "Polygon", "coordinates": [ring]})
}

/// A feature with those properties.
fn feature(properties: &Value, geometry: &Value) -> Value {
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn collection(features: &[Value]) -> String {
    json!({"type": "FeatureCollection", "name": "batas", "features": features}).to_string()
}

/// Imports a file; gives what became of the regions that were read, and each feature that was not, with the code and the
/// place of the reason.
async fn import(node: &TestNode, file: &str) -> (RegionRowsReceipt, Vec<(u32, &'static str, String)>) {
    let read = boundaries::rows(file.as_bytes(), &node.node.shared.current()).unwrap();
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for (number, row) in read {
        match row {
            Ok((code, patch)) => rows.push((number, code, patch)),
            Err(rejection) => refused.push((number, rejection.code.name(), rejection.pointer.into_owned())),
        }
    }
    let command = ImportRegions { rows, dry_run: false, overwrite: false, language: Language::En };
    let written = node.node.submit(Principal::Operator(Operator::Cli), command).await.unwrap();
    (written.receipt.body, refused)
}

/// The geometry of a region as maps get it.
async fn geometry(node: &TestNode, code: &str) -> Value {
    node.get(&format!("/v1/regions/{code}?format=geojson")).send().await.json()["geometry"].clone()
}

#[tokio::test]
async fn a_feature_is_the_outline_of_the_region_that_it_names() {
    let node = TestNode::start().await;
    let features = [
        feature(&json!({"code": "33.74", "name": "Somewhere else"}), &square(-7.02, 110.39, 0.1)),
        feature(
            &json!({"KDPPUM": "33", "KDPKAB": "33.22", "WADMKK": "Semarang"}),
            &square(-7.2, 110.45, 0.1),
        ),
        json!({"type": "Feature", "id": "33.73", "properties": null, "geometry": square(-7.33, 110.5, 0.05)}),
        feature(&json!({"WADMPR": "Jawa Tengah", "WADMKK": "Kota Tegal"}), &square(-6.87, 109.12, 0.05)),
    ];
    let (receipt, refused) = import(&node, &collection(&features)).await;
    assert_eq!((receipt.changed, receipt.refused.len(), &refused[..]), (4, 0, &[][..]));
    for code in ["33.74", "33.22", "33.73", "33.76"] {
        assert_eq!(geometry(&node, code).await["type"], "MultiPolygon", "{code}");
    }
    let seq = node.seq().await;
    let (receipt, _) = import(&node, &collection(&features)).await;
    assert_eq!((receipt.changed, node.seq().await), (0, seq), "the same file again changes nothing");
    let before = geometry(&node, "33.74").await;
    let node = node.restart().await;
    assert_eq!(geometry(&node, "33.74").await, before);
}

#[tokio::test]
async fn a_feature_that_cannot_be_used_is_told_by_its_number_and_passed_over() {
    let node = TestNode::start().await;
    let good = square(-7.02, 110.39, 0.1);
    let properties = json!({"code": "33.74"});
    let open = json!({"type": "Polygon", "coordinates": [[[110, -7], [111, -7], [111, -6], [110, -6]]]});
    let features = [
        feature(&json!({"code": "99.99"}), &good),
        feature(&json!({"name": "Kabupaten Antah Berantah"}), &good),
        feature(&json!({"name": "Semarang"}), &good),
        feature(&json!({"OBJECTID": 5}), &good),
        feature(&json!({"code": "3374"}), &good),
        feature(&properties, &json!({"type": "Point", "coordinates": [110, -7]})),
        feature(&properties, &Value::Null),
        feature(&properties, &open),
        feature(&properties, &json!({"type": "Polygon", "coordinates": [[["110", "-7"]]]})),
        json!("feature"),
        // What is left in other units, or with the latitude first.
        feature(&properties, &square(9_223_000.0, 435_000.0, 1000.0)),
        feature(&properties, &square(110.39, -7.02, 0.1)),
        feature(&properties, &good),
        feature(&properties, &good),
        // The code of another system: the region lies elsewhere.
        feature(&json!({"code": "33.01"}), &good),
    ];
    let (receipt, refused) = import(&node, &collection(&features)).await;
    let refused: Vec<(u32, &str, &str)> =
        refused.iter().map(|(number, code, pointer)| (*number, *code, &**pointer)).collect();
    let place = "/geometry/coordinates/0";
    let expected = [
        (1, "unknown_region", "/properties/code"),
        (2, "unknown_region", "/properties/name"),
        (3, "ambiguous_region", "/properties/name"),
        (4, "missing_field", "/properties"),
        (5, "region_code_without_dots", "/properties/code"),
        (6, "invalid_coordinates", "/geometry"),
        (7, "invalid_coordinates", "/geometry"),
        (8, "invalid_coordinates", place),
        (9, "invalid_coordinates", "/geometry"),
        (10, "invalid_coordinates", ""),
        (11, "invalid_coordinates", place),
        (12, "invalid_coordinates", place),
        (14, "duplicate_row", ""),
    ];
    assert_eq!(refused, expected);
    assert_eq!((receipt.changed, receipt.refused.len(), receipt.refused[0].0), (1, 1, 15));
    assert_eq!(geometry(&node, "33.74").await["type"], "MultiPolygon");
    assert_eq!(geometry(&node, "33.01").await["type"], "Point");
}

#[rstest]
#[case("")]
#[case("code,name\n33.74,Kota Semarang\n")]
#[case("{\"type\": \"Topology\", \"objects\": {}}")]
#[case("{\"type\": \"FeatureCollection\", \"features\": [{]}")]
#[tokio::test]
async fn what_is_no_geojson_is_refused_whole(#[case] file: &str) {
    let node = TestNode::start().await;
    let refused = boundaries::rows(file.as_bytes(), &node.node.shared.current()).unwrap_err();
    assert_eq!(refused.code.name(), "invalid_body");
}

#[tokio::test]
async fn a_file_without_end_is_refused() {
    let node = TestNode::start().await;
    let file = " ".repeat(boundaries::MOST_BYTES + 1);
    let refused = boundaries::rows(file.as_bytes(), &node.node.shared.current()).unwrap_err();
    assert_eq!(refused.code.name(), "body_too_large");
    let deep = format!("{{\"type\": \"FeatureCollection\", \"features\": [{}", "[".repeat(1 << 20));
    let refused = boundaries::rows(deep.as_bytes(), &node.node.shared.current()).unwrap_err();
    assert_eq!(refused.code.name(), "invalid_body");
}

#[tokio::test]
async fn a_change_sets_an_outline_and_takes_it_away() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    let patch = async |outline: Value| {
        node.patch("/v1/regions/33.74", &json!({"outline": outline})).key(&key).send().await
    };
    let seq = node.seq().await;
    patch(square(-7.02, 110.39, 0.1)).await.json();
    let drawn = geometry(&node, "33.74").await;
    assert_eq!(drawn["coordinates"][0][0].as_array().unwrap().len(), 5);
    // Who follows the log hears of it, and so does who starts now.
    let changes = node.get(&format!("/v1/changes?after={seq}")).send().await.json();
    assert!(changes.to_string().contains(&drawn.to_string()), "{changes}");
    assert!(node.get("/v1/snapshot").send().await.text().contains(&drawn.to_string()));
    // A person's word stands against a file.
    let (receipt, _) =
        import(&node, &collection(&[feature(&json!({"code": "33.74"}), &square(-7.0, 110.4, 0.2))])).await;
    assert_eq!((receipt.changed, receipt.kept), (0, vec![1]));
    assert_eq!(geometry(&node, "33.74").await, drawn);
    let line = json!({"type": "LineString", "coordinates": [[110, -7], [111, -7]]});
    patch(line).await.problem(422, "invalid_field");
    let elsewhere = patch(square(-2.0, 120.0, 0.1)).await.problem(422, "invalid_coordinates");
    assert_eq!(elsewhere["errors"][0]["pointer"], "/outline");
    patch(Value::Null).await.json();
    assert_eq!(geometry(&node, "33.74").await["type"], "Point");
}

#[tokio::test]
async fn maps_get_outlines_with_the_numbers_and_the_points() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.icu": {"available": 4}})).await;
    let file = collection(&[feature(&json!({"code": "33.74"}), &square(-7.02, 110.39, 0.1))]);
    import(&node, &file).await;
    for path in ["/v1/regions/33/overview", "/v1/regions?parent=33&limit=200"] {
        let map = node.get(path).accept("application/geo+json").send().await.json();
        let features = map["features"].as_array().unwrap();
        let of = |code: &str| features.iter().find(|feature| feature["id"] == code).unwrap();
        assert_eq!(of("33.74")["geometry"]["type"], "MultiPolygon", "{path}");
        assert!(of("33.74")["properties"]["located"]["lat"].is_number(), "{path}");
        assert_eq!(of("33.22")["geometry"]["type"], "Point", "{path}");
    }
    let whole = node.get("/v1/regions/33/overview").send().await.text();
    assert!(!whole.contains("MultiPolygon"), "outlines are for maps only");
}

#[tokio::test]
async fn the_board_draws_outlines_below_the_points() {
    let node = TestNode::start().await;
    let without = node.get("/regions/33").send().await.text();
    assert!(!without.contains("class=\"shapes\"") && without.contains("hanya kira-kira"));
    let shapes: Vec<Value> = (1..=29_i32)
        .map(|regency| {
            let region = format!("33.{regency:02}");
            let point = node.node.shared.current().locate(region.parse().unwrap()).unwrap().point;
            feature(&json!({"code": region}), &square(point.lat, point.lon, 0.1))
        })
        .collect();
    import(&node, &collection(&shapes)).await;
    let reply = node.get("/regions/33").send().await;
    assert_eq!(reply.status, StatusCode::OK);
    let page = reply.text();
    let map = page.split_once("<g class=\"shapes\"").unwrap().1;
    let (drawn, points) = map.split_once("</g>").unwrap();
    assert_eq!(drawn.matches("<a href=\"/regions/33.").count(), 29, "{drawn}");
    assert_eq!(drawn.matches("z\"></path>").count(), 29, "{drawn}");
    assert!(points.contains("Kota Semarang"), "those without an outline stay points");
    assert_eq!(page.matches("<tr><th scope=\"row\"><a href=\"/regions/33.").count(), 35);
}
