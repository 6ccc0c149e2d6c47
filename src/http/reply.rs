//! An answer that is made for one request, and told in the form that its reader likes best.

use std::{marker::PhantomData, sync::Arc};

use axum::{http::HeaderMap, response::Response};

use super::{App, conditional, extract::Caller, negotiate};
use crate::{
    auth::Audience,
    domain::rejection::Rejection,
    render::{
        Representation, ResponseMeta,
        forms::{self, Answer, formats},
    },
};

/// The reader of an answer, and the form they want it in.
pub(super) struct Reply<'a, A> {
    headers: &'a HeaderMap,
    form: Representation,
    audience: Audience,
    answer: PhantomData<fn(&A)>,
}

impl<'a, A: Answer> Reply<'a, A> {
    /// Refused if they can take none of the forms.
    pub(super) fn to(app: &App, caller: &Caller, headers: &'a HeaderMap) -> Result<Self, Rejection> {
        let format = negotiate::format(headers, &formats::<A>())?;
        let form = Representation::new(format, caller.language, app.clock.now());
        Ok(Self { headers, form, audience: caller.principal.audience(), answer: PhantomData })
    }

    /// The response; `next` is the cursor of the next page.
    pub(super) async fn with(self, answer: &A, next: Option<&String>) -> Response {
        let Self { headers, form, audience, .. } = self;
        let told = ResponseMeta { next: next.cloned(), ..ResponseMeta::default() };
        let body = Arc::new(forms::body(answer, form, told));
        conditional::respond(headers, body, audience, negotiate::coding(headers)).await
    }
}
