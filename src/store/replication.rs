//! What PostgreSQL has done with a commit when it answers.

use sea_orm::{DbBackend, DbErr, FromQueryResult, Statement};

use super::Database;

/// How PostgreSQL keeps what it commits.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Replication {
    /// Whether it follows another, and takes no reports.
    pub is_replica: bool,
    /// Whether it waits for its disk at all.
    pub fsync: bool,
    /// `synchronous_commit`: what a commit waits for.
    pub waits_for: String,
    /// `synchronous_standby_names`: the replicas that a commit waits for; empty for none.
    pub standbys: String,
    /// How many follow it right now.
    pub replicas: i64,
}

impl Replication {
    /// On how many replicas' disks a report is when it is acknowledged: `name`, `FIRST 2 (a, b, c)`, `ANY 2 (a, b, c)`.
    pub fn synchronous_replicas(&self) -> u32 {
        if self.standbys.trim().is_empty() || !matches!(&*self.waits_for, "on" | "remote_apply") {
            return 0;
        }
        let number = self.standbys.split('(').next().unwrap_or_default();
        number.split_whitespace().find_map(|word| word.parse().ok()).unwrap_or(1)
    }
}

impl Database {
    /// How PostgreSQL keeps what this program commits; None for SQLite.
    pub async fn replication(&self) -> Result<Option<Replication>, DbErr> {
        if self.is_sqlite() {
            return Ok(None);
        }
        let statement = Statement::from_string(
            DbBackend::Postgres,
            "SELECT pg_is_in_recovery() AS is_replica, current_setting('fsync') = 'on' AS fsync, \
             current_setting('synchronous_commit') AS waits_for, \
             current_setting('synchronous_standby_names') AS standbys, \
             (SELECT COUNT(*) FROM pg_stat_replication) AS replicas",
        );
        Replication::find_by_statement(statement).one(self.connection()?).await
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", "on", 0)]
    #[case("two", "on", 1)]
    #[case("*", "remote_apply", 1)]
    #[case("two", "local", 0)]
    #[case("two", "remote_write", 0)]
    #[case("FIRST 2 (one, two, three)", "on", 2)]
    #[case("ANY 1 (two,three)", "on", 1)]
    #[case("2 (two, three)", "on", 2)]
    fn replicas_are_counted(#[case] standbys: &str, #[case] waits_for: &str, #[case] expected: u32) {
        let replication = Replication {
            is_replica: false,
            fsync: true,
            waits_for: waits_for.to_owned(),
            standbys: standbys.to_owned(),
            replicas: 2,
        };
        assert_eq!(replication.synchronous_replicas(), expected);
    }
}
