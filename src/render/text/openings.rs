//! The sentences that open an answer. They may follow a topic and a colon, so they begin with a small letter.

use crate::{
    domain::{language::Language, resource_type::Kind},
    render::text::words::Words,
};
use Language::{En, Id};

/// Who has something free, for the sentences that open an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// How many facilities.
    pub(crate) amount: Amount,
    /// What is asked about.
    pub(crate) kind: Kind,
    /// Whether all of them are hospitals.
    pub(crate) hospitals: bool,
    /// How many places are wanted.
    pub(crate) min: u32,
    /// Where, as [`Words`] says it: `di Kota Semarang`.
    pub(crate) place: &'a str,
}

/// A number of facilities; there may be more of them on another page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Amount {
    /// How many are known of here.
    pub(crate) count: usize,
    /// Whether there may be more.
    pub(crate) or_more: bool,
}

/// What is wrong with numbers that are believed less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubtful {
    /// They are old.
    Old,
    /// People who phoned were told otherwise.
    Disputed,
    /// Some are old, some disputed.
    OldOrDisputed,
}

impl Words {
    pub(crate) fn some_have(self, of: Subject<'_>) -> String {
        let (have, free) = (self.sites_have(of), self.requested(of.kind, of.min));
        match self.0 {
            Id => format!("ada {have} {free}."),
            En => format!("{have} {free}."),
        }
    }

    pub(crate) fn some_had(self, of: Subject<'_>, doubtful: Doubtful) -> String {
        let (have, free) = (self.sites_have(of), self.requested(of.kind, of.min));
        let numbers = self.numbers(doubtful);
        match self.0 {
            Id => format!("menurut {numbers}, ada {have} {free}; telepon dahulu sebelum berangkat."),
            En => format!("by {numbers} only, {have} {free}; call before you go."),
        }
    }

    pub(crate) fn some_hold(self, of: Subject<'_>) -> String {
        let (have, free) = (self.sites_have(of), self.requested(of.kind, of.min));
        match self.0 {
            Id => format!("ada {have} {free}, tetapi semuanya sedang ditahan; telepon dahulu."),
            En => format!("{have} {free}, but it is held; call first."),
        }
    }

    pub(crate) fn all_listed(self, of: Subject<'_>, how_many: &str) -> String {
        let (sites, place) = (self.sites(of), of.place);
        match self.0 {
            Id => format!("ada {sites} {place}: {how_many}."),
            En => format!("{sites} {place}: {how_many}."),
        }
    }

    /// `requested` says whether anything in particular was asked for: there may be others, then.
    pub(crate) fn none_listed(self, kind: Kind, place: &str, requested: bool) -> String {
        let sites = match (self.0, kind) {
            (Id, Kind::Bed) => "tempat tidur",
            (Id, Kind::Isolation) => "tempat isolasi",
            (Id, Kind::Vaccination) => "tempat vaksinasi",
            (En, Kind::Bed) => "beds",
            (En, Kind::Isolation) => "isolation places",
            (En, Kind::Vaccination) => "vaccination sites",
        };
        match (self.0, requested) {
            (Id, false) => format!("tidak ada {sites} yang tercatat {place}."),
            (Id, true) => format!("tidak ada {sites} yang cocok tercatat {place}."),
            (En, false) => format!("no {sites} are listed {place}."),
            (En, true) => format!("no {sites} that match are listed {place}."),
        }
    }

    /// `instead` says what there is instead; it may be empty.
    pub(crate) fn none_have(self, kind: Kind, min: u32, place: &str, instead: &str) -> String {
        let (free, instead) = (self.requested(kind, min), after_colon(instead));
        match self.0 {
            Id => format!("tidak ada fasilitas {place} yang diketahui punya {free}{instead}."),
            En => format!("no facility {place} is known to have {free}{instead}."),
        }
    }

    pub(crate) fn full_or_unknown(self, min: u32) -> &'static str {
        match (self.0, min) {
            (Id, ..=1) => "semuanya penuh atau belum ada angkanya",
            (Id, _) => "jumlahnya kurang atau belum ada angkanya",
            (En, ..=1) => "all are full or have no number yet",
            (En, _) => "there are fewer, or no number yet",
        }
    }

    pub(crate) fn only_old_numbers(self, kind: Kind, min: u32, place: &str, doubtful: Doubtful) -> String {
        let (free, numbers) = (self.requested(kind, min), self.numbers(doubtful));
        match self.0 {
            Id => format!("{free} {place} hanya ada menurut {numbers}."),
            En => format!("only {numbers} show {free} {place}."),
        }
    }

    pub(crate) fn only_held(self, kind: Kind, min: u32, place: &str) -> String {
        let free = self.requested(kind, min);
        match self.0 {
            Id => {
                format!("di luar tempat yang sedang ditahan, tidak ada fasilitas {place} yang punya {free}.")
            }
            En => format!("without the places that are held, no facility {place} has {free}."),
        }
    }

    fn numbers(self, doubtful: Doubtful) -> &'static str {
        match (self.0, doubtful) {
            (Id, Doubtful::Old) => "angka lama",
            (Id, Doubtful::Disputed) => "angka yang diragukan",
            (Id, Doubtful::OldOrDisputed) => "angka lama atau yang diragukan",
            (En, Doubtful::Old) => "old numbers",
            (En, Doubtful::Disputed) => "disputed numbers",
            (En, Doubtful::OldOrDisputed) => "old or disputed numbers",
        }
    }

    pub(crate) fn nearest(self, sentence: &str) -> String {
        match self.0 {
            Id => format!("Yang terdekat: {sentence}"),
            En => format!("The nearest: {sentence}"),
        }
    }

    /// `instead` says what there is instead; it may be empty.
    pub(crate) fn none_either(self, place: &str, instead: &str) -> String {
        let instead = after_colon(instead);
        match self.0 {
            Id => format!("Juga tidak ditemukan yang cocok {place}{instead}."),
            En => format!("Nothing suitable was found {place} either{instead}."),
        }
    }

    pub(crate) fn others(self, how_many: &str) -> String {
        match self.0 {
            Id => format!("Fasilitas lain: {how_many}."),
            En => format!("Other facilities: {how_many}."),
        }
    }

    pub(crate) fn measured_from(self, region: Option<&str>) -> String {
        match (self.0, region) {
            (Id, Some(region)) => format!("Jarak dihitung dari {region}."),
            (Id, None) => "Jarak dihitung dari tempat yang ditanyakan.".to_owned(),
            (En, Some(region)) => format!("Distances are from {region}."),
            (En, None) => "Distances are from the place you asked about.".to_owned(),
        }
    }
}

fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

/// How many facilities, by how much is known of them.
impl Words {
    pub(crate) fn with_some(self, amount: Amount) -> String {
        let n = self.amount(amount);
        match (self.0, amount.count) {
            (Id, _) => format!("{n} masih punya yang kosong"),
            (En, 1) => format!("{n} has something free"),
            (En, _) => format!("{n} have something free"),
        }
    }

    pub(crate) fn by_old_numbers(self, amount: Amount, doubtful: Doubtful) -> String {
        let (n, numbers) = (self.amount(amount), self.numbers(doubtful));
        match self.0 {
            Id => format!("{n} kosong menurut {numbers}"),
            En => format!("{n} free only by {numbers}"),
        }
    }

    pub(crate) fn with_held(self, amount: Amount) -> String {
        let n = self.amount(amount);
        match self.0 {
            Id => format!("{n} kosong tetapi sedang ditahan"),
            En => format!("{n} free but held"),
        }
    }

    pub(crate) fn with_unknown(self, amount: Amount) -> String {
        let n = self.amount(amount);
        match self.0 {
            Id => format!("{n} belum diketahui"),
            En => format!("{n} not known"),
        }
    }

    pub(crate) fn with_too_few(self, amount: Amount, min: u32) -> String {
        let n = self.amount(amount);
        match (self.0, min) {
            (Id, ..=1) => format!("{n} penuh"),
            (Id, _) => format!("{n} tidak cukup"),
            (En, ..=1) => format!("{n} full"),
            (En, _) => format!("{n} without enough"),
        }
    }

    fn amount(self, Amount { count, or_more }: Amount) -> String {
        match (self.0, or_more) {
            (Id, true) => format!("sedikitnya {count}"),
            (En, true) => format!("at least {count}"),
            (_, false) => count.to_string(),
        }
    }

    fn sites(self, of: Subject<'_>) -> String {
        let one = of.amount.count == 1;
        let noun = match (self.0, of.kind) {
            (Id, Kind::Bed) if of.hospitals => "rumah sakit",
            (Id, Kind::Bed) => "fasilitas",
            (Id, Kind::Isolation) => "tempat isolasi",
            (Id, Kind::Vaccination) => "tempat vaksinasi",
            (En, Kind::Bed) if of.hospitals && one => "hospital",
            (En, Kind::Bed) if of.hospitals => "hospitals",
            (En, Kind::Bed) if one => "facility",
            (En, Kind::Bed) => "facilities",
            (En, Kind::Isolation) if one => "isolation site",
            (En, Kind::Isolation) => "isolation sites",
            (En, Kind::Vaccination) if one => "vaccination site",
            (En, Kind::Vaccination) => "vaccination sites",
        };
        format!("{} {noun}", self.amount(of.amount))
    }

    fn sites_have(self, of: Subject<'_>) -> String {
        let (sites, place) = (self.sites(of), of.place);
        match (self.0, of.amount.count) {
            (Id, _) => format!("{sites} {place} yang punya"),
            (En, 1) => format!("{sites} {place} has"),
            (En, _) => format!("{sites} {place} have"),
        }
    }

    fn requested(self, kind: Kind, min: u32) -> String {
        let (one, many) = match (self.0, kind) {
            (Id, Kind::Bed) => ("tempat tidur kosong", "tempat tidur kosong"),
            (Id, Kind::Isolation) => ("tempat kosong", "tempat kosong"),
            (Id, Kind::Vaccination) => ("sisa kuota", "sisa kuota"),
            (En, Kind::Bed) => ("a free bed", "free beds"),
            (En, Kind::Isolation) => ("a free place", "free places"),
            (En, Kind::Vaccination) => ("a free slot", "free slots"),
        };
        match (self.0, min) {
            (_, ..=1) => one.to_owned(),
            (Id, _) => format!("sedikitnya {min} {many}"),
            (En, _) => format!("at least {min} {many}"),
        }
    }
}
