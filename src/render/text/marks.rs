//! The marks that people who phoned left at a facility, and doubtful numbers: in the lines of a facility, and in the
//! lists that agents and coordinators work through.

use super::{Lines, Page, Speaker, asked_region, entry, place, together};
use crate::{
    clock::Timestamp,
    domain::{
        mark::{MarkKind, MarkView, NoteSource, Verdict},
        numbers::Numbers,
        outlier::{Outlier, jumping},
        resource_type::TypeCode,
        text::wire_name,
    },
    locales::{Language, Message, Value},
    render::model::{AvailabilityView, FacilityView, ListedMark, MarksAnswer, Review, ReviewAnswer, Why},
};

/// The marks about the facility as a whole, and about types whose numbers it never stated.
pub(super) fn of_facility(facility: &FacilityView, speaker: Speaker) -> Vec<Message> {
    let marks = facility.claim.iter().chain(&facility.notes).chain(&facility.holds);
    marks.filter_map(|mark| Some(about_type(mark.label.as_ref(), speaker.mark(mark)?))).collect()
}

/// The remarks about one number: the doubts, the notes of callers, and the places that are held.
pub(super) fn of_number(view: &AvailabilityView, speaker: Speaker) -> Vec<Message> {
    let is_confirmation = |mark: &MarkView| {
        mark.what
            .note()
            .is_some_and(|note| (note.source, note.verdict) == (NoteSource::AgentCall, Verdict::Confirmed))
    };
    // Notes from before somebody confirmed the number are settled.
    let since = view.notes.iter().rposition(is_confirmation).unwrap_or(0);
    let marks = view.notes[since..].iter().chain(&view.holds);
    let outlier = view.jump.map(outlier);
    let disputed = view.disputed.then(|| Message::new("disputed"));
    outlier.into_iter().chain(disputed).chain(marks.filter_map(|mark| speaker.mark(mark))).collect()
}

/// The numbers and places that are doubted, the reasons, and the telephones to call about them.
pub fn doubts(answer: &ReviewAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    page.say(
        Message::new("review-heading")
            .arg("any", !answer.doubts.is_empty())
            .arg("place", place(answer.region.as_ref())),
    );
    let asked = asked_region(answer.region.as_ref());
    let entries = together(&answer.doubts, |doubt| doubt.facility.id).map(|(_, doubts)| {
        let Review { facility, phones, .. } = doubts[0];
        let speaker = Speaker { zone: facility.zone, ..page.speaker };
        let numbers = together(doubts, |doubt| doubt.resource.as_ref());
        Lines::of([entry::brief(facility, asked)])
            .then(numbers.flat_map(|(_, doubts)| doubted(&doubts, speaker)))
            .then([entry::phones(phones, None)])
    });
    page.numbered(entries.collect::<Vec<_>>());
    page.more(answer.next.as_ref());
    page.finish_as_of(now)
}

/// The claims, holds and notes of a region.
pub fn marks(answer: &MarksAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    page.say(
        Message::new("marks-heading")
            .arg("any", !answer.marks.is_empty())
            .arg("place", place(answer.region.as_ref())),
    );
    let asked = asked_region(answer.region.as_ref());
    let entries = together(&answer.marks, |listed| listed.at_facility.id).map(|(_, marks)| {
        let facility = &marks[0].at_facility;
        let speaker = Speaker { zone: facility.zone, ..page.speaker };
        let numbers = together(marks, |listed| about(listed));
        Lines::of([entry::brief(facility, asked)])
            .then(numbers.flat_map(|(_, marks)| marked(&marks, speaker)))
    });
    page.numbered(entries.collect::<Vec<_>>());
    page.more(answer.next.as_ref());
    page.finish_as_of(now)
}

/// The number with its source and sender, and then the doubt about it.
fn doubted(doubts: &[&Review], speaker: Speaker) -> Vec<Message> {
    let stated = |doubt: &Review| {
        Some(
            Message::new("review-number")
                .arg("label", doubt.label.as_ref()?)
                .arg("counts", entry::counts(doubt.numbers?.counts()))
                .arg("source", entry::source(doubt.source?, doubt.reporter.as_ref())),
        )
    };
    let reason = |doubt: &&Review| {
        if let Some(note) = &doubt.note {
            // A number that nobody stated has no line to name the type.
            let label = note.label.as_ref().filter(|_| doubt.numbers.is_none());
            return Some(about_type(label, heard(note, at_the_moment(note, speaker))?));
        }
        let (field, before, after) = jumping(doubt.before?, doubt.numbers?)?;
        Some(
            Message::new("review-outlier")
                .arg("field", field)
                .arg("before", before)
                .arg("after", after)
                .arg("since", speaker.moment(doubt.at)),
        )
    };
    let is_disputed = doubts.iter().any(|doubt| doubt.why == Why::Disputed);
    let disputed = is_disputed.then(|| Message::new("disputed"));
    stated(doubts[0]).into_iter().chain(disputed).chain(doubts.iter().filter_map(reason)).collect()
}

/// The type and the number that a mark is about.
fn about(listed: &ListedMark) -> (Option<&TypeCode>, Option<Numbers>) {
    let what = &listed.mark.what;
    (what.resource(), what.note().and_then(|note| note.about))
}

/// The number that was found right or wrong, once, and the marks about it.
fn marked(marks: &[&ListedMark], speaker: Speaker) -> Vec<Message> {
    let label = marks[0].mark.label.as_ref();
    let stated = label.zip(about(marks[0]).1).map(|(label, numbers)| {
        Message::new("marks-number").arg("label", label).arg("counts", entry::counts(numbers.counts()))
    });
    let label = label.filter(|_| stated.is_none());
    let said = marks.iter().filter_map(|ListedMark { mark, .. }| {
        let said = heard(mark, at_the_moment(mark, speaker)).or_else(|| speaker.mark(mark))?;
        Some(about_type(label, said))
    });
    stated.iter().cloned().chain(said).collect()
}

/// The line with the type that it is about, if it is about one.
fn about_type(label: Option<&String>, line: Message) -> Message {
    match label {
        Some(label) => Message::new("about-type").arg("label", label).arg("line", line),
        None => line,
    }
}

impl Speaker {
    /// A mark in words; a note with its age.
    pub fn mark(self, mark: &MarkView) -> Option<Message> {
        let until = self.moment(mark.until);
        match &mark.what {
            MarkKind::Claim => Some(Message::new("claimed").arg("by", &mark.by).arg("until", until)),
            MarkKind::Hold { .. } => Some(Message::new("held").arg("by", &mark.by).arg("until", until)),
            MarkKind::Note(_) => heard(mark, self.age(mark.at)),
        }
    }
}

/// How long ago a mark was left, and at which moment.
fn at_the_moment(mark: &MarkView, speaker: Speaker) -> Message {
    Message::new("note-when").arg("age", speaker.age(mark.at)).arg("moment", speaker.when(mark.at))
}

/// A note in words, with its author; None for other marks.
fn heard(mark: &MarkView, when: Message) -> Option<Message> {
    let note = mark.what.note()?;
    let verdict = match (note.source, note.verdict) {
        (NoteSource::AgentCall, Verdict::Confirmed | Verdict::Wrong) if note.about.is_none() => {
            "heard".into()
        }
        (_, verdict) => Value::from(wire_name(verdict)),
    };
    Some(
        Message::new("note")
            .arg("source", wire_name(note.source))
            .arg("verdict", verdict)
            .arg("times", note.times.max(1))
            .arg("when", when)
            .arg("free", note.heard.and_then(Numbers::available))
            .arg("phone", note.phone.as_ref())
            .arg("text", note.text.as_ref())
            .arg("by", Some(&mark.by).filter(|by| !by.is_empty())),
    )
}

fn outlier(outlier: Outlier) -> Message {
    Message::new("outlier").arg("before", outlier.from.available())
}
