import { describe, expect, it } from "vitest";
import { startStrings } from "../strings/start";
import { pageOf, partsOf, stepsFor, type Demo } from "./demo";

const DEMO: Demo = {
  selection: "Contoh",
  candidates: [{ participant_no: "26-0001", name: "Ayu" }],
  staff: [{ login: "meja", password: "p", name: "Rini", role: "registrar" }],
  steps: ["Buka /meja sebagai meja."],
};

describe("the walk-through", () => {
  it("is the server's in Indonesian", () => expect(stepsFor(DEMO, "id", startStrings.id.demo.walk)).toEqual(DEMO.steps));
  it("is ours in English, with the demo's people in it", () => {
    const steps = stepsFor(DEMO, "en", startStrings.en.demo.walk);
    expect(steps[1]).toContain("/meja as meja");
    expect(steps[1]).toContain("26-0001");
    expect(steps[0]).toContain("the fitting account");
  });
  it("names pages as links and nothing else", () => {
    expect(partsOf("Buka /meja, lalu /hasil.")).toEqual([
      { text: "Buka ", href: undefined }, { text: "/meja", href: "/meja" }, { text: ", lalu ", href: undefined }, { text: "/hasil", href: "/hasil" }, { text: ".", href: undefined },
    ]);
    expect(partsOf("dan/atau https://x.id/meja /mejaku /hasil/1")).toEqual([{ text: "dan/atau https://x.id/meja /mejaku /hasil/1", href: undefined }]);
  });
  it("leads every role to its page", () => expect(["registrar", "proctor", "committee", "auditor"].map(pageOf)).toEqual(["/meja", "/pengawas", "/panitia", "/panitia"]));
});
