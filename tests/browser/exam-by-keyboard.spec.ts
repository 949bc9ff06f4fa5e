// One whole exam without a mouse: the desk, the terminal, all items, the end, and what the committee sees of it.

import { marks } from "../../web/src/common/format";
import { Console } from "./console";
import { HALL, expect, numberOf, test, type Page } from "./support";
import { Terminal } from "./terminal";

const NUMBER = numberOf(1);

test("a candidate takes a whole exam by keyboard, and the committee finds the same marks", async ({ visit, office }) => {
  const desk = await visit("registrar");
  const pin = await checkInByKeyboard(desk, NUMBER);
  const proctor = new Console(await visit("pengawas"));
  await proctor.open();
  const terminal = new Terminal(await visit("nobody"));
  const { page } = terminal;

  await test.step("signs in, confirms, consents", async () => {
    await terminal.open();
    await page.keyboard.type(NUMBER);
    await page.keyboard.press("Tab");
    await page.keyboard.type(pin);
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("who")).toContainText("Aditya Wirasena");
    await expect(page.getByTestId("who")).toContainText("Pranata Komputer Ahli Pertama");
    await pressOn(page, "this-is-me", "Enter");
    await pressOn(page, "agree", "Space");
    await pressOn(page, "consent", "Enter");
  });

  await test.step("practises the keys until all is tried", async () => {
    await expect(page.getByTestId("practice")).toBeVisible();
    await page.keyboard.press("b");
    await expect(page.getByTestId("choice-B")).toBeChecked();
    await page.keyboard.press("r");
    await page.keyboard.press("ArrowRight");
    await expect(page.getByTestId("practice-done")).toHaveText("Selesai latihan");
    await pressOn(page, "practice-done", "Enter");
    await expect(page.getByTestId("waiting")).toContainText("setelah pengawas membuka sesi");
  });

  await test.step("starts when the proctor has let the sitting start", async () => {
    await proctor.done("start");
    await pressOn(page, "start", "Enter");
    await expect(page.getByTestId("exam")).toBeVisible();
    await expect(page.getByTestId("item-heading")).toHaveText("Soal 1 dari 110");
  });

  const bank = await (await office("panitia")).bank();
  const expected = new Map<string, number>();
  await test.step("answers every item with a letter and goes on with the arrow", async () => {
    const { sections } = terminal.paper();
    let item = 0;
    for (const section of sections) {
      for (let nth = 0; nth < section.items; nth += 1) {
        item += 1;
        const face = terminal.face(item);
        const letters = item % 3 === 0 ? bank.worst(face) : bank.best(face);
        for (const letter of letters) await terminal.press(letter);
        expected.set(section.code, (expected.get(section.code) ?? 0) + bank.earned(face, letters));
        if (item < 110) await terminal.next();
      }
    }
    await expect(page.getByTestId("count-answered")).toHaveText("110");
    await terminal.status("saved", "Semua jawaban tersimpan");
  });

  await test.step("marks one as doubtful, clears it, answers it anew", async () => {
    await page.keyboard.press("ArrowLeft");
    await expect(page.getByTestId("item-heading")).toHaveText("Soal 109 dari 110");
    await page.keyboard.press("r");
    await expect(page.getByTestId("cell-109")).toHaveAttribute("data-state", "answered doubtful");
    await expect(page.getByTestId("count-doubtful")).toHaveText("1");
    await page.keyboard.press("r");
    await expect(page.getByTestId("cell-109")).toHaveAttribute("data-state", "answered");
    await pressOn(page, "clear", "Enter");
    await expect(page.getByTestId("cell-109")).toHaveAttribute("data-state", "unanswered");
    await expect(page.getByTestId("count-unanswered")).toHaveText("1");
    // Chosen and changed at once: the last choice is the one that counts.
    const face = terminal.face(109);
    await terminal.press(bank.worst(face));
    if (face.multiple) await page.keyboard.press(bank.worst(face).toLowerCase());
    for (const letter of bank.best(face)) await terminal.press(letter);
    await terminal.status("saved");
  });

  await test.step("ends the exam, after a question", async () => {
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const dialog = page.getByTestId("finish-dialog");
    await expect(dialog.getByTestId("finish-answered")).toHaveText("110");
    await expect(dialog.getByTestId("finish-unanswered")).toHaveText("0");
    await expect(dialog.getByTestId("no")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await page.keyboard.press("ArrowRight");
    await pressOn(page, "yes", "Enter");
    await expect(page.getByTestId("ended")).toHaveAttribute("data-how", "submitted");
  });

  await test.step("sees section marks and total, and no word of passing", async () => {
    for (const [section, sum] of expected) await expect(page.getByTestId(`marks-${section}`)).toHaveText(marks(sum * 1000));
    const total = [...expected.values()].reduce((sum, of) => sum + of, 0);
    await expect(page.getByTestId("marks-total")).toHaveText(marks(total * 1000));
    expect(await page.content()).not.toMatch(/lulus/i);
  });

  await test.step("the committee computes the same marks", async () => {
    const shown = await page.getByTestId("marks").locator("td").allInnerTexts();
    const committee = await visit("panitia");
    await committee.goto("/panitia#/hasil");
    await committee.getByTestId("part-computation").click();
    await committee.getByTestId("compute").click();
    await committee.getByTestId("list-prakom").click();
    const row = committee.getByTestId(`rank-${NUMBER}`);
    expect((await row.locator("td.number").allInnerTexts()).slice(1, shown.length + 1)).toEqual(shown);
    await expect(row.locator("td.rank")).toHaveText("1");
  });
});

/** The registrar finds the candidate, ticks the checklist, and reads the PIN, all by keyboard. */
async function checkInByKeyboard(page: Page, number: string): Promise<string> {
  await page.setViewportSize(HALL);
  await page.goto("/meja");
  await page.getByTestId("sitting-link").first().press("Enter");
  await expect(page.getByTestId("find")).toBeFocused();
  await page.keyboard.type(number);
  await expect(page.getByTestId("people").getByTestId("person")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("card-number")).toContainText(number);
  await page.keyboard.press("1");
  await page.keyboard.press("2");
  await page.keyboard.press("3");
  await expect(page.getByTestId("identity")).toBeChecked();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("pin-panel")).toBeVisible();
  return (await page.getByTestId("pin").innerText()).replace(/\s/g, "");
}

/** Goes to something with Tab, as somebody without a mouse does, and presses a key on it. */
async function pressOn(page: Page, testid: string, key: "Enter" | "Space"): Promise<void> {
  const target = page.getByTestId(testid);
  await expect(target).toBeEnabled();
  for (let tabs = 0; tabs < 150; tabs += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      await page.keyboard.press(key);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`${testid} cannot be reached with Tab`);
}
