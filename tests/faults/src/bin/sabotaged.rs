//! `saksama-journal-writer-sabotaged`: the same, but a mistake can be chosen by `SAKSAMA_SABOTAGE`.

fn main() -> anyhow::Result<()> {
    faults::writer::main(&clap::Parser::parse())
}
