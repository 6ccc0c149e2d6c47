//! Past states as they may be shown today: a telephone that was made internal or removed since is hidden in the past,
//! too.

use std::{borrow::Cow, sync::Arc};

use super::{Snapshot, versions::UNDATED};
use crate::domain::{
    contact::Contact,
    facility::{Facility, FacilityRef, Phone, Visibility},
    names::phone_digits,
    session::Session,
};

impl Snapshot {
    /// This past state, with only that public which is public at `present`.
    #[must_use]
    pub fn redacted(mut self, present: &Self) -> Self {
        let past: Vec<_> = self.facilities.values().cloned().collect();
        for mut state in past {
            let Cow::Owned(hidden) = present.redacted_facility(&state.facility) else {
                continue;
            };
            self.names.remove_facility(&state.facility);
            self.names.insert_facility(&hidden);
            Arc::make_mut(&mut state).facility = Arc::new(hidden);
            self.keep(state);
        }
        let hidden: Vec<_> = self
            .sessions
            .values()
            .filter_map(|state| match present.redacted_session(&state.session) {
                Cow::Owned(hidden) => Some(Arc::new(state.told_as(hidden))),
                Cow::Borrowed(_) => None,
            })
            .collect();
        for state in hidden {
            self.sessions.insert(state.session.id, state);
        }
        let hidden: Vec<Contact> = self
            .contacts
            .values()
            .map(|contact| present.redacted_contact(contact))
            .filter(|contact| contact.visibility == Visibility::Internal)
            .collect();
        for contact in hidden {
            self.contacts.insert(contact.id, Arc::new(contact));
        }
        // What was rendered of the facilities before may show a telephone that is hidden now.
        self.versions.bump_reference(None, UNDATED);
        self
    }

    /// A facility as it once was, with those of its telephones public that still are; borrowed if all are.
    pub fn redacted_facility<'a>(&self, facility: &'a Facility) -> Cow<'a, Facility> {
        let present = self.resolve(&FacilityRef::Id(facility.id)).map(|present| &*present.facility);
        let hides = |phone: &Phone| {
            let mut known = present.into_iter().flat_map(|present| &present.phones);
            let is_public = |known: &Phone| {
                known.visibility == Visibility::Public && is_same(&known.number, &phone.number)
            };
            phone.visibility == Visibility::Public && !known.any(is_public)
        };
        let mut facility = Cow::Borrowed(facility);
        if facility.phones.iter().any(hides) {
            let phones = &mut facility.to_mut().phones;
            phones
                .iter_mut()
                .filter(|phone| hides(phone))
                .for_each(|phone| phone.visibility = Visibility::Internal);
        }
        facility
    }

    /// A session as it once was, with the telephone and the address for booking only if they still are; borrowed if so.
    /// If the session is forgotten, both are hidden: nobody can take them back any more.
    pub fn redacted_session<'a>(&self, session: &'a Session) -> Cow<'a, Session> {
        let present = self.session(session.id).map(|present| &present.session);
        let phone_stands = session.booking_phone.as_ref().is_none_or(|phone| {
            present.and_then(|present| present.booking_phone.as_ref()).is_some_and(|now| is_same(now, phone))
        });
        let url_stands = session
            .booking_url
            .as_ref()
            .is_none_or(|url| present.and_then(|present| present.booking_url.as_ref()) == Some(url));
        if phone_stands && url_stands {
            return Cow::Borrowed(session);
        }
        let booking_phone = session.booking_phone.clone().filter(|_| phone_stands);
        let booking_url = session.booking_url.clone().filter(|_| url_stands);
        Cow::Owned(Session { booking_url, booking_phone, ..session.clone() })
    }

    /// A contact as it once was, public if its telephone still is.
    pub fn redacted_contact(&self, contact: &Contact) -> Contact {
        let is_public = self.contact(contact.id).is_some_and(|present| {
            present.visibility == Visibility::Public && is_same(&present.phone, &contact.phone)
        });
        let visibility = if is_public { contact.visibility } else { Visibility::Internal };
        Contact { visibility, ..contact.clone() }
    }
}

/// Whether two telephone numbers are one, however they are written.
fn is_same(one: &str, other: &str) -> bool {
    one == other || phone_digits(one).is_some_and(|digits| phone_digits(other) == Some(digits))
}
