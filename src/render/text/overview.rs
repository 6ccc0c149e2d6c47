//! A region at a glance, in a few lines.

use crate::{
    clock::Timestamp,
    domain::{language::Language, numbers::Sum, resource_type::Kind},
    render::{
        model::{KindView, OverviewAnswer, Reporting, TotalView},
        text::{contacts, entry, finished, times::Times, words::Words},
    },
};
use Language::{En, Id};

/// What a region has of every kind, who has reported, and whom to call.
pub fn overview(answer: &OverviewAnswer, language: Language, now: Timestamp) -> String {
    let words = Words(language);
    let summary = &answer.summary;
    let kinds = [
        (Kind::Bed, &summary.beds),
        (Kind::Isolation, &summary.isolation),
        (Kind::Vaccination, &summary.vaccination),
    ];
    let mut paragraphs = vec![entry::region_name(summary.region.code, &summary.region.name)];
    paragraphs.extend(kinds.map(|(kind, view)| of_kind(kind, view, words)));
    paragraphs.push(words.reporting(summary.completeness));
    paragraphs.push(contacts(words.whom_to_call(), &answer.contacts, words));
    paragraphs.push(words.as_of(&Times::new(language, answer.zone, now).moment(answer.as_of)));
    finished(&paragraphs)
}

fn of_kind(kind: Kind, view: &KindView, words: Words) -> String {
    if view.facilities == 0 {
        return words.nothing_of(kind);
    }
    let lines = view.totals.iter().map(|total| format!("- {}", words.total(kind, total)));
    let heading = words.facilities_of(kind, view.facilities, view.facilities_available);
    std::iter::once(heading).chain(lines).collect::<Vec<_>>().join("\n")
}

impl Words {
    pub(crate) fn name_of(self, kind: Kind) -> &'static str {
        match (self.0, kind) {
            (Id, Kind::Bed) => "Tempat tidur",
            (Id, Kind::Isolation) => "Isolasi terpusat",
            (Id, Kind::Vaccination) => "Vaksinasi",
            (En, Kind::Bed) => "Beds",
            (En, Kind::Isolation) => "Isolation places",
            (En, Kind::Vaccination) => "Vaccination",
        }
    }

    fn nothing_of(self, kind: Kind) -> String {
        let kind = self.name_of(kind);
        match self.0 {
            Id => format!("{kind}: belum ada yang melapor."),
            En => format!("{kind}: nobody has reported any."),
        }
    }

    fn facilities_of(self, kind: Kind, all: u32, available: u32) -> String {
        let name = self.name_of(kind);
        match (self.0, kind) {
            (Id, Kind::Vaccination) => {
                format!("{name}, 7 hari ke depan: {available} dari {all} fasilitas masih punya sisa kuota.")
            }
            (En, Kind::Vaccination) => {
                format!("{name}, the next 7 days: {available} of {all} facilities have free slots.")
            }
            (Id, _) => format!("{name}: {available} dari {all} fasilitas punya yang kosong."),
            (En, _) => format!("{name}: {available} of {all} facilities have something free."),
        }
    }

    fn total(self, kind: Kind, total: &TotalView) -> String {
        let label = &total.label;
        let noun = match (self.0, kind) {
            (Id, Kind::Vaccination) => "sisa kuota",
            (Id, _) => "kosong",
            (En, Kind::Vaccination) => "free slots",
            (En, _) => "free",
        };
        let Some(free) = total.available.map(Sum::get) else {
            return match self.0 {
                Id => format!("{label}: jumlah {noun} belum diketahui"),
                En => format!("{label}: how many are free is not known"),
            };
        };
        let by_old_numbers = match (self.0, total.available_stale.map_or(0, Sum::get)) {
            (_, 0) => String::new(),
            (Id, stale) => format!(", {stale} di antaranya menurut angka lama"),
            (En, stale) => format!(", {stale} of them by old numbers"),
        };
        let not_known = match (self.0, total.facilities_unknown) {
            (_, 0) => String::new(),
            (Id, unknown) => format!("; {unknown} fasilitas belum diketahui"),
            (En, 1) => "; 1 facility not known".to_owned(),
            (En, unknown) => format!("; {unknown} facilities not known"),
        };
        match self.0 {
            Id if kind == Kind::Vaccination => format!("{label}: {noun} {free}{by_old_numbers}{not_known}"),
            _ => format!("{label}: {free} {noun}{by_old_numbers}{not_known}"),
        }
    }

    pub(crate) fn reporting(self, of: Reporting) -> String {
        let Reporting { facilities, fresh, aging, stale, unknown, never } = of;
        let silent = unknown + never;
        match self.0 {
            Id => format!(
                "Laporan: dari {facilities} fasilitas, {fresh} angkanya baru, {aging} mulai lama, {stale} lama, {silent} tanpa angka."
            ),
            En => format!(
                "Reports: of {facilities} facilities {fresh} have fresh numbers, {aging} aging ones, {stale} old ones, {silent} none."
            ),
        }
    }

    pub(crate) fn whom_to_call(self) -> &'static str {
        match self.0 {
            Id => "Hubungi:",
            En => "Call:",
        }
    }
}
