//! The share of a node that one client may take, so that enough is left for the others: how many notes the public may
//! leave, and how many bodies a key may send at once, how large, and how slowly.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Weak},
    time::Duration,
};

use axum::{
    body::{Body, HttpBody},
    http::{Extensions, HeaderMap, HeaderName},
};
use bytes::Bytes;
use governor::{
    Quota, RateLimiter,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed, keyed::HashMapStateStore},
};
use http_body_util::BodyExt;
use parking_lot::Mutex;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use crate::{
    auth::Principal,
    clock::Clock,
    domain::{
        key::KeyId,
        rejection::{Code, Rejection},
    },
    locales::Message,
};

/// One client may send so many at once, and one more each [`EVERY`].
const AT_ONCE: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
/// How long until a client may send one more.
pub(in crate::http) const EVERY: Duration = Duration::from_secs(120);
/// How many all clients together may send in a minute: each is an entry of the log.
const A_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("not zero");

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Peer(pub(in crate::http) IpAddr);

/// A sender, as far as limits care: a provider gives a household of IPv6 64 bits of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::http) enum Sender {
    Key(KeyId),
    Address(IpAddr),
    Unknown,
}

impl From<IpAddr> for Sender {
    fn from(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
            address @ IpAddr::V4(_) => address,
        })
    }
}

/// The node's clock as the limits read it.
#[derive(Clone)]
struct Timer(Arc<dyn Clock>);

impl governor::clock::Clock for Timer {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.running_for()
    }
}

/// The limits on what the public sends.
pub(in crate::http) struct Limits {
    each: RateLimiter<Sender, HashMapStateStore<Sender>, Timer, NoOpMiddleware<Duration>>,
    all: RateLimiter<NotKeyed, InMemoryState, Timer, NoOpMiddleware<Duration>>,
    /// Where a proxy in front of us writes the address of its client.
    header: Option<HeaderName>,
}

impl Limits {
    pub(in crate::http) fn new(clock: &Arc<dyn Clock>, header: Option<HeaderName>) -> Self {
        let timer = || Timer(Arc::clone(clock));
        let quota = Quota::with_period(EVERY).expect("not zero").allow_burst(AT_ONCE);
        Self {
            each: RateLimiter::hashmap_with_clock(quota, timer()),
            all: RateLimiter::direct_with_clock(Quota::per_minute(A_MINUTE), timer()),
            header,
        }
    }

    /// Where a proxy in front of us writes the address of its client.
    pub(in crate::http) const fn header(&self) -> Option<&HeaderName> {
        self.header.as_ref()
    }

    /// Refuses one that comes too early.
    pub(in crate::http) fn check(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<(), Rejection> {
        let sender = self.sender(headers, extensions);
        let is_allowed = self.each.check_key(&sender).is_ok() && self.all.check().is_ok();
        if is_allowed {
            return Ok(());
        }
        Err(Rejection::new(Code::TooManyRequests, "", Message::new("too-many-requests")))
    }

    /// The last address in the header is the one that the nearest proxy saw; what stands before it, the client wrote.
    pub(in crate::http) fn sender(&self, headers: &HeaderMap, extensions: &Extensions) -> Sender {
        let value = self.header.as_ref().and_then(|name| headers.get_all(name).iter().next_back());
        let told = value.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        let peer = || extensions.get::<Peer>().map(|Peer(address)| *address);
        told.or_else(peer).map_or(Sender::Unknown, Sender::from)
    }

    /// Forgets the senders who may send as many as ever.
    pub(in crate::http) fn forget(&self) {
        self.each.retain_recent();
        self.each.shrink_to_fit();
    }
}

/// Places that clients keep for long, of which one sender gets a part at most.
pub(in crate::http) struct Places {
    most: usize,
    most_each: usize,
    taken: Mutex<Taken>,
}

/// How many places are taken.
#[derive(Default)]
struct Taken {
    all: usize,
    by: HashMap<Sender, usize>,
}

/// A place, until it is dropped.
pub(in crate::http) struct Place {
    places: Arc<Places>,
    sender: Sender,
}

impl Places {
    pub(in crate::http) fn new(most: usize, most_each: usize) -> Arc<Self> {
        Arc::new(Self { most, most_each, taken: Mutex::default() })
    }

    /// A place for this sender, if there is one.
    pub(in crate::http) fn take(self: &Arc<Self>, sender: Sender) -> Option<Place> {
        let mut taken = self.taken.lock();
        let own = taken.by.get(&sender).copied().unwrap_or_default();
        if own >= self.most_each || taken.all >= self.most {
            return None;
        }
        taken.all += 1;
        taken.by.insert(sender, own + 1);
        Some(Place { places: Arc::clone(self), sender })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock();
        taken.all -= 1;
        if let Entry::Occupied(mut own) = taken.by.entry(self.sender) {
            *own.get_mut() -= 1;
            if *own.get() == 0 {
                own.remove();
            }
        }
    }
}

/// How many bytes a second a client must send on average, once the grace is over.
const LEAST_RATE: u32 = 4 << 10;

/// How bodies of one sort are read, before anything that others wait for is taken.
pub(in crate::http) struct Intake {
    /// The largest body.
    most_bytes: usize,
    /// How many bodies of one sender are read and worked on at once; [`QUEUE`] times as many wait.
    share: usize,
    /// How long a body may be slower than [`LEAST_RATE`].
    grace: Duration,
    /// The bytes that all bodies may have together.
    memory: Arc<Semaphore>,
    /// The senders of bodies that are read or worked on; None is the public.
    senders: Mutex<HashMap<Option<KeyId>, Weak<Semaphore>>>,
}

/// How many bodies of one sender wait for each that is worked on.
const QUEUE: usize = 8;

/// A body that was read, with what it holds of the limits until it is dropped.
pub(in crate::http) struct Received {
    pub(in crate::http) bytes: Bytes,
    _memory: OwnedSemaphorePermit,
    _share: OwnedSemaphorePermit,
}

impl Intake {
    /// Ordinary requests: 64 KiB, 64 MiB together.
    pub(in crate::http) fn of_requests(grace: Duration) -> Self {
        Self::new(64 << 10, 256, grace, 64 << 20)
    }

    /// Lists of reports: 8 MiB, 128 MiB together.
    pub(in crate::http) fn of_lists(grace: Duration) -> Self {
        Self::new(8 << 20, 2, grace, 128 << 20)
    }

    fn new(most_bytes: usize, share: usize, grace: Duration, memory: usize) -> Self {
        let memory = Arc::new(Semaphore::new(memory));
        Self { most_bytes, share, grace, memory, senders: Mutex::default() }
    }

    /// Reads a whole body, when it is the sender's turn.
    pub(in crate::http) async fn read(&self, sender: &Principal, body: Body) -> Result<Received, Rejection> {
        let share = self.share_of(sender)?.acquire_owned().await.expect("nobody closes it");
        let (bytes, memory) = self.collect(body).await?;
        Ok(Received { bytes, _memory: memory, _share: share })
    }

    /// The turns of one sender.
    fn share_of(&self, sender: &Principal) -> Result<Arc<Semaphore>, Rejection> {
        let key = match sender {
            Principal::Key(key) => Some(key.id),
            Principal::Public | Principal::Operator(_) => None,
        };
        let mut senders = self.senders.lock();
        if senders.len() >= 1024 && !senders.contains_key(&key) {
            senders.retain(|_, turns| turns.strong_count() > 0);
        }
        let turns = senders.get(&key).and_then(Weak::upgrade);
        let turns = turns.unwrap_or_else(|| Arc::new(Semaphore::new(self.share)));
        senders.insert(key, Arc::downgrade(&turns));
        // Each body that is read or waits holds one, and this is one more.
        if Arc::strong_count(&turns) <= self.share * (QUEUE + 1) {
            return Ok(turns);
        }
        Err(Rejection::new(Code::Overloaded, "", Message::new("overloaded-by-key")))
    }

    async fn collect(&self, mut body: Body) -> Result<(Bytes, OwnedSemaphorePermit), Rejection> {
        let started = Instant::now();
        let mut memory = self.take_memory(0)?;
        let mut bytes = Vec::new();
        if body.size_hint().lower() > self.most_bytes as u64 {
            return Err(self.too_large());
        }
        loop {
            let earned = Duration::from_secs(bytes.len() as u64) / LEAST_RATE;
            let frame = timeout_at(started + self.grace + earned, body.frame());
            let Some(frame) = frame.await.map_err(|_| self.too_slow(bytes.len()))? else {
                return Ok((bytes.into(), memory));
            };
            let Ok(data) = frame.map_err(|_| cut_short())?.into_data() else {
                continue;
            };
            if bytes.len() + data.len() > self.most_bytes {
                return Err(self.too_large());
            }
            memory.merge(self.take_memory(data.len())?);
            bytes.extend_from_slice(&data);
        }
    }

    fn take_memory(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Rejection> {
        let taken = Arc::clone(&self.memory).try_acquire_many_owned(u32::try_from(bytes).unwrap_or(u32::MAX));
        taken.map_err(|_| Rejection::new(Code::Overloaded, "", Message::new("overloaded-bodies")))
    }

    fn too_large(&self) -> Rejection {
        let most = self.most_bytes >> 10;
        Rejection::new(Code::BodyTooLarge, "", Message::new("body-too-large").arg("most", most.to_string()))
    }

    fn too_slow(&self, read: usize) -> Rejection {
        let (rate, grace) = (LEAST_RATE >> 10, self.grace.as_secs_f32());
        Rejection::new(
            Code::RequestTimeout,
            "",
            Message::new("body-too-slow")
                .arg("read", read.to_string())
                .arg("rate", rate.to_string())
                .arg("grace", grace.to_string()),
        )
    }
}

fn cut_short() -> Rejection {
    Rejection::new(Code::InvalidBody, "", Message::new("body-cut-short"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use rstest::rstest;

    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn one_sender_leaves_places_to_others() {
        let places = Places::new(3, 2);
        let [one, other]: [Sender; 2] =
            ["192.0.2.1", "192.0.2.2"].map(|text| text.parse::<IpAddr>().unwrap().into());
        let held = [places.take(one), places.take(one)];
        assert!(held.iter().all(Option::is_some) && places.take(one).is_none());
        let others = places.take(other);
        assert!(others.is_some() && places.take(other).is_none(), "all are taken");
        drop(held);
        assert!(places.take(one).is_some());
        drop(others);
        assert!(places.taken.lock().by.is_empty());
    }

    #[rstest]
    #[case::no_proxy_is_trusted(None, &["9.9.9.9"], "192.0.2.1")]
    #[case::the_nearest_proxy_is(Some("x-forwarded-for"), &["9.9.9.9, 203.0.113.7"], "203.0.113.7")]
    #[case::of_the_last_header(Some("x-forwarded-for"), &["9.9.9.9", "203.0.113.7"], "203.0.113.7")]
    #[case::nonsense_is_not(Some("x-forwarded-for"), &["unknown"], "192.0.2.1")]
    #[case::a_household_is_one(Some("x-real-ip"), &["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::")]
    #[case::mapped_addresses_are_ipv4(Some("x-real-ip"), &["::ffff:203.0.113.7"], "203.0.113.7")]
    fn senders_are_told_by_whom_we_trust(
        #[case] header: Option<&'static str>,
        #[case] values: &[&str],
        #[case] expected: &str,
    ) {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let limits = Limits::new(&clock, header.map(HeaderName::from_static));
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header.unwrap_or("x-forwarded-for"), HeaderValue::from_str(value).unwrap());
        }
        let mut extensions = Extensions::new();
        extensions.insert(Peer("192.0.2.1".parse().unwrap()));
        let sender = limits.sender(&headers, &extensions);
        assert_eq!(sender, Sender::Address(expected.parse().unwrap()));
    }
}
