//! The log as its readers see it: the effect of each change, without what is private.
//!
//! A snapshot of the directory has the same shapes, so that a mirror that starts from a snapshot and follows the
//! changes after it needs to understand one thing only.

mod snapshot;

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

pub use self::snapshot::{SnapshotEnd, SnapshotHead, lines};
use crate::{
    auth::Audience,
    clock::Timestamp,
    domain::{
        change::{Change, Effect, Report, Seq},
        contact::{Contact, ContactId},
        facility::{ExternalId, Facility, FacilityId, Flag, Phone, Visibility},
        geo::{Point, Precision},
        intake::Intake,
        key::{Key, KeyId},
        mark::{Mark, MarkId, MarkView},
        numbers::Numbers,
        observation::{CapacityTime, Observation, Reading, Source},
        outlier::Outlier,
        outline::Outline,
        region::{Region, Zone},
        region_code::RegionCode,
        resource_type::{ResourceType, TypeCode},
        session::{Session, SessionId, SessionReport, session_type},
        text::Slug,
    },
    locales::Language,
    render::{
        Body, Format, ResponseMeta,
        model::{Resolved, degrees, visible_to},
    },
    snapshot::{FacilityState, SessionState, Snapshot},
};

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangesAnswer {
    /// The number of the newest change this node knows: with it as `after`, nothing that is new is missed.
    pub seq: Seq,
    /// Which log this is: it grows by one when the directory is put back to an earlier state.
    pub epoch: u64,
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The changes in order.
    pub changes: Vec<ChangeView>,
    /// The value of `after` for the next page; null when there is nothing newer. A page can be short,
    /// even empty, and still have a next one: what the reader may not see is passed over.
    pub next: Option<String>,
}

impl ChangesAnswer {
    /// The bytes, with their tag.
    pub fn body(&self) -> Body {
        let bytes = serde_json::to_vec(self).expect("answers are plain data");
        Body::new(bytes, Format::Json, Language::default(), ResponseMeta::default())
    }
}

/// One reader's view of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// The audience that the reader belongs to.
    pub audience: Audience,
    /// Only what belongs to this region and below, and what shows in it from above.
    pub region: Option<RegionCode>,
}

impl Reader {
    /// The change as this reader sees it; None if not at all. `state` knows where facilities are.
    pub fn sees(self, change: &Change, state: &Snapshot) -> Option<ChangeView> {
        let what = self.what(change, state)?;
        let by = self.audience.sees(Visibility::Internal, what.region).then(|| author(change, state));
        Some(ChangeView { seq: change.seq, at: change.at, by, what })
    }

    /// The effect, as this reader sees it.
    pub(super) fn what(self, change: &Change, state: &Snapshot) -> Option<What> {
        let region_of = |facility| Some(state.facility(facility)?.facility.region);
        let what = match &change.effect {
            Effect::Region(region) => Self::region(region),
            Effect::ResourceType(resource) => Content::Type(resource.clone()).at(None),
            Effect::Facility(facility) => self.moved(facility, change.at, state)?,
            Effect::Contact(contact) => self.contact(&state.redacted_contact(contact)),
            Effect::ContactEnded { id } => Content::ContactEnded { id: *id }.at(None),
            // The rooms of a hospital are its own affair; their sum is a report.
            Effect::Room(_)
            | Effect::RoomEnded { .. }
            | Effect::Key(_)
            | Effect::KeyForgotten { .. }
            | Effect::SignedIn(_)
            | Effect::SignedOut(_) => return None,
            Effect::Mark(mark) => self.mark(mark, state)?,
            Effect::MarkEnded(mark) => {
                What { content: Content::MarkEnded { id: mark.id }, ..self.mark(mark, state)? }
            }
            Effect::Session(session) => Self::session(session, state)?,
            Effect::SessionForgotten { id } => Content::SessionForgotten { id: *id }.at(None),
            Effect::SessionReport(report) => {
                let (facility, region) = (report.facility, region_of(report.facility)?);
                let numbers = self.reported_sessions(report, change.at, region).collect();
                Content::SessionReport { facility, numbers }.at(region)
            }
            Effect::Report(report) => {
                let (facility, region) = (report.facility, region_of(report.facility)?);
                let numbers = self.reported(report, change.at, region).collect();
                Content::Report { facility, numbers }.at(region)
            }
        };
        self.concerns(what.region).then_some(what)
    }

    /// Whether something of `region` shows in the region asked for.
    fn concerns(self, region: Option<RegionCode>) -> bool {
        match (self.region, region) {
            (None, _) | (_, None) => true,
            (Some(asked), Some(region)) => asked.covers(region) || region.covers(asked),
        }
    }

    /// The numbers of a report about a facility in `region`, received at `received_at`.
    pub fn reported(
        self,
        report: &Report,
        received_at: Timestamp,
        region: RegionCode,
    ) -> impl Iterator<Item = NumberContent> {
        let number = move |observation: &Observation| {
            self.number(observation.resource.clone(), &report.reading(observation, received_at), region)
        };
        report.observations.iter().map(number)
    }

    /// The numbers of a report about sessions of a facility in `region`, received at `received_at`.
    pub fn reported_sessions(
        self,
        report: &SessionReport,
        received_at: Timestamp,
        region: RegionCode,
    ) -> impl Iterator<Item = SessionNumberContent> {
        report.observations.iter().map(move |observed| SessionNumberContent {
            session: observed.session,
            date: observed.date,
            numbers: self.number(session_type(), &report.reading(observed, received_at), region),
        })
    }

    /// A number of a facility in `region`; only readers of internal data learn the sender.
    fn number(self, resource: TypeCode, reading: &Reading, region: RegionCode) -> NumberContent {
        let is_known = self.audience.sees(Visibility::Internal, Some(region));
        NumberContent {
            resource,
            numbers: reading.numbers,
            observed_at: reading.observed_at,
            capacity_observed_at: reading.capacity_time(),
            oldest_room_observed_at: reading.oldest_room_observed_at,
            available_derived: reading.available_derived,
            received_at: reading.received_at,
            source: reading.source,
            reporter: is_known.then(|| reading.reporter.to_string()),
            jump: reading.jump,
        }
    }

    /// A facility that was changed at `at`. A reader of one region gets a facility that may have come there from
    /// elsewhere with all that it has, and learns that a facility left which may have gone elsewhere.
    fn moved(self, facility: &Facility, at: Timestamp, state: &Snapshot) -> Option<What> {
        let present = state.facility(facility.id);
        let may_have_moved = self.region.is_some()
            && present.is_some_and(|present| present.moved_at.is_some_and(|moved| moved >= at));
        if !self.concerns(Some(facility.region)) {
            return may_have_moved.then(|| Content::FacilityLeft { id: facility.id }.at(None));
        }
        let content = self.facility(&state.redacted_facility(facility));
        let content = if may_have_moved { self.entered(content, state) } else { Content::Facility(content) };
        Some(content.at(facility.region))
    }

    /// A facility with all that it has now; with nothing if it has left again, because a later change says so.
    fn entered(self, facility: FacilityContent, state: &Snapshot) -> Content {
        let present = state.facility(facility.id);
        let present = present.filter(|present| self.concerns(Some(present.facility.region)));
        let sessions: Vec<_> =
            present.iter().flat_map(|present| state.sessions_of(present.facility.id)).collect();
        let marks = present.iter().flat_map(|present| state.marks_of(present.facility.id));
        Content::FacilityEntered {
            facility,
            numbers: present.map(|present| self.numbers(present)).unwrap_or_default(),
            sessions: sessions.iter().map(|session| (*session.session).clone()).collect(),
            session_numbers: sessions
                .iter()
                .flat_map(|session| self.session_numbers(session, state))
                .collect(),
            marks: marks.filter_map(|mark| self.mark_view(mark, state)).collect(),
        }
    }

    fn region(region: &Region) -> What {
        let Region { code, name, aliases, point, precision, zone, postcode, bps_code, outline, stated: _ } =
            region.clone();
        let content = RegionContent {
            code,
            name,
            aliases,
            point,
            precision,
            timezone: zone,
            postcode,
            bps_code,
            outline,
        };
        Content::Region(content).at(code)
    }

    fn mark(self, mark: &Mark, state: &Snapshot) -> Option<What> {
        let region = state.facility(mark.facility)?.facility.region;
        Some(Content::Mark(self.mark_view(mark, state)?).at(region))
    }

    fn mark_view(self, mark: &Mark, state: &Snapshot) -> Option<MarkView> {
        visible_to(mark, &state.facility(mark.facility)?.facility, self.audience)
    }

    fn session(session: &Session, state: &Snapshot) -> Option<What> {
        let region = state.facility(session.facility)?.facility.region;
        Some(Content::Session(state.redacted_session(session).into_owned()).at(region))
    }

    /// The current numbers of a session.
    fn session_numbers(self, session: &SessionState, state: &Snapshot) -> Vec<SessionNumberContent> {
        let Some(facility) = state.facility(session.session.facility) else { return Vec::new() };
        let region = facility.facility.region;
        let numbers = session.readings.iter().map(|(date, reading)| SessionNumberContent {
            session: session.session.id,
            date: *date,
            numbers: self.number(session_type(), reading, region),
        });
        numbers.collect()
    }

    fn facility(self, facility: &Facility) -> FacilityContent {
        let Facility {
            id,
            name,
            kind,
            region,
            external_ids,
            aliases,
            address,
            mut phones,
            point,
            intake,
            stated: _,
            flags,
            simulated,
            closed,
            merged,
            merged_into,
        } = facility.clone();
        phones.retain(|phone| self.audience.sees(phone.visibility, Some(region)));
        let (lat, lon) = degrees(point);
        FacilityContent {
            id,
            external_ids,
            name,
            aliases,
            kind,
            region,
            address,
            phones,
            intake,
            lat,
            lon,
            flags: flags.into_iter().collect(),
            simulated,
            closed,
            merged,
            merged_into,
        }
    }

    /// A contact that this reader must not see, or that is of another region, may have been one that it saw before:
    /// it has ended for them.
    fn contact(self, contact: &Contact) -> What {
        if self.audience.sees(contact.visibility, contact.region) && self.concerns(contact.region) {
            return Content::Contact(contact.clone()).at(contact.region);
        }
        Content::ContactEnded { id: contact.id }.at(None)
    }

    /// The current numbers of a facility.
    fn numbers(self, state: &FacilityState) -> Vec<NumberContent> {
        let region = state.facility.region;
        let numbers = state
            .readings
            .iter()
            .map(|current| self.number(current.code().clone(), &current.reading, region));
        numbers.collect()
    }
}

/// Who made a change, by the name of the key.
fn author(change: &Change, state: &Snapshot) -> String {
    key_of(change, state).map_or_else(|| change.actor.to_string(), |key| key.name.clone())
}

/// The key that a change was made with, as it is now.
pub(super) fn key_of<'a>(change: &Change, state: &'a Snapshot) -> Option<&'a Arc<Key>> {
    let id: KeyId = change.actor.strip_prefix("key:")?.parse().ok()?;
    state.key(id)
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangeView {
    /// Its number. Numbers rise; those of changes that the reader may not see are left out.
    pub seq: Seq,
    /// When the directory learned it.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who made it: the name of the key, or the part of the node; only for readers of internal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by: Option<String>,
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
    /// A facility that may have come from elsewhere, with all that it has: it replaces all that was known of that
    /// facility. Only readers of one region get it; readers of the whole country get `facility`.
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
        /// The id.
        id: FacilityId,
    },
    /// A contact was added or changed.
    Contact(Contact),
    /// A contact was removed, or this reader must not see it any more, or it is of another region now.
    ContactEnded {
        /// The id.
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
        /// The id.
        #[schema(value_type = String, format = "uuid")]
        id: MarkId,
    },
    /// A vaccination session was added, changed or cancelled; its numbers stay.
    Session(Session),
    /// A session that was over was forgotten, with its numbers.
    SessionForgotten {
        /// The id.
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

impl Content {
    /// This content at its place.
    fn at(self, region: impl Into<Option<RegionCode>>) -> What {
        What { region: region.into(), content: self }
    }
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
    /// Its code at BPS, if one was loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub bps_code: Option<String>,
    /// Its outline as a GeoJSON geometry, if one was loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Outline>)]
    pub outline: Option<Arc<Outline>>,
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
    /// The kind of facility, such as `hospital`.
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
    /// Other entries of the same facility that were merged into this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub merged: Vec<FacilityId>,
    /// The entry that took the place of this one: what this one had belongs to that now, and comes in changes of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub merged_into: Option<FacilityId>,
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
    /// The time at which they were true.
    #[schema(value_type = String, format = DateTime)]
    pub observed_at: Timestamp,
    /// When the capacity was stated, if that was earlier; null if nobody has stated it.
    #[serde(skip_serializing_if = "CapacityTime::is_same")]
    #[schema(value_type = Option<String>, format = DateTime, required = false)]
    pub capacity_observed_at: CapacityTime,
    /// When the oldest of the rooms was counted that the numbers are the sum of, if that was earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, nullable = false)]
    pub oldest_room_observed_at: Option<Timestamp>,
    /// A hospital system did not say what is free: it is the capacity less what is in use.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub available_derived: bool,
    /// When the directory learned them.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// The way by which they came.
    pub source: Source,
    /// The sender; only for agents and up.
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
    /// The session that is counted.
    pub session: SessionId,
    /// On which day, local.
    pub date: NaiveDate,
    /// The numbers.
    #[serde(flatten)]
    pub numbers: NumberContent,
}
