//! The input files of a computation: formation lines and scores as tables, byte for byte the same for the same facts.

use super::changes::Changes;
use super::sat::Taken;
use question_bank::id::CandidateId;
use question_bank::marks::Marks;
use rules::RuleSet;
use rules::rule_set::{Stage, as_id};
use std::collections::{BTreeMap, BTreeSet};
use store::results::Applicant;
use store::roster::{Formation, participant_key};
use wire::roster::FormationLine;

/// What one stage gives to the table of scores.
pub struct StageTaken {
    /// The stage's place in the rule set.
    pub place: usize,
    /// Everybody who was enrolled in it.
    pub of: BTreeMap<CandidateId, Taken>,
}

/// A formation and where it stands for the rule set.
pub struct Line {
    /// The formation.
    pub formation: Formation,
    /// Where it stands.
    pub line: FormationLine,
}

/// Somebody of the selection.
pub struct Person {
    /// As imported.
    pub applicant: Applicant,
    /// Further columns, as imported.
    pub facts: BTreeMap<String, String>,
}

/// Both tables, and what does not fit the rules but does not stop them.
pub struct Tables {
    /// `formations.csv`.
    pub formations: Vec<u8>,
    /// `scores.csv`.
    pub scores: Vec<u8>,
    /// Sentences for the committee.
    pub remarks: Vec<String>,
}

/// Writes both tables. `stages` are those up to the one that is computed, in the order of the rule set.
pub fn tables(rules: &RuleSet, lines: &[Line], everybody: &[Person], stages: &[StageTaken], changes: &Changes) -> csv::Result<Tables> {
    let people = people(everybody, stages);
    let maxima = Maxima::of(rules, &people, stages);
    Ok(Tables { formations: formations(lines, &maxima)?, scores: scores(rules, lines, &people, stages, changes)?, remarks: maxima.remarks })
}

/// Whoever was enrolled in one of the stages, or brings a score of another year.
fn people<'a>(everybody: &'a [Person], stages: &[StageTaken]) -> Vec<&'a Person> {
    let takes_part = |person: &&Person| {
        let enrolled = stages.iter().any(|stage| stage.of.contains_key(&person.applicant.id));
        enrolled || person.facts.get("prior_year").is_some_and(|year| !year.is_empty())
    };
    everybody.iter().filter(takes_part).collect()
}

/// The highest scores of each line's own forms, where they are not those of the rule set.
struct Maxima {
    by_formation: BTreeMap<String, BTreeMap<String, Marks>>,
    remarks: Vec<String>,
}

impl Maxima {
    fn of(rules: &RuleSet, people: &[&Person], stages: &[StageTaken]) -> Self {
        let mut seen: BTreeMap<(String, String), BTreeSet<Marks>> = BTreeMap::new();
        for Person { applicant, .. } in people {
            for stage in stages {
                let Some(taken) = stage.of.get(&applicant.id) else { continue };
                for (section, _, maximum) in by_section(&rules.stages[stage.place], taken) {
                    seen.entry((applicant.formation_code.clone(), section)).or_default().insert(maximum);
                }
            }
        }
        let of_rules: BTreeMap<&str, String> =
            rules.stages.iter().flat_map(|stage| &stage.sections).map(|section| (section.id.as_str(), section.max.to_string())).collect();
        let mut maxima = Maxima { by_formation: BTreeMap::new(), remarks: Vec::new() };
        for ((formation, section), found) in seen {
            let Some(&highest) = found.last() else { continue };
            if found.len() > 1 {
                let all: Vec<String> = found.iter().map(Marks::to_string).collect();
                maxima.remarks.push(format!(
                    "Nilai tertinggi naskah bagian {section} pada formasi {formation} tidak sama ({}); dipakai {highest}.",
                    all.join(", ")
                ));
            }
            if of_rules.get(section.as_str()).is_some_and(|max| *max != highest.to_string()) {
                maxima.by_formation.entry(formation).or_default().insert(section, highest);
            }
        }
        maxima
    }
}

/// Marks and maxima under the section ids of the rule set. A stage that the rule set sees as one number is the total of the paper.
fn by_section(rule: &Stage, taken: &Taken) -> Vec<(String, Marks, Marks)> {
    if taken.sections.is_empty() {
        return Vec::new();
    }
    let named = |id: &str| taken.sections.iter().find(|section| as_id(&section.code) == id);
    match rule.sections.as_slice() {
        [only] if named(&only.id).is_none() => {
            let sum = |part: fn(&super::sat::TakenSection) -> Marks| taken.sections.iter().map(part).sum::<Marks>();
            vec![(only.id.clone(), sum(|section| section.marks), sum(|section| section.maximum))]
        }
        sections => {
            sections.iter().filter_map(|section| named(&section.id).map(|taken| (section.id.clone(), taken.marks, taken.maximum))).collect()
        }
    }
}

fn formations(lines: &[Line], maxima: &Maxima) -> csv::Result<Vec<u8>> {
    let mut lines: Vec<&Line> = lines.iter().collect();
    lines.sort_by(|one, other| one.formation.code.cmp(&other.formation.code));
    let nothing = BTreeMap::new();
    let further = |line: &Line| {
        let mut cells: BTreeMap<String, String> =
            line.line.further.iter().map(|further| (as_id(&further.column), further.value.clone())).collect();
        // What the committee entered comes first: it may know better than the papers of this installation.
        for (section, max) in maxima.by_formation.get(&line.formation.code).unwrap_or(&nothing) {
            cells.entry(format!("max_{section}")).or_insert_with(|| max.to_string());
        }
        cells
    };
    let cells: Vec<BTreeMap<String, String>> = lines.iter().map(|line| further(line)).collect();
    let columns: BTreeSet<&String> = cells.iter().flat_map(BTreeMap::keys).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fixed = ["formation", "slots", "category", "job", "education", "unit", "agency"];
    writer.write_record(fixed.into_iter().chain(columns.iter().map(|column| column.as_str())))?;
    for (line, cells) in lines.iter().zip(&cells) {
        let FormationLine { category, job, education, unit, agency, .. } = &line.line;
        let slots = line.formation.slots.to_string();
        let fixed = [&line.formation.code, &slots, category, job, education, unit, agency].map(String::as_str);
        let further = columns.iter().map(|column| cells.get(*column).map_or("", String::as_str));
        writer.write_record(fixed.into_iter().chain(further))?;
    }
    into_bytes(writer)
}

fn scores(rules: &RuleSet, lines: &[Line], people: &[&Person], stages: &[StageTaken], changes: &Changes) -> csv::Result<Vec<u8>> {
    let category_of: BTreeMap<&str, String> = lines.iter().map(|line| (line.formation.code.as_str(), as_id(&line.line.category))).collect();
    let mut rows: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for Person { applicant, facts } in people {
        let mut row = row(rules, &category_of, applicant, facts.clone(), stages);
        if let Some(cells) = changes.cells.get(&participant_key(&applicant.participant_no)) {
            row.extend(cells.clone());
        }
        row.retain(|_, value| !value.is_empty());
        rows.insert(applicant.participant_no.clone(), row);
    }
    let columns = columns(rules, stages, rows.values());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["participant_no"].into_iter().chain(columns.iter().map(String::as_str)))?;
    for (participant_no, row) in &rows {
        let cells = columns.iter().map(|column| row.get(column).map_or("", String::as_str));
        writer.write_record([participant_no.as_str()].into_iter().chain(cells))?;
    }
    into_bytes(writer)
}

fn row(
    rules: &RuleSet,
    category_of: &BTreeMap<&str, String>,
    applicant: &Applicant,
    mut row: BTreeMap<String, String>,
    stages: &[StageTaken],
) -> BTreeMap<String, String> {
    row.insert("formation".to_owned(), applicant.formation_code.clone());
    let category = as_id(&applicant.category);
    if category_of.get(applicant.formation_code.as_str()).is_some_and(|of_line| *of_line != category) {
        row.insert("category".to_owned(), category);
    }
    if let Some(gpa) = applicant.gpa_milli {
        row.insert("gpa".to_owned(), Marks::from_milli(gpa).to_string());
    }
    row.extend(applicant.birth_date.clone().map(|date| ("birth_date".to_owned(), date)));
    for stage in stages {
        let Some(taken) = stage.of.get(&applicant.id) else { continue };
        let rule = &rules.stages[stage.place];
        if taken.terminated {
            let column = if stage.place == 0 { "status".to_owned() } else { format!("{}_status", rule.id) };
            row.insert(column, "disqualified".to_owned());
        }
        row.extend(by_section(rule, taken).into_iter().map(|(section, marks, _)| (section, marks.to_string())));
    }
    row
}

/// Columns in the order of docs/rules.md: only those that somebody has something in, and the sections of every stage there is, as they say how
/// far the computation goes.
fn columns<'a>(rules: &RuleSet, stages: &[StageTaken], rows: impl Iterator<Item = &'a BTreeMap<String, String>>) -> Vec<String> {
    let used: BTreeSet<&String> = rows.flat_map(BTreeMap::keys).collect();
    let mut columns = vec!["formation".to_owned(), "category".to_owned(), "status".to_owned()];
    for stage in stages {
        let rule = &rules.stages[stage.place];
        columns.push(format!("{}_status", rule.id));
        columns.extend(rule.sections.iter().map(|section| section.id.clone()));
    }
    columns.extend(["final_status", "gpa", "birth_date", "decision", "move_decision", "adjustments", "prior_year"].map(str::to_owned));
    columns.extend(used.iter().filter(|column| column.starts_with("prior_") && *column != &"prior_year").map(|column| (*column).clone()));
    let sections: BTreeSet<&str> =
        stages.iter().flat_map(|stage| &rules.stages[stage.place].sections).map(|section| section.id.as_str()).collect();
    columns.retain(|column| column == "formation" || sections.contains(column.as_str()) || used.contains(column));
    columns
}

fn into_bytes(writer: csv::Writer<Vec<u8>>) -> csv::Result<Vec<u8>> {
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::super::computed::Computed;
    use super::super::rule_set::read;
    use super::super::sat::TakenSection;
    use super::*;
    use question_bank::id::Id;
    use rules::Status;
    use rules::shipped;
    use wire::results::Change;

    fn person(number: u8) -> Person {
        let applicant = Applicant {
            id: Id::from_bytes([number; 16]),
            participant_no: number.to_string(),
            name: String::new(),
            formation_code: "A".into(),
            category: "umum".into(),
            gpa_milli: Some(3_500),
            birth_date: Some("1999-12-31".into()),
            facts_json: "{}".into(),
        };
        Person { applicant, facts: BTreeMap::new() }
    }

    fn taken(sections: &[(&str, i32, i32)]) -> Taken {
        let section = |&(code, marks, maximum): &(&str, i32, i32)| TakenSection {
            code: code.into(),
            marks: Marks::whole(marks),
            maximum: Marks::whole(maximum),
        };
        Taken { sections: sections.iter().map(section).collect(), terminated: false }
    }

    fn skd(twk: i32, tiu: i32, tkp: i32) -> Taken {
        taken(&[("twk", twk, 150), ("tiu", tiu, 175), ("tkp", tkp, 225)])
    }

    /// The paper of the second stage has two sections, which the rule set sees as one number.
    fn skb(general: i32, field: i32) -> Taken {
        taken(&[("umum", general, 40), ("bidang", field, 60)])
    }

    fn line() -> Line {
        let formation = Formation {
            id: Id::from_bytes([1; 16]),
            selection_id: Id::from_bytes([1; 16]),
            code: "A".into(),
            title: "Perawat".into(),
            slots: 1,
            line_json: String::new(),
        };
        Line { formation, line: FormationLine { category: "umum".into(), job: "perawat".into(), ..FormationLine::default() } }
    }

    fn stage(place: usize, of: &[(u8, Taken)]) -> StageTaken {
        StageTaken { place, of: of.iter().map(|(number, taken)| (Id::from_bytes([*number; 16]), taken.clone())).collect() }
    }

    fn computed(stages: &[StageTaken], changes: &Changes) -> (Tables, Computed) {
        let texts = read(shipped::text("cpns-2024").expect("it is shipped")).expect("it is in order");
        let everybody: Vec<Person> = (1..=4).map(person).collect();
        let tables = tables(&texts.rules, &[line()], &everybody, stages, changes).expect("tables are written");
        let computed = Computed::new(texts, tables.formations.clone(), tables.scores.clone()).expect("they can be computed");
        (tables, computed)
    }

    fn statuses(computed: &Computed) -> Vec<(String, Status)> {
        let of = computed.candidates.iter().zip(&computed.outcomes.of);
        of.map(|(candidate, outcome)| (candidate.number.to_string(), outcome.status)).collect()
    }

    fn first_stage() -> StageTaken {
        let thrown_out = Taken { terminated: true, ..skd(150, 175, 225) };
        stage(0, &[(1, skd(100, 110, 180)), (2, skd(90, 100, 190)), (3, thrown_out), (4, skd(0, 0, 0))])
    }

    #[test]
    fn a_first_stage_alone_ends_with_its_shortlist() {
        let (tables, computed) = computed(&[first_stage()], &Changes::default());
        let scores = "participant_no,formation,status,twk,tiu,tkp,gpa,birth_date\n\
                      1,A,,100,110,180,3.5,1999-12-31\n2,A,,90,100,190,3.5,1999-12-31\n\
                      3,A,disqualified,150,175,225,3.5,1999-12-31\n4,A,,0,0,0,3.5,1999-12-31\n";
        assert_eq!(String::from_utf8(tables.scores).expect("text"), scores);
        let formations = "formation,slots,category,job,education,unit,agency\nA,1,umum,perawat,,,\n";
        assert_eq!(String::from_utf8(tables.formations).expect("text"), formations);
        let expected = [Status::Shortlisted, Status::Shortlisted, Status::Disqualified, Status::BelowThreshold];
        assert_eq!(statuses(&computed).into_iter().map(|(_, status)| status).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn two_stages_become_one_table_that_goes_to_the_end() {
        let second = stage(1, &[(1, skb(20, 30)), (2, skb(40, 60))]);
        let (tables, computed) = computed(&[first_stage(), second], &Changes::default());
        let text = String::from_utf8(tables.scores).expect("text");
        assert!(text.starts_with("participant_no,formation,status,twk,tiu,tkp,skb,gpa,birth_date\n1,A,,100,110,180,50,"), "{text}");
        // The maximum of the form is that of the papers, not the rule set's 500.
        let formations = String::from_utf8(tables.formations).expect("text");
        assert_eq!(formations, "formation,slots,category,job,education,unit,agency,max_skb\nA,1,umum,perawat,,,,100\n");
        let expected = [Status::NotSelected, Status::Selected, Status::Disqualified, Status::BelowThreshold];
        assert_eq!(statuses(&computed).into_iter().map(|(_, status)| status).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_withdrawal_after_the_end_frees_the_slot() {
        let mut changes = Changes::default();
        let rules = read(shipped::text("cpns-2024").expect("it is shipped")).expect("it is in order").rules;
        let change = Change::Status { participant_no: "2".into(), status: "withdrawn".into(), from: "final".into() };
        changes.add(1, &change, &rules, |_| None).expect("usable");
        let second = stage(1, &[(1, skb(20, 30)), (2, skb(40, 60))]);
        let (_, computed) = computed(&[first_stage(), second], &changes);
        let expected = [Status::Selected, Status::Withdrawn, Status::Disqualified, Status::BelowThreshold];
        assert_eq!(statuses(&computed).into_iter().map(|(_, status)| status).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn papers_of_different_maxima_are_remarked() {
        let unequal = stage(0, &[(1, skd(100, 110, 180)), (2, taken(&[("twk", 90, 145), ("tiu", 100, 175), ("tkp", 190, 225)]))]);
        let (tables, _) = computed(&[unequal], &Changes::default());
        assert_eq!(tables.remarks, ["Nilai tertinggi naskah bagian twk pada formasi A tidak sama (145, 150); dipakai 150."]);
    }

    #[test]
    fn whoever_brings_a_score_of_another_year_is_there_without_sitting() {
        let texts = read(shipped::text("skd-2024").expect("it is shipped")).expect("it is in order");
        let mut carried = person(9);
        let facts = [("prior_year", "2023"), ("prior_twk", "100"), ("prior_tiu", "110"), ("prior_tkp", "180")];
        carried.facts = facts.map(|(column, value)| (column.to_owned(), value.to_owned())).into();
        let tables = tables(&texts.rules, &[line()], &[carried, person(8)], &[stage(0, &[])], &Changes::default()).expect("tables");
        let text = String::from_utf8(tables.scores).expect("text");
        assert!(text.contains("prior_year") && text.contains("\n9,A,") && !text.contains("\n8,A,"), "{text}");
    }
}
