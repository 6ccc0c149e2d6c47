//! The question who changed what, and when.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    auth::{Audience, Principal},
    domain::{
        change::{Change, ChangeKind, Seq},
        facility::{FacilityId, FacilityRef},
        region_code::RegionCode,
        region_name::RegionText,
        rejection::{Code, Rejection},
    },
    locales::{Language, Message},
    query::{
        cursor::{self, Cursor, CursorText},
        known_region,
        params::{Actor, Limit, Moment},
        view::View,
    },
    render::{
        audit::{AuditAnswer, AuditEntry, Auditor},
        model::Resolved,
    },
    snapshot::Snapshot,
};

/// Which changes are asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// The entries of the facility that is asked for: [`Self::check`] finds them.
    #[serde(skip)]
    pub facilities: Vec<FacilityId>,
    /// A region by code or name; the region of the key if left out
    #[param(inline, value_type = Option<RegionText>, example = "33.74")]
    pub region: Option<RegionCode>,
    /// Only what was changed at this facility: our id, or `system:value`
    #[param(example = "kemenkes:3374010")]
    pub facility: Option<String>,
    /// Only what was changed with this key, by its id; or by `public` or a part of the node: `cli`, `demo`, `message`, `openid`, `reference`, `upkeep`
    #[param(inline)]
    pub by: Option<Actor>,
    /// Only changes of these sorts, separated by commas
    #[serde(default)]
    #[param(inline, style = Form, explode = false, min_items = 1, example = json!(["facility", "key"]))]
    pub kind: Vec<ChangeKind>,
    /// Received at this moment (RFC 3339) or later
    #[param(inline)]
    pub since: Option<Moment>,
    /// Received before this moment
    #[param(inline)]
    pub until: Option<Moment>,
    /// Changes on a page, 20 if left out
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// `next` of the page before
    #[serde(default)]
    #[param(inline, value_type = Option<CursorText>)]
    pub cursor: Cursor<Seq>,
}

impl AuditQuery {
    /// Refuses what cannot be, and what `principal` does not manage; finds the facility. Somebody who names no region
    /// means the own one.
    pub fn check(&mut self, principal: &Principal, state: &Snapshot) -> Result<(), Rejection> {
        let own = match principal {
            Principal::Key(key) => key.region,
            Principal::Public | Principal::Operator(_) => None,
        };
        self.region = known_region(self.region.or(own), "region", state)?;
        let under = |pointer: &'static str| {
            move |rejection: Rejection| match rejection.code {
                Code::OutsideScope => Rejection { pointer: pointer.into(), ..rejection },
                _ => rejection,
            }
        };
        principal.check_changes(self.region).map_err(under("region"))?;
        if let Some(given) = &self.facility {
            let known = state.resolve(&FacilityRef::parse(given, "facility")?);
            let facility = &known.ok_or_else(|| FacilityRef::unknown(given, "facility"))?.facility;
            principal.check_changes(Some(facility.region)).map_err(under("facility"))?;
            self.facilities = [&[facility.id], &*facility.merged].concat();
        }
        if let (Some(Moment(since)), Some(Moment(until))) = (&self.since, &self.until)
            && since >= until
        {
            let detail = Message::new("moments-out-of-order");
            return Err(Rejection::new(Code::ParametersDisagree, "until", detail));
        }
        self.kind.sort_unstable();
        self.kind.dedup();
        self.cursor.check(&self)
    }
}

/// A page being filled.
pub struct Page<'a> {
    /// What is asked for.
    pub query: &'a AuditQuery,
    auditor: Auditor<'a>,
    state: &'a Snapshot,
    audit: Vec<AuditEntry>,
}

impl<'a> Page<'a> {
    /// An empty page, for somebody who manages what `query` is about.
    pub const fn new(query: &'a AuditQuery, principal: &'a Principal, state: &'a Snapshot) -> Self {
        let auditor = Auditor { principal, region: query.region };
        Self { query, auditor, state, audit: Vec::new() }
    }

    /// Before which change the page begins.
    pub fn start(&self) -> Seq {
        let newest = self.state.seq() + 1;
        self.query.cursor.after().copied().unwrap_or(newest).min(newest)
    }

    /// Takes a change if they may see it; says whether it did not need to be left for the next page.
    pub fn take(&mut self, change: &Change) -> bool {
        let Some(entry) = self.auditor.sees(change, self.state) else { return true };
        let has_room = self.audit.len() < self.query.limit.get();
        if has_room {
            self.audit.push(entry);
        }
        has_room
    }

    /// The page; the one after it begins before the change `next`.
    pub fn into_answer(self, next: Option<Seq>, resolved: Vec<Resolved>, language: Language) -> AuditAnswer {
        let view = View::new(self.state, Audience::Internal(self.query.region), language);
        let numbers = self.audit.iter().flat_map(|entry| entry.content.numbers());
        let labels: BTreeMap<_, _> = numbers.map(|(about, _)| (about.clone(), view.label(&about))).collect();
        AuditAnswer {
            resolved,
            audit: self.audit,
            next: next.map(|before| cursor::seal(&self.query, &before)),
            region: self.query.region.and_then(|code| view.region(code)),
            zone: view.zone(self.query.region),
            labels,
        }
    }
}
