//! A command for things that must happen once, on whichever node comes first.

use crate::{
    domain::rejection::Rejections,
    snapshot::Snapshot,
    store::{Command, Receipt, UnitOfWork},
};

/// Decides `command`, unless it is done by then: then nothing happens.
pub struct IfAbsent<C> {
    /// Whether it is done.
    pub is_done: fn(&Snapshot) -> bool,
    /// The command to run then.
    pub command: C,
}

impl<C: Command> Command for IfAbsent<C> {
    type Outcome = ();

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<()>, Rejections> {
        if !(self.is_done)(unit.state()) {
            self.command.decide(unit)?;
        }
        Ok(Receipt::of(()))
    }
}
