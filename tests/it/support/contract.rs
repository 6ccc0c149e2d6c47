//! The API document as the judge of every response that a test gets.
//!
//! Which answers of which operations came is written down below the target folder. When all tests have run,
//! `tests/answers.rs` compares that with what the document promises.

use std::{
    collections::{HashMap, HashSet},
    fs::{self, OpenOptions},
    io::Write,
    sync::{Arc, LazyLock, Mutex},
};

use axum::http::{HeaderMap, Method, StatusCode};
use jsonschema::Validator;
use serde_json::{Value, json};

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract {
    document: serde_json::from_str(include_str!("../../../openapi/openapi.json")).unwrap(),
    validators: Mutex::default(),
    seen: Mutex::default(),
});

struct Contract {
    document: Value,
    /// By the address of the schema in the document.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
    /// The operations and statuses that this process has written down.
    seen: Mutex<HashSet<String>>,
}

/// A response that the document has an operation for.
pub(crate) struct Judged {
    /// `get /v1/beds 200`.
    name: String,
    /// Where the document describes it.
    pointer: String,
    content_type: String,
}

/// Checks that the document knows this response to this request, and its media type. None if the path is none of the
/// document's.
pub(crate) fn check(method: &Method, path: &str, status: StatusCode, headers: &HeaderMap) -> Option<Judged> {
    let (template, operations) = CONTRACT.path(path)?;
    let asked = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
    let Some(operation) = operations.get(&asked) else {
        let is_known = method == Method::OPTIONS || status == StatusCode::METHOD_NOT_ALLOWED;
        assert!(is_known, "{method} {path} is not in the document and answers {status}");
        return None;
    };
    let name = format!("{asked} {template} {}", status.as_u16());
    CONTRACT.note(&name);
    let described = &operation["responses"][status.as_str()];
    assert!(described.is_object(), "the document does not list {name}");
    let content_type = headers.get("content-type").map_or("", |value| value.to_str().unwrap());
    let content_type = content_type.split(';').next().unwrap_or_default().trim().to_owned();
    let listed = described["content"].as_object();
    let is_listed = listed.map_or(content_type.is_empty(), |listed| listed.contains_key(&content_type));
    assert!(is_listed, "{name} comes as '{content_type}', the document lists {listed:?}");
    let pointer = format!("/paths/{}/{asked}/responses/{}", token(template), status.as_u16());
    Some(Judged { name, pointer, content_type })
}

impl Judged {
    /// Checks that the body is as the document says.
    pub(crate) fn check_body(&self, body: &[u8]) {
        let Self { name, pointer, content_type } = self;
        let described = CONTRACT.document.pointer(pointer).unwrap();
        if content_type.is_empty() {
            assert!(body.is_empty(), "the document lists no body for {name}");
        }
        // Lines of JSON are no JSON.
        if !content_type.ends_with("json") || content_type.ends_with("ndjson") || body.is_empty() {
            return;
        }
        let body: Value = serde_json::from_slice(body).unwrap();
        if content_type == "application/problem+json" {
            let code = body["code"].as_str().unwrap_or_default();
            let listed = described["description"].as_str().unwrap();
            assert!(listed.contains(&format!("`{code}`")), "the document does not list {code} for {name}");
        }
        let validator = CONTRACT.validator(&format!("{pointer}/content/{}/schema", token(content_type)));
        let wrong: Vec<String> =
            validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{name} is not what the document says: {wrong:#?}\n{body:#}");
    }
}

impl Contract {
    /// The path of the document that `path` is one of, and its operations.
    fn path(&self, path: &str) -> Option<(&String, &Value)> {
        let is_like = |template: &str| {
            let mut pairs = template.split('/').zip(path.split('/'));
            let is_as_long = template.split('/').count() == path.split('/').count();
            is_as_long && pairs.all(|(have, want)| have == want || have.starts_with('{') && !want.is_empty())
        };
        let paths = self.document["paths"].as_object().unwrap();
        paths.get_key_value(path).or_else(|| paths.iter().find(|(template, _)| is_like(template)))
    }

    fn validator(&self, pointer: &str) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap();
        let validator = validators.entry(pointer.to_owned()).or_insert_with(|| {
            let schema = self.document.pointer(pointer).unwrap();
            // References of the schema begin at the root of the document.
            let schema = json!({"allOf": [schema], "components": self.document["components"]});
            Arc::new(jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
        });
        Arc::clone(validator)
    }

    /// Writes down that this answer came.
    fn note(&self, name: &str) {
        if !self.seen.lock().unwrap().insert(name.to_owned()) {
            return;
        }
        let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/answers");
        fs::create_dir_all(folder).unwrap();
        let file = format!("{folder}/{}", std::process::id());
        let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
        writeln!(file, "{name}").unwrap();
    }
}

/// A key in a JSON pointer.
fn token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
