//! From scores to outcomes: stage by stage in each formation line, then the slots, then the moves.

use crate::candidate::{Candidate, Formation};
use crate::compare::{Entrant, by_total};
use crate::outcome::{Group, Outcome, Outcomes, Place, StageResult};
use crate::value::{Used, used};
use rules::Status;
use rules::rule_set::{BoundaryTie, CategoryId, Cut, RuleSet, WhenClosed};
use std::cmp::Ordering;

/// Why nothing was computed: the tables have to be corrected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Two scores, one of them of another year.
    #[error("choose a score for participant {number}: there is one of this year and one of {year}, and the rule set allows only one")]
    BothScores {
        /// Participant number.
        number: String,
        /// Year of the other one.
        year: u16,
    },
    /// A value has no exact form of reasonable size.
    #[error("compute the value of participant {number}")]
    TooFine {
        /// Participant number.
        number: String,
        /// Why.
        source: crate::exact::TooFine,
    },
}

/// Computes how everybody stands. `until` is the last stage to be computed, or [`Place::Final`]. Candidates name formations by their
/// places.
pub fn compute(rules: &RuleSet, formations: &[Formation], candidates: &[Candidate], until: Place) -> Result<Outcomes, Error> {
    let mut run = Run { rules, formations, candidates, outcomes: blank(rules, formations.len(), candidates.len()) };
    let mut people = vec![Vec::new(); formations.len()];
    for (place, candidate) in candidates.iter().enumerate() {
        people[candidate.formation as usize].push(place);
    }
    let stages = match until {
        Place::Stage(last) => last + 1,
        Place::Final => rules.stages.len(),
    };
    for stage in 0..stages {
        for (line, people) in people.iter_mut().enumerate() {
            *people = run.stage_in_line(stage, line, std::mem::take(people))?;
        }
    }
    if let (Place::Final, Some(selection)) = (until, &rules.selection) {
        for (line, people) in people.into_iter().enumerate() {
            run.slots_in_line(selection, line, people)?;
        }
        run.fill_vacancies(selection);
    }
    Ok(run.outcomes)
}

fn blank(rules: &RuleSet, lines: usize, people: usize) -> Outcomes {
    let open = Outcome {
        at: Place::Stage(0),
        status: Status::Absent,
        rank: None,
        group: None,
        carried: false,
        undecided: false,
        waits_for: None,
        value: None,
        moved: None,
    };
    Outcomes {
        of: vec![open; people],
        stages: vec![StageResult::default(); people * rules.stages.len()],
        stage_count: rules.stages.len(),
        first_group: vec![0; lines],
        vacant: vec![0; lines],
        held: vec![0; lines],
        moves: Vec::new(),
    }
}

pub(crate) struct Run<'a> {
    pub rules: &'a RuleSet,
    pub formations: &'a [Formation],
    pub candidates: &'a [Candidate],
    pub outcomes: Outcomes,
}

impl<'a> Run<'a> {
    /// Ranks the people of one line at a stage; gives those who go on.
    fn stage_in_line(&mut self, stage: usize, line: usize, people: Vec<usize>) -> Result<Vec<usize>, Error> {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for person in people {
            let Some(entrant) = self.entrant(stage, person)? else { continue };
            match self.group(stage, line, &entrant) {
                Some(Group::First) => first.push(entrant),
                Some(Group::Second) => second.push(entrant),
                None => self.end(person, stage, Status::BelowThreshold),
            }
        }
        let by_total = |one: &Entrant<'_>, other: &Entrant<'_>| by_total(&self.rules.stages[stage], one, other);
        first.sort_by(by_total);
        second.sort_by(by_total);
        Ok(self.cut(stage, line, &first, &second))
    }

    /// Somebody with scores whom nothing bars; anybody else gets a status here.
    fn entrant(&mut self, stage: usize, person: usize) -> Result<Option<Entrant<'a>>, Error> {
        let candidate = &self.candidates[person];
        let used = used(self.rules, stage, candidate).map_err(|_| Error::BothScores {
            number: candidate.number.to_string(),
            year: candidate.prior.as_ref().map_or(0, |prior| prior.year),
        })?;
        if let Some(used) = used.filter(|_| !self.rules.stages[stage].weighted()) {
            self.outcomes.stages[person * self.outcomes.stage_count + stage].total = Some(used.total());
        }
        if stage == 0 {
            self.outcomes.of[person].carried = used.is_some_and(|used| used.carried.is_some());
        }
        match (candidate.entries[stage].status(), used) {
            (Some(status), _) => self.end(person, stage, status),
            (None, None) => self.end(person, stage, Status::Absent),
            (None, Some(used)) => return Ok(Some(Entrant { candidate: person, total: used.total(), used })),
        }
        Ok(None)
    }

    fn group(&mut self, stage: usize, line: usize, entrant: &Entrant<'_>) -> Option<Group> {
        let (rules, formation) = (&self.rules.stages[stage], &self.formations[line]);
        let category = self.category(entrant.candidate);
        if entrant.used.declared() || entrant.used.meets(rules.predicate(category, &formation.job)) {
            if rules.fallback.is_some() {
                self.outcomes.of[entrant.candidate].group = Some(Group::First);
            }
            return Some(Group::First);
        }
        let looser = rules.fallback.as_ref()?.predicate(category, &formation.job)?;
        if !entrant.used.meets(looser) {
            return None;
        }
        self.outcomes.of[entrant.candidate].group = Some(Group::Second);
        Some(Group::Second)
    }

    /// The category somebody applied for.
    pub(crate) fn category(&self, person: usize) -> CategoryId {
        let candidate = &self.candidates[person];
        candidate.category.unwrap_or(self.formations[candidate.formation as usize].category)
    }

    /// Writes ranks and who goes on, of both groups, best first.
    fn cut(&mut self, stage: usize, line: usize, first: &[Entrant<'_>], second: &[Entrant<'_>]) -> Vec<usize> {
        let stage_rules = &self.rules.stages[stage];
        let slots = self.formations[line].slots as usize;
        let Some(cut) = stage_rules.cut else {
            self.pass(stage, first, first.len(), (!stage_rules.weighted()).then_some(0));
            return first.iter().map(|entrant| entrant.candidate).collect();
        };
        let order = |one: &Entrant<'_>, other: &Entrant<'_>| by_total(stage_rules, one, other);
        let opened = stage_rules.fallback.is_some() && first.len() < slots;
        let passed = boundary(cut, first, slots, order);
        self.pass(stage, first, passed, Some(0));
        let passed_second = if opened { boundary(cut, second, slots - first.len(), order) } else { 0 };
        if let Some(fallback) = &stage_rules.fallback {
            self.outcomes.first_group[line] = first.len() as u32;
            if opened || fallback.when_closed == WhenClosed::Outside {
                self.pass(stage, second, passed_second, Some(first.len()));
            } else {
                second.iter().for_each(|entrant| self.end(entrant.candidate, stage, Status::BelowThreshold));
            }
        }
        first[..passed].iter().chain(&second[..passed_second]).map(|entrant| entrant.candidate).collect()
    }

    /// The first `passed` go on, the others stand outside; ranks begin after `ranked_after` people, when there are ranks.
    fn pass(&mut self, stage: usize, people: &[Entrant<'_>], passed: usize, ranked_after: Option<usize>) {
        let mut rank = 0;
        for (place, entrant) in people.iter().enumerate() {
            let shared = place > 0 && by_total(&self.rules.stages[stage], &people[place - 1], entrant).is_eq();
            if !shared {
                rank = place + 1;
            }
            let status = if place < passed { Status::Shortlisted } else { Status::PassedButOutsideTheCut };
            self.end(entrant.candidate, stage, status);
            if let Some(before) = ranked_after {
                let rank = (before + rank) as u32;
                self.outcomes.stages[entrant.candidate * self.outcomes.stage_count + stage].rank = rank;
                self.outcomes.of[entrant.candidate].rank = Some(rank);
            }
        }
    }

    /// Where somebody stands after this stage; a later one may say more.
    pub(crate) fn end(&mut self, person: usize, stage: usize, status: Status) {
        let outcome = &mut self.outcomes.of[person];
        (outcome.at, outcome.status, outcome.rank) = (Place::Stage(stage), status, None);
    }

    pub(crate) fn used(&self, stage: usize, person: usize) -> Option<Used<'a>> {
        used(self.rules, stage, &self.candidates[person]).ok().flatten()
    }
}

/// How many of sorted people pass: the quota, and what the rule says of equals across it.
fn boundary(cut: Cut, people: &[Entrant<'_>], slots: usize, order: impl Fn(&Entrant<'_>, &Entrant<'_>) -> Ordering) -> usize {
    let quota = slots.saturating_mul(cut.factor as usize);
    if people.len() <= quota {
        return people.len();
    }
    let Some(last) = quota.checked_sub(1) else { return 0 };
    let equal = |entrant: &&Entrant<'_>| order(entrant, &people[last]).is_eq();
    match cut.boundary_tie {
        BoundaryTie::AllPass => quota + people[quota..].iter().take_while(equal).count(),
        BoundaryTie::NonePasses if order(&people[quota], &people[last]).is_eq() => {
            quota - people[..quota].iter().rev().take_while(equal).count()
        }
        BoundaryTie::NonePasses => quota,
    }
}
