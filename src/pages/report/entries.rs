//! The numbers of a form: as they were when it was opened, as they were entered, and as they stand meanwhile.

use serde_json::{Map, Value};

use super::{Form, Numbers, Sent};

/// The longest that a report may have waited on a telephone, in seconds.
const A_YEAR: i64 = 366 * 24 * 60 * 60;

/// The numbers of a type in the order of the form, by their names on the wire.
pub(super) const NUMBERS: [&str; 4] = ["available", "capacity", "occupied", "queue"];

/// The numbers of one type in the form, as texts: what people write is not always a number.
pub(super) struct Entry {
    /// The code of the type.
    pub(super) code: String,
    pub(super) label: String,
    /// As they were when the form was opened.
    pub(super) was: [String; 4],
    /// As they were entered.
    pub(super) entered: [String; 4],
    /// As they stand now.
    pub(super) now: [String; 4],
}

impl Entry {
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
        for ((name, entered), was) in NUMBERS.into_iter().zip(&self.entered).zip(&self.was) {
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

/// The types of the form, those of the facility first.
pub(super) struct Entries(pub(super) Vec<Entry>);

impl Entries {
    /// The form as it is opened.
    pub(super) fn of(form: &Form) -> Self {
        let mut entries = Vec::new();
        for known in &form.facility.availability {
            if form.types.iter().any(|resource| resource.code == known.code && resource.kind != "vaccination")
            {
                let now = texts(known.numbers);
                let (was, entered) = (now.clone(), now.clone());
                entries.push(Entry {
                    code: known.code.clone(),
                    label: known.label.clone(),
                    was,
                    entered,
                    now,
                });
            }
        }
        let known: Vec<String> = entries.iter().map(|entry| entry.code.clone()).collect();
        for resource in
            form.types.iter().filter(|resource| !resource.retired && resource.kind != "vaccination")
        {
            if !known.contains(&resource.code) {
                let none = texts(Numbers::default());
                let (was, entered) = (none.clone(), none.clone());
                let (code, label) = (resource.code.clone(), resource.label.clone());
                entries.push(Entry { code, label, was, entered, now: none });
            }
        }
        Self(entries)
    }

    /// The values of a report. A number that nobody touched is stated, too: whoever sends the form has looked at it.
    pub(super) fn values(&self) -> Map<String, Value> {
        let stated = self.0.iter().filter(|entry| !entry.is_blank() && !entry.is_overtaken());
        stated.map(|entry| (entry.code.clone(), entry.statement())).collect()
    }

    /// The types whose numbers are those that the form showed.
    pub(super) fn still_true(&self) -> Vec<&str> {
        let shown = self
            .0
            .iter()
            .filter(|entry| entry.was == entry.now && entry.was.iter().any(|text| !text.is_empty()));
        shown.map(|entry| &*entry.code).collect()
    }
}

fn texts(Numbers { available, capacity, occupied, queue }: Numbers) -> [String; 4] {
    [available, capacity, occupied, queue]
        .map(|number| number.map_or_else(String::new, |number| number.to_string()))
}

/// Reads a form that was sent: its fields are `CODE/available` and so on, and `CODE/was` has all four as they were.
pub(super) fn read(form: &Form, body: &[u8]) -> (Sent, Entries) {
    let (mut sent, mut entries) = (Sent::default(), Entries::of(form));
    for (name, value) in form_urlencoded::parse(body) {
        let value = value.trim();
        match &*name {
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
