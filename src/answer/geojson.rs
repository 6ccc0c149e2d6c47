//! Answers as GeoJSON (RFC 7946): one feature for each place, for maps.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::model::{OverviewAnswer, RegionSummary};

/// The facilities of an answer. What else the answer says stands beside the features.
pub(super) fn facilities(answer: &impl Serialize) -> Vec<u8> {
    let mut fields = fields(answer);
    let facilities = fields.remove("facilities").unwrap_or_default();
    let Value::Array(facilities) = facilities else { unreachable!("a list of facilities") };
    collection(fields, facilities.into_iter().map(facility))
}

/// One facility.
pub(super) fn facility_alone(answer: &impl Serialize) -> Vec<u8> {
    let feature = facility(Value::Object(fields(answer)));
    serde_json::to_vec(&feature).expect("answers are plain data")
}

/// The regions right below a region, each with its totals.
pub(super) fn overview(answer: &OverviewAnswer) -> Vec<u8> {
    let children: Vec<Value> = answer.children.iter().map(region).collect();
    let mut fields = fields(answer);
    fields.remove("children");
    collection(fields, children.into_iter())
}

fn fields(answer: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(answer) {
        Ok(Value::Object(fields)) => fields,
        other => unreachable!("an answer is an object, not {other:?}"),
    }
}

fn collection(others: Map<String, Value>, features: impl Iterator<Item = Value>) -> Vec<u8> {
    let mut collection = Map::from_iter([("type".to_owned(), "FeatureCollection".into())]);
    collection.extend(others);
    collection.insert("features".to_owned(), features.collect());
    serde_json::to_vec(&collection).expect("answers are plain data")
}

/// A facility as a feature; without coordinates its geometry is null.
fn facility(view: Value) -> Value {
    let Value::Object(mut properties) = view else { unreachable!("a facility is an object") };
    let id = properties.remove("id");
    let point = properties.remove("lat").zip(properties.remove("lon"));
    json!({"type": "Feature", "id": id, "geometry": geometry(point), "properties": properties})
}

fn region(summary: &RegionSummary) -> Value {
    let mut properties = fields(summary);
    let point = summary.located.map(|located| (json!(located.point.lat), json!(located.point.lon)));
    let region = properties.remove("region").unwrap_or_default();
    if let Value::Object(region) = region {
        properties.extend(region);
    }
    json!({"type": "Feature", "id": summary.region.code, "geometry": geometry(point), "properties": properties})
}

/// Longitude comes first.
fn geometry(point: Option<(Value, Value)>) -> Value {
    match point {
        Some((lat, lon)) if lat.is_number() => json!({"type": "Point", "coordinates": [lon, lat]}),
        _ => Value::Null,
    }
}
