//! What a writer did to its files, call by call, as `strace` saw it: writes with their bytes, syncs, truncations, and the acknowledgements in
//! between.

use crate::hall::Scale;
use crate::program::{Program, Writing};
use crate::writer::Ack;
use anyhow::{Context, Result, ensure};
use std::collections::HashMap;
use std::path::Path;
use std::process::ExitStatus;

/// Calls that change files of the journal, or promise that a change is durable.
const CALLS: &str = "pwrite64,pwritev,pwritev2,write,writev,fdatasync,fsync,sync_file_range,ftruncate,fallocate,unlink,unlinkat,rename";
/// Bytes of a call that are kept; SQLite writes pages of 4 KiB.
const BYTES_MAX: &str = "1048576";

/// A file of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum File {
    /// `journal.db`.
    Database,
    /// `journal.db-wal`.
    Log,
    /// `journal.db-journal`, there only while the file is made.
    Rollback,
}

impl File {
    /// All of them.
    pub const ALL: [File; 3] = [File::Database, File::Log, File::Rollback];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            File::Database => "journal.db",
            File::Log => "journal.db-wal",
            File::Rollback => "journal.db-journal",
        }
    }

    fn of(path: &[u8]) -> Option<File> {
        let name = path.rsplit(|&byte| byte == b'/').next()?;
        File::ALL.into_iter().find(|file| file.name().as_bytes() == name)
    }
}

/// What a call does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Bytes at an offset.
    Write(File, u64, Vec<u8>),
    /// A new length.
    Truncate(File, u64),
    /// The file goes.
    Unlink(File),
    /// Everything written to the file before is durable when this returns.
    Sync(File),
    /// A promise: from here on this answer must survive anything.
    Ack(Ack),
}

/// A call; calls of several threads overlap.
#[derive(Clone, Debug)]
pub struct Call {
    /// What it does.
    pub act: Act,
    /// Line of the trace at which it began.
    pub begins: usize,
    /// Line at which it returned; none if it never did.
    pub returns: Option<usize>,
    /// It returned an error: nothing was written, and after a sync nobody knows what was.
    pub failed: bool,
}

/// All calls of a run, in order of their beginning.
#[derive(Debug, Default)]
pub struct Trace {
    /// The calls.
    pub calls: Vec<Call>,
    /// Lines of the trace.
    pub lines: usize,
    /// Errors that were put in.
    pub injected: usize,
}

/// An error to put in: the nth call of each thread to one of these fails.
#[derive(Clone, Copy, Debug)]
pub struct Injection {
    /// Names of system calls, separated by commas.
    pub calls: &'static str,
    /// Name of the error.
    pub error: &'static str,
    /// Which call, from 1.
    pub nth: u64,
}

/// The wrapper that traces calls on some files, and puts an error in.
pub fn strace(files: &[&Path], calls: &str, injection: Option<Injection>, log: &Path) -> Vec<String> {
    let mut wrapper: Vec<String> = ["strace", "-f", "-qq", "-y", "-xx", "-s", BYTES_MAX, "-o"].map(str::to_owned).into();
    wrapper.push(log.to_string_lossy().into_owned());
    for file in files {
        wrapper.extend(["-P".to_owned(), file.to_string_lossy().into_owned()]);
    }
    wrapper.extend(["-e".to_owned(), format!("trace={calls}")]);
    if let Some(Injection { calls, error, nth }) = injection {
        wrapper.extend(["-e".to_owned(), format!("inject={calls}:error={error}:when={nth}")]);
    }
    wrapper
}

/// Runs a writer in a directory to its end and says what it did; the status is none if it did not end by itself.
pub fn record(
    program: &Program,
    folder: &Path,
    scale: Scale,
    more: &[&str],
    injection: Option<Injection>,
) -> Result<(Trace, Option<ExitStatus>)> {
    let (dir, acks, log) = (folder.join("data"), folder.join("acks"), folder.join("trace"));
    std::fs::create_dir_all(&dir)?;
    std::fs::write(&acks, "")?;
    let files: Vec<_> = File::ALL.iter().map(|file| dir.join(file.name())).chain([acks.clone()]).collect();
    let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    let wrapper = strace(&files, CALLS, injection, &log);
    let mut writing = Writing::start(program, &wrapper, &dir, scale, more, &acks)?;
    let status = writing.wait()?;
    writing.kill().ok();
    let trace = Trace::parse(&std::fs::read_to_string(&log)?)?;
    ensure!(injection.is_some() || !trace.calls.is_empty(), "nothing was traced");
    std::fs::remove_file(&log)?;
    Ok((trace, status))
}

impl Trace {
    /// Reads the output of `strace -f -y -xx`.
    pub fn parse(text: &str) -> Result<Trace> {
        let mut trace = Trace::default();
        let mut unfinished: HashMap<&str, (usize, &str)> = HashMap::new();
        for (line_no, line) in text.lines().enumerate() {
            trace.lines = line_no + 1;
            let (pid, rest) = line.trim_start().split_once(' ').context("a process id")?;
            let rest = rest.trim_start();
            trace.injected += usize::from(rest.ends_with("(INJECTED)"));
            if let Some(head) = rest.strip_suffix(" <unfinished ...>") {
                unfinished.insert(pid, (line_no, head));
            } else if let Some(resumed) = rest.strip_prefix("<... ") {
                let Some((begins, head)) = unfinished.remove(pid) else { continue };
                let result = resumed.rsplit_once(" = ").map(|(_, result)| result);
                trace.calls.extend(call(head, result, begins, Some(line_no)));
            } else if let Some((head, result)) = rest.rsplit_once(" = ") {
                trace.calls.extend(call(head, Some(result), line_no, Some(line_no)));
            }
        }
        // What was under way at the end may have been done.
        trace.calls.extend(unfinished.into_values().filter_map(|(begins, head)| call(head, None, begins, None)));
        trace.calls.sort_by_key(|call| call.begins);
        Ok(trace)
    }

    /// Was anything acknowledged after a call had failed?
    pub fn acknowledges_after_an_error(&self) -> bool {
        let failed = self.calls.iter().filter(|call| call.failed).filter_map(|call| call.returns).min();
        let last_ack = self.calls.iter().filter(|call| matches!(call.act, Act::Ack(_))).map(|call| call.begins).max();
        failed.zip(last_ack).is_some_and(|(failed, last_ack)| failed < last_ack)
    }

    /// Everything that was acknowledged.
    pub fn acks(&self) -> Vec<Ack> {
        self.calls.iter().filter_map(|call| if let Act::Ack(ack) = call.act { Some(ack) } else { None }).collect()
    }
}

/// `pwrite64(9<\x2f...>, "\x53...", 4096, 0)` and its result.
fn call(head: &str, result: Option<&str>, begins: usize, returns: Option<usize>) -> Option<Call> {
    let (name, arguments) = head.split_once('(')?;
    let failed = result.is_some_and(|result| result.starts_with('-') || result.starts_with('?'));
    let path = arguments.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(path, _)| unhex(path));
    let strings: Vec<Vec<u8>> = arguments.split('"').skip(1).step_by(2).map(unhex).collect();
    let file = path.as_deref().and_then(File::of);
    let last_number = || arguments.trim_end_matches(')').rsplit(", ").next()?.parse::<u64>().ok();
    let act = match (name, file) {
        ("pwrite64", Some(file)) => Act::Write(file, last_number()?, strings.into_iter().next()?),
        ("ftruncate", Some(file)) => Act::Truncate(file, last_number()?),
        ("fsync" | "fdatasync", Some(file)) => Act::Sync(file),
        ("unlink" | "unlinkat", _) => Act::Unlink(File::of(strings.first()?)?),
        // What is not known must not be passed over: the states that are built would be wrong.
        (_, Some(file)) => panic!("{name} on {} is not understood", file.name()),
        ("write", None) => Act::Ack(Ack::parse(std::str::from_utf8(strings.first()?).ok()?.trim_end())?),
        (_, None) => return None,
    };
    Some(Call { act, begins, returns, failed })
}

/// `\x2f\x74` to bytes.
fn unhex(text: &str) -> Vec<u8> {
    text.split("\\x").skip(1).filter_map(|two| u8::from_str_radix(two.get(..2)?, 16).ok()).collect()
}
