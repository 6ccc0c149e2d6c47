//! Regions from CSV: `code,name,level,parent_code,lat,lon,kind`, with `timezone`, `postcode`, `aliases`, `precision` and
//! `bps_code` if there; or just `code,lat,lon` for better coordinates.

use serde_json::Value;

use super::{
    File,
    table::{self, Header, Layout, List},
};
use crate::{
    domain::{
        geo::Precision,
        region::Zone,
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        text::wire_name,
    },
    locales::{Language, Message},
    store::commands::{RegionPatch, TableReading},
};

/// One row: its number, and what it says or why it cannot be used.
pub type RegionRow = (u32, Result<(RegionCode, RegionPatch), Rejection>);

/// Reads all rows of the table that ships, in the order of their codes; any wrong row refuses it.
pub(super) fn read(source: &[u8]) -> Result<Vec<(RegionCode, RegionPatch)>, Rejections> {
    let mut regions = Vec::new();
    let mut refused = Vec::new();
    for (number, row) in rows(source.into(), Language::En)?.0 {
        match row {
            Ok(region) => regions.push(region),
            Err(rejection) => refused.push(rejection.under(&format!("/{number}"))),
        }
    }
    regions.sort_by_key(|(code, _)| *code);
    Rejections::unless_empty(refused, regions)
}

/// Reads all rows in the order of the file, and tells how it was understood; a wrong row is only itself wrong.
pub fn rows(file: File<'_>, language: Language) -> Result<(Vec<RegionRow>, TableReading), Rejection> {
    let check =
        |header: &Header| if header.has("code") { Ok(()) } else { Err(Header::lacks("code", &["code"])) };
    let table = table::read(file, &Layout::new(List::Regions, &check))?;
    let rows = table.rows().map(|row| (row.number, row.check().and_then(|()| region(&row)))).collect();
    Ok((rows, table.reading(language)))
}

fn region(row: &table::Row<'_>) -> Result<(RegionCode, RegionPatch), Rejection> {
    let code = RegionCode::parse(row.get("code").unwrap_or_default(), "/code")?;
    let degrees = |column: &str| row.get(column).map(|text| number(text, column)).transpose();
    let aliases = row.list("aliases");
    let members = [
        ("name", row.get("name").map(Value::from)),
        ("aliases", (!aliases.is_empty()).then(|| aliases.into())),
        ("lat", degrees("lat")?.map(Value::from)),
        ("lon", degrees("lon")?.map(Value::from)),
        ("timezone", row.get("timezone").map(zone).transpose()?.map(|zone| zone.name().into())),
        ("postcode", row.get("postcode").map(Value::from)),
        ("bps_code", row.code("bps_code").map(Value::from)),
        ("precision", row.get("precision").map(precision).transpose()?.map(|word| wire_name(word).into())),
    ];
    let members = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
    Ok((code, members.fold(RegionPatch::default(), |patch, (name, value)| patch.with(name, value))))
}

/// A number of degrees.
fn number(text: &str, column: &str) -> Result<f64, Rejection> {
    text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(|| {
        Rejection::new(
            Code::InvalidCoordinates,
            format!("/{column}"),
            Message::new("not-degrees").arg("text", text.to_string()),
        )
    })
}

fn zone(text: &str) -> Result<Zone, Rejection> {
    Zone::from_name(text).ok_or_else(|| {
        Rejection::new(
            Code::InvalidField,
            "/timezone",
            Message::new("none-of")
                .arg("text", text.to_owned())
                .arg("known", vec!["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
        )
    })
}

fn precision(text: &str) -> Result<Precision, Rejection> {
    match text {
        "centroid" => Ok(Precision::Centroid),
        "place" => Ok(Precision::Place),
        _ => Err(Rejection::new(
            Code::InvalidField,
            "/precision",
            Message::new("not-a-precision").arg("text", text.to_string()),
        )),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_says_what_it_says_and_leaves_the_rest() {
        let text = "code,lat,lon,aliases,precision\n33.74,-6.99,110.42,Semarang Kota;Smg,place\n33,,,,\n";
        let regions = read(text.as_bytes()).unwrap();
        assert_eq!(regions[0], ("33".parse().unwrap(), RegionPatch::default()));
        let names = json!(["Semarang Kota", "Smg"]);
        let row = json!({"lat": -6.99, "lon": 110.42, "aliases": names, "precision": "place"});
        assert_eq!(regions[1].1, serde_json::from_value(row).unwrap());
    }

    #[rstest]
    #[case("code\n3374\n", Code::RegionCodeWithoutDots, "/1/code")]
    #[case("code\n33.740\n", Code::InvalidRegionCode, "/1/code")]
    #[case("code,lat\n33,utara\n", Code::InvalidCoordinates, "/1/lat")]
    #[case("code,timezone\n33,WIB\n", Code::InvalidField, "/1/timezone")]
    #[case("code,precision\n33,exact\n", Code::InvalidField, "/1/precision")]
    #[case("code,name\n33\n", Code::IncompleteRow, "/1")]
    #[case("nomor\n33\n", Code::MissingField, "code")]
    fn a_wrong_row_refuses_the_file(#[case] text: &str, #[case] code: Code, #[case] pointer: &str) {
        let refused = read(text.as_bytes()).unwrap_err();
        assert_eq!((refused.first().code, refused.first().pointer.as_ref()), (code, pointer));
    }

    #[test]
    fn a_wrong_row_is_only_itself_wrong() {
        let (rows, _) = rows("code\n33\nx\n33.74\n".as_bytes().into(), Language::En).unwrap();
        assert_eq!(
            rows.iter().map(|(number, row)| (*number, row.is_ok())).collect::<Vec<_>>(),
            [(1, true), (2, false), (3, true)]
        );
    }
}
