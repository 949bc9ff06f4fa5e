// The desk's page: choose a sitting, then receive its candidates. The sitting is named by the address's hash.

/// <reference types="vite/client" />

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "../common/api";
import { dateTime } from "../common/format";
import { askAgainWhoIsThere, StaffGate } from "../common/sign-in";
import type { Role, SittingSummary } from "../wire";
import { DeskPage } from "./desk";
import { deskText } from "./text";
import "./desk.css";

const ROLES: Role[] = ["registrar"];
const LIST_AGAIN_MS = 15_000;

function App() {
  return <StaffGate roles={ROLES} title={deskText().title}>{() => <Signed />}</StaffGate>;
}

function Signed() {
  const text = deskText();
  const [chosen, setChosen] = useState(location.hash.slice(1));
  const [sittings, setSittings] = useState<SittingSummary[] | undefined>(undefined);
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  useEffect(() => {
    const changed = (): void => setChosen(location.hash.slice(1));
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  useEffect(() => {
    const load = (): void => {
      void get<SittingSummary[]>("/api/v1/desk/sittings").then((outcome) => {
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
  if (chosen !== "") {
    return <DeskPage key={chosen} id={chosen} sitting={sittings?.find((sitting) => sitting.id === chosen)} />;
  }
  return (
    <div class="desk-sittings">
      <h2>{text.sittings}</h2>
      <p class="soft">{text.sittingsHint}</p>
      {trouble !== undefined && <p class="notice warn" role="status" data-testid="sittings-trouble">{trouble}</p>}
      {sittings === undefined && trouble === undefined && <p role="status">{text.loading}</p>}
      {sittings?.length === 0 && <p class="card" data-testid="no-sittings">{text.noSittings}</p>}
      <ul data-testid="sitting-list">
        {[...(sittings ?? [])].sort((a, b) => a.starts_utc_ms - b.starts_utc_ms).map((sitting) => (
          <li key={sitting.id}>
            <a class={`desk-sitting phase-${sitting.phase}`} href={`#${sitting.id}`} data-testid="sitting-link" data-sitting={sitting.id}>
              <span class="tabular">{dateTime(sitting.starts_utc_ms)}</span>
              <span class="desk-sitting-name"><strong>{sitting.code} · {sitting.hall}</strong><span class="soft">{sitting.selection} · {sitting.stage}</span></span>
              <span class="desk-sitting-state"><b>{text.phases[sitting.phase]}</b><span class="tabular">{text.enrolledPresent(sitting.enrolled, sitting.present)}</span></span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

const app = document.getElementById("app");
if (app !== null) {
  render(<App />, app);
}
