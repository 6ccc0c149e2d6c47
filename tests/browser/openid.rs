//! Staff sign in at a real provider, which is another site for the browser, and come back.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use crate::{Browser, Site, site::free_port};

/// A provider that runs here; stopped when dropped.
struct Provider(Child);

impl Provider {
    fn start(here: &str, port: u16) -> Self {
        let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/openid");
        let mut command = Command::new("tests/browser/openid/serve");
        let command =
            command.args([folder, here, &port.to_string()]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("tests run in the folder of the package");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let is_ready = lines.any(|line| line.is_ok_and(|line| line == "ready"));
        assert!(is_ready, "npm installs the provider: tests/run installs npm, or apt-get install npm");
        // The pipe must be read to its end.
        std::thread::spawn(move || lines.for_each(drop));
        Self(process)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Types a name at the provider and agrees.
async fn sign_in_there(page: &Browser, name: &str) {
    page.sees("Sign-in").await;
    page.fill("[name=login]", name).await;
    page.fill("[name=password]", "apa saja").await;
    page.tap("Sign-in").await;
    page.tap("Continue").await;
}

#[tokio::test]
async fn staff_sign_in_at_their_provider_and_out_of_both() {
    let (port, port_there) = (free_port(), free_port());
    let (here, issuer) = (format!("http://127.0.0.1:{port}"), format!("http://localhost:{port_there}"));
    let arguments = [
        ("--public-url", &*here),
        ("--openid-issuer", &issuer),
        ("--openid-client-id", "sedia"),
        ("--openid-client-secret", "rahasia"),
        ("--openid-name", "Akun Dinkes"),
        ("--openid-roles", "semarang=coordinator@33.74;call=agent"),
    ];
    let arguments: Vec<&str> = arguments.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let site = Site::start_with(&arguments, port).await;
    let page = Browser::start(&site).await;
    let _provider = Provider::start(&here, port_there);
    page.audit("sign-in-openid", "/sign-in").await;
    page.audit("sign-in-openid-refused", "/sign-in/openid/return").await;
    page.audit("signed-out", "/sign-out").await;

    page.open("/office/keys").await;
    page.tap("Masuk dengan Akun Dinkes").await;
    sign_in_there(&page, "semarang").await;
    page.sees("Kunci di wilayah ini").await;
    assert_eq!(page.path().await, "/office/keys");
    page.sees("Siti Aminah").await;
    page.tap("Keluar").await;
    page.sees("Anda sudah keluar dari sini").await;
    page.tap("Keluar dari Akun Dinkes").await;
    page.tap("Yes, sign me out").await;
    page.sees("Kunci atau tautan Anda").await;
    assert!(page.path().await.starts_with("/sign-in"));

    // Somebody else at the same browser, for whom there is no role.
    page.tap("Masuk dengan Akun Dinkes").await;
    sign_in_there(&page, "tamu").await;
    page.sees("tidak ada peran di sini untuk yang disebutnya di 'groups': tamu").await;
    page.open("/account").await;
    page.sees("Kunci atau tautan Anda").await;
    // The provider's own pages ask others for fonts, so the log is not looked at.
    page.driver.quit().await.unwrap();
}
