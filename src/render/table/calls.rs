//! Marks and the review list as CSV.

use crate::{
    domain::{
        mark::{MarkKind, Note},
        text::wire_name,
    },
    render::{
        model::{FacilityBrief, ListedMark, MarksAnswer, Review, ReviewAnswer},
        table::{Table, counts, moment, optional_cell, phones},
    },
};

const FACILITY: [&str; 4] = ["facility", "name", "region_code", "region"];
const DOUBT: [&str; 17] = [
    "phones",
    "why",
    "at",
    "type",
    "label",
    "capacity",
    "occupied",
    "available",
    "queue",
    "before_capacity",
    "before_occupied",
    "before_available",
    "before_queue",
    "source",
    "reporter",
    "note",
    "by",
];
const MARK: [&str; 12] = [
    "mark",
    "kind",
    "type",
    "label",
    "by",
    "at",
    "until",
    "verdict",
    "about_capacity",
    "about_occupied",
    "about_available",
    "about_queue",
];
const NOTE: [&str; 8] = [
    "note_source",
    "heard_capacity",
    "heard_occupied",
    "heard_available",
    "heard_queue",
    "phone",
    "text",
    "times",
];

/// Doubts, the newest first.
pub(crate) fn doubts(answer: &ReviewAnswer) -> Vec<u8> {
    Table::of(FACILITY.into_iter().chain(DOUBT).chain(NOTE), answer.doubts.iter().map(doubt_cells))
}

/// Marks, the oldest first.
pub(crate) fn marks(answer: &MarksAnswer) -> Vec<u8> {
    Table::of(FACILITY.into_iter().chain(MARK).chain(NOTE), answer.marks.iter().map(mark_cells))
}

fn doubt_cells(doubt: &Review) -> impl Iterator<Item = String> {
    let mark = doubt.note.as_ref();
    let number = [
        phones(&doubt.phones),
        wire_name(doubt.why),
        moment(doubt.at),
        optional_cell(doubt.resource.as_ref()),
        optional_cell(doubt.label.as_ref()),
    ];
    facility_cells(&doubt.facility)
        .into_iter()
        .chain(number)
        .chain(counts(doubt.numbers))
        .chain(counts(doubt.before))
        .chain([optional_cell(doubt.source.map(wire_name)), optional_cell(doubt.reporter.as_ref())])
        .chain([optional_cell(mark.map(|mark| mark.id)), optional_cell(mark.map(|mark| &mark.by))])
        .chain(note_cells(mark.and_then(|mark| mark.what.note())))
}

fn mark_cells(ListedMark { at_facility, mark }: &ListedMark) -> impl Iterator<Item = String> {
    let note = mark.what.note();
    let kind = match mark.what {
        MarkKind::Claim => "claim",
        MarkKind::Hold { .. } => "hold",
        MarkKind::Note(_) => "note",
    };
    let what = [
        mark.id.to_string(),
        kind.to_owned(),
        optional_cell(mark.what.resource()),
        optional_cell(mark.label.as_ref()),
        mark.by.clone(),
        moment(mark.at),
        moment(mark.until),
        optional_cell(note.map(|note| wire_name(note.verdict))),
    ];
    facility_cells(at_facility)
        .into_iter()
        .chain(what)
        .chain(counts(note.and_then(|note| note.about)))
        .chain(note_cells(note))
}

fn facility_cells(facility: &FacilityBrief) -> [String; 4] {
    [facility.id.to_string(), facility.name.clone(), facility.region.to_string(), facility.path.join(", ")]
}

/// The source and the contents of a note.
fn note_cells(note: Option<&Note>) -> [String; 8] {
    let [capacity, occupied, available, queue] = counts(note.and_then(|note| note.heard));
    [
        optional_cell(note.map(|note| wire_name(note.source))),
        capacity,
        occupied,
        available,
        queue,
        optional_cell(note.and_then(|note| note.phone.as_ref())),
        optional_cell(note.and_then(|note| note.text.as_ref())),
        optional_cell(note.map(|note| note.times)),
    ]
}
