//! What was public once and is internal now stays internal in whatever is told of the past.

use std::sync::Arc;

use super::Snapshot;
use crate::directory::{
    contact::Contact,
    facility::{Facility, Visibility},
};

impl Snapshot {
    /// This past state, with that internal which is internal at `present`.
    #[must_use]
    pub fn in_hindsight(mut self, present: &Self) -> Self {
        for state in present.facilities.values() {
            let has_internal =
                state.facility.phones.iter().any(|phone| phone.visibility == Visibility::Internal);
            let Some(mut past) = self.facilities.get(&state.facility.id).filter(|_| has_internal).cloned()
            else {
                continue;
            };
            let hidden = present.facility_in_hindsight(&past.facility);
            if hidden == *past.facility {
                continue;
            }
            self.names.remove_facility(&past.facility);
            self.names.insert_facility(&hidden);
            let id = hidden.id;
            Arc::make_mut(&mut past).facility = Arc::new(hidden);
            self.facilities.insert(id, past);
        }
        let hidden: Vec<Contact> = self
            .contacts
            .values()
            .map(|contact| present.contact_in_hindsight(contact))
            .filter(|contact| contact.visibility == Visibility::Internal)
            .collect();
        for contact in hidden {
            self.contacts.insert(contact.id, Arc::new(contact));
        }
        self
    }

    /// A facility as it once was, its telephones internal that are internal in this state.
    pub fn facility_in_hindsight(&self, facility: &Facility) -> Facility {
        let present = self.facility(facility.id);
        let is_internal = |number: &str| {
            present.is_some_and(|state| {
                let phones = &state.facility.phones;
                phones.iter().any(|phone| phone.number == number && phone.visibility == Visibility::Internal)
            })
        };
        let mut facility = facility.clone();
        for phone in facility.phones.iter_mut().filter(|phone| is_internal(&phone.number)) {
            phone.visibility = Visibility::Internal;
        }
        facility
    }

    /// A contact as it once was, internal if it is internal in this state.
    pub fn contact_in_hindsight(&self, contact: &Contact) -> Contact {
        let is_internal =
            self.contact(contact.id).is_some_and(|present| present.visibility == Visibility::Internal);
        let visibility = if is_internal { Visibility::Internal } else { contact.visibility };
        Contact { visibility, ..contact.clone() }
    }
}
