//! Lists of facilities that are sent.

use axum::{body::Body, extract::State, http::Request, response::Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::lists::{FileBytes, FileForm, Handling, List, RowOutcomes, send_list};
use crate::{
    domain::rejection::{Code, Rejection},
    http::{
        App, Problem,
        documents::ImportProblems,
        request::{Caller, Params, write::Retry},
    },
    import::{ColumnMapping, facilities},
    locales::Message,
    store::commands::{FacilityRowsReceipt, ImportFacilities, ListedStatus, Remark},
};

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
    /// What headings of a table mean, as JSON: for a heading the one that it is read as, or null to pass its column over
    #[param(inline, value_type = Option<String>, example = r#"{"Sisa":"Kosong","Bangsal":null}"#)]
    columns: Option<ColumnMapping>,
}

/// Add or change facilities from a table
///
/// CSV in any dialect and encoding, `.xlsx`, `.xls` or `.ods`, as a body or in a form. Columns in Indonesian or English:
/// name, kind, region by code or name, `external_ids` or the ministry's code, address, telephones, coordinates. A facility
/// that has one of the same ids is changed; without ids, the one of that name in its region. What a person stated stays,
/// and the outcome says what the list says otherwise; `overwrite=true` takes the list's word for it. With `dry_run=true`
/// nothing is stored, and the answer says how each column was read and what each row would do. With `Accept: text/csv` the
/// answer is the table that was sent with two columns more, `outcome` and `detail`. At most 20,000 rows and 8 MiB.
#[utoipa::path(
    post,
    path = "/v1/imports/facilities",
    operation_id = "import_facilities",
    tag = "change",
    params(ImportParams, Retry),
    request_body(content(
        (String = "text/csv"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (FileBytes = "application/octet-stream"),
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
    Params(ImportParams { dry_run, overwrite, columns }): Params<ImportParams>,
    body: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_imports()?;
    send_list(&app, caller, body, Handling { dry_run, columns, facility: None }, move |upload, context| {
        let facilities::Facilities { rows, reading, cells } =
            facilities::read(upload.file(), context, facilities::MOST_ROWS)?;
        if rows.is_empty() {
            return Err(Rejection::new(Code::NothingReported, "", Message::new("list-is-empty")).into());
        }
        let language = context.language;
        let command = ImportFacilities { rows, reading: Some(reading), dry_run, overwrite, language };
        Ok(List { command, cells })
    })
    .await
}

impl RowOutcomes for FacilityRowsReceipt {
    fn all_refused(&self) -> Option<(usize, Vec<(u32, &Remark)>)> {
        let is_refused = self.outcomes.iter().all(|row| row.status == ListedStatus::Refused);
        let errors = self.outcomes.iter().flat_map(|row| row.errors.iter().map(|error| (row.row, error)));
        is_refused.then(|| (self.outcomes.len(), errors.collect()))
    }
}
