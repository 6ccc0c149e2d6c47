//! The schema of Sedia, one definition for SQLite and PostgreSQL, and the reference data that ships.
//!
//! Migrations run while an older node may still serve: first add, later (in another release) remove.

use sea_orm_migration::prelude::*;

mod m20261123_000001_directory;
mod m20261123_000002_log_and_keys;
mod m20261124_000003_sessions;
mod m20261124_000004_history;
mod m20261124_000005_rooms;
mod m20261124_000006_demand;
mod m20261124_000007_marks;
mod m20261124_000008_moves;
mod m20261124_000009_available_since;
mod m20261124_000010_removed_rooms;

/// The provinces, kabupaten/kota and kecamatan that ship: `code,name,level,kind,lat,lon,timezone`.
/// Sources and licences are in `migrations/data/README.md`.
pub const REGIONS_CSV: &str = include_str!("../data/regions.csv");

/// The resource types that ship.
pub const RESOURCE_TYPES_CSV: &str = include_str!("../data/resource-types.csv");

/// All migrations, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_directory::Migration),
            Box::new(m20261123_000002_log_and_keys::Migration),
            Box::new(m20261124_000003_sessions::Migration),
            Box::new(m20261124_000004_history::Migration),
            Box::new(m20261124_000005_rooms::Migration),
            Box::new(m20261124_000006_demand::Migration),
            Box::new(m20261124_000007_marks::Migration),
            Box::new(m20261124_000008_moves::Migration),
            Box::new(m20261124_000009_available_since::Migration),
            Box::new(m20261124_000010_removed_rooms::Migration),
        ]
    }
}
