//! Commands that make and revoke keys. A link is a key of one facility for people without an account.

use std::{marker::PhantomData, sync::Arc};

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::contact::known_region;
use crate::{
    auth::{Principal, Secret},
    clock::{Clock, Timestamp},
    domain::{
        change::Effect,
        facility::{FacilityId, FacilityRef, phone_number},
        key::{Key, KeyView, Role},
        names::phone_digits,
        region_code::RegionCode,
        region_name::RegionText,
        rejection::{Code, Rejection, Rejections},
        text,
    },
    locales::Message,
    snapshot::Snapshot,
    store::{Command, Receipt, UnitOfWork},
};

/// A key as a client asks for it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyInput {
    /// Its role.
    pub role: Role,
    /// Its holder, in words.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// The facilities it reports for (our ids or `system:value`): one for a reporter, some for a bridge.
    #[serde(default)]
    pub facilities: Vec<String>,
    /// The region a coordinator or an agent is held to, by its Kemendagri code or its name.
    #[serde(default)]
    #[schema(value_type = Option<RegionText>)]
    pub region: Option<String>,
    /// For a bridge that signs its requests, as programs of Aplicares do: its consumer id. The key is the consumer secret.
    #[serde(default)]
    #[schema(example = "12345")]
    pub consumer: Option<String>,
    /// For a reporter who writes text messages: the telephone number they come from. Its messages report for the facility,
    /// and nothing secret is in them. One number reports for one facility.
    #[serde(default)]
    #[schema(example = "0812-3456-7890")]
    pub phone: Option<String>,
    /// Days until it ends by itself; 1 to 3,650. If not given, a link ends after 30, another key never; but
    /// none later than the key that makes it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    pub expires_days: Option<u32>,
}

/// A key as one of the two resources shows it.
pub trait ShownKey: Serialize + Send + Sync + Sized + 'static {
    /// Its resource.
    const PATH: &str;

    /// The key, if this resource has it.
    fn of(key: &Key) -> Option<Self>;

    /// The refusal where this resource has no key `id`.
    fn unknown(id: Uuid) -> Rejection;
}

/// A key as a client asks one of the two resources for it.
pub trait AskedKey: Clone + Into<KeyInput> + Send + Sync + 'static {
    /// The shape it is shown in.
    type Shown: ShownKey;

    /// Where the facility at `index` stands in the body.
    fn facility_pointer(index: usize) -> String;

    /// Whether its holder signs with it.
    fn signs(&self) -> bool {
        false
    }
}

impl AskedKey for KeyInput {
    type Shown = KeyView;

    fn facility_pointer(index: usize) -> String {
        format!("/facilities/{index}")
    }

    fn signs(&self) -> bool {
        self.consumer.is_some()
    }
}

impl ShownKey for KeyView {
    const PATH: &str = "/v1/keys";

    fn unknown(id: Uuid) -> Rejection {
        Rejection::new(Code::UnknownKey, "id", Message::new("unknown-key").arg("id", id.to_string()))
    }

    fn of(key: &Key) -> Option<Self> {
        Some(key.into())
    }
}

/// A link as a client asks for it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    /// The facility it reports for: our id or `system:value`.
    #[schema(example = "kemenkes:3374010")]
    pub facility: String,
    /// Its holder, in words.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 120)]
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
    /// Its holder, in words.
    pub name: String,
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

impl AskedKey for LinkInput {
    type Shown = LinkView;

    fn facility_pointer(_: usize) -> String {
        "/facility".to_owned()
    }
}

impl ShownKey for LinkView {
    const PATH: &str = "/v1/links";

    fn unknown(id: Uuid) -> Rejection {
        Rejection::new(Code::UnknownLink, "id", Message::new("unknown-link").arg("id", id.to_string()))
    }

    fn of(key: &Key) -> Option<Self> {
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

impl From<LinkInput> for KeyInput {
    fn from(LinkInput { facility, name, expires_days }: LinkInput) -> Self {
        Self {
            role: Role::Link,
            name,
            facilities: vec![facility],
            region: None,
            consumer: None,
            phone: None,
            expires_days,
        }
    }
}

/// Makes a key, or a link, from the hash of a secret that only its sender knows.
pub struct CreateKey<I> {
    /// The key to make.
    pub input: I,
    /// The hash of its secret.
    pub hash: String,
}

impl<I: AskedKey> CreateKey<I> {
    /// Makes the key of a new secret, which is kept nowhere.
    pub fn new(input: I, clock: &dyn Clock) -> (Secret, Self) {
        let secret = if input.signs() { Secret::mint_to_sign(clock) } else { Secret::mint(clock) };
        let hash = secret.hash();
        (secret, Self { input, hash })
    }
}

/// Revokes a key of the resource `V`; every node refuses it from now on.
pub struct RevokeKey<V> {
    id: Uuid,
    shown: PhantomData<fn() -> V>,
}

impl<V> RevokeKey<V> {
    /// Revokes the key `id`.
    pub fn new(id: Uuid) -> Self {
        Self { id, shown: PhantomData }
    }
}

/// Lets somebody in again who signs in with a provider and whose key was revoked. No other key comes back: somebody may
/// have its secret who should not.
pub struct RestoreKey(pub Uuid);

/// Forgets the keys and links that ended long ago; the log still has their makers.
pub struct ForgetKeys;

/// How long a key is still listed after it was revoked or has expired.
const LISTED_FOR: Duration = Duration::days(90);

impl<I: AskedKey> Command for CreateKey<I> {
    type Outcome = I::Shown;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<I::Shown>, Rejections> {
        unit.principal().check_reports()?;
        let input: KeyInput = self.input.clone().into();
        let region = input.region.as_deref().map(|code| known_region(unit, code, "/region")).transpose()?;
        let mut regions = Vec::new();
        let mut facilities = Vec::new();
        for (index, facility) in input.facilities.iter().enumerate() {
            let pointer = I::facility_pointer(index);
            let reference = FacilityRef::parse(facility, &pointer)?;
            let state =
                unit.state().resolve(&reference).ok_or_else(|| FacilityRef::unknown(facility, &pointer))?;
            regions.push(state.facility.region);
            facilities.push(state.facility.id);
        }
        input.role.check_scope(facilities.len(), region)?;
        let consumer =
            input.consumer.as_deref().map(|consumer| consumer_id(consumer, input.role)).transpose()?;
        let phone =
            input.phone.as_deref().map(|phone| reporting_phone(unit, phone, input.role)).transpose()?;
        if let Some(days) = input.expires_days.filter(|days| !(1..=3650).contains(days)) {
            return Err(impossible_days(days, input.role).into());
        }
        let key = Key {
            id: unit.clock().new_id(),
            hash: self.hash.clone(),
            role: input.role,
            name: text::name(input.name.as_deref().unwrap_or(input.role.name()), 120, "/name")?,
            facilities,
            region,
            consumer,
            phone,
            openid: None,
            created_at: unit.now(),
            expires_at: expires_at(unit, input.expires_days.or(input.role.lasts_days())),
            revoked_at: None,
        };
        unit.principal().check_makes(&key, &regions)?;
        let location = Some(format!("{}/{}", I::Shown::PATH, key.id));
        let shown = I::Shown::of(&key).ok_or_else(|| I::Shown::unknown(key.id))?;
        unit.record(Effect::Key(key));
        Ok(Receipt { location, ..Receipt::of(shown) })
    }
}

impl Command for ForgetKeys {
    type Outcome = ();

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<()>, Rejections> {
        unit.principal().check_admin()?;
        let now = unit.now();
        let forgotten: Vec<Uuid> = Self::due(unit.state(), now).collect();
        for id in forgotten {
            unit.record(Effect::KeyForgotten { id });
        }
        Ok(Receipt::of(()))
    }
}

impl ForgetKeys {
    /// Which are to be forgotten. The last key stays: a directory without any would make its first admin key again. So
    /// does the key of somebody who signs in with a provider: they would come back with another one.
    pub fn due(state: &Snapshot, now: Timestamp) -> impl Iterator<Item = Uuid> {
        let last = state.keys().next_back().map(|key| key.id);
        let is_over = move |key: &&Arc<Key>| {
            let ended = [key.expires_at, key.revoked_at].into_iter().flatten().min();
            let is_old = ended.is_some_and(|ended| ended <= now - LISTED_FOR);
            is_old && key.openid.is_none() && Some(key.id) != last
        };
        state.keys().filter(is_over).map(|key| key.id)
    }
}

/// Reads the consumer id of a bridge: it stands in a header, before a `&`.
fn consumer_id(text: &str, role: Role) -> Result<String, Rejection> {
    let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'&');
    if fits && role == Role::Bridge && !Secret::is_like(text) {
        return Ok(text.to_owned());
    }
    Err(Rejection::new(Code::InvalidField, "/consumer", Message::new("key-consumer")))
}

/// Reads the number of a reporter; one that reports already would make it unclear for which facility.
fn reporting_phone(unit: &UnitOfWork, text: &str, role: Role) -> Result<String, Rejection> {
    let digits = phone_digits(&phone_number(text, "/phone")?);
    if role != Role::Reporter {
        return Err(Rejection::new(Code::InvalidField, "/phone", Message::new("key-phone")));
    }
    let unreadable = || {
        Rejection::new(
            Code::InvalidPhone,
            "/phone",
            Message::new("invalid-phone").arg("text", text.to_owned()),
        )
    };
    let digits = digits.ok_or_else(unreadable)?;
    match unit.state().key_of_phone(&digits, unit.now()) {
        None => Ok(digits),
        Some(key) => {
            let detail = Message::new("key-phone-taken").arg("phone", digits).arg("id", key.id.to_string());
            Err(Rejection::new(Code::InvalidField, "/phone", detail))
        }
    }
}

fn impossible_days(days: u32, role: Role) -> Rejection {
    let detail = Message::new("key-days").arg("days", days).arg("usual", role.lasts_days());
    Rejection::new(Code::InvalidField, "/expires_days", detail)
}

/// A key that ends must not live on in those it made.
fn expires_at(unit: &UnitOfWork, days: Option<u32>) -> Option<Timestamp> {
    let wanted = days.map(|days| unit.now() + Duration::days(days.into()));
    let end_of_maker = match unit.principal() {
        Principal::Key(maker) => maker.expires_at,
        _ => None,
    };
    wanted.into_iter().chain(end_of_maker).min()
}

impl<V: ShownKey> Command for RevokeKey<V> {
    type Outcome = V;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<V>, Rejections> {
        unit.principal().check_reports()?;
        let mut key = unit.state().key(self.id).cloned().ok_or_else(|| V::unknown(self.id))?;
        // A key that another resource has is not known here.
        V::of(&key).ok_or_else(|| V::unknown(self.id))?;
        let facilities = key.facilities.iter().filter_map(|id| unit.state().facility(*id));
        let regions: Vec<RegionCode> = facilities.map(|state| state.facility.region).collect();
        unit.principal().check_manages(&key, &regions)?;
        if key.revoked_at.is_none() {
            Arc::make_mut(&mut key).revoked_at = Some(unit.now());
            unit.record(Effect::Key((*key).clone()));
        }
        Ok(Receipt::of(V::of(&key).ok_or_else(|| V::unknown(self.id))?))
    }
}

impl Command for RestoreKey {
    type Outcome = KeyView;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<KeyView>, Rejections> {
        unit.principal().check_admin()?;
        let known = unit.state().key(self.0).cloned().ok_or_else(|| KeyView::unknown(self.0))?;
        let mut key = Key::clone(&known);
        if key.openid.is_none() {
            return Err(Rejection::new(Code::InvalidField, "id", Message::new("key-stays-revoked")).into());
        }
        if key.revoked_at.take().is_some() {
            unit.record(Effect::Key(key.clone()));
        }
        Ok(Receipt::of(KeyView::of(&key).ok_or_else(|| KeyView::unknown(key.id))?))
    }
}
