//! Names that could be anybody's. Every one of them says that it is simulated, because a name is what is
//! read aloud and pasted, and places are real.

/// Private hospitals; the name of the kecamatan follows.
pub(super) const HOSPITALS: [&str; 8] = [
    "RS Harapan",
    "RS Bina Sehat",
    "RSIA Bunda Asih",
    "RS Mitra Husada",
    "RS Budi Waluya",
    "RS Cahaya Medika",
    "RSIA Kasih Ananda",
    "RS Tirta Husada",
];

/// A name of the demonstration.
pub(super) fn simulated(name: &str) -> String {
    format!("{name} (simulasi)")
}

/// A telephone number that nobody has: 0800-000 is not given to anyone.
pub(super) fn phone(number: u32) -> String {
    format!("0800-000-{:04}", number % 10_000)
}
