//! What is kept beside the log: when keys were last used, what the database is for, and housekeeping.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set, TransactionTrait,
    sea_query::{Expr, OnConflict},
};

use super::{
    Database,
    entity::{api_key, idempotency, mark, setting},
    idempotency::KEPT_FOR,
};
use crate::{clock::Timestamp, domain::key::KeyId};

impl Database {
    /// Writes down when keys were last used.
    pub async fn note_key_uses(&self, uses: &HashMap<KeyId, Timestamp>) -> Result<(), DbErr> {
        if uses.is_empty() {
            return Ok(());
        }
        let transaction = self.0.begin().await?;
        for (id, at) in uses {
            api_key::Entity::update_many()
                .col_expr(api_key::Column::LastUsedAt, Expr::value(*at))
                .filter(api_key::Column::Id.eq(*id))
                .exec(&transaction)
                .await?;
        }
        transaction.commit().await
    }

    /// When each key was last used, as far as it has been written down (once a minute).
    pub async fn key_uses(&self) -> Result<HashMap<KeyId, Timestamp>, DbErr> {
        let rows: Vec<(KeyId, Option<Timestamp>)> = api_key::Entity::find()
            .select_only()
            .columns([api_key::Column::Id, api_key::Column::LastUsedAt])
            .into_tuple()
            .all(&self.0)
            .await?;
        Ok(rows.into_iter().filter_map(|(id, at)| Some((id, at?))).collect())
    }

    /// Forgets the receipts that are no longer given again.
    pub async fn forget_receipts(&self, now: Timestamp) -> Result<u64, DbErr> {
        idempotency::Entity::delete_many()
            .filter(idempotency::Column::At.lte(now - KEPT_FOR))
            .exec(&self.0)
            .await
            .map(|result| result.rows_affected)
    }

    /// Forgets the rows of marks that have ended by themselves: in memory they have already.
    pub async fn forget_marks(&self, now: Timestamp) -> Result<u64, DbErr> {
        mark::Entity::delete_many()
            .filter(mark::Column::Until.lte(now))
            .exec(&self.0)
            .await
            .map(|result| result.rows_affected)
    }

    /// A setting of the database itself.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, DbErr> {
        Ok(setting::Entity::find_by_id(name).one(&self.0).await?.map(|row| row.value))
    }

    /// Sets a setting of the database itself.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), DbErr> {
        let row = setting::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) };
        let conflict =
            OnConflict::column(setting::Column::Name).update_column(setting::Column::Value).to_owned();
        setting::Entity::insert(row).on_conflict(conflict).exec_without_returning(&self.0).await.map(drop)
    }
}
