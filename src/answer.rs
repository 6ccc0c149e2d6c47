//! Questions in canonical form, their answers, the representations, and the cache.
//!
//! A [`question::Question`] is what was asked, however it was written; [`Answers`] gives its bytes. Bytes
//! are made once per (question, audience, representation, version) and shared.

mod area;
mod availability;
mod body;
mod cache;
pub mod changes;
mod completeness;
pub(crate) mod cursor;
pub mod demand;
pub mod doubts;
mod facilities;
pub mod forms;
mod geojson;
pub mod history;
pub mod marks;
pub mod model;
mod overview;
mod packing;
pub mod params;
pub mod question;
mod regions;
mod render;
mod search;
mod table;
pub mod text;
mod totals;
mod vaccinations;
mod view;
mod wish;

pub use self::{
    body::{Body, Coding, Told},
    cache::Answers,
    packing::Packed,
    render::{Format, Representation},
};
