// The explanation of a rule set as a tree: a heading for every line that has deeper ones. Pure.

/** A line and the lines that belong to it. */
export interface Branch {
  line: string;
  below: Branch[];
}

/** Reads lines indented by two spaces a level; a line deeper than its place allows belongs to the last one above. */
export function readExplanation(text: string): Branch[] {
  const top: Branch[] = [];
  // The last branch of each level, from the outside in.
  let path: Branch[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line !== "") {
      const depth = Math.min(Math.floor((raw.length - raw.trimStart().length) / 2), path.length);
      const branch: Branch = { line, below: [] };
      path = path.slice(0, depth);
      (path.at(-1)?.below ?? top).push(branch);
      path.push(branch);
    }
  }
  return top;
}
