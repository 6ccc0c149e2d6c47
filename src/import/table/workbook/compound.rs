//! Excel's form before 2007: a compound file with a stream of records. Its parser holds all sheets at once, so what it
//! will make of them is worked out first.

use std::{
    io::{Cursor, Read, Write},
    ops::Range,
};

use cfb::{CompoundFile, Version};

use super::{MOST_HELD, MOST_HELD_TEXT, MOST_SHEETS, locked, too_large, unreadable};
use crate::domain::rejection::Rejection;

/// The most bytes of the stream.
const MOST_STREAM: usize = 16 << 20;

const END: u16 = 0x000a;
const BEGIN: u16 = 0x0809;
const CONTINUE: u16 = 0x003c;
const PASSWORD: u16 = 0x002f;
const NAME: u16 = 0x0018;
const SHEET: u16 = 0x0085;
const TEXTS: u16 = 0x00fc;
const DIMENSIONS: u16 = 0x0200;
const FORMULA: u16 = 0x0006;
const FORMULA_TEXT: u16 = 0x0207;
const TEXT_OF_LIST: u16 = 0x00fd;
const LABELS: [u16; 2] = [0x0204, 0x00d6];
const NUMBERS: u16 = 0x00bd;
const SINGLE: [u16; 3] = [0x0203, 0x0205, 0x027e];
/// A record that no parser knows.
const NOTHING: u16 = 0xffff;

/// The workbook in a file, as a file with nothing else in it, without its formulas, names and stated dimensions.
pub(super) fn bounded(bytes: &[u8]) -> Result<Vec<u8>, Rejection> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    // A workbook of today that is encrypted is packed like an old one.
    if file.exists("/EncryptedPackage") {
        return Err(locked());
    }
    let path = ["/Workbook", "/Book"].into_iter().find(|path| file.exists(path));
    let path = path.ok_or_else(|| unreadable(&"there is no workbook in it"))?;
    let stream = file.open_stream(path).map_err(|error| unreadable(&error))?;
    let mut records = Vec::new();
    stream.take(MOST_STREAM as u64 + 1).read_to_end(&mut records).map_err(|error| unreadable(&error))?;
    if records.len() > MOST_STREAM {
        return Err(too_large());
    }
    bound(&mut records)?;
    alone(&records).map_err(|error| unreadable(&error))
}

fn alone(records: &[u8]) -> std::io::Result<Vec<u8>> {
    // The parser takes version 4 without small streams for empty.
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))?;
    let mut stream = file.create_stream("/Workbook")?;
    stream.write_all(records)?;
    stream.flush()?;
    drop(stream);
    Ok(file.into_inner().into_inner())
}

/// Refuses what would fill the memory. Sheets that overlap are none: changing one would change the other.
fn bound(stream: &mut [u8]) -> Result<(), Rejection> {
    let (mut sheets, mut texts, mut at) = (Vec::new(), Vec::new(), 0);
    loop {
        let record = Record::at(stream, at)?;
        at = record.end;
        match record.kind {
            END => break,
            PASSWORD if u16_at(record.data(stream), 0)? != 0 => return Err(locked()),
            SHEET => sheets.push(u32_at(record.data(stream), 0)? as usize),
            TEXTS => texts = text_lengths(&record, stream)?,
            NAME => record.forget(stream),
            _ => {}
        }
    }
    if sheets.len() > MOST_SHEETS || texts.len() > MOST_HELD {
        return Err(too_large());
    }
    sheets.sort_unstable();
    let mut held = Held::default();
    for start in sheets {
        if start < at {
            return Err(broken());
        }
        at = held.add_sheet(stream, start, &texts)?;
    }
    Ok(())
}

/// What the parser holds at once.
#[derive(Default)]
struct Held {
    cells: usize,
    area: usize,
    text: usize,
}

impl Held {
    /// Adds the sheet that begins at `start`; returns its end.
    fn add_sheet(&mut self, stream: &mut [u8], start: usize, texts: &[usize]) -> Result<usize, Rejection> {
        let mut area: Option<(Range<usize>, Range<usize>)> = None;
        let (mut at, mut depth, mut is_begun) = (start, 0_usize, false);
        loop {
            let record = Record::at(stream, at)?;
            at = record.end;
            let data = record.data(stream);
            let mut columns = 1;
            match record.kind {
                BEGIN if !is_begun => is_begun = true,
                // A chart within the sheet has records that look like cells.
                BEGIN => depth += 1,
                END if depth == 0 => break,
                END => depth -= 1,
                _ if depth > 0 => {}
                DIMENSIONS => record.forget(stream),
                FORMULA_TEXT => self.text += usize::from(u16_at(data, 0)?),
                kind => {
                    match kind {
                        FORMULA if data.len() >= 22 => stream[record.data.start + 20..][..2].fill(0),
                        FORMULA => return Err(broken()),
                        TEXT_OF_LIST => {
                            let text = texts.get(u32_at(data, 6)? as usize);
                            self.text += text.copied().unwrap_or(0);
                        }
                        NUMBERS => columns = data.len() / 6,
                        kind if LABELS.contains(&kind) => self.text += usize::from(u16_at(data, 6)?),
                        kind if SINGLE.contains(&kind) => {}
                        _ => continue,
                    }
                    let data = record.data(stream);
                    let (row, column) = (usize::from(u16_at(data, 0)?), usize::from(u16_at(data, 2)?));
                    let (rows, across) = area.get_or_insert((row..row + 1, column..column + 1));
                    *rows = rows.start.min(row)..rows.end.max(row + 1);
                    *across = across.start.min(column)..across.end.max(column + columns);
                }
            }
            self.cells += columns;
            if self.cells > 2 * MOST_HELD || self.text > MOST_HELD_TEXT {
                return Err(too_large());
            }
        }
        self.area += area.map_or(0, |(rows, across)| rows.len() * across.len());
        if self.area > MOST_HELD { Err(too_large()) } else { Ok(at) }
    }
}

/// How many characters each text of the list has.
fn text_lengths(record: &Record, stream: &[u8]) -> Result<Vec<usize>, Rejection> {
    let mut parts = record.more.iter().map(|range| &stream[range.clone()]);
    let mut data = record.data(stream).get(8..).ok_or_else(broken)?;
    let mut lengths = Vec::new();
    loop {
        if data.is_empty() {
            match parts.next() {
                Some(part) => data = part,
                None => return Ok(lengths),
            }
        }
        if data.is_empty() {
            lengths.push(0);
            continue;
        }
        let (count, flags) = (usize::from(u16_at(data, 0)?), *data.get(2).ok_or_else(broken)?);
        data = &data[3..];
        let mut behind = 0;
        if flags & 8 != 0 {
            behind += 4 * usize::from(u16_at(data, 0)?);
            data = &data[2..];
        }
        if flags & 4 != 0 {
            behind += u32_at(data, 0)? as usize;
            data = &data[4..];
        }
        let (mut left, mut width) = (count, 1 + usize::from(flags & 1));
        while left > 0 {
            let here = left.min(data.len() / width);
            data = &data[here * width..];
            left -= here;
            if left > 0 {
                // Where a text goes on, it says anew how wide its characters are.
                let [flags, rest @ ..] = parts.next().ok_or_else(broken)? else { return Err(broken()) };
                (width, data) = (1 + usize::from(flags & 1), rest);
            }
        }
        while behind > data.len() {
            behind -= data.len();
            data = parts.next().ok_or_else(broken)?;
        }
        data = &data[behind..];
        lengths.push(count);
    }
}

/// One record, and those that continue it.
struct Record {
    start: usize,
    kind: u16,
    data: Range<usize>,
    more: Vec<Range<usize>>,
    end: usize,
}

impl Record {
    fn at(stream: &[u8], start: usize) -> Result<Self, Rejection> {
        let one = |start: usize| {
            let kind = u16_at(stream, start)?;
            let data = start + 4..start + 4 + usize::from(u16_at(stream, start + 2)?);
            if data.end > stream.len() { Err(broken()) } else { Ok((kind, data)) }
        };
        let (kind, data) = one(start)?;
        let mut record = Self { start, kind, end: data.end, data, more: Vec::new() };
        while stream.len() > record.end + 4 && u16_at(stream, record.end)? == CONTINUE {
            let (_, data) = one(record.end)?;
            record.end = data.end;
            record.more.push(data);
        }
        Ok(record)
    }

    fn data<'a>(&self, stream: &'a [u8]) -> &'a [u8] {
        &stream[self.data.clone()]
    }

    /// Makes it a record that is passed over.
    fn forget(&self, stream: &mut [u8]) {
        stream[self.start..][..2].copy_from_slice(&NOTHING.to_le_bytes());
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Rejection> {
    let two = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
    two.copied().map(u16::from_le_bytes).ok_or_else(broken)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Rejection> {
    let four = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
    four.copied().map(u32::from_le_bytes).ok_or_else(broken)
}

fn broken() -> Rejection {
    unreadable(&"its records do not fit together")
}
