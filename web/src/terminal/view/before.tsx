// The pages on the way to the exam: sign-in, "is this you", rules, waiting room.

import { type Language, chooseLanguage, language } from "../../common/language";
import { type SignInRefusal, underway } from "../state";
import { Page, type ViewProps, arrive } from "./frame";
import { Rich } from "./rich";
import { t } from "./texts";

/** Participant number and PIN; the language of this machine. */
export function SignIn({ state, tell }: ViewProps) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    tell({ t: "sign_in", participant_no: String(fields.get("participant_no")), pin: String(fields.get("pin")) });
  };
  return (
    <Page state={state} tell={tell} title={t.sign_in.title} field>
      <p>{t.sign_in.lead}</p>
      <form class="sign-in" onSubmit={submit} data-testid="sign-in">
        <label>
          {t.sign_in.participant_no}
          <input ref={arrive} name="participant_no" required autocomplete="off" autocapitalize="characters" spellcheck={false} data-testid="participant-no" />
        </label>
        <label>
          {t.sign_in.pin}
          <input class="pin tabular" name="pin" required inputMode="numeric" autocomplete="off" maxLength={9} aria-describedby="refusal" data-testid="pin" />
        </label>
        <p id="refusal" role="alert" class={state.sign_in_refusal === null ? "" : "notice bad"} data-testid="refusal">
          {refusalText(state.sign_in_refusal)}
        </p>
        <button class="primary" disabled={state.signing_in} data-testid="sign-in-submit">
          {state.signing_in ? t.sign_in.busy : t.sign_in.submit}
        </button>
      </form>
      {state.leftovers.map(({ participant_no, answers }) => (
        <p key={participant_no} class="notice warn" data-testid="leftover">
          {t.sign_in.leftover(participant_no, answers)}
        </p>
      ))}
      <LanguageSwitch />
    </Page>
  );
}

function refusalText(refusal: SignInRefusal | null): string {
  if (refusal === null) return "";
  switch (refusal.t) {
    case "malformed":
      return t.sign_in.pin_form;
    case "unreachable":
      return t.sign_in.unreachable;
    case "server":
      return refusal.message;
    default: {
      const unknown: never = refusal;
      return unknown;
    }
  }
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
      <Facts rows={rows} />
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

function Facts({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl class="facts" data-testid="who">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
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
  const { who, agreed } = state;
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
      <div class="rules" tabIndex={0} role="region" aria-label={t.rules.title}>
        <Rich html={who.rules} />
      </div>
      <label class="inline agree">
        <input type="checkbox" checked={agreed} onChange={(event) => tell({ t: "agree", yes: event.currentTarget.checked })} data-testid="agree" />
        {t.rules.agree}
      </label>
      <button type="button" class="primary" disabled={!agreed || sending || unknown} onClick={() => tell({ t: "consent" })} data-testid="consent">
        {sending ? t.rules.sending : unknown ? t.rules.offline : t.rules.submit}
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
        <Facts
          rows={[
            [t.confirm.name, `${who.name}, ${who.participant_no}`],
            [t.confirm.place, t.confirm.seat(who.hall, who.seat)],
            [t.waiting.duration, t.rules.minutes(Math.round(who.duration_s / 60))],
          ]}
        />
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
