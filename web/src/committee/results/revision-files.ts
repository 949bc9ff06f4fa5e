// The files of a revision: what each is, and under which name it is kept. Pure.

import type { RevisionView } from "../../wire";

/** What a file of a revision holds; `set` is a rule set that the revision's own takes stages from. */
export type FileKind = "rules" | "set" | "formations" | "scores" | "results" | "sources" | "other";

/** A file, where it is and under which name it is saved. */
export interface RevisionFile {
  name: string;
  kind: FileKind;
  href: string;
  savedAs: string;
}

const KINDS: Record<string, FileKind> = {
  "rules.toml": "rules", "formations.csv": "formations", "scores.csv": "scores", "results.csv": "results", "sources.json": "sources",
};

/** The files of a revision, in the order in which the server names them. */
export function filesOfRevision(revision: Pick<RevisionView, "id" | "number" | "files">): RevisionFile[] {
  return revision.files.map((name) => {
    const kind = kindOf(name);
    return {
      name,
      kind,
      href: `/api/v1/revisions/${revision.id}/${encodeURIComponent(name)}`,
      // The command that computes again looks for it by its name, beside the rule set.
      savedAs: kind === "set" ? name : `revisi-${revision.number}-${name}`,
    };
  });
}

function kindOf(name: string): FileKind {
  return (Object.hasOwn(KINDS, name) ? KINDS[name] : undefined) ?? (name.endsWith(".toml") ? "set" : "other");
}
