//! One row of a table, and how its cells are read.

use std::borrow::Cow;

use chrono::TimeDelta;

use super::{
    Cell, CellKind, Grid, Table,
    cells::{self, Thousands},
    list,
};
use crate::{
    clock::Timestamp,
    domain::{
        moment::{self, DateOrder, Written},
        numbers::Count,
        rejection::{Code, Rejection},
    },
    locales::Message,
    spreadsheet::unescape_formula,
};

/// The longest cell, as Excel has it.
const MOST_CELL: usize = 32_767;

/// One row.
pub(in crate::import) struct Row<'t> {
    /// Its number: the first after the header is 1.
    pub(in crate::import) number: u32,
    /// Its line, as a spreadsheet shows it.
    pub(in crate::import) line: u32,
    pub(super) table: &'t Table<'t>,
    pub(super) cells: Vec<Cell>,
}

impl Row<'_> {
    /// Refuses a row that was cut, has more cells than the header, or cannot be read.
    pub(in crate::import) fn check(&self) -> Result<(), Rejection> {
        let needs = self.table.header.headings.len();
        let is_text = matches!(self.table.grid, Grid::Text { .. });
        let has =
            self.cells.iter().skip(needs).rposition(|cell| !cell.is_blank()).map(|last| needs + last + 1);
        // A sheet has no cells where nothing stands.
        let has = has.unwrap_or(if is_text { self.cells.len().min(needs) } else { needs });
        if has != needs {
            let detail = Message::new("row-of-another-width")
                .arg("short", has < needs)
                .arg("row", self.number)
                .arg("has", has)
                .arg("needs", needs);
            return Err(Rejection::new(Code::IncompleteRow, "", detail));
        }
        if self.cells.iter().any(|cell| cell.text.contains('\u{fffd}')) {
            let detail = Message::new("table-not-utf8").arg("row", self.number);
            return Err(Rejection::new(Code::InvalidEncoding, "", detail));
        }
        let mut read = self.table.header.headings.iter().zip(&self.cells);
        let without_value = read.find_map(|(heading, cell)| {
            let column = heading.column.as_ref()?;
            (cell.kind == CellKind::NoValue).then_some((heading, column))
        });
        if let Some((heading, column)) = without_value {
            let detail = Message::new("formula-without-value").arg("column", heading.text.clone());
            return Err(Rejection::new(Code::InvalidField, format!("/{column}"), detail));
        }
        if let Some(index) = self.cells.iter().position(|cell| cell.text.len() > MOST_CELL) {
            let heading = &self.table.header.headings[index];
            let name = heading.column.as_ref().unwrap_or(&heading.text);
            let detail =
                Message::new("cell-too-long").arg("column", heading.text.clone()).arg("most", MOST_CELL);
            return Err(Rejection::new(Code::InvalidText, format!("/{name}"), detail));
        }
        Ok(())
    }

    fn cell(&self, column: &str) -> Option<&Cell> {
        self.cells.get(*self.table.header.columns.get(column)?).filter(|cell| !cell.is_blank())
    }

    /// Whether something stands in the cell of a column.
    pub(in crate::import) fn has(&self, column: &str) -> bool {
        self.cell(column).is_some()
    }

    /// The cell of a column, without the mark of what only looks like a formula. None if it is empty, says that nobody
    /// knows, or if there is no such column.
    pub(in crate::import) fn get(&self, column: &str) -> Option<&str> {
        let text = unescape_formula(&self.cell(column)?.text);
        (!text.is_empty() && !cells::is_unknown(text)).then_some(text)
    }

    /// The cell of a column that holds a code: `3374010.0` and `'3374010` are what some programs make of one.
    pub(in crate::import) fn code(&self, column: &str) -> Option<&str> {
        self.get(column).map(code)
    }

    /// The code of a facility in a column; refused if a spreadsheet took it for a number and shows it as one.
    pub(in crate::import) fn code_of_facility(
        &self,
        column: &str,
        pointer: &str,
    ) -> Result<Option<&str>, Rejection> {
        let Some(code) = self.code(column) else { return Ok(None) };
        let shown = if is_rounded(code) { "rounded" } else { "grouped" };
        if shown == "rounded" || is_grouped(code) {
            let detail =
                Message::new("code-shown-as-number").arg("text", code.to_owned()).arg("shown", shown);
            return Err(Rejection::new(Code::InvalidExternalId, pointer, detail));
        }
        Ok(Some(code))
    }

    /// The cells of all columns of that name.
    pub(in crate::import) fn codes(&self, column: &str) -> impl Iterator<Item = &str> {
        let cells = self.table.header.headings.iter().zip(&self.cells);
        let cells = cells.filter(move |(heading, _)| heading.column.as_deref() == Some(column));
        let texts = cells.map(|(_, cell)| unescape_formula(&cell.text));
        texts.filter(|text| !text.is_empty() && !cells::is_unknown(text)).map(code)
    }

    /// The items of a cell that holds a list.
    pub(in crate::import) fn list(&self, column: &str) -> Vec<String> {
        self.get(column).map(list::split_list).unwrap_or_default()
    }

    /// All cells up to the last that says something: two rows with the same ones are copies.
    pub(in crate::import) fn contents(&self) -> Vec<&str> {
        let width = self.cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |last| last + 1);
        self.cells[..width].iter().map(|cell| &*cell.text).collect()
    }

    /// The count in a cell; None if nobody knows it.
    pub(in crate::import) fn count(
        &self,
        column: &str,
        field: &str,
        pointer: &str,
    ) -> Result<Option<Count>, Rejection> {
        let (Some(text), Some(cell)) = (self.get(column), self.cell(column)) else { return Ok(None) };
        if cell.kind == CellKind::Shared {
            let detail = Message::new("count-of-several-rows").arg("text", text.to_owned());
            return Err(Rejection::new(Code::InvalidField, pointer, detail));
        }
        if cells::is_zero(text) || field == "available" && cells::is_full(text) {
            return Ok(Count::new(0));
        }
        let text = cells::without_unit(text, field);
        let thousands = match cell.kind {
            CellKind::Text => self.table.thousands(column),
            CellKind::Number | CellKind::Shared | CellKind::NoValue => Thousands::Comma,
        };
        let without_blanks: String = text.chars().filter(|char| !char.is_whitespace()).collect();
        let whole = cells::whole(&without_blanks, thousands).map_err(|[one, other]| {
            let detail = Message::new("count-ambiguous")
                .arg("text", text.to_owned())
                .arg("one", one)
                .arg("other", other);
            Rejection::new(Code::CountNotWhole, pointer, detail)
        })?;
        Count::from_text(&whole, pointer)
    }

    /// The moment in a cell, as RFC 3339 or as a local time without a zone; the cell as it is if it cannot be read.
    pub(in crate::import) fn moment(&self, column: &str, now: Timestamp) -> Option<Cow<'_, str>> {
        let text = self.get(column)?;
        let order = self.table.date_order(column);
        let read = |text: &str| moment::read(text, order).or_else(|| recent(text, now));
        let (written, text) = match self.get("time").map(|time| at_time(text, time)) {
            // A time of day that cannot be read is no midnight.
            Some(both) => (read(&both).or_else(|| read(text).filter(Written::has_time)), Cow::Owned(both)),
            None => (read(text), Cow::Borrowed(text)),
        };
        Some(match written {
            Some(Written::Moment(moment)) => Cow::Owned(moment.to_rfc3339()),
            Some(Written::Local(local)) => Cow::Owned(local.format("%Y-%m-%dT%H:%M:%S").to_string()),
            None => text,
        })
    }
}

/// A code as it was before a program took it for a number, or marked it as text.
fn code(text: &str) -> &str {
    let text = text.strip_prefix('\'').unwrap_or(text);
    let whole =
        text.strip_suffix(".0").filter(|code| code.len() > 3 && code.bytes().all(|b| b.is_ascii_digit()));
    whole.unwrap_or(text)
}

/// Whether a spreadsheet shows a long number so: `3,37E+06`. Its last digits are lost.
pub(in crate::import) fn is_rounded(text: &str) -> bool {
    let lower = text.to_ascii_lowercase().replace(',', ".");
    lower.split_once('e').is_some_and(|(_, power)| power.starts_with('+') && lower.parse::<f64>().is_ok())
}

/// Whether a spreadsheet shows a number so, with marks between thousands: `3.374.010`.
fn is_grouped(text: &str) -> bool {
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    let is_number = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    groups.len() > 2
        && groups.iter().all(is_number)
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().all(|group| group.len() == 3)
}

/// The date with the time of a column of its own. A workbook holds a date as its beginning, and a time as one of 1899.
fn at_time(date: &str, time: &str) -> String {
    let date = date.strip_suffix("T00:00:00").unwrap_or(date);
    format!("{date} {}", time.split_once('T').map_or(time, |(_, time)| time))
}

/// Of two readings of a date the one that is recent, if the other is not: reports are.
fn recent(text: &str, now: Timestamp) -> Option<Written> {
    let is_recent = |written: &Written| {
        let at = match written {
            Written::Moment(moment) => moment.naive_utc(),
            Written::Local(local) => *local,
        };
        let age = now.naive_utc() - at;
        (TimeDelta::days(-1)..TimeDelta::days(20)).contains(&age)
    };
    let readings = [DateOrder::DayFirst, DateOrder::MonthFirst].map(|order| moment::read(text, order));
    let mut recent = readings.into_iter().flatten().filter(is_recent);
    match (recent.next(), recent.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}
