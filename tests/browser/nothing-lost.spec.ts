// The terminal's promise, broken at in every way a hall knows: the cable, the page, the server, the browser, the machine.

import { mkdtempSync, rmSync } from "node:fs";
import { Cable } from "./cable";
import { Console } from "./console";
import { BROWSER, CHROMIUM, TEMPORARY } from "./places";
import { chromium, type BrowserContext } from "./playwright";
import { HALL, expect, numberOf, test } from "./support";
import { Terminal } from "./terminal";

/** What the page shows may be a second away from the server's clock; reading it takes a moment more. */
const AGREE_MS = 1_000;
/** How exactly a crash keeps the time: a heartbeat of one second, and the moments before and after. */
const HEARTBEAT_MS = 2_500;

test("the cable is out for thirty seconds: five answers wait on the machine, outlive a reload, and arrive", async ({ server, browser, visit, office }) => {
  const number = numberOf(1);
  const seated = await (await office("registrar")).checkIn(number);
  await (await office("pengawas")).command({ do: "start" });
  const console_ = new Console(await visit("pengawas"));
  await console_.open();
  const cable = await Cable.to(server.port);
  const context = await browser.newContext({ baseURL: cable.url, viewport: HALL });
  try {
    const terminal = new Terminal(await context.newPage());
    await terminal.takeSeat(number, seated);
    await terminal.answer("ABC");
    await terminal.status("saved", "Semua jawaban tersimpan");
    await shellIsKept(terminal);

    cable.pull();
    const pulled = await terminal.seconds();
    for (const letter of "DEABC") {
      await terminal.next();
      await terminal.press(letter);
    }
    await test.step("the status line tells the truth", async () => {
      await terminal.status("waiting", "5 jawaban tersimpan di komputer ini, menunggu server");
      expect((await terminal.grid()).slice(0, 9)).toEqual([...Array(3).fill("answered"), ...Array(5).fill("answered pending"), "unanswered"]);
    });
    await test.step("the page is opened again without the server and shows the same answers", async () => {
      await terminal.page.reload({ waitUntil: "commit" });
      await expect(terminal.page.getByTestId("exam")).toBeVisible({ timeout: 20_000 });
      await terminal.status("cut", "5 jawaban tersimpan di komputer ini");
      expect(await terminal.letters(8)).toBe("ABCDEABC");
    });
    await test.step("thirty seconds are over, by the page's own clock", async () => {
      await expect.poll(() => terminal.seconds(), { timeout: 40_000 }).toBeLessThanOrEqual(pulled - 30);
    });

    cable.plug();
    await terminal.status("saved", "Semua jawaban tersimpan");
    expect(await terminal.letters(8)).toBe("ABCDEABC");
    await clocksAgree(terminal, console_, number);
    expect((await console_.session(number)).answered).toBe(8);
    // The outage was the cable's, not the server's: the time ran on.
    expect(await terminal.seconds()).toBeLessThanOrEqual(pulled - 30);
    expect((await console_.session(number)).late).toBe(0);
  } finally {
    await context.close();
    cable.remove();
  }
});

test("a browser that knows it is offline says so, goes on, and comes back by itself", async ({ visit, office }) => {
  const number = numberOf(2);
  const seated = await (await office("registrar")).checkIn(number);
  await (await office("pengawas")).command({ do: "start" });
  const console_ = new Console(await visit("pengawas"));
  await console_.open();
  const terminal = new Terminal(await visit("nobody"));
  const context = terminal.page.context();
  await terminal.takeSeat(number, seated);
  await terminal.answer("AB");
  await terminal.status("saved");
  await shellIsKept(terminal);

  await context.setOffline(true);
  await terminal.next();
  await terminal.press("C");
  await terminal.page.reload({ waitUntil: "commit" });
  await expect(terminal.page.getByTestId("exam")).toBeVisible();
  await terminal.status("cut", /Sambungan terputus: 1 jawaban tersimpan di komputer ini/);
  expect(await terminal.item(), "the page opens where it was left").toBe(3);
  await terminal.press("D");
  await terminal.next();
  await terminal.press("E");
  await terminal.status("cut", /2 jawaban/);

  await context.setOffline(false);
  await terminal.status("saved");
  expect(await terminal.letters(4)).toBe("ABDE");
  expect((await console_.session(number)).answered).toBe(4);
  await clocksAgree(terminal, console_, number);
});

test("the server dies in the middle of the exam: the page comes back by itself, and nobody pays for the outage", async ({ server, visit, office }) => {
  const number = numberOf(3);
  const seated = await (await office("registrar")).checkIn(number);
  await (await office("pengawas")).command({ do: "start" });
  const console_ = new Console(await visit("pengawas"));
  await console_.open();
  const terminal = new Terminal(await visit("nobody"));
  await terminal.takeSeat(number, seated);
  await terminal.answer("ABCD");
  await terminal.status("saved");
  const before = (await console_.session(number)).remaining_ms;

  await server.kill();
  await terminal.next();
  await terminal.press("E");
  await terminal.status("cut", "1 jawaban tersimpan di komputer ini");
  // The outage lasts: the page counts on, because it cannot know better.
  const shown = await terminal.seconds();
  await expect.poll(() => terminal.seconds(), { timeout: 15_000 }).toBeLessThanOrEqual(shown - 5);
  await server.start();
  const resumed = (await console_.session(number)).remaining_ms;
  // All but a heartbeat of what ran while the server was away is given back, and nothing that was never taken.
  expect(before - resumed, "the outage cost more than a heartbeat").toBeLessThan(HEARTBEAT_MS);
  expect(resumed - before, "time was given that was never taken").toBeLessThan(HEARTBEAT_MS);

  await terminal.status("saved");
  expect(await terminal.letters(5)).toBe("ABCDE");
  await expect(console_.page.getByTestId("console-link")).toHaveAttribute("data-link", "live", { timeout: 20_000 });
  await clocksAgree(terminal, console_, number);
  expect((await console_.session(number)).answered).toBe(5);
});

test("the browser is closed and opened again: the same profile, the same exam", async ({ server, visit, office }) => {
  const number = numberOf(4);
  const seated = await (await office("registrar")).checkIn(number);
  await (await office("pengawas")).command({ do: "start" });
  const console_ = new Console(await visit("pengawas"));
  await console_.open();
  const profile = mkdtempSync(TEMPORARY);
  const open = (): Promise<BrowserContext> =>
    chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: BROWSER, baseURL: server.url, viewport: HALL });
  let context = await open();
  try {
    const first = new Terminal(context.pages()[0] ?? (await context.newPage()));
    await first.takeSeat(number, seated);
    await first.answer("ABCDE");
    await first.status("saved");
    await context.setOffline(true);
    await first.next();
    await first.press("A");
    await expect(first.page.getByTestId("cell-6")).toHaveAttribute("data-state", "answered pending");
    await context.close();

    context = await open();
    const second = new Terminal(context.pages()[0] ?? (await context.newPage()));
    await second.page.goto("/ujian");
    await expect(second.page.getByTestId("exam")).toBeVisible();
    await second.status("saved");
    expect(await second.letters(6)).toBe("ABCDEA");
    expect((await console_.session(number)).answered).toBe(6);
    await clocksAgree(second, console_, number);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});

test("a dead machine: the proctor moves the candidate, the answers are there, and what the old machine still has is evidence", async ({ visit, office }) => {
  const number = numberOf(5);
  const seated = await (await office("registrar")).checkIn(number);
  await (await office("pengawas")).command({ do: "start" });
  const bank = await (await office("panitia")).bank();
  const first = new Console(await visit("pengawas"));
  const second = new Console(await visit("pengawas2"));
  await first.open();
  await second.open();
  const old = new Terminal(await visit("nobody"));
  await old.takeSeat(number, seated);
  for (let item = 1; item <= 3; item += 1) {
    if (item > 1) await old.next();
    await old.press(bank.worst(old.face(item)));
  }
  await old.status("saved");
  const letters = await old.letters(3);

  await test.step("the machine loses its line; its last answer stays on it", async () => {
    await old.page.context().setOffline(true);
    await old.goTo(4);
    await old.press(bank.best(old.face(4)));
    await expect(old.page.getByTestId("cell-4")).toHaveAttribute("data-state", "answered pending");
  });

  const pin = await test.step("the proctor moves the candidate and hands over a new PIN", async () => {
    await first.choose(number);
    await first.page.getByTestId("act-move").click();
    const dialog = first.page.getByTestId("act-dialog");
    await dialog.getByTestId("move-seat").selectOption({ index: 1 });
    await dialog.getByTestId("dialog-reason").fill("Terminal rusak");
    await dialog.getByTestId("dialog-send").click();
    const shown = (await dialog.getByTestId("new-pin").innerText()).replace(/\s/g, "");
    await dialog.getByTestId("dialog-close").click();
    return shown;
  });

  const moved = new Terminal(await visit("nobody"));
  await test.step("at the new machine the same answers are there at once, and the clock stood while the candidate walked", async () => {
    await moved.open();
    await moved.signIn(number, { pin });
    await expect(moved.page.getByTestId("exam")).toBeVisible();
    await moved.status("saved");
    expect(await moved.letters(4)).toBe(`${letters}-`);
    await clocksAgree(moved, first, number);
  });

  await test.step("the old machine comes back: it tells what it has, and where the exam is now", async () => {
    await old.page.context().setOffline(false);
    await expect(old.page.getByTestId("blocked")).toHaveAttribute("data-why", "elsewhere", { timeout: 20_000 });
    await expect(old.page.getByTestId("blocked-unsent")).toHaveAttribute("data-unsent", "0");
    // It is evidence and nothing more: the exam does not change by itself.
    expect((await first.session(number)).answered).toBe(3);
  });

  await test.step("two people admit it, and only two", async () => {
    await expect(first.seat(number)).toHaveClass(/seat-late/);
    await first.choose(number);
    await expect(first.page.getByTestId("late-entry")).toContainText("Soal 4");
    await first.proposed("admit", { reason: "Jawaban ada di komputer yang rusak" });
    await first.page.getByTestId("side-proposals").click();
    await expect(first.page.getByTestId("own-proposal")).toBeVisible();
    await expect(first.page.getByTestId("approve")).toHaveCount(0);
    await second.approve();
    await expect.poll(async () => (await first.session(number)).late).toBe(0);
    expect((await first.session(number)).answered).toBe(4);
  });

  await test.step("it counts", async () => {
    await moved.page.getByTestId("finish").click();
    await moved.page.getByTestId("yes").click();
    await expect(moved.page.getByTestId("ended")).toContainText("4 soal dijawab");
    await expect(moved.page.getByTestId("marks-total")).toHaveText("5");
  });
});

test("a live terminal that is moved away says so at once", async ({ visit, office }) => {
  const number = numberOf(6);
  const seated = await (await office("registrar")).checkIn(number);
  await (await office("pengawas")).command({ do: "start" });
  const console_ = new Console(await visit("pengawas"));
  await console_.open();
  const terminal = new Terminal(await visit("nobody"));
  await terminal.takeSeat(number, seated);
  await terminal.answer("AB");
  await terminal.status("saved");
  await console_.choose(number);
  await console_.page.getByTestId("act-move").click();
  await console_.page.getByTestId("move-seat").selectOption({ index: 1 });
  await console_.page.getByTestId("dialog-reason").fill("Layar rusak");
  await console_.page.getByTestId("dialog-send").click();
  await expect(console_.page.getByTestId("new-pin")).toBeVisible();
  await expect(terminal.page.getByTestId("blocked")).toHaveAttribute("data-why", "elsewhere");
  await expect(terminal.page.getByTestId("blocked")).toContainText("komputer atau jendela lain");
  // Trying again does not take the session back.
  await terminal.page.getByTestId("retry").click();
  await expect(terminal.page.getByTestId("blocked")).toHaveAttribute("data-why", "elsewhere");
});

test("a second tab may look on, but only one speaks for the session", async ({ visit, office }) => {
  const number = numberOf(7);
  const seated = await (await office("registrar")).checkIn(number);
  await (await office("pengawas")).command({ do: "start" });
  const first = new Terminal(await visit("nobody"));
  await first.takeSeat(number, seated);
  await first.answer("AB");
  await first.status("saved");
  const second = new Terminal(await first.page.context().newPage());
  await second.page.goto("/ujian");
  await expect(second.page.getByTestId("blocked")).toHaveAttribute("data-why", "second");
  await first.next();
  await first.press("C");
  await first.status("saved");
  // The first tab is gone: now the second one may.
  await first.page.close();
  await second.page.getByTestId("retry").click();
  await second.status("saved");
  expect(await second.letters(3)).toBe("ABC");
});

test("two candidates follow one another at a machine and never meet", async ({ visit, office }) => {
  const registrar = await office("registrar");
  const [one, two] = [numberOf(8), numberOf(9)];
  const first = await registrar.checkIn(one);
  await (await office("pengawas")).command({ do: "start" });
  const terminal = new Terminal(await visit("nobody"));
  const { page } = terminal;
  await terminal.takeSeat(one, first);
  await terminal.answer("ABC");
  await terminal.status("saved");
  await page.getByTestId("finish").click();
  await page.getByTestId("yes").click();
  await expect(page.getByTestId("ended")).toBeVisible();
  await page.getByTestId("leave").click();
  await expect(page.getByTestId("sign-in")).toBeVisible();
  await expect(page.getByTestId("leftover")).toHaveCount(0);
  // Nothing of the first comes back, neither by itself nor with the PIN that was used.
  await page.reload();
  await page.getByTestId("participant-no").fill(one);
  await page.getByTestId("pin").fill(first.pin);
  await page.getByTestId("sign-in-submit").click();
  await expect(page.getByTestId("refusal")).toContainText("PIN");
  await terminal.signIn(two, await registrar.checkIn(two));
  await expect(page.getByTestId("who")).toContainText("Citra Lestarini");
  await terminal.consent();
  await terminal.start();
  await expect(page.getByTestId("count-answered")).toHaveText("0");
  await terminal.answer("D");
  await terminal.status("saved");
  await page.reload();
  await expect(page.getByTestId("exam")).toContainText(two);
  await expect(page.getByTestId("count-answered")).toHaveText("1");
});

/** The page's clock is the server's, to within a second. */
async function clocksAgree(terminal: Terminal, console_: Console, number: string): Promise<void> {
  const earlier = await terminal.seconds();
  const { remaining_ms } = await console_.session(number);
  const later = await terminal.seconds();
  // A shown second is rounded up, and the server was asked somewhere between the two looks.
  expect(remaining_ms, "the page shows too little").toBeLessThanOrEqual(earlier * 1_000 + AGREE_MS);
  expect(remaining_ms, "the page shows too much").toBeGreaterThanOrEqual((later - 1) * 1_000 - AGREE_MS);
}

/** The service worker has the page and its parts, so that it opens without the server. */
async function shellIsKept(terminal: Terminal): Promise<void> {
  await terminal.page.waitForFunction(async () => (await caches.match("/ujian")) !== undefined && navigator.serviceWorker.controller !== null);
}
