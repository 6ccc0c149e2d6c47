//! Pages for people, on the public contract alone: whatever a page shows or does, a program can get and do, too.
//!
//! The server writes whole pages, which work as they come; a script only adds comfort. `frame` is what all pages have
//! around them, `report` is the form of a facility, `board` what everybody sees of a region, `desk` where
//! agents answer callers, `office` the coordinator's, and `assets` the files beside them. `sign_in` tells who looks at a
//! page, `entered` what a form brought, `wire` what they read in answers, `chart` draws how a number went, `account` is
//! where people sign in and out, and `openid` the way to a provider and back.

mod account;
mod assets;
mod board;
mod chart;
mod desk;
mod entered;
mod frame;
mod office;
mod openid;
mod report;
mod sign_in;
mod wire;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, header},
    middleware::from_fn,
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_http::{compression::CompressionLayer, set_header::SetResponseHeaderLayer};

use crate::http::{Contract, tell_written};

/// The most that a form may be, in bytes: a facility with every type is a tenth of it.
const MOST_FORM: usize = 64 * 1024;
/// Nothing but our own files, and nobody may frame a page. No script and no style stands inside a page, so text from
/// outside that slipped through could do nothing.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// For pages that others may frame: they show public numbers, and nothing on them can be done by a click.
const FRAMED_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *";

/// The pages, for the routes of a node.
pub fn pages(contract: Contract) -> Router {
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    let guarded = |routes: Router<Contract>, policy: &'static str, referrer: &'static str| {
        let around = ServiceBuilder::new()
            .layer(header(header::CONTENT_SECURITY_POLICY, policy))
            .layer(header(header::REFERRER_POLICY, referrer))
            .layer(from_fn(tell_written))
            .layer(CompressionLayer::new())
            .layer(DefaultBodyLimit::max(MOST_FORM));
        routes.layer(around)
    };
    // The address of a form is a secret. Without a referrer browsers do not tell either which site a form comes from, so
    // pages of people who sign in have one, for this site alone.
    let pages = guarded(public(), CONTENT_SECURITY_POLICY, "no-referrer");
    let pages = pages.merge(guarded(signed_in(), CONTENT_SECURITY_POLICY, "same-origin"));
    pages.merge(guarded(framed(), FRAMED_SECURITY_POLICY, "no-referrer")).with_state(contract)
}

/// Pages that nobody signs in for.
fn public() -> Router<Contract> {
    Router::new()
        .route("/", get(board::country))
        .route("/regions/{code}", get(board::region))
        .route("/regions/{code}/feed.atom", get(board::feed::region))
        .route("/facilities/{id}", get(board::facility::show))
        .route("/r/{token}", get(report::show).post(report::send))
        .route("/r/{token}/app.webmanifest", get(report::manifest))
        .route("/worker.js", get(assets::worker))
        .route("/assets/{file}", get(assets::file))
}

/// Pages for the frames of others.
fn framed() -> Router<Contract> {
    Router::new().route("/embed/regions/{code}", get(board::embed::region))
}

/// Pages of people who signed in.
fn signed_in() -> Router<Contract> {
    Router::new()
        .route("/sign-in", get(account::form).post(account::sign_in))
        .route("/sign-in/openid", get(openid::begin))
        .route(crate::openid::RETURN_PATH, get(openid::finish))
        .route("/sign-out", get(openid::signed_out).post(account::sign_out))
        .route("/account", get(account::show))
        .route("/desk", get(desk::show))
        .route("/desk/answer", get(desk::answer))
        .route("/desk/copy", get(desk::copy))
        .route("/desk/changes", get(desk::changes))
        .route("/desk/marks", post(desk::mark))
        .merge(office::routes())
        .route("/report", get(report::show_own).post(report::send_own))
}
