use rstest::rstest;

use super::*;
use crate::{
    auth::{Operator, Principal},
    domain::{
        facility::{Flag, Phone, Visibility},
        geo::{Point, Precision},
        region::Region,
    },
    locales::Language,
    snapshot::{Row as StoredRow, Snapshot},
};

fn read(bytes: &[u8]) -> Result<Facilities, Rejection> {
    read_knowing(bytes, &Snapshot::default())
}

fn read_knowing(bytes: &[u8], state: &Snapshot) -> Result<Facilities, Rejection> {
    super::read(
        bytes.into(),
        Context {
            now: state.now(),
            state,
            sender: &Principal::Operator(Operator::Cli),
            language: Language::En,
            mapping: &crate::import::ColumnMapping::default(),
            keeps_cells: false,
            facility: None,
        },
        100,
    )
}

fn only(text: &str) -> (FacilityInput, Vec<Rejection>) {
    one_of(read(text.as_bytes()).unwrap())
}

fn one_of(read: Facilities) -> (FacilityInput, Vec<Rejection>) {
    let Facilities { mut rows, .. } = read;
    assert_eq!(rows.len(), 1);
    let row = rows.remove(0);
    (row.input.unwrap(), row.remarks)
}

/// A directory that knows where Kota Semarang is.
fn semarang() -> Snapshot {
    let region = |code: &str, point| Region {
        code: code.parse().unwrap(),
        name: code.to_owned(),
        aliases: vec![],
        point,
        precision: Some(Precision::Place),
        zone: None,
        postcode: None,
        bps_code: None,
        outline: None,
        stated: std::collections::BTreeSet::new(),
    };
    let point = Point::new(-6.99, 110.42, "").ok();
    let regions = [region("33", None), region("33.74", point)];
    let now = Snapshot::default().now();
    Snapshot::build(0, now, now, regions.map(|region| StoredRow::Region(region, now)))
}

#[test]
fn the_list_of_the_ministry_is_read_as_it_is() {
    let (input, left_out) = only(
        "code,name,type,subtype,region_code,kecamatan_code,address,phone,lat,lon,beds_total\n\
         3374010,RS Contoh,rumah_sakit,rs_umum,33.74,33.74.10,\"Jl. A, 1\",(024) 8413060,-7.05,110.44,311\n",
    );
    assert_eq!(left_out, []);
    assert_eq!((input.kind.as_str(), input.region.as_str()), ("hospital", "33.74.10"));
    assert_eq!(input.external_ids, ["kemenkes:3374010"]);
    assert_eq!(input.phones[0].number, "(024) 8413060");
    assert_eq!((input.lat, input.lon), (Some(-7.05), Some(110.44)));
    assert!(!input.simulated);
}

#[rstest]
#[case("33.74,33.74.10", "33.74.10", None)]
#[case("33.74,", "33.74", None)]
#[case(",33.74.10", "33.74.10", None)]
#[case("33.74,33.22.10", "33.74", Some(Code::UnknownRegion))]
#[case("33.74,Tembalang", "33.74", Some(Code::UnknownRegion))]
#[case("33.74,3374100", "33.74", Some(Code::BpsCode))]
fn a_kecamatan_that_cannot_be_right_costs_only_itself(
    #[case] cells: &str,
    #[case] region: &str,
    #[case] said: Option<Code>,
) {
    let (input, left_out) =
        only(&format!("code,name,type,region_code,kecamatan_code\n1,A,puskesmas,{cells}\n"));
    assert_eq!(input.region, region);
    assert_eq!(left_out.first().map(|rejection| rejection.code), said);
}

#[rstest]
#[case("-7.05,110.44", Some(-7.05))]
#[case("\"-7,05\",\"110,44\"", Some(-7.05))]
#[case("selatan,110.44", Some(f64::NAN))]
#[case(",", None)]
fn coordinates_are_handed_on(#[case] cells: &str, #[case] lat: Option<f64>) {
    let (input, _) = only(&format!("code,name,type,region_code,lat,lon\n1,A,klinik,33,{cells}\n"));
    assert_eq!(format!("{:?}", input.lat), format!("{lat:?}"));
}

#[rstest]
#[case("0282533010", &["0282533010"], 0)]
#[case("024-841306; 024-841307", &["024-841306", "024-841307"], 0)]
#[case("024-841306/0811-222-333", &["024-841306", "0811-222-333"], 0)]
#[case("0271 495673/495025 118", &["0271 495673/495025 118"], 0)]
#[case::without_area_code("024-8413476 / 8413993", &["024-8413476", "024-8413993"], 1)]
#[case("(024) 8413476; 8413993; 0811-222-333; 8413994", &["(024) 8413476", "(024) 8413993", "0811-222-333", "8413994"], 1)]
#[case::in_words("024-8413476 atau 024-8413993 dan 0811222333", &["024-8413476", "024-8413993", "0811222333"], 0)]
#[case::extension("024-8413476 ext. 12; 024-8413993; ext 7", &["024-8413476 ext. 12", "024-8413993 ext 7"], 0)]
#[case::end_of_another("024-8413476/77", &["024-8413476/77"], 0)]
#[case("belum ada", &[], 1)]
#[case("belum ada; 119", &["119"], 1)]
#[case("", &[], 0)]
fn telephones_are_read_as_people_write_them(
    #[case] cell: &str,
    #[case] numbers: &[&str],
    #[case] left_out: usize,
) {
    let (input, refused) = only(&format!("code,name,type,region_code,phone\n1,A,klinik,33,{cell}\n"));
    let read: Vec<&str> = input.phones.iter().map(|phone| phone.number.as_str()).collect();
    assert_eq!((read.as_slice(), refused.len()), (numbers, left_out));
}

#[rstest]
#[case::of_a_city("247000021", "0247000021")]
#[case::of_a_person("81222333444", "081222333444")]
#[case::of_pandas("247000021.0", "0247000021")]
fn a_zero_that_a_spreadsheet_took_away_comes_back_with_a_word(#[case] cell: &str, #[case] number: &str) {
    let (input, remarks) = only(&format!("code,name,type,region_code,phone\n1,A,klinik,33,{cell}\n"));
    assert_eq!((input.phones[0].number.as_str(), input.unsure.contains(&Flag::PhoneUnsure)), (number, true));
    assert_eq!((remarks[0].code, remarks[0].pointer.as_ref()), (Code::InvalidPhone, "/phone"));
}

#[rstest]
#[case("119")]
#[case("1500567")]
#[case("8413476")]
#[case("0247000021")]
#[case("62247000021")]
#[case("+62 24 7000021")]
fn telephones_that_lost_nothing_stay_as_they_are(#[case] cell: &str) {
    let (input, remarks) = only(&format!("code,name,type,region_code,phone\n1,A,klinik,33,{cell}\n"));
    assert_eq!(
        (input.phones[0].number.as_str(), input.unsure.contains(&Flag::PhoneUnsure), remarks.len()),
        (cell, false, 0)
    );
}

#[rstest]
#[case("8.11E+10")]
#[case("\"8,11E+10\"")]
fn a_telephone_that_lost_digits_is_left_out(#[case] cell: &str) {
    let (input, remarks) = only(&format!("code,name,type,region_code,phone\n1,A,klinik,33,{cell}\n"));
    assert_eq!((input.phones, input.unsure.contains(&Flag::PhoneUnsure)), (vec![], true));
    assert_eq!((remarks[0].code, remarks[0].pointer.as_ref()), (Code::InvalidPhone, "/phone"));
}

#[rstest]
#[case::right("-6.99,110.42", Some((-6.99, 110.42)), 0)]
#[case::exchanged("110.42,-6.99", Some((-6.99, 110.42)), 1)]
#[case::without_points("-699,11042", Some((-6.99, 110.42)), 1)]
#[case::without_points_and_exchanged("1104229,-6990", Some((-6.99, 110.4229)), 1)]
#[case::with_commas_and_exchanged("\"110,42\",\"-6,99\"", Some((-6.99, 110.42)), 1)]
#[case::of_another_country("51.5,-0.12", Some((51.5, -0.12)), 1)]
#[case::exchanged_and_far_away("140.7,-2.5", Some((140.7, -2.5)), 1)]
fn coordinates_are_mended_where_one_reading_lies_in_the_region(
    #[case] cells: &str,
    #[case] expected: Option<(f64, f64)>,
    #[case] said: usize,
) {
    let list = format!("code,name,type,region_code,lat,lon\n1,A,klinik,33.74,{cells}\n");
    let (input, remarks) = one_of(read_knowing(list.as_bytes(), &semarang()).unwrap());
    assert_eq!((input.lat.zip(input.lon), remarks.len()), (expected, said));
    assert!(remarks.iter().all(|remark| remark.pointer == "/lat"));
}

#[test]
fn the_headings_of_lists_of_hospitals_are_known() {
    let (input, remarks) = only(
        "DAFTAR RUMAH SAKIT;;;;\n\nNo;Kode RS;Nama RS;Kab/Kota;Alamat;No. Telp;Kelas RS\n\
         1;3374010;RSUP Dr. Kariadi;33.74;Jl. Dr. Sutomo 16;(024) 8413476;A\n\
         ;;Total;;;;\n",
    );
    assert_eq!(remarks, []);
    assert_eq!((input.kind.as_str(), input.region.as_str()), ("hospital", "33.74"));
    assert_eq!(input.external_ids, ["kemenkes:3374010"]);
    assert_eq!(input.phones[0].number, "(024) 8413476");
}

#[test]
fn rows_that_contradict_each_other_are_refused_and_copies_are_not() {
    let text = "code,name,type,region_code\n1,A,klinik,33\n2,B,klinik,33\n1,C,klinik,33\n2,B,klinik,33\n";
    let rows = read(text.as_bytes()).unwrap().rows;
    let codes: Vec<Option<Code>> =
        rows.iter().map(|row| row.input.as_ref().err().map(|rejections| rejections[0].code)).collect();
    assert_eq!(codes, [Some(Code::DuplicateRow), None, Some(Code::DuplicateRow), None]);
}

#[rstest]
#[case::copies("A,klinik,33,\nA,klinik,33,\n", &[true, true])]
#[case::another_region("A,klinik,33,\nA,klinik,34,\n", &[true, true])]
#[case::contradicting("A,klinik,33,\na,rs,33,\nB,rs,33,\n", &[false, false, true])]
#[case::one_with_a_code("A,klinik,33,1\nA,rs,33,\n", &[false, false])]
#[case::a_code_each("A,klinik,33,1\nA,rs,33,2\n", &[true, true])]
fn rows_without_codes_are_compared_by_name_and_region(#[case] rows: &str, #[case] taken: &[bool]) {
    let rows = read(format!("name,type,region_code,code\n{rows}").as_bytes()).unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.input.is_ok()).collect::<Vec<_>>(), taken);
}

#[test]
fn a_misspelt_heading_of_codes_does_not_cost_the_codes() {
    let refused = read(b"name,type,region_code,codee\nA,klinik,33,1\n").err().unwrap();
    assert_eq!(refused.code, Code::MissingField);
}

#[test]
fn a_region_code_that_became_a_number_is_named_as_such() {
    let rows = read(b"code,name,type,region_code\n1,A,klinik,33.1\n").unwrap().rows;
    let rejections = rows[0].input.as_ref().err().unwrap();
    assert_eq!(rejections[0].pointer, "/region");
    assert!(rejections[0].detail.to_string().contains("33.10"), "{rejections:?}");
}

#[rstest]
#[case("Rumah Sakit", "hospital")]
#[case("RS", "hospital")]
#[case("klinik", "clinic")]
#[case("puskesmas", "puskesmas")]
#[case("Balai Kesehatan (BKPM)", "balai_kesehatan_bkpm")]
fn kinds_get_our_words(#[case] word: &str, #[case] kind: &str) {
    assert_eq!(only(&format!("code,name,type,region_code\n1,A,{word},33\n")).0.kind, kind);
}

#[rstest]
#[case("code,name,Tipe RS,region_code", "B", "hospital")]
#[case("code,name,Kelas RS,region_code", "Kelas D Pratama", "hospital")]
#[case("code,name,Jenis RS,region_code", "Khusus Paru", "hospital")]
#[case("code,name,tipe,region_code", "C", "hospital")]
#[case("code,Nama Puskesmas,jenis,region_code", "Rawat Inap", "puskesmas")]
#[case("code,Nama RS,jenis,region_code", "Klinik Utama", "clinic")]
#[case("code,name,jenis,region_code", "PKM Non Rawat Inap", "puskesmas")]
#[case("code,name,jenis,region_code", "Balai", "balai")]
fn the_class_of_a_hospital_is_no_kind(#[case] header: &str, #[case] word: &str, #[case] kind: &str) {
    assert_eq!(only(&format!("{header}\n1,A,{word},33\n")).0.kind, kind);
}

#[test]
fn phones_come_back_from_their_cell_as_they_were() {
    let phone = |number: &str, label: Option<&str>, visibility| Phone {
        number: number.to_owned(),
        label: label.map(str::to_owned),
        visibility,
    };
    let phones = vec![
        phone("0800-000-1234", Some("Direktur; hanya darurat=ya"), Visibility::Internal),
        phone("024-1/024-2", Some("IGD, 24 jam"), Visibility::Public),
        phone("119", None, Visibility::Public),
    ];
    let cell = phone_cell(&phones).replace('"', "\"\"");
    let (input, left_out) =
        only(&format!("external_ids,name,kind,region,phones\na:1,A,clinic,33,\"{cell}\"\n"));
    assert_eq!((input.phones, left_out), (phones, vec![]));
}

#[test]
fn a_row_needs_a_region_and_no_id() {
    let rows =
        read("code,id,name,type,region_code\n,,A,klinik,33\n1,,B,klinik,\n,0196,C,klinik,33\n".as_bytes())
            .unwrap()
            .rows;
    let pointers: Vec<Option<&str>> = rows
        .iter()
        .map(|row| row.input.as_ref().err().map(|rejections| rejections[0].pointer.as_ref()))
        .collect();
    assert_eq!(pointers, [None, Some("/region"), None]);
}

#[rstest]
#[case("nomor,type,region_code,code\n", "name")]
#[case("name,region_code,code\n", "kind")]
#[case("name,type,code\n", "region")]
fn a_header_without_what_is_needed_is_refused(#[case] text: &str, #[case] column: &str) {
    let refused = read(text.as_bytes()).err().unwrap();
    assert_eq!((refused.code, refused.pointer.as_ref()), (Code::MissingField, column));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let _ = read(&bytes);
        let _ = read(&[b"code,name,type,region_code,kecamatan_code,phone,phones,lat,lon\n", &bytes[..]].concat());
    }
}
