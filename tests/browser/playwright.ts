// Where Playwright comes from: the pages' packages. The only file that says so.

export { chromium, defineConfig, expect, request, test as plain } from "../../web/node_modules/@playwright/test/index.js";
export type { APIRequestContext, Browser, BrowserContext, Locator, Page } from "../../web/node_modules/@playwright/test/index.js";
