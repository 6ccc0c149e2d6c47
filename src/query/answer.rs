//! From a question to its bytes in one representation.

use crate::{
    auth::Audience,
    query::{
        Asked, Query, ask::answer as ask, availability::answer as availability,
        completeness::answer as completeness, facilities, overview, regions, search,
        vaccinations::answer as vaccinations, view::View,
    },
    render::{
        Body, Format, Representation, ResponseMeta,
        forms::{Answer, body, formats},
        model::{
            AskAnswer, BedsAnswer, CompletenessAnswer, FacilitiesAnswer, FacilityAnswer, OverviewAnswer,
            RegionAnswer, RegionsAnswer, RemindersAnswer, SearchAnswer, TypesAnswer, UnmetDemandQuery,
            VaccinationsAnswer, WideningReason,
        },
    },
    snapshot::{Scope, Snapshot},
};

/// An answer's bytes.
pub(crate) struct Rendered {
    pub(crate) body: Body,
    /// The scope that it depends on.
    pub(crate) scope: Scope,
}

/// Tells answers in one form.
struct Renderer {
    form: Representation,
    /// The scope that the answer depends on, as long as it need not look further than asked.
    scope: Scope,
}

impl Renderer {
    fn tell(&self, answer: &impl Answer, told: ResponseMeta) -> Rendered {
        Rendered { body: body(answer, self.form, told), scope: self.scope }
    }

    fn page(&self, answer: &impl Answer, next: Option<&String>) -> Rendered {
        self.tell(answer, ResponseMeta { next: next.cloned(), ..ResponseMeta::default() })
    }
}

/// The facts about a page; `demanded` is what was asked for, and `reason` why the answer looked further if it did.
fn meta(
    next: Option<&String>,
    reason: Option<WideningReason>,
    demanded: impl FnOnce() -> Option<UnmetDemandQuery>,
) -> ResponseMeta {
    let unmet = reason.filter(|reason| reason.is_unmet()).and_then(|_| demanded());
    ResponseMeta { next: next.cloned(), unmet, ..ResponseMeta::default() }
}

/// Answers what was asked; None if what it names is not there.
pub(crate) fn render(
    asked: &Asked,
    state: &Snapshot,
    audience: Audience,
    form: Representation,
) -> Option<Rendered> {
    let Asked { query, resolved } = asked;
    let view = View { state, audience, language: form.language, resolved };
    let teller = Renderer { form, scope: query.scope(state) };
    let demanded = || query.demanded(state);
    Some(match query {
        Query::Availability(query) => {
            let found = availability::find(view, query);
            let told = meta(found.next(), found.reason, demanded);
            if form.format == Format::Json {
                let body = Body::new(found.json().into_bytes(), form.format, form.language, told);
                Rendered { body, scope: found.scope }
            } else {
                Rendered { scope: found.scope, ..teller.tell(&found.answer(), told) }
            }
        }
        Query::Vaccinations(query) => {
            let (answer, scope, reason) = vaccinations::answer(view, query);
            let told = meta(answer.next.as_ref(), reason, demanded);
            Rendered { scope, ..teller.tell(&answer, told) }
        }
        Query::Facility(id) => {
            let answer = facilities::one(view, *id)?;
            teller.tell(&answer, ResponseMeta { version: Some(answer.version), ..ResponseMeta::default() })
        }
        Query::Facilities(query) => {
            let answer = facilities::list(view, query);
            teller.page(&answer, answer.next.as_ref())
        }
        Query::Overview(code) => teller.page(&overview::answer(view, *code)?, None),
        Query::Completeness(query) => {
            let answer = completeness::completeness(view, query);
            teller.page(&answer, answer.next.as_ref())
        }
        Query::Reminders(query) => {
            let answer = completeness::reminders(view, query);
            teller.page(&answer, Some(&answer.next))
        }
        Query::Search(query) => teller.page(&search::answer(view, query), None),
        Query::Regions(query) => {
            let answer = regions::list(view, query);
            teller.page(&answer, answer.next.as_ref())
        }
        Query::Region(code) => teller.page(&regions::one(view, *code)?, None),
        Query::Ask(query) => {
            let (answer, scope, reason) = ask::answer(view, query);
            let demanded = || match &query.requests[..] {
                [request] => request.query.demanded(state),
                _ => None,
            };
            Rendered { scope, ..teller.tell(&answer, meta(None, reason, demanded)) }
        }
        Query::Types(query) => teller.page(&regions::types(view, query.kind), None),
    })
}

impl Query {
    /// The formats that this question can be answered in, the preferred one first.
    pub fn formats(&self) -> Vec<Format> {
        match self {
            Self::Availability(_) => formats::<BedsAnswer>(),
            Self::Vaccinations(_) => formats::<VaccinationsAnswer>(),
            Self::Facility(_) => formats::<FacilityAnswer>(),
            Self::Facilities(_) => formats::<FacilitiesAnswer>(),
            Self::Overview(_) => formats::<OverviewAnswer>(),
            Self::Completeness(_) => formats::<CompletenessAnswer>(),
            Self::Reminders(_) => formats::<RemindersAnswer>(),
            Self::Search(_) => formats::<SearchAnswer>(),
            Self::Regions(_) => formats::<RegionsAnswer>(),
            Self::Region(_) => formats::<RegionAnswer>(),
            Self::Types(_) => formats::<TypesAnswer>(),
            Self::Ask(_) => formats::<AskAnswer>(),
        }
    }
}
