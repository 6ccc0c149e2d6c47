//! The commands: one file per thing that can be changed.

mod contact;
mod facility;
mod facility_rows;
mod key;
mod listed;
mod mark;
mod merge;
mod reference;
mod report;
mod report_rows;
mod room;
mod room_totals;
mod session;
mod session_report;
mod sign_in;

pub use self::{
    contact::{ContactInput, EndContact, PutContact},
    facility::{CreateFacility, FacilityChanged, FacilityInput, FacilityPatch, PatchFacility},
    facility_rows::{
        Difference, FacilityRow, FacilityRowsReceipt, ImportFacilities, ListedFacility, ListedStatus,
    },
    key::{AskedKey, CreateKey, ForgetKeys, KeyInput, LinkInput, LinkView, RestoreKey, RevokeKey, ShownKey},
    listed::{ColumnReading, TableReading},
    mark::{EndMark, LeaveMark, MarkInput},
    merge::{MergeFacilities, MergeInput},
    reference::{
        ImportRegions, PatchType, PutMode, PutRegions, PutTypes, ReferenceChanged, RegionInput, RegionPatch,
        RegionRowsReceipt, TypeInput, TypePatch,
    },
    report::{AdjustAvailability, ConfirmAvailability, NameRead, PutAvailability, Remark, ReportReceipt},
    report_rows::{
        ReportRow, ReportRows, RowChange, RowOutcome, RowReport, RowStatus, RowsReceipt, named_facility,
    },
    room::{EndRoom, PutRoom, RoomName, RoomOutcome, RoomReceipt, RoomRows, all_rows},
    session::{
        ConditionsInput, ForgetSessions, PutSession, SessionChanged, SessionInput, SessionPatch, SessionSaid,
        WeeklyInput,
    },
    session_report::SessionReceipt,
    sign_in::{PersonInput, RenewSignIn, SignInAs, SignInEnds, SignInWith, SignOut, SignedIn, SignedOut},
};

use super::{Command, Receipt, UnitOfWork};
use crate::{
    domain::rejection::{Code, Rejection, Rejections},
    locales::Message,
    snapshot::Snapshot,
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

/// Decides `command`, and stores nothing of it.
pub struct DryRun<C>(pub C);

impl<C: Command> Command for DryRun<C> {
    type Outcome = C::Outcome;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<C::Outcome>, Rejections> {
        unit.dry_run(|unit| self.0.decide(unit))
    }
}

/// Collects all errors, so that one refusal names them all.
struct Keep<'a>(&'a mut Vec<Rejection>);

impl Keep<'_> {
    fn take<T>(&mut self, read: Result<T, Rejection>) -> Option<T> {
        read.map_err(|rejection| self.0.push(rejection)).ok()
    }

    fn refuse(&mut self, code: Code, pointer: &str, detail: Message) {
        self.0.push(Rejection::new(code, pointer, detail));
    }
}
