//! The facilities and contacts of the demonstration: the same ones at every start.

use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use sha2::{Digest, Sha256};

use super::beds::{Beds, HEALTH_CENTRE, Habit, ISOLATION_SITE, LARGE, MATERNITY, MIDDLE, SMALL};
use crate::{
    clock::Timestamp,
    domain::{
        facility::{ExternalId, FacilityRef, Phone, Visibility},
        geo::Point,
        intake::Intake,
        numbers::Numbers,
        region::Region,
        region_code::Level,
        resource_type::TypeCode,
    },
    snapshot::Snapshot,
    store::commands::{ContactInput, FacilityInput},
};

/// Jawa Tengah.
const PROVINCE: &str = "33";
/// Kota Semarang and its kecamatan Tembalang, which the examples ask for: something is always free there.
const EXAMPLE: (&str, &str) = ("33.74", "33.74.10");

/// Private hospitals, under names that could be anybody's; the name of the kecamatan follows.
const HOSPITALS: [&str; 8] = [
    "RS Harapan",
    "RS Bina Sehat",
    "RSIA Bunda Asih",
    "RS Mitra Husada",
    "RS Budi Waluya",
    "RS Cahaya Medika",
    "RSIA Kasih Ananda",
    "RS Tirta Husada",
];

/// Dice that fall the same way for the same name, on every machine.
pub(super) type Dice = Xoshiro256PlusPlus;

/// The dice of a name.
pub(super) fn dice(name: &str) -> Dice {
    Dice::from_seed(Sha256::digest(name).into())
}

/// True in `percent` of a hundred throws.
pub(super) fn chance(dice: &mut Dice, percent: u32) -> bool {
    dice.random_ratio(percent, 100)
}

/// A telephone number that nobody has: 0800-000 is not given to anyone.
pub(super) fn phone(number: u32) -> String {
    format!("0800-000-{:04}", number % 10_000)
}

/// Everything the demonstration has.
pub(super) struct Plan {
    pub(super) facilities: Vec<Planned>,
    pub(super) contacts: Vec<ContactInput>,
}

/// One simulated facility.
pub(super) struct Planned {
    pub(super) reference: FacilityRef,
    pub(super) input: FacilityInput,
    pub(super) habit: Habit,
    pub(super) beds: Vec<Beds>,
}

impl Planned {
    /// The facility's numbers at `now`.
    pub(super) fn numbers(&self, now: Timestamp) -> Vec<(TypeCode, Numbers)> {
        self.beds.iter().map(|beds| (beds.code.clone(), beds.numbers(self.habit, now))).collect()
    }
}

/// The plan for the regions and types that the directory has.
pub(super) fn plan(snapshot: &Snapshot) -> Plan {
    let mut planner = Planner { snapshot, plan: Plan { facilities: Vec::new(), contacts: Vec::new() } };
    if let Some(province) = PROVINCE.parse().ok().and_then(|code| snapshot.region(code)) {
        planner.contacts(province);
        for regency in snapshot.children(Some(province.code)) {
            planner.contacts(regency);
            planner.regency(regency);
        }
    }
    planner.plan
}

struct Planner<'a> {
    snapshot: &'a Snapshot,
    plan: Plan,
}

impl Planner<'_> {
    /// The facilities of one kabupaten or kota.
    fn regency(&mut self, regency: &Region) {
        let mut dice = dice(&regency.code.to_string());
        let districts: Vec<&Region> = self.snapshot.children(Some(regency.code)).map(AsRef::as_ref).collect();
        self.public_hospital(regency);
        self.private_hospitals(regency, &districts, &mut dice);
        let one_in = if regency.code.kind() == "kota" { 1 } else { 3 };
        for district in districts.iter().step_by(one_in) {
            let name = format!("Puskesmas {}", district.name);
            self.facility(&name, "puskesmas", district, HEALTH_CENTRE, 20);
        }
        let site = format!("Isolasi Terpusat {}", regency.name);
        self.facility(&site, "isolation_site", regency, ISOLATION_SITE, 5);
        if let Some(planned) = self.plan.facilities.last_mut() {
            planned.input.intake = Some(Intake {
                criteria: Some("positif tanpa gejala atau gejala ringan, 18 sampai 60 tahun".to_owned()),
                bring: Some("KTP, hasil tes, pakaian untuk 10 hari, obat pribadi".to_owned()),
                pickup: Some("dijemput ambulans puskesmas".to_owned()),
                referral: Some("puskesmas tempat tinggal".to_owned()),
            });
        }
    }

    /// The hospital of the kabupaten or kota itself; which kecamatan it is in is not known.
    fn public_hospital(&mut self, regency: &Region) {
        let is_large = ["33.02", "33.72", EXAMPLE.0].contains(&regency.code.to_string().as_str());
        let class = if is_large { LARGE } else { MIDDLE };
        self.facility(&format!("RSUD {}", regency.name), "hospital", regency, class, 5);
        if is_large {
            self.never_full();
        }
    }

    /// Private hospitals, spread over the kecamatan, first those whose place is known.
    fn private_hospitals(&mut self, regency: &Region, districts: &[&Region], dice: &mut Dice) {
        let count = match regency.code.to_string().as_str() {
            "33.74" => HOSPITALS.len(),
            "33.72" => 5,
            _ if regency.code.kind() == "kota" => 3,
            _ => dice.random_range(2..=4),
        };
        let mut places = districts.to_vec();
        let turn = dice.random_range(0..=places.len());
        places.rotate_left(turn);
        places.sort_by_key(|district| (district.code.to_string() != EXAMPLE.1, district.point.is_none()));
        for (name, district) in HOSPITALS.iter().zip(places).take(count) {
            let is_example = district.code.to_string() == EXAMPLE.1;
            let class = match dice.random_range(0..3) {
                _ if is_example => LARGE,
                _ if name.starts_with("RSIA") => MATERNITY,
                0 => MIDDLE,
                _ => SMALL,
            };
            self.facility(&format!("{name} {}", district.name), "hospital", district, class, 8);
            if is_example {
                self.never_full();
            }
        }
    }

    /// One more facility in `region`; `silent` percent of its like never report.
    fn facility(
        &mut self,
        name: &str,
        kind: &str,
        region: &Region,
        class: &'static [(&'static str, u32, u32)],
        silent: u32,
    ) {
        let number = u32::try_from(self.plan.facilities.len() + 1).unwrap_or(u32::MAX);
        let id = self.next_id(region);
        let mut dice = dice(&id);
        let point = self.place(region, &mut dice);
        let input = FacilityInput {
            name: name.to_owned(),
            kind: kind.to_owned(),
            region: region.code.to_string(),
            external_ids: vec![id.clone()],
            address: chance(&mut dice, 80)
                .then(|| format!("Jl. Contoh No. {}, {}", dice.random_range(1..=200), region.name)),
            phones: phones(number, &mut dice),
            lat: point.map(|point| point.lat),
            lon: point.map(|point| point.lon),
            simulated: true,
            ..FacilityInput::default()
        };
        let id = ExternalId::parse(&id, "").expect("a system and digits");
        self.plan.facilities.push(Planned {
            reference: FacilityRef::External(id),
            input,
            habit: Habit::thrown(&mut dice, silent),
            beds: Beds::of(class, &mut dice, self.snapshot),
        });
    }

    /// The next id of the region's kabupaten or kota, such as `demo:3374001`: what the dice say of one does not move the
    /// ids of another, which the documents name.
    fn next_id(&self, region: &Region) -> String {
        let regency = region.code.at(Level::Regency).unwrap_or(region.code).to_string().replace('.', "");
        let prefix = format!("demo:{regency}");
        let known =
            self.plan.facilities.iter().filter(|planned| planned.input.external_ids[0].starts_with(&prefix));
        format!("{prefix}{:03}", known.count() + 1)
    }

    /// A place near the region's point, or in a kota, which is small, near that of the kota. Some facilities have
    /// none.
    fn place(&self, region: &Region, dice: &mut Dice) -> Option<Point> {
        let [north, east] = [(); 2].map(|()| dice.random_range(-0.025..=0.025));
        if chance(dice, 12) {
            return None;
        }
        let kota = region.code.at(Level::Regency).filter(|code| code.kind() == "kota");
        let centre = region.point.or_else(|| self.snapshot.region(kota?)?.point)?;
        Point::new(centre.lat + north, centre.lon + east, "").ok()
    }

    /// Makes the last facility one that always has something free and always reports.
    fn never_full(&mut self) {
        if let Some(planned) = self.plan.facilities.last_mut() {
            planned.habit = Habit::Moving;
            planned.beds = std::mem::take(&mut planned.beds).into_iter().map(Beds::never_full).collect();
        }
    }

    /// The contacts of a province, kabupaten or kota.
    fn contacts(&mut self, region: &Region) {
        let number = u32::try_from(self.plan.contacts.len()).unwrap_or(u32::MAX) + 9000;
        let contacts = [
            ("Call centre", "call_centre", Visibility::Public),
            ("Dinas Kesehatan", "dinkes", Visibility::Public),
            ("Satgas (piket)", "satgas", Visibility::Internal),
        ];
        for (offset, (name, role, visibility)) in (0..).zip(contacts) {
            self.plan.contacts.push(ContactInput {
                region: Some(region.code.to_string()),
                name: format!("{name} {} (simulasi)", region.name),
                role: role.to_owned(),
                phone: phone(number + offset),
                visibility,
            });
        }
    }
}

fn phones(number: u32, dice: &mut Dice) -> Vec<Phone> {
    let mut phones = Vec::new();
    if chance(dice, 91) {
        phones.push(Phone { number: phone(number), label: None, visibility: Visibility::Public });
    }
    if chance(dice, 30) {
        phones.push(Phone {
            number: phone(number + 5000),
            label: Some("Kepala jaga".to_owned()),
            visibility: Visibility::Internal,
        });
    }
    phones
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use super::*;
    use crate::{domain::region_code::RegionCode, import::shipped, snapshot::Row};

    fn shipped_plan() -> Plan {
        let now = Timestamp::from_timestamp(1_625_122_800, 0).unwrap();
        let types = shipped::shipped_types().unwrap().types;
        let regions = shipped::shipped_regions().unwrap().regions;
        let types = types.into_iter().map(|resource| Row::ResourceType(resource, now));
        let regions = regions.into_iter().map(|(code, patch)| {
            let shipped = patch.applied(&serde_json::json!({})).unwrap();
            let point = shipped.lat.zip(shipped.lon);
            let region = Region {
                code,
                name: shipped.name,
                aliases: vec![],
                point: point.map(|(lat, lon)| Point::new(lat, lon, "").unwrap()),
                precision: None,
                zone: None,
                postcode: None,
                bps_code: None,
                outline: None,
                stated: std::collections::BTreeSet::new(),
            };
            Row::Region(region, now)
        });
        plan(&Snapshot::build(0, now, now, types.chain(regions)))
    }

    #[test]
    fn every_kabupaten_and_kota_has_hospitals_and_contacts() {
        let plan = shipped_plan();
        let mut hospitals: BTreeMap<RegionCode, u32> = BTreeMap::new();
        for planned in plan.facilities.iter().filter(|planned| planned.input.kind == "hospital") {
            let region: RegionCode = planned.input.region.parse().unwrap();
            *hospitals.entry(region.at(Level::Regency).unwrap()).or_default() += 1;
        }
        assert_eq!(hospitals.len(), 35);
        assert!(hospitals.values().all(|count| *count >= 2), "{hospitals:?}");
        let regions: HashSet<_> = plan.contacts.iter().map(|contact| &contact.region).collect();
        assert_eq!(regions.len(), 36);
        assert!(plan.contacts.iter().any(|contact| contact.visibility == Visibility::Internal));
    }

    #[test]
    fn every_way_to_report_occurs() {
        let plan = shipped_plan();
        let count =
            |fits: fn(Habit) -> bool| plan.facilities.iter().filter(|planned| fits(planned.habit)).count();
        let moving = count(|habit| habit == Habit::Moving);
        assert!(moving * 2 > plan.facilities.len(), "{moving}");
        assert!(count(|habit| habit == Habit::Never) > 10);
        assert!(count(|habit| habit == Habit::Full) > 10);
        assert!(count(|habit| matches!(habit, Habit::Old { hours: 13.. })) > 10);
        assert!(count(|habit| matches!(habit, Habit::Old { hours: ..12 })) > 10);
        assert!(count(|habit| habit == Habit::Withdrawn) > 2);
        let unknown = |planned: &&Planned| {
            let numbers = planned.numbers(Timestamp::UNIX_EPOCH);
            planned.habit == Habit::Moving && numbers.iter().all(|(_, numbers)| numbers.available().is_none())
        };
        assert!(plan.facilities.iter().filter(unknown).count() > 5);
    }

    #[test]
    fn the_example_always_has_a_free_ventilator() {
        let plan = shipped_plan();
        let hospital = plan
            .facilities
            .iter()
            .find(|planned| planned.input.region == EXAMPLE.1 && planned.input.kind == "hospital")
            .unwrap();
        assert_eq!(hospital.input.name, "RS Harapan Tembalang");
        for second in (0..2400).step_by(60) {
            let numbers = hospital.numbers(Timestamp::from_timestamp(second, 0).unwrap());
            for code in ["bed.icu_vent", "bed.covid.icu_neg_vent"] {
                let (_, numbers) = numbers.iter().find(|(have, _)| have.as_str() == code).unwrap();
                assert!(numbers.available().unwrap().get() > 0);
            }
        }
    }

    #[test]
    fn the_documents_name_the_hospital_that_they_mean() {
        let documents = [
            include_str!("../../README.md"),
            include_str!("../../docs/api.md"),
            include_str!("../../docs/bridges.md"),
        ];
        let plan = shipped_plan();
        for text in documents {
            for (at, _) in text.match_indices("demo:") {
                let id: String = text[at..]
                    .chars()
                    .take_while(|char| char.is_ascii_alphanumeric() || *char == ':')
                    .collect();
                let planned = plan.facilities.iter().find(|planned| planned.input.external_ids[0] == id);
                let name = planned.map(|planned| planned.input.name.as_str());
                assert_eq!(name, Some("RSUD Kota Semarang"), "{id}");
            }
        }
    }

    #[test]
    fn nothing_of_it_can_be_mistaken_for_real() {
        let plan = shipped_plan();
        let (mut names, mut ids) = (HashSet::new(), HashSet::new());
        for planned in &plan.facilities {
            let input = &planned.input;
            assert!(input.simulated, "{}", input.name);
            assert!(names.insert((&input.name, &input.region)), "{} occurs twice", input.name);
            assert!(ids.insert(&input.external_ids[0]));
            assert!(input.phones.iter().all(|phone| phone.number.starts_with("0800-000-")));
        }
        assert!(plan.contacts.iter().all(|contact| contact.name.contains("(simulasi)")));
    }

    #[test]
    fn the_dice_of_a_name_fall_the_same_way() {
        let throws = |name: &str| {
            let mut dice = dice(name);
            [(); 6].map(|()| dice.random_range(1..=6))
        };
        assert_eq!(throws("demo:0001"), throws("demo:0001"));
        assert_ne!(throws("demo:0001"), throws("demo:0002"));
        // The sequence is the same wherever the demonstration runs.
        assert_eq!(throws("demo:0003"), [2, 6, 5, 2, 4, 6]);
    }

    #[test]
    fn two_plans_are_the_same() {
        let all = || {
            let plan = shipped_plan();
            let now = Timestamp::UNIX_EPOCH;
            let facilities = plan.facilities.iter();
            let all = facilities.map(|planned| format!("{:?} {:?}", planned.input, planned.numbers(now)));
            all.collect::<Vec<_>>()
        };
        assert_eq!(all(), all());
    }
}
