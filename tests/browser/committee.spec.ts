// The committee's work: a selection set up through the pages, items taken into the bank, a list computed, published and revised.

import { readFileSync } from "node:fs";
import { Console } from "./console";
import { ruleSetText } from "./rule-set";
import { expect, numberOf, test, type Page } from "./support";
import { Terminal } from "./terminal";

const [FIRST, SECOND, BELOW] = [numberOf(1), numberOf(2), numberOf(3)];

test("attendance is reconciled, lists are computed, adopted, announced, and checked against their files", async ({ visit, office }) => {
  const registrar = await office("registrar");
  const proctor = new Console(await visit("pengawas"));
  await proctor.open();
  await proctor.done("start");
  const bank = await (await office("panitia")).bank();
  // Two computer experts, one with a little more; and a teacher.
  let best = 0;
  for (const [number, items, right] of [[FIRST, 4, 4], [SECOND, 4, 2], [BELOW, 3, 3]] as const) {
    const terminal = new Terminal(await visit("nobody"));
    await terminal.takeSeat(number, await registrar.checkIn(number));
    for (let item = 1; item <= items; item += 1) {
      if (item > 1) await terminal.next();
      const face = terminal.face(item);
      await terminal.press(item <= right ? bank.best(face) : bank.worst(face));
      if (number === FIRST) best += bank.earned(face, bank.best(face));
    }
    await terminal.page.getByTestId("finish").click();
    await terminal.page.getByTestId("yes").click();
    await expect(terminal.page.getByTestId("ended")).toBeVisible();
    await terminal.page.context().close();
  }

  const page = await visit("panitia");
  await page.goto("/panitia#/hasil");
  await test.step("before the sitting is closed the lists can be looked at and not adopted", async () => {
    await expect(page.getByTestId("result-next")).toHaveAttribute("data-step", "reconciliation");
    await page.getByTestId("part-computation").click();
    await page.getByTestId("compute").click();
    await expect(page.getByTestId("obstacles")).toContainText("skb-01");
    await expect(page.getByTestId("adopt")).toBeDisabled();
    await page.getByTestId("part-announcement").click();
    await expect(page.getByTestId("no-revision")).toBeVisible();
  });

  await test.step("closed, the hall is counted by hand, and the difference is explained", async () => {
    await proctor.done("close");
    await proctor.page.getByTestId("hand-count-present").fill("drei");
    await proctor.page.getByTestId("hand-count-absent").fill("58");
    await proctor.page.getByTestId("hand-count-submit").click();
    await expect(proctor.page.getByTestId("hand-count-trouble")).not.toBeEmpty();
    await proctor.page.getByTestId("hand-count-present").fill("2");
    await proctor.page.getByTestId("hand-count-submit").click();
    await expect(proctor.page.getByTestId("hand-count-entry")).toContainText("2 hadir, 58 tidak hadir");
    await page.getByTestId("part-reconciliation").click();
    await expect(page.getByTestId("unexplained")).toHaveClass(/warn/);
    await page.getByTestId("only-open").check();
    await expect(page.getByTestId("reconciled-skb-01")).toBeVisible();
    await page.getByTestId("enter-skb-01").click();
    await page.getByTestId("count-absent").fill("57");
    await page.getByTestId("count-submit").click();
    await expect(page.getByTestId("difference-absent_differs")).toHaveCount(0);
    await page.getByTestId("explain-skb-01-present_differs").click();
    await page.getByTestId("explain-dialog-submit").click();
    await expect(page.getByTestId("explain-dialog").locator(".field.wrong")).toHaveCount(1);
    await page.getByTestId("explain-dialog-reason").fill("Satu orang keluar ruang sebelum dihitung.");
    await page.getByTestId("explain-dialog-submit").click();
    await expect(page.getByTestId("unexplained")).toHaveClass(/good/);
  });

  await test.step("computed, explained, adopted", async () => {
    await page.getByTestId("part-computation").click();
    await page.getByTestId("compute").click();
    await expect(page.getByTestId("no-obstacles")).toBeVisible();
    await expect(page.getByTestId("ties-on")).toHaveAttribute("data-on", /^(exact|published)$/);
    await expect(page.getByTestId("second-scorer")).toHaveAttribute("data-agrees", "yes");
    await page.getByTestId("list-prakom").click();
    await expect(page.getByTestId(`rank-${FIRST}`).locator("td.rank")).toHaveText("1");
    await expect(page.getByTestId(`rank-${SECOND}`).locator("td.rank")).toHaveText("2");
    await page.getByTestId("find-person").fill(BELOW);
    await page.getByTestId(`hit-${BELOW}`).getByTestId(`why-${BELOW}`).click();
    await expect(page.getByTestId("explanation")).toContainText(/peringkat/i);
    await page.getByTestId("dialog-close").click();
    await page.getByTestId("adopt").click();
    await page.getByTestId("adopt-dialog-submit").click();
    await expect(page.getByTestId("adopted")).toBeVisible();
    await expect(page.getByTestId("unchanged")).toContainText("revisi 1");
  });

  await test.step("previewed as the public will see it, and announced", async () => {
    await page.getByTestId("part-announcement").click();
    await page.getByTestId("announcement-letterhead").fill("");
    await page.getByTestId("preview").click();
    await expect(page.locator(".field.wrong")).toHaveCount(1);
    await page.getByTestId("announcement-letterhead").fill("PEMERINTAH KOTA TANGERANG\nBKPSDM");
    await page.getByTestId("announcement-number").fill("800/12-BKPSDM/2026");
    await page.getByTestId("preview").click();
    const frame = page.frameLocator('[data-testid="preview-frame"]');
    await expect(frame.getByText("800/12-BKPSDM/2026")).toBeVisible();
    await frame.getByLabel("Cari menurut nomor peserta").fill(BELOW);
    await frame.getByRole("button", { name: "Cari" }).click();
    await expect(frame.locator("h1")).toContainText(BELOW);
    await expect.poll(() => page.frames().at(-1)?.url()).toMatch(new RegExp(`/publication-previews/[0-9a-f]{32}/peserta/${BELOW}$`));
    for (const kind of ["pdf", "xlsx", "csv", "json"]) {
      expect((await page.request.get((await page.getByTestId(`preview-daftar.${kind}`).getAttribute("href")) ?? "")).status(), kind).toBe(200);
    }
    await page.getByTestId("publish").click();
    await page.getByTestId("publish-dialog-submit").click();
    await expect(page.getByTestId("published")).toBeVisible();
    await expect(page.getByTestId("publication-1")).toBeVisible();
  });

  const reader = await visit("nobody");
  await test.step("anybody reads the page and its files, and they say the same", async () => {
    await reader.goto("/hasil");
    await reader.getByTestId("publication-link").click();
    await expect(reader).toHaveURL(/\/hasil\/[0-9a-f]{32}$/);
    await expect(reader.getByText("800/12-BKPSDM/2026")).toBeVisible();
    await checkFiles(reader, best);
    await reader.goto("/hasil");
    await reader.getByTestId("find-number").fill(SECOND.toLowerCase());
    await reader.getByTestId("find-submit").click();
    await expect(reader).toHaveURL(new RegExp(`/peserta/${SECOND}$`));
  });
});

/** Downloads the files of a published list and compares them with its page; `best` is the total of the first candidate. */
async function checkFiles(reader: Page, best: number): Promise<void> {
  const table = reader.locator("table.list").first();
  const heads = await table.locator("thead th").allTextContents();
  const total = heads.findIndex((head) => /^(jumlah|total)/i.test(head));
  expect(total, heads.join()).toBeGreaterThan(2);
  // Rank, number, name, category, marks of each section, total: of everybody, in the order of the page.
  const rows = await reader.locator("table.list tbody tr").evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td, th")].map((cell) => cell.textContent ?? "")));
  const shown = rows.map((cells) => cells.slice(0, total + 1).map(plain));
  expect(shown).toHaveLength(60);
  const files: Record<string, Buffer> = {};
  for (const [name, start] of [["daftar.csv", "\uFEFF"], ["daftar.xlsx", "PK"], ["daftar.json", "{"], ["semua.zip", "PK"]] as const) {
    const download = reader.waitForEvent("download");
    await reader.locator(`a[href$="${name}"]`).first().click();
    files[name] = readFileSync(await (await download).path());
    expect(files[name].toString("utf8").startsWith(start), name).toBe(true);
  }
  const pdf = await reader.request.get(`${reader.url()}/daftar.pdf`);
  expect(pdf.headers()["content-type"]).toBe("application/pdf");
  const body = await pdf.body();
  expect(body.subarray(0, 5).toString()).toBe("%PDF-");
  expect(body.length).toBeGreaterThan(2_000);
  const [head, ...lines] = (files["daftar.csv"]?.toString("utf8") ?? "").replace(/^\uFEFF/, "").trim().split("\r\n").map(cellsOf);
  const [from, to] = [head?.findIndex((name) => /peringkat/i.test(name)) ?? -1, head?.findIndex((name) => /jumlah|total/i.test(name)) ?? -1];
  expect(lines.map((line) => line.slice(from, to + 1).map(plain)), `columns ${from} to ${to} of ${head?.join()}`).toEqual(shown);
  const list = JSON.parse(files["daftar.json"]?.toString("utf8") ?? "") as { lists: { rows: { participant_no: string; total: string | null }[] }[] };
  const people = list.lists.flatMap(({ rows: all }) => all);
  expect(people.map((row) => row.participant_no)).toEqual(shown.map(([, number]) => number));
  expect(Number(people.find((row) => row.participant_no === FIRST)?.total)).toBe(best);
}

/** A cell without what only a page for people adds: a dash for nothing, a comma in decimals. */
function plain(cell: string): string {
  return cell.trim().replace(/^[–-]$/, "").replace(/^(\d+),(\d+)$/, "$1.$2");
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
    await page.getByTestId("formation-line").click();
    await page.getByTestId("formation-category").fill("papua");
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
    await page.getByTestId("blueprint-save").click();
    await expect(page.getByTestId("draft-state")).toHaveText("tersimpan", { ignoreCase: true });
  });

  await test.step("a rule set of the agency's own: faults by line, then explained and chosen", async () => {
    await page.getByTestId("step-rule_set").click();
    await expect(page.getByTestId("rule-set-none")).toBeVisible();
    await page.getByTestId("look-cpns-2024").click();
    await expect(page.getByTestId("rule-set-looked")).toContainText("40");
    const text = ruleSetText("contoh-1", [["umum", "Pengetahuan Umum", 40]]);
    await page.getByTestId("own-text").fill(text.replace('rule = "none"', 'rule = "nothing"'));
    await page.getByTestId("own-check").click();
    await expect(page.getByTestId("own-problem").first()).toContainText("nothing");
    await page.getByTestId("own-text").fill(text);
    await page.getByTestId("own-check").click();
    await expect(page.getByTestId("own-fine")).toBeVisible();
    await page.getByTestId("own-choose").click();
    await page.getByTestId("choose-submit").click();
    await expect(page.getByTestId("rule-set-in-use")).toContainText("contoh-1");
    // The formation was made before, and this set has no such category.
    await expect(page.getByTestId("misfits")).toContainText("arsip");
    await page.getByTestId("step-formations").click();
    await page.getByTestId("formation-change-arsip").click();
    await page.getByTestId("change-category").selectOption("umum");
    await page.getByTestId("change-submit").click();
    await expect(page.getByTestId("formation-dialog")).toBeHidden();
    await page.getByTestId("step-rule_set").click();
    await expect(page.getByTestId("rule-set-fits")).toBeVisible();
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
    await expect(page.getByTestId("check-rule_set")).toHaveAttribute("data-state", "done");
  });
});
