//! The pages, walked in a real browser as their users walk them: a server process, `chromedriver` and a headless
//! Chromium for each test.
//!
//! Every page of the public and of a facility is in [`audits`]. A walk for another page needs a few lines:
//!
//! ```ignore
//! let site = Site::start().await;
//! let page = Browser::start(&site).await;
//! page.open("/").await;
//! page.tap("Jawa Tengah").await;
//! page.sees("Per wilayah").await;
//! page.audit("region", "/regions/33").await;
//! ```
//!
//! `SCREENSHOTS=FOLDER` writes a picture of each audited page at both sizes, light and dark.
#![cfg(test)]

mod audit;
mod audits;
mod board;
mod browser;
#[expect(dead_code, reason = "shared with the other tests, which also take databases away")]
#[path = "../it/support/database.rs"]
mod database;
mod desk;
mod form;
mod office;
mod openid;
#[expect(dead_code, reason = "shared with the other tests, which also kill and wait for servers")]
#[path = "../it/support/server.rs"]
mod server;
mod site;

use std::sync::Arc;

use sedia::{
    clock::SystemClock,
    node::{Node, NodeConfig},
    store::Durability,
};

use self::{browser::Browser, database::TestDatabase, site::Site};

/// What a first start does to the empty database at `url`.
async fn first_start(url: &str) {
    let config = NodeConfig { durability: Durability::Normal, ..NodeConfig::at(url.to_owned()) };
    Node::start(&config, Arc::new(SystemClock)).await.unwrap().stop().await.unwrap();
}
