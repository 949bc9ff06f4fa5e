//! Public pages as they were rendered last: what is shown when rendering them for everybody would be too much.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Pages that are kept; beyond that the oldest goes.
const PAGES_MAX: usize = 64;
/// A page of more bytes is not kept.
const PAGE_BYTES_MAX: u64 = 1024 * 1024;
/// While the server is calm a page that is older is rendered again, however many ask.
const CALM_AGE_MAX: Duration = Duration::from_secs(10);

/// The pages, by path.
#[derive(Default)]
pub struct Pages {
    /// Never held while a page is rendered.
    kept: Mutex<HashMap<String, Page>>,
}

struct Page {
    rendered: Instant,
    headers: HeaderMap,
    body: Bytes,
}

impl Pages {
    /// The page as it was rendered last, with its age in seconds in the header `age`; none if it was not, or is too old for a calm server.
    pub fn last(&self, path: &str, calm: bool) -> Option<Response> {
        let kept = self.kept.lock().expect("the lock of pages is not poisoned: nothing in it can panic");
        let page = kept.get(path)?;
        let age = page.rendered.elapsed();
        if calm && age > CALM_AGE_MAX {
            return None;
        }
        metrics::counter!("saksama_pages_from_memory_total").increment(1);
        let mut response = Response::new(Body::from(page.body.clone()));
        *response.headers_mut() = page.headers.clone();
        response.headers_mut().insert(header::AGE, HeaderValue::from(age.as_secs()));
        Some(response)
    }

    /// Keeps a page that was rendered well, and passes it on.
    pub async fn keep(&self, path: String, response: Response) -> Response {
        if response.status() != StatusCode::OK || response.body().size_hint().upper().is_none_or(|bytes| bytes > PAGE_BYTES_MAX) {
            return response;
        }
        let rendered = Instant::now();
        let (parts, body) = response.into_parts();
        // It is in memory already, so this does not wait.
        let Ok(body) = axum::body::to_bytes(body, PAGE_BYTES_MAX as usize).await else {
            return crate::answer::No::failed("a page ended before its end").into_response();
        };
        let page = Page { rendered, headers: parts.headers.clone(), body: body.clone() };
        let mut kept = self.kept.lock().expect("the lock of pages is not poisoned: nothing in it can panic");
        if kept.len() >= PAGES_MAX
            && !kept.contains_key(&path)
            && let Some(oldest) = kept.iter().min_by_key(|(_, page)| page.rendered).map(|(path, _)| path.clone())
        {
            kept.remove(&oldest);
        }
        kept.insert(path, page);
        Response::from_parts(parts, Body::from(body))
    }

    /// How many are kept.
    pub fn count(&self) -> usize {
        self.kept.lock().expect("the lock of pages is not poisoned: nothing in it can panic").len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &'static str, status: StatusCode) -> Response {
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = status;
        response.headers_mut().insert(header::ETAG, HeaderValue::from_static("\"1\""));
        response
    }

    async fn text(response: Response) -> Bytes {
        axum::body::to_bytes(response.into_body(), 1024).await.unwrap_or_default()
    }

    #[tokio::test]
    async fn what_was_rendered_well_is_kept_with_its_headers() {
        let pages = Pages::default();
        assert_eq!(text(pages.keep("/a".into(), page("satu", StatusCode::OK)).await).await, "satu", "it is passed on");
        pages.keep("/b".into(), page("tidak ada", StatusCode::NOT_FOUND)).await;
        let kept = pages.last("/a", true).expect("it was kept");
        assert_eq!(
            (kept.headers().get(header::AGE), kept.headers().get(header::ETAG)),
            (Some(&HeaderValue::from(0_u64)), Some(&HeaderValue::from_static("\"1\"")))
        );
        assert_eq!(text(kept).await, "satu");
        assert!(pages.last("/b", true).is_none(), "what is not there may come");
    }

    #[tokio::test]
    async fn the_oldest_page_makes_room() {
        let pages = Pages::default();
        for number in 0..=PAGES_MAX {
            pages.keep(format!("/{number}"), page("x", StatusCode::OK)).await;
        }
        assert_eq!(pages.count(), PAGES_MAX);
        assert!(pages.last("/0", false).is_none() && pages.last("/1", false).is_some());
    }
}
