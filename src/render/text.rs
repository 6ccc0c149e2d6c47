//! The answer in plain words: the text that an agent reads aloud on the phone or pastes into WhatsApp.
//!
//! Short lines, no tables, no markup. The sentences stand in the catalogues of [`crate::locales`]; this module decides
//! which of them an answer has, and in which order.

mod ask;
mod entry;
mod headline;
mod lists;
mod marks;
mod sessions;
mod times;

#[cfg(test)]
mod tests;

use self::headline::Headline;
pub use self::{
    ask::ask,
    lists::{
        audit, completeness, demand, facilities, history, overview, region, region_history, regions,
        reminders, search, types,
    },
    marks::{doubts, marks},
    sessions::vaccinations,
};
pub(crate) use self::{entry::distance, sessions::for_whom};
use crate::{
    clock::Timestamp,
    domain::{region::Zone, region_code::RegionCode},
    locales::{Language, Message, Value, render},
    render::model::{BedsAnswer, ContactView, FacilityAnswer, RegionRef, Resolved},
};

/// How many contacts are read out.
const CONTACTS: usize = 3;

/// Where a place is free: the direct answer first, then the facilities as ranked, then the contacts to call.
///
/// Expects that each facility holds only the types that were asked about.
pub fn beds(answer: &BedsAnswer, language: Language, now: Timestamp) -> String {
    beds_under(&Headline::of_beds(answer), answer, language, now)
}

/// The same under another headline.
fn beds_under(headline: &Headline<'_>, answer: &BedsAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    page.lines(headline.lines(speaker));
    page.numbered(answer.facilities.iter().map(|facility| {
        entry::listed(facility, headline.asked(), entry::numbers(&facility.availability, speaker), speaker)
    }));
    page.maybe(headline.narrow_down());
    page.contacts(headline.next_step(), &answer.contacts);
    page.finish_as_of(answer.as_of)
}

/// A line for each name that was read as a code, and nothing for none.
pub fn resolved(resolved: &[Resolved], language: Language) -> String {
    let line = |read: &Resolved| {
        let (given, name, code) = (&read.given, &read.name, &read.code);
        render(&Message::new("resolved").arg("given", given).arg("name", name).arg("code", code), language)
    };
    let lines: Vec<String> = resolved.iter().map(line).collect();
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n\n" }
}

/// One facility: its name and place, how to reach it, its numbers, and the contacts to call otherwise.
pub fn facility(answer: &FacilityAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let facility = &answer.facility;
    page.lines(entry::portrait(facility, None, page.speaker));
    if !facility.closed {
        // The numbers of a closed facility are of no use any more.
        page.lines(entry::numbers(&facility.availability, page.speaker));
    }
    page.contacts(Message::new("call-if-nobody-answers"), &answer.contacts);
    page.finish_as_of(answer.as_of)
}

/// The language of a text, and the clock by which it tells times.
#[derive(Debug, Clone, Copy)]
pub struct Speaker {
    /// The language.
    pub language: Language,
    /// The time zone of the people whom it is about.
    pub zone: Zone,
    /// The moment from which ages count.
    pub now: Timestamp,
}

impl Speaker {
    /// The fact in words.
    pub fn say(self, fact: impl Into<Value>) -> String {
        fact.into().to_text(self.language).into_owned()
    }
}

/// Lines that belong together.
struct Lines(Vec<Value>);

impl Lines {
    fn of<T: Into<Value>>(lines: impl IntoIterator<Item = T>) -> Self {
        Self(lines.into_iter().map(Into::into).collect())
    }

    /// These lines, then the others.
    fn then<T: Into<Value>>(mut self, others: impl IntoIterator<Item = T>) -> Self {
        self.0.extend(others.into_iter().map(Into::into));
        self
    }
}

impl IntoIterator for Lines {
    type Item = Value;
    type IntoIter = std::vec::IntoIter<Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
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

    fn say(&mut self, message: Message) {
        self.paragraphs.push(self.speaker.say(message));
    }

    fn maybe(&mut self, message: Option<Message>) {
        self.paragraphs.extend(message.map(|message| self.speaker.say(message)));
    }

    fn lines(&mut self, lines: Lines) {
        self.paragraphs.push(self.joined(lines));
    }

    /// A heading and a line for each item; nothing where there are none.
    fn bullets(&mut self, heading: Message, items: impl IntoIterator<Item = Message>) {
        let items: Vec<String> = items.into_iter().map(|item| self.speaker.say(item)).collect();
        if !items.is_empty() {
            self.paragraphs.push(format!("{}\n- {}", self.speaker.say(heading), items.join("\n- ")));
        }
    }

    /// A numbered paragraph for each entry.
    fn numbered(&mut self, entries: impl IntoIterator<Item = Lines>) {
        for (number, lines) in (1..).zip(entries) {
            self.paragraphs.push(format!("{number}. {}", self.joined(lines)));
        }
    }

    fn joined(&self, lines: Lines) -> String {
        lines.into_iter().map(|line| self.speaker.say(line)).collect::<Vec<_>>().join("\n")
    }

    /// That there is another page, if there is.
    fn more(&mut self, next: Option<&String>) {
        self.maybe(next.map(|_| Message::new("next-page")));
    }

    /// The first contacts; the national emergency number where the directory has none.
    fn contacts(&mut self, heading: Message, contacts: &[ContactView]) {
        if contacts.is_empty() {
            return self.say(Message::new("emergency"));
        }
        self.bullets(heading, contacts.iter().take(CONTACTS).map(entry::contact));
    }

    /// The whole text, and the moment of its data.
    fn finish_as_of(mut self, at: Timestamp) -> String {
        self.say(Message::new("as-of").arg("moment", self.speaker.moment(at)));
        self.finish()
    }

    fn finish(self) -> String {
        self.paragraphs.join("\n\n") + "\n"
    }
}

/// The items in groups of one key each, in the order in which the keys come first; no group is empty.
fn together<T, K: PartialEq>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> impl Iterator<Item = (K, Vec<T>)> {
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    for item in items {
        let key = key(&item);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(item),
            None => groups.push((key, vec![item])),
        }
    }
    groups.into_iter()
}

/// The region that a list is about, or the whole country.
fn place(region: Option<&RegionRef>) -> Message {
    place_of(region.map(entry::region_name))
}

/// A place in words, from a region that is named already.
fn place_of(region: Option<impl Into<Value>>) -> Message {
    place_within(if region.is_some() { "region" } else { "country" }, region, None)
}

fn place_within(case: &'static str, region: Option<impl Into<Value>>, km: Option<u32>) -> Message {
    Message::new("place").arg("where", case).arg("region", region).arg("km", km)
}

/// The code of the region that readers know they asked about, so that entries need not name those above it.
fn asked_region(region: Option<&RegionRef>) -> Option<RegionCode> {
    region.map(|region| region.code)
}
