//! The one source of time, ids and randomness, so that tests own all three.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::Uuid;

/// A moment in UTC, to the microsecond (what both databases keep).
pub type Timestamp = DateTime<Utc>;

/// How far two clocks may differ before one of them is wrong. Hospitals' clocks are not exact, and nodes' neither.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(2);
/// How long after a jump of the clock nothing is deleted by age.
const SETTLED_AFTER: Duration = Duration::from_hours(1);

/// Where time, ids and randomness come from.
pub trait Clock: Send + Sync + 'static {
    /// The present moment, truncated to microseconds.
    fn now(&self) -> Timestamp;
    /// Waits until it is `at`, or until the clock may have been set; it may also return sooner.
    fn wait_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    /// How long this clock has been running: it goes on evenly when somebody sets the clock.
    fn running_for(&self) -> Duration;
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

    fn running_for(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
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

/// How often the log of the program repeats that the clock is behind the change log.
const SAID_EVERY: Duration = Duration::from_hours(1);

/// Notices when the clock jumps: when it is set, or when the machine slept. Notices also when it is behind the log. If
/// the clock is behind the log, either it is wrong now or an earlier clock was wrong (perhaps this one before a restart).
pub struct ClockWatch {
    clock: Arc<dyn Clock>,
    /// The time at which the clock began to run, by its present setting.
    began_at: Timestamp,
    jumped_at: Option<Duration>,
    said_behind_at: Option<Duration>,
}

impl ClockWatch {
    /// Watches `clock` from now on.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { began_at: began_at(&*clock), clock, jumped_at: None, said_behind_at: None }
    }

    /// How far the clock jumped since the last look; negative if it went back.
    pub fn jump(&mut self) -> Option<TimeDelta> {
        let began_at = began_at(&*self.clock);
        let jump = began_at - self.began_at;
        if jump.abs() <= CLOCK_TOLERANCE {
            return None;
        }
        self.began_at = began_at;
        self.jumped_at = Some(self.clock.running_for());
        Some(jump)
    }

    /// How far the clock is behind the last change, if that is more than clocks differ anyway and was not logged within
    /// the hour.
    pub fn behind(&mut self, last_change_at: Timestamp) -> Option<TimeDelta> {
        let (behind, running_for) = (last_change_at - self.clock.now(), self.clock.running_for());
        if behind <= CLOCK_TOLERANCE || self.said_behind_at.is_some_and(|at| running_for < at + SAID_EVERY) {
            return None;
        }
        self.said_behind_at = Some(running_for);
        Some(behind)
    }

    /// Whether the clock has not jumped for so long that what is old by it may be deleted.
    pub fn is_settled(&mut self) -> bool {
        self.jump();
        self.jumped_at.is_none_or(|at| self.clock.running_for() >= at + SETTLED_AFTER)
    }
}

fn began_at(clock: &dyn Clock) -> Timestamp {
    clock.now() - TimeDelta::from_std(clock.running_for()).unwrap_or_default()
}
