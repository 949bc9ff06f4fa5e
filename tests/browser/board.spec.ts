// Public screens: a board that follows the exam and still tells nobody which answer was right.

import type { BoardFrame, BoardRow } from "../../web/src/wire";
import { HALL, PHONE, expect, numberOf, test, type Page } from "./support";
import { Terminal } from "./terminal";

/** A screen and all rows it was ever sent for each number. */
class Screen {
  readonly rows = new Map<string, BoardRow[]>();

  constructor(readonly page: Page) {
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        const frame = JSON.parse(payload.toString()) as BoardFrame;
        for (const row of frame.rows) this.rows.set(row.number, [...(this.rows.get(row.number) ?? []), row]);
      }),
    );
  }

  async open(kind: "sitting" | "stage"): Promise<void> {
    await this.page.goto("/papan");
    await this.page.getByTestId(`boards-${kind}`).getByTestId("board-link").first().click();
    await expect(this.page.getByTestId("board-title")).toBeVisible();
  }

  /** Stays on the first page of rows, where those who have begun stand. */
  async stay(): Promise<void> {
    await this.page.getByTestId("board-pause").click();
    await expect(this.page.getByTestId("board-turns")).toHaveText("dijeda");
  }

  row(number: string): ReturnType<Page["locator"]> {
    return this.page.getByTestId("board-row").filter({ hasText: number });
  }

  /** Totals this screen was sent for a candidate, oldest first, without repetitions. */
  totals(number: string): number[] {
    const totals = (this.rows.get(number) ?? []).map((row) => row.total_milli);
    return totals.filter((total, index) => total !== totals[index - 1]);
  }
}

// A and B want to be computer experts, C a teacher.
const [A, B, C] = [numberOf(1), numberOf(2), numberOf(3)];
const [EXPERTS, TEACHERS] = ["Pranata Komputer Ahli Pertama", "Guru Ahli Pertama"];

test("a row moves after five newly answered items, never after four and never for a changed answer", async ({ visit, office }) => {
  const registrar = await office("registrar");
  const proctor = await office("pengawas");
  const bank = await (await office("panitia")).bank();
  await proctor.command({ do: "start" });
  const screen = new Screen(await visit("nobody", HALL));
  await screen.open("sitting");
  await screen.stay();
  const seat = async (number: string): Promise<Terminal> => {
    const terminal = new Terminal(await visit("nobody"));
    await terminal.takeSeat(number, await registrar.checkIn(number));
    return terminal;
  };
  const a = await seat(A);
  await expect(screen.row(A)).toContainText("0/110");
  // The first ten items are of the general section: one right choice each, worth five marks.
  const right = (item: number): string => bank.best(a.face(item));
  const wrong = (item: number): string => bank.worst(a.face(item));

  await test.step("four answers, one of them changed to and fro: the screen stands still", async () => {
    await a.answer([1, 2, 3, 4].map(right).join(""));
    await a.press(wrong(4));
    await a.press(right(4));
    await a.status("saved");
    // Somebody else's start is sent after all of that: when it is on the screen, the four answers would be too.
    const b = await seat(B);
    await expect(screen.row(B)).toContainText("Mengerjakan");
    await expect(screen.row(A)).toContainText("0/110");
    expect(screen.totals(A)).toEqual([0]);
    await b.answer("A");
  });

  await test.step("the fifth moves it", async () => {
    await a.next();
    await a.press(right(5));
    await expect(screen.row(A)).toContainText("5/110");
    await expect(screen.row(A).locator(".c-total")).toHaveText("25");
    await expect(screen.row(A)).toHaveAttribute("data-rank", "1");
    expect(screen.totals(A)).toEqual([0, 25_000]);
  });

  await test.step("the oracle's attempt: one answer changed to every choice, cleared, answered again", async () => {
    for (const letter of ["A", "B", "C", "D", "E"]) await a.press(letter);
    await a.page.getByTestId("clear").click();
    await a.press(wrong(5));
    await a.status("saved");
    const c = await seat(C);
    await expect(screen.row(C)).toContainText("Mengerjakan");
    await expect(screen.row(A).locator(".c-total")).toHaveText("25");
    expect(screen.totals(A)).toEqual([0, 25_000]);
    await c.answer("A");
  });

  await test.step("the next five carry the change along", async () => {
    for (const item of [6, 7, 8, 9, 10]) {
      await a.next();
      await a.press(right(item));
    }
    await expect(screen.row(A)).toContainText("10/110");
    await expect(screen.row(A).locator(".c-total")).toHaveText("45");
    expect(screen.totals(A)).toEqual([0, 25_000, 45_000]);
  });

  expect(await screen.page.content()).not.toMatch(/lulus/i);
});

test("the board of a selection ranks within each formation, on a hall screen and on a phone", async ({ visit, office }) => {
  const registrar = await office("registrar");
  const proctor = await office("pengawas");
  const bank = await (await office("panitia")).bank();
  await proctor.command({ do: "start" });
  const screen = new Screen(await visit("nobody", HALL));
  await screen.open("stage");
  await screen.stay();
  // Two of one formation, one of another: the third is first among its own although the first has as many marks.
  for (const [number, right] of [[A, 5], [B, 4], [C, 5]] as const) {
    const terminal = new Terminal(await visit("nobody"));
    await terminal.takeSeat(number, await registrar.checkIn(number));
    for (let item = 1; item <= 5; item += 1) {
      if (item > 1) await terminal.next();
      const face = terminal.face(item);
      await terminal.press(item <= right ? bank.best(face) : bank.worst(face));
    }
    await terminal.status("saved");
  }
  for (const [number, formation, rank, total] of [[A, EXPERTS, "1", "25"], [B, EXPERTS, "2", "20"], [C, TEACHERS, "1", "25"]] as const) {
    await screen.page.getByTestId("board-formation").selectOption({ label: formation });
    await expect(screen.page.getByTestId("board-group")).toHaveCount(1);
    await expect(screen.row(number)).toContainText("5/110");
    await expect(screen.row(number)).toHaveAttribute("data-rank", rank);
    await expect(screen.row(number).locator(".c-total")).toHaveText(total);
  }
  expect(await screen.page.content()).not.toMatch(/lulus/i);

  const phone = new Screen(await visit("nobody", PHONE));
  await phone.open("stage");
  await expect(phone.page.getByTestId("phone-board")).toBeVisible();
  await phone.page.getByTestId("board-find").fill(B);
  await expect(phone.page.getByTestId("board-row")).toHaveCount(1);
  await expect(phone.row(B)).toHaveAttribute("data-rank", "2");
  await expect(phone.row(B)).toContainText("20");
  const width = await phone.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, "a phone's page does not scroll sideways").toBeLessThanOrEqual(PHONE.width);
  expect(await phone.page.content()).not.toMatch(/lulus/i);
});
