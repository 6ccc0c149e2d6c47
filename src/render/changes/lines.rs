//! The directory at one moment, as lines in the shapes of changes.

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    domain::{
        change::Seq, contact::ContactId, facility::FacilityId, mark::MarkId, region_code::RegionCode,
        resource_type::TypeCode, session::SessionId,
    },
    render::changes::{Content, Reader, What},
    snapshot::Snapshot,
};

/// The first line of a snapshot.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotHead {
    /// The last change in it: go on with the changes after this one.
    pub seq: Seq,
    /// When that change was made.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The region that the lines are about; null for the whole country.
    pub region: Option<RegionCode>,
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

/// The directory as lines of JSON, a chunk at a time.
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
    /// The lines of `state` that `reader` sees.
    pub fn new(state: Arc<Snapshot>, reader: Reader) -> Self {
        let lies_there = |facility: FacilityId| {
            state.facility(facility).is_some_and(|state| reader.concerns(Some(state.facility.region)))
        };
        let types = state.resource_types().map(|resource| Part::Type(resource.code.clone()));
        let regions = state.regions().map(|region| region.code).filter(|code| reader.concerns(Some(*code)));
        let facilities = state.facilities().map(|state| state.facility.id).filter(|id| lies_there(*id));
        let sessions = state.sessions().filter(|state| lies_there(state.session.facility));
        let sessions = sessions.map(|state| Part::Session(state.session.id));
        let contacts = state.contacts().map(|contact| Part::Contact(contact.id));
        let marks = state.marks().filter(|mark| lies_there(mark.facility)).map(|mark| Part::Mark(mark.id));
        let parts = types.chain(regions.map(Part::Region)).chain(facilities.map(Part::Facility));
        let parts: Vec<Part> = parts.chain(sessions).chain(contacts).chain(marks).collect();
        Self { reader, parts: parts.into_iter(), written: 0, place: Place::Head, state }
    }

    /// The lines of one part; what the reader may not see has none.
    fn part(&self, part: &Part) -> [Option<What>; 2] {
        let (reader, state) = (self.reader, &*self.state);
        match part {
            Part::Type(code) => {
                let resource = state.resource_type(code.as_str());
                let content = resource.map(|resource| Content::Type((**resource).clone()));
                [content.map(|content| What { region: None, content }), None]
            }
            Part::Region(code) => [state.region(*code).map(|region| Reader::region(region)), None],
            Part::Facility(id) => {
                let Some(known) = state.facility(*id) else { return [None, None] };
                let what = |content| What { region: Some(known.facility.region), content };
                let numbers = reader.numbers(known);
                let numbers = (!numbers.is_empty()).then_some(Content::Report { facility: *id, numbers });
                [Some(what(Content::Facility(reader.facility(&known.facility)))), numbers.map(what)]
            }
            Part::Session(id) => {
                let Some(known) = state.session(*id) else { return [None, None] };
                let session = Reader::session(&known.session, state);
                let region = session.as_ref().and_then(|what| what.region);
                let (facility, numbers) = (known.session.facility, reader.session_numbers(known, state));
                let numbers = (!numbers.is_empty()).then_some(Content::SessionReport { facility, numbers });
                [session, numbers.map(|content| What { region, content })]
            }
            Part::Mark(id) => [state.mark(*id).and_then(|mark| reader.mark(mark, state)), None],
            Part::Contact(id) => {
                let what = state.contact(*id).map(|contact| reader.contact(contact));
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
                let head = SnapshotHead {
                    seq: self.state.seq(),
                    at: self.state.last_change_at(),
                    region: self.reader.region,
                };
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
