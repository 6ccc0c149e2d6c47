//! Names as people write them, made comparable.

use std::ops::RangeInclusive;

use rapidfuzz::distance::osa::{Args, BatchComparator};

/// Words that say what a place is, not which one; left out unless nothing else is left. So do [`FACILITY_WORDS`].
const GENERIC: &[&str] = &[
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
    "dr",
    "drg",
    "prof",
    "h",
    "hj",
    "tk",
    "st",
    "vaksin",
    "vaksinasi",
];

/// The kind of a facility that a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FacilityWord {
    /// Any hospital.
    AnyHospital,
    /// A kind of hospital, which is part of its name: RSUD, RSIA.
    Hospital,
    /// A puskesmas.
    Puskesmas,
    /// A clinic.
    Clinic,
    /// A place for vaccinations.
    VaccinationSite,
}

/// The words for kinds of facilities.
const FACILITY_WORDS: &[(&str, FacilityWord)] = &[
    ("rs", FacilityWord::AnyHospital),
    ("hospital", FacilityWord::AnyHospital),
    ("rsu", FacilityWord::Hospital),
    ("rsud", FacilityWord::Hospital),
    ("rsup", FacilityWord::Hospital),
    ("rsia", FacilityWord::Hospital),
    ("rsi", FacilityWord::Hospital),
    ("rsj", FacilityWord::Hospital),
    ("rst", FacilityWord::Hospital),
    ("rsk", FacilityWord::Hospital),
    ("puskesmas", FacilityWord::Puskesmas),
    ("pkm", FacilityWord::Puskesmas),
    ("klinik", FacilityWord::Clinic),
    ("sentra", FacilityWord::VaccinationSite),
];

impl FacilityWord {
    /// What a word says.
    pub fn of(word: &str) -> Option<Self> {
        FACILITY_WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }

    /// The kind that the directory keeps such facilities under; a place for vaccinations may be of any.
    pub const fn kind(self) -> Option<&'static str> {
        match self {
            Self::AnyHospital | Self::Hospital => Some("hospital"),
            Self::Puskesmas => Some("puskesmas"),
            Self::Clinic => Some("clinic"),
            Self::VaccinationSite => None,
        }
    }
}

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
    ("jogjakarta", &["yogyakarta"]),
    ("jogyakarta", &["yogyakarta"]),
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

/// The words of a name for comparing: lower case, letters and digits only. Dots end words (`KAB.SEMARANG`), except in
/// abbreviations of single letters (`R.S.U.D.`).
pub fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['\'', '’', '`'], "");
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '.').flat_map(|dotted| {
        let mut words: Vec<String> = Vec::new();
        let mut after_letter = false;
        for part in dotted.split('.').filter(|part| !part.is_empty()) {
            let is_letter = part.chars().nth(1).is_none();
            match words.last_mut() {
                Some(letters) if is_letter && after_letter => letters.push_str(part),
                _ => words.push(part.to_owned()),
            }
            after_letter = is_letter;
        }
        words
    });
    words
        .map(|word| {
            let same = SAME.iter().find(|(other, _)| *other == word);
            same.map_or(word, |(_, same)| (*same).to_owned())
        })
        .collect()
}

/// Old spellings and what they are today; a `j` that comes from `dj` stays one.
const OLD_SPELLINGS: &[(&str, &str)] = &[
    ("dj", "\u{1}"),
    ("tj", "c"),
    ("nj", "ny"),
    ("sj", "sy"),
    ("j", "y"),
    ("\u{1}", "j"),
    ("ch", "kh"),
    ("oe", "u"),
];

/// The word in today's spelling, if it may be an old one: `soerabaja` is `surabaya`.
pub fn respelled(word: &str) -> Option<String> {
    let new = OLD_SPELLINGS.iter().fold(word.to_owned(), |word, (old, new)| word.replace(old, new));
    (new != word).then_some(new)
}

/// Whether a word only names the kind of a place.
pub fn is_generic(word: &str) -> bool {
    GENERIC.contains(&word) || FacilityWord::of(word).is_some()
}

/// The words for kinds of places that a word is, begins, or is with typing errors in it, and how alike they are. As there
/// are few of them, short ones are forgiven an error, too.
pub fn generic_words_like(word: &str) -> impl Iterator<Item = (&'static str, f64)> {
    let mut sought = Sought::new(word);
    sought.most_errors = sought.most_errors.max(1);
    let generic = GENERIC.iter().copied().chain(FACILITY_WORDS.iter().map(|(word, _)| *word));
    generic.map(move |generic| (generic, sought.likeness(generic))).filter(|(_, likeness)| *likeness > 0.0)
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

/// A word that others are compared with.
pub struct Sought<'w> {
    word: &'w str,
    /// How many letters it has.
    length: usize,
    letters: Letters,
    comparator: BatchComparator<char>,
    most_errors: usize,
    /// Whether an error may only be a letter that was left out.
    is_shortened: bool,
}

impl<'w> Sought<'w> {
    /// Prepares the comparisons with `word`.
    pub fn new(word: &'w str) -> Self {
        let length = word.chars().count();
        let most_errors = match length {
            ..4 => 0,
            4..7 => 1,
            7.. => 2,
        };
        let comparator = BatchComparator::new(word.chars());
        Self { word, length, letters: Letters::of(word), comparator, most_errors, is_shortened: false }
    }

    /// The same where all that is found is shown: a word of two or three letters may have lost one, too.
    pub fn for_list(word: &'w str) -> Self {
        let sought = Self::new(word);
        let is_shortened = sought.most_errors == 0 && word.chars().nth(1).is_some();
        Self { most_errors: sought.most_errors.max(usize::from(is_shortened)), is_shortened, ..sought }
    }

    /// How many typing errors make this word of the other; None if more than are forgiven: one from four letters on, two
    /// from seven.
    pub fn errors(&self, word: &str) -> Option<u8> {
        if self.most_errors == 0 || self.is_shortened && word.chars().count() != self.length + 1 {
            return (self.word == word).then_some(0);
        }
        let most = Args::default().score_cutoff(self.most_errors);
        let errors = self.comparator.distance_with_args(word.chars(), &most)?;
        u8::try_from(errors).ok()
    }

    /// Whether a word of so many letters, and of these, may have few enough errors. This may return true wrongly, but never
    /// false wrongly.
    pub fn may_be(&self, length: usize, letters: Letters) -> bool {
        // An error takes one letter away at most, and adds one at most; what makes a word longer takes none away.
        let (missing, added) = (self.letters.0 & !letters.0, letters.0 & !self.letters.0);
        let least =
            |longer: usize, shorter: usize| self.most_errors.saturating_sub(longer.saturating_sub(shorter));
        has_at_most(missing, least(length, self.length)) && has_at_most(added, least(self.length, length))
    }

    /// How alike they are: 1 equal, down to 0 for "not at all". A beginning of the word counts much, as does a telephone
    /// number without its area code; few typing errors are forgiven.
    pub fn likeness(&self, word: &str) -> f64 {
        if self.word == word {
            return 1.0;
        }
        if word.starts_with(self.word) || (self.is_telephone() && word.ends_with(self.word)) {
            return 0.9;
        }
        match self.errors(word) {
            Some(1) => 0.8,
            Some(2) => 0.65,
            _ => 0.0,
        }
    }

    /// How many letters a word with few enough errors may have.
    pub fn lengths(&self) -> RangeInclusive<usize> {
        self.length.saturating_sub(self.most_errors)..=self.length + self.most_errors
    }

    /// Whether it is enough of a telephone number to be found without the area code.
    pub fn is_telephone(&self) -> bool {
        self.word.len() >= 5 && self.word.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// How alike a wished word and a word of a name are, as [`Sought::likeness`] says.
pub fn likeness(requested: &str, word: &str) -> f64 {
    Sought::new(requested).likeness(word)
}

/// The characters that occur in a word, and the letters that occur in it twice. Nearly all words that are not alike are told
/// apart by them, which takes much less time than to count the errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letters(u64);

impl Letters {
    /// The characters of a word; some count as one.
    pub fn of(word: &str) -> Self {
        Self(word.chars().fold(0, |letters, char| {
            let (once, twice) = match char {
                'a'..='z' => (u32::from(char) - u32::from('a'), 26),
                '0'..='9' => (52 + u32::from(char) - u32::from('0'), 0),
                _ => (62 + u32::from(char) % 2, 0),
            };
            let is_there = letters & 1 << once != 0;
            letters | 1 << (if is_there { once + twice } else { once })
        }))
    }
}

/// Whether so few bits are set. Most processors that this is built for count them more slowly.
fn has_at_most(bits: u64, most: usize) -> bool {
    (0..most).fold(bits, |bits, _| bits & bits.wrapping_sub(1)) == 0
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
    #[case("KAB.SEMARANG", &["kab", "semarang"])]
    #[case("R.S.U.D. dr.Kariadi", &["rsud", "dr", "kariadi"])]
    #[case("D.I.Yogyakarta", &["di", "yogyakarta"])]
    #[case("...", &[])]
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
            let sought = Sought::new(&requested);
            let errors = strsim::osa_distance(&requested, &word);
            let most = if requested.chars().count() < 7 { 1 } else { 2 };
            prop_assert_eq!(sought.errors(&word).map(usize::from), (errors <= most).then_some(errors));
            prop_assert!(errors > most || sought.may_be(word.chars().count(), Letters::of(&word)), "{} {}", requested, word);
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

    #[rstest]
    #[case("soerabaja", Some("surabaya"))]
    #[case("djogjakarta", Some("jogyakarta"))]
    #[case("tjilatjap", Some("cilacap"))]
    #[case("banjoemas", Some("banyumas"))]
    #[case("semarang", None)]
    fn old_spellings_are_read(#[case] word: &str, #[case] expected: Option<&str>) {
        assert_eq!(respelled(word).as_deref(), expected);
    }

    #[test]
    fn every_abbreviation_is_written_as_names_are_compared() {
        for (short, long) in ABBREVIATIONS {
            assert_eq!(words(short), [*short]);
            assert_eq!(words(&long.join(" ")), *long);
        }
    }
}
