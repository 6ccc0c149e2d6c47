//! Names that could be anybody's.

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

/// A telephone number that nobody has: 0800-000 is not given to anyone.
pub(super) fn phone(number: u32) -> String {
    format!("0800-000-{:04}", number % 10_000)
}
