//! The desk of an agent with a caller on the line: one box, and below it what answers, as it is typed.
//!
//! The page works without a script. With one (`assets/desk.js`) the answer stands below while somebody types, keys do what
//! buttons do, and numbers change in their place as soon as the directory learns new ones.

mod view;

use axum::{
    extract::Query,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    entered::Entered,
    frame::{Page, in_address, problem_page},
    sign_in::{SignedForm, SignedIn},
    wire::{Answer, Found, Types},
};
use crate::{
    domain::rejection::Code,
    http::{Problem, Visitor, status},
    locales::Message,
};

/// How many facilities of each kind an answer shows, and how many a page of one kind.
const MOST: usize = 8;
/// Of how many facilities of each kind the sentences to read aloud tell.
const READ_ALOUD: usize = 3;
/// What is asked at the desk.
#[derive(Deserialize, Default, Clone)]
pub(super) struct Asked {
    /// The question as the caller puts it.
    #[serde(default)]
    q: String,
    /// Where, if the question alone did not say.
    #[serde(default)]
    region: String,
    /// The kind whose next page is wanted, and where it begins.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    cursor: String,
    /// Whether somebody sees what can be read aloud. That is a second question, which an answer at each letter need not wait for.
    #[serde(default)]
    aloud: bool,
}

impl Asked {
    /// The same as it stands in an address.
    fn query(&self) -> String {
        let mut query = format!("q={}", in_address(self.q.trim()));
        if !self.region.is_empty() {
            query = query + "&region=" + &in_address(&self.region);
        }
        query
    }

    /// The question about a larger circle: that is said in words, as everything in the box.
    fn wider(&self) -> Self {
        let words: Vec<&str> = self.q.split_whitespace().collect();
        let km = words.iter().position(|word| *word == "km").and_then(|at| at.checked_sub(1));
        let far = km.and_then(|at| words[at].parse::<u32>().ok()).map_or(100, |km| (km * 2).min(5_000));
        let others =
            words.iter().enumerate().filter(|(at, _)| km.is_none_or(|km| *at != km && *at != km + 1));
        let others: Vec<&str> = others.map(|(_, word)| *word).collect();
        Self { q: format!("{} {far} km", others.join(" ")), cursor: String::new(), ..self.clone() }
    }
}

/// What was asked, with what answers it and what can be read aloud.
struct Told {
    asked: Asked,
    answer: Answer,
    aloud: Option<String>,
}

impl Told {
    async fn of(signed_in: &SignedIn, asked: Asked) -> Result<Self, Problem> {
        let visitor = &signed_in.visitor;
        let mut query = asked.query();
        if let Some(own) = signed_in.person.region.as_ref().filter(|_| asked.region.is_empty()) {
            query = query + "&region=" + &in_address(own);
        }
        let mut answer: Answer = visitor.get(&format!("/v1/ask?limit={MOST}&{query}")).await?;
        if !asked.cursor.is_empty() {
            answer = next_page(signed_in, &asked, answer).await?;
        }
        let aloud = if asked.aloud { Some(aloud(visitor, &answer).await?) } else { None };
        Ok(Self { asked, answer, aloud })
    }
}

/// What the caller is told of each kind: nothing internal, and nothing about how the question was read.
async fn aloud(visitor: &Visitor, answer: &Answer) -> Result<String, Problem> {
    let (public, mut told) = (visitor.as_public(), Vec::new());
    for request in &answer.understood.requests {
        // The requests of an answer say how many it shows.
        let request = request.replace(&format!("limit={MOST}"), &format!("limit={READ_ALOUD}"));
        told.push(public.text(&format!("{request}&format=text")).await?);
    }
    Ok(told.join("\n"))
}

/// The next page of one kind: the request of the question that answers about it, from there on.
async fn next_page(signed_in: &SignedIn, asked: &Asked, answer: Answer) -> Result<Answer, Problem> {
    let path = format!("/v1/{}?", asked.kind);
    let request = answer.understood.requests.iter().find(|request| request.starts_with(&path));
    let request = request.ok_or_else(crate::http::no_such_page)?;
    let request = format!("{request}&cursor={}", in_address(&asked.cursor));
    let found: Found = signed_in.visitor.get(&request).await?;
    let mut page = Answer { beds: None, isolation: None, vaccinations: None, ..answer };
    *match &*asked.kind {
        "beds" => &mut page.beds,
        "isolation" => &mut page.isolation,
        _ => &mut page.vaccinations,
    } = Some(found);
    Ok(page)
}

/// The whole page, which works without a script.
pub(super) async fn show(signed_in: SignedIn, Query(asked): Query<Asked>) -> Response {
    let asked = Asked { aloud: true, ..asked };
    let (status, answer) = answered(&signed_in, asked.clone()).await;
    let path =
        if asked.q.trim().is_empty() { "/desk".to_owned() } else { format!("/desk?{}", asked.query()) };
    let (title, head, main) = view::desk(&signed_in, &asked, &answer);
    let page = Page { visitor: &signed_in.visitor, path: &path, title, head, main };
    signed_in.reply(status, page)
}

/// What stands below the box, for a page that is open.
pub(super) async fn answer(signed_in: SignedIn, Query(asked): Query<Asked>) -> Response {
    // A question that is not understood is nothing that went wrong: half of it is still to come.
    let (_, answer) = answered(&signed_in, asked).await;
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (headers, answer.into_string()).into_response()
}

async fn answered(signed_in: &SignedIn, asked: Asked) -> (StatusCode, maud::Markup) {
    if asked.q.trim().is_empty() {
        return (StatusCode::OK, view::nothing_asked(signed_in));
    }
    match Told::of(signed_in, asked.clone()).await {
        Ok(told) => (StatusCode::OK, view::answer(signed_in, &told)),
        Err(problem) => (status(problem.code()), view::asked_back(signed_in, &asked, &problem)),
    }
}

/// The facility as anybody may read it, to be passed on to the caller.
#[derive(Deserialize)]
pub(super) struct Copied {
    facility: String,
}

pub(super) async fn copy(signed_in: SignedIn, Query(Copied { facility }): Query<Copied>) -> Response {
    let public = signed_in.visitor.as_public();
    match public.text(&format!("/v1/facilities/{}?format=text", in_address(&facility))).await {
        Ok(text) => ([(header::CACHE_CONTROL, "no-store")], text).into_response(),
        Err(problem) => (status(problem.code()), problem.detail(public.language)).into_response(),
    }
}

/// The changes of the agent's region as they happen, for a page that is open.
pub(super) async fn changes(signed_in: SignedIn) -> Response {
    let region = signed_in.person.region.as_ref().map(|code| format!("?region={}", in_address(code)));
    let path = format!("/v1/changes/stream{}", region.unwrap_or_default());
    match signed_in.visitor.open(&path).await {
        Ok(stream) => stream,
        Err(problem) => (status(problem.code()), problem.detail(signed_in.visitor.language)).into_response(),
    }
}

/// Leaves a mark: I am phoning, I am sending somebody, this is what I heard.
pub(super) async fn mark(headers: HeaderMap, form: SignedForm) -> Response {
    let visitor = &form.signed_in.visitor;
    let field = |name: &str| form.entered.text(name);
    let confirm = if form.entered.has("confirm") { "?confirm=true" } else { "" };
    let left: Result<Value, Problem> = if let Some(id) = form.entered.given("end") {
        let path = format!("/v1/marks/{}", in_address(id));
        visitor.send(Method::DELETE, &path, field("key"), &Value::Null).await
    } else {
        let path = format!("/v1/facilities/{}/marks{confirm}", in_address(field("facility")));
        visitor.send(Method::POST, &path, field("key"), &mark_of(&form.entered)).await
    };
    let asked = Asked { q: field("q").to_owned(), region: field("region").to_owned(), ..Asked::default() };
    let back = format!("/desk?{}", asked.query());
    // The script shows the sentence and leaves the page as it is.
    let by_script = headers.contains_key("x-part");
    match left {
        Ok(_) if by_script => match done(visitor, &form.entered).await {
            Ok(told) => visitor.say(told).into_response(),
            Err(problem) => (status(problem.code()), problem.detail(visitor.language)).into_response(),
        },
        Ok(_) => Redirect::to(&visitor.link(&format!("{back}#f-{}", in_address(field("facility")))))
            .into_response(),
        Err(problem) if problem.code() == Code::ConfirmHold => {
            let detail = format!(
                "{} {}",
                problem.detail(visitor.language),
                visitor.say(Message::new("desk-hold-again"))
            );
            if by_script {
                return (status(problem.code()), [("x-confirm", "1")], detail).into_response();
            }
            let (title, main) = view::hold_again(&form, &detail, &back);
            let page = Page { visitor, path: &back, title, head: maud::html! {}, main };
            form.signed_in.reply(status(problem.code()), page)
        }
        Err(problem) if by_script => {
            (status(problem.code()), problem.detail(visitor.language)).into_response()
        }
        Err(problem) => problem_page(visitor, &back, &problem),
    }
}

/// The mark that a form asks for, as the contract takes it.
fn mark_of(entered: &Entered) -> Value {
    let (what, resource) = (entered.text("do"), entered.given("type"));
    let phone = entered.given("phone");
    match what {
        "claim" => json!({"kind": "claim"}),
        "hold" => json!({"kind": "hold", "type": resource}),
        "phone_dead" => json!({"kind": "note", "verdict": what, "phone": phone}),
        "closed" => json!({"kind": "note", "verdict": what}),
        _ => {
            let free = entered.has("available").then(|| entered.number("available"));
            let numbers = free.map(|free| json!({"available": free}));
            json!({"kind": "note", "verdict": what, "type": resource, "numbers": numbers})
        }
    }
}

/// What was done, in a sentence; for a place that is held, of which type.
async fn done(visitor: &Visitor, entered: &Entered) -> Result<Message, Problem> {
    let known =
        |text: &str| ["claim", "hold", "phone_dead", "closed"].into_iter().find(|known| *known == text);
    let what = if entered.has("end") { "ended" } else { known(entered.text("do")).unwrap_or("note") };
    let mut label = entered.text("type").to_owned();
    if what == "hold" {
        let Types { types } = visitor.get("/v1/types").await?;
        if let Some(known) = types.into_iter().find(|known| known.code == label) {
            label = known.label;
        }
    }
    Ok(Message::new("desk-left").arg("what", what).arg("type", label))
}
