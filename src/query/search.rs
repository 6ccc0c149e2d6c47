//! Search by name.

use crate::{
    query::{SearchQuery, view::View},
    render::model::{FacilityHit, RegionHit, SearchAnswer, degrees},
    snapshot::{Found, Scope, Subject},
};

/// Regions and facilities by name, alias or telephone, and facilities by what takes place there.
pub(crate) fn answer(view: View<'_>, query: &SearchQuery) -> SearchAnswer {
    let limit = query.limit.get();
    let found = view.state.search(&query.q, query.region, &|region| view.sees_internal(region));
    let mut regions: Vec<RegionHit> =
        found.iter().filter_map(|found| region(view, found)).take(limit + 1).collect();
    let mut facilities: Vec<FacilityHit> =
        found.iter().filter_map(|found| facility(view, found)).take(limit + 1).collect();
    let more = regions.len() > limit || facilities.len() > limit;
    regions.truncate(limit);
    facilities.truncate(limit);
    let resolved = view.resolved.to_vec();
    SearchAnswer { resolved, as_of: view.as_of(Scope::Names), regions, facilities, more }
}

fn region(view: View<'_>, found: &Found) -> Option<RegionHit> {
    let Subject::Region(code) = found.subject else {
        return None;
    };
    let path = view.region_path(code);
    Some(RegionHit {
        code,
        name: path.name,
        level: code.level(),
        path: path.path,
        located: view.state.locate(code),
        score: rounded(found.score),
    })
}

fn facility(view: View<'_>, found: &Found) -> Option<FacilityHit> {
    let Subject::Facility(id) = found.subject else {
        return None;
    };
    let facility = &view.state.facility(id)?.facility;
    let (lat, lon) = degrees(facility.point);
    Some(FacilityHit {
        id,
        external_ids: facility.external_ids.clone(),
        name: facility.name.clone(),
        kind: facility.kind.clone(),
        region: view.region_path(facility.region),
        phones: view.phones(facility),
        lat,
        lon,
        simulated: facility.simulated,
        closed: facility.closed,
        score: rounded(found.score),
    })
}

fn rounded(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}
