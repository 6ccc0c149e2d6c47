//! The database: the log, the current rows, the writer that appends, and the feed that reads on.
//!
//! Nothing outside this module touches the database, and only [`writer`] appends to the log.

pub mod bookkeeping;
mod checkpoint;
pub mod command;
pub mod database;
mod demand;
mod draft;
mod entity;
pub mod feed;
pub mod history;
mod idempotency;
mod load;
mod log;
pub mod past;
mod project;
mod project_sessions;
pub mod retention;
pub mod writer;

pub use self::{
    database::{Database, Durability},
    demand::{MOST_A_DAY, Wanted},
    draft::{Command, Draft, Receipt},
    idempotency::Idempotency,
    load::load,
    writer::{Submission, WriteError, Writer, Written},
};
