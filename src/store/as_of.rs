//! The directory as it was known at a moment: the nearest checkpoint before it, and the log from there.
//!
//! A checkpoint is the current rows at some change, packed.

use std::{
    io::{BufRead, BufReader, Write},
    sync::Arc,
};

use chrono::{Duration, DurationRound};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use moka::future::Cache;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set,
    sea_query::Condition,
};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    Database,
    entity::checkpoint,
    log::{self, broken, from_column, to_column},
    rows,
    writer::PATIENCE,
};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Change, Seq},
        region::Zone,
        rejection::{Code, Rejection},
    },
    locales::Message,
    snapshot::{Row, Snapshot},
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
    /// The refusal that blames `as_of`; None if the database failed.
    pub fn rejection(&self) -> Option<Rejection> {
        match self {
            Self::Future { now } => {
                let now = Zone::Wib.minute(*now);
                Some(Rejection::new(
                    Code::AsOfInFuture,
                    "as_of",
                    Message::new("as-of-in-future").arg("now", now),
                ))
            }
            Self::NotKept { earliest } => {
                // Round up, so that a client can ask for the minute that the error names.
                let next_minute = |at: Timestamp| at.duration_round_up(Duration::minutes(1)).unwrap_or(at);
                let earliest =
                    earliest.map_or_else(|| "-".to_owned(), |at| Zone::Wib.minute(next_minute(at)));
                Some(Rejection::new(
                    Code::NotKept,
                    "as_of",
                    Message::new("moment-not-kept").arg("earliest", earliest),
                ))
            }
            Self::Busy => Some(Rejection::new(Code::Overloaded, "as_of", Message::new("overloaded-past"))),
            Self::Database(_) => None,
        }
    }
}

/// Makes past states, few at a time: each reads the log and looks at the whole directory.
pub struct AsOf {
    database: Database,
    /// By epoch of the log and moment: after the log has lost changes, the past is another.
    states: Cache<(u64, Timestamp), Arc<Snapshot>>,
    /// The same states without the data that is not public at the present of a [`Snapshot::publicity`].
    redacted: Cache<(u64, Timestamp, Seq), Arc<Snapshot>>,
    at_work: Semaphore,
    waiting: Semaphore,
}

/// The turn of one question about the past; it ends when this is dropped, so keep it until the answer is made.
pub struct Turn<'a> {
    past: &'a AsOf,
    _place: SemaphorePermit<'a>,
    _work: SemaphorePermit<'a>,
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
        let work = tokio::time::timeout(LONGEST_WAIT, self.at_work.acquire()).await;
        let work = work.ok().and_then(Result::ok).ok_or(AsOfError::Busy)?;
        Ok(Turn { past: self, _place: place, _work: work })
    }
}

impl Turn<'_> {
    /// The directory as it was known at `at`, by this `epoch` of the log. Public in it is only what is public at `present`.
    pub async fn state(
        &self,
        at: Timestamp,
        now: Timestamp,
        epoch: u64,
        present: &Arc<Snapshot>,
    ) -> Result<Arc<Snapshot>, AsOfError> {
        if at > now {
            return Err(AsOfError::Future { now });
        }
        let AsOf { database, states, redacted, .. } = self.past;
        let made = async { Box::pin(database.state_at(at)).await.map(Arc::new) };
        // Changes decided before that moment may still be on their way into the log.
        if (now - at).to_std().unwrap_or_default() < PATIENCE {
            return Ok(redact(made.await?, Arc::clone(present)).await);
        }
        let made = async {
            let past = states.try_get_with((epoch, at), made).await.map_err(|error| (*error).clone())?;
            Ok(redact(past, Arc::clone(present)).await)
        };
        let key = (epoch, at, present.publicity());
        Box::pin(redacted.try_get_with(key, made)).await.map_err(|error: Arc<AsOfError>| (*error).clone())
    }
}

async fn redact(past: Arc<Snapshot>, present: Arc<Snapshot>) -> Arc<Snapshot> {
    let redacted = tokio::task::spawn_blocking(move || Arc::new((*past).clone().redacted(&present)));
    redacted.await.expect("looking back neither panics nor is cancelled")
}

impl Database {
    /// The directory as it was known at `at`.
    pub async fn state_at(&self, at: Timestamp) -> Result<Snapshot, AsOfError> {
        let transaction = self.begin_read().await?;
        let not_kept = |earliest| AsOfError::NotKept { earliest };
        let mut state = match newest_checkpoint(&transaction, Some(at)).await? {
            Some(last) => checkpoint_state(&transaction, last).await?.ok_or_else(|| not_kept(None))?,
            None => match log::first(&transaction).await? {
                Some((1, _)) if log::last_at(&transaction, at).await? > 0 => Snapshot::default(),
                _ => return Err(not_kept(earliest_kept(&transaction).await?)),
            },
        };
        let last = log::last_at(&transaction, at).await?;
        while state.seq() < last {
            let mut changes = log::read_after(&transaction, state.seq(), CHUNK).await?;
            changes.retain(|change| change.seq <= last);
            state = followed(state, changes, at).await;
        }
        transaction.commit().await?;
        state.advance(at);
        Ok(state)
    }
}

/// The earliest moment whose state can be given.
pub(super) async fn earliest_kept(connection: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    match log::first(connection).await? {
        Some((1, first)) => Ok(Some(first)),
        _ => Ok(oldest_checkpoint(connection).await?.map(|(_, at)| at)),
    }
}

/// Applying is computing: it must not hold up the tasks that answer questions.
async fn followed(mut state: Snapshot, changes: Vec<Change>, now: Timestamp) -> Snapshot {
    let followed = tokio::task::spawn_blocking(move || {
        state.follow(&changes, now);
        state
    });
    followed.await.expect("the log has no gaps after a checkpoint")
}

/// How long after a checkpoint the next one is due.
const BETWEEN_CHECKPOINTS: Duration = Duration::days(1);

/// Whether a checkpoint is due at `now`, while the log ends at `end`. One that a wrong clock dated in the future does not
/// stand in for it.
pub(super) async fn checkpoint_is_due(
    connection: &impl ConnectionTrait,
    end: Seq,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let last = newest_checkpoint(connection, None).await?.map_or(0, |(seq, _)| seq);
    let is_old = |(_, at): At| at <= now - BETWEEN_CHECKPOINTS;
    Ok(last < end && newest_checkpoint(connection, Some(now)).await?.is_none_or(is_old))
}

/// The last change that a checkpoint shows, and the moment since which all of it was known.
type At = (Seq, Timestamp);

/// Keeps the present state, unless another node has.
pub(super) async fn keep_checkpoint(database: &Database, now: Timestamp) -> Result<(), DbErr> {
    let reading = database.begin_read().await?;
    let (seq, last, body) = rows::read(&reading, |seq, at, rows| (seq, at, pack(rows))).await?;
    // The state shows only moments at which all of it was known, even if a wrong clock dated the last change.
    let known_at = if last > now { now } else { log::latest_until(&reading, now).await?.unwrap_or(now) };
    reading.commit().await?;
    let transaction = database.begin_maintenance().await?;
    if checkpoint_is_due(&transaction, seq, now).await? {
        let row = checkpoint::ActiveModel { seq: Set(to_column(seq)), at: Set(known_at), body: Set(body) };
        checkpoint::Entity::insert(row).exec_without_returning(&transaction).await?;
    }
    transaction.commit().await
}

/// The newest checkpoint, of those at or before `at` if it is given.
pub(super) async fn newest_checkpoint(
    connection: &impl ConnectionTrait,
    at: Option<Timestamp>,
) -> Result<Option<At>, DbErr> {
    let until = Condition::all().add_option(at.map(|at| checkpoint::Column::At.lte(at)));
    first_of(checkpoint::Entity::find().filter(until).order_by_desc(checkpoint::Column::Seq), connection)
        .await
}

async fn oldest_checkpoint(connection: &impl ConnectionTrait) -> Result<Option<At>, DbErr> {
    first_of(checkpoint::Entity::find().order_by_asc(checkpoint::Column::Seq), connection).await
}

/// The first of the checkpoints found, without its rows.
async fn first_of(
    checkpoints: Select<checkpoint::Entity>,
    connection: &impl ConnectionTrait,
) -> Result<Option<At>, DbErr> {
    let columns = [checkpoint::Column::Seq, checkpoint::Column::At];
    let found: Option<(i64, Timestamp)> =
        checkpoints.select_only().columns(columns).into_tuple().one(connection).await?;
    Ok(found.map(|(seq, at)| (from_column(seq), at)))
}

/// The state at the checkpoint `at`; None if it is gone.
async fn checkpoint_state(connection: &impl ConnectionTrait, at: At) -> Result<Option<Snapshot>, DbErr> {
    let (seq, at) = at;
    let Some(row) = checkpoint::Entity::find_by_id(to_column(seq)).one(connection).await? else {
        return Ok(None);
    };
    let unpacked = tokio::task::spawn_blocking(move || unpack(&row.body));
    let rows = unpacked.await.expect("unpacking neither panics nor is cancelled");
    let rows = rows.map_err(|error| broken("checkpoint", seq, &error))?;
    Ok(Some(Snapshot::build(seq, at, at, rows)))
}

/// Rows as JSON lines, gzip. Keys and sign-ins are left out: the present ones decide what a reader may see.
fn pack(rows: impl Iterator<Item = Row>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    for row in rows.filter(|row| !matches!(row, Row::Key(_) | Row::SignIn(_))) {
        let line = serde_json::to_vec(&row).expect("rows are plain data");
        encoder.write_all(&line).expect("writing into memory does not fail");
        encoder.write_all(b"\n").expect("writing into memory does not fail");
    }
    encoder.finish().expect("writing into memory does not fail")
}

fn unpack(body: &[u8]) -> std::io::Result<Vec<Row>> {
    let lines = BufReader::new(GzDecoder::new(body)).lines();
    lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}
