//! `saksama journal`: what auditors read is what happened, also while it happens, and a journal that was touched says where.

use anyhow::{Context, Result, bail};
use loadtest::check;
use loadtest::sitting::{open, seat_people, start};
use loadtest::terminal::{Reply, Seated, Terminal};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use tests::{Exam, People, Plan, Server, program, set_up};
use wire::bank::ItemPage;
use wire::proctor::ProctorAct;
use wire::terminal::{PaperFrame, TerminalFrame, TerminalNews};

/// A candidate who answers, and writes down what was acknowledged.
struct Candidate {
    seated: Seated,
    terminal: Terminal,
    paper: PaperFrame,
    seq: u32,
    /// As in the diaries of a run.
    saves: Vec<Value>,
    clocks: Vec<(i64, u32)>,
}

impl Candidate {
    async fn begin(seated: Seated) -> Result<Candidate> {
        let mut terminal = seated.connect("uji", None).await?;
        let mut clocks = Vec::new();
        let seq = loop {
            match terminal.hear().await? {
                Ok(TerminalNews::Welcome(welcome)) => {
                    clocks.push((tests::now_utc_ms(), welcome.clock.remaining_ms));
                    break welcome.next_seq;
                }
                Ok(_) => {}
                Err(code) => bail!("closed with {code}"),
            }
        };
        let mut paper = None;
        for (frame, seq) in [(TerminalFrame::Consent { seq }, seq), (TerminalFrame::Start { seq: seq + 1 }, seq + 1)] {
            let take = |news| {
                if let TerminalNews::Paper(frame) = news {
                    paper = Some(*frame);
                }
            };
            assert_eq!(terminal.ask(&frame, seq, take).await?, Reply::Saved);
        }
        while paper.is_none() {
            if let Ok(TerminalNews::Paper(frame)) = terminal.hear().await? {
                paper = Some(*frame);
            }
        }
        Ok(Candidate { seated, terminal, paper: paper.context("a paper")?, seq: seq + 2, saves: Vec::new(), clocks })
    }

    async fn answer(&mut self, position: u16, nth_choice: usize) -> Result<()> {
        let item = &self.paper.items[usize::from(position)];
        let choices = vec![item.choices[nth_choice % item.choices.len()].id];
        let frame = TerminalFrame::Answer { seq: self.seq, position, item: item.item.clone(), choices: choices.clone() };
        assert_eq!(self.terminal.ask(&frame, self.seq, |_| ()).await?, Reply::Saved);
        self.saves.push(json!([1, self.seq, position, item.item, choices, "s"]));
        self.seq += 1;
        Ok(())
    }

    fn diary(&self) -> String {
        let diary = json!({
            "participant_no": self.seated.session.participant_no,
            "session": self.seated.session.session,
            "saves": self.saves,
            "clocks": self.clocks,
        });
        diary.to_string() + "\n"
    }
}

/// Opens, seats so many, starts, and lets each answer every item of one choice, some of them twice.
async fn exam_taken_by(server: &Server, people: &People, exam: &Exam, count: usize) -> Result<Vec<Candidate>> {
    open(&people.proctor, &exam.sitting).await?;
    let seated = seat_people(&people.registrar, &server.base, &exam.sitting.id, count, |_| ()).await?;
    start(&people.proctor, &exam.sitting.id).await?;
    let mut candidates = Vec::new();
    for (index, seated) in seated.into_iter().enumerate() {
        let mut candidate = Candidate::begin(seated).await?;
        for position in 0..candidate.paper.items.len() as u16 {
            if !candidate.paper.items[usize::from(position)].multiple {
                candidate.answer(position, index + usize::from(position)).await?;
                if position % 3 == 0 {
                    candidate.answer(position, index + 1).await?;
                }
            }
        }
        candidates.push(candidate);
    }
    Ok(candidates)
}

/// The lines that `saksama journal` prints; it must end with this code.
fn journal(data: &Path, more: &[&str], code: i32) -> Result<(Vec<Value>, String)> {
    let output = Command::new(program()).args(["journal", "--data"]).arg(data).args(more).output()?;
    let said = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(code), "{said}");
    let lines = String::from_utf8(output.stdout)?;
    Ok((lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?, said))
}

/// Whether the line is the record of an answer.
fn answered(line: &Value) -> bool {
    line["events"][0]["kind"] == "answered"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn auditors_read_what_happened_and_hear_where_a_journal_was_touched() -> Result<()> {
    let mut server = Server::start().await?;
    let people = People::new(&server).await?;
    let exam = set_up(&people, &Plan { candidates: 3, ..Plan::default() }).await?;
    let candidates = exam_taken_by(&server, &people, &exam, 2).await?;
    for (act, reason) in [(ProctorAct::Hold, "Siti Rahma pingsan"), (ProctorAct::Release, "")] {
        people.proctor.command(&exam.sitting.id, act, reason).await?.done()?;
    }

    // While the server runs.
    let (lines, _) = journal(server.data(), &[], 0)?;
    let positions: Vec<u64> = lines.iter().filter_map(|line| line["position"].as_u64()).collect();
    assert_eq!(positions, (0..lines.len() as u64).collect::<Vec<_>>(), "gap-free from 0");
    assert!(lines.iter().all(|line| line["sitting"] == exam.sitting.id.as_str()));
    for candidate in &candidates {
        let session = candidate.seated.session.session.as_str();
        let written: Vec<Value> = lines
            .iter()
            .filter(|line| answered(line) && line["session"] == session)
            .map(|line| {
                let event = &line["events"][0];
                assert_eq!(line["actor"], "candidate");
                json!([line["epoch"], line["seq"], event["position"], event["item"], event["choices"], "s"])
            })
            .collect();
        assert_eq!(written, candidate.saves, "every acknowledged answer, in its order, once");
    }
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["events"][0]["kind"].as_str()).collect();
    assert_eq!([kinds[0], kinds[kinds.len() - 2], kinds[kinds.len() - 1]], ["opened", "held", "released"]);
    let text = lines.iter().map(Value::to_string).collect::<String>();
    assert!(!text.contains("UJI-") && !text.contains("Peserta") && !text.contains("Siti"), "no numbers, no names");
    let (with_texts, _) = journal(server.data(), &["--texts"], 0)?;
    assert!(with_texts.iter().any(|line| line["events"][0]["reason"] == "Siti Rahma pingsan"), "unless they are asked for");

    // One sitting, by its code or its id.
    assert_eq!(journal(server.data(), &["--sitting", &exam.sitting.code], 0)?.0, lines);
    assert_eq!(journal(server.data(), &["--sitting", &exam.sitting.id], 0)?.0, lines);
    assert!(journal(server.data(), &["--sitting", "s9"], 1)?.1.contains("find sitting s9"));
    assert!(journal(server.data(), &["--sitting", &"0".repeat(32)], 1)?.1.contains("nothing is recorded"));

    // One flipped bit in an answer, on a copy.
    assert!(server.stop().await?);
    let touched = candidates[1].saves.last().context("an answer")?;
    let (block, copy) = touched_copy(server.data(), touched[3].as_str().context("an item")?)?;
    let (before, said) = journal(copy.path(), &[], 1)?;
    let first = before.len() as u64;
    assert_eq!(before, lines[..before.len()], "what stands before the touched block is right");
    assert!(first <= block, "the answer at {block} stands in the block from {first} on");
    assert!(said.contains(&format!("the journal of sitting {}: it is broken at block {first}", exam.sitting.id)), "{said}");
    Ok(())
}

/// A copy of a journal at rest in which the answer to an item has one other bit; and the position of the first record with that item.
fn touched_copy(data: &Path, item: &str) -> Result<(u64, tempfile::TempDir)> {
    let copy = tempfile::tempdir()?;
    let bytes: Vec<u8> = (0..16).map(|at| u8::from_str_radix(&item[2 * at..2 * at + 2], 16)).collect::<Result<_, _>>()?;
    let mut file = std::fs::read(data.join("journal.db"))?;
    let found: Vec<usize> = (0..file.len() - 16).filter(|&at| file[at..at + 16] == bytes).collect();
    let last = *found.last().context("the item stands in the journal")?;
    // Behind the item stands what was chosen.
    file[last + 16] ^= 1;
    std::fs::write(copy.path().join("journal.db"), file)?;
    let (lines, _) = journal(data, &[], 0)?;
    let of_item = |line: &&Value| answered(line) && line["events"][0]["item"] == item;
    let position = lines.iter().rfind(of_item).and_then(|line| line["position"].as_u64());
    Ok((position.context("the item was answered")?, copy))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_check_of_a_run_finds_a_real_exam_right_and_a_missing_answer() -> Result<()> {
    let mut server = Server::start().await?;
    let people = People::new(&server).await?;
    let exam = set_up(&people, &Plan { candidates: 9, ..Plan::default() }).await?;
    let candidates = exam_taken_by(&server, &people, &exam, 7).await?;
    let run = tempfile::tempdir()?;
    std::fs::write(run.path().join("key.json"), key(&people).await?.to_string())?;
    let diaries = run.path().join("diaries-0.jsonl");
    std::fs::write(&diaries, candidates.iter().map(Candidate::diary).collect::<String>())?;

    let wrong = |checks: Vec<loadtest::report::Check>| -> Vec<String> {
        checks.into_iter().filter(|check| !check.ok).map(|check| format!("{}: {}", check.name, check.detail)).collect()
    };
    let checks = check::run(run.path(), server.data(), program(), Some(&people.committee)).await?;
    assert_eq!(wrong(checks), Vec::<String>::new(), "with the running server");
    assert!(server.stop().await?);
    let checks = check::run(run.path(), server.data(), program(), None).await?;
    assert!(checks.iter().any(|check| check.detail.starts_with("7 scores, 7 ranks")), "{checks:?}");
    assert_eq!(wrong(checks), Vec::<String>::new(), "with what it left behind");

    // An answer that was acknowledged and is not there.
    let text = std::fs::read_to_string(&diaries)?.replacen("\"saves\":[", &format!("\"saves\":[{},", lost(&candidates[0])), 1);
    std::fs::write(&diaries, text)?;
    let found = wrong(check::run(run.path(), server.data(), program(), None).await?);
    assert!(found.iter().any(|words| words.contains("1 wrong") && words.contains("lost")), "{found:?}");
    Ok(())
}

/// An answer that the candidate never gave, as the diary would have it.
fn lost(candidate: &Candidate) -> Value {
    let mut save = candidate.saves[0].clone();
    save[1] = json!(candidate.seq);
    save
}

/// What every choice of the bank is worth, from the bank as its author sees it.
async fn key(people: &People) -> Result<Value> {
    let (mut items, mut sections) = (BTreeMap::new(), BTreeMap::<String, Vec<String>>::new());
    for page in 0.. {
        let found: ItemPage = people.author.get(&format!("/api/v1/bank/items?page={page}")).await?.done()?;
        if found.items.is_empty() {
            break;
        }
        for item in found.items {
            let marks = |weight: &String| weight.parse::<f64>().map(|marks| (marks * 1000.0).round() as i64);
            let marks: Vec<i64> = item.weights.iter().map(marks).collect::<Result<_, _>>()?;
            sections.entry(item.section).or_default().push(item.id.clone());
            items.insert(
                item.id,
                (0..).zip(marks).map(|(choice, marks): (u8, i64)| (choice.to_string(), marks)).collect::<BTreeMap<_, _>>(),
            );
        }
    }
    Ok(json!({ "items": items, "sections": sections }))
}
