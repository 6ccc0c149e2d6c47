//! Answers as CSV (RFC 4180), for spreadsheets: one line for each number, place or thing that is listed.

mod calls;
mod facilities;
mod past;
mod regions;
mod reporting;

pub(crate) use crate::render::table::{
    calls::{doubts, marks},
    facilities::{facilities, places, search, vaccinations},
    past::{demand, history},
    regions::{overview, regions, types},
    reporting::{reminders, reporters},
};
use chrono::SecondsFormat;

use crate::{
    clock::Timestamp,
    domain::{
        facility::{ExternalId, Phone, Visibility},
        numbers::{Count, Numbers},
    },
    spreadsheet::escape_formula,
};

fn external_ids(ids: &[ExternalId]) -> String {
    list(ids.iter().map(ExternalId::as_str))
}

fn phones(phones: &[Phone]) -> String {
    list(phones.iter().map(|phone| number(&phone.number, phone.visibility)))
}

/// A telephone number; `!` before one that nobody may pass on, as in what is exported.
fn number(number: &str, visibility: Visibility) -> String {
    match visibility {
        Visibility::Public => number.to_owned(),
        Visibility::Internal => format!("!{number}"),
    }
}

/// Many in one cell.
fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join("; ")
}

/// Unknown is an empty cell, never zero.
fn optional_cell(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The four counts, in the order of [`FIELDS`](crate::directory::numbers::FIELDS).
fn counts(numbers: Option<Numbers>) -> [String; 4] {
    numbers.map_or_else(Default::default, |numbers| {
        numbers.counts().map(|count| optional_cell(count.map(Count::get)))
    })
}

/// A moment, written as in JSON.
fn moment(at: impl Into<Option<Timestamp>>) -> String {
    optional_cell(at.into().map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true)))
}

/// A flag that is set; an empty cell where it is not.
fn flag_cell(is_so: bool) -> String {
    if is_so { "yes" } else { "" }.to_owned()
}

/// A flag as yes or no, where nobody may take an empty cell for a no.
fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// Lines under a header, harmless to spreadsheets.
struct Table(csv::Writer<Vec<u8>>);

impl Table {
    /// The bytes of a whole table.
    fn of<L: IntoIterator<Item = String>>(
        header: impl IntoIterator<Item = &'static str>,
        lines: impl IntoIterator<Item = L>,
    ) -> Vec<u8> {
        let mut table = Self::new(header);
        for line in lines {
            table.line(line);
        }
        table.finish()
    }

    fn new(header: impl IntoIterator<Item = &'static str>) -> Self {
        let mut table = Self(csv::Writer::from_writer(Vec::new()));
        table.line(header.into_iter().map(str::to_owned));
        table
    }

    fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0
            .write_record(cells.into_iter().map(escape_formula))
            .expect("writing into memory does not fail");
    }

    fn finish(self) -> Vec<u8> {
        self.0.into_inner().expect("writing into memory does not fail")
    }
}
