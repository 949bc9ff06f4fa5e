//! What the committee set up for a sitting, and the replay of its journal.

use super::LoadError;
use exam_session::block::{Block, JournalHead};
use exam_session::event::{Event, SittingEvent};
use exam_session::record::Record;
use exam_session::sitting::{Sitting, SittingPolicy};
use question_bank::id::{
    CandidateId, Digest32, EnrolmentId, FormationId, HallId, ItemId, SeatId, SelectionId, SessionId, SittingId, StaffId, StageId,
};
use question_bank::item::Item;
use question_bank::key::Key;
use question_bank::paper::{Catalogue, Paper, PaperReader};
use scoring::reveal::Reveal;
use scoring::scheme::{Keys, Scheme};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, RwLock};
use store::Store;
use store::journal::Reader;
use wire::proctor::RoomSeat;
use wire::roster::{RevealPolicy, SelectionPolicy, SittingPolicyBody};

/// Blocks read at once.
const REPLAY_BLOCKS: u32 = 1_000;

/// Everything about a sitting that is not in its journal.
pub struct Facts {
    /// The sitting.
    pub sitting: SittingId,
    /// Its stage.
    pub stage: StageId,
    /// Its selection.
    pub selection: SelectionId,
    /// Its hall.
    pub hall: HallId,
    /// Code of the sitting.
    pub code: String,
    /// Scheduled start.
    pub starts_utc_ms: i64,
    /// Title of the selection.
    pub selection_title: String,
    /// Title of the stage.
    pub stage_title: String,
    /// Title of the hall.
    pub hall_title: String,
    /// Public behaviour.
    pub selection_policy: SelectionPolicy,
    /// Behaviour of the sitting.
    pub sitting_policy: SittingPolicyBody,
    /// Enrolled people; those with a paper first, in the order of the owner's sessions.
    pub people: Vec<Person>,
    /// Index into `people`.
    pub index: HashMap<SessionId, u32>,
    /// People with a drawn paper.
    pub drawn: u32,
    /// Seats of the hall.
    pub seats: Vec<RoomSeat>,
    /// Faces of the items on the papers, ready to send.
    pub faces: Faces,
    /// Keys of the items on the papers.
    pub keys: Keys,
    /// SHA-256 over the sealed keys and blueprints that decide marks and order.
    pub rules_digest: Digest32,
    /// Names of staff, for logs; shared by all halls and refreshed when somebody new appears.
    pub staff_names: RwLock<HashMap<StaffId, String>>,
}

/// An enrolled person.
#[derive(Clone, Debug)]
pub struct Person {
    /// The session.
    pub session: SessionId,
    /// The candidate.
    pub candidate: CandidateId,
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// The formation.
    pub formation: FormationId,
    /// Its code.
    pub formation_code: String,
    /// Its title.
    pub formation_title: String,
    /// Category code.
    pub category: String,
    /// Accommodation in words.
    pub accommodation: String,
    /// Birth date, for the desk only.
    pub birth_date: Option<String>,
    /// Seat assigned before check-in.
    pub planned_seat: Option<SeatId>,
    /// Time of the blueprint, milliseconds.
    pub base_ms: u32,
    /// Extra time, milliseconds.
    pub extra_ms: u32,
    /// The drawn paper.
    pub paper: Option<Arc<Paper>>,
    /// What decides order and pass in this formation.
    pub scheme: Arc<Scheme>,
}

/// Faces of items as JSON, encoded once per sitting.
#[derive(Default)]
pub struct Faces {
    /// Per catalogue entry: the JSON members before the choices, and each choice's object in canonical order.
    entries: Vec<FaceJson>,
}

struct FaceJson {
    before_choices: String,
    choices: Vec<String>,
}

impl Faces {
    fn new(catalogue: &Catalogue, items: &HashMap<(ItemId, u32), Item>, sitting: SittingId) -> Result<Self, LoadError> {
        let entries = catalogue.entries.iter().map(|entry| {
            let item = items.get(&(entry.item, entry.version)).ok_or_else(|| LoadError::Damaged {
                sitting,
                what: format!("item {} version {} is on a paper but not in the bank", entry.item, entry.version),
            })?;
            let text = |text: &str| serde_json::Value::from(text).to_string();
            Ok(FaceJson {
                before_choices: format!(
                    "\"item\":\"{}\",\"language\":{},\"stem\":{},\"multiple\":{}",
                    entry.item,
                    text(&item.face.language),
                    text(&item.face.stem),
                    item.face.multiple
                ),
                choices: item
                    .face
                    .choices
                    .iter()
                    .enumerate()
                    .map(|(id, words)| format!("{{\"id\":{id},\"text\":{}}}", text(words)))
                    .collect(),
            })
        });
        Ok(Faces { entries: entries.collect::<Result<_, LoadError>>()? })
    }

    /// The `paper` frame of the terminal protocol: the shape of [`wire::terminal::PaperFrame`], put together from encoded parts.
    pub fn paper_frame(&self, paper: &Paper) -> String {
        let sections: Vec<wire::terminal::SectionOutline> = outline(paper);
        let sections = serde_json::to_string(&sections).unwrap_or_default();
        let mut json = String::with_capacity(paper.items.len() * 900);
        json.push_str(&format!("{{\"t\":\"paper\",\"digest\":\"{}\",\"sections\":{sections},\"items\":[", paper.digest()));
        for (index, item) in paper.items.iter().enumerate() {
            let Some(face) = self.entries.get(usize::from(item.entry)) else { continue };
            json.push_str(if index == 0 { "{" } else { ",{" });
            json.push_str(&face.before_choices);
            json.push_str(",\"choices\":[");
            let choices = paper.catalogue.entries[usize::from(item.entry)].choices;
            for (shown, id) in item.order.ids(choices).enumerate() {
                if shown > 0 {
                    json.push(',');
                }
                json.push_str(face.choices.get(usize::from(id)).map_or("null", String::as_str));
            }
            json.push_str("]}");
        }
        json.push_str("]}");
        json
    }
}

/// Sections of a paper as announced to a candidate.
pub fn outline(paper: &Paper) -> Vec<wire::terminal::SectionOutline> {
    let outline = |section: &question_bank::paper::PaperSection| wire::terminal::SectionOutline {
        code: section.code.clone(),
        title: section.title.clone(),
        items: section.items,
        duration_s: section.duration_ms.map(|ms| ms / 1000),
        linear: section.linear,
    };
    paper.sections.iter().map(outline).collect()
}

impl Facts {
    /// When rows on public screens move.
    pub fn reveal(&self) -> Reveal {
        match self.selection_policy.reveal {
            RevealPolicy::EveryAnswered { items } => Reveal::EveryAnswered(items),
            RevealPolicy::Interval { seconds } => Reveal::Interval(u64::from(seconds) * 1000),
            RevealPolicy::AtEnd => Reveal::AtEnd,
        }
    }

    /// Label of a seat.
    pub fn seat_label(&self, seat: SeatId) -> Option<&str> {
        let id = seat.to_string();
        self.seats.iter().find(|seat| seat.id == id).map(|seat| seat.label.as_str())
    }

    /// Remembers a name for the log.
    pub fn remember_name(&self, staff: StaffId, name: &str) {
        let mut names = self.staff_names.write().expect("the lock of names is not poisoned: nothing in it can panic");
        if names.get(&staff).is_none_or(|known| known != name) {
            names.insert(staff, name.to_owned());
        }
    }

    /// A staff member's name for the log.
    pub fn staff_name(&self, staff: StaffId) -> String {
        let names = self.staff_names.read().expect("the lock of names is not poisoned: nothing in it can panic");
        names.get(&staff).cloned().unwrap_or_else(|| format!("petugas {}", &staff.to_string()[..6]))
    }
}

/// A sitting read from store and journal.
pub(crate) struct Loaded {
    pub(crate) facts: Arc<Facts>,
    pub(crate) state: Sitting,
    pub(crate) head: JournalHead,
    /// The sitting's clock goes on from here.
    pub(crate) mono_ms: u64,
    /// Wall clock of the last sign of life; none for a sitting that was never opened.
    pub(crate) seen_utc_ms: Option<i64>,
    /// The newest records that people want to read, newest last.
    pub(crate) log: Vec<Record>,
}

/// Newest records kept for the console.
pub(crate) const LOG_LINES_MAX: usize = 200;

/// Reads a sitting and replays its journal; `each` sees every record in order.
pub(crate) async fn load(
    store: &Store,
    dir: &Path,
    sitting: SittingId,
    mut each: impl FnMut(&Facts, &Record) + Send,
) -> Result<Loaded, LoadError> {
    let facts = Arc::new(read_facts(store, sitting).await?);
    let enrolled = facts.people.iter().filter_map(|person| Some((person.session, Arc::clone(person.paper.as_ref()?)))).collect();
    let mut state = Sitting::new(sitting, policy(&facts), enrolled);
    let damaged = |what: String| LoadError::Damaged { sitting, what };
    let mut journal = Reader::open(dir).await.map_err(|error| LoadError::Journal(Box::new(error)))?;
    let mut head = JournalHead::empty(sitting);
    let (mut mono_ms, mut seen_utc_ms, mut log) = (0, None, Vec::new());
    loop {
        let blocks =
            journal.blocks(sitting, head.next_position, REPLAY_BLOCKS).await.map_err(|error| LoadError::Journal(Box::new(error)))?;
        for block in &blocks {
            let records = head.read(block).map_err(|error| damaged(crate::answer::with_causes(&error)))?;
            for record in records {
                each(&facts, &record);
                state.apply(&record);
                mono_ms = record.at.mono_ms;
                seen_utc_ms = Some(record.at.utc_ms);
                if worth_reading(&record) {
                    log.push(record);
                }
            }
            head = JournalHead::after(block);
        }
        log.drain(..log.len().saturating_sub(LOG_LINES_MAX));
        if blocks.len() < REPLAY_BLOCKS as usize {
            break;
        }
    }
    let end = journal.next_position(sitting).await.map_err(|error| LoadError::Journal(Box::new(error)))?;
    if end != head.next_position {
        return Err(damaged(format!("its journal should end at position {end}, and ends at {}", head.next_position)));
    }
    if let Some(beat) = journal.heartbeat(sitting).await.map_err(|error| LoadError::Journal(Box::new(error)))? {
        mono_ms = mono_ms.max(beat.mono_ms);
        seen_utc_ms = seen_utc_ms.map(|seen_utc_ms| seen_utc_ms.max(beat.utc_ms));
    }
    Ok(Loaded { facts, state, head, mono_ms, seen_utc_ms, log })
}

/// Does a sitting end with this block? One that cannot be read is for those who read all of it.
pub(crate) fn closes(block: &Block) -> bool {
    let closed = |event: &Event| matches!(event, Event::Sitting(SittingEvent::Closed));
    let records = Record::decode_all(&block.records, block.count).unwrap_or_default();
    records.iter().any(|record| record.events.iter().any(closed))
}

/// The console's log tells of everything but answers, views and flags.
pub(crate) fn worth_reading(record: &Record) -> bool {
    use exam_session::event::SessionEvent;
    record.events.iter().any(|event| match event {
        Event::Sitting(SittingEvent::Opened)
        | Event::Sitting(SittingEvent::Started)
        | Event::Sitting(SittingEvent::Held { .. })
        | Event::Sitting(SittingEvent::Released { .. })
        | Event::Sitting(SittingEvent::Closed)
        | Event::Sitting(SittingEvent::MessageSent { .. })
        | Event::Sitting(SittingEvent::Noted { .. }) => true,
        Event::Session(_, event) => !matches!(
            event,
            SessionEvent::Prepared { .. }
                | SessionEvent::Consented
                | SessionEvent::Viewed { .. }
                | SessionEvent::Answered { .. }
                | SessionEvent::Flagged { .. }
        ),
    })
}

async fn read_facts(store: &Store, sitting: SittingId) -> Result<Facts, LoadError> {
    let damaged = |what: String| LoadError::Damaged { sitting, what };
    let row = store.sitting_by_id(sitting).await?;
    let selection_policy: SelectionPolicy =
        serde_json::from_str(&row.selection_policy_json).map_err(|error| damaged(format!("policy of the selection: {error}")))?;
    let sitting_policy: SittingPolicyBody =
        serde_json::from_str(&row.policy_json).map_err(|error| damaged(format!("policy of the sitting: {error}")))?;
    let schemes = Schemes::new(store, row.stage_id).await?;
    let mut rows = store.sessions_of_sitting(sitting).await?;
    rows.sort_by_key(|row| (row.paper.is_none(), row.participant_no.clone()));

    let mut reader = PaperReader::default();
    for paper in rows.iter().filter_map(|row| row.paper.as_ref()) {
        reader.add(paper).map_err(|error| damaged(error.to_string()))?;
    }
    let mut papers = reader.finish().map_err(|error| damaged(error.to_string()))?.into_iter();
    let catalogue = papers.as_slice().first().map(|paper| Arc::clone(&paper.catalogue)).unwrap_or_default();
    let versions: Vec<(ItemId, u32)> = catalogue.entries.iter().map(|entry| (entry.item, entry.version)).collect();
    let items = store.items_of_versions(&versions).await?.into_iter().map(|item| ((item.id, item.version), item)).collect();
    let keys: HashMap<(ItemId, u32), Key> =
        store.keys_of_versions(&versions).await?.into_iter().map(|(item, version, key)| ((item, version), key)).collect();
    let rules_digest = rules_digest(&versions, &keys, &store.blueprints_of_stage(row.stage_id).await?);

    let people: Vec<Person> = rows
        .into_iter()
        .map(|row| {
            let (scheme, duration_s) = schemes.of(row.formation_id);
            Person {
                session: row.session,
                candidate: row.candidate_id,
                enrolment: row.enrolment_id,
                attempt: row.attempt_number,
                participant_no: row.participant_no,
                name: row.name,
                formation: row.formation_id,
                formation_code: row.formation_code,
                formation_title: row.formation_title,
                category: row.category,
                accommodation: row.accommodation,
                birth_date: row.birth_date,
                planned_seat: row.seat_id,
                base_ms: duration_s * 1000,
                extra_ms: row.extra_time_s * 1000,
                paper: row.paper.and_then(|_| papers.next()),
                scheme,
            }
        })
        .collect();
    let seats = store.seats_of_hall(row.hall_id).await?.into_iter().map(|seat| RoomSeat {
        id: seat.id.to_string(),
        label: seat.label,
        row: seat.row,
        column: seat.column,
        spare: seat.spare,
    });
    Ok(Facts {
        sitting,
        stage: row.stage_id,
        selection: row.selection_id,
        hall: row.hall_id,
        code: row.code,
        starts_utc_ms: row.starts_utc_ms,
        selection_title: row.selection_title,
        stage_title: row.stage_title,
        hall_title: row.hall_title,
        selection_policy,
        sitting_policy,
        drawn: people.iter().filter(|person| person.paper.is_some()).count() as u32,
        index: people.iter().zip(0..).map(|(person, index)| (person.session, index)).collect(),
        people,
        seats: seats.collect(),
        faces: Faces::new(&catalogue, &items, sitting)?,
        rules_digest,
        keys: Keys::new(&catalogue, keys).map_err(|error| damaged(error.to_string()))?,
        staff_names: RwLock::new(store.staff_all(0).await?.into_iter().map(|counted| (counted.staff.id, counted.staff.name)).collect()),
    })
}

fn rules_digest(
    versions: &[(ItemId, u32)],
    keys: &HashMap<(ItemId, u32), Key>,
    blueprints: &[(Option<FormationId>, question_bank::blueprint::Blueprint)],
) -> Digest32 {
    let mut rules = Vec::new();
    for version in versions {
        rules.extend(version.0.as_bytes());
        rules.extend(version.1.to_be_bytes());
        rules.extend(keys.get(version).map(|key| key.seal().0).unwrap_or_default());
    }
    let mut blueprints: Vec<String> = blueprints
        .iter()
        .map(|(formation, blueprint)| format!("{formation:?} {}", serde_json::to_string(blueprint).unwrap_or_default()))
        .collect();
    blueprints.sort();
    blueprints.iter().for_each(|blueprint| rules.extend(blueprint.as_bytes()));
    Digest32::of(&rules)
}

/// Blueprints of a stage as far as scoring and clocks need them.
pub struct Schemes {
    common: Option<(Arc<Scheme>, u32)>,
    own: HashMap<FormationId, (Arc<Scheme>, u32)>,
}

impl Schemes {
    /// Reads the blueprints of a stage.
    pub async fn new(store: &Store, stage: StageId) -> Result<Self, store::Error> {
        let mut schemes = Schemes { common: None, own: HashMap::new() };
        for (formation, blueprint) in store.blueprints_of_stage(stage).await? {
            let scheme = (Arc::new(Scheme::new(&blueprint)), blueprint.duration_s);
            match formation {
                Some(formation) => {
                    schemes.own.insert(formation, scheme);
                }
                None => schemes.common = Some(scheme),
            }
        }
        Ok(schemes)
    }

    /// Scheme and duration (seconds) of a formation; an empty scheme where no blueprint was made yet.
    pub fn of(&self, formation: FormationId) -> (Arc<Scheme>, u32) {
        let nothing = || {
            let blueprint = question_bank::blueprint::Blueprint { sections: Vec::new(), duration_s: 60, tie_order: Vec::new() };
            (Arc::new(Scheme::new(&blueprint)), 60)
        };
        self.own.get(&formation).or(self.common.as_ref()).cloned().unwrap_or_else(nothing)
    }
}

/// The core's policy from what the committee set.
fn policy(facts: &Facts) -> SittingPolicy {
    let SittingPolicyBody {
        start_together,
        check_in_opens_before_s,
        check_in_closes_before_s,
        latest_start_after_s,
        hard_close_after_s,
        grace_ms,
        outage_automatic_s,
        ..
    } = facts.sitting_policy;
    SittingPolicy {
        start_together,
        scheduled_utc_ms: facts.starts_utc_ms,
        check_in_opens_before_ms: i64::from(check_in_opens_before_s) * 1000,
        check_in_closes_before_ms: i64::from(check_in_closes_before_s) * 1000,
        latest_start_after_ms: u64::from(latest_start_after_s) * 1000,
        hard_close_after_ms: (hard_close_after_s > 0).then_some(u64::from(hard_close_after_s) * 1000),
        grace_ms: u64::from(grace_ms),
        outage_automatic_ms: i64::from(outage_automatic_s) * 1000,
        grant_approval_above_ms: facts.selection_policy.grant_approval_above_s.map(|seconds| seconds.saturating_mul(1000)),
        terminate_approval: facts.selection_policy.terminate_approval,
        admit_late_approval: facts.selection_policy.admit_late_approval,
    }
}
