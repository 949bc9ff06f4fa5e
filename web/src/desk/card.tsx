// The person in front of the desk: who they say they are, what was checked, where they will sit.

import { useEffect, useRef } from "preact/hooks";
import { newId } from "../common/api";
import { language } from "../common/language";
import { RefusalText } from "../common/sign-in";
import type { DeskList, DeskPerson } from "../wire";
import { DOCUMENTS, lacking, type Action, type Card, type WindowState } from "./state";
import { deskText } from "./text";

export function PersonCard(props: { card: Card; list: DeskList; window_: WindowState; dispatch: (action: Action) => void; checkIn: () => void }) {
  const text = deskText();
  const { card, list, window_, dispatch } = props;
  const { person } = card;
  const first = useRef<HTMLInputElement>(null);
  const inside = person.attendance === "present";
  useEffect(() => {
    if (first.current === null) {
      document.getElementById("reissue")?.focus();
    } else {
      first.current.focus();
    }
  }, []);
  const over = person.phase === "submitted" || person.phase === "expired" || person.phase === "terminated";
  return (
    <article class="person-card" aria-labelledby="card-name" data-testid="card" data-session={person.session} onKeyDown={(event) => onCardKey(event, dispatch)}>
      <Who person={person} />
      {person.attendance === "absent" && <p class="notice warn">{text.wasAbsent}</p>}
      {person.attendance === "refused" && <p class="notice warn">{text.wasRefused}</p>}
      {inside ? (
        <div class="card-inside">
          <p class="notice good" data-testid="already-in"><strong>{text.alreadyIn(person.seat ?? "–")}</strong> {text.phase[person.phase]}</p>
          <div class="card-buttons">
            <button type="button" data-testid="card-cancel" onClick={() => dispatch({ type: "back" })}>{text.goBack} <kbd>{text.cancelKeys}</kbd></button>
            {!over && <button type="button" id="reissue" class="primary" data-testid="reissue" onClick={() => dispatch({ type: "ask", kind: "reissue", freshId: newId() })}>{text.reissue}</button>}
          </div>
        </div>
      ) : (
        <form onSubmit={(event) => { event.preventDefault(); props.checkIn(); }}>
          <fieldset class="card-checks">
            <legend>{text.checklist}</legend>
            <label class={card.identity ? "check check-main check-on" : "check check-main"}>
              <input ref={first} type="checkbox" data-testid="identity" checked={card.identity} onChange={() => dispatch({ type: "identity" })} />
              <span>{text.identity}</span><kbd>1</kbd>
            </label>
            <div class="card-documents" role="group" aria-label={text.documentsSeen}>
              <span class="soft">{text.documentsSeen}</span>
              {DOCUMENTS.map((document, index) => (
                <label key={document} class={card.documents.includes(document) ? "check check-on" : "check"}>
                  <input type="checkbox" data-testid={`document-${document}`} checked={card.documents.includes(document)} onChange={() => dispatch({ type: "document", document })} />
                  <span>{text.documents[document]}</span><kbd>{index + 2}</kbd>
                </label>
              ))}
            </div>
            <SeatChoice card={card} list={list} dispatch={dispatch} />
            {window_.kind !== "open" && (
              <div class="card-override">
                <p class="notice warn" data-testid="window-warning"><strong>{text.window[window_.kind]}.</strong> {text.overrideHint}</p>
                <label>
                  {text.override}
                  <input type="text" data-testid="override" maxLength={500} value={card.override} onInput={(event) => dispatch({ type: "override", override: event.currentTarget.value })} />
                </label>
              </div>
            )}
          </fieldset>
          <div class="card-foot">
            <Lacking card={card} window_={window_} />
            <div role="alert">
              {card.trouble !== undefined && (
                <div class="notice bad" data-testid="card-trouble">{card.trouble.kind === "refused" ? <RefusalText refusal={card.trouble.refusal} /> : text.unreachableSend}</div>
              )}
            </div>
            <div class="card-buttons">
              <button type="button" class="danger" data-testid="absent" disabled={card.busy} onClick={() => dispatch({ type: "ask", kind: "absent", freshId: newId() })}>{text.absent}</button>
              <button type="button" class="danger" data-testid="refuse" disabled={card.busy} onClick={() => dispatch({ type: "ask", kind: "refused", freshId: newId() })}>{text.refuse}</button>
              <span class="card-space" />
              <button type="button" data-testid="card-cancel" disabled={card.busy} onClick={() => dispatch({ type: "back" })}>{text.cancel} <kbd>{text.cancelKeys}</kbd></button>
              <button type="submit" class="primary card-go" data-testid="check-in" aria-disabled={card.busy}>{card.busy ? text.sending : text.checkIn} <kbd>{text.checkInKeys}</kbd></button>
            </div>
          </div>
        </form>
      )}
    </article>
  );
}

/** Keys 1 to 7 tick the checklist, unless somebody writes. */
function onCardKey(event: KeyboardEvent, dispatch: (action: Action) => void): void {
  const target = event.target as HTMLElement;
  const writing = (target instanceof HTMLInputElement && target.type === "text") || target instanceof HTMLSelectElement;
  if (writing || event.ctrlKey || event.altKey || event.metaKey || !/^[1-7]$/.test(event.key)) {
    return;
  }
  event.preventDefault();
  const document = DOCUMENTS[Number(event.key) - 2];
  dispatch(document === undefined ? { type: "identity" } : { type: "document", document });
}

function Who(props: { person: DeskPerson }) {
  const text = deskText();
  const { person } = props;
  return (
    <div class="who">
      <Silhouette label={text.photo} />
      <div class="who-text">
        <h2 id="card-name" data-testid="card-name">{person.name}</h2>
        <p class="who-number tabular" data-testid="card-number"><span class="visually-hidden">{text.number} </span>{person.participant_no}</p>
        <dl>
          <div><dt>{text.birth}</dt><dd class="who-birth" data-testid="card-birth">{person.birth_date === null ? text.unknown : birthDate(person.birth_date)}</dd></div>
          <div><dt>{text.formation}</dt><dd>{person.formation}</dd></div>
          <div><dt>{text.category}</dt><dd data-testid="card-category">{person.category}</dd></div>
        </dl>
      </div>
      {(person.accommodation !== "" || person.extra_time_s > 0) && (
        <p class="who-special" data-testid="card-accommodation">
          <strong>{text.accommodation}:</strong> {person.accommodation}{" "}
          {person.extra_time_s > 0 && <strong class="who-extra">{text.extraTime(Math.round(person.extra_time_s / 60))}</strong>}
        </p>
      )}
    </div>
  );
}

/** A date of birth as on the identity card: day, month in words, year. */
function birthDate(date: string): string {
  const parsed = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) ? date : parsed.toLocaleDateString(language() === "id" ? "id-ID" : "en-GB", { day: "2-digit", month: "long", year: "numeric", timeZone: "UTC" });
}

function Silhouette(props: { label: string }) {
  return (
    <svg class="silhouette" viewBox="0 0 90 120" role="img" aria-label={props.label}>
      <rect width="90" height="120" fill="#dfe6ec" />
      <circle cx="45" cy="46" r="20" fill="#93a3b1" />
      <path d="M8 120c0-30 16-44 37-44s37 14 37 44z" fill="#93a3b1" />
    </svg>
  );
}

function SeatChoice(props: { card: Card; list: DeskList; dispatch: (action: Action) => void }) {
  const text = deskText();
  const { card, list } = props;
  const group = (label: string, spare: boolean) => {
    const seats = list.free_seats.filter((seat) => seat.spare === spare);
    return seats.length === 0 ? null : <optgroup label={label}>{seats.map((seat) => <option key={seat.id} value={seat.id}>{seat.label}</option>)}</optgroup>;
  };
  return (
    <label class="card-seat">
      {text.seatChoice}
      <select data-testid="seat-choice" value={card.seat} onChange={(event) => props.dispatch({ type: "seat", seat: event.currentTarget.value })}>
        <option value="">{card.person.seat === null ? text.seatRandom : text.seatAssigned(card.person.seat)}</option>
        {group(text.seatFree, false)}
        {group(text.seatSpare, true)}
      </select>
      <span class="soft">{text.freeCount(list.free_seats.length)}</span>
    </label>
  );
}

function Lacking(props: { card: Card; window_: WindowState }) {
  const text = deskText();
  const lack = props.card.tried ? lacking(props.card, props.window_) : undefined;
  return <p class="card-lacking" role="alert" data-testid="lacking">{lack === undefined ? "" : text.lacking[lack]}</p>;
}
