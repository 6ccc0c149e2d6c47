//! What people who phone leave for each other, and what coordinators should look at, facility by facility.

use crate::{
    clock::Timestamp,
    domain::{
        language::Language,
        mark::{MarkKind, MarkView},
        numbers::Numbers,
        outlier::jumping,
        resource_type::TypeCode,
    },
    render::{
        model::{ListedMark, MarksAnswer, Review, ReviewAnswer, Why},
        text::{
            entry, finished,
            marks::{self, heard},
            place,
            times::Times,
            words::Words,
        },
    },
};
use Language::{En, Id};

/// Which numbers and places are doubted, why, and whom to call about it.
pub fn doubts(answer: &ReviewAnswer, language: Language, now: Timestamp) -> String {
    let words = Words(language);
    let place = place(answer.region.as_ref(), words);
    let asked = answer.region.as_ref().map(|region| region.code);
    let facilities = together(&answer.doubts, |doubt| doubt.facility.id).into_iter().map(|doubts| {
        let Review { facility, phones, .. } = doubts[0];
        let times = Times::new(language, facility.zone, now);
        let numbers = together(doubts, |doubt| doubt.resource.as_ref());
        let mut lines = vec![entry::brief(facility, asked)];
        lines.extend(numbers.iter().flat_map(|doubts| doubted(doubts, words, times)));
        lines.push(entry::phones(phones, None, words));
        lines
    });
    let any = !answer.doubts.is_empty();
    let heading = if any { words.to_check(&place) } else { words.nothing_to_check(&place) };
    let times = Times::new(language, answer.zone, now);
    listed(heading, facilities, answer.next.is_some(), words, &times.moment(now))
}

/// Who is phoning whom, which places are held, and what was heard.
pub fn marks(answer: &MarksAnswer, language: Language, now: Timestamp) -> String {
    let words = Words(language);
    let place = place(answer.region.as_ref(), words);
    let asked = answer.region.as_ref().map(|region| region.code);
    let facilities = together(&answer.marks, |listed| listed.at_facility.id).into_iter().map(|marks| {
        let facility = &marks[0].at_facility;
        let times = Times::new(language, facility.zone, now);
        let numbers = together(marks, about);
        let mut lines = vec![entry::brief(facility, asked)];
        lines.extend(numbers.iter().flat_map(|marks| marked(marks, words, times)));
        lines
    });
    let any = !answer.marks.is_empty();
    let heading = if any { words.marks_left(&place) } else { words.no_marks_left(&place) };
    let times = Times::new(language, answer.zone, now);
    listed(heading, facilities, answer.next.is_some(), words, &times.moment(now))
}

/// The lines of each facility under a heading; they are of this moment, whenever something last changed.
fn listed(
    heading: String,
    facilities: impl Iterator<Item = Vec<String>>,
    has_more: bool,
    words: Words,
    moment: &str,
) -> String {
    let entries = (1..).zip(facilities).map(|(number, lines)| format!("{number}. {}", lines.join("\n")));
    let mut paragraphs: Vec<String> = std::iter::once(heading).chain(entries).collect();
    paragraphs.extend(has_more.then(|| words.another_page().to_owned()));
    paragraphs.push(words.as_of(moment));
    finished(&paragraphs)
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
fn doubted(doubts: &[&Review], words: Words, times: Times) -> Vec<String> {
    let stated = |doubt: &Review| {
        let counts = entry::counts(doubt.numbers?.counts(), words);
        let source = words.source(doubt.source?, doubt.reporter.as_deref());
        Some(format!("{}: {counts}. {source}", doubt.label.as_ref()?))
    };
    let reason = |doubt: &&Review| {
        if let Some(note) = &doubt.note {
            // Of a number that nobody stated there is no line to name the type.
            let topic = marks::topic(note).filter(|_| doubt.numbers.is_none()).unwrap_or_default();
            return Some(format!("{topic}{}", noted(note, words, times)?));
        }
        let (field, before, after) = jumping(doubt.before?, doubt.numbers?)?;
        Some(words.jumped_from(field, before.get(), after.get(), &times.moment(doubt.at)))
    };
    let is_disputed = doubts.iter().any(|doubt| doubt.why == Why::Disputed);
    let disputed = is_disputed.then(|| words.disputed().to_owned());
    stated(doubts[0]).into_iter().chain(disputed).chain(doubts.iter().filter_map(reason)).collect()
}

/// The type and the number that a mark is about.
fn about(listed: &ListedMark) -> (Option<&TypeCode>, Option<Numbers>) {
    let what = &listed.mark.what;
    (what.resource(), what.note().and_then(|note| note.about))
}

/// The number that was found right or wrong, once, and what the marks about it say.
fn marked(marks: &[&ListedMark], words: Words, times: Times) -> Vec<String> {
    let label = marks[0].mark.label.as_deref();
    let stated = label.zip(about(marks[0]).1).map(|(label, numbers)| {
        format!("{label}: {}", words.stated(&entry::counts(numbers.counts(), words)))
    });
    let topic = label.filter(|_| stated.is_none()).map(|label| format!("{label}: ")).unwrap_or_default();
    let said = marks.iter().filter_map(|ListedMark { mark, at_facility: _ }| {
        let until = times.moment(mark.until);
        let said = match &mark.what {
            MarkKind::Claim => words.claimed(&mark.by, &until),
            MarkKind::Hold { .. } => words.held(&mark.by, &until),
            MarkKind::Note(_) => noted(mark, words, times)?,
        };
        Some(format!("{topic}{said}"))
    });
    stated.into_iter().chain(said).collect()
}

/// What was heard, how long ago, and at which moment.
fn noted(mark: &MarkView, words: Words, times: Times) -> Option<String> {
    heard(mark, &format!("{}, {}", times.age(mark.at), times.when(mark.at)), words)
}

impl Words {
    fn to_check(self, place: &str) -> String {
        match self.0 {
            Id => format!("Perlu diperiksa {place}, yang terbaru lebih dahulu:"),
            En => format!("To be checked {place}, the newest first:"),
        }
    }

    fn nothing_to_check(self, place: &str) -> String {
        match self.0 {
            Id => format!("Tidak ada yang perlu diperiksa {place}."),
            En => format!("Nothing needs to be checked {place}."),
        }
    }

    fn marks_left(self, place: &str) -> String {
        match self.0 {
            Id => format!("Yang sedang ditelepon, ditahan, dan dicatat {place}:"),
            En => format!("Calls, holds and notes {place}:"),
        }
    }

    fn no_marks_left(self, place: &str) -> String {
        match self.0 {
            Id => format!("Tidak ada yang sedang ditelepon, ditahan, atau dicatat {place}."),
            En => format!("No calls, holds or notes {place}."),
        }
    }

    fn stated(self, counts: &str) -> String {
        match self.0 {
            Id => format!("dilaporkan {counts}."),
            En => format!("reported as {counts}."),
        }
    }

    fn jumped_from(self, field: &str, before: u32, after: u32, since: &str) -> String {
        let number = match (self.0, field) {
            (Id, "capacity") => "kapasitas",
            (Id, "occupied") => "jumlah terisi",
            (Id, "queue") => "jumlah antrean",
            (Id, _) => "jumlah kosong",
            (En, "capacity") => "the capacity",
            (En, "occupied") => "the number of occupied places",
            (En, "queue") => "the number of people waiting",
            (En, _) => "the number of free places",
        };
        match self.0 {
            Id => format!(
                "Sejak {since} {number} jauh dari sebelumnya: {before} menjadi {after}. Pastikan lewat telepon."
            ),
            En => format!(
                "Since {since} {number} is far from the one before: {after}, not {before}. Confirm it by phone."
            ),
        }
    }
}
