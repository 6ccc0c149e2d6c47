//! Everything a person reads: whole sentences in the catalogues of `src/locales`, one folder for each language.
//!
//! Code states facts as a [`Message`]; the catalogue (Project Fluent) says them, with its own plurals and order.
//! To mend a sentence, edit the `.ftl` files. To add a language, add a folder, a [`Language`] and its catalogue here.

use std::{borrow::Cow, fmt, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[cfg(test)]
mod tests;

/// Embeds the files of one language.
macro_rules! catalogue {
    ($language:literal) => {
        [
            include_str!(concat!("locales/", $language, "/answers.ftl")),
            include_str!(concat!("locales/", $language, "/common.ftl")),
            include_str!(concat!("locales/", $language, "/marks.ftl")),
            include_str!(concat!("locales/", $language, "/messages.ftl")),
            include_str!(concat!("locales/", $language, "/office.ftl")),
            include_str!(concat!("locales/", $language, "/pages.ftl")),
            include_str!(concat!("locales/", $language, "/problems.ftl")),
            include_str!(concat!("locales/", $language, "/refusals.ftl")),
            include_str!(concat!("locales/", $language, "/reports.ftl")),
            include_str!(concat!("locales/", $language, "/sessions.ftl")),
            include_str!(concat!("locales/", $language, "/times.ftl")),
            include_str!(concat!("locales/", $language, "/wishes.ftl")),
        ]
    };
}

/// A language the directory speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Bahasa Indonesia: the callers' language and the default.
    #[default]
    Id,
    /// English.
    En,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Id, Self::En];

    /// The language tag for `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// The texts of the `.ftl` files.
    const fn catalogue(self) -> &'static [&'static str] {
        match self {
            Self::Id => &catalogue!("id"),
            Self::En => &catalogue!("en"),
        }
    }
}

/// The same text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bilingual {
    /// Bahasa Indonesia.
    pub id: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Both texts at once.
    pub fn new(en: impl Into<String>, id: impl Into<String>) -> Self {
        Self { en: en.into(), id: id.into() }
    }

    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Id => &self.id,
            Language::En => &self.en,
        }
    }
}

/// A message of the catalogue and the facts it needs; [`render`] makes it a text.
///
/// Write the id as a literal, and every argument of the catalogue's message right behind it: a test reads the
/// sources and compares them with the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    id: &'static str,
    args: Vec<(&'static str, Value)>,
}

/// A fact in a [`Message`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A count, for plurals.
    Number(i64),
    /// A name, a code, or the key of a selector.
    Text(Cow<'static, str>),
    /// A name that data gives in each language.
    Bilingual(Bilingual),
    /// Another message, written in the same language.
    Message(Message),
    /// `a, b, c`.
    List(Vec<Self>),
    /// `a, b or c`.
    Choice(Vec<Self>),
    /// `a, b and c`.
    All(Vec<Self>),
}

impl Message {
    /// The message called `id`, still without arguments.
    pub const fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new() }
    }

    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl Value {
    /// The items one after another.
    pub fn list<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// A choice between the items.
    pub fn choice<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::Choice(items.into_iter().map(Into::into).collect())
    }

    /// Items that all hold.
    pub fn all<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::All(items.into_iter().map(Into::into).collect())
    }

    /// The fact as a text in `language`.
    pub fn to_text(&self, language: Language) -> Cow<'_, str> {
        match self {
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bilingual(texts) => Cow::Borrowed(texts.get(language)),
            Self::Message(message) => Cow::Owned(render(message, language)),
            Self::List(items) => Cow::Owned(joined(items, language)),
            Self::Choice(items) => Cow::Owned(ended(items, "list-choice", language)),
            Self::All(items) => Cow::Owned(ended(items, "list-all", language)),
        }
    }

    fn to_fluent(&self, language: Language) -> FluentValue<'_> {
        match self {
            Self::Number(number) => FluentValue::from(*number),
            other => FluentValue::from(other.to_text(language)),
        }
    }
}

fn joined(items: &[Value], language: Language) -> String {
    let texts: Vec<_> = items.iter().map(|item| item.to_text(language)).collect();
    texts.join(&render(&Message::new("list-separator"), language))
}

/// The items joined, the last one as the message `end` says.
fn ended(items: &[Value], end: &'static str, language: Language) -> String {
    match items {
        [] | [_] => joined(items, language),
        [before @ .., last] => {
            let end = Message::new(end).arg("before", joined(before, language)).arg("last", last.clone());
            render(&end, language)
        }
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    /// A missing fact is the text `none`, which a selector can tell apart.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Text(Cow::Borrowed("none")), Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::list(items)
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

impl From<&Bilingual> for Value {
    fn from(texts: &Bilingual) -> Self {
        Self::Bilingual(texts.clone())
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl From<bool> for Value {
    /// `true` or `false`, for a selector.
    fn from(fact: bool) -> Self {
        Self::Text(Cow::Borrowed(if fact { "true" } else { "false" }))
    }
}

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )+};
}

numbers! { i32 i64 u8 u16 u32 u64 usize }

/// The text of `message` in `language`.
///
/// A message that is missing or lacks an argument is a defect that the tests find; a reader then sees its id or the
/// name of the argument, and the log says so.
pub fn render(message: &Message, language: Language) -> String {
    let Some(pattern) = bundle(language).get_message(message.id).and_then(|found| found.value()) else {
        tracing::error!(id = message.id, language = language.tag(), "the catalogue lacks a message");
        debug_assert!(false, "the catalogue lacks the message {}", message.id);
        return message.id.to_owned();
    };
    let args: FluentArgs =
        message.args.iter().map(|(name, value)| (*name, value.to_fluent(language))).collect();
    let mut errors = Vec::new();
    let text = bundle(language).format_pattern(pattern, Some(&args), &mut errors).into_owned();
    if !errors.is_empty() {
        tracing::error!(id = message.id, ?errors, "a message lacks facts");
        debug_assert!(false, "{} lacks facts: {errors:?}", message.id);
    }
    text
}

/// `message` in both languages.
pub fn bilingual(message: &Message) -> Bilingual {
    Bilingual::new(render(message, Language::En), render(message, Language::Id))
}

impl fmt::Display for Message {
    /// In English, for logs and for operators of a server.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render(self, Language::En))
    }
}

type Bundle = FluentBundle<FluentResource>;

/// The catalogue of `language`, read once.
fn bundle(language: Language) -> &'static Bundle {
    static ID: LazyLock<Bundle> = LazyLock::new(|| read(Language::Id));
    static EN: LazyLock<Bundle> = LazyLock::new(|| read(Language::En));
    match language {
        Language::Id => &ID,
        Language::En => &EN,
    }
}

fn read(language: Language) -> Bundle {
    let tag = language.tag().parse().expect("a language tag");
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    for file in language.catalogue() {
        let resource = FluentResource::try_new((*file).to_owned()).expect("a file of the catalogue");
        bundle.add_resource(resource).expect("each message stands once in the catalogue");
    }
    bundle
}
