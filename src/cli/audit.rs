//! `sedia audit`: who changed what, read from the log.

use std::io;

use clap::{Args, ValueEnum};

use super::{
    OPERATOR, Outcome, on_existing,
    output::{in_words, line, note, table},
    settings::Settings,
};
use crate::{
    domain::{change::ChangeKind, rejection::Rejections, text::wire_name},
    http,
    locales::Language,
    node::Node,
    query::{
        audit::{AuditQuery, Page},
        query_string,
    },
    render::{
        audit::AuditEntry,
        table::{AUDIT, Column, Table, cells, names},
    },
};

/// The columns that a person reads on a terminal.
const SHOWN: [&str; 8] = ["at", "by", "role", "source", "kind", "region_code", "facility_name", "what"];
/// How many changes are read at once.
const PAGE: usize = 200;

#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Only what concerns this region, by code or name
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// Only what was changed at this facility, by our id or as system:value
    #[arg(long, value_name = "ID")]
    facility: Option<String>,

    /// Only what was changed with this key, by the id that 'key list' shows; or by cli, demo, message, openid, public,
    /// reference or upkeep
    #[arg(long, value_name = "WHO")]
    by: Option<String>,

    /// Only changes of these sorts
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND")]
    kind: Vec<ChangeKind>,

    /// Received at this moment or later, such as 2021-07-01T00:00:00+07:00
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Received before this moment
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// At most so many changes
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    limit: usize,

    /// A table for people, CSV with all columns, or JSON with the whole effect, a line for each change
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

impl Audit {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        on_existing(settings, async |node| self.run_on(node).await.map(|()| Outcome::Done)).await
    }

    async fn run_on(self, node: &Node) -> anyhow::Result<()> {
        let mut written = Written::new(self.format)?;
        let (mut left, mut cursor) = (self.limit, None);
        while left > 0 {
            let page = self.page(node, left.min(PAGE), cursor.as_deref()).await;
            let (entries, next) = page.map_err(|refused| anyhow::anyhow!(in_words(&refused)))?;
            left -= entries.len();
            entries.iter().try_for_each(|entry| written.entry(entry))?;
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        written.finish()?;
        if cursor.is_some() {
            note(&format!(
                "there is more: these are the newest {}; --limit or --until shows others",
                self.limit
            ));
        }
        Ok(())
    }

    /// A page, read as the interface reads its parameters, and the cursor of the next one.
    async fn page(
        &self,
        node: &Node,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<(Vec<AuditEntry>, Option<String>), Rejections> {
        let kinds: Vec<String> = self.kind.iter().map(wire_name).collect();
        let (kinds, limit) = (kinds.join(","), limit.to_string());
        let given = [
            ("region", self.region.as_deref()),
            ("facility", self.facility.as_deref()),
            ("by", self.by.as_deref()),
            ("kind", (!kinds.is_empty()).then_some(&*kinds)),
            ("since", self.since.as_deref()),
            ("until", self.until.as_deref()),
            ("limit", Some(&*limit)),
            ("cursor", cursor),
        ];
        let mut question = form_urlencoded::Serializer::new(String::new());
        for (name, value) in given {
            question.extend_pairs(value.map(|value| (name, value)));
        }
        let state = node.shared.current();
        let mut given = query_string::given(&question.finish())?;
        let resolved = given.resolve(&state)?;
        let mut query: AuditQuery = given.read()?;
        query.check(&OPERATOR, &state)?;
        let page = Page::new(&query, &OPERATOR, &state);
        let answer = http::audit(&node.database, page, resolved, Language::En).await?;
        Ok((answer.audit, answer.next))
    }
}

/// What is printed; a table once all its rows are there, as they are aligned.
enum Written {
    Table(Vec<Vec<String>>),
    Csv(Box<Table<io::Stdout>>),
    Json,
}

impl Written {
    fn new(format: Format) -> anyhow::Result<Self> {
        Ok(match format {
            Format::Table => {
                let titles = shown().map(|(name, _)| name.replace('_', " ").to_uppercase());
                Self::Table(vec![titles.collect()])
            }
            Format::Csv => Self::Csv(Box::new(Table::new(io::stdout(), names(AUDIT))?)),
            Format::Json => Self::Json,
        })
    }

    fn entry(&mut self, entry: &AuditEntry) -> anyhow::Result<()> {
        match self {
            Self::Table(rows) => rows.push(shown().map(|(_, cell)| cell(entry)).collect()),
            Self::Csv(table) => table.line(cells(AUDIT, entry))?,
            Self::Json => line(&serde_json::to_string(entry)?)?,
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Table(rows) => Ok(table(&rows).iter().try_for_each(|row| line(row))?),
            Self::Csv(mut table) => Ok(table.flush()?),
            Self::Json => Ok(()),
        }
    }
}

fn shown() -> impl Iterator<Item = &'static Column<AuditEntry>> {
    AUDIT.iter().filter(|(name, _)| SHOWN.contains(name))
}
