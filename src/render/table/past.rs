//! History and unmet demand as CSV.

use crate::{
    domain::{facility::FacilityId, numbers::Count, text::wire_name},
    render::{
        model::{Day, HistoryAnswer, HistoryNumber, UnmetDemandAnswer, UnmetDemandView},
        table::{Table, counts, moment, optional_cell, yes_or_no},
    },
};

const HISTORY: [&str; 20] = [
    "facility",
    "type",
    "session",
    "date",
    "seq",
    "capacity",
    "occupied",
    "available",
    "queue",
    "observed_at",
    "received_at",
    "source",
    "reporter",
    "late",
    "day",
    "available_min",
    "available_max",
    "available_last",
    "capacity_last",
    "reports",
];
const DEMAND: [&str; 5] = ["region_code", "region", "kind", "wanted", "questions"];

/// A history: a line for each number, then one for each day in short.
pub(crate) fn history(answer: &HistoryAnswer) -> Vec<u8> {
    let numbers = answer.history.iter().map(|number| number_cells(answer.facility, number));
    let days = answer.daily.iter().map(|day| day_cells(answer.facility, day));
    Table::of(HISTORY, numbers.chain(days))
}

/// Wishes, the most frequent first.
pub(crate) fn demand(answer: &UnmetDemandAnswer) -> Vec<u8> {
    Table::of(DEMAND, answer.demand.iter().map(demand_cells))
}

fn number_cells(facility: FacilityId, told: &HistoryNumber) -> [String; 20] {
    let HistoryNumber { seq, number, session, date, late } = told;
    let none = String::new;
    let [capacity, occupied, available, queue] = counts(Some(number.numbers));
    [
        facility.to_string(),
        number.resource.to_string(),
        optional_cell(*session),
        optional_cell(*date),
        seq.to_string(),
        capacity,
        occupied,
        available,
        queue,
        moment(number.observed_at),
        moment(number.received_at),
        wire_name(number.source),
        optional_cell(number.reporter.as_ref()),
        yes_or_no(*late),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
    ]
}

fn day_cells(facility: FacilityId, day: &Day) -> [String; 20] {
    let none = String::new;
    let count = |count: Option<Count>| optional_cell(count.map(Count::get));
    [
        facility.to_string(),
        day.resource.to_string(),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
        day.day.clone(),
        count(day.available_min),
        count(day.available_max),
        count(day.available_last),
        count(day.capacity_last),
        day.reports.to_string(),
    ]
}

fn demand_cells(demanded: &UnmetDemandView) -> [String; 5] {
    let region = demanded.region.as_ref();
    [
        optional_cell(region.map(|region| region.code)),
        optional_cell(region.map(|region| &region.name)),
        demanded.kind.clone(),
        demanded.wanted.clone(),
        demanded.questions.to_string(),
    ]
}
