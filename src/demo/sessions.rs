//! Simulated vaccination sessions: puskesmas have them on some days of every week, the hospital of a kabupaten
//! or kota on every working day.

use chrono::Duration;
use rand::RngExt;

use super::{
    is_ours,
    plan::{Plan, Planned, chance, dice, phone},
    submit_all,
};
use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityRef,
        numbers::{Count, Numbers},
        region::Zone,
        session::{SessionRef, Weekday, local_date},
    },
    node::Node,
    snapshot::{SessionState, Snapshot},
    store::commands::{ConditionsInput, PutAvailability, PutSession, SessionInput, SessionSaid, WeeklyInput},
};

/// How long it takes until a quota is used up and filled again, in minutes.
const TURN_MIN: u32 = 20;
/// A simulated number older than this is reported again when the node starts.
const STILL_FRESH_H: i64 = 12;

/// One simulated session; each facility has at most one.
#[derive(Debug, Clone)]
pub(super) struct PlannedSession {
    pub(super) facility: FacilityRef,
    input: SessionInput,
    /// The number of people who can come; None if no report states it.
    quota: Option<u32>,
    /// Where in its turn it begins, in minutes.
    phase: u32,
}

/// The sessions of the planned facilities, beginning at `now`.
pub(super) fn sessions(plan: &Plan, now: Timestamp) -> Vec<PlannedSession> {
    plan.facilities.iter().filter_map(|planned| session(planned, now)).collect()
}

fn session(planned: &Planned, now: Timestamp) -> Option<PlannedSession> {
    use Weekday::{Fri, Mon, Sat, Thu, Tue, Wed};
    let facility = &planned.input;
    let id = facility.external_ids.first()?;
    let mut dice = dice(&format!("{id}/session"));
    let is_large = facility.name.starts_with("RSUD");
    if !is_large && facility.kind != "puskesmas" {
        return None;
    }
    let days: &[Weekday] = match dice.random_range(0..4) {
        _ if is_large => &[Mon, Tue, Wed, Thu, Fri, Sat],
        0 => &[Mon, Thu],
        1 => &[Tue, Fri],
        2 => &[Wed, Sat],
        _ => &[Tue, Thu, Sat],
    };
    let regency: String = facility.region.chars().take(5).collect();
    let number = dice.random_range(7000..9000);
    let input = SessionInput {
        facility: id.clone(),
        title: Some(if is_large { "Sentra Vaksinasi (simulasi)" } else { "Vaksinasi (simulasi)" }.to_owned()),
        date: None,
        weekly: Some(WeeklyInput {
            weekdays: days.iter().copied().collect(),
            from: local_date(now, Zone::Wib).to_string(),
            until: None,
            except: Vec::new(),
        }),
        from: "08:00".to_owned(),
        to: if is_large { "15:00" } else { "12:00" }.to_owned(),
        product: if is_large || chance(&mut dice, 60) { "sinovac" } else { "astrazeneca" }.to_owned(),
        doses: if is_large || chance(&mut dice, 80) { vec![1, 2] } else { vec![1] },
        age_min: Some(if is_large || chance(&mut dice, 50) { 12 } else { 18 }),
        age_max: None,
        audience: (!is_large && chance(&mut dice, 30))
            .then(|| ConditionsInput { domicile: Some(regency), ..ConditionsInput::default() }),
        walk_in: is_large || chance(&mut dice, 50),
        booking_url: None,
        booking_phone: chance(&mut dice, 70).then(|| phone(number)),
        fee: 0,
        cancelled: false,
    };
    Some(PlannedSession {
        facility: planned.reference.clone(),
        input,
        quota: (is_large || chance(&mut dice, 75))
            .then(|| if is_large { 500 } else { dice.random_range(5..=15) * 10 }),
        phase: dice.random_range(0..=TURN_MIN),
    })
}

impl PlannedSession {
    /// The session as the directory has it.
    fn known<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a SessionState> {
        let id = snapshot.resolve(&self.facility)?.facility.id;
        snapshot.sessions_of(id).next().map(|state| &**state)
    }

    /// The report of what is left of its next occurrence at `now`, unless others report on it.
    pub(super) fn report(&self, snapshot: &Snapshot, now: Timestamp) -> Option<PutAvailability> {
        let state = self.known(snapshot)?;
        let session = &state.session;
        let date = session.next_after(now, snapshot.session_zone(session)).filter(|_| !session.cancelled)?;
        if !is_ours(state.readings.get(&date)) {
            return None;
        }
        let quota = self.quota?;
        let minute = u32::try_from(now.timestamp().div_euclid(60).rem_euclid(TURN_MIN.into())).ok()?;
        let left = quota - quota * ((minute + self.phase) % TURN_MIN) / TURN_MIN;
        let numbers = [Some(quota), Some(quota - left), Some(left), None];
        let numbers = Numbers::check(numbers.map(|count| count.and_then(Count::new)), "").ok()?;
        Some(PutAvailability {
            observed_at: Some(now),
            sessions: vec![(SessionRef { id: session.id, date: Some(date) }, numbers.into())],
            ..PutAvailability::of(self.facility.clone())
        })
    }

    /// Whether what is known of its next occurrence is missing or old.
    fn is_due(&self, snapshot: &Snapshot, now: Timestamp) -> bool {
        self.known(snapshot).is_some_and(|state| {
            let next = state.session.next_after(now, snapshot.session_zone(&state.session));
            let reading = next.and_then(|date| state.readings.get(&date));
            reading.is_none_or(|reading| now - reading.observed_at > Duration::hours(STILL_FRESH_H))
        })
    }
}

/// Adds the sessions that are missing, and what is left of them.
pub(super) async fn add(node: &Node, plan: &Plan) -> anyhow::Result<()> {
    let (snapshot, now) = (node.shared.current(), node.clock.now());
    let planned = sessions(plan, now);
    let missing = planned.iter().filter(|planned| planned.known(&snapshot).is_none());
    let said = |planned: &PlannedSession| SessionSaid::Whole(Box::new(planned.input.clone()));
    submit_all(node, missing.map(|planned| PutSession { id: None, said: said(planned), if_match: None }))
        .await?;
    let (snapshot, now) = (node.shared.current(), node.clock.now());
    let due = planned.iter().filter(|planned| planned.is_due(&snapshot, now));
    submit_all(node, due.filter_map(|planned| planned.report(&snapshot, now))).await
}
