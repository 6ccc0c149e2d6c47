//! The directory as it was known at a moment: the nearest checkpoint before it, and the log from there.

use std::sync::Arc;

use chrono::{Duration, DurationRound};
use moka::future::Cache;
use sea_orm::{ConnectionTrait, DbErr};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{Database, checkpoint, log, writer::PATIENCE};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Change, Seq},
        region::Zone,
        rejection::{Code, Rejection},
    },
    locales::Message,
    snapshot::Snapshot,
};

/// How many past states are kept for the next page of the same question: each can be as large as the present.
const MOST_STATES: u64 = 3;
/// How long one is kept after the last question about it.
const KEPT_FOR: std::time::Duration = std::time::Duration::from_mins(2);
/// How many questions about the past are worked on at the same time.
const MOST_AT_WORK: usize = 2;
/// How many may be at work or wait for it; more are turned away at once.
const MOST_WAITING: usize = 32;
/// How long one waits for its turn.
const LONGEST_WAIT: std::time::Duration = std::time::Duration::from_secs(10);
/// How many changes are read at once.
const CHUNK: u64 = 1_000;

/// Why a past state cannot be given.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AsOfError {
    /// The moment has not come yet.
    #[error("the moment lies in the future")]
    Future {
        /// The present moment.
        now: Timestamp,
    },
    /// The moment is before what is kept.
    #[error("the moment is before what is kept")]
    NotKept {
        /// The earliest moment that is kept; None while nothing is.
        earliest: Option<Timestamp>,
    },
    /// Too many wait for past states already.
    #[error("too many ask about the past")]
    Busy,
    /// The log cannot be read.
    #[error("{0}")]
    Database(Arc<DbErr>),
}

impl From<DbErr> for AsOfError {
    fn from(error: DbErr) -> Self {
        Self::Database(Arc::new(error))
    }
}

impl AsOfError {
    /// The refusal that blames `as_of`; None if nobody but the database is to blame.
    pub fn rejection(&self) -> Option<Rejection> {
        match self {
            Self::Future { now } => {
                let now = Zone::Wib.minute(*now);
                Some(Rejection::new(
                    Code::AsOfInFuture,
                    "as_of",
                    Message::new("as-of-in-future").arg("now", now.to_string()),
                ))
            }
            Self::NotKept { earliest } => {
                // The minute that is said can be asked for.
                let next_minute = |at: Timestamp| at.duration_round_up(Duration::minutes(1)).unwrap_or(at);
                let earliest =
                    earliest.map_or_else(|| "-".to_owned(), |at| Zone::Wib.minute(next_minute(at)));
                Some(Rejection::new(
                    Code::NotKept,
                    "as_of",
                    Message::new("not-kept-rejection").arg("earliest", earliest.to_string()),
                ))
            }
            Self::Busy => {
                Some(Rejection::new(Code::Overloaded, "as_of", Message::new("overloaded-rejection")))
            }
            Self::Database(_) => None,
        }
    }
}

/// Makes past states, few at a time: each reads the log and looks at the whole directory.
pub struct AsOf {
    database: Database,
    states: Cache<Timestamp, Arc<Snapshot>>,
    /// The same as the present with this [`Snapshot::publicity`] lets it be told.
    redacted: Cache<(Timestamp, Seq), Arc<Snapshot>>,
    at_work: Semaphore,
    waiting: Semaphore,
}

/// The turn of one question about the past; it ends when this is dropped, so keep it until the answer is made.
pub struct Turn<'a> {
    past: &'a AsOf,
    _place: SemaphorePermit<'a>,
    _turn: SemaphorePermit<'a>,
}

impl AsOf {
    /// The past of `database`.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            states: Cache::builder().max_capacity(MOST_STATES).time_to_idle(KEPT_FOR).build(),
            redacted: Cache::builder().max_capacity(MOST_STATES).time_to_idle(KEPT_FOR).build(),
            at_work: Semaphore::new(MOST_AT_WORK),
            waiting: Semaphore::new(MOST_WAITING),
        }
    }

    /// Waits for a turn, unless too many wait already.
    pub async fn turn(&self) -> Result<Turn<'_>, AsOfError> {
        let place = self.waiting.try_acquire().map_err(|_| AsOfError::Busy)?;
        let turn = tokio::time::timeout(LONGEST_WAIT, self.at_work.acquire()).await;
        let turn = turn.ok().and_then(Result::ok).ok_or(AsOfError::Busy)?;
        Ok(Turn { past: self, _place: place, _turn: turn })
    }
}

impl Turn<'_> {
    /// What the directory knew at `at`, seen then, with only that public which is public at `present`.
    pub async fn state(
        &self,
        at: Timestamp,
        now: Timestamp,
        present: &Arc<Snapshot>,
    ) -> Result<Arc<Snapshot>, AsOfError> {
        if at > now {
            return Err(AsOfError::Future { now });
        }
        let AsOf { database, states, redacted, .. } = self.past;
        let made = async { database.state_at(at).await.map(Arc::new) };
        // What was decided before that moment may still be on its way into the log.
        if (now - at).to_std().unwrap_or_default() < PATIENCE {
            return Ok(redact(made.await?, Arc::clone(present)).await);
        }
        let made = async {
            let past = states.try_get_with(at, made).await.map_err(|error| (*error).clone())?;
            Ok(redact(past, Arc::clone(present)).await)
        };
        let key = (at, present.publicity());
        redacted.try_get_with(key, made).await.map_err(|error: Arc<AsOfError>| (*error).clone())
    }
}

async fn redact(past: Arc<Snapshot>, present: Arc<Snapshot>) -> Arc<Snapshot> {
    let redacted = tokio::task::spawn_blocking(move || Arc::new((*past).clone().redacted(&present)));
    redacted.await.expect("looking back neither panics nor is cancelled")
}

impl Database {
    /// What the directory knew at `at`, seen then.
    pub async fn state_at(&self, at: Timestamp) -> Result<Snapshot, AsOfError> {
        let transaction = self.begin_read().await?;
        let not_kept = |earliest| AsOfError::NotKept { earliest };
        let mut state = match checkpoint::newest(&transaction, Some(at)).await? {
            Some(last) => checkpoint::state(&transaction, last).await?.ok_or_else(|| not_kept(None))?,
            None => match log::first(&transaction).await? {
                Some((1, first)) if first <= at => Snapshot::default(),
                _ => return Err(not_kept(earliest(&transaction).await?)),
            },
        };
        loop {
            let changes = log::read_after(&transaction, state.seq(), CHUNK).await?;
            let until = changes.iter().take_while(|change| change.at <= at).count();
            let is_last = until < usize::try_from(CHUNK).expect("small");
            state = applied(state, changes, until).await;
            if is_last {
                break;
            }
        }
        transaction.commit().await?;
        state.advance(at);
        Ok(state)
    }

    /// The earliest moment whose state can be given.
    pub async fn earliest_kept(&self) -> Result<Option<Timestamp>, DbErr> {
        earliest(&self.connection).await
    }
}

async fn earliest(connection: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    match log::first(connection).await? {
        Some((1, first)) => Ok(Some(first)),
        _ => Ok(checkpoint::oldest(connection).await?.map(|(_, at)| at)),
    }
}

/// Applying is computing: it must not hold up the tasks that answer questions.
async fn applied(mut state: Snapshot, changes: Vec<Change>, count: usize) -> Snapshot {
    let applied = tokio::task::spawn_blocking(move || {
        for change in changes.iter().take(count) {
            state.apply(change);
        }
        state
    });
    applied.await.expect("the log has no gaps after a checkpoint")
}
