//! `saksama-loadtest`: halls of simulated candidates over real sockets.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
