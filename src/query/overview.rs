//! The overview of a region: its totals by kind, its completeness, and both for the regions below.

use std::collections::BTreeMap;

use crate::{
    domain::{region_code::RegionCode, resource_type::Kind},
    query::{
        VaccinationsQuery,
        area::Candidate,
        completeness::answer::ReportingStatus,
        totals::{Totals, Types},
        vaccinations::answer as vaccinations,
        view::View,
    },
    render::model::{KindView, OverviewAnswer, RegionSummary, Reporting},
    snapshot::{FacilityState, Scope},
};

/// Everything about a region; None if it is not there.
pub(crate) fn answer(view: View<'_>, code: RegionCode) -> Option<OverviewAnswer> {
    let types = [Kind::Bed, Kind::Isolation]
        .map(|kind| Types::that(view.state, |resource| resource.kind == kind && !resource.retired));
    let mut whole = Summary::default();
    let mut children: BTreeMap<RegionCode, Summary<'_>> =
        view.state.children(Some(code)).map(|child| (child.code, Summary::default())).collect();
    for state in view.state.facilities_in(Some(code)) {
        whole.add(view, &types, state);
        let child = state.facility.region.with_ancestors().find(|below| below.parent() == Some(code));
        if let Some(child) = child.and_then(|code| children.get_mut(&code)) {
            child.add(view, &types, state);
        }
    }
    // The same days everywhere, so that the regions below add up to the whole.
    let sessions = VaccinationsQuery::coming(code, view.state);
    let child = |(code, child): (RegionCode, Summary<'_>)| child.into_view(view, code, &types, &sessions);
    Some(OverviewAnswer {
        summary: whole.into_view(view, code, &types, &sessions)?,
        resolved: view.resolved.to_vec(),
        as_of: view.as_of(Scope::everything(Some(code))),
        children: children.into_iter().filter_map(child).collect(),
        contacts: view.contacts(Some(code)),
        zone: view.state.zone(code),
    })
}

#[derive(Default)]
struct Summary<'a> {
    beds: OfKind,
    isolation: OfKind,
    facilities: Vec<Candidate<'a>>,
    reporting: Reporting,
}

#[derive(Default)]
struct OfKind {
    totals: Totals,
    facilities: u32,
    facilities_available: u32,
}

impl<'a> Summary<'a> {
    fn add(&mut self, view: View<'_>, [beds, isolation]: &[Types<'_>; 2], state: &'a FacilityState) {
        self.beds.add(beds, state);
        self.isolation.add(isolation, state);
        self.facilities.push((state, None));
        self.reporting.add(ReportingStatus::of(view.state, state));
    }

    fn into_view(
        self,
        view: View<'_>,
        code: RegionCode,
        [beds, isolation]: &[Types<'_>; 2],
        sessions: &VaccinationsQuery,
    ) -> Option<RegionSummary> {
        let totals = vaccinations::of_all(view, sessions, &self.facilities);
        let (facilities, facilities_available) =
            totals.first().map_or((0, 0), |total| (total.facilities, total.facilities_available));
        Some(RegionSummary {
            region: view.region(code)?,
            located: view.state.locate(code),
            outline: view.state.region(code)?.outline.clone(),
            beds: self.beds.into_view(view, beds),
            isolation: self.isolation.into_view(view, isolation),
            vaccination: KindView { totals, facilities, facilities_available },
            completeness: self.reporting,
        })
    }
}

impl OfKind {
    fn add(&mut self, types: &Types<'_>, state: &FacilityState) {
        let (mut has_any, mut has_free) = (false, false);
        for (_, current) in types.numbers(state) {
            has_any = true;
            has_free |= current.numbers.available().is_some_and(|count| count.get() > 0);
        }
        if has_any {
            self.totals.add(types, state);
            self.facilities += 1;
            self.facilities_available += u32::from(has_free);
        }
    }

    fn into_view(self, view: View<'_>, types: &Types<'_>) -> KindView {
        KindView {
            totals: self.totals.into_views(view, types),
            facilities: self.facilities,
            facilities_available: self.facilities_available,
        }
    }
}
