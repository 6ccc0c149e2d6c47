//! Marks as readers see them: agents see all of them; the public what agents heard, but not who did, nor in
//! which words.

use crate::{
    auth::Audience,
    directory::{
        facility::{Facility, Visibility},
        mark::{Mark, MarkKind, MarkView, Note, NoteSource},
    },
};

/// The mark as `audience` sees it; None if not at all. `facility` is where it was left.
pub(super) fn seen(mark: &Mark, facility: &Facility, audience: Audience) -> Option<MarkView> {
    let view = MarkView::from(mark);
    if audience.sees(Visibility::Internal, Some(facility.region)) {
        return Some(view);
    }
    let MarkKind::Note(note) = view.what else {
        return None;
    };
    let is_public = |number: &String| {
        facility.phones.iter().any(|phone| phone.number == *number && phone.visibility == Visibility::Public)
    };
    let Note { phone, source, .. } = &note;
    let is_shown = *source == NoteSource::AgentCall && phone.as_ref().is_none_or(is_public);
    let what = MarkKind::Note(Note { text: None, ..note.clone() });
    is_shown.then(|| MarkView { what, by: String::new(), ..view })
}
