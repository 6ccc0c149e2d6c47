//! Vaccination sessions as answers show them.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        freshness::Freshness,
        numbers::Count,
        observation::Source,
        region::Zone,
        session::{Conditions, LocalTime, SessionId},
        text::Slug,
    },
    render::model::{ContactView, FacilityView, NearView, RegionRef, Resolved, TotalView, Widened},
};

/// One occurrence of a session. A null number is unknown, never zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionView {
    /// The session; with `@` and the date it names this occurrence in a report.
    pub id: SessionId,
    /// The name that people use.
    pub title: Option<String>,
    /// The day, local.
    pub date: NaiveDate,
    /// The time at which it opens.
    pub starts_at: DateTime<Utc>,
    /// When it closes; then it leaves the answers.
    pub ends_at: DateTime<Utc>,
    /// When it opens, local time.
    #[schema(value_type = String, example = "08:00")]
    pub from: LocalTime,
    /// When it closes, local time.
    #[schema(value_type = String, example = "12:00")]
    pub to: LocalTime,
    /// The vaccine.
    pub product: Slug,
    /// Which doses; 3 and up are boosters.
    pub doses: BTreeSet<u8>,
    /// The youngest, in years; null for any.
    pub age_min: Option<u8>,
    /// The oldest, in years; null for any.
    pub age_max: Option<u8>,
    /// The conditions of admission, beyond age.
    pub audience: Conditions,
    /// Whether one may come without booking.
    pub walk_in: bool,
    /// The address for booking.
    pub booking_url: Option<String>,
    /// The telephone for booking.
    pub booking_phone: Option<String>,
    /// Rupiah; 0 is free of charge.
    pub fee: u32,
    /// How many can come in all.
    pub quota: Option<Count>,
    /// How many places are left.
    pub left: Option<Count>,
    /// When the numbers were true; null if none were reported.
    pub observed_at: Option<DateTime<Utc>>,
    /// When the quota was stated, if that was earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quota_observed_at: Option<DateTime<Utc>>,
    /// When the directory learned them.
    pub received_at: Option<DateTime<Utc>>,
    /// How far they can be believed at `as_of`.
    pub freshness: Freshness,
    /// The way by which they came.
    pub source: Option<Source>,
    /// The sender; only for agents and up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reporter: Option<String>,
    /// The time zone of its hours.
    #[serde(skip)]
    pub zone: Zone,
    /// The name of the region of `audience.domicile`.
    #[serde(skip)]
    pub domicile: Option<RegionRef>,
}

/// A facility with those of its sessions that answer the question, the earliest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct VaccinationFacility {
    /// The facility.
    #[serde(flatten)]
    pub facility: FacilityView,
    /// Its sessions.
    pub sessions: Vec<SessionView>,
    /// How many more there are than shown here.
    pub sessions_more: u32,
}

/// The answer to "where can one be vaccinated?".
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct VaccinationsAnswer {
    /// The region asked about; null for the whole country.
    pub region: Option<RegionRef>,
    /// The place distances are measured from; null if none was asked for.
    pub near: Option<NearView>,
    /// The first day that was looked at, local.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The time of the newest change in this answer: it holds everything the directory knew then.
    pub as_of: DateTime<Utc>,
    /// The totals of the fitting sessions of those days, in the requested area.
    pub totals: Vec<TotalView>,
    /// The facilities that fit, best first.
    pub facilities: Vec<VaccinationFacility>,
    /// Set when nothing fitted in the area and the answer looked further.
    pub widened: Option<Widened>,
    /// The contacts to call, nearest first.
    pub contacts: Vec<ContactView>,
    /// The cursor of the next page; null on the last.
    pub next: Option<String>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
    /// How many places were wanted.
    #[serde(skip)]
    pub min: u32,
    /// The requested attributes in words, in the language of the answer; empty when any session fits.
    #[serde(skip)]
    pub filter: Vec<String>,
    /// The product that may have been meant, where nothing was found.
    #[serde(skip)]
    pub meant: Option<Slug>,
}
