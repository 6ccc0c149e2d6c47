//! How the table behind a list of rows was understood: the sender sees it beside what came of the rows.

use serde::Serialize;
use utoipa::ToSchema;

/// How a table was understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableReading {
    /// The sheet of a workbook that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The line of the headings, as a spreadsheet numbers lines.
    pub header_line: u32,
    /// The headings, and what each means.
    pub columns: Vec<ColumnReading>,
    /// What was passed over, and what else a person should know.
    pub notes: Vec<String>,
}

/// A heading, and the column that it means.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ColumnReading {
    /// The heading as it is written.
    pub heading: String,
    /// The column; null if it was passed over. `bed.icu/available` is one number of one type.
    pub column: Option<String>,
}
