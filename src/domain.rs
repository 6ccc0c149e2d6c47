//! The domain: what a region, a facility, a number and a report are, and the rules that hold for them.
//!
//! Knows neither HTTP nor SQL. Everything here is a plain value or a pure function of plain values.

pub mod change;
pub mod contact;
pub mod days;
pub mod facility;
pub mod fields;
pub mod freshness;
pub mod geo;
pub mod intake;
pub mod json;
pub mod key;
pub mod lexicon;
pub mod mark;
pub mod message;
pub mod moment;
pub mod names;
pub mod numbers;
pub mod observation;
pub mod outlier;
pub mod outline;
pub mod patch;
pub mod quota;
pub mod ranking;
pub mod region;
pub mod region_code;
pub mod region_name;
pub mod rejection;
pub mod resource_type;
pub mod room;
pub mod session;
pub mod sign_in;
pub mod text;
pub mod total;
pub mod trend;
