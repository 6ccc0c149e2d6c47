//! Outlines of regions from GeoJSON (RFC 7946): a feature for each region.
//!
//! Each feature is read by itself, so that a wrong one is only itself wrong, and large ones are in memory one at a time.

use std::{borrow::Cow, collections::HashMap};

use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use super::{regions::RegionRow, table::unpacked};
use crate::{
    domain::{
        outline::{Geometry, Outline},
        region_code::RegionCode,
        rejection::{Code, Rejection},
    },
    locales::Message,
    snapshot::Snapshot,
    store::commands::RegionPatch,
};

/// The most bytes of a file, unpacked: a country's kecamatan at the scale of a map take a third of it.
pub const MOST_BYTES: usize = 64 << 20;

/// Members that have the code of a region: plain words, then those of the national maps (BIG), the smallest region first.
const CODES: [&str; 9] =
    ["code", "kode", "region_code", "region", "kode_wilayah", "kdepum", "kdcpum", "kdpkab", "kdppum"];
/// Members that have its name, each list with the smallest region first: plain words, geoBoundaries, those of the national
/// maps, GADM.
const NAMES: [&[&str]; 4] = [
    &["name", "nama"],
    &["shapename"],
    &["wadmkd", "wadmkc", "wadmkk", "wadmpr"],
    &["name_4", "name_3", "name_2", "name_1"],
];

#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    features: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    #[serde(borrow, default)]
    geometry: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

/// Reads all features in the order of the file: the number of each, and its region with its outline or why it cannot be
/// used.
pub fn rows(bytes: &[u8], state: &Snapshot) -> Result<Vec<RegionRow>, Rejection> {
    let bytes = unpacked(bytes)?;
    if bytes.len() > MOST_BYTES {
        let detail = Message::new("boundaries-too-large").arg("most", MOST_BYTES >> 20);
        return Err(Rejection::new(Code::BodyTooLarge, "", detail));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let unreadable = |said: String| {
        Rejection::new(Code::InvalidBody, "", Message::new("boundaries-unreadable").arg("said", said))
    };
    let collection: Collection<'_> =
        serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
    if collection.kind != "FeatureCollection" {
        return Err(unreadable(format!("type {}", collection.kind)));
    }
    let mut of_region: HashMap<RegionCode, u32> = HashMap::new();
    let row = |(number, feature): (u32, &RawValue)| {
        let read = read(feature, state).and_then(|(code, outline)| {
            if let Some(first) = of_region.insert(code, number) {
                of_region.insert(code, first);
                let detail = Message::new("outline-twice").arg("code", code.to_string()).arg("first", first);
                return Err(Rejection::new(Code::DuplicateRow, "", detail));
            }
            let outline = serde_json::to_value(Geometry::from(&outline)).expect("outlines are plain data");
            Ok((code, RegionPatch::default().with("outline", outline)))
        });
        (number, read)
    };
    Ok((1..).zip(collection.features).map(row).collect())
}

/// The region of a feature, and its outline.
fn read(feature: &RawValue, state: &Snapshot) -> Result<(RegionCode, Outline), Rejection> {
    let malformed = |pointer, error: serde_json::Error| {
        let detail = Message::new("outline-malformed").arg("said", error.to_string());
        Rejection::new(Code::InvalidCoordinates, pointer, detail)
    };
    let feature: Feature<'_> = serde_json::from_str(feature.get()).map_err(|error| malformed("", error))?;
    let code = region(&feature, state)?;
    let geometry = feature.geometry.map_or("null", RawValue::get);
    let kind = serde_json::from_str(geometry).map_or(Cow::Borrowed("null"), |Kind { kind }| kind);
    if !matches!(&*kind, "Polygon" | "MultiPolygon") {
        let detail = Message::new("outline-no-area").arg("kind", kind.into_owned());
        return Err(Rejection::new(Code::InvalidCoordinates, "/geometry", detail));
    }
    let geometry: Geometry = serde_json::from_str(geometry).map_err(|error| malformed("/geometry", error))?;
    Ok((code, Outline::read(geometry, "/geometry")?))
}

/// The region of a feature: by its code, and only without one that can be read by its name.
fn region(feature: &Feature<'_>, state: &Snapshot) -> Result<RegionCode, Rejection> {
    let properties = feature.properties.iter().flatten();
    let texts: HashMap<String, String> =
        properties.filter_map(|(name, value)| Some((name.to_lowercase(), text(value)?))).collect();
    let named = |member: &&str| Some((format!("/properties/{member}"), texts.get(*member)?.clone()));
    let codes = CODES.iter().filter_map(named);
    let codes = codes.chain(text(&feature.id).map(|id| ("/id".to_owned(), id)));
    let mut refused = None;
    for (pointer, given) in codes {
        match RegionCode::parse(&given, &pointer) {
            Ok(code) => return state.read_region(&code.to_string(), None, &pointer),
            Err(rejection) => refused = refused.or(Some(rejection)),
        }
    }
    for members in NAMES {
        let mut names = members.iter().filter_map(named);
        let Some((pointer, name)) = names.next() else { continue };
        let path = std::iter::once(name).chain(names.map(|(_, above)| above));
        return state.read_region(&path.collect::<Vec<_>>().join(", "), None, &pointer);
    }
    Err(refused.unwrap_or_else(|| {
        Rejection::new(Code::MissingField, "/properties", Message::new("outline-of-nowhere"))
    }))
}

/// What a member says, if it says something.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}
