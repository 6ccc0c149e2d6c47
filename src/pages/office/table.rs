//! Tables: a caption, headings, and rows that become cards where a screen is narrow.

use maud::{Markup, html};
use serde::Deserialize;

use super::{frame::Office, in_address};
use crate::locales::Message;

/// A table whose first column names the row. Roles are written out, because a narrow screen shows the rows as blocks.
pub(super) fn table(caption: &str, headings: &[String], rows: &[Vec<Markup>]) -> Markup {
    html! {
        table .cards role="table" {
            caption { (caption) }
            thead role="rowgroup" { tr role="row" {
                @for heading in headings { th scope="col" role="columnheader" { (heading) } }
            } }
            tbody role="rowgroup" { @for row in rows { tr role="row" {
                @for cell in row.iter().take(1) {
                    th scope="row" role="rowheader" { (cell) }
                }
                @for (cell, heading) in row.iter().zip(headings).skip(1) {
                    td role="cell" data-label=(heading) { div { (cell) } }
                }
            } } }
        }
    }
}

/// Where a list goes on.
#[derive(Default, Deserialize)]
pub(super) struct Onward {
    cursor: Option<String>,
}

impl Onward {
    /// As a parameter of the contract: `&cursor=…`, or nothing.
    pub(super) fn parameter(&self, name: &str) -> String {
        self.cursor.as_ref().map_or_else(String::new, |cursor| format!("&{name}={}", in_address(cursor)))
    }
}

impl Office {
    /// The link to the next page of a list, at an address that goes on at a cursor.
    pub(super) fn more(&self, path: &str, next: Option<&str>) -> Markup {
        let joint = if path.contains('?') { '&' } else { '?' };
        html! {
            @if let Some(next) = next {
                p { a .button rel="next" href=(self.link(&format!("{path}{joint}cursor={}", in_address(next)))) { (self.say(Message::new("office-more"))) } }
            }
        }
    }
}
