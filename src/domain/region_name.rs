//! Names of regions as people write them: `kec. tembalang semarang`, `KAB.SEMARANG`, `Semarang (Kota)`.

use std::collections::BTreeSet;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, Type},
    },
};

use super::{
    names::{self, Sought},
    region::Region,
    region_code::{CodeError, Level, PATTERN, RegionCode},
};

/// What a client gives as a region.
#[derive(Debug, PartialEq, Eq)]
pub enum GivenRegion<'t> {
    /// A code of Kemendagri.
    Code(RegionCode),
    /// A code of BPS, which is said to be one.
    Bps(&'t str),
    /// A name, and the code that stands beside it: `Kota Semarang (33.74)`, as we write regions ourselves.
    NameAndCode(String, RegionCode),
    /// A name.
    Name(&'t str),
}

impl<'t> GivenRegion<'t> {
    /// Reads what was given. Every name has two letters in a row, and no code or coordinate has.
    pub fn read(text: &'t str) -> Result<Self, CodeError> {
        let text = text.trim();
        let is_bps = |prefix: &str| prefix.eq_ignore_ascii_case("bps:");
        match text.get(..4).filter(|prefix| is_bps(prefix)) {
            Some(_) => Ok(Self::Bps(text[4..].trim())),
            None if is_name(text) => Ok(Self::code_beside(text).unwrap_or(Self::Name(text))),
            None => text.parse().map(Self::Code),
        }
    }

    fn code_beside(text: &'t str) -> Option<Self> {
        let words = text.split([' ', ',', '(', ')', '[', ']', '-', ':', '/']);
        let mut codes =
            words.filter(|word| word.contains('.')).filter_map(|word| Some((word, word.parse().ok()?)));
        let (word, code) = codes.next().filter(|_| codes.next().is_none())?;
        Some(Self::NameAndCode(text.replacen(word, " ", 1), code))
    }
}

/// Whether a text is written as a name, not as a code or a coordinate.
pub fn is_name(text: &str) -> bool {
    let letters = text.chars().map(char::is_alphabetic);
    letters.clone().zip(letters.skip(1)).any(|(one, next)| one && next)
}

/// What clients give for a region, in the API document.
pub struct RegionText;

impl PartialSchema for RegionText {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(2)).max_length(Some(100));
        text.pattern(Some(format!("{PATTERN}|[A-Za-z]{{2}}")))
            .description(Some("A region by its Kemendagri code or its name"))
            .examples(["33.74.10", "Kota Semarang"])
            .into()
    }
}

impl ToSchema for RegionText {}

/// The kind of a region, as people put it before the name, or behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindWord {
    /// Provinsi.
    Province,
    /// Kabupaten.
    Kabupaten,
    /// Kota.
    Kota,
    /// Kecamatan.
    District,
    /// Desa or kelurahan: few people know which it is.
    Village,
}

const KIND_WORDS: &[(&str, KindWord)] = &[
    ("provinsi", KindWord::Province),
    ("propinsi", KindWord::Province),
    ("prov", KindWord::Province),
    ("prop", KindWord::Province),
    ("province", KindWord::Province),
    ("kabupaten", KindWord::Kabupaten),
    ("kab", KindWord::Kabupaten),
    ("regency", KindWord::Kabupaten),
    ("kota", KindWord::Kota),
    ("city", KindWord::Kota),
    ("kecamatan", KindWord::District),
    ("kec", KindWord::District),
    ("distrik", KindWord::District),
    ("district", KindWord::District),
    ("kapanewon", KindWord::District),
    ("kemantren", KindWord::District),
    ("desa", KindWord::Village),
    ("ds", KindWord::Village),
    ("kelurahan", KindWord::Village),
    ("kalurahan", KindWord::Village),
    ("kel", KindWord::Village),
    ("kampung", KindWord::Village),
    ("gampong", KindWord::Village),
    ("nagari", KindWord::Village),
    ("pekon", KindWord::Village),
    ("village", KindWord::Village),
];

/// A shorter word that is like a kind is another word.
const SHORTEST_MISSPELT: usize = 6;

/// Words of official titles, and of everyday speech, that tell no region from another.
const TITLE_WORDS: &[&str] =
    &["daerah", "khusus", "ibukota", "istimewa", "administrasi", "adm", "di", "wilayah", "indonesia"];

/// The last word of a name of a part of a place, by which nobody calls the place.
const PARTS: &[&str] = &[
    "barat", "daya", "hilir", "hulu", "ilir", "kidul", "kulon", "lor", "pusat", "selatan", "tengah",
    "tenggara", "timur", "ulu", "utara", "wetan",
];

impl KindWord {
    /// The kind that a word names.
    pub fn of(word: &str) -> Option<Self> {
        KIND_WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }

    /// The kind that a word names with typing errors in it, and how many.
    pub fn misspelt(word: &str) -> Option<(Self, u8)> {
        let sought = Sought::new(word);
        let known = KIND_WORDS.iter().filter(|(known, _)| known.len() >= SHORTEST_MISSPELT);
        let like = known.filter_map(|(known, kind)| Some((*kind, sought.errors(known)?)));
        like.min_by_key(|(_, errors)| *errors)
    }

    /// The kinds that a word begins with, each with the rest of the word: `kabsemarang`.
    pub fn before(word: &str) -> impl Iterator<Item = (Self, &str)> {
        KIND_WORDS.iter().filter_map(|(known, kind)| Some((*kind, word.strip_prefix(known)?)))
    }

    /// Whether a region is of this kind.
    pub fn fits(self, code: RegionCode) -> bool {
        match self {
            Self::Province => code.level() == Level::Province,
            Self::Kabupaten => code.kind() == "kabupaten",
            Self::Kota => code.kind() == "kota",
            Self::District => code.level() == Level::District,
            Self::Village => code.level() == Level::Village,
        }
    }
}

/// Whether a word tells no region from another.
pub fn is_title(word: &str) -> bool {
    TITLE_WORDS.contains(&word)
}

/// A name by which a region is found: its telling words written as one, so that `Gunung Kidul` is `Gunungkidul`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegionKey {
    /// The words as one.
    pub joined: String,
    /// How many there are.
    pub words: u8,
    /// Whether the name holds only with the kind before it: `Kabupaten Pontianak` is a former name, and `Pontianak`
    /// another place.
    pub with_kind: bool,
    /// Whether it is the name of the whole of which the region is a part: `Ungaran` of Ungaran Barat.
    pub is_of_whole: bool,
}

/// The names by which a region is found.
pub fn keys(region: &Region) -> BTreeSet<RegionKey> {
    let names =
        std::iter::once((&region.name, false)).chain(region.aliases.iter().map(|alias| (alias, true)));
    names.flat_map(|(name, is_alias)| keys_of(name, region.code, is_alias)).collect()
}

fn keys_of(name: &str, code: RegionCode, is_alias: bool) -> impl Iterator<Item = RegionKey> {
    let words = names::words(name);
    let is_kind = |word: &String| KindWord::of(word).is_some_and(|kind| kind.fits(code));
    let begin = words.iter().position(|word| !is_kind(word) && !is_title(word)).unwrap_or_default();
    let with_kind = is_alias && words[..begin].iter().any(is_kind);
    let key = |words: &[String], is_of_whole| {
        let (joined, count) = (words.concat(), u8::try_from(words.len()).unwrap_or(u8::MAX));
        (!joined.is_empty()).then_some(RegionKey { joined, words: count, with_kind, is_of_whole })
    };
    let telling = &words[begin..];
    // Of villages there are so many that half of a name is nobody's.
    let whole = match telling {
        [whole, _] if KindWord::of(whole).is_some() => &[],
        [whole @ .., part] if code.level() < Level::Village && PARTS.contains(&&**part) => whole,
        _ => &[],
    };
    [key(telling, false), key(whole, true)].into_iter().flatten()
}

/// A word of a given name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameWord {
    /// The word, as names are compared.
    pub word: String,
    /// Whether a comma, a bracket or a dash stands behind it.
    pub ends_part: bool,
}

/// The words of a given name, and where its parts end.
pub fn name_words(text: &str) -> Vec<NameWord> {
    let text = text.replace(" - ", ",");
    let parts = text.split([',', ';', '(', ')', '|', '>', '\n']);
    let part = |part| {
        let mut words: Vec<NameWord> =
            names::words(part).into_iter().map(|word| NameWord { word, ends_part: false }).collect();
        if let Some(last) = words.last_mut() {
            last.ends_part = true;
        }
        words
    };
    parts.flat_map(part).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("33.74", GivenRegion::Code("33.74".parse().unwrap()))]
    #[case(" BPS: 3374 ", GivenRegion::Bps("3374"))]
    #[case(" Tembalang", GivenRegion::Name("Tembalang"))]
    #[case("Kota Semarang (33.74)", GivenRegion::NameAndCode("Kota Semarang ( )".into(), "33.74".parse().unwrap()))]
    #[case("33.74 - Kota Semarang", GivenRegion::NameAndCode("  - Kota Semarang".into(), "33.74".parse().unwrap()))]
    #[case("Jl. Pemuda No.5", GivenRegion::Name("Jl. Pemuda No.5"))]
    #[case("2 x 11 Kayu Tanam", GivenRegion::Name("2 x 11 Kayu Tanam"))]
    fn codes_are_told_from_names(#[case] text: &str, #[case] expected: GivenRegion<'_>) {
        assert_eq!(GivenRegion::read(text), Ok(expected));
    }

    #[rstest]
    #[case("3374", CodeError::WithoutDots("33.74".into()))]
    #[case("é", CodeError::Malformed)]
    #[case("", CodeError::Malformed)]
    fn the_rest_is_a_wrong_code(#[case] text: &str, #[case] expected: CodeError) {
        assert_eq!(GivenRegion::read(text), Err(expected));
    }

    #[rstest]
    #[case("33.22", "Kabupaten Semarang", "semarang", 1)]
    #[case("34", "Daerah Istimewa Yogyakarta", "yogyakarta", 1)]
    #[case("31.71", "Kota Administrasi Jakarta Pusat", "jakartapusat", 2)]
    #[case("33.19.02", "Kota Kudus", "kotakudus", 2)]
    #[case("35.71.02", "Kota", "kota", 1)]
    fn regions_are_found_by_their_telling_words(
        #[case] code: &str,
        #[case] name: &str,
        #[case] joined: &str,
        #[case] words: u8,
    ) {
        let expected = RegionKey { joined: joined.to_owned(), words, with_kind: false, is_of_whole: false };
        assert_eq!(keys_of(name, code.parse().unwrap(), false).next(), Some(expected));
    }

    #[rstest]
    #[case("33.22.18", "Ungaran Barat", Some("ungaran"))]
    #[case("33.22.18.1001", "Ungaran Barat", None)]
    #[case("33.74.10", "Tembalang", None)]
    #[case("33.01.07", "Barat", None)]
    #[case("75.71.02", "Kota Selatan", None)]
    #[case("63.01", "Tanah Laut", None)]
    fn a_part_is_found_by_the_name_of_the_whole(
        #[case] code: &str,
        #[case] name: &str,
        #[case] whole: Option<&str>,
    ) {
        let keys = keys_of(name, code.parse().unwrap(), false);
        let found: Vec<_> = keys.filter(|key| key.is_of_whole).map(|key| key.joined).collect();
        assert_eq!(found, Vec::from_iter(whole));
    }

    #[rstest]
    #[case("kecmatan", Some((KindWord::District, 1)))]
    #[case("kabuptn", Some((KindWord::Kabupaten, 2)))]
    #[case("proivnsi", Some((KindWord::Province, 1)))]
    #[case("koto", None)]
    #[case("semarang", None)]
    fn kinds_are_read_with_errors(#[case] word: &str, #[case] expected: Option<(KindWord, u8)>) {
        assert_eq!(KindWord::misspelt(word), expected);
    }
}
