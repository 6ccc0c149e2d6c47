//! Who may do what, and who sees what.

mod links;
mod lists;
mod permissions;
mod privacy;
mod secrets;
mod sign_ins;
