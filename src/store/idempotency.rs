//! Retries do nothing twice: the receipt of the first try is kept for a day and given again.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::Duration;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set,
    sea_query::{Condition, Expr, ExprTrait, Query},
};

use super::{Database, SentReceipt, entity::idempotency, log::broken, rows::upsert};
use crate::{
    clock::Timestamp,
    domain::rejection::{Code, Rejection},
    locales::Message,
};

/// How long a receipt is kept.
const KEPT_FOR: Duration = Duration::hours(24);
/// How many bytes of receipts are kept for one sender; the oldest go first.
const MOST_BYTES: i64 = 64 << 20;
/// How long a receipt is when it is time to look whether there are too many.
const LARGE: usize = 64 << 10;

/// A retryable request: its sender, its idempotency key and its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The sender: keys of different senders never meet.
    pub principal: String,
    /// The `Idempotency-Key` header.
    pub key: String,
    /// A hash of method, path and body.
    pub fingerprint: String,
}

/// The receipts that some requests got before.
#[derive(Default)]
pub(super) struct Receipts(HashMap<(String, String), (String, Arc<SentReceipt>)>);

impl Receipts {
    /// Reads the receipts of `requests` that are younger than [`KEPT_FOR`].
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        requests: impl Iterator<Item = &Idempotency>,
        now: Timestamp,
    ) -> Result<Self, DbErr> {
        let mut keys: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for request in requests {
            keys.entry(&request.principal).or_default().push(&request.key);
        }
        if keys.is_empty() {
            return Ok(Self::default());
        }
        // A sender never waits for, or meets, the receipts of another.
        let of_senders = keys.into_iter().fold(Condition::any(), |condition, (principal, keys)| {
            let of_sender = Condition::all()
                .add(idempotency::Column::Principal.eq(principal))
                .add(idempotency::Column::IdempotencyKey.is_in(keys));
            condition.add(of_sender)
        });
        let rows = idempotency::Entity::find()
            .filter(of_senders)
            .filter(idempotency::Column::At.gt(now - KEPT_FOR))
            .all(connection)
            .await?;
        let entries = rows.into_iter().map(|row| {
            let receipt = serde_json::from_str(&row.receipt)
                .map_err(|error| broken("idempotency", &row.idempotency_key, &error))?;
            Ok(((row.principal, row.idempotency_key), (row.fingerprint, Arc::new(receipt))))
        });
        entries.collect::<Result<_, DbErr>>().map(Self)
    }

    /// The receipt that `request` got before; a refusal if another request used its key.
    pub(super) fn find(&self, request: &Idempotency) -> Result<Option<Arc<SentReceipt>>, Rejection> {
        match self.0.get(&(request.principal.clone(), request.key.clone())) {
            None => Ok(None),
            Some((fingerprint, receipt)) if *fingerprint == request.fingerprint => {
                Ok(Some(Arc::clone(receipt)))
            }
            Some(_) => Err(Rejection::new(
                Code::IdempotencyKeyReused,
                "Idempotency-Key",
                Message::new("idempotency-key-reused"),
            )),
        }
    }

    /// Remembers a receipt within the batch.
    pub(super) fn keep(&mut self, request: &Idempotency, receipt: &Arc<SentReceipt>) {
        let key = (request.principal.clone(), request.key.clone());
        self.0.insert(key, (request.fingerprint.clone(), Arc::clone(receipt)));
    }
}

/// Stores the receipts of requests. An expired one in its place is overwritten.
pub(super) async fn store(
    connection: &impl ConnectionTrait,
    kept: &[(Idempotency, Arc<SentReceipt>)],
    at: Timestamp,
) -> Result<(), DbErr> {
    let rows = kept.iter().map(|(request, receipt)| idempotency::ActiveModel {
        principal: Set(request.principal.clone()),
        idempotency_key: Set(request.key.clone()),
        fingerprint: Set(request.fingerprint.clone()),
        receipt: Set(serde_json::to_string(&**receipt).expect("receipts are plain data")),
        at: Set(at),
    });
    upsert(connection, rows.collect()).await?;
    // Only those of lists are so large that they could pile up within a day.
    let is_large = |receipt: &SentReceipt| receipt.body.get().len() > LARGE;
    let large = kept.iter().filter(|(_, receipt)| is_large(receipt)).map(|(request, _)| &*request.principal);
    for principal in large.collect::<BTreeSet<_>>() {
        forget_surplus(connection, principal).await?;
    }
    Ok(())
}

/// Forgets the oldest receipts of a sender, beyond [`MOST_BYTES`].
async fn forget_surplus(connection: &impl ConnectionTrait, principal: &str) -> Result<(), DbErr> {
    let length = Expr::cust(r#"SUM(OCTET_LENGTH("receipt")) OVER (ORDER BY "at" DESC, "idempotency_key")"#);
    let lengths = Query::select()
        .column(idempotency::Column::IdempotencyKey)
        .expr_as(length, "length")
        .from(idempotency::Entity)
        .and_where(idempotency::Column::Principal.eq(principal))
        .take();
    let surplus = Query::select()
        .column(idempotency::Column::IdempotencyKey)
        .from_subquery(lengths, "lengths")
        .and_where(Expr::col("length").gt(MOST_BYTES))
        .take();
    idempotency::Entity::delete_many()
        .filter(idempotency::Column::Principal.eq(principal))
        .filter(idempotency::Column::IdempotencyKey.in_subquery(surplus))
        .exec(connection)
        .await
        .map(drop)
}

impl Database {
    /// Forgets the receipts that are no longer given again.
    pub async fn forget_receipts(&self, now: Timestamp) -> Result<u64, DbErr> {
        idempotency::Entity::delete_many()
            .filter(idempotency::Column::At.lte(now - KEPT_FOR))
            .exec(self.connection()?)
            .await
            .map(|result| result.rows_affected)
    }
}
