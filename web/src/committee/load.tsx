// Asking and telling the server, as state a view can draw: busy, the value, or why not.

import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useReducer, useRef, useState } from "preact/hooks";
import { get, type Outcome } from "../common/api";
import { askAgainWhoIsThere, RefusalText, type Trouble } from "../common/sign-in";
import { stepLoad, troubleOf, type Load, type LoadAction } from "./load-state";
import { strings } from "./strings";

/** A document and how to ask for it again. */
export interface Document<T> extends Load<T> {
  reload(): Promise<void>;
}

/** Loads the document at `path`, again when the path changes; `undefined` loads nothing. */
export function useDocument<T>(path: string | undefined): Document<T> {
  const [state, dispatch] = useReducer<Load<T>, LoadAction<T>>(stepLoad, { value: undefined, busy: path !== undefined, trouble: undefined });
  const newest = useRef(0);
  const ask = useCallback(
    async (keep: boolean): Promise<void> => {
      if (path === undefined) {
        return;
      }
      newest.current += 1;
      const mine = newest.current;
      dispatch({ type: "asked", keep });
      const outcome = watchSignIn(await get<T>(path));
      // An answer to an older question would overwrite the newer one.
      if (mine === newest.current) {
        dispatch({ type: "answered", outcome });
      }
    },
    [path],
  );
  useEffect(() => {
    void ask(false);
    return () => {
      newest.current += 1;
    };
  }, [ask]);
  return { ...state, reload: () => ask(true) };
}

/** An act on the server: whether it runs, why it was refused, and how to start it. */
export interface ServerAct {
  busy: boolean;
  trouble: Trouble | undefined;
  /** The value, or nothing when it was refused (then `trouble` says why). */
  run<T>(request: () => Promise<Outcome<T>>): Promise<{ value: T } | undefined>;
  forget(): void;
}

/** One act at a time. */
export function useAct(): ServerAct {
  const [state, setState] = useState<{ busy: boolean; trouble: Trouble | undefined }>({ busy: false, trouble: undefined });
  return {
    ...state,
    async run(request) {
      setState({ busy: true, trouble: undefined });
      const outcome = watchSignIn(await request());
      setState({ busy: false, trouble: outcome.kind === "ok" ? undefined : troubleOf(outcome) });
      return outcome.kind === "ok" ? { value: outcome.value } : undefined;
    },
    forget: () => setState({ busy: false, trouble: undefined }),
  };
}

// The gate takes over when the sign-in ran out in the middle of the work.
function watchSignIn<T>(outcome: Outcome<T>): Outcome<T> {
  if (outcome.kind === "refused" && outcome.status === 401) {
    askAgainWhoIsThere();
  }
  return outcome;
}

/** Why something did not work, in words, with what can be done about it. */
export function TroubleNotice(props: { trouble: Trouble | undefined; retry?: () => void; testid?: string }) {
  const { trouble } = props;
  // The region is there before the trouble is, so that a screen reader notices.
  return (
    <div role="alert" data-testid={props.testid ?? "trouble"} class="trouble">
      {trouble !== undefined && (
        <div class="notice bad">
          {trouble.kind === "refused" ? <RefusalText refusal={trouble.refusal} /> : strings.common.unreachable}
          {trouble.kind === "refused" && trouble.refusal.retry_after_ms !== undefined && (
            <p class="tail">{strings.common.retryAfter(Math.ceil(trouble.refusal.retry_after_ms / 1000))}</p>
          )}
          {props.retry !== undefined && (
            <p class="tail"><button type="button" data-testid="retry" onClick={props.retry}>{strings.common.retry}</button></p>
          )}
        </div>
      )}
    </div>
  );
}

/** Draws a document when it is there; says that it is coming, or why it is not. */
export function Loaded<T>(props: { of: Document<T>; children: (value: T) => ComponentChildren }) {
  const { of } = props;
  return (
    <>
      {of.trouble !== undefined && <TroubleNotice trouble={of.trouble} retry={() => void of.reload()} />}
      {of.value !== undefined && props.children(of.value)}
      {of.value === undefined && of.busy && <p class="loading" role="status"><span class="spinner" aria-hidden="true" /> {strings.common.loading}</p>}
    </>
  );
}
