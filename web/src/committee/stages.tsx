// Stages, and which blueprint is in force for whom.

import { useState } from "preact/hooks";
import { post } from "../common/api";
import type { BlueprintBody, Created, StageView } from "../wire";
import { itemsOn, shortCells } from "./blueprint";
import { uncovered } from "./checklist";
import { minutesText, parseStage } from "./forms";
import { TroubleNotice, useAct } from "./load";
import { href } from "./route";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { useForm } from "./use-form";
import { ActButton, Chip, Empty, TextField } from "./widgets";

/** `#/seleksi/{id}/kisi-kisi`. */
export function StagesPage(props: SelectionProps) {
  const text = strings.stages;
  const { view } = props;
  return (
    <div data-testid="page-stages">
      <h3 class="step-title">{text.heading}</h3>
      {view.stages.length === 0 && <Empty>{text.empty}</Empty>}
      {view.stages.map((stage) => <StageCard key={stage.id} stage={stage} {...props} />)}
      {props.mayManage && <AddStage {...props} />}
    </div>
  );
}

function StageCard(props: SelectionProps & { stage: StageView }) {
  const text = strings.stages;
  const { stage, view } = props;
  const common = stage.blueprints.find((own) => own.formation === null);
  const differing = stage.blueprints.filter((own) => own.formation !== null);
  const without = uncovered(stage, view);
  return (
    <section class="card stage-card" data-testid={`stage-${stage.code}`}>
      <h4>{stage.title} <span class="code">{stage.code}</span></h4>
      {common === undefined
        ? (
          <div class="blueprint-line">
            <p class="soft">{text.none}</p>
            {props.mayManage && (
              <a class="button primary" data-testid="blueprint-compose" href={href({ at: "blueprint", selection: view.id, stage: stage.id, formation: undefined })}>{text.compose}</a>
            )}
          </div>
        )
        : <BlueprintLine {...props} formation={undefined} title={differing.length === 0 ? text.forAll : text.forOthers} body={common.blueprint} />}
      {differing.map((own) => {
        const formation = view.formations.find((candidate) => candidate.id === own.formation);
        return (
          <BlueprintLine key={own.formation} {...props} formation={own.formation ?? undefined} title={text.forOne(formation?.title ?? own.formation ?? "")} body={own.blueprint} />
        );
      })}
      {stage.blueprints.length > 0 && without.length > 0 && <p class="notice warn">{text.covered(without.join(", "))}</p>}
      {props.mayManage && <Differ {...props} />}
    </section>
  );
}

function BlueprintLine(props: SelectionProps & { stage: StageView; formation: string | undefined; title: string; body: BlueprintBody }) {
  const text = strings.stages;
  const { body, stage, view } = props;
  const short = props.bank === undefined ? 0 : shortCells(body, props.bank.cells);
  const titleOf = (code: string): string => body.sections.find((section) => section.code === code)?.title ?? code;
  return (
    <div class="blueprint-line" data-testid={`blueprint-${props.formation === undefined ? "common" : "own"}`}>
      <div>
        <h5>{props.title}</h5>
        <p class="tabular"><strong>{text.summary(itemsOn(body), minutesText(body.duration_s), body.sections.length)}</strong> {short > 0 && <Chip kind="warn">{text.short(short)}</Chip>}</p>
        <ul class="plain-list soft">
          {body.sections.map((section) => (
            <li key={section.code}>
              {text.sectionLine(section.title, section.cells.reduce((sum, cell) => sum + cell.count, 0))}
              {section.duration_s !== null && ` · ${minutesText(section.duration_s)} ${strings.common.minutes}`}
            </li>
          ))}
        </ul>
        <p class="soft">{text.tie}: {body.tie_order.length === 0 ? strings.common.none : body.tie_order.map(titleOf).join(", ")}</p>
      </div>
      <a class="button" data-testid="blueprint-edit" href={href({ at: "blueprint", selection: view.id, stage: stage.id, formation: props.formation })}>
        {props.mayManage ? text.edit : text.show}
        <span class="visually-hidden">: {props.title}</span>
      </a>
    </div>
  );
}

function Differ(props: SelectionProps & { stage: StageView }) {
  const text = strings.stages;
  const { stage, view } = props;
  const [formation, setFormation] = useState("");
  const others = view.formations.filter((candidate) => !stage.blueprints.some((own) => own.formation === candidate.id));
  if (others.length === 0 || stage.blueprints.length === 0) {
    return null;
  }
  const id = `differ-${stage.id}`;
  return (
    <details class="fold">
      <summary data-testid="differ-fold">{text.differing}</summary>
      <div class="row">
        <label class="visually-hidden" for={id}>{text.choose}</label>
        <select id={id} data-testid="differ-formation" value={formation} onChange={(event) => setFormation(event.currentTarget.value)}>
          <option value="">{text.choose}</option>
          {others.map((candidate) => <option key={candidate.id} value={candidate.id}>{candidate.title}</option>)}
        </select>
        {formation !== "" && (
          <a class="button" data-testid="differ-go" href={href({ at: "blueprint", selection: view.id, stage: stage.id, formation })}>{text.differ}</a>
        )}
        <span class="soft">{text.differingHint}</span>
      </div>
    </details>
  );
}

function AddStage(props: SelectionProps) {
  const text = strings.stages;
  const nothing = { code: "", title: "" };
  const form = useForm(nothing, parseStage);
  const act = useAct();
  return (
    <form class="card" noValidate data-testid="stage-form" onSubmit={form.submit((value) => {
      void act.run(() => post<Created>(`/api/v1/selections/${props.view.id}/stages`, value)).then((done) => {
        if (done !== undefined) {
          form.replace(nothing);
          void props.changed();
        }
      });
    })}>
      <h4>{text.add}</h4>
      <div class="fields">
        <TextField form={form} name="title" label={strings.common.titleField} hint={text.titleExample} testid="stage-title" />
        <TextField form={form} name="code" label={strings.common.code} hint={text.codeExample} testid="stage-code" />
      </div>
      <TroubleNotice trouble={act.trouble} />
      <ActButton type="submit" kind="primary" busy={act.busy} label={text.submit} testid="stage-submit" />
    </form>
  );
}
