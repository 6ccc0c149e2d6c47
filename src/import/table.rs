//! Tables as people have them: CSV in any dialect and encoding, or a workbook; with a title above the header, blank rows,
//! totals, and headings in two languages. One reader gives the rows of all of them.

mod cells;
mod columns;
mod header;
mod list;
mod mapping;
mod row;
mod source;
mod text;
mod workbook;

use std::borrow::Cow;

pub(super) use self::columns::{List, count_column, plain};
pub(super) use self::source::unpacked;
use self::{
    cells::{Evidence, Thousands},
    header::{MOST_ABOVE, find_header},
};
pub(super) use self::{
    header::{Header, Layout},
    row::{Row, is_rounded},
};
pub use self::{list::join_list, mapping::ColumnMapping};
use crate::{
    domain::{
        moment::{self, DateOrder},
        rejection::{Code, Rejection},
    },
    locales::{Language, Message, render},
    store::commands::{ColumnReading, TableReading},
};

/// How many unknown headings are compared with those that are known.
const MOST_UNKNOWN: usize = 100;
/// How many lines that are passed over are told one by one.
const MOST_NOTES: usize = 20;
/// The most columns, as Excel has it.
const MOST_COLUMNS: usize = 16_384;
/// The most rows times columns, unless the text is as long: each cell of a text is a byte at least.
const MOST_AREA: usize = 4_000_000;
/// The most rows times columns of a table that is sent back.
const MOST_SENT_BACK: usize = 1_000_000;

/// One line of a table: its number as a spreadsheet shows it, and its cells.
#[derive(Debug)]
pub(super) struct Line {
    number: u32,
    cells: Vec<Cell>,
}

/// A cell as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    text: Box<str>,
    kind: CellKind,
}

/// How a workbook holds a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum CellKind {
    #[default]
    Text,
    /// A number: its mark is the one of decimals.
    Number,
    /// A number that several rows have together, because their cells are merged.
    Shared,
    /// A formula that its program never worked out.
    NoValue,
}

impl Cell {
    fn text(text: &str) -> Self {
        Self { text: text.trim().into(), kind: CellKind::Text }
    }

    fn number(text: String) -> Self {
        Self { text: text.into(), kind: CellKind::Number }
    }

    fn without_value() -> Self {
        Self { text: "=".into(), kind: CellKind::NoValue }
    }

    fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

impl Line {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }

    fn texts(&self) -> Vec<&str> {
        self.cells.iter().map(|cell| &*cell.text).collect()
    }

    /// The cells up to the last that is not blank.
    fn width(&self) -> usize {
        self.cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |last| last + 1)
    }
}

/// A file, and what its sender says about it.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// The contents.
    pub bytes: &'a [u8],
    /// The encoding, if it was named.
    pub charset: Option<&'a str>,
}

impl<'a> From<&'a [u8]> for File<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { bytes, charset: None }
    }
}

/// The cells of a table.
enum Grid<'a> {
    Text { text: Cow<'a, str>, start: usize, separator: char, width: usize },
    Sheet(Vec<Line>),
}

/// A table with its header read.
pub(super) struct Table<'a> {
    grid: Grid<'a>,
    header: Header,
    sheet: Option<String>,
    notes: Vec<Message>,
    evidence: Vec<ColumnEvidence>,
    usual: Option<Language>,
}

/// What the cells of a column tell about how to read it.
#[derive(Debug, Clone, Copy, Default)]
struct ColumnEvidence {
    numbers: Evidence,
    has_day_first: bool,
    has_month_first: bool,
}

/// The table in a file.
pub(super) fn read<'a>(file: File<'a>, layout: &Layout<'_>) -> Result<Table<'a>, Rejection> {
    layout.mapping.check(layout)?;
    let (grid, header, sheet, notes) = match source::contents(file.bytes, file.charset)? {
        source::Contents::Text(text) => {
            let (grid, header) = text_grid(text, layout)?;
            (grid, header, None, Vec::new())
        }
        source::Contents::Workbook(kind, bytes) => {
            let is_table = |lines: &[Line]| find_header(lines.iter(), layout).is_ok();
            let workbook::Sheet { name, lines, notes } = workbook::read(kind, &bytes, is_table)?;
            let header = find_header(lines.iter(), layout)?;
            (Grid::Sheet(lines), header, Some(name), notes)
        }
    };
    let is_semicolon = matches!(grid, Grid::Text { separator: ';', .. });
    let usual = header.language().or(is_semicolon.then_some(Language::Id));
    let evidence = vec![ColumnEvidence::default(); header.headings.len()];
    let mut table = Table { grid, header, sheet, notes, evidence, usual };
    table.survey(layout.most)?;
    let missing = layout.mapping.missing(table.header.texts());
    let missing =
        missing.into_iter().map(|heading| Message::new("mapping-heading-missing").arg("heading", heading));
    table.note(missing);
    Ok(table)
}

/// The text as a table, with the separator that gives it a header.
fn text_grid<'a>(text: Cow<'a, str>, layout: &Layout<'_>) -> Result<(Grid<'a>, Header), Rejection> {
    let (rest, hint) = text::without_hint(&text);
    let usual = text::separator(rest);
    let candidates = match hint {
        Some(hint) => vec![hint],
        None => std::iter::once(usual)
            .chain(text::SEPARATORS.into_iter().rev().filter(|one| *one != usual))
            .collect(),
    };
    let mut refused = None;
    for separator in candidates {
        let lines: Vec<Line> = text::lines(rest, separator, None).take(MOST_ABOVE * 2).collect();
        match find_header(lines.iter(), layout) {
            Ok(header) => {
                let (start, width) = (text.len() - rest.len(), header.headings.len());
                if width > MOST_COLUMNS {
                    return Err(workbook::too_large());
                }
                return Ok((Grid::Text { text, start, separator, width }, header));
            }
            Err(rejection) => {
                refused.get_or_insert(rejection);
            }
        }
    }
    Err(refused.unwrap_or_else(|| Rejection::new(Code::NothingReported, "", Message::new("list-is-empty"))))
}

/// A line below the header.
enum Below {
    Row(Line),
    /// Nothing to read, and what to say about it.
    Passed(Option<Message>),
}

impl Table<'_> {
    /// Its header.
    pub(super) const fn header(&self) -> &Header {
        &self.header
    }

    /// The rows, numbered from 1. Lines that are blank or no rows have no number.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let rows = self.below().filter_map(|below| match below {
            Below::Row(line) => Some(line),
            Below::Passed(_) => None,
        });
        (1..).zip(rows).map(|(number, line)| Row {
            number,
            line: line.number,
            table: self,
            cells: line.cells,
        })
    }

    /// Adds what there is to say of how it was read.
    pub(super) fn note(&mut self, notes: impl IntoIterator<Item = Message>) {
        self.notes.extend(notes);
    }

    /// How it was understood.
    pub(super) fn reading(&self, language: Language) -> TableReading {
        let columns = self.header.headings.iter().filter(|heading| !heading.text.is_empty());
        TableReading {
            sheet: self.sheet.clone(),
            header_line: self.header.line,
            columns: columns
                .map(|heading| ColumnReading {
                    heading: heading.text.clone(),
                    column: heading.column.clone(),
                })
                .collect(),
            notes: self.notes.iter().map(|note| render(note, language)).collect(),
        }
    }

    /// The headings, then the cells of each row.
    pub(super) fn cells(&self) -> Result<Vec<Vec<String>>, Rejection> {
        let width = self.header.headings.len();
        if self.rows().count().saturating_mul(width) > MOST_SENT_BACK {
            return Err(workbook::too_large());
        }
        let headings = self.header.headings.iter().map(|heading| heading.text.clone()).collect();
        let cells = |row: Row<'_>| {
            (0..width).map(|index| row.cells.get(index).map_or("", |cell| &*cell.text).to_owned()).collect()
        };
        Ok(std::iter::once(headings).chain(self.rows().map(cells)).collect())
    }

    /// The lines below the header that are not blank.
    fn below(&self) -> impl Iterator<Item = Below> {
        let (text, sheet) = match &self.grid {
            Grid::Text { text, start, separator, width } => {
                (Some(text::lines(&text[*start..], *separator, Some(*width))), None)
            }
            Grid::Sheet(lines) => {
                let lines = lines.iter().map(|line| Line { number: line.number, cells: line.cells.clone() });
                (None, Some(lines))
            }
        };
        let lines = text.into_iter().flatten().chain(sheet.into_iter().flatten());
        let lines = lines.filter(|line| line.number > self.header.line && !line.is_blank());
        lines.enumerate().map(|(index, line)| self.sorted(index == 0, line))
    }

    /// Tells a row from what only looks like one.
    fn sorted(&self, is_first: bool, line: Line) -> Below {
        let texts: Vec<&str> = line.texts().into_iter().filter(|text| !text.is_empty()).collect();
        let Some(first) = texts.first() else { return Below::Passed(None) };
        let number = line.number;
        if is_total(&texts) {
            return Below::Passed(Some(
                Message::new("line-is-total").arg("line", number).arg("text", (*first).to_owned()),
            ));
        }
        let is_note = texts.len() == 1 && self.header.headings.len() > 2 && is_remark(first);
        if is_note {
            let text: String = first.chars().take(60).collect();
            return Below::Passed(Some(Message::new("line-is-remark").arg("line", number).arg("text", text)));
        }
        let is_numbering = is_first
            && texts.len() == self.header.headings.len()
            && texts.len() > 2
            && (1..)
                .zip(&texts)
                .all(|(number, text)| text.trim_matches(['(', ')', '.']).parse() == Ok(number));
        let repeats_header = || {
            let headings = self.header.headings.iter().map(|heading| heading.text.as_str());
            line.texts()[..line.width()].iter().copied().eq(headings)
        };
        if is_numbering || repeats_header() {
            return Below::Passed(None);
        }
        Below::Row(line)
    }

    /// Looks at all cells: what tells how to read a column, and what is passed over. A table of more rows than `most` is
    /// refused without a look at the rest.
    fn survey(&mut self, most: usize) -> Result<(), Rejection> {
        let (mut rows, mut notes) = (0_usize, Vec::new());
        let mut evidence = std::mem::take(&mut self.evidence);
        let mut passed = 0_usize;
        for below in self.below() {
            match below {
                Below::Row(line) => {
                    rows += 1;
                    if rows > most {
                        let detail = Message::new("too-many-rows").arg("most", most.to_string());
                        return Err(Rejection::new(Code::TooManyRows, "", detail));
                    }
                    for (column, cell) in evidence.iter_mut().zip(&line.cells) {
                        column.add(cell);
                    }
                }
                Below::Passed(Some(note)) => {
                    passed += 1;
                    if passed <= MOST_NOTES {
                        notes.push(note);
                    }
                }
                Below::Passed(None) => {}
            }
        }
        if passed > MOST_NOTES {
            notes.push(Message::new("more-lines-passed").arg("count", passed - MOST_NOTES));
        }
        self.evidence = evidence;
        let length = if let Grid::Text { text, .. } = &self.grid { text.len() } else { 0 };
        if rows.saturating_mul(self.header.headings.len()) > MOST_AREA.max(length) {
            return Err(workbook::too_large());
        }
        let unknown = self.header.headings.iter().filter(|heading| heading.column.is_none());
        let unknown = unknown.filter(|heading| !heading.text.is_empty()).take(MOST_UNKNOWN);
        let told = unknown.map(|heading| match heading.similar {
            Some((name, _)) => Message::new("column-misspelt")
                .arg("heading", heading.text.clone())
                .arg("meant", name.to_owned()),
            None => Message::new("column-passed").arg("heading", heading.text.clone()),
        });
        self.notes.extend(told);
        self.notes.extend(notes);
        Ok(())
    }

    fn evidence(&self, column: &str) -> ColumnEvidence {
        self.header
            .columns
            .get(column)
            .and_then(|index| self.evidence.get(*index))
            .copied()
            .unwrap_or_default()
    }

    fn thousands(&self, column: &str) -> Thousands {
        let usual = match self.usual {
            Some(Language::Id) => Thousands::Dot,
            Some(Language::En) => Thousands::Comma,
            None => Thousands::Unsure,
        };
        self.evidence(column).numbers.thousands(usual)
    }

    fn date_order(&self, column: &str) -> DateOrder {
        let ColumnEvidence { has_day_first, has_month_first, .. } = self.evidence(column);
        match (has_day_first, has_month_first) {
            (true, false) => DateOrder::DayFirst,
            (false, true) => DateOrder::MonthFirst,
            (false, false) if self.usual == Some(Language::Id) => DateOrder::DayFirst,
            _ => DateOrder::Unsure,
        }
    }
}

impl ColumnEvidence {
    fn add(&mut self, cell: &Cell) {
        if cell.kind != CellKind::Text
            || cell.text.len() > 40
            || !cell.text.starts_with(|c: char| c.is_ascii_digit())
        {
            return;
        }
        self.numbers.add(&cell.text);
        if let Some((first, second)) = moment::day_and_month(&cell.text) {
            self.has_day_first |= first > 12;
            self.has_month_first |= second > 12;
        }
    }
}

/// A row that sums up those above it.
fn is_total(texts: &[&str]) -> bool {
    const WORDS: &[&str] =
        &["total", "jumlah", "grand", "sub", "subtotal", "keseluruhan", "seluruhnya", "semua", "jml"];
    let is_word = |text: &str| {
        let plain = plain(text);
        let mut words = plain.split(' ').filter(|word| !word.is_empty()).peekable();
        words.peek().is_some_and(|word| WORDS[..5].contains(word) || *word == "jml")
            && words.all(|word| WORDS.contains(&word))
    };
    let has_letters = |text: &str| text.chars().any(char::is_alphabetic);
    texts.first().is_some_and(|first| is_word(first))
        && texts[1..].iter().all(|text| !has_letters(text) || is_word(text))
}

/// A remark below a table, such as where its numbers come from.
fn is_remark(text: &str) -> bool {
    const WORDS: &[&str] =
        &["sumber", "catatan", "keterangan", "ket", "update", "updated", "source", "note", "notes", "data"];
    let plain = plain(text);
    let is_remark =
        plain.split(' ').next().is_some_and(|word| WORDS.contains(&word)) || text.starts_with("*)");
    is_remark && plain.contains(' ')
}

fn unreadable(row: u32, error: &dyn std::fmt::Display) -> Rejection {
    let detail = Message::new("table-unreadable").arg("row", row).arg("error", error.to_string());
    Rejection::new(Code::InvalidBody, "", detail)
}

#[cfg(test)]
mod tests;
