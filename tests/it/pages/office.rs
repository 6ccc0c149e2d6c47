//! The coordinator's office, as a coordinator uses it: in forms, without a script.

mod facilities;
mod import;
mod reporting;
mod sections;

use axum::http::StatusCode;
use sedia::domain::key::Role;
use serde_json::json;

use super::{
    CROSS_SITE, page,
    sign_in::{open, sign_in, submit},
};
use crate::support::{Reply, TestNode};

/// Somebody who signed in and sits in the office.
struct Desk<'a> {
    node: &'a TestNode,
    cookie: String,
}

/// The coordinator of Kota Semarang.
async fn coordinator(node: &TestNode) -> Desk<'_> {
    desk(node, Role::Coordinator, Some("33.74")).await
}

async fn desk<'a>(node: &'a TestNode, role: Role, region: Option<&str>) -> Desk<'a> {
    let key = node.key(role, region, &[]).await;
    Desk { node, cookie: sign_in(node, &key).await }
}

impl Desk<'_> {
    /// The page at a path, guarded as every page is.
    async fn open(&self, path: &str) -> String {
        guarded(&open(self.node, path, &self.cookie).await, StatusCode::OK)
    }

    /// Fills in the form of a page that is sent to `action`, and sends it.
    async fn send(&self, page: &str, action: &str, entered: &[(&str, &str)]) -> Reply {
        let mut fields = form(page, action);
        for (name, value) in entered {
            // A choice or a tick takes the place of what was there; several may be ticked.
            fields.retain(|(field, _)| field != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        submit(self.node, action, &self.cookie, &fields).await
    }

    /// The same, and the page that it leads to, which says what was done.
    async fn done(&self, page: &str, action: &str, entered: &[(&str, &str)]) -> String {
        let reply = self.send(page, action, entered).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        let page = self.open(reply.header("location")).await;
        assert!(page.contains("class=\"done\" role=\"status\""), "{page}");
        page
    }
}

/// Checks a page of the office: guarded as every page is, and no longer than a weak line bears. Its only links elsewhere
/// open WhatsApp.
#[track_caller]
fn guarded(reply: &Reply, status: StatusCode) -> String {
    let text = reply.text();
    let own = text
        .replace("href=\"https://wa.me/", "")
        .replace("http://localhost/r/", "")
        .replace("http%3A%2F%2Flocalhost%2Fr%2F", "");
    let body = axum::body::Bytes::from(own);
    page(&Reply { status: reply.status, headers: reply.headers.clone(), body }, status);
    assert_eq!(reply.header("cache-control"), "no-store");
    text
}

/// The fields of the form that is sent to `action`, as a browser would send them.
fn form(page: &str, action: &str) -> Vec<(String, String)> {
    let start = page
        .find(&format!("action=\"{action}\""))
        .unwrap_or_else(|| panic!("no form for {action} in {page}"));
    let form = page[start..].split("</form>").next().unwrap();
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let value = || attribute(tag, "value").unwrap_or_default();
        if tag.starts_with("input ") {
            let is_choice = ["\"checkbox\"", "\"radio\""].iter().any(|kind| tag.contains(kind));
            let is_off = is_choice && !tag.split('>').next().unwrap().contains(" checked");
            fields.extend(attribute(tag, "name").filter(|_| !is_off).map(|name| (name, value())));
        } else if tag.starts_with("select ") {
            fields.extend(attribute(tag, "name").map(|name| (name, String::new())));
        } else if tag.starts_with("option ") {
            let (_, chosen) = fields.last_mut().unwrap();
            if chosen.is_empty() || tag.split('>').next().unwrap().contains(" selected") {
                *chosen = value();
            }
        }
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next().unwrap();
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    let plain = [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    Some(plain.iter().fold(value.to_owned(), |value, (escaped, plain)| value.replace(escaped, plain)))
}

/// What stands between two pieces of a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("{before} in {page}"));
    rest.split(after).next().unwrap()
}

#[tokio::test]
async fn the_office_is_for_coordinators_and_admins_who_signed_in() {
    let node = TestNode::start().await;
    let reply = node.get("/office").send().await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/sign-in?next=/office"));
    let agent = desk(&node, Role::Agent, Some("33.74")).await;
    let refused = guarded(&open(&node, "/office", &agent.cookie).await, StatusCode::FORBIDDEN);
    assert!(refused.contains("Halaman ini untuk peran lain"), "{refused}");
    for (role, region, told) in
        [(Role::Coordinator, Some("33.74"), "Kota Semarang"), (Role::Admin, None, "Indonesia")]
    {
        let page = desk(&node, role, region).await.open("/office").await;
        assert!(page.contains(&format!("Kantor koordinator · {told}")), "{page}");
    }
}

#[tokio::test]
async fn a_form_that_another_site_sends_does_nothing() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let desk = coordinator(&node).await;
    let seq = node.seq().await;
    for action in [
        "/office/facilities/test:A/edit",
        "/office/contacts/new",
        "/office/duplicates/a/b",
        "/office/sites/new",
    ] {
        for token in ["", "guessed"] {
            let reply =
                submit(&node, action, &desk.cookie, &[("form", token), ("name", "RS X"), ("closed", "true")])
                    .await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{action}: {}", reply.text());
        }
    }
    assert_eq!(node.seq().await, seq);
}

#[tokio::test]
async fn every_section_opens_in_both_languages() {
    let node = TestNode::start().await;
    let desk = coordinator(&node).await;
    let first = desk.open("/office").await;
    let sections: Vec<String> = between(&first, "class=\"sections\"", "</nav>")
        .split("href=\"")
        .skip(1)
        .map(|link| link.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(sections.len(), 11, "{sections:?}");
    for section in sections {
        let page = desk.open(&section).await;
        assert!(page.contains("aria-current=\"page\""), "{section}: {page}");
        let english = desk.open(&format!("{section}?lang=en")).await;
        assert!(
            english.contains("lang=\"en\"") && english.contains("Coordinator's office"),
            "{section}: {english}"
        );
    }
}

#[tokio::test]
async fn text_from_outside_is_only_text() {
    let node = TestNode::start().await;
    let admin = node.admin().await;
    let desk = desk(&node, Role::Admin, None).await;
    let mut paths: Vec<String> = [
        "",
        "/facilities",
        "/links",
        "/keys",
        "/duplicates",
        "/unmapped",
        "/contacts",
        "/sessions",
        "/changes",
    ]
    .map(|section| format!("/office{section}"))
    .into();
    for (n, text) in CROSS_SITE.into_iter().enumerate() {
        let send = async |path: &str, body| {
            let reply = node.post(path, &body).key(&admin).send().await;
            assert!(reply.status.is_success(), "{path}: {}", reply.text());
            reply.json()
        };
        let facility = json!({"name": format!("RS {text}"), "kind": "hospital", "region": "33.74.10", "address": text,
            "external_ids": [format!("test:{n}")], "phones": [{"number": "024-8413476", "label": text}]});
        let id = send("/v1/facilities", facility).await["facility"]["id"].as_str().unwrap().to_owned();
        node.report(&id, json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
        let note = json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "by": text, "text": text});
        send(&format!("/v1/facilities/{id}/marks"), note).await;
        send("/v1/links", json!({"facility": id, "name": text})).await;
        send(
            "/v1/contacts",
            json!({"name": text, "role": "dinkes", "phone": "024-111222", "region": "33.74"}),
        )
        .await;
        let session = json!({"facility": id, "title": text, "date": "2021-07-03", "from": "08:00", "to": "12:00", "product": "sinovac", "doses": [1]});
        send("/v1/sessions", session).await;
        node.key(Role::Agent, None, &[]).await;
        let asked = super::utf8_percent_encode(text, super::NON_ALPHANUMERIC).to_string();
        paths.push(format!("/office/facilities?q={asked}"));
        paths.push(format!("/office?since={asked}&done={asked}"));
        paths.extend(
            ["", "/edit", "/numbers", "/numbers?type=bed.icu"]
                .map(|page| format!("/office/facilities/{id}{page}")),
        );
    }
    for path in paths {
        let page = desk.open(&path).await;
        let (_, body) = page.split_once("<body>").unwrap();
        for run in ["<script>", "<img", "<svg/", "\" autofocus", "href=\"javascript:"] {
            assert!(!body.contains(run), "{run} at {path}: {body}");
        }
    }
}
