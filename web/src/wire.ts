// Made from crates/wire by its test `types`; do not edit.

/** 32 lower-case hexadecimal digits. */
export type Id = string;

/**
 * Why not: the body of every refused HTTP request and part of every refused frame.
 *
 * A refusal is an answer, not an error. `code` is stable and meant for programs; `message` is a sentence for people, in Indonesian.
 */
export type RefusalBody = { 
/**
 * Stable lower-case code, e.g. `session_ended`, `pin_wrong`, `busy`.
 */
code: string, 
/**
 * A sentence for the person in front of the page.
 */
message: string, 
/**
 * What exactly is wrong and where (a field, a row), when there is more to say.
 */
details?: Array<string>, 
/**
 * When to try again, for `busy` and rate limits.
 */
retry_after_ms?: number, };

/**
 * The answer to a request that creates one thing.
 */
export type Created = { 
/**
 * Id of the new thing.
 */
id: string, };

/**
 * `POST /api/v1/terminal/sign-in`: participant number and the single-use PIN from the desk. Sets the terminal's cookie.
 */
export type SignIn = { 
/**
 * Participant number as printed on the card; compared without regard to case and surrounding spaces.
 */
participant_no: string, 
/**
 * Eight digits.
 */
pin: string, };

/**
 * Who sits here: the answer to sign-in and to `GET /api/v1/terminal/session`.
 */
export type TerminalSession = { 
/**
 * The session this terminal is bound to.
 */
session: string, 
/**
 * Candidate's name, to be confirmed by the candidate.
 */
name: string, 
/**
 * Participant number.
 */
participant_no: string, 
/**
 * Title of the formation applied for.
 */
formation: string, 
/**
 * Title of the selection.
 */
selection: string, 
/**
 * Title of the stage.
 */
stage: string, 
/**
 * Code of the sitting.
 */
sitting: string, 
/**
 * Title of the hall.
 */
hall: string, 
/**
 * Label of the seat.
 */
seat: string, 
/**
 * Whole time of the paper with the candidate's extra time, seconds.
 */
duration_s: number, 
/**
 * Sections in order, for the page of rules.
 */
sections: Array<SectionOutline>, 
/**
 * Rules and the consent text, rich text.
 */
rules: string, };

/**
 * One section as announced before the start.
 */
export type SectionOutline = { 
/**
 * Section code.
 */
code: string, 
/**
 * Title shown.
 */
title: string, 
/**
 * Number of items.
 */
items: number, 
/**
 * Own time limit, seconds, when the section has one.
 */
duration_s: number | null, 
/**
 * True when items are taken in order without going back.
 */
linear: boolean, };

/**
 * What a terminal may say.
 */
export type TerminalFrame = { "t": "hello", 
/**
 * [`crate::PROTOCOL_VERSION`].
 */
version: number, 
/**
 * Random per tab, kept over reloads.
 */
instance: string, 
/**
 * Digest of the stored paper, so that it need not be sent again.
 */
have_paper: string | null, } | { "t": "consent", 
/**
 * Number of the command.
 */
seq: number, } | { "t": "start", 
/**
 * Number of the command.
 */
seq: number, } | { "t": "view", 
/**
 * Number of the command.
 */
seq: number, 
/**
 * Position in the paper, from 0.
 */
position: number, } | { "t": "answer", 
/**
 * Number of the command.
 */
seq: number, 
/**
 * Position in the paper, from 0.
 */
position: number, 
/**
 * The item at that position (checked).
 */
item: string, 
/**
 * Canonical choice ids as given in [`PaperChoice::id`]; empty means cleared.
 */
choices: Array<number>, } | { "t": "flag", 
/**
 * Number of the command.
 */
seq: number, 
/**
 * Position in the paper, from 0.
 */
position: number, 
/**
 * Doubtful or not.
 */
doubtful: boolean, } | { "t": "advance", 
/**
 * Number of the command.
 */
seq: number, 
/**
 * Index of the section being left, from 0.
 */
section: number, } | { "t": "submit", 
/**
 * Number of the command.
 */
seq: number, } | { "t": "late_answer", 
/**
 * Number the command had on that machine.
 */
seq: number, 
/**
 * Terminal epoch in which it was made.
 */
epoch: number, 
/**
 * Position in the paper, from 0.
 */
position: number, 
/**
 * The item.
 */
item: string, 
/**
 * Canonical choice ids.
 */
choices: Array<number>, 
/**
 * The machine's own monotonic time of the choice, milliseconds since its page was loaded.
 */
client_mono_ms: number, };

/**
 * What the server tells a terminal.
 */
export type TerminalNews = { "t": "welcome" } & Welcome | { "t": "paper" } & PaperFrame | { "t": "saved", 
/**
 * Number of the command.
 */
seq: number, } | { "t": "late", 
/**
 * Number of the command.
 */
seq: number, } | { "t": "refused", 
/**
 * Number of the command.
 */
seq: number, 
/**
 * Stable code, e.g. `busy`, `superseded`, `session_ended`, `item_closed`, `paused`.
 */
code: string, 
/**
 * With `busy`: try again after so many milliseconds.
 */
retry_after_ms?: number, } | { "t": "clock" } & ClockView | { "t": "message", 
/**
 * Position of the message in the sitting's journal.
 */
id: number, 
/**
 * Plain text.
 */
text: string, } | { "t": "evidence", 
/**
 * Epoch of the terminal that speaks for the session now.
 */
epoch: number, } | { "t": "ended", 
/**
 * How.
 */
how: EndKind, 
/**
 * Marks, where the policy shows them. Never a word of passing.
 */
marks: EndMarks | null, 
/**
 * Answered items.
 */
answered: number, };

/**
 * How a session ended.
 */
export type EndKind = "submitted" | "expired" | "terminated";

/**
 * Section marks and total at the end.
 */
export type EndMarks = { 
/**
 * One per section, in order.
 */
sections: Array<SectionMarks>, 
/**
 * Total in thousandths of a mark.
 */
total_milli: number, };

/**
 * Marks of one section.
 */
export type SectionMarks = { 
/**
 * Section code.
 */
code: string, 
/**
 * Title shown.
 */
title: string, 
/**
 * Thousandths of a mark.
 */
marks_milli: number, };

/**
 * Where a session stands.
 */
export type Phase = "expected" | "checked_in" | "signed_in" | "ready" | "running" | "paused" | "submitted" | "expired" | "terminated";

/**
 * The state a (re)connecting terminal gets.
 */
export type Welcome = { 
/**
 * The session.
 */
session: string, 
/**
 * Terminal epoch; grows when the proctor moves the session. Outbox entries of an older epoch go as `late_answer`.
 */
epoch: number, 
/**
 * First unused command number of this epoch.
 */
next_seq: number, 
/**
 * Clock and phase.
 */
clock: ClockView, 
/**
 * Digest of the paper, once the session has started.
 */
paper_digest: string | null, 
/**
 * One per item position, once the session has started.
 */
answers: Array<AnswerView>, 
/**
 * Last viewed position.
 */
cursor: number, 
/**
 * True when a start needs the candidate's own press.
 */
start_individually: boolean, 
/**
 * How to come back after a lost connection: full jitter over this many milliseconds.
 */
reconnect_jitter_ms: number, 
/**
 * Set when the session is over.
 */
ended: Ended | null, };

/**
 * How it ended, inside a `welcome`.
 */
export type Ended = { 
/**
 * How.
 */
how: EndKind, 
/**
 * Marks, where the policy shows them.
 */
marks: EndMarks | null, 
/**
 * Answered items.
 */
answered: number, };

/**
 * What is durably stored for one position.
 */
export type AnswerView = { 
/**
 * Canonical choice ids; empty means unanswered.
 */
choices: Array<number>, 
/**
 * Doubtful.
 */
doubtful: boolean, };

/**
 * The one honest clock, as of this frame.
 */
export type ClockView = { 
/**
 * Where the session stands.
 */
phase: Phase, 
/**
 * Remaining time of the whole paper, milliseconds; the whole allowance before the start.
 */
remaining_ms: number, 
/**
 * Index of the current section, from 0.
 */
section: number, 
/**
 * Remaining time of the section, when it has its own.
 */
section_remaining_ms: number | null, 
/**
 * True once the proctor has let the sitting start.
 */
sitting_started: boolean, };

/**
 * The paper as a candidate may see it.
 */
export type PaperFrame = { 
/**
 * Digest of the drawn paper (lower-case hex of SHA-256).
 */
digest: string, 
/**
 * Sections in order; their items follow one another in `items`.
 */
sections: Array<SectionOutline>, 
/**
 * Items in drawn order.
 */
items: Array<PaperItem>, };

/**
 * The face of an item.
 */
export type PaperItem = { 
/**
 * Canonical id.
 */
item: string, 
/**
 * Language tag of the text.
 */
language: string, 
/**
 * Sanitised rich text (HTML with MathML); pictures point to `/media/{hash}`.
 */
stem: string, 
/**
 * True when several choices may be chosen.
 */
multiple: boolean, 
/**
 * Choices in shown order.
 */
choices: Array<PaperChoice>, };

/**
 * The face of a choice.
 */
export type PaperChoice = { 
/**
 * Canonical choice id, from 0; the same choice has the same id on every paper.
 */
id: number, 
/**
 * Sanitised rich text.
 */
text: string, };

/**
 * `GET /api/v1/boards`: the boards there are.
 */
export type BoardSummary = { 
/**
 * Id of the board: of a sitting, or of a stage for the whole selection.
 */
id: string, 
/**
 * What it covers.
 */
kind: BoardKind, 
/**
 * Title, e.g. the sitting's code and hall, or the selection's title.
 */
title: string, 
/**
 * Subtitle.
 */
subtitle: string, 
/**
 * Number of candidates on it.
 */
candidates: number, };

/**
 * What a board covers.
 */
export type BoardKind = "sitting" | "stage";

/**
 * What a screen receives.
 */
export type BoardFrame = { "t": "snapshot" } & BoardSnapshot | { "t": "delta" } & BoardDelta;

/**
 * The whole board.
 */
export type BoardSnapshot = { 
/**
 * Changes when the server restarts; positions of different epochs cannot be compared.
 */
epoch: number, 
/**
 * Number of the last delta contained.
 */
position: number, 
/**
 * What it covers.
 */
kind: BoardKind, 
/**
 * Title.
 */
title: string, 
/**
 * Subtitle.
 */
subtitle: string, 
/**
 * Section titles, in the order of `marks_milli`.
 */
sections: Array<BoardSection>, 
/**
 * Formations, in the order of `BoardRow::formation`.
 */
formations: Array<string>, 
/**
 * True while the board is frozen before the end.
 */
frozen: boolean, 
/**
 * How scores are revealed, a sentence for the audience.
 */
reveal: string, 
/**
 * All rows, in no particular order.
 */
rows: Array<BoardRow>, };

/**
 * A column.
 */
export type BoardSection = { 
/**
 * Section code.
 */
code: string, 
/**
 * Title shown.
 */
title: string, };

/**
 * Changed rows.
 */
export type BoardDelta = { 
/**
 * Same as in the snapshot.
 */
epoch: number, 
/**
 * One more than the frame before.
 */
position: number, 
/**
 * True while frozen.
 */
frozen: boolean, 
/**
 * Rows that are new or changed.
 */
rows: Array<BoardRow>, };

/**
 * One candidate on a screen.
 */
export type BoardRow = { 
/**
 * Opaque id of the row, stable within the epoch.
 */
id: number, 
/**
 * Participant number, or masked, by policy.
 */
number: string, 
/**
 * Name, initials or nothing, by policy.
 */
name: string, 
/**
 * Index into `formations`.
 */
formation: number, 
/**
 * Revealed marks per section, thousandths.
 */
marks_milli: Array<number>, 
/**
 * Revealed total, thousandths.
 */
total_milli: number, 
/**
 * Standing: compare element by element, higher first; equal standings share a rank. Total first, then the blueprint's tie order.
 */
standing: Array<number>, 
/**
 * Rank on this board (for a stage: within the formation), as ranked by the server when the row was sent; `0` before the start. A screen recomputes ranks from `standing`.
 */
rank: number, 
/**
 * Answered items (revealed with the marks).
 */
answered: number, 
/**
 * Items on the paper.
 */
items: number, 
/**
 * `waiting`, `running`, `paused`, `ended` or `absent`.
 */
state: BoardState, };

/**
 * What a screen says of a candidate.
 */
export type BoardState = "waiting" | "running" | "paused" | "ended" | "absent";

/**
 * `GET /api/v1/proctor/sittings`: sittings the signed-in person may watch.
 */
export type SittingSummary = { 
/**
 * The sitting.
 */
id: string, 
/**
 * Code.
 */
code: string, 
/**
 * Title of the selection.
 */
selection: string, 
/**
 * Title of the stage.
 */
stage: string, 
/**
 * Title of the hall.
 */
hall: string, 
/**
 * Scheduled start.
 */
starts_utc_ms: number, 
/**
 * Where it stands.
 */
phase: SittingPhase, 
/**
 * Enrolled candidates.
 */
enrolled: number, 
/**
 * Of these, checked in or further.
 */
present: number, 
/**
 * Sessions whose clock runs.
 */
running: number, 
/**
 * Sessions that are over.
 */
ended: number, 
/**
 * True when every enrolled session has a drawn paper.
 */
drawn: boolean, };

/**
 * Where a sitting stands.
 */
export type SittingPhase = "planned" | "open" | "started" | "held" | "closed";

/**
 * What the console receives.
 */
export type WatchFrame = { "t": "snapshot" } & WatchSnapshot | { "t": "delta" } & WatchDelta;

/**
 * The hall.
 */
export type WatchSnapshot = { 
/**
 * Changes when the server restarts.
 */
epoch: number, 
/**
 * Number of the last delta contained.
 */
position: number, 
/**
 * The sitting as a whole.
 */
head: WatchHead, 
/**
 * The room: all seats, occupied or not.
 */
room: Array<RoomSeat>, 
/**
 * One per session.
 */
seats: Array<SeatView>, 
/**
 * Newest last, at most 200.
 */
log: Array<LogLine>, 
/**
 * Acts waiting for a second person.
 */
proposals: Array<ProposalView>, };

/**
 * What changed.
 */
export type WatchDelta = { 
/**
 * Same as in the snapshot.
 */
epoch: number, 
/**
 * One more than the frame before.
 */
position: number, 
/**
 * The sitting as a whole.
 */
head: WatchHead, 
/**
 * Changed sessions.
 */
seats: Array<SeatView>, 
/**
 * New log lines.
 */
log: Array<LogLine>, 
/**
 * All waiting proposals, when they changed.
 */
proposals: Array<ProposalView> | null, };

/**
 * The sitting as a whole.
 */
export type WatchHead = { 
/**
 * The sitting.
 */
sitting: string, 
/**
 * Code.
 */
code: string, 
/**
 * Hall title.
 */
hall: string, 
/**
 * Where it stands.
 */
phase: SittingPhase, 
/**
 * Scheduled start.
 */
starts_utc_ms: number, 
/**
 * Server's wall clock at sending.
 */
now_utc_ms: number, 
/**
 * Durable records in the journal.
 */
records: number, 
/**
 * Why it is held, if it is.
 */
held_reason: string | null, 
/**
 * Alert: no answer saved for so long while running, seconds.
 */
silent_after_s: number, };

/**
 * One seat of the room.
 */
export type RoomSeat = { 
/**
 * The seat.
 */
id: string, 
/**
 * Label on the desk, e.g. `A-07`.
 */
label: string, 
/**
 * Row, from 0 at the front.
 */
row: number, 
/**
 * Column, from 0 at the left seen from the entrance.
 */
column: number, 
/**
 * Kept free for moves.
 */
spare: boolean, };

/**
 * One session on the seat map.
 */
export type SeatView = { 
/**
 * The session.
 */
session: string, 
/**
 * Its seat now; none before check-in when seats are random.
 */
seat: string | null, 
/**
 * Participant number.
 */
participant_no: string, 
/**
 * Name.
 */
name: string, 
/**
 * Formation title.
 */
formation: string, 
/**
 * Where the session stands.
 */
phase: Phase, 
/**
 * `expected`, `present`, `absent` or `refused`.
 */
attendance: Attendance, 
/**
 * A terminal's socket is live.
 */
connected: boolean, 
/**
 * Answered items.
 */
answered: number, 
/**
 * Doubtful items.
 */
doubtful: number, 
/**
 * Items on the paper.
 */
items: number, 
/**
 * Remaining time at sending, milliseconds.
 */
remaining_ms: number, 
/**
 * Last saved answer or view, wall clock.
 */
active_utc_ms: number | null, 
/**
 * Extra time granted so far beyond the enrolment's allowance, seconds.
 */
granted_s: number, 
/**
 * Pieces of late evidence waiting for a decision.
 */
late: number, 
/**
 * True when consented.
 */
consented: boolean, };

/**
 * Attendance of a candidate.
 */
export type Attendance = "expected" | "present" | "absent" | "refused";

/**
 * One line of the sitting's log, told from its journal.
 */
export type LogLine = { 
/**
 * Position in the journal.
 */
position: number, 
/**
 * When, wall clock.
 */
at_utc_ms: number, 
/**
 * Stable kind, e.g. `paused`, `time_granted`, `moved`, `noted`.
 */
kind: string, 
/**
 * Who did it: a staff member's name, `sistem`, or the candidate's number.
 */
who: string, 
/**
 * The approver, where there was one.
 */
approver: string | null, 
/**
 * Whom it is about: participant number, or nothing for the whole sitting.
 */
about: string | null, 
/**
 * Amounts and reasons in words.
 */
text: string, };

/**
 * `POST /api/v1/sittings/{id}/commands`.
 */
export type ProctorCommand = { 
/**
 * Made by the page, 32 hex digits; resending the same id does nothing twice.
 */
id: string, 
/**
 * What to do.
 */
act: ProctorAct, 
/**
 * Why; required where the act says so.
 */
reason: string, };

/**
 * What a proctor may do. `sessions: []` means all sessions of the sitting to which the act applies.
 */
export type ProctorAct = { "do": "open" } | { "do": "start" } | { "do": "hold" } | { "do": "release" } | { "do": "pause", 
/**
 * Whom.
 */
sessions: Array<string>, } | { "do": "resume", 
/**
 * Whom.
 */
sessions: Array<string>, } | { "do": "grant_time", 
/**
 * Whom.
 */
sessions: Array<string>, 
/**
 * Seconds, 1 to 7,200.
 */
seconds: number, } | { "do": "move", 
/**
 * Whom.
 */
session: string, 
/**
 * Where to: a free seat of the hall.
 */
seat: string, } | { "do": "terminate", 
/**
 * Whom.
 */
session: string, } | { "do": "admit_late", 
/**
 * Whose.
 */
session: string, 
/**
 * Journal position of the late answer.
 */
position: number, } | { "do": "message", 
/**
 * To whom; empty means all.
 */
sessions: Array<string>, 
/**
 * Plain text, at most 500 characters.
 */
text: string, } | { "do": "note", 
/**
 * About whom, if about one.
 */
session: string | null, 
/**
 * Plain text, at most 2,000 characters.
 */
text: string, } | { "do": "close" };

/**
 * The answer to an accepted command.
 */
export type ProctorAnswer = { "t": "done", 
/**
 * Journal position.
 */
position: number, 
/**
 * With `move`: the PIN for the new seat.
 */
pin: IssuedPin | null, 
/**
 * Sessions it applied to.
 */
sessions: number, } | { "t": "proposed", 
/**
 * The proposal.
 */
proposal: string, };

/**
 * A PIN, shown once.
 */
export type IssuedPin = { 
/**
 * Eight digits.
 */
pin: string, 
/**
 * Valid until.
 */
expires_utc_ms: number, 
/**
 * Label of the seat to go to.
 */
seat: string, };

/**
 * An act that waits for a second person.
 * `POST /api/v1/proposals/{id}/approve` and `/reject` decide it; the proposer cannot.
 */
export type ProposalView = { 
/**
 * The proposal.
 */
id: string, 
/**
 * Who asks.
 */
proposer: string, 
/**
 * Staff id of who asks, so that a page can hide the button from them.
 */
proposer_id: string, 
/**
 * What for, in words.
 */
text: string, 
/**
 * Why.
 */
reason: string, 
/**
 * Since when.
 */
at_utc_ms: number, };

/**
 * `POST /api/v1/staff/sign-in`. Sets the staff cookie.
 */
export type StaffSignIn = { 
/**
 * Login.
 */
login: string, 
/**
 * Password.
 */
password: string, };

/**
 * `GET /api/v1/staff/me` and the answer to sign-in.
 */
export type Me = { 
/**
 * The person.
 */
id: string, 
/**
 * Login.
 */
login: string, 
/**
 * Name.
 */
name: string, 
/**
 * What they may do where.
 */
grants: Array<Grant>, };

/**
 * A role, for one selection or all, for one hall or all.
 */
export type Grant = { 
/**
 * The role.
 */
role: Role, 
/**
 * Only this selection; none means all.
 */
selection: string | null, 
/**
 * Only this hall; none means all.
 */
hall: string | null, };

/**
 * What a person is for.
 */
export type Role = "admin" | "author" | "committee" | "registrar" | "proctor" | "auditor";

/**
 * `GET /api/v1/staff`: all staff (admin).
 */
export type StaffView = { 
/**
 * The person.
 */
id: string, 
/**
 * Login.
 */
login: string, 
/**
 * Name.
 */
name: string, 
/**
 * Cannot sign in.
 */
disabled: boolean, 
/**
 * Grants.
 */
grants: Array<Grant>, 
/**
 * Live browser sessions.
 */
sessions: number, };

/**
 * `POST /api/v1/staff` (admin): the answer's password is shown once.
 */
export type NewStaff = { 
/**
 * Login, 3 to 40 of `a-z 0-9 . - _`.
 */
login: string, 
/**
 * Name.
 */
name: string, 
/**
 * Grants.
 */
grants: Array<Grant>, };

/**
 * `POST /api/v1/staff/{id}` (admin).
 */
export type StaffChange = { 
/**
 * New name.
 */
name: string | null, 
/**
 * Lock or unlock.
 */
disabled: boolean | null, 
/**
 * Replace all grants.
 */
grants: Array<Grant> | null, 
/**
 * Make a new password.
 */
reset_password: boolean, 
/**
 * End all browser sessions.
 */
revoke_sessions: boolean, };

/**
 * A password, shown once.
 */
export type IssuedPassword = { 
/**
 * The person.
 */
id: string, 
/**
 * Login.
 */
login: string, 
/**
 * The password; none when it was not changed.
 */
password: string | null, };

/**
 * `GET /api/v1/desk/sittings/{id}/candidates?find=`: people expected in this sitting, found by number or name.
 */
export type DeskList = { 
/**
 * Whether the window for check-in is open now.
 */
window: CheckInWindow, 
/**
 * Everybody counted.
 */
counts: DeskCounts, 
/**
 * At most 100 people, by participant number.
 */
people: Array<DeskPerson>, 
/**
 * Free seats, for showing and choosing.
 */
free_seats: Array<FreeSeat>, };

/**
 * A free seat.
 */
export type FreeSeat = { 
/**
 * The seat.
 */
id: string, 
/**
 * Label.
 */
label: string, 
/**
 * Kept free for moves.
 */
spare: boolean, };

/**
 * The window of the sitting.
 */
export type CheckInWindow = { 
/**
 * Opens at.
 */
opens_utc_ms: number, 
/**
 * Closes at.
 */
closes_utc_ms: number, 
/**
 * The server's clock now.
 */
now_utc_ms: number, 
/**
 * Check-in works now without an override.
 */
open: boolean, 
/**
 * The doors were opened by the proctor.
 */
doors_open: boolean, };

/**
 * Attendance so far.
 */
export type DeskCounts = { 
/**
 * Enrolled in the sitting.
 */
enrolled: number, 
/**
 * Checked in.
 */
present: number, 
/**
 * Recorded absent.
 */
absent: number, 
/**
 * Refused.
 */
refused: number, };

/**
 * One expected person.
 */
export type DeskPerson = { 
/**
 * The session.
 */
session: string, 
/**
 * Participant number.
 */
participant_no: string, 
/**
 * Name.
 */
name: string, 
/**
 * Formation title.
 */
formation: string, 
/**
 * Category code.
 */
category: string, 
/**
 * Birth date `YYYY-MM-DD`, for comparing with the identity card; desk only.
 */
birth_date: string | null, 
/**
 * Extra time, seconds, when the enrolment has an accommodation.
 */
extra_time_s: number, 
/**
 * Accommodation in words.
 */
accommodation: string, 
/**
 * Label of the seat, once assigned.
 */
seat: string | null, 
/**
 * Attendance.
 */
attendance: Attendance, 
/**
 * Where the session stands.
 */
phase: Phase, };

/**
 * `POST /api/v1/desk/sessions/{id}/check-in`.
 */
export type CheckIn = { 
/**
 * Made by the page, 32 hex digits.
 */
id: string, 
/**
 * Face and document agree.
 */
identity_confirmed: boolean, 
/**
 * Documents seen, e.g. `ktp`, `kartu_peserta`.
 */
documents: Array<string>, 
/**
 * A certain seat; none means the assigned one, or a random free one.
 */
seat: string | null, 
/**
 * Check in outside the window, with this reason.
 */
override_reason: string | null, };

/**
 * `POST /api/v1/desk/sessions/{id}/attendance`.
 */
export type AttendanceEntry = { 
/**
 * Made by the page, 32 hex digits.
 */
id: string, 
/**
 * `absent` or `refused`.
 */
attendance: Attendance, 
/**
 * Why; required for `refused`.
 */
reason: string, };

/**
 * One line of `GET /api/v1/selections`.
 */
export type SelectionSummary = { 
/**
 * The selection.
 */
id: string, 
/**
 * Code, unique.
 */
code: string, 
/**
 * Title.
 */
title: string, 
/**
 * Organising agency.
 */
organiser: string, 
/**
 * Candidates.
 */
candidates: number, 
/**
 * Sittings.
 */
sittings: number, };

/**
 * `POST /api/v1/selections`.
 */
export type NewSelection = { 
/**
 * Code, `a-z 0-9 -`, unique.
 */
code: string, 
/**
 * Title.
 */
title: string, 
/**
 * Organising agency.
 */
organiser: string, 
/**
 * Public behaviour.
 */
policy: SelectionPolicy, };

/**
 * What is public and how.
 */
export type SelectionPolicy = { 
/**
 * Names on screens and lists.
 */
names: NamePolicy, 
/**
 * When a candidate's row on a screen moves.
 */
reveal: RevealPolicy, 
/**
 * Freeze the boards so many seconds before a sitting's end; 0 = never.
 */
freeze_before_end_s: number, 
/**
 * Show section marks and total on the terminal at the end.
 */
marks_at_end: boolean, 
/**
 * Granting a candidate more than so many seconds in all needs a second person; 0 = always; none = never.
 */
grant_approval_above_s: number | null, 
/**
 * Ending a session needs a second person.
 */
terminate_approval: boolean, 
/**
 * Admitting late evidence needs a second person.
 */
admit_late_approval: boolean, 
/**
 * Which attempt counts when there are several.
 */
attempt_rule: AttemptRule, 
/**
 * Columns of published lists.
 */
columns: ColumnPolicy, };

/**
 * Names in public.
 */
export type NamePolicy = "full" | "initials" | "none";

/**
 * When a row on a public screen moves; keeps the board from telling whether one answer was right.
 */
export type RevealPolicy = { "by": "every_answered", 
/**
 * Items, 2 to 50.
 */
items: number, } | { "by": "interval", 
/**
 * Seconds, 10 to 3,600.
 */
seconds: number, } | { "by": "at_end" };

/**
 * Which of several attempts counts.
 */
export type AttemptRule = "last" | "first" | "best";

/**
 * `GET /api/v1/selections/{id}`: everything that was set up.
 */
export type SelectionView = { 
/**
 * The selection.
 */
id: string, 
/**
 * Code.
 */
code: string, 
/**
 * Title.
 */
title: string, 
/**
 * Organising agency.
 */
organiser: string, 
/**
 * Public behaviour.
 */
policy: SelectionPolicy, 
/**
 * Stages in order.
 */
stages: Array<StageView>, 
/**
 * Formations by code.
 */
formations: Array<FormationView>, 
/**
 * Halls by code.
 */
halls: Array<HallView>, 
/**
 * Sittings by start.
 */
sittings: Array<SittingView>, 
/**
 * Candidates counted.
 */
candidates: number, };

/**
 * A stage.
 */
export type StageView = { 
/**
 * The stage.
 */
id: string, 
/**
 * Code, e.g. `skb`.
 */
code: string, 
/**
 * Title.
 */
title: string, 
/**
 * Blueprints: one for all formations (`formation` none) and those that differ.
 */
blueprints: Array<BlueprintView>, };

/**
 * A blueprint with its owner.
 */
export type BlueprintView = { 
/**
 * For this formation only; none means for all others.
 */
formation: string | null, 
/**
 * The blueprint.
 */
blueprint: BlueprintBody, };

/**
 * Sections, cells, time, tie order of screens.
 */
export type BlueprintBody = { 
/**
 * Sections in order, 1 to 10.
 */
sections: Array<BlueprintSection>, 
/**
 * Time for the whole paper, seconds, 60 to 28,800.
 */
duration_s: number, 
/**
 * Section codes that break a tie after the total, in order.
 */
tie_order: Array<string>, };

/**
 * One section of a blueprint.
 */
export type BlueprintSection = { 
/**
 * Code, as in the items.
 */
code: string, 
/**
 * Title shown to candidates.
 */
title: string, 
/**
 * Own time limit, seconds.
 */
duration_s: number | null, 
/**
 * `free` or `linear`.
 */
linear: boolean, 
/**
 * Items in random order within the section; otherwise cell by cell in drawn order.
 */
shuffle_items: boolean, 
/**
 * Choices in random order.
 */
shuffle_choices: boolean, 
/**
 * Cells in order.
 */
cells: Array<BlueprintCell>, };

/**
 * A cell: a filter and a count.
 */
export type BlueprintCell = { 
/**
 * Only this topic.
 */
topic: string | null, 
/**
 * Only this subtopic.
 */
subtopic: string | null, 
/**
 * Only this cognitive level (`C1` ... `C6`).
 */
level: string | null, 
/**
 * Only this difficulty (`easy`, `medium`, `hard`).
 */
difficulty: string | null, 
/**
 * Items to draw.
 */
count: number, };

/**
 * `POST /api/v1/selections/{id}/stages`.
 */
export type NewStage = { 
/**
 * Code.
 */
code: string, 
/**
 * Title.
 */
title: string, };

/**
 * `PUT /api/v1/stages/{id}/blueprint`.
 */
export type PutBlueprint = { 
/**
 * For this formation only.
 */
formation: string | null, 
/**
 * The blueprint.
 */
blueprint: BlueprintBody, };

/**
 * `POST /api/v1/selections/{id}/formations`.
 */
export type NewFormation = { 
/**
 * Code.
 */
code: string, 
/**
 * Title of the job.
 */
title: string, 
/**
 * Vacant slots.
 */
slots: number, 
/**
 * Where it stands for the rule set.
 */
line: FormationLine, };

/**
 * Columns of published lists besides number, name (by [`NamePolicy`]), total and code.
 */
export type ColumnPolicy = { 
/**
 * Category.
 */
category: boolean, 
/**
 * Marks per section.
 */
marks: boolean, 
/**
 * Values of stages on the scale to 100, and the final one.
 */
values: boolean, 
/**
 * Rank.
 */
rank: boolean, };

/**
 * A further column of a vacancy line.
 */
export type LineValue = { 
/**
 * Column.
 */
column: string, 
/**
 * Value.
 */
value: string, };

/**
 * A vacancy line as the rule set sees it: what thresholds, moves and conversions go by (docs/rules.md, table F).
 */
export type FormationLine = { 
/**
 * Category (*jenis kebutuhan*), e.g. `umum`; empty where the rule set has only one.
 */
category: string, 
/**
 * Job; one with a predicate of its own, or any other word.
 */
job: string, 
/**
 * Education requirement.
 */
education: string, 
/**
 * Placement unit.
 */
unit: string, 
/**
 * Kind of agency, e.g. `daerah`.
 */
agency: string, 
/**
 * Further columns: `max_skb`, `weight_cat` and so on, with their values.
 */
further: Array<LineValue>, };

/**
 * `PUT /api/v1/formations/{id}`: title, slots and line; the code stays.
 */
export type PutFormation = { 
/**
 * Title of the job.
 */
title: string, 
/**
 * Vacant slots.
 */
slots: number, 
/**
 * Where it stands for the rule set.
 */
line: FormationLine, };

/**
 * A vacancy line.
 */
export type FormationView = { 
/**
 * The formation.
 */
id: string, 
/**
 * Code.
 */
code: string, 
/**
 * Title.
 */
title: string, 
/**
 * Vacant slots.
 */
slots: number, 
/**
 * Where it stands for the rule set.
 */
line: FormationLine, 
/**
 * Candidates.
 */
candidates: number, };

/**
 * `POST /api/v1/selections/{id}/halls`: seats are made as a grid; the last `spare` of them are kept free.
 */
export type NewHall = { 
/**
 * Code.
 */
code: string, 
/**
 * Title.
 */
title: string, 
/**
 * Rows, 1 to 60.
 */
rows: number, 
/**
 * Columns, 1 to 60.
 */
columns: number, 
/**
 * Seats kept free for moves.
 */
spare: number, };

/**
 * A hall.
 */
export type HallView = { 
/**
 * The hall.
 */
id: string, 
/**
 * Code.
 */
code: string, 
/**
 * Title.
 */
title: string, 
/**
 * Seats.
 */
seats: Array<RoomSeat>, };

/**
 * `POST /api/v1/selections/{id}/sittings`.
 */
export type NewSitting = { 
/**
 * Stage.
 */
stage: string, 
/**
 * Hall.
 */
hall: string, 
/**
 * Code.
 */
code: string, 
/**
 * Scheduled start.
 */
starts_utc_ms: number, 
/**
 * Behaviour.
 */
policy: SittingPolicyBody, };

/**
 * How a sitting behaves. Durations in seconds.
 */
export type SittingPolicyBody = { 
/**
 * True: the proctor's start starts everybody who is ready. False: afterwards each presses start.
 */
start_together: boolean, 
/**
 * Check-in opens so long before the scheduled start.
 */
check_in_opens_before_s: number, 
/**
 * Check-in closes so long before the scheduled start.
 */
check_in_closes_before_s: number, 
/**
 * Nobody starts later than this after the proctor's start.
 */
latest_start_after_s: number, 
/**
 * Everything ends at the latest so long after the proctor's start, pauses of the hall not counted; 0 = no hard close.
 */
hard_close_after_s: number, 
/**
 * An answer this long after the deadline still counts (network), milliseconds.
 */
grace_ms: number, 
/**
 * After an outage longer than this the sitting is held until a proctor decides.
 */
outage_automatic_s: number, 
/**
 * Alert a proctor when a running session saved nothing for so long.
 */
silent_after_s: number, 
/**
 * A PIN is valid so long.
 */
pin_valid_s: number, 
/**
 * Seats: random at check-in; otherwise as assigned.
 */
seats_random: boolean, };

/**
 * A sitting.
 */
export type SittingView = { 
/**
 * The sitting.
 */
id: string, 
/**
 * Stage.
 */
stage: string, 
/**
 * Hall.
 */
hall: string, 
/**
 * Code.
 */
code: string, 
/**
 * Scheduled start.
 */
starts_utc_ms: number, 
/**
 * Behaviour.
 */
policy: SittingPolicyBody, 
/**
 * Where it stands.
 */
phase: SittingPhase, 
/**
 * Enrolled candidates.
 */
enrolled: number, 
/**
 * Sessions with a drawn paper.
 */
drawn: number, };

/**
 * The answer to `POST /api/v1/selections/{id}/candidates/import?accept=false|true` (CSV or XLSX as multipart field `file`).
 * All or nothing: with problems nothing is stored.
 */
export type CandidateImportReport = { 
/**
 * Rows read.
 */
rows: number, 
/**
 * New candidates.
 */
new: number, 
/**
 * Rows that change nothing.
 */
unchanged: number, 
/**
 * Rows that change an existing candidate.
 */
changed: number, 
/**
 * Everything that is wrong.
 */
problems: Array<Problem>, 
/**
 * Stored.
 */
accepted: boolean, 
/**
 * The first 20 rows as understood.
 */
preview: Array<CandidateView>, };

/**
 * What is wrong in an imported file, and where.
 */
export type Problem = { 
/**
 * File name.
 */
file: string, 
/**
 * Row in a table (the header is row 1), index in an array from 0, or line in a text; 0 = the file as a whole.
 */
row: number, 
/**
 * Column or field.
 */
field: string, 
/**
 * Stable code, e.g. `key_missing`.
 */
code: string, 
/**
 * In words.
 */
reason: string, 
/**
 * False for a remark that does not stop the item.
 */
stops: boolean, };

/**
 * A candidate as the committee sees one.
 */
export type CandidateView = { 
/**
 * The candidate; empty in a preview.
 */
id: string, 
/**
 * The enrolment; empty in a preview.
 */
enrolment: string, 
/**
 * Participant number.
 */
participant_no: string, 
/**
 * Name.
 */
name: string, 
/**
 * Formation code.
 */
formation: string, 
/**
 * Category code, e.g. `umum`, `disabilitas`.
 */
category: string, 
/**
 * Accommodation in words.
 */
accommodation: string, 
/**
 * Extra time, seconds.
 */
extra_time_s: number, 
/**
 * Sitting code, once assigned.
 */
sitting: string | null, 
/**
 * Seat label, once assigned.
 */
seat: string | null, 
/**
 * Number of attempts.
 */
attempts: number, };

/**
 * `GET /api/v1/selections/{id}/candidates?find=&page=`.
 */
export type CandidatePage = { 
/**
 * All that match.
 */
total: number, 
/**
 * At most 100.
 */
candidates: Array<CandidateView>, };

/**
 * `POST /api/v1/stages/{id}/assign`: enrol everybody of the selection who has no sitting yet, in participant order or at random, until the halls are full.
 */
export type AssignSittings = { 
/**
 * Sittings to fill, in order; empty means all planned sittings of the stage.
 */
sittings: Array<string>, 
/**
 * Also assign random seats now (otherwise at check-in).
 */
seats: boolean, };

/**
 * The answer.
 */
export type Assigned = { 
/**
 * Newly assigned.
 */
assigned: number, 
/**
 * Without a place.
 */
left_over: number, };

/**
 * `POST /api/v1/enrolments/{id}/reschedule`: before the candidate has started.
 */
export type Reschedule = { 
/**
 * New sitting.
 */
sitting: string, 
/**
 * Why.
 */
reason: string, };

/**
 * `POST /api/v1/enrolments/{id}/attempts`: a further attempt in another sitting.
 */
export type NewAttempt = { 
/**
 * Its sitting.
 */
sitting: string, 
/**
 * Why.
 */
reason: string, };

/**
 * The answer to `POST /api/v1/sittings/{id}/draw`: papers for all enrolled sessions. Drawing again before the doors open replaces them.
 */
export type DrawReport = { 
/**
 * Papers drawn.
 */
papers: number, 
/**
 * Items available per cell, by section and cell.
 */
cells: Array<DrawnCell>, 
/**
 * Pairs of neighbouring seats looked at.
 */
neighbour_pairs: number, 
/**
 * Positions compared over all pairs.
 */
positions_compared: number, 
/**
 * Positions where neighbours have the same item.
 */
positions_shared: number, 
/**
 * Algorithm, `draw/v1`.
 */
algorithm: string, 
/**
 * Seed, hex; secret until the sitting is over, shown then.
 */
seed: string | null, };

/**
 * A cell of the draw report.
 */
export type DrawnCell = { 
/**
 * Formation title; none for the common blueprint.
 */
formation: string | null, 
/**
 * Section code.
 */
section: string, 
/**
 * The cell in words, e.g. `topic numerik`.
 */
cell: string, 
/**
 * Items in the bank that fit.
 */
available: number, 
/**
 * Items on each paper.
 */
count: number, };

/**
 * The answer to `POST /api/v1/bank/imports` (multipart: `file` one or more, optionally `mapping`): nothing is in the bank yet.
 */
export type ImportPreview = { 
/**
 * The waiting import; kept for one hour.
 */
id: string, 
/**
 * Items read without a stopping problem.
 */
good: number, 
/**
 * Items with a stopping problem.
 */
bad: number, 
/**
 * Of the good: new in the bank.
 */
new: number, 
/**
 * Of the good: a new version of an item.
 */
changed: number, 
/**
 * Of the good: already there, word for word.
 */
unchanged: number, 
/**
 * Everything that is wrong, at most 1,000.
 */
problems: Array<Problem>, 
/**
 * The first 50 good items, with their keys.
 */
items: Array<ItemView>, };

/**
 * `POST /api/v1/bank/imports/{id}/accept`.
 */
export type AcceptImport = { 
/**
 * Go on without the bad items; otherwise one bad item refuses the whole import.
 */
skip_bad: boolean, };

/**
 * What an accepted import did.
 */
export type ImportDone = { 
/**
 * New items.
 */
new: number, 
/**
 * New versions.
 */
changed: number, 
/**
 * Already there.
 */
unchanged: number, 
/**
 * Left out.
 */
skipped: number, };

/**
 * `GET /api/v1/bank/items?section=&topic=&find=&page=`.
 */
export type ItemPage = { 
/**
 * All that match.
 */
total: number, 
/**
 * At most 50.
 */
items: Array<ItemView>, 
/**
 * Counts per section and topic over the whole bank.
 */
cells: Array<BankCell>, };

/**
 * A line of the bank's table of contents.
 */
export type BankCell = { 
/**
 * Section code.
 */
section: string, 
/**
 * Topic code.
 */
topic: string, 
/**
 * Subtopic code.
 */
subtopic: string, 
/**
 * Items.
 */
items: number, };

/**
 * An item as an author sees it; never sent to a terminal.
 */
export type ItemView = { 
/**
 * The item.
 */
id: string, 
/**
 * Version, from 1.
 */
version: number, 
/**
 * Stable code from the file.
 */
code: string, 
/**
 * Section code.
 */
section: string, 
/**
 * Topic code.
 */
topic: string, 
/**
 * Subtopic code.
 */
subtopic: string, 
/**
 * `C1` ... `C6`.
 */
level: string, 
/**
 * `easy`, `medium`, `hard`.
 */
difficulty: string, 
/**
 * Language tag.
 */
language: string, 
/**
 * `single`, `sum`, `all_or_nothing`.
 */
rule: string, 
/**
 * Rich text.
 */
stem: string, 
/**
 * Rich text, one per choice.
 */
choices: Array<string>, 
/**
 * Weight per choice as a decimal, for those who may see keys; otherwise empty.
 */
weights: Array<string>, 
/**
 * Marks for blank, decimal.
 */
blank: string, 
/**
 * What the key rests on.
 */
basis: string, };

/**
 * A text in both languages.
 */
export type TwoLanguages = { 
/**
 * Indonesian.
 */
id: string, 
/**
 * English.
 */
en: string, };

/**
 * One line of `GET /api/v1/rule-sets`.
 */
export type RuleSetSummary = { 
/**
 * Id, e.g. `cpns-2024`.
 */
id: string, 
/**
 * Year of the round.
 */
year: number, 
/**
 * What it is about.
 */
title: TwoLanguages, 
/**
 * SHA-256 of its text, hex.
 */
hash: string, 
/**
 * Ids of its stages, in order.
 */
stages: Array<string>, };

/**
 * `GET /api/v1/rule-sets/{id}`: a rule set explained.
 */
export type RuleSetView = { 
/**
 * Id, year, title, hash, stages.
 */
summary: RuleSetSummary, 
/**
 * The whole set in words, a sentence or an item a line; deeper lines are indented by two spaces.
 */
explanation: TwoLanguages, 
/**
 * Ids of categories.
 */
categories: Array<string>, 
/**
 * Jobs with a predicate of their own.
 */
jobs: Array<string>, 
/**
 * Ids of adjustments that can be granted.
 */
adjustments: Array<string>, 
/**
 * What the sources leave open.
 */
unsure: Array<UnsureView>, 
/**
 * Worked cases and whether they hold.
 */
cases: Array<CaseView>, 
/**
 * The TOML text.
 */
text: string, };

/**
 * What the sources leave open, and what is done meanwhile.
 */
export type UnsureView = { 
/**
 * Key of the rule set.
 */
parameter: string, 
/**
 * What is done meanwhile.
 */
default: string, 
/**
 * What is open.
 */
about: TwoLanguages, };

/**
 * A worked case inside a rule set.
 */
export type CaseView = { 
/**
 * Id.
 */
id: string, 
/**
 * What it shows.
 */
title: TwoLanguages, 
/**
 * Empty when the case holds; otherwise what differs.
 */
differences: Array<string>, };

/**
 * `POST /api/v1/rule-sets/check`: reads a rule set and stores nothing.
 */
export type CheckRuleSet = { 
/**
 * The TOML text, at most 256 KiB.
 */
text: string, };

/**
 * The answer: faults with their lines, or the set explained.
 */
export type RuleSetChecked = { 
/**
 * Everything that is wrong.
 */
problems: Array<RuleSetProblem>, 
/**
 * The set, when nothing is wrong.
 */
view: RuleSetView | null, };

/**
 * A fault of a rule set.
 */
export type RuleSetProblem = { 
/**
 * Line, from 1.
 */
line: number, 
/**
 * What is wrong.
 */
sentence: TwoLanguages, };

/**
 * `PUT /api/v1/selections/{id}/rule-set`: by id of a shipped set, or by text.
 */
export type ChooseRuleSet = { 
/**
 * Id of a set that comes with the program.
 */
id: string | null, 
/**
 * Or the text of the agency's own.
 */
text: string | null, 
/**
 * Why; required when another one was chosen before.
 */
reason: string, };

/**
 * `GET /api/v1/selections/{id}/rule-set`: what the selection is decided by.
 */
export type RuleSetInUse = { 
/**
 * None until one was chosen.
 */
chosen: ChosenRuleSet | null, 
/**
 * What of the selection does not fit it (a stage, a section, a formation's category); must be put right before results are adopted.
 */
misfits: Array<string>, };

/**
 * A choice and who made it.
 */
export type ChosenRuleSet = { 
/**
 * The set.
 */
view: RuleSetView, 
/**
 * The selection.
 */
selection: string, 
/**
 * By whom.
 */
by: string, 
/**
 * When.
 */
at_utc_ms: number, 
/**
 * Why.
 */
reason: string, 
/**
 * How many choices there were, this one included.
 */
choices: number, };

/**
 * The answer to `POST /api/v1/stages/{id}/computation`: computed now from journals, keys, corrections and rule set. Changes nothing.
 */
export type Computation = { 
/**
 * Everything that was computed.
 */
results: Results, 
/**
 * The stage's newest revision; none before the first.
 */
current: RevisionView | null, 
/**
 * Computed again, the newest revision would be the same, byte for byte.
 */
unchanged: boolean, 
/**
 * What stands in the way of adopting the first revision; empty when nothing does.
 */
obstacles: Array<string>, 
/**
 * What does not stand in the way and should be known (late answers that wait, ties the committee decides).
 */
remarks: Array<string>, };

/**
 * Results as computed or as stored in a revision.
 */
export type Results = { 
/**
 * Id and title of the rule set.
 */
rule_set: string, 
/**
 * SHA-256 of the rule set, hex.
 */
rule_set_hash: string, 
/**
 * What ties are decided on: `exact` or `published` values.
 */
ties_on: string, 
/**
 * SHA-256 over the input files, hex.
 */
input_hash: string, 
/**
 * SHA-256 of `results.csv`, hex.
 */
results_hash: string, 
/**
 * Counts, stage by stage, then the end.
 */
counts: Array<PlaceCounts>, 
/**
 * One list per formation, by code.
 */
lists: Array<ResultList>, 
/**
 * Titles of the columns of values on the scale to 100, in order; empty when there are none.
 */
values: Array<string>, 
/**
 * Vacancy moves, in the order in which they were made.
 */
moves: Array<MoveView>, 
/**
 * What the second scorer says.
 */
second_scorer: SecondScorer, };

/**
 * How many people stand how, at a stage or at the end.
 */
export type PlaceCounts = { 
/**
 * Id of the stage, or `final`.
 */
place: string, 
/**
 * Title.
 */
title: string, 
/**
 * People who came so far.
 */
entered: number, 
/**
 * People whose standing was decided here, by status, in the order of lists.
 */
decided: Array<StatusCount>, 
/**
 * People who went on.
 */
went_on: number, };

/**
 * People with a status.
 */
export type StatusCount = { 
/**
 * Status word.
 */
status: string, 
/**
 * The word in both languages.
 */
title: TwoLanguages, 
/**
 * Code of the rule set; empty when it has none here.
 */
code: string, 
/**
 * People.
 */
people: number, };

/**
 * One formation's list.
 */
export type ResultList = { 
/**
 * Formation code.
 */
formation: string, 
/**
 * Formation title.
 */
title: string, 
/**
 * Category.
 */
category: string, 
/**
 * Job, as an id.
 */
job: string, 
/**
 * Vacant slots.
 */
slots: number, 
/**
 * Slots that nobody has; only after the end.
 */
vacant: number | null, 
/**
 * Sections of the last stage computed, in column order.
 */
sections: Array<ListSection>, 
/**
 * Least total for this line's own category and job.
 */
total_threshold: string | null, 
/**
 * The last rank that goes on or has a slot; none when nobody does.
 */
cut_after: number | null, 
/**
 * In the order of `results.csv`.
 */
rows: Array<ResultRow>, };

/**
 * A column of marks.
 */
export type ListSection = { 
/**
 * Section id.
 */
code: string, 
/**
 * Title.
 */
title: string, 
/**
 * Highest score.
 */
max: string, 
/**
 * Least score for this line's own category and job.
 */
threshold: string | null, };

/**
 * One candidate on a list.
 */
export type ResultRow = { 
/**
 * Participant number.
 */
participant_no: string, 
/**
 * Name.
 */
name: string, 
/**
 * Category applied for.
 */
category: string, 
/**
 * Rank, from 1; equals share one; none for who was not ranked.
 */
rank: number | null, 
/**
 * Marks per section of the list; empty without marks.
 */
marks: Array<string>, 
/**
 * The number that was ranked.
 */
total: string | null, 
/**
 * Values on the scale to 100, one per title of [`Results::values`]; empty strings where there are none.
 */
values: Array<string>, 
/**
 * Status word (docs/rules.md).
 */
status: string, 
/**
 * Code of the rule set.
 */
code: string, 
/**
 * Where it was decided: id of a stage, or `final`.
 */
place: string, 
/**
 * Group of a fallback; empty without one.
 */
group: string, 
/**
 * The formation of a slot that came by a move; empty without one.
 */
to_formation: string, 
/**
 * `committee_decides`, or empty.
 */
note: string, };

/**
 * A vacancy move.
 */
export type MoveView = { 
/**
 * Id of the step.
 */
step: string, 
/**
 * Who.
 */
participant_no: string, 
/**
 * From this formation.
 */
from: string, 
/**
 * To this one.
 */
to: string, };

/**
 * What the independent second scorer found.
 */
export type SecondScorer = { 
/**
 * Every total, status and rank is the same.
 */
agrees: boolean, 
/**
 * People compared.
 */
people: number, 
/**
 * At most 200.
 */
differences: Array<ScorerDifference>, };

/**
 * Where the two scorers differ.
 */
export type ScorerDifference = { 
/**
 * Who; empty when it is about no single person.
 */
participant_no: string, 
/**
 * Which column.
 */
column: string, 
/**
 * What the first scorer says.
 */
first: string, 
/**
 * What the second says.
 */
second: string, };

/**
 * `GET /api/v1/stages/{id}/explanations/{participant_no}`: why somebody stands where they stand in the newest revision, or as computed.
 */
export type Explanation = { 
/**
 * Paragraphs.
 */
text: TwoLanguages, };

/**
 * A revision. Never changed; its files are `GET /api/v1/revisions/{id}/{file}`, for committee and auditors.
 */
export type RevisionView = { 
/**
 * The revision.
 */
id: string, 
/**
 * From 1.
 */
number: number, 
/**
 * When.
 */
at_utc_ms: number, 
/**
 * Why.
 */
reason: string, 
/**
 * The correction it came from; none for the first.
 */
correction: string | null, 
/**
 * Who adopted it: one person the first, two every other.
 */
by: Array<string>, 
/**
 * Id of the rule set.
 */
rule_set: string, 
/**
 * SHA-256 of the rule set, hex.
 */
rule_set_hash: string, 
/**
 * SHA-256 over the input files, hex.
 */
input_hash: string, 
/**
 * SHA-256 of `results.csv`, hex.
 */
results_hash: string, 
/**
 * People.
 */
people: number, 
/**
 * Names of its files: `rules.toml`, sets that it takes stages from, `formations.csv`, `scores.csv`, `results.csv`, `sources.json`.
 */
files: Array<string>, 
/**
 * The publication made of it, if there is one.
 */
publication: string | null, };

/**
 * `GET /api/v1/revisions/{id}`: a revision with its lists.
 */
export type RevisionDetail = { 
/**
 * The revision.
 */
revision: RevisionView, 
/**
 * What it says.
 */
results: Results, };

/**
 * `POST /api/v1/stages/{id}/revisions`: adopts what was computed as revision 1; refused when the inputs changed since.
 */
export type AdoptFirst = { 
/**
 * Of the computation that was looked at.
 */
input_hash: string, 
/**
 * A remark for the record; may be empty.
 */
reason: string, };

/**
 * `GET /api/v1/stages/{id}/reconciliation`: what the journals say beside what the proctors entered.
 */
export type Reconciliation = { 
/**
 * By start and code.
 */
sittings: Array<SittingReconciled>, 
/**
 * All sittings together.
 */
total: SittingCounts, 
/**
 * Differences without an explanation; publication waits for them.
 */
unexplained: number, };

/**
 * One sitting.
 */
export type SittingReconciled = { 
/**
 * The sitting.
 */
sitting: string, 
/**
 * Code.
 */
code: string, 
/**
 * Title of the hall.
 */
hall: string, 
/**
 * Scheduled start.
 */
starts_utc_ms: number, 
/**
 * Doors are closed.
 */
closed: boolean, 
/**
 * As the journal has it.
 */
counts: SittingCounts, 
/**
 * Highest and lowest marks by section.
 */
sections: Array<SectionRange>, 
/**
 * As the proctors counted; none until somebody entered it.
 */
entry: AttendanceCount | null, 
/**
 * What does not fit together.
 */
differences: Array<CountDifference>, };

/**
 * Counts of a sitting.
 */
export type SittingCounts = { 
/**
 * Enrolled.
 */
enrolled: number, 
/**
 * Checked in.
 */
present: number, 
/**
 * Not checked in, or refused at the door.
 */
absent: number, 
/**
 * Checked in and never began.
 */
not_started: number, 
/**
 * Ended by the candidate.
 */
submitted: number, 
/**
 * Ended by the clock.
 */
expired: number, 
/**
 * Ended by a proctor.
 */
terminated: number, };

/**
 * Highest and lowest marks of a section in a sitting.
 */
export type SectionRange = { 
/**
 * Section code.
 */
code: string, 
/**
 * Highest.
 */
highest: string, 
/**
 * Lowest.
 */
lowest: string, };

/**
 * The count that the proctors took by hand.
 */
export type AttendanceCount = { 
/**
 * People in the hall.
 */
present: number, 
/**
 * People who did not come.
 */
absent: number, 
/**
 * Remark.
 */
note: string, 
/**
 * Who entered it.
 */
by: string, 
/**
 * When.
 */
at_utc_ms: number, };

/**
 * `PUT /api/v1/sittings/{id}/attendance-count`: by a proctor of the hall or the committee; the newest entry counts, all are kept.
 */
export type PutAttendanceCount = { 
/**
 * People in the hall.
 */
present: number, 
/**
 * People who did not come.
 */
absent: number, 
/**
 * Remark.
 */
note: string, };

/**
 * Something that does not fit together.
 */
export type CountDifference = { 
/**
 * Stable code: `no_entry`, `present_differs`, `absent_differs`, `counts_differ`, `not_started`.
 */
code: string, 
/**
 * The numbers that differ, `6/5`; an explanation is for exactly these.
 */
numbers: string, 
/**
 * In words.
 */
sentence: string, 
/**
 * What the committee says to it; void when the numbers move.
 */
explanation: DifferenceExplained | null, };

/**
 * An explanation of a difference.
 */
export type DifferenceExplained = { 
/**
 * In words.
 */
text: string, 
/**
 * By whom.
 */
by: string, 
/**
 * When.
 */
at_utc_ms: number, };

/**
 * `POST /api/v1/sittings/{id}/explained-differences`.
 */
export type ExplainDifference = { 
/**
 * Code of the difference.
 */
code: string, 
/**
 * The numbers that were seen; the difference must still be this one.
 */
numbers: string, 
/**
 * In words.
 */
text: string, };

/**
 * What a correction changes.
 */
export type Change = { "kind": "key", 
/**
 * Item code.
 */
item: string, 
/**
 * Canonical choice ids, from 0, as the bank shows them.
 */
right: Array<number>, } | { "kind": "void", 
/**
 * Item code.
 */
item: string, 
/**
 * What becomes of its marks.
 */
policy: VoidPolicy, } | { "kind": "status", 
/**
 * Who.
 */
participant_no: string, 
/**
 * `absent`, `disqualified`, `withdrawn`, `ineligible`; `open` takes an earlier one back.
 */
status: string, 
/**
 * From this stage on (its id in the rule set), or `final`.
 */
from: string, } | { "kind": "facts", 
/**
 * Who.
 */
participant_no: string, 
/**
 * Column of the table of scores (`gpa`, `birth_date`, `category`, `adjustments`, `prior_year`, `prior_twk` ...) and its new value.
 */
values: Array<FactValue>, } | { "kind": "decision", 
/**
 * Formation code.
 */
formation: string, 
/**
 * Participant numbers, first first.
 */
order: Array<string>, } | { "kind": "move_decision", 
/**
 * Participant numbers, first first.
 */
order: Array<string>, } | { "kind": "recompute" };

/**
 * What becomes of the marks of a void item.
 */
export type VoidPolicy = "full_marks" | "removed";

/**
 * A column and its new value.
 */
export type FactValue = { 
/**
 * Column.
 */
column: string, 
/**
 * Value; empty takes it away.
 */
value: string, };

/**
 * `POST /api/v1/stages/{id}/corrections`: proposes one, from the first revision on.
 */
export type NewCorrection = { 
/**
 * What changes.
 */
change: Change, 
/**
 * Why.
 */
reason: string, 
/**
 * The objection that it answers.
 */
objection: string | null, };

/**
 * A proposed or decided correction.
 */
export type CorrectionView = { 
/**
 * The correction.
 */
id: string, 
/**
 * What changes.
 */
change: Change, 
/**
 * The change in words.
 */
sentence: string, 
/**
 * Why.
 */
reason: string, 
/**
 * Who proposed it.
 */
by: string, 
/**
 * When.
 */
at_utc_ms: number, 
/**
 * Where it stands.
 */
state: CorrectionState, 
/**
 * Approvals so far; two make a revision. They count for the effect that was seen, and are void when it changes.
 */
approvals: Array<Approval>, 
/**
 * Why the person who asks cannot approve it: `decided`, `not_committee`, `same_person`, `same_browser`; none when they can.
 */
hindrance: string | null, 
/**
 * The revision it became.
 */
revision: number | null, 
/**
 * The objection that it answers.
 */
objection: string | null, 
/**
 * Why it was rejected.
 */
rejected_because: string, };

/**
 * Where a correction stands.
 */
export type CorrectionState = "open" | "adopted" | "rejected";

/**
 * One approval.
 */
export type Approval = { 
/**
 * By whom.
 */
by: string, 
/**
 * When.
 */
at_utc_ms: number, };

/**
 * `GET /api/v1/corrections/{id}/effect` (and `effect.csv`): computed in full beside the newest revision.
 */
export type Effect = { 
/**
 * The correction.
 */
correction: CorrectionView, 
/**
 * Number of the revision it is compared with.
 */
before: number, 
/**
 * Names this effect: an approval is for exactly it.
 */
effect_hash: string, 
/**
 * People on the lists.
 */
people: number, 
/**
 * People with any change.
 */
changed: number, 
/**
 * People whose total rose.
 */
rose: number, 
/**
 * People whose total fell.
 */
fell: number, 
/**
 * People who come into the cut or get a slot.
 */
enter: number, 
/**
 * People who leave the cut or lose a slot.
 */
leave: number, 
/**
 * Everybody with a change, by formation and new rank.
 */
rows: Array<EffectRow>, 
/**
 * What stands in the way of approving it.
 */
obstacles: Array<string>, 
/**
 * What the second scorer says of the results with the correction.
 */
second_scorer: SecondScorer, };

/**
 * What a correction does to one person.
 */
export type EffectRow = { 
/**
 * Participant number.
 */
participant_no: string, 
/**
 * Name.
 */
name: string, 
/**
 * Formation code.
 */
formation: string, 
/**
 * Standing before; none for somebody new.
 */
before: StandingView | null, 
/**
 * Standing after; none for somebody who is gone.
 */
after: StandingView | null, 
/**
 * Difference of the totals, with its sign, `0` when they are equal; empty without both, and where they are totals of different stages.
 */
total_difference: string, 
/**
 * Comes into the cut or gets a slot.
 */
enters: boolean, 
/**
 * Leaves the cut or loses a slot.
 */
leaves: boolean, };

/**
 * Where somebody stands.
 */
export type StandingView = { 
/**
 * Total.
 */
total: string | null, 
/**
 * Rank.
 */
rank: number | null, 
/**
 * Status word.
 */
status: string, 
/**
 * Code.
 */
code: string, 
/**
 * Formation of a slot by a move; empty without one.
 */
to_formation: string, };

/**
 * `POST /api/v1/corrections/{id}/approve`.
 */
export type Approve = { 
/**
 * Of the effect that was looked at.
 */
effect_hash: string, };

/**
 * `POST /api/v1/corrections/{id}/reject`: by anybody of the committee.
 */
export type Reject = { 
/**
 * Why.
 */
reason: string, };

/**
 * `POST /api/v1/stages/{id}/publication-previews`: shows what publishing the newest revision would be.
 */
export type Publish = { 
/**
 * Number of the revision that was looked at; it must be the newest.
 */
revision: number, 
/**
 * Lines of the letterhead, 1 to 6.
 */
letterhead: Array<string>, 
/**
 * Heading of the announcement (after *tentang*).
 */
title: string, 
/**
 * Number of the announcement, as the agency files it.
 */
number: string, 
/**
 * Decrees the announcement rests on.
 */
decrees: Array<string>, 
/**
 * Where it is signed; may be empty.
 */
place: string, 
/**
 * Position of who signs; may be empty.
 */
signatory_position: string, 
/**
 * Name of who signs; may be empty.
 */
signatory_name: string, };

/**
 * `POST /api/v1/stages/{id}/publications`: publishes what a preview showed; refused when something changed since.
 */
export type PublishPreview = { 
/**
 * The preview.
 */
preview: string, };

/**
 * The answer to a preview: pages and files below `/api/v1/publication-previews/{id}/` for ten minutes, for the committee only.
 */
export type PreviewMade = { 
/**
 * The preview.
 */
id: string, 
/**
 * The page, for a frame.
 */
page: string, 
/**
 * Files by name and address.
 */
files: Array<FileLink>, };

/**
 * A file and its address.
 */
export type FileLink = { 
/**
 * Name, e.g. `daftar.pdf`.
 */
name: string, 
/**
 * Address.
 */
href: string, };

/**
 * `GET /api/v1/stages/{id}/publication-draft`: what to begin with, from the stage's last announcement and the rule set's sources.
 */
export type PublicationDraft = { 
/**
 * The fields; `revision` is the newest one, 0 before the first.
 */
publish: Publish, 
/**
 * What stands in the way of publishing; empty when nothing does.
 */
obstacles: Array<string>, };

/**
 * `GET /api/v1/publications`: public, newest first. The page is `/hasil/{id}`; files are `/hasil/{id}/daftar.csv`, `.xlsx`, `.pdf`, `.json` and
 * `/hasil/{id}/semua.zip`; one person's line is `/hasil/{id}/peserta/{participant_no}`.
 */
export type PublicationView = { 
/**
 * The publication.
 */
id: string, 
/**
 * Selection title.
 */
selection: string, 
/**
 * Stage title.
 */
stage: string, 
/**
 * Heading.
 */
title: string, 
/**
 * Filing number.
 */
number: string, 
/**
 * Revision, from 1.
 */
revision: number, 
/**
 * Why, from the second on.
 */
reason: string, 
/**
 * When.
 */
published_utc_ms: number, 
/**
 * People on the lists.
 */
people: number, 
/**
 * SHA-256 of the JSON file, hex.
 */
sha256: string, };

/**
 * When objections are taken.
 */
export type ObjectionWindow = { 
/**
 * From.
 */
opens_utc_ms: number, 
/**
 * Until, not included.
 */
closes_utc_ms: number, };

/**
 * `POST /api/v1/objections/sign-in`: what a candidate knows of oneself; counted, and slowed down after a few wrong tries.
 */
export type CandidateSignIn = { 
/**
 * Participant number.
 */
participant_no: string, 
/**
 * National id number (NIK), 16 digits.
 */
nik: string, 
/**
 * `YYYY-MM-DD`.
 */
birth_date: string, };

/**
 * `GET /api/v1/objections/mine`, and the answer to signing in.
 */
export type MyObjections = { 
/**
 * Name.
 */
name: string, 
/**
 * Participant number.
 */
participant_no: string, 
/**
 * Title of the selection.
 */
selection: string, 
/**
 * Stages with a published list, newest first.
 */
stages: Array<MyStage>, };

/**
 * A stage as the candidate may object to it.
 */
export type MyStage = { 
/**
 * The stage.
 */
stage: string, 
/**
 * Title.
 */
title: string, 
/**
 * The newest publication.
 */
publication: string, 
/**
 * Address of one's own line.
 */
line: string, 
/**
 * Address of the certificate of scores.
 */
certificate: string, 
/**
 * When objections are taken; none until the committee has said so.
 */
window: ObjectionWindow | null, 
/**
 * The window is open now.
 */
open: boolean, 
/**
 * One's objection.
 */
objection: MyObjection | null, };

/**
 * One's own objection.
 */
export type MyObjection = { 
/**
 * The objection.
 */
id: string, 
/**
 * As written.
 */
text: string, 
/**
 * Name of the attached file.
 */
attachment: string | null, 
/**
 * When it was received.
 */
at_utc_ms: number, 
/**
 * `received`, `granted` or `refused`; a decision is shown once two have made it.
 */
state: string, 
/**
 * The committee's answer; empty before.
 */
answer: string, 
/**
 * When it was answered.
 */
answered_utc_ms: number | null, };

/**
 * `POST /api/v1/stages/{id}/objections`, by a candidate who is signed in.
 */
export type NewObjection = { 
/**
 * 20 to 4,000 characters.
 */
text: string, 
/**
 * A file in support.
 */
attachment: NewAttachment | null, };

/**
 * A file: PDF, JPEG or PNG, at most 2 MiB.
 */
export type NewAttachment = { 
/**
 * Name.
 */
name: string, 
/**
 * Content in base64.
 */
base64: string, };

/**
 * `PUT /api/v1/stages/{id}/objection-window`.
 */
export type PutObjectionWindow = { 
/**
 * From and until.
 */
window: ObjectionWindow, };

/**
 * `GET /api/v1/stages/{id}/objections`: the committee's desk.
 */
export type ObjectionDesk = { 
/**
 * When objections are taken.
 */
window: ObjectionWindow | null, 
/**
 * Those that wait first, oldest first.
 */
objections: Array<ObjectionView>, };

/**
 * An objection as the committee sees it.
 */
export type ObjectionView = { 
/**
 * The objection.
 */
id: string, 
/**
 * Who.
 */
participant_no: string, 
/**
 * Name.
 */
name: string, 
/**
 * Formation code.
 */
formation: string, 
/**
 * As written.
 */
text: string, 
/**
 * The attached file, at `/api/v1/objections/{id}/attachment`.
 */
attachment: AttachmentView | null, 
/**
 * When it was received.
 */
at_utc_ms: number, 
/**
 * Where it stands.
 */
state: ObjectionState, 
/**
 * The decision that was proposed or made.
 */
decision: ObjectionDecision | null, 
/**
 * Why the person who asks cannot confirm the decision: `not_committee`, `same_person`, `same_browser`, `correction_open`; none when they can.
 */
hindrance: string | null, };

/**
 * A file that was attached.
 */
export type AttachmentView = { 
/**
 * Name.
 */
name: string, 
/**
 * Media type.
 */
media_type: string, 
/**
 * Size.
 */
bytes: number, };

/**
 * Where an objection stands.
 */
export type ObjectionState = "received" | "decided" | "answered";

/**
 * A decision.
 */
export type ObjectionDecision = { 
/**
 * The decision; a second person names the one that was read.
 */
id: string, 
/**
 * Granted or refused.
 */
granted: boolean, 
/**
 * The answer to the candidate.
 */
answer: string, 
/**
 * The correction that puts it right.
 */
correction: string | null, 
/**
 * Who decided.
 */
by: string, 
/**
 * When.
 */
at_utc_ms: number, 
/**
 * Who confirmed.
 */
confirmed_by: string | null, 
/**
 * When.
 */
confirmed_utc_ms: number | null, };

/**
 * `POST /api/v1/objections/{id}/decision`. Then another confirms it ([`ConfirmDecision`]) or returns it ([`ReturnDecision`]).
 */
export type DecideObjection = { 
/**
 * Granted or refused.
 */
granted: boolean, 
/**
 * The answer to the candidate, 10 to 4,000 characters.
 */
answer: string, 
/**
 * The correction that puts it right; a granted objection whose effect changes no list has none.
 */
correction: string | null, };

/**
 * `POST /api/v1/objections/{id}/confirm`: by a second person, about the decision that was read.
 */
export type ConfirmDecision = { 
/**
 * The decision.
 */
decision_id: string, };

/**
 * `POST /api/v1/objections/{id}/return`: takes the decision that was read back.
 */
export type ReturnDecision = { 
/**
 * The decision.
 */
decision_id: string, 
/**
 * Why.
 */
reason: string, };
