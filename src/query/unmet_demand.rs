//! Unmet demand: queries that found nothing, counted by region and filter. It holds nothing about the people who ask.

use chrono::NaiveDate;

use crate::{
    auth::Audience,
    domain::{region_code::RegionCode, resource_type::Kind},
    locales::Language,
    query::{Query, filter, params::Near, today, view::View},
    render::model::{UnmetDemandAnswer, UnmetDemandQuery, UnmetDemandView},
    snapshot::Snapshot,
};

impl UnmetDemandAnswer {
    /// The counts of `region` from the first day to the last, by region, kind and filter.
    pub fn new(
        state: &Snapshot,
        language: Language,
        region: Option<RegionCode>,
        [from, to]: [NaiveDate; 2],
        counts: impl IntoIterator<Item = ((String, String, String), u64)>,
    ) -> Self {
        // Nothing of it is internal.
        let view = View::new(state, Audience::Public, language);
        let counted = |((region, kind, wanted), questions): ((String, String, String), u64)| {
            let region = region.parse().ok().and_then(|code| view.region(code));
            let path = region.as_ref().map(|region| view.region_path(region.code).path);
            let filter = filter::counted_in_words(view, &kind, &wanted);
            UnmetDemandView { region, kind, wanted, questions, path: path.unwrap_or_default(), filter }
        };
        Self {
            region: region.and_then(|code| view.region(code)),
            resolved: Vec::new(),
            from,
            to,
            demand: counts.into_iter().map(counted).collect(),
            zone: view.zone(region),
        }
    }
}

impl Query {
    /// What this question asks for, if it is one to be counted: not a list of all, nor for several places at once
    /// (fewer may be free), nor another page, nor a search for one name.
    pub fn demanded(&self, state: &Snapshot) -> Option<UnmetDemandQuery> {
        let (kind, place, after, wanted) = match self {
            Self::Availability(query) => {
                let wanted = filter::places_counted(&query.filter);
                (query.kind, query.place(), query.cursor.after().is_some(), wanted)
            }
            Self::Vaccinations(query) if query.days().1 >= today(query.place(), state) => {
                let wanted = filter::sessions_counted(query);
                (Kind::Vaccination, query.place(), query.cursor.after().is_some(), wanted)
            }
            _ => return None,
        };
        if place.min != 1 || after || place.q.is_some() {
            return None;
        }
        let near = match place.near {
            None => None,
            Some(Near::Region(code)) => Some(code),
            Some(near) => near.point().and_then(|point| state.regency_near(point)),
        };
        Some(UnmetDemandQuery { region: near.or(place.region), kind, wanted })
    }
}
