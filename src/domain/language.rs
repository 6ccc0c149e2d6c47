//! The two languages.

pub use crate::locales::{Bilingual, Language};
