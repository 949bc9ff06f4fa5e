//! One flipped bit, anywhere in the databases of a finished exam: found by `fsck`, found at the start, or without any effect on what is served.

use crate::Outcome;
use crate::exam::{Exam, Server, run};
use crate::program::Program;
use crate::size::random;
use anyhow::{Context, Result, ensure};
use loadtest::staff::Staff;
use rand::RngExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use tempfile::TempDir;
use wire::proctor::ProctorAct;

const CANDIDATES: usize = 6;
/// Answers of all candidates together.
const ANSWERS: u64 = 150;

/// How the directory was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The server stopped in order.
    Stopped,
    /// The server was killed: its logs are not folded, and nothing is sealed.
    Killed,
    /// Stopped in order, but without the seal: what the chain of blocks alone finds.
    Unsealed,
}

/// A finished exam, and what the server says about it.
pub struct Finished {
    folder: TempDir,
    left: Left,
    committee: String,
    stage: String,
    publication: Option<String>,
    items: Vec<[u8; 16]>,
    fsck: String,
    served: Vec<Vec<u8>>,
}

/// A bit of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bit {
    /// Name of the file.
    pub file: String,
    /// Number of the bit, from the beginning.
    pub bit: u64,
}

/// What became of a flipped bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// `fsck` tells, or cannot read the directory.
    ByFsck,
    /// The server refuses to start.
    AtStart,
    /// What is served is what was served before.
    Harmless,
    /// Nobody tells, and something else is served.
    Silent,
}

/// Copies a directory without its subdirectories.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Databases, their logs and the seal.
fn is_data(name: &str) -> bool {
    name.ends_with(".db") || name.ends_with("-wal") || name.ends_with(".seal")
}

impl Finished {
    /// Holds an exam and, if asked, publishes its results.
    pub async fn new(left: Left, publish: bool) -> Result<Finished> {
        let folder = tempfile::tempdir()?;
        let (data, log) = (folder.path().join("data"), folder.path().join("log"));
        let mut server = Server::start(&Program::server(), &[], &data, &log, "127.0.0.1:0").await?;
        let mut exam = Exam::begin(&server, CANDIDATES).await?;
        let answering = exam.answer(1);
        while answering.seen.saved.load(Ordering::Relaxed) < ANSWERS {
            tokio::task::yield_now().await;
        }
        exam.done(answering).await?;
        exam.submit().await?;
        exam.people.proctor.command(&exam.sitting, ProctorAct::Close, "").await?.done()?;
        let committee = server.password("ketua", "committee")?;
        let publication = if publish { Some(publish_results(&exam).await?) } else { None };
        match left {
            Left::Killed => server.kill().await?,
            Left::Stopped | Left::Unsealed => server.stop().await?,
        }
        if left == Left::Unsealed {
            std::fs::remove_file(data.join("saksama.seal")).context("the seal of a directory that was stopped in order")?;
        }
        let items = exam.items();
        let mut finished =
            Finished { folder, left, committee, stage: exam.stage, publication, items, fsck: String::new(), served: Vec::new() };
        let copied = tempfile::tempdir()?;
        copy(&finished.data(), copied.path())?;
        finished.fsck =
            finished.fsck(&Program::server(), copied.path())?.context("fsck finds nothing in an exam that nothing happened to")?;
        finished.served = finished.serve(&Program::server(), copied.path()).await?.context("the server starts again")?;
        ensure!(!finished.served.is_empty(), "something is served");
        Ok(finished)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What `fsck` says, if it finds nothing.
    fn fsck(&self, program: &Program, data: &Path) -> Result<Option<String>> {
        let checked = run(program, &["fsck"], data)?;
        Ok(checked.status.success().then(|| String::from_utf8_lossy(&checked.stdout).into_owned()))
    }

    /// What the server serves: the results as the committee sees them, and the published files. None if it does not start.
    async fn serve(&self, program: &Program, data: &Path) -> Result<Option<Vec<Vec<u8>>>> {
        let log = tempfile::NamedTempFile::new()?;
        let Ok(mut server) = Server::start(program, &[], data, log.path(), "127.0.0.1:0").await else { return Ok(None) };
        let served = self.ask(&server.base).await;
        server.kill().await?;
        // An error instead of an answer is a difference like any other, and one that is seen.
        Ok(served.ok())
    }

    async fn ask(&self, base: &str) -> Result<Vec<Vec<u8>>> {
        let committee = Staff::sign_in(base, "ketua", &self.committee).await?.patient();
        let path = format!("/api/v1/stages/{}/computation", self.stage);
        let results: serde_json::Value = committee.post(&path, &serde_json::json!({})).await?.done()?;
        let mut served = vec![serde_json::to_vec(&results["results"]["lists"])?];
        if let Some(publication) = &self.publication {
            for file in ["daftar.json", "daftar.csv"] {
                served.push(committee.bytes(&format!("/hasil/{publication}/{file}")).await?);
            }
        }
        Ok(served)
    }

    /// Flips a bit in a copy and says what became of it.
    pub async fn flip(&self, program: &Program, bit: &Bit) -> Result<Fate> {
        let copied = tempfile::tempdir()?;
        copy(&self.data(), copied.path())?;
        let path = copied.path().join(&bit.file);
        let mut bytes = std::fs::read(&path)?;
        bytes[(bit.bit / 8) as usize] ^= 1 << (bit.bit % 8);
        std::fs::write(&path, bytes)?;
        let data = copied.path();
        // The start first: `fsck` folds logs, and a second reader would not see what the first one saw.
        let before = tempfile::tempdir()?;
        copy(data, before.path())?;
        if self.fsck(program, before.path())?.as_ref() != Some(&self.fsck) {
            return Ok(Fate::ByFsck);
        }
        Ok(match self.serve(program, data).await? {
            None => Fate::AtStart,
            Some(served) if served == self.served => Fate::Harmless,
            Some(_) => Fate::Silent,
        })
    }

    /// A bit of all there are.
    pub fn any_bit(&self, random: &mut rand::rngs::SmallRng) -> Result<Bit> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(self.data())? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_data(&name) {
                files.push((name, entry.metadata()?.len() * 8));
            }
        }
        files.sort();
        let mut bit = random.random_range(0..files.iter().map(|(_, bits)| bits).sum());
        for (file, bits) in files {
            if bit < bits {
                return Ok(Bit { file, bit });
            }
            bit -= bits;
        }
        anyhow::bail!("there are no files")
    }

    /// Bits of choices in the journal: behind the id of an item in a record stands what was chosen.
    pub fn bits_of_choices(&self) -> Result<Vec<Bit>> {
        let journal = std::fs::read(self.data().join("journal.db"))?;
        let mut bits = Vec::new();
        for item in &self.items {
            for (at, _) in journal.windows(16).enumerate().filter(|(_, window)| window == item) {
                bits.push(Bit { file: "journal.db".to_owned(), bit: (at as u64 + 16) * 8 });
            }
        }
        Ok(bits)
    }
}

async fn publish_results(exam: &Exam) -> Result<String> {
    let committee = &exam.people.committee;
    tests::results::adopt(committee, &exam.stage).await?;
    let published = tests::results::publish(committee, &exam.stage, 1).await?;
    Ok(published.id)
}

/// Flips so many bits, one at a time.
pub async fn flips(finished: &Finished, program: &Program, seed: u64, count: u64) -> Result<(Outcome, [u64; 3])> {
    let (mut outcome, mut fates) = (Outcome::default(), [0; 3]);
    for round in 0..count {
        let bit = finished.any_bit(&mut random(seed, round))?;
        let fate = finished.flip(program, &bit).await?;
        let broken = match fate {
            Fate::Silent => vec![format!("{:?}, seed {seed}, flip {round}: {bit:?} is served silently", finished.left)],
            Fate::ByFsck | Fate::AtStart | Fate::Harmless => {
                fates[fate as usize] += 1;
                Vec::new()
            }
        };
        outcome.add(Outcome { rounds: 1, acknowledged: 0, broken });
    }
    Ok((outcome, fates))
}

/// Flips bits of choices until one is served silently, or all were found.
pub async fn flip_choices(finished: &Finished, program: &Program, most: usize) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for bit in finished.bits_of_choices()?.into_iter().take(most) {
        let broken = match finished.flip(program, &bit).await? {
            Fate::Silent => vec![format!("{:?}: {bit:?} is served silently", finished.left)],
            Fate::ByFsck | Fate::AtStart | Fate::Harmless => Vec::new(),
        };
        outcome.add(Outcome { rounds: 1, acknowledged: 0, broken });
        if !outcome.broken.is_empty() {
            break;
        }
    }
    Ok(outcome)
}
