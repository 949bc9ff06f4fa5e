//! The crates may only know each other as the table below says; adding an edge is a design discussion and starts with this file.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Crate, and the crates of the workspace that it may use.
const ALLOWED: [(&str, &[&str]); 17] = [
    ("sabotage", &[]),
    ("wire", &[]),
    ("question-bank", &[]),
    ("exam-session", &["question-bank", "sabotage"]),
    ("scoring", &["question-bank", "exam-session", "sabotage"]),
    ("item-analysis", &["question-bank"]),
    ("publish", &[]),
    ("rules", &[]),
    ("selection", &["rules"]),
    // Never `scoring` or `selection`: it computes a second time what they compute.
    ("recount", &["question-bank", "exam-session", "rules"]),
    ("store", &["question-bank", "exam-session", "scoring", "sabotage"]),
    (
        "server",
        &[
            "wire",
            "question-bank",
            "exam-session",
            "scoring",
            "item-analysis",
            "publish",
            "rules",
            "selection",
            "recount",
            "store",
            "sabotage",
        ],
    ),
    ("loadtest", &["wire"]),
    ("bench", &["wire", "loadtest", "question-bank", "exam-session", "scoring", "store"]),
    ("tests", &["wire", "loadtest", "question-bank", "exam-session", "scoring", "rules", "selection", "recount"]),
    ("sim", &["question-bank", "exam-session", "scoring", "sabotage"]),
    ("faults", &["wire", "loadtest", "question-bank", "exam-session", "store", "sabotage", "tests"]),
];

/// Crates that get time, randomness and data as arguments.
const PURE: [&str; 10] =
    ["sabotage", "wire", "question-bank", "exam-session", "scoring", "item-analysis", "publish", "rules", "selection", "recount"];

/// What a pure crate must not reach, however indirectly: runtimes, databases, HTTP, clocks, OS randomness.
const IMPURE: [&str; 16] = [
    "tokio",
    "async-std",
    "smol",
    "futures-executor",
    "sqlx",
    "sqlx-core",
    "rusqlite",
    "libsqlite3-sys",
    "axum",
    "hyper",
    "reqwest",
    "redis",
    "chrono",
    "jiff",
    "getrandom",
    "rand",
];

/// Edges that are there but never walked by us: `zip` takes randomness for encrypted archives only, which no crate of ours reads or writes.
const TOLERATED: [(&str, &str); 1] = [("zip", "getrandom")];

fn metadata() -> Value {
    // Only this platform: what others would need is not on this machine.
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", &platform])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

/// Package id to name, and package id to the ids it uses when it runs (not to build or test itself).
fn graph(metadata: &Value) -> (BTreeMap<String, String>, BTreeMap<String, BTreeSet<String>>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().expect("packages");
    let names = packages.iter().map(|package| (text(&package["id"]), text(&package["name"]))).collect();
    let nodes = metadata["resolve"]["nodes"].as_array().expect("nodes");
    let edges = nodes.iter().map(|node| {
        let runs = |dep: &&Value| dep["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()));
        let uses = node["deps"].as_array().expect("deps").iter().filter(runs).map(|dep| text(&dep["pkg"])).collect();
        (text(&node["id"]), uses)
    });
    (names, edges.collect())
}

#[test]
fn the_crates_know_each_other_as_the_table_says() {
    let metadata = metadata();
    let (names, edges) = graph(&metadata);
    let members: BTreeSet<&str> = metadata["workspace_members"].as_array().expect("members").iter().filter_map(Value::as_str).collect();
    let table: BTreeMap<&str, BTreeSet<&str>> = ALLOWED.iter().map(|(name, uses)| (*name, uses.iter().copied().collect())).collect();
    for member in &members {
        let name = names[*member].as_str();
        let allowed = table.get(name).unwrap_or_else(|| panic!("crate {name} is not in the table"));
        let uses: BTreeSet<&str> = edges[*member].iter().filter(|id| members.contains(id.as_str())).map(|id| names[id].as_str()).collect();
        let forbidden: Vec<_> = uses.difference(allowed).collect();
        assert!(forbidden.is_empty(), "{name} may not use {forbidden:?}");
    }
    assert_eq!(members.len(), ALLOWED.len(), "every crate stands in the table");
}

#[test]
fn pure_crates_reach_no_runtime_database_clock_or_randomness() {
    let metadata = metadata();
    let (names, edges) = graph(&metadata);
    for pure in PURE {
        let start = names.iter().find(|(_, name)| *name == pure).map(|(id, _)| id.clone()).expect("a crate of the workspace");
        let mut reached = BTreeSet::from([start.clone()]);
        let mut path: BTreeMap<String, String> = BTreeMap::new();
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            for next in &edges[&id] {
                if TOLERATED.contains(&(names[&id].as_str(), names[next].as_str())) {
                    continue;
                }
                if reached.insert(next.clone()) {
                    path.insert(next.clone(), id.clone());
                    open.push(next.clone());
                }
            }
        }
        for id in &reached {
            if IMPURE.contains(&names[id].as_str()) {
                let mut way = vec![names[id].clone()];
                let mut at = id;
                while let Some(before) = path.get(at) {
                    way.push(names[before].clone());
                    at = before;
                }
                way.reverse();
                panic!("{pure} reaches {}: {}", names[id], way.join(" -> "));
            }
        }
    }
}

/// The second scorer is worth something only as long as it has no code in common with the first.
#[test]
fn the_second_scorer_reaches_neither_scoring_nor_selection() {
    let metadata = metadata();
    let (names, edges) = graph(&metadata);
    let start = names.iter().find(|(_, name)| *name == "recount").map(|(id, _)| id.clone()).expect("a crate of the workspace");
    let mut reached = BTreeSet::from([start.clone()]);
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        open.extend(edges[&id].iter().filter(|next| reached.insert((*next).clone())).cloned());
    }
    let reached: BTreeSet<&str> = reached.iter().map(|id| names[id].as_str()).collect();
    assert!(reached.contains("rules") && reached.contains("exam-session"), "{reached:?}");
    for first in ["scoring", "selection", "num-rational"] {
        assert!(!reached.contains(first), "recount reaches {first}");
    }
}
