//! The commands: one file per thing that can be changed.

mod contact;
mod facility;
mod facility_rows;
mod key;
mod reference;
mod report;
mod report_rows;
mod unless;

pub use self::{
    contact::{ContactInput, EndContact, PutContact},
    facility::{CreateFacility, FacilityInput, FacilityPatch, PatchFacility},
    facility_rows::ImportFacilities,
    key::{CreateKey, KeyInput, KeyView, RevokeKey},
    reference::{PutRegions, PutTypes, RegionPatch},
    report::{AdjustAvailability, ConfirmAvailability, PutAvailability, ReportReceipt},
    report_rows::{ReportRow, ReportRows, RowError, RowOutcome, RowReport, RowStatus, RowsReceipt},
    unless::Unless,
};
