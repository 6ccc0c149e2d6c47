//! Reports of many facilities from CSV, JSON or NDJSON: `facility,type,session,capacity,occupied,available,
//! queue,observed_at`. What cannot be read becomes a refused row, so that no row is lost in silence.

mod json;
#[cfg(test)]
mod tests;

use super::table;
pub use super::table::unpacked;
use crate::{
    clock::Timestamp,
    domain::{
        numbers::{Count, FIELDS, Numbers, Statement},
        observation,
        region::Zone,
        rejection::{Code, Rejection, Rejections},
    },
    locales::Message,
    store::commands::{ReportRow, RowReport},
};

/// The most rows that one request may have.
pub const MOST_ROWS: usize = 20_000;

/// The columns of CSV, and the fields of a JSON row.
pub const COLUMNS: [&str; 8] =
    ["facility", "type", "session", "capacity", "occupied", "available", "queue", "observed_at"];

/// How reports are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A header line, then one line per report.
    Csv,
    /// A list of rows, or an object whose field `reports` is one.
    Json,
    /// One JSON object per line.
    Ndjson,
}

impl Format {
    /// The format that `bytes` look like.
    pub fn of(bytes: &[u8]) -> Self {
        match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'[') => Self::Json,
            Some(b'{') if json::is_list(bytes) => Self::Json,
            Some(b'{') => Self::Ndjson,
            _ => Self::Csv,
        }
    }
}

/// Rows from CSV; times are compared with `now`.
pub fn csv(bytes: &[u8], now: Timestamp) -> Result<Vec<ReportRow>, Rejections> {
    read(Format::Csv, bytes, now, MOST_ROWS)
}

/// Rows from a JSON list, or from `{"reports": [...]}`.
pub fn json(bytes: &[u8], now: Timestamp) -> Result<Vec<ReportRow>, Rejections> {
    read(Format::Json, bytes, now, MOST_ROWS)
}

/// Rows from one JSON object per line.
pub fn ndjson(bytes: &[u8], now: Timestamp) -> Result<Vec<ReportRow>, Rejections> {
    read(Format::Ndjson, bytes, now, MOST_ROWS)
}

/// Rows from text in `format`; more than `most` of them, or none, are refused as a whole.
pub fn read(format: Format, bytes: &[u8], now: Timestamp, most: usize) -> Result<Vec<ReportRow>, Rejections> {
    if bytes.trim_ascii().is_empty() {
        return Err(nothing_reported().into());
    }
    let rows: Vec<ReportRow> = match format {
        // One more than allowed is enough to know.
        Format::Csv => csv_rows(bytes, now)?.take(most + 1).collect(),
        Format::Json => json::list(bytes, now, most)?,
        Format::Ndjson => json::lines(bytes, now).take(most + 1).collect(),
    };
    match rows.len() {
        0 => Err(nothing_reported().into()),
        count if count > most => Err(too_many_rows(most).into()),
        _ => Ok(rows),
    }
}

fn csv_rows(bytes: &[u8], now: Timestamp) -> Result<impl Iterator<Item = ReportRow>, Rejections> {
    let (header, lines) = table::lines(bytes, &["facility", "type"])?;
    check_columns(&header)?;
    Ok(lines.map(move |line| match line.row(&header) {
        Ok(row) => said_by(&row).checked(now),
        Err(rejection) => unreadable(line.number, rejection),
    }))
}

/// A misspelt column would make its numbers unknown without a word, and no number at all is no report.
fn check_columns(header: &table::Header) -> Result<(), Rejections> {
    let mut unknown: Vec<&str> = header.names().filter(|name| !COLUMNS.contains(name)).collect();
    unknown.sort_unstable();
    let refused = unknown.iter().map(|name| unknown_field(name, name));
    Rejections::unless_empty(refused, ())?;
    if FIELDS.iter().any(|field| header.has(field)) {
        return Ok(());
    }
    let fields = FIELDS.join(", ");
    Err(Rejection::new(
        Code::MissingField,
        "available",
        Message::new("header-lacks-all").arg("columns", fields),
    )
    .into())
}

fn said_by(row: &table::TableRow<'_>) -> Said {
    let text = |column: &str| Ok(row.get(column).map(str::to_owned));
    let mut refused = Vec::new();
    let counts = FIELDS.map(|field| {
        let cell = row.get(field).unwrap_or_default();
        Count::from_text(cell, &format!("/{field}")).unwrap_or_else(|rejection| {
            refused.push(rejection);
            None
        })
    });
    let numbers = if refused.is_empty() {
        // An empty cell says nothing of the capacity.
        Numbers::check(counts, "").map(Statement::of_known).map_err(|rejection| vec![rejection])
    } else {
        Err(refused)
    };
    Said {
        row: row.number,
        facility: text("facility"),
        resource: text("type"),
        session: text("session"),
        observed_at: text("observed_at"),
        numbers,
        unknown: Vec::new(),
    }
}

/// A field that holds text, if it holds anything.
type Text = Result<Option<String>, Rejection>;

/// The contents of a row, before they are checked.
struct Said {
    row: u32,
    facility: Text,
    resource: Text,
    session: Text,
    observed_at: Text,
    numbers: Result<Statement, Vec<Rejection>>,
    /// Fields that nobody knows.
    unknown: Vec<Rejection>,
}

impl Said {
    /// The row, with everything that is wrong with it.
    fn checked(self, now: Timestamp) -> ReportRow {
        let named = |text: &Text| text.as_ref().ok().cloned().flatten();
        let (facility, resource) = (named(&self.facility), named(&self.resource));
        let mut refused = Vec::new();
        let reference = needed(self.facility, "/facility").map_err(|rejection| refused.push(rejection));
        let code = needed(self.resource, "/type").map_err(|rejection| refused.push(rejection));
        let session = self.session.map_err(|rejection| refused.push(rejection));
        let numbers = self.numbers.map_err(|rejections| refused.extend(rejections));
        let observed_at = self
            .observed_at
            .and_then(|text| {
                text.map(|text| observation::observed_at(&text, now, Zone::Wib, "/observed_at")).transpose()
            })
            .map_err(|rejection| refused.push(rejection));
        refused.extend(self.unknown);
        let said = match (reference, code, session, numbers, observed_at) {
            (Ok(facility), Ok(resource), Ok(session), Ok(numbers), Ok(observed_at)) if refused.is_empty() => {
                Ok(RowReport { facility, resource, session, numbers, observed_at })
            }
            _ => Err(refused),
        };
        ReportRow { row: self.row, facility, resource, said }
    }
}

fn needed(text: Text, pointer: &str) -> Result<String, Rejection> {
    text?.ok_or_else(|| {
        let field = pointer.trim_start_matches('/');
        Rejection::new(
            Code::MissingField,
            pointer,
            Message::new("row-without-facility-or-type").arg("field", field.to_string()),
        )
    })
}

/// A row that cannot be read at all.
fn unreadable(row: u32, rejection: Rejection) -> ReportRow {
    ReportRow { row, facility: None, resource: None, said: Err(vec![rejection]) }
}

fn unknown_field(name: &str, pointer: &str) -> Rejection {
    let columns = COLUMNS.join(", ");
    Rejection::new(
        Code::UnknownField,
        pointer,
        Message::new("none-of").arg("text", name.to_owned()).arg("known", columns),
    )
}

fn nothing_reported() -> Rejection {
    Rejection::new(Code::NothingReported, "", Message::new("list-is-empty"))
}

fn too_many_rows(most: usize) -> Rejection {
    Rejection::new(Code::TooManyRows, "", Message::new("too-many-rows").arg("most", most.to_string()))
}
