// Where a sitting stands, as a word with a colour.

import type { SittingPhase } from "../wire";
import { strings } from "./strings";
import { Chip } from "./widgets";

const KINDS: Record<SittingPhase, "plain" | "accent" | "good" | "warn"> = { planned: "plain", open: "accent", started: "good", held: "warn", closed: "plain" };

/** The phase of a sitting. */
export function PhaseChip(props: { phase: SittingPhase }) {
  return <Chip kind={KINDS[props.phase]} testid={`phase-${props.phase}`}>{strings.phases[props.phase]}</Chip>;
}
