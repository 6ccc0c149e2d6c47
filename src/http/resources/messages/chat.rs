//! What is said to whoever writes: what was understood of a message, and what to write instead.

use super::{MessageOutcome, MessageReply, Understood};
use crate::{
    clock::Timestamp,
    domain::{
        facility::{FacilityId, FacilityRef},
        message::{self, Parsed},
        numbers::{Count, Numbers, Statement},
        rejection::{Code, Rejection, Rejections},
        resource_type::{Kind, ResourceType},
    },
    locales::{Language, Message, render},
    snapshot::{FacilityState, Snapshot},
    store::{
        Command,
        commands::{PutAvailability, ReportReceipt},
    },
};

/// Who writes, and in which language the answer is.
pub(super) struct Chat<'a> {
    pub(super) state: &'a Snapshot,
    pub(super) facility: &'a FacilityState,
    pub(super) language: Language,
}

impl Chat<'_> {
    fn reply(&self, outcome: MessageOutcome, text: &Message, understood: Vec<Understood>) -> MessageReply {
        let facility = Some(self.facility.facility.id);
        MessageReply { outcome, reply: render(text, self.language), facility, understood }
    }

    pub(super) fn unreadable(&self, text: &Message) -> MessageReply {
        self.reply(MessageOutcome::Unreadable, text, Vec::new())
    }

    fn unread(&self, unread: &[String]) -> MessageReply {
        let quoted: Vec<String> = unread.iter().map(|text| format!("'{text}'")).collect();
        self.unreadable(&Message::new("message-unread").arg("unread", quoted.join(", ")))
    }

    /// How to write, with what is known of the facility as it would be written.
    pub(super) fn form(&self) -> MessageReply {
        let known = self.facility.readings.iter().filter_map(|current| {
            let available = current.numbers.available().filter(|_| !current.resource.retired)?;
            let capacity = current.numbers.capacity().map(|count| format!("/{count}")).unwrap_or_default();
            Some(format!("{} {available}{capacity}", self.writable_name(&current.resource)?))
        });
        let known: Vec<String> = known.collect();
        let text = Message::new("message-form")
            .arg("facility", self.facility.facility.name.clone())
            .arg("known", (!known.is_empty()).then(|| known.join(", ")));
        self.reply(MessageOutcome::Help, &text, Vec::new())
    }

    /// The first name of a type that a message may have: labels have commas and words of meaning in them.
    fn writable_name(&self, resource: &ResourceType) -> Option<String> {
        let label = resource.label.get(self.language).to_owned();
        let names = std::iter::once(label)
            .chain(resource.short_names())
            .chain(resource.aliases.iter().cloned())
            .chain([resource.code.to_string()]);
        let is_read = |name: &String| {
            let filled = format!("{name} 3/10");
            let message::Request::Report(parsed) = message::Request::read(&filled) else { return false };
            let [item] = &parsed.items[..] else { return false };
            let meant = self.state.resolve_type(&item.name, None);
            let is_whole = parsed.unread.is_empty() && item.occupied.is_none() && item.queue.is_none();
            is_whole
                && [item.available, item.capacity].map(|count| count.map(Count::get)) == [Some(3), Some(10)]
                && meant.is_ok_and(|meant| meant.code == resource.code)
        };
        names.into_iter().find(is_read)
    }

    /// The report in a text; the answer if it cannot be read.
    pub(super) fn report(
        &self,
        text: &str,
        observed_at: Option<Timestamp>,
        is_confirmed: bool,
    ) -> Result<(Vec<Understood>, impl Command + use<>), MessageReply> {
        let message::Request::Report(parsed) = message::Request::read(text) else {
            return Err(self.unread(&[text.to_owned()]));
        };
        let (understood, values) = self.understand(parsed)?;
        let (id, name, language) =
            (self.facility.facility.id, self.facility.facility.name.clone(), self.language);
        let mut report = PutAvailability::of(FacilityRef::Id(id));
        (report.observed_at, report.values) = (observed_at, values);
        (report.confirmed, report.language) = (is_confirmed, language);
        let items = understood.clone();
        let reply = move |receipt: ReportReceipt| {
            Ok::<_, Rejections>(stored(&receipt, id, &name, items.clone(), language))
        };
        Ok((understood, report.then(reply)))
    }

    /// The types that are meant, and their numbers; an answer where something is not clear.
    fn understand(
        &self,
        parsed: Parsed,
    ) -> Result<(Vec<Understood>, Vec<(String, Statement)>), MessageReply> {
        let Parsed { items, mut unread } = parsed;
        let (mut understood, mut values) = (Vec::<Understood>::new(), Vec::new());
        for written in items {
            let found = self.state.resolve_type(&written.name, None);
            let resource = match found {
                Ok(resource) if resource.kind != Kind::Vaccination => resource,
                Err(rejection) if rejection.code != Code::UnknownType => {
                    let detail = render(&rejection.detail, self.language);
                    return Err(self.unreadable(&Message::new("message-refused").arg("detail", detail)));
                }
                _ => {
                    unread.push(written.name);
                    continue;
                }
            };
            let label = resource.label.get(self.language).to_owned();
            if understood.iter().any(|other| other.resource == resource.code) {
                return Err(self.unreadable(&Message::new("message-twice").arg("label", label)));
            }
            let before = self.facility.reading(&resource.code).map(|reading| reading.numbers);
            let numbers =
                Numbers::check([written.capacity, written.occupied, written.available, written.queue], "");
            let item = Understood {
                given: written.name,
                resource: resource.code.clone(),
                label,
                available: written.available,
                occupied: written.occupied,
                capacity: written.capacity,
                queue: written.queue,
                before: before.unwrap_or_default(),
            };
            let numbers = match numbers {
                Ok(numbers) => numbers,
                Err(rejection) => return Err(self.refused(&[rejection], vec![item])),
            };
            values.push((item.resource.to_string(), Statement::of_known(numbers)));
            understood.push(item);
        }
        if unread.is_empty() && !understood.is_empty() {
            return Ok((understood, values));
        }
        Err(self.unread(&unread))
    }

    pub(super) fn jump(&self, understood: Vec<Understood>) -> MessageReply {
        let text = Message::new("message-jump").arg("lines", lines(&understood, self.language));
        self.reply(MessageOutcome::AskedBack, &text, understood)
    }

    pub(super) fn refused(&self, refused: &[Rejection], understood: Vec<Understood>) -> MessageReply {
        let details: Vec<String> =
            refused.iter().map(|rejection| render(&rejection.detail, self.language)).collect();
        let text = Message::new("message-refused").arg("detail", details.join("; "));
        self.reply(MessageOutcome::Refused, &text, understood)
    }
}

/// The answer to a report that was taken.
pub(super) fn stored(
    receipt: &ReportReceipt,
    facility: FacilityId,
    name: &str,
    mut understood: Vec<Understood>,
    language: Language,
) -> MessageReply {
    for item in &mut understood {
        item.before = receipt.before.get(&item.resource).copied().unwrap_or_default();
    }
    let (name, lines) = (name.to_owned(), lines(&understood, language));
    let text = if receipt.accepted.is_empty() {
        Message::new("message-late").arg("facility", name).arg("lines", lines)
    } else {
        Message::new("message-stored").arg("facility", name).arg("lines", lines)
    };
    let reply = render(&text, language);
    MessageReply { outcome: MessageOutcome::Stored, reply, facility: Some(facility), understood }
}

fn lines(understood: &[Understood], language: Language) -> String {
    let line = |item: &Understood| {
        let line = Message::new("message-line")
            .arg("label", item.label.clone())
            .arg("free", item.available)
            .arg("used", item.occupied)
            .arg("capacity", item.capacity)
            .arg("queue", item.queue)
            .arg("before", item.before.available());
        render(&line, language)
    };
    understood.iter().map(line).collect::<Vec<_>>().join("; ")
}
