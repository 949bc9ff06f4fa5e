//! What a seed stands for: the halls, their people and papers, the policies, and how often what goes wrong. Each seed draws its own rates, and
//! leaves some kinds of trouble out altogether, so that seeds differ in kind and not only in order.

use crate::rng::Rng;
use exam_session::sitting::SittingPolicy;
use question_bank::blueprint::{Blueprint, Cell, Section};
use question_bank::draw::{Applicant, PoolItem, draw};
use question_bank::id::{ItemId, SeatId, SessionId, SittingId, StaffId};
use question_bank::item::{CellOfItem, Difficulty, Level};
use question_bank::key::{Key, Rule};
use question_bank::marks::Marks;
use question_bank::paper::{Entry, Paper};
use scoring::reveal::Reveal;
use scoring::scheme::{Keys, Scheme};
use std::collections::HashMap;
use std::sync::Arc;

/// What the command line may say about a run.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The one number a run follows from.
    pub seed: u64,
    /// Simulated minutes until the faults end.
    pub minutes: u64,
    /// Candidates of all halls together; by default the seed says.
    pub candidates: Option<u32>,
    /// Print every event.
    pub trace: bool,
}

impl Options {
    /// Ten minutes of what the seed says.
    pub fn new(seed: u64) -> Self {
        Options { seed, minutes: 10, candidates: None, trace: false }
    }
}

/// Everything a run is made of before it begins.
pub struct Plan {
    /// When faults end, milliseconds.
    pub faults_until_ms: u64,
    /// The halls of the one node.
    pub halls: Vec<HallPlan>,
    /// What goes wrong, and how often.
    pub faults: Faults,
}

/// One sitting.
pub struct HallPlan {
    /// Its id.
    pub sitting: SittingId,
    /// How it behaves.
    pub policy: SittingPolicy,
    /// Who is enrolled.
    pub people: Vec<Person>,
    /// The seats; a few more than people.
    pub seats: Vec<SeatId>,
    /// When rows on public screens move.
    pub reveal: Reveal,
    /// Rows stand still in so many last milliseconds of a session until the sitting is closed; 0 = never.
    pub freeze_ms: u64,
    /// When the proctor starts, simulated milliseconds.
    pub start_ms: u64,
    /// The order of sections that breaks ties, as indexes.
    pub tie_order: Vec<usize>,
    /// The same for the real code.
    pub scheme: Scheme,
    /// The real keys.
    pub keys: Keys,
    /// What every set of choices earns, thousandths, by catalogue entry and mask: the table that marks are looked up in.
    pub marks: Vec<Vec<i64>>,
    /// Proctors and desk; each act is by one of them.
    pub staff: Vec<StaffId>,
    /// Mean time between the acts of the proctor.
    pub staff_pace_ms: u64,
}

/// One candidate.
pub struct Person {
    /// The session.
    pub session: SessionId,
    /// The drawn paper.
    pub paper: Arc<Paper>,
    /// Time of the blueprint.
    pub base_ms: u32,
    /// Extra time.
    pub extra_ms: u32,
    /// When at the desk; none stays away.
    pub comes_ms: Option<u64>,
    /// Mean time between acts.
    pub pace_ms: u64,
}

/// What goes wrong. Pairs are bounds of what is drawn each time; nothing means never.
#[derive(Clone, Debug)]
pub struct Faults {
    /// One way over the hall's network, milliseconds.
    pub delay_ms: (u64, u64),
    /// In so many of 1,000 messages the delay is a hundred times as long.
    pub slow_per_mille: u64,
    /// A machine's line breaks after so long.
    pub break_after_ms: Option<(u64, u64)>,
    /// A machine's line is silent in one direction after so long; the same bounds say for how long.
    pub partition_after_ms: Option<(u64, u64)>,
    /// The server dies after so long.
    pub crash_after_ms: Option<(u64, u64)>,
    /// And is away for so long.
    pub down_ms: (u64, u64),
    /// The disk is full after so long; the same bounds, a quarter of them, say for how long.
    pub full_after_ms: Option<(u64, u64)>,
    /// A commit takes so long.
    pub commit_ms: (u64, u64),
    /// In so many of 1,000 commits it takes fifty times as long.
    pub slow_commit_per_mille: u64,
    /// In so many of 1,000 turns the owner's task gets no time for up to a second.
    pub stall_per_mille: u64,
    /// The wall clock jumps after so long.
    pub wall_jump_after_ms: Option<(u64, u64)>,
    /// Somebody else tries to write the journal after so long.
    pub second_writer_after_ms: Option<(u64, u64)>,
    /// In so many of 1,000 acts the page is loaded again.
    pub reload_per_mille: u64,
    /// So many of 1,000 machines have no disk of their own.
    pub diskless_per_mille: u64,
    /// In so many of 1,000 acts the machine dies and its candidate is moved.
    pub dead_machine_per_mille: u64,
    /// In so many of 1,000 acts an old frame comes again, or an old machine speaks as if it still had the word.
    pub stubborn_per_mille: u64,
    /// Inputs the owner's task takes at once.
    pub inputs_max: usize,
}

impl Plan {
    /// What this seed stands for.
    pub fn new(options: &Options, rng: &mut Rng) -> Plan {
        let faults_until_ms = options.minutes * 60_000;
        let faults = faults(rng);
        let halls = 1 + rng.index(3);
        // Most seeds are small, because most mistakes need few people; some are whole halls.
        let people = match rng.below(100) {
            0..60 => rng.between(2, 40),
            60..90 => rng.between(20, 100),
            90..99 => rng.between(100, 300),
            _ => rng.between(400, 1_400),
        };
        let people = options.candidates.map_or(people, u64::from).max(1);
        let halls = (0..halls).map(|index| {
            let own = people / halls as u64 + u64::from((index as u64) < people % halls as u64);
            hall(rng, faults_until_ms, own.max(1))
        });
        Plan { faults_until_ms, halls: halls.collect(), faults }
    }
}

/// A kind of trouble that this seed has or has not.
fn maybe(rng: &mut Rng, per_mille: u64, least_ms: u64, most_ms: u64) -> Option<(u64, u64)> {
    let middle = rng.between(least_ms, most_ms);
    rng.per_mille(per_mille).then_some((middle / 4, middle * 2))
}

fn faults(rng: &mut Rng) -> Faults {
    let rate = |rng: &mut Rng, most: u64| if rng.per_mille(600) { rng.below(most + 1) } else { 0 };
    let delay = rng.between(1, 40);
    let commit = rng.between(1, 30);
    Faults {
        delay_ms: (delay.div_ceil(4), delay),
        slow_per_mille: rate(rng, 30),
        break_after_ms: maybe(rng, 600, 10_000, 300_000),
        partition_after_ms: maybe(rng, 500, 10_000, 120_000),
        crash_after_ms: maybe(rng, 550, 15_000, 400_000),
        down_ms: if rng.per_mille(700) { (100, 5_000) } else { (20_000, 120_000) },
        full_after_ms: maybe(rng, 400, 10_000, 100_000),
        commit_ms: (commit.div_ceil(4), commit),
        slow_commit_per_mille: rate(rng, 50),
        stall_per_mille: rate(rng, 10),
        wall_jump_after_ms: maybe(rng, 300, 10_000, 200_000),
        second_writer_after_ms: maybe(rng, 150, 30_000, 300_000),
        reload_per_mille: rate(rng, 30),
        diskless_per_mille: if rng.per_mille(200) { 300 } else { 0 },
        dead_machine_per_mille: rate(rng, 8),
        stubborn_per_mille: rate(rng, 100),
        inputs_max: if rng.per_mille(300) { rng.between(1, 20) as usize } else { 2_000 },
    }
}

/// Items, own time in seconds, linear.
type SectionPlan = (u16, Option<u32>, bool);

fn sections(rng: &mut Rng, duration_s: u32) -> Vec<SectionPlan> {
    let items = |rng: &mut Rng| rng.between(2, 14) as u16;
    let part = |rng: &mut Rng| Some((duration_s / 3).max(30) + rng.below(20) as u32);
    match rng.below(5) {
        0 => vec![(rng.between(3, 60) as u16, None, false)],
        1 => (0..3).map(|_| (items(rng), None, false)).collect(),
        2 => (0..3).map(|_| (items(rng), part(rng), false)).collect(),
        3 => vec![(items(rng), None, true), (items(rng), None, false), (items(rng), None, false)],
        _ => vec![(items(rng), part(rng), false), (items(rng), part(rng), true), (items(rng), None, false)],
    }
}

fn hall(rng: &mut Rng, run_ms: u64, people: u64) -> HallPlan {
    let run_s = (run_ms / 1000) as u32;
    let duration_s = (60 + rng.below(u64::from(run_s * 3 / 4).max(1)) as u32).min(28_800);
    let start_ms = 15_000 + rng.below(run_ms / 10 + 1);
    let codes = ["twk", "tiu", "tkp"];
    let plan = sections(rng, duration_s);
    let section = |(index, &(items, duration_s, linear)): (usize, &SectionPlan)| Section {
        code: codes[index].to_owned(),
        title: codes[index].to_uppercase(),
        duration_s,
        linear,
        shuffle_items: index == 0,
        shuffle_choices: true,
        cells: vec![Cell { count: items, ..Cell::default() }],
    };
    let mut tie_order: Vec<usize> = (0..plan.len()).collect();
    (0..tie_order.len()).for_each(|at| tie_order.swap(at, rng.index(plan.len())));
    // These numbers were least marks, which are of the rule set now. They are still drawn, so that old seeds play the same exams.
    if rng.per_mille(600) {
        let _total = rng.below(60_000);
        plan.iter().for_each(|_| _ = rng.below(15_000));
    }
    let blueprint = Blueprint {
        sections: plan.iter().enumerate().map(section).collect(),
        duration_s,
        tie_order: tie_order.iter().map(|&index| codes[index].to_owned()).collect(),
    };
    // The items of a hall and what they are worth; at least as many in each section as a paper needs.
    let (mut pool, mut keys, mut tables) = (Vec::new(), HashMap::new(), HashMap::new());
    for (index, &(items, _, _)) in plan.iter().enumerate() {
        for _ in 0..items + items / 2 {
            let (key, multiple, choices) = key(rng);
            let entry = Entry { item: ItemId::from_bytes(rng.bytes()), version: 1, choices, multiple };
            let cell = CellOfItem {
                section: codes[index].to_owned(),
                topic: "umum".to_owned(),
                subtopic: String::new(),
                level: Level::C3,
                difficulty: Difficulty::Medium,
            };
            tables.insert(entry.item, table(&key, choices));
            keys.insert((entry.item, entry.version), key);
            pool.push(PoolItem { entry, cell });
        }
    }
    let sitting = SittingId::from_bytes(rng.bytes());
    let applicants: Vec<Applicant> =
        (0..people).map(|_| Applicant { session: SessionId::from_bytes(rng.bytes()), attempt: 1, blueprint: 0, seat: None }).collect();
    let seed: [u8; 32] = std::array::from_fn(|_| rng.bits() as u8);
    let drawn = draw(&seed, sitting, std::slice::from_ref(&blueprint), &pool, &applicants).expect("the pool has more than a paper needs");
    let pace = rng.between(1_500, 15_000);
    let catalogue = Arc::clone(&drawn.papers[0].catalogue);
    let people = applicants.iter().zip(drawn.papers).map(|(applicant, paper)| Person {
        session: applicant.session,
        paper,
        base_ms: duration_s * 1000,
        extra_ms: if rng.per_mille(100) { duration_s * 300 } else { 0 },
        comes_ms: (!rng.per_mille(50)).then(|| match rng.below(20) {
            0 => start_ms + rng.below(30_000),
            _ => 1_000 + rng.below(start_ms - 8_000),
        }),
        pace_ms: pace / 2 + rng.below(pace),
    });
    let people: Vec<Person> = people.collect();
    HallPlan {
        sitting,
        policy: policy(rng, duration_s, start_ms),
        seats: (0..people.len() + 20).map(|_| SeatId::from_bytes(rng.bytes())).collect(),
        people,
        reveal: match rng.below(3) {
            0 => Reveal::EveryAnswered(rng.between(1, 8) as u16),
            1 => Reveal::Interval(rng.between(2, 60) * 1000),
            _ => Reveal::AtEnd,
        },
        freeze_ms: if rng.per_mille(300) { rng.between(10, 120) * 1000 } else { 0 },
        start_ms,
        tie_order,
        scheme: Scheme::new(&blueprint),
        marks: catalogue.entries.iter().map(|entry| tables[&entry.item].clone()).collect(),
        keys: Keys::new(&catalogue, keys).expect("every item of the pool has its key"),
        staff: (0..3).map(|_| StaffId::from_bytes(rng.bytes())).collect(),
        staff_pace_ms: rng.between(2_000, 60_000),
    }
}

fn policy(rng: &mut Rng, duration_s: u32, start_ms: u64) -> SittingPolicy {
    SittingPolicy {
        start_together: rng.per_mille(400),
        scheduled_utc_ms: UTC_MS + start_ms as i64,
        check_in_opens_before_ms: 3_600_000,
        check_in_closes_before_ms: -600_000,
        latest_start_after_ms: rng.between(20, 600) * 1000,
        hard_close_after_ms: rng.per_mille(300).then(|| u64::from(duration_s) * 1000 + rng.below(90_000)),
        grace_ms: rng.below(4) * 1_000,
        outage_automatic_ms: rng.between(1, 60) as i64 * 1000,
        grant_approval_above_ms: rng.per_mille(500).then(|| rng.between(1, 240) as u32 * 1000),
        terminate_approval: rng.per_mille(500),
        admit_late_approval: rng.per_mille(500),
    }
}

/// Wall clock at the beginning of a run.
pub const UTC_MS: i64 = 1_800_000_000_000;

/// A key, whether several choices may be chosen, and how many choices there are.
fn key(rng: &mut Rng) -> (Key, bool, u8) {
    let choices = rng.between(2, 6) as u8;
    // Few different weights, so that many candidates have equal totals and ties are common.
    let (rule, weights): (Rule, Vec<i64>) = match rng.below(10) {
        0..5 => {
            let right = rng.index(usize::from(choices));
            (Rule::Single, (0..usize::from(choices)).map(|id| if id == right { 5_000 } else { 0 }).collect())
        }
        5..7 => (Rule::Single, (0..i64::from(choices)).map(|id| (id + 1) * 1000).collect()),
        7 => (Rule::Single, (0..i64::from(choices)).map(|id| if id == 0 { 4_000 } else { -1_000 }).collect()),
        8 => (Rule::Sum, (0..i64::from(choices)).map(|id| if id < 2 { 2_500 } else { -1_250 }).collect()),
        _ => (Rule::AllOrNothing, (0..i64::from(choices)).map(|id| if id < 2 { 2_500 } else { 0 }).collect()),
    };
    let key = Key::new(weights.into_iter().map(Marks::from_milli).collect(), Marks::ZERO, rule).expect("a right choice is worth something");
    (key, rule != Rule::Single, choices)
}

/// Every set of choices and what it earns, worked out here and not by the crate under test.
fn table(key: &Key, choices: u8) -> Vec<i64> {
    let weight = |id: u8| key.weights()[usize::from(id)].milli();
    let best: i64 = (0..choices).map(weight).filter(|&milli| milli > 0).sum();
    (0..1_u16 << choices)
        .map(|mask| {
            let sum: i64 = (0..choices).filter(|id| mask & (1 << id) != 0).map(weight).sum();
            let exact = (0..choices).all(|id| (mask & (1 << id) != 0) == (weight(id) > 0));
            match key.rule() {
                _ if mask == 0 => key.blank().milli(),
                Rule::Single => sum,
                Rule::Sum => sum.max(0).min(best),
                Rule::AllOrNothing if exact => best,
                Rule::AllOrNothing => 0,
            }
        })
        .collect()
}
