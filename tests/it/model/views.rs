//! What answers show of regions, facilities, numbers and contacts.

use serde_json::{Value, json};

use super::{
    area::Origin,
    directory::{Directory, Facility, Number, Type},
    places::{Located, kilometres, level, with_above},
    tiers::{Freshness, Reader},
};

impl Directory {
    pub(super) fn region_in_short(&self, code: &str) -> Value {
        json!({"code": code, "name": self.regions[code].name, "level": level(code)})
    }

    fn region_with_path(&self, code: &str) -> Value {
        let mut path: Vec<&str> = with_above(code)
            .into_iter()
            .filter_map(|code| Some(self.regions.get(code)?.name.as_str()))
            .collect();
        path.reverse();
        json!({"code": code, "name": path.last(), "path": path})
    }

    /// The contacts of a region, then of each region above it, then the country's, by id; internal ones for
    /// those who may see them.
    pub(super) fn contacts(&self, home: Option<&str>, reader: Reader) -> Vec<Value> {
        let mut shown = Vec::new();
        let regions = home.map(with_above).unwrap_or_default();
        for region in regions.into_iter().map(Some).chain([None]) {
            for contact in self.contacts.values().filter(|contact| contact.region.as_deref() == region) {
                if contact.visibility == "public" || reader.sees_internal_of(region) {
                    shown.push(json!({
                        "id": contact.id, "name": contact.name, "role": contact.role, "phone": contact.phone,
                        "region": region.map(|code| self.region_in_short(code)),
                        "visibility": contact.visibility,
                    }));
                }
            }
        }
        shown
    }

    /// A facility with its current numbers of the types that are `shown`.
    pub(super) fn facility(
        &self,
        facility: &Facility,
        reader: Reader,
        measured: Option<(&Origin, Option<u32>)>,
        shown: &dyn Fn(&Type) -> bool,
    ) -> Value {
        let distance = measured.and_then(|(_, distance)| distance);
        let is_rough = |(origin, _): (&Origin, Option<u32>)| {
            origin.located.is_rough() || facility.sure_point().is_none()
        };
        let mut availability = Vec::new();
        for resource in self.types.values().filter(|resource| shown(resource)) {
            if let Some(number) = self.numbers.get(&(facility.id.clone(), resource.code.clone())) {
                availability.push(self.number(facility, resource, number, reader));
            }
        }
        let contacts = self.contacts(Some(&facility.region), reader);
        let mut view = self.marks_of_facility(facility, reader, shown);
        let own = json!({
            "id": facility.id,
            "external_ids": facility.external_ids,
            "name": facility.name,
            "kind": facility.kind,
            "region": self.region_with_path(&facility.region),
            "address": facility.address,
            "phones": phones(facility, reader),
            "lat": facility.point.map(|point| point.lat),
            "lon": facility.point.map(|point| point.lon),
            "distance_km": distance.map(kilometres),
            "distance_rough": distance.is_some() && measured.is_some_and(is_rough),
            "intake": null,
            "flags": facility.flags,
            "simulated": facility.simulated,
            "closed": facility.closed,
            "availability": availability,
            "contact": phones(facility, reader).is_empty().then(|| contacts.first()).flatten(),
        });
        extend(&mut view, own);
        view
    }

    fn number(&self, facility: &Facility, resource: &Type, number: &Number, reader: Reader) -> Value {
        let mut view = self.marks_of_number(facility, &resource.code, number, reader);
        let own = json!({
            "type": resource.code,
            "label": resource.label.id,
            "capacity": number.capacity,
            "occupied": number.occupied,
            "available": number.available,
            "queue": number.queue,
            "observed_at": number.observed_at,
            "capacity_observed_at": number.capacity_observed_at.filter(|stated| *stated != number.observed_at),
            "received_at": number.received_at,
            "freshness": self.freshness(&resource.code, number).name(),
            "source": number.source,
            "reporter": reader.sees_internal_of(Some(&facility.region)).then_some(&number.reporter),
            "jump": self.jump(facility, &resource.code, number),
        });
        extend(&mut view, own);
        view
    }

    /// The numbers of some facilities added up, for each of the types that are `counted` and reported by any.
    pub(super) fn totals(&self, facilities: &[&Facility], counted: &dyn Fn(&Type) -> bool) -> Vec<Value> {
        let mut totals = Vec::new();
        for resource in self.types.values().filter(|resource| counted(resource)) {
            let of = |facility: &&Facility| {
                self.numbers.get(&(facility.id.clone(), resource.code.clone())).map(|number| vec![number])
            };
            let numbers: Vec<Vec<&Number>> = facilities.iter().filter_map(of).collect();
            if !numbers.is_empty() {
                totals.push(self.total(resource, &numbers));
            }
        }
        totals
    }

    /// The numbers that facilities have of one type added up, as many lists as there are facilities. A sum
    /// that nobody has a number for is unknown, not zero.
    pub(super) fn total(&self, resource: &Type, facilities: &[Vec<&Number>]) -> Value {
        let is_stale = |number: &Number| self.freshness(&resource.code, number) == Freshness::Stale;
        let sum = |count: &dyn Fn(&Number) -> Option<u64>| {
            let known: Vec<u64> = facilities.iter().flatten().filter_map(|number| count(number)).collect();
            (!known.is_empty()).then(|| known.iter().sum::<u64>())
        };
        let with =
            |fits: &dyn Fn(&[&Number]) -> bool| facilities.iter().filter(|numbers| fits(numbers)).count();
        json!({
            "type": resource.code,
            "label": resource.label.id,
            "capacity": sum(&|number| number.capacity),
            "occupied": sum(&|number| number.occupied),
            "available": sum(&|number| number.available),
            "available_stale": sum(&|number| number.available.filter(|_| is_stale(number))),
            "occupied_of_capacity": sum(&|number| number.capacity.and(number.occupied)),
            "available_of_capacity": sum(&|number| number.capacity.and(number.available)),
            "queue": sum(&|number| number.queue),
            "facilities": facilities.len(),
            "facilities_available": with(&|numbers| numbers.iter().any(|number| number.available > Some(0))),
            "facilities_unknown": with(&|numbers| numbers.iter().all(|number| number.available.is_none())),
            "facilities_stale": with(&|numbers| numbers.iter().any(|number| is_stale(number))),
            "facilities_capacity_known": with(&|numbers| numbers.iter().any(|number| number.capacity.is_some())),
            "facilities_occupied_known": with(&|numbers| numbers.iter().any(|number| number.occupied.is_some())),
            "facilities_available_known": with(&|numbers| numbers.iter().any(|number| number.available.is_some())),
            "facilities_queue_known": with(&|numbers| numbers.iter().any(|number| number.queue.is_some())),
        })
    }

    /// The place distances are measured from.
    pub(super) fn near(&self, origin: &Origin) -> Value {
        json!({
            "region": origin.region.as_ref().map(|code| self.region_in_short(code)),
            "lat": origin.located.point.lat,
            "lon": origin.located.point.lon,
            "precision": origin.located.precision,
            "rough": origin.located.is_rough(),
        })
    }
}

pub(super) fn phones(facility: &Facility, reader: Reader) -> Vec<Value> {
    let sees_internal = reader.sees_internal_of(Some(&facility.region));
    let shown = facility.phones.iter().filter(|phone| phone.visibility == "public" || sees_internal);
    shown.map(|phone| json!({"number": phone.number, "visibility": phone.visibility})).collect()
}

pub(super) fn located(located: &Located) -> Value {
    json!({"lat": located.point.lat, "lon": located.point.lon, "precision": located.precision})
}

fn extend(view: &mut Value, more: Value) {
    let (Value::Object(view), Value::Object(more)) = (view, more) else { unreachable!("these are objects") };
    view.extend(more);
}
