//! The JSON of facilities, joined from pieces that are kept with each.
//!
//! Two answers about free places that show the same facility differ in its distance, its tier and the types that were
//! asked for. All the rest stays as it is until something changes at the facility, at a region, at a contact or in the
//! vocabulary. So a facility is rendered once for the public, in pieces, and each answer joins them: rendering took most
//! of the time of an answer that no cache holds.

use std::sync::Arc;

use serde::Serialize;

use crate::{
    auth::Audience,
    domain::{geo::Located, ranking::Tier, resource_type::ResourceType},
    query::view::View,
    render::model::{FacilityView, kilometres},
    snapshot::{FacilityState, Pieces},
};

/// A facility as one answer shows it.
pub(crate) struct Shown<'a> {
    pub(crate) state: &'a FacilityState,
    /// The place that distances are measured from.
    pub(crate) origin: Option<Located>,
    /// Metres from there.
    pub(crate) distance: Option<u32>,
    pub(crate) tier: Tier,
}

/// The members of a [`FacilityView`] that depend on the question, as one that was not measured has them.
const UNMEASURED: &str = r#""distance_km":null,"distance_rough":false"#;
/// The end of the JSON of a facility without numbers.
const WITHOUT_NUMBERS: &str = "]}";

/// The members of a facility whose distance was measured.
#[derive(Serialize)]
struct Measured {
    distance_km: Option<f64>,
    distance_rough: bool,
    tier: Tier,
}

impl Shown<'_> {
    /// The facility with those of its numbers whose type `shows`.
    pub(crate) fn view(&self, view: View<'_>, shows: impl Fn(&ResourceType) -> bool) -> FacilityView {
        let facility = view.facility(self.state, self.origin, self.distance, shows);
        FacilityView { tier: Some(self.tier), ..facility }
    }

    /// The JSON of [`Self::view`], to be written.
    pub(crate) fn json(&self, view: View<'_>, shows: impl Fn(&ResourceType) -> bool) -> FacilityJson {
        let state = self.state;
        // Marks are private to some, and depend on the types that are shown.
        if view.audience != Audience::Public || state.has_marks {
            return FacilityJson::Whole(json(&self.view(view, shows)));
        }
        let measured = Measured {
            distance_km: self.distance.map(kilometres),
            distance_rough: self.distance.is_some() && View::is_rough(state, self.origin),
            tier: self.tier,
        };
        FacilityJson::Joined {
            pieces: state.pieces(view.language, view.state.reference(), || pieces(view, state)),
            measured: json(&measured),
            shown: state.readings.iter().map(|current| shows(&current.resource)).collect(),
        }
    }
}

/// The JSON of one facility.
pub(crate) enum FacilityJson {
    Whole(String),
    Joined {
        pieces: Arc<Pieces>,
        measured: String,
        /// Which of the numbers are shown.
        shown: Vec<bool>,
    },
}

impl FacilityJson {
    /// At least as many bytes as it has.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Whole(json) => json.len(),
            Self::Joined { pieces, measured, .. } => pieces.bytes() + measured.len(),
        }
    }

    pub(crate) fn write(&self, out: &mut String) {
        let (pieces, measured, shown) = match self {
            Self::Whole(json) => return out.push_str(json),
            Self::Joined { pieces, measured, shown } => (pieces, measured, shown),
        };
        out.push_str(&pieces.before_distance);
        out.push_str(measured.trim_matches(['{', '}']));
        out.push_str(&pieces.after_distance);
        let mut numbers = pieces.numbers.iter().zip(shown).filter(|(_, shown)| **shown).map(|(json, _)| json);
        if let Some(first) = numbers.next() {
            out.push_str(first);
        }
        for next in numbers {
            out.push(',');
            out.push_str(next);
        }
        out.push_str(WITHOUT_NUMBERS);
    }
}

fn pieces(view: View<'_>, state: &FacilityState) -> Pieces {
    let whole = json(&view.facility(state, None, None, |_| false));
    let (before, after) = whole.split_once(UNMEASURED).expect("a facility tells its distance");
    let after = after.strip_suffix(WITHOUT_NUMBERS).expect("the numbers come last");
    let numbers = state.readings.iter().map(|current| json(&view.availability(state, current)).into());
    Pieces {
        reference: view.state.reference(),
        before_distance: before.into(),
        after_distance: after.into(),
        numbers: numbers.collect(),
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("answers are plain data")
}
