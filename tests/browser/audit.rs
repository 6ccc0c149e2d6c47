//! What holds for every page: nobody is kept out, it fits the screen, it is light, and it asks nobody else.

use std::{collections::HashSet, fs, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::browser::{Browser, Screen};

/// The most that a page and all it loads may weigh on the line, in bytes.
const MOST: u64 = 60_000;
/// Looks for barriers: see `axe/fetch`.
const AXE: &str = include_str!("axe/axe.min.js");

impl Browser {
    /// Opens a page as somebody who was never here, weighs it, and inspects it.
    pub(crate) async fn audit(&self, name: &str, path: &str) {
        self.check_log().await;
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.clearBrowserCache", json!({})).await;
        self.devtools("Network.setBypassServiceWorker", json!({"bypass": true})).await;
        self.open(path).await;
        let painted = "return performance.getEntriesByName('first-contentful-paint').length === 1;";
        self.until("the page is painted", painted, &[]).await;
        let paint = self
            .ask("return performance.getEntriesByName('first-contentful-paint')[0].startTime;", &[])
            .await;
        let document =
            self.ask("return performance.getEntriesByType('navigation')[0].encodedBodySize;", &[]).await;
        // Whatever the page loads has come when it was inspected.
        let log = self.inspect(name).await;
        let (bytes, requests) = (log.bytes(), log.requests().len());
        println!(
            "{name}: {document} bytes, {bytes} with all it loads, {requests} requests, first paint after {:.0} ms",
            paint.as_f64().unwrap()
        );
        assert!(bytes > 0 && bytes <= MOST, "{name} weighs {bytes} bytes, more than {MOST}");
        self.devtools("Network.setBypassServiceWorker", json!({"bypass": false})).await;
    }

    /// Looks at the page as it stands now, on both screens, light and dark.
    pub(crate) async fn inspect(&self, name: &str) -> Log {
        for screen in Screen::ALL {
            self.show_on(screen).await;
            self.fits(name, screen).await;
            for scheme in ["light", "dark"] {
                self.like(scheme).await;
                self.axe(&format!("{name}, {scheme}, {} px", screen.size().0)).await;
                self.take_picture(&format!("{name}-{}-{scheme}", screen.size().0)).await;
            }
        }
        self.like("light").await;
        self.show_on(Screen::Phone).await;
        self.check_log().await
    }

    /// No barrier that axe finds.
    async fn axe(&self, name: &str) {
        // The page's own policy allows no script from elsewhere; the developer's tools are not bound by it.
        self.devtools("Runtime.evaluate", json!({"expression": AXE})).await;
        let run = "return axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, help, nodes }) =>
            `${id}: ${help}\\n` + nodes.map((node) => `    ${node.html}\\n    ${node.failureSummary}`).join('\\n')));";
        let found = self.driver.execute(run, vec![]).await.unwrap();
        let found: Vec<String> = found.convert().expect("axe gives a list");
        assert!(found.is_empty(), "{name}: barriers:\n{}", found.join("\n"));
    }

    /// Nothing is wider than the screen, unless it scrolls by itself.
    async fn fits(&self, name: &str, screen: Screen) {
        let (width, _) = screen.size();
        let wide = "
            if (document.scrollingElement.scrollWidth <= arguments[0]) return [];
            const sticksOut = (element) => element.getBoundingClientRect().right > arguments[0] + 1;
            return [...document.querySelectorAll('body *')].filter(sticksOut).map((element) => element.outerHTML.slice(0, 200)).concat('the page');";
        let found = self.ask(wide, &[json!(width)]).await;
        assert_eq!(found, json!([]), "{name}: wider than {width} px");
    }

    /// Writes the whole page as a picture, if somebody wants to look at it.
    async fn take_picture(&self, name: &str) {
        #[expect(clippy::disallowed_methods, reason = "the one setting of the suite")]
        let Ok(folder) = std::env::var("SCREENSHOTS") else { return };
        let size = self.devtools("Page.getLayoutMetrics", json!({})).await["cssContentSize"].clone();
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let picture = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let picture = self.devtools("Page.captureScreenshot", picture).await;
        fs::create_dir_all(&folder).unwrap();
        let file = PathBuf::from(folder).join(format!("{name}.png"));
        fs::write(file, STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()).unwrap();
    }

    /// Checks what the browser wrote down since the last look: no error of a script, nothing that the policy of the page
    /// had to stop, nothing missing, and no request to anybody else.
    pub(crate) async fn check_log(&self) -> Log {
        for entry in self.driver.browser_log().await.unwrap() {
            // Whatever did not come stands in the other log, too.
            let is_network = entry.source.as_deref() == Some("network");
            assert!(is_network || entry.level != "SEVERE", "{}", entry.message);
        }
        let entries = self.driver.get_log("performance").await.unwrap();
        let entries = entries.iter().map(|entry| serde_json::from_str::<Value>(&entry.message).unwrap());
        let log = Log(entries.map(|mut entry| entry["message"].take()).collect());
        for url in log.requests() {
            let is_ours = url.starts_with(&self.site) || url.starts_with("data:") || url.starts_with("blob:");
            assert!(is_ours || !url.starts_with("http"), "a request to somebody else: {url}");
        }
        for response in log.events("Network.responseReceived") {
            let (status, url) = (&response["response"]["status"], &response["response"]["url"]);
            let is_page = response["type"] == "Document";
            // 409 asks back.
            let is_meant = status.as_u64().is_some_and(|status| status < 400 || status == 409);
            assert!(is_page || is_meant, "{status} {url}");
        }
        log
    }

    /// The last look of a walk.
    pub(crate) async fn end(self) {
        self.check_log().await;
        self.driver.quit().await.unwrap();
    }
}

/// What the browser did on the line.
pub(crate) struct Log(Vec<Value>);

impl Log {
    fn events(&self, method: &str) -> impl Iterator<Item = &Value> {
        self.0.iter().filter(move |event| event["method"] == method).map(|event| &event["params"])
    }

    /// The addresses that were asked for.
    fn requests(&self) -> HashSet<&str> {
        self.events("Network.requestWillBeSent")
            .filter_map(|event| event["request"]["url"].as_str())
            .collect()
    }

    /// The bytes that came, packed as they were, with their headers.
    fn bytes(&self) -> u64 {
        self.events("Network.loadingFinished").filter_map(|event| event["encodedDataLength"].as_u64()).sum()
    }
}
