//! A clock that only the test moves, with ids and secrets that count.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, Duration};
use sedia::clock::{Clock, Timestamp};
use uuid::Uuid;

/// Starts at 2021-07-01 14:00 WIB.
pub(crate) struct ManualClock {
    micros: AtomicI64,
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
        Self { micros: AtomicI64::new(start.timestamp_micros()), count: AtomicU64::new(first) }
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        self.micros.fetch_add(time.num_microseconds().unwrap(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        DateTime::from_timestamp_micros(self.micros.load(Ordering::SeqCst)).unwrap()
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
