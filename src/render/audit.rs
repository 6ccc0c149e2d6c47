//! Who changed what, and when: the log as those see it who manage a region.
//!
//! What every reader of the log may see comes as in [`super::changes`]; keys, sign-ins and rooms are added for the
//! people who manage them. The log keeps no addresses, so there are none.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use utoipa::ToSchema;

use super::changes::{Content, FacilityContent, Reader, What, key_of};
use crate::{
    auth::Principal,
    clock::Timestamp,
    domain::{
        change::{Change, ChangeKind, Effect, Seq},
        contact::Contact,
        facility::FacilityId,
        key::{Key, KeyId, KeyView, Role},
        mark::MarkKind,
        numbers::Numbers,
        observation::Source,
        region::Zone,
        region_code::RegionCode,
        room::{Room, System},
        sign_in::SignIn,
        text::wire_name,
    },
    render::model::{FacilityBrief, RegionRef, Resolved},
    snapshot::Snapshot,
};

/// A page of the audit.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AuditAnswer {
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The changes, the newest first.
    pub audit: Vec<AuditEntry>,
    /// The cursor of the next page; null on the last. A page can be short, even empty, and still have a next one: only so
    /// much of the log is looked at for one page.
    pub next: Option<String>,
    /// The region; None for the whole country.
    #[serde(skip)]
    pub region: Option<RegionRef>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
    /// The labels of the types by their codes, in the language of the answer.
    #[serde(skip)]
    pub labels: BTreeMap<String, String>,
}

/// One change, as those see it who manage what it is about.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its number.
    pub seq: Seq,
    /// When the directory learned it.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who made it.
    pub by: Author,
    /// Which way reported numbers came; null for everything else.
    pub source: Option<Source>,
    /// The facility it is about, as it is now; null if it is about none.
    pub facility: Option<FacilityBrief>,
    /// The region it belongs to, that of the facility for a report; null for the whole country.
    pub region: Option<RegionCode>,
    /// The effect.
    #[serde(flatten)]
    pub content: AuditContent,
    /// The sort of change.
    #[serde(skip)]
    pub kind: ChangeKind,
}

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Author {
    /// As the log has it, good for `by`: `key:` and the id of a key, or the part of the node.
    #[schema(example = "key:01979f2b-5f80-7cc0-98e5-59b1e6b1b0a1")]
    pub actor: String,
    /// The name of the key; the actor again if there is none, or none any more.
    pub name: String,
    /// The role of the key; null without one.
    pub role: Option<Role>,
}

/// The new state of what changed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AuditContent {
    /// What every reader of the log may see.
    Shared(Box<Content>),
    /// What only those see who manage it.
    Managed(ManagedContent),
}

/// The new state of what only those see who manage it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
pub enum ManagedContent {
    /// A key or a link was made or revoked.
    Key(KeyView),
    /// A key that ended long ago was forgotten.
    KeyForgotten {
        /// The id.
        #[schema(value_type = String, format = "uuid")]
        id: KeyId,
    },
    /// Somebody signed in with a key, or used a sign-in.
    SignedIn {
        /// The key.
        #[schema(value_type = String, format = "uuid")]
        key: KeyId,
        /// When the sign-in ends unless it is used.
        #[schema(value_type = String, format = DateTime)]
        expires_at: Timestamp,
    },
    /// Somebody signed out.
    SignedOut {
        /// The key.
        #[schema(value_type = String, format = "uuid")]
        key: KeyId,
    },
    /// A hospital system reported a room, or removed it.
    Room {
        /// The owner.
        facility: FacilityId,
        /// The system that reported it.
        system: System,
        /// Its id in that system.
        id: String,
        /// The bed class in it, as a code of that system; null if no row stated one.
        code: Option<String>,
        /// The name that the hospital uses.
        name: String,
        /// Its numbers.
        numbers: Numbers,
        /// The system removed it.
        removed: bool,
    },
    /// A room was forgotten.
    RoomEnded {
        /// The owner.
        facility: FacilityId,
        /// The system that reported it.
        system: System,
        /// Its id in that system.
        id: String,
    },
}

/// Somebody who looks back on a region that they manage; None is the whole country.
#[derive(Debug, Clone, Copy)]
pub struct Auditor<'a> {
    /// Who looks.
    pub principal: &'a Principal,
    /// Where.
    pub region: Option<RegionCode>,
}

impl Auditor<'_> {
    /// The change as they see it; None if not at all. `state` knows where facilities and keys are.
    pub fn sees(self, change: &Change, state: &Snapshot) -> Option<AuditEntry> {
        let (region, content) = match &change.effect {
            Effect::Key(key) => self.managed(key, ManagedContent::Key(key.into()), state)?,
            // Nobody knows any more where it was.
            Effect::KeyForgotten { .. } if self.region.is_some() => return None,
            Effect::KeyForgotten { id } => (None, ManagedContent::KeyForgotten { id: *id }.into()),
            Effect::SignedIn(sign_in) => {
                let SignIn { key, expires_at, .. } = *sign_in;
                self.managed(state.key(key)?, ManagedContent::SignedIn { key, expires_at }, state)?
            }
            Effect::SignedOut(SignIn { key, .. }) => {
                self.managed(state.key(*key)?, ManagedContent::SignedOut { key: *key }, state)?
            }
            Effect::Room(room) => {
                (Some(state.facility(room.facility)?.facility.region), ManagedContent::from(room).into())
            }
            Effect::RoomEnded { facility, system, id } => {
                let region = state.facility(*facility)?.facility.region;
                let (facility, system, id) = (*facility, *system, id.clone());
                (Some(region), ManagedContent::RoomEnded { facility, system, id }.into())
            }
            // A contact of elsewhere has not ended, as it has for a mirror.
            Effect::Contact(Contact { region, .. }) if !self.concerns(*region) => return None,
            _ => {
                let reader = Reader { audience: self.principal.audience(), region: None };
                let What { region, content } = reader.what(change, state)?;
                (region, AuditContent::Shared(Box::new(content)))
            }
        };
        let source = match &change.effect {
            Effect::Report(report) => Some(report.source),
            Effect::SessionReport(report) => Some(report.source),
            Effect::Room(_) | Effect::RoomEnded { .. } => Some(Source::Bridge),
            _ => None,
        };
        let facility = change.effect.facility().and_then(|id| state.facility(id));
        self.concerns(region).then(|| AuditEntry {
            seq: change.seq,
            at: change.at,
            by: Author::of(change, state),
            source,
            facility: facility.map(|known| FacilityBrief::of(state, &known.facility)),
            region,
            content,
            kind: change.effect.kind(),
        })
    }

    /// Whether something of `region` shows in the region that is looked at.
    fn concerns(self, region: Option<RegionCode>) -> bool {
        match (self.region, region) {
            (None, _) | (_, None) => true,
            (Some(asked), Some(region)) => asked.covers(region) || region.covers(asked),
        }
    }

    /// What is said of a key and where it is, if they manage it, or it is their own, and it lies in the region that is
    /// looked at.
    fn managed(
        self,
        key: &Key,
        content: ManagedContent,
        state: &Snapshot,
    ) -> Option<(Option<RegionCode>, AuditContent)> {
        let facilities = key.facilities.iter().filter_map(|id| state.facility(*id));
        let regions: Vec<RegionCode> = facilities.map(|known| known.facility.region).collect();
        let is_own = matches!(self.principal, Principal::Key(own) if own.id == key.id);
        let is_managed = is_own || self.principal.check_manages(key, &regions).is_ok();
        let mut places = key.region.into_iter().chain(regions);
        let region = match self.region {
            Some(asked) => Some(places.find(|place| asked.covers(*place))?),
            None => places.next(),
        };
        is_managed.then(|| (region, content.into()))
    }
}

impl From<ManagedContent> for AuditContent {
    fn from(managed: ManagedContent) -> Self {
        Self::Managed(managed)
    }
}

impl From<&Room> for ManagedContent {
    fn from(room: &Room) -> Self {
        let Room { facility, system, id, code, name, numbers, removed, .. } = room.clone();
        Self::Room { facility, system, id, code, name, numbers, removed }
    }
}

impl Author {
    fn of(change: &Change, state: &Snapshot) -> Self {
        let key: Option<&Arc<Key>> = key_of(change, state);
        let actor = change.actor.to_string();
        Self {
            name: key.map_or_else(|| actor.clone(), |key| key.name.clone()),
            role: key.map(|key| key.role),
            actor,
        }
    }
}

impl AuditContent {
    /// The numbers in it: the type or the day that each is about, and the number.
    pub(crate) fn numbers(&self) -> Vec<(String, Numbers)> {
        match self {
            Self::Shared(content) => match &**content {
                Content::Report { numbers, .. } => {
                    numbers.iter().map(|number| (number.resource.to_string(), number.numbers)).collect()
                }
                Content::SessionReport { numbers, .. } => {
                    numbers.iter().map(|number| (number.date.to_string(), number.numbers.numbers)).collect()
                }
                _ => Vec::new(),
            },
            Self::Managed(ManagedContent::Room { name, numbers, .. }) => vec![(name.clone(), *numbers)],
            Self::Managed(_) => Vec::new(),
        }
    }

    /// The facility as it became.
    pub(crate) fn facility(&self) -> Option<&FacilityContent> {
        let Self::Shared(content) = self else { return None };
        match &**content {
            Content::Facility(facility) | Content::FacilityEntered { facility, .. } => Some(facility),
            _ => None,
        }
    }

    /// The name of what changed, where that is no facility or there is more to say than its name.
    pub(crate) fn name(&self) -> Option<String> {
        Some(match self {
            Self::Shared(content) => match &**content {
                Content::Region(region) => region.name.clone(),
                Content::Type(resource) => resource.code.to_string(),
                Content::Contact(contact) => contact.name.clone(),
                Content::Session(session) => session.product.to_string(),
                Content::Mark(mark) => match &mark.what {
                    MarkKind::Claim => "claim".to_owned(),
                    MarkKind::Hold { resource } => format!("hold {resource}"),
                    MarkKind::Note(note) => wire_name(note.verdict),
                },
                Content::ContactEnded { id } | Content::MarkEnded { id } => id.to_string(),
                Content::SessionForgotten { id } => id.to_string(),
                Content::Facility(_)
                | Content::FacilityEntered { .. }
                | Content::FacilityLeft { .. }
                | Content::Report { .. }
                | Content::SessionReport { .. } => return None,
            },
            Self::Managed(content) => match content {
                ManagedContent::Key(key) => {
                    let revoked = key.revoked_at.map_or("", |_| ", revoked");
                    format!("{} ({}{revoked})", key.name, key.role.name())
                }
                ManagedContent::KeyForgotten { id } => id.to_string(),
                ManagedContent::SignedIn { .. }
                | ManagedContent::SignedOut { .. }
                | ManagedContent::Room { .. } => return None,
                ManagedContent::RoomEnded { system, id, .. } => format!("{} {id}", system.codes()),
            },
        })
    }
}
