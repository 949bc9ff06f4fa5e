// Looks at a page as it stands: axe for what a machine can find, and a picture for each kind of screen.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AXE, SCREENSHOTS } from "./places";
import { expect, type Page } from "./playwright";
import { HALL, PHONE, type Viewport } from "./support";

const source = readFileSync(AXE, "utf8");

/** What axe reports of a rule. */
interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}
interface Axe {
  run(): Promise<{ violations: Violation[]; passes: unknown[] }>;
}

/** Nothing serious may be wrong with this state of a page, on a hall's screen and on a phone; keeps a picture of both. */
export async function inspect(page: Page, name: string): Promise<void> {
  const before = page.viewportSize() ?? HALL;
  for (const viewport of [HALL, PHONE]) {
    await page.setViewportSize(viewport);
    await settled(page);
    await picture(page, name, viewport);
    await flawless(page, `${name} at ${viewport.width}x${viewport.height}`);
  }
  await page.setViewportSize(before);
  await settled(page);
}

/** Keeps a picture of what a screen of this size shows. */
export async function picture(page: Page, name: string, { width, height }: Viewport): Promise<void> {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}x${height}.png`), animations: "disabled" });
}

/** No serious or critical violation. */
export async function flawless(page: Page, name: string): Promise<void> {
  // The pages' policy forbids foreign scripts; what the test evaluates is not a script of the page.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  const { violations, passes } = await page.evaluate(() => (window as unknown as { axe: Axe }).axe.run());
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = grave.map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n${nodes.slice(0, 3).map((node) => `    ${node.html}\n    ${node.failureSummary ?? ""}`).join("\n")}`);
  expect(passes.length, `axe looked at ${name}`).toBeGreaterThan(5);
  expect(told.join("\n"), name).toBe("");
}

/** Two frames after everything that was asked for is there: layout and pictures are done. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}
