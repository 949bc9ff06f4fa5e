// After all tests: deletes the seeded demonstration and says where the pictures are.

import { readdirSync, rmSync } from "node:fs";
import { SCREENSHOTS, SEEDED } from "./places";

export default function farewell(): void {
  const seeded = process.env[SEEDED];
  if (seeded !== undefined) rmSync(seeded, { recursive: true, force: true });
  const pictures = readdirSync(SCREENSHOTS).length;
  if (pictures > 0) console.log(`\n${pictures} screenshots in ${SCREENSHOTS}`);
}
