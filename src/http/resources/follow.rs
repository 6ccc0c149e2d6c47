//! One client that follows the changes: first what it missed, from the log; then what it hears.

use std::{collections::VecDeque, sync::Arc};

use axum::response::sse::Event;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, broadcast};

use crate::{
    auth::Principal,
    clock::Clock,
    domain::{
        change::{Change, Seq},
        region_code::RegionCode,
    },
    render::changes::Reader,
    snapshot::SnapshotCell,
    store::Database,
    tasks::Tasks,
};

/// How many changes a client may have missed; one that missed more reads pages first.
const MOST_MISSED: Seq = 10_000;
/// How many changes are passed over before the client is told that it is past them: one whose region is quiet would
/// have missed too much when it comes back.
const MOST_PASSED_OVER: Seq = 1_000;
/// How many missed changes are read at once.
const CHUNK: u64 = 500;

/// A client, and how far it is.
pub(super) struct Follower {
    pub(super) shared: Arc<SnapshotCell>,
    pub(super) database: Database,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tasks: Tasks,
    pub(super) principal: Principal,
    pub(super) region: Option<RegionCode>,
    pub(super) changes: broadcast::Receiver<Arc<Change>>,
    /// Missed changes that were read and not told yet.
    pub(super) behind: VecDeque<Change>,
    /// The last change that was told or passed over.
    pub(super) after: Seq,
    /// The last change that the client knows of.
    pub(super) told: Seq,
    /// Changes after this one are heard.
    pub(super) heard_from: Seq,
    pub(super) ended: bool,
    pub(super) _place: OwnedSemaphorePermit,
}

/// Why a stream ends.
#[derive(Debug, Clone, Copy)]
enum End {
    /// The client missed too much to be told here.
    Behind,
    /// The client takes its events too slowly.
    Slow,
    /// The log cannot be read right now.
    Unavailable,
    /// The key is no longer valid.
    Key,
}

impl Follower {
    /// The next event; None once the stream has ended.
    pub(super) async fn next(&mut self) -> Option<Event> {
        if self.ended {
            return None;
        }
        loop {
            let tasks = self.tasks.clone();
            match tasks.unless_stopping(self.change()).await? {
                Err(end) => return Some(self.end(end)),
                Ok(change) => {
                    let state = self.shared.current();
                    if let Principal::Key(key) = &self.principal
                        && state.check_key(key, self.clock.now()).is_err()
                    {
                        return Some(self.end(End::Key));
                    }
                    self.after = change.seq;
                    let reader = Reader { audience: self.principal.audience(), region: self.region };
                    if let Some(view) = reader.sees(&change, &state) {
                        self.told = change.seq;
                        let data = serde_json::to_string(&view).expect("answers are plain data");
                        return Some(Event::default().id(change.seq.to_string()).data(data));
                    }
                    if self.after - self.told >= MOST_PASSED_OVER {
                        self.told = self.after;
                        // Without data: clients remember the id, and dispatch nothing.
                        return Some(Event::default().id(self.after.to_string()).comment("passed over"));
                    }
                }
            }
        }
    }

    async fn change(&mut self) -> Result<Change, End> {
        while self.after < self.heard_from {
            if let Some(change) = self.behind.pop_front() {
                return Ok(change);
            }
            if self.heard_from - self.after > MOST_MISSED {
                return Err(End::Behind);
            }
            let missed = self.database.changes_after(self.after, CHUNK).await;
            self.behind = missed.map_err(|_| End::Unavailable)?.into();
            // The database was put back to an earlier state, or the log was trimmed meanwhile.
            if self.behind.front().is_none_or(|change| change.seq != self.after + 1) {
                return Err(End::Behind);
            }
        }
        loop {
            match self.changes.recv().await {
                Ok(change) if change.seq > self.after => return Ok((*change).clone()),
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => return Err(End::Slow),
                Err(broadcast::error::RecvError::Closed) => return Err(End::Unavailable),
            }
        }
    }

    fn end(&mut self, end: End) -> Event {
        self.ended = true;
        let reason = match end {
            End::Behind => "behind",
            End::Slow => "slow",
            End::Unavailable => "unavailable",
            End::Key => "key",
        };
        Event::default().event("again").data(json!({"reason": reason, "after": self.after}).to_string())
    }
}
