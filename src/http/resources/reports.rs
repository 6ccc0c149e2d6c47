//! Reports: the numbers that facilities state.

use axum::{body::Body, extract::State, http::Request, response::Response};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::lists::{FileBytes, FileForm, Handling, List, RowOutcomes, send_list};
use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityRef,
        numbers::{Numbers, Statement},
        observation,
        rejection::{Code, Rejection, Rejections, pointer_token},
        session::SessionRef,
    },
    http::{
        App, Problem,
        documents::{ListProblems, ReportProblems},
        request::{
            Caller, Params, WriteRequest,
            write::{Guard, Retry},
        },
    },
    import::{
        self, ColumnMapping,
        reports::{MOST_ROWS, Reports},
    },
    locales::Message,
    store::commands::{
        AdjustAvailability, ConfirmAvailability, PutAvailability, Remark, ReportReceipt, ReportRows,
        RowStatus, RowsReceipt,
    },
};

/// The numbers of one or many types of one facility.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AvailabilityInput {
    /// When they were true (RFC 3339, or the local time of the facility); now, if left out. An older observation than the one known goes into
    /// the history, and only a capacity in it counts if none was stated later.
    #[serde(default)]
    #[schema(example = "2021-07-01T14:05:00+07:00")]
    observed_at: Option<String>,
    /// The numbers by type. A type may be named by its code, by a code of another system that it carries (`kemenkes:38`), or
    /// by one of its names; `resolved` in the receipt says how that was read. Types left out stay as they are, and so does the capacity of a type that is given; its
    /// other numbers are unknown if left out. Null is unknown. All four null says: we no longer know.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, Numbers>, example = json!({"bed.icu_vent": {"capacity": 10, "occupied": 7, "available": 3, "queue": 0}}))]
    values: Option<Map<String, Value>>,
    /// The numbers of vaccination sessions: capacity is the quota, available is what is left. The name is the
    /// session's id, which means today's occurrence or the next, or `ID@2021-07-02`.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, Numbers>, example = json!({}))]
    sessions: Map<String, Value>,
}

/// One more or one fewer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AdjustInput {
    /// The type, by its code or one of its names.
    #[serde(rename = "type")]
    #[schema(example = "bed.icu_vent")]
    resource: String,
    /// How many more are free: -1 when one was taken, 1 when one came free. Occupied moves the other way.
    #[schema(example = -1, minimum = -1000, maximum = 1000)]
    delta: i32,
}

/// Nothing changed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmInput {
    /// The types that were looked at; all known ones if left out.
    #[serde(default)]
    types: Vec<String>,
    /// When (RFC 3339, or the local time of the facility); now, if left out.
    #[serde(default)]
    observed_at: Option<String>,
}

/// Report the numbers of a facility
///
/// The answer comes when the numbers are on disk and in every answer of this node. Impossible numbers
/// (negative, available + occupied > capacity, observed in the future) refuse the whole report. Numbers that are far
/// from those before (by 10 and more than three times) are taken, with a warning, and remembered until `confirm=true`;
/// with a link they are refused with `confirm_jump`, so that a person looks again.
#[utoipa::path(
    put,
    path = "/v1/facilities/{id}/availability",
    tag = "report",
    params(FacilityRef, ConfirmParams, Guard, Retry),
    request_body = AvailabilityInput,
    responses((status = 200, description = "Stored and visible", body = ReportReceipt), ReportProblems),
    security(("key" = [])),
)]
pub(super) async fn put_availability(
    facility: FacilityRef,
    Params(ConfirmParams { confirm: confirmed }): Params<ConfirmParams>,
    request: WriteRequest,
) -> Result<Response, Problem> {
    let input: AvailabilityInput = request.json()?;
    let mut refused = Vec::new();
    let observed_at =
        observed_at(&request, &facility, input.observed_at.as_deref()).unwrap_or_else(|rejection| {
            refused.push(rejection);
            None
        });
    let mut values = Vec::new();
    for (code, value) in input.values.iter().flatten() {
        let pointer = format!("/values/{}", pointer_token(code));
        match Statement::from_json(value, &pointer) {
            Ok(numbers) => values.push((code.clone(), numbers)),
            Err(rejections) => refused.extend(rejections),
        }
    }
    let mut sessions = Vec::new();
    for (name, value) in &input.sessions {
        let pointer = format!("/sessions/{}", pointer_token(name));
        match (SessionRef::parse(name, &pointer), Statement::from_json(value, &pointer)) {
            (Ok(name), Ok(numbers)) => sessions.push((name, numbers)),
            (name, numbers) => {
                refused.extend(name.err());
                refused.extend(numbers.err().unwrap_or_default());
            }
        }
    }
    if input.values.iter().flatten().next().is_none() && input.sessions.is_empty() {
        let code = if input.values.is_none() { Code::MissingField } else { Code::NothingReported };
        refused.push(Rejection::new(code, "/values", Message::new("report-is-empty")));
    }
    Rejections::unless_empty(refused, ())?;
    let (if_match, language) = (request.if_match()?, request.caller.language);
    let report = PutAvailability { facility, observed_at, values, sessions, confirmed, language, if_match };
    request.submit(report).await
}

/// Adjust what is free
#[utoipa::path(
    post,
    path = "/v1/facilities/{id}/availability/adjust",
    operation_id = "adjust_availability",
    tag = "report",
    params(FacilityRef, ConfirmParams, Guard, Retry),
    request_body = AdjustInput,
    responses((status = 200, description = "Stored and visible", body = ReportReceipt), ReportProblems),
    security(("key" = [])),
)]
pub(super) async fn adjust(
    facility: FacilityRef,
    Params(ConfirmParams { confirm: confirmed }): Params<ConfirmParams>,
    request: WriteRequest,
) -> Result<Response, Problem> {
    let input: AdjustInput = request.json()?;
    if input.delta == 0 || !(-1000..=1000).contains(&input.delta) {
        let detail = Message::new("delta-out-of-range").arg("delta", input.delta);
        return Err(Rejection::new(Code::InvalidField, "/delta", detail).into());
    }
    let (if_match, language) = (request.if_match()?, request.caller.language);
    request
        .submit(AdjustAvailability {
            facility,
            resource: input.resource,
            delta: input.delta,
            confirmed,
            language,
            if_match,
        })
        .await
}

/// Confirm that nothing has changed
///
/// The known numbers are true now, too. One tap instead of fifteen numbers.
#[utoipa::path(
    post,
    path = "/v1/facilities/{id}/availability/confirm",
    operation_id = "confirm_availability",
    tag = "report",
    params(FacilityRef, Guard, Retry),
    request_body(content = Option<ConfirmInput>, description = "May be left out: then all known numbers are confirmed"),
    responses((status = 200, description = "Stored and visible", body = ReportReceipt), ReportProblems),
    security(("key" = [])),
)]
pub(super) async fn confirm(facility: FacilityRef, request: WriteRequest) -> Result<Response, Problem> {
    let input: ConfirmInput = if request.bytes().is_empty() {
        ConfirmInput::default()
    } else {
        request.json::<Option<_>>()?.unwrap_or_default()
    };
    let observed_at = observed_at(&request, &facility, input.observed_at.as_deref())?;
    let (if_match, language) = (request.if_match()?, request.caller.language);
    request
        .submit(ConfirmAvailability { facility, types: input.types, observed_at, language, if_match })
        .await
}

fn observed_at(
    request: &WriteRequest,
    facility: &FacilityRef,
    text: Option<&str>,
) -> Result<Option<Timestamp>, Rejection> {
    let zone = || request.app.reads.current().facility_zone(facility);
    text.map(|text| observation::observed_at(text, request.now(), zone(), "/observed_at")).transpose()
}

/// The parameters of a report.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ConfirmParams {
    /// Numbers that are far from those before are right
    #[serde(default)]
    pub(super) confirm: bool,
}

/// The parameters of a list of reports.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParams {
    /// The facility of rows that name none, by id, `system:value` or name: for the table of one hospital
    #[param(example = "kemenkes:3374010")]
    facility: Option<String>,
    /// Decide everything, store nothing
    #[serde(default)]
    dry_run: bool,
    /// Numbers that are far from those before are right
    #[serde(default)]
    confirm: bool,
    /// What headings of a table mean, as JSON: for a heading the one that it is read as, or null to pass its column over
    #[param(inline, value_type = Option<String>, example = r#"{"Sisa":"Kosong","Bangsal":null}"#)]
    columns: Option<ColumnMapping>,
}

/// One row of a list of reports.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "this is the documentation of a row; rows are read one by one, so that a bad one does not stop the others"
)]
pub(super) struct ReportRowInput {
    /// Our id of the facility, `system:value`, or its name, with its region where others have the same name.
    #[schema(example = "kemenkes:3374010")]
    facility: String,
    /// The type: its code, a code of another system that it carries (`kemenkes:38`), or one of its names.
    #[serde(rename = "type")]
    #[schema(example = "bed.icu_vent")]
    resource: String,
    /// The session, as `ID` or `ID@2021-07-02`; only for `vaccination.session`, and needed there.
    session: Option<String>,
    /// How many there are; null is unknown, and left out it stays as it is. Of a session it is the quota.
    capacity: Option<u32>,
    /// How many are in use; null or left out is unknown, in this and the next two.
    occupied: Option<u32>,
    /// The number of free places.
    available: Option<u32>,
    /// The number of people who wait.
    queue: Option<u32>,
    /// When the numbers were true (RFC 3339, or the local time of the facility); now, if left out.
    observed_at: Option<String>,
}

/// Report many facilities at once
///
/// JSON (an array of rows), NDJSON (a row per line) or a table: CSV in any dialect and encoding, `.xlsx`, `.xls` or
/// `.ods`, as a body or in a form. The columns are `facility,type,session,capacity,occupied,available,queue,observed_at`
/// in any order, or headings as Indonesian lists have them ("Kode RS", "Jml TT", "Kosong"); a table may also have one row for each hospital and a column for
/// each number of a type ("ICU tersedia"). An empty cell is unknown, but an empty `capacity` leaves the capacity as it is. `reading` says how the
/// table was understood; with `Accept: text/csv` the answer is the table that was sent with two columns more, `outcome` and
/// `detail`. A bad row does not stop the others; every row has an outcome, and a row that says the same as
/// another one counts once. If every row is refused the answer is
/// a problem, `all_rows_refused`, whose errors say what is wrong with each (`/rows/3/occupied`). At most
/// 20,000 rows and 8 MiB.
#[utoipa::path(
    post,
    path = "/v1/reports",
    operation_id = "report_list",
    tag = "report",
    params(ListParams, Retry),
    request_body(content(
        (Vec<ReportRowInput> = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (FileBytes = "application/octet-stream"),
        (FileForm = "multipart/form-data"),
    )),
    responses(
        (status = 200, description = "An outcome per row", content(
            (RowsReceipt = "application/json"),
            (String = "text/csv"),
        )),
        ListProblems,
    ),
    security(("key" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(ListParams { facility, dry_run, confirm: confirmed, columns }): Params<ListParams>,
    body: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    send_list(&app, caller, body, Handling { dry_run, columns, facility }, move |upload, context| {
        let Reports { rows, reading, cells } =
            import::reports::read(upload.format, upload.file(), context, MOST_ROWS)?;
        let command = ReportRows { rows, reading, dry_run, confirmed, language: context.language };
        Ok(List { command, cells })
    })
    .await
}

impl RowOutcomes for RowsReceipt {
    fn all_refused(&self) -> Option<(usize, Vec<(u32, &Remark)>)> {
        let is_refused = self.outcomes.iter().all(|row| row.status == RowStatus::Refused);
        let errors = self.outcomes.iter().flat_map(|row| row.errors.iter().map(|error| (row.row, error)));
        is_refused.then(|| (self.outcomes.len(), errors.collect()))
    }
}
