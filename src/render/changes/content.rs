//! The shapes in which the log is told.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    domain::{
        change::Seq,
        contact::{Contact, ContactId},
        facility::{ExternalId, FacilityId, Flag, Phone},
        geo::{Point, Precision},
        intake::Intake,
        mark::{MarkId, MarkView},
        numbers::Numbers,
        observation::Source,
        outlier::Outlier,
        region::Zone,
        region_code::RegionCode,
        resource_type::{ResourceType, TypeCode},
        session::{Session, SessionId},
        text::Slug,
    },
};

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangeView {
    /// Its number. Numbers rise; those of changes that the reader may not see are left out.
    pub seq: Seq,
    /// When the directory learned it.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The effect.
    #[serde(flatten)]
    pub what: What,
}

/// The effect of a change, and its place.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct What {
    /// The region it belongs to, that of the facility for a report; null for the whole country.
    pub region: Option<RegionCode>,
    /// The effect: the whole new state of what it touches.
    #[serde(flatten)]
    pub content: Content,
}

/// The new state of what changed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
pub enum Content {
    /// A region was added or changed.
    Region(RegionContent),
    /// A resource type was added or changed.
    Type(ResourceType),
    /// A facility was added or changed; its numbers stay.
    Facility(FacilityContent),
    /// A facility that may have come from elsewhere, with all that it has: it takes the place of all that was known
    /// of that facility. Only told of one region; of the whole country it is `facility`.
    FacilityEntered {
        /// The facility.
        facility: FacilityContent,
        /// Its current numbers, as in a report.
        numbers: Vec<NumberContent>,
        /// Its sessions.
        sessions: Vec<Session>,
        /// The rest of their quota, as in a report.
        session_numbers: Vec<SessionNumberContent>,
        /// The marks at it that the reader may see.
        marks: Vec<MarkView>,
    },
    /// A facility that may have been in the region is elsewhere now, with its numbers and its sessions.
    FacilityLeft {
        /// Which.
        id: FacilityId,
    },
    /// A contact was added or changed.
    Contact(Contact),
    /// A contact was removed, or this reader must not see it any more, or it is of another region now.
    ContactEnded {
        /// Which.
        #[schema(value_type = String, format = "uuid")]
        id: ContactId,
    },
    /// Numbers of a facility. One observed before the number that is known is late: it does not become current.
    Report {
        /// The facility.
        facility: FacilityId,
        /// The numbers, one type each; other types stay as they are.
        numbers: Vec<NumberContent>,
    },
    /// Somebody who phoned left a mark at a facility, or left it anew; it ends by itself. The public sees only notes.
    Mark(MarkView),
    /// A mark was taken back before its end.
    MarkEnded {
        /// Which.
        #[schema(value_type = String, format = "uuid")]
        id: MarkId,
    },
    /// A vaccination session was added, changed or cancelled; its numbers stay.
    Session(Session),
    /// A session that was over was forgotten, with its numbers.
    SessionForgotten {
        /// Which.
        id: SessionId,
    },
    /// The rest of the quotas of a facility's sessions.
    SessionReport {
        /// The facility.
        facility: FacilityId,
        /// The numbers, one occurrence each.
        numbers: Vec<SessionNumberContent>,
    },
}

/// A region.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionContent {
    /// Kemendagri code.
    pub code: RegionCode,
    /// Official name.
    pub name: String,
    /// Former names and other spellings.
    pub aliases: Vec<String>,
    /// The region's own point, if one is known.
    pub point: Option<Point>,
    /// How good the point is.
    pub precision: Option<Precision>,
    /// The time zone, where it is not the one of the region above.
    pub timezone: Option<Zone>,
    /// Postcode, where the region has one of its own.
    pub postcode: Option<String>,
}

/// A facility without its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilityContent {
    /// Our id.
    pub id: FacilityId,
    /// Ids in other systems.
    pub external_ids: Vec<ExternalId>,
    /// Its name.
    pub name: String,
    /// Former names and other spellings.
    pub aliases: Vec<String>,
    /// The kind or contents.
    pub kind: Slug,
    /// The deepest region that is sure.
    pub region: RegionCode,
    /// Street address.
    pub address: Option<String>,
    /// Telephones, best first; internal ones only for agents and up.
    pub phones: Vec<Phone>,
    /// Who is taken in, and how.
    pub intake: Option<Intake>,
    /// Latitude, WGS 84.
    pub lat: Option<f64>,
    /// Longitude, WGS 84.
    pub lon: Option<f64>,
    /// Flags for a coordinator to mend.
    pub flags: Vec<Flag>,
    /// Part of the demonstration: not real.
    pub simulated: bool,
    /// Closed for good.
    pub closed: bool,
}

/// The numbers of one type. A null is unknown, never zero.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NumberContent {
    /// The type that is counted.
    #[serde(rename = "type")]
    pub resource: TypeCode,
    /// The four numbers.
    #[serde(flatten)]
    pub numbers: Numbers,
    /// When they were true.
    #[schema(value_type = String, format = DateTime)]
    pub observed_at: Timestamp,
    /// When the oldest of the rooms was counted that the numbers are the sum of, if that was earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, nullable = false)]
    pub oldest_room_observed_at: Option<Timestamp>,
    /// When the directory learned them.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// Which way they came.
    pub source: Source,
    /// Who sent them; only for agents and up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reporter: Option<String>,
    /// They are far from the numbers before, and nobody has confirmed them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub jump: Option<Outlier>,
}

/// The numbers of one occurrence of a session: capacity is the quota, available is what is left.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SessionNumberContent {
    /// Which session.
    pub session: SessionId,
    /// On which day, local.
    pub date: NaiveDate,
    /// The numbers.
    #[serde(flatten)]
    pub numbers: NumberContent,
}
