mod bounds;

use rstest::rstest;
use rust_xlsxwriter::{Format, Formula, Workbook};

use super::*;
use crate::domain::{numbers::Count, rejection::Code};

fn check(header: &Header) -> Result<(), Rejection> {
    if header.has("facility") && header.has("available") {
        return Ok(());
    }
    Err(Header::lacks("facility", &["facility", "available"]))
}

fn table(bytes: &[u8]) -> Result<Table<'_>, Rejection> {
    read(bytes.into(), &Layout::new(List::Reports, &check))
}

/// The facility, the available places and the line of each row; the code of the refusal if it has none.
fn rows(bytes: &[u8]) -> Vec<(u32, String)> {
    let table = table(bytes).unwrap();
    let row = |row: Row<'_>| {
        let text = row.check().map(|()| format!("{:?} {:?}", row.get("facility"), row.get("available")));
        (row.line, text.unwrap_or_else(|rejection| rejection.code.name().to_owned()))
    };
    table.rows().map(row).collect()
}

fn notes(bytes: &[u8]) -> Vec<String> {
    table(bytes).unwrap().reading(Language::En).notes
}

fn said(facility: &str, available: &str) -> String {
    format!("{:?} {:?}", Some(facility), Some(available))
}

#[rstest]
#[case::commas("facility,available\na:1,3\n")]
#[case::semicolons("facility;available\na:1;3\n")]
#[case::tabs("facility\tavailable\na:1\t3\n")]
#[case::bars("facility|available\na:1|3")]
#[case::a_hint("sep=|\r\nfacility|available\r\na:1|3")]
#[case::padded_header("facility,available,,\na:1,3,,\n")]
#[case::padded_row("facility,available\na:1,3,,\n")]
#[case::quoted("\"facility\",\"available\"\n\"a:1\",\"3\"")]
#[case::old_line_ends("facility,available\ra:1,3\r")]
#[case::in_indonesian("Faskes;Kosong\na:1;3")]
fn a_table_is_read_however_it_is_written(#[case] text: &str) {
    assert_eq!(rows(text.as_bytes()), [(2, said("a:1", "3"))]);
}

#[test]
fn what_stands_around_a_table_is_told_apart_from_its_rows() {
    let text = "DATA KETERSEDIAAN TEMPAT TIDUR, KOTA SEMARANG\n\nFaskes;Kosong;BOR;Phon\n1;2;3;4\na:1;3;;\n;;;\n\
        Faskes;Kosong;BOR;Phon\na:2;1.234;;\nJumlah;1.237;;\nSumber: Dinas Kesehatan;;;\n";
    assert_eq!(rows(text.as_bytes()), [(5, said("a:1", "3")), (8, said("a:2", "1.234"))]);
    let notes = notes(text.as_bytes());
    for part in ["'BOR' is not known", "'Phon'", "line 9", "line 10"] {
        assert!(notes.iter().any(|note| note.contains(part)), "{part}: {notes:?}");
    }
}

#[test]
fn a_misspelt_column_is_told() {
    let text = "facility,available,quue\na:1,3,1\n";
    let notes = notes(text.as_bytes());
    assert!(notes[0].contains("did you mean 'queue'"), "{notes:?}");
}

#[rstest]
#[case("facility,queue\na:1,3", Code::MissingField, "facility")]
#[case("facility,available,Available\na:1,3,4", Code::InvalidField, "available")]
#[case("", Code::NothingReported, "")]
fn a_header_without_what_is_needed_is_refused(#[case] text: &str, #[case] code: Code, #[case] pointer: &str) {
    let refused = table(text.as_bytes()).err().unwrap();
    assert_eq!((refused.code, refused.pointer.as_ref()), (code, pointer));
}

#[test]
fn a_broken_row_costs_no_other_row() {
    let text = b"facility,available\na:1,1\na:2\na:3,\x81\n\"a\n4\",4\na:5,\"5\na:6,6";
    let expected = [
        (2, said("a:1", "1")),
        (3, "incomplete_row".to_owned()),
        (4, "invalid_encoding".to_owned()),
        (5, said("a\n4", "4")),
        (6, said("a:5", "5")),
        (7, said("a:6", "6")),
    ];
    assert_eq!(rows(text), expected);
}

#[rstest]
#[case("a:1", "terpotong")]
#[case("a:1,2,3", "hapus pemisah di ujung baris")]
fn a_row_of_another_width_says_what_to_look_for(#[case] row: &str, #[case] remedy: &str) {
    let text = format!("facility,available\n{row}\n");
    let table = table(text.as_bytes()).unwrap();
    let rejection = table.rows().next().unwrap().check().err().unwrap();
    assert_eq!(rejection.code, Code::IncompleteRow);
    let detail = render(&rejection.detail, Language::Id);
    assert!(detail.contains(remedy), "{detail}");
}

#[test]
fn a_huge_cell_names_its_column() {
    let text = format!("facility,available\na:1,{}\na:2,2\n", "9".repeat(10 << 20));
    let table = table(text.as_bytes()).unwrap();
    let refused: Vec<Option<String>> =
        table.rows().map(|row| row.check().err().map(|rejection| rejection.pointer.into_owned())).collect();
    assert_eq!(refused, [Some("/available".to_owned()), None]);
}

#[test]
fn half_a_gzip_file_is_refused() {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"facility,available\na:1,1\n").unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(rows(&packed), [(2, said("a:1", "1"))]);
    assert_eq!(table(&packed[..packed.len() - 9]).err().unwrap().code, Code::InvalidBody);
}

#[rstest]
#[case("available", "12.0", Some(12))]
#[case("available", "penuh", Some(0))]
#[case("available", "habis", Some(0))]
#[case("available", "nihil", Some(0))]
#[case("available", "10 TT", Some(10))]
#[case("available", "3 tempat tidur", Some(3))]
#[case("available", "-", None)]
#[case("available", "n/a", None)]
#[case("available", "Tidak ada", None)]
#[case("available", "", None)]
#[case("Kosong", "1.234", Some(1234))]
#[case("free", "\"1,234\"", Some(1234))]
fn cells_are_counts_as_people_write_them(
    #[case] heading: &str,
    #[case] cell: &str,
    #[case] expected: Option<u32>,
) {
    let text = format!("facility,{heading}\na:1,{cell}\n");
    let table = table(text.as_bytes()).unwrap();
    let count = table.rows().next().unwrap().count("available", "available", "/available").unwrap();
    assert_eq!(count.map(Count::get), expected);
}

#[rstest]
#[case("available", "1.234", Code::CountNotWhole)]
#[case("available", "3.5", Code::CountNotWhole)]
#[case("available", "kosong", Code::CountNotWhole)]
#[case("available", "3 kamar", Code::CountNotWhole)]
#[case("available", "3/10", Code::CountNotWhole)]
#[case("occupied", "penuh", Code::CountNotWhole)]
#[case("available", "-3", Code::NegativeCount)]
fn what_is_no_count_is_refused(#[case] column: &str, #[case] cell: &str, #[case] code: Code) {
    let text = format!("facility,available,occupied\na:1,{cell},{cell}\n");
    let table = table(text.as_bytes()).unwrap();
    let refused = table.rows().next().unwrap().count(column, column, "/x").unwrap_err();
    assert_eq!((refused.code, refused.pointer.as_ref()), (code, "/x"));
}

#[rstest]
#[case::the_column_tells("01/07/2021 14:05\na:2,1,27/06/2021", "2021-07-01T14:05:00")]
#[case::the_column_tells_the_other_order("07/01/2021 14:05\na:2,1,06/27/2021", "2021-07-01T14:05:00")]
#[case::only_one_is_recent("01/07/2021 14:05", "2021-07-01T14:05:00")]
#[case::neither_is_recent("01/03/2021 14:05", "01/03/2021 14:05")]
fn dates_are_read_as_their_column_tells(#[case] cells: &str, #[case] expected: &str) {
    let text = format!("facility,available,observed_at\na:1,1,{cells}\n");
    let table = table(text.as_bytes()).unwrap();
    let now = "2021-07-01T08:00:00Z".parse().unwrap();
    assert_eq!(table.rows().next().unwrap().moment("observed_at", now).unwrap(), expected);
}

#[rstest]
#[case("27/06/2021,14:05", "2021-06-27T14:05:00")]
#[case("2021-06-27,14.05 WIB", "2021-06-27T07:05:00+00:00")]
#[case("2021-06-27T00:00:00,1899-12-31T14:05:00", "2021-06-27T14:05:00")]
#[case("27 Juni 2021 13:00,14:05", "2021-06-27T13:00:00")]
#[case("05/Apr/2020 03:29:00,", "2020-04-05T03:29:00")]
fn a_time_may_stand_in_a_column_of_its_own(#[case] cells: &str, #[case] expected: &str) {
    let text = format!("facility,available,Tanggal,Jam\na:1,1,{cells}\n");
    let table = table(text.as_bytes()).unwrap();
    let now = "2021-07-01T08:00:00Z".parse().unwrap();
    assert_eq!(table.rows().next().unwrap().moment("observed_at", now).unwrap(), expected);
}

fn workbook(write: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    write(&mut book);
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_like_text() {
    let bytes = workbook(|book| {
        let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "DATA KETERSEDIAAN").unwrap();
        for (column, heading) in (0..).zip(["Kode RS", "Faskes", "Kosong", "Waktu"]) {
            sheet.write(3, column, heading).unwrap();
        }
        sheet.write(4, 0, 3_374_010).unwrap();
        sheet.write(4, 1, "a:1").unwrap();
        sheet.write_formula(4, 2, Formula::new("=1+2").set_result("3")).unwrap();
        sheet.write_with_format(4, 3, 44_374.586_805_556, &date).unwrap();
        sheet.write(5, 1, "Total").unwrap();
        sheet.write(5, 2, 3).unwrap();
        book.add_worksheet().set_name("Rahasia").unwrap().set_hidden(true).write(0, 0, "x").unwrap();
        book.add_worksheet().set_name("Lain").unwrap().write(0, 0, "x").unwrap();
    });
    let table = table(&bytes).unwrap();
    let row = table.rows().next().unwrap();
    assert_eq!((row.number, row.line, row.check()), (1, 5, Ok(())));
    assert_eq!((row.code("code"), row.get("available")), (Some("3374010"), Some("3")));
    let now = "2021-07-01T08:00:00Z".parse().unwrap();
    assert_eq!(row.moment("observed_at", now).unwrap(), "2021-06-27T14:05:00");
    assert_eq!(table.rows().count(), 1);
    let notes = table.reading(Language::En).notes;
    for part in ["Rahasia", "Lain", "line 6"] {
        assert!(notes.iter().any(|note| note.contains(part)), "{part}: {notes:?}");
    }
}

#[test]
fn a_formula_without_a_value_is_no_blank_cell() {
    let bytes = workbook(|book| {
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, ["Faskes", "Kosong", "BOR"]).unwrap();
        for row in 1..4 {
            sheet.write(row, 0, format!("a:{row}")).unwrap();
            sheet.write_formula(row, 2, Formula::new("=1").set_result("\u{0}")).unwrap();
        }
        sheet.write_formula(1, 1, Formula::new("=1+2").set_result("")).unwrap();
        sheet.write(2, 1, 4).unwrap();
        sheet.write(3, 0, "Jumlah").unwrap();
    });
    let found = rows(&without_values(&bytes));
    assert_eq!(found, [(2, "invalid_field".to_owned()), (3, said("a:2", "4"))], "and the total is no row");
}

/// The workbook as a program writes it that does not work out formulas.
fn without_values(bytes: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Read};
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let (mut part, mut content) = (archive.by_index(index).unwrap(), String::new());
        part.read_to_string(&mut content).unwrap();
        let name = part.name().unwrap().to_string();
        while let Some(at) = content.find("</f><v>") {
            let end = at + content[at..].find("</v>").unwrap();
            content.replace_range(at..end, "</f ><v>");
        }
        parts.push((name, content.replace("</f >", "</f>").replace(" t=\"str\"", "")));
    }
    let parts: Vec<_> = parts.iter().map(|(name, content)| (name.as_str(), content.as_bytes())).collect();
    zip(&parts)
}

#[test]
fn what_stands_in_a_merged_cell_stands_in_all_its_rows_but_a_number_does_not() {
    let bytes = workbook(|book| {
        let (plain, sheet) = (Format::new(), book.add_worksheet());
        sheet.write_row(0, 0, ["Faskes", "Kosong"]).unwrap();
        sheet.merge_range(1, 0, 2, 0, "a:1", &plain).unwrap();
        sheet.write(1, 1, 3).unwrap();
        sheet.write(2, 1, 4).unwrap();
        sheet.write(3, 0, "a:2").unwrap();
        sheet.write(4, 0, "a:3").unwrap();
        sheet.merge_range(3, 1, 4, 1, "", &plain).unwrap();
        sheet.write_with_format(3, 1, 20, &plain).unwrap();
    });
    let table = table(&bytes).unwrap();
    let counts: Vec<_> = table.rows().map(|row| row.count("available", "available", "").is_ok()).collect();
    let names: Vec<_> = table.rows().map(|row| row.get("facility").unwrap().to_owned()).collect();
    assert_eq!(counts, [true, true, false, false]);
    assert_eq!(names, ["a:1", "a:1", "a:2", "a:3"]);
}

/// A zip file with one part of zeros, or of what `content` says.
fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[rstest]
#[case::no_workbook(zip(&[("xl/worksheets/sheet1.xml", b"<x/><x/>")]), Code::InvalidBody)]
#[case::a_cell_that_fills_the_memory(zip(&[("xl/worksheets/sheet1.xml", &vec![b' '; 2 << 20])]), Code::TooManyRows)]
#[case::a_bomb(zip(&[("xl/workbook.xml", &vec![b' '; 50 << 20])]), Code::TooManyRows)]
#[case::texts_that_are_not_there(
    zip(&[("xl/sharedStrings.xml", b"<sst uniqueCount = \"99999999999999\">")]),
    Code::InvalidBody
)]
#[case::half_a_file(workbook(|book| { book.add_worksheet(); })[..800].to_vec(), Code::InvalidBody)]
#[case::old_and_broken(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on".to_vec(), Code::InvalidBody)]
#[case::nothing_in_it(workbook(|book| { book.add_worksheet(); }), Code::NothingReported)]
fn a_workbook_that_cannot_be_read_is_refused(#[case] bytes: Vec<u8>, #[case] code: Code) {
    assert_eq!(table(&bytes).err().unwrap().code, code);
}

const ODS: &[u8] =
    b"<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>\
    <office:spreadsheet><table:table table:name=\"Data\">";
const ODS_END: &[u8] = b"</table:table></office:spreadsheet></office:body></office:document-content>";

fn ods(rows: &str) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let content = [ODS, rows.as_bytes(), ODS_END].concat();
    for (name, content) in [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".as_slice()),
        ("META-INF/manifest.xml", b"<manifest:manifest xmlns:manifest=\"m\"/>"),
        ("content.xml", &content),
    ] {
        zip.start_file(name, stored).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn ods_text(text: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
}

#[test]
fn an_open_document_is_read_like_text() {
    let header = ods_text("Faskes") + &ods_text("Kosong");
    let row = ods_text("a:1") + "<table:table-cell office:value-type=\"float\" office:value=\"3\"/>";
    let rest = "<table:table-cell table:number-columns-repeated=\"16000\"/>";
    let end = format!("<table:table-row table:number-rows-repeated=\"1048000\">{rest}</table:table-row>");
    let bytes = ods(&format!(
        "<table:table-row>{header}{rest}</table:table-row><table:table-row>{row}{rest}</table:table-row>{end}"
    ));
    assert_eq!(rows(&bytes), [(2, said("a:1", "3"))]);
}

#[test]
fn a_formula_of_an_open_document_without_a_value_is_no_blank_cell() {
    let row = |cells: &[&str]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let formula = "<table:table-cell table:formula=\"of:=[.A1]+2\"/>";
    let bytes = ods(&[
        row(&[&ods_text("Faskes"), &ods_text("Kosong"), &ods_text("BOR")]),
        row(&[&ods_text("a:1"), formula]),
        row(&[
            &ods_text("a:2"),
            "<table:table-cell table:formula=\"of:=1\" office:value-type=\"float\" office:value=\"4\"/>",
            formula,
        ]),
    ]
    .concat());
    assert_eq!(rows(&bytes), [(2, "invalid_field".to_owned()), (3, said("a:2", "4"))]);
}

#[test]
fn a_cell_that_is_repeated_without_end_is_refused() {
    let cell = "<table:table-cell office:value-type=\"float\" office:value=\"3\" table:number-columns-repeated=\"900\"/>";
    let bytes =
        ods(&format!("<table:table-row table:number-rows-repeated=\"90000\">{cell}</table:table-row>"));
    assert_eq!(table(&bytes).err().unwrap().code, Code::TooManyRows);
}

#[rstest]
#[case::a_long_text(&format!(
    "<table:table-row table:number-rows-repeated=\"9000\">{}</table:table-row>",
    ods_text(&"x".repeat(900_000))
))]
#[case::blanks(
    "<table:table-row><table:table-cell office:value-type=\"string\"><text:p><text:s text:c=\"99999999999\"/></text:p></table:table-cell></table:table-row>"
)]
#[case::a_comment_that_looks_like_a_row(
    "<table:table-row table:number-rows-repeated=\"900000\"><!-- <table:table-row> --><table:table-cell \
     office:value=\"3\"/></table:table-row>"
)]
#[case::sheets(&"</table:table><table:table table:name=\"x\">".repeat(2_000))]
fn what_an_open_document_repeats_is_counted_before_it_is_read(#[case] rows: &str) {
    assert_eq!(table(&ods(rows)).err().unwrap().code, Code::TooManyRows);
}

#[rstest]
#[case::a_number_in_disguise("<table:table-row table:number-rows-repeated=\"&#57;00000\"/>")]
#[case::a_table_within_a_cell(
    "<table:table-row table:number-rows-repeated=\"900000\"><table:table-cell office:value=\"3\"><table:table-row/>\
     </table:table-cell></table:table-row>"
)]
fn an_open_document_with_two_readings_is_refused(#[case] rows: &str) {
    assert_eq!(table(&ods(rows)).err().unwrap().code, Code::InvalidBody);
}

#[test]
fn a_table_of_too_many_columns_or_cells_is_refused() {
    let wide = format!("facility,available{}\na:1,3\n", ",x".repeat(16_384));
    assert_eq!(table(wide.as_bytes()).err().unwrap().code, Code::TooManyRows);
    let narrow = format!("facility,available{}\n{}", ",x".repeat(1_000), "a:1,3\n".repeat(5_000));
    assert_eq!(table(narrow.as_bytes()).err().unwrap().code, Code::TooManyRows);
    let long = format!("facility,available\na:1,3\na:2,3{}\na:3,3{}\n", ",".repeat(3 << 20), ",".repeat(9));
    let expected = [(2, said("a:1", "3")), (3, "incomplete_row".to_owned()), (4, said("a:3", "3"))];
    assert_eq!(rows(long.as_bytes()), expected);
    let sent_back = format!("facility,available{}\n{}", ",x".repeat(300), "a:1,3\n".repeat(4_000));
    let table = table(sent_back.as_bytes()).unwrap();
    assert_eq!(table.cells().err().unwrap().code, Code::TooManyRows);
}

/// A workbook of the old form: the records of its list of texts, and those of its sheets.
fn xls(texts: &[u8], sheets: &[Vec<u8>]) -> Vec<u8> {
    use std::io::Write;
    let begin = record(0x0809, &[0, 6, 5, 0]);
    let end = record(0x000a, &[]);
    let about = |start: usize| {
        record(0x85, &[&u32::try_from(start).unwrap().to_le_bytes()[..], b"\0\0\x01\0S"].concat())
    };
    let mut start = begin.len() + texts.len() + sheets.len() * about(0).len() + end.len();
    let mut stream = [&begin[..], texts].concat();
    for sheet in sheets {
        stream.extend(about(start));
        start += begin.len() + sheet.len() + end.len();
    }
    stream.extend(&end);
    for sheet in sheets {
        stream.extend([&begin[..], sheet, &end].concat());
    }
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
    file.into_inner().into_inner()
}

#[test]
fn a_long_workbook_of_the_old_form_is_read_whole() {
    let header = [xls_text(0, 0, "Faskes"), xls_text(0, 1, "Kosong")].concat();
    let lines = (1..1_000).flat_map(|row| [xls_text(row, 0, "a:1"), xls_number(row, 1, row.into())].concat());
    let bytes = xls(&[], &[header.into_iter().chain(lines).collect()]);
    assert_eq!(rows(&bytes).last().unwrap(), &(1_000, said("a:1", "999")));
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

fn xls_number(row: u16, column: u16, number: f64) -> Vec<u8> {
    let place = [row, column, 0].map(u16::to_le_bytes).concat();
    record(0x0203, &[&place[..], &number.to_le_bytes()].concat())
}

fn xls_text(row: u16, column: u16, text: &str) -> Vec<u8> {
    let place = [row, column, 0, u16::try_from(text.len()).unwrap()].map(u16::to_le_bytes).concat();
    record(0x0204, &[&place[..], b"\0", text.as_bytes()].concat())
}

/// A cell with a text of the list.
fn xls_listed(row: u16, column: u16, text: u8) -> Vec<u8> {
    let place = [row, column, 0, text.into(), 0].map(u16::to_le_bytes).concat();
    record(0x00fd, &place)
}

#[test]
fn a_workbook_of_the_old_form_is_read_like_text() {
    // The second text goes on in the next record, with wider characters.
    let list = record(0x00fc, b"\x02\0\0\0\x02\0\0\0\x06\0\0Faskes\x06\0\0Kos");
    let more = record(0x003c, b"\x01o\0n\0g\0");
    let formula = [&[2, 0, 1, 0, 0, 0][..], &3.0_f64.to_le_bytes(), &[0; 6], &[3, 0, 0x1e, 3, 0]].concat();
    let sheet = [
        record(0x0200, &[0xff; 14]),
        xls_listed(0, 0, 0),
        xls_listed(0, 1, 1),
        xls_text(1, 0, "a:1"),
        xls_number(1, 1, 3.0),
        xls_text(2, 0, "a:2"),
        record(0x0006, &formula),
    ];
    let bytes = xls(&[list, more].concat(), &[sheet.concat()]);
    assert_eq!(rows(&bytes), [(2, said("a:1", "3")), (3, said("a:2", "3"))]);
}

#[rstest]
#[case::cells_far_apart(&[], &[[xls_number(0, 0, 1.0), xls_number(65_535, 16_383, 1.0)].concat()])]
#[case::in_two_sheets(&[], &vec![[xls_number(0, 0, 1.0), xls_number(60_000, 5, 1.0)].concat(); 2])]
#[case::a_chart_hides_nothing(
    &[],
    &[[record(0x0809, &[0; 4]), record(0x000a, &[]), xls_number(0, 0, 1.0), xls_number(65_535, 255, 1.0)].concat()]
)]
#[case::one_long_text_in_many_cells(
    &[record(0x00fc, &[&[0; 8][..], &[0x00, 0x20, 0], &[b'x'; 8192]].concat()), Vec::new()].concat(),
    &[(0..600).flat_map(|row| xls_listed(row, 0, 0)).collect()]
)]
#[case::texts_that_are_not_there(
    &[],
    &[(0..100).flat_map(|row| record(0x0204, &[row, 0, 0, 0, 0, 0, 0xff, 0xff, 0])).collect()]
)]
#[case::many_sheets(&[], &vec![Vec::new(); 1_001])]
fn a_workbook_of_the_old_form_that_would_fill_the_memory_is_refused(
    #[case] texts: &[u8],
    #[case] sheets: &[Vec<u8>],
) {
    assert_eq!(table(&xls(texts, sheets)).err().unwrap().code, Code::TooManyRows);
}

/// A workbook of today that is encrypted: its parts are one stream of a compound file.
fn encrypted() -> Vec<u8> {
    use std::io::Write;
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    for name in ["/EncryptionInfo", "/EncryptedPackage"] {
        file.create_stream(name).unwrap().write_all(b"secret").unwrap();
    }
    file.into_inner().into_inner()
}

#[rstest]
#[case::locked(encrypted(), "password")]
#[case::locked_and_old(xls(&record(0x2f, &[1, 0]), &[]), "password")]
#[case::binary(zip(&[("xl/workbook.bin", b"x")]), "xlsb")]
#[case::of_another_program(zip(&[("xl/worksheets/sheet1.dat", &vec![b' '; 50 << 20])]), "too large")]
#[case::attributes_in_a_token(
    zip(&[("xl/worksheets/sheet1.xml", format!("<a b=\"{}\"/>", "<".repeat(2 << 20)).as_bytes())]),
    "too large"
)]
#[case::one_piece_in_disguise(
    zip(&[("xl/worksheets/sheet1.dat", format!("<c><is><t>{}</t></is></c>", "x".repeat(2 << 20)).as_bytes())]),
    "too large"
)]
#[case::many_sheets_of_one_part(
    zip(&[("xl/workbook.xml", "<sheet name=\"a\" r:id=\"rId1\"/>".repeat(1_001).as_bytes())]),
    "too large"
)]
#[case::empty_texts(zip(&[("xl/sharedStrings.xml", "<si/>".repeat(1_000_001).as_bytes())]), "too large")]
fn a_workbook_that_is_refused_says_what_to_do(#[case] bytes: Vec<u8>, #[case] word: &str) {
    let detail = render(&table(&bytes).err().unwrap().detail, Language::En);
    assert!(detail.contains(word), "{detail}");
}

proptest::proptest! {
    #[test]
    fn no_change_of_an_old_workbook_makes_it_panic(at in proptest::prelude::any::<proptest::sample::Index>(), byte: u8) {
        let sheet = [xls_text(0, 0, "facility"), xls_text(0, 1, "available"), xls_number(1, 1, 3.0)].concat();
        let mut bytes = xls(&record(0x00fc, b"\x01\0\0\0\x01\0\0\0\x01\0\0a"), &[sheet]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = table(&bytes);
    }

    #[test]
    fn a_changed_workbook_makes_nothing_panic(at in proptest::prelude::any::<proptest::sample::Index>(), byte: u8) {
        let mut bytes = workbook(|book| {
            book.add_worksheet().write_row(0, 0, ["facility", "available"]).unwrap();
        });
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = table(&bytes);
    }
}
