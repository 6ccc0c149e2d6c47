//! Several texts in one cell.

/// Several texts in one cell: separated by `;`, where a `;` or `\` of their own has a `\` before it.
pub fn join_list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let items: Vec<String> =
        items.into_iter().map(|item| item.replace('\\', "\\\\").replace(';', "\\;")).collect();
    items.join(";")
}

/// The texts that [`join_list`] put into one cell; empty ones are left out.
pub(super) fn split_list(cell: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut characters = cell.chars().peekable();
    while let Some(character) = characters.next() {
        let escaped = characters.next_if(|next| character == '\\' && matches!(next, ';' | '\\'));
        match (escaped, items.last_mut()) {
            (None, _) if character == ';' => items.push(String::new()),
            (_, Some(item)) => item.push(escaped.unwrap_or(character)),
            (_, None) => {}
        }
    }
    items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn lists_come_back_as_they_were(items in proptest::collection::vec("[a-z;\\\\!=, ]*[a-z;\\\\]", 0..5)) {
            let items: Vec<String> = items.iter().map(|item| item.trim().to_owned()).collect();
            let cell = join_list(items.iter().map(String::as_str));
            proptest::prop_assert_eq!(split_list(&cell), items);
        }
    }
}
