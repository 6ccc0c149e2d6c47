//! The messages that were asked back and wait for a `YA`.
//!
//! They are kept in the memory of the node that asked, because an answer comes within minutes. Whoever answers after a
//! restart, or to another node, is told to send the numbers with the `YA`.

use std::collections::HashMap;

use chrono::Duration;
use parking_lot::Mutex;

use super::MessageReply;
use crate::clock::Timestamp;

/// How long an answer may take.
const WAITS: Duration = Duration::minutes(30);
/// How many wait at most; the oldest go first.
const MOST_ASKED: usize = 10_000;

/// A message that was asked back.
struct Asked {
    id: Option<String>,
    text: String,
    reply: MessageReply,
    at: Timestamp,
    is_confirmed: bool,
    /// The id of the message that confirmed it, if it had one.
    confirmed_by: Option<String>,
}

/// The last message of each number that was asked back.
#[derive(Default)]
pub(in crate::http) struct AskedBack(Mutex<HashMap<String, Asked>>);

impl AskedBack {
    /// Remembers that the message of `digits` was asked back.
    pub(super) fn ask(
        &self,
        digits: String,
        id: Option<String>,
        text: String,
        reply: &MessageReply,
        at: Timestamp,
    ) {
        let mut waiting = self.0.lock();
        if waiting.len() >= MOST_ASKED {
            waiting.retain(|_, asked| at - asked.at < WAITS);
        }
        if waiting.len() >= MOST_ASKED {
            let oldest = waiting.iter().min_by_key(|(_, asked)| asked.at).map(|(digits, _)| digits.clone());
            oldest.and_then(|digits| waiting.remove(&digits));
        }
        waiting.insert(
            digits,
            Asked { id, text, reply: reply.clone(), at, is_confirmed: false, confirmed_by: None },
        );
    }

    /// The text that a `YA` of `digits` confirms: once, however often this `YA` comes.
    pub(super) fn confirmed(&self, digits: &str, id: Option<&str>, now: Timestamp) -> Option<String> {
        let mut waiting = self.0.lock();
        let asked = waiting.get_mut(digits).filter(|asked| now - asked.at < WAITS)?;
        let is_same = id.is_some() && asked.confirmed_by.as_deref() == id;
        if asked.is_confirmed && !is_same {
            return None;
        }
        (asked.is_confirmed, asked.confirmed_by) = (true, id.map(str::to_owned));
        Some(asked.text.clone())
    }

    /// The answer that this very message got, if it was asked back and then confirmed.
    pub(super) fn answered(&self, digits: &str, id: Option<&str>) -> Option<MessageReply> {
        let waiting = self.0.lock();
        let asked = waiting.get(digits).filter(|asked| asked.is_confirmed)?;
        (id.is_some() && asked.id.as_deref() == id).then(|| asked.reply.clone())
    }
}
