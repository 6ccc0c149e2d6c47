//! The one table of the words that mean something in a question, beside the names of types and places, which are data.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use chrono::{NaiveDate, Weekday};

use crate::domain::{days::RelativeDay, resource_type::Kind};

/// The meaning of a word in a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// What is looked for.
    Kind(Kind),
    /// With a ventilator, or without.
    Ventilator(bool),
    /// With negative pressure, or without.
    NegativePressure(bool),
    /// For this age group.
    AgeGroup(&'static str),
    /// For somebody of 60 years or more.
    Elderly,
    /// Kept for this group.
    ReservedFor(&'static str),
    /// A man or a woman: some types are for one of them only.
    Sex,
    /// A word of types for families.
    Family,
    /// Somebody; the number behind is an age in years.
    Person,
    /// Two people.
    Couple,
    /// So many people: "berempat".
    Together(u32),
    /// This vaccine.
    Product(&'static str),
    /// This dose.
    Dose(u32),
    /// The number beside it is a dose.
    DoseIs,
    /// The number behind it is an age in years.
    AgeIs,
    /// The number before it is an age in years.
    Years,
    /// The number before it is a time in such units, of so many days: an age, or how long somebody is ill.
    Days(u32),
    /// Behind a number of days: so long from today.
    FromNow,
    /// The number behind it is a day of the month.
    DateIs,
    /// Somebody is pregnant: what helps her depends on what else is asked for.
    Pregnant,
    /// The number beside it counts the people who need a place.
    Persons,
    /// The number behind it is how many must be free.
    AtLeast,
    /// The number before it is how many must be free.
    Places,
    /// The number before it is how far one would go.
    Kilometres,
    /// Without booking, or by booking.
    WalkIn(bool),
    /// Around the place, not only in it.
    Near,
    /// Behind it stands where somebody comes from.
    From,
    /// The name of a street or a person follows, which is no place here even if one is called so.
    NameOfOther,
    /// What stands on both sides is asked for.
    Or,
    /// Somebody may die soon: the emergency line comes first, and emergency departments are looked for.
    Emergency,
    /// What hospitals offer and no type records.
    Unrecorded,
    /// These days.
    Span(Span),
    /// Says how somebody is, or since when: no request can use it, and a number beside it is no age and no count.
    Unused,
    /// Nothing: it is said in any question.
    Nothing,
}
use Means::{
    AgeGroup, AgeIs, AtLeast, Couple, DateIs, Days, Dose, DoseIs, Elderly, Emergency, Family, From, FromNow,
    Kilometres, NameOfOther, Near, NegativePressure, Nothing, Or, Person, Persons, Places, Pregnant, Product,
    ReservedFor, Sex, Together, Unrecorded, Unused, Ventilator, WalkIn, Years,
};

/// Days that are named together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// The rest of this week, until Sunday.
    ThisWeek,
    /// Saturday and Sunday.
    Weekend,
    /// From the next Monday on.
    NextWeek,
}

impl Span {
    /// The first day and the last one, if it is `today`.
    pub(super) fn days(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let sunday = RelativeDay::Next(Weekday::Sun).from(today);
        match self {
            Self::ThisWeek => (today, sunday),
            Self::Weekend => (today.max(sunday - chrono::Days::new(1)), sunday),
            Self::NextWeek => (sunday + chrono::Days::new(1), sunday + chrono::Days::new(7)),
        }
    }
}

/// Words and phrases as [`crate::domain::lexicon`] spells them ("vent" is "ventilator", "tanpa ventilator" is
/// "-ventilator"), and what they mean. Days are in [`crate::domain::days`].
pub(super) const RULES: &[(Means, &str)] = &[
    // What is looked for.
    (
        Means::Kind(Kind::Bed),
        "bed, beds, tt, tempat tidur, kamar, ruang, ruangan, ranjang, rawat inap, opname, room, rooms, ward, \
         hospital, rumah sakit, rs, rawat, dirawat, perawatan",
    ),
    (Means::Kind(Kind::Isolation), "isolasi terpusat, karantina, quarantine"),
    (
        Means::Kind(Kind::Vaccination),
        "vaksin, vaksinasi, vaccine, vaccination, vaccinated, vaksinnya, imunisasi, suntik, suntikan, jab, sentra \
         vaksin, sentra vaksinasi, divaksin",
    ),
    // Attributes of places.
    (Ventilator(true), "ventilator"),
    (Ventilator(false), "-ventilator"),
    (NegativePressure(true), "negatif"),
    (NegativePressure(false), "-negatif"),
    (AgeGroup("child"), "anak"),
    (AgeGroup("neonate"), "neonatus"),
    (AgeGroup("adult"), "dewasa"),
    (Elderly, "lansia"),
    (ReservedFor("covid"), "covid, positif, positive"),
    (ReservedFor("none"), "-covid, -positif, -positive, -positif covid, -covid positif, -positive covid"),
    (Sex, "pria, wanita"),
    (Family, "keluarga"),
    (
        Person,
        "ibu, ibuk, bapak, bpk, pak, bu, ayah, bunda, papa, mama, papah, mamah, emak, suami, istri, adik, adek, \
         kakak, kakek, nenek, mbah, eyang, opa, oma, om, tante, paman, bibi, pakde, bude, keponakan, saudara, \
         sepupu, mertua, cucu, tetangga, teman, saya, aku, tn, ny, tuan, nyonya, nona, sdr, gadis, pemuda, \
         mother, father, wife, husband, son, daughter, grandmother, grandfather, mom, dad, brother, sister, mr, \
         mrs",
    ),
    (
        Couple,
        "suami istri, suami dan istri, pasutri, couple, husband and wife, ayah ibu, bapak ibu, ayah dan ibu",
    ),
    (Together(1), "sendiri, sendirian, seorang, alone"),
    (Together(2), "berdua, both"),
    (Together(3), "bertiga"),
    (Together(4), "berempat"),
    (Together(5), "berlima"),
    (Together(6), "berenam"),
    (Together(7), "bertujuh"),
    (Together(8), "berdelapan"),
    // Vaccines.
    (Product("sinovac"), "sinovac, coronavac, sinovak"),
    (Product("astrazeneca"), "astrazeneca, astra zeneca, astra, az"),
    (Product("pfizer"), "pfizer, comirnaty, fizer"),
    (Product("moderna"), "moderna"),
    (Product("sinopharm"), "sinopharm, sinofarm"),
    (Product("janssen"), "janssen, johnson"),
    (Product("indovac"), "indovac"),
    (Product("inavac"), "inavac"),
    (Product("zifivax"), "zifivax"),
    (Product("covovax"), "covovax, novavax"),
    (Dose(1), "pertama, first, ke satu, kesatu, 1 st"),
    (Dose(2), "kedua, second, ke dua, 2 nd"),
    (
        Dose(3),
        "ketiga, third, booster, ke tiga, penguat, 3 rd, booster pertama, booster 1, first booster, buster",
    ),
    (Dose(4), "keempat, fourth, ke empat, booster kedua, booster 2, booster ke 2, second booster"),
    (DoseIs, "dosis, dose, doses, dosis ke, vaksin ke, suntikan ke, vaksinasi ke, dosis yang ke"),
    (
        WalkIn(true),
        "langsung datang, datang langsung, walk in, go show, goshow, tinggal datang, -daftar, -registrasi, \
         -pendaftaran, -booking, -appointment, on the spot",
    ),
    (WalkIn(false), "daftar dulu, pendaftaran, booking, appointment"),
    // Numbers.
    (AgeIs, "umur, usia, age, aged, berumur, berusia, umurnya, usianya, usia nya, umur nya"),
    (
        Years,
        "tahun, thn, th, years, year, yo, yrs, years old, year old, y, y o, yr, tahunan, taun, an tahun, an, \
         tahun keatas, tahun ke atas, ke atas, keatas",
    ),
    (Days(1), "hari, days, day, hr, days old, day old"),
    (Days(7), "pekan, weeks, week, mgg, mggu, weeks old, week old"),
    (Days(30), "bulan, bln, months, month, months old, month old, mo"),
    (FromNow, "lagi, from now, ke depan, kedepan, mendatang"),
    (DateIs, "tanggal, tgl, date"),
    (Kilometres, "km, kilo, kilometer, kilometers, kilometres"),
    (Pregnant, "hamil"),
    (
        Persons,
        "orang, org, jiwa, people, persons, person, anggota, pasien, patient, patients, warga, orng, anggota \
         keluarga, orang pasien",
    ),
    (
        AtLeast,
        "minimal, min, minimum, paling sedikit, setidaknya, at least, sedikitnya, butuh, perlu, need, needs",
    ),
    (Places, "buah, unit, tempat, slot, slots, places, kursi, kuota"),
    // Where.
    (
        Near,
        "dekat, terdekat, sekitar, near, nearest, around, closest, sekitaran, deket, dekatnya, sekitarnya",
    ),
    (From, "dari, dr, from, asal, asalnya, domisili, berasal"),
    (NameOfOther, "jl, jln, jalan, jalanan, gg, gang, perum, perumahan, komplek, kompleks, atas nama"),
    (Or, "atau, ato, atw, or, dan, and, maupun, serta, sama"),
    // Days.
    (Means::Span(Span::NextWeek), "minggu depan, pekan depan, next week"),
    (Means::Span(Span::ThisWeek), "minggu ini, pekan ini, this week"),
    (Means::Span(Span::Weekend), "akhir pekan, weekend, akhir minggu"),
    // What no request can use, but is to be told.
    (
        Emergency,
        "pingsan, -sadar, -sadarkan diri, -responsif, hilang kesadaran, kejang, kejang kejang, kecelakaan, laka, \
         tabrakan, sesak berat, sesak napas berat, sesak nafas berat, sesak hebat, sesak parah, sesak sekali, -napas, \
         -nafas, -bernapas, -bernafas, henti napas, henti jantung, serangan jantung, stroke, pendarahan, perdarahan, \
         kritis, koma, sekarat, gawat, tersedak, tenggelam, keracunan, unconscious, fainted, seizure, seizures, \
         accident, jantung attack, bleeding, choking, -breathing, -breathe, -conscious, critical",
    ),
    (
        Unrecorded,
        "cuci darah, hemodialisa, hemodialisis, hemodialysis, dialisis, dialysis, hd, rs jiwa, rumah sakit jiwa, rsj, \
         gangguan jiwa, sakit jiwa, odgj, psikiatri, psikiater, psychiatric, operasi, opersi, bedah, surgery, \
         kemoterapi, kemo, chemotherapy, transfusi, rontgen, ronsen, ct scan, mri, fisioterapi, rehabilitasi, katarak, \
         kateterisasi, radioterapi, oksigen, oxygen, plasma, donor, ambulans, ambulance, ambulan",
    ),
    // What no request can use.
    (
        Unused,
        "sejak, selama, semenjak, since, kemarin, kmrn, tadi, lalu, yll, lahir, dob, demam, panas, batuk, pilek, \
         flu, sesak, sesek, sesaknya, napas, nafas, lemas, lemes, pusing, mual, muntah, diare, mencret, nyeri, \
         gelisah, anosmia, parah, berat, ringan, bergejala, otg, komorbid, penyakit, \
         riwayat, luka, jatuh, diabetes, dm, hipertensi, darting, asma, ginjal, jantungan, \
         kanker, tumor, tb, tbc, dbd, tipes, tifus, alergi, stabil, memburuk, \
         menurun, turun, drop, naik, saturasi, saturation, satrasi, spo, sato, suhu, temperatur, \
         tensi, td, nadi, rr, hb, gcs, ct, bb, tinggi, rt, rw, nomor, telp, telepon, tlp, hp, wa, nik, kk, bpjs, \
         jam, pukul, pkl, lantai, gds, trombosit, kg, gram, cm, menit, detik, liter, persen, derajat, kali, lt, \
         lpm, mg, ml, rb, ribu, juta, rupiah, swab, pcr, antigen, antibodi, rapid, tes, test, hasil, \
         obat, sertifikat, ktp, surat, biaya, harga, gratis, jenazah, nama, \
         name, alamat, address, kontak, contact, hubungi, trimester, cough, breath, shortness, oxygenation, \
         symptoms, sick, ill, fever, spo 2, sat o 2, o 2, minggu lalu, bulan depan, bulan lalu, last week, next month, ct value, \
         tanggal lahir, tgl lahir, jam kerja, bulan ini, kelas bpjs, swasta, private",
    ),
    // What is said in any question.
    (
        Nothing,
        "ada, sakit, gejala, saja, aja, adakah, apakah, apa, yang, yg, di, d, ke, pada, untuk, utk, buat, bagi, \
         tuk, dengan, ini, itu, kami, kita, mas, mbak, mba, kak, mohon, tolong, tolongin, minta, cari, mencari, \
         carikan, cariin, nyari, dicari, mau, ingin, pengen, bisa, boleh, dimana, mana, kosong, tersedia, sedia, \
         masih, siap, ya, dong, sih, nih, deh, kok, lah, kah, halo, hai, hallo, hi, hello, selamat, pagi, siang, \
         sore, malam, info, informasi, infonya, inpo, tanya, bertanya, punya, dapat, dapet, daerah, wilayah, \
         area, kira, is, are, there, any, a, the, in, at, on, for, of, to, i, we, my, free, available, please, \
         pls, plis, looking, find, where, can, get, want, khusus, has, have, me, care, kelas, segera, urgent, \
         asap, cepat, cepet, lokasi, tempatnya, kabar, kasih, tau, tahu, berapa, jumlah, sisa, isi, gan, agan, \
         sis, bro, bang, dok, admin, sist, bosku, bos, mimin, terima, makasih, trims, thanks, thx, thank, you, \
         permisi, maaf, assalamualaikum, salam, help, bantu, bantuan, dibantu, bantuin, dibutuhkan, membutuhkan, \
         dicarikan, mencarikan, needed, sekali, skli, kalau, kalo, klo, jika, apabila, yah, yaa, ok, oke, baik, \
         terbaru, update, kondisi, status, posisi, saat, sedang, sudah, udah, dah, telah, akan, harus, sekarang \
         juga, terima kasih, saat ini, tolong carikan, mohon bantuan, mohon info, apa saja, kira kira, rumah \
         saya, nya, banget, lain, lainnya, manapun, apapun, setempat, sini, sana, situ, diri, fasilitas",
    ),
];

/// The meanings by phrase; the first rule that has one.
static MEANINGS: LazyLock<HashMap<&str, Means>> = LazyLock::new(|| {
    let mut meanings = HashMap::new();
    for (means, phrases) in RULES {
        for phrase in phrases.split(", ") {
            meanings.entry(phrase).or_insert(*means);
        }
    }
    meanings
});

impl Means {
    /// Whether it says how somebody is or what is done for them, so that a number beside it is no age and no count.
    pub(super) fn is_of_health(self) -> bool {
        matches!(self, Unused | Emergency | Unrecorded)
    }
}

/// The meaning of a word or phrase.
pub(super) fn meaning(phrase: &str) -> Option<Means> {
    MEANINGS.get(phrase).copied()
}

/// Every word of the rules, and of the names of days.
static WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let phrases = RULES.iter().flat_map(|(_, phrases)| phrases.split(", ")).chain(RelativeDay::phrases());
    phrases.flat_map(|phrase| phrase.split([' ', '-'])).collect()
});

/// The words of [`WORDS`], for finding what a slip is meant for.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().copied()
}

/// Whether the rules or the names of days have this word.
pub(super) fn has_word(word: &str) -> bool {
    WORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lexicon;

    /// A phrase that stands in two rules would mean only the first.
    #[test]
    fn each_phrase_has_one_meaning_and_is_written_as_sentences_are_read() {
        let all: Vec<&str> = RULES.iter().flat_map(|(_, phrases)| phrases.split(", ")).collect();
        for phrase in &all {
            assert_eq!(all.iter().filter(|other| *other == phrase).count(), 1, "{phrase}");
            let plain = phrase.replace('-', "tanpa ");
            let words: Vec<String> = plain.split(' ').map(str::to_owned).collect();
            let terms =
                lexicon::terms(&words).into_iter().map(|term| term.text).collect::<Vec<_>>().join(" ");
            assert_eq!(terms, *phrase, "as the lexicon spells it");
        }
    }
}
