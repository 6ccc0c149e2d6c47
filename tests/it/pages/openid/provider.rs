//! A provider of OpenID Connect that does as a test says, with a real key.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    extract::{RawForm, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use parking_lot::Mutex;
use sedia::{
    clock::Clock,
    http::{Gateways, HttpConfig},
    openid::{ClientId, ClientSecret, IssuerUrl, OpenIdSettings, RedirectUrl, Rules},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

use crate::support::ManualClock;

/// Where people reach the node.
pub(crate) const HERE: &str = "https://sedia.example";
const SECRET: &str = "rahasia & kita";

/// The provider; it answers for the rest of the test.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    says: Arc<Says>,
}

/// What it says, and to whom.
struct Says {
    issuer: String,
    clock: Mutex<Option<Arc<ManualClock>>>,
    /// The id of its key.
    key: Mutex<&'static str>,
    /// What it says of whoever signs in, in the token and besides.
    claims: Mutex<(Value, Value)>,
    forge: Mutex<fn(&mut Token)>,
    /// What it answers in the place of everything at a path.
    trouble: Mutex<Option<(&'static str, Trouble)>>,
    /// The nonce and the challenge of each code that was not exchanged yet.
    codes: Mutex<HashMap<String, (String, String)>>,
    asked: AtomicUsize,
}

/// A token on its way.
pub(crate) struct Token {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    /// What stands in the place of the right signature.
    pub(crate) signature: Option<&'static str>,
}

/// What a provider that is not well does.
#[derive(Clone, Copy)]
pub(crate) enum Trouble {
    Html,
    Broken,
    Silent,
    Huge,
    Elsewhere,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let claims = json!({"name": "Siti Aminah", "groups": ["semarang"]});
        let says = Arc::new(Says {
            issuer: issuer.clone(),
            clock: Mutex::default(),
            key: Mutex::new("first"),
            claims: Mutex::new((claims, json!({}))),
            forge: Mutex::new(|_| ()),
            trouble: Mutex::default(),
            codes: Mutex::default(),
            asked: AtomicUsize::default(),
        });
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(Arc::clone(&says))
            .layer(axum::middleware::from_fn_with_state(Arc::clone(&says), trouble));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { issuer, says }
    }

    /// The settings of a node that knows it.
    pub(crate) fn config(&self) -> HttpConfig {
        let rules = [
            "semarang=coordinator@33.74",
            "callers=agent",
            "areas=agent@{area}",
            "hospital=reporter@test:A",
            "lost=agent@99.99",
        ];
        let openid = OpenIdSettings {
            issuer: IssuerUrl::new(self.issuer.clone()).unwrap(),
            client_id: ClientId::new("sedia".to_owned()),
            client_secret: Some(ClientSecret::new(SECRET.to_owned())),
            name: "Akun Dinkes".to_owned(),
            scopes: vec!["profile".to_owned()],
            rules: Rules {
                claim: "groups".to_owned(),
                rules: rules.into_iter().map(|rule| rule.parse().unwrap()).collect(),
            },
            return_to: RedirectUrl::new(format!("{HERE}/sign-in/openid/return")).unwrap(),
            patience: Duration::from_millis(500),
        };
        let gateways = Gateways { public_url: Some(HERE.to_owned()), ..Gateways::default() };
        HttpConfig { openid: Some(openid), gateways, ..HttpConfig::default() }
    }

    /// From now on it goes by this clock.
    pub(crate) fn follow(&self, clock: &Arc<ManualClock>) {
        *self.says.clock.lock() = Some(Arc::clone(clock));
    }

    /// From now on its tokens say this of whoever signs in.
    pub(crate) fn says(&self, claims: Value) {
        self.says.claims.lock().0 = claims;
    }

    /// From now on it tells this besides the token.
    pub(crate) fn tells_besides(&self, claims: Value) {
        self.says.claims.lock().1 = claims;
    }

    /// From now on its tokens are changed like this before they are signed.
    pub(crate) fn forges(&self, forge: fn(&mut Token)) {
        *self.says.forge.lock() = forge;
    }

    /// From now on it is not well at a path; empty for all.
    pub(crate) fn has(&self, path: &'static str, trouble: Trouble) {
        *self.says.trouble.lock() = Some((path, trouble));
    }

    pub(crate) fn is_well_again(&self) {
        *self.says.trouble.lock() = None;
    }

    /// From now on its key has another id.
    pub(crate) fn changes_its_key(&self) {
        *self.says.key.lock() = "second";
    }

    /// How often its discovery document was asked for.
    pub(crate) fn asked(&self) -> usize {
        self.says.asked.load(Ordering::SeqCst)
    }

    /// Lets somebody in whom a node sent here, and gives the address that it sends them back to.
    pub(crate) fn lets_in(&self, address: &str) -> String {
        let (path, query) = address.split_once('?').unwrap();
        assert_eq!(path, format!("{}/authorize", self.issuer));
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", "sedia"),
            ("redirect_uri", "https://sedia.example/sign-in/openid/return"),
            ("scope", "openid profile"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(asked[name], value, "{address}");
        }
        let mut codes = self.says.codes.lock();
        let code = format!("code-{}", codes.len());
        codes.insert(code.clone(), (asked["nonce"].clone(), asked["code_challenge"].clone()));
        format!("/sign-in/openid/return?code={code}&state={}", asked["state"])
    }
}

async fn trouble(
    State(says): State<Arc<Says>>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let trouble = *says.trouble.lock();
    match trouble.filter(|(path, _)| request.uri().path().starts_with(path)) {
        None => next.run(request).await,
        Some((_, Trouble::Html)) => ([(header::CONTENT_TYPE, "text/html")], "<h1>Maaf</h1>").into_response(),
        Some((_, Trouble::Broken)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some((_, Trouble::Silent)) => std::future::pending().await,
        Some((_, Trouble::Huge)) => {
            let without_end =
                futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 1 << 16]));
            ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(without_end)).into_response()
        }
        Some((_, Trouble::Elsewhere)) => axum::response::Redirect::to("http://127.0.0.1:1/").into_response(),
    }
}

async fn discovery(State(says): State<Arc<Says>>) -> Json<Value> {
    says.asked.fetch_add(1, Ordering::SeqCst);
    let issuer = &says.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/end"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "none"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }))
}

fn key(says: &Says) -> CoreRsaPrivateSigningKey {
    let id = JsonWebKeyId::new((*says.key.lock()).to_owned());
    CoreRsaPrivateSigningKey::from_pem(include_str!("key.pem"), Some(id)).unwrap()
}

async fn keys(State(says): State<Arc<Says>>) -> Json<Value> {
    Json(json!({"keys": [key(&says).as_verification_key()]}))
}

async fn token(State(says): State<Arc<Says>>, headers: HeaderMap, RawForm(form): RawForm) -> Response {
    let form: HashMap<String, String> = form_urlencoded::parse(&form).into_owned().collect();
    // Both are encoded on their own first (RFC 6749, 2.3.1).
    let secret: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let basic = format!("Basic {}", STANDARD.encode(format!("sedia:{secret}")));
    assert_eq!(headers[header::AUTHORIZATION], basic);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    let Some((nonce, _)) = says.codes.lock().remove(&form["code"]).filter(|(_, begun)| *begun == challenge)
    else {
        let said = json!({"error": "invalid_grant", "error_description": "that code is <b>over</b>"});
        return (StatusCode::BAD_REQUEST, Json(said)).into_response();
    };
    let now = says.clock.lock().as_ref().unwrap().now().timestamp();
    let mut claims = json!({"iss": says.issuer, "sub": "1001", "aud": "sedia", "nonce": nonce, "iat": now, "exp": now + 300});
    let more = says.claims.lock().0.as_object().unwrap().clone();
    claims.as_object_mut().unwrap().extend(more);
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": *says.key.lock()});
    let mut token = Token { header, claims, signature: None };
    (says.forge.lock())(&mut token);
    let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", part(&token.header), part(&token.claims));
    let signature = token.signature.map_or_else(
        || {
            let signature =
                key(&says).sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, signed.as_bytes());
            URL_SAFE_NO_PAD.encode(signature.unwrap())
        },
        str::to_owned,
    );
    let answer = json!({"access_token": "access", "token_type": "Bearer", "id_token": format!("{signed}.{signature}")});
    Json(answer).into_response()
}

async fn me(State(says): State<Arc<Says>>, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers[header::AUTHORIZATION], "Bearer access");
    let mut told = json!({"sub": "1001"});
    told.as_object_mut().unwrap().extend(says.claims.lock().1.as_object().unwrap().clone());
    Json(told)
}
