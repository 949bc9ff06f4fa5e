// A hall's origin: TLS with a certificate of our own authority, under a name that is not loopback. On loopback a browser forgives what it
// forbids in a hall, so this is where service workers, cookies and the secure context are looked at.

import { readFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";
import { Office } from "./office";
import { BROWSER, CHROMIUM } from "./places";
import { chromium, plain as test } from "./playwright";
import { Server } from "./server";
import { HALL, expect, numberOf, passwordOf } from "./support";
import { Terminal } from "./terminal";

const NAME = "ujian.saksama.test";

test("over TLS under a name of the hall's: sign-in, answers, a reload without the server, cookies for this host only", async () => {
  const server = await Server.demo(["--tls", "auto", "--tls-name", NAME]);
  const args = [...BROWSER, `--host-resolver-rules=MAP ${NAME} 127.0.0.1`, "--ignore-certificate-errors"];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  try {
    await test.step("who trusts the authority trusts the certificate, by name", async () => {
      const ca = readFileSync(join(server.data, "tls/ca.pem"));
      const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
        get({ host: "127.0.0.1", port: server.port, servername: NAME, path: "/", ca, headers: { host: NAME } }, (response) => {
          response.resume();
          resolve(response.headers);
        }).on("error", reject);
      });
      expect(headers["strict-transport-security"]).toBe("max-age=31536000");
    });

    const context = await browser.newContext({ baseURL: `https://${NAME}:${server.port}`, viewport: HALL });
    const terminal = new Terminal(await context.newPage());
    const number = numberOf(1);
    const registrar = await Office.signIn(server, "registrar");
    const proctor = await Office.signIn(server, "pengawas");
    const seated = await registrar.checkIn(number);
    await proctor.command({ do: "start" });
    await terminal.takeSeat(number, seated);
    await terminal.answer("ABC");
    await terminal.status("saved");

    await test.step("the origin is secure and the page is kept", async () => {
      expect(await terminal.page.evaluate(() => [location.hostname, isSecureContext])).toEqual([NAME, true]);
      await terminal.page.waitForFunction(async () => (await caches.match("/ujian")) !== undefined && navigator.serviceWorker.controller !== null);
    });

    await test.step("without the server the page opens with the same answers", async () => {
      await context.setOffline(true);
      await terminal.page.reload({ waitUntil: "commit" });
      await expect(terminal.page.getByTestId("exam")).toBeVisible();
      expect(await terminal.letters(3)).toBe("ABC");
      await terminal.goTo(4);
      await terminal.press("D");
      await terminal.status("cut", "1 jawaban tersimpan di komputer ini");
      await context.setOffline(false);
      await terminal.status("saved");
    });

    await test.step("cookies travel over TLS, to this host, and scripts do not see them", async () => {
      const page = await context.newPage();
      await page.goto("/pengawas");
      await page.getByTestId("sign-in-login").fill("pengawas");
      await page.getByTestId("sign-in-password").fill(passwordOf(server, "pengawas"));
      await page.getByTestId("sign-in-submit").click();
      await page.getByTestId("sitting-link").click();
      await expect(page.getByTestId("console-link")).toHaveAttribute("data-link", "live");
      const cookies = await context.cookies();
      expect(cookies.map(({ name }) => name).sort()).toEqual(["__Host-saksama_browser", "__Host-saksama_staff", "__Host-saksama_terminal"]);
      for (const cookie of cookies) expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: "Strict", path: "/", domain: NAME });
      expect(await page.evaluate(() => document.cookie)).toBe("");
    });
    await Promise.all([registrar.leave(), proctor.leave()]);
  } finally {
    await browser.close();
    await server.destroy();
  }
});
