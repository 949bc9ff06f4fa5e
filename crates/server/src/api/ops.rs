//! What an operator watches: is it alive, is it ready, how is it doing; and the description of the API.
//!
//! Numbers never name a candidate, a login or an item. Who has no metrics token reads them on the machine itself.

use crate::app::{App, Shared};
use crate::hall::Hall;
use crate::lanes::Lane;
use axum::Extension;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use subtle::ConstantTimeEq;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of the operator.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready)).routes(routes!(metrics)).routes(routes!(openapi))
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operator", responses((status = 200, body = String)))]
async fn health() -> &'static str {
    "ok\n"
}

/// Store readable, journal writing, halls loaded (the listener opens after them), not stopping.
#[utoipa::path(get, path = "/readyz", tag = "operator", responses((status = 200, body = String), (status = 503, body = String)))]
async fn ready(State(app): State<Shared>) -> Response {
    match unready(&app).await {
        None => "ready\n".into_response(),
        Some(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response(),
    }
}

async fn unready(app: &App) -> Option<&'static str> {
    if app.stopping.is_cancelled() {
        return Some("stopping");
    }
    if app.pulse.stalled() {
        return Some("the journal does not commit");
    }
    if app.store.installation_get("pin_secret").await.is_err() {
        return Some("the store cannot be read");
    }
    None
}

/// Numbers in the Prometheus text format.
#[utoipa::path(get, path = "/metrics", tag = "operator", responses((status = 200, body = String), (status = 403)))]
async fn metrics(State(app): State<Shared>, peer: Option<Extension<ConnectInfo<SocketAddr>>>, headers: HeaderMap) -> Response {
    let local = peer.is_some_and(|Extension(ConnectInfo(peer))| peer.ip().to_canonical().is_loopback());
    let allowed = match &app.config.metrics_token {
        Some(token) => bearer(&headers).is_some_and(|given| bool::from(given.as_bytes().ct_eq(token.expose().as_bytes()))),
        None => local,
    };
    if !allowed {
        return (StatusCode::FORBIDDEN, "metrics are for loopback, or for those who have the metrics_token\n").into_response();
    }
    measure(&app);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder().render()).into_response()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The API's description as served.
#[derive(Clone)]
pub struct Description(pub Arc<str>);

/// The OpenAPI description of everything on this page of routes.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "operator", responses((status = 200, description = "OpenAPI 3.1")))]
async fn openapi(Extension(Description(text)): Extension<Description>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text.to_string()).into_response()
}

/// The process's one recorder of numbers: the `metrics` facade knows only one.
pub fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        const SECONDS: [f64; 10] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];
        let buckets = Matcher::Suffix("_seconds".to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(buckets, &SECONDS).expect("there are buckets");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        // Fails only when somebody else installed one, and nobody else does.
        let _ = metrics::set_global_recorder(recorder);
        describe();
        handle
    })
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!("saksama_http_requests_total", "HTTP requests answered, by class of status");
    describe_histogram!("saksama_http_request_seconds", "Time until the head of an answer");
    describe_counter!("saksama_connections_refused_total", "TCP connections closed because connections_max were open");
    describe_gauge!("saksama_sockets_open", "Open websockets, by kind");
    describe_counter!("saksama_sockets_opened_total", "Websockets opened, by kind");
    describe_counter!("saksama_sockets_dropped_total", "Websockets closed by the server, by kind and reason");
    describe_counter!("saksama_refusals_total", "Refused commands, by code");
    describe_gauge!("saksama_journal_waiting_appends", "Appends that wait for the journal's writer");
    describe_counter!("saksama_journal_commits_total", "Commits since the start");
    describe_counter!("saksama_journal_records_total", "Records made durable since the start");
    describe_gauge!("saksama_journal_commit_microseconds", "Duration of the last commit");
    describe_gauge!("saksama_journal_delay_microseconds", "Longest wait of a command until it was durable, in the last interval");
    describe_gauge!("saksama_pressure_level", "What has given way, from 0 (nothing) to 4");
    describe_gauge!("saksama_hall_inbox_inputs", "Inputs that wait for the tasks of sittings: of all, and of the one with the most");
    describe_gauge!("saksama_hall_waiting_commands", "Commands that wait for a batch: of all sittings, and of the one with the most");
    describe_gauge!("saksama_terminal_waiting_words_max", "Words on their way to the slowest terminal");
    describe_gauge!("saksama_screen_waiting_frames_max", "Frames that the slowest screen has not taken");
    describe_gauge!("saksama_console_waiting_frames_max", "Frames that the slowest console has not taken");
    describe_gauge!("saksama_lane_running", "Requests under way, by lane");
    describe_gauge!("saksama_lane_waiting", "Requests in line, by lane");
    describe_counter!("saksama_lane_refused_total", "Requests that were told to come back later, by lane");
    describe_gauge!("saksama_pages_kept", "Public pages that are kept as they were rendered last");
    describe_counter!("saksama_pages_from_memory_total", "Public pages answered as they were rendered last");
    describe_gauge!("saksama_sign_in_waiting", "Sign-ins that have a password hasher or wait for one");
    describe_gauge!("saksama_uploads_reading", "Uploads to the bank that are being read");
    describe_gauge!("saksama_connections_open", "TCP connections");
    describe_gauge!("saksama_store_connections_used", "Connections of the store that are in use, by what they do");
    describe_gauge!("saksama_halls_loaded", "Sittings with a running task");
    describe_gauge!("saksama_process_resident_bytes", "Memory in use");
    describe_gauge!("saksama_process_open_files", "Open file descriptors");
    describe_gauge!("saksama_process_start_time_seconds", "Start of the process, Unix time");
    describe_gauge!("saksama_build", "Always 1; its label is the version");
}

/// Puts what is counted elsewhere where the recorder finds it.
fn measure(app: &App) {
    use metrics::{counter, gauge};
    let journal = app.journal.gauges();
    gauge!("saksama_journal_waiting_appends").set(journal.waiting.load(Ordering::Relaxed) as f64);
    counter!("saksama_journal_commits_total").absolute(journal.commits.load(Ordering::Relaxed));
    counter!("saksama_journal_records_total").absolute(journal.records.load(Ordering::Relaxed));
    gauge!("saksama_journal_commit_microseconds").set(journal.commit_us.load(Ordering::Relaxed) as f64);
    queues(app);
    for kind in SocketKind::ALL {
        gauge!("saksama_sockets_open", "kind" => kind.code()).set(app.sockets.open_now(kind) as f64);
    }
    gauge!("saksama_process_start_time_seconds").set(app.started_utc_ms as f64 / 1000.0);
    gauge!("saksama_build", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    if let Some(bytes) = resident_bytes() {
        gauge!("saksama_process_resident_bytes").set(bytes as f64);
    }
    if let Some(files) = open_files() {
        gauge!("saksama_process_open_files").set(files as f64);
    }
}

/// How full the queues are. Nothing is asked of whoever works on them.
fn queues(app: &App) {
    use metrics::gauge;
    gauge!("saksama_journal_delay_microseconds").set(app.pressure.delay().as_micros() as f64);
    gauge!("saksama_pressure_level").set(f64::from(app.pressure.level() as u8));
    let halls = app.halls.all();
    gauge!("saksama_halls_loaded").set(halls.len() as f64);
    let of_all = |name: &'static str, lengths: Vec<usize>| {
        gauge!(name, "of" => "all").set(lengths.iter().sum::<usize>() as f64);
        gauge!(name, "of" => "most").set(lengths.into_iter().max().unwrap_or(0) as f64);
    };
    of_all("saksama_hall_inbox_inputs", halls.iter().map(Hall::inbox_len).collect());
    of_all("saksama_hall_waiting_commands", halls.iter().map(|hall| hall.watch().queues()[0]).collect());
    let most = |of: fn(&Hall) -> usize| halls.iter().map(of).max().unwrap_or(0) as f64;
    gauge!("saksama_terminal_waiting_words_max").set(most(|hall| hall.watch().queues()[1]));
    gauge!("saksama_console_waiting_frames_max").set(most(|hall| hall.watch().lag()));
    gauge!("saksama_screen_waiting_frames_max").set(app.boards.lag_max() as f64);
    for lane in Lane::BOUNDED {
        let Some(line) = app.lanes.line(lane) else { continue };
        gauge!("saksama_lane_running", "lane" => lane.code()).set(line.running() as f64);
        gauge!("saksama_lane_waiting", "lane" => lane.code()).set(line.waiting() as f64);
    }
    gauge!("saksama_pages_kept").set(app.pages.count() as f64);
    gauge!("saksama_sign_in_waiting").set(app.passwords.waiting() as f64);
    gauge!("saksama_uploads_reading").set(crate::api::bank::reading() as f64);
    gauge!("saksama_connections_open").set(app.door.inside() as f64);
    for (what, used) in ["write", "read"].into_iter().zip(app.store.in_use()) {
        gauge!("saksama_store_connections_used", "for" => what).set(used as f64);
    }
}

/// Linux says it as the size of the directory since 6.2; before, the entries are counted, which takes milliseconds when there are thousands.
fn open_files() -> Option<u64> {
    let size = std::fs::metadata("/proc/self/fd").ok()?.len();
    if size > 0 { Some(size) } else { Some(std::fs::read_dir("/proc/self/fd").ok()?.count() as u64) }
}

/// From `VmRSS:     1234 kB`.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib: u64 = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

/// Middleware around everything: counts answers by class of status, and how long their heads took.
pub async fn count(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let response = next.run(request).await;
    let class = match response.status().as_u16() {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    metrics::counter!("saksama_http_requests_total", "class" => class).increment(1);
    metrics::histogram!("saksama_http_request_seconds").record(began.elapsed().as_secs_f64());
    response
}

/// Counts a refused command.
pub fn refused(code: &'static str) {
    metrics::counter!("saksama_refusals_total", "code" => code).increment(1);
}

/// Whose websocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketKind {
    /// A candidate's terminal.
    Terminal,
    /// A public screen.
    Screen,
    /// A proctor's console.
    Proctor,
}

impl SocketKind {
    /// All kinds.
    pub const ALL: [SocketKind; 3] = [SocketKind::Terminal, SocketKind::Screen, SocketKind::Proctor];

    /// As a label.
    pub const fn code(self) -> &'static str {
        match self {
            SocketKind::Terminal => "terminal",
            SocketKind::Screen => "screen",
            SocketKind::Proctor => "proctor",
        }
    }
}

/// Open websockets by kind, within their limits.
#[derive(Debug)]
pub struct Sockets {
    open: [Arc<AtomicUsize>; 3],
    max: [usize; 3],
}

impl Sockets {
    /// None open, at most so many terminals, screens and proctors.
    pub fn new(terminals: usize, screens: usize, proctors: usize) -> Self {
        Sockets { open: Default::default(), max: [terminals, screens, proctors] }
    }

    /// A place for one more socket, held until it is dropped; none when all are taken. Ask before the upgrade and answer "busy".
    pub fn open(&self, kind: SocketKind) -> Option<SocketPlace> {
        let open = &self.open[kind as usize];
        let taken = open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |now| (now < self.max[kind as usize]).then_some(now + 1));
        if taken.is_err() {
            dropped(kind, "full");
            return None;
        }
        metrics::counter!("saksama_sockets_opened_total", "kind" => kind.code()).increment(1);
        Some(SocketPlace { open: Arc::clone(open) })
    }

    /// Open now.
    pub fn open_now(&self, kind: SocketKind) -> usize {
        self.open[kind as usize].load(Ordering::Relaxed)
    }
}

/// Counts a websocket that the server closed, and why.
pub fn dropped(kind: SocketKind, reason: &'static str) {
    metrics::counter!("saksama_sockets_dropped_total", "kind" => kind.code(), "reason" => reason).increment(1);
}

/// The place of an open websocket; keep it as long as the socket lives.
#[derive(Debug)]
pub struct SocketPlace {
    open: Arc<AtomicUsize>,
}

impl Drop for SocketPlace {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Does the journal's writer move? Looked at from time to time; it stalls when appends wait and nothing was committed since the last look.
#[derive(Debug, Default)]
pub struct Pulse {
    commits: AtomicU64,
    stalled: AtomicBool,
}

impl Pulse {
    /// Looks.
    pub fn look(&self, journal: &store::journal::Gauges) {
        let commits = journal.commits.load(Ordering::Relaxed);
        let moved = self.commits.swap(commits, Ordering::Relaxed) != commits;
        self.stalled.store(!moved && journal.waiting.load(Ordering::Relaxed) > 0, Ordering::Relaxed);
    }

    /// Did it stand still at the last look?
    pub fn stalled(&self) -> bool {
        self.stalled.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_have_places() {
        let sockets = Sockets::new(1, 2, 0);
        let first = sockets.open(SocketKind::Terminal).expect("a place");
        assert!(sockets.open(SocketKind::Terminal).is_none());
        assert_eq!(sockets.open_now(SocketKind::Terminal), 1);
        drop(first);
        assert!(sockets.open(SocketKind::Terminal).is_some());
        assert!(sockets.open(SocketKind::Proctor).is_none());
    }

    #[test]
    fn a_journal_stalls_when_appends_wait_and_nothing_moves() {
        let (pulse, journal) = (Pulse::default(), store::journal::Gauges::default());
        let look = |waiting: u64, commits: u64| {
            journal.waiting.store(waiting, Ordering::Relaxed);
            journal.commits.store(commits, Ordering::Relaxed);
            pulse.look(&journal);
            pulse.stalled()
        };
        assert_eq!([look(0, 0), look(3, 1), look(3, 1), look(3, 2), look(0, 2)], [false, false, true, false, false]);
    }

    #[test]
    fn the_process_knows_its_memory() {
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1024 * 1024));
    }
}
