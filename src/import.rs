//! Reading what other systems and people's files say, as commands.

pub mod facilities;
pub mod regions;
pub mod reports;
pub mod shipped;
mod table;
