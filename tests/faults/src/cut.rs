//! Power cuts: a file system on a loop device is shut down without flushing its log, which is what the plug of a machine does to it.
//!
//! Two traps. A sync that is under way when the file system goes down may return success although its data is gone; after a real cut it would
//! return to nobody. So only what was acknowledged before the cut began counts. And the acknowledgements are kept on another file system.

use crate::Outcome;
use crate::hall::Scale;
use crate::program::{Program, Writing, acks, have, tool};
use crate::size::random;
use crate::writer::utc_us;
use anyhow::{Context, Result};
use rand::RngExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Sessions under a power cut.
const SCALE: Scale = Scale { sittings: 3, sessions: 30 };
/// A directory lives through so many cuts, then a fresh one is begun.
const CUTS_PER_DIRECTORY: u64 = 6;
/// A cut comes this long after the first acknowledgement, microseconds; the log is folded every two seconds, so some come after that.
const CUT_WITHIN_US: [u64; 2] = [60_000, 2_300_000];

/// A file system that can be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileSystem {
    /// ext4 with its defaults.
    Ext4,
    /// XFS with its defaults.
    Xfs,
}

impl FileSystem {
    fn tool(self) -> &'static str {
        match self {
            FileSystem::Ext4 => "mkfs.ext4",
            FileSystem::Xfs => "mkfs.xfs",
        }
    }
}

/// A file system in a file, mounted.
pub struct LoopDisk {
    image: PathBuf,
    /// Where it is mounted.
    pub mounted: PathBuf,
}

impl LoopDisk {
    /// Makes and mounts one. XFS wants 300 MB at least; the file has holes.
    pub fn new(folder: &Path, file_system: FileSystem) -> Result<LoopDisk> {
        let (image, mounted) = (folder.join("disk.img"), folder.join("disk"));
        std::fs::create_dir(&mounted)?;
        let (bytes, options): (u64, &[&str]) = match file_system {
            FileSystem::Ext4 => (96 << 20, &["-q", "-F"]),
            FileSystem::Xfs => (320 << 20, &["-q", "-f"]),
        };
        std::fs::File::create(&image)?.set_len(bytes)?;
        let path = image.to_str().context("a path in UTF-8")?;
        tool(file_system.tool(), &[options, &[path]].concat())?;
        let disk = LoopDisk { image, mounted };
        disk.mount()?;
        Ok(disk)
    }

    fn mounted(&self) -> &str {
        self.mounted.to_str().unwrap_or_default()
    }

    fn mount(&self) -> Result<()> {
        tool("mount", &["-o", "loop", self.image.to_str().unwrap_or_default(), self.mounted()])
    }

    /// Everything that is not on the platter is gone from here on.
    pub fn cut(&self) -> Result<()> {
        tool("xfs_io", &["-x", "-c", "shutdown", self.mounted()])
    }

    /// Power is back: what the log of the file system says is made true.
    pub fn again(&self) -> Result<()> {
        tool("umount", &[self.mounted()])?;
        self.mount()
    }
}

impl Drop for LoopDisk {
    fn drop(&mut self) {
        let _ = tool("umount", &[self.mounted()]);
    }
}

/// Why no power can be cut here, if so.
pub fn impossible(file_system: FileSystem) -> Option<String> {
    if let Some(missing) = ["xfs_io", "mount", "umount", file_system.tool()].into_iter().find(|tool| !have(tool)) {
        return Some(format!("{missing} is not installed"));
    }
    let probe = tempfile::tempdir().map(|folder| (LoopDisk::new(folder.path(), file_system), folder));
    match probe {
        Ok((Ok(_), _)) => None,
        Ok((Err(error), _)) => {
            Some(format!("no file system can be mounted from a file here, which takes root and loop devices: {error:#}"))
        }
        Err(error) => Some(error.to_string()),
    }
}

/// A directory on a disk that is cut now and then.
struct Cutting {
    disk: LoopDisk,
    acks: PathBuf,
    /// Acknowledgements of which it is known that they count: those from before a cut.
    certain: Vec<crate::writer::Ack>,
    _folder: TempDir,
}

impl Cutting {
    fn new(file_system: FileSystem) -> Result<Cutting> {
        let folder = tempfile::tempdir()?;
        let disk = LoopDisk::new(folder.path(), file_system)?;
        Ok(Cutting { disk, acks: folder.path().join("acks"), certain: Vec::new(), _folder: folder })
    }

    /// One cut, after which everything certain must be there.
    fn cut(&mut self, program: &Program, after: Duration) -> Result<Outcome> {
        let dir = self.disk.mounted.join("data");
        std::fs::write(&self.acks, "")?;
        let mut writing = Writing::start(program, &[], &dir, SCALE, &[], &self.acks)?;
        writing.until_it_acknowledges(0)?;
        std::thread::sleep(after);
        let began_us = utc_us();
        self.disk.cut()?;
        writing.kill()?;
        self.disk.again()?;
        self.certain.extend(acks(&self.acks)?.into_iter().filter(|ack| ack.utc_us < began_us));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let broken = runtime.block_on(crate::verify::broken(&dir, SCALE, &self.certain));
        Ok(Outcome { rounds: 1, acknowledged: self.certain.len() as u64, broken })
    }
}

/// So many cuts; stops after the first directory in which something is broken.
pub fn cuts(file_system: FileSystem, program: &Program, seed: u64, count: u64) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut cutting = Cutting::new(file_system)?;
    for round in 0..count {
        if round > 0 && round % CUTS_PER_DIRECTORY == 0 {
            drop(cutting);
            cutting = Cutting::new(file_system)?;
        }
        // Every fourth cut comes after the log was folded into the file.
        let after = Duration::from_micros(random(seed, round).random_range(0..CUT_WITHIN_US[usize::from(round % 4 == 3)]));
        let mut one =
            cutting.cut(program, after).with_context(|| format!("cut {round} on {file_system:?}, {after:?} after the first answer"))?;
        one.broken.truncate(5);
        one.broken.iter_mut().for_each(|broken| *broken = format!("{file_system:?}, seed {seed}, cut {round} after {after:?}: {broken}"));
        outcome.add(one);
        if !outcome.broken.is_empty() {
            break;
        }
    }
    Ok(outcome)
}
