//! Numbers that jump in a report: people with a link are asked to confirm them, systems are warned.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    directory::{
        jump::{Jump, jumping},
        language::Language,
        observation::{Observation, Reading},
        refusal::{Code, Refusal},
    },
    snapshot::FacilityState,
    store::Draft,
};

/// Something to be said about a row or a number: what is wrong with it, or only odd.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Remark {
    /// Stable code.
    pub code: &'static str,
    /// The field or the column, as a JSON pointer into the body or into the row.
    pub pointer: String,
    /// What it is and what to do about it.
    pub detail: String,
}

impl Remark {
    /// A refusal in words.
    pub(super) fn of(refusal: &Refusal, language: Language) -> Self {
        Self {
            code: refusal.code.name(),
            pointer: refusal.pointer.to_string(),
            detail: refusal.detail.get(language).to_owned(),
        }
    }
}

/// Marks the observation if it jumps, and gives what to say then; what the sender `confirmed` does not jump.
/// `pointer` is where its numbers stand. Refused if the sender is one who is asked first.
pub(super) fn mark_jump(
    draft: &Draft,
    state: &FacilityState,
    observation: &mut Observation,
    confirmed: bool,
    pointer: &str,
) -> Result<Option<Refusal>, Refusal> {
    let current = state.reading(&observation.resource).filter(|_| !confirmed);
    let Some(current) = current.filter(|current| current.gives_way_to(observation.observed_at)) else {
        return Ok(None);
    };
    observation.jump = Jump::of(current, observation.numbers, draft.now());
    let Some(jump) = observation.jump else {
        return Ok(None);
    };
    let odd = odd(draft, state, current, jump, observation, pointer);
    if draft.principal().is_asked_first() { Err(odd) } else { Ok(Some(odd)) }
}

fn odd(
    draft: &Draft,
    state: &FacilityState,
    current: &Reading,
    jump: Jump,
    observation: &Observation,
    pointer: &str,
) -> Refusal {
    let (field, before, now) =
        jumping(jump.from, observation.numbers).expect("a jump that is remembered is one");
    let (before, now, code) = (before.get(), now.get(), &observation.resource);
    let zone = draft.state().zone(state.facility.region);
    // Of a jump that was told before, the number before it has no moment any more.
    let moment = (current.numbers == jump.from).then(|| format!(" ({})", zone.minute(current.observed_at)));
    let moment = moment.unwrap_or_default();
    Refusal::new(
        Code::ConfirmJump,
        format!("{pointer}/{field}"),
        format!(
            "{code}: {field} is {now} and was {before} before{moment}; if that is right, send the same again with \
             confirm=true, else correct it"
        ),
        format!(
            "{code}: {field} sekarang {now}, sebelumnya {before}{moment}; jika benar, kirim ulang dengan confirm=true, \
             jika salah, perbaiki angkanya"
        ),
    )
}
