//! A browser and what its user does with it.
//!
//! Nothing here waits for a time: it waits until the page is so, at most [`PATIENCE`].

use std::{
    cell::Cell,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::Bytes,
    http::{Request, Response},
};
use serde_json::{Value, json};
use thirtyfour::{
    ChromeCapabilities, Key, LoggingPrefsLogLevel,
    error::WebDriverErrorInner,
    prelude::*,
    session::http::{Body, HttpClient},
};

use crate::Site;

/// How long a page may take until it is so: much longer than it ever takes.
const PATIENCE: Duration = Duration::from_secs(15);

/// The window of the browser.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// A cheap telephone.
    Phone,
    Desktop,
}

impl Screen {
    pub(crate) const ALL: [Self; 2] = [Self::Phone, Self::Desktop];

    pub(crate) const fn size(self) -> (u32, u32) {
        match self {
            Self::Phone => (360, 740),
            Self::Desktop => (1280, 800),
        }
    }
}

/// One tab of a browser of its own, in Indonesian, on a telephone unless told otherwise.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    /// `http://127.0.0.1:PORT`.
    pub(crate) site: String,
    taps: Cell<u32>,
    // Dropped last, because closing the browser needs it.
    _chromedriver: Chromedriver,
}

impl Browser {
    pub(crate) async fn start(site: &Site) -> Self {
        let chromedriver = Chromedriver::start();
        let mut wanted = ChromeCapabilities::new();
        let arguments =
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--lang=id", "--accept-lang=id-ID,id"];
        for argument in arguments.into_iter().chain(["--disable-background-networking", "--hide-scrollbars"])
        {
            wanted.add_arg(argument).unwrap();
        }
        for log in ["browser", "performance"] {
            wanted.set_logging_prefs(log, LoggingPrefsLogLevel::All).unwrap();
        }
        let builder = WebDriver::builder(&*chromedriver.url, wanted).client(Http::new());
        let driver = builder.connect().await.expect("chromedriver starts a chromium");
        let browser = Self { driver, site: site.url(""), taps: Cell::new(0), _chromedriver: chromedriver };
        browser.show_on(Screen::Phone).await;
        browser
    }

    /// Signs in with a key, as somebody types or pastes it.
    pub(crate) async fn sign_in(&self, key: &str) {
        self.open("/sign-in").await;
        self.fill("[name=key]", key).await;
        self.tap_on("main form button").await;
        self.until("somebody is signed in", "return Boolean(document.querySelector('nav.account'));", &[])
            .await;
    }

    /// Opens a page of the site.
    pub(crate) async fn open(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.site)).await.unwrap();
    }

    pub(crate) async fn reload(&self) {
        // Without a line there may be no page at all, which is for the test to see.
        let _ = self.driver.refresh().await;
    }

    /// The path and query of the page.
    pub(crate) async fn path(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        url.as_str().strip_prefix(&self.site).unwrap_or(url.as_str()).to_owned()
    }

    /// Taps on the button, link or summary with this text.
    pub(crate) async fn tap(&self, text: &str) {
        let find = "
            const named = (element) => (element.getAttribute('aria-label') ?? element.innerText ?? '').trim();
            const all = [...document.querySelectorAll('a, button, summary')].filter((element) => element.checkVisibility());
            return all.find((element) => named(element) === arguments[0]) ?? all.find((element) => named(element).startsWith(arguments[0]));";
        self.tap_found(find, text).await;
    }

    /// Taps on the first element that `selector` finds.
    pub(crate) async fn tap_on(&self, selector: &str) {
        self.tap_found("return [...document.querySelectorAll(arguments[0])].find((element) => element.checkVisibility());", selector)
            .await;
    }

    async fn tap_found(&self, find: &str, wanted: &str) {
        let there =
            format!("const found = (() => {{ {find} }})(); return Boolean(found) && !found.disabled;");
        self.until(&format!("{wanted:?} can be tapped"), &there, &[json!(wanted)]).await;
        let found = self.driver.execute(find, vec![json!(wanted)]).await.unwrap().element().unwrap();
        self.scroll_to(&found).await;
        found.click().await.unwrap_or_else(|error| panic!("a tap on {wanted:?} goes elsewhere: {error}"));
        self.taps.set(self.taps.get() + 1);
    }

    /// How often the user has tapped.
    pub(crate) fn taps(&self) -> u32 {
        self.taps.get()
    }

    /// Replaces what stands in the field.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let field = self.driver.find(By::Css(selector)).await.unwrap();
        self.scroll_to(&field).await;
        field.click().await.unwrap();
        field.send_keys(Key::Control + "a").await.unwrap();
        field
            .send_keys(if text.is_empty() { Key::Backspace + "" } else { text.to_owned().into() })
            .await
            .unwrap();
    }

    /// Scrolls until the element is in the middle of the screen.
    async fn scroll_to(&self, element: &WebElement) {
        let to_the_middle = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
        self.driver.execute(to_the_middle, vec![element.to_json().unwrap()]).await.unwrap();
    }

    /// Presses a key, wherever the focus is.
    pub(crate) async fn press(&self, key: impl Into<TypingData>) {
        self.driver.active_element().await.unwrap().send_keys(key).await.unwrap();
    }

    /// Goes on with the tabulator until the focus is on what `selector` finds.
    pub(crate) async fn tab_to(&self, selector: &str) {
        for _ in 0..200 {
            self.press(Key::Tab).await;
            let is_there = "return document.activeElement.matches(arguments[0]);";
            if self.ask(is_there, &[json!(selector)]).await == true {
                return;
            }
        }
        panic!("the keyboard does not come to {selector}");
    }

    /// What stands in the field.
    pub(crate) async fn value(&self, selector: &str) -> String {
        let value = self.ask("return document.querySelector(arguments[0])?.value;", &[json!(selector)]).await;
        value.as_str().unwrap_or_else(|| panic!("{selector} is no field")).to_owned()
    }

    /// Waits until the page shows the text.
    pub(crate) async fn sees(&self, text: &str) {
        let is_shown = "return document.body.innerText.replace(/\\s+/g, ' ').includes(arguments[0]);";
        self.until(&format!("the page shows {text:?}"), is_shown, &[json!(text)]).await;
    }

    /// Checks that the page does not show the text.
    pub(crate) async fn sees_not(&self, text: &str) {
        let shown = self.text().await;
        assert!(!shown.contains(text), "{text:?} in {shown}");
    }

    /// What the page shows.
    pub(crate) async fn text(&self) -> String {
        self.ask("return document.body.innerText;", &[]).await.as_str().unwrap_or_default().to_owned()
    }

    /// What a script gives, if it could run: the page may just be going.
    pub(crate) async fn ask(&self, script: &str, arguments: &[Value]) -> Value {
        let given = self.driver.execute(script, arguments).await;
        given.map_or(Value::Null, |given| given.json().clone())
    }

    /// Waits until a script gives true.
    pub(crate) async fn until(&self, wanted: &str, script: &str, arguments: &[Value]) {
        let give_up = Instant::now() + PATIENCE;
        while self.ask(script, arguments).await != true {
            let is_too_late = Instant::now() > give_up;
            assert!(!is_too_late, "not so: {wanted}, at {}:\n{}", self.path().await, self.text().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// From now on the window has this size.
    pub(crate) async fn show_on(&self, screen: Screen) {
        let (width, height) = screen.size();
        let is_phone = screen == Screen::Phone;
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// From now on the user likes it dark, or light.
    pub(crate) async fn like(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Whether the browser believes that there is a line: pages hear of the change.
    pub(crate) async fn line(&self, is_there: bool) {
        self.devtools("Network.enable", json!({})).await;
        let conditions =
            json!({"offline": !is_there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.devtools("Network.emulateNetworkConditions", conditions).await;
    }

    /// A command of the browser's own protocol.
    pub(crate) async fn devtools(&self, method: &str, parameters: Value) -> Value {
        self.driver
            .cdp()
            .send_raw(method, parameters)
            .await
            .unwrap_or_else(|error| panic!("{method}: {error}"))
    }
}

/// Debian's `chromedriver`; stopped when dropped.
struct Chromedriver {
    process: Child,
    url: String,
}

impl Chromedriver {
    fn start() -> Self {
        let mut command = Command::new("chromedriver");
        let mut process = command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect(
            "chromedriver can be started: tests/run installs it, or apt-get install chromium chromium-driver",
        );
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let told = "ChromeDriver was started successfully on port ";
        let port =
            lines.find_map(|line| Some(line.ok()?.strip_prefix(told)?.trim_end_matches('.').to_owned()));
        // The pipe must be read to its end.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, url: format!("http://127.0.0.1:{}", port.expect("chromedriver tells its port")) }
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What carries the commands to `chromedriver`.
struct Http(ureq::Agent);

impl Http {
    fn new() -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        Self(config.timeout_global(Some(Duration::from_secs(60))).build().into())
    }
}

#[async_trait::async_trait]
impl HttpClient for Http {
    async fn send(&self, request: Request<Body<'_>>) -> WebDriverResult<Response<Bytes>> {
        let (parts, body) = request.into_parts();
        let body = match body {
            Body::Json(body) => Some(body.to_string()),
            Body::Empty => None,
        };
        let agent = self.0.clone();
        let sent = tokio::task::spawn_blocking(move || match body {
            Some(body) => agent.run(Request::from_parts(parts, body)),
            None => agent.run(Request::from_parts(parts, ())),
        });
        let failed = |error: String| WebDriverError::from(WebDriverErrorInner::HttpError(error));
        let answer =
            sent.await.expect("a request does not panic").map_err(|error| failed(error.to_string()))?;
        let (parts, mut body) = answer.into_parts();
        let body =
            body.with_config().limit(u64::MAX).read_to_vec().map_err(|error| failed(error.to_string()))?;
        Ok(Response::from_parts(parts, body.into()))
    }

    async fn new(&self) -> Arc<dyn HttpClient> {
        Arc::new(Self::new())
    }
}
