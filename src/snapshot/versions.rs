//! Which answers a change makes out of date.
//!
//! Every change and every deadline that passes raises the version of its region, of each region above, and of the
//! grid cell in which its facility stands; a change that regions below show too (a name, a contact) is also inherited
//! by them. An answer depends on a [`Scope`]: a region, or the cells around a point and what answers show wherever
//! they look. Its version is the highest of all that is in its scope, so a change elsewhere leaves it alone.
//! What an answer about sessions shows stays as it is while beds are reported, so it has versions of its own
//! ([`Contents`]). Versions are this node's own counter and are never sent; the time beside them is the same on every node.

use std::sync::atomic::{AtomicU64, Ordering};

use imbl::OrdMap;

use super::places::{Cell, Cells};
use crate::{
    clock::{CLOCK_TOLERANCE, Timestamp},
    domain::{geo::Located, region_code::RegionCode},
};

/// The part of the facilities that an answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Contents {
    /// Everything.
    All,
    /// Everything but the numbers of beds and isolation places: what answers about sessions show.
    WithoutNumbers,
}

/// Something for each kind of [`Contents`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ByContents<T> {
    all: T,
    without_numbers: T,
}

impl<T> ByContents<T> {
    pub(super) const fn of(&self, contents: Contents) -> &T {
        match contents {
            Contents::All => &self.all,
            Contents::WithoutNumbers => &self.without_numbers,
        }
    }

    /// The greater one of each.
    #[must_use]
    pub(super) fn max(self, other: Self) -> Self
    where
        T: Ord,
    {
        Self {
            all: self.all.max(other.all),
            without_numbers: self.without_numbers.max(other.without_numbers),
        }
    }

    /// Applies `change` to each entry that this kind of change affects: a change of numbers affects `all` only.
    pub(super) fn each(&mut self, changed: Changed, change: impl Fn(&mut T)) {
        change(&mut self.all);
        if changed == Changed::Facility {
            change(&mut self.without_numbers);
        }
    }
}

/// What changed at a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changed {
    /// The numbers of its beds and isolation places.
    Numbers,
    /// Anything else about it.
    Facility,
}

/// The part of the directory that an answer depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Anything in the country.
    Country(Contents),
    /// Anything in this region, and what it inherits from above.
    Region(RegionCode, Contents),
    /// Everything that was looked at.
    Looked(Looked),
    /// The names, aliases, telephones and regions of everything, but no numbers.
    Names,
    /// The resource types.
    Types,
}

impl Scope {
    /// Everything in a region, or in the country.
    pub fn everything(region: Option<RegionCode>) -> Self {
        region.map_or(Self::Country(Contents::All), |region| Self::Region(region, Contents::All))
    }

    /// The region whose numbers it has, if it has those of one region only; None if it has those of anywhere.
    pub const fn region(&self) -> Option<RegionCode> {
        match *self {
            Self::Region(code, _) | Self::Looked(Looked { region: Some(code), km: None, .. }) => Some(code),
            Self::Country(_) | Self::Looked(_) | Self::Names | Self::Types => None,
        }
    }
}

/// Where an answer looked, measuring from a point: in a region, in a circle, or in both. It shows facilities, and
/// the regions and contacts of anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Looked {
    /// All of this region.
    pub region: Option<RegionCode>,
    /// From where distances are measured, if anybody knows where that is. A region without a point of its own may move.
    pub origin: Option<Located>,
    /// All within so many kilometres of the origin.
    pub km: Option<u32>,
    /// Facilities were looked for by name, among those of the whole country.
    pub names: bool,
    /// The part of the facilities there that the answer shows.
    pub contents: Contents,
}

impl Looked {
    /// The cells of the circle.
    pub(super) fn cells(&self) -> Option<Cells> {
        Some(Cells::around(self.origin?.point, self.km? * 1000))
    }
}

/// A version and the moment it was raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Stamp {
    /// Rises with every change; only this node knows it.
    pub(super) version: u64,
    /// When the newest of its numbers, facilities, regions and types became known, or a number older:
    /// what an answer calls `as_of`.
    pub(super) at: Timestamp,
}

/// The zero date: it renews answers without changing `as_of`. Use it for changes whose date is not stored in current
/// rows; otherwise a node that starts later would give its answers another `as_of`.
pub(super) const UNDATED: Timestamp = Timestamp::UNIX_EPOCH;

impl Stamp {
    fn or_later(self, other: Self) -> Self {
        Self { version: self.version.max(other.version), at: self.at.max(other.at) }
    }
}

/// The last changes by place.
#[derive(Clone, Default)]
struct LastChanges {
    country: Stamp,
    /// In a region or below it.
    inside: OrdMap<RegionCode, Stamp>,
    /// The version of the last change of a facility that stands or stood in the cell. Facilities carry their dates.
    cells: OrdMap<Cell, u64>,
}

impl LastChanges {
    fn bump_region(&mut self, region: RegionCode, stamp: Stamp) {
        for code in region.with_ancestors() {
            raise(&mut self.inside, code, stamp);
        }
        self.country = self.country.or_later(stamp);
    }

    fn circle(&self, cells: &Cells) -> Stamp {
        let versions = cells.ranges().flat_map(|(first, last)| self.cells.range(first..=last));
        let version = versions.map(|(_, version)| *version).max().unwrap_or_default();
        Stamp { version, at: UNDATED }
    }
}

#[derive(Clone, Default)]
pub(super) struct Versions {
    /// Dates later than this come from a wrong clock.
    latest: Timestamp,
    /// The earliest of them.
    ahead: Option<Timestamp>,
    places: ByContents<LastChanges>,
    names: Stamp,
    types: Stamp,
    /// The regions and the contacts.
    reference: Stamp,
    /// The last change of a region that shows in the regions below it.
    inherited: OrdMap<RegionCode, Stamp>,
}

impl Versions {
    /// The stamp of everything in `scope`, without the dates of the facilities in its circle.
    pub(super) fn stamp(&self, scope: Scope) -> Stamp {
        match scope {
            Scope::Country(contents) => self.places.of(contents).country,
            Scope::Names => self.names,
            Scope::Types => self.types,
            Scope::Region(code, contents) => {
                let of = |map: &OrdMap<RegionCode, Stamp>, code| map.get(&code).copied().unwrap_or_default();
                code.with_ancestors()
                    .map(|above| of(&self.inherited, above))
                    .fold(of(&self.places.of(contents).inside, code).or_later(self.types), Stamp::or_later)
            }
            Scope::Looked(looked) => {
                let region = looked.region.map(|code| self.stamp(Scope::Region(code, looked.contents)));
                let names = looked.names.then_some(self.names);
                let circle = looked.cells().map(|cells| self.places.of(looked.contents).circle(&cells));
                let parts = region.into_iter().chain(names).chain(circle);
                parts.fold(self.types.or_later(self.reference), Stamp::or_later)
            }
        }
    }

    /// The version of the regions, the contacts and the types.
    pub(super) fn reference(&self) -> u64 {
        self.reference.version.max(self.types.version)
    }

    /// The version of what the words of a question mean: types, regions, names.
    pub(super) fn vocabulary(&self) -> u64 {
        self.names.version.max(self.types.version)
    }

    /// The earliest date that lay in the future, so that no answer shows it yet.
    pub(super) const fn ahead(&self) -> Option<Timestamp> {
        self.ahead
    }

    /// It is `now`.
    pub(super) fn advance(&mut self, now: Timestamp) {
        self.latest = now + CLOCK_TOLERANCE;
    }

    /// The next version. No answer is dated in the future, even if a wrong clock dated a change.
    fn next(&mut self, at: Timestamp) -> Stamp {
        // One counter for the process, so that no two states ever give one number to different things.
        static LAST: AtomicU64 = AtomicU64::new(0);
        let is_ahead = at > self.latest;
        if is_ahead {
            self.ahead = Some(self.ahead.map_or(at, |earliest| earliest.min(at)));
        }
        let at = if is_ahead { UNDATED } else { at };
        Stamp { version: LAST.fetch_add(1, Ordering::Relaxed) + 1, at }
    }

    /// Something changed at a facility that stands, or stood, in `cell`.
    pub(super) fn bump_cell(&mut self, cell: Cell, changed: Changed, stamp: Stamp) {
        self.places.each(changed, |places| {
            places.cells.insert(cell, stamp.version);
        });
    }

    /// Something in `region` changed.
    pub(super) fn bump_region(&mut self, region: RegionCode, changed: Changed, at: Timestamp) -> Stamp {
        let stamp = self.next(at);
        self.places.each(changed, |places| places.bump_region(region, stamp));
        stamp
    }

    /// A region or a contact changed, which everything below `region` shows; `None` is the whole country.
    pub(super) fn bump_reference(&mut self, region: Option<RegionCode>, at: Timestamp) {
        match region {
            Some(region) => self.bump_below(region, at),
            None => self.bump_types(at),
        }
        self.reference = self.reference.or_later(self.next(at));
    }

    /// Something changed that everything below `region` shows.
    pub(super) fn bump_below(&mut self, region: RegionCode, at: Timestamp) {
        let stamp = self.bump_region(region, Changed::Facility, at);
        raise(&mut self.inherited, region, stamp);
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
        self.places.each(Changed::Facility, |places| places.country = places.country.or_later(stamp));
    }
}

fn raise(map: &mut OrdMap<RegionCode, Stamp>, code: RegionCode, stamp: Stamp) {
    let raised = map.get(&code).map_or(stamp, |before| before.or_later(stamp));
    map.insert(code, raised);
}
