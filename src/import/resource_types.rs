//! Resource types from CSV, as they ship.

use std::io::Read;

use super::table;
use crate::{
    domain::{
        rejection::{Code, Rejection, Rejections},
        resource_type::{Kind, ResourceType, TypeCode},
        text::Slug,
    },
    locales::{Bilingual, Message},
};

/// Reads all rows; any wrong row refuses the file.
pub fn read(source: impl Read) -> Result<Vec<ResourceType>, Rejections> {
    let required = ["code", "kind", "label_id", "label_en", "age_group", "aging_after_h", "stale_after_h"];
    let mut table = table::read(source, &required)?;
    let mut types = Vec::new();
    let mut refused = Vec::new();
    while let Some(row) = table.next() {
        match row.and_then(|row| resource_type(&row).map_err(|rejection| (row.number, rejection))) {
            Ok(resource) => types.push(resource),
            Err((number, rejection)) => refused.push(rejection.under(&format!("/{number}"))),
        }
    }
    Rejections::unless_empty(refused, types)
}

fn resource_type(row: &table::TableRow<'_>) -> Result<ResourceType, Rejection> {
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
        retired: false,
    })
}
