//! Texts that are ready to be sent by WhatsApp: a link that opens it, and the text itself to copy.

use maud::{Markup, html};

use super::{frame::Office, in_address};
use crate::locales::Message;

/// The address that opens WhatsApp with a text: for this number if it is a mobile one, else WhatsApp asks for whom.
pub(super) fn address(number: Option<&str>, text: &str) -> String {
    let number = number.and_then(mobile).unwrap_or_default();
    format!("https://wa.me/{number}?text={}", in_address(text))
}

/// A mobile number as WhatsApp writes it: `6281234567890`.
pub(super) fn mobile(number: &str) -> Option<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let local = digits.strip_prefix("62").or_else(|| digits.strip_prefix('0'))?;
    local.starts_with('8').then(|| format!("62{local}"))
}

/// A text with what can be done with it.
pub(super) fn message(office: &Office, id: &str, number: Option<&str>, text: &str) -> Markup {
    let lines = text.len().div_ceil(48) + text.lines().count();
    html! {
        label for=(id) { (office.say(Message::new("office-text"))) }
        textarea #(id) readonly rows=(lines.min(12)) { (text) }
        p .actions {
            a .button href=(address(number, text)) rel="noreferrer noopener" target="_blank" { (office.say(Message::new("office-whatsapp"))) }
            button type="button" data-copy=(id) data-copied=(office.say(Message::new("office-copied"))) hidden { (office.say(Message::new("office-copy"))) }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0812-3456-7890", Some("6281234567890"))]
    #[case("+62 812 3456 7890", Some("6281234567890"))]
    #[case("024-8413476", None)]
    #[case("119", None)]
    fn only_mobile_numbers_are_at_whatsapp(#[case] number: &str, #[case] expected: Option<&str>) {
        assert_eq!(mobile(number).as_deref(), expected);
    }
}
