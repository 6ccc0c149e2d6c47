//! Names as people write them, made comparable.

/// Words that say what a place is, not which one; left out unless nothing else is left.
const GENERIC: &[&str] = &[
    "rs",
    "rsu",
    "rsud",
    "rsup",
    "rsia",
    "rsi",
    "rumah",
    "sakit",
    "umum",
    "daerah",
    "pusat",
    "kabupaten",
    "kab",
    "kota",
    "kecamatan",
    "kec",
    "kelurahan",
    "kel",
    "desa",
    "provinsi",
    "prov",
    "puskesmas",
    "pkm",
    "klinik",
    "dr",
    "drg",
    "prof",
    "h",
    "hj",
    "tk",
    "rst",
    "rsk",
    "st",
    "hospital",
    "sentra",
    "vaksin",
    "vaksinasi",
];

/// Words that people write for one of another spelling.
const SAME: &[(&str, &str)] = &[
    ("kotamadya", "kota"),
    ("kodya", "kota"),
    ("kt", "kota"),
    ("dokter", "dr"),
    ("santa", "st"),
    ("santo", "st"),
];

/// Abbreviations that everybody in the country reads alike, and what they stand for. Those that mean another
/// place to other people (`mdn`, `plg`, `tng`) are left out: a wrong place is worse than none.
const ABBREVIATIONS: &[(&str, &[&str])] = &[
    // Provinces.
    ("babel", &["bangka", "belitung"]),
    ("dki", &["jakarta"]),
    ("diy", &["yogyakarta"]),
    ("jabar", &["jawa", "barat"]),
    ("jateng", &["jawa", "tengah"]),
    ("jatim", &["jawa", "timur"]),
    ("kalbar", &["kalimantan", "barat"]),
    ("kalsel", &["kalimantan", "selatan"]),
    ("kaltara", &["kalimantan", "utara"]),
    ("kalteng", &["kalimantan", "tengah"]),
    ("kaltim", &["kalimantan", "timur"]),
    ("kepri", &["kepulauan", "riau"]),
    ("malut", &["maluku", "utara"]),
    ("nad", &["aceh"]),
    ("ntb", &["nusa", "tenggara", "barat"]),
    ("ntt", &["nusa", "tenggara", "timur"]),
    ("sulbar", &["sulawesi", "barat"]),
    ("sulsel", &["sulawesi", "selatan"]),
    ("sulteng", &["sulawesi", "tengah"]),
    ("sultra", &["sulawesi", "tenggara"]),
    ("sulut", &["sulawesi", "utara"]),
    ("sumbar", &["sumatera", "barat"]),
    ("sumsel", &["sumatera", "selatan"]),
    ("sumut", &["sumatera", "utara"]),
    // Cities.
    ("bdg", &["bandung"]),
    ("bgr", &["bogor"]),
    ("bjm", &["banjarmasin"]),
    ("bks", &["bekasi"]),
    ("bpp", &["balikpapan"]),
    ("dpk", &["depok"]),
    ("jakbar", &["jakarta", "barat"]),
    ("jakpus", &["jakarta", "pusat"]),
    ("jaksel", &["jakarta", "selatan"]),
    ("jaktim", &["jakarta", "timur"]),
    ("jakut", &["jakarta", "utara"]),
    ("jkt", &["jakarta"]),
    ("jogja", &["yogyakarta"]),
    ("jogya", &["yogyakarta"]),
    ("mks", &["makassar"]),
    ("mlg", &["malang"]),
    ("pwt", &["purwokerto"]),
    ("sby", &["surabaya"]),
    ("smg", &["semarang"]),
    ("tangsel", &["tangerang", "selatan"]),
    ("yogya", &["yogyakarta"]),
    // Parts of names.
    ("isoter", &["isolasi", "terpusat"]),
    ("kep", &["kepulauan"]),
];

/// The words that an abbreviation stands for; none if the word is not one.
pub fn spelled_out(word: &str) -> &'static [&'static str] {
    ABBREVIATIONS.iter().find(|(short, _)| *short == word).map_or(&[], |(_, words)| words)
}

/// The words of a name for comparing: lower case, letters and digits only.
pub fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace(['.', '\'', '’', '`'], "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| SAME.iter().find(|(other, _)| *other == word).map_or(word, |(_, same)| same))
        .map(str::to_owned)
        .collect()
}

/// Whether a word only names the kind of a place.
pub fn is_generic(word: &str) -> bool {
    GENERIC.contains(&word)
}

/// The digits of a telephone number as dialled inside the country, without an extension: `+62 24 841`,
/// `+62 (0)24 841`, `024-841` and `024-841 ext 9` are equal. None when the text holds too few digits to be one.
pub fn phone_digits(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let number = text.split("ext").next().unwrap_or_default();
    if number.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let local = match digits.strip_prefix("62") {
        Some(rest) if digits.len() >= 9 => format!("0{}", rest.trim_start_matches('0')),
        _ => digits,
    };
    (local.len() >= 5).then_some(local)
}

/// How alike a wished word and a word of a name are: 1 equal, down to 0 for "not at all".
/// A beginning of the word counts much, as does a telephone number without its area code; one typing error in
/// four letters is forgiven.
pub fn likeness(requested: &str, word: &str) -> f64 {
    if requested == word {
        return 1.0;
    }
    if word.starts_with(requested) {
        return 0.9;
    }
    if requested.len() >= 5 && requested.bytes().all(|b| b.is_ascii_digit()) && word.ends_with(requested) {
        return 0.9;
    }
    let most_errors = match requested.chars().count() {
        ..4 => return 0.0,
        4..7 => 1,
        7.. => 2,
    };
    if requested.len().abs_diff(word.len()) > 2 {
        return 0.0;
    }
    match strsim::osa_distance(requested, word) {
        1 => 0.8,
        2 if most_errors == 2 => 0.65,
        _ => 0.0,
    }
}

/// The characters that occur in a word. Nearly all words that are not alike are told apart by them, which takes much less
/// time than to count the errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letters(u64);

impl Letters {
    /// The characters of a word; some count as one.
    pub fn of(word: &str) -> Self {
        Self(word.chars().fold(0, |letters, char| letters | 1 << (u32::from(char) % 64)))
    }

    /// Whether words of these letters can be so alike that [`likeness`] forgives the errors. This may return true
    /// wrongly, but never false wrongly, except for words of which one begins or ends like the other.
    pub fn may_be_like(self, other: Self) -> bool {
        // One error changes two letters at most, and two errors are forgiven at most.
        (self.0 ^ other.0).count_ones() <= 4
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("RSUP Dr. Kariadi", &["rsup", "dr", "kariadi"])]
    #[case("  Ma’ruf / A-B ", &["maruf", "a", "b"])]
    #[case("Kodya Santa Fe", &["kota", "st", "fe"])]
    #[case("kt. smg", &["kota", "smg"])]
    fn names_become_words(#[case] name: &str, #[case] expected: &[&str]) {
        assert_eq!(words(name), expected);
    }

    #[rstest]
    #[case("+62 24 8413476", Some("0248413476"))]
    #[case("(024) 841-3476", Some("0248413476"))]
    #[case("+62 (0)24 8413476 Ext. 9", Some("0248413476"))]
    #[case("ext 12345", None)]
    #[case("119", None)]
    #[case("RS 12345", None)]
    fn phones_become_digits(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(phone_digits(text).as_deref(), expected);
    }

    proptest! {
        /// Letters rule out only what is not alike: here a word with up to two typing errors in it.
        #[test]
        fn words_that_are_alike_have_nearly_the_same_letters(
            word in "[a-z0-9é]{6,10}",
            errors in prop::collection::vec((any::<prop::sample::Index>(), "[a-z0-9é]?"), 0..=2),
        ) {
            let mut requested: Vec<char> = word.chars().collect();
            for (at, char) in errors {
                // Another letter, or none.
                let at = at.index(requested.len());
                requested.splice(at..=at, char.chars());
            }
            let requested: String = requested.into_iter().collect();
            prop_assert!(Letters::of(&requested).may_be_like(Letters::of(&word)), "{requested} {word}");
        }
    }

    #[rstest]
    #[case("kariadi", "kariadi", 1.0)]
    #[case("kari", "kariadi", 0.9)]
    #[case("k", "kariadi", 0.9)]
    #[case("karyadi", "kariadi", 0.8)]
    #[case("kraiadi", "kariadi", 0.8)]
    #[case("tugurejo", "tugureja", 0.8)]
    #[case("solo", "silo", 0.8)]
    #[case("8413476", "0248413476", 0.9)]
    #[case("abc", "abd", 0.0)]
    fn typing_errors_are_forgiven(#[case] requested: &str, #[case] word: &str, #[case] expected: f64) {
        assert!((likeness(requested, word) - expected).abs() < 1e-9, "{}", likeness(requested, word));
    }

    #[rstest]
    #[case("jateng", &["jawa", "tengah"])]
    #[case("smg", &["semarang"])]
    #[case("semarang", &[])]
    fn abbreviations_stand_for_words(#[case] word: &str, #[case] expected: &[&str]) {
        assert_eq!(spelled_out(word), expected);
    }

    #[test]
    fn every_abbreviation_is_written_as_names_are_compared() {
        for (short, long) in ABBREVIATIONS {
            assert_eq!(words(short), [*short]);
            assert_eq!(words(&long.join(" ")), *long);
        }
    }
}
