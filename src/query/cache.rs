//! The answer cache: versioned, never invalidated.
//!
//! The key of an entry carries the version of everything its answer depends on. A change raises that
//! version, so an old entry is never wrong, only unused, and ages out by weight. A fill that races with a
//! change makes bytes for a version nobody asks for any more.

use std::{fmt::Display, sync::Arc};

use metrics::Counter;
use moka::{future::Cache, policy::EvictionPolicy};
use tokio::sync::Semaphore;

use crate::{
    auth::Audience,
    domain::rejection::{Code, Rejection},
    locales::Message,
    query::{
        Query,
        answer::{Rendered, render},
    },
    render::{Body, Representation},
    snapshot::{Scope, Snapshot},
    tasks::Tasks,
};

/// How many answers are made at the same time; others wait their turn.
const MOST_FILLS: usize = 16;

/// What was asked, by whom, in which form, and how the directory stood.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    query: Arc<Query>,
    audience: Audience,
    form: Representation,
    version: u64,
    /// Whether the answer may look further than asked: then the version is the whole country's.
    further: bool,
}

#[derive(Clone)]
enum Entry {
    Body(Arc<Body>),
    /// Nothing fits in the area asked about, so the answer depends on the whole country.
    LookFurther,
    Nothing,
}

/// Gives the bytes of answers.
pub struct Answers {
    cache: Cache<Key, Entry>,
    tasks: Tasks,
    /// Those that are being made.
    fills: Arc<Semaphore>,
    hits: Counter,
    misses: Counter,
}

impl Answers {
    /// A cache of at most `megabytes`; fills run as tasks of their own.
    pub fn new(megabytes: u64, tasks: Tasks) -> Self {
        let weight = |_: &Key, entry: &Entry| match entry {
            // The packed forms and the key come on top of the bytes.
            Entry::Body(body) => u32::try_from(body.len() * 2 + 512).unwrap_or(u32::MAX),
            Entry::LookFurther | Entry::Nothing => 512,
        };
        Self {
            cache: Cache::builder()
                .max_capacity(megabytes << 20)
                .weigher(weight)
                // By default a large answer had to be more popular than all the small ones it replaces.
                .eviction_policy(EvictionPolicy::lru())
                .build(),
            tasks,
            fills: Arc::new(Semaphore::new(MOST_FILLS)),
            hits: metrics::counter!("sedia_answer_cache_total", "outcome" => "hit"),
            misses: metrics::counter!("sedia_answer_cache_total", "outcome" => "miss"),
        }
    }

    /// The bytes of the answer; None if what the question names is not there.
    pub async fn get(
        &self,
        state: &Arc<Snapshot>,
        query: Arc<Query>,
        audience: Audience,
        form: Representation,
    ) -> Result<Option<Arc<Body>>, Rejection> {
        let version = state.stamp(query.scope(state)).version;
        let mut key = Key { query, audience, form, version, further: false };
        let mut entry = self.entry(&key, state).await?;
        if matches!(entry, Entry::LookFurther) {
            key = Key { version: state.stamp(Scope::Country).version, further: true, ..key };
            entry = self.entry(&key, state).await?;
        }
        match entry {
            Entry::Body(body) => Ok(Some(body)),
            Entry::LookFurther | Entry::Nothing => Ok(None),
        }
    }

    /// The bytes of an answer about a state that no other question will be about; None as for [`Answers::get`].
    /// They are not kept: the versions of a past state say nothing about the present.
    pub async fn once(
        &self,
        state: Arc<Snapshot>,
        query: Query,
        audience: Audience,
        form: Representation,
    ) -> Result<Option<Body>, Rejection> {
        let _turn = self.fills.acquire().await;
        let made = tokio::task::spawn_blocking(move || render(&query, &state, audience, form));
        Ok(made.await.map_err(|error| failed(&error))?.map(|rendered| rendered.body))
    }

    async fn entry(&self, key: &Key, state: &Arc<Snapshot>) -> Result<Entry, Rejection> {
        if let Some(entry) = self.cache.get(key).await {
            self.hits.increment(1);
            return Ok(entry);
        }
        let (cache, key, state) = (self.cache.clone(), key.clone(), Arc::clone(state));
        let fills = Arc::clone(&self.fills);
        // The fill outlives the client that asked first: others are waiting for the same bytes.
        let fill = self.tasks.spawn(async move {
            let job = key.clone();
            let made = async move {
                let _turn = fills.acquire().await;
                tokio::task::spawn_blocking(move || fill(&job, &state)).await
            };
            cache.entry(key).or_try_insert_with(made).await
        });
        match fill.await {
            Ok(Ok(entry)) => {
                // Whoever waited for bytes that another made did not make them again.
                let outcome = if entry.is_fresh() { &self.misses } else { &self.hits };
                outcome.increment(1);
                Ok(entry.into_value())
            }
            Ok(Err(error)) => Err(failed(&*error)),
            Err(error) => Err(failed(&error)),
        }
    }

    /// How many entries and bytes are held, roughly.
    pub fn size(&self) -> (u64, u64) {
        (self.cache.entry_count(), self.cache.weighted_size())
    }
}

fn fill(key: &Key, state: &Snapshot) -> Entry {
    match render(&key.query, state, key.audience, key.form) {
        None => Entry::Nothing,
        Some(Rendered { looked_further: true, .. }) if !key.further => Entry::LookFurther,
        Some(Rendered { body, .. }) => Entry::Body(Arc::new(body)),
    }
}

fn failed(error: &impl Display) -> Rejection {
    tracing::error!(%error, "an answer could not be made");
    Rejection::new(Code::Internal, "", Message::new("internal-failed"))
}
