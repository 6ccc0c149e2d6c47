//! A node that cannot keep up tells some clients to come again later, at once and before it works for them. So its health,
//! the answers that it has in memory, and reports do not wait behind questions that it would answer too late anyway.

use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    domain::rejection::{Code, Rejection},
    locales::Message,
};

/// How often the pulse beats.
const BEAT: Duration = Duration::from_millis(10);
/// Questions are refused once a task waits for its turn longer than this.
const LATE: Duration = Duration::from_millis(20);
/// The same for those with keys, such as the desks of a call centre, and for reports.
const LATE_IN_RESERVE: Duration = Duration::from_millis(250);
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

    /// Refuses a request that would be answered too late.
    pub(in crate::http) fn check(&self, has_reserve: bool) -> Result<(), Rejection> {
        if !is_too_late(self.lag(), self.clients.load(Ordering::Relaxed), has_reserve) {
            return Ok(());
        }
        metrics::counter!("sedia_requests_shed_total").increment(1);
        Err(Rejection::new(Code::Overloaded, "", Message::new("overloaded-node")))
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

/// Whether the answer to one of so many clients would come too late.
fn is_too_late(lag: Duration, clients: usize, has_reserve: bool) -> bool {
    clients > FEW && lag > if has_reserve { LATE_IN_RESERVE } else { LATE }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn without_a_server_nobody_is_refused() {
        let pulse = Pulse { clients: AtomicUsize::new(5_000), ..Pulse::default() };
        assert!(pulse.check(false).is_ok());
    }
}
