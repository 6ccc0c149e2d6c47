//! Commands of people who sign in with a key, so that their browser need not keep it.

use serde::Serialize;
use utoipa::ToSchema;

use super::contact::known_region;
use crate::{
    auth::{Principal, key_required},
    clock::Timestamp,
    domain::{
        change::Effect,
        facility::{FacilityId, FacilityRef},
        key::{Key, OpenIdentity, Role},
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        sign_in::SignIn,
        text,
    },
    locales::Message,
    store::{Command, Receipt, UnitOfWork},
};

/// How many sign-ins with one key there are at once: people of one office may share it.
const MOST_OF_A_KEY: usize = 100;

/// Signs in with the key of the sender, by the hash of a new secret.
pub struct SignInWith {
    /// The hash of the secret.
    pub hash: String,
}

/// Signs in somebody whom a provider knows, by the hash of a new secret. They have a key of their own: it is made the first
/// time, and each time its role and its scope become what the provider says.
pub struct SignInAs {
    /// Who they are and what they may do.
    pub person: PersonInput,
    /// The hash of the secret.
    pub hash: String,
    /// The hash of a secret that nobody has, for their key.
    pub key_hash: String,
}

/// Somebody whom a provider knows, and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonInput {
    /// Who they are there.
    pub identity: OpenIdentity,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The region they are held to, by its code or its name.
    pub region: Option<String>,
    /// The facility they report for: our id or `system:value`.
    pub facility: Option<String>,
}

/// Uses a sign-in.
pub struct RenewSignIn {
    /// The hash of its secret.
    pub hash: String,
}

/// Signs out.
pub struct SignOut {
    /// The hash of the secret of the sign-in that ends; None ends all with the key of the sender.
    pub hash: Option<String>,
}

/// When a sign-in ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignInEnds {
    /// When it ends unless it is renewed.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it ends in any case, unless its key ends before.
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
}

/// A sign-in, for whom it is and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignedIn {
    /// The role of its key.
    pub role: Role,
    /// The holder of its key, in words.
    pub name: String,
    /// The facilities it reports for.
    pub facilities: Vec<FacilityId>,
    /// The region it is held to.
    pub region: Option<RegionCode>,
    /// When it ends.
    #[serde(flatten)]
    pub ends: SignInEnds,
}

/// The number of sign-ins that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignedOut {
    /// How many.
    pub ended: usize,
}

impl SignInEnds {
    /// When `sign_in` ends.
    pub fn of(sign_in: &SignIn) -> Self {
        Self { expires_at: sign_in.expires_at, ends_at: sign_in.ends_at() }
    }
}

impl Command for SignInWith {
    type Outcome = SignedIn;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<SignedIn>, Rejections> {
        let key = key_of(unit)?;
        if !key.is_of_person() {
            let detail = Message::new("sign-in-of-program").arg("role", key.role.name());
            return Err(Rejection::new(Code::RoleNotAllowed, "Authorization", detail).into());
        }
        Ok(signed_in(unit, key, &self.hash))
    }
}

impl Command for SignInAs {
    type Outcome = SignedIn;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<SignedIn>, Rejections> {
        unit.principal().check_admin()?;
        let key = self.key(unit)?;
        let known = unit.state().key(key.id);
        if known.is_none_or(|known| **known != key) {
            unit.record(Effect::Key(key.clone()));
        }
        Ok(signed_in(unit, key, &self.hash))
    }
}

impl SignInAs {
    /// Their key as it is from now on. One that was revoked keeps them out.
    fn key(&self, unit: &UnitOfWork) -> Result<Key, Rejection> {
        let PersonInput { identity, name, role, region, facility } = &self.person;
        let region = region.as_deref().map(|region| known_region(unit, region, "/region")).transpose()?;
        let facility = facility.as_deref().map(|facility| known_facility(unit, facility)).transpose()?;
        let facilities = Vec::from_iter(facility);
        role.check_scope(facilities.len(), region)?;
        let name = text::name(name, 120, "/name")?;
        let key = match unit.state().key_of_openid(identity) {
            Some(known) => {
                unit.state().check_key(known, unit.now())?;
                Key { role: *role, name, facilities, region, ..(**known).clone() }
            }
            None => Key {
                id: unit.clock().new_id(),
                hash: self.key_hash.clone(),
                role: *role,
                name,
                facilities,
                region,
                consumer: None,
                phone: None,
                openid: Some(identity.clone()),
                created_at: unit.now(),
                expires_at: None,
                revoked_at: None,
            },
        };
        Ok(key)
    }
}

impl Command for RenewSignIn {
    type Outcome = SignInEnds;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<SignInEnds>, Rejections> {
        let mut sign_in = known(unit, &self.hash)?;
        if sign_in.is_due(unit.now()) {
            sign_in = sign_in.renewed(unit.now());
            unit.record(Effect::SignedIn(sign_in.clone()));
        }
        Ok(Receipt::of(SignInEnds::of(&sign_in)))
    }
}

impl Command for SignOut {
    type Outcome = SignedOut;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<SignedOut>, Rejections> {
        let ended: Vec<SignIn> = if let Some(hash) = &self.hash {
            vec![known(unit, hash)?]
        } else {
            let key = key_of(unit)?;
            unit.state().sign_ins_of(key.id).map(|sign_in| (**sign_in).clone()).collect()
        };
        let receipt = Receipt::of(SignedOut { ended: ended.len() });
        for sign_in in ended {
            unit.record(Effect::SignedOut(sign_in));
        }
        Ok(receipt)
    }
}

/// Signs in with `key`; the sign-in that would end first makes room if there are too many.
fn signed_in(unit: &mut UnitOfWork, key: Key, hash: &str) -> Receipt<SignedIn> {
    let mut others: Vec<SignIn> = unit.state().sign_ins_of(key.id).map(|other| (**other).clone()).collect();
    others.sort_by_key(|other| other.expires_at);
    others.truncate((others.len() + 1).saturating_sub(MOST_OF_A_KEY));
    for oldest in others {
        unit.record(Effect::SignedOut(oldest));
    }
    let sign_in = SignIn::new(hash.to_owned(), &key, unit.now());
    let ends = SignInEnds::of(&sign_in);
    unit.record(Effect::SignedIn(sign_in));
    let Key { role, name, facilities, region, .. } = key;
    let location = Some("/v1/sign-ins/current".to_owned());
    Receipt { location, ..Receipt::of(SignedIn { role, name, facilities, region, ends }) }
}

fn known_facility(unit: &UnitOfWork, facility: &str) -> Result<FacilityId, Rejection> {
    const POINTER: &str = "/facility";
    let reference = FacilityRef::parse(facility, POINTER)?;
    let known = unit.state().resolve(&reference).map(|state| state.facility.id);
    known.ok_or_else(|| FacilityRef::unknown(facility, POINTER))
}

/// The key of the sender.
fn key_of(unit: &UnitOfWork) -> Result<Key, Rejection> {
    match unit.principal() {
        Principal::Key(key) => Ok((**key).clone()),
        _ => Err(key_required()),
    }
}

/// The sign-in that the sender came with: it may have ended since.
fn known(unit: &UnitOfWork, hash: &str) -> Result<SignIn, Rejection> {
    let known = unit.state().sign_in(hash).map(|sign_in| (**sign_in).clone());
    known.ok_or_else(|| Rejection::new(Code::KeyInvalid, "Authorization", Message::new("sign-in-ended")))
}
