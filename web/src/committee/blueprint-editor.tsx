// The fields of a blueprint. Draws the draft and says what somebody did; everything else is in `blueprint.ts`.

import { useId } from "preact/hooks";
import { LIMITS, titleOf, type Draft, type DraftAction, type DraftCell, type DraftSection, type Fault, type Review } from "./blueprint";
import { faultSentence } from "./blueprint-faults";
import { available, availableTogether, sectionsOf, subtopicsOf, topicsOf, type Available, type Pool } from "./pool";
import { strings } from "./strings";
import { count } from "./widgets";

interface Parts {
  draft: Draft;
  review: Review;
  pool: Pool | undefined;
  /** Somebody tried to save: from now on empty counts are marked too. */
  tried: boolean;
  dispatch: (action: DraftAction) => void;
}

/** Paper, sections, tie order. */
export function BlueprintEditor(props: Parts) {
  const text = strings.editor;
  const { draft, dispatch } = props;
  return (
    <>
      <section class="card">
        <h4>{text.paper}</h4>
        <Line label={text.duration} hint={text.durationHint} fault={faultOf(props.review.faults, "paper_time")} suffix={strings.common.minutes} short
          value={draft.minutes} testid="paper-minutes" onText={(value) => dispatch({ type: "minutes", text: value })} />
      </section>
      {draft.sections.map((section, index) => <SectionCard key={section.key} {...props} section={section} index={index} />)}
      <AddSection {...props} />
      <TieOrder {...props} />
      <p class="soft" data-testid="thresholds-elsewhere">{text.thresholds}</p>
    </>
  );
}

function faultOf(faults: Fault[], code: Fault["code"], section?: number): string | undefined {
  const fault = faults.find((candidate) => candidate.code === code && (section === undefined || (candidate.place.at === "section" && candidate.place.section === section)));
  return fault === undefined ? undefined : faultSentence(fault);
}

function Line(props: {
  label: string;
  hint?: string;
  fault?: string | undefined;
  suffix?: string;
  short?: boolean;
  list?: string;
  value: string;
  testid: string;
  onText: (text: string) => void;
}) {
  const id = useId();
  return (
    <div class={props.fault === undefined ? "field" : "field wrong"}>
      <label for={id}>{props.label}</label>
      <span class="with-suffix">
        <input id={id} class={props.short === true ? "short" : undefined} list={props.list} autocomplete="off" data-testid={props.testid} value={props.value}
          aria-invalid={props.fault !== undefined} aria-describedby={`${id}-hint ${id}-fault`} onInput={(event) => props.onText(event.currentTarget.value)} />
        {props.suffix !== undefined && <span class="soft">{props.suffix}</span>}
      </span>
      <small class="hint" id={`${id}-hint`}>{props.hint}</small>
      <small class="fault" id={`${id}-fault`}>{props.fault}</small>
    </div>
  );
}

function Check(props: { label: string; checked: boolean; testid: string; onCheck: (checked: boolean) => void }) {
  return (
    <label class="inline">
      <input type="checkbox" checked={props.checked} data-testid={props.testid} onChange={(event) => props.onCheck(event.currentTarget.checked)} />
      <span>{props.label}</span>
    </label>
  );
}

function Arrows(props: { up: string; down: string; first: boolean; last: boolean; testid: string; onMove: (by: -1 | 1) => void }) {
  return (
    <>
      <button type="button" class="icon" aria-label={props.up} title={props.up} disabled={props.first} data-testid={`${props.testid}-up`} onClick={() => props.onMove(-1)}>↑</button>
      <button type="button" class="icon" aria-label={props.down} title={props.down} disabled={props.last} data-testid={`${props.testid}-down`} onClick={() => props.onMove(1)}>↓</button>
    </>
  );
}

function SectionCard(props: Parts & { section: DraftSection; index: number }) {
  const text = strings.editor;
  const { section, index, dispatch, review } = props;
  const edit = (change: Partial<Omit<DraftSection, "key" | "cells">>): void => dispatch({ type: "section edited", section: section.key, change });
  const fault = (...codes: Fault["code"][]): string | undefined => codes.map((code) => faultOf(review.faults, code, section.key)).find((found) => found !== undefined);
  const listId = useId();
  return (
    <section class="card section-card" data-testid={`section-${index}`} aria-label={text.section(index + 1)}>
      <div class="section-head">
        <h4>{text.section(index + 1)}</h4>
        <SectionSum {...props} />
        <span class="push">
          <Arrows up={text.moveUp(index + 1)} down={text.moveDown(index + 1)} first={index === 0} last={index === props.draft.sections.length - 1}
            testid={`section-${index}`} onMove={(by) => dispatch({ type: "section moved", section: section.key, by })} />
          <button type="button" class="icon danger" aria-label={`${text.removeSection} ${index + 1}`} title={text.removeSection} data-testid={`section-${index}-remove`}
            onClick={() => dispatch({ type: "section removed", section: section.key })}>✕</button>
        </span>
      </div>
      <div class="fields">
        <Line label={text.sectionTitle} hint={text.sectionTitleHint} fault={fault("section_title")} value={section.title} testid={`section-${index}-title`}
          onText={(title) => edit({ title })} />
        <Line label={text.sectionCode} hint={text.sectionCodeHint} fault={fault("section_code", "section_code_twice", "section_unknown")} list={listId} value={section.code}
          testid={`section-${index}-code`} onText={(code) => edit({ code })} />
        <Line label={text.sectionMinutes} hint={text.sectionMinutesHint} fault={fault("section_time")} short value={section.minutes} suffix={strings.common.minutes}
          testid={`section-${index}-minutes`} onText={(minutes) => edit({ minutes })} />
      </div>
      <datalist id={listId}>
        {sectionsOf(props.pool?.contents ?? []).map((known) => <option key={known.code} value={known.code}>{text.withItems(known.code, known.items)}</option>)}
      </datalist>
      <div class="row checks">
        <Check label={text.shuffleItems} checked={section.shuffleItems} testid={`section-${index}-shuffle-items`} onCheck={(shuffleItems) => edit({ shuffleItems })} />
        <Check label={text.shuffleChoices} checked={section.shuffleChoices} testid={`section-${index}-shuffle-choices`} onCheck={(shuffleChoices) => edit({ shuffleChoices })} />
        <Check label={text.linear} checked={section.linear} testid={`section-${index}-linear`} onCheck={(linear) => edit({ linear })} />
      </div>
      <ol class="cells" aria-label={text.cells}>
        {section.cells.map((cell, at) => <CellRow key={cell.key} {...props} cell={cell} at={at} />)}
      </ol>
      {fault("section_empty") !== undefined && <p class="fault">{fault("section_empty")}</p>}
      {fault("section_short") !== undefined && <p class="fault warn">{fault("section_short")}</p>}
      <button type="button" class="small" data-testid={`section-${index}-add-cell`} onClick={() => dispatch({ type: "cell added", section: section.key })}>+ {text.addCell}</button>
    </section>
  );
}

function SectionSum(props: Parts & { section: DraftSection; index: number }) {
  const text = strings.editor;
  const { section, pool } = props;
  const items = props.review.itemsOf[section.key] ?? 0;
  const known = pool !== undefined && section.code.trim() !== "";
  const together = known ? availableTogether(pool, section.code.trim(), section.cells) : undefined;
  const short = together !== undefined && items > together.items;
  return (
    <span class={short ? "section-sum tabular short" : "section-sum tabular"} data-testid={`section-${props.index}-sum`}>
      {together === undefined ? text.sectionSumUnknown(items) : text.sectionSum(items, availableWords(together))}
    </span>
  );
}

function availableWords(there: Available): string {
  return there.exact ? count(there.items) : strings.editor.atMost(count(there.items));
}

function CellRow(props: Parts & { section: DraftSection; index: number; cell: DraftCell; at: number }) {
  const text = strings.editor;
  const { section, cell, at, dispatch, pool } = props;
  const contents = pool?.contents ?? [];
  const code = section.code.trim();
  const testid = `cell-${props.index}-${at}`;
  const edit = (change: Partial<Omit<DraftCell, "key">>): void => dispatch({ type: "cell edited", section: section.key, cell: cell.key, change });
  const faults = props.review.faults.filter((fault) => fault.place.at === "cell" && fault.place.cell === cell.key);
  const wrong = faults.some((fault) => fault.code === "cell_count") || (props.tried && cell.count.trim() === "");
  const withCounts = (list: { code: string; items: number }[]): Option[] => list.map((entry) => ({ value: entry.code, label: text.withItems(entry.code, entry.items) }));
  return (
    <li class="cell" aria-label={text.cell(at + 1)} data-testid={testid}>
      <Pick label={text.topic} value={cell.topic} options={withCounts(topicsOf(contents, code))} testid={`${testid}-topic`} onPick={(topic) => edit({ topic })} />
      <Pick label={text.subtopic} value={cell.subtopic} options={withCounts(subtopicsOf(contents, code, cell.topic))} disabled={cell.topic === "" && cell.subtopic === ""}
        testid={`${testid}-subtopic`} onPick={(subtopic) => edit({ subtopic })} />
      <Pick label={text.level} value={cell.level} options={Object.entries(text.levels).map(([value, label]) => ({ value, label }))} testid={`${testid}-level`}
        onPick={(level) => edit({ level })} />
      <Pick label={text.difficulty} value={cell.difficulty} options={Object.entries(text.difficulties).map(([value, label]) => ({ value, label }))}
        testid={`${testid}-difficulty`} onPick={(difficulty) => edit({ difficulty })} />
      <label class={wrong ? "cell-field wrong" : "cell-field"}>
        <span class="cap">{text.count}</span>
        <input class="count" inputMode="numeric" autocomplete="off" value={cell.count} aria-invalid={wrong} data-testid={`${testid}-count`}
          onInput={(event) => edit({ count: event.currentTarget.value })} />
      </label>
      <span class="cell-field">
        <span class="cap">{text.available}</span>
        <CellAvailable pool={pool} section={code} cell={cell} short={faults.some((fault) => fault.code === "cell_short")} testid={`${testid}-available`} />
      </span>
      <button type="button" class="icon danger" aria-label={text.removeCell(at + 1)} title={text.removeCell(at + 1)} data-testid={`${testid}-remove`}
        onClick={() => dispatch({ type: "cell removed", section: section.key, cell: cell.key })}>✕</button>
      {faults.map((fault) => <small key={fault.code} class={fault.stops ? "fault" : "fault warn"}>{faultSentence(fault)}</small>)}
    </li>
  );
}

function CellAvailable(props: { pool: Pool | undefined; section: string; cell: DraftCell; short: boolean; testid: string }) {
  const text = strings.editor;
  if (props.pool === undefined || props.section === "") {
    return <span class="available soft" data-testid={props.testid}>{text.unknown}</span>;
  }
  const there = available(props.pool, props.section, props.cell);
  return (
    <span class={props.short ? "available tabular short" : "available tabular"} data-testid={props.testid} title={there.exact ? undefined : text.atMostHint}>
      {availableWords(there)}
    </span>
  );
}

interface Option {
  value: string;
  label: string;
}

// A value the bank does not know (any more) stays visible instead of silently becoming "any".
function Pick(props: { label: string; value: string; options: Option[]; disabled?: boolean; testid: string; onPick: (value: string) => void }) {
  const text = strings.editor;
  const unknown = props.value !== "" && !props.options.some((option) => option.value === props.value);
  return (
    <label class="cell-field">
      <span class="cap">{props.label}</span>
      <select value={props.value} disabled={props.disabled} data-testid={props.testid} onChange={(event) => props.onPick(event.currentTarget.value)}>
        <option value="">{text.any}</option>
        {unknown && <option value={props.value}>{text.notInBank(props.value)}</option>}
        {props.options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </label>
  );
}

function AddSection(props: Parts) {
  const text = strings.editor;
  const used = props.draft.sections.map((section) => section.code.trim());
  const unused = sectionsOf(props.pool?.contents ?? []).filter((known) => !used.includes(known.code));
  return (
    <div class="row add-section">
      {unused.map((known) => (
        <button key={known.code} type="button" data-testid={`add-section-${known.code}`} disabled={props.draft.sections.length >= LIMITS.sections}
          onClick={() => props.dispatch({ type: "section added", code: known.code, title: titleOf(known.code) })}>
          + {text.withItems(titleOf(known.code), known.items)}
        </button>
      ))}
      <button type="button" data-testid="add-section" disabled={props.draft.sections.length >= LIMITS.sections}
        onClick={() => props.dispatch({ type: "section added", code: "", title: "" })}>+ {text.addSection}</button>
    </div>
  );
}

function TieOrder(props: Parts) {
  const text = strings.editor;
  const { draft, dispatch } = props;
  const title = (key: number): string => {
    const section = draft.sections.find((candidate) => candidate.key === key);
    return section === undefined || section.title.trim() === "" ? text.untitled : section.title.trim();
  };
  const others = draft.sections.filter((section) => !draft.tie.includes(section.key));
  return (
    <section class="card" data-testid="tie-order" aria-label={text.tie}>
      <h4>{text.tie}</h4>
      <p class="soft">{text.tieHint}</p>
      {draft.tie.length === 0 ? <p>{text.tieNone}</p> : (
        <ol class="order">
          {draft.tie.map((key, index) => (
            <li key={key}>
              <span class="order-number tabular" aria-hidden="true">{index + 1}</span>
              <span class="order-name">{title(key)}</span>
              <Arrows up={text.tieUp(title(key))} down={text.tieDown(title(key))} first={index === 0} last={index === draft.tie.length - 1} testid={`tie-${index}`}
                onMove={(by) => dispatch({ type: "tie moved", section: key, by })} />
              <button type="button" class="icon" aria-label={text.tieRemove(title(key))} title={text.tieRemove(title(key))} data-testid={`tie-${index}-remove`}
                onClick={() => dispatch({ type: "tie removed", section: key })}>✕</button>
            </li>
          ))}
        </ol>
      )}
      <div class="row">
        {others.map((section) => (
          <button key={section.key} type="button" class="small" onClick={() => dispatch({ type: "tie added", section: section.key })}>
            <span class="visually-hidden">{text.tieAdd}: </span>+ {title(section.key)}
          </button>
        ))}
      </div>
    </section>
  );
}
