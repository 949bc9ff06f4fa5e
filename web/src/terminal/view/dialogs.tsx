// What lies over the page: confirmations, help, an enlarged picture.

import { cells, counts, moves } from "../state";
import { Modal, type ViewProps } from "./frame";
import { t } from "./texts";

/** The open dialog, if any. */
export function Dialogs({ state, tell }: ViewProps) {
  const dialog = state.dialog;
  const close = (): void => tell({ t: "close_dialog" });
  if (dialog === null) return null;
  switch (dialog.t) {
    case "finish":
      return <Finish state={state} tell={tell} />;
    case "advance":
      return <Question words={t.advance} testid="advance-dialog" onYes={() => tell({ t: "advance" })} onNo={close} />;
    case "pass_over":
      return <Question words={t.pass_over} testid="pass-dialog" onYes={() => tell({ t: "pass_over" })} onNo={close} />;
    case "leave": {
      const words = { ...t.leave, text: t.leave.text(new Set(state.outbox.flatMap(({ frame }) => (frame.t === "answer" ? [frame.position] : []))).size) };
      return <Question words={words} testid="leave-dialog" onYes={() => tell({ t: "leave", sure: true })} onNo={close} />;
    }
    case "help":
      return <Help state={state} tell={tell} />;
    case "picture":
      return (
        <Modal title={dialog.alt === "" ? t.picture.title : dialog.alt} onClose={close} testid="picture-dialog" wide>
          <img class="enlarged" src={dialog.src} alt={dialog.alt === "" ? t.picture.none : dialog.alt} />
          <div class="row">
            <button type="button" autofocus onClick={close}>
              {t.picture.close}
            </button>
          </div>
        </Modal>
      );
    default: {
      const unknown: never = dialog;
      return unknown;
    }
  }
}

interface QuestionProps {
  words: { title: string; text: string; yes: string; no: string };
  testid: string;
  onYes: () => void;
  onNo: () => void;
}

function Question({ words, testid, onYes, onNo }: QuestionProps) {
  return (
    <Modal title={words.title} onClose={onNo} testid={testid}>
      <p>{words.text}</p>
      <div class="row">
        <button type="button" autofocus onClick={onNo} data-testid="no">
          {words.no}
        </button>
        <button type="button" class="danger" onClick={onYes} data-testid="yes">
          {words.yes}
        </button>
      </div>
    </Modal>
  );
}

function Finish({ state, tell }: ViewProps) {
  const all = cells(state);
  const seen = counts(all);
  const { first, end } = moves(state);
  const open = all.findIndex((cell, position) => position >= first && position < end && cell.choices.length === 0);
  const close = (): void => tell({ t: "close_dialog" });
  const rows: readonly (readonly [string, number, string])[] = [
    [t.finish.answered, seen.answered, "answered"],
    [t.finish.unanswered, seen.unanswered, "unanswered"],
    [t.finish.doubtful, seen.doubtful, "doubtful"],
    [t.finish.unsent, seen.unsent, "unsent"],
  ];
  return (
    <Modal title={t.finish.title} onClose={close} testid="finish-dialog">
      <dl class="tally">
        {rows.map(([name, count, key]) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd class="tabular" data-testid={`finish-${key}`}>
              {count}
            </dd>
          </div>
        ))}
      </dl>
      {seen.unanswered > 0 && <p class="notice warn">{t.finish.unanswered_note(seen.unanswered)}</p>}
      {seen.unsent > 0 && <p class="notice warn">{t.finish.unsent_note}</p>}
      <p>{t.finish.text}</p>
      <div class="row">
        <button type="button" autofocus onClick={close} data-testid="no">
          {t.finish.no}
        </button>
        {open >= 0 && (
          <button
            type="button"
            onClick={() => {
              close();
              tell({ t: "go", position: open });
            }}
            data-testid="first-unanswered"
          >
            {t.finish.first}
          </button>
        )}
        <button type="button" class="danger" onClick={() => tell({ t: "submit" })} data-testid="yes">
          {t.finish.yes}
        </button>
      </div>
    </Modal>
  );
}

function Help({ state: { preferences }, tell }: ViewProps) {
  const close = (): void => tell({ t: "close_dialog" });
  return (
    <Modal title={t.help.title} onClose={close} testid="help-dialog">
      <p>{t.help.text}</p>
      <table class="keys">
        <caption class="visually-hidden">{t.help.keys}</caption>
        <thead>
          <tr>
            <th scope="col">{t.help.key}</th>
            <th scope="col">{t.help.what}</th>
          </tr>
        </thead>
        <tbody>
          {t.help.rows.map(([key, what]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <label class="inline">
          <input
            type="checkbox"
            checked={preferences.shortcuts}
            onChange={(event) => tell({ t: "prefer", preferences: { ...preferences, shortcuts: event.currentTarget.checked } })}
            data-testid="shortcuts"
          />
          {t.help.shortcuts}
        </label>
      </p>
      <button type="button" autofocus onClick={close} data-testid="help-close">
        {t.help.close}
      </button>
    </Modal>
  );
}
