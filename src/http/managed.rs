//! Lists that only those see who manage a region: they are read from memory, page by page, and not cached.

use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::IntoParams;

use super::{Problem, extract::Caller};
use crate::{
    auth::Principal,
    domain::{
        facility::Facility,
        region_code::RegionCode,
        rejection::{Code, Rejection},
    },
    query::{
        cursor::{self, Cursor, CursorText},
        known_region,
        params::{self, Limit},
    },
    snapshot::Snapshot,
};

/// The parameters of such a list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageParams {
    /// Kemendagri code; the region of the key if left out
    #[param(inline, example = "33.74")]
    region: Option<RegionCode>,
    /// Entries on a page, 20 if left out
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before
    #[serde(default)]
    #[param(inline, value_type = Option<CursorText>)]
    cursor: Cursor<Value>,
}

/// A page of such a list, as it was asked for.
pub(super) struct Page<T> {
    /// The region it is about; none is the whole country.
    pub(super) region: Option<RegionCode>,
    /// How many entries.
    pub(super) limit: usize,
    /// The last entry of the page before.
    pub(super) after: Option<T>,
    list: &'static str,
}

impl<T: Serialize + DeserializeOwned + Clone> Page<T> {
    /// Reads `region`, `limit` and `cursor` of a list for those who manage the region. A coordinator who names no
    /// region means its own.
    pub(super) fn read(
        list: &'static str,
        caller: &Caller,
        state: &Snapshot,
        query: Option<&str>,
    ) -> Result<Self, Problem> {
        caller.principal.check_reports()?;
        Self::read_if(Principal::check_changes, list, caller, state, query)
    }

    /// The same of a list for those who see what is internal in the region.
    pub(super) fn read_as_agent(
        list: &'static str,
        caller: &Caller,
        state: &Snapshot,
        query: Option<&str>,
    ) -> Result<Self, Problem> {
        caller.principal.check_key()?;
        Self::read_if(Principal::check_sees_internal, list, caller, state, query)
    }

    fn read_if(
        check: fn(&Principal, Option<RegionCode>) -> Result<(), Rejection>,
        list: &'static str,
        caller: &Caller,
        state: &Snapshot,
        query: Option<&str>,
    ) -> Result<Self, Problem> {
        let PageParams { region, limit, cursor } = params::read(query.unwrap_or_default())?;
        let own = match &caller.principal {
            Principal::Key(key) => key.region,
            _ => None,
        };
        let region = region.or(own);
        check(&caller.principal, region).map_err(|rejection| match rejection.code {
            Code::OutsideScope => Rejection { pointer: "region".into(), ..rejection },
            _ => rejection,
        })?;
        known_region(region, "region", state)?;
        let cursor: Cursor<T> = cursor.typed()?;
        cursor.check(&(list, region))?;
        Ok(Self { region, limit: limit.get(), after: cursor.after().cloned(), list })
    }

    /// Whether something of `facility` belongs on it.
    pub(super) fn covers(&self, facility: &Facility) -> bool {
        self.region.is_none_or(|region| region.covers(facility.region))
    }

    /// The entries of the page, and the cursor of the next one; `last` names an entry.
    pub(super) fn take<E>(
        &self,
        entries: impl Iterator<Item = E>,
        last: impl Fn(&E) -> T,
    ) -> (Vec<E>, Option<String>) {
        let mut page: Vec<E> = entries.take(self.limit + 1).collect();
        let is_more = page.len() > self.limit;
        page.truncate(self.limit);
        let next = page.last().filter(|_| is_more);
        let next = next.map(|entry| cursor::seal(&(self.list, self.region), &last(entry)));
        (page, next)
    }
}

/// The response: for this reader only.
pub(super) fn private(answer: impl Serialize) -> Response {
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (no_store, Json(answer)).into_response()
}
