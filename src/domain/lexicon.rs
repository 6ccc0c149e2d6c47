//! The words of the vocabulary: texts about types, cut into terms that are equal where people mean the same.
//!
//! "ICU Dengan Ventilator", "icu + vent" and "ICU with ventilator" have the same terms; "Kelas III", "kls 3" and "K3", too.
//! What the terms are said of (the names of types) is data; here is only how words are written.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use super::names::Sought;

/// Words and phrases that are written for a term. A phrase of more words stands for itself before its parts do.
const SPELLINGS: &[(&str, &[&str])] = &[
    // Equipment and rooms.
    ("ventilator", &["vent", "ventilasi", "respirator"]),
    ("negatif", &["tekanan negatif", "negative pressure", "bertekanan negatif", "neg", "negative"]),
    ("isolasi", &["isolation", "iso"]),
    ("terpusat", &["centralized", "centralised", "central"]),
    (
        "isolasi terpusat",
        &[
            "isoter",
            "isoman",
            "isolasi mandiri",
            "rumah isolasi",
            "tempat isolasi",
            "isolation place",
            "isolation places",
            "isolation site",
            "isolation centre",
            "isolation center",
            "self isolation",
        ],
    ),
    ("icu", &["intensive care unit", "intensive care", "perawatan intensif", "rawat intensif"]),
    (
        "igd",
        &[
            "ugd",
            "er",
            "gawat darurat",
            "instalasi gawat darurat",
            "unit gawat darurat",
            "emergency department",
            "emergency room",
            "emergency",
            "darurat",
        ],
    ),
    ("bersalin", &["vk", "delivery", "melahirkan", "lahiran", "persalinan", "kamar bersalin"]),
    ("perinatologi", &["perinatology", "perina"]),
    ("intermediat", &["intermediate", "intermedia", "imc", "imcu"]),
    ("jantung", &["cardiac", "heart"]),
    ("paru", &["lung", "respiratory", "pernapasan"]),
    ("standar", &["standard"]),
    // People.
    ("dewasa", &["adult", "adults"]),
    (
        "anak",
        &["child", "children", "kid", "kids", "pediatrik", "pediatri", "pediatric", "paediatric", "balita"],
    ),
    (
        "neonatus",
        &["bayi baru lahir", "bayi", "newborn", "newborns", "neonate", "neonatal", "baby", "infant"],
    ),
    ("pria", &["laki laki", "laki", "lelaki", "cowok", "men", "man", "male"]),
    ("wanita", &["perempuan", "cewek", "women", "woman", "female"]),
    ("keluarga", &["family", "families", "sekeluarga"]),
    ("hamil", &["bumil", "ibu hamil", "pregnant", "pregnancy", "kehamilan"]),
    ("lansia", &["elderly", "orang tua", "manula", "elder"]),
    // Illnesses.
    ("covid", &["covid 19", "corona", "korona", "sars cov 2", "c 19"]),
    // How words are joined.
    (
        "tanpa",
        &[
            "tnp", "tnpa", "non", "bukan", "bkn", "no", "not", "without", "selain", "kecuali", "except",
            "tidak", "tdk", "tak", "ga", "gak", "gk", "nggak", "ngga", "enggak", "engga", "jangan", "jgn",
            "dont", "doesnt",
        ],
    ),
    ("dengan", &["dgn", "dg", "with", "pakai", "pake", "plus"]),
    ("kelas", &["kls", "klas", "class"]),
    ("kelas1", &["first class"]),
    ("kelas2", &["second class"]),
    ("kelas3", &["third class"]),
];

/// The term of each phrase.
static TERMS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let phrases = |(term, others): &(&'static str, &'static [&'static str])| {
        let term = *term;
        others.iter().copied().chain([term]).map(move |phrase| (phrase, term)).collect::<Vec<_>>()
    };
    SPELLINGS.iter().flat_map(phrases).collect()
});

/// Terms that tell no type from another.
const FILLERS: &[&str] = &[
    "dengan",
    "ruang",
    "ruangan",
    "room",
    "rooms",
    "ward",
    "kamar",
    "bed",
    "beds",
    "tempat",
    "tidur",
    "tt",
    "rawat",
    "inap",
    "perawatan",
    "care",
    "unit",
    "khusus",
    "for",
    "of",
    "the",
    "and",
    "or",
    "dan",
    "atau",
    "untuk",
    "pasien",
    "patient",
    "patients",
    "kelas",
];

/// Terms of attributes that a question may ask for whatever the type: a type's name says them beside what it is.
const ATTRIBUTES: &[&str] = &["ventilator", "negatif", "covid"];

/// Terms of the age groups that types are for.
const AGES: &[&str] = &["dewasa", "anak", "neonatus"];

/// The words that a term is negated by.
const WITHOUT: &str = "tanpa";

/// Words behind a negation that leave what is negated to the next word: "tidak ada ventilator", "tidak perlu daftar".
const NEGATED_VERBS: &[&str] = &[
    "ada",
    "perlu",
    "butuh",
    "usah",
    "harus",
    "punya",
    "mau",
    "bisa",
    "memakai",
    "menggunakan",
    "membutuhkan",
    "memerlukan",
    "have",
    "has",
    "need",
    "needs",
    "require",
    "requires",
    "any",
];

/// The longest phrase, in words.
const LONGEST: usize = 3;

/// A word or a phrase, as everybody's spelling of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The term; one that is negated begins with `-`, and a negation of nothing behind it is only that.
    pub text: String,
    /// The words that it was read from.
    pub words: Range<usize>,
}

/// The words of a text: lower-case runs of letters, and runs of digits. "K3" is two, "covid-19", too.
pub fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['\'', '’', '`'], "");
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for char in text.chars() {
        let class = char.is_alphanumeric().then(|| char.is_numeric());
        match (class, words.last_mut()) {
            (Some(_), Some(word)) if before == class => word.push(char),
            (Some(_), _) => words.push(char.to_string()),
            (None, _) => {}
        }
        before = class;
    }
    words
}

/// The terms of words, in their order.
pub fn terms(words: &[String]) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut negated_from = None;
    let mut at = 0;
    while at < words.len() {
        let (text, length) = spelled(&words[at..]);
        let words = at..at + length;
        at = words.end;
        if text == WITHOUT {
            negated_from.get_or_insert(words.start);
            continue;
        }
        if negated_from.is_some() && NEGATED_VERBS.contains(&&*text) {
            continue;
        }
        // "tanpa ruang tekanan negatif" is without negative pressure, not without a room.
        if is_filler(&text) {
            terms.push(Term { text, words });
            continue;
        }
        terms.push(match negated_from.take() {
            Some(start) => Term { text: format!("-{text}"), words: start..words.end },
            None => Term { text, words },
        });
    }
    // "ICU tidak ada" says something of the ICU that its name does not.
    terms.extend(negated_from.map(|start| Term { text: "-".to_owned(), words: start..words.len() }));
    terms
}

/// The term at the beginning of the words, and how many of them it takes.
fn spelled(words: &[String]) -> (String, usize) {
    if let [kind, number, ..] = words
        && is_class(kind)
        && let Some(number) = number_of(number, true)
    {
        return (format!("kelas{number}"), 2);
    }
    for length in (1..=LONGEST.min(words.len())).rev() {
        if let Some(term) = TERMS.get(&*words[..length].join(" ")) {
            return ((*term).to_owned(), length);
        }
    }
    (number_of(&words[0], false).map_or_else(|| words[0].clone(), |number| number.to_string()), 1)
}

/// Whether a word says that the number of a class follows: `kelas 3`, `K3`.
pub fn is_class(word: &str) -> bool {
    matches!(word, "kelas" | "kls" | "klas" | "kl" | "k" | "class")
}

/// The number that a word is in Arabic or Roman numerals. A single letter is one only where a number stands.
fn number_of(word: &str, is_expected: bool) -> Option<u32> {
    match word {
        "i" | "satu" | "one" if is_expected => Some(1),
        "dua" | "two" if is_expected => Some(2),
        "tiga" | "three" if is_expected => Some(3),
        "ii" => Some(2),
        "iii" => Some(3),
        "iv" => Some(4),
        digits => digits.parse().ok(),
    }
}

/// Whether a term tells no type from another.
pub fn is_filler(term: &str) -> bool {
    FILLERS.contains(&term)
}

/// Whether a term is for an age group.
pub fn is_age(term: &str) -> bool {
    AGES.contains(&term)
}

/// Whether a term says what a type is, beside its attributes and ages.
pub fn is_core(term: &str) -> bool {
    !term.starts_with('-') && !ATTRIBUTES.contains(&term) && !is_age(term)
}

/// The telling terms of a text, sorted, each once.
pub fn telling(words: &[String]) -> Vec<String> {
    let terms = terms(words).into_iter().map(|term| term.text).filter(|term| !is_filler(term));
    // "isoter" is two terms in one word.
    let mut telling: Vec<String> =
        terms.flat_map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
    telling.sort_unstable();
    telling.dedup();
    telling
}

/// A shorter word is too like others for a slip: "PICU" is no "NICU".
const FORGIVEN_FROM: usize = 5;
/// How alike a slip and the word that is meant must be.
const LEAST_LIKENESS: f64 = 0.8;

/// The known word that one which nobody knows is a slip of, if one is like it.
pub fn meant<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() < FORGIVEN_FROM {
        return None;
    }
    let sought = Sought::new(word);
    let like = known.filter(|known| known.len() >= FORGIVEN_FROM);
    let like = like.map(|known| (sought.likeness(known), known)).filter(|(like, _)| *like >= LEAST_LIKENESS);
    like.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known)
}

/// The words that the vocabulary knows beside the names of types.
pub fn known_words() -> impl Iterator<Item = &'static str> {
    let phrases = SPELLINGS.iter().flat_map(|(term, other)| [*term].into_iter().chain(other.iter().copied()));
    phrases.chain(FILLERS.iter().copied()).flat_map(|phrase| phrase.split(' '))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ICU Dengan Ventilator", "ICU with ventilator")]
    #[case("icu + vent", "Ruang ICU (ventilator)")]
    #[case("Kelas III", "kls 3")]
    #[case("K3", "Class III ward")]
    #[case("TT Kelas I", "kelas 1")]
    #[case("Third class ward", "kelas 3")]
    #[case("Isolasi COVID-19, tekanan negatif", "isolation covid negative pressure")]
    #[case("ICU tanpa ventilator", "ICU without vent")]
    #[case("ICU tidak ada ventilator", "ICU nggak pakai vent")]
    #[case("tdk perlu ventilator", "doesn't need ventilator")]
    #[case("non-covid", "bukan COVID19")]
    #[case("ISOTER", "Isolasi terpusat")]
    #[case("UGD", "Instalasi Gawat Darurat")]
    fn what_means_the_same_has_the_same_terms(#[case] one: &str, #[case] other: &str) {
        assert_eq!(telling(&words(one)), telling(&words(other)));
    }

    #[rstest]
    #[case("ICU dengan ventilator", &["icu", "ventilator"])]
    #[case("ICU, tanpa tekanan negatif, tanpa ventilator", &["-negatif", "-ventilator", "icu"])]
    #[case("ICU tidak ada", &["-", "icu"])]
    #[case("ruang", &[])]
    #[case("Kelas 3", &["kelas3"])]
    #[case("i", &["i"])]
    fn texts_have_terms(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(telling(&words(text)), expected);
    }

    #[test]
    fn every_phrase_is_written_as_words_are_compared() {
        for (term, others) in SPELLINGS {
            for phrase in others.iter().chain([term]) {
                let words = words(phrase);
                assert_eq!(words.concat(), phrase.replace(' ', ""));
                assert!(words.len() <= LONGEST, "{phrase}");
                let of: Vec<_> =
                    SPELLINGS.iter().filter(|(known, all)| known == phrase || all.contains(phrase)).collect();
                assert_eq!(of.len(), 1, "{phrase} stands once");
            }
        }
    }
}
