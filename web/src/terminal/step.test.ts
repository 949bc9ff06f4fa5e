import { describe, expect, test } from "vitest";
import { initial, cells, counts, leaving, moves, screen, status, timeUp } from "./state";
import { snapshotOf } from "./step";
import { Bench, NOTHING, WHO, clockView, paper, welcome } from "./testing";

const choose = (bench: Bench, index: number): Bench => bench.do({ t: "choose", index, spoken: false });

describe("the way in", () => {
  test("no session: the sign-in form", () => {
    expect(screen(new Bench().do({ t: "session_absent" }).state)).toBe("sign_in");
  });
  test("a PIN that is not eight digits is not sent", () => {
    const bench = new Bench().do({ t: "session_absent" }).do({ t: "sign_in", participant_no: "1", pin: "1234" });
    expect(bench.effects).toEqual([]);
    expect(bench.state.sign_in_refusal).toEqual({ t: "malformed" });
  });
  test("number and PIN are trimmed and sent once", () => {
    const bench = new Bench().do({ t: "session_absent" }).do({ t: "sign_in", participant_no: " 24-1 ", pin: "1234 5678" });
    expect(bench.effects).toEqual([{ t: "sign_in", participant_no: "24-1", pin: "12345678" }]);
    expect(bench.do({ t: "sign_in", participant_no: "24-1", pin: "12345678" }).effects).toEqual([]);
  });
  test("a refusal is shown and can be tried again", () => {
    const bench = new Bench().do({ t: "session_absent" }).do({ t: "sign_in", participant_no: "1", pin: "12345678" });
    bench.do({ t: "sign_in_refused", refusal: { t: "server", message: "PIN salah." } });
    expect(bench.state).toMatchObject({ signing_in: false, sign_in_refusal: { t: "server", message: "PIN salah." } });
  });
  test("no connection before the disk has been read", () => {
    const bench = new Bench().do({ t: "session_found", who: WHO });
    expect(bench.effects).toEqual([{ t: "restore", who: WHO }]);
    expect(bench.do({ t: "restored", who: WHO, restored: NOTHING }).effects).toContainEqual({ t: "connect" });
  });
  test("confirm, rules, consent, practice, waiting room, start", () => {
    const bench = new Bench().in();
    expect(screen(bench.state)).toBe("confirm");
    bench.do({ t: "not_me", yes: true });
    expect(screen(bench.state)).toBe("not_me");
    bench.do({ t: "not_me", yes: false }).do({ t: "confirm" });
    expect(screen(bench.state)).toBe("rules");
    bench.do({ t: "consent" });
    expect(bench.sent()).toEqual([]);
    expect(bench.keep()).toEqual([{ t: "consent", seq: 0 }]);
    expect(bench.do({ t: "consent" }).effects).toEqual([]);
    bench.news({ t: "saved", seq: 0 });
    expect(screen(bench.state)).toBe("practice");
    bench.do({ t: "practise", on: false });
    expect(screen(bench.state)).toBe("waiting");
    bench.do({ t: "start" });
    expect(bench.keep()).toEqual([{ t: "start", seq: 1 }]);
    bench.news({ t: "saved", seq: 1 }).news({ t: "clock", ...clockView() });
    expect(screen(bench.state)).toBe("loading");
    bench.news({ t: "paper", ...paper() });
    expect(screen(bench.state)).toBe("exam");
  });
  test("the start of the sitting ends the practice", () => {
    const bench = new Bench().in(welcome({ paper_digest: null, answers: [], clock: clockView({ phase: "ready" }) })).do({ t: "practise", on: true });
    expect(screen(bench.state)).toBe("practice");
    bench.news({ t: "clock", ...clockView() }).news({ t: "paper", ...paper() });
    expect(screen(bench.state)).toBe("exam");
  });
  test("nothing of the practice is a command", () => {
    const bench = new Bench().in(welcome({ paper_digest: null, answers: [], clock: clockView({ phase: "ready" }) })).do({ t: "practise", on: true });
    bench.do({ t: "rehearse", move: { t: "choose", index: 1 } }).do({ t: "rehearse", move: { t: "doubt" } }).do({ t: "rehearse", move: { t: "go", position: 1 } });
    expect(bench.state.practice).toMatchObject({ cursor: 1, moved: true });
    expect(bench.state.practice?.cells[0]).toMatchObject({ choices: [1], doubtful: true });
    expect(bench.state.outbox).toEqual([]);
  });
  test("pictures of the paper are fetched once each", () => {
    const bench = new Bench().in(welcome()).news({ t: "paper", ...paper() });
    expect(bench.effects).toContainEqual({ t: "keep_pictures", urls: ["/media/p0", "/media/p1"] });
  });
});

describe("answers", () => {
  test("choosing saves: on disk first, then to the server, shown as saved only after the acknowledgement", () => {
    const bench = choose(new Bench().running(), 1);
    expect(bench.effects).toMatchObject([{ t: "put", command: { epoch: 1, seq: 1, frame: { t: "answer", position: 0, item: "item0", choices: [1] } } }]);
    expect(status(bench.state)).toEqual({ t: "saving", answers: 1 });
    expect(bench.keep()).toEqual([{ t: "answer", seq: 1, position: 0, item: "item0", choices: [1] }]);
    expect(status(bench.state)).toEqual({ t: "waiting", answers: 1, disk: true });
    expect(cells(bench.state)[0]).toEqual({ choices: [1], doubtful: false, pending: true });
    bench.news({ t: "saved", seq: 1 });
    expect(status(bench.state)).toEqual({ t: "saved" });
    expect(cells(bench.state)[0]).toEqual({ choices: [1], doubtful: false, pending: false });
    expect(bench.effects).toMatchObject([{ t: "remove", commands: [{ epoch: 1, seq: 1 }], snapshot: { stored: [{ choices: [1] }, {}, {}, {}, {}] } }]);
  });
  test("the last choice wins while several are on their way", () => {
    const bench = new Bench().running();
    choose(choose(bench, 1), 3);
    bench.keep();
    bench.news({ t: "saved", seq: 1 });
    expect(cells(bench.state)[0]).toEqual({ choices: [3], doubtful: false, pending: true });
    bench.news({ t: "saved", seq: 2 });
    expect(cells(bench.state)[0]).toEqual({ choices: [3], doubtful: false, pending: false });
  });
  test("choosing the same again is no command", () => {
    const bench = choose(choose(new Bench().running(), 1), 1);
    expect(bench.answers()).toHaveLength(1);
  });
  test("the canonical choice is named, not the shown place", () => {
    const bench = choose(new Bench().running().do({ t: "go", position: 2 }), 0);
    expect(bench.state.outbox.at(-1)?.frame).toMatchObject({ t: "answer", position: 2, item: "item2", choices: [2] });
  });
  test("several choices are toggled and sorted where allowed", () => {
    const bench = new Bench().running(paper([{ items: 3 }], [0]));
    choose(choose(choose(choose(bench, 4), 0), 2), 4);
    expect(cells(bench.state)[0]?.choices).toEqual([0, 2]);
  });
  test("clearing is an answer without choices; clearing nothing is nothing", () => {
    const bench = new Bench().running().do({ t: "clear" });
    expect(bench.state.outbox).toEqual([]);
    choose(bench, 1).do({ t: "clear" });
    expect(bench.state.outbox.at(-1)?.frame).toMatchObject({ t: "answer", choices: [] });
    expect(counts(cells(bench.state))).toEqual({ answered: 0, unanswered: 5, doubtful: 0, unsent: 1 });
  });
  test("doubtful does not touch the answer and is no answer in the status", () => {
    const bench = new Bench().running();
    choose(bench, 2);
    bench.keep();
    bench.news({ t: "saved", seq: 1 }).do({ t: "doubt" });
    expect(cells(bench.state)[0]).toEqual({ choices: [2], doubtful: true, pending: true });
    bench.keep();
    expect(status(bench.state)).toEqual({ t: "marks" });
    bench.news({ t: "saved", seq: 2 });
    expect(cells(bench.state)[0]).toEqual({ choices: [2], doubtful: true, pending: false });
  });
  test("skipping changes nothing", () => {
    const bench = choose(new Bench().running(), 1);
    const before = cells(bench.state);
    bench.do({ t: "next" });
    expect(bench.state.cursor).toBe(1);
    expect(cells(bench.state)[0]).toEqual(before[0]);
  });
  test("without a disk nothing is called kept on this computer", () => {
    const bench = choose(new Bench().running(), 1);
    bench.do({ t: "kept", epoch: 1, seq: 1, where: "memory" });
    expect(bench.sent()).toHaveLength(1);
    expect(status(bench.state)).toEqual({ t: "waiting", answers: 1, disk: false });
  });
});

describe("numbers", () => {
  test("they go on from what the server has seen", () => {
    const bench = choose(new Bench().running(paper(), { next_seq: 7 }), 1);
    expect(bench.answers()).toEqual([8]);
  });
  test("they go on from the outbox when that is further", () => {
    const command = { epoch: 1, seq: 11, at_ms: 5, frame: { t: "answer", seq: 11, position: 0, item: "item0", choices: [1] } } as const;
    const bench = new Bench().in(welcome({ next_seq: 4 }), { ...NOTHING, commands: [{ ...command, frame: { ...command.frame, choices: [1] } }] });
    expect(bench.sent()).toMatchObject([{ t: "answer", seq: 11 }]);
    expect(bench.state.next_seq).toBe(12);
  });
  test("they are never used twice by a page that lost its line", () => {
    const bench = choose(new Bench().running(), 1);
    bench.keep();
    bench.do({ t: "closed", code: 1006 });
    bench.line(welcome({ next_seq: 1 }));
    choose(bench.do({ t: "go", position: 1 }), 1);
    expect(new Set(bench.state.outbox.map(({ seq }) => seq)).size).toBe(bench.state.outbox.length);
  });
});

describe("refusals", () => {
  test("busy: kept, and offered again after the time the server named", () => {
    const bench = choose(new Bench().running(), 1);
    bench.keep();
    bench.news({ t: "refused", seq: 1, code: "busy", retry_after_ms: 700 });
    expect(bench.effects).toContainEqual({ t: "wake_after", ms: 700 });
    expect(status(bench.state)).toEqual({ t: "waiting", answers: 1, disk: true });
    expect(bench.wait(600).sent()).toEqual([]);
    expect(bench.wait(200).sent()).toMatchObject([{ t: "answer", seq: 1 }]);
    expect(bench.state.notices).toEqual([]);
  });
  test("while the server is busy nothing later overtakes", () => {
    const bench = choose(new Bench().running(), 1);
    bench.keep();
    bench.news({ t: "refused", seq: 1, code: "busy", retry_after_ms: 700 });
    choose(bench, 2);
    expect(bench.keep()).toEqual([]);
    expect(bench.wait(800).sent().map((frame) => (frame.t === "answer" ? frame.choices : []))).toEqual([[1], [2]]);
  });
  test("busy with an older answer while a newer one is on its way: the older is dropped", () => {
    const bench = choose(choose(new Bench().running(), 1), 2);
    bench.keep();
    bench.news({ t: "refused", seq: 1, code: "busy", retry_after_ms: 700 });
    expect(bench.answers()).toEqual([2]);
    bench.news({ t: "saved", seq: 2 });
    expect(cells(bench.state)[0]).toEqual({ choices: [2], doubtful: false, pending: false });
  });
  test("of marks that wait only the newest is sent", () => {
    const bench = new Bench().running().do({ t: "closed", code: 1006 });
    bench.do({ t: "doubt" }).do({ t: "doubt" }).do({ t: "doubt" });
    bench.keep();
    expect(bench.line(welcome({ next_seq: 1 })).sent()).toEqual([{ t: "flag", seq: 3, position: 0, doubtful: true }]);
  });
  test("superseded: dropped without a word", () => {
    const bench = choose(new Bench().running(), 1);
    bench.keep();
    bench.news({ t: "refused", seq: 1, code: "superseded" });
    expect(bench.state).toMatchObject({ outbox: [], notices: [] });
  });
  test("any other: dropped, told, and the state is the server's", () => {
    const bench = choose(new Bench().running(), 1);
    bench.keep();
    bench.news({ t: "refused", seq: 1, code: "item_closed" });
    expect(bench.state.outbox).toEqual([]);
    expect(bench.state.notices).toMatchObject([{ t: "refused", code: "item_closed", position: 0 }]);
    expect(cells(bench.state)[0]).toEqual({ choices: [], doubtful: false, pending: false });
    expect(bench.effects).toContainEqual({ t: "connect" });
  });
  test("late: dropped, told, not shown as an answer", () => {
    const bench = new Bench().running();
    choose(bench, 1);
    choose(bench.do({ t: "go", position: 1 }), 1);
    bench.keep();
    for (const seq of bench.answers()) bench.news({ t: "late", seq });
    expect(bench.answers()).toEqual([]);
    expect(bench.state.notices).toEqual([{ id: 1, t: "late", answers: 2 }]);
    expect(counts(cells(bench.state)).answered).toBe(0);
  });
  test("an answer refused because the session is over goes out again as evidence", () => {
    const bench = choose(new Bench().running(), 1);
    bench.keep();
    bench.news({ t: "refused", seq: 1, code: "session_ended" });
    expect(bench.sent()).toMatchObject([{ t: "late_answer", seq: 1, epoch: 1, position: 0, choices: [1] }]);
    bench.news({ t: "late", seq: 1 });
    expect(bench.state.outbox).toEqual([]);
  });
  test("not running: held, and offered again when the time runs on", () => {
    const bench = choose(new Bench().running(), 1);
    bench.keep();
    bench.news({ t: "refused", seq: 1, code: "paused" }).news({ t: "clock", ...clockView({ phase: "paused" }) });
    expect(bench.wait(5_000).sent()).toEqual([]);
    expect(bench.answers()).toEqual([1]);
    expect(bench.news({ t: "clock", ...clockView() }).sent()).toMatchObject([{ t: "answer", seq: 1 }]);
  });
  test("an answer to a command that is not on its way changes nothing", () => {
    const bench = choose(new Bench().running(), 1);
    bench.news({ t: "saved", seq: 1 });
    expect(bench.answers()).toEqual([1]);
  });
});

describe("the line", () => {
  test("offline answering counts and is told", () => {
    const bench = new Bench().running().do({ t: "closed", code: 1006 });
    expect(status(bench.state)).toEqual({ t: "cut", answers: 0, disk: true });
    for (const position of [0, 1, 2]) choose(bench.do({ t: "go", position }), 1);
    choose(bench, 2);
    expect(bench.keep()).toEqual([]);
    expect(status(bench.state)).toEqual({ t: "cut", answers: 3, disk: true });
    expect(counts(cells(bench.state))).toEqual({ answered: 3, unanswered: 2, doubtful: 0, unsent: 3 });
  });
  test("after the welcome everything goes out again, in order", () => {
    const bench = choose(new Bench().running(), 1);
    bench.keep();
    bench.do({ t: "closed", code: 1006 });
    choose(bench.do({ t: "go", position: 1 }), 2);
    bench.keep();
    bench.line(welcome({ next_seq: 1 }));
    expect(bench.sent().map((frame) => [frame.t, "seq" in frame && frame.seq])).toEqual([
      ["answer", 1],
      ["view", 2],
      ["answer", 3],
    ]);
  });
  test("the first retry is quick, the next ones take the whole window", () => {
    const bench = new Bench().running().do({ t: "closed", code: 1006 });
    expect(bench.effects).toContainEqual({ t: "connect_after", window_ms: 1_000 });
    expect(bench.do({ t: "connecting" }).do({ t: "closed", code: 1006 }).effects).toContainEqual({ t: "connect_after", window_ms: 10_000 });
  });
  test("a server that stops gets its halls back spread over the window", () => {
    expect(new Bench().running().do({ t: "closed", code: 4005 }).effects).toContainEqual({ t: "connect_after", window_ms: 10_000 });
  });
  test("forty seconds of silence are a dead line", () => {
    const bench = new Bench().running();
    bench.wait(30_000).news({ t: "clock", ...clockView() });
    expect(bench.wait(39_000).state.link).toBe("up");
    bench.wait(2_000);
    expect(bench.state.link).toBe("waiting");
    expect(bench.effects).toContainEqual({ t: "disconnect" });
  });
  test.each([
    [4000, "error"],
    [4002, "elsewhere"],
    [4003, "second"],
  ] as const)("close code %i blocks the page", (code, why) => {
    const bench = new Bench().running().do({ t: "closed", code });
    expect(screen(bench.state)).toBe("blocked");
    expect(bench.state.blocked).toBe(why);
    bench.do({ t: "retry" });
    expect(bench.state.blocked).toBeNull();
  });
  test("close code 4001 leads to the sign-in", () => {
    const bench = new Bench().running().do({ t: "closed", code: 4001 });
    expect(screen(bench.state)).toBe("sign_in");
    expect(bench.effects).toContainEqual({ t: "look_for_leftovers" });
  });
  test("close code 4006 reloads the page once", () => {
    const bench = new Bench().running().do({ t: "closed", code: 4006 });
    expect(bench.effects).toContainEqual({ t: "reload" });
    const again = new Bench();
    again.state = initial(again.state.preferences, true);
    again.running().do({ t: "closed", code: 4006 });
    expect(again.state.blocked).toBe("version");
  });
  test("a stored paper is named in the greeting, and not asked for again", () => {
    const bench = new Bench().running();
    bench.do({ t: "closed", code: 1006 }).do({ t: "connecting" }).do({ t: "opened" });
    expect(bench.effects).toEqual([{ t: "greet", have_paper: "d5" }]);
    bench.news(welcome());
    expect(screen(bench.state)).toBe("exam");
  });
  test("a line that comes back keeps the item on the screen", () => {
    const bench = new Bench().running().do({ t: "go", position: 3 });
    bench.do({ t: "closed", code: 1006 }).line(welcome({ cursor: 0 }));
    expect(bench.state.cursor).toBe(3);
  });
});

describe("another seat", () => {
  test("answers of an older epoch go out as late answers, first, and other commands not at all", () => {
    const bench = new Bench().running();
    choose(bench, 1).do({ t: "doubt" });
    bench.keep();
    const at_ms = bench.state.outbox[0]?.at_ms;
    bench.do({ t: "closed", code: 1006 });
    bench.line(welcome({ epoch: 3, next_seq: 1 }));
    expect(bench.sent()).toEqual([{ t: "late_answer", seq: 1, epoch: 1, position: 0, item: "item0", choices: [1], client_mono_ms: at_ms }]);
    expect(bench.state.notices).toMatchObject([{ t: "moved", answers: 1 }]);
    expect(cells(bench.state)[0]).toEqual({ choices: [], doubtful: false, pending: false });
  });
  test("a machine that was left tells its last answers as evidence, and takes no new ones meanwhile", () => {
    const bench = choose(new Bench().running(), 1);
    bench.keep();
    bench.do({ t: "closed", code: 4002 });
    expect(screen(bench.state)).toBe("blocked");
    expect(bench.effects).toContainEqual({ t: "connect_after", window_ms: 1_000 });
    bench.line({ t: "evidence", epoch: 2 });
    expect(bench.sent()).toMatchObject([{ t: "late_answer", seq: 1, epoch: 1, position: 0, choices: [1] }]);
    expect(screen(bench.state)).toBe("blocked");
    expect(bench.do({ t: "choose", index: 2, spoken: false }).state.outbox).toHaveLength(1);
    bench.news({ t: "late", seq: 1 });
    expect(bench.state.outbox).toEqual([]);
    bench.do({ t: "closed", code: 4002 });
    expect(bench.effects).toEqual([]);
    expect(bench.state).toMatchObject({ blocked: "elsewhere", link: "off" });
  });
  test("trying again on a machine that was left changes nothing", () => {
    const bench = new Bench().running().do({ t: "closed", code: 4002 }).do({ t: "retry" });
    bench.line({ t: "evidence", epoch: 2 });
    expect(screen(bench.state)).toBe("blocked");
  });
  test("a new command never flies together with a late one of the same number", () => {
    const bench = choose(new Bench().running(), 1);
    bench.keep();
    bench.do({ t: "closed", code: 1006 }).line(welcome({ epoch: 2, next_seq: 1 }));
    expect(bench.sent()).toMatchObject([{ t: "late_answer", seq: 1 }]);
    bench.effects = [];
    // The view of the new epoch has the number of the late answer: it waits.
    expect(bench.keep()).toEqual([]);
    bench.news({ t: "late", seq: 1 });
    expect(bench.sent()).toMatchObject([{ t: "view", seq: 1 }]);
    expect(bench.state.stored[0]?.choices).toEqual([]);
  });
});

describe("reload without the server", () => {
  test("the exam is shown as it was, with a clock that ran on and the numbers going on", () => {
    const first = new Bench().running();
    choose(first, 1);
    first.keep();
    first.news({ t: "saved", seq: 1 });
    choose(first.do({ t: "go", position: 1 }), 2);
    const snapshot = snapshotOf(first.state);
    const commands = first.state.outbox.map(({ epoch, seq, frame, at_ms }) => ({ epoch, seq, frame, at_ms }));

    const bench = new Bench().do({ t: "unreachable" });
    expect(bench.effects).toEqual([{ t: "restore_last" }]);
    bench.do({ t: "restored", who: WHO, restored: { snapshot, elapsed_ms: 60_000, commands, paper: paper(), disk: true } });
    expect(screen(bench.state)).toBe("exam");
    expect(bench.state.cursor).toBe(1);
    expect(bench.state.clock?.view.remaining_ms).toBe(5_940_000);
    expect(cells(bench.state).map(({ choices, pending }) => [choices, pending]).slice(0, 2)).toEqual([
      [[1], false],
      [[3], true],
    ]);
    expect(status(bench.state)).toEqual({ t: "cut", answers: 1, disk: true });
    choose(bench, 0);
    expect(bench.state.outbox.at(-1)?.seq).toBe(first.state.next_seq + 1);
  });
  test("nothing known: the page waits for the server", () => {
    const bench = new Bench().do({ t: "unreachable" }).do({ t: "nothing_restored" });
    expect(screen(bench.state)).toBe("unreachable");
    expect(bench.effects).toContainEqual({ t: "ask_session_after", window_ms: 5_000 });
  });
});

describe("sections", () => {
  const linear = paper([{ items: 2 }, { items: 2, linear: true }, { items: 1 }]);
  test("an ordinary paper is open as a whole", () => {
    const bench = new Bench().running().do({ t: "go", position: 4 });
    expect(bench.state.cursor).toBe(4);
    expect(moves(bench.state)).toMatchObject({ grid: true, previous: true, last: true, section_follows: false });
    expect(bench.do({ t: "next" }).state.dialog).toEqual({ t: "finish" });
  });
  test("before a linear section the grid ends with the section, and next asks for its end", () => {
    const bench = new Bench().running(linear).do({ t: "go", position: 3 });
    expect(bench.state.cursor).toBe(0);
    bench.do({ t: "go", position: 1 }).do({ t: "next" });
    expect(bench.state.dialog).toEqual({ t: "advance" });
  });
  test("inside a linear section there is only forward, with a question when the item is open", () => {
    const bench = new Bench().running(linear, { clock: clockView({ section: 1 }), cursor: 2 });
    expect(bench.state.cursor).toBe(2);
    bench.do({ t: "go", position: 3 });
    expect(bench.state.cursor).toBe(2);
    bench.do({ t: "next" });
    expect(bench.state.dialog).toEqual({ t: "pass_over" });
    bench.do({ t: "pass_over" });
    expect(bench.state.cursor).toBe(3);
    expect(bench.do({ t: "previous" }).state.cursor).toBe(3);
  });
  test("an answered item of a linear section is left without a question", () => {
    const bench = choose(new Bench().running(linear, { clock: clockView({ section: 1 }), cursor: 2 }), 0).do({ t: "next" });
    expect(bench.state).toMatchObject({ cursor: 3, dialog: null });
  });
  test("leaving a section waits for its answers, and shows the next one when the server says so", () => {
    const bench = choose(new Bench().running(linear), 1).do({ t: "ask", dialog: { t: "advance" } }).do({ t: "advance" });
    expect(leaving(bench.state)).toBe("advance");
    expect(bench.keep().map(({ t }) => t)).toEqual(["answer"]);
    const [answer, advance] = bench.state.outbox;
    bench.news({ t: "saved", seq: answer!.seq });
    expect(bench.sent()).toMatchObject([{ t: "advance", section: 0 }]);
    bench.news({ t: "saved", seq: advance!.seq });
    expect(bench.state.cursor).toBe(2);
    bench.news({ t: "clock", ...clockView({ section: 1 }) });
    expect(bench.state.cursor).toBe(2);
    expect(bench.state.said.at(-1)?.what).toEqual({ t: "section", title: "Section 1" });
  });
  test("a section whose time is over is closed until the server has spoken", () => {
    const timed = paper([{ items: 2, duration_s: 60 }, { items: 2, duration_s: 60 }]);
    const bench = new Bench().running(timed, { clock: clockView({ section_remaining_ms: 60_000 }) }).wait(61_000);
    expect(timeUp(bench.state)).toBe("section");
    expect(choose(bench, 1).answers()).toEqual([]);
    bench.news({ t: "clock", ...clockView({ section: 1, section_remaining_ms: 60_000 }) });
    expect(bench.state.cursor).toBe(2);
    expect(choose(bench, 1).answers()).toHaveLength(1);
  });
});

describe("pause, time and end", () => {
  test("paused: no time passes, nothing can be answered, and it goes on where it was", () => {
    const bench = new Bench().running().news({ t: "clock", ...clockView({ phase: "paused", remaining_ms: 100_000 }) });
    bench.wait(50_000);
    expect(choose(bench, 1).answers()).toEqual([]);
    expect(screen(bench.state)).toBe("exam");
    bench.news({ t: "clock", ...clockView({ remaining_ms: 100_000 }) });
    expect(choose(bench, 1).answers()).toHaveLength(1);
  });
  test("time over by this page's clock: closed, until the server says otherwise", () => {
    const bench = new Bench().running(paper(), { clock: clockView({ remaining_ms: 10_000 }) }).do({ t: "closed", code: 1006 }).wait(11_000);
    expect(timeUp(bench.state)).toBe("paper");
    expect(choose(bench, 1).answers()).toEqual([]);
    bench.line(welcome({ clock: clockView({ remaining_ms: 5_000 }) }));
    expect(choose(bench, 1).answers()).toHaveLength(1);
  });
  test.each([30, 10, 5, 1])("%i minutes left are said once", (minutes) => {
    const bench = new Bench().running(paper(), { clock: clockView({ remaining_ms: minutes * 60_000 + 1_500 }) });
    bench.wait(1_000);
    expect(bench.state.said).toEqual([]);
    bench.wait(1_000).wait(1_000);
    expect(bench.state.said.map(({ what }) => what)).toEqual([{ t: "minutes", minutes, section: false }]);
  });
  test("a minute that passes during another action is said too", () => {
    const bench = new Bench().running(paper(), { clock: clockView({ remaining_ms: 300_500 }) });
    bench.now_ms += 700;
    bench.do({ t: "list", open: true });
    expect(bench.state.said.map(({ what }) => what)).toEqual([{ t: "minutes", minutes: 5, section: false }]);
  });
  test("a tick within the same second draws nothing", () => {
    const bench = new Bench().running(paper(), { clock: clockView({ remaining_ms: 10_900 }) });
    const before = bench.state;
    expect(bench.wait(100).state).toBe(before);
  });
  test("the end waits for all answers and can be taken back until it is sent", () => {
    const bench = choose(new Bench().running().do({ t: "closed", code: 1006 }), 1).do({ t: "submit" });
    bench.keep();
    expect(leaving(bench.state)).toBe("submit");
    bench.do({ t: "withdraw" });
    expect(leaving(bench.state)).toBeNull();
    bench.do({ t: "submit" });
    bench.keep();
    bench.line(welcome({ next_seq: 1 }));
    expect(bench.sent().map(({ t }) => t)).toEqual(["answer"]);
    bench.news({ t: "saved", seq: 1 });
    expect(bench.sent().map(({ t }) => t)).toEqual(["submit"]);
    bench.do({ t: "withdraw" });
    expect(leaving(bench.state)).toBe("submit");
    bench.news({ t: "saved", seq: bench.state.outbox[0]!.seq });
    expect(screen(bench.state)).toBe("ending");
    bench.news({ t: "ended", how: "submitted", marks: null, answered: 1 });
    expect(screen(bench.state)).toBe("ended");
  });
  test("after the end a closed line is no trouble", () => {
    const bench = new Bench().running().news({ t: "ended", how: "expired", marks: null, answered: 0 }).do({ t: "closed", code: 1006 });
    expect(bench.state.link).toBe("off");
    expect(status(bench.state)).toEqual({ t: "saved" });
    expect(screen(bench.do({ t: "session_absent" }).state)).toBe("ended");
  });
  test("leaving with unsent answers needs a second word", () => {
    const bench = choose(new Bench().running().do({ t: "closed", code: 1006 }), 1);
    bench.keep();
    bench.do({ t: "leave", sure: false });
    expect(bench.state.dialog).toEqual({ t: "leave" });
    bench.do({ t: "leave", sure: true });
    expect(screen(bench.state)).toBe("sign_in");
    expect(bench.effects).toContainEqual({ t: "forget", session: WHO.session });
  });
  test("messages of the proctor come once and can be put away", () => {
    const bench = new Bench().running().news({ t: "message", id: 4, text: "Tenang." }).news({ t: "message", id: 4, text: "Tenang." });
    expect(bench.state.notices).toEqual([{ id: 1, t: "message", text: "Tenang." }]);
    bench.do({ t: "dismiss", id: 1 }).news({ t: "message", id: 4, text: "Tenang." });
    expect(bench.state.notices).toEqual([]);
  });
});
