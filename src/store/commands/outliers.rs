//! Numbers that jump in a report: people with a link are asked to confirm them, systems are warned.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        observation::{Observation, Reading},
        outlier::{Outlier, jumping},
        rejection::{Code, Rejection},
    },
    locales::{Language, Message, render},
    snapshot::FacilityState,
    store::UnitOfWork,
};

/// Something to be said about a row or a number: what is wrong with it, or only odd.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Remark {
    /// Stable code.
    pub code: &'static str,
    /// The field or the column, as a JSON pointer into the body or into the row.
    pub pointer: String,
    /// The problem and the remedy.
    pub detail: String,
}

impl Remark {
    /// A refusal in words.
    pub(super) fn of(rejection: &Rejection, language: Language) -> Self {
        Self {
            code: rejection.code.name(),
            pointer: rejection.pointer.to_string(),
            detail: render(&rejection.detail, language),
        }
    }
}

/// The observation, marked if it jumps, and what to say then; what the sender `confirmed` does not jump. `pointer` is
/// where its numbers stand. Refused if the sender is one who is asked first.
pub(super) fn mark_jump(
    unit: &UnitOfWork,
    state: &FacilityState,
    mut observation: Observation,
    confirmed: bool,
    pointer: &str,
) -> Result<(Observation, Option<Rejection>), Rejection> {
    let current = state.reading(&observation.resource).filter(|_| !confirmed);
    let Some(current) = current.filter(|current| current.superseded_by(observation.observed_at, unit.now()))
    else {
        return Ok((observation, None));
    };
    observation.jump = Outlier::of(current, observation.numbers, unit.now());
    let Some(jump) = observation.jump else {
        return Ok((observation, None));
    };
    let odd = odd(unit, state, current, jump, &observation, pointer);
    if unit.principal().is_asked_first() { Err(odd) } else { Ok((observation, Some(odd))) }
}

fn odd(
    unit: &UnitOfWork,
    state: &FacilityState,
    current: &Reading,
    jump: Outlier,
    observation: &Observation,
    pointer: &str,
) -> Rejection {
    let (field, before, now) =
        jumping(jump.from, observation.numbers).expect("a jump that is remembered is one");
    let (before, now, code) = (before.get(), now.get(), &observation.resource);
    let zone = unit.state().zone(state.facility.region);
    // The moment of the number before is known only while that number is the current one.
    let moment = (current.numbers == jump.from).then(|| format!(" ({})", zone.minute(current.observed_at)));
    let moment = moment.unwrap_or_default();
    Rejection::new(
        Code::ConfirmJump,
        format!("{pointer}/{field}"),
        Message::new("confirm-jump")
            .arg("code", code.to_string())
            .arg("field", field.to_string())
            .arg("now", now.to_string())
            .arg("before", before.to_string())
            .arg("moment", moment.clone()),
    )
}
