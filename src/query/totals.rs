//! Numbers of many facilities added up, type by type.

use std::collections::BTreeMap;

use crate::{
    domain::{
        freshness::Freshness,
        numbers::{Count, Numbers, Sum},
        resource_type::{ResourceType, TypeCode},
    },
    query::view::View,
    render::model::TotalView,
    snapshot::FacilityState,
};

/// The totals of the facilities that were added.
#[derive(Default)]
pub(crate) struct Totals<'a>(BTreeMap<&'a TypeCode, TotalView>);

impl<'a> Totals<'a> {
    /// Adds those numbers of a facility whose type `shows`.
    pub(crate) fn add(
        &mut self,
        view: View<'a>,
        state: &'a FacilityState,
        shows: impl Fn(&ResourceType) -> bool,
    ) {
        for (code, reading) in &state.readings {
            let resource = view.state.resource_type(code.as_str()).filter(|resource| shows(resource));
            if let Some(resource) = resource {
                let total =
                    self.0.entry(code).or_insert_with(|| empty(code, resource.label.get(view.language)));
                total.add([(reading.numbers, view.state.freshness(code, reading))]);
            }
        }
    }

    /// The totals by type.
    pub(crate) fn into_views(self) -> Vec<TotalView> {
        self.0.into_values().collect()
    }
}

impl TotalView {
    /// Adds what one facility states of the type: a number, or those of its sessions.
    pub(crate) fn add(&mut self, stated: impl IntoIterator<Item = (Numbers, Freshness)>) {
        let (mut known, mut has_free, mut is_stale) = ([false; 4], false, false);
        for (numbers, freshness) in stated {
            let [capacity, occupied, available, queue] = numbers.counts();
            let stale = freshness == Freshness::Stale;
            add(&mut self.capacity, capacity);
            add(&mut self.occupied, occupied);
            add(&mut self.available, available);
            add(&mut self.available_stale, available.filter(|_| stale));
            add(&mut self.occupied_of_capacity, capacity.and(occupied));
            add(&mut self.available_of_capacity, capacity.and(available));
            add(&mut self.queue, queue);
            for (known, count) in known.iter_mut().zip(numbers.counts()) {
                *known |= count.is_some();
            }
            has_free |= available.is_some_and(|count| count.get() > 0);
            is_stale |= stale;
        }
        let [capacity, occupied, available, queue] = known.map(u32::from);
        self.facilities += 1;
        self.facilities_available += u32::from(has_free);
        self.facilities_unknown += 1 - available;
        self.facilities_stale += u32::from(is_stale);
        self.facilities_capacity_known += capacity;
        self.facilities_occupied_known += occupied;
        self.facilities_available_known += available;
        self.facilities_queue_known += queue;
    }
}

/// The total of no facility.
pub(crate) fn empty(code: &TypeCode, label: &str) -> TotalView {
    TotalView {
        resource: code.clone(),
        label: label.to_owned(),
        capacity: None,
        occupied: None,
        available: None,
        available_stale: None,
        occupied_of_capacity: None,
        available_of_capacity: None,
        queue: None,
        facilities: 0,
        facilities_available: 0,
        facilities_unknown: 0,
        facilities_stale: 0,
        facilities_capacity_known: 0,
        facilities_occupied_known: 0,
        facilities_available_known: 0,
        facilities_queue_known: 0,
    }
}

/// A sum of none is None, not zero.
fn add(sum: &mut Option<Sum>, count: Option<Count>) {
    if let Some(count) = count {
        *sum = Some(sum.unwrap_or_default() + count);
    }
}
