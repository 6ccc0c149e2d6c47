//! The overview of a region: its totals by kind, its completeness, and both for the regions below.

use std::collections::BTreeMap;

use crate::{
    domain::{region_code::RegionCode, resource_type::Kind, total::Total},
    query::{
        VaccinationsQuery,
        totals::{Totals, Types},
        vaccinations::answer as vaccinations,
        view::View,
    },
    render::model::{KindView, OverviewAnswer, RegionSummary, Reporting},
    snapshot::{FacilityState, Scope},
};

/// Everything about a region; None if it is not there.
pub(crate) fn answer(view: View<'_>, code: RegionCode) -> Option<OverviewAnswer> {
    // The same days everywhere, so that the regions below add up to the whole.
    let sessions = VaccinationsQuery::coming(code, view.state);
    let asked = Asked {
        view,
        types: [Kind::Bed, Kind::Isolation]
            .map(|kind| Types::that(view.state, |resource| resource.kind == kind && !resource.retired)),
        sessions: &sessions,
    };
    let mut children: BTreeMap<RegionCode, Summary> =
        view.state.children(Some(code)).map(|child| (child.code, Summary::default())).collect();
    // What lies in none of them.
    let mut whole = Summary::default();
    for state in view.state.facilities_in(Some(code)) {
        let child = state.facility.region.with_ancestors().find(|below| below.parent() == Some(code));
        let child = child.and_then(|code| children.get_mut(&code));
        child.unwrap_or(&mut whole).count(&asked, state);
    }
    for child in children.values() {
        whole.add(child);
    }
    Some(OverviewAnswer {
        summary: whole.into_view(&asked, code)?,
        resolved: view.resolved.to_vec(),
        as_of: view.as_of(Scope::everything(Some(code))),
        children: children.into_iter().filter_map(|(code, child)| child.into_view(&asked, code)).collect(),
        contacts: view.contacts(Some(code)),
        zone: view.state.zone(code),
    })
}

/// What is told of each region.
struct Asked<'a> {
    view: View<'a>,
    /// Of beds and of isolation places.
    types: [Types<'a>; 2],
    sessions: &'a VaccinationsQuery,
}

#[derive(Default)]
struct Summary {
    beds: OfKind,
    isolation: OfKind,
    sessions: Total,
    reporting: Reporting,
}

#[derive(Default)]
struct OfKind {
    totals: Totals,
    facilities: u32,
    facilities_available: u32,
}

impl Summary {
    fn count(&mut self, asked: &Asked<'_>, state: &FacilityState) {
        let [beds, isolation] = &asked.types;
        self.beds.count(beds, state);
        self.isolation.count(isolation, state);
        vaccinations::count_all(asked.view, asked.sessions, state, &mut self.sessions);
        self.reporting.count(asked.view.state, state);
    }

    fn add(&mut self, other: &Self) {
        self.beds.add(&other.beds);
        self.isolation.add(&other.isolation);
        self.sessions += other.sessions;
        self.reporting.add(&other.reporting);
    }

    fn into_view(self, asked: &Asked<'_>, code: RegionCode) -> Option<RegionSummary> {
        let (view, [beds, isolation]) = (asked.view, &asked.types);
        Some(RegionSummary {
            region: view.region(code)?,
            located: view.state.locate(code),
            outline: view.state.region(code)?.outline.clone(),
            beds: self.beds.into_view(view, beds),
            isolation: self.isolation.into_view(view, isolation),
            vaccination: KindView {
                facilities: self.sessions.facilities,
                facilities_available: self.sessions.facilities_available,
                totals: vaccinations::in_view(view, self.sessions),
            },
            completeness: self.reporting,
        })
    }
}

impl OfKind {
    fn count(&mut self, types: &Types<'_>, state: &FacilityState) {
        let (mut has_any, mut has_free) = (false, false);
        for (_, current) in types.numbers(state) {
            has_any = true;
            has_free |= current.numbers.available().is_some_and(|count| count.get() > 0);
        }
        if has_any {
            self.totals.count(types, state);
            self.facilities += 1;
            self.facilities_available += u32::from(has_free);
        }
    }

    fn add(&mut self, other: &Self) {
        self.totals.add(&other.totals);
        self.facilities += other.facilities;
        self.facilities_available += other.facilities_available;
    }

    fn into_view(self, view: View<'_>, types: &Types<'_>) -> KindView {
        KindView {
            totals: self.totals.into_views(view, types),
            facilities: self.facilities,
            facilities_available: self.facilities_available,
        }
    }
}
