//! Answers as GeoJSON (RFC 7946): one feature for each place, for maps. What else an answer says stands beside its
//! features.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    domain::{geo::Located, region_code::RegionCode},
    render::model::{OverviewAnswer, RegionAnswer, RegionSummary, RegionsAnswer, SearchAnswer},
};

type Fields = Map<String, Value>;

/// The facilities of an answer.
pub(crate) fn facilities(answer: &impl Serialize) -> Vec<u8> {
    let mut fields = fields(answer);
    let facilities = listed(&mut fields, "facilities").map(place);
    let features = facilities.collect();
    collection(fields, features)
}

/// One facility.
pub(crate) fn facility(answer: &impl Serialize) -> Vec<u8> {
    written(&place(fields(answer)))
}

/// The regions right below a region, each with its totals.
pub(crate) fn overview(answer: &OverviewAnswer) -> Vec<u8> {
    let features = answer.children.iter().map(summary).collect();
    let mut fields = fields(answer);
    fields.shift_remove("children");
    collection(fields, features)
}

/// The regions of a list.
pub(crate) fn regions(answer: &RegionsAnswer) -> Vec<u8> {
    let features = answer.regions.iter().map(|of| region_at(of.code, of.located, fields(of))).collect();
    let mut fields = fields(answer);
    fields.shift_remove("regions");
    collection(fields, features)
}

/// One region.
pub(crate) fn region(answer: &RegionAnswer) -> Vec<u8> {
    written(&region_at(answer.region.code, answer.region.located, fields(answer)))
}

/// Whatever was found, regions before facilities; `found` says which it is.
pub(crate) fn search(answer: &SearchAnswer) -> Vec<u8> {
    let found = |mut properties: Fields, what: &str| {
        properties.insert("found".to_owned(), what.into());
        properties
    };
    let regions =
        answer.regions.iter().map(|hit| region_at(hit.code, hit.located, found(fields(hit), "region")));
    let facilities = answer.facilities.iter().map(|hit| place(found(fields(hit), "facility")));
    let features = regions.chain(facilities).collect();
    let mut fields = fields(answer);
    fields.shift_remove("regions");
    fields.shift_remove("facilities");
    collection(fields, features)
}

fn fields(answer: &impl Serialize) -> Fields {
    match serde_json::to_value(answer) {
        Ok(Value::Object(fields)) => fields,
        other => unreachable!("an answer is an object, not {other:?}"),
    }
}

/// The items of a list in an answer, taken out of it.
fn listed(fields: &mut Fields, name: &str) -> impl Iterator<Item = Fields> {
    let Some(Value::Array(items)) = fields.shift_remove(name) else { unreachable!("a list of {name}") };
    items.into_iter().map(|item| match item {
        Value::Object(fields) => fields,
        other => unreachable!("an item is an object, not {other:?}"),
    })
}

fn collection(others: Fields, features: Vec<Value>) -> Vec<u8> {
    let mut collection = Map::from_iter([("type".to_owned(), "FeatureCollection".into())]);
    collection.extend(others);
    collection.insert("features".to_owned(), features.into());
    written(&Value::Object(collection))
}

/// A facility as a feature; without coordinates its geometry is null.
fn place(mut properties: Fields) -> Value {
    let id = properties.shift_remove("id").unwrap_or_default();
    let point = properties.shift_remove("lat").zip(properties.shift_remove("lon"));
    feature(id, point, properties)
}

fn summary(summary: &RegionSummary) -> Value {
    let mut properties = fields(summary);
    if let Some(Value::Object(region)) = properties.shift_remove("region") {
        properties.extend(region);
    }
    region_at(summary.region.code, summary.located, properties)
}

/// A region as a feature at its point.
fn region_at(code: RegionCode, located: Option<Located>, properties: Fields) -> Value {
    let point = located.map(|located| (json!(located.point.lat), json!(located.point.lon)));
    feature(json!(code), point, properties)
}

/// Longitude comes first.
fn feature(id: Value, point: Option<(Value, Value)>, properties: Fields) -> Value {
    let geometry = match point {
        Some((lat, lon)) if lat.is_number() => json!({"type": "Point", "coordinates": [lon, lat]}),
        _ => Value::Null,
    };
    let fields =
        [("type", "Feature".into()), ("id", id), ("geometry", geometry), ("properties", properties.into())];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn written(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).expect("answers are plain data")
}
