//! Reading the log back: what changed after a number, and what one facility reported.

use chrono::TimeDelta;
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Asterisk, Condition, Expr, ExprTrait, Order, Query},
};

use super::{
    Database,
    entity::{change, daily},
    log::{self, change_of, to_column},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Change, Late, Seq},
        facility::FacilityId,
        observation::is_dated_ahead,
        resource_type::TypeCode,
    },
};

/// A change of one facility, with what was late in it.
pub struct FacilityChange {
    /// The change.
    pub change: Change,
    /// For what a newer observation was known.
    pub late: Late,
}

/// When something was received: from a moment on, and before another.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// At this moment or later.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub to: Option<Timestamp>,
}

/// A day of one type at one facility in short; counts as they are stored.
pub struct DailyRow {
    /// The UTC day.
    pub day: String,
    /// The type.
    pub resource: String,
    /// `available`: the fewest, the most and the last; then the last `capacity`.
    pub counts: [Option<i32>; 4],
    /// How many reports.
    pub reports: i32,
}

/// A change that the clock dated earlier than the one before it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Setback {
    /// The change.
    pub seq: i64,
    /// Its time.
    pub at: Timestamp,
    /// The time of the change before it.
    pub before: Timestamp,
}

impl Database {
    /// Where the kept log tells that the clock was set back, by more than clocks differ anyway.
    pub async fn clock_setbacks(&self) -> Result<Vec<Setback>, DbErr> {
        let before = Expr::cust(r#"LAG("at") OVER (ORDER BY "seq")"#);
        let pairs = Query::select()
            .columns([change::Column::Seq, change::Column::At])
            .expr_as(before, "before")
            .from(change::Entity)
            .take();
        let setbacks = Query::select()
            .column(Asterisk)
            .from_subquery(pairs, "pairs")
            .and_where(Expr::col("at").lt(Expr::col("before")))
            .order_by("seq", Order::Asc)
            .take();
        let found = Setback::find_by_statement(self.connection.get_database_backend().build(&setbacks))
            .all(&self.connection)
            .await?;
        Ok(found.into_iter().filter(|setback| is_dated_ahead(setback.before, setback.at)).collect())
    }

    /// At most `limit` changes after `seq`, in order.
    pub async fn changes_after(&self, seq: Seq, limit: u64) -> Result<Vec<Change>, DbErr> {
        log::read_after(&self.connection, seq, limit).await
    }

    /// The first change that is still kept, and when it was made; None for an empty log.
    pub async fn first_change(&self) -> Result<Option<(Seq, Timestamp)>, DbErr> {
        log::first(&self.connection).await
    }

    /// The newest change, whether the memory knows it already or not, and when it was made.
    pub async fn last_change(&self) -> Result<Option<(Seq, Timestamp)>, DbErr> {
        log::last(&self.connection).await
    }

    /// At most `limit` changes of a facility up to `last`, the last first.
    pub async fn facility_changes(
        &self,
        facility: FacilityId,
        span: Span,
        last: Option<Seq>,
        limit: u64,
    ) -> Result<Vec<FacilityChange>, DbErr> {
        let within = Condition::all()
            .add_option(span.from.map(|from| change::Column::At.gte(from)))
            .add_option(span.to.map(|to| change::Column::At.lt(to)))
            .add_option(last.map(|last| change::Column::Seq.lte(to_column(last))));
        let rows = change::Entity::find()
            .filter(change::Column::FacilityId.eq(facility.0))
            .filter(within)
            .order_by_desc(change::Column::Seq)
            .limit(limit)
            .all(&self.connection)
            .await?;
        let changes = rows.into_iter().map(|mut row| {
            let late = Late::read(&row.late.take().unwrap_or_default());
            Ok(FacilityChange { change: change_of(row)?, late })
        });
        changes.collect()
    }

    /// At most `limit` days of a facility in short, the last first; of one day by type, after `after`.
    pub async fn facility_days(
        &self,
        facility: FacilityId,
        resource: Option<&TypeCode>,
        span: Span,
        after: Option<(&str, &TypeCode)>,
        limit: u64,
    ) -> Result<Vec<DailyRow>, DbErr> {
        let day = |at: Timestamp| at.date_naive().to_string();
        let is_after = |(day, code): (&str, &TypeCode)| {
            let same_day = Condition::all()
                .add(daily::Column::Day.eq(day))
                .add(daily::Column::ResourceType.gt(code.as_str()));
            Condition::any().add(daily::Column::Day.lt(day)).add(same_day)
        };
        let within = Condition::all()
            .add_option(span.from.map(|from| daily::Column::Day.gte(day(from))))
            // A day that begins at `to` lies after it.
            .add_option(span.to.map(|to| daily::Column::Day.lte(day(to - TimeDelta::microseconds(1)))))
            .add_option(resource.map(|code| daily::Column::ResourceType.eq(code.as_str())))
            .add_option(after.map(is_after));
        let rows = daily::Entity::find()
            .filter(daily::Column::FacilityId.eq(facility.0))
            .filter(within)
            .order_by_desc(daily::Column::Day)
            .order_by_asc(daily::Column::ResourceType)
            .limit(limit)
            .all(&self.connection)
            .await?;
        let days = rows.into_iter().map(|row| DailyRow {
            day: row.day,
            resource: row.resource_type,
            counts: [row.available_min, row.available_max, row.available_last, row.capacity_last],
            reports: row.reports,
        });
        Ok(days.collect())
    }
}
