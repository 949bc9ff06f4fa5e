//! The pages inside the program, and the headers that keep every page to itself.
//!
//! Files come from `web/dist` (embedded in a release build, read from disk in a debug build) and never from the data directory. Nothing
//! here depends on who asks.

use crate::app::Shared;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::fmt::Write;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// Address and file of every page.
pub const PAGES: [(&str, &str); 8] = [
    ("/", "start.html"),
    ("/ujian", "terminal.html"),
    ("/pengawas", "proctor.html"),
    ("/meja", "desk.html"),
    ("/panitia", "committee.html"),
    ("/papan", "board.html"),
    ("/hasil", "results.html"),
    ("/sanggah", "objections.html"),
];

/// Pages and their files are asked for again each time, and answered "unchanged" by their ETag.
const ASK_AGAIN: &str = "no-cache";
/// Names under `/assets` contain a hash of the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The pages, their files, the terminal's service worker, and the certificate of the local authority.
pub fn router() -> Router<Shared> {
    let pages = PAGES.into_iter().fold(Router::new(), |router, (address, file)| {
        router.route(address, get(move |headers: HeaderMap| async move { send(&headers, file, ASK_AGAIN) }))
    });
    pages
        .route("/ujian-worker.js", get(|headers: HeaderMap| async move { send(&headers, "ujian-worker.js", ASK_AGAIN) }))
        .route("/assets/{*path}", get(asset))
        .route("/ca.pem", get(authority))
}

async fn asset(headers: HeaderMap, Path(path): Path<String>) -> Response {
    send(&headers, &format!("assets/{path}"), FOR_EVER)
}

/// The certificate terminals must trust with `--tls auto`.
async fn authority(State(app): State<Shared>) -> Response {
    match &app.authority {
        Some(authority) => {
            let kind = [(header::CONTENT_TYPE, "application/x-x509-ca-cert"), (header::CACHE_CONTROL, ASK_AGAIN)];
            (kind, authority.pem.clone()).into_response()
        }
        None => not_found(),
    }
}

/// A file of `dist`, compressed if that is understood; unchanged if the browser has it.
fn send(headers: &HeaderMap, name: &str, cache: &'static str) -> Response {
    let Some(plain) = Dist::get(name) else {
        return if Dist::get("start.html").is_none() { not_built() } else { not_found() };
    };
    let mimetype = content_type(plain.metadata.mimetype());
    let compressed = if accepts_brotli(headers) { Dist::get(&format!("{name}.br")) } else { None };
    let brotli = compressed.is_some();
    let file = compressed.unwrap_or(plain);
    let etag = etag(&file);
    let unchanged = has(headers, &etag);
    let mut response = if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(Body::from(file.data)) };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.extend([(header::ETAG, etag)]);
    if !unchanged {
        out.extend(HeaderValue::from_str(&mimetype).ok().map(|kind| (header::CONTENT_TYPE, kind)));
        out.extend(brotli.then_some((header::CONTENT_ENCODING, HeaderValue::from_static("br"))));
    }
    response
}

fn content_type(mimetype: &str) -> String {
    if mimetype.starts_with("text/") { format!("{mimetype}; charset=utf-8") } else { mimetype.to_owned() }
}

fn etag(file: &EmbeddedFile) -> HeaderValue {
    let mut text = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..16] {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Does the browser have this version?
fn has(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let asked = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    asked.flat_map(|value| value.split(',')).any(|one| one.trim().trim_start_matches("W/").as_bytes() == etag.as_bytes())
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let refused = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0)));
        named && !refused
    })
}

/// The answer to an address that does not exist.
pub fn not_found() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "Halaman tidak ditemukan",
        "Alamat ini tidak ada. Periksa kembali alamatnya, atau mulai dari halaman depan.",
    )
}

fn not_built() -> Response {
    let text = "Program ini dibuat tanpa halaman web (web/dist kosong). Jalankan “make build”, lalu mulai ulang. / \
                This program was built without its pages (web/dist is empty): run “make build” and start it again.";
    page(StatusCode::NOT_FOUND, "Halaman belum dibuat", text)
}

fn page(status: StatusCode, title: &str, text: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title} – Saksama</title>\n<link rel=\"stylesheet\" href=\"/hasil/gaya.css\">\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n<p>{text}</p>\n<p><a href=\"/\">Halaman depan</a></p>\n</main>\n</body>\n</html>\n"
    );
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, kind, html).into_response()
}

/// What a document shown in a frame of the committee's page may do: look as it should, and send its search form here. No scripts.
pub const FRAMED_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// What a page may do: load from here, talk to here, and nothing else. A handler that sets its own policy keeps it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; \
    manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()"),
];

/// Middleware around everything: security headers; answers of the API are not kept anywhere unless they say otherwise.
pub async fn guard(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if app.config.secure_cookies() {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    if api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn brotli_is_sent_to_those_who_understand_it() {
        for (value, expected) in [("gzip, deflate, br", true), ("br;q=0", false), ("gzip", false), ("BR; q=0.5", true), ("brotli", false)] {
            assert_eq!(accepts_brotli(&headers(header::ACCEPT_ENCODING, value)), expected, "{value}");
        }
    }

    #[test]
    fn what_a_browser_has_is_not_sent_again() {
        let etag = HeaderValue::from_static("\"abc\"");
        for (value, expected) in [("\"abc\"", true), ("W/\"abc\"", true), ("\"x\", \"abc\"", true), ("\"abcd\"", false)] {
            assert_eq!(has(&headers(header::IF_NONE_MATCH, value), &etag), expected, "{value}");
        }
    }
}
