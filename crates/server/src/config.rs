//! Settings: default, then file, then environment, then flags; every value knows where it came from.
//!
//! Every queue, body, socket count and wait of the HTTP side has its limit here, with the unit in its name. A key that is not in [`SETTINGS`]
//! is an error, and an error names the key, the value and its origin. Nothing else of the server reads files of settings or the environment.

use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Prefix of settings in the environment.
pub const ENVIRONMENT_PREFIX: &str = "SAKSAMA_";
/// The file of settings inside a data directory.
pub const FILE_NAME: &str = "saksama.toml";

/// All settings, each already checked; what a field means stands in [`SETTINGS`] and in `docs/operations.md`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the table SETTINGS documents each of them once, for the program and for its manual")]
pub struct Config {
    pub data: PathBuf,
    pub listen: SocketAddr,
    pub demo: bool,
    pub tls: TlsMode,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub tls_names: Vec<String>,
    pub log_format: LogFormat,
    pub log_filter: String,
    pub public_url: Option<String>,
    #[serde(skip_serializing)]
    pub metrics_token: Option<Secret>,
    pub staff_session_s: u64,
    pub sign_in_per_account_per_minute: u32,
    pub sign_in_back_off_s_max: u64,
    pub sign_in_accounts_max: usize,
    pub sign_in_waiting_max: usize,
    pub conduct_requests_max: usize,
    pub conduct_waiting_max: usize,
    pub console_requests_max: usize,
    pub console_waiting_max: usize,
    pub public_requests_max: usize,
    pub public_waiting_max: usize,
    pub public_renders_per_s: u64,
    pub bulk_requests_max: usize,
    pub bulk_waiting_max: usize,
    pub lane_wait_ms_max: u64,
    pub pressure_target_ms: u64,
    pub pressure_interval_ms: u64,
    pub connections_max: usize,
    pub terminal_sockets_max: usize,
    pub screen_sockets_max: usize,
    pub proctor_sockets_max: usize,
    pub body_bytes_max: usize,
    pub upload_bytes_max: usize,
    pub header_wait_ms_max: u64,
    pub request_ms_max: u64,
    pub upload_ms_max: u64,
    pub shutdown_drain_ms: u64,
}

/// Where TLS comes from when no certificate is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// None: plain HTTP, loopback only.
    Off,
    /// A local certificate authority in the data directory.
    Auto,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Where TLS comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Plain HTTP.
    Off,
    /// A local certificate authority in the data directory.
    Auto,
    /// Given PEM files.
    Files {
        /// Certificate chain, the server's first.
        cert: PathBuf,
        /// Private key.
        key: PathBuf,
    },
}

/// A setting that must not be shown. Prints nothing.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// What must not be shown.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(set)")
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            data: PathBuf::from("data"),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            demo: false,
            tls: TlsMode::Off,
            tls_cert: None,
            tls_key: None,
            tls_names: Vec::new(),
            log_format: LogFormat::Text,
            log_filter: "info".to_owned(),
            metrics_token: None,
            public_url: None,
            staff_session_s: 12 * 60 * 60,
            sign_in_per_account_per_minute: 5,
            sign_in_back_off_s_max: 300,
            sign_in_accounts_max: 100_000,
            sign_in_waiting_max: 64,
            conduct_requests_max: 128,
            conduct_waiting_max: 8_192,
            console_requests_max: 32,
            console_waiting_max: 512,
            public_requests_max: 16,
            public_waiting_max: 1_024,
            public_renders_per_s: 200,
            bulk_requests_max: 4,
            bulk_waiting_max: 16,
            lane_wait_ms_max: 15_000,
            pressure_target_ms: 50,
            pressure_interval_ms: 500,
            connections_max: 18_000,
            terminal_sockets_max: 12_000,
            screen_sockets_max: 4_000,
            proctor_sockets_max: 500,
            body_bytes_max: 256 * 1024,
            upload_bytes_max: 64 * 1024 * 1024,
            header_wait_ms_max: 15_000,
            request_ms_max: 30_000,
            upload_ms_max: 300_000,
            shutdown_drain_ms: 10_000,
        }
    }
}

impl Config {
    /// Settings of an installation in a directory, listening on a free loopback port: for tests and tools.
    pub fn in_directory(data: &Path) -> Self {
        Config { data: data.to_owned(), listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), ..Config::default() }
    }

    /// Where TLS comes from.
    pub fn tls(&self) -> Tls {
        match (&self.tls_cert, &self.tls_key, self.tls) {
            (Some(cert), Some(key), _) => Tls::Files { cert: cert.clone(), key: key.clone() },
            (_, _, TlsMode::Auto) => Tls::Auto,
            (_, _, TlsMode::Off) => Tls::Off,
        }
    }

    /// Do browsers reach us over TLS? Decides the cookies' names and attributes.
    pub fn secure_cookies(&self) -> bool {
        self.tls() != Tls::Off
    }

    /// How long a browser session of staff lasts.
    pub fn staff_session(&self) -> Duration {
        Duration::from_secs(self.staff_session_s)
    }

    /// How long a stop waits for what is on its way.
    pub fn shutdown_drain(&self) -> Duration {
        Duration::from_millis(self.shutdown_drain_ms)
    }
}

/// What a setting's value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text; the environment and flags are taken as they are.
    Text,
    /// Text that is never shown.
    Secret,
    /// `true` or `false`.
    Switch,
    /// Texts; in the environment and in flags separated by commas.
    List,
    /// A whole number within these limits, both included.
    Whole(u64, u64),
}

/// A setting as the manual lists it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key in the file; `SAKSAMA_` and upper case in the environment.
    pub key: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// What it is for.
    pub what: &'static str,
}

const fn setting(key: &'static str, kind: Kind, what: &'static str) -> Setting {
    Setting { key, kind, what }
}

const HOUR_MS: u64 = 60 * 60 * 1000;

/// Every setting there is, in the order of the table printed at start.
pub const SETTINGS: &[Setting] = &[
    setting("data", Kind::Text, "directory of everything that is stored; flag or environment only"),
    setting("listen", Kind::Text, "address and port; port 0 takes a free one"),
    setting("demo", Kind::Switch, "set up a demonstration when the directory is empty"),
    setting("tls", Kind::Text, "`off` (loopback only) or `auto` (local authority in `data`/tls)"),
    setting("tls_cert", Kind::Text, "PEM file of the certificate chain, with `tls_key`"),
    setting("tls_key", Kind::Text, "PEM file of the private key, with `tls_cert`"),
    setting("tls_names", Kind::List, "further names and addresses in the certificate of `tls = \"auto\"`"),
    setting("log_format", Kind::Text, "`text` or `json`"),
    setting("log_filter", Kind::Text, "what is logged, e.g. `info` or `info,server=debug`"),
    setting(
        "public_url",
        Kind::Text,
        "how the public reaches this server, e.g. `https://cat.example.go.id`: where the code on certificates leads",
    ),
    setting("metrics_token", Kind::Secret, "bearer token for `/metrics`; without it only loopback may read them"),
    setting("staff_session_s", Kind::Whole(60, 7 * 24 * 3600), "how long a staff member stays signed in"),
    setting("sign_in_per_account_per_minute", Kind::Whole(1, 1_000), "attempts before the wait doubles each time"),
    setting("sign_in_back_off_s_max", Kind::Whole(1, 3600), "longest wait between attempts of one account"),
    setting("sign_in_accounts_max", Kind::Whole(1_000, 10_000_000), "accounts whose attempts are remembered"),
    setting("sign_in_waiting_max", Kind::Whole(1, 10_000), "sign-ins that wait for one of the two password hashers"),
    setting(
        "conduct_requests_max",
        Kind::Whole(1, 100_000),
        "requests at once that let the exam go on: sign-in, check-in, commands of proctors",
    ),
    setting("conduct_waiting_max", Kind::Whole(0, 1_000_000), "such requests in line"),
    setting("console_requests_max", Kind::Whole(1, 100_000), "requests at once of staff who look and set up"),
    setting("console_waiting_max", Kind::Whole(0, 1_000_000), "such requests in line"),
    setting("public_requests_max", Kind::Whole(1, 100_000), "requests at once of the public"),
    setting("public_waiting_max", Kind::Whole(0, 1_000_000), "such requests in line"),
    setting("public_renders_per_s", Kind::Whole(1, 1_000_000), "public pages rendered in a second; beyond that they come from memory"),
    setting("bulk_requests_max", Kind::Whole(1, 100_000), "imports, exports, draws and computations of results at once"),
    setting("bulk_waiting_max", Kind::Whole(0, 1_000_000), "such requests in line"),
    setting("lane_wait_ms_max", Kind::Whole(1, HOUR_MS), "longest time in such a line"),
    setting(
        "pressure_target_ms",
        Kind::Whole(0, HOUR_MS),
        "commands that wait longer until they are durable make less urgent things give way",
    ),
    setting("pressure_interval_ms", Kind::Whole(10, HOUR_MS), "how often that wait is looked at"),
    setting("connections_max", Kind::Whole(10, 1_000_000), "TCP connections; more are closed at once"),
    setting("terminal_sockets_max", Kind::Whole(1, 1_000_000), "websockets of terminals"),
    setting("screen_sockets_max", Kind::Whole(1, 1_000_000), "websockets of public screens"),
    setting("proctor_sockets_max", Kind::Whole(1, 1_000_000), "websockets of proctors"),
    setting("body_bytes_max", Kind::Whole(1_024, 67_108_864), "body of an ordinary request"),
    setting("upload_bytes_max", Kind::Whole(1_024, 1_073_741_824), "body of an upload (bank, candidates)"),
    setting("header_wait_ms_max", Kind::Whole(100, HOUR_MS), "until the head of a request has arrived"),
    setting("request_ms_max", Kind::Whole(100, HOUR_MS), "until an ordinary request is answered"),
    setting("upload_ms_max", Kind::Whole(100, HOUR_MS), "until an upload is answered"),
    setting("shutdown_drain_ms", Kind::Whole(100, HOUR_MS), "how long a stop waits for what is on its way"),
];

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// This file.
    File(PathBuf),
    /// The environment variable of the key.
    Environment,
    /// A flag of the command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(path) => write!(f, "file {}", path.display()),
            Origin::Environment => f.write_str("environment"),
            Origin::Flag => f.write_str("flag"),
        }
    }
}

/// The settings cannot be used; the text completes "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such setting.
    #[error("use `{key}` = {value} from {origin}: there is no such setting{}", near.map(|key| format!("; did you mean `{key}`?")).unwrap_or_default())]
    Unknown {
        /// As given.
        key: String,
        /// As given.
        value: String,
        /// From where.
        origin: Origin,
        /// A setting with nearly this name.
        near: Option<&'static str>,
    },
    /// The value cannot be.
    #[error("use `{key}` = {value} from {origin}: {why}")]
    Wrong {
        /// The setting.
        key: String,
        /// As given, unless it is secret.
        value: String,
        /// From where.
        origin: Origin,
        /// What is wrong.
        why: String,
    },
    /// The file is not there or not TOML.
    #[error("read the settings in {}: {why}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

/// What the command line says about settings; none leaves it to the layers below.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// File of settings instead of `saksama.toml` in the data directory; must exist.
    pub config: Option<PathBuf>,
    /// Keys and values, in the words of the environment.
    pub values: Vec<(String, String)>,
}

/// A value and where it came from, as the table at start shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The setting.
    pub key: &'static str,
    /// Its value; masked if secret.
    pub value: String,
    /// From where.
    pub origin: Origin,
}

/// The settings and their story.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// Every setting, its value and origin.
    pub shown: Vec<Shown>,
}

impl Loaded {
    /// The table printed at start.
    pub fn table(&self) -> String {
        let width = |of: fn(&Shown) -> usize| self.shown.iter().map(of).max().unwrap_or(0);
        let (keys, values) = (width(|shown| shown.key.len()), width(|shown| shown.value.len()).min(60));
        let lines = self.shown.iter().map(|Shown { key, value, origin }| format!("  {key:keys$}  {value:values$}  {origin}\n"));
        lines.collect()
    }
}

/// Puts the layers on one another and checks the result. The environment is an argument: all variables, with or without our prefix.
pub fn load(flags: &Flags, environment: impl IntoIterator<Item = (String, String)>) -> Result<Loaded, Error> {
    let environment = Layer::of_words(Origin::Environment, of_environment(environment))?;
    let flag_values = Layer::of_words(Origin::Flag, flags.values.iter().cloned())?;
    let base = Figment::from(Serialized::defaults(Config::default()));
    let data = figment_text(&base.clone().merge(&environment).merge(&flag_values), "data");
    let mut merged = base;
    if let Some(file) = file_layer(flags, data.as_deref())? {
        merged = merged.merge(&file);
    }
    let merged = merged.merge(&environment).merge(&flag_values);
    let config: Config = merged.extract().map_err(|error| wrong_type(&merged, &error))?;
    let shown = SETTINGS.iter().map(|setting| shown(&merged, setting)).collect();
    let loaded = Loaded { config, shown };
    check(&loaded)?;
    Ok(loaded)
}

/// Variables with our prefix, as keys.
fn of_environment(all: impl IntoIterator<Item = (String, String)>) -> impl Iterator<Item = (String, String)> {
    // The variable that chooses a mistake is none of the settings; only a build that knows mistakes knows it.
    let setting = |(name, _): &(String, String)| !(cfg!(feature = "sabotage") && name == sabotage::VARIABLE);
    all.into_iter().filter(setting).filter_map(|(name, value)| Some((name.strip_prefix(ENVIRONMENT_PREFIX)?.to_ascii_lowercase(), value)))
}

/// The file: the one given, or the data directory's, which need not exist.
fn file_layer(flags: &Flags, data: Option<&str>) -> Result<Option<Layer>, Error> {
    let path = match &flags.config {
        Some(path) => path.clone(),
        None => {
            let path = Path::new(data.unwrap_or_default()).join(FILE_NAME);
            if !path.exists() {
                return Ok(None);
            }
            path
        }
    };
    let unreadable = |why: String| Error::File { path: path.clone(), why };
    let text = std::fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
    let dict: Dict = Toml::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
    let origin = Origin::File(path);
    if let Some(value) = dict.get("data") {
        let why = "the data directory is given by --data or SAKSAMA_DATA, because it says where this file is".to_owned();
        return Err(Error::Wrong { key: "data".to_owned(), value: plain(value), origin, why });
    }
    Layer::new(origin, dict).map(Some)
}

/// One origin's values.
#[derive(Clone, Debug)]
struct Layer {
    origin: Origin,
    dict: Dict,
}

impl Layer {
    /// A layer of known keys.
    fn new(origin: Origin, dict: Dict) -> Result<Self, Error> {
        for (key, value) in &dict {
            known(key, &plain(value), &origin)?;
        }
        Ok(Layer { origin, dict })
    }

    /// A layer of words: what they mean is decided by the kind of the setting, so that a token of digits stays a text.
    fn of_words(origin: Origin, words: impl IntoIterator<Item = (String, String)>) -> Result<Self, Error> {
        let mut dict = Dict::new();
        for (key, word) in words {
            let kind = known(&key, &format!("{word:?}"), &origin)?.kind;
            let value = match kind {
                Kind::Text | Kind::Secret => Value::from(word),
                Kind::List => {
                    Value::from(word.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect::<Vec<_>>())
                }
                Kind::Switch => word.parse::<bool>().map_or_else(|_| Value::from(word), Value::from),
                Kind::Whole(..) => word.replace('_', "").parse::<u64>().map_or_else(|_| Value::from(word), Value::from),
            };
            dict.insert(key, value);
        }
        Ok(Layer { origin, dict })
    }
}

impl Provider for &Layer {
    fn metadata(&self) -> Metadata {
        match &self.origin {
            Origin::File(path) => Metadata::from("file", path.as_path()),
            Origin::Environment => Metadata::named("environment"),
            Origin::Flag => Metadata::named("flag"),
            Origin::Default => Metadata::named("default"),
        }
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.dict.clone()))
    }
}

/// The setting of a key, or that there is none.
fn known(key: &str, value: &str, origin: &Origin) -> Result<&'static Setting, Error> {
    SETTINGS.iter().find(|setting| setting.key == key).ok_or_else(|| {
        let near = nearest(key);
        // A misspelt secret is still a secret.
        let secret = near.is_some_and(|near| SETTINGS.iter().any(|setting| setting.key == near && setting.kind == Kind::Secret));
        let value = if secret { "(set)" } else { value };
        Error::Unknown { key: key.to_owned(), value: value.to_owned(), origin: origin.clone(), near }
    })
}

/// The setting whose name differs by few letters.
fn nearest(key: &str) -> Option<&'static str> {
    let scored = SETTINGS.iter().map(|setting| (distance(setting.key, key), setting.key));
    scored.min().filter(|(distance, _)| *distance <= 3).map(|(_, key)| key)
}

/// Letters to add, remove or replace.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let cost = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// A figment error in our words.
fn wrong_type(merged: &Figment, error: &figment::Error) -> Error {
    let key = error.path.first().cloned().unwrap_or_default();
    let value = merged.find_value(&key).map_or_else(|_| "(none)".to_owned(), |value| show(&key, &value));
    let secret = SETTINGS.iter().any(|setting| setting.key == key && setting.kind == Kind::Secret);
    let why = if secret { "it must be a text".to_owned() } else { error.kind.to_string() };
    Error::Wrong { origin: origin(merged, &key), key, value, why }
}

/// What types cannot say.
fn check(loaded: &Loaded) -> Result<(), Error> {
    let config = &loaded.config;
    let wrong = |key: &str, why: String| {
        let shown = loaded.shown.iter().find(|shown| shown.key == key);
        let (value, origin) = shown.map_or((String::new(), Origin::Default), |shown| (shown.value.clone(), shown.origin.clone()));
        Err(Error::Wrong { key: key.to_owned(), value, origin, why })
    };
    for setting in SETTINGS {
        let Kind::Whole(least, most) = setting.kind else { continue };
        let number = loaded.shown.iter().find(|shown| shown.key == setting.key).and_then(|shown| shown.value.parse::<u64>().ok());
        if !number.is_some_and(|number| (least..=most).contains(&number)) {
            return wrong(setting.key, format!("it must be a whole number from {least} to {most}"));
        }
    }
    if config.tls_cert.is_some() && config.tls_key.is_none() {
        return wrong("tls_cert", "`tls_key` must be given with it".to_owned());
    }
    if config.tls_key.is_some() && config.tls_cert.is_none() {
        return wrong("tls_key", "`tls_cert` must be given with it".to_owned());
    }
    if config.tls_cert.is_some() && config.tls == TlsMode::Auto {
        return wrong("tls", "a certificate is given as well; choose one of them".to_owned());
    }
    if config.tls() == Tls::Off && !config.listen.ip().is_loopback() {
        return wrong("listen", PLAIN_HTTP.to_owned());
    }
    if let Err(error) = tracing_subscriber::EnvFilter::try_new(&config.log_filter) {
        return wrong("log_filter", error.to_string());
    }
    let reached = |url: &str| url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).is_some_and(|rest| !rest.is_empty());
    if config.public_url.as_ref().is_some_and(|url| !reached(url) || url.len() > 120) {
        return wrong("public_url", "it must begin with https:// or http:// and have at most 120 characters".to_owned());
    }
    if config.metrics_token.as_ref().is_some_and(|token| token.expose().len() < 16) {
        return wrong("metrics_token", "it must have at least 16 characters".to_owned());
    }
    Ok(())
}

const PLAIN_HTTP: &str = "plain HTTP is only for loopback addresses, because on http:// with a network address browsers withhold what \
    terminals need and cookies travel in the clear; add --tls auto, or --tls-cert and --tls-key";

fn shown(merged: &Figment, setting: &Setting) -> Shown {
    let value = merged.find_value(setting.key).map_or_else(|_| "-".to_owned(), |value| show(setting.key, &value));
    Shown { key: setting.key, value, origin: origin(merged, setting.key) }
}

/// A value as people see it; a secret only as set.
fn show(key: &str, value: &Value) -> String {
    let secret = SETTINGS.iter().any(|setting| setting.key == key && setting.kind == Kind::Secret);
    if secret { "(set)".to_owned() } else { plain(value) }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Char(_, letter) => letter.to_string(),
        Value::Bool(_, switch) => switch.to_string(),
        Value::Num(_, number) => match (number.to_u128(), number.to_i128()) {
            (Some(number), _) => number.to_string(),
            (None, Some(number)) => number.to_string(),
            (None, None) => number.to_f64().map_or_else(|| "?".to_owned(), |number| number.to_string()),
        },
        Value::Array(_, values) if values.is_empty() => "-".to_owned(),
        Value::Array(_, values) => values.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Empty(..) => "-".to_owned(),
        Value::Dict(..) => "{…}".to_owned(),
    }
}

/// Where the value that won came from.
fn origin(merged: &Figment, key: &str) -> Origin {
    let Some(metadata) = merged.find_metadata(key) else { return Origin::Default };
    match (metadata.source.as_ref().and_then(|source| source.file_path()), metadata.name.as_ref()) {
        (Some(path), _) => Origin::File(path.to_owned()),
        (None, "environment") => Origin::Environment,
        (None, "flag") => Origin::Flag,
        (None, _) => Origin::Default,
    }
}

fn figment_text(merged: &Figment, key: &str) -> Option<String> {
    merged.find_value(key).ok().and_then(Value::into_string)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_struct_agree() {
        let defaults = serde_json::to_value(Config::default()).unwrap();
        let mut fields: Vec<String> = defaults.as_object().unwrap().keys().cloned().collect();
        fields.push("metrics_token".to_owned());
        fields.sort();
        let mut keys: Vec<String> = SETTINGS.iter().map(|setting| setting.key.to_owned()).collect();
        keys.sort();
        assert_eq!(fields, keys);
    }

    #[test]
    fn the_manual_lists_every_setting_with_its_default() {
        let manual = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations.md")).unwrap();
        let base = Figment::from(Serialized::defaults(Config::default()));
        for setting in SETTINGS {
            let default = shown(&base, setting).value;
            let line = format!("| `{}` | `{default}` | {} |", setting.key, setting.what);
            assert!(manual.contains(&line), "docs/operations.md lacks the line\n{line}");
        }
    }

    #[test]
    fn near_names_are_guessed() {
        assert_eq!(nearest("body_byte_max"), Some("body_bytes_max"));
        assert_eq!(nearest("colour"), None);
    }
}
