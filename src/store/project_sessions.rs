//! Writes the current rows of sessions and of their occurrences.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set, sea_query::Expr};

use super::{
    entity::{facility, region, session, session_availability},
    log::{ROWS_PER_STATEMENT, to_column},
    project::{to_json, upsert},
};
use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityId,
        numbers::Count,
        observation::Reading,
        session::{Session, SessionId},
        text::wire_name,
    },
    snapshot::{SessionState, Snapshot},
};

/// Writes the rows of the sessions that a batch touched: all of each, as its days may be others now.
pub(super) async fn project_sessions(
    connection: &impl ConnectionTrait,
    touched: &BTreeMap<SessionId, Timestamp>,
    before: &Snapshot,
    after: &Snapshot,
) -> Result<(), DbErr> {
    if touched.is_empty() {
        return Ok(());
    }
    let ids: Vec<SessionId> = touched.keys().copied().collect();
    for chunk in ids.chunks(ROWS_PER_STATEMENT) {
        session_availability::Entity::delete_many()
            .filter(session_availability::Column::SessionId.is_in(chunk.iter().map(|id| id.0)))
            .exec(connection)
            .await?;
    }
    let states: Vec<&SessionState> = ids.iter().filter_map(|id| Some(&**after.session(*id)?)).collect();
    let rows = states.iter().map(|state| session_row(state));
    upsert(connection, rows.collect(), &[session::Column::Id], &[]).await?;
    let readings = states.iter().flat_map(|state| {
        state.readings.iter().map(|(date, reading)| reading_row(state.session.id, *date, reading))
    });
    let keys = [session_availability::Column::SessionId, session_availability::Column::Date];
    upsert(connection, readings.collect(), &keys, &[]).await?;
    for (id, at) in touched {
        // One that was added and forgotten in the same batch leaves nothing behind.
        if let Some(state) = before.session(*id).filter(|_| after.session(*id).is_none()) {
            forget(connection, &state.session, *at, after).await?;
        }
    }
    let facilities: BTreeSet<FacilityId> = ids
        .iter()
        .filter_map(|id| Some(after.session(*id).or_else(|| before.session(*id))?.session.facility))
        .collect();
    for id in facilities {
        if let Some(state) = after.facility(id) {
            facility::Entity::update_many()
                .col_expr(facility::Column::Seq, Expr::value(to_column(state.version)))
                .filter(facility::Column::Id.eq(id.0))
                .exec(connection)
                .await?;
        }
    }
    Ok(())
}

/// Removes a session; the answers of its region are dated by that, as by a facility that left.
async fn forget(
    connection: &impl ConnectionTrait,
    session: &Session,
    at: Timestamp,
    after: &Snapshot,
) -> Result<(), DbErr> {
    session::Entity::delete_by_id(session.id.0).exec(connection).await?;
    if let Some(state) = after.facility(session.facility) {
        region::Entity::update_many()
            .col_expr(region::Column::LeftAt, Expr::value(at))
            .filter(region::Column::Code.eq(state.facility.region.to_string()))
            .exec(connection)
            .await?;
    }
    Ok(())
}

fn session_row(state: &SessionState) -> session::ActiveModel {
    session::ActiveModel {
        id: Set(state.session.id.0),
        facility_id: Set(state.session.facility.0),
        body: Set(to_json(&*state.session)),
        seq: Set(to_column(state.version)),
        changed_at: Set(state.changed_at),
    }
}

fn reading_row(id: SessionId, date: NaiveDate, reading: &Reading) -> session_availability::ActiveModel {
    let count = |count: Option<Count>| {
        Set(count.map(|count| i32::try_from(count.get()).expect("counts are bounded")))
    };
    session_availability::ActiveModel {
        session_id: Set(id.0),
        date: Set(date),
        capacity: count(reading.numbers.capacity()),
        occupied: count(reading.numbers.occupied()),
        available: count(reading.numbers.available()),
        queue: count(reading.numbers.queue()),
        observed_at: Set(reading.observed_at),
        received_at: Set(reading.received_at),
        source: Set(wire_name(reading.source)),
        reporter: Set(reading.reporter.to_string()),
    }
}
