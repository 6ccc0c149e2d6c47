//! Who may do what: the role of somebody, and where, by what the provider says about them.

use std::str::FromStr;

use clap::ValueEnum;
use serde_json::{Map, Value};

use super::short;
use crate::{
    domain::{
        key::{OpenIdentity, Role},
        rejection::{Code, Rejection},
    },
    locales::{self, Message},
    store::commands::PersonInput,
};

/// The rules, of which the first that fits somebody counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The claim that they look at: a text, or a list of texts. `a.b` is `b` inside of `a`.
    pub claim: String,
    /// The rules, in their order.
    pub rules: Vec<Rule>,
}

/// Whoever has `value` in the claim has `role` in `scope`: `VALUE=ROLE`, or `VALUE=ROLE@SCOPE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    value: String,
    role: Role,
    scope: Option<Scope>,
}

/// The region of an agent or a coordinator, or the facility of a reporter.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Scope {
    /// The one of this name.
    Named(String),
    /// The one that a claim names.
    Claim(String),
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // Names of groups may have `=` in them, those of roles and places do not.
        let (value, granted) = text.rsplit_once('=').ok_or("it must be VALUE=ROLE or VALUE=ROLE@SCOPE")?;
        let (role, scope) =
            granted.split_once('@').map_or((granted, None), |(role, scope)| (role, Some(scope)));
        let role = Role::from_str(role.trim(), true)?;
        let scope = scope.map(|scope| scope.trim().parse()).transpose()?;
        let value = value.trim().to_owned();
        if value.is_empty() {
            return Err("the value before '=' is missing".to_owned());
        }
        match (role, scope.is_some()) {
            (Role::Link | Role::Bridge, _) => Err(format!("nobody signs in as {}", role.name())),
            (Role::Admin, true) => Err("an admin has no region; leave '@' out".to_owned()),
            (Role::Coordinator, false) => Err("a coordinator needs a region: coordinator@33.74".to_owned()),
            (Role::Reporter, false) => {
                Err("a reporter needs a facility: reporter@kemenkes:3374010".to_owned())
            }
            _ => Ok(Self { value, role, scope }),
        }
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let claim = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        match claim.unwrap_or(text) {
            "" => Err("what follows '@' is missing".to_owned()),
            name if name.contains(['{', '}']) => {
                Err("a claim after '@' stands in braces: @{claim}".to_owned())
            }
            claim_or_name if claim.is_some() => Ok(Self::Claim(claim_or_name.to_owned())),
            name => Ok(Self::Named(name.to_owned())),
        }
    }
}

impl Rules {
    /// Whether `claims` have all that the rules look at.
    pub(super) fn are_answered_by(&self, claims: &Map<String, Value>) -> bool {
        let scopes = self.rules.iter().filter_map(|rule| match &rule.scope {
            Some(Scope::Claim(claim)) => Some(claim),
            _ => None,
        });
        std::iter::once(&self.claim).chain(scopes).all(|claim| claim_in(claims, claim).is_some())
    }

    /// Somebody with what they may do; refused if no rule is for them.
    pub(super) fn person(
        &self,
        identity: OpenIdentity,
        provider: &str,
        claims: &Map<String, Value>,
    ) -> Result<PersonInput, Rejection> {
        let values = claim_in(claims, &self.claim).map(texts).unwrap_or_default();
        let Some(rule) = self.rules.iter().find(|rule| values.contains(&&*rule.value)) else {
            let detail = Message::new("openid-no-role")
                .arg("provider", provider.to_owned())
                .arg("claim", self.claim.clone())
                .arg("count", u32::try_from(values.len()).unwrap_or(u32::MAX))
                .arg("values", locales::Value::list(values.into_iter().take(20).map(short)));
            return Err(Rejection::new(Code::RoleNotAllowed, "", detail));
        };
        let scope = match &rule.scope {
            None => None,
            Some(Scope::Named(scope)) => Some(scope.clone()),
            Some(Scope::Claim(claim)) => Some(one_text(claims, claim).ok_or_else(|| {
                let detail = Message::new("openid-no-scope")
                    .arg("provider", provider.to_owned())
                    .arg("claim", claim.clone())
                    .arg("role", rule.role.name());
                Rejection::new(Code::RoleNotAllowed, "", detail)
            })?),
        };
        let names = ["name", "preferred_username", "email"];
        let name = names.into_iter().find_map(|claim| one_text(claims, claim));
        let (region, facility) = if rule.role == Role::Reporter { (None, scope) } else { (scope, None) };
        let name = name.unwrap_or_else(|| identity.subject.clone());
        Ok(PersonInput { identity, name, role: rule.role, region, facility })
    }
}

/// The claim of a name, which may lead into others.
fn claim_in<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    claims.get(name).or_else(|| {
        let (first, rest) = name.split_once('.')?;
        claim_in(claims.get(first)?.as_object()?, rest)
    })
}

/// The texts in a claim.
fn texts(claim: &Value) -> Vec<&str> {
    match claim {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The one text in a claim: of several, none can be chosen.
fn one_text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    match *texts(claim_in(claims, name)?) {
        [text] if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn rules(claim: &str, rules: &[&str]) -> Rules {
        Rules { claim: claim.to_owned(), rules: rules.iter().map(|rule| rule.parse().unwrap()).collect() }
    }

    fn granted(rules: &Rules, claims: Value) -> Result<(Role, Option<String>, Option<String>), &'static str> {
        let Value::Object(claims) = claims else { panic!("claims are an object") };
        let identity = OpenIdentity { issuer: "https://id.example".to_owned(), subject: "1".to_owned() };
        let person = rules.person(identity, "id.example", &claims);
        let missing =
            |error: Rejection| if error.detail.to_string().contains("area") { "scope" } else { "role" };
        person.map(|person| (person.role, person.region, person.facility)).map_err(missing)
    }

    #[rstest]
    #[case::first_of_several(json!({"groups": ["a", "semarang", "admins"]}), Ok((Role::Coordinator, Some("33.74"), None)))]
    #[case::one_text(json!({"groups": "admins"}), Ok((Role::Admin, None, None)))]
    #[case::a_region_from_a_claim(json!({"groups": ["callers"], "area": "33.74"}), Ok((Role::Agent, Some("33.74"), None)))]
    #[case::a_facility(json!({"groups": ["CN=rs,OU=x"]}), Ok((Role::Reporter, None, Some("test:A"))))]
    #[case::a_part_is_not_the_whole(json!({"groups": ["admin", "admins2"]}), Err("role"))]
    #[case::nothing(json!({}), Err("role"))]
    #[case::something_else(json!({"groups": {"admins": true}}), Err("role"))]
    #[case::without_the_region(json!({"groups": ["callers"]}), Err("scope"))]
    #[case::with_two_regions(json!({"groups": ["callers"], "area": ["33.74", "31.71"]}), Err("scope"))]
    #[case::with_an_empty_region(json!({"groups": ["callers"], "area": " "}), Err("scope"))]
    fn nobody_may_more_than_a_rule_says(
        #[case] claims: Value,
        #[case] expected: Result<(Role, Option<&str>, Option<&str>), &str>,
    ) {
        let rules = rules(
            "groups",
            &[
                "semarang=coordinator@33.74",
                "admins = admin",
                "callers=agent@{area}",
                "CN=rs,OU=x=reporter@test:A",
            ],
        );
        let expected = expected
            .map(|(role, region, facility)| (role, region.map(str::to_owned), facility.map(str::to_owned)));
        assert_eq!(granted(&rules, claims), expected);
    }

    #[test]
    fn a_claim_may_stand_inside_of_another() {
        let agent = Ok((Role::Agent, None, None));
        let nested = rules("realm_access.roles", &["call=agent"]);
        assert_eq!(granted(&nested, json!({"realm_access": {"roles": ["call"]}})), agent);
        let address = rules("https://sedia.example/roles", &["call=agent"]);
        assert_eq!(granted(&address, json!({"https://sedia.example/roles": ["call"]})), agent);
    }

    #[rstest]
    #[case("admins")]
    #[case("=admin")]
    #[case("a=owner")]
    #[case("a=bridge@test:A")]
    #[case("a=link@test:A")]
    #[case("a=admin@33.74")]
    #[case("a=coordinator")]
    #[case("a=coordinator@")]
    #[case("a=agent@{}")]
    #[case("a=agent@{area")]
    #[case("a=reporter")]
    fn a_rule_that_cannot_be_is_refused(#[case] rule: &str) {
        assert!(rule.parse::<Rule>().is_err());
    }
}
