// The side of the console: alerts above; below them the person (or the many), the approvals and the journal.

import { clockTime, countdown } from "../common/format";
import { RefusalText } from "../common/sign-in";
import type { LogLine, ProposalView, SeatView } from "../wire";
import { applies, type SessionAct } from "./acts";
import type { Hands } from "./console";
import { Icon } from "./icons";
import { isDisconnected, remainingNow, statusOf, type Alert, type AlertKind } from "./seats";
import type { Console, Hall, Late } from "./state";
import { proctorText } from "./text";

/** More alerts of one kind than this are told in one line. */
const ALERTS_EACH_MAX = 5;
/** Log lines drawn; the journal itself is complete on the server. */
const LOG_LINES_SHOWN = 300;

export function Side(props: { state: Console; hall: Hall; hands: Hands }) {
  const text = proctorText();
  const { state, hall, hands } = props;
  const tabs = [["person", text.person], ["proposals", text.proposalsTab(hall.proposals.length)], ["log", text.log]] as const;
  const onKey = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[(tabs.findIndex(([side]) => side === state.side) + by + tabs.length) % tabs.length];
    if (by !== 0 && next !== undefined) {
      hands.dispatch({ type: "side", side: next[0] });
      document.getElementById(`tab-${next[0]}`)?.focus();
    }
  };
  return (
    <aside class="side" aria-label={text.sides}>
      <Alerts state={state} hall={hall} hands={hands} />
      <div class="tabs" role="tablist" aria-label={text.sides} onKeyDown={onKey}>
        {tabs.map(([side, label]) => (
          <button key={side} id={`tab-${side}`} type="button" role="tab" aria-selected={state.side === side} aria-controls="side-panel" tabIndex={state.side === side ? 0 : -1} data-testid={`side-${side}`}
            class={side === "proposals" && hall.proposals.length > 0 ? "tab-calls" : ""} onClick={() => hands.dispatch({ type: "side", side })}>{label}</button>
        ))}
      </div>
      <div class="side-panel" id="side-panel" role="tabpanel" aria-labelledby={`tab-${state.side}`} tabIndex={0}>
        {state.side === "person" && <People state={state} hall={hall} hands={hands} />}
        {state.side === "proposals" && <Proposals proposals={hall.proposals} hands={hands} />}
        {state.side === "log" && <Log log={hall.log} />}
      </div>
    </aside>
  );
}

function Alerts(props: { state: Console; hall: Hall; hands: Hands }) {
  const text = proctorText();
  const { state, hall, hands } = props;
  const byKind = new Map<AlertKind, Alert[]>();
  for (const alert of state.alerts) {
    byKind.set(alert.kind, [...(byKind.get(alert.kind) ?? []), alert]);
  }
  const lines = [...byKind].flatMap(([kind, alerts]) => (alerts.length > ALERTS_EACH_MAX ? [{ kind, alerts }] : alerts.map((alert) => ({ kind, alerts: [alert] }))));
  lines.sort((a, b) => newest(b.alerts) - newest(a.alerts));
  return (
    <section class={lines.length === 0 ? "alerts" : "alerts alerts-some"} aria-labelledby="alerts-title">
      <h3 id="alerts-title" data-testid="alerts-title">{lines.length > 0 && <Icon name="alert" />}{text.alerts(state.alerts.length)}</h3>
      <div role="log" aria-live="polite" aria-labelledby="alerts-title" class="alert-list" data-testid="alerts" tabIndex={0}>
        {lines.length === 0 && <p class="soft">{text.noAlerts}</p>}
        {lines.map(({ kind, alerts }) => <AlertLine key={alerts.length === 1 ? alerts[0]?.key : kind} kind={kind} alerts={alerts} hall={hall} hands={hands} />)}
      </div>
    </section>
  );
}

function newest(alerts: readonly Alert[]): number {
  return Math.max(...alerts.map((alert) => alert.raisedUtcMs));
}

function AlertLine(props: { kind: AlertKind; alerts: readonly Alert[]; hall: Hall; hands: Hands }) {
  const text = proctorText();
  const { kind, alerts, hall, hands } = props;
  const sessions = alerts.map((alert) => alert.session).filter((session) => session !== undefined);
  const only = sessions.length === 1 && sessions[0] !== undefined ? hall.seats.get(sessions[0]) : undefined;
  const time = <time class="tabular">{clockTime(newest(alerts))}</time>;
  if (sessions.length === 0) {
    return <p class={`alert alert-${kind}`} data-testid="alert" data-kind={kind}>{time}<span><strong>{text.alertKinds[kind]}</strong></span></p>;
  }
  return (
    <button type="button" class={`alert alert-${kind}`} data-testid="alert" data-kind={kind} data-number={only?.participant_no} onClick={() => hands.dispatch({ type: "choose_many", sessions })}>
      {time}
      {only !== undefined && <span class="alert-kind">{text.alertKinds[kind]}</span>}
      {only === undefined ? (
        <span><strong>{text.alertMany(text.alertKinds[kind], sessions.length)}</strong></span>
      ) : (
        <span class="alert-who"><strong>{only.seat === null ? only.participant_no : hall.roomById.get(only.seat)?.label} {only.name}</strong></span>
      )}
    </button>
  );
}

function People(props: { state: Console; hall: Hall; hands: Hands }) {
  const text = proctorText();
  const { state, hall, hands } = props;
  const people = [...state.selected].map((session) => hall.seats.get(session)).filter((seat) => seat !== undefined);
  const [only] = people;
  if (people.length === 0 || only === undefined) {
    return (
      <div data-testid="panel-all">
        <p class="soft">{text.nobody}</p>
        <h3>{text.forAll}</h3>
        <Acts people={[...hall.seats.values()]} all hands={hands} />
      </div>
    );
  }
  if (people.length > 1) {
    return (
      <div data-testid="panel-many">
        <h3>{text.forMany(people.length)}</h3>
        <Acts people={people} hands={hands} />
        <ul class="chosen">
          {people.map((seat) => <li key={seat.session}><b class="tabular">{seat.seat === null ? "–" : hall.roomById.get(seat.seat)?.label}</b> {seat.name} <span class="soft">{text.status[statusOf(seat)]}</span></li>)}
        </ul>
      </div>
    );
  }
  return <Person seat={only} state={state} hall={hall} hands={hands} />;
}

function Person(props: { seat: SeatView; state: Console; hall: Hall; hands: Hands }) {
  const text = proctorText();
  const { seat, state, hall, hands } = props;
  const status = statusOf(seat);
  const remaining = remainingNow(seat, state.tracks.get(seat.session), hall.head, state.now);
  const quietS = seat.active_utc_ms === null ? undefined : Math.max(0, Math.round((state.now.utcMs - seat.active_utc_ms) / 1_000));
  const label = seat.seat === null ? undefined : hall.roomById.get(seat.seat)?.label;
  const link = isDisconnected(seat) ? text.disconnected : seat.connected ? text.connected : text.notConnected;
  const facts: [string, string, string][] = [
    ["number", text.details.number, seat.participant_no],
    ["formation", text.details.formation, seat.formation],
    ["attendance", text.details.attendance, text.attendance[seat.attendance]],
    ["consent", text.details.consent, seat.consented ? text.yes : text.no],
    ["connection", text.details.connection, link],
    ["progress", text.details.progress, `${seat.answered}/${seat.items}`],
    ["doubtful", text.details.doubtful, `${seat.doubtful}`],
    ["remaining", text.details.remaining, countdown(remaining)],
    ["granted", text.details.granted, seat.granted_s === 0 ? "–" : text.minutes(seat.granted_s)],
    ["active", text.details.active, quietS === undefined || seat.active_utc_ms === null ? text.never : `${clockTime(seat.active_utc_ms, true)} (${text.ago(quietS)})`],
  ];
  return (
    <div data-testid="panel-person" data-session={seat.session}>
      <div class="person-head">
        <span class="person-seat">{label ?? "–"}</span>
        <div>
          <h3 data-testid="person-name">{seat.name}</h3>
          <span class={`status-word status-${status}`} data-testid="person-status"><Icon name={status} />{text.status[status]}</span>
          {label === undefined && <span class="soft"> · {text.noSeat}</span>}
        </div>
      </div>
      <Acts people={[seat]} one hands={hands} />
      <dl class="facts">
        {facts.map(([key, name, value]) => <div key={key}><dt>{name}</dt><dd class="tabular" data-testid={`person-${key}`}>{value}</dd></div>)}
      </dl>
      {seat.late > 0 && <LateEvidence seat={seat} late={state.late} hands={hands} />}
    </div>
  );
}

/** Buttons for the acts; an act that applies to nobody of `people` cannot be pressed. */
function Acts(props: { people: readonly SeatView[]; all?: boolean; one?: boolean; hands: Hands }) {
  const text = proctorText();
  const { people, hands } = props;
  const [only] = people;
  if (!hands.mayAct) {
    return null;
  }
  const fit = (act: SessionAct): SeatView[] => people.filter((seat) => applies(act, seat));
  // For the whole hall the list stays empty: the server applies the act to all it concerns at that very moment.
  const sessions = (act: SessionAct): string[] => (props.all === true ? [] : fit(act).map((seat) => seat.session));
  const button = (act: SessionAct, look: string, begin: () => void) => (
    <button type="button" class={look} disabled={fit(act).length === 0} data-testid={`act-${act}`} onClick={begin}>{text.acts[act]}</button>
  );
  return (
    <div class="acts">
      {button("pause", "", () => hands.begin({ kind: "pause", sessions: sessions("pause") }))}
      {button("resume", "", () => hands.begin({ kind: "resume", sessions: sessions("resume") }))}
      {button("grant", "", () => hands.begin({ kind: "grant", sessions: sessions("grant"), minutes: "" }))}
      {button("message", "", () => hands.begin({ kind: "message", sessions: sessions("message"), text: "" }))}
      {props.one === true && only !== undefined && button("move", "", () => hands.begin({ kind: "move", session: only.session, seat: "" }))}
      {(props.one === true || props.all === true) && (
        <button type="button" data-testid="act-note" onClick={() => hands.begin({ kind: "note", session: props.one === true && only !== undefined ? only.session : null, text: "" })}>{text.acts.note}</button>
      )}
      {props.one === true && only !== undefined && button("terminate", "danger", () => hands.begin({ kind: "terminate", session: only.session, sure: false }))}
    </div>
  );
}

function LateEvidence(props: { seat: SeatView; late: Late | undefined; hands: Hands }) {
  const text = proctorText();
  const { seat, hands } = props;
  const late = props.late?.session === seat.session ? props.late : undefined;
  return (
    <section class="late" aria-labelledby="late-title">
      <h3 id="late-title"><Icon name="late" />{text.lateHeading} ({seat.late})</h3>
      {late?.trouble !== undefined && <div class="notice bad" role="alert">{late.trouble.kind === "refused" ? <RefusalText refusal={late.trouble.refusal} /> : text.unreachable}</div>}
      {late?.entries === undefined && late?.trouble === undefined && <p class="soft" role="status">{text.loading}</p>}
      <ul>
        {late?.entries?.map((entry) => (
          <li key={entry.position} data-testid="late-entry" data-position={entry.position}>
            <span>
              <strong>{text.lateItem(entry.paper_position + 1)}</strong> · {text.lateChoices(entry.choices.map((choice) => choice + 1).join(", "))}
              <br />
              <span class="soft tabular">{clockTime(entry.at_utc_ms, true)}{entry.note === "" ? "" : ` · ${entry.note}`}</span>
            </span>
            {hands.mayAct && (
              <button type="button" data-testid="act-admit" onClick={() => hands.begin({ kind: "admit", session: seat.session, position: entry.position, item: entry.paper_position + 1 })}>{text.acts.admit}</button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Proposals(props: { proposals: readonly ProposalView[]; hands: Hands }) {
  const text = proctorText();
  const { proposals, hands } = props;
  if (proposals.length === 0) {
    return <p class="soft" data-testid="no-proposals">{text.noProposals}</p>;
  }
  return (
    <ul class="proposals" data-testid="proposals">
      {proposals.map((proposal) => {
        const own = proposal.proposer_id === hands.me.id;
        return (
          <li key={proposal.id} data-testid="proposal" data-proposal={proposal.id}>
            <strong>{proposal.text}</strong>
            <span>{proposal.reason}</span>
            <span class="soft">{text.proposer(proposal.proposer, clockTime(proposal.at_utc_ms))}</span>
            {own && <span class="own-proposal" data-testid="own-proposal">{text.ownProposal}</span>}
            {!own && hands.mayDecide && (
              <span class="row">
                <button type="button" class="primary" data-testid="approve" onClick={() => hands.begin({ kind: "approve", proposal })}>{text.acts.approve}</button>
                <button type="button" class="danger" data-testid="reject" onClick={() => hands.begin({ kind: "reject", proposal })}>{text.acts.reject}</button>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Log(props: { log: readonly LogLine[] }) {
  const text = proctorText();
  if (props.log.length === 0) {
    return <p class="soft">{text.noLog}</p>;
  }
  const newestFirst = props.log.slice(-LOG_LINES_SHOWN).reverse();
  return (
    <ol class="log" data-testid="log">
      {newestFirst.map((line, index) => (
        <li key={`${line.position}-${props.log.length - index}`} data-testid="log-line" data-kind={line.kind}>
          <time class="tabular">{clockTime(line.at_utc_ms, true)}</time>
          <span>
            <strong>{text.logKinds[line.kind] ?? line.kind}</strong> · {line.about ?? text.wholeSitting}
            {line.text !== "" && <span class="log-text">{line.text}</span>}
            <span class="soft">{line.who}{line.approver === null ? "" : `, ${text.approvedBy(line.approver)}`}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
