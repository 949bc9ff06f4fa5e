//! SQL of results: rule sets, counts of proctors, revisions, corrections, objections, published lists.

use super::{Store, bytes, damaged, digest, id, maybe_id, one_row, sql, truth, whole};
use crate::Error;
use crate::error::conflict;
use crate::results::{
    Applicant, Attachment, AttendanceCount, Correction, CorrectionApproval, CorrectionState, DifferenceExplained, NewCorrection,
    NewObjection, NewObjectionDecision, NewPublication, NewRevision, Objection, ObjectionDecision, ObjectionWindow, Publication, Revision,
    RevisionFile, RuleSetChoice, RuleSetChosen,
};
use crate::roster::{By, participant_key};
use question_bank::id::{
    CandidateId, CorrectionId, Digest32, ObjectionDecisionId, ObjectionId, PublicationId, RevisionId, SelectionId, SittingId, StageId,
};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

// ---- rule set ---------------------------------------------------------------------------------------------------------------------

impl Store {
    /// Chooses the rule set of a selection; earlier choices stay.
    pub async fn choose_rule_set(&self, id: [u8; 16], choice: &RuleSetChoice) -> Result<(), Error> {
        sqlx::query(
            "insert into rule_set (id, selection_id, hash, texts, reason, at_utc_ms, staff_id)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id.to_vec())
        .bind(bytes(choice.selection_id))
        .bind(choice.hash.0.to_vec())
        .bind(&choice.texts_json)
        .bind(&choice.reason)
        .bind(choice.by.at_utc_ms)
        .bind(bytes(choice.by.staff_id))
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// The rule set of a selection: the newest choice.
    pub async fn rule_set_of_selection(&self, selection: SelectionId) -> Result<Option<RuleSetChosen>, Error> {
        let row = sqlx::query(
            "select rule_set.selection_id, rule_set.hash, rule_set.texts, rule_set.reason, rule_set.at_utc_ms, rule_set.staff_id,
                 staff.name as by_name, count(*) over () as choices
             from rule_set
             join staff on staff.id = rule_set.staff_id
             where rule_set.selection_id = $1
             order by rule_set.at_utc_ms desc, rule_set.rowid desc
             limit 1",
        )
        .bind(bytes(selection))
        .fetch_optional(self.reader())
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(RuleSetChosen {
            choice: RuleSetChoice {
                selection_id: id(&row, "selection_id")?,
                hash: digest(&row, "hash")?,
                texts_json: row.try_get("texts")?,
                reason: row.try_get("reason")?,
                by: by(&row)?,
            },
            by_name: row.try_get("by_name")?,
            choices: whole(&row, "choices")?,
        }))
    }

    /// Everybody of a selection, by participant number. Private.
    pub async fn applicants_of_selection(&self, selection: SelectionId) -> Result<Vec<Applicant>, Error> {
        let rows = sqlx::query(
            "select candidate.id, candidate.participant_no, candidate.name, formation.code as formation_code, candidate.category,
                 candidate.gpa_milli, candidate.birth_date, candidate.facts
             from candidate
             join formation on formation.id = candidate.formation_id
             where candidate.selection_id = $1
             order by candidate.participant_no",
        )
        .bind(bytes(selection))
        .fetch_all(self.reader())
        .await?;
        let applicant = |row: &SqliteRow| {
            Ok(Applicant {
                id: id(row, "id")?,
                participant_no: row.try_get("participant_no")?,
                name: row.try_get("name")?,
                formation_code: row.try_get("formation_code")?,
                category: row.try_get("category")?,
                gpa_milli: row.try_get("gpa_milli")?,
                birth_date: row.try_get("birth_date")?,
                facts_json: row.try_get("facts")?,
            })
        };
        rows.iter().map(applicant).collect()
    }
}

// ---- counts of proctors -----------------------------------------------------------------------------------------------------------

impl Store {
    /// Adds a count of a sitting; the newest one counts.
    pub async fn add_attendance_count(&self, id: [u8; 16], sitting: SittingId, count: &AttendanceCount) -> Result<(), Error> {
        sqlx::query(
            "insert into attendance_count (id, sitting_id, present, absent, note, at_utc_ms, staff_id)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id.to_vec())
        .bind(bytes(sitting))
        .bind(i64::from(count.present))
        .bind(i64::from(count.absent))
        .bind(&count.note)
        .bind(count.by.at_utc_ms)
        .bind(bytes(count.by.staff_id))
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// The newest count of a sitting.
    pub async fn attendance_count(&self, sitting: SittingId) -> Result<Option<AttendanceCount>, Error> {
        let row = sqlx::query(
            "select attendance_count.present, attendance_count.absent, attendance_count.note, attendance_count.at_utc_ms,
                 attendance_count.staff_id, staff.name as by_name
             from attendance_count
             join staff on staff.id = attendance_count.staff_id
             where attendance_count.sitting_id = $1
             order by attendance_count.at_utc_ms desc, attendance_count.rowid desc
             limit 1",
        )
        .bind(bytes(sitting))
        .fetch_optional(self.reader())
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(AttendanceCount {
            present: whole(&row, "present")?,
            absent: whole(&row, "absent")?,
            note: row.try_get("note")?,
            by: by(&row)?,
            by_name: row.try_get("by_name")?,
        }))
    }

    /// Adds an explanation of a difference.
    pub async fn explain_difference(&self, id: [u8; 16], sitting: SittingId, explained: &DifferenceExplained) -> Result<(), Error> {
        sqlx::query(
            "insert into difference_explained (id, sitting_id, code, numbers, text, at_utc_ms, staff_id)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id.to_vec())
        .bind(bytes(sitting))
        .bind(&explained.code)
        .bind(&explained.numbers)
        .bind(&explained.text)
        .bind(explained.by.at_utc_ms)
        .bind(bytes(explained.by.staff_id))
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// Explanations of a sitting's differences, newest first.
    pub async fn differences_explained(&self, sitting: SittingId) -> Result<Vec<DifferenceExplained>, Error> {
        let rows = sqlx::query(
            "select difference_explained.code, difference_explained.numbers, difference_explained.text, difference_explained.at_utc_ms,
                 difference_explained.staff_id, staff.name as by_name
             from difference_explained
             join staff on staff.id = difference_explained.staff_id
             where difference_explained.sitting_id = $1
             order by difference_explained.at_utc_ms desc, difference_explained.rowid desc",
        )
        .bind(bytes(sitting))
        .fetch_all(self.reader())
        .await?;
        let explained = |row: &SqliteRow| {
            Ok(DifferenceExplained {
                code: row.try_get("code")?,
                numbers: row.try_get("numbers")?,
                text: row.try_get("text")?,
                by: by(row)?,
                by_name: row.try_get("by_name")?,
            })
        };
        rows.iter().map(explained).collect()
    }
}

// ---- revision ---------------------------------------------------------------------------------------------------------------------

const REVISION: &str = "
    select revision.id, revision.stage_id, revision.number, revision.correction_id, revision.reason, revision.people, revision.rule_set,
        revision.rule_set_hash, revision.input_hash, revision.results_hash, revision.at_utc_ms, revision.staff_id,
        first.name as by_name, second.name as second_name, publication.id as publication_id,
        (select group_concat(name, '/') from revision_file where revision_id = revision.id) as files
    from revision
    join staff as first on first.id = revision.staff_id
    left join staff as second on second.id = revision.second_id
    left join publication on publication.revision_id = revision.id";

impl Store {
    /// Adopts the first results of a stage. Conflict: `revision_number_unique`, when there are some.
    pub async fn adopt_first(&self, revision: &NewRevision) -> Result<(), Error> {
        let mut tx = self.write().await?;
        add_revision(&mut tx, revision).await?;
        Ok(tx.commit().await?)
    }

    /// The revisions of a stage, newest first.
    pub async fn revisions_of_stage(&self, stage: StageId) -> Result<Vec<Revision>, Error> {
        let rows = sqlx::query(sql([REVISION, "where revision.stage_id = $1 order by revision.number desc"]))
            .bind(bytes(stage))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(revision).collect()
    }

    /// Every revision, by stage and number.
    pub async fn revisions(&self) -> Result<Vec<Revision>, Error> {
        let rows = sqlx::query(sql([REVISION, "order by revision.stage_id, revision.number"])).fetch_all(self.reader()).await?;
        rows.iter().map(revision).collect()
    }

    /// One revision.
    pub async fn revision_by_id(&self, id: RevisionId) -> Result<Revision, Error> {
        revision(&sqlx::query(sql([REVISION, "where revision.id = $1"])).bind(bytes(id)).fetch_one(self.reader()).await?)
    }

    /// The files of a revision, by name. Damaged when one is not what its SHA-256 says.
    pub async fn revision_files(&self, id: RevisionId) -> Result<Vec<RevisionFile>, Error> {
        let rows = sqlx::query(
            "select name, body, sha256
             from revision_file
             where revision_id = $1
             order by name",
        )
        .bind(bytes(id))
        .fetch_all(self.reader())
        .await?;
        let file = |row: &SqliteRow| {
            let file = RevisionFile { name: row.try_get("name")?, body: row.try_get("body")? };
            if Digest32::of(&file.body) == digest(row, "sha256")? { Ok(file) } else { Err(damaged("body")) }
        };
        rows.iter().map(file).collect()
    }
}

async fn add_revision(connection: &mut SqliteConnection, revision: &NewRevision) -> Result<(), Error> {
    let last = sqlx::query(
        "select coalesce(max(number), 0) as number
         from revision
         where stage_id = $1",
    )
    .bind(bytes(revision.stage_id))
    .fetch_one(&mut *connection)
    .await?;
    if whole::<u32>(&last, "number")? + 1 != revision.number {
        return Err(conflict("revision_number_unique"));
    }
    sqlx::query(
        "insert into revision (id, stage_id, number, correction_id, reason, people, rule_set, rule_set_hash, input_hash, results_hash,
             at_utc_ms, staff_id, second_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(bytes(revision.id))
    .bind(bytes(revision.stage_id))
    .bind(i64::from(revision.number))
    .bind(revision.correction_id.map(bytes))
    .bind(&revision.reason)
    .bind(i64::from(revision.people))
    .bind(&revision.rule_set)
    .bind(&revision.rule_set_hash)
    .bind(revision.input_hash.0.to_vec())
    .bind(revision.results_hash.0.to_vec())
    .bind(revision.by.at_utc_ms)
    .bind(bytes(revision.by.staff_id))
    .bind(revision.second_id.map(bytes))
    .execute(&mut *connection)
    .await?;
    for file in &revision.files {
        sqlx::query(
            "insert into revision_file (revision_id, name, body, sha256)
             values ($1, $2, $3, $4)",
        )
        .bind(bytes(revision.id))
        .bind(&file.name)
        .bind(&file.body)
        .bind(Digest32::of(&file.body).0.to_vec())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

fn revision(row: &SqliteRow) -> Result<Revision, Error> {
    let names = [row.try_get::<Option<String>, _>("by_name")?, row.try_get("second_name")?];
    Ok(Revision {
        id: id(row, "id")?,
        stage_id: id(row, "stage_id")?,
        number: whole(row, "number")?,
        correction_id: maybe_id(row, "correction_id")?,
        reason: row.try_get("reason")?,
        people: whole(row, "people")?,
        rule_set: row.try_get("rule_set")?,
        rule_set_hash: row.try_get("rule_set_hash")?,
        input_hash: digest(row, "input_hash")?,
        results_hash: digest(row, "results_hash")?,
        by: by(row)?,
        names: names.into_iter().flatten().collect(),
        files: row.try_get::<Option<&str>, _>("files")?.map(|files| files.split('/').map(str::to_owned).collect()).unwrap_or_default(),
        publication_id: maybe_id(row, "publication_id")?,
    })
}

// ---- correction -------------------------------------------------------------------------------------------------------------------

const CORRECTION: &str = "
    select correction.id, correction.stage_id, correction.change, correction.reason, correction.objection_id, correction.at_utc_ms,
        correction.staff_id, correction.state, correction.rejected_because, staff.name as by_name, revision.number as revision
    from correction
    join staff on staff.id = correction.staff_id
    left join revision on revision.correction_id = correction.id";

impl Store {
    /// Proposes a change of results.
    pub async fn add_correction(&self, correction: &NewCorrection) -> Result<(), Error> {
        sqlx::query(
            "insert into correction (id, stage_id, change, reason, objection_id, at_utc_ms, staff_id, state, rejected_because)
             values ($1, $2, $3, $4, $5, $6, $7, 'open', '')",
        )
        .bind(bytes(correction.id))
        .bind(bytes(correction.stage_id))
        .bind(&correction.change_json)
        .bind(&correction.reason)
        .bind(correction.objection_id.map(bytes))
        .bind(correction.by.at_utc_ms)
        .bind(bytes(correction.by.staff_id))
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// The corrections of a stage, oldest first.
    pub async fn corrections_of_stage(&self, stage: StageId) -> Result<Vec<Correction>, Error> {
        let rows = sqlx::query(sql([CORRECTION, "where correction.stage_id = $1 order by correction.at_utc_ms, correction.rowid"]))
            .bind(bytes(stage))
            .fetch_all(self.reader())
            .await?;
        let mut corrections = rows.iter().map(correction).collect::<Result<Vec<_>, _>>()?;
        for one in &mut corrections {
            one.approvals = self.approvals_of_correction(one.proposed.id).await?;
        }
        Ok(corrections)
    }

    /// One correction.
    pub async fn correction_by_id(&self, id: CorrectionId) -> Result<Correction, Error> {
        let row = sqlx::query(sql([CORRECTION, "where correction.id = $1"])).bind(bytes(id)).fetch_one(self.reader()).await?;
        Ok(Correction { approvals: self.approvals_of_correction(id).await?, ..correction(&row)? })
    }

    async fn approvals_of_correction(&self, correction: CorrectionId) -> Result<Vec<CorrectionApproval>, Error> {
        let rows = sqlx::query(
            "select correction_approval.correction_id, correction_approval.effect_hash, correction_approval.browser_hash,
                 correction_approval.at_utc_ms, correction_approval.staff_id, staff.name as by_name
             from correction_approval
             join staff on staff.id = correction_approval.staff_id
             where correction_approval.correction_id = $1
             order by correction_approval.at_utc_ms, correction_approval.rowid",
        )
        .bind(bytes(correction))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(approval).collect()
    }

    /// Approves an effect of a waiting correction; with the second approval the revision is adopted. Conflicts: `correction_decided`,
    /// `correction_approval_person_unique`, `correction_approval_browser_unique`, `revision_number_unique`.
    pub async fn approve_correction(&self, approval: &CorrectionApproval, revision: Option<&NewRevision>) -> Result<(), Error> {
        let mut tx = self.write().await?;
        let state = if revision.is_some() { CorrectionState::Adopted } else { CorrectionState::Open };
        let done = sqlx::query(
            "update correction
             set state = $2
             where id = $1 and state = 'open'",
        )
        .bind(bytes(approval.correction_id))
        .bind(state.code())
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() != 1 {
            return Err(conflict("correction_decided"));
        }
        sqlx::query(
            "insert into correction_approval (correction_id, effect_hash, staff_id, browser_hash, at_utc_ms)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(bytes(approval.correction_id))
        .bind(approval.effect_hash.0.to_vec())
        .bind(bytes(approval.by.staff_id))
        .bind(approval.browser_hash.0.to_vec())
        .bind(approval.by.at_utc_ms)
        .execute(&mut *tx)
        .await?;
        if let Some(revision) = revision {
            add_revision(&mut tx, revision).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Rejects a waiting correction. Conflict: `correction_decided`.
    pub async fn reject_correction(&self, id: CorrectionId, because: &str, by: By) -> Result<(), Error> {
        let done = sqlx::query(
            "update correction
             set state = 'rejected', rejected_because = $2, rejected_by = $3
             where id = $1 and state = 'open'",
        )
        .bind(bytes(id))
        .bind(because)
        .bind(bytes(by.staff_id))
        .execute(self.writer())
        .await?;
        if done.rows_affected() == 1 {
            return Ok(());
        }
        self.correction_by_id(id).await?;
        Err(conflict("correction_decided"))
    }
}

fn correction(row: &SqliteRow) -> Result<Correction, Error> {
    let state: &str = row.try_get("state")?;
    Ok(Correction {
        proposed: NewCorrection {
            id: id(row, "id")?,
            stage_id: id(row, "stage_id")?,
            change_json: row.try_get("change")?,
            reason: row.try_get("reason")?,
            objection_id: maybe_id(row, "objection_id")?,
            by: by(row)?,
        },
        by_name: row.try_get("by_name")?,
        state: CorrectionState::from_code(state).ok_or_else(|| damaged("state"))?,
        rejected_because: row.try_get("rejected_because")?,
        revision: row
            .try_get::<Option<i64>, _>("revision")?
            .map(|number| u32::try_from(number).map_err(|_| damaged("revision")))
            .transpose()?,
        approvals: Vec::new(),
    })
}

fn approval(row: &SqliteRow) -> Result<CorrectionApproval, Error> {
    Ok(CorrectionApproval {
        correction_id: id(row, "correction_id")?,
        effect_hash: digest(row, "effect_hash")?,
        browser_hash: digest(row, "browser_hash")?,
        by: by(row)?,
        by_name: row.try_get("by_name")?,
    })
}

// ---- objection --------------------------------------------------------------------------------------------------------------------

const OBJECTION: &str = "
    select objection.id, objection.stage_id, objection.candidate_id, candidate.participant_no, candidate.name,
        formation.code as formation_code, objection.text, objection.attachment_name, objection.attachment_type,
        length(objection.attachment) as attachment_bytes, objection.at_utc_ms as received_utc_ms,
        decision.id as decision_id, decision.granted, decision.answer, decision.correction_id, decision.staff_id, decision.browser_hash, decision.at_utc_ms,
        decision.second_utc_ms, first.name as by_name, second.name as second_name
    from objection
    join candidate on candidate.id = objection.candidate_id
    join formation on formation.id = candidate.formation_id
    left join objection_decision as decision on decision.objection_id = objection.id and decision.state <> 'returned'
    left join staff as first on first.id = decision.staff_id
    left join staff as second on second.id = decision.second_id";

impl Store {
    /// Says when objections to a stage are taken; the newest word counts.
    pub async fn put_objection_window(&self, id: [u8; 16], stage: StageId, window: ObjectionWindow, by: By) -> Result<(), Error> {
        sqlx::query(
            "insert into objection_window (id, stage_id, opens_utc_ms, closes_utc_ms, at_utc_ms, staff_id)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id.to_vec())
        .bind(bytes(stage))
        .bind(window.opens_utc_ms)
        .bind(window.closes_utc_ms)
        .bind(by.at_utc_ms)
        .bind(bytes(by.staff_id))
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// When objections to a stage are taken.
    pub async fn objection_window(&self, stage: StageId) -> Result<Option<ObjectionWindow>, Error> {
        let row = sqlx::query(
            "select opens_utc_ms, closes_utc_ms
             from objection_window
             where stage_id = $1
             order by at_utc_ms desc, rowid desc
             limit 1",
        )
        .bind(bytes(stage))
        .fetch_optional(self.reader())
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(ObjectionWindow { opens_utc_ms: row.try_get("opens_utc_ms")?, closes_utc_ms: row.try_get("closes_utc_ms")? }))
    }

    /// Receives an objection. Conflict: `objection_candidate_unique`, when the candidate has objected to this stage.
    pub async fn add_objection(&self, objection: &NewObjection) -> Result<(), Error> {
        let attachment = objection.attachment.as_ref();
        sqlx::query(
            "insert into objection (id, stage_id, candidate_id, text, attachment_name, attachment_type, attachment, at_utc_ms)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(bytes(objection.id))
        .bind(bytes(objection.stage_id))
        .bind(bytes(objection.candidate_id))
        .bind(&objection.text)
        .bind(attachment.map(|attachment| &attachment.name))
        .bind(attachment.map(|attachment| &attachment.media_type))
        .bind(attachment.map(|attachment| &attachment.bytes))
        .bind(objection.at_utc_ms)
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// The objections to a stage, oldest first.
    pub async fn objections_of_stage(&self, stage: StageId) -> Result<Vec<Objection>, Error> {
        let rows = sqlx::query(sql([OBJECTION, "where objection.stage_id = $1 order by objection.at_utc_ms, objection.rowid"]))
            .bind(bytes(stage))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(objection).collect()
    }

    /// The objections of a candidate.
    pub async fn objections_of_candidate(&self, candidate: CandidateId) -> Result<Vec<Objection>, Error> {
        let rows = sqlx::query(sql([OBJECTION, "where objection.candidate_id = $1 order by objection.at_utc_ms"]))
            .bind(bytes(candidate))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(objection).collect()
    }

    /// One objection.
    pub async fn objection_by_id(&self, id: ObjectionId) -> Result<Objection, Error> {
        objection(&sqlx::query(sql([OBJECTION, "where objection.id = $1"])).bind(bytes(id)).fetch_one(self.reader()).await?)
    }

    /// The file that came with an objection. Private.
    pub async fn objection_attachment(&self, id: ObjectionId) -> Result<Attachment, Error> {
        let row = sqlx::query(
            "select attachment_name, attachment_type, attachment
             from objection
             where id = $1 and attachment is not null",
        )
        .bind(bytes(id))
        .fetch_one(self.reader())
        .await?;
        Ok(Attachment {
            name: row.try_get("attachment_name")?,
            media_type: row.try_get("attachment_type")?,
            bytes: row.try_get("attachment")?,
        })
    }

    /// Decides an objection; a second person must confirm it. Conflict: `objection_decision_open_unique`, when it is decided.
    pub async fn decide_objection(&self, id: ObjectionDecisionId, decision: &NewObjectionDecision) -> Result<(), Error> {
        sqlx::query(
            "insert into objection_decision (id, objection_id, granted, answer, correction_id, staff_id, browser_hash, at_utc_ms, state,
                 second_reason)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'decided', '')",
        )
        .bind(bytes(id))
        .bind(bytes(decision.objection_id))
        .bind(i64::from(decision.granted))
        .bind(&decision.answer)
        .bind(decision.correction_id.map(bytes))
        .bind(bytes(decision.by.staff_id))
        .bind(decision.browser_hash.0.to_vec())
        .bind(decision.by.at_utc_ms)
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// Confirms a decision that waits. Conflicts: `objection_decision_second_person`, `objection_decision_browser_check`, `objection_decided`
    /// (it does not wait any more).
    pub async fn confirm_objection(&self, decision: ObjectionDecisionId, browser_hash: Digest32, by: By) -> Result<(), Error> {
        self.second(decision, "confirmed", "", browser_hash, by).await
    }

    /// Takes a decision that waits back. Conflict: `objection_decided` (it does not wait any more).
    pub async fn return_objection(&self, decision: ObjectionDecisionId, reason: &str, browser_hash: Digest32, by: By) -> Result<(), Error> {
        self.second(decision, "returned", reason, browser_hash, by).await
    }

    async fn second(&self, decision: ObjectionDecisionId, state: &str, reason: &str, browser_hash: Digest32, by: By) -> Result<(), Error> {
        let done = sqlx::query(
            "update objection_decision
             set state = $2, second_id = $3, second_reason = $4, second_utc_ms = $5, second_browser_hash = $6
             where id = $1 and state = 'decided'",
        )
        .bind(bytes(decision))
        .bind(state)
        .bind(bytes(by.staff_id))
        .bind(reason)
        .bind(by.at_utc_ms)
        .bind(browser_hash.0.to_vec())
        .execute(self.writer())
        .await?;
        if done.rows_affected() == 1 { Ok(()) } else { Err(conflict("objection_decided")) }
    }

    /// The candidate of these facts, which only the candidate knows together; the newest selection first. Private.
    pub async fn candidate_by_secrets(&self, participant_no: &str, nik: &str, birth_date: &str) -> Result<Option<CandidateId>, Error> {
        let row = sqlx::query(
            "select candidate.id
             from candidate
             join selection on selection.id = candidate.selection_id
             where candidate.participant_key = $1 and candidate.nik = $2 and candidate.birth_date = $3
             order by selection.created_utc_ms desc
             limit 1",
        )
        .bind(participant_key(participant_no))
        .bind(nik)
        .bind(birth_date)
        .fetch_optional(self.reader())
        .await?;
        row.map(|row| id(&row, "id")).transpose()
    }

    /// Lets a candidate in, and forgets those whose time is over.
    pub async fn add_candidate_session(&self, token_hash: Digest32, candidate: CandidateId, now: i64, expires: i64) -> Result<(), Error> {
        let mut tx = self.write().await?;
        sqlx::query("delete from candidate_session where expires_utc_ms <= $1").bind(now).execute(&mut *tx).await?;
        sqlx::query(
            "insert into candidate_session (token_hash, candidate_id, expires_utc_ms)
             values ($1, $2, $3)",
        )
        .bind(token_hash.0.to_vec())
        .bind(bytes(candidate))
        .bind(expires)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Who speaks through a candidate's session that is live now: candidate, participant number, name, selection and its title.
    pub async fn candidate_signed_in(
        &self,
        token_hash: Digest32,
        now: i64,
    ) -> Result<Option<(CandidateId, String, String, SelectionId, String)>, Error> {
        let row = sqlx::query(
            "select candidate.id, candidate.participant_no, candidate.name, selection.id as selection_id, selection.title
             from candidate_session
             join candidate on candidate.id = candidate_session.candidate_id
             join selection on selection.id = candidate.selection_id
             where candidate_session.token_hash = $1 and candidate_session.expires_utc_ms > $2",
        )
        .bind(token_hash.0.to_vec())
        .bind(now)
        .fetch_optional(self.reader())
        .await?;
        let found = |row: SqliteRow| {
            Ok((id(&row, "id")?, row.try_get("participant_no")?, row.try_get("name")?, id(&row, "selection_id")?, row.try_get("title")?))
        };
        row.map(found).transpose()
    }

    /// Ends a candidate's session; one that is over already is fine.
    pub async fn revoke_candidate_session(&self, token_hash: Digest32) -> Result<(), Error> {
        sqlx::query("delete from candidate_session where token_hash = $1").bind(token_hash.0.to_vec()).execute(self.writer()).await?;
        Ok(())
    }
}

fn objection(row: &SqliteRow) -> Result<Objection, Error> {
    let attachment = match row.try_get::<Option<String>, _>("attachment_name")? {
        Some(name) => Some((name, row.try_get("attachment_type")?, whole(row, "attachment_bytes")?)),
        None => None,
    };
    let objection_id = id(row, "id")?;
    let decision = match row.try_get::<Option<i64>, _>("granted")? {
        Some(_) => Some(ObjectionDecision {
            id: id(row, "decision_id")?,
            made: NewObjectionDecision {
                objection_id,
                granted: truth(row, "granted")?,
                answer: row.try_get("answer")?,
                correction_id: maybe_id(row, "correction_id")?,
                browser_hash: digest(row, "browser_hash")?,
                by: by(row)?,
            },
            by_name: row.try_get("by_name")?,
            confirmed: row.try_get::<Option<String>, _>("second_name")?.zip(row.try_get("second_utc_ms")?),
        }),
        None => None,
    };
    Ok(Objection {
        id: objection_id,
        stage_id: id(row, "stage_id")?,
        candidate_id: id(row, "candidate_id")?,
        participant_no: row.try_get("participant_no")?,
        name: row.try_get("name")?,
        formation_code: row.try_get("formation_code")?,
        text: row.try_get("text")?,
        attachment,
        at_utc_ms: row.try_get("received_utc_ms")?,
        decision,
    })
}

/// Who did it and when, by the usual columns.
fn by(row: &SqliteRow) -> Result<By, Error> {
    Ok(By { staff_id: id(row, "staff_id")?, at_utc_ms: row.try_get("at_utc_ms")? })
}

// ---- publication ------------------------------------------------------------------------------------------------------------------

const PUBLICATION: &str = "
    select publication.id, publication.selection_id, publication.stage_id, selection.title as selection_title,
        stage.title as stage_title, publication.revision, publication.number, publication.title, publication.reason, publication.people,
        publication.input_hash, publication.sha256, publication.published_utc_ms, publication.staff_id
    from publication
    join stage on stage.id = publication.stage_id
    join selection on selection.id = publication.selection_id";

impl Store {
    /// Publishes the newest revision of a stage. Conflicts: `publication_revision_newest`, when there is a newer one;
    /// `publication_revision_unique`, when this one is published.
    pub async fn add_publication(&self, publication: &NewPublication) -> Result<(), Error> {
        let mut tx = self.write().await?;
        if publication.revision < newest_revision(&mut tx, publication.stage_id).await? {
            return Err(conflict("publication_revision_newest"));
        }
        if publication.revision <= last_published(&mut tx, publication.stage_id).await? {
            return Err(conflict("publication_revision_unique"));
        }
        let done = sqlx::query(
            "insert into publication (id, selection_id, stage_id, revision, number, title, reason, people, input_hash, body, sha256,
                 published_utc_ms, staff_id, revision_id)
             select $1, stage.selection_id, stage.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, revision.id
             from stage
             join revision on revision.stage_id = stage.id and revision.number = $4
             where stage.id = $3 and stage.selection_id = $2 and revision.id = $14",
        )
        .bind(bytes(publication.id))
        .bind(bytes(publication.selection_id))
        .bind(bytes(publication.stage_id))
        .bind(i64::from(publication.revision))
        .bind(&publication.number)
        .bind(&publication.title)
        .bind(&publication.reason)
        .bind(i64::from(publication.people))
        .bind(publication.input_hash.0.to_vec())
        .bind(&publication.body)
        .bind(publication.sha256.0.to_vec())
        .bind(publication.by.at_utc_ms)
        .bind(bytes(publication.by.staff_id))
        .bind(bytes(publication.revision_id))
        .execute(&mut *tx)
        .await?;
        one_row(&done)?;
        Ok(tx.commit().await?)
    }

    /// All publications, newest first.
    pub async fn publications(&self) -> Result<Vec<Publication>, Error> {
        let rows = sqlx::query(sql([PUBLICATION, "order by publication.published_utc_ms desc, publication.revision desc"]))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(publication).collect()
    }

    /// One publication.
    pub async fn publication_by_id(&self, id: PublicationId) -> Result<Publication, Error> {
        publication(&sqlx::query(sql([PUBLICATION, "where publication.id = $1"])).bind(bytes(id)).fetch_one(self.reader()).await?)
    }

    /// The JSON file of a publication, byte for byte as published. Damaged when it is not what its SHA-256 says.
    pub async fn publication_body(&self, id: PublicationId) -> Result<Vec<u8>, Error> {
        let row = sqlx::query(
            "select body, sha256
             from publication
             where id = $1",
        )
        .bind(bytes(id))
        .fetch_one(self.reader())
        .await?;
        let body: Vec<u8> = row.try_get("body")?;
        if Digest32::of(&body) == digest(&row, "sha256")? { Ok(body) } else { Err(damaged("body")) }
    }
}

async fn newest_revision(connection: &mut SqliteConnection, stage: StageId) -> Result<u32, Error> {
    let row = sqlx::query(
        "select coalesce(max(number), 0) as number
         from revision
         where stage_id = $1",
    )
    .bind(bytes(stage))
    .fetch_one(connection)
    .await?;
    whole(&row, "number")
}

async fn last_published(connection: &mut SqliteConnection, stage: StageId) -> Result<u32, Error> {
    let row = sqlx::query(
        "select coalesce(max(revision), 0) as revision
         from publication
         where stage_id = $1",
    )
    .bind(bytes(stage))
    .fetch_one(connection)
    .await?;
    whole(&row, "revision")
}

fn publication(row: &SqliteRow) -> Result<Publication, Error> {
    Ok(Publication {
        id: id(row, "id")?,
        selection_id: id(row, "selection_id")?,
        stage_id: id(row, "stage_id")?,
        selection_title: row.try_get("selection_title")?,
        stage_title: row.try_get("stage_title")?,
        revision: whole(row, "revision")?,
        number: row.try_get("number")?,
        title: row.try_get("title")?,
        reason: row.try_get("reason")?,
        people: whole(row, "people")?,
        input_hash: digest(row, "input_hash")?,
        sha256: digest(row, "sha256")?,
        by: By { staff_id: id(row, "staff_id")?, at_utc_ms: row.try_get("published_utc_ms")? },
    })
}
