// Publications put in order. Pure; used by the committee's pages.

import type { PublicationView } from "../wire";

/** The revisions of one stage of one selection, newest first. The contract names both by title only. */
export function revisionsOf(all: PublicationView[], selectionTitle: string, stageTitle: string): PublicationView[] {
  return all
    .filter((publication) => publication.selection === selectionTitle && publication.stage === stageTitle)
    .sort((a, b) => b.revision - a.revision);
}

/** The files of a publication. */
export function filesOf(publication: Pick<PublicationView, "id">): { kind: "page" | "csv" | "xlsx" | "pdf" | "json"; href: string }[] {
  const base = `/hasil/${publication.id}`;
  return [
    { kind: "page", href: base },
    { kind: "pdf", href: `${base}/daftar.pdf` },
    { kind: "xlsx", href: `${base}/daftar.xlsx` },
    { kind: "csv", href: `${base}/daftar.csv` },
    { kind: "json", href: `${base}/daftar.json` },
  ];
}
