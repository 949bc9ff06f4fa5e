//! A simulator that never finds anything proves nothing: with each deliberate mistake it must turn red, and by the property that the mistake
//! breaks. The program with the mistakes is built here, on demand.
//!
//! | sabotage | property |
//! | --- | --- |
//! | `ack_before_commit` | acknowledged-is-durable |
//! | `apply_before_append` | refused-changes-nothing |
//! | `skip_idempotency` | nothing-doubled |
//! | `forget_pause` | pause-stops-time |
//! | `ignore_deadline` | only-in-time-counts |
//! | `ignore_epoch` | one-terminal |
//! | `first_choice_wins` | last-answer-counts |
//! | `restart_clocks` | clocks-agree |
//! | `wrong_tie_order` | ranks-are-sorting |

use sim::property::Property;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// So many seeds are enough to find any of the mistakes.
const SEEDS: &str = "0..40";

fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let name = "saksama-sim-sabotaged";
        let armed = Path::new(env!("CARGO_BIN_EXE_saksama-sim")).with_file_name(name);
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "--offline", "-p", "sim", "--features", "sabotage", "--bin", name]);
        if armed.parent().is_some_and(|folder| folder.ends_with("release")) {
            cargo.arg("--release");
        }
        let built = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs");
        assert!(built.success(), "the program with the mistakes is built");
        armed
    })
}

fn play(sabotage: Option<&str>) -> Output {
    let mut command = Command::new(program());
    command.args(["--seeds", SEEDS]).env_remove("SAKSAMA_SABOTAGE");
    if let Some(sabotage) = sabotage {
        command.env("SAKSAMA_SABOTAGE", sabotage);
    }
    command.output().expect("the program runs")
}

fn finds(sabotage: &str, property: Property) {
    let output = play(Some(sabotage));
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{sabotage} was not found in seeds {SEEDS}: {said}");
    assert!(said.lines().any(|line| line == format!("violated: {property}")), "{sabotage} was found by another property: {said}");
}

#[test]
fn an_answer_that_is_acknowledged_before_it_is_durable_is_found() {
    finds("ack_before_commit", Property::AcknowledgedIsDurable);
}

#[test]
fn a_state_that_runs_ahead_of_the_disk_is_found() {
    finds("apply_before_append", Property::RefusedChangesNothing);
}

#[test]
fn a_command_that_is_done_twice_is_found() {
    finds("skip_idempotency", Property::NothingDoubled);
}

#[test]
fn a_pause_that_does_not_stop_the_clock_is_found() {
    finds("forget_pause", Property::PauseStopsTime);
}

#[test]
fn an_answer_that_counts_after_the_deadline_is_found() {
    finds("ignore_deadline", Property::OnlyInTimeCounts);
}

#[test]
fn an_old_terminal_that_goes_on_answering_is_found() {
    finds("ignore_epoch", Property::OneTerminal);
}

#[test]
fn a_first_choice_that_wins_over_the_last_is_found() {
    finds("first_choice_wins", Property::LastAnswerCounts);
}

#[test]
fn clocks_that_begin_anew_after_a_restart_are_found() {
    finds("restart_clocks", Property::ClocksAgree);
}

#[test]
fn ties_in_the_wrong_order_are_found() {
    finds("wrong_tie_order", Property::RanksAreSorting);
}

/// The same program without a mistake is green: it is the mistakes that turn it red.
#[test]
fn the_armed_program_without_a_mistake_is_green() {
    let output = play(None);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
