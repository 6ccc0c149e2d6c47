//! What was public once is told of the past only as long as it is public: who takes back a telephone, by making it
//! internal or by removing it, takes it back for the past, too.

use std::sync::Arc;

use super::Snapshot;
use crate::directory::{
    contact::Contact,
    facility::{Facility, Visibility},
    names::phone_digits,
};

impl Snapshot {
    /// This past state, with only that public which is public at `present`.
    #[must_use]
    pub fn in_hindsight(mut self, present: &Self) -> Self {
        let past: Vec<_> = self.facilities.values().cloned().collect();
        for mut state in past {
            let hidden = present.facility_in_hindsight(&state.facility);
            if hidden == *state.facility {
                continue;
            }
            self.names.remove_facility(&state.facility);
            self.names.insert_facility(&hidden);
            let id = hidden.id;
            Arc::make_mut(&mut state).facility = Arc::new(hidden);
            self.facilities.insert(id, state);
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

    /// A facility as it once was, with those of its telephones public that still are.
    pub fn facility_in_hindsight(&self, facility: &Facility) -> Facility {
        let is_public = |number: &str| {
            let phones = self.facility(facility.id).map(|present| &present.facility.phones);
            let mut public =
                phones.into_iter().flatten().filter(|phone| phone.visibility == Visibility::Public);
            public.any(|phone| digits(&phone.number) == digits(number))
        };
        let mut facility = facility.clone();
        for phone in facility.phones.iter_mut().filter(|phone| !is_public(&phone.number)) {
            phone.visibility = Visibility::Internal;
        }
        facility
    }

    /// A contact as it once was, public if it still is.
    pub fn contact_in_hindsight(&self, contact: &Contact) -> Contact {
        let is_public =
            self.contact(contact.id).is_some_and(|present| present.visibility == Visibility::Public);
        let visibility = if is_public { contact.visibility } else { Visibility::Internal };
        Contact { visibility, ..contact.clone() }
    }
}

/// The number however it is written.
fn digits(number: &str) -> String {
    phone_digits(number).unwrap_or_else(|| number.to_owned())
}
