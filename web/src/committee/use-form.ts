// A small form: texts by field, and the faults of its last try. What parses and how is decided in `forms.ts`.

import { useState } from "preact/hooks";
import { strings } from "./strings";
import type { FieldFault, Parsed } from "./forms";

/** A form as its fields see it. */
export interface Form<K extends string, T> {
  values: Record<K, string>;
  set(field: K, text: string): void;
  replace(values: Record<K, string>): void;
  /** What is wrong with a field, in words, once somebody tried to send the form. */
  fault(field: K): string | undefined;
  /** For `onSubmit`: sends the value when there is one, otherwise goes to the first field that is wrong. */
  submit(send: (value: T) => void): (event: Event) => void;
}

/** Keeps the texts of a form and reads them with `parse`. */
export function useForm<K extends string, T>(initial: Record<K, string>, parse: (values: Record<K, string>) => Parsed<T, K>): Form<K, T> {
  const [values, setValues] = useState(initial);
  const [tried, setTried] = useState(false);
  const parsed = parse(values);
  const faults: Partial<Record<K, FieldFault>> = parsed.ok || !tried ? {} : parsed.faults;
  return {
    values,
    set: (field, text) => setValues((before) => ({ ...before, [field]: text })),
    replace: (next) => {
      setValues(next);
      setTried(false);
    },
    fault: (field) => {
      const fault = faults[field];
      return fault === undefined ? undefined : faultWords(fault);
    },
    submit: (send) => (event) => {
      event.preventDefault();
      if (parsed.ok) {
        setTried(false);
        send(parsed.value);
        return;
      }
      setTried(true);
      focusFirstFault(event.currentTarget as HTMLFormElement, Object.keys(parsed.faults));
    },
  };
}

/** A fault in words. */
export function faultWords(fault: FieldFault): string {
  const words = strings.faults;
  switch (fault.code) {
    case "empty":
      return words.empty;
    case "code_form":
      return words.codeForm;
    case "login_form":
      return words.loginForm;
    case "integer":
      return words.integer;
    case "range":
      return words.range(fault.min, fault.max);
    case "duration":
      return words.duration;
    case "instant":
      return words.instant;
    case "past":
      return words.past;
    case "window":
      return words.window;
    case "closes_before":
      return words.closesBefore;
    case "length":
      return words.length(fault.min, fault.max);
    case "lines":
      return words.lines(fault.min, fault.max);
    case "column_value":
      return words.columnValue(fault.line);
    case "seats":
      return words.seats(fault.seats);
  }
}

function focusFirstFault(form: HTMLFormElement, fields: string[]): void {
  for (const element of Array.from(form.elements)) {
    const name = element.getAttribute("name");
    if (name !== null && fields.includes(name) && element instanceof HTMLElement) {
      // A folded part of the form opens for what is wrong in it.
      element.closest("details")?.setAttribute("open", "");
      element.focus();
      return;
    }
  }
}
