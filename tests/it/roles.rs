//! Who may do what, and who sees what.

mod links;
mod permissions;
mod privacy;
mod secrets;
