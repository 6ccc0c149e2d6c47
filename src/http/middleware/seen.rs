//! Whoever has seen a change is not answered from a state before it, whichever node they ask. They send its number back:
//! programs in the header `sedia-seq`, browsers in a cookie that the answer to a form brought.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use tokio::sync::Semaphore;

use crate::{
    domain::{
        change::Seq,
        rejection::{Code, Rejection},
    },
    http::Reads,
    locales::Message,
};

/// The number of a change: the last one of an acknowledgement, or the one that a client has seen. Also the cookie.
pub(in crate::http) const SEQ: HeaderName = HeaderName::from_static("sedia-seq");
/// The epoch of the log in which that number counts.
pub(in crate::http) const EPOCH: HeaderName = HeaderName::from_static("sedia-epoch");

/// How many questions may wait at once for changes that are not in memory yet.
const MOST_WAITING: usize = 1_024;

/// What questions wait by.
pub(in crate::http) struct Waits {
    places: Semaphore,
}

impl Waits {
    pub(in crate::http) fn new() -> Self {
        Self { places: Semaphore::new(MOST_WAITING) }
    }
}

impl Reads {
    /// Waits until the memory shows what the sender of a question has seen, or refuses.
    pub(super) async fn wait_for_seen(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<(), Rejection> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Ok(());
        }
        if !uri.path().trim_start_matches('/').starts_with("v1/") {
            if let Some(seq) = in_cookie(headers) {
                // A page that is a moment old is better than none.
                let _ = self.wait_for(seq).await;
            }
            return Ok(());
        }
        let Some(seq) = number(headers, &SEQ)? else { return Ok(()) };
        if number(headers, &EPOCH)?.is_some_and(|epoch| epoch != self.directory.epoch()) {
            return Err(self.unknown_seq(&EPOCH));
        }
        self.wait_for(seq).await
    }

    async fn wait_for(&self, seq: Seq) -> Result<(), Rejection> {
        if self.current().seq() >= seq {
            return Ok(());
        }
        let full = |_| Rejection::new(Code::Overloaded, "", Message::new("overloaded-waits"));
        let _place = self.waits.places.try_acquire().map_err(full)?;
        let is_caught_up = self.feed.catch_up().await;
        if self.current().seq() >= seq {
            return Ok(());
        }
        if is_caught_up {
            // Nobody was told of a change before it was in the log.
            return Err(self.unknown_seq(&SEQ));
        }
        Err(Rejection::new(Code::Behind, SEQ, Message::new("behind").arg("seq", seq.to_string())))
    }

    /// The refusal for a change that is not in this log.
    fn unknown_seq(&self, header: &HeaderName) -> Rejection {
        let detail = Message::new("seq-unknown")
            .arg("last", self.current().seq().to_string())
            .arg("epoch", self.directory.epoch().to_string());
        Rejection::new(Code::UnknownSeq, header, detail)
    }

    /// Says beside the number of a change in which epoch of the log it counts.
    pub(super) fn tell_epoch(&self, headers: &mut HeaderMap) {
        if headers.contains_key(&SEQ) {
            headers.insert(EPOCH, HeaderValue::from(self.directory.epoch()));
        }
    }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Rejection> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    let detail = || Message::new("header-not-a-number").arg("name", name.to_string());
    number.map(Some).ok_or_else(|| Rejection::new(Code::InvalidParameter, name, detail()))
}

/// The number of the last change in an acknowledgement.
pub(in crate::http) fn told(headers: &HeaderMap) -> Option<Seq> {
    headers.get(&SEQ)?.to_str().ok()?.parse().ok()
}

/// The cookie in which a browser sends the number back, for as long as other nodes could be behind.
pub(in crate::http) fn cookie(seq: Seq) -> HeaderValue {
    let cookie = format!("{SEQ}={seq}; Max-Age=10; Path=/; HttpOnly; SameSite=Lax");
    HeaderValue::try_from(cookie).expect("a number is plain ASCII")
}

fn in_cookie(headers: &HeaderMap) -> Option<Seq> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| if name == SEQ.as_str() { value.parse().ok() } else { None })
}
