//! The `saksama-sim` program.

fn main() -> std::process::ExitCode {
    sim::cli::run_from_env()
}
