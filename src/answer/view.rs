//! Domain values as answers show them to one audience in one language.

use super::model::{AvailabilityView, ContactView, FacilityView, RegionPath, RegionRef, degrees, kilometres};
use crate::{
    auth::Audience,
    clock::Timestamp,
    directory::{
        facility::{Facility, Phone},
        geo::Located,
        language::Language,
        observation::Reading,
        region_code::RegionCode,
        resource_type::{ResourceType, TypeCode},
    },
    snapshot::{FacilityState, Scope, Snapshot},
};

/// The snapshot as one reader sees it.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) state: &'a Snapshot,
    pub(super) audience: Audience,
    pub(super) language: Language,
}

impl View<'_> {
    /// What is newest in `scope`.
    pub(super) fn as_of(&self, scope: Scope) -> Timestamp {
        self.state.stamp(scope).at
    }

    pub(super) fn region(&self, code: RegionCode) -> Option<RegionRef> {
        let region = self.state.region(code)?;
        Some(RegionRef { code, name: region.name.clone(), level: code.level() })
    }

    pub(super) fn region_path(&self, code: RegionCode) -> RegionPath {
        let path: Vec<String> = self.state.path(code).into_iter().map(str::to_owned).collect();
        RegionPath { code, name: path.last().cloned().unwrap_or_else(|| code.to_string()), path }
    }

    /// Whom to call about `region`, nearest first.
    pub(super) fn contacts(&self, region: Option<RegionCode>) -> Vec<ContactView> {
        self.state
            .escalation(region)
            .filter(|contact| self.audience.sees(contact.visibility, contact.region))
            .map(|contact| ContactView {
                id: contact.id,
                name: contact.name.clone(),
                role: contact.role.clone(),
                phone: contact.phone.clone(),
                region: contact.region.and_then(|code| self.region(code)),
                visibility: contact.visibility,
            })
            .collect()
    }

    pub(super) fn phones(&self, facility: &Facility) -> Vec<Phone> {
        let sees = |phone: &&Phone| self.audience.sees(phone.visibility, Some(facility.region));
        facility.phones.iter().filter(sees).cloned().collect()
    }

    /// A facility with those of its numbers whose type `shows`, measured from `near`.
    pub(super) fn facility(
        &self,
        state: &FacilityState,
        near: Option<Located>,
        distance: Option<u32>,
        shows: impl Fn(&ResourceType) -> bool,
    ) -> FacilityView {
        let facility = &state.facility;
        let (lat, lon) = degrees(facility.point);
        let is_rough = near.is_some_and(|near| near.precision.is_rough()) || state.sure_point().is_none();
        let availability = state.readings.iter().filter_map(|(code, reading)| {
            let resource = self.state.resource_type(code.as_str()).filter(|resource| shows(resource))?;
            Some(self.availability(code, resource, reading, facility.region))
        });
        FacilityView {
            id: facility.id,
            external_ids: facility.external_ids.clone(),
            name: facility.name.clone(),
            kind: facility.kind.clone(),
            region: self.region_path(facility.region),
            address: facility.address.clone(),
            phones: self.phones(facility),
            lat,
            lon,
            distance_km: distance.map(kilometres),
            distance_rough: distance.is_some() && is_rough,
            intake: facility.intake.clone(),
            flags: facility.flags.iter().copied().collect(),
            simulated: facility.simulated,
            closed: facility.closed,
            availability: availability.collect(),
        }
    }

    fn availability(
        &self,
        code: &TypeCode,
        resource: &ResourceType,
        reading: &Reading,
        region: RegionCode,
    ) -> AvailabilityView {
        let is_internal = self.audience.sees(crate::directory::facility::Visibility::Internal, Some(region));
        AvailabilityView {
            resource: code.clone(),
            label: resource.label.get(self.language).to_owned(),
            capacity: reading.numbers.capacity(),
            occupied: reading.numbers.occupied(),
            available: reading.numbers.available(),
            queue: reading.numbers.queue(),
            observed_at: reading.observed_at,
            received_at: reading.received_at,
            freshness: self.state.freshness(code, reading),
            source: reading.source,
            reporter: is_internal.then(|| reading.reporter.to_string()),
        }
    }
}
