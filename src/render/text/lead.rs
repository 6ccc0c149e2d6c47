//! The direct answer: who has something free where it was asked for, and if nobody has, where else.

use crate::{
    domain::resource_type::Kind,
    render::{
        model::{AreaView, BedsAnswer, NearView, Widened, WideningReason},
        text::{
            entry,
            openings::{Amount, Doubtful, Subject},
            tally::{Group, Tally},
            words::Words,
        },
    },
};

/// The wished attributes as the topic, then the sentences about them.
pub(crate) fn sentences(answer: &BedsAnswer, words: Words) -> String {
    let said = match &answer.widened {
        Some(widened) => elsewhere(answer, widened, words),
        None => here(answer, words),
    };
    let said = if answer.filter.is_empty() { said } else { format!("{}: {said}", answer.filter.join(", ")) };
    match &answer.near {
        Some(near) if answer.region.is_some() && has_distance(answer) => {
            let from = words.measured_from(near_region(near).as_deref());
            format!("{}\n{from}", capitalized(&said))
        }
        _ => capitalized(&said),
    }
}

/// What the area that was asked about has.
fn here(answer: &BedsAnswer, words: Words) -> String {
    let tally = Tally::of(answer);
    let asked = AreaView { region: answer.region.clone(), within_km: None };
    let place = place(&asked, answer.near.as_ref(), words);
    let all = tally.all();
    if all.count == 0 && answer.totals.iter().all(|total| total.facilities == 0) {
        words.none_listed(answer.kind, &place, is_requested(answer))
    } else if answer.min == 0 && all.count > 0 {
        let listed = subject(answer, all, &place);
        words.all_listed(listed, &tally.in_words(Group::Usable, words))
    } else if let Some(sentence) = some_fit(answer, &tally, &place, words) {
        sentence
    } else {
        let instead = tally.in_words(Group::Unknown, words);
        words.none_have(answer.kind, answer.min, &place, &instead)
    }
}

/// Why nothing there fits, and what lies further away.
fn elsewhere(answer: &BedsAnswer, widened: &Widened, words: Words) -> String {
    let asked = place(&widened.from, answer.near.as_ref(), words);
    let (kind, min) = (answer.kind, answer.min);
    let reason = match widened.reason {
        WideningReason::NoFacility => words.none_listed(kind, &asked, is_requested(answer)),
        WideningReason::NothingFree => words.none_have(kind, min, &asked, words.full_or_unknown(min)),
        WideningReason::OnlyStale => {
            let is_old =
                answer.totals.iter().any(|total| total.available_stale.is_some_and(|sum| sum.get() > 0));
            let mut shown = answer.facilities.iter().flat_map(|facility| &facility.availability);
            let doubtful = match (is_old, shown.any(|view| view.disputed)) {
                (true, false) => Doubtful::Old,
                (true, true) => Doubtful::OldOrDisputed,
                (false, _) => Doubtful::Disputed,
            };
            words.only_old_numbers(kind, min, &asked, doubtful)
        }
        WideningReason::OnlyHeld => words.only_held(kind, min, &asked),
    };
    let around = place(&widened.to, None, words);
    let tally = Tally::of(answer);
    let found = match some_fit(answer, &tally, &around, words) {
        Some(sentence) if tally.some(Group::Usable).is_some() => words.nearest(&sentence),
        Some(sentence) => capitalized(&sentence),
        None => words.none_either(&around, &tally.in_words(Group::Unknown, words)),
    };
    format!("{reason} {found}")
}

/// Who has enough free, if anybody; old numbers are called so, and held places.
fn some_fit(answer: &BedsAnswer, tally: &Tally, place: &str, words: Words) -> Option<String> {
    let (sentence, others) = if let Some(usable) = tally.some(Group::Usable) {
        let sentence = words.some_have(subject(answer, usable, place));
        (sentence, tally.in_words(Group::Stale, words))
    } else if let Some(stale) = tally.some(Group::Stale) {
        let sentence = words.some_had(subject(answer, stale, place), tally.doubtful);
        (sentence, tally.in_words(Group::Held, words))
    } else {
        let held = tally.some(Group::Held)?;
        let sentence = words.some_hold(subject(answer, held, place));
        (sentence, tally.in_words(Group::Unknown, words))
    };
    if others.is_empty() {
        return Some(sentence);
    }
    Some(format!("{sentence} {}", words.others(&others)))
}

/// Whether anything in particular was asked for; of vaccinations a day always is.
fn is_requested(answer: &BedsAnswer) -> bool {
    answer.filter.len() > usize::from(answer.kind == Kind::Vaccination)
}

fn has_distance(answer: &BedsAnswer) -> bool {
    answer.facilities.iter().any(|facility| facility.distance_km.is_some())
}

fn subject<'a>(answer: &BedsAnswer, amount: Amount, place: &'a str) -> Subject<'a> {
    Subject {
        amount,
        kind: answer.kind,
        hospitals: answer.facilities.iter().all(|facility| facility.kind.as_str() == "hospital"),
        min: answer.min,
        place,
    }
}

fn place(area: &AreaView, near: Option<&NearView>, words: Words) -> String {
    let region =
        area.region.as_ref().map(|region| words.in_region(&entry::region_name(region.code, &region.name)));
    let within = area.within_km.map(|km| words.within(km));
    match (region, within, near) {
        (Some(region), Some(within), _) => format!("{region} {within}"),
        (Some(only), None, _) | (None, Some(only), _) => only,
        (None, None, Some(near)) => words.around(near_region(near).as_deref()),
        (None, None, None) => words.in_the_country().to_owned(),
    }
}

fn near_region(near: &NearView) -> Option<String> {
    let region = near.region.as_ref()?;
    Some(entry::region_name(region.code, &region.name))
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
