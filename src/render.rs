//! Answers as JSON, whole and short, text, CSV and GeoJSON. No rule is decided here.

pub mod audit;
pub mod body;
pub mod changes;
pub mod forms;
pub mod geojson;
pub mod model;
pub mod packing;
pub mod short;
pub mod table;
pub mod tags;
pub mod text;

pub use self::{
    body::{Body, Coding, ResponseMeta},
    forms::{Format, Representation, encoded_table},
    packing::Packed,
};
