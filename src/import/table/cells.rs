//! Numbers in the cells of people's tables: unknown, full, `12.0`, `1.234`.

use std::borrow::Cow;

use crate::domain::numbers;

/// Words for "nobody knows", which is not zero.
const UNKNOWN: &[&str] = &[
    "-",
    "--",
    "–",
    "—",
    "−",
    "?",
    ".",
    "n/a",
    "na",
    "n.a.",
    "n.a",
    "#n/a",
    "nan",
    "null",
    "none",
    "nil",
    "\\n",
    "unknown",
    "no data",
    "tidak ada",
    "tdk ada",
    "tidak ada data",
    "tdk ada data",
    "belum ada data",
    "tidak diketahui",
    "tidak tahu",
    "t/a",
    "t.a.",
];

/// Words that may stand behind any number.
const UNITS: &[&str] = &["tt", "bed", "beds", "tempat tidur", "unit", "orang"];
/// Words that may stand behind a number of people who are there: `7 pasien` are no free beds.
const PATIENTS: &[&str] = &["pasien", "px", "psn", "patients"];

/// Whether the cell says that nobody knows.
pub(super) fn is_unknown(cell: &str) -> bool {
    let fits = cell.len() <= 20;
    fits && UNKNOWN.contains(&cell.to_lowercase().as_str())
}

/// Whether the cell says that no place is free.
pub(super) fn is_full(cell: &str) -> bool {
    numbers::is_full(&cell.to_lowercase())
}

/// Whether the cell says none.
pub(super) fn is_zero(cell: &str) -> bool {
    numbers::is_none(&cell.to_lowercase())
}

/// The number without what it counts: `10 TT`.
pub(super) fn without_unit<'c>(cell: &'c str, field: &str) -> &'c str {
    let number = cell.trim_end_matches(|char: char| char.is_alphabetic() || char.is_whitespace());
    let unit = cell[number.len()..].trim().to_lowercase();
    let counts_people = matches!(field, "occupied" | "queue");
    let is_unit = UNITS.contains(&&*unit) || counts_people && PATIENTS.contains(&&*unit);
    if is_unit { number } else { cell }
}

/// The mark that separates thousands in a column; the other one is that of decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thousands {
    Dot,
    Comma,
    /// Nothing in the column tells.
    Unsure,
}

/// The forms that the numbers of a column have, of which each may tell what its marks mean.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    dot: bool,
    comma: bool,
}

impl Evidence {
    /// Looks at one more cell of the column.
    pub(super) fn add(&mut self, cell: &str) {
        let Some(number) = Written::of(cell) else { return };
        let (first, last) = match number.marks.as_slice() {
            [] => return,
            [first, .., last] => (*first, *last),
            [only] => (*only, *only),
        };
        let parts_thousands = match number.marks.len() {
            // 12.5 and 12.00 have a mark of decimals, and 1.234 may have either.
            1 if number.last().len() == 3 => return,
            1 => other(first),
            // 1.234.567 or 1.234,0
            _ if first == last => first,
            _ => other(last),
        };
        if parts_thousands == '.' {
            self.dot = true;
        } else {
            self.comma = true;
        }
    }

    /// What the column means, if `usual` is what its language does.
    pub(super) fn thousands(self, usual: Thousands) -> Thousands {
        match (self.dot, self.comma) {
            (true, false) => Thousands::Dot,
            (false, true) => Thousands::Comma,
            (true, true) => Thousands::Unsure,
            (false, false) => usual,
        }
    }
}

/// The whole number in a cell, without marks, if it has one reading; the two readings if there are two; otherwise the
/// cell as it is.
pub(super) fn whole(cell: &str, thousands: Thousands) -> Result<Cow<'_, str>, [String; 2]> {
    let cell = cell.trim_start_matches('+');
    let Some(number) = Written::of(cell) else { return Ok(cell.into()) };
    let is_zero = |digits: &str| digits.bytes().all(|digit| digit == b'0');
    let digits = number.groups.concat();
    let sign = if cell.starts_with('-') { "-" } else { "" };
    match number.marks.as_slice() {
        [] => Ok(format!("{sign}{digits}").into()),
        [mark] => {
            let (before, after) = (number.groups[0], number.last());
            let as_decimal =
                if is_zero(after) { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") };
            let is_group = after.len() == 3 && before.len() <= 3 && !before.starts_with('0');
            let parts_thousands = match thousands {
                Thousands::Dot => *mark == '.',
                Thousands::Comma => *mark == ',',
                Thousands::Unsure if is_group => return Err([format!("{sign}{digits}"), as_decimal]),
                Thousands::Unsure => false,
            };
            Ok(if is_group && parts_thousands { format!("{sign}{digits}").into() } else { as_decimal.into() })
        }
        [first, .., last] => {
            let (groups, decimals) = match (first == last, number.groups.split_last()) {
                (false, Some((last, groups))) => (groups, *last),
                _ => (number.groups.as_slice(), ""),
            };
            let are_alike = number.marks[..groups.len() - 1].iter().all(|mark| mark == first);
            let are_groups = groups[1..].iter().all(|group| group.len() == 3) && groups[0].len() <= 3;
            let is_whole = are_alike && are_groups && is_zero(decimals);
            Ok(if is_whole { format!("{sign}{}", groups.concat()).into() } else { cell.into() })
        }
    }
}

/// A number as it is written: digits, and the marks between them.
struct Written<'a> {
    groups: Vec<&'a str>,
    marks: Vec<char>,
}

impl<'a> Written<'a> {
    fn of(cell: &'a str) -> Option<Self> {
        let bare = cell.trim_start_matches(['-', '+']);
        let is_mark = |char: char| matches!(char, '.' | ',');
        let is_number = bare.len() <= 40 && bare.chars().all(|char| char.is_ascii_digit() || is_mark(char));
        let groups: Vec<&str> = bare.split(is_mark).collect();
        let is_whole = is_number && groups.iter().all(|group| !group.is_empty());
        is_whole.then(|| Self { groups, marks: bare.chars().filter(|char| is_mark(*char)).collect() })
    }

    fn last(&self) -> &'a str {
        self.groups.last().copied().unwrap_or_default()
    }
}

const fn other(mark: char) -> char {
    if mark == '.' { ',' } else { '.' }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("12", Ok("12"))]
    #[case("-3", Ok("-3"))]
    #[case("12.0", Ok("12"))]
    #[case("12,00", Ok("12"))]
    #[case("1.234.567", Ok("1234567"))]
    #[case("1,234,567.00", Ok("1234567"))]
    #[case("1.234,0", Ok("1234"))]
    #[case("3.5", Ok("3.5"))]
    #[case("1.2.3", Ok("1.2.3"))]
    #[case("0.500", Ok("0.500"))]
    #[case("tujuh", Ok("tujuh"))]
    #[case("12.", Ok("12."))]
    #[case::two_readings("1.234", Err(["1234", "1.234"]))]
    #[case("12,000", Err(["12000", "12"]))]
    fn a_number_alone_is_read_if_it_has_one_reading(
        #[case] cell: &str,
        #[case] expected: Result<&str, [&str; 2]>,
    ) {
        let read = whole(cell, Thousands::Unsure);
        assert_eq!(read, expected.map(Cow::from).map_err(|readings| readings.map(str::to_owned)));
    }

    #[rstest]
    #[case(&["1.234", "12,5"], "1234")]
    #[case(&["1.234", "1.234.567"], "1234")]
    #[case(&["1.234", "12.5"], "1.234")]
    #[case(&["1,234", "12.0"], "1234")]
    #[case(&["1.234", "1.234,00"], "1234")]
    fn the_column_tells_what_a_mark_means(#[case] column: &[&str], #[case] expected: &str) {
        let mut evidence = Evidence::default();
        for cell in column {
            evidence.add(cell);
        }
        assert_eq!(whole(column[0], evidence.thousands(Thousands::Unsure)).unwrap(), expected);
    }

    proptest::proptest! {
        #[test]
        fn a_number_without_marks_is_itself(number in 0u32..10_000_000) {
            let cell = number.to_string();
            for thousands in [Thousands::Dot, Thousands::Comma, Thousands::Unsure] {
                proptest::prop_assert_eq!(whole(&cell, thousands).unwrap(), cell.as_str());
            }
        }

        #[test]
        fn no_cell_makes_it_panic(cell in "\\PC*", number in "[-+0-9.,]{0,12}") {
            for cell in [&cell, &number] {
                Evidence::default().add(cell);
                let _ = (whole(cell, Thousands::Dot), whole(cell, Thousands::Unsure), is_unknown(cell));
            }
        }
    }
}
