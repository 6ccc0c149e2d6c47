//! Questions about a moment that has passed: `as_of`.

use std::sync::Arc;

use super::{App, changes::unreadable};
use crate::{clock::Timestamp, domain::rejection::Rejection, query::params::Params, snapshot::Snapshot};

/// Takes `as_of` out of a query string, and gives the rest.
pub(super) fn split(query: &str) -> Result<(Option<Timestamp>, String), Rejection> {
    let is_as_of = |part: &&str| part.split('=').next() == Some("as_of");
    let (moments, rest): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_as_of);
    Ok((Params::parse(&moments.join("&"))?.take_time("as_of")?, rest.join("&")))
}

/// The directory as it was known at `at`; as it is now for None.
pub(super) async fn state(app: &App, at: Option<Timestamp>) -> Result<Arc<Snapshot>, Rejection> {
    let present = app.shared.current();
    let Some(at) = at else {
        return Ok(present);
    };
    let past = app.past.at(at, app.clock.now()).await;
    let past = past.map_err(|error| error.rejection().unwrap_or_else(|| unreadable(&error)))?;
    let seen = tokio::task::spawn_blocking(move || Arc::new((*past).clone().redacted(&present)));
    Ok(seen.await.expect("looking back neither panics nor is cancelled"))
}
