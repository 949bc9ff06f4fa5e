//! Overload, with the real server: a full lane sends its own people away and nobody else, what gave way comes back by itself, and answers go on
//! through all of it.

use anyhow::{Context, Result, bail, ensure};
use loadtest::sitting::{open, seat_people, start};
use loadtest::terminal::{Reply, Seated, Terminal};
use reqwest::header::{AGE, RETRY_AFTER};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tests::{People, Plan, Server, set_up};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wire::RefusalBody;
use wire::terminal::{PaperFrame, TerminalFrame, TerminalNews};

/// What is waited for comes within this, or never.
const WITHIN: Duration = Duration::from_secs(60);

/// A terminal that answers.
struct Answering {
    terminal: Terminal,
    paper: PaperFrame,
    seq: u32,
}

impl Answering {
    async fn begin(seated: &Seated) -> Result<Answering> {
        let mut terminal = seated.connect("first", None).await?;
        let (mut seq, mut paper) = (0, None);
        while paper.is_none() {
            match terminal.hear().await? {
                Ok(TerminalNews::Welcome(welcome)) => {
                    seq = welcome.next_seq;
                    terminal.say(&TerminalFrame::Consent { seq }).await?;
                    terminal.say(&TerminalFrame::Start { seq: seq + 1 }).await?;
                    seq += 2;
                }
                Ok(TerminalNews::Paper(frame)) => paper = Some(*frame),
                Ok(_) => {}
                Err(code) => bail!("closed with {code}"),
            }
        }
        Ok(Answering { terminal, paper: paper.context("a paper")?, seq })
    }

    /// Answers once, and has it acknowledged.
    async fn answer(&mut self) -> Result<()> {
        let position = (self.seq as usize % self.paper.items.len()) as u16;
        let item = &self.paper.items[usize::from(position)];
        let seq = self.seq;
        let frame = TerminalFrame::Answer { seq, position, item: item.item.clone(), choices: vec![item.choices[0].id] };
        let reply = self.terminal.ask(&frame, seq, |_| ()).await?;
        ensure!(reply == Reply::Saved, "answer {seq}: {reply:?}");
        self.seq += 1;
        Ok(())
    }
}

/// An exam that runs on a server with these settings.
struct Running {
    server: Server,
    people: People,
    seated: Vec<Seated>,
    answering: Vec<Answering>,
}

impl Running {
    async fn start(settings: &[&str]) -> Result<Running> {
        let server = Server::start_with(settings).await?;
        let people = People::new(&server).await?;
        let exam = set_up(&people, &Plan { candidates: 4, ..Plan::default() }).await?;
        open(&people.proctor, &exam.sitting).await?;
        let seated = seat_people(&people.registrar, &server.base, &exam.sitting.id, 4, |_| ()).await?;
        start(&people.proctor, &exam.sitting.id).await?;
        let mut answering = Vec::new();
        for seated in &seated {
            answering.push(Answering::begin(seated).await?);
        }
        Ok(Running { server, people, seated, answering })
    }

    /// A stranger asks.
    async fn get(&self, path: &str) -> Result<reqwest::Response> {
        Ok(reqwest::get(format!("{}{path}", self.server.base)).await?)
    }

    /// Waits until a number is as it should be.
    async fn until(&self, number: &str, wished: f64) -> Result<()> {
        let began = Instant::now();
        loop {
            let text = self.get("/metrics").await?.text().await?;
            let value = text.lines().find_map(|line| line.strip_prefix(number)?.trim().parse::<f64>().ok());
            if value == Some(wished) {
                return Ok(());
            }
            ensure!(began.elapsed() < WITHIN, "{number} is {value:?} and never {wished}");
        }
    }

    /// A request whose body does not come to its end, so that it keeps its place.
    async fn hold(&self, path: &str, kind: &str, cookie: &str, body: &str) -> Result<TcpStream> {
        let address = self.server.base.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await?;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nx-saksama: 1\r\ncookie: {cookie}\r\ncontent-type: {kind}\r\ncontent-length: 1000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await?;
        Ok(stream)
    }

    /// The cookie of somebody who signs in.
    async fn cookie(&self, login: &str, role: &str) -> Result<String> {
        let password = self.server.create_staff(login, role)?;
        let body = serde_json::json!({ "login": login, "password": password });
        let request =
            reqwest::Client::new().post(format!("{}/api/v1/staff/sign-in", self.server.base)).header("x-saksama", "1").json(&body);
        let response = request.send().await?.error_for_status()?;
        let cookie = response.headers().get("set-cookie").context("a cookie")?.to_str()?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }
}

/// Sent away with a time to come back, in the form that our pages read.
async fn sent_away(response: reqwest::Response, retry_after_s: u32) -> Result<()> {
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers().get(RETRY_AFTER).context("a time to come back")?.to_str()?, retry_after_s.to_string());
    let refusal: RefusalBody = response.json().await?;
    assert_eq!((refusal.code.as_str(), refusal.retry_after_ms), ("busy", Some(retry_after_s * 1000)));
    assert!(refusal.message.starts_with("Server sedang sibuk"), "{}", refusal.message);
    Ok(())
}

#[tokio::test]
async fn a_full_lane_sends_its_own_away_and_answers_go_on() -> Result<()> {
    let one_each = ["conduct", "console", "public", "bulk"]
        .iter()
        .flat_map(|lane| [format!("{lane}_requests_max=1"), format!("{lane}_waiting_max=0")])
        .flat_map(|setting| ["--set".to_owned(), setting])
        .collect::<Vec<_>>();
    let mut exam = Running::start(&one_each.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let cookie = exam.cookie("penulis2", "author").await?;
    let form = "multipart/form-data; boundary=b";
    let part = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\na";
    for (lane, path, kind, cookie, body, refused, retry_after_s) in [
        ("conduct", "/api/v1/terminal/sign-in", "application/json", "", "{", "/api/v1/staff/me", 1),
        ("bulk", "/api/v1/bank/imports", form, cookie.as_str(), part, "/api/v1/bank/export.csv", 30),
    ] {
        let held = exam.hold(path, kind, cookie, body).await?;
        exam.until(&format!("saksama_lane_running{{lane=\"{lane}\"}}"), 1.0).await?;
        sent_away(exam.get(refused).await?, retry_after_s).await?;
        for public in ["/", "/api/v1/boards", "/api/v1/publications", "/healthz"] {
            assert_eq!(exam.get(public).await?.status(), 200, "{public} while {lane} is full");
        }
        let console: Vec<wire::proctor::SittingSummary> = exam.people.proctor.get("/api/v1/proctor/sittings").await?.done()?;
        assert_eq!(console.len(), 1);
        for answering in &mut exam.answering {
            answering.answer().await?;
        }
        // A terminal that comes back is no new guest.
        let again = Answering::begin(&exam.seated[3]).await;
        assert!(again.is_err() || again.is_ok_and(|again| again.seq > 2), "it has its state");
        exam.answering.truncate(3);
        drop(held);
        exam.until(&format!("saksama_lane_running{{lane=\"{lane}\"}}"), 0.0).await?;
        assert_ne!(exam.get(refused).await?.status(), 503, "there is room again");
    }
    exam.server.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_gives_way_comes_back_by_itself() -> Result<()> {
    // With this target every append is too slow.
    let mut exam = Running::start(&["--set", "pressure_target_ms=0", "--set", "pressure_interval_ms=100"]).await?;
    let enough = Arc::new(AtomicBool::new(false));
    let busy: Vec<_> = exam
        .answering
        .drain(..)
        .map(|mut answering| {
            let enough = Arc::clone(&enough);
            tokio::spawn(async move {
                while !enough.load(Ordering::Relaxed) {
                    answering.answer().await?;
                }
                Ok::<_, anyhow::Error>(answering.seq)
            })
        })
        .collect();
    exam.until("saksama_pressure_level", 4.0).await?;
    let author = &exam.people.author;
    let refused = author.get::<serde_json::Value>("/api/v1/bank/export.csv").await?;
    assert_eq!(refused.code(), Some("busy"), "what can be done tomorrow is sent away");
    sent_away(exam.get("/api/v1/bank/export.csv").await?, 30).await?;
    let first = exam.get("/api/v1/boards").await?.error_for_status()?.text().await?;
    let kept = exam.get("/api/v1/boards").await?.error_for_status()?;
    assert!(kept.headers().contains_key(AGE), "a public page says how old it is");
    assert_eq!(kept.text().await?, first);
    enough.store(true, Ordering::Relaxed);
    for busy in busy {
        assert!(busy.await?? > 3, "answers were acknowledged all the time");
    }
    exam.until("saksama_pressure_level", 0.0).await?;
    assert!(exam.people.author.bytes("/api/v1/bank/export.csv").await?.len() > 100);
    let fresh = exam.get("/api/v1/boards").await?.error_for_status()?;
    assert!(!fresh.headers().contains_key(AGE), "pages are rendered again");
    let log = exam.server.log();
    let told = log.lines().filter(|line| line.contains("the level of pressure changed")).count();
    assert!((8..64).contains(&told), "a line for each step, {told} lines:\n{log}");
    exam.server.stop().await?;
    Ok(())
}

#[tokio::test]
async fn who_says_nothing_or_half_of_it_is_cut() -> Result<()> {
    let mut server = Server::start_with(&["--set", "header_wait_ms_max=200"]).await?;
    // The last one is answered, and then asks no more on a connection that is kept alive.
    for said in ["", "PRI * ", "GET / HTT", "GET / HTTP/1.1\r\nhost: a\r\nx: ", "GET / HTTP/1.1\r\nhost: a\r\n\r\n"] {
        let mut slow = TcpStream::connect(server.base.trim_start_matches("http://")).await?;
        slow.write_all(said.as_bytes()).await?;
        let mut heard = Vec::new();
        let end = tokio::time::timeout(WITHIN, slow.read_to_end(&mut heard)).await;
        assert!(end.is_ok(), "{said:?} keeps its connection");
    }
    assert_eq!(reqwest::get(&server.base).await?.status(), 200);
    server.stop().await?;
    Ok(())
}
