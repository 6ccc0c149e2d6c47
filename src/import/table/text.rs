//! Tables that are written as text: commas, semicolons, tabs or bars between the cells, quotes around some.

use super::{Cell, Line, MOST_COLUMNS};

/// The separators that occur, the likeliest last.
pub(super) const SEPARATORS: [char; 4] = ['|', '\t', ';', ','];
/// The longest cell with line breaks in it; a quote that is not closed by then is a slip.
const MOST_QUOTED: usize = 64 << 10;

/// The text without a first line like `sep=;`, and the separator that it names.
pub(super) fn without_hint(text: &str) -> (&str, Option<char>) {
    let (line, rest) = line(text);
    let hint = line.trim().trim_matches('"').to_ascii_lowercase();
    match hint.strip_prefix("sep=").map(|hint| hint.chars().collect::<Vec<_>>()).as_deref() {
        Some([separator]) => (rest, Some(*separator)),
        // A tab is trimmed away.
        Some([]) => (rest, Some('\t')),
        _ => (text, None),
    }
}

/// The separator that the first line has most of.
pub(super) fn separator(text: &str) -> char {
    let (line, _) = line(text);
    // The last of several equal ones wins.
    SEPARATORS.into_iter().max_by_key(|separator| line.matches(*separator).count()).unwrap_or(',')
}

/// The lines of a text. A quoted cell may hold line breaks if the row has `width` cells then; otherwise the quote is
/// a slip, which costs its line and not the rest.
pub(super) fn lines(text: &str, separator: char, width: Option<usize>) -> impl Iterator<Item = Line> {
    let mut rest = text;
    (1..).map_while(move |number| {
        if rest.is_empty() {
            return None;
        }
        let (first, after) = line(rest);
        let (cells, after) = if is_open(first) {
            quoted(rest, separator, width).unwrap_or_else(|| (split(first, separator).0, after))
        } else {
            (split(first, separator).0, after)
        };
        rest = after;
        Some(Line { number, cells })
    })
}

/// The row that goes on behind the first line break, and the text behind it.
fn quoted(text: &str, separator: char, width: Option<usize>) -> Option<(Vec<Cell>, &str)> {
    let mut after = text;
    let mut quotes = 0;
    loop {
        let (next, rest) = line(after);
        quotes += next.matches('"').count();
        let length = text.len() - after.len() + next.len();
        after = rest;
        if quotes % 2 == 0 {
            let (cells, is_clean) = split(&text[..length], separator);
            return (is_clean && fits(&cells, width)).then_some((cells, after));
        }
        if after.is_empty() || length > MOST_QUOTED {
            return None;
        }
    }
}

/// Whether there are as many cells as the header has, and perhaps empty ones behind them.
fn fits(cells: &[Cell], width: Option<usize>) -> bool {
    width.is_none_or(|width| cells.get(width..).is_some_and(|more| more.iter().all(Cell::is_blank)))
}

fn is_open(line: &str) -> bool {
    line.matches('"').count() % 2 == 1
}

/// The first line, and what comes behind its end.
fn line(text: &str) -> (&str, &str) {
    match text.find(['\n', '\r']) {
        None => (text, ""),
        Some(end) => {
            let rest = &text[end..];
            let rest = rest.strip_prefix("\r\n").unwrap_or_else(|| &rest[1..]);
            (&text[..end], rest)
        }
    }
}

/// The cells of a row, and whether every quote that closes a cell stands at its end.
fn split(row: &str, separator: char) -> (Vec<Cell>, bool) {
    let (mut cells, mut is_clean) = (Vec::new(), true);
    let (mut cell, mut is_quoted, mut is_start) = (String::new(), false, true);
    let mut chars = row.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if is_quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if is_quoted => {
                is_quoted = false;
                is_clean &= chars.peek().is_none_or(|next| *next == separator);
            }
            '"' if is_start => is_quoted = true,
            // What comes behind the last column is one cell: it is there, and it is too much.
            char if char == separator && !is_quoted && cells.len() < MOST_COLUMNS => {
                cells.push(Cell::text(&std::mem::take(&mut cell)));
                is_start = true;
                continue;
            }
            char => cell.push(char),
        }
        is_start = false;
    }
    cells.push(Cell::text(&cell));
    (cells, is_clean)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn texts(text: &str, width: Option<usize>) -> Vec<(u32, Vec<String>)> {
        let texts = |line: Line| (line.number, line.cells.iter().map(|cell| cell.text.to_string()).collect());
        lines(text, ',', width).map(texts).collect()
    }

    #[rstest]
    #[case("a,b;c,d", ',')]
    #[case("a;b;c,d", ';')]
    #[case("a\tb\tc", '\t')]
    #[case("a|b|c", '|')]
    #[case("a", ',')]
    #[case("a,b\nx;y;z", ',')]
    fn the_header_tells_what_separates(#[case] text: &str, #[case] expected: char) {
        assert_eq!(separator(text), expected);
    }

    #[rstest]
    #[case("sep=;\r\na;b", ("a;b", Some(';')))]
    #[case("\"sep=,\"\na,b", ("a,b", Some(',')))]
    #[case("sep=\t\na\tb", ("a\tb", Some('\t')))]
    #[case("a;b\nsep=;", ("a;b\nsep=;", None))]
    fn a_hint_in_the_first_line_is_taken(#[case] text: &str, #[case] expected: (&str, Option<char>)) {
        assert_eq!(without_hint(text), expected);
    }

    #[rstest]
    #[case("a,\"b\nc\",d\ne,f,g", "a_b\nc_d e_f_g")]
    #[case::twice_in_a_row("a,\"b\nc\",\"d\ne\"\nf,g,h", "a_b\nc_d\ne f_g_h")]
    #[case::with_quotes_inside("\"a \"\"b\"\"\",c,d", "a \"b\"_c_d")]
    #[case::never_closed("a,\"b,c\nd,e,f\ng,h,i", "a_b,c d_e_f g_h_i")]
    #[case::closed_by_the_next("a,\"b,c\nd,\"e,f\ng,h,i", "a_b,c d_e,f g_h_i")]
    #[case::of_inches("a,5\" pipa,c\nd,e,f", "a_5\" pipa_c d_e_f")]
    fn a_quote_costs_no_more_than_its_line(#[case] text: &str, #[case] expected: &str) {
        let rows: Vec<String> = texts(text, Some(3)).iter().map(|(_, cells)| cells.join("_")).collect();
        assert_eq!(rows.join(" "), expected);
    }

    #[test]
    fn lines_are_numbered_as_a_spreadsheet_shows_them() {
        let numbers: Vec<u32> =
            texts("a,b\n\n\"c\nd\",e\r\nf,g\r", Some(2)).iter().map(|(n, _)| *n).collect();
        assert_eq!(numbers, [1, 2, 3, 4]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", odd in "[a\",\r\n]{0,40}") {
            for text in [&text, &odd] {
                let _ = (texts(text, Some(2)), texts(text, None), without_hint(text));
            }
        }
    }
}
