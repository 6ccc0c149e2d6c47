//! Facilities as lines: with their numbers, with their sessions, or as they were found.

use crate::{
    domain::{
        numbers::{Count, Numbers},
        text::wire_name,
    },
    render::{
        model::{
            AvailabilityView, BedsAnswer, FacilityHit, FacilityView, RegionHit, SearchAnswer, SessionView,
            VaccinationsAnswer,
        },
        table::{Table, external_ids, flag_cell, list, moment, optional_cell, phones, yes_or_no},
    },
};

const FACILITY: [&str; 12] = [
    "facility",
    "external_ids",
    "name",
    "kind",
    "region_code",
    "region",
    "address",
    "phones",
    "lat",
    "lon",
    "distance_km",
    "simulated",
];
const NUMBERS: [&str; 14] = [
    "type",
    "label",
    "capacity",
    "occupied",
    "available",
    "queue",
    "observed_at",
    "received_at",
    "freshness",
    "source",
    "reporter",
    "disputed",
    "jump_from_available",
    "held",
];
const SESSION: [&str; 22] = [
    "session",
    "date",
    "from",
    "to",
    "product",
    "doses",
    "age_min",
    "age_max",
    "domicile",
    "walk_in",
    "booking_url",
    "booking_phone",
    "fee",
    "quota",
    "left",
    "observed_at",
    "received_at",
    "freshness",
    "source",
    "title",
    "pregnancy",
    "disability",
];
const FOUND: [&str; 13] = [
    "found",
    "facility",
    "external_ids",
    "name",
    "kind",
    "region_code",
    "region",
    "phones",
    "lat",
    "lon",
    "simulated",
    "closed",
    "score",
];

/// Facilities, a line for each number; one without numbers has a line of its own.
pub(crate) fn facilities(facilities: &[FacilityView]) -> Vec<u8> {
    numbers_of(facilities, [], |_| [])
}

/// The same, with how well each fits, and what was asked for that nobody recorded.
pub(crate) fn places(answer: &BedsAnswer) -> Vec<u8> {
    let unrecorded = answer.unrecorded.join(" ");
    numbers_of(&answer.facilities, ["tier", "unrecorded"], |facility| [tier(facility), unrecorded.clone()])
}

fn numbers_of<const N: usize>(
    facilities: &[FacilityView],
    more: [&'static str; N],
    cells_of: impl Fn(&FacilityView) -> [String; N],
) -> Vec<u8> {
    let mut table = Table::new(FACILITY.into_iter().chain(NUMBERS).chain(more));
    for facility in facilities {
        let (cells, more) = (facility_cells(facility), cells_of(facility));
        let mut line = |numbers| table.line(cells.iter().cloned().chain(numbers).chain(more.iter().cloned()));
        if facility.availability.is_empty() {
            line(NUMBERS.map(|_| String::new()));
        }
        for view in &facility.availability {
            line(number_cells(view));
        }
    }
    table.finish()
}

/// Vaccination sessions, a line for each occurrence.
pub(crate) fn vaccinations(answer: &VaccinationsAnswer) -> Vec<u8> {
    let mut table = Table::new(FACILITY.into_iter().chain(SESSION).chain(["tier"]));
    for facility in &answer.facilities {
        let cells = facility_cells(&facility.facility);
        for session in &facility.sessions {
            let tier = tier(&facility.facility);
            table.line(cells.iter().cloned().chain(session_cells(session)).chain([tier]));
        }
    }
    table.finish()
}

/// How well a facility answers the question.
fn tier(facility: &FacilityView) -> String {
    optional_cell(facility.tier.map(wire_name))
}

/// Whatever was found, regions before facilities.
pub(crate) fn search(answer: &SearchAnswer) -> Vec<u8> {
    let facilities = answer.facilities.iter().map(facility_hit_cells);
    Table::of(FOUND, answer.regions.iter().map(region_hit_cells).chain(facilities))
}

fn facility_cells(facility: &FacilityView) -> [String; 12] {
    [
        facility.id.to_string(),
        external_ids(&facility.external_ids),
        facility.name.clone(),
        facility.kind.to_string(),
        facility.region.code.to_string(),
        facility.region.path.join(", "),
        facility.address.clone().unwrap_or_default(),
        phones(&facility.phones),
        optional_cell(facility.lat),
        optional_cell(facility.lon),
        optional_cell(facility.distance_km),
        flag_cell(facility.simulated),
    ]
}

fn number_cells(view: &AvailabilityView) -> [String; 14] {
    let jump = view.jump.map(|jump| jump.from);
    let held = view.holds.len();
    [
        view.resource.to_string(),
        view.label.clone(),
        optional_cell(view.capacity.map(Count::get)),
        optional_cell(view.occupied.map(Count::get)),
        optional_cell(view.available.map(Count::get)),
        optional_cell(view.queue.map(Count::get)),
        moment(view.observed_at),
        moment(view.received_at),
        view.freshness.name().to_owned(),
        wire_name(view.source),
        optional_cell(view.reporter.as_ref()),
        flag_cell(view.disputed),
        optional_cell(jump.and_then(Numbers::available).map(Count::get)),
        optional_cell((held > 0).then_some(held)),
    ]
}

fn session_cells(session: &SessionView) -> [String; 22] {
    [
        session.id.to_string(),
        session.date.to_string(),
        session.from.to_string(),
        session.to.to_string(),
        session.product.to_string(),
        list(&session.doses),
        optional_cell(session.age_min),
        optional_cell(session.age_max),
        optional_cell(session.audience.domicile),
        yes_or_no(session.walk_in),
        session.booking_url.clone().unwrap_or_default(),
        session.booking_phone.clone().unwrap_or_default(),
        session.fee.to_string(),
        optional_cell(session.quota.map(Count::get)),
        optional_cell(session.left.map(Count::get)),
        moment(session.observed_at),
        moment(session.received_at),
        session.freshness.name().to_owned(),
        optional_cell(session.source.map(wire_name)),
        session.title.clone().unwrap_or_default(),
        optional_cell(session.audience.pregnancy.map(yes_or_no)),
        optional_cell(session.audience.disability.map(yes_or_no)),
    ]
}

fn region_hit_cells(hit: &RegionHit) -> [String; 13] {
    let point = hit.located.map(|located| located.point);
    [
        "region".to_owned(),
        String::new(),
        String::new(),
        hit.name.clone(),
        wire_name(hit.level),
        hit.code.to_string(),
        hit.path.join(", "),
        String::new(),
        optional_cell(point.map(|point| point.lat)),
        optional_cell(point.map(|point| point.lon)),
        String::new(),
        String::new(),
        hit.score.to_string(),
    ]
}

fn facility_hit_cells(hit: &FacilityHit) -> [String; 13] {
    [
        "facility".to_owned(),
        hit.id.to_string(),
        external_ids(&hit.external_ids),
        hit.name.clone(),
        hit.kind.to_string(),
        hit.region.code.to_string(),
        hit.region.path.join(", "),
        phones(&hit.phones),
        optional_cell(hit.lat),
        optional_cell(hit.lon),
        flag_cell(hit.simulated),
        flag_cell(hit.closed),
        hit.score.to_string(),
    ]
}
