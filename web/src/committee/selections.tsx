// All selections, and a new one.

import { useState } from "preact/hooks";
import { post } from "../common/api";
import type { Created, Me, SelectionSummary } from "../wire";
import { mayEverywhere } from "./access";
import { parseSelection } from "./forms";
import { Loaded, TroubleNotice, useAct, useDocument } from "./load";
import { href } from "./route";
import { strings } from "./strings";
import { useForm } from "./use-form";
import { ActButton, count, Dialog, Empty, TextField } from "./widgets";

/** `#/seleksi`. */
export function SelectionsPage(props: { me: Me }) {
  const text = strings.selections;
  const selections = useDocument<SelectionSummary[]>("/api/v1/selections");
  const [creating, setCreating] = useState(false);
  const mayCreate = mayEverywhere(props.me, "manage");
  return (
    <section class="page" data-testid="page-selections">
      <div class="page-head">
        <div>
          <h2>{text.heading}</h2>
          <p class="soft">{text.intro}</p>
        </div>
        {mayCreate && <button type="button" class="primary" data-testid="selection-new" onClick={() => setCreating(true)}>{text.create}</button>}
      </div>
      <Loaded of={selections}>
        {(list) => list.length === 0
          ? <Empty testid="selections-empty"><p>{text.empty}</p>{mayCreate && <p class="soft">{text.emptyHint}</p>}</Empty>
          : <ul class="selection-list">{list.map((selection) => <SelectionCard key={selection.id} selection={selection} />)}</ul>}
      </Loaded>
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
    </section>
  );
}

function SelectionCard(props: { selection: SelectionSummary }) {
  const { selection } = props;
  return (
    <li class="card selection-card" data-testid={`selection-${selection.code}`}>
      <h3><a href={href({ at: "selection", selection: selection.id })} data-testid="selection-link">{selection.title}</a></h3>
      <p class="soft">{selection.organiser}</p>
      <p class="facts tabular">
        <span class="code">{selection.code}</span>
        <span>{strings.selections.candidates(count(selection.candidates))}</span>
        <span>{strings.selections.sittings(count(selection.sittings))}</span>
      </p>
    </li>
  );
}

function CreateDialog(props: { onClose: () => void }) {
  const text = strings.selections;
  const form = useForm({ title: "", code: "", organiser: "" }, parseSelection);
  const act = useAct();
  return (
    <Dialog title={text.createHeading} onClose={props.onClose} testid="selection-dialog">
      <form noValidate onSubmit={form.submit((value) => {
        void act.run(() => post<Created>("/api/v1/selections", value)).then((done) => {
          if (done !== undefined) {
            location.hash = href({ at: "selection", selection: done.value.id });
          }
        });
      })}>
        <p class="soft">{text.createHint}</p>
        <TextField form={form} name="title" label={strings.common.titleField} hint={text.titleExample} testid="selection-title" />
        <TextField form={form} name="organiser" label={text.organiser} hint={text.organiserExample} testid="selection-organiser" />
        <TextField form={form} name="code" label={strings.common.code} hint={text.codeExample} testid="selection-code" />
        <TroubleNotice trouble={act.trouble} />
        <div class="row end">
          <button type="button" onClick={props.onClose}>{strings.common.cancel}</button>
          <ActButton type="submit" kind="primary" busy={act.busy} label={text.submit} testid="selection-submit" />
        </div>
      </form>
    </Dialog>
  );
}
