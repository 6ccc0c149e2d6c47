//! Workbooks that are zip files of XML, looked through before a parser holds what is in them. What a zip file says about
//! itself may be wrong, so all of it is unpacked; and it is read by the same XML reader as the parser has.

use std::io::{self, BufReader, Cursor, Read};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::{MOST_CELLS, MOST_HELD, MOST_HELD_TEXT, MOST_SHEETS, not_excel, too_large};
use crate::{
    domain::rejection::{Code, Rejection},
    locales::Message,
};

/// The most bytes that a workbook unpacks to; the parser holds some of it in memory.
const MOST_BYTES: u64 = 48 << 20;
/// The most bytes of the part with the texts.
const MOST_TEXTS: u64 = 24 << 20;
/// The most bytes of one piece of XML.
const MOST_TOKEN: u64 = 1 << 20;
/// The most styles, names and the like.
const MOST_LISTED: usize = 200_000;

/// Refuses a zip file that unpacks to more than a parser may be given.
pub(super) fn check(bytes: &[u8]) -> Result<(), Rejection> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| not_excel(&error))?;
    let mut left = MOST_BYTES;
    for index in 0..archive.len() {
        let mut head = Vec::new();
        let file = archive.by_index(index).map_err(|error| not_excel(&error))?;
        file.take(64).read_to_end(&mut head).map_err(|error| not_excel(&error))?;
        let file = archive.by_index(index).map_err(|error| not_excel(&error))?;
        let name = file.name().map_err(|error| not_excel(&error))?.to_lowercase();
        if name.ends_with("workbook.bin") {
            return Err(Rejection::new(Code::InvalidBody, "", Message::new("workbook-binary")));
        }
        let is_texts = name.ends_with("sharedstrings.xml");
        let most = if is_texts { left.min(MOST_TEXTS) } else { left };
        if file.size() > most {
            return Err(too_large());
        }
        let mut part = Part { bytes: file.take(most + 1), read: 0, token: 0, most_token: MOST_TOKEN };
        // The parser reads whatever part a sheet points at, so its name tells nothing.
        let is_markup =
            head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start().starts_with(b"<");
        if is_markup || [".xml", ".rels"].iter().any(|ending| name.ends_with(ending)) {
            check_xml(&mut part, name == "content.xml")?;
        }
        part.most_token = u64::MAX;
        io::copy(&mut part, &mut io::sink()).map_err(|error| not_excel(&error))?;
        if part.read > most {
            return Err(too_large());
        }
        left -= part.read;
    }
    Ok(())
}

/// A part that is unpacked, up to the most bytes of one piece.
struct Part<R> {
    bytes: R,
    read: u64,
    token: u64,
    most_token: u64,
}

impl<R: Read> Read for Part<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.token > self.most_token {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        let length = self.bytes.read(buffer)?;
        self.read += length as u64;
        self.token += length as u64;
        Ok(length)
    }
}

fn check_xml<R: Read>(part: &mut Part<R>, is_open_document: bool) -> Result<(), Rejection> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut buffer = Vec::new();
    let (mut tables, mut texts, mut sheets, mut listed) = (Tables::default(), 0, 0, 0);
    loop {
        buffer.clear();
        reader.get_mut().get_mut().token = 0;
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return Ok(()),
            Ok(event) if is_open_document => tables.add(&event)?,
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                // The parser makes room for as many texts as a file says it has.
                "sst" if number(&tag, "uniqueCount")? > MOST_CELLS => {
                    return Err(not_excel(&"it says that it holds more texts than it can"));
                }
                "si" => texts += 1,
                "sheet" => sheets += 1,
                "Relationship" | "xf" | "numFmt" | "definedName" | "mergeCell" => listed += 1,
                _ => {}
            },
            Ok(_) => {}
            Err(quick_xml::Error::Io(error)) if error.kind() == io::ErrorKind::FileTooLarge => {
                return Err(too_large());
            }
            // Not every part is read: the parser will stumble over the same place if it comes here.
            Err(_) => return Ok(()),
        }
        if texts > MOST_CELLS || listed > MOST_LISTED || sheets > MOST_SHEETS {
            return Err(too_large());
        }
    }
}

/// What the parser of an `OpenDocument` makes of its tables: it writes out what is repeated, and holds all of them.
#[derive(Default)]
struct Tables {
    count: usize,
    cells: usize,
    text: usize,
    table: Option<Table>,
}

#[derive(Default)]
struct Table {
    rows: usize,
    width: usize,
    /// Rows that count only if others come behind them.
    empty: usize,
    row: Option<Row>,
}

struct Row {
    repeated: usize,
    columns: usize,
    filled: usize,
    text: usize,
    cell: Option<Cell>,
}

struct Cell {
    repeated: usize,
    has_value: bool,
    text: usize,
}

impl Tables {
    fn add(&mut self, event: &Event<'_>) -> Result<(), Rejection> {
        match event {
            Event::Start(tag) => self.open(tag)?,
            Event::End(tag) => self.close(tag.name().as_ref()),
            Event::Text(text) => self.add_text(text.len()),
            Event::CData(text) => self.add_text(text.len()),
            Event::GeneralRef(_) => self.add_text(1),
            _ => {}
        }
        let fits = self.count <= MOST_SHEETS && self.cells <= MOST_HELD && self.text <= MOST_HELD_TEXT;
        if fits { Ok(()) } else { Err(too_large()) }
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Rejection> {
        let nested = || not_excel(&"there is a table within a table");
        match (tag.name().as_ref(), &mut self.table) {
            ("table:table", Some(_)) => return Err(nested()),
            ("table:table", open) => {
                *open = Some(Table::default());
                self.count += 1;
            }
            ("table:table-row", Some(table)) => {
                if table.row.is_some() {
                    return Err(nested());
                }
                let repeated = number(tag, "number-rows-repeated")?;
                table.row = Some(Row { repeated, columns: 0, filled: 0, text: 0, cell: None });
            }
            ("table:table-cell" | "table:covered-table-cell", Some(Table { row: Some(row), .. })) => {
                if row.cell.is_some() {
                    return Err(nested());
                }
                let repeated = number(tag, "number-columns-repeated")?;
                let mut cell = Cell { repeated, has_value: false, text: 0 };
                for attribute in tag.attributes().with_checks(false) {
                    let attribute = attribute.map_err(|error| not_excel(&error))?;
                    let name = attribute.key.as_ref();
                    if ["office:", "calcext:", "table:formula"].iter().any(|begin| name.starts_with(begin)) {
                        cell.has_value = true;
                        cell.text += attribute.value.len();
                    }
                }
                row.cell = Some(cell);
            }
            ("text:s", Some(_)) => self.add_text(number(tag, "text:c")?),
            _ => {}
        }
        Ok(())
    }

    fn add_text(&mut self, length: usize) {
        if let Some(Table { row: Some(Row { cell: Some(cell), .. }), .. }) = &mut self.table {
            cell.text = cell.text.saturating_add(length);
        }
    }

    fn close(&mut self, name: &str) {
        let Some(table) = &mut self.table else { return };
        match (name, &mut table.row) {
            ("table:table-cell" | "table:covered-table-cell", Some(row)) => {
                let Some(cell) = row.cell.take() else { return };
                row.columns = row.columns.saturating_add(cell.repeated);
                if cell.has_value {
                    row.filled = row.columns;
                    row.text = row.text.saturating_add(cell.text.saturating_mul(cell.repeated));
                }
            }
            ("table:table-row", row) => {
                let Some(row) = row.take() else { return };
                if row.filled == 0 {
                    table.empty = table.empty.saturating_add(row.repeated);
                } else {
                    table.rows = table.rows.saturating_add(table.empty).saturating_add(row.repeated);
                    (table.empty, table.width) = (0, table.width.max(row.filled));
                    self.text = self.text.saturating_add(row.text.saturating_mul(row.repeated));
                }
            }
            ("table:table", _) => {
                self.cells = self.cells.saturating_add(table.rows.saturating_mul(table.width));
                self.table = None;
            }
            _ => {}
        }
    }
}

/// The number in an attribute; 1 without it.
fn number(tag: &BytesStart<'_>, ending: &str) -> Result<usize, Rejection> {
    let mut found = 1;
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| not_excel(&error))?;
        if attribute.key.as_ref().ends_with(ending) {
            let number = attribute.value.trim().parse::<usize>().map_err(|error| not_excel(&error))?;
            found = found.max(number);
        }
    }
    Ok(found)
}
