//! A committee sets up a selection from nothing, over HTTP: bank, formations, hall, blueprint, sitting, candidates, places, papers. Who may do
//! what, what private data never comes out again, and the demonstration.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use exam_session::command::{Actor, Order, SessionOrder, SittingOrder, TerminalStamp, terminal_command_id};
use exam_session::event::{Event, SessionEvent};
use exam_session::refusal::Refusal;
use question_bank::id::Digest32;
use serde_json::{Value, json};
use server::app::{Running, start};
use server::auth::{hash_password, stored_role};
use server::config::Config;
use server::{clock, demo, random, routes};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};
use store::staff::{Grant, NewStaff};
use tower::ServiceExt;
use wire::staff::Role;

const PASSWORD: &str = "katasandi-uji";
const ROLES: [(&str, Role); 6] = [
    ("admin", Role::Admin),
    ("penulis", Role::Author),
    ("panitia", Role::Committee),
    ("registrar", Role::Registrar),
    ("pengawas", Role::Proctor),
    ("auditor", Role::Auditor),
];

/// A server over its own directory, and a cookie for each role.
struct Office {
    running: Running,
    router: Router,
    cookies: BTreeMap<&'static str, String>,
    dir: tempfile::TempDir,
    /// Every answer so far, by whom.
    heard: Mutex<Vec<(String, String)>>,
}

struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
    bytes: Vec<u8>,
}

impl Answered {
    /// The document, which must have been given.
    #[track_caller]
    fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        self.body
    }

    /// The message of a refusal with this status and code.
    #[track_caller]
    fn no(self, status: u16, code: &str) -> String {
        assert_eq!((self.status.as_u16(), self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        self.body["message"].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    fn id(self) -> String {
        self.ok()["id"].as_str().expect("an id").to_owned()
    }
}

impl Office {
    async fn open() -> Office {
        logs();
        let dir = tempfile::tempdir().expect("a directory");
        let running = start(Config::in_directory(dir.path())).await.expect("a server");
        let router = routes::router(Arc::clone(&running.app));
        let mut office = Office { running, router, cookies: BTreeMap::new(), dir, heard: Mutex::default() };
        for (login, role) in ROLES {
            office.hire(login, &[(role, None)]).await;
        }
        office
    }

    async fn hire(&mut self, login: &'static str, grants: &[(Role, Option<&str>)]) {
        let grant = |(role, selection): &(Role, Option<&str>)| Grant {
            role: stored_role(*role),
            selection_id: selection.map(|id| id.parse().expect("an id")),
            hall_id: None,
        };
        let staff = NewStaff {
            id: random::id(),
            login: login.to_owned(),
            name: format!("Nama {login}"),
            password_hash: hash_password(PASSWORD),
            created_utc_ms: clock::utc_ms(),
            grants: grants.iter().map(grant).collect(),
        };
        self.running.app.store.add_staff(&staff).await.expect("a new login");
        let answered = self.post("nobody", "/api/v1/staff/sign-in", json!({ "login": login, "password": PASSWORD })).await;
        let cookie = answered.headers[header::SET_COOKIE].to_str().expect("a cookie").split(';').next().unwrap_or_default().to_owned();
        self.cookies.insert(login, cookie);
    }

    async fn send(&self, who: &str, request: axum::http::request::Builder, body: Vec<u8>) -> Answered {
        let mut request = request.header("x-saksama", "1").header(header::CONTENT_LENGTH, body.len());
        if let Some(cookie) = self.cookies.get(who) {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).expect("a request")).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        self.heard.lock().expect("no panic").push((who.to_owned(), format!("{:?} {}", parts.headers, String::from_utf8_lossy(&bytes))));
        Answered { status: parts.status, headers: parts.headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null), bytes }
    }

    async fn get(&self, who: &str, path: &str) -> Answered {
        self.send(who, Request::get(path), Vec::new()).await
    }

    async fn json(&self, who: &str, method: &str, path: &str, body: Value) -> Answered {
        let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
        self.send(who, request, body.to_string().into_bytes()).await
    }

    async fn post(&self, who: &str, path: &str, body: Value) -> Answered {
        self.json(who, "POST", path, body).await
    }

    async fn put(&self, who: &str, path: &str, body: Value) -> Answered {
        self.json(who, "PUT", path, body).await
    }

    /// Files as fields of a form.
    async fn upload(&self, who: &str, path: &str, files: &[(&str, &str, &[u8])]) -> Answered {
        let mut body = Vec::new();
        for (field, name, bytes) in files {
            write!(body, "--batas\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n").expect("memory");
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--batas--\r\n");
        self.send(who, Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=batas"), body).await
    }
}

/// Everything logged by this test program, at every level.
fn logs() -> &'static Mutex<Vec<u8>> {
    static LOGS: OnceLock<&'static Mutex<Vec<u8>>> = OnceLock::new();
    struct Lines(&'static Mutex<Vec<u8>>);
    impl Write for Lines {
        fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no panic").extend_from_slice(line);
            Ok(line.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    LOGS.get_or_init(|| {
        let lines: &'static Mutex<Vec<u8>> = Box::leak(Box::default());
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(move || Lines(lines)).init();
        lines
    })
}

const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"><circle cx=\"5\" cy=\"5\" r=\"4\"/></svg>";

/// A question table: a formula, a picture, and as many plain items as asked for; `last` is appended as it is.
fn bank_csv(numeric: usize, trade: usize, last: &str) -> String {
    let mut csv = "id,section,topic,subtopic,stem,choice_a,choice_b,choice_c,key,basis\n".to_owned();
    csv.push_str("num-rumus,umum,numerik,pecahan,Hasil dari \\(\\frac{1}{2} + \\frac{1}{4}\\) adalah ...,0.25,0.5,0.75,C,DASAR-RAHASIA\n");
    csv.push_str("num-gambar,umum,numerik,bangun,\"<p>Bangun apa?</p><p><img src=\"\"gambar/bulat.svg\"\" alt=\"\"Sebuah lingkaran\"\"></p>\",Lingkaran,Persegi,Segitiga,A,\n");
    for index in 0..numeric {
        csv.push_str(&format!("num-{index:03},umum,numerik,deret,Soal deret nomor {index},Satu {index},Dua {index},Tiga {index},B,\n"));
    }
    for index in 0..trade {
        csv.push_str(&format!("gur-{index:03},bidang,guru,,Soal guru nomor {index},Satu {index},Dua {index},Tiga {index},A,\n"));
    }
    csv + last
}

fn cell(topic: &str, count: u16) -> Value {
    json!({ "topic": topic, "subtopic": null, "level": null, "difficulty": null, "count": count })
}

fn blueprint(numeric: u16, trade: u16) -> Value {
    let section = |code: &str, cells: Vec<Value>| json!({ "code": code, "title": code, "duration_s": null, "linear": false, "shuffle_items": true, "shuffle_choices": true, "cells": cells });
    json!({
        "sections": [section("umum", vec![cell("numerik", numeric)]), section("bidang", vec![cell("guru", trade)])],
        "duration_s": 3_600,
        "tie_order": ["bidang"],
    })
}

fn candidates_csv(numbers: std::ops::RangeInclusive<u32>) -> String {
    let mut csv = "participant_no,name,formation,category,accommodation,extra_time_minutes,gpa,birth_date,nik\n".to_owned();
    for number in numbers {
        csv.push_str(&format!("26-{number:04},Peserta {number},guru,umum,,0,\"3,25\",1987-04-{:02},{}\n", number % 28 + 1, nik(number)));
    }
    csv
}

/// Recognisable anywhere, also among hexadecimal ids.
const NIK: &str = "367198765432";

fn nik(number: u32) -> String {
    format!("{NIK}{number:04}")
}

/// Imports the bank of 2 + 10 numeric and 8 trade items.
async fn fill_bank(office: &Office) {
    let csv = bank_csv(10, 8, "");
    let preview =
        office.upload("penulis", "/api/v1/bank/imports", &[("file", "soal.csv", csv.as_bytes()), ("file", "bulat.svg", SVG)]).await.ok();
    let path = format!("/api/v1/bank/imports/{}/accept", preview["id"].as_str().expect("an id"));
    office.post("penulis", &path, json!({ "skip_bad": false })).await.ok();
}

/// A selection with one formation, a hall of ten seats and two spare ones, a stage with its blueprint, and a sitting.
struct SetUp {
    selection: String,
    hall: String,
    stage: String,
    sitting: String,
}

async fn set_up(office: &Office) -> SetUp {
    let new = json!({ "code": "cpns-2026", "title": "Seleksi 2026", "organiser": "BKPSDM" });
    let selection = office.post("panitia", "/api/v1/selections", new).await.id();
    let at = |what: &str| format!("/api/v1/selections/{selection}/{what}");
    office.post("panitia", &at("formations"), json!({ "code": "guru", "title": "Guru Ahli Pertama", "slots": 3 })).await.id();
    let hall = json!({ "code": "aula", "title": "Aula", "rows": 3, "columns": 4, "spare": 2 });
    let hall = office.post("panitia", &at("halls"), hall).await.id();
    let stage = office.post("panitia", &at("stages"), json!({ "code": "skb", "title": "Seleksi Kompetensi" })).await.id();
    office
        .put("panitia", &format!("/api/v1/stages/{stage}/blueprint"), json!({ "formation": null, "blueprint": blueprint(5, 4) }))
        .await
        .ok();
    let starts_utc_ms = clock::utc_ms() + 600_000;
    let sitting = json!({ "stage": stage, "hall": hall, "code": "sesi-01", "starts_utc_ms": starts_utc_ms });
    let sitting = office.post("panitia", &at("sittings"), sitting).await.id();
    SetUp { selection, hall, stage, sitting }
}

impl SetUp {
    fn at(&self, what: &str) -> String {
        format!("/api/v1/selections/{}/{what}", self.selection)
    }

    fn import(&self, accept: bool) -> String {
        self.at(&format!("candidates/import?accept={accept}"))
    }

    fn draw(&self) -> String {
        format!("/api/v1/sittings/{}/draw", self.sitting)
    }

    async fn view(&self, office: &Office) -> Value {
        office.get("panitia", &format!("/api/v1/selections/{}", self.selection)).await.ok()
    }

    /// Ten candidates with places.
    async fn enrol(&self, office: &Office) {
        let csv = candidates_csv(1..=10);
        let report = office.upload("panitia", &self.import(true), &[("file", "peserta.csv", csv.as_bytes())]).await.ok();
        assert_eq!((&report["accepted"], &report["new"]), (&json!(true), &json!(10)), "{report}");
        office.post("panitia", &format!("/api/v1/stages/{}/assign", self.stage), json!({ "sittings": [], "seats": false })).await.ok();
    }

    async fn proctor(&self, office: &Office, act: &str) -> Answered {
        let id: question_bank::id::CommandId = random::id();
        let command = json!({ "id": id.to_string(), "act": { "do": act }, "reason": "" });
        office.post("pengawas", &format!("/api/v1/sittings/{}/commands", self.sitting), command).await
    }
}

#[tokio::test]
async fn a_bank_is_looked_at_and_then_accepted() {
    let office = Office::open().await;
    let broken = bank_csv(3, 2, "gur-bad,bidang,guru,,Soal tanpa kunci,Satu,Dua,Tiga,,\n");
    let files: [(&str, &str, &[u8]); 2] = [("file", "soal.csv", broken.as_bytes()), ("file", "bulat.svg", SVG)];
    let preview = office.upload("penulis", "/api/v1/bank/imports", &files).await.ok();
    assert_eq!([&preview["good"], &preview["bad"], &preview["new"]], [7, 1, 7], "{preview}");
    let problem = &preview["problems"][0];
    assert_eq!(
        (problem["row"].as_u64(), problem["code"].as_str(), problem["file"].as_str()),
        (Some(9), Some("key_missing"), Some("soal.csv"))
    );
    assert!(preview["items"][0]["stem"].as_str().is_some_and(|stem| stem.contains("<math")), "{preview}");
    assert_eq!(preview["items"][0]["weights"], json!(["0", "0", "5"]));

    // The picture can be looked at before anything is accepted, by those who may see items.
    let stem = preview["items"][1]["stem"].as_str().expect("a stem").to_owned();
    let picture = stem.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a picture").to_owned();
    let shown = office.get("penulis", &picture).await;
    assert_eq!((shown.status, &shown.headers[header::CONTENT_TYPE]), (StatusCode::OK, &"image/svg+xml".parse().expect("a header")));
    assert!(shown.headers[header::CONTENT_SECURITY_POLICY].to_str().is_ok_and(|policy| policy.ends_with("sandbox")));
    assert_eq!(shown.headers[header::CACHE_CONTROL], "private, max-age=31536000, immutable");
    assert_eq!(office.get("nobody", &picture).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(office.get("registrar", &picture).await.status, StatusCode::FORBIDDEN);
    assert_eq!(office.get("penulis", "/api/v1/bank/items").await.ok()["total"], 0);

    let accept = format!("/api/v1/bank/imports/{}/accept", preview["id"].as_str().expect("an id"));
    office.post("penulis", &accept, json!({ "skip_bad": false })).await.no(409, "import_bad_items");
    let done = office.post("panitia", &accept, json!({ "skip_bad": true })).await.ok();
    assert_eq!([&done["new"], &done["changed"], &done["unchanged"], &done["skipped"]], [7, 0, 0, 1]);
    office.post("panitia", &accept, json!({ "skip_bad": true })).await.no(404, "not_found");

    // The whole table, mended: what is there already stays as it is.
    let mended = bank_csv(3, 2, "gur-bad,bidang,guru,,Soal tanpa kunci,Satu,Dua,Tiga,B,\n");
    let files: [(&str, &str, &[u8]); 2] = [("file", "soal.csv", mended.as_bytes()), ("file", "bulat.svg", SVG)];
    let preview = office.upload("penulis", "/api/v1/bank/imports", &files).await.ok();
    assert_eq!([&preview["bad"], &preview["new"], &preview["unchanged"]], [0, 1, 7]);
    let forgotten = format!("/api/v1/bank/imports/{}", preview["id"].as_str().expect("an id"));
    assert_eq!(office.json("penulis", "DELETE", &forgotten, Value::Null).await.status, StatusCode::NO_CONTENT);
    office.post("penulis", &format!("{forgotten}/accept"), json!({ "skip_bad": false })).await.no(404, "not_found");
}

#[tokio::test]
async fn keys_are_for_authors_and_the_committee() {
    let mut office = Office::open().await;
    fill_bank(&office).await;
    let selection =
        office.post("panitia", "/api/v1/selections", json!({ "code": "lain", "title": "Lain", "organiser": "BKPSDM" })).await.id();
    office.hire("panitia-lain", &[(Role::Committee, Some(&selection))]).await;
    for (who, keys) in [("penulis", true), ("panitia", true), ("auditor", false), ("panitia-lain", false)] {
        let page = office.get(who, "/api/v1/bank/items?section=umum&find=RUMUS&page=1").await.ok();
        assert_eq!((&page["total"], page["cells"].as_array().map(Vec::len)), (&json!(1), Some(4)), "{page}");
        let item = &page["items"][0];
        assert_eq!(
            (item["weights"].as_array().map(Vec::len), item["basis"] == "DASAR-RAHASIA"),
            (Some(if keys { 3 } else { 0 }), keys),
            "{who}"
        );
        let path = format!("/api/v1/bank/items/{}", item["code"].as_str().expect("a code"));
        assert_eq!(&office.get(who, &path).await.ok(), item);
        let expected = if keys { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(office.get(who, "/api/v1/bank/export.csv").await.status, expected, "{who}");
    }
    office.get("penulis", "/api/v1/bank/items/tidak-ada").await.no(404, "not_found");
    office.get("registrar", "/api/v1/bank/items").await.no(403, "forbidden");

    // What leaves comes back the same, pictures included; and the template can be imported as it is.
    let zip = office.get("penulis", "/api/v1/bank/export.zip").await.bytes;
    let again = office.upload("penulis", "/api/v1/bank/imports", &[("file", "soal.zip", &zip)]).await.ok();
    assert_eq!([&again["bad"], &again["new"], &again["changed"], &again["unchanged"]], [0, 0, 0, 20], "{}", again["problems"]);
    for name in ["template.csv", "template.xlsx"] {
        let template = office.get("penulis", &format!("/api/v1/bank/{name}")).await;
        assert!(template.headers[header::CONTENT_DISPOSITION].to_str().is_ok_and(|name| name.starts_with("attachment; filename=\"soal.")));
        let read = office.upload("penulis", "/api/v1/bank/imports", &[("file", name, &template.bytes)]).await.ok();
        assert_eq!([&read["good"], &read["bad"]], [2, 0], "{name}");
    }
    let bad = office.upload("penulis", "/api/v1/bank/imports", &[("file", "a.json", b"[]"), ("mapping", "a.toml", b"kind = 1")]).await;
    assert!(bad.no(422, "mapping_bad").contains("baris 1"));
    office.upload("penulis", "/api/v1/bank/imports", &[]).await.no(422, "file_missing");
}

#[tokio::test]
async fn a_committee_sets_up_a_selection_from_nothing() {
    let office = Office::open().await;
    fill_bank(&office).await;
    let set = set_up(&office).await;
    let view = set.view(&office).await;
    let labels: Vec<&str> = view["halls"][0]["seats"].as_array().expect("seats").iter().filter_map(|seat| seat["label"].as_str()).collect();
    assert_eq!((labels.len(), labels[0], labels[4], labels[11]), (12, "A-01", "B-01", "C-04"));
    assert_eq!(view["halls"][0]["seats"][9]["spare"], false);
    assert_eq!(view["halls"][0]["seats"][10]["spare"], true);
    assert_eq!(view["stages"][0]["blueprints"], json!([{ "formation": null, "blueprint": blueprint(5, 4) }]));
    assert_eq!((&view["sittings"][0]["phase"], &view["sittings"][0]["enrolled"]), (&json!("planned"), &json!(0)));

    // What is wrong is named by its place.
    let same = json!({ "code": "cpns-2026", "title": "Seleksi 2026", "organiser": "BKPSDM" });
    office.post("panitia", "/api/v1/selections", same).await.no(409, "code_taken");
    let badly = json!({ "code": "CPNS 2026", "title": "Seleksi 2026", "organiser": "BKPSDM" });
    office.post("panitia", "/api/v1/selections", badly).await.no(422, "value_bad");
    let put = format!("/api/v1/stages/{}/blueprint", set.stage);
    let bad = office.put("panitia", &put, json!({ "formation": null, "blueprint": blueprint(5, 0) })).await;
    assert_eq!(bad.body["details"], json!(["sections[1].cells[0].count: setiap sel mengambil paling sedikit satu soal"]));
    bad.no(422, "blueprint_bad");
    let changed = json!({ "starts_utc_ms": clock::utc_ms() + 900_000, "policy": { "check_in_closes_before_s": 5_400 } });
    office.put("panitia", &format!("/api/v1/sittings/{}", set.sitting), changed).await.no(422, "value_bad");
    let changed = json!({ "starts_utc_ms": clock::utc_ms() + 900_000, "policy": { "grace_ms": 1_500 } });
    office.put("panitia", &format!("/api/v1/sittings/{}", set.sitting), changed).await.ok();
    assert_eq!(set.view(&office).await["sittings"][0]["policy"]["grace_ms"], 1_500);

    candidates_all_or_none(&office, &set).await;
    places_and_papers(&office, &set).await;
    open_doors_close_the_setup(&office, &set).await;
}

/// Errors by row first, then a clean table, then the same again.
async fn candidates_all_or_none(office: &Office, set: &SetUp) {
    let wrong = candidates_csv(1..=12) + "26-0003,Peserta kembar,dokter,umum,,500,\"3,25\",1987-13-01,123\n";
    let wrong: [(&str, &str, &[u8]); 1] = [("file", "peserta.csv", wrong.as_bytes())];
    let report = office.upload("panitia", &set.import(true), &wrong).await.ok();
    let found: Vec<(u64, &str, &str)> = report["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .map(|one| (one["row"].as_u64().unwrap_or(0), one["field"].as_str().unwrap_or(""), one["code"].as_str().unwrap_or("")))
        .collect();
    let expected = [
        ("formation", "formation_unknown"),
        ("extra_time_minutes", "value_bad"),
        ("birth_date", "value_bad"),
        ("nik", "value_bad"),
        ("participant_no", "participant_twice"),
    ];
    assert_eq!(found, expected.map(|(field, code)| (14, field, code)));
    assert_eq!((&report["accepted"], &report["rows"]), (&json!(false), &json!(13)));
    assert_eq!(office.get("panitia", &set.at("candidates")).await.ok()["total"], 0);

    let right = candidates_csv(1..=12);
    let right: [(&str, &str, &[u8]); 1] = [("file", "peserta.csv", right.as_bytes())];
    let looked = office.upload("panitia", &set.import(false), &right).await.ok();
    assert_eq!((&looked["accepted"], &looked["new"], looked["preview"].as_array().map(Vec::len)), (&json!(false), &json!(12), Some(12)));
    assert_eq!(office.upload("panitia", &set.import(true), &right).await.ok()["accepted"], true);
    let again = office.upload("panitia", &set.import(true), &right).await.ok();
    assert_eq!([&again["new"], &again["changed"], &again["unchanged"]], [0, 0, 12]);
    let page = office.get("auditor", &set.at("candidates?find=26-0012")).await.ok();
    assert_eq!(
        (&page["total"], &page["candidates"][0]["formation"], &page["candidates"][0]["sitting"]),
        (&json!(1), &json!("guru"), &Value::Null)
    );

    for name in ["template.csv", "template.xlsx"] {
        let template = office.get("panitia", &set.at(&format!("candidates/{name}"))).await;
        let report = office.upload("panitia", &set.import(true), &[("file", name, &template.bytes)]).await.ok();
        assert_eq!((&report["rows"], &report["problems"][0]["code"]), (&json!(1), &json!("example_row")), "{report}");
        assert_eq!(report["problems"].as_array().map(Vec::len), Some(1));
    }
}

/// Ten places for twelve people; papers are drawn, and drawn anew with a new blueprint.
async fn places_and_papers(office: &Office, set: &SetUp) {
    office.post("panitia", &set.draw(), json!({})).await.no(409, "nobody_enrolled");
    let assign = format!("/api/v1/stages/{}/assign", set.stage);
    let assigned = office.post("panitia", &assign, json!({ "sittings": [set.sitting], "seats": false })).await.ok();
    assert_eq!(assigned, json!({ "assigned": 10, "left_over": 2 }));
    let again = office.post("panitia", &assign, json!({})).await.ok();
    assert_eq!(again, json!({ "assigned": 0, "left_over": 2 }));

    let put = format!("/api/v1/stages/{}/blueprint", set.stage);
    office.put("panitia", &put, json!({ "formation": null, "blueprint": blueprint(13, 4) })).await.ok();
    let short = office.post("panitia", &set.draw(), json!({})).await;
    assert_eq!(short.body["details"], json!(["umum: topik numerik"]));
    let message = short.no(422, "cell_short");
    assert_eq!(message, "Bank soal kurang untuk bagian umum, topik numerik: perlu 13 soal, tersedia 12.");
    assert_eq!(set.view(office).await["sittings"][0]["drawn"], 0);
    office.put("panitia", &put, json!({ "formation": null, "blueprint": blueprint(5, 4) })).await.ok();

    let report = office.post("panitia", &set.draw(), json!({})).await.ok();
    assert_eq!((&report["papers"], &report["algorithm"], &report["seed"]), (&json!(10), &json!("draw/v1"), &Value::Null));
    assert_eq!(report["cells"][0], json!({ "formation": null, "section": "umum", "cell": "topic numerik", "available": 12, "count": 5 }));
    assert!(report["neighbour_pairs"].as_u64().is_some_and(|pairs| pairs > 0), "{report}");
    assert_eq!(office.get("auditor", &set.draw()).await.ok(), report);
    let page = office.get("panitia", &set.at("candidates")).await.ok();
    let seated = page["candidates"].as_array().expect("candidates").iter().filter(|one| one["seat"].is_string());
    let seats: Vec<&str> = seated.filter_map(|one| one["seat"].as_str()).collect();
    assert!(seats.len() == 10 && !seats.contains(&"C-03") && !seats.contains(&"C-04"), "spare seats stay free: {seats:?}");

    // A blueprint for which the bank is too small is refused, and nothing has changed; a smaller one draws everything anew.
    let before = papers(office, set).await;
    office.put("panitia", &put, json!({ "formation": null, "blueprint": blueprint(13, 4) })).await.no(422, "cell_short");
    assert_eq!(papers(office, set).await, before);
    office.put("panitia", &put, json!({ "formation": null, "blueprint": blueprint(4, 4) })).await.ok();
    let after = papers(office, set).await;
    assert!(after.iter().all(|length| *length == 8) && before.iter().all(|length| *length == 9), "{before:?} {after:?}");
}

/// Lengths of the papers as the sitting's owner knows them.
async fn papers(office: &Office, set: &SetUp) -> Vec<u16> {
    let hall = office.running.app.halls.get(set.sitting.parse().expect("an id")).expect("a sitting");
    hall.facts().people.iter().filter_map(|person| Some(person.paper.as_ref()?.len())).collect()
}

/// From the moment the doors are open the journal is the truth, and setting up is over.
async fn open_doors_close_the_setup(office: &Office, set: &SetUp) {
    let later = json!({ "stage": set.stage, "hall": set.hall, "code": "sesi-02", "starts_utc_ms": clock::utc_ms() + 7_200_000 });
    let later = office.post("panitia", &set.at("sittings"), later).await.id();
    let page = office.get("panitia", &set.at("candidates")).await.ok();
    let enrolment = |index: usize| page["candidates"][index]["enrolment"].as_str().expect("an enrolment").to_owned();
    let moved = format!("/api/v1/enrolments/{}/reschedule", enrolment(0));
    office.post("panitia", &moved, json!({ "sitting": later, "reason": " " })).await.no(409, "reason_missing");
    office.post("panitia", &moved, json!({ "sitting": set.sitting, "reason": "Sakit" })).await.no(409, "in_this_sitting");
    office.post("panitia", &moved, json!({ "sitting": later, "reason": "Sakit" })).await.ok();
    let first = office.get("panitia", &set.at("candidates?find=26-0001")).await.ok();
    assert_eq!((&first["candidates"][0]["sitting"], &first["candidates"][0]["seat"]), (&json!("sesi-02"), &Value::Null));
    let attempt = |index: usize| format!("/api/v1/enrolments/{}/attempts", enrolment(index));
    office.post("panitia", &attempt(1), json!({ "sitting": later, "reason": "Listrik padam" })).await.no(409, "attempt_planned");

    set.proctor(office, "open").await.ok();
    an_old_id_gets_no_pin(office, set, &later).await;
    office.post("panitia", &set.draw(), json!({})).await.no(409, "sitting_open");
    let change = json!({ "starts_utc_ms": clock::utc_ms() + 900_000, "policy": {} });
    office.put("panitia", &format!("/api/v1/sittings/{}", set.sitting), change).await.no(409, "sitting_open");
    let put = json!({ "formation": null, "blueprint": blueprint(5, 4) });
    office.put("panitia", &format!("/api/v1/stages/{}/blueprint", set.stage), put).await.no(409, "stage_under_way");
    let policy = json!({ "names": "none" });
    office.put("panitia", &set.at("policy"), policy.clone()).await.no(409, "sitting_under_way");
    let moved = format!("/api/v1/enrolments/{}/reschedule", enrolment(2));
    office.post("panitia", &moved, json!({ "sitting": later, "reason": "Sakit" })).await.no(409, "sitting_open");
    let assign = json!({ "sittings": [set.sitting] });
    office.post("panitia", &format!("/api/v1/stages/{}/assign", set.stage), assign).await.no(409, "sitting_open");
    assert_eq!(office.get("panitia", &set.draw()).await.ok()["seed"], Value::Null, "secret while the sitting is open");

    set.proctor(office, "close").await.ok();
    let report = office.get("panitia", &set.draw()).await.ok();
    assert_eq!(report["seed"].as_str().map(str::len), Some(64), "{report}");
    office.put("panitia", &set.at("policy"), policy).await.ok();
    assert_eq!(set.view(office).await["policy"]["names"], "none");
    office.post("panitia", &attempt(1), json!({ "sitting": later, "reason": "Listrik padam" })).await.id();
    let page = office.get("panitia", &set.at("candidates?find=26-0002")).await.ok();
    assert_eq!((&page["candidates"][0]["attempts"], &page["candidates"][0]["sitting"]), (&json!(2), &json!("sesi-02")));
}

/// An accepted id is answered "done" whatever the act says now; it must not bring the PIN of somebody who was not moved, in another hall even.
async fn an_old_id_gets_no_pin(office: &Office, set: &SetUp, other: &str) {
    let hall = |sitting: &str| office.running.app.halls.get(sitting.parse().expect("an id")).expect("a sitting");
    let (here, elsewhere) = (hall(&set.sitting), hall(other));
    let commands = format!("/api/v1/sittings/{}/commands", set.sitting);
    let id = random::id::<()>().to_string();
    let note = json!({ "id": id, "act": { "do": "note", "session": null, "text": "Catatan" }, "reason": "" });
    office.post("pengawas", &commands, note).await.ok();
    for person in [&elsewhere.facts().people[0], &here.facts().people[0]] {
        let act = json!({ "do": "move", "session": person.session.to_string(), "seat": here.facts().seats[0].id });
        let answer = office.post("pengawas", &commands, json!({ "id": id, "act": act, "reason": "Komputer rusak" })).await.ok();
        assert_eq!((&answer["t"], &answer["pin"]), (&json!("done"), &Value::Null), "{answer}");
    }
}

#[tokio::test]
async fn everybody_may_what_their_role_says() {
    let mut office = Office::open().await;
    fill_bank(&office).await;
    let set = set_up(&office).await;
    let other = office.post("panitia", "/api/v1/selections", json!({ "code": "lain", "title": "Lain", "organiser": "BKPSDM" })).await.id();
    office.hire("panitia-lain", &[(Role::Committee, Some(&other))]).await;
    let selection = format!("/api/v1/selections/{}", set.selection);
    let blueprint_of = format!("/api/v1/stages/{}/blueprint", set.stage);
    let all = ["admin", "penulis", "panitia", "registrar", "pengawas", "auditor", "panitia-lain"];
    let readable: [(&str, &[&str]); 6] = [
        ("/api/v1/selections", &["admin", "penulis", "panitia", "auditor", "panitia-lain"]),
        (&selection, &["admin", "penulis", "panitia", "auditor"]),
        (&blueprint_of, &["admin", "penulis", "panitia", "auditor"]),
        (&set.at("candidates"), &["panitia", "auditor"]),
        (&set.at("candidates/template.csv"), &["panitia", "auditor"]),
        ("/api/v1/bank/items", &["penulis", "panitia", "auditor", "panitia-lain"]),
    ];
    for (path, allowed) in readable {
        for who in all {
            let expected = if allowed.contains(&who) { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(office.get(who, path).await.status, expected, "{who} reads {path}");
        }
        assert_eq!(office.get("nobody", path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let seen = office.get("panitia-lain", "/api/v1/selections").await.ok();
    assert_eq!(seen.as_array().map(Vec::len), Some(1), "only their own selection is listed");

    let sitting = json!({ "stage": set.stage, "hall": set.hall, "code": "sesi-09", "starts_utc_ms": clock::utc_ms() });
    let writable = [
        ("POST", "/api/v1/selections".to_owned(), json!({ "code": "x", "title": "X", "organiser": "X" })),
        ("POST", set.at("stages"), json!({ "code": "x", "title": "X" })),
        ("POST", set.at("formations"), json!({ "code": "x", "title": "X", "slots": 1 })),
        ("POST", set.at("halls"), json!({ "code": "x", "title": "X", "rows": 1, "columns": 2, "spare": 0 })),
        ("POST", set.at("sittings"), sitting),
        ("PUT", set.at("policy"), json!({})),
        ("PUT", blueprint_of.clone(), json!({ "formation": null, "blueprint": blueprint(5, 4) })),
        ("PUT", format!("/api/v1/sittings/{}", set.sitting), json!({ "starts_utc_ms": clock::utc_ms(), "policy": {} })),
        ("POST", format!("/api/v1/stages/{}/assign", set.stage), json!({})),
        ("POST", set.draw(), json!({})),
    ];
    for (method, path, body) in writable {
        for who in all.into_iter().filter(|who| *who != "panitia") {
            office.json(who, method, &path, body.clone()).await.no(403, "forbidden");
        }
        office.json("nobody", method, &path, body).await.no(401, "sign_in");
    }
    for who in all.into_iter().filter(|who| !["penulis", "panitia"].contains(who)) {
        office.upload(who, "/api/v1/bank/imports", &[("file", "a.csv", b"id")]).await.no(403, "forbidden");
    }
    // Nothing of this was done.
    let view = set.view(&office).await;
    assert_eq!((view["stages"].as_array().map(Vec::len), view["halls"].as_array().map(Vec::len)), (Some(1), Some(1)));
}

#[tokio::test]
async fn birth_dates_and_identity_numbers_come_out_nowhere() {
    let office = Office::open().await;
    fill_bank(&office).await;
    let set = set_up(&office).await;
    let spoilt = candidates_csv(1..=10) + &format!("26-0099,Peserta,guru,umum,,0,3,1987-04-31,{}\n", nik(99));
    office.upload("panitia", &set.import(true), &[("file", "peserta.csv", spoilt.as_bytes())]).await.ok();
    let longer = candidates_csv(1..=10) + &format!("26-0098,Peserta,guru,umum,,0,3,1987-04-30,{}0\n", nik(98));
    office.upload("panitia", &set.import(true), &[("file", "peserta.csv", longer.as_bytes())]).await.ok();
    set.enrol(&office).await;
    office.post("panitia", &set.draw(), json!({})).await.ok();
    for (who, _) in ROLES {
        for path in
            ["candidates", "candidates?find=1987-04", "candidates?find=367198765432", "candidates/template.csv", "candidates/template.xlsx"]
        {
            office.get(who, &set.at(path)).await;
        }
        for path in [format!("/api/v1/selections/{}", set.selection), set.draw(), "/api/v1/selections".to_owned()] {
            office.get(who, &path).await;
        }
    }
    assert_eq!(office.get("panitia", &set.at("candidates?find=1987-04")).await.ok()["total"], 0, "what is private is not searched either");
    // The desk compares birth dates with identity cards, and only the desk: without it this test could not tell that it would find one.
    let desk = office.get("registrar", &format!("/api/v1/desk/sittings/{}/candidates", set.sitting)).await.ok().to_string();
    assert!(desk.contains("1987-04-02") && !desk.contains(NIK), "{desk}");
    for (who, text) in office.heard.lock().expect("no panic").iter() {
        assert!(!text.contains(NIK), "{who} got an identity number: {text}");
        assert!(!text.contains("1987-04") || who == "registrar", "{who} got a birth date: {text}");
    }
    let logged = String::from_utf8_lossy(&logs().lock().expect("no panic")).into_owned();
    assert!(logged.contains("imported candidates"), "logs are heard");
    let private = logged.lines().find(|line| line.contains(NIK) || line.contains("1987-04"));
    assert_eq!(private, None, "the log has private data");
}

#[tokio::test]
async fn a_newcomer_can_try_the_demonstration() {
    logs();
    let dir = tempfile::tempdir().expect("a directory");
    let running = start(config_in(dir.path())).await.expect("a server");
    let credentials = demo::seed(&running.app).await.expect("a demonstration");
    assert_eq!(demo::seed(&running.app).await.expect("the same").staff, credentials.staff);
    let router = routes::router(Arc::clone(&running.app));
    let mut office = Office { running, router, cookies: BTreeMap::new(), dir, heard: Mutex::default() };
    let shown = office.get("nobody", "/api/v1/demo").await.ok();
    assert_eq!(shown, serde_json::to_value(&credentials).expect("JSON"));
    assert_eq!(shown["candidates"].as_array().map(Vec::len), Some(8));
    for person in &credentials.staff {
        let asked = json!({ "login": person.login, "password": person.password });
        let answered = office.post("nobody", "/api/v1/staff/sign-in", asked).await;
        let cookie = answered.headers[header::SET_COOKIE].to_str().expect("a cookie").split(';').next().unwrap_or_default().to_owned();
        assert_eq!(answered.ok()["grants"][0]["role"], person.role.as_str());
        office.cookies.insert(Box::leak(person.login.clone().into_boxed_str()), cookie);
    }
    let sittings = office.get("registrar", "/api/v1/desk/sittings").await.ok();
    assert_eq!((&sittings[0]["phase"], &sittings[0]["enrolled"], &sittings[0]["drawn"]), (&json!("open"), &json!(60), &json!(true)));
    let list = format!("/api/v1/desk/sittings/{}/candidates?find=2026-0001", sittings[0]["id"].as_str().expect("an id"));
    let desk = office.get("registrar", &list).await.ok();
    assert_eq!((&desk["window"]["open"], &desk["counts"]["enrolled"]), (&json!(true), &json!(60)), "{desk}");
    let check_in = json!({ "id": random::id::<()>().to_string(), "identity_confirmed": true, "documents": ["ktp"] });
    let path = format!("/api/v1/desk/sessions/{}/check-in", desk["people"][0]["session"].as_str().expect("a session"));
    let pin = office.post("registrar", &path, check_in).await.ok();
    let asked = json!({ "participant_no": "2026-0001", "pin": pin["pin"] });
    // A second click: one of the two is in, and its epoch is the one that speaks.
    let click = || office.post("nobody", "/api/v1/terminal/sign-in", asked.clone());
    let (one, two) = tokio::join!(click(), click());
    let (seated, late) = if one.status.is_success() { (one, two) } else { (two, one) };
    late.no(409, "pin_wrong");
    let cookie = seated.headers[header::SET_COOKIE].to_str().expect("a cookie").split(';').next().unwrap_or_default().to_owned();
    office.cookies.insert("peserta", cookie);
    let seated = seated.ok();
    assert_eq!((&seated["name"], seated["sections"].as_array().map(Vec::len)), (&json!(credentials.candidates[0].name), Some(3)));
    pictures_from_the_start_on(&office, sittings[0]["id"].as_str().expect("an id"), seated["session"].as_str().expect("an id")).await;
    kept_private(&office.dir.path().join("demo.json"));

    // A second start finds everything as it was.
    office.running.stop().await;
    let running = start(config_in(office.dir.path())).await.expect("a server");
    assert_eq!(demo::seed(&running.app).await.expect("the same"), credentials);
    assert_eq!(running.app.store.selections().await.expect("selections").len(), 1);
    running.stop().await;
}

/// A terminal gets pictures when its exam has started, and not before.
async fn pictures_from_the_start_on(office: &Office, sitting: &str, session: &str) {
    let bank = office.get("penulis", "/api/v1/bank/items?topic=figural").await.ok().to_string();
    let picture = format!("/media/{}", &bank.split("/media/").nth(1).expect("a picture")[..64]);
    office.get("peserta", &picture).await.no(403, "forbidden");
    let (sitting, session) = (sitting.parse().expect("an id"), session.parse().expect("an id"));
    let hall = office.running.app.halls.get(sitting).expect("a sitting");
    hall.command(Actor::System, None, random::id(), Order::Sitting(SittingOrder::Start)).await.expect("started");
    for (seq, order) in [(1, SessionOrder::Consent as fn(TerminalStamp) -> SessionOrder), (2, SessionOrder::Start)] {
        let stamp = TerminalStamp { epoch: 1, seq };
        let id = terminal_command_id(stamp);
        hall.command(Actor::Candidate, None, id, Order::Session(session, order(stamp))).await.expect("accepted");
    }
    for _ in 0..2 {
        assert_eq!(office.get("peserta", &picture).await.headers[header::CONTENT_TYPE], "image/svg+xml");
    }
    office.get("peserta", "/media/00").await.no(404, "not_found");
}

/// Doors that are opened while papers are drawn anew: whichever comes first, the journal and the stored papers agree afterwards.
#[tokio::test]
async fn a_draw_and_an_opening_at_once_agree() {
    let office = Office::open().await;
    fill_bank(&office).await;
    let set = set_up(&office).await;
    let csv = candidates_csv(1..=10);
    office.upload("panitia", &set.import(true), &[("file", "peserta.csv", csv.as_bytes())]).await.ok();
    let booth = office
        .post("panitia", &set.at("halls"), json!({ "code": "bilik", "title": "Bilik", "rows": 1, "columns": 1, "spare": 0 }))
        .await
        .id();
    for round in 0..10 {
        let new = json!({ "stage": set.stage, "hall": booth, "code": format!("bilik-{round}"), "starts_utc_ms": clock::utc_ms() });
        let sitting = office.post("panitia", &set.at("sittings"), new).await.id();
        let set = SetUp { sitting, selection: set.selection.clone(), hall: booth.clone(), stage: set.stage.clone() };
        office.post("panitia", &format!("/api/v1/stages/{}/assign", set.stage), json!({ "sittings": [set.sitting] })).await.ok();
        let before = office.running.app.halls.get(set.sitting.parse().expect("an id")).expect("a sitting");
        office.post("panitia", &set.draw(), json!({})).await.ok();
        assert_eq!(before.read(|_| ()).await, Err(Refusal::Busy), "an owner ended before the next one began");
        let later = async {
            // Every round a little later, so that the opening meets the draw at different steps.
            for _ in 0..1_u32 << round {
                tokio::task::yield_now().await;
            }
            set.proctor(&office, "open").await
        };
        let draw = set.draw();
        let (drawn, open) = tokio::join!(office.post("panitia", &draw, json!({})), later);
        open.ok();
        assert!(drawn.status.is_success() || drawn.body["code"] == "sitting_open", "{}", drawn.body);
        let hall = office.running.app.halls.get(set.sitting.parse().expect("an id")).expect("a sitting");
        let stored: Vec<_> = hall.facts().people.iter().filter_map(|person| Some(person.paper.as_ref()?.digest())).collect();
        let recorded = hall.read(|state| state.log().flat_map(|record| &record.events).filter_map(prepared).collect::<Vec<_>>()).await;
        assert_eq!(recorded.expect("a look"), stored, "round {round}");
    }
    // After the stop no owner begins any more, whatever was still being changed; who asks is told "busy" and not that there is no such sitting.
    let halls = &office.running.app.halls;
    let last = halls.all().pop().expect("a sitting").sitting();
    halls.stop().await;
    halls.reload(last).await.expect("nothing to do");
    assert_eq!(halls.get(last).expect("a sitting").read(|_| ()).await, Err(Refusal::Busy));
}

/// The paper an opening recorded.
fn prepared(event: &Event) -> Option<Digest32> {
    match event {
        Event::Session(_, SessionEvent::Prepared { paper, .. }) => Some(*paper),
        _ => None,
    }
}

fn config_in(dir: &std::path::Path) -> Config {
    Config { demo: true, ..Config::in_directory(dir) }
}

#[cfg(unix)]
fn kept_private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn the_demonstration_is_never_added_to_something_real() {
    let office = Office::open().await;
    assert!(matches!(demo::seed(&office.running.app).await, Err(demo::Error::NotEmpty)));
    office.get("nobody", "/api/v1/demo").await.no(404, "not_found");
    assert!(!office.dir.path().join("demo.json").exists());
}
