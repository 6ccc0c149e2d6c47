//! The regions, types and contacts that ship, as commands.

use migrations::{REGIONS_CSV, RESOURCE_TYPES_CSV};

use super::{regions, resource_types};
use crate::{
    domain::{facility::Visibility, geo::Precision, rejection::Rejections, text::wire_name},
    store::commands::{ContactInput, PutContact, PutMode, PutRegions, PutTypes},
};

/// Everyday and former names of regions that no official name contains.
const EVERYDAY_NAMES: &[(&str, &[&str])] = &[
    ("11", &["Nanggroe Aceh Darussalam"]),
    ("12.12", &["Toba Samosir", "Tobasa"]),
    ("31", &["DKI", "DKI Jakarta"]),
    ("33.72", &["Solo"]),
    ("34", &["DIY", "Jogja", "Yogya"]),
    ("34.71", &["Jogja", "Yogya"]),
    ("36.74", &["Tangsel"]),
    ("61.02", &["Kabupaten Pontianak"]),
    ("73.71", &["Ujung Pandang"]),
    ("76.01", &["Mamuju Utara"]),
    ("81.03", &["Maluku Tenggara Barat"]),
    ("91", &["Irian Jaya"]),
    ("91.71", &["Hollandia"]),
    ("92", &["Irian Jaya Barat"]),
];

/// The regions that ship, for those that are not there yet. Their points are coarse.
pub fn shipped_regions() -> Result<PutRegions, Rejections> {
    let mut regions = regions::read(REGIONS_CSV.as_bytes())?;
    for (code, patch) in &mut regions {
        *patch = std::mem::take(patch).with("precision", wire_name(Precision::Place));
        if let Some((_, names)) = EVERYDAY_NAMES.iter().find(|(of, _)| of.parse() == Ok(*code)) {
            *patch = std::mem::take(patch).with("aliases", *names);
        }
    }
    Ok(PutRegions { regions, mode: PutMode::OnlyMissing })
}

/// The resource types that ship, for those that are not there yet.
pub fn shipped_types() -> Result<PutTypes, Rejections> {
    Ok(PutTypes { types: resource_types::read(RESOURCE_TYPES_CSV.as_bytes())?, only_missing: true })
}

/// The one contact that holds everywhere, so that no answer is a dead end: PSC 119, the national medical
/// emergency line (Instruksi Presiden 4/2013; Permenkes 19/2016).
pub fn national_contact() -> PutContact {
    PutContact {
        id: None,
        contact: ContactInput {
            region: None,
            name: "PSC 119 (darurat medis)".to_owned(),
            role: "psc119".to_owned(),
            phone: "119".to_owned(),
            visibility: Visibility::Public,
        },
    }
}
