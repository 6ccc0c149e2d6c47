//! The routes, and a file of handlers for each resource.

mod ask;
pub(super) mod audit;
pub(super) mod bridge;
mod changes;
mod duplicates;
mod facilities;
pub(super) mod health;
mod history;
mod imports;
mod keys;
mod lists;
mod marks;
pub(super) mod messages;
pub(super) mod metrics;
mod reference;
pub(super) mod region_history;
mod reports;
mod sessions;
mod sign_ins;
mod unmapped;
pub(super) mod unmet_demand;

use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    documents::{self, answers},
};
use crate::render::{
    audit::AuditAnswer,
    model::{
        AskAnswer, BedsAnswer, CompletenessAnswer, FacilitiesAnswer, FacilityAnswer, HistoryAnswer,
        MarksAnswer, OverviewAnswer, RegionAnswer, RegionHistoryAnswer, RegionsAnswer, RemindersAnswer,
        ReviewAnswer, SearchAnswer, TypesAnswer, UnmetDemandAnswer, VaccinationsAnswer,
    },
};

/// Every documented route. No other is served, but for those beside the document in `middleware`.
pub(super) fn documented() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(documents::preamble())
        .routes(answers::<AskAnswer>(routes!(ask::ask)))
        .routes(answers::<BedsAnswer>(routes!(ask::beds)))
        .routes(answers::<BedsAnswer>(routes!(ask::isolation)))
        .routes(answers::<VaccinationsAnswer>(routes!(ask::vaccinations)))
        .routes(answers::<SearchAnswer>(routes!(ask::search)))
        .routes(answers::<CompletenessAnswer>(routes!(ask::completeness)))
        .routes(answers::<RemindersAnswer>(routes!(ask::reminders)))
        .routes(answers::<UnmetDemandAnswer>(routes!(unmet_demand::demand)))
        .routes(answers::<FacilitiesAnswer>(routes!(facilities::list, facilities::create)))
        .routes(answers::<FacilityAnswer>(routes!(facilities::get, facilities::change)))
        .routes(routes!(facilities::merge))
        .routes(routes!(duplicates::list))
        .routes(answers::<HistoryAnswer>(routes!(history::history)))
        .routes(answers::<RegionsAnswer>(routes!(reference::regions)))
        .routes(answers::<RegionAnswer>(routes!(
            reference::region,
            reference::put_region,
            reference::change_region
        )))
        .routes(answers::<OverviewAnswer>(routes!(reference::overview)))
        .routes(answers::<RegionHistoryAnswer>(routes!(region_history::history)))
        .routes(routes!(reference::contacts, reference::create_contact))
        .routes(routes!(reference::replace_contact, reference::end_contact))
        .routes(answers::<TypesAnswer>(routes!(reference::types)))
        .routes(routes!(reference::put_type, reference::change_type))
        .routes(routes!(reports::put_availability))
        .routes(routes!(reports::adjust))
        .routes(routes!(reports::confirm))
        .routes(routes!(reports::list))
        .routes(routes!(imports::facilities))
        .routes(routes!(messages::receive, messages::verify))
        .routes(routes!(marks::leave))
        .routes(answers::<MarksAnswer>(routes!(marks::list)))
        .routes(routes!(marks::end))
        .routes(answers::<ReviewAnswer>(routes!(marks::review)))
        .routes(routes!(sessions::list, sessions::create))
        .routes(routes!(sessions::replace, sessions::change, sessions::end))
        .routes(routes!(
            bridge::rsonline::read,
            bridge::rsonline::create,
            bridge::rsonline::replace,
            bridge::rsonline::remove
        ))
        .routes(routes!(bridge::rsonline::types))
        .routes(routes!(bridge::aplicares::bed))
        .routes(routes!(bridge::aplicares::read))
        .routes(routes!(bridge::aplicares::classes))
        .routes(routes!(unmapped::list))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(keys::me))
        .routes(routes!(keys::list_links, keys::create_link))
        .routes(routes!(keys::revoke_link))
        .routes(routes!(sign_ins::create, sign_ins::end_all))
        .routes(routes!(sign_ins::create_with_provider))
        .routes(routes!(sign_ins::renew, sign_ins::end))
        .routes(answers::<AuditAnswer>(routes!(audit::list)))
        .routes(routes!(changes::list))
        .routes(routes!(changes::stream))
        .routes(routes!(changes::snapshot))
        .routes(routes!(health::livez))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::metrics))
        .routes(routes!(documents::problem))
}
