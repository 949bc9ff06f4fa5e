// What the independent second scorer says.

import type { SecondScorer } from "../../wire";
import { count, TableFrame } from "../widgets";
import { office } from "./strings";

/** One sentence when both agree; otherwise where they differ. */
export function SecondScorerNotice(props: { of: SecondScorer }) {
  const text = office.scorer;
  const { of } = props;
  if (of.agrees) {
    return <p class="notice good" data-testid="second-scorer" data-agrees="yes"><strong>{text.heading}:</strong> {text.agrees(count(of.people))}</p>;
  }
  return (
    <div class="notice bad" data-testid="second-scorer" data-agrees="no">
      <p><strong>{text.heading}:</strong> {text.differs(count(of.people))}</p>
      <TableFrame label={text.caption} tall>
        <table class="full">
          <caption class="visually-hidden">{text.caption}</caption>
          <thead>
            <tr><th scope="col">{office.lists.number}</th><th scope="col">{text.column}</th><th scope="col">{text.first}</th><th scope="col">{text.second}</th></tr>
          </thead>
          <tbody>
            {of.differences.map((one, index) => (
              <tr key={index}>
                <th scope="row" class="plain code">{one.participant_no}</th>
                <td class="code">{one.column}</td>
                <td class="code">{one.first}</td>
                <td class="code">{one.second}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p class="soft">{text.shown}</p>
    </div>
  );
}
