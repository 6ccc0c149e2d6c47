//! The rows of the log.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Database, Statement};
use sedia::{domain::change::Change, snapshot::Snapshot};

use crate::support::TestDatabase;

/// One row of table `change`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) seq: i64,
    pub(super) at: DateTime<Utc>,
    pub(super) actor: String,
    /// The types that were late, separated by commas.
    pub(super) late: Option<String>,
    pub(super) body: String,
}

/// What the log says now.
pub(super) async fn all(database: &TestDatabase) -> Vec<Row> {
    let connection = Database::connect(database.url()).await.unwrap();
    let statement = Statement::from_string(
        connection.get_database_backend(),
        "SELECT seq, at, actor, late, body FROM change ORDER BY seq",
    );
    let rows = connection.query_all_raw(statement).await.unwrap().into_iter().map(|row| Row {
        seq: row.try_get("", "seq").unwrap(),
        at: row.try_get("", "at").unwrap(),
        actor: row.try_get("", "actor").unwrap(),
        late: row.try_get("", "late").unwrap(),
        body: row.try_get("", "body").unwrap(),
    });
    let rows = rows.collect();
    connection.close().await.unwrap();
    rows
}

/// What was known of the log, and what was appended since. Of what was known the log may have forgotten the
/// first rows, but not have changed any.
pub(super) async fn more(database: &TestDatabase, mut known: Vec<Row>) -> Vec<Row> {
    let now = all(database).await;
    let first = usize::try_from(now[0].seq).unwrap() - 1;
    assert!(first <= known.len(), "rows were forgotten before they were read");
    let both = known.len() - first;
    assert_eq!(known[first..], now[..both], "the log says something else than before");
    known.extend(now.into_iter().skip(both));
    known
}

/// The directory that the rows describe.
pub(super) fn replayed(rows: &[Row], now: DateTime<Utc>) -> Snapshot {
    let mut snapshot = Snapshot::default();
    // It insists that no number is missing.
    let changes: Vec<Change> = rows
        .iter()
        .map(|row| Change {
            seq: row.seq.try_into().unwrap(),
            at: row.at,
            actor: row.actor.as_str().into(),
            effect: serde_json::from_str(&row.body).unwrap(),
        })
        .collect();
    snapshot.follow(&changes, now);
    snapshot.advance(now);
    snapshot
}
