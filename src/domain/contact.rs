//! Contacts to call when the directory has no answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{facility::Visibility, region_code::RegionCode, text::Slug};

/// The id of a contact.
pub type ContactId = Uuid;

/// A contact of a region, as it is stored. It answers for the region and all that lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contact {
    /// Our id.
    #[schema(value_type = String, format = "uuid")]
    pub id: ContactId,
    /// The region; null means the whole country.
    pub region: Option<RegionCode>,
    /// The name of the office or person, such as `Dinas Kesehatan Kota Semarang`.
    pub name: String,
    /// The role: `psc119`, `satgas`, `dinkes`, `call_centre`, …
    pub role: Slug,
    /// The number.
    pub phone: String,
    /// The readers who may see it.
    #[serde(default)]
    pub visibility: Visibility,
}
