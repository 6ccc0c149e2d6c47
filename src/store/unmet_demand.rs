//! How often questions found nothing: kept by day beside the log, and forgotten after a year.

use std::collections::{HashMap, HashSet};

use chrono::{Duration, NaiveDate};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    TransactionTrait,
    sea_query::{Expr, OnConflict},
};

use super::{Database, entity::demand, log::ROWS_PER_STATEMENT};
use crate::domain::region_code::RegionCode;

/// How long counts are kept.
const KEPT_FOR: Duration = Duration::days(400);

/// How many wishes a day has room for: whoever asks can make up new words without end.
pub const MOST_A_DAY: u64 = 20_000;

/// What was asked for: region, kind and wish, as they are written.
pub type Wanted = (String, String, String);

impl Database {
    /// Adds to the counts of `day`; once it has no room left, only to those it has.
    pub async fn add_demand(&self, day: NaiveDate, counts: &HashMap<Wanted, u64>) -> Result<(), DbErr> {
        let counts = self.with_room(day, counts).await?;
        let transaction = self.connection.begin().await?;
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

    /// Those of the counts that `day` has already or has room for.
    async fn with_room<'a>(
        &self,
        day: NaiveDate,
        counts: &'a HashMap<Wanted, u64>,
    ) -> Result<Vec<(&'a Wanted, &'a u64)>, DbErr> {
        let of_day = demand::Entity::find().filter(demand::Column::Day.eq(day));
        let room = MOST_A_DAY.saturating_sub(of_day.clone().count(&self.connection).await?);
        if counts.len() as u64 <= room {
            return Ok(counts.iter().collect());
        }
        let columns = [demand::Column::Region, demand::Column::Kind, demand::Column::Wanted];
        let known: Vec<Wanted> =
            of_day.select_only().columns(columns).into_tuple().all(&self.connection).await?;
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
            .all(&self.connection)
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
            .exec(&self.connection)
            .await
            .map(drop)
    }
}
