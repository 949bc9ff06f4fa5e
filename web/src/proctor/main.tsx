// The proctor's page: the list of sittings, or the console of the sitting named by the address's hash.

/// <reference types="vite/client" />

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "../common/api";
import { dateTime } from "../common/format";
import { askAgainWhoIsThere, fits, StaffGate } from "../common/sign-in";
import type { Me, Role, SittingSummary } from "../wire";
import { ConsolePage } from "./console";
import { proctorText } from "./text";
import "./proctor.css";

/** Who may come here, steer a hall, and decide what somebody else proposed: in step with the server, which has the last word. */
const WATCHING: Role[] = ["proctor", "committee", "auditor"];
const ACTING: Role[] = ["proctor"];
const DECIDING: Role[] = ["proctor", "committee"];
const LIST_AGAIN_MS = 15_000;

function App() {
  const text = proctorText();
  return (
    <StaffGate roles={WATCHING} title={text.title}>
      {(me) => <Signed me={me} />}
    </StaffGate>
  );
}

function Signed(props: { me: Me }) {
  const [sitting, setSitting] = useState(location.hash.slice(1));
  useEffect(() => {
    const changed = (): void => setSitting(location.hash.slice(1));
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return sitting === "" ? <Sittings /> : <ConsolePage key={sitting} sitting={sitting} me={props.me} mayAct={fits(props.me, ACTING)} mayDecide={fits(props.me, DECIDING)} />;
}

function Sittings() {
  const text = proctorText();
  const [sittings, setSittings] = useState<SittingSummary[] | undefined>(undefined);
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  useEffect(() => {
    const load = (): void => {
      void get<SittingSummary[]>("/api/v1/proctor/sittings").then((outcome) => {
        if (outcome.kind === "ok") {
          setSittings(outcome.value);
        } else if (outcome.kind === "refused" && outcome.status === 401) {
          askAgainWhoIsThere();
        }
        setTrouble(outcome.kind === "ok" ? undefined : outcome.kind === "refused" ? outcome.refusal.message : text.unreachable);
      });
    };
    load();
    const timer = setInterval(load, LIST_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="sittings">
      <h2>{text.sittings}</h2>
      {trouble !== undefined && <p class="notice warn" role="status" data-testid="sittings-trouble">{trouble}</p>}
      {sittings === undefined && trouble === undefined && <p role="status">{text.loading}</p>}
      {sittings?.length === 0 && <p class="card" data-testid="no-sittings">{text.noSittings}</p>}
      {sittings !== undefined && sittings.length > 0 && (
        <ul class="sitting-list" data-testid="sitting-list">
          {[...sittings].sort((a, b) => a.starts_utc_ms - b.starts_utc_ms).map((sitting) => <SittingCard key={sitting.id} sitting={sitting} />)}
        </ul>
      )}
    </div>
  );
}

function SittingCard(props: { sitting: SittingSummary }) {
  const text = proctorText();
  const { sitting } = props;
  return (
    <li>
      <a class={`sitting-card phase-${sitting.phase}`} href={`#${sitting.id}`} data-testid="sitting-link" data-sitting={sitting.id}>
        <span class="sitting-time tabular">{dateTime(sitting.starts_utc_ms)}</span>
        <span class="sitting-name">
          <strong>{sitting.code} · {sitting.hall}</strong>
          <span>{sitting.selection} · {sitting.stage}</span>
        </span>
        <span class="sitting-counts tabular">
          <span>{text.peopleOf(sitting.enrolled)}</span>
          <span>{text.presentOf(sitting.present)}</span>
          <span>{text.runningOf(sitting.running)}</span>
          <span>{text.endedOf(sitting.ended)}</span>
        </span>
        <span class="sitting-state">
          <span class={`badge badge-${sitting.phase}`}>{text.phases[sitting.phase]}</span>
          <span class={sitting.drawn ? "soft" : "sitting-undrawn"}>{text.papers}: {sitting.drawn ? text.drawn : text.notDrawn}</span>
        </span>
      </a>
    </li>
  );
}

const app = document.getElementById("app");
if (app !== null) {
  render(<App />, app);
}
