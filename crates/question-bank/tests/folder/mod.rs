//! Reads folders for the tests; the crate itself reads none.

use question_bank::import::SourceFile;
use std::path::{Path, PathBuf};

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All files under a folder, named relative to it.
pub fn files_under(folder: &Path) -> Vec<SourceFile> {
    let mut files = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else {
            let name = path.strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
            files.push(SourceFile { name, bytes: std::fs::read(&path).expect("a file") });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}
