//! Retries do nothing twice: the receipt of the first try is kept for a day and given again.

use std::collections::HashMap;

use chrono::Duration;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};

use super::{Database, Receipt, entity::idempotency, log::broken};
use crate::{
    clock::Timestamp,
    domain::rejection::{Code, Rejection},
    locales::Message,
};

/// How long a receipt is kept.
const KEPT_FOR: Duration = Duration::hours(24);

/// A retryable request: who sent it, the key they gave it, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// Who sent it: keys of different senders never meet.
    pub principal: String,
    /// The `Idempotency-Key` header.
    pub key: String,
    /// A hash of method, path and body.
    pub fingerprint: String,
}

/// The receipts that some requests got before.
#[derive(Default)]
pub(super) struct Receipts(HashMap<(String, String), (String, Receipt)>);

impl Receipts {
    /// Reads the receipts of `requests` that are younger than [`KEPT_FOR`].
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        requests: impl Iterator<Item = &Idempotency>,
        now: Timestamp,
    ) -> Result<Self, DbErr> {
        let keys: Vec<&str> = requests.map(|request| request.key.as_str()).collect();
        if keys.is_empty() {
            return Ok(Self::default());
        }
        let rows = idempotency::Entity::find()
            .filter(idempotency::Column::IdempotencyKey.is_in(keys))
            .filter(idempotency::Column::At.gt(now - KEPT_FOR))
            .all(connection)
            .await?;
        let entries = rows.into_iter().map(|row| {
            let receipt = serde_json::from_str(&row.receipt)
                .map_err(|error| broken("idempotency", &row.idempotency_key, &error))?;
            Ok(((row.principal, row.idempotency_key), (row.fingerprint, receipt)))
        });
        entries.collect::<Result<_, DbErr>>().map(Self)
    }

    /// The receipt that `request` got before; a refusal if another request used its key.
    pub(super) fn find(&self, request: &Idempotency) -> Result<Option<Receipt>, Rejection> {
        match self.0.get(&(request.principal.clone(), request.key.clone())) {
            None => Ok(None),
            Some((fingerprint, receipt)) if *fingerprint == request.fingerprint => Ok(Some(receipt.clone())),
            Some(_) => Err(Rejection::new(
                Code::IdempotencyKeyReused,
                "Idempotency-Key",
                Message::new("idempotency-key-reused"),
            )),
        }
    }

    /// Remembers a receipt within the batch.
    pub(super) fn keep(&mut self, request: &Idempotency, receipt: &Receipt) {
        let key = (request.principal.clone(), request.key.clone());
        self.0.insert(key, (request.fingerprint.clone(), receipt.clone()));
    }
}

/// Stores the receipt of a request. An expired one in its place is overwritten.
pub(super) async fn store(
    connection: &impl ConnectionTrait,
    kept: &[(Idempotency, Receipt)],
    at: Timestamp,
) -> Result<(), DbErr> {
    use sea_orm::sea_query::OnConflict;
    if kept.is_empty() {
        return Ok(());
    }
    let rows = kept.iter().map(|(request, receipt)| idempotency::ActiveModel {
        principal: Set(request.principal.clone()),
        idempotency_key: Set(request.key.clone()),
        fingerprint: Set(request.fingerprint.clone()),
        receipt: Set(serde_json::to_string(receipt).expect("receipts are plain data")),
        at: Set(at),
    });
    let conflict = OnConflict::columns([idempotency::Column::Principal, idempotency::Column::IdempotencyKey])
        .update_columns([
            idempotency::Column::Fingerprint,
            idempotency::Column::Receipt,
            idempotency::Column::At,
        ])
        .to_owned();
    idempotency::Entity::insert_many(rows)
        .on_conflict(conflict)
        .exec_without_returning(connection)
        .await
        .map(drop)
}

impl Database {
    /// Forgets the receipts that are no longer given again.
    pub async fn forget_receipts(&self, now: Timestamp) -> Result<u64, DbErr> {
        idempotency::Entity::delete_many()
            .filter(idempotency::Column::At.lte(now - KEPT_FOR))
            .exec(&self.connection)
            .await
            .map(|result| result.rows_affected)
    }
}
