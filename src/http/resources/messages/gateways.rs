//! The webhooks of Twilio and Meta: their shapes, and the signatures that tell that they are theirs.

use std::{collections::BTreeMap, fmt};

use axum::http::header;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Incoming;
use crate::{
    domain::rejection::{Code, Rejection},
    http::{Problem, request::WriteRequest},
    locales::Message,
};

/// The header with the signature of Twilio.
pub(super) const TWILIO: &str = "x-twilio-signature";
/// The header with the signature of Meta.
pub(super) const META: &str = "x-hub-signature-256";

/// What this node shares with gateways that sign. Nothing of it is printed.
#[derive(Clone, Default)]
pub struct Gateways {
    /// The auth token of the account at Twilio.
    pub twilio_auth_token: Option<String>,
    /// The secret of the app at Meta.
    pub meta_app_secret: Option<String>,
    /// The word by which Meta knows that its webhook leads here.
    pub meta_verify_token: Option<String>,
    /// Where gateways reach this node, such as `https://sedia.example`; Twilio signs the address.
    pub public_url: Option<String>,
}

impl fmt::Debug for Gateways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateways").finish_non_exhaustive()
    }
}

/// A webhook of Meta, as far as it matters here: deliveries and reactions come to the same address.
#[derive(Default, Deserialize)]
struct Webhook {
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    value: Contents,
}

#[derive(Default, Deserialize)]
struct Contents {
    #[serde(default)]
    messages: Vec<WhatsApp>,
}

#[derive(Deserialize)]
struct WhatsApp {
    from: String,
    id: String,
    #[serde(default)]
    timestamp: Option<String>,
    #[serde(default)]
    text: Option<Text>,
}

#[derive(Deserialize)]
struct Text {
    body: String,
}

impl Gateways {
    /// The message in a webhook of Twilio, if it is theirs.
    pub(super) fn twilio(&self, request: &WriteRequest) -> Result<Incoming, Problem> {
        let token = configured(self.twilio_auth_token.as_deref(), "SEDIA_TWILIO_AUTH_TOKEN", TWILIO)?;
        let form = form(&request.text()?);
        let signature = request.headers.get(TWILIO).and_then(|value| value.to_str().ok());
        let signature = signature.and_then(|text| STANDARD.decode(text.trim()).ok()).unwrap_or_default();
        let is_theirs = self.addresses(request).into_iter().any(|address| {
            let mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("HMAC takes keys of any length");
            let signed = form.iter().fold(mac.chain_update(address), |mac, (name, value)| {
                mac.chain_update(name).chain_update(value)
            });
            signed.verify_slice(&signature).is_ok()
        });
        if !is_theirs {
            return Err(forged(TWILIO, "Twilio").into());
        }
        let field = |name: &str| form.get(name).cloned();
        let missing = || Rejection::new(Code::MissingField, "/From", Message::new("message-without-sender"));
        let from = field("From").ok_or_else(missing)?;
        let (text, id) = (field("Body").unwrap_or_default(), field("MessageSid").or_else(|| field("SmsSid")));
        Ok(Incoming { from, text, id, sent_at: None })
    }

    /// The addresses that Twilio may have signed: a proxy may hide the scheme.
    fn addresses(&self, request: &WriteRequest) -> Vec<String> {
        let path = request.uri().path_and_query().map_or("/v1/messages", |path| path.as_str());
        if let Some(url) = &self.public_url {
            return vec![format!("{}{path}", url.trim_end_matches('/'))];
        }
        let host = request.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        ["https", "http"].map(|scheme| format!("{scheme}://{host}{path}")).into()
    }

    /// The messages in a webhook of Meta, if it is theirs.
    pub(super) fn meta(&self, request: &WriteRequest) -> Result<Vec<Incoming>, Problem> {
        let secret = configured(self.meta_app_secret.as_deref(), "SEDIA_META_APP_SECRET", META)?;
        let signature = request.headers.get(META).and_then(|value| value.to_str().ok());
        let signature = signature.and_then(|text| unhex(text.trim().strip_prefix("sha256=")?));
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
        let is_theirs =
            mac.chain_update(request.bytes()).verify_slice(&signature.unwrap_or_default()).is_ok();
        if !is_theirs {
            return Err(forged(META, "Meta").into());
        }
        let webhook: Webhook = request.json_whatever_its_type()?;
        let changes = webhook.entry.into_iter().flat_map(|entry| entry.changes);
        let messages = changes.flat_map(|change| change.value.messages);
        let now = request.now();
        let incoming = messages.map(|message| {
            let seconds = message.timestamp.as_deref().and_then(|text| text.parse().ok());
            let sent_at = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            Incoming {
                from: message.from,
                // A picture or a voice has no text, and gets the answer to an empty one.
                text: message.text.map(|text| text.body).unwrap_or_default(),
                id: Some(message.id),
                sent_at: sent_at.map(|at| at.min(now)),
            }
        });
        Ok(incoming.collect())
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

fn forged(pointer: &'static str, gateway: &'static str) -> Rejection {
    Rejection::new(Code::KeyInvalid, pointer, Message::new("gateway-signature").arg("gateway", gateway))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(byte).collect()
}

/// An answer as Twilio reads it.
pub(super) fn twiml(reply: &str) -> String {
    let escaped = reply.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><Response><Message>{escaped}</Message></Response>"#)
}
