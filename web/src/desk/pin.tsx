// A PIN, shown once, and the slip that can be printed with it.

import { useEffect, useRef } from "preact/hooks";
import { clockTime, countdown, dateTime } from "../common/format";
import type { SittingSummary } from "../wire";
import type { Issued } from "./state";
import { deskText } from "./text";

export function PinPanel(props: { issued: Issued; sitting: SittingSummary | undefined; nowUtcMs: number; next: () => void }) {
  const text = deskText();
  const { issued, sitting, nowUtcMs, next } = props;
  const { person, pin } = issued;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const left = pin.expires_utc_ms - nowUtcMs;
  const grouped = inFours(pin.pin);
  const onKeyDown = (event: KeyboardEvent): void => {
    // A key held down from the check-in must not hide the PIN at once.
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      next();
    } else if (event.key === "p" || event.key === "P") {
      window.print();
    }
  };
  return (
    <article ref={panel} class="pin-panel" tabIndex={-1} aria-labelledby="pin-title" data-testid="pin-panel" onKeyDown={onKeyDown}>
      <div class="pin-screen">
        <h2 id="pin-title">{issued.how === "reissue" ? text.pinNew : text.pinTitle}</h2>
        <p class="pin-who"><strong>{person.name}</strong> <span class="tabular">{person.participant_no}</span></p>
        <div class="pin-big">
          <p class="pin-digits tabular" data-testid="pin">{grouped}</p>
          <p class="pin-seat"><span>{text.goTo}</span> <strong data-testid="pin-seat">{pin.seat}</strong></p>
        </div>
        <p class={left > 0 ? "pin-valid tabular" : "pin-valid pin-over"} data-testid="pin-valid">{left > 0 ? text.validFor(countdown(left), clockTime(pin.expires_utc_ms)) : text.pinOver}</p>
        {(person.extra_time_s > 0 || person.accommodation !== "") && (
          <p class="who-special">{person.accommodation} {person.extra_time_s > 0 && <strong class="who-extra">{text.extraTime(Math.round(person.extra_time_s / 60))}</strong>}</p>
        )}
        <p class="soft">{text.pinOnce}</p>
        <div class="card-buttons">
          <button type="button" data-testid="print" onClick={() => window.print()}>{text.print} <kbd>{text.printKeys}</kbd></button>
          <span class="card-space" />
          <button type="button" class="primary card-go" data-testid="next" onClick={next}>{text.next} <kbd>{text.nextKeys}</kbd></button>
        </div>
      </div>
      <div class="slip" aria-hidden="true" data-testid="slip">
        <h3>{text.slipTitle}</h3>
        {sitting !== undefined && <p>{sitting.selection}<br />{sitting.stage} · {sitting.code} · {sitting.hall}<br />{dateTime(sitting.starts_utc_ms)}</p>}
        <p class="slip-who">{person.name}<br />{person.participant_no}</p>
        <p class="slip-seat">{text.goTo} <strong>{pin.seat}</strong></p>
        <p class="slip-pin">{grouped}</p>
        <p>{text.slipValid(clockTime(pin.expires_utc_ms))}</p>
        <p class="slip-hint">{text.slipHint}</p>
      </div>
    </article>
  );
}

/** Digits in groups of four. */
function inFours(pin: string): string {
  return pin.replace(/(.{4})(?=.)/g, "$1 ");
}
