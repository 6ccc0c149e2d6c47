//! Keys, roles and scopes: the identity of a sender and its rights.

use std::{fmt::Write, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::{
    clock::Clock,
    domain::{
        facility::{Facility, Visibility},
        key::{Key, Role},
        observation::Source,
        region_code::RegionCode,
        rejection::{Code, Rejection},
    },
    locales::Message,
};

/// The name of anybody in the log.
pub const PUBLIC: &str = "public";

/// The sender of a request or of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Anybody.
    Public,
    /// The holder of a key that was valid when it was looked up.
    Key(Arc<Key>),
    /// A part of the node itself.
    Operator(Operator),
}

/// A part of the node that acts by itself, with every right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The command line, for whoever may read the database.
    Cli,
    /// The demonstration.
    Demo,
    /// Questions in text messages.
    Message,
    /// The provider that staff sign in with.
    OpenId,
    /// The reference data that ships.
    Reference,
    /// What runs on a timer.
    Upkeep,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Cli, Self::Demo, Self::Message, Self::OpenId, Self::Reference, Self::Upkeep];

    /// The name in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::Demo => "demo",
            Self::Message => "message",
            Self::OpenId => "openid",
            Self::Reference => "reference",
            Self::Upkeep => "upkeep",
        }
    }
}

/// The group of readers that see the same. Part of every cache key, so no answer reaches another audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Sees what is public.
    Public,
    /// Also sees what is internal, in this region and below; everywhere for `None`.
    Internal(Option<RegionCode>),
}

impl Audience {
    /// Whether this reader sees something of `visibility` that belongs to `region` (`None`: the country).
    pub fn sees(self, visibility: Visibility, region: Option<RegionCode>) -> bool {
        match (visibility, self) {
            (Visibility::Public, _) => true,
            (Visibility::Internal, Self::Public) => false,
            (Visibility::Internal, Self::Internal(held_to)) => held_to.is_none_or(|held_to| {
                region.is_none_or(|region| held_to.covers(region) || region.covers(held_to))
            }),
        }
    }
}

impl Principal {
    /// The name in the log.
    pub fn actor(&self) -> String {
        match self {
            Self::Public => PUBLIC.to_owned(),
            Self::Key(key) => format!("key:{}", key.id),
            Self::Operator(operator) => operator.name().to_owned(),
        }
    }

    /// The name beside a number.
    pub fn reporter(&self) -> Arc<str> {
        match self {
            Self::Public => PUBLIC.into(),
            Self::Key(key) => key.name.as_str().into(),
            Self::Operator(operator) => operator.name().into(),
        }
    }

    /// The audience of this reader: agents and above see what is internal.
    pub fn audience(&self) -> Audience {
        match self {
            Self::Public => Audience::Public,
            Self::Operator(_) => Audience::Internal(None),
            Self::Key(key) => match key.role {
                Role::Reporter | Role::Link | Role::Bridge => Audience::Public,
                Role::Agent | Role::Coordinator => Audience::Internal(key.region),
                Role::Admin => Audience::Internal(None),
            },
        }
    }

    /// The source of numbers that this principal sends one facility at a time.
    pub fn source(&self) -> Source {
        match self {
            Self::Key(key) => match key.role {
                Role::Reporter if key.phone.is_some() => Source::Message,
                Role::Reporter | Role::Link => Source::Facility,
                Role::Bridge => Source::Bridge,
                _ => Source::Coordinator,
            },
            Self::Operator(Operator::Demo) => Source::Simulated,
            Self::Operator(_) | Self::Public => Source::Coordinator,
        }
    }

    /// The source of numbers that this principal sends as a list.
    pub fn bulk_source(&self) -> Source {
        match self.source() {
            Source::Coordinator => Source::Bulk,
            source => source,
        }
    }

    /// Whether the sender is a person, who can confirm a number that jumps; programs cannot.
    pub fn is_asked_first(&self) -> bool {
        matches!(self, Self::Key(key) if key.role == Role::Link || key.phone.is_some())
    }

    /// Whether it may report numbers at all.
    pub fn check_reports(&self) -> Result<(), Rejection> {
        match self {
            Self::Public => Err(key_required()),
            Self::Key(key) if key.role == Role::Agent => Err(role_not_allowed(key)),
            Self::Key(_) | Self::Operator(_) => Ok(()),
        }
    }

    /// Whether it may pass on text messages: whose number reports is not for the reporters of single facilities to try.
    pub fn check_passes_messages(&self) -> Result<(), Rejection> {
        self.check_reports()?;
        match self {
            Self::Key(key) if matches!(key.role, Role::Reporter | Role::Link) => Err(role_not_allowed(key)),
            _ => Ok(()),
        }
    }

    /// Whether it may report numbers of `facility`.
    pub fn check_reports_for(&self, facility: &Facility) -> Result<(), Rejection> {
        self.check_reports()?;
        match self {
            Self::Key(key) => match key.role {
                Role::Reporter | Role::Link | Role::Bridge if !key.facilities.contains(&facility.id) => {
                    Err(outside_facility(facility))
                }
                Role::Coordinator if !key.region.is_some_and(|region| region.covers(facility.region)) => {
                    Err(outside_region(key.region, facility.region))
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Whether it may change facilities and contacts of `region`; `None` is the whole country.
    pub fn check_changes(&self, region: Option<RegionCode>) -> Result<(), Rejection> {
        match self {
            Self::Operator(_) => Ok(()),
            Self::Public => Err(key_required()),
            Self::Key(key) => match key.role {
                Role::Admin => Ok(()),
                Role::Coordinator => match (key.region, region) {
                    (Some(held_to), Some(region)) if held_to.covers(region) => Ok(()),
                    (held_to, Some(region)) => Err(outside_region(held_to, region)),
                    (_, None) => Err(Rejection::new(
                        Code::OutsideScope,
                        "/region",
                        Message::new("country-needs-admin"),
                    )),
                },
                _ => Err(role_not_allowed(key)),
            },
        }
    }

    /// Whether it may send lists of facilities; which rows, their regions decide.
    pub fn check_imports(&self) -> Result<(), Rejection> {
        match self {
            Self::Operator(_) => Ok(()),
            Self::Public => Err(key_required()),
            Self::Key(key) if matches!(key.role, Role::Admin | Role::Coordinator) => Ok(()),
            Self::Key(key) => Err(role_not_allowed(key)),
        }
    }

    /// Whether it may see what is internal in all of `region`; `None` is the whole country.
    pub fn check_sees_internal(&self, region: Option<RegionCode>) -> Result<(), Rejection> {
        match (self, self.audience()) {
            (Self::Key(key), Audience::Public) => Err(role_not_allowed(key)),
            (_, Audience::Public) => Err(key_required()),
            (_, Audience::Internal(None)) => Ok(()),
            (_, Audience::Internal(Some(held_to))) => match region {
                Some(region) if held_to.covers(region) => Ok(()),
                Some(region) => Err(outside_region(Some(held_to), region)),
                None => {
                    Err(Rejection::new(Code::OutsideScope, "/region", Message::new("key-needs-region-named")))
                }
            },
        }
    }

    /// Whether it may leave marks at `facility`: agents and up in what they see, and the public may say in a note
    /// that something is wrong.
    pub fn check_marks(&self, facility: &Facility, is_note: bool) -> Result<(), Rejection> {
        match self {
            Self::Public if is_note => Ok(()),
            Self::Public => Err(key_required()),
            Self::Operator(_) => Ok(()),
            Self::Key(key) => match key.role {
                Role::Reporter | Role::Link | Role::Bridge => Err(role_not_allowed(key)),
                Role::Agent | Role::Coordinator | Role::Admin => {
                    if self.audience().sees(Visibility::Internal, Some(facility.region)) {
                        return Ok(());
                    }
                    Err(outside_region(key.region, facility.region))
                }
            },
        }
    }

    /// Whether it has a key at all.
    pub fn check_key(&self) -> Result<(), Rejection> {
        match self {
            Self::Public => Err(key_required()),
            Self::Key(_) | Self::Operator(_) => Ok(()),
        }
    }

    /// Whether it may change regions and resource types.
    pub fn check_admin(&self) -> Result<(), Rejection> {
        match self {
            Self::Operator(_) => Ok(()),
            Self::Public => Err(key_required()),
            Self::Key(key) if key.role == Role::Admin => Ok(()),
            Self::Key(key) => Err(role_not_allowed(key)),
        }
    }

    /// Whether it may make `other`, as [`check_manages`](Self::check_manages) says.
    pub fn check_makes(&self, other: &Key, regions: &[RegionCode]) -> Result<(), Rejection> {
        match self {
            Self::Key(key)
                if key.role == Role::Coordinator && other.role == Role::Agent && other.region.is_none() =>
            {
                let held_to = key.region.map(|code| code.to_string()).unwrap_or_default();
                Err(Rejection::new(
                    Code::OutsideScope,
                    "/region",
                    Message::new("key-for-country-needs-region").arg("held-to", held_to.clone()),
                ))
            }
            _ => self.check_manages(other, regions),
        }
    }

    /// Whether it may make, see and revoke `other`: an admin any, a coordinator those inside its region
    /// that are not coordinators of the same region or more. `regions` are where the key's facilities are.
    pub fn check_manages(&self, other: &Key, regions: &[RegionCode]) -> Result<(), Rejection> {
        match self {
            Self::Key(key) if key.role == Role::Coordinator => {
                let is_above = match other.role {
                    Role::Admin => true,
                    Role::Agent => other.region.is_none(),
                    Role::Coordinator => other.region == key.region,
                    Role::Reporter | Role::Link | Role::Bridge => false,
                };
                if is_above {
                    return Err(role_not_allowed(key));
                }
                other.region.iter().chain(regions).try_for_each(|region| self.check_changes(Some(*region)))
            }
            _ => self.check_admin(),
        }
    }
}

/// The refusal of somebody who must say who they are.
pub(crate) fn key_required() -> Rejection {
    Rejection::new(Code::KeyRequired, "Authorization", Message::new("send-a-key"))
}

fn role_not_allowed(key: &Key) -> Rejection {
    let role = key.role.name();
    Rejection::new(
        Code::RoleNotAllowed,
        "Authorization",
        Message::new("role-not-allowed").arg("role", role.to_string()),
    )
}

fn outside_facility(facility: &Facility) -> Rejection {
    let name = &facility.name;
    Rejection::new(
        Code::OutsideScope,
        "Authorization",
        Message::new("key-of-another-facility").arg("name", name.clone()),
    )
}

fn outside_region(held_to: Option<RegionCode>, region: RegionCode) -> Rejection {
    let held_to = held_to.map(|code| code.to_string()).unwrap_or_default();
    Rejection::new(
        Code::OutsideScope,
        "Authorization",
        Message::new("key-of-another-region")
            .arg("held-to", held_to.clone())
            .arg("region", region.to_string()),
    )
}

/// A key as its owner holds it: `sedia_` and 43 characters that carry 256 random bits; 64 of them if its owner signs.
/// It is shown once; the directory keeps only its hash. Neither printed nor logged.
pub struct Secret(String);

/// What every secret begins with.
const MARK: &str = "sedia_";

/// Whether `signature` is the HMAC-SHA256 of `message` by the secret of `key`. HMAC takes the SHA-256 of a secret that is
/// longer than 64 bytes in its place, so that the hash of such a secret is enough to check what it signs.
pub fn is_signature(key: &Key, message: &[u8], signature: &[u8]) -> bool {
    unhex(&key.hash).is_some_and(|hash| {
        let mac = Hmac::<Sha256>::new_from_slice(&hash).expect("HMAC takes keys of any length");
        // This comparison takes the same time wherever the two differ.
        mac.chain_update(message).verify_slice(signature).is_ok()
    })
}

/// The bytes that a text writes in hexadecimal.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(byte).collect()
}

impl Secret {
    /// A new secret.
    pub fn mint(clock: &dyn Clock) -> Self {
        Self(format!("{MARK}{}", URL_SAFE_NO_PAD.encode(clock.secret())))
    }

    /// A new secret for somebody who signs: longer than 64 bytes, so that [`is_signature`] can do with its hash.
    pub fn mint_to_sign(clock: &dyn Clock) -> Self {
        let random = [&clock.secret()[..], &clock.secret()[..16]].concat();
        Self(format!("{MARK}{}", URL_SAFE_NO_PAD.encode(random)))
    }

    /// Whether a text looks like a secret that was made here.
    pub fn is_like(text: &str) -> bool {
        text.starts_with(MARK)
    }

    /// A secret as a client sent it.
    pub fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret, for the one time it is shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What its holder shows for one purpose, such as forms that no other site can send in their name. It has 43
    /// characters, and nobody learns from it the secret or what is shown for another purpose.
    pub fn token(&self, purpose: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(purpose).finalize().into_bytes())
    }

    /// Whether `token` is the one for this purpose.
    pub fn is_token(&self, purpose: &str, token: &str) -> bool {
        let token = URL_SAFE_NO_PAD.decode(token);
        token.is_ok_and(|token| self.mac(purpose).verify_slice(&token).is_ok())
    }

    fn mac(&self, purpose: &str) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("HMAC takes keys of any length");
        mac.chain_update(purpose)
    }

    /// The path of the link that carries it, for the one time it is shown.
    pub fn path(&self) -> String {
        format!("/r/{}", self.0)
    }

    /// SHA-256 in hexadecimal. Fast on purpose: 256 random bits cannot be guessed.
    pub fn hash(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn the_hash_of_a_secret_checks_what_it_signs() {
        let secret = Secret::mint_to_sign(&SystemClock);
        assert_eq!(secret.reveal().len(), 70);
        let key = Key {
            id: uuid::Uuid::nil(),
            hash: secret.hash(),
            role: Role::Bridge,
            name: "bridge".to_owned(),
            facilities: Vec::new(),
            region: None,
            consumer: Some("12345".to_owned()),
            phone: None,
            openid: None,
            created_at: SystemClock.now(),
            expires_at: None,
            revoked_at: None,
        };
        let sign = |secret: &Secret| {
            let mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()).unwrap();
            mac.chain_update(b"12345&1625122800").finalize().into_bytes().to_vec()
        };
        let mut signature = sign(&secret);
        assert!(is_signature(&key, b"12345&1625122800", &signature));
        assert!(!is_signature(&key, b"12345&1625122801", &signature));
        assert!(!is_signature(&key, b"12345&1625122800", &signature[..31]));
        assert!(!is_signature(&key, b"12345&1625122800", &sign(&Secret::mint_to_sign(&SystemClock))));
        signature[31] ^= 1;
        assert!(!is_signature(&key, b"12345&1625122800", &signature));
    }
}
