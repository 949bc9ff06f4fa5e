//! Who is asking: passwords, cookies, grants, limits of attempts, and the rules that keep foreign pages out.
//!
//! Tokens are 256 random bits; only their SHA-256 is stored, so a copy of the database signs nobody in. Passwords are argon2id behind two
//! permits: a herd of sign-ins waits, it does not starve the halls. Attempts are limited by account and never by address, because a hall of
//! 500 is one address. PINs are HMACs: at the start of an exam nothing slow may happen.

use crate::answer::No;
use crate::app::{App, Shared};
use crate::clock;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use question_bank::id::{Digest32, HallId, SelectionId, SessionId, StaffId};
use sha2::Sha256;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
pub use store::staff::Grant;
use store::staff::PasswordHash;
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
pub use wire::staff::Role;

/// A staff member who is signed in; as an extractor it refuses everybody else.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The person.
    pub id: StaffId,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// What they may do where.
    pub grants: Vec<Grant>,
    /// SHA-256 of the browser session's token: tells two browsers of one person apart.
    pub token_hash: [u8; 32],
    /// SHA-256 of the token that stays with a browser when people sign out and in: two approvals never come from one. None in sessions from
    /// before there was one; such a session approves nothing.
    pub browser_hash: Option<[u8; 32]>,
}

impl Staff {
    /// May they, in one of these roles? Without a selection (a hall) the question is about all of them, and a grant for one does not do.
    ///
    /// No role implies another: an administrator who should also proctor is given both.
    pub fn may(&self, roles: &[Role], selection: Option<SelectionId>, hall: Option<HallId>) -> Result<(), No> {
        let covers = |grant: &Grant| {
            roles.contains(&role(grant))
                && (grant.selection_id.is_none() || grant.selection_id == selection)
                && (grant.hall_id.is_none() || grant.hall_id == hall)
        };
        if self.grants.iter().any(covers) { Ok(()) } else { Err(No::Forbidden) }
    }

    /// Have they one of these roles anywhere? For lists that are then cut to what they may see.
    pub fn may_anywhere(&self, roles: &[Role]) -> Result<(), No> {
        if self.grants.iter().any(|grant| roles.contains(&role(grant))) { Ok(()) } else { Err(No::Forbidden) }
    }
}

/// The role of a stored grant.
pub fn role(grant: &Grant) -> Role {
    match grant.role {
        store::staff::Role::Admin => Role::Admin,
        store::staff::Role::Author => Role::Author,
        store::staff::Role::Committee => Role::Committee,
        store::staff::Role::Registrar => Role::Registrar,
        store::staff::Role::Proctor => Role::Proctor,
        store::staff::Role::Auditor => Role::Auditor,
    }
}

/// A role as it is stored.
pub fn stored_role(role: Role) -> store::staff::Role {
    match role {
        Role::Admin => store::staff::Role::Admin,
        Role::Author => store::staff::Role::Author,
        Role::Committee => store::staff::Role::Committee,
        Role::Registrar => store::staff::Role::Registrar,
        Role::Proctor => store::staff::Role::Proctor,
        Role::Auditor => store::staff::Role::Auditor,
    }
}

impl FromRequestParts<Shared> for Staff {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, No> {
        let hash = staff_token(&parts.headers, app.config.secure_cookies()).ok_or(No::SignIn)?;
        staff_by_token(app, hash).await?.ok_or(No::SignIn)
    }
}

/// The person of a browser session that is live now.
pub async fn staff_by_token(app: &App, token_hash: [u8; 32]) -> Result<Option<Staff>, No> {
    let found = app.store.signed_in(Digest32(token_hash), clock::utc_ms()).await?;
    Ok(found.map(|found| Staff {
        id: found.staff.id,
        login: found.staff.login,
        name: found.staff.name,
        grants: found.staff.grants,
        token_hash,
        browser_hash: found.session.browser_hash.map(|hash| hash.0),
    }))
}

// Cookies.

/// With `__Host-` a browser takes the cookie only over TLS, for this very host and every path; on plain loopback there is no such thing.
fn cookie_name(name: &'static str, secure: bool) -> String {
    if secure { format!("__Host-{name}") } else { name.to_owned() }
}

fn cookie(name: &'static str, token: &str, secure: bool, age_s: u64) -> HeaderValue {
    let mut text = format!("{}={token}; HttpOnly; SameSite=Strict; Path=/", cookie_name(name, secure));
    if secure {
        text.push_str("; Secure");
    }
    text.push_str(&format!("; Max-Age={age_s}"));
    HeaderValue::from_str(&text).expect("a token is hexadecimal digits, and the rest is written here")
}

/// SHA-256 of the token in a cookie, if it looks like one of ours.
fn token_in(headers: &HeaderMap, name: &'static str, secure: bool) -> Option<[u8; 32]> {
    let name = cookie_name(name, secure);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, token) = pairs.find(|(key, _)| *key == name)?;
    let ours = token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    ours.then(|| token_hash(token))
}

/// What is stored of a token.
pub fn token_hash(token: &str) -> [u8; 32] {
    Digest32::of(token.as_bytes()).0
}

/// The cookie of a staff member's browser session.
pub fn staff_cookie(token: &str, secure: bool, age_s: u64) -> HeaderValue {
    cookie("saksama_staff", token, secure, age_s)
}

/// A year: a browser is the same one for as long as anybody works on a selection.
const BROWSER_AGE_S: u64 = 365 * 24 * 60 * 60;

/// The cookie that stays with a browser, whoever signs in.
pub fn browser_cookie(token: &str, secure: bool) -> HeaderValue {
    cookie("saksama_browser", token, secure, BROWSER_AGE_S)
}

/// SHA-256 of the token that stays with a browser.
pub fn browser_token(headers: &HeaderMap, secure: bool) -> Option<[u8; 32]> {
    token_in(headers, "saksama_browser", secure)
}

/// Long enough to write an objection.
pub const CANDIDATE_AGE_S: u64 = 60 * 60;

/// The cookie of a candidate who looks at results of their own.
pub fn candidate_cookie(token: &str, secure: bool) -> HeaderValue {
    cookie("saksama_candidate", token, secure, CANDIDATE_AGE_S)
}

/// Takes the candidate's cookie away.
pub fn candidate_cookie_gone(secure: bool) -> HeaderValue {
    cookie("saksama_candidate", "", secure, 0)
}

/// SHA-256 of the candidate's token a request carries.
pub fn candidate_token(headers: &HeaderMap, secure: bool) -> Option<[u8; 32]> {
    token_in(headers, "saksama_candidate", secure)
}

/// Takes the staff cookie away.
pub fn staff_cookie_gone(secure: bool) -> HeaderValue {
    cookie("saksama_staff", "", secure, 0)
}

/// SHA-256 of the staff token a request carries.
pub fn staff_token(headers: &HeaderMap, secure: bool) -> Option<[u8; 32]> {
    token_in(headers, "saksama_staff", secure)
}

/// Longer than any exam. Without an age a browser that crashed would come back without its cookie, and the candidate would need a new PIN.
const TERMINAL_AGE_S: u64 = 24 * 60 * 60;

/// The cookie that binds a terminal to a session.
pub fn terminal_cookie(token: &str, secure: bool) -> HeaderValue {
    cookie("saksama_terminal", token, secure, TERMINAL_AGE_S)
}

/// Takes the terminal's cookie away.
pub fn terminal_cookie_gone(secure: bool) -> HeaderValue {
    cookie("saksama_terminal", "", secure, 0)
}

/// SHA-256 of the terminal token a request carries.
pub fn terminal_token(headers: &HeaderMap, secure: bool) -> Option<[u8; 32]> {
    token_in(headers, "saksama_terminal", secure)
}

/// Are these the same, in the same time for every difference?
pub fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    bool::from(a.ct_eq(b))
}

/// The account of a candidate, for [`Limiter`].
pub fn candidate_account(participant_no: &str) -> String {
    format!("peserta {participant_no}")
}

/// What is stored of a PIN. The session is part of it, so that one stored value cannot be copied to another session.
pub fn pin_mac(secret: &[u8; 32], pin: &str, session: SessionId) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(b"saksama-pin/v1\n");
    mac.update(session.as_bytes());
    mac.update(pin.as_bytes());
    mac.finalize().into_bytes().into()
}

/// Is it this PIN?
pub fn pin_matches(secret: &[u8; 32], pin: &str, session: SessionId, mac: &[u8; 32]) -> bool {
    same(&pin_mac(secret, pin, session), mac)
}

// Passwords.

/// Letters and digits that nobody takes for one another.
const READABLE: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Letters of a password made here: 79 bits.
const PASSWORD_LETTERS: usize = 16;
/// Longer input is no password of ours.
const PASSWORD_BYTES_MAX: usize = 256;
/// Hashes under way at a time, 19 MiB and tens of milliseconds each.
const HASHERS: usize = 2;

/// A fresh password.
pub fn new_password() -> String {
    (0..PASSWORD_LETTERS).map(|_| char::from(READABLE[crate::random::below(READABLE.len())])).collect()
}

/// argon2id as OWASP recommends it: 19 MiB, two passes, one lane.
fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("these parameters are within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password. Slow by purpose: on a thread where nothing waits.
pub fn hash_password(password: &str) -> PasswordHash {
    let salt: [u8; 16] = crate::random::bytes();
    let hash = argon().hash_password_with_salt(password.as_bytes(), &salt).expect("a salt of 16 bytes is within argon2's limits");
    PasswordHash(hash.to_string())
}

/// The two hashers, and the line before them.
pub struct Passwords {
    hashers: Semaphore,
    waiting: AtomicUsize,
    waiting_max: usize,
    /// Checked for unknown logins, so that they take as long as known ones.
    nobody: PasswordHash,
}

impl Passwords {
    /// Hashers before which at most so many wait.
    pub fn new(waiting_max: usize) -> Self {
        let nobody = hash_password(&new_password());
        Passwords { hashers: Semaphore::new(HASHERS), waiting: AtomicUsize::new(0), waiting_max, nobody }
    }

    /// Is it this password? Without a hash it is not, after the same work.
    pub async fn check(&self, password: String, hash: Option<PasswordHash>) -> Result<bool, No> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let right =
            self.run(move || password.len() <= PASSWORD_BYTES_MAX && argon().verify_password(password.as_bytes(), hash.0.as_str()).is_ok());
        Ok(right.await? && known)
    }

    /// Hashes a password.
    pub async fn hash(&self, password: String) -> Result<PasswordHash, No> {
        self.run(move || hash_password(&password)).await
    }

    /// Sign-ins that have a hasher or wait for one.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, No> {
        let _place = Waiting::enter(&self.waiting, self.waiting_max).ok_or(No::Busy)?;
        let _hasher = self.hashers.acquire().await.map_err(No::failed)?;
        tokio::task::spawn_blocking(work).await.map_err(No::failed)
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

// Limits.

/// Attempts of one account since the last success.
#[derive(Clone, Copy, Debug)]
struct Attempts {
    count: u32,
    last: Instant,
    /// Not before this.
    next: Instant,
}

/// The accounts that were active lately, and those before them: the older half is forgotten whole when the younger is full, so the memory is
/// bounded and a flood of invented names shuts nobody out.
#[derive(Default)]
struct Remembered {
    younger: HashMap<String, Attempts>,
    older: HashMap<String, Attempts>,
}

/// Limits attempts to sign in by account. The first few in a minute are free, then each wait is twice the one before, up to a longest one.
pub struct Limiter {
    free: u32,
    wait: Duration,
    wait_max: Duration,
    accounts_max: usize,
    /// Held for a few operations of a map.
    remembered: Mutex<Remembered>,
}

impl Limiter {
    /// So many attempts a minute, a longest wait, and a number of accounts to remember.
    pub fn new(per_minute: u32, wait_max: Duration, accounts_max: usize) -> Self {
        let per_minute = per_minute.max(1);
        Limiter { free: per_minute, wait: Duration::from_secs(60) / per_minute, wait_max, accounts_max, remembered: Mutex::default() }
    }

    /// Counts an attempt, before anything is looked up: known and unknown accounts are treated alike. An account is a kind and a name, as in
    /// `staf panitia1`.
    pub fn check(&self, account: &str) -> Result<(), No> {
        self.check_at(account, Instant::now())
    }

    /// The same, at an instant.
    pub fn check_at(&self, account: &str, now: Instant) -> Result<(), No> {
        let mut remembered = self.remembered.lock().expect("nothing panics while holding it");
        let key = normal(account);
        let before = remembered.younger.get(&key).or_else(|| remembered.older.get(&key)).copied();
        let before = before.filter(|attempts| now.saturating_duration_since(attempts.last) < self.forget_after(attempts.count));
        if let Some(wait) = before.map(|attempts| attempts.next.saturating_duration_since(now)).filter(|wait| !wait.is_zero()) {
            return Err(No::TooOften { retry_after_ms: u32::try_from(wait.as_millis()).unwrap_or(u32::MAX).max(1) });
        }
        let count = before.map_or(0, |attempts| attempts.count).saturating_add(1);
        remembered.note(key, Attempts { count, last: now, next: now + self.wait_after(count) }, self.accounts_max);
        Ok(())
    }

    /// The account's owner is in: the count begins again.
    pub fn forget(&self, account: &str) {
        let key = normal(account);
        let mut remembered = self.remembered.lock().expect("nothing panics while holding it");
        remembered.younger.remove(&key);
        remembered.older.remove(&key);
    }

    fn wait_after(&self, count: u32) -> Duration {
        if count < self.free {
            return Duration::ZERO;
        }
        let doublings = (count - self.free).min(16);
        (self.wait * (1 << doublings)).min(self.wait_max)
    }

    fn forget_after(&self, count: u32) -> Duration {
        self.wait_after(count) + Duration::from_secs(60)
    }
}

impl Remembered {
    fn note(&mut self, key: String, attempts: Attempts, accounts_max: usize) {
        if self.younger.len() >= accounts_max / 2 && !self.younger.contains_key(&key) {
            self.older = std::mem::take(&mut self.younger);
        }
        self.younger.insert(key, attempts);
    }
}

/// As accounts are compared: without case and spaces, and no longer than an account can be.
fn normal(account: &str) -> String {
    account.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).take(64).collect()
}

// Foreign pages.

/// Middleware around everything: a foreign page can make a browser send our cookies, but not this header, and not our origin.
///
/// What changes something needs `x-saksama: 1`; a request to the API that names its origin, websockets included, must come from our own pages.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD);
    let headers = request.headers();
    let socket = headers.get(header::UPGRADE).is_some();
    if request.uri().path().starts_with("/api/") || socket {
        let foreign = (!harmless || socket) && !from_here(&request);
        let unmarked = !harmless && headers.get("x-saksama").is_none_or(|value| value != "1");
        if foreign || unmarked {
            return No::Forbidden.into_response();
        }
    }
    next.run(request).await
}

/// Is the origin, where one is named, the host that was asked?
fn from_here(request: &Request) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return true };
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    matches!((origin, host), (Some(origin), Some(host)) if origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use question_bank::id::Id;

    fn staff(grants: &[(Role, Option<u8>, Option<u8>)]) -> Staff {
        let grants = grants.iter().map(|(role, selection, hall)| Grant {
            role: stored_role(*role),
            selection_id: selection.map(|byte| Id::from_bytes([byte; 16])),
            hall_id: hall.map(|byte| Id::from_bytes([byte; 16])),
        });
        let grants = grants.collect();
        Staff { id: Id::from_bytes([1; 16]), login: "l".to_owned(), name: "N".to_owned(), grants, token_hash: [0; 32], browser_hash: None }
    }

    fn check(grant: (Role, Option<u8>, Option<u8>), asked: (Role, Option<u8>, Option<u8>), expected: bool) {
        let (role, selection, hall) = asked;
        let answer = staff(&[grant]).may(&[role], selection.map(|b| Id::from_bytes([b; 16])), hall.map(|b| Id::from_bytes([b; 16])));
        assert_eq!(answer.is_ok(), expected, "{grant:?} {asked:?}");
    }

    #[test]
    fn grants_cover_what_they_name_and_nothing_else() {
        use Role::{Admin, Proctor};
        check((Proctor, None, None), (Proctor, Some(1), Some(2)), true);
        check((Proctor, Some(1), None), (Proctor, Some(1), Some(2)), true);
        check((Proctor, Some(1), Some(2)), (Proctor, Some(1), Some(2)), true);
        check((Proctor, Some(1), Some(2)), (Proctor, Some(1), Some(3)), false);
        check((Proctor, Some(1), Some(2)), (Proctor, Some(1), None), false);
        check((Proctor, Some(1), None), (Proctor, Some(2), None), false);
        check((Proctor, Some(1), None), (Proctor, None, None), false);
        check((Admin, None, None), (Proctor, Some(1), Some(2)), false);
    }

    #[test]
    fn waits_double_and_success_forgives() {
        let limiter = Limiter::new(5, Duration::from_secs(100), 1_000);
        let t0 = Instant::now();
        let at = |s: u64| limiter.check_at("staf Panitia 1", t0 + Duration::from_secs(s)).is_ok();
        assert!((0..5).all(|_| at(0)));
        assert!(!at(11), "the sixth waits 12 seconds");
        assert!(at(12));
        assert!(!at(35) && at(36), "then 24");
        assert!(limiter.check_at("peserta panitia1", t0).is_ok(), "another kind of account");
        limiter.forget("staf panitia1");
        assert!((0..5).all(|_| at(37)));
    }

    #[test]
    fn the_longest_wait_and_the_memory_have_limits() {
        let limiter = Limiter::new(1, Duration::from_secs(100), 1_000);
        let t0 = Instant::now();
        assert!((0..20).all(|n| limiter.check_at("staf a", t0 + Duration::from_secs(100 * n)).is_ok()));
        for n in 0..5_000 {
            limiter.check_at(&format!("peserta {n}"), t0).expect("each is new");
        }
        let remembered = limiter.remembered.lock().expect("no panic");
        assert!(remembered.younger.len() + remembered.older.len() <= 1_000);
    }

    #[test]
    fn tokens_travel_in_cookies_only_under_their_name() {
        let token = crate::random::token();
        for secure in [true, false] {
            let set = terminal_cookie(&token, secure);
            let text = set.to_str().unwrap();
            assert_eq!(text.starts_with("__Host-"), secure);
            assert_eq!(text.contains("; Secure"), secure);
            let pair = format!("x=1; {}; y=2", text.split(';').next().unwrap());
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&pair).unwrap())]);
            assert_eq!(terminal_token(&headers, secure), Some(token_hash(&token)));
            assert_eq!(terminal_token(&headers, !secure), None, "a sibling host could have set the plain one");
            assert_eq!(staff_token(&headers, secure), None);
        }
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("saksama_terminal=short"))]);
        assert_eq!(terminal_token(&headers, false), None);
    }

    #[test]
    fn a_pin_belongs_to_its_session() {
        let session = |byte| Id::from_bytes([byte; 16]);
        let mac = pin_mac(&[7; 32], "12345678", session(1));
        assert!(same(&mac, &pin_mac(&[7; 32], "12345678", session(1))));
        for other in [
            pin_mac(&[7; 32], "12345679", session(1)),
            pin_mac(&[7; 32], "12345678", session(2)),
            pin_mac(&[8; 32], "12345678", session(1)),
        ] {
            assert!(!same(&mac, &other));
        }
    }

    #[tokio::test]
    async fn passwords_agree_with_their_hash_only() {
        let passwords = Passwords::new(4);
        let password = new_password();
        assert_eq!(password.len(), PASSWORD_LETTERS);
        let hash = passwords.hash(password.clone()).await.expect("hashed");
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.check(password.clone(), Some(hash.clone())).await.expect("checked"));
        assert!(!passwords.check("x".to_owned(), Some(hash)).await.expect("checked"));
        assert!(!passwords.check(password, None).await.expect("checked"));
    }

    #[tokio::test]
    async fn a_full_line_is_busy() {
        let passwords = Passwords::new(0);
        assert!(matches!(passwords.check("x".to_owned(), None).await, Err(No::Busy)));
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), 0);
    }
}
