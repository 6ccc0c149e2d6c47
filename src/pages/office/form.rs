//! Forms: fields with real labels, what is wrong beside each, and a summary on top that leads there.
//!
//! A field is called like the pointer of what the contract takes, without the `/` in front, so that a refusal finds it.

use axum::http::Method;
use maud::{Markup, html};
use serde_json::Value;

use super::frame::Office;
use crate::{domain::rejection::Rejection, http::Problem, locales::Message, pages::entered::Entered};

/// A field of a form.
pub(super) struct Field {
    name: String,
    label: String,
    hint: Option<String>,
    input: Input,
}

enum Input {
    Text(&'static str),
    Number,
    Choice(Vec<(String, String)>),
    Tick,
    Ticks(Vec<(String, String)>),
    File,
}

impl Field {
    fn new(name: impl Into<String>, label: String, input: Input) -> Self {
        Self { name: name.into(), label, hint: None, input }
    }

    /// A line of text.
    pub(super) fn text(name: impl Into<String>, label: String) -> Self {
        Self::new(name, label, Input::Text("text"))
    }

    /// A line of text of a certain kind: `tel`, `date`, `time`.
    pub(super) fn line(name: impl Into<String>, kind: &'static str, label: String) -> Self {
        Self::new(name, label, Input::Text(kind))
    }

    pub(super) fn number(name: impl Into<String>, label: String) -> Self {
        Self::new(name, label, Input::Number)
    }

    /// One of several values, each with its name.
    pub(super) fn choice(name: impl Into<String>, label: String, options: Vec<(String, String)>) -> Self {
        Self::new(name, label, Input::Choice(options))
    }

    pub(super) fn tick(name: impl Into<String>, label: String) -> Self {
        Self::new(name, label, Input::Tick)
    }

    /// Some of several values, each with its name.
    pub(super) fn ticks(name: impl Into<String>, label: String, options: Vec<(String, String)>) -> Self {
        Self::new(name, label, Input::Ticks(options))
    }

    pub(super) fn file(name: impl Into<String>, label: String) -> Self {
        Self::new(name, label, Input::File)
    }

    #[must_use]
    pub(super) fn hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Whether a refusal that points there is about this field.
    fn is_at(&self, pointer: &str) -> bool {
        let pointer = pointer.trim_start_matches('/');
        let below = |name: &str, above: &str| {
            name.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !pointer.is_empty() && (below(&self.name, pointer) || below(pointer, &self.name))
    }
}

/// Fields that belong together, under a name.
pub(super) struct Group {
    pub(super) name: Option<String>,
    pub(super) fields: Vec<Field>,
}

impl From<Vec<Field>> for Group {
    fn from(fields: Vec<Field>) -> Self {
        Self { name: None, fields }
    }
}

/// A form as it stands on a page.
pub(super) struct Form<'a> {
    pub(super) office: &'a Office,
    /// Where it is sent.
    pub(super) action: &'a str,
    pub(super) groups: Vec<Group>,
    pub(super) entered: &'a Entered,
    /// What is not seen and sent, too.
    pub(super) hidden: Vec<(&'a str, String)>,
    /// Why it was refused.
    pub(super) problem: Option<&'a Problem>,
    pub(super) submit: String,
}

impl Form<'_> {
    pub(super) fn markup(&self) -> Markup {
        let has_file = self
            .groups
            .iter()
            .flat_map(|group| &group.fields)
            .any(|field| matches!(field.input, Input::File));
        html! {
            (self.summary())
            form .fields method="post" action=(self.office.link(self.action))
                enctype=[has_file.then_some("multipart/form-data")] {
                (self.office.token())
                input type="hidden" name="key" value=(self.office.visitor().idempotency_key());
                @for (name, value) in &self.hidden { input type="hidden" name=(name) value=(value); }
                @for group in &self.groups {
                    @if let Some(name) = &group.name {
                        fieldset { legend { (name) } @for field in &group.fields { (self.field(field)) } }
                    } @else {
                        @for field in &group.fields { (self.field(field)) }
                    }
                }
                button .primary { (self.submit) }
            }
        }
    }

    /// The refusals about a field. Each is told once, at the first field that it fits.
    fn errors<'p>(&'p self, field: &'p Field) -> impl Iterator<Item = &'p Rejection> {
        let errors = self.problem.into_iter().flat_map(Problem::errors);
        errors.filter(|error| self.at(error).is_some_and(|first| std::ptr::eq(first, field)))
    }

    fn at(&self, error: &Rejection) -> Option<&Field> {
        let mut fields = self.groups.iter().flat_map(|group| &group.fields);
        let exact = fields.clone().find(|field| error.pointer.trim_start_matches('/') == field.name);
        exact.or_else(|| fields.find(|field| field.is_at(&error.pointer)))
    }

    fn summary(&self) -> Markup {
        let Some(problem) = self.problem else { return html! {} };
        let say = |message: Message| self.office.say(message);
        html! {
            div .error role="alert" tabindex="-1" #problem {
                h2 { (say(Message::new("form-not-stored"))) }
                ul { @for error in problem.errors() {
                    li {
                        @let detail = self.office.visitor().say(error.detail.clone());
                        @match self.at(error) {
                            Some(field) => a href={ "#" (field.name) } { (field.label) ": " (detail) },
                            None => (detail),
                        }
                    }
                } }
            }
        }
    }

    fn field(&self, field: &Field) -> Markup {
        let Field { name, label, hint, input } = field;
        let errors: Vec<&Rejection> = self.errors(field).collect();
        let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
        let mut described = Vec::new();
        described.extend(hint.is_some().then_some(&*hint_id));
        described.extend((!errors.is_empty()).then_some(&*error_id));
        let described = (!described.is_empty()).then(|| described.join(" "));
        let invalid = (!errors.is_empty()).then_some("true");
        let notes = html! {
            @if let Some(hint) = hint { p .quiet id=(hint_id) { (hint) } }
            @if !errors.is_empty() {
                div .error id=(error_id) {
                    @for error in &errors {
                        p { (self.office.visitor().say(error.detail.clone())) }
                    }
                }
            }
        };
        let value = self.entered.text(name);
        html! {
            div .field .wrong[!errors.is_empty()] {
                @match input {
                    Input::Tick => {
                        label .tick for=(name) {
                            input #(name) type="checkbox" name=(name) value="true" checked[self.entered.has(name)] aria-describedby=[described.as_deref()];
                            " " (label)
                        }
                        (notes)
                    }
                    Input::Ticks(options) => {
                        fieldset #(name) aria-describedby=[described.as_deref()] {
                            legend { (label) }
                            (notes)
                            @for (value, label) in options {
                                label .tick {
                                    input type="checkbox" name=(name) value=(value) checked[self.entered.all(name).any(|ticked| ticked == value)];
                                    " " (label)
                                }
                            }
                        }
                    }
                    Input::Choice(options) => {
                        label for=(name) { (label) }
                        (notes)
                        select #(name) name=(name) aria-describedby=[described.as_deref()] aria-invalid=[invalid] {
                            @for (option, label) in options { option value=(option) selected[option == value] { (label) } }
                        }
                    }
                    Input::File => {
                        label for=(name) { (label) }
                        (notes)
                        input #(name) type="file" name=(name) aria-describedby=[described.as_deref()] aria-invalid=[invalid];
                    }
                    Input::Number => {
                        label for=(name) { (label) }
                        (notes)
                        input #(name) .short type="text" inputmode="numeric" autocomplete="off" name=(name) value=(value) maxlength="20"
                            aria-describedby=[described.as_deref()] aria-invalid=[invalid];
                    }
                    Input::Text(kind) => {
                        label for=(name) { (label) }
                        (notes)
                        input #(name) type=(kind) autocomplete="off" name=(name) value=(value) maxlength="400"
                            aria-describedby=[described.as_deref()] aria-invalid=[invalid];
                        @for choice in errors.iter().flat_map(|error| &error.choices) {
                            label .tick {
                                input type="radio" name=(name) value=(choice.code);
                                " " (choice.name) @if choice.path.len() > 1 { ", " (choice.path[choice.path.len() - 2]) }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Office {
    /// A form that is only a button.
    pub(super) fn button(&self, action: &str, label: &str, hidden: &[(&str, &str)]) -> Markup {
        html! {
            form .button-only method="post" action=(self.link(action)) {
                (self.token())
                input type="hidden" name="key" value=(self.visitor().idempotency_key());
                @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
                button { (label) }
            }
        }
    }

    /// Sends what was entered, once.
    pub(super) async fn send<T: serde::de::DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        entered: &Entered,
        body: &Value,
    ) -> Result<T, Problem> {
        self.visitor().send(method, path, entered.text("key"), body).await
    }
}
