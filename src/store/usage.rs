//! How the node is used: when keys were last used, and which questions found nothing.
//!
//! Requests only count in memory. Once a minute the counts are written, many in one statement, beside the log.

use std::collections::{HashMap, HashSet};

use chrono::{Duration, NaiveDate};
use parking_lot::Mutex;
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    TransactionTrait,
    sea_query::{Condition, Expr, OnConflict},
};

use super::{
    Database,
    entity::{demand, key_use},
    log::ROWS_PER_STATEMENT,
    rows::upsert,
};
use crate::{
    clock::Timestamp,
    domain::{key::KeyId, region_code::RegionCode},
};

/// How long counts are kept.
const KEPT_FOR: Duration = Duration::days(400);

/// How many different queries are counted per day: clients can make up new ones without end.
pub const MOST_A_DAY: u64 = 20_000;

/// A query that found nothing: region, kind and the rest of it, as they are stored.
pub type Wanted = (String, String, String);

/// How many different queries are counted in memory.
const MOST_UNMET: usize = 10_000;

/// The counts since they were last written down.
#[derive(Default)]
pub struct Usage {
    keys: Mutex<HashMap<KeyId, Timestamp>>,
    unmet: Mutex<HashMap<Wanted, u64>>,
}

impl Usage {
    /// A request came with the key `id`.
    pub fn note_key(&self, id: KeyId, at: Timestamp) {
        self.keys.lock().insert(id, at);
    }

    /// A question found nothing.
    pub fn note_unmet(&self, wanted: Wanted) {
        let mut unmet = self.unmet.lock();
        if unmet.len() < MOST_UNMET || unmet.contains_key(&wanted) {
            *unmet.entry(wanted).or_default() += 1;
        }
    }

    /// The key uses that are not written down yet.
    pub fn recent_key_uses(&self) -> HashMap<KeyId, Timestamp> {
        self.keys.lock().clone()
    }

    /// Writes down when keys were last used. After a failure they are kept for the next try.
    pub async fn write_key_uses(&self, database: &Database) -> Result<(), DbErr> {
        let uses = std::mem::take(&mut *self.keys.lock());
        let rows = uses.iter().map(|(id, at)| key_use::ActiveModel { key_id: Set(*id), used_at: Set(*at) });
        let written = upsert(database.connection()?, rows.collect()).await;
        if written.is_err() {
            let mut keys = self.keys.lock();
            for (id, at) in uses {
                keys.entry(id).or_insert(at);
            }
        }
        written
    }

    /// Adds what was not found to the counts of `day`. After a failure it is kept for the next try.
    pub async fn write_unmet(&self, database: &Database, day: NaiveDate) -> Result<(), DbErr> {
        let counts = std::mem::take(&mut *self.unmet.lock());
        if counts.is_empty() {
            return Ok(());
        }
        let written = database.add_demand(day, &counts).await;
        if written.is_err() {
            let mut unmet = self.unmet.lock();
            for (wanted, count) in counts {
                *unmet.entry(wanted).or_default() += count;
            }
        }
        written
    }
}

impl Database {
    /// When keys were last used, as far as it has been written down (once a minute): of some keys, or of all.
    pub async fn key_uses(&self, of: Option<&[KeyId]>) -> Result<HashMap<KeyId, Timestamp>, DbErr> {
        let some = of.map(|ids| key_use::Column::KeyId.is_in(ids.iter().copied()));
        let rows =
            key_use::Entity::find().filter(Condition::all().add_option(some)).all(self.connection()?).await?;
        Ok(rows.into_iter().map(|row| (row.key_id, row.used_at)).collect())
    }

    /// Adds to the counts of `day`; once it has no room left, only to those it has.
    pub async fn add_demand(&self, day: NaiveDate, counts: &HashMap<Wanted, u64>) -> Result<(), DbErr> {
        let counts = self.with_room(day, counts).await?;
        let transaction = self.connection()?.begin().await?;
        for chunk in counts.chunks(ROWS_PER_STATEMENT) {
            let rows = chunk.iter().map(|((region, kind, wanted), count)| demand::ActiveModel {
                day: Set(day),
                region: Set(region.clone()),
                kind: Set(kind.clone()),
                wanted: Set(wanted.clone()),
                questions: Set(i64::try_from(**count).unwrap_or(i64::MAX)),
            });
            let keys =
                [demand::Column::Day, demand::Column::Region, demand::Column::Kind, demand::Column::Wanted];
            let sum = Expr::col((demand::Entity, demand::Column::Questions))
                .add(Expr::col(("excluded", demand::Column::Questions)));
            let conflict = OnConflict::columns(keys).value(demand::Column::Questions, sum).to_owned();
            demand::Entity::insert_many(rows)
                .on_conflict(conflict)
                .exec_without_returning(&transaction)
                .await?;
        }
        transaction.commit().await
    }

    /// The counts that `day` has already or has room for.
    async fn with_room<'a>(
        &self,
        day: NaiveDate,
        counts: &'a HashMap<Wanted, u64>,
    ) -> Result<Vec<(&'a Wanted, &'a u64)>, DbErr> {
        let of_day = demand::Entity::find().filter(demand::Column::Day.eq(day));
        let room = MOST_A_DAY.saturating_sub(of_day.clone().count(self.connection()?).await?);
        if counts.len() as u64 <= room {
            return Ok(counts.iter().collect());
        }
        let columns = [demand::Column::Region, demand::Column::Kind, demand::Column::Wanted];
        let known: Vec<Wanted> =
            of_day.select_only().columns(columns).into_tuple().all(self.connection()?).await?;
        let known: HashSet<Wanted> = known.into_iter().collect();
        let (mut kept, new): (Vec<_>, Vec<_>) =
            counts.iter().partition(|(wanted, _)| known.contains(*wanted));
        kept.extend(new.into_iter().take(usize::try_from(room).unwrap_or(usize::MAX)));
        Ok(kept)
    }

    /// How often questions about `region` and below found nothing, most often first.
    pub async fn demand(
        &self,
        region: Option<RegionCode>,
        from: NaiveDate,
        to: NaiveDate,
        limit: u64,
    ) -> Result<Vec<(Wanted, u64)>, DbErr> {
        let mut query = demand::Entity::find()
            .select_only()
            .columns([demand::Column::Region, demand::Column::Kind, demand::Column::Wanted])
            .column_as(demand::Column::Questions.sum().cast_as("bigint"), "questions")
            .filter(demand::Column::Day.between(from, to));
        if let Some(region) = region {
            let below = demand::Column::Region.starts_with(format!("{region}."));
            query = query.filter(demand::Column::Region.eq(region.to_string()).or(below));
        }
        let rows: Vec<(String, String, String, i64)> = query
            .group_by(demand::Column::Region)
            .group_by(demand::Column::Kind)
            .group_by(demand::Column::Wanted)
            .order_by_desc(demand::Column::Questions.sum())
            .order_by_asc(demand::Column::Region)
            .order_by_asc(demand::Column::Wanted)
            .limit(limit)
            .into_tuple()
            .all(self.connection()?)
            .await?;
        let counted = |(region, kind, wanted, count)| {
            ((region, kind, wanted), u64::try_from(count).unwrap_or_default())
        };
        Ok(rows.into_iter().map(counted).collect())
    }

    /// Forgets counts that are too old.
    pub async fn forget_demand(&self, today: NaiveDate) -> Result<(), DbErr> {
        demand::Entity::delete_many()
            .filter(demand::Column::Day.lt(today - KEPT_FOR))
            .exec(self.connection()?)
            .await
            .map(drop)
    }
}
