//! Looking facilities up: by id, by region, by place; and the rooms that hospital systems tell of them.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use uuid::Uuid;

use super::{
    Snapshot,
    offers::{Offers, Wish},
    places::{Outward, cell},
    versions::{ByContents, Changed, Stamp, UNDATED},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::Seq,
        facility::{Facility, FacilityId, FacilityRef, Flag},
        freshness::Freshness,
        geo::Point,
        numbers::Numbers,
        observation::Reading,
        region_code::RegionCode,
        resource_type::{Kind, ResourceType, TypeCode},
        room::{Room, RoomKey, RoomSum, System},
        session::SESSION_TYPE,
        total::Total,
    },
    locales::Language,
};

/// The current numbers of one type at a facility, as they are judged at the snapshot's `now`.
#[derive(Debug, Clone, PartialEq)]
pub struct CurrentReading {
    /// The type that is counted.
    pub resource: Arc<ResourceType>,
    /// The numbers of the reading: totals and ranking look at thousands of these, and need not follow a pointer.
    pub numbers: Numbers,
    /// How far they can be believed.
    pub freshness: Freshness,
    /// The numbers, and where they came from.
    pub reading: Arc<Reading>,
}

impl CurrentReading {
    /// A reading that is judged when its facility is kept.
    pub(super) fn new(resource: Arc<ResourceType>, reading: Arc<Reading>) -> Self {
        Self { resource, numbers: reading.numbers, freshness: Freshness::Unknown, reading }
    }

    fn judge(&mut self, now: Timestamp) {
        self.freshness = Freshness::of(&self.reading, &self.resource, now);
    }

    /// The code of the type.
    pub fn code(&self) -> &TypeCode {
        &self.resource.code
    }
}

/// The JSON of a facility for the public, in pieces that do not depend on the question.
#[derive(Debug)]
pub struct Pieces {
    /// The version of the regions, contacts and types ([`Snapshot::reference`]) that it was made with.
    pub reference: u64,
    /// Up to the distance.
    pub before_distance: Box<str>,
    /// From there up to the numbers.
    pub after_distance: Box<str>,
    /// One for each of [`FacilityState::readings`].
    pub numbers: Vec<Box<str>>,
}

impl Pieces {
    /// The bytes of all pieces, and what joins them.
    pub fn bytes(&self) -> usize {
        let numbers: usize = self.numbers.iter().map(|json| json.len() + 1).sum();
        self.before_distance.len() + self.after_distance.len() + numbers + 2
    }
}

/// The rendered text of a facility, by language: it is dropped when the facility changes.
#[derive(Debug, Default)]
pub(super) struct Rendered([ArcSwapOption<Pieces>; Language::ALL.len()]);

impl Clone for Rendered {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// A facility with its current numbers.
#[derive(Debug, Clone)]
pub struct FacilityState {
    /// Its name, place and telephones.
    pub facility: Arc<Facility>,
    /// Its current numbers, sorted by type. The grid has them, too, and need not look here for them.
    pub readings: Arc<[CurrentReading]>,
    /// The last change that shows in it; `If-Match` compares this.
    pub version: Seq,
    /// When its description last changed, or a session of it was forgotten.
    pub changed_at: Timestamp,
    /// When it last came from another region.
    pub moved_at: Option<Timestamp>,
    /// Where distances to it are measured: at its sure coordinates, else at its region's point.
    pub stands: Option<Point>,
    /// When the newest that it shows became known, or one of its numbers older. Marks do not count,
    /// as they leave no trace.
    pub(super) known_at: ByContents<Timestamp>,
    /// Whether it has sessions, be they over or cancelled.
    pub has_sessions: bool,
    /// Whether there are marks at it.
    pub has_marks: bool,
    /// The most that it may have free, so that a search for something rare passes over it without a look at its numbers.
    pub offers: Offers,
    pub(super) rendered: Rendered,
}

impl FacilityState {
    /// A facility without numbers, sessions or marks.
    pub(super) fn new(facility: Facility) -> Self {
        Self {
            facility: Arc::new(facility),
            readings: Arc::default(),
            version: 0,
            changed_at: UNDATED,
            moved_at: None,
            stands: None,
            known_at: ByContents::default(),
            has_sessions: false,
            has_marks: false,
            offers: Offers::default(),
            rendered: Rendered::default(),
        }
    }

    /// The current numbers of one type.
    pub fn reading(&self, code: &TypeCode) -> Option<&Arc<Reading>> {
        let index = self.position(code).ok()?;
        Some(&self.readings[index].reading)
    }

    fn position(&self, code: &TypeCode) -> Result<usize, usize> {
        self.readings.binary_search_by(|current| current.code().cmp(code))
    }

    /// Sets the current numbers of some types.
    pub(super) fn put_readings(&mut self, new: impl IntoIterator<Item = CurrentReading>) {
        let mut readings = self.readings.to_vec();
        for current in new {
            match readings.binary_search_by(|kept| kept.code().cmp(current.code())) {
                Ok(index) => readings[index] = current,
                Err(index) => readings.insert(index, current),
            }
        }
        self.readings = readings.into();
    }

    /// The pieces of its JSON; those that were made before if they still hold.
    pub fn pieces(&self, language: Language, reference: u64, make: impl FnOnce() -> Pieces) -> Arc<Pieces> {
        let kept = &self.rendered.0[language as usize];
        if let Some(pieces) = kept.load_full().filter(|pieces| pieces.reference == reference) {
            return pieces;
        }
        let pieces = Arc::new(make());
        kept.store(Some(Arc::clone(&pieces)));
        pieces
    }

    /// Its coordinates, unless they are doubtful.
    pub fn sure_point(&self) -> Option<Point> {
        self.facility.point.filter(|_| !self.facility.flags.contains(&Flag::LocationDoubtful))
    }
}

impl Snapshot {
    /// Changes something at a facility. Every answer that shows it is made anew, and dated by `at` ([`UNDATED`] leaves
    /// the date alone).
    pub(super) fn change(&mut self, id: FacilityId, at: Timestamp, change: impl FnOnce(&mut FacilityState)) {
        self.change_of(Changed::Facility, id, at, change);
    }

    /// Changes something about the numbers of a facility: answers about sessions stay as they are.
    pub(super) fn change_numbers(
        &mut self,
        id: FacilityId,
        at: Timestamp,
        change: impl FnOnce(&mut FacilityState),
    ) {
        self.change_of(Changed::Numbers, id, at, change);
    }

    fn change_of(
        &mut self,
        changed: Changed,
        id: FacilityId,
        at: Timestamp,
        change: impl FnOnce(&mut FacilityState),
    ) {
        if let Some(region) = self.facilities.get(&id).map(|state| state.facility.region) {
            let stamp = self.versions.bump_region(region, changed, at);
            self.change_under(stamp, changed, id, at, change);
        }
    }

    /// Changes a facility whose region already has this stamp.
    pub(super) fn change_under(
        &mut self,
        stamp: Stamp,
        changed: Changed,
        id: FacilityId,
        at: Timestamp,
        change: impl FnOnce(&mut FacilityState),
    ) {
        let Some(mut state) = self.facilities.get(&id).cloned() else {
            return;
        };
        let next = Arc::make_mut(&mut state);
        change(next);
        next.known_at.each(changed, |known_at| *known_at = at.max(*known_at));
        self.versions.bump_cell(cell(state.stands), changed, stamp);
        self.keep(state);
    }

    /// Keeps a facility that stands where it stood, with its numbers judged at this moment.
    pub(super) fn keep(&mut self, mut state: Arc<FacilityState>) {
        let kept = Arc::make_mut(&mut state);
        for current in Arc::make_mut(&mut kept.readings) {
            current.judge(self.now);
        }
        kept.offers = Offers::of(kept);
        kept.rendered = Rendered::default();
        self.places.put(&state);
        let before = self.facilities.insert(state.facility.id, Arc::clone(&state));
        self.totals.replace(before.as_deref(), Some(&state));
    }

    /// Judges the numbers of a type by the present rules of the type.
    pub(super) fn keep_type(&mut self, resource: &Arc<ResourceType>) {
        let having = self.facilities.values().filter_map(|state| {
            let index = state.position(&resource.code).ok()?;
            Some((index, Arc::clone(state)))
        });
        for (index, mut state) in having.collect::<Vec<_>>() {
            let readings = &mut Arc::make_mut(&mut state).readings;
            Arc::make_mut(readings)[index].resource = Arc::clone(resource);
            self.keep(state);
        }
    }

    /// Lets a facility stand somewhere else.
    pub(super) fn stand(&mut self, id: FacilityId, stands: Option<Point>) {
        let Some(before) = self.facilities.get(&id).filter(|before| before.stands != stands) else {
            return;
        };
        self.places.remove(before);
        let (region, stood) = (before.facility.region, cell(before.stands));
        let stamp = self.versions.bump_region(region, Changed::Facility, UNDATED);
        self.versions.bump_cell(stood, Changed::Facility, stamp);
        self.change_under(stamp, Changed::Facility, id, UNDATED, |state| state.stands = stands);
    }

    /// Lets the facilities of a region without sure coordinates stand at the points of their regions, after one of those
    /// points may have moved.
    pub(super) fn settle(&mut self, region: RegionCode) {
        let unsure: Vec<(FacilityId, RegionCode)> = self
            .states_in(region)
            .filter(|state| state.sure_point().is_none())
            .map(|state| (state.facility.id, state.facility.region))
            .collect();
        for facilities in unsure.chunk_by(|(_, one), (_, other)| one == other) {
            let stands = self.locate(facilities[0].1).map(|located| located.point);
            for (id, _) in facilities {
                self.stand(*id, stands);
            }
        }
    }

    /// A facility, open or closed.
    pub fn facility(&self, id: FacilityId) -> Option<&Arc<FacilityState>> {
        self.facilities.get(&id)
    }

    /// A facility by whichever name the client used for it; the one that took its place if it was merged.
    pub fn resolve(&self, reference: &FacilityRef) -> Option<&Arc<FacilityState>> {
        let named = self.named(reference)?;
        named.facility.merged_into.map_or(Some(named), |into| self.facility(into))
    }

    /// The facility that took the place of the one that `reference` named before they were merged.
    pub fn successor(&self, reference: &FacilityRef) -> Option<FacilityId> {
        let named = &self.named(reference)?.facility;
        let FacilityRef::External(external) = reference else { return named.merged_into };
        let mut merged = named.merged.iter().filter_map(|id| self.facility(*id));
        let was_another = merged.any(|merged| merged.facility.external_ids.contains(external));
        named.merged_into.or(was_another.then_some(named.id))
    }

    fn named(&self, reference: &FacilityRef) -> Option<&Arc<FacilityState>> {
        match reference {
            FacilityRef::Id(id) => self.facility(*id),
            FacilityRef::External(external) => match self.by_external_id.get(external.as_str()) {
                Some(id) => self.facility(*id),
                // Our own ids go by this name in what we export.
                None => self.facility(FacilityId(external.as_str().strip_prefix("sedia:")?.parse().ok()?)),
            },
        }
    }

    /// All facilities by id, closed ones too.
    pub fn facilities(&self) -> impl Iterator<Item = &Arc<FacilityState>> {
        self.facilities.values()
    }

    /// The facilities of a region and below, closed ones too.
    pub(super) fn states_in(&self, region: RegionCode) -> impl Iterator<Item = &Arc<FacilityState>> {
        let codes = region.descendants();
        let from = (*codes.start(), FacilityId(Uuid::nil()));
        let to = (*codes.end(), FacilityId(Uuid::max()));
        self.by_region.range(from..=to).filter_map(|(_, id)| self.facilities.get(id))
    }

    /// The facilities of which no more is known than that they lie in this region, closed ones too.
    pub(super) fn exactly_in(&self, region: RegionCode) -> impl Iterator<Item = &Arc<FacilityState>> {
        let (from, to) = ((region, FacilityId(Uuid::nil())), (region, FacilityId(Uuid::max())));
        self.by_region.range(from..=to).filter_map(|(_, id)| self.facilities.get(id))
    }

    /// The open facilities of a region and below, or of the country.
    pub fn facilities_in(&self, region: Option<RegionCode>) -> impl Iterator<Item = &Arc<FacilityState>> {
        let inside = region.map(|region| self.states_in(region));
        let all = region.is_none().then(|| self.facilities.values());
        inside.into_iter().flatten().chain(all.into_iter().flatten()).filter(|state| !state.facility.closed)
    }

    /// The open facilities of the whole country that may be wanted.
    pub fn facilities_that(&self, wish: Wish<'_>) -> Vec<&Arc<FacilityState>> {
        self.places.that(wish)
    }

    /// The totals of the open facilities that stand within so many metres, sorted by type.
    pub fn totals_within(&self, centre: Point, metres: u32) -> Vec<(Arc<ResourceType>, Total)> {
        self.places.totals(centre, metres)
    }

    /// A search for what stands around a point.
    pub fn outward(&self, centre: Point) -> Outward<'_> {
        self.places.outward(centre)
    }

    /// How far what is known of an occurrence of a session can be believed now.
    pub fn session_freshness(&self, reading: Option<&Arc<Reading>>) -> Freshness {
        let judged = reading.zip(self.types.get(SESSION_TYPE));
        judged.map_or(Freshness::Unknown, |(reading, resource)| Freshness::of(reading, resource, self.now))
    }

    /// The totals of the whole country or of a province; None for a smaller region, whose facilities are few.
    pub fn totals_of(&self, region: Option<RegionCode>) -> Option<impl Iterator<Item = (&TypeCode, &Total)>> {
        self.totals.of(region)
    }

    /// A room, also one that was removed.
    pub fn room(&self, key: &RoomKey) -> Option<&Arc<Room>> {
        self.rooms.get(key)
    }

    /// All rooms, also those that were removed; those of one facility together.
    pub fn rooms(&self) -> impl Iterator<Item = &Arc<Room>> {
        self.rooms.values()
    }

    /// The rooms after `key`, in the same order.
    pub fn rooms_after(&self, key: RoomKey) -> impl Iterator<Item = &Arc<Room>> {
        self.rooms.range((std::ops::Bound::Excluded(key), std::ops::Bound::Unbounded)).map(|(_, room)| room)
    }

    /// The rooms that a facility has in one system.
    pub fn rooms_of(&self, facility: FacilityId, system: System) -> impl Iterator<Item = &Arc<Room>> {
        self.known_rooms_of(facility, system).filter(|room| !room.removed)
    }

    /// The rooms of a facility in one system, removed ones included.
    pub fn known_rooms_of(&self, facility: FacilityId, system: System) -> impl Iterator<Item = &Arc<Room>> {
        self.rooms
            .range((facility, system, String::new())..)
            .take_while(move |((of, of_system, _), _)| (*of, *of_system) == (facility, system))
            .map(|(_, room)| room)
    }

    /// The type that an external code such as `kemenkes:38` means, if numbers of it can be reported.
    pub fn type_of(&self, code: &str) -> Option<&Arc<ResourceType>> {
        self.types.values().find(|resource| {
            !resource.retired
                && resource.kind != Kind::Vaccination
                && resource.external_codes.iter().any(|have| have == code)
        })
    }

    /// The codes of a system that mean a type of which numbers can be reported, without their prefix.
    pub fn coded_types(&self, system: System) -> impl Iterator<Item = (&str, &ResourceType)> {
        let counted = self.types.values().filter(|r| !r.retired && r.kind != Kind::Vaccination);
        counted.flat_map(move |resource| {
            resource.external_codes.iter().filter_map(move |code| {
                let code = code.strip_prefix(system.codes())?.strip_prefix(':')?;
                Some((code, &**resource))
            })
        })
    }

    /// The sum of a facility's rooms of one type in one system.
    pub fn room_sum(&self, facility: FacilityId, system: System, resource: &TypeCode) -> Option<RoomSum> {
        let is_of = |room: &&Room| {
            let meant = room.code.as_deref().and_then(|code| self.type_of(code));
            meant.is_some_and(|meant| meant.code == *resource)
        };
        RoomSum::of(self.rooms_of(facility, system).map(|room| &**room).filter(is_of))
    }
}
