//! What people who phoned left at a facility, and numbers to be doubted, in short lines.

use crate::{
    domain::{
        language::Language::{En, Id},
        mark::{MarkView, Note, NoteSource, Verdict},
        numbers::{Count, Numbers},
        outlier::Outlier,
    },
    render::{
        model::{AvailabilityView, FacilityView},
        text::{times::Times, words::Words},
    },
};

/// About the facility as a whole, and about types whose numbers it never stated: who is phoning it, what those found
/// who did, which places are held.
pub(crate) fn of_facility(facility: &FacilityView, words: Words, times: Times) -> Vec<String> {
    let claim = facility.claim.iter().map(|claim| words.claimed(&claim.by, &times.moment(claim.until)));
    let topic = |mark| topic(mark).unwrap_or_default();
    let notes = facility.notes.iter();
    let notes = notes.filter_map(|mark| Some((topic(mark), heard(mark, &times.age(mark.at), words)?)));
    let holds = facility.holds.iter();
    let holds = holds.map(|hold| (topic(hold), words.held(&hold.by, &times.moment(hold.until))));
    claim.chain(notes.chain(holds).map(|(topic, said)| format!("{topic}{said}"))).collect()
}

/// The type that a mark is about, if it is about one, to open a line with.
pub(crate) fn topic(mark: &MarkView) -> Option<String> {
    mark.label.as_ref().map(|label| format!("{label}: "))
}

/// About one number: why to doubt it, what those heard who phoned, which places are held.
pub(crate) fn of_number(view: &AvailabilityView, words: Words, times: Times) -> Vec<String> {
    let jump = view.jump.map(|jump| words.jumped(jump));
    let disputed = view.disputed.then(|| words.disputed().to_owned());
    let holds = view.holds.iter().map(|hold| words.held(&hold.by, &times.moment(hold.until)));
    jump.into_iter().chain(disputed).chain(notes(&view.notes, words, times)).chain(holds).collect()
}

/// What was heard of a number since somebody last confirmed it.
fn notes(marks: &[MarkView], words: Words, times: Times) -> impl Iterator<Item = String> {
    let is_confirmation = |mark: &MarkView| {
        mark.what
            .note()
            .is_some_and(|note| (note.source, note.verdict) == (NoteSource::AgentCall, Verdict::Confirmed))
    };
    let since = marks.iter().rposition(is_confirmation).unwrap_or(0);
    marks[since..].iter().filter_map(move |mark| heard(mark, &times.age(mark.at), words))
}

/// What a note says and whose word it is; `age` is how long ago. None for other marks.
pub(crate) fn heard(mark: &MarkView, age: &str, words: Words) -> Option<String> {
    let note = mark.what.note()?;
    let said = words.heard(note, age);
    let quoted = note.text.as_ref().map(|text| format!(" \"{text}\"")).unwrap_or_default();
    let by = if mark.by.is_empty() { String::new() } else { format!(" ({})", mark.by) };
    Some(format!("{said}{quoted}{by}"))
}

fn free(numbers: Option<Numbers>) -> Option<u32> {
    numbers.and_then(Numbers::available).map(Count::get)
}

impl Words {
    pub(crate) fn claimed(self, by: &str, until: &str) -> String {
        match self.0 {
            Id => format!("Sedang ditelepon oleh {by}, paling lama sampai {until}."),
            En => format!("{by} is phoning them, until {until} at the latest."),
        }
    }

    pub(crate) fn held(self, by: &str, until: &str) -> String {
        match self.0 {
            Id => format!("1 tempat ditahan oleh {by} sampai {until}."),
            En => format!("1 place is held by {by} until {until}."),
        }
    }

    fn jumped(self, jump: Outlier) -> String {
        match (self.0, free(Some(jump.from))) {
            (Id, Some(before)) => {
                format!("Angka ini jauh dari sebelumnya ({before} kosong); pastikan lewat telepon.")
            }
            (Id, None) => "Angka ini jauh dari sebelumnya; pastikan lewat telepon.".to_owned(),
            (En, Some(before)) => {
                format!("This is far from the number before ({before} free); confirm it by phone.")
            }
            (En, None) => "This is far from the number before; confirm it by phone.".to_owned(),
        }
    }

    pub(crate) fn disputed(self) -> &'static str {
        match self.0 {
            Id => "Angka ini diragukan: yang menelepon mendapat jawaban lain. Telepon dahulu.",
            En => "This number is disputed: people who phoned were told otherwise. Call first.",
        }
    }

    /// What was heard, and how long ago.
    fn heard(self, note: &Note, age: &str) -> String {
        let said =
            free(note.heard).map(|count| if count == 0 { self.full().to_owned() } else { self.free(count) });
        let said = said.map(|said| format!(": {said}")).unwrap_or_default();
        let phone = note.phone.as_deref();
        match (self.0, note.source, note.verdict) {
            (_, NoteSource::Public, verdict) => {
                let what = match (self.0, verdict) {
                    (Id, Verdict::PhoneDead) => format!("{} tidak diangkat", phone.unwrap_or("telepon")),
                    (Id, Verdict::Closed) => "tutup".to_owned(),
                    (Id, _) => format!("tidak sesuai{said}"),
                    (En, Verdict::PhoneDead) => format!("{} is not answered", phone.unwrap_or("the phone")),
                    (En, Verdict::Closed) => "closed".to_owned(),
                    (En, _) => format!("not as stated{said}"),
                };
                format!("{}: {what}.", self.by_the_public(note.times, age))
            }
            (Id, NoteSource::AgentCall, Verdict::Confirmed | Verdict::Wrong) if note.about.is_none() => {
                format!("Menurut jawaban telepon {age}{said}.")
            }
            (En, NoteSource::AgentCall, Verdict::Confirmed | Verdict::Wrong) if note.about.is_none() => {
                format!("Heard by phone {age}{said}.")
            }
            (Id, NoteSource::AgentCall, Verdict::Confirmed) => {
                format!("Dipastikan lewat telepon {age}{said}.")
            }
            (Id, NoteSource::AgentCall, Verdict::Wrong) => {
                format!("Menurut jawaban telepon {age}, angka ini tidak sesuai{said}.")
            }
            (Id, NoteSource::AgentCall, Verdict::PhoneDead) => {
                format!("{} tidak diangkat ({age}).", phone.unwrap_or("Telepon"))
            }
            (Id, NoteSource::AgentCall, Verdict::Closed) => format!("Menurut yang menelepon {age}: tutup."),
            (En, NoteSource::AgentCall, Verdict::Confirmed) => format!("Confirmed by phone {age}{said}."),
            (En, NoteSource::AgentCall, Verdict::Wrong) => format!("Found wrong by phone {age}{said}."),
            (En, NoteSource::AgentCall, Verdict::PhoneDead) => {
                format!("{}: nobody answered ({age}).", phone.unwrap_or("Phone"))
            }
            (En, NoteSource::AgentCall, Verdict::Closed) => format!("Found closed {age}."),
            (Id, NoteSource::AgentCall, Verdict::Open) => format!("Menurut yang menelepon {age}: buka."),
            (En, NoteSource::AgentCall, Verdict::Open) => format!("Found open {age}."),
        }
    }

    /// Whose word it is; the public's is kept once, and its age is that of the last time.
    fn by_the_public(self, times: u32, age: &str) -> String {
        let often = self.how_often(times.into());
        match (self.0, times) {
            (Id, ..=1) => format!("Dilaporkan warga {age}"),
            (Id, _) => format!("Dilaporkan warga {often}, terakhir {age}"),
            (En, ..=1) => format!("Said by the public {age}"),
            (En, _) => format!("Said by the public {often}, last {age}"),
        }
    }
}
