//! Which answers a change makes out of date.
//!
//! Every change and every deadline that passes raises the version of its region and of each region
//! above; a change that regions below show too (a name, a contact) is also inherited by them. Versions
//! are this node's own counter and are never sent; the time beside them is the same on every node.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use imbl::OrdMap;

use crate::{clock::Timestamp, domain::region_code::RegionCode};

/// What an answer depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Anything in the country.
    Country,
    /// Anything in this region, and what it inherits from above.
    Region(RegionCode),
    /// The names, aliases, telephones and regions of everything, but no numbers.
    Names,
    /// The resource types.
    Types,
}

/// A version and the moment it was raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Stamp {
    /// Rises with every change; only this node knows it.
    pub version: u64,
    /// When the newest of its numbers, facilities, regions and types became known, or a number older:
    /// what an answer calls `as_of`.
    pub at: Timestamp,
}

/// Earlier than anything: see [`Versions::bump_below`].
pub(super) const UNDATED: Timestamp = Timestamp::UNIX_EPOCH;

impl Stamp {
    fn or_later(self, other: Self) -> Self {
        Self { version: self.version.max(other.version), at: self.at.max(other.at) }
    }
}

#[derive(Clone, Default)]
pub(super) struct Versions {
    /// Shared with every copy, so that no two states ever give one number to different things.
    last: Arc<AtomicU64>,
    country: Stamp,
    names: Stamp,
    types: Stamp,
    /// What happened in a region or below it.
    inside: OrdMap<RegionCode, Stamp>,
    /// What happened to a region that shows in the regions below it.
    inherited: OrdMap<RegionCode, Stamp>,
}

impl Versions {
    pub(super) fn stamp(&self, scope: Scope) -> Stamp {
        match scope {
            Scope::Country => self.country,
            Scope::Names => self.names,
            Scope::Types => self.types,
            Scope::Region(code) => {
                let of = |map: &OrdMap<RegionCode, Stamp>, code| map.get(&code).copied().unwrap_or_default();
                code.with_ancestors()
                    .map(|above| of(&self.inherited, above))
                    .fold(of(&self.inside, code).or_later(self.types), Stamp::or_later)
            }
        }
    }

    /// The version of what the words of a question mean: types, regions, names.
    pub(super) fn vocabulary(&self) -> u64 {
        self.names.version.max(self.types.version)
    }

    fn next(&self, at: Timestamp) -> Stamp {
        Stamp { version: self.last.fetch_add(1, Ordering::Relaxed) + 1, at }
    }

    /// Something in `region` changed.
    pub(super) fn bump_version(&mut self, region: RegionCode, at: Timestamp) {
        let stamp = self.next(at);
        for code in region.with_ancestors() {
            raise(&mut self.inside, code, stamp);
        }
        self.country = self.country.or_later(stamp);
    }

    /// Something changed that everything below `region` shows; `None` is the whole country. Without a
    /// time ([`UNDATED`]) it makes answers anew and leaves their `as_of` alone: so must whatever the current rows
    /// do not remember, or a node that starts later would date its answers otherwise.
    pub(super) fn bump_below(&mut self, region: Option<RegionCode>, at: Timestamp) {
        if let Some(region) = region {
            self.bump_version(region, at);
            let stamp = self.next(at);
            raise(&mut self.inherited, region, stamp);
        } else {
            self.bump_types(at);
        }
    }

    /// A name, an alias or a telephone changed.
    pub(super) fn bump_names(&mut self, at: Timestamp) {
        let stamp = self.next(at);
        self.names = self.names.or_later(stamp);
    }

    /// The vocabulary changed: every answer shows it.
    pub(super) fn bump_types(&mut self, at: Timestamp) {
        let stamp = self.next(at);
        self.types = self.types.or_later(stamp);
        self.country = self.country.or_later(stamp);
    }
}

fn raise(map: &mut OrdMap<RegionCode, Stamp>, code: RegionCode, stamp: Stamp) {
    let raised = map.get(&code).map_or(stamp, |before| before.or_later(stamp));
    map.insert(code, raised);
}
