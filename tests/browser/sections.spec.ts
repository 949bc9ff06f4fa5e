// A short exam whose first section has its own time and no way back: what the clock does by itself, and what a candidate does.

import { SITTING_POLICY } from "../../web/src/committee/forms";
import type { AssignSittings, BlueprintSection, Created, NewFormation, NewHall, NewSelection, NewSitting, NewStage, PutBlueprint } from "../../web/src/wire";
import type { Office } from "./office";
import { expect, test } from "./support";
import { Terminal } from "./terminal";

const SITTING = "kilat-01";

test("a section in order with its own time, a free one after it, and the end of the whole time", async ({ visit, office }) => {
  await setUp(await office("panitia"));
  const registrar = await office("registrar");
  const proctor = await office("pengawas");
  await proctor.command({ do: "open" }, "", SITTING);
  const slow = new Terminal(await visit("nobody"));
  const quick = new Terminal(await visit("nobody"));
  for (const [terminal, number] of [[slow, "K-1"], [quick, "K-2"]] as const) {
    const seated = await registrar.checkIn(number, SITTING);
    await terminal.open();
    await terminal.signIn(number, seated);
    await terminal.page.getByTestId("this-is-me").click();
    await expect(terminal.page.locator(".outline")).toContainText("berurutan, tidak dapat kembali");
    await terminal.page.getByTestId("agree").check();
    await terminal.page.getByTestId("consent").click();
    await terminal.page.getByTestId("practice-done").click();
    await expect(terminal.page.getByTestId("waiting")).toBeVisible();
  }
  // This sitting starts everybody who is ready at once.
  await proctor.command({ do: "start" }, "", SITTING);
  const { page } = slow;
  await expect(page.getByTestId("exam")).toBeVisible();
  await expect(quick.page.getByTestId("exam")).toBeVisible();

  await test.step("no way back, and a question before an item is passed over", async () => {
    await expect(page.getByTestId("section-countdown")).toBeVisible();
    await slow.press("A");
    await slow.next();
    await expect(page.getByTestId("previous")).toBeDisabled();
    await expect(page.getByTestId("cell-1")).toBeDisabled();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByTestId("pass-dialog")).toBeVisible();
    await page.getByTestId("no").click();
    expect(await slow.item()).toBe(2);
    await page.keyboard.press("ArrowRight");
    await page.getByTestId("yes").click();
    expect(await slow.item()).toBe(3);
  });

  await test.step("who is done early leaves the section, after a question", async () => {
    await quick.press("B");
    await quick.page.getByTestId("advance").click();
    await quick.page.getByTestId("no").click();
    expect(await quick.item()).toBe(1);
    await quick.page.getByTestId("advance").click();
    await quick.page.getByTestId("yes").click();
    await expect(quick.page.getByTestId("exam")).toHaveAttribute("data-position", "3");
    await expect(quick.page.getByTestId("section-countdown")).toHaveCount(0);
    await expect(quick.page.getByTestId("cell-2")).toBeDisabled();
    await quick.page.reload();
    await expect(quick.page.getByTestId("exam")).toHaveAttribute("data-position", "3");
  });

  await test.step("who stays is led on when the section's time is over", async () => {
    await expect(page.getByTestId("exam")).toHaveAttribute("data-position", "3", { timeout: 40_000 });
    await expect(page.getByTestId("section-countdown")).toHaveCount(0);
    await expect(page.getByTestId("cell-3")).toBeDisabled();
    await slow.press("C");
    await slow.next();
    await slow.press("D");
    await slow.goTo(4);
    await expect(page.getByTestId("choice-C")).toBeChecked();
    await slow.status("saved");
  });

  await test.step("when the whole time is over the exam ends by itself, with what was saved", async () => {
    for (const [terminal, answered] of [[slow, 3], [quick, 1]] as const) {
      const ended = terminal.page.getByTestId("ended");
      await expect(ended).toHaveAttribute("data-how", "expired", { timeout: 45_000 });
      await expect(ended).toContainText(`${answered} soal dijawab`);
      await expect(terminal.page.getByTestId("marks-total")).toBeVisible();
      expect(await terminal.page.content()).not.toMatch(/lulus/i);
    }
    expect((await proctor.sitting(SITTING)).ended).toBe(2);
  });
});

/** One hall, one formation, two people, six items, one minute. */
async function setUp(committee: Office): Promise<void> {
  const make = async (path: string, body: NewSelection | NewFormation | NewHall | NewStage | NewSitting): Promise<string> => (await committee.post<Created>(path, body)).id;
  const { policy } = await committee.selection();
  const selection = await make("/api/v1/selections", { code: "kilat", title: "Seleksi Kilat", organiser: "BKPSDM", policy });
  const base = `/api/v1/selections/${selection}`;
  await make(`${base}/formations`, { code: "arsip", title: "Arsiparis", slots: 1 });
  const hall = await make(`${base}/halls`, { code: "kecil", title: "Ruang Kecil", rows: 1, columns: 4, spare: 1 });
  const stage = await make(`${base}/stages`, { code: "kilat", title: "Tes Kilat" });
  const section = (code: string, title: string, change: Partial<BlueprintSection>): BlueprintSection => ({
    code, title, duration_s: null, linear: false, shuffle_items: true, shuffle_choices: true,
    cells: [{ topic: null, subtopic: null, level: null, difficulty: null, count: 3 }], ...change,
  });
  const blueprint: PutBlueprint = {
    formation: null,
    blueprint: {
      sections: [section("umum", "Pengetahuan Umum", { duration_s: 30, linear: true }), section("lokal", "Muatan Lokal", {})],
      duration_s: 60,
      tie_order: [],
    },
  };
  await committee.put(`/api/v1/stages/${stage}/blueprint`, blueprint);
  const people = "participant_no,name,formation,category\nK-1,Ani Lestari,arsip,umum\nK-2,Budi Hartono,arsip,umum\n";
  await committee.upload(`${base}/candidates/import?accept=true`, "peserta.csv", people);
  const together = { ...SITTING_POLICY, start_together: true };
  const sitting = await make(`${base}/sittings`, { stage, hall, code: SITTING, starts_utc_ms: Date.now() + 60 * 60_000, policy: together });
  const assign: AssignSittings = { sittings: [sitting], seats: false };
  await committee.post(`/api/v1/stages/${stage}/assign`, assign);
  await committee.post(`/api/v1/sittings/${sitting}/draw`, {});
}
