//! Answers as CSV (RFC 4180): one line for each number, for spreadsheets.

use super::model::{
    AvailabilityView, CompletenessAnswer, FacilityView, KindView, OverviewAnswer, RegionSummary,
    ReporterView, TotalView,
};
use crate::directory::{
    facility::{ExternalId, Phone},
    numbers::{Count, Sum},
    text::wire_name,
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
const NUMBERS: [&str; 10] = [
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
];
const TOTALS: [&str; 17] = [
    "region_code",
    "region",
    "level",
    "lat",
    "lon",
    "kind",
    "type",
    "label",
    "capacity",
    "occupied",
    "available",
    "available_stale",
    "queue",
    "facilities",
    "facilities_available",
    "facilities_unknown",
    "facilities_stale",
];
const REPORTERS: [&str; 9] = [
    "facility",
    "external_ids",
    "name",
    "kind",
    "region_code",
    "region",
    "phones",
    "observed_at",
    "freshness",
];

/// Facilities, a line for each number; one without numbers has a line of its own.
pub(super) fn facilities(facilities: &[FacilityView]) -> Vec<u8> {
    let mut table = Table::new(FACILITY.into_iter().chain(NUMBERS));
    for facility in facilities {
        let cells = facility_cells(facility);
        if facility.availability.is_empty() {
            table.line(cells.iter().cloned().chain(NUMBERS.map(|_| String::new())));
        }
        for view in &facility.availability {
            table.line(cells.iter().cloned().chain(number_cells(view)));
        }
    }
    table.finish()
}

/// The totals of a region and of those right below it.
pub(super) fn overview(answer: &OverviewAnswer) -> Vec<u8> {
    let mut table = Table::new(TOTALS);
    for summary in std::iter::once(&answer.summary).chain(&answer.children) {
        for (kind, view) in
            [("bed", &summary.beds), ("isolation", &summary.isolation), ("vaccination", &summary.vaccination)]
        {
            totals(&mut table, summary, kind, view);
        }
    }
    table.finish()
}

/// The facilities by the age of their newest number.
pub(super) fn completeness(answer: &CompletenessAnswer) -> Vec<u8> {
    let mut table = Table::new(REPORTERS);
    for reporter in &answer.facilities {
        table.line(reporter_cells(reporter));
    }
    table.finish()
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
        said(facility.lat),
        said(facility.lon),
        said(facility.distance_km),
        if facility.simulated { "yes" } else { "" }.to_owned(),
    ]
}

fn number_cells(view: &AvailabilityView) -> [String; 10] {
    [
        view.resource.to_string(),
        view.label.clone(),
        said(view.capacity.map(Count::get)),
        said(view.occupied.map(Count::get)),
        said(view.available.map(Count::get)),
        said(view.queue.map(Count::get)),
        view.observed_at.to_rfc3339(),
        view.received_at.to_rfc3339(),
        view.freshness.name().to_owned(),
        wire_name(view.source),
    ]
}

fn reporter_cells(reporter: &ReporterView) -> [String; 9] {
    [
        reporter.id.to_string(),
        external_ids(&reporter.external_ids),
        reporter.name.clone(),
        reporter.kind.to_string(),
        reporter.region.code.to_string(),
        reporter.region.path.join(", "),
        phones(&reporter.phones),
        reporter.observed_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
        reporter.freshness.name().to_owned(),
    ]
}

fn totals(table: &mut Table, summary: &RegionSummary, kind: &str, view: &KindView) {
    let point = summary.located.map(|located| located.point);
    let region = [
        summary.region.code.to_string(),
        summary.region.name.clone(),
        wire_name(summary.region.level),
        said(point.map(|point| point.lat)),
        said(point.map(|point| point.lon)),
        kind.to_owned(),
    ];
    for total in &view.totals {
        table.line(region.iter().cloned().chain(total_cells(total)));
    }
}

fn total_cells(total: &TotalView) -> [String; 11] {
    [
        total.resource.to_string(),
        total.label.clone(),
        said(total.capacity.map(Sum::get)),
        said(total.occupied.map(Sum::get)),
        said(total.available.map(Sum::get)),
        said(total.available_stale.map(Sum::get)),
        said(total.queue.map(Sum::get)),
        total.facilities.to_string(),
        total.facilities_available.to_string(),
        total.facilities_unknown.to_string(),
        total.facilities_stale.to_string(),
    ]
}

fn external_ids(ids: &[ExternalId]) -> String {
    ids.iter().map(ExternalId::as_str).collect::<Vec<_>>().join("; ")
}

fn phones(phones: &[Phone]) -> String {
    phones.iter().map(|phone| phone.number.as_str()).collect::<Vec<_>>().join("; ")
}

/// Unknown is an empty cell, never zero.
fn said(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Lines under a header.
struct Table(csv::Writer<Vec<u8>>);

impl Table {
    fn new(header: impl IntoIterator<Item = &'static str>) -> Self {
        let mut table = Self(csv::Writer::from_writer(Vec::new()));
        table.line(header.into_iter().map(str::to_owned));
        table
    }

    fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0.write_record(cells.into_iter().map(harmless)).expect("writing into memory does not fail");
    }

    fn finish(self) -> Vec<u8> {
        self.0.into_inner().expect("writing into memory does not fail")
    }
}

/// What a spreadsheet would take for a formula is marked as text. Negative numbers are no formulas.
fn harmless(cell: String) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if is_formula { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::harmless;

    #[rstest]
    #[case("=HYPERLINK(1)", "'=HYPERLINK(1)")]
    #[case("@SUM(A1)", "'@SUM(A1)")]
    #[case("+62 24 8413476", "'+62 24 8413476")]
    #[case("-2+3", "'-2+3")]
    #[case("-6.97296", "-6.97296")]
    #[case("RS A=B", "RS A=B")]
    fn formulas_are_marked_as_text(#[case] cell: &str, #[case] expected: &str) {
        assert_eq!(harmless(cell.to_owned()), expected);
    }
}
