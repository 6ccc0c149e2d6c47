//! What the rows of a list are to each other: copies, contradictions, and rooms of one type that are added up.

use std::collections::HashMap;

use super::{NameRead, ReportRows, RowReport, Subject, occurrence};
use crate::{
    clock::Timestamp,
    domain::{
        numbers::{Count, Numbers, Statement},
        rejection::Rejection,
        session::SessionRef,
    },
    store::UnitOfWork,
};

/// What a row is to another one of its list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Double {
    /// It says the same as the row at this place.
    CopyOf(usize),
    /// It says something else than the row of this number.
    Contradicts(u32),
    /// It stands for several rooms of a type.
    SumOf {
        /// How many.
        rooms: usize,
        /// Their numbers together.
        numbers: Statement,
        /// When the oldest of them were true.
        observed_at: Timestamp,
    },
    /// Its room is in the sum that the row at this place stands for.
    PartOf(usize),
    /// The row of this number is of another room and cannot be read, so that nobody knows the sum.
    Lacks(u32),
}

impl ReportRows {
    /// For each row, what it is to others that report the same type.
    pub(super) fn doubles(
        &self,
        unit: &UnitOfWork,
        subjects: &[(Result<Subject, Vec<Rejection>>, Vec<NameRead>)],
    ) -> Vec<Option<Double>> {
        let now = unit.now();
        let mut groups: HashMap<_, Vec<(usize, &RowReport)>> = HashMap::new();
        let mut unreadable = HashMap::new();
        for (index, (row, (subject, _))) in self.rows.iter().zip(subjects).enumerate() {
            let Ok(subject) = subject else { continue };
            let Ok(said) = &row.said else {
                unreadable.entry((subject.facility, &subject.resource)).or_insert(row.row);
                continue;
            };
            let at = said.observed_at.unwrap_or(now);
            let named = subject.session.map(|named| {
                let date = occurrence(unit, subject.facility, named, at, "").ok().or(named.date);
                SessionRef { date, ..named }
            });
            groups.entry((subject.facility, &subject.resource, named)).or_default().push((index, said));
        }
        let mut doubles = vec![None; self.rows.len()];
        for ((facility, resource, ..), rows) in &groups {
            let unreadable = unreadable.get(&(*facility, *resource)).copied();
            for (index, double) in self.together(rows, unreadable, now) {
                doubles[index] = Some(double);
            }
        }
        doubles
    }

    /// What `rows` of one type are to each other. Rows of different rooms are added up, unless one is `unreadable`, has no
    /// name or stands there with different numbers. What was true at several moments, of the type or of one room, is its history.
    fn together(
        &self,
        rows: &[(usize, &RowReport)],
        unreadable: Option<u32>,
        now: Timestamp,
    ) -> Vec<(usize, Double)> {
        if matches!(rows, [(_, said)] if said.room.is_none()) {
            return Vec::new();
        }
        let mut rooms: HashMap<_, Vec<(usize, &RowReport)>> = HashMap::new();
        for row @ (_, said) in rows {
            rooms.entry(said.room.as_ref().map(|room| room.to_lowercase())).or_default().push(*row);
        }
        if let Some(other) = unreadable.filter(|_| !rooms.contains_key(&None)) {
            return rows.iter().map(|(index, _)| (*index, Double::Lacks(other))).collect();
        }
        let moment = |said: &RowReport| said.observed_at.unwrap_or(now);
        if rooms.len() == 1 {
            let mut moments: HashMap<_, Vec<(usize, &RowReport)>> = HashMap::new();
            for row @ (_, said) in rows {
                moments.entry(moment(said)).or_default().push(*row);
            }
            return moments.values().flat_map(|rows| self.contradictions(rows)).collect();
        }
        let is_once =
            |rows: &Vec<(usize, &RowReport)>| rows.iter().all(|row| row.1.numbers == rows[0].1.numbers);
        let mut firsts: Vec<(usize, &RowReport)> = rooms.values().map(|rows| rows[0]).collect();
        firsts.sort_unstable_by_key(|(index, _)| *index);
        let sum = sum(firsts.iter().map(|(_, said)| said.numbers));
        let sum = sum.filter(|_| !rooms.contains_key(&None) && rooms.values().all(is_once));
        let (Some(numbers), Some(observed_at)) = (sum, rows.iter().map(|(_, said)| moment(said)).min())
        else {
            let another =
                |row: &RowReport| if row.room == firsts[0].1.room { firsts[1].0 } else { firsts[0].0 };
            let contradicts = |row: &RowReport| Double::Contradicts(self.rows[another(row)].row);
            return rows.iter().map(|(index, row)| (*index, contradicts(row))).collect();
        };
        let (first, others) = (firsts[0].0, &firsts[1..]);
        let whole = (first, Double::SumOf { rooms: firsts.len(), numbers, observed_at });
        let parts = others.iter().map(|(index, _)| (*index, Double::PartOf(first)));
        let copies = rooms
            .values()
            .flat_map(|rows| rows[1..].iter().map(|(index, _)| (*index, Double::CopyOf(rows[0].0))));
        std::iter::once(whole).chain(parts).chain(copies).collect()
    }

    /// Copies among `rows`; or, if any says something else than the first, that neither is stored.
    fn contradictions(&self, rows: &[(usize, &RowReport)]) -> Vec<(usize, Double)> {
        let Some(((first, said), others)) = rows.split_first() else { return Vec::new() };
        let Some((other, _)) = others.iter().find(|(_, other)| other.numbers != said.numbers) else {
            return others.iter().map(|(index, _)| (*index, Double::CopyOf(*first))).collect();
        };
        let contradicted = |row: &RowReport| if row.numbers == said.numbers { *other } else { *first };
        let contradicts = |row: &RowReport| Double::Contradicts(self.rows[contradicted(row)].row);
        rows.iter().map(|(index, row)| (*index, contradicts(row))).collect()
    }
}

/// The numbers of all rooms together. A number that nobody knows of one room is unknown of all; None is more than can be.
fn sum(rooms: impl Iterator<Item = Statement>) -> Option<Statement> {
    let sum = rooms.map(|room| Some(room.numbers.counts())).reduce(|sum, room| {
        let mut sum = sum?;
        for (sum, count) in std::iter::zip(&mut sum, room?) {
            *sum = match (*sum, count) {
                (Some(sum), Some(count)) => Some(Count::new(sum.get() + count.get())?),
                _ => None,
            };
        }
        Some(sum)
    });
    Numbers::check(sum??, "").ok().map(Statement::of_known)
}
