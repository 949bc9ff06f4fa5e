//! The documents say what the program does: codes, settings, numbers, frames, files and links in them are those of the code.

use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tests::{program, root};

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Files of the repository; none when this is not a working copy of git.
fn files() -> Option<Vec<String>> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().ok().filter(|listed| listed.status.success());
    let Some(listed) = listed else {
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "SKIPPED: no list of files, this is no working copy of git");
        return None;
    };
    let names = String::from_utf8_lossy(&listed.stdout).split('\0').map(str::to_owned).collect::<Vec<_>>();
    // A file that is being removed is still listed.
    Some(names.into_iter().filter(|name| !name.is_empty() && root().join(name).is_file()).collect())
}

/// All documents, by path from the top.
fn documents() -> Vec<(String, String)> {
    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder of the repository").flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let skipped = ["target", "node_modules", "test-results", "data"].iter().any(|skipped| name == *skipped);
            if path.is_dir() && !skipped && !name.to_string_lossy().starts_with('.') {
                below(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    below(root(), &mut found);
    found.sort();
    let name = |path: &Path| path.strip_prefix(root()).expect("below the top").to_string_lossy().into_owned();
    found.iter().map(|path| (name(path), std::fs::read_to_string(path).expect("a document is text"))).collect()
}

/// Prose of a document: without what stands between fences, and without indented code.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let lines = text.lines().filter(|line| {
        let fence = line.starts_with("```");
        fenced ^= fence;
        !fence && !fenced && !line.starts_with("    ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What stands between a beginning and an end, again and again.
fn between<'t>(text: &'t str, begin: &str, end: &str) -> Vec<&'t str> {
    text.split(begin).skip(1).filter_map(|rest| Some(rest.split_once(end)?.0)).collect()
}

/// The part of a document below a heading.
fn section<'t>(text: &'t str, heading: &str) -> &'t str {
    let below = text.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no heading {heading}")).1;
    below.split_once("\n## ").map_or(below, |(section, _)| section)
}

/// First cells of the rows of tables, without backticks.
fn first_cells(text: &str) -> BTreeSet<String> {
    let cells = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).map(|cell| cell.replace('`', ""));
    cells.filter(|cell| !cell.starts_with("---")).collect()
}

#[test]
fn every_refusal_of_a_sitting_stands_in_the_protocol() {
    let source = read("crates/exam-session/src/refusal.rs");
    let codes: BTreeSet<String> = between(&source, "=> (\"", "\"")
        .into_iter()
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
        .map(str::to_owned)
        .collect();
    let count: usize =
        between(&source, "[Refusal; ", "]").first().and_then(|count| count.parse().ok()).expect("the length of Refusal::ALL");
    assert_eq!(codes.len(), count, "the table of refusals was not read as it is written");
    let protocol = read("docs/protocol.md");
    let mut told = first_cells(section(&protocol, "Refusal codes"));
    told.remove("code");
    assert_eq!(told, codes, "docs/protocol.md and refusal.rs name the same codes");
}

#[test]
fn every_close_code_stands_in_the_protocol() {
    let source = read("crates/wire/src/terminal.rs");
    let module = source.split_once("pub mod close").expect("the module of close codes").1;
    let codes: BTreeSet<String> = between(module, ": u16 = ", ";").into_iter().map(str::to_owned).collect();
    assert!(codes.contains("4000") && codes.len() >= 7, "{codes:?}");
    let protocol = read("docs/protocol.md");
    let mut told = first_cells(section(&protocol, "Close codes"));
    told.remove("code");
    assert_eq!(told, codes, "docs/protocol.md and wire::terminal::close name the same codes");
}

#[test]
fn every_printed_setting_stands_in_the_manual() -> Result<()> {
    use std::io::{BufRead, BufReader};
    let data = tempfile::tempdir()?;
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data"];
    let mut server = Command::new(program()).args(serve).arg(data.path()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let lines = BufReader::new(server.stdout.take().context("its output")?).lines();
    let printed: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.starts_with("Listening on ")).collect();
    server.kill()?;
    server.wait()?;
    let keys: BTreeSet<String> = printed
        .iter()
        .skip_while(|line| *line != "Settings:")
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().map(str::to_owned))
        .collect();
    assert!(keys.contains("listen") && keys.len() >= 20, "{printed:?}");
    let manual = read("docs/operations.md");
    let mut told = first_cells(section(&manual, "Settings"));
    told.remove("key");
    assert_eq!(told, keys, "docs/operations.md lists exactly the settings that are printed");
    Ok(())
}

#[test]
fn every_number_the_manual_watches_is_measured() {
    let source = read("crates/server/src/api/ops.rs");
    let manual = read("docs/operations.md");
    let name = |rest: &str| rest.chars().take_while(|char| char.is_ascii_lowercase() || *char == '_').collect::<String>();
    let told: BTreeSet<String> = manual.split("`saksama_").skip(1).map(|rest| format!("saksama_{}", name(rest))).collect();
    assert!(told.len() > 10, "{told:?}");
    for number in told {
        assert!(source.contains(&format!("\"{number}\"")), "docs/operations.md watches {number}, which nobody measures");
    }
}

/// Reads an example as each type and writes it again: equal when no member is missing and none is unknown.
macro_rules! is_one_of {
    ($example:expr; $($kind:ty),+ $(,)?) => {
        [$(serde_json::from_value::<$kind>($example.clone()).and_then(serde_json::to_value)),+]
            .into_iter()
            .any(|written| written.is_ok_and(|written| written == $example))
    };
}

#[test]
fn every_example_of_the_protocol_is_a_frame_or_document() {
    let protocol = read("docs/protocol.md");
    let mut examples = 0;
    for block in between(&protocol, "```json\n", "```") {
        for example in serde_json::Deserializer::from_str(block).into_iter::<Value>() {
            let example = example.unwrap_or_else(|error| panic!("{error} in\n{block}"));
            let known = is_one_of!(example; wire::terminal::TerminalFrame, wire::terminal::TerminalNews, wire::board::BoardFrame, wire::proctor::WatchFrame,
                wire::proctor::ProctorAnswer, wire::proctor::ProctorCommand, wire::RefusalBody, wire::Created, wire::staff::StaffSignIn,
                wire::staff::Me, wire::desk::CheckIn, wire::desk::AttendanceEntry, wire::proctor::IssuedPin, wire::terminal::SignIn,
                wire::terminal::TerminalSession, Vec<wire::board::BoardSummary>, Vec<wire::proctor::SittingSummary>);
            assert!(known, "no frame or document looks like\n{example:#}");
            examples += 1;
        }
    }
    assert!(examples > 30, "{examples} examples");
}

/// The anchor of a heading, as code hosts make it.
fn anchor(heading: &str) -> String {
    let kept =
        heading.trim().to_lowercase().chars().filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_')).collect::<String>();
    kept.replace(' ', "-")
}

fn anchors(text: &str) -> BTreeSet<String> {
    let lines = prose(text);
    lines.lines().filter_map(|line| Some(anchor(line.strip_prefix('#')?.trim_start_matches('#')))).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut links = 0;
    for (name, text) in documents() {
        let folder = root().join(&name).parent().expect("a folder").to_owned();
        for target in between(&prose(&text), "](", ")") {
            if target.contains("://") {
                continue;
            }
            links += 1;
            let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
            let file = if path.is_empty() { root().join(&name) } else { folder.join(path) };
            assert!(file.exists(), "{name} links to {target}, which is not there");
            if !fragment.is_empty() {
                let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name} links to {target}: {error}"));
                assert!(anchors(&text).contains(fragment), "{name} links to {target}, which has no such heading");
            }
        }
    }
    assert!(links > 40, "{links} links");
}

#[test]
fn every_named_file_is_there() {
    const TOPS: [&str; 8] = ["crates/", "content/", "docs/", "migrations/", "packaging/", "tests/tests/", "tests/browser/", "tools/"];
    for (name, text) in documents() {
        let prose = prose(&text);
        for word in prose.split('`').skip(1).step_by(2) {
            let word = word.split_once('#').map_or(word, |(path, _)| path);
            let pattern = word.contains([' ', '*', '{', '<']) || word.contains("0001") || word.contains("000N");
            if TOPS.iter().any(|top| word.starts_with(top)) && !pattern {
                assert!(root().join(word).exists(), "{name} names {word}, which is not there");
            }
        }
    }
}

#[test]
fn every_named_make_target_is_there() {
    let makefile = read("Makefile");
    let targets: BTreeSet<&str> =
        makefile.lines().filter(|line| !line.starts_with(['\t', '#', '.'])).filter_map(|line| Some(line.split_once(':')?.0)).collect();
    for (name, text) in documents() {
        let words = text.split('`').filter_map(|code| code.strip_prefix("make "));
        let lines = text.lines().filter_map(|line| line.strip_prefix("    make "));
        for target in words.chain(lines).filter_map(|rest| rest.split_whitespace().next()) {
            assert!(targets.contains(target), "{name} names make {target}, which the Makefile does not have");
        }
    }
}

/// Nothing of the machine where a file was written, and of no package server, belongs into the repository. Each word is cut in two here, so that
/// this file is none of those that it looks for.
const FOREIGN: [[&str; 2]; 13] = [
    ["/ho", "me/"],
    ["/ro", "ot/"],
    ["/wo", "rk/"],
    ["/Use", "rs/"],
    ["registry.npm", "js"],
    ["registry.yarn", "pkg"],
    ["static.crates", ".io"],
    ["index.crates", ".io"],
    ["pypi", ".org"],
    ["files.python", "hosted"],
    ["proxy.golang", ".org"],
    ["artifac", "tory"],
    ["jfr", "og"],
];

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let words = FOREIGN.map(|parts| parts.concat());
    for name in files().unwrap_or_default() {
        let bytes = std::fs::read(root().join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        // Pictures and fonts are not text.
        let Ok(text) = String::from_utf8(bytes) else { continue };
        for word in &words {
            assert!(!text.contains(word.as_str()), "{name} contains {word}");
        }
    }
}

#[test]
fn outside_packs_are_named_by_their_setting_only() {
    for (name, text) in documents() {
        assert!(!text.contains("../shared") && !text.contains("shared/"), "{name} names a folder outside of the repository");
    }
}
