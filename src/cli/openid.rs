//! The settings of the provider that staff sign in with.

use std::time::Duration;

use anyhow::Context;
use clap::Args;

use crate::openid::{
    ClientId, ClientSecret, IssuerUrl, OpenIdSettings, RETURN_PATH, RedirectUrl, Rule, Rules,
};

/// How long an answer of the provider may take: somebody waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
#[command(next_help_heading = "Signing in with a provider of OpenID Connect")]
pub(super) struct OpenId {
    /// The address of the provider; below it stands .well-known/openid-configuration
    #[arg(long = "openid-issuer", value_name = "URL", env = "SEDIA_OPENID_ISSUER")]
    issuer: Option<String>,

    /// The id under which this directory is registered there, with the redirect URI PUBLIC_URL/sign-in/openid/return
    #[arg(long = "openid-client-id", value_name = "ID", env = "SEDIA_OPENID_CLIENT_ID")]
    client_id: Option<String>,

    /// The secret that the provider gave for it; none for a public client. Others see flags, so set the variable
    #[arg(
        long = "openid-client-secret",
        value_name = "SECRET",
        env = "SEDIA_OPENID_CLIENT_SECRET",
        hide_env_values = true
    )]
    client_secret: Option<String>,

    /// The name of the provider on the sign-in page [default: its host]
    #[arg(long = "openid-name", value_name = "TEXT", env = "SEDIA_OPENID_NAME")]
    name: Option<String>,

    /// The scopes to ask for, with spaces between them
    #[arg(
        long = "openid-scope",
        value_name = "SCOPES",
        env = "SEDIA_OPENID_SCOPE",
        default_value = "profile email"
    )]
    scope: String,

    /// The claim that roles are given by: a text or a list of texts; a.b is b inside of a
    #[arg(long = "openid-claim", value_name = "CLAIM", env = "SEDIA_OPENID_CLAIM", default_value = "groups")]
    claim: String,

    /// Who may do what, the first that fits counts: VALUE=ROLE or VALUE=ROLE@SCOPE, with ; between them. SCOPE is the region
    /// of an agent or a coordinator or the facility of a reporter, or {CLAIM} that names it
    #[arg(long = "openid-roles", value_name = "RULES", env = "SEDIA_OPENID_ROLES", value_delimiter = ';')]
    roles: Vec<Rule>,
}

impl OpenId {
    /// The provider, if one is set.
    pub(super) fn settings(&self, public_url: Option<&str>) -> anyhow::Result<Option<OpenIdSettings>> {
        let Some(issuer) = given(self.issuer.as_deref()) else {
            return Ok(None);
        };
        let issuer = IssuerUrl::new(issuer.to_owned()).context("SEDIA_OPENID_ISSUER is no address")?;
        let host = issuer.url().host_str().unwrap_or_default().to_owned();
        // Whoever can change what comes from there can sign in as anybody.
        let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        anyhow::ensure!(
            issuer.url().scheme() == "https" || is_here,
            "SEDIA_OPENID_ISSUER must begin with https://, unless the provider runs on this machine"
        );
        let client_id = given(self.client_id.as_deref());
        let client_id = client_id.context("SEDIA_OPENID_ISSUER needs SEDIA_OPENID_CLIENT_ID")?;
        anyhow::ensure!(
            !self.roles.is_empty(),
            "SEDIA_OPENID_ISSUER needs SEDIA_OPENID_ROLES, or nobody may do anything"
        );
        let public_url =
            public_url.context("SEDIA_OPENID_ISSUER needs SEDIA_PUBLIC_URL, where people come back to")?;
        let return_to = RedirectUrl::new(format!("{public_url}{RETURN_PATH}"));
        Ok(Some(OpenIdSettings {
            issuer,
            client_id: ClientId::new(client_id.to_owned()),
            client_secret: given(self.client_secret.as_deref()).map(|it| ClientSecret::new(it.to_owned())),
            name: given(self.name.as_deref()).map_or(host, str::to_owned),
            scopes: self.scope.split_whitespace().map(str::to_owned).collect(),
            rules: Rules { claim: self.claim.clone(), rules: self.roles.clone() },
            return_to: return_to.context("SEDIA_PUBLIC_URL is no address")?,
            patience: PATIENCE,
        }))
    }
}

/// What was set; an empty variable sets nothing.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
