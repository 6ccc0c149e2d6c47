//! The webhooks of Twilio and Meta: their shapes, and the signatures that tell that they are theirs.

use std::{collections::BTreeMap, fmt};

use axum::http::{HeaderMap, Uri, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{Incoming, MessageReply};
use crate::{
    auth::unhex,
    domain::rejection::{Code, Rejection},
    http::{Problem, request::WriteRequest},
    locales::Message,
};

/// What this node shares with gateways that sign. Nothing of it is printed.
#[derive(Clone, Default)]
pub struct Gateways {
    /// The auth token of the account at Twilio.
    pub twilio_auth_token: Option<String>,
    /// The secret of the app at Meta.
    pub meta_app_secret: Option<String>,
    /// The word by which Meta knows that its webhook leads here.
    pub meta_verify_token: Option<String>,
    /// Where gateways reach this node, such as `https://sedia.example`, without a slash at its end; Twilio signs the address.
    pub public_url: Option<String>,
}

impl fmt::Debug for Gateways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateways").finish_non_exhaustive()
    }
}

/// A gateway that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gateway {
    /// SMS and WhatsApp through Twilio.
    Twilio,
    /// WhatsApp itself.
    Meta,
}

impl Gateway {
    /// The name by which its messages are told from those of others.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Meta => "meta",
        }
    }

    /// The header with its signature.
    const fn header(self) -> &'static str {
        match self {
            Self::Twilio => "x-twilio-signature",
            Self::Meta => "x-hub-signature-256",
        }
    }

    fn forged(self) -> Rejection {
        let gateway = match self {
            Self::Twilio => "Twilio",
            Self::Meta => "Meta",
        };
        let detail = Message::new("gateway-signature").arg("gateway", gateway);
        Rejection::new(Code::KeyInvalid, self.header(), detail)
    }
}

/// A request with a signature of a gateway, which is not checked yet.
pub(super) struct Webhook<'a> {
    pub(super) gateway: Gateway,
    secret: &'a str,
    signature: Vec<u8>,
    public_url: Option<&'a str>,
}

impl Gateways {
    /// The webhook whose signature is in the headers, if this node can check it.
    pub(super) fn webhook(&self, headers: &HeaderMap) -> Result<Option<Webhook<'_>>, Rejection> {
        let gateway = [Gateway::Twilio, Gateway::Meta]
            .into_iter()
            .find(|gateway| headers.contains_key(gateway.header()));
        let Some(gateway) = gateway else {
            return Ok(None);
        };
        let (secret, setting, length) = match gateway {
            Gateway::Twilio => (&self.twilio_auth_token, "SEDIA_TWILIO_AUTH_TOKEN", 20),
            Gateway::Meta => (&self.meta_app_secret, "SEDIA_META_APP_SECRET", 32),
        };
        let secret = configured(secret.as_deref(), setting, gateway.header())?;
        let text =
            headers.get(gateway.header()).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
        let signature = match gateway {
            Gateway::Twilio => STANDARD.decode(text).ok(),
            Gateway::Meta => text.strip_prefix("sha256=").and_then(unhex),
        };
        let signature = signature.filter(|bytes| bytes.len() == length).ok_or_else(|| gateway.forged())?;
        Ok(Some(Webhook { gateway, secret, signature, public_url: self.public_url.as_deref() }))
    }

    /// Checks what Meta sends before it sends messages.
    pub(super) fn check_verify_token(&self, mode: &str, token: &str) -> Result<(), Rejection> {
        let own =
            configured(self.meta_verify_token.as_deref(), "SEDIA_META_VERIFY_TOKEN", "hub.verify_token")?;
        // Hashes differ early or late by chance, so that the time tells nothing of the token.
        if mode == "subscribe" && Sha256::digest(own) == Sha256::digest(token) {
            return Ok(());
        }
        Err(Rejection::new(Code::KeyInvalid, "hub.verify_token", Message::new("verify-token-wrong")))
    }
}

impl Webhook<'_> {
    /// The messages in a request that was sent to `uri`, if it is the gateway's.
    pub(super) fn messages(&self, request: &WriteRequest, uri: &Uri) -> Result<Vec<Incoming>, Problem> {
        match self.gateway {
            Gateway::Twilio => self.twilio(request, uri).map(|message| vec![message]),
            Gateway::Meta => self.meta(request),
        }
    }

    fn twilio(&self, request: &WriteRequest, uri: &Uri) -> Result<Incoming, Problem> {
        let mut form = form(&request.text()?);
        let is_theirs = self.addresses(request, uri).into_iter().any(|address| {
            let mac =
                Hmac::<Sha1>::new_from_slice(self.secret.as_bytes()).expect("HMAC takes keys of any length");
            let signed = form.iter().fold(mac.chain_update(address), |mac, (name, value)| {
                mac.chain_update(name).chain_update(value)
            });
            signed.verify_slice(&self.signature).is_ok()
        });
        if !is_theirs {
            return Err(self.gateway.forged().into());
        }
        Ok(in_form(|name| form.remove(name)))
    }

    /// The addresses that Twilio may have signed: a proxy may hide the scheme.
    fn addresses(&self, request: &WriteRequest, uri: &Uri) -> Vec<String> {
        let path = uri.path_and_query().map_or("/v1/messages", |path| path.as_str());
        if let Some(url) = self.public_url {
            return vec![format!("{url}{path}")];
        }
        let host = request.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        ["https", "http"].map(|scheme| format!("{scheme}://{host}{path}")).into()
    }

    /// Deliveries and reactions come to the same address, pictures and voices have no text, and what cannot be read must
    /// not keep the messages beside it from being read: Meta would send all of them again.
    fn meta(&self, request: &WriteRequest) -> Result<Vec<Incoming>, Problem> {
        let mac =
            Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("HMAC takes keys of any length");
        if mac.chain_update(request.bytes()).verify_slice(&self.signature).is_err() {
            return Err(self.gateway.forged().into());
        }
        let webhook: Value = request.json_whatever_its_type()?;
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let changes = list(&webhook["entry"]).into_iter().flat_map(|entry| list(&entry["changes"]));
        let messages = changes.flat_map(|change| list(&change["value"]["messages"]));
        let now = request.now();
        let incoming = messages.map(|message| {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let seconds = &message["timestamp"];
            let seconds = seconds.as_str().and_then(|text| text.parse().ok()).or_else(|| seconds.as_i64());
            let sent_at = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            // An answer may be a tap on a button.
            let buttons = [&message["button"]["text"], &message["interactive"]["button_reply"]["title"]];
            let said = [&message["text"]["body"]].into_iter().chain(buttons).find_map(text);
            Incoming {
                from: text(&message["from"]).unwrap_or_default(),
                text: said.unwrap_or_default(),
                id: text(&message["id"]),
                sent_at: sent_at.map(|at| at.min(now)),
            }
        });
        Ok(incoming.collect())
    }
}

/// The message in a form as Twilio sends it, from a gateway that has a key in the place of a signature.
pub(super) fn form_with_key(request: &WriteRequest) -> Result<Incoming, Problem> {
    let mut form = form(&request.text()?);
    for name in ["From", "Body"] {
        if !form.contains_key(name) {
            let detail = Message::new("missing-field").arg("name", name);
            return Err(Rejection::new(Code::MissingField, name, detail).into());
        }
    }
    Ok(in_form(|name| form.remove(name)))
}

fn in_form(mut field: impl FnMut(&str) -> Option<String>) -> Incoming {
    let (from, text) = (field("From").unwrap_or_default(), field("Body").unwrap_or_default());
    let id = field("MessageSid").or_else(|| field("SmsSid"));
    Incoming { from, text, id, sent_at: None }
}

/// The fields of a form with their values. Twilio signs the empty ones, too.
fn form(text: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn configured<'a>(
    secret: Option<&'a str>,
    setting: &'static str,
    pointer: &'static str,
) -> Result<&'a str, Rejection> {
    let missing =
        || Rejection::new(Code::KeyInvalid, pointer, Message::new("gateway-not-set").arg("setting", setting));
    secret.filter(|secret| !secret.is_empty()).ok_or_else(missing)
}

/// The answers as Twilio reads them.
pub(super) fn twiml(replies: &[MessageReply]) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let messages = replies.iter().map(|reply| format!("<Message>{}</Message>", escaped(&reply.reply)));
    let messages: String = messages.collect();
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><Response>{messages}</Response>"#)
}
