// The practice before the exam: the exam's buttons, with items that cost no time and count for nothing.

import { type Rehearsal, UNTOUCHED, practiceItem } from "../practice";
import { counts } from "../state";
import { Page, type ViewProps } from "./frame";
import { Actions, Grid, Item, Legend } from "./item";
import { t } from "./texts";

/** The practice page. */
export function Practice({ state, tell }: ViewProps) {
  const practice = state.practice ?? UNTOUCHED;
  const { cursor, cells, moved } = practice;
  const here = cells[cursor]!;
  const move = (what: Rehearsal): void => tell({ t: "rehearse", move: what });
  const go = (position: number): void => move({ t: "go", position });
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
      <div class="practice" data-testid="practice">
        <div class="pane">
          <Item
            position={cursor}
            heading={t.practice.item(cursor + 1)}
            item={practiceItem(practice, t.practice.stem)}
            chosen={here.choices}
            disabled={false}
            onChoose={(index) => move({ t: "choose", index })}
          />
          <Actions
            chosen={here.choices.length > 0}
            doubtful={here.doubtful}
            can
            first={cursor === 0}
            on={{ previous: () => go(cursor - 1), next: () => go(cursor + 1), doubt: () => move({ t: "doubt" }), clear: () => move({ t: "clear" }) }}
          />
        </div>
        <div>
          <h2>{t.practice.tasks}</h2>
          <ul class="tasks">
            {tasks.map(([task, tried]) => (
              <li key={task} class={tried ? "tried" : ""}>
                <span aria-hidden="true">{tried ? "✓" : "○"}</span> {task}
                {tried && <span class="visually-hidden"> ({t.practice.done})</span>}
              </li>
            ))}
          </ul>
          <Grid sections={[{ title: t.exam.grid, first: 0, end: cells.length }]} cells={cells} cursor={cursor} first={0} end={cells.length} onGo={go} />
          <Legend />
        </div>
      </div>
      <button type="button" class={done ? "primary" : ""} onClick={leave} data-testid="practice-done">
        {done ? t.practice.finish : t.practice.skip}
      </button>
    </Page>
  );
}
