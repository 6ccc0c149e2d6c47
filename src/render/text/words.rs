//! The phrases of the text answers, Indonesian above English; those that open an answer stand in
//! `openings`.

use crate::domain::{language::Language, observation::Source};
use Language::{En, Id};

/// The phrases in one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words(pub(crate) Language);

/// Where.
impl Words {
    pub(crate) fn in_region(self, region: &str) -> String {
        match self.0 {
            Id => format!("di {region}"),
            En => format!("in {region}"),
        }
    }

    pub(crate) fn within(self, km: u32) -> String {
        match self.0 {
            Id => format!("dalam jarak {km} km"),
            En => format!("within {km} km"),
        }
    }

    pub(crate) fn around(self, region: Option<&str>) -> String {
        match (self.0, region) {
            (Id, Some(region)) => format!("di sekitar {region}"),
            (Id, None) => "di sekitar tempat yang ditanyakan".to_owned(),
            (En, Some(region)) => format!("around {region}"),
            (En, None) => "around the place you asked about".to_owned(),
        }
    }

    pub(crate) fn in_the_country(self) -> &'static str {
        match self.0 {
            Id => "di seluruh Indonesia",
            En => "in all of Indonesia",
        }
    }

    pub(crate) fn distance(self, km: f64) -> String {
        match (self.0, km < 1.0) {
            (Id, true) => "kurang dari 1 km".to_owned(),
            (Id, false) => format!("sekitar {km:.0} km"),
            (En, true) => "less than 1 km away".to_owned(),
            (En, false) => format!("about {km:.0} km away"),
        }
    }

    pub(crate) fn rough_distance(self, km: f64) -> String {
        let km = km.max(1.0);
        match self.0 {
            Id => format!("perkiraan kasar {km:.0} km"),
            En => format!("very roughly {km:.0} km away"),
        }
    }
}

/// One facility.
impl Words {
    pub(crate) fn simulated(self) -> &'static str {
        match self.0 {
            Id => "[simulasi]",
            En => "[simulated]",
        }
    }

    pub(crate) fn closed(self) -> &'static str {
        match self.0 {
            Id => "Fasilitas ini sudah tutup dan tidak melayani lagi.",
            En => "This facility has closed for good.",
        }
    }

    pub(crate) fn address(self, address: &str) -> String {
        match self.0 {
            Id => format!("Alamat: {address}"),
            En => format!("Address: {address}"),
        }
    }

    pub(crate) fn phones(self, numbers: &str) -> String {
        match self.0 {
            Id => format!("Telepon: {numbers}"),
            En => format!("Phone: {numbers}"),
        }
    }

    pub(crate) fn internal(self) -> &'static str {
        match self.0 {
            Id => "nomor internal, jangan diteruskan",
            En => "internal number, do not pass on",
        }
    }

    pub(crate) fn no_phone(self) -> &'static str {
        match self.0 {
            Id => "Nomor telepon belum ada.",
            En => "No phone number is known.",
        }
    }

    pub(crate) fn no_phone_but(self, contact: &str) -> String {
        match self.0 {
            Id => format!("Nomor telepon belum ada; hubungi {contact}"),
            En => format!("No phone number is known; ask {contact}"),
        }
    }
}

/// How somebody gets in.
impl Words {
    pub(crate) fn criteria(self, text: &str) -> String {
        match self.0 {
            Id => format!("Syarat masuk: {text}"),
            En => format!("Who is taken in: {text}"),
        }
    }

    pub(crate) fn referral(self, text: &str) -> String {
        match self.0 {
            Id => format!("Rujukan dari: {text}"),
            En => format!("Referral by: {text}"),
        }
    }

    pub(crate) fn pickup(self, text: &str) -> String {
        match self.0 {
            Id => format!("Antar-jemput: {text}"),
            En => format!("Getting there: {text}"),
        }
    }

    pub(crate) fn bring(self, text: &str) -> String {
        match self.0 {
            Id => format!("Yang perlu dibawa: {text}"),
            En => format!("What to bring: {text}"),
        }
    }
}

/// Its numbers.
impl Words {
    pub(crate) fn free(self, count: u32) -> String {
        match self.0 {
            Id => format!("{count} kosong"),
            En => format!("{count} free"),
        }
    }

    pub(crate) fn free_of(self, count: u32, capacity: u32) -> String {
        match self.0 {
            Id => format!("{count} kosong dari {capacity}"),
            En => format!("{count} free of {capacity}"),
        }
    }

    pub(crate) fn full(self) -> &'static str {
        match self.0 {
            Id => "penuh",
            En => "full",
        }
    }

    pub(crate) fn unknown(self) -> &'static str {
        match self.0 {
            Id => "jumlah kosong belum diketahui",
            En => "how many are free is not known",
        }
    }

    pub(crate) fn capacity(self, count: u32) -> String {
        match self.0 {
            Id => format!("kapasitas {count}"),
            En => format!("capacity {count}"),
        }
    }

    pub(crate) fn occupied(self, count: u32) -> String {
        match self.0 {
            Id => format!("terisi {count}"),
            En => format!("{count} occupied"),
        }
    }

    pub(crate) fn queue(self, people: u32) -> String {
        match (self.0, people) {
            (Id, _) => format!("antrean {people} orang"),
            (En, 1) => "1 person waiting".to_owned(),
            (En, _) => format!("{people} people waiting"),
        }
    }

    /// `sistem rumah sakit (SIMRS)`: which way a number came, and who sent it where that is told.
    pub(crate) fn source(self, source: Source, reporter: Option<&str>) -> String {
        let said = match (self.0, source) {
            (Id, Source::Facility) => "fasilitas sendiri",
            (Id, Source::Bridge) => "sistem rumah sakit",
            (Id, Source::Bulk) => "daftar banyak fasilitas",
            (Id, Source::Coordinator) => "koordinator",
            (Id, Source::AgentCall) => "petugas call centre",
            (Id, Source::Simulated) => "simulasi",
            (En, Source::Facility) => "the facility itself",
            (En, Source::Bridge) => "a hospital system",
            (En, Source::Bulk) => "a list of many facilities",
            (En, Source::Coordinator) => "a coordinator",
            (En, Source::AgentCall) => "a call-centre agent",
            (En, Source::Simulated) => "the simulation",
        };
        let by = reporter.map(|name| format!(" ({name})")).unwrap_or_default();
        match self.0 {
            Id => format!("Sumber: {said}{by}."),
            En => format!("Source: {said}{by}."),
        }
    }

    pub(crate) fn never_reported(self) -> &'static str {
        match self.0 {
            Id => "Belum pernah melaporkan jumlah yang kosong.",
            En => "Has never reported how many are free.",
        }
    }

    pub(crate) fn updated(self, age: &str, moment: &str) -> String {
        match self.0 {
            Id => format!("Diperbarui {age}, {moment}."),
            En => format!("Updated {age} ({moment})."),
        }
    }

    pub(crate) fn aging(self) -> &'static str {
        match self.0 {
            Id => "Angka mulai lama, sebaiknya pastikan lewat telepon.",
            En => "The number is getting old, better confirm it by phone.",
        }
    }

    pub(crate) fn stale(self) -> &'static str {
        match self.0 {
            Id => "Angka lama, telepon dahulu sebelum berangkat.",
            En => "Old number, call before you go.",
        }
    }
}

/// Counts of what was asked or said.
impl Words {
    pub(crate) fn how_often(self, count: u64) -> String {
        match (self.0, count) {
            (Id, _) => format!("{count} kali"),
            (En, 1) => "once".to_owned(),
            (En, _) => format!("{count} times"),
        }
    }
}

/// The closing lines.
impl Words {
    pub(crate) fn next_page(self) -> &'static str {
        match self.0 {
            Id => "Masih ada lagi; persempit dengan kecamatan, jenis, atau jaraknya.",
            En => "There are more; narrow it down by kecamatan, type or distance.",
        }
    }

    pub(crate) fn another_page(self) -> &'static str {
        match self.0 {
            Id => "Masih ada lagi di halaman berikutnya.",
            En => "There are more on the next page.",
        }
    }

    pub(crate) fn if_none_fits(self) -> &'static str {
        match self.0 {
            Id => "Jika tidak ada yang cocok, hubungi:",
            En => "If none of these fits, call:",
        }
    }

    pub(crate) fn what_to_do_now(self) -> &'static str {
        match self.0 {
            Id => "Langkah berikutnya, hubungi:",
            En => "As the next step, call:",
        }
    }

    pub(crate) fn if_nobody_answers(self) -> &'static str {
        match self.0 {
            Id => "Jika tidak ada jawaban, hubungi:",
            En => "If nobody answers, call:",
        }
    }

    pub(crate) fn emergency(self) -> &'static str {
        match self.0 {
            Id => "Dalam keadaan gawat darurat, hubungi 119.",
            En => "In an emergency, call 119.",
        }
    }

    pub(crate) fn as_of(self, moment: &str) -> String {
        match self.0 {
            Id => format!("Data per {moment}."),
            En => format!("Data as of {moment}."),
        }
    }
}

/// What was found by name.
impl Words {
    pub(crate) fn regions_found(self) -> &'static str {
        match self.0 {
            Id => "Wilayah yang ditemukan:",
            En => "Regions found:",
        }
    }

    pub(crate) fn facilities_found(self) -> &'static str {
        match self.0 {
            Id => "Fasilitas yang ditemukan:",
            En => "Facilities found:",
        }
    }

    pub(crate) fn code(self, code: &str) -> String {
        match self.0 {
            Id => format!("kode {code}"),
            En => format!("code {code}"),
        }
    }

    pub(crate) fn nothing_found(self) -> &'static str {
        match self.0 {
            Id => {
                "Tidak ada yang ditemukan. Coba satu kata saja dari namanya, misalnya Kariadi, \
                 atau nama kecamatannya, atau nomor teleponnya."
            }
            En => {
                "Nothing was found. Try a single word of the name, such as Kariadi, \
                 or the name of its kecamatan, or its phone number."
            }
        }
    }

    pub(crate) fn more_found(self) -> &'static str {
        match self.0 {
            Id => "Masih ada lagi; sebutkan nama yang lebih lengkap atau wilayahnya.",
            En => "There are more; give a fuller name, or its region.",
        }
    }
}
