//! What there is, in plain words: facilities, regions, and what is counted.

use crate::{
    clock::Timestamp,
    domain::{language::Language, region_code::Level, resource_type::Kind},
    render::{
        model::{FacilitiesAnswer, FacilityView, RegionAnswer, RegionsAnswer, TypeView, TypesAnswer},
        text::{bullets, contacts, entry, finished, place, times::Times, words::Words},
    },
};
use Language::{En, Id};

/// Which facilities there are, and how to reach them.
pub fn facilities(answer: &FacilitiesAnswer, language: Language, now: Timestamp) -> String {
    let (words, times) = (Words(language), Times::new(language, answer.zone, now));
    let place = place(answer.region.as_ref(), words);
    let any = !answer.facilities.is_empty();
    let mut paragraphs = vec![if any { words.facilities(&place) } else { words.no_facilities(&place) }];
    let listed = |(number, facility): (u32, &FacilityView)| {
        let newest = facility.availability.iter().map(|view| view.observed_at).max();
        let reported = newest.map_or_else(
            || words.never_reported().to_owned(),
            |at| words.updated(&times.age(at), &times.moment(at)),
        );
        format!(
            "{number}. {}\n{reported}",
            entry::portrait(facility, facility.contact.as_ref(), words, times)
        )
    };
    paragraphs.extend((1..).zip(&answer.facilities).map(listed));
    paragraphs.extend(answer.next.is_some().then(|| words.another_page().to_owned()));
    paragraphs.push(words.as_of(&times.moment(answer.as_of)));
    finished(&paragraphs)
}

/// Which regions there are, with their codes.
pub fn regions(answer: &RegionsAnswer, language: Language, now: Timestamp) -> String {
    let words = Words(language);
    let lines = answer.regions.iter().map(|region| entry::region(&region.path, region.code, words));
    let any = !answer.regions.is_empty();
    let mut paragraphs =
        vec![if any { bullets(words.regions(), lines) } else { words.no_regions().to_owned() }];
    paragraphs.extend(answer.next.is_some().then(|| words.another_page().to_owned()));
    paragraphs.push(words.as_of(&Times::new(language, answer.zone, now).moment(answer.as_of)));
    finished(&paragraphs)
}

/// One region: its code, how many facilities it has, the regions right below it, and whom to call.
pub fn region(answer: &RegionAnswer, language: Language, now: Timestamp) -> String {
    let (words, region) = (Words(language), &answer.region);
    let mut lines = vec![entry::region(&region.path, region.code, words)];
    lines.extend((!region.aliases.is_empty()).then(|| words.also_called(&region.aliases.join(", "))));
    lines.extend(region.postcode.as_deref().map(|postcode| words.postcode(postcode)));
    lines.push(words.has_facilities(answer.facilities));
    let mut paragraphs = vec![lines.join("\n")];
    if let Some(first) = answer.children.first() {
        let below = answer.children.iter().map(|child| {
            let name = entry::region_name(child.code, &child.name);
            format!("{name}: {}", words.code(&child.code.to_string()))
        });
        paragraphs.push(bullets(&words.below(answer.children.len(), first.level), below));
    }
    paragraphs.push(contacts(words.whom_to_call(), &answer.contacts, words));
    paragraphs.push(words.as_of(&Times::new(language, region.timezone, now).moment(answer.as_of)));
    finished(&paragraphs)
}

/// What is counted, and when its numbers grow old.
pub fn types(answer: &TypesAnswer, language: Language) -> String {
    let words = Words(language);
    let of_kind = |kind: Kind| {
        let of_kind = answer.types.iter().filter(|resource| resource.kind == kind);
        let lines: Vec<String> = of_kind.map(|resource| words.counted(resource)).collect();
        let heading = format!("{}:", words.name_of(kind));
        (!lines.is_empty()).then(|| bullets(&heading, lines.into_iter()))
    };
    let kinds = [Kind::Bed, Kind::Isolation, Kind::Vaccination];
    finished(&kinds.into_iter().filter_map(of_kind).collect::<Vec<_>>())
}

impl Words {
    fn facilities(self, place: &str) -> String {
        match self.0 {
            Id => format!("Fasilitas {place}:"),
            En => format!("Facilities {place}:"),
        }
    }

    fn no_facilities(self, place: &str) -> String {
        match self.0 {
            Id => format!(
                "Tidak ada fasilitas {place} yang sesuai. Coba wilayah yang lebih luas atau nama lain."
            ),
            En => format!("No facility {place} fits. Try a larger region or another name."),
        }
    }

    fn regions(self) -> &'static str {
        match self.0 {
            Id => "Wilayah:",
            En => "Regions:",
        }
    }

    fn no_regions(self) -> &'static str {
        match self.0 {
            Id => "Tidak ada wilayah di bawahnya yang tercatat.",
            En => "No regions below it are listed.",
        }
    }

    fn also_called(self, names: &str) -> String {
        match self.0 {
            Id => format!("Disebut juga: {names}"),
            En => format!("Also called: {names}"),
        }
    }

    fn postcode(self, postcode: &str) -> String {
        match self.0 {
            Id => format!("Kode pos: {postcode}"),
            En => format!("Postcode: {postcode}"),
        }
    }

    fn has_facilities(self, count: u32) -> String {
        match (self.0, count) {
            (Id, _) => format!("{count} fasilitas tercatat."),
            (En, 1) => "1 facility is listed.".to_owned(),
            (En, _) => format!("{count} facilities are listed."),
        }
    }

    fn below(self, count: usize, level: Level) -> String {
        let level = match (self.0, level) {
            (Id, Level::Province) => "provinsi",
            (Id, Level::Regency) => "kabupaten dan kota",
            (_, Level::District) => "kecamatan",
            (Id, Level::Village) => "desa dan kelurahan",
            (En, Level::Province) => "provinces",
            (En, Level::Regency) => "kabupaten and kota",
            (En, Level::Village) => "desa and kelurahan",
        };
        format!("{count} {level}:")
    }

    fn counted(self, resource: &TypeView) -> String {
        let TypeView { code, label, aging_after_h: aging, stale_after_h: stale, .. } = resource;
        let retired = match (self.0, resource.retired) {
            (_, false) => "",
            (Id, true) => ", tidak dipakai lagi",
            (En, true) => ", no longer in use",
        };
        match self.0 {
            Id => format!(
                "{label}: kode {code}, mulai lama setelah {aging} jam, lama setelah {stale} jam{retired}"
            ),
            En => {
                format!("{label}: code {code}, aging after {aging} hours, old after {stale} hours{retired}")
            }
        }
    }
}
