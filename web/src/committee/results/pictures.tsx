// Two pictures, each with its table beside it: how totals are spread, and who stands around the cut.

import { useId } from "preact/hooks";
import type { ResultList } from "../../wire";
import { decimal } from "../item-keys";
import { count, TableFrame } from "../widgets";
import { distributionOf, ladderOf, type Distribution, type Rung } from "./charts";
import { office } from "./strings";

const text = office.statistics;
const [WIDE, HIGH, FOOT, HEAD] = [640, 260, 34, 30];
const AROUND = 8;

/** Bars of totals with the threshold and the cut as lines. */
export function DistributionPicture(props: { list: ResultList }) {
  const { list } = props;
  const distribution = distributionOf(list);
  if (distribution === undefined) {
    return <p class="soft">{text.nobody}</p>;
  }
  const words = text.distributionText(count(distribution.people), decimal(distribution.lowest), decimal(distribution.highest));
  return (
    <figure class="picture" data-testid="distribution">
      <figcaption><h4>{text.distribution(list.title)}</h4><p class="soft">{words}</p></figcaption>
      <div class="picture-parts">
        <Histogram of={distribution} title={`${text.distribution(list.title)}. ${words}`} />
        <TableFrame label={text.distribution(list.title)}>
          <table class="full">
            <thead><tr><th scope="col">{text.range}</th><th scope="col" class="number">{text.people}</th></tr></thead>
            <tbody>
              {distribution.bins.map((bin) => (
                <tr key={bin.from}><th scope="row" class="plain nowrap">{text.interval(decimal(String(bin.from)), decimal(String(bin.to)))}</th><td class="number">{count(bin.people)}</td></tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      </div>
    </figure>
  );
}

function Histogram(props: { of: Distribution; title: string }) {
  const id = useId();
  const { bins, threshold, cut } = props.of;
  const [from, to] = [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 1];
  const most = Math.max(1, ...bins.map((bin) => bin.people));
  const width = WIDE / bins.length;
  const x = (value: number): number => ((value - from) / (to - from)) * WIDE;
  const height = (people: number): number => (people / most) * (HIGH - FOOT - HEAD);
  // Every label needs room for its digits.
  const every = Math.ceil(bins.length / 8);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-labelledby={id}>
      <title id={id}>{props.title}</title>
      {bins.map((bin, index) => (
        <g key={bin.from}>
          <rect class="bar" x={index * width + 1} y={HIGH - FOOT - height(bin.people)} width={width - 2} height={height(bin.people)} />
          {bin.people > 0 && <text class="value" x={(index + 0.5) * width} y={HIGH - FOOT - height(bin.people) - 4} text-anchor="middle">{count(bin.people)}</text>}
          {index % every === 0 && <text x={index * width} y={HIGH - FOOT + 16} text-anchor={index === 0 ? "start" : "middle"}>{decimal(String(bin.from))}</text>}
        </g>
      ))}
      <line class="axis" x1="0" y1={HIGH - FOOT} x2={WIDE} y2={HIGH - FOOT} />
      {threshold !== undefined && <Mark x={x(Number(threshold))} y={12} kind="threshold" words={text.threshold(decimal(threshold))} />}
      {cut !== undefined && <Mark x={x(Number(cut))} y={26} kind="cut" words={text.cut(decimal(cut))} />}
    </svg>
  );
}

function Mark(props: { x: number; y: number; kind: "threshold" | "cut"; words: string }) {
  const { x, y } = props;
  const left = x > WIDE / 2;
  return (
    <g class={`line-mark ${props.kind}`}>
      <line x1={x} y1={y} x2={x} y2={HIGH - FOOT} />
      <text x={left ? x - 5 : x + 5} y={y} text-anchor={left ? "end" : "start"}>{props.words}</text>
    </g>
  );
}

/** The last inside and the first outside, one rung a person. */
export function LadderPicture(props: { list: ResultList }) {
  const { list } = props;
  const rungs = ladderOf(list, AROUND);
  if (rungs.length === 0 || list.cut_after === null) {
    return <p class="soft">{text.ladderNone}</p>;
  }
  const words = text.ladderText(list.cut_after);
  return (
    <figure class="picture" data-testid="ladder">
      <figcaption><h4>{text.ladder(list.title)}</h4><p class="soft">{words}</p></figcaption>
      <div class="picture-parts">
        <Ladder rungs={rungs} title={`${text.ladder(list.title)}. ${words}`} />
        <TableFrame label={text.ladder(list.title)}>
          <table class="full">
            <thead>
              <tr><th scope="col" class="number">{office.lists.rank}</th><th scope="col">{office.lists.number}</th><th scope="col" class="number">{office.lists.total}</th><th scope="col">{text.side}</th></tr>
            </thead>
            <tbody>
              {rungs.map(({ row, inside }) => (
                <tr key={row.participant_no} class={inside ? undefined : "soft"}>
                  <td class="number">{row.rank}</td>
                  <th scope="row" class="plain code">{row.participant_no}</th>
                  <td class="number">{decimal(row.total ?? "")}</td>
                  <td>{inside ? text.inside : text.outside}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      </div>
    </figure>
  );
}

const RUNG = 22;
const NAMES = 190;

function Ladder(props: { rungs: Rung[]; title: string }) {
  const id = useId();
  const { rungs } = props;
  const totals = rungs.map(({ row }) => Number(row.total));
  const [low, high] = [Math.min(...totals), Math.max(...totals)];
  // The shortest bar is still a bar.
  const length = (total: number): number => 60 + (high === low ? 1 : (total - low) / (high - low)) * (WIDE - NAMES - 140);
  const edge = rungs.findLastIndex((rung) => rung.inside);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDE} ${rungs.length * RUNG + 8}`} role="img" aria-labelledby={id}>
      <title id={id}>{props.title}</title>
      {rungs.map(({ row, inside }, index) => (
        <g key={row.participant_no} class={inside ? "rung inside" : "rung outside"}>
          <text x={NAMES - 8} y={index * RUNG + 16} text-anchor="end">{row.rank}. {row.participant_no}</text>
          <rect x={NAMES} y={index * RUNG + 4} width={length(Number(row.total))} height={RUNG - 7} />
          <text x={NAMES + length(Number(row.total)) + 6} y={index * RUNG + 16}>{decimal(row.total ?? "")}</text>
        </g>
      ))}
      {edge < rungs.length - 1 && <line class="cut-line" x1="0" y1={(edge + 1) * RUNG + 1} x2={WIDE} y2={(edge + 1) * RUNG + 1} />}
    </svg>
  );
}
