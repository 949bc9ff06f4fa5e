// Why somebody stands where they stand: the rules' own explanation.

import { language } from "../../common/language";
import type { Explanation } from "../../wire";
import { Loaded, useDocument } from "../load";
import { Dialog } from "../widgets";
import { office } from "./strings";

/** The explanation of one person, above the page. */
export function WhyDialog(props: { stage: string; number: string; name: string; onClose: () => void }) {
  const explanation = useDocument<Explanation>(`/api/v1/stages/${props.stage}/explanations/${encodeURIComponent(props.number)}`);
  return (
    <Dialog title={office.lists.whyHeading(props.name, props.number)} onClose={props.onClose} testid="why-dialog" wide>
      <Loaded of={explanation}>
        {(known) => (
          <div data-testid="explanation">
            {known.text[language()].split("\n").filter((paragraph) => paragraph.trim() !== "").map((paragraph, index) => <p key={index} class={indent(paragraph)}>{paragraph.trim()}</p>)}
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

// Lines that belong to the one above are indented in the text.
function indent(paragraph: string): string | undefined {
  return paragraph.startsWith("  ") ? "indent" : undefined;
}
