//! Where one can be vaccinated, in plain words.

use super::{
    Page, Speaker, asked_region, entry,
    headline::{self, Headline},
};
use crate::{
    clock::Timestamp,
    domain::{numbers::Count, resource_type::Kind, session::product_name},
    locales::{Language, Message, Value},
    render::model::{SessionView, VaccinationFacility, VaccinationsAnswer},
};

/// How many sessions of one facility are read out.
const READ_OUT: usize = 3;
/// How many further days of one session are read out.
const DAYS_READ_OUT: usize = 6;

/// Where one can be vaccinated: the direct answer first, then the facilities with their sessions, then whom to
/// call.
pub fn vaccinations(answer: &VaccinationsAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    page.lines(&Headline::of_vaccinations(answer, speaker).lines(speaker));
    let asked = asked_region(answer.region.as_ref(), answer.widened.is_some());
    page.numbered(answer.facilities.iter().map(|listed| {
        let zone = listed.sessions.first().map_or(answer.zone, |session| session.zone);
        let speaker = Speaker { zone, ..speaker };
        entry::listed(&listed.facility, asked, sessions(listed, speaker), speaker)
    }));
    if answer.next.is_some() {
        page.say(&headline::narrow_down(Kind::Vaccination));
    }
    if answer.facilities.is_empty() {
        let meant = answer.meant.as_ref();
        let meant = meant.map(|product| Message::new("product-meant").arg("product", product_name(product)));
        let said = speaker.say_all(meant.into_iter().chain([Message::new("try-other-sessions")]));
        page.lines(&[said.join(" ")]);
    }
    page.contacts(&headline::next_step(answer.facilities.is_empty()), &answer.contacts);
    page.finish_as_of(answer.as_of)
}

/// The lines about the sessions of one facility.
fn sessions(facility: &VaccinationFacility, speaker: Speaker) -> Vec<String> {
    // The days of one session differ in what is left, and in nothing else worth a second telling.
    let mut days: Vec<Vec<&SessionView>> = Vec::new();
    for session in &facility.sessions {
        match days.iter_mut().find(|days| days[0].id == session.id) {
            Some(days) => days.push(session),
            None => days.push(vec![session]),
        }
    }
    let (mut lines, mut told) = (Vec::new(), 0);
    for days in days.iter().take(READ_OUT) {
        let (first, others) = (days[0], &days[1..days.len().min(1 + DAYS_READ_OUT)]);
        lines.extend(session_lines(first, speaker));
        if !others.is_empty() {
            let days = Value::list(others.iter().map(|session| another_day(session, speaker)));
            lines.push(speaker.say(&Message::new("session-also-on").arg("days", days)));
        }
        told += 1 + others.len();
    }
    let rest = facility.sessions.len().saturating_sub(told) + facility.sessions_more as usize;
    if rest > 0 {
        lines.push(speaker.say(&Message::new("sessions-more").arg("count", rest)));
    }
    lines
}

/// `Jumat 2 Juli (sisa 40)`.
fn another_day(session: &SessionView, speaker: Speaker) -> Message {
    Message::new("session-day")
        .arg("day", speaker.day(session.date))
        .arg("left", session.left.map(Count::get))
}

fn session_lines(session: &SessionView, speaker: Speaker) -> Vec<String> {
    let when = Message::new("session-when")
        .arg("title", session.title.clone())
        .arg("day", speaker.day(session.date))
        .arg("hours", speaker.hours(session.from, session.to));
    let booking: Vec<String> = session.booking_phone.iter().chain(&session.booking_url).cloned().collect();
    let coming = Message::new("session-coming")
        .arg("walk-in", session.walk_in)
        .arg("booking", (!booking.is_empty()).then(|| Value::choice(booking)));
    let left = Message::new("session-left")
        .arg("left", session.left.map(Count::get))
        .arg("quota", session.quota.map(Count::get));
    let age = session.observed_at.and_then(|at| entry::age(session.freshness, at, speaker));
    let left = speaker.say_all(std::iter::once(left).chain(age)).join(" ");
    let what = Value::List(what(session)).to_text(speaker.language).into_owned();
    vec![speaker.say(&when), what, speaker.say(&coming), left]
}

/// What is given, to whom, and what it costs.
fn what(session: &SessionView) -> Vec<Value> {
    let doses = Message::new("session-doses")
        .arg("count", session.doses.len())
        .arg("doses", Value::all(session.doses.iter().copied()));
    let ages = (session.age_min.is_some() || session.age_max.is_some())
        .then(|| Message::new("session-ages").arg("min", session.age_min).arg("max", session.age_max));
    let domicile = session.domicile.as_ref().map(|region| {
        Message::new("session-domicile").arg("region", entry::region_name(region.code, &region.name))
    });
    let pregnancy = session.audience.pregnancy;
    let pregnancy = pregnancy.map(|welcome| Message::new("session-pregnancy").arg("welcome", welcome));
    let disability = session.audience.disability;
    let disability = disability.map(|welcome| Message::new("session-disability").arg("welcome", welcome));
    let fee = Message::new("session-fee").arg("fee", session.fee).arg("rupiah", in_thousands(session.fee));
    let said = [Some(doses), ages, domicile, pregnancy, disability, Some(fee)];
    let said = said.into_iter().flatten().map(Value::from);
    std::iter::once(product_name(&session.product).into()).chain(said).collect()
}

/// `150.000`, as amounts of rupiah are written in every language.
fn in_thousands(rupiah: u32) -> String {
    let digits = rupiah.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(".")
}
