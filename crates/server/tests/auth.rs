//! Who is let in, who may do what, what foreign pages cannot do, and what every answer carries.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use server::app::{Running, start};
use server::auth::{hash_password, stored_role};
use server::config::Config;
use server::{clock, random, routes, tls};
use std::io::{Read, Write};
use std::sync::Arc;
use store::staff::{Grant, NewStaff, StaffSession};
use tower::ServiceExt;
use wire::staff::Role;

/// A server over its own directory, asked through its router.
struct Server {
    running: Running,
    router: Router,
    dir: tempfile::TempDir,
}

struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
    text: String,
}

const PASSWORD: &str = "katasandi-uji";

impl Server {
    async fn start() -> Server {
        Server::start_with(|_| ()).await
    }

    async fn start_with(change: impl FnOnce(&mut Config)) -> Server {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::in_directory(dir.path());
        change(&mut config);
        let running = start(config).await.unwrap();
        let router = routes::router(Arc::clone(&running.app));
        Server { running, router, dir }
    }

    /// Adds somebody with [`PASSWORD`].
    async fn with(&self, login: &str, roles: &[Role]) {
        let grant = |role: &Role| Grant { role: stored_role(*role), selection_id: None, hall_id: None };
        let staff = NewStaff {
            id: random::id(),
            login: login.to_owned(),
            name: format!("Nama {login}"),
            password_hash: hash_password(PASSWORD),
            created_utc_ms: clock::utc_ms(),
            grants: roles.iter().map(grant).collect(),
        };
        self.running.app.store.add_staff(&staff).await.unwrap();
    }

    async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answered { status: parts.status, headers: parts.headers, body, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answered {
        self.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, cookie: &str, body: Value) -> Answered {
        self.send(post(path, cookie, &body.to_string()).body(Body::from(body.to_string())).unwrap()).await
    }

    async fn try_sign_in(&self, login: &str, password: &str) -> Answered {
        self.post("/api/v1/staff/sign-in", "", json!({ "login": login, "password": password })).await
    }

    /// The cookie of somebody who signed in.
    async fn sign_in(&self, login: &str) -> String {
        let answered = self.try_sign_in(login, PASSWORD).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
        answered.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
    }
}

fn post(path: &str, cookie: &str, body: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header("x-saksama", "1")
        .header(header::HOST, "ujian.test")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_LENGTH, body.len())
}

#[tokio::test]
async fn signing_in_and_out() {
    let server = Server::start().await;
    server.with("panitia1", &[Role::Committee]).await;
    assert_eq!(server.get("/api/v1/staff/me", "").await.status, StatusCode::UNAUTHORIZED);
    let answered = server.try_sign_in("Panitia1 ", PASSWORD).await;
    let cookie = answered.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("saksama_staff=") && cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let me = server.get("/api/v1/staff/me", cookie).await;
    assert_eq!(me.body["grants"], json!([{ "role": "committee", "selection": null, "hall": null }]));
    let out = server.post("/api/v1/staff/sign-out", cookie, Value::Null).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(server.get("/api/v1/staff/me", cookie).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn wrong_logins_and_wrong_passwords_are_one_answer() {
    let server = Server::start().await;
    server.with("panitia1", &[Role::Committee]).await;
    let wrong = server.try_sign_in("panitia1", "x").await;
    let unknown = server.try_sign_in("panitia2", "x").await;
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
    assert_eq!(wrong.body["code"], "credentials_wrong");
}

#[tokio::test]
async fn attempts_are_limited_by_account() {
    let server = Server::start_with(|config| config.sign_in_per_account_per_minute = 2).await;
    server.with("panitia1", &[]).await;
    server.with("panitia2", &[]).await;
    for _ in 0..2 {
        assert_eq!(server.try_sign_in("panitia1", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let refused = server.try_sign_in("PANITIA1", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.body["retry_after_ms"].as_u64().is_some_and(|ms| ms > 20_000), "{}", refused.text);
    server.sign_in("panitia2").await;
}

#[tokio::test]
async fn sessions_expire_and_are_revoked() {
    let server = Server::start().await;
    server.with("admin", &[Role::Admin]).await;
    server.with("pengawas1", &[Role::Proctor]).await;
    let (admin, proctor) = (server.sign_in("admin").await, server.sign_in("pengawas1").await);
    let listed = server.get("/api/v1/staff", &admin).await;
    let id = listed.body.as_array().unwrap().iter().find(|one| one["login"] == "pengawas1").unwrap()["id"].as_str().unwrap().to_owned();
    let change = |body: Value| server.post(Box::leak(format!("/api/v1/staff/{id}").into_boxed_str()), &admin, body);

    assert_eq!(change(json!({ "revoke_sessions": true })).await.status, StatusCode::OK);
    assert_eq!(server.get("/api/v1/staff/me", &proctor).await.status, StatusCode::UNAUTHORIZED);

    let proctor = server.sign_in("pengawas1").await;
    let issued = change(json!({ "reset_password": true })).await;
    assert_eq!(issued.body["password"].as_str().unwrap().len(), 16);
    assert_eq!(server.get("/api/v1/staff/me", &proctor).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.try_sign_in("pengawas1", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    assert_eq!(change(json!({ "disabled": true })).await.status, StatusCode::OK);
    let locked = server.try_sign_in("pengawas1", issued.body["password"].as_str().unwrap()).await;
    assert_eq!(locked.body["code"], "credentials_wrong");

    let token = random::token();
    let staff_id = server.running.app.store.staff_by_login("admin").await.unwrap().unwrap().staff.id;
    let session = StaffSession {
        token_hash: question_bank::id::Digest32::of(token.as_bytes()),
        staff_id,
        created_utc_ms: 0,
        last_seen_utc_ms: 0,
        expires_utc_ms: clock::utc_ms() - 1,
        browser_hash: None,
    };
    server.running.app.store.add_staff_session(&session).await.unwrap();
    assert_eq!(server.get("/api/v1/staff/me", &format!("saksama_staff={token}")).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn only_administrators_change_staff_and_auditors_read() {
    let server = Server::start().await;
    for (login, role) in [("admin", Role::Admin), ("auditor", Role::Auditor), ("panitia1", Role::Committee)] {
        server.with(login, &[role]).await;
    }
    let new = json!({ "login": "pengawas1", "name": "Budi", "grants": [{ "role": "proctor", "selection": null, "hall": null }] });
    for (login, reads, adds) in [("panitia1", 403, 403), ("auditor", 200, 403), ("admin", 200, 200)] {
        let cookie = server.sign_in(login).await;
        assert_eq!(server.get("/api/v1/staff", &cookie).await.status.as_u16(), reads, "{login}");
        assert_eq!(server.post("/api/v1/staff", &cookie, new.clone()).await.status.as_u16(), adds, "{login}");
    }
    let admin = server.sign_in("admin").await;
    let check = async |change: &[(&str, Value)], code: &str| {
        let mut body = new.clone();
        change.iter().for_each(|(key, value)| body[*key] = value.clone());
        assert_eq!(server.post("/api/v1/staff", &admin, body).await.body["code"], code);
    };
    check(&[], "login_taken").await;
    check(&[("login", json!("Budi"))], "login_bad").await;
    check(&[("login", json!("b"))], "login_bad").await;
    check(&[("login", json!("budi")), ("name", json!(" "))], "name_bad").await;
    let nowhere = json!([{ "role": "proctor", "selection": "0".repeat(32), "hall": null }]);
    check(&[("login", json!("budi")), ("grants", nowhere)], "not_found").await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let server = Server::start().await;
    server.with("admin", &[Role::Admin]).await;
    let admin = server.sign_in("admin").await;
    let id = server.get("/api/v1/staff/me", &admin).await.body["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/staff/{id}");
    for change in [json!({ "disabled": true }), json!({ "grants": [] })] {
        assert_eq!(server.post(&path, &admin, change).await.body["code"], "last_admin");
    }
    server.with("admin2", &[Role::Admin]).await;
    assert_eq!(server.post(&path, &admin, json!({ "grants": [] })).await.status, StatusCode::OK);
    assert_eq!(server.get("/api/v1/staff", &admin).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn foreign_pages_can_do_nothing() {
    let server = Server::start().await;
    let body = r#"{"login":"a","password":"b"}"#;
    let check = async |build: fn(axum::http::request::Builder) -> axum::http::request::Builder, expected: u16| {
        let request = build(post("/api/v1/staff/sign-in", "", body)).body(Body::from(body)).unwrap();
        assert_eq!(server.send(request).await.status.as_u16(), expected);
    };
    check(|request| request, 422).await;
    check(|request| request.header(header::ORIGIN, "https://ujian.test"), 422).await;
    check(|request| request.header(header::ORIGIN, "https://jahat.test"), 403).await;
    check(|request| request.header(header::ORIGIN, "null"), 403).await;
    check(|request| request.header(header::ORIGIN, "https://ujian.test:8443"), 403).await;
    let unmarked = Request::post("/api/v1/staff/sign-in").header(header::CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap();
    assert_eq!(server.send(unmarked).await.status, StatusCode::FORBIDDEN);
    let socket = |origin: &str| {
        Request::get("/api/v1/terminal/ws")
            .header(header::HOST, "ujian.test")
            .header(header::ORIGIN, origin)
            .header(header::UPGRADE, "websocket")
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(server.send(socket("https://jahat.test")).await.status, StatusCode::FORBIDDEN);
    assert_ne!(server.send(socket("https://ujian.test")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let server = Server::start().await;
    for path in ["/", "/ujian", "/tidak-ada", "/healthz", "/api/v1/staff/me", "/api/v1/tidak-ada", "/api/v1/openapi.json"] {
        let answered = server.get(path, "").await;
        let of = |name: &str| answered.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        assert!(of("content-security-policy").starts_with("default-src 'none'; script-src 'self';"), "{path}");
        assert_eq!((of("x-content-type-options"), of("referrer-policy")), ("nosniff".to_owned(), "no-referrer".to_owned()), "{path}");
        assert_eq!(of("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(of("strict-transport-security"), "", "{path}: not over plain HTTP");
        assert!(!path.starts_with("/api/") || of("cache-control") == "no-store", "{path}");
    }
    let page = server.get("/tidak-ada", "").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("Halaman tidak ditemukan"));
}

#[tokio::test]
async fn refusals_of_the_api_have_one_form() {
    let server = Server::start_with(|config| config.body_bytes_max = 2_000).await;
    let check = async |request: Request<Body>, status: u16, code: &str| {
        let answered = server.send(request).await;
        assert_eq!((answered.status.as_u16(), answered.body["code"].as_str()), (status, Some(code)), "{}", answered.text);
    };
    let sign_in = |body: String| post("/api/v1/staff/sign-in", "", &body).body(Body::from(body)).unwrap();
    check(Request::get("/api/v1/tidak-ada").body(Body::empty()).unwrap(), 404, "not_found").await;
    check(Request::get("/api/v1/staff/sign-in").body(Body::empty()).unwrap(), 405, "method_not_allowed").await;
    check(sign_in("{".to_owned()), 400, "bad_request").await;
    check(sign_in("{}".to_owned()), 422, "bad_request").await;
    check(sign_in(json!({ "login": "x".repeat(3_000), "password": "" }).to_string()), 413, "too_large").await;
    let delete = Request::builder().method(Method::DELETE).uri("/api/v1/staff/me").header("x-saksama", "1").body(Body::empty()).unwrap();
    check(delete, 405, "method_not_allowed").await;
}

#[tokio::test]
async fn numbers_are_for_loopback_or_the_token() {
    let server = Server::start_with(|_| ()).await;
    assert_eq!(server.get("/metrics", "").await.status, StatusCode::FORBIDDEN, "an unknown peer");
    let address = server.running.address;
    let text = tokio::task::spawn_blocking(move || plain_get(address, "/metrics")).await.unwrap();
    for name in ["saksama_journal_commits_total", "saksama_sockets_open{kind=\"terminal\"} 0", "saksama_process_resident_bytes"] {
        assert!(text.contains(name), "{name} is not in\n{text}");
    }
    assert_eq!(server.get("/healthz", "").await.text, "ok\n");
    assert_eq!(server.get("/readyz", "").await.text, "ready\n");
    server.running.app.stopping.cancel();
    assert_eq!(server.get("/readyz", "").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_directory_is_served_once_and_stops_in_order() {
    let server = Server::start().await;
    let again = start(Config::in_directory(server.dir.path())).await.err().expect("it is taken");
    assert!(again.to_string().contains("another saksama serves it"), "{again}");
    let address = server.running.address;
    drop(server.router);
    tokio::time::timeout(std::time::Duration::from_secs(5), server.running.stop()).await.expect("nothing is left to wait for");
    assert!(std::net::TcpStream::connect(address).is_err());
    start(Config::in_directory(server.dir.path())).await.unwrap().stop().await;
}

#[tokio::test]
async fn over_tls_the_authority_is_enough_to_trust() {
    tls::install_provider();
    let server = Server::start_with(|config| config.tls = server::config::TlsMode::Auto).await;
    server.with("admin", &[Role::Admin]).await;
    let authority = server.running.app.authority.clone().unwrap();
    let address = server.running.address;
    let body = format!(r#"{{"login":"admin","password":"{PASSWORD}"}}"#);
    let head = format!("content-type: application/json\r\nx-saksama: 1\r\ncontent-length: {}\r\n", body.len());
    let request = format!("POST /api/v1/staff/sign-in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{head}\r\n{body}");
    let answered = tokio::task::spawn_blocking(move || over_tls(address, &authority.pem, &request)).await.unwrap();
    assert!(answered.starts_with("HTTP/1.1 200 "), "{answered}");
    assert!(answered.contains("set-cookie: __Host-saksama_staff=") && answered.contains("; Secure"), "{answered}");
    assert!(answered.contains("strict-transport-security: max-age=31536000"), "{answered}");
}

fn plain_get(address: std::net::SocketAddr, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// Asks as a browser that trusts one authority and checks the name.
fn over_tls(address: std::net::SocketAddr, authority: &str, request: &str) -> String {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let mut client = rustls::ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut socket = std::net::TcpStream::connect(address).unwrap();
    let mut stream = rustls::Stream::new(&mut client, &mut socket);
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // Servers seldom say goodbye before they close.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
