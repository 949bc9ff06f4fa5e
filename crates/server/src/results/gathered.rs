//! Everything a stage's results follow from, read once; then computed as often as there are corrections to be tried.

use super::changes::{Changes, Unusable};
use super::computed::{Computed, Error};
use super::inputs::{Line, Person, StageTaken, tables};
use super::rule_set::{Texts, place_of, read_stored};
use super::sat::{Sat, attempt_rule, taken};
use super::second::{self, Evidence, Sitter};
use super::shown::Names;
use question_bank::id::{ItemId, StageId};
use question_bank::key::{Key, SealedKey};
use recount::marks::Effect;
use scoring::scheme::Amendment;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use store::Store;
use store::results::{Applicant, CorrectionState};
use store::roster::{Formation, Selection, Stage, participant_key};
use wire::results::{Change, SecondScorer};
use wire::roster::{FormationLine, SelectionPolicy};

/// Blocks read at once for the second scorer.
const BLOCKS: u32 = 1_000;

/// Why a stage cannot be computed.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// The committee has something to put right first.
    #[error("compute the stage: {}", .0.join(" "))]
    Obstacles(Vec<String>),
    /// The store failed.
    #[error("read the store")]
    Store(#[from] store::Error),
    /// What is stored contradicts itself.
    #[error("read what is stored: {0}")]
    Damaged(String),
}

/// A correction that is part of the inputs.
#[derive(Clone, Debug, Serialize)]
struct Source {
    stage: String,
    revision: u32,
    change: Change,
    reason: String,
}

/// A journal that scores follow from.
#[derive(Clone, Debug, Serialize)]
struct JournalRead {
    stage: String,
    sitting: String,
    positions: u64,
    hash: String,
}

/// What was read for a stage of a selection.
pub struct Gathered {
    /// The selection.
    pub selection: Selection,
    /// Its policy.
    pub policy: SelectionPolicy,
    /// The stage.
    pub stage: Stage,
    /// Its rule set.
    pub texts: Texts,
    /// Names as the committee sees them.
    pub names: Names,
    /// Sittings of the stage itself.
    pub sittings: Vec<Sat>,
    lines: Vec<Line>,
    everybody: Vec<Person>,
    /// Stages up to this one: place in the selection, place in the rule set, sittings.
    earlier: Vec<(u32, usize, Vec<Sat>)>,
    this: (u32, usize),
    /// When it was adopted, place of its stage in the selection, change; in this order.
    adopted: Vec<(i64, u32, Change)>,
    items: HashMap<String, ItemId>,
    evidence: Vec<Evidence>,
    sources: Vec<Source>,
    journals: Vec<JournalRead>,
}

/// What came of a computation.
pub struct Outcome {
    /// The computation.
    pub computed: Computed,
    /// What the second scorer says.
    pub second_scorer: SecondScorer,
    /// Sentences for the committee that stop nothing.
    pub remarks: Vec<String>,
}

/// Reads everything. `sat` gives the sittings of all stages up to this one.
pub async fn gather(store: &Store, dir: &Path, stage: &Stage, sat: Vec<Sat>) -> Result<Gathered, Unready> {
    let selection = store.selection_by_id(stage.selection_id).await?.selection;
    let policy = serde_json::from_str(&selection.policy_json).map_err(|error| Unready::Damaged(format!("policy: {error}")))?;
    let texts = chosen(store, &selection).await?;
    let stages = store.stages_of_selection(selection.id).await?;
    let lines = lines(store, &selection).await?;
    let applicants = store.applicants_of_selection(selection.id).await?;
    let everybody = applicants.into_iter().map(person).collect::<Result<Vec<Person>, Unready>>()?;
    let names = Names {
        formations: lines.iter().map(|line| (line.formation.code.clone(), line.formation.title.clone())).collect(),
        people: everybody.iter().map(|Person { applicant, .. }| (applicant.participant_no.clone(), applicant.name.clone())).collect(),
    };
    let placed = |stage: &Stage| {
        let sentence = format!("Tahap {} tidak ada dalam himpunan aturan {}.", stage.title, texts.rules.id);
        place_of(&texts.rules, &stages, stage).ok_or(Unready::Obstacles(vec![sentence]))
    };
    let mut by_stage: BTreeMap<StageId, Vec<Sat>> = BTreeMap::new();
    for one in sat {
        by_stage.entry(one.facts.stage).or_default().push(one);
    }
    let mut gathered = Gathered {
        names,
        lines,
        everybody,
        this: (stage.ordinal, placed(stage)?),
        sittings: by_stage.remove(&stage.id).unwrap_or_default(),
        earlier: Vec::new(),
        adopted: Vec::new(),
        items: HashMap::new(),
        evidence: Vec::new(),
        sources: Vec::new(),
        journals: Vec::new(),
        selection,
        policy,
        stage: stage.clone(),
        texts,
    };
    for earlier in stages.iter().filter(|earlier| earlier.ordinal < stage.ordinal) {
        let place = place_of(&gathered.texts.rules, &stages, earlier);
        let place = place.ok_or_else(|| Unready::Obstacles(vec![format!("Tahap {} tidak ada dalam himpunan aturan.", earlier.title)]))?;
        gathered.earlier.push((earlier.ordinal, place, by_stage.remove(&earlier.id).unwrap_or_default()));
    }
    for earlier in stages.iter().filter(|earlier| earlier.ordinal <= stage.ordinal) {
        gathered.read_corrections(store, earlier).await?;
    }
    // A later word about a person wins, whichever stage it was said at. Those of one stage are in the order of their revisions already.
    gathered.adopted.sort_by_key(|(at_utc_ms, ..)| *at_utc_ms);
    gathered.sources.sort_by(|one, other| (&one.stage, one.revision).cmp(&(&other.stage, other.revision)));
    gathered.read_evidence(store, dir, &stages).await?;
    Ok(gathered)
}

async fn chosen(store: &Store, selection: &Selection) -> Result<Texts, Unready> {
    let Some(chosen) = store.rule_set_of_selection(selection.id).await? else {
        return Err(Unready::Obstacles(vec!["Himpunan aturan seleksi ini belum dipilih.".to_owned()]));
    };
    let texts = serde_json::from_str(&chosen.choice.texts_json).map_err(|error| Unready::Damaged(format!("rule set: {error}")))?;
    read_stored(texts).map_err(|problems| {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        Unready::Damaged(format!("rule set of selection {}: {first}", selection.code))
    })
}

fn sitter(person: &crate::hall::Person) -> Sitter {
    Sitter {
        participant_no: person.participant_no.clone(),
        attempt: person.attempt,
        tie_order: person.scheme.tie_order().map(str::to_owned).collect(),
    }
}

fn person(applicant: Applicant) -> Result<Person, Unready> {
    let facts = serde_json::from_str(&applicant.facts_json)
        .map_err(|error| Unready::Damaged(format!("further columns of participant {}: {error}", applicant.participant_no)))?;
    Ok(Person { applicant, facts })
}

async fn lines(store: &Store, selection: &Selection) -> Result<Vec<Line>, Unready> {
    let formations = store.formations_of_selection(selection.id).await?;
    let line = |formation: Formation| {
        let line: FormationLine = serde_json::from_str(&formation.line_json)
            .map_err(|error| Unready::Damaged(format!("line of formation {}: {error}", formation.code)))?;
        Ok(Line { formation, line })
    };
    formations.into_iter().map(|counted| line(counted.formation)).collect()
}

impl Gathered {
    /// Adopted corrections of a stage, in the order of their revisions.
    async fn read_corrections(&mut self, store: &Store, stage: &Stage) -> Result<(), Unready> {
        let corrections = store.corrections_of_stage(stage.id).await?;
        let mut adopted: Vec<_> = corrections.into_iter().filter(|correction| correction.state == CorrectionState::Adopted).collect();
        adopted.sort_by_key(|correction| correction.revision);
        for correction in adopted {
            let change: Change = serde_json::from_str(&correction.proposed.change_json)
                .map_err(|error| Unready::Damaged(format!("correction {}: {error}", correction.proposed.id)))?;
            self.find_item(store, &change).await?;
            self.sources.push(Source {
                stage: stage.code.clone(),
                revision: correction.revision.unwrap_or_default(),
                change: change.clone(),
                reason: correction.proposed.reason,
            });
            let at_utc_ms = correction.approvals.last().map_or(0, |approval| approval.by.at_utc_ms);
            self.adopted.push((at_utc_ms, stage.ordinal, change));
        }
        Ok(())
    }

    /// Remembers the item that a change names.
    pub async fn find_item(&mut self, store: &Store, change: &Change) -> Result<(), Unready> {
        if let Change::Key { item, .. } | Change::Void { item, .. } = change
            && let Some(found) = store.item_id_by_code(item).await?
        {
            self.items.insert(item.clone(), found);
        }
        Ok(())
    }

    async fn read_evidence(&mut self, store: &Store, dir: &Path, stages: &[Stage]) -> Result<(), Unready> {
        let of_earlier = self.earlier.iter().flat_map(|(_, place, sittings)| sittings.iter().map(move |sat| (*place, sat)));
        let all: Vec<(usize, &Sat)> = of_earlier.chain(self.sittings.iter().map(|sat| (self.this.1, sat))).collect();
        let mut journal = store::journal::Reader::open(dir).await.map_err(|error| Unready::Damaged(error.to_string()))?;
        let (mut evidence, mut journals) = (Vec::new(), Vec::new());
        for (place, sat) in all {
            let sitting = sat.facts.sitting;
            let mut blocks: Vec<exam_session::block::Block> = Vec::new();
            let mut next = 0;
            loop {
                let more = journal.blocks(sitting, next, BLOCKS).await.map_err(|error| Unready::Damaged(error.to_string()))?;
                let Some(last) = more.last() else { break };
                next = last.first_position + u64::from(last.count);
                let ended = more.len() < BLOCKS as usize;
                blocks.extend(more);
                if ended {
                    break;
                }
            }
            // Later records than the state that was read are not part of it.
            blocks.retain(|block| block.first_position < sat.head.next_position);
            let papers = store.sessions_of_sitting(sitting).await?.into_iter();
            let papers = papers.filter_map(|session| Some((session.session, session.paper?))).collect();
            let entries = sat.sessions.first().map(|session| session.paper.catalogue.entries.clone()).unwrap_or_default();
            let versions: Vec<(ItemId, u32)> = entries.iter().map(|entry| (entry.item, entry.version)).collect();
            let keys = store.keys_of_versions(&versions).await?;
            evidence.push(Evidence {
                sitting: recount::marks::Sitting { id: sitting, blocks, papers },
                head: recount::marks::Head { next_position: sat.head.next_position, hash: sat.head.hash },
                code: sat.facts.code.clone(),
                keys: keys.into_iter().map(|(item, version, key)| ((item, version), key.seal())).collect(),
                place,
                people: sat.facts.people.iter().map(|person| (person.session, sitter(person))).collect(),
            });
            journals.push(JournalRead {
                stage: stages.iter().find(|stage| stage.id == sat.facts.stage).map(|stage| stage.code.clone()).unwrap_or_default(),
                sitting: sat.facts.code.clone(),
                positions: sat.head.next_position,
                hash: sat.head.hash.to_string(),
            });
        }
        journals.sort_by(|one, other| (&one.stage, &one.sitting).cmp(&(&other.stage, &other.sitting)));
        (self.evidence, self.journals) = (evidence, journals);
        Ok(())
    }

    /// Computes, with one more change when there is one. Slow for many people: on a thread where nothing waits.
    pub fn compute(&self, further: Option<&Change>) -> Result<Outcome, Error> {
        let changes = self.changes(further)?;
        let none = BTreeMap::new();
        let rule = attempt_rule(self.policy.attempt_rule);
        let stage_taken = |ordinal: u32, place: usize, sittings: &[Sat]| StageTaken {
            place,
            of: taken(sittings, rule, changes.items.get(&ordinal).unwrap_or(&none)),
        };
        let mut stages: Vec<StageTaken> =
            self.earlier.iter().map(|(ordinal, place, sittings)| stage_taken(*ordinal, *place, sittings)).collect();
        stages.push(stage_taken(self.this.0, self.this.1, &self.sittings));
        let rules = &self.texts.rules;
        let tables = tables(rules, &self.lines, &self.everybody, &stages, &changes)?;
        let texts = Texts { rules: rules.clone(), by_name: self.texts.by_name.clone() };
        let computed = Computed::new(texts, tables.formations, tables.scores)?;
        let corrected = |number: &str, place: usize| changes.set_status(number, rules, place);
        let second_scorer = second::check(&computed, &self.evidence, &self.amendments(&changes), self.policy.attempt_rule, corrected);
        Ok(Outcome { computed, second_scorer, remarks: tables.remarks })
    }

    /// Adopted corrections and a further one.
    pub fn changes(&self, further: Option<&Change>) -> Result<Changes, Unusable> {
        let mut changes = Changes::default();
        let here = further.map(|change| (self.this.0, change));
        for (stage, change) in self.adopted.iter().map(|(_, stage, change)| (*stage, change)).chain(here) {
            changes.add(stage, change, &self.texts.rules, |code| self.items.get(code).copied())?;
        }
        Ok(changes)
    }

    /// Amendments in the words of the second scorer, by place in the rule set: one for each version of an item on the papers there.
    fn amendments(&self, changes: &Changes) -> BTreeMap<usize, Vec<recount::Amendment>> {
        let places = self.earlier.iter().map(|(ordinal, place, _)| (*ordinal, *place)).chain([self.this]);
        let of = |ordinal: u32, place: usize| {
            let items = changes.items.get(&ordinal).into_iter().flatten();
            items.flat_map(|(&item, amendment)| self.amended(place, item, *amendment)).collect()
        };
        places.map(|(ordinal, place)| (place, of(ordinal, place))).collect()
    }

    fn amended(&self, place: usize, item: ItemId, amendment: Amendment) -> Vec<recount::Amendment> {
        let here = self.evidence.iter().filter(|one| one.place == place).flat_map(|one| &one.keys);
        let versions: BTreeMap<u32, &SealedKey> =
            here.filter(|((known, _), _)| *known == item).map(|((_, version), key)| (*version, key)).collect();
        let effect = |sealed: &SealedKey| match amendment {
            Amendment::FullMarks => Some(Effect::FullMarks),
            Amendment::Removed => Some(Effect::Removed),
            Amendment::Right(right) => Key::open(sealed).ok()?.corrected(right).map(Effect::Key),
        };
        let one = |(version, sealed): (u32, &SealedKey)| Some(recount::Amendment { item, version, effect: effect(sealed)? });
        versions.into_iter().filter_map(one).collect()
    }

    /// Sittings of this stage on whose papers an item stands, by formation: who had it, who had not.
    pub fn item_on_papers(&self, item: ItemId) -> BTreeMap<String, (u32, u32)> {
        let mut had: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for sat in &self.sittings {
            for session in &sat.sessions {
                let Some(&index) = sat.facts.index.get(&session.session) else { continue };
                let catalogue = &session.paper.catalogue.entries;
                let has = session.paper.items.iter().any(|one| catalogue[usize::from(one.entry)].item == item);
                let counts = had.entry(sat.facts.people[index as usize].formation_code.clone()).or_default();
                *(if has { &mut counts.0 } else { &mut counts.1 }) += 1;
            }
        }
        had
    }

    /// The item of a code that was looked up.
    pub fn item(&self, code: &str) -> Option<ItemId> {
        self.items.get(code).copied()
    }

    /// Keys of an item on the papers of this stage.
    pub fn keys_of(&self, item: ItemId) -> Vec<Key> {
        let here = self.evidence.iter().filter(|one| one.place == self.this.1).flat_map(|one| &one.keys);
        here.filter(|((known, _), _)| *known == item).filter_map(|(_, sealed)| Key::open(sealed).ok()).collect()
    }

    /// Journals of this stage's sittings, as far as they were read.
    pub fn journals(&self) -> impl Iterator<Item = &[exam_session::block::Block]> {
        self.evidence.iter().filter(|one| one.place == self.this.1).map(|one| one.sitting.blocks.as_slice())
    }

    /// The formation of somebody of the selection, by number.
    pub fn formation_of(&self, participant_no: &str) -> Option<&str> {
        let key = participant_key(participant_no);
        let found = self.everybody.iter().find(|person| participant_key(&person.applicant.participant_no) == key)?;
        Some(&found.applicant.formation_code)
    }

    /// Section ids that decide between equal totals of the stage, in order.
    pub fn tie_order(&self) -> Vec<String> {
        let stage = &self.texts.rules.stages[self.this.1];
        stage.tie_order.iter().map(|&section| stage.sections[section].id.clone()).collect()
    }

    /// The account of sources that goes with a revision; `further` is the correction that makes it, with its reason.
    pub fn sources_json(&self, revision: u32, further: Option<(&Change, &str)>) -> Result<Vec<u8>, serde_json::Error> {
        #[derive(Serialize)]
        struct Account<'a> {
            corrections: Vec<Source>,
            journals: &'a [JournalRead],
        }
        let further = further.map(|(change, reason)| Source {
            stage: self.stage.code.clone(),
            revision,
            change: change.clone(),
            reason: reason.to_owned(),
        });
        let corrections = self.sources.iter().cloned().chain(further).collect();
        let mut json = serde_json::to_vec_pretty(&Account { corrections, journals: &self.journals })?;
        json.push(b'\n');
        Ok(json)
    }
}
