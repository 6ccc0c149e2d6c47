//! Regions and resource types as lines.

use crate::{
    domain::{numbers::Sum, text::wire_name},
    render::{
        model::{KindView, OverviewAnswer, RegionSummary, RegionView, TotalView, TypeView, TypesAnswer},
        table::{Table, flag_cell, list, optional_cell, yes_or_no},
    },
};

const TOTALS: [&str; 23] = [
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
    "occupied_of_capacity",
    "available_of_capacity",
    "facilities_capacity_known",
    "facilities_occupied_known",
    "facilities_available_known",
    "facilities_queue_known",
];
const REGION: [&str; 12] = [
    "region_code",
    "region",
    "level",
    "kind",
    "parent",
    "path",
    "aliases",
    "lat",
    "lon",
    "precision",
    "timezone",
    "postcode",
];
const TYPE: [&str; 13] = [
    "code",
    "kind",
    "label",
    "label_id",
    "label_en",
    "ventilator",
    "negative_pressure",
    "age_group",
    "reserved_for",
    "aging_after_h",
    "stale_after_h",
    "external_codes",
    "retired",
];

/// The totals of a region and of those right below it.
pub(crate) fn overview(answer: &OverviewAnswer) -> Vec<u8> {
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

/// Regions, a line each.
pub(crate) fn regions(regions: &[RegionView]) -> Vec<u8> {
    Table::of(REGION, regions.iter().map(region_cells))
}

/// Resource types, a line each.
pub(crate) fn types(answer: &TypesAnswer) -> Vec<u8> {
    Table::of(TYPE, answer.types.iter().map(type_cells))
}

fn totals(table: &mut Table, summary: &RegionSummary, kind: &str, view: &KindView) {
    let point = summary.located.map(|located| located.point);
    let region = [
        summary.region.code.to_string(),
        summary.region.name.clone(),
        wire_name(summary.region.level),
        optional_cell(point.map(|point| point.lat)),
        optional_cell(point.map(|point| point.lon)),
        kind.to_owned(),
    ];
    for total in &view.totals {
        table.line(region.iter().cloned().chain(total_cells(total)));
    }
}

fn total_cells(total: &TotalView) -> [String; 17] {
    [
        total.resource.to_string(),
        total.label.clone(),
        optional_cell(total.capacity.map(Sum::get)),
        optional_cell(total.occupied.map(Sum::get)),
        optional_cell(total.available.map(Sum::get)),
        optional_cell(total.available_stale.map(Sum::get)),
        optional_cell(total.queue.map(Sum::get)),
        total.facilities.to_string(),
        total.facilities_available.to_string(),
        total.facilities_unknown.to_string(),
        total.facilities_stale.to_string(),
        optional_cell(total.occupied_of_capacity.map(Sum::get)),
        optional_cell(total.available_of_capacity.map(Sum::get)),
        total.facilities_capacity_known.to_string(),
        total.facilities_occupied_known.to_string(),
        total.facilities_available_known.to_string(),
        total.facilities_queue_known.to_string(),
    ]
}

fn region_cells(region: &RegionView) -> [String; 12] {
    let point = region.located.map(|located| located.point);
    [
        region.code.to_string(),
        region.name.clone(),
        wire_name(region.level),
        region.kind.to_owned(),
        optional_cell(region.parent),
        region.path.join(", "),
        list(&region.aliases),
        optional_cell(point.map(|point| point.lat)),
        optional_cell(point.map(|point| point.lon)),
        optional_cell(region.located.map(|located| wire_name(located.precision))),
        wire_name(region.timezone),
        region.postcode.clone().unwrap_or_default(),
    ]
}

fn type_cells(resource: &TypeView) -> [String; 13] {
    [
        resource.code.to_string(),
        wire_name(resource.kind),
        resource.label.clone(),
        resource.labels.id.clone(),
        resource.labels.en.clone(),
        optional_cell(resource.ventilator.map(yes_or_no)),
        optional_cell(resource.negative_pressure.map(yes_or_no)),
        resource.age_group.to_string(),
        optional_cell(resource.reserved_for.as_ref()),
        resource.aging_after_h.to_string(),
        resource.stale_after_h.to_string(),
        list(&resource.external_codes),
        flag_cell(resource.retired),
    ]
}
