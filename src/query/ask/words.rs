//! The words of a question as they were typed.

use std::ops::Range;

use crate::{
    domain::{geo::Point, lexicon::is_class, names, region_name::NameWord},
    query::params::Near,
};

/// A word, or a number with what separates its parts: `1,5`, `5/7`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// In lower case, without apostrophes.
    pub(super) text: String,
    /// Where it stands in the question.
    pub(super) range: Range<usize>,
    /// Whether a part of the question ends behind it: a comma, a bracket, a line.
    pub(super) ends_part: bool,
    /// The coordinates that it is.
    pub(super) point: Option<Near>,
}

/// The words of a question: runs of letters, and numbers.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    // The class of the character before, and whether a separator stands between two digits.
    let mut before = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if matches!(char, '\'' | '’' | '`') {
            continue;
        }
        let next = chars.peek().map(|(_, next)| *next);
        let joins = before == Some(true)
            && matches!(char, '.' | ',' | '/' | '-' | ':')
            && next.is_some_and(char::is_numeric);
        let class = if joins { Some(true) } else { char.is_alphanumeric().then(|| char.is_numeric()) };
        let end = at + char.len_utf8();
        match (class, words.last_mut()) {
            (Some(_), Some(word)) if before == class => {
                word.text.extend(char.to_lowercase());
                word.range.end = end;
            }
            (Some(_), _) => {
                let text = char.to_lowercase().collect();
                words.push(Word { text, range: at..end, ends_part: false, point: None });
            }
            (None, Some(word))
                if matches!(char, ',' | ';' | '(' | ')' | '|' | '>' | '\n' | '.' | '?' | '!') =>
            {
                word.ends_part |= char != '.' || next.is_none_or(char::is_whitespace) && word.text.len() > 3;
            }
            (None, _) => {}
        }
        before = class;
    }
    classes_apart(letters_joined(points_joined(text, words)))
}

/// "-6.99, 110.42" is a point.
fn points_joined(text: &str, words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let before = joined.last().filter(|before| {
            before.ends_part && point_of(text, before.range.start..word.range.end).is_some()
        });
        let start = before.map_or(word.range.start, |before| before.range.start);
        let point = point_of(text, start..word.range.end);
        if point.is_some() && before.is_some() {
            joined.pop();
        }
        joined.push(Word { range: start..word.range.end, point, ..word });
    }
    joined
}

/// The point that a part of a text is, with the sign before it. "1.5,2" may be anything else, so both have decimals.
fn point_of(text: &str, range: Range<usize>) -> Option<Near> {
    let (lat, lon) = text[range.clone()].split_once(',')?;
    if ![lat, lon].iter().all(|number| number.contains('.')) {
        return None;
    }
    let sign = if text[..range.start].ends_with(['-', '−']) { "-" } else { "" };
    Point::parse(&format!("{sign}{},{}", lat.trim(), lon.trim()), "").ok().map(Near::from)
}

/// "R.S.U.D." is "RSUD".
fn letters_joined(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let is_letter = |word: &Word| word.text.len() == 1 && word.text.starts_with(char::is_alphabetic);
    let mut is_abbreviation = false;
    for word in words {
        let is_next = is_letter(&word);
        match joined.last_mut() {
            // A dot stands between them.
            Some(before)
                if is_abbreviation
                    && is_next
                    && before.range.end + 1 == word.range.start
                    && !before.ends_part =>
            {
                before.text.push_str(&word.text);
                before.range.end = word.range.end;
                before.ends_part = word.ends_part;
            }
            _ => joined.push(word),
        }
        is_abbreviation = is_next;
    }
    joined
}

/// "Kelas 1/2" is "kelas 1, kelas 2".
fn classes_apart(words: Vec<Word>) -> Vec<Word> {
    let mut apart: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let class = apart.last().filter(|class| is_class(&class.text));
        match class.cloned() {
            Some(class) if !word.text.bytes().all(|byte| byte.is_ascii_digit()) => {
                let numbers = word.text.split(['/', ',', '-']).filter(|number| number.len() == 1);
                let numbers: Vec<&str> = numbers.collect();
                if numbers.len() < 2 {
                    apart.push(word);
                    continue;
                }
                apart.pop();
                for number in numbers {
                    let number = Word { text: number.to_owned(), ..word.clone() };
                    apart.extend([class.clone(), number]);
                }
            }
            _ => apart.push(word),
        }
    }
    apart
}

/// The same for reading names of regions in it.
pub(super) fn name_words(words: &[Word]) -> Vec<NameWord> {
    let word = |word: &Word| NameWord { word: names::words(&word.text).concat(), ends_part: word.ends_part };
    words.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ICU, Tembalang!", &["icu", "tembalang"])]
    #[case("K3 spo2 80%", &["k", "3", "spo", "2", "80"])]
    #[case("usia 1,5 thn", &["usia", "1,5", "thn"])]
    #[case("5/7 2021-07-05 0812-345 10.30", &["5/7", "2021-07-05", "0812-345", "10.30"])]
    #[case("3-year-old covid-19", &["3", "year", "old", "covid", "19"])]
    #[case("Jum'at", &["jumat"])]
    #[case("kelas 1/2", &["kelas", "1", "kelas", "2"])]
    #[case("R.S. dr.Kariadi", &["rs", "dr", "kariadi"])]
    fn questions_become_words(#[case] text: &str, #[case] expected: &[&str]) {
        let words = words(text);
        assert_eq!(words.iter().map(|word| &*word.text).collect::<Vec<_>>(), expected);
        for word in words.iter().filter(|_| !text.contains("kelas") && !text.contains(['\'', '.'])) {
            assert_eq!(text[word.range.clone()].to_lowercase(), word.text);
        }
    }

    #[test]
    fn commas_end_parts() {
        let ends: Vec<bool> =
            words("Tembalang, Semarang (Kota). RS").iter().map(|word| word.ends_part).collect();
        assert_eq!(ends, [true, true, true, false]);
    }
}
