//! What the interface is about: the routes, and a file of handlers for each resource.

mod ask;
pub(super) mod bridge;
mod changes;
mod contacts;
mod facilities;
mod follow;
mod history;
mod keys;
mod marks;
pub(super) mod operations;
mod overview;
mod reference;
mod reports;
mod review;
mod sessions;
mod unmapped;
pub(super) mod unmet_demand;
mod vaccinations;

use std::sync::Arc;

use utoipa_axum::{router::OpenApiRouter, routes};

use super::{App, documents};

/// Every documented route. What is not here is not served.
pub(super) fn documented() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(documents::preamble())
        .routes(routes!(ask::beds))
        .routes(routes!(ask::isolation))
        .routes(routes!(vaccinations::vaccinations))
        .routes(routes!(ask::regions))
        .routes(routes!(ask::region, reference::put_region, reference::change_region))
        .routes(routes!(overview::overview))
        .routes(routes!(overview::completeness))
        .routes(routes!(overview::reminders))
        .routes(routes!(unmet_demand::demand))
        .routes(routes!(ask::facilities, facilities::create))
        .routes(routes!(ask::facility, facilities::change))
        .routes(routes!(ask::search))
        .routes(routes!(ask::types))
        .routes(routes!(reference::put_type, reference::change_type))
        .routes(routes!(reports::put_availability))
        .routes(routes!(reports::adjust))
        .routes(routes!(reports::confirm))
        .routes(routes!(reports::list))
        .routes(routes!(marks::leave))
        .routes(routes!(marks::list))
        .routes(routes!(marks::end))
        .routes(routes!(review::list))
        .routes(routes!(sessions::create))
        .routes(routes!(sessions::replace, sessions::change, sessions::end))
        .routes(routes!(
            bridge::rsonline::read,
            bridge::rsonline::create,
            bridge::rsonline::replace,
            bridge::rsonline::remove
        ))
        .routes(routes!(bridge::aplicares::bed))
        .routes(routes!(unmapped::list))
        .routes(routes!(contacts::create))
        .routes(routes!(contacts::replace, contacts::end))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(keys::list_links, keys::create_link))
        .routes(routes!(keys::revoke_link))
        .routes(routes!(changes::list))
        .routes(routes!(changes::stream))
        .routes(routes!(changes::snapshot))
        .routes(routes!(history::history))
        .routes(routes!(operations::livez))
        .routes(routes!(operations::readyz))
        .routes(routes!(operations::metrics))
        .routes(routes!(documents::problem))
}
