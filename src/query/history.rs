//! What one facility reported in the course of time: each number, and days in short where those are gone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    auth::Audience,
    clock::Timestamp,
    domain::{
        change::{Change, Effect, Seq},
        facility::{Facility, FacilityId},
        language::Language,
        late::Late,
        rejection::{Code, Rejection, Rejections},
        resource_type::TypeCode,
        session::session_type,
    },
    query::{DEFAULT_LIMIT, MAX_LIMIT, cursor, params::Params, view::View},
    render::{
        changes::{NumberContent, Reader},
        model::{Day, FacilityBrief, HistoryAnswer, HistoryNumber},
    },
    snapshot::Snapshot,
};

/// What did a facility report?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Which facility.
    pub facility: FacilityId,
    /// Only this type.
    pub resource: Option<TypeCode>,
    /// Received at this moment or later.
    pub from: Option<Timestamp>,
    /// Received before this moment.
    pub to: Option<Timestamp>,
    /// Items on a page.
    pub limit: u32,
    /// The last item of the page before.
    pub after: Option<After>,
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
    /// Reads the parameters.
    pub fn read(facility: FacilityId, query: &str) -> Result<Self, Rejections> {
        let mut params = Params::parse(query)?;
        let mut query = Self {
            facility,
            resource: params.take("type")?.map(|text| TypeCode::parse(&text, "type")).transpose()?,
            from: params.take_time("from")?,
            to: params.take_time("to")?,
            limit: params.take_number("limit", 1..=MAX_LIMIT)?.unwrap_or(DEFAULT_LIMIT),
            after: None,
        };
        if query.from.zip(query.to).is_some_and(|(from, to)| from >= to) {
            return Err(Rejection::old(
                Code::ParametersDisagree,
                "to",
                "'to' must be later than 'from'",
                "'to' harus setelah 'from'",
            )
            .into());
        }
        let cursor = params.take_cursor()?;
        params.finish("type, from, to, limit, cursor")?;
        query.after = cursor.map(|text| cursor::open(&text, &query.without_page())).transpose()?;
        Ok(query)
    }

    fn without_page(&self) -> Self {
        Self { after: None, limit: 0, ..self.clone() }
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
            facility: query.facility,
            history: Vec::new(),
            daily: Vec::new(),
            next: None,
            about: FacilityBrief::of(state, facility),
            labels: BTreeMap::new(),
        };
        Self { query, view: View { state, audience, language }, answer, last: query.after.clone() }
    }

    /// How many items still fit.
    pub fn room(&self) -> usize {
        (self.query.limit as usize).saturating_sub(self.answer.history.len() + self.answer.daily.len())
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
        let reporter = |name: &str| reader.reporter(name, self.answer.about.region);
        match &change.effect {
            Effect::Report(report) => {
                let numbers = report.observations.iter().map(|observation| HistoryNumber {
                    seq: change.seq,
                    number: NumberContent {
                        resource: observation.resource.clone(),
                        numbers: observation.numbers,
                        observed_at: observation.observed_at,
                        received_at: change.at,
                        source: report.source,
                        reporter: reporter(&report.reporter),
                        jump: observation.jump,
                    },
                    session: None,
                    date: None,
                    late: late.has(&observation.resource),
                });
                numbers.collect()
            }
            Effect::SessionReport(report) => {
                let numbers = report.observations.iter().map(|observation| HistoryNumber {
                    seq: change.seq,
                    number: NumberContent {
                        resource: session_type(),
                        numbers: observation.numbers,
                        observed_at: observation.observed_at,
                        received_at: change.at,
                        source: report.source,
                        reporter: reporter(&report.reporter),
                        jump: None,
                    },
                    session: Some(observation.session),
                    date: Some(observation.date),
                    late: late.has_occurrence(observation.session, observation.date),
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
        let next = self.last.filter(|_| has_more).map(|last| cursor::seal(&self.query.without_page(), &last));
        let numbers = self.answer.history.iter().map(|number| &number.number.resource);
        let codes = numbers.chain(self.answer.daily.iter().map(|day| &day.resource));
        let labels = codes.map(|code| (code.clone(), self.view.label(code.as_str()))).collect();
        HistoryAnswer { next, labels, ..self.answer }
    }
}
