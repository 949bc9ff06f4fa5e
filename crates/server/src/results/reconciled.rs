//! Reconciliation: what the journals say of a sitting beside what the proctors counted.

use super::sat::{Sat, SatSession};
use exam_session::session::{Attendance, Phase};
use exam_session::sitting::SittingPhase;
use question_bank::marks::Marks;
use scoring::scheme::tally;
use std::collections::BTreeMap;
use store::results::{AttendanceCount, DifferenceExplained};
use wire::results::{CountDifference, SectionRange, SittingCounts, SittingReconciled};

/// Puts one sitting's numbers side by side.
pub fn reconcile(sat: &Sat, entry: Option<&AttendanceCount>, explained: &[DifferenceExplained]) -> SittingReconciled {
    let counts = counts(sat);
    SittingReconciled {
        sitting: sat.facts.sitting.to_string(),
        code: sat.facts.code.clone(),
        hall: sat.facts.hall_title.clone(),
        starts_utc_ms: sat.facts.starts_utc_ms,
        closed: sat.phase == SittingPhase::Closed,
        sections: ranges(sat),
        entry: entry.map(|entry| wire::results::AttendanceCount {
            present: entry.present,
            absent: entry.absent,
            note: entry.note.clone(),
            by: entry.by_name.clone(),
            at_utc_ms: entry.by.at_utc_ms,
        }),
        differences: differences(sat, &counts, entry, explained),
        counts,
    }
}

fn counts(sat: &Sat) -> SittingCounts {
    let count = |wanted: fn(&SatSession) -> bool| sat.sessions.iter().filter(|session| wanted(session)).count() as u32;
    let enrolled = sat.facts.people.len() as u32;
    let present = count(|session| session.attendance == Attendance::Present);
    SittingCounts {
        enrolled,
        present,
        absent: enrolled - present,
        not_started: count(|session| session.attendance == Attendance::Present && session.slots.is_empty() && !session.phase.ended()),
        submitted: count(|session| session.phase == Phase::Submitted),
        expired: count(|session| session.phase == Phase::Expired),
        terminated: count(|session| session.phase == Phase::Terminated),
    }
}

/// Sums over sittings.
pub fn total(sittings: &[SittingReconciled]) -> SittingCounts {
    let mut total = SittingCounts::default();
    for SittingReconciled { counts, .. } in sittings {
        total.enrolled += counts.enrolled;
        total.present += counts.present;
        total.absent += counts.absent;
        total.not_started += counts.not_started;
        total.submitted += counts.submitted;
        total.expired += counts.expired;
        total.terminated += counts.terminated;
    }
    total
}

fn ranges(sat: &Sat) -> Vec<SectionRange> {
    let mut order: Vec<&str> = Vec::new();
    let mut ranges: BTreeMap<&str, (Marks, Marks)> = BTreeMap::new();
    for session in sat.sessions.iter().filter(|session| !session.slots.is_empty()) {
        let tally = tally(&session.paper, &session.slots, &sat.facts.keys);
        for (section, marks) in session.paper.sections.iter().zip(tally.sections) {
            let range = ranges.entry(&section.code).or_insert_with(|| {
                order.push(&section.code);
                (marks, marks)
            });
            *range = (range.0.max(marks), range.1.min(marks));
        }
    }
    let range = |code: &str| {
        let (highest, lowest) = ranges[code];
        SectionRange { code: code.to_owned(), highest: highest.to_string(), lowest: lowest.to_string() }
    };
    order.into_iter().map(range).collect()
}

fn differences(
    sat: &Sat,
    counts: &SittingCounts,
    entry: Option<&AttendanceCount>,
    explained: &[DifferenceExplained],
) -> Vec<CountDifference> {
    // Code, the numbers that an explanation is for, sentence.
    let mut found: Vec<(&str, String, String)> = Vec::new();
    if sat.facts.people.is_empty() {
        return Vec::new();
    }
    match entry {
        None => found.push(("no_entry", String::new(), "Hitungan pengawas belum dimasukkan.".to_owned())),
        Some(entry) => {
            if entry.present != counts.present {
                let sentence = format!("Pengawas menghitung {} hadir, catatan {} hadir.", entry.present, counts.present);
                found.push(("present_differs", format!("{}/{}", entry.present, counts.present), sentence));
            }
            if entry.absent != counts.absent {
                let sentence = format!("Pengawas menghitung {} tidak hadir, catatan {} tidak hadir.", entry.absent, counts.absent);
                found.push(("absent_differs", format!("{}/{}", entry.absent, counts.absent), sentence));
            }
        }
    }
    let ended = counts.submitted + counts.expired + counts.terminated;
    let present_ended = counts.present.saturating_sub(counts.not_started);
    if ended != present_ended {
        let sentence = format!("{present_ended} peserta memulai, {ended} tercatat selesai.");
        found.push(("counts_differ", format!("{present_ended}/{ended}"), sentence));
    }
    if counts.not_started > 0 {
        let sentence = format!("{} peserta hadir tetapi tidak memulai.", counts.not_started);
        found.push(("not_started", counts.not_started.to_string(), sentence));
    }
    let difference = |(code, numbers, sentence): (&str, String, String)| CountDifference {
        explanation: explained
            .iter()
            .find(|one| one.code == code && one.numbers == numbers)
            .map(|one| wire::results::DifferenceExplained { text: one.text.clone(), by: one.by_name.clone(), at_utc_ms: one.by.at_utc_ms }),
        code: code.to_owned(),
        numbers,
        sentence,
    };
    found.into_iter().map(difference).collect()
}
