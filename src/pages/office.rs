//! The coordinator's office: who has not reported, which numbers are odd, and everything that somebody may change in a
//! region.
//!
//! `frame` is what its pages have in common, `form` the one way to ask for something and to say what is wrong with it,
//! `table` the one way to list. Every other file is a section.

mod changes;
mod contacts;
mod duplicates;
mod facilities;
mod facility;
mod first;
mod form;
mod frame;
mod import;
mod keys;
mod links;
mod numbers;
mod sessions;
mod site;
mod table;
mod unmapped;
mod whatsapp;
mod wire;

use axum::{
    Router,
    routing::{get, post},
};

use super::frame::{in_address, telephone};
use crate::http::Contract;

/// The pages of the office.
pub(super) fn routes() -> Router<Contract> {
    Router::new()
        .route("/office", get(first::show))
        .route("/office/confirm", post(numbers::confirm))
        .route("/office/marks/{id}/end", post(first::end_mark))
        .route("/office/facilities", get(facilities::list))
        .route("/office/facilities/{id}", get(facility::show))
        .route("/office/facilities/{id}/edit", get(facility::edit::show).post(facility::edit::save))
        .route("/office/facilities/{id}/numbers", get(numbers::show).post(numbers::save))
        .route("/office/facilities/{id}/closed", post(facility::set_closed))
        .route("/office/facilities/{id}/links", post(links::create))
        .route("/office/sites/new", get(site::show).post(site::save))
        .route("/office/links", get(links::list))
        .route("/office/links/{id}/revoke", post(links::revoke))
        .route("/office/keys", get(keys::list).post(keys::create))
        .route("/office/keys/{id}/revoke", post(keys::revoke))
        .route("/office/import", get(import::show).post(import::send))
        .route("/office/duplicates", get(duplicates::list))
        .route("/office/duplicates/{stays}/{goes}", get(duplicates::compare).post(duplicates::merge))
        .route("/office/unmapped", get(unmapped::list).post(unmapped::map))
        .route("/office/contacts", get(contacts::list))
        .route("/office/contacts/{id}", get(contacts::show).post(contacts::save))
        .route("/office/contacts/{id}/end", post(contacts::end))
        .route("/office/sessions", get(sessions::list))
        .route("/office/sessions/{id}", get(sessions::show).post(sessions::save))
        .route("/office/sessions/{id}/end", post(sessions::end))
        .route("/office/changes", get(changes::list))
}
