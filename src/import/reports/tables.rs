//! Reports from tables: a row for each type, or one row for a facility with a column for each number of a type.

use super::{Reports, Said, nothing_reported, too_many_rows, unreadable};
use crate::{
    domain::{
        numbers::{FIELDS, Numbers, Statement},
        rejection::{Code, Rejection, Rejections},
        resource_type::Kind,
        session::SESSION_TYPE,
    },
    import::{
        Context, File,
        table::{self, Header, Layout, List, Row, plain},
    },
    locales::Message,
    store::commands::ReportRow,
};

/// Columns that name a facility: in full, or by its code in a system.
const NAMES: [(&str, &str); 4] =
    [("facility", ""), ("code", "kemenkes:"), ("bpjs_code", "bpjs:"), ("satusehat_code", "satusehat:")];

/// The rows of a table, and how it was understood.
pub(super) fn read(file: File<'_>, context: Context<'_>, most: usize) -> Result<Reports, Rejections> {
    let wide = |heading: &str| wide_column(heading, context);
    let check = |header: &Header| check(header, context);
    let mapping = context.mapping;
    let layout = Layout { list: List::Reports, wide: &wide, check: &check, mapping, most };
    let mut table = table::read(file, &layout)?;
    let header = table.header();
    let wide: Vec<WideType> = wide_types(header);
    let numbers_alone: Vec<&str> = FIELDS.into_iter().filter(|field| header.has(field)).collect();
    let names_type =
        |row: &Row<'_>| named(row).is_some_and(|cell| context.state.resolve_type(cell, None).is_ok());
    // In a wide table "Jenis" may be that of the hospital, and "Kapasitas" that of all types together.
    let is_long = wide.is_empty() || !numbers_alone.is_empty() && table.rows().any(|row| names_type(&row));
    if !is_long {
        let passed =
            numbers_alone.into_iter().chain(["type", "room"]).filter_map(|column| header.heading(column));
        let passed: Vec<String> = passed.map(str::to_owned).collect();
        table.note(
            passed.into_iter().map(|heading| Message::new("column-of-no-type").arg("heading", heading)),
        );
    }
    let mut rows = Vec::new();
    for row in table.rows() {
        let line = (row.line != row.number + 1).then_some(row.line);
        if let Err(rejection) = row.check() {
            rows.push(ReportRow { line, ..unreadable(row.number, rejection) });
        } else {
            if is_long && (wide.is_empty() || FIELDS.iter().any(|field| row.has(field))) {
                let session = row.get("session").map(str::to_owned);
                let numbers = numbers(&row, ToOwned::to_owned);
                let resource = named(&row).map(str::to_owned);
                let said = said(&row, line, context, resource, session, numbers);
                let room = row.code("room").filter(|_| row.has("type")).map(str::to_owned);
                let doubts = room_or_class(&row, context).into_iter().collect();
                rows.push(Said { room, doubts, ..said }.checked(context));
            }
            rows.extend(wide.iter().filter_map(|of| {
                // A type whose cells are all blank is not reported.
                of.columns.iter().find(|column| row.has(column))?;
                let numbers = numbers(&row, |field| format!("{}/{field}", of.resource));
                let numbers = numbers.map_err(|refused| in_columns(refused, of, table.header()));
                Some(said(&row, line, context, Some(of.resource.clone()), None, numbers).checked(context))
            }));
        }
        // One more than allowed is enough to know.
        if rows.len() > most {
            return Err(too_many_rows(most).into());
        }
    }
    if rows.is_empty() {
        return Err(nothing_reported().into());
    }
    let reading = Some(table.reading(context.language));
    Ok(Reports { rows, reading, cells: context.keeps_cells.then(|| table.cells()).transpose()? })
}

/// Refuses a header without what a report needs. A column whose name is misspelt would make its numbers unknown without
/// a word.
fn check(header: &Header, context: Context<'_>) -> Result<(), Rejection> {
    let names_type = |heading: &str| context.state.resolve_type(heading, None).is_ok();
    let is_number = |column: &&str| FIELDS.contains(column);
    if let Some((heading, column)) = header
        .misspelt()
        .find(|(heading, column)| is_number(column) || *column == "type" && !names_type(heading))
    {
        let detail =
            Message::new("column-nearly-known").arg("heading", heading.to_owned()).arg("meant", column);
        return Err(Rejection::new(Code::UnknownField, heading, detail));
    }
    let names = ["facility", "code", "bpjs_code", "satusehat_code", "facility_name"];
    if context.facility.is_none() && !names.iter().any(|name| header.has(name)) {
        let detail = Message::new("header-lacks-facility");
        return Err(Rejection::new(Code::MissingField, "facility", detail));
    }
    if header.names().any(|name| name.contains('/')) {
        return Ok(());
    }
    if !header.has("type") && !header.has("room") {
        if let Some(heading) = header.texts().take(100).find(|text| names_type(text)) {
            let detail = Message::new("column-of-which-number").arg("heading", heading.to_owned());
            return Err(Rejection::new(Code::MissingField, heading, detail));
        }
        return Err(Header::lacks("type", &["facility", "type"]));
    }
    if FIELDS.iter().any(|field| header.has(field)) {
        return Ok(());
    }
    let detail = Message::new("header-lacks-all").arg("columns", FIELDS.join(", "));
    Err(Rejection::new(Code::MissingField, "available", detail))
}

/// A type with columns of its own.
struct WideType {
    resource: String,
    columns: Vec<String>,
}

fn wide_types(header: &Header) -> Vec<WideType> {
    let mut types: Vec<WideType> = Vec::new();
    for column in header.names() {
        let Some((resource, _)) = column.split_once('/') else { continue };
        match types.iter_mut().find(|of| of.resource == resource) {
            Some(of) => of.columns.push(column.to_owned()),
            None => types.push(WideType { resource: resource.to_owned(), columns: vec![column.to_owned()] }),
        }
    }
    types
}

/// What is wrong with numbers of a type, with the heading of each: every type has a column of that number.
fn in_columns(refused: Vec<Rejection>, of: &WideType, header: &Header) -> Vec<Rejection> {
    let named = |rejection: Rejection| {
        let column = format!("{}{}", of.resource, rejection.pointer);
        let Some(heading) = header.heading(&column) else { return rejection };
        let detail = Message::new("in-column")
            .arg("heading", heading.to_owned())
            .arg("type", of.resource.clone())
            .arg("detail", rejection.detail.clone());
        Rejection { detail, ..rejection }
    };
    refused.into_iter().map(named).collect()
}

/// The column `TYPE/NUMBER` that a heading such as `ICU tersedia` or `Kapasitas - Kelas III` means.
/// It may be written as that name, too.
fn wide_column(heading: &str, context: Context<'_>) -> Option<String> {
    if let Some((code, number)) = heading.rsplit_once('/')
        && let Some(resource) = context.state.resource_type(code)
        && FIELDS.contains(&number)
    {
        return (resource.kind != Kind::Vaccination).then(|| heading.to_owned());
    }
    let heading = plain(heading);
    let words: Vec<&str> = heading.split(' ').collect();
    // The longest name of a number first: "jumlah tt" before "jumlah".
    (1..words.len()).find_map(|cut| {
        let (before, after) = (words[..cut].join(" "), words[cut..].join(" "));
        let from_end = words.len() - cut;
        let (first, last) = (words[..from_end].join(" "), words[from_end..].join(" "));
        let of = |number: &str, resource: &str| {
            let field = table::count_column(number)?;
            let resource = context.state.resolve_type(resource, None).ok()?;
            (resource.kind != Kind::Vaccination).then(|| format!("{}/{field}", resource.code))
        };
        of(&after, &before).or_else(|| of(&first, &last))
    })
}

fn said(
    row: &Row<'_>,
    line: Option<u32>,
    context: Context<'_>,
    resource: Option<String>,
    session: Option<String>,
    numbers: Result<Statement, Vec<Rejection>>,
) -> Said {
    let session =
        session.filter(|_| resource.as_deref() == Some(SESSION_TYPE) || row.get("session").is_some());
    let (facility, name) = facility(row)
        .map_or_else(|rejection| (Err(rejection), None), |(facility, name)| (Ok(facility), name));
    Said {
        row: row.number,
        line,
        facility,
        name,
        resource: Ok(resource),
        session: Ok(session),
        room: None,
        observed_at: Ok(row.moment("observed_at", context.now).map(Into::into)),
        numbers,
        doubts: Vec::new(),
    }
}

/// What a row names as its type: the class, or the room where there is no class.
fn named<'r>(row: &'r Row<'_>) -> Option<&'r str> {
    row.code("type").or_else(|| row.code("room"))
}

/// Refuses a row whose room may be a type, too, and another one than its class: a room "ICU" of "Kelas III" may be either.
fn room_or_class(row: &Row<'_>, context: Context<'_>) -> Option<Rejection> {
    let known = |name| match context.state.resolve_type(name, None) {
        Ok(resource) => Some(vec![&resource.code]),
        Err(rejection) => (rejection.code == Code::AmbiguousType).then(Vec::new),
    };
    let (class, room) = row.code("type").zip(row.code("room"))?;
    let of_room = known(room)?;
    let is_either = of_room.is_empty() || known(class) != Some(of_room);
    is_either.then(|| {
        let detail =
            Message::new("room-or-class").arg("room", room.to_owned()).arg("class", class.to_owned());
        Rejection::new(Code::AmbiguousType, "/type", detail)
    })
}

/// The facility as the row names it: by a code, and beside that perhaps by its name; or by its name and region.
fn facility(row: &Row<'_>) -> Result<(Option<String>, Option<String>), Rejection> {
    let name = row.get("facility_name").map(str::to_owned);
    for (column, system) in NAMES {
        if let Some(cell) = row.code_of_facility(column, "/facility")? {
            let code = if cell.contains(':') { cell.to_owned() } else { format!("{system}{cell}") };
            return Ok((Some(code), name));
        }
    }
    let in_region = |name: String| match row.get("region").or_else(|| row.code("region_code")) {
        Some(region) => format!("{name}, {region}"),
        None => name,
    };
    Ok((name.map(in_region), None))
}

fn numbers(row: &Row<'_>, column: impl Fn(&str) -> String) -> Result<Statement, Vec<Rejection>> {
    let mut refused = Vec::new();
    let counts = FIELDS.map(|field| {
        row.count(&column(field), field, &format!("/{field}")).unwrap_or_else(|rejection| {
            refused.push(rejection);
            None
        })
    });
    if !refused.is_empty() {
        return Err(refused);
    }
    // An empty cell says nothing of the capacity.
    Numbers::check(counts, "").map(Statement::of_known).map_err(|rejection| vec![rejection])
}
