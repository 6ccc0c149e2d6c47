//! Who has reported, who has not, and whom to remind, in plain words.

use crate::{
    clock::Timestamp,
    domain::language::Language,
    render::{
        model::{
            CompletenessAnswer, RegionReporting, ReminderView, RemindersAnswer, ReporterView, Reporting,
        },
        text::{bullets, entry, finished, place, times::Times, words::Words},
    },
};
use Language::{En, Id};

/// How many facilities have reported, where reports are missing, and each facility by the age of its newest number.
pub fn completeness(answer: &CompletenessAnswer, language: Language, now: Timestamp) -> String {
    let (words, times) = (Words(language), Times::new(language, answer.zone, now));
    let place = place(answer.region.as_ref(), words);
    let any = answer.completeness.facilities > 0;
    let counted = if any { words.reporting(answer.completeness) } else { words.nobody_reports().to_owned() };
    let mut paragraphs = vec![format!("{}\n{counted}", words.reports(&place))];
    let behind = |child: &&RegionReporting| missing(child.completeness) > 0;
    let mut behind: Vec<&RegionReporting> = answer.children.iter().filter(behind).collect();
    behind.sort_by_key(|child| std::cmp::Reverse(missing(child.completeness)));
    if !behind.is_empty() {
        let lines = behind.into_iter().map(|child| {
            let name = entry::region_name(child.region.code, &child.region.name);
            words.behind(&name, missing(child.completeness), child.completeness.facilities)
        });
        paragraphs.push(bullets(words.where_missing(), lines));
    }
    if !answer.facilities.is_empty() {
        let lines = answer.facilities.iter();
        let lines = lines.map(|facility| entry::reporter(facility, &last(facility, words, times), words));
        paragraphs.push(bullets(words.oldest_first(), lines));
    }
    paragraphs.extend(answer.next.is_some().then(|| words.another_page().to_owned()));
    paragraphs.push(words.as_of(&times.moment(answer.as_of)));
    finished(&paragraphs)
}

/// Whose report became due, in the order it did, and whom to call about it.
pub fn reminders(answer: &RemindersAnswer, language: Language, now: Timestamp) -> String {
    let (words, times) = (Words(language), Times::new(language, answer.zone, now));
    if answer.reminders.is_empty() {
        return finished(&[words.nothing_due().to_owned()]);
    }
    let listed = |(number, reminder): (u32, &ReminderView)| {
        let facility = &reminder.facility;
        let since = facility.due_since.map(|at| words.due_since(&times.moment(at)));
        let said = [Some(last(facility, words, times)), since];
        let said = said.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let entry = format!("{number}. {}", entry::reporter(facility, &said, words));
        match reminder.contacts.first() {
            Some(contact) => format!("{entry}\n{}", words.or_call(&entry::contact(contact, words))),
            None => entry,
        }
    };
    let mut paragraphs = vec![words.due().to_owned()];
    paragraphs.extend((1..).zip(&answer.reminders).map(listed));
    finished(&paragraphs)
}

/// How many facilities have no number that can be believed.
const fn missing(of: Reporting) -> u32 {
    of.stale + of.unknown + of.never
}

fn last(facility: &ReporterView, words: Words, times: Times) -> String {
    facility
        .observed_at
        .map_or_else(|| words.never().to_owned(), |at| words.last_reported(&times.age(at), &times.moment(at)))
}

impl Words {
    fn reports(self, place: &str) -> String {
        match self.0 {
            Id => format!("Kelengkapan laporan {place}"),
            En => format!("Reporting {place}"),
        }
    }

    fn nobody_reports(self) -> &'static str {
        match self.0 {
            Id => "Belum ada fasilitas yang tercatat.",
            En => "No facilities are listed.",
        }
    }

    fn where_missing(self) -> &'static str {
        match self.0 {
            Id => "Yang masih kurang:",
            En => "Where reports are missing:",
        }
    }

    fn behind(self, region: &str, missing: u32, of: u32) -> String {
        match self.0 {
            Id => format!("{region}: {missing} dari {of} fasilitas"),
            En => format!("{region}: {missing} of {of} facilities"),
        }
    }

    fn oldest_first(self) -> &'static str {
        match self.0 {
            Id => "Fasilitas, yang paling lama tidak melapor lebih dahulu:",
            En => "Facilities, those silent for longest first:",
        }
    }

    fn never(self) -> &'static str {
        match self.0 {
            Id => "belum pernah melapor.",
            En => "has never reported.",
        }
    }

    fn last_reported(self, age: &str, moment: &str) -> String {
        match self.0 {
            Id => format!("laporan terakhir {age}, {moment}."),
            En => format!("last report {age} ({moment})."),
        }
    }

    fn due(self) -> &'static str {
        match self.0 {
            Id => "Perlu diingatkan untuk melapor:",
            En => "To be reminded to report:",
        }
    }

    fn nothing_due(self) -> &'static str {
        match self.0 {
            Id => "Tidak ada laporan yang ditunggu.",
            En => "No report is due.",
        }
    }

    fn due_since(self, moment: &str) -> String {
        match self.0 {
            Id => format!("Ditunggu sejak {moment}."),
            En => format!("Due since {moment}."),
        }
    }

    fn or_call(self, contact: &str) -> String {
        match self.0 {
            Id => format!("Atau hubungi {contact}"),
            En => format!("Or call {contact}"),
        }
    }
}
