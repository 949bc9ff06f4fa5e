//! What every handler shares, and the order in which things start and stop.

use crate::api::ops::{self, Pulse, Sockets};
use crate::auth::{Limiter, Passwords};
use crate::board::Boards;
use crate::clock;
use crate::config::Config;
use crate::demo::{self, DemoCredentials};
use crate::front::Front;
use crate::hall::Halls;
use crate::lanes::Lanes;
use crate::pages::Pages;
use crate::pressure::Pressure;
use crate::tls::{self, Door};
use crate::{random, routes};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto;
use std::fs::File;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use store::journal::log::{self, LogState};
use store::journal::{Fatal, Journal, Writer};
use store::seal::{self, Seal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The running server; handlers hold it as [`Shared`].
pub struct App {
    /// Settings, each already checked.
    pub config: Config,
    /// Roster, library, staff, publications.
    pub store: Store,
    /// The journal's writer.
    pub journal: Journal,
    /// Owners of the sittings.
    pub halls: Halls,
    /// Live rankings.
    pub boards: Boards,
    /// Key for the HMACs of PINs; made once per installation.
    pub secret: [u8; 32],
    /// Limits of sign-in attempts.
    pub limiter: Limiter,
    /// When this process started, wall clock.
    pub started_utc_ms: i64,
    /// The hashers of staff passwords.
    pub passwords: Passwords,
    /// Held while staff are changed, so that there is always an administrator left.
    pub staff_changes: tokio::sync::Mutex<()>,
    /// Open websockets, within their limits.
    pub sockets: Sockets,
    /// What lets connections in.
    pub door: Door,
    /// Who goes first when not everybody can.
    pub lanes: Lanes,
    /// Public pages as they were rendered last.
    pub pages: Pages,
    /// How hard it is to keep up.
    pub pressure: Pressure,
    /// Does the journal's writer move?
    pub pulse: Pulse,
    /// Candidates who are signing in.
    pub sign_ins: crate::api::terminal::SignIns,
    /// Held while an act that waits for a second person is proposed or decided: it is done or rejected, never both, and consoles see the newest
    /// list last.
    pub proposals: tokio::sync::Mutex<()>,
    /// Files of published lists, made once.
    pub made_files: crate::api::publications::MadeFiles,
    /// Announcements that are looked at before they are published.
    pub previews: crate::api::previews::Previews,
    /// The local certificate authority, with `--tls auto`.
    pub authority: Option<tls::Authority>,
    /// Cancelled when the server begins to stop: sockets say goodbye.
    pub stopping: CancellationToken,
}

/// The state of the router.
pub type Shared = Arc<App>;

/// Why the server could not start, or ended by itself; the text completes "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The directory.
    #[error("use the data directory {}", path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process has it.
    #[error("use the data directory {}: another saksama serves it", path.display())]
    Taken {
        /// Which.
        path: PathBuf,
    },
    /// The files are not as the last server left them.
    #[error("use {}: {what}; let `saksama fsck` say more, or take the directory from a backup", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What.
        what: &'static str,
    },
    /// The store.
    #[error("open the store")]
    Store(#[from] store::Error),
    /// The journal.
    #[error("open the journal")]
    Journal(#[from] store::journal::OpenError),
    /// The halls.
    #[error("load the sittings")]
    Halls(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The demonstration.
    #[error("start the demonstration")]
    Demo(#[from] demo::Error),
    /// The threads of the front.
    #[error("start the threads that serve requests")]
    Threads(#[source] std::io::Error),
    /// TLS.
    #[error("prepare TLS")]
    Tls(#[from] tls::Error),
    /// The address.
    #[error("listen on {address}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The listener ended.
    #[error("go on serving")]
    Serve(#[source] std::io::Error),
}

/// How often expired things are swept and renewed ones looked for.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);
/// Upkeeps between two looks at certificates and expired sessions: an hour.
const SELDOM: u64 = 720;

/// How long websockets may take to say goodbye once their halls have stopped.
const GOODBYE: Duration = Duration::from_millis(200);

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What its handlers share.
    pub app: Shared,
    /// Who may sign in, with `--demo`.
    pub demo: Option<DemoCredentials>,
    handle: Handle<SocketAddr>,
    serving: JoinHandle<std::io::Result<()>>,
    /// Sends frames to screens until it is aborted.
    screens: JoinHandle<()>,
    /// Looks at the pressure until it is aborted.
    watching: JoinHandle<()>,
    upkeep: JoinHandle<()>,
    writer: Writer,
    front: Front,
    /// Held as long as the directory is ours.
    _lock: File,
}

/// Starts everything in its one order: directory, store, journal, halls with their boards, the demonstration if asked for, and the listener
/// when all of them are ready.
pub async fn start(config: Config) -> Result<Running, Error> {
    ops::recorder();
    tls::install_provider();
    let lock = take(&config.data)?;
    look_for_damage(&config.data).await?;
    let store = Store::open(&config.data).await?;
    let (journal, writer) = Journal::open(&config.data, store::journal::LOG_PAGES, die).await?;
    let pressure = Pressure::default();
    let boards = Boards::new(pressure.clone());
    let (halls, finished) =
        Halls::load(store.clone(), journal.clone(), &config.data, boards.clone()).await.map_err(|error| Error::Halls(error.into()))?;
    let ready = tls::prepare(&config)?;
    let front = Front::start().map_err(Error::Threads)?;
    let app = Arc::new(App {
        secret: secret(&store).await?,
        limiter: Limiter::new(
            config.sign_in_per_account_per_minute,
            Duration::from_secs(config.sign_in_back_off_s_max),
            config.sign_in_accounts_max,
        ),
        passwords: Passwords::new(config.sign_in_waiting_max),
        sockets: Sockets::new(config.terminal_sockets_max, config.screen_sockets_max, config.proctor_sockets_max),
        door: Door::new(config.connections_max, Duration::from_millis(2 * config.header_wait_ms_max)),
        lanes: Lanes::new(&config),
        pages: Pages::default(),
        pressure: pressure.clone(),
        started_utc_ms: clock::utc_ms(),
        staff_changes: tokio::sync::Mutex::default(),
        pulse: Pulse::default(),
        authority: ready.as_ref().and_then(|ready| ready.authority.clone()),
        sign_ins: Default::default(),
        proposals: Default::default(),
        made_files: Default::default(),
        previews: Default::default(),
        stopping: CancellationToken::new(),
        config,
        store,
        journal,
        halls,
        boards,
    });
    let demo = if app.config.demo { Some(demo::seed(&app).await?) } else { None };
    let tls = ready.map(|ready| RustlsConfig::from_config(ready.server));
    let (address, handle, serving) = serve(&app, tls.clone(), &front)?;
    let halls = Arc::clone(&app);
    tokio::spawn(async move { halls.halls.load_finished(finished).await });
    let screens = front.handle().spawn(app.boards.clone().run());
    let (target, interval) = (Duration::from_millis(app.config.pressure_target_ms), Duration::from_millis(app.config.pressure_interval_ms));
    let watching = tokio::spawn(pressure.run(app.journal.clone(), target, interval));
    let upkeep = tokio::spawn(keep_up(Arc::clone(&app), tls));
    Ok(Running { address, app, demo, handle, serving, screens, watching, upkeep, writer, front, _lock: lock })
}

/// One process serves a directory. The lock goes with the process, however it ends.
fn take(dir: &Path) -> Result<File, Error> {
    let wrong = |source| Error::Directory { path: dir.to_owned(), source };
    // Names, numbers and keys are in there: a directory that we make is nobody else's.
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(wrong)?;
    let file = File::options().create(true).truncate(false).write(true).open(dir.join("saksama.lock")).map_err(wrong)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::Taken { path: dir.to_owned() }),
        Err(std::fs::TryLockError::Error(source)) => Err(wrong(source)),
    }
}

/// Looks at the files before anything opens them, and takes their seal off.
async fn look_for_damage(dir: &Path) -> Result<(), Error> {
    let (path, wrong) = (dir.to_owned(), |source| Error::Directory { path: dir.to_owned(), source });
    let look = move || Ok::<_, std::io::Error>((seal::open(&path)?, log::examine(&path)?));
    let (seal, log) = tokio::task::spawn_blocking(look).await.unwrap_or_else(|panic| Err(std::io::Error::other(panic))).map_err(wrong)?;
    let damaged = |what| Err(Error::Damaged { path: dir.to_owned(), what });
    match (seal, log) {
        (Seal::Broken, _) => damaged("its databases are not as the last server left them"),
        (_, LogState::Damaged) => damaged("the journal's log is damaged, and with it commits that were durable"),
        (_, LogState::LastCommitTorn) => {
            tracing::warn!(
                "the last commit of the journal is not whole: nobody was told of it if the power failed, otherwise the file is damaged"
            );
            Ok(())
        }
        (_, LogState::Whole) => Ok(()),
    }
}

/// After a failed write or sync nothing may be believed: the process ends at once, and what starts it again reads what is really on the disk.
fn die(fatal: Fatal) {
    tracing::error!(
        error = &fatal as &dyn std::error::Error,
        "the journal failed; this process ends so that a fresh one reads what is stored"
    );
    std::process::abort();
}

/// The installation's key for PINs; the first start makes it.
async fn secret(store: &Store) -> Result<[u8; 32], Error> {
    let kept = store.installation_get_or_put("pin_secret", &random::bytes::<32>()).await?;
    kept.try_into().map_err(|_| Error::Store(store::Error::Damaged("pin_secret has not 32 bytes".to_owned())))
}

type Serving = (SocketAddr, Handle<SocketAddr>, JoinHandle<std::io::Result<()>>);

fn serve(app: &Shared, tls: Option<RustlsConfig>, front: &Front) -> Result<Serving, Error> {
    let wrong = |source| Error::Listen { address: app.config.listen, source };
    let listener = tls::listen(app.config.listen).map_err(wrong)?;
    let address = listener.local_addr().map_err(wrong)?;
    // Connections belong to the runtime on which they are accepted.
    let _front = front.handle().enter();
    let mut server = axum_server::from_tcp(listener).map_err(wrong)?;
    // Only HTTP/1.1, which websockets need anyway. axum-server's own `http1_only` would lose the upgrades.
    let mut http = auto::Builder::new(TokioExecutor::new()).http1_only();
    http.http1().timer(TokioTimer::new()).header_read_timeout(Duration::from_millis(app.config.header_wait_ms_max));
    *server.http_builder() = http;
    let handle = Handle::new();
    let server = server.handle(handle.clone());
    let door = app.door.clone();
    let service = routes::router(Arc::clone(app)).into_make_service_with_connect_info::<SocketAddr>();
    let serving = match tls {
        Some(config) => tokio::spawn(server.acceptor(door.with_tls(config)).serve(service)),
        None => tokio::spawn(server.acceptor(door).serve(service)),
    };
    Ok((address, handle, serving))
}

/// What must be done from time to time as long as the server runs.
async fn keep_up(app: Shared, tls: Option<RustlsConfig>) {
    let mut every = tokio::time::interval(UPKEEP_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for round in 0_u64.. {
        tokio::select! {
            _ = every.tick() => {}
            () = app.stopping.cancelled() => return,
        }
        // Samples of histograms pile up until they are folded, also when nobody asks for them.
        ops::recorder().run_upkeep();
        app.pulse.look(app.journal.gauges());
        if round % SELDOM == 0 {
            sweep(&app).await;
            renew(&app, tls.as_ref()).await;
        }
    }
}

/// Forgets what has expired; what fails now works the next time.
async fn sweep(app: &App) {
    let now = clock::utc_ms();
    let swept = async {
        app.store.sweep_staff_sessions(now).await?;
        app.store.sweep_bank_imports(now).await
    };
    if let Err(error) = swept.await {
        tracing::warn!(error = &error as &dyn std::error::Error, "could not sweep expired sessions and imports");
    }
}

/// Takes up certificates that were renewed, by us or by whoever wrote the files. New connections get them.
async fn renew(app: &Shared, tls: Option<&RustlsConfig>) {
    let Some(tls) = tls else { return };
    let shared = Arc::clone(app);
    match tokio::task::spawn_blocking(move || tls::prepare(&shared.config)).await {
        Ok(Ok(Some(ready))) => tls.reload_from_config(ready.server),
        Ok(Ok(None)) | Err(_) => {}
        Ok(Err(error)) => {
            tracing::error!(error = &error as &dyn std::error::Error, "could not renew TLS; the old certificate stays in use");
        }
    }
}

impl Running {
    /// Serves until the process is told to end (SIGTERM, SIGINT), then stops in order. Fails if the listener ends by itself.
    pub async fn until_told(mut self) -> Result<(), Error> {
        tokio::select! {
            () = told() => {}
            ended = &mut self.serving => {
                let ended = ended.unwrap_or_else(|error| Err(std::io::Error::other(error)));
                return Err(Error::Serve(ended.err().unwrap_or_else(|| std::io::Error::other("the listener ended"))));
            }
        }
        tracing::info!("stopping");
        tokio::spawn(async {
            // Whoever asks twice does not want to wait. Everything acknowledged is on the disk.
            told().await;
            std::process::exit(1);
        });
        self.stop().await;
        Ok(())
    }

    /// Stops in order: no new connections, sockets say goodbye, halls drain and commit, open requests end, the journal is written and closed.
    pub async fn stop(self) {
        let drain = self.app.config.shutdown_drain();
        self.handle.graceful_shutdown(Some(drain));
        self.app.stopping.cancel();
        if tokio::time::timeout(drain, self.app.halls.stop()).await.is_err() {
            tracing::warn!("sittings did not drain in time; what was not acknowledged comes again from the terminals");
        }
        self.screens.abort();
        self.watching.abort();
        let _ = self.serving.await;
        // Websockets are not requests any more; nobody can be asked whether their last frames are on the way, so they get a moment.
        tokio::time::sleep(GOODBYE.min(drain)).await;
        self.app.door.clear();
        let _ = self.upkeep.await;
        let (store, data) = (self.app.store.clone(), self.app.config.data.clone());
        drop(self.app);
        drop(self.front);
        // The writer ends when the last handle of the journal is gone.
        let joined = tokio::task::spawn_blocking(move || self.writer.join());
        if tokio::time::timeout(drain, joined).await.is_err() {
            tracing::warn!("a socket still holds the journal; everything acknowledged is on the disk");
        }
        store.close().await;
        let sealed = tokio::task::spawn_blocking(move || seal::make(&data)).await.unwrap_or_else(|panic| Err(std::io::Error::other(panic)));
        if !matches!(sealed, Ok(true)) {
            tracing::warn!("the directory could not be sealed: it is still open somewhere, or the disk is full");
        }
        tracing::info!("stopped");
    }
}

/// Resolves when the process is told to end.
async fn told() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        tracing::error!("signals cannot be heard; end the process with SIGKILL, which loses nothing acknowledged");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}
