//! The rules of an isolation site that an agent must tell a caller.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{rejection::Rejection, text::short_text};

/// The longest of its texts, in characters.
const LONGEST: usize = 500;

/// The people whom a place takes in, and how. A member that nobody stated is null.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// The people whom the place takes in.
    #[serde(default)]
    #[schema(example = "Positif tanpa gejala, 18 sampai 60 tahun")]
    pub criteria: Option<String>,
    /// Things to bring along.
    #[serde(default)]
    #[schema(example = "KTP, hasil tes, pakaian untuk 10 hari")]
    pub bring: Option<String>,
    /// The way to get there: whether somebody fetches people, and who does.
    #[serde(default)]
    #[schema(example = "Dijemput ambulans puskesmas")]
    pub pickup: Option<String>,
    /// The office that must refer people.
    #[serde(default)]
    #[schema(example = "Puskesmas tempat tinggal")]
    pub referral: Option<String>,
}

impl Intake {
    /// Its texts on one line.
    pub fn in_short(&self) -> String {
        let texts = [&self.criteria, &self.bring, &self.pickup, &self.referral];
        texts.into_iter().flatten().cloned().collect::<Vec<_>>().join("; ")
    }

    /// This intake with tidy texts of at most 500 characters; None if it is empty.
    pub fn checked(self, pointer: &str) -> Result<Option<Self>, Rejection> {
        let text = |text: Option<String>, field: &str| match text {
            Some(text) if !text.trim().is_empty() => {
                short_text(&text, LONGEST, &format!("{pointer}/{field}")).map(Some)
            }
            _ => Ok(None),
        };
        let checked = Self {
            criteria: text(self.criteria, "criteria")?,
            bring: text(self.bring, "bring")?,
            pickup: text(self.pickup, "pickup")?,
            referral: text(self.referral, "referral")?,
        };
        Ok((checked != Self::default()).then_some(checked))
    }
}
