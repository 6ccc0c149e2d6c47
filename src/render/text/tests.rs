//! Whole texts, to be proofread as they are heard. It is 1 July 2021, 14.17 WIB.

mod fixtures;
mod openings;
mod pages;

use crate::{
    domain::region::Zone,
    render::{
        model::{BedsAnswer, FacilityView, WideningReason},
        text::{
            Language, beds,
            tests::fixtures::{
                ICU, ICU_EN, answer, hospital, internal, minutes_ago, now, numbers, phone, total,
            },
        },
    },
};

fn id(answer: &BedsAnswer) -> String {
    beds(answer, Language::Id, now())
}

fn en(answer: &BedsAnswer) -> String {
    beds(answer, Language::En, now())
}

/// Without its closing paragraphs, whom to call and as of when.
fn body(text: &str) -> &str {
    text.rsplitn(3, "\n\n").last().unwrap_or("")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}

/// 3 of 10 free, 12 minutes ago, 3.2 km away.
fn kariadi(label: &str) -> FacilityView {
    hospital("RSUP Dr. Kariadi", "33.74.07", vec![numbers(label, Some(3), 12).of(10)]).km(3.2)
}

/// 2 free, 16 hours ago.
fn wongsonegoro(label: &str) -> FacilityView {
    let numbers = numbers(label, Some(2), 16 * 60);
    hospital("RSUD K.R.M.T. Wongsonegoro", "33.74.10", vec![numbers])
}

#[test]
fn fresh_numbers_come_first_and_old_ones_are_called_old() {
    assert_eq!(
        id(&answer(vec![kariadi(ICU), wongsonegoro(ICU)]).filter(ICU)),
        "\
ICU dengan ventilator: ada 1 rumah sakit di Kota Semarang yang punya tempat tidur kosong. Fasilitas lain: 1 kosong menurut angka lama.

1. RSUP Dr. Kariadi, sekitar 3 km
Kecamatan Semarang Selatan
ICU dengan ventilator: 3 kosong dari 10
Diperbarui 12 menit yang lalu, pukul 14.05 WIB.
Telepon: 024-8413476

2. RSUD K.R.M.T. Wongsonegoro
Kecamatan Tembalang
ICU dengan ventilator: 2 kosong
Diperbarui 16 jam yang lalu, kemarin pukul 22.17 WIB. Angka lama, telepon dahulu sebelum berangkat.
Telepon: 024-8413476

Jika tidak ada yang cocok, hubungi:
- PSC 119 (Kota Semarang): 119
- Dinas Kesehatan Kota Semarang: 024-8318070

Data per pukul 14.17 WIB.
"
    );
    assert_eq!(
        en(&answer(vec![kariadi(ICU_EN), wongsonegoro(ICU_EN)]).filter(ICU_EN)),
        "\
ICU with ventilator: 1 hospital in Kota Semarang has a free bed. Other facilities: 1 free only by old numbers.

1. RSUP Dr. Kariadi, about 3 km away
Kecamatan Semarang Selatan
ICU with ventilator: 3 free of 10
Updated 12 minutes ago (14:05 WIB).
Phone: 024-8413476

2. RSUD K.R.M.T. Wongsonegoro
Kecamatan Tembalang
ICU with ventilator: 2 free
Updated 16 hours ago (yesterday at 22:17 WIB). Old number, call before you go.
Phone: 024-8413476

If none of these fits, call:
- PSC 119 (Kota Semarang): 119
- Dinas Kesehatan Kota Semarang: 024-8318070

Data as of 14:17 WIB.
"
    );
}

#[test]
fn an_answer_of_old_numbers_only_says_so_first() {
    assert_eq!(
        body(&id(&answer(vec![wongsonegoro(ICU)]))),
        "\
Menurut angka lama, ada 1 rumah sakit di Kota Semarang yang punya tempat tidur kosong; telepon dahulu sebelum berangkat.

1. RSUD K.R.M.T. Wongsonegoro
Kecamatan Tembalang
ICU dengan ventilator: 2 kosong
Diperbarui 16 jam yang lalu, kemarin pukul 22.17 WIB. Angka lama, telepon dahulu sebelum berangkat.
Telepon: 024-8413476"
    );
    assert_eq!(
        first_line(&en(&answer(vec![wongsonegoro(ICU), wongsonegoro(ICU)]))),
        "By old numbers only, 2 hospitals in Kota Semarang have a free bed; call before you go."
    );
}

#[test]
fn a_widened_answer_says_why_and_names_every_place() {
    let ungaran = |label| {
        hospital("RSUD Gondo Suwarno", "33.22.18", vec![numbers(label, Some(1), 5 * 60)]).roughly(12.4)
    };
    let widened = |label| answer(vec![kariadi(label), ungaran(label)]).widened(WideningReason::NothingFree);
    assert_eq!(
        body(&id(&widened(ICU).filter(ICU))),
        "\
ICU dengan ventilator: tidak ada fasilitas di Kecamatan Tembalang yang diketahui punya tempat tidur kosong: semuanya penuh atau belum ada angkanya. Yang terdekat: ada 2 rumah sakit dalam jarak 25 km yang punya tempat tidur kosong.

1. RSUP Dr. Kariadi, sekitar 3 km
Kecamatan Semarang Selatan, Kota Semarang
ICU dengan ventilator: 3 kosong dari 10
Diperbarui 12 menit yang lalu, pukul 14.05 WIB.
Telepon: 024-8413476

2. RSUD Gondo Suwarno, perkiraan kasar 12 km
Kecamatan Ungaran Barat, Kabupaten Semarang
ICU dengan ventilator: 1 kosong
Diperbarui 5 jam yang lalu, pukul 09.17 WIB. Angka mulai lama, sebaiknya pastikan lewat telepon.
Telepon: 024-8413476"
    );
    assert_eq!(
        body(&en(&widened(ICU_EN).filter(ICU_EN))),
        "\
ICU with ventilator: no facility in Kecamatan Tembalang is known to have a free bed: all are full or have no number yet. The nearest: 2 hospitals within 25 km have a free bed.

1. RSUP Dr. Kariadi, about 3 km away
Kecamatan Semarang Selatan, Kota Semarang
ICU with ventilator: 3 free of 10
Updated 12 minutes ago (14:05 WIB).
Phone: 024-8413476

2. RSUD Gondo Suwarno, very roughly 12 km away
Kecamatan Ungaran Barat, Kabupaten Semarang
ICU with ventilator: 1 free
Updated 5 hours ago (09:17 WIB). The number is getting old, better confirm it by phone.
Phone: 024-8413476"
    );
}

/// A point of a region may be some kilometres beside the middle of it: 2 km from there are not read aloud as such.
#[test]
fn a_rough_distance_is_no_more_exact_than_what_it_is_measured_from() {
    for (km, said, en_said) in [
        (1.8, "mungkin kurang dari 10 km", "probably less than 10 km away"),
        (12.4, "perkiraan kasar 12 km", "very roughly 12 km away"),
    ] {
        let near = answer(vec![hospital("RSUD", "33.22.18", vec![numbers(ICU, Some(1), 5)]).roughly(km)]);
        assert!(id(&near).contains(&format!("RSUD, {said}\n")), "{}", id(&near));
        assert!(en(&near).contains(&format!("RSUD, {en_said}\n")), "{}", en(&near));
    }
}

#[test]
fn an_empty_answer_is_no_dead_end() {
    let mut empty = answer(vec![]).filter(ICU);
    empty.totals = vec![total(0)];
    assert_eq!(
        id(&empty),
        "\
ICU dengan ventilator: tidak ada tempat tidur yang cocok tercatat di Kota Semarang.

Langkah berikutnya, hubungi:
- PSC 119 (Kota Semarang): 119
- Dinas Kesehatan Kota Semarang: 024-8318070

Data per pukul 14.17 WIB.
"
    );
    empty.contacts.clear();
    empty.filter.clear();
    empty.as_of = minutes_ago(20 * 60);
    assert_eq!(
        en(&empty),
        "\
No beds are listed in Kota Semarang.

In an emergency, call 119.

Data as of yesterday at 18:17 WIB.
"
    );
}

#[test]
fn all_facilities_are_listed_with_what_is_not_known_said_as_such() {
    let unknown = |label| {
        let numbers = vec![
            numbers(label, None, 30).of(10),
            numbers("HCU", Some(0), 30).of(4).queue(2),
            numbers("NICU", None, 30).withdrawn(),
        ];
        hospital("RS Panti Wilasa", "33.74", numbers).phones(vec![])
    };
    let silent = || hospital("RS Baru", "33.74", vec![]).km(0.4);
    let full = |label| hospital("RS Penuh", "33.74", vec![numbers(label, Some(0), 0)]);
    let all = |label| answer(vec![kariadi(label), unknown(label), silent(), full(label)]).min(0);
    assert_eq!(
        body(&id(&all(ICU))),
        "\
Ada 4 rumah sakit di Kota Semarang: 1 masih punya yang kosong, 2 belum diketahui, 1 penuh.
Yang angkanya baru disebut dahulu; yang lebih dekat bisa ada di bawahnya.

1. RSUP Dr. Kariadi, sekitar 3 km
Kecamatan Semarang Selatan
ICU dengan ventilator: 3 kosong dari 10
Diperbarui 12 menit yang lalu, pukul 14.05 WIB.
Telepon: 024-8413476

2. RS Panti Wilasa
ICU dengan ventilator: jumlah kosong belum diketahui (kapasitas 10)
HCU: penuh (kapasitas 4), antrean 2 orang
Diperbarui 30 menit yang lalu, pukul 13.47 WIB.
NICU: jumlah kosong belum diketahui
Nomor telepon belum ada; hubungi PSC 119 (Kota Semarang): 119

3. RS Baru, kurang dari 1 km
Belum pernah melaporkan jumlah yang kosong.
Telepon: 024-8413476

4. RS Penuh
ICU dengan ventilator: penuh
Diperbarui baru saja, pukul 14.17 WIB.
Telepon: 024-8413476"
    );
    assert_eq!(
        body(&en(&all(ICU_EN))),
        "\
4 hospitals in Kota Semarang: 1 has something free, 2 not known, 1 full.
Those with new numbers come first; a nearer one may stand below.

1. RSUP Dr. Kariadi, about 3 km away
Kecamatan Semarang Selatan
ICU with ventilator: 3 free of 10
Updated 12 minutes ago (14:05 WIB).
Phone: 024-8413476

2. RS Panti Wilasa
ICU with ventilator: how many are free is not known (capacity 10)
HCU: full (capacity 4), 2 people waiting
Updated 30 minutes ago (13:47 WIB).
NICU: how many are free is not known
No phone number is known; ask PSC 119 (Kota Semarang): 119

3. RS Baru, less than 1 km away
Has never reported how many are free.
Phone: 024-8413476

4. RS Penuh
ICU with ventilator: full
Updated just now (14:17 WIB).
Phone: 024-8413476"
    );
}

#[test]
fn simulated_numbers_own_zones_more_pages_and_internal_phones_are_told() {
    let facility = || {
        let numbers = vec![numbers("ICU", Some(1), 12), numbers("HCU", Some(4), 26 * 60)];
        let phones = vec![phone("0411-510675"), internal("0812-4100-0000", "Kepala IGD")];
        hospital("RSUP Wahidin", "33.74", numbers).simulated().phones(phones)
    };
    let mut shown = answer(vec![facility()]).near();
    shown.zone = Zone::Wita;
    shown.next = Some("cursor".to_owned());
    shown.contacts.truncate(1);
    assert_eq!(
        id(&shown),
        "\
Ada sedikitnya 1 rumah sakit di Kota Semarang yang punya tempat tidur kosong.

1. RSUP Wahidin [simulasi]
ICU: 1 kosong
Diperbarui 12 menit yang lalu, pukul 15.05 WITA.
HCU: 4 kosong
Diperbarui 26 jam yang lalu, kemarin pukul 13.17 WITA. Angka lama, telepon dahulu sebelum berangkat.
Telepon: 0411-510675, 0812-4100-0000 (Kepala IGD, nomor internal, jangan diteruskan)

Masih ada lagi; persempit dengan kecamatan, jenis, atau jaraknya.

Jika tidak ada yang cocok, hubungi:
- PSC 119 (Kota Semarang): 119

Data per pukul 15.17 WITA.
"
    );
    assert_eq!(
        en(&shown),
        "\
At least 1 hospital in Kota Semarang has a free bed.

1. RSUP Wahidin [simulated]
ICU: 1 free
Updated 12 minutes ago (15:05 WITA).
HCU: 4 free
Updated 26 hours ago (yesterday at 13:17 WITA). Old number, call before you go.
Phone: 0411-510675, 0812-4100-0000 (Kepala IGD, internal number, do not pass on)

There are more; narrow it down by kecamatan, type or distance.

If none of these fits, call:
- PSC 119 (Kota Semarang): 119

Data as of 15:17 WITA.
"
    );
}
