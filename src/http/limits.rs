//! How often the public may say that something is wrong: by the address of the client, and all together.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use axum::http::{Extensions, HeaderMap, HeaderName};
use governor::{
    Quota, RateLimiter,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed, keyed::HashMapStateStore},
};

use crate::{
    clock::Clock,
    directory::refusal::{Code, Refusal},
};

/// One client may send so many at once, and one more each [`EVERY`].
const AT_ONCE: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
/// How long until a client may send one more.
pub(super) const EVERY: Duration = Duration::from_secs(120);
/// How many all clients together may send in a minute: each is an entry of the log.
const A_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("not zero");

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Who sends, as far as limits care: a provider gives a household of IPv6 64 bits of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sender {
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
        (self.0.now() - chrono::DateTime::UNIX_EPOCH).to_std().unwrap_or_default()
    }
}

/// The limits on what the public sends.
pub(super) struct Limits {
    each: RateLimiter<Sender, HashMapStateStore<Sender>, Timer, NoOpMiddleware<Duration>>,
    all: RateLimiter<NotKeyed, InMemoryState, Timer, NoOpMiddleware<Duration>>,
    /// Where a proxy in front of us writes the address of its client.
    header: Option<HeaderName>,
}

impl Limits {
    pub(super) fn new(clock: &Arc<dyn Clock>, header: Option<HeaderName>) -> Self {
        let timer = || Timer(Arc::clone(clock));
        let quota = Quota::with_period(EVERY).expect("not zero").allow_burst(AT_ONCE);
        Self {
            each: RateLimiter::hashmap_with_clock(quota, timer()),
            all: RateLimiter::direct_with_clock(Quota::per_minute(A_MINUTE), timer()),
            header,
        }
    }

    /// Refuses one that comes too early.
    pub(super) fn check(&self, headers: &HeaderMap, extensions: &Extensions) -> Result<(), Refusal> {
        let sender = self.sender(headers, extensions);
        let is_allowed = self.each.check_key(&sender).is_ok() && self.all.check().is_ok();
        if is_allowed {
            return Ok(());
        }
        Err(Refusal::new(
            Code::TooManyRequests,
            "",
            "too many came from you or from everybody together; try again after Retry-After seconds, or tell the \
             contacts of the region",
            "terlalu banyak kiriman dari Anda atau dari semua orang; coba lagi setelah Retry-After detik, atau \
             sampaikan kepada kontak wilayah",
        ))
    }

    /// The last address in the header is the one that the nearest proxy saw; what stands before it, the client wrote.
    fn sender(&self, headers: &HeaderMap, extensions: &Extensions) -> Sender {
        let value = self.header.as_ref().and_then(|name| headers.get_all(name).iter().next_back());
        let told = value.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        let peer = || extensions.get::<Peer>().map(|Peer(address)| *address);
        told.or_else(peer).map_or(Sender::Unknown, Sender::from)
    }

    /// Forgets those who may send as many as ever.
    pub(super) fn forget(&self) {
        self.each.retain_recent();
        self.each.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use rstest::rstest;

    use super::*;
    use crate::clock::SystemClock;

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
