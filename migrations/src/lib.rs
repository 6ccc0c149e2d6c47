//! The schema of Sedia for SQLite and PostgreSQL (`schema.sql` and `quota.sql` document every column), and the reference data that
//! ships.
//!
//! Migrations run while an older node may still serve: first add, later (in another release) remove. [`NEEDED`] tells
//! older programs which of them they may not miss.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// The provinces, kabupaten/kota and kecamatan that ship: `code,name,level,kind,lat,lon,timezone`.
/// Sources and licences are in `migrations/data/README.md`.
pub const REGIONS_CSV: &str = include_str!("../data/regions.csv");

/// The resource types that ship.
pub const RESOURCE_TYPES_CSV: &str = include_str!("../data/resource-types.csv");

/// The bed types of RS Online, as the ministry names them: `id_tt,tt,kode_siranap`.
pub const RSONLINE_BEDS_CSV: &str = include_str!("../data/rsonline-beds.csv");

/// The tables, with PostgreSQL's types in capitals.
const SCHEMA: &str = include_str!("schema.sql");

/// The table of limits that all nodes share.
const QUOTA: &str = include_str!("quota.sql");

/// SQLite's types in place of PostgreSQL's. Its `integer PRIMARY KEY` needs no index beside the table.
const SQLITE_TYPES: [(&str, &str); 5] =
    [("BIGINT", "integer"), ("TIMESTAMPTZ", "text"), ("DATE", "text"), ("UUID", "blob"), ("BYTEA", "blob")];

/// The last migration that a program must know to work on the database; each database keeps the newest that it was
/// told. A program that lacks a later one goes on, so those may only add: a table, an index, or a column that may be left
/// out. A migration needs its name here as soon as it takes something away, or as soon as bodies of `change`,
/// `current_row` or `checkpoint` say what an older program cannot read or would leave out when it writes them anew.
pub const NEEDED: &str = INITIAL;

const INITIAL: &str = "m20261126_000002_initial";

/// All migrations, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(Initial), Box::new(Quotas)]
    }
}

struct Initial;

impl MigrationName for Initial {
    fn name(&self) -> &'static str {
        INITIAL
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Initial {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, SCHEMA).await
    }
}

struct Quotas;

impl MigrationName for Quotas {
    fn name(&self) -> &'static str {
        "m20261127_000003_quotas"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Quotas {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, QUOTA).await
    }
}

/// Adds tables with the types of the database at hand.
async fn add(manager: &SchemaManager<'_>, tables: &str) -> Result<(), DbErr> {
    let mut tables = tables.to_owned();
    if manager.get_database_backend() == DbBackend::Sqlite {
        for (postgres, sqlite) in SQLITE_TYPES {
            tables = tables.replace(&format!(" {postgres}"), &format!(" {sqlite}"));
        }
    }
    manager.get_connection().execute_unprepared(&tables).await.map(drop)
}
