//! Who has reported, and whom to remind, as lines.

use crate::render::{
    model::{RemindersAnswer, ReporterView},
    table::{Table, external_ids, list, moment, number, phones},
};

const REPORTER: [&str; 10] = [
    "facility",
    "external_ids",
    "name",
    "kind",
    "region_code",
    "region",
    "phones",
    "observed_at",
    "freshness",
    "due_since",
];

/// Facilities by the age of their newest number.
pub(crate) fn reporters(facilities: &[ReporterView]) -> Vec<u8> {
    Table::of(REPORTER, facilities.iter().map(reporter_cells))
}

/// Facilities whose report is due, and whom else to call.
pub(crate) fn reminders(answer: &RemindersAnswer) -> Vec<u8> {
    let lines = answer.reminders.iter().map(|reminder| {
        let contacts = reminder
            .contacts
            .iter()
            .map(|contact| format!("{}: {}", contact.name, number(&contact.phone, contact.visibility)));
        reporter_cells(&reminder.facility).into_iter().chain([list(contacts)])
    });
    Table::of(REPORTER.into_iter().chain(["contacts"]), lines)
}

fn reporter_cells(reporter: &ReporterView) -> [String; 10] {
    [
        reporter.id.to_string(),
        external_ids(&reporter.external_ids),
        reporter.name.clone(),
        reporter.kind.to_string(),
        reporter.region.code.to_string(),
        reporter.region.path.join(", "),
        phones(&reporter.phones),
        moment(reporter.observed_at),
        reporter.freshness.name().to_owned(),
        moment(reporter.due_since),
    ]
}
