//! Answers for a telephone on a weak line: what somebody needs who phones the first places of the list, and no more.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        facility::FacilityId,
        freshness::Freshness,
        numbers::Count,
        ranking::Tier,
        region_code::RegionCode,
        resource_type::TypeCode,
        session::{LocalTime, SessionId},
        text::Slug,
    },
    render::model::{
        AvailabilityView, BedsAnswer, ContactView, FacilityView, Resolved, SessionView, VaccinationsAnswer,
        WideningReason,
    },
};

/// An answer in short. Its members mean what they mean in the whole answer.
#[derive(Serialize, ToSchema)]
pub struct ShortAnswer<'a> {
    /// How names in the question were read.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    resolved: &'a [Resolved],
    /// The time of the newest change in this answer.
    as_of: DateTime<Utc>,
    /// The facilities that fit, best first.
    facilities: Vec<ShortFacility<'a>>,
    /// The most that one of them has free, where none has as many as were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    available_max: Option<u32>,
    /// What was asked for and is not recorded of the types in the answer: ask there.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    unrecorded: &'a [&'static str],
    /// Why the answer looked further than asked; null if it did not.
    widened: Option<WideningReason>,
    /// The offices to call, nearest first.
    contacts: Vec<ShortContact<'a>>,
    /// The cursor of the next page; null on the last.
    next: Option<&'a str>,
}

/// A facility in short.
#[derive(Serialize, ToSchema)]
pub struct ShortFacility<'a> {
    /// Our id.
    id: FacilityId,
    /// Its name.
    name: &'a str,
    /// The deepest region that is sure.
    region: RegionCode,
    /// The telephone to call: the best of its own, or else that of the office to call about it.
    phone: Option<&'a str>,
    /// Kilometres from the asked place; null when no place was asked for, or none is known.
    distance_km: Option<f64>,
    /// One end of the distance is only the point of a region. Left out if not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    distance_rough: bool,
    /// Made up for a demonstration. Left out if not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    simulated: bool,
    /// How well it answers the question.
    tier: Option<Tier>,
    /// The numbers that it has of the types asked for; those of full ones are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    availability: Vec<ShortNumber<'a>>,
    /// Its sessions, the earliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sessions: Vec<ShortSession<'a>>,
}

/// A number in short.
#[derive(Serialize, ToSchema)]
pub struct ShortNumber<'a> {
    /// The type that is counted.
    #[serde(rename = "type")]
    resource: &'a TypeCode,
    /// How many are free; null is unknown.
    available: Option<Count>,
    /// When that was true.
    observed_at: DateTime<Utc>,
    /// How far it can be believed at `as_of`.
    freshness: Freshness,
    /// Two callers heard otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disputed: bool,
}

/// An occurrence of a session in short.
#[derive(Serialize, ToSchema)]
pub struct ShortSession<'a> {
    /// The session.
    id: SessionId,
    /// The day, local.
    date: NaiveDate,
    /// When it opens, local time.
    #[schema(value_type = String, example = "08:00")]
    from: LocalTime,
    /// When it closes, local time.
    #[schema(value_type = String, example = "12:00")]
    to: LocalTime,
    /// The vaccine.
    product: &'a Slug,
    /// How many places are left; null is unknown.
    left: Option<Count>,
    /// How far that can be believed at `as_of`.
    freshness: Freshness,
}

/// An office in short.
#[derive(Serialize, ToSchema)]
pub struct ShortContact<'a> {
    /// Its name.
    name: &'a str,
    /// The number.
    phone: &'a str,
}

/// Beds or isolation places in short.
pub(crate) fn beds(answer: &BedsAnswer) -> ShortAnswer<'_> {
    ShortAnswer {
        resolved: &answer.resolved,
        as_of: answer.as_of,
        facilities: answer.facilities.iter().map(|facility| short(facility, &[])).collect(),
        available_max: answer.available_max,
        unrecorded: &answer.unrecorded,
        widened: answer.widened.as_ref().map(|widened| widened.reason),
        contacts: answer.contacts.iter().map(contact).collect(),
        next: answer.next.as_deref(),
    }
}

/// Vaccination sessions in short.
pub(crate) fn vaccinations(answer: &VaccinationsAnswer) -> ShortAnswer<'_> {
    let facilities = answer.facilities.iter();
    ShortAnswer {
        resolved: &answer.resolved,
        as_of: answer.as_of,
        facilities: facilities.map(|with| short(&with.facility, &with.sessions)).collect(),
        available_max: None,
        unrecorded: &[],
        widened: answer.widened.as_ref().map(|widened| widened.reason),
        contacts: answer.contacts.iter().map(contact).collect(),
        next: answer.next.as_deref(),
    }
}

fn short<'a>(facility: &'a FacilityView, sessions: &'a [SessionView]) -> ShortFacility<'a> {
    let own = facility.phones.first().map(|phone| &*phone.number);
    let may_be_free =
        |number: &&AvailabilityView| number.available.is_none_or(|available| available.get() > 0);
    let number = |number: &'a AvailabilityView| ShortNumber {
        resource: &number.resource,
        available: number.available,
        observed_at: number.observed_at,
        freshness: number.freshness,
        disputed: number.disputed,
    };
    let session = |session: &'a SessionView| ShortSession {
        id: session.id,
        date: session.date,
        from: session.from,
        to: session.to,
        product: &session.product,
        left: session.left,
        freshness: session.freshness,
    };
    ShortFacility {
        id: facility.id,
        name: &facility.name,
        region: facility.region.code,
        phone: own.or_else(|| Some(&*facility.contact.as_ref()?.phone)),
        distance_km: facility.distance_km,
        distance_rough: facility.distance_rough,
        simulated: facility.simulated,
        tier: facility.tier,
        availability: facility.availability.iter().filter(may_be_free).map(number).collect(),
        sessions: sessions.iter().map(session).collect(),
    }
}

fn contact(contact: &ContactView) -> ShortContact<'_> {
    ShortContact { name: &contact.name, phone: &contact.phone }
}
