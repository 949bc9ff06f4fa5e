// A hall through the eyes of its proctors: what they see, what they may do alone, and what takes two.

import { Console } from "./console";
import { expect, numberOf, test } from "./support";
import { Terminal } from "./terminal";

test("the seat map follows a candidate from the desk to the end", async ({ visit, office }) => {
  const number = numberOf(1);
  const registrar = await office("registrar");
  const proctor = new Console(await visit("pengawas"));
  await proctor.open();
  await expect(proctor.page.getByTestId("sitting-phase")).toHaveAttribute("data-phase", "open");
  await proctor.done("start");
  await expect(proctor.page.getByTestId("sitting-phase")).toHaveAttribute("data-phase", "started");

  const seated = await registrar.checkIn(number);
  const seat = proctor.seat(number);
  await expect(seat).toHaveAttribute("data-status", "checked_in");
  await expect(seat).toHaveAttribute("data-seat", seated.seat);
  const terminal = new Terminal(await visit("nobody"));
  await terminal.open();
  await terminal.signIn(number, seated);
  await expect(seat).toHaveAttribute("data-status", "signed_in");
  await expect(seat).toHaveAttribute("data-connected", "true");
  await terminal.consent();
  await expect(seat).toHaveAttribute("data-status", "ready");
  await terminal.start();
  await expect(seat).toHaveAttribute("data-status", "running");
  await terminal.answer("ABC");
  await expect(seat).toContainText("3/110");
  await terminal.page.keyboard.press("r");
  await proctor.choose(number);
  await expect(proctor.page.getByTestId("person-progress")).toHaveText("3/110");
  await expect(proctor.page.getByTestId("person-doubtful")).toHaveText("1");

  await test.step("a terminal that goes silent is an alert, and stops being one when it comes back", async () => {
    await terminal.page.goto("about:blank");
    await expect(seat).toHaveAttribute("data-connected", "false");
    const alert = proctor.page.getByTestId("alert");
    await expect(alert).toHaveAttribute("data-kind", "disconnected");
    await expect(alert).toHaveAttribute("data-number", number);
    await terminal.page.goto("/ujian");
    await terminal.status("saved");
    await expect(alert).toHaveCount(0);
  });

  await test.step("a word to the terminal, a note in the journal", async () => {
    await proctor.done("message", { text: "Silakan ambil kertas buram di meja depan." });
    await expect(terminal.page.getByTestId("message")).toContainText("Silakan ambil kertas buram di meja depan.");
    await terminal.page.getByTestId("dismiss").click();
    await expect(terminal.page.getByTestId("message")).toBeHidden();
    await proctor.done("note", { text: "Peserta meminta kertas buram." });
    await proctor.page.getByTestId("side-log").click();
    const lines = proctor.page.getByTestId("log-line");
    await expect(lines.first()).toContainText("Peserta meminta kertas buram.");
    await expect(lines.first()).toContainText("Hendra Gunadi");
    await expect(lines.filter({ hasText: "Silakan ambil kertas buram" })).toHaveCount(1);
    // Every kind of line has a word for people.
    for (const heading of await lines.locator("strong").allInnerTexts()) expect(heading).not.toMatch(/_/);
  });

  await test.step("the sitting cannot be closed while somebody works, and can afterwards", async () => {
    await proctor.act("close");
    await expect(proctor.page.getByTestId("close-facts")).toContainText("1 sesi peserta belum selesai");
    await expect(proctor.page.getByTestId("dialog-trouble")).toBeVisible();
    await proctor.page.getByTestId("dialog-cancel").click();
    await expect(proctor.page.getByTestId("sitting-phase")).toHaveAttribute("data-phase", "started");
    await terminal.page.getByTestId("finish").click();
    await terminal.page.getByTestId("yes").click();
    await expect(terminal.page.getByTestId("ended")).toBeVisible();
    await expect(seat).toHaveAttribute("data-status", "submitted");
    await proctor.done("close");
    await expect(proctor.page.getByTestId("sitting-phase")).toHaveAttribute("data-phase", "closed");
    // Who never came is absent now.
    await expect(proctor.page.getByTestId("filter-absent")).toContainText("59");
    await expect(proctor.page.getByTestId("act-close")).toHaveCount(0);
  });
});

test("clocks: one seat, the whole hall, and more time, a little alone and much with a second person", async ({ visit, office }) => {
  const number = numberOf(2);
  const seated = await (await office("registrar")).checkIn(number);
  await (await office("pengawas")).command({ do: "start" });
  const first = new Console(await visit("pengawas"));
  const second = new Console(await visit("pengawas2"));
  await first.open();
  await second.open();
  const terminal = new Terminal(await visit("nobody"));
  await terminal.takeSeat(number, seated);
  await terminal.answer("A");
  await first.choose(number);
  const remaining = async (): Promise<number> => (await first.session(number)).remaining_ms;

  await test.step("a paused seat hides the item and stops the clock", async () => {
    await first.done("pause", { reason: "Izin ke kamar kecil" });
    await expect(terminal.page.getByTestId("paused")).toBeVisible();
    await expect(first.page.getByTestId("person-status")).toContainText("Dijeda");
    const stopped = await remaining();
    const shown = await terminal.seconds();
    // The console's clock goes on meanwhile: when it has, the stopped one has not.
    const clock = await first.page.getByTestId("server-clock").innerText();
    await expect(first.page.getByTestId("server-clock")).not.toHaveText(clock);
    expect(await remaining()).toBe(stopped);
    expect(await terminal.seconds()).toBe(shown);
    await terminal.page.keyboard.press("b");
    await first.done("resume");
    await expect(terminal.page.getByTestId("paused")).toBeHidden();
    await expect(terminal.page.getByTestId("choice-A"), "nothing was answered behind the curtain").toBeChecked();
    expect(await remaining()).toBeGreaterThan(stopped - 3_000);
  });

  await test.step("the hall is held and released", async () => {
    await first.done("hold", { reason: "Alarm kebakaran" });
    await expect(first.page.getByTestId("held")).toContainText("Alarm kebakaran");
    await expect(second.page.getByTestId("held")).toContainText("Alarm kebakaran");
    await expect(terminal.page.getByTestId("paused")).toBeVisible();
    const held = await remaining();
    await first.done("release");
    await expect(terminal.page.getByTestId("paused")).toBeHidden();
    await expect(first.page.getByTestId("held")).toBeHidden();
    expect(await remaining()).toBeGreaterThan(held - 3_000);
  });

  await test.step("five minutes are granted alone", async () => {
    const before = await remaining();
    await first.done("grant", { minutes: 5, reason: "Gangguan jaringan" });
    await expect(first.page.getByTestId("person-granted")).toHaveText("5 menit");
    const after = await remaining();
    expect(after - before).toBeGreaterThan(300_000 - 5_000);
    expect(after - before).toBeLessThanOrEqual(300_000);
    await expect.poll(async () => Math.abs((await terminal.seconds()) * 1_000 - (await remaining()))).toBeLessThan(2_000);
  });

  await test.step("twenty minutes need somebody else", async () => {
    await first.proposed("grant", { minutes: 20, reason: "Listrik padam" });
    await first.page.getByTestId("side-proposals").click();
    await expect(first.page.getByTestId("own-proposal")).toBeVisible();
    await expect(first.page.getByTestId("approve")).toHaveCount(0);
    expect((await first.session(number)).granted_s).toBe(300);
    await second.approve();
    await expect.poll(async () => (await first.session(number)).granted_s).toBe(1_500);
    await expect(first.page.getByTestId("no-proposals")).toBeVisible();
  });

  await test.step("what a second person rejects does not happen", async () => {
    await first.page.getByTestId("side-person").click();
    await first.proposed("grant", { minutes: 60, reason: "Listrik padam" });
    await second.page.getByTestId("side-proposals").click();
    await second.page.getByTestId("reject").click();
    await second.page.getByTestId("act-dialog").getByTestId("dialog-send").click();
    await expect(second.page.getByTestId("no-proposals")).toBeVisible();
    expect((await first.session(number)).granted_s).toBe(1_500);
  });

  await test.step("ending somebody's session takes a confirmation by name and a second person", async () => {
    await first.page.getByTestId("side-person").click();
    await first.page.getByTestId("act-terminate").click();
    const dialog = first.page.getByTestId("act-dialog");
    await dialog.getByTestId("dialog-reason").fill("Menyalin soal");
    await expect(dialog.getByTestId("dialog-send")).toBeDisabled();
    await dialog.getByTestId("terminate-sure").check();
    await dialog.getByTestId("dialog-send").click();
    await expect(first.page.getByTestId("dialog-proposed")).toBeVisible();
    await first.page.getByTestId("dialog-close").click();
    await expect(terminal.page.getByTestId("exam")).toBeVisible();
    await second.approve();
    await expect(terminal.page.getByTestId("ended")).toHaveAttribute("data-how", "terminated");
    await expect(first.seat(number)).toHaveAttribute("data-status", "terminated");
    await first.page.getByTestId("side-log").click();
    const line = first.page.locator('[data-testid="log-line"][data-kind="terminated"]');
    await expect(line).toContainText("Hendra Gunadi");
    await expect(line).toContainText("disetujui Sri Wahyudiati");
  });
});

test("an auditor watches and can do nothing; the committee watches and can be the second person", async ({ visit }) => {
  const proctor = new Console(await visit("pengawas"));
  const auditor = new Console(await visit("auditor"));
  const committee = new Console(await visit("panitia"));
  for (const console_ of [proctor, auditor, committee]) await console_.open();
  for (const { page } of [auditor, committee]) {
    await expect(page.getByText("Anda hanya dapat melihat.")).toBeVisible();
    for (const act of ["start", "close", "pause", "grant", "message", "note"]) await expect(page.getByTestId(`act-${act}`)).toHaveCount(0);
  }
  await proctor.choose(numberOf(3));
  await proctor.proposed("grant", { minutes: 45, reason: "Listrik padam" });
  await auditor.page.getByTestId("side-proposals").click();
  await expect(auditor.page.getByTestId("proposal")).toBeVisible();
  await expect(auditor.page.getByTestId("approve")).toHaveCount(0);
  await committee.approve();
  await expect.poll(async () => (await proctor.session(numberOf(3))).granted_s).toBe(2_700);
});
