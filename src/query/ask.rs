//! One box: a question as somebody types it during a call, read into the requests that answer it.

pub(crate) mod answer;
mod negation;
mod notes;
mod numbers;
mod places;
mod rules;
mod sentence;
mod words;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use utoipa::IntoParams;

use self::{
    notes::{About, Note},
    places::Where,
    sentence::{Reading, Stated},
};
use crate::{
    domain::{
        days::RelativeDay,
        facility::Facility,
        lexicon,
        region::Zone,
        region_code::{Level, RegionCode},
        region_name::RegionText,
        rejection::{Code, Rejection},
        resource_type::{Kind, ResourceType, TypeCode},
        session::local_date,
    },
    locales::Message,
    query::{
        AvailabilityQuery, Query, VaccinationsQuery, known_region,
        params::{Limit, NamedDay, Near, Sentence},
        query_string,
    },
    snapshot::Snapshot,
};

/// What is escaped in a value: codes and lists stay readable.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':');
/// The most words that a question may have.
const MOST_WORDS: usize = 40;
/// Whoever is so old is elderly: UU 13/1998.
const ELDERLY: u32 = 60;
/// The furthest that a question looks.
const FURTHEST_KM: u32 = 5000;

/// A question in one box.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskParams {
    /// The question as it is typed during a call, in Indonesian or English: what is needed, for whom, where, how many, when
    #[param(inline, example = "icu,anak,tembalang")]
    pub q: Sentence,
    /// Where whoever asks sits, by code or name: of several places with one name that in here is meant, and a question without
    /// a place is about this region. Places elsewhere are found, too
    #[param(inline, value_type = Option<RegionText>, example = "33")]
    pub region: Option<RegionCode>,
    /// Facilities of each kind, 20 if left out
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
}

/// A question as it was read: the requests that answer it, and what is said about that.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AskQuery {
    /// The requests, of each kind at most one.
    pub(crate) requests: Vec<Request>,
    /// How places are named, and what they were read as.
    places: Vec<(String, Where)>,
    /// What is to be told about how it was read, the most urgent first.
    pub(crate) notes: Vec<Note>,
    /// The words that no request uses, and whether a note tells of them.
    pub(crate) unread: Vec<Unread>,
}

/// A word that no request uses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Unread {
    pub(crate) word: String,
    pub(crate) is_told: bool,
}

/// A request that answers a question, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Request {
    /// The path and the parameters.
    pub(crate) path: String,
    /// The same as a query.
    pub(crate) query: Query,
}

impl AskParams {
    /// The query in canonical form.
    pub fn checked(self, state: &Snapshot) -> Result<Query, Rejection> {
        known_region(self.region, "region", state)?;
        let words = lexicon::words(&self.q).len();
        if words > MOST_WORDS {
            let detail = Message::new("sentence-too-long").arg("most", MOST_WORDS).arg("count", words);
            return Err(Rejection::new(Code::InvalidText, "q", detail));
        }
        let reading = sentence::read(&self.q, self.region, state)?;
        let kinds = reading.kinds();
        if reading.place.is_none() && kinds.len() == Kind::ALL.len() && self.region.is_none() {
            let detail = Message::new("sentence-not-read").arg("text", self.q.to_string());
            return Err(Rejection::new(Code::UnknownWord, "q", detail));
        }
        let place = Place::of(&reading, self.region, state);
        let (mut requests, mut refused, mut used) = (Vec::new(), None, BTreeSet::new());
        for kind in kinds {
            let mut parameters = Parameters::default();
            match kind {
                Kind::Vaccination => reading.of_sessions(&mut parameters, place.today),
                _ => reading.of_places(kind, state, &mut parameters),
            }
            parameters.query.extend(place.parameters.iter().cloned());
            parameters.add("limit", self.limit.get());
            let of_request = std::mem::take(&mut parameters.used);
            match parameters.request(kind, state) {
                Ok(request) => {
                    requests.push(request);
                    used.extend(of_request);
                    used.extend(reading.kinds.get(&kind).into_iter().flatten());
                }
                // What no bed can be may be asked of a session.
                Err(rejection) => refused = refused.or(Some(rejection)),
            }
        }
        if let Some(rejection) = refused.filter(|_| requests.is_empty()) {
            return Err(rejection);
        }
        used.extend(place.words);
        let named = reading.place.iter().chain(&reading.origin);
        Ok(Query::Ask(AskQuery {
            requests,
            places: named.map(|place| (place.given.clone(), place.is)).collect(),
            notes: reading.notes(&used),
            unread: reading.unread(&used),
        }))
    }
}

impl Reading {
    /// The kinds of places that it asks for: what it says and what its parts are about, else all.
    fn kinds(&self) -> BTreeSet<Kind> {
        let is_bed = self.ventilator.is_some() || self.negative_pressure.is_some();
        let is_session = self.walk_in.is_some() || self.product.is_some() || self.dose.is_some();
        let named = |kind: Kind| self.kinds.contains_key(&kind);
        let of_types = |kind: Kind| self.types.iter().any(|named| named.kinds.contains(&kind));
        let mut kinds = BTreeSet::new();
        kinds.extend((is_bed || of_types(Kind::Bed)).then_some(Kind::Bed));
        kinds.extend((named(Kind::Isolation) || of_types(Kind::Isolation)).then_some(Kind::Isolation));
        kinds.extend((named(Kind::Vaccination) || is_session).then_some(Kind::Vaccination));
        // "Rumah sakit" stands in any question; a type or a vaccine says what is meant.
        if named(Kind::Bed) && (kinds.is_empty() || self.is_bed_chosen) {
            kinds.insert(Kind::Bed);
        }
        // What needs a hospital is no question about vaccines.
        let is_of_hospitals = |note: &Note| matches!(note.about, About::Emergency | About::Unrecorded);
        if kinds.is_empty() && self.notes.iter().any(is_of_hospitals) {
            kinds.insert(Kind::Bed);
        }
        if kinds.is_empty() { Kind::ALL.into() } else { kinds }
    }

    /// What is asked of beds or isolation places.
    fn of_places(&self, kind: Kind, state: &Snapshot, parameters: &mut Parameters) {
        let known = |code: &TypeCode| state.resource_type(code.as_str()).map(|known| &**known);
        let is_of_kind = |code: &&TypeCode| known(code).is_some_and(|known| known.kind == kind);
        let mut types: BTreeSet<&TypeCode> =
            self.types.iter().flat_map(|named| &named.types).filter(is_of_kind).collect();
        // Types that say the contrary of what is needed would only make the request longer, and so would those that say
        // nothing of it where others do.
        let mut keep = |fits: &dyn Fn(&ResourceType) -> bool| {
            let fits = |code: &TypeCode| known(code).is_some_and(fits);
            if types.iter().any(|code| fits(code)) {
                types.retain(|code| fits(code));
            }
        };
        if let Some(with) = &self.ventilator {
            keep(&|resource| resource.ventilator == Some(with.value));
        }
        if let Some(with) = &self.negative_pressure {
            keep(&|resource| resource.negative_pressure == Some(with.value));
        }
        if let Some(group) = &self.reserved_for {
            keep(&|resource| {
                resource.reserved_for.as_ref().map_or("none", |reserved| reserved.as_str()) == group.value
            });
        }
        if !types.is_empty() {
            let codes: Vec<&str> = types.iter().map(|code| code.as_str()).collect();
            parameters.add("type", codes.join(","));
            let asked = self.types.iter().filter(|named| named.types.iter().any(|code| types.contains(code)));
            parameters.used.extend(asked.flat_map(|named| &named.words));
        }
        if kind == Kind::Bed {
            parameters.state("ventilator", self.ventilator.as_ref());
            parameters.state("negative_pressure", self.negative_pressure.as_ref());
        }
        if kind == Kind::Bed || self.reserved_for.as_ref().is_some_and(|group| group.value == "covid") {
            parameters.state("reserved_for", self.reserved_for.as_ref());
        }
        match (&self.age, &self.age_group) {
            (Some(age), group) => {
                parameters.state("age", Some(age));
                parameters.used.extend(group.iter().flat_map(|group| &group.words));
            }
            (None, group) => parameters.state("age_group", group.as_ref()),
        }
        match (&self.min, &self.persons) {
            (Some(min), persons) => {
                parameters.state("min", Some(min));
                let same = persons.as_ref().filter(|persons| persons.value == min.value);
                parameters.used.extend(same.into_iter().flat_map(|persons| &persons.words));
            }
            (None, persons) => parameters.state("persons", persons.as_ref()),
        }
        // What is free now is asked of today anyway.
        let is_today = |day: &&Stated<NamedDay>| day.value == NamedDay::From(RelativeDay::Ahead(0));
        parameters.used.extend(self.day.iter().filter(is_today).flat_map(|day| &day.words));
    }

    /// What is asked of vaccination sessions.
    fn of_sessions(&self, parameters: &mut Parameters, today: NaiveDate) {
        parameters.state("product", self.product.as_ref());
        parameters.state("dose", self.dose.as_ref());
        match (&self.age, &self.elderly) {
            (None, Some(elderly)) => {
                parameters.state("age", Some(&Stated { value: ELDERLY, words: elderly.words.clone() }));
            }
            (age, _) => {
                parameters.state("age", age.as_ref());
                let group = self.age_group.iter().filter(|_| age.is_some());
                parameters.used.extend(group.flat_map(|group| &group.words));
            }
        }
        parameters.state("walk_in", self.walk_in.as_ref());
        let date = |day: &Stated<NamedDay>| Stated { value: day.value.date(today), words: day.words.clone() };
        parameters.state("date", self.day.as_ref().map(date).as_ref());
        if let Some(span) = self.span.as_ref().filter(|_| self.day.is_none()) {
            let (from, to) = span.value.days(today);
            parameters.add("from", from);
            parameters.add("to", to);
            parameters.used.extend(&span.words);
        }
        parameters.state("min", self.min.as_ref().or(self.persons.as_ref()));
    }

    /// The words that nothing uses.
    fn unread(&self, used: &BTreeSet<usize>) -> Vec<Unread> {
        let is_read = |at: &usize| used.contains(at) || self.fillers.contains(at);
        let is_told = |at: usize| self.notes.iter().any(|note| note.words.contains(&at));
        let unread = (0..self.words.len()).filter(|at| !is_read(at));
        unread.map(|at| Unread { word: self.words[at].text.clone(), is_told: is_told(at) }).collect()
    }

    /// What is to be told: of a word with two meanings only if a request uses it.
    fn notes(&self, used: &BTreeSet<usize>) -> Vec<Note> {
        let is_used = |note: &&Note| {
            let may_be_unused = !matches!(note.about, About::Negative { .. } | About::YoungestOf(_));
            may_be_unused || note.words.iter().any(|at| used.contains(at))
        };
        let mut notes: Vec<Note> = self.notes.iter().filter(is_used).cloned().collect();
        notes.sort_by_key(|note| note.about != About::Emergency);
        notes
    }
}

/// Where a question looks.
struct Place {
    parameters: Vec<(&'static str, String)>,
    /// The words that say it.
    words: Vec<usize>,
    today: NaiveDate,
}

impl Place {
    /// A kecamatan or a village is looked at from outside, because the next hospital may lie beyond its border; a larger region
    /// is looked through, and a facility is asked itself. Whoever comes from elsewhere sees what is near that first.
    fn of(reading: &Reading, here: Option<RegionCode>, state: &Snapshot) -> Self {
        let mut parameters = Vec::new();
        let named = reading.place.as_ref().map(|place| place.is);
        let origin = reading.origin.as_ref().map(|origin| origin.is);
        let is_near = origin.is_none() && (reading.is_near || reading.kilometres.is_some());
        let region = match named {
            Some(Where::Region(code)) => {
                let is_near = is_near || origin.is_none() && code.level() > Level::Regency;
                parameters.push((if is_near { "near" } else { "region" }, code.to_string()));
                Some(code)
            }
            Some(Where::Point(point)) => {
                parameters.push(("near", written(point)));
                point.point().and_then(|point| state.regency_near(point))
            }
            Some(Where::Facility(id)) => {
                let facility = state.facility(id).map(|state| &state.facility);
                if let Some(facility) = facility {
                    if is_near {
                        parameters.push(("near", beside(facility)));
                    } else {
                        parameters.push(("region", facility.region.to_string()));
                        parameters.push(("q", facility.name.to_lowercase().chars().take(100).collect()));
                    }
                }
                facility.map(|facility| facility.region)
            }
            None => {
                parameters
                    .extend(here.map(|code| (if is_near { "near" } else { "region" }, code.to_string())));
                here
            }
        };
        parameters.extend(origin.and_then(|origin| {
            let from = match origin {
                Where::Region(code) => code.to_string(),
                Where::Facility(id) => beside(&state.facility(id)?.facility),
                Where::Point(point) => written(point),
            };
            Some(("near", from))
        }));
        let mut words: Vec<usize> = Vec::new();
        for place in reading.place.iter().chain(&reading.origin) {
            words.extend(place.words.clone());
        }
        let has_near = parameters.iter().any(|(name, _)| *name == "near");
        let reach =
            reading.kilometres.as_ref().filter(|reach| has_near && (1..=FURTHEST_KM).contains(&reach.value));
        if let Some(reach) = reach {
            parameters.push(("within", reach.value.to_string()));
            words.extend(&reach.words);
        }
        let zone = region.map_or(Zone::Wib, |code| state.zone(code));
        Self { parameters, words, today: local_date(state.now(), zone) }
    }
}

/// Where distances are measured from, as a parameter.
fn written(near: Near) -> String {
    match near {
        Near::Region(code) => code.to_string(),
        Near::Point(..) => {
            near.point().map_or_else(String::new, |point| format!("{},{}", point.lat, point.lon))
        }
    }
}

/// The place of a facility, as distances are measured from it.
fn beside(facility: &Facility) -> String {
    facility.point.map_or_else(|| facility.region.to_string(), |point| format!("{},{}", point.lat, point.lon))
}

/// The parameters of a request in the making, and the words that they use.
#[derive(Default)]
struct Parameters {
    query: Vec<(&'static str, String)>,
    used: Vec<usize>,
}

impl Parameters {
    fn add(&mut self, name: &'static str, value: impl std::fmt::Display) {
        self.query.push((name, value.to_string()));
    }

    /// Adds the parameter if the question states it.
    fn state<T: std::fmt::Display>(&mut self, name: &'static str, stated: Option<&Stated<T>>) {
        if let Some(stated) = stated {
            self.add(name, &stated.value);
            self.used.extend(&stated.words);
        }
    }

    /// The request, read as if a client had sent it.
    fn request(mut self, kind: Kind, state: &Snapshot) -> Result<Request, Rejection> {
        // What everybody gets who leaves it out is left out.
        self.query.retain(|(name, value)| (*name, value.as_str()) != ("limit", "20"));
        let pairs =
            self.query.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, ESCAPED)));
        let written = pairs.collect::<Vec<_>>().join("&");
        let query = match kind {
            Kind::Vaccination => {
                query_string::read::<VaccinationsQuery>(&written).map(|query| query.checked(state))
            }
            kind => query_string::read::<AvailabilityQuery>(&written).map(|query| query.checked(kind, state)),
        };
        let query = query.map_err(|rejections| rejections.first().clone()).and_then(|query| query)?;
        let path = match kind {
            Kind::Bed => "/v1/beds",
            Kind::Isolation => "/v1/isolation",
            Kind::Vaccination => "/v1/vaccinations",
        };
        Ok(Request { path: format!("{path}?{written}").trim_end_matches('?').to_owned(), query })
    }
}
