// Publications grouped for the public: by selection, by stage within it, the revision in force first. Pure.

import type { PublicationView } from "../wire";

/** One stage of a selection: what is in force and what it replaced, newest first. */
export interface StageGroup {
  stage: string;
  current: PublicationView;
  earlier: PublicationView[];
}

/** One selection. */
export interface SelectionGroup {
  selection: string;
  stages: StageGroup[];
}

/** Groups publications; selections and stages come in the order of their newest publication. */
export function group(publications: PublicationView[]): SelectionGroup[] {
  const newestFirst = [...publications].sort((a, b) => b.published_utc_ms - a.published_utc_ms || b.revision - a.revision);
  return split(newestFirst, (publication) => publication.selection).map(([selection, ofSelection]) => ({
    selection,
    stages: split(ofSelection, (publication) => publication.stage).flatMap(([stage, ofStage]) => {
      const [current, ...earlier] = [...ofStage].sort((a, b) => b.revision - a.revision);
      return current === undefined ? [] : [{ stage, current, earlier }];
    }),
  }));
}

function split(list: PublicationView[], key: (publication: PublicationView) => string): [string, PublicationView[]][] {
  const groups = new Map<string, PublicationView[]>();
  for (const publication of list) {
    groups.set(key(publication), [...(groups.get(key(publication)) ?? []), publication]);
  }
  return [...groups];
}

/** The beginning of a fingerprint, in groups of four for the eye. */
export function shortHash(sha256: string): string {
  return (sha256.slice(0, 16).match(/.{1,4}/g) ?? []).join(" ");
}
