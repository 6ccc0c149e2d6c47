//! The whole directory as lines of JSON, in the shapes of changes.

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Content, Reader, What};
use crate::{
    clock::Timestamp,
    domain::{
        change::Seq, contact::ContactId, facility::FacilityId, mark::MarkId, region_code::RegionCode,
        resource_type::TypeCode, session::SessionId,
    },
    snapshot::Snapshot,
};

/// The first line of a snapshot.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotHead {
    /// The last change in it: go on with the changes after this one.
    pub seq: Seq,
    /// Which log that change is of: send it with `after`.
    pub epoch: u64,
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

/// How many parts make a chunk.
const PARTS: usize = 256;

/// The lines of JSON, a chunk at a time, of the directory as `reader` sees it: the head, every part, and the end.
pub fn lines(state: Arc<Snapshot>, epoch: u64, reader: Reader) -> impl Iterator<Item = Bytes> {
    let head = SnapshotHead { seq: state.seq(), epoch, at: state.last_change_at(), region: reader.region };
    let mut parts = parts(&state, reader).into_iter();
    let (mut written, mut has_ended) = (0, false);
    let rest = std::iter::from_fn(move || {
        if has_ended {
            return None;
        }
        let lines: Vec<What> =
            parts.by_ref().take(PARTS).flat_map(|part| part.lines(reader, &state)).flatten().collect();
        written += lines.len() as u64;
        has_ended = parts.len() == 0;
        let mut chunk = chunk(&lines);
        if has_ended {
            chunk.extend(self::chunk(&[SnapshotEnd { end: true, lines: written }]));
        }
        Some(chunk.freeze())
    });
    std::iter::once(chunk(&[head]).freeze()).chain(rest)
}

/// Everything in the directory that `reader` may see something of, in the order of the lines.
fn parts(state: &Snapshot, reader: Reader) -> Vec<Part> {
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
    parts.chain(sessions).chain(contacts).chain(marks).collect()
}

impl Part {
    /// The lines of this part; without any where the reader may not see it.
    fn lines(&self, reader: Reader, state: &Snapshot) -> [Option<What>; 2] {
        match self {
            Self::Type(code) => {
                let resource = state.resource_type(code.as_str());
                [resource.map(|resource| Content::Type((**resource).clone()).at(None)), None]
            }
            Self::Region(code) => [state.region(*code).map(|region| Reader::region(region)), None],
            Self::Facility(id) => {
                let Some(known) = state.facility(*id) else { return [None, None] };
                let (region, numbers) = (known.facility.region, reader.numbers(known));
                let numbers =
                    (!numbers.is_empty()).then(|| Content::Report { facility: *id, numbers }.at(region));
                [Some(Content::Facility(reader.facility(&known.facility)).at(region)), numbers]
            }
            Self::Session(id) => {
                let Some(known) = state.session(*id) else { return [None, None] };
                let session = Reader::session(&known.session, state);
                let region = session.as_ref().and_then(|what| what.region);
                let (facility, numbers) = (known.session.facility, reader.session_numbers(known, state));
                let numbers =
                    (!numbers.is_empty()).then(|| Content::SessionReport { facility, numbers }.at(region));
                [session, numbers]
            }
            Self::Mark(id) => [state.mark(*id).and_then(|mark| reader.mark(mark, state)), None],
            Self::Contact(id) => {
                let what = state.contact(*id).map(|contact| reader.contact(contact));
                [what.filter(|what| matches!(what.content, Content::Contact(_))), None]
            }
        }
    }
}

/// A line of JSON for each of `items`.
fn chunk(items: &[impl Serialize]) -> BytesMut {
    let mut chunk = BytesMut::new();
    for item in items {
        serde_json::to_writer((&mut chunk).writer(), item).expect("writing into memory does not fail");
        chunk.put_u8(b'\n');
    }
    chunk
}
