//! `saksama fsck`: reads everything again and says equal, or where not.
//!
//! It trusts nothing that can be computed: block chains are verified, states replayed, papers compared with the digests that the journal
//! recorded, marks and ranks computed from answers and keys, every revision computed again from its own files by both scorers, and every stage
//! whose inputs are unchanged from its journals.

use crate::answer::with_causes;
use crate::hall::{Facts, load};
use crate::results::announced::says_the_same;
use crate::results::computed::Computed;
use crate::results::gathered::gather;
use crate::results::sat::Sat;
use crate::results::second::check_results;
use exam_session::command::Actor;
use exam_session::event::{Event, SessionEvent};
use exam_session::record::Record;
use publish::Announcement;
use question_bank::id::{SittingId, StageId};
use scoring::ranking::Ranking;
use scoring::scheme::tally;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use store::Store;
use store::journal::Reader;
use store::journal::log::{self, LogState};
use store::results::Publication;
use store::seal::{self, Seal};

/// What was read and what was found.
#[derive(Debug, Default)]
pub struct Report {
    /// Sittings read.
    pub sittings: u32,
    /// Records read.
    pub records: u64,
    /// Sessions tallied.
    pub sessions: u64,
    /// Revisions computed again from their own files, by both scorers.
    pub revisions: u32,
    /// Published lists read.
    pub publications: u32,
    /// Stages computed again from journals and keys, as nothing changed since their newest revision.
    pub recomputed: u32,
    /// What is worth knowing and may be as it should be.
    pub notes: Vec<String>,
    /// Where something is not equal; empty means everything is.
    pub findings: Vec<String>,
}

/// The check itself could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The files cannot be read.
    #[error("failed to read the files")]
    Files(#[source] std::io::Error),
    /// The store cannot be read.
    #[error("failed to open the store")]
    Store(#[from] store::Error),
    /// The journal cannot be read.
    #[error("failed to open the journal")]
    Journal(#[from] store::journal::OpenError),
    /// The journal cannot be listed.
    #[error("failed to list the journals")]
    List(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Reads everything in a directory again. `progress` is told before each step.
pub async fn run(dir: &Path, mut progress: impl FnMut(&str)) -> Result<Report, Error> {
    let mut report = Report::default();
    progress("files");
    look_at_files(dir, &mut report)?;
    let store = Store::open(dir).await?;
    report.findings.extend(store.integrity().await?.into_iter().map(|what| format!("saksama.db: {what}")));
    let mut journal = Reader::open(dir).await?;
    let integrity = journal.integrity().await.map_err(|error| Error::List(Box::new(error)))?;
    report.findings.extend(integrity.into_iter().map(|what| format!("journal.db: {what}")));
    drop(journal);
    let mut outcomes: BTreeMap<StageId, Vec<Sat>> = BTreeMap::new();
    let known: Vec<SittingId> = store.sittings_to_run().await?.into_iter().map(|sitting| sitting.sitting).collect();
    for &sitting in &known {
        progress(&format!("sitting {sitting}"));
        if let Some((stage, outcome)) = check_sitting(&store, dir, sitting, &mut report).await {
            outcomes.entry(stage).or_default().push(outcome);
        }
    }
    progress("blocks of no sitting");
    strays(dir, &known, &mut report).await.map_err(Error::List)?;
    check_revisions(&store, &mut report, &mut progress).await?;
    progress("results");
    recompute(&store, dir, &outcomes, &mut report).await?;
    store.close().await;
    Ok(report)
}

/// What can be said before anything opens the files.
fn look_at_files(dir: &Path, report: &mut Report) -> Result<(), Error> {
    if seal::check(dir).map_err(Error::Files)? == Seal::Broken {
        report.findings.push("the databases are not as the last server left them".to_owned());
    }
    match log::examine(dir).map_err(Error::Files)? {
        LogState::Whole => {}
        LogState::LastCommitTorn => report.notes.push(
            "the last commit of the journal is not whole: nobody was told of it if the power failed, otherwise the file is damaged"
                .to_owned(),
        ),
        LogState::Damaged => {
            report.findings.push("the journal's log is damaged, and with it commits that were durable".to_owned());
        }
    }
    Ok(())
}

/// Blocks that no sitting of the roster leads to.
async fn strays(dir: &Path, known: &[SittingId], report: &mut Report) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut journal = Reader::open(dir).await?;
    let mut chained = 0;
    for sitting in journal.sittings().await? {
        // A chain that cannot be walked was found when its sitting was read.
        chained += journal.blocks_of(sitting).await.unwrap_or(0);
        if !known.contains(&sitting) {
            report.findings.push(format!("the journal has blocks of sitting {sitting}, which is not in the roster"));
        }
    }
    let stored = journal.blocks_in_all().await?;
    if stored != chained {
        report.findings.push(format!("the journal has {stored} blocks, and the chains of its sittings lead to {chained}"));
    }
    Ok(())
}

async fn check_sitting(store: &Store, dir: &Path, sitting: SittingId, report: &mut Report) -> Option<(StageId, Sat)> {
    report.sittings += 1;
    let mut findings = Vec::new();
    let mut records = 0;
    let mut seen = HashSet::new();
    let mut mono_ms = 0;
    let each = |facts: &Facts, record: &Record| {
        records += 1;
        findings.extend(paper_mismatch(facts, record));
        // Within a block it is looked at when the block is read.
        if record.at.mono_ms < mono_ms {
            findings.push(format!("sitting {}: the sitting's clock goes back at position {}", facts.sitting, record.position));
        }
        mono_ms = record.at.mono_ms;
        // A terminal's commands are numbered within their session, everybody else's ids are unique by themselves.
        if !seen.insert((record.scope.filter(|_| record.actor == Actor::Candidate), record.command)) {
            findings.push(format!("sitting {}: the command of position {} was accepted before", facts.sitting, record.position));
        }
    };
    let loaded = match load(store, dir, sitting, each).await {
        Ok(loaded) => loaded,
        Err(error) => {
            report.findings.push(with_causes(&error));
            return None;
        }
    };
    report.records += records;
    report.findings.extend(findings);
    let outcome = Sat::new(&loaded.facts, &loaded.state, loaded.head);
    report.sessions += loaded.state.sessions().len() as u64;
    report.findings.extend(live_ranking_mismatch(&loaded.facts, &loaded.state));
    Some((loaded.facts.stage, outcome))
}

/// The paper in the library must be the one that the journal says was prepared.
fn paper_mismatch(facts: &Facts, record: &Record) -> Vec<String> {
    let prepared = record.events.iter().filter_map(|event| match event {
        Event::Session(session, SessionEvent::Prepared { paper, .. }) => Some((*session, *paper)),
        Event::Session(_, _) | Event::Sitting(_) => None,
    });
    prepared
        .filter_map(|(session, recorded)| {
            let person = facts.index.get(&session).map(|&index| &facts.people[index as usize]);
            let stored = person.and_then(|person| person.paper.as_ref()).map(|paper| paper.digest());
            (stored != Some(recorded)).then(|| {
                format!("sitting {}: the paper of session {session} is not the one recorded at position {}", facts.sitting, record.position)
            })
        })
        .collect()
}

/// The live ranking, fed change by change, must agree with counting better standings.
fn live_ranking_mismatch(facts: &Facts, sitting: &exam_session::sitting::Sitting) -> Option<String> {
    let mut ranking = Ranking::new(0);
    let mut standings = Vec::new();
    for (index, (id, session)) in (0..).zip(sitting.sessions()) {
        let person = facts.index.get(&id).map(|&person| &facts.people[person as usize])?;
        if !session.slots().is_empty() {
            let standing = person.scheme.standing(&tally(session.paper(), session.slots(), &facts.keys));
            ranking.set(index, standing);
            standings.push((index, standing));
        }
    }
    let mut sorted: Vec<_> = standings.iter().map(|&(_, standing)| standing).collect();
    sorted.sort_by(|a, b| b.cmp(a));
    standings
        .iter()
        .any(|&(index, standing)| ranking.rank(index) != Some(sorted.partition_point(|other| *other > standing) as u32 + 1))
        .then(|| format!("sitting {}: live ranks differ from recomputed ones", facts.sitting))
}

/// Every revision must follow from its own files, by both scorers; every publication must be as it was stored, and say row by row what its
/// revision says.
async fn check_revisions(store: &Store, report: &mut Report, progress: &mut impl FnMut(&str)) -> Result<(), Error> {
    for revision in store.revisions().await? {
        progress(&format!("revision {} of stage {}", revision.number, revision.stage_id));
        report.revisions += 1;
        let name = format!("revision {} of stage {}", revision.number, revision.stage_id);
        let computed = match store.revision_files(revision.id).await {
            Ok(files) => Computed::from_files(files),
            Err(error) => {
                report.findings.push(format!("{name}: {}", with_causes(&error)));
                continue;
            }
        };
        let computed = match computed {
            Ok(computed) => computed,
            Err(error) => {
                report.findings.push(format!("{name}: {}", with_causes(&error)));
                continue;
            }
        };
        if (computed.input_hash, computed.results_hash) != (revision.input_hash, revision.results_hash) {
            report.findings.push(format!("{name}: its files do not have the recorded hashes"));
        }
        if !check_results(&computed).agrees {
            report.findings.push(format!("{name}: the second scorer differs"));
        }
    }
    for publication in store.publications().await? {
        progress(&format!("publication {}", publication.id));
        report.publications += 1;
        let finding = published_wrong(store, &publication).await?;
        report.findings.extend(finding.map(|what| format!("publication {}: {what}", publication.id)));
    }
    Ok(())
}

/// What is wrong with a published list.
async fn published_wrong(store: &Store, publication: &Publication) -> Result<Option<String>, Error> {
    let announced = match store.publication_body(publication.id).await {
        Err(error) => return Ok(Some(with_causes(&error))),
        Ok(body) => match Announcement::from_json(&body) {
            Err(error) => return Ok(Some(with_causes(&error))),
            Ok(announced) => announced,
        },
    };
    let differs = || Ok(Some("it does not say what its revision says".to_owned()));
    let of_stage = store.revisions_of_stage(publication.stage_id).await?;
    let Some(revision) = of_stage.into_iter().find(|revision| revision.number == publication.revision) else { return differs() };
    let hashes = (revision.input_hash.to_string(), revision.results_hash.to_string());
    if hashes != (announced.input_hash.clone(), announced.results_hash.clone()) {
        return differs();
    }
    // A revision whose files are damaged has been named already.
    let Ok(files) = store.revision_files(revision.id).await else { return Ok(None) };
    let Ok(computed) = Computed::from_files(files) else { return Ok(None) };
    match says_the_same(&announced, &computed) {
        Ok(true) => Ok(None),
        Ok(false) => differs(),
        Err(error) => Ok(Some(with_causes(&error))),
    }
}

/// What journals, keys and corrections give now must be the newest revision, unless something entered them since.
async fn recompute(store: &Store, dir: &Path, sat: &BTreeMap<StageId, Vec<Sat>>, report: &mut Report) -> Result<(), Error> {
    for selection in store.selections().await? {
        let stages = store.stages_of_selection(selection.selection.id).await?;
        for stage in &stages {
            let Some(newest) = store.revisions_of_stage(stage.id).await?.into_iter().next() else { continue };
            // A later stage follows from the earlier ones, too.
            let up_to_this = stages.iter().filter(|one| one.ordinal <= stage.ordinal).filter_map(|one| sat.get(&one.id));
            let wanted: Vec<Sat> = up_to_this.flatten().cloned().collect();
            let name = format!("stage {}", stage.title);
            let gathered = match gather(store, dir, stage, wanted).await {
                Ok(gathered) => gathered,
                Err(error) => {
                    report.findings.push(format!("{name}: {}", with_causes(&error)));
                    continue;
                }
            };
            match gathered.compute(None) {
                Err(error) => report.findings.push(format!("{name}: {}", with_causes(&error))),
                Ok(outcome) if outcome.computed.input_hash != newest.input_hash => {
                    let what = "was not computed again: what its newest revision follows from has changed since";
                    report.notes.push(format!("{name} {what}"));
                }
                Ok(outcome) => {
                    report.recomputed += 1;
                    if outcome.computed.results_hash != newest.results_hash {
                        report.findings.push(format!("{name}: recomputed results differ from the newest revision"));
                    }
                    if !outcome.second_scorer.agrees {
                        report.findings.push(format!("{name}: the second scorer differs"));
                    }
                }
            }
        }
    }
    Ok(())
}
