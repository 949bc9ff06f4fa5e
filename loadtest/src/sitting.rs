//! A sitting from open doors to the last submission, with everybody simulated.

use crate::candidate::{Diary, Habits, take_exam};
use crate::staff::Staff;
use crate::terminal::{Seated, sign_in};
use anyhow::{Context, Result, bail};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::JoinSet;
use wire::desk::DeskPerson;
use wire::proctor::{Attendance, ProctorAct, SittingPhase, SittingSummary};

/// Checks people in at the desk and signs them in at terminals: at most `count` of those who have not come yet.
pub async fn seat_people(registrar: &Staff, base: &str, sitting: &str, count: usize, mut progress: impl FnMut(u64)) -> Result<Vec<Seated>> {
    let people = expected(registrar, sitting).await?;
    let client = reqwest::Client::new();
    let mut seated = Vec::new();
    for person in people.into_iter().take(count) {
        let pin = registrar.check_in(&person.session).await?.done().with_context(|| format!("check-in of {}", person.participant_no))?;
        seated.push(sign_in(&client, base, &person.participant_no, &pin.pin).await?);
        progress(seated.len() as u64);
    }
    Ok(seated)
}

/// Everybody who is expected; the desk shows at most a hundred at once, so it is asked by the endings of numbers.
async fn expected(registrar: &Staff, sitting: &str) -> Result<Vec<DeskPerson>> {
    let mut people = registrar.desk(sitting, "").await?;
    let mut all = std::mem::take(&mut people.people);
    if people.counts.enrolled as usize > all.len() {
        all.clear();
        for ending in 0..1000 {
            let found = registrar.desk(sitting, &format!("{ending:03}")).await?.people;
            all.extend(found.into_iter().filter(|person| person.participant_no.ends_with(&format!("{ending:03}"))));
        }
    }
    all.sort_by(|a, b| a.participant_no.cmp(&b.participant_no));
    all.dedup_by(|a, b| a.session == b.session);
    all.retain(|person| person.attendance == Attendance::Expected);
    Ok(all)
}

/// Opens the doors if they are closed.
pub async fn open(proctor: &Staff, sitting: &SittingSummary) -> Result<()> {
    if sitting.phase == SittingPhase::Planned {
        proctor.command(&sitting.id, ProctorAct::Open, "").await?.done().context("opening the doors")?;
    }
    Ok(())
}

/// Lets a sitting start.
pub async fn start(proctor: &Staff, sitting: &str) -> Result<()> {
    proctor.command(sitting, ProctorAct::Start, "").await?.done().context("starting the sitting")?;
    Ok(())
}

/// Everybody takes the exam at once. `answers` counts acknowledged answers as they come.
pub async fn everybody(seated: Vec<Seated>, habits: Habits, answers: Arc<AtomicU64>) -> Result<Vec<Diary>> {
    let mut exams = JoinSet::new();
    for (index, seated) in (0..).zip(seated) {
        let answers = Arc::clone(&answers);
        let habits = Habits { seed: habits.seed.wrapping_add(index), ..habits };
        exams.spawn(async move {
            let number = seated.session.participant_no.clone();
            let diary = take_exam(&seated, habits, || {
                answers.fetch_add(1, Ordering::Relaxed);
            });
            diary.await.with_context(|| format!("candidate {number}"))
        });
    }
    let mut diaries = Vec::new();
    while let Some(diary) = exams.join_next().await {
        match diary? {
            Ok(diary) => diaries.push(diary),
            Err(error) => bail!("{error:#}"),
        }
    }
    diaries.sort_by(|a, b| a.participant_no.cmp(&b.participant_no));
    Ok(diaries)
}
