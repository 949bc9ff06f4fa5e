//! Programs that are measured run as children, and never outlive the run.

use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A program beside this one, as cargo puts them.
pub fn program(name: &str) -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    ensure!(path.exists(), "{name} is not built; `cargo build --release` makes it");
    Ok(path)
}

/// A server that said where it listens; killed when this goes away, which is safe: nothing acknowledged is lost by it.
pub struct Server {
    child: Child,
    /// Address without scheme: `127.0.0.1:40123`.
    pub address: String,
    /// From before it was started until it said that it listens.
    pub listening_after: Duration,
    /// When it was started.
    pub began: Instant,
}

impl Server {
    /// Starts a program and waits, at most so long, for its line `Listening on http://ADDR/`.
    pub fn start(command: &mut Command, within: Duration) -> Result<Server> {
        let began = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().context("the server's program")?;
        let lines = BufReader::new(child.stdout.take().context("the server's output")?).lines();
        let (said, heard) = mpsc::channel();
        // Reads on until the server ends, so that it never waits for its own output.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let address = line.split_once("Listening on ").and_then(|(_, url)| url.split("://").nth(1));
                if let Some(address) = address {
                    let _ = said.send((Instant::now(), address.trim_end_matches('/').to_owned()));
                }
            }
        });
        let mut server = Server { child, address: String::new(), listening_after: Duration::ZERO, began };
        match heard.recv_timeout(within) {
            Ok((at, address)) => {
                server.address = address;
                server.listening_after = at - began;
                Ok(server)
            }
            Err(_) => bail!("the server did not say within {} s that it listens", within.as_secs()),
        }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `saksama serve` on a data directory, on a free port, without a log.
pub fn serve(data: &Path) -> Result<Command> {
    let mut command = Command::new(program("saksama")?);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).env("SAKSAMA_LOG_FILTER", "error").stderr(Stdio::null());
    Ok(command)
}
