//! How places are called for short.

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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::names::words;

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
