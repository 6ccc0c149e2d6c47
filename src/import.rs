//! Reading what other systems and people's files say, as commands.

pub mod boundaries;
pub mod facilities;
pub mod regions;
pub mod reports;
pub mod shipped;
mod table;

pub use self::table::{ColumnMapping, File};
use crate::{auth::Principal, clock::Timestamp, locales::Language, snapshot::Snapshot};

/// What a file is read against: the moment, and the directory, which knows zones and names.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// No report may be of a later moment.
    pub now: Timestamp,
    /// The directory.
    pub state: &'a Snapshot,
    /// The sender: a name means a facility that the sender may report on.
    pub sender: &'a Principal,
    /// The language of the notes.
    pub language: Language,
    /// What a person said of the headings of the table.
    pub mapping: &'a ColumnMapping,
    /// Whether the cells of a table are wanted as they were sent.
    pub keeps_cells: bool,
    /// The facility of reports that name none: a hospital does not write its own name into each row.
    pub facility: Option<&'a str>,
}
