//! What is not wanted, and what "negatif" means: a test, or the pressure of a room.

use super::{
    numbers::Meaning,
    rules::{Means, meaning},
};
use crate::domain::{lexicon::Term, names::is_generic, region_name::KindWord};

/// How many terms before "negatif" are looked at for what it says.
const FURTHEST: usize = 4;

/// Words beside "negatif" that are said of a test.
const OF_TESTS: &[&str] = &[
    "hasil",
    "hasilnya",
    "swab",
    "swabnya",
    "pcr",
    "antigen",
    "rapid",
    "genose",
    "tes",
    "test",
    "tested",
    "result",
    "results",
    "lab",
    "dinyatakan",
    "ternyata",
    "sudah",
    "udah",
    "udh",
    "sdh",
    "dah",
    "telah",
    "pasien",
    "pasiennya",
    "patient",
    "orang",
    "kontak",
    "covid",
    "positif",
];
/// Words before "negatif" that are said of a room.
const OF_ROOMS: &[&str] = &[
    "isolasi",
    "ruang",
    "ruangan",
    "kamar",
    "room",
    "bed",
    "tempat",
    "tidur",
    "tekanan",
    "bertekanan",
    "udara",
];

/// Words before a negation that make a question of it.
const ASKING: &[&str] = &["apa", "apakah", "kenapa", "mengapa", "masa", "memang", "emang"];

/// The terms of a part of a question, with each negation at what it denies: in "bukan di kota solo" that is Solo.
pub(super) fn carried(terms: Vec<Term>, is_type: impl Fn(&str) -> bool) -> Vec<Term> {
    let mut carried: Vec<Term> = Vec::with_capacity(terms.len());
    let mut negated_from = None;
    for term in terms {
        let denied = term.text.strip_prefix('-').filter(|denied| !denied.is_empty());
        let is_open = |text: &str| {
            is_generic(text) || KindWord::of(text).is_some() || meaning(text) == Some(Means::Nothing)
        };
        if denied.is_some_and(|denied| is_open(denied) && meaning(&term.text).is_none()) {
            negated_from.get_or_insert(term.words.start);
            continue;
        }
        // "Apa tidak ada ICU" asks for one.
        let is_asked = carried.last().is_some_and(|before| ASKING.contains(&&*before.text));
        if let Some(denied) = denied.filter(|_| is_asked)
            && is_type(denied)
        {
            carried.push(Term { text: denied.to_owned(), ..term });
            continue;
        }
        let text = term.text.trim_start_matches('-');
        match negated_from {
            Some(_) if is_open(text) => {}
            Some(start) => {
                carried.push(Term { text: format!("-{text}"), words: start..term.words.end });
                negated_from = None;
            }
            None => carried.push(term),
        }
    }
    // "Ventilator tidak ada", "ICU tidak usah": the negation stands behind what it denies.
    if let [.., attribute, negation] = &mut *carried
        && negation.text == "-"
        && (["ventilator", "covid"].contains(&&*attribute.text) || is_type(&attribute.text))
    {
        *attribute =
            Term { text: format!("-{}", attribute.text), words: attribute.words.start..negation.words.end };
        carried.pop();
    }
    carried
}

/// What a "negatif" says that stands without "tekanan".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Negative {
    /// Somebody was tested, and is not ill.
    Test,
    /// A room has negative pressure.
    Pressure,
    /// Nothing beside it tells.
    Unclear,
}

/// What the word "negatif" at a place says, by the words beside it; the nearest before it first. None for any other term,
/// and where its pressure is spoken of.
pub(super) fn negative(
    terms: &[Term],
    meanings: &[Option<Meaning>],
    at: usize,
    is_type: impl Fn(&str) -> bool,
) -> Option<Negative> {
    let term = &terms[at];
    let (is_plain, is_denied) = (term.text == "negatif", term.text == "-negatif");
    let is_alone = (is_plain && term.words.len() == 1) || (is_denied && term.words.len() == 2);
    if !is_alone {
        return None;
    }
    let is_of_somebody = |at: usize| {
        let somebody = |means: Means| {
            matches!(means, Means::Person | Means::Sex | Means::Elderly | Means::AgeGroup(_) | Means::Persons)
        };
        matches!(meanings[at], Some(Meaning::Rule(means)) if somebody(means))
    };
    let says = |at: usize| match &*terms[at].text {
        "belum" => Some(Negative::Unclear),
        text if OF_TESTS.contains(&text) || is_of_somebody(at) => Some(Negative::Test),
        text if OF_ROOMS.contains(&text) => Some(Negative::Pressure),
        _ => None,
    };
    let before = || (at.saturating_sub(FURTHEST)..at).rev();
    let behind = || terms.get(at + 1).filter(|next| OF_TESTS.contains(&&*next.text)).map(|_| Negative::Test);
    let typed = || before().any(|at| is_type(&terms[at].text)).then_some(Negative::Pressure);
    match before().find_map(says).or_else(behind).or_else(typed).unwrap_or(Negative::Unclear) {
        // "Bukan negatif" is not said of whom no bed for COVID is meant.
        Negative::Test if is_denied => Some(Negative::Unclear),
        read => Some(read),
    }
}
