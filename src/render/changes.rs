//! The log as its readers see it: what each change did, without what is private.
//!
//! A snapshot of the directory is told in the same shapes, so that a mirror that starts from a snapshot and
//! follows the changes after it needs to understand one thing only.

mod content;
mod lines;

use serde::Serialize;
use utoipa::ToSchema;

pub use crate::render::changes::{
    content::{
        ChangeView, Content, FacilityContent, NumberContent, RegionContent, SessionNumberContent, What,
    },
    lines::{Lines, SnapshotEnd, SnapshotHead},
};
use crate::{
    auth::Audience,
    clock::Timestamp,
    domain::{
        change::{Change, Effect, Seq},
        contact::Contact,
        facility::{Facility, Phone, Visibility},
        mark::{Mark, MarkView},
        region::Region,
        region_code::RegionCode,
        session::{Session, session_type},
    },
    locales::Language,
    render::{
        Body, Format, ResponseMeta,
        model::{degrees, visible_to},
    },
    snapshot::{FacilityState, SessionState, Snapshot},
};

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangesAnswer {
    /// The number of the newest change this node knows: with it as `after`, nothing that is new is missed.
    pub seq: Seq,
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
    /// Who reads.
    pub audience: Audience,
    /// Only what belongs to this region and below, and what shows in it from above.
    pub region: Option<RegionCode>,
}

impl Reader {
    /// The change as this reader sees it; None if not at all. `state` knows where facilities are.
    pub fn sees(self, change: &Change, state: &Snapshot) -> Option<ChangeView> {
        let what = self.what(change, state)?;
        Some(ChangeView { seq: change.seq, at: change.at, what })
    }

    fn what(self, change: &Change, state: &Snapshot) -> Option<What> {
        let what = match &change.effect {
            Effect::Region(region) => Self::region(region),
            Effect::ResourceType(resource) => What { region: None, content: Content::Type(resource.clone()) },
            Effect::Facility(facility) => self.moved(facility, change.at, state)?,
            Effect::Contact(contact) => self.contact(&state.redacted_contact(contact)),
            Effect::ContactEnded { id } => What { region: None, content: Content::ContactEnded { id: *id } },
            // How a hospital counts its rooms is its own affair; what they add up to is a report.
            Effect::Key(_) | Effect::KeyForgotten { .. } | Effect::Room(_) | Effect::RoomEnded { .. } => {
                return None;
            }
            Effect::Mark(mark) => self.mark(mark, state)?,
            Effect::MarkEnded(mark) => {
                What { content: Content::MarkEnded { id: mark.id }, ..self.mark(mark, state)? }
            }
            Effect::Session(session) => Self::session(session, state)?,
            Effect::SessionForgotten { id } => {
                What { region: None, content: Content::SessionForgotten { id: *id } }
            }
            Effect::SessionReport(report) => {
                let region = state.facility(report.facility)?.facility.region;
                let numbers = report.observations.iter().map(|observation| SessionNumberContent {
                    session: observation.session,
                    date: observation.date,
                    numbers: NumberContent {
                        resource: session_type(),
                        numbers: observation.numbers,
                        observed_at: observation.observed_at,
                        received_at: change.at,
                        source: report.source,
                        reporter: self.reporter(&report.reporter, region),
                        oldest_room_observed_at: None,
                        jump: None,
                    },
                });
                let content =
                    Content::SessionReport { facility: report.facility, numbers: numbers.collect() };
                What { region: Some(region), content }
            }
            Effect::Report(report) => {
                let region = state.facility(report.facility)?.facility.region;
                let numbers = report.observations.iter().map(|observation| NumberContent {
                    resource: observation.resource.clone(),
                    numbers: observation.numbers,
                    observed_at: observation.observed_at,
                    received_at: change.at,
                    source: report.source,
                    reporter: self.reporter(&report.reporter, region),
                    oldest_room_observed_at: observation.oldest_room_observed_at,
                    jump: observation.jump,
                });
                let content = Content::Report { facility: report.facility, numbers: numbers.collect() };
                What { region: Some(region), content }
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

    /// Who sent a number of a facility in `region`, for those who may know.
    pub fn reporter(self, name: &str, region: RegionCode) -> Option<String> {
        self.audience.sees(Visibility::Internal, Some(region)).then(|| name.to_owned())
    }

    /// A facility that was changed at `at`. Who looks at one region only is told with all it has of what may have come
    /// there from elsewhere, and of what may have gone elsewhere that it left.
    fn moved(self, facility: &Facility, at: Timestamp, state: &Snapshot) -> Option<What> {
        let present = state.facility(facility.id);
        let may_have_moved = self.region.is_some()
            && present.is_some_and(|present| present.moved_at.is_some_and(|moved| moved >= at));
        if !self.concerns(Some(facility.region)) {
            let content = Content::FacilityLeft { id: facility.id };
            return may_have_moved.then_some(What { region: None, content });
        }
        let content = self.facility(&state.redacted_facility(facility));
        let content = if may_have_moved { self.entered(content, state) } else { Content::Facility(content) };
        Some(What { region: Some(facility.region), content })
    }

    /// A facility with all that it has now; with nothing if it has left again, of which a later change tells.
    fn entered(self, facility: FacilityContent, state: &Snapshot) -> Content {
        let present = state.facility(facility.id);
        let present = present.filter(|present| self.concerns(Some(present.facility.region)));
        let sessions: Vec<_> =
            present.iter().flat_map(|present| state.sessions_of(present.facility.id)).collect();
        Content::FacilityEntered {
            facility,
            numbers: present.map(|present| self.numbers(present)).unwrap_or_default(),
            sessions: sessions.iter().map(|session| (*session.session).clone()).collect(),
            session_numbers: sessions
                .iter()
                .flat_map(|session| self.session_numbers(session, state))
                .collect(),
            marks: present
                .iter()
                .flat_map(|present| state.marks_of(present.facility.id))
                .filter_map(|mark| self.mark_view(mark, state))
                .collect(),
        }
    }

    fn region(region: &Region) -> What {
        let content = RegionContent {
            code: region.code,
            name: region.name.clone(),
            aliases: region.aliases.clone(),
            point: region.point,
            precision: region.precision,
            timezone: region.zone,
            postcode: region.postcode.clone(),
        };
        What { region: Some(region.code), content: Content::Region(content) }
    }

    fn mark(self, mark: &Mark, state: &Snapshot) -> Option<What> {
        let region = Some(state.facility(mark.facility)?.facility.region);
        Some(What { region, content: Content::Mark(self.mark_view(mark, state)?) })
    }

    fn mark_view(self, mark: &Mark, state: &Snapshot) -> Option<MarkView> {
        visible_to(mark, &state.facility(mark.facility)?.facility, self.audience)
    }

    fn session(session: &Session, state: &Snapshot) -> Option<What> {
        let region = state.facility(session.facility)?.facility.region;
        Some(What {
            region: Some(region),
            content: Content::Session(state.redacted_session(session).into_owned()),
        })
    }

    /// The current numbers of a session.
    fn session_numbers(self, session: &SessionState, state: &Snapshot) -> Vec<SessionNumberContent> {
        let facility = state.facility(session.session.facility);
        let reporter = |name: &str| self.reporter(name, facility?.facility.region);
        let numbers = session.readings.iter().map(|(date, reading)| SessionNumberContent {
            session: session.session.id,
            date: *date,
            numbers: NumberContent {
                resource: session_type(),
                numbers: reading.numbers,
                observed_at: reading.observed_at,
                received_at: reading.received_at,
                source: reading.source,
                reporter: reporter(&reading.reporter),
                oldest_room_observed_at: None,
                jump: None,
            },
        });
        numbers.collect()
    }

    fn facility(self, facility: &Facility) -> FacilityContent {
        let (lat, lon) = degrees(facility.point);
        let sees = |phone: &&Phone| self.audience.sees(phone.visibility, Some(facility.region));
        FacilityContent {
            id: facility.id,
            external_ids: facility.external_ids.clone(),
            name: facility.name.clone(),
            aliases: facility.aliases.clone(),
            kind: facility.kind.clone(),
            region: facility.region,
            address: facility.address.clone(),
            phones: facility.phones.iter().filter(sees).cloned().collect(),
            intake: facility.intake.clone(),
            lat,
            lon,
            flags: facility.flags.iter().copied().collect(),
            simulated: facility.simulated,
            closed: facility.closed,
        }
    }

    /// A contact that this reader must not see, or that is of another region, may have been one that it saw before:
    /// it has ended for them.
    fn contact(self, contact: &Contact) -> What {
        if self.audience.sees(contact.visibility, contact.region) && self.concerns(contact.region) {
            return What { region: contact.region, content: Content::Contact(contact.clone()) };
        }
        What { region: None, content: Content::ContactEnded { id: contact.id } }
    }

    /// The current numbers of a facility.
    fn numbers(self, state: &FacilityState) -> Vec<NumberContent> {
        let region = state.facility.region;
        let numbers = state.readings.iter().map(|(code, reading)| NumberContent {
            resource: code.clone(),
            numbers: reading.numbers,
            observed_at: reading.observed_at,
            received_at: reading.received_at,
            source: reading.source,
            reporter: self.reporter(&reading.reporter, region),
            oldest_room_observed_at: reading.oldest_room_observed_at,
            jump: reading.jump,
        });
        numbers.collect()
    }
}
