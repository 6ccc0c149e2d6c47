//! Who may do what, and who sees what.

mod permissions;
mod privacy;
mod secrets;
