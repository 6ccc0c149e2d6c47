//! A command for what must happen once, whoever comes first.

use crate::{
    directory::refusal::Refusals,
    snapshot::Snapshot,
    store::{Command, Draft, Receipt},
};

/// Decides `command`, unless it is done by then: then nothing happens, and the receipt is empty.
pub struct Unless<C> {
    /// Whether it is done.
    pub is_done: fn(&Snapshot) -> bool,
    /// What to do.
    pub command: C,
}

impl<C: Command> Command for Unless<C> {
    fn decide(&self, draft: &mut Draft) -> Result<Receipt, Refusals> {
        if (self.is_done)(draft.state()) {
            return Ok(Receipt::of(()));
        }
        self.command.decide(draft)
    }
}
