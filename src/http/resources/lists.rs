//! Lists that are sent: tables and rows, in whichever way a client sends them, and their outcome, row by row.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderValue, Request, header},
    response::Response,
};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    domain::rejection::{Code, Rejection, Rejections},
    http::{
        App, Problem,
        request::{Caller, WriteRequest, negotiate, write::unsupported},
    },
    import::{ColumnMapping, Context, File, reports},
    locales::Message,
    render::{Format, encoded_table},
    spreadsheet::{escape_formula, unescape_formula},
    store::{Command, commands::Remark},
};

/// What was read from a list: the command, and the table if it is to be sent back.
pub(super) struct List<C> {
    pub(super) command: C,
    pub(super) cells: Option<Vec<Vec<String>>>,
}

/// How a list is to be handled.
pub(super) struct Handling {
    /// Decide everything, store nothing.
    pub(super) dry_run: bool,
    /// What its headings mean.
    pub(super) columns: Option<ColumnMapping>,
    /// The facility of rows that name none.
    pub(super) facility: Option<String>,
}

/// Reads the list in a request, submits it, and answers with an outcome per row: as JSON, or as the table that was sent.
pub(super) async fn send_list<C: Command>(
    app: &App,
    caller: Caller,
    body: Request<Body>,
    Handling { dry_run, columns, facility }: Handling,
    read: impl FnOnce(&Upload, Context<'_>) -> Result<List<C>, Rejections> + Send + 'static,
) -> Result<Response, Problem>
where
    C::Outcome: RowOutcomes,
{
    let mut request = WriteRequest::read_list(app, caller, body).await?;
    // Whoever takes neither gets JSON, as from every other write.
    let format =
        negotiate::format(&request.headers, None, &[Format::Json, Format::Csv]).unwrap_or(Format::Json);
    let turns = Arc::clone(&app.writes.list_turns);
    let turn = turns.acquire_owned().await.expect("nobody closes the turns");
    request.forget_key_of(dry_run)?;
    let upload = Upload::of(&request).await?;
    let (now, language, state) = (request.now(), request.caller.language, app.reads.current());
    let sender = request.caller.principal.clone();
    let keeps_cells = format.name() == Format::Csv.name();
    // Reading a long list is computing: it must not hold up the tasks that answer questions.
    // The turn ends with that work, even if the client has gone.
    let read = tokio::task::spawn_blocking(move || {
        let mapping = &columns.unwrap_or_default();
        let facility = facility.as_deref();
        let context =
            Context { now, state: &state, sender: &sender, language, mapping, keeps_cells, facility };
        (read(&upload, context), turn)
    });
    let (list, _turn) = read.await.expect("reading rows neither panics nor is cancelled");
    let List { command, cells } = list?;
    let response = request.submit(command.then(unless_all_refused)).await?;
    Ok(match cells {
        Some(cells) => beside_outcomes(response, cells, format).await,
        None => response,
    })
}

/// A receipt with an outcome for each row.
pub(super) trait RowOutcomes {
    /// How many outcomes there are, and for those of rows that were refused why they were. None if a row was taken.
    fn all_refused(&self) -> Option<(usize, Vec<(u32, &Remark)>)>;
}

/// The receipt, unless no row was taken: then what is wrong with every row.
fn unless_all_refused<R: RowOutcomes>(receipt: R) -> Result<R, Rejections> {
    let Some((count, errors)) = receipt.all_refused() else { return Ok(receipt) };
    let refused = all_refused(count, errors.into_iter());
    Rejections::unless_empty(refused, receipt)
}

/// A file as it was sent.
pub(super) struct Upload {
    bytes: Bytes,
    /// The form that its media type names; None if it names none.
    pub(super) format: Option<reports::Format>,
    charset: Option<String>,
}

impl Upload {
    /// The file in a request: its body, or the first file of a form. Tables are recognized by what is in them.
    async fn of(request: &WriteRequest) -> Result<Self, Rejection> {
        let given = request.content_type().unwrap_or_default();
        if media_type(given) != "multipart/form-data" {
            return Self::new(request.bytes().clone(), given);
        }
        let body = request.bytes().clone();
        let unfit = |error: &dyn std::fmt::Display| {
            let detail = Message::new("form-unreadable").arg("error", error.to_string());
            Rejection::new(Code::InvalidBody, "", detail)
        };
        let boundary = multer::parse_boundary(given).map_err(|error| unfit(&error))?;
        let body = stream::once(async move { Ok::<_, std::io::Error>(body) });
        let mut form = multer::Multipart::new(body, boundary);
        while let Some(field) = form.next_field().await.map_err(|error| unfit(&error))? {
            if field.file_name().is_none() {
                continue;
            }
            let given = field.content_type().map(ToString::to_string).unwrap_or_default();
            let bytes = field.bytes().await.map_err(|error| unfit(&error))?;
            return Self::new(bytes, &given);
        }
        Err(Rejection::new(Code::MissingField, "file", Message::new("form-without-file")))
    }

    fn new(bytes: Bytes, given: &str) -> Result<Self, Rejection> {
        let format = match media_type(given).as_str() {
            "application/json" | "text/json" => Some(reports::Format::Json),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
                Some(reports::Format::Ndjson)
            }
            "text/csv" | "application/csv" | "text/tab-separated-values" => Some(reports::Format::Table),
            // Media types that say little, or that programs name for files of another form: curl the second.
            ""
            | "application/x-www-form-urlencoded"
            | "application/octet-stream"
            | "text/plain"
            | "application/vnd.ms-excel"
            | "application/gzip"
            | "application/zip" => None,
            given if WORKBOOKS.contains(&given) => None,
            other => {
                let taken = ["application/json", "application/x-ndjson", "text/csv", WORKBOOKS[0]];
                return Err(unsupported(other, &taken));
            }
        };
        let charset = given.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().to_owned())
        });
        Ok(Self { bytes, format, charset })
    }

    /// The file for those who read it.
    pub(super) fn file(&self) -> File<'_> {
        File { bytes: &self.bytes, charset: self.charset.as_deref() }
    }
}

/// The media types of workbooks.
const WORKBOOKS: [&str; 4] = [
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel.sheet.macroenabled.12",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12",
];

fn media_type(given: &str) -> String {
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A file as it is.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "this is the documentation of a body")]
pub(super) struct FileBytes(Vec<u8>);

/// A form with a file in it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "this is the documentation of a form; its parts are read one by one")]
pub(super) struct FileForm {
    file: FileBytes,
}

/// A receipt, as far as it is shown beside the rows.
#[derive(Deserialize)]
struct Outcomes {
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    row: usize,
    status: String,
    #[serde(default)]
    errors: Vec<Said>,
    #[serde(default)]
    warnings: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    detail: String,
}

/// The headings of the two columns.
const COLUMNS: [&str; 2] = ["outcome", "detail"];

/// The receipt as the table that was sent, with two columns more: what came of each row, and what there is to say of it.
async fn beside_outcomes(response: Response, mut table: Vec<Vec<String>>, format: Format) -> Response {
    let (mut head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a receipt is in memory");
    let Outcomes { outcomes } = serde_json::from_slice(&body).expect("a receipt is JSON that we wrote");
    // A table that was sent back once has these columns already.
    let is_sent_again = table.first().is_some_and(|headings| headings.ends_with(&COLUMNS.map(str::to_owned)));
    for (index, cells) in table.iter_mut().enumerate() {
        if is_sent_again {
            cells.truncate(cells.len() - COLUMNS.len());
        }
        cells.extend(COLUMNS.map(|heading| if index == 0 { heading.to_owned() } else { String::new() }));
    }
    for Outcome { row, status, errors, warnings } in outcomes {
        let Some([.., outcome, detail]) = table.get_mut(row).map(Vec::as_mut_slice) else { continue };
        join(outcome, &status);
        for Said { detail: text } in errors.iter().chain(&warnings) {
            join(detail, text);
        }
    }
    let mut csv = csv::Writer::from_writer(Vec::new());
    for cells in table {
        let cells = cells.into_iter().map(|cell| escape_formula(unescape_formula(&cell).to_owned()));
        csv.write_record(cells).expect("all rows are as wide as the header");
    }
    let bytes = encoded_table(csv.into_inner().expect("writing into memory does not fail"), format);
    head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(bytes))
}

/// Adds to what was said before; a row of a wide table has several outcomes.
fn join(cell: &mut String, more: &str) {
    if !cell.is_empty() {
        cell.push_str("; ");
    }
    cell.push_str(more);
}

/// The refusal of a list of which no row was taken, and of each row.
fn all_refused<'a>(count: usize, errors: impl Iterator<Item = (u32, &'a Remark)>) -> Vec<Rejection> {
    let detail = Message::new("all-rows-refused").arg("count", count.to_string());
    let all = Rejection::new(Code::AllRowsRefused, "", detail);
    let rows = errors.filter_map(|(row, Remark { code, pointer, detail })| {
        // A pointer that names a header, not a part of the row, is still why this row was refused.
        let within = if pointer.starts_with('/') { pointer } else { "" };
        let detail = Message::new("as-was-said").arg("detail", detail.clone());
        Some(Rejection::new(Code::named(code)?, format!("/rows/{row}{within}"), detail))
    });
    std::iter::once(all).chain(rows).collect()
}
