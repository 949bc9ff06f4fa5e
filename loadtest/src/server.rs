//! A server of one's own: `saksama` as a child process on a data directory, started, killed, started again.

use crate::machine::{Reading, Watched};
use crate::orders::Target;
use crate::tls::{Trust, Tunnel};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Most sockets a server is told to take: descriptors are limited to 20,000 a process on many systems.
const SOCKETS_MAX: usize = 19_700;

/// How a server is started.
#[derive(Clone, Debug)]
pub struct How {
    /// The program `saksama`.
    pub program: PathBuf,
    /// Its data directory.
    pub data: PathBuf,
    /// Where its log goes; appended to.
    pub log: PathBuf,
    /// With `--tls auto`.
    pub tls: bool,
    /// Terminals that must have a place.
    pub terminals: usize,
    /// Further settings for its environment: name and value, e.g. `SAKSAMA_LOG_FILTER`.
    pub settings: Vec<(String, String)>,
}

/// A running server.
pub struct Server {
    how: How,
    child: Option<Child>,
    tunnel: Option<Tunnel>,
    /// Where it listens, e.g. `http://127.0.0.1:40123`.
    pub base: String,
}

impl Server {
    /// Starts one on a free loopback port.
    pub async fn start(how: How) -> Result<Server> {
        let mut server = Server { how, child: None, tunnel: None, base: String::new() };
        server.run("127.0.0.1:0").await?;
        if let Some(authority) = server.authority() {
            let address = server.base.trim_start_matches("https://").parse().context("the server's address")?;
            server.tunnel = Some(Tunnel::open(address, Trust::read(&authority)?).await?);
        }
        Ok(server)
    }

    async fn run(&mut self, listen: &str) -> Result<()> {
        let How { program, data, log, tls, terminals, settings } = &self.how;
        let sockets = (terminals + 300).min(SOCKETS_MAX).to_string();
        let connections = (terminals + 1_500).clamp(2_000, SOCKETS_MAX).to_string();
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log).context("the server's log")?;
        let mut child = Command::new(program)
            .args(["serve", "--listen", listen, "--tls", if *tls { "auto" } else { "off" }, "--data"])
            .arg(data)
            .env("SAKSAMA_TERMINAL_SOCKETS_MAX", sockets)
            .env("SAKSAMA_CONNECTIONS_MAX", connections)
            // A whole selection of thousands is enrolled in one request.
            .env("SAKSAMA_REQUEST_MS_MAX", "600000")
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log))
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("failed to start {}", program.display()))?;
        let mut lines = BufReader::new(child.stdout.take().context("a piped standard output")?).lines();
        self.base = loop {
            let Some(line) = lines.next_line().await? else { bail!("the server ended; its log is {}", self.how.log.display()) };
            if let Some(address) = line.strip_prefix("Listening on ") {
                break address.trim_end_matches('/').to_owned();
            }
        };
        // Whatever it still says must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.child = Some(child);
        Ok(())
    }

    /// Where staff and screens ask, in plain HTTP whatever the server speaks; its sockets' address is [`Server::base`].
    pub fn desk(&self) -> &str {
        self.tunnel.as_ref().map_or(&self.base, |tunnel| &tunnel.base)
    }

    /// Its process id, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }

    /// Its data directory.
    pub fn data(&self) -> &Path {
        &self.how.data
    }

    /// The program.
    pub fn program(&self) -> &Path {
        &self.how.program
    }

    /// What client processes connect to.
    pub fn target(&self) -> Target {
        Target { base: self.base.clone(), authority: self.authority(), echo: false }
    }

    /// The certificate of its authority, with TLS.
    pub fn authority(&self) -> Option<PathBuf> {
        self.how.tls.then(|| self.how.data.join("tls/ca.pem"))
    }

    /// Ends it as a power cut would, as far as a process can tell.
    pub async fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// Starts again where it listened before, and says how long it took to listen.
    pub async fn restart(&mut self) -> Result<Duration> {
        let began = Instant::now();
        let listen = self.base.split_once("://").map_or("127.0.0.1:0", |(_, address)| address).to_owned();
        self.run(&listen).await?;
        Ok(began.elapsed())
    }

    /// Asks it to stop, waits, and says whether it ended with code 0.
    pub async fn stop(&mut self) -> Result<bool> {
        let Some(mut child) = self.child.take() else { return Ok(true) };
        let pid = child.id().and_then(|pid| rustix::process::Pid::from_raw(pid as i32)).context("a live process")?;
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        match tokio::time::timeout(Duration::from_secs(60), child.wait()).await {
            Ok(status) => Ok(status?.success()),
            Err(_) => {
                child.kill().await?;
                Ok(false)
            }
        }
    }

    /// Makes a staff member; answers the password.
    pub async fn create_staff(&self, login: &str, role: &str) -> Result<String> {
        let made = Command::new(&self.how.program)
            .args(["admin", "create-staff", "--data"])
            .arg(&self.how.data)
            .args(["--login", login, "--name", &format!("Uji {login}"), "--role", role])
            .output()
            .await?;
        if !made.status.success() {
            bail!("create-staff: {}", String::from_utf8_lossy(&made.stderr));
        }
        let text = String::from_utf8_lossy(&made.stdout).into_owned();
        let line = text.lines().find_map(|line| line.strip_prefix("password")).context("a password")?;
        Ok(line.split_whitespace().next().context("a password")?.to_owned())
    }
}

/// Memory of a server without anybody, KiB: what is not the price of a session.
pub async fn resident_kb_of_an_empty_one(program: &Path, dir: &Path) -> Result<f64> {
    let data = tempfile::tempdir()?;
    let (program, log) = (program.to_owned(), dir.join("empty-server.log"));
    let how = How { program, data: data.path().to_owned(), log, tls: false, terminals: 1_000, settings: Vec::new() };
    let mut server = Server::start(how).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let watched = Watched { server: server.pid(), ..Watched::default() };
    let kb = Reading::now(&watched).server_rss_kb;
    server.stop().await?;
    Ok(kb)
}

/// `saksama` beside this program.
pub fn beside() -> Result<PathBuf> {
    let mine = std::env::current_exe().context("this program's own path")?;
    let beside = mine.with_file_name("saksama");
    if !beside.exists() {
        bail!("there is no {}; name the server's program with --saksama", beside.display());
    }
    Ok(beside)
}

/// Lets this process and its children have as many descriptors as the system allows.
pub fn raise_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // If not, the first socket too many says so.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}
