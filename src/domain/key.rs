//! Keys: the right to see internal data, to report, and to change the directory.

use crate::{clock::Timestamp, locales::Message};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    facility::FacilityId,
    region::Zone,
    region_code::RegionCode,
    rejection::{Code, Rejection},
};

/// The id of a key. Not secret.
pub type KeyId = Uuid;

/// The role of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees internal contacts; with a region, only those inside it.
    Agent,
    /// Reports for one facility.
    Reporter,
    /// A link for people without an account: reports for one facility, and ends by itself.
    Link,
    /// A hospital system: reports for the facilities listed.
    Bridge,
    /// Reports for, and changes, everything in one region.
    Coordinator,
    /// Everything everywhere.
    Admin,
}

impl Role {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Reporter => "reporter",
            Self::Link => "link",
            Self::Bridge => "bridge",
            Self::Coordinator => "coordinator",
            Self::Admin => "admin",
        }
    }

    /// The number of days that a key of this role lasts by default; None for ever.
    pub const fn lasts_days(self) -> Option<u32> {
        match self {
            Self::Link => Some(30),
            _ => None,
        }
    }

    /// Checks that a key of this role has the facilities and the region it needs, and no others.
    pub fn check_scope(self, facilities: usize, region: Option<RegionCode>) -> Result<(), Rejection> {
        let refuse = |pointer: &str, detail| Err(Rejection::new(Code::MissingField, pointer, detail));
        match self {
            Self::Reporter | Self::Link if facilities != 1 => {
                refuse("/facilities", Message::new("key-needs-one-facility"))
            }
            Self::Bridge if facilities == 0 => refuse("/facilities", Message::new("key-needs-facilities")),
            Self::Coordinator if region.is_none() => refuse("/region", Message::new("key-needs-region")),
            Self::Agent | Self::Coordinator | Self::Admin if facilities > 0 => {
                Err(Rejection::new(Code::InvalidField, "/facilities", Message::new("key-without-facilities")))
            }
            Self::Reporter | Self::Link | Self::Bridge | Self::Admin if region.is_some() => {
                Err(Rejection::new(Code::InvalidField, "/region", Message::new("key-without-region")))
            }
            _ => Ok(()),
        }
    }
}

/// Somebody at a provider of OpenID Connect: no two people there ever have the same subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenIdentity {
    /// The address of the provider.
    #[schema(example = "https://id.example/realms/staff")]
    pub issuer: String,
    /// Who they are there.
    #[schema(example = "248289761001")]
    pub subject: String,
}

impl OpenIdentity {
    /// Both in one; an issuer has no spaces.
    pub fn text(&self) -> String {
        format!("{} {}", self.issuer, self.subject)
    }
}

/// A key as it is stored: its secret only as a hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The id.
    pub id: KeyId,
    /// SHA-256 of the secret, hexadecimal.
    pub hash: String,
    /// The purpose.
    pub role: Role,
    /// The owner, in words.
    pub name: String,
    /// The facilities it may report for.
    #[serde(default)]
    pub facilities: Vec<FacilityId>,
    /// The region it is held to.
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// The consumer id under which a hospital system signs with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer: Option<String>,
    /// The telephone number whose text messages report with it, as dialled inside the country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whose it is who signs in with a provider; nobody has the secret of such a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openid: Option<OpenIdentity>,
    /// The time of its making.
    pub created_at: Timestamp,
    /// When it ends by itself.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// The time of its revocation.
    #[serde(default)]
    pub revoked_at: Option<Timestamp>,
}

/// A key as it is shown: never its secret, never its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KeyView {
    /// The id, for revoking it.
    #[schema(value_type = String, format = "uuid")]
    pub id: Uuid,
    /// Its role.
    pub role: Role,
    /// Its holder, in words.
    pub name: String,
    /// The facilities it reports for.
    pub facilities: Vec<FacilityId>,
    /// The region it is held to.
    pub region: Option<RegionCode>,
    /// The consumer id under which it signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub consumer: Option<String>,
    /// The telephone number whose text messages report with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub phone: Option<String>,
    /// Whose it is who signs in with a provider. Its role and its scope are those that the provider told last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub openid: Option<OpenIdentity>,
    /// The time of its making.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// The time of its revocation.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

impl From<&Key> for KeyView {
    fn from(key: &Key) -> Self {
        let Key {
            id,
            hash: _,
            role,
            name,
            facilities,
            region,
            consumer,
            phone,
            openid,
            created_at,
            expires_at,
            revoked_at,
        } = key.clone();
        Self {
            id,
            role,
            name,
            facilities,
            region,
            consumer,
            phone,
            openid,
            created_at,
            expires_at,
            revoked_at,
        }
    }
}

impl Key {
    /// Whether it has neither ended nor been revoked at `now`.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|at| at > now)
    }

    /// Whether the key may be used at `now`; its holders live in `zone`.
    pub fn check(&self, now: Timestamp, zone: Zone) -> Result<(), Rejection> {
        if let Some(revoked_at) = self.revoked_at.map(|at| zone.minute(at)) {
            return Err(Rejection::new(
                Code::KeyRevoked,
                "Authorization",
                Message::new("key-revoked").arg("revoked-at", revoked_at.clone()),
            ));
        }
        let expired_at = self.expires_at.filter(|at| *at <= now);
        if let Some(expired_at) = expired_at.map(|at| zone.minute(at)) {
            return Err(Rejection::new(
                Code::KeyExpired,
                "Authorization",
                Message::new("key-expired").arg("expired-at", expired_at.clone()),
            ));
        }
        Ok(())
    }
}
