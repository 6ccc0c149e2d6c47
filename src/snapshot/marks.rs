//! Marks that stand, and the moments at which they end.

use std::sync::Arc;

use super::{CurrentReading, FacilityState, Snapshot, versions::UNDATED};
use crate::domain::{
    facility::FacilityId,
    mark::{Mark, MarkId, MarkKind, Note, NoteSource, Verdict, is_disputed},
    observation::is_dated_ahead,
    outlier::Outlier,
    resource_type::TypeCode,
};

impl Snapshot {
    /// A mark, if it has not ended.
    pub fn mark(&self, id: MarkId) -> Option<&Arc<Mark>> {
        self.marks.get(&id)
    }

    /// All marks that have not ended, oldest first.
    pub fn marks(&self) -> impl Iterator<Item = &Arc<Mark>> {
        self.marks.values()
    }

    /// The marks at a facility, in the order of their ids.
    pub fn marks_of(&self, facility: FacilityId) -> impl Iterator<Item = &Arc<Mark>> {
        self.marks_by_facility
            .range((facility, MarkId::nil())..=(facility, MarkId::max()))
            .filter_map(|(_, id)| self.marks.get(id))
    }

    /// The marks at a facility; it does not search if the facility has none.
    fn marks_at(&self, state: &FacilityState) -> impl Iterator<Item = &Arc<Mark>> {
        state.has_marks.then(|| self.marks_of(state.facility.id)).into_iter().flatten()
    }

    /// The claim of the agent who is phoning the facility.
    pub fn claim_of(&self, state: &FacilityState) -> Option<&Arc<Mark>> {
        self.marks_at(state).find(|mark| mark.what == MarkKind::Claim)
    }

    /// The holds on places of a type.
    pub fn holds_of<'a>(
        &'a self,
        state: &FacilityState,
        code: &'a TypeCode,
    ) -> impl Iterator<Item = &'a Arc<Mark>> {
        self.marks_at(state)
            .filter(move |mark| matches!(&mark.what, MarkKind::Hold { resource } if resource == code))
    }

    /// The holds on places of types whose numbers the facility never stated.
    pub fn holds_on<'a>(&'a self, state: &'a FacilityState) -> impl Iterator<Item = &'a Arc<Mark>> {
        let is_of_number = |code: &TypeCode| state.reading(code).is_some();
        self.marks_at(state)
            .filter(move |mark| matches!(&mark.what, MarkKind::Hold { resource } if !is_of_number(resource)))
    }

    /// The notes about a number that the facility still states, the oldest first.
    pub fn notes_about(&self, state: &FacilityState, current: &CurrentReading) -> Vec<(&Arc<Mark>, &Note)> {
        let notes = self.notes_at(state);
        self.in_order(notes.filter(|(mark, _)| mark.is_about(current.code(), &current.reading)))
    }

    /// The open notes about a facility as a whole: the telephone is still listed, the place not
    /// yet closed. Also those about numbers that it never stated.
    pub fn notes_on(&self, state: &FacilityState) -> Vec<(&Arc<Mark>, &Note)> {
        let facility = &state.facility;
        let is_listed = |number: &String| facility.phones.iter().any(|phone| phone.number == *number);
        let stands = |note: &Note| match note.verdict {
            Verdict::PhoneDead => note.phone.as_ref().is_none_or(is_listed),
            Verdict::Closed => !facility.closed,
            Verdict::Wrong | Verdict::Confirmed | Verdict::Open => true,
        };
        let is_of_number = |code: &TypeCode| state.reading(code).is_some();
        let notes = self.notes_at(state);
        notes.filter(|(_, note)| !note.resource.as_ref().is_some_and(is_of_number) && stands(note)).collect()
    }

    /// Whether callers dispute a current number.
    pub fn is_disputed(&self, state: &FacilityState, current: &CurrentReading) -> bool {
        if !state.has_marks {
            return false;
        }
        let notes = self.notes_at(state);
        let notes = notes.filter(|(mark, _)| mark.speaks_of(current.code(), &current.reading));
        is_disputed(self.in_order(notes).into_iter().map(|(mark, _)| &**mark))
    }

    /// The jump of a current number that neither a report nor a caller has confirmed.
    pub fn jump(&self, state: &FacilityState, current: &CurrentReading) -> Option<Outlier> {
        let jump = current.reading.jump?;
        let mut notes = self.notes_about(state, current);
        notes.retain(|(_, note)| note.source == NoteSource::AgentCall);
        let is_confirmed = notes.last().is_some_and(|(_, note)| note.verdict == Verdict::Confirmed);
        (!is_confirmed).then_some(jump)
    }

    fn notes_at(&self, state: &FacilityState) -> impl Iterator<Item = (&Arc<Mark>, &Note)> {
        self.marks_at(state).filter_map(|mark| Some((mark, mark.what.note()?)))
    }

    /// Marks do not change `as_of`, because ended marks leave no trace in the current rows. Ignores claims and holds
    /// dated in the future; a wrong clock made them.
    pub(super) fn put_mark(&mut self, mark: Mark) {
        self.end_mark(mark.id);
        let is_from_the_future = !matches!(mark.what, MarkKind::Note(_)) && is_dated_ahead(mark.at, self.now);
        if mark.until <= self.now || is_from_the_future {
            return;
        }
        let facility = mark.facility;
        self.marks_by_facility.insert((facility, mark.id));
        self.mark_ends.insert((mark.until, mark.id));
        self.marks.insert(mark.id, Arc::new(mark));
        self.note_marks_at(facility);
    }

    pub(super) fn end_mark(&mut self, id: MarkId) {
        if let Some(mark) = self.marks.remove(&id) {
            self.marks_by_facility.remove(&(mark.facility, id));
            self.mark_ends.remove(&(mark.until, id));
            self.note_marks_at(mark.facility);
        }
    }

    pub(super) fn end_marks(&mut self) {
        while let Some((_, id)) = self.mark_ends.get_min().filter(|(at, _)| *at <= self.now).copied() {
            self.end_mark(id);
        }
    }

    /// The oldest first; before them those that a wrong clock dated in the future, because any other word is later.
    fn in_order<'a>(
        &self,
        notes: impl Iterator<Item = (&'a Arc<Mark>, &'a Note)>,
    ) -> Vec<(&'a Arc<Mark>, &'a Note)> {
        let mut notes: Vec<_> = notes.collect();
        notes.sort_by_key(|(mark, _)| (!is_dated_ahead(mark.at, self.now), mark.at, mark.id));
        notes
    }

    fn note_marks_at(&mut self, facility: FacilityId) {
        let has_marks = self.marks_of(facility).next().is_some();
        self.change(facility, UNDATED, |state| state.has_marks = has_marks);
    }
}
