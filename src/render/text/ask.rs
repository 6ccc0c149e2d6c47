//! The answer to a question in one box, in plain words: how it was read, then what answers it.

use super::{Speaker, beds_under, headline::Headline, sessions::vaccinations_under};
use crate::{
    clock::Timestamp,
    locales::{Language, Message, render},
    render::model::{AskAnswer, NoteView, UnderstoodView},
};

/// How the question was read, and then each answer.
pub fn ask(answer: &AskAnswer, language: Language, now: Timestamp) -> String {
    let UnderstoodView { text, notes, untold, .. } = &answer.understood;
    let unread = (!untold.is_empty()).then(|| untold.clone());
    let read = Message::new("ask-understood").arg("text", text.clone()).arg("unread", unread);
    let notes = |is_urgent: bool| notes.iter().filter(move |note| note.is_urgent == is_urgent);
    let told = |note: &NoteView| note.text.clone();
    let lines = notes(true).map(told).chain([render(&read, language)]).chain(notes(false).map(told));
    let read = lines.map(|line| line + "\n").collect::<String>();
    // What is asked for was said just now.
    let places = [&answer.beds, &answer.isolation].into_iter().flatten();
    let places = places.map(|part| beds_under(&Headline::of_beds(part).without_wish(), part, language, now));
    let sessions = answer.vaccinations.iter().map(|part| {
        let speaker = Speaker { language, zone: part.zone, now };
        vaccinations_under(&Headline::of_vaccinations(part, speaker).without_wish(), part, language, now)
    });
    std::iter::once(read).chain(places).chain(sessions).collect::<Vec<_>>().join("\n")
}
