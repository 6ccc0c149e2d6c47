//! Questions about who has reported.

pub(crate) mod answer;

use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityId, region_code::RegionCode, region_name::RegionText, rejection::Rejection,
        text::Slug,
    },
    query::{
        Query,
        cursor::{Cursor, CursorText},
        known_region,
        params::{Limit, Moment},
    },
    snapshot::Snapshot,
};

/// When a facility reported last, if ever.
type Reported = (Option<Timestamp>, FacilityId);
/// When a facility's report became due.
type Due = (Timestamp, FacilityId);

/// The completeness of reports.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompletenessQuery {
    /// A region at any level: its Kemendagri code, or its name; the whole country if left out
    #[param(inline, value_type = Option<RegionText>, example = "33")]
    pub region: Option<RegionCode>,
    /// Only facilities of this kind, such as `hospital`
    #[param(inline)]
    pub kind: Option<Slug>,
    /// Facilities on a page, 20 if left out
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// `next` of the page before
    #[serde(default)]
    #[param(inline, value_type = Option<CursorText>)]
    pub cursor: Cursor<Reported>,
    /// What the directory knew at this moment (RFC 3339), and how it was seen then
    #[param(inline)]
    pub as_of: Option<Moment>,
}

/// Lists the facilities whose report became due.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RemindersQuery {
    /// A region inside the key's, by code or name
    #[param(inline, value_type = Option<RegionText>, example = "33.74")]
    pub region: Option<RegionCode>,
    /// Reminders at once, 20 if left out
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// `next` of the poll before
    #[serde(default)]
    #[param(inline, value_type = Option<CursorText>)]
    pub cursor: Cursor<Due>,
}

impl CompletenessQuery {
    /// The query in canonical form.
    pub fn checked(self, state: &Snapshot) -> Result<Query, Rejection> {
        known_region(self.region, "region", state)?;
        self.cursor.check(&self)?;
        Ok(Query::Completeness(self))
    }
}

impl RemindersQuery {
    /// The query in canonical form.
    pub fn checked(self, state: &Snapshot) -> Result<Query, Rejection> {
        known_region(self.region, "region", state)?;
        self.cursor.check(&self)?;
        Ok(Query::Reminders(self))
    }
}
