//! Commands and the draft they are decided on.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    auth::Principal,
    clock::{Clock, Timestamp},
    domain::{
        change::{Change, Effect, Late},
        rejection::{Rejection, Rejections},
    },
    snapshot::Snapshot,
};

/// Something that wants to change the directory.
pub trait Command: Send + Sync + 'static {
    /// The outcome for the sender. It becomes JSON only where it leaves the program.
    type Outcome: Serialize + Send + 'static;

    /// Checks everything against the state as it is, then records what it does. A refused command
    /// leaves no trace, even if it had recorded something before.
    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<Self::Outcome>, Rejections>;

    /// The same command with its outcome in another form, or a refusal after all.
    fn then<T, F>(self, tell: F) -> Then<Self, F>
    where
        Self: Sized,
        T: Serialize + Send + 'static,
        F: Fn(Self::Outcome) -> Result<T, Rejections> + Send + Sync + 'static,
    {
        Then { command: self, tell }
    }
}

/// See [`Command::then`].
pub struct Then<C, F> {
    command: C,
    tell: F,
}

impl<C, F, T> Command for Then<C, F>
where
    C: Command,
    T: Serialize + Send + 'static,
    F: Fn(C::Outcome) -> Result<T, Rejections> + Send + Sync + 'static,
{
    type Outcome = T;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<T>, Rejections> {
        let Receipt { body, location, version } = self.command.decide(unit)?;
        Ok(Receipt { body: (self.tell)(body)?, location, version })
    }
}

/// The answer to the sender of an accepted command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt<T> {
    /// The answer's body.
    pub body: T,
    /// Where the thing that was made now is, if one was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The version of the facility afterwards, for `If-Match`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// A receipt as it is sent, and kept for retries.
pub type SentReceipt = Receipt<Box<RawValue>>;

impl<T> Receipt<T> {
    /// A receipt that is only a body.
    pub const fn of(body: T) -> Self {
        Self { body, location: None, version: None }
    }
}

impl<T: Serialize> Receipt<T> {
    /// The receipt as it is sent.
    pub fn sent(self) -> SentReceipt {
        let Self { body, location, version } = self;
        let body = serde_json::value::to_raw_value(&body).expect("outcomes are plain data");
        Receipt { body, location, version }
    }
}

/// The state that commands of one batch are decided on: what is committed, and what the commands before
/// them in the batch have done.
pub struct UnitOfWork {
    pub(super) snapshot: Snapshot,
    pub(super) changes: Vec<Change>,
    /// The late observations of each change.
    pub(super) late: Vec<Late>,
    principal: Principal,
    actor: Arc<str>,
    now: Timestamp,
    clock: Arc<dyn Clock>,
}

impl UnitOfWork {
    pub(super) fn new(mut snapshot: Snapshot, clock: Arc<dyn Clock>) -> Self {
        let now = clock.now();
        snapshot.advance(now);
        Self {
            snapshot,
            changes: Vec::new(),
            late: Vec::new(),
            principal: Principal::Public,
            actor: "".into(),
            now,
            clock,
        }
    }

    /// Decides `command` for `principal`; what a refused command recorded is undone. One that panics is refused alone: the
    /// others of its batch, of other senders, know nothing of it.
    pub(super) fn decide<T>(
        &mut self,
        principal: Principal,
        command: impl FnOnce(&mut Self) -> Result<T, Rejections>,
    ) -> Result<T, Rejections> {
        self.actor = principal.actor().into();
        self.principal = principal;
        if let Principal::Key(key) = &self.principal {
            // The key may have been revoked since the request came in, here or on another node.
            self.snapshot.check_key(key, self.now)?;
        }
        self.savepoint(|unit| {
            // What it left half done is undone.
            catch_unwind(AssertUnwindSafe(|| command(unit))).unwrap_or_else(|_| {
                tracing::error!("a command panicked while it was decided; nothing of it is stored");
                Err(Rejection::of_defect().into())
            })
        })
    }

    /// Runs `part`; if it refuses, everything it recorded is undone.
    pub fn savepoint<T, E>(&mut self, part: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let (before, length) = (self.snapshot.clone(), self.changes.len());
        part(self).inspect_err(|_| {
            self.undo(before, length);
        })
    }

    /// Runs `part` and undoes everything it recorded, even if it succeeds.
    pub fn dry_run<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> T {
        let (before, length) = (self.snapshot.clone(), self.changes.len());
        let outcome = part(self);
        self.undo(before, length);
        outcome
    }

    fn undo(&mut self, before: Snapshot, length: usize) {
        self.snapshot = before;
        self.changes.truncate(length);
        self.late.truncate(length);
    }

    /// Appends a change and shows it to whatever is decided next.
    pub fn record(&mut self, effect: Effect) {
        let change =
            Change { seq: self.snapshot.seq() + 1, at: self.now, actor: Arc::clone(&self.actor), effect };
        let late = self.snapshot.late(&change.effect, self.now);
        self.late.push(late);
        self.snapshot.apply(&change);
        self.changes.push(change);
    }

    /// The state as it is now, at the moment of this batch.
    pub const fn state(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The sender of the command.
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The moment of this batch: what every change in it is received at.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The source of ids.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }
}
