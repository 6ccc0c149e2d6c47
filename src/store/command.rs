//! The commands: one file per thing that can be changed.

mod contact;
mod facility;
mod facility_rows;
mod key;
mod link;
mod reference;
mod report;
mod report_rows;
mod report_sessions;
mod room;
mod session;
mod session_input;
mod tally;
mod unless;

pub use self::{
    contact::{ContactInput, EndContact, PutContact},
    facility::{CreateFacility, FacilityInput, FacilityPatch, PatchFacility},
    facility_rows::ImportFacilities,
    key::{CreateKey, KeyInput, KeyView, RevokeKey},
    link::{CreateLink, LinkInput, LinkView, RevokeLink},
    reference::{PutRegions, PutTypes, RegionPatch},
    report::{AdjustAvailability, ConfirmAvailability, PutAvailability, ReportReceipt},
    report_rows::{ReportRow, ReportRows, RowError, RowOutcome, RowReport, RowStatus, RowsReceipt},
    report_sessions::SessionReceipt,
    room::{EndRoom, PutRoom, RoomName, RoomReceipt},
    session::{ForgetSessions, PutSession, SessionSaid},
    session_input::{ConditionsInput, SessionInput, WeeklyInput},
    unless::Unless,
};
