//! The numbers of a question, by the words beside them: an age, a time of illness, a count of people or of beds, a dose, a
//! day. A number that could be several of these is none: whoever asks is told that it was not read.

use std::ops::ControlFlow;

use super::rules::{Means, meaning};
use crate::domain::{
    days::RelativeDay,
    lexicon::Term,
    moment::{self, DateOrder, Written},
    resource_type::Kind,
};
use crate::query::params::NamedDay;

/// The most people who are counted in one question.
const MOST_PERSONS: u32 = 10_000;
/// Nobody is older.
const OLDEST: u32 = 130;
/// Whoever is younger is a child.
const ADULT_FROM: u32 = 18;
/// "Laki-laki 3" may be three men.
const LEAST_AGE_ALONE: u32 = 10;
/// "2 anak" are two children, "60 anak" hardly.
const MOST_CHILDREN: u32 = 12;
/// A newborn is up to 28 days old: Permenkes 25/2014.
const NEWBORN_DAYS: u32 = 28;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// The years of somebody's life.
    Age(u32),
    /// Somebody is a newborn.
    Newborn,
    /// People who need a place.
    Persons(u32),
    /// Children who need one, beside others who are named.
    Children {
        count: u32,
        with_parent: bool,
    },
    /// Adults who need one, beside others who are named.
    Adults(u32),
    /// Somebody from this age on: of several, the youngest.
    AgesFrom(u32),
    /// Places that must be free.
    Places(u32),
    Dose(u32),
    /// How far one would go.
    Kilometres(u32),
    Day(NamedDay),
    /// The class of a bed, which was named before.
    Class(u32),
}

/// A number, and the terms from which it was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) counts: Counts,
    pub(super) terms: Vec<usize>,
}

/// The meaning of a term.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    Rule(Means),
    Day(RelativeDay),
    Number(u32),
    /// A date, or a part of a name.
    Numbers,
    /// Part of the phrase that the term before it begins.
    Continued,
}

/// The longest phrase of the rules, in terms.
const LONGEST_PHRASE: usize = 3;

/// The meanings of the terms, the longest phrases first.
pub(super) fn meanings(terms: &[Term]) -> Vec<Option<Meaning>> {
    let mut meanings: Vec<Option<Meaning>> = Vec::with_capacity(terms.len());
    while meanings.len() < terms.len() {
        let rest = &terms[meanings.len()..];
        let found = (1..=LONGEST_PHRASE.min(rest.len())).rev().find_map(|length| {
            let phrase = rest[..length].iter().map(|term| term.text.as_str()).collect::<Vec<_>>().join(" ");
            let means = RelativeDay::named(&phrase)
                .map(Meaning::Day)
                .or_else(|| meaning(&phrase).map(Meaning::Rule))
                .or_else(|| number(&phrase));
            means.map(|means| (means, length))
        });
        let Some((means, length)) = found else {
            meanings.push(None);
            continue;
        };
        meanings.push(Some(means));
        meanings.extend(std::iter::repeat_n(Some(Meaning::Continued), length - 1));
    }
    numbers_in_words(terms, &mut meanings);
    for at in 0..terms.len() {
        // "Sat 85" is a saturation, not a Saturday.
        let is_high = matches!(meanings.get(at + 1), Some(Some(Meaning::Number(32..=100))));
        if terms[at].text == "sat" && is_high {
            meanings[at] = Some(Meaning::Rule(Means::Unused));
        }
    }
    meanings
}

fn number(text: &str) -> Option<Meaning> {
    if !text.starts_with(|char: char| char.is_ascii_digit()) || text.contains(' ') {
        return None;
    }
    if let Ok(number) = text.parse() {
        return Some(Meaning::Number(number));
    }
    // "1,5 tahun" is the age of 1.
    let whole = text.split_once([',', '.']).filter(|(whole, part)| whole.len() <= 3 && part.len() == 1);
    Some(whole.and_then(|(whole, _)| whole.parse().ok()).map_or(Meaning::Numbers, Meaning::Number))
}

/// Numbers that are written out, where the word before or behind them says that they count: "dua orang", "umur empat puluh
/// lima tahun". Elsewhere they are parts of names, as in Kelapa Dua.
fn numbers_in_words(terms: &[Term], meanings: &mut [Option<Meaning>]) {
    let mut at = 0;
    while at < terms.len() {
        let Some((number, length)) = written_out(&terms[at..]).filter(|_| meanings[at].is_none()) else {
            at += 1;
            continue;
        };
        let unit = meanings.get(at + length).copied().flatten();
        let is_unit = matches!(
            unit,
            Some(Meaning::Rule(
                Means::Years
                    | Means::Days(_)
                    | Means::Persons
                    | Means::Places
                    | Means::Kilometres
                    | Means::AgeGroup(_)
                    | Means::Kind(_)
            ))
        ) || unit == Some(Meaning::Day(RelativeDay::Next(chrono::Weekday::Sun)));
        // "Dosis ke tiga": the phrase before it.
        let phrase = (0..at).rev().map(|before| meanings[before]);
        let before = phrase.into_iter().find(|before| *before != Some(Meaning::Continued)).flatten();
        let is_named = matches!(before, Some(Meaning::Rule(Means::AgeIs | Means::DoseIs | Means::AtLeast)));
        if is_unit || is_named {
            meanings[at] = Some(Meaning::Number(number));
            meanings[at + 1..at + length].fill(Some(Meaning::Continued));
        }
        at += length;
    }
}

/// The number that begins here, and how many terms it takes.
fn written_out(terms: &[Term]) -> Option<(u32, usize)> {
    let text = |at: usize| terms.get(at).map_or("", |term| &*term.text);
    let one = digit(text(0))?;
    match text(1) {
        "belas" if one < 10 => Some((10 + one, 2)),
        "puluh" if one < 10 => match digit(text(2)).filter(|ones| *ones < 10) {
            Some(ones) => Some((10 * one + ones, 3)),
            None => Some((10 * one, 2)),
        },
        _ => Some((one, 1)),
    }
}

fn digit(word: &str) -> Option<u32> {
    const WORDS: [&[&str]; 12] = [
        &["satu", "one", "sebuah"],
        &["dua", "two"],
        &["tiga", "three"],
        &["empat", "four"],
        &["lima", "five"],
        &["enam", "six"],
        &["tujuh", "seven"],
        &["delapan", "eight"],
        &["sembilan", "nine"],
        &["sepuluh", "ten"],
        &["sebelas", "eleven"],
        &["twelve"],
    ];
    let index = WORDS.iter().position(|words| words.contains(&word))?;
    u32::try_from(index + 1).ok()
}

/// The terms around a number.
pub(super) struct Terms<'a> {
    pub(super) all: &'a [Term],
    pub(super) meanings: &'a [Option<Meaning>],
    /// Whether a part of the question ends behind a term.
    pub(super) ends_part: &'a dyn Fn(&Term) -> bool,
    /// Whether a term is part of the name of a type.
    pub(super) is_type: &'a dyn Fn(&str) -> bool,
}

/// A number, and the words beside it.
#[derive(Clone, Copy)]
struct Beside {
    number: u32,
    at: usize,
    /// The telling term before it, and the one behind it in the same part of the question.
    before: Option<usize>,
    after: Option<usize>,
    /// The term that touches it, telling or not.
    directly: Option<usize>,
    /// What these mean.
    unit: Option<Means>,
    named: Option<Means>,
    touching: Option<Means>,
}

impl Beside {
    /// It counts this, if it is possible, with the words beside it that say so.
    fn counts(&self, counts: Option<Counts>, beside: &[Option<usize>]) -> ControlFlow<Option<Number>> {
        let terms = beside.iter().copied().flatten().chain([self.at]).collect();
        ControlFlow::Break(counts.map(|counts| Number { counts, terms }))
    }

    /// By the word before it, or by the places that stand behind it.
    fn by_name(&self) -> ControlFlow<Option<Number>> {
        let Self { number, before, directly, named, touching, .. } = *self;
        let is_unit = matches!(self.unit, Some(Means::Kind(Kind::Bed | Kind::Isolation) | Means::Places));
        match named {
            Some(Means::Pregnant | Means::NameOfOther | Means::DateIs) => ControlFlow::Break(None),
            Some(named) if named.is_of_health() => ControlFlow::Break(None),
            Some(Means::AgeIs) => self.counts(age(number), &[before]),
            Some(Means::Family) if !is_unit => self.counts(Some(Counts::Persons(number)), &[before]),
            _ if touching == Some(Means::DoseIs) && (1..=9).contains(&number) => {
                self.counts(Some(Counts::Dose(number)), &[directly])
            }
            _ if is_unit => self.counts(Some(Counts::Places(number)), &[]),
            _ => ControlFlow::Continue(()),
        }
    }

    /// The children and adults of a family: "2 anak 1 dewasa", "ibu dan 2 anak". Not those that a vaccine is for.
    fn of_children(&self) -> ControlFlow<Option<Number>> {
        let Self { number, named, after, .. } = *self;
        let (is_child, is_adult) = (self.is_unit_group("child"), self.is_unit_group("adult"));
        if (is_child || is_adult) && self.is_of_vaccine() {
            return ControlFlow::Break(None);
        }
        let is_count = (1..=MOST_CHILDREN).contains(&number);
        if is_adult && is_count && !self.is_group("adult") {
            return self.counts(Some(Counts::Adults(number)), &[after]);
        }
        if is_child && is_count && !self.is_group("child") {
            let with_parent = matches!(named, Some(Means::Person));
            return self.counts(Some(Counts::Children { count: number, with_parent }), &[after]);
        }
        ControlFlow::Continue(())
    }

    fn is_group(&self, group: &str) -> bool {
        matches!(self.named, Some(Means::AgeGroup(of)) if of == group)
    }

    fn is_unit_group(&self, group: &str) -> bool {
        matches!(self.unit, Some(Means::AgeGroup(of)) if of == group)
    }

    fn is_person(&self) -> bool {
        matches!(self.named, Some(Means::Person | Means::Sex | Means::Elderly)) || self.is_group("adult")
    }

    fn is_of_vaccine(&self) -> bool {
        matches!(self.touching, Some(Means::Product(_) | Means::Kind(Kind::Vaccination)))
    }
}

/// An age that somebody may have.
fn age(years: u32) -> Option<Counts> {
    (years <= OLDEST).then_some(Counts::Age(years))
}

impl Terms<'_> {
    /// What the number at a place counts.
    pub(super) fn number(&self, at: usize) -> Option<Number> {
        if let Some(read) = self.date(at).or_else(|| self.age_range(at)) {
            return Some(read);
        }
        let Some(Meaning::Number(number)) = self.meanings[at] else { return None };
        let beside = self.beside(at, number);
        // What stands nearer, or says more, is looked at first.
        let decide = || {
            self.by_unit(&beside)?;
            beside.by_name()?;
            beside.of_children()?;
            self.alone(&beside)
        };
        match decide() {
            ControlFlow::Break(decided) => decided,
            ControlFlow::Continue(()) => None,
        }
    }

    /// A number, and the words beside it.
    fn beside(&self, at: usize, number: u32) -> Beside {
        let (before, after) = (self.before(at), self.after(at));
        let directly = at.checked_sub(1).map(|beside| self.start(beside));
        let rule = |at: Option<usize>| at.and_then(|at| self.rule(at));
        let is_dose = matches!(rule(directly), Some(Means::DoseIs | Means::Product(_)));
        let is_sunday = after.is_some_and(|after| {
            self.meanings[after] == Some(Meaning::Day(RelativeDay::Next(chrono::Weekday::Sun)))
                && self.all[after].text == "minggu"
        });
        // "2 minggu" are two weeks, and "dosis 2 minggu" is the second dose on a Sunday.
        let unit = if is_sunday && !is_dose { Some(Means::Days(7)) } else { rule(after) };
        Beside { number, at, before, after, directly, unit, named: rule(before), touching: rule(directly) }
    }

    /// By the word behind it: so many people, years, days or kilometres.
    fn by_unit(&self, beside: &Beside) -> ControlFlow<Option<Number>> {
        let Beside { number, at, before, after, named, .. } = *beside;
        match beside.unit {
            Some(Means::Persons) => {
                let is_count = (1..=MOST_PERSONS).contains(&number);
                beside.counts(is_count.then_some(Counts::Persons(number)), &[after])
            }
            Some(Means::Years) => {
                // "Diabetes 10 tahun" is how long.
                let is_illness = beside.touching.is_some_and(Means::is_of_health) && number < ADULT_FROM;
                if is_illness || self.is_since(at) {
                    return ControlFlow::Break(None);
                }
                let is_theirs = beside.is_person() || beside.is_group("child") || named == Some(Means::AgeIs);
                beside.counts(age(number), &[before.filter(|_| is_theirs), after])
            }
            Some(Means::Days(days)) => ControlFlow::Break(self.days(number, days, at)),
            Some(Means::Kilometres) => beside.counts(Some(Counts::Kilometres(number)), &[after]),
            Some(unit) if unit.is_of_health() && !beside.is_person() && named != Some(Means::AgeIs) => {
                ControlFlow::Break(None)
            }
            _ => ControlFlow::Continue(()),
        }
    }

    /// Beside somebody it is an age, beside a vaccine a dose, and before the name of a type so many places.
    fn alone(&self, beside: &Beside) -> ControlFlow<Option<Number>> {
        let Beside { number, before, after, directly, named, touching, .. } = *beside;
        let is_type = |at: usize| (self.is_type)(&self.all[at].text);
        match named {
            _ if beside.is_person() && number >= LEAST_AGE_ALONE => beside.counts(age(number), &[before]),
            Some(Means::AgeGroup("child")) if number < ADULT_FROM => {
                beside.counts(Some(Counts::Age(number)), &[before])
            }
            _ if beside.is_person() || matches!(named, Some(Means::AgeGroup(_))) => ControlFlow::Break(None),
            Some(Means::Persons)
                if before.is_some_and(|before| !is_patient(&self.all[before])) && number <= MOST_PERSONS =>
            {
                beside.counts(Some(Counts::Persons(number)), &[before])
            }
            _ if touching == Some(Means::AtLeast) => beside.counts(Some(Counts::Places(number)), &[directly]),
            _ if beside.is_of_vaccine() && (1..=4).contains(&number) => {
                beside.counts(Some(Counts::Dose(number)), &[])
            }
            _ if after.is_some_and(is_type) => beside.counts(Some(Counts::Places(number)), &[]),
            _ if before.is_some_and(|before| self.is_class(before)) && (1..=3).contains(&number) => {
                beside.counts(Some(Counts::Class(number)), &[])
            }
            _ => ControlFlow::Continue(()),
        }
    }

    /// "6-11 tahun", "usia 12-17": from one age to another.
    fn age_range(&self, at: usize) -> Option<Number> {
        if self.meanings[at] != Some(Meaning::Numbers) || self.is_since(at) {
            return None;
        }
        let (from, to) = self.all[at].text.split_once('-')?;
        let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
        let (before, after) = (self.before(at), self.after(at));
        let years = after.filter(|after| self.rule(*after) == Some(Means::Years));
        let is_theirs = |rule| matches!(rule, Means::AgeIs | Means::AgeGroup(_) | Means::Elderly);
        let named = before.filter(|before| self.rule(*before).is_some_and(is_theirs));
        let is_age = years.is_some() || named.is_some_and(|named| self.rule(named) == Some(Means::AgeIs));
        let counts = (is_age && from < to && to <= OLDEST).then_some(Counts::AgesFrom(from))?;
        Some(Number { counts, terms: [named, Some(at), years].into_iter().flatten().collect() })
    }

    /// The unit behind a number that counts nothing that is asked for.
    pub(super) fn unit(&self, at: usize) -> Option<usize> {
        let after = self.after(at)?;
        let is_unit = matches!(self.rule(after), Some(Means::Days(_) | Means::Years | Means::Persons));
        (is_unit || self.all[after].text == "minggu").then_some(after)
    }

    /// A number of days, weeks or months: an age of somebody young, or a day to come. Else it is how long somebody is ill.
    fn days(&self, number: u32, unit: u32, at: usize) -> Option<Number> {
        let days = number.saturating_mul(unit);
        let after = self.after(at);
        let behind = after.and_then(|after| self.next(after));
        let rule = |at: Option<usize>| at.and_then(|at| self.rule(at));
        if rule(behind) == Some(Means::FromNow) {
            let day = NamedDay::From(RelativeDay::Ahead(u8::try_from(days).ok()?));
            return Some(Number { counts: Counts::Day(day), terms: vec![at, after?, behind?] });
        }
        let before = self.before(at);
        let is_young = |rule| matches!(rule, Some(Means::AgeGroup("child" | "neonate") | Means::AgeIs));
        let says_old =
            after.is_some_and(|after| self.all[after..].iter().take(2).any(|term| term.text == "old"));
        let is_old = says_old || matches!(rule(behind), Some(Means::AgeGroup("neonate")));
        if !is_young(rule(before)) && !is_old {
            // "1 tahun 3 bulan": the months behind the years.
            let years = before.filter(|before| self.rule(*before) == Some(Means::Years) && unit == 30)?;
            let age = years.checked_sub(1).and_then(|number| self.number(number))?;
            return matches!(age.counts, Counts::Age(_))
                .then(|| Number { counts: age.counts, terms: vec![at, after.unwrap_or(at)] });
        }
        if self.gestation(before) {
            return None;
        }
        let counts =
            if days <= NEWBORN_DAYS { Counts::Newborn } else { Counts::Age((days / 365).min(OLDEST)) };
        let with = before.filter(|before| is_young(self.rule(*before)));
        Some(Number { counts, terms: [with, Some(at), after].into_iter().flatten().collect() })
    }

    /// Whether an age is that of a child that is not born yet: "usia kehamilan 32 minggu", "hamil usia 8 bulan".
    fn gestation(&self, age: Option<usize>) -> bool {
        let is_pregnant = |at: Option<usize>| at.is_some_and(|at| self.rule(at) == Some(Means::Pregnant));
        age.is_some_and(|age| {
            is_pregnant(self.before(age)) || is_pregnant(self.next(age)) || is_pregnant(Some(age))
        })
    }

    /// A day of the month: "5 juli", "tanggal 5", "5/7", "2021-07-05".
    fn date(&self, at: usize) -> Option<Number> {
        if self.is_since(at) || self.is_birth(at) {
            return None;
        }
        let before = self.before(at);
        let named = before.filter(|before| self.rule(*before) == Some(Means::DateIs));
        let day = |day: NamedDay, last: usize| {
            let terms = named.into_iter().chain(at..=last).collect();
            Some(Number { counts: Counts::Day(day), terms })
        };
        match self.meanings[at]? {
            Meaning::Numbers => {
                let text = &*self.all[at].text;
                if let Some(Written::Local(date)) = moment::read(text, DateOrder::DayFirst) {
                    return day(NamedDay::On(date.date()), at);
                }
                // "6-11 tahun" is from one age to another.
                let after = self.after(at).and_then(|after| self.rule(after));
                let is_range =
                    matches!(after, Some(Means::Years | Means::Days(_) | Means::Persons | Means::Kind(_)));
                let (first, second) =
                    text.split_once(if named.is_some() { ['/', '-'] } else { ['/', '/'] })?;
                if is_range {
                    return None;
                }
                let date = RelativeDay::dated(first.parse().ok()?, Some(second.parse().ok()?))?;
                day(NamedDay::From(date), at)
            }
            Meaning::Number(number) => {
                let next = self.next(at).filter(|_| !(self.ends_part)(&self.all[at]));
                let month = next.and_then(|next| moment::month(&self.all[next].text));
                let Some((next, month)) = next.zip(month) else {
                    named?;
                    return day(NamedDay::From(RelativeDay::dated(number, None)?), at);
                };
                let year = self
                    .next(next)
                    .filter(|year| matches!(self.meanings[*year], Some(Meaning::Number(2000..2100))));
                match year.and_then(|year| self.all[year].text.parse().ok()) {
                    Some(written) => {
                        let date = chrono::NaiveDate::from_ymd_opt(written, month, number)?;
                        day(NamedDay::On(date), year?)
                    }
                    None => day(NamedDay::From(RelativeDay::dated(number, Some(month))?), next),
                }
            }
            _ => None,
        }
    }

    /// Whether the words before say how long, or since when.
    fn is_since(&self, at: usize) -> bool {
        let before = self.before(at);
        let before = before
            .filter(|before| self.rule(*before) == Some(Means::DateIs))
            .map_or(before, |date| self.before(date));
        before.is_some_and(|before| {
            matches!(
                &*self.all[before].text,
                "sejak" | "selama" | "semenjak" | "since" | "lahir" | "dob" | "positif"
            )
        })
    }

    fn is_birth(&self, at: usize) -> bool {
        let from = at.saturating_sub(3);
        self.all[from..at].iter().any(|term| matches!(&*term.text, "lahir" | "dob"))
    }

    fn is_class(&self, at: usize) -> bool {
        let class = self.all[at].text.strip_prefix("kelas");
        class.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    }

    fn rule(&self, at: usize) -> Option<Means> {
        match self.meanings[at] {
            Some(Meaning::Rule(rule)) => Some(rule),
            _ => None,
        }
    }

    /// Where the phrase begins that a term belongs to.
    fn start(&self, at: usize) -> usize {
        (0..=at).rev().find(|at| self.meanings[*at] != Some(Meaning::Continued)).unwrap_or(at)
    }

    /// The term behind a phrase.
    fn next(&self, at: usize) -> Option<usize> {
        (at + 1..self.all.len()).find(|at| self.meanings[*at] != Some(Meaning::Continued))
    }

    /// The term behind, unless a part of the question ends before it.
    fn after(&self, at: usize) -> Option<usize> {
        let next = self.next(at)?;
        (!(self.ends_part)(&self.all[next - 1])).then_some(next)
    }

    /// The telling term before.
    fn before(&self, at: usize) -> Option<usize> {
        let mut at = at;
        loop {
            at = self.start(at.checked_sub(1)?);
            let is_filler = matches!(self.rule(at), Some(Means::Nothing | Means::Or));
            if !is_filler {
                return Some(at);
            }
        }
    }
}

/// "Pasien 45" may be the age of one, or how many there are.
fn is_patient(term: &Term) -> bool {
    term.text.starts_with("pasien") || term.text.starts_with("patient")
}
