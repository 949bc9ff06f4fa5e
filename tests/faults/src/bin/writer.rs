//! `saksama-journal-writer`: see `faults::writer`.

fn main() -> anyhow::Result<()> {
    faults::writer::main(&clap::Parser::parse())
}
