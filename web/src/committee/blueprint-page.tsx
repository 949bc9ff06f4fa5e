// The blueprint editor's page: which draft it starts from, what the bank holds for it, and saving.

import { useEffect, useReducer, useState } from "preact/hooks";
import { get, put } from "../common/api";
import type { BlueprintBody, Id, ItemPage, ItemView, StageView } from "../wire";
import { draftFromBank, draftOf, review, stepDraft, type Draft, type Review } from "./blueprint";
import { BlueprintEditor } from "./blueprint-editor";
import { FaultList } from "./blueprint-faults";
import { TroubleNotice, useAct } from "./load";
import { BANK_PAGE, bankPath } from "./paths";
import { countItems, needsCounting, type Bucket, type Pool } from "./pool";
import { href } from "./route";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { ActButton, Chip, count } from "./widgets";

// Drafts that were not saved yet survive a look at another page; a reload asks first.
const unsaved = new Map<string, Draft>();

// Where the draft comes from: the stored blueprint, a copy of the common one, the bank's contents, or unsaved work of before.
interface Start {
  from: "stored" | "copy" | "bank" | "restored";
  draft: Draft;
}

interface Props extends SelectionProps {
  stage: Id;
  formation: Id | undefined;
}

/** `#/seleksi/{id}/kisi-kisi/{stage}` and `.../{formation}`. */
export function BlueprintPage(props: Props) {
  const stage = props.view.stages.find((candidate) => candidate.id === props.stage);
  if (stage === undefined) {
    return <p class="notice warn">{strings.stages.empty}</p>;
  }
  // Where nothing is stored the first draft is made of the bank's contents, so the editor waits for them.
  if (props.bankBusy && stage.blueprints.length === 0) {
    return <p class="loading" role="status"><span class="spinner" aria-hidden="true" /> {strings.common.loading}</p>;
  }
  return <Editor {...props} found={stage} />;
}

function firstDraft(props: Props, stage: StageView): Start {
  const kept = unsaved.get(draftKey(props));
  return kept === undefined ? storedDraft(props, stage) : { from: "restored", draft: kept };
}

function storedDraft(props: Props, stage: StageView): Start {
  const own = ownBlueprint(props, stage);
  if (own !== undefined) {
    return { from: "stored", draft: draftOf(own) };
  }
  const common = stage.blueprints.find((blueprint) => blueprint.formation === null);
  return common === undefined
    ? { from: "bank", draft: draftFromBank(props.bank?.cells ?? []) }
    : { from: "copy", draft: draftOf(common.blueprint) };
}

function ownBlueprint(props: Props, stage: StageView): BlueprintBody | undefined {
  return stage.blueprints.find((blueprint) => blueprint.formation === (props.formation ?? null))?.blueprint;
}

function draftKey(props: Props): string {
  return `${props.stage}/${props.formation ?? ""}`;
}

function Editor(props: Props & { found: StageView }) {
  const text = strings.editor;
  const [start, setStart] = useState(() => firstDraft(props, props.found));
  const [draft, dispatch] = useReducer(stepDraft, start.draft);
  // What is stored for this owner, as text; nothing before the first saving.
  const [baseline, setBaseline] = useState(() => {
    const own = ownBlueprint(props, props.found);
    return own === undefined ? undefined : JSON.stringify(draftOf(own));
  });
  const [saved, setSaved] = useState(false);
  const [tried, setTried] = useState(false);
  const act = useAct();
  const pool = usePool(props.bank, draft);
  const found = review(draft, pool);
  const dirty = JSON.stringify(draft) !== baseline;
  const formation = props.view.formations.find((candidate) => candidate.id === props.formation);
  useKept(draftKey(props), draft, dirty && (start.from === "restored" || draft !== start.draft));
  const sittings = props.view.sittings.filter((sitting) => sitting.stage === props.stage);
  const underWay = sittings.some((sitting) => sitting.phase !== "planned");
  const mayEdit = props.mayManage && !underWay;
  const back = href({ at: "step", selection: props.view.id, step: "stages" });

  const save = (): void => {
    if (found.body === undefined) {
      setTried(true);
      document.getElementById("faults")?.focus();
      return;
    }
    void act.run(() => put<unknown>(`/api/v1/stages/${props.stage}/blueprint`, { formation: props.formation ?? null, blueprint: found.body })).then((done) => {
      if (done !== undefined) {
        unsaved.delete(draftKey(props));
        setBaseline(JSON.stringify(draft));
        setSaved(true);
        void props.changed();
      }
    });
  };
  const discard = (): void => {
    unsaved.delete(draftKey(props));
    const again = storedDraft(props, props.found);
    setStart(again);
    dispatch({ type: "replaced", draft: again.draft });
  };

  return (
    <div data-testid="page-blueprint">
      <p class="crumb"><a href={back}>‹ {strings.stages.heading}</a></p>
      <h3 class="step-title">{text.heading(props.found.title)}</h3>
      <p class="row">
        <strong>{formation === undefined ? strings.stages.forAll : strings.stages.forOne(formation.title)}</strong>
        {mayEdit && (dirty ? <Chip kind="warn" testid="draft-state">{text.unsaved}</Chip> : <Chip kind="good" testid="draft-state">{text.savedChip}</Chip>)}
      </p>
      {underWay && <p class="notice" data-testid="blueprint-under-way">{text.underWay}</p>}
      {mayEdit && sittings.some((sitting) => sitting.drawn > 0) && <p class="notice warn" data-testid="blueprint-redraws">{text.redraws}</p>}
      {start.from === "restored" && dirty && <p class="notice">{text.restored}</p>}
      {start.from === "copy" && baseline === undefined && <p class="notice">{text.copied(formation?.title ?? "")}</p>}
      {start.from === "bank" && baseline === undefined && draft.sections.length > 0 && <p class="notice">{text.fromBank}</p>}
      <div class="editor">
        <fieldset class={mayEdit ? "bare" : "bare reading"} disabled={!mayEdit || act.busy}>
          <legend class="visually-hidden">{text.heading(props.found.title)}</legend>
          <BlueprintEditor draft={draft} review={found} pool={pool} tried={tried} dispatch={dispatch} />
        </fieldset>
        <aside class="card totals" aria-label={text.totals}>
          <Totals review={found} />
          <FaultList draft={draft} faults={found.faults} />
          <TroubleNotice trouble={act.trouble} />
          {mayEdit && (
            <>
              <ActButton kind="primary" busy={act.busy} label={text.save} testid="blueprint-save" onClick={save} />
              {dirty && <button type="button" class="plain" data-testid="blueprint-discard" onClick={discard}>{text.discard}</button>}
              <p role="status" class="done-word">{saved && !dirty && text.stored}</p>
            </>
          )}
        </aside>
      </div>
    </div>
  );
}

function Totals(props: { review: Review }) {
  const text = strings.editor;
  const { items, durationS } = props.review;
  return (
    <dl class="totals-list tabular">
      <div><dd data-testid="total-items">{count(items)}</dd><dt>{text.items}</dt></div>
      <div><dd data-testid="total-minutes">{durationS === undefined ? "–" : count(Math.round(durationS / 60))}</dd><dt>{text.minutes}</dt></div>
      <div><dd>{durationS === undefined || items === 0 ? "–" : count(Math.round(durationS / items))}</dd><dt>{text.perItem}</dt></div>
    </dl>
  );
}

function useKept(key: string, draft: Draft, keep: boolean): void {
  useEffect(() => {
    if (keep) {
      unsaved.set(key, draft);
    } else {
      unsaved.delete(key);
    }
  }, [key, draft, keep]);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (keep) {
        event.preventDefault();
      }
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [keep]);
}

// A section larger than this (3,000 items) is not counted item by item; its cells then show "at most".
const PAGES_MAX = 60;

// The table of contents knows neither levels nor difficulties: sections where a cell asks for them are counted item by item, once.
function usePool(bank: ItemPage | undefined, draft: Draft): Pool | undefined {
  const [counted, setCounted] = useState<Record<string, Bucket[]>>({});
  const asked = draft.sections.filter((section) => section.code.trim() !== "" && section.cells.some(needsCounting)).map((section) => section.code.trim());
  const wanted = [...new Set(asked)].filter((code) => counted[code] === undefined && bank?.cells.some((cell) => cell.section === code) === true);
  const names = wanted.join(" ");
  useEffect(() => {
    let stopped = false;
    const countAll = async (): Promise<void> => {
      for (const section of names.split(" ").filter((name) => name !== "")) {
        const items = await itemsOf(section, () => stopped);
        if (items !== undefined && !stopped) {
          setCounted((before) => ({ ...before, [section]: countItems(items) }));
        }
      }
    };
    void countAll();
    return () => {
      stopped = true;
    };
  }, [names]);
  return bank === undefined ? undefined : { contents: bank.cells, counted };
}

async function itemsOf(section: string, stopped: () => boolean): Promise<ItemView[] | undefined> {
  const all: ItemView[] = [];
  for (let page = 1; page <= PAGES_MAX && !stopped(); page += 1) {
    const outcome = await get<ItemPage>(bankPath({ section, topic: "", subtopic: "", find: "", page }));
    if (outcome.kind !== "ok") {
      return undefined;
    }
    all.push(...outcome.value.items);
    if (outcome.value.items.length < BANK_PAGE || all.length >= outcome.value.total) {
      return all;
    }
  }
  return undefined;
}
