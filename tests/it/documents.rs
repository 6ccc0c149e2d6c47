//! The API document is what the program does, and the other documents tell of nothing that is not there.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
    sync::Arc,
};

use axum::http::StatusCode;
use sedia::{maintenance::Maintenance, store::retention::Keep};
use serde_json::{Value, json};

use crate::support::TestNode;

#[test]
fn the_committed_document_is_the_one_the_program_writes() {
    expectorate::assert_contents("openapi/openapi.json", &sedia::http::openapi_json());
}

#[test]
fn every_operation_says_what_it_does_and_how_it_fails() {
    let document: Value = serde_json::from_str(&sedia::http::openapi_json()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = HashSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            assert!(ids.insert(operation["operationId"].clone()), "{method} {path} shares its id");
            for (status, response) in operation["responses"].as_object().unwrap() {
                let description = response["description"].as_str().unwrap_or_default();
                assert!(!description.is_empty(), "{method} {path} {status} is not described");
                if status.starts_with(['4', '5']) {
                    let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
                    assert_eq!(problem, "#/components/schemas/Problem", "{method} {path} {status}");
                }
            }
        }
    }
}

/// The path of an operation, with the examples of its parameters in it.
fn example(path: &str, operation: &Value) -> String {
    let (mut path, mut query) = (path.to_owned(), Vec::new());
    for parameter in operation["parameters"].as_array().unwrap() {
        let name = parameter["name"].as_str().unwrap();
        let example = || parameter["example"].as_str().unwrap();
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), example()),
            _ if parameter["required"] == true => query.push(format!("{name}={}", example())),
            _ => {}
        }
    }
    format!("{path}?{}", query.join("&"))
}

const FORMS: [&str; 5] = [
    "application/json",
    "text/plain",
    "text/csv",
    "application/geo+json",
    "application/vnd.sedia.short+json",
];

/// Whatever comes in more than one form comes in those that the document lists, and in no other.
#[tokio::test]
async fn the_forms_of_the_document_are_served_and_no_others() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74", Some((-7.0, 110.4))).await;
    let key = node.admin().await;
    let ids = json!({"external_ids": ["kemenkes:3374010"]});
    node.patch("/v1/facilities/test:A", &ids).key(&key).send().await.json();
    let document: Value = serde_json::from_str(&sedia::http::openapi_json()).unwrap();
    let mut seen = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let operation = &operations["get"];
        let Some(content) = operation["responses"]["200"]["content"].as_object() else { continue };
        if content.len() < 2 {
            continue;
        }
        let asked = example(path, operation);
        for form in FORMS {
            for language in ["id", "en"] {
                let reply = node.get(&asked).key(&key).accept(form).language(language).send().await;
                if content.contains_key(form) {
                    assert_eq!(reply.status, StatusCode::OK, "{asked} as {form}: {}", reply.text());
                    assert!(reply.header("content-type").starts_with(form), "{asked} as {form}");
                    let is_json = serde_json::from_slice::<Value>(&reply.body).is_ok();
                    assert_eq!(is_json, form.ends_with("json"), "{asked} as {form}: {}", reply.text());
                } else {
                    reply.problem(406, "not_acceptable");
                }
            }
        }
        seen.push(path);
    }
    assert_eq!(seen.len(), 19, "{seen:?}");
}

#[tokio::test]
async fn the_document_its_page_and_the_codes_are_served() {
    let node = TestNode::start().await;
    let document = node.get("/openapi.json").send().await.json();
    assert!(document["paths"]["/v1/beds"]["get"].is_object());
    assert!(node.get("/docs/").send().await.status.is_success());
    for code in sedia::domain::rejection::Code::ALL {
        let explained = node.get(&format!("/problems/{}", code.name())).send().await.json();
        assert_eq!(explained["code"], code.name());
    }
}

/// README and everything in `docs`: name and text.
fn pages() -> HashMap<String, String> {
    let docs =
        fs::read_dir("docs").unwrap().map(|entry| format!("docs/{}", entry.unwrap().file_name().display()));
    let names = docs
        .filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "md"))
        .chain(["README.md".to_owned()]);
    names.map(|name| (name.clone(), fs::read_to_string(name).unwrap())).collect()
}

/// What stands in `text` between `start` and the next of `ends`.
fn each<'a>(text: &'a str, start: &'a str, ends: &'a [char]) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).map(move |rest| rest.split(ends).next().unwrap_or_default())
}

/// The anchor of a heading, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_matches(['#', ' ']).to_lowercase();
    kept.chars()
        .filter(|char| char.is_alphanumeric() || " -_".contains(*char))
        .collect::<String>()
        .replace(' ', "-")
}

#[test]
fn the_readme_is_read_in_one_go() {
    let lines = fs::read_to_string("README.md").unwrap().lines().count();
    assert!(lines <= 130, "README.md has {lines} lines; what is longer belongs into docs");
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    for (name, text) in pages() {
        for link in each(&text, "](", &[')']).filter(|link| !link.contains("://")) {
            let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => name.clone(),
                file => Path::new(&name).with_file_name(file).display().to_string(),
            };
            assert!(Path::new(&target).exists(), "{name}: {link}");
            // A picture has no headings.
            if !fragment.is_empty() {
                let target = fs::read_to_string(&target).unwrap();
                let mut headings = target.lines().filter(|line| line.starts_with('#')).map(anchor);
                assert!(headings.any(|heading| heading == fragment), "{name}: {link}");
            }
        }
    }
}

#[test]
fn routes_and_parameters_of_the_documents_are_in_the_api_document() {
    let document: Value = serde_json::from_str(&sedia::http::openapi_json()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let fits = |path: &str, known: &str| {
        let (path, known): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), known.split('/').collect());
        path.len() == known.len()
            && std::iter::zip(path, known).all(|(part, known)| part == known || known.starts_with('{'))
    };
    let mut seen = 0;
    for (name, text) in pages() {
        for start in ["/v1/", "/bridge/", "/livez", "/readyz", "/metrics", "/problems/"] {
            for rest in each(&text, start, &[' ', '`', '\'', '"', '\n', ')', ';', ',', '…']) {
                let route = format!("{start}{rest}");
                let (path, query) = route.trim_end_matches('.').split_once('?').unwrap_or((&route, ""));
                // Whatever stands below it is meant.
                if path == "/bridge/rsonline" || path == "/bridge/aplicares" {
                    continue;
                }
                let (_, operations) = paths
                    .iter()
                    .find(|(known, _)| fits(path, known))
                    .unwrap_or_else(|| panic!("{name}: {path} is not in the API document"));
                let operations = operations.as_object().unwrap().values();
                let parameters =
                    operations.filter_map(|operation| operation["parameters"].as_array()).flatten();
                let known: Vec<&str> =
                    parameters.filter_map(|parameter| parameter["name"].as_str()).collect();
                for parameter in query.split('&').filter(|part| !part.is_empty()) {
                    let parameter = parameter.split('=').next().unwrap();
                    assert!(known.contains(&parameter), "{name}: {path} has no '{parameter}'");
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 40, "{seen}");
}

/// All Rust text in a folder and in the file that is called like it.
fn sources(folder: &Path) -> String {
    let file = fs::read_to_string(folder.with_extension("rs")).unwrap_or_default();
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries.fold(file, |all, path| {
        all + &if path.is_dir() { sources(&path) } else { fs::read_to_string(&path).unwrap_or_default() }
    })
}

#[tokio::test]
async fn each_measurement_says_what_it_is_and_alerts_and_dashboards_use_no_others() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74", None).await;
    node.report("test:A", json!({"bed.icu": {"available": 3}})).await;
    node.get("/v1/beds").send().await;
    Arc::new(Maintenance::new(&node.node, Keep { days: 90, rollup_days: 1_095 })).run().await;
    let text = node.get("/metrics").send().await.text();
    for name in each(&text, "# TYPE ", &[' ']) {
        assert!(text.contains(&format!("# HELP {name} ")), "{name}");
    }
    assert!(text.contains("sedia_facilities{province=\"33\",freshness=\"fresh\"} 1\n"), "{text}");
    let (all, documented) = (sources(Path::new("src")), fs::read_to_string("docs/operating.md").unwrap());
    for file in ["deploy/alerts.yml", "deploy/grafana.json"] {
        let text = fs::read_to_string(file).unwrap();
        let names: HashSet<String> = each(&text, "sedia_", &['{', '[', ' ', ')', ',', '"'])
            .map(|rest| format!("sedia_{}", rest.trim_end_matches("_bucket").trim_end_matches("_count")))
            .collect();
        assert!(names.len() > 5, "{file}: {names:?}");
        for name in names {
            let (is_made, is_told) = (format!("\"{name}\""), format!("`{name}`"));
            assert!(all.contains(&is_made) && documented.contains(&is_told), "{file}: {name}");
        }
    }
    let dashboard: Value = serde_json::from_str(&fs::read_to_string("deploy/grafana.json").unwrap()).unwrap();
    assert!(
        dashboard["panels"].as_array().unwrap().iter().all(|panel| panel["targets"][0]["expr"].is_string())
    );
}

#[test]
fn files_constants_settings_and_metrics_of_the_documents_are_there() {
    let all = sources(Path::new("src"));
    for (name, text) in pages() {
        for top in ["src/", "tests/", "migrations/"] {
            for rest in each(&text, &format!("`{top}"), &['`', '<']) {
                assert!(Path::new(top).join(rest).exists(), "{name}: {top}{rest}");
            }
        }
        for start in ["`SEDIA_", "`sedia_"] {
            for rest in each(&text, start, &['`', '=']) {
                assert!(all.contains(&format!("\"{}{rest}", &start[1..])), "{name}: {start}{rest}");
            }
        }
    }
    let limits = fs::read_to_string("docs/limits.md").unwrap();
    let rows = limits.lines().filter(|line| line.starts_with("| ")).filter(|line| line.contains('`'));
    let mut constants = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let mut folder = sources(Path::new("src"));
        for name in
            each(cells[2], "`", &['`']).filter(|name| !name.is_empty() && !name.starts_with([' ', ',']))
        {
            if name.chars().all(|char| char.is_ascii_uppercase() || char == '_') {
                assert!(folder.contains(&format!("const {name}:")), "{name} of: {row}");
                constants += 1;
            } else if let Some((_, item)) = name.split_once("::") {
                let is_there = [format!("fn {item}("), format!("type {item} "), format!("struct {item}(")]
                    .iter()
                    .any(|text| folder.contains(text));
                assert!(is_there, "{name} of: {row}");
            } else {
                folder = sources(&Path::new("src").join(name));
                assert!(!folder.is_empty(), "{name} of: {row}");
            }
        }
        for file in each(cells[3], "`", &['`']).filter(|file| file.contains(".rs")) {
            let is_there = ["tests/it", "src"].iter().any(|top| Path::new(top).join(file).exists());
            assert!(is_there, "{file} of: {row}");
        }
    }
    assert!(constants > 40, "{constants}");
}
