//! The seal of a directory that nobody has open: the hashes of its two databases, written when the server stops and compared when it starts. A
//! bit that flips while the machine is off, in a name, a key or a page that nobody reads, is found before anything is served.

use question_bank::id::Digest32;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// Name of the file; deleting it by hand lets a directory start whose files were changed on purpose.
pub const FILE: &str = "saksama.seal";
const DATABASES: [&str; 2] = ["journal.db", "saksama.db"];
const CHUNK: usize = 1 << 20;

/// What a seal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seal {
    /// There is none: the last server did not stop in order, or runs.
    None,
    /// The files are as they were left.
    Whole,
    /// They are not.
    Broken,
}

/// Seals a directory whose databases are closed; says whether it could, which needs logs that are folded.
pub fn make(dir: &Path) -> io::Result<bool> {
    if DATABASES.iter().any(|name| dir.join(format!("{name}-wal")).exists()) {
        return Ok(false);
    }
    let text = describe(dir)?;
    let draft = dir.join(format!("{FILE}.new"));
    let mut file = File::create(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&draft, dir.join(FILE))?;
    File::open(dir)?.sync_all()?;
    Ok(true)
}

/// Compares the seal with the files.
pub fn check(dir: &Path) -> io::Result<Seal> {
    match std::fs::read(dir.join(FILE)) {
        Ok(sealed) if sealed == describe(dir)?.as_bytes() => Ok(Seal::Whole),
        Ok(_) => Ok(Seal::Broken),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Seal::None),
        Err(error) => Err(error),
    }
}

/// Compares, and takes the seal off before anything is written. What is broken stays sealed.
pub fn open(dir: &Path) -> io::Result<Seal> {
    let seal = check(dir)?;
    if seal == Seal::Whole {
        std::fs::remove_file(dir.join(FILE))?;
        File::open(dir)?.sync_all()?;
    }
    Ok(seal)
}

/// One line for each database.
fn describe(dir: &Path) -> io::Result<String> {
    DATABASES.iter().map(|name| Ok(format!("{} {name}\n", hash(&dir.join(name))?))).collect()
}

fn hash(path: &Path) -> io::Result<Digest32> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Digest32::of(b"")),
        Err(error) => return Err(error),
    };
    let (mut hash, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(Digest32(hash.finalize().into())),
            bytes => hash.update(&chunk[..bytes]),
        }
    }
}
