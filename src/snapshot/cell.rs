//! The one place where the current snapshot lives.

use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::broadcast;

use super::Snapshot;
use crate::{
    clock::{Clock, Timestamp},
    domain::change::Change,
};

/// The current snapshot: read without waiting, replaced whole.
pub struct SnapshotCell {
    clock: Arc<dyn Clock>,
    current: ArcSwap<Snapshot>,
    /// The copy that changes are applied to, one at a time.
    next: Mutex<Snapshot>,
    /// Tells changes once they are visible.
    changes: broadcast::Sender<Arc<Change>>,
}

/// How many changes a listener may be behind before it misses some.
const LISTENERS_MAY_LAG: usize = 4096;

impl SnapshotCell {
    /// Starts from `snapshot`.
    pub fn new(snapshot: Snapshot, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            current: ArcSwap::from_pointee(snapshot.clone()),
            next: Mutex::new(snapshot),
            changes: broadcast::Sender::new(LISTENERS_MAY_LAG),
        }
    }

    /// The directory as it is now. A number whose deadline has passed is already judged by it.
    pub fn current(&self) -> Arc<Snapshot> {
        let current = self.current.load_full();
        let now = self.clock.now();
        if current.next_deadline().is_some_and(|deadline| deadline <= now) {
            return self.update(now, &[]);
        }
        current
    }

    /// Every change from now on, in order, each once it is visible.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Change>> {
        self.changes.subscribe()
    }

    /// Takes in changes; those it already has are passed over.
    pub fn publish(&self, changes: &[Change]) -> Arc<Snapshot> {
        self.update(self.clock.now(), changes)
    }

    /// Takes in what the writer committed: `changes`, and the state it decided them to make of `before`.
    pub(crate) fn swap(&self, before: &Snapshot, changes: &[Change], decided: &Snapshot) {
        let mut next = self.next.lock();
        if next.seq() != before.seq() {
            // The feed was faster.
            drop(next);
            self.publish(changes);
            return;
        }
        let now = next.now();
        next.clone_from(decided);
        next.advance(now.max(self.clock.now()));
        self.current.store(Arc::new(next.clone()));
        self.tell(changes.iter());
    }

    fn update(&self, now: Timestamp, changes: &[Change]) -> Arc<Snapshot> {
        let mut next = self.next.lock();
        let new = changes.iter().filter(|change| change.seq > next.seq()).collect::<Vec<_>>();
        for change in &new {
            next.apply(change);
        }
        next.advance(now);
        let snapshot = Arc::new(next.clone());
        self.current.store(Arc::clone(&snapshot));
        self.tell(new.into_iter());
        snapshot
    }

    /// Called under the lock of `next`, so that nobody hears changes out of order.
    fn tell<'a>(&self, changes: impl Iterator<Item = &'a Change>) {
        if self.changes.receiver_count() > 0 {
            for change in changes {
                // The last listener may have gone meanwhile.
                let _ = self.changes.send(Arc::new(change.clone()));
            }
        }
    }
}
