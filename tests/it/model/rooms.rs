//! What the rooms of hospital systems add up to.

use serde::Deserialize;

use super::directory::{Directory, Number, Time, Type};

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Room {
    pub(super) code: Option<String>,
    capacity: Option<u64>,
    occupied: Option<u64>,
    available: Option<u64>,
    queue: Option<u64>,
    removed: bool,
    pub(super) observed_at: Time,
}

/// Capacity, occupied, available, queue, and when they were true.
type Sum = ([Option<u64>; 4], Time);

impl Directory {
    /// Whether every number that came from a bridge is what the rooms of one system add up to, and no older than the
    /// newest of them; if not, which is not. One that nobody says any more is unknown. A capacity that the newest row left
    /// out may be what somebody else said, and what the rooms of one system leave out may be what those of the other say.
    pub(super) fn rooms_add_up(&self) -> Result<(), String> {
        for ((facility, code), number) in &self.numbers {
            let [one, other] =
                ["kemenkes", "aplicares"].map(|system| self.sum(facility, system, &self.types[code]));
            let [capacity, rest @ ..] = counts(number);
            let is_sum = |sum: &Option<Sum>, other: &Option<Sum>| {
                let others = other.map(|([_, rest @ ..], _)| rest).unwrap_or_default();
                sum.is_some_and(|([sum, of_rest @ ..], newest)| {
                    (0..3).all(|at| {
                        of_rest[at] == rest[at] || (of_rest[at].is_none() && others[at] == rest[at])
                    }) && (sum.is_none() || sum == capacity || !number.states_capacity)
                        && number.observed_at >= newest
                })
            };
            let is_either = is_sum(&one, &other) || is_sum(&other, &one);
            if number.source == "bridge" && !number.is_unknown() && !is_either {
                return Err(format!(
                    "{code} of {facility} is {number:?}, and its rooms are {one:?}, {other:?}"
                ));
            }
        }
        Ok(())
    }

    /// The rooms of one system that are of one type added up, and when the newest was counted. What one of them does
    /// not say is unknown in the sum.
    fn sum(&self, facility: &str, system: &str, resource: &Type) -> Option<Sum> {
        let is_of = |room: &Room| {
            let code = room.code.as_ref();
            !room.removed
                && !resource.retired
                && code.is_some_and(|code| resource.external_codes.contains(code))
        };
        let mut rooms = Vec::new();
        for ((of, to, _), room) in &self.rooms {
            if of == facility && to == system && is_of(room) {
                rooms.push(room);
            }
        }
        let newest = rooms.iter().map(|room| room.observed_at).max()?;
        let add = |count: fn(&Room) -> Option<u64>| rooms.iter().map(|room| count(room)).sum();
        let counts = [
            add(|room| room.capacity),
            add(|room| room.occupied),
            add(|room| room.available),
            add(|room| room.queue),
        ];
        Some((counts, newest))
    }
}

fn counts(number: &Number) -> [Option<u64>; 4] {
    [number.capacity, number.occupied, number.available, number.queue]
}
