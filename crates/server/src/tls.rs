//! TLS and listening: the local certificate authority of `--tls auto`, given PEM files, and what stands between a TCP connection and HTTP.
//!
//! The authority lives in `DIR/tls`. Terminals trust `ca.pem` once; the server's certificate is made anew whenever its names change or its
//! end comes near, and stays trusted. Nothing here knows what is served.

use crate::clock;
use crate::config::{Config, Tls};
use crate::front::{VIEWER_SEND_BYTES_MAX, Wish};
use axum_server::accept::Accept;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tower_http::add_extension::AddExtension;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Apple's limit for certificates of authorities that a user added is 825 days; public ones live 398.
const SERVER_MS: i64 = 397 * DAY_MS;
const AUTHORITY_MS: i64 = 3_650 * DAY_MS;
/// A certificate this near to its end is made anew.
const RENEW_MS: i64 = 30 * DAY_MS;
/// Clocks of hall machines may be behind.
const SKEW_MS: i64 = DAY_MS;
/// Connections that wait to be accepted: a hall that comes back after a power cut comes at once.
const BACKLOG: u32 = 4_096;

/// TLS cannot be had; the text completes "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file.
    #[error("use the TLS file {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The authority is there in part.
    #[error("use the certificate authority in {}: {missing} is missing or damaged; restore the folder from a backup, or remove it and let all terminals trust a new one", dir.display())]
    Incomplete {
        /// Where.
        dir: PathBuf,
        /// What.
        missing: &'static str,
    },
    /// A certificate could not be made.
    #[error("make a certificate")]
    Make(#[from] rcgen::Error),
    /// rustls says no.
    #[error("use the certificate and its key")]
    Rustls(#[from] rustls::Error),
}

/// The local authority, as terminals get to know it.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Where its certificate is.
    pub path: PathBuf,
    /// Its certificate.
    pub pem: String,
    /// SHA-256 of the certificate, as browsers show it.
    pub fingerprint: String,
    /// Names and addresses of the server certificate it signed.
    pub names: Vec<String>,
}

/// TLS that is ready.
#[derive(Clone)]
pub struct Ready {
    /// For the listener.
    pub server: Arc<ServerConfig>,
    /// With `--tls auto`.
    pub authority: Option<Authority>,
}

/// Names the one cryptography provider of the process; the first thing `main` does.
pub fn install_provider() {
    // Fails only when it was done before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Reads or makes what TLS needs; none for plain HTTP. Doing it again finds renewed files and renews what is due.
pub fn prepare(config: &Config) -> Result<Option<Ready>, Error> {
    match config.tls() {
        Tls::Off => Ok(None),
        Tls::Files { cert, key } => {
            let server = server_config(&read(&cert)?, &cert, &read(&key)?, &key)?;
            Ok(Some(Ready { server, authority: None }))
        }
        Tls::Auto => prepare_local(&config.data.join("tls"), names(config), clock::utc_ms()).map(Some),
    }
}

/// What stands beside the files about them, so that nothing has to read certificates.
#[derive(Debug, Serialize, Deserialize)]
struct Facts {
    authority: String,
    authority_until_utc_ms: i64,
    names: BTreeSet<String>,
    server_until_utc_ms: i64,
}

fn prepare_local(dir: &Path, names: BTreeSet<String>, now_utc_ms: i64) -> Result<Ready, Error> {
    let [ca, ca_key, cert, key, facts_path] =
        ["ca.pem", "ca-key.pem", "server.pem", "server-key.pem", "facts.json"].map(|name| dir.join(name));
    let mut facts = match (ca.exists(), ca_key.exists()) {
        (false, false) => make_authority(dir, &ca, &ca_key, now_utc_ms)?,
        (true, true) => read_facts(dir, &facts_path)?,
        (false, true) => return Err(Error::Incomplete { dir: dir.to_owned(), missing: "ca.pem" }),
        (true, false) => return Err(Error::Incomplete { dir: dir.to_owned(), missing: "ca-key.pem" }),
    };
    if facts.authority_until_utc_ms - now_utc_ms < SERVER_MS {
        tracing::warn!(dir = %dir.display(), "the certificate authority ends within 13 months; plan a new one that terminals trust in time");
    }
    let due = facts.server_until_utc_ms - now_utc_ms < RENEW_MS || facts.names != names;
    if due || !cert.exists() || !key.exists() {
        facts.server_until_utc_ms = (now_utc_ms + SERVER_MS).min(facts.authority_until_utc_ms);
        facts.names = names;
        make_server(&facts, &ca_key, &cert, &key, now_utc_ms)?;
        // Last, so that an interrupted run makes the certificate again.
        write(&facts_path, serde_json::to_string_pretty(&facts).unwrap_or_default().as_bytes(), 0o600)?;
    }
    let pem = read(&ca)?;
    let server = server_config(&read(&cert)?, &cert, &read(&key)?, &key)?;
    let fingerprint = fingerprint(&pem).ok_or(Error::Incomplete { dir: dir.to_owned(), missing: "ca.pem" })?;
    let names = facts.names.into_iter().collect();
    Ok(Ready { server, authority: Some(Authority { path: ca, pem, fingerprint, names }) })
}

fn read_facts(dir: &Path, path: &Path) -> Result<Facts, Error> {
    serde_json::from_str(&read(path)?).map_err(|_| Error::Incomplete { dir: dir.to_owned(), missing: "facts.json" })
}

/// Makes the authority: its key, its certificate, and the facts of a server certificate that is still to be made.
fn make_authority(dir: &Path, ca: &Path, ca_key: &Path, now_utc_ms: i64) -> Result<Facts, Error> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|source| file_error(dir, source))?;
    let facts = Facts {
        authority: format!("Saksama {} {}", hostname().unwrap_or_else(|| "lokal".to_owned()), &crate::random::token()[..8]),
        authority_until_utc_ms: now_utc_ms + AUTHORITY_MS,
        names: BTreeSet::new(),
        server_until_utc_ms: 0,
    };
    let key = KeyPair::generate()?;
    let certificate = authority_params(&facts, now_utc_ms)?.self_signed(&key)?;
    let facts_text = serde_json::to_string_pretty(&facts).unwrap_or_default();
    write(&dir.join("facts.json"), facts_text.as_bytes(), 0o600)?;
    write(ca_key, key.serialize_pem().as_bytes(), 0o600)?;
    write(ca, certificate.pem().as_bytes(), 0o644)?;
    Ok(facts)
}

fn authority_params(facts: &Facts, now_utc_ms: i64) -> Result<CertificateParams, Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = named(&facts.authority);
    // It signs servers and nothing that signs.
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since_epoch(now_utc_ms - SKEW_MS);
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + since_epoch(facts.authority_until_utc_ms);
    Ok(params)
}

fn make_server(facts: &Facts, ca_key: &Path, cert: &Path, key: &Path, now_utc_ms: i64) -> Result<(), Error> {
    let authority_key = KeyPair::from_pem(&read(ca_key)?)?;
    let issuer = Issuer::new(authority_params(facts, now_utc_ms)?, authority_key);
    let mut params = CertificateParams::new(facts.names.iter().cloned().collect::<Vec<_>>())?;
    params.distinguished_name = named("Saksama");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since_epoch(now_utc_ms - SKEW_MS);
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + since_epoch(facts.server_until_utc_ms);
    let server_key = KeyPair::generate()?;
    let certificate = params.signed_by(&server_key, &issuer)?;
    write(key, server_key.serialize_pem().as_bytes(), 0o600)?;
    write(cert, certificate.pem().as_bytes(), 0o644)
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

fn since_epoch(utc_ms: i64) -> Duration {
    // Certificates know whole seconds.
    Duration::from_secs(u64::try_from(utc_ms / 1000).unwrap_or(0))
}

fn server_config(cert: &str, cert_path: &Path, key: &str, key_path: &Path) -> Result<Arc<ServerConfig>, Error> {
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(cert.as_bytes()).collect::<Result<_, _>>().map_err(|source| file_error(cert_path, source))?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|source| file_error(key_path, source))?;
    let mut server = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
    // Websockets need HTTP/1.1; with one version there is one set of limits.
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(server))
}

fn fingerprint(pem: &str) -> Option<String> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
    let digest = question_bank::id::Digest32::of(&der);
    Some(digest.0.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":"))
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| file_error(path, source))
}

/// Writes whole or not at all.
fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Error> {
    let write = || -> io::Result<()> {
        let half = path.with_extension("half");
        match fs::remove_file(&half) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&half)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&half, path)
    };
    write().map_err(|source| file_error(path, source))
}

fn file_error(path: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::File { path: path.to_owned(), source: source.into() }
}

/// Every name under which a browser may look for us.
fn names(config: &Config) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = config.tls_names.iter().map(|name| name.to_ascii_lowercase()).collect();
    names.extend(["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string(), Ipv6Addr::LOCALHOST.to_string()]);
    if let Some(name) = hostname() {
        names.insert(name);
    }
    let ip = config.listen.ip();
    if ip.is_unspecified() {
        names.extend(local_addresses().iter().filter(|local| ip.is_ipv6() || local.is_ipv4()).map(ToString::to_string));
    } else {
        names.insert(ip.to_string());
    }
    names
}

/// The machine's name, if it can stand in a certificate.
fn hostname() -> Option<String> {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok()?.trim().to_ascii_lowercase();
    let fits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
    fits.then_some(name)
}

/// Addresses of this machine as the kernel lists them; none where it does not.
fn local_addresses() -> BTreeSet<IpAddr> {
    let v4 = fs::read_to_string("/proc/net/fib_trie").unwrap_or_default();
    let v6 = fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
    local_v4(&v4).map(IpAddr::V4).chain(local_v6(&v6).map(IpAddr::V6)).collect()
}

/// In the routing table a line `|-- 10.0.0.7` is followed by `/32 host LOCAL` when the address is ours.
fn local_v4(fib_trie: &str) -> impl Iterator<Item = Ipv4Addr> {
    fib_trie.lines().zip(fib_trie.lines().skip(1)).filter(|(_, next)| next.contains("/32 host LOCAL")).filter_map(|(line, _)| {
        let text = line.trim_start_matches([' ', '|']).strip_prefix("-- ")?;
        text.trim().parse().ok()
    })
}

/// Each line begins with 32 hexadecimal digits and ends with the device; link-local addresses (fe80) cannot stand in a URL.
fn local_v6(if_inet6: &str) -> impl Iterator<Item = Ipv6Addr> {
    if_inet6.lines().filter_map(|line| {
        let bits = u128::from_str_radix(line.split_whitespace().next()?, 16).ok()?;
        let address = Ipv6Addr::from(bits);
        (!address.is_unicast_link_local()).then_some(address)
    })
}

/// A listening socket with a long backlog.
pub fn listen(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = if address.is_ipv4() { tokio::net::TcpSocket::new_v4()? } else { tokio::net::TcpSocket::new_v6()? };
    // A restart must not wait for connections of the last run to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

/// Accepts connections without delay of small packets, up to a number; the rest is closed at once, so that descriptors stay for what is
/// already connected.
#[derive(Clone)]
pub struct Door {
    places: Arc<Semaphore>,
    places_max: usize,
    /// The first request must arrive within this.
    first_within: Duration,
    /// Cancelled when the house is cleared.
    cleared: CancellationToken,
}

impl Door {
    /// A door for this many connections. Who does not ask for anything within a time is shown out: the time limit for heads begins with the
    /// first byte, and not with every first byte.
    pub fn new(connections_max: usize, first_within: Duration) -> Self {
        Door {
            places: Arc::new(Semaphore::new(connections_max)),
            places_max: connections_max,
            first_within,
            cleared: CancellationToken::new(),
        }
    }

    /// Connections that are inside.
    pub fn inside(&self) -> usize {
        self.places_max - self.places.available_permits()
    }

    /// Ends the reading side of every connection, so that whoever still listens to a websocket sees it end.
    pub fn clear(&self) {
        self.cleared.cancel();
    }

    /// The same door with TLS behind it.
    pub fn with_tls(self, config: RustlsConfig) -> RustlsAcceptor<Door> {
        RustlsAcceptor::new(config).acceptor(self)
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Door {
    type Stream = Guest;
    type Service = AddExtension<S, Wish>;
    type Future = std::future::Ready<io::Result<(Guest, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let entered = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => {
                let cleared = Box::pin(self.cleared.clone().cancelled_owned());
                let first = Some(Box::pin(tokio::time::sleep(self.first_within)));
                let wish = Wish::default();
                let service = AddExtension::new(service, wish.clone());
                stream.set_nodelay(true).map(|()| (Guest { stream: Some(stream), wish, first, cleared, _place: place }, service))
            }
            Err(_) => {
                metrics::counter!("saksama_connections_refused_total").increment(1);
                Err(io::Error::other("too many connections"))
            }
        };
        std::future::ready(entered)
    }
}

/// A connection and its place.
pub struct Guest {
    /// There but for a moment, while it moves.
    stream: Option<TcpStream>,
    wish: Wish,
    /// Until the first request is there.
    first: Option<Pin<Box<Sleep>>>,
    cleared: Pin<Box<WaitForCancellationFutureOwned>>,
    _place: OwnedSemaphorePermit,
}

impl Guest {
    fn first_is_late(&mut self, cx: &mut Context<'_>) -> bool {
        if self.first.is_some() && self.wish.heard() {
            self.first = None;
        }
        self.first.as_mut().is_some_and(|first| first.as_mut().poll(cx).is_ready())
    }

    /// The stream, after what was wished for it.
    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        if let Some((moves, views)) = self.wish.take() {
            if moves && let Some(stream) = self.stream.take() {
                // A timer of the runtime that is left.
                self.first = None;
                self.stream = Some(TcpStream::from_std(stream.into_std()?)?);
            }
            if views && let Some(stream) = &self.stream {
                rustix::net::sockopt::set_socket_send_buffer_size(stream, VIEWER_SEND_BYTES_MAX)?;
            }
        }
        self.stream.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl AsyncRead for Guest {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.stream()?.poll_read(cx, buffer) {
            // Nothing read and nothing more to wait for: the end.
            Poll::Pending if self.first_is_late(cx) => Poll::Ready(Ok(())),
            Poll::Pending => self.cleared.as_mut().poll(cx).map(|()| Ok(())),
            read => read,
        }
    }
}

impl AsyncWrite for Guest {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(cx)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn named(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_authority_outlives_the_certificates_it_signs() {
        install_provider();
        let dir = tempfile::tempdir().unwrap();
        let tls = dir.path().join("tls");
        let now = clock::utc_ms();
        let first = prepare_local(&tls, named(&["ujian.test", "10.0.0.7"]), now).unwrap();
        let cert = || fs::read(tls.join("server.pem")).unwrap();
        let made = cert();
        let again = prepare_local(&tls, named(&["ujian.test", "10.0.0.7"]), now + 300 * DAY_MS).unwrap();
        assert_eq!(cert(), made, "nothing is due");
        assert_eq!(again.authority.unwrap().fingerprint, first.authority.as_ref().unwrap().fingerprint);
        prepare_local(&tls, named(&["ujian.test", "10.0.0.7"]), now + 370 * DAY_MS).unwrap();
        let renewed = cert();
        assert_ne!(renewed, made, "its end was near");
        let moved = prepare_local(&tls, named(&["ujian.test", "10.0.0.8"]), now).unwrap();
        assert_ne!(cert(), renewed, "its names changed");
        assert_eq!(moved.authority.unwrap().pem, first.authority.unwrap().pem);
    }

    #[test]
    fn keys_are_for_their_owner_and_never_made_over() {
        install_provider();
        let dir = tempfile::tempdir().unwrap();
        prepare_local(dir.path(), named(&["localhost"]), clock::utc_ms()).unwrap();
        for key in ["ca-key.pem", "server-key.pem"] {
            assert_eq!(fs::metadata(dir.path().join(key)).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::remove_file(dir.path().join("ca-key.pem")).unwrap();
        let error = prepare_local(dir.path(), named(&["localhost"]), clock::utc_ms()).err().unwrap();
        assert!(error.to_string().contains("ca-key.pem is missing"), "{error}");
    }

    #[tokio::test]
    async fn the_door_has_places_and_can_be_cleared() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::from_std(listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let door = Door::new(1, Duration::from_secs(60));
        let mut outside = TcpStream::connect(address).await.unwrap();
        let (mut guest, _) = door.accept(listener.accept().await.unwrap().0, ()).await.unwrap();
        let _second = TcpStream::connect(address).await.unwrap();
        assert!(door.accept(listener.accept().await.unwrap().0, ()).await.is_err(), "there was one place");
        outside.write_all(b"x").await.unwrap();
        assert_eq!(guest.read_u8().await.unwrap(), b'x');
        let reading = tokio::spawn(async move { guest.read(&mut [0; 8]).await });
        door.clear();
        assert_eq!(reading.await.unwrap().unwrap(), 0, "the end");
        let _third = TcpStream::connect(address).await.unwrap();
        assert!(door.accept(listener.accept().await.unwrap().0, ()).await.is_ok(), "the place is free again");
    }

    #[test]
    fn a_connection_moves_to_the_runtime_where_it_goes_on() {
        use std::io::{Read, Write};
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (home, front) = (tokio::runtime::Runtime::new().unwrap(), crate::front::Front::start().unwrap());
        let (mut outside, mut guest) = front.handle().block_on(async {
            let listener = tokio::net::TcpListener::from_std(listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap()).unwrap();
            let outside = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (guest, _) = Door::new(1, Duration::from_secs(60)).accept(listener.accept().await.unwrap().0, ()).await.unwrap();
            (outside, guest)
        });
        guest.wish.view();
        guest.wish.clone().go_on(home.handle(), async move {
            while let Ok(byte) = guest.read_u8().await {
                guest.write_u8(byte).await.unwrap();
            }
        });
        let mut echoed = |byte: u8| {
            let mut heard = [0];
            outside.write_all(&[byte]).and_then(|()| outside.read_exact(&mut heard)).map(|()| heard[0]).ok()
        };
        assert_eq!(echoed(1), Some(1));
        drop(front);
        assert_eq!(echoed(2), Some(2), "nothing of it is left behind");
    }

    #[test]
    fn addresses_are_read_from_the_kernels_tables() {
        let trie =
            "  |-- 10.0.0.0\n     /24 link UNICAST\n  |-- 10.0.0.7\n     /32 host LOCAL\n  |-- 10.0.0.255\n     /32 link BROADCAST\n";
        assert_eq!(local_v4(trie).collect::<Vec<_>>(), [Ipv4Addr::new(10, 0, 0, 7)]);
        let inet6 = "00000000000000000000000000000001 01 80 10 80       lo\nfe800000000000000000000000000001 02 40 20 80 eth0\n";
        assert_eq!(local_v6(inet6).collect::<Vec<_>>(), [Ipv6Addr::LOCALHOST]);
    }
}
