//! Facilities from CSV: lists as ministries and health offices keep them, and our own export.
//!
//! A facility is not lost because its kecamatan, its coordinates, its address or a telephone number cannot
//! be used: that much is left out, and said.

#[cfg(test)]
mod tests;

use std::io::Read;

pub use super::table::join_list;
use super::table::{self, Header, TableRow};
use crate::{
    domain::{
        facility::{Phone, Visibility},
        intake::Intake,
        region_code::RegionCode,
        rejection::{Code, Rejection},
        text::short_text,
    },
    locales::Message,
    store::commands::FacilityInput,
};

/// The contents of a list of facilities.
pub struct Facilities {
    /// The rows, with their number; `Err` where a row could not be read.
    pub rows: Vec<(u32, Result<FacilityInput, Vec<Rejection>>)>,
    /// The cells that were left out of rows that were read otherwise.
    pub left_out: Vec<(u32, Rejection)>,
}

/// Reads all rows.
///
/// Columns: `name`; `kind`, or `type` in Indonesian; `region`, or `region_code` with `kecamatan_code`;
/// `external_ids`, or `code` of the ministry, or our own `id`. If there: `aliases`, `address`, `phones` or
/// `phone`, `lat`, `lon`, `criteria`, `bring`, `pickup`, `referral`, `simulated`. Others are passed over.
pub fn read(source: impl Read) -> Result<Facilities, Rejection> {
    let mut table = table::read(source, &["name"])?;
    need_one_of(table.header(), &["kind", "type"])?;
    need_one_of(table.header(), &["region", "region_code", "kecamatan_code"])?;
    need_one_of(table.header(), &["external_ids", "code", "id"])?;
    let mut facilities = Facilities { rows: Vec::new(), left_out: Vec::new() };
    while let Some(row) = table.next() {
        match row {
            Ok(row) => {
                let mut left_out = Vec::new();
                let input = facility(&row, &mut left_out).map_err(|rejection| vec![rejection]);
                facilities.rows.push((row.number, input));
                let left_out = left_out.into_iter().map(|rejection| (row.number, rejection));
                facilities.left_out.extend(left_out);
            }
            Err((number, rejection)) => facilities.rows.push((number, Err(vec![rejection]))),
        }
    }
    Ok(facilities)
}

fn need_one_of(header: &Header, columns: &[&str]) -> Result<(), Rejection> {
    if columns.iter().any(|column| header.has(column)) {
        return Ok(());
    }
    let (first, all) = (columns[0], columns.join(", "));
    Err(Rejection::new(Code::MissingField, first, Message::new("header-lacks-all").arg("columns", all)))
}

fn facility(row: &TableRow<'_>, left_out: &mut Vec<Rejection>) -> Result<FacilityInput, Rejection> {
    let (region, region_unsure) = region(row, left_out)?;
    Ok(FacilityInput {
        name: row.get("name").unwrap_or_default().to_owned(),
        kind: kind(row),
        region,
        external_ids: external_ids(row)?,
        aliases: row.list("aliases"),
        address: address(row, left_out),
        phones: phones(row, left_out),
        lat: row.get("lat").map(degrees),
        lon: row.get("lon").map(degrees),
        intake: intake(row),
        closed: false,
        simulated: row.get("simulated") == Some("yes"),
        region_unsure,
    })
}

fn intake(row: &TableRow<'_>) -> Option<Intake> {
    let said = |column: &str| row.get(column).map(str::to_owned);
    let intake = Intake {
        criteria: said("criteria"),
        bring: said("bring"),
        pickup: said("pickup"),
        referral: said("referral"),
    };
    (intake != Intake::default()).then_some(intake)
}

/// Our own word for what it is, or the one for an Indonesian word.
fn kind(row: &TableRow<'_>) -> String {
    if let Some(kind) = row.get("kind") {
        return kind.to_owned();
    }
    let words: Vec<String> = row
        .get("type")
        .unwrap_or_default()
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    // A hospital is called RS, RSU, RSUD, RSIA, RSJ, "Rumah Sakit Umum Daerah" and so on.
    let is_hospital = match words.first().map(String::as_str) {
        Some("rumah") => words.get(1).is_some_and(|word| word == "sakit"),
        Some(word) => word.starts_with("rs"),
        None => false,
    };
    match words.join("_").as_str() {
        _ if is_hospital => "hospital".to_owned(),
        "klinik" => "clinic".to_owned(),
        other => other.to_owned(),
    }
}

/// The deepest region that is sure (the kecamatan, if it lies in the stated region), and whether the row stated
/// a deeper one that is not sure.
fn region(row: &TableRow<'_>, left_out: &mut Vec<Rejection>) -> Result<(String, bool), Rejection> {
    let kecamatan = row.get("kecamatan_code");
    let Some(region) = row.get("region").or_else(|| row.get("region_code")) else {
        return kecamatan.map(|code| (code.to_owned(), false)).ok_or_else(|| {
            Rejection::new(Code::MissingField, "/region", Message::new("row-without-region"))
        });
    };
    let sure = RegionCode::parse(region, "/region")?;
    let Some(kecamatan) = kecamatan else {
        return Ok((region.to_owned(), false));
    };
    match RegionCode::parse(kecamatan, "/kecamatan_code") {
        Ok(code) if sure.covers(code) => Ok((kecamatan.to_owned(), false)),
        Ok(code) => {
            left_out.push(Rejection::new(
                Code::UnknownRegion,
                "/kecamatan_code",
                Message::new("region-outside-sure-region")
                    .arg("code", code.to_string())
                    .arg("sure", sure.to_string()),
            ));
            Ok((region.to_owned(), true))
        }
        Err(rejection) => {
            left_out.push(rejection);
            Ok((region.to_owned(), true))
        }
    }
}

/// The names of the facility in other systems; without one a second import would add it a second time.
fn external_ids(row: &TableRow<'_>) -> Result<Vec<String>, Rejection> {
    let mut ids = row.list("external_ids");
    ids.extend(row.get("code").map(|code| format!("kemenkes:{code}")));
    if ids.is_empty() {
        ids.extend(row.get("id").map(|id| format!("sedia:{id}")));
    }
    if ids.is_empty() {
        return Err(Rejection::new(
            Code::MissingField,
            "/external_ids",
            Message::new("row-without-external-id"),
        ));
    }
    Ok(ids)
}

fn address(row: &TableRow<'_>, left_out: &mut Vec<Rejection>) -> Option<String> {
    short_text(row.get("address")?, 300, "/address").map_err(|rejection| left_out.push(rejection)).ok()
}

/// A value that cannot be degrees is handed on as such, so that the facility is flagged for it.
fn degrees(text: &str) -> f64 {
    text.replace(',', ".").parse().unwrap_or(f64::NAN)
}

/// `phones` as we export them, or `phone` as people write it.
fn phones(row: &TableRow<'_>, left_out: &mut Vec<Rejection>) -> Vec<Phone> {
    let exported = row.list("phones").into_iter().map(|item| phone_of(&item));
    let written = row.get("phone").map(split_numbers).unwrap_or_default();
    let written =
        written.into_iter().map(|number| Phone { number, label: None, visibility: Visibility::Public });
    exported
        .map(|phone| (phone, "/phones"))
        .chain(written.map(|phone| (phone, "/phone")))
        .filter_map(|(phone, pointer)| {
            phone
                .checked("")
                .map_err(|rejection| {
                    left_out.push(Rejection { pointer: pointer.into(), ..rejection });
                })
                .ok()
        })
        .collect()
}

/// The cell for some phones: `number`, `number=label`, and `!` before those that are internal.
pub fn phone_cell<'a>(phones: impl IntoIterator<Item = &'a Phone>) -> String {
    let items: Vec<String> = phones
        .into_iter()
        .map(|phone| {
            let mark = match phone.visibility {
                Visibility::Public => "",
                Visibility::Internal => "!",
            };
            let label = phone.label.as_ref().map(|label| format!("={label}"));
            format!("{mark}{}{}", phone.number, label.unwrap_or_default())
        })
        .collect();
    table::join_list(items.iter().map(String::as_str))
}

fn phone_of(item: &str) -> Phone {
    let (visibility, item) = match item.strip_prefix('!') {
        Some(item) => (Visibility::Internal, item),
        None => (Visibility::Public, item),
    };
    let (number, label) = match item.split_once('=') {
        Some((number, label)) => (number, Some(label.to_owned())),
        None => (item, None),
    };
    Phone { number: number.trim().to_owned(), label, visibility }
}

/// Several numbers in one cell. `024-841/842` is one number and half of another, which nobody can
/// complete for sure: it stays as it is written.
fn split_numbers(cell: &str) -> Vec<String> {
    let is_whole = |number: &str| number.trim_start().starts_with(['0', '+', '(']);
    cell.split([';', ','])
        .flat_map(|item| if item.split('/').all(is_whole) { item.split('/').collect() } else { vec![item] })
        .map(|number| number.trim().to_owned())
        .filter(|number| !number.is_empty())
        .collect()
}
