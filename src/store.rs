//! The database: the log, the current rows, the writer that appends, and the feed that reads on.
//!
//! Nothing outside this module touches the database, and only [`writer`] appends to the log.

pub mod as_of;
pub mod commands;
pub mod database;
mod entity;
pub mod feed;
mod idempotency;
pub mod log;
mod maintenance_lock;
mod notify;
mod pooler;
mod quotas;
mod replication;
pub mod retention;
mod rows;
pub mod sqlite;
mod trend;
mod unit_of_work;
mod usage;
pub mod writer;

pub use self::{
    database::{Database, Durability},
    feed::Feed,
    idempotency::Idempotency,
    maintenance_lock::MaintenanceLock,
    notify::Notifier,
    pooler::is_pooled,
    quotas::Allowance,
    replication::Replication,
    rows::load,
    unit_of_work::{Command, Receipt, SentReceipt, UnitOfWork},
    usage::{MOST_A_DAY, Usage, Wanted},
    writer::{Committed, Health, WriteError, Writer},
};
