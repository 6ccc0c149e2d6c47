//! Output: results on stdout, everything else on stderr.

use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    domain::rejection::{Rejection, Rejections},
    node::rejections,
    store::WriteError,
};

/// Writes a line of the result.
pub(super) fn line(text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{text}")
}

/// Says something beside the result. It is no error when stderr is closed.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says something about a row: its number, and its line in the sheet where that is not the next one.
pub(super) fn row_note((row, line): (u32, Option<u32>), pointer: &str, code: &str, detail: &str) {
    let line = line.map(|line| format!(" (line {line})")).unwrap_or_default();
    item_note(&format!("row {row}{line}"), pointer, code, detail);
}

/// Says something about an item of a file, such as `feature 3`.
pub(super) fn item_note(item: &str, pointer: &str, code: &str, detail: &str) {
    let separator = if pointer.is_empty() { "" } else { " " };
    note(&format!("{item}{separator}{pointer}: {detail} [{code}]"));
}

/// The rows of a table with aligned columns; all have as many cells as the first, the titles.
pub(super) fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let row = |row: &Vec<String>| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(row).collect()
}

/// A progress bar on stderr; nothing shows when stderr is no terminal.
pub(super) fn progress(what: &'static str, length: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style).with_message(what)
}

/// What went wrong and what caused it, from the outermost on.
pub(super) fn causes(error: &anyhow::Error) -> Vec<String> {
    let mut causes: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        // So begins what the store says in its own words.
        let cause = cause.trim_start_matches("Custom Error: ");
        // Some errors repeat what caused them.
        if !causes.last().is_some_and(|said| said.contains(cause)) {
            causes.push(cause.to_owned());
        }
    }
    causes
}

/// A failed write in words.
pub(super) fn explained(error: WriteError) -> anyhow::Error {
    match rejections(&error) {
        Some(rejections) => anyhow::anyhow!(in_words(rejections)),
        None => error.into(),
    }
}

/// Everything that is wrong, on one line.
pub(super) fn in_words(rejections: &Rejections) -> String {
    let words = |rejection: &Rejection| match rejection.pointer.trim_start_matches('/') {
        "" => rejection.detail.to_string(),
        field => format!("{field}: {}", rejection.detail),
    };
    let all: Vec<String> = rejections.all().iter().map(words).collect();
    all.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_aligned() {
        let rows = [["a", "title"], ["1", "b"], ["222", ""]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows), ["a    title", "1    b", "222"]);
    }
}
