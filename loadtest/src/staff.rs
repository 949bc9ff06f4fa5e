//! Staff over HTTP: registrar, proctor, committee.

use anyhow::{Context, Result, bail};
use reqwest::multipart::Form;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use wire::RefusalBody;
use wire::desk::{CheckIn, DeskList};
use wire::proctor::{IssuedPin, ProctorAct, ProctorAnswer, ProctorCommand};
use wire::staff::{Me, StaffSignIn};

/// How often somebody patient comes back.
const PATIENT_TRIES: u32 = 10;

/// A signed-in member of staff.
#[derive(Clone)]
pub struct Staff {
    client: Client,
    base: String,
    /// Carried by hand: a jar would keep the cookies of a server with TLS from [the tunnel](crate::server::Server::desk) to it.
    cookie: String,
    /// The cookie that stays with a browser when people sign out and in.
    browser: String,
    /// How often a request is sent again that the server has no time for.
    tries: u32,
    /// Who this is.
    pub me: Me,
}

/// What a request came to.
#[derive(Debug)]
pub enum Outcome<T> {
    /// The document.
    Done(T),
    /// Why not.
    Refused(u16, RefusalBody),
}

impl<T> Outcome<T> {
    /// The document, or an error that names the refusal.
    pub fn done(self) -> Result<T> {
        match self {
            Outcome::Done(value) => Ok(value),
            Outcome::Refused(status, refusal) => bail!("{status} {}: {} {:?}", refusal.code, refusal.message, refusal.details),
        }
    }

    /// The refusal's code, when it was refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Outcome::Done(_) => None,
            Outcome::Refused(_, refusal) => Some(&refusal.code),
        }
    }
}

impl Staff {
    /// Signs in at `base`, e.g. `http://127.0.0.1:8080`.
    pub async fn sign_in(base: &str, login: &str, password: &str) -> Result<Staff> {
        Staff::sign_in_with(base, login, password, "").await
    }

    /// Signs in after somebody else in the same browser.
    pub async fn sign_in_after(other: &Staff, login: &str, password: &str) -> Result<Staff> {
        Staff::sign_in_with(&other.base, login, password, &other.browser).await
    }

    async fn sign_in_with(base: &str, login: &str, password: &str, browser: &str) -> Result<Staff> {
        // Only ever to this machine: what the environment says about proxies is not for us.
        let client = Client::builder().no_proxy().build().context("an HTTP client")?;
        let nobody = Me { id: String::new(), login: login.to_owned(), name: String::new(), grants: Vec::new() };
        let mut staff = Staff {
            client,
            base: base.trim_end_matches('/').to_owned(),
            cookie: browser.to_owned(),
            browser: String::new(),
            tries: 0,
            me: nobody,
        };
        let body = StaffSignIn { login: login.to_owned(), password: password.to_owned() };
        let response = staff.request(Method::POST, "/api/v1/staff/sign-in").json(&body).send().await?;
        let set = response.headers().get_all("set-cookie").into_iter().filter_map(|cookie| cookie.to_str().ok());
        let set: Vec<String> = set.filter_map(|cookie| cookie.split(';').next()).map(str::to_owned).collect();
        let named = |name: &str| set.iter().find(|cookie| cookie.contains(name)).cloned();
        staff.cookie = named("saksama_staff=").unwrap_or_default();
        staff.browser = named("saksama_browser=").unwrap_or_else(|| browser.to_owned());
        staff.me = read(response).await?.done().with_context(|| format!("sign-in of {login}"))?;
        Ok(staff)
    }

    /// The same person, who comes back when the server says so.
    pub fn patient(&self) -> Staff {
        Staff { tries: PATIENT_TRIES, ..self.clone() }
    }

    /// GET.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Outcome<T>> {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST of a document.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<Outcome<T>> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// PUT of a document.
    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<Outcome<T>> {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// POST of files.
    pub async fn upload<T: DeserializeOwned>(&self, path: &str, form: Form) -> Result<Outcome<T>> {
        self.send(self.request(Method::POST, path).multipart(form)).await
    }

    /// GET of a file.
    pub async fn bytes(&self, path: &str) -> Result<Vec<u8>> {
        let response = self.request(Method::GET, path).send().await?.error_for_status()?;
        Ok(response.bytes().await?.to_vec())
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).header("x-saksama", "1").header("cookie", &self.cookie)
    }

    /// Sends a request; by somebody patient again when the server says so.
    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<Outcome<T>> {
        let mut request = request;
        for _ in 0..self.tries {
            let again = request.try_clone();
            match (read(request.send().await?).await?, again) {
                (Outcome::Refused(503, RefusalBody { retry_after_ms: Some(wait_ms), .. }), Some(again)) => {
                    tokio::time::sleep(Duration::from_millis(u64::from(wait_ms))).await;
                    request = again;
                }
                (outcome, _) => return Ok(outcome),
            }
        }
        read(request.send().await?).await
    }

    /// Steers a sitting.
    pub async fn command(&self, sitting: &str, act: ProctorAct, reason: &str) -> Result<Outcome<ProctorAnswer>> {
        let command = ProctorCommand { id: new_id(), act, reason: reason.to_owned() };
        self.post(&format!("/api/v1/sittings/{sitting}/commands"), &command).await
    }

    /// People expected in a sitting, at most 100 that match.
    pub async fn desk(&self, sitting: &str, find: &str) -> Result<DeskList> {
        self.get(&format!("/api/v1/desk/sittings/{sitting}/candidates?find={find}")).await?.done()
    }

    /// Checks a person in.
    pub async fn check_in(&self, session: &str) -> Result<Outcome<IssuedPin>> {
        let body = CheckIn {
            id: new_id(),
            identity_confirmed: true,
            documents: vec!["ktp".into(), "kartu_peserta".into()],
            seat: None,
            override_reason: None,
        };
        self.post(&format!("/api/v1/desk/sessions/{session}/check-in"), &body).await
    }
}

/// A fresh id for a command.
pub fn new_id() -> String {
    format!("{:032x}", rand::random::<u128>())
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<Outcome<T>> {
    let (status, text) = (response.status(), response.text().await?);
    if status.is_success() {
        let text = if text.is_empty() { "null" } else { &text };
        return Ok(Outcome::Done(serde_json::from_str(text).with_context(|| format!("an answer of another shape: {text:.200}"))?));
    }
    let refusal = serde_json::from_str(&text).with_context(|| format!("{status} without a refusal: {text:.200}"))?;
    Ok(Outcome::Refused(status.as_u16(), refusal))
}
