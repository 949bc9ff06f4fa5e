//! After the exam: statistics of items on the committee's pages say what the candidates' own diaries say.

use anyhow::{Context, Result};
use loadtest::candidate::{Diary, Habits};
use loadtest::sitting::{everybody, open, seat_people, start};
use loadtest::staff::Staff;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tests::results::{adopt, publish};
use tests::{FORMATIONS, People, Plan, Server, set_up};
use wire::bank::{ItemPage, ItemView};
use wire::proctor::ProctorAct;

/// An item that fewer people had is not shown.
const PEOPLE_MIN: usize = 5;

async fn bank(author: &Staff) -> Result<BTreeMap<String, ItemView>> {
    let mut items = BTreeMap::new();
    for page in 1.. {
        let page: ItemPage = author.get(&format!("/api/v1/bank/items?page={page}")).await?.done()?;
        if page.items.is_empty() {
            break;
        }
        items.extend(page.items.into_iter().map(|item| (item.id.clone(), item)));
    }
    Ok(items)
}

/// For each item of one-choice items on these papers: code, how many had it, and the difficulty.
fn difficulties(bank: &BTreeMap<String, ItemView>, diaries: &[&Diary]) -> Result<BTreeMap<String, (usize, String)>> {
    let mut earned: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for diary in diaries {
        for (position, item) in (0_u16..).zip(&diary.items) {
            let weights = &bank.get(item).context("the item is in the bank")?.weights;
            let chosen = diary.acknowledged.get(&position).map(Vec::as_slice).unwrap_or_default();
            let marks: Result<Vec<f64>, _> = chosen.iter().map(|&choice| weights[usize::from(choice)].parse::<f64>()).collect();
            earned.entry(item).or_default().push(marks?.iter().sum());
        }
    }
    let line = |(item, marks): (&str, Vec<f64>)| {
        let item = &bank[item];
        let most = item.weights.iter().filter_map(|weight| weight.parse::<f64>().ok()).fold(0.0, f64::max);
        let difficulty = marks.iter().sum::<f64>() / (marks.len() as f64 * most);
        (item.code.clone(), (marks.len(), format!("{difficulty:.6}")))
    };
    Ok(earned.into_iter().map(line).collect())
}

/// Rows of a table by their first column, cells by the names of columns.
fn rows(csv: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut lines = csv.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
    let names = lines.next().unwrap_or_default();
    lines.map(|cells| (cells[0].clone(), names.iter().cloned().zip(cells).collect())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_committee_sees_statistics_of_items_and_nobody_in_them() -> Result<()> {
    let server = Server::start().await?;
    let people = People::new(&server).await?;
    let plan = Plan { candidates: 30, items: [60, 40, 40], ..Plan::default() };
    let exam = set_up(&people, &plan).await?;
    let path = |kind: &str| format!("/api/v1/stages/{}/statistics.{kind}", exam.stage);
    assert_eq!(people.committee.get::<Value>(&path("html")).await?.code(), Some("not_found"), "nobody began");
    open(&people.proctor, &exam.sitting).await?;
    let seated = seat_people(&people.registrar, &server.base, &exam.sitting.id, 30, |_| ()).await?;
    let habits = Habits { speed: 1e5, skips: 0.1, changes: 0.1, blanks: 0.2, seed: 17 };
    let running = tokio::spawn(everybody(seated, habits, Arc::new(AtomicU64::new(0))));
    start(&people.proctor, &exam.sitting.id).await?;
    let diaries = running.await??;
    people.proctor.command(&exam.sitting.id, ProctorAct::Close, "").await?.done()?;

    let bank = bank(&people.author).await?;
    for (place, (formation, title, ..)) in FORMATIONS.iter().enumerate() {
        let number = |diary: &Diary| diary.participant_no.trim_start_matches("UJI-").parse::<usize>().unwrap_or_default();
        let of_formation: Vec<&Diary> = diaries.iter().filter(|diary| (number(diary) + 2) % FORMATIONS.len() == place).collect();
        let mut expected = difficulties(&bank, &of_formation)?;
        let all = expected.len();
        expected.retain(|_, (people, _)| *people >= PEOPLE_MIN);
        assert!(of_formation.len() == 10 && expected.len() > 50 && expected.len() < all, "papers were drawn: {}", expected.len());

        let csv = people.committee.bytes(&format!("{}?formation={formation}", path("csv"))).await?;
        let csv = String::from_utf8(csv)?;
        let rows = rows(&csv);
        let single = |code: &String| bank.values().any(|item| item.code == *code && item.rule == "single");
        assert_eq!(rows.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for (code, (people, difficulty)) in expected.iter().filter(|(code, _)| single(code)) {
            assert_eq!((&rows[code]["people"], &rows[code]["difficulty"]), (&people.to_string(), difficulty), "{code}");
        }
        assert!(
            rows.values().any(|row| !row["point_biserial_corrected"].is_empty())
                && rows.values().all(|row| row["alpha_if_deleted"].is_empty())
        );
        assert!(rows.values().any(|row| !row["mean_time_s"].is_empty()), "the journal tells how long items were looked at");

        let page = String::from_utf8(people.committee.bytes(&format!("{}?formation={formation}", path("html"))).await?)?;
        assert!(expected.keys().all(|code| page.contains(code.as_str())), "every item is on the page");
        assert!(page.contains(title) && page.contains("naskah diundi") && page.contains("Penyelesaian menurut waktu"));
        for private in ["UJI-", "Peserta Uji", "<script", "1995-05-17", "Mei 1995"] {
            assert!(!page.contains(private) && !csv.contains(private), "{private}");
        }
    }
    let first = people.committee.bytes(&path("csv")).await?;
    let guru = people.committee.bytes(&format!("{}?formation={}", path("csv"), FORMATIONS[0].0)).await?;
    assert_eq!(first, guru, "without a formation it is the first one");
    let unknown = people.committee.get::<Value>(&format!("{}?formation=tidak-ada", path("csv"))).await?;
    assert_eq!(unknown.code(), Some("not_found"));
    for stranger in [&people.proctor, &people.author, &people.registrar] {
        assert_eq!(stranger.get::<Value>(&path("html")).await?.code(), Some("forbidden"));
    }
    the_announcement_has_points_without_names(&people.committee, &exam.stage, &bank).await
}

async fn the_announcement_has_points_without_names(committee: &Staff, stage: &str, bank: &BTreeMap<String, ItemView>) -> Result<()> {
    adopt(committee, stage).await?;
    let published = publish(committee, stage, 1).await?;
    let json = String::from_utf8(committee.bytes(&format!("/hasil/{}/daftar.json", published.id)).await?)?;
    let announced: Value = serde_json::from_str(&json)?;
    let forms = announced["statistics"].as_array().context("pictures of items")?;
    assert_eq!(forms.len(), FORMATIONS.len());
    let number = |text: &Value| text.as_str().and_then(|text| text.parse::<f64>().ok()).context("a decimal");
    for form in forms {
        assert_eq!(form["people"], 10);
        let items = form["items"].as_array().context("points")?;
        let difficulties: Vec<f64> = items.iter().map(|item| number(&item["difficulty"])).collect::<Result<_>>()?;
        assert!(difficulties.len() > 20 && difficulties.is_sorted(), "{difficulties:?}");
        let last = form["completion"].as_array().and_then(|moments| moments.last()).context("the end")?;
        assert_eq!(number(&last["ended"])?, 1.0);
    }
    for (id, item) in bank {
        assert!(!json.contains(id.as_str()) && !json.contains(&item.code), "{} is named", item.code);
    }
    Ok(())
}
