//! What one facility reported in the course of time, in plain words.

use chrono::NaiveDate;

use crate::{
    clock::Timestamp,
    domain::{language::Language, numbers::Count, resource_type::TypeCode},
    render::{
        model::{Day, HistoryAnswer, HistoryNumber},
        text::{bullets, entry, finished, times::Times, words::Words},
    },
};
use Language::{En, Id};

/// Each report with its numbers, the last received first; then the days in short.
pub fn history(answer: &HistoryAnswer, language: Language, now: Timestamp) -> String {
    let (words, times) = (Words(language), Times::new(language, answer.about.zone, now));
    let facility = entry::brief(&answer.about, None);
    let is_empty = answer.history.is_empty() && answer.daily.is_empty();
    if is_empty && answer.next.is_none() {
        return finished(&[words.no_reports(&facility)]);
    }
    let mut paragraphs = vec![words.reports_of(&facility)];
    let is_same = |one: &HistoryNumber, other: &HistoryNumber| {
        one.seq == other.seq && one.number.observed_at == other.number.observed_at
    };
    paragraphs.extend(answer.history.chunk_by(is_same).map(|report| told(report, answer, words, times)));
    if !answer.daily.is_empty() {
        let lines = answer.daily.iter().map(|day| in_short(day, answer, words, times));
        paragraphs.push(bullets(&words.days_in_short(&times.utc_day_begins()), lines));
    }
    paragraphs.extend(answer.next.is_some().then(|| words.another_page().to_owned()));
    finished(&paragraphs)
}

/// The numbers that came together and were true at the same moment.
fn told(report: &[HistoryNumber], answer: &HistoryAnswer, words: Words, times: Times) -> String {
    let came = report.first().map(|HistoryNumber { number, .. }| {
        let (received, observed) = (times.when(number.received_at), times.when(number.observed_at));
        let came = words.received(&received, (observed != received).then_some(&observed));
        format!("{came} {}", words.source(number.source, number.reporter.as_deref()))
    });
    let numbers = report.iter().map(|HistoryNumber { number, late, date, .. }| {
        let counts = entry::counts(number.numbers.counts(), words);
        let late = if *late { words.late(date.is_some()) } else { "" };
        let jump = if number.jump.is_some() { words.far() } else { "" };
        let day = date.map(|date| format!(", {}", times.day(date))).unwrap_or_default();
        format!("{}{day}: {counts}{jump}{late}", label(answer, &number.resource))
    });
    came.into_iter().chain(numbers).collect::<Vec<_>>().join("\n")
}

/// `Kamis 1 Juli, ICU: 0 sampai 3 kosong, terakhir 3, kapasitas 9, 4 laporan`.
fn in_short(day: &Day, answer: &HistoryAnswer, words: Words, times: Times) -> String {
    let date = day.day.parse::<NaiveDate>().map_or_else(|_| day.day.clone(), |date| times.day(date));
    let [min, max, last, capacity] =
        [day.available_min, day.available_max, day.available_last, day.capacity_last]
            .map(|count| count.map(Count::get));
    let free = match (min, max) {
        (Some(min), Some(max)) if min < max => words.free_between(min, max),
        (Some(0), Some(0)) => words.full().to_owned(),
        (Some(free), _) | (None, Some(free)) => words.free(free),
        (None, None) => words.unknown().to_owned(),
    };
    let last = (min.is_some() && (last.is_none() || min != max)).then(|| words.at_last(last));
    let said =
        [Some(free), last, capacity.map(|count| words.capacity(count)), Some(words.reported(day.reports))];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join(", ");
    format!("{date}, {}: {said}", label(answer, &day.resource))
}

fn label<'a>(answer: &'a HistoryAnswer, code: &'a TypeCode) -> &'a str {
    answer.labels.get(code).map_or_else(|| code.as_str(), String::as_str)
}

impl Words {
    fn reports_of(self, facility: &str) -> String {
        match self.0 {
            Id => format!("Laporan dari {facility}, yang terakhir diterima lebih dahulu:"),
            En => format!("Reports of {facility}, the last received first:"),
        }
    }

    fn no_reports(self, facility: &str) -> String {
        match self.0 {
            Id => format!("Tidak ada laporan yang dicari dari {facility}, atau sudah tidak disimpan lagi."),
            En => format!("No such reports of {facility} are kept."),
        }
    }

    fn received(self, received: &str, observed: Option<&String>) -> String {
        match (self.0, observed) {
            (Id, None) => format!("Diterima {received}."),
            (Id, Some(observed)) => format!("Diterima {received}, keadaan {observed}."),
            (En, None) => format!("Received {received}."),
            (En, Some(observed)) => format!("Received {received}, observed {observed}."),
        }
    }

    fn late(self, is_of_session: bool) -> &'static str {
        match (self.0, is_of_session) {
            (Id, false) => " (terlambat, sudah ada angka yang lebih baru)",
            (Id, true) => " (terlambat, sesinya sudah selesai atau sudah ada angka yang lebih baru)",
            (En, false) => " (late, a newer number was known)",
            (En, true) => " (late, the session was over or a newer number was known)",
        }
    }

    fn far(self) -> &'static str {
        match self.0 {
            Id => " (jauh dari angka sebelumnya)",
            En => " (far from the number before)",
        }
    }

    fn days_in_short(self, begin: &str) -> String {
        match self.0 {
            Id => format!("Laporan yang lebih lama, diringkas per hari (hari dihitung mulai {begin}):"),
            En => format!("Older reports in short, by day (days begin at {begin}):"),
        }
    }

    fn free_between(self, min: u32, max: u32) -> String {
        match self.0 {
            Id => format!("{min} sampai {max} kosong"),
            En => format!("{min} to {max} free"),
        }
    }

    fn at_last(self, free: Option<u32>) -> String {
        match (self.0, free) {
            (Id, None) => "terakhir tidak diketahui".to_owned(),
            (Id, Some(0)) => "terakhir penuh".to_owned(),
            (Id, Some(free)) => format!("terakhir {free}"),
            (En, None) => "not known at last".to_owned(),
            (En, Some(0)) => "full at last".to_owned(),
            (En, Some(free)) => format!("{free} at last"),
        }
    }

    fn reported(self, reports: u32) -> String {
        match (self.0, reports) {
            (Id, _) => format!("{reports} laporan"),
            (En, 1) => "1 report".to_owned(),
            (En, _) => format!("{reports} reports"),
        }
    }
}
