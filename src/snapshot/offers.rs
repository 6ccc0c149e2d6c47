//! What may be free at a facility, and what a search is for: a bound that lets a search for something rare pass over a
//! facility, or over a whole part of the country, without a look at its numbers.

use std::collections::HashSet;

use super::FacilityState;
use crate::domain::{facility::FacilityId, resource_type::TypeCode, session::session_type};

/// A set of types that may seem to hold a few more than it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TypeSet(u64);

impl<'a> FromIterator<&'a TypeCode> for TypeSet {
    fn from_iter<T: IntoIterator<Item = &'a TypeCode>>(codes: T) -> Self {
        // FNV-1a, one bit for each code.
        let hash = |code: &TypeCode| {
            let bytes = code.as_str().bytes();
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
        };
        Self(codes.into_iter().fold(0, |set, code| set | 1 << (hash(code) >> 58)))
    }
}

/// The most that a facility may have free, all its numbers added up, whatever their age; of several facilities, the
/// most that one of them may have, and the types that any of them has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    most: u32,
    /// The types that there is something free of; the type of sessions if there are any.
    types: TypeSet,
}

impl Offers {
    pub(super) fn of(state: &FacilityState) -> Self {
        let free: Vec<(&TypeCode, u32)> = state
            .readings
            .iter()
            .filter_map(|current| Some((current.code(), current.numbers.available()?.get())))
            .filter(|(_, count)| *count > 0)
            .collect();
        let sessions = state.has_sessions.then(session_type);
        Self {
            most: free.iter().fold(0, |most, (_, count)| most.saturating_add(*count)),
            types: free.iter().map(|(code, _)| *code).chain(&sessions).collect(),
        }
    }

    /// These, or those of another facility.
    pub(super) fn or(self, other: Self) -> Self {
        Self { most: self.most.max(other.most), types: TypeSet(self.types.0 | other.types.0) }
    }
}

/// What a search is for. What it passes over cannot answer the question; what it takes may not answer it either.
#[derive(Debug, Clone, Copy)]
pub enum Wish<'a> {
    /// Every facility.
    All,
    /// These facilities, whatever they have free.
    Named(&'a HashSet<FacilityId>),
    /// At least so many places of these types together; 0 for sessions, of which nobody may have told a number.
    Free {
        /// How many.
        least: u32,
        /// Of which types.
        types: TypeSet,
    },
}

impl Wish<'_> {
    /// Whether a facility of these offers may be wanted.
    pub(super) fn may_be_among(self, offers: Offers) -> bool {
        match self {
            Self::All | Self::Named(_) => true,
            Self::Free { least, types } => offers.most >= least && offers.types.0 & types.0 != 0,
        }
    }

    /// Whether this facility may be wanted.
    pub fn may_be(self, id: FacilityId, offers: Offers) -> bool {
        match self {
            Self::Named(ids) => ids.contains(&id),
            Self::All | Self::Free { .. } => self.may_be_among(offers),
        }
    }
}
