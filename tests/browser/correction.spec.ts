// A wrong key, from the proposal over its effect and the approvals of two people to revision 2 and its announcement.

import { readFileSync } from "node:fs";
import type { CorrectionView, EffectRow, Effect, PublishPreview, RevisionDetail } from "../../web/src/wire";
import { adoptFirst, announce, setSlots, sitAndClose, stageOf } from "./closed";
import { inspect } from "./inspect";
import { newId } from "./office";
import { expect, numberOf, passwordOf, test, type Page } from "./support";

const [FIRST, SECOND] = [numberOf(1), numberOf(2)];

test.setTimeout(240_000);

test("a correction needs two people with two browsers, then it is revision 2", async ({ visit, office, server }) => {
  const committee = await office("panitia");
  const [wrong] = await test.step("two computer experts sit the exam for one slot; revision 1 is announced", async () => {
    const answered = await sitAndClose(
      { registrar: await office("registrar"), proctor: await office("pengawas"), visit: () => visit("nobody") },
      await committee.bank(),
      [
        { number: FIRST, answers: [{ section: "umum", best: 3 }] },
        // Less in all, but what decides between equals.
        { number: SECOND, answers: [{ section: "umum", best: 1 }, { section: "bidang", best: 1 }] },
      ],
    );
    await setSlots(committee, "prakom", 1);
    await adoptFirst(committee, { present: 2, absent: 58 });
    await announce(committee);
    const alsoSecond = new Set(answered.filter(({ number }) => number === SECOND).map(({ code }) => code));
    return answered.filter(({ number, code }) => number === FIRST && !alsoSecond.has(code));
  });
  if (wrong === undefined) throw new Error("the first one answered nothing that the second did not");
  const selection = await committee.selection();
  const base = `/panitia#/hasil/${selection.id}/${stageOf(selection).id}`;
  const page = await visit("panitia");

  await test.step("people of several formations who wait for the committee are put in one order", async () => {
    // As if three were tied for a slot of a move, two of them of one formation: the demonstration has no such tie.
    await page.route(/\/api\/v1\/revisions\/[0-9a-f]{32}$/, async (route) => {
      const response = await route.fetch();
      const detail = (await response.json()) as RevisionDetail;
      detail.results.lists.forEach((list, index) => list.rows.slice(0, Math.max(0, 2 - index)).forEach((row) => Object.assign(row, { note: "committee_decides", status: "not_selected" })));
      await route.fulfill({ response, json: detail });
    });
    await page.goto(`${base}/koreksi/baru`);
    await page.getByTestId("kind-move_decision").check();
    const order = page.getByTestId("decision-order").getByRole("listitem");
    await expect(order).toHaveCount(3);
    const last = (await order.last().locator(".code").textContent()) ?? "";
    await inspect(page, "hasil-panitia-10-antarformasi");
    await order.last().getByRole("button", { name: `Naikkan ${last}` }).click();
    await expect(order.nth(1)).toContainText(last);
    await page.getByRole("button", { name: `Keluarkan ${last}` }).click();
    await page.getByTestId("correction-submit").click();
    await expect(page.locator(".fault").filter({ hasText: "formasi yang berbeda" })).toBeVisible();
    await page.getByRole("button", { name: `Ikutkan ${last}` }).click();
    await expect(page.locator(".fault").filter({ hasText: "formasi yang berbeda" })).toHaveCount(0);
    await expect(order.last()).toContainText(last);
    await page.unrouteAll({ behavior: "wait" });
  });

  await test.step("the key of an item that only the first one had right is proposed as wrong", async () => {
    await page.goto(base);
    await expect(page.getByTestId("result-step-announcement")).toHaveAttribute("data-state", "done");
    await inspect(page, "hasil-panitia-01-ikhtisar");
    await page.getByTestId("part-corrections").click();
    await expect(page.getByTestId("no-corrections")).toBeVisible();
    await page.getByTestId("propose").click();
    await page.getByTestId("correction-submit").click();
    await expect(page.locator(".field.wrong").first()).toBeVisible();
    await page.getByTestId("correction-item").fill(wrong.code);
    await page.getByTestId("correction-item").press("Enter");
    const choices = page.getByTestId("right-choices").getByRole("checkbox");
    await expect(choices.first()).toBeVisible();
    const ticked = await choices.evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).checked));
    const right = ticked.indexOf(true);
    // Neither of both chose this one.
    const other = (right + 1) % ticked.length;
    await choices.nth(right).uncheck();
    await choices.nth(other).check();
    await page.getByTestId("correction-reason").fill("Berita acara pemeriksaan kunci 12/2026");
    await inspect(page, "hasil-panitia-02-usulan-koreksi");
    await page.getByTestId("correction-submit").click();
    await expect(page.getByTestId("page-effect")).toBeVisible();
  });
  const correction = /koreksi\/([0-9a-f]{32})$/.exec(page.url())?.[1] ?? "";

  await test.step("its effect is told in full: who moves, by how much, who enters and leaves", async () => {
    await expect(page.getByTestId("effect-enter")).toHaveText("1");
    await expect(page.getByTestId("effect-leave")).toHaveText("1");
    await expect(page.getByTestId("effect-fell")).toHaveText("1");
    await expect(page.getByTestId("second-scorer")).toHaveAttribute("data-agrees", "yes");
    await page.getByTestId("effect-filter-leaves").click();
    await expect(page.getByTestId(`effect-${FIRST}`)).toContainText("keluar");
    await expect(page.getByTestId(`effect-${SECOND}`)).toHaveCount(0);
    await page.getByTestId("effect-filter-all").click();
    for (const [column, order] of [["rank_after", [SECOND, FIRST]], ["rank_before", [FIRST, SECOND]]] as const) {
      await page.getByTestId(`sort-${column}`).click();
      await expect(page.locator("th[aria-sort=ascending]")).toHaveCount(1);
      const shown = await page.locator(".effect-table tbody tr").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-testid") ?? ""));
      expect(shown.filter((row) => order.some((number) => row.endsWith(number)))).toEqual(order.map((number) => `effect-${number}`));
    }
    await inspect(page, "hasil-panitia-03-dampak");
    const csv = await page.request.get(`/api/v1/corrections/${correction}/effect.csv`);
    expect(csv.status()).toBe(200);
    expect(await csv.text()).toContain(FIRST);
  });

  const approve = (by: Page, hash: string): Promise<number> =>
    by.request.post(`/api/v1/corrections/${correction}/approve`, { headers: { "x-saksama": "1" }, data: { effect_hash: hash } }).then((response) => response.status());
  const effect = await committee.get<Effect>(`/api/v1/corrections/${correction}/effect`);
  const moved = (row: EffectRow | undefined): unknown[] => [row?.before?.rank, row?.after?.rank, row?.enters, row?.leaves];
  expect(moved(effect.rows.find((row) => row.participant_no === FIRST))).toEqual([1, 2, false, true]);
  expect(moved(effect.rows.find((row) => row.participant_no === SECOND))).toEqual([2, 1, true, false]);

  await test.step("the first approval is given without a mouse", async () => {
    await page.reload();
    await expect(page.getByTestId("approve")).toBeEnabled();
    await tabTo(page, "approve");
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("approve-dialog")).toBeVisible();
    await inspect(page, "hasil-panitia-04-setujui");
    await tabTo(page, "approve-dialog-submit");
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("approvals")).toHaveAttribute("data-count", "1");
    await expect(page.getByTestId("hindrance")).toHaveAttribute("data-code", "same_person");
    await expect(page.getByTestId("approve")).toBeDisabled();
  });

  await test.step("the same person on another machine cannot give the second", async () => {
    const again = await visit("panitia");
    await again.goto(page.url());
    await expect(again.getByTestId("hindrance")).toHaveAttribute("data-code", "same_person");
    await expect(again.getByTestId("approve")).toBeDisabled();
    expect(await approve(again, effect.effect_hash)).toBe(409);
    await again.context().close();
  });

  await test.step("a colleague in the same browser cannot either", async () => {
    const address = page.url();
    await page.getByTestId("sign-out").click();
    await page.getByTestId("sign-in-login").fill("panitia2");
    await page.getByTestId("sign-in-password").fill(passwordOf(server, "panitia2"));
    await page.getByTestId("sign-in-submit").click();
    await page.goto(address);
    await expect(page.getByTestId("hindrance")).toHaveAttribute("data-code", "same_browser");
    await expect(page.getByTestId("approve")).toBeDisabled();
    await inspect(page, "hasil-panitia-05-peramban-sama");
    expect(await approve(page, effect.effect_hash)).toBe(409);
  });

  const colleague = await visit("panitia2");
  await test.step("the colleague at another machine does, and it is revision 2", async () => {
    await colleague.goto(page.url());
    await colleague.getByTestId("approve").click();
    await colleague.getByTestId("approve-dialog-submit").click();
    await expect(colleague.getByTestId("became-revision")).toContainText("revisi 2");
    const all = await committee.get<CorrectionView[]>(`/api/v1/stages/${stageOf(selection).id}/corrections`);
    expect(all.map(({ state, revision, approvals }) => [state, revision, approvals.length])).toEqual([["adopted", 2, 2]]);
    await colleague.getByTestId("part-revisions").click();
    await expect(colleague.getByTestId("revision-2-by")).toContainText(",");
    await expect(colleague.getByTestId("revision-1")).toBeVisible();
    await inspect(colleague, "hasil-panitia-06-revisi");
    const files = await colleague.getByTestId("revision-2-files").getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    expect(files.map((file) => file.split("/").at(-1))).toEqual(expect.arrayContaining(["rules.toml", "formations.csv", "scores.csv", "results.csv", "sources.json"]));
    for (const file of files) {
      expect((await colleague.request.get(file)).status(), file).toBe(200);
    }
    await colleague.getByTestId("revision-2-lists").click();
    await colleague.getByTestId("list-prakom").click();
    await expect(colleague.getByTestId(`rank-${SECOND}`)).toHaveAttribute("data-status", "selected");
    await colleague.getByTestId("compare").selectOption({ index: 1 });
    await expect(colleague.getByTestId(`effect-${FIRST}`)).toContainText("keluar");
    const [csv] = await Promise.all([colleague.waitForEvent("download"), colleague.getByTestId("effect-csv").click()]);
    expect(csv.suggestedFilename()).toBe("bandingan-revisi-1-2.csv");
    expect(readFileSync(await csv.path(), "utf8")).toContain(FIRST);
    await inspect(colleague, "hasil-panitia-07-bandingkan");
  });

  await test.step("it is announced with its reason, and the first announcement leads to it", async () => {
    await colleague.getByTestId("part-announcement").click();
    await expect(colleague.getByTestId("publish")).toBeDisabled();
    await colleague.getByTestId("preview").click();
    const preview = colleague.frameLocator('[data-testid="preview-frame"]');
    await expect(preview.getByText(SECOND)).toBeVisible();
    await inspect(colleague, "hasil-panitia-08-pratinjau");
    await colleague.getByTestId("announcement-number").fill("800/13-BKPSDM/2026");
    await expect(colleague.getByTestId("publish")).toBeDisabled();
    await colleague.getByTestId("preview").click();
    await expect(preview.getByText("800/13-BKPSDM/2026")).toBeVisible();
    // As if the server had the preview no longer: another one is needed, and the page says so.
    const unknown = { preview: newId() } satisfies PublishPreview;
    await colleague.route(/\/stages\/[0-9a-f]{32}\/publications$/, (route) => route.continue({ postData: JSON.stringify(unknown) }), { times: 1 });
    await colleague.getByTestId("publish").click();
    await colleague.getByTestId("publish-dialog-submit").click();
    await expect(colleague.getByTestId("preview-stale")).not.toBeEmpty();
    await expect(colleague.getByTestId("announcement-preview")).toHaveCount(0);
    await expect(colleague.getByTestId("publish")).toBeDisabled();
    await colleague.getByTestId("preview").click();
    await expect(preview.getByText("800/13-BKPSDM/2026")).toBeVisible();
    await expect(colleague.getByTestId("preview-stale")).toBeEmpty();
    await colleague.getByTestId("publish").click();
    await colleague.getByTestId("publish-dialog-submit").click();
    await expect(colleague.getByTestId("published")).toBeVisible();
    await expect(colleague.getByTestId("publication-2")).toContainText("Berita acara pemeriksaan kunci 12/2026");
    const reader = await visit("nobody");
    await reader.goto("/hasil");
    await reader.getByTestId("earlier").click();
    await expect(reader.getByTestId("publication-link")).toHaveCount(2);
    await reader.getByTestId("publication-link").last().click();
    await expect(reader.getByRole("link", { name: /revisi 2/i }).first()).toBeVisible();
  });

  await test.step("what the numbers say", async () => {
    await colleague.getByTestId("part-statistics").click();
    await colleague.getByTestId("list-prakom").click();
    await expect(colleague.getByTestId("ladder")).toBeVisible();
    await colleague.getByTestId("statistics-formation").selectOption("prakom");
    const report = colleague.frameLocator("[data-testid=statistics-frame]");
    await expect(report.getByRole("heading", { level: 1 })).toBeVisible();
    await inspect(colleague, "hasil-panitia-09-statistik");
  });
});

/** Presses Tab until something has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, testid: string): Promise<void> {
  const TABS_MAX = 120;
  for (let pressed = 0; pressed < TABS_MAX; pressed += 1) {
    if (await page.getByTestId(testid).evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${testid} is not reached with the keyboard`);
}
