// The check-in desk: who comes, who does not, and a PIN that is good for one person, once.

import { expect, numberOf, test, type Page } from "./support";
import { Terminal } from "./terminal";

async function open(desk: Page, number: string, find = number): Promise<void> {
  await desk.getByTestId("find").fill(find);
  await desk.locator(`[data-testid="person"][data-number="${number}"]`).click();
  await expect(desk.getByTestId("card-number")).toContainText(number);
  await expect(desk.getByTestId("person")).toHaveCount(1);
}

async function pinShown(desk: Page): Promise<string> {
  return (await desk.getByTestId("pin").innerText()).replace(/\s/g, "");
}

test("candidates are found by name, checked before they are let in, and counted", async ({ visit }) => {
  const desk = await visit("registrar");
  await desk.goto("/meja");
  await desk.getByTestId("sitting-link").click();
  await expect(desk.getByTestId("count-left")).toHaveText("60");

  await test.step("the checklist must be whole", async () => {
    await open(desk, numberOf(7), "ramadhani");
    await expect(desk.getByTestId("card-accommodation")).toContainText("Tambahan waktu 30 menit");
    await desk.getByTestId("check-in").click();
    await expect(desk.getByTestId("lacking")).toContainText("wajah dan dokumen");
    await desk.getByTestId("identity").check();
    await desk.getByTestId("check-in").click();
    await expect(desk.getByTestId("lacking")).toContainText("dokumen");
    await desk.getByTestId("document-ktp").check();
    await desk.getByTestId("check-in").click();
    await expect(desk.getByTestId("pin-panel")).toContainText("Tambahan waktu 30 menit");
    await expect(desk.getByTestId("count-present")).toHaveText("1");
    await desk.getByTestId("next").click();
    await expect(desk.getByTestId("pin-panel")).toHaveCount(0);
  });

  await test.step("who is refused is told why, and who does not come is noted", async () => {
    await open(desk, numberOf(8));
    await desk.getByTestId("refuse").click();
    await expect(desk.getByTestId("question-send")).toBeDisabled();
    await desk.getByTestId("question-reason").fill("Wajah tidak cocok dengan dokumen");
    await desk.getByTestId("question-send").click();
    await expect(desk.getByTestId("desk-word")).toContainText("dicatat ditolak");
    await open(desk, numberOf(9));
    await desk.getByTestId("absent").click();
    await desk.getByTestId("question-send").click();
    await expect(desk.getByTestId("desk-word")).toContainText("dicatat tidak hadir");
    await expect(desk.getByTestId("count-refused")).toHaveText("1");
    await expect(desk.getByTestId("count-absent")).toHaveText("1");
    await expect(desk.getByTestId("count-left")).toHaveText("57");
  });
});

test("a new PIN kills the old one, and a used PIN lets nobody in", async ({ visit, office }) => {
  const number = numberOf(10);
  const { pin: old } = await (await office("registrar")).checkIn(number);
  const desk = await visit("registrar");
  await desk.goto("/meja");
  await desk.getByTestId("sitting-link").click();
  await open(desk, number);
  await desk.getByTestId("reissue").click();
  await desk.getByTestId("question-send").click();
  const fresh = await pinShown(desk);
  expect(fresh).not.toBe(old);

  const terminal = new Terminal(await visit("nobody"));
  await terminal.open();
  const refusal = terminal.page.getByTestId("refusal");
  await terminal.page.getByTestId("participant-no").fill(number);
  await terminal.page.getByTestId("pin").fill("1234");
  await terminal.page.getByTestId("sign-in-submit").click();
  await expect(refusal).toContainText("8 angka");
  await terminal.page.getByTestId("pin").fill(old);
  await terminal.page.getByTestId("sign-in-submit").click();
  await expect(refusal).toContainText("tidak cocok");
  await terminal.signIn(number, { pin: fresh });
  await expect(terminal.page.getByTestId("who")).toContainText(number);

  const other = new Terminal(await visit("nobody"));
  await other.open();
  await other.page.getByTestId("participant-no").fill(number);
  await other.page.getByTestId("pin").fill(fresh);
  await other.page.getByTestId("sign-in-submit").click();
  await expect(other.page.getByTestId("refusal")).toContainText("tidak cocok");
  await expect(terminal.page.getByTestId("who")).toBeVisible();
});
