//! One facility, contact or region in a few short lines.

use crate::{
    domain::{
        facility::{Phone, Visibility},
        freshness::Freshness,
        numbers::Count,
        region_code::{Level, RegionCode},
    },
    render::{
        model::{
            AvailabilityView, BedsAnswer, ContactView, FacilityBrief, FacilityHit, FacilityView, ReporterView,
        },
        text::{marks, times::Times, words::Words},
    },
};

/// A facility in the list of an answer.
pub(crate) fn listed(facility: &FacilityView, answer: &BedsAnswer, words: Words, times: Times) -> String {
    listed_with(facility, answer, numbers(&facility.availability, words, times), words, times)
}

/// A facility in the list of an answer, with these lines about what it has.
pub(crate) fn listed_with(
    facility: &FacilityView,
    answer: &BedsAnswer,
    has: Vec<String>,
    words: Words,
    times: Times,
) -> String {
    let mut lines = vec![title(facility, words)];
    lines.extend(whereabouts(facility, answer));
    lines.extend(marks::of_facility(facility, words, times));
    lines.extend(has);
    lines.extend(intake(facility, words));
    lines.push(phones(&facility.phones, facility.contact.as_ref(), words));
    lines.join("\n")
}

/// A facility by itself, without its numbers; `otherwise` is whom to call where it has no telephone.
pub(crate) fn portrait(
    facility: &FacilityView,
    otherwise: Option<&ContactView>,
    words: Words,
    times: Times,
) -> String {
    let mut lines = vec![title(facility, words)];
    lines.extend(facility.closed.then(|| words.closed().to_owned()));
    lines.push(path(&facility.region.path, facility.region.code, |_| true));
    lines.extend(facility.address.as_deref().map(|address| words.address(address)));
    lines.extend(marks::of_facility(facility, words, times));
    lines.extend(intake(facility, words));
    lines.push(phones(&facility.phones, otherwise, words));
    lines.join("\n")
}

fn title(facility: &FacilityView, words: Words) -> String {
    let mut title = facility.name.clone();
    if let Some(km) = facility.distance_km {
        let distance = if facility.distance_rough { words.rough_distance(km) } else { words.distance(km) };
        title = format!("{title}, {distance}");
    }
    if facility.simulated {
        title = format!("{title} {}", words.simulated());
    }
    title
}

/// Where it lies, as far as the question does not say so already.
fn whereabouts(facility: &FacilityView, answer: &BedsAnswer) -> Option<String> {
    let lies_in = &facility.region;
    let asked = answer.region.as_ref().filter(|_| answer.widened.is_none());
    let line = path(&lies_in.path, lies_in.code, |part| match asked {
        Some(asked) => !part.covers(asked.code),
        None => part.level() != Level::Province || part == lies_in.code,
    });
    (!line.is_empty()).then_some(line)
}

/// Who is taken in, and how.
fn intake(facility: &FacilityView, words: Words) -> Vec<String> {
    let Some(intake) = &facility.intake else { return Vec::new() };
    let said = [
        intake.criteria.as_deref().map(|text| words.criteria(text)),
        intake.referral.as_deref().map(|text| words.referral(text)),
        intake.pickup.as_deref().map(|text| words.pickup(text)),
        intake.bring.as_deref().map(|text| words.bring(text)),
    ];
    said.into_iter().flatten().collect()
}

/// The lines for the numbers: those of one age together, then the age and what to think of it.
pub(crate) fn numbers(availability: &[AvailabilityView], words: Words, times: Times) -> Vec<String> {
    if availability.is_empty() {
        return vec![words.never_reported().to_owned()];
    }
    // What a caller waits for comes first: the free ones, then what nobody knows, then the full.
    let mut sorted: Vec<&AvailabilityView> = availability.iter().collect();
    sorted.sort_by_key(|view| match view.available.map(Count::get) {
        Some(1..) => 0,
        None => 1,
        Some(0) => 2,
    });
    let mut groups: Vec<(Option<String>, Vec<String>)> = Vec::new();
    for view in sorted {
        let age = age(view, words, times);
        let mut said = vec![count(view, words)];
        said.extend(marks::of_number(view, words, times));
        match groups.iter_mut().find(|(known, _)| *known == age) {
            Some((_, lines)) => lines.extend(said),
            None => groups.push((age, said)),
        }
    }
    groups.into_iter().flat_map(|(age, lines)| lines.into_iter().chain(age)).collect()
}

/// How old a number is, and a warning when that is much; none where nothing is known.
pub(crate) fn age(view: &AvailabilityView, words: Words, times: Times) -> Option<String> {
    let (age, moment) = (times.age(view.observed_at), times.moment(view.observed_at));
    let updated = words.updated(&age, &moment);
    match view.freshness {
        Freshness::Fresh => Some(updated),
        Freshness::Aging => Some(format!("{updated} {}", words.aging())),
        Freshness::Stale => Some(format!("{updated} {}", words.stale())),
        Freshness::Unknown => None,
    }
}

/// `ICU: 3 kosong dari 10, antrean 2 orang`.
fn count(view: &AvailabilityView, words: Words) -> String {
    let counts = counts([view.capacity, view.occupied, view.available, view.queue], words);
    format!("{}: {counts}", view.label)
}

/// `3 kosong dari 10, antrean 2 orang`.
pub(crate) fn counts(counts: [Option<Count>; 4], words: Words) -> String {
    let [capacity, occupied, available, queue] = counts.map(|count| count.map(Count::get));
    let capacity_said = capacity.map(|count| words.capacity(count));
    let occupied_said = occupied.map(|count| words.occupied(count));
    let free = match (available, capacity) {
        (None, _) => with_details(words.unknown(), [capacity_said, occupied_said]),
        (Some(0), _) => with_details(words.full(), [capacity_said, None]),
        (Some(free), Some(capacity)) => words.free_of(free, capacity),
        (Some(free), None) => words.free(free),
    };
    match queue {
        Some(people @ 1..) => format!("{free}, {}", words.queue(people)),
        _ => free,
    }
}

/// `text (a, b)`, without brackets when there are no details.
fn with_details(text: &str, details: [Option<String>; 2]) -> String {
    let details: Vec<String> = details.into_iter().flatten().collect();
    if details.is_empty() {
        return text.to_owned();
    }
    format!("{text} ({})", details.join(", "))
}

/// The numbers to call, or that none is known and whom to call instead.
pub(crate) fn phones(phones: &[Phone], otherwise: Option<&ContactView>, words: Words) -> String {
    if phones.is_empty() {
        return otherwise
            .map_or_else(|| words.no_phone().to_owned(), |other| words.no_phone_but(&contact(other, words)));
    }
    let numbers: Vec<String> = phones.iter().map(|phone| number(phone, words)).collect();
    words.phones(&numbers.join(", "))
}

fn number(phone: &Phone, words: Words) -> String {
    let internal = (phone.visibility == Visibility::Internal).then(|| words.internal().to_owned());
    with_details(&phone.number, [phone.label.clone(), internal])
}

/// `PSC 119 (Kota Semarang): 119`; the region only where the name does not say it.
pub(crate) fn contact(contact: &ContactView, words: Words) -> String {
    let name = &contact.name;
    let internal = (contact.visibility == Visibility::Internal).then(|| words.internal().to_owned());
    let phone = with_details(&contact.phone, [internal, None]);
    match &contact.region {
        Some(region) if !name.contains(&region.name) => {
            format!("{name} ({}): {phone}", region_name(region.code, &region.name))
        }
        _ => format!("{name}: {phone}"),
    }
}

/// A region and its code: `Kecamatan Tembalang, Kota Semarang, Jawa Tengah: kode 33.74.10`.
pub(crate) fn region(names: &[String], code: RegionCode, words: Words) -> String {
    format!("{}: {}", path(names, code, |_| true), words.code(&code.to_string()))
}

/// A facility that was found.
pub(crate) fn facility_hit(hit: &FacilityHit, words: Words) -> String {
    let line = path(&hit.region.path, hit.region.code, |_| true);
    let phones = phones(&hit.phones, None, words);
    let simulated = if hit.simulated { format!(" {}", words.simulated()) } else { String::new() };
    let closed = if hit.closed { format!(" {}", words.closed()) } else { String::new() };
    format!("{}{simulated}, {line}.{closed} {phones}", hit.name)
}

/// A facility with the state of its reports.
pub(crate) fn reporter(reporter: &ReporterView, said: &str, words: Words) -> String {
    let line = path(&reporter.region.path, reporter.region.code, |_| true);
    format!("{}, {line}: {said} {}", reporter.name, phones(&reporter.phones, None, words))
}

/// The name as people say it: `Kecamatan Tembalang`. Names of kabupaten and kota hold the word already.
pub(crate) fn region_name(code: RegionCode, name: &str) -> String {
    match code.kind() {
        "kecamatan" => format!("Kecamatan {name}"),
        "kelurahan" => format!("Kelurahan {name}"),
        "desa" => format!("Desa {name}"),
        "desa_adat" => format!("Desa Adat {name}"),
        _ => name.to_owned(),
    }
}

/// A facility and where it is: `RS Baru, Kecamatan Tembalang, Kota Semarang`; without what covers `asked`.
pub(crate) fn brief(facility: &FacilityBrief, asked: Option<RegionCode>) -> String {
    let line = path(&facility.path, facility.region, |part| asked.is_none_or(|asked| !part.covers(asked)));
    if line.is_empty() { facility.name.clone() } else { format!("{}, {line}", facility.name) }
}

/// A region that lies in `asked`, with those between: `Kecamatan Tembalang, Kota Semarang`.
pub(crate) fn region_within(asked: Option<RegionCode>, names: &[String], code: RegionCode) -> String {
    path(names, code, |part| part == code || asked.is_none_or(|asked| !part.covers(asked)))
}

/// `Kecamatan Tembalang, Kota Semarang`: the regions of a path that are wished, the smallest first.
fn path(names: &[String], code: RegionCode, requested: impl Fn(RegionCode) -> bool) -> String {
    code.with_ancestors()
        .zip(names.iter().rev())
        .filter(|(code, _)| requested(*code))
        .map(|(code, name)| region_name(code, name))
        .collect::<Vec<_>>()
        .join(", ")
}
