//! Questions about who has reported.

use super::{Question, known_region, limit};
use crate::{
    answer::{cursor, params::Params},
    clock::Timestamp,
    directory::{facility::FacilityId, refusal::Refusals, region_code::RegionCode, text::Slug},
    snapshot::Snapshot,
};

/// Who has reported?
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CompletenessQuestion {
    /// In this region; anywhere for `None`.
    pub region: Option<RegionCode>,
    /// Only facilities of this kind.
    pub kind: Option<Slug>,
    /// Facilities on a page.
    pub limit: u32,
    /// The last facility of the page before, with the time of its newest number.
    pub after: Option<(Option<Timestamp>, FacilityId)>,
}

/// Whose report became due?
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RemindersQuestion {
    /// In this region; anywhere for `None`.
    pub region: Option<RegionCode>,
    /// Reminders at once.
    pub limit: u32,
    /// The last one that was seen.
    pub after: Option<(Timestamp, FacilityId)>,
}

impl Question {
    /// Reads the parameters of `/v1/completeness`.
    pub fn completeness(query: &str, state: &Snapshot) -> Result<Self, Refusals> {
        let mut params = Params::parse(query)?;
        let mut question = CompletenessQuestion {
            region: known_region(params.take_region("region")?, "region", state)?,
            kind: params.take_slug("kind")?,
            limit: limit(&mut params)?,
            after: None,
        };
        let cursor = params.take_cursor()?;
        params.finish("region, kind, limit, cursor, as_of")?;
        question.after = cursor.map(|text| cursor::open(&text, &question.without_page())).transpose()?;
        Ok(Self::Completeness(question))
    }
}

impl CompletenessQuestion {
    pub(in crate::answer) fn without_page(&self) -> Self {
        Self { after: None, limit: 0, ..self.clone() }
    }
}

impl RemindersQuestion {
    /// Reads the parameters of `/v1/reminders`.
    pub fn read(query: &str, state: &Snapshot) -> Result<Self, Refusals> {
        let mut params = Params::parse(query)?;
        let mut question = Self {
            region: known_region(params.take_region("region")?, "region", state)?,
            limit: limit(&mut params)?,
            after: None,
        };
        let cursor = params.take_cursor()?;
        params.finish("region, limit, cursor")?;
        question.after = cursor.map(|text| cursor::open(&text, &question.without_page())).transpose()?;
        Ok(question)
    }

    pub(in crate::answer) fn without_page(&self) -> Self {
        Self { after: None, limit: 0, ..self.clone() }
    }
}
