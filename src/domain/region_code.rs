//! Region codes of the Ministry of Home Affairs (Kemendagri), such as `33.74.10`.

use crate::locales::Message;
use std::{fmt, ops::RangeInclusive, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    fields,
    rejection::{Code, Rejection},
};

/// The pattern of a code: no part is all zeros.
pub const PATTERN: &str = r"^(0[1-9]|[1-9][0-9])(\.(0[1-9]|[1-9][0-9])){0,2}$|^(0[1-9]|[1-9][0-9])(\.(0[1-9]|[1-9][0-9])){2}\.([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])$";

/// How deep a region lies. The wire names are those of the reference data.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
pub enum Level {
    /// Provinsi: `33`.
    #[serde(rename = "provinsi")]
    Province,
    /// Kabupaten or kota: `33.74`.
    #[serde(rename = "kabkota")]
    Regency,
    /// Kecamatan: `33.74.10`.
    #[serde(rename = "kecamatan")]
    District,
    /// Desa or kelurahan: `33.74.10.1001`.
    #[serde(rename = "desa")]
    Village,
}

/// A Kemendagri code: two digits each for province, regency and district, four for the village,
/// written with dots. The parent is the code without its last part, and codes sort like their text.
///
/// Source of the form: Kepmendagri 300.2.2-2430/2025. BPS codes look alike and mean other places.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegionCode {
    province: u8,
    regency: u8,
    district: u8,
    village: u16,
}

impl RegionCode {
    /// The level that the number of parts gives.
    pub const fn level(self) -> Level {
        match self {
            Self { regency: 0, .. } => Level::Province,
            Self { district: 0, .. } => Level::Regency,
            Self { village: 0, .. } => Level::District,
            _ => Level::Village,
        }
    }

    /// The kind the digits tell: regencies 71 to 99 are kota; a village's first digit is 1 for a
    /// kelurahan, 2 for a desa, 3 for a desa adat.
    pub const fn kind(self) -> &'static str {
        match (self.level(), self.regency, self.village / 1000) {
            (Level::Province, ..) => "provinsi",
            (Level::Regency, 71.., _) => "kota",
            (Level::Regency, ..) => "kabupaten",
            (Level::District, ..) => "kecamatan",
            (Level::Village, _, 1) => "kelurahan",
            (Level::Village, _, 3) => "desa_adat",
            (Level::Village, ..) => "desa",
        }
    }

    /// The region this one lies in; a province lies in none.
    pub const fn parent(self) -> Option<Self> {
        match self.level() {
            Level::Province => None,
            Level::Regency => Some(Self { regency: 0, ..self }),
            Level::District => Some(Self { district: 0, ..self }),
            Level::Village => Some(Self { village: 0, ..self }),
        }
    }

    /// This region, then each region above it, up to the province.
    pub fn with_ancestors(self) -> impl Iterator<Item = Self> + Clone {
        std::iter::successors(Some(self), |code| code.parent())
    }

    /// Whether `other` is this region or lies in it.
    pub fn covers(self, other: Self) -> bool {
        self.descendants().contains(&other)
    }

    /// This region and all that lies in it, as a range of codes.
    pub const fn descendants(self) -> RangeInclusive<Self> {
        let last = match self.level() {
            Level::Province => Self { regency: u8::MAX, district: u8::MAX, village: u16::MAX, ..self },
            Level::Regency => Self { district: u8::MAX, village: u16::MAX, ..self },
            Level::District => Self { village: u16::MAX, ..self },
            Level::Village => self,
        };
        self..=last
    }

    /// The ancestor (or itself) at `level`, if it is that deep.
    pub fn at(self, level: Level) -> Option<Self> {
        self.with_ancestors().find(|code| code.level() == level)
    }

    /// Reads a code; the refusal blames `pointer` and says how to write it.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        text.trim().parse().map_err(|error: CodeError| error.rejection(text.trim(), pointer))
    }
}

/// Why a text is not a Kemendagri code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeError {
    /// Digits only; the dotted form it may mean.
    WithoutDots(String),
    /// Three digits for the district, as BPS writes it.
    Bps,
    /// Anything else.
    Malformed,
}

impl CodeError {
    /// The refusal of such a text in the field `pointer`.
    pub fn rejection(&self, text: &str, pointer: &str) -> Rejection {
        match self {
            Self::WithoutDots(dotted) => Rejection::new(
                Code::RegionCodeWithoutDots,
                pointer,
                Message::new("region-code-without-dots")
                    .arg("text", text.to_string())
                    .arg("dotted", dotted.clone()),
            ),
            Self::Bps => {
                Rejection::new(Code::BpsCode, pointer, Message::new("bps-code").arg("text", text.to_string()))
            }
            Self::Malformed => Rejection::new(
                Code::InvalidRegionCode,
                pointer,
                Message::new("invalid-region-code").arg("text", text.to_string()),
            ),
        }
    }
}

impl FromStr for RegionCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let parts: Vec<&str> = text.split('.').collect();
        if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(CodeError::Malformed);
        }
        let number = |index: usize, width: usize| match parts.get(index) {
            None => Ok(0),
            Some(part) if part.len() == width => match part.parse::<u16>() {
                Ok(0) | Err(_) => Err(CodeError::Malformed),
                Ok(value) => Ok(value),
            },
            Some(_) => Err(CodeError::Malformed),
        };
        match (parts.as_slice(), text.len()) {
            ([_], 4 | 6 | 10) => Err(CodeError::WithoutDots(dotted(text))),
            ([_], 7) | ([_, _, _], 9) if parts.last().is_some_and(|part| part.len() != 4) => {
                Err(CodeError::Bps)
            }
            ([_] | [_, _] | [_, _, _] | [_, _, _, _], _) => Ok(Self {
                province: small(number(0, 2)?),
                regency: small(number(1, 2)?),
                district: small(number(2, 2)?),
                village: number(3, 4)?,
            }),
            _ => Err(CodeError::Malformed),
        }
    }
}

fn small(two_digits: u16) -> u8 {
    u8::try_from(two_digits).expect("two digits fit into a byte")
}

fn dotted(digits: &str) -> String {
    let cuts = [0, 2, 4, 6, digits.len()];
    let parts: Vec<&str> = cuts
        .windows(2)
        .filter_map(|cut| digits.get(cut[0]..cut[1]))
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(".")
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.province)?;
        if self.regency > 0 {
            write!(f, ".{:02}", self.regency)?;
        }
        if self.district > 0 {
            write!(f, ".{:02}", self.district)?;
        }
        if self.village > 0 {
            write!(f, ".{:04}", self.village)?;
        }
        Ok(())
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionCode({self})")
    }
}

impl Serialize for RegionCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RegionCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::text(deserializer, |text| Self::parse(text, ""))
    }
}

impl utoipa::PartialSchema for RegionCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(PATTERN))
            .description(Some("Kemendagri code with dots"))
            .examples(["33.74.10"])
            .into()
    }
}

impl utoipa::ToSchema for RegionCode {}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("33", Level::Province, "provinsi")]
    #[case("33.74", Level::Regency, "kota")]
    #[case("33.22", Level::Regency, "kabupaten")]
    #[case("33.74.10", Level::District, "kecamatan")]
    #[case("33.74.10.1001", Level::Village, "kelurahan")]
    #[case("33.22.10.2001", Level::Village, "desa")]
    fn codes_tell_their_level_and_kind(#[case] text: &str, #[case] level: Level, #[case] kind: &str) {
        let code: RegionCode = text.parse().unwrap();
        assert_eq!((code.level(), code.kind(), code.to_string().as_str()), (level, kind, text));
    }

    #[rstest]
    #[case("3374", CodeError::WithoutDots("33.74".into()))]
    #[case("337410", CodeError::WithoutDots("33.74.10".into()))]
    #[case("3374101001", CodeError::WithoutDots("33.74.10.1001".into()))]
    #[case("3374010", CodeError::Bps)]
    #[case("33.74.010", CodeError::Bps)]
    #[case("", CodeError::Malformed)]
    #[case("33.", CodeError::Malformed)]
    #[case("00", CodeError::Malformed)]
    #[case("33.74.10.10010", CodeError::Malformed)]
    #[case("33.74.10.1001.1", CodeError::Malformed)]
    #[case("3é.74", CodeError::Malformed)]
    #[case("semarang", CodeError::Malformed)]
    fn what_is_no_code_says_why(#[case] text: &str, #[case] error: CodeError) {
        assert_eq!(text.parse::<RegionCode>(), Err(error));
    }

    #[test]
    fn a_region_covers_itself_and_what_lies_in_it() {
        let code = |text: &str| text.parse::<RegionCode>().unwrap();
        assert!(code("33.74").covers(code("33.74")));
        assert!(code("33.74").covers(code("33.74.10.1001")));
        assert!(!code("33.74").covers(code("33.75")));
        assert!(!code("33.74").covers(code("33")));
        let path: Vec<String> = code("33.74.10.1001").with_ancestors().map(|c| c.to_string()).collect();
        assert_eq!(path, ["33.74.10.1001", "33.74.10", "33.74", "33"]);
    }

    proptest::proptest! {
        #[test]
        fn whatever_parses_prints_the_same(text in r"[0-9.]{1,14}") {
            if let Ok(code) = text.parse::<RegionCode>() {
                proptest::prop_assert_eq!(code.to_string(), text);
            }
        }

        #[test]
        fn codes_sort_like_their_text(a in r"[0-9]{2}(\.[0-9]{2}){0,2}", b in r"[0-9]{2}(\.[0-9]{2}){0,2}") {
            if let (Ok(x), Ok(y)) = (a.parse::<RegionCode>(), b.parse::<RegionCode>()) {
                proptest::prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            }
        }
    }
}
