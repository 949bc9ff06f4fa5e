//! After the exam: a void item that moves people, approved by two; an objection answered by two; files from which a stranger computes the same;
//! and nothing private in anything public.

use anyhow::{Context, Result};
use loadtest::candidate::{Diary, Habits};
use loadtest::sitting::{everybody, open, seat_people, start};
use loadtest::staff::Staff;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tests::results::{adopt, announcement, approve, effect, preview, propose, publish};
use tests::{ACCOMMODATION, Exam, People, Plan, Server, program, set_up};
use wire::bank::{ItemPage, ItemView};
use wire::objections::{
    CandidateSignIn, ConfirmDecision, DecideObjection, MyObjections, NewAttachment, NewObjection, ObjectionDesk, ObjectionState,
    ObjectionWindow, PutObjectionWindow, ReturnDecision,
};
use wire::proctor::{ProctorAct, SittingSummary};
use wire::results::{
    Approve, Change, CorrectionView, Effect, NewCorrection, PreviewMade, PublicationView, PublishPreview, PutAttendanceCount,
    Reconciliation, Reject, RevisionDetail, RevisionView, VoidPolicy,
};
use wire::roster::{AssignSittings, Assigned, NamePolicy, NewSitting, NewStage, PutBlueprint, SelectionPolicy, SelectionView};
use wire::rule_sets::ChooseRuleSet;

const BIRTH_DATE: &str = "1987-03-29";
const NIK: &str = "3671012903879999";

/// A closed exam of thirty; the fourth has a birth date and a number of their own.
struct Closed {
    server: Server,
    people: People,
    exam: Exam,
    diaries: Vec<Diary>,
}

async fn closed() -> Result<Closed> {
    closed_with(Plan::default().items).await
}

async fn closed_with(items: [u16; 3]) -> Result<Closed> {
    let server = Server::start().await?;
    let people = People::new(&server).await?;
    let private = vec![(3, BIRTH_DATE.to_owned(), NIK.to_owned())];
    let plan = Plan { candidates: 30, items, private, ..Plan::default() };
    let exam = set_up(&people, &plan).await?;
    open(&people.proctor, &exam.sitting).await?;
    let seated = seat_people(&people.registrar, &server.base, &exam.sitting.id, 28, |_| ()).await?;
    let habits = Habits { speed: 1e5, skips: 0.1, changes: 0.1, blanks: 0.2, seed: 11 };
    let running = tokio::spawn(everybody(seated, habits, Arc::new(AtomicU64::new(0))));
    start(&people.proctor, &exam.sitting.id).await?;
    let diaries = running.await??;
    people.proctor.command(&exam.sitting.id, ProctorAct::Close, "").await?.done()?;
    Ok(Closed { server, people, exam, diaries })
}

fn milli(decimal: &str) -> i64 {
    let (whole, places) = decimal.split_once('.').unwrap_or((decimal, ""));
    whole.parse::<i64>().expect("a decimal") * 1000 + format!("{places:0<3}").parse::<i64>().expect("places")
}

/// An item that several people missed, and what each of them would gain were it void.
async fn missed(author: &Staff, diaries: &[Diary]) -> Result<(String, BTreeMap<String, i64>)> {
    let mut best = (String::new(), BTreeMap::new());
    for page in 0.. {
        let items: ItemPage = author.get(&format!("/api/v1/bank/items?page={page}")).await?.done()?;
        if items.items.is_empty() {
            break;
        }
        for item in items.items {
            let gains = gains(&item, diaries);
            if gains.len() > best.1.len() {
                best = (item.code, gains);
            }
        }
    }
    Ok(best)
}

fn gains(item: &ItemView, diaries: &[Diary]) -> BTreeMap<String, i64> {
    let full = item.weights.iter().map(|weight| milli(weight)).max().unwrap_or(0);
    moved(item, diaries, |_| full)
}

/// What everybody's total moves by, who had the item and moves at all, when it earns something else; by canonical choice, if there is one.
fn moved(item: &ItemView, diaries: &[Diary], earns: impl Fn(Option<u8>) -> i64) -> BTreeMap<String, i64> {
    let weights: Vec<i64> = item.weights.iter().map(|weight| milli(weight)).collect();
    let one = |diary: &Diary| {
        let position = diary.items.iter().position(|on_paper| *on_paper == item.id)? as u16;
        let chosen = diary.acknowledged.get(&position).map(Vec::as_slice).unwrap_or_default();
        let earned: i64 = chosen.iter().map(|&choice| weights[usize::from(choice)]).sum();
        let by = earns(chosen.first().copied()) - earned;
        (by != 0).then(|| (diary.participant_no.clone(), by))
    };
    diaries.iter().filter_map(one).collect()
}

/// Items of the section `lokal` in the bank of the demonstration: everybody has all of them on the paper.
const LOKAL: u16 = 84;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_taken_out_and_one_with_two_right_choices_count_for_everybody() -> Result<()> {
    let Closed { server, people, exam, diaries } = closed_with([8, LOKAL, 8]).await?;
    let first = &people.committee;
    let password = server.create_staff("panitia2", "committee")?;
    let second = Staff::sign_in(&server.base, "panitia2", &password).await?;
    adopt(first, &exam.stage).await?;
    let mut items: ItemPage = people.author.get("/api/v1/bank/items?section=lokal&page=1").await?.done()?;
    // Those that most had right come first.
    items.items.sort_by_key(|item| std::cmp::Reverse(moved(item, &diaries, |_| 0).len()));
    let [taken_out, two_right] = &items.items[..2] else { anyhow::bail!("the bank has local items") };

    let correction = propose(first, &exam.stage, Change::Void { item: taken_out.code.clone(), policy: VoidPolicy::Removed }, None).await?;
    let expected = moved(taken_out, &diaries, |_| 0);
    assert_eq!(differences(&effect(first, &correction).await?), expected);
    assert!(expected.len() > 3 && expected.values().all(|by| *by < 0), "those who had it right lose its marks");
    let before = maxima(first, &exam.stage).await?;
    approve(first, &correction).await?;
    approve(&second, &correction).await?;
    let full = taken_out.weights.iter().map(|weight| milli(weight)).max().unwrap_or(0);
    let after = maxima(first, &exam.stage).await?;
    assert_eq!(after, before.into_iter().map(|max| max - full).collect::<Vec<_>>(), "the highest score of every form falls");

    // The wrong choice that most took is right as well.
    let right = two_right.weights.iter().position(|weight| milli(weight) > 0).context("a right choice")? as u8;
    let full = milli(&two_right.weights[usize::from(right)]);
    let took = |choice: &u8| {
        moved(two_right, &diaries, |chosen| if chosen == Some(*choice) { full } else { 0 }).values().filter(|by| **by > 0).count()
    };
    let wrong = (0..two_right.weights.len() as u8).filter(|choice| *choice != right);
    let other = wrong.max_by_key(took).context("another choice")?;
    let change = Change::Key { item: two_right.code.clone(), right: vec![right, other] };
    let correction = propose(first, &exam.stage, change, None).await?;
    let seen = effect(first, &correction).await?;
    let earns = |chosen: Option<u8>| if chosen.is_some_and(|chosen| chosen == right || chosen == other) { full } else { 0 };
    assert_eq!(differences(&seen), moved(two_right, &diaries, earns));
    assert!(seen.rose > 0 && seen.fell == 0 && seen.second_scorer.agrees, "{:?}", seen.second_scorer);
    assert_eq!(maxima(first, &exam.stage).await?, after, "the highest score stays");
    decisions_across_formations(first, &second, &exam).await
}

/// The first and the fourth are of one formation, the second of another.
async fn decisions_across_formations(first: &Staff, second: &Staff, exam: &Exam) -> Result<()> {
    let order = |numbers: &[&str]| Change::MoveDecision { order: numbers.iter().map(|&number| number.to_owned()).collect() };
    let path = format!("/api/v1/stages/{}/corrections", exam.stage);
    for unusable in [&["UJI-0001", "UJI-0004"][..], &["UJI-0001", "UJI-0002", " uji-0001"], &["UJI-0001", "UJI-9999"]] {
        let asked = NewCorrection { change: order(unusable), reason: "Berita acara".into(), objection: None };
        assert_eq!(first.patient().post::<wire::Created>(&path, &asked).await?.code(), Some("change_unusable"), "{unusable:?}");
    }
    adopted(first, second, &exam.stage, order(&["UJI-0002", "UJI-0001"])).await?;
    adopted(first, second, &exam.stage, order(&["UJI-0001", "UJI-0003"])).await?;
    let revisions: Vec<RevisionView> = first.get(&format!("/api/v1/stages/{}/revisions", exam.stage)).await?.done()?;
    let scores = String::from_utf8(first.patient().bytes(&format!("/api/v1/revisions/{}/scores.csv", revisions[0].id)).await?)?;
    let mut lines = scores.lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let column = lines.next().and_then(|names| names.iter().position(|name| *name == "move_decision")).context("the column")?;
    let places: Vec<&str> = lines.map(|cells| cells[column]).take(3).collect();
    assert_eq!(places, ["1/2 2/1", "1/1", "2/2"], "each decision is about those whom it names");
    Ok(())
}

/// By whom the total moves, in thousandths.
fn differences(effect: &Effect) -> BTreeMap<String, i64> {
    let rows = effect.rows.iter().filter(|row| row.total_difference != "0");
    let by = |text: &str| match text.strip_prefix('-') {
        Some(digits) => -milli(digits),
        None => milli(text.trim_start_matches('+')),
    };
    rows.map(|row| (row.participant_no.clone(), by(&row.total_difference))).collect()
}

/// The highest scores of the section `lokal` by formation, in thousandths, as the newest revision has them.
async fn maxima(committee: &Staff, stage: &str) -> Result<Vec<i64>> {
    let revisions: Vec<RevisionView> = committee.get(&format!("/api/v1/stages/{stage}/revisions")).await?.done()?;
    let table = committee.patient().bytes(&format!("/api/v1/revisions/{}/formations.csv", revisions[0].id)).await?;
    let table = String::from_utf8(table)?;
    let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let column = lines.next().and_then(|names| names.iter().position(|name| *name == "max_lokal")).context("a column of maxima")?;
    Ok(lines.map(|cells| milli(cells[column])).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_void_item_moves_exactly_those_who_missed_it_once_two_people_have_approved() -> Result<()> {
    let Closed { mut server, people, exam, diaries } = closed().await?;
    let first = &people.committee;
    let password = server.create_staff("panitia2", "committee")?;
    let second = Staff::sign_in(&server.base, "panitia2", &password).await?;
    let beside = Staff::sign_in_after(first, "panitia2", &password).await?;

    let revisions = format!("/api/v1/stages/{}/revisions", exam.stage);
    let early = first.post::<wire::Created>(&format!("/api/v1/stages/{}/corrections", exam.stage), &recompute()).await?;
    assert_eq!(early.code(), Some("not_adopted"), "there is nothing to correct yet");
    let unreconciled = wire::results::AdoptFirst { input_hash: String::new(), reason: String::new() };
    assert_eq!(first.post::<RevisionView>(&revisions, &unreconciled).await?.code(), Some("not_ready"), "nobody has counted people");
    let before = adopt(first, &exam.stage).await?;
    recount_by_hand(first, &exam, 1).await?;
    let early = first.post::<PreviewMade>(&format!("/api/v1/stages/{}/publication-previews", exam.stage), &announcement(1)).await?;
    assert_eq!(early.code(), Some("differences_unexplained"), "the count moved after the adoption");
    recount_by_hand(first, &exam, 0).await?;
    publish(first, &exam.stage, 1).await?;
    let looked_at_early = preview(first, &exam.stage, 1).await?;
    let kept = first.bytes(&format!("/api/v1/revisions/{}/results.csv", before.id)).await?;

    // The proposal, beside what follows from the answers.
    let (item, gains) = missed(&people.author, &diaries).await?;
    assert!(gains.len() >= 2, "somebody missed {item}");
    let correction = propose(first, &exam.stage, Change::Void { item, policy: VoidPolicy::FullMarks }, None).await?;
    let seen = effect(first, &correction).await?;
    assert_eq!(differences(&seen), gains);
    assert_eq!((seen.rose as usize, seen.fell, seen.before), (gains.len(), 0, 1));
    assert!(seen.second_scorer.agrees, "{:?}", seen.second_scorer);
    assert_eq!(first.get::<Vec<RevisionView>>(&revisions).await?.done()?.len(), 1, "a proposal changes nothing");

    // Two people, two browsers.
    let path = format!("/api/v1/corrections/{correction}/approve");
    let asked = Approve { effect_hash: seen.effect_hash.clone() };
    let other = Approve { effect_hash: "00".repeat(32) };
    assert_eq!(first.post::<CorrectionView>(&path, &other).await?.code(), Some("effect_changed"));
    assert_eq!(approve(first, &correction).await?.revision, None, "one approval is not enough");
    assert_eq!(first.post::<CorrectionView>(&path, &asked).await?.code(), Some("same_person"));
    assert_eq!(beside.post::<CorrectionView>(&path, &asked).await?.code(), Some("same_browser"));
    assert_eq!(people.proctor.post::<CorrectionView>(&path, &asked).await?.code(), Some("forbidden"));
    assert_eq!(approve(&second, &correction).await?.revision, Some(2));
    assert_eq!(second.post::<CorrectionView>(&path, &asked).await?.code(), Some("decided"));

    // Nothing was overwritten, and a stranger computes the same from the files.
    let all: Vec<RevisionView> = first.get(&revisions).await?.done()?;
    assert_eq!(all.iter().map(|one| (one.number, one.by.len())).collect::<Vec<_>>(), [(2, 2), (1, 1)]);
    assert_eq!(first.bytes(&format!("/api/v1/revisions/{}/results.csv", before.id)).await?, kept);
    recompute_offline(first, &all[0]).await?;
    let detail: RevisionDetail = first.get(&format!("/api/v1/revisions/{}", all[0].id)).await?.done()?;
    assert!(detail.results.second_scorer.agrees);

    // Somebody is disqualified and comes back: the third revision's results are those of the fifth.
    let row = detail.results.lists[0].rows.iter().find(|row| row.rank == Some(1)).context("somebody is first")?.participant_no.clone();
    let status = |status: &str| Change::Status { participant_no: row.clone(), status: status.to_owned(), from: "tes".to_owned() };
    let out = adopted(first, &second, &exam.stage, status("disqualified")).await?;
    let leaving = effect(first, &out).await?;
    let gone = leaving.rows.iter().find(|moved| moved.participant_no == row).context("the one who left")?;
    assert!(gone.leaves && gone.after.as_ref().is_some_and(|after| after.status == "disqualified" && after.rank.is_none()));
    adopted(first, &second, &exam.stage, status("open")).await?;
    let all: Vec<RevisionView> = first.get(&revisions).await?.done()?;
    assert_eq!((all[0].number, &all[0].results_hash), (4, &all[2].results_hash), "back again, byte for byte");

    // What cannot be used is refused with the reason; what is rejected stays so.
    let unknown = Change::Void { item: "tidak-ada".into(), policy: VoidPolicy::FullMarks };
    let refused = propose(first, &exam.stage, unknown, None).await.expect_err("there is no such item");
    assert!(format!("{refused:#}").contains("Butir tidak-ada tidak ada di bank soal"), "{refused:#}");
    let idle = propose(first, &exam.stage, Change::Recompute, None).await?;
    assert_eq!(effect(first, &idle).await?.changed, 0);
    first
        .post::<serde_json::Value>(&format!("/api/v1/corrections/{idle}/reject"), &Reject { reason: "tidak perlu".into() })
        .await?
        .done()?;
    let late = first.post::<CorrectionView>(&format!("/api/v1/corrections/{idle}/approve"), &asked).await?;
    assert_eq!(late.code(), Some("decided"));

    let published: PublicationView = publish(first, &exam.stage, 4).await?;
    let stale = first.post::<PreviewMade>(&format!("/api/v1/stages/{}/publication-previews", exam.stage), &announcement(2)).await?;
    assert_eq!(stale.code(), Some("revision_changed"));
    only_what_was_looked_at_is_published(first, &exam, &looked_at_early).await?;
    nothing_private(first, &server, &exam, &published).await?;
    assert!(server.stop().await?, "SIGTERM ends with code 0");
    let checked = server.command(&["fsck"])?;
    assert!(checked.status.success(), "{}{}", String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
    Ok(())
}

fn recompute() -> wire::results::NewCorrection {
    wire::results::NewCorrection { change: Change::Recompute, reason: "uji".into(), objection: None }
}

/// Proposes and lets both approve.
async fn adopted(first: &Staff, second: &Staff, stage: &str, change: Change) -> Result<String> {
    let correction = propose(first, stage, change, None).await?;
    approve(first, &correction).await?;
    approve(second, &correction).await?;
    Ok(correction)
}

/// Both programs of a stranger, on the files of a revision alone.
async fn recompute_offline(committee: &Staff, revision: &RevisionView) -> Result<()> {
    let folder = tempfile::tempdir()?;
    for name in ["rules.toml", "formations.csv", "scores.csv", "results.csv"] {
        let file = committee.bytes(&format!("/api/v1/revisions/{}/{name}", revision.id)).await?;
        std::fs::write(folder.path().join(name), file)?;
    }
    let run = |arguments: &[&str]| -> Result<()> {
        let done = Command::new(program()).args(arguments).current_dir(folder.path()).output()?;
        anyhow::ensure!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    };
    let inputs = ["--rules", "rules.toml", "--scores", "scores.csv", "--formations", "formations.csv"];
    run(&[&["rank"], &inputs[..], &["--out", "again.csv"]].concat())?;
    let read = |name: &str| std::fs::read(folder.path().join(Path::new(name)));
    assert_eq!(read("again.csv")?, read("results.csv")?, "the same files give the same bytes");
    run(&[&["recount"], &inputs[..], &["--results", "results.csv"]].concat())
}

/// Enters the hall's count anew, with so many more people present than the journal has.
async fn recount_by_hand(committee: &Staff, exam: &Exam, more: u32) -> Result<()> {
    let counted: Reconciliation = committee.get(&format!("/api/v1/stages/{}/reconciliation", exam.stage)).await?.done()?;
    let counts = &counted.sittings[0].counts;
    let entry = PutAttendanceCount { present: counts.present + more, absent: counts.absent, note: String::new() };
    committee.put::<serde_json::Value>(&format!("/api/v1/sittings/{}/attendance-count", exam.sitting.id), &entry).await?.done()?;
    Ok(())
}

/// A preview of an older revision, one after which policy changed, and one that never was are not published.
async fn only_what_was_looked_at_is_published(committee: &Staff, exam: &Exam, early: &PreviewMade) -> Result<()> {
    let committee = &committee.patient();
    let publish = async |preview: &str| -> Result<Option<String>> {
        let asked = PublishPreview { preview: preview.to_owned() };
        let answer = committee.post::<PublicationView>(&format!("/api/v1/stages/{}/publications", exam.stage), &asked).await?;
        Ok(answer.code().map(str::to_owned))
    };
    assert_eq!(publish(&early.id).await?.as_deref(), Some("revision_changed"));
    let looked_at = preview(committee, &exam.stage, 4).await?;
    let path = format!("/api/v1/selections/{}/policy", exam.selection);
    let policy = |names| SelectionPolicy { names, ..SelectionPolicy::default() };
    committee.put::<serde_json::Value>(&path, &policy(NamePolicy::Full)).await?.done()?;
    assert_eq!(publish(&looked_at.id).await?.as_deref(), Some("preview_outdated"));
    committee.put::<serde_json::Value>(&path, &policy(NamePolicy::Initials)).await?.done()?;
    assert_eq!(publish(&looked_at.id).await?.as_deref(), Some("already_published"));
    assert_eq!(publish(&"0".repeat(32)).await?.as_deref(), Some("not_found"));
    Ok(())
}

/// No page, artefact or log line has the canaries. Archives are unpacked, PDFs read as text with their metadata.
async fn nothing_private(committee: &Staff, server: &Server, exam: &Exam, published: &PublicationView) -> Result<()> {
    let looked_at = preview(&committee.patient(), &exam.stage, 4).await?;
    let mut artefacts = vec![("log".to_owned(), server.log().into_bytes()), ("hasil".to_owned(), committee.bytes("/hasil").await?)];
    for folder in [format!("/hasil/{}", published.id), looked_at.page] {
        artefacts.push((folder.clone(), committee.patient().bytes(&folder).await?));
        for name in [
            "daftar.json",
            "daftar.csv",
            "daftar.xlsx",
            "daftar.pdf",
            "semua.zip",
            "formasi/1",
            "formasi/2/1",
            "cari?nomor=UJI-0004",
            "peserta/UJI-0004",
            "peserta/UJI-0004/sertifikat.pdf",
        ] {
            artefacts.push((name.to_owned(), committee.patient().bytes(&format!("{folder}/{name}")).await?));
        }
    }
    let mut index = 0;
    while let Some((name, bytes)) = artefacts.get(index).cloned() {
        index += 1;
        if name.ends_with(".zip") || name.ends_with(".xlsx") {
            artefacts.extend(unpacked(&bytes)?);
        } else if name.ends_with(".pdf") {
            artefacts.extend(read_pdf(&bytes)?);
        }
    }
    assert!(artefacts.len() > 60, "archives have parts: {}", artefacts.len());
    let told = |what: &str| artefacts.iter().filter(|(name, bytes)| name == "text of a PDF" && find(bytes, what)).count();
    assert!(told("UJI-0004") >= 4, "the texts of lists and certificates were read");
    for (name, bytes) in &artefacts {
        for canary in [BIRTH_DATE, NIK, "29-03-1987", "29 Maret 1987", ACCOMMODATION, "KENARI"] {
            assert!(!find(bytes, canary), "{name} tells {canary}");
        }
    }
    Ok(())
}

fn find(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What a PDF shows, and its metadata.
fn read_pdf(pdf: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), pdf)?;
    let run = |program: &str, arguments: &[&str]| -> Result<Vec<u8>> {
        let done = Command::new(program).args(arguments).arg(file.path()).args((program == "pdftotext").then_some("-")).output()?;
        anyhow::ensure!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(done.stdout)
    };
    let text = run("pdftotext", &[])?;
    let about = [run("pdfinfo", &[])?, run("pdfinfo", &["-meta"])?, run("pdfinfo", &["-struct-text"])?].concat();
    Ok(vec![("text of a PDF".to_owned(), text), ("metadata of a PDF".to_owned(), about)])
}

fn unpacked(archive: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive))?;
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index)?;
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes)?;
        parts.push((part.name()?.into_owned(), bytes));
    }
    Ok(parts)
}

/// A candidate's browser.
struct Browser {
    client: reqwest::Client,
    base: String,
    cookie: String,
}

impl Browser {
    async fn sign_in(base: &str, birth_date: &str) -> Result<(u16, Browser)> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        let body = CandidateSignIn { participant_no: "uji-0004".into(), nik: NIK.into(), birth_date: birth_date.to_owned() };
        let response = client.post(format!("{base}/api/v1/objections/sign-in")).header("x-saksama", "1").json(&body).send().await?;
        let cookie = response.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()).unwrap_or_default();
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok((response.status().as_u16(), Browser { client, base: base.to_owned(), cookie }))
    }

    async fn mine(&self) -> Result<MyObjections> {
        let asked = self.client.get(format!("{}/api/v1/objections/mine", self.base)).header("cookie", &self.cookie);
        Ok(asked.send().await?.error_for_status()?.json().await?)
    }

    /// The code of the refusal, or nothing.
    async fn object(&self, stage: &str, text: &str) -> Result<Option<String>> {
        let attachment = Some(NewAttachment { name: "bukti.pdf".into(), base64: "JVBERi0xLjcK".into() });
        let asked = self
            .client
            .post(format!("{}/api/v1/stages/{stage}/objections", self.base))
            .header("x-saksama", "1")
            .header("cookie", &self.cookie)
            .json(&NewObjection { text: text.to_owned(), attachment });
        let response = asked.send().await?;
        if response.status().is_success() {
            return Ok(None);
        }
        Ok(Some(response.json::<wire::RefusalBody>().await?.code))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_objection_is_answered_once_two_people_have_decided() -> Result<()> {
    let Closed { server, people, exam, .. } = closed().await?;
    let first = &people.committee;
    let second = server.staff("panitia2", "committee").await?;
    adopt(first, &exam.stage).await?;
    publish(first, &exam.stage, 1).await?;

    assert_eq!(Browser::sign_in(&server.base, "1987-03-28").await?.0, 422, "all three must be right");
    let (status, browser) = Browser::sign_in(&server.base, BIRTH_DATE).await?;
    assert_eq!(status, 200);
    let text = "Nilai kompetensi bidang saya tidak sesuai dengan jawaban saya.";
    assert_eq!(browser.object(&exam.stage, text).await?.as_deref(), Some("window_closed"));
    let window = ObjectionWindow { opens_utc_ms: 0, closes_utc_ms: 30_000_000_000 };
    let path = format!("/api/v1/stages/{}/objection-window", exam.stage);
    first.put::<serde_json::Value>(&path, &PutObjectionWindow { window }).await?.done()?;
    assert_eq!(browser.object(&exam.stage, text).await?.as_deref(), Some("window_closed"), "it is over");
    let window = ObjectionWindow { opens_utc_ms: tests::now_utc_ms() - 1_000, closes_utc_ms: tests::now_utc_ms() + 3_600_000 };
    first.put::<serde_json::Value>(&path, &PutObjectionWindow { window }).await?.done()?;
    assert_eq!(browser.object(&exam.stage, "pendek").await?.as_deref(), Some("text_bad"));
    assert_eq!(browser.object(&exam.stage, text).await?, None);
    assert_eq!(browser.object(&exam.stage, text).await?.as_deref(), Some("objected_before"));

    let desk = format!("/api/v1/stages/{}/objections", exam.stage);
    let read = async |staff: &Staff| -> Result<ObjectionDesk> { staff.get(&desk).await?.done() };
    let objection = read(first).await?.objections.remove(0);
    assert_eq!((objection.participant_no.as_str(), objection.state), ("UJI-0004", ObjectionState::Received));
    let attachment = first.bytes(&format!("/api/v1/objections/{}/attachment", objection.id)).await?;
    assert_eq!(attachment, b"%PDF-1.7\n");

    // The correction that answers it, and the decision, each by two.
    let values = vec![wire::results::FactValue { column: "gpa".into(), value: "3.9".into() }];
    let change = Change::Facts { participant_no: "UJI-0004".into(), values };
    let correction = propose(first, &exam.stage, change, Some(objection.id.clone())).await?;
    let act = |act: &str| format!("/api/v1/objections/{}/{act}", objection.id);
    let decision =
        DecideObjection { granted: true, answer: "Sanggahan diterima; data diperbaiki.".into(), correction: Some(correction.clone()) };
    first.post::<serde_json::Value>(&act("decision"), &decision).await?.done()?;
    let of = |desk: ObjectionDesk| desk.objections[0].decision.as_ref().map(|decision| decision.id.clone()).context("a decision");
    let taken_back = of(read(first).await?)?;
    let returned = ReturnDecision { decision_id: taken_back.clone(), reason: "Jawabannya belum jelas".into() };
    first.post::<serde_json::Value>(&act("return"), &returned).await?.done()?;
    first.post::<serde_json::Value>(&act("decision"), &decision).await?.done()?;
    let confirm = ConfirmDecision { decision_id: of(read(first).await?)? };
    assert_eq!(second.post::<serde_json::Value>(&act("confirm"), &confirm).await?.code(), Some("correction_open"));
    approve(first, &correction).await?;
    approve(&second, &correction).await?;
    assert_eq!(first.post::<serde_json::Value>(&act("confirm"), &confirm).await?.code(), Some("same_person"));
    let waiting = browser.mine().await?.stages.remove(0).objection.context("one's own")?;
    assert_eq!((waiting.state.as_str(), waiting.answer.as_str()), ("received", ""), "one decision is not an answer");
    let other = ConfirmDecision { decision_id: taken_back };
    assert_eq!(second.post::<serde_json::Value>(&act("confirm"), &other).await?.code(), Some("decision_changed"), "it was read before");
    second.post::<serde_json::Value>(&act("confirm"), &confirm).await?.done()?;
    let stage = browser.mine().await?.stages.remove(0);
    let answered = stage.objection.context("one's own")?;
    assert_eq!((answered.state.as_str(), answered.answer.as_str()), ("granted", "Sanggahan diterima; data diperbaiki."));
    assert_eq!(read(&second).await?.objections[0].state, ObjectionState::Answered);
    assert_eq!(second.post::<serde_json::Value>(&act("return"), &returned).await?.code(), Some("objection_decided"));
    let certificate = first.bytes(&stage.certificate).await?;
    assert!(certificate.starts_with(b"%PDF-"), "the certificate is a PDF");
    Ok(())
}

/// Two stages: the best two for each slot go on; 40 % and 60 %.
const TWO_STAGES: &str = r#"
id = "dua-tahap"
year = 2026
sources = [{ decree = "Aturan uji", article = "1" }]
title = { id = "Dua tahap", en = "Two stages" }
categories = ["umum"]
default_agency = "daerah"

[[stages]]
id = "satu"
title = { id = "Tahap satu", en = "Stage one" }
tie_order = ["bidang", "umum", "lokal"]
cut = { factor = 2, boundary_tie = "all_pass" }

[[stages.sections]]
id = "umum"
title = { id = "Umum", en = "General" }
max = 1000

[[stages.sections]]
id = "lokal"
title = { id = "Lokal", en = "Local" }
max = 1000

[[stages.sections]]
id = "bidang"
title = { id = "Bidang", en = "Field" }
max = 1000

[[stages.pass]]
categories = ["*"]
rule = "none"

[[stages]]
id = "dua"
title = { id = "Tahap dua", en = "Stage two" }
tie_order = ["dua"]

[[stages.sections]]
id = "dua"
title = { id = "Tahap dua", en = "Stage two" }
max = 1000

[[stages.pass]]
categories = ["*"]
rule = "none"

[final]
weights = { satu = 40, dua = 60 }
tie_order = ["satu", "bidang", "gpa", "birth_date", "committee"]
decide_ties_on = "exact"
missing = "committee"

[display]
decimals = 3
mark = ","
rounding = "half_up"
"#;

fn two_stages() -> String {
    let statuses = [
        "absent",
        "below_threshold",
        "disqualified",
        "withdrawn",
        "ineligible",
        "passed_but_outside_the_cut",
        "shortlisted",
        "selected",
        "not_selected",
    ];
    let code = |status: &str| {
        format!(
            "\n[[codes]]\nstage = \"*\"\nstatus = \"{status}\"\ncode = \"{status}\"\ntext = {{ id = \"{status}\", en = \"{status}\" }}\n"
        )
    };
    TWO_STAGES.to_owned() + &statuses.map(code).concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_stage_is_for_those_who_went_on_and_both_decide() -> Result<()> {
    let Closed { mut server, people, exam, .. } = closed().await?;
    let committee = &people.committee;
    let choice = ChooseRuleSet { id: None, text: Some(two_stages()), reason: "dua tahap".into() };
    committee.put::<serde_json::Value>(&format!("/api/v1/selections/{}/rule-set", exam.selection), &choice).await?.done()?;

    // The second stage, in the same hall with the same papers.
    let view: SelectionView = committee.get(&format!("/api/v1/selections/{}", exam.selection)).await?.done()?;
    let new = NewStage { code: "lanjutan".into(), title: "Tahap Lanjutan".into() };
    let stage = committee.post::<wire::Created>(&format!("/api/v1/selections/{}/stages", exam.selection), &new).await?.done()?.id;
    for blueprint in &view.stages[0].blueprints {
        let body = PutBlueprint { formation: blueprint.formation.clone(), blueprint: blueprint.blueprint.clone() };
        committee.put::<serde_json::Value>(&format!("/api/v1/stages/{stage}/blueprint"), &body).await?.done()?;
    }
    let sitting = NewSitting {
        stage: stage.clone(),
        hall: view.halls[0].id.clone(),
        code: "s2".into(),
        starts_utc_ms: tests::now_utc_ms() + 30 * 60_000,
        policy: view.sittings[0].policy.clone(),
    };
    committee.post::<wire::Created>(&format!("/api/v1/selections/{}/sittings", exam.selection), &sitting).await?.done()?;
    let assign = AssignSittings { sittings: Vec::new(), seats: true };
    let path = format!("/api/v1/stages/{stage}/assign");
    let early = committee.post::<Assigned>(&path, &assign).await?;
    assert_eq!(early.code(), Some("stage_before_open"), "nobody knows yet who goes on");

    let first = adopt(committee, &exam.stage).await?;
    let detail: RevisionDetail = committee.get(&format!("/api/v1/revisions/{}", first.id)).await?.done()?;
    let of = |wanted: &str, results: &wire::results::Results| -> Vec<String> {
        let rows = results.lists.iter().flat_map(|list| &list.rows).filter(|row| row.status == wanted);
        rows.map(|row| row.participant_no.clone()).collect()
    };
    let went_on = of("shortlisted", &detail.results);
    assert_eq!(detail.results.counts[0].went_on as usize, went_on.len());
    assert!(!of("passed_but_outside_the_cut", &detail.results).is_empty(), "4 slots of programmers let eight of ten go on");
    let assigned = committee.post::<Assigned>(&path, &assign).await?.done()?;
    assert_eq!((assigned.assigned as usize, assigned.left_over), (went_on.len(), 0));

    let sittings: Vec<SittingSummary> = people.proctor.get("/api/v1/proctor/sittings").await?.done()?;
    let sitting = sittings.into_iter().find(|one| one.code == "s2").context("the second sitting")?;
    committee.post::<serde_json::Value>(&format!("/api/v1/sittings/{}/draw", sitting.id), &serde_json::json!({})).await?.done()?;
    open(&people.proctor, &sitting).await?;
    let seated = seat_people(&people.registrar, &server.base, &sitting.id, went_on.len() - 1, |_| ()).await?;
    let habits = Habits { speed: 1e5, skips: 0.1, changes: 0.1, blanks: 0.2, seed: 12 };
    let running = tokio::spawn(everybody(seated, habits, Arc::new(AtomicU64::new(0))));
    start(&people.proctor, &sitting.id).await?;
    running.await??;
    people.proctor.command(&sitting.id, ProctorAct::Close, "").await?.done()?;

    let last = adopt(committee, &stage).await?;
    let detail: RevisionDetail = committee.get(&format!("/api/v1/revisions/{}", last.id)).await?.done()?;
    let results = &detail.results;
    assert!(results.second_scorer.agrees, "{:?}", results.second_scorer);
    assert_eq!(results.counts.iter().map(|place| place.place.as_str()).collect::<Vec<_>>(), ["satu", "dua", "final"]);
    assert_eq!(results.counts[1].entered as usize, went_on.len());
    assert_eq!((of("absent", results).len(), last.people), (3, 30), "two stayed away at first, one later");
    let selected = of("selected", results);
    let waits = results.lists.iter().flat_map(|list| &list.rows).filter(|row| row.note == "committee_decides").count();
    assert!(!selected.is_empty() && selected.len() + waits <= 18 + waits, "{} selected, {waits} wait", selected.len());
    assert!(selected.iter().all(|number| went_on.contains(number)));
    let best = results.lists.iter().flat_map(|list| &list.rows).find(|row| row.rank == Some(1)).context("somebody is first")?;
    assert_eq!((results.values.len(), best.values.len()), (3, 3), "both stages on 100, and the end");
    recompute_offline(committee, &last).await?;
    publish(committee, &stage, 1).await?;
    assert!(server.stop().await?, "SIGTERM ends with code 0");
    let checked = server.command(&["fsck"])?;
    assert!(checked.status.success(), "{}{}", String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
    Ok(())
}
