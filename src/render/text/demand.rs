//! What was asked for and not found, in plain words.

use crate::{
    clock::Timestamp,
    domain::language::Language,
    render::{
        model::{UnmetDemandAnswer, UnmetDemandView},
        text::{bullets, entry, finished, place, times::Times, words::Words},
    },
};
use Language::{En, Id};

/// What was asked for in vain, the most frequent first, and on which days.
pub fn demand(answer: &UnmetDemandAnswer, language: Language, now: Timestamp) -> String {
    let (words, times) = (Words(language), Times::new(language, answer.zone, now));
    let place = place(answer.region.as_ref(), words);
    let days = if answer.from == answer.to {
        times.day(answer.from)
    } else {
        words.days(&times.day(answer.from), &times.day(answer.to))
    };
    if answer.demand.is_empty() {
        return finished(&[words.nothing_in_vain(&place, &days)]);
    }
    let lines = answer.demand.iter().map(|demanded| {
        let often = words.how_often(demanded.questions);
        format!("{often} {}: {}", where_asked(demanded, answer, words), demanded.filter)
    });
    finished(&[bullets(&words.in_vain(&place, &days, &times.utc_day_begins()), lines)])
}

fn where_asked(demanded: &UnmetDemandView, answer: &UnmetDemandAnswer, words: Words) -> String {
    let asked = answer.region.as_ref().map(|region| region.code);
    demanded.region.as_ref().map_or_else(
        || words.in_the_country().to_owned(),
        |region| words.in_region(&entry::region_within(asked, &demanded.path, region.code)),
    )
}

impl Words {
    fn in_vain(self, place: &str, days: &str, begin: &str) -> String {
        match self.0 {
            Id => format!("Pencarian tanpa hasil {place}, {days} (hari dihitung mulai {begin}):"),
            En => format!("Questions without a result {place}, {days} (days begin at {begin}):"),
        }
    }

    fn nothing_in_vain(self, place: &str, days: &str) -> String {
        match self.0 {
            Id => format!("Tidak ada pencarian tanpa hasil {place}, {days}."),
            En => format!("No questions without a result {place}, {days}."),
        }
    }
}
