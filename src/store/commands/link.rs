//! Commands that make and revoke links: keys of one facility for people without an account.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::key::{CreateKey, KeyInput, KeyView, RevokeKey};
use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityId,
        key::{Key, Role},
        rejection::{Code, Rejection, Rejections},
    },
    locales::Message,
    store::{Command, Receipt, UnitOfWork},
};

/// A link as a client asks for it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    /// The facility it reports for: our id or `system:value`.
    #[schema(example = "kemenkes:3374010")]
    pub facility: String,
    /// Who gets it, in words.
    #[serde(default)]
    pub name: Option<String>,
    /// Days until it ends by itself; 1 to 3,650, 30 if not given; but not later than the key that makes it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    pub expires_days: Option<u32>,
}

/// A link as it is shown: never its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkView {
    /// The id, for revoking it.
    #[schema(value_type = String, format = "uuid")]
    pub id: Uuid,
    /// The facility it reports for.
    pub facility: FacilityId,
    /// Who has it.
    pub name: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

impl LinkView {
    /// The key as a link, if it is one.
    pub fn of(key: &Key) -> Option<Self> {
        (key.role == Role::Link).then_some(())?;
        Some(Self {
            id: key.id,
            facility: *key.facilities.first()?,
            name: key.name.clone(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
        })
    }
}

/// Makes a link from the hash of a secret that only its sender knows.
pub struct CreateLink {
    /// The link to make.
    pub input: LinkInput,
    /// The hash of its secret.
    pub hash: String,
}

/// Revokes a link; every node refuses it from now on.
pub struct RevokeLink {
    /// Which.
    pub id: Uuid,
}

impl Command for CreateLink {
    type Outcome = LinkView;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<LinkView>, Rejections> {
        let LinkInput { facility, name, expires_days } = self.input.clone();
        let input =
            KeyInput { role: Role::Link, name, facilities: vec![facility], region: None, expires_days };
        let key = CreateKey { input, hash: self.hash.clone() }.decide(unit).map_err(|rejections| {
            rejections.map(|rejection| match rejection.pointer.as_ref() {
                "/facilities/0" => Rejection { pointer: "/facility".into(), ..rejection },
                _ => rejection,
            })
        })?;
        let receipt = shown(unit, &key)?;
        Ok(Receipt { location: Some(format!("/v1/links/{}", receipt.id)), ..Receipt::of(receipt) })
    }
}

impl Command for RevokeLink {
    type Outcome = LinkView;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<LinkView>, Rejections> {
        unit.principal().check_reports()?;
        unit.state().key(self.id).filter(|key| key.role == Role::Link).ok_or_else(|| unknown(self.id))?;
        let key = RevokeKey { id: self.id }.decide(unit)?;
        Ok(Receipt::of(shown(unit, &key)?))
    }
}

/// The link behind the receipt of its key.
fn shown(unit: &UnitOfWork, key: &Receipt<KeyView>) -> Result<LinkView, Rejection> {
    let id = key.body.id;
    unit.state().key(id).and_then(|key| LinkView::of(key)).ok_or_else(|| unknown(id))
}

fn unknown(id: Uuid) -> Rejection {
    Rejection::new(Code::UnknownLink, "id", Message::new("unknown-link").arg("id", id.to_string()))
}
