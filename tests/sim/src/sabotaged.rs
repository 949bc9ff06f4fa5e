//! The same program with the mistakes of the crate `sabotage`: only for the tests that must turn red.

fn main() -> std::process::ExitCode {
    sim::cli::run_from_env()
}
