//! The programs under test, as child processes.

use crate::hall::Scale;
use crate::writer::Ack;
use anyhow::{Context, Result, bail};
use sabotage::Sabotage;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A child that does not end by itself within this time is taken to hang.
pub const ENDS_WITHIN: Duration = Duration::from_secs(60);

/// A program and the mistake it makes, if any.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    mistake: Option<Sabotage>,
}

fn built(arguments: &[&str], name: &str) -> PathBuf {
    let done = Command::new(env!("CARGO")).args(["build", "--quiet", "--locked"]).args(arguments).current_dir(tests::root()).status();
    assert!(done.is_ok_and(|status| status.success()), "{name} does not build");
    tests::root().join("target/debug").join(name)
}

impl Program {
    /// The writer.
    pub fn writer() -> Program {
        static BUILT: OnceLock<PathBuf> = OnceLock::new();
        let build = || built(&["-p", "faults", "--bin", "saksama-journal-writer"], "saksama-journal-writer");
        Program { path: BUILT.get_or_init(build).clone(), mistake: None }
    }

    /// The writer with a mistake.
    pub fn sabotaged_writer(mistake: Sabotage) -> Program {
        static BUILT: OnceLock<PathBuf> = OnceLock::new();
        let name = "saksama-journal-writer-sabotaged";
        let build = || built(&["-p", "faults", "--features", "sabotage", "--bin", name], name);
        Program { path: BUILT.get_or_init(build).clone(), mistake: Some(mistake) }
    }

    /// The server.
    pub fn server() -> Program {
        Program { path: tests::program().to_owned(), mistake: None }
    }

    /// The server with a mistake.
    pub fn sabotaged_server(mistake: Sabotage) -> Program {
        static BUILT: OnceLock<PathBuf> = OnceLock::new();
        let build = || built(&["-p", "server", "--features", "sabotage", "--bin", "saksama-sabotaged"], "saksama-sabotaged");
        Program { path: BUILT.get_or_init(build).clone(), mistake: Some(mistake) }
    }

    /// A command that runs it, behind a wrapper such as `strace` and its options.
    pub fn command(&self, wrapper: &[String]) -> Command {
        let mut command = match wrapper.split_first() {
            None => Command::new(&self.path),
            Some((program, options)) => {
                let mut command = Command::new(program);
                command.args(options).arg(&self.path);
                command
            }
        };
        // The server takes every variable of this prefix for a setting, and refuses those that it does not know.
        command.env_remove(crate::size::VARIABLE).env_remove(crate::size::SEED);
        match self.mistake {
            Some(mistake) => command.env(sabotage::VARIABLE, mistake.name()),
            None => command.env_remove(sabotage::VARIABLE),
        };
        command
    }
}

/// A running writer; killed when it goes.
pub struct Writing {
    child: Child,
    acks: PathBuf,
}

impl Writing {
    /// Starts it on a directory. Acknowledgements are appended to `acks`, which must lie on a disk that nothing happens to.
    pub fn start(program: &Program, wrapper: &[String], dir: &Path, scale: Scale, more: &[&str], acks: &Path) -> Result<Writing> {
        let out = File::options().append(true).create(true).open(acks)?;
        let child = program
            .command(wrapper)
            .arg(dir)
            .args(["--sittings", &scale.sittings.to_string(), "--sessions", &scale.sessions.to_string()])
            .args(more)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("run {program:?}"))?;
        Ok(Writing { child, acks: acks.to_owned() })
    }

    /// Waits until it acknowledged something since `bytes` of the file.
    pub fn until_it_acknowledges(&mut self, bytes: u64) -> Result<()> {
        let began = Instant::now();
        while std::fs::metadata(&self.acks)?.len() <= bytes {
            if let Some(status) = self.child.try_wait()? {
                bail!("the writer ended: {status}");
            }
            if began.elapsed() > ENDS_WITHIN {
                bail!("the writer acknowledges nothing");
            }
            std::thread::yield_now();
        }
        Ok(())
    }

    /// Waits until it ends by itself; none if it does not.
    pub fn wait(&mut self) -> Result<Option<ExitStatus>> {
        let began = Instant::now();
        while began.elapsed() < ENDS_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(None)
    }

    /// Ends it.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Acknowledgements in a file.
pub fn acks(file: &Path) -> Result<Vec<Ack>> {
    Ok(Ack::parse_all(&std::fs::read_to_string(file)?))
}

/// Runs a tool to its end.
pub fn tool(name: &str, arguments: &[&str]) -> Result<()> {
    let done = Command::new(name).args(arguments).stdin(Stdio::null()).output().with_context(|| format!("run {name}"))?;
    if !done.status.success() {
        bail!("{name} {}: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(())
}

/// Is this tool here?
pub fn have(tool: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()))
}
