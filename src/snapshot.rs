//! The directory in memory: immutable, shared, and swapped whole.
//!
//! A [`Snapshot`] is what the log says up to its `seq`, seen at its `now`. Its maps share structure with
//! the snapshot before, so a change costs what changed. It is built from the current rows at start and
//! then only by [`Snapshot::apply`]; time passes in it only by [`Snapshot::advance`].

mod apply;
mod cell;
mod facilities;
mod facility_names;
pub mod likeness;
mod marks;
mod names;
mod offers;
mod places;
mod redaction;
mod region_names;
mod regions;
mod resolver;
mod sessions;
mod sign_ins;
mod terms;
mod totals;
mod versions;
mod vocabulary;

use std::{ops::Bound, sync::Arc};

use imbl::{OrdMap, OrdSet};

pub use self::{
    apply::Row,
    cell::SnapshotCell,
    facilities::{CurrentReading, FacilityState, Pieces},
    facility_names::NamedFacility,
    names::{Found, Sees, Subject},
    offers::{Offers, TypeSet, Wish},
    places::Outward,
    resolver::{Lies, NamesIn, UnresolvedRegion},
    sessions::SessionState,
    versions::{Contents, Looked, Scope},
};
use self::{
    names::Names,
    places::Places,
    totals::Totals,
    versions::{UNDATED, Versions},
    vocabulary::Vocabulary,
};
use crate::{
    clock::Timestamp,
    domain::{
        change::Seq,
        contact::{Contact, ContactId},
        facility::{ExternalId, FacilityId},
        geo::Point,
        key::{Key, KeyId, OpenIdentity},
        mark::{Mark, MarkId},
        region::Region,
        region_code::RegionCode,
        resource_type::{ResourceType, TypeCode},
        room::{Room, RoomKey},
        session::SessionId,
        sign_in::SignIn,
    },
};

/// The whole directory at one `seq`, at one moment. Cloning it costs a few pointers.
#[derive(Clone, Default)]
pub struct Snapshot {
    seq: Seq,
    last_change_at: Timestamp,
    /// The last change of a facility, a contact or a session: only these make a telephone public or take it back.
    publicity: Seq,
    now: Timestamp,
    types: OrdMap<TypeCode, Arc<ResourceType>>,
    vocabulary: Vocabulary,
    regions: OrdMap<RegionCode, Arc<Region>>,
    facilities: OrdMap<FacilityId, Arc<FacilityState>>,
    by_external_id: OrdMap<ExternalId, FacilityId>,
    /// Regions by their code at BPS.
    by_bps: OrdMap<String, RegionCode>,
    by_region: OrdSet<(RegionCode, FacilityId)>,
    places: Places,
    totals: Totals,
    /// The kabupaten and kota that have points of their own.
    regencies: OrdMap<RegionCode, Point>,
    names: Names,
    rooms: OrdMap<RoomKey, Arc<Room>>,
    contacts: OrdMap<ContactId, Arc<Contact>>,
    contacts_by_region: OrdSet<(Option<RegionCode>, ContactId)>,
    keys: OrdMap<KeyId, Arc<Key>>,
    keys_by_hash: OrdMap<String, KeyId>,
    /// Keys that have ended stay until they are forgotten, so that a number or a consumer id may have several.
    keys_by_phone: OrdSet<(String, KeyId)>,
    keys_by_consumer: OrdSet<(String, KeyId)>,
    keys_by_openid: OrdSet<(String, KeyId)>,
    /// By the hashes of their secrets.
    sign_ins: OrdMap<String, Arc<SignIn>>,
    /// When sign-ins end; only moments after `now`.
    sign_in_ends: OrdSet<(Timestamp, String)>,
    /// When which number becomes aging or stale; only moments after `now`.
    deadlines: OrdSet<(Timestamp, FacilityId, TypeCode)>,
    sessions: OrdMap<SessionId, Arc<SessionState>>,
    sessions_by_facility: OrdSet<(FacilityId, SessionId)>,
    /// When an occurrence ends, or its number becomes aging or stale; one moment per session, after `now`.
    session_deadlines: OrdSet<(Timestamp, SessionId)>,
    marks: OrdMap<MarkId, Arc<Mark>>,
    marks_by_facility: OrdSet<(FacilityId, MarkId)>,
    /// When marks end; only moments after `now`.
    mark_ends: OrdSet<(Timestamp, MarkId)>,
    /// When it will be another day somewhere.
    midnight: Timestamp,
    versions: Versions,
}

impl Snapshot {
    /// The last change in it.
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    /// When the last change was made.
    pub const fn last_change_at(&self) -> Timestamp {
        self.last_change_at
    }

    /// The last change that may have made something public, or taken it back.
    pub const fn publicity(&self) -> Seq {
        self.publicity
    }

    /// The moment at which freshness is judged.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The version of everything an answer about `scope` can show.
    pub fn version(&self, scope: Scope) -> u64 {
        self.versions.stamp(scope).version
    }

    /// When the newest of the numbers, facilities, regions and types in `scope` became known, or a number older.
    pub fn as_of(&self, scope: Scope) -> Timestamp {
        let circle = match scope {
            Scope::Looked(looked) => {
                looked.cells().map(|cells| self.places.known_at(&cells, looked.contents))
            }
            _ => None,
        };
        circle.unwrap_or(UNDATED).max(self.versions.stamp(scope).at)
    }

    /// The earliest date of a change that lay in the future when the snapshot took it in: a wrong clock gave it. Answers
    /// show it once it has come and the snapshot is built anew.
    pub fn dated_ahead(&self) -> Option<Timestamp> {
        self.versions.ahead()
    }

    /// The version of the regions, the contacts and the types: what every facility is shown with.
    pub fn reference(&self) -> u64 {
        self.versions.reference()
    }

    /// The version of all that the words of a question can mean; numbers do not raise it.
    pub fn vocabulary(&self) -> u64 {
        self.versions.vocabulary()
    }

    /// A contact.
    pub fn contact(&self, id: ContactId) -> Option<&Arc<Contact>> {
        self.contacts.get(&id)
    }

    /// All contacts.
    pub fn contacts(&self) -> impl Iterator<Item = &Arc<Contact>> {
        self.contacts.values()
    }

    /// The contacts of exactly this region; of the whole country for `None`.
    pub fn contacts_of(&self, region: Option<RegionCode>) -> impl Iterator<Item = &Arc<Contact>> {
        self.contacts_by_region
            .range((region, ContactId::nil())..=(region, ContactId::max()))
            .filter_map(|(_, id)| self.contacts.get(id))
    }

    /// The contacts to call about `region`: its own, then those of each region above, then the country's.
    pub fn escalation(&self, region: Option<RegionCode>) -> impl Iterator<Item = &Arc<Contact>> {
        let path = region.into_iter().flat_map(RegionCode::with_ancestors).map(Some).chain([None]);
        path.flat_map(|region| self.contacts_of(region))
    }

    /// A key by its id.
    pub fn key(&self, id: KeyId) -> Option<&Arc<Key>> {
        self.keys.get(&id)
    }

    /// The key that a secret with this hash stands for: its own, or the one that somebody signed in with.
    pub fn key_by_hash(&self, hash: &str) -> Option<&Arc<Key>> {
        let of_sign_in = || self.sign_in(hash).map(|sign_in| &sign_in.key);
        self.keys.get(self.keys_by_hash.get(hash).or_else(of_sign_in)?)
    }

    /// The usable key of the reporter whose text messages come from a number.
    pub fn key_of_phone(&self, digits: &str, now: Timestamp) -> Option<&Arc<Key>> {
        self.keys_in(&self.keys_by_phone, digits).find(|key| key.is_usable(now))
    }

    /// The keys that sign under a consumer id: hospitals may have taken the same.
    pub fn keys_of_consumer(&self, consumer: &str) -> impl Iterator<Item = &Arc<Key>> {
        self.keys_in(&self.keys_by_consumer, consumer)
    }

    /// The key of somebody who signs in with a provider, also if it was revoked.
    pub fn key_of_openid(&self, identity: &OpenIdentity) -> Option<&Arc<Key>> {
        self.keys_in(&self.keys_by_openid, &identity.text()).next()
    }

    fn keys_in<'a>(
        &'a self,
        index: &'a OrdSet<(String, KeyId)>,
        text: &str,
    ) -> impl Iterator<Item = &'a Arc<Key>> + use<'a> {
        let all = (text.to_owned(), KeyId::nil())..=(text.to_owned(), KeyId::max());
        index.range(all).filter_map(|(_, id)| self.keys.get(id))
    }

    /// The keys made after the one with this id, oldest first; all for none.
    pub fn keys_after(&self, id: Option<KeyId>) -> impl Iterator<Item = &Arc<Key>> {
        let from = id.map_or(Bound::Unbounded, Bound::Excluded);
        self.keys.range((from, Bound::Unbounded)).map(|(_, key)| key)
    }

    /// All keys, oldest first.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Arc<Key>> {
        self.keys.values()
    }
}
