// What is known of a document of the server. Pure; `load.tsx` asks and draws.

import type { Outcome } from "../common/api";
import type { Trouble } from "../common/sign-in";

/** What is known of a document: perhaps a value, perhaps an older one while a newer is asked for, perhaps why there is none. */
export interface Load<T> {
  value: T | undefined;
  busy: boolean;
  trouble: Trouble | undefined;
}

/** What happens to it. */
export type LoadAction<T> = { type: "asked"; keep: boolean } | { type: "answered"; outcome: Outcome<T> };

/** Pure: the next state. A refusal or a silent server keeps the older value, so that a page does not vanish under somebody's hands. */
export function stepLoad<T>(state: Load<T>, action: LoadAction<T>): Load<T> {
  switch (action.type) {
    case "asked":
      return { value: action.keep ? state.value : undefined, busy: true, trouble: undefined };
    case "answered":
      return action.outcome.kind === "ok"
        ? { value: action.outcome.value, busy: false, trouble: undefined }
        : { value: state.value, busy: false, trouble: troubleOf(action.outcome) };
  }
}

/** The trouble of an outcome that is none. */
export function troubleOf(outcome: Exclude<Outcome<unknown>, { kind: "ok" }>): Trouble {
  return outcome.kind === "refused" ? { kind: "refused", refusal: outcome.refusal } : { kind: "unreachable" };
}
