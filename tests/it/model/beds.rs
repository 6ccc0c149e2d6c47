//! Where is a bed, or a place to isolate, free?

use serde_json::{Value, json};

use super::{
    area::{Hit, Place, Stand, Wanted},
    directory::{Directory, Facility, Number, Type},
    tiers::{Freshness, Offer, Reader, Tier, tier},
};

/// The question.
#[derive(Debug, Clone)]
pub(super) struct Beds {
    /// `bed` or `isolation`.
    pub(super) kind: &'static str,
    pub(super) place: Place,
    /// Only these; all of the kind if empty.
    pub(super) types: Vec<&'static str>,
    pub(super) ventilator: Option<bool>,
    pub(super) negative_pressure: Option<bool>,
    pub(super) age_group: Option<&'static str>,
    /// `none` asks for what is kept for nobody.
    pub(super) reserved_for: Option<&'static str>,
    pub(super) freshness: Freshness,
}

impl Beds {
    pub(super) fn wishes_nothing(&self) -> bool {
        self.types.is_empty()
            && self.ventilator.is_none()
            && self.negative_pressure.is_none()
            && self.age_group.is_none()
            && self.reserved_for.is_none()
    }

    /// Whether a type is asked for. One that does not say whether it has a ventilator (or negative pressure) has
    /// none, unless that need not be recorded; one for any age is for every age but newborns, but not if something need
    /// not be recorded.
    fn wants(&self, resource: &Type, unrecorded: &[&str]) -> bool {
        let is_for_any =
            |asked: &str| resource.age_group == "any" && asked != "neonate" && unrecorded.is_empty();
        let is_for = |asked: &str| resource.age_group == asked || is_for_any(asked);
        let has = |name, has: Option<bool>| has.unwrap_or(unrecorded.contains(&name));
        resource.kind == self.kind
            && !resource.retired
            && (self.types.is_empty() || self.types.contains(&resource.code.as_str()))
            && self.ventilator.is_none_or(|asked| asked == has("ventilator", resource.ventilator))
            && self
                .negative_pressure
                .is_none_or(|asked| asked == has("negative_pressure", resource.negative_pressure))
            && self.age_group.is_none_or(is_for)
            && self
                .reserved_for
                .is_none_or(|asked| asked == resource.reserved_for.as_deref().unwrap_or("none"))
    }
}

impl Directory {
    pub(super) fn wants(&self, question: &Beds, resource: &Type) -> bool {
        question.wants(resource, self.unrecorded(question))
    }

    /// What need not be recorded: something that is asked for, of a type or an age of which no type has it for sure.
    fn unrecorded(&self, question: &Beds) -> &'static [&'static str] {
        let is_asked = |name: &&str| match *name {
            "ventilator" => question.ventilator == Some(true),
            _ => question.negative_pressure == Some(true),
        };
        let is_narrow = !question.types.is_empty() || question.age_group.is_some();
        let mut ways = vec![&[][..]];
        if is_narrow {
            ways.extend([&["ventilator"][..], &["negative_pressure"], &["ventilator", "negative_pressure"]]);
        }
        ways.retain(|unrecorded| unrecorded.iter().all(is_asked));
        let is_any =
            |unrecorded: &&[&str]| self.types.values().any(|known| question.wants(known, unrecorded));
        ways.into_iter().find(is_any).unwrap_or_default()
    }

    pub(super) fn beds(&self, question: &Beds, reader: Reader) -> Value {
        let (answer, most) = self.beds_at_least(question, reader);
        if most.is_some() || question.place.min <= 1 {
            return answer;
        }
        // Those that have fewer are better than none.
        let mut modest = question.clone();
        modest.place.min = 1;
        match self.beds_at_least(&modest, reader) {
            (_, None) => answer,
            (mut fewer, most) => {
                fewer["available_max"] = json!(most);
                fewer
            }
        }
    }

    /// The answer, and the most that one of its facilities has free.
    fn beds_at_least(&self, question: &Beds, reader: Reader) -> (Value, Option<u64>) {
        let place = &question.place;
        let unrecorded = self.unrecorded(question);
        let shown = |resource: &Type| self.wants(question, resource);
        let wanted = Wanted {
            stand: &|facility| self.stands_with_beds(facility, question, reader),
            has_any: &|facility| !self.asked_numbers(facility, question).is_empty(),
            is_found: |tier| tier <= Tier::Aging,
        };
        let found = self.look(place, &wanted);
        let origin = found.origin.as_ref();
        let view = |Hit { facility, tier, distance }: &Hit<'_>| {
            let measured = origin.map(|origin| (origin, *distance));
            let mut view = self.facility(facility, reader, measured, &shown);
            view["tier"] = tier.name().into();
            view
        };
        let stands =
            found.hits.iter().filter_map(|hit| self.stands_with_beds(hit.facility, question, reader));
        let most = stands.map(|stand| stand.free).max();
        let answer = json!({
            "region": place.region.map(|code| self.region_in_short(code)),
            "near": origin.map(|origin| self.near(origin)),
            "totals": self.totals(&found.asked, &shown),
            "facilities": found.hits.iter().map(view).collect::<Vec<_>>(),
            "unrecorded": if unrecorded.is_empty() { Value::Null } else { json!(unrecorded) },
            "widened": found.widened,
            "contacts": self.contacts(self.home(place), reader),
        });
        (answer, most)
    }

    /// The numbers that a facility has of the types that are asked for.
    fn asked_numbers(&self, facility: &Facility, question: &Beds) -> Vec<(&Type, &Number)> {
        let mut numbers = Vec::new();
        for resource in self.types.values().filter(|resource| self.wants(question, resource)) {
            if let Some(number) = self.numbers.get(&(facility.id.clone(), resource.code.clone())) {
                numbers.push((resource, number));
            }
        }
        numbers
    }

    /// How a facility answers: by its numbers that are fresh enough. One that never said anything may have
    /// whatever its kind has, if nothing in particular is wished for.
    fn stands_with_beds(&self, facility: &Facility, question: &Beds, reader: Reader) -> Option<Stand> {
        let mut offers: Vec<Offer> = Vec::new();
        for (resource, number) in self.asked_numbers(facility, question) {
            let freshness = self.believed(facility, &resource.code, number);
            if freshness <= question.freshness {
                let held = self.held(facility, &resource.code, reader);
                offers.push(Offer { available: number.available, held, freshness });
            }
        }
        if offers.is_empty() {
            let is_silent = !self.numbers.keys().any(|(id, _)| *id == facility.id)
                && !self.sessions.values().any(|session| session.facility == facility.id);
            let may_have = match facility.kind.as_str() {
                "isolation_site" => question.kind == "isolation",
                "vaccination_site" => false,
                _ => question.kind == "bed",
            };
            let asks_for_anything = question.wishes_nothing() && question.freshness == Freshness::Unknown;
            if !(is_silent && may_have && asks_for_anything) {
                return None;
            }
            offers.push(Offer { available: None, held: 0, freshness: Freshness::Unknown });
        }
        let (tier, free) = tier(&offers, question.place.min);
        let answers = tier <= Tier::Held || question.place.min == 0;
        answers.then_some(Stand { tier, day: None, free })
    }
}
