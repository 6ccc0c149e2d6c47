//! Counts rooms anew after something happened that changes what they add up to.

use std::collections::BTreeSet;

use crate::{
    directory::{
        change::{Effect, Report},
        facility::FacilityId,
        jump::Jump,
        numbers::Numbers,
        observation::{Observation, Reading, Source},
        resource_type::TypeCode,
        room::{RoomSum, System},
    },
    store::Draft,
};

/// The sums that something is about to change, as they are before it.
pub(super) struct Tally(Vec<Sum>);

/// Which type of which facility, in which system.
pub(super) type SumKey = (FacilityId, System, TypeCode);

struct Sum {
    key: SumKey,
    before: Option<RoomSum>,
    /// Whether the current numbers of the type are this sum; else somebody else stated them.
    is_current: bool,
}

impl Tally {
    /// Notes how these sums are now.
    pub(super) fn before(draft: &Draft, keys: BTreeSet<SumKey>) -> Self {
        let note = |key: SumKey| {
            let (facility, system, resource) = &key;
            let before = draft.state().room_sum(*facility, *system, resource);
            let current = draft.state().facility(*facility).and_then(|state| state.reading(resource));
            let is_current = before.as_ref().zip(current).is_some_and(|(sum, current)| is_sum(current, sum));
            Sum { key, before, is_current }
        };
        Self(keys.into_iter().map(note).collect())
    }

    /// Reports the sums that are others now; one that is of the same rooms as before can have jumped. A sum takes
    /// its own place even if it is older now, because an older room joined it; the place of what somebody else
    /// stated it takes like any other observation. Says whether one jumped.
    pub(super) fn report_changed(self, draft: &mut Draft, same_rooms: bool) -> bool {
        let mut jumped = false;
        for Sum { key: (facility, system, resource), before, is_current } in self.0 {
            let after = draft.state().room_sum(facility, system, &resource);
            if after == before {
                continue;
            }
            let (numbers, observed_at, reporter) = match (after, before) {
                (Some(sum), _) => (sum.numbers, sum.observed_at, sum.reporter),
                // The last room is gone, or its code means nothing any more: what is there now nobody says. Whatever
                // was seen since that sum was true may say it, the same rooms too if they count again.
                (None, Some(sum)) if is_current => {
                    (Numbers::UNKNOWN, sum.observed_at, draft.principal().reporter())
                }
                (None, _) => continue,
            };
            let current = draft.state().facility(facility).and_then(|state| state.reading(&resource));
            let replaced = current.filter(|current| is_current || current.gives_way_to(observed_at));
            let jump_from = if same_rooms { Jump::of } else { Jump::kept };
            let jump = replaced.and_then(|current| jump_from(current, numbers, draft.now()));
            jumped |= jump.is_some();
            let observations = vec![Observation { resource, numbers, observed_at, jump }];
            let source = Source::Bridge;
            let report = Report { facility, source, reporter, observations, recounted: is_current };
            draft.record(Effect::Report(report));
        }
        jumped
    }
}

fn is_sum(current: &Reading, sum: &RoomSum) -> bool {
    (current.numbers, current.observed_at, current.source) == (sum.numbers, sum.observed_at, Source::Bridge)
}
