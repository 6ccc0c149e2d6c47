//! Names that could be anybody's.

use crate::domain::intake::Intake;

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

/// Who is taken in at an isolation site, and how.
pub(super) fn intake() -> Intake {
    Intake {
        criteria: Some("positif tanpa gejala atau gejala ringan, 18 sampai 60 tahun".to_owned()),
        bring: Some("KTP, hasil tes, pakaian untuk 10 hari, obat pribadi".to_owned()),
        pickup: Some("dijemput ambulans puskesmas".to_owned()),
        referral: Some("puskesmas tempat tinggal".to_owned()),
    }
}

/// A telephone number that nobody has: 0800-000 is not given to anyone.
pub(super) fn phone(number: u32) -> String {
    format!("0800-000-{:04}", number % 10_000)
}
