//! The regions, types and contacts that ship, as commands.

use migrations::{REGIONS_CSV, RESOURCE_TYPES_CSV};

use super::{
    regions,
    table::{self, Header, Layout, List},
};
use crate::{
    domain::{
        facility::Visibility,
        geo::Precision,
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        resource_type::{Kind, ResourceType, TypeCode},
        text::{Slug, wire_name},
    },
    locales::{Bilingual, Message},
    store::commands::{ContactInput, PutContact, PutMode, PutRegions, PutTypes},
};

/// Everyday and former names of regions that no official name contains.
const EVERYDAY_NAMES: &[(&str, &[&str])] = &[
    ("11", &["Nanggroe Aceh Darussalam"]),
    ("12.12", &["Toba Samosir", "Tobasa"]),
    ("31", &["DKI", "DKI Jakarta"]),
    ("33.72", &["Solo"]),
    ("34", &["DIY", "Jogja", "Yogya"]),
    ("34.71", &["Jogja", "Yogya"]),
    ("36.74", &["Tangsel"]),
    ("61.02", &["Kabupaten Pontianak"]),
    ("73.71", &["Ujung Pandang"]),
    ("76.01", &["Mamuju Utara"]),
    ("81.03", &["Maluku Tenggara Barat"]),
    ("91", &["Irian Jaya"]),
    ("91.71", &["Hollandia"]),
    ("92", &["Irian Jaya Barat"]),
];

/// The regions that ship, for those that are not there yet. Their points are coarse.
pub fn shipped_regions() -> Result<PutRegions, Rejections> {
    let mut regions = regions::read(REGIONS_CSV.as_bytes())?;
    for (code, patch) in &mut regions {
        *patch = std::mem::take(patch).with("precision", wire_name(Precision::Place));
        if let Some((_, names)) = EVERYDAY_NAMES.iter().find(|(of, _)| of.parse() == Ok(*code)) {
            *patch = std::mem::take(patch).with("aliases", *names);
        }
    }
    Ok(PutRegions { regions, mode: PutMode::OnlyMissing })
}

/// Their codes, without reading the rest: a node asks at each start whether all are there.
pub fn shipped_codes() -> impl Iterator<Item = RegionCode> {
    REGIONS_CSV.lines().skip(1).filter_map(|row| row.split(',').next()?.parse().ok())
}

/// The resource types that ship, for those that are not there yet.
pub fn shipped_types() -> Result<PutTypes, Rejections> {
    Ok(PutTypes { types: types(RESOURCE_TYPES_CSV.as_bytes())?, only_missing: true })
}

/// The one contact that holds everywhere, so that no answer is a dead end: PSC 119, the national medical
/// emergency line (Instruksi Presiden 4/2013; Permenkes 19/2016).
pub fn national_contact() -> PutContact {
    PutContact {
        id: None,
        contact: ContactInput {
            region: None,
            name: "PSC 119 (darurat medis)".to_owned(),
            role: "psc119".to_owned(),
            phone: "119".to_owned(),
            visibility: Visibility::Public,
        },
    }
}

/// Reads all rows of a table of types; any wrong row refuses it.
fn types(source: &[u8]) -> Result<Vec<ResourceType>, Rejections> {
    let required = ["code", "kind", "label_id", "label_en", "age_group", "aging_after_h", "stale_after_h"];
    let check = |header: &Header| match required.iter().find(|column| !header.has(column)) {
        None => Ok(()),
        Some(column) => Err(Header::lacks(column, &required)),
    };
    let table = table::read(source.into(), &Layout::new(List::Types, &check))?;
    let mut types = Vec::new();
    let mut refused = Vec::new();
    for row in table.rows() {
        match row.check().and_then(|()| resource_type(&row)) {
            Ok(resource) => types.push(resource),
            Err(rejection) => refused.push(rejection.under(&format!("/{}", row.number))),
        }
    }
    Rejections::unless_empty(refused, types)
}

fn resource_type(row: &table::Row<'_>) -> Result<ResourceType, Rejection> {
    let text = |column: &str| row.get(column).unwrap_or_default();
    let invalid = |column: &str, detail| Rejection::new(Code::InvalidField, format!("/{column}"), detail);
    let value = |column: &str| text(column).to_owned();
    let hours = |column: &str| {
        text(column)
            .parse()
            .map_err(|_| invalid(column, Message::new("not-hours").arg("value", value(column))))
    };
    let flag = |column: &str| match row.get(column) {
        None => Ok(None),
        Some("yes") => Ok(Some(true)),
        Some("no") => Ok(Some(false)),
        Some(_) => Err(invalid(column, Message::new("not-a-flag").arg("value", value(column)))),
    };
    let external = |column: &str, system: &str| {
        text(column)
            .split(';')
            .filter(|code| !code.is_empty())
            .map(|code| format!("{system}:{code}"))
            .collect::<Vec<_>>()
    };
    Ok(ResourceType {
        code: TypeCode::parse(text("code"), "/code")?,
        kind: match text("kind") {
            "bed" => Kind::Bed,
            "isolation" => Kind::Isolation,
            "vaccination" => Kind::Vaccination,
            _ => {
                return Err(invalid(
                    "kind",
                    Message::new("none-of")
                        .arg("text", value("kind"))
                        .arg("known", vec!["bed", "isolation", "vaccination"]),
                ));
            }
        },
        label: Bilingual::new(text("label_en"), text("label_id")),
        ventilator: flag("ventilator")?,
        negative_pressure: flag("negative_pressure")?,
        age_group: Slug::parse(text("age_group"), "/age_group")?,
        reserved_for: row.get("reserved_for").map(|word| Slug::parse(word, "/reserved_for")).transpose()?,
        aging_after_h: hours("aging_after_h")?,
        stale_after_h: hours("stale_after_h")?,
        external_codes: [external("kemenkes_id_tt", "kemenkes"), external("aplicares_kelas", "aplicares")]
            .concat(),
        aliases: text("aliases")
            .split(';')
            .map(str::trim)
            .filter(|alias| !alias.is_empty())
            .map(str::to_owned)
            .collect(),
        retired: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_regions() {
        let mut codes: Vec<RegionCode> = shipped_codes().collect();
        codes.sort_unstable();
        let regions = shipped_regions().unwrap().regions;
        assert_eq!(codes, regions.iter().map(|(code, _)| *code).collect::<Vec<_>>());
    }
}
