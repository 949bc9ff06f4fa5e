//! Lanes: who goes first when not everybody can. The table below gives every route its lane; each lane has its own places and its own line.
//!
//! A terminal's socket and its resume are in no line at all. The other lanes cannot take each other's places, and a full lane says so at once
//! with a time to come back. Frames of sockets are not requests: what terminals, consoles and screens get is bounded where it is made.

use crate::answer::No;
use crate::app::Shared;
use crate::config::Config;
use crate::front::Wish;
use crate::pressure::Level;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// What a request is for, in the order in which it is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// A candidate who sits: the terminal's socket (answers, submits), its resume, the pictures of its items. Never refused by a lane.
    Exam,
    /// What lets the exam go on: pages and their files, sign-in, check-in, commands of proctors.
    Conduct,
    /// What staff look at and set up.
    Console,
    /// What everybody may see.
    Public,
    /// What takes long: imports, exports, drawing, results, published files.
    Bulk,
}

impl Lane {
    /// Lanes with places, in order.
    pub const BOUNDED: [Lane; 4] = [Lane::Conduct, Lane::Console, Lane::Public, Lane::Bulk];

    /// As a label.
    pub const fn code(self) -> &'static str {
        match self {
            Lane::Exam => "exam",
            Lane::Conduct => "conduct",
            Lane::Console => "console",
            Lane::Public => "public",
            Lane::Bulk => "bulk",
        }
    }

    /// When somebody who was sent away may come back, milliseconds.
    const fn retry_after_ms(self) -> u32 {
        match self {
            Lane::Exam | Lane::Conduct => 1_000,
            Lane::Console | Lane::Public => 5_000,
            Lane::Bulk => 30_000,
        }
    }
}

/// Every route and its lane. An address that is no route is in the public lane.
pub const TABLE: &[(&str, &str, Lane)] = &[
    ("GET", "/api/v1/terminal/ws", Lane::Exam),
    ("GET", "/api/v1/terminal/session", Lane::Exam),
    ("GET", "/media/{hash}", Lane::Exam),
    // Costs nothing, and who is not answered here is started again.
    ("GET", "/healthz", Lane::Exam),
    // Pages come from memory; without them nobody signs in.
    ("GET", "/ujian", Lane::Conduct),
    ("GET", "/ujian-worker.js", Lane::Conduct),
    ("GET", "/pengawas", Lane::Conduct),
    ("GET", "/meja", Lane::Conduct),
    ("GET", "/panitia", Lane::Conduct),
    ("GET", "/assets/{*path}", Lane::Conduct),
    ("GET", "/readyz", Lane::Conduct),
    ("POST", "/api/v1/terminal/sign-in", Lane::Conduct),
    ("POST", "/api/v1/staff/sign-in", Lane::Conduct),
    ("POST", "/api/v1/staff/sign-out", Lane::Conduct),
    ("GET", "/api/v1/staff/me", Lane::Conduct),
    ("GET", "/api/v1/desk/sittings", Lane::Conduct),
    ("GET", "/api/v1/desk/sittings/{sitting}/candidates", Lane::Conduct),
    ("POST", "/api/v1/desk/sessions/{session}/check-in", Lane::Conduct),
    ("POST", "/api/v1/desk/sessions/{session}/pin", Lane::Conduct),
    ("POST", "/api/v1/desk/sessions/{session}/attendance", Lane::Conduct),
    ("POST", "/api/v1/sittings/{sitting}/commands", Lane::Conduct),
    ("POST", "/api/v1/proposals/{proposal}/approve", Lane::Conduct),
    ("POST", "/api/v1/proposals/{proposal}/reject", Lane::Conduct),
    ("GET", "/metrics", Lane::Console),
    ("GET", "/api/v1/openapi.json", Lane::Console),
    ("GET", "/api/v1/demo", Lane::Console),
    ("GET", "/api/v1/proctor/sittings", Lane::Console),
    ("GET", "/api/v1/sittings/{sitting}/watch", Lane::Console),
    ("GET", "/api/v1/sessions/{session}/late", Lane::Console),
    ("GET", "/api/v1/staff", Lane::Console),
    ("POST", "/api/v1/staff", Lane::Console),
    ("POST", "/api/v1/staff/{id}", Lane::Console),
    ("GET", "/api/v1/selections", Lane::Console),
    ("POST", "/api/v1/selections", Lane::Console),
    ("GET", "/api/v1/selections/{selection}", Lane::Console),
    ("PUT", "/api/v1/selections/{selection}/policy", Lane::Console),
    ("POST", "/api/v1/selections/{selection}/stages", Lane::Console),
    ("POST", "/api/v1/selections/{selection}/formations", Lane::Console),
    ("POST", "/api/v1/selections/{selection}/halls", Lane::Console),
    ("POST", "/api/v1/selections/{selection}/sittings", Lane::Console),
    ("PUT", "/api/v1/sittings/{sitting}", Lane::Console),
    ("GET", "/api/v1/sittings/{sitting}/draw", Lane::Console),
    ("GET", "/api/v1/selections/{selection}/candidates", Lane::Console),
    ("POST", "/api/v1/enrolments/{enrolment}/reschedule", Lane::Console),
    ("POST", "/api/v1/enrolments/{enrolment}/attempts", Lane::Console),
    ("GET", "/api/v1/stages/{stage}/blueprint", Lane::Console),
    ("PUT", "/api/v1/stages/{stage}/blueprint", Lane::Console),
    ("PUT", "/api/v1/formations/{formation}", Lane::Console),
    ("GET", "/api/v1/rule-sets", Lane::Console),
    ("GET", "/api/v1/rule-sets/{id}", Lane::Console),
    ("POST", "/api/v1/rule-sets/check", Lane::Console),
    ("GET", "/api/v1/selections/{selection}/rule-set", Lane::Console),
    ("PUT", "/api/v1/selections/{selection}/rule-set", Lane::Console),
    ("GET", "/api/v1/stages/{stage}/revisions", Lane::Console),
    ("GET", "/api/v1/sittings/{sitting}/attendance-count", Lane::Console),
    ("PUT", "/api/v1/sittings/{sitting}/attendance-count", Lane::Console),
    ("POST", "/api/v1/sittings/{sitting}/explained-differences", Lane::Console),
    ("GET", "/api/v1/stages/{stage}/corrections", Lane::Console),
    ("POST", "/api/v1/corrections/{correction}/reject", Lane::Console),
    ("GET", "/api/v1/stages/{stage}/publication-draft", Lane::Console),
    ("GET", "/api/v1/stages/{stage}/objections", Lane::Console),
    ("PUT", "/api/v1/stages/{stage}/objection-window", Lane::Console),
    ("GET", "/api/v1/objections/{objection}/attachment", Lane::Console),
    ("POST", "/api/v1/objections/{objection}/decision", Lane::Console),
    ("POST", "/api/v1/objections/{objection}/confirm", Lane::Console),
    ("POST", "/api/v1/objections/{objection}/return", Lane::Console),
    ("GET", "/api/v1/bank/items", Lane::Console),
    ("GET", "/api/v1/bank/items/{code}", Lane::Console),
    ("DELETE", "/api/v1/bank/imports/{import}", Lane::Console),
    ("GET", "/", Lane::Public),
    ("GET", "/papan", Lane::Public),
    ("GET", "/hasil", Lane::Public),
    ("GET", "/hasil/gaya.css", Lane::Public),
    ("GET", "/hasil/{publication}", Lane::Public),
    ("GET", "/hasil/{publication}/formasi/{place}", Lane::Public),
    ("GET", "/hasil/{publication}/formasi/{place}/{part}", Lane::Public),
    ("GET", "/hasil/{publication}/cari", Lane::Public),
    ("GET", "/hasil/{publication}/peserta/{participant_no}", Lane::Public),
    // Some ten milliseconds each; who publishes must not wait behind who looks.
    ("GET", "/hasil/{publication}/peserta/{participant_no}/sertifikat.pdf", Lane::Public),
    ("GET", "/sanggah", Lane::Public),
    ("POST", "/api/v1/objections/sign-in", Lane::Public),
    ("POST", "/api/v1/objections/sign-out", Lane::Public),
    ("GET", "/api/v1/objections/mine", Lane::Public),
    ("POST", "/api/v1/stages/{stage}/objections", Lane::Public),
    ("GET", "/ca.pem", Lane::Public),
    ("GET", "/api/v1/boards", Lane::Public),
    ("GET", "/api/v1/boards/{board}/ws", Lane::Public),
    ("GET", "/api/v1/publications", Lane::Public),
    ("GET", "/hasil/{publication}/{file}", Lane::Bulk),
    ("POST", "/api/v1/bank/imports", Lane::Bulk),
    ("POST", "/api/v1/bank/imports/{import}/accept", Lane::Bulk),
    ("GET", "/api/v1/bank/export.csv", Lane::Bulk),
    ("GET", "/api/v1/bank/export.zip", Lane::Bulk),
    ("GET", "/api/v1/bank/template.csv", Lane::Bulk),
    ("GET", "/api/v1/bank/template.xlsx", Lane::Bulk),
    ("POST", "/api/v1/selections/{selection}/candidates/import", Lane::Bulk),
    ("GET", "/api/v1/selections/{selection}/candidates/template.csv", Lane::Bulk),
    ("GET", "/api/v1/selections/{selection}/candidates/template.xlsx", Lane::Bulk),
    ("POST", "/api/v1/stages/{stage}/assign", Lane::Bulk),
    ("POST", "/api/v1/sittings/{sitting}/draw", Lane::Bulk),
    ("POST", "/api/v1/stages/{stage}/computation", Lane::Bulk),
    ("GET", "/api/v1/stages/{stage}/explanations/{participant_no}", Lane::Bulk),
    ("POST", "/api/v1/stages/{stage}/revisions", Lane::Bulk),
    ("GET", "/api/v1/revisions/{revision}", Lane::Bulk),
    ("GET", "/api/v1/revisions/{revision}/{file}", Lane::Bulk),
    ("GET", "/api/v1/stages/{stage}/reconciliation", Lane::Bulk),
    ("GET", "/api/v1/stages/{stage}/statistics.html", Lane::Bulk),
    ("GET", "/api/v1/stages/{stage}/statistics.csv", Lane::Bulk),
    ("POST", "/api/v1/stages/{stage}/corrections", Lane::Bulk),
    ("GET", "/api/v1/corrections/{correction}/effect", Lane::Bulk),
    ("GET", "/api/v1/corrections/{correction}/effect.csv", Lane::Bulk),
    ("POST", "/api/v1/corrections/{correction}/approve", Lane::Bulk),
    ("POST", "/api/v1/stages/{stage}/publication-previews", Lane::Bulk),
    ("GET", "/api/v1/publication-previews/{preview}", Lane::Bulk),
    ("GET", "/api/v1/publication-previews/{preview}/formasi/{place}", Lane::Bulk),
    ("GET", "/api/v1/publication-previews/{preview}/formasi/{place}/{part}", Lane::Bulk),
    ("GET", "/api/v1/publication-previews/{preview}/cari", Lane::Bulk),
    ("GET", "/api/v1/publication-previews/{preview}/peserta/{participant_no}", Lane::Bulk),
    ("GET", "/api/v1/publication-previews/{preview}/peserta/{participant_no}/sertifikat.pdf", Lane::Bulk),
    ("GET", "/api/v1/publication-previews/{preview}/{file}", Lane::Bulk),
    ("POST", "/api/v1/stages/{stage}/publications", Lane::Bulk),
];

/// Public routes whose last answer is kept. They depend on their path alone.
const KEPT: [&str; 3] = ["/api/v1/boards", "/api/v1/publications", "/hasil/{publication}"];

/// All lanes with places, and what paces the public one.
pub struct Lanes {
    of_route: HashMap<(&'static str, &'static str), Lane>,
    lines: [Line; 4],
    renders: Pace,
}

impl Lanes {
    /// Empty lanes within their settings.
    pub fn new(config: &Config) -> Self {
        let wait = Duration::from_millis(config.lane_wait_ms_max);
        Lanes {
            of_route: TABLE.iter().map(|&(method, route, lane)| ((method, route), lane)).collect(),
            lines: [
                Line::new(config.conduct_requests_max, config.conduct_waiting_max, wait),
                Line::new(config.console_requests_max, config.console_waiting_max, wait),
                Line::new(config.public_requests_max, config.public_waiting_max, wait),
                Line::new(config.bulk_requests_max, config.bulk_waiting_max, wait),
            ],
            renders: Pace::new(config.public_renders_per_s),
        }
    }

    fn of(&self, method: &Method, route: &str) -> Lane {
        let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
        self.of_route.get(&(method, route)).copied().unwrap_or(Lane::Public)
    }

    /// The places and the line of a lane; none for the lane that has neither.
    pub fn line(&self, lane: Lane) -> Option<&Line> {
        Lane::BOUNDED.iter().position(|bounded| *bounded == lane).map(|index| &self.lines[index])
    }
}

/// The places of a lane and the line before them.
pub struct Line {
    places: Semaphore,
    places_max: usize,
    waiting: AtomicUsize,
    waiting_max: usize,
    wait: Duration,
}

impl Line {
    fn new(places_max: usize, waiting_max: usize, wait: Duration) -> Self {
        Line { places: Semaphore::new(places_max), places_max, waiting: AtomicUsize::new(0), waiting_max, wait }
    }

    /// A place if one is free.
    fn enter_now(&self) -> Option<SemaphorePermit<'_>> {
        self.places.try_acquire().ok()
    }

    /// A place, after a time in line; none when the line is full or stands too long.
    async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        if let Some(place) = self.enter_now() {
            return Some(place);
        }
        let _waiting = Waiting::enter(&self.waiting, self.waiting_max)?;
        tokio::time::timeout(self.wait, self.places.acquire()).await.ok()?.ok()
    }

    /// Requests under way.
    pub fn running(&self) -> usize {
        self.places_max - self.places.available_permits()
    }

    /// Requests in line.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// A place in a line; given back when dropped, also when the request is given up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize, max: usize) -> Option<Self> {
        let place = Waiting(count);
        (count.fetch_add(1, Ordering::Relaxed) < max).then_some(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// So many a second, and as many at once after a quiet second.
struct Pace {
    since: Instant,
    each_us: u64,
    /// When the next one is due if nobody is early, microseconds after `since`.
    due_us: AtomicU64,
}

impl Pace {
    const WINDOW_US: u64 = 1_000_000;

    fn new(per_s: u64) -> Self {
        Pace { since: Instant::now(), each_us: Self::WINDOW_US / per_s, due_us: AtomicU64::new(0) }
    }

    /// May one more go on now?
    fn take(&self) -> bool {
        self.take_at(self.since.elapsed().as_micros() as u64)
    }

    fn take_at(&self, now_us: u64) -> bool {
        // The window lies before the start, too.
        let now_us = now_us + Self::WINDOW_US;
        let later = |due: u64| Some(due.max(now_us - Self::WINDOW_US) + self.each_us).filter(|later| *later <= now_us);
        self.due_us.fetch_update(Ordering::Relaxed, Ordering::Relaxed, later).is_ok()
    }
}

/// Middleware: a request goes through its lane.
pub async fn through(State(app): State<Shared>, request: Request, next: Next) -> Response {
    if let Some(wish) = request.extensions().get::<Wish>() {
        wish.hear();
    }
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let lane = app.lanes.of(request.method(), route);
    let Some(line) = app.lanes.line(lane) else { return next.run(request).await };
    if lane == Lane::Bulk && app.pressure.level() >= Level::NoBulk {
        return refused(lane);
    }
    if *request.method() == Method::GET && KEPT.contains(&route) {
        return kept(&app, line, request, next).await;
    }
    match line.enter().await {
        Some(_place) => next.run(request).await,
        None => refused(lane),
    }
}

/// A public page: fresh as long as that is cheap, and otherwise as it was rendered last.
async fn kept(app: &Shared, line: &Line, request: Request, next: Next) -> Response {
    let calm = app.pressure.level() < Level::KeptPages;
    let paced = calm && app.lanes.renders.take();
    let place = if paced { line.enter_now() } else { None };
    if place.is_none()
        && let Some(response) = app.pages.last(request.uri().path(), calm)
    {
        return response;
    }
    if calm && !paced {
        return refused(Lane::Public);
    }
    let place = match place {
        Some(place) => Some(place),
        None => line.enter().await,
    };
    let Some(_place) = place else { return refused(Lane::Public) };
    let path = request.uri().path().to_owned();
    app.pages.keep(path, next.run(request).await).await
}

fn refused(lane: Lane) -> Response {
    metrics::counter!("saksama_lane_refused_total", "lane" => lane.code()).increment(1);
    No::Overloaded { retry_after_ms: lane.retry_after_ms() }.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{assets, routes};
    use std::collections::BTreeSet;

    #[test]
    fn every_route_has_its_lane() {
        let (_, description) = routes::documented().split_for_parts();
        let mut routes: BTreeSet<(String, String)> = BTreeSet::new();
        for (path, item) in &description.paths.paths {
            let methods = [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete), ("PATCH", &item.patch)];
            routes.extend(
                methods.iter().filter(|(_, operation)| operation.is_some()).map(|(method, _)| ((*method).to_owned(), path.clone())),
            );
        }
        routes.extend(routes::routes_of(&assets::router()).into_iter().map(|path| ("GET".to_owned(), path)));
        routes.extend(assets::PAGES.map(|(path, _)| ("GET".to_owned(), path.to_owned())));
        let table: BTreeSet<(String, String)> = TABLE.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
        assert_eq!(table.len(), TABLE.len(), "a route stands in the table once");
        assert_eq!(routes, table);
    }

    #[test]
    fn what_an_exam_needs_is_never_behind_what_others_want() {
        let lanes = Lanes::new(&Config::default());
        for (method, route, lane) in [
            (Method::GET, "/api/v1/terminal/ws", Lane::Exam),
            (Method::HEAD, "/", Lane::Public),
            (Method::POST, "/api/v1/sittings/{sitting}/commands", Lane::Conduct),
            (Method::GET, "/api/v1/sittings/{sitting}/commands", Lane::Public),
            (Method::GET, "", Lane::Public),
        ] {
            assert_eq!(lanes.of(&method, route), lane, "{method} {route}");
        }
        assert!(lanes.line(Lane::Exam).is_none() && Lane::BOUNDED.iter().all(|lane| lanes.line(*lane).is_some()));
        assert!(KEPT.iter().all(|route| lanes.of(&Method::GET, route) == Lane::Public));
    }

    #[tokio::test]
    async fn a_lane_has_places_and_a_line() {
        let line = Line::new(1, 1, Duration::from_secs(60));
        let place = line.enter().await;
        assert!(place.is_some() && line.running() == 1);
        let mut next = std::pin::pin!(line.enter());
        assert!(futures_util::poll!(next.as_mut()).is_pending(), "one stands in line");
        assert_eq!(line.waiting(), 1);
        assert!(line.enter().await.is_none(), "and there is no room for another");
        drop(place);
        assert!(next.await.is_some());
        assert_eq!((line.running(), line.waiting()), (0, 0));
        let impatient = Line::new(1, 1, Duration::ZERO);
        let _place = impatient.enter().await;
        assert!(impatient.enter().await.is_none(), "the line stood too long");
    }

    #[test]
    fn a_pace_is_held_after_a_second_at_once() {
        let pace = Pace::new(4);
        let taken = |now_us: u64| (0..10).filter(|_| pace.take_at(now_us)).count();
        assert_eq!([taken(0), taken(100_000), taken(250_000), taken(1_000_000)], [4, 0, 1, 3]);
        assert_eq!(taken(60_000_000), 4, "a quiet minute is worth a second");
    }
}
