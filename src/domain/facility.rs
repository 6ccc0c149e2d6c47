//! Facilities: hospitals, puskesmas, and other places that report.

use crate::{clock::Timestamp, locales::Message};
use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    fields,
    geo::Point,
    intake::Intake,
    region_code::RegionCode,
    rejection::{Code, Rejection},
    text::{Slug, short_text},
};

/// The id of a facility: ours, stable for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct FacilityId(pub Uuid);

impl FacilityId {
    /// When the facility was added: its id says so (UUID version 7).
    pub fn added_at(self) -> Timestamp {
        let (seconds, nanos) = self.0.get_timestamp().map_or((0, 0), |at| at.to_unix());
        i64::try_from(seconds)
            .ok()
            .and_then(|seconds| Timestamp::from_timestamp(seconds, nanos))
            .unwrap_or_default()
    }
}

impl fmt::Display for FacilityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The id that another system gave the facility, written `system:value`, such as `kemenkes:3374010`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(value_type = String, pattern = "^[A-Za-z0-9_]{1,40}:[!-.0-~]{1,64}$", example = "kemenkes:3374010")]
pub struct ExternalId(String);

impl ExternalId {
    /// Reads `system:value`; the value is 1 to 64 visible ASCII characters without `/`.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        let is_value = |value: &&str| {
            (1..=64).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic() && b != b'/')
        };
        let parts = text.split_once(':').filter(|(_, value)| is_value(value));
        let parts = parts.and_then(|(system, value)| Some((Slug::parse(system, "").ok()?, value)));
        parts.map(|(system, value)| Self(format!("{system}:{value}"))).ok_or_else(|| {
            Rejection::new(
                Code::InvalidExternalId,
                pointer,
                Message::new("invalid-external-id").arg("text", text.to_string()),
            )
        })
    }

    /// `system:value`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the colon.
    pub fn system(&self) -> &str {
        self.0.split_once(':').map_or("", |(system, _)| system)
    }
}

impl std::borrow::Borrow<str> for ExternalId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ExternalId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::text(deserializer, |text| Self::parse(text, ""))
    }
}

/// How a client names a facility.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FacilityRef {
    /// By our id.
    Id(FacilityId),
    /// By another system's id.
    External(ExternalId),
}

impl FacilityRef {
    /// Reads our id or `system:value`.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        let text = text.trim();
        if let Ok(id) = Uuid::try_parse(text) {
            return Ok(Self::Id(FacilityId(id)));
        }
        ExternalId::parse(text, pointer).map(Self::External).map_err(|_| Self::unknown(text, pointer))
    }

    /// The refusal for a facility that is not in the directory.
    pub fn unknown(text: &str, pointer: &str) -> Rejection {
        Rejection::new(
            Code::UnknownFacility,
            pointer,
            Message::new("unknown-facility").arg("text", text.to_string()),
        )
    }
}

impl fmt::Display for FacilityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::External(external) => f.write_str(external.as_str()),
        }
    }
}

/// The readers who may see something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody.
    #[default]
    Public,
    /// Agents, coordinators and admins.
    Internal,
}

/// A telephone number: digits, with an optional leading `+`, spaces, dashes, dots, brackets, or an
/// extension (`ext 9`). An unknown field is refused: a misspelt `visibility` would make the number public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Phone {
    /// As people write it, such as `024-8413476`.
    #[schema(
        pattern = r"^[+(]?[0-9]([ .()/-]{0,2}[0-9]){2,13}( ?[Ee][Xx][Tt]\.? ?[0-9]{1,6})?$",
        max_length = 40,
        example = "024-8413476"
    )]
    pub number: String,
    /// The desk that answers there, such as `IGD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The readers who may see it.
    #[serde(default)]
    pub visibility: Visibility,
}

impl Phone {
    /// Checks the number and the label.
    pub fn checked(self, pointer: &str) -> Result<Self, Rejection> {
        let number = phone_number(&self.number, &format!("{pointer}/number"))?;
        let label =
            self.label.map(|label| short_text(&label, 80, &format!("{pointer}/label"))).transpose()?;
        Ok(Self { number, label, ..self })
    }

    /// It as tables have it: `number`, `number=label`, and `!` before one that is internal.
    pub fn cell(&self) -> String {
        let mark = match self.visibility {
            Visibility::Public => "",
            Visibility::Internal => "!",
        };
        let label = self.label.as_ref().map(|label| format!("={label}"));
        format!("{mark}{}{}", self.number, label.unwrap_or_default())
    }
}

/// Checks a telephone number and tidies its white space.
pub fn phone_number(text: &str, pointer: &str) -> Result<String, Rejection> {
    let tidy = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = tidy.to_ascii_lowercase().replace("ext", "");
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    let fits = (3..=20).contains(&digits)
        && tidy.len() <= 40
        && bare.bytes().all(|b| b.is_ascii_digit() || b" +-.()/".contains(&b));
    if fits {
        return Ok(tidy);
    }
    Err(Rejection::new(
        Code::InvalidPhone,
        pointer,
        Message::new("invalid-phone").arg("text", text.to_string()),
    ))
}

/// Something about a facility that a coordinator should mend; it stays in every answer meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Its region is unknown to us; it stands under the last sure region above.
    RegionUnsure,
    /// Its coordinates lie far outside its region; distances use the region's point instead.
    LocationDoubtful,
    /// Its coordinates were not coordinates, and were left out.
    LocationInvalid,
    /// A telephone number in a list was mended or left out.
    PhoneUnsure,
}

/// A part of a facility that a list can state, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The name.
    Name,
    /// The kind.
    Kind,
    /// The region.
    Region,
    /// The street address.
    Address,
    /// The telephone numbers.
    Phones,
    /// The coordinates.
    Point,
    /// Who is taken in, and how.
    Intake,
}

/// A facility as it is stored: a change carries the whole of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facility {
    /// Our id.
    pub id: FacilityId,
    /// The name.
    pub name: String,
    /// The kind: `hospital`, `puskesmas`, … A word of the operator's choice.
    pub kind: Slug,
    /// The deepest region that is sure.
    pub region: RegionCode,
    /// Ids in other systems; several in one system are allowed.
    #[serde(default)]
    pub external_ids: Vec<ExternalId>,
    /// Former names and other spellings, for the search.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The street address.
    #[serde(default)]
    pub address: Option<String>,
    /// Telephone numbers, best first.
    #[serde(default)]
    pub phones: Vec<Phone>,
    /// Coordinates.
    #[serde(default)]
    pub point: Option<Point>,
    /// Who is taken in, and how, where that is not any patient by any way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intake: Option<Intake>,
    /// What a person stated through the API: a list that says something else does not change it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stated: BTreeSet<Part>,
    /// Flags for a coordinator to mend.
    #[serde(default)]
    pub flags: BTreeSet<Flag>,
    /// Part of the demonstration: its numbers are not real.
    #[serde(default)]
    pub simulated: bool,
    /// Closed for good: left out of answers, still found by id.
    #[serde(default)]
    pub closed: bool,
    /// Other entries of the same facility that were merged into this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<FacilityId>,
    /// The entry that took this one's place. It keeps the ids by which it was known, and nothing else of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<FacilityId>,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0282533010", true)]
    #[case("(024) 841-3476", true)]
    #[case("+62 24 8413476 ext 9", true)]
    #[case("119", true)]
    #[case("12", false)]
    #[case("belum ada", false)]
    #[case("=cmd|'/c calc'!A1", false)]
    #[case("0812345678901234567890123", false)]
    fn phone_numbers_are_checked(#[case] text: &str, #[case] fits: bool) {
        assert_eq!(phone_number(text, "").is_ok(), fits);
    }

    #[rstest]
    #[case("kemenkes:3374010", true)]
    #[case("0196f1b0-0000-7000-8000-000000000000", true)]
    #[case("3374010", false)]
    #[case("kemenkes:", false)]
    #[case("Kemenkes:1", true)]
    #[case("ke menkes:1", false)]
    #[case("kemenkes:a/b", false)]
    fn facilities_are_named_by_id_or_system_and_value(#[case] text: &str, #[case] fits: bool) {
        assert_eq!(FacilityRef::parse(text, "").is_ok(), fits);
    }
}
