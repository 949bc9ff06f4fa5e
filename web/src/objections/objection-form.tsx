// Writing an objection: the limits are told before, the statement is ticked, and it is sent once.

import { useRef } from "preact/hooks";
import { newId } from "../common/api";
import type { Id } from "../wire";
import { attachmentFault, charsOf, draftFaults, TEXT_CHARS, type Attachment, type AttachmentFault, type Draft, type Trouble } from "./state";
import { text } from "./text";
import { TroubleNotice } from "./trouble";

interface FormProps {
  stage: { stage: string };
  draft: Draft;
  sending: boolean;
  trouble: Trouble | undefined;
  write: (part: Partial<Draft>) => void;
  read: (choice: Id, file: Attachment | undefined) => void;
  send: () => void;
}

const number = (value: number): string => value.toLocaleString("id-ID");

/** The form of one stage. */
export function ObjectionForm(props: FormProps) {
  const words = text.form;
  const { draft, write } = props;
  const form = useRef<HTMLFormElement>(null);
  const id = `objection-${props.stage.stage}`;
  const faults = draft.tried ? draftFaults(draft) : [];
  const textFault = faults.includes("short") ? words.faults.short(TEXT_CHARS.min) : faults.includes("long") ? words.faults.long(number(TEXT_CHARS.max)) : undefined;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (draft.reading !== undefined) {
      return;
    }
    write({ tried: true });
    const [first] = draftFaults(draft);
    if (first === undefined && draft.fileFault === undefined) {
      props.send();
    } else {
      form.current?.querySelector<HTMLElement>(first === undefined ? "[type=file]" : first === "sure" ? "[type=checkbox]" : "textarea")?.focus();
    }
  };
  return (
    <form ref={form} class="objection-form" noValidate data-testid="objection-form" onSubmit={submit}>
      <h3>{words.heading}</h3>
      <p>{words.once}</p>
      <p class="soft">{words.ground}</p>
      <div class={textFault === undefined ? "field" : "field wrong"}>
        <label for={id}>{words.text}</label>
        <textarea id={id} rows={7} data-testid="objection-text" aria-invalid={textFault !== undefined} aria-describedby={`${id}-hint ${id}-fault`} value={draft.text}
          onInput={(event) => write({ text: event.currentTarget.value })} />
        <small class="hint row-of-hints" id={`${id}-hint`}>
          <span>{words.textHint(TEXT_CHARS.min, number(TEXT_CHARS.max))}</span>
          <span class="tabular" data-testid="objection-count">{words.count(number(charsOf(draft.text)), number(TEXT_CHARS.max))}</span>
        </small>
        <small class="fault" id={`${id}-fault`}>{textFault}</small>
      </div>
      <FileField {...props} id={`${id}-file`} />
      <div class={faults.includes("sure") ? "field wrong" : "field"}>
        <label class="inline">
          <input type="checkbox" checked={draft.sure} data-testid="objection-sure" aria-describedby={`${id}-sure-fault`} onChange={(event) => write({ sure: event.currentTarget.checked })} />
          <span>{words.sure}</span>
        </label>
        <small class="fault" id={`${id}-sure-fault`}>{faults.includes("sure") ? words.faults.sure : ""}</small>
      </div>
      <TroubleNotice trouble={props.trouble} testid="objection-trouble" />
      <button type="submit" class="primary" disabled={props.sending || draft.reading !== undefined} aria-busy={props.sending} data-testid="objection-submit">{props.sending ? words.submitting : words.submit}</button>
    </form>
  );
}

function fileFaultWords(fault: AttachmentFault): string {
  const words = text.form.faults;
  switch (fault) {
    case "type":
      return words.type;
    case "large":
      return words.large;
    case "empty":
      return words.emptyFile;
    case "unreadable":
      return words.unreadable;
  }
}

function FileField(props: FormProps & { id: string }) {
  const words = text.form;
  const { draft, write, id } = props;
  const field = useRef<HTMLInputElement>(null);
  // What was chosen before is gone at once; the new file is there when it is read.
  const choose = (file: File | undefined): void => {
    const fault = file === undefined ? undefined : attachmentFault(file);
    const usable = fault === undefined ? file : undefined;
    const choice = newId();
    write({ file: undefined, fileFault: fault, reading: usable === undefined ? undefined : choice });
    if (usable !== undefined) {
      base64Of(usable).then((base64) => props.read(choice, { name: usable.name, bytes: usable.size, base64 }), () => props.read(choice, undefined));
    }
  };
  return (
    <div class={draft.fileFault === undefined ? "field" : "field wrong"}>
      <label for={id}>{words.file}</label>
      <input ref={field} id={id} type="file" accept=".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png" data-testid="objection-file"
        aria-invalid={draft.fileFault !== undefined} aria-describedby={`${id}-hint ${id}-fault`} onChange={(event) => choose(event.currentTarget.files?.[0])} />
      <small class="hint" id={`${id}-hint`}>{words.fileHint}</small>
      <small class="fault" id={`${id}-fault`} role="alert">{draft.fileFault === undefined ? "" : fileFaultWords(draft.fileFault)}</small>
      <div role="status">{draft.reading !== undefined && <p class="chosen soft">{words.fileReading}</p>}</div>
      {(draft.file !== undefined || draft.fileFault !== undefined) && (
        <p class="chosen">
          {draft.file !== undefined && <span data-testid="objection-file-chosen">{words.fileChosen(draft.file.name, `${number(Math.max(1, Math.round(draft.file.bytes / 1024)))} KiB`)}</span>}{" "}
          <button type="button" data-testid="objection-file-remove" onClick={() => {
            write({ file: undefined, fileFault: undefined, reading: undefined });
            if (field.current !== null) {
              field.current.value = "";
            }
          }}>{words.fileRemove}</button>
        </p>
      )}
    </div>
  );
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ""));
    reader.onerror = () => reject(new Error("the file cannot be read"));
    reader.readAsDataURL(file);
  });
}
