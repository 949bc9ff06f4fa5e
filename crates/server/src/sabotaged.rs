//! The same program with the mistakes of the crate `sabotage`: only for tests that must turn red.

fn main() -> std::process::ExitCode {
    server::cli::run()
}
