//! Numbers of many facilities added up, type by type.

use std::sync::Arc;

use crate::{
    domain::{
        resource_type::{ResourceType, TypeCode},
        total::Total,
    },
    query::view::View,
    render::model::TotalView,
    snapshot::{CurrentReading, FacilityState, Snapshot, TypeSet},
};

/// The types that a question asks for, sorted by code.
pub(crate) struct Types<'a>(Vec<&'a Arc<ResourceType>>);

impl<'a> Types<'a> {
    /// The types that `fit`.
    pub(crate) fn that(state: &'a Snapshot, fit: impl Fn(&ResourceType) -> bool) -> Self {
        Self(state.resource_types().filter(|resource| fit(resource)).collect())
    }

    /// The types as a set.
    pub(crate) fn set(&self) -> TypeSet {
        self.0.iter().map(|resource| &resource.code).collect()
    }

    /// The numbers that a facility has of them, each with the index of its type.
    pub(crate) fn numbers<'s>(
        &self,
        state: &'s FacilityState,
    ) -> impl Iterator<Item = (usize, &'s CurrentReading)> {
        let mut from = 0;
        state.readings.iter().filter_map(move |current| {
            // Both are sorted, and a facility's types are those of the snapshot.
            let found =
                self.0[from..].iter().position(|resource| Arc::ptr_eq(resource, &current.resource))?;
            from += found + 1;
            Some((from - 1, current))
        })
    }

    /// The totals of these facilities.
    pub(crate) fn sum<'s>(&self, states: impl Iterator<Item = &'s FacilityState>) -> Totals {
        let mut totals = Totals::default();
        states.for_each(|state| totals.count(self, state));
        totals
    }

    /// The totals of a region of which the snapshot keeps them.
    pub(crate) fn kept<'s>(&self, kept: impl Iterator<Item = (&'s TypeCode, &'s Total)>) -> Totals {
        let mut totals = Totals(vec![Total::default(); self.0.len()]);
        for (code, total) in kept {
            if let Ok(index) = self.0.binary_search_by(|resource| resource.code.cmp(code)) {
                totals.0[index] = *total;
            }
        }
        totals
    }
}

/// The totals of the facilities that were added, by the index of the type.
#[derive(Default)]
pub(crate) struct Totals(Vec<Total>);

impl Totals {
    /// Counts the numbers that a facility has of these types; always the same types.
    pub(crate) fn count(&mut self, types: &Types<'_>, state: &FacilityState) {
        self.0.resize(types.0.len(), Total::default());
        for (index, current) in types.numbers(state) {
            self.0[index].count(current.numbers, current.freshness);
        }
    }

    /// Adds those of other facilities, of the same types.
    pub(crate) fn add(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), Total::default());
        self.0.iter_mut().zip(&other.0).for_each(|(total, other)| *total += *other);
    }

    /// The totals by type.
    pub(crate) fn into_views(self, view: View<'_>, types: &Types<'_>) -> Vec<TotalView> {
        // Where nothing was added, there is nothing at all.
        let known = types.0.iter().zip(self.0).filter(|(_, total)| total.facilities > 0);
        known
            .map(|(resource, total)| TotalView::new(&resource.code, view.label_of(resource), total))
            .collect()
    }
}

impl TotalView {
    /// The total of a type that is called `label`.
    pub(crate) fn new(code: &TypeCode, label: &str, total: Total) -> Self {
        let unknown = total.facilities - total.available.facilities();
        Self {
            resource: code.clone(),
            label: label.to_owned(),
            capacity: total.capacity.sum(),
            occupied: total.occupied.sum(),
            available: total.available.sum(),
            available_stale: total.available_stale.sum(),
            occupied_of_capacity: total.occupied_of_capacity.sum(),
            available_of_capacity: total.available_of_capacity.sum(),
            queue: total.queue.sum(),
            facilities: total.facilities,
            facilities_available: total.facilities_available,
            facilities_unknown: unknown,
            facilities_stale: total.facilities_stale,
            facilities_capacity_known: total.capacity.facilities(),
            facilities_occupied_known: total.occupied.facilities(),
            facilities_available_known: total.available.facilities(),
            facilities_queue_known: total.queue.facilities(),
        }
    }
}
