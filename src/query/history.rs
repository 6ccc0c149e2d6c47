//! The history of one facility: each number it reported, and one line per day where the reports are gone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::{
    auth::Audience,
    clock::Timestamp,
    domain::{
        change::{Change, Effect, Late, Seq},
        facility::{Facility, FacilityId},
        rejection::{Code, Rejection},
        resource_type::TypeCode,
    },
    locales::{Language, Message},
    query::{
        cursor::{self, Cursor, CursorText},
        params::{Limit, Moment},
        view::View,
    },
    render::{
        changes::{Reader, SessionNumberContent},
        model::{Day, FacilityBrief, HistoryAnswer, HistoryNumber},
    },
    snapshot::Snapshot,
};

/// The history of one facility.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// The code of the type that is asked for: [`Self::check`] finds it.
    #[serde(skip)]
    pub resource: Option<TypeCode>,
    /// Only this type: its code, a code of another system that it carries (`kemenkes:38`), or a name
    #[param(inline, example = "bed.icu")]
    r#type: Option<String>,
    /// Received at this moment (RFC 3339) or later
    #[param(inline)]
    pub from: Option<Moment>,
    /// Received before this moment
    #[param(inline)]
    pub to: Option<Moment>,
    /// Items on a page, 20 if left out
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// `next` of the page before
    #[serde(default)]
    #[param(inline, value_type = Option<CursorText>)]
    pub cursor: Cursor<After>,
}

/// An item of a history: what comes after it is older.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// The number at this place of a report.
    Number(Seq, usize),
    /// A day of a type.
    Day(String, TypeCode),
}

impl HistoryQuery {
    /// Refuses what cannot be, for the history of `facility`, and finds the type. One that has been retired has a history.
    pub fn check(&mut self, facility: FacilityId, state: &Snapshot) -> Result<(), Rejection> {
        if let Some(given) = self.r#type.take() {
            let known = state.resolve_past_type(&given).map_err(|rejection| rejection.under("type"))?;
            self.resource = Some(known.code.clone());
        }
        if self.span().is_some_and(|(from, to)| from >= to) {
            let detail = Message::new("moments-out-of-order");
            return Err(Rejection::new(Code::ParametersDisagree, "to", detail));
        }
        self.cursor.check(&(facility, &*self))
    }

    fn span(&self) -> Option<(Timestamp, Timestamp)> {
        Some((self.from.as_ref()?.0, self.to.as_ref()?.0))
    }
}

/// A page being filled.
pub struct Page<'a> {
    query: &'a HistoryQuery,
    view: View<'a>,
    answer: HistoryAnswer,
    last: Option<After>,
}

impl<'a> Page<'a> {
    /// An empty page about `facility`, for one audience in one language.
    pub fn new(
        query: &'a HistoryQuery,
        state: &'a Snapshot,
        facility: &Facility,
        audience: Audience,
        language: Language,
    ) -> Self {
        let answer = HistoryAnswer {
            facility: facility.id,
            history: Vec::new(),
            daily: Vec::new(),
            next: None,
            about: FacilityBrief::of(state, facility),
            labels: BTreeMap::new(),
        };
        let view = View::new(state, audience, language);
        Self { query, view, answer, last: query.cursor.after().cloned() }
    }

    /// How many items still fit.
    pub fn room(&self) -> usize {
        self.query.limit.get().saturating_sub(self.answer.history.len() + self.answer.daily.len())
    }

    /// The last item that was taken or passed over.
    pub const fn last(&self) -> Option<&After> {
        self.last.as_ref()
    }

    /// Takes the numbers of a change that fit, up to the end of the page; says whether that was all of it. `late` was
    /// late in it.
    pub fn take(&mut self, change: &Change, late: &Late) -> bool {
        for (index, number) in self.numbers(change, late).into_iter().enumerate() {
            if matches!(self.last, Some(After::Number(last, before)) if last == change.seq && before >= index)
            {
                continue;
            }
            if self.room() == 0 {
                return false;
            }
            if self.query.resource.as_ref().is_none_or(|wanted| *wanted == number.number.resource) {
                self.answer.history.push(number);
            }
            self.last = Some(After::Number(change.seq, index));
        }
        true
    }

    /// The numbers that a change tells.
    fn numbers(&self, change: &Change, late: &Late) -> Vec<HistoryNumber> {
        let reader = Reader { audience: self.view.audience, region: None };
        let (seq, region) = (change.seq, self.answer.about.region);
        match &change.effect {
            Effect::Report(report) => {
                let numbers = reader.reported(report, change.at, region);
                let numbers = numbers.map(|number| {
                    let late = late.has(&number.resource);
                    HistoryNumber { seq, number, session: None, date: None, late }
                });
                numbers.collect()
            }
            Effect::SessionReport(report) => {
                let numbers = reader.reported_sessions(report, change.at, region);
                let numbers = numbers.map(|SessionNumberContent { session, date, numbers: number }| {
                    let late = late.has_occurrence(session, date);
                    HistoryNumber { seq, number, session: Some(session), date: Some(date), late }
                });
                numbers.collect()
            }
            _ => Vec::new(),
        }
    }

    /// Passes over a change that is no report.
    pub fn pass(&mut self, seq: Seq) {
        self.last = Some(After::Number(seq, usize::MAX));
    }

    /// Takes a day, if there is room.
    pub fn take_day(&mut self, day: Day) {
        if self.room() > 0 {
            self.last = Some(After::Day(day.day.clone(), day.resource.clone()));
            self.answer.daily.push(day);
        }
    }

    /// The page.
    pub fn into_answer(self, has_more: bool) -> HistoryAnswer {
        let next = self
            .last
            .filter(|_| has_more)
            .map(|last| cursor::seal(&(self.answer.facility, self.query), &last));
        let numbers = self.answer.history.iter().map(|number| &number.number.resource);
        let codes = numbers.chain(self.answer.daily.iter().map(|day| &day.resource));
        let labels = codes.map(|code| (code.clone(), self.view.label(code.as_str()))).collect();
        HistoryAnswer { next, labels, ..self.answer }
    }
}
