// Small things every page is made of: labelled fields, dialogs, tables that scroll on a phone, pagers.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Form } from "./use-form";
import { strings } from "./strings";

/** A count as people write it here: 1200 -> "1.200". */
export function count(number: number): string {
  return number.toLocaleString("id-ID");
}

interface FieldProps<K extends string, T> {
  form: Form<K, T>;
  name: K;
  label: string;
  hint?: string | undefined;
  testid: string;
}

/** A line of text with its label, hint and fault. */
export function TextField<K extends string, T>(
  props: FieldProps<K, T> & {
    type?: "text" | "datetime-local";
    inputMode?: "numeric" | "decimal" | "text";
    suffix?: string;
    list?: string;
    short?: boolean;
    autocomplete?: string;
  },
) {
  const id = useId();
  const { form, name } = props;
  const fault = form.fault(name);
  return (
    <Labelled id={id} label={props.label} hint={props.hint} fault={fault}>
      <span class="with-suffix">
        <input id={id} name={name} type={props.type ?? "text"} class={props.short === true ? "short" : undefined} inputMode={props.inputMode} list={props.list}
          autocomplete={props.autocomplete ?? "off"} data-testid={props.testid} aria-invalid={fault !== undefined} aria-describedby={`${id}-hint ${id}-fault`}
          value={form.values[name]} onInput={(event) => form.set(name, event.currentTarget.value)} />
        {props.suffix !== undefined && <span class="soft">{props.suffix}</span>}
      </span>
    </Labelled>
  );
}

/** Several lines of text. */
export function AreaField<K extends string, T>(props: FieldProps<K, T>) {
  const id = useId();
  const { form, name } = props;
  const fault = form.fault(name);
  return (
    <Labelled id={id} label={props.label} hint={props.hint} fault={fault}>
      <textarea id={id} name={name} rows={3} data-testid={props.testid} aria-invalid={fault !== undefined} aria-describedby={`${id}-hint ${id}-fault`}
        value={form.values[name]} onInput={(event) => form.set(name, event.currentTarget.value)} />
    </Labelled>
  );
}

/** One of several. */
export function SelectField<K extends string, T>(props: FieldProps<K, T> & { options: { value: string; label: string }[]; empty?: string }) {
  const id = useId();
  const { form, name } = props;
  const fault = form.fault(name);
  return (
    <Labelled id={id} label={props.label} hint={props.hint} fault={fault}>
      <select id={id} name={name} data-testid={props.testid} aria-invalid={fault !== undefined} aria-describedby={`${id}-hint ${id}-fault`}
        value={form.values[name]} onChange={(event) => form.set(name, event.currentTarget.value)}>
        {props.empty !== undefined && <option value="">{props.empty}</option>}
        {props.options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </Labelled>
  );
}

/** Yes or no. */
export function CheckField<K extends string, T>(props: FieldProps<K, T>) {
  const { form, name } = props;
  return (
    <div class="field">
      <label class="inline">
        <input type="checkbox" name={name} data-testid={props.testid} checked={form.values[name] === "1"}
          onChange={(event) => form.set(name, event.currentTarget.checked ? "1" : "")} />
        <span>{props.label}</span>
      </label>
      {props.hint !== undefined && <small class="hint indent">{props.hint}</small>}
    </div>
  );
}

/** A label above its field, a hint and a fault below. */
export function Labelled(props: { id: string; label: string; hint?: string | undefined; fault?: string | undefined; children: ComponentChildren }) {
  return (
    <div class={props.fault === undefined ? "field" : "field wrong"}>
      <label for={props.id}>{props.label}</label>
      {props.children}
      <small class="hint" id={`${props.id}-hint`}>{props.hint}</small>
      <small class="fault" id={`${props.id}-fault`}>{props.fault}</small>
    </div>
  );
}

/** A button that says when its act is under way. */
export function ActButton(props: {
  busy: boolean;
  label: string;
  busyLabel?: string;
  kind?: "primary" | "danger" | undefined;
  type?: "button" | "submit";
  disabled?: boolean;
  testid: string;
  onClick?: () => void;
}) {
  return (
    <button type={props.type ?? "button"} class={props.kind} disabled={props.busy || props.disabled === true} aria-busy={props.busy} data-testid={props.testid}
      onClick={props.onClick}>
      {props.busy ? <><span class="spinner" aria-hidden="true" /> {props.busyLabel ?? strings.common.working}</> : props.label}
    </button>
  );
}

/** A question or form above the page. Escape and the close button leave it; the focus goes back to where it came from. */
export function Dialog(props: { title: string; onClose: () => void; testid: string; wide?: boolean; children: ComponentChildren }) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  // Closing before the element goes away gives the focus back.
  useLayoutEffect(() => () => dialog.current?.close(), []);
  return (
    <dialog ref={dialog} class={props.wide === true ? "wide" : undefined} aria-labelledby={id} data-testid={props.testid}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}>
      <div class="dialog-head">
        <h2 id={id}>{props.title}</h2>
        <button type="button" class="plain" aria-label={strings.common.close} data-testid="dialog-close" onClick={props.onClose}>✕</button>
      </div>
      {props.children}
    </dialog>
  );
}

/** A table that scrolls sideways in its own frame, reachable with the keyboard. */
export function TableFrame(props: { label: string; tall?: boolean; children: ComponentChildren }) {
  return <div class={props.tall === true ? "table-frame tall" : "table-frame"} role="region" aria-label={props.label} tabIndex={0}>{props.children}</div>;
}

/** Which part of a long list is shown, and the way to the others. Pages count from 1. */
export function Pager(props: { page: number; size: number; total: number; testid: string; go: (page: number) => void }) {
  const pages = Math.max(1, Math.ceil(props.total / props.size));
  if (pages === 1) {
    return null;
  }
  const from = (props.page - 1) * props.size + 1;
  const to = Math.min(props.total, props.page * props.size);
  return (
    <nav class="pager" aria-label={strings.common.pages} data-testid={props.testid}>
      <button type="button" disabled={props.page <= 1} data-testid={`${props.testid}-before`} onClick={() => props.go(props.page - 1)}>‹ {strings.common.before}</button>
      <span class="tabular">{strings.common.range(count(from), count(to), count(props.total))}</span>
      <button type="button" disabled={props.page >= pages} data-testid={`${props.testid}-after`} onClick={() => props.go(props.page + 1)}>{strings.common.after} ›</button>
    </nav>
  );
}

/** What to say where a list is empty. */
export function Empty(props: { children: ComponentChildren; testid?: string }) {
  return <div class="empty" data-testid={props.testid}>{props.children}</div>;
}

/** A word with a colour and, for those who do not see it, a shape before it. */
export function Chip(props: { kind: "good" | "warn" | "bad" | "plain" | "accent"; children: ComponentChildren; testid?: string }) {
  return <span class={`chip ${props.kind}`} data-testid={props.testid}>{props.children}</span>;
}

/** A number with what it counts below. */
export function Figure(props: { value: string; label: string; kind?: "good" | "warn" | "bad"; testid?: string }) {
  return (
    <div class={`figure ${props.kind ?? ""}`}>
      <span class="figure-value tabular" data-testid={props.testid}>{props.value}</span>
      <span class="figure-label">{props.label}</span>
    </div>
  );
}

/** The files a person chose; the name of the field is a button in every browser. */
export function FileField(props: {
  label: string;
  hint?: string;
  accept: string;
  multiple?: boolean;
  testid: string;
  onChoose: (files: File[]) => void;
}) {
  const id = useId();
  const changed = (event: JSX.TargetedEvent<HTMLInputElement>): void => props.onChoose(Array.from(event.currentTarget.files ?? []));
  return (
    <Labelled id={id} label={props.label} hint={props.hint}>
      <input id={id} type="file" accept={props.accept} multiple={props.multiple} data-testid={props.testid} aria-describedby={`${id}-hint`} onChange={changed} />
    </Labelled>
  );
}

/** Size of a file in words. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) {
    return `${bytes} B`;
  }
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1).replace(".", ",")} MB`;
}
