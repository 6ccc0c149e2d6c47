//! Keeping the log short: states to start from, old reports into days, old days away.
//!
//! The log is shortened only up to a checkpoint that is itself old enough, so that every moment since then can be
//! shown. The current rows need no entry of the log but the last, which always stays.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::TimeDelta;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
};
use uuid::Uuid;

use super::{
    Database,
    as_of::{checkpoint_is_due, earliest_kept, keep_checkpoint, newest_checkpoint},
    entity::{change, checkpoint, current_row, daily},
    log::{self, change_of, from_column, to_column},
    rows::upsert,
};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Effect, Late},
        numbers::Count,
    },
    tasks::Tasks,
};

/// How many entries of the log are removed at once: writers wait that long.
const BATCH: u64 = 500;
/// Between two batches writers get their turn.
const PAUSE: Duration = Duration::from_millis(50);

/// How long things are kept, by when they were received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Every change, in days.
    pub days: u32,
    /// Days in short, in days.
    pub rollup_days: u32,
}

/// How large the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSize {
    /// How many changes are kept.
    pub changes: u64,
    /// The earliest moment whose state can be given.
    pub earliest: Option<Timestamp>,
    /// How many checkpoints there are.
    pub checkpoints: u64,
    /// How many bytes they take.
    pub checkpoint_bytes: u64,
}

impl Database {
    /// Forgets the rows of marks and sign-ins that have ended by themselves: in memory they have already.
    pub async fn forget_ended(&self, now: Timestamp) -> Result<u64, DbErr> {
        current_row::Entity::delete_many()
            .filter(current_row::Column::EndsAt.lte(now))
            .exec(self.connection()?)
            .await
            .map(|result| result.rows_affected)
    }

    /// Does everything that is due at `now`, in small parts.
    pub async fn compact(&self, now: Timestamp, keep: Keep, tasks: &Tasks) -> Result<(), DbErr> {
        let end = log::last(self.connection()?).await?.map_or(0, |(seq, _)| seq);
        if checkpoint_is_due(self.connection()?, end, now).await? {
            keep_checkpoint(self, now).await?;
        }
        while self.trim(now, keep).await? {
            if tasks.unless_stopping(tokio::time::sleep(PAUSE)).await.is_none() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Removes one batch of rows that are too old; returns whether there may be more.
    async fn trim(&self, now: Timestamp, keep: Keep) -> Result<bool, DbErr> {
        let transaction = self.begin_maintenance().await?;
        let forgotten = now - TimeDelta::days(keep.rollup_days.into());
        daily::Entity::delete_many().filter(daily::Column::Day.lt(day(forgotten))).exec(&transaction).await?;
        let cutoff = now - TimeDelta::days(keep.days.into());
        let start = newest_checkpoint(&transaction, Some(cutoff)).await?;
        let end = log::last(&transaction).await?;
        let (Some((start, _)), Some((end, _))) = (start, end) else {
            transaction.commit().await?;
            return Ok(false);
        };
        checkpoint::Entity::delete_many()
            .filter(checkpoint::Column::Seq.lt(to_column(start)))
            .exec(&transaction)
            .await?;
        // The last entry marks the end of the log.
        let last = start.min(end - 1);
        let rows = change::Entity::find()
            .filter(change::Column::Seq.lte(to_column(last)))
            .order_by_asc(change::Column::Seq)
            .limit(BATCH)
            .all(&transaction)
            .await?;
        let has_more = rows.len() as u64 == BATCH;
        if let Some(newest) = rows.last().map(|row| row.seq) {
            roll_up(&transaction, rows, day(forgotten)).await?;
            change::Entity::delete_many().filter(change::Column::Seq.lte(newest)).exec(&transaction).await?;
        }
        transaction.commit().await?;
        Ok(has_more)
    }

    /// How large the log is.
    pub async fn log_size(&self) -> Result<LogSize, DbErr> {
        let length = Expr::expr(Func::cust("length").arg(Expr::col(checkpoint::Column::Body)));
        let sizes: Option<(i64, Option<i64>)> = checkpoint::Entity::find()
            .select_only()
            .column_as(checkpoint::Column::Seq.count(), "checkpoints")
            .expr_as(Func::sum(length), "bytes")
            .into_tuple()
            .one(self.connection()?)
            .await?;
        let (checkpoints, bytes) = sizes.unwrap_or_default();
        let first = log::first(self.connection()?).await?.map(|(seq, _)| seq);
        let last = log::last(self.connection()?).await?.map(|(seq, _)| seq);
        Ok(LogSize {
            changes: first.zip(last).map_or(0, |(first, last)| last + 1 - first),
            earliest: earliest_kept(self.connection()?).await?,
            checkpoints: from_column(checkpoints),
            checkpoint_bytes: from_column(bytes.unwrap_or_default()),
        })
    }
}

type Day = (Uuid, String, String);

/// Adds the reports among `rows` to their days, those before `oldest` left out.
async fn roll_up(
    connection: &impl ConnectionTrait,
    rows: Vec<change::Model>,
    oldest: String,
) -> Result<(), DbErr> {
    let mut days: BTreeMap<Day, daily::Model> = BTreeMap::new();
    for found in known(connection, &rows).await? {
        days.insert((found.facility_id, found.day.clone(), found.resource_type.clone()), found);
    }
    let mut touched: BTreeSet<Day> = BTreeSet::new();
    for mut row in rows {
        let late = Late::read(&row.late.take().unwrap_or_default());
        let change = change_of(row)?;
        let (Effect::Report(report), day) = (change.effect, day(change.at)) else {
            continue;
        };
        if day < oldest {
            continue;
        }
        for observation in report.observations {
            let code = observation.resource.to_string();
            let key = (report.facility.0, day.clone(), code.clone());
            touched.insert(key.clone());
            let row = days.entry(key).or_insert_with(|| daily::Model {
                facility_id: report.facility.0,
                resource_type: code.clone(),
                day: day.clone(),
                available_min: None,
                available_max: None,
                available_last: None,
                capacity_last: None,
                reports: 0,
            });
            row.reports = row.reports.saturating_add(1);
            if late.has(&observation.resource) {
                continue;
            }
            let count = |count: Option<Count>| count.and_then(|count| i32::try_from(count.get()).ok());
            let available = count(observation.numbers.available());
            row.available_min = [row.available_min, available].into_iter().flatten().min();
            row.available_max = row.available_max.max(available);
            row.available_last = available;
            row.capacity_last = count(observation.numbers.capacity());
        }
    }
    let rows = touched.iter().filter_map(|key| days.remove(key)).map(daily::ActiveModel::from);
    upsert(connection, rows.collect()).await
}

/// The days that the rows can belong to, as far as they are there already.
async fn known(
    connection: &impl ConnectionTrait,
    rows: &[change::Model],
) -> Result<Vec<daily::Model>, DbErr> {
    let facilities: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.facility_id).collect();
    let days: BTreeSet<String> = rows.iter().map(|row| day(row.at)).collect();
    daily::Entity::find()
        .filter(daily::Column::FacilityId.is_in(facilities))
        .filter(daily::Column::Day.is_in(days))
        .all(connection)
        .await
}

/// The UTC day of a moment.
fn day(at: Timestamp) -> String {
    at.date_naive().to_string()
}
