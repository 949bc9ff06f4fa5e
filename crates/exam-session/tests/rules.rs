//! The rules of the exam as tables in exam words. Each line is `time who does what => answer`; a line without `=>` looks at the hall.
//!
//! Times count from the scheduled start. Between the lines the owner is woken when it asks to be, so sessions expire by themselves.
//! `ani answers 3 b @1/7` is an answer of terminal epoch 1 with number 7; without `@` the terminal counts by itself. Answers are `ok`
//! (with the number of sessions, where it matters), `late`, `repeated`, `repeated late` or the code of a refusal. Every table is also
//! read back from its journal at the end and must give the same hall.

mod hall;

use exam_session::block::{Block, JournalHead};
use exam_session::command::{Actor, Command, GivenAnswer, Order, SessionOrder, SittingOrder, TerminalStamp, terminal_command_id};
use exam_session::owner::{Effect, Input, Owner, ReplyTo};
use exam_session::refusal::Refusal;
use exam_session::session::{COMMANDS_MAX, EVIDENCE_MAX, Session};
use exam_session::sitting::{Accepted, Sitting, SittingPolicy};
use exam_session::time::Now;
use hall::{SCHEDULED_UTC_MS, assert_replays, item, paper, policy, preparation, seat, session, sitting, staff};
use question_bank::id::{CommandId, SessionId, StaffId};
use question_bank::key::Choices;
use question_bank::paper::Paper;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

const MINUTE_MS: u32 = 60_000;

/// Two sections, four and two items, in any order.
fn free() -> Arc<Paper> {
    paper(&[(4, None, false), (2, None, false)])
}

/// Two sections with a time of their own, four and six minutes.
fn timed() -> Arc<Paper> {
    paper(&[(2, Some(4 * MINUTE_MS), false), (2, Some(6 * MINUTE_MS), false)])
}

/// A linear section of three items, then a free one of two.
fn linear() -> Arc<Paper> {
    paper(&[(3, None, true), (2, None, false)])
}

/// Doors open, Ani, Budi and Citra (who has half the time more) are checked in.
const CHECKED_IN: &str = r#"
    -61:00 committee opens        => ok 3
    -50:00 desk checks-in ani 1   => ok
    -50:00 desk checks-in budi 2  => ok
    -50:00 desk checks-in citra 3 => ok
"#;

/// Ani and Budi accepted the rules.
const READY: &str = r#"
    -10:00 ani signs-in   => ok
    -10:00 ani consents   => ok
    -10:00 budi signs-in  => ok
    -10:00 budi consents  => ok
"#;

/// Ani and Budi have ten minutes from now.
const RUNNING: &str = r#"
    0:00 proctor starts => ok 0
    0:00 ani starts     => ok
    0:00 budi starts    => ok
"#;

#[test]
fn nothing_happens_before_the_doors_are_open() {
    check(
        policy(),
        free(),
        &[r#"
        -70:00 desk checks-in ani 1                 => not_prepared
        -70:00 desk prepares ani                    => ok
        -70:00 desk checks-in ani 1                 => sitting_not_open
        -70:00 desk notes-absent ani ""             => sitting_not_open
        -70:00 proctor starts                       => sitting_not_open
        -70:00 proctor holds "smoke"                => sitting_not_open
        -70:00 proctor releases ""                  => sitting_not_open
        -70:00 proctor moves ani 2 "broken mouse"   => sitting_not_open
        -70:00 proctor says all "welcome"           => sitting_not_open
        -70:00 proctor pauses all "smoke"           => sitting_not_open
        -70:00 proctor resumes all                  => sitting_not_open
        -70:00 proctor grants ani 60 "smoke"        => sitting_not_open
        -70:00 proctor terminates ani "a phone"     => sitting_not_open
        -70:00 proctor closes                       => sitting_not_open
        -70:00 proctor notes hall "the lamp is out" => ok 0
        -61:00 committee opens                      => ok 3
        -61:00 committee opens                      => sitting_open
        -61:00 see hall open
        "#],
    );
}

#[test]
fn check_in_has_a_window_and_outside_of_it_needs_a_reason() {
    let latecomers = SittingPolicy { check_in_closes_before_ms: -5 * 60_000, ..policy() };
    check(
        latecomers,
        free(),
        &[r#"
        -61:00     committee opens                              => ok 3
        -60:00.001 desk checks-in ani 1                         => check_in_not_open
        -60:00     desk checks-in ani 1                         => ok
        -60:00     desk checks-in ani 1                         => checked_in_already
        5:00       desk checks-in budi 1                        => seat_taken
        5:00       desk checks-in budi 2                        => ok
        5:00.001   desk checks-in citra 3                       => check_in_over
        5:00.001   desk checks-in citra 3 because " "           => reason_missing
        5:00.001   desk checks-in citra 3 because "a late ferry" => ok
        5:00.001   see citra phase CheckedIn
        5:00.001   see citra attendance Present
        5:00.001   see citra seat 3
        "#],
    );
}

#[test]
fn early_birds_come_in_by_override_too() {
    check(
        policy(),
        free(),
        &[r#"
        -70:00 committee opens                              => ok 3
        -70:00 desk checks-in ani 1                         => check_in_not_open
        -70:00 desk checks-in ani 1 because "has a small child" => ok
        "#],
    );
}

#[test]
fn the_window_of_check_in_is_on_the_wall_clock() {
    check(
        policy(),
        free(),
        &[r#"
        -90:00 committee opens      => ok 3
        -90:00 desk checks-in ani 1 => check_in_not_open
        -90:00 wall +30:00
        -90:00 desk checks-in ani 1 => ok
        "#],
    );
}

#[test]
fn the_desk_notes_who_did_not_come_and_who_was_turned_away() {
    check(
        policy(),
        free(),
        &[r#"
        -61:00 committee opens                          => ok 3
        -50:00 desk notes-absent ani "*2001"            => reason_missing
        -50:00 desk notes-absent ani ""                 => ok
        -50:00 see ani attendance Absent
        -50:00 desk turns-away budi ""                  => reason_missing
        -50:00 desk turns-away budi "no identity card"  => ok
        -50:00 see budi attendance Refused
        -40:00 desk checks-in budi 2                    => ok
        -40:00 see budi attendance Present
        -40:00 desk turns-away budi "no identity card"  => checked_in_already
        -40:00 proctor terminates budi "impersonation"  => ok
        -40:00 desk notes-absent budi ""                => session_ended
        -40:00 desk checks-in budi 2                    => session_ended
        "#],
    );
}

#[test]
fn documents_are_short_words() {
    check(
        policy(),
        free(),
        &[r#"
        -61:00 committee opens                         => ok 3
        -50:00 desk checks-in ani 1 seen "*2001"       => bad_text
        -50:00 desk checks-in ani 1 seen " "           => bad_text
        -50:00 desk checks-in ani 1 seen "KTP" "kartu" => ok
        "#],
    );
}

#[test]
fn who_is_enrolled_late_needs_a_paper_first() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            r#"
        -50:00 desk checks-in eve 4  => unknown_session
        -50:00 desk checks-in dewi 4 => not_prepared
        -50:00 dewi signs-in         => not_prepared
        -50:00 desk prepares dewi    => ok
        -50:00 desk prepares dewi    => repeated
        -50:00 desk checks-in dewi 4 => ok
        -40:00 dewi signs-in         => ok
        "#,
        ],
    );
}

#[test]
fn identity_terminal_rules_and_start_come_in_this_order() {
    check(
        policy(),
        free(),
        &[r#"
        -61:00 committee opens      => ok 3
        -50:00 ani signs-in         => not_checked_in
        -50:00 ani consents @0/1    => not_signed_in
        -50:00 desk checks-in ani 1 => ok
        -50:00 ani consents @0/1    => not_signed_in
        -40:00 ani signs-in         => ok
        -40:00 see ani phase SignedIn
        -40:00 see ani epoch 1
        -40:00 ani starts           => sitting_not_started
        0:00   proctor starts       => ok 0
        0:00   ani starts           => no_consent
        0:00   ani consents         => ok
        0:00   see ani phase Ready
        0:00   ani consents         => started_already
        0:00   see ani remaining 10:00
        0:30   ani answers 0 a      => not_started
        0:30   ani views 0          => not_started
        0:30   ani submits          => not_started
        0:30   ani finds 0 a @1/99  => not_started
        0:30   proctor pauses ani "noise" => not_started
        0:30   proctor resumes ani        => not_started
        1:00   ani starts           => ok
        1:00   ani starts           => started_already
        1:00   see ani phase Running
        2:00   see ani remaining 9:00
        2:00   budi starts @0/1     => not_signed_in
        "#],
    );
}

#[test]
fn where_all_start_together_the_proctor_starts_everybody_who_is_ready() {
    let together = SittingPolicy { start_together: true, ..policy() };
    check(
        together,
        free(),
        &[
            CHECKED_IN,
            READY,
            r#"
        -9:00 citra signs-in   => ok
        0:00  proctor starts   => ok 2
        0:00  see ani phase Running
        0:00  see budi phase Running
        0:00  see citra phase SignedIn
        0:10  citra consents   => ok
        0:10  ani starts       => started_already
        1:00  citra starts     => ok
        2:00  see ani remaining 8:00
        2:00  see citra remaining 14:00
        "#,
        ],
    );
}

#[test]
fn who_walks_to_another_seat_is_not_started_with_the_others() {
    let together = SittingPolicy { start_together: true, ..policy() };
    check(
        together,
        free(),
        &[
            CHECKED_IN,
            READY,
            r#"
        -1:00 proctor moves ani 7 "dead screen" => ok 1
        -1:00 see ani phase CheckedIn
        0:00  proctor starts                    => ok 1
        0:30  ani consents @2/1                 => not_signed_in
        1:00  ani signs-in                      => ok
        1:00  see ani phase Ready
        1:00  see ani epoch 3
        1:30  ani starts                        => ok
        1:30  see ani remaining 10:00
        1:30  see budi remaining 8:30
        "#,
        ],
    );
}

#[test]
fn the_sitting_is_started_once_and_not_while_it_is_held() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            r#"
        -1:00 proctor holds "smoke"    => ok 0
        -1:00 see hall held
        0:00  proctor starts           => hall_held
        0:00  proctor holds "smoke"    => hall_held
        0:30  proctor releases "*2001" => bad_text
        0:30  proctor releases ""      => ok 0
        0:30  proctor releases ""      => hall_not_held
        1:00  proctor starts           => ok 0
        1:00  proctor starts           => sitting_started
        2:00  proctor holds "smoke"    => ok 0
        2:00  ani starts               => hall_held
        3:00  proctor releases "aired" => ok 0
        3:00  ani starts               => ok
        3:30  see ani remaining 9:30
        "#,
        ],
    );
}

#[test]
fn nobody_starts_after_the_latest_start_and_holds_do_not_count() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            r#"
        0:00      proctor starts        => ok 0
        10:00     proctor holds "smoke" => ok 0
        25:00     proctor releases ""   => ok 0
        45:00     ani starts            => ok
        45:00.001 budi starts           => too_late_to_start
        "#,
        ],
    );
}

#[test]
fn everything_ends_at_the_hard_close_and_holds_do_not_count() {
    let closing = SittingPolicy { hard_close_after_ms: Some(12 * 60_000), ..policy() };
    check(
        closing,
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00      citra signs-in             => ok
        1:00      citra consents             => ok
        1:00      see citra remaining 11:00
        5:00      proctor holds "smoke"      => ok 0
        5:00      see hall due never
        6:00      proctor releases ""        => ok 0
        6:00      citra starts               => ok
        6:00      see citra remaining 7:00
        6:00      see ani remaining 5:00
        11:02.001 see ani phase Running
        11:02.002 see ani phase Expired
        13:02     citra answers 0 b          => ok
        13:02.001 citra answers 0 c          => late
        13:02.002 see citra phase Expired
        13:02.002 see citra answer 0 b
        "#,
        ],
    );
}

#[test]
fn the_hard_close_ends_a_paused_seat_too() {
    let closing = SittingPolicy { hard_close_after_ms: Some(12 * 60_000), ..policy() };
    check(
        closing,
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        5:00      proctor pauses ani "ill"   => ok 1
        5:00      see ani remaining 5:00
        9:00      see ani remaining 3:00
        11:00     ani answers 0 a            => ok
        12:02.001 ani answers 0 b            => late
        12:02.002 see ani phase Expired
        12:02.002 see ani answer 0 a
        12:03     proctor closes             => ok 0
        "#,
        ],
    );
}

#[test]
fn an_answer_within_the_grace_counts_and_a_later_one_is_evidence() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        0:00      see hall due 10:02.001
        9:59      clock expires ani     => nothing_to_do
        10:00     ani answers 0 a       => ok
        10:02     ani answers 1 b       => ok
        10:02     see ani remaining 0:00
        10:02.001 ani answers 2 c       => late
        10:02.002 see ani phase Expired
        10:02.002 see ani answered 2
        10:02.002 see ani answer 2 -
        10:02.002 see ani evidence 1
        10:30     ani answers 0 c       => late
        10:30     ani views 0           => session_ended
        10:30     ani submits           => session_ended
        10:30     clock expires ani     => session_ended
        10:30     see ani answer 0 a
        "#,
        ],
    );
}

#[test]
fn a_pause_within_the_grace_gives_no_second_grace() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        10:01     proctor pauses ani "a call" => ok 1
        10:30     ani answers 0 a             => ok
        11:00     proctor resumes ani         => ok 1
        11:01     ani answers 1 b             => ok
        11:01.001 ani answers 2 c             => late
        11:01.002 see ani phase Expired
        "#,
        ],
    );
}

#[test]
fn a_pause_of_the_seat_and_one_of_the_hall_stop_the_clock_until_both_are_over() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00  proctor pauses ani ""         => reason_missing
        1:00  proctor pauses ani "nosebleed" => ok 1
        1:00  proctor pauses ani "nosebleed" => paused
        1:00  proctor resumes budi          => not_paused
        2:00  see ani remaining 9:00
        2:00  see budi remaining 8:00
        2:00  ani submits                   => paused
        2:00  ani views 1                   => paused
        2:00  ani flags 1                   => paused
        2:00  ani answers 1 a               => ok
        3:00  proctor holds ""              => reason_missing
        3:00  proctor holds "power cut"     => ok 0
        4:00  see budi remaining 7:00
        4:00  budi views 1                  => paused
        5:00  proctor releases "power"      => ok 0
        6:00  see ani remaining 9:00
        6:00  see budi remaining 6:00
        6:00  proctor resumes ani           => ok 1
        7:00  see ani remaining 8:00
        7:00  proctor pauses ani "nosebleed" => ok 1
        8:00  proctor holds "power cut"     => ok 0
        9:00  proctor resumes ani           => ok 1
        10:00 see ani remaining 8:00
        11:00 proctor releases ""           => ok 0
        12:00 see ani remaining 7:00
        12:00 see budi remaining 3:00
        "#,
        ],
    );
}

#[test]
fn sessions_interrupted_together_get_the_same_credit() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            r#"
        0:00     proctor starts              => ok 0
        0:00     ani starts                  => ok
        0:07.123 budi starts                 => ok
        1:00.001 proctor pauses all "noise"  => ok 2
        9:59.999 proctor resumes all         => ok 2
        9:59.999 see ani remaining 8:59.999
        9:59.999 see budi remaining 9:07.122
        9:59.999 proctor resumes all         => nothing_to_do
        9:59.999 proctor pauses ani budi "noise" => ok 2
        9:59.999 proctor pauses all "noise"  => nothing_to_do
        "#,
        ],
    );
}

#[test]
fn a_step_of_the_wall_clock_changes_nobodys_time() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 wall +1440:00
        2:00 see ani remaining 8:00
        2:00 ani answers 0 a => ok
        3:00 wall -2880:00
        4:00 see ani remaining 6:00
        4:00 ani answers 0 b => ok
        4:00 see ani answer 0 b
        "#,
        ],
    );
}

#[test]
fn extra_time_belongs_to_the_enrolment() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            r#"
        -9:00     citra signs-in => ok
        -9:00     citra consents => ok
        0:00      proctor starts => ok 0
        0:00      citra starts   => ok
        0:00      see citra remaining 15:00
        15:02     see citra phase Running
        15:02.002 see citra phase Expired
        "#,
        ],
    );
}

#[test]
fn neighbouring_free_sections_are_left_together_and_asking_again_gets_the_same_answer() {
    check(
        policy(),
        paper(&[(2, None, false), (2, None, false), (2, None, true)]),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 ani answers 3 a => ok
        1:00 ani answers 0 b => ok
        1:00 ani views 4     => item_closed
        1:00 ani leaves 0    => ok
        1:00 again           => repeated
        1:00 see ani section 2
        1:00 see ani cursor 4
        1:00 ani answers 0 c => item_closed
        1:00 ani answers 4 a => ok
        1:00 ani leaves 2    => section_closed
        "#,
        ],
    );
}

#[test]
fn a_free_paper_is_answered_in_any_order_and_has_no_section_to_leave() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 ani views 5     => ok
        1:00 ani answers 4 a => ok
        1:00 ani answers 0 b => ok
        1:00 ani flags 0     => ok
        1:00 ani flags 5     => ok
        1:00 ani unflags 5   => ok
        1:00 see ani doubtful 1
        1:00 see ani cursor 5
        1:00 ani leaves 0    => section_closed
        1:00 ani views 6     => no_such_position
        1:00 ani flags 6     => no_such_position
        1:00 ani answers 6 a => no_such_position
        "#,
        ],
    );
}

#[test]
fn a_linear_section_does_not_go_back() {
    check(
        policy(),
        linear(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 see ani cursor 0
        1:00 ani answers 1 a => item_closed
        1:00 ani flags 1     => item_closed
        1:00 ani answers 0 a => ok
        1:00 ani views 2     => item_closed
        1:00 ani views 1     => ok
        1:00 ani views 1     => ok
        1:00 ani views 0     => item_closed
        1:00 ani answers 0 b => item_closed
        1:00 ani answers 1 b => ok
        1:00 ani answers 1 c => ok
        1:00 ani views 3     => item_closed
        1:00 ani answers 3 a => item_closed
        1:00 ani leaves 1    => section_closed
        1:00 ani leaves 0    => ok
        1:00 see ani section 1
        1:00 see ani cursor 3
        1:00 ani leaves 0    => section_closed
        1:00 ani leaves 1    => section_closed
        1:00 ani views 1     => item_closed
        1:00 ani answers 1 d => item_closed
        1:00 ani answers 4 a => ok
        1:00 ani answers 3 a => ok
        1:00 ani views 4     => ok
        1:00 ani views 3     => ok
        1:00 see ani answer 1 c
        "#,
        ],
    );
}

#[test]
fn a_timed_section_ends_at_its_own_time() {
    check(
        policy(),
        timed(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        0:00     see hall due 4:02.001
        1:00     see ani section-remaining 3:00
        1:00     ani answers 2 a  => item_closed
        3:00     ani leaves 0     => ok
        3:00     see ani section-remaining 6:00
        4:02     budi answers 1 a => ok
        4:02     budi views 2     => item_closed
        4:02.001 budi answers 1 b => late
        4:02.002 see budi section 1
        4:02.002 see budi cursor 2
        4:02.002 see budi section-remaining 5:57.998
        5:00     budi answers 1 b => item_closed
        5:00     budi answers 2 b => ok
        9:02.001 ani answers 2 c  => late
        9:02.002 see ani phase Expired
        9:02.002 see ani section 1
        9:59     see budi section-remaining 0:01
        10:02    budi answers 3 d => ok
        10:02.002 see budi phase Expired
        10:02.002 see budi answered 3
        "#,
        ],
    );
}

#[test]
fn section_time_is_stretched_like_the_whole_paper_and_by_grants() {
    check(
        policy(),
        timed(),
        &[
            CHECKED_IN,
            READY,
            r#"
        -9:00    citra signs-in             => ok
        -9:00    citra consents             => ok
        -9:00    see citra section-remaining 6:00
        0:00     proctor starts             => ok 0
        0:00     ani starts                 => ok
        0:00     citra starts               => ok
        1:00     see citra section-remaining 5:00
        1:00     proctor grants ani 60 "noise" => ok 1
        1:00     see ani section-remaining 4:00
        1:00     see ani remaining 10:00
        4:30     ani answers 0 a            => ok
        5:02.002 see ani section 1
        5:02.002 see ani section-remaining 5:57.998
        6:02.002 see citra section 1
        6:02.002 see citra section-remaining 8:57.998
        "#,
        ],
    );
}

#[test]
fn a_pause_stops_the_time_of_the_section_too() {
    check(
        policy(),
        timed(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        3:00 proctor pauses ani "noise" => ok 1
        8:00 see ani section-remaining 1:00
        8:00 see ani section 0
        8:00 proctor resumes ani        => ok 1
        8:30 ani answers 0 a            => ok
        9:00 ani answers 0 b            => ok
        9:03 see ani section 1
        "#,
        ],
    );
}

#[test]
fn granted_time_has_limits_and_above_one_needs_a_second_person() {
    let careful = SittingPolicy { grant_approval_above_ms: Some(300_000), ..policy() };
    check(
        careful,
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 proctor grants ani 300 ""                 => reason_missing
        1:00 proctor grants ani 0.999 "noise"          => out_of_range
        1:00 proctor grants ani 7200.001 "noise"       => out_of_range
        1:00 proctor grants ani 300 "noise"            => ok 1
        1:00 see ani remaining 14:00
        1:00 proctor grants ani 300.001 "noise"        => approval_missing
        1:00 proctor+proctor grants ani 300.001 "noise" => same_person
        1:00 proctor+proctor grants ani 300 "noise"    => same_person
        1:00 proctor+committee grants ani 301 "noise"  => ok 1
        1:00 see ani remaining 19:01
        1:00 proctor grants eve 300 "noise"            => unknown_session
        1:00 proctor grants ani ani 60 "noise"         => approval_missing
        1:00 proctor+committee grants ani ani 60 "noise" => ok 1
        1:00 see ani remaining 20:01
        1:00 see ani granted 11:01
        1:00 proctor grants citra 200 "noise"          => ok 1
        1:00 proctor grants citra 100.001 "noise"      => approval_missing
        1:00 proctor grants citra 100 "noise"          => ok 1
        1:00 proctor grants all 60 "noise"             => approval_missing
        1:00 proctor+committee grants all 60 "noise"   => ok 4
        1:00 see budi remaining 10:00
        2:00 budi submits                              => ok
        2:00 proctor grants budi 60 "noise"            => session_ended
        2:00 proctor+committee grants ani budi 60 "noise" => ok 1
        2:00 proctor grants ani eve 60 "noise"         => unknown_session
        "#,
        ],
    );
}

#[test]
fn granted_time_moves_the_end() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        10:01     proctor grants ani 60 "noise" => ok 1
        10:01     see ani remaining 0:59
        10:01     see hall due 10:02.001
        11:02     ani answers 0 a               => ok
        11:02     see budi phase Expired
        11:02.002 see ani phase Expired
        "#,
        ],
    );
}

#[test]
fn a_move_stops_the_clock_until_the_candidate_signs_in_at_the_new_seat() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        2:00 ani answers 0 a                      => ok
        2:00 ani flags 0                          => ok
        3:00 proctor moves ani 7 ""               => reason_missing
        3:00 proctor moves ani 2 "dead screen"    => seat_taken
        3:00 proctor moves eve 7 "dead screen"    => unknown_session
        3:00 proctor moves dewi 7 "dead screen"   => not_checked_in
        3:00 proctor moves ani 7 "dead screen"    => ok 1
        3:00 see ani seat 7
        3:00 see ani epoch 2
        4:00 see ani remaining 7:00
        4:00 ani answers 1 a @1/9                 => terminal_superseded
        4:00 ani views 1 @1/10                    => terminal_superseded
        4:00 ani answers 1 a @2/1                 => ok
        5:00 ani signs-in                         => ok
        5:00 see ani epoch 3
        6:00 see ani remaining 6:00
        6:00 see ani answer 0 a
        6:00 see ani doubtful 1
        6:00 ani answers 1 b                      => ok
        6:00 ani answers 1 c @1/11                => terminal_superseded
        6:00 ani answers 1 c @2/9                 => terminal_superseded
        6:00 desk checks-in dewi 1                => not_prepared
        6:00 proctor moves budi 1 "window"        => ok 1
        7:00 ani submits                          => ok
        7:00 proctor moves ani 1 "window"         => session_ended
        "#,
        ],
    );
}

#[test]
fn a_pause_that_was_there_before_the_move_stays_after_it() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 proctor pauses ani "ill"          => ok 1
        2:00 proctor moves ani 7 "dead screen" => ok 1
        3:00 ani signs-in                      => ok
        4:00 see ani remaining 9:00
        4:00 proctor resumes ani               => ok 1
        5:00 see ani remaining 8:00
        5:00 proctor moves ani 8 "dead mouse"  => ok 1
        6:00 proctor moves ani 9 "dead mouse"  => ok 1
        7:00 proctor holds "power cut"         => ok 0
        8:00 ani signs-in                      => ok
        9:00 see ani remaining 8:00
        9:00 proctor releases ""               => ok 0
        10:00 see ani remaining 7:00
        "#,
        ],
    );
}

#[test]
fn a_second_sign_in_silences_the_first_terminal_and_costs_no_time() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 ani answers 0 a      => ok
        1:00 ani signs-in         => ok
        1:00 again                => repeated
        1:00 see ani epoch 2
        2:00 see ani remaining 8:00
        2:00 ani answers 0 b @1/4 => terminal_superseded
        2:00 ani answers 0 b      => ok
        2:00 see ani answer 0 b
        3:00 ani submits          => ok
        3:00 ani signs-in         => session_ended
        "#,
        ],
    );
}

#[test]
fn the_candidate_ends_the_exam() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        4:00 ani answers 0 a => ok
        5:00 ani submits     => ok
        5:00 again           => repeated
        5:00 see ani phase Submitted
        5:00 see ani remaining 0:00
        6:00 ani views 1     => session_ended
        6:00 ani flags 1     => session_ended
        6:00 ani leaves 0    => session_ended
        6:00 ani consents    => session_ended
        6:00 ani starts      => session_ended
        6:00 proctor pauses ani "why not" => session_ended
        6:00 ani answers 0 b => late
        6:00 see ani answer 0 a
        "#,
        ],
    );
}

#[test]
fn ending_a_session_needs_a_reason_and_by_policy_a_second_person() {
    let careful = SittingPolicy { terminate_approval: true, ..policy() };
    check(
        careful,
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        5:00 proctor+committee terminates ani ""       => reason_missing
        5:00 proctor terminates ani "a phone"          => approval_missing
        5:00 proctor+proctor terminates ani "a phone"  => same_person
        5:00 proctor+committee terminates ani "a phone" => ok 1
        5:00 see ani phase Terminated
        5:00 ani answers 0 a                           => late
        5:00 proctor+committee terminates ani "a phone" => session_ended
        5:00 proctor+committee terminates citra "impersonation" => ok 1
        "#,
        ],
    );
}

#[test]
fn a_session_that_was_ended_while_it_was_paused_is_over_for_good() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        5:00  proctor pauses ani "a phone"     => ok 1
        5:00  proctor holds "search"           => ok 0
        6:00  proctor terminates ani "a phone" => ok 1
        7:00  proctor releases ""              => ok 0
        7:00  proctor resumes ani              => session_ended
        11:00 see ani phase Terminated
        "#,
        ],
    );
}

#[test]
fn what_an_old_machine_still_holds_is_evidence_until_it_is_admitted() {
    let careful = SittingPolicy { admit_late_approval: true, ..policy() };
    check(
        careful,
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 ani answers 0 a @1/3                       => ok
        2:00 proctor moves ani 7 "dead network"         => ok 1
        3:00 ani signs-in                               => ok
        4:00 ani finds 0 a @1/3                         => repeated
        4:00 ani finds 1 b @1/4                         => late
        4:00 ani finds 1 b @1/4                         => repeated late
        4:00 ani finds 1 b @0/4                         => terminal_superseded
        4:00 ani finds 1 b @4/4                         => terminal_superseded
        4:00 ani finds 9 b @1/5                         => no_such_position
        4:00 see ani evidence 1
        4:00 see ani answer 1 -
        5:00 proctor+committee admits ani last ""       => reason_missing
        5:00 proctor+committee admits ani 999 "cable"   => unknown_evidence
        5:00 proctor+committee admits budi last "cable" => unknown_evidence
        5:00 proctor admits ani last "cable"            => approval_missing
        5:00 proctor+committee admits ani last "cable"  => ok 1
        5:00 see ani answer 1 b
        5:00 see ani answered 2
        5:00 proctor+committee admits ani last "cable"  => unknown_evidence
        "#,
        ],
    );
}

#[test]
fn what_the_candidate_chooses_after_an_admission_is_newer() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 proctor moves ani 7 "dead network" => ok 1
        2:00 ani signs-in                       => ok
        2:00 ani answers 0 a @2/2               => terminal_superseded
        2:00 ani answers 0 a @3/5               => ok
        2:00 ani finds 0 b @1/4                 => late
        3:00 proctor admits ani last "cable"    => ok 1
        3:00 see ani answer 0 b
        4:00 ani answers 0 d @3/4               => superseded
        4:00 ani answers 0 c @3/6               => ok
        4:00 see ani answer 0 c
        4:00 see ani answered 1
        "#,
        ],
    );
}

#[test]
fn late_evidence_may_come_and_be_admitted_after_the_sitting_was_closed() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        11:00 proctor closes                   => ok 0
        12:00 ani finds 0 a @1/7               => late
        12:00 ani finds 0 b @1/8               => late
        12:00 ani answers 0 b @1/8             => repeated late
        13:00 committee admits ani last "cable" => ok 1
        13:00 see ani answer 0 b
        "#,
        ],
    );
}

#[test]
fn a_repetition_gets_the_same_answer_whatever_happened_since() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00     ani answers 0 a @1/3  => ok
        1:00     again                 => repeated
        1:00     ani answers 0 b @1/4  => ok
        1:00     ani answers 0 a @1/3  => repeated
        1:00     see ani answer 0 b
        1:00     ani views 2 @1/5      => ok
        1:00     ani views 2 @1/5      => repeated
        1:00     ani flags 2 @1/6      => ok
        1:00     ani flags 2 @1/6      => repeated
        1:00     proctor grants ani 60 "noise" => ok 1
        1:00     again                 => repeated
        1:00     see ani granted 1:00
        1:00     proctor pauses ani "noise" => ok 1
        1:00     ani views 2 @1/5      => repeated
        1:00     ani consents @1/1     => repeated
        1:00     ani starts @1/2       => repeated
        1:00     proctor moves ani 7 "noise" => ok 1
        1:00     ani signs-in          => ok
        1:00     ani answers 0 a @1/3  => repeated
        1:00     ani submits @3/1      => paused
        1:00     proctor resumes ani   => ok 1
        1:00     ani submits @3/2      => ok
        1:00     ani answers 1 a @3/3  => late
        1:00     ani answers 1 a @3/3  => repeated late
        1:00     ani finds 1 a @3/3    => repeated late
        1:00     ani submits @3/2      => repeated
        1:00     ani answers 0 b @1/4  => repeated
        1:00     see ani evidence 1
        "#,
        ],
    );
}

#[test]
fn a_number_that_was_used_for_something_else_is_never_shown_as_saved() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 ani views 2 @1/3     => ok
        1:00 ani answers 2 a @1/3 => number_reused
        1:00 ani submits @1/3     => number_reused
        1:00 ani answers 2 a @1/4 => ok
        1:00 ani answers 2 b @1/4 => number_reused
        1:00 ani flags 2 @1/5     => ok
        1:00 ani unflags 2 @1/5   => number_reused
        1:00 ani signs-in         => ok
        1:00 ani finds 2 b @1/4   => number_reused
        1:00 ani finds 2 b @1/9   => late
        1:00 ani finds 2 c @1/9   => number_reused
        1:00 see ani answer 2 a
        "#,
        ],
    );
}

#[test]
fn of_answers_that_overtake_one_another_the_highest_number_counts() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 ani answers 0 b @1/9 => ok
        1:00 ani answers 0 a @1/8 => superseded
        1:00 ani answers 1 a @1/7 => ok
        1:00 see ani answer 0 b
        1:00 see ani answer 1 a
        1:00 see ani next 10
        1:00 ani signs-in         => ok
        1:00 see ani next 1
        1:00 ani answers 0 c @2/1 => ok
        1:00 see ani answer 0 c
        1:00 see ani next 2
        "#,
        ],
    );
}

#[test]
fn an_answer_can_be_cleared_and_some_items_take_several_choices() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 ani answers 0 e       => ok
        1:00 ani answers 3 a+c     => ok
        1:00 see ani answered 2
        1:00 ani answers 3 a+c+e   => ok
        1:00 see ani answer 3 a+c+e
        1:00 ani answers 0 -       => ok
        1:00 see ani answer 0 -
        1:00 see ani answered 1
        1:00 ani answers 0 -       => ok
        1:00 see ani answered 1
        1:00 ani answers 0 a+b     => bad_choices
        1:00 ani answers 0 f       => bad_choices
        1:00 ani answers 3 a+f     => bad_choices
        1:00 ani answers 0 a of 1  => wrong_item
        1:00 ani finds 0 a+b @1/99 => bad_choices
        "#,
        ],
    );
}

#[test]
fn a_terminal_makes_no_more_commands_than_a_person_can() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            &format!(
                r#"
        1:00 ani answers 0 a @1/{max}        => ok
        1:00 ani answers 0 a @1/{beyond}     => too_many_commands
        1:00 ani views 0 @1/{beyond}         => too_many_commands
        1:00 ani views 0 @1/0                => too_many_commands
        1:00 ani finds 0 a @1/0              => too_many_commands
        1:00 ani finds 0 a @1/{beyond}       => too_many_commands
        1:00 ani finds 0 a @1/4294967295     => too_many_commands
        1:00 ani signs-in                    => ok
        1:00 ani answers 0 a                 => ok
        "#,
                max = COMMANDS_MAX,
                beyond = COMMANDS_MAX + 1
            ),
        ],
    );
}

#[test]
fn late_evidence_has_a_limit() {
    let lines: String = (1..=EVIDENCE_MAX + 1)
        .map(|n| format!("6:00 ani finds 0 a @1/{} => {}\n", n + 10, if n <= EVIDENCE_MAX { "late" } else { "too_many_commands" }))
        .collect();
    check(policy(), free(), &[CHECKED_IN, READY, RUNNING, "5:00 ani submits => ok", &lines]);
}

#[test]
fn messages_and_notes_have_words_and_known_sessions() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            r#"
        0:00 proctor says all ""              => bad_text
        0:00 proctor says all "*2001"         => bad_text
        0:00 proctor says all "*2000"         => ok 0
        0:00 proctor says ani budi "five minutes" => ok 0
        0:00 proctor says ani eve "five minutes"  => unknown_session
        0:00 proctor notes hall " "           => bad_text
        0:00 proctor notes hall "rain"        => ok 0
        0:00 proctor notes ani "cried"        => ok 0
        0:00 proctor notes eve "cried"        => unknown_session
        "#,
        ],
    );
}

#[test]
fn the_sitting_closes_when_nobody_works_and_notes_who_was_absent() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 desk prepares dewi               => ok
        1:00 proctor closes                   => sessions_running
        2:00 ani submits                      => ok
        2:00 proctor closes                   => sessions_running
        3:00 proctor terminates budi "a phone" => ok 1
        3:00 proctor closes                   => ok 1
        3:00 again                            => repeated
        3:00 see dewi attendance Absent
        3:00 see citra attendance Present
        3:00 see hall closed
        4:00 proctor closes                   => sitting_closed
        4:00 committee opens                  => sitting_closed
        4:00 proctor starts                   => sitting_closed
        4:00 proctor holds "smoke"            => sitting_closed
        4:00 citra signs-in                   => sitting_closed
        4:00 desk checks-in dewi 4            => sitting_closed
        4:00 proctor grants citra 60 "noise"  => sitting_closed
        4:00 proctor pauses all "noise"       => sitting_closed
        4:00 proctor resumes all              => sitting_closed
        4:00 proctor terminates citra "a phone" => sitting_closed
        4:00 proctor says all "bye"           => sitting_closed
        4:00 proctor notes hall "all is well" => ok 0
        "#,
        ],
    );
}

#[test]
fn who_never_started_cannot_start_in_a_closed_sitting() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            r#"
        0:00 proctor starts => ok 0
        5:00 proctor closes => ok 0
        5:00 ani starts     => sitting_closed
        "#,
        ],
    );
}

#[test]
fn a_seat_is_free_again_when_its_session_is_over() {
    check(
        policy(),
        free(),
        &[
            CHECKED_IN,
            READY,
            RUNNING,
            r#"
        1:00 proctor moves budi 1 "window"    => seat_taken
        1:00 proctor moves ani 1 "new screen" => ok 1
        2:00 ani signs-in                     => ok
        3:00 ani submits                      => ok
        3:00 proctor moves budi 1 "window"    => ok 1
        "#,
        ],
    );
}

#[test]
fn every_refusal_of_the_core_is_reached() {
    let rules: [fn(); 23] = [
        nothing_happens_before_the_doors_are_open,
        check_in_has_a_window_and_outside_of_it_needs_a_reason,
        the_desk_notes_who_did_not_come_and_who_was_turned_away,
        who_is_enrolled_late_needs_a_paper_first,
        identity_terminal_rules_and_start_come_in_this_order,
        the_sitting_is_started_once_and_not_while_it_is_held,
        nobody_starts_after_the_latest_start_and_holds_do_not_count,
        an_answer_within_the_grace_counts_and_a_later_one_is_evidence,
        a_pause_of_the_seat_and_one_of_the_hall_stop_the_clock_until_both_are_over,
        sessions_interrupted_together_get_the_same_credit,
        a_free_paper_is_answered_in_any_order_and_has_no_section_to_leave,
        a_linear_section_does_not_go_back,
        granted_time_has_limits_and_above_one_needs_a_second_person,
        a_move_stops_the_clock_until_the_candidate_signs_in_at_the_new_seat,
        the_candidate_ends_the_exam,
        ending_a_session_needs_a_reason_and_by_policy_a_second_person,
        what_an_old_machine_still_holds_is_evidence_until_it_is_admitted,
        a_number_that_was_used_for_something_else_is_never_shown_as_saved,
        of_answers_that_overtake_one_another_the_highest_number_counts,
        an_answer_can_be_cleared_and_some_items_take_several_choices,
        a_terminal_makes_no_more_commands_than_a_person_can,
        messages_and_notes_have_words_and_known_sessions,
        the_sitting_closes_when_nobody_works_and_notes_who_was_absent,
    ];
    REACHED.take();
    rules.iter().for_each(|rule| rule());
    // Busy is the owner's own refusal; tests/owner.rs reaches it.
    let expected: BTreeSet<&str> = Refusal::ALL.iter().filter(|&&refusal| refusal != Refusal::Busy).map(|refusal| refusal.code()).collect();
    assert_eq!(REACHED.take(), expected);
}

#[test]
fn every_refusal_has_its_own_code_and_a_sentence() {
    let codes: HashSet<&str> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(codes.len(), Refusal::ALL.len());
    assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    assert!(Refusal::ALL.iter().all(|refusal| refusal.sentence().ends_with('.')));
}

thread_local! {
    /// Codes of the refusals that the tables of this thread have reached.
    static REACHED: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// Plays tables one after another in a new hall, compares every answer, and reads the journal back at the end.
fn check(policy: SittingPolicy, paper: Arc<Paper>, tables: &[&str]) {
    let planned = sitting(4, policy, &paper);
    let mut hall = Hall::new(planned.clone(), paper);
    for line in tables.iter().flat_map(|table| table.lines()).map(str::trim).filter(|line| !line.is_empty()) {
        hall.play(line);
    }
    assert_replays(planned, &hall.blocks, hall.owner.sitting());
}

/// Where the sitting's own clock stands at the scheduled start.
const SCHEDULED_MONO_MS: i64 = 6 * 3_600_000;

struct Hall {
    owner: Owner,
    paper: Arc<Paper>,
    blocks: Vec<Block>,
    time_ms: i64,
    wall_shift_ms: i64,
    commands: u64,
    /// Epoch and last number of each candidate's terminal.
    terminals: BTreeMap<SessionId, (u32, u32)>,
    last: Option<Command>,
}

impl Hall {
    fn new(planned: Sitting, paper: Arc<Paper>) -> Self {
        let head = JournalHead::empty(hall::SITTING);
        Hall {
            owner: Owner::new(planned, head, 0),
            paper,
            blocks: Vec::new(),
            time_ms: -SCHEDULED_MONO_MS,
            wall_shift_ms: 0,
            commands: 0,
            terminals: BTreeMap::new(),
            last: None,
        }
    }

    fn play(&mut self, line: &str) {
        let (asked, expected) = line.split_once("=>").map_or((line, None), |(asked, expected)| (asked, Some(expected.trim())));
        let words = words(asked);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.wait_until(time_ms(words[0]));
        match (&words[1..], expected) {
            (["wall", shift], None) => self.wall_shift_ms += time_ms(shift),
            (["see", "hall", fact @ ..], None) => assert_eq!(self.hall_fact(fact), fact.join(" "), "{line}"),
            (["see", who, fact, place @ .., value], None) => assert_eq!(self.fact(who, fact, place), *value, "{line}"),
            (rest, Some(expected)) => {
                let counted = expected.split_once(' ').is_some_and(|(_, count)| count.parse::<u32>().is_ok());
                let answer = self.ask(rest);
                assert_eq!(in_words(answer, counted), expected, "{line}");
            }
            (_, None) => panic!("what does this line mean: {line}"),
        }
    }

    /// Goes on to a time, waking the owner whenever it wants to be woken before.
    fn wait_until(&mut self, time_ms: i64) {
        assert!(time_ms >= self.time_ms, "the table goes back in time");
        let until_ms = (time_ms + SCHEDULED_MONO_MS) as u64;
        while let Some(due_ms) = self.owner.next_deadline().filter(|&due_ms| due_ms < until_ms) {
            self.time_ms = due_ms as i64 - SCHEDULED_MONO_MS;
            self.step(Input::Tick);
        }
        self.time_ms = time_ms;
    }

    fn now(&self) -> Now {
        Now { utc_ms: SCHEDULED_UTC_MS + self.time_ms + self.wall_shift_ms, mono_ms: (self.time_ms + SCHEDULED_MONO_MS) as u64 }
    }

    /// Steps the owner until nothing is on its way to the journal.
    fn step(&mut self, input: Input) -> Vec<Result<Accepted, Refusal>> {
        let mut answers = Vec::new();
        let mut input = Some(input);
        while let Some(next) = input.take() {
            for effect in self.owner.step(self.now(), [next]) {
                match effect {
                    Effect::Append(block) => {
                        self.blocks.push(block);
                        input = Some(Input::Appended);
                    }
                    Effect::Answer { answer, .. } => answers.push(answer),
                    Effect::Applied { .. } => {}
                }
            }
        }
        answers
    }

    fn ask(&mut self, words: &[&str]) -> Result<Accepted, Refusal> {
        let command = match words {
            ["again"] => Command { at: self.now(), ..self.last.clone().expect("something was asked before") },
            _ => self.command(words),
        };
        self.last = Some(command.clone());
        let signs_in = match command.order {
            Order::Session(session, SessionOrder::SignIn) => Some(session),
            _ => None,
        };
        let answers = self.step(Input::Command { command: Box::new(command), reply: ReplyTo(0) });
        let [answer] = answers[..] else { panic!("one command has one answer, not {answers:?}") };
        if let Err(refusal) = answer {
            REACHED.with_borrow_mut(|reached| reached.insert(refusal.code()));
        } else if let Some(id) = signs_in {
            let epoch = self.owner.sitting().session(id).expect("it signed in").epoch();
            self.terminals.insert(id, (epoch, 0));
        }
        answer
    }

    fn command(&mut self, words: &[&str]) -> Command {
        self.commands += 1;
        let mut id = CommandId::derive("test/command", &[&self.commands.to_be_bytes()]);
        let (who, approver) = match words[0].split_once('+') {
            Some((who, approver)) => (who, Some(staff_member(approver))),
            None => (words[0], None),
        };
        let (actor, order) = match who {
            "clock" => (Actor::System, Order::Session(candidate(words[2]), SessionOrder::Expire)),
            "desk" | "proctor" | "committee" => (Actor::Staff(staff_member(who)), self.staff_order(&words[1..])),
            who => (Actor::Candidate, Order::Session(candidate(who), self.candidate_order(who, &words[1..]))),
        };
        if let Some(stamp) = order.stamp() {
            id = terminal_command_id(stamp);
        }
        Command { id, at: self.now(), nonce: [self.commands as u8; 16], actor, approver, order }
    }

    fn candidate_order(&mut self, who: &str, words: &[&str]) -> SessionOrder {
        let (words, stamp) = match words {
            ["signs-in"] => return SessionOrder::SignIn,
            [words @ .., stamp] if stamp.starts_with('@') => (words, explicit_stamp(stamp)),
            words => (words, self.next_stamp(who)),
        };
        match words {
            ["consents"] => SessionOrder::Consent(stamp),
            ["starts"] => SessionOrder::Start(stamp),
            ["views", position] => SessionOrder::View(stamp, number(position)),
            ["answers", position, choices] => SessionOrder::Answer(stamp, given(position, choices, position)),
            ["answers", position, choices, "of", item] => SessionOrder::Answer(stamp, given(position, choices, item)),
            ["finds", position, choices] => SessionOrder::LateAnswer(stamp, given(position, choices, position), 4_711),
            ["flags", position] => SessionOrder::Flag(stamp, number(position), true),
            ["unflags", position] => SessionOrder::Flag(stamp, number(position), false),
            ["leaves", section] => SessionOrder::Advance(stamp, number(section)),
            ["submits"] => SessionOrder::Submit(stamp),
            _ => panic!("what does a candidate do there: {words:?}"),
        }
    }

    fn next_stamp(&mut self, who: &str) -> TerminalStamp {
        let (epoch, seq) = self.terminals.entry(candidate(who)).or_default();
        *seq += 1;
        TerminalStamp { epoch: *epoch, seq: *seq }
    }

    fn staff_order(&self, words: &[&str]) -> Order {
        let text = |text: &str| text.to_owned();
        Order::Sitting(match words {
            ["opens"] => SittingOrder::Open((1..=3).map(|n| preparation(n, &self.paper, extra_ms(n))).collect()),
            ["starts"] => SittingOrder::Start,
            ["closes"] => SittingOrder::Close,
            ["holds", reason] => SittingOrder::Hold { reason: text(reason) },
            ["releases", reason] => SittingOrder::Release { reason: text(reason) },
            ["pauses", who @ .., reason] => SittingOrder::Pause { sessions: candidates(who), reason: text(reason) },
            ["resumes", who @ ..] => SittingOrder::Resume { sessions: candidates(who) },
            ["grants", who @ .., seconds, reason] => {
                SittingOrder::GrantTime { sessions: candidates(who), ms: seconds_ms(seconds), reason: text(reason) }
            }
            ["moves", who, to, reason] => SittingOrder::Move { session: candidate(who), seat: seat(number(to)), reason: text(reason) },
            ["terminates", who, reason] => SittingOrder::Terminate { session: candidate(who), reason: text(reason) },
            ["admits", who, evidence, reason] => {
                SittingOrder::AdmitLate { session: candidate(who), position: self.evidence(who, evidence), reason: text(reason) }
            }
            ["says", who @ .., words] => SittingOrder::Message { sessions: candidates(who), text: text(words) },
            ["notes", "hall", words] => SittingOrder::Note { session: None, text: text(words) },
            ["notes", who, words] => SittingOrder::Note { session: Some(candidate(who)), text: text(words) },
            [verb, who, rest @ ..] => return Order::Session(candidate(who), self.desk_order(verb, who, rest)),
            _ => panic!("what does somebody of the staff do there: {words:?}"),
        })
    }

    fn desk_order(&self, verb: &str, who: &str, rest: &[&str]) -> SessionOrder {
        let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        match (verb, rest) {
            ("prepares", []) => SessionOrder::Prepare(preparation(candidate(who).as_bytes()[0], &self.paper, 0)),
            ("checks-in", [at]) => SessionOrder::CheckIn { seat: seat(number(at)), documents: owned(&["KTP"]), override_reason: None },
            ("checks-in", [at, "because", reason]) => {
                SessionOrder::CheckIn { seat: seat(number(at)), documents: Vec::new(), override_reason: Some((*reason).to_owned()) }
            }
            ("checks-in", [at, "seen", seen @ ..]) => {
                SessionOrder::CheckIn { seat: seat(number(at)), documents: owned(seen), override_reason: None }
            }
            ("notes-absent", [reason]) => SessionOrder::NoteAttendance { refused: false, reason: (*reason).to_owned() },
            ("turns-away", [reason]) => SessionOrder::NoteAttendance { refused: true, reason: (*reason).to_owned() },
            _ => panic!("what does the desk do there: {verb} {rest:?}"),
        }
    }

    fn session(&self, who: &str) -> &Session {
        self.owner.sitting().session(candidate(who)).expect("one of the four")
    }

    fn evidence(&self, who: &str, which: &str) -> u64 {
        let last = self.session(who).evidence().last().map_or(u64::MAX, |evidence| evidence.journal_position);
        if which == "last" { last } else { which.parse().expect("a position of the journal") }
    }

    fn hall_fact(&self, fact: &[&str]) -> String {
        let head = self.owner.sitting().head();
        match fact {
            ["held"] if head.held => "held".to_owned(),
            ["due", _] => {
                let due = self.owner.next_deadline().map(|due_ms| written(due_ms as i64 - SCHEDULED_MONO_MS));
                format!("due {}", due.unwrap_or_else(|| "never".to_owned()))
            }
            _ => format!("{:?}", head.phase).to_lowercase(),
        }
    }

    fn fact(&self, who: &str, fact: &str, place: &[&str]) -> String {
        let (head, mono_ms) = (self.owner.sitting().head(), self.now().mono_ms);
        let session = self.session(who);
        match (fact, place) {
            ("phase", []) => format!("{:?}", session.phase()),
            ("attendance", []) => format!("{:?}", session.attendance()),
            ("remaining", []) => written(session.remaining_ms(head, mono_ms) as i64),
            ("section-remaining", []) => written(session.section_remaining_ms(head, mono_ms).expect("a section with its own time") as i64),
            ("granted", []) => written(i64::from(session.granted_ms())),
            ("section", []) => session.section().to_string(),
            ("cursor", []) => session.cursor().to_string(),
            ("epoch", []) => session.epoch().to_string(),
            ("next", []) => session.next_seq().to_string(),
            ("seat", []) => session.seat().expect("a seat").as_bytes()[0].to_string(),
            ("answered", []) => session.answered().to_string(),
            ("doubtful", []) => session.doubtful().to_string(),
            ("evidence", []) => session.evidence().len().to_string(),
            ("answer", [position]) => letters(session.slots()[usize::from(number::<u16>(position))].choices),
            _ => panic!("what is to be seen there: {fact}"),
        }
    }
}

fn in_words(answer: Result<Accepted, Refusal>, counted: bool) -> String {
    match answer {
        Ok(Accepted { position: Some(_), late: false, sessions }) if counted => format!("ok {sessions}"),
        Ok(Accepted { position: Some(_), late: false, .. }) => "ok".to_owned(),
        Ok(Accepted { position: Some(_), late: true, .. }) => "late".to_owned(),
        Ok(Accepted { position: None, late: false, .. }) => "repeated".to_owned(),
        Ok(Accepted { position: None, late: true, .. }) => "repeated late".to_owned(),
        Err(refusal) => refusal.code().to_owned(),
    }
}

fn candidate(who: &str) -> SessionId {
    let names = ["ani", "budi", "citra", "dewi", "eve"];
    session(1 + names.iter().position(|&name| name == who).unwrap_or_else(|| panic!("who is {who}")) as u8)
}

fn candidates(who: &[&str]) -> Vec<SessionId> {
    if who == ["all"] { Vec::new() } else { who.iter().map(|who| candidate(who)).collect() }
}

fn staff_member(who: &str) -> StaffId {
    let names = ["desk", "proctor", "committee"];
    staff(201 + names.iter().position(|&name| name == who).unwrap_or_else(|| panic!("who is {who}")) as u8)
}

/// Citra has half the time more.
fn extra_ms(n: u8) -> u32 {
    if n == 3 { hall::BASE_MS / 2 } else { 0 }
}

fn given(position: &str, choices: &str, item_at: &str) -> GivenAnswer {
    let ids: Vec<u8> = choices.split('+').filter(|&letter| letter != "-").map(|letter| letter.as_bytes()[0] - b'a').collect();
    let choices = Choices::from_ids(&ids).expect("letters, each once");
    GivenAnswer { position: number(position), item: item(number(item_at)), choices }
}

fn letters(choices: Choices) -> String {
    let letters: Vec<String> = choices.ids().map(|id| char::from(b'a' + id).to_string()).collect();
    if letters.is_empty() { "-".to_owned() } else { letters.join("+") }
}

fn explicit_stamp(text: &str) -> TerminalStamp {
    let (epoch, seq) = text.trim_start_matches('@').split_once('/').expect("@epoch/number");
    TerminalStamp { epoch: number(epoch), seq: number(seq) }
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text} is not such a number"))
}

fn seconds_ms(text: &str) -> u32 {
    let (seconds, ms) = text.split_once('.').unwrap_or((text, "000"));
    number::<u32>(seconds) * 1_000 + number::<u32>(ms)
}

/// `-1:02.345` in milliseconds.
fn time_ms(text: &str) -> i64 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text.trim_start_matches('+')), |text| (-1, text));
    let (minutes, seconds) = text.split_once(':').unwrap_or_else(|| panic!("{text} is not a time"));
    sign * (number::<i64>(minutes) * 60_000 + i64::from(seconds_ms(seconds)))
}

fn written(ms: i64) -> String {
    let (minutes, seconds, ms) = (ms / 60_000, ms / 1_000 % 60, ms % 1_000);
    if ms == 0 { format!("{minutes}:{seconds:02}") } else { format!("{minutes}:{seconds:02}.{ms:03}") }
}

/// Words between spaces; a text in quotes is one word, and `"*9"` is a text of nine letters.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('"').enumerate() {
        if index % 2 == 0 {
            words.extend(part.split_whitespace().map(str::to_owned));
        } else {
            words.push(part.strip_prefix('*').map_or_else(|| part.to_owned(), |count| "x".repeat(number(count))));
        }
    }
    words
}
