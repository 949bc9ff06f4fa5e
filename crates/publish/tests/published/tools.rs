//! Tools of other people that read our files. Where one is not installed a test says so and goes on.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Writes a file to where this package's tests may write.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("publish-{name}"));
    std::fs::write(&path, bytes).unwrap();
    path
}

/// A folder of its own where this package's tests may write.
pub fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("publish-{name}"));
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// What a tool prints, or nothing where it is not installed.
pub fn output(tool: &str, arguments: &[&str]) -> Option<String> {
    output_in(Path::new("."), tool, arguments)
}

/// The same in a folder.
pub fn output_in(folder: &Path, tool: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(tool).args(arguments).current_dir(folder).output() {
        Ok(output) => {
            assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(error) => {
            // Not by a macro: those are silent in a test that passes.
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("SKIPPED: {tool} is not installed ({error})\n").as_bytes());
            None
        }
    }
}

/// Fails if a text says `lulus` of anybody.
pub fn never_says_passed(text: &str) {
    assert!(!text.to_lowercase().contains("lulus"), "a text says lulus although no legend does");
}
