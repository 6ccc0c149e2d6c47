//! A node that cannot keep up tells some clients to come again later, at once and before it works for them. So its health,
//! the answers that it has in memory, and reports do not wait behind questions that it would answer too late anyway.
//!
//! A request that takes work waits for its turn, and whatever takes none goes before it: probes, answers in memory,
//! refusals. Only so many may wait; the others are refused.
//!
//! To refuse costs something, too, and whoever asks again at once could keep the node busy with that alone. So a client
//! that was told to come again later and does not heed it waits for its next turn on its connection, which costs nothing.
//! A client is a connection; behind a proxy, whose connections have many clients, an address.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::limits::Sender;
use crate::{
    domain::rejection::{Code, Rejection},
    locales::Message,
};

/// How often the pulse beats.
const BEAT: Duration = Duration::from_millis(10);
/// How many questions may wait for their turn, for each processor: that many take about 10 ms.
const WAITING: usize = 32;
/// The same for those with keys, such as the desks of a call centre, and for reports.
const WAITING_IN_RESERVE: usize = 800;
/// When those who are refused shall come again.
pub(in crate::http) const AGAIN: Duration = Duration::from_secs(2);
/// How many clients of proxies are remembered.
const MOST_TOLD: u64 = 65_536;
/// So few clients do not keep a node busy: something else on the machine does, and refusals would not help.
const FEW: usize = 256;

/// Whether the tasks of this node get their turn, how many clients there are, and how many of their requests wait.
pub(in crate::http) struct Pulse {
    began: Instant,
    /// When it last beat, in microseconds since it began; 0 while nobody makes it beat.
    last: AtomicU64,
    clients: AtomicUsize,
    processors: usize,
    waiting: AtomicUsize,
    /// What the clients of a proxy were told.
    told: Cache<Sender, Arc<Told>>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            last: AtomicU64::new(0),
            clients: AtomicUsize::new(0),
            processors: std::thread::available_parallelism().map_or(1, NonZero::get),
            waiting: AtomicUsize::new(0),
            told: Cache::builder().max_capacity(MOST_TOLD).time_to_idle(2 * AGAIN).build(),
        }
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
        }
    }

    /// Waits until it is the turn of a request, or refuses it because too many wait. Where its client comes sooner than it
    /// was told to, it waits before that is decided; `spread` is a part of [`AGAIN`] that it waits beyond, so that not all
    /// who were refused together come again together. The client is that of the connection with what it was `told`, or
    /// else the `sender` that a proxy names.
    pub(in crate::http) async fn turn(
        &self,
        has_reserve: bool,
        told: Option<&Arc<Told>>,
        sender: Sender,
        spread: impl FnOnce() -> Duration,
    ) -> Result<(), Rejection> {
        if self.is_full(has_reserve) {
            let told = told.cloned().or_else(|| self.told(sender));
            if let Some(early) = told.as_deref().and_then(Told::early) {
                tokio::time::sleep(early + spread()).await;
            }
            if self.is_full(has_reserve) {
                told.inspect(|told| told.tell());
                metrics::counter!("sedia_requests_shed_total").increment(1);
                return Err(Rejection::new(Code::Overloaded, "", Message::new("overloaded-node")));
            }
        }
        if self.has_many_clients() {
            let _waiting = Waiting::begin(&self.waiting);
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// What a client of a proxy was told, if the proxy says who it is.
    fn told(&self, sender: Sender) -> Option<Arc<Told>> {
        (sender != Sender::Unknown).then(|| self.told.get_with(sender, Arc::default))
    }

    fn has_many_clients(&self) -> bool {
        self.clients.load(Ordering::Relaxed) > FEW
    }

    fn is_full(&self, has_reserve: bool) -> bool {
        let most = if has_reserve { WAITING_IN_RESERVE } else { WAITING };
        self.has_many_clients() && self.waiting.load(Ordering::Relaxed) >= most * self.processors
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

/// One more waits as long as this lives.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a client was told.
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

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use futures_util::FutureExt;
    use rstest::rstest;

    use super::*;

    fn pulse(waiting: usize, clients: usize) -> Pulse {
        Pulse {
            clients: AtomicUsize::new(clients),
            processors: 2,
            waiting: AtomicUsize::new(waiting),
            ..Pulse::default()
        }
    }

    #[rstest]
    #[case::in_time(63, 5_000, false, false)]
    #[case::late(64, 5_000, false, true)]
    #[case::keys_have_a_reserve(64, 5_000, true, false)]
    #[case::very_late(1_600, 5_000, true, true)]
    #[case::something_else_keeps_the_machine_busy(256, 256, false, false)]
    fn many_clients_of_a_late_node_come_again_later(
        #[case] waiting: usize,
        #[case] clients: usize,
        #[case] has_reserve: bool,
        #[case] expected: bool,
    ) {
        assert_eq!(pulse(waiting, clients).is_full(has_reserve), expected);
    }

    #[tokio::test]
    async fn what_takes_no_work_goes_first() {
        let pulse = pulse(0, 5_000);
        let order = Mutex::new(Vec::new());
        let question = async {
            pulse.turn(false, None, Sender::Unknown, Duration::default).await.unwrap();
            order.lock().push("question");
        };
        tokio::join!(question, async { order.lock().push("probe") });
        assert_eq!(*order.lock(), ["probe", "question"]);
        assert_eq!(pulse.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn who_leaves_waits_no_more() {
        let pulse = pulse(0, 5_000);
        assert!(pulse.turn(false, None, Sender::Unknown, Duration::default).now_or_never().is_none());
        assert_eq!(pulse.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn who_comes_again_too_soon_waits() {
        let pulse = pulse(64, 5_000);
        let told = Arc::new(Told::default());
        let turn = |known: Option<&Arc<Told>>| {
            pulse.turn(false, known, Sender::Unknown, Duration::default).now_or_never()
        };
        assert!(turn(Some(&told)).is_some_and(|told| told.is_err()), "told at once");
        assert!(turn(Some(&told)).is_none(), "waits");
        assert!(turn(None).is_some_and(|told| told.is_err()), "others do not");
        *told.again.lock() = Some(Instant::now());
        assert!(turn(Some(&told)).is_some_and(|told| told.is_err()), "comes in time, and is told at once");
        assert!(told.early().is_some_and(|early| early <= AGAIN));
        pulse.clients.store(1, Ordering::Relaxed);
        assert!(turn(Some(&told)).is_some_and(|told| told.is_ok()), "nobody waits while there is time");
    }

    #[tokio::test]
    async fn clients_of_a_proxy_are_told_apart() {
        let pulse = pulse(64, 5_000);
        let [one, other] = [1, 2].map(|last| Sender::from(IpAddr::from([192, 0, 2, last])));
        let turn = |sender| pulse.turn(false, None, sender, Duration::default).now_or_never();
        for sender in [one, other, Sender::Unknown, Sender::Unknown] {
            assert!(turn(sender).is_some_and(|told| told.is_err()), "told at once");
        }
        assert!(turn(one).is_none() && turn(other).is_none(), "they wait");
    }
}
