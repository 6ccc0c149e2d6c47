//! Commands that change contacts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::{
        change::Effect,
        contact::Contact,
        facility::{Visibility, phone_number},
        region_code::RegionCode,
        region_name::RegionText,
        rejection::{Code, Rejection, Rejections},
        text::{self, Slug},
    },
    locales::Message,
    store::{Command, Receipt, UnitOfWork},
};

/// A contact as a client writes it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactInput {
    /// The region, by its Kemendagri code or its name; null for the whole country.
    #[serde(default)]
    #[schema(value_type = Option<RegionText>)]
    pub region: Option<String>,
    /// The office or person that answers.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The role: `psc119`, `satgas`, `dinkes`, `call_centre`, …
    #[schema(value_type = Slug)]
    pub role: String,
    /// The number.
    #[schema(
        pattern = r"^[+(]?[0-9]([ .()/-]{0,2}[0-9]){2,13}( ?[Ee][Xx][Tt]\.? ?[0-9]{1,6})?$",
        max_length = 40,
        example = "024-8413476"
    )]
    pub phone: String,
    /// The readers who may see it.
    #[serde(default)]
    pub visibility: Visibility,
}

/// Adds a contact, or replaces the one with `id`.
pub struct PutContact {
    /// Which one to replace; none adds a new one.
    pub id: Option<Uuid>,
    /// The contact.
    pub contact: ContactInput,
}

/// Removes a contact.
pub struct EndContact {
    /// The contact.
    pub id: Uuid,
}

impl Command for PutContact {
    type Outcome = Contact;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<Contact>, Rejections> {
        let input = &self.contact;
        let region = input.region.as_deref().map(|code| known_region(unit, code, "/region")).transpose()?;
        unit.principal().check_changes(region)?;
        if let Some(id) = self.id {
            let before = unit.state().contact(id).ok_or_else(|| unknown(id))?;
            unit.principal().check_changes(before.region)?;
        }
        let contact = Contact {
            id: self.id.unwrap_or_else(|| unit.clock().new_id()),
            region,
            name: text::name(&input.name, 200, "/name")?,
            role: Slug::parse(&input.role, "/role")?,
            phone: phone_number(&input.phone, "/phone")?,
            visibility: input.visibility,
        };
        unit.record(Effect::Contact(contact.clone()));
        let location = self.id.is_none().then(|| format!("/v1/contacts/{}", contact.id));
        Ok(Receipt { location, ..Receipt::of(contact) })
    }
}

impl Command for EndContact {
    type Outcome = Contact;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<Contact>, Rejections> {
        unit.principal().check_admin().or_else(|_| match unit.state().contact(self.id) {
            Some(contact) => unit.principal().check_changes(contact.region),
            None => unit.principal().check_reports(),
        })?;
        let contact = unit.state().contact(self.id).cloned().ok_or_else(|| unknown(self.id))?;
        unit.record(Effect::ContactEnded { id: self.id });
        Ok(Receipt::of((*contact).clone()))
    }
}

fn unknown(id: Uuid) -> Rejection {
    Rejection::new(Code::UnknownContact, "id", Message::new("unknown-contact").arg("id", id.to_string()))
}

/// A region that is in the directory, by its code or its name.
pub(super) fn known_region(unit: &UnitOfWork, text: &str, pointer: &str) -> Result<RegionCode, Rejection> {
    unit.state().read_region(text, None, pointer)
}
