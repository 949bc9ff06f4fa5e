//! The load tester as operators run it: small runs against a server of its own, which end with a check.

use anyhow::{Context, Result, ensure};
use loadtest::report::RunReport;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tests::{program, root};

/// `saksama-loadtest`, built once if it is not there or old.
fn load_tester() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "-p", "loadtest", "--bin", "saksama-loadtest"])
            .current_dir(root())
            .status()
            .expect("cargo runs");
        assert!(built.success(), "the load tester does not build");
        root().join("target/debug/saksama-loadtest")
    })
}

/// Runs a scenario; its report, which is the last line it prints.
fn run(arguments: &[&str]) -> Result<RunReport> {
    run_into(tempfile::tempdir()?.path(), arguments)
}

/// The same, with this folder of the run.
fn run_into(out: &Path, arguments: &[&str]) -> Result<RunReport> {
    let ran = Command::new(load_tester())
        .args(arguments)
        .args(["--quiet", "--json", "--saksama"])
        .arg(program())
        .arg("--out")
        .arg(out)
        .stdin(Stdio::null())
        .output()?;
    let (said, complained) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    ensure!(ran.status.success(), "{arguments:?}: {said}{complained}");
    for file in ["report.json", "report.html", "key.json", "diaries-1.jsonl"] {
        ensure!(out.join(file).exists(), "{file} is missing");
    }
    serde_json::from_str(said.lines().last().unwrap_or_default()).with_context(|| format!("no report in {said}"))
}

fn figure(report: &RunReport, name: &str) -> Result<f64> {
    report.figure(name).with_context(|| format!("no figure {name} in {:?}", report.figures))
}

/// The check ran, over everything.
fn checked(report: &RunReport) -> Result<()> {
    ensure!(report.ok() && report.checks.len() >= 8, "{:?}", report.checks);
    ensure!(figure(report, "lost")? == 0.0);
    Ok(())
}

#[test]
fn saves_at_a_rate_are_all_acknowledged_and_stored() -> Result<()> {
    let report = run(&["rate", "--sessions", "40", "--per-s", "200", "--seconds", "2"])?;
    checked(&report)?;
    ensure!(figure(&report, "sessions")? == 40.0);
    let (sent, acked) = (figure(&report, "sent")?, figure(&report, "acked")?);
    // Poisson arrivals: 400, give or take six times their scatter.
    ensure!((280.0..520.0).contains(&sent) && acked == sent, "{sent} sent, {acked} acknowledged");
    ensure!(report.histograms.iter().any(|ack| ack.name == "ack" && ack.count as f64 == acked));
    Ok(())
}

/// Checks the folder of a run once more; whether it ended with code 0, and what it printed.
fn check_again(out: &Path) -> Result<(bool, String)> {
    let mut checking = Command::new(load_tester());
    checking.arg("check").arg("--run").arg(out).arg("--data").arg(out.join("data")).arg("--saksama").arg(program());
    let checked = checking.stdin(Stdio::null()).output()?;
    let (said, complained) = (String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
    Ok((checked.status.success(), format!("{said}{complained}")))
}

#[test]
fn a_run_whose_journal_holds_another_answer_than_the_acknowledged_one_fails_the_check() -> Result<()> {
    let out = tempfile::tempdir()?;
    run_into(out.path(), &["rate", "--sessions", "10", "--per-s", "100", "--seconds", "1", "--workers", "1", "--keep"])?;
    let (ok, said) = check_again(out.path())?;
    ensure!(ok, "{said}");
    let diaries = out.path().join("diaries-1.jsonl");
    let text = std::fs::read_to_string(&diaries)?;
    // The first acknowledged answer, with another choice.
    let end = text.find("],\"s\"]").context("an acknowledged answer")?;
    let begin = text[..end].rfind('[').context("its choices")?;
    let choice: u8 = text[begin + 1..end].parse()?;
    std::fs::write(&diaries, format!("{}[{}{}", &text[..begin], (choice + 1) % 5, &text[end..]))?;
    let (ok, said) = check_again(out.path())?;
    ensure!(!ok && said.contains("another answer than the one that was sent"), "{said}");
    Ok(())
}

#[test]
fn everybody_comes_back_after_a_cut_and_after_a_kill() -> Result<()> {
    let report = run(&["reconnect", "--sessions", "20"])?;
    checked(&report)?;
    for name in ["cut_to_all_back_s", "kill_to_all_back_s", "kill_to_first_save_s"] {
        figure(&report, name)?;
    }
    ensure!(figure(&report, "sessions")? == 20.0);
    Ok(())
}
