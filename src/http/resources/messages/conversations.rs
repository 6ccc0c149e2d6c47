//! What was said to each number a while ago: the question that waits for a `YA`, and the last answers that stored nothing.
//!
//! Both are kept in the memory of the node that answered, because an answer comes within minutes. Whoever answers after a
//! restart, or to another node, is told to send the numbers with the `YA`.

use std::collections::{HashMap, VecDeque};

use chrono::Duration;
use parking_lot::Mutex;

use super::MessageReply;
use crate::{
    clock::{CLOCK_TOLERANCE, Timestamp},
    store::Idempotency,
};

/// How long a question waits for its answer, and how long an answer that stored nothing is given again.
const WAITS: Duration = Duration::minutes(30);
/// How many numbers are remembered; who wrote last of all goes first.
const MOST_NUMBERS: usize = 10_000;
/// How many answers to one number are remembered.
const MOST_ANSWERS: usize = 4;

/// A report that was asked back.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// Its text.
    pub(super) text: String,
    /// When its numbers were true.
    pub(super) observed_at: Timestamp,
    /// When it was asked back.
    pub(super) asked_at: Timestamp,
}

/// What was said to one number.
#[derive(Default)]
struct Conversation {
    question: Option<Question>,
    answers: VecDeque<(Idempotency, Timestamp, MessageReply)>,
    last: Timestamp,
}

/// What was said to each number.
#[derive(Default)]
pub(in crate::http) struct Conversations(Mutex<HashMap<String, Conversation>>);

impl Conversations {
    /// Remembers an answer that stored nothing, for when the message comes again; and the question in it.
    pub(super) fn remember(
        &self,
        digits: &str,
        message: Option<Idempotency>,
        reply: &MessageReply,
        question: Option<Question>,
        now: Timestamp,
    ) {
        let mut all = self.0.lock();
        if all.len() >= MOST_NUMBERS && !all.contains_key(digits) {
            all.retain(|_, conversation| now - conversation.last < WAITS);
        }
        if all.len() >= MOST_NUMBERS && !all.contains_key(digits) {
            let oldest = all.iter().min_by_key(|(_, conversation)| conversation.last);
            oldest.map(|(digits, _)| digits.clone()).and_then(|digits| all.remove(&digits));
        }
        let conversation = all.entry(digits.to_owned()).or_default();
        conversation.last = now;
        if question.is_some() {
            conversation.question = question;
        }
        if let Some(message) = message {
            conversation.answers.push_front((message, now, reply.clone()));
            conversation.answers.truncate(MOST_ANSWERS);
        }
    }

    /// The answer that this very message got, if it stored nothing.
    pub(super) fn answer(&self, digits: &str, message: &Idempotency, now: Timestamp) -> Option<MessageReply> {
        let all = self.0.lock();
        let answers = &all.get(digits)?.answers;
        let is_it =
            |(known, at, _): &&(Idempotency, Timestamp, MessageReply)| known == message && now - *at < WAITS;
        answers.iter().find(is_it).map(|(_, _, reply)| reply.clone())
    }

    /// The question that waits for a `YA` of this number. One that was written before the question is no answer to it.
    pub(super) fn question(&self, digits: &str, written_at: Timestamp, now: Timestamp) -> Option<Question> {
        let all = self.0.lock();
        let waits = |question: &&Question| {
            now - question.asked_at < WAITS && written_at + CLOCK_TOLERANCE >= question.asked_at
        };
        all.get(digits)?.question.as_ref().filter(waits).cloned()
    }

    /// Forgets a question that was answered.
    pub(super) fn close(&self, digits: &str, question: &Question) {
        if let Some(conversation) = self.0.lock().get_mut(digits) {
            conversation.question.take_if(|known| known.asked_at == question.asked_at);
        }
    }
}
