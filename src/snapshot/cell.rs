//! The one place where the current snapshot lives.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::{Notify, broadcast};

use super::Snapshot;
use crate::{
    clock::{Clock, Timestamp},
    domain::{change::Change, observation::is_dated_ahead},
};

/// The current snapshot: read without waiting, replaced whole.
pub struct SnapshotCell {
    clock: Arc<dyn Clock>,
    current: ArcSwap<Snapshot>,
    /// Held while the next snapshot is made. Only blocking threads wait for it.
    making: Mutex<()>,
    /// Wakes [`SnapshotCell::keep_time`]: a new snapshot may have an earlier deadline.
    replaced: Notify,
    /// Tells changes once they are visible. Another takes its place when the memory is rebuilt.
    changes: Mutex<broadcast::Sender<Arc<Change>>>,
    /// Which epoch of the log the snapshot follows.
    epoch: AtomicU64,
}

/// How many changes a listener may be behind before it misses some.
const LISTENERS_MAY_LAG: usize = 4096;

impl SnapshotCell {
    /// Starts from `snapshot`, which follows this `epoch` of the log.
    pub fn new(snapshot: Snapshot, epoch: u64, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            current: ArcSwap::from_pointee(snapshot),
            making: Mutex::new(()),
            replaced: Notify::new(),
            changes: Mutex::new(broadcast::Sender::new(LISTENERS_MAY_LAG)),
            epoch: AtomicU64::new(epoch),
        }
    }

    /// The directory as it is now; never waits. [`SnapshotCell::keep_time`] judges a number anew when its deadline
    /// passes.
    pub fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Which epoch of the log the memory follows: it grows when the log was put back to an earlier state. Ask for it before
    /// the snapshot that goes with it.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Another node found that the log was put back to an earlier state, which this one had not gone beyond.
    pub(crate) fn follow_epoch(&self, epoch: u64) {
        self.epoch.fetch_max(epoch, Ordering::Release);
    }

    /// Every change from now on, in order, each once it is visible. Ends when the memory is rebuilt.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Change>> {
        self.changes.lock().subscribe()
    }

    /// Lets time pass in the memory for as long as the node runs. It wakes at each deadline and whenever the clock is
    /// set (the system's clock notices that within a second), so an answer is behind time only for as long as it takes
    /// to make the next snapshot.
    pub async fn keep_time(self: Arc<Self>) {
        loop {
            let deadline = self.current().next_deadline();
            if deadline <= self.clock.now() {
                self.replace(|current| (current.clone(), Vec::new())).await;
                continue;
            }
            tokio::select! {
                () = self.clock.wait_until(deadline) => {}
                () = self.replaced.notified() => {}
            }
        }
    }

    /// Takes in changes of other writers; those it already has are passed over.
    pub async fn publish(self: &Arc<Self>, changes: Vec<Change>) -> Arc<Snapshot> {
        let clock = Arc::clone(&self.clock);
        let published = self.replace(move |current| {
            let (next, changes) = applied(current, changes, clock.now());
            let now = clock.now();
            for change in &changes {
                let lag = (now - change.at).to_std().unwrap_or_default();
                metrics::histogram!("sedia_change_lag_seconds").record(lag);
            }
            (next, changes)
        });
        let published = published.await;
        self.replaced.notify_one();
        published
    }

    /// Takes in what the writer committed: `changes`, and the state it `decided` them to make of `before`.
    pub(crate) async fn swap(
        self: &Arc<Self>,
        before: Arc<Snapshot>,
        changes: Vec<Change>,
        decided: Snapshot,
    ) {
        // The feed may have been faster.
        let now = self.clock.now();
        let adopted = move |current: &Snapshot| {
            if current.seq() == before.seq() { (decided, changes) } else { applied(current, changes, now) }
        };
        self.replace(adopted).await;
        self.replaced.notify_one();
    }

    /// The time of the clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether the rows say more by now than the snapshot: the clock was set back, so the snapshot is judged by a time
    /// that has not come yet; or the time has come that a wrong clock gave to a change.
    pub(crate) fn must_be_loaded(&self) -> bool {
        let (current, now) = (self.current(), self.clock.now());
        is_dated_ahead(current.now(), now) || current.dated_ahead().is_some_and(|at| !is_dated_ahead(at, now))
    }

    /// Replaces the snapshot with `loaded` after the clock was set back. Does nothing if the snapshot has changed
    /// meanwhile.
    pub(crate) async fn rewind(self: &Arc<Self>, loaded: Snapshot) {
        let rewound = move |current: &Snapshot| {
            let is_same =
                (loaded.seq(), loaded.last_change_at()) == (current.seq(), current.last_change_at());
            (if is_same { loaded } else { current.clone() }, Vec::new())
        };
        self.replace(rewound).await;
        self.replaced.notify_one();
    }

    /// Shows `loaded`, which follows another `epoch` of the log, in place of all that was known. Whoever listens has heard of
    /// changes that are not in it, and hears nothing more.
    pub(crate) async fn rebuild(self: &Arc<Self>, loaded: Snapshot, epoch: u64) {
        let shared = Arc::clone(self);
        let rebuilt = move |_: &Snapshot| {
            *shared.changes.lock() = broadcast::Sender::new(LISTENERS_MAY_LAG);
            (loaded, Vec::new())
        };
        self.replace(rebuilt).await;
        // Not before: whoever reads the epoch first and the snapshot then must never find the old one under the new epoch.
        self.follow_epoch(epoch);
        self.replaced.notify_one();
    }

    /// Makes the next snapshot on a blocking thread, with the changes that are new in it, and shows it.
    async fn replace(
        self: &Arc<Self>,
        make: impl FnOnce(&Snapshot) -> (Snapshot, Vec<Change>) + Send + 'static,
    ) -> Arc<Snapshot> {
        let shared = Arc::clone(self);
        let made = tokio::task::spawn_blocking(move || {
            let _turn = shared.making.lock();
            let (mut next, changes) = make(&shared.current());
            next.advance(shared.clock.now());
            let next = Arc::new(next);
            shared.current.store(Arc::clone(&next));
            // Still this one's turn, so that nobody hears changes out of order.
            let listeners = shared.changes.lock();
            if listeners.receiver_count() > 0 {
                for change in changes {
                    // The last listener may have gone meanwhile.
                    let _ = listeners.send(Arc::new(change));
                }
            }
            drop(listeners);
            next
        });
        made.await.expect("the log has no gaps")
    }
}

/// `current` with the changes that it does not have yet, and those changes.
fn applied(current: &Snapshot, mut changes: Vec<Change>, now: Timestamp) -> (Snapshot, Vec<Change>) {
    changes.retain(|change| change.seq > current.seq());
    let mut next = current.clone();
    next.follow(&changes, now);
    (next, changes)
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;
    use crate::clock::{SystemClock, Timestamp};

    /// A memory whose first deadline passed long ago.
    fn overdue() -> Arc<SnapshotCell> {
        let long_ago = Timestamp::UNIX_EPOCH;
        Arc::new(SnapshotCell::new(Snapshot::build(0, long_ago, long_ago, []), 1, Arc::new(SystemClock)))
    }

    #[test]
    fn reads_do_not_wait_for_the_next_snapshot() {
        let shared = overdue();
        let making = shared.making.lock();
        let (sender, answer) = mpsc::channel();
        let reader = Arc::clone(&shared);
        std::thread::spawn(move || sender.send(reader.current().now()));
        let read = answer.recv_timeout(Duration::from_secs(10));
        drop(making);
        assert_eq!(read, Ok(Timestamp::UNIX_EPOCH));
    }

    #[tokio::test]
    async fn time_passes_without_readers() {
        let shared = overdue();
        let before = shared.current().vocabulary();
        let time = tokio::spawn(Arc::clone(&shared).keep_time());
        while shared.current().next_deadline() <= SystemClock.now() {
            tokio::task::yield_now().await;
        }
        // A new day raised it.
        assert!(shared.current().vocabulary() > before);
        time.abort();
    }
}
