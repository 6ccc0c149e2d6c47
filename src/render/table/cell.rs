//! How a value is written in a cell.

use chrono::SecondsFormat;

use crate::{
    clock::Timestamp,
    domain::{
        facility::{ExternalId, Phone, Visibility},
        geo::Located,
        mark::MarkKind,
        numbers::{Count, FIELDS, Numbers},
        text::wire_name,
    },
    render::{audit::AuditEntry, model::FacilityView},
};

/// How well a facility answers the question.
pub(super) fn tier(facility: &FacilityView) -> String {
    optional(facility.tier.map(wire_name))
}

/// `bed.icu capacity 10, occupied 7, available 3; bed.hcu available 0`, what a facility became, or the name of what changed.
pub(super) fn what(entry: &AuditEntry) -> String {
    if let Some(facility) = entry.content.facility() {
        let said = [facility.name.clone(), facility.kind.to_string(), phones(&facility.phones)];
        let closed = facility.closed.then(|| "closed".to_owned());
        return list(said.into_iter().chain(closed).filter(|said| !said.is_empty()));
    }
    let told = |(about, numbers): (String, Numbers)| {
        let counts = FIELDS.into_iter().zip(numbers.counts());
        let known = counts.filter_map(|(name, count)| Some(format!("{name} {}", count?)));
        format!("{about} {}", known.collect::<Vec<_>>().join(", "))
    };
    let numbers = entry.content.numbers();
    if numbers.is_empty() { optional(entry.content.name()) } else { list(numbers.into_iter().map(told)) }
}

pub(super) fn kind(mark: &MarkKind) -> String {
    match mark {
        MarkKind::Claim => "claim",
        MarkKind::Hold { .. } => "hold",
        MarkKind::Note(_) => "note",
    }
    .to_owned()
}

pub(super) fn external_ids(ids: &[ExternalId]) -> String {
    list(ids.iter().map(ExternalId::as_str))
}

pub(super) fn phones(phones: &[Phone]) -> String {
    list(phones.iter().map(|listed| phone(&listed.number, listed.visibility)))
}

/// A telephone number; `!` before one that nobody may pass on, as in what is exported.
pub(super) fn phone(number: &str, visibility: Visibility) -> String {
    match visibility {
        Visibility::Public => number.to_owned(),
        Visibility::Internal => format!("!{number}"),
    }
}

pub(super) fn lat(located: Option<Located>) -> String {
    optional(located.map(|located| located.point.lat))
}

pub(super) fn lon(located: Option<Located>) -> String {
    optional(located.map(|located| located.point.lon))
}

/// One of the four counts of `numbers`.
pub(super) fn count(numbers: Option<Numbers>, field: fn(Numbers) -> Option<Count>) -> String {
    optional(numbers.and_then(field))
}

/// Many in one cell.
pub(super) fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join("; ")
}

/// Unknown is an empty cell, never zero.
pub(crate) fn optional(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A moment, written as in JSON.
pub(crate) fn moment(at: impl Into<Option<Timestamp>>) -> String {
    optional(at.into().map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true)))
}

/// A flag that is set; an empty cell where it is not.
pub(crate) fn flag(is_so: bool) -> String {
    if is_so { "yes" } else { "" }.to_owned()
}

/// A flag as yes or no, where nobody may take an empty cell for a no.
pub(super) fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}
