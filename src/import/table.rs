//! Tables as people have them: CSV in any dialect and encoding, or a workbook; with a title above the header, blank rows,
//! totals, and headings in two languages. One reader gives the rows of all of them.

mod cells;
mod columns;
mod list;
mod source;
mod text;
mod workbook;

use std::{borrow::Cow, collections::HashMap};

use chrono::TimeDelta;

use self::cells::{Evidence, Thousands};
pub(super) use self::columns::{List, count_column, plain};
pub use self::{list::join_list, source::unpacked};
use crate::{
    clock::Timestamp,
    domain::{
        moment::{self, DateOrder, Written},
        numbers::Count,
        rejection::{Code, Rejection},
    },
    locales::{Language, Message, render},
    spreadsheet::unescape_formula,
    store::commands::{ColumnReading, TableReading},
};

/// How many lines may stand above the header.
const MOST_ABOVE: usize = 40;
/// The longest cell, as Excel has it.
const MOST_CELL: usize = 32_767;
/// A longer text is no heading that could be mistaken for another.
const LONGEST_HEADING: usize = 80;
/// How many unknown headings are compared with those that are known.
const MOST_UNKNOWN: usize = 100;
/// How many lines that are passed over are told one by one.
const MOST_NOTES: usize = 20;

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
}

impl Cell {
    fn text(text: &str) -> Self {
        Self { text: text.trim().into(), kind: CellKind::Text }
    }

    fn number(text: String) -> Self {
        Self { text: text.into(), kind: CellKind::Number }
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

/// What a table must have to be read.
pub(super) struct Layout<'a> {
    /// The kind of list.
    pub(super) list: List,
    /// The column that a heading means which the list does not know: of a wide table, a number of a type.
    pub(super) wide: &'a dyn Fn(&str) -> Option<String>,
    /// Refuses a header that lacks something.
    pub(super) check: &'a dyn Fn(&Header) -> Result<(), Rejection>,
}

impl<'a> Layout<'a> {
    /// A layout without columns of a wide table.
    pub(super) fn new(list: List, check: &'a dyn Fn(&Header) -> Result<(), Rejection>) -> Self {
        Self { list, wide: &|_| None, check }
    }
}

/// The place of each column's cell in a row.
pub(super) struct Header {
    columns: HashMap<String, usize>,
    headings: Vec<Heading>,
    line: u32,
}

/// One heading, and the column that it means.
struct Heading {
    text: String,
    column: Option<String>,
    language: Option<Language>,
    similar: Option<(&'static str, &'static str)>,
}

impl Header {
    fn read(line: u32, texts: &[Cow<'_, str>], layout: &Layout<'_>) -> Result<Self, Rejection> {
        let width = texts.iter().rposition(|text| !text.trim().is_empty()).map_or(0, |last| last + 1);
        let mut header = Self { columns: HashMap::new(), headings: Vec::new(), line };
        let known = |text: &str| match layout.list {
            List::Types => (!text.is_empty()).then(|| (text.to_lowercase(), None)),
            list => columns::meaning(list, text).map(|(column, language)| (column.to_owned(), language)),
        };
        // A line without any heading that is known needs no closer look.
        let is_likely = texts[..width].iter().any(|text| known(text.trim()).is_some());
        let may_be_heading = |text: &str| is_likely && text.len() <= LONGEST_HEADING;
        for (index, text) in texts[..width].iter().enumerate() {
            let text = text.trim();
            let wide = || (layout.wide)(Some(text).filter(|text| may_be_heading(text))?);
            let (column, language) = match known(text).or_else(|| Some((wide()?, None))) {
                Some((column, language)) => (Some(column), language),
                None => (None, None),
            };
            if let Some(column) = &column
                && let Some(before) = header.columns.insert(column.clone(), index)
            {
                let before = &header.headings[before].text;
                let both = if before.eq_ignore_ascii_case(text) {
                    text.to_owned()
                } else {
                    format!("{before}, {text}")
                };
                return Err(Rejection::new(
                    Code::InvalidField,
                    column,
                    Message::new("column-twice").arg("name", both),
                ));
            }
            let text = text.chars().take(80).collect();
            header.headings.push(Heading { text, column, language, similar: None });
        }
        let unknown = header.headings.iter_mut().filter(|heading| heading.column.is_none());
        for heading in unknown.take(MOST_UNKNOWN).filter(|heading| may_be_heading(&heading.text)) {
            heading.similar = columns::similar(layout.list, &heading.text)
                .filter(|(_, column)| !header.columns.contains_key(*column));
        }
        Ok(header)
    }

    /// Whether there is this column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// The names of the columns, in the order of the table.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.headings.iter().filter_map(|heading| heading.column.as_deref())
    }

    /// The heading of a column, as it is written.
    pub(super) fn heading(&self, column: &str) -> Option<&str> {
        self.columns.get(column).map(|index| self.headings[*index].text.as_str())
    }

    /// The headings that mean no column but look like one, and that column.
    pub(super) fn misspelt(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.headings.iter().filter_map(|heading| Some((heading.text.as_str(), heading.similar?.1)))
    }

    /// The refusal of a header that lacks a column.
    pub(super) fn lacks(column: &str, required: &[&str]) -> Rejection {
        let detail = Message::new("header-lacks-column")
            .arg("column", column.to_owned())
            .arg("required", required.join(","));
        Rejection::new(Code::MissingField, column, detail)
    }

    /// Refuses a header that has none of these columns.
    pub(super) fn need_one_of(&self, columns: &[&str]) -> Result<(), Rejection> {
        if columns.iter().any(|column| self.has(column)) {
            return Ok(());
        }
        let detail = Message::new("header-lacks-all").arg("columns", columns.join(", "));
        Err(Rejection::new(Code::MissingField, columns[0], detail))
    }

    /// The language of the table, if its headings are of one.
    fn language(&self) -> Option<Language> {
        let count =
            |language| self.headings.iter().filter(|heading| heading.language == Some(language)).count();
        match (count(Language::Id), count(Language::En)) {
            (0, 0) => None,
            (id, en) => Some(if id >= en { Language::Id } else { Language::En }),
        }
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
    table.survey();
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
                return Ok((Grid::Text { text, start, separator, width }, header));
            }
            Err(rejection) => {
                refused.get_or_insert(rejection);
            }
        }
    }
    Err(refused.unwrap_or_else(|| Rejection::new(Code::NothingReported, "", Message::new("list-is-empty"))))
}

/// The first line that has what the list needs, alone or under a line of groups. If there is none, the refusal is that
/// of the line with the most headings that are known.
fn find_header<'l>(lines: impl Iterator<Item = &'l Line>, layout: &Layout<'_>) -> Result<Header, Rejection> {
    let mut best: Option<(usize, Rejection)> = None;
    let mut above: Option<&Line> = None;
    for line in lines.filter(|line| !line.is_blank()).take(MOST_ABOVE) {
        let alone: Vec<Cow<'_, str>> = line.texts().into_iter().map(Cow::Borrowed).collect();
        let grouped = above.map(|above| under_groups(above, line));
        for texts in std::iter::once(alone).chain(grouped) {
            let known = texts.iter().filter(|text| columns::meaning(layout.list, text).is_some()).count();
            let refused = match Header::read(line.number, &texts, layout) {
                Ok(header) => match (layout.check)(&header) {
                    Ok(()) => return Ok(header),
                    Err(rejection) => rejection,
                },
                Err(rejection) => rejection,
            };
            if best.as_ref().is_none_or(|(most, _)| known > *most) {
                best = Some((known, refused));
            }
        }
        above = Some(line);
    }
    Err(match best {
        Some((_, rejection)) => rejection,
        None => Rejection::new(Code::NothingReported, "", Message::new("list-is-empty")),
    })
}

/// The headings of a line with those above it: a group stands once, over the first of its columns.
fn under_groups<'l>(above: &'l Line, line: &'l Line) -> Vec<Cow<'l, str>> {
    let mut group = "";
    let width = above.cells.len().max(line.cells.len());
    let text = |line: &'l Line, index: usize| line.cells.get(index).map_or("", |cell| &*cell.text);
    (0..width)
        .map(|index| {
            let (over, under) = (text(above, index), text(line, index));
            if !over.is_empty() {
                group = over;
            }
            match (over, under) {
                (over, "") => Cow::Borrowed(over),
                (over, under) if over == under => Cow::Borrowed(under),
                (_, under) if group.is_empty() => Cow::Borrowed(under),
                (_, under) => Cow::Owned(format!("{group} {under}")),
            }
        })
        .collect()
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
    pub(super) fn cells(&self) -> Vec<Vec<String>> {
        let width = self.header.headings.len();
        let headings = self.header.headings.iter().map(|heading| heading.text.clone()).collect();
        let cells = |row: Row<'_>| {
            (0..width).map(|index| row.cells.get(index).map_or("", |cell| &*cell.text).to_owned()).collect()
        };
        std::iter::once(headings).chain(self.rows().map(cells)).collect()
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

    /// Looks at all cells: what tells how to read a column, and what is passed over.
    fn survey(&mut self) {
        let mut notes = Vec::new();
        let mut evidence = std::mem::take(&mut self.evidence);
        let mut passed = 0_usize;
        for below in self.below() {
            match below {
                Below::Row(line) => {
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

/// One row.
pub(super) struct Row<'t> {
    /// Its number: the first after the header is 1.
    pub(super) number: u32,
    /// Its line, as a spreadsheet shows it.
    pub(super) line: u32,
    table: &'t Table<'t>,
    cells: Vec<Cell>,
}

impl Row<'_> {
    /// Refuses a row that was cut, has more cells than the header, or cannot be read.
    pub(super) fn check(&self) -> Result<(), Rejection> {
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
    pub(super) fn has(&self, column: &str) -> bool {
        self.cell(column).is_some()
    }

    /// The cell of a column, without the mark of what only looks like a formula. None if it is empty, says that nobody
    /// knows, or if there is no such column.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        let text = unescape_formula(&self.cell(column)?.text);
        (!text.is_empty() && !cells::is_unknown(text)).then_some(text)
    }

    /// The cell of a column that holds a code: `3374010.0` is what some programs make of one.
    pub(super) fn code(&self, column: &str) -> Option<&str> {
        let text = self.get(column)?;
        let whole =
            text.strip_suffix(".0").filter(|code| code.len() > 3 && code.bytes().all(|b| b.is_ascii_digit()));
        Some(whole.unwrap_or(text))
    }

    /// The items of a cell that holds a list.
    pub(super) fn list(&self, column: &str) -> Vec<String> {
        self.get(column).map(list::split_list).unwrap_or_default()
    }

    /// All cells up to the last that says something: two rows with the same ones are copies.
    pub(super) fn contents(&self) -> Vec<&str> {
        let width = self.cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |last| last + 1);
        self.cells[..width].iter().map(|cell| &*cell.text).collect()
    }

    /// The count in a cell; None if nobody knows it.
    pub(super) fn count(&self, column: &str, field: &str, pointer: &str) -> Result<Option<Count>, Rejection> {
        let (Some(text), Some(cell)) = (self.get(column), self.cell(column)) else { return Ok(None) };
        if cell.kind == CellKind::Shared {
            let detail = Message::new("count-of-several-rows").arg("text", text.to_owned());
            return Err(Rejection::new(Code::InvalidField, pointer, detail));
        }
        if field == "available" && cells::is_full(text) {
            return Ok(Count::new(0));
        }
        let thousands = match cell.kind {
            CellKind::Text => self.table.thousands(column),
            CellKind::Number | CellKind::Shared => Thousands::Comma,
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
    pub(super) fn moment(&self, column: &str, now: Timestamp) -> Option<Cow<'_, str>> {
        let text = self.get(column)?;
        let order = self.table.date_order(column);
        let written = moment::read(text, order).or_else(|| recent(text, now));
        Some(match written {
            Some(Written::Moment(moment)) => Cow::Owned(moment.to_rfc3339()),
            Some(Written::Local(local)) => Cow::Owned(local.format("%Y-%m-%dT%H:%M:%S").to_string()),
            None => Cow::Borrowed(text),
        })
    }
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

fn unreadable(row: u32, error: &dyn std::fmt::Display) -> Rejection {
    let detail = Message::new("table-unreadable").arg("row", row).arg("error", error.to_string());
    Rejection::new(Code::InvalidBody, "", detail)
}

#[cfg(test)]
mod tests;
