//! Where one can be vaccinated, in plain words.

use crate::{
    clock::Timestamp,
    domain::{
        language::Language,
        numbers::Count,
        observation::Source,
        resource_type::Kind,
        session::{product_name, session_type},
    },
    render::{
        model::{AvailabilityView, BedsAnswer, SessionView, VaccinationFacility, VaccinationsAnswer},
        text::{contacts, entry, finished, lead, times::Times, words::Words},
    },
};
use Language::{En, Id};

/// How many sessions of one facility are read out.
const READ_OUT: usize = 3;
/// How many further days of one session are read out.
const DAYS_READ_OUT: usize = 6;

/// Where one can be vaccinated: the direct answer first, then the facilities with their sessions, then whom to
/// call.
pub fn vaccinations(answer: &VaccinationsAnswer, language: Language, now: Timestamp) -> String {
    let (words, times) = (Words(language), Times::new(language, answer.zone, now));
    let outline = outline(answer, words, times);
    let mut paragraphs = vec![lead::sentences(&outline, words)];
    for (number, facility) in (1..).zip(&answer.facilities) {
        let speaker = Times::new(language, facility.sessions.first().map_or(answer.zone, |s| s.zone), now);
        let lines = sessions(facility, words, speaker);
        let entry = entry::listed_with(&facility.facility, &outline, lines, words, speaker);
        paragraphs.push(format!("{number}. {entry}"));
    }
    if answer.next.is_some() {
        paragraphs.push(words.next_page_of_sessions().to_owned());
    }
    if answer.facilities.is_empty() {
        let meant = answer.meant.as_ref().map(|product| words.meant(&product_name(product)));
        paragraphs
            .push(meant.into_iter().chain([words.ask_for_more().to_owned()]).collect::<Vec<_>>().join(" "));
    }
    let heading = if answer.facilities.is_empty() { words.what_to_do_now() } else { words.if_none_fits() };
    paragraphs.push(contacts(heading, &answer.contacts, words));
    paragraphs.push(words.as_of(&times.moment(answer.as_of)));
    finished(&paragraphs)
}

/// The same answer without its sessions, as the sentences that open every answer need it.
fn outline(answer: &VaccinationsAnswer, words: Words, times: Times) -> BedsAnswer {
    let days = if answer.from == answer.to {
        times.day(answer.from)
    } else {
        words.days(&times.day(answer.from), &times.day(answer.to))
    };
    BedsAnswer {
        region: answer.region.clone(),
        near: answer.near.clone(),
        as_of: answer.as_of,
        totals: answer.totals.clone(),
        facilities: answer.facilities.iter().map(|listed| listed.facility.clone()).collect(),
        unrecorded: Vec::new(),
        widened: answer.widened.clone(),
        contacts: answer.contacts.clone(),
        next: answer.next.clone(),
        kind: Kind::Vaccination,
        zone: answer.zone,
        min: answer.min,
        filter: std::iter::once(days).chain(answer.filter.iter().cloned()).collect(),
    }
}

fn number(session: &SessionView) -> AvailabilityView {
    let never = session.starts_at;
    AvailabilityView {
        resource: session_type(),
        label: String::new(),
        capacity: session.quota,
        occupied: None,
        available: session.left,
        queue: None,
        observed_at: session.observed_at.unwrap_or(never),
        received_at: session.received_at.unwrap_or(never),
        freshness: session.freshness,
        source: session.source.unwrap_or(Source::Facility),
        reporter: None,
        jump: None,
        disputed: false,
        notes: Vec::new(),
        holds: Vec::new(),
    }
}

/// The lines about the sessions of one facility.
fn sessions(facility: &VaccinationFacility, words: Words, times: Times) -> Vec<String> {
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
        lines.extend(lines_of(first, words, times));
        let others: Vec<String> = others.iter().map(|session| another_day(session, words, times)).collect();
        told += 1 + others.len();
        lines.extend((!others.is_empty()).then(|| words.also_on(&others)));
    }
    let rest = facility.sessions.len().saturating_sub(told) + facility.sessions_more as usize;
    lines.extend((rest > 0).then(|| words.more_sessions(rest)));
    lines
}

/// `Jumat 2 Juli (sisa 40)`.
fn another_day(session: &SessionView, words: Words, times: Times) -> String {
    let day = times.day(session.date);
    match session.left.map(Count::get) {
        Some(left) => format!("{day} ({})", words.left_in_short(left)),
        None => day,
    }
}

fn lines_of(session: &SessionView, words: Words, times: Times) -> Vec<String> {
    let hours = times.hours(session.from, session.to);
    let when = format!("{}, {hours}", times.day(session.date));
    let title = session.title.as_ref().map_or_else(|| when.clone(), |title| format!("{when}: {title}"));
    let doses: Vec<String> = session.doses.iter().map(u8::to_string).collect();
    let domicile = session.domicile.as_ref().map(|region| entry::region_name(region.code, &region.name));
    let what = [
        Some(product_name(&session.product)),
        Some(words.doses(&doses)),
        words.ages(session.age_min, session.age_max),
        domicile.map(|region| words.domicile(&region)),
        session.audience.pregnancy.map(|yes| words.pregnancy(yes).to_owned()),
        session.audience.disability.map(|yes| words.disability(yes).to_owned()),
        Some(words.fee(session.fee)),
    ];
    let booking: Vec<&str> =
        session.booking_phone.iter().chain(&session.booking_url).map(String::as_str).collect();
    let left = words.left(session.left.map(Count::get), session.quota.map(Count::get));
    let age = entry::age(&number(session), words, times);
    let mut lines = vec![title, what.into_iter().flatten().collect::<Vec<_>>().join(", ")];
    lines.push(words.coming(session.walk_in, &booking));
    lines.push(age.map_or_else(|| left.clone(), |age| format!("{left} {age}")));
    lines
}

/// Sessions.
impl Words {
    pub(crate) fn days(self, from: &str, to: &str) -> String {
        match self.0 {
            Id => format!("{from} sampai {to}"),
            En => format!("{from} to {to}"),
        }
    }

    fn doses(self, doses: &[String]) -> String {
        let (and, word) = match (self.0, doses.len()) {
            (Id, _) => ("dan", "dosis"),
            (En, 1) => ("and", "dose"),
            (En, _) => ("and", "doses"),
        };
        match doses {
            [] => word.to_owned(),
            [only] => format!("{word} {only}"),
            [first @ .., last] => format!("{word} {} {and} {last}", first.join(", ")),
        }
    }

    fn ages(self, min: Option<u8>, max: Option<u8>) -> Option<String> {
        Some(match (self.0, min, max) {
            (_, None, None) => return None,
            (Id, Some(min), Some(max)) => format!("usia {min}-{max} tahun"),
            (Id, Some(min), None) => format!("usia {min} tahun ke atas"),
            (Id, None, Some(max)) => format!("usia paling tua {max} tahun"),
            (En, Some(min), Some(max)) => format!("ages {min}-{max}"),
            (En, Some(min), None) => format!("age {min} and over"),
            (En, None, Some(max)) => format!("age {max} and under"),
        })
    }

    fn domicile(self, region: &str) -> String {
        match self.0 {
            Id => format!("khusus KTP {region}"),
            En => format!("only with an identity card of {region}"),
        }
    }

    fn pregnancy(self, yes: bool) -> &'static str {
        match (self.0, yes) {
            (Id, true) => "untuk ibu hamil",
            (Id, false) => "tidak untuk ibu hamil",
            (En, true) => "for pregnant women",
            (En, false) => "not for pregnant women",
        }
    }

    fn disability(self, yes: bool) -> &'static str {
        match (self.0, yes) {
            (Id, true) => "untuk penyandang disabilitas",
            (Id, false) => "tidak untuk penyandang disabilitas",
            (En, true) => "for people with a disability",
            (En, false) => "not for people with a disability",
        }
    }

    fn fee(self, rupiah: u32) -> String {
        let digits = rupiah.to_string();
        let groups: Vec<&str> =
            digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
        match (self.0, rupiah) {
            (Id, 0) => "gratis".to_owned(),
            (En, 0) => "free of charge".to_owned(),
            (Id, _) => format!("biaya Rp{}", groups.join(".")),
            (En, _) => format!("fee Rp{}", groups.join(".")),
        }
    }

    fn coming(self, walk_in: bool, booking: &[&str]) -> String {
        let at = match self.0 {
            Id => booking.join(" atau "),
            En => booking.join(" or "),
        };
        match (self.0, walk_in, booking.is_empty()) {
            (Id, true, true) => "Boleh datang langsung.".to_owned(),
            (Id, true, false) => format!("Boleh datang langsung, atau daftar: {at}"),
            (Id, false, false) => format!("Daftar dahulu: {at}"),
            (Id, false, true) => "Cara mendaftar belum diketahui, tanyakan lewat telepon.".to_owned(),
            (En, true, true) => "Walk-ins are welcome.".to_owned(),
            (En, true, false) => format!("Walk-ins are welcome, or book: {at}"),
            (En, false, false) => format!("Book first: {at}"),
            (En, false, true) => "How to book is not known, ask by phone.".to_owned(),
        }
    }

    fn left(self, left: Option<u32>, quota: Option<u32>) -> String {
        match (self.0, left, quota) {
            (Id, None, None) => "Sisa kuota belum diketahui.".to_owned(),
            (Id, None, Some(quota)) => format!("Kuota {quota}, sisanya belum diketahui."),
            (Id, Some(0), _) => "Kuota habis.".to_owned(),
            (Id, Some(left), Some(quota)) => format!("Sisa {left} dari {quota}."),
            (Id, Some(left), None) => format!("Sisa {left}."),
            (En, None, None) => "How many places are left is not known.".to_owned(),
            (En, None, Some(quota)) => format!("{quota} places, how many are left is not known."),
            (En, Some(0), _) => "No places left.".to_owned(),
            (En, Some(left), Some(quota)) => format!("{left} of {quota} left."),
            (En, Some(left), None) => format!("{left} left."),
        }
    }

    fn left_in_short(self, left: u32) -> String {
        match (self.0, left) {
            (Id, 0) => "habis".to_owned(),
            (Id, _) => format!("sisa {left}"),
            (En, 0) => "none left".to_owned(),
            (En, _) => format!("{left} left"),
        }
    }

    fn also_on(self, days: &[String]) -> String {
        match self.0 {
            Id => format!("Juga {}.", days.join(", ")),
            En => format!("Also on {}.", days.join(", ")),
        }
    }

    fn next_page_of_sessions(self) -> &'static str {
        match self.0 {
            Id => "Masih ada lagi; persempit dengan kecamatan, hari, produk, atau jaraknya.",
            En => "There are more; narrow it down by kecamatan, day, product or distance.",
        }
    }

    fn more_sessions(self, rest: usize) -> String {
        match (self.0, rest) {
            (Id, _) => format!("Masih ada {rest} sesi lain di sini."),
            (En, 1) => "1 more session here.".to_owned(),
            (En, _) => format!("{rest} more sessions here."),
        }
    }

    fn meant(self, product: &str) -> String {
        match self.0 {
            Id => format!("Mungkin yang dimaksud {product}?"),
            En => format!("Perhaps {product} was meant?"),
        }
    }

    fn ask_for_more(self) -> &'static str {
        match self.0 {
            Id => "Coba tanggal lain, produk lain, atau tanpa batas usia dan dosis.",
            En => "Try another day, another product, or without age and dose.",
        }
    }
}
