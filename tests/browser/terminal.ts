// A candidate at a terminal: what they press, and what they can see.

import type { PaperFrame, PaperItem, TerminalNews } from "../../web/src/wire";
import type { Seated } from "./office";
import { expect, type Page } from "./playwright";

/** The page at `/ujian` and the person in front of it. */
export class Terminal {
  /** Everything the server has said on the page's websockets, oldest first. */
  readonly heard: string[] = [];

  constructor(readonly page: Page) {
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => this.heard.push(payload.toString())));
  }

  /** Opens the page. */
  async open(): Promise<void> {
    await this.page.goto("/ujian");
    await expect(this.page.getByTestId("sign-in")).toBeVisible();
  }

  /** Signs in with number and PIN; ends at "is this you" or, when the session is further already, where it is. */
  async signIn(number: string, { pin }: Pick<Seated, "pin">): Promise<void> {
    await this.page.getByTestId("participant-no").fill(number);
    await this.page.getByTestId("pin").fill(pin);
    await this.page.getByTestId("sign-in-submit").click();
    await expect(this.page.getByTestId("sign-in")).toBeHidden();
  }

  /** Says "this is me", accepts the rules, and skips the practice. */
  async consent(): Promise<void> {
    await this.page.getByTestId("this-is-me").click();
    await this.page.getByTestId("agree").check();
    await this.page.getByTestId("consent").click();
    await this.page.getByTestId("practice-done").click();
    await expect(this.page.getByTestId("waiting")).toBeVisible();
  }

  /** Presses start. */
  async start(): Promise<void> {
    await this.page.getByTestId("start").click();
    await expect(this.page.getByTestId("exam")).toBeVisible();
  }

  /** All of it: from the sign-in to the first item. */
  async takeSeat(number: string, seated: Seated): Promise<void> {
    await this.open();
    await this.signIn(number, seated);
    await this.consent();
    await this.start();
  }

  /** The number of the item that is shown, from 1. */
  async item(): Promise<number> {
    return Number(await this.page.getByTestId("exam").getAttribute("data-position")) + 1;
  }

  /** Goes to an item by the grid. */
  async goTo(item: number): Promise<void> {
    await this.page.getByTestId(`cell-${item}`).click();
    await expect(this.page.getByTestId("exam")).toHaveAttribute("data-position", String(item - 1));
  }

  /** Chooses by keyboard and sees it chosen. */
  async press(letter: string): Promise<void> {
    await this.page.keyboard.press(letter.toLowerCase());
    await expect(this.page.getByTestId(`choice-${letter}`)).toBeChecked();
  }

  /** Goes to the next item by keyboard. */
  async next(): Promise<void> {
    const item = await this.item();
    await this.page.keyboard.press("ArrowRight");
    await expect(this.page.getByTestId("exam")).toHaveAttribute("data-position", String(item));
  }

  /** Answers the items from the one shown on, one letter each; stays at the last. */
  async answer(letters: string): Promise<void> {
    for (const [index, letter] of [...letters].entries()) {
      if (index > 0) await this.next();
      await this.press(letter);
    }
  }

  /** The letters chosen for the first items; `-` for none. Reads them from the page, item by item. */
  async letters(items: number): Promise<string> {
    let letters = "";
    for (let item = 1; item <= items; item += 1) {
      await this.goTo(item);
      const chosen = this.page.locator('[data-testid^="choice-"]:checked');
      letters += (await chosen.count()) === 0 ? "-" : ((await chosen.first().getAttribute("data-testid")) ?? "").replace("choice-", "");
    }
    return letters;
  }

  /** What the grid says of each item. */
  async grid(): Promise<string[]> {
    return this.page.locator('[data-testid^="cell-"]').evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-state") ?? ""));
  }

  /** Waits until the status line says so. */
  async status(state: "saved" | "waiting" | "cut" | "connecting", words?: string | RegExp): Promise<void> {
    const line = this.page.getByTestId("status");
    await expect(line).toHaveAttribute("data-state", state, { timeout: 20_000 });
    if (words !== undefined) await expect(line).toContainText(words);
  }

  /** Remaining seconds as shown. */
  async seconds(): Promise<number> {
    const shown = await this.page.getByTestId("countdown").innerText();
    return shown.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  }

  /** The server's words of one kind, oldest first. */
  news<T extends TerminalNews["t"]>(t: T): Extract<TerminalNews, { t: T }>[] {
    return this.heard.map((frame) => JSON.parse(frame) as TerminalNews).filter((news): news is Extract<TerminalNews, { t: T }> => news.t === t);
  }

  /** The paper as the server sent it. */
  paper(): PaperFrame {
    const paper = this.news("paper").at(-1);
    if (paper === undefined) throw new Error("no paper was sent");
    return paper;
  }

  /** The face of an item, numbered from 1. */
  face(item: number): PaperItem {
    const face = this.paper().items[item - 1];
    if (face === undefined) throw new Error(`the paper has no item ${item}`);
    return face;
  }
}
