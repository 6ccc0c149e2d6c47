//! Regions at a glance, who has reported, and facilities by themselves.

use chrono::Duration;
use serde_json::{Value, json};

use super::{
    directory::{Directory, Facility, Time, Type},
    places::lies_in,
    tiers::{Freshness, Reader},
    vaccinations::Vaccinations,
    views::{located, phones},
};

/// How a facility stands with its reports.
struct Reporting {
    /// That of its freshest number.
    freshness: Freshness,
    /// When its newest statement was true; None if it never made one.
    observed_at: Option<Time>,
    /// Since when one cannot believe any of its numbers.
    due_since: Option<Time>,
}

impl Directory {
    /// The open facilities in a region, or in the country.
    fn open_in(&self, region: Option<&str>) -> Vec<&Facility> {
        let mut open = self.open();
        open.retain(|facility| region.is_none_or(|region| lies_in(&facility.region, region)));
        open
    }

    pub(super) fn overview(&self, code: &'static str, reader: Reader) -> Value {
        // Of the same days in all of the regions below.
        let sessions = Vaccinations::coming(code);
        let mut overview = self.summary(code, &sessions);
        let children = self.children(Some(code)).into_iter().map(|child| self.summary(child, &sessions));
        let children = children.collect();
        overview["children"] = Value::Array(children);
        overview["contacts"] = Value::Array(self.contacts(Some(code), reader));
        overview
    }

    /// What a region and everything below it has.
    fn summary(&self, code: &str, sessions: &Vaccinations) -> Value {
        let facilities = self.open_in(Some(code));
        let vaccination = self.total_of_sessions(&facilities, sessions);
        let with = |field: &str| vaccination.first().map_or(json!(0), |total| total[field].clone());
        json!({
            "region": self.region_in_short(code),
            "located": self.locate(code).map(|place| located(&place)),
            "beds": self.of_kind("bed", &facilities),
            "isolation": self.of_kind("isolation", &facilities),
            "vaccination": {
                "totals": vaccination,
                "facilities": with("facilities"),
                "facilities_available": with("facilities_available"),
            },
            "completeness": self.completeness_of(&facilities),
        })
    }

    fn of_kind(&self, kind: &str, facilities: &[&Facility]) -> Value {
        let counted = |resource: &Type| resource.kind == kind && !resource.retired;
        let with = |has: &dyn Fn(Option<u64>) -> bool| {
            let fits = |facility: &&&Facility| {
                self.types.values().filter(|resource| counted(resource)).any(|resource| {
                    let number = self.numbers.get(&(facility.id.clone(), resource.code.clone()));
                    number.is_some_and(|number| has(number.available))
                })
            };
            facilities.iter().filter(fits).count()
        };
        json!({
            "totals": self.totals(facilities, &counted),
            "facilities": with(&|_| true),
            "facilities_available": with(&|available| available > Some(0)),
        })
    }

    /// How a facility stands. A report is due since its last number that one could believe became stale or was
    /// withdrawn, but not before that number came; where nothing ever came, since the facility was added. Where
    /// there are no beds and places, only sessions, announcing them is enough.
    fn reporting(&self, facility: &Facility) -> Reporting {
        let mut numbers = Vec::new();
        for resource in self.types.values().filter(|resource| !resource.retired) {
            if let Some(number) = self.numbers.get(&(facility.id.clone(), resource.code.clone())) {
                numbers.push((resource, number));
            }
        }
        let has_sessions = self.sessions.values().any(|session| session.facility == facility.id);
        let is_by_sessions = numbers.is_empty() && has_sessions;
        let mut announced_at = None;
        if is_by_sessions {
            for session in self.sessions.values().filter(|session| session.facility == facility.id) {
                announced_at = announced_at.max(Some(session.changed_at));
                let of_it = self.session_numbers.iter().filter(|((id, _), _)| *id == session.id);
                let of_it = of_it.filter(|_| !session.cancelled);
                numbers.extend(of_it.map(|(_, number)| (&self.types["vaccination.session"], number)));
            }
        }
        let (mut freshness, mut observed_at, mut due_since) = (Freshness::Unknown, announced_at, None);
        for (resource, number) in numbers {
            let is_stale_at = number.observed_at + Duration::hours(resource.stale_after_h);
            let due = if number.is_unknown() { number.received_at } else { is_stale_at };
            freshness = freshness.min(self.freshness(&resource.code, number));
            observed_at = observed_at.max(Some(number.observed_at));
            due_since = due_since.max(Some(due.max(number.received_at)));
        }
        // The ids that the tests' clock makes say that everything was added in 1970.
        let due_since = if is_by_sessions { due_since } else { Some(due_since.unwrap_or_default()) };
        let is_due = freshness >= Freshness::Stale;
        Reporting { freshness, observed_at, due_since: due_since.filter(|_| is_due) }
    }

    /// How many facilities reported how lately.
    fn completeness_of(&self, facilities: &[&Facility]) -> Value {
        let count = |freshness: Freshness, ever: bool| {
            let stands = |facility: &&&Facility| {
                let reporting = self.reporting(facility);
                reporting.freshness == freshness && reporting.observed_at.is_some() == ever
            };
            facilities.iter().filter(stands).count()
        };
        json!({
            "facilities": facilities.len(),
            "fresh": count(Freshness::Fresh, true),
            "aging": count(Freshness::Aging, true),
            "stale": count(Freshness::Stale, true),
            "unknown": count(Freshness::Unknown, true),
            "never": count(Freshness::Unknown, false),
        })
    }

    /// Who has reported: first those who never did, then those whose newest number is oldest.
    pub(super) fn completeness(&self, region: Option<&str>, kind: Option<&str>, reader: Reader) -> Value {
        let facilities_in = |region: Option<&str>| {
            let mut facilities = self.open_in(region);
            facilities.retain(|facility| kind.is_none_or(|kind| facility.kind == kind));
            facilities
        };
        let mut facilities = facilities_in(region);
        facilities.sort_by_key(|facility| (self.reporting(facility).observed_at, &facility.id));
        let view = |facility: &&Facility| {
            let reporting = self.reporting(facility);
            json!({
                "id": facility.id,
                "external_ids": facility.external_ids,
                "name": facility.name,
                "kind": facility.kind,
                "region": {"code": facility.region},
                "phones": phones(facility, reader),
                "observed_at": reporting.observed_at,
                "freshness": reporting.freshness.name(),
                "due_since": reporting.due_since,
            })
        };
        let child = |code: &&str| {
            json!({
                "region": self.region_in_short(code),
                "completeness": self.completeness_of(&facilities_in(Some(code))),
            })
        };
        json!({
            "region": region.map(|code| self.region_in_short(code)),
            "completeness": self.completeness_of(&facilities),
            "children": self.children(region).iter().map(child).collect::<Vec<_>>(),
            "facilities": facilities.iter().map(view).collect::<Vec<_>>(),
        })
    }

    /// The facilities of a region by id, with all their numbers; the closed ones too if they are asked for.
    pub(super) fn facilities(&self, region: Option<&str>, closed: bool, reader: Reader) -> Value {
        let mut facilities: Vec<&Facility> = self.facilities.values().collect();
        facilities.retain(|facility| region.is_none_or(|region| lies_in(&facility.region, region)));
        facilities.retain(|facility| closed || !facility.closed);
        let view = |facility: &&Facility| self.facility(facility, reader, None, &is_offered);
        json!({
            "region": region.map(|code| self.region_in_short(code)),
            "facilities": facilities.iter().map(view).collect::<Vec<_>>(),
        })
    }

    /// One facility, open or closed.
    pub(super) fn one_facility(&self, external_id: &str, reader: Reader) -> Value {
        // An entry that went up in another one keeps its ids, which mean that one now.
        let is_meant = |facility: &&Facility| {
            facility.merged_into.is_none() && facility.external_ids.iter().any(|id| id == external_id)
        };
        let facility = self.facilities.values().find(is_meant).unwrap();
        let mut view = self.facility(facility, reader, None, &is_offered);
        view["version"] = self.versions[&facility.id].into();
        view["contacts"] = Value::Array(self.contacts(Some(&facility.region), reader));
        view
    }
}

fn is_offered(resource: &Type) -> bool {
    !resource.retired
}
