// What a story begins with: a server of its own, ended and deleted afterwards, and people who may sign in.

import { expect, plain, type Browser, type Page } from "./playwright";
import { Office } from "./office";
import { Server } from "./server";

export { expect };
export type { BrowserContext, Locator, Page } from "./playwright";

/** A test with a server on a fresh copy of the demonstration. */
export const test = plain.extend<{ server: Server; visit: Visit; office: (login: string) => Promise<Office> }>({
  server: async ({}, use) => {
    const server = await Server.demo();
    await use(server);
    await server.destroy();
  },
  // Every person has a browser window of their own.
  visit: async ({ browser, server }, use) => {
    const opened: Page[] = [];
    await use(async (who, viewport) => {
      const page = await window(browser, server, viewport);
      opened.push(page);
      if (who !== "nobody") await signIn(page, server, who);
      return page;
    });
    await Promise.all(opened.map((page) => page.context().close()));
  },
  office: async ({ server }, use) => {
    const all: Office[] = [];
    await use(async (login) => {
      const office = await Office.signIn(server, login);
      all.push(office);
      return office;
    });
    await Promise.all(all.map((office) => office.leave()));
  },
});

/** Opens a window for somebody: a staff login, or `nobody` for candidates and the public. */
export type Visit = (who: string, viewport?: Viewport) => Promise<Page>;

/** Width and height. */
export interface Viewport {
  width: number;
  height: number;
}

/** The smallest screen of a hall. */
export const HALL: Viewport = { width: 1366, height: 768 };
/** A phone. */
export const PHONE: Viewport = { width: 390, height: 844 };

async function window(browser: Browser, server: Server, viewport: Viewport = HALL): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url, viewport, locale: "id-ID", timezoneId: "Asia/Jakarta" });
  return context.newPage();
}

/** Signs a staff member in without the form; the form has its own story. */
async function signIn(page: Page, server: Server, login: string): Promise<void> {
  const response = await page.context().request.post("/api/v1/staff/sign-in", {
    headers: { "x-saksama": "1" },
    data: { login, password: passwordOf(server, login) },
  });
  expect(response.status(), `sign-in of ${login}`).toBe(200);
}

/** The password of a staff member. */
export function passwordOf(server: Server, login: string): string {
  const person = server.credentials.staff.find((candidate) => candidate.login === login);
  if (person === undefined) throw new Error(`the demonstration has no ${login}`);
  return person.password;
}

/** Numbers of the candidates 1, 2, 3, ... of the demonstration. */
export function numberOf(candidate: number): string {
  return `2026-${String(candidate).padStart(4, "0")}`;
}
