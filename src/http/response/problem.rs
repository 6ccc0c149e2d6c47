//! Everything that is not a 2xx or 304: RFC 9457 problems with stable codes, in the language of the request.

use std::fmt::Display;

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::NO_STORE;
use crate::{
    domain::rejection::{Choice, Code, Rejection, Rejections},
    http::{middleware::overload, resources::bridge},
    locales::{Language, Message, render},
    store::WriteError,
};

/// A problem as it is sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Where the title and the status of the code are: `/problems/CODE`.
    #[serde(rename = "type")]
    #[schema(example = "/problems/unknown_region")]
    pub kind: String,
    /// The kind of problem, in the language of the request.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// The error of this request, and how to mend it.
    pub detail: String,
    /// The stable code of the first error.
    pub code: &'static str,
    /// Everything that is wrong.
    pub errors: Vec<ProblemError>,
    /// The id under which the node's log knows this request.
    pub request_id: String,
    /// From the bridges, the refusal once more as RS Online (`fasyankes`) or Aplicares (`metadata`) says it.
    #[serde(flatten)]
    #[schema(ignore)]
    pub bridge: Map<String, Value>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemError {
    /// A JSON pointer into the body, or the name of the parameter, header or column.
    #[schema(example = "/values/bed.icu/occupied")]
    pub pointer: String,
    /// Stable code.
    pub code: &'static str,
    /// The error, and how to mend it.
    pub detail: String,
    /// What may have been meant, the likeliest first; left out where there is nothing to choose from.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<Choice>, required = false)]
    pub choices: Box<[Choice]>,
}

/// A refused request on its way out. The outermost layer writes it down, because only there are the
/// language and the request's id known for every kind of failure.
#[derive(Debug, Clone)]
pub struct Problem(Rejections);

impl Problem {
    /// The body in `language`, with what a bridge adds.
    fn body(&self, language: Language, request_id: &str, bridge: Map<String, Value>) -> ProblemBody {
        let first = self.0.first();
        let (status, detail) = (status(first.code), self.detail(language));
        let error = |rejection: &Rejection| ProblemError {
            pointer: rejection.pointer.to_string(),
            code: rejection.code.name(),
            detail: render(&rejection.detail, language),
            choices: rejection.choices.clone(),
        };
        ProblemBody {
            kind: format!("/problems/{}", first.code.name()),
            title: render(&first.code.title(), language),
            status: status.as_u16(),
            bridge,
            detail,
            code: first.code.name(),
            errors: self.0.all().iter().map(error).collect(),
            request_id: request_id.to_owned(),
        }
    }

    /// The error that speaks for all, in words.
    pub fn detail(&self, language: Language) -> String {
        render(&self.0.first().detail, language)
    }

    /// Everything that is wrong.
    pub fn errors(&self) -> &[Rejection] {
        self.0.all()
    }

    /// The code that speaks for all.
    pub fn code(&self) -> Code {
        self.0.first().code
    }

    /// The whole response, of a route.
    pub fn response(&self, language: Language, request_id: &str, route: &str) -> Response<Body> {
        let code = self.code();
        let refusal = bridge::refusal(route, code, status(code), &self.detail(language));
        if refusal.is_all {
            return Response::builder()
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::CONTENT_LANGUAGE, language.tag())
                .header(header::CACHE_CONTROL, NO_STORE)
                .body(Body::from(Value::Object(refusal.members).to_string()))
                .expect("these headers are well formed");
        }
        let body = serde_json::to_vec(&self.body(language, request_id, refusal.members));
        let mut response = Response::new(Body::from(body.expect("problems are plain data")));
        *response.status_mut() = status(code);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(header::CACHE_CONTROL, NO_STORE);
        match code {
            Code::KeyRequired | Code::KeyInvalid | Code::KeyExpired | Code::KeyRevoked => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Code::Unavailable
            | Code::HistoryUnavailable
            | Code::Overloaded
            | Code::ProviderUnavailable
            | Code::Behind => {
                headers.insert(header::RETRY_AFTER, overload::AGAIN.as_secs().into());
            }
            _ => {}
        }
        response
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        Self(rejection.into())
    }
}

impl From<Rejections> for Problem {
    fn from(rejections: Rejections) -> Self {
        Self(rejections)
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Refused(rejections) => Self(rejections),
            WriteError::Overloaded => {
                Self::from(Rejection::new(Code::Overloaded, "", Message::new("overloaded-reports")))
            }
            WriteError::NotStored => {
                Self::from(Rejection::new(Code::Unavailable, "", Message::new("unavailable-unstored")))
            }
            WriteError::Unconfirmed => {
                Self::from(Rejection::new(Code::Unavailable, "", Message::new("unavailable-unsure")))
            }
        }
    }
}

/// The rejection when the database cannot be read.
pub(in crate::http) fn away(error: &impl Display) -> Rejection {
    tracing::error!(%error, "the database cannot be read");
    Rejection::new(Code::Unavailable, "", Message::new("unavailable-read"))
}

/// The rejection when the log cannot be read.
pub(in crate::http) fn unreadable(error: impl Display) -> Rejection {
    tracing::error!(%error, "the log cannot be read");
    Rejection::new(Code::HistoryUnavailable, "", Message::new("history-unavailable"))
}

impl IntoResponse for Problem {
    fn into_response(self) -> axum::response::Response {
        let mut response = status(self.code()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The HTTP status of a code.
pub fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.class() as u16).expect("a class is a status")
}
