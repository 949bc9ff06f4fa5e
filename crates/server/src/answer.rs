//! How refusals and failures become HTTP. The only file that knows status codes.

use crate::hall::Absent;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use exam_session::refusal::Refusal;
use wire::RefusalBody;

/// What a handler answers: a document, or why not.
pub type Answer<T> = Result<Json<T>, No>;

/// Why not, by what the caller does next.
#[derive(Debug)]
pub enum No {
    /// Sign in first.
    SignIn,
    /// Signed in, but not allowed here.
    Forbidden,
    /// There is no such thing.
    NotFound(&'static str),
    /// What was sent is wrong; the details name what and where.
    Bad {
        /// Stable code.
        code: &'static str,
        /// Sentence.
        message: String,
        /// Field by field.
        details: Vec<String>,
    },
    /// It contradicts what is there.
    Conflict {
        /// Stable code.
        code: &'static str,
        /// Sentence.
        message: String,
    },
    /// The sitting refuses.
    Refused(Refusal),
    /// Too often; wait.
    TooOften {
        /// How long, milliseconds.
        retry_after_ms: u32,
    },
    /// Not stored; try again.
    Busy,
    /// Not even looked at: others go first.
    Overloaded {
        /// When to come back, milliseconds.
        retry_after_ms: u32,
    },
    /// Our fault; logged here, once.
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl No {
    /// A field is wrong.
    pub fn bad(code: &'static str, message: impl Into<String>) -> Self {
        No::Bad { code, message: message.into(), details: Vec::new() }
    }

    /// It contradicts what is there.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        No::Conflict { code, message: message.into() }
    }

    /// Our fault.
    pub fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        No::Failed(error.into())
    }
}

impl From<Absent> for No {
    fn from(absent: Absent) -> Self {
        match absent {
            Absent::Unknown => No::NotFound("sitting"),
            Absent::Damaged(_) => No::failed(absent),
        }
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        if refusal == Refusal::Busy { No::Busy } else { No::Refused(refusal) }
    }
}

impl From<store::Error> for No {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Retry(_) => No::Busy,
            store::Error::Conflict { constraint } => No::conflict(constraint, "Bertentangan dengan data yang sudah ada."),
            store::Error::NotFound => No::NotFound("row"),
            error @ (store::Error::Damaged(_) | store::Error::NotDurable { .. } | store::Error::Stop(_)) => No::failed(error),
        }
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let say = |status: StatusCode, code: &str, message: &str| (status, body(code, message, Vec::new(), None));
        let (status, body) = match self {
            No::SignIn => say(StatusCode::UNAUTHORIZED, "sign_in", "Silakan masuk terlebih dahulu."),
            No::Forbidden => say(StatusCode::FORBIDDEN, "forbidden", "Anda tidak berwenang untuk tindakan ini."),
            No::NotFound(what) => (StatusCode::NOT_FOUND, body("not_found", "Tidak ditemukan.", vec![what.to_owned()], None)),
            No::Bad { code, message, details } => (StatusCode::UNPROCESSABLE_ENTITY, body(code, &message, details, None)),
            No::Conflict { code, message } => say(StatusCode::CONFLICT, code, &message),
            No::Refused(refusal) => say(StatusCode::CONFLICT, refusal.code(), refusal.sentence()),
            No::TooOften { retry_after_ms } => (
                StatusCode::TOO_MANY_REQUESTS,
                body("too_often", "Terlalu sering mencoba; tunggu sebentar.", Vec::new(), Some(retry_after_ms)),
            ),
            No::Busy => (StatusCode::SERVICE_UNAVAILABLE, body(Refusal::Busy.code(), Refusal::Busy.sentence(), Vec::new(), Some(1_000))),
            No::Overloaded { retry_after_ms } => {
                let message = "Server sedang sibuk; coba lagi sebentar lagi.";
                (StatusCode::SERVICE_UNAVAILABLE, body("busy", message, Vec::new(), Some(retry_after_ms)))
            }
            No::Failed(error) => {
                tracing::error!(error = &*error as &dyn std::error::Error, "a request failed");
                say(StatusCode::INTERNAL_SERVER_ERROR, "failed", "Terjadi kesalahan pada server; coba lagi atau hubungi operator.")
            }
        };
        let retry_s = body.retry_after_ms.map(|ms| ms.div_ceil(1000));
        let mut response = (status, Json(body)).into_response();
        if let Some(retry_s) = retry_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_s));
        }
        response
    }
}

fn body(code: &str, message: &str, details: Vec<String>, retry_after_ms: Option<u32>) -> RefusalBody {
    RefusalBody { code: code.to_owned(), message: message.to_owned(), details, retry_after_ms }
}

/// An error with its causes, for logs and reports: `failed to …: because …`.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}
