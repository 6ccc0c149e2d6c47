//! Where a facility stands: its region by code or name, and its coordinates as far as they have one reading.

use std::collections::BTreeSet;

use super::{
    Context,
    table::{Row, plain},
};
use crate::{
    domain::{
        facility::Flag,
        geo::Point,
        region_code::RegionCode,
        rejection::{Choice, Code, Rejection},
    },
    locales::Message,
};

/// A reading of broken coordinates must lie this near to the point of the region. The largest kabupaten reach about as
/// far from their seat.
const IN_REGION_M: u32 = 150_000;
/// The degrees between which Indonesia lies.
const LATITUDES: std::ops::RangeInclusive<f64> = -11.5..=6.5;
const LONGITUDES: std::ops::RangeInclusive<f64> = 94.5..=141.5;

/// The deepest region that is sure: the kecamatan, if it lies in the stated region. Otherwise the region is unsure.
pub(super) fn region(
    row: &Row<'_>,
    context: Context<'_>,
    remarks: &mut Vec<Rejection>,
    unsure: &mut BTreeSet<Flag>,
) -> Result<String, Rejection> {
    let mut named = |text: &str, pointer, within| named(text, pointer, within, context, remarks);
    let province = row.get("province").and_then(|text| named(text, "/province", None).ok());
    let stated = row.code("region").or_else(|| row.code("region_code"));
    let sure = match stated.map(|text| named(text, "/region", province)).transpose() {
        Err(ambiguous) => {
            let kecamatan = row.code("kecamatan_code");
            let choice = kecamatan.and_then(|kecamatan| choice_with(&ambiguous, kecamatan, context));
            Some(choice.map(|code| named(code, "/region", province)).transpose()?.ok_or(ambiguous)?)
        }
        sure => sure?,
    };
    let kecamatan = row.code("kecamatan_code").map(|text| named(text, "/kecamatan_code", sure.or(province)));
    match (sure, kecamatan) {
        (None, None) => {
            let missing =
                || Rejection::new(Code::MissingField, "/region", Message::new("row-without-region"));
            province.map(|province| province.to_string()).ok_or_else(missing)
        }
        (None, Some(kecamatan)) => Ok(kecamatan?.to_string()),
        (Some(sure), None) => Ok(sure.to_string()),
        (Some(sure), Some(Ok(code))) if sure.covers(code) => Ok(code.to_string()),
        (Some(sure), Some(kecamatan)) => {
            remarks.push(kecamatan.map_or_else(|rejection| rejection, |code| outside(code, sure)));
            unsure.insert(Flag::RegionUnsure);
            Ok(sure.to_string())
        }
    }
}

/// The only one of several regions of that name that has such a kecamatan.
fn choice_with<'r>(ambiguous: &'r Rejection, kecamatan: &str, context: Context<'_>) -> Option<&'r str> {
    let read = |choice: &'r Choice| {
        let within = RegionCode::parse(&choice.code, "").ok()?;
        let code = context.state.read_region(kecamatan, Some(within), "").ok()?;
        Some((&*choice.code, is_read_freely(kecamatan, code, context)))
    };
    let read: Vec<(&str, bool)> = ambiguous.choices.iter().filter_map(read).collect();
    let exactly: Vec<&str> = read.iter().filter(|(_, is_free)| !is_free).map(|(choice, _)| *choice).collect();
    match (&exactly[..], &read[..]) {
        ([choice], _) | ([], [(choice, _)]) => Some(choice),
        _ => None,
    }
}

/// The region that a code or a name means. A code that is not in the directory stays: it may lie in a region that is.
fn named(
    text: &str,
    pointer: &'static str,
    within: Option<RegionCode>,
    context: Context<'_>,
    remarks: &mut Vec<Rejection>,
) -> Result<RegionCode, Rejection> {
    if let Some(meant) = zero_lost(text) {
        let detail = Message::new("region-code-lost-zero").arg("text", text.to_owned()).arg("meant", meant);
        return Err(Rejection::new(Code::InvalidRegionCode, pointer, detail));
    }
    if let Ok(code) = RegionCode::parse(text, pointer) {
        return Ok(code);
    }
    let code = context.state.read_region(text, within, pointer)?;
    if !remarks.iter().any(|remark| remark.pointer == pointer) && is_read_freely(text, code, context) {
        let detail = Message::new("region-read-as")
            .arg("text", text.to_owned())
            .arg("code", code.to_string())
            .arg("name", context.state.path(code).join(", "));
        remarks.push(Rejection::new(Code::UnknownRegion, pointer, detail));
    }
    Ok(code)
}

/// Whether a name is not simply the one that the region has.
fn is_read_freely(text: &str, code: RegionCode, context: Context<'_>) -> bool {
    let name = context.state.region(code).map(|region| region.name.to_lowercase());
    name.is_none_or(|name| plain(&name) != plain(text))
}

/// The code that became a number: 33.10 is 33.1 to a spreadsheet.
fn zero_lost(text: &str) -> Option<String> {
    let (province, regency) = text.trim().split_once('.')?;
    let is_number =
        |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(province, 2) && is_number(regency, 1)).then(|| format!("{province}.{regency}0"))
}

fn outside(code: RegionCode, sure: RegionCode) -> Rejection {
    Rejection::new(
        Code::UnknownRegion,
        "/kecamatan_code",
        Message::new("region-outside-sure-region")
            .arg("code", code.to_string())
            .arg("sure", sure.to_string()),
    )
}

/// The coordinates of a row. Those that cannot be right are mended if exactly one other reading of them lies in the
/// region: exchanged, or without their decimal points. What cannot be degrees is handed on as such, so that the
/// facility is flagged for it.
pub(super) fn coordinates(
    row: &Row<'_>,
    region: &str,
    context: Context<'_>,
    remarks: &mut Vec<Rejection>,
) -> (Option<f64>, Option<f64>) {
    let (given_lat, given_lon) = match row.get("coordinates").filter(|_| !row.has("lat") && !row.has("lon")) {
        // What cannot be parted is neither.
        Some(both) => pair(both).or_else(|| Some((both.to_owned(), both.to_owned()))).unzip(),
        None => (row.get("lat").map(str::to_owned), row.get("lon").map(str::to_owned)),
    };
    let (given_lat, given_lon) = (given_lat.as_deref(), given_lon.as_deref());
    let (lat, lon) = (given_lat.map(degrees), given_lon.map(degrees));
    let (Some(given_lat), Some(given_lon), Some(as_lat), Some(as_lon)) = (given_lat, given_lon, lat, lon)
    else {
        return (lat, lon);
    };
    if is_in_country(as_lat, as_lon) {
        return (lat, lon);
    }
    let region = region.parse().ok().and_then(|code| context.state.locate(code)).map(|located| located.point);
    let is_near = |lat: f64, lon: f64| {
        let point = Point::new(lat, lon, "").ok().filter(|_| is_in_country(lat, lon));
        point.zip(region).is_some_and(|(point, region)| point.metres_to(region) <= IN_REGION_M)
    };
    let mut readings: Vec<(f64, f64)> = Vec::new();
    for (lat, lon) in [(given_lat, given_lon), (given_lon, given_lat)] {
        for lat in placements(lat) {
            let near = placements(lon).filter(|lon| is_near(lat, *lon)).map(|lon| (lat, lon));
            readings.extend(near.collect::<Vec<_>>());
        }
    }
    if let [(read_lat, read_lon)] = readings[..] {
        let detail = Message::new("coordinates-mended")
            .arg("lat", given_lat.to_owned())
            .arg("lon", given_lon.to_owned())
            .arg("read-lat", read_lat.to_string())
            .arg("read-lon", read_lon.to_string());
        remarks.push(Rejection::new(Code::InvalidCoordinates, "/lat", detail));
        return (Some(read_lat), Some(read_lon));
    }
    let detail =
        Message::new("coordinates-outside").arg("lat", given_lat.to_owned()).arg("lon", given_lon.to_owned());
    remarks.push(Rejection::new(Code::InvalidCoordinates, "/lat", detail));
    (lat, lon)
}

/// Latitude and longitude in one cell: `-6.99, 110.42`, also with decimal commas, or with a blank between them.
fn pair(text: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [lat, lon] => Some((lat.to_owned(), lon.to_owned())),
        [lat, lat_after, lon, lon_after] => {
            Some((format!("{lat}.{lat_after}"), format!("{lon}.{lon_after}")))
        }
        _ => text.split_once(' ').map(|(lat, lon)| (lat.to_owned(), lon.trim().to_owned())),
    }
}

/// The degrees in a cell: `-6.99`, `6,99 LS`, `110°25'12"E`.
fn degrees(text: &str) -> f64 {
    let upper = text.trim().trim_end_matches([',', ';']).to_uppercase();
    let unsigned = upper.trim_start_matches('-');
    let number = unsigned.trim_end_matches(char::is_alphabetic);
    let is_negative = unsigned.len() < upper.len();
    let sign = match (&unsigned[number.len()..], is_negative) {
        ("S" | "LS" | "W" | "BB", _) | ("", true) => -1.0,
        ("" | "N" | "LU" | "E" | "BT", false) => 1.0,
        _ => return f64::NAN,
    };
    let is_mark = |char: char| matches!(char, '°' | 'º' | '\'' | '"' | '′' | '″' | '’' | '”' | ' ');
    let parts = number.split(is_mark).filter(|part| !part.is_empty());
    let part = |part: &str| part.replace(',', ".").parse().ok().filter(|part: &f64| part.is_sign_positive());
    let parts: Vec<f64> = parts.map(|text| part(text).unwrap_or(f64::NAN)).collect();
    match parts[..] {
        [degrees] => sign * degrees,
        [degrees, minutes] => sign * (degrees + minutes / 60.0),
        [degrees, minutes, seconds] => sign * (degrees + minutes / 60.0 + seconds / 3600.0),
        _ => f64::NAN,
    }
}

fn is_in_country(lat: f64, lon: f64) -> bool {
    LATITUDES.contains(&lat) && LONGITUDES.contains(&lon)
}

/// The degrees that a text can mean: its own, or with a decimal point where it has lost it.
fn placements(text: &str) -> impl Iterator<Item = f64> {
    let digits = text.trim().trim_start_matches('-').len();
    let is_whole = text.trim().trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    let places = if is_whole { digits.saturating_sub(3)..digits } else { 0..1 };
    let number = degrees(text.trim());
    places.map(move |places| number / 10_f64.powi(i32::try_from(places).unwrap_or(i32::MAX)))
}
