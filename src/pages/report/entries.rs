//! The numbers of a form: as they were when it was opened, as they were entered, and as they stand meanwhile.

use serde_json::{Map, Value};

use super::{Form, Sent, Session};
use crate::{
    domain::freshness::Freshness,
    pages::{
        entered::Entered,
        wire::{Numbers, Type},
    },
};

/// The longest that a report may have waited on a telephone, in seconds.
const A_YEAR: i64 = 366 * 24 * 60 * 60;

/// The numbers of a type in the order of the form, by their names on the wire.
pub(super) const NUMBERS: [&str; 4] = ["available", "capacity", "occupied", "queue"];

/// What numbers of a form are about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Beds,
    Isolation,
    /// Vaccination: what is free is left of the quota.
    Sessions,
}

impl Section {
    fn of(kind: &str) -> Option<Self> {
        match kind {
            "bed" => Some(Self::Beds),
            "isolation" => Some(Self::Isolation),
            _ => None,
        }
    }

    pub(super) fn is_of_types(self) -> bool {
        self != Self::Sessions
    }

    /// The member of a report that has them.
    pub(super) const fn member(self) -> &'static str {
        match self {
            Self::Beds | Self::Isolation => "values",
            Self::Sessions => "sessions",
        }
    }

    /// How many of [`NUMBERS`] they have.
    pub(super) const fn numbers(self) -> usize {
        match self {
            Self::Beds | Self::Isolation => NUMBERS.len(),
            Self::Sessions => 2,
        }
    }
}

/// The numbers of one type or session in the form, as texts: what people write is not always a number.
pub(super) struct Entry {
    pub(super) section: Section,
    /// The code of the type; the session and its day.
    pub(super) code: String,
    pub(super) label: String,
    /// As they were when the form was opened.
    pub(super) was: [String; 4],
    /// As they were entered.
    pub(super) entered: [String; 4],
    /// As they stand now.
    pub(super) now: [String; 4],
    /// They stand, and are old.
    pub(super) is_stale: bool,
}

impl Entry {
    fn opened(section: Section, code: &str, label: &str, numbers: Numbers, is_stale: bool) -> Self {
        let now = numbers.texts().map(|(_, text)| text);
        let (was, entered) = (now.clone(), now.clone());
        Self { section, code: code.to_owned(), label: label.to_owned(), was, entered, now, is_stale }
    }

    /// What was entered, and what stands, as far as these are numbers.
    pub(super) fn statements(&self) -> [Numbers; 2] {
        [&self.entered, &self.now].map(|texts| {
            let [available, capacity, occupied, queue] = texts.each_ref().map(|text| text.parse().ok());
            Numbers { available, capacity, occupied, queue }
        })
    }

    pub(super) fn is_untouched(&self) -> bool {
        self.entered == self.was
    }

    /// Somebody else reported the type while the form was open, and nobody touched it here: theirs stays.
    pub(super) fn is_overtaken(&self) -> bool {
        self.is_untouched() && self.was != self.now
    }

    /// Nobody ever stated it, here neither.
    fn is_blank(&self) -> bool {
        self.is_untouched() && self.was.iter().all(String::is_empty)
    }

    /// The numbers as a report states them. A capacity that nobody knew and nobody entered is left out, so that it
    /// stays; what was taken out is unknown from now on.
    fn statement(&self) -> Value {
        let mut numbers = Map::new();
        let names = NUMBERS.into_iter().take(self.section.numbers());
        for ((name, entered), was) in names.zip(&self.entered).zip(&self.was) {
            let number = match entered.parse::<u32>() {
                Ok(number) => number.into(),
                Err(_) if entered.is_empty() && was.is_empty() && name == "capacity" => continue,
                Err(_) if entered.is_empty() => Value::Null,
                // The contract says what is wrong with it.
                Err(_) => Value::from(&**entered),
            };
            numbers.insert(name.to_owned(), number);
        }
        numbers.into()
    }
}

/// The types of the form, those of the facility first, then its sessions.
pub(super) struct Entries(pub(super) Vec<Entry>);

impl Entries {
    /// The form as it is opened.
    pub(super) fn of(form: &Form) -> Self {
        let mut entries = Vec::new();
        for known in &form.facility.availability {
            let resource = form.types.iter().find(|resource| resource.code == known.code);
            if let Some(section) = resource.and_then(|resource| Section::of(&resource.kind)) {
                let is_stale = known.freshness == Freshness::Stale;
                entries.push(Entry::opened(section, &known.code, &known.label, known.numbers, is_stale));
            }
        }
        let known: Vec<String> = entries.iter().map(|entry| entry.code.clone()).collect();
        let is_missing = |resource: &&Type| !resource.retired && !known.contains(&resource.code);
        for resource in form.types.iter().filter(is_missing) {
            if let Some(section) = Section::of(&resource.kind) {
                entries.push(Entry::opened(
                    section,
                    &resource.code,
                    &resource.label,
                    Numbers::default(),
                    false,
                ));
            }
        }
        // An isolation site has no beds of a hospital.
        let is_site = form.facility.kind == "isolation_site";
        entries.sort_by_key(|entry| (entry.section == Section::Isolation) != is_site);
        for session in &form.sessions {
            let Session { id, date, left, quota, .. } = session;
            let numbers = Numbers { available: *left, capacity: *quota, ..Numbers::default() };
            let is_stale = session.observed_at.is_some() && session.freshness == Freshness::Stale;
            let label = form.session_label(session);
            entries.push(Entry::opened(
                Section::Sessions,
                &format!("{id}@{date}"),
                &label,
                numbers,
                is_stale,
            ));
        }
        Self(entries)
    }

    /// The numbers of these sections as a report has them. A number that nobody touched is stated, too: whoever sends
    /// the form has looked at it.
    pub(super) fn values(&self, is_wanted: impl Fn(Section) -> bool) -> Map<String, Value> {
        let stated = self.0.iter().filter(|entry| !entry.is_blank() && !entry.is_overtaken());
        let wanted = stated.filter(|entry| is_wanted(entry.section));
        wanted.map(|entry| (entry.code.clone(), entry.statement())).collect()
    }

    /// The types whose numbers are those that the form showed.
    pub(super) fn still_true(&self) -> Vec<&str> {
        let shown = self
            .0
            .iter()
            .filter(|entry| entry.section.is_of_types() && entry.was == entry.now)
            .filter(|entry| entry.was.iter().any(|text| !text.is_empty()));
        shown.map(|entry| &*entry.code).collect()
    }
}

/// Reads a form that was sent: its fields are `CODE/available` and so on, and `CODE/was` has all four as they were.
pub(super) fn read(form: &Form, entered: &Entered) -> (Sent, Entries) {
    let (mut sent, mut entries) = (Sent::default(), Entries::of(form));
    for (name, value) in entered.fields() {
        let value = value.trim();
        match &**name {
            "unchanged" => sent.is_unchanged = true,
            "confirm" => sent.is_confirmed = true,
            "key" => value.clone_into(&mut sent.idempotency_key),
            "waited" => sent.waited = value.parse().ok().filter(|seconds| (0..=A_YEAR).contains(seconds)),
            name => {
                let Some((code, field)) = name.split_once('/') else { continue };
                let Some(entry) = entries.0.iter_mut().find(|entry| entry.code == code) else { continue };
                if field == "was" {
                    let mut was = value.split(',');
                    entry.was = NUMBERS.map(|_| was.next().unwrap_or_default().to_owned());
                } else if let Some(place) = NUMBERS.iter().position(|number| *number == field) {
                    value.clone_into(&mut entry.entered[place]);
                }
            }
        }
    }
    (sent, entries)
}
