// What is wrong with an imported file, row by row.

import type { Problem } from "../wire";
import { strings } from "./strings";
import { Chip, count, TableFrame } from "./widgets";

const SHOWN = 200;

/** The table of problems; those that stop come first. */
export function ProblemTable(props: { problems: Problem[] }) {
  const text = strings.problems;
  const sorted = [...props.problems].sort((a, b) => Number(b.stops) - Number(a.stops));
  const shown = sorted.slice(0, SHOWN);
  return (
    <>
      <TableFrame label={text.caption} tall>
        <table class="full" data-testid="problems">
          <caption class="visually-hidden">{text.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{text.kind}</th>
              <th scope="col">{text.file}</th>
              <th scope="col" class="number">{text.row}</th>
              <th scope="col">{text.field}</th>
              <th scope="col">{text.reason}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((problem, index) => (
              <tr key={index} data-testid="problem">
                <td><Chip kind={problem.stops ? "bad" : "warn"}>{problem.stops ? text.stops : text.remark}</Chip></td>
                <td>{problem.file}</td>
                <td class="number">{problem.row === 0 ? <span class="soft">{text.whole}</span> : count(problem.row)}</td>
                <td class="code">{problem.field}</td>
                <td class="wide-cell">{problem.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {shown.length < sorted.length && <p class="soft">{text.cut(count(SHOWN))}</p>}
    </>
  );
}
