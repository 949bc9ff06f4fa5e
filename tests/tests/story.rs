//! The main job through the public API: questions in, an exam taken by many, a ranked list out; every mark and rank computed again here,
//! from answers and keys, by code that shares nothing with the server.

use anyhow::Result;
use loadtest::candidate::{Diary, Habits};
use loadtest::sitting::{everybody, open, seat_people, start};
use loadtest::staff::Staff;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tests::results::{adopt, preview, publish};
use tests::{FORMATIONS, People, Plan, Server, set_up};
use wire::bank::{ItemPage, ItemView};
use wire::proctor::ProctorAct;
use wire::results::{PublicationView, PublishPreview};

/// Marks in thousandths.
type Milli = i64;

/// Keys as the author sees them.
async fn keys(author: &Staff) -> Result<HashMap<String, ItemView>> {
    let mut keys = HashMap::new();
    for page in 0.. {
        let items: ItemPage = author.get(&format!("/api/v1/bank/items?page={page}")).await?.done()?;
        if items.items.is_empty() {
            break;
        }
        keys.extend(items.items.into_iter().map(|item| (item.id.clone(), item)));
    }
    Ok(keys)
}

fn milli(decimal: &str) -> Milli {
    let (sign, digits) = decimal.strip_prefix('-').map_or((1, decimal), |digits| (-1, digits));
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    sign * (whole.parse::<i64>().expect("a decimal") * 1000 + format!("{places:0<3}").parse::<i64>().expect("places"))
}

/// What an answer earns, by the words of the documentation of the table format.
fn marks(item: &ItemView, choices: &[u8]) -> Milli {
    let weights: Vec<Milli> = item.weights.iter().map(|weight| milli(weight)).collect();
    if choices.is_empty() {
        return milli(&item.blank);
    }
    let sum: Milli = choices.iter().map(|&choice| weights[usize::from(choice)]).sum();
    let best: Milli = weights.iter().filter(|&&weight| weight > 0).sum();
    match item.rule.as_str() {
        "single" => sum,
        "sum" => sum.clamp(0, best),
        "all_or_nothing" => {
            let right = weights.iter().enumerate().all(|(index, &weight)| (weight > 0) == choices.contains(&(index as u8)));
            if right { best } else { 0 }
        }
        other => panic!("unknown rule {other}"),
    }
}

/// Section marks of a paper: umum, lokal, bidang.
fn section_marks(diary: &Diary, keys: &HashMap<String, ItemView>) -> [Milli; 3] {
    let mut sections = [0; 3];
    for (position, item) in (0..).zip(&diary.items) {
        let item = &keys[item];
        let section = ["umum", "lokal", "bidang"].iter().position(|code| *code == item.section).expect("a section of the plan");
        let chosen = diary.acknowledged.get(&position).map(Vec::as_slice).unwrap_or_default();
        sections[section] += marks(item, chosen);
    }
    sections
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_candidates_from_question_file_to_published_list() -> Result<()> {
    let mut server = Server::start().await?;
    let people = People::new(&server).await?;
    let canary = ("1987-03-29".to_owned(), "3671012903879999".to_owned());
    let plan = Plan { candidates: 200, items: [12, 8, 12], private: vec![(3, canary.0.clone(), canary.1.clone())], ..Plan::default() };
    let exam = set_up(&people, &plan).await?;
    assert_eq!(exam.draw.papers, 200);
    assert!(exam.draw.neighbour_pairs > 300, "a full hall has neighbours: {}", exam.draw.neighbour_pairs);
    assert_eq!(exam.draw.positions_shared, 0, "the demo bank is large enough to keep neighbours apart");
    assert_eq!(exam.draw.seed, None, "the seed stays secret until the sitting is over");

    open(&people.proctor, &exam.sitting).await?;
    let seated = seat_people(&people.registrar, &server.base, &exam.sitting.id, 190, |_| ()).await?;
    assert_eq!(seated.len(), 190);
    let habits = Habits { speed: 1e5, skips: 0.2, changes: 0.2, blanks: 0.3, seed: 7 };
    let running = tokio::spawn(everybody(seated, habits, Arc::new(AtomicU64::new(0))));
    start(&people.proctor, &exam.sitting.id).await?;
    let diaries = running.await??;
    assert_eq!(diaries.len(), 190);
    assert_eq!(people.proctor.command(&exam.sitting.id, ProctorAct::Close, "").await?.done().map(|_| ())?, ());

    // Adopted and published.
    let revision = adopt(&people.committee, &exam.stage).await?;
    assert_eq!((revision.number, revision.people), (1, 200));
    let published = publish(&people.committee, &exam.stage, 1).await?;
    let document: serde_json::Value =
        serde_json::from_slice(&people.committee.bytes(&format!("/hasil/{}/daftar.json", published.id)).await?)?;
    let looked_at = PublishPreview { preview: preview(&people.committee.patient(), &exam.stage, 1).await?.id };
    let again = people.committee.post::<PublicationView>(&format!("/api/v1/stages/{}/publications", exam.stage), &looked_at).await?;
    assert_eq!(again.code(), Some("already_published"), "a correction is a further revision");

    // Recomputed.
    let keys = keys(&people.author).await?;
    check_lists(&document, &diaries, &keys);
    for diary in &diaries {
        let shown = diary.marks.as_ref().expect("the policy shows marks at the end");
        let sections: Vec<Milli> = shown.sections.iter().map(|section| section.marks_milli).collect();
        assert_eq!(sections, section_marks(diary, &keys), "{}", diary.participant_no);
    }

    // Nothing private became public, and the checker agrees.
    let page = people.committee.bytes(&format!("/hasil/{}", published.id)).await?;
    let csv = people.committee.bytes(&format!("/hasil/{}/daftar.csv", published.id)).await?;
    for (what, text) in [
        ("page", String::from_utf8_lossy(&page).into_owned()),
        ("csv", String::from_utf8_lossy(&csv).into_owned()),
        ("json", document.to_string()),
        ("log", server.log()),
    ] {
        assert!(!text.contains(&canary.0) && !text.contains(&canary.1), "{what} tells a birth date or an identity number");
    }
    assert!(server.stop().await?, "SIGTERM ends with code 0");
    let checked = server.command(&["fsck"])?;
    assert!(checked.status.success(), "{}{}", String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
    Ok(())
}

fn check_lists(document: &serde_json::Value, diaries: &[Diary], keys: &HashMap<String, ItemView>) {
    let by_number: BTreeMap<&str, &Diary> = diaries.iter().map(|diary| (diary.participant_no.as_str(), diary)).collect();
    let mut ranked = 0;
    for (formation, _, _, _) in FORMATIONS {
        let lists = document["lists"].as_array().expect("lists");
        let list = lists.iter().find(|list| list["formation_code"] == formation).expect("a list per formation");
        let rows = list["rows"].as_array().expect("rows");
        // Total, then field, general, local: the order of the blueprint.
        let standing = |[umum, lokal, bidang]: [Milli; 3]| [umum + lokal + bidang, bidang, umum, lokal];
        let standings: Vec<_> = rows
            .iter()
            .filter_map(|row| by_number.get(row["participant_no"].as_str().expect("a number")))
            .map(|diary| standing(section_marks(diary, keys)))
            .collect();
        for row in rows {
            let number = row["participant_no"].as_str().expect("a number");
            let Some(diary) = by_number.get(number) else {
                assert_eq!(row["status"], "absent", "{number} did not come");
                assert!(row["rank"].is_null() && row["total"].is_null());
                continue;
            };
            let sections = section_marks(diary, keys);
            let marks: Vec<Milli> =
                row["marks"].as_array().expect("marks").iter().map(|mark| milli(mark.as_str().expect("text"))).collect();
            assert_eq!(marks, sections, "{number}");
            assert_eq!(row["total"].as_str().map(milli), Some(sections.iter().sum::<Milli>()), "{number}");
            let better = standings.iter().filter(|&&other| other > standing(sections)).count();
            assert_eq!(row["rank"], serde_json::json!(better + 1), "{number}");
            ranked += 1;
        }
        let order: Vec<_> = rows.iter().filter_map(|row| row["rank"].as_u64()).collect();
        assert!(order.is_sorted(), "best first in {formation}");
    }
    assert_eq!(ranked, diaries.len(), "everybody who took the exam stands on a list");
}
