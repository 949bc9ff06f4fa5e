// An objection, from the candidate's page to the answer that two people gave.

import { readFileSync } from "node:fs";
import type { ObjectionDesk } from "../../web/src/wire";
import { adoptFirst, announce, sitAndClose, stageOf } from "./closed";
import { inspect } from "./inspect";
import { expect, numberOf, PHONE, test, type Page } from "./support";

const NUMBER = numberOf(1);
/** As the table of the demonstration's candidates says. */
const IDENTITY = { nik: "9900 0000 0000 0001", birth: "1993-07-17" };
const WORDS = "Nilai bagian umum yang diumumkan 5, sedangkan di layar akhir ujian saya 10. Mohon diperiksa.";
/** The smallest picture there is. */
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

test.setTimeout(240_000);

test("a candidate objects, two people answer, and the candidate reads it", async ({ visit, office }) => {
  const committee = await office("panitia");
  await sitAndClose(
    { registrar: await office("registrar"), proctor: await office("pengawas"), visit: () => visit("nobody") },
    await committee.bank(),
    [{ number: NUMBER, answers: [{ section: "umum", best: 1 }] }],
  );
  await adoptFirst(committee, { present: 1, absent: 59 });
  await announce(committee);
  const selection = await committee.selection();
  const stage = stageOf(selection);
  const address = `/panitia#/hasil/${selection.id}/${stage.id}/sanggah`;
  const desk = await visit("panitia");
  const candidate = await visit("nobody", PHONE);

  await test.step("before the window there is a result and nothing to object with", async () => {
    await candidate.goto("/hasil");
    await candidate.getByTestId("to-objections").click();
    await inspect(candidate, "sanggah-01-masuk");
    await candidate.getByTestId("sign-in-submit").click();
    await expect(candidate.locator(".field.wrong")).toHaveCount(3);
    await signIn(candidate, { ...IDENTITY, birth: "1993-07-18" });
    await expect(candidate.getByTestId("sign-in-trouble")).toBeVisible();
    await inspect(candidate, "sanggah-02-ditolak");
    await signIn(candidate, IDENTITY);
    await expect(candidate.getByTestId("who")).toContainText(NUMBER);
    await expect(candidate.getByTestId("objection-form")).toHaveCount(0);
    await inspect(candidate, "sanggah-03-sebelum-masa-sanggah");
  });

  await test.step("the committee opens the window", async () => {
    await desk.goto(address);
    await expect(desk.getByTestId("no-objections")).toBeVisible();
    await desk.getByTestId("window-opens").fill("2026-01-05T08:00");
    await desk.getByTestId("window-closes").fill("2026-01-05T08:00");
    await desk.getByTestId("window-submit").click();
    await expect(desk.locator(".field.wrong")).toHaveCount(1);
    await desk.getByTestId("window-closes").fill(local(Date.now() + 3 * 24 * 3_600_000));
    await desk.getByTestId("window-submit").click();
    await expect(desk.getByTestId("window-stored")).not.toBeEmpty();
  });

  await test.step("the candidate writes, is held to the limits, and sends it once", async () => {
    await candidate.reload();
    await expect(candidate.getByTestId("window")).toContainText("2 hari");
    await candidate.getByTestId("objection-text").fill("Terlalu singkat");
    await candidate.getByTestId("objection-submit").click();
    await expect(candidate.locator(".field.wrong")).toHaveCount(2);
    await candidate.getByTestId("objection-file").setInputFiles({ name: "surat.docx", mimeType: "application/msword", buffer: PICTURE });
    await expect(candidate.getByText("Hanya PDF, JPEG, atau PNG.")).toBeVisible();
    await inspect(candidate, "sanggah-04-menulis");
    await candidate.getByTestId("objection-text").fill(WORDS);
    await candidate.getByTestId("objection-file").setInputFiles({ name: "layar.png", mimeType: "image/png", buffer: PICTURE });
    await expect(candidate.getByTestId("objection-file-chosen")).toContainText("layar.png");
    await candidate.getByTestId("objection-sure").check();
    await candidate.getByTestId("objection-submit").click();
    await expect(candidate.getByTestId("my-objection")).toHaveAttribute("data-state", "received");
    await expect(candidate.getByTestId("objection-form")).toHaveCount(0);
    await inspect(candidate, "sanggah-05-terkirim");
  });

  await test.step("at the desk: what was written, the attachment byte for byte, and a decision", async () => {
    await desk.reload();
    const card = desk.getByTestId(`objection-${NUMBER}`);
    await expect(card.getByTestId("objection-text")).toHaveText(WORDS);
    const download = desk.waitForEvent("download");
    await card.getByTestId("objection-attachment").click();
    expect(readFileSync(await (await download).path())).toEqual(PICTURE);
    await inspect(desk, "sanggah-panitia-01-meja");
    await card.getByTestId("decide-submit").click();
    await expect(card.getByRole("alert").first()).toBeVisible();
    // Granted would mean a correction: its form knows whom it is for.
    await card.getByTestId("decide-granted").check();
    await card.getByTestId("decide-new-correction").click();
    await expect(desk.getByTestId("answers-objection")).toContainText(WORDS);
    await desk.getByTestId("kind-facts").check();
    await expect(desk.getByTestId("correction-person")).toHaveValue(NUMBER);
    await desk.goBack();
    await card.getByTestId("decide-refused").check();
    await card.getByTestId("decide-answer").fill("Nilai sudah dihitung ulang oleh dua penghitung: satu butir benar, 5.");
    await card.getByTestId("decide-submit").click();
    await expect(card.getByTestId("objection-hindrance")).toHaveAttribute("data-code", "same_person");
    await expect(card.getByTestId("objection-confirm")).toBeDisabled();
    await inspect(desk, "sanggah-panitia-02-diputuskan");
    await candidate.reload();
    await expect(candidate.getByTestId("my-objection")).toHaveAttribute("data-state", "received");
    await expect(candidate.getByTestId("my-answer")).toHaveCount(0);
  });

  await test.step("a second person returns it, it is decided again, and confirmed", async () => {
    const colleague = await visit("panitia2");
    await colleague.goto(address);
    const card = colleague.getByTestId(`objection-${NUMBER}`);
    await card.getByTestId("objection-return").click();
    await colleague.getByTestId("return-dialog-reason").fill("Sebutkan butirnya.");
    await colleague.getByTestId("return-dialog-submit").click();
    await expect(card).toHaveAttribute("data-state", "received");
    await desk.reload();
    const again = desk.getByTestId(`objection-${NUMBER}`);
    await again.getByTestId("decide-refused").check();
    await again.getByTestId("decide-answer").fill("Nilai sudah dihitung ulang: satu butir bagian umum benar, nilainya 5.");
    await again.getByTestId("decide-submit").click();
    await expect(again).toHaveAttribute("data-state", "decided");
    await colleague.reload();
    await card.getByTestId("objection-confirm").click();
    await colleague.getByTestId("objections-answered").click();
    await expect(card).toHaveAttribute("data-state", "answered");
    await inspect(colleague, "sanggah-panitia-03-dijawab");
    const { objections } = await committee.get<ObjectionDesk>(`/api/v1/stages/${stage.id}/objections`);
    const decision = objections[0]?.decision;
    expect(decision?.confirmed_by).not.toBe(decision?.by);
  });

  await test.step("the candidate reads the answer, the line and the certificate, and leaves", async () => {
    await candidate.reload();
    await expect(candidate.getByTestId("my-objection")).toHaveAttribute("data-state", "refused");
    await expect(candidate.getByTestId("my-answer")).toContainText("satu butir bagian umum");
    await inspect(candidate, "sanggah-06-jawaban");
    for (const link of ["my-line", "my-certificate"]) {
      const href = await candidate.getByTestId(link).getAttribute("href");
      expect((await candidate.request.get(href ?? "")).status(), link).toBe(200);
    }
    await candidate.getByTestId("sign-out").click();
    await expect(candidate.getByTestId("candidate-sign-in")).toBeVisible();
    await candidate.reload();
    await expect(candidate.getByTestId("candidate-sign-in")).toBeVisible();
  });
});

async function signIn(page: Page, { nik, birth }: typeof IDENTITY): Promise<void> {
  await page.getByTestId("participant_no").fill(NUMBER);
  await page.getByTestId("nik").fill(nik);
  await page.getByTestId("birth_date").fill(birth);
  await page.getByTestId("sign-in-submit").click();
}

/** An instant as a `datetime-local` field of the stories' time zone takes it. */
function local(utcMs: number): string {
  return new Date(utcMs + 7 * 3_600_000).toISOString().slice(0, 16);
}
