//! Times `saksama rank` without the rest of the program: makes tables of many people in a folder, ranks them, says how long each step took.
//!
//!     cargo run --release -p selection --example rank_many -- FOLDER [PEOPLE] [RULES]
//!
//! Not part of the tests: a machine's speed is not a property of the code.

#![expect(clippy::disallowed_methods, reason = "this program measures time; the crate has no clock")]

use rules::{RuleSet, Status, shipped};
use selection::outcome::Place;
use selection::tables::{Fault, read_formations, read_scores, write_results};
use selection::{candidate, compute};
use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::time::Instant;

/// People of one formation line.
const PEOPLE_PER_LINE: u64 = 120;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name a folder")?;
    let people: u64 = arguments.next().map_or(Ok(3_000_000), |people| people.parse())?;
    let id = arguments.next().unwrap_or_else(|| "cpns-2024".to_owned());
    let rules = RuleSet::parse(shipped::text(&id).ok_or("no such rule set")?, &shipped::library).map_err(|_| "a faulty rule set")?;
    let folder = Path::new(&folder);
    let (scores, formations) = (folder.join("scores.csv"), folder.join("formations.csv"));
    make(&rules, people, &scores, &formations)?;
    println!("{} MB of scores", std::fs::metadata(&scores)?.len() / 1_000_000);
    rank(&rules, &scores, &formations, &folder.join("results.csv"))
}

fn rank(rules: &RuleSet, scores: &Path, formations: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let open = |path: &Path| File::open(path).map(|file| BufReader::with_capacity(1 << 20, file));
    let formations = read_formations(open(formations)?, rules).map_err(told)?.rows;
    let (people, until) = read_scores(open(scores)?, rules, &formations).map_err(told)?;
    println!("{:6.2} s  read {} people, {} lines", start.elapsed().as_secs_f64(), people.rows.len(), formations.len());
    let outcomes = compute(rules, &formations, &people.rows, until)?;
    println!("{:6.2} s  computed ({})", start.elapsed().as_secs_f64(), if until == Place::Final { "to the end" } else { "one stage" });
    write_results(BufWriter::with_capacity(1 << 20, File::create(out)?), rules, &formations, &people.rows, &outcomes)?;
    println!("{:6.2} s  written", start.elapsed().as_secs_f64());
    for status in Status::ALL {
        let count = outcomes.of.iter().filter(|outcome| outcome.status == status).count();
        println!("{count:>10}  {status}");
    }
    let memory = std::fs::read_to_string("/proc/self/status")?;
    memory.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    Ok(())
}

fn told(faults: Vec<Fault>) -> String {
    faults.first().map(ToString::to_string).unwrap_or_default()
}

/// People in no order, a tenth of them absent, with scores around what real ones are.
fn make(rules: &RuleSet, people: u64, scores: &Path, formations: &Path) -> Result<(), Box<dyn Error>> {
    let lines = people.div_ceil(PEOPLE_PER_LINE);
    let mut table = BufWriter::new(File::create(formations)?);
    writeln!(table, "formation,slots,category,job,education,unit")?;
    for line in 0..lines {
        let category = &rules.categories[if line % 5 == 0 { (line / 5) as usize % rules.categories.len() } else { 0 }];
        writeln!(table, "F{line:06},{},{category},job{},s1,unit{}", 1 + line % 4, line / 7, line / 3)?;
    }
    table.flush()?;
    let mut table = BufWriter::with_capacity(1 << 20, File::create(scores)?);
    let columns: Vec<&str> = candidate::columns(rules).collect();
    let max: Vec<u64> =
        rules.stages.iter().flat_map(|stage| &stage.sections).map(|section| section.max.micro() as u64 / 1_000_000).collect();
    writeln!(table, "participant_no,formation,{},gpa,birth_date", columns.join(","))?;
    let mut state = 20_240_321_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for number in 0..people {
        write!(table, "2410{number:013},F{:06}", next(lines))?;
        let absent = next(10) == 0;
        for max in &max {
            match absent {
                true => write!(table, ",")?,
                false => write!(table, ",{}", max * 2 / 5 + next(max / 2 + 1))?,
            }
        }
        writeln!(table, ",{}.{:02},19{:02}-{:02}-{:02}", 2 + next(2), next(100), 85 + next(15), 1 + next(12), 1 + next(28))?;
    }
    table.flush()?;
    Ok(())
}
