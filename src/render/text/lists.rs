//! What there is, in plain words: facilities, regions, and what is counted.

use super::{Page, entry, place};
use crate::{
    clock::Timestamp,
    domain::{region::Zone, region_code::Level, resource_type::Kind, text::wire_name},
    locales::{Language, Message},
    render::model::{FacilitiesAnswer, FacilityView, RegionAnswer, RegionsAnswer, TypeView, TypesAnswer},
};

/// Which facilities there are, and how to reach them.
pub fn facilities(answer: &FacilitiesAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let (speaker, place) = (page.speaker, place(answer.region.as_ref()));
    page.say(&if answer.facilities.is_empty() {
        Message::new("list-no-facilities").arg("place", place)
    } else {
        Message::new("list-facilities").arg("place", place)
    });
    page.numbered(answer.facilities.iter().map(|facility: &FacilityView| {
        let newest = facility.availability.iter().map(|view| view.observed_at).max();
        let reported = newest.map_or_else(
            || Message::new("never-reported"),
            |at| Message::new("updated").arg("age", speaker.age(at)).arg("moment", speaker.moment(at)),
        );
        let mut lines = entry::portrait(facility, facility.contact.as_ref(), speaker);
        lines.push(speaker.say(&reported));
        lines
    }));
    page.more(answer.next.as_ref());
    page.finish_as_of(answer.as_of)
}

/// Which regions there are, with their codes.
pub fn regions(answer: &RegionsAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    if answer.regions.is_empty() {
        page.say(&Message::new("list-no-regions"));
    }
    let regions = answer.regions.iter().map(|region| entry::region(&region.path, region.code));
    page.bullets(&Message::new("list-regions"), regions);
    page.more(answer.next.as_ref());
    page.finish_as_of(answer.as_of)
}

/// One region: its code, how many facilities it has, the regions right below it, and whom to call.
pub fn region(answer: &RegionAnswer, language: Language, now: Timestamp) -> String {
    let region = &answer.region;
    let mut page = Page::new(language, region.timezone, now);
    let mut lines = vec![entry::region(&region.path, region.code)];
    if !region.aliases.is_empty() {
        lines.push(Message::new("region-aliases").arg("names", region.aliases.clone()));
    }
    let postcode = region.postcode.clone();
    lines.extend(postcode.map(|postcode| Message::new("region-postcode").arg("postcode", postcode)));
    lines.push(Message::new("region-facilities").arg("count", answer.facilities));
    page.lines(&page.speaker.say_all(lines));
    if let Some(first) = answer.children.first() {
        let heading = Message::new("region-children")
            .arg("count", answer.children.len())
            .arg("level", level(first.level));
        let named = answer.children.iter();
        let named = named.map(|child| entry::coded(entry::region_name(child.code, &child.name), child.code));
        page.bullets(&heading, named);
    }
    page.contacts(&Message::new("call"), &answer.contacts);
    page.finish_as_of(answer.as_of)
}

/// What is counted, and when its numbers grow old.
pub fn types(answer: &TypesAnswer, language: Language) -> String {
    let mut page = Page::new(language, Zone::Wib, answer.as_of);
    for kind in [Kind::Bed, Kind::Isolation, Kind::Vaccination] {
        let of_kind = answer.types.iter().filter(|resource| resource.kind == kind);
        page.bullets(&Message::new("types-of-kind").arg("kind", wire_name(kind)), of_kind.map(counted));
    }
    page.finish()
}

fn counted(resource: &TypeView) -> Message {
    Message::new("type")
        .arg("label", resource.label.clone())
        .arg("code", resource.code.to_string())
        .arg("aging", resource.aging_after_h)
        .arg("stale", resource.stale_after_h)
        .arg("retired", resource.retired)
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Province => "province",
        Level::Regency => "regency",
        Level::District => "district",
        Level::Village => "village",
    }
}
