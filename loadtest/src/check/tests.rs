//! A hall of two by hand: everything is right in it, and each test spoils one thing.

use super::scores::{Key, List, Listed, ListedRow, Said};
use super::*;
use std::collections::HashMap;
use tempfile::TempDir;

const UTC_MS: u64 = 1_800_000_000_000;
const SITTING: &str = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const ANI: &str = "11111111111111111111111111111111";
const BUDI: &str = "22222222222222222222222222222222";
const GENERAL: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0";
const LOCAL: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1";

const ONCE: &str = "exactly once";
const COUNTS: &str = "the last one counts";
const SENT: &str = "never sent";
const LATE: &str = "late answers";
const CLOCKS: &str = "clocks agree";
const CHAIN: &str = "chain is unbroken";
const FSCK: &str = "saksama fsck";

/// What stands in the folder of the run and in the data directory.
struct Folder {
    /// Lines; the index is the position.
    journal: Vec<String>,
    diaries: String,
    broken: Option<&'static str>,
    findings: &'static str,
}

/// The line of a record at a time of the sitting's clock; the wall clock goes with it.
fn line(at_ms: u64, scope: &str, stamp: Option<(u32, u32)>, events: &str) -> String {
    let scope = if scope.is_empty() { String::new() } else { format!("\"session\":\"{scope}\",") };
    let stamp = stamp.map(|(epoch, seq)| format!("\"epoch\":{epoch},\"seq\":{seq},")).unwrap_or_default();
    let utc_ms = UTC_MS + at_ms;
    format!("{{\"sitting\":\"{SITTING}\",\"position\":0,\"utc_ms\":{utc_ms},\"mono_ms\":{at_ms},{scope}{stamp}\"events\":[{events}]}}")
}

fn answer(at_ms: u64, session: &str, seq: u32, kind: &str, position: u16, item: &str, choices: &str) -> String {
    let event = format!("{{\"kind\":\"{kind}\",\"position\":{position},\"item\":\"{item}\",\"choices\":[{choices}]}}");
    line(at_ms, session, Some((1, seq)), &event)
}

fn of(at_ms: u64, session: &str, event: &str) -> String {
    line(at_ms, session, None, event)
}

/// A minute for the paper. Ani answers 0 twice and 1 once, and is paused for 20 s; Budi answers 0, clears 1, and chooses 1 again when it is too late.
fn folder() -> Folder {
    let prepared = |session| format!("{{\"kind\":\"prepared\",\"session\":\"{session}\",\"base_ms\":60000,\"extra_ms\":0}}");
    let journal = vec![
        line(0, "", None, &format!("{{\"kind\":\"opened\"}},{},{}", prepared(ANI), prepared(BUDI))),
        of(1_000, ANI, "{\"kind\":\"checked_in\"},{\"kind\":\"signed_in\",\"epoch\":1}"),
        of(1_000, BUDI, "{\"kind\":\"checked_in\"},{\"kind\":\"signed_in\",\"epoch\":1}"),
        of(4_000, "", "{\"kind\":\"sitting_started\"}"),
        of(5_000, ANI, "{\"kind\":\"started\"}"),
        of(5_000, BUDI, "{\"kind\":\"started\"}"),
        answer(6_000, ANI, 3, "answered", 0, GENERAL, "1"),
        answer(7_000, ANI, 4, "answered", 0, GENERAL, "2"),
        answer(8_000, BUDI, 3, "answered", 0, GENERAL, "0"),
        line(9_000, "", None, &format!("{{\"kind\":\"paused\",\"session\":\"{ANI}\",\"for_move\":false}}")),
        line(29_000, "", None, &format!("{{\"kind\":\"resumed\",\"session\":\"{ANI}\"}}")),
        answer(30_000, ANI, 5, "answered", 1, LOCAL, "3"),
        answer(31_000, BUDI, 4, "answered", 1, LOCAL, ""),
        of(65_500, BUDI, "{\"kind\":\"expired\"}"),
        answer(66_000, BUDI, 5, "answered_late", 1, LOCAL, "1"),
        of(86_000, ANI, "{\"kind\":\"expired\"}"),
    ];
    let told = |at_ms: u64, remaining_ms: u32| format!("[{},{remaining_ms}]", UTC_MS + at_ms);
    let ani = format!(
        "{{\"participant_no\":\"UJI-1\",\"session\":\"{ANI}\",\"saves\":[[1,3,0,\"{GENERAL}\",[1],\"s\"],[1,4,0,\"{GENERAL}\",[2],\"s\"],\
         [1,5,1,\"{LOCAL}\",[3],\"s\"],[1,6,0,\"{GENERAL}\",[0],\"?\"],[1,7,0,\"{GENERAL}\",[0],\"b\"],[1,8,0,\"{GENERAL}\",[0],\"r\"]],\
         \"clocks\":[{},{}]}}",
        told(4_500, 60_000),
        told(10_000, 56_000)
    );
    let budi = format!(
        "{{\"participant_no\":\"UJI-2\",\"session\":\"{BUDI}\",\"saves\":[[1,3,0,\"{GENERAL}\",[0],\"s\"],[1,4,1,\"{LOCAL}\",[],\"s\"],\
         [1,5,1,\"{LOCAL}\",[1],\"l\"]],\"clocks\":[{}]}}",
        told(40_000, 25_000)
    );
    Folder { journal, diaries: format!("{ani}\n{budi}\n"), broken: None, findings: "" }
}

impl Folder {
    fn write(&self) -> TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).expect("a file is written");
        write("diaries-0.jsonl", &self.diaries);
        write("journal.jsonl", &(self.journal.join("\n") + "\n"));
        write("findings", self.findings);
        if let Some(said) = self.broken {
            write("broken", said);
        }
        write(
            "key.json",
            &format!(
                "{{\"items\":{{\"{GENERAL}\":{{\"0\":-1000,\"1\":5000,\"2\":3000}},\"{LOCAL}\":{{\"1\":5000,\"3\":4500}}}},\
                 \"sections\":{{\"umum\":[\"{GENERAL}\"],\"lokal\":[\"{LOCAL}\"]}}}}"
            ),
        );
        dir
    }

    fn compare(&self) -> Compared {
        let dir = self.write();
        let saksama = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/check/by_hand.sh"));
        compare(dir.path(), dir.path(), saksama).expect("the folder can be compared")
    }

    fn change(&mut self, position: usize, from: &str, to: &str) {
        let line = &mut self.journal[position];
        assert!(line.contains(from), "{line}");
        *line = line.replace(from, to);
    }

    fn write_down(&mut self, from: &str, to: &str) {
        assert!(self.diaries.contains(from), "{}", self.diaries);
        self.diaries = self.diaries.replacen(from, to, 1);
    }
}

/// Spoils the folder, and expects that exactly these checks fail, with these words in the first one.
fn check(spoil: impl FnOnce(&mut Folder), failing: &[&str], words: &str) {
    let mut folder = folder();
    spoil(&mut folder);
    let Compared { mut checks, journal } = folder.compare();
    checks.push(journal.clocks_agree(&HashMap::new()));
    let failed: Vec<&Check> = checks.iter().filter(|check| !check.ok).collect();
    assert_eq!(failed.len(), failing.len(), "{checks:#?}");
    for (check, name) in failed.iter().zip(failing) {
        assert!(check.name.contains(name), "{checks:#?}");
    }
    assert!(failed.first().map_or("", |check| &check.detail).contains(words), "{failed:#?}");
}

#[test]
fn a_hall_in_which_everything_is_right() {
    check(|_| (), &[], "");
}

#[test]
fn an_acknowledged_answer_is_lost() {
    check(|folder| drop(folder.journal.remove(8)), &[ONCE, COUNTS], "UJI-2, epoch 1 seq 3: lost");
    check(|folder| drop(folder.journal.remove(14)), &[ONCE], "UJI-2, epoch 1 seq 5: lost");
}

#[test]
fn an_answer_stands_there_twice() {
    check(
        |folder| folder.journal.insert(12, folder.journal[11].clone().replace("30000", "30001")),
        &[ONCE],
        "UJI-1, epoch 1 seq 5: 2 times",
    );
}

#[test]
fn an_older_answer_counts() {
    let swap = |folder: &mut Folder| {
        folder.journal[6] = answer(6_000, ANI, 4, "answered", 0, GENERAL, "2");
        folder.journal[7] = answer(7_000, ANI, 3, "answered", 0, GENERAL, "1");
    };
    check(swap, &[COUNTS], "UJI-1, position 0: epoch 1 seq 3 counts, epoch 1 seq 4 was acknowledged");
}

#[test]
fn an_answer_that_nobody_sent() {
    check(
        |folder| folder.journal.insert(9, answer(8_500, ANI, 99, "answered", 1, LOCAL, "1")),
        &[SENT],
        "UJI-1, journal position 0, epoch 1 seq 99",
    );
    check(|folder| folder.change(11, "[3]", "[1]"), &[SENT], "another answer than the one that was sent");
    check(|folder| folder.change(11, LOCAL, GENERAL), &[SENT], "another answer than the one that was sent");
    let stranger = "3".repeat(32);
    check(|folder| folder.journal.insert(9, answer(8_500, &stranger, 3, "answered", 0, GENERAL, "1")), &[SENT], &stranger);
}

#[test]
fn answers_of_an_earlier_run_are_left_aside() {
    let earlier = |folder: &mut Folder| {
        folder.journal.insert(6, answer(5_500, ANI, 2, "answered", 0, GENERAL, "0"));
        folder.write_down("\"saves\"", "\"from\":[1,3],\"saves\"");
    };
    check(earlier, &[], "");
    let inside = |folder: &mut Folder| {
        earlier(folder);
        folder.write_down("[1,3],\"saves\"", "[1,2],\"saves\"");
    };
    check(inside, &[SENT], "epoch 1 seq 2");
}

#[test]
fn a_sitting_of_another_run_is_left_aside() {
    let elsewhere = |folder: &mut Folder| {
        let line = answer(8_500, &"3".repeat(32), 3, "answered", 0, GENERAL, "1").replace(SITTING, &"dd".repeat(16));
        folder.journal.push(line);
    };
    check(elsewhere, &[], "");
}

#[test]
fn what_was_not_acknowledged_may_be_there_but_not_what_was_refused_as_busy() {
    check(|folder| folder.journal.insert(8, answer(7_500, ANI, 6, "answered", 0, GENERAL, "0")), &[], "");
    check(|folder| folder.journal.insert(8, answer(7_500, ANI, 8, "answered", 0, GENERAL, "0")), &[], "");
    check(
        |folder| folder.journal.insert(8, answer(7_500, ANI, 7, "answered", 0, GENERAL, "0")),
        &[SENT],
        "UJI-1, epoch 1 seq 7: refused as busy, and stored",
    );
}

#[test]
fn late_ones_and_saved_ones_are_not_mixed_up() {
    check(|folder| folder.change(14, "answered_late", "answered"), &[LATE], "counts although the session was over");
    check(|folder| folder.change(12, "answered", "answered_late"), &[COUNTS, LATE, CLOCKS], "nothing counts");
    check(|folder| folder.write_down("[1],\"l\"", "[1],\"s\""), &[COUNTS, LATE], "UJI-2, position 1: epoch 1 seq 4 counts, epoch 1 seq 5");
}

#[test]
fn time_that_was_counted_wrongly() {
    let forget_the_pause = |folder: &mut Folder| {
        folder.journal.drain(9..=10);
        folder.write_down(&format!("[{},56000]", UTC_MS + 10_000), &format!("[{},55000]", UTC_MS + 10_000));
    };
    check(forget_the_pause, &[CLOCKS], "UJI-1: expired at journal position 0, 21000 ms after the time was over");
    check(|folder| folder.change(13, "65500", "64900"), &[CLOCKS], "UJI-2: expired at journal position 0, -100 ms after");
    check(|folder| folder.write_down(",25000]", ",26500]"), &[CLOCKS], "UJI-2: was told 26500 ms remain, which is off by 1500 ms");
    check(|folder| folder.change(8, "\"mono_ms\":8000", "\"mono_ms\":6500"), &[CLOCKS], "goes back");
    check(|folder| folder.change(8, "\"mono_ms\":8000", "\"mono_ms\":9500"), &[CLOCKS], "runs 1500 ms ahead of the wall clock");
}

#[test]
fn an_outage_is_no_time_at_all() {
    let outage = |folder: &mut Folder| {
        // Ten seconds of wall clock between two records, while the sitting's clock stood still.
        for line in folder.journal.iter_mut().skip(12) {
            let at = line.find("\"utc_ms\":").expect("a wall clock") + 9;
            let utc_ms: u64 = line[at..at + 13].parse().expect("milliseconds");
            line.replace_range(at..at + 13, &(utc_ms + 10_000).to_string());
        }
        folder.diaries = folder.diaries.replace(&format!("[{},25000]", UTC_MS + 40_000), &format!("[{},25000]", UTC_MS + 50_000));
    };
    check(outage, &[], "");
    let told_before_the_next_record = |folder: &mut Folder| {
        outage(folder);
        folder.diaries = folder.diaries.replace(&format!("[{},25000]", UTC_MS + 50_000), &format!("[{},34100]", UTC_MS + 40_900));
    };
    check(told_before_the_next_record, &[], "");
}

#[test]
fn a_hard_close_explains_an_early_end() {
    let mut folder = folder();
    folder.change(13, "65500", "44000");
    folder.change(14, "66000", "45000");
    folder.write_down(",25000]", ",4000]");
    let Compared { journal, .. } = folder.compare();
    let sitting = id(SITTING).expect("an id");
    assert!(!journal.clocks_agree(&HashMap::new()).ok, "nothing explains it");
    assert!(!journal.clocks_agree(&HashMap::from([(sitting, 45_000)])).ok, "the hall was not over");
    let agreed = journal.clocks_agree(&HashMap::from([(sitting, 40_000)]));
    assert!(agreed.ok, "{agreed:?}");
}

#[test]
fn a_broken_journal_and_a_finding_of_fsck() {
    check(|folder| folder.broken = Some("saksama: failed to follow the journal: broken at block 5"), &[CHAIN], "broken at block 5");
    check(|folder| folder.findings = "sitting ee: live ranks differ", &[FSCK], "live ranks differ");
}

#[test]
fn a_diary_that_uses_a_number_twice_is_no_diary() {
    let dir = tempfile::tempdir().expect("a folder");
    let twice = folder().diaries.replace("[1,4,0", "[1,3,0");
    std::fs::write(dir.path().join("diaries-0.jsonl"), twice).expect("a file is written");
    let error = diary::read(dir.path()).map(|diaries| diaries.len()).expect_err("one number, two answers");
    assert!(format!("{error:#}").contains("UJI-1 used epoch 1 seq 3 for two answers"), "{error:#}");
}

/// The committee's list of the hall: Ani 3 and 4.5, Budi -1 and nothing, Citra never came.
fn list() -> List {
    let row = |rank: u32, number: &str, marks_milli: [i64; 2]| ListedRow {
        rank: Some(rank),
        participant_no: number.into(),
        marks_milli: marks_milli.into(),
        total_milli: Some(marks_milli.iter().sum()),
        status: "meets".into(),
    };
    let absent = ListedRow { rank: None, marks_milli: vec![], total_milli: None, status: "absent".into(), ..row(1, "UJI-3", [0, 0]) };
    List {
        stage: "skb".into(),
        list: Listed {
            shared_ranks: true,
            sections: vec!["umum".into(), "lokal".into()],
            least_milli: vec![None, None],
            least_total_milli: None,
            rows: vec![row(1, "UJI-1", [3_000, 4_500]), row(2, "UJI-2", [-1_000, 0]), absent],
        },
        tie_order: vec!["lokal".into(), "umum".into()],
    }
}

/// Compares a list with the hall; an empty word means that it is right.
fn check_list(hall: &Folder, change: impl FnOnce(&mut List), words: &str) {
    let mut list = list();
    change(&mut list);
    let said = Said { lists: vec![list], stages: HashMap::from([(id(SITTING).expect("an id"), "skb".to_owned())]), ..Said::default() };
    let key = Key::read(hall.write().path()).expect("a key");
    let check = scores::compare(&key, &hall.compare().journal, &said);
    assert_eq!(check.ok, words.is_empty(), "{check:?}");
    assert!(check.detail.contains(words), "{check:?}");
}

#[test]
fn marks_and_ranks_are_computed_again() {
    let hall = folder();
    check_list(&hall, |_| (), "");
    check_list(&hall, |list| list.list.rows[0].marks_milli[1] = 4_501, "UJI-1: [3000, 4501]");
    check_list(&hall, |list| list.list.rows[0].total_milli = Some(7_501), "UJI-1");
    check_list(&hall, |list| list.list.rows[1].rank = Some(1), "UJI-2: rank Some(1), should be Some(2)");
    check_list(&hall, |list| list.list.rows[1].status = "disqualified".into(), "UJI-2: disqualified, should be meets");
    check_list(&hall, |list| drop(list.list.rows.remove(1)), "UJI-2 stands on no list");
    check_list(&hall, |list| list.stage = "skd".into(), "UJI-1 stands on no list");
    check_list(&hall, |list| list.list.least_milli[1] = Some(4_500), "UJI-2: meets, should be below_threshold");
    check_list(&hall, |list| list.list.least_total_milli = Some(0), "UJI-2: meets, should be below_threshold");
}

#[test]
fn ties_are_broken_in_the_order_of_the_blueprint_and_equal_standings_share_a_rank() {
    let mut hall = folder();
    // Budi has chosen as Ani has.
    hall.change(8, "[0]", "[2]");
    hall.change(12, "[]", "[3]");
    hall.write_down("[1,3,0,\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0\",[0],\"s\"]", "[1,3,0,\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0\",[2],\"s\"]");
    hall.write_down("[],\"s\"", "[3],\"s\"");
    let equal = |list: &mut List| {
        list.list.rows[1].marks_milli = vec![3_000, 4_500];
        list.list.rows[1].total_milli = Some(7_500);
    };
    check_list(&hall, equal, "UJI-2: rank Some(2), should be Some(1)");
    // Somebody of no diary with the same total stands above both by the first section of the tie order.
    let above = |list: &mut List| {
        equal(list);
        list.list.rows[2] = ListedRow { participant_no: "UJI-3".into(), marks_milli: vec![2_500, 5_000], ..list.list.rows[0].clone() };
        list.list.rows[0].rank = Some(2);
    };
    check_list(&hall, above, "");
}

#[test]
fn late_evidence_counts_once_it_is_admitted() {
    let mut hall = folder();
    let admitted = format!("{{\"kind\":\"late_admitted\",\"session\":\"{BUDI}\",\"position\":1,\"item\":\"{LOCAL}\",\"choices\":[1]}}");
    hall.journal.push(line(90_000, "", None, &admitted));
    check_list(&hall, |_| (), "UJI-2: [-1000, 0]");
    let with_it = |list: &mut List| {
        list.list.rows[1].marks_milli = vec![-1_000, 5_000];
        list.list.rows[1].total_milli = Some(4_000);
    };
    check_list(&hall, with_it, "");
    check(|folder| folder.journal.push(line(90_000, "", None, &admitted)), &[], "");
}
