//! What the committee does after the last sitting: counts, explains, adopts, publishes.

use anyhow::{Result, ensure};
use loadtest::staff::Staff;
use serde_json::Value;
use wire::results::{
    AdoptFirst, Approve, Change, Computation, CorrectionView, Effect, ExplainDifference, NewCorrection, PreviewMade, PublicationView,
    Publish, PublishPreview, PutAttendanceCount, Reconciliation, RevisionView,
};

/// Enters for each sitting the count that its journal has, and explains what is left.
pub async fn reconcile(committee: &Staff, stage: &str) -> Result<()> {
    let committee = &committee.patient();
    let path = format!("/api/v1/stages/{stage}/reconciliation");
    let before: Reconciliation = committee.get(&path).await?.done()?;
    for sitting in before.sittings {
        let count = PutAttendanceCount { present: sitting.counts.present, absent: sitting.counts.absent, note: String::new() };
        committee.put::<Value>(&format!("/api/v1/sittings/{}/attendance-count", sitting.sitting), &count).await?.done()?;
    }
    let counted: Reconciliation = committee.get(&path).await?.done()?;
    for sitting in counted.sittings {
        for difference in sitting.differences {
            let text = ExplainDifference { code: difference.code, numbers: difference.numbers, text: "Tercatat dalam berita acara".into() };
            committee.post::<Value>(&format!("/api/v1/sittings/{}/explained-differences", sitting.sitting), &text).await?.done()?;
        }
    }
    let explained: Reconciliation = committee.get(&path).await?.done()?;
    ensure!(explained.unexplained == 0, "differences are left: {explained:?}");
    Ok(())
}

/// Computes a stage.
pub async fn compute(committee: &Staff, stage: &str) -> Result<Computation> {
    let committee = &committee.patient();
    committee.post(&format!("/api/v1/stages/{stage}/computation"), &serde_json::json!({})).await?.done()
}

/// Adopts what is computed as the first revision.
pub async fn adopt(committee: &Staff, stage: &str) -> Result<RevisionView> {
    let committee = &committee.patient();
    reconcile(committee, stage).await?;
    let computation = compute(committee, stage).await?;
    ensure!(computation.obstacles.is_empty(), "{:?}", computation.obstacles);
    ensure!(computation.results.second_scorer.agrees, "{:?}", computation.results.second_scorer);
    let asked = AdoptFirst { input_hash: computation.results.input_hash, reason: String::new() };
    committee.post(&format!("/api/v1/stages/{stage}/revisions"), &asked).await?.done()
}

/// Publishes a revision.
pub async fn publish(committee: &Staff, stage: &str, revision: u32) -> Result<PublicationView> {
    let committee = &committee.patient();
    let preview = preview(committee, stage, revision).await?;
    committee.post(&format!("/api/v1/stages/{stage}/publications"), &PublishPreview { preview: preview.id }).await?.done()
}

/// Makes a preview of a revision.
pub async fn preview(committee: &Staff, stage: &str, revision: u32) -> Result<PreviewMade> {
    committee.post(&format!("/api/v1/stages/{stage}/publication-previews"), &announcement(revision)).await?.done()
}

/// The words around a list.
pub fn announcement(revision: u32) -> Publish {
    Publish {
        revision,
        letterhead: vec!["PEMERINTAH KOTA UJI".into(), "BKPSDM".into()],
        title: "Hasil Uji".into(),
        number: "1/2026".into(),
        decrees: vec!["Peraturan Uji Nomor 1".into()],
        place: "Kota Uji".into(),
        signatory_position: "Ketua Panitia".into(),
        signatory_name: "Uji".into(),
    }
}

/// Proposes a correction; its id.
pub async fn propose(committee: &Staff, stage: &str, change: Change, objection: Option<String>) -> Result<String> {
    let committee = &committee.patient();
    let asked = NewCorrection { change, reason: "Sesuai berita acara".into(), objection };
    Ok(committee.post::<wire::Created>(&format!("/api/v1/stages/{stage}/corrections"), &asked).await?.done()?.id)
}

/// What a correction would do.
pub async fn effect(committee: &Staff, correction: &str) -> Result<Effect> {
    let committee = &committee.patient();
    committee.get(&format!("/api/v1/corrections/{correction}/effect")).await?.done()
}

/// Looks at the effect of a correction and approves it.
pub async fn approve(committee: &Staff, correction: &str) -> Result<CorrectionView> {
    let committee = &committee.patient();
    let asked = Approve { effect_hash: effect(committee, correction).await?.effect_hash };
    committee.post(&format!("/api/v1/corrections/{correction}/approve"), &asked).await?.done()
}
