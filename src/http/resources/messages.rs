//! Reports by text message, through any gateway of SMS or WhatsApp.
//!
//! Who writes is known by the number: a reporter's key may have one, and a message from that number reports for its
//! facility, by the same rules and into the same log as every report. Numbers that jump are asked back. Whatever else
//! comes gets an answer that says what to write, and nothing is stored.

mod chat;
mod conversations;
mod gateways;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{OriginalUri, State},
    http::{HeaderMap, HeaderValue, Request, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

pub(in crate::http) use self::conversations::Conversations;
pub use self::gateways::Gateways;
use self::{
    chat::Chat,
    conversations::Question,
    gateways::{Gateway, Webhook},
};
use crate::{
    auth::{Operator, Principal},
    clock::Timestamp,
    domain::{
        facility::FacilityId,
        key::Key,
        message,
        names::phone_digits,
        numbers::{Count, Numbers},
        observation,
        region::Zone,
        rejection::{Code, Rejection, Rejections},
        resource_type::TypeCode,
    },
    http::{
        App, Problem,
        documents::{MessageProblems, VerifyProblems},
        request::{Caller, Params, WriteRequest, negotiate, write::PATIENCE},
        response::{NO_STORE, problem, unstored},
    },
    locales::{Language, Message, render},
    snapshot::FacilityState,
    store::{Command, Idempotency, Receipt, UnitOfWork, WriteError},
};

/// A text message as any gateway can pass it on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MessageInput {
    /// The number of who wrote it.
    #[schema(example = "+6281234567890")]
    from: String,
    /// The message.
    #[schema(example = "ICU 3/10, K3 5, IGD PENUH")]
    text: String,
    /// The gateway's id of the message: one that comes again gets the same answer and is stored once. Empty is none.
    #[serde(default)]
    #[schema(example = "SM0196f1b0")]
    id: Option<String>,
    /// When it was written (RFC 3339); now, if left out.
    #[serde(default)]
    #[schema(example = "2021-07-01T14:05:00+07:00")]
    sent_at: Option<String>,
}

/// A text message as Twilio sends it, signed or with a key; its other fields are passed over.
#[derive(ToSchema)]
#[expect(dead_code, reason = "this is the documentation of a form that `gateways` reads")]
struct TwilioMessage {
    /// The number of who wrote it.
    #[schema(rename = "From", example = "whatsapp:+6281234567890")]
    from: String,
    /// The message.
    #[schema(rename = "Body", example = "ICU 3/10, K3 5, IGD PENUH")]
    body: String,
    /// The id of the message.
    #[schema(rename = "MessageSid", nullable = false)]
    id: Option<String>,
}

/// A message on its way in.
struct Incoming {
    from: String,
    text: String,
    id: Option<String>,
    sent_at: Option<Timestamp>,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MessageOutcome {
    /// The numbers are stored and visible.
    Stored,
    /// The numbers are far from those before: nothing is stored until the sender answers `YA`.
    AskedBack,
    /// The sender asked how to report.
    Help,
    /// Nobody named this number as one that reports, for a facility that the gateway's key may report for.
    UnknownSender,
    /// Something in it could not be read, or it has no text, such as a picture; nothing is stored.
    Unreadable,
    /// The numbers cannot be, and nothing is stored.
    Refused,
}

/// The answer to a message.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct MessageReply {
    /// What became of it.
    outcome: MessageOutcome,
    /// The text to send back.
    reply: String,
    /// For which facility it reports; null if the number is unknown.
    facility: Option<FacilityId>,
    /// What was understood, type by type.
    understood: Vec<Understood>,
}

/// The numbers of one type in a message.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct Understood {
    /// What the sender called it.
    given: String,
    /// The type.
    #[serde(rename = "type")]
    resource: TypeCode,
    /// Its label.
    label: String,
    /// The number of free places, if the message says so.
    available: Option<Count>,
    /// How many are in use, if the message says so.
    occupied: Option<Count>,
    /// How many there are, if the message says so.
    capacity: Option<Count>,
    /// How many people wait, if the message says so.
    queue: Option<Count>,
    /// The numbers before it.
    before: Numbers,
}

/// The answers to the messages of one webhook of Meta.
#[derive(Debug, Serialize, ToSchema)]
struct MessageReplies {
    /// One for each message, in their order.
    replies: Vec<MessageReply>,
}

/// One answer, or one for each message that Meta sent together.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "this is the documentation of two responses")]
enum MessageAnswer {
    /// To one message.
    One(MessageReply),
    /// To several.
    Many(MessageReplies),
}

/// The signatures of webhooks.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "this is their documentation; they are read by `gateways`")]
struct SignatureHeaders {
    /// HMAC-SHA1 of the address and the form, in Base64, as Twilio makes it with its auth token
    #[param(rename = "X-Twilio-Signature")]
    twilio: Option<String>,
    /// `sha256=` and the HMAC-SHA256 of the body in hexadecimal, as Meta makes it with the app secret
    #[param(rename = "X-Hub-Signature-256")]
    meta: Option<String>,
}

/// Report by text message
///
/// `ICU 3/10, K3 5, IGD PENUH` states free places, and the capacity behind a slash; `ICU terisi 7/10` those in use. Types
/// are called as people call them. `?` answers with the form. The sender's number must be that of a reporter's key
/// (`phone`). The answer has the text to send back: what was understood and the numbers before. Numbers that jump are asked
/// back, and `YA` within 30 minutes stores them as of the message that was asked back; `YA ICU 90/100` does so at once.
/// Whatever cannot be read stores nothing. A message with the same `id` gets the same answer and is stored once. The numbers
/// have the source `message`.
///
/// A gateway sends JSON with a key of a bridge, a coordinator or an admin; a number of a facility that the key may not
/// report for is unknown to it. The form of Twilio is taken with such a key, too. Webhooks of Twilio (a form) and Meta (WhatsApp) need no key: their signature is checked.
/// Twilio gets its answer as `TwiML`; Meta reads no answer, so that somebody has to pass on `reply`. What cannot be done with
/// a message of theirs is said in its reply, because they send a refused request again and again.
#[utoipa::path(
    post,
    path = "/v1/messages",
    operation_id = "receive_message",
    tag = "report",
    params(SignatureHeaders),
    request_body(content((MessageInput = "application/json"), (TwilioMessage = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The answer to send back", content((MessageAnswer = "application/json"), (String = "text/xml"))),
        MessageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn receive(State(app): State<App>, request: Request<Body>) -> Result<Response, Problem> {
    let language = negotiate::language(request.headers());
    if let Some(webhook) = app.writes.gateways.webhook(request.headers())? {
        return answer_webhook(&app, &webhook, language, request).await;
    }
    let principal = app.reads.principal(request.headers()).await?;
    principal.check_passes_messages()?;
    let request = WriteRequest::read(&app, Caller { principal, language }, request).await?;
    // curl says that of JSON, too.
    let is_form = is_form(&request.headers) && !request.text()?.trim_start().starts_with('{');
    let message = if is_form {
        gateways::form_with_key(&request)?
    } else {
        let MessageInput { from, text, id, sent_at } = request.json()?;
        let now = request.now();
        let at = |text: &str| observation::observed_at(text, now, Zone::Wib, "/sent_at");
        let sent_at = sent_at.as_deref().map(at).transpose()?;
        Incoming { from, text, id, sent_at }
    };
    let gateway = request.caller.principal.actor();
    Ok(unstored(answer(&request, &gateway, message).await?))
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next());
    media_type
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// Answers a webhook once its signature was checked; until then it comes from anybody.
async fn answer_webhook(
    app: &App,
    webhook: &Webhook<'_>,
    language: Language,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let uri = request.extensions().get::<OriginalUri>().map_or(request.uri(), |OriginalUri(uri)| uri).clone();
    let anybody = Caller { principal: Principal::Public, language };
    let mut request = WriteRequest::read(app, anybody, request).await?;
    let messages = webhook.messages(&request, &uri)?;
    request.caller.principal = Principal::Operator(Operator::Message);
    let (mut replies, mut failed) = (Vec::new(), None);
    for message in messages {
        match answer(&request, webhook.gateway.name(), message).await {
            Ok(reply) => replies.push(reply),
            Err(problem) if problem::status(problem.code()).is_client_error() => {
                let reply = problem.detail(language);
                let outcome = MessageOutcome::Refused;
                replies.push(MessageReply { outcome, reply, facility: None, understood: Vec::new() });
            }
            // The gateway tries again: what was stored already is stored once.
            Err(problem) => failed = Some(problem),
        }
    }
    if let Some(problem) = failed {
        return Err(problem);
    }
    Ok(match webhook.gateway {
        Gateway::Twilio => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8")),
                (header::CACHE_CONTROL, NO_STORE),
            ];
            (headers, gateways::twiml(&replies)).into_response()
        }
        Gateway::Meta => unstored(MessageReplies { replies }),
    })
}

/// What Meta asks before it sends.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SubscribeParams {
    /// `subscribe`
    #[serde(rename = "hub.mode")]
    #[param(rename = "hub.mode")]
    mode: String,
    /// The verify token that this node was given
    #[serde(rename = "hub.verify_token")]
    #[param(rename = "hub.verify_token")]
    verify_token: String,
    /// Comes back
    #[serde(rename = "hub.challenge")]
    #[param(rename = "hub.challenge")]
    challenge: String,
}

/// Prove to Meta that its webhook leads here
#[utoipa::path(
    get,
    path = "/v1/messages",
    operation_id = "verify_webhook",
    tag = "report",
    params(SubscribeParams),
    responses((status = 200, description = "The challenge", body = String, content_type = "text/plain"), VerifyProblems),
    security(()),
)]
pub(super) async fn verify(
    State(app): State<App>,
    _: Caller,
    Params(params): Params<SubscribeParams>,
) -> Result<Response, Problem> {
    let SubscribeParams { mode, verify_token, challenge } = params;
    app.writes.gateways.check_verify_token(&mode, &verify_token)?;
    Ok(([(header::CACHE_CONTROL, NO_STORE)], challenge).into_response())
}

/// Answers one message, and stores the report in it.
async fn answer(request: &WriteRequest, gateway: &str, message: Incoming) -> Result<MessageReply, Problem> {
    let (app, language) = (&request.app, request.caller.language);
    let (state, now) = (app.reads.current(), request.now());
    let digits = phone_digits(message.from.trim().trim_start_matches("whatsapp:"));
    let key = digits.as_deref().and_then(|digits| state.key_of_phone(digits, now)).cloned();
    let reporting = key.as_ref().and_then(|key| state.facility(*key.facilities.first()?)).cloned();
    let may_pass =
        |facility: &FacilityState| request.caller.principal.check_reports_for(&facility.facility).is_ok();
    // Nobody learns which other numbers report.
    let reporting = reporting.filter(|facility| may_pass(facility));
    let (Some(digits), Some(key), Some(facility)) = (digits, key, reporting) else {
        let reply = render(&Message::new("message-unknown-sender"), language);
        let outcome = MessageOutcome::UnknownSender;
        return Ok(MessageReply { outcome, reply, facility: None, understood: Vec::new() });
    };
    app.reads.usage.note_key(key.id, now);
    let id = message.id.as_deref().filter(|id| !id.trim().is_empty());
    let once = id.map(|id| once(gateway, &digits, id, &message.text));
    let conversations = &app.writes.conversations;
    if let Some(reply) = once.as_ref().and_then(|once| conversations.answer(&digits, once, now)) {
        return Ok(reply);
    }
    let sent_at = message.sent_at;
    let delivery = Delivery { request, key, digits: &digits, once: once.clone(), sent_at, now };
    let chat = Chat { state: &state, facility: &facility, language };
    let (reply, question) = delivery.answer(&chat, &message.text).await?;
    if reply.outcome != MessageOutcome::Stored {
        conversations.remember(&digits, once, &reply, question, now);
    }
    Ok(reply)
}

/// A message that comes again is the same one. The ids of gateways are hashed, because they may be long.
fn once(gateway: &str, digits: &str, id: &str, text: &str) -> Idempotency {
    let hash = |text: &str| URL_SAFE_NO_PAD.encode(Sha256::digest(text));
    let principal = format!("message:{gateway}:{digits}");
    Idempotency { principal, key: hash(id), fingerprint: hash(text) }
}

/// A message of a number that reports.
struct Delivery<'a> {
    request: &'a WriteRequest,
    key: Arc<Key>,
    digits: &'a str,
    /// By which it is known when it comes again.
    once: Option<Idempotency>,
    sent_at: Option<Timestamp>,
    now: Timestamp,
}

/// What the writer made of a message.
enum Submitted {
    /// The answer; whether it had been given before.
    Stored(MessageReply, bool),
    Refused(Rejections),
}

/// A `YA` for which nothing waits. It may have come before: then its answer is known.
struct NothingAsked;

impl Command for NothingAsked {
    type Outcome = ();

    fn decide(&self, _: &mut UnitOfWork) -> Result<Receipt<()>, Rejections> {
        Err(Rejection::new(Code::MissingField, "", Message::new("message-nothing-asked")).into())
    }
}

impl Delivery<'_> {
    /// The answer, and what is asked back in it.
    async fn answer(&self, chat: &Chat<'_>, text: &str) -> Result<(MessageReply, Option<Question>), Problem> {
        if text.chars().count() > message::LONGEST {
            let too_long = Message::new("message-too-long").arg("most", message::LONGEST);
            return Ok((chat.unreadable(&too_long), None));
        }
        if text.trim().is_empty() {
            return Ok((chat.unreadable(&Message::new("message-without-text")), None));
        }
        let (text, is_confirmed) = match message::Request::read(text) {
            message::Request::Help => return Ok((chat.form(), None)),
            message::Request::Confirm("") => return Ok((self.confirm(chat).await?, None)),
            message::Request::Confirm(text) => (text, true),
            message::Request::Report(_) => (text, false),
        };
        let (understood, report) = match chat.report(text, self.sent_at, is_confirmed) {
            Ok(read) => read,
            Err(reply) => return Ok((reply, None)),
        };
        let refused = match self.submit(report).await? {
            Submitted::Stored(reply, _) => return Ok((reply, None)),
            Submitted::Refused(refused) => refused,
        };
        let is_jump = refused.all().iter().all(|rejection| rejection.code == Code::ConfirmJump);
        if !is_jump {
            return Ok((chat.refused(refused.all(), understood), None));
        }
        let observed_at = self.sent_at.unwrap_or(self.now);
        let question = Question { text: text.to_owned(), observed_at, asked_at: self.now };
        Ok((chat.jump(understood), Some(question)))
    }

    /// Stores the report that was asked back, as of then. A `YA` that comes again gets its answer again, whatever was
    /// asked since.
    async fn confirm(&self, chat: &Chat<'_>) -> Result<MessageReply, Problem> {
        let conversations = &self.request.app.writes.conversations;
        let written_at = self.sent_at.unwrap_or(self.now);
        let Some(question) = conversations.question(self.digits, written_at, self.now) else {
            let taken = if self.once.is_some() { Some(self.submit(NothingAsked).await?) } else { None };
            return Ok(match taken {
                Some(Submitted::Stored(reply, _)) => reply,
                _ => chat.unreadable(&Message::new("message-nothing-asked")),
            });
        };
        let (understood, report) = match chat.report(&question.text, Some(question.observed_at), true) {
            Ok(read) => read,
            Err(reply) => return Ok(reply),
        };
        match self.submit(report).await? {
            Submitted::Stored(reply, was_given) => {
                if !was_given {
                    conversations.close(self.digits, &question);
                }
                Ok(reply)
            }
            Submitted::Refused(refused) => Ok(chat.refused(refused.all(), understood)),
        }
    }

    /// Hands a command to the writer in the name of the number.
    async fn submit(&self, command: impl Command) -> Result<Submitted, Problem> {
        let principal = Principal::Key(Arc::clone(&self.key));
        let written = self.request.app.writes.writer.submit_once(principal, self.once.clone(), command);
        match tokio::time::timeout(PATIENCE, written).await.unwrap_or(Err(WriteError::Unconfirmed)) {
            Ok(written) => {
                let reply = serde_json::from_str(written.receipt.body.get());
                Ok(Submitted::Stored(
                    reply.expect("the receipt of a message is its answer"),
                    written.replayed,
                ))
            }
            Err(WriteError::Refused(refused)) if refused.first().code != Code::IdempotencyKeyReused => {
                Ok(Submitted::Refused(refused))
            }
            Err(error) => Err(error.into()),
        }
    }
}
