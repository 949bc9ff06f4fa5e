// Who may come in, and where to.

import { expect, passwordOf, test, type Page } from "./support";

async function tryToSignIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByTestId("sign-in-login").fill(login);
  await page.getByTestId("sign-in-password").fill(password);
  const answered = page.waitForResponse((response) => response.url().endsWith("/api/v1/staff/sign-in"));
  await page.getByTestId("sign-in-submit").click();
  await answered;
  await expect(page.getByTestId("sign-in-submit").filter({ hasText: "Memeriksa…" })).toHaveCount(0);
}

test("a wrong password is refused in words, too many are made to wait, and another account is not", async ({ server, visit }) => {
  const page = await visit("nobody");
  await page.goto("/pengawas");
  const trouble = page.getByTestId("sign-in-trouble");
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await tryToSignIn(page, "pengawas", `salah-${attempt}`);
    await expect(trouble).toBeVisible();
    await expect(trouble).not.toContainText("Terlalu sering");
  }
  await tryToSignIn(page, "pengawas", "salah-6");
  await expect(trouble).toContainText("Terlalu sering mencoba");
  // The right password has to wait as well: an attempt is an attempt.
  await tryToSignIn(page, "pengawas", passwordOf(server, "pengawas"));
  await expect(trouble).toContainText("Terlalu sering mencoba");
  await tryToSignIn(page, "pengawas2", passwordOf(server, "pengawas2"));
  await expect(page.getByTestId("me-name")).toContainText("Sri Wahyudiati");
  await page.getByTestId("sign-out").click();
  await expect(page.getByTestId("sign-in-form")).toBeVisible();
});

test("an unknown account is refused with the same words as a wrong password", async ({ visit }) => {
  const page = await visit("nobody");
  await page.goto("/meja");
  await tryToSignIn(page, "registrar", "bukan ini");
  const known = await page.getByTestId("sign-in-trouble").innerText();
  await tryToSignIn(page, "tidak-ada", "bukan ini");
  await expect(page.getByTestId("sign-in-trouble")).toHaveText(known);
});

/** Pages of staff, and who works there. */
const PAGES = { "/meja": ["registrar"], "/pengawas": ["pengawas", "panitia", "auditor"], "/panitia": ["panitia", "penulis", "auditor", "admin"] } as const;

/** What each finds on the committee's page. */
const AREAS: Record<string, readonly string[]> = {
  panitia: ["selections", "bank", "watch", "results"],
  penulis: ["selections", "bank"],
  auditor: ["selections", "bank", "watch", "results", "staff"],
  admin: ["selections", "staff"],
};

for (const login of ["registrar", "pengawas", "panitia", "penulis", "auditor", "admin"] as const) {
  test(`${login} sees the pages of that role and no others`, async ({ visit }) => {
    const page = await visit(login);
    for (const [path, allowed] of Object.entries(PAGES)) {
      await page.goto(path);
      await expect(page.getByTestId("me-name")).toBeVisible();
      if (!(allowed as readonly string[]).includes(login)) {
        await expect(page.getByTestId("not-fitting")).toBeVisible();
        continue;
      }
      if (path === "/panitia") {
        const areas = page.locator("nav.areas a");
        await expect(areas.first()).toBeVisible();
        expect(await areas.evaluateAll((links) => links.map((link) => link.getAttribute("data-testid")?.replace("nav-", "")))).toEqual(AREAS[login]);
      } else {
        await expect(page.getByTestId("sitting-link")).toBeVisible();
      }
      await expect(page.getByTestId("not-fitting")).toHaveCount(0);
    }
  });
}

test("an administrator ends somebody's sessions, and that person is out at once", async ({ visit }) => {
  const registrar = await visit("registrar");
  await registrar.goto("/meja");
  await registrar.getByTestId("sitting-link").first().click();
  await expect(registrar.getByTestId("people").getByTestId("person").first()).toBeVisible();

  const admin = await visit("admin");
  await admin.goto("/panitia#/petugas");
  await admin.getByTestId("staff-registrar").getByTestId("staff-change").click();
  await admin.getByTestId("staff-revoke").click();
  await expect(admin.getByTestId("staff-revoke")).toBeDisabled();

  // The desk asks for its list every few seconds; the gate closes with the first refusal.
  await registrar.getByTestId("find").fill("2026-0009");
  await expect(registrar.getByTestId("sign-in-form")).toBeVisible();
  await expect(registrar.getByTestId("people")).toHaveCount(0);
});

test("a new account: the password is shown once and works; locked, it does not", async ({ visit }) => {
  const admin = await visit("admin");
  await admin.goto("/panitia#/petugas");
  await admin.getByTestId("staff-new").click();
  const dialog = admin.getByTestId("staff-create-dialog");
  await dialog.getByTestId("staff-name").fill("Wulan Pertiwi");
  await dialog.getByTestId("staff-login").fill("wulan");
  await dialog.getByTestId("grant-add").click();
  await dialog.getByTestId("grant-0-role").selectOption("proctor");
  await dialog.getByTestId("staff-submit").click();
  const password = await admin.getByTestId("issued-password").innerText();
  await admin.getByTestId("password-done").click();

  const page = await visit("nobody");
  await page.goto("/pengawas");
  await tryToSignIn(page, "wulan", password);
  await expect(page.getByTestId("sitting-link")).toBeVisible();

  await admin.getByTestId("staff-wulan").getByTestId("staff-change").click();
  await admin.getByTestId("staff-lock").click();
  await expect(admin.getByTestId("staff-unlock")).toBeVisible();
  await page.reload();
  await expect(page.getByTestId("sign-in-form")).toBeVisible();
  await tryToSignIn(page, "wulan", password);
  await expect(page.getByTestId("sign-in-trouble")).toBeVisible();
});
