//! A table from a hospital or an agency: looked at first, then stored. Nothing is kept in between: the page carries a small
//! file to the next step itself, and asks for a large one again.

use std::{
    collections::HashMap,
    io::{Read, Write},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use futures_util::stream;
use maud::{Markup, html};
use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    facility::in_numbers,
    form::{Field, Form},
    frame::{Answer, Office, Section},
    table::table,
};
use crate::{
    domain::rejection::{Code, Rejection},
    http::{Contract, Problem},
    import::{ColumnMapping, facilities, reports},
    locales::Message,
    pages::{
        entered::Entered,
        frame::in_address,
        sign_in::{SignedForm, SignedIn},
        wire::{Numbers, Types},
    },
};

/// The largest form with a file, in bytes; the contract takes no larger file either.
const MOST_FILE: usize = 9 * 1024 * 1024;
/// The most that a page carries of a file, in bytes of Base64: with it a page still comes quickly on a weak line.
const CARRIED: usize = 40 * 1024;
/// How many rows of each sort are shown. The table with all outcomes can be downloaded.
const SHOWN: usize = 60;

/// Somebody in the office, and a form with a file that they sent.
pub(super) struct Upload {
    office: Office,
    entered: Entered,
    file: Bytes,
}

impl FromRequest<Contract> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, contract: &Contract) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let signed_in = SignedIn::from_request_parts(&mut parts, contract).await?;
        let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let (entered, file) = match read(content_type.unwrap_or_default(), body).await {
            Ok(read) => read,
            Err(error) => {
                let office = Office::of(signed_in, &parts.uri).await?;
                let detail = Message::new("office-file-unreadable").arg("error", error);
                let problem = Rejection::new(Code::InvalidBody, "/file", detail).into();
                return Err(page(&office, &Entered::default(), Some(&problem)));
            }
        };
        let SignedForm { signed_in, entered } = SignedForm::checked(signed_in, entered)?;
        Ok(Self { office: Office::of(signed_in, &parts.uri).await?, entered, file })
    }
}

/// The fields of a form, and the file in it: as it was chosen, or else as the page before carried it.
async fn read(content_type: &str, body: Body) -> Result<(Entered, Bytes), String> {
    let body = to_bytes(body, MOST_FILE).await.map_err(|error| error.to_string())?;
    let boundary = multer::parse_boundary(content_type).map_err(|error| error.to_string())?;
    let mut form =
        multer::Multipart::new(stream::once(async move { Ok::<_, std::io::Error>(body) }), boundary);
    let (mut fields, mut file) = (Vec::new(), Bytes::new());
    while let Some(field) = form.next_field().await.map_err(|error| error.to_string())? {
        let (name, is_file) = (field.name().unwrap_or_default().to_owned(), field.file_name().is_some());
        let content = field.bytes().await.map_err(|error| error.to_string())?;
        if is_file {
            file = content;
        } else {
            fields.push((name, String::from_utf8_lossy(&content).into_owned()));
        }
    }
    let entered = Entered::of(&fields);
    if file.is_empty() {
        file = carried(entered.text("carried")).unwrap_or_default();
    }
    Ok((entered, file))
}

/// A file as a page carries it; None if it is too large.
fn carry(file: &[u8]) -> Option<String> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(file).ok()?;
    let text = STANDARD.encode(packed.finish().ok()?);
    (text.len() <= CARRIED).then_some(text)
}

/// A file that a page carried.
fn carried(text: &str) -> Option<Bytes> {
    let packed = STANDARD.decode(text).ok()?;
    let mut file = Vec::new();
    GzDecoder::new(&packed[..]).take(MOST_FILE as u64).read_to_end(&mut file).ok()?;
    Some(file.into())
}

/// What was said of the headings of a table, as the contract takes it: only what differs from how they were read.
fn mapping(entered: &Entered) -> Option<String> {
    let said = entered.fields().iter().filter_map(|(name, meant)| {
        let heading = name.strip_prefix(MEANING)?;
        let meant = meant.trim();
        (entered.text(&format!("{AS_READ}{heading}")) != meant)
            .then(|| (heading.to_owned(), Some(meant).filter(|meant| !meant.is_empty()).map(Into::into)))
    });
    let said: ColumnMapping = said.collect();
    let text = serde_json::to_string(&said).expect("a mapping is plain data");
    (said != ColumnMapping::default()).then_some(text)
}

/// The fields of what a heading means and of how it was read at first end in the heading.
const MEANING: &str = "meaning:";
const AS_READ: &str = "as-read:";

/// What tells a file from another one.
fn fingerprint(file: &[u8]) -> String {
    format!("{:016x}", xxh3_64(file))
}

#[derive(Deserialize)]
struct Receipt {
    #[serde(default)]
    accepted: usize,
    #[serde(default)]
    refused: usize,
    outcomes: Vec<Outcome>,
    #[serde(default)]
    changes: Vec<Change>,
    reading: Option<Reading>,
}

#[derive(Deserialize)]
struct Outcome {
    row: u32,
    line: Option<u32>,
    facility: Option<String>,
    name: Option<String>,
    #[serde(rename = "type")]
    code: Option<String>,
    status: String,
    #[serde(default)]
    errors: Vec<Remark>,
    #[serde(default)]
    warnings: Vec<Remark>,
    #[serde(default)]
    differences: Vec<Difference>,
}

#[derive(Deserialize)]
struct Remark {
    detail: String,
}

#[derive(Deserialize)]
struct Difference {
    part: String,
    before: String,
    listed: String,
    kept: bool,
}

#[derive(Deserialize)]
struct Change {
    row: u32,
    line: Option<u32>,
    #[serde(rename = "type")]
    code: String,
    before: Numbers,
    values: Numbers,
}

/// How the table was understood.
#[derive(Deserialize)]
struct Reading {
    sheet: Option<String>,
    header_line: u32,
    columns: Vec<Column>,
    notes: Vec<String>,
}

#[derive(Deserialize)]
struct Column {
    heading: String,
    column: Option<String>,
}

/// What is in the table: what the contract calls the list, and its name.
const KINDS: [(&str, &str); 2] = [("reports", "/v1/reports"), ("facilities", "/v1/imports/facilities")];

pub(super) async fn show(office: Office) -> Answer {
    Ok(page(&office, &Entered::default(), None))
}

/// The page where a file is chosen.
fn page(office: &Office, entered: &Entered, problem: Option<&Problem>) -> Response {
    let say = |message: Message| office.say(message);
    let title = say(Section::Import.name());
    let kinds =
        KINDS.map(|(kind, _)| (kind.to_owned(), say(Message::new("office-import-kind").arg("kind", kind))));
    let fields = vec![
        Field::choice("what", say(Message::new("office-import-what")), kinds.to_vec()),
        Field::text("facility", say(Message::new("office-import-facility")))
            .hint(say(Message::new("office-import-facility-hint"))),
        Field::file("file", say(Message::new("office-file"))).hint(say(Message::new("office-file-hint"))),
    ];
    let main = html! {
        h1 { (title) }
        p { (say(Message::new("office-import-lead"))) }
        (Form {
            office,
            action: "/office/import",
            groups: vec![fields.into()],
            entered,
            hidden: Vec::new(),
            problem,
            submit: say(Message::new("office-preview")),
        }.markup())
    };
    office.refused(Section::Import, problem, title, &main)
}

/// Looks at a file, stores it, or gives the table with its outcomes, as the button says.
pub(super) async fn send(Upload { office, entered, file }: Upload) -> Answer {
    let Some((_, path)) = KINDS.into_iter().find(|(kind, _)| *kind == entered.text("what")) else {
        return Ok(page(&office, &entered, None));
    };
    if file.is_empty() {
        let problem = Rejection::new(Code::MissingField, "/file", Message::new("office-file-missing")).into();
        return Ok(page(&office, &entered, Some(&problem)));
    }
    // Another file than the one that was looked at is looked at first.
    let is_same = entered.text("fingerprint") == fingerprint(&file);
    let is_stored = is_same && entered.has("store");
    let is_table = is_same && entered.has("table");
    let overwrite = if entered.has("overwrite") { "overwrite=true" } else { "" };
    let dry_run = if is_stored || is_table && entered.has("stored") { "" } else { "dry_run=true" };
    let columns = mapping(&entered).map(|columns| format!("columns={}", in_address(&columns)));
    let facility = entered.given("facility").filter(|_| entered.text("what") == "reports");
    let facility = facility.map(|facility| format!("facility={}", in_address(facility)));
    let parameters =
        [dry_run.to_owned(), overwrite.to_owned(), columns.unwrap_or_default(), facility.unwrap_or_default()];
    let parameters: Vec<String> = parameters.into_iter().filter(|one| !one.is_empty()).collect();
    let path = format!("{path}?{}", parameters.join("&")).trim_end_matches('?').to_owned();
    let accept = if is_table { "text/csv" } else { "application/json" };
    // The same key gives the receipt of the time when it was stored, however often it is asked for.
    let key = if is_same { entered.text("run").to_owned() } else { office.visitor().idempotency_key() };
    let answer = office.visitor().send_table(&path, &key, accept, file.clone()).await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(problem) => return Ok(page(&office, &entered, Some(&problem))),
    };
    if is_table {
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"outcome.csv\""),
            (header::CACHE_CONTROL, "no-store"),
        ];
        return Ok((headers, answer).into_response());
    }
    let receipt: Receipt = serde_json::from_slice(&answer).map_err(|error| {
        let detail = Message::new("office-file-unreadable").arg("error", error.to_string());
        office.problem(&Rejection::new(Code::Internal, "", detail).into())
    })?;
    let Types { types } = office.get("/v1/types").await?;
    let labels = types.into_iter().map(|known| (known.code, known.label)).collect();
    let run = Run { office: &office, entered: &entered, file: &file, key: &key, is_stored, labels };
    Ok(run.page(&receipt))
}

/// A file that was looked at or stored.
struct Run<'a> {
    office: &'a Office,
    entered: &'a Entered,
    file: &'a [u8],
    key: &'a str,
    is_stored: bool,
    /// The names of the types, by code.
    labels: HashMap<String, String>,
}

impl Run<'_> {
    /// What a row is about, as people name it: the facility, and the type.
    fn whom(&self, row: Option<&Outcome>, code: Option<&String>) -> Markup {
        let facility = row.and_then(|row| row.name.as_ref().or(row.facility.as_ref()));
        let label = code.map(|code| self.labels.get(code).unwrap_or(code));
        let names: Vec<&str> = [facility, label].into_iter().flatten().map(|name| &**name).collect();
        html! { (names.join(", ")) }
    }

    fn say(&self, message: Message) -> String {
        self.office.say(message)
    }

    /// What was understood and what comes of it; before it is stored, with the button that does.
    fn page(&self, receipt: &Receipt) -> Response {
        let title = if self.is_stored {
            Message::new("office-imported")
        } else {
            Message::new("office-preview-title")
        };
        let title = self.say(title);
        let changed = receipt
            .outcomes
            .iter()
            .filter(|row| row.status != "unchanged" && row.status != "refused")
            .count();
        let told = Message::new("office-import-told")
            .arg("rows", receipt.outcomes.len())
            .arg("accepted", receipt.accepted)
            .arg("changed", changed)
            .arg("refused", receipt.refused);
        let told = self.say(told);
        let main = html! {
            h1 { (title) }
            @if self.is_stored { p .done role="status" { (told) } } @else { p .lead { (told) } }
            @if !self.is_stored && changed > 0 { (self.confirm(receipt, changed)) }
            (self.refused(receipt))
            (self.warned(receipt))
            (self.changes(receipt))
            @if self.is_stored { (self.rows(receipt)) }
            @if let Some(reading) = &receipt.reading { (self.reading(reading)) }
            (self.again("table", Message::new("office-outcome-table"), &html! {}))
            p { a href=(self.office.link("/office/import")) { (self.say(Message::new("office-another-file"))) } }
        };
        self.office.page(Section::Import, title, &main)
    }

    fn confirm(&self, receipt: &Receipt, changed: usize) -> Markup {
        let is_kept =
            receipt.outcomes.iter().flat_map(|row| &row.differences).any(|difference| difference.kept);
        let overwrite = html! {
            @if is_kept { label .tick { input type="checkbox" name="overwrite" value="true" checked[self.entered.has("overwrite")]; " " (self.say(Message::new("office-overwrite"))) } }
        };
        self.again("store", Message::new("office-store").arg("rows", changed), &overwrite)
    }

    /// The form that sends the same file once more.
    fn again(&self, step: &str, button: Message, more: &Markup) -> Markup {
        let carried = carry(self.file);
        html! {
            form .fields method="post" action=(self.office.link("/office/import")) enctype="multipart/form-data" {
                (self.office.token())
                input type="hidden" name="what" value=(self.entered.text("what"));
                input type="hidden" name="facility" value=(self.entered.text("facility"));
                input type="hidden" name="run" value=(self.key);
                input type="hidden" name="fingerprint" value=(fingerprint(self.file));
                @if step != "look" { (self.said_of_headings()) }
                @if self.is_stored {
                    input type="hidden" name="stored" value="true";
                    @if self.entered.has("overwrite") { input type="hidden" name="overwrite" value="true"; }
                }
                @match carried {
                    Some(carried) => input type="hidden" name="carried" value=(carried);,
                    None => div .field {
                        label for={ "file-" (step) } { (self.say(Message::new("office-file-again"))) }
                        input #{ "file-" (step) } type="file" name="file" required;
                    },
                }
                (more)
                button .primary[step == "store"] name=(step) value="true" { (self.say(button)) }
            }
        }
    }

    /// What was said of the headings, for the steps to come.
    fn said_of_headings(&self) -> Markup {
        let said = self.entered.fields().iter().filter(|(name, _)| is_of_heading(name));
        html! { @for (name, value) in said { input type="hidden" name=(name) value=(value); } }
    }

    fn refused(&self, receipt: &Receipt) -> Markup {
        let refused: Vec<&Outcome> = receipt.outcomes.iter().filter(|row| row.status == "refused").collect();
        self.remarks(Message::new("office-rows-refused"), &refused, |row| &row.errors)
    }

    fn warned(&self, receipt: &Receipt) -> Markup {
        let warned: Vec<&Outcome> = receipt.outcomes.iter().filter(|row| !row.warnings.is_empty()).collect();
        self.remarks(Message::new("office-rows-warned"), &warned, |row| &row.warnings)
    }

    fn remarks<'r>(
        &self,
        heading: Message,
        rows: &[&'r Outcome],
        remarks: impl Fn(&'r Outcome) -> &'r [Remark],
    ) -> Markup {
        let heading = self.say(heading);
        let cells = rows.iter().take(SHOWN).map(|row| {
            vec![
                line(row.row, row.line),
                self.whom(Some(row), row.code.as_ref()),
                html! { @for remark in remarks(row) { p { (remark.detail) } } },
            ]
        });
        let cells: Vec<Vec<Markup>> = cells.collect();
        let headings =
            [Message::new("office-line"), Message::new("office-row"), Message::new("office-remark")];
        html! { @if !rows.is_empty() {
            h2 { (heading) " (" (rows.len()) ")" }
            (table(&heading, &headings.map(|heading| self.say(heading)), &cells))
            (self.cut(rows.len()))
        } }
    }

    fn cut(&self, all: usize) -> Markup {
        html! { @if all > SHOWN { p .quiet { (self.say(Message::new("office-cut").arg("more", all - SHOWN))) } } }
    }

    /// What becomes of the numbers, or of what is known of facilities.
    fn changes(&self, receipt: &Receipt) -> Markup {
        let changed = receipt.changes.iter().filter(|change| change.before != change.values);
        let whose = |change: &Change| receipt.outcomes.iter().find(|row| row.row == change.row);
        let numbers = changed.map(|change| {
            let now = in_numbers(self.office, change.values);
            let before = in_numbers(self.office, change.before);
            vec![
                line(change.row, change.line),
                self.whom(whose(change), Some(&change.code)),
                html! { (before) },
                html! { strong { (now) } },
            ]
        });
        let parts = receipt.outcomes.iter().flat_map(|row| {
            row.differences.iter().map(move |difference| {
                vec![
                    line(row.row, row.line),
                    html! { (row.name.as_deref().unwrap_or_default()) ": " (self.say(Message::new("office-part").arg("part", difference.part.clone()))) },
                    html! { (difference.before) },
                    html! { @if difference.kept { (difference.listed) " " span .tag { (self.say(Message::new("office-kept"))) } } @else { strong { (difference.listed) } } },
                ]
            })
        });
        let added = receipt.outcomes.iter().filter(|row| row.status == "added").map(|row| {
            let name = row.name.as_deref().unwrap_or_default();
            vec![
                line(row.row, row.line),
                html! { (name) },
                html! {},
                html! { strong { (self.say(Message::new("office-added"))) } },
            ]
        });
        let rows: Vec<Vec<Markup>> = added.chain(parts).chain(numbers).collect();
        let headings = [
            Message::new("office-line"),
            Message::new("office-what"),
            Message::new("office-before"),
            Message::new("office-after"),
        ];
        let heading = self.say(Message::new("office-changes-listed"));
        let count = rows.len();
        html! { @if count > 0 {
            h2 { (heading) " (" (count) ")" }
            (table(&heading, &headings.map(|heading| self.say(heading)), &rows[..count.min(SHOWN)]))
            (self.cut(count))
        } }
    }

    fn rows(&self, receipt: &Receipt) -> Markup {
        let rows: Vec<Vec<Markup>> = receipt
            .outcomes
            .iter()
            .take(SHOWN)
            .map(|row| {
                vec![
                    line(row.row, row.line),
                    self.whom(Some(row), row.code.as_ref()),
                    html! { (self.say(Message::new("office-row-status").arg("status", row.status.clone()))) },
                ]
            })
            .collect();
        let headings =
            [Message::new("office-line"), Message::new("office-row"), Message::new("office-outcome")];
        let heading = self.say(Message::new("office-rows"));
        html! {
            h2 { (heading) }
            (table(&heading, &headings.map(|heading| self.say(heading)), &rows))
            (self.cut(receipt.outcomes.len()))
        }
    }

    /// How each column was read.
    fn reading(&self, reading: &Reading) -> Markup {
        let caption = Message::new("office-reading-caption")
            .arg("sheet", reading.sheet.clone())
            .arg("line", reading.header_line);
        let rows: Vec<Vec<Markup>> = reading.columns.iter().map(|column| self.meaning(column)).collect();
        let headings = [Message::new("office-heading"), Message::new("office-meaning")];
        let columns = table(&self.say(caption), &headings.map(|heading| self.say(heading)), &rows);
        let columns = html! {
            (columns)
            datalist #columns { @for column in self.columns() { option value=(column) label=(self.in_words(column)); } }
        };
        html! {
            h2 { (self.say(Message::new("office-reading"))) }
            @if self.is_stored { (columns) } @else {
                p .quiet { (self.say(Message::new("office-meaning-hint"))) }
                (self.again("look", Message::new("office-look-again"), &columns))
            }
            @if !reading.notes.is_empty() { ul { @for note in &reading.notes { li { (note) } } } }
        }
    }

    /// A heading and what it means, which can be corrected until the table is stored.
    fn meaning(&self, column: &Column) -> Vec<Markup> {
        let Column { heading, column } = column;
        let read = column.as_deref().unwrap_or_default();
        let first = self.entered.given(&format!("{AS_READ}{heading}")).unwrap_or(read);
        let meaning = html! {
            @if self.is_stored {
                @if read.is_empty() { span .tag { (self.say(Message::new("office-passed-over"))) } } @else { (self.in_words(read)) }
            } @else {
                input type="hidden" name={ (AS_READ) (heading) } value=(first);
                input name={ (MEANING) (heading) } value=(read) list="columns" aria-label=(self.say(Message::new("office-meaning-of").arg("heading", heading.clone()))) placeholder=(self.say(Message::new("office-passed-over")));
                @if !read.is_empty() { small { (self.in_words(read)) } }
            }
        };
        vec![html! { (heading) }, meaning]
    }

    /// A column as people name it; in front of a number of a type stands the type.
    fn in_words(&self, column: &str) -> String {
        let parts = column.rsplit_once('/');
        let of_type = parts.and_then(|(code, number)| Some((self.labels.get(code)?, number)));
        let (label, column) = of_type.map_or((None, column), |(label, number)| (Some(label), number));
        let name = self.say(Message::new("office-column").arg("column", column.to_owned()));
        label.map_or_else(|| name.clone(), |label| format!("{label}, {name}"))
    }

    /// The columns that a list of this kind may have.
    fn columns(&self) -> &'static [&'static str] {
        if self.entered.text("what") == "reports" { &reports::COLUMNS } else { &facilities::COLUMNS }
    }
}

/// Whether a field says what a heading means.
fn is_of_heading(name: &str) -> bool {
    name.starts_with(MEANING) || name.starts_with(AS_READ)
}

/// The line in the file, as a spreadsheet counts; the header is line 1 where the contract tells no other.
fn line(row: u32, line: Option<u32>) -> Markup {
    html! { (line.unwrap_or(row + 1)) }
}
