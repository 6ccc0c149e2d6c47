//! Reports of many facilities: tables, JSON or NDJSON, with `facility,type,session,capacity,occupied,available,queue,
//! observed_at`. What cannot be read becomes a refused row, so that no row is lost in silence.

mod json;
mod tables;
#[cfg(test)]
mod tests;

use super::{Context, File, table::unpacked};
use crate::{
    domain::{
        facility::{ExternalId, FacilityRef},
        numbers::{FIELDS, Statement},
        observation,
        region::Zone,
        rejection::{Code, Rejection, Rejections},
    },
    locales::Message,
    store::commands::{ReportRow, RowReport, TableReading, named_facility},
};

/// The most rows that one request may have.
pub const MOST_ROWS: usize = 20_000;

/// The columns of a table that need no explanation, and the fields of a JSON row.
pub const COLUMNS: [&str; 8] =
    ["facility", "type", "session", "capacity", "occupied", "available", "queue", "observed_at"];

/// How reports are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table: CSV or a workbook.
    #[value(alias = "csv")]
    Table,
    /// A list of rows, or an object whose field `reports` is one.
    Json,
    /// One JSON object per line.
    Ndjson,
}

impl Format {
    /// The format that `bytes` look like.
    pub fn of(bytes: &[u8]) -> Self {
        let text = json::without_mark(bytes);
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'[') => Self::Json,
            Some(b'{') if json::is_list(text) => Self::Json,
            Some(b'{') => Self::Ndjson,
            _ => Self::Table,
        }
    }
}

/// Reports as they were read.
pub struct Reports {
    /// The rows in order.
    pub rows: Vec<ReportRow>,
    /// How the table was understood, if it was one.
    pub reading: Option<TableReading>,
    /// The headings and the cells of each row, if they are wanted and it was a table.
    pub cells: Option<Vec<Vec<String>>>,
}

/// Reads a file, packed by gzip or not, in `format` or in the one that it looks like; more than `most` rows, or none, are refused as a whole.
pub fn read(
    format: Option<Format>,
    file: File<'_>,
    context: Context<'_>,
    most: usize,
) -> Result<Reports, Rejections> {
    let bytes = unpacked(file.bytes)?;
    let file = File { bytes: &bytes, ..file };
    let format = format.unwrap_or_else(|| Format::of(&bytes));
    if file.bytes.trim_ascii().is_empty() {
        return Err(nothing_reported().into());
    }
    let listed = |rows| Reports { rows, reading: None, cells: None };
    let reports = match format {
        Format::Table => tables::read(file, context, most)?,
        Format::Json => listed(json::list(file.bytes, context, most)?),
        // One more than allowed is enough to know.
        Format::Ndjson => listed(json::lines(file.bytes, context).take(most + 1).collect()),
    };
    match reports.rows.len() {
        0 => Err(nothing_reported().into()),
        count if count > most => Err(too_many_rows(most).into()),
        _ => Ok(reports),
    }
}

impl Context<'_> {
    /// The facility as the directory knows it by: a bare code of the ministry gets the name of its system.
    fn facility(&self, text: String) -> String {
        let is_bare = text.bytes().all(|byte| byte.is_ascii_digit());
        let of_ministry = ExternalId::parse(&format!("kemenkes:{text}"), "").ok().filter(|_| is_bare);
        let of_ministry =
            of_ministry.filter(|id| self.state.resolve(&FacilityRef::External(id.clone())).is_some());
        of_ministry.map_or(text, |id| id.as_str().to_owned())
    }

    /// The time zone of a facility; WIB if nobody knows it.
    fn zone(&self, facility: &str) -> Zone {
        let named = named_facility(self.state, self.sender, facility);
        named.map_or(Zone::Wib, |named| self.state.zone(named.state.facility.region))
    }
}

/// A field that holds text, if it holds anything.
type Text = Result<Option<String>, Rejection>;

/// The contents of a row, before they are checked.
struct Said {
    row: u32,
    line: Option<u32>,
    facility: Text,
    /// The name of the facility that stands beside its code.
    name: Option<String>,
    resource: Text,
    session: Text,
    /// The room, where the row names its type, too.
    room: Option<String>,
    observed_at: Text,
    numbers: Result<Statement, Vec<Rejection>>,
    /// What else is wrong with it: fields that nobody knows, a name that may mean two things.
    doubts: Vec<Rejection>,
}

impl Said {
    /// The row, with everything that is wrong with it.
    fn checked(self, context: Context<'_>) -> ReportRow {
        let named = |text: &Text| text.as_ref().ok().cloned().flatten();
        let own = self.facility.map(|text| text.or_else(|| context.facility.map(ToOwned::to_owned)));
        let (facility, resource) = (named(&own), named(&self.resource));
        let mut refused = Vec::new();
        let reference = needed(own, "/facility")
            .map(|text| context.facility(text))
            .map_err(|rejection| refused.push(rejection));
        let code = needed(self.resource, "/type").map_err(|rejection| refused.push(rejection));
        let session = self.session.map_err(|rejection| refused.push(rejection));
        let numbers = self.numbers.map_err(|rejections| refused.extend(rejections));
        let observed_at = self
            .observed_at
            .and_then(|text| {
                let zone = || reference.as_ref().map_or(Zone::Wib, |facility| context.zone(facility));
                text.map(|text| observation::observed_at(&text, context.now, zone(), "/observed_at"))
                    .transpose()
            })
            .map_err(|rejection| refused.push(rejection));
        refused.extend(self.doubts);
        let said = match (reference, code, session, numbers, observed_at) {
            (Ok(facility), Ok(resource), Ok(session), Ok(numbers), Ok(observed_at)) if refused.is_empty() => {
                Ok(RowReport { facility, resource, session, room: self.room, numbers, observed_at })
            }
            _ => Err(refused),
        };
        ReportRow { row: self.row, line: self.line, facility, resource, name: self.name, said }
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
    ReportRow { row, line: None, facility: None, resource: None, name: None, said: Err(vec![rejection]) }
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
