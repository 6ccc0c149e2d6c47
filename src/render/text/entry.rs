//! One facility, contact or region in a few short lines.

use chrono::Duration;

use super::{Lines, Speaker, marks, together};
use crate::{
    clock::Timestamp,
    domain::{
        facility::{Phone, Visibility},
        freshness::Freshness,
        intake::Intake,
        numbers::Count,
        observation::Source,
        region_code::{Level, RegionCode},
        text::wire_name,
    },
    locales::{Message, Value},
    render::model::{
        AvailabilityView, ContactView, FacilityBrief, FacilityHit, FacilityView, RegionPath, RegionRef,
    },
};

/// A facility in the list of an answer about a region, with these lines about its numbers or sessions.
pub(super) fn listed(
    facility: &FacilityView,
    asked: Option<RegionCode>,
    offers: Lines,
    speaker: Speaker,
) -> Lines {
    let RegionPath { code, path: names, .. } = &facility.region;
    // Where it lies, as far as the question does not say so already.
    let path = path(names, *code, |part| match asked {
        Some(asked) => !part.covers(asked),
        None => part.level() != Level::Province || part == *code,
    });
    Lines::of([title(facility)])
        .then(path)
        .then(marks::of_facility(facility, speaker))
        .then(offers)
        .then(intake(facility.intake.as_ref()))
        .then([phones(&facility.phones, facility.contact.as_ref())])
}

/// A facility by itself, without its numbers; `otherwise` is the contact to call if it has no telephone.
pub(super) fn portrait(facility: &FacilityView, otherwise: Option<&ContactView>, speaker: Speaker) -> Lines {
    let address = facility.address.as_ref();
    Lines::of([title(facility)])
        .then(facility.closed.then(|| Message::new("facility-has-closed")))
        .then([whole_path(&facility.region)])
        .then(address.map(|address| Message::new("facility-address").arg("address", address)))
        .then(marks::of_facility(facility, speaker))
        .then(intake(facility.intake.as_ref()))
        .then([phones(&facility.phones, otherwise)])
}

/// The point of a region may be so far from the places in it: a shorter distance from there says nothing more exact.
const LEAST_ROUGH_KM: f64 = 10.0;

/// How far it is as one says it: the kind of statement, and its kilometres.
pub(crate) const fn distance(km: f64, is_rough: bool) -> (&'static str, f64) {
    match km {
        km if is_rough && km < LEAST_ROUGH_KM => ("rough_near", LEAST_ROUGH_KM),
        km if is_rough => ("rough", km),
        km if km < 1.0 => ("near", km),
        km => ("about", km),
    }
}

fn title(facility: &FacilityView) -> Message {
    let (distance, km) =
        facility.distance_km.map_or(("none", 0.0), |km| distance(km, facility.distance_rough));
    Message::new("facility-title")
        .arg("name", &facility.name)
        .arg("distance", distance)
        .arg("km", format!("{km:.0}"))
        .arg("simulated", facility.simulated)
}

/// The people who are taken in, and how.
fn intake(intake: Option<&Intake>) -> Vec<Message> {
    let Some(Intake { criteria, referral, pickup, bring }) = intake else { return Vec::new() };
    let parts = [("criteria", criteria), ("referral", referral), ("pickup", pickup), ("bring", bring)];
    let say = |(part, text): (&'static str, &Option<String>)| {
        Some(Message::new("intake").arg("part", part).arg("text", text.as_ref()?))
    };
    parts.into_iter().filter_map(say).collect()
}

/// The lines for the numbers: those of one age together, then the age and whether to trust it.
pub(super) fn numbers(availability: &[AvailabilityView], speaker: Speaker) -> Lines {
    if availability.is_empty() {
        return Lines::of([Message::new("never-reported")]);
    }
    // Callers wait for the free ones first; the unknown ones and the full ones follow.
    let mut sorted: Vec<&AvailabilityView> = availability.iter().collect();
    sorted.sort_by_key(|view| match view.available.map(Count::get) {
        Some(1..) => 0,
        None => 1,
        Some(0) => 2,
    });
    let groups = together(sorted, |view| age(view.freshness, view.observed_at, speaker));
    let lines = groups.flat_map(|(age, views)| {
        let numbers = views.into_iter().flat_map(|view| {
            let counts = counts([view.capacity, view.occupied, view.available, view.queue]);
            let number = Message::new("number").arg("label", &view.label).arg("counts", counts);
            std::iter::once(number).chain(marks::of_number(view, speaker))
        });
        numbers.chain(age).collect::<Vec<_>>()
    });
    Lines::of(lines).then(oldest_capacity(availability, speaker)).then(oldest_room(availability, speaker))
}

/// When the oldest capacity was stated, if that was a day or more before the other numbers.
fn oldest_capacity(availability: &[AvailabilityView], speaker: Speaker) -> Option<Message> {
    let shown = availability.iter().filter(|view| view.capacity.is_some());
    let stated = shown.filter_map(|view| Some((view.capacity_observed_at?, view.observed_at)));
    let at = oldest_behind(stated)?;
    Some(Message::new("oldest-capacity").arg("age", speaker.age(at)).arg("moment", speaker.moment(at)))
}

/// When the oldest room in the numbers was counted, if that was a day or more before them.
fn oldest_room(availability: &[AvailabilityView], speaker: Speaker) -> Option<Message> {
    let known = availability.iter().filter(|view| view.freshness != Freshness::Unknown);
    let rooms = known.filter_map(|view| Some((view.oldest_room_observed_at?, view.observed_at)));
    let at = oldest_behind(rooms)?;
    Some(Message::new("oldest-room").arg("age", speaker.age(at)).arg("moment", speaker.moment(at)))
}

/// The oldest of the first times, of those that are a day or more before the second ones.
fn oldest_behind(times: impl Iterator<Item = (Timestamp, Timestamp)>) -> Option<Timestamp> {
    let behind = times.filter(|(oldest, observed)| *observed - *oldest >= Duration::days(1));
    behind.map(|(oldest, _)| oldest).min()
}

/// How old a number is, and a warning when that is much; none where nothing is known.
pub(super) fn age(freshness: Freshness, observed_at: Timestamp, speaker: Speaker) -> Option<Message> {
    (freshness != Freshness::Unknown).then(|| {
        Message::new("number-age")
            .arg("freshness", freshness.name())
            .arg("age", speaker.age(observed_at))
            .arg("moment", speaker.moment(observed_at))
    })
}

/// `3 kosong dari 10, antrean 2 orang`.
pub(super) fn counts([capacity, occupied, available, queue]: [Option<Count>; 4]) -> Message {
    Message::new("counts")
        .arg("capacity", capacity)
        .arg("occupied", occupied)
        .arg("available", available)
        .arg("queue", queue.filter(|people| people.get() > 0))
}

/// The way a number came, and its sender where the reader may know.
pub(super) fn source(source: Source, reporter: Option<&String>) -> Message {
    Message::new("source").arg("source", wire_name(source)).arg("reporter", reporter)
}

/// The numbers to call; if none is known, a sentence that says so and the contact to call instead.
pub(super) fn phones(phones: &[Phone], otherwise: Option<&ContactView>) -> Message {
    let numbers = phones.iter().map(|phone| number(&phone.number, phone.label.as_ref(), phone.visibility));
    let numbers = (!phones.is_empty()).then(|| Value::list(numbers));
    Message::new("phones").arg("numbers", numbers).arg("contact", otherwise.map(contact))
}

fn number(number: &String, label: Option<&String>, visibility: Visibility) -> Message {
    Message::new("phone-number")
        .arg("number", number)
        .arg("label", label)
        .arg("internal", visibility == Visibility::Internal)
}

/// `PSC 119 (Kota Semarang): 119`; the region only where the name does not say it.
pub(super) fn contact(contact: &ContactView) -> Message {
    let region = contact.region.as_ref().filter(|region| !contact.name.contains(&region.name));
    Message::new("contact")
        .arg("name", &contact.name)
        .arg("region", region.map(region_name))
        .arg("phone", number(&contact.phone, None, contact.visibility))
}

/// A region and its code: `Kecamatan Tembalang, Kota Semarang, Jawa Tengah: kode 33.74.10`.
pub(super) fn region(region: impl Into<Value>, code: RegionCode) -> Message {
    Message::new("found-region").arg("region", region).arg("code", code.to_string())
}

/// A facility that was found.
pub(super) fn facility_hit(hit: &FacilityHit) -> Message {
    Message::new("found-facility")
        .arg("name", &hit.name)
        .arg("where", whole_path(&hit.region))
        .arg("simulated", hit.simulated)
        .arg("closed", hit.closed)
        .arg("phones", phones(&hit.phones, None))
}

/// The name as people say it: `Kecamatan Tembalang`.
pub(super) fn region_name(region: &RegionRef) -> Message {
    name(region.code, &region.name)
}

fn name(code: RegionCode, name: &String) -> Message {
    Message::new("region-name").arg("kind", code.kind()).arg("name", name)
}

/// A facility and where it is: `RS Baru, Kecamatan Tembalang, Kota Semarang`; without the regions that cover `asked`.
pub(super) fn brief(facility: &FacilityBrief, asked: Option<RegionCode>) -> Value {
    let path = path(&facility.path, facility.region, |part| asked.is_none_or(|asked| !part.covers(asked)));
    Value::list(std::iter::once(Value::from(&facility.name)).chain(path))
}

/// A region that lies in `asked`, with those between: `Kecamatan Tembalang, Kota Semarang`.
pub(super) fn region_within(asked: Option<RegionCode>, names: &[String], code: RegionCode) -> Option<Value> {
    path(names, code, |part| part == code || asked.is_none_or(|asked| !part.covers(asked)))
}

/// A region with all those above it.
pub(super) fn whole_path(region: &RegionPath) -> Value {
    named_path(&region.path, region.code)
}

/// The path of a region, from the names of the regions and the code of the smallest.
pub(super) fn named_path(names: &[String], code: RegionCode) -> Value {
    path(names, code, |_| true).unwrap_or_else(|| code.to_string().into())
}

/// `Kecamatan Tembalang, Kota Semarang`: the regions of a path that are wanted, the smallest first; None for none.
fn path(names: &[String], code: RegionCode, wanted: impl Fn(RegionCode) -> bool) -> Option<Value> {
    let parts = code.with_ancestors().zip(names.iter().rev()).filter(|(code, _)| wanted(*code));
    let parts: Vec<Message> = parts.map(|(code, region)| name(code, region)).collect();
    (!parts.is_empty()).then(|| parts.into())
}
