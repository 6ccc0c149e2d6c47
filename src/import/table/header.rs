//! The header of a table: where it is, and the column that each heading means.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use super::{
    ColumnMapping, Line, MOST_UNKNOWN,
    columns::{self, List},
    mapping::Meant,
};
use crate::{
    domain::rejection::{Code, Rejection},
    locales::{Language, Message},
};

/// A longer text is no heading that could be mistaken for another.
const LONGEST_HEADING: usize = 80;
/// How many lines may stand above the header.
pub(super) const MOST_ABOVE: usize = 40;

/// What a table must have to be read.
pub(in crate::import) struct Layout<'a> {
    /// The kind of list.
    pub(in crate::import) list: List,
    /// The column that a heading means which the list does not know: of a wide table, a number of a type.
    pub(in crate::import) wide: &'a dyn Fn(&str) -> Option<String>,
    /// Refuses a header that lacks something.
    pub(in crate::import) check: &'a dyn Fn(&Header) -> Result<(), Rejection>,
    /// What a person said of the headings.
    pub(in crate::import) mapping: &'a ColumnMapping,
    /// The most rows.
    pub(in crate::import) most: usize,
}

/// The mapping of a list that comes without one.
pub(in crate::import) static NO_MAPPING: LazyLock<ColumnMapping> = LazyLock::new(ColumnMapping::default);

impl<'a> Layout<'a> {
    /// A layout without columns of a wide table.
    pub(in crate::import) fn new(list: List, check: &'a dyn Fn(&Header) -> Result<(), Rejection>) -> Self {
        Self { list, wide: &|_| None, check, mapping: &NO_MAPPING, most: usize::MAX }
    }

    /// The column that a heading means by itself.
    pub(super) fn column(&self, heading: &str) -> Option<String> {
        let heading = heading.trim();
        match self.list {
            List::Types => (!heading.is_empty()).then(|| heading.to_lowercase()),
            list => columns::meaning(list, heading).map(|(column, _)| column.to_owned()),
        }
        .or_else(|| (self.wide)(Some(heading).filter(|heading| heading.len() <= LONGEST_HEADING)?))
    }

    /// Whether the list knows the heading, as it is or by what a person said of it.
    fn knows(&self, heading: &str) -> bool {
        self.list == List::Types && !heading.trim().is_empty()
            || columns::meaning(self.list, heading).is_some()
            || matches!(self.mapping.meant(heading), Meant::As(_))
    }
}

/// The place of each column's cell in a row.
pub(in crate::import) struct Header {
    pub(super) columns: HashMap<String, usize>,
    pub(super) headings: Vec<Heading>,
    pub(super) line: u32,
}

/// One heading, and the column that it means.
pub(super) struct Heading {
    pub(super) text: String,
    pub(super) column: Option<String>,
    language: Option<Language>,
    pub(super) similar: Option<(&'static str, &'static str)>,
}

impl Header {
    fn read(line: u32, texts: &[Cow<'_, str>], layout: &Layout<'_>) -> Result<Self, Rejection> {
        let width = texts.iter().rposition(|text| !text.trim().is_empty()).map_or(0, |last| last + 1);
        let mut header = Self { columns: HashMap::new(), headings: Vec::new(), line };
        // A line without any heading that is known needs no closer look.
        let is_likely = texts[..width].iter().any(|text| layout.knows(text));
        for (index, text) in texts[..width].iter().enumerate() {
            let text = text.trim();
            let column = match layout.mapping.meant(text) {
                Meant::As(other) if is_likely => layout.column(other),
                Meant::AsWritten if is_likely => layout.column(text),
                _ => None,
            };
            let language = columns::meaning(layout.list, text).and_then(|(_, language)| language);
            if let Some(column) = column.as_ref().filter(|column| !is_one_of_several(column, &header))
                && let Some(before) = header.columns.insert(column.clone(), index)
            {
                return Err(twice(column, &header.headings[before].text, text));
            }
            let text = text.chars().take(80).collect();
            header.headings.push(Heading { text, column, language, similar: None });
        }
        let may_be_heading = |heading: &&mut Heading| {
            heading.column.is_none()
                && heading.text.len() <= LONGEST_HEADING
                && layout.mapping.meant(&heading.text) == Meant::AsWritten
        };
        let unknown = header.headings.iter_mut().filter(may_be_heading);
        for heading in unknown.take(if is_likely { MOST_UNKNOWN } else { 0 }) {
            heading.similar = columns::similar(layout.list, &heading.text)
                .filter(|(_, column)| !header.columns.contains_key(*column));
        }
        Ok(header)
    }

    /// The headings, as they are written.
    pub(in crate::import) fn texts(&self) -> impl Iterator<Item = &str> {
        self.headings.iter().map(|heading| heading.text.as_str())
    }

    /// Whether there is this column.
    pub(in crate::import) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// The names of the columns, in the order of the table.
    pub(in crate::import) fn names(&self) -> impl Iterator<Item = &str> {
        self.headings.iter().filter_map(|heading| heading.column.as_deref())
    }

    /// The heading of a column, as it is written.
    pub(in crate::import) fn heading(&self, column: &str) -> Option<&str> {
        self.columns.get(column).map(|index| self.headings[*index].text.as_str())
    }

    /// The headings that mean no column but look like one, and that column.
    pub(in crate::import) fn misspelt(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.headings.iter().filter_map(|heading| Some((heading.text.as_str(), heading.similar?.1)))
    }

    /// The refusal of a header that lacks a column.
    pub(in crate::import) fn lacks(column: &str, required: &[&str]) -> Rejection {
        let detail = Message::new("header-lacks-column")
            .arg("column", column.to_owned())
            .arg("required", required.join(","));
        Rejection::new(Code::MissingField, column, detail)
    }

    /// Refuses a header that has none of these columns.
    pub(in crate::import) fn need_one_of(&self, columns: &[&str]) -> Result<(), Rejection> {
        if columns.iter().any(|column| self.has(column)) {
            return Ok(());
        }
        let detail = Message::new("header-lacks-all").arg("columns", columns.join(", "));
        Err(Rejection::new(Code::MissingField, columns[0], detail))
    }

    /// The language of the table, if its headings are of one.
    pub(super) fn language(&self) -> Option<Language> {
        let count =
            |language| self.headings.iter().filter(|heading| heading.language == Some(language)).count();
        match (count(Language::Id), count(Language::En)) {
            (0, 0) => None,
            (id, en) => Some(if id >= en { Language::Id } else { Language::En }),
        }
    }
}

/// The refusal of two headings that mean one column.
fn twice(column: &str, before: &str, text: &str) -> Rejection {
    let both = if before.eq_ignore_ascii_case(text) { text.to_owned() } else { format!("{before}, {text}") };
    let detail = Message::new("column-twice").arg("name", both);
    Rejection::new(Code::InvalidField, column, detail)
}

/// Whether the column stands there already, and may stand there again: a list has telephones in several columns.
fn is_one_of_several(column: &str, header: &Header) -> bool {
    column == "phone" && header.has(column)
}

/// The first line that has what the list needs, alone or under one or two lines of groups. If there is none, the refusal is that
/// of the line with the most headings that are known.
pub(super) fn find_header<'l>(
    lines: impl Iterator<Item = &'l Line>,
    layout: &Layout<'_>,
) -> Result<Header, Rejection> {
    let mut best: Option<(usize, Rejection)> = None;
    let mut above: Option<&Line> = None;
    let mut groups: Option<Vec<Cow<'_, str>>> = None;
    for line in lines.filter(|line| !line.is_blank()).take(MOST_ABOVE) {
        let texts = || line.texts().into_iter().map(Cow::Borrowed).collect::<Vec<_>>();
        let grouped = above.map(|above| under_groups(&above.texts(), &texts()));
        let twice = groups.as_deref().map(|groups| under_groups(groups, &texts()));
        for texts in std::iter::once(texts()).chain(grouped.clone()).chain(twice) {
            let known = texts.iter().filter(|text| layout.knows(text)).count();
            let refused = match Header::read(line.number, &texts, layout) {
                Ok(header) => match (layout.check)(&header) {
                    Ok(()) => return Ok(header),
                    Err(rejection) => rejection,
                },
                Err(rejection) => rejection,
            };
            if best.as_ref().is_none_or(|(most, _)| known > *most) {
                best = Some((known, refused));
            }
        }
        above = Some(line);
        groups = grouped;
    }
    Err(match best {
        Some((_, rejection)) => rejection,
        None => Rejection::new(Code::NothingReported, "", Message::new("list-is-empty")),
    })
}

/// The headings of a line with those above it: a group stands once, over the first of its columns.
fn under_groups<'l>(above: &[impl AsRef<str>], line: &[Cow<'l, str>]) -> Vec<Cow<'l, str>> {
    let mut group = "";
    (0..above.len().max(line.len()))
        .map(|index| {
            let over = above.get(index).map_or("", |text| text.as_ref().trim());
            let under = line.get(index).map_or(Cow::Borrowed(""), Clone::clone);
            if !over.is_empty() {
                group = over;
            }
            match (over, &*under) {
                (over, "") => Cow::Owned(over.to_owned()),
                (over, text) if over == text => under,
                _ if group.is_empty() => under,
                (_, text) => Cow::Owned(format!("{group} {text}")),
            }
        })
        .collect()
}
