//! The two languages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language the directory speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Bahasa Indonesia: the callers' language and the default.
    #[default]
    Id,
    /// English.
    En,
}

impl Language {
    /// The language tag for `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }
}

/// The same text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bilingual {
    /// Bahasa Indonesia.
    pub id: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Both texts at once.
    pub fn new(en: impl Into<String>, id: impl Into<String>) -> Self {
        Self { en: en.into(), id: id.into() }
    }

    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Id => &self.id,
            Language::En => &self.en,
        }
    }
}
