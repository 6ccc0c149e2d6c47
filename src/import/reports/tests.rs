use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::{
    auth::{Operator, Principal},
    clock::Timestamp,
    domain::numbers::Count,
    locales::Language,
    snapshot::Snapshot,
};

const HEADER: &str = "facility,type,session,capacity,occupied,available,queue,observed_at";

fn now() -> Timestamp {
    "2021-07-01T07:00:00Z".parse().unwrap()
}

fn read(format: Format, bytes: &[u8], now: Timestamp, most: usize) -> Result<Vec<ReportRow>, Rejections> {
    let state = Snapshot::default();
    let context = Context {
        now,
        state: &state,
        sender: &Principal::Operator(Operator::Cli),
        language: Language::En,
        mapping: &crate::import::ColumnMapping::default(),
        keeps_cells: false,
        facility: None,
    };
    super::read(Some(format), bytes.into(), context, most).map(|reports| reports.rows)
}

fn csv(bytes: &[u8], now: Timestamp) -> Result<Vec<ReportRow>, Rejections> {
    read(Format::Table, bytes, now, MOST_ROWS)
}

fn json(bytes: &[u8], now: Timestamp) -> Result<Vec<ReportRow>, Rejections> {
    read(Format::Json, bytes, now, MOST_ROWS)
}

fn ndjson(bytes: &[u8], now: Timestamp) -> Result<Vec<ReportRow>, Rejections> {
    read(Format::Ndjson, bytes, now, MOST_ROWS)
}

/// The error of the only row.
fn refused(rows: Result<Vec<ReportRow>, Rejections>) -> Vec<(Code, String)> {
    let rows = rows.unwrap();
    assert_eq!(rows.len(), 1);
    let rejections = rows[0].said.as_ref().err().unwrap();
    rejections.iter().map(|rejection| (rejection.code, rejection.pointer.to_string())).collect()
}

fn counts(row: &ReportRow) -> [Option<u32>; 4] {
    let numbers = row.said.as_ref().ok().unwrap().numbers;
    let numbers = numbers.numbers;
    [numbers.capacity(), numbers.occupied(), numbers.available(), numbers.queue()]
        .map(|count| count.map(Count::get))
}

#[test]
fn csv_rows_say_what_they_say() {
    let text = format!(
        "{HEADER}\nkemenkes:3374010,bed.icu,,10,7,3,0,2021-07-01T13:00:00+07:00\n\r\n kemenkes:1 ,bed.icu,,,,0,,\r\n"
    );
    let rows = csv(text.as_bytes(), now()).unwrap();
    assert_eq!(counts(&rows[0]), [Some(10), Some(7), Some(3), Some(0)]);
    assert_eq!(counts(&rows[1]), [None, None, Some(0), None]);
    let said = rows[0].said.as_ref().ok().unwrap();
    assert_eq!(said.observed_at, Some("2021-07-01T06:00:00Z".parse().unwrap()));
    assert_eq!(rows[1].said.as_ref().ok().unwrap().observed_at, None);
    assert_eq!(rows[1].facility.as_deref(), Some("kemenkes:1"));
    assert_eq!((rows[0].row, rows[1].row), (1, 2));
}

#[test]
fn columns_may_stand_in_any_order_and_be_left_out() {
    let rows = csv(b"\xef\xbb\xbfAvailable;Type;Facility\n3;bed.icu;kemenkes:1\n", now()).unwrap();
    assert_eq!(counts(&rows[0]), [None, None, Some(3), None]);
}

#[rstest]
#[case(",bed.icu,,10,7,3,0,", Code::MissingField, "/facility")]
#[case("a:1,,,10,7,3,0,", Code::MissingField, "/type")]
#[case("a:1,bed.icu,,10,8,3,0,", Code::AboveCapacity, "/occupied")]
#[case("a:1,bed.icu,,10,,11,0,", Code::AboveCapacity, "/available")]
#[case("a:1,bed.icu,,10,-7,3,0,", Code::NegativeCount, "/occupied")]
#[case("a:1,bed.icu,,10,7,3.5,0,", Code::CountNotWhole, "/available")]
#[case("a:1,bed.icu,,10,tujuh,3,0,", Code::CountNotWhole, "/occupied")]
#[case("a:1,bed.icu,,10000000,7,3,0,", Code::CountTooLarge, "/capacity")]
#[case("a:1,bed.icu,,10,7,3,0,2021-07-01T07:03:00Z", Code::ObservedInFuture, "/observed_at")]
#[case("a:1,bed.icu,,10,7,3,0,2021-07-0", Code::InvalidTime, "/observed_at")]
#[case("a:1,bed.icu,,10,7", Code::IncompleteRow, "")]
#[case("a:1,bed.icu,,10,7,3,0,,x", Code::IncompleteRow, "")]
fn a_bad_csv_row_says_why(#[case] row: &str, #[case] code: Code, #[case] pointer: &str) {
    let text = format!("{HEADER}\n{row}\n");
    assert_eq!(refused(csv(text.as_bytes(), now())), [(code, pointer.to_owned())]);
}

#[test]
fn everything_wrong_with_a_row_is_said_at_once() {
    let text = format!("{HEADER}\n,,s,a,-1,1.5,9999999,kemarin\n");
    let codes: Vec<Code> = refused(csv(text.as_bytes(), now())).into_iter().map(|(code, _)| code).collect();
    let expected = [
        Code::MissingField,
        Code::MissingField,
        Code::CountNotWhole,
        Code::NegativeCount,
        Code::CountNotWhole,
        Code::CountTooLarge,
        Code::InvalidTime,
    ];
    assert_eq!(codes, expected);
}

#[test]
fn one_broken_row_stops_no_other() {
    let text =
        b"facility,type,available\na:1,bed.icu,1\na:2,\"bed.icu,2\na:\x81,bed.icu,3\na:4,bed\na:5,bed.icu,5";
    let rows = csv(text, now()).unwrap();
    let codes: Vec<Option<Code>> =
        rows.iter().map(|row| row.said.as_ref().err().map(|rejections| rejections[0].code)).collect();
    let expected =
        [None, Some(Code::IncompleteRow), Some(Code::InvalidEncoding), Some(Code::IncompleteRow), None];
    assert_eq!(codes, expected);
    assert_eq!(rows.iter().map(|row| row.row).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

#[rstest]
#[case(r#"["x"]"#, Code::InvalidField, "")]
#[case(r#"[{"type":"bed.icu","available":3}]"#, Code::MissingField, "/facility")]
#[case(r#"[{"facility":" ","type":"bed.icu"}]"#, Code::MissingField, "/facility")]
#[case(r#"[{"facility":3374010,"type":"bed.icu"}]"#, Code::InvalidField, "/facility")]
#[case(r#"[{"facility":"a:1","type":"bed.icu","available":"3"}]"#, Code::NumberAsText, "/available")]
#[case(
    r#"[{"facility":"a:1","type":"bed.icu","available":3,"occupied":8,"capacity":10}]"#,
    Code::AboveCapacity,
    "/occupied"
)]
#[case(r#"[{"facility":"a:1","type":"bed.icu","kosong":3}]"#, Code::UnknownField, "/kosong")]
#[case(r#"[{"facility":"a:1","type":"bed.icu","a/b":3}]"#, Code::UnknownField, "/a~1b")]
#[case(r#"[{"facility":"a:1","type":"bed.icu","session":7}]"#, Code::InvalidField, "/session")]
#[case(
    r#"[{"facility":"a:1","type":"bed.icu","observed_at":1625122800}]"#,
    Code::InvalidField,
    "/observed_at"
)]
#[case(
    r#"{"reports":[{"facility":"a:1","type":"bed.icu","available":-1}]}"#,
    Code::NegativeCount,
    "/available"
)]
fn a_bad_json_row_says_why(#[case] text: &str, #[case] code: Code, #[case] pointer: &str) {
    assert_eq!(refused(json(text.as_bytes(), now())), [(code, pointer.to_owned())]);
}

#[test]
fn json_rows_say_what_they_say() {
    let text =
        r#"{"reports":[{"facility":"a:1","type":"bed.icu","available":3,"queue":null,"session":null}]}"#;
    assert_eq!(counts(&json(text.as_bytes(), now()).unwrap()[0]), [None, None, Some(3), None]);
}

#[test]
fn a_broken_line_of_ndjson_stops_no_other() {
    let text = b"{\"facility\":\"a:1\",\"type\":\"bed.icu\",\"available\":1}\n{\"facility\":\"a:1\"\n\n{\"facility\":\"\xff\"}\r\n{\"facility\":\"a:2\",\"type\":\"bed.icu\"}";
    let rows = ndjson(text, now()).unwrap();
    let codes: Vec<Option<Code>> =
        rows.iter().map(|row| row.said.as_ref().err().map(|rejections| rejections[0].code)).collect();
    assert_eq!(codes, [None, Some(Code::InvalidBody), Some(Code::InvalidEncoding), None]);
}

#[rstest]
#[case(Format::Table, "", Code::NothingReported, "")]
#[case(Format::Table, " \r\n", Code::NothingReported, "")]
#[case(Format::Table, HEADER, Code::NothingReported, "")]
#[case(Format::Table, "facility,available\na:1,3", Code::MissingField, "type")]
#[case(Format::Table, "facility,type\na:1,bed.icu", Code::MissingField, "available")]
#[case(Format::Table, "facility,type,avaliable\na:1,bed.icu,3", Code::UnknownField, "avaliable")]
#[case(Format::Table, "facility,type,type,available\n", Code::InvalidField, "type")]
#[case(Format::Json, "[]", Code::NothingReported, "")]
#[case(Format::Json, "{\"reports\":[]}", Code::NothingReported, "")]
#[case(Format::Json, "{\"reports\":1}", Code::InvalidField, "/reports")]
#[case(Format::Json, "{\"rows\":[]}", Code::MissingField, "/reports")]
#[case(Format::Json, "{\"reports\":[],\"dry_run\":true}", Code::UnknownField, "/dry_run")]
#[case(Format::Json, "1", Code::InvalidField, "")]
#[case(Format::Json, "[{]", Code::InvalidBody, "")]
#[case(Format::Ndjson, "\n \n", Code::NothingReported, "")]
fn some_requests_are_refused_whole(
    #[case] format: Format,
    #[case] text: &str,
    #[case] code: Code,
    #[case] pointer: &str,
) {
    let refused = read(format, text.as_bytes(), now(), MOST_ROWS).err().unwrap();
    assert_eq!((refused.first().code, refused.first().pointer.as_ref()), (code, pointer));
}

#[test]
fn a_json_text_that_is_not_utf_8_is_refused_as_such() {
    let refused = json(b"[{\"facility\":\"\xff\"}]", now()).err().unwrap();
    assert_eq!(refused.first().code, Code::InvalidEncoding);
}

#[test]
fn too_many_rows_are_refused_whole() {
    let row = r#"{"facility":"a:1","type":"bed.icu","available":1}"#;
    for (format, text) in [
        (Format::Table, "facility,type,available\na:1,bed.icu,1\na:1,bed.icu,1\na:1,bed.icu,1".to_owned()),
        (Format::Json, format!("[{row},{row},{row}]")),
        (Format::Ndjson, [row; 3].join("\n")),
    ] {
        let refused = read(format, text.as_bytes(), now(), 2).err().unwrap();
        assert_eq!(refused.first().code, Code::TooManyRows);
        assert_eq!(read(format, text.as_bytes(), now(), 3).unwrap().len(), 3);
    }
}

#[rstest]
#[case("facility,type\n", Format::Table)]
#[case("", Format::Table)]
#[case(" [{}]", Format::Json)]
#[case("{\"reports\": []}", Format::Json)]
#[case("{\"facility\": \"a:1\"}\n{", Format::Ndjson)]
#[case("{\"facility\": \"a:1\"}", Format::Ndjson)]
fn the_format_is_seen(#[case] text: &str, #[case] format: Format) {
    assert_eq!(Format::of(text.as_bytes()), format);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in [Format::Table, Format::Json, Format::Ndjson, Format::of(&bytes)] {
            let _ = read(format, &bytes, now(), 10);
        }
    }

    #[test]
    fn no_bytes_under_a_good_header_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 1..400)) {
        let text = [HEADER.as_bytes(), b"\n", &bytes].concat();
        // Spreadsheets write empty rows as bare separators and quotes.
        let says_something = |byte: &u8| !byte.is_ascii_whitespace() && !b",;\"".contains(byte);
        let lines = bytes
            .split(|byte| matches!(byte, b'\n' | b'\r'))
            .filter(|line| line.iter().any(says_something))
            .count();
        let rows = csv(&text, now()).map_or(0, |rows| rows.len());
        // Only quotes can join lines, and only into a row that is whole.
        if bytes.contains(&b'"') {
            prop_assert!(rows <= lines);
        } else {
            prop_assert_eq!(rows, lines);
        }
    }

    #[test]
    fn a_change_to_one_row_never_loses_another(
        rows in prop::collection::vec("a:[1-9]{1,3},bed\\.icu,,9,[0-9]?,0,,", 1..20),
        place in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>().prop_filter("no line break", |byte| !matches!(byte, b'\n' | b'\r')),
    ) {
        let mut rows: Vec<Vec<u8>> = rows.into_iter().map(String::into_bytes).collect();
        let changed = place.index(rows.len());
        let at = at.index(rows[changed].len());
        rows[changed][at] = byte;
        let text = [HEADER.as_bytes(), b"\n", &rows.join(&b'\n')].concat();
        let read = csv(&text, now()).unwrap();
        prop_assert_eq!(read.len(), rows.len());
        for (index, row) in read.iter().enumerate() {
            prop_assert_eq!(row.row as usize, index + 1);
            prop_assert!(index == changed || row.said.is_ok());
        }
    }

    #[test]
    fn half_a_text_is_read_up_to_where_it_ends(end in 0usize..120) {
        let text = format!("{HEADER}\na:1,bed.icu,,10,7,3,0,\na:2,bed.icu,,10,7,3,0,\n");
        let _ = csv(&text.as_bytes()[..end.min(text.len())], now());
    }
}
