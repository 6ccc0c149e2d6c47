use rstest::rstest;

use super::*;

fn only(text: &str) -> (FacilityInput, Vec<Rejection>) {
    let Facilities { mut rows, left_out } = read(text.as_bytes()).unwrap();
    assert_eq!(rows.len(), 1);
    (rows.remove(0).1.unwrap(), left_out.into_iter().map(|(_, rejection)| rejection).collect())
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
#[case("33.74,Tembalang", "33.74", Some(Code::InvalidRegionCode))]
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
#[case("Rumah Sakit", "hospital")]
#[case("RS", "hospital")]
#[case("klinik", "clinic")]
#[case("puskesmas", "puskesmas")]
#[case("Balai Kesehatan (BKPM)", "balai_kesehatan_bkpm")]
fn kinds_get_our_words(#[case] word: &str, #[case] kind: &str) {
    assert_eq!(only(&format!("code,name,type,region_code\n1,A,{word},33\n")).0.kind, kind);
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
fn a_row_without_any_id_or_region_is_refused() {
    let rows =
        read("code,id,name,type,region_code\n,,A,klinik,33\n1,,A,klinik,\n,0196,A,klinik,33\n".as_bytes())
            .unwrap()
            .rows;
    let pointers: Vec<Option<&str>> = rows
        .iter()
        .map(|(_, row)| row.as_ref().err().map(|rejections| rejections[0].pointer.as_ref()))
        .collect();
    assert_eq!(pointers, [Some("/external_ids"), Some("/region"), None]);
}

#[rstest]
#[case("nama,type,region_code,code\n", "name")]
#[case("name,region_code,code\n", "kind")]
#[case("name,type,code\n", "region")]
#[case("name,type,region_code\n", "external_ids")]
fn a_header_without_what_is_needed_is_refused(#[case] text: &str, #[case] column: &str) {
    let refused = read(text.as_bytes()).err().unwrap();
    assert_eq!((refused.code, refused.pointer.as_ref()), (Code::MissingField, column));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let _ = read(&bytes[..]);
        let _ = read(&[b"code,name,type,region_code,kecamatan_code,phone,phones,lat\n", &bytes[..]].concat()[..]);
    }
}
