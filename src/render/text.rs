//! The answer in plain words: what an agent reads aloud on the phone or pastes into WhatsApp.
//!
//! Short lines, no tables, no markup. The phrases stand in both languages side by side in `openings`,
//! `words` and `times`; what is said, and in which order, is decided here, in `lead` and in `entry`.

mod calls;
mod demand;
mod entry;
mod history;
mod lead;
mod lists;
mod marks;
mod openings;
mod overview;
mod reporting;
mod sessions;
mod tally;
mod times;
mod words;

#[cfg(test)]
mod tests;

pub use crate::render::text::calls::{doubts, marks};
pub use crate::render::text::demand::demand;
pub use crate::render::text::history::history;
pub use crate::render::text::lists::{facilities, region, regions, types};
pub use crate::render::text::overview::overview;
pub use crate::render::text::reporting::{completeness, reminders};
pub use crate::render::text::sessions::vaccinations;
use crate::{
    clock::Timestamp,
    domain::language::Language,
    render::{
        model::{BedsAnswer, ContactView, FacilityAnswer, RegionRef, SearchAnswer},
        text::{times::Times, words::Words},
    },
};

/// How many contacts are read out.
const CONTACTS: usize = 3;

/// Where a place is free: the direct answer first, then the facilities as ranked, then whom to call.
///
/// Expects that each facility holds only the types that were asked about.
pub fn beds(answer: &BedsAnswer, language: Language, now: Timestamp) -> String {
    let words = Words(language);
    let times = Times::new(language, answer.zone, now);
    let mut paragraphs = vec![lead::sentences(answer, words)];
    paragraphs.extend(
        (1..)
            .zip(&answer.facilities)
            .map(|(number, facility)| format!("{number}. {}", entry::listed(facility, answer, words, times))),
    );
    if answer.next.is_some() {
        paragraphs.push(words.next_page().to_owned());
    }
    let heading = if answer.facilities.is_empty() { words.what_to_do_now() } else { words.if_none_fits() };
    paragraphs.push(contacts(heading, &answer.contacts, words));
    paragraphs.push(words.as_of(&times.moment(answer.as_of)));
    finished(&paragraphs)
}

/// One facility: what and where it is, how to reach it, its numbers, and whom to call otherwise.
pub fn facility(answer: &FacilityAnswer, language: Language, now: Timestamp) -> String {
    let words = Words(language);
    let times = Times::new(language, answer.zone, now);
    let facility = &answer.facility;
    let mut paragraphs = vec![entry::portrait(facility, None, words, times)];
    if !facility.closed {
        // What was free there is of no use any more.
        paragraphs.push(entry::numbers(&facility.availability, words, times).join("\n"));
    }
    paragraphs.push(contacts(words.if_nobody_answers(), &answer.contacts, words));
    paragraphs.push(words.as_of(&times.moment(answer.as_of)));
    finished(&paragraphs)
}

/// The regions and facilities that were found, or what to try instead.
pub fn search(answer: &SearchAnswer, language: Language) -> String {
    let words = Words(language);
    let mut paragraphs = Vec::new();
    if !answer.regions.is_empty() {
        let lines = answer.regions.iter().map(|hit| entry::region(&hit.path, hit.code, words));
        paragraphs.push(bullets(words.regions_found(), lines));
    }
    if !answer.facilities.is_empty() {
        let lines = answer.facilities.iter().map(|hit| entry::facility_hit(hit, words));
        paragraphs.push(bullets(words.facilities_found(), lines));
    }
    if paragraphs.is_empty() {
        paragraphs.push(words.nothing_found().to_owned());
    }
    if answer.more {
        paragraphs.push(words.more_found().to_owned());
    }
    finished(&paragraphs)
}

/// The first contacts under `heading`; the national emergency number where the directory has none.
fn contacts(heading: &str, contacts: &[ContactView], words: Words) -> String {
    if contacts.is_empty() {
        return words.emergency().to_owned();
    }
    bullets(heading, contacts.iter().take(CONTACTS).map(|contact| entry::contact(contact, words)))
}

/// The region that a list is about, or the whole country.
fn place(region: Option<&RegionRef>, words: Words) -> String {
    region.map_or_else(
        || words.in_the_country().to_owned(),
        |region| words.in_region(&entry::region_name(region.code, &region.name)),
    )
}

fn bullets(heading: &str, lines: impl Iterator<Item = String>) -> String {
    lines.fold(heading.to_owned(), |text, line| text + "\n- " + &line)
}

fn finished(paragraphs: &[String]) -> String {
    paragraphs.join("\n\n") + "\n"
}
