//! Where one can be vaccinated, in plain words.

use std::collections::BTreeSet;

use super::{Lines, Page, Speaker, entry, headline::Headline, together};
use crate::{
    clock::Timestamp,
    domain::session::product_name,
    locales::{Language, Message, Value},
    render::model::{SessionView, VaccinationFacility, VaccinationsAnswer},
};

/// How many sessions of one facility are read out.
const READ_OUT: usize = 3;
/// How many further days of one session are read out.
const DAYS_READ_OUT: usize = 6;

/// Where one can be vaccinated: the direct answer first, then the facilities with their sessions, then the contacts
/// to call.
pub fn vaccinations(answer: &VaccinationsAnswer, language: Language, now: Timestamp) -> String {
    let speaker = Page::new(language, answer.zone, now).speaker;
    vaccinations_under(&Headline::of_vaccinations(answer, speaker), answer, language, now)
}

/// The same under another headline.
pub(super) fn vaccinations_under(
    headline: &Headline<'_>,
    answer: &VaccinationsAnswer,
    language: Language,
    now: Timestamp,
) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    page.lines(headline.lines(speaker));
    page.numbered(answer.facilities.iter().map(|listed| {
        let zone = listed.sessions.first().map_or(answer.zone, |session| session.zone);
        let speaker = Speaker { zone, ..speaker };
        entry::listed(&listed.facility, headline.asked(), sessions(listed, speaker), speaker)
    }));
    page.maybe(headline.narrow_down());
    if answer.facilities.is_empty() {
        let product = answer.meant.as_ref().map(product_name);
        page.say(Message::new("try-other-sessions").arg("product", product));
    }
    page.contacts(headline.next_step(), &answer.contacts);
    page.finish_as_of(answer.as_of)
}

/// The lines about the sessions of one facility.
fn sessions(facility: &VaccinationFacility, speaker: Speaker) -> Lines {
    // The days of one session differ only in how many places are left: write the rest once.
    let (mut lines, mut told) = (Lines(Vec::new()), 0);
    for (_, days) in together(&facility.sessions, |session| session.id).take(READ_OUT) {
        let others = &days[1..days.len().min(1 + DAYS_READ_OUT)];
        let also = (!others.is_empty()).then(|| {
            let days = Value::list(others.iter().map(|session| another_day(session, speaker)));
            Message::new("session-also-on").arg("days", days)
        });
        lines = lines.then(session_lines(days[0], speaker)).then(also);
        told += 1 + others.len();
    }
    let rest = facility.sessions.len().saturating_sub(told) + facility.sessions_more as usize;
    lines.then((rest > 0).then(|| Message::new("sessions-more").arg("count", rest)))
}

/// `Jumat 2 Juli (sisa 40)`.
fn another_day(session: &SessionView, speaker: Speaker) -> Message {
    Message::new("session-day").arg("day", speaker.day(session.date)).arg("left", session.left)
}

fn session_lines(session: &SessionView, speaker: Speaker) -> [Value; 4] {
    let when = Message::new("session-when")
        .arg("title", session.title.as_ref())
        .arg("day", speaker.day(session.date))
        .arg("hours", speaker.hours(session.from, session.to));
    let booking: Vec<&String> = session.booking_phone.iter().chain(&session.booking_url).collect();
    let coming = Message::new("session-coming")
        .arg("walk-in", session.walk_in)
        .arg("booking", (!booking.is_empty()).then(|| Value::choice(booking)));
    let age = session.observed_at.and_then(|at| entry::age(session.freshness, at, speaker));
    let left = Message::new("session-left")
        .arg("left", session.left)
        .arg("quota", session.quota)
        .arg("updated", age);
    [when.into(), offer(session), coming.into(), left.into()]
}

/// The vaccine, the people it is for, and the price.
fn offer(session: &SessionView) -> Value {
    let [doses, ages] = for_whom(&session.doses, session.age_min, session.age_max);
    let domicile = session.domicile.as_ref();
    let domicile =
        domicile.map(|region| Message::new("session-domicile").arg("region", entry::region_name(region)));
    let pregnancy = session.audience.pregnancy;
    let pregnancy = pregnancy.map(|welcome| Message::new("session-pregnancy").arg("welcome", welcome));
    let disability = session.audience.disability;
    let disability = disability.map(|welcome| Message::new("session-disability").arg("welcome", welcome));
    let fee = Message::new("session-fee").arg("fee", session.fee).arg("rupiah", in_thousands(session.fee));
    let said = [doses, ages, domicile, pregnancy, disability, Some(fee)];
    let said = said.into_iter().flatten().map(Value::from);
    Value::list(std::iter::once(product_name(&session.product).into()).chain(said))
}

/// The doses that are given, and the ages that they are given to, if not all.
pub(crate) fn for_whom(
    doses: &BTreeSet<u8>,
    age_min: Option<u8>,
    age_max: Option<u8>,
) -> [Option<Message>; 2] {
    let doses = Message::new("session-doses")
        .arg("count", doses.len())
        .arg("doses", Value::all(doses.iter().copied()));
    let ages = (age_min.is_some() || age_max.is_some())
        .then(|| Message::new("session-ages").arg("min", age_min).arg("max", age_max));
    [Some(doses), ages]
}

/// `150.000`, as amounts of rupiah are written in every language.
fn in_thousands(rupiah: u32) -> String {
    let digits = rupiah.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(".")
}
