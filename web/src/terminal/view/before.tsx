// The pages on the way to the exam: sign-in, "is this you", rules, practice, waiting room.

import { useState } from "preact/hooks";
import { type Language, chooseLanguage, language } from "../../common/language";
import type { PaperItem } from "../../wire";
import { type Cell, counts, underway } from "../state";
import { Page, type ViewProps } from "./frame";
import { Grid, Item, Legend } from "./item";
import { Rich } from "./rich";
import { t } from "./texts";

/** Participant number and PIN; the language of this machine. */
export function SignIn({ state, tell }: ViewProps) {
  const [participant_no, setNumber] = useState("");
  const [pin, setPin] = useState("");
  const [malformed, setMalformed] = useState(false);
  const refusal = malformed ? t.sign_in.pin_form : state.sign_in_refusal === "" ? t.sign_in.unreachable : state.sign_in_refusal;
  const submit = (event: Event): void => {
    event.preventDefault();
    const wrong = pin.replace(/\D/g, "").length !== 8;
    setMalformed(wrong);
    if (!wrong) tell({ t: "sign_in", participant_no, pin });
  };
  return (
    <Page state={state} tell={tell} title={t.sign_in.title}>
      <p>{t.sign_in.lead}</p>
      <form class="sign-in" onSubmit={submit} data-testid="sign-in">
        <label>
          {t.sign_in.participant_no}
          <input
            value={participant_no}
            onInput={(event) => setNumber(event.currentTarget.value)}
            required
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            data-testid="participant-no"
          />
        </label>
        <label>
          {t.sign_in.pin}
          <input
            class="pin tabular"
            value={pin}
            onInput={(event) => setPin(event.currentTarget.value)}
            required
            inputMode="numeric"
            autocomplete="off"
            maxLength={9}
            aria-describedby="sign-in-refusal"
            data-testid="pin"
          />
        </label>
        <p id="sign-in-refusal" role="alert" class={refusal === null ? "" : "notice bad"} data-testid="refusal">
          {refusal}
        </p>
        <button class="primary" disabled={state.signing_in} data-testid="sign-in-submit">
          {state.signing_in ? t.sign_in.busy : t.sign_in.submit}
        </button>
      </form>
      {state.leftovers.map(({ participant_no: no, answers }) => (
        <p key={no} class="notice warn" data-testid="leftover">
          {t.sign_in.leftover(no, answers)}
        </p>
      ))}
      <LanguageSwitch />
    </Page>
  );
}

function LanguageSwitch() {
  const names: readonly (readonly [Language, string])[] = [
    ["id", "Bahasa Indonesia"],
    ["en", "English"],
  ];
  return (
    <div class="languages" role="group" aria-label={t.language}>
      {names.map(([code, name]) => (
        <button key={code} type="button" lang={code} aria-pressed={language() === code} onClick={() => chooseLanguage(code)} data-testid={`language-${code}`}>
          {name}
        </button>
      ))}
    </div>
  );
}

/** "Is this you?" */
export function Confirm({ state, tell }: ViewProps) {
  const who = state.who;
  if (who === null) return null;
  const rows: readonly (readonly [string, string])[] = [
    [t.confirm.name, who.name],
    [t.confirm.participant_no, who.participant_no],
    [t.confirm.formation, who.formation],
    [t.confirm.selection, `${who.selection} · ${who.stage}`],
    [t.confirm.sitting, who.sitting],
    [t.confirm.place, t.confirm.seat(who.hall, who.seat)],
  ];
  return (
    <Page state={state} tell={tell} title={t.confirm.title}>
      <dl class="facts" data-testid="who">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="row">
        <button type="button" class="primary" onClick={() => tell({ t: "confirm" })} data-testid="this-is-me">
          {t.confirm.yes}
        </button>
        <button type="button" onClick={() => tell({ t: "not_me", yes: true })} data-testid="not-me">
          {t.confirm.no}
        </button>
      </div>
    </Page>
  );
}

/** Waits for the proctor with hands off. */
export function NotMe({ state, tell }: ViewProps) {
  return (
    <Page state={state} tell={tell} title={t.not_me.title}>
      <p>{t.not_me.text}</p>
      <div class="row">
        <button type="button" onClick={() => tell({ t: "not_me", yes: false })} data-testid="back">
          {t.not_me.back}
        </button>
        <button type="button" onClick={() => tell({ t: "leave", sure: false })} data-testid="leave">
          {t.not_me.sign_in}
        </button>
      </div>
    </Page>
  );
}

/** Sections, rules, and the consent. */
export function Rules({ state, tell }: ViewProps) {
  const [agreed, setAgreed] = useState(false);
  const who = state.who;
  if (who === null) return null;
  const sending = underway(state, "consent");
  const unknown = state.epoch < 0;
  const minutes = (seconds: number): string => t.rules.minutes(Math.round(seconds / 60));
  return (
    <Page state={state} tell={tell} title={t.rules.title} wide>
      <table class="outline">
        <thead>
          <tr>
            <th scope="col">{t.rules.section}</th>
            <th scope="col" class="number">
              {t.rules.items}
            </th>
            <th scope="col" class="number">
              {t.rules.time}
            </th>
          </tr>
        </thead>
        <tbody>
          {who.sections.map((section) => (
            <tr key={section.code}>
              <td>
                {section.title}
                {section.linear && <span class="soft"> ({t.rules.own_order})</span>}
              </td>
              <td class="number">{section.items}</td>
              <td class="number">{section.duration_s === null ? "" : minutes(section.duration_s)}</td>
            </tr>
          ))}
          <tr class="total">
            <th scope="row">{t.rules.whole}</th>
            <td class="number">{who.sections.reduce((sum, section) => sum + section.items, 0)}</td>
            <td class="number">{minutes(who.duration_s)}</td>
          </tr>
        </tbody>
      </table>
      <Rich class="rules" html={who.rules} />
      <label class="inline agree">
        <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} data-testid="agree" />
        {t.rules.agree}
      </label>
      <button type="button" class="primary" disabled={!agreed || sending || unknown} onClick={() => tell({ t: "consent" })} data-testid="consent">
        {sending ? t.rules.sending : unknown ? t.rules.offline : t.rules.submit}
      </button>
    </Page>
  );
}

const SUMS: readonly (readonly [string, readonly number[], number])[] = [
  ["2 + 3", [4, 5, 6, 7, 8], 1],
  ["9 − 4", [3, 4, 5, 6, 7], 2],
  ["3 × 3", [6, 7, 8, 9, 10], 3],
];
const EMPTY: Cell = { choices: [], doubtful: false, pending: false };

/** Items that cost no time and count for nothing, with the buttons of the exam. Nothing of it leaves this page. */
export function Practice({ state, tell }: ViewProps) {
  const [cursor, setCursor] = useState(0);
  const [cells, setCells] = useState<readonly Cell[]>(SUMS.map(() => EMPTY));
  const [moved, setMoved] = useState(false);
  const [sum, results] = SUMS[cursor]!;
  const here = cells[cursor]!;
  const item: PaperItem = {
    item: `practice-${cursor}`,
    language: "",
    stem: `<p>${t.practice.stem(sum)}</p>`,
    multiple: false,
    choices: results.map((result, index) => ({ id: index, text: String(result) })),
  };
  const change = (cell: Partial<Cell>): void => setCells(cells.map((old, at) => (at === cursor ? { ...old, ...cell } : old)));
  const go = (position: number): void => {
    setMoved(true);
    setCursor(Math.max(0, Math.min(SUMS.length - 1, position)));
  };
  const seen = counts(cells);
  const tasks: readonly (readonly [string, boolean])[] = [
    [t.practice.choose, seen.answered > 0],
    [t.practice.doubt, seen.doubtful > 0],
    [t.practice.move, moved],
  ];
  const done = tasks.every(([, tried]) => tried);
  const leave = (): void => tell({ t: "practise", on: false });
  return (
    <Page state={state} tell={tell} title={t.practice.title} wide>
      <p class="notice">{t.practice.lead}</p>
      <ul class="tasks" aria-label={t.practice.tasks}>
        {tasks.map(([task, tried]) => (
          <li key={task} class={tried ? "tried" : ""}>
            <span aria-hidden="true">{tried ? "✓" : "○"}</span> {task}
            {tried && <span class="visually-hidden"> ({t.practice.done})</span>}
          </li>
        ))}
      </ul>
      <div class="practice" data-testid="practice">
        <div class="pane">
          <Item
            position={cursor}
            heading={t.practice.item(cursor + 1)}
            item={item}
            chosen={here.choices}
            disabled={false}
            onChoose={(index) => change({ choices: [index] })}
          />
          <div class="actions" role="group" aria-label={t.exam.actions}>
            <button type="button" disabled={cursor === 0} onClick={() => go(cursor - 1)}>
              {t.exam.previous}
            </button>
            <button type="button" onClick={() => go(cursor + 1)}>
              {t.exam.pass}
            </button>
            <button type="button" class="doubt" aria-pressed={here.doubtful} onClick={() => change({ doubtful: !here.doubtful })}>
              {t.exam.doubt}
            </button>
            <button type="button" disabled={here.choices.length === 0} onClick={() => change({ choices: [] })}>
              {t.exam.clear}
            </button>
            <button type="button" class="primary" onClick={() => go(cursor + 1)}>
              {t.exam.next}
            </button>
          </div>
        </div>
        <nav class="grid" aria-label={t.exam.grid}>
          <Grid sections={[{ title: t.exam.grid, first: 0, end: SUMS.length }]} cells={cells} cursor={cursor} open={() => true} onGo={go} />
          <Legend />
        </nav>
      </div>
      <button type="button" class={done ? "primary" : ""} onClick={leave} data-testid="practice-done">
        {done ? t.practice.finish : t.practice.skip}
      </button>
    </Page>
  );
}

/** Until the proctor, or the candidate, starts. */
export function Waiting({ state, tell }: ViewProps) {
  const who = state.who;
  const mine = state.start_individually && state.clock?.view.sitting_started === true;
  const starting = underway(state, "start");
  return (
    <Page state={state} tell={tell} title={t.waiting.title}>
      {who !== null && (
        <dl class="facts">
          <div>
            <dt>{t.confirm.name}</dt>
            <dd>
              {who.name}, {who.participant_no}
            </dd>
          </div>
          <div>
            <dt>{t.confirm.place}</dt>
            <dd>{t.confirm.seat(who.hall, who.seat)}</dd>
          </div>
          <div>
            <dt>{t.waiting.duration}</dt>
            <dd>{t.rules.minutes(Math.round(who.duration_s / 60))}</dd>
          </div>
        </dl>
      )}
      <p class="notice" role="status" data-testid="waiting">
        {mine ? t.waiting.ready : state.start_individually ? t.waiting.own : t.waiting.proctor}
      </p>
      {mine && (
        <button type="button" class="primary big" disabled={starting} onClick={() => tell({ t: "start" })} data-testid="start">
          {starting ? t.waiting.starting : t.waiting.start}
        </button>
      )}
      <button type="button" onClick={() => tell({ t: "practise", on: true })} data-testid="practise">
        {t.waiting.practise}
      </button>
    </Page>
  );
}
