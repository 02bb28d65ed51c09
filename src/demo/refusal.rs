//! The API's refusals, shaped as Kratos shapes them (api.md, "Errors").

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::quirks::ErrorShape;

/// One refusal: status, documented reason, and a message that names the field by its JSON path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ApiRefusal {
    pub(super) status: StatusCode,
    pub(super) reason: &'static str,
    pub(super) message: String,
}

impl ApiRefusal {
    /// Status 400 with a reason of its own.
    pub(super) fn bad(reason: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason, message)
    }

    pub(super) fn new(status: StatusCode, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            reason,
            message: message.into(),
        }
    }

    /// The same with another status; one that HTTP doesn't have changes nothing.
    pub(super) fn with_status(self, status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(self.status);
        Self { status, ..self }
    }

    /// A value that breaks a rule.
    pub(super) fn invalid(field: &str, rule: impl std::fmt::Display) -> Self {
        Self::bad("VALIDATOR_PARAM", format!("invalid {field}: {rule}"))
    }

    /// A value of the wrong JSON type, which a typed decoder can't read at all.
    pub(super) fn unreadable(field: &str, wanted: &str) -> Self {
        Self::bad(
            "INVALID_REQUEST_BODY",
            format!("body unmarshal: invalid value for field {field}: must be {wanted}"),
        )
    }

    pub(super) fn no_endpoint(id: &str) -> Self {
        Self::bad(
            "SERVERLESS_ENDPOINT_NOT_FOUND",
            format!("serverless endpoint {id} not found"),
        )
    }

    pub(super) fn response(&self, shape: ErrorShape) -> Response {
        let body = match shape {
            ErrorShape::Full => json!({
                "code": self.status.as_u16(),
                "reason": self.reason,
                "message": self.message,
                "metadata": {},
            }),
            ErrorShape::Message => json!({ "message": self.message }),
            ErrorShape::Error => json!({ "error": self.message }),
            ErrorShape::Reason => json!({ "reason": self.reason }),
            ErrorShape::Msg => json!({ "code": 10_000 + u32::from(self.status.as_u16()), "msg": self.message }),
            ErrorShape::Detail => json!({ "detail": self.message }),
            ErrorShape::DetailList => json!({ "detail": [{
                "loc": ["body"], "msg": self.message, "type": "value_error",
            }] }),
            ErrorShape::Title => json!({
                "type": "about:blank", "title": self.reason, "status": self.status.as_u16(), "detail": self.message,
            }),
            ErrorShape::Errors => json!({ "errors": [self.message] }),
            ErrorShape::ErrorObjects => json!({ "errors": [{ "field": "body", "message": self.message }] }),
            ErrorShape::Description => json!({ "error": self.reason, "error_description": self.message }),
            ErrorShape::Text => {
                let text = [(header::CONTENT_TYPE, "text/plain")];
                return (self.status, text, self.message.clone()).into_response();
            }
        };
        let json = [(header::CONTENT_TYPE, "application/json")];
        (self.status, json, body.to_string()).into_response()
    }
}

pub(super) fn json_response(status: StatusCode, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, body.to_string()).into_response()
}
