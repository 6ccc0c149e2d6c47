//! What those who phone left: whom they are calling, which places they hold, what they heard.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    directory::{Directory, Facility, Number, Time, Type},
    tiers::{Freshness, Reader},
};

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Mark {
    id: String,
    facility: String,
    /// `claim`, `hold` or `note`.
    kind: String,
    by: String,
    key: Option<String>,
    at: Time,
    pub(super) until: Time,
    /// The type that it is about; None for the facility.
    #[serde(rename = "type")]
    resource: Option<String>,
    verdict: Option<String>,
    source: Option<String>,
    about: Option<Stated>,
    heard: Option<Value>,
    phone: Option<String>,
    text: Option<String>,
    times: Option<u32>,
}

/// What a facility stated when somebody heard otherwise, or the same.
#[derive(Debug, Clone, Deserialize)]
struct Stated {
    available: Option<u64>,
}

impl Mark {
    fn is(&self, kind: &str, resource: Option<&str>) -> bool {
        self.kind == kind && self.resource.as_deref() == resource
    }

    fn says(&self, verdict: &str) -> bool {
        self.verdict.as_deref() == Some(verdict)
    }
}

impl Directory {
    fn marks_at(&self, facility: &Facility) -> Vec<&Mark> {
        self.marks.values().filter(|mark| mark.facility == facility.id).collect()
    }

    /// What was heard of a number since the facility says that as many are free; the oldest first.
    fn notes_about(&self, facility: &Facility, resource: &str, number: &Number) -> Vec<&Mark> {
        let mut notes = self.marks_at(facility);
        notes.retain(|mark| mark.is("note", Some(resource)) && mark.at >= number.available_since);
        notes.retain(|note| note.about.as_ref().is_some_and(|about| about.available == number.available));
        notes.sort_by_key(|note| (note.at, &note.id));
        notes
    }

    /// Whether two who phoned heard that a number is wrong, or the place closed, since anybody heard that it is right
    /// and since the facility says so.
    fn is_disputed(&self, facility: &Facility, resource: &str, number: &Number) -> bool {
        let mut closed = self.marks_at(facility);
        closed.retain(|mark| mark.says("closed") && mark.at >= number.available_since);
        let mut notes = self.notes_about(facility, resource, number);
        notes.extend(closed);
        notes.sort_by_key(|note| (note.at, &note.id));
        notes.retain(|note| note.source.as_deref() == Some("agent_call"));
        let heard_since = notes.iter().rev().take_while(|note| !note.says("confirmed"));
        let against = heard_since.filter(|note| note.says("wrong") || note.says("closed"));
        against.map(|note| (&note.key, &note.by)).collect::<BTreeSet<_>>().len() >= 2
    }

    /// What a number is far away from, unless whoever phoned last heard that it is right.
    pub(super) fn jump(&self, facility: &Facility, resource: &str, number: &Number) -> Value {
        let mut notes = self.notes_about(facility, resource, number);
        notes.retain(|note| note.source.as_deref() == Some("agent_call"));
        let is_confirmed = notes.last().is_some_and(|note| note.says("confirmed"));
        if is_confirmed { Value::Null } else { number.jump.clone() }
    }

    fn has_number(&self, facility: &Facility, resource: &str) -> bool {
        self.numbers.contains_key(&(facility.id.clone(), resource.to_owned()))
    }

    /// How far a number can be believed when facilities are compared: a disputed one is as good as an old one.
    pub(super) fn believed(&self, facility: &Facility, resource: &str, number: &Number) -> Freshness {
        let freshness = self.freshness(resource, number);
        if self.is_disputed(facility, resource, number) { freshness.max(Freshness::Stale) } else { freshness }
    }

    /// How many places are held, as far as this reader sees it.
    pub(super) fn held(&self, facility: &Facility, resource: &str, reader: Reader) -> u64 {
        self.holds(facility, resource, reader).len() as u64
    }

    fn holds(&self, facility: &Facility, resource: &str, reader: Reader) -> Vec<&Mark> {
        let mut holds = self.marks_at(facility);
        holds.retain(|mark| mark.is("hold", Some(resource)) && reader.sees(mark, facility));
        holds
    }

    /// What a number shows of marks.
    pub(super) fn marks_of_number(
        &self,
        facility: &Facility,
        resource: &str,
        number: &Number,
        reader: Reader,
    ) -> Value {
        let mut notes = self.notes_about(facility, resource, number);
        notes.retain(|note| reader.sees(note, facility));
        json!({
            "disputed": self.is_disputed(facility, resource, number).then_some(true),
            "notes": reader.shown(&notes, facility),
            "holds": reader.shown(&self.holds(facility, resource, reader), facility),
        })
    }

    /// What a facility shows of marks: who is phoning it, and what was heard of it that is still so. What is about
    /// a number that it never stated shows where its type does.
    pub(super) fn marks_of_facility(
        &self,
        facility: &Facility,
        reader: Reader,
        shows: &dyn Fn(&Type) -> bool,
    ) -> Value {
        let has_phone = |number: &String| facility.phones.iter().any(|phone| phone.number == *number);
        let mut seen = self.marks_at(facility);
        seen.retain(|mark| reader.sees(mark, facility));
        seen.retain(|mark| {
            mark.resource
                .as_deref()
                .is_none_or(|resource| !self.has_number(facility, resource) && shows(&self.types[resource]))
        });
        let mut holds = seen.clone();
        holds.retain(|mark| mark.kind == "hold");
        let mut notes = seen;
        notes.retain(|mark| mark.kind == "note");
        notes.retain(|note| !note.says("closed") || !facility.closed);
        notes.retain(|note| !note.says("phone_dead") || note.phone.as_ref().is_none_or(has_phone));
        let mut claims = self.marks_at(facility);
        claims.retain(|mark| mark.is("claim", None) && reader.sees(mark, facility));
        assert!(claims.len() <= 1, "two are phoning {}", facility.name);
        json!({
            "notes": reader.shown(&notes, facility),
            "holds": reader.shown(&holds, facility),
            "claim": claims.first().map(|claim| reader.mark(claim, facility)),
        })
    }
}

impl Reader {
    /// Agents see all marks; the public sees what agents heard, unless it is about a number it may not call.
    fn sees(self, mark: &Mark, facility: &Facility) -> bool {
        let is_public = |number: &String| {
            facility.phones.iter().any(|phone| phone.number == *number && phone.visibility == "public")
        };
        self.sees_internal_of(Some(&facility.region))
            || (mark.source.as_deref() == Some("agent_call") && mark.phone.as_ref().is_none_or(is_public))
    }

    /// The marks as they are shown; left out where there are none.
    fn shown(self, marks: &[&Mark], facility: &Facility) -> Option<Vec<Value>> {
        (!marks.is_empty()).then(|| marks.iter().map(|mark| self.mark(mark, facility)).collect())
    }

    /// The public does not learn who said it, and in which words.
    fn mark(self, mark: &Mark, facility: &Facility) -> Value {
        let sees_who = self.sees_internal_of(Some(&facility.region));
        json!({
            "id": mark.id,
            "facility": mark.facility,
            "kind": mark.kind,
            "by": if sees_who { mark.by.as_str() } else { "" },
            "at": mark.at,
            "until": mark.until,
            "type": mark.resource,
            "verdict": mark.verdict,
            "source": mark.source,
            "heard": mark.heard,
            "phone": mark.phone,
            "text": mark.text.as_ref().filter(|_| sees_who),
            "times": mark.times,
        })
    }
}
