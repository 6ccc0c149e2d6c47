//! Reports as people write them in a text message: `ICU 3/10, K3 5, IGD PENUH`.
//!
//! | written | means |
//! | --- | --- |
//! | `ICU 3/10`, `ICU 3 dari 10`, `ICU: 3/10` | 3 free of 10 |
//! | `K3 5`, `K3 sisa 5`, `Kelas 3 5 bed` | 5 free |
//! | `IGD penuh`, `IGD habis`, `IGD full` | 0 free |
//! | `ICU 0/4 antri 2` | 0 free of 4, 2 wait |
//! | `YA`, `YA ICU 90/100` | these numbers are right, although they are far from those before |
//! | `?`, `bantuan` | how to write it |
//!
//! Commas, semicolons, lines and `dan` separate types, and so does a number that a name follows. What a type is called is
//! in the vocabulary of the directory. `kosong` alone is not read: it means that nobody is there, or that nothing is left.

use super::numbers::Count;

/// How many characters of a message are read: as many as gateways pass on.
pub const LONGEST: usize = 1_600;
/// How many types one message may name.
const MOST_ITEMS: usize = 40;

/// A message, as far as its grammar goes.
#[derive(Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// How does one report?
    Help,
    /// The numbers are right: those of this text, or those that were asked back if it is empty.
    Confirm(&'a str),
    /// Numbers.
    Report(Parsed),
}

/// What a report says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The numbers of each type.
    pub items: Vec<Item>,
    /// What could not be read.
    pub unread: Vec<String>,
}

/// The numbers of one type.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// What the sender calls the type.
    pub name: String,
    /// The number of free places.
    pub available: Count,
    /// How many there are, if it says that.
    pub capacity: Option<Count>,
    /// How many people wait, if it says that.
    pub queue: Option<Count>,
}

/// Words that ask how to report.
const HELP: &[&str] = &["?", "help", "bantuan", "format", "info", "cara", "menu"];
/// Words that confirm.
const YES: &[&str] = &["ya", "y", "yes", "benar", "betul"];
/// Words for none free.
const FULL: &[&str] = &["penuh", "full", "habis"];
/// Words around a number that say nothing more.
const FILLERS: &[&str] =
    &["kosong", "sisa", "tersisa", "tersedia", "ada", "free", "available", "bed", "beds", "tt", "-", "="];
/// Words before the number of people who wait.
const QUEUE: &[&str] = &["antri", "antre", "antrian", "antrean", "queue"];
/// Words between the free and all.
const OF: &[&str] = &["dari", "of"];

impl<'a> Request<'a> {
    /// Reads a message.
    pub fn read(text: &'a str) -> Self {
        let text = text.trim();
        let bare = text.trim_matches(['.', '!', '"', '\'']).to_lowercase();
        if HELP.contains(&&*bare) {
            return Self::Help;
        }
        let (first, rest) = text.split_at(text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len()));
        if YES.contains(&&*first.to_lowercase()) {
            return Self::Confirm(rest.trim_start_matches(|c: char| !c.is_alphanumeric()));
        }
        Self::Report(Parsed::read(text))
    }
}

impl Parsed {
    fn read(text: &str) -> Self {
        let mut parsed = Self::default();
        let is_full_stop = |(at, c): (usize, char)| {
            c == '.' && text[at + 1..].chars().next().is_none_or(char::is_whitespace)
        };
        let mut from = 0;
        for (at, c) in text.char_indices() {
            if matches!(c, ',' | ';' | '\n' | '&' | '+') || is_full_stop((at, c)) {
                parsed.read_part(&text[from..at]);
                from = at + c.len_utf8();
            }
        }
        parsed.read_part(&text[from..]);
        parsed
    }

    /// Reads a part in which nothing separates types but their numbers.
    fn read_part(&mut self, part: &str) {
        let spaced = part.replace([':', '='], " ").replace(" /", "/").replace("/ ", "/");
        let words: Vec<&str> = spaced.split_whitespace().flat_map(apart).collect();
        let is_any = |word: &str, of: &[&str]| of.contains(&&*word.to_lowercase());
        let mut name: Vec<&str> = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let rest = &words[at + 1..];
            at += 1;
            if is_any(word, FILLERS) {
                continue;
            }
            if is_any(word, QUEUE)
                && name.is_empty()
                && let (Some(item), Some(queue)) =
                    (self.items.last_mut(), rest.first().and_then(|w| count(w)))
            {
                item.queue = Some(queue);
                at += 1;
                continue;
            }
            if word.eq_ignore_ascii_case("dan") && name.is_empty() {
                continue;
            }
            let (value, used) = match rest {
                [of, all, ..] if is_any(of, OF) => {
                    (count(word).zip(count(all)).map(|(n, m)| (n, Some(m))), 2)
                }
                _ => (value(word), 0),
            };
            // In `Kelas 3 5` the first number belongs to the name.
            let next = rest.iter().find(|word| !is_any(word, FILLERS));
            let is_name = used == 0 && !word.contains('/') && next.is_some_and(|next| value_is(next));
            match value.filter(|_| !is_name) {
                Some((available, capacity)) if !name.is_empty() && self.items.len() < MOST_ITEMS => {
                    let name = std::mem::take(&mut name).join(" ");
                    self.items.push(Item { name, available, capacity, queue: None });
                    at += used;
                }
                _ => name.push(word),
            }
        }
        if !name.is_empty() {
            self.unread.push(name.join(" "));
        }
    }
}

/// `ICU3/10` is a name and a value.
fn apart(word: &str) -> impl Iterator<Item = &str> {
    let slash = word.find('/').unwrap_or_default();
    let digits = word[..slash].bytes().rev().take_while(u8::is_ascii_digit).count();
    let (name, value) = if digits == 0 { (word, "") } else { word.split_at(slash - digits) };
    [name, value].into_iter().filter(|part| !part.is_empty())
}

fn value_is(word: &str) -> bool {
    value(word).is_some()
}

fn value(word: &str) -> Option<(Count, Option<Count>)> {
    if FULL.contains(&&*word.to_lowercase()) {
        return Some((Count::new(0)?, None));
    }
    match word.split_once('/') {
        Some((free, all)) => Some((count(free)?, Some(count(all)?))),
        None => Some((count(word)?, None)),
    }
}

fn count(word: &str) -> Option<Count> {
    let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| word.parse().ok().and_then(Count::new)).flatten()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// `NAME free/capacity+queue`, and what is unread behind `|`.
    fn shown(parsed: &Parsed) -> String {
        let items = parsed.items.iter().map(|item| {
            let capacity = item.capacity.map(|count| format!("/{count}")).unwrap_or_default();
            let queue = item.queue.map(|count| format!("+{count}")).unwrap_or_default();
            format!("{} {}{capacity}{queue}", item.name, item.available)
        });
        let unread = parsed.unread.iter().map(|unread| format!("|{unread}"));
        items.chain(unread).collect::<Vec<_>>().join(", ")
    }

    #[rstest]
    #[case("ICU 3/10, K3 5, IGD PENUH", "ICU 3/10, K3 5, IGD 0")]
    #[case("icu 3/10 k3 5 igd penuh", "icu 3/10, k3 5, igd 0")]
    #[case("ICU: 3 / 10\nKelas 3: 5\nIGD = full", "ICU 3/10, Kelas 3 5, IGD 0")]
    #[case("ICU3/10;VIP 2 dan HCU habis", "ICU 3/10, VIP 2, HCU 0")]
    #[case("Kelas 3 5", "Kelas 3 5")]
    #[case("kelas 3 penuh, kelas 1 sisa 2 bed", "kelas 3 0, kelas 1 2")]
    #[case("ICU kosong 3 dari 10. NICU tersedia 1", "ICU 3/10, NICU 1")]
    #[case("ICU 0/4 antri 2, HCU 1", "ICU 0/4+2, HCU 1")]
    #[case("ICU dengan ventilator - 2/4", "ICU dengan ventilator 2/4")]
    #[case("ICU kosong", "|ICU")]
    #[case("selamat pagi", "|selamat pagi")]
    #[case("12", "|12")]
    #[case("ICU 3.5", "|ICU 3.5")]
    #[case("ICU -3", "|ICU -3")]
    #[case("ICU 99999999", "|ICU 99999999")]
    #[case("ICU 3/10/2", "|ICU 3/10/2")]
    #[case("", "")]
    fn reports_are_read(#[case] text: &str, #[case] expected: &str) {
        let Request::Report(parsed) = Request::read(text) else { panic!("{text} is a report") };
        assert_eq!(shown(&parsed), expected);
    }

    #[rstest]
    #[case(" ? ", Request::Help)]
    #[case("Bantuan!", Request::Help)]
    #[case("YA", Request::Confirm(""))]
    #[case("ya.", Request::Confirm(""))]
    #[case("Ya, ICU 90/100", Request::Confirm("ICU 90/100"))]
    fn other_messages_are_told_apart(#[case] text: &str, #[case] expected: Request<'_>) {
        assert_eq!(Request::read(text), expected);
    }

    proptest::proptest! {
        #[test]
        fn reading_a_message_never_panics(text in "(\\PC|[0-9/,. ]|ya|penuh|antri|dari){0,80}") {
            if let Request::Report(parsed) = Request::read(&text) {
                proptest::prop_assert!(parsed.items.len() <= MOST_ITEMS);
            }
        }
    }
}
