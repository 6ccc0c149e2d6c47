//! Numbers of many facilities added up, type by type.

use std::collections::BTreeMap;

use crate::{
    domain::{
        freshness::Freshness,
        numbers::{Count, Numbers, Sum},
        observation::Reading,
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
                total.add(reading, view.state.freshness(code, reading));
            }
        }
    }

    /// The totals by type.
    pub(crate) fn into_views(self) -> Vec<TotalView> {
        self.0.into_values().collect()
    }
}

impl TotalView {
    /// Adds numbers, without counting a facility.
    pub(crate) fn add_numbers(&mut self, numbers: Numbers, is_stale: bool) {
        add(&mut self.capacity, numbers.capacity());
        add(&mut self.occupied, numbers.occupied());
        add(&mut self.available, numbers.available());
        add(&mut self.available_stale, numbers.available().filter(|_| is_stale));
        add(&mut self.queue, numbers.queue());
    }

    fn add(&mut self, reading: &Reading, freshness: Freshness) {
        let numbers = reading.numbers;
        let is_stale = freshness == Freshness::Stale;
        self.add_numbers(numbers, is_stale);
        self.facilities += 1;
        self.facilities_available += u32::from(numbers.available().is_some_and(|count| count.get() > 0));
        self.facilities_unknown += u32::from(numbers.available().is_none());
        self.facilities_stale += u32::from(is_stale);
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
        queue: None,
        facilities: 0,
        facilities_available: 0,
        facilities_unknown: 0,
        facilities_stale: 0,
    }
}

/// A sum of none is None, not zero.
fn add(sum: &mut Option<Sum>, count: Option<Count>) {
    if let Some(count) = count {
        *sum = Some(sum.unwrap_or_default() + count);
    }
}
