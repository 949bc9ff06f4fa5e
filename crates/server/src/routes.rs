//! All routes on one page, grouped by caller, and what every request passes on its way in and out.

use crate::answer::No;
use crate::app::Shared;
use crate::{api, assets, auth, demo, lanes};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, Router};
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::TraceLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(info(
    title = "Saksama",
    description = "Examination engine for civil-service recruitment. Everything but GET needs the header `x-saksama: 1`. \
        Websocket frames are described in docs/protocol.md."
))]
struct About;

/// Every documented route, by who calls it. Pages and their files are in [`assets::router`].
pub fn documented() -> OpenApiRouter<Shared> {
    let candidate = api::terminal::router();
    let desk = api::desk::router();
    let proctor = api::proctor::router();
    let committee = OpenApiRouter::new()
        .merge(api::roster::router())
        .merge(api::bank::router())
        .merge(api::papers::router())
        .merge(api::rule_sets::router())
        .merge(api::results::router())
        .merge(api::corrections::router())
        .merge(api::publishing::router())
        .merge(api::previews::router())
        .merge(api::statistics::router())
        .merge(api::objections::router());
    let staff = api::staff::router();
    let public = api::boards::router().merge(api::publications::router());
    let operator = api::ops::router();
    let demonstration = demo::router();
    OpenApiRouter::with_openapi(About::openapi())
        .merge(candidate)
        .merge(desk)
        .merge(proctor)
        .merge(committee)
        .merge(staff)
        .merge(public)
        .merge(operator)
        .merge(demonstration)
}

/// The whole server as one service. A request passes the layers from the last to the first.
pub fn router(app: Shared) -> Router {
    let (api, description) = documented().split_for_parts();
    let description = description.to_json().expect("the description is made of plain text");
    let described = api.layer(Extension(api::ops::Description(description.into())));
    described
        .merge(assets::router())
        .fallback(lost)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(app.clone(), limits))
        .layer(middleware::from_fn_with_state(app.clone(), lanes::through))
        .layer(middleware::from_fn(auth::same_origin))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(refusals_are_json))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                // A failure is logged once, where it is turned into an answer.
                .on_failure(()),
        )
        .layer(middleware::from_fn(api::ops::count))
        .layer(middleware::from_fn_with_state(app.clone(), assets::guard))
        .with_state(app)
}

/// The route and not the address: there may be more in an address than a log should keep.
fn span(request: &Request) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    tracing::debug_span!("request", method = %request.method(), route)
}

async fn lost(request: Request) -> Response {
    if request.uri().path().starts_with("/api/") { No::NotFound("route").into_response() } else { assets::not_found() }
}

async fn wrong_method() -> Response {
    refusal(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Permintaan ini tidak dikenal di alamat ini.", Vec::new())
}

/// Routes that take files.
fn is_upload(path: &str) -> bool {
    path == "/api/v1/bank/imports" || path.ends_with("/candidates/import") || path.ends_with("/objections")
}

/// A body has a size and an answer a time; websockets are answered when they are upgraded and live on outside of this.
async fn limits(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    let config = &app.config;
    let upload = is_upload(request.uri().path());
    let bytes_max = if upload { config.upload_bytes_max } else { config.body_bytes_max };
    let ms_max = if upload { config.upload_ms_max } else { config.request_ms_max };
    DefaultBodyLimit::max(bytes_max).apply(&mut request);
    match tokio::time::timeout(Duration::from_millis(ms_max), next.run(request)).await {
        Ok(response) => response,
        Err(_) => No::Busy.into_response(),
    }
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    No::failed(format!("a handler panicked: {}", text.unwrap_or_default())).into_response()
}

/// Bytes of a plain refusal that are passed on.
const PLAIN_BYTES_MAX: usize = 4 * 1024;

/// Extractors refuse in plain text; our pages read refusals in one form only.
async fn refusals_are_json(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let status = response.status();
    let json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !api || json || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let text = axum::body::to_bytes(Body::new(response.into_body()), PLAIN_BYTES_MAX).await.unwrap_or_default();
    let details = vec![String::from_utf8_lossy(&text).into_owned()];
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => refusal(status, "too_large", "Berkas atau isian terlalu besar.", details),
        _ => refusal(status, "bad_request", "Permintaan tidak dapat dibaca.", details),
    }
}

fn refusal(status: StatusCode, code: &str, message: &str, details: Vec<String>) -> Response {
    let details = details.into_iter().filter(|detail| !detail.is_empty()).collect();
    (status, Json(wire::RefusalBody { code: code.to_owned(), message: message.to_owned(), details, retry_after_ms: None })).into_response()
}

/// axum names its routes only in its debug output, and with them the two of its own fallback.
#[cfg(test)]
pub(crate) fn routes_of(router: &Router<Shared>) -> std::collections::BTreeSet<String> {
    let text = format!("{router:?}");
    let paths = text.split('"').skip(1).step_by(2).filter(|part| part.starts_with('/'));
    paths.filter(|path| *path != "/" && !path.contains("__private")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_route_is_described() {
        let (router, description) = documented().split_for_parts();
        let described: BTreeSet<String> = description.paths.paths.keys().cloned().collect();
        let routes = routes_of(&router);
        assert!(routes.len() > 5, "axum's debug output is not as expected: {routes:?}");
        assert_eq!(routes, described);
    }

    #[test]
    fn every_description_says_who_calls() {
        let (_, description) = documented().split_for_parts();
        for (path, item) in &description.paths.paths {
            for operation in [&item.get, &item.post, &item.put, &item.delete].into_iter().flatten() {
                assert!(operation.tags.as_ref().is_some_and(|tags| !tags.is_empty()), "{path} has no tag");
            }
        }
    }
}
