import { describe, expect, it } from "vitest";
import type { Me } from "../wire";
import { areasFor, firstArea, may, mayEverywhere, onlyReads } from "./access";
import { areaOf, href, readRoute, resultsAt, WHOLE_BANK, type Route } from "./route";

describe("addresses", () => {
  const routes: [Route, string][] = [
    [{ at: "selections" }, "#/seleksi"],
    [{ at: "selection", selection: "0a" }, "#/seleksi/0a"],
    [{ at: "step", selection: "0a", step: "candidates" }, "#/seleksi/0a/peserta"],
    [{ at: "step", selection: "0a", step: "stages" }, "#/seleksi/0a/kisi-kisi"],
    [{ at: "blueprint", selection: "0a", stage: "0b", formation: undefined }, "#/seleksi/0a/kisi-kisi/0b"],
    [{ at: "blueprint", selection: "0a", stage: "0b", formation: "0c" }, "#/seleksi/0a/kisi-kisi/0b/0c"],
    [WHOLE_BANK, "#/bank"],
    [{ at: "bank", section: "umum", topic: "", subtopic: "", find: "deret & peluang", page: 3 }, "#/bank?section=umum&find=deret+%26+peluang&page=3"],
    [{ at: "import" }, "#/bank/impor"],
    [{ at: "watch" }, "#/pantau"],
    [{ at: "step", selection: "0a", step: "rule_set" }, "#/seleksi/0a/himpunan-aturan"],
    [resultsAt(), "#/hasil"],
    [resultsAt("0a"), "#/hasil/0a"],
    [resultsAt("0a", "0b"), "#/hasil/0a/0b"],
    [resultsAt("0a", "0b", "revisions"), "#/hasil/0a/0b/revisi"],
    [resultsAt("0a", "0b", "corrections", "0c"), "#/hasil/0a/0b/koreksi/0c"],
    [resultsAt("0a", "0b", "corrections", "new", "0d"), "#/hasil/0a/0b/koreksi/baru?sanggah=0d"],
    [{ at: "staff" }, "#/petugas"],
  ];
  it.each(routes)("%j is %s, there and back", (route, hash) => {
    expect(href(route)).toBe(hash);
    expect(readRoute(hash)).toEqual(route);
  });
  it.each(["", "#", "#/", "#/entah", "#/seleksi/"])("%j leads to the selections", (hash) => expect(readRoute(hash)).toEqual({ at: "selections" }));
  it("a nonsense page of the bank is its first", () => expect(readRoute("#/bank?page=-1")).toEqual(WHOLE_BANK));
  it("an unknown step is the overview", () => expect(readRoute("#/seleksi/0a/entah")).toEqual({ at: "selection", selection: "0a" }));
  it("an unknown part of the results is the overview", () => expect(readRoute("#/hasil/0a/0b/entah")).toEqual(resultsAt("0a", "0b")));
  it("belong to an entry of the navigation", () => expect(areaOf(readRoute("#/bank/impor"))).toBe("bank"));
});

describe("who is shown what", () => {
  const me = (...grants: Me["grants"]): Me => ({ id: "p", login: "p", name: "P", grants });
  const auditor = me({ role: "auditor", selection: null, hall: null });
  const author = me({ role: "author", selection: null, hall: null });
  const committee = me({ role: "committee", selection: "a", hall: null });
  it("an auditor sees everything and changes nothing", () => {
    expect(areasFor(auditor)).toEqual(["selections", "bank", "watch", "results", "staff"]);
    expect(onlyReads(auditor)).toBe(true);
    expect(may(auditor, "manage", "a")).toBe(false);
    expect(may(auditor, "inspect", "a")).toBe(true);
  });
  it("an author begins in the bank", () => {
    expect(areasFor(author)).toEqual(["selections", "bank"]);
    expect(firstArea(author)).toBe("bank");
    expect(mayEverywhere(author, "write items")).toBe(true);
    expect(may(author, "inspect", "a")).toBe(false);
  });
  it("a committee of one selection manages only that one and does not write the common bank", () => {
    expect(may(committee, "manage", "a")).toBe(true);
    expect(may(committee, "manage", "b")).toBe(false);
    expect(mayEverywhere(committee, "manage")).toBe(false);
    expect(mayEverywhere(committee, "write items")).toBe(false);
    expect(onlyReads(committee)).toBe(false);
    expect(areasFor(committee)).not.toContain("staff");
  });
  it("a grant for one hall is none for these pages", () => {
    expect(may(me({ role: "committee", selection: "a", hall: "h" }), "manage", "a")).toBe(false);
  });
});
