//! The command line, beside a running server.

use std::{
    fs::Permissions,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    process::{Command, Output},
};

use serde_json::json;
use tempfile::TempDir;

use crate::support::{SEDIA, Server, TestDatabase, wait_until};

fn sedia(database: &str, arguments: &[&str]) -> Output {
    Command::new(SEDIA).args(arguments).env("DATABASE_URL", database).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command that succeeds, and gives what it printed.
#[track_caller]
fn printed(database: &str, arguments: &[&str]) -> String {
    let output = sedia(database, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn get(url: &str) -> String {
    let mut reply = ureq::get(url).header("Accept-Language", "en").call().unwrap();
    reply.body_mut().read_to_string().unwrap()
}

#[tokio::test]
async fn a_running_server_shows_what_the_command_line_does() {
    let database = TestDatabase::create().await;
    let server = Server::start(&database);
    let (url, folder) = (database.url(), TempDir::new().unwrap());
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };

    let list = file("hospitals.csv", "code,name,type,region_code\n3374010,RSUP Dr. Kariadi,RS,33.74\n");
    printed(&url, &["import", "facilities", &list]);
    wait_until(20, "the facility", || {
        get(&format!("{}/v1/search?q=kariadi", server.url)).contains("Kariadi")
    });

    let reports = file(
        "reports.csv",
        "facility,type,capacity,occupied,available\n\
         kemenkes:3374010,bed.icu,10,7,3\n\
         kemenkes:3374010,bed.hcu,10,9,3\n",
    );
    let output = sedia(&url, &["import", "reports", &reports]);
    assert_eq!(output.status.code(), Some(3), "some rows were refused: {}", said(&output));
    assert!(said(&output).contains("above_capacity"), "{}", said(&output));
    let beds = format!("{}/v1/beds?region=33.74", server.url);
    wait_until(20, "the good row", || get(&beds).contains("\"available\":3"));
    assert!(!get(&beds).contains("bed.hcu"));

    let key = printed(&url, &["key", "create", "--role", "reporter", "--facility", "kemenkes:3374010"]);
    let report = || {
        ureq::put(format!("{}/v1/facilities/kemenkes:3374010/availability", server.url))
            .header("Authorization", format!("Bearer {}", key.trim()))
            .send_json(serde_json::json!({"values": {"bed.icu": {"available": 2}}}))
            .is_ok()
    };
    wait_until(20, "the key", report);
    let keys = printed(&url, &["key", "list"]);
    let id = keys.lines().find(|line| line.contains("reporter")).unwrap().split_whitespace().next().unwrap();
    printed(&url, &["key", "revoke", id]);
    wait_until(20, "the revocation", || !report());

    let exported = printed(&url, &["export", "reports"]);
    assert!(exported.contains("kemenkes:3374010,bed.icu"), "{exported}");

    let audit = printed(&url, &["audit", "--facility", "kemenkes:3374010", "--kind", "report"]);
    let lines: Vec<&str> = audit.lines().collect();
    assert_eq!(lines.len(), 3, "{audit}");
    assert!(lines[1].contains(" reporter ") && lines[1].ends_with(", available 2"), "{audit}");
    assert!(lines[2].contains(" cli ") && lines[2].contains(" bulk "), "{audit}");
    let newest = printed(&url, &["audit", "--format", "json", "--limit", "1"]);
    let newest: serde_json::Value = serde_json::from_str(&newest).unwrap();
    assert_eq!((&newest["kind"], &newest["content"]["id"]), (&json!("key"), &json!(id)));
    assert!(said(&sedia(&url, &["audit", "--region", "33.99"])).contains("33.99"));
}

#[tokio::test]
async fn what_is_exported_is_harmless_to_spreadsheets_and_taken_back_as_it_was() {
    let (database, other) = (TestDatabase::create().await, TestDatabase::create().await);
    let folder = TempDir::new().unwrap();
    let list = folder.path().join("hospitals.csv");
    let list = list.to_str().unwrap();
    let header = "external_ids,name,kind,region,aliases,criteria,lat,lon\n";
    let row = "test:a,=HYPERLINK(1),hospital,33.74,@Dua;'=Tiga,+ PCR,-6.99,110.4\n";
    std::fs::write(list, format!("{header}{row}")).unwrap();
    printed(&database.url(), &["import", "facilities", list]);
    let exported = printed(&database.url(), &["export", "facilities"]);
    assert!(exported.contains(",test:a,'=HYPERLINK(1),"), "{exported}");
    assert!(exported.contains(",'@Dua;'=Tiga,") && exported.contains(",'+ PCR,"), "{exported}");
    assert!(exported.contains(",-6.99,110.4,"), "{exported}");
    std::fs::write(list, &exported).unwrap();
    printed(&other.url(), &["import", "facilities", list]);
    let again = printed(&other.url(), &["export", "facilities"]);
    // Only our own id is another one.
    let told = |csv: &str| csv.lines().nth(1).unwrap().split_once(',').unwrap().1.to_owned();
    assert_eq!(told(&again), told(&exported));
    // A capacity that stayed keeps its own time.
    let reports = "facility,type,session,capacity,occupied,available,queue,observed_at\n\
                   test:a,bed.icu,,20,,,,2021-07-01T03:00:00Z\ntest:a,bed.icu,,,15,4,,2021-07-01T05:00:00Z\n";
    std::fs::write(list, reports).unwrap();
    printed(&database.url(), &["import", "reports", list]);
    let exported = printed(&database.url(), &["export", "reports"]);
    assert_eq!(exported.trim_start_matches('\u{feff}').replace("\r\n", "\n"), reports);
    printed(&other.url(), &["import", "reports", list]);
    assert_eq!(printed(&other.url(), &["export", "reports"]), exported);
}

#[tokio::test]
async fn a_second_server_on_the_same_address_says_what_is_wrong() {
    let (database, other) = (TestDatabase::create().await, TestDatabase::create().await);
    let server = Server::start(&database);
    let address = server.url.trim_start_matches("http://");
    let output = sedia(&other.url(), &["serve", "--listen", address]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains(address), "{}", said(&output));
    assert!(said(&output).contains("--listen"), "{}", said(&output));
    assert!(!said(&output).contains("sedia_"), "a key was shown, only this once: {}", said(&output));
}

#[tokio::test]
async fn an_id_that_is_none_is_refused_with_where_to_find_them() {
    let database = TestDatabase::create().await;
    for list in ["key", "link"] {
        let output = sedia(&database.url(), &[list, "revoke", "nope"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(&format!("'sedia {list} list'")), "{}", said(&output));
    }
}

#[test]
fn a_database_that_is_not_there_is_not_made_by_asking_about_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mistyped.db");
    let url = format!("sqlite://{}", path.display());
    for arguments in [&["export", "facilities"][..], &["key", "list"], &["check"]] {
        let output = sedia(&url, arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &said(&output);
        assert!(told.contains("mistyped.db"), "{told}");
        assert!(!path.exists());
    }
}

#[tokio::test]
async fn a_link_is_made_listed_and_revoked_beside_a_server() {
    let database = TestDatabase::create().await;
    let server = Server::start(&database);
    let (url, folder) = (database.url(), TempDir::new().unwrap());
    let list = folder.path().join("hospitals.csv");
    std::fs::write(&list, "code,name,type,region_code\n3374010,RSUP Dr. Kariadi,RS,33.74\n").unwrap();
    printed(&url, &["import", "facilities", list.to_str().unwrap()]);
    let create =
        ["link", "create", "--facility", "kemenkes:3374010", "--public-url", "https://sedia.example/"];
    let link = printed(&url, &create);
    let token = link.trim().strip_prefix("https://sedia.example/r/").unwrap();
    let report = |status: u16| {
        let path = format!("{}/v1/facilities/kemenkes:3374010/availability", server.url);
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let call = agent.put(&path).header("Authorization", format!("Bearer {token}"));
        let reply = call.send(r#"{"values": {"bed.icu": {"available": 1}}}"#).unwrap();
        reply.status().as_u16() == status
    };
    wait_until(20, "the link", || report(200));
    let listed = printed(&url, &["link", "list"]);
    assert!(listed.contains("kemenkes:3374010"), "{listed}");
    let id = listed.lines().nth(1).unwrap().split(' ').next().unwrap();
    printed(&url, &["link", "revoke", id]);
    wait_until(20, "the revocation", || report(401));
}

#[tokio::test]
async fn what_was_left_out_of_a_refused_facility_is_not_said_to_be_stored() {
    let (database, folder) = (TestDatabase::create().await, TempDir::new().unwrap());
    let list = folder.path().join("hospitals.csv");
    let rows = "3374010,RS A,RS,33.74,soon\n3374020,RS B,RS,99.99,soon\n";
    std::fs::write(&list, format!("code,name,type,region_code,phone\n{rows}")).unwrap();
    let output = sedia(&database.url(), &["import", "facilities", list.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("2 facilities read: 1 stored, 1 refused"), "{printed}");
    assert!(said(&output).contains("1 cells were left out"), "{}", said(&output));
}

#[tokio::test]
async fn check_tells_what_has_become_of_an_acknowledged_report() {
    let database = TestDatabase::create().await;
    let check = |durability: &str| printed(&database.url(), &["check", "--durability", durability]);
    let told = check("full");
    assert!(told.contains("ok    a report is acknowledged once it is on one disk"), "{told}");
    if let TestDatabase::Postgres { name, .. } = &database {
        database.run(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
    }
    let told = check("normal");
    assert!(told.contains("note  a report is acknowledged before it is on "), "{told}");
}

/// What lies in a region of an earlier part of a long list is taken when it is tried, as it is when it is stored.
#[tokio::test]
async fn a_long_list_of_regions_is_tried_as_it_is_taken() {
    let database = TestDatabase::create().await;
    let (url, folder) = (database.url(), TempDir::new().unwrap());
    let path = folder.path().join("regions.csv");
    let regencies = (1..=22).map(|regency| {
        let districts =
            (1..=99).map(|district| format!("98.{regency:02}.{district:02},Kecamatan {district}\n"));
        format!("98.{regency:02},Kabupaten {regency}\n{}", districts.collect::<String>())
    });
    std::fs::write(&path, format!("code,name\n98,Provinsi Baru\n{}", regencies.collect::<String>())).unwrap();
    let file = path.to_str().unwrap();
    let tried = printed(&url, &["import", "regions", "--dry-run", file]);
    assert!(tried.contains("2201 added or changed") && tried.contains(" 0 refused"), "{tried}");
    assert_eq!(printed(&url, &["import", "regions", file]), tried);
}

#[tokio::test]
async fn outlines_are_imported_and_what_nobody_knows_is_named() {
    let database = TestDatabase::create().await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("batas.geojson");
    let ring = json!([[110.3, -7.1], [110.5, -7.1], [110.5, -6.9], [110.3, -6.9], [110.3, -7.1]]);
    let feature = |name: &str| json!({"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}});
    let features = [feature("Kota Semarang"), feature("Kabupaten Antah Berantah")];
    std::fs::write(&file, json!({"type": "FeatureCollection", "features": features}).to_string()).unwrap();
    for arguments in [&["--dry-run"][..], &[]] {
        let path = [file.to_str().unwrap()];
        let output = sedia(&database.url(), &[&["import", "boundaries"], arguments, &path].concat());
        let (told, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(told.contains("2 outlines read: 1 added or changed, 0 as they were, 1 refused"), "{told}");
        assert!(said.contains("feature 2 /properties/name") && said.contains("Antah Berantah"), "{said}");
    }
}

/// On PostgreSQL both commands say which of its own tools to use.
#[tokio::test]
async fn a_backup_is_made_beside_a_running_server_and_put_back_when_it_has_stopped() {
    let database = TestDatabase::create().await;
    let (url, folder) = (database.url(), TempDir::new().unwrap());
    let backup = folder.path().join("backup.db");
    let backup = backup.to_str().unwrap();
    if url.starts_with("postgres") {
        for (command, tool) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
            let output = sedia(&url, &[command, backup]);
            assert!(!output.status.success() && said(&output).contains(tool), "{}", said(&output));
        }
        // The database may have forgotten how often it was put back, so the epoch is one that it never had.
        let restored = printed(&url, &["restore"]);
        let epoch =
            |told: &str| told.split_once("it is epoch ").unwrap().1.split(' ').next().unwrap().parse();
        let first: u64 = epoch(&restored).unwrap();
        assert!(first > 1_700_000_000, "{restored}");
        assert!(epoch(&printed(&url, &["restore"])).unwrap() > first);
        return;
    }
    let list = folder.path().join("hospitals.csv");
    let import = |name: &str| {
        std::fs::write(&list, format!("code,name,type,region_code\n3374010,{name},RS,33.74\n")).unwrap();
        printed(&url, &["import", "facilities", "--overwrite", list.to_str().unwrap()]);
    };
    let name = |server: &Server| get(&format!("{}/v1/facilities/kemenkes:3374010", server.url));
    let server = Server::start(&database);
    import("RS Sebelum");
    wait_until(20, "the facility", || {
        get(&format!("{}/v1/search?q=sebelum", server.url)).contains("RS Sebelum")
    });
    let made = printed(&url, &["backup", backup]);
    assert!(made.contains("holds 1 facilities as of change"), "{made}");
    let again = sedia(&url, &["backup", backup]);
    assert!(!again.status.success() && said(&again).contains("is there already"), "{}", said(&again));
    import("RS Sesudah");
    wait_until(20, "the change", || name(&server).contains("RS Sesudah"));
    let mirror: serde_json::Value =
        serde_json::from_str(&get(&format!("{}/v1/changes", server.url))).unwrap();
    assert_eq!(mirror["epoch"], 1);

    let unnamed = sedia(&url, &["restore"]);
    assert!(!unnamed.status.success() && said(&unnamed).contains("name the file"), "{}", said(&unnamed));
    let used = sedia(&url, &["restore", backup]);
    assert!(!used.status.success() && said(&used).contains("stop the server first"), "{}", said(&used));
    assert!(name(&server).contains("RS Sesudah"));
    server.kill();
    let cut = folder.path().join("cut.db");
    let bytes = std::fs::read(backup).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let refused = sedia(&url, &["restore", cut.to_str().unwrap()]);
    let why = format!("{} is no sound backup", cut.display());
    assert!(!refused.status.success() && said(&refused).contains(&why), "{}", said(&refused));
    // Root restores for a server that is not root.
    let file = std::path::PathBuf::from(url.strip_prefix("sqlite://").unwrap());
    std::fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    let other = rustix::process::geteuid().is_root().then_some(65_534);
    chown(&file, other, other).unwrap();
    let whose = || std::fs::metadata(&file).map(|it| (it.uid(), it.gid(), it.mode() & 0o777)).unwrap();
    let before = whose();
    let restored = printed(&url, &["restore", backup]);
    assert!(restored.contains("is kept as") && restored.contains("it is epoch 2"), "{restored}");
    assert!(restored.contains("revoke them again"), "{restored}");
    assert_eq!(whose(), before);
    assert_eq!(std::fs::read(backup).unwrap(), bytes, "a backup is only read");

    let server = Server::start(&database);
    assert!(name(&server).contains("RS Sebelum"));
    // New changes take the old numbers, but whoever says which log it read is told.
    import("RS Kemudian");
    wait_until(20, "the change", || name(&server).contains("RS Kemudian"));
    let after = |epoch: u32| format!("{}/v1/changes?after={}&epoch={epoch}", server.url, mirror["seq"]);
    assert!(get(&after(2)).contains("\"changes\":[]"));
    let reply = ureq::get(after(1)).config().http_status_as_error(false).build().call().unwrap();
    assert_eq!(reply.status(), 410);
    let body = reply.into_body().read_to_string().unwrap();
    assert!(body.contains("not_kept") && body.contains("/v1/snapshot"), "{body}");
}

/// The dry run of a hospital's first table writes how it was read; corrected by hand, that reads the tables to come.
#[tokio::test]
async fn how_the_columns_of_a_table_were_read_is_kept_and_corrected() {
    let (database, folder) = (TestDatabase::create().await, TempDir::new().unwrap());
    let url = database.url();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (list, table, mapping) = (file("list.csv"), file("beds.csv"), file("mapping.json"));
    std::fs::write(&list, "code,name,type,region_code\n3374010,RS A,RS,33.74\n").unwrap();
    std::fs::write(&table, "Kode RS,Jenis,Bed,Kosong\n3374010,bed.icu,3,9\n").unwrap();
    printed(&url, &["import", "facilities", &list]);
    let missing = sedia(&url, &["import", "reports", &table, "--mapping", &mapping]);
    assert!(!missing.status.success() && said(&missing).contains("mapping.json"), "{}", said(&missing));
    printed(&url, &["import", "reports", &table, "--dry-run", "--mapping", &mapping]);
    let kept = std::fs::read_to_string(&mapping).unwrap();
    let read: serde_json::Value = serde_json::from_str(&kept).unwrap();
    let expected =
        serde_json::json!({"Bed": null, "Jenis": "type", "Kode RS": "code", "Kosong": "available"});
    assert_eq!(read, expected);
    let corrected = kept.replace("null", "\"Kosong\"").replace("\"available\"", "null");
    std::fs::write(&mapping, &corrected).unwrap();
    printed(&url, &["import", "reports", &table, "--mapping", &mapping]);
    let exported = printed(&url, &["export", "reports"]);
    assert!(exported.contains("bed.icu") && exported.contains(",3,"), "{exported}");
    assert_eq!(std::fs::read_to_string(&mapping).unwrap(), corrected, "a mapping is never overwritten");
}

#[test]
fn a_provider_of_sign_ins_is_set_up_whole_or_not_at_all() {
    let folder = TempDir::new().unwrap();
    let database = format!("sqlite://{}/sedia.db", folder.path().display());
    let issuer = ["--openid-issuer", "https://id.example"];
    let client = ["--openid-client-id", "sedia"];
    let roles = ["--openid-roles", "admins=admin;dinkes=coordinator@33.74"];
    let public_url = ["--public-url", "https://sedia.example"];
    for (arguments, code, told) in [
        ([issuer, roles, public_url], 1, "SEDIA_OPENID_CLIENT_ID"),
        ([issuer, client, public_url], 1, "SEDIA_OPENID_ROLES"),
        ([issuer, client, roles], 1, "SEDIA_PUBLIC_URL"),
        ([client, roles, ["--public-url", "sedia.example"]], 2, "write http:// or https://"),
        ([["--openid-issuer", "id.example"], client, roles], 1, "SEDIA_OPENID_ISSUER is no address"),
        ([["--openid-issuer", "http://id.example"], client, roles], 1, "must begin with https://"),
        ([issuer, client, ["--openid-roles", "admins=owner"]], 2, "owner"),
        ([issuer, client, ["--openid-roles", "admins=admin;dinkes=coordinator"]], 2, "needs a region"),
    ] {
        let output = sedia(&database, &[&["serve"], arguments.as_flattened()].concat());
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(said(&output).contains(told), "{told} in {}", said(&output));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no database is left behind");
}

#[tokio::test]
async fn an_import_makes_no_database() {
    let folder = TempDir::new().unwrap();
    let list = folder.path().join("hospitals.csv");
    std::fs::write(&list, "code,name,type,region_code\n3374010,RS A,RS,33.74\n").unwrap();
    let url = format!("sqlite://{}", folder.path().join("sedia.db").display());
    let refused = sedia(&url, &["import", "facilities", list.to_str().unwrap()]);
    assert!(
        !refused.status.success() && said(&refused).contains("there is no database"),
        "{}",
        said(&refused)
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_url_that_cannot_be_read_does_not_tell_its_password() {
    let refused = sedia("postgres://sedia:p#ss@127.0.0.1/x", &["check"]);
    let said = String::from_utf8_lossy(&refused.stdout).into_owned() + &said(&refused);
    assert!(!refused.status.success() && said.contains("# as %23") && !said.contains("p#ss"), "{said}");
}

#[test]
fn a_postgresql_that_cannot_be_reached_is_said_to_be_away_and_why() {
    // Nobody listens at port 1.
    let refused = sedia("postgres://sedia:secret@127.0.0.1:1/x", &["check"]);
    let said = String::from_utf8_lossy(&refused.stdout).into_owned() + &said(&refused);
    assert!(!refused.status.success() && said.contains("Connection refused"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[tokio::test]
async fn an_import_tells_which_hospitals_got_another_name() {
    let (database, folder) = (TestDatabase::create().await, TempDir::new().unwrap());
    let list = folder.path().join("hospitals.csv");
    let import = |name: &str, kind: &str| {
        std::fs::write(&list, format!("code,name,type,region_code\n3374010,{name},{kind},33.74\n")).unwrap();
        said(&sedia(&database.url(), &["import", "facilities", list.to_str().unwrap()]))
    };
    let told = import("RS A", "hospital");
    assert!(told.contains("1 of them are of the kind 'hospital', and none was before"), "{told}");
    assert!(told.contains("1 of them were added, 0 changed") && !told.contains("/name"), "{told}");
    let told = import("RS B", "hospitl");
    assert!(told.contains("1 of them are of the kind 'hospitl', and none was before"), "{told}");
    assert!(told.contains("0 of them were added, 1 changed"), "{told}");
    assert!(told.contains("/name") && told.contains("'RS A' here, 'RS B' in the list"), "{told}");
}
