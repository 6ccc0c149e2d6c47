//! Regions: provinces, kabupaten and kota, kecamatan, desa and kelurahan.

use std::{collections::BTreeSet, sync::Arc};

use chrono::FixedOffset;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    geo::{Located, Point, Precision},
    outline::Outline,
    region_code::RegionCode,
};
use crate::clock::Timestamp;

/// A time zone of Indonesia (Keputusan Presiden 41/1987); none of them has summer time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Zone {
    /// WIB, UTC+7.
    #[serde(rename = "Asia/Jakarta")]
    Wib,
    /// WITA, UTC+8.
    #[serde(rename = "Asia/Makassar")]
    Wita,
    /// WIT, UTC+9.
    #[serde(rename = "Asia/Jayapura")]
    Wit,
}

impl Zone {
    /// The IANA name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wib => "Asia/Jakarta",
            Self::Wita => "Asia/Makassar",
            Self::Wit => "Asia/Jayapura",
        }
    }

    /// The zone with this IANA name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Wib, Self::Wita, Self::Wit].into_iter().find(|zone| zone.name() == name)
    }

    /// The abbreviation that people say.
    pub const fn abbreviation(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }

    /// The distance from UTC.
    pub fn offset(self) -> FixedOffset {
        let hours = match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        };
        FixedOffset::east_opt(hours * 3600).expect("less than a day")
    }

    /// The time of day, as messages say it: `14:05 WIB`.
    pub fn clock(self, moment: Timestamp) -> String {
        format!("{} {}", moment.with_timezone(&self.offset()).format("%H:%M"), self.abbreviation())
    }

    /// The moment to the minute, as messages say it: `2021-07-01 14:05 WIB`.
    pub fn minute(self, moment: Timestamp) -> String {
        let local = moment.with_timezone(&self.offset());
        format!("{} {}", local.format("%Y-%m-%d %H:%M"), self.abbreviation())
    }
}

/// A region as it is stored: a change carries the whole of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// The Kemendagri code; it also tells level, kind and parent.
    pub code: RegionCode,
    /// The official name, such as `Kabupaten Semarang`.
    pub name: String,
    /// Former names and other spellings, for the search.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The region's own point, if one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// How good the point is: `centroid` or `place`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// The time zone, where it is not the one of the region above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// The postcode, where the region has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Its code at BPS, the statistics office, if one was loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bps_code: Option<String>,
    /// Its outline, if one was loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outline: Option<Arc<Outline>>,
    /// What a person stated through the API: a list that says something else does not change it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stated: BTreeSet<RegionPart>,
}

/// A part of a region that a list can state, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionPart {
    /// The name.
    Name,
    /// Former names and other spellings.
    Aliases,
    /// The coordinates, and how good they are.
    Point,
    /// The time zone.
    Timezone,
    /// The postcode.
    Postcode,
    /// The code at BPS.
    BpsCode,
    /// The outline.
    Outline,
}

impl Region {
    /// The region's own point with its precision.
    pub fn located(&self) -> Option<Located> {
        Some(Located { point: self.point?, precision: self.precision.unwrap_or(Precision::Centroid) })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Zone::Wib, "2021-07-01 14:05 WIB")]
    #[case(Zone::Wita, "2021-07-01 15:05 WITA")]
    #[case(Zone::Wit, "2021-07-01 16:05 WIT")]
    fn moments_are_said_in_local_time(#[case] zone: Zone, #[case] expected: &str) {
        assert_eq!(zone.minute("2021-07-01T07:05:50.810589Z".parse().unwrap()), expected);
    }
}
