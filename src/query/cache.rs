//! The answer cache: versioned, never invalidated.
//!
//! The key of an entry carries a scope, which is what its answer depends on, and the version of that. A change raises
//! the version, so an old entry is never wrong, only unused, and ages out by weight. A fill that races with a
//! change makes bytes for a version nobody asks for any more.
//!
//! How far an answer looks is known only once it is made. So a question is first looked up under the scope that it
//! names ([`super::Query::scope`]); where its answer looked further, the entry there only says how far
//! (`Entry::Further`), and the answer stands under that wider scope.

use std::{fmt::Display, sync::Arc};

use metrics::Counter;
use moka::{future::Cache, policy::EvictionPolicy};
use tokio::{sync::Semaphore, task::JoinError};

use crate::{
    auth::Audience,
    domain::rejection::{Code, Rejection},
    locales::Message,
    query::{
        Asked,
        answer::{Rendered, render},
    },
    render::{Body, Format, Representation, tags::Numbers},
    snapshot::{Scope, Snapshot},
    tasks::Tasks,
};

/// How many answers are made at the same time; others wait their turn.
const MOST_FILLS: usize = 16;

/// A question, its audience and form, and the version of the scope that its answer depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    asked: Arc<Asked>,
    audience: Audience,
    form: Representation,
    scope: Scope,
    version: u64,
}

#[derive(Clone)]
enum Entry {
    Body(Arc<Body>),
    /// Nothing fits in that scope, and the answer depends on this one.
    Further(Scope),
    Nothing,
}

/// Gives the bytes of answers.
pub struct Answers {
    cache: Cache<Key, Entry>,
    tasks: Tasks,
    /// Limits how many answers are made at the same time.
    fills: Arc<Semaphore>,
    hits: Counter,
    misses: Counter,
}

impl Answers {
    /// A cache of at most `megabytes`; long fills run as tasks of their own.
    pub fn new(megabytes: u64, tasks: Tasks) -> Self {
        let weight = |_: &Key, entry: &Entry| match entry {
            // The packed forms and the key come on top of the bytes.
            Entry::Body(body) => u32::try_from(body.len() * 2 + 512).unwrap_or(u32::MAX),
            Entry::Further(_) | Entry::Nothing => 512,
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

    /// The bytes of the answer, and whether they were made for this; None if what the question names is not there.
    pub async fn get(
        &self,
        state: &Arc<Snapshot>,
        asked: Arc<Asked>,
        audience: Audience,
        form: Representation,
    ) -> Result<Option<(Arc<Body>, bool)>, Rejection> {
        let mut scope = asked.query.scope(state);
        let mut is_made = false;
        // Each scope is wider than the one before: this ends with the whole country at the latest.
        let body = loop {
            let version = state.version(scope);
            let key = Key { asked: Arc::clone(&asked), audience, form, scope, version };
            let (entry, is_new) = self.entry(key, state).await?;
            is_made |= is_new;
            match entry {
                Entry::Body(body) => break Some(body),
                Entry::Further(wider) => scope = wider,
                Entry::Nothing => break None,
            }
        };
        // A request that waited for bytes that another made did not make them again.
        let outcome = if is_made { &self.misses } else { &self.hits };
        outcome.increment(1);
        Ok(body.map(|body| (body, is_made)))
    }

    /// The bytes of an answer about a state that no other question will be about; None as for [`Answers::get`].
    /// They are not kept: the versions of a past state say nothing about the present.
    pub async fn once(
        &self,
        state: Arc<Snapshot>,
        asked: Asked,
        audience: Audience,
        form: Representation,
    ) -> Result<Option<Body>, Rejection> {
        let _turn = self.fills.acquire().await;
        let made = tokio::task::spawn_blocking(move || render(&asked, &state, audience, form));
        Ok(made.await.map_err(|error| failed(&error))?.map(|rendered| rendered.body))
    }

    /// The entry of the key, and whether it was made for this.
    async fn entry(&self, key: Key, state: &Arc<Snapshot>) -> Result<(Entry, bool), Rejection> {
        if let Some(entry) = self.cache.get(&key).await {
            return Ok((entry, false));
        }
        let cache = self.cache.clone();
        if key.asked.query.is_quick() && key.form.format == Format::Json {
            // It is made in one go, so nobody can leave in the middle of it; another thread would cost as much again.
            let job = key.clone();
            let made = async {
                let (entry, further) = fill(job, state);
                if let Some((key, body)) = further {
                    self.cache.insert(key, body).await;
                }
                entry
            };
            let entry = cache.entry(key).or_insert_with(made).await;
            let is_new = entry.is_fresh();
            return Ok((entry.into_value(), is_new));
        }
        let (state, fills) = (Arc::clone(state), Arc::clone(&self.fills));
        // The fill outlives the client that asked first: others are waiting for the same bytes.
        let fill = self.tasks.spawn(async move {
            let (job, shelf) = (key.clone(), cache.clone());
            let made = async move {
                let _turn = fills.acquire().await;
                let (entry, further) = tokio::task::spawn_blocking(move || fill(job, &state)).await?;
                if let Some((key, body)) = further {
                    shelf.insert(key, body).await;
                }
                Ok::<_, JoinError>(entry)
            };
            cache.entry(key).or_try_insert_with(made).await
        });
        match fill.await {
            Ok(Ok(entry)) => {
                let is_new = entry.is_fresh();
                Ok((entry.into_value(), is_new))
            }
            Ok(Err(error)) => Err(failed(&*error)),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Counts an answer that its holder knows to be the right one still.
    pub fn again(&self, body: Arc<Body>) -> Arc<Body> {
        self.hits.increment(1);
        body
    }

    /// How many entries and bytes are held, roughly.
    pub fn size(&self) -> (u64, u64) {
        (self.cache.entry_count(), self.cache.weighted_size())
    }
}

/// The entry of a key; if its answer looked further, also the answer with the key that it stands under.
fn fill(key: Key, state: &Snapshot) -> (Entry, Option<(Key, Entry)>) {
    let Some(Rendered { mut body, scope }) = render(&key.asked, state, key.audience, key.form) else {
        return (Entry::Nothing, None);
    };
    body.meta.numbers = match scope {
        Scope::Names | Scope::Types => Numbers::None,
        _ => scope.region().map_or(Numbers::Country, Numbers::Region),
    };
    let body = Entry::Body(Arc::new(body));
    if scope == key.scope {
        return (body, None);
    }
    (Entry::Further(scope), Some((Key { version: state.version(scope), scope, ..key }, body)))
}

fn failed(error: &impl Display) -> Rejection {
    tracing::error!(%error, "an answer could not be made");
    Rejection::new(Code::Internal, "", Message::new("internal-failed"))
}
