//! Bounds of what is read: within them it is read, beyond them it is refused or passed over, and never half.

use rust_xlsxwriter::Format;

use super::{notes, rows, said, table, workbook, zip};
use crate::domain::rejection::Code;

#[test]
fn a_header_stands_within_the_first_lines_that_are_not_blank() {
    let below = |lines: usize| format!("{}faskes,kosong\na:1,3\n", "Dinas Kesehatan\n\n".repeat(lines));
    assert_eq!(rows(below(39).as_bytes()), [(80, said("a:1", "3"))]);
    assert_eq!(table(below(40).as_bytes()).err().unwrap().code, Code::MissingField);
}

#[test]
fn a_quoted_cell_goes_on_for_so_many_bytes() {
    let of = |lines: usize| {
        format!("faskes,kosong,alamat\na:1,3,\"{}\"\na:2,4,\n", "Jalan Raya No. 1\n".repeat(lines))
    };
    let short = of(1_000);
    let found = rows(short.as_bytes());
    assert_eq!((found.len(), &found[0], &found[1]), (2, &(2, said("a:1", "3")), &(3, said("a:2", "4"))));
    // Beyond that the quote is a slip: it costs its line, and what follows are rows of their own.
    let long = of(4_000);
    let found = rows(long.as_bytes());
    assert_eq!((&found[0], found.last().unwrap()), (&(2, said("a:1", "3")), &(4_003, said("a:2", "4"))));
    assert!(found[1..4_000].iter().all(|(_, row)| row == "incomplete_row"));
}

#[test]
fn so_many_unknown_headings_are_compared_and_told() {
    let headings = (0..150).map(|number| format!(",xyz{number}")).collect::<Vec<_>>().concat();
    let text = format!("faskes,kosong{headings},kapasitos\na:1,3{}\n", ",".repeat(151));
    assert_eq!(notes(text.as_bytes()).len(), 100);
    let read = table(text.as_bytes()).unwrap();
    assert_eq!(read.header().misspelt().count(), 0);
    let text = format!("kapasitos,faskes,kosong{headings}\n1,a:1,3{}\n", ",".repeat(150));
    let read = table(text.as_bytes()).unwrap();
    assert_eq!(read.header().misspelt().collect::<Vec<_>>(), [("kapasitos", "capacity")]);
}

#[test]
fn texts_beyond_so_many_bytes_are_refused() {
    // One text, which a sheet has again and again.
    let bytes = workbook(|book| {
        let (sheet, text) = (book.add_worksheet(), "x".repeat(32_767));
        for row in 0..800 {
            sheet.write(row, 0, &text).unwrap();
        }
    });
    assert_eq!(table(&bytes).err().unwrap().code, Code::TooManyRows);
    let shared = vec![b' '; (24 << 20) + 1];
    let bytes = zip(&[("xl/sharedStrings.xml", &shared)]);
    assert_eq!(table(&bytes).err().unwrap().code, Code::TooManyRows);
}

#[test]
fn merged_areas_beyond_so_many_are_refused() {
    let bytes = |count: u32| {
        workbook(|book| {
            let (sheet, plain) = (book.add_worksheet(), Format::new());
            sheet.write_row(0, 0, ["Faskes", "Kosong"]).unwrap();
            for row in (1..).step_by(2).take(count as usize) {
                sheet.merge_range(row, 3, row + 1, 3, "", &plain).unwrap();
            }
            sheet.write_row(1, 0, ["a:1", "3"]).unwrap();
        })
    };
    assert_eq!(table(&bytes(20_001)).err().unwrap().code, Code::TooManyRows);
    assert_eq!(rows(&bytes(200)), [(2, said("a:1", "3"))]);
}
