// Why something did not work, in words.

import { RefusalText } from "../common/sign-in";
import type { Trouble } from "./state";
import { text } from "./text";

/** The region is there before the trouble is, so that a screen reader notices. */
export function TroubleNotice(props: { trouble: Trouble | undefined; testid: string }) {
  const { trouble } = props;
  return (
    <div role="alert">
      {trouble !== undefined && (
        <div class="notice bad" data-testid={props.testid}>
          {trouble.kind === "refused" ? <RefusalText refusal={trouble.refusal} /> : text.unreachable}
          {trouble.kind === "refused" && trouble.refusal.retry_after_ms !== undefined && <p>{text.retryAfter(Math.ceil(trouble.refusal.retry_after_ms / 1000))}</p>}
        </div>
      )}
    </div>
  );
}
