//! The share of a node that one client may take, so that enough is left for the others: how many notes the public may
//! leave, and how many bodies a key may send at once, how large, and how slowly.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::{Arc, OnceLock, Weak},
    time::Duration,
};

use axum::{
    body::{Body, HttpBody},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use chrono::TimeDelta;
use http_body_util::BodyExt;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout, timeout_at},
};

use crate::{
    auth::Principal,
    clock::{Clock, Timestamp},
    domain::{
        key::KeyId,
        quota::{Left, Quota},
        rejection::{Code, Rejection},
    },
    locales::Message,
    node::Node,
    store::{Allowance, Database},
};

/// One client may send so many at once, and one more each [`EVERY`].
const AT_ONCE: i32 = 5;
/// How long until a client may send one more.
const EVERY: TimeDelta = TimeDelta::minutes(2);
/// How many all clients together may send in a minute: each is an entry of the log.
const A_MINUTE: i32 = 60;
/// How long to wait for what all nodes know; then only this node's own memory counts.
const PATIENCE: Duration = Duration::from_secs(1);

/// What one client may do, and what all together may do, with the names that clients are told.
const QUOTAS: [(&str, Quota); 2] =
    [("client", Quota::new(AT_ONCE, EVERY)), ("all", Quota::new(A_MINUTE, TimeDelta::seconds(1)))];

/// How a client stands with the limits (`draft-ietf-httpapi-ratelimit-headers`).
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// What the limits are.
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

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

/// The limits on one sort of request, for all nodes together: the database knows what is left. What this node has seen of
/// it is remembered, so that whoever is refused costs the database nothing more, and bounds what comes while the
/// database is away.
pub(in crate::http) struct Limits {
    /// What is limited.
    what: &'static str,
    database: Database,
    clock: Arc<dyn Clock>,
    /// When quotas are whole again, by their ids.
    seen: Mutex<HashMap<String, Timestamp>>,
    /// Where a proxy in front of us writes the address of its client.
    header: Option<HeaderName>,
}

impl Limits {
    pub(in crate::http) fn new(what: &'static str, node: &Node, header: Option<HeaderName>) -> Self {
        let (database, clock) = (node.database.clone(), Arc::clone(&node.clock));
        Self { what, database, clock, seen: Mutex::default(), header }
    }

    /// Where a proxy in front of us writes the address of its client.
    pub(in crate::http) const fn header(&self) -> Option<&HeaderName> {
        self.header.as_ref()
    }

    /// Refuses one that comes too early. The answer will tell how its client stands.
    pub(in crate::http) async fn check(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<(), Rejection> {
        let (quotas, now) = (self.quotas(self.sender(headers, extensions)), self.clock.now());
        let (before, mut taken) = self.take_seen(&quotas, now);
        if taken.is_allowed {
            match timeout(PATIENCE, self.database.take(&quotas, now)).await {
                Ok(Ok(shared)) => {
                    // What came while the database was away is known here alone.
                    let own = if shared.is_allowed { taken.whole_at } else { before };
                    let later = own.into_iter().zip(shared.whole_at).map(|(own, shared)| own.max(shared));
                    taken = Allowance { is_allowed: shared.is_allowed, whole_at: later.collect() };
                    remember(&mut self.seen.lock(), &quotas, &taken.whole_at);
                }
                Ok(Err(error)) => tracing::warn!(%error, "this node limits alone: the database is away"),
                Err(_) => tracing::warn!("this node limits alone: the database takes too long"),
            }
        }
        if let Some(standing) = extensions.get::<Standing>() {
            let left = QUOTAS.iter().zip(&taken.whole_at).map(|((_, quota), at)| quota.left(*at, now));
            standing.tell(left.collect());
        }
        if taken.is_allowed {
            return Ok(());
        }
        Err(Rejection::new(Code::TooManyRequests, "", Message::new("too-many-requests")))
    }

    /// The quotas of a sender, by the ids under which all nodes know them. The address itself is stored nowhere.
    fn quotas(&self, sender: Sender) -> [(String, Quota); 2] {
        let address = match sender {
            Sender::Address(address) => address.to_string(),
            Sender::Key(_) | Sender::Unknown => String::new(),
        };
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(format!("{} {address}", self.what))[..16]);
        let ([(client, each), (all, together)], what) = (QUOTAS, self.what);
        [(format!("{what} {client} {hash}"), each), (format!("{what} {all}"), together)]
    }

    /// Takes one from each quota as far as this node has seen them, or nothing from any; and tells how they were before.
    fn take_seen(&self, quotas: &[(String, Quota)], now: Timestamp) -> (Vec<Timestamp>, Allowance) {
        let mut seen = self.seen.lock();
        let before: Vec<_> = quotas.iter().map(|(id, _)| seen.get(id).copied().unwrap_or_default()).collect();
        let after = quotas.iter().zip(&before).map(|((_, quota), at)| quota.take(*at, now));
        let Some(after) = after.collect::<Option<Vec<_>>>() else {
            return (before.clone(), Allowance { is_allowed: false, whole_at: before });
        };
        remember(&mut seen, quotas, &after);
        (before, Allowance { is_allowed: true, whole_at: after })
    }

    pub(in crate::http) fn sender(&self, headers: &HeaderMap, extensions: &Extensions) -> Sender {
        sender(self.header.as_ref(), headers, extensions)
    }

    /// Forgets the quotas that are whole again.
    pub(in crate::http) fn forget(&self) {
        let now = self.clock.now();
        let mut seen = self.seen.lock();
        seen.retain(|_, whole_at| *whole_at > now);
        seen.shrink_to_fit();
    }
}

/// Remembers when quotas are whole again.
fn remember(seen: &mut HashMap<String, Timestamp>, quotas: &[(String, Quota)], whole_at: &[Timestamp]) {
    seen.extend(quotas.iter().map(|(id, _)| id.clone()).zip(whole_at.iter().copied()));
}

/// The sender of a request. The last address in the header is the one that the nearest proxy saw; what stands before it, the
/// client wrote.
fn sender(header: Option<&HeaderName>, headers: &HeaderMap, extensions: &Extensions) -> Sender {
    let value = header.and_then(|name| headers.get_all(name).iter().next_back());
    let told = value.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    let peer = || extensions.get::<Peer>().map(|Peer(address)| *address);
    told.or_else(peer).map_or(Sender::Unknown, Sender::from)
}

/// How the client of a request stands with the limits, once that is known.
#[derive(Clone, Default)]
pub(in crate::http) struct Standing(Arc<OnceLock<Vec<Left>>>);

impl Standing {
    /// What is left of each of the [`QUOTAS`].
    fn tell(&self, left: Vec<Left>) {
        self.0.get_or_init(|| left);
    }

    /// Writes it into the headers of the answer, and when to come again into those of a refusal.
    pub(in crate::http) fn write(&self, status: StatusCode, headers: &mut HeaderMap) {
        let Some(left) = self.0.get() else { return };
        let policy = QUOTAS.map(|(name, quota)| {
            format!("\"{name}\";q={};w={}", quota.at_once(), quota.window().num_seconds())
        });
        let now = QUOTAS
            .iter()
            .zip(left)
            .map(|((name, _), left)| format!("\"{name}\";r={};t={}", left.now, seconds(left.more_in)));
        let header = |parts: Vec<String>| HeaderValue::try_from(parts.join(", ")).expect("it is plain ASCII");
        headers.insert(RATE_LIMIT_POLICY, header(policy.to_vec()));
        headers.insert(RATE_LIMIT, header(now.collect()));
        if status == StatusCode::TOO_MANY_REQUESTS {
            let again = left.iter().filter(|left| left.now == 0).map(|left| seconds(left.more_in)).max();
            headers.insert(header::RETRY_AFTER, again.unwrap_or(1).into());
        }
    }
}

/// Whole seconds after which a time is over.
fn seconds(time: TimeDelta) -> i64 {
    (time + TimeDelta::microseconds(999_999)).num_seconds()
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
    use rstest::rstest;

    use super::*;

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
        let header = header.map(HeaderName::from_static);
        let mut headers = HeaderMap::new();
        for value in values {
            let name = header.clone().unwrap_or(HeaderName::from_static("x-forwarded-for"));
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        let mut extensions = Extensions::new();
        extensions.insert(Peer("192.0.2.1".parse().unwrap()));
        let sender = sender(header.as_ref(), &headers, &extensions);
        assert_eq!(sender, Sender::Address(expected.parse().unwrap()));
    }
}
