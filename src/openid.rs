//! The provider of OpenID Connect that staff sign in with: found by its discovery document, and what it says about
//! somebody, checked. It is asked only when somebody signs in or out, so nothing else minds when it is away.

mod rules;

use std::{fmt, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ConfigurationError, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, LanguageTag, LogoutRequest,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RequestTokenError, Scope, SignatureVerificationError, SubjectIdentifier,
    TokenResponse, UserInfoError,
    core::{
        CoreClient, CoreClientAuthMethod, CoreGenderClaim, CoreIdToken, CoreIdTokenVerifier,
        CoreResponseType, CoreTokenResponse,
    },
};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

pub use self::rules::{Rule, Rules};
use crate::{
    clock::{CLOCK_TOLERANCE, Clock},
    domain::{
        key::OpenIdentity,
        rejection::{Code, Rejection},
    },
    locales::{Language, Message},
    store::commands::PersonInput,
};
pub use openidconnect::{ClientId, ClientSecret, IssuerUrl, RedirectUrl};

/// Where the provider sends people back to.
pub const RETURN_PATH: &str = "/sign-in/openid/return";
/// Where it sends those who signed out there.
const SIGN_IN_PATH: &str = "/sign-in";
/// The largest answer of a provider: tokens of people in hundreds of groups are a quarter of it.
const LARGEST: u64 = 256 << 10;
/// How many questions to the provider are open at once; others wait their turn.
const MOST_AT_ONCE: usize = 8;
/// How long its discovery document and its keys are kept.
const KEPT: Duration = Duration::from_hours(1);
/// How old they must be to be asked for again because of a key that is not among them.
const KEPT_AT_LEAST: Duration = Duration::from_mins(1);
/// How long it is not asked again after it did not answer.
const AWAY: Duration = Duration::from_secs(10);

/// The settings of a provider.
#[derive(Debug, Clone)]
pub struct OpenIdSettings {
    /// Its issuer: below it stands its discovery document.
    pub issuer: IssuerUrl,
    /// The id of this directory there.
    pub client_id: ClientId,
    /// The secret of this directory there; None for a public client.
    pub client_secret: Option<ClientSecret>,
    /// The name that people know it by.
    pub name: String,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// Who may do what.
    pub rules: Rules,
    /// Where it sends people back to: [`RETURN_PATH`] as they reach it.
    pub return_to: RedirectUrl,
    /// How long an answer may take.
    pub patience: Duration,
}

/// The provider.
pub struct OpenId {
    settings: OpenIdSettings,
    http: ureq::Agent,
    clock: Arc<dyn Clock>,
    turns: Arc<Semaphore>,
    found: Mutex<Option<Found>>,
}

/// What came of looking for it, and when, by the time that the clock has been running.
struct Found {
    at: Duration,
    provider: Result<Arc<ProviderMetadataWithLogout>, Rejection>,
}

/// This directory as a client of the provider.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What one attempt to sign in carries, so that its end fits its beginning.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attempt {
    /// What comes back with the code.
    pub state: String,
    /// What stands in the token.
    pub nonce: String,
    /// What proves that whoever brings the code began; 43 to 128 characters.
    pub verifier: String,
}

/// The claims that the standard does not name.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct OtherClaims(Map<String, Value>);

impl openidconnect::AdditionalClaims for OtherClaims {}

impl OpenId {
    /// The provider of the settings; it is not asked for anything yet.
    pub fn new(settings: OpenIdSettings, clock: Arc<dyn Clock>) -> Self {
        let http = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // Else a provider could make us ask our own network.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(settings.patience))
            .user_agent("sedia")
            .build()
            .into();
        let turns = Arc::new(Semaphore::new(MOST_AT_ONCE));
        Self { settings, http, clock, turns, found: Mutex::default() }
    }

    /// The name that people know it by.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Whether people reach this directory by TLS.
    pub fn is_over_tls(&self) -> bool {
        self.settings.return_to.url().scheme() == "https"
    }

    /// The address at the provider where somebody begins to sign in.
    pub async fn authorization(
        self: &Arc<Self>,
        attempt: Attempt,
        language: Language,
    ) -> Result<String, Rejection> {
        self.ask(move |openid| {
            let client = openid.client(&*openid.provider(KEPT)?);
            let Attempt { state, nonce, verifier } = attempt;
            let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier));
            let (address, ..) = client
                .authorize_url(
                    AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                    || CsrfToken::new(state),
                    || Nonce::new(nonce),
                )
                .add_scopes(openid.settings.scopes.iter().cloned().map(Scope::new))
                .add_ui_locale(LanguageTag::new(language.tag().to_owned()))
                .set_pkce_challenge(challenge)
                .url();
            Ok(address.into())
        })
        .await
    }

    /// Who somebody is that came back with `code`, and what they may do.
    pub async fn person(
        self: &Arc<Self>,
        code: String,
        verifier: String,
        nonce: String,
    ) -> Result<PersonInput, Rejection> {
        self.ask(move |openid| openid.exchange(code, verifier, &Nonce::new(nonce))).await
    }

    /// The address at the provider where somebody signs out there, too, if it has one.
    pub async fn end_of_session(self: &Arc<Self>) -> Result<Option<String>, Rejection> {
        self.ask(|openid| {
            let provider = openid.provider(KEPT)?;
            let Some(end) = provider.additional_metadata().end_session_endpoint.clone() else {
                return Ok(None);
            };
            let mut back = openid.settings.return_to.url().clone();
            back.set_path(SIGN_IN_PATH);
            let request = LogoutRequest::from(end)
                .set_client_id(openid.settings.client_id.clone())
                .set_post_logout_redirect_uri(PostLogoutRedirectUrl::from_url(back));
            Ok(Some(request.http_get_url().into()))
        })
        .await
    }

    /// Asks the provider something, when it is our turn. Its answers are waited for on a thread of their own.
    async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&Self) -> Result<T, Rejection> + Send + 'static,
    ) -> Result<T, Rejection> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.expect("nobody closes it");
        let openid = Arc::clone(self);
        let asked = tokio::task::spawn_blocking(move || {
            let answer = question(&openid);
            drop(turn);
            answer
        });
        asked.await.expect("asking does not panic")
    }

    /// The discovery document and the keys, at most `age` old. Whoever comes while they are on their way waits for them.
    fn provider(&self, age: Duration) -> Result<Arc<ProviderMetadataWithLogout>, Rejection> {
        let mut found = self.found.lock();
        let now = self.clock.running_for();
        if let Some(Found { at, provider }) = &*found {
            let good_for = if provider.is_ok() { age } else { AWAY };
            if now < *at + good_for {
                return provider.clone();
            }
        }
        let http = |request| self.send(request);
        let provider = ProviderMetadataWithLogout::discover(&self.settings.issuer, &http)
            .map(Arc::new)
            .map_err(|error| self.away(&error));
        *found = Some(Found { at: now, provider: provider.clone() });
        provider
    }

    fn client(&self, provider: &ProviderMetadataWithLogout) -> Client {
        let OpenIdSettings { client_id, client_secret, .. } = &self.settings;
        let client =
            CoreClient::from_provider_metadata(provider.clone(), client_id.clone(), client_secret.clone())
                .set_redirect_uri(self.settings.return_to.clone());
        let takes = |method| match provider.token_endpoint_auth_methods_supported() {
            Some(methods) => methods.contains(&method),
            None => method == CoreClientAuthMethod::ClientSecretBasic,
        };
        let in_body =
            !takes(CoreClientAuthMethod::ClientSecretBasic) && takes(CoreClientAuthMethod::ClientSecretPost);
        if in_body { client.set_auth_type(AuthType::RequestBody) } else { client }
    }

    fn exchange(&self, code: String, verifier: String, nonce: &Nonce) -> Result<PersonInput, Rejection> {
        let client = self.client(&*self.provider(KEPT)?);
        let http = |request| self.send(request);
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| self.away(&error))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request(&http)
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(said) => self.refused(said),
                error => self.away(&error),
            })?;
        let token = tokens.id_token().ok_or_else(|| self.refused("no id_token"))?;
        let mut verified = self.subject(&client, token, nonce);
        if let Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        )) = verified
        {
            // It may have changed its keys since.
            let client = self.client(&*self.provider(KEPT_AT_LEAST)?);
            verified = self.subject(&client, token, nonce);
        }
        let subject = verified.map_err(|error| self.refused(whole(&error)))?;
        let mut claims = claims_of(token).ok_or_else(|| self.refused("no claims"))?;
        if !self.settings.rules.are_answered_by(&claims) {
            for (name, value) in self.told_besides(&client, &tokens, &subject)? {
                claims.entry(name).or_insert(value);
            }
        }
        self.settings.rules.person(self.identity(&subject), self.name(), &claims)
    }

    /// Whom a token is about, if it holds.
    fn subject(
        &self,
        client: &Client,
        token: &CoreIdToken,
        nonce: &Nonce,
    ) -> Result<SubjectIdentifier, ClaimsVerificationError> {
        let now = self.clock.now();
        let verifier: CoreIdTokenVerifier<'_> = client
            .id_token_verifier()
            .set_time_fn(move || now - CLOCK_TOLERANCE)
            .set_issue_time_verifier_fn(move |issued_at| {
                let is_ahead = issued_at > now + CLOCK_TOLERANCE;
                if is_ahead { Err(format!("issued at {issued_at}, which is still to come")) } else { Ok(()) }
            });
        Ok(token.claims(&verifier, nonce)?.subject().clone())
    }

    /// What the provider tells about somebody besides their token, for those that keep tokens small.
    fn told_besides(
        &self,
        client: &Client,
        tokens: &CoreTokenResponse,
        subject: &SubjectIdentifier,
    ) -> Result<Map<String, Value>, Rejection> {
        let request = match client.user_info(tokens.access_token().clone(), Some(subject.clone())) {
            Ok(request) => request,
            Err(ConfigurationError::MissingUrl(_)) => return Ok(Map::new()),
            Err(error) => return Err(self.away(&error)),
        };
        let http = |request| self.send(request);
        let told =
            request.request::<OtherClaims, CoreGenderClaim, _>(&http).map_err(|error| match error {
                UserInfoError::ClaimsVerification(error) => self.refused(whole(&error)),
                error => self.away(&error),
            })?;
        match serde_json::to_value(told) {
            Ok(Value::Object(told)) => Ok(told),
            _ => Ok(Map::new()),
        }
    }

    fn identity(&self, subject: &SubjectIdentifier) -> OpenIdentity {
        OpenIdentity { issuer: self.settings.issuer.to_string(), subject: subject.to_string() }
    }

    fn send(&self, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
        let (parts, body) = request.into_parts();
        let answer = if body.is_empty() {
            self.http.run(axum::http::Request::from_parts(parts, ()))?
        } else {
            self.http.run(axum::http::Request::from_parts(parts, body))?
        };
        let (parts, mut body) = answer.into_parts();
        let body = body.with_config().limit(LARGEST).read_to_vec()?;
        Ok(HttpResponse::from_parts(parts, body))
    }

    /// The rejection when the provider does not answer, or not as it should.
    fn away(&self, error: &dyn std::error::Error) -> Rejection {
        tracing::warn!(error = whole(error), "the provider of sign-ins cannot be used");
        let detail = Message::new("openid-away").arg("provider", self.settings.name.clone());
        Rejection::new(Code::ProviderUnavailable, "", detail)
    }

    /// The rejection of what the provider does not confirm.
    fn refused(&self, said: impl fmt::Display) -> Rejection {
        let said = short(&said.to_string());
        tracing::info!(said, "the provider of sign-ins does not confirm somebody");
        let detail =
            Message::new("openid-refused").arg("provider", self.settings.name.clone()).arg("said", said);
        Rejection::new(Code::ProviderRefused, "/code", detail)
    }
}

/// The claims in a token that was checked.
fn claims_of(token: &CoreIdToken) -> Option<Map<String, Value>> {
    let token = token.to_string();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?).ok()
}

/// An error with its causes.
fn whole(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    short(&causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}

/// What others said, as far as people read on.
pub fn short(text: &str) -> String {
    const MOST: usize = 200;
    let mut short: String = text.chars().filter(|char| !char.is_control()).take(MOST).collect();
    if text.chars().count() > MOST {
        short.push('…');
    }
    short
}
