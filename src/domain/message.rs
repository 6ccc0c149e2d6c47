//! Reports as people write them in a text message: `ICU 3/10, K3 5, IGD PENUH`.
//!
//! | written | means |
//! | --- | --- |
//! | `ICU 3/10`, `ICU 3 dari 10`, `ICU: 3/10` | 3 free of 10 |
//! | `K3 5`, `K3 sisa 5`, `Kelas 3 5 bed`, `K3 5 kosong` | 5 free |
//! | `IGD penuh`, `IGD habis`, `IGD full` | 0 free |
//! | `ICU terisi 7/10`, `ICU 7 pasien`, `ICU pakai 7` | 7 in use; nothing is said of what is free |
//! | `ICU terisi 7 kosong 3`, `ICU 3 kosong, 7 terisi` | both |
//! | `ICU 0/4 antri 2` | 0 free of 4, 2 wait |
//! | `YA`, `YA ICU 90/100` | these numbers are right, although they are far from those before |
//! | `?`, `bantuan` | how to write it |
//!
//! Commas, semicolons, lines and `dan` separate types, and so does a number that a name follows. What a type is called is
//! in the vocabulary of the directory. A word of meaning stands before its number or behind it. Whatever can be read in two
//! ways is not read: `kosong` alone means that nobody is there, or that nothing is left; `ICU 10 terisi 7` does not say
//! what 10 is; nor does `K3 5` once an earlier type was given by those in use; `tidak penuh` gives no number.

use super::{
    lexicon::is_class,
    numbers::{Count, is_full, is_none},
};

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

/// The numbers of one type: at least what is free, or what is in use.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// What the sender calls the type.
    pub name: String,
    /// The number of free places.
    pub available: Option<Count>,
    /// How many are in use.
    pub occupied: Option<Count>,
    /// How many there are, if it says that.
    pub capacity: Option<Count>,
    /// How many people wait, if it says that.
    pub queue: Option<Count>,
}

/// Words that ask how to report.
const HELP: &[&str] = &["?", "help", "bantuan", "format", "info", "cara", "menu"];
/// Words that confirm.
const YES: &[&str] = &["ya", "y", "iya", "yes", "benar", "betul"];
/// Words that say nothing more.
const FILLERS: &[&str] = &["ada", "masih", "sudah", "sdh", "udah", "bed", "beds", "tt", "-", "="];
/// Words between two types, and in names.
const AND: &[&str] = &["dan", "and"];
/// Words for what a number counts.
const MEANINGS: &[(Meaning, &[&str])] = &[
    (
        Meaning::Free,
        &[
            "kosong",
            "sisa",
            "tersisa",
            "tersedia",
            "lowong",
            "siap",
            "ready",
            "free",
            "available",
            "avail",
            "vacant",
            "empty",
        ],
    ),
    (
        Meaning::Occupied,
        &[
            "terpakai",
            "pakai",
            "pake",
            "dipakai",
            "dipake",
            "digunakan",
            "terisi",
            "isi",
            "diisi",
            "dirawat",
            "pasien",
            "px",
            "psn",
            "patient",
            "patients",
            "occupied",
            "used",
        ],
    ),
    (
        Meaning::Queue,
        &["antri", "antre", "antrian", "antrean", "menunggu", "tunggu", "nunggu", "queue", "waiting"],
    ),
    (Meaning::Capacity, &["dari", "of", "kapasitas", "kap", "capacity", "total", "jumlah", "jml"]),
];
/// Words of meaning that only name the unit behind a number whose meaning is known: `antri 2 pasien`.
const PATIENTS: &[&str] = &["pasien", "px", "psn", "patient", "patients"];
/// The same, of people of whom nobody knows whether they lie or wait.
const PEOPLE: &[&str] = &["orang", "org"];
/// Words of meaning that belong to the name before another word of it: `ICU pakai ventilator`.
const WITH: &[&str] = &["pakai", "pake"];
/// Words that turn around what follows.
const NOT: &[&str] = &[
    "tidak", "tdk", "tak", "gak", "ga", "nggak", "enggak", "bukan", "belum", "blm", "hampir", "nyaris",
    "kurang", "lebih", "not", "no", "almost", "nearly",
];
/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Free,
    Occupied,
    Queue,
    Capacity,
}

/// A word of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// A part of a name, or something that cannot be read.
    Word,
    Number(Count),
    Full,
    Means(Meaning),
    /// People behind a number; those in bed, unless the number has a meaning.
    People {
        in_bed: bool,
    },
}

impl Token {
    fn of(word: &str) -> Self {
        let lower = word.trim_matches(['!', '?', '"', '\'', '(', ')']).to_lowercase();
        let is_any = |words: &[&str]| words.contains(&&*lower);
        if let Some(count) = if is_none(&lower) { Count::new(0) } else { count(&lower) } {
            return Self::Number(count);
        }
        if is_full(&lower) {
            return Self::Full;
        }
        if is_any(PATIENTS) || is_any(PEOPLE) {
            return Self::People { in_bed: is_any(PATIENTS) };
        }
        let meaning = MEANINGS.iter().find(|(_, words)| is_any(words));
        meaning.map_or(Self::Word, |(meaning, _)| Self::Means(*meaning))
    }

    const fn is_number(self) -> bool {
        matches!(self, Self::Number(_))
    }
}

/// What was said of one type so far.
#[derive(Debug, Default)]
struct PartialItem {
    /// The name, and the words in which it was said.
    name: String,
    words: String,
    available: Option<Count>,
    occupied: Option<Count>,
    capacity: Option<Count>,
    queue: Option<Count>,
    /// Whether no word says that the free ones are free.
    is_bare: bool,
}

impl PartialItem {
    /// Takes in the numbers among `tokens`; None if they are not clear.
    fn take(&mut self, tokens: &[Token]) -> Option<()> {
        let meanings = meanings(tokens)?;
        for (token, meaning) in tokens.iter().zip(meanings) {
            let (count, meaning) = match token {
                Token::Number(count) => (*count, meaning),
                Token::Full => (Count::new(0)?, Some(Meaning::Free)),
                _ => continue,
            };
            self.is_bare |= meaning.is_none();
            let place = match meaning {
                None | Some(Meaning::Free) => &mut self.available,
                Some(Meaning::Occupied) => &mut self.occupied,
                Some(Meaning::Queue) => &mut self.queue,
                Some(Meaning::Capacity) => &mut self.capacity,
            };
            if place.replace(count).is_some() {
                return None;
            }
        }
        // Beside those in use, a number without a word may be all there are.
        (!self.is_bare || self.occupied.is_none()).then_some(())
    }

    /// Adds what was said of the same type behind a comma.
    fn add(&mut self, more: &Self) -> Option<()> {
        if more.is_bare || (self.is_bare && more.occupied.is_some()) {
            return None;
        }
        let places = [
            (&mut self.available, more.available),
            (&mut self.occupied, more.occupied),
            (&mut self.capacity, more.capacity),
            (&mut self.queue, more.queue),
        ];
        for (place, count) in places {
            if count.is_some() && place.is_some() {
                return None;
            }
            *place = place.or(count);
        }
        Some(())
    }
}

/// What each number among `tokens` counts; None if a word of meaning has no number. Words stand behind their numbers where
/// the last one does, else before them.
fn meanings(tokens: &[Token]) -> Option<Vec<Option<Meaning>>> {
    let mut meanings = vec![None; tokens.len()];
    let is_behind = matches!(tokens.last(), Some(Token::Means(_) | Token::People { .. }));
    for (at, token) in tokens.iter().enumerate() {
        let is_open = |at: &usize| tokens[*at].is_number() && meanings[*at].is_none();
        let after = Some(at + 1).filter(|at| *at < tokens.len()).filter(is_open);
        let before = (0..at).rev().find(is_open);
        let meaning = match token {
            Token::Means(meaning) => *meaning,
            Token::People { in_bed } => {
                let is_unit = (0..at).next_back().is_some_and(|at| meanings[at].is_some());
                if is_unit && (is_behind || after.is_none()) {
                    continue;
                }
                in_bed.then_some(Meaning::Occupied)?
            }
            _ => continue,
        };
        let number = match meaning {
            Meaning::Capacity => after,
            _ if is_behind => before.or(after),
            _ => after.or(before),
        };
        let is_full = || [at.wrapping_sub(1), at + 1].iter().any(|at| tokens.get(*at) == Some(&Token::Full));
        match number {
            Some(number) => meanings[number] = Some(meaning),
            // `terisi penuh` is full.
            None if meaning == Meaning::Occupied && is_full() => {}
            None => return None,
        }
    }
    Some(meanings)
}

impl<'a> Request<'a> {
    /// Reads a message.
    pub fn read(text: &'a str) -> Self {
        let text = text.trim();
        let bare = text.trim_matches(['.', '!', '"', '\'']).to_lowercase();
        if HELP.contains(&&*bare) {
            return Self::Help;
        }
        let mut rest = text;
        loop {
            let (first, behind) =
                rest.split_at(rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()));
            if !YES.contains(&&*first.to_lowercase()) {
                break;
            }
            rest = behind.trim_start_matches(|c: char| !c.is_alphanumeric());
        }
        if rest.len() < text.len() { Self::Confirm(rest) } else { Self::Report(Parsed::read(text)) }
    }
}

impl Parsed {
    fn read(text: &str) -> Self {
        let (mut said, mut unread) = (Vec::new(), Vec::new());
        let mut read = |part: &str| {
            if read_part(part, &mut said).is_none() {
                unread.push(part.trim().to_owned());
            }
        };
        let is_full_stop = |(at, c): (usize, char)| {
            c == '.' && text[at + 1..].chars().next().is_none_or(char::is_whitespace)
        };
        let mut from = 0;
        for (at, c) in text.char_indices() {
            if matches!(c, ',' | ';' | '\n' | '&' | '+') || is_full_stop((at, c)) {
                read(&text[from..at]);
                from = at + c.len_utf8();
            }
        }
        read(&text[from..]);
        let mut parsed = Self { items: Vec::new(), unread };
        let mut is_by_use = false;
        for PartialItem { name, words, available, occupied, capacity, queue, is_bare } in said {
            is_by_use |= occupied.is_some();
            if (available.is_none() && occupied.is_none()) || (is_by_use && is_bare) {
                parsed.unread.push(words);
            } else {
                parsed.items.push(Item { name, available, occupied, capacity, queue });
            }
        }
        parsed
    }
}

/// Reads a part in which nothing separates types but their numbers; None if it cannot be read.
fn read_part(part: &str, items: &mut Vec<PartialItem>) -> Option<()> {
    let spaced = part.replace([':', '='], " ").replace(" /", "/").replace("/ ", "/");
    let words = words(&spaced);
    let mut tokens: Vec<Token> = words.iter().map(|word| Token::of(word)).collect();
    let is_any = |at: usize, of: &[&str]| of.contains(&&*words[at].to_lowercase());
    // A number of the name may follow, also where its value has a word of meaning: `Kelas 3 terisi 5`.
    let is_numbered = |at: usize| {
        let word = words[at].to_lowercase();
        is_class(&word) || word == "covid"
    };
    for at in 0..words.len() {
        let is_before_word = tokens.get(at + 1) == Some(&Token::Word);
        let is_behind_number = at > 0 && tokens[at - 1].is_number();
        if is_any(at, WITH) && is_before_word && !is_behind_number {
            tokens[at] = Token::Word;
        }
    }
    let mut from = 0;
    while from < words.len() {
        let next_word = |at: usize| tokens[at..].iter().position(|token| *token == Token::Word);
        let Some(name_from) = next_word(from).map(|at| from + at) else {
            // What is said without a name is said of the type before: `ICU 3/10, antri 2`.
            let (last, mut more) = (items.last_mut()?, PartialItem::default());
            more.take(&tokens[from..])?;
            return last.add(&more);
        };
        let mut at = name_from;
        while at < words.len() {
            let is_of_name = match tokens[at] {
                Token::Word => true,
                Token::Number(_) => is_number_of_name(&tokens[at + 1..], is_numbered(at - 1)),
                _ => false,
            };
            if !is_of_name {
                break;
            }
            at += 1;
        }
        let until = next_word(at).map_or(words.len(), |next| at + next);
        // `kelas 3 antri 2`, `covid 19 kosong`: nobody can tell whether the number is part of the name.
        let is_other = words[at - 1].eq_ignore_ascii_case("covid") && words.get(at) != Some(&"19");
        if is_numbered(at - 1) && !is_other && tokens.get(at).is_some_and(|token| token.is_number()) {
            return None;
        }
        // A number before the name, nothing behind it, or a word that turns it around.
        let is_odd = tokens[from..name_from].iter().any(|token| token.is_number() || *token == Token::Full);
        if is_odd || at == until || is_any(at - 1, NOT) || items.len() >= MOST_ITEMS {
            return None;
        }
        let name = words[name_from..at].join(" ");
        if !name.contains(char::is_alphabetic) {
            return None;
        }
        let mut new = PartialItem { name, words: words[from..until].join(" "), ..PartialItem::default() };
        new.take(&[&tokens[from..name_from], &tokens[at..until]].concat())?;
        items.push(new);
        from = until;
    }
    Some(())
}

/// Whether a number behind a name belongs to it, by what follows: in `Kelas 3 5` and `Kelas 3 penuh` it does.
fn is_number_of_name(rest: &[Token], is_class: bool) -> bool {
    let means = |token: &&Token| {
        matches!(token, Token::Means(Meaning::Free | Meaning::Occupied) | Token::People { .. })
    };
    let between = if is_class { rest.iter().take_while(means).count() } else { 0 };
    matches!(rest.get(between), Some(Token::Number(_) | Token::Full))
}

/// The words that say something. `ICU3/10` is a name and a value, and the slash says `of`.
fn words(part: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    for word in part.split_whitespace() {
        let lower = word.to_lowercase();
        if lower == "tidur" && words.last().is_some_and(|last| last.eq_ignore_ascii_case("tempat")) {
            words.pop();
            continue;
        }
        let is_between = || words.last().is_none_or(|last| Token::of(last) != Token::Word);
        let is_passed_over = FILLERS.contains(&&*lower) || (AND.contains(&&*lower) && is_between());
        if !is_passed_over {
            words.extend(apart(word));
        }
    }
    words
}

fn apart(word: &str) -> Vec<&str> {
    let value = word.trim_matches(['(', ')', '!']);
    let Some((before, all)) = value.split_once('/').filter(|(_, all)| count(all).is_some()) else {
        return vec![word];
    };
    let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (name, free) = before.split_at(before.len() - digits);
    if count(free).is_none() || name.contains('/') {
        return vec![word];
    }
    [name, free, "dari", all].into_iter().filter(|part| !part.is_empty()).collect()
}

fn count(word: &str) -> Option<Count> {
    let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| word.parse().ok().and_then(Count::new)).flatten()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// `NAME free-occupied/capacity+queue`, and what is unread behind `|`.
    fn shown(parsed: &Parsed) -> String {
        let items = parsed.items.iter().map(|item| {
            let count = |mark: &str, count: Option<Count>| {
                count.map(|count| format!("{mark}{count}")).unwrap_or_default()
            };
            let (free, used) = (count("", item.available), count("-", item.occupied));
            format!("{} {free}{used}{}{}", item.name, count("/", item.capacity), count("+", item.queue))
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
    #[case::people_in_bed("ICU pasien 7, HCU 3 pasien\nNICU px 2", "ICU -7, HCU -3, NICU -2")]
    #[case::in_use("ICU pakai 7/10", "ICU -7/10")]
    #[case::in_use_behind("ICU 7/10 terisi", "ICU -7/10")]
    #[case::in_use_of_all("ICU terpakai 7 dari 10", "ICU -7/10")]
    #[case::in_use_alone("ICU terisi 7", "ICU -7")]
    #[case::used("ICU used 7, HCU 2 occupied; VIP dipakai 1", "ICU -7, HCU -2, VIP -1")]
    #[case::in_use_of_a_class("Kelas 3 terisi 5", "Kelas 3 -5")]
    #[case::in_use_of_a_class_behind("kelas 3 5 pasien, K1 2 isi", "kelas 3 -5, K1 -2")]
    #[case::word_before_the_name("terisi ICU 7", "ICU -7")]
    #[case::both("ICU terisi 7 kosong 3", "ICU 3-7")]
    #[case::both_behind("ICU 3 kosong 7 terisi", "ICU 3-7")]
    #[case::both_ways("ICU 3 kosong terisi 7", "ICU 3-7")]
    #[case::both_in_parts("ICU kosong 3, terisi 7 pasien, antri 2 orang", "ICU 3-7+2")]
    #[case::all_three("ICU kapasitas 10 terisi 7 sisa 3", "ICU 3-7/10")]
    #[case::all_in_lines("ICU: total 10\nterisi: 7\nkosong: 3", "ICU 3-7/10")]
    #[case::free_behind("ICU 3 kosong K3 5 kosong", "ICU 3, K3 5")]
    #[case::free_of_all_behind("ICU 3 kosong dari 10", "ICU 3/10")]
    #[case::free_words(
        "ICU free 3, HCU 2 available, VIP ready 1, NICU tersisa 4",
        "ICU 3, HCU 2, VIP 1, NICU 4"
    )]
    #[case::heading("KOSONG: ICU 3, K3 5", "ICU 3, K3 5")]
    #[case::full_words("ICU sudah penuh! HCU full, VIP terisi penuh", "ICU 0, HCU 0, VIP 0")]
    #[case::full_and_waiting("ICU penuh antri 2 pasien, HCU penuh 3 antri", "ICU 0+2, HCU 0+3")]
    #[case::words_of_names(
        "ICU pakai ventilator 2, ICU tidak pakai ventilator 1",
        "ICU pakai ventilator 2, ICU tidak pakai ventilator 1"
    )]
    #[case::beds("ICU sisa 3 tempat tidur dan HCU 1 bed", "ICU 3, HCU 1")]
    #[case::nothing_said("ICU kosong", "|ICU kosong")]
    #[case::nothing_said_in_other_words(
        "ICU tersedia, HCU terisi; VIP antri",
        "|ICU tersedia, |HCU terisi, |VIP antri"
    )]
    #[case::only_who_waits("ICU antri 2", "|ICU antri 2")]
    #[case::only_how_many("ICU total 10", "|ICU total 10")]
    #[case::no_type("3 5", "|3 5")]
    #[case::no_type_of_all("3 5/10", "|3 5/10")]
    #[case::no_type_full("3 penuh", "|3 penuh")]
    #[case::no_type_behind_one("ICU 3, 5", "ICU 3, |5")]
    #[case::number_before_the_name("3 ICU", "|3 ICU")]
    #[case::of_the_class_or_free("Isolasi kelas 3 antri 2", "|Isolasi kelas 3 antri 2")]
    #[case::of_covid_or_free("IGD covid 19 kosong; ICU covid 5 kosong", "ICU covid 5, |IGD covid 19 kosong")]
    #[case::none_in_words("ICU nihil, HCU 3 antri nol", "ICU 0, HCU 3+0")]
    #[case::two_numbers("ICU 3 penuh 2", "|ICU 3 penuh 2")]
    #[case::which_is_ten("ICU 10 terisi 7", "|ICU 10 terisi 7")]
    #[case::which_is_three("ICU 3/10, terisi 7", "ICU 3/10, |terisi 7")]
    #[case::in_use_all_along("Terisi: ICU 7, K3 5", "ICU -7, |K3 5")]
    #[case::in_use_at_last("ICU 3/10, K3 terisi 5", "ICU 3/10, K3 -5")]
    #[case::not_full(
        "ICU tidak penuh, HCU belum penuh; VIP hampir full",
        "|ICU tidak penuh, |HCU belum penuh, |VIP hampir full"
    )]
    #[case::not_so_many("ICU kurang 3", "|ICU kurang 3")]
    #[case::people("ICU 7 orang", "|ICU 7 orang")]
    #[case::a_word_too_many("ICU 7 pasien pulang", "ICU -7, |ICU 7 pasien pulang")]
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
        fn reading_a_message_never_panics(text in "(\\PC|[0-9/,. ]|ya|penuh|antri|dari|ICU|kelas | terisi | 7 pasien | kosong ){0,80}") {
            if let Request::Report(parsed) = Request::read(&text) {
                proptest::prop_assert!(parsed.items.len() <= MOST_ITEMS);
            }
        }
    }
}
