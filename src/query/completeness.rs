//! Questions about who has reported.

pub(crate) mod answer;

use crate::{
    clock::Timestamp,
    domain::{facility::FacilityId, region_code::RegionCode, rejection::Rejections, text::Slug},
    query::{Query, cursor, known_region, limit, params::Params},
    snapshot::Snapshot,
};

/// Who has reported?
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CompletenessQuery {
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
pub struct RemindersQuery {
    /// In this region; anywhere for `None`.
    pub region: Option<RegionCode>,
    /// Reminders at once.
    pub limit: u32,
    /// The last one that was seen.
    pub after: Option<(Timestamp, FacilityId)>,
}

impl Query {
    /// Reads the parameters of `/v1/completeness`.
    pub fn completeness(query: &str, state: &Snapshot) -> Result<Self, Rejections> {
        let mut params = Params::parse(query)?;
        let mut query = CompletenessQuery {
            region: known_region(params.take_region("region")?, "region", state)?,
            kind: params.take_slug("kind")?,
            limit: limit(&mut params)?,
            after: None,
        };
        let cursor = params.take_cursor()?;
        params.finish("region, kind, limit, cursor, as_of")?;
        query.after = cursor.map(|text| cursor::open(&text, &query.without_page())).transpose()?;
        Ok(Self::Completeness(query))
    }
}

impl CompletenessQuery {
    pub(crate) fn without_page(&self) -> Self {
        Self { after: None, limit: 0, ..self.clone() }
    }
}

impl RemindersQuery {
    /// Reads the parameters of `/v1/reminders`.
    pub fn read(query: &str, state: &Snapshot) -> Result<Self, Rejections> {
        let mut params = Params::parse(query)?;
        let mut query = Self {
            region: known_region(params.take_region("region")?, "region", state)?,
            limit: limit(&mut params)?,
            after: None,
        };
        let cursor = params.take_cursor()?;
        params.finish("region, limit, cursor")?;
        query.after = cursor.map(|text| cursor::open(&text, &query.without_page())).transpose()?;
        Ok(query)
    }

    pub(crate) fn without_page(&self) -> Self {
        Self { after: None, limit: 0, ..self.clone() }
    }
}
