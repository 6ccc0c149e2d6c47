//! Workbooks of spreadsheet programs: the values that their cells show. Formulas and macros are not run.

mod compound;
mod parts;

use std::{
    io::{Cursor, Read, Seek},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, OdsError, Reader, Sheet as About, SheetType, SheetVisible,
    Xls, Xlsx,
};

use super::{Cell, CellKind, Line};
use crate::{
    domain::rejection::{Code, Rejection},
    locales::{Message, Value},
};

/// The most cells of one sheet.
const MOST_CELLS: usize = 1_000_000;
/// The most bytes of text in one sheet.
const MOST_TEXT: usize = 24 << 20;
/// The most cells of all sheets together, where the parser holds them at once.
const MOST_HELD: usize = 400_000;
/// The most characters in them.
const MOST_HELD_TEXT: usize = 4 << 20;
/// The most sheets in which a table is looked for; several may be one part of the file.
const MOST_SEARCHED: usize = 50;
/// The most sheets.
const MOST_SHEETS: usize = 1_000;
/// The most areas of merged cells in one sheet.
const MOST_MERGED: usize = 20_000;

/// The form of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A zip file of XML: Excel since 2007, with or without macros.
    Xlsx,
    /// `OpenDocument`.
    Ods,
    /// Excel before 2007, or an encrypted workbook of today.
    Xls,
}

impl Kind {
    /// The form that the first bytes tell.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return Some(Self::Xls);
        }
        if !bytes.starts_with(b"PK\x03\x04") {
            return None;
        }
        let is_open_document = bytes.get(30..).is_some_and(|rest| rest.starts_with(b"mimetype"));
        Some(if is_open_document { Self::Ods } else { Self::Xlsx })
    }
}

/// A sheet that was read, and what was not.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
    pub(super) notes: Vec<Message>,
}

/// Reads the first visible sheet that `is_table`, or the first with anything in it.
pub(super) fn read(kind: Kind, bytes: &[u8], is_table: impl Fn(&[Line]) -> bool) -> Result<Sheet, Rejection> {
    // Workbooks are intricate: whatever a parser stumbles over, it is the file that cannot be read.
    catch_unwind(AssertUnwindSafe(|| match kind {
        Kind::Xlsx => {
            parts::check(bytes)?;
            let book = Xlsx::new(Cursor::new(bytes)).map_err(|error| not_excel(&error))?;
            sheet(book, xlsx_lines, is_table)
        }
        Kind::Ods => {
            parts::check(bytes)?;
            let book = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
                OdsError::Password => locked(),
                error => unreadable(&error),
            })?;
            sheet(book, |book, name| range_lines(book, name, |_| Vec::new()), is_table)
        }
        Kind::Xls => {
            let book =
                Xls::new(Cursor::new(compound::bounded(bytes)?)).map_err(|error| unreadable(&error))?;
            let merged = |book: &Xls<_>, name: &str| book.merge_cells_by_sheet_name(name).unwrap_or_default();
            sheet(book, move |book, name| range_lines(book, name, |book| merged(book, name)), is_table)
        }
    }))
    .unwrap_or_else(|_| Err(unreadable(&"its parts do not fit together")))
}

fn sheet<R: Reader<Cursor<B>>, B: AsRef<[u8]>>(
    mut book: R,
    lines: impl Fn(&mut R, &str) -> Result<Vec<Line>, Rejection>,
    is_table: impl Fn(&[Line]) -> bool,
) -> Result<Sheet, Rejection> {
    let sheets = book.sheets_metadata().to_vec();
    let is_sheet = |sheet: &&About| sheet.typ == SheetType::WorkSheet;
    let (shown, hidden): (Vec<&About>, Vec<&About>) =
        sheets.iter().filter(is_sheet).partition(|sheet| sheet.visible == SheetVisible::Visible);
    let mut found: Option<Sheet> = None;
    let mut others = Vec::new();
    for (index, about) in shown.into_iter().enumerate() {
        if index >= MOST_SEARCHED || found.as_ref().is_some_and(|found| is_table(&found.lines)) {
            others.push(about.name.clone());
            continue;
        }
        let lines = lines(&mut book, &about.name)?;
        if lines.is_empty() {
            continue;
        }
        if found.is_none() || is_table(&lines) {
            let before = found.replace(Sheet { name: about.name.clone(), lines, notes: Vec::new() });
            others.extend(before.map(|before| before.name));
        } else {
            others.push(about.name.clone());
        }
    }
    let mut found =
        found.ok_or_else(|| Rejection::new(Code::NothingReported, "", Message::new("workbook-is-empty")))?;
    let names = |names: Vec<String>| Value::list(names.into_iter().take(20));
    if !hidden.is_empty() {
        let hidden = hidden.iter().map(|sheet| sheet.name.clone()).collect();
        found.notes.push(Message::new("sheets-hidden").arg("names", names(hidden)));
    }
    if !others.is_empty() {
        let note =
            Message::new("sheets-not-read").arg("name", found.name.clone()).arg("names", names(others));
        found.notes.push(note);
    }
    Ok(found)
}

/// The lines of a sheet, cell by cell: an empty area costs nothing.
fn xlsx_lines<R: Read + Seek>(book: &mut Xlsx<R>, name: &str) -> Result<Vec<Line>, Rejection> {
    let merged = book.merge_cells_by_sheet_name(name).map_err(|error| not_excel(&error))?;
    let mut grid = Grid::default();
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| not_excel(&error))?;
    while let Some(found) = cells.next_cell_with_formula_metadata().map_err(|error| not_excel(&error))? {
        let value = match &found.value {
            DataRef::Int(number) => Cell::number(number.to_string()),
            DataRef::Float(number) => Cell::number(number.to_string()),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                Cell::text(text)
            }
            DataRef::SharedString(text) => Cell::text(text),
            DataRef::Bool(value) => Cell::text(&value.to_string()),
            DataRef::DateTime(moment) => Cell::text(&moment_text(moment)),
            DataRef::Error(error) => Cell::text(&error.to_string()),
            DataRef::Empty if found.formula.is_some() => Cell::without_value(),
            DataRef::Empty => continue,
        };
        grid.put(found.pos, value)?;
    }
    grid.finish(&merged)
}

/// The lines of a sheet that the parser holds as a whole.
fn range_lines<R: Reader<Cursor<B>>, B: AsRef<[u8]>>(
    book: &mut R,
    name: &str,
    merged: impl Fn(&R) -> Vec<Dimensions>,
) -> Result<Vec<Line>, Rejection>
where
    R::Error: std::fmt::Display,
{
    let range = book.worksheet_range(name).map_err(|error| unreadable(&error))?;
    let at = |(row, column): (u32, u32), (down, right): (usize, usize)| {
        let from = |from: u32, by: usize| from.saturating_add(u32::try_from(by).unwrap_or(u32::MAX));
        (from(row, down), from(column, right))
    };
    let start = range.start().unwrap_or_default();
    let mut cells = Vec::new();
    for (down, right, value) in range.used_cells() {
        let value = match value {
            Data::Int(number) => Cell::number(number.to_string()),
            Data::Float(number) => Cell::number(number.to_string()),
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::text(text),
            Data::Bool(value) => Cell::text(&value.to_string()),
            Data::DateTime(moment) => Cell::text(&moment_text(moment)),
            Data::Error(error) => Cell::text(&error.to_string()),
            Data::Empty => continue,
        };
        cells.push((at(start, (down, right)), value));
    }
    let formulas = book.worksheet_formula(name).map_err(|error| unreadable(&error))?;
    let first = formulas.start().unwrap_or_default();
    for (down, right, _) in formulas.used_cells().filter(|(.., formula)| !formula.is_empty()) {
        let at = at(first, (down, right));
        if range.get_value(at).is_none_or(|value| *value == Data::Empty) {
            cells.push((at, Cell::without_value()));
        }
    }
    // They are in order but for those without a value.
    cells.sort_by_key(|(at, _)| *at);
    let mut grid = Grid::default();
    for (at, value) in cells {
        grid.put(at, value)?;
    }
    grid.finish(&merged(book))
}

fn moment_text(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

/// The cells of a sheet, as far as there are any.
#[derive(Default)]
struct Grid {
    lines: Vec<Line>,
    cells: usize,
    text: usize,
}

impl Grid {
    fn put(&mut self, (row, column): (u32, u32), cell: Cell) -> Result<(), Rejection> {
        if cell.is_blank() {
            return Ok(());
        }
        let (number, column) = (row.saturating_add(1), column as usize);
        if self.lines.last().is_none_or(|line| line.number != number) {
            self.lines.push(Line { number, cells: Vec::new() });
        }
        let Some(Line { cells, .. }) = self.lines.last_mut() else { return Ok(()) };
        self.cells += (column + 1).saturating_sub(cells.len());
        self.text += cell.text.len();
        if self.cells > MOST_CELLS || self.text > MOST_TEXT {
            return Err(too_large());
        }
        if cells.len() <= column {
            cells.resize_with(column + 1, Cell::default);
        }
        cells[column] = cell;
        Ok(())
    }

    /// The lines, with what stands in a merged area in each of its cells.
    fn finish(mut self, merged: &[Dimensions]) -> Result<Vec<Line>, Rejection> {
        self.lines.sort_by_key(|line| line.number);
        if merged.len() > MOST_MERGED {
            return Err(too_large());
        }
        let width = self.lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
        for area in merged {
            let (first, last) = (area.start.0.saturating_add(1), area.end.0.saturating_add(1));
            let from = self.lines.partition_point(|line| line.number < first);
            let to = self.lines.partition_point(|line| line.number <= last);
            let (left, right) = (area.start.1 as usize, (area.end.1 as usize + 1).min(width));
            let Some(top) = self.lines.get(from).filter(|line| line.number == first) else { continue };
            let Some(mut value) = top.cells.get(left).filter(|cell| !cell.is_blank()).cloned() else {
                continue;
            };
            if last > first && value.kind == CellKind::Number {
                // Whose number it is, nobody can tell.
                value.kind = CellKind::Shared;
            }
            for line in self.lines.get_mut(from..to).unwrap_or_default() {
                self.cells += right.saturating_sub(left);
                self.text += right.saturating_sub(left) * value.text.len();
                if self.cells > 2 * MOST_CELLS || self.text > 2 * MOST_TEXT {
                    return Err(too_large());
                }
                if line.cells.len() < right {
                    line.cells.resize_with(right, Cell::default);
                }
                for cell in line.cells.get_mut(left..right).unwrap_or_default() {
                    *cell = value.clone();
                }
            }
        }
        Ok(self.lines)
    }
}

/// The refusal of what would take too much memory.
pub(super) fn too_large() -> Rejection {
    Rejection::new(Code::TooManyRows, "", Message::new("table-too-large"))
}

fn locked() -> Rejection {
    Rejection::new(Code::InvalidBody, "", Message::new("workbook-locked"))
}

fn not_excel(error: &dyn std::fmt::Display) -> Rejection {
    let detail = Message::new("workbook-not-excel").arg("error", error.to_string());
    Rejection::new(Code::InvalidBody, "", detail)
}

fn unreadable(error: &dyn std::fmt::Display) -> Rejection {
    let detail = Message::new("workbook-unreadable").arg("error", error.to_string());
    Rejection::new(Code::InvalidBody, "", detail)
}
