// The files of a publication. Pure.

import type { PublicationView } from "../../wire";

/** The files of a publication. */
export function filesOf(publication: Pick<PublicationView, "id">): { kind: "page" | "pdf" | "xlsx" | "csv" | "json" | "zip"; href: string }[] {
  const base = `/hasil/${publication.id}`;
  return [
    { kind: "page", href: base },
    { kind: "pdf", href: `${base}/daftar.pdf` },
    { kind: "xlsx", href: `${base}/daftar.xlsx` },
    { kind: "csv", href: `${base}/daftar.csv` },
    { kind: "json", href: `${base}/daftar.json` },
    { kind: "zip", href: `${base}/semua.zip` },
  ];
}
