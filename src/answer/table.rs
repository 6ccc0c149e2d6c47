//! Answers as CSV (RFC 4180), for spreadsheets: one line for each number, place or thing that is listed.

mod calls;
mod facilities;
mod past;
mod regions;
mod reporting;

pub(super) use self::{
    calls::{doubts, marks},
    facilities::{facilities, search, vaccinations},
    past::{demand, history},
    regions::{overview, regions, types},
    reporting::{reminders, reporters},
};
use crate::{
    clock::Timestamp,
    directory::{
        facility::{ExternalId, Phone},
        numbers::{Count, Numbers},
    },
};

fn external_ids(ids: &[ExternalId]) -> String {
    list(ids.iter().map(ExternalId::as_str))
}

fn phones(phones: &[Phone]) -> String {
    list(phones.iter().map(|phone| phone.number.as_str()))
}

/// Many in one cell.
fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join("; ")
}

/// Unknown is an empty cell, never zero.
fn said(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The four counts, in the order of [`FIELDS`](crate::directory::numbers::FIELDS).
fn counts(numbers: Option<Numbers>) -> [String; 4] {
    numbers.map_or_else(Default::default, |numbers| numbers.counts().map(|count| said(count.map(Count::get))))
}

fn moment(at: Option<Timestamp>) -> String {
    said(at.map(|at| at.to_rfc3339()))
}

/// What is so; an empty cell where it is not.
fn marked(is_so: bool) -> String {
    if is_so { "yes" } else { "" }.to_owned()
}

/// What is so or not, where nobody may take an empty cell for a no.
fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// Lines under a header. Every CSV is written by this, because it makes cells harmless.
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
        self.0.write_record(cells.into_iter().map(harmless)).expect("writing into memory does not fail");
    }

    fn finish(self) -> Vec<u8> {
        self.0.into_inner().expect("writing into memory does not fail")
    }
}

/// What a spreadsheet would take for a formula is marked as text, also behind blanks, which some of them drop,
/// and in full-width characters, which some of them take for the plain ones. A negative number is no formula.
fn harmless(cell: String) -> String {
    let is_blank = |char: char| {
        char.is_whitespace()
            || char.is_control()
            || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    let bare = cell.trim_start_matches(is_blank);
    let is_formula =
        bare.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '−', '＠']) && !is_negative(&cell);
    if is_formula || cell.starts_with(['\t', '\r', '\n']) { format!("'{cell}") } else { cell }
}

fn is_negative(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or_default();
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::harmless;

    #[rstest]
    #[case("=HYPERLINK(1)")]
    #[case("@SUM(A1)")]
    #[case("+62 24 8413476")]
    #[case::a_telephone_that_would_lose_its_plus("+62248413476")]
    #[case("-2+3")]
    #[case("-")]
    #[case("-1e5")]
    #[case("-inf")]
    #[case("-.5")]
    #[case("\t=1")]
    #[case("\r1")]
    #[case::a_line_of_its_own("\n=1+1")]
    #[case::behind_blanks("  =1+1")]
    #[case::behind_what_nobody_sees("\u{feff}\u{200b}=1+1")]
    #[case::full_width("＝1+1")]
    #[case::full_width("＠SUM(A1)")]
    #[case(" －1")]
    fn formulas_are_marked_as_text(#[case] cell: &str) {
        assert_eq!(harmless(cell.to_owned()), format!("'{cell}"));
    }

    #[rstest]
    #[case("")]
    #[case("-6.97296")]
    #[case("-7")]
    #[case("110.42")]
    #[case("RS A=B")]
    #[case(" RS A")]
    #[case("2021-07-01T07:00:00+00:00")]
    #[case("\"RS\" 'Kariadi'")]
    fn everything_else_stays_as_it_is(#[case] cell: &str) {
        assert_eq!(harmless(cell.to_owned()), cell);
    }
}
