//! The commands: one file per thing that can be changed.

mod contact;
mod facility;
mod facility_rows;
mod if_absent;
mod key;
mod mark;
mod mark_input;
mod outliers;
mod reference;
mod report;
mod report_rows;
mod report_sessions;
mod room;
mod room_totals;
mod session;
mod session_input;

pub use self::{
    contact::{ContactInput, EndContact, PutContact},
    facility::{CreateFacility, FacilityChanged, FacilityInput, FacilityPatch, PatchFacility},
    facility_rows::{FacilityRow, FacilityRowsReceipt, ImportFacilities},
    if_absent::IfAbsent,
    key::{AskedKey, CreateKey, ForgetKeys, KeyInput, KeyView, LinkInput, LinkView, RevokeKey, ShownKey},
    mark::{EndMark, LeaveMark},
    mark_input::MarkInput,
    outliers::Remark,
    reference::{
        PatchType, PutMode, PutRegions, PutTypes, ReferenceChanged, RegionInput, RegionPatch, TypeInput,
        TypePatch,
    },
    report::{AdjustAvailability, ConfirmAvailability, PutAvailability, ReportReceipt},
    report_rows::{ReportRow, ReportRows, RowOutcome, RowReport, RowStatus, RowsReceipt},
    report_sessions::SessionReceipt,
    room::{EndRoom, PutRoom, RoomName, RoomOutcome, RoomReceipt},
    session::{ForgetSessions, PutSession, SessionChanged, SessionSaid},
    session_input::{ConditionsInput, SessionInput, SessionPatch, WeeklyInput},
};
