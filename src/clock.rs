//! The one source of time, ids and randomness, so that tests own all three.

use std::{future::Future, pin::Pin, time::Duration};

use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// A moment in UTC, to the microsecond (what both databases keep).
pub type Timestamp = DateTime<Utc>;

/// Where time, ids and randomness come from.
pub trait Clock: Send + Sync + 'static {
    /// The present moment, truncated to microseconds.
    fn now(&self) -> Timestamp;
    /// Waits until it is `at`, or until the clock may have been set; it may also return sooner.
    fn wait_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    /// A new id; ids made later sort later.
    fn new_id(&self) -> Uuid;
    /// 32 unpredictable bytes.
    fn secret(&self) -> [u8; 32];
    /// A number below `bound`, for simulated data and jitter.
    fn below(&self, bound: u32) -> u32 {
        let [a, b, c, d, ..] = self.secret();
        u32::from_le_bytes([a, b, c, d]) % bound.max(1)
    }
}

/// The operating system's clock and random generator.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

/// How long the system's clock sleeps at most: nothing wakes a sleeper when somebody sets the clock.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

#[expect(clippy::disallowed_methods, reason = "this is the place the rule points to")]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Utc::now().trunc_subsecs(6)
    }

    fn wait_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let left = (at - Utc::now()).to_std().unwrap_or_default();
        Box::pin(tokio::time::sleep(left.min(LONGEST_SLEEP)))
    }

    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }
}
