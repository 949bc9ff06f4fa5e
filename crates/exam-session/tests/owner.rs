//! The owner stepped by hand: batches, limits, time, a full disk, a crash.

mod hall;

use exam_session::block::{Block, JournalHead};
use exam_session::command::{Actor, Command, GivenAnswer, Order, SessionOrder, SittingOrder, TerminalStamp, terminal_command_id};
use exam_session::event::{Event, SessionEvent, SittingEvent};
use exam_session::owner::{BATCH_BYTES_MAX, BATCH_COMMANDS_MAX, Effect, Input, Owner, ReplyTo, WAITING_COMMANDS_MAX};
use exam_session::record::Record;
use exam_session::refusal::Refusal;
use exam_session::session::{Phase, Session, TEXT_MAX};
use exam_session::sitting::{Accepted, Sitting, SittingPolicy};
use exam_session::time::Now;
use hall::{
    BASE_MS, SCHEDULED_UTC_MS, SITTING, assert_replays, assert_same, item, paper, policy, preparation, read, seat, session, sitting, staff,
};
use question_bank::id::CommandId;
use question_bank::key::Choices;
use question_bank::paper::Paper;
use std::sync::Arc;

const PROCTOR: Actor = Actor::Staff(staff(201));
const GRACE_MS: u64 = 2_000;
/// When the sessions of these halls are started.
const START_MS: u64 = 100_000;
/// When their time is over.
const END_MS: u64 = START_MS + BASE_MS as u64;

#[test]
fn what_arrives_while_a_batch_is_on_its_way_becomes_the_next_batch() {
    let mut hall = Hall::running(3, policy());
    let first = hall.step(200_000, vec![answer(1, 1, 0, 0)]);
    assert_eq!(count(&first), 1);
    assert_eq!(first.answers, [], "nothing is answered before it is durable");
    let second = hall.step(200_001, vec![answer(2, 1, 0, 1), answer(1, 2, 0, 1)]);
    let third = hall.step(200_002, vec![answer(3, 1, 0, 2)]);
    assert_eq!((count(&second), count(&third), hall.owner.waiting()), (0, 0, 3), "one batch at a time");
    assert!(hall.session(1).slots()[0].choices.is_empty(), "what is on its way is invisible");
    assert_eq!(hall.owner.next_deadline(), None, "while a batch is on its way there is nothing else to wake up for");

    let fourth = hall.step(200_010, vec![Input::Appended]);
    assert_eq!(fourth.answers, [Ok(accepted(hall.position(0)))]);
    assert_eq!((count(&fourth), fourth.touched, fourth.head_changed), (3, vec![0], false));
    assert_eq!(hall.session(1).slots()[0].choices, Choices::one(0));

    let fifth = hall.step(200_020, vec![Input::Appended]);
    assert_eq!(fifth.answers, [1, 2, 3].map(|n| Ok(accepted(hall.position(n)))), "answers go out in order");
    assert_eq!(fifth.touched, [0, 1, 2]);
    assert!(!hall.owner.appending());
    hall.replays();
}

#[test]
fn a_batch_has_a_limit_of_commands() {
    let mut hall = Hall::running(3, policy());
    let rest = 500;
    let inputs = (0..2 * BATCH_COMMANDS_MAX as u32 + rest).map(|n| answer(1 + (n % 3) as u8, 1 + n / 3, 0, (n % 5) as u8)).collect();
    let first = hall.step(200_000, inputs);
    let second = hall.step(200_001, vec![Input::Appended]);
    let third = hall.step(200_002, vec![Input::Appended]);
    let fourth = hall.step(200_003, vec![Input::Appended]);
    assert_eq!([&first, &second, &third, &fourth].map(count), [BATCH_COMMANDS_MAX as u32, BATCH_COMMANDS_MAX as u32, rest, 0]);
    assert_eq!([second, third, fourth].map(|out| out.answers.len()), [BATCH_COMMANDS_MAX, BATCH_COMMANDS_MAX, rest as usize]);
    hall.replays();
}

#[test]
fn a_batch_has_a_limit_of_bytes_whatever_its_records_hold() {
    let mut hall = Hall::running(200, policy());
    let reason = "\u{1f514}".repeat(TEXT_MAX);
    let out = hall.step(200_000, (0..10).map(|_| proctor(grant_all(1_000, &reason))).collect());
    let block = out.block.expect("a block");
    assert_eq!(block.count, 1, "one record of 200 long reasons fills a batch");
    assert!(block.records.len() > BATCH_BYTES_MAX);
    let notes = (0..100).map(|_| proctor(SittingOrder::Note { session: None, text: reason.clone() })).collect();
    let mut hall = Hall::running(1, policy());
    let block = hall.step(200_000, notes).block.expect("a block");
    assert!((BATCH_BYTES_MAX..BATCH_BYTES_MAX + 10_000).contains(&block.records.len()), "{} bytes", block.records.len());
    while hall.owner.appending() {
        hall.step(200_001, vec![Input::Appended]);
    }
    hall.replays();
}

#[test]
fn what_waits_has_a_limit_and_more_is_busy_and_not_stored() {
    let mut hall = Hall::running(1, policy());
    hall.step(200_000, vec![answer(1, 1, 0, 0)]);
    let full = hall.step(200_000, (0..WAITING_COMMANDS_MAX as u32).map(|n| answer(1, 2 + n % 5_000, 0, 1)).collect());
    assert_eq!((full.answers.len(), hall.owner.waiting()), (0, WAITING_COMMANDS_MAX));
    let over = hall.step(200_001, vec![answer(1, 9_001, 1, 2), answer(1, 9_002, 1, 3)]);
    assert_eq!(over.answers, [Err(Refusal::Busy), Err(Refusal::Busy)], "answered at once");
    while hall.owner.appending() {
        hall.step(200_002, vec![Input::Appended]);
    }
    assert!(hall.session(1).slots()[1].choices.is_empty());
    assert_eq!(hall.settle(200_003, answer(1, 9_001, 1, 2)), Ok(accepted(hall.last_position())), "sent again it works");
    hall.replays();
}

#[test]
fn a_batch_that_comes_to_nothing_is_answered_at_once() {
    let mut hall = Hall::running(2, policy());
    let stored = hall.settle(200_000, answer(1, 1, 0, 0));
    assert_eq!(stored, Ok(accepted(hall.last_position())));
    let before = hall.owner.journal_head();
    let out = hall.step(200_001, vec![answer(1, 1, 0, 0), answer(1, 2, 99, 0), proctor(SittingOrder::Start)]);
    let repeated = Accepted { position: None, late: false, sessions: 0 };
    assert_eq!(out.answers, [Ok(repeated), Err(Refusal::NoSuchPosition), Err(Refusal::SittingStarted)]);
    assert_eq!((out.block, hall.owner.appending(), hall.owner.journal_head()), (None, false, before));

    let many = vec![0; 3 * BATCH_COMMANDS_MAX].into_iter().map(|_| proctor(SittingOrder::Start)).collect();
    assert_eq!(hall.step(200_002, many).answers.len(), 3 * BATCH_COMMANDS_MAX, "however many they are");
}

#[test]
fn a_repetition_waits_for_what_it_repeats() {
    let mut hall = Hall::running(1, policy());
    let grant = proctor(grant_all(60_000, "noise"));
    let out = hall.step(200_000, vec![grant.clone(), grant.clone()]);
    assert_eq!((count(&out), out.answers.len()), (1, 0), "one record, nothing said yet");
    let waiting = hall.step(200_001, vec![grant.clone()]);
    assert_eq!(waiting.answers, []);
    let failed = hall.step(200_002, vec![Input::NotAppended]);
    assert_eq!(failed.answers, [Err(Refusal::Busy), Err(Refusal::Busy)], "what was not stored cannot have been repeated");
    assert_eq!(count(&failed), 1, "the third is now the first");
    let stored = hall.step(200_003, vec![grant, Input::Appended]);
    let repeated = Accepted { position: None, late: false, sessions: 0 };
    assert_eq!(stored.answers, [Ok(accepted(hall.last_position())), Ok(repeated)]);
    assert_eq!(hall.session(1).granted_ms(), 60_000);
    hall.replays();
}

#[test]
fn a_batch_that_was_not_stored_did_not_happen() {
    let mut hall = Hall::running(2, policy());
    let before = (hall.owner.sitting().clone(), hall.owner.journal_head());
    let inputs = vec![
        answer(1, 1, 0, 0),
        candidate(1, SessionOrder::Submit(stamp(2))),
        answer(1, 3, 0, 1),
        answer(1, 2, 99, 1),
        proctor(SittingOrder::Hold { reason: "smoke".to_owned() }),
        proctor(SittingOrder::Start),
    ];
    let out = hall.step(200_000, inputs.clone());
    let failed = hall.step(200_100, vec![Input::NotAppended]);
    assert_eq!(failed.answers, vec![Err(Refusal::Busy); 6], "refusals were decided against what did not happen");
    assert_same(hall.owner.sitting(), &before.0);
    assert_eq!(hall.owner.journal_head(), before.1);
    assert!(failed.records.is_empty() && failed.block.is_none() && !hall.owner.appending());

    let again = hall.step(200_200, inputs);
    assert_eq!(
        (again.block.expect("a block").first_position, count(&out)),
        (before.1.next_position, 4),
        "positions were not used up by what did not happen"
    );
    let stored = hall.step(200_300, vec![Input::Appended]);
    let codes: Vec<_> = stored.answers.iter().map(|answer| answer.map(|accepted| accepted.late)).collect();
    assert_eq!(codes, [Ok(false), Ok(false), Ok(true), Err(Refusal::NoSuchPosition), Ok(false), Err(Refusal::SittingStarted)]);
    hall.replays();
}

#[test]
fn words_about_a_batch_that_is_not_on_its_way_mean_nothing() {
    let mut hall = Hall::running(1, policy());
    let before = hall.owner.sitting().clone();
    let out = hall.step(200_000, vec![Input::Appended, Input::NotAppended, Input::Tick]);
    assert!(out.answers.is_empty() && out.block.is_none() && out.records.is_empty());
    assert_same(hall.owner.sitting(), &before);
}

#[test]
fn a_session_expires_after_the_grace_and_not_before() {
    let mut hall = Hall::running(2, policy());
    assert_eq!(hall.owner.next_deadline(), Some(END_MS + GRACE_MS + 1));
    assert_eq!(count(&hall.step(END_MS, vec![Input::Tick])), 0);
    assert_eq!(count(&hall.step(END_MS + GRACE_MS, vec![Input::Tick])), 0);
    let out = hall.step(END_MS + GRACE_MS + 1, vec![Input::Tick]);
    assert_eq!(count(&out), 2);
    assert_eq!(count(&hall.step(END_MS + GRACE_MS + 2, vec![Input::Tick])), 0);
    let done = hall.step(END_MS + GRACE_MS + 3, vec![Input::Appended]);
    assert_eq!(done.answers, [], "nobody asked");
    assert_eq!(
        events(&done.records),
        [Event::Session(session(1), SessionEvent::Expired), Event::Session(session(2), SessionEvent::Expired)]
    );
    assert!(done.records.iter().all(|record| record.actor == Actor::System && record.scope.is_some()));
    assert_ne!(done.records[0].nonce, done.records[1].nonce);
    assert_eq!((hall.session(1).phase(), hall.owner.next_deadline()), (Phase::Expired, None));
    hall.replays();
}

#[test]
fn an_answer_that_arrived_in_time_counts_however_long_it_waited() {
    let mut hall = Hall::running(2, policy());
    hall.step(END_MS - 1, vec![answer(2, 1, 0, 0)]);
    hall.step(END_MS + GRACE_MS, vec![answer(1, 1, 0, 0)]);
    hall.step(END_MS + GRACE_MS + 1, vec![answer(1, 2, 0, 1), Input::Tick]);
    let stored = hall.step(END_MS + 60_000, vec![Input::Appended]);
    assert_eq!(count(&stored), 4, "two answers, then two expiries");
    let out = hall.step(END_MS + 60_001, vec![Input::Appended]);
    assert_eq!(out.answers.iter().map(|answer| answer.map(|accepted| accepted.late)).collect::<Vec<_>>(), [Ok(false), Ok(true)]);
    let session = hall.session(1);
    assert_eq!((session.phase(), session.slots()[0].choices, session.evidence().len()), (Phase::Expired, Choices::one(0), 1));
    hall.replays();
}

#[test]
fn a_pause_between_the_end_and_its_expiry_lets_nobody_answer_on() {
    let mut hall = Hall::running(2, policy());
    hall.step(END_MS - 1, vec![answer(2, 1, 0, 0)]);
    let pause = proctor(SittingOrder::Pause { sessions: vec![session(1)], reason: "noise".to_owned() });
    hall.step(END_MS + GRACE_MS + 10, vec![pause]);
    hall.step(END_MS + GRACE_MS + 20, vec![answer(1, 1, 0, 0)]);
    hall.step(END_MS + GRACE_MS + 30, vec![Input::Appended]);
    let out = hall.step(END_MS + GRACE_MS + 40, vec![Input::Appended]);
    assert_eq!(out.answers[1].map(|accepted| accepted.late), Ok(true));
    assert_eq!((hall.session(1).phase(), hall.session(2).phase()), (Phase::Running, Phase::Expired));
    assert_eq!(hall.owner.next_deadline(), None, "the proctor paused it, the proctor decides");
    let resumed = hall.settle(END_MS + 60_000, proctor(SittingOrder::Resume { sessions: vec![session(1)] }));
    assert_eq!(resumed.map(|accepted| accepted.late), Ok(false));
    hall.until_quiet(END_MS + 60_001);
    assert_eq!(hall.session(1).phase(), Phase::Expired);
    hall.replays();
}

#[test]
fn an_expiry_that_was_not_stored_comes_again() {
    let mut hall = Hall::running(1, policy());
    let first = hall.step(END_MS + GRACE_MS + 1, vec![Input::Tick]).block.expect("an expiry");
    let again = hall.step(END_MS + GRACE_MS + 500, vec![Input::NotAppended]);
    assert_eq!(again.answers, []);
    let second = again.block.expect("the expiry again");
    assert_eq!(second.first_position, first.first_position);
    hall.step(END_MS + GRACE_MS + 600, vec![Input::Appended]);
    assert_eq!((hall.session(1).phase(), hall.owner.next_deadline()), (Phase::Expired, None));
    hall.replays();
}

#[test]
fn time_granted_while_the_expiry_waits_comes_first() {
    let mut hall = Hall::running(2, policy());
    hall.step(END_MS, vec![answer(2, 1, 0, 0)]);
    hall.step(
        END_MS + GRACE_MS + 1,
        vec![proctor(SittingOrder::GrantTime { sessions: vec![session(1)], ms: 60_000, reason: "noise".to_owned() })],
    );
    hall.step(END_MS + GRACE_MS + 5, vec![Input::Appended]);
    hall.until_quiet(END_MS + GRACE_MS + 6);
    assert_eq!((hall.session(1).phase(), hall.session(2).phase()), (Phase::Running, Phase::Expired));
    assert_eq!(hall.owner.next_deadline(), Some(END_MS + 60_000 + GRACE_MS + 1));
    hall.until_quiet(END_MS + 60_000 + GRACE_MS + 1);
    assert_eq!(hall.session(1).phase(), Phase::Expired);
    hall.replays();
}

#[test]
fn sections_that_ran_out_while_the_owner_slept_end_one_after_another() {
    let sections = paper(&[(2, Some(120_000), false), (2, Some(120_000), false), (2, None, false)]);
    let mut hall = Hall::running_on(1, policy(), sections);
    assert_eq!(hall.owner.next_deadline(), Some(START_MS + 120_000 + GRACE_MS + 1));
    hall.until_quiet(START_MS + 300_000);
    let closed = |section| Event::Session(session(1), SessionEvent::SectionClosed { section, by_time: true });
    assert_eq!(events(&read(&hall.blocks)[hall.prelude..]), [closed(0), closed(1)]);
    let (head, now) = (hall.owner.sitting().head(), START_MS + 300_000);
    assert_eq!((hall.session(1).section(), hall.session(1).remaining_ms(head, now)), (2, 300_000));
    assert_eq!(hall.owner.next_deadline(), Some(END_MS + GRACE_MS + 1));
    hall.replays();
}

#[test]
fn two_expiries_of_one_session_are_two_commands_whatever_waits_before_them() {
    for waiting in 0..4 {
        let sections = paper(&[(2, Some(120_000), false), (2, Some(120_000), false), (2, None, false)]);
        let mut hall = Hall::running_on(1, policy(), sections);
        let refused = |count| (0..count).map(|_| proctor(SittingOrder::Start)).collect::<Vec<_>>();
        hall.step(START_MS + 120_000 + GRACE_MS + 1, refused(waiting + 1));
        hall.step(START_MS + 120_000 + GRACE_MS + 2, vec![Input::Appended]);
        hall.step(START_MS + 240_000 + GRACE_MS + 1, refused(waiting));
        hall.step(START_MS + 240_000 + GRACE_MS + 2, vec![Input::Appended]);
        assert_eq!(hall.session(1).section(), 2);
        hall.until_quiet(END_MS + GRACE_MS + 1);
        assert_eq!(hall.session(1).phase(), Phase::Expired);
        hall.replays();
    }
}

#[test]
fn a_new_policy_moves_deadlines_at_once_and_is_not_undone_by_what_was_on_its_way() {
    let closing = |after_ms| SittingPolicy { hard_close_after_ms: Some(after_ms), ..policy() };
    let mut hall = Hall::running(1, closing(200_000));
    assert_eq!(hall.owner.next_deadline(), Some(START_MS + 200_000 + GRACE_MS + 1));

    hall.owner.sitting_mut().set_policy(closing(400_000));
    hall.until_quiet(START_MS + 200_000 + GRACE_MS + 1);
    assert_eq!(hall.session(1).phase(), Phase::Running);
    assert_eq!(hall.owner.next_deadline(), Some(START_MS + 400_000 + GRACE_MS + 1));

    hall.step(START_MS + 250_000, vec![proctor(SittingOrder::Hold { reason: "smoke".to_owned() })]);
    hall.owner.sitting_mut().set_policy(closing(300_000));
    hall.step(START_MS + 250_001, vec![Input::Appended]);
    assert_eq!(hall.owner.sitting().head().hard_close_ms, Some(300_000));
    hall.settle(START_MS + 260_000, proctor(SittingOrder::Release { reason: String::new() })).expect("a release");
    assert_eq!(hall.owner.next_deadline(), Some(START_MS + 310_000 + GRACE_MS + 1));
    hall.until_quiet(START_MS + 310_000 + GRACE_MS + 1);
    assert_eq!(hall.session(1).phase(), Phase::Expired);
}

#[test]
fn who_is_enlisted_while_the_hall_is_held_is_held_with_it() {
    let sheet = free();
    let mut hall = Hall::running_on(2, policy(), Arc::clone(&sheet));
    hall.step(200_000, vec![proctor(SittingOrder::Hold { reason: "smoke".to_owned() })]);
    hall.owner.sitting_mut().enlist(session(3), Arc::clone(&sheet));
    hall.step(200_001, vec![Input::Appended]);
    hall.owner.sitting_mut().enlist(session(4), Arc::clone(&sheet));
    for n in [3, 4] {
        let prepare = SessionOrder::Prepare(preparation(n, &sheet, 0));
        hall.settle(200_002, command(PROCTOR, Order::Session(session(n), prepare))).expect("prepared");
    }
    assert!(hall.session(3).stopped() && hall.session(4).stopped());
    hall.planned = sitting(4, policy(), &sheet);
    hall.replays();
}

#[test]
fn records_never_go_back_in_time() {
    let mut hall = Hall::running(3, policy());
    let arrived = |n, ms| {
        let Input::Command { mut command, reply } = answer(n, 1, 0, 0) else { panic!("a command") };
        command.at = now(ms);
        Input::Command { command, reply }
    };
    hall.raw_step(200_000, vec![arrived(1, 199_990), arrived(2, 199_980), arrived(3, 999_999)]);
    hall.raw_step(200_001, vec![Input::Appended]);
    let times: Vec<u64> = read(&hall.blocks)[hall.prelude..].iter().map(|record| record.at.mono_ms).collect();
    assert_eq!(times, [199_990, 199_990, 200_000], "neither back nor ahead of the owner's own clock");
}

#[test]
fn an_id_that_looks_like_a_terminals_hides_nothing() {
    let mut hall = Hall::running(1, policy());
    let mut forged = proctor(SittingOrder::Note { session: None, text: "an odd id".to_owned() });
    if let Input::Command { command, .. } = &mut forged {
        command.id = terminal_command_id(stamp(1));
    }
    hall.settle(200_000, forged).expect("a note");
    assert_eq!(hall.settle(200_001, answer(1, 1, 0, 3)), Ok(accepted(hall.last_position())));
    assert_eq!(hall.session(1).slots()[0].choices, Choices::one(3));
    hall.replays();
}

#[test]
fn an_applied_batch_names_the_sessions_it_touched() {
    let mut hall = Hall::running(3, policy());
    hall.step(200_000, vec![answer(3, 1, 0, 0), answer(1, 1, 0, 0), answer(3, 2, 0, 1)]);
    let out = hall.step(200_001, vec![Input::Appended]);
    assert_eq!((out.records.len(), out.touched, out.head_changed), (3, vec![0, 2], false));
    hall.step(200_002, vec![proctor(SittingOrder::Hold { reason: "smoke".to_owned() })]);
    let out = hall.step(200_003, vec![Input::Appended]);
    assert_eq!(
        (events(&out.records), out.touched, out.head_changed),
        (vec![Event::Sitting(SittingEvent::Held { reason: "smoke".to_owned() })], vec![0, 1, 2], true)
    );
}

#[test]
fn after_a_crash_everybody_goes_on_with_the_time_that_was_persisted() {
    let mut hall = Hall::running(4, policy());
    let pause = SittingOrder::Pause { sessions: vec![session(2)], reason: "ill".to_owned() };
    hall.settle(200_000, proctor(pause)).expect("a pause");
    hall.settle(200_000, candidate(3, SessionOrder::Submit(stamp(1)))).expect("submitted");
    hall.settle(210_000, answer(1, 1, 0, 0)).expect("an answer");
    hall.step(250_000, vec![answer(1, 2, 0, 1), answer(4, 1, 0, 1)]);

    // The power fails at 260,000, before that batch was durable. The last heartbeat was at 259,500; the hall is dark for three hours.
    let persisted_ms = 259_500;
    let remaining = |owner: &Owner| {
        [1, 2, 3, 4].map(|n| owner.sitting().session(session(n)).expect("enrolled").remaining_ms(owner.sitting().head(), persisted_ms))
    };
    let before = remaining(&hall.owner);
    assert_eq!(before, [END_MS - persisted_ms, END_MS - 200_000, 0, END_MS - persisted_ms]);

    let mut recovered = hall.recover(persisted_ms);
    assert_eq!(remaining(&recovered.owner), before);
    assert_eq!(recovered.owner.journal_head(), hall.owner.journal_head());
    assert_eq!(recovered.owner.next_deadline(), Some(END_MS + GRACE_MS + 1), "on the sitting's clock the outage did not happen");
    assert_same(recovered.owner.sitting(), hall.owner.sitting());

    let repeated = Accepted { position: None, late: false, sessions: 0 };
    assert_eq!(recovered.settle(persisted_ms + 5, answer(1, 1, 0, 0)), Ok(repeated), "the durable answer is known");
    let resent = recovered.settle(persisted_ms + 6, answer(1, 2, 0, 1));
    assert_eq!(resent, Ok(accepted(recovered.last_position())), "the lost one is stored when it is sent again");
    recovered.settle(persisted_ms + 7, proctor(SittingOrder::Resume { sessions: vec![session(2)] })).expect("resumed");
    recovered.until_quiet(END_MS + GRACE_MS + 1);
    let phases = [1, 2, 3, 4].map(|n| recovered.session(n).phase());
    assert_eq!(phases, [Phase::Expired, Phase::Running, Phase::Submitted, Phase::Expired]);
    recovered.replays();
}

#[test]
fn an_old_heartbeat_does_not_send_records_back_in_time() {
    let mut hall = Hall::running(1, policy());
    hall.settle(210_000, answer(1, 1, 0, 0)).expect("an answer");
    let mut recovered = hall.recover(209_000);
    recovered.settle(209_100, answer(1, 2, 0, 1)).expect("an answer");
    let times: Vec<u64> = read(&recovered.blocks).iter().map(|record| record.at.mono_ms).collect();
    assert!(times.is_sorted(), "{times:?}");
    recovered.replays();
}

/// An owner whose journal the test keeps.
struct Hall {
    owner: Owner,
    planned: Sitting,
    blocks: Vec<Block>,
    on_its_way: Option<Block>,
    /// Records that made the hall ready.
    prelude: usize,
}

/// What one step came to.
#[derive(Default)]
struct Out {
    block: Option<Block>,
    answers: Vec<Result<Accepted, Refusal>>,
    records: Vec<Record>,
    touched: Vec<u32>,
    head_changed: bool,
}

impl Hall {
    /// So many sessions, signed in, started together and with ten minutes from [`START_MS`].
    fn running(sessions: u8, policy: SittingPolicy) -> Self {
        Hall::running_on(sessions, policy, free())
    }

    fn running_on(sessions: u8, policy: SittingPolicy, paper: Arc<Paper>) -> Self {
        let planned = sitting(sessions, policy, &paper);
        let mut hall = Hall::of(planned.clone(), planned, Vec::new(), 0);
        let names = 1..=sessions;
        let open = SittingOrder::Open(names.clone().map(|n| preparation(n, &paper, 0)).collect());
        let check_in = |n| SessionOrder::CheckIn { seat: seat(n), documents: Vec::new(), override_reason: None };
        let mut inputs = vec![proctor(open)];
        inputs.extend(names.clone().map(|n| command(PROCTOR, Order::Session(session(n), check_in(n)))));
        inputs.extend(names.clone().map(|n| candidate(n, SessionOrder::SignIn)));
        inputs.extend(names.clone().map(|n| candidate(n, SessionOrder::Consent(stamp(19_000)))));
        inputs.push(proctor(SittingOrder::Start));
        inputs.extend(names.map(|n| candidate(n, SessionOrder::Start(stamp(19_001)))));
        hall.step(START_MS, inputs);
        let out = hall.step(START_MS, vec![Input::Appended]);
        assert!(out.answers.iter().all(Result::is_ok), "{:?}", out.answers);
        hall.prelude = out.records.len();
        hall
    }

    fn of(planned: Sitting, state: Sitting, blocks: Vec<Block>, mono_ms: u64) -> Self {
        let head = blocks.last().map_or(JournalHead::empty(SITTING), JournalHead::after);
        Hall { owner: Owner::new(state, head, mono_ms), planned, blocks, on_its_way: None, prelude: 0 }
    }

    /// The next owner, made from nothing but the journal and the persisted clock.
    fn recover(&self, mono_ms: u64) -> Hall {
        let mut state = self.planned.clone();
        let records = read(&self.blocks);
        records.iter().for_each(|record| state.apply(record));
        let last_ms = records.last().map_or(0, |record| record.at.mono_ms);
        Hall::of(self.planned.clone(), state, self.blocks.clone(), mono_ms.max(last_ms))
    }

    /// Steps at a time; commands arrive at that time.
    fn step(&mut self, mono_ms: u64, mut inputs: Vec<Input>) -> Out {
        for input in &mut inputs {
            if let Input::Command { command, .. } = input {
                command.at = now(mono_ms);
            }
        }
        self.raw_step(mono_ms, inputs)
    }

    fn raw_step(&mut self, mono_ms: u64, inputs: Vec<Input>) -> Out {
        for input in &inputs {
            match input {
                Input::Appended => self.blocks.extend(self.on_its_way.take()),
                Input::NotAppended => self.on_its_way = None,
                Input::Command { .. } | Input::Tick => {}
            }
        }
        let mut out = Out::default();
        for effect in self.owner.step(now(mono_ms), inputs) {
            match effect {
                Effect::Append(block) => out.block = Some(block),
                Effect::Answer { answer, .. } => out.answers.push(answer),
                Effect::Applied { records, touched, head_changed } => {
                    out = Out { records, touched, head_changed, ..out };
                }
            }
        }
        if out.block.is_some() {
            self.on_its_way.clone_from(&out.block);
        }
        out
    }

    /// One command through to its answer.
    fn settle(&mut self, mono_ms: u64, input: Input) -> Result<Accepted, Refusal> {
        let mut answers = self.step(mono_ms, vec![input]).answers;
        if answers.is_empty() {
            answers = self.step(mono_ms, vec![Input::Appended]).answers;
        }
        answers[0]
    }

    /// Appends until nothing is on its way.
    fn until_quiet(&mut self, mono_ms: u64) {
        self.step(mono_ms, vec![Input::Tick]);
        while self.owner.appending() {
            self.step(mono_ms, vec![Input::Appended]);
        }
    }

    fn session(&self, n: u8) -> &Session {
        self.owner.sitting().session(session(n)).expect("enrolled")
    }

    /// Position of the n-th record after those that made the hall ready.
    fn position(&self, n: u64) -> u64 {
        self.prelude as u64 + n
    }

    fn last_position(&self) -> u64 {
        self.owner.journal_head().next_position - 1
    }

    fn replays(&self) {
        assert_replays(self.planned.clone(), &self.blocks, self.owner.sitting());
    }
}

fn free() -> Arc<Paper> {
    paper(&[(6, None, false)])
}

fn now(mono_ms: u64) -> Now {
    Now { utc_ms: SCHEDULED_UTC_MS - 1_000_000 + mono_ms as i64, mono_ms }
}

/// The prelude takes numbers far above those the tests count from 1.
fn stamp(seq: u32) -> TerminalStamp {
    TerminalStamp { epoch: 1, seq }
}

fn count(out: &Out) -> u32 {
    out.block.as_ref().map_or(0, |block| block.count)
}

fn events(records: &[Record]) -> Vec<Event> {
    records.iter().flat_map(|record| record.events.clone()).collect()
}

/// What a durable command for one session is answered.
fn accepted(position: u64) -> Accepted {
    Accepted { position: Some(position), late: false, sessions: 1 }
}

fn grant_all(ms: u32, reason: &str) -> SittingOrder {
    SittingOrder::GrantTime { sessions: Vec::new(), ms, reason: reason.to_owned() }
}

fn proctor(order: SittingOrder) -> Input {
    command(PROCTOR, Order::Sitting(order))
}

fn candidate(n: u8, order: SessionOrder) -> Input {
    command(Actor::Candidate, Order::Session(session(n), order))
}

/// The n-th candidate's terminal sends a choice for a position under a number.
fn answer(n: u8, seq: u32, position: u16, choice: u8) -> Input {
    let given = GivenAnswer { position, item: item(position), choices: Choices::one(choice) };
    candidate(n, SessionOrder::Answer(stamp(seq), given))
}

/// A command with an id of its own; when it arrives is filled in by the step.
fn command(actor: Actor, order: Order) -> Input {
    static COMMANDS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let number = COMMANDS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let id = order.stamp().map_or_else(|| CommandId::derive("test/command", &[&number.to_be_bytes()]), terminal_command_id);
    let command = Command { id, at: Now::default(), nonce: [7; 16], actor, approver: None, order };
    Input::Command { command: Box::new(command), reply: ReplyTo(number) }
}
