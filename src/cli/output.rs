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

/// Says something beside the result. When nobody listens there is nobody to tell.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says why a row was refused, or what of it was left out.
pub(super) fn row_note(row: u32, pointer: &str, code: &str, detail: &str) {
    let separator = if pointer.is_empty() { "" } else { " " };
    note(&format!("row {row}{separator}{pointer}: {detail} [{code}]"));
}

/// Says what a refusal says about a row.
pub(super) fn refused_row(row: u32, rejection: &Rejection) {
    row_note(row, &rejection.pointer, rejection.code.name(), &rejection.detail.to_string());
}

/// The table of `rows` under their titles, columns aligned.
pub(super) fn table<const N: usize>(titles: [&str; N], rows: &[[String; N]]) -> Vec<String> {
    let titles = titles.map(str::to_owned);
    let all = || std::iter::once(&titles).chain(rows);
    let widths: [usize; N] = std::array::from_fn(|column| {
        let width = |row: &[String; N]| row[column].chars().count();
        all().map(width).max().unwrap_or_default()
    });
    all()
        .map(|row| {
            let cells: Vec<String> =
                row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect()
}

/// A progress bar on stderr; nothing shows when stderr is no terminal.
pub(super) fn progress(what: &'static str, length: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style).with_message(what)
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
        let rows = [["1", "b"], ["222", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(table(["a", "title"], &rows), ["a    title", "1    b", "222"]);
    }
}
