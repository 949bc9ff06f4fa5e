//! Rule sets: those that come with the program, checking one's own, and the one a selection is decided by.

use crate::answer::{Answer, No};
use crate::app::{App, Shared};
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::random;
use crate::results::rule_set::{TEXT_BYTES_MAX, Texts, misfits, read, read_stored};
use crate::results::shown::two_languages;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use question_bank::id::{Digest32, SelectionId};
use rules::explain::{Language, explain};
use rules::rule_set::RuleSet;
use rules::{Problem, shipped};
use std::collections::BTreeSet;
use store::results::RuleSetChoice;
use store::roster::By;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::rule_sets::{
    CaseView, CheckRuleSet, ChooseRuleSet, ChosenRuleSet, RuleSetChecked, RuleSetInUse, RuleSetProblem, RuleSetSummary, RuleSetView,
    TwoLanguages, UnsureView,
};
use wire::staff::Role;

/// Who may look.
const READERS: [Role; 4] = [Role::Committee, Role::Auditor, Role::Author, Role::Admin];

/// Routes of rule sets.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(view)).routes(routes!(check)).routes(routes!(in_use, choose))
}

/// Rule sets that come with the program.
#[utoipa::path(get, path = "/api/v1/rule-sets", tag = "committee", responses((status = 200, body = Vec<RuleSetSummary>)))]
async fn list(staff: Staff) -> Answer<Vec<RuleSetSummary>> {
    staff.may_anywhere(&READERS)?;
    let all = shipped::ids().filter_map(shipped::text).filter_map(|text| RuleSet::parse(text, &shipped::library).ok());
    Ok(Json(all.map(|rules| summary(&rules)).collect()))
}

/// One of them, explained.
#[utoipa::path(get, path = "/api/v1/rule-sets/{id}", tag = "committee", params(("id" = String, Path)),
    responses((status = 200, body = RuleSetView), (status = 404, body = wire::RefusalBody)))]
async fn view(staff: Staff, Path(id): Path<String>) -> Answer<RuleSetView> {
    staff.may_anywhere(&READERS)?;
    let text = shipped::text(&id).ok_or(No::NotFound("rule set"))?;
    let texts = read(text).map_err(|problems| No::failed(problems_text(&problems)))?;
    explained(texts).await.map(Json)
}

/// Reads a rule set and stores nothing.
#[utoipa::path(post, path = "/api/v1/rule-sets/check", tag = "committee", request_body = CheckRuleSet,
    responses((status = 200, body = RuleSetChecked), (status = 422, body = wire::RefusalBody)))]
async fn check(staff: Staff, Json(asked): Json<CheckRuleSet>) -> Answer<RuleSetChecked> {
    staff.may_anywhere(&READERS)?;
    within(&asked.text)?;
    Ok(Json(match read(&asked.text) {
        Ok(texts) => RuleSetChecked { problems: Vec::new(), view: Some(explained(texts).await?) },
        Err(problems) => RuleSetChecked { problems: problems.iter().map(shown_problem).collect(), view: None },
    }))
}

/// What a selection is decided by.
#[utoipa::path(get, path = "/api/v1/selections/{selection}/rule-set", tag = "committee", params(("selection" = String, Path)),
    responses((status = 200, body = RuleSetInUse), (status = 403, body = wire::RefusalBody)))]
async fn in_use(State(app): State<Shared>, staff: Staff, Path(selection): Path<String>) -> Answer<RuleSetInUse> {
    let selection: SelectionId = selection.parse().map_err(|_| No::NotFound("selection"))?;
    staff.may(&READERS, Some(selection), None)?;
    app.store.selection_by_id(selection).await?;
    let Some(chosen) = app.store.rule_set_of_selection(selection).await? else {
        return Ok(Json(RuleSetInUse { chosen: None, misfits: Vec::new() }));
    };
    let by_name = serde_json::from_str(&chosen.choice.texts_json).map_err(No::failed)?;
    let texts = read_stored(by_name).map_err(|problems| No::failed(problems_text(&problems)))?;
    let misfits = misfits_of(&app, selection, &texts.rules).await?;
    let chosen = ChosenRuleSet {
        view: explained(texts).await?,
        selection: selection.to_string(),
        by: chosen.by_name,
        at_utc_ms: chosen.choice.by.at_utc_ms,
        reason: chosen.choice.reason,
        choices: chosen.choices,
    };
    Ok(Json(RuleSetInUse { chosen: Some(chosen), misfits }))
}

/// Chooses the rule set of a selection. Results that were adopted stay as they are; a proposal computes them again.
#[utoipa::path(put, path = "/api/v1/selections/{selection}/rule-set", tag = "committee", params(("selection" = String, Path)),
    request_body = ChooseRuleSet, responses((status = 204), (status = 422, body = wire::RefusalBody)))]
async fn choose(
    State(app): State<Shared>,
    staff: Staff,
    Path(selection): Path<String>,
    Json(asked): Json<ChooseRuleSet>,
) -> Result<StatusCode, No> {
    let selection: SelectionId = selection.parse().map_err(|_| No::NotFound("selection"))?;
    staff.may(&[Role::Committee], Some(selection), None)?;
    app.store.selection_by_id(selection).await?;
    let text = match (&asked.id, asked.text) {
        (Some(id), None) => shipped::text(id).ok_or(No::NotFound("rule set"))?.to_owned(),
        (None, Some(text)) => text,
        _ => return Err(No::bad("rule_set_unclear", "Pilih satu himpunan aturan: dari daftar, atau teks sendiri.")),
    };
    within(&text)?;
    let texts = read(&text).map_err(|problems| No::Bad {
        code: "rule_set_faulty",
        message: "Himpunan aturan belum dapat dipakai.".to_owned(),
        details: problems.iter().map(|problem| format!("baris {}: {}", problem.line, problem.indonesian)).collect(),
    })?;
    put(&app, selection, &texts, &asked.reason, By { staff_id: staff.id, at_utc_ms: utc_ms() }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stores a choice; another one than the first needs a reason.
pub(crate) async fn put(app: &App, selection: SelectionId, texts: &Texts, reason: &str, by: By) -> Result<(), No> {
    let reason = reason.trim();
    if let Some(before) = app.store.rule_set_of_selection(selection).await? {
        if before.choice.texts_json == texts_json(texts)? {
            return Ok(());
        }
        if reason.is_empty() {
            return Err(No::bad("reason_missing", "Mengganti himpunan aturan memerlukan alasan."));
        }
    }
    if reason.chars().count() > 2_000 {
        return Err(No::bad("reason_long", "Alasan paling panjang 2.000 karakter."));
    }
    let hash: Digest32 = texts.rules.hash.parse().map_err(No::failed)?;
    let choice = RuleSetChoice { selection_id: selection, hash, texts_json: texts_json(texts)?, reason: reason.to_owned(), by };
    app.store.choose_rule_set(random::bytes(), &choice).await?;
    tracing::info!(by = %by.staff_id, %selection, rule_set = texts.rules.id, hash = texts.rules.hash, ties_on = crate::results::shown::ties_on(&texts.rules), "chose a rule set");
    Ok(())
}

fn texts_json(texts: &Texts) -> Result<String, No> {
    serde_json::to_string(&texts.by_name).map_err(No::failed)
}

/// What of a selection does not fit a rule set.
pub(crate) async fn misfits_of(app: &App, selection: SelectionId, rules: &RuleSet) -> Result<Vec<String>, No> {
    let mut stages = Vec::new();
    for stage in app.store.stages_of_selection(selection).await? {
        let blueprints = app.store.blueprints_of_stage(stage.id).await?.into_iter().map(|(_, blueprint)| blueprint).collect();
        stages.push((stage, blueprints));
    }
    let formations = app.store.formations_of_selection(selection).await?.into_iter();
    let formations: Vec<_> = formations
        .map(|counted| (counted.formation.code, serde_json::from_str(&counted.formation.line_json).unwrap_or_default()))
        .collect();
    let categories: BTreeSet<String> =
        app.store.applicants_of_selection(selection).await?.into_iter().map(|applicant| applicant.category).collect();
    Ok(misfits(rules, &stages, &formations, &categories))
}

fn within(text: &str) -> Result<(), No> {
    if text.len() <= TEXT_BYTES_MAX { Ok(()) } else { Err(No::bad("rule_set_long", "Himpunan aturan paling besar 256 KiB.")) }
}

fn shown_problem(problem: &Problem) -> RuleSetProblem {
    let sentence = TwoLanguages { id: problem.indonesian.clone(), en: problem.english.clone() };
    RuleSetProblem { line: problem.line as u32, sentence }
}

fn problems_text(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn summary(rules: &RuleSet) -> RuleSetSummary {
    RuleSetSummary {
        id: rules.id.clone(),
        year: rules.year,
        title: two_languages(&rules.title),
        hash: rules.hash.clone(),
        stages: rules.stages.iter().map(|stage| stage.id.clone()).collect(),
    }
}

/// Explains a set and runs its cases, on a thread where nothing waits.
async fn explained(texts: Texts) -> Result<RuleSetView, No> {
    tokio::task::spawn_blocking(move || explain_now(texts)).await.map_err(No::failed)
}

fn explain_now(Texts { rules, mut by_name }: Texts) -> RuleSetView {
    let case = |case: &rules::rule_set::Case| CaseView {
        id: case.id.clone(),
        title: two_languages(&case.title),
        differences: selection::cases::run(&rules, case),
    };
    let unsure = |unsure: &rules::rule_set::Unsure| UnsureView {
        parameter: unsure.parameter.clone(),
        default: unsure.default.clone(),
        about: two_languages(&unsure.about),
    };
    RuleSetView {
        summary: summary(&rules),
        explanation: TwoLanguages { id: explain(&rules, Language::Indonesian), en: explain(&rules, Language::English) },
        categories: rules.categories.clone(),
        jobs: rules.jobs().into_iter().map(str::to_owned).collect(),
        adjustments: rules.adjustments.iter().map(|adjustment| adjustment.id.clone()).collect(),
        unsure: rules.unsure.iter().map(unsure).collect(),
        cases: rules.cases.iter().map(case).collect(),
        text: by_name.remove(crate::results::rule_set::RULES_FILE).unwrap_or_default(),
    }
}
