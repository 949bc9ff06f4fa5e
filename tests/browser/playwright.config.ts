// The browser tests: the real server, real Chromium, one story each. Run from `web/`, where the packages are:
// `npx --no-install playwright test --config ../tests/browser/playwright.config.ts`.

import { defineConfig } from "./playwright";
import { BROWSER, CHROMIUM, OUTPUT } from "./places";

export default defineConfig({
  testDir: ".",
  outputDir: OUTPUT,
  globalSetup: "./seed.ts",
  globalTeardown: "./farewell.ts",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: CHROMIUM, args: BROWSER },
    viewport: { width: 1366, height: 768 },
    locale: "id-ID",
    timezoneId: "Asia/Jakarta",
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    screenshot: "only-on-failure",
  },
});
