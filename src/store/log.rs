//! The change log in the database.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::entity::change;
use crate::{
    clock::Timestamp,
    domain::change::{Change, Effect, Late, Seq},
};

/// Rows per statement: well under the parameter limits of both databases.
pub(super) const ROWS_PER_STATEMENT: usize = 500;

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
            facility_id: Set(subject(&change.effect)),
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
    let rows = change::Entity::find()
        .filter(change::Column::Seq.gt(to_column(seq)))
        .order_by_asc(change::Column::Seq)
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

/// The last change, and when it was.
pub(super) async fn last(connection: &impl ConnectionTrait) -> Result<Option<(Seq, Timestamp)>, DbErr> {
    let row = change::Entity::find().order_by_desc(change::Column::Seq).one(connection).await?;
    Ok(row.map(|row| (from_column(row.seq), row.at)))
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

/// The last change that the clock dated at or before `at`, whatever it said of those before; 0 if none is kept.
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

/// The first change that is kept, and when it was.
pub(super) async fn first(connection: &impl ConnectionTrait) -> Result<Option<(Seq, Timestamp)>, DbErr> {
    let row = change::Entity::find().order_by_asc(change::Column::Seq).one(connection).await?;
    Ok(row.map(|row| (from_column(row.seq), row.at)))
}

/// The facility that an effect is about.
fn subject(effect: &Effect) -> Option<uuid::Uuid> {
    match effect {
        Effect::Report(report) => Some(report.facility.0),
        Effect::Facility(facility) => Some(facility.id.0),
        Effect::Session(session) => Some(session.facility.0),
        Effect::SessionReport(report) => Some(report.facility.0),
        Effect::Room(room) => Some(room.facility.0),
        Effect::RoomEnded { facility, .. } => Some(facility.0),
        Effect::Mark(mark) | Effect::MarkEnded(mark) => Some(mark.facility.0),
        _ => None,
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
