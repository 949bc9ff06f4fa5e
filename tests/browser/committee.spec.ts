// The committee's work: a selection set up through the pages, items taken into the bank, a list computed, published and revised.

import { readFileSync } from "node:fs";
import { Console } from "./console";
import { expect, numberOf, test, type Page } from "./support";
import { Terminal } from "./terminal";

const [FIRST, SECOND, BELOW] = [numberOf(1), numberOf(2), numberOf(3)];

test("a list is computed, published, checked against its files, and revised with a reason", async ({ visit, office }) => {
  const registrar = await office("registrar");
  const proctor = new Console(await visit("pengawas"));
  await proctor.open();
  await proctor.done("start");
  const bank = await (await office("panitia")).bank();
  // 150 marks are asked for: two computer experts have them, one more and one less; a teacher has not.
  for (const [number, items, right] of [[FIRST, 33, 33], [SECOND, 33, 31], [BELOW, 3, 3]] as const) {
    const terminal = new Terminal(await visit("nobody"));
    await terminal.takeSeat(number, await registrar.checkIn(number));
    for (let item = 1; item <= items; item += 1) {
      if (item > 1) await terminal.next();
      const face = terminal.face(item);
      await terminal.press(item <= right ? bank.best(face) : bank.worst(face));
    }
    await terminal.page.getByTestId("finish").click();
    await terminal.page.getByTestId("yes").click();
    await expect(terminal.page.getByTestId("ended")).toBeVisible();
    await terminal.page.context().close();
  }

  const page = await visit("panitia");
  await page.goto("/panitia#/hasil");
  await test.step("before the sitting is closed the list can be looked at and not published", async () => {
    await page.getByTestId("compute").click();
    await expect(page.getByTestId("obstacles")).toContainText("Sesi skb-01 belum ditutup.");
    await expect(page.getByTestId("publish")).toBeDisabled();
  });

  await test.step("closed, computed, published", async () => {
    await proctor.done("close");
    await page.getByTestId("compute").click();
    await expect(page.getByTestId("no-obstacles")).toBeVisible();
    await page.getByTestId("list-prakom").click();
    await expect(page.getByTestId(`rank-${FIRST}`).locator("td.rank")).toHaveText("1");
    await expect(page.getByTestId(`rank-${SECOND}`).locator("td.rank")).toHaveText("2");
    await page.getByTestId("list-guru").click();
    await expect(page.getByTestId(`rank-${BELOW}`).locator("td.rank")).toHaveText("–");
    await page.getByTestId("publish").click();
    const dialog = page.getByTestId("publish-dialog");
    await expect(dialog.getByTestId("publish-reason")).toHaveCount(0);
    await dialog.getByTestId("publish-number").fill("800/12-BKPSDM/2026");
    await dialog.getByTestId("publish-submit").click();
    await expect(page.getByTestId("published")).toBeVisible();
  });

  const reader = await visit("nobody");
  const first = await test.step("anybody reads the page and its files, and they say the same", async () => {
    await reader.goto("/hasil");
    await reader.getByTestId("publication-link").click();
    await expect(reader).toHaveURL(/\/hasil\/[0-9a-f]{32}$/);
    await expect(reader.getByText("800/12-BKPSDM/2026")).toBeVisible();
    await checkFiles(reader);
    return reader.url();
  });

  await test.step("a second revision asks why, and the first stays where it was", async () => {
    await page.getByTestId("compute").click();
    await expect(page.getByTestId("no-obstacles")).toBeVisible();
    await page.getByTestId("publish").click();
    const dialog = page.getByTestId("publish-dialog");
    await dialog.getByTestId("publish-submit").click();
    await expect(dialog.locator(".field.wrong")).toContainText("alasan", { ignoreCase: true });
    await dialog.getByTestId("publish-reason").fill("Perbaikan ejaan nama pada lampiran");
    await dialog.getByTestId("publish-submit").click();
    await expect(page.getByTestId("published")).toBeVisible();
    await expect(page.getByTestId("publication-2")).toContainText("Perbaikan ejaan nama");
    await reader.goto("/hasil");
    await expect(reader.getByTestId("publication-link").first()).toBeVisible();
    await reader.getByTestId("earlier").click();
    await expect(reader.getByTestId("publication-link")).toHaveCount(2);
    await reader.goto(first);
    // The page of the first revision leads to the second.
    await reader.reload();
    await expect(reader.getByRole("link", { name: /revisi 2/i }).first()).toBeVisible();
    expect((await reader.request.get(`${first}/daftar.json`)).status()).toBe(200);
  });
});

/** Downloads the four files of a published list and compares them with its page. */
async function checkFiles(reader: Page): Promise<void> {
  // Rank, number, name, marks of each section, total: of everybody, in the order of the page.
  const shown = (await reader.locator("table.list tbody tr").evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td, th")].map((cell) => cell.textContent ?? ""))))
    .map((cells) => cells.slice(0, -1).map(plain));
  expect(shown).toHaveLength(60);
  const files: Record<string, Buffer> = {};
  for (const kind of ["csv", "xlsx", "json"]) {
    const download = reader.waitForEvent("download");
    await reader.locator(`a[href$="daftar.${kind}"]`).first().click();
    files[kind] = readFileSync(await (await download).path());
  }
  const pdf = await reader.request.get(`${reader.url()}/daftar.pdf`);
  expect(pdf.headers()["content-type"]).toBe("application/pdf");
  files["pdf"] = await pdf.body();
  expect(files["pdf"].subarray(0, 5).toString()).toBe("%PDF-");
  expect(files["pdf"].length).toBeGreaterThan(2_000);
  expect(files["xlsx"]?.subarray(0, 4)).toEqual(Buffer.from("PK\u0003\u0004"));
  const [head, ...rows] = (files["csv"]?.toString("utf8") ?? "").replace(/^\uFEFF/, "").trim().split("\r\n").map(cellsOf);
  const [from, to] = [head?.findIndex((name) => /peringkat/i.test(name)) ?? -1, head?.findIndex((name) => /jumlah|total/i.test(name)) ?? -1];
  expect(rows.map((row) => row.slice(from, to + 1).map(plain)), `columns ${from} to ${to} of ${head?.join()}`).toEqual(shown);
  const list = JSON.parse(files["json"]?.toString("utf8") ?? "") as { lists: { rows: { participant_no: string; total: string | null }[] }[] };
  expect(list.lists.flatMap(({ rows: all }) => all.map((row) => row.participant_no))).toEqual(shown.map(([, number]) => number));
  const best = list.lists.flatMap(({ rows: all }) => all).find((row) => row.participant_no === FIRST);
  expect(best?.total).toBe("165");
}

/** A cell without what only a page adds: a dash for nothing, the decimal comma. */
function plain(cell: string): string {
  return cell.trim().replace(/^[–-]$/, "").replace(/^(-?\d+),(\d+)$/, "$1.$2");
}

/** The cells of a line of CSV. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) => (match[1] ?? match[2] ?? "").replaceAll('""', '"'));
}

const ITEMS = `id,section,topic,stem,choice_a,choice_b,choice_c,key
uji-001,umum,ujicoba,"Ibu kota Provinsi Banten adalah ...",Serang,Cilegon,Tangerang,A
uji-002,umum,ujicoba,"Hasil dari \\(3^2 + 1\\) adalah ...",9,10,11,B
uji-003,umum,ujicoba,"Soal ini tidak punya kunci",satu,dua,tiga,
uji-004,umum,ujicoba,"Kunci soal ini tidak ada di pilihannya",satu,dua,tiga,E
`;

test("items from a table: what is wrong is told by row, and the good ones are taken without the bad", async ({ visit }) => {
  const page = await visit("penulis");
  await page.goto("/panitia#/bank/impor");
  await page.getByTestId("import-files").setInputFiles({ name: "soal.csv", mimeType: "text/csv", buffer: Buffer.from(ITEMS) });
  await page.getByTestId("import-check").click();
  await expect(page.getByTestId("import-good")).toHaveText("2");
  await expect(page.getByTestId("import-bad")).toHaveText("2");
  await expect(page.getByTestId("import-new")).toHaveText("2");
  const problems = page.getByTestId("problem");
  await expect(problems.filter({ has: page.getByRole("cell", { name: "4", exact: true }) })).toHaveCount(1);
  await expect(problems.filter({ has: page.getByRole("cell", { name: "5", exact: true }) })).toHaveCount(1);
  await expect(page.getByTestId("import-preview").locator("math")).toHaveCount(1);
  await page.getByTestId("import-accept-good").click();
  await expect(page.getByTestId("done-new")).toHaveText("2");
  await expect(page.getByTestId("done-skipped")).toHaveText("2");
  await page.goto("/panitia#/bank?find=uji-00");
  await expect(page.getByTestId("page-bank")).toContainText("uji-001");
  await expect(page.getByTestId("page-bank")).not.toContainText("uji-003");
});

test("a small selection is set up through the pages, from nothing to drawn papers", async ({ visit }) => {
  const page = await visit("panitia");
  await page.goto("/panitia#/seleksi");
  await page.getByTestId("selection-new").click();
  await page.getByTestId("selection-title").fill("Seleksi PPPK Kabupaten Contoh");
  await page.getByTestId("selection-organiser").fill("BKPSDM Kabupaten Contoh");
  await page.getByTestId("selection-code").fill("pppk-contoh");
  await page.getByTestId("selection-submit").click();
  await expect(page.getByTestId("next-step")).toHaveAttribute("data-step", "formations");

  await test.step("a formation and a hall", async () => {
    await page.getByTestId("step-formations").click();
    await page.getByTestId("formation-code").fill("arsip");
    await page.getByTestId("formation-title").fill("Arsiparis Terampil");
    await page.getByTestId("formation-slots").fill("2");
    await page.getByTestId("formation-submit").click();
    await expect(page.getByTestId("formation-arsip")).toContainText("Arsiparis Terampil");
    await page.getByTestId("step-halls").click();
    await page.getByTestId("hall-title").fill("Ruang Rapat");
    await page.getByTestId("hall-code").fill("rapat");
    await page.getByTestId("hall-rows").fill("2");
    await page.getByTestId("hall-columns").fill("3");
    await page.getByTestId("hall-spare").fill("1");
    await page.getByTestId("hall-submit").click();
    await expect(page.getByTestId("hall-rapat")).toContainText("6");
  });

  await test.step("a stage and its blueprint", async () => {
    await page.getByTestId("step-stages").click();
    await page.getByTestId("stage-title").fill("Seleksi Kompetensi Bidang");
    await page.getByTestId("stage-code").fill("skb");
    await page.getByTestId("stage-submit").click();
    await page.getByTestId("blueprint-compose").click();
    await expect(page.getByTestId("page-blueprint")).toBeVisible();
    // The draft proposes a section for each of the bank's; one of them is enough here.
    while ((await page.getByTestId("section-0-remove").count()) > 0) await page.getByTestId("section-0-remove").click();
    await page.getByTestId("add-section-umum").click();
    await page.getByTestId("section-0-title").fill("Pengetahuan Umum");
    if ((await page.getByTestId("cell-0-0").count()) === 0) await page.getByTestId("section-0-add-cell").click();
    await page.getByTestId("cell-0-0-topic").selectOption("bahasa");
    await page.getByTestId("cell-0-0-count").fill("999");
    await expect(page.getByTestId("cell-0-0")).toContainText(/tersedia|cukup|kurang/i);
    await page.getByTestId("cell-0-0-count").fill("8");
    await page.getByTestId("paper-minutes").fill("20");
    await expect(page.getByTestId("total-items")).toHaveText("8");
    await page.getByTestId("pass-none").check();
    await page.getByTestId("blueprint-save").click();
    await expect(page.getByTestId("draft-state")).toHaveText("tersimpan", { ignoreCase: true });
  });

  await test.step("candidates from a table: a wrong row refuses all, the right table is taken", async () => {
    await page.getByTestId("step-candidates").click();
    const head = "participant_no,name,formation,category,accommodation,extra_time_minutes\n";
    const good = "P-001,Siti Aminah,arsip,umum,,0\nP-002,Budi Santoso,arsip,umum,,0\nP-003,Rina Marlina,arsip,disabilitas,pembaca layar,30\n";
    const upload = async (text: string): Promise<void> => {
      await page.getByTestId("candidates-file").setInputFiles({ name: "peserta.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
      await page.getByTestId("candidates-check").click();
    };
    await upload(`${head}${good}P-004,Tono,tidak-ada,umum,,0\n`);
    await expect(page.getByTestId("problem").first()).toContainText("5");
    await expect(page.getByTestId("candidates-accept")).toHaveCount(0);
    await page.getByTestId("candidates-leave").click();
    await upload(head + good);
    await expect(page.getByTestId("report-new")).toHaveText("3");
    await page.getByTestId("candidates-accept").click();
    await expect(page.getByTestId("candidates-total")).toContainText("3");
  });

  await test.step("a sitting, places, papers", async () => {
    await page.getByTestId("step-sittings").click();
    await page.getByTestId("sitting-submit").click();
    await expect(page.getByTestId("sitting-skb-01")).toContainText("Ruang Rapat");
    await page.getByTestId("step-placement").click();
    await page.getByTestId("seats-now").check();
    await page.getByTestId("assign").click();
    await expect(page.getByTestId("placement-left")).toHaveClass(/good/);
    await page.getByTestId("step-papers").click();
    await page.getByTestId("draw-skb-01").click();
    await expect(page.getByTestId("papers-drawn")).toHaveText(/3 (dari|\/) 3/);
    await page.getByTestId("step-overview").click();
    await expect(page.getByTestId("check-papers")).toHaveAttribute("data-state", "done");
    await expect(page.getByTestId("check-sittings")).toHaveAttribute("data-state", "done");
  });
});
