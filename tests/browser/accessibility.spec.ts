// Every page and its main states: nothing serious for axe, a picture for people, and no item that does not fit on a hall's screen.

import { Console } from "./console";
import { flawless, inspect, picture } from "./inspect";
import { HALL, PHONE, expect, numberOf, test } from "./support";
import { Terminal } from "./terminal";

test.setTimeout(180_000);

test("the terminal", async ({ visit, office }) => {
  const registrar = await office("registrar");
  const proctor = await office("pengawas");
  // A computer expert: some items of that paper take several choices.
  const number = numberOf(1);
  const seated = await registrar.checkIn(number);
  const terminal = new Terminal(await visit("nobody"));
  const { page } = terminal;
  await terminal.open();
  await inspect(page, "ujian-01-masuk");
  await terminal.page.getByTestId("participant-no").fill(number);
  await terminal.page.getByTestId("pin").fill("00000000");
  await terminal.page.getByTestId("sign-in-submit").click();
  await expect(page.getByTestId("refusal")).not.toBeEmpty();
  await inspect(page, "ujian-02-masuk-ditolak");
  await terminal.signIn(number, seated);
  await inspect(page, "ujian-03-apakah-ini-anda");
  await page.getByTestId("not-me").click();
  await inspect(page, "ujian-04-bukan-saya");
  await page.getByTestId("back").click();
  await page.getByTestId("this-is-me").click();
  await inspect(page, "ujian-05-tata-tertib");
  await page.getByTestId("agree").check();
  await page.getByTestId("consent").click();
  await expect(page.getByTestId("practice")).toBeVisible();
  await page.keyboard.press("b");
  await page.keyboard.press("r");
  await inspect(page, "ujian-06-latihan");
  await page.getByTestId("practice-done").click();
  await inspect(page, "ujian-07-ruang-tunggu");
  await proctor.command({ do: "start" });
  await expect(page.getByTestId("start")).toBeVisible();
  await inspect(page, "ujian-08-siap-mulai");
  await terminal.start();
  await terminal.answer("ABCDE");
  await page.keyboard.press("r");
  await terminal.status("saved");
  await inspect(page, "ujian-09-soal");

  await test.step("every item has its buttons on a hall's screen without scrolling the page", async () => {
    const { items } = terminal.paper();
    const tall: number[] = [];
    for (let item = 1; item <= items.length; item += 1) {
      await terminal.goTo(item);
      await expect(page.getByTestId("next")).toBeInViewport({ ratio: 1 });
      const scrolls = await page.evaluate(() => document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth);
      if (scrolls) tall.push(item);
    }
    expect(tall, "items that make the page scroll").toEqual([]);
  });

  const find = (wanted: (stem: string, multiple: boolean) => boolean): number => terminal.paper().items.findIndex(({ stem, multiple }) => wanted(stem, multiple)) + 1;
  for (const [name, item] of [
    ["ujian-10-soal-gambar", find((stem) => stem.includes("<img"))],
    ["ujian-11-soal-rumus", find((stem) => stem.includes("<mfrac"))],
    ["ujian-12-soal-banyak-jawaban", find((_, multiple) => multiple)],
    ["ujian-13-soal-bacaan", find((stem) => stem.includes("<blockquote"))],
    ["ujian-14-soal-tabel", find((stem) => stem.includes("<table"))],
    ["ujian-15-soal-program", find((stem) => stem.includes("<pre"))],
  ] as const) {
    // Papers are drawn: not every kind of item is on every one.
    if (item === 0) continue;
    await terminal.goTo(item);
    await inspect(page, name);
  }
  await terminal.goTo(1);
  await page.keyboard.press("?");
  await inspect(page, "ujian-16-bantuan");
  await page.getByTestId("help-close").click();
  await page.getByTestId("contrast").click();
  await inspect(page, "ujian-17-kontras-tinggi");
  await page.getByTestId("contrast").click();
  for (let step = 0; step < 4; step += 1) await page.getByTestId("zoom-in").click();
  await inspect(page, "ujian-18-tulisan-besar");
  await page.getByTestId("zoom-usual").click();
  await proctor.command({ do: "message", sessions: [], text: "Waktu tinggal setengah. Periksa kembali jawaban Anda." });
  await expect(page.getByTestId("message")).toBeVisible();
  await inspect(page, "ujian-19-pesan");
  await page.getByTestId("dismiss").click();
  await page.context().setOffline(true);
  await terminal.goTo(7);
  await terminal.press("A");
  await page.reload({ waitUntil: "commit" });
  await terminal.status("cut");
  await inspect(page, "ujian-20-terputus");
  await page.context().setOffline(false);
  await terminal.status("saved");
  await proctor.command({ do: "pause", sessions: [seated.session] }, "pemeriksaan");
  await expect(page.getByTestId("paused")).toBeVisible();
  await inspect(page, "ujian-21-jeda");
  await proctor.command({ do: "resume", sessions: [seated.session] });
  await expect(page.getByTestId("paused")).toBeHidden();

  const other = new Terminal(await visit("nobody"));
  await test.step("in English", async () => {
    await other.open();
    await other.page.getByTestId("language-en").click();
    await expect(other.page.getByRole("heading", { level: 1 })).not.toHaveText("Masuk ujian");
    await inspect(other.page, "ujian-22-english");
  });

  await page.getByTestId("finish").click();
  await inspect(page, "ujian-23-selesai-ujian");
  await page.getByTestId("yes").click();
  await expect(page.getByTestId("marks")).toBeVisible();
  await inspect(page, "ujian-24-nilai");
});

test("the desk", async ({ visit }) => {
  const page = await visit("nobody");
  await page.goto("/meja");
  await expect(page.getByTestId("sign-in-form")).toBeVisible();
  await inspect(page, "meja-01-masuk");
  await page.getByTestId("sign-in-login").fill("registrar");
  await page.getByTestId("sign-in-password").fill("bukan ini");
  await page.getByTestId("sign-in-submit").click();
  await expect(page.getByTestId("sign-in-trouble")).toBeVisible();
  await inspect(page, "meja-02-masuk-ditolak");

  const desk = await visit("registrar");
  await desk.goto("/meja");
  await expect(desk.getByTestId("sitting-link")).toBeVisible();
  await inspect(desk, "meja-03-pilih-sesi");
  await desk.getByTestId("sitting-link").click();
  await expect(desk.getByTestId("person").first()).toBeVisible();
  await inspect(desk, "meja-04-cari");
  // Somebody with an accommodation.
  await desk.getByTestId("find").fill(numberOf(7));
  await expect(desk.getByTestId("person")).toHaveCount(1);
  await desk.getByTestId("find").press("Enter");
  await expect(desk.getByTestId("card")).toBeVisible();
  await desk.getByTestId("identity").check();
  await inspect(desk, "meja-05-kartu");
  await desk.getByTestId("refuse").click();
  await inspect(desk, "meja-06-tolak");
  await desk.getByTestId("question-cancel").click();
  await desk.getByTestId("document-ktp").check();
  await desk.getByTestId("check-in").click();
  await expect(desk.getByTestId("pin-panel")).toBeVisible();
  await inspect(desk, "meja-07-pin");
});

test("the console and the boards", async ({ visit, office }) => {
  const registrar = await office("registrar");
  const bank = await (await office("panitia")).bank();
  const proctor = new Console(await visit("pengawas"));
  const { page } = proctor;
  await page.goto("/pengawas");
  await expect(page.getByTestId("sitting-link")).toBeVisible();
  await inspect(page, "pengawas-01-pilih-sesi");
  await proctor.open();
  await page.getByTestId("act-start").click();
  await inspect(page, "pengawas-02-mulai");
  await page.getByTestId("dialog-send").click();
  await expect(page.getByTestId("act-dialog")).toBeHidden();

  // A hall in which something of everything happens.
  const seated = await Promise.all(Array.from({ length: 24 }, (_, index) => registrar.checkIn(numberOf(index + 1))));
  const terminals: Terminal[] = [];
  for (const [index, items] of [12, 7, 5, 10].entries()) {
    const terminal = new Terminal(await visit("nobody"));
    const seat = seated[index];
    if (seat === undefined) throw new Error("nobody was checked in");
    await terminal.takeSeat(numberOf(index + 1), seat);
    for (let item = 1; item <= items; item += 1) {
      if (item > 1) await terminal.next();
      const face = terminal.face(item);
      await terminal.press((item + index) % 3 === 0 ? bank.worst(face) : bank.best(face));
    }
    terminals.push(terminal);
  }
  await proctor.choose(numberOf(2));
  await proctor.done("pause", { reason: "Terminal rusak" });
  await terminals[3]?.page.getByTestId("finish").click();
  await terminals[3]?.page.getByTestId("yes").click();
  await terminals[2]?.page.goto("about:blank");
  await expect(page.getByTestId("alert")).toBeVisible();
  await proctor.choose(numberOf(1));
  await inspect(page, "pengawas-03-denah");
  await page.getByTestId("act-grant").click();
  await page.getByTestId("grant-minutes").fill("20");
  await page.getByTestId("dialog-reason").fill("Listrik padam");
  await inspect(page, "pengawas-04-tambah-waktu");
  await page.getByTestId("dialog-send").click();
  await expect(page.getByTestId("dialog-proposed")).toBeVisible();
  await inspect(page, "pengawas-05-menunggu-orang-kedua");
  await page.getByTestId("dialog-close").click();
  await page.getByTestId("side-proposals").click();
  await inspect(page, "pengawas-06-usulan-sendiri");
  await page.getByTestId("side-log").click();
  await inspect(page, "pengawas-07-jurnal");
  await page.getByTestId("view-table").click();
  await page.getByTestId("side-person").click();
  await inspect(page, "pengawas-08-tabel");
  await page.getByTestId("view-map").click();
  await page.getByTestId("act-terminate").click();
  await inspect(page, "pengawas-09-hentikan");
  await page.getByTestId("dialog-cancel").click();
  await proctor.done("hold", { reason: "Alarm kebakaran" });
  await expect(page.getByTestId("held")).toBeVisible();
  await inspect(page, "pengawas-10-ruang-dijeda");
  await proctor.done("release");

  const second = await visit("pengawas2");
  const other = new Console(second);
  await other.open();
  await second.getByTestId("side-proposals").click();
  await expect(second.getByTestId("approve")).toBeVisible();
  await inspect(second, "pengawas-11-usulan-orang-lain");

  const screen = await visit("nobody");
  await screen.goto("/papan");
  await expect(screen.getByTestId("board-link").first()).toBeVisible();
  await inspect(screen, "papan-01-daftar");
  for (const [kind, name] of [["sitting", "papan-02-sesi"], ["stage", "papan-03-seleksi"]] as const) {
    await screen.goto("/papan");
    await screen.getByTestId(`boards-${kind}`).getByTestId("board-link").first().click();
    await expect(screen.getByTestId("board-row").first()).toBeVisible();
    await inspect(screen, name);
  }
});

test("the committee's pages and the published list", async ({ visit, office }) => {
  const proctor = await office("pengawas");
  const page = await visit("panitia");
  const go = async (hash: string, testid: string): Promise<void> => {
    await page.goto(`/panitia${hash}`);
    await expect(page.getByTestId(testid)).toBeVisible();
    await expect(page.locator(".spinner")).toHaveCount(0);
  };
  const selection = await (await office("panitia")).selection();
  const [stage] = selection.stages;
  const base = `#/seleksi/${selection.id}`;
  await go("#/seleksi", "page-selections");
  await inspect(page, "panitia-01-seleksi");
  await page.getByTestId("selection-new").click();
  await inspect(page, "panitia-02-seleksi-baru");
  await page.getByTestId("dialog-close").click();
  await go(base, "checklist");
  await inspect(page, "panitia-03-langkah");
  for (const [index, [word, testid]] of (
    [
      ["formasi", "page-formations"], ["ruang", "page-halls"], ["kisi-kisi", "page-stages"], ["himpunan-aturan", "rule-set-in-use"], ["peserta", "page-candidates"],
      ["sesi", "page-sittings"], ["penempatan", "placement-skb"], ["naskah", "page-papers"], ["kebijakan", "page-policy"],
    ] as const
  ).entries()) {
    await go(`${base}/${word}`, testid);
    await inspect(page, `panitia-${String(index + 4).padStart(2, "0")}-${word}`);
  }
  await go(`${base}/kisi-kisi/${stage?.id}/${selection.formations[0]?.id}`, "page-blueprint");
  await inspect(page, "panitia-13-kisi-kisi-formasi");
  await go("#/bank", "page-bank");
  await inspect(page, "panitia-14-bank");
  await go("#/bank/impor", "page-import");
  await inspect(page, "panitia-15-impor");
  const table = "id,section,topic,stem,choice_a,choice_b,key\nuji-1,umum,uji,Satu,dua,tiga,A\nuji-2,umum,uji,Satu,dua,tiga,\n";
  await page.getByTestId("import-files").setInputFiles({ name: "soal.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  await page.getByTestId("import-check").click();
  await expect(page.getByTestId("import-preview")).toBeVisible();
  await inspect(page, "panitia-16-impor-periksa");
  await go("#/pantau", "page-watch");
  await inspect(page, "panitia-17-pantau");

  await proctor.command({ do: "start" });
  await proctor.command({ do: "close" });
  const results = `#/hasil/${selection.id}/${stage?.id}`;
  await go("#/hasil", "result-steps");
  await go(`${results}/rekonsiliasi`, "reconciled-skb-01");
  await inspect(page, "panitia-18-rekonsiliasi");
  await page.getByTestId("enter-skb-01").click();
  await inspect(page, "panitia-19-hitungan-tangan");
  await page.getByTestId("count-present").fill("0");
  await page.getByTestId("count-absent").fill("60");
  await page.getByTestId("count-submit").click();
  await expect(page.getByTestId("unexplained")).toHaveClass(/good/);
  await go(`${results}/perhitungan`, "compute");
  await page.getByTestId("compute").click();
  await expect(page.getByTestId("result-lists")).toBeVisible();
  await inspect(page, "panitia-20-perhitungan");
  await page.getByTestId("list-prakom").click();
  await page.getByTestId(`why-${numberOf(1)}`).click();
  await expect(page.getByTestId("explanation")).toBeVisible();
  await inspect(page, "panitia-21-mengapa");
  await page.getByTestId("dialog-close").click();
  await page.getByTestId("adopt").click();
  await inspect(page, "panitia-22-tetapkan");
  await page.getByTestId("adopt-dialog-submit").click();
  await expect(page.getByTestId("adopted")).toBeVisible();
  await go(`${results}/koreksi/baru`, "page-new-correction");
  for (const kind of ["void", "status", "facts", "decision", "recompute"]) {
    await page.getByTestId(`kind-${kind}`).check();
    await expect(page.locator(".spinner")).toHaveCount(0);
    await inspect(page, `panitia-23-koreksi-${kind}`);
  }
  await go(`${results}/pengumuman`, "announcement-form");
  await page.getByTestId("preview").click();
  await expect(page.getByTestId("announcement-preview")).toBeVisible();
  await inspect(page, "panitia-24-pratinjau");
  await page.getByTestId("publish").click();
  await inspect(page, "panitia-25-umumkan");
  await page.getByTestId("publish-dialog-submit").click();
  await expect(page.getByTestId("published")).toBeVisible();
  await inspect(page, "panitia-26-diumumkan");

  const reader = await visit("nobody");
  await reader.goto("/hasil");
  await expect(reader.getByTestId("publication-link")).toBeVisible();
  await inspect(reader, "hasil-01-daftar");
  await reader.getByTestId("publication-link").click();
  await expect(reader.locator("tbody tr").first()).toBeVisible();
  await inspect(reader, "hasil-02-pengumuman");

  const admin = await visit("admin");
  await admin.goto("/panitia#/petugas");
  await expect(admin.getByTestId("staff-registrar")).toBeVisible();
  await inspect(admin, "panitia-27-petugas");
  await admin.getByTestId("staff-registrar").getByTestId("staff-change").click();
  await inspect(admin, "panitia-28-petugas-ubah");
});

test("the way in, and addresses that lead nowhere", async ({ visit }) => {
  const page = await visit("nobody");
  await page.goto("/");
  await expect(page.getByTestId("demo")).toBeVisible();
  await inspect(page, "mulai-01-halaman-depan");
  await page.getByTestId("demo").scrollIntoViewIfNeeded();
  await picture(page, "mulai-02-demo", HALL);
  await page.getByTestId("language-en").click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await flawless(page, "the start page in English");
  await page.goto("/tidak-ada");
  await inspect(page, "mulai-03-tidak-ditemukan");
  const wrong = await visit("registrar");
  await wrong.goto("/pengawas");
  await expect(wrong.getByTestId("not-fitting")).toBeVisible();
  await inspect(wrong, "mulai-04-bukan-peran-anda");
  for (const path of ["/", "/ujian", "/papan", "/hasil", "/sanggah"]) {
    await page.setViewportSize(PHONE);
    await page.goto(path);
    await expect(page.locator("h1")).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `${path} does not scroll sideways on a phone`).toBeLessThanOrEqual(PHONE.width);
  }
});
