//! Domain values as answers show them to one audience in one language.

use std::{collections::HashSet, sync::Arc};

use crate::{
    auth::Audience,
    clock::Timestamp,
    domain::{
        contact::Contact,
        facility::{Facility, FacilityId, Phone, Visibility},
        geo::Located,
        mark::{Mark, MarkView},
        region::Zone,
        region_code::RegionCode,
        resource_type::{ResourceType, TypeCode},
    },
    locales::Language,
    render::model::{
        AvailabilityView, ContactView, FacilityBrief, FacilityView, RegionPath, RegionRef, Resolved, degrees,
        kilometres, visible_to,
    },
    snapshot::{CurrentReading, FacilityState, Scope, Snapshot},
};

/// The snapshot as one reader sees it.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) state: &'a Snapshot,
    pub(crate) audience: Audience,
    pub(crate) language: Language,
    /// How names in the question were read.
    pub(crate) resolved: &'a [Resolved],
}

impl FacilityBrief {
    /// A facility as `state` knows it.
    pub fn of(state: &Snapshot, facility: &Facility) -> Self {
        let region = facility.region;
        Self {
            id: facility.id,
            name: facility.name.clone(),
            region,
            path: state.path(region).into_iter().map(str::to_owned).collect(),
            zone: state.zone(region),
        }
    }
}

impl<'a> View<'a> {
    /// A view of the state without a question.
    pub(crate) fn new(state: &'a Snapshot, audience: Audience, language: Language) -> Self {
        Self { state, audience, language, resolved: &[] }
    }

    /// The time of the newest change in `scope`.
    pub(crate) fn as_of(&self, scope: Scope) -> Timestamp {
        self.state.as_of(scope)
    }

    /// The time zone of `region`, or the one most people live in.
    pub(crate) fn zone(&self, region: Option<RegionCode>) -> Zone {
        region.map_or(Zone::Wib, |code| self.state.zone(code))
    }

    /// The name that people use for a type.
    pub(crate) fn label_of<'r>(&self, resource: &'r ResourceType) -> &'r str {
        resource.label.get(self.language)
    }

    /// The label of a type; its code if the directory does not know it.
    pub(crate) fn label(&self, code: &str) -> String {
        let known = self.state.resource_type(code);
        known.map_or(code, |resource| resource.label.get(self.language)).to_owned()
    }

    pub(crate) fn region(&self, code: RegionCode) -> Option<RegionRef> {
        let region = self.state.region(code)?;
        Some(RegionRef { code, name: region.name.clone(), level: code.level() })
    }

    pub(crate) fn region_path(&self, code: RegionCode) -> RegionPath {
        let path: Vec<String> = self.state.path(code).into_iter().map(str::to_owned).collect();
        RegionPath { code, name: path.last().cloned().unwrap_or_else(|| code.to_string()), path }
    }

    /// A contact as this reader sees it.
    pub(crate) fn contact(&self, contact: &Contact) -> ContactView {
        ContactView {
            id: contact.id,
            name: contact.name.clone(),
            role: contact.role.clone(),
            phone: contact.phone.clone(),
            region: contact.region.and_then(|code| self.region(code)),
            visibility: contact.visibility,
        }
    }

    /// The contacts to call about `region`, nearest first.
    pub(crate) fn contacts(&self, region: Option<RegionCode>) -> Vec<ContactView> {
        self.state
            .escalation(region)
            .filter(|contact| self.audience.sees(contact.visibility, contact.region))
            .map(|contact| self.contact(contact))
            .collect()
    }

    pub(crate) fn phones(&self, facility: &Facility) -> Vec<Phone> {
        let sees = |phone: &&Phone| self.audience.sees(phone.visibility, Some(facility.region));
        facility.phones.iter().filter(sees).cloned().collect()
    }

    fn marks<'m>(&self, facility: &Facility, marks: impl IntoIterator<Item = &'m Mark>) -> Vec<MarkView> {
        let seen = marks.into_iter().filter_map(|mark| visible_to(mark, facility, self.audience));
        seen.map(|mark| self.labelled(mark)).collect()
    }

    /// The mark with what people call its type.
    pub(crate) fn labelled(&self, mark: MarkView) -> MarkView {
        let label = mark.what.resource().map(|code| self.label(code.as_str()));
        MarkView { label, ..mark }
    }

    /// The marks that are about the facility or about a type that `shows`.
    fn shown<'m>(
        &self,
        facility: &Facility,
        marks: impl Iterator<Item = &'m Arc<Mark>>,
        shows: impl Fn(&ResourceType) -> bool,
    ) -> Vec<MarkView> {
        let shows =
            |code: &TypeCode| self.state.resource_type(code.as_str()).is_some_and(|known| shows(known));
        self.marks(facility, marks.map(|mark| &**mark).filter(|mark| mark.what.resource().is_none_or(shows)))
    }

    /// Whether this reader sees what is internal in `region`.
    pub(crate) fn sees_internal(&self, region: RegionCode) -> bool {
        self.audience.sees(Visibility::Internal, Some(region))
    }

    /// The facilities whose names or telephones answer to `text`, as far as this reader sees those.
    pub(crate) fn facilities_named(&self, text: &str, region: Option<RegionCode>) -> HashSet<FacilityId> {
        self.state.facilities_named(text, region, &|region| self.sees_internal(region))
    }

    /// How many places of a type are held, as far as this reader may know.
    pub(crate) fn held(&self, state: &FacilityState, code: &TypeCode) -> u32 {
        let facility = &state.facility;
        if !state.has_marks || !self.sees_internal(facility.region) {
            return 0;
        }
        u32::try_from(self.state.holds_of(state, code).count()).unwrap_or(u32::MAX)
    }

    /// A facility with those of its numbers whose type `shows`, measured from `near`.
    pub(crate) fn facility(
        &self,
        state: &FacilityState,
        near: Option<Located>,
        distance: Option<u32>,
        shows: impl Fn(&ResourceType) -> bool,
    ) -> FacilityView {
        let facility = &state.facility;
        let (lat, lon) = degrees(facility.point);
        let phones = self.phones(facility);
        let shown = state.readings.iter().filter(|current| shows(&current.resource));
        let availability = shown.map(|current| self.availability(state, current));
        FacilityView {
            id: facility.id,
            external_ids: facility.external_ids.clone(),
            name: facility.name.clone(),
            kind: facility.kind.clone(),
            region: self.region_path(facility.region),
            address: facility.address.clone(),
            contact: phones
                .is_empty()
                .then(|| self.contacts(Some(facility.region)))
                .into_iter()
                .flatten()
                .next(),
            phones,
            lat,
            lon,
            distance_km: distance.map(kilometres),
            distance_rough: distance.is_some() && Self::is_rough(state, near),
            tier: None,
            intake: facility.intake.clone(),
            flags: facility.flags.iter().copied().collect(),
            simulated: facility.simulated,
            closed: facility.closed,
            merged_into: facility.merged_into,
            notes: self.shown(facility, self.state.notes_on(state).into_iter().map(|(mark, _)| mark), &shows),
            holds: self.shown(facility, self.state.holds_on(state), &shows),
            claim: self.marks(facility, self.state.claim_of(state).map(|mark| &**mark)).pop(),
            availability: availability.collect(),
        }
    }

    /// Whether a distance between the facility and `near` is only rough.
    pub(crate) fn is_rough(state: &FacilityState, near: Option<Located>) -> bool {
        near.is_some_and(|near| near.precision.is_rough()) || state.sure_point().is_none()
    }

    /// Current numbers of a facility.
    pub(crate) fn availability(&self, state: &FacilityState, current: &CurrentReading) -> AvailabilityView {
        let CurrentReading { resource, numbers, freshness, reading } = current;
        let facility = &state.facility;
        let notes = self.state.notes_about(state, current);
        let notes = notes.into_iter().map(|(mark, _)| &**mark);
        let holds = self.state.holds_of(state, &resource.code).map(|mark| &**mark);
        AvailabilityView {
            resource: resource.code.clone(),
            label: self.label_of(resource).to_owned(),
            capacity: numbers.capacity(),
            occupied: numbers.occupied(),
            available: numbers.available(),
            queue: numbers.queue(),
            observed_at: reading.observed_at,
            capacity_observed_at: reading.capacity_time().into(),
            oldest_room_observed_at: reading.oldest_room_observed_at,
            available_derived: reading.available_derived,
            received_at: reading.received_at,
            freshness: *freshness,
            source: reading.source,
            reporter: self.sees_internal(facility.region).then(|| reading.reporter.to_string()),
            jump: self.state.jump(state, current),
            disputed: self.state.is_disputed(state, current),
            notes: self.marks(facility, notes),
            holds: self.marks(facility, holds),
        }
    }
}
