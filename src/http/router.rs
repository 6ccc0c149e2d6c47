//! The router: the documented routes, and what is served beside them.

use std::sync::Arc;

use axum::{Router, middleware::from_fn, routing::get};

use super::{
    App, documents, middleware,
    resources::{bridge, documented, operations},
};

/// The router.
pub(super) fn router(app: Arc<App>) -> Router {
    let (router, _) = documented().split_for_parts();
    router
        .route("/openapi.json", get(documents::openapi))
        .merge(documents::page())
        .merge(bridge::other_addresses())
        .fallback(operations::not_found)
        .method_not_allowed_fallback(operations::method_not_allowed)
        .layer(from_fn(middleware::tell_route))
        .with_state(app)
}
