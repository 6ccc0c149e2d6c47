//! The change log in the database: appended to by the writer, read by everything else.

use chrono::TimeDelta;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Set,
    sea_query::{Asterisk, Condition, Expr, ExprTrait, Order, Query},
};

use super::{
    Database,
    entity::{change, daily},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Change, ChangeKind, Late, Seq},
        facility::FacilityId,
        observation::is_dated_ahead,
        resource_type::TypeCode,
        text::wire_name,
    },
    snapshot::Snapshot,
};

/// Rows per statement: well under the parameter limits of both databases.
pub(super) const ROWS_PER_STATEMENT: usize = 500;

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

/// Which changes are looked for.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Of one of these facilities; of anything if there are none.
    pub facilities: Vec<FacilityId>,
    /// By this actor.
    pub actor: Option<String>,
    /// Of one of these sorts; of any if there are none.
    pub kinds: Vec<ChangeKind>,
    /// Received then, by the order of the log: where a clock was set back, the stretch of the log counts.
    pub span: Span,
}

/// How many changes one step back passes over at most, where no index leads to those that fit.
const STRETCH: Seq = 20_000;
/// How many changes one step back reads at most.
const STEP: u64 = 500;
/// How many steps back are made for one request.
const MOST_STEPS: usize = 10;

impl LogFilter {
    /// The stored changes that fit. What they are is the first thing in their body.
    fn condition(&self) -> Condition {
        let begins = |kind: &ChangeKind| {
            let effect = match kind {
                ChangeKind::Type => "resource_type".to_owned(),
                kind => wire_name(kind),
            };
            change::Column::Body.starts_with(format!("{{\"effect\":\"{effect}\""))
        };
        let kinds = self.kinds.iter().map(begins).fold(Condition::any(), Condition::add);
        let facilities = self.facilities.iter().map(|id| id.0);
        Condition::all()
            .add_option((!self.kinds.is_empty()).then_some(kinds))
            .add_option(self.actor.as_ref().map(|actor| change::Column::Actor.eq(actor)))
            .add_option((!self.facilities.is_empty()).then(|| change::Column::FacilityId.is_in(facilities)))
    }
}

/// A day of one type at one facility in short; counts as they are stored.
pub struct DailyRow {
    /// The UTC day.
    pub day: String,
    /// The type.
    pub resource: String,
    /// `available`: the fewest, the most and the last; then the last `capacity`.
    pub counts: [Option<i32>; 4],
    /// The number of reports.
    pub reports: i32,
}

impl DailyRow {
    /// Takes in the same day of the same type at another entry of the facility.
    fn join(&mut self, other: &Self) {
        let ([least, most, ..], [other_least, other_most, ..]) = (self.counts, other.counts);
        self.counts[0] = least.into_iter().chain(other_least).min();
        self.counts[1] = most.into_iter().chain(other_most).max();
        for last in 2..4 {
            self.counts[last] = self.counts[last].or(other.counts[last]);
        }
        self.reports += other.reports;
    }
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

/// Appends `changes`, each with what was late in it.
pub(super) async fn append(
    connection: &impl ConnectionTrait,
    changes: &[Change],
    late: &[Late],
) -> Result<(), DbErr> {
    let changes: Vec<(&Change, &Late)> = changes.iter().zip(late).collect();
    for chunk in changes.chunks(ROWS_PER_STATEMENT) {
        let rows = chunk.iter().map(|(change, late)| change::ActiveModel {
            late: Set(late.kept()),
            seq: Set(to_column(change.seq)),
            at: Set(change.at),
            actor: Set(change.actor.to_string()),
            facility_id: Set(change.effect.facility().map(|id| id.0)),
            body: Set(serde_json::to_string(&change.effect).expect("effects are plain data")),
        });
        change::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// At most `limit` changes after `seq`, in order.
pub(super) async fn read_after(
    connection: &impl ConnectionTrait,
    seq: Seq,
    limit: u64,
) -> Result<Vec<Change>, DbErr> {
    read_from(connection, seq + 1, limit).await
}

/// At most `limit` changes from `seq` on, in order.
pub(super) async fn read_from(
    connection: &impl ConnectionTrait,
    seq: Seq,
    limit: u64,
) -> Result<Vec<Change>, DbErr> {
    let rows = change::Entity::find()
        .filter(change::Column::Seq.gte(to_column(seq)))
        .order_by_asc(change::Column::Seq)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(change_of).collect()
}

/// Whether the log has at its place the change that `current` shows as its last.
pub(super) fn is_known(current: &Snapshot, logged: Option<&Change>) -> bool {
    current.seq() == 0
        || logged.is_some_and(|change| (change.seq, change.at) == (current.seq(), current.last_change_at()))
}

/// At most `limit` changes before `seq`, the newest first.
async fn read_before(connection: &impl ConnectionTrait, seq: Seq, limit: u64) -> Result<Vec<Change>, DbErr> {
    let rows = change::Entity::find()
        .filter(change::Column::Seq.lt(to_column(seq)))
        .order_by_desc(change::Column::Seq)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(change_of).collect()
}

/// The change in a row.
pub(super) fn change_of(row: change::Model) -> Result<Change, DbErr> {
    Ok(Change {
        seq: from_column(row.seq),
        at: row.at,
        actor: row.actor.into(),
        effect: serde_json::from_str(&row.body).map_err(|error| broken("change", row.seq, &error))?,
    })
}

/// The first change that is kept, and when it was.
pub(super) async fn first(connection: &impl ConnectionTrait) -> Result<Option<(Seq, Timestamp)>, DbErr> {
    end(connection, Order::Asc).await
}

/// The last change, and when it was.
pub(super) async fn last(connection: &impl ConnectionTrait) -> Result<Option<(Seq, Timestamp)>, DbErr> {
    end(connection, Order::Desc).await
}

async fn end(connection: &impl ConnectionTrait, order: Order) -> Result<Option<(Seq, Timestamp)>, DbErr> {
    let found: Option<(i64, Timestamp)> = change::Entity::find()
        .select_only()
        .columns([change::Column::Seq, change::Column::At])
        .order_by(change::Column::Seq, order)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.map(|(seq, at)| (from_column(seq), at)))
}

/// The latest time of a kept change, of those until `now`.
pub(super) async fn latest_until(
    connection: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<Option<Timestamp>, DbErr> {
    let find = change::Entity::find().select_only().column_as(change::Column::At.max(), "at");
    let found: Option<Option<Timestamp>> =
        find.filter(change::Column::At.lte(now)).into_tuple().one(connection).await?;
    Ok(found.flatten())
}

/// The last change that the clock dated at or before `at`, even if it dated earlier changes later; 0 if none is kept.
pub(super) async fn last_at(connection: &impl ConnectionTrait, at: Timestamp) -> Result<Seq, DbErr> {
    let find = change::Entity::find().select_only().column(change::Column::Seq);
    let found: Option<i64> = find
        .filter(change::Column::At.lte(at))
        .order_by_desc(change::Column::Seq)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.map_or(0, from_column))
}

impl Database {
    /// The places in the kept log at which the clock was set back, by more than clocks differ anyway.
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
        let found = Setback::find_by_statement(self.connection()?.get_database_backend().build(&setbacks))
            .all(self.connection()?)
            .await?;
        Ok(found.into_iter().filter(|setback| is_dated_ahead(setback.before, setback.at)).collect())
    }

    /// At most `limit` changes after `seq`, in order.
    pub async fn changes_after(&self, seq: Seq, limit: u64) -> Result<Vec<Change>, DbErr> {
        read_after(self.connection()?, seq, limit).await
    }

    /// At most `limit` changes before `seq`, the newest first.
    pub async fn changes_before(&self, seq: Seq, limit: u64) -> Result<Vec<Change>, DbErr> {
        read_before(self.connection()?, seq, limit).await
    }

    /// Gives `take` the changes before `before` that fit, the newest first, until it takes no more. Returns before which
    /// change to go on, or None once all was given. It looks at a bounded part of the log, so there can be more even when
    /// `take` took all.
    pub async fn look_back(
        &self,
        filter: &LogFilter,
        before: Seq,
        mut take: impl FnMut(&Change) -> bool + Send,
    ) -> Result<Option<Seq>, DbErr> {
        let Some((kept, _)) = self.first_change().await? else { return Ok(None) };
        let first = match filter.span.from {
            Some(from) => self.first_at(from).await?,
            None => kept,
        };
        let mut before = match filter.span.to {
            Some(to) => Ord::min(before, self.first_at(to).await?),
            None => before,
        };
        let stretch = if filter.facilities.is_empty() { STRETCH } else { Seq::MAX };
        for _ in 0..MOST_STEPS {
            if before <= first {
                return Ok(None);
            }
            let least = Ord::max(before.saturating_sub(stretch), first);
            let rows = change::Entity::find()
                .filter(change::Column::Seq.lt(to_column(before)))
                .filter(change::Column::Seq.gte(to_column(least)))
                .filter(filter.condition())
                .order_by_desc(change::Column::Seq)
                .limit(STEP)
                .all(self.connection()?)
                .await?;
            before = match rows.last().filter(|_| rows.len() as u64 == STEP) {
                Some(last) => from_column(last.seq),
                None => least,
            };
            for row in rows {
                let change = change_of(row)?;
                if !take(&change) {
                    return Ok(Some(change.seq + 1));
                }
            }
        }
        Ok((before > first).then_some(before))
    }

    /// The first change that was received at `at` or later, or the one that comes next: found by halving, as times rise
    /// with the numbers.
    async fn first_at(&self, at: Timestamp) -> Result<Seq, DbErr> {
        let (Some((mut least, _)), Some((last, _))) = (self.first_change().await?, self.last_change().await?)
        else {
            return Ok(0);
        };
        let mut most = last + 1;
        while least < most {
            let middle = least.midpoint(most);
            let find = change::Entity::find().select_only().column(change::Column::At);
            let found: Option<Timestamp> = find
                .filter(change::Column::Seq.eq(to_column(middle)))
                .into_tuple()
                .one(self.connection()?)
                .await?;
            // What is gone meanwhile was the oldest.
            if found.is_none_or(|found| found < at) {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        Ok(least)
    }

    /// The first change that is still kept, and when it was made; None for an empty log.
    pub async fn first_change(&self) -> Result<Option<(Seq, Timestamp)>, DbErr> {
        first(self.connection()?).await
    }

    /// The newest change, whether the memory knows it already or not, and when it was made.
    pub async fn last_change(&self) -> Result<Option<(Seq, Timestamp)>, DbErr> {
        last(self.connection()?).await
    }

    /// At most `limit` changes of the entries of a facility up to `last`, the last first.
    pub async fn facility_changes(
        &self,
        facilities: &[FacilityId],
        span: Span,
        last: Option<Seq>,
        limit: u64,
    ) -> Result<Vec<FacilityChange>, DbErr> {
        let within = Condition::all()
            .add_option(span.from.map(|from| change::Column::At.gte(from)))
            .add_option(span.to.map(|to| change::Column::At.lt(to)))
            .add_option(last.map(|last| change::Column::Seq.lte(to_column(last))));
        let rows = change::Entity::find()
            .filter(change::Column::FacilityId.is_in(facilities.iter().map(|id| id.0)))
            .filter(within)
            .order_by_desc(change::Column::Seq)
            .limit(limit)
            .all(self.connection()?)
            .await?;
        let changes = rows.into_iter().map(|mut row| {
            let late = Late::read(&row.late.take().unwrap_or_default());
            Ok(FacilityChange { change: change_of(row)?, late })
        });
        changes.collect()
    }

    /// At most `limit` days of a facility in short, the newest first and each by type, from behind `after`. A merged
    /// facility has several entries: where two have a last number of one day, that of the entry listed first counts.
    pub async fn facility_days(
        &self,
        facilities: &[FacilityId],
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
        let mut rows = daily::Entity::find()
            .filter(daily::Column::FacilityId.is_in(facilities.iter().map(|id| id.0)))
            .filter(within)
            .order_by_desc(daily::Column::Day)
            .order_by_asc(daily::Column::ResourceType)
            .order_by_asc(daily::Column::FacilityId)
            .limit(limit * facilities.len() as u64)
            .all(self.connection()?)
            .await?;
        let place = |row: &daily::Model| facilities.iter().position(|id| id.0 == row.facility_id);
        rows.sort_by(|one, other| {
            let by_day = other.day.cmp(&one.day).then_with(|| one.resource_type.cmp(&other.resource_type));
            by_day.then_with(|| place(one).cmp(&place(other)))
        });
        let days = rows.into_iter().map(|row| DailyRow {
            day: row.day,
            resource: row.resource_type,
            counts: [row.available_min, row.available_max, row.available_last, row.capacity_last],
            reports: row.reports,
        });
        let mut joined: Vec<DailyRow> = Vec::new();
        for day in days {
            match joined.last_mut().filter(|last| last.day == day.day && last.resource == day.resource) {
                Some(last) => last.join(&day),
                None => joined.push(day),
            }
        }
        joined.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(joined)
    }
}

/// The error for a stored value that cannot be read back.
pub(super) fn broken(
    table: &str,
    row: impl std::fmt::Display,
    error: &(impl std::fmt::Display + ?Sized),
) -> DbErr {
    DbErr::Custom(format!("{table} {row} cannot be read: {error}"))
}

/// A `seq` as both databases keep it.
pub(super) fn to_column(seq: Seq) -> i64 {
    i64::try_from(seq).expect("a sequence of changes does not reach 2^63")
}

/// A `seq` as it was kept.
pub(super) fn from_column(seq: i64) -> Seq {
    Seq::try_from(seq).expect("a sequence of changes starts at 1")
}
