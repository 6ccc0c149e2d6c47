//! Facilities from tables: lists as ministries and health offices keep them, and our own export.
//!
//! A facility is not lost because its kecamatan, its coordinates, its address or a telephone number cannot
//! be used: that much is left out, and said.

mod phones;
mod place;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet};

pub use self::phones::phone_cell;
pub use super::table::join_list;
use super::{
    Context, File,
    table::{self, Header, Layout, List, Row},
};
use crate::{
    domain::{
        intake::Intake,
        names::{FacilityWord, words},
        rejection::{Code, Rejection},
        text::short_text,
    },
    locales::Message,
    store::commands::{FacilityInput, ListedFacility, TableReading},
};

/// The most rows that one request may have.
pub const MOST_ROWS: usize = 20_000;

/// The columns of a table that need no explanation.
pub const COLUMNS: [&str; 17] = [
    "name",
    "kind",
    "region",
    "region_code",
    "kecamatan_code",
    "external_ids",
    "code",
    "aliases",
    "address",
    "phones",
    "phone",
    "lat",
    "lon",
    "criteria",
    "bring",
    "pickup",
    "referral",
];

/// The columns of codes, and the system of each.
const SYSTEMS: [(&str, &str); 3] =
    [("code", "kemenkes"), ("bpjs_code", "bpjs"), ("satusehat_code", "satusehat")];

/// The contents of a list of facilities.
pub struct Facilities {
    /// The rows.
    pub rows: Vec<ListedFacility>,
    /// How the table was understood.
    pub reading: TableReading,
    /// The headings and the cells of each row, if they are wanted.
    pub cells: Option<Vec<Vec<String>>>,
}

/// Reads all rows; more than `most` are refused as a whole.
///
/// Columns: `name`; `kind`, or `type` in Indonesian; `region`, or `region_code` with `kecamatan_code`;
/// `external_ids`, or `code` of the ministry, or our own `id`, or none of them. If there: `aliases`, `address`, `phones` or
/// `phone`, `lat`, `lon`, `criteria`, `bring`, `pickup`, `referral`, `simulated`. Others are passed over.
pub fn read(file: File<'_>, context: Context<'_>, most: usize) -> Result<Facilities, Rejection> {
    let mapping = context.mapping;
    let table = table::read(file, &Layout { mapping, most, ..Layout::new(List::Facilities, &check) })?;
    let mut rows = Vec::new();
    let mut contents = Vec::new();
    for row in table.rows() {
        let mut remarks = Vec::new();
        let input = row
            .check()
            .and_then(|()| facility(&row, table.header(), context, &mut remarks))
            .map_err(|rejection| vec![rejection]);
        contents.push(row.contents().join("\u{1f}"));
        let line = (row.line != row.number + 1).then_some(row.line);
        rows.push(ListedFacility { row: row.number, line, input, remarks });
    }
    refuse_contradictions(&mut rows, &contents);
    let cells = context.keeps_cells.then(|| table.cells()).transpose()?;
    Ok(Facilities { rows, reading: table.reading(context.language), cells })
}

fn check(header: &Header) -> Result<(), Rejection> {
    if !header.has("name") {
        return Err(Header::lacks("name", &["name"]));
    }
    if kind_of_all(header).is_none() {
        header.need_one_of(&["kind", "type"])?;
    }
    header.need_one_of(&["region", "region_code", "kecamatan_code", "province"])?;
    // A list needs no ids. A misspelt heading of ids must not cost those that it has.
    let ids = SYSTEMS.map(|(column, _)| column).into_iter().chain(["external_ids", "id"]);
    let ids: Vec<&str> = ids.collect();
    if header.misspelt().any(|(_, column)| ids.contains(&column)) {
        header.need_one_of(&ids)?;
    }
    Ok(())
}

/// The kind that a heading such as "Nama RS", "Kode Puskesmas" or "Tipe RS" tells of all rows.
fn kind_of_all(header: &Header) -> Option<&'static str> {
    let headings = ["name", "code", "type"].into_iter().filter_map(|column| header.heading(column));
    let words: Vec<String> = headings.map(table::plain).collect();
    if words.iter().any(|heading| heading.contains("rumah sakit")) {
        return Some("hospital");
    }
    let words = words.iter().flat_map(|heading| heading.split(' '));
    let kinds: Vec<&str> = words.filter_map(|word| FacilityWord::of(word)?.kind()).collect();
    ["hospital", "puskesmas", "clinic"].into_iter().find(|kind| kinds.contains(kind))
}

/// The facility that a row means, as far as its list tells.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Identity {
    Id(String),
    Named(String, Vec<String>),
}

/// Refuses rows that say different things of one facility: which of them is meant, nobody can tell. Copies are one row.
/// A row without ids is compared with those that have ids, too; two names with an id each are two facilities.
fn refuse_contradictions(rows: &mut [ListedFacility], contents: &[String]) {
    let inputs = || rows.iter().map(|row| row.input.as_ref().ok());
    let named = |input: &FacilityInput| Identity::Named(input.region.clone(), words(&input.name));
    let has_ids = |input: &FacilityInput| !input.external_ids.is_empty();
    let only_named: HashSet<Identity> =
        inputs().flatten().filter(|input| !has_ids(input)).map(named).collect();
    let mut listed: HashMap<Identity, usize> = HashMap::new();
    let mut doubles = Vec::new();
    for (index, input) in inputs().enumerate() {
        let Some(input) = input else { continue };
        let ids = input.external_ids.iter().cloned().map(Identity::Id);
        let name = (!only_named.is_empty()).then(|| named(input)).filter(|name| only_named.contains(name));
        for identity in ids.chain(name) {
            let is_name = matches!(identity, Identity::Named(..));
            let first = *listed.entry(identity.clone()).or_insert(index);
            let have_ids = || [first, index].iter().all(|row| rows[*row].input.as_ref().is_ok_and(has_ids));
            if contents[first] != contents[index] && !(is_name && have_ids()) {
                let (pointer, what) = match identity {
                    Identity::Id(id) => ("/external_ids", id),
                    Identity::Named(..) => ("/name", input.name.clone()),
                };
                doubles.extend([(first, index, pointer, what.clone()), (index, first, pointer, what)]);
            }
        }
    }
    for (index, other, pointer, what) in doubles {
        let other = rows[other].row;
        let detail = Message::new("facility-twice").arg("id", what).arg("other", other);
        rows[index].input = Err(vec![Rejection::new(Code::DuplicateRow, pointer, detail)]);
    }
}

fn facility(
    row: &Row<'_>,
    header: &Header,
    context: Context<'_>,
    remarks: &mut Vec<Rejection>,
) -> Result<FacilityInput, Rejection> {
    let mut unsure = BTreeSet::new();
    let region = place::region(row, context, remarks, &mut unsure)?;
    let phones = phones::read(row, remarks, &mut unsure);
    let (lat, lon) = place::coordinates(row, &region, context, remarks);
    Ok(FacilityInput {
        name: row.get("name").unwrap_or_default().to_owned(),
        kind: kind(row, header),
        region,
        external_ids: external_ids(row)?,
        aliases: row.list("aliases"),
        address: address(row, remarks),
        phones,
        lat,
        lon,
        intake: intake(row),
        closed: false,
        simulated: row.get("simulated") == Some("yes"),
        unsure,
    })
}

fn intake(row: &Row<'_>) -> Option<Intake> {
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
fn kind(row: &Row<'_>, header: &Header) -> String {
    if let Some(kind) = row.get("kind") {
        return kind.to_owned();
    }
    let Some(written) = row.get("type") else {
        return kind_of_all(header).unwrap_or_default().to_owned();
    };
    let words: Vec<String> = written
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let word = |index: usize| words.get(index).map(String::as_str);
    // A hospital is called RS, RSU, RSUD, RSIA, RSJ, "Rumah Sakit Umum Daerah" and so on.
    let known = match (word(0), word(1)) {
        (Some("rumah"), Some("sakit")) => Some("hospital"),
        (Some(first), _) if first.starts_with("rs") => Some("hospital"),
        (Some(first), _) => FacilityWord::of(first).and_then(FacilityWord::kind),
        (None, _) => None,
    };
    // Only hospitals have a class.
    let of_class = || is_class(&words).then_some("hospital");
    known.or_else(|| kind_of_all(header)).or_else(of_class).map_or_else(|| words.join("_"), str::to_owned)
}

/// Whether the words are the class of a hospital: `A`, `Kelas B`, `Tipe C Pendidikan`, `D Pratama`.
fn is_class(words: &[String]) -> bool {
    let is_before = |word: &&String| ["kelas", "tipe", "type", "class", "non"].contains(&word.as_str());
    let mut words = words.iter().skip_while(is_before);
    let is_letter = words.next().is_some_and(|word| ["a", "b", "c", "d", "e"].contains(&word.as_str()));
    is_letter && words.all(|word| ["pendidikan", "pratama", "utama", "non"].contains(&word.as_str()))
}

/// The names of the facility in other systems. Without any, its name and region tell which facility is meant.
fn external_ids(row: &Row<'_>) -> Result<Vec<String>, Rejection> {
    let mut ids = row.list("external_ids");
    for (column, system) in SYSTEMS {
        let code = row.code_of_facility(column, &format!("/{column}"))?;
        ids.extend(code.map(|code| format!("{system}:{code}")));
    }
    if ids.is_empty() {
        ids.extend(row.get("id").map(|id| format!("sedia:{id}")));
    }
    Ok(ids)
}

fn address(row: &Row<'_>, remarks: &mut Vec<Rejection>) -> Option<String> {
    short_text(row.get("address")?, 300, "/address").map_err(|rejection| remarks.push(rejection)).ok()
}
