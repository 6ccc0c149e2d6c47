//! The facilities that have reported, those that have not, and those to remind.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityId,
        freshness::{Freshness, deadlines},
        observation::Reading,
        region_code::{Level, RegionCode},
        resource_type::ResourceType,
        session::SESSION_TYPE,
    },
    query::{CompletenessQuery, RemindersQuery, cursor, view::View},
    render::model::{
        CompletenessAnswer, RegionReporting, ReminderView, RemindersAnswer, ReporterView, Reporting,
    },
    snapshot::{FacilityState, Scope, SessionState, Snapshot},
};

/// How a facility stands with its reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReportingStatus {
    /// That of its freshest number.
    pub(crate) freshness: Freshness,
    /// When its newest statement was true; None if it never made one.
    pub(crate) observed_at: Option<Timestamp>,
    /// Since when a report is due, if one is.
    pub(crate) due_since: Option<Timestamp>,
}

impl ReportingStatus {
    /// How `state` stands now: by its beds and places; if it never had any, by its sessions. A report becomes due
    /// when the last number that could be believed becomes stale or is withdrawn, though never before it was
    /// received; one that never came is due since the facility was added; one that a wrong clock dated, since now. What is left of sessions need not be said:
    /// announcing them is a report.
    pub(crate) fn of(snapshot: &Snapshot, state: &FacilityState) -> Self {
        let mut sessions = snapshot.sessions_of(state.facility.id).peekable();
        let readings =
            state.readings.iter().map(|current| (&*current.resource, &*current.reading, current.freshness));
        let standing = if let Some(standing) = Self::by_numbers(readings) {
            standing
        } else if sessions.peek().is_some() {
            Self::by_sessions(snapshot, sessions)
        } else {
            let added = state.facility.id.added_at();
            Self { freshness: Freshness::Unknown, observed_at: None, due_since: Some(added) }
        };
        Self { due_since: standing.due_since.map(|due| due.min(snapshot.now())), ..standing }
    }

    fn by_numbers<'a>(
        readings: impl Iterator<Item = (&'a ResourceType, &'a Reading, Freshness)>,
    ) -> Option<Self> {
        let current = readings.filter(|(resource, ..)| !resource.retired);
        let statements = current.map(|(resource, reading, freshness)| {
            let [.., stale] = deadlines(reading.observed_at, resource);
            let due = if reading.is_unknown() { reading.received_at } else { stale };
            (freshness, reading.observed_at, due.max(reading.received_at))
        });
        let best =
            statements.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1), one.2.max(other.2)));
        let (freshness, observed_at, due) = best?;
        let due_since = (freshness >= Freshness::Stale).then_some(due);
        Some(Self { freshness, observed_at: Some(observed_at), due_since })
    }

    fn by_sessions<'a>(
        snapshot: &'a Snapshot,
        sessions: impl Iterator<Item = &'a Arc<SessionState>>,
    ) -> Self {
        let resource = snapshot.resource_type(SESSION_TYPE);
        let sessions: Vec<_> = sessions.collect();
        let held = sessions.iter().filter(|state| !state.session.cancelled);
        let readings = held.flat_map(|state| state.readings.values());
        let judged = |reading: &'a Arc<Reading>| {
            let resource = resource?;
            Some((&**resource, &**reading, Freshness::of(reading, resource, snapshot.now())))
        };
        let readings = readings.filter_map(judged);
        let announced_at = sessions.iter().map(|state| state.changed_at).max();
        let announced = Self { freshness: Freshness::Unknown, observed_at: announced_at, due_since: None };
        Self::by_numbers(readings).map_or(announced, |standing| Self {
            observed_at: standing.observed_at.max(announced_at),
            ..standing
        })
    }
}

impl Reporting {
    /// Counts a facility.
    pub(crate) fn count(&mut self, snapshot: &Snapshot, state: &FacilityState) {
        // Almost all have numbers, of which no more need be looked at.
        let numbers = state.readings.iter().filter(|current| !current.resource.retired);
        match numbers.map(|current| current.freshness).min() {
            Some(freshness) => self.count_one(freshness, true),
            None => self.count_status(ReportingStatus::of(snapshot, state)),
        }
    }

    fn count_status(&mut self, status: ReportingStatus) {
        self.count_one(status.freshness, status.observed_at.is_some());
    }

    fn count_one(&mut self, freshness: Freshness, has_stated: bool) {
        self.facilities += 1;
        *match (freshness, has_stated) {
            (Freshness::Fresh, _) => &mut self.fresh,
            (Freshness::Aging, _) => &mut self.aging,
            (Freshness::Stale, _) => &mut self.stale,
            (Freshness::Unknown, true) => &mut self.unknown,
            (Freshness::Unknown, false) => &mut self.never,
        } += 1;
    }

    /// Adds other facilities.
    pub(crate) fn add(&mut self, other: &Self) {
        self.facilities += other.facilities;
        self.fresh += other.fresh;
        self.aging += other.aging;
        self.stale += other.stale;
        self.unknown += other.unknown;
        self.never += other.never;
    }
}

/// How the facilities of each province report.
pub(crate) fn of_provinces(state: &Snapshot) -> BTreeMap<RegionCode, Reporting> {
    let mut provinces: BTreeMap<RegionCode, Reporting> = BTreeMap::new();
    for facility in state.facilities_in(None) {
        if let Some(province) = facility.facility.region.at(Level::Province) {
            provinces.entry(province).or_default().count(state, facility);
        }
    }
    provinces
}

/// Who has reported in a region, and each facility by the age of its newest number.
pub(crate) fn completeness(view: View<'_>, query: &CompletenessQuery) -> CompletenessAnswer {
    let mut reporting = Reporting::default();
    let mut children: BTreeMap<RegionCode, Reporting> =
        view.state.children(query.region).map(|child| (child.code, Reporting::default())).collect();
    let mut order = Vec::new();
    for state in view.state.facilities_in(query.region) {
        if query.kind.as_ref().is_some_and(|kind| *kind != state.facility.kind) {
            continue;
        }
        let standing = ReportingStatus::of(view.state, state);
        reporting.count_status(standing);
        let child = state.facility.region.with_ancestors().find(|code| code.parent() == query.region);
        if let Some(child) = child.and_then(|code| children.get_mut(&code)) {
            child.count_status(standing);
        }
        order.push(((standing.observed_at, state.facility.id), state, standing));
    }
    order.sort_unstable_by_key(|(key, ..)| *key);
    let mut rest = order.into_iter().filter(|(key, ..)| query.cursor.after().is_none_or(|after| key > after));
    let page: Vec<_> = rest.by_ref().take(query.limit.get()).collect();
    let next = rest.next().and(page.last()).map(|(key, ..)| cursor::seal(query, key));
    let child = |(code, completeness)| Some(RegionReporting { region: view.region(code)?, completeness });
    CompletenessAnswer {
        region: query.region.and_then(|code| view.region(code)),
        resolved: view.resolved.to_vec(),
        as_of: view.as_of(Scope::everything(query.region)),
        completeness: reporting,
        children: children.into_iter().filter_map(child).collect(),
        facilities: page.into_iter().map(|(_, state, standing)| reporter(view, state, standing)).collect(),
        next,
        zone: view.zone(query.region),
    }
}

/// The facilities whose reports became due after the cursor, in that order.
pub(crate) fn reminders(view: View<'_>, query: &RemindersQuery) -> RemindersAnswer {
    let mut due: Vec<_> = view
        .state
        .facilities_in(query.region)
        .filter_map(|state| {
            let standing = ReportingStatus::of(view.state, state);
            Some(((standing.due_since?, state.facility.id), state, standing))
        })
        .filter(|(key, ..)| query.cursor.after().is_none_or(|after| key > after))
        .collect();
    due.sort_unstable_by_key(|(key, ..)| *key);
    due.truncate(query.limit.get());
    let start = (Timestamp::UNIX_EPOCH, FacilityId(uuid::Uuid::nil()));
    let last = due.last().map(|(key, ..)| *key).or(query.cursor.after().copied()).unwrap_or(start);
    RemindersAnswer {
        region: query.region.and_then(|code| view.region(code)),
        resolved: view.resolved.to_vec(),
        next: cursor::seal(query, &last),
        reminders: due
            .into_iter()
            .map(|(_, state, standing)| ReminderView {
                facility: reporter(view, state, standing),
                contacts: view.contacts(Some(state.facility.region)),
            })
            .collect(),
        zone: view.zone(query.region),
    }
}

fn reporter(view: View<'_>, state: &FacilityState, standing: ReportingStatus) -> ReporterView {
    let facility = &state.facility;
    ReporterView {
        id: facility.id,
        external_ids: facility.external_ids.clone(),
        name: facility.name.clone(),
        kind: facility.kind.clone(),
        region: view.region_path(facility.region),
        phones: view.phones(facility),
        observed_at: standing.observed_at,
        freshness: standing.freshness,
        due_since: standing.due_since,
    }
}
