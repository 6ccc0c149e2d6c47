//! What is kept beside the log: when keys were last used, what the database is for, and housekeeping.

use std::collections::HashMap;

use chrono::NaiveDate;
use parking_lot::Mutex;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set,
    sea_query::{CaseStatement, Expr, OnConflict},
};

use super::{
    Database, Wanted,
    entity::{api_key, idempotency, mark, setting},
    idempotency::KEPT_FOR,
    log::ROWS_PER_STATEMENT,
};
use crate::{clock::Timestamp, domain::key::KeyId};

/// How many different wishes are counted between two times that they are written down.
const MOST_UNMET: usize = 10_000;

/// What requests leave to be written down once a minute: one write for many of them.
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
        let written = database.set_key_uses(&uses).await;
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
    /// Writes down when keys were last used, many in one statement.
    async fn set_key_uses(&self, uses: &HashMap<KeyId, Timestamp>) -> Result<(), DbErr> {
        let uses: Vec<(&KeyId, &Timestamp)> = uses.iter().collect();
        for chunk in uses.chunks(ROWS_PER_STATEMENT) {
            let used_at = chunk.iter().fold(CaseStatement::new(), |case, (id, at)| {
                case.case(api_key::Column::Id.eq(**id), Expr::value(**at))
            });
            api_key::Entity::update_many()
                .col_expr(api_key::Column::LastUsedAt, used_at.into())
                .filter(api_key::Column::Id.is_in(chunk.iter().map(|(id, _)| **id)))
                .exec(&self.connection)
                .await?;
        }
        Ok(())
    }

    /// When each key was last used, as far as it has been written down (once a minute).
    pub async fn key_uses(&self) -> Result<HashMap<KeyId, Timestamp>, DbErr> {
        let rows: Vec<(KeyId, Option<Timestamp>)> = api_key::Entity::find()
            .select_only()
            .columns([api_key::Column::Id, api_key::Column::LastUsedAt])
            .into_tuple()
            .all(&self.connection)
            .await?;
        Ok(rows.into_iter().filter_map(|(id, at)| Some((id, at?))).collect())
    }

    /// Forgets the receipts that are no longer given again.
    pub async fn forget_receipts(&self, now: Timestamp) -> Result<u64, DbErr> {
        idempotency::Entity::delete_many()
            .filter(idempotency::Column::At.lte(now - KEPT_FOR))
            .exec(&self.connection)
            .await
            .map(|result| result.rows_affected)
    }

    /// Forgets the rows of marks that have ended by themselves: in memory they have already.
    pub async fn forget_marks(&self, now: Timestamp) -> Result<u64, DbErr> {
        mark::Entity::delete_many()
            .filter(mark::Column::Until.lte(now))
            .exec(&self.connection)
            .await
            .map(|result| result.rows_affected)
    }

    /// A setting of the database itself.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, DbErr> {
        Ok(setting::Entity::find_by_id(name).one(&self.connection).await?.map(|row| row.value))
    }

    /// Sets a setting of the database itself.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), DbErr> {
        write_setting(&self.connection, name, value).await
    }
}

pub(super) async fn write_setting(
    connection: &impl ConnectionTrait,
    name: &str,
    value: &str,
) -> Result<(), DbErr> {
    let row = setting::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) };
    let conflict = OnConflict::column(setting::Column::Name).update_column(setting::Column::Value).to_owned();
    setting::Entity::insert(row).on_conflict(conflict).exec_without_returning(connection).await.map(drop)
}
