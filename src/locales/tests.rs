//! The catalogues are whole: the same in every language, used, and with the facts that the code states.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};

use super::{Language, Message, Value, render};

/// The needs of one message of a catalogue.
#[derive(Debug, Default)]
struct Needs {
    /// The arguments.
    args: BTreeSet<String>,
    /// The other messages it says.
    messages: BTreeSet<String>,
    /// The keys of its selectors.
    keys: BTreeSet<String>,
}

impl Needs {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                for Variant { key, value, .. } in variants {
                    let (VariantKey::Identifier { name: key } | VariantKey::NumberLiteral { value: key }) =
                        key;
                    self.keys.insert((*key).to_owned());
                    self.pattern(value);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.args.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, attribute: None } => {
                self.messages.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
            other => panic!("write it with messages, arguments and selectors only: {other:?}"),
        }
    }
}

/// The messages of a language, and what each needs.
fn messages(language: Language) -> BTreeMap<String, Needs> {
    let mut messages = BTreeMap::new();
    for file in language.catalogue() {
        let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(_, errors)| {
            panic!("{errors:?} in {}", file.lines().next().unwrap_or_default())
        });
        for entry in resource.entries() {
            match entry {
                Entry::Message(message) => {
                    let mut needs = Needs::default();
                    needs.pattern(message.value.as_ref().expect("a message has a text"));
                    assert!(
                        messages.insert(message.id.name.to_owned(), needs).is_none(),
                        "{} twice",
                        message.id.name
                    );
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                other => panic!("not a message: {other:?}"),
            }
        }
    }
    // A message needs what those need that it says.
    for _ in 0..4 {
        let args: BTreeMap<String, BTreeSet<String>> =
            messages.iter().map(|(id, needs)| (id.clone(), needs.args.clone())).collect();
        for needs in messages.values_mut() {
            let said: Vec<&String> = needs.messages.iter().flat_map(|id| &args[id]).collect();
            needs.args.extend(said.into_iter().cloned());
        }
    }
    messages
}

/// The sources, without this module.
fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("locales/tests.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                sources.push((path, text));
            }
        }
    }
    sources
}

/// Each `Message::new("id").arg("name", ..)` of a source: the id and the names.
fn stated(source: &str) -> Vec<(String, BTreeSet<String>)> {
    source
        .split("Message::new(\"")
        .skip(1)
        .map(|text| {
            let (id, mut rest) = text.split_once('"').expect("a literal ends");
            let mut names = BTreeSet::new();
            rest = rest
                .trim_start_matches(',')
                .trim_start()
                .strip_prefix(')')
                .expect("a message has only an id");
            while let Some(arg) = rest.trim_start().strip_prefix(".arg(") {
                let (_, name) = arg.split_once('"').expect("an argument has a literal name");
                let (name, value) = name.split_once('"').expect("a literal ends");
                names.insert(name.to_owned());
                rest = after_parenthesis(value);
            }
            (id.to_owned(), names)
        })
        .collect()
}

/// The text after the closing parenthesis.
fn after_parenthesis(text: &str) -> &str {
    let (mut depth, mut quoted, mut escaped) = (1, false, false);
    for (at, char) in text.char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at + 1..];
        }
    }
    ""
}

#[test]
fn every_language_has_the_same_messages_and_arguments() {
    let [indonesian, english] = Language::ALL.map(|language| {
        messages(language).into_iter().map(|(id, needs)| (id, needs.args)).collect::<BTreeMap<_, _>>()
    });
    for (id, args) in &english {
        assert_eq!(indonesian.get(id), Some(args), "{id}");
    }
    let missing: Vec<_> = indonesian.keys().filter(|id| !english.contains_key(*id)).collect();
    assert!(missing.is_empty(), "only in Indonesian: {missing:?}");
}

#[test]
fn code_states_what_each_message_needs() {
    let messages = messages(Language::En);
    for (path, source) in sources() {
        for (id, args) in stated(&source) {
            let needs = messages.get(&id).unwrap_or_else(|| panic!("{path:?}: no message {id}"));
            assert_eq!(args, needs.args, "{path:?}: the arguments of {id}");
        }
        let other = source.split("Message::new(").skip(1).find(|text| !text.starts_with(['"', '$']));
        let known = path.ends_with("locales.rs");
        assert!(known || other.is_none(), "{path:?}: no literal id: {:.60}", other.unwrap_or_default());
    }
}

#[test]
fn every_message_is_used() {
    let messages = messages(Language::En);
    let sources: String = sources().into_iter().map(|(_, source)| source).collect();
    let said: BTreeSet<&String> = messages.values().flat_map(|needs| &needs.messages).collect();
    let unused: Vec<&String> =
        messages.keys().filter(|id| !said.contains(id) && !sources.contains(&format!("\"{id}\""))).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_message_and_each_of_its_variants_renders() {
    for language in Language::ALL {
        for (id, needs) in messages(language) {
            let keys = needs.keys.iter().map(|key| match key.parse::<i64>() {
                Ok(number) => Value::from(number),
                Err(_) => Value::from(key.clone()),
            });
            for value in keys.chain([Value::from(1), Value::from(12), Value::from("x")]) {
                let message = Message {
                    id: id.clone().leak(),
                    args: needs.args.iter().map(|name| (&*name.clone().leak(), value.clone())).collect(),
                };
                let text = render(&message, language);
                assert!(!text.contains("{$"), "{id}: {text}");
            }
        }
    }
}

#[test]
fn a_list_and_a_choice_are_joined_as_the_language_does() {
    let list = |value: Value| value.to_text(Language::Id).into_owned();
    assert_eq!(list(Value::list(["a", "b", "c"])), "a, b, c");
    assert_eq!(list(Value::choice(["a", "b", "c"])), "a, b atau c");
    assert_eq!(Value::choice(["a", "b"]).to_text(Language::En), "a or b");
    assert_eq!(Value::all(["a", "b", "c"]).to_text(Language::En), "a, b and c");
    assert_eq!(Value::choice(["a"]).to_text(Language::En), "a");
    assert_eq!(Value::choice(Vec::<String>::new()).to_text(Language::En), "");
}

#[test]
fn a_message_in_a_message_speaks_its_language() {
    let inner = Message::new("problem-not-found");
    let outer = Value::list([Value::from(inner), Value::from(3)]);
    assert_eq!(outer.to_text(Language::En), "There is nothing here, 3");
    assert_eq!(outer.to_text(Language::Id), "Tidak ada apa-apa di sini, 3");
}
