// Parts of the pages whose script comes when they are first opened, so that the first page stays small.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { strings } from "./strings";

/** A component that loads the real one, says so meanwhile, and offers another try when the server did not answer. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let known: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    // Wrapped: a component is a function, and a setter would call it.
    const [part, setPart] = useState<{ Part: ComponentType<P> } | undefined>(known === undefined ? undefined : { Part: known });
    const [failed, setFailed] = useState(false);
    const ask = (): void => {
      setFailed(false);
      load().then(
        (Part) => {
          known = Part;
          setPart({ Part });
        },
        () => setFailed(true),
      );
    };
    useEffect(() => {
      if (known === undefined) {
        ask();
      }
    }, []);
    if (part !== undefined) {
      return <part.Part {...props} />;
    }
    return failed
      ? <p class="notice bad" role="alert">{strings.common.unreachable} <button type="button" onClick={ask}>{strings.common.retry}</button></p>
      : <p class="loading" role="status"><span class="spinner" aria-hidden="true" /> {strings.common.loading}</p>;
  };
}
