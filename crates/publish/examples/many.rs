//! How long each file of a large announcement takes: `cargo run --release -p publish --example many -- 20000`. The second number, 40 unless
//! told, is that of formations.

#[path = "../tests/published/sample.rs"]
#[expect(dead_code, reason = "the other samples are small")]
mod sample;

use publish::html::{self, Links};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(|number| number.parse::<usize>());
    let people = arguments.next().ok_or("usage: many PEOPLE [FORMATIONS]")??;
    let formations = arguments.next().unwrap_or(Ok(40))?.max(1);
    let lists: Vec<usize> = (0..formations).map(|list| people / formations + usize::from(list < people % formations)).collect();
    let announcement = sample::with_statistics(sample::announcement(&lists));
    println!("{people} people in {formations} formations");
    timed("json", || announcement.to_json())?;
    timed("csv", || publish::csv::write(&announcement))?;
    timed("xlsx", || publish::xlsx::write(&announcement))?;
    timed("pdf", || publish::pdf::write(&announcement))?;
    timed("page", || Ok(html::page(&announcement, &Links::default()).into_bytes()))?;
    timed("formation", || Ok(html::formation_page(&announcement, 0, 1, &Links::default()).unwrap_or_default().into_bytes()))?;
    timed("all files", || publish::files(&announcement).map(|files| files.zip))
}

fn timed(name: &str, write: impl FnOnce() -> Result<Vec<u8>, publish::Error>) -> Result<(), Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "an example may time what the pure crate does")]
    let started = Instant::now();
    let bytes = write()?;
    println!("{name:10} {:>10} bytes in {:>6} ms", bytes.len(), started.elapsed().as_millis());
    Ok(())
}
