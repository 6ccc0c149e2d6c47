//! The answer to a question in one box, in plain words: how it was read, then what answers it.

use super::{beds, vaccinations};
use crate::{
    clock::Timestamp,
    locales::{Language, Message, render},
    render::model::AskAnswer,
};

/// How the question was read, and then each answer.
pub fn ask(answer: &AskAnswer, language: Language, now: Timestamp) -> String {
    let understood = &answer.understood;
    let unread = (!understood.unread.is_empty()).then(|| understood.unread.clone());
    let read = Message::new("ask-understood").arg("text", understood.text.clone()).arg("unread", unread);
    let places =
        [&answer.beds, &answer.isolation].into_iter().flatten().map(|part| beds(part, language, now));
    let sessions = answer.vaccinations.iter().map(|part| vaccinations(part, language, now));
    let parts = std::iter::once(render(&read, language) + "\n").chain(places).chain(sessions);
    parts.collect::<Vec<_>>().join("\n")
}
