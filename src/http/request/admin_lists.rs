//! Lists for people who manage a region, or work in it: they are read from memory, page by page, and not cached.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts, response::Response};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::IntoParams;

use super::{Params, ReadRequest};
use crate::{
    auth::Principal,
    domain::{
        facility::Facility,
        region_code::RegionCode,
        region_name::RegionText,
        rejection::{Code, Rejection},
    },
    http::{App, Problem, response},
    query::{
        cursor::{self, Cursor, CursorText},
        known_region,
        params::Limit,
    },
    render::model::Resolved,
    snapshot::Snapshot,
};

/// The parameters of such a list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct PageParams {
    /// A region by code or name; the region of the key if left out
    #[param(inline, value_type = Option<RegionText>, example = "33.74")]
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

/// A request for a list that managers of the region see. A coordinator who names no region means the own one.
pub(in crate::http) struct AdminList {
    pub(in crate::http) request: ReadRequest,
    /// The directory that the list is read from.
    pub(in crate::http) state: Arc<Snapshot>,
    /// The region it is about; none is the whole country.
    pub(in crate::http) region: Option<RegionCode>,
    limit: Limit,
    cursor: Cursor<Value>,
}

/// A request for a list that readers of internal data in the region see.
pub(in crate::http) struct AgentList(pub(in crate::http) AdminList);

impl FromRequestParts<App> for AdminList {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let request = ReadRequest::from_request_parts(parts, app).await?;
        request.caller.principal.check_reports()?;
        Self::of(request, Principal::check_changes, parts, app).await
    }
}

impl FromRequestParts<App> for AgentList {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let request = ReadRequest::from_request_parts(parts, app).await?;
        request.caller.principal.check_key()?;
        AdminList::of(request, Principal::check_sees_internal, parts, app).await.map(Self)
    }
}

impl AdminList {
    async fn of(
        request: ReadRequest,
        check: fn(&Principal, Option<RegionCode>) -> Result<(), Rejection>,
        parts: &mut Parts,
        app: &App,
    ) -> Result<Self, Problem> {
        let Params(PageParams { region, limit, cursor }) = Params::from_request_parts(parts, app).await?;
        let own = match &request.caller.principal {
            Principal::Key(key) => key.region,
            _ => None,
        };
        let region = region.or(own);
        check(&request.caller.principal, region).map_err(|rejection| match rejection.code {
            Code::OutsideScope => Rejection { pointer: "region".into(), ..rejection },
            _ => rejection,
        })?;
        let state = app.reads.current();
        known_region(region, "region", &state)?;
        Ok(Self { request, state, region, limit, cursor })
    }

    /// The response with a list that comes as JSON only.
    pub(in crate::http) fn reply(&self, answer: impl Serialize) -> Response {
        let mut response = response::unstored(answer);
        let resolved = Resolved::in_a_line(&self.request.resolved());
        response::say_resolved(response.headers_mut(), resolved.as_deref());
        response
    }

    /// Whether something of `facility` belongs on it.
    pub(in crate::http) fn covers(&self, facility: &Facility) -> bool {
        self.region.is_none_or(|region| region.covers(facility.region))
    }

    /// The page of the list called `name`, whose entries differ in `T`.
    pub(in crate::http) fn page<T: DeserializeOwned + Clone>(
        &self,
        name: &'static str,
    ) -> Result<Page<T>, Rejection> {
        let cursor: Cursor<T> = self.cursor.clone().typed()?;
        cursor.check(&(name, self.region))?;
        let after = cursor.after().cloned();
        Ok(Page { after, list: (name, self.region), limit: self.limit.get() })
    }
}

/// A page of such a list, as it was asked for.
pub(in crate::http) struct Page<T> {
    /// The last entry of the page before.
    pub(in crate::http) after: Option<T>,
    list: (&'static str, Option<RegionCode>),
    limit: usize,
}

impl<T: Serialize> Page<T> {
    /// The entries of the page, and the cursor of the next one; `last` names an entry.
    pub(in crate::http) fn take<E>(
        &self,
        entries: impl Iterator<Item = E>,
        last: impl Fn(&E) -> T,
    ) -> (Vec<E>, Option<String>) {
        let mut page: Vec<E> = entries.take(self.limit + 1).collect();
        let is_more = page.len() > self.limit;
        page.truncate(self.limit);
        let next = page.last().filter(|_| is_more);
        let next = next.map(|entry| cursor::seal(&self.list, &last(entry)));
        (page, next)
    }
}
