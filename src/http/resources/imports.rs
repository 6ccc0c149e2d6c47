//! Files that are sent: tables and lists, in whichever way a client sends them, and lists of facilities.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, Request, header},
    response::Response,
};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::rejection::{Code, Rejection, Rejections},
    http::{
        App, Problem,
        documents::ImportProblems,
        request::{
            Caller, Params, WriteRequest,
            write::{Retry, unsupported},
        },
    },
    import::{Context, File, facilities, reports::Format},
    locales::Message,
    spreadsheet::escape_formula,
    store::{
        Command,
        commands::{FacilityRowsReceipt, ImportFacilities, ListedStatus, Remark},
    },
};

/// A file as it was sent.
pub(super) struct Upload {
    pub(super) bytes: Bytes,
    /// The form that its media type names; None if it names none.
    pub(super) format: Option<Format>,
    charset: Option<String>,
}

impl Upload {
    /// The file in a request: its body, or the first file of a form. Tables are recognized by what is in them.
    pub(super) async fn of(request: &WriteRequest) -> Result<Self, Rejection> {
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
            "application/json" | "text/json" => Some(Format::Json),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Some(Format::Ndjson),
            "text/csv" | "application/csv" | "text/tab-separated-values" => Some(Format::Table),
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

/// The parameters of a list of facilities.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportParams {
    /// Decide everything, store nothing
    #[serde(default)]
    dry_run: bool,
    /// Take the list's word also for what a person stated
    #[serde(default)]
    overwrite: bool,
}

/// A form with a file in it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "this is the documentation of a form; its parts are read one by one")]
pub(super) struct FileForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Add or change facilities from a table
///
/// CSV in any dialect and encoding, `.xlsx`, `.xls` or `.ods`, as a body or in a form. Columns in Indonesian or English:
/// name, kind, region by code or name, `external_ids` or the ministry's code, address, telephones, coordinates. A facility
/// that has one of the same ids is changed. What a person stated stays, and the outcome says what the list says
/// otherwise; `overwrite=true` takes the list's word for it. With `dry_run=true` nothing is stored, and the answer says
/// how each column was read and what each row would do. With `Accept: text/csv` the answer is the table that was sent with
/// two columns more, `outcome` and `detail`. At most 20,000 rows and 8 MiB.
#[utoipa::path(
    post,
    path = "/v1/imports/facilities",
    operation_id = "import_facilities",
    tag = "change",
    params(ImportParams, Retry),
    request_body(content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/octet-stream"),
        (FileForm = "multipart/form-data"),
    )),
    responses(
        (status = 200, description = "An outcome per row", content(
            (FacilityRowsReceipt = "application/json"),
            (String = "text/csv"),
        )),
        ImportProblems,
    ),
    security(("key" = [])),
)]
pub(super) async fn facilities(
    State(app): State<App>,
    caller: Caller,
    Params(ImportParams { dry_run, overwrite }): Params<ImportParams>,
    body: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_imports()?;
    let mut request = WriteRequest::read_list(&app, caller, body).await?;
    let _turn = app.writes.list_turns.acquire().await;
    request.forget_key_of(dry_run)?;
    let upload = Upload::of(&request).await?;
    let (now, language, state) = (request.now(), request.caller.language, app.reads.current());
    let keeps_cells = wants_table(&request);
    let read = tokio::task::spawn_blocking(move || {
        let context = Context { now, state: &state, language, keeps_cells };
        facilities::read(upload.file(), context, facilities::MOST_ROWS)
    });
    let facilities::Facilities { rows, reading, cells } =
        read.await.expect("reading rows neither panics nor is cancelled")?;
    if rows.is_empty() {
        return Err(Rejection::new(Code::NothingReported, "", Message::new("list-is-empty")).into());
    }
    let command = ImportFacilities { rows, reading: Some(reading), dry_run, overwrite, language };
    let response = request.submit(command.then(unless_all_refused)).await?;
    Ok(beside_outcomes(response, cells).await)
}

/// Whether the outcome is wanted as the table that was sent.
pub(super) fn wants_table(request: &WriteRequest) -> bool {
    let accept = request.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.trim_start().to_ascii_lowercase().starts_with("text/csv"))
}

/// The receipt as the table that was sent, with two columns more: what came of each row, and what there is to say of it.
pub(super) async fn beside_outcomes(response: Response, cells: Option<Vec<Vec<String>>>) -> Response {
    let Some(mut table) = cells.filter(|_| response.status().is_success()) else { return response };
    let (mut head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let receipt: Value = serde_json::from_slice(&body).unwrap_or_default();
    for cells in table.iter_mut().skip(1) {
        cells.extend([String::new(), String::new()]);
    }
    if let Some(headings) = table.first_mut() {
        headings.extend(["outcome".to_owned(), "detail".to_owned()]);
    }
    for outcome in receipt["outcomes"].as_array().into_iter().flatten() {
        let row = outcome["row"]
            .as_u64()
            .and_then(|row| usize::try_from(row).ok())
            .and_then(|row| table.get_mut(row));
        let Some([.., status, details]) = row.map(Vec::as_mut_slice) else { continue };
        let of = |list: &str| outcome[list].as_array().cloned().unwrap_or_default();
        let said: Vec<Value> = [of("errors"), of("warnings")].concat();
        let texts = said.iter().filter_map(|remark| remark["detail"].as_str().map(str::to_owned));
        join(status, outcome["status"].as_str().unwrap_or_default());
        for text in texts {
            join(details, &text);
        }
    }
    let mut csv = csv::Writer::from_writer(Vec::new());
    for cells in table {
        let cells = cells.into_iter().map(escape_formula);
        csv.write_record(cells).expect("all rows are as wide as the header");
    }
    let bytes = csv.into_inner().expect("writing into memory does not fail");
    head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
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

/// The receipt, unless no row was taken: then what is wrong with every row.
fn unless_all_refused(receipt: FacilityRowsReceipt) -> Result<FacilityRowsReceipt, Rejections> {
    if receipt.outcomes.iter().any(|outcome| outcome.status != ListedStatus::Refused) {
        return Ok(receipt);
    }
    let errors = receipt.outcomes.iter().flat_map(|row| row.errors.iter().map(|error| (row.row, error)));
    let refused = all_refused(receipt.outcomes.len(), errors);
    Rejections::unless_empty(refused, receipt)
}

/// The refusal of a list of which no row was taken, and of each row.
pub(super) fn all_refused<'a>(
    count: usize,
    errors: impl Iterator<Item = (u32, &'a Remark)>,
) -> Vec<Rejection> {
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
