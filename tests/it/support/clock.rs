//! A clock that only the test moves, with ids and secrets that count.

use std::{
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering},
};

use chrono::Duration;
use sedia::clock::{Clock, Timestamp};
use tokio::sync::watch;
use uuid::Uuid;

tokio::task_local! {
    /// Set in a task to whom the clock says nothing.
    static BROKEN: ();
}

/// Runs `work` with every clock broken: whoever looks at one panics.
pub(crate) async fn with_broken_clocks<T>(work: impl Future<Output = T>) -> T {
    BROKEN.scope((), work).await
}

/// Starts at 2021-07-01 14:00 WIB.
pub(crate) struct ManualClock {
    /// What it says, and how long it has been running.
    time: watch::Sender<(Timestamp, Duration)>,
    count: AtomicU64,
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::counting_from(1_000)
    }
}

impl ManualClock {
    /// One whose ids and secrets begin at `first`, so that they differ from those of another one.
    pub(crate) fn counting_from(first: u64) -> Self {
        let start: Timestamp = "2021-07-01T07:00:00Z".parse().unwrap();
        Self { time: watch::Sender::new((start, Duration::zero())), count: AtomicU64::new(first) }
    }

    /// Sets the clock, as an operator or a time server would: forward, or back by a negative time.
    pub(crate) fn set(&self, by: Duration) {
        self.time.send_modify(|(now, _)| *now += by);
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        self.time.send_modify(|(now, running)| {
            *now += time;
            *running += time;
        });
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        assert!(BROKEN.try_with(|()| ()).is_err(), "this clock is broken");
        self.time.borrow().0
    }

    fn running_for(&self) -> std::time::Duration {
        self.time.borrow().1.to_std().unwrap()
    }

    fn wait_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            let mut time = self.time.subscribe();
            if time.borrow_and_update().0 < at {
                time.changed().await.unwrap();
            }
        })
    }

    fn new_id(&self) -> Uuid {
        Uuid::from_u128((7 << 76) | (2 << 62) | u128::from(self.count.fetch_add(1, Ordering::SeqCst)))
    }

    fn secret(&self) -> [u8; 32] {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&self.count.fetch_add(1, Ordering::SeqCst).to_be_bytes());
        bytes
    }
}
