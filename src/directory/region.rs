//! Regions: provinces, kabupaten and kota, kecamatan, desa and kelurahan.

use chrono::FixedOffset;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    geo::{Located, Point, Precision},
    region_code::RegionCode,
};

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
}

impl Region {
    /// The region's own point with its precision.
    pub fn located(&self) -> Option<Located> {
        Some(Located { point: self.point?, precision: self.precision.unwrap_or(Precision::Centroid) })
    }
}
