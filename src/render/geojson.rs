//! Answers as GeoJSON (RFC 7946): one feature for each place, for maps. The rest of the answer stands beside its
//! features.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    domain::{geo::Located, outline::Outline},
    render::model::{
        OverviewAnswer, RegionAnswer, RegionHit, RegionSummary, RegionView, RegionsAnswer, SearchAnswer,
    },
};

type Fields = Map<String, Value>;

/// The facilities of an answer.
pub(crate) fn facilities(answer: &impl Serialize) -> Vec<u8> {
    let mut fields = fields(answer);
    let Some(Value::Array(facilities)) = fields.shift_remove("facilities") else {
        unreachable!("an answer without facilities")
    };
    collection(fields, facilities.iter().map(place).collect())
}

/// One facility.
pub(crate) fn facility(answer: &impl Serialize) -> Vec<u8> {
    written(&place(answer))
}

/// The regions right below a region, each with its totals.
pub(crate) fn overview(answer: &OverviewAnswer) -> Vec<u8> {
    let summary = |summary: &RegionSummary| {
        let mut properties = fields(summary);
        properties.shift_remove("region");
        properties.extend(fields(&summary.region));
        region_at(&summary.region.code, summary.located, summary.outline.as_deref(), &properties)
    };
    collection(without(answer, &["children"]), answer.children.iter().map(summary).collect())
}

/// The regions of a list.
pub(crate) fn regions(answer: &RegionsAnswer) -> Vec<u8> {
    let region = |region: &RegionView| {
        region_at(&region.code, region.located, region.outline.as_deref(), &fields(region))
    };
    collection(without(answer, &["regions"]), answer.regions.iter().map(region).collect())
}

/// One region.
pub(crate) fn region(answer: &RegionAnswer) -> Vec<u8> {
    let region = &answer.region;
    written(&region_at(&region.code, region.located, region.outline.as_deref(), &fields(answer)))
}

/// The regions and facilities that a search found, regions first; `found` says which it is.
pub(crate) fn search(answer: &SearchAnswer) -> Vec<u8> {
    #[derive(Serialize)]
    struct Found<T> {
        #[serde(flatten)]
        hit: T,
        found: &'static str,
    }
    let region =
        |hit: &RegionHit| region_at(&hit.code, hit.located, None, &fields(&Found { hit, found: "region" }));
    let facilities = answer.facilities.iter().map(|hit| place(&Found { hit, found: "facility" }));
    let features = answer.regions.iter().map(region).chain(facilities).collect();
    collection(without(answer, &["regions", "facilities"]), features)
}

fn fields(answer: &impl Serialize) -> Fields {
    match serde_json::to_value(answer) {
        Ok(Value::Object(fields)) => fields,
        other => unreachable!("an answer is an object, not {other:?}"),
    }
}

/// The fields of `answer`, without its lists that become features.
fn without(answer: &impl Serialize, lists: &[&str]) -> Fields {
    let mut fields = fields(answer);
    fields.retain(|name, _| !lists.contains(&name.as_str()));
    fields
}

fn collection(others: Fields, features: Vec<Value>) -> Vec<u8> {
    let mut collection = Map::from_iter([("type".to_owned(), "FeatureCollection".into())]);
    collection.extend(others);
    collection.insert("features".to_owned(), features.into());
    written(&Value::Object(collection))
}

/// A facility as a feature; without coordinates its geometry is null.
fn place(facility: &impl Serialize) -> Value {
    let mut properties = fields(facility);
    let id = properties.shift_remove("id").unwrap_or_default();
    let point = properties.shift_remove("lat").zip(properties.shift_remove("lon"));
    let point = point.filter(|(lat, _)| lat.is_number());
    feature(&id, point.map(|(lat, lon)| point_at(lat, lon)).as_ref(), &properties)
}

/// A region as a feature: its outline, or else its point.
fn region_at(
    code: &impl Serialize,
    located: Option<Located>,
    outline: Option<&Outline>,
    properties: &Fields,
) -> Value {
    let at = located.map(|Located { point, .. }| point_at(point.lat, point.lon));
    feature(code, outline.map(|outline| json!(outline)).or(at).as_ref(), properties)
}

/// Longitude comes first.
fn point_at(lat: impl Serialize, lon: impl Serialize) -> Value {
    json!({"type": "Point", "coordinates": [lon, lat]})
}

fn feature(id: &impl Serialize, geometry: Option<&Value>, properties: &Fields) -> Value {
    json!({"type": "Feature", "id": id, "geometry": geometry, "properties": properties})
}

fn written(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).expect("answers are plain data")
}
