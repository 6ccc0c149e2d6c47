//! Which facilities there are, and one of them in full.

use crate::{
    domain::{facility::FacilityId, resource_type::ResourceType},
    query::{FacilitiesQuery, Query, cursor, view::View},
    render::model::{FacilitiesAnswer, FacilityAnswer},
    snapshot::{FacilityState, Scope},
};

/// The facilities of a list, by id.
pub(crate) fn list(view: View<'_>, query: &FacilitiesQuery) -> FacilitiesAnswer {
    let named = query.q.as_ref().map(|q| view.facilities_named(q, query.region));
    let fits = |state: &FacilityState| {
        let facility = &state.facility;
        query.region.is_none_or(|region| region.covers(facility.region))
            && (query.closed || !facility.closed)
            && query.kind.as_ref().is_none_or(|kind| *kind == facility.kind)
            && query.flag.is_none_or(|flag| facility.flags.contains(&flag))
            && named.as_ref().is_none_or(|named| named.contains(&facility.id))
    };
    let after = |state: &FacilityState| query.cursor.after().is_none_or(|after| state.facility.id > *after);
    let mut fitting = view.state.facilities().filter(|state| after(state) && fits(state));
    let page: Vec<_> = fitting.by_ref().take(query.limit.get()).collect();
    let next = fitting.next().and(page.last());
    let scope = Query::Facilities(query.clone()).scope(view.state);
    FacilitiesAnswer {
        region: query.region.and_then(|code| view.region(code)),
        resolved: view.resolved.to_vec(),
        as_of: view.as_of(scope),
        facilities: page.iter().map(|state| view.facility(state, None, None, is_offered)).collect(),
        next: next.map(|last| cursor::seal(query, &last.facility.id)),
        zone: view.zone(query.region),
    }
}

/// One facility in full.
pub(crate) fn one(view: View<'_>, id: FacilityId) -> Option<FacilityAnswer> {
    let state = view.state.facility(id)?;
    let region = state.facility.region;
    let facility = view.facility(state, None, None, is_offered);
    let as_of = view.as_of(Scope::everything(Some(region)));
    Some(FacilityAnswer {
        // Marks come and go without a trace in what dates a region.
        as_of: facility.marked_at().map_or(as_of, |marked| marked.max(as_of)),
        facility,
        version: state.version,
        contacts: view.contacts(Some(region)),
        zone: view.state.zone(region),
    })
}

fn is_offered(resource: &ResourceType) -> bool {
    !resource.retired
}
