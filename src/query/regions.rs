//! Which regions there are, one of them in full, and the resource types.

use crate::{
    domain::{
        region::Region,
        region_code::RegionCode,
        resource_type::{Kind, ResourceType},
    },
    query::{Query, RegionsQuery, cursor, view::View},
    render::model::{RegionAnswer, RegionView, RegionsAnswer, TypeView, TypesAnswer},
    snapshot::Scope,
};

/// The regions of a list, in the order of their codes.
pub(crate) fn list(view: View<'_>, query: &RegionsQuery) -> RegionsAnswer {
    let limit = query.limit.get();
    let is_after = |region: &Region| query.cursor.after().is_none_or(|after| region.code > *after);
    let mut regions: Vec<&Region> = match query.level {
        None => view
            .state
            .children(query.parent)
            .map(|region| &**region)
            .filter(|r| is_after(r))
            .take(limit + 1)
            .collect(),
        Some(level) => {
            let fits = |region: &Region| {
                region.code.level() == level && query.parent.is_none_or(|parent| parent.covers(region.code))
            };
            let regions = view.state.regions().map(|region| &**region);
            regions.filter(|region| is_after(region) && fits(region)).take(limit + 1).collect()
        }
    };
    let has_more = regions.len() > limit;
    regions.truncate(limit);
    let last = regions.last().filter(|_| has_more);
    RegionsAnswer {
        as_of: view.as_of(Query::Regions(query.clone()).scope(view.state)),
        resolved: view.resolved.to_vec(),
        next: last.map(|last| cursor::seal(query, &last.code)),
        regions: regions.into_iter().map(|region| region_view(view, region)).collect(),
        zone: view.zone(query.parent),
    }
}

/// One region in full.
pub(crate) fn one(view: View<'_>, code: RegionCode) -> Option<RegionAnswer> {
    let region = view.state.region(code)?;
    Some(RegionAnswer {
        region: region_view(view, region),
        resolved: view.resolved.to_vec(),
        as_of: view.as_of(Scope::everything(Some(code))),
        children: view.state.children(Some(code)).filter_map(|child| view.region(child.code)).collect(),
        facilities: u32::try_from(view.state.facilities_in(Some(code)).count()).unwrap_or(u32::MAX),
        contacts: view.contacts(Some(code)),
    })
}

fn region_view(view: View<'_>, region: &Region) -> RegionView {
    RegionView {
        code: region.code,
        name: region.name.clone(),
        level: region.code.level(),
        kind: region.code.kind(),
        parent: region.code.parent(),
        path: view.region_path(region.code).path,
        aliases: region.aliases.clone(),
        located: view.state.locate(region.code),
        outline: region.outline.clone(),
        timezone: view.state.zone(region.code),
        postcode: region.postcode.clone(),
    }
}

/// The resource types of a kind, or all.
pub(crate) fn types(view: View<'_>, kind: Option<Kind>) -> TypesAnswer {
    let fits = |resource: &&std::sync::Arc<ResourceType>| kind.is_none_or(|kind| resource.kind == kind);
    let types = view.state.resource_types().filter(fits).map(|resource| TypeView {
        code: resource.code.clone(),
        kind: resource.kind,
        label: resource.label.get(view.language).to_owned(),
        labels: resource.label.clone(),
        ventilator: resource.ventilator,
        negative_pressure: resource.negative_pressure,
        age_group: resource.age_group.clone(),
        reserved_for: resource.reserved_for.clone(),
        aging_after_h: resource.aging_after_h,
        stale_after_h: resource.stale_after_h,
        external_codes: resource.external_codes.clone(),
        aliases: resource.aliases.clone(),
        retired: resource.retired,
    });
    TypesAnswer { as_of: view.as_of(Scope::Types), types: types.collect() }
}
