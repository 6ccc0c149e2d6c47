//! States to start from: the current rows at some change, packed.

use std::io::{BufRead, BufReader, Write};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::{
    Database,
    entity::checkpoint,
    load,
    log::{broken, from_column, to_column},
};
use crate::{
    clock::Timestamp,
    domain::change::Seq,
    snapshot::{Row, Snapshot},
};

/// Which change a checkpoint shows as its last, and when that was made.
pub(super) type At = (Seq, Timestamp);

/// Keeps the present state, unless another node did since `newer_than`.
pub(super) async fn keep(database: &Database, newer_than: Timestamp) -> Result<(), DbErr> {
    let reading = database.begin_read().await?;
    let (seq, at, rows) = load::rows(&reading).await?;
    reading.commit().await?;
    let body = tokio::task::spawn_blocking(move || pack(&rows));
    let body = body.await.expect("packing neither panics nor is cancelled");
    let transaction = database.begin_maintenance().await?;
    let last = newest(&transaction, None).await?;
    if last.is_none_or(|(last, at)| last < seq && at <= newer_than) {
        let row = checkpoint::ActiveModel { seq: Set(to_column(seq)), at: Set(at), body: Set(body) };
        checkpoint::Entity::insert(row).exec_without_returning(&transaction).await?;
    }
    transaction.commit().await
}

/// The newest checkpoint, of those at or before `at` if it is given.
pub(super) async fn newest(
    connection: &impl ConnectionTrait,
    at: Option<Timestamp>,
) -> Result<Option<At>, DbErr> {
    let mut find = checkpoint::Entity::find().select_only();
    find = find.columns([checkpoint::Column::Seq, checkpoint::Column::At]);
    if let Some(at) = at {
        find = find.filter(checkpoint::Column::At.lte(at));
    }
    let found: Option<(i64, Timestamp)> =
        find.order_by_desc(checkpoint::Column::Seq).into_tuple().one(connection).await?;
    Ok(found.map(|(seq, at)| (from_column(seq), at)))
}

/// The oldest checkpoint.
pub(super) async fn oldest(connection: &impl ConnectionTrait) -> Result<Option<At>, DbErr> {
    let find = checkpoint::Entity::find().select_only();
    let find = find.columns([checkpoint::Column::Seq, checkpoint::Column::At]);
    let found: Option<(i64, Timestamp)> =
        find.order_by_asc(checkpoint::Column::Seq).into_tuple().one(connection).await?;
    Ok(found.map(|(seq, at)| (from_column(seq), at)))
}

/// The state at the checkpoint `at`; None if it is gone.
pub(super) async fn state(connection: &impl ConnectionTrait, at: At) -> Result<Option<Snapshot>, DbErr> {
    let (seq, at) = at;
    let Some(row) = checkpoint::Entity::find_by_id(to_column(seq)).one(connection).await? else {
        return Ok(None);
    };
    let unpacked = tokio::task::spawn_blocking(move || unpack(&row.body));
    let rows = unpacked.await.expect("unpacking neither panics nor is cancelled");
    let rows = rows.map_err(|error| broken("checkpoint", seq, &error))?;
    Ok(Some(Snapshot::build(seq, at, at, rows)))
}

/// Rows as JSON lines, gzip. Keys are left out: what somebody may see is judged by the present ones.
fn pack(rows: &[Row]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    for row in rows.iter().filter(|row| !matches!(row, Row::Key(_))) {
        let line = serde_json::to_vec(row).expect("rows are plain data");
        encoder.write_all(&line).expect("writing into memory does not fail");
        encoder.write_all(b"\n").expect("writing into memory does not fail");
    }
    encoder.finish().expect("writing into memory does not fail")
}

fn unpack(body: &[u8]) -> std::io::Result<Vec<Row>> {
    let lines = BufReader::new(GzDecoder::new(body)).lines();
    lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}
