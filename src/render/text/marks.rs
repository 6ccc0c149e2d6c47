//! What people who phoned left at a facility, and numbers to be doubted: in the lines of a facility, and in the lists
//! that agents and coordinators work through.

use super::{Page, Speaker, asked_region, entry, place};
use crate::{
    clock::Timestamp,
    domain::{
        mark::{MarkKind, MarkView, NoteSource, Verdict},
        numbers::{Count, Numbers},
        outlier::{Outlier, jumping},
        resource_type::TypeCode,
        text::wire_name,
    },
    locales::{Language, Message, Value},
    render::model::{AvailabilityView, FacilityView, ListedMark, MarksAnswer, Review, ReviewAnswer, Why},
};

/// About the facility as a whole, and about types whose numbers it never stated: who is phoning it, what those found
/// who did, which places are held.
pub(super) fn of_facility(facility: &FacilityView, speaker: Speaker) -> Vec<Message> {
    let marks = facility.claim.iter().chain(&facility.notes).chain(&facility.holds);
    marks.filter_map(|mark| Some(about_type(mark.label.as_ref(), said(mark, speaker)?))).collect()
}

/// About one number: why to doubt it, what those heard who phoned, which places are held.
pub(super) fn of_number(view: &AvailabilityView, speaker: Speaker) -> Vec<Message> {
    let is_confirmation = |mark: &MarkView| {
        mark.what
            .note()
            .is_some_and(|note| (note.source, note.verdict) == (NoteSource::AgentCall, Verdict::Confirmed))
    };
    // What was heard before somebody confirmed the number is settled.
    let since = view.notes.iter().rposition(is_confirmation).unwrap_or(0);
    let marks = view.notes[since..].iter().chain(&view.holds);
    let outlier = view.jump.map(outlier);
    let disputed = view.disputed.then(|| Message::new("disputed"));
    outlier.into_iter().chain(disputed).chain(marks.filter_map(|mark| said(mark, speaker))).collect()
}

/// Which numbers and places are doubted, why, and whom to call about it.
pub fn doubts(answer: &ReviewAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let asked = asked_region(answer.region.as_ref(), false);
    page.say(
        &Message::new("review-heading")
            .arg("any", !answer.doubts.is_empty())
            .arg("place", place(answer.region.as_ref())),
    );
    page.numbered(
        together(&answer.doubts, |doubt| doubt.facility.id)
            .into_iter()
            .map(|doubts| {
                let Review { facility, phones, .. } = doubts[0];
                let speaker = Speaker { zone: facility.zone, ..page.speaker };
                let numbers = together(doubts, |doubt| doubt.resource.as_ref());
                let mut lines = vec![entry::brief(facility, asked).to_text(language).into_owned()];
                lines.extend(speaker.say_all(numbers.iter().flat_map(|doubts| doubted(doubts, speaker))));
                lines.push(speaker.say(&entry::phones(phones, None)));
                lines
            })
            .collect::<Vec<_>>(),
    );
    page.more(answer.next.as_ref());
    page.finish_as_of(now)
}

/// Who is phoning whom, which places are held, and what was heard.
pub fn marks(answer: &MarksAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let asked = asked_region(answer.region.as_ref(), false);
    page.say(
        &Message::new("marks-heading")
            .arg("any", !answer.marks.is_empty())
            .arg("place", place(answer.region.as_ref())),
    );
    page.numbered(
        together(&answer.marks, |listed| listed.at_facility.id)
            .into_iter()
            .map(|marks| {
                let facility = &marks[0].at_facility;
                let speaker = Speaker { zone: facility.zone, ..page.speaker };
                let numbers = together(marks, about);
                let mut lines = vec![entry::brief(facility, asked).to_text(language).into_owned()];
                lines.extend(speaker.say_all(numbers.iter().flat_map(|marks| marked(marks, speaker))));
                lines
            })
            .collect::<Vec<_>>(),
    );
    page.more(answer.next.as_ref());
    page.finish_as_of(now)
}

/// Those of one key together, in the order in which the keys come first; no group is empty.
fn together<'a, T, K: PartialEq>(
    items: impl IntoIterator<Item = &'a T>,
    key: impl Fn(&'a T) -> K,
) -> Vec<Vec<&'a T>> {
    let mut groups: Vec<(K, Vec<&T>)> = Vec::new();
    for item in items {
        let key = key(item);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(item),
            None => groups.push((key, vec![item])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The number as it is stated, and by whom; then why it is doubted.
fn doubted(doubts: &[&Review], speaker: Speaker) -> Vec<Message> {
    let stated = |doubt: &Review| {
        Some(
            Message::new("review-number")
                .arg("label", doubt.label.clone()?)
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
                .arg("before", before.get())
                .arg("after", after.get())
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

/// The number that was found right or wrong, once, and what the marks about it say.
fn marked(marks: &[&ListedMark], speaker: Speaker) -> Vec<Message> {
    let label = marks[0].mark.label.as_ref();
    let stated = label.zip(about(marks[0]).1).map(|(label, numbers)| {
        Message::new("marks-number")
            .arg("label", label.clone())
            .arg("counts", entry::counts(numbers.counts()))
    });
    let label = label.filter(|_| stated.is_none());
    let said = marks.iter().filter_map(|ListedMark { mark, .. }| {
        let said = heard(mark, at_the_moment(mark, speaker)).or_else(|| said(mark, speaker))?;
        Some(about_type(label, said))
    });
    stated.iter().cloned().chain(said).collect()
}

/// The line with the type that it is about, if it is about one.
fn about_type(label: Option<&String>, line: Message) -> Message {
    match label {
        Some(label) => Message::new("about-type").arg("label", label.clone()).arg("line", line),
        None => line,
    }
}

/// What a mark says; a note, how long ago.
fn said(mark: &MarkView, speaker: Speaker) -> Option<Message> {
    let until = speaker.moment(mark.until);
    match &mark.what {
        MarkKind::Claim => Some(Message::new("claimed").arg("by", mark.by.clone()).arg("until", until)),
        MarkKind::Hold { .. } => Some(Message::new("held").arg("by", mark.by.clone()).arg("until", until)),
        MarkKind::Note(_) => heard(mark, speaker.age(mark.at)),
    }
}

/// How long ago a mark was left, and at which moment.
fn at_the_moment(mark: &MarkView, speaker: Speaker) -> Message {
    Message::new("note-when").arg("age", speaker.age(mark.at)).arg("moment", speaker.when(mark.at))
}

/// What a note says and whose word it is; None for other marks.
fn heard(mark: &MarkView, when: Message) -> Option<Message> {
    let note = mark.what.note()?;
    let free = note.heard.and_then(Numbers::available).map(Count::get);
    let by = Some(mark.by.clone()).filter(|by| !by.is_empty());
    if note.source == NoteSource::Public {
        return Some(
            Message::new("note-by-public")
                .arg("verdict", wire_name(note.verdict))
                .arg("times", note.times.max(1))
                .arg("when", when)
                .arg("free", free)
                .arg("phone", note.phone.clone())
                .arg("text", note.text.clone())
                .arg("by", by),
        );
    }
    let verdict = match note.verdict {
        Verdict::Confirmed | Verdict::Wrong if note.about.is_none() => "heard".into(),
        verdict => Value::from(wire_name(verdict)),
    };
    Some(
        Message::new("note-by-agent")
            .arg("verdict", verdict)
            .arg("when", when)
            .arg("free", free)
            .arg("phone", note.phone.clone())
            .arg("text", note.text.clone())
            .arg("by", by),
    )
}

fn outlier(outlier: Outlier) -> Message {
    Message::new("outlier").arg("before", outlier.from.available().map(Count::get))
}
