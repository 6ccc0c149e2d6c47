//! A node that cannot keep up tells some clients to come again later, at once and before it works for them. So its health,
//! the answers that it has in memory, and reports do not wait behind questions that it would answer too late anyway.
//!
//! To refuse costs something, too, and whoever asks again at once could keep the node busy with that alone. So a client
//! that was told to come again later and does not heed it waits for its next turn on its connection, which costs nothing.

use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::{
    domain::rejection::{Code, Rejection},
    locales::Message,
};

/// How often the pulse beats.
const BEAT: Duration = Duration::from_millis(5);
/// Questions are refused once a task waits for its turn longer than this.
const LATE: Duration = Duration::from_millis(10);
/// The same for those with keys, such as the desks of a call centre, and for reports.
const LATE_IN_RESERVE: Duration = Duration::from_millis(250);
/// When those who are refused shall come again.
pub(in crate::http) const AGAIN: Duration = Duration::from_secs(2);
/// So few clients do not keep a node busy: something else on the machine does, and refusals would not help.
const FEW: usize = 256;

/// How long tasks of this node wait for their turn, and how many clients there are.
pub(in crate::http) struct Pulse {
    began: Instant,
    /// When it last beat, in microseconds since it began; 0 while nobody makes it beat.
    last: AtomicU64,
    clients: AtomicUsize,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { began: Instant::now(), last: AtomicU64::new(0), clients: AtomicUsize::new(0) }
    }
}

impl Pulse {
    /// Beats for ever, and counts the clients each time.
    pub(in crate::http) async fn beat(&self, clients: impl Fn() -> usize) {
        loop {
            self.clients.store(clients(), Ordering::Relaxed);
            let now = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.last.store(now.max(1), Ordering::Relaxed);
            tokio::time::sleep(BEAT).await;
            // Woken from outside, it waits in the queue of all workers, as most requests do on a busy node. What wakes inside
            // stands in the short queue of one worker, and knows nothing of them.
            let _ = tokio::task::spawn_blocking(|| ()).await;
        }
    }

    /// Refuses a request that would be answered too late. Where the client of its connection is `known` and comes sooner than
    /// it was told to, it waits before that is decided; `spread` is a part of [`AGAIN`] that it waits beyond, so that not
    /// all who were refused together come again together.
    pub(in crate::http) async fn check(
        &self,
        has_reserve: bool,
        known: Option<&Told>,
        spread: impl FnOnce() -> Duration,
    ) -> Result<(), Rejection> {
        if !self.is_too_late(has_reserve) {
            return Ok(());
        }
        if let Some(early) = known.and_then(Told::early) {
            tokio::time::sleep(early + spread()).await;
            if !self.is_too_late(has_reserve) {
                return Ok(());
            }
        }
        if let Some(known) = known {
            known.tell();
        }
        metrics::counter!("sedia_requests_shed_total").increment(1);
        Err(Rejection::new(Code::Overloaded, "", Message::new("overloaded-node")))
    }

    fn is_too_late(&self, has_reserve: bool) -> bool {
        is_too_late(self.lag(), self.clients.load(Ordering::Relaxed), has_reserve)
    }

    /// Whether it has not beaten for so long although it should.
    pub(in crate::http) fn is_still_for(&self, longest: Duration) -> bool {
        self.lag() > longest
    }

    /// How late the next beat is.
    fn lag(&self) -> Duration {
        match self.last.load(Ordering::Relaxed) {
            0 => Duration::ZERO,
            last => self.began.elapsed().saturating_sub(Duration::from_micros(last) + BEAT),
        }
    }
}

/// What the client of a connection was told.
#[derive(Default)]
pub(in crate::http) struct Told {
    /// When it shall come again.
    again: Mutex<Option<Instant>>,
}

impl Told {
    fn tell(&self) {
        *self.again.lock() = Some(Instant::now() + AGAIN);
    }

    /// How much sooner it comes.
    fn early(&self) -> Option<Duration> {
        let early = self.again.lock().as_ref()?.saturating_duration_since(Instant::now());
        (!early.is_zero()).then_some(early)
    }
}

/// Whether the answer to one of so many clients would come too late.
fn is_too_late(lag: Duration, clients: usize, has_reserve: bool) -> bool {
    clients > FEW && lag > if has_reserve { LATE_IN_RESERVE } else { LATE }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::in_time(10, 5_000, false, false)]
    #[case::late(100, 5_000, false, true)]
    #[case::keys_have_a_reserve(100, 5_000, true, false)]
    #[case::very_late(300, 5_000, true, true)]
    #[case::something_else_keeps_the_machine_busy(1_000, 256, false, false)]
    fn many_clients_of_a_late_node_come_again_later(
        #[case] lag_ms: u64,
        #[case] clients: usize,
        #[case] has_reserve: bool,
        #[case] expected: bool,
    ) {
        assert_eq!(is_too_late(Duration::from_millis(lag_ms), clients, has_reserve), expected);
    }

    #[tokio::test]
    async fn without_a_server_nobody_is_refused() {
        let pulse = Pulse { clients: AtomicUsize::new(5_000), ..Pulse::default() };
        assert!(pulse.check(false, None, Duration::default).await.is_ok());
    }

    #[tokio::test]
    async fn who_comes_again_too_soon_waits() {
        let pulse = Pulse {
            began: Instant::now() - Duration::from_secs(10),
            last: AtomicU64::new(1),
            clients: AtomicUsize::new(5_000),
        };
        let told = Told::default();
        let check = |known| pulse.check(false, known, Duration::default).now_or_never();
        assert!(check(Some(&told)).is_some_and(|told| told.is_err()), "told at once");
        assert!(check(Some(&told)).is_none(), "waits");
        assert!(check(None).is_some_and(|told| told.is_err()), "others do not");
        *told.again.lock() = Some(Instant::now());
        assert!(check(Some(&told)).is_some_and(|told| told.is_err()), "comes in time, and is told at once");
        assert!(told.early().is_some_and(|early| early <= AGAIN));
        pulse.clients.store(1, Ordering::Relaxed);
        assert!(check(Some(&told)).is_some_and(|told| told.is_ok()), "nobody waits while there is time");
    }
}
