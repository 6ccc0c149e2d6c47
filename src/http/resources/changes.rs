//! The log for mirrors of the directory: in pages, as it grows, and a snapshot to start from.

use std::{
    collections::VecDeque, convert::Infallible, fmt, num::ParseIntError, str::FromStr, sync::Arc,
    time::Duration,
};

use axum::{
    body::Body,
    extract::State,
    http::{Extensions, HeaderMap, HeaderValue, header},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use utoipa::{IntoParams, ToSchema};

use crate::{
    auth::Principal,
    domain::{
        change::{Change, Seq},
        region_code::RegionCode,
        region_name::RegionText,
        rejection::{Code, Rejection},
    },
    http::{
        LogReads, Problem, Reads, Writes,
        documents::LogProblems,
        middleware::{
            limits::{Place, Sender},
            seen::SEQ,
        },
        request::{Params, ReadRequest, negotiate},
        response::{NO_STORE, problem::unreadable, say_resolved},
    },
    locales::Message,
    query::{known_region, params::Limit},
    render::{
        Packed,
        changes::{self, ChangeView, ChangesAnswer, Reader},
        model::Resolved,
    },
    snapshot::Snapshot,
    store::Database,
};

/// How many entries of the log are looked at for one page.
const MOST_READ: u64 = 2_000;
/// How many entries of the log are read at once.
const CHUNK: u64 = 500;
/// How many changes a client may have missed; one that missed more reads pages first.
const MOST_MISSED: Seq = 10_000;
/// How many changes are passed over before the client is told that it is past them: one whose region is quiet would
/// have missed too much when it comes back.
const MOST_PASSED_OVER: Seq = 1_000;
/// How often a silent stream sends a sign of life.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The parameters of a page of changes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesParams {
    /// Only changes after this one in the order asked for: `seq`, or `next` of the page before; from the first if left
    /// out
    after: Option<Seq>,
    /// The `epoch` that came with what `after` is from: if the log was put back to an earlier state since then, the
    /// question is refused
    epoch: Option<u64>,
    /// The first change to come: the oldest that is kept, or the newest
    #[serde(default)]
    #[param(inline)]
    order: Order,
    /// Only what concerns this region
    #[param(inline, value_type = Option<RegionText>, example = "33.74")]
    region: Option<RegionCode>,
    /// Changes on a page, 20 if left out
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
}

/// Which change comes first.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// The oldest: to follow the directory.
    #[default]
    Oldest,
    /// The newest: to look back.
    Newest,
}

/// The parameters of a stream of changes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StreamParams {
    /// Start with the change after this one
    after: Option<Seq>,
    /// The `epoch` that came with what `after` is from: if the log was put back to an earlier state since then, the
    /// question is refused
    epoch: Option<u64>,
    /// The `id` of the last event that came, as libraries for browsers without `EventSource` send it; it counts before
    /// `after`
    #[serde(rename = "lastEventId", alias = "evs_last_event_id")]
    #[param(value_type = Option<String>, example = "8721")]
    last_event_id: Option<EventId>,
    /// Only what concerns this region
    #[param(inline, value_type = Option<RegionText>, example = "33.74")]
    region: Option<RegionCode>,
}

/// The parameters of a snapshot.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SnapshotParams {
    /// Only what concerns this region
    #[param(inline, value_type = Option<RegionText>, example = "33.74")]
    region: Option<RegionCode>,
}

/// List changes
///
/// Every change after `after`, in order, as far as the reader may see it. To follow the directory, start from
/// `/v1/snapshot` and ask for what comes after its `seq`; start so again on `not_kept`, which tells that what comes
/// after `after` is gone, or that the directory was put back to a state before it: send the `epoch` that came with the
/// snapshot, too, so that this is noticed even when new changes have taken the old numbers. With `region` come the changes
/// of that region, of those in it, and of those above it; a facility that moves there comes with all it has
/// (`facility_entered`), and one that moves away leaves with all it has (`facility_left`). `order=newest` looks back:
/// who changed what, the last first.
#[utoipa::path(
    get,
    path = "/v1/changes",
    operation_id = "changes",
    tag = "follow",
    params(ChangesParams),
    responses(
        (status = 200, description = "The changes", body = ChangesAnswer),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        LogProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn list(
    State(log): State<Arc<LogReads>>,
    request: ReadRequest,
    Params(ChangesParams { after, epoch, order, region, limit }): Params<ChangesParams>,
) -> Result<Response, Problem> {
    let epoch = log.check_epoch(epoch)?;
    let state = request.reads.current();
    known_region(region, "region", &state)?;
    let limit = limit.get();
    let reader = Reader { audience: request.caller.principal.audience(), region };
    let _turn = log.turns.acquire().await;
    let start = match order {
        Order::Oldest => start(&log.database, state.seq(), after).await?,
        Order::Newest => after.unwrap_or(Seq::MAX).min(state.seq() + 1),
    };
    let mut changes: Vec<ChangeView> = Vec::new();
    // Up to which change this page has looked.
    let mut read = start;
    let mut is_more = true;
    while is_more && changes.len() < limit && read.abs_diff(start) < MOST_READ {
        let page = match order {
            Order::Oldest => log.database.changes_after(read, CHUNK).await,
            Order::Newest => log.database.changes_before(read, CHUNK).await,
        };
        let page = page.map_err(unreadable)?;
        is_more = page.len() as u64 == CHUNK;
        for change in page.iter().filter(|change| change.seq <= state.seq()) {
            if changes.len() == limit {
                is_more = true;
                break;
            }
            changes.extend(reader.sees(change, &state));
            read = change.seq;
        }
    }
    let is_more = match order {
        Order::Oldest => read < state.seq(),
        Order::Newest => is_more,
    };
    let next = is_more.then(|| read.to_string());
    let seq = state.seq();
    let body = ChangesAnswer { seq, epoch, resolved: request.resolved(), changes, next }.body();
    Ok(request.respond(Arc::new(body)).await)
}

impl LogReads {
    /// The epoch of the log. Refuses whoever has read another: one that was put back to an earlier state since.
    fn check_epoch(&self, read: Option<u64>) -> Result<u64, Rejection> {
        let epoch = self.directory.epoch();
        if read.is_none_or(|read| read == epoch) {
            return Ok(epoch);
        }
        let detail = Message::new("changes-of-another-epoch").arg("epoch", epoch.to_string());
        Err(Rejection::new(Code::NotKept, "epoch", detail))
    }
}

/// The change to go on after; refused if what comes after it is no longer kept, or if it never was: whoever has
/// seen it follows a directory that was put back to an earlier state since. It may be newer than what is `known`
/// here: another node may have told it.
async fn start(database: &Database, known: Seq, after: Option<Seq>) -> Result<Seq, Rejection> {
    let first = database.first_change().await.map_err(unreadable)?.map_or(1, |(seq, _)| seq);
    match after {
        Some(after) if after + 1 < first => Err(Rejection::new(
            Code::NotKept,
            "after",
            Message::new("changes-not-kept").arg("first", first.to_string()),
        )),
        Some(after) if after > known => {
            let last = database.last_change().await.map_err(unreadable)?.map_or(known, |(seq, _)| seq);
            if after <= last {
                return Ok(after);
            }
            Err(Rejection::new(
                Code::NotKept,
                "after",
                Message::new("changes-not-there-yet").arg("last", last.to_string()),
            ))
        }
        Some(after) => Ok(after),
        None => Ok(first - 1),
    }
}

/// A free place among `places`, or the refusal that says how many there are.
fn place(places: &Arc<Semaphore>, full: Message) -> Result<OwnedSemaphorePermit, Rejection> {
    Arc::clone(places).try_acquire_owned().map_err(|_| Rejection::new(Code::Overloaded, "", full))
}

/// Follow changes as they happen
///
/// Server-sent events, one per change: `id` is its `seq`, in later epochs of the log with `@` and the epoch, `data` is it as
/// JSON, as in `/v1/changes`. The browser's `EventSource` resumes by itself (`Last-Event-ID`), and is refused if the log
/// was put back to an earlier state since; `after` does it by hand; without either the stream starts now. Silent streams get a comment every 15 seconds. An event named `again` ends the stream: its data has the
/// `reason`, and `after`, from where to go on, with `/v1/changes` if it is far behind.
#[utoipa::path(
    get,
    path = "/v1/changes/stream",
    operation_id = "follow_changes",
    tag = "follow",
    params(
        StreamParams,
        ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that came; it counts before `after`"),
    ),
    responses(
        (status = 200, description = "The stream", body = String, content_type = "text/event-stream"),
        LogProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn stream(
    State(log): State<Arc<LogReads>>,
    State(writes): State<Arc<Writes>>,
    extensions: Extensions,
    request: ReadRequest,
    Params(StreamParams { after, epoch, last_event_id: sent, region }): Params<StreamParams>,
) -> Result<Response, Problem> {
    let readings = request.resolved().into_iter().map(|read| {
        let said = format!("'{}' was read as {} ({})", read.given, read.name, read.code);
        Ok(Event::default().comment(said))
    });
    let ReadRequest { reads, caller, headers, .. } = request;
    // Listening begins before the state is looked at, so that nothing falls between.
    let changes = reads.directory.listen();
    let last = last_event_id(&headers)?.or(sent);
    log.check_epoch(last.map(|last| last.epoch).or(epoch))?;
    let state = reads.current();
    known_region(region, "region", &state)?;
    let resumed = last.map(|last| last.seq).or(after);
    let [public, keyed] = &log.streams;
    let (places, sender) = match &caller.principal {
        Principal::Key(key) => (keyed, Sender::Key(key.id)),
        Principal::Public | Principal::Operator(_) => (public, writes.public.sender(&headers, &extensions)),
    };
    let full = || Rejection::new(Code::Overloaded, "", Message::new("overloaded-streams"));
    let place = places.take(sender).ok_or_else(full)?;
    let after = start(&log.database, state.seq(), Some(resumed.unwrap_or(state.seq()))).await?;
    let sign_in = reads.sign_in(&headers).map(|sign_in| sign_in.hash.clone());
    let follower = Follower {
        reads,
        log,
        principal: caller.principal,
        sign_in,
        region,
        changes,
        behind: VecDeque::new(),
        after,
        told: after,
        heard_from: state.seq(),
        ended: false,
        _place: place,
    };
    let events = stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok::<Event, Infallible>(event), follower))
    });
    let mut response = Sse::new(stream::iter(readings).chain(events))
        .keep_alive(KeepAlive::new().interval(HEARTBEAT))
        .into_response();
    // A proxy in between must not hold events back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    Ok(response)
}

/// The id of an event: its change, and the epoch of the log unless it is the first. Without that, whoever resumes after
/// the log was put back would go on with other changes of the same numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(try_from = "String")]
struct EventId {
    seq: Seq,
    epoch: u64,
}

impl fmt::Display for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seq, epoch } = self;
        if *epoch == 1 { write!(formatter, "{seq}") } else { write!(formatter, "{seq}@{epoch}") }
    }
}

impl FromStr for EventId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let (seq, epoch) = text.split_once('@').unwrap_or((text, "1"));
        Ok(Self { seq: seq.parse()?, epoch: epoch.parse()? })
    }
}

impl TryFrom<String> for EventId {
    type Error = ParseIntError;

    fn try_from(text: String) -> Result<Self, ParseIntError> {
        text.parse()
    }
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<EventId>, Rejection> {
    let Some(value) = headers.get("last-event-id").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let id: Option<EventId> = value.to_str().ok().and_then(|text| text.parse().ok());
    // The database counts with a sign.
    id.filter(|id| id.seq <= i64::MAX.unsigned_abs()).map(Some).ok_or_else(|| {
        Rejection::new(Code::InvalidParameter, "Last-Event-ID", Message::new("not-an-event-id"))
    })
}

/// A client that follows the changes, and how far it is: first come those it missed, from the log, then those it hears.
struct Follower {
    reads: Arc<Reads>,
    log: Arc<LogReads>,
    principal: Principal,
    /// The hash of the secret, where that is of a sign-in.
    sign_in: Option<String>,
    region: Option<RegionCode>,
    changes: broadcast::Receiver<Arc<Change>>,
    /// Missed changes that were read and not sent yet.
    behind: VecDeque<Change>,
    /// The last change that was sent or passed over.
    after: Seq,
    /// The last change that the client knows of.
    told: Seq,
    /// Changes after this one are heard.
    heard_from: Seq,
    ended: bool,
    _place: Place,
}

/// The reason for which a stream ends.
#[derive(Debug, Clone, Copy)]
enum End {
    /// The client missed too many changes to get them here.
    Behind,
    /// The client takes its events too slowly.
    Slow,
    /// The log cannot be read right now.
    Unavailable,
    /// The key is no longer valid.
    Key,
}

impl Follower {
    /// The next event; None once the stream has ended.
    async fn next(&mut self) -> Option<Event> {
        if self.ended {
            return None;
        }
        loop {
            let log = Arc::clone(&self.log);
            match log.tasks.unless_stopping(self.change()).await? {
                Err(end) => return Some(self.end(end)),
                Ok(change) => {
                    let state = self.reads.current();
                    if !self.is_let_in(&state) {
                        return Some(self.end(End::Key));
                    }
                    self.after = change.seq;
                    let reader = Reader { audience: self.principal.audience(), region: self.region };
                    if let Some(view) = reader.sees(&change, &state) {
                        self.told = change.seq;
                        let data = serde_json::to_string(&view).expect("answers are plain data");
                        return Some(Event::default().id(self.id()).data(data));
                    }
                    if self.after - self.told >= MOST_PASSED_OVER {
                        self.told = self.after;
                        // Without data: clients remember the id, and dispatch nothing.
                        return Some(Event::default().id(self.id()).comment("passed over"));
                    }
                }
            }
        }
    }

    /// The id of the change that was sent or passed over last.
    fn id(&self) -> String {
        EventId { seq: self.after, epoch: self.log.directory.epoch() }.to_string()
    }

    /// Whether the key, and the sign-in if there is one, have not ended.
    fn is_let_in(&self, state: &Snapshot) -> bool {
        let is_signed_in = self.sign_in.as_ref().is_none_or(|hash| state.sign_in(hash).is_some());
        is_signed_in
            && match &self.principal {
                Principal::Key(key) => state.check_key(key, self.reads.clock.now()).is_ok(),
                Principal::Public | Principal::Operator(_) => true,
            }
    }

    async fn change(&mut self) -> Result<Change, End> {
        while self.after < self.heard_from {
            if let Some(change) = self.behind.pop_front() {
                return Ok(change);
            }
            if self.heard_from - self.after > MOST_MISSED {
                return Err(End::Behind);
            }
            let missed = self.log.database.changes_after(self.after, CHUNK).await;
            self.behind = missed.map_err(|_| End::Unavailable)?.into();
            // The database was put back to an earlier state, or the log was trimmed meanwhile.
            if self.behind.front().is_none_or(|change| change.seq != self.after + 1) {
                return Err(End::Behind);
            }
        }
        loop {
            match self.changes.recv().await {
                Ok(change) if change.seq > self.after => return Ok((*change).clone()),
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => return Err(End::Slow),
                Err(broadcast::error::RecvError::Closed) => return Err(End::Unavailable),
            }
        }
    }

    fn end(&mut self, end: End) -> Event {
        self.ended = true;
        let reason = match end {
            End::Behind => "behind",
            End::Slow => "slow",
            End::Unavailable => "unavailable",
            End::Key => "key",
        };
        Event::default().event("again").data(json!({"reason": reason, "after": self.after}).to_string())
    }
}

/// Get the whole directory, or one region
///
/// Lines of JSON from one moment: first `{"seq", "epoch", "at", "region"}`, then every type, region, facility, its current
/// numbers, session and contact, each in the shape of a change (`region`, `kind`, `content`), and at last
/// `{"end": true, "lines"}`. A mirror that takes these lines in like changes, and then the changes after `seq`,
/// equals the directory. With `region` there is what lies in that region and what shows in it from above; with the
/// same `region` the changes go on from there.
#[utoipa::path(
    get,
    path = "/v1/snapshot",
    operation_id = "snapshot",
    tag = "follow",
    params(SnapshotParams),
    responses(
        (status = 200, description = "The lines", body = String, content_type = "application/x-ndjson"),
        LogProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn snapshot(
    State(log): State<Arc<LogReads>>,
    request: ReadRequest,
    Params(SnapshotParams { region }): Params<SnapshotParams>,
) -> Result<Response, Problem> {
    let resolved = Resolved::in_a_line(&request.resolved());
    let ReadRequest { reads, caller, headers, .. } = request;
    let epoch = log.directory.epoch();
    let state = reads.current();
    known_region(region, "region", &state)?;
    let coding = negotiate::coding(&headers);
    let turn = place(&log.snapshots, Message::new("overloaded-snapshots"))?;
    let seq = state.seq();
    let reader = Reader { audience: caller.principal.audience(), region };
    let lines = changes::lines(state, epoch, reader);
    let chunks = stream::unfold((Packed::new(lines, coding), turn), |(mut lines, turn)| async move {
        // Between chunks others get their turn.
        tokio::task::yield_now().await;
        let chunk = lines.next()?;
        Some((Ok::<_, Infallible>(chunk), (lines, turn)))
    });
    let mut response = Body::from_stream(chunks).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, authorization"));
    if let Some(coding) = coding.name() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    headers.insert(SEQ, HeaderValue::from(seq));
    say_resolved(headers, resolved.as_deref());
    Ok(response)
}
