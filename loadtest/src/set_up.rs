//! A selection of thousands from nothing, through the public API: a bank, a blueprint, halls, sittings, candidates, papers, open doors, and
//! everybody signed in at a terminal.

use crate::orders::Seat;
use crate::server::Server;
use crate::staff::Staff;
use crate::terminal::sign_in;
use anyhow::{Context, Result, bail};
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::multipart::{Form, Part};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use wire::Created;
use wire::bank::{AcceptImport, ImportDone, ImportPreview, ItemPage};
use wire::proctor::ProctorAct;
use wire::roster::{
    AssignSittings, Assigned, BlueprintBody, BlueprintCell, BlueprintSection, CandidateImportReport, DrawReport, FormationLine,
    NewFormation, NewHall, NewSelection, NewSitting, NewStage, PutBlueprint, SelectionPolicy, SittingPolicyBody,
};
use wire::rule_sets::ChooseRuleSet;

/// Where a data directory keeps who was set up; for its owner only, because there are passwords in it.
pub const FILE: &str = "loadtest.json";
/// Most sessions of a run.
pub const SESSIONS_MAX: usize = 30_000;
/// Requests under way at once while people are checked in and signed in.
const AT_ONCE: usize = 48;
/// Seats of a row.
const COLUMNS: usize = 25;
/// Sections: code, title, share of the paper.
const SECTIONS: [(&str, &str); 3] = [("umum", "Pengetahuan Umum"), ("lokal", "Muatan Lokal"), ("bidang", "Kompetensi Bidang")];
/// Formations: code, title.
const FORMATIONS: [(&str, &str); 3] = [("guru", "Guru"), ("perawat", "Perawat"), ("prakom", "Pranata Komputer")];

/// How large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// People.
    pub sessions: usize,
    /// Seats of a hall; each hall has one sitting.
    pub hall_seats: usize,
    /// Items of a paper; a multiple of three.
    pub items: u16,
    /// Items of the bank.
    pub bank_items: u16,
    /// Time for the paper, seconds.
    pub duration_s: u32,
    /// The proctor's start starts everybody's clock.
    pub start_together: bool,
}

/// A member of staff.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Login {
    /// Login.
    pub login: String,
    /// Password.
    pub password: String,
    /// Role code.
    pub role: String,
}

/// What the bank that was made holds, so that marks can be computed without the server.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Key {
    /// Thousandths of a mark by item and choice.
    pub items: BTreeMap<String, BTreeMap<String, i64>>,
    /// Items by section.
    pub sections: BTreeMap<String, Vec<String>>,
}

/// What was set up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct People {
    /// How large.
    pub plan: Plan,
    /// Staff.
    pub staff: Vec<Login>,
    /// The selection.
    pub selection: String,
    /// Its stage.
    pub stage: String,
    /// Its sittings.
    pub sittings: Vec<String>,
    /// Candidates at their terminals.
    pub seats: Vec<Seat>,
    /// Keys of the bank.
    pub key: Key,
}

impl People {
    /// Signs a member of staff in.
    pub async fn staff(&self, server: &Server, role: &str) -> Result<Staff> {
        let found = self.staff.iter().find(|login| login.role == role).with_context(|| format!("nobody is {role}"))?;
        Staff::sign_in(server.desk(), &found.login, &found.password).await
    }

    /// Reads what an earlier run set up in a data directory.
    pub fn read(data: &Path) -> Result<Option<People>> {
        match std::fs::read(data.join(FILE)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).with_context(|| format!("failed to understand {FILE}"))?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes the keys of the bank into the folder of a run.
    pub fn write_key(&self, dir: &Path) -> Result<()> {
        Ok(std::fs::write(dir.join("key.json"), serde_json::to_vec(&self.key)?)?)
    }

    /// Keeps it in the data directory.
    pub fn write(&self, data: &Path) -> Result<()> {
        use std::io::Write;
        use std::os::unix::fs::OpenOptionsExt;
        let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(data.join(FILE))?;
        Ok(file.write_all(&serde_json::to_vec(self)?)?)
    }
}

/// Sets everything up. `progress` is told what is being done, how far it is, and of how many.
pub async fn set_up(server: &Server, plan: &Plan, mut progress: impl FnMut(&'static str, u64, u64)) -> Result<People> {
    if plan.sessions == 0 || plan.sessions > SESSIONS_MAX {
        bail!("1 to {SESSIONS_MAX} sessions");
    }
    if plan.items == 0 || !plan.items.is_multiple_of(3) || plan.items > plan.bank_items || plan.bank_items > 3_000 {
        bail!("the items of a paper must be a multiple of three, and the bank must have as many, at most 3,000");
    }
    progress("staff, bank and blueprint", 0, 1);
    let mut people = People {
        plan: plan.clone(),
        staff: Vec::new(),
        selection: String::new(),
        stage: String::new(),
        sittings: Vec::new(),
        seats: Vec::new(),
        key: Key::default(),
    };
    for role in ["author", "committee", "registrar", "proctor"] {
        let login = format!("muat-{role}");
        let password = server.create_staff(&login, role).await?;
        people.staff.push(Login { login, password, role: role.to_owned() });
    }
    let author = people.staff(server, "author").await?;
    let committee = people.staff(server, "committee").await?;
    let (registrar, proctor) = (people.staff(server, "registrar").await?, people.staff(server, "proctor").await?);
    let form = Form::new().part("file", Part::bytes(bank_csv(plan.bank_items).into_bytes()).file_name("bank.csv"));
    import(&author, form, false).await?;
    people.key = key(&author).await?;
    set_up_selection(&committee, &mut people, &mut progress).await?;
    open_doors(&committee, &proctor, &people, &mut progress).await?;
    people.seats = seat_everybody(server, &registrar, &people, &mut progress).await?;
    people.write(server.data())?;
    Ok(people)
}

async fn set_up_selection(committee: &Staff, people: &mut People, progress: &mut impl FnMut(&'static str, u64, u64)) -> Result<()> {
    let plan = people.plan.clone();
    let new =
        NewSelection { code: "muat".into(), title: "Uji Beban".into(), organiser: "Operator".into(), policy: SelectionPolicy::default() };
    people.selection = committee.post::<Created>("/api/v1/selections", &new).await?.done()?.id;
    let of_selection = |noun: &str| format!("/api/v1/selections/{}/{noun}", people.selection);
    choose_rule_set(committee, &people.selection, &blueprint(&plan)).await?;
    let stage = NewStage { code: "skb".into(), title: "Seleksi Kompetensi".into() };
    people.stage = committee.post::<Created>(&of_selection("stages"), &stage).await?.done()?.id;
    for (code, title) in FORMATIONS {
        let formation = NewFormation { code: code.into(), title: title.into(), slots: 100, line: FormationLine::default() };
        committee.post::<Created>(&of_selection("formations"), &formation).await?.done()?;
    }
    let body = PutBlueprint { formation: None, blueprint: blueprint(&plan) };
    committee.put::<serde_json::Value>(&format!("/api/v1/stages/{}/blueprint", people.stage), &body).await?.done()?;
    let seats = plan.hall_seats.min(plan.sessions).next_multiple_of(COLUMNS);
    let halls = plan.sessions.div_ceil(seats);
    for number in 1..=halls {
        progress("halls and sittings", number as u64, halls as u64);
        let rows = (seats / COLUMNS) as u16;
        let hall = NewHall { code: format!("r{number}"), title: format!("Ruang {number}"), rows, columns: COLUMNS as u16, spare: 0 };
        let hall = committee.post::<Created>(&of_selection("halls"), &hall).await?.done()?.id;
        let sitting = NewSitting {
            stage: people.stage.clone(),
            hall,
            code: format!("s{number}"),
            starts_utc_ms: now_utc_ms() + 60 * 60_000,
            policy: SittingPolicyBody {
                start_together: plan.start_together,
                check_in_opens_before_s: 24 * 3600,
                check_in_closes_before_s: 0,
                latest_start_after_s: 24 * 3600,
                pin_valid_s: 24 * 3600,
                ..SittingPolicyBody::default()
            },
        };
        people.sittings.push(committee.post::<Created>(&of_selection("sittings"), &sitting).await?.done()?.id);
    }
    progress("candidates", 0, plan.sessions as u64);
    let form = Form::new().part("file", Part::bytes(candidates_csv(plan.sessions).into_bytes()).file_name("peserta.csv"));
    let path = format!("{}?accept=true", of_selection("candidates/import"));
    let report: CandidateImportReport = committee.upload(&path, form).await?.done()?;
    if !report.accepted || report.new as usize != plan.sessions {
        bail!("candidates were not imported: {:?}", report.problems.first());
    }
    progress("enrolment", 0, plan.sessions as u64);
    let all = AssignSittings { sittings: people.sittings.clone(), seats: true };
    let assigned: Assigned = committee.post(&format!("/api/v1/stages/{}/assign", people.stage), &all).await?.done()?;
    if assigned.assigned as usize != plan.sessions {
        bail!("{} of {} were assigned", assigned.assigned, plan.sessions);
    }
    Ok(())
}

async fn open_doors(committee: &Staff, proctor: &Staff, people: &People, progress: &mut impl FnMut(&'static str, u64, u64)) -> Result<()> {
    for (number, sitting) in (1..).zip(&people.sittings) {
        let _: DrawReport = committee.post(&format!("/api/v1/sittings/{sitting}/draw"), &serde_json::json!({})).await?.done()?;
        proctor.command(sitting, ProctorAct::Open, "").await?.done().context("opening the doors")?;
        progress("papers and doors", number, people.sittings.len() as u64);
    }
    Ok(())
}

async fn seat_everybody(
    server: &Server,
    registrar: &Staff,
    people: &People,
    progress: &mut impl FnMut(&'static str, u64, u64),
) -> Result<Vec<Seat>> {
    // The desk shows at most a hundred people at once. Numbers are given in order and sittings filled in order, so that each sitting has a
    // known range of them: it is asked hundred by hundred.
    let places = people.plan.hall_seats.min(people.plan.sessions).next_multiple_of(COLUMNS);
    let mut expected = Vec::with_capacity(people.plan.sessions);
    for (index, sitting) in people.sittings.iter().enumerate() {
        let last = ((index + 1) * places).min(people.plan.sessions) - 1;
        for hundred in index * places / 100..=last / 100 {
            let found = registrar.desk(sitting, &format!("LT-{hundred:03}")).await?.people;
            expected.extend(found.into_iter().map(|person| (sitting.clone(), person)));
        }
    }
    if expected.len() != people.plan.sessions {
        bail!("the desk knows {} of {} people", expected.len(), people.plan.sessions);
    }
    let client = reqwest::Client::builder().no_proxy().build().context("an HTTP client")?;
    let arriving = stream::iter(expected).map(|(sitting, person)| {
        let (client, base) = (&client, server.desk());
        async move {
            let pin =
                registrar.check_in(&person.session).await?.done().with_context(|| format!("check-in of {}", person.participant_no))?;
            let seated = sign_in(client, base, &person.participant_no, &pin.pin).await?;
            let cookie = seated.cookie.trim_start_matches("__Host-").to_owned();
            anyhow::Ok(Seat { participant_no: person.participant_no, session: person.session, sitting, cookie })
        }
    });
    let mut arriving = arriving.buffer_unordered(AT_ONCE);
    let mut seats = Vec::with_capacity(people.plan.sessions);
    while let Some(seat) = arriving.try_next().await? {
        seats.push(seat);
        if seats.len().is_multiple_of(20) {
            progress("check-in and sign-in", seats.len() as u64, people.plan.sessions as u64);
        }
    }
    seats.sort_by(|a, b| a.participant_no.cmp(&b.participant_no));
    Ok(seats)
}

/// Imports files into the bank and accepts them.
pub async fn import(author: &Staff, form: Form, skip_bad: bool) -> Result<ImportDone> {
    let preview: ImportPreview = author.upload("/api/v1/bank/imports", form).await?.done()?;
    if preview.bad > 0 && !skip_bad {
        bail!("{} bad items: {:?}", preview.bad, preview.problems.iter().filter(|problem| problem.stops).collect::<Vec<_>>());
    }
    author.post(&format!("/api/v1/bank/imports/{}/accept", preview.id), &AcceptImport { skip_bad }).await?.done()
}

/// Reads the bank back as its author, who may see keys.
async fn key(author: &Staff) -> Result<Key> {
    let mut key = Key::default();
    for page in 1.. {
        let items: ItemPage = author.get(&format!("/api/v1/bank/items?page={page}")).await?.done()?;
        for item in &items.items {
            let marks = (0..).zip(&item.weights).map(|(choice, weight): (usize, _)| Ok((choice.to_string(), milli(weight)?)));
            key.items.insert(item.id.clone(), marks.collect::<Result<_>>()?);
            key.sections.entry(item.section.clone()).or_default().push(item.id.clone());
        }
        if items.items.is_empty() || key.items.len() >= items.total as usize {
            break;
        }
    }
    Ok(key)
}

/// Thousandths of a decimal with at most three digits behind the point.
fn milli(decimal: &str) -> Result<i64> {
    let (sign, digits) = decimal.strip_prefix('-').map_or((1, decimal), |digits| (-1, digits));
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    if part.len() > 3 {
        bail!("{decimal} is finer than a thousandth");
    }
    let number: i64 = format!("{whole}{part:0<3}").parse().with_context(|| format!("{decimal} is not a decimal"))?;
    Ok(sign * number)
}

/// Lets a selection be decided by the sections and the tie order of its blueprint, in one stage without threshold and cut.
pub async fn choose_rule_set(committee: &Staff, selection: &str, blueprint: &BlueprintBody) -> Result<()> {
    let choice = ChooseRuleSet { id: None, text: Some(rule_set_text(blueprint)), reason: String::new() };
    committee.put::<serde_json::Value>(&format!("/api/v1/selections/{selection}/rule-set"), &choice).await?.done()?;
    Ok(())
}

/// A rule set of one stage without a cut, as TOML.
pub fn rule_set_text(blueprint: &BlueprintBody) -> String {
    let quoted = |codes: &mut dyn Iterator<Item = String>| codes.map(|code| format!("{code:?}")).collect::<Vec<_>>().join(", ");
    let sections: String = blueprint
        .sections
        .iter()
        .map(|section| {
            let (code, title) = (&section.code, &section.title);
            format!("[[stages.sections]]\nid = {code:?}\ntitle = {{ id = {title:?}, en = {title:?} }}\nmax = {MARKS_MAX}\n\n")
        })
        .collect();
    let code = |status: &str, code: &str| {
        format!("[[codes]]\nstage = \"*\"\nstatus = {status:?}\ncode = {code:?}\ntext = {{ id = {status:?}, en = {status:?} }}\n\n")
    };
    let codes = [("shortlisted", "M"), ("below_threshold", "TM"), ("absent", "TH"), ("disqualified", "DIS"), ("withdrawn", "APS")]
        .into_iter()
        .chain([("ineligible", "TMS")])
        .map(|(status, letters)| code(status, letters))
        .collect::<String>();
    format!(
        "id = \"uji\"\nyear = 2026\ntitle = {{ id = \"Aturan uji\", en = \"Test rules\" }}\n\
         sources = [{{ decree = \"Aturan uji\", article = \"1\" }}]\ncategories = [\"umum\"]\n\
         default_agency = \"daerah\"\n\n[[stages]]\nid = \"tes\"\ntitle = {{ id = \"Tes\", en = \"Test\" }}\ntie_order = [{}]\n\n\
         {sections}[[stages.pass]]\ncategories = [\"*\"]\nrule = \"none\"\n\n\
         [display]\ndecimals = 3\nmark = \",\"\nrounding = \"half_up\"\n\n{codes}",
        quoted(&mut blueprint.tie_order.iter().cloned()),
    )
}

/// More marks than any section of a test has.
const MARKS_MAX: u32 = 10_000;

fn blueprint(plan: &Plan) -> BlueprintBody {
    let count = plan.items / SECTIONS.len() as u16;
    let section = |(code, title): (&str, &str)| BlueprintSection {
        code: code.into(),
        title: title.into(),
        duration_s: None,
        linear: false,
        shuffle_items: true,
        shuffle_choices: true,
        cells: vec![BlueprintCell { topic: None, subtopic: None, level: None, difficulty: None, count }],
    };
    BlueprintBody {
        sections: SECTIONS.map(section).into(),
        duration_s: plan.duration_s,
        tie_order: SECTIONS.iter().rev().map(|(code, _)| (*code).to_owned()).collect(),
    }
}

/// Items of five choices, some with one right choice, some with weights for all.
fn bank_csv(items: u16) -> String {
    let mut text = String::from("id,section,topic,stem,choice_a,choice_b,choice_c,choice_d,choice_e,key,weights\n");
    for number in 0..usize::from(items) {
        let (section, _) = SECTIONS[number % SECTIONS.len()];
        let right = number / 3 % 5;
        let (key, weights) = if number % 2 == 0 {
            (char::from(b'A' + right as u8).to_string(), String::new())
        } else {
            (String::new(), (0..5).map(|choice| ((choice + right) % 5 + 1).to_string()).collect::<Vec<_>>().join(";"))
        };
        text.push_str(&format!(
            "muat-{number:04},{section},topik-{},\"Soal {number}: seorang pegawai menerima berkas yang belum lengkap pada akhir jam \
             pelayanan. Tindakan yang paling tepat adalah ....\",menerima dan melengkapi berkas itu sendiri ({number}),meminta pemohon \
             datang kembali besok pagi,menjelaskan kekurangan berkas itu dengan sopan,meneruskan berkas itu kepada atasan,menolak \
             berkas itu tanpa penjelasan,{key},{weights}\n",
            number % 4
        ));
    }
    text
}

fn candidates_csv(sessions: usize) -> String {
    let mut text = String::from("participant_no,name,formation,category,accommodation,extra_time_minutes,gpa,birth_date,nik\n");
    for index in 0..sessions {
        let (formation, _) = FORMATIONS[index % FORMATIONS.len()];
        text.push_str(&format!("LT-{index:05},Peserta {},{formation},umum,,0,3.50,1995-05-17,\n", letters(index)));
    }
    text
}

/// A name nobody has: base 26 in letters.
fn letters(mut index: usize) -> String {
    let mut name = String::new();
    for _ in 0..4 {
        name.insert(0, char::from(b'A' + (index % 26) as u8));
        index /= 26;
    }
    name
}

/// Wall clock, Unix milliseconds.
pub fn now_utc_ms() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_thousandths() {
        let read: Vec<_> = ["5", "0", "-1.25", "0.125", "2,5"].into_iter().map(|text| milli(text).ok()).collect();
        assert_eq!(read, [Some(5_000), Some(0), Some(-1_250), Some(125), Some(2_500)]);
        assert!(milli("0.1234").is_err() && milli("lima").is_err());
    }

    #[test]
    fn names_are_different() {
        let names: std::collections::BTreeSet<String> = (0..SESSIONS_MAX).map(letters).collect();
        assert_eq!(names.len(), SESSIONS_MAX);
    }
}
