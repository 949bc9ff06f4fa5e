// Before all tests: seeds one demonstration, which every test copies.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { SCREENSHOTS, SEEDED, TEMPORARY } from "./places";
import { Server } from "./server";

export default async function seed(): Promise<void> {
  rmSync(SCREENSHOTS, { recursive: true, force: true });
  mkdirSync(SCREENSHOTS, { recursive: true });
  const data = mkdtempSync(TEMPORARY);
  process.env[SEEDED] = data;
  const server = await Server.in(data);
  // A directory in use must not be copied.
  await server.stop();
}
