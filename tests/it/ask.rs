//! One box: a caller's question, as an agent types it, answered in one request.

mod told;

use axum::http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

/// What is typed, and the requests that answer it.
const SENTENCES: &[(&str, &[&str])] = &[
    (
        "icu anak ventilator tembalang",
        &["/v1/beds?type=bed.covid.picu,bed.picu&ventilator=true&age_group=child&near=33.74.10"],
    ),
    (
        "tembalang ventilator anak ICU",
        &["/v1/beds?type=bed.covid.picu,bed.picu&ventilator=true&age_group=child&near=33.74.10"],
    ),
    (
        "ada icu kosong di kota semarang?",
        &[
            "/v1/beds?type=bed.covid.icu,bed.covid.icu_neg,bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu,bed.icu_vent&region=33.74",
        ],
    ),
    (
        "ICU dengan ventilator Kota Semarang",
        &[
            "/v1/beds?type=bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu_vent&ventilator=true&region=33.74",
        ],
    ),
    (
        "icu tanpa ventilator kec. banyumanik",
        &["/v1/beds?type=bed.covid.icu,bed.covid.icu_neg,bed.icu&ventilator=false&near=33.74.11"],
    ),
    (
        "butuh ICU covid tekanan negatif di Solo",
        &[
            "/v1/beds?type=bed.covid.icu_neg,bed.covid.icu_neg_vent&negative_pressure=true&reserved_for=covid&region=33.72",
        ],
    ),
    ("nicu bayi kota salatiga", &["/v1/beds?type=bed.covid.nicu,bed.nicu&age_group=neonate&region=33.73"]),
    ("picu umur 7 tahun jateng", &["/v1/beds?type=bed.covid.picu,bed.picu&age=7&region=33"]),
    ("kelas 3 di tembalang", &["/v1/beds?type=bed.class3&near=33.74.10"]),
    ("kamar kelas III atau kelas II banyumanik", &["/v1/beds?type=bed.class2,bed.class3&near=33.74.11"]),
    ("vip kota semarang", &["/v1/beds?type=bed.vip&region=33.74"]),
    ("bed kosong tembalang", &["/v1/beds?near=33.74.10"]),
    ("igd terdekat banyumanik", &["/v1/beds?type=bed.covid.er,bed.er&near=33.74.11"]),
    (
        "kamar bersalin untuk ibu hamil di gajah mungkur",
        &["/v1/beds?type=bed.covid.delivery,bed.delivery&near=33.74.09"],
    ),
    ("melahirkan covid kota semarang", &["/v1/beds?type=bed.covid.delivery&reserved_for=covid&region=33.74"]),
    ("hcu dewasa pedurungan", &["/v1/beds?type=bed.hcu&age_group=adult&near=33.74.06"]),
    ("isoman banyumanik", &["/v1/isolation?near=33.74.11"]),
    ("isoter perempuan kota semarang", &["/v1/isolation?type=isolation.any,isolation.female&region=33.74"]),
    (
        "isolasi terpusat untuk keluarga 4 orang di tembalang",
        &["/v1/isolation?type=isolation.any,isolation.family&persons=4&near=33.74.10"],
    ),
    (
        "isolasi tekanan negatif kota semarang",
        &["/v1/beds?type=bed.covid.isolation_neg&negative_pressure=true&region=33.74"],
    ),
    (
        "isolasi tembalang",
        &[
            "/v1/beds?type=bed.covid.isolation,bed.covid.isolation_neg,bed.isolation&near=33.74.10",
            "/v1/isolation?near=33.74.10",
        ],
    ),
    ("tempat isolasi dekat pedurungan 3 orang", &["/v1/isolation?persons=3&near=33.74.06"]),
    (
        "vaksin dosis 2 anak 12 besok tembalang",
        &["/v1/vaccinations?dose=2&age=12&date=2021-07-02&near=33.74.10"],
    ),
    (
        "vaksin sinovac kota semarang sabtu",
        &["/v1/vaccinations?product=sinovac&date=2021-07-03&region=33.74"],
    ),
    (
        "booster pfizer lusa banyumanik",
        &["/v1/vaccinations?product=pfizer&dose=3&date=2021-07-03&near=33.74.11"],
    ),
    (
        "vaksinasi pertama umur 60 tahun tanpa daftar kota salatiga",
        &["/v1/vaccinations?dose=1&age=60&walk_in=true&region=33.73"],
    ),
    ("sentra vaksin hari ini gayamsari", &["/v1/vaccinations?date=2021-07-01&near=33.74.04"]),
    ("AZ dosis kedua ungaran barat", &["/v1/vaccinations?product=astrazeneca&dose=2&near=33.22.18"]),
    (
        "tembalang",
        &["/v1/beds?near=33.74.10", "/v1/isolation?near=33.74.10", "/v1/vaccinations?near=33.74.10"],
    ),
    (
        "apa saja yang ada di kota semarang",
        &["/v1/beds?region=33.74", "/v1/isolation?region=33.74", "/v1/vaccinations?region=33.74"],
    ),
    (
        "icu kariadi",
        &[
            "/v1/beds?type=bed.covid.icu,bed.covid.icu_neg,bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu,bed.icu_vent&region=33.74.08&q=rsup%20dr.%20kariadi",
        ],
    ),
    (
        "RSUP dr Kariadi",
        &[
            "/v1/beds?region=33.74.08&q=rsup%20dr.%20kariadi",
            "/v1/isolation?region=33.74.08&q=rsup%20dr.%20kariadi",
            "/v1/vaccinations?region=33.74.08&q=rsup%20dr.%20kariadi",
        ],
    ),
    ("kelas 3 rs kariadi", &["/v1/beds?type=bed.class3&region=33.74.08&q=rsup%20dr.%20kariadi"]),
    ("bed near rs kariadi", &["/v1/beds?near=33.74.08"]),
    ("5 bed kelas 3 kota semarang", &["/v1/beds?type=bed.class3&min=5&region=33.74"]),
    ("minimal 10 tempat tidur kelas 2 banyumanik", &["/v1/beds?type=bed.class2&min=10&near=33.74.11"]),
    (
        "is there any ICU bed with ventilator in Tembalang",
        &[
            "/v1/beds?type=bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu_vent&ventilator=true&near=33.74.10",
        ],
    ),
    (
        "vaccine second dose tomorrow near Banyumanik",
        &["/v1/vaccinations?dose=2&date=2021-07-02&near=33.74.11"],
    ),
    ("isolation place for 2 people in Kota Semarang", &["/v1/isolation?persons=2&region=33.74"]),
    ("child ICU Kota Semarang", &["/v1/beds?type=bed.covid.picu,bed.picu&age_group=child&region=33.74"]),
    (
        "pasar minggu icu",
        &[
            "/v1/beds?type=bed.covid.icu,bed.covid.icu_neg,bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu,bed.icu_vent&near=31.74.04",
        ],
    ),
    (
        "bayi 3 hari butuh nicu di kota semarang",
        &["/v1/beds?type=bed.covid.nicu,bed.nicu&age_group=neonate&region=33.74"],
    ),
];

/// Numbers mean what the words beside them say; the same numbers elsewhere mean nothing.
const NUMBERS: &[(&str, &str, &[&str])] = &[
    // Ages.
    ("hcu bapak 60 tahun kota semarang", "type=bed.hcu&age=60&region=33.74", &[]),
    ("laki-laki 45 hcu kota semarang", "type=bed.hcu&age=45&region=33.74", &[]),
    ("hcu perempuan, 52 th, kota semarang", "type=bed.hcu&age=52&region=33.74", &[]),
    ("picu umur 7 kota semarang", "type=bed.covid.picu,bed.picu&age=7&region=33.74", &[]),
    ("anak 5 thn picu kota semarang", "type=bed.covid.picu,bed.picu&age=5&region=33.74", &[]),
    ("picu usia 1,5 tahun kota semarang", "type=bed.covid.picu,bed.picu&age=1&region=33.74", &[]),
    ("umur ibu saya 71 butuh hcu kota semarang", "type=bed.hcu&age=71&region=33.74", &[]),
    ("lansia 70 hcu kota semarang", "type=bed.hcu&age=70&region=33.74", &[]),
    ("hcu 45 yo male kota semarang", "type=bed.hcu&age=45&region=33.74", &["male"]),
    ("hcu umur empat puluh lima tahun kota semarang", "type=bed.hcu&age=45&region=33.74", &[]),
    ("bayi 3 bulan picu kota semarang", "type=bed.covid.picu,bed.picu&age=0&region=33.74", &[]),
    (
        "nicu newborn 2 days old kota semarang",
        "type=bed.covid.nicu,bed.nicu&age_group=neonate&region=33.74",
        &[],
    ),
    // How long somebody is ill, or since when.
    ("sesak 3 hari hcu kota semarang", "type=bed.hcu&region=33.74", &["sesak", "3", "hari"]),
    ("demam 4 hari hcu kota semarang", "type=bed.hcu&region=33.74", &["demam", "4", "hari"]),
    ("hcu sejak 2 minggu kota semarang", "type=bed.hcu&region=33.74", &["sejak", "2", "minggu"]),
    (
        "bayi demam 3 hari kota semarang nicu",
        "type=bed.covid.nicu,bed.nicu&age_group=neonate&region=33.74",
        &["demam", "3", "hari"],
    ),
    ("bapak 60 sakit 5 hari hcu kota semarang", "type=bed.hcu&age=60&region=33.74", &["5", "hari"]),
    ("hcu diabetes 10 tahun kota semarang", "type=bed.hcu&region=33.74", &["diabetes", "10", "tahun"]),
    (
        "hamil 8 bulan bersalin kota semarang",
        "type=bed.covid.delivery,bed.delivery&region=33.74",
        &["8", "bulan"],
    ),
    (
        "bersalin usia kehamilan 38 minggu kota semarang",
        "type=bed.covid.delivery,bed.delivery&region=33.74",
        &["38", "minggu"],
    ),
    // What is measured.
    ("saturasi 85 hcu kota semarang", "type=bed.hcu&region=33.74", &["saturasi", "85"]),
    ("hcu spo2 80% kota semarang", "type=bed.hcu&region=33.74", &["spo", "2", "80"]),
    ("hcu sat 88 kota semarang", "type=bed.hcu&region=33.74", &["sat", "88"]),
    (
        "hcu tensi 180/100 suhu 39 kota semarang",
        "type=bed.hcu&region=33.74",
        &["tensi", "180/100", "suhu", "39"],
    ),
    ("hcu hubungi 081234567890 kota semarang", "type=bed.hcu&region=33.74", &["hubungi", "081234567890"]),
    // Persons.
    (
        "isoter keluarga 4 orang kota semarang",
        "/v1/isolation?type=isolation.any,isolation.family&persons=4&region=33.74",
        &[],
    ),
    (
        "isolasi sekeluarga 4 orang kota semarang",
        "/v1/isolation?type=isolation.any,isolation.family&persons=4&region=33.74",
        &[],
    ),
    ("hcu tiga pasien kota semarang", "type=bed.hcu&persons=3&region=33.74", &[]),
    ("isoter berempat kota semarang", "/v1/isolation?persons=4&region=33.74", &[]),
    ("isoter suami istri 2 anak kota semarang", "/v1/isolation?persons=4&region=33.74", &[]),
    ("isoter ibu dan 2 anak kota semarang", "/v1/isolation?persons=3&region=33.74", &[]),
    ("isoter untuk dua orang kota semarang", "/v1/isolation?persons=2&region=33.74", &[]),
    // What must be free.
    ("butuh 2 bed hcu kota semarang", "type=bed.hcu&min=2&region=33.74", &[]),
    ("butuh 3 hcu kota semarang", "type=bed.hcu&min=3&region=33.74", &[]),
    ("butuh 3 hari hcu kota semarang", "type=bed.hcu&region=33.74", &["3", "hari"]),
    ("kelas 1 atau 2 kota semarang", "type=bed.class1,bed.class2&region=33.74", &[]),
    ("kelas 1/2 kota semarang", "type=bed.class1,bed.class2&region=33.74", &[]),
    // How far.
    ("hcu radius 10 km dari kota semarang", "type=bed.hcu&near=33.74&within=10", &["radius"]),
    // Doses and days.
    ("vaksin ke 2 kota semarang", "/v1/vaccinations?dose=2&region=33.74", &[]),
    ("vaksin booster kedua kota semarang", "/v1/vaccinations?dose=4&region=33.74", &[]),
    ("vaksin 5 juli kota semarang", "/v1/vaccinations?date=2021-07-05&region=33.74", &[]),
    ("vaksin tanggal 5 kota semarang", "/v1/vaccinations?date=2021-07-05&region=33.74", &[]),
    ("vaksin 6/7 kota semarang", "/v1/vaccinations?date=2021-07-06&region=33.74", &[]),
    ("vaksin 2 hari lagi kota semarang", "/v1/vaccinations?date=2021-07-03&region=33.74", &[]),
    ("vaksin dosis 2 minggu kota semarang", "/v1/vaccinations?dose=2&date=2021-07-04&region=33.74", &[]),
    ("vaksin minggu depan kota semarang", "/v1/vaccinations?from=2021-07-05&to=2021-07-11&region=33.74", &[]),
    ("vaccine next week kota semarang", "/v1/vaccinations?from=2021-07-05&to=2021-07-11&region=33.74", &[]),
    ("vaksin minggu ini kota semarang", "/v1/vaccinations?from=2021-07-01&to=2021-07-04&region=33.74", &[]),
    ("vaksin akhir pekan kota semarang", "/v1/vaccinations?from=2021-07-03&to=2021-07-04&region=33.74", &[]),
    ("vaksin anak 6-11 tahun kota semarang", "/v1/vaccinations?age=6&region=33.74", &[]),
    ("vaksin usia 12-17 kota semarang", "/v1/vaccinations?age=12&region=33.74", &[]),
    ("vaksin dosis ke tiga kota semarang", "/v1/vaccinations?dose=3&region=33.74", &[]),
    ("vaksin dosis ketiga kota semarang", "/v1/vaccinations?dose=3&region=33.74", &[]),
    ("vaksin dosis dua kota semarang", "/v1/vaccinations?dose=2&region=33.74", &[]),
    // Children and adults together.
    ("bed 2 anak 1 dewasa kota semarang", "persons=3&region=33.74", &[]),
    ("isoter 1 dewasa 2 anak kota semarang", "/v1/isolation?persons=3&region=33.74", &[]),
    (
        "icu 2 anak 1 dewasa kota semarang",
        "type=bed.covid.icu,bed.covid.icu_neg,bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.covid.picu,bed.icu,bed.icu_vent,bed.picu&persons=3&region=33.74",
        &[],
    ),
    ("vaksin lansia kota semarang", "/v1/vaccinations?age=60&region=33.74", &[]),
];

/// What is not wanted is not answered, and "negatif" is said of tests and of rooms.
const DENIALS: &[(&str, &str, &[&str])] = &[
    ("hcu hasil negatif kota semarang", "type=bed.hcu&reserved_for=none&region=33.74", &["hasil"]),
    ("hcu negatif covid kota semarang", "type=bed.hcu&reserved_for=none&region=33.74", &[]),
    ("negatif covid hcu kota semarang", "type=bed.hcu&reserved_for=none&region=33.74", &[]),
    ("hasil negatif covid igd kota semarang", "type=bed.er&reserved_for=none&region=33.74", &["hasil"]),
    ("sudah negatif butuh hcu kota semarang", "type=bed.hcu&reserved_for=none&region=33.74", &[]),
    ("pasien negatif hcu kota semarang", "type=bed.hcu&reserved_for=none&region=33.74", &[]),
    ("swab negatif hcu kota semarang", "type=bed.hcu&reserved_for=none&region=33.74", &["swab"]),
    (
        "hcu hasil swab pcr nya negatif kota semarang",
        "type=bed.hcu&reserved_for=none&region=33.74",
        &["hasil", "swab", "pcr"],
    ),
    ("antigen negatif igd kota semarang", "type=bed.er&reserved_for=none&region=33.74", &["antigen"]),
    ("bapak saya negatif, igd kota semarang", "type=bed.er&reserved_for=none&region=33.74", &[]),
    ("tested negative, hcu kota semarang", "type=bed.hcu&reserved_for=none&region=33.74", &["tested"]),
    ("isoter hasil negatif kota semarang", "/v1/isolation?region=33.74", &["hasil", "negatif"]),
    // Nothing tells what is negative.
    ("negatif hcu kota semarang", "type=bed.hcu&region=33.74", &["negatif"]),
    ("hcu belum negatif kota semarang", "type=bed.hcu&region=33.74", &["belum", "negatif"]),
    // Rooms.
    (
        "isolasi negatif kota semarang",
        "type=bed.covid.isolation_neg&negative_pressure=true&region=33.74",
        &[],
    ),
    ("ruang negatif kota semarang", "negative_pressure=true&region=33.74", &[]),
    (
        "Isolasi COVID-19 tekanan negatif kota semarang",
        "type=bed.covid.isolation_neg&negative_pressure=true&reserved_for=covid&region=33.74",
        &[],
    ),
    (
        "pasien butuh isolasi tekanan negatif kota semarang",
        "type=bed.covid.isolation_neg&negative_pressure=true&region=33.74",
        &[],
    ),
    (
        "icu negative pressure kota semarang",
        "type=bed.covid.icu_neg,bed.covid.icu_neg_vent&negative_pressure=true&region=33.74",
        &[],
    ),
    // Ventilators.
    ("iccu nggak ada ventilator kota semarang", "type=bed.iccu&ventilator=false&region=33.74", &[]),
    ("iccu ga ada ventilator kota semarang", "type=bed.iccu&ventilator=false&region=33.74", &[]),
    ("iccu tidak pakai ventilator kota semarang", "type=bed.iccu&ventilator=false&region=33.74", &[]),
    ("iccu tdk butuh vent kota semarang", "type=bed.iccu&ventilator=false&region=33.74", &[]),
    ("iccu bukan ventilator kota semarang", "type=bed.iccu&ventilator=false&region=33.74", &[]),
    ("iccu tanpa vent kota semarang", "type=bed.iccu&ventilator=false&region=33.74", &[]),
    ("iccu doesn't need a ventilator kota semarang", "type=bed.iccu&ventilator=false&region=33.74", &[]),
    ("kota semarang iccu ventilator tidak ada", "type=bed.iccu&ventilator=false&region=33.74", &[]),
    // Illnesses.
    ("igd tidak covid kota semarang", "type=bed.er&reserved_for=none&region=33.74", &[]),
    ("igd bukan covid kota semarang", "type=bed.er&reserved_for=none&region=33.74", &[]),
    ("igd non-covid kota semarang", "type=bed.er&reserved_for=none&region=33.74", &[]),
    ("igd bukan untuk pasien covid kota semarang", "type=bed.er&reserved_for=none&region=33.74", &[]),
    ("igd tidak positif covid kota semarang", "type=bed.er&reserved_for=none&region=33.74", &[]),
    ("apa tidak ada hcu di kota semarang", "type=bed.hcu&region=33.74", &[]),
    ("kenapa gak ada hcu kosong, kota semarang", "type=bed.hcu&region=33.74", &["kenapa"]),
    ("hcu rumah sakit swasta kota semarang", "type=bed.hcu&region=33.74", &["swasta"]),
    // Types and places.
    ("jangan icu kelas 3 kota semarang", "type=bed.class3&region=33.74", &["jangan", "icu"]),
    ("hcu kota semarang bukan kota salatiga", "type=bed.hcu&region=33.74", &["bukan", "kota", "salatiga"]),
    ("hcu kota salatiga, jangan di tembalang", "type=bed.hcu&region=33.73", &["jangan", "di", "tembalang"]),
    ("kelas 3 kota semarang, icu tidak usah", "type=bed.class3&region=33.74", &["icu", "tidak", "usah"]),
];

/// Whatever no request uses is listed.
const LEFT: &[(&str, &[&str], &[&str])] = &[
    ("demam butuh hcu kota salatiga", &["/v1/beds?type=bed.hcu&region=33.73"], &["demam"]),
    // A slip that is like many places hides none that is written right.
    ("hcu budi kota tegal", &["/v1/beds?type=bed.hcu&region=33.76"], &["budi"]),
    (
        "hcu atau isoter kota semarang",
        &["/v1/beds?type=bed.hcu&region=33.74", "/v1/isolation?region=33.74"],
        &[],
    ),
    (
        "vaksin atau kelas 3 kota semarang",
        &["/v1/beds?type=bed.class3&region=33.74", "/v1/vaccinations?region=33.74"],
        &[],
    ),
    ("rs atau isoter kota semarang", &["/v1/beds?region=33.74", "/v1/isolation?region=33.74"], &[]),
    (
        "icu 3 pasien positif kota semarang",
        &[
            "/v1/beds?type=bed.covid.icu,bed.covid.icu_neg,bed.covid.icu_neg_vent,bed.covid.icu_vent&reserved_for=covid&persons=3&region=33.74",
        ],
        &[],
    ),
    ("ward for child 8 years kota semarang", &["/v1/beds?age=8&region=33.74"], &[]),
    ("sinovac pfizer kota semarang", &["/v1/vaccinations?product=sinovac&region=33.74"], &["pfizer"]),
    ("vaksin dosis 1 dan 2 kota semarang", &["/v1/vaccinations?dose=1&region=33.74"], &["2"]),
    ("vaksin selain astra kota semarang", &["/v1/vaccinations?region=33.74"], &["selain", "astra"]),
    (
        "icu ventilator atau hcu kota semarang",
        &[
            "/v1/beds?type=bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu_vent&ventilator=true&region=33.74",
        ],
        &["hcu"],
    ),
    // No isolation place is for newborns; the other questions are answered.
    (
        "bayi kota semarang",
        &["/v1/beds?age_group=neonate&region=33.74", "/v1/vaccinations?region=33.74"],
        &[],
    ),
    ("hcu tembalang ungaran barat", &["/v1/beds?type=bed.hcu&near=33.22.18"], &["tembalang"]),
    ("hcu jl banyumanik kota salatiga", &["/v1/beds?type=bed.hcu&region=33.73"], &["jl", "banyumanik"]),
];

/// Where it is asked for.
const PLACES: &[(&str, &str)] = &[
    ("vaksin tembalang", "/v1/vaccinations?near=33.74.10"),
    ("vaksin puskesmas tembalang", "/v1/vaccinations?region=33.74.10&q=puskesmas%20tembalang"),
    ("vaksin di pkm tembalang", "/v1/vaccinations?region=33.74.10&q=puskesmas%20tembalang"),
    ("hcu rs tembalang", "/v1/beds?type=bed.hcu&near=33.74.10"),
    ("hcu rs pasar minggu", "/v1/beds?type=bed.hcu&near=31.74.04"),
    ("hcu rsud minggu jaya", "/v1/beds?type=bed.hcu&region=33.74.11&q=rsud%20minggu%20jaya"),
    ("vaksin kelapa dua", "/v1/vaccinations?near=36.03.28"),
    ("hcu kec. butuh", "/v1/beds?type=bed.hcu&near=33.06.10"),
    ("hcu dari demak ke kota semarang", "/v1/beds?type=bed.hcu&region=33.74&near=33.21"),
    ("saya dari demak butuh hcu", "/v1/beds?type=bed.hcu&region=33.21"),
    ("hcu rs kariyadi", "/v1/beds?type=bed.hcu&region=33.74.08&q=rsup%20dr.%20kariadi"),
    ("hcu kecmatan tembalng", "/v1/beds?type=bed.hcu&near=33.74.10"),
    // A part of a date is no place.
    ("vaksin tgl 5 juli batang", "/v1/vaccinations?date=2021-07-05&region=33.25"),
    ("hcu tembalng semarang", "/v1/beds?type=bed.hcu&near=33.74.10"),
    ("hcu dekat RSUP Dr.Kariadi", "/v1/beds?type=bed.hcu&near=33.74.08"),
];

async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", Some((-7.05, 110.44))).await;
    let key = node.admin().await;
    let kariadi = json!({"name": "RSUP Dr. Kariadi", "kind": "hospital", "region": "33.74.08", "external_ids": ["test:K"]});
    node.post("/v1/facilities", &kariadi).key(&key).send().await;
    for (name, kind, region) in
        [("Puskesmas Tembalang", "puskesmas", "33.74.10"), ("RSUD Minggu Jaya", "hospital", "33.74.11")]
    {
        let body = json!({"name": name, "kind": kind, "region": region});
        assert_eq!(node.post("/v1/facilities", &body).key(&key).send().await.status, StatusCode::CREATED);
    }
    node
}

async fn send(node: &TestNode, sentence: &str) -> Reply {
    let query = utf8_percent_encode(sentence, NON_ALPHANUMERIC);
    node.get(&format!("/v1/ask?q={query}")).language("id").send().await
}

/// What `/v1/ask` says of a sentence.
async fn ask(node: &TestNode, sentence: &str) -> Value {
    send(node, sentence).await.json()
}

#[tokio::test]
async fn a_callers_sentence_is_answered_in_one_request() {
    let node = start().await;
    let mut wrong = Vec::new();
    for (sentence, expected) in SENTENCES {
        let answer = ask(&node, sentence).await;
        let understood = &answer["understood"];
        if understood["requests"] != json!(expected) || understood["unread"] != json!([]) {
            wrong.push(format!("{sentence}: {understood} {}", answer["detail"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_number_means_what_the_words_beside_it_say() {
    let node = start().await;
    let mut wrong = Vec::new();
    for (sentence, expected, unread) in NUMBERS {
        let understood = ask(&node, sentence).await["understood"].clone();
        let request =
            if expected.starts_with('/') { (*expected).to_owned() } else { format!("/v1/beds?{expected}") };
        if understood["requests"] != json!([request]) || understood["unread"] != json!(unread) {
            wrong.push(format!("{sentence}: {} {}", understood["requests"], understood["unread"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_is_denied_is_not_answered() {
    let node = start().await;
    let mut wrong = Vec::new();
    for (sentence, expected, unread) in DENIALS {
        let answer: Value = serde_json::from_slice(&send(&node, sentence).await.body).unwrap();
        let understood = &answer["understood"];
        let request =
            if expected.starts_with('/') { (*expected).to_owned() } else { format!("/v1/beds?{expected}") };
        if understood["requests"] != json!([request]) || understood["unread"] != json!(unread) {
            let unread = &understood["unread"];
            wrong.push(format!("{sentence}: {} {unread} {}", understood["requests"], answer["detail"]));
        }
        // A word with two meanings is said as it was read.
        let is_alone = sentence.contains("negati")
            && !["tekanan", "pressure"].iter().any(|word| sentence.contains(word));
        let is_read = !unread.contains(&"negatif");
        let told = understood["notes"].as_array().map_or(0, Vec::len);
        if told != usize::from(is_alone && is_read) {
            wrong.push(format!("{sentence}: {}", understood["notes"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn no_part_is_lost_without_a_word() {
    let node = start().await;
    let mut wrong = Vec::new();
    for (sentence, requests, unread) in LEFT {
        let answer = ask(&node, sentence).await;
        let understood = &answer["understood"];
        if understood["requests"] != json!(requests) || understood["unread"] != json!(unread) {
            wrong.push(format!(
                "{sentence}: {} {} {}",
                understood["requests"], understood["unread"], answer["detail"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_place_is_meant_as_it_is_called() {
    let node = start().await;
    let mut wrong = Vec::new();
    for (sentence, request) in PLACES {
        let answer = ask(&node, sentence).await;
        let understood = &answer["understood"];
        if understood["requests"] != json!([request]) || understood["unread"] != json!([]) {
            let unread = &understood["unread"];
            wrong.push(format!("{sentence}: {} {unread} {}", understood["requests"], answer["detail"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where somebody sits decides between places of one name, and is asked about if the question names no place; it hides
/// nothing.
#[tokio::test]
async fn the_region_of_who_asks_is_a_hint() {
    let node = start().await;
    for (query, request) in [
        ("q=hcu+semarang&region=33.74", "/v1/beds?type=bed.hcu&region=33.74"),
        ("q=hcu+semarang&region=Kab.+Semarang", "/v1/beds?type=bed.hcu&region=33.22"),
        ("q=hcu+semarang&region=33.74.10", "/v1/beds?type=bed.hcu&region=33.74"),
        ("q=hcu+kaliwungu&region=33.24", "/v1/beds?type=bed.hcu&near=33.24.08"),
        ("q=hcu+kota+salatiga&region=33.74", "/v1/beds?type=bed.hcu&region=33.73"),
        ("q=hcu&region=33.74", "/v1/beds?type=bed.hcu&region=33.74"),
    ] {
        let answer = node.get(&format!("/v1/ask?{query}")).send().await.json();
        assert_eq!(answer["understood"]["requests"], json!([request]), "{query} {answer}");
    }
    let answer = node.get("/v1/ask?q=HCU+Tembalng&region=Kota+Semarang").send().await.json();
    assert_eq!(
        answer["understood"]["resolved"],
        json!([
            {"parameter": "region", "given": "Kota Semarang", "code": "33.74", "name": "Kota Semarang"},
            {"parameter": "q", "given": "Tembalng", "code": "33.74.10", "name": "Tembalang, Kota Semarang, Jawa Tengah"},
        ])
    );
}

/// One slip in a word: two letters swapped, one left out, or one twice.
fn slip(word: &str, dice: usize) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    // The first letter is seldom wrong.
    let at = 1 + dice % (letters.len() - 2);
    match dice % 3 {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

/// Longer words bear a slip: in the vocabulary, and in the names of places.
#[tokio::test]
async fn slips_of_the_finger_are_forgiven() {
    let node = start().await;
    let (mut wrong, mut tried) = (Vec::new(), 0_usize);
    for (index, (sentence, expected)) in SENTENCES.iter().enumerate() {
        for (at, word) in sentence
            .split(' ')
            .enumerate()
            .filter(|(_, word)| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        {
            // Seeds that differ from word to word, and are the same in every run.
            let slipped = slip(word, index * 7 + at * 3 + word.len());
            let typed = sentence.replacen(word, &slipped, 1);
            let reply = send(&node, &typed).await;
            tried += 1;
            let answer: Value = serde_json::from_slice(&reply.body).unwrap();
            let is_asked_back = || {
                let choices = answer["errors"][0]["choices"].as_array().cloned().unwrap_or_default();
                choices.iter().any(|choice| expected[0].ends_with(choice["code"].as_str().unwrap_or("-")))
            };
            let understood = &answer["understood"];
            if understood["requests"] != json!(expected) && !is_asked_back() {
                wrong.push(format!(
                    "{typed}: {} {} {}",
                    understood["requests"], understood["unread"], answer["detail"]
                ));
            }
        }
    }
    assert!(tried >= 40, "{tried}");
    assert!(wrong.len() * 20 <= tried, "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn the_box_answers_what_its_requests_answer() {
    let node = start().await;
    node.report("test:A", json!({"bed.icu_vent": {"available": 2}, "bed.class3": {"available": 5}})).await;
    for sentence in ["icu ventilator tembalang", "5 bed kelas 3 kota semarang", "kelas 3 rs kariadi"] {
        let answer = ask(&node, sentence).await;
        let request = answer["understood"]["requests"][0].as_str().unwrap().to_owned();
        let beds = node.get(&request).language("id").send().await.json();
        assert_eq!(answer["beds"], beds, "{sentence}");
        assert_eq!((&answer["isolation"], &answer["vaccinations"]), (&Value::Null, &Value::Null));
    }
    // A report changes the answer at once.
    let free = |answer: &Value| answer["beds"]["facilities"][0]["availability"][0]["available"].clone();
    assert_eq!(free(&ask(&node, "icu ventilator tembalang").await), json!(2));
    node.report("test:A", json!({"bed.icu_vent": {"available": 1}})).await;
    assert_eq!(free(&ask(&node, "icu ventilator tembalang").await), json!(1));
}
