//! The files beside the pages: embedded, with a name that changes with its contents, so that they are kept for ever.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use xxhash_rust::xxh3::xxh3_64;

use crate::http::no_such_page;

/// A file that pages load.
struct Asset {
    /// `sedia-0123456789abcdef.css`.
    name: String,
    media_type: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, content: &'static str) -> Self {
        let hash = xxh3_64(content.as_bytes());
        Self { name: format!("{stem}-{hash:016x}.{extension}"), media_type, content }
    }

    fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }

    fn style(stem: &str, content: &'static str) -> Self {
        Self::new(stem, "css", "text/css; charset=utf-8", content)
    }

    fn script(stem: &str, content: &'static str) -> Self {
        Self::new(stem, "js", "text/javascript; charset=utf-8", content)
    }
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| Asset::style("sedia", include_str!("assets/sedia.css")));
static REPORT: LazyLock<Asset> = LazyLock::new(|| Asset::script("report", include_str!("assets/report.js")));
static DESK_STYLE: LazyLock<Asset> = LazyLock::new(|| Asset::style("desk", include_str!("assets/desk.css")));
static DESK: LazyLock<Asset> = LazyLock::new(|| Asset::script("desk", include_str!("assets/desk.js")));
static OFFICE_STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::style("office", include_str!("assets/office.css")));
static OFFICE: LazyLock<Asset> = LazyLock::new(|| Asset::script("office", include_str!("assets/office.js")));
static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_str!("assets/icon.svg")));

/// The address of the style of all pages.
pub(super) fn style() -> String {
    STYLE.address()
}

/// The address of the script of a facility's form.
pub(super) fn report_script() -> String {
    REPORT.address()
}

/// The address of the style of the agent's desk.
pub(super) fn desk_style() -> String {
    DESK_STYLE.address()
}

/// The address of the script of the agent's desk.
pub(super) fn desk_script() -> String {
    DESK.address()
}

/// The address of the style that the office adds.
pub(super) fn office_style() -> String {
    OFFICE_STYLE.address()
}

/// The address of the script of the office.
pub(super) fn office_script() -> String {
    OFFICE.address()
}

/// The address of the picture that stands for Sedia in tabs and on home screens.
pub(super) fn icon() -> String {
    ICON.address()
}

pub(super) async fn file(Path(name): Path<String>) -> Response {
    match [&STYLE, &REPORT, &DESK_STYLE, &DESK, &OFFICE_STYLE, &OFFICE, &ICON]
        .into_iter()
        .find(|asset| asset.name == name)
    {
        Some(asset) => {
            let kept = "public, max-age=31536000, immutable";
            let headers = [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, kept)];
            (headers, asset.content).into_response()
        }
        None => no_such_page().into_response(),
    }
}

/// The service worker of the forms. Browsers look for a newer one at the same address.
pub(super) async fn worker() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, include_str!("assets/worker.js"))
}
