//! The log as its readers see it: what each change did, without what is private.
//!
//! A snapshot of the directory is told in the same shapes, so that a mirror that starts from a snapshot and
//! follows the changes after it needs to understand one thing only.

mod content;

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;
use utoipa::ToSchema;

pub use self::content::{
    ChangeView, Content, FacilityContent, NumberContent, RegionContent, SessionNumberContent, What,
};
use super::{Body, Format, Told, marks, model::degrees};
use crate::{
    auth::Audience,
    clock::Timestamp,
    directory::{
        change::{Change, Effect, Seq},
        contact::{Contact, ContactId},
        facility::{Facility, FacilityId, Phone, Visibility},
        language::Language,
        mark::{Mark, MarkId},
        region::Region,
        region_code::RegionCode,
        resource_type::TypeCode,
        session::{SESSION_TYPE, Session, SessionId},
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
    /// What to give as `after` for the next page; null when there is nothing newer. A page can be short,
    /// even empty, and still have a next one: what the reader may not see is passed over.
    pub next: Option<String>,
}

impl ChangesAnswer {
    /// The bytes, with their tag.
    pub fn body(&self) -> Body {
        let bytes = serde_json::to_vec(self).expect("answers are plain data");
        Body::new(bytes, Format::Json, Language::default(), Told::default())
    }
}

/// What one reader may see of the log, and wants to.
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
            Effect::Facility(facility) => self.facility(&state.facility_in_hindsight(facility)),
            Effect::Contact(contact) => self.contact(&state.contact_in_hindsight(contact)),
            Effect::ContactEnded { id } => What { region: None, content: Content::ContactEnded { id: *id } },
            // How a hospital counts its rooms is its own affair; what they add up to is a report.
            Effect::Key(_) | Effect::Room(_) | Effect::RoomEnded { .. } => return None,
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
                    jump: observation.jump,
                });
                let (facility, recounted) = (report.facility, report.recounted);
                let content = Content::Report { facility, recounted, numbers: numbers.collect() };
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
        let facility = &state.facility(mark.facility)?.facility;
        let view = marks::seen(mark, facility, self.audience)?;
        Some(What { region: Some(facility.region), content: Content::Mark(view) })
    }

    fn session(session: &Session, state: &Snapshot) -> Option<What> {
        let region = state.facility(session.facility)?.facility.region;
        Some(What { region: Some(region), content: Content::Session(session.clone()) })
    }

    fn session_numbers(self, session: &SessionState, state: &Snapshot) -> Option<What> {
        let facility = session.session.facility;
        let region = state.facility(facility)?.facility.region;
        let numbers = session.readings.iter().map(|(date, reading)| SessionNumberContent {
            session: session.session.id,
            date: *date,
            numbers: NumberContent {
                resource: session_type(),
                numbers: reading.numbers,
                observed_at: reading.observed_at,
                received_at: reading.received_at,
                source: reading.source,
                reporter: self.reporter(&reading.reporter, region),
                jump: None,
            },
        });
        let content = Content::SessionReport { facility, numbers: numbers.collect() };
        (!session.readings.is_empty()).then_some(What { region: Some(region), content })
    }

    fn facility(self, facility: &Facility) -> What {
        let (lat, lon) = degrees(facility.point);
        let sees = |phone: &&Phone| self.audience.sees(phone.visibility, Some(facility.region));
        let content = FacilityContent {
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
        };
        What { region: Some(facility.region), content: Content::Facility(content) }
    }

    /// A contact that this reader must not see may have been one that it saw before: it has ended for them.
    fn contact(self, contact: &Contact) -> What {
        if self.audience.sees(contact.visibility, contact.region) {
            return What { region: contact.region, content: Content::Contact(contact.clone()) };
        }
        What { region: None, content: Content::ContactEnded { id: contact.id } }
    }

    fn numbers(self, state: &FacilityState) -> Option<What> {
        let region = state.facility.region;
        let numbers = state.readings.iter().map(|(code, reading)| NumberContent {
            resource: code.clone(),
            numbers: reading.numbers,
            observed_at: reading.observed_at,
            received_at: reading.received_at,
            source: reading.source,
            reporter: self.reporter(&reading.reporter, region),
            jump: reading.jump,
        });
        let facility = state.facility.id;
        let content = Content::Report { facility, recounted: false, numbers: numbers.collect() };
        (!state.readings.is_empty()).then_some(What { region: Some(region), content })
    }
}

fn session_type() -> TypeCode {
    TypeCode::parse(SESSION_TYPE, "").expect("it is written as codes are")
}

/// The first line of a snapshot.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotHead {
    /// The last change in it: go on with the changes after this one.
    pub seq: Seq,
    /// When that change was made.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// The last line of a snapshot: without it, the snapshot was cut off.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotEnd {
    /// Always true.
    pub end: bool,
    /// How many lines came between the first and this one.
    pub lines: u64,
}

/// One thing in the directory.
enum Part {
    Region(RegionCode),
    Type(TypeCode),
    Facility(FacilityId),
    Session(SessionId),
    Contact(ContactId),
    Mark(MarkId),
}

/// The whole directory as lines of JSON, a chunk at a time.
pub struct Lines {
    state: Arc<Snapshot>,
    reader: Reader,
    parts: std::vec::IntoIter<Part>,
    written: u64,
    place: Place,
}

enum Place {
    Head,
    Parts,
    Ended,
}

/// How many parts make a chunk.
const PARTS: usize = 256;

impl Lines {
    /// What `audience` may see of `state`.
    pub fn new(state: Arc<Snapshot>, audience: Audience) -> Self {
        let types = state.resource_types().map(|resource| Part::Type(resource.code.clone()));
        let regions = state.regions().map(|region| Part::Region(region.code));
        let facilities = state.facilities().map(|state| Part::Facility(state.facility.id));
        let sessions = state.sessions().map(|state| Part::Session(state.session.id));
        let contacts = state.contacts().map(|contact| Part::Contact(contact.id));
        let marks = state.marks().map(|mark| Part::Mark(mark.id));
        let parts: Vec<Part> =
            types.chain(regions).chain(facilities).chain(sessions).chain(contacts).chain(marks).collect();
        let reader = Reader { audience, region: None };
        Self { reader, parts: parts.into_iter(), written: 0, place: Place::Head, state }
    }

    /// The lines of one part; what the reader may not see has none.
    fn part(&self, part: &Part) -> [Option<What>; 2] {
        match part {
            Part::Type(code) => {
                let resource = self.state.resource_type(code.as_str());
                let content = resource.map(|resource| Content::Type((**resource).clone()));
                [content.map(|content| What { region: None, content }), None]
            }
            Part::Region(code) => [self.state.region(*code).map(|region| Reader::region(region)), None],
            Part::Facility(id) => {
                let state = self.state.facility(*id);
                let numbers = state.and_then(|state| self.reader.numbers(state));
                [state.map(|state| self.reader.facility(&state.facility)), numbers]
            }
            Part::Session(id) => {
                let state = self.state.session(*id);
                let numbers = state.and_then(|state| self.reader.session_numbers(state, &self.state));
                [state.and_then(|state| Reader::session(&state.session, &self.state)), numbers]
            }
            Part::Mark(id) => {
                let mark = self.state.mark(*id);
                [mark.and_then(|mark| self.reader.mark(mark, &self.state)), None]
            }
            Part::Contact(id) => {
                let what = self.state.contact(*id).map(|contact| self.reader.contact(contact));
                [what.filter(|what| matches!(what.content, Content::Contact(_))), None]
            }
        }
    }
}

impl Iterator for Lines {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let mut chunk = BytesMut::new();
        match self.place {
            Place::Head => {
                let head = SnapshotHead { seq: self.state.seq(), at: self.state.last_change_at() };
                write(&mut chunk, &head);
                self.place = Place::Parts;
            }
            Place::Parts => {
                let parts: Vec<Part> = self.parts.by_ref().take(PARTS).collect();
                for what in parts.iter().flat_map(|part| self.part(part)).flatten().collect::<Vec<_>>() {
                    write(&mut chunk, &what);
                    self.written += 1;
                }
                if parts.is_empty() {
                    write(&mut chunk, &SnapshotEnd { end: true, lines: self.written });
                    self.place = Place::Ended;
                }
            }
            Place::Ended => return None,
        }
        Some(chunk.freeze())
    }
}

fn write(chunk: &mut BytesMut, line: &impl Serialize) {
    serde_json::to_writer((&mut *chunk).writer(), line).expect("writing into memory does not fail");
    chunk.put_u8(b'\n');
}
