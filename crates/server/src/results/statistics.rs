//! Statistics of items and of the test, of one formation at a stage: from what was answered, the keys after corrections and the journals to what
//! `item-analysis` computes. Pure.

use super::course::{Course, courses};
use super::gathered::Gathered;
use super::sat::{Sat, SatSession, attempt_rule};
use super::shown::is_inside;
use item_analysis::chart::Completion;
use item_analysis::papers::{PaperItem, Papers, PapersAnalysis, analyse_papers};
use item_analysis::report::{self, Lines};
use item_analysis::responses::{Answer, Item, Note};
use item_analysis::{Times, output};
use publish::{FormStatistics, ITEMS_MAX, ItemPoint, Moment, STATISTICS_PEOPLE_MIN};
use question_bank::id::{CandidateId, ItemId, SessionId};
use question_bank::key::Choices;
use question_bank::marks::Marks;
use question_bank::paper::{Entry, Paper};
use rules::rule_set::as_id;
use scoring::result::{Attempt, AttemptRule, counting};
use scoring::scheme::{Keys, tally};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use wire::results::ResultList;

/// Codes of items by item and version.
pub type Codes = HashMap<(ItemId, u32), String>;

/// Why there are no statistics.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Absent {
    /// Nobody of the formation began.
    #[error("nobody began")]
    Nobody,
    /// One person has no variance.
    #[error("fewer than two people ended")]
    TooFew,
    /// What is stored contradicts itself.
    #[error("read what is stored: {0}")]
    Damaged(String),
}

/// Statistics of one formation at a stage.
pub struct Statistics {
    /// Code of the formation.
    pub formation: String,
    /// Statistics, and what has to be known of them.
    pub computed: PapersAnalysis,
    /// How the exam went over time.
    pub completion: Completion,
    /// Thresholds and the cut of the formation, to be drawn in the pictures.
    pub lines: Lines,
    /// Participant numbers of those whose answers are in it.
    people: BTreeSet<String>,
}

impl Statistics {
    /// As a page; nobody's name or number is in it.
    pub fn page(&self, title: &str) -> Result<String, report::Misplaced> {
        let PapersAnalysis { analysis, notes } = &self.computed;
        report::html(analysis, title, notes, &self.lines, Some(&self.completion))
    }

    /// Draws the thresholds of the formation's list, as far as the test has such sections, and its cut, where a total divides those inside
    /// from those outside.
    pub fn draw_lines(&mut self, list: &ResultList) {
        let scales = &self.computed.analysis.scales;
        let marks = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<Marks>().ok());
        self.lines.thresholds = list
            .sections
            .iter()
            .filter_map(|section| {
                let scale = scales.iter().find(|scale| scale.name.as_deref().is_some_and(|name| as_id(name) == section.code))?;
                Some((scale.name.clone(), marks(&section.threshold)?))
            })
            .chain(marks(&list.total_threshold).map(|total| (None, total)))
            .collect();
        self.lines.places = self.cut(list);
    }

    /// How many of the people of the statistics stand above the cut. None where other stages or moves have a part in the list, or where people
    /// outside have as many marks as people inside: no line over totals would be true.
    fn cut(&self, list: &ResultList) -> Option<usize> {
        if list.vacant.is_some() {
            return None;
        }
        let of_test = list.rows.iter().filter(|row| self.people.contains(&row.participant_no));
        let totals = of_test.filter_map(|row| Some((is_inside(&row.status), row.total.as_ref()?.parse::<Marks>().ok()?)));
        let (inside, outside): (Vec<_>, Vec<_>) = totals.partition(|(inside, _)| *inside);
        let (lowest, highest) = (inside.iter().min()?, outside.iter().max()?);
        (lowest.1 > highest.1).then_some(inside.len())
    }

    /// The table of items.
    pub fn items_csv(&self) -> String {
        output::items_csv(&self.computed.analysis)
    }

    /// What everybody may see of it: points without names, in an order that is not the items' own. None for few people, of whom it would say more
    /// than of items.
    pub fn announced(&self) -> Option<FormStatistics> {
        let people = self.people.len() as u32;
        if people < STATISTICS_PEOPLE_MIN {
            return None;
        }
        let numbers = |item: &item_analysis::analysis::ItemStatistics| {
            Some((hundredths(item.difficulty?), hundredths(item.point_biserial_corrected?)))
        };
        let mut items: Vec<(i32, i32)> = self.computed.analysis.items.iter().filter_map(numbers).collect();
        items.sort_unstable();
        // A few could be told apart, and a document has a limit.
        if !(ITEMS_MIN..=ITEMS_MAX).contains(&items.len()) {
            items.clear();
        }
        let point = |(difficulty, discrimination)| ItemPoint { difficulty: decimal(difficulty), discrimination: decimal(discrimination) };
        let moments = self.completion.moments();
        let step = moments.len().div_ceil(MOMENTS).max(1);
        let last = moments.len().saturating_sub(1);
        let kept = moments.iter().enumerate().filter(|(at, _)| at % step == 0 || *at == last);
        let moment = |(_, moment): (usize, &item_analysis::chart::Moment)| Moment {
            minute: moment.minute as u32,
            answered: decimal(hundredths(moment.answered)),
            ended: decimal(hundredths(moment.ended)),
        };
        Some(FormStatistics {
            formation_code: self.formation.clone(),
            people,
            items: items.into_iter().map(point).collect(),
            completion: kept.map(moment).collect(),
        })
    }
}

/// Fewest items whose points are announced.
const ITEMS_MIN: usize = 10;
/// Moments of completion that are announced.
const MOMENTS: usize = 120;

fn hundredths(number: f64) -> i32 {
    (number.clamp(-1.0, 1.0) * 100.0).round() as i32
}

/// Hundredths as a decimal: `-0.05`.
fn decimal(hundredths: i32) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100)
}

/// One person's paper and what was chosen on it, by position.
struct Taker<'a> {
    paper: &'a Paper,
    chosen: Vec<Choices>,
    keys: &'a Keys,
}

/// Computes everything of a formation, or of the first one in which somebody began. Slow for many people: on a thread where nothing waits.
pub fn of(gathered: &Gathered, codes: &Codes, formation: Option<&str>) -> Result<Statistics, Absent> {
    let keys = keys(gathered)?;
    let formation = formation.or_else(|| first_formation(&gathered.sittings)).ok_or(Absent::Nobody)?;
    let form = Form::of(gathered, &keys, formation).ok_or(Absent::Nobody)?;
    let courses = courses_of(gathered, std::slice::from_ref(&form))?;
    form.statistics(codes, &courses)
}

/// The same of all formations in which at least two people have ended, by code; every journal is read once.
pub fn of_all(gathered: &Gathered, codes: &Codes) -> Result<Vec<Statistics>, Absent> {
    let keys = keys(gathered)?;
    let people = gathered.sittings.iter().flat_map(|sat| &sat.facts.people);
    let formations: BTreeSet<&str> = people.map(|person| person.formation_code.as_str()).collect();
    let forms: Vec<Form<'_>> = formations.into_iter().filter_map(|formation| Form::of(gathered, &keys, formation)).collect();
    let courses = courses_of(gathered, &forms)?;
    let computed = forms.iter().map(|form| form.statistics(codes, &courses));
    computed.filter(|computed| !matches!(computed, Err(Absent::TooFew))).collect()
}

/// Keys of the sittings after corrections.
fn keys(gathered: &Gathered) -> Result<Vec<Keys>, Absent> {
    let changes = gathered.changes(None).map_err(|unusable| Absent::Damaged(unusable.0))?;
    let none = BTreeMap::new();
    let amendments = changes.items.get(&gathered.stage.ordinal).unwrap_or(&none);
    Ok(gathered.sittings.iter().map(|sat| sat.keys(amendments)).collect())
}

/// Who took the form of a formation.
struct Form<'a> {
    formation: &'a str,
    /// Attempts that count and have ended, with the keys of their sittings.
    ended: Vec<(&'a Keys, &'a SatSession)>,
    /// People who still sit.
    sitting: usize,
    /// Participant numbers of those who have ended.
    people: BTreeSet<String>,
}

impl<'a> Form<'a> {
    /// None where nobody began.
    fn of(gathered: &'a Gathered, keys: &'a [Keys], formation: &'a str) -> Option<Form<'a>> {
        let counted = counted(&gathered.sittings, keys, attempt_rule(gathered.policy.attempt_rule), formation);
        if counted.is_empty() {
            return None;
        }
        let (ended, sitting): (Vec<_>, Vec<_>) = counted.into_iter().partition(|(_, session)| session.phase.ended());
        let sessions: BTreeSet<SessionId> = ended.iter().map(|(_, session)| session.session).collect();
        let everybody = gathered.sittings.iter().flat_map(|sat| &sat.facts.people);
        let people = everybody.filter(|person| sessions.contains(&person.session)).map(|person| person.participant_no.clone()).collect();
        Some(Form { formation, ended, sitting: sitting.len(), people })
    }

    fn statistics(&self, codes: &Codes, courses: &HashMap<SessionId, Course>) -> Result<Statistics, Absent> {
        let taker = |(keys, session): &(&'a Keys, &'a SatSession)| {
            let chosen = session.slots.iter().map(|slot| slot.choices).collect();
            Taker { paper: &session.paper, chosen, keys }
        };
        let takers: Vec<Taker<'_>> = self.ended.iter().map(taker).collect();
        let (papers_answered, names) = answered(&takers, codes);
        let (mut times, mut completion) = (Times::default(), Completion::default());
        for (_, session) in &self.ended {
            if let Some(course) = courses.get(&session.session).filter(|course| **course != Course::default()) {
                add_course(course, &session.paper, &names, &mut times, &mut completion);
            }
        }
        let mut computed = analyse_papers(&papers_answered, &times).ok_or(Absent::TooFew)?;
        computed.notes.extend((self.sitting > 0).then_some(Note::StillSitting(self.sitting)));
        let people = self.people.clone();
        Ok(Statistics { formation: self.formation.to_owned(), computed, completion, lines: Lines::default(), people })
    }
}

/// How everybody's time went; each session is in one journal only.
fn courses_of(gathered: &Gathered, forms: &[Form<'_>]) -> Result<HashMap<SessionId, Course>, Absent> {
    let sessions = forms.iter().flat_map(|form| &form.ended);
    let papers: HashMap<SessionId, &Paper> = sessions.map(|(_, session)| (session.session, &*session.paper)).collect();
    let mut all = HashMap::new();
    for journal in gathered.journals() {
        all.extend(courses(journal, &papers).map_err(|broken| Absent::Damaged(broken.to_string()))?);
    }
    Ok(all)
}

fn add_course(course: &Course, paper: &Paper, names: &Codes, times: &mut Times, completion: &mut Completion) {
    completion.add(paper.items.len(), course.changes.iter().copied(), course.ended_ms);
    for (&position, &ms) in &course.seen_ms {
        if let Some(name) = paper.entry(position).and_then(|entry| names.get(&(entry.item, entry.version))) {
            times.add(name, ms);
        }
    }
}

/// The first formation, by its code, in which somebody began.
fn first_formation(sittings: &[Sat]) -> Option<&str> {
    let began = sittings.iter().flat_map(|sat| {
        let sessions = sat.sessions.iter().filter(|session| !session.slots.is_empty());
        sessions.filter_map(|session| Some(sat.facts.people[*sat.facts.index.get(&session.session)? as usize].formation_code.as_str()))
    });
    began.min()
}

/// The attempts of a formation that count, of people who began; keys are those of the sittings.
fn counted<'a>(sittings: &'a [Sat], keys: &'a [Keys], rule: AttemptRule, formation: &str) -> Vec<(&'a Keys, &'a SatSession)> {
    let mut attempts: BTreeMap<CandidateId, Vec<(Attempt, &scoring::scheme::Scheme, &Keys, &SatSession)>> = BTreeMap::new();
    for (sat, keys) in sittings.iter().zip(keys) {
        for session in sat.sessions.iter().filter(|session| !session.slots.is_empty()) {
            let Some(&index) = sat.facts.index.get(&session.session) else { continue };
            let person = &sat.facts.people[index as usize];
            if person.formation_code != formation {
                continue;
            }
            let tally = Some(tally(&session.paper, &session.slots, keys));
            let attempt = Attempt { number: person.attempt, phase: session.phase, tally };
            attempts.entry(person.candidate).or_default().push((attempt, &person.scheme, keys, session));
        }
    }
    let one = attempts.into_values().filter_map(|tries| {
        let all: Vec<Attempt> = tries.iter().map(|(attempt, ..)| attempt.clone()).collect();
        let number = counting(tries.first()?.1, rule, &all)?.number;
        tries.into_iter().find(|(attempt, ..)| attempt.number == number).map(|(_, _, keys, session)| (keys, session))
    });
    one.collect()
}

/// Answers item by item, and the names of items as they stand there.
fn answered(takers: &[Taker<'_>], codes: &Codes) -> (Papers, Codes) {
    let mut sections: Vec<(String, usize)> = Vec::new();
    let mut columns: HashMap<(ItemId, u32), Column> = HashMap::new();
    for (person, taker) in (0_u32..).zip(takers) {
        let mut positions = 0..;
        for section in taker.paper.sections.iter() {
            let known = sections.iter().position(|(code, _)| *code == section.code);
            let section_at = known.unwrap_or_else(|| {
                sections.push((section.code.clone(), usize::from(section.items)));
                sections.len() - 1
            });
            for position in positions.by_ref().take(usize::from(section.items)) {
                let Some(entry) = taker.paper.entry(position) else { continue };
                let column = columns.entry((entry.item, entry.version)).or_insert_with(|| Column::new(taker, position, entry, section_at));
                column.add(person, taker, position);
            }
        }
    }
    let names = names(columns.keys(), codes);
    let name = |id: &(ItemId, u32)| names.get(id).cloned().unwrap_or_default();
    let mut items: Vec<PaperItem> = columns.into_iter().map(|(id, column)| column.named(name(&id))).collect();
    items.sort_by(|one, other| (one.section, &one.item.name).cmp(&(other.section, &other.item.name)));
    (Papers { people: takers.len(), sections, items }, names)
}

/// Codes; where an item stands on papers in several versions, with the version.
fn names<'a>(ids: impl Iterator<Item = &'a (ItemId, u32)> + Clone, codes: &Codes) -> Codes {
    let mut versions: HashMap<ItemId, usize> = HashMap::new();
    ids.clone().for_each(|(item, _)| *versions.entry(*item).or_default() += 1);
    let name = |id: &(ItemId, u32)| {
        let code = codes.get(id).cloned().unwrap_or_else(|| id.0.to_string());
        if versions[&id.0] > 1 { format!("{code} v{}", id.1) } else { code }
    };
    ids.map(|id| (*id, name(id))).collect()
}

/// An item with the answers to it.
struct Column {
    of: PaperItem,
    /// Codes of answers that were met.
    known: HashMap<Choices, u16>,
}

impl Column {
    /// With all answers to a one-choice item. Of several choices there are many answers: no answer, one that gives the most, and those met.
    fn new(taker: &Taker<'_>, position: u16, entry: &Entry, section: usize) -> Column {
        let max = taker.keys.maximum(taker.paper, usize::from(position));
        let item = Item { name: String::new(), section: None, max, keyed: true, choices_listed: !entry.multiple, answers: Vec::new() };
        let mut column = Column { of: PaperItem { item, section, answers: Vec::new() }, known: HashMap::new() };
        column.code(taker, position, Choices::NONE);
        if entry.multiple {
            let sets = (1..1_u16 << entry.choices).filter_map(Choices::from_mask);
            let best = sets.filter(|set| taker.keys.mark(taker.paper, usize::from(position), *set) == max).min_by_key(|set| set.len());
            best.into_iter().for_each(|best| _ = column.code(taker, position, best));
        } else {
            (0..entry.choices).for_each(|choice| _ = column.code(taker, position, Choices::one(choice)));
        }
        column
    }

    fn code(&mut self, taker: &Taker<'_>, position: u16, chosen: Choices) -> u16 {
        let answers = &mut self.of.item.answers;
        *self.known.entry(chosen).or_insert_with(|| {
            answers.push(Answer { label: label(chosen), marks: taker.keys.mark(taker.paper, usize::from(position), chosen) });
            // At most 2^10 different sets of choices.
            (answers.len() - 1) as u16
        })
    }

    fn add(&mut self, person: u32, taker: &Taker<'_>, position: u16) {
        let chosen = taker.chosen.get(usize::from(position)).copied().unwrap_or_default();
        let code = self.code(taker, position, chosen);
        self.of.answers.push((person, code));
    }

    fn named(mut self, name: String) -> PaperItem {
        self.of.item.name = name;
        self.of
    }
}

/// Canonical choices by letters: `B`, or `A+C`.
fn label(chosen: Choices) -> String {
    let letters: Vec<String> = chosen.ids().map(|id| char::from(b'A' + id).to_string()).collect();
    letters.join("+")
}

#[cfg(test)]
mod tests {
    use super::*;
    use item_analysis::{Key as KeyTable, Marks, Reading, Responses, Source, analyse};
    use question_bank::key::{Key, Rule};
    use question_bank::paper::{Catalogue, ChoiceOrder, PaperItem as OnPaper, PaperSection};
    use std::sync::Arc;

    fn item(code: &str) -> ItemId {
        question_bank::item::Item::id_of(code)
    }

    /// Items of two sections; every one has choices A, B, C, and the last takes several.
    const ITEMS: [(&str, [i32; 3], bool); 4] =
        [("twk-1", [5, 0, 0], false), ("twk-2", [0, 5, 0], false), ("tkp-1", [1, 3, 5], false), ("tkp-2", [2, 0, 3], true)];

    struct Exam {
        catalogue: Arc<Catalogue>,
        keys: Keys,
        codes: Codes,
    }

    impl Exam {
        fn new() -> Exam {
            let entry = |&(code, _, multiple): &(&str, [i32; 3], bool)| Entry { item: item(code), version: 1, choices: 3, multiple };
            let catalogue = Arc::new(Catalogue { entries: ITEMS.iter().map(entry).collect() });
            let key = |&(code, weights, multiple): &(&str, [i32; 3], bool)| {
                let rule = if multiple { Rule::AllOrNothing } else { Rule::Single };
                let key = Key::new(weights.map(Marks::whole).to_vec(), Marks::ZERO, rule).expect("a key");
                ((item(code), 1), key)
            };
            let keys = Keys::new(&catalogue, ITEMS.iter().map(key).collect()).expect("all keys");
            let codes = ITEMS.iter().map(|(code, ..)| ((item(code), 1), (*code).to_owned())).collect();
            Exam { catalogue, keys, codes }
        }

        /// Sections with the indexes of their items.
        fn paper(&self, twk: &[u16], tkp: &[u16]) -> Paper {
            let section = |code: &str, items: &[u16]| PaperSection {
                code: code.into(),
                title: code.into(),
                items: items.len() as u16,
                duration_ms: None,
                linear: false,
            };
            let on_paper = |&entry: &u16| OnPaper { entry, order: ChoiceOrder::new(&[2, 0, 1]).expect("an order") };
            let items = twk.iter().chain(tkp).map(on_paper).collect();
            Paper { sections: Arc::new([section("twk", twk), section("tkp", tkp)]), items, catalogue: Arc::clone(&self.catalogue) }
        }

        /// Papers and the letters chosen by position; a dot is none.
        fn answered(&self, people: &[(&Paper, [&str; 4])]) -> Papers {
            let choices = |letters: &&str| {
                let ids: Vec<u8> = letters.bytes().filter(|letter| *letter != b'.').map(|letter| letter - b'A').collect();
                Choices::from_ids(&ids).expect("choices")
            };
            let takers: Vec<Taker<'_>> = people
                .iter()
                .map(|(paper, chosen)| Taker { paper, chosen: chosen.iter().map(choices).collect(), keys: &self.keys })
                .collect();
            answered(&takers, &self.codes).0
        }
    }

    #[test]
    fn a_fixed_form_gives_what_its_table_gives() {
        let exam = Exam::new();
        // The same items, shuffled inside their sections.
        let (one, other) = (exam.paper(&[0, 1], &[2, 3]), exam.paper(&[1, 0], &[3, 2]));
        let papers = exam.answered(&[
            (&one, ["A", "B", "C", "AC"]),
            (&other, ["B", "B", "A", "B"]),
            (&one, ["C", ".", "A", "AC"]),
            (&other, ["A", "A", "AC", "C"]),
            (&one, ["A", "B", "B", "."]),
        ]);
        let table = "twk-1,twk-2,tkp-1,tkp-2\nA,B,C,A+C\nB,B,B,A\nC,,A,A+C\nA,A,C,A+C\nA,B,B,\n";
        let key = "item,section,choice,marks\ntwk-1,twk,A,5\ntwk-1,twk,B,0\ntwk-1,twk,C,0\ntwk-2,twk,A,0\ntwk-2,twk,B,5\ntwk-2,twk,C,0\n\
            tkp-1,tkp,A,1\ntkp-1,tkp,B,3\ntkp-1,tkp,C,5\ntkp-2,tkp,A+C,5\ntkp-2,tkp,A,0\n";
        let key = KeyTable::read(Source { name: "key.csv", bytes: key.as_bytes() }).expect("a key");
        let table = Source { name: "table.csv", bytes: table.as_bytes() };
        let table = Responses::read(table, Some(&key), &Reading::default()).expect("a table");
        let expected = analyse(&table, &Times::default());
        let PapersAnalysis { analysis, notes } = analyse_papers(&papers, &Times::default()).expect("people");
        // Sections come in the order of the paper, items in the order of their codes; one table has them in this order too.
        assert_eq!(output::items_csv(&analysis).lines().count(), 5);
        let ours: Vec<&str> = analysis.items.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(ours, ["twk-1", "twk-2", "tkp-1", "tkp-2"]);
        assert_eq!(output::items_csv(&analysis), output::items_csv(&expected));
        assert_eq!(output::choices_csv(&analysis), output::choices_csv(&expected), "those that nobody took are there");
        assert_eq!((analysis.scales, notes), (expected.scales, Vec::new()));
    }

    #[test]
    fn a_drawn_item_is_held_against_those_who_had_it() {
        let exam = Exam::new();
        let (one, other) = (exam.paper(&[0], &[2, 3]), exam.paper(&[1], &[2, 3]));
        let papers = exam.answered(&[
            (&one, ["A", "C", "AC", "."]),
            (&one, ["A", "A", "AC", "."]),
            (&one, ["B", "B", "A", "."]),
            (&one, [".", "B", ".", "."]),
            (&one, ["A", "C", "B", "."]),
            (&other, ["A", "B", "AC", "."]),
        ]);
        let PapersAnalysis { analysis, notes } = analyse_papers(&papers, &Times::default()).expect("people");
        assert_eq!(notes, [Note::PapersDrawn, Note::ItemsRare { items: 1, people_min: 5 }]);
        let found = |name: &str| analysis.items.iter().find(|item| item.name == name).expect("an item");
        let twk = found("twk-1");
        assert_eq!((twk.people, twk.difficulty, twk.omission_rate), (5, Some(0.6), 0.2));
        assert_eq!(twk.point_biserial_corrected, None, "it is alone in its section");
        // tkp-1: 5 1 3 3 5 3 beside tkp-2: 5 5 0 0 0 5; six times the sum of products is 270, of sums 300.
        let tkp = found("tkp-1");
        let by_hand = (270.0 - 300.0) / ((6.0 * 78.0 - 400.0_f64).sqrt() * (6.0 * 75.0 - 225.0_f64).sqrt());
        assert!(tkp.point_biserial_corrected.is_some_and(|r| (r - by_hand).abs() < 1e-12), "{:?} {by_hand}", tkp.point_biserial_corrected);
        assert_eq!(tkp.difficulty, Some(20.0 / 30.0));
        assert!(analysis.scales.iter().all(|scale| scale.alpha.is_none()));
    }

    #[test]
    fn two_versions_of_an_item_are_two_items() {
        let codes: Codes = [1, 2].map(|version| ((item("x"), version), "x".to_owned())).into();
        let both = [(item("x"), 1), (item("x"), 2)];
        assert_eq!(names(both[..1].iter(), &codes)[&both[0]], "x");
        assert_eq!(names(both.iter(), &codes)[&both[1]], "x v2");
    }

    #[test]
    fn letters_are_canonical_choices() {
        let of = |ids: &[u8]| label(Choices::from_ids(ids).expect("choices"));
        assert_eq!([of(&[]), of(&[1]), of(&[0, 2]), of(&[9])], ["", "B", "A+C", "J"]);
    }
}
