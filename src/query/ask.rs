//! One box: a question as somebody types it during a call, read into the requests that answer it.

pub(crate) mod answer;
mod rules;
mod sentence;

use chrono::NaiveDate;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use utoipa::IntoParams;

use self::sentence::{Reading, Where};
use crate::{
    domain::{
        lexicon,
        region::Zone,
        region_code::{Level, RegionCode},
        rejection::{Code, Rejection},
        resource_type::{Kind, ResourceType, TypeCode},
        session::local_date,
    },
    locales::Message,
    query::{
        AvailabilityQuery, Query, VaccinationsQuery, known_region,
        params::{Limit, Sentence},
        query_string,
    },
    snapshot::Snapshot,
};

/// What is escaped in a value: codes and lists stay readable.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':');
/// The most words that a question may have.
const MOST_WORDS: usize = 40;

/// A question in one box.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskParams {
    /// The question as it is typed during a call, in Indonesian or English: what is needed, for whom, where, how many, when
    #[param(inline, example = "icu,anak,tembalang")]
    pub q: Sentence,
    /// Where the caller is, if the question does not say it; places are looked for in here first
    #[param(inline, example = "33")]
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
    /// The words that name the types, where there are many.
    type_words: String,
    /// The words that name the place, and what they were read as.
    place: Option<(String, Where)>,
    /// The words that no request uses.
    pub(crate) unread: Vec<String>,
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
        let mut reading = sentence::read(&self.q, self.region, state)?;
        let is_about_nothing = reading.place.is_none() && reading.kinds().len() == Kind::ALL.len();
        if is_about_nothing && self.region.is_none() {
            let detail = Message::new("sentence-not-read").arg("text", self.q.to_string());
            return Err(Rejection::new(Code::UnknownWord, "q", detail));
        }
        let place = Place::of(&reading, self.region, state);
        let kinds = reading.kinds();
        let mut used: Vec<&'static str> = Vec::new();
        let mut requests = Vec::new();
        for kind in &kinds {
            let mut parameters = Parameters::default();
            match kind {
                Kind::Vaccination => reading.of_sessions(&mut parameters, place.today),
                _ => reading.of_places(*kind, state, &mut parameters),
            }
            used.extend(&parameters.used);
            parameters.add_all(&place.parameters);
            parameters.add_all(&[("limit", self.limit.get().to_string())]);
            requests.push(parameters.request(*kind, state)?);
        }
        let unused =
            reading.words.iter().filter(|(part, _)| !used.contains(*part)).map(|(_, word)| word.clone());
        reading.unread.extend(unused);
        let place = reading.place.map(|(place, text)| (text, place));
        Ok(Query::Ask(AskQuery {
            requests,
            type_words: reading.type_words.join(" "),
            place,
            unread: reading.unread,
        }))
    }
}

impl Reading {
    /// The kinds of places that it asks for: what it says, else what its parts are about, else all.
    fn kinds(&self) -> Vec<Kind> {
        let is_bed = self.ventilator.is_some() || self.negative_pressure.is_some();
        let is_session = self.walk_in.is_some() || self.product.is_some() || self.dose.is_some();
        let mut kinds = self.kinds.clone();
        if kinds.is_empty() {
            kinds.extend(is_bed.then_some(Kind::Bed));
            kinds.extend(is_session.then_some(Kind::Vaccination));
            kinds.extend(self.type_kinds.iter().copied());
        }
        // "Rumah sakit" stands in any question; a type or a vaccine says what is meant.
        if kinds.contains(&Kind::Bed)
            && kinds.contains(&Kind::Vaccination)
            && !self.type_kinds.contains(&Kind::Bed)
        {
            kinds.remove(&Kind::Bed);
        }
        if kinds.contains(&Kind::Bed)
            && kinds.contains(&Kind::Isolation)
            && !self.type_kinds.contains(&Kind::Bed)
        {
            kinds.remove(&Kind::Bed);
        }
        if kinds.is_empty() { Kind::ALL.to_vec() } else { kinds.into_iter().collect() }
    }

    /// What is asked of beds or isolation places.
    fn of_places(&self, kind: Kind, state: &Snapshot, parameters: &mut Parameters) {
        let is_of_kind =
            |code: &&TypeCode| state.resource_type(code.as_str()).is_some_and(|known| known.kind == kind);
        let mut types: Vec<&TypeCode> = self.types.iter().filter(is_of_kind).collect();
        // Types that say the contrary of what is needed would only make the request longer, and so would those that say
        // nothing of it where others do.
        let mut keep = |fits: &dyn Fn(&ResourceType) -> bool| {
            let known =
                |code: &&&TypeCode| state.resource_type(code.as_str()).is_some_and(|known| fits(known));
            if types.iter().any(|code| known(&code)) {
                types.retain(|code| known(&code));
            }
        };
        if let Some(with) = self.ventilator {
            keep(&|resource| resource.ventilator == Some(with));
        }
        if let Some(with) = self.negative_pressure {
            keep(&|resource| resource.negative_pressure == Some(with));
        }
        if let Some(group) = self.reserved_for {
            keep(&|resource| {
                resource.reserved_for.as_ref().map_or("none", |reserved| reserved.as_str()) == group
            });
        }
        if !types.is_empty() {
            let codes: Vec<&str> = types.into_iter().map(TypeCode::as_str).collect();
            parameters.add("type", codes.join(","));
        }
        if kind == Kind::Bed {
            parameters.use_for("ventilator", self.ventilator);
            parameters.use_for("negative_pressure", self.negative_pressure);
        }
        if kind == Kind::Bed || self.reserved_for == Some("covid") {
            parameters.use_for("reserved_for", self.reserved_for);
        }
        match self.age {
            Some(age) => {
                parameters.use_for("age", Some(age));
                parameters.used.push("age_group");
            }
            None => parameters.use_for("age_group", self.age_group),
        }
        match (self.min, self.persons) {
            (Some(min), _) => parameters.add("min", min),
            (None, Some(persons)) => parameters.add("persons", persons),
            (None, None) => {}
        }
    }

    /// What is asked of vaccination sessions.
    fn of_sessions(&self, parameters: &mut Parameters, today: NaiveDate) {
        parameters.use_for("product", self.product);
        parameters.use_for("dose", self.dose);
        parameters.use_for("age", self.age);
        parameters.use_for("walk_in", self.walk_in);
        if self.age.is_some() {
            parameters.used.push("age_group");
        }
        if let Some(day) = self.day {
            parameters.add("date", day.from(today));
            parameters.used.push("day");
        }
        if let Some(min) = self.min.or(self.persons) {
            parameters.add("min", min);
        }
    }
}

/// Where a question looks.
struct Place {
    parameters: Vec<(&'static str, String)>,
    today: NaiveDate,
}

impl Place {
    /// A kecamatan or a village is looked at from outside, because the next hospital may lie beyond its border; a larger region
    /// is looked through, and a facility is asked itself.
    fn of(reading: &Reading, within: Option<RegionCode>, state: &Snapshot) -> Self {
        let mut parameters = Vec::new();
        let named = reading.place.as_ref().map(|(place, _)| *place);
        let region = match named {
            Some(Where::Region(code)) => {
                let is_near = reading.is_near || code.level() > Level::Regency;
                parameters.push((if is_near { "near" } else { "region" }, code.to_string()));
                Some(code)
            }
            Some(Where::Facility(id)) => {
                let facility = state.facility(id).map(|state| &state.facility);
                if let Some(facility) = facility {
                    match facility.point.filter(|_| reading.is_near) {
                        Some(point) => parameters.push(("near", format!("{},{}", point.lat, point.lon))),
                        None if reading.is_near => parameters.push(("near", facility.region.to_string())),
                        None => {
                            parameters.push(("region", facility.region.to_string()));
                            parameters.push(("q", facility.name.to_lowercase().chars().take(100).collect()));
                        }
                    }
                }
                facility.map(|facility| facility.region)
            }
            None => {
                parameters.extend(within.map(|code| ("region", code.to_string())));
                within
            }
        };
        let zone = region.map_or(Zone::Wib, |code| state.zone(code));
        Self { parameters, today: local_date(state.now(), zone) }
    }
}

/// The parameters of a request in the making, and the parts of the question that they use.
#[derive(Default)]
struct Parameters {
    query: Vec<(&'static str, String)>,
    used: Vec<&'static str>,
}

impl Parameters {
    fn add(&mut self, name: &'static str, value: impl std::fmt::Display) {
        self.query.push((name, value.to_string()));
    }

    fn add_all(&mut self, parameters: &[(&'static str, String)]) {
        self.query.extend_from_slice(parameters);
    }

    /// Adds the parameter if the question has it, and notes that it is used.
    fn use_for(&mut self, name: &'static str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.add(name, value);
            self.used.push(name);
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
