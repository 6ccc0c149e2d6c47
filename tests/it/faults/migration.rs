//! A migration is killed at each of its writes.

use sea_orm::{ConnectionTrait, Database, Statement};
use sedia::store::{self, Durability};

use super::{a_file, under};
use crate::support::{TestDatabase, sedia};

/// The tables of Sedia in a file, and the migrations that it says it has.
async fn schema(database: &TestDatabase) -> (i64, i64) {
    let connection = Database::connect(format!("{}?mode=rwc", database.url())).await.unwrap();
    let number = async |sql: &str| -> i64 {
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    };
    let tables = number("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").await;
    let migrations = if tables == 0 { 0 } else { number("SELECT count(*) FROM seaql_migrations").await };
    connection.close().await.unwrap();
    (tables, migrations)
}

/// Brings the schema up to date in this process, as a start does.
async fn migrate(database: &TestDatabase) {
    let database = store::Database::connect(&database.url(), Durability::Full).await.unwrap();
    assert_eq!(database.damage(true).await.unwrap(), [""; 0]);
    database.migrate().await.unwrap();
    database.check_schema().await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn a_migration_that_is_killed_at_any_write_has_happened_or_not() {
    let whole = a_file();
    migrate(&whole).await;
    let current = schema(&whole).await;
    // As the version before the last migration left it.
    let before = "DROP TABLE quota; DELETE FROM seaql_migrations WHERE version LIKE '%quotas'";
    for older in [None, Some(before)] {
        let (mut undone, mut done) = (0, 0);
        for write in 1.. {
            let database = a_file();
            if let Some(older) = older {
                migrate(&database).await;
                database.run(older).await;
            }
            let old = schema(&database).await;
            let kill = format!("inject=pwrite64,fdatasync:signal=KILL:when={write}");
            let strace =
                ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64,fdatasync", "-e", &kill];
            let killed = under(&strace, &["migrate"]).env("DATABASE_URL", database.url()).output();
            assert!(!killed.expect("strace is installed").status.success(), "it was killed");
            let found = schema(&database).await;
            assert!(found == old || found == current, "write {write}: {found:?}");
            migrate(&database).await;
            assert_eq!(schema(&database).await, current, "write {write}");
            if found == old {
                undone += 1;
            } else {
                done += 1;
            }
            if done == 2 {
                assert!(sedia(&database, "migrate").output().unwrap().status.success());
                assert!(sedia(&database, "check").output().unwrap().status.success());
                break;
            }
        }
        assert!(undone > 3, "it was killed before its end {undone} times");
    }
}
