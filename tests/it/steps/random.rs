//! Steps at random.

use proptest::{collection::vec, option, prelude::*, sample::select};
use sedia::domain::room::System;

use super::{CODES, Counts, FACILITIES, PEOPLE, REGIONS, Seen, Step, TYPES};

/// A beginning in which there is something to tell; maybe a night in which it grows old, and a few who report in
/// the morning; then whatever happens.
pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let beginning =
        prop_oneof![8 => report(), 2 => rooms(), 3 => session(), 3 => session_report(), 1 => contacts()];
    let night = (9..75i64).prop_map(|hours| Step::Pass { minutes: hours * 60 });
    let morning = (night, vec(report(), 0..4))
        .prop_map(|(night, reports)| std::iter::once(night).chain(reports).collect::<Vec<Step>>());
    (vec(beginning, 0..24), option::of(morning), vec(step(), 1..40))
        .prop_map(|(first, morning, then)| [first, morning.unwrap_or_default(), then].concat())
}

/// Any step, likely ones more often.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        18 => numbers(),
        7 => rooms(),
        3 => types(),
        4 => facilities(),
        2 => regions(),
        9 => sessions(),
        4 => contacts(),
        9 => calls(),
        8 => time(),
        1 => Just(Step::Restart),
    ]
}

/// Any, some of them more often, so that what happens to one has to do with what happened before.
fn facility() -> impl Strategy<Value = usize> {
    prop_oneof![1 => 0..3usize, 2 => 0..FACILITIES.len()]
}

/// A reportable type: more often one that others report, too.
fn resource() -> impl Strategy<Value = usize> {
    prop_oneof![2 => 0..2usize, 3 => 0..TYPES.len()]
}

fn region() -> impl Strategy<Value = usize> {
    0..REGIONS.len()
}

/// Mostly possible numbers, each unknown now and then.
fn counts() -> impl Strategy<Value = Counts> {
    let count = |most: u32| option::weighted(0.8, prop_oneof![1 => Just(0), 3 => 0..most]);
    (option::weighted(0.7, 6..14u32), count(6), count(6), count(4))
        .prop_map(|(capacity, occupied, available, queue)| [capacity, occupied, available, queue])
}

/// Often just now, and sometimes so long ago that it comes late.
fn seen() -> impl Strategy<Value = Seen> {
    prop_oneof![
        3 => Just(Seen::MinutesAgo(0)),
        3 => (0..300i64).prop_map(Seen::MinutesAgo),
        2 => (0..3i64).prop_map(Seen::HoursAgo),
        2 => (0..30i64).prop_map(Seen::HoursAgo),
    ]
}

fn report() -> impl Strategy<Value = Step> {
    (facility(), resource(), counts(), any::<bool>(), seen(), any::<bool>()).prop_map(
        |(facility, resource, counts, leaves_out_capacity, seen, in_list)| Step::Report {
            facility,
            resource,
            counts,
            leaves_out_capacity,
            seen,
            in_list,
        },
    )
}

fn numbers() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => report(),
        2 => (facility(), resource(), -2..3i32)
            .prop_map(|(facility, resource, delta)| Step::Adjust { facility, resource, delta }),
        2 => (facility(), option::of(resource()), seen())
            .prop_map(|(facility, only, seen)| Step::Confirm { facility, only, seen }),
    ]
}

fn rooms() -> impl Strategy<Value = Step> {
    // Few hospitals and few rooms, so that they meet.
    let room = || (0..3usize, 0..3u8);
    let system = || select(vec![System::Kemenkes, System::Aplicares]);
    prop_oneof![
        6 => (room(), 0..CODES.len(), counts(), any::<bool>(), seen()).prop_map(|((facility, room), code, counts, leaves_out_capacity, seen)| {
            Step::Room { facility, room, code, counts, leaves_out_capacity, seen }
        }),
        1 => (room(), system(), seen())
            .prop_map(|((facility, room), system, seen)| Step::EndRoom { facility, room, system, seen }),
        1 => (0..3usize, 0..CODES.len()).prop_map(|(resource, code)| Step::Map { resource, code }),
    ]
}

fn types() -> impl Strategy<Value = Step> {
    prop_oneof![
        // One more than the types: the sessions.
        2 => (0..=TYPES.len(), 1..11u16, 2..40u16)
            .prop_map(|(resource, aging, stale)| Step::Thresholds { resource, aging, stale }),
        2 => (any::<Option<bool>>(), 1..11u16)
            .prop_map(|(ventilator, aging)| Step::NewType { ventilator, aging }),
        1 => (resource(), any::<bool>()).prop_map(|(resource, retired)| Step::Retire { resource, retired }),
    ]
}

/// Near Semarang, in the west of Central Java, near Yogyakarta, in Bali, and so far away that it is doubted.
fn point() -> impl Strategy<Value = (f64, f64)> {
    let spot = select(vec![
        (-7.0, 110.4),
        (-7.2, 110.5),
        (-7.4, 109.3),
        (-7.7, 110.36),
        (-8.6, 115.2),
        (1.0, 125.0),
    ]);
    (spot, 0..40i32, 0..40i32)
        .prop_map(|((lat, lon), north, east)| (lat + f64::from(north) / 1e3, lon + f64::from(east) / 1e3))
}

fn facilities() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (facility(), region()).prop_map(|(facility, region)| Step::Move { facility, region }),
        1 => (facility(), any::<bool>()).prop_map(|(facility, closed)| Step::Close { facility, closed }),
        2 => (facility(), option::weighted(0.8, point()))
            .prop_map(|(facility, point)| Step::Place { facility, point }),
        1 => (facility(), any::<bool>())
            .prop_map(|(facility, internal)| Step::Phones { facility, internal }),
        1 => (facility(), facility())
            .prop_map(|(facility, duplicate)| Step::Merge { facility, duplicate }),
    ]
}

fn regions() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (region(), 0..9u8).prop_map(|(region, name)| Step::Rename { region, name }),
        1 => Just(Step::NewVillage),
        1 => (region(), point()).prop_map(|(region, point)| Step::RegionPoint { region, point }),
        2 => (region(), any::<bool>()).prop_map(|(region, east)| Step::Zone { region, east }),
    ]
}

/// A few places have most of them.
fn session() -> impl Strategy<Value = Step> {
    let facility = prop_oneof![2 => select(vec![0, 6]), 1 => facility()];
    (facility, any::<bool>(), 0..4u8, 0..4usize, 0..3usize).prop_map(
        |(facility, weekly, days, offer, hours)| Step::Session { facility, weekly, days, offer, hours },
    )
}

fn session_report() -> impl Strategy<Value = Step> {
    (0..6usize, option::weighted(0.5, prop_oneof![0..2u8, 0..6u8]), counts(), any::<bool>(), seen()).prop_map(
        |(nth, days, counts, leaves_out_capacity, seen)| Step::SessionReport {
            nth,
            days,
            counts,
            leaves_out_capacity,
            seen,
        },
    )
}

fn sessions() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => session(),
        2 => (0..6usize, 0..4u8, 0..3usize, any::<bool>()).prop_map(|(nth, days, hours, cancelled)| {
            Step::ChangeSession { nth, days, hours, cancelled }
        }),
        1 => (0..6usize).prop_map(|nth| Step::CancelSession { nth }),
        8 => session_report(),
        1 => Just(Step::ForgetSessions),
    ]
}

fn contacts() -> impl Strategy<Value = Step> {
    // Mostly on the way from a kecamatan up.
    let region = || prop_oneof![3 => select(vec![0, 1, 7]), 1 => region()];
    prop_oneof![
        2 => (option::weighted(0.8, region()), any::<bool>())
            .prop_map(|(region, internal)| Step::AddContact { region, internal }),
        1 => region().prop_map(|region| Step::MoveContact { region }),
        1 => Just(Step::EndContact),
    ]
}

fn calls() -> impl Strategy<Value = Step> {
    let person = || 0..PEOPLE.len();
    let verdict = prop_oneof![1 => Just(0), 4 => Just(1), 2 => 2..5usize];
    prop_oneof![
        2 => (facility(), person(), 1..60u32)
            .prop_map(|(facility, person, minutes)| Step::Claim { facility, person, minutes }),
        3 => (facility(), resource(), person(), 1..240u32)
            .prop_map(|(facility, resource, person, minutes)| Step::Hold { facility, resource, person, minutes }),
        5 => (facility(), resource(), person(), verdict, option::of(0..4u32)).prop_map(
            |(facility, resource, person, verdict, heard)| Step::Note { facility, resource, person, verdict, heard },
        ),
        1 => (0..6usize).prop_map(|nth| Step::EndMark { nth }),
    ]
}

fn time() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..7 * 60i64).prop_map(|minutes| Step::Pass { minutes }),
        4 => any::<bool>().prop_map(|stop_before| Step::PassToDeadline { stop_before }),
        2 => (0..6usize).prop_map(|nth| Step::PassToClose { nth }),
        2 => (0..3i64).prop_map(|days| Step::Pass { minutes: days * 24 * 60 + 5 }),
        // Sessions that are over are forgotten after a month.
        1 => Just(Step::Pass { minutes: 33 * 24 * 60 }),
    ]
}
