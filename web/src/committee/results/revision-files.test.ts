import { describe, expect, it } from "vitest";
import { filesOfRevision } from "./revision-files";

describe("the files of a revision", () => {
  const files = filesOfRevision({ id: "0a", number: 2, files: ["rules.toml", "skd-2024.toml", "formations.csv", "scores.csv", "results.csv", "sources.json", "new.txt"] });
  it("are known by what they hold, in the server's order", () => {
    expect(files.map(({ kind }) => kind)).toEqual(["rules", "set", "formations", "scores", "results", "sources", "other"]);
  });
  it("are linked by name", () => expect(files[1]?.href).toBe("/api/v1/revisions/0a/skd-2024.toml"));
  it("are saved by revision, and a set that stages come from under the name by which it is found", () => {
    expect(files.slice(0, 3).map(({ savedAs }) => savedAs)).toEqual(["revisi-2-rules.toml", "skd-2024.toml", "revisi-2-formations.csv"]);
  });
});
