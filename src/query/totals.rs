//! Numbers of many facilities added up, type by type.

use crate::{
    domain::{
        freshness::Freshness,
        numbers::{Count, Numbers, Sum},
        observation::Reading,
        resource_type::{ResourceType, TypeCode},
    },
    query::view::View,
    render::model::TotalView,
    snapshot::{FacilityState, Snapshot, TypeSet},
};

/// The types that a question asks for, sorted by code.
pub(crate) struct Types<'a>(Vec<&'a ResourceType>);

impl<'a> Types<'a> {
    /// Those that `fit`.
    pub(crate) fn that(state: &'a Snapshot, fit: impl Fn(&ResourceType) -> bool) -> Self {
        Self(state.resource_types().map(|resource| &**resource).filter(|resource| fit(resource)).collect())
    }

    /// The types as a set.
    pub(crate) fn set(&self) -> TypeSet {
        self.0.iter().map(|resource| &resource.code).collect()
    }

    /// The numbers that a facility has of them, each with the index of its type.
    pub(crate) fn numbers<'s>(
        &self,
        state: &'s FacilityState,
    ) -> impl Iterator<Item = (usize, &'a ResourceType, &'s Reading)> {
        // Both are sorted, so one walk along them is enough.
        let mut types = self.0.iter().copied().enumerate().peekable();
        state.readings.iter().filter_map(move |(code, reading)| {
            while types.next_if(|(_, resource)| resource.code < *code).is_some() {}
            let (index, resource) = types.next_if(|(_, resource)| resource.code == *code)?;
            Some((index, resource, &**reading))
        })
    }
}

/// The totals of the facilities that were added, by the index of the type.
#[derive(Default)]
pub(crate) struct Totals(Vec<Option<TotalView>>);

impl Totals {
    /// Adds the numbers that a facility has of these types; always the same types.
    pub(crate) fn add(&mut self, view: View<'_>, types: &Types<'_>, state: &FacilityState) {
        self.0.resize(types.0.len(), None);
        for (index, resource, reading) in types.numbers(state) {
            let freshness = Freshness::of(reading.numbers, reading.observed_at, resource, view.state.now());
            self.0[index]
                .get_or_insert_with(|| empty(&resource.code, resource.label.get(view.language)))
                .add([(reading.numbers, freshness)]);
        }
    }

    /// The totals by type.
    pub(crate) fn into_views(self) -> Vec<TotalView> {
        self.0.into_iter().flatten().collect()
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
