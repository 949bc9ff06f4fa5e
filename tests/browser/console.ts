// A proctor at the console.

import type { WatchFrame, WatchSnapshot } from "../../web/src/wire";
import { expect, type Locator, type Page } from "./playwright";

/** The page at `/pengawas`, open at the demonstration's sitting. */
export class Console {
  constructor(readonly page: Page) {}

  /** Opens the sitting from the list. */
  async open(): Promise<void> {
    await this.page.goto("/pengawas");
    await this.page.getByTestId("sitting-link").first().click();
    await expect(this.page.getByTestId("console")).toBeVisible();
  }

  /** A candidate's seat on the map. */
  seat(number: string): Locator {
    return this.page.locator(`[data-testid="seat"][data-number="${number}"]`);
  }

  /** Selects a candidate on the map. */
  async choose(number: string): Promise<void> {
    await this.seat(number).click();
    await expect(this.page.getByTestId("panel-person")).toBeVisible();
  }

  /** Opens the dialog of an act, fills it in and sends it. */
  async act(kind: string, entry: { reason?: string; minutes?: number; text?: string; sure?: boolean } = {}): Promise<void> {
    await this.page.getByTestId(`act-${kind}`).first().click();
    const dialog = this.page.getByTestId("act-dialog");
    await expect(dialog).toBeVisible();
    if (entry.minutes !== undefined) await dialog.getByTestId("grant-minutes").fill(String(entry.minutes));
    if (entry.text !== undefined) await dialog.getByTestId("dialog-text").fill(entry.text);
    if (entry.sure === true) await dialog.getByTestId("terminate-sure").check();
    if (entry.reason !== undefined) await dialog.getByTestId("dialog-reason").fill(entry.reason);
    await dialog.getByTestId("dialog-send").click();
  }

  /** An act that is done at once: its dialog goes away. */
  async done(kind: string, entry: Parameters<Console["act"]>[1] = {}): Promise<void> {
    await this.act(kind, entry);
    await expect(this.page.getByTestId("act-dialog")).toBeHidden();
  }

  /** An act that waits for a second person. */
  async proposed(kind: string, entry: Parameters<Console["act"]>[1] = {}): Promise<void> {
    await this.act(kind, entry);
    await expect(this.page.getByTestId("dialog-proposed")).toBeVisible();
    await this.page.getByTestId("dialog-close").click();
  }

  /** Approves the one proposal that waits. */
  async approve(): Promise<void> {
    await this.page.getByTestId("side-proposals").click();
    await this.page.getByTestId("approve").click();
    await this.page.getByTestId("act-dialog").getByTestId("dialog-send").click();
    await expect(this.page.getByTestId("act-dialog")).toBeHidden();
  }

  /** The hall as the server tells it now, over a socket of its own: what pages show is compared with this. */
  async now(): Promise<WatchSnapshot> {
    const sitting = new URL(this.page.url()).hash.slice(1);
    const frame = await this.page.evaluate(
      (id) =>
        new Promise<string>((resolve, reject) => {
          const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/sittings/${id}/watch`);
          socket.onmessage = (message: MessageEvent<string>) => {
            resolve(message.data);
            socket.close();
          };
          socket.onerror = () => reject(new Error("the hall cannot be watched"));
        }),
      sitting,
    );
    const snapshot = JSON.parse(frame) as WatchFrame;
    if (snapshot.t !== "snapshot") throw new Error(`a console's first frame is a snapshot, not ${snapshot.t}`);
    return snapshot;
  }

  /** One candidate's session as the server tells it now. */
  async session(number: string): Promise<WatchSnapshot["seats"][number]> {
    const session = (await this.now()).seats.find((seat) => seat.participant_no === number);
    if (session === undefined) throw new Error(`${number} is not in this hall`);
    return session;
  }
}
