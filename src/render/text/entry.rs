//! One facility, contact or region in a few short lines.

use super::{Speaker, marks};
use crate::{
    clock::Timestamp,
    domain::{
        facility::{Phone, Visibility},
        freshness::Freshness,
        numbers::Count,
        observation::Source,
        region_code::{Level, RegionCode},
        text::wire_name,
    },
    locales::{Message, Value},
    render::model::{AvailabilityView, ContactView, FacilityBrief, FacilityHit, FacilityView},
};

/// A facility in the list of an answer about a region, with these lines about what it has.
pub(super) fn listed(
    facility: &FacilityView,
    asked: Option<RegionCode>,
    has: Vec<String>,
    speaker: Speaker,
) -> Vec<String> {
    let lies_in = &facility.region;
    // Where it lies, as far as the question does not say so already.
    let path = path(&lies_in.path, lies_in.code, |part| match asked {
        Some(asked) => !part.covers(asked),
        None => part.level() != Level::Province || part == lies_in.code,
    });
    let mut lines = vec![speaker.say(&title(facility))];
    lines.extend(path.map(|path| path.to_text(speaker.language).into_owned()));
    lines.extend(speaker.say_all(marks::of_facility(facility, speaker)));
    lines.extend(has);
    lines.extend(speaker.say_all(intake(facility)));
    lines.push(speaker.say(&phones(&facility.phones, facility.contact.as_ref())));
    lines
}

/// A facility by itself, without its numbers; `otherwise` is whom to call where it has no telephone.
pub(super) fn portrait(
    facility: &FacilityView,
    otherwise: Option<&ContactView>,
    speaker: Speaker,
) -> Vec<String> {
    let mut lines = vec![speaker.say(&title(facility))];
    lines.extend(facility.closed.then(|| speaker.say(&Message::new("facility-has-closed"))));
    lines
        .push(whole_path(&facility.region.path, facility.region.code).to_text(speaker.language).into_owned());
    let address = facility.address.clone();
    lines.extend(
        speaker.say_all(address.map(|address| Message::new("facility-address").arg("address", address))),
    );
    lines.extend(speaker.say_all(marks::of_facility(facility, speaker)));
    lines.extend(speaker.say_all(intake(facility)));
    lines.push(speaker.say(&phones(&facility.phones, otherwise)));
    lines
}

fn title(facility: &FacilityView) -> Message {
    let (distance, km) = match facility.distance_km {
        None => ("none", 0.0),
        Some(km) if facility.distance_rough => ("rough", km.max(1.0)),
        Some(km) if km < 1.0 => ("near", km),
        Some(km) => ("about", km),
    };
    Message::new("facility-title")
        .arg("name", facility.name.clone())
        .arg("distance", distance)
        .arg("km", format!("{km:.0}"))
        .arg("simulated", facility.simulated)
}

/// Who is taken in, and how.
fn intake(facility: &FacilityView) -> Vec<Message> {
    let Some(intake) = facility.intake.clone() else { return Vec::new() };
    let said = [
        intake.criteria.map(|text| Message::new("intake-criteria").arg("text", text)),
        intake.referral.map(|text| Message::new("intake-referral").arg("text", text)),
        intake.pickup.map(|text| Message::new("intake-pickup").arg("text", text)),
        intake.bring.map(|text| Message::new("intake-bring").arg("text", text)),
    ];
    said.into_iter().flatten().collect()
}

/// The lines for the numbers: those of one age together, then the age and what to think of it.
pub(super) fn numbers(availability: &[AvailabilityView], speaker: Speaker) -> Vec<String> {
    if availability.is_empty() {
        return vec![speaker.say(&Message::new("never-reported"))];
    }
    // What a caller waits for comes first: the free ones, then what nobody knows, then the full.
    let mut sorted: Vec<&AvailabilityView> = availability.iter().collect();
    sorted.sort_by_key(|view| match view.available.map(Count::get) {
        Some(1..) => 0,
        None => 1,
        Some(0) => 2,
    });
    let mut groups: Vec<(Option<Message>, Vec<Message>)> = Vec::new();
    for view in sorted {
        let age = age(view.freshness, view.observed_at, speaker);
        let counts = counts([view.capacity, view.occupied, view.available, view.queue]);
        let number = Message::new("number").arg("label", view.label.clone()).arg("counts", counts);
        let said = std::iter::once(number).chain(marks::of_number(view, speaker));
        match groups.iter_mut().find(|(known, _)| *known == age) {
            Some((_, lines)) => lines.extend(said),
            None => groups.push((age, said.collect())),
        }
    }
    speaker.say_all(groups.into_iter().flat_map(|(age, lines)| lines.into_iter().chain(age)))
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
pub(super) fn counts(counts: [Option<Count>; 4]) -> Message {
    let [capacity, occupied, available, queue] = counts.map(|count| count.map(Count::get));
    Message::new("counts")
        .arg("capacity", capacity)
        .arg("occupied", occupied)
        .arg("available", available)
        .arg("queue", queue.filter(|people| *people > 0))
}

/// Which way a number came, and who sent it where that is told.
pub(super) fn source(source: Source, reporter: Option<&String>) -> Message {
    Message::new("source").arg("source", wire_name(source)).arg("reporter", reporter.cloned())
}

/// The numbers to call, or that none is known and whom to call instead.
pub(super) fn phones(phones: &[Phone], otherwise: Option<&ContactView>) -> Message {
    let number = |phone: &Phone| {
        let is_internal = phone.visibility == Visibility::Internal;
        Message::new("phone-number")
            .arg("number", phone.number.clone())
            .arg("label", phone.label.clone())
            .arg("internal", is_internal)
    };
    let numbers = (!phones.is_empty()).then(|| Value::list(phones.iter().map(number)));
    Message::new("phones").arg("numbers", numbers).arg("contact", otherwise.map(contact))
}

/// `PSC 119 (Kota Semarang): 119`; the region only where the name does not say it.
pub(super) fn contact(contact: &ContactView) -> Message {
    let region = contact.region.as_ref().filter(|region| !contact.name.contains(&region.name));
    let phone = Message::new("phone-number")
        .arg("number", contact.phone.clone())
        .arg("label", None::<String>)
        .arg("internal", contact.visibility == Visibility::Internal);
    Message::new("contact")
        .arg("name", contact.name.clone())
        .arg("region", region.map(|region| region_name(region.code, &region.name)))
        .arg("phone", phone)
}

/// A region and its code: `Kecamatan Tembalang, Kota Semarang, Jawa Tengah: kode 33.74.10`.
pub(super) fn region(names: &[String], code: RegionCode) -> Message {
    coded(whole_path(names, code), code)
}

/// The same of a region that is named alone.
pub(super) fn coded(region: impl Into<Value>, code: RegionCode) -> Message {
    Message::new("found-region").arg("region", region).arg("code", code.to_string())
}

/// A facility that was found.
pub(super) fn facility_hit(hit: &FacilityHit) -> Message {
    Message::new("found-facility")
        .arg("name", hit.name.clone())
        .arg("where", whole_path(&hit.region.path, hit.region.code))
        .arg("simulated", hit.simulated)
        .arg("closed", hit.closed)
        .arg("phones", phones(&hit.phones, None))
}

/// The name as people say it: `Kecamatan Tembalang`.
pub(super) fn region_name(code: RegionCode, name: &str) -> Message {
    Message::new("region-name").arg("kind", code.kind()).arg("name", name.to_owned())
}

/// A facility and where it is: `RS Baru, Kecamatan Tembalang, Kota Semarang`; without what covers `asked`.
pub(super) fn brief(facility: &FacilityBrief, asked: Option<RegionCode>) -> Value {
    let path = path(&facility.path, facility.region, |part| asked.is_none_or(|asked| !part.covers(asked)));
    Value::list(std::iter::once(Value::from(facility.name.clone())).chain(path))
}

/// A region that lies in `asked`, with those between: `Kecamatan Tembalang, Kota Semarang`.
pub(super) fn region_within(asked: Option<RegionCode>, names: &[String], code: RegionCode) -> Option<Value> {
    path(names, code, |part| part == code || asked.is_none_or(|asked| !part.covers(asked)))
}

/// A region with all those above it.
pub(super) fn whole_path(names: &[String], code: RegionCode) -> Value {
    path(names, code, |_| true).unwrap_or_else(|| code.to_string().into())
}

/// `Kecamatan Tembalang, Kota Semarang`: the regions of a path that are wanted, the smallest first; None for none.
fn path(names: &[String], code: RegionCode, wanted: impl Fn(RegionCode) -> bool) -> Option<Value> {
    let parts = code.with_ancestors().zip(names.iter().rev()).filter(|(code, _)| wanted(*code));
    let parts: Vec<Message> = parts.map(|(code, name)| region_name(code, name)).collect();
    (!parts.is_empty()).then(|| parts.into())
}
