//! CSV as people have it: gzip or not, commas or semicolons, any order of columns, half a line at the end.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read},
};

use csv::{ReaderBuilder, StringRecord};
use flate2::read::MultiGzDecoder;

use crate::{
    domain::rejection::{Code, Rejection},
    locales::Message,
    spreadsheet::unescape_formula,
};

/// The place of each column's cell in a row.
pub(super) struct Header {
    columns: HashMap<String, usize>,
    width: usize,
}

/// A CSV text with its header read.
pub(super) struct Table<R: Read> {
    reader: csv::Reader<R>,
    header: Header,
    row: u32,
}

/// One row: its number (the first after the header is 1), and its cells by column.
pub(super) struct TableRow<'a> {
    pub(super) number: u32,
    header: &'a Header,
    record: StringRecord,
}

/// Unpacks `source` if it is gzip.
pub fn unpacked<'a>(source: impl Read + 'a) -> std::io::Result<Box<dyn BufRead + 'a>> {
    let mut source = BufReader::new(source);
    let is_gzip = source.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if is_gzip { Box::new(BufReader::new(MultiGzDecoder::new(source))) } else { Box::new(source) })
}

/// The table in `source`; refused if the header lacks one of `required`.
pub(super) fn read<'a>(
    source: impl Read + 'a,
    required: &[&str],
) -> Result<Table<Box<dyn BufRead + 'a>>, Rejection> {
    let mut source = unpacked(source).map_err(|error| unreadable(0, &error))?;
    let beginning = source.fill_buf().map_err(|error| unreadable(0, &error))?;
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(beginning))
        // A row that is too short is that row's fault, not the file's.
        .flexible(true)
        .from_reader(source);
    let header = reader.headers().map_err(|error| unreadable(0, &error))?;
    let header = Header::read(header, required)?;
    Ok(Table { reader, header, row: 0 })
}

/// The table in `bytes`, every line a row of its own: a quote that is never closed costs its line, not
/// the rest of the text. For tables whose cells hold no line breaks.
pub(super) fn lines<'a>(
    bytes: &'a [u8],
    required: &[&str],
) -> Result<(Header, impl Iterator<Item = Line<'a>>), Rejection> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !is_blank(line));
    let first = lines.next().unwrap_or_default();
    let delimiter = delimiter(first);
    let header = cells(first, delimiter).map_err(|error| unreadable(0, &error))?;
    let header = Header::read(&header, required)?;
    let lines = (1..).zip(lines).map(move |(number, bytes)| Line { number, bytes, delimiter });
    Ok((header, lines))
}

/// Spreadsheets write empty rows as bare separators.
fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'"'))
}

/// One line of a table that was read with [`lines`].
pub(super) struct Line<'a> {
    pub(super) number: u32,
    bytes: &'a [u8],
    delimiter: u8,
}

impl Line<'_> {
    /// The line's cells.
    pub(super) fn row<'a>(&self, header: &'a Header) -> Result<TableRow<'a>, Rejection> {
        let record = cells(self.bytes, self.delimiter).map_err(|error| unreadable(self.number, &error))?;
        header.row(self.number, record)
    }
}

fn cells(line: &[u8], delimiter: u8) -> csv::Result<StringRecord> {
    let mut record = StringRecord::new();
    ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .buffer_capacity(line.len().max(1))
        .from_reader(line)
        .read_record(&mut record)?;
    Ok(record)
}

/// The separator of the first line: spreadsheets set to Indonesian write semicolons.
fn delimiter(text: &[u8]) -> u8 {
    let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let count = |delimiter: u8| line.split(|byte| *byte == delimiter).count();
    // The last of several equal ones wins.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

impl Header {
    fn read(names: &StringRecord, required: &[&str]) -> Result<Self, Rejection> {
        let mut columns = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            let name = name.trim().trim_start_matches('\u{feff}').to_lowercase();
            let is_named = !name.is_empty();
            if columns.insert(name.clone(), index).is_some() && is_named {
                return Err(Rejection::new(
                    Code::InvalidField,
                    &name,
                    Message::new("column-twice").arg("name", name.clone()),
                ));
            }
        }
        let header = Self { columns, width: names.len() };
        match required.iter().find(|name| !header.has(name)) {
            None => Ok(header),
            Some(missing) => Err(Rejection::new(
                Code::MissingField,
                missing,
                Message::new("header-lacks-column")
                    .arg("column", (*missing).to_owned())
                    .arg("required", required.join(",")),
            )),
        }
    }

    /// Whether there is this column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// The names of the columns, in no order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    fn row(&self, number: u32, record: StringRecord) -> Result<TableRow<'_>, Rejection> {
        if record.len() != self.width {
            return Err(incomplete(number, record.len(), self.width));
        }
        Ok(TableRow { number, header: self, record })
    }
}

impl<R: Read> Table<R> {
    /// The next row; `Err` where it cannot be read, with its number. None at the end.
    pub(super) fn next(&mut self) -> Option<Result<TableRow<'_>, (u32, Rejection)>> {
        let mut record = StringRecord::new();
        let more = self.reader.read_record(&mut record);
        let number = self.row + 1;
        let row = match more {
            Ok(false) => return None,
            Ok(true) => self.header.row(number, record),
            Err(error) => Err(unreadable(number, &error)),
        };
        self.row = number;
        Some(row.map_err(|rejection| (number, rejection)))
    }

    /// Its header.
    pub(super) const fn header(&self) -> &Header {
        &self.header
    }
}

impl TableRow<'_> {
    /// The cell of a column, trimmed and without the mark of what only looks like a formula; None if it is empty or there is no such column.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        let cell = unescape_formula(self.record.get(*self.header.columns.get(column)?)?.trim());
        (!cell.is_empty()).then_some(cell)
    }

    /// The items of a cell that holds a list.
    pub(super) fn list(&self, column: &str) -> Vec<String> {
        self.get(column).map(split_list).unwrap_or_default()
    }
}

/// Several texts in one cell: separated by `;`, where a `;` or `\` of their own has a `\` before it.
pub fn join_list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let items: Vec<String> =
        items.into_iter().map(|item| item.replace('\\', "\\\\").replace(';', "\\;")).collect();
    items.join(";")
}

/// The texts that [`join_list`] put into one cell; empty ones are left out.
pub(super) fn split_list(cell: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut characters = cell.chars().peekable();
    while let Some(character) = characters.next() {
        let escaped = characters.next_if(|next| character == '\\' && matches!(next, ';' | '\\'));
        match (escaped, items.last_mut()) {
            (None, _) if character == ';' => items.push(String::new()),
            (_, Some(item)) => item.push(escaped.unwrap_or(character)),
            (_, None) => {}
        }
    }
    items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

fn incomplete(row: u32, has: usize, needs: usize) -> Rejection {
    let detail = Message::new("row-of-another-width")
        .arg("short", has < needs)
        .arg("row", row)
        .arg("has", has)
        .arg("needs", needs);
    Rejection::new(Code::IncompleteRow, "", detail)
}

fn unreadable(row: u32, error: &dyn std::error::Error) -> Rejection {
    let error = error.to_string();
    if error.contains("UTF-8") {
        return Rejection::new(Code::InvalidEncoding, "", Message::new("table-not-utf8").arg("row", row));
    }
    Rejection::new(
        Code::InvalidBody,
        "",
        Message::new("table-unreadable").arg("row", row).arg("error", error),
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::locales::{Language, render};

    #[rstest]
    #[case("a,b;c,d", b',')]
    #[case("a;b;c,d", b';')]
    #[case("a\tb\tc", b'\t')]
    #[case("a", b',')]
    #[case("a,b\nx;y;z", b',')]
    fn the_header_tells_what_separates(#[case] text: &str, #[case] expected: u8) {
        assert_eq!(delimiter(text.as_bytes()), expected);
    }

    #[test]
    fn a_header_with_the_same_column_twice_is_refused() {
        let refused = read("code,name,Code\n".as_bytes(), &["code"]).err().unwrap();
        assert_eq!((refused.code, refused.pointer.as_ref()), (Code::InvalidField, "code"));
    }

    #[test]
    fn a_broken_row_costs_no_other_row() {
        let text = b"code,name\n1,a\n2\n3,\xff\n4,\"b\nc\"\n5,d";
        let mut table = read(&text[..], &["code"]).unwrap();
        let mut seen = Vec::new();
        while let Some(row) = table.next() {
            seen.push(match row {
                Ok(row) => (row.number, row.get("name").unwrap_or_default().to_owned()),
                Err((number, rejection)) => (number, rejection.code.name().to_owned()),
            });
        }
        let expected = [(1, "a"), (2, "incomplete_row"), (3, "invalid_encoding"), (4, "b\nc"), (5, "d")];
        assert_eq!(seen, expected.map(|(number, text)| (number, text.to_owned())));
    }

    #[rstest]
    #[case("1", "terpotong")]
    #[case("1,a,,", "hapus pemisah di ujung baris")]
    fn a_row_of_another_width_says_what_to_look_for(#[case] row: &str, #[case] remedy: &str) {
        let text = format!("code,name\n{row}\n");
        let mut table = read(text.as_bytes(), &["code"]).unwrap();
        let (_, rejection) = table.next().unwrap().err().unwrap();
        assert_eq!(rejection.code, Code::IncompleteRow);
        let detail = render(&rejection.detail, Language::Id);
        assert!(detail.contains(remedy), "{detail}");
    }

    #[test]
    fn half_a_gzip_file_ends_with_a_refusal() {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"code,name\n1,a\n2,b\n").unwrap();
        let packed = packed.finish().unwrap();
        let mut table = read(&packed[..packed.len() - 9], &["code"]).unwrap();
        let mut last = None;
        while let Some(row) = table.next() {
            last = Some(row.map(|row| row.number).map_err(|(_, rejection)| rejection.code));
        }
        assert_eq!(last, Some(Err(Code::InvalidBody)));
    }

    proptest::proptest! {
        #[test]
        fn lists_come_back_as_they_were(items in proptest::collection::vec("[a-z;\\\\!=, ]*[a-z;\\\\]", 0..5)) {
            let items: Vec<String> = items.iter().map(|item| item.trim().to_owned()).collect();
            let cell = join_list(items.iter().map(String::as_str));
            proptest::prop_assert_eq!(split_list(&cell), items);
        }
    }
}
