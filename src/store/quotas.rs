//! What is left of quotas, for all nodes together and across restarts.

use chrono::{DateTime, TimeDelta};
use sea_orm::{ConnectionTrait, DbErr, Statement, TransactionTrait};

use super::Database;
use crate::{clock::Timestamp, domain::quota::Quota};

/// No quota takes so long to be whole again: what says so was written by a clock that was wrong.
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// Takes one, if the quota allows it, and tells when it is whole again then.
const TAKE: &str = "INSERT INTO quota (id, whole_at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE \
    SET whole_at = CASE WHEN quota.whole_at > $3 THEN quota.whole_at ELSE $3 END + $4 \
    WHERE quota.whole_at <= $5 RETURNING whole_at";

/// What came of taking one from each of several quotas.
#[derive(Debug, Clone)]
pub struct Allowance {
    /// Whether it was allowed; else nothing was taken from any.
    pub is_allowed: bool,
    /// When each quota is whole again.
    pub whole_at: Vec<Timestamp>,
}

impl Database {
    /// Takes one from each quota, or nothing from any. Each is known by its id.
    pub async fn take(&self, quotas: &[(String, Quota)], now: Timestamp) -> Result<Allowance, DbErr> {
        let transaction = self.connection()?.begin().await?;
        let mut whole_at = Vec::new();
        for (id, quota) in quotas {
            let [now_at, latest] = [now, quota.latest(now)].map(|at| at.timestamp_micros());
            let every = quota.every().num_microseconds().unwrap_or(i64::MAX);
            let values =
                [id.clone().into(), (now_at + every).into(), now_at.into(), every.into(), latest.into()];
            let take =
                Statement::from_sql_and_values(self.connection()?.get_database_backend(), TAKE, values);
            let Some(row) = transaction.query_one_raw(take).await? else {
                transaction.rollback().await?;
                return self.refused(quotas, now).await;
            };
            whole_at.push(moment(row.try_get_by_index(0)?));
        }
        transaction.commit().await?;
        Ok(Allowance { is_allowed: true, whole_at })
    }

    async fn refused(&self, quotas: &[(String, Quota)], now: Timestamp) -> Result<Allowance, DbErr> {
        let mut whole_at = Vec::new();
        for (id, _) in quotas {
            let select = "SELECT whole_at FROM quota WHERE id = $1";
            let backend = self.connection()?.get_database_backend();
            let select = Statement::from_sql_and_values(backend, select, [id.clone().into()]);
            let row = self.connection()?.query_one_raw(select).await?;
            whole_at.push(row.map_or(Ok(now), |row| row.try_get_by_index(0).map(moment))?);
        }
        Ok(Allowance { is_allowed: false, whole_at })
    }

    /// Forgets the quotas that are whole again, and what a wrong clock wrote.
    pub async fn forget_quotas(&self, now: Timestamp) -> Result<(), DbErr> {
        let delete = "DELETE FROM quota WHERE whole_at <= $1 OR whole_at > $2";
        let values = [now, now + LONGEST].map(|at| at.timestamp_micros().into());
        let delete =
            Statement::from_sql_and_values(self.connection()?.get_database_backend(), delete, values);
        self.connection()?.execute_raw(delete).await.map(drop)
    }
}

/// The moment that a number of microseconds stands for.
fn moment(micros: i64) -> Timestamp {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}
