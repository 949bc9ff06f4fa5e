//! A data directory as an installation has it after a season: millions of records of finished sittings, and thousands of sessions that run.
//! Made through the real owners, the real journal and the store, and kept between runs.

use crate::hall::{self, Bank, CHOICES, Hall, SECTIONS, STAFF, fresh};
use crate::journal::{self, Lane};
use crate::load;
use anyhow::{Context, Result};
use exam_session::block::Block;
use question_bank::blueprint::{Blueprint, Cell, Section};
use question_bank::id::{CandidateId, Digest32, FormationId, HallId, ItemId, SelectionId, SessionId, SittingId, StageId};
use question_bank::item::{CellOfItem, Difficulty, Face, Item, Level};
use question_bank::key::{Key, Rule};
use question_bank::marks::Marks;
use question_bank::paper::Paper;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use store::Store;
use store::journal::{Heartbeat, Journal};
use store::library::{Draw, NewPaper, Seed};
use store::roster::{
    Assignment, By, CandidateRow, Formation, Hall as HallRow, NewStage, NewTerminal, Pin, Seat, Selection, Sitting as SittingRow,
};
use store::staff::{NewStaff, PasswordHash};
use wire::roster::{SelectionPolicy, SittingPolicyBody};

/// Sessions of a sitting.
const SITTING_SESSIONS: usize = 500;
/// Commands given in at once: the records of a block.
const BLOCK_RECORDS: usize = 100;
/// Positions that a running session has viewed and answered; a finished one has all.
const LIVE_POSITIONS: u16 = 40;
/// Time between two positions, milliseconds of the sitting's clock.
const POSITION_MS: u64 = 10_000;
/// Threads that make sittings.
const THREADS: usize = 2;
/// Halls; sittings use them in turn.
const HALLS: usize = 36;

/// What a directory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Records in the journal, about.
    pub records: u64,
    /// Sessions that run.
    pub live: usize,
}

/// A directory and one terminal that may go on in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Archive {
    /// What was asked for.
    pub size: Size,
    /// Records it really holds.
    pub records: u64,
    /// Sittings, finished and running.
    pub sittings: usize,
    /// Cookie of a terminal whose session runs.
    pub cookie: String,
    /// Sittings that run, as hexadecimal ids.
    live_sittings: Vec<String>,
}

/// What goes on the sitting's clock last in a running sitting.
const LIVE_MONO_MS: u64 = 600_000 + LIVE_POSITIONS as u64 * POSITION_MS;

fn utc_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// The kept directory of this size, made if it is not there. Its name has a digest of this program, which has the store inside: another build
/// may store otherwise, and then what an older one left goes.
pub fn kept(cache: &Path, size: Size) -> Result<(PathBuf, Archive)> {
    let kind = format!("archive-{}-{}-", size.records, size.live);
    let key = Digest32::of(&std::fs::read(std::env::current_exe()?)?).to_string();
    let dir = cache.join(format!("{kind}{}", &key[..12]));
    let marker = dir.join("archive.json");
    if let Ok(text) = std::fs::read_to_string(&marker) {
        return Ok((dir, serde_json::from_str(&text).context("the kept archive's description")?));
    }
    load::forget(cache, &kind)?;
    std::fs::create_dir_all(&dir)?;
    let began = Instant::now();
    let archive = make(&dir, size)?;
    std::fs::write(&marker, serde_json::to_string(&archive)?)?;
    eprintln!(
        "  made {} records in {} sittings in {:.0} s; kept in {}",
        archive.records,
        archive.sittings,
        began.elapsed().as_secs_f64(),
        dir.display()
    );
    Ok((dir, archive))
}

/// Lets the running sittings have been alive a moment ago: after a long outage the server would hold them until a proctor decides.
pub fn touch(dir: &Path, archive: &Archive) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (journal, writer) = runtime.block_on(journal::open(dir))?;
    for id in &archive.live_sittings {
        let sitting: SittingId = id.parse().map_err(|_| anyhow::anyhow!("the id of a sitting"))?;
        journal.beat(Heartbeat { sitting, mono_ms: LIVE_MONO_MS, utc_ms: utc_ms() });
    }
    drop(journal);
    writer.join();
    Ok(())
}

/// One sitting to be made.
struct Plan {
    id: SittingId,
    running: bool,
    enrolled: Vec<(SessionId, Arc<Paper>)>,
}

fn make(dir: &Path, size: Size) -> Result<Archive> {
    let items: u64 = SECTIONS.iter().map(|(_, items)| u64::from(*items)).sum();
    // Check-in, sign-in, consent and start of each, then a view and an answer of each position; a finished one submits.
    let (of_live, of_finished) = (4 + 2 * u64::from(LIVE_POSITIONS), 5 + 2 * items);
    let finished = size.records.saturating_sub(size.live as u64 * of_live).div_ceil(of_finished) as usize;
    let mut rng = SmallRng::seed_from_u64(1);
    let mut ids: Vec<ItemId> = (0..Bank::items_needed()).map(|_| fresh(&mut rng)).collect();
    ids.sort();
    let bank = Bank::new(ids.clone());
    let mut plans = Vec::new();
    for (sessions, running) in [(finished, false), (size.live, true)] {
        for first in (0..sessions).step_by(SITTING_SESSIONS) {
            let people = SITTING_SESSIONS.min(sessions - first);
            let enrolled = (0..people).map(|_| (fresh(&mut rng), bank.paper(&mut rng))).collect();
            plans.push(Plan { id: fresh(&mut rng), running, enrolled });
        }
    }
    let token = format!("{:064x}", 1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(set_up(dir, &ids, &plans, &token, &mut rng))?;
    let (journal, writer) = runtime.block_on(journal::open(dir))?;
    let live_sittings = plans.iter().filter(|plan| plan.running).map(|plan| plan.id.to_string()).collect();
    let sittings = plans.len();
    let records = write_journals(&journal, plans)?;
    drop(journal);
    writer.join();
    Ok(Archive { size, records, sittings, cookie: format!("saksama_terminal={token}"), live_sittings })
}

fn write_journals(journal: &Journal, plans: Vec<Plan>) -> Result<u64> {
    let (sittings, plans) = (plans.len(), Mutex::new(plans));
    let made: Vec<Result<u64>> = std::thread::scope(|scope| {
        let making = (0..THREADS).map(|thread| {
            let plans = &plans;
            scope.spawn(move || {
                let mut rng = SmallRng::seed_from_u64(100 + thread as u64);
                let mut records = 0;
                loop {
                    let Some(plan) = plans.lock().expect("nothing panics under this lock").pop() else { return Ok(records) };
                    records += write_journal(journal, plan, &mut rng)?;
                }
            })
        });
        let making: Vec<_> = making.collect();
        making.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("making a sitting panicked")))).collect()
    });
    made.into_iter().sum::<Result<u64>>().with_context(|| format!("the journals of {sittings} sittings"))
}

fn write_journal(journal: &Journal, plan: Plan, rng: &mut SmallRng) -> Result<u64> {
    let mut lane = Lane::new(journal);
    let mut records = 0;
    let mut sink = |block: Block| {
        records += u64::from(block.count);
        lane.put(block);
    };
    let items: u16 = SECTIONS.iter().map(|(_, items)| items).sum();
    let mut hall = Hall::planned(plan.id, plan.enrolled);
    hall.commands_max = BLOCK_RECORDS;
    hall.run_up(rng, &mut sink)?;
    for position in 0..if plan.running { LIVE_POSITIONS } else { items } {
        let now = hall::at(600_000 + u64::from(position) * POSITION_MS);
        hall.all_view(position, now, rng, &mut sink)?;
        hall.all_answer(position, now, rng, &mut sink)?;
    }
    if !plan.running {
        hall.end(hall::at(600_000 + u64::from(items) * POSITION_MS), rng, &mut sink)?;
    }
    lane.settle();
    Ok(records)
}

/// Everything but the journals.
async fn set_up(dir: &Path, items: &[ItemId], plans: &[Plan], token: &str, rng: &mut SmallRng) -> Result<()> {
    let store = Store::open(dir).await?;
    let by = By { staff_id: STAFF, at_utc_ms: hall::SCHEDULED_UTC_MS };
    let staff = NewStaff {
        id: STAFF,
        login: "bench".to_owned(),
        name: "Bench".to_owned(),
        // No password has this hash: nobody signs in here.
        password_hash: PasswordHash("-".to_owned()),
        created_utc_ms: by.at_utc_ms,
        grants: Vec::new(),
    };
    store.add_staff(&staff).await?;
    let bank: Vec<(Item, Key)> = items.iter().enumerate().map(|(index, &id)| item(index, id)).collect::<Result<_>>()?;
    store.accept_import(&bank, &[], by.at_utc_ms).await?;

    let selection: SelectionId = fresh(rng);
    let policy_json = serde_json::to_string(&SelectionPolicy::default())?;
    let (code, title) = ("bench".to_owned(), "Bench".to_owned());
    let created_utc_ms = by.at_utc_ms;
    store.add_selection(&Selection { id: selection, code, title: title.clone(), organiser: title, policy_json, created_utc_ms }).await?;
    let formation: FormationId = fresh(rng);
    store
        .add_formation(&Formation {
            id: formation,
            selection_id: selection,
            code: "f".to_owned(),
            title: "F".to_owned(),
            slots: 100,
            line_json: "{}".to_owned(),
        })
        .await?;
    let stage: StageId = fresh(rng);
    store.add_stage(&NewStage { id: stage, selection_id: selection, code: "skd".to_owned(), title: "SKD".to_owned() }).await?;
    store.put_blueprint(stage, None, &blueprint()).await?;
    let halls = add_halls(&store, selection, rng).await?;
    for (index, plan) in plans.iter().enumerate() {
        add_sitting(&store, stage, halls[index % halls.len()], index, plan).await?;
        enrol(&store, (selection, stage, formation), index, plan, by, rng).await?;
    }
    // One terminal of a running session.
    if let Some(plan) = plans.iter().find(|plan| plan.running) {
        let session = plan.enrolled[0].0;
        let pin = Pin { session, mac: [1; 32], expires_utc_ms: i64::MAX, attempts_left: 5, seat_id: None };
        store.pin_put(&pin).await?;
        let terminal = NewTerminal { token_hash: Digest32::of(token.as_bytes()), session, epoch: 1, created_utc_ms };
        store.pin_spend(&pin, &terminal).await?;
    }
    store.close().await;
    Ok(())
}

fn item(index: usize, id: ItemId) -> Result<(Item, Key)> {
    let per_paper: u16 = SECTIONS.iter().map(|(_, items)| items).sum();
    let pool = usize::from(Bank::items_needed() / per_paper);
    let mut first = 0;
    let section = SECTIONS.iter().find(|(_, items)| {
        first += usize::from(*items) * pool;
        index < first
    });
    let cell = CellOfItem {
        section: section.context("an item beyond the sections")?.0.to_owned(),
        topic: "umum".to_owned(),
        subtopic: "umum".to_owned(),
        level: Level::C3,
        difficulty: Difficulty::Medium,
    };
    let choices =
        (0..CHOICES).map(|choice| format!("Pilihan {choice} dari soal {index}, kira-kira sepanjang pilihan yang nyata.")).collect();
    let stem = format!("Soal nomor {index}. ").repeat(20);
    let face = Face { language: "id".to_owned(), stem, choices, multiple: false };
    let weights =
        (0..CHOICES).map(|choice| Marks::whole(if usize::from(choice) == index % usize::from(CHOICES) { 5 } else { 0 })).collect();
    let key = Key::new(weights, Marks::ZERO, Rule::Single)?;
    Ok((Item { id, version: 1, code: format!("B{index:04}"), cell, face, basis: String::new() }, key))
}

fn blueprint() -> Blueprint {
    let section = |&(code, count): &(&str, u16)| Section {
        code: code.to_owned(),
        title: code.to_owned(),
        duration_s: None,
        linear: false,
        shuffle_items: true,
        shuffle_choices: true,
        cells: vec![Cell { count, ..Cell::default() }],
    };
    let tie_order = SECTIONS.iter().map(|(code, _)| (*code).to_owned()).collect();
    Blueprint { sections: SECTIONS.iter().map(section).collect(), duration_s: hall::BASE_MS / 1_000, tie_order }
}

async fn add_halls(store: &Store, selection_id: SelectionId, rng: &mut SmallRng) -> Result<Vec<HallId>> {
    let mut halls = Vec::new();
    for index in 0..HALLS {
        let id: HallId = fresh(rng);
        let seats: Vec<Seat> = (0..SITTING_SESSIONS as u16)
            .map(|seat| Seat { id: fresh(rng), hall_id: id, label: format!("{seat}"), row: seat / 25, column: seat % 25, spare: false })
            .collect();
        store.add_hall(&HallRow { id, selection_id, code: format!("h{index}"), title: format!("Hall {index}") }, &seats).await?;
        halls.push(id);
    }
    Ok(halls)
}

async fn add_sitting(store: &Store, stage_id: StageId, hall_id: HallId, index: usize, plan: &Plan) -> Result<()> {
    let policy = SittingPolicyBody {
        check_in_opens_before_s: 24 * 3_600,
        check_in_closes_before_s: 0,
        latest_start_after_s: 24 * 3_600,
        seats_random: false,
        ..SittingPolicyBody::default()
    };
    let row = SittingRow {
        id: plan.id,
        stage_id,
        hall_id,
        code: format!("s{index:04}"),
        starts_utc_ms: hall::SCHEDULED_UTC_MS,
        policy_json: serde_json::to_string(&policy)?,
    };
    Ok(store.add_sitting(&row).await?)
}

async fn enrol(
    store: &Store,
    (selection, stage, formation_id): (SelectionId, StageId, FormationId),
    index: usize,
    plan: &Plan,
    by: By,
    rng: &mut SmallRng,
) -> Result<()> {
    let ids: Vec<CandidateId> = plan.enrolled.iter().map(|_| fresh(rng)).collect();
    let row = |(&id, person): (&CandidateId, usize)| CandidateRow {
        id,
        participant_no: format!("B{index:04}{person:03}"),
        name: format!("Peserta {index} {person}"),
        birth_date: None,
        gpa_milli: None,
        nik: None,
        formation_id,
        category: "umum".to_owned(),
        accommodation: String::new(),
        extra_time_s: 0,
        facts_json: "{}".to_owned(),
    };
    let rows: Vec<CandidateRow> = ids.iter().zip(0..).map(row).collect();
    store.import_candidates(selection, &rows).await?;
    let assignments: Vec<Assignment> = ids
        .iter()
        .zip(&plan.enrolled)
        .map(|(&candidate_id, &(session, _))| Assignment {
            candidate_id,
            enrolment_id: fresh(rng),
            attempt_id: fresh(rng),
            session,
            sitting: plan.id,
            seat_id: None,
        })
        .collect();
    store.assign(stage, &assignments, by).await?;
    let papers: Vec<NewPaper> =
        plan.enrolled.iter().map(|(session, paper)| NewPaper { session: *session, body: paper.encode(), digest: paper.digest() }).collect();
    let draw = Draw { id: fresh(rng), sitting: plan.id, seed: Seed([0; 32]), report_json: "{}".to_owned(), by };
    Ok(store.put_papers(&draw, &papers).await?)
}
