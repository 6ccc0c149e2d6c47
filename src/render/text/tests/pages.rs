//! The page of one facility, and what a search found.

use crate::{
    locales::Language,
    render::{
        model::{FacilityAnswer, FacilityView, SearchAnswer},
        text::{
            facility, search,
            tests::fixtures::{
                ICU, ICU_EN, contact, facility_answer, facility_hit, hospital, minutes_ago, now, numbers,
                phone, region_hit,
            },
        },
    },
};

fn kariadi(label: &str) -> FacilityAnswer {
    let numbers = vec![numbers(label, Some(3), 12).of(10).queue(1), numbers("HCU", None, 12)];
    facility_answer(FacilityView {
        address: Some("Jl. Dr. Sutomo 16".to_owned()),
        ..hospital("RSUP Dr. Kariadi", "33.74.07", numbers).simulated()
    })
}

fn found() -> SearchAnswer {
    SearchAnswer {
        resolved: Vec::new(),
        as_of: minutes_ago(0),
        regions: vec![region_hit("33.22"), region_hit("33.74.10")],
        facilities: vec![
            facility_hit("RSUP Dr. Kariadi", "33.74.07", vec![phone("024-8413476")]),
            facility_hit("RSUD Lama", "33.74", vec![]),
        ],
        contacts: None,
        more: true,
    }
}

#[test]
fn a_facility_is_told_in_full() {
    assert_eq!(
        facility(&kariadi(ICU), Language::Id, now()),
        "\
RSUP Dr. Kariadi [simulasi]
Kecamatan Semarang Selatan, Kota Semarang, Jawa Tengah
Alamat: Jl. Dr. Sutomo 16
Telepon: 024-8413476

ICU dengan ventilator: 3 kosong dari 10, antrean 1 orang
HCU: jumlah kosong belum diketahui
Diperbarui 12 menit yang lalu, pukul 14.05 WIB.

Jika tidak ada jawaban, hubungi:
- PSC 119 (Kota Semarang): 119
- Dinas Kesehatan Kota Semarang: 024-8318070

Data per pukul 14.17 WIB.
"
    );
    assert_eq!(
        facility(&kariadi(ICU_EN), Language::En, now()),
        "\
RSUP Dr. Kariadi [simulated]
Kecamatan Semarang Selatan, Kota Semarang, Jawa Tengah
Address: Jl. Dr. Sutomo 16
Phone: 024-8413476

ICU with ventilator: 3 free of 10, 1 person waiting
HCU: how many are free is not known
Updated 12 minutes ago (14:05 WIB).

If nobody answers, call:
- PSC 119 (Kota Semarang): 119
- Dinas Kesehatan Kota Semarang: 024-8318070

Data as of 14:17 WIB.
"
    );
}

#[test]
fn rooms_counted_a_day_or_more_before_the_numbers_are_told_once() {
    let page = |hours: i64, language| {
        let rooms = |label| numbers(label, Some(1), 5).oldest_room(5 + 60 * hours);
        let answer = facility_answer(hospital("RS Panti Wilasa", "33.74", vec![rooms("ICU"), rooms("HCU")]));
        facility(&answer, language, now())
    };
    let indonesian = page(72, Language::Id);
    assert!(
        indonesian.contains(
            "ICU: 1 kosong\nHCU: 1 kosong\nDiperbarui 5 menit yang lalu, pukul 14.12 WIB.\n\
             Sebagian kamar dalam angka ini terakhir dihitung 3 hari yang lalu, 28 Juni pukul 14.12 WIB.\n\n"
        ),
        "{indonesian}"
    );
    let english = page(24, Language::En);
    assert!(
        english.contains(
            "Updated 5 minutes ago (14:12 WIB).\n\
             Some of the rooms in these numbers were last counted 24 hours ago (yesterday at 14:12 WIB).\n\n"
        ),
        "{english}"
    );
    assert!(!page(23, Language::En).contains("rooms"));
}

#[test]
fn a_capacity_stated_a_day_or_more_before_the_numbers_tells_its_age() {
    let page = |hours: i64, language| {
        let icu = |label, days: i64| numbers(label, Some(1), 5).of(9).stated(5 + 60 * (hours + 24 * days));
        let answer = facility_answer(hospital("RS Lama", "33.74", vec![icu("ICU", 0), icu("HCU", -1)]));
        facility(&answer, language, now())
    };
    let indonesian = page(72, Language::Id);
    assert!(
        indonesian.contains(
            "ICU: 1 kosong dari 9\nHCU: 1 kosong dari 9\nDiperbarui 5 menit yang lalu, pukul 14.12 WIB.\n\
             Kapasitas terakhir dilaporkan 3 hari yang lalu, 28 Juni pukul 14.12 WIB.\n\n"
        ),
        "{indonesian}"
    );
    let english = page(24, Language::En);
    let said = "The capacity was last stated 24 hours ago (yesterday at 14:12 WIB).\n\n";
    assert!(english.contains(said), "{english}");
    assert!(!page(23, Language::En).contains("last stated"));
}

#[test]
fn a_closed_facility_says_so_and_no_numbers() {
    let icu = numbers(ICU, Some(3), 5);
    let mut closed = facility_answer(hospital("RS Lama", "33.74", vec![icu]).phones(vec![]));
    closed.facility.closed = true;
    closed.contacts.clear();
    assert_eq!(
        facility(&closed, Language::Id, now()),
        "\
RS Lama
Fasilitas ini sudah tutup dan tidak melayani lagi.
Kota Semarang, Jawa Tengah
Nomor telepon belum ada.

Dalam keadaan gawat darurat, hubungi 119.

Data per pukul 14.17 WIB.
"
    );
}

#[test]
fn at_most_three_contacts_are_read_out() {
    let mut many = kariadi(ICU);
    many.contacts = (1..=5).map(|n| contact(&format!("Satgas {n}"), "110", None)).collect();
    let text = facility(&many, Language::Id, now());
    assert!(text.contains("- Satgas 3: 110\n") && !text.contains("Satgas 4"), "{text}");
}

#[test]
fn a_search_names_codes_and_phones() {
    let mut found = found();
    assert_eq!(
        search(&found, Language::Id, now()),
        "\
Wilayah yang ditemukan:
- Kabupaten Semarang, Jawa Tengah: kode 33.22
- Kecamatan Tembalang, Kota Semarang, Jawa Tengah: kode 33.74.10

Fasilitas yang ditemukan:
- RSUP Dr. Kariadi, Kecamatan Semarang Selatan, Kota Semarang, Jawa Tengah. Telepon: 024-8413476
- RSUD Lama, Kota Semarang, Jawa Tengah. Nomor telepon belum ada.

Masih ada lagi; sebutkan nama yang lebih lengkap atau wilayahnya.
"
    );
    found.regions.clear();
    found.more = false;
    assert_eq!(
        search(&found, Language::En, now()),
        "\
Facilities found:
- RSUP Dr. Kariadi, Kecamatan Semarang Selatan, Kota Semarang, Jawa Tengah. Phone: 024-8413476
- RSUD Lama, Kota Semarang, Jawa Tengah. No phone number is known.
"
    );
}

#[test]
fn a_search_without_result_says_what_to_try() {
    let nothing = SearchAnswer { regions: vec![], facilities: vec![], more: false, ..found() };
    assert_eq!(
        search(&nothing, Language::Id, now()),
        "Tidak ada yang ditemukan. Coba satu kata saja dari namanya, misalnya Kariadi, \
         atau nama kecamatannya, atau nomor teleponnya.\n"
    );
    assert_eq!(
        search(&nothing, Language::En, now()),
        "Nothing was found. Try a single word of the name, such as Kariadi, \
         or the name of its kecamatan, or its phone number.\n"
    );
}
