//! What happens to a directory, at random: the steps that the property tests share.

mod marks;
mod random;
mod take;

use sedia::domain::room::System;

pub(crate) use self::{
    random::steps,
    take::{start, take},
};

/// The facilities: name (they are known as `test:NAME`), kind, and the region they begin in.
pub(crate) const FACILITIES: [(&str, &str, &str); 8] = [
    ("A", "hospital", "33.74.10"),
    ("B", "hospital", "33.74"),
    ("C", "hospital", "33.22"),
    ("D", "hospital", "34.04"),
    ("E", "hospital", "51.71"),
    ("F", "isolation_site", "33.74.11"),
    ("G", "vaccination_site", "33.22.01"),
    ("H", "hospital", "35.78"),
];

/// Where facilities are and move to. Kecamatan have no points of their own here, Bali (51) has another time
/// zone, Surabaya (35.78) is far but not too far, and the village is there only once somebody adds it.
pub(crate) const REGIONS: [&str; 9] =
    ["33.74.10", "33.74", "33.22", "34.04", "51.71", "33.22.01", "35.78", "33", VILLAGE];
const VILLAGE: &str = "33.74.10.1001";

/// What is reported. Nobody has heard of the tent before somebody adds it.
pub(crate) const TYPES: [&str; 7] =
    ["bed.icu", "bed.icu_vent", "bed.class3", "bed.picu", "isolation.any", "isolation.female", "bed.tent"];

/// What rooms have in them, by system; the last one means nothing until it is given to a type.
const CODES: [(System, &str); 6] = [
    (System::Kemenkes, "kemenkes:6"),
    (System::Kemenkes, "kemenkes:38"),
    (System::Kemenkes, "kemenkes:99"),
    (System::Aplicares, "aplicares:ICU"),
    (System::Aplicares, "aplicares:KL3"),
    (System::Aplicares, "aplicares:ZZZ"),
];

/// Who phones; the last one is anybody.
const PEOPLE: [&str; 3] = ["Siti", "Budi", "warga"];

/// When something was seen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Seen {
    MinutesAgo(i64),
    /// At a full hour: what is said of one moment twice.
    HoursAgo(i64),
}

/// Capacity, occupied, available, queue.
type Counts = [Option<u32>; 4];

/// Something that happens to the directory. Who and what are named by their place in the lists above.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Numbers of one type, by themselves or in a list.
    Report {
        facility: usize,
        resource: usize,
        counts: Counts,
        leaves_out_capacity: bool,
        seen: Seen,
        in_list: bool,
    },
    Adjust {
        facility: usize,
        resource: usize,
        delta: i32,
    },
    Confirm {
        facility: usize,
        only: Option<usize>,
        seen: Seen,
    },
    /// A row of a hospital system.
    Room {
        facility: usize,
        room: u8,
        code: usize,
        counts: Counts,
        leaves_out_capacity: bool,
        seen: Seen,
    },
    EndRoom {
        facility: usize,
        room: u8,
        system: System,
        seen: Seen,
    },
    /// A type gets this code, and no other.
    Map {
        resource: usize,
        code: usize,
    },
    Thresholds {
        resource: usize,
        aging: u16,
        stale: u16,
    },
    NewType {
        ventilator: Option<bool>,
        aging: u16,
    },
    Retire {
        resource: usize,
        retired: bool,
    },
    Move {
        facility: usize,
        region: usize,
    },
    Close {
        facility: usize,
        closed: bool,
    },
    /// Coordinates, be they doubtful; none takes them away.
    Place {
        facility: usize,
        point: Option<(f64, f64)>,
    },
    Phones {
        facility: usize,
        internal: bool,
    },
    /// Two entries become one.
    Merge {
        facility: usize,
        duplicate: usize,
    },
    Rename {
        region: usize,
        name: u8,
    },
    NewVillage,
    RegionPoint {
        region: usize,
        point: (f64, f64),
    },
    Zone {
        region: usize,
        east: bool,
    },
    Session {
        facility: usize,
        weekly: bool,
        days: u8,
        offer: usize,
        hours: usize,
    },
    ChangeSession {
        nth: usize,
        days: u8,
        hours: usize,
        cancelled: bool,
    },
    CancelSession {
        nth: usize,
    },
    SessionReport {
        nth: usize,
        days: Option<u8>,
        counts: Counts,
        leaves_out_capacity: bool,
        seen: Seen,
    },
    ForgetSessions,
    AddContact {
        region: Option<usize>,
        internal: bool,
    },
    MoveContact {
        region: usize,
    },
    EndContact,
    Claim {
        facility: usize,
        person: usize,
        minutes: u32,
    },
    Hold {
        facility: usize,
        resource: usize,
        person: usize,
        minutes: u32,
    },
    /// What was heard; `heard` is how many are free.
    Note {
        facility: usize,
        resource: usize,
        person: usize,
        verdict: usize,
        heard: Option<u32>,
    },
    EndMark {
        nth: usize,
    },
    Pass {
        minutes: i64,
    },
    /// Time passes until something changes by itself, or until right before that.
    PassToDeadline {
        stop_before: bool,
    },
    /// Time passes until a session closes.
    PassToClose {
        nth: usize,
    },
    Restart,
}
