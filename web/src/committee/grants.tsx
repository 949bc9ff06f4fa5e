// What a person may do where: as words, and as rows to change.

import type { ComponentChildren } from "preact";
import type { Grant, Role, SelectionSummary, SelectionView } from "../wire";
import { takesHall, withRole, withSelection } from "./grant-rows";
import { useDocument } from "./load";
import { strings } from "./strings";

const ROLES: Role[] = ["committee", "author", "registrar", "proctor", "auditor", "admin"];

/** The grants as a list of words. */
export function GrantWords(props: { grants: Grant[]; selections: SelectionSummary[] }) {
  const text = strings.staff;
  return (
    <ul class="plain-list">
      {props.grants.map((grant) => {
        const selection = props.selections.find((candidate) => candidate.id === grant.selection);
        return (
          <li key={JSON.stringify(grant)}>
            {text.roles[grant.role]}
            {grant.selection !== null && <span class="soft"> · {selection?.code ?? text.unknownSelection}</span>}
            {grant.hall !== null && <span class="soft"> · <HallName selection={grant.selection} hall={grant.hall} /></span>}
          </li>
        );
      })}
    </ul>
  );
}

function HallName(props: { selection: string | null; hall: string }) {
  const view = useDocument<SelectionView>(props.selection === null ? undefined : `/api/v1/selections/${props.selection}`);
  return <>{view.value?.halls.find((hall) => hall.id === props.hall)?.title ?? strings.staff.unknownHall}</>;
}

/** Rows of role, selection and hall. */
export function GrantEditor(props: { grants: Grant[]; selections: SelectionSummary[]; change: (grants: Grant[]) => void; children?: ComponentChildren }) {
  const text = strings.staff;
  const { grants } = props;
  const edit = (index: number, grant: Grant): void => props.change(grants.map((other, at) => (at === index ? grant : other)));
  return (
    <fieldset class="bare grants">
      <legend>{text.grants}</legend>
      {grants.length === 0 && <p class="soft">{text.noGrants}</p>}
      <ul class="grant-list">
        {grants.map((grant, index) => (
          <GrantRow key={index} grant={grant} index={index} selections={props.selections} edit={(next) => edit(index, next)}
            remove={() => props.change(grants.filter((_, at) => at !== index))} />
        ))}
      </ul>
      <div class="row">
        <button type="button" data-testid="grant-add" onClick={() => props.change([...grants, { role: "committee", selection: null, hall: null }])}>+ {text.addGrant}</button>
        {props.children}
      </div>
    </fieldset>
  );
}

function GrantRow(props: { grant: Grant; index: number; selections: SelectionSummary[]; edit: (grant: Grant) => void; remove: () => void }) {
  const text = strings.staff;
  const { grant, index } = props;
  const view = useDocument<SelectionView>(takesHall(grant.role) && grant.selection !== null ? `/api/v1/selections/${grant.selection}` : undefined);
  const halls = view.value?.id === grant.selection ? view.value.halls : [];
  return (
    <li data-testid={`grant-${index}`}>
      <label>
        {text.role}
        <select data-testid={`grant-${index}-role`} value={grant.role} onChange={(event) => props.edit(withRole(grant, event.currentTarget.value as Role))}>
          {ROLES.map((role) => <option key={role} value={role}>{text.roles[role]}</option>)}
        </select>
      </label>
      {grant.role !== "admin" && (
        <label>
          {text.selection}
          <select data-testid={`grant-${index}-selection`} value={grant.selection ?? ""}
            onChange={(event) => props.edit(withSelection(grant, event.currentTarget.value === "" ? null : event.currentTarget.value))}>
            <option value="">{text.allSelections}</option>
            {props.selections.map((selection) => <option key={selection.id} value={selection.id}>{selection.title}</option>)}
          </select>
        </label>
      )}
      {takesHall(grant.role) && grant.selection !== null && (
        <label>
          {text.hall}
          <select data-testid={`grant-${index}-hall`} value={grant.hall ?? ""}
            onChange={(event) => props.edit({ ...grant, hall: event.currentTarget.value === "" ? null : event.currentTarget.value })}>
            <option value="">{text.allHalls}</option>
            {grant.hall !== null && !halls.some((hall) => hall.id === grant.hall) && <option value={grant.hall}>{text.unknownHall}</option>}
            {halls.map((hall) => <option key={hall.id} value={hall.id}>{hall.title}</option>)}
          </select>
        </label>
      )}
      <button type="button" class="icon danger" aria-label={text.removeGrant(text.roles[grant.role])} title={text.removeGrant(text.roles[grant.role])} onClick={props.remove}>✕</button>
      <small class="hint">{text.roleHints[grant.role]}</small>
    </li>
  );
}
