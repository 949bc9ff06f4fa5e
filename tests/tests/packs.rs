//! Packs of other people, from upload to exam: read through the mappings of `content/mappings`, accepted without their bad items, looked at,
//! drawn from, and taken by candidates.
//!
//! The packs are not part of the repository; without them these tests say so and pass. `SAKSAMA_SHARED_DATA` names their folder.

use anyhow::{Context, Result};
use loadtest::candidate::{Diary, Habits};
use loadtest::sitting::{everybody, open, seat_people, start};
use loadtest::staff::Staff;
use reqwest::multipart::{Form, Part};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tests::{People, Plan, Server, root, set_up_from_bank};
use wire::bank::{AcceptImport, ImportDone, ImportPreview, ItemPage, ItemView};
use wire::proctor::ProctorAct;
use wire::roster::{BlueprintBody, BlueprintCell, BlueprintSection};

/// A pack: its mapping, its folder, the files and folders in it that are sent, and what must come of it.
struct Pack {
    mapping: &'static str,
    folder: &'static str,
    sent: &'static [&'static str],
    good: u32,
    bad: u32,
}

const fn pack(mapping: &'static str, folder: &'static str, sent: &'static [&'static str], good: u32, bad: u32) -> Pack {
    Pack { mapping, folder, sent, good, bad }
}

const PACKS: [Pack; 9] = [
    pack("cpns-tryout-skd", "cpns-tryout-agilbiaviv", &["soalSKD.json", "soalSKD2.json", "assets"], 197, 3),
    pack("cpns-tryout-toan", "cpns-tryout-agilbiaviv", &["soalTOAN1.json", "assets"], 74, 1),
    pack("cpns-tryout-tpa", "cpns-tryout-agilbiaviv", &["soalTPA1.json", "assets"], 45, 0),
    pack("p3k-teknis", "p3k-vyc1224", &["soal.teknis.json"], 306, 7),
    pack("p3k-sosio-kultural", "p3k-vyc1224", &["soal.sosio_kultural.json"], 107, 3),
    pack("js-questions", "js-questions-id", &["README.id-ID.md"], 154, 1),
    pack("budayanesia", "budaya-budayanesia", &["konten.md"], 60, 0),
    pack("tpa-analogi", "tpa-chiefrz", &["bank_soal.json"], 20, 0),
    pack("copal-id", "copal-id", &["test_copal.csv"], 559, 0),
];

/// Where the packs are, if they are here.
fn packs() -> Option<PathBuf> {
    let shared = std::env::var_os("SAKSAMA_SHARED_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let absent = PACKS.iter().map(|pack| shared.join(pack.folder)).find(|folder| !folder.is_dir());
    if let Some(absent) = &absent {
        // Around the capture of the test's output: a skipped test is to be seen.
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "SKIPPED: {} absent", absent.display());
    }
    absent.is_none().then_some(shared)
}

/// Files below a folder, by path.
fn files_below(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if folder.is_file() {
        files.push(folder.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    entries.sort();
    entries.iter().try_for_each(|entry| files_below(entry, files))
}

/// The upload of a pack, as the page makes it: files by their relative names, and the mapping.
fn upload(shared: &Path, pack: &Pack) -> Result<Form> {
    let folder = shared.join(pack.folder);
    let mut files = Vec::new();
    pack.sent.iter().try_for_each(|sent| files_below(&folder.join(sent), &mut files))?;
    let mapping = std::fs::read(root().join("content/mappings").join(format!("{}.toml", pack.mapping)))?;
    let form = Form::new().part("mapping", Part::bytes(mapping).file_name(format!("{}.toml", pack.mapping)));
    files.iter().try_fold(form, |form, file| {
        let name = file.strip_prefix(&folder)?.to_string_lossy().into_owned();
        Ok(form.part("file", Part::bytes(std::fs::read(file)?).file_name(name)))
    })
}

async fn preview(author: &Staff, shared: &Path, pack: &Pack) -> Result<ImportPreview> {
    author.upload("/api/v1/bank/imports", upload(shared, pack)?).await?.done().context(pack.mapping)
}

/// Imports a pack twice; the second time nothing may change.
async fn import_twice(author: &Staff, shared: &Path, pack: &Pack) -> Result<()> {
    let name = pack.mapping;
    let first = preview(author, shared, pack).await?;
    assert_eq!((first.good, first.bad), (pack.good, pack.bad), "{name}: {:?}", first.problems);
    assert_eq!((first.new, first.changed, first.unchanged), (pack.good, 0, 0), "{name}");
    assert_eq!(first.problems.iter().any(|problem| problem.stops), pack.bad > 0, "{name}");
    let accept = format!("/api/v1/bank/imports/{}/accept", first.id);
    if pack.bad > 0 {
        let refused = author.post::<ImportDone>(&accept, &AcceptImport { skip_bad: false }).await?;
        assert_eq!(refused.code(), Some("import_bad_items"), "{name}: one bad item refuses the whole import");
    }
    let done: ImportDone = author.post(&accept, &AcceptImport { skip_bad: pack.bad > 0 }).await?.done()?;
    assert_eq!((done.new, done.changed, done.unchanged, done.skipped), (pack.good, 0, 0, pack.bad), "{name}");
    let gone = author.post::<ImportDone>(&accept, &AcceptImport { skip_bad: true }).await?;
    assert_eq!(gone.code(), Some("not_found"), "{name}: an accepted import does not wait any more");

    let second = preview(author, shared, pack).await?;
    assert_eq!((second.new, second.changed, second.unchanged), (0, 0, pack.good), "{name}: the same pack again");
    let accept = format!("/api/v1/bank/imports/{}/accept", second.id);
    let done: ImportDone = author.post(&accept, &AcceptImport { skip_bad: true }).await?.done()?;
    assert_eq!((done.new, done.changed, done.unchanged), (0, 0, pack.good), "{name}");
    Ok(())
}

async fn item(staff: &Staff, code: &str) -> Result<ItemView> {
    let page: ItemPage = staff.get(&format!("/api/v1/bank/items?find={code}")).await?.done()?;
    page.items.into_iter().find(|item| item.code == code).with_context(|| format!("{code} is in the bank"))
}

/// Addresses of the pictures in a text.
fn pictures(text: &str) -> Vec<String> {
    text.split("src=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

/// What an item shows and what its key says, for one or two items of each pack.
async fn look_at_items(author: &Staff) -> Result<()> {
    let glued = item(author, "soalskd-065").await?;
    assert_eq!((glued.section.as_str(), glued.rule.as_str(), glued.version), ("tkp", "single", 1));
    assert_eq!(glued.weights, ["3", "5", "1", "4", "2"], "the weights that were glued to the options");
    let ends_in_digit = |choice: &String| choice.ends_with(|last: char| last.is_ascii_digit());
    assert!(!glued.choices.iter().any(ends_in_digit), "and none of them is left in the text: {:?}", glued.choices);
    let keyed = item(author, "soalskd-000").await?;
    assert_eq!((keyed.section.as_str(), keyed.weights.join(";").as_str()), ("tiu", "5;0;0;0;0"));
    assert_eq!(item(author, "soaltoan1-050").await?.weights, ["0", "0", "4", "0"], "the empty fifth option is gone");
    assert_eq!(item(author, "soaltoan1-050").await?.language, "en");
    let cause = item(author, "copal-001").await?;
    assert_eq!(cause.stem, "Kulitnya bentol-bentol. Penyebab yang paling masuk akal adalah ....");
    assert_eq!(item(author, "copal-003").await?.weights, ["0", "5"]);
    assert!(item(author, "js-132").await?.stem.contains("<pre><code>class Counter"));
    assert_eq!(item(author, "budaya-jawa-01").await?.subtopic, "jawa");
    assert!(!item(author, "analogi-001").await?.basis.is_empty(), "the explanation is what the key rests on");

    let whole: ItemPage = author.get("/api/v1/bank/items").await?.done()?;
    let good: u32 = PACKS.iter().map(|pack| pack.good).sum();
    assert_eq!((whole.total, whole.items.len()), (good, 50));
    assert_eq!(whole.cells.iter().map(|cell| cell.items).sum::<u32>(), good, "the table of contents counts every item");
    let culture: ItemPage = author.get("/api/v1/bank/items?section=lokal&topic=budaya").await?.done()?;
    assert_eq!(culture.total, 60);
    Ok(())
}

/// Pictures are for staff who may see items, with the type of their content; strangers get nothing.
async fn look_at_pictures(server: &Server, author: &Staff) -> Result<String> {
    let figural = item(author, "soaltpa1-043").await?;
    let choices: Vec<String> = figural.choices.iter().flat_map(|choice| pictures(choice)).collect();
    let mut addresses = pictures(&figural.stem);
    assert_eq!((addresses.len(), choices.len()), (1, 5), "a stem and five choices of pictures");
    addresses.extend(choices);
    let password = server.create_staff("penulis2", "author")?;
    let client = reqwest::Client::builder().cookie_store(true).build()?;
    let sign_in = serde_json::json!({ "login": "penulis2", "password": password });
    let request = client.post(format!("{}/api/v1/staff/sign-in", server.base)).header("x-saksama", "1").json(&sign_in);
    request.send().await?.error_for_status()?;
    for address in &addresses {
        assert!(address.starts_with("/media/") && address.len() == "/media/".len() + 64, "{address}");
        let response = client.get(format!("{}{address}", server.base)).send().await?.error_for_status()?;
        let kind = response.headers().get("content-type").context("a content type")?.to_str()?.to_owned();
        let bytes = response.bytes().await?;
        let begins = match kind.as_str() {
            "image/jpeg" => &b"\xff\xd8\xff"[..],
            "image/png" => &b"\x89PNG\r\n\x1a\n"[..],
            other => panic!("{address} is served as {other}"),
        };
        assert!(bytes.starts_with(begins), "{address} is no {kind}");
        let stranger = reqwest::get(format!("{}{address}", server.base)).await?;
        assert_eq!(stranger.status().as_u16(), 401, "{address} is not for strangers");
    }
    addresses.into_iter().next().context("a picture")
}

/// Sections of the small exam: code, topic, items.
const SECTIONS: [(&str, Option<&str>, u16); 7] = [
    ("tiu", None, 4),
    ("twk", None, 3),
    ("tkp", None, 4),
    ("tpa", Some("figural"), 3),
    ("toan", Some("bahasa-inggris"), 2),
    ("lokal", None, 3),
    ("bidang", Some("komputer"), 2),
];

fn blueprint() -> BlueprintBody {
    let section = |(code, topic, count): (&str, Option<&str>, u16)| BlueprintSection {
        code: code.into(),
        title: code.to_uppercase(),
        duration_s: None,
        linear: false,
        shuffle_items: true,
        shuffle_choices: true,
        cells: vec![BlueprintCell { topic: topic.map(str::to_owned), subtopic: None, level: None, difficulty: None, count }],
    };
    BlueprintBody { sections: SECTIONS.map(section).to_vec(), duration_s: 3_600, tie_order: vec!["tkp".into(), "tiu".into(), "twk".into()] }
}

/// Marks of a paper in thousandths, from the keys as the author sees them; every item of these packs takes one choice.
fn marks(diary: &Diary, keys: &HashMap<String, ItemView>) -> i64 {
    let milli = |decimal: &str| decimal.parse::<i64>().expect("these packs have whole marks") * 1000;
    let of_item = |(position, id): (u16, &String)| match diary.acknowledged.get(&position).map(Vec::as_slice) {
        Some([choice]) => milli(&keys[id].weights[usize::from(*choice)]),
        Some([]) | None => milli(&keys[id].blank),
        Some(several) => panic!("{several:?} for an item of one choice"),
    };
    (0..).zip(&diary.items).map(of_item).sum()
}

async fn all_keys(author: &Staff) -> Result<HashMap<String, ItemView>> {
    let mut keys = HashMap::new();
    for page in 1.. {
        let found: ItemPage = author.get(&format!("/api/v1/bank/items?page={page}")).await?.done()?;
        if found.items.is_empty() {
            break;
        }
        keys.extend(found.items.into_iter().map(|item| (item.id.clone(), item)));
    }
    Ok(keys)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packs_of_other_people_become_an_exam() -> Result<()> {
    let Some(shared) = packs() else { return Ok(()) };
    let mut server = Server::start().await?;
    let people = People::new(&server).await?;
    for pack in &PACKS {
        import_twice(&people.author, &shared, pack).await?;
    }
    look_at_items(&people.author).await?;
    let picture = look_at_pictures(&server, &people.author).await?;

    let plan = Plan { candidates: 6, ..Plan::default() };
    let exam = set_up_from_bank(&people, &plan, |_| blueprint()).await?;
    assert_eq!(exam.draw.papers, 6);
    open(&people.proctor, &exam.sitting).await?;
    let seated = seat_people(&people.registrar, &server.base, &exam.sitting.id, 5, |_| ()).await?;
    let cookies: Vec<String> = seated.iter().map(|seated| seated.cookie.clone()).collect();
    let client = reqwest::Client::new();
    let look = |cookie: &str| client.get(format!("{}{picture}", server.base)).header("cookie", cookie).send();
    assert_eq!(look(&cookies[0]).await?.status().as_u16(), 403, "no picture before the start");

    let habits = Habits { speed: 1e5, skips: 0.2, changes: 0.2, blanks: 0.5, seed: 11 };
    let running = tokio::spawn(everybody(seated, habits, Arc::new(AtomicU64::new(0))));
    start(&people.proctor, &exam.sitting.id).await?;
    let diaries = running.await??;
    assert_eq!(look(&cookies[0]).await?.status().as_u16(), 200, "after it the terminal has them");
    people.proctor.command(&exam.sitting.id, ProctorAct::Close, "").await?.done()?;

    let keys = all_keys(&people.author).await?;
    let items: usize = SECTIONS.iter().map(|&(_, _, count)| usize::from(count)).sum();
    assert_eq!(diaries.len(), 5);
    for diary in &diaries {
        assert_eq!(diary.items.len(), items);
        let sections: Vec<&str> = diary.items.iter().map(|id| keys[id].section.as_str()).collect();
        let wanted: Vec<&str> = SECTIONS.iter().flat_map(|&(code, _, count)| std::iter::repeat_n(code, usize::from(count))).collect();
        assert_eq!(sections, wanted, "{}", diary.participant_no);
        let shown = diary.marks.as_ref().context("the policy shows marks at the end")?;
        assert_eq!(shown.total_milli, marks(diary, &keys), "{}", diary.participant_no);
    }
    assert!(server.stop().await?);
    let checked = server.command(&["fsck"])?;
    assert!(checked.status.success(), "{}{}", String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
    Ok(())
}
