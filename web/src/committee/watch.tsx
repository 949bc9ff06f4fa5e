// All sittings at a glance, asked for again every five seconds.

import { useEffect, useState } from "preact/hooks";
import { clockTime, dateTime } from "../common/format";
import type { SittingPhase, SittingSummary } from "../wire";
import { TroubleNotice, useDocument } from "./load";
import { PhaseChip } from "./phase-chip";
import { strings } from "./strings";
import { byUrgency } from "./urgency";
import { Chip, count, Empty, Figure, TableFrame } from "./widgets";

const REFRESH_MS = 5_000;

/** `#/pantau`. */
export function WatchPage() {
  const text = strings.watch;
  const sittings = useDocument<SittingSummary[]>("/api/v1/proctor/sittings");
  const [freshUtcMs, setFresh] = useState<number>();
  useEffect(() => {
    if (sittings.value !== undefined) {
      setFresh(Date.now());
    }
  }, [sittings.value]);
  // The next question waits for the last answer, and nobody asks for a page that nobody sees.
  useEffect(() => {
    if (sittings.busy) {
      return undefined;
    }
    const timer = setTimeout(() => {
      if (document.visibilityState === "visible") {
        void sittings.reload();
      }
    }, REFRESH_MS);
    const seen = (): void => {
      if (document.visibilityState === "visible") {
        void sittings.reload();
      }
    };
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [sittings.busy, sittings.value, sittings.trouble]);
  return (
    <section class="page" data-testid="page-watch">
      <div class="page-head">
        <div>
          <h2>{text.heading}</h2>
          <p class="soft">{text.intro}</p>
        </div>
        {freshUtcMs !== undefined && sittings.trouble === undefined && <p class="soft tabular" data-testid="watch-fresh">{text.fresh(clockTime(freshUtcMs, true))}</p>}
      </div>
      {sittings.trouble?.kind === "refused" && <TroubleNotice trouble={sittings.trouble} retry={() => void sittings.reload()} />}
      {sittings.trouble?.kind === "unreachable" && (
        freshUtcMs === undefined
          ? <TroubleNotice trouble={sittings.trouble} retry={() => void sittings.reload()} />
          : <p class="notice bad" role="alert" data-testid="watch-stale">{text.stale(clockTime(freshUtcMs, true))}</p>
      )}
      {sittings.value === undefined && sittings.busy && <p class="loading" role="status"><span class="spinner" aria-hidden="true" /> {strings.common.loading}</p>}
      {sittings.value !== undefined && (sittings.value.length === 0 ? <Empty>{text.empty}</Empty> : <Sittings list={sittings.value} />)}
    </section>
  );
}

function Sittings(props: { list: SittingSummary[] }) {
  const text = strings.watch;
  const sum = (field: "present" | "running" | "ended", phases: SittingPhase[]): number =>
    props.list.filter((sitting) => phases.includes(sitting.phase)).reduce((total, sitting) => total + sitting[field], 0);
  const live: SittingPhase[] = ["open", "started", "held"];
  return (
    <>
      <div class="figures">
        <Figure value={count(props.list.filter((sitting) => sitting.phase === "started" || sitting.phase === "held").length)} label={text.nowRunning} testid="watch-sittings" />
        <Figure value={count(sum("present", live))} label={text.candidatesPresent} />
        <Figure value={count(sum("running", live))} label={text.candidatesRunning} testid="watch-running" />
        <Figure value={count(sum("ended", live))} label={text.candidatesEnded} />
      </div>
      <TableFrame label={text.caption}>
        <table class="full">
          <caption class="visually-hidden">{text.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{text.sitting}</th>
              <th scope="col">{text.phase}</th>
              <th scope="col">{text.starts}</th>
              <th scope="col">{text.hall}</th>
              <th scope="col">{text.present}</th>
              <th scope="col" class="number">{text.running}</th>
              <th scope="col" class="number">{text.ended}</th>
              <th scope="col">{text.papers}</th>
              <th scope="col">{text.links}</th>
            </tr>
          </thead>
          <tbody>{byUrgency(props.list).map((sitting) => <SittingRow key={sitting.id} sitting={sitting} />)}</tbody>
        </table>
      </TableFrame>
    </>
  );
}

function SittingRow(props: { sitting: SittingSummary }) {
  const text = strings.watch;
  const { sitting } = props;
  return (
    <tr data-testid={`watch-${sitting.code}`} class={sitting.phase}>
      <th scope="row" class="rules-cell"><span class="code">{sitting.code}</span><small class="under soft">{sitting.selection} · {sitting.stage}</small></th>
      <td><PhaseChip phase={sitting.phase} /></td>
      <td class="tabular nowrap">{dateTime(sitting.starts_utc_ms)}</td>
      <td>{sitting.hall}</td>
      <td>
        <span class="filled">
          <meter min={0} max={Math.max(1, sitting.enrolled)} value={sitting.present} aria-label={`${text.present} ${sitting.code}`} />
          <span class="tabular nowrap">{strings.common.of(count(sitting.present), count(sitting.enrolled))}</span>
        </span>
      </td>
      <td class="number">{count(sitting.running)}</td>
      <td class="number">{count(sitting.ended)}</td>
      <td>{sitting.drawn ? <span class="soft">{text.papersReady}</span> : <Chip kind="warn">{text.papersMissing}</Chip>}</td>
      <td class="nowrap">
        <a href={`/pengawas#${sitting.id}`} aria-label={text.consoleOf(sitting.code)} data-testid="watch-console">{text.console}</a>
        {" · "}
        <a href={`/papan#${sitting.id}`} aria-label={text.boardOf(sitting.code)} data-testid="watch-board">{text.board}</a>
      </td>
    </tr>
  );
}
