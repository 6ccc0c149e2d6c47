//! Changes: everything that ever happened to the directory, in order.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    contact::{Contact, ContactId},
    facility::{Facility, FacilityId},
    key::{Key, KeyId},
    mark::Mark,
    observation::{Observation, Reading, Source},
    region::Region,
    resource_type::{ResourceType, TypeCode},
    room::{Room, System},
    session::{Session, SessionId, SessionReport},
    sign_in::SignIn,
};
use crate::clock::Timestamp;

/// The number of a change: 1, 2, 3, … without gaps, in the order of commits.
pub type Seq = u64;

/// The effect of a change. It carries the whole new state of what it touches, so that applying it needs
/// nothing but what came before it in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// A region was added or changed.
    Region(Region),
    /// A resource type was added or changed.
    ResourceType(ResourceType),
    /// A facility was added or changed.
    Facility(Facility),
    /// A contact was added or changed.
    Contact(Contact),
    /// A contact was removed.
    ContactEnded {
        /// The id.
        id: ContactId,
    },
    /// A key was made, or revoked.
    Key(Key),
    /// A key that ended long ago was forgotten.
    KeyForgotten {
        /// The id.
        id: KeyId,
    },
    /// Somebody signed in with a key, or used a sign-in. It ends by itself.
    SignedIn(SignIn),
    /// Somebody signed out.
    SignedOut(SignIn),
    /// Numbers were reported for one facility.
    Report(Report),
    /// A session was added, changed or cancelled.
    Session(Session),
    /// A session that was over was forgotten.
    SessionForgotten {
        /// The id.
        id: SessionId,
    },
    /// Numbers were reported for sessions of one facility.
    SessionReport(SessionReport),
    /// A hospital system reported a room, or removed it. If it was observed before the known one,
    /// only a capacity may still count.
    Room(Room),
    /// A mark was left at a facility, or left anew. It ends by itself.
    Mark(Mark),
    /// A mark was taken back before its end; this is what it was.
    MarkEnded(Mark),
    /// A room is forgotten.
    RoomEnded {
        /// The owner.
        facility: FacilityId,
        /// The system that reported it.
        system: System,
        /// The room's id in that system.
        id: String,
    },
}

/// The sort of a change.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A region was added or changed.
    Region,
    /// A resource type was added or changed.
    Type,
    /// A facility was added or changed.
    Facility,
    /// A contact was added or changed.
    Contact,
    /// A contact was removed.
    ContactEnded,
    /// A key or a link was made or revoked.
    Key,
    /// A key that ended long ago was forgotten.
    KeyForgotten,
    /// Somebody signed in, or used a sign-in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// Numbers were reported.
    Report,
    /// A session was added, changed or cancelled.
    Session,
    /// A session that was over was forgotten.
    SessionForgotten,
    /// Numbers were reported for sessions.
    SessionReport,
    /// A hospital system reported a room, or removed it.
    Room,
    /// A room was forgotten.
    RoomEnded,
    /// A mark was left.
    Mark,
    /// A mark was taken back.
    MarkEnded,
}

impl Effect {
    /// Its sort.
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::Region(_) => ChangeKind::Region,
            Self::ResourceType(_) => ChangeKind::Type,
            Self::Facility(_) => ChangeKind::Facility,
            Self::Contact(_) => ChangeKind::Contact,
            Self::ContactEnded { .. } => ChangeKind::ContactEnded,
            Self::Key(_) => ChangeKind::Key,
            Self::KeyForgotten { .. } => ChangeKind::KeyForgotten,
            Self::SignedIn(_) => ChangeKind::SignedIn,
            Self::SignedOut(_) => ChangeKind::SignedOut,
            Self::Report(_) => ChangeKind::Report,
            Self::Session(_) => ChangeKind::Session,
            Self::SessionForgotten { .. } => ChangeKind::SessionForgotten,
            Self::SessionReport(_) => ChangeKind::SessionReport,
            Self::Room(_) => ChangeKind::Room,
            Self::RoomEnded { .. } => ChangeKind::RoomEnded,
            Self::Mark(_) => ChangeKind::Mark,
            Self::MarkEnded(_) => ChangeKind::MarkEnded,
        }
    }

    /// The facility that it is about.
    pub const fn facility(&self) -> Option<FacilityId> {
        match self {
            Self::Report(report) => Some(report.facility),
            Self::Facility(facility) => Some(facility.id),
            Self::Session(session) => Some(session.facility),
            Self::SessionReport(report) => Some(report.facility),
            Self::Room(room) => Some(room.facility),
            Self::RoomEnded { facility, .. } => Some(*facility),
            Self::Mark(mark) | Self::MarkEnded(mark) => Some(mark.facility),
            Self::Region(_)
            | Self::ResourceType(_)
            | Self::Contact(_)
            | Self::ContactEnded { .. }
            | Self::Key(_)
            | Self::KeyForgotten { .. }
            | Self::SignedIn(_)
            | Self::SignedOut(_)
            | Self::SessionForgotten { .. } => None,
        }
    }

    /// Whether it may make a telephone or a link public, or take one back.
    pub const fn may_move_publicity(&self) -> bool {
        match self {
            Self::Facility(_)
            | Self::Contact(_)
            | Self::ContactEnded { .. }
            | Self::Session(_)
            | Self::SessionForgotten { .. } => true,
            Self::Region(_)
            | Self::ResourceType(_)
            | Self::Key(_)
            | Self::KeyForgotten { .. }
            | Self::SignedIn(_)
            | Self::SignedOut(_)
            | Self::Report(_)
            | Self::SessionReport(_)
            | Self::Room(_)
            | Self::RoomEnded { .. }
            | Self::Mark(_)
            | Self::MarkEnded(_) => false,
        }
    }
}

/// The numbers that one report stated about one facility. Observations older than the current ones are part of the
/// report, and so of the history, but do not become current.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The facility.
    pub facility: FacilityId,
    /// The kind of sender.
    pub source: Source,
    /// The sender: the name of the key.
    pub reporter: Arc<str>,
    /// The numbers, one type each.
    pub observations: Vec<Observation>,
}

impl Report {
    /// One of its observations as the directory learned it at `received_at`.
    pub fn reading(&self, said: &Observation, received_at: Timestamp) -> Reading {
        Reading {
            numbers: said.numbers,
            observed_at: said.observed_at,
            capacity_observed_at: said.capacity_observed_at,
            oldest_room_observed_at: said.oldest_room_observed_at,
            available_derived: said.available_derived,
            received_at,
            capacity_received_at: None,
            source: self.source,
            reporter: Arc::clone(&self.reporter),
            jump: said.jump,
            available_since: None,
        }
    }
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its number.
    pub seq: Seq,
    /// When the directory learned it, by its clock of that moment: a clock that was set may give a later change an
    /// earlier time. The order of changes is `seq`.
    pub at: Timestamp,
    /// The actor: `key:<id>`, `public`, or the name of a part of the node, such as `cli`.
    pub actor: Arc<str>,
    /// The effect.
    pub effect: Effect,
}

/// The numbers of one report that were too late to be current; a capacity among them may have been.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Late(Vec<String>);

impl Late {
    /// Reads it as it is kept: names, separated by commas.
    pub fn read(kept: &str) -> Self {
        Self(kept.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// The names as they are kept, separated by commas; None if nothing was late.
    pub fn kept(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join(","))
    }

    /// The number of a type was late.
    pub fn add(&mut self, resource: &TypeCode) {
        self.0.push(resource.to_string());
    }

    /// The numbers of an occurrence of a session were late, also because it was over.
    pub fn add_occurrence(&mut self, session: SessionId, date: NaiveDate) {
        self.0.push(occurrence(session, date));
    }

    /// Whether the number of a type was late.
    pub fn has(&self, resource: &TypeCode) -> bool {
        self.0.iter().any(|name| name == resource.as_str())
    }

    /// Whether the number of an occurrence was late.
    pub fn has_occurrence(&self, session: SessionId, date: NaiveDate) -> bool {
        self.0.contains(&occurrence(session, date))
    }
}

fn occurrence(session: SessionId, date: NaiveDate) -> String {
    format!("{session}:{date}")
}
