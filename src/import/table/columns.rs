//! The headings that name a column, in Indonesian, in English, and as the lists of ministries have them: `columns.csv`.

use std::{collections::HashMap, sync::LazyLock};

use crate::{domain::numbers::FIELDS, locales::Language};

/// A kind of list: each has columns of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::import) enum List {
    Reports,
    Facilities,
    Regions,
    /// The types that ship: their columns have no other names.
    Types,
}

/// What a heading means: the name of the column, and the language of the heading if it is of one.
pub(super) type Meaning = (&'static str, Option<Language>);

static HEADINGS: LazyLock<HashMap<(List, &'static str), Meaning>> = LazyLock::new(|| {
    let rows = include_str!("columns.csv").lines().skip(1).map(|row| row.splitn(4, ',').collect::<Vec<_>>());
    let mut headings = HashMap::new();
    for row in rows {
        let [list, column, language, names] = row[..] else { unreachable!("columns.csv has four columns") };
        let list = match list {
            "reports" => List::Reports,
            "facilities" => List::Facilities,
            "regions" => List::Regions,
            other => unreachable!("columns.csv names no list {other}"),
        };
        let language = Language::ALL.into_iter().find(|known| known.tag() == language);
        for name in names.split('|') {
            let before: Option<Meaning> = headings.insert((list, name), (column, language));
            debug_assert!(before.is_none(), "two columns of {list:?} are called {name}");
        }
    }
    headings
});

/// A heading without what differs from list to list: case, marks, line breaks, and what is in brackets.
pub(in crate::import) fn plain(heading: &str) -> String {
    let without_brackets = match (heading.find('('), heading.rfind(')')) {
        (Some(open), Some(close)) if open > 0 && open < close => {
            format!("{} {}", &heading[..open], &heading[close + 1..])
        }
        _ => heading.to_owned(),
    };
    let lower = without_brackets.to_lowercase();
    let words: Vec<&str> =
        lower.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The column that a heading names.
pub(super) fn meaning(list: List, heading: &str) -> Option<Meaning> {
    HEADINGS.get(&(list, plain(of_no_table(heading)).as_str())).copied()
}

/// The heading without the table that a query put before it: `d.kode_rs`, `(d.total_tt)`.
fn of_no_table(heading: &str) -> &str {
    let bare = heading.trim_matches(['(', ')']);
    match bare.as_bytes() {
        [b'a'..=b'z', b'.', b'a'..=b'z', ..] if !bare.contains(' ') => &bare[2..],
        _ => heading,
    }
}

/// The number that a word in a heading of a wide table names.
pub(in crate::import) fn count_column(word: &str) -> Option<&'static str> {
    meaning(List::Reports, word).map(|(column, _)| column).filter(|column| FIELDS.contains(column))
}

/// The heading that is one or two slips away from this one, and its column.
pub(super) fn similar(list: List, heading: &str) -> Option<(&'static str, &'static str)> {
    let plain = plain(heading);
    let length = plain.chars().count();
    let most = if length < 6 { 1 } else { 2 };
    let near = |name: &str| strsim::osa_distance(&plain, name);
    HEADINGS
        .iter()
        .filter(|((of, name), _)| *of == list && length > 3 && name.chars().count() > 3)
        .map(|((_, name), (column, _))| (near(name), *name, *column))
        .filter(|(distance, ..)| (1..=most).contains(distance))
        .min()
        .map(|(_, name, column)| (name, column))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Nama RS", Some("facility_name"))]
    #[case("KODE_RS", Some("code"))]
    #[case("Kab/Kota", Some("region"))]
    #[case("Jml. TT", Some("capacity"))]
    #[case("Kosong (TT)", Some("available"))]
    #[case("Terpakai", Some("occupied"))]
    #[case("Jumlah\nTempat Tidur", Some("capacity"))]
    #[case("observed_at", Some("observed_at"))]
    #[case("d.kode_rs", Some("code"))]
    #[case("(d.total_tt)", Some("capacity"))]
    #[case("L. Kosong", None)]
    #[case("BOR (%)", None)]
    #[case("", None)]
    fn headings_name_columns(#[case] heading: &str, #[case] column: Option<&str>) {
        assert_eq!(meaning(List::Reports, heading).map(|(column, _)| column), column);
    }

    #[rstest]
    #[case(List::Facilities, "phon", Some(("phone", "phone")))]
    #[case(List::Facilities, "alamt", Some(("alamat", "address")))]
    #[case(List::Reports, "avaliable", Some(("available", "available")))]
    #[case(List::Reports, "catatan", None)]
    fn slips_are_seen(
        #[case] list: List,
        #[case] heading: &str,
        #[case] expected: Option<(&'static str, &'static str)>,
    ) {
        assert_eq!(similar(list, heading), expected);
    }
}
