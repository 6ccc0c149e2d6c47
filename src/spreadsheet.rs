//! Spreadsheets run a cell that begins like a formula, unless it is marked as text.

/// The cell as it is written: marked as text if a spreadsheet would take it for a formula.
pub fn escape_formula(cell: String) -> String {
    if is_risky(&cell) { format!("'{cell}") } else { cell }
}

/// The cell that [`escape_formula`] wrote.
pub fn unescape_formula(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_risky(rest)).unwrap_or(cell)
}

/// A formula can also stand behind blanks, which some spreadsheets drop, and in full-width characters, which some
/// take for the plain ones. A negative number is none. A cell that looks marked is marked once more, so that the
/// reader can distinguish the mark from the text.
fn is_risky(cell: &str) -> bool {
    let is_blank = |char: char| {
        char.is_whitespace()
            || char.is_control()
            || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    let cell = cell.trim_start_matches('\'');
    let bare = cell.trim_start_matches(is_blank);
    let is_formula =
        bare.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '−', '＠']) && !is_negative(cell);
    is_formula || cell.starts_with(['\t', '\r', '\n'])
}

fn is_negative(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or_default();
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{escape_formula, unescape_formula};

    #[rstest]
    #[case("=HYPERLINK(1)")]
    #[case("@SUM(A1)")]
    #[case("+62 24 8413476")]
    #[case::a_telephone_that_would_lose_its_plus("+62248413476")]
    #[case("-2+3")]
    #[case("-")]
    #[case("-1e5")]
    #[case("-inf")]
    #[case("-.5")]
    #[case("\t=1")]
    #[case("\r1")]
    #[case::a_line_of_its_own("\n=1+1")]
    #[case::behind_blanks("  =1+1")]
    #[case::behind_what_nobody_sees("\u{feff}\u{200b}=1+1")]
    #[case::full_width("＝1+1")]
    #[case::full_width("＠SUM(A1)")]
    #[case(" －1")]
    #[case::what_looks_marked("'=1")]
    #[case::what_looks_marked_twice("''=1")]
    fn formulas_are_marked_as_text(#[case] cell: &str) {
        let written = escape_formula(cell.to_owned());
        assert_eq!((written.as_str(), unescape_formula(&written)), (format!("'{cell}").as_str(), cell));
    }

    #[rstest]
    #[case("")]
    #[case("-6.97296")]
    #[case("-7")]
    #[case("110.42")]
    #[case("RS A=B")]
    #[case(" RS A")]
    #[case("2021-07-01T07:00:00+00:00")]
    #[case("\"RS\" 'Kariadi'")]
    #[case("'s Lands Hospitaal")]
    fn everything_else_stays_as_it_is(#[case] cell: &str) {
        let written = escape_formula(cell.to_owned());
        assert_eq!((written.as_str(), unescape_formula(&written)), (cell, cell));
    }
}
