//! Keys, roles and scopes: who somebody is and what they may see and do.

mod principal;
mod secret;

pub use self::{
    principal::{Audience, Principal},
    secret::Secret,
};
