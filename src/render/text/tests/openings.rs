//! The sentences that open an answer.

use rstest::rstest;

use crate::{
    domain::resource_type::Kind,
    render::{
        model::{BedsAnswer, WideningReason},
        text::tests::{
            en, first_line,
            fixtures::{ICU, answer, hospital, numbers},
            id, kariadi, wongsonegoro,
        },
    },
};

#[rstest]
#[case::no_facility(
    answer(vec![kariadi(ICU)]).widened(WideningReason::NoFacility),
    "Tidak ada tempat tidur yang tercatat di Kecamatan Tembalang. \
     Yang terdekat: ada 1 rumah sakit dalam jarak 25 km yang punya tempat tidur kosong.",
    "No beds are listed in Kecamatan Tembalang. The nearest: 1 hospital within 25 km has a free bed.",
)]
#[case::only_stale(
    answer(vec![wongsonegoro(ICU)]).stale(2).widened(WideningReason::OnlyStale),
    "Tempat tidur kosong di Kecamatan Tembalang hanya ada menurut angka lama. \
     Menurut angka lama, ada 1 rumah sakit dalam jarak 25 km yang punya tempat tidur kosong; \
     telepon dahulu sebelum berangkat.",
    "Only old numbers show a free bed in Kecamatan Tembalang. \
     By old numbers only, 1 hospital within 25 km has a free bed; call before you go.",
)]
#[case::only_disputed(
    answer(vec![kariadi(ICU)]).widened(WideningReason::OnlyStale),
    "Tempat tidur kosong di Kecamatan Tembalang hanya ada menurut angka yang diragukan. \
     Yang terdekat: ada 1 rumah sakit dalam jarak 25 km yang punya tempat tidur kosong.",
    "Only disputed numbers show a free bed in Kecamatan Tembalang. \
     The nearest: 1 hospital within 25 km has a free bed.",
)]
#[case::only_held(
    answer(vec![kariadi(ICU)]).widened(WideningReason::OnlyHeld),
    "Di luar tempat yang sedang ditahan, tidak ada fasilitas di Kecamatan Tembalang yang punya tempat tidur kosong. \
     Yang terdekat: ada 1 rumah sakit dalam jarak 25 km yang punya tempat tidur kosong.",
    "Without the places that are held, no facility in Kecamatan Tembalang has a free bed. \
     The nearest: 1 hospital within 25 km has a free bed.",
)]
#[case::held(
    answer(vec![hospital("RS Ditahan", "33.74", vec![numbers(ICU, Some(1), 5).held(1)])]),
    "Ada 1 rumah sakit di Kota Semarang yang punya tempat tidur kosong, tetapi semuanya sedang ditahan; \
     telepon dahulu.",
    "1 hospital in Kota Semarang has a free bed, but it is held; call first.",
)]
#[case::some_held(
    answer(vec![
        kariadi(ICU),
        hospital("RS Ditahan", "33.74", vec![numbers(ICU, Some(1), 5).held(1)]),
        hospital("RS Penuh", "33.74", vec![numbers(ICU, Some(0), 5)]),
    ]),
    "Ada 1 rumah sakit di Kota Semarang yang punya tempat tidur kosong. \
     Fasilitas lain: 1 kosong tetapi sedang ditahan, 1 penuh.",
    "1 hospital in Kota Semarang has a free bed. Other facilities: 1 free but held, 1 full.",
)]
#[case::disputed(
    answer(vec![hospital("RS Diragukan", "33.74", vec![numbers(ICU, Some(1), 5).disputed()])]),
    "Menurut angka yang diragukan, ada 1 rumah sakit di Kota Semarang yang punya tempat tidur kosong; \
     telepon dahulu sebelum berangkat.",
    "By disputed numbers only, 1 hospital in Kota Semarang has a free bed; call before you go.",
)]
#[case::old_or_disputed(
    answer(vec![
        kariadi(ICU),
        hospital("RS Diragukan", "33.74", vec![numbers(ICU, Some(1), 5).disputed()]),
        wongsonegoro(ICU),
    ]),
    "Ada 1 rumah sakit di Kota Semarang yang punya tempat tidur kosong. \
     Fasilitas lain: 2 kosong menurut angka lama atau yang diragukan.",
    "1 hospital in Kota Semarang has a free bed. Other facilities: 2 free only by old or disputed numbers.",
)]
#[case::nowhere(
    answer(vec![]).min(3).widened(WideningReason::NothingFree),
    "Tidak ada fasilitas di Kecamatan Tembalang yang diketahui punya sedikitnya 3 tempat tidur kosong: \
     jumlahnya kurang atau belum ada angkanya. Juga tidak ditemukan yang cocok dalam jarak 25 km.",
    "No facility in Kecamatan Tembalang is known to have at least 3 free beds: \
     there are fewer, or no number yet. Nothing suitable was found within 25 km either.",
)]
#[case::unknown_further_away(
    answer(vec![hospital("RS Baru", "33.74", vec![])]).widened(WideningReason::NoFacility),
    "Tidak ada tempat tidur yang tercatat di Kecamatan Tembalang. \
     Juga tidak ditemukan yang cocok dalam jarak 25 km: 1 belum diketahui.",
    "No beds are listed in Kecamatan Tembalang. \
     Nothing suitable was found within 25 km either: 1 not known.",
)]
#[case::all_full(
    answer(vec![hospital("RS Penuh", "33.74", vec![numbers(ICU, Some(0), 5)])]),
    "Tidak ada fasilitas di Kota Semarang yang diketahui punya tempat tidur kosong: 1 penuh.",
    "No facility in Kota Semarang is known to have a free bed: 1 full.",
)]
#[case::near_only(
    BedsAnswer { region: None, ..answer(vec![kariadi(ICU)]).near() },
    "Ada 1 rumah sakit di sekitar Kecamatan Tembalang yang punya tempat tidur kosong.",
    "1 hospital around Kecamatan Tembalang has a free bed.",
)]
#[case::the_country(
    BedsAnswer { region: None, ..answer(vec![kariadi(ICU), kariadi(ICU)]).min(3) },
    "Ada 2 rumah sakit di seluruh Indonesia yang punya sedikitnya 3 tempat tidur kosong.",
    "2 hospitals in all of Indonesia have at least 3 free beds.",
)]
#[case::more_pages(
    BedsAnswer { next: Some("c".into()), ..answer(vec![kariadi(ICU), wongsonegoro(ICU)]) },
    "Ada 1 rumah sakit di Kota Semarang yang punya tempat tidur kosong. \
     Fasilitas lain: sedikitnya 1 kosong menurut angka lama.",
    "1 hospital in Kota Semarang has a free bed. Other facilities: at least 1 free only by old numbers.",
)]
#[case::isolation(
    BedsAnswer { kind: Kind::Isolation, ..answer(vec![kariadi("Isolasi terpusat"), kariadi("Isolasi terpusat")]) },
    "Ada 2 tempat isolasi di Kota Semarang yang punya tempat kosong.",
    "2 isolation sites in Kota Semarang have a free place.",
)]
fn the_first_line_answers_directly(
    #[case] answer: BedsAnswer,
    #[case] indonesian: &str,
    #[case] english: &str,
) {
    assert_eq!(first_line(&id(&answer)), indonesian);
    assert_eq!(first_line(&en(&answer)), english);
}
