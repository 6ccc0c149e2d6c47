//! The answer in plain words: what an agent reads aloud on the phone or pastes into WhatsApp.
//!
//! Short lines, no tables, no markup. The sentences stand in the catalogues of [`crate::locales`]; what is said, and
//! in which order, is decided here.

mod entry;
mod headline;
mod lists;
mod marks;
mod reports;
mod sessions;
mod times;

#[cfg(test)]
mod tests;

use self::headline::Headline;
pub use self::{
    lists::{facilities, region, regions, types},
    marks::{doubts, marks},
    reports::{completeness, demand, history, overview, reminders},
    sessions::vaccinations,
};
use crate::{
    clock::Timestamp,
    domain::{region::Zone, region_code::RegionCode},
    locales::{Language, Message, Value, render},
    render::model::{BedsAnswer, ContactView, FacilityAnswer, RegionRef, SearchAnswer},
};

/// How many contacts are read out.
const CONTACTS: usize = 3;

/// Where a place is free: the direct answer first, then the facilities as ranked, then whom to call.
///
/// Expects that each facility holds only the types that were asked about.
pub fn beds(answer: &BedsAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    page.lines(&Headline::of_beds(answer).lines(speaker));
    let asked = asked_region(answer.region.as_ref(), answer.widened.is_some());
    page.numbered(answer.facilities.iter().map(|facility| {
        entry::listed(facility, asked, entry::numbers(&facility.availability, speaker), speaker)
    }));
    if answer.next.is_some() {
        page.say(&headline::narrow_down(answer.kind));
    }
    page.contacts(&headline::next_step(answer.facilities.is_empty()), &answer.contacts);
    page.finish_as_of(answer.as_of)
}

/// One facility: what and where it is, how to reach it, its numbers, and whom to call otherwise.
pub fn facility(answer: &FacilityAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let facility = &answer.facility;
    page.lines(&entry::portrait(facility, None, page.speaker));
    if !facility.closed {
        // The numbers of a closed facility are of no use any more.
        page.lines(&entry::numbers(&facility.availability, page.speaker));
    }
    page.contacts(&Message::new("call-if-nobody-answers"), &answer.contacts);
    page.finish_as_of(answer.as_of)
}

/// The regions and facilities that were found, or what to try instead.
pub fn search(answer: &SearchAnswer, language: Language) -> String {
    let mut page = Page::new(language, Zone::Wib, answer.as_of);
    let regions = answer.regions.iter().map(|hit| entry::region(&hit.path, hit.code));
    page.bullets(&Message::new("found-regions"), regions);
    page.bullets(&Message::new("found-facilities"), answer.facilities.iter().map(entry::facility_hit));
    if page.paragraphs.is_empty() {
        page.say(&Message::new("found-nothing"));
    }
    if answer.more {
        page.say(&Message::new("found-more"));
    }
    page.finish()
}

/// Who says a text: in which language, and by which clock.
#[derive(Debug, Clone, Copy)]
struct Speaker {
    language: Language,
    zone: Zone,
    /// The moment that ages are told from.
    now: Timestamp,
}

impl Speaker {
    fn say(self, message: &Message) -> String {
        render(message, self.language)
    }

    fn say_all(self, messages: impl IntoIterator<Item = Message>) -> Vec<String> {
        messages.into_iter().map(|message| self.say(&message)).collect()
    }
}

/// A text in the making: paragraphs of one line or several.
struct Page {
    speaker: Speaker,
    paragraphs: Vec<String>,
}

impl Page {
    const fn new(language: Language, zone: Zone, now: Timestamp) -> Self {
        Self { speaker: Speaker { language, zone, now }, paragraphs: Vec::new() }
    }

    fn say(&mut self, message: &Message) {
        self.paragraphs.push(self.speaker.say(message));
    }

    fn lines(&mut self, lines: &[String]) {
        self.paragraphs.push(lines.join("\n"));
    }

    /// A heading and a line for each item; nothing where there are none.
    fn bullets(&mut self, heading: &Message, items: impl IntoIterator<Item = Message>) {
        let lines = self.speaker.say_all(items);
        if !lines.is_empty() {
            self.paragraphs.push(format!("{}\n- {}", self.speaker.say(heading), lines.join("\n- ")));
        }
    }

    /// A numbered paragraph for each entry.
    fn numbered(&mut self, entries: impl IntoIterator<Item = Vec<String>>) {
        let entries = (1..).zip(entries);
        self.paragraphs.extend(entries.map(|(number, lines)| format!("{number}. {}", lines.join("\n"))));
    }

    /// That there is another page, if there is.
    fn more(&mut self, next: Option<&String>) {
        if next.is_some() {
            self.say(&Message::new("next-page"));
        }
    }

    /// The first contacts; the national emergency number where the directory has none.
    fn contacts(&mut self, heading: &Message, contacts: &[ContactView]) {
        if contacts.is_empty() {
            return self.say(&Message::new("emergency"));
        }
        self.bullets(heading, contacts.iter().take(CONTACTS).map(entry::contact));
    }

    /// The whole text, and the moment it is of.
    fn finish_as_of(mut self, at: Timestamp) -> String {
        self.say(&Message::new("as-of").arg("moment", self.speaker.moment(at)));
        self.finish()
    }

    fn finish(self) -> String {
        self.paragraphs.join("\n\n") + "\n"
    }
}

/// The region that a list is about, or the whole country.
fn place(region: Option<&RegionRef>) -> Message {
    let name = region.map(|region| entry::region_name(region.code, &region.name));
    place_within(if region.is_some() { "region" } else { "country" }, name, None)
}

fn place_within(case: &'static str, region: Option<impl Into<Value>>, km: Option<u32>) -> Message {
    Message::new("place").arg("where", case).arg("region", region).arg("km", km)
}

/// The region that readers know they asked about, so that entries need not name what lies above it.
fn asked_region(region: Option<&RegionRef>, looked_further: bool) -> Option<RegionCode> {
    region.filter(|_| !looked_further).map(|region| region.code)
}
