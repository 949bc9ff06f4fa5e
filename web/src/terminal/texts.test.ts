import { beforeAll, describe, expect, test } from "vitest";
import { terminal } from "../strings/terminal";
import { en } from "../strings/terminal.en";
import type { Status } from "./state";

let words: typeof import("./view/texts");
beforeAll(async () => {
  Object.assign(globalThis, { document: { documentElement: {} } });
  words = await import("./view/texts");
});

describe("the status line", () => {
  const cases: readonly (readonly [Status, string])[] = [
    [{ t: "saved" }, "Semua jawaban tersimpan"],
    [{ t: "saving", answers: 1 }, "Menyimpan 1 jawaban…"],
    [{ t: "waiting", answers: 3, disk: true }, "3 jawaban tersimpan di komputer ini, menunggu server"],
    [{ t: "waiting", answers: 3, disk: false }, "3 jawaban BELUM tersimpan, menunggu server"],
    [{ t: "marks" }, "Tanda ragu-ragu menunggu server"],
    [{ t: "connecting", answers: 0, disk: true }, "Menyambung ke server…"],
    [{ t: "cut", answers: 2, disk: true }, "Sambungan terputus: 2 jawaban tersimpan di komputer ini, dikirim begitu tersambung. Teruslah mengerjakan."],
    [{ t: "cut", answers: 2, disk: false }, "Sambungan terputus: 2 jawaban BELUM tersimpan. Jangan menutup atau memuat ulang halaman; panggil pengawas."],
  ];
  test.each(cases)("%j", (status, text) => {
    expect(words.statusText(status, "exam")).toBe(text);
  });
  test("before the exam it speaks of the line, not of answers", () => {
    expect(words.statusText({ t: "saved" }, "waiting")).toBe("Tersambung ke server");
    expect(words.statusText({ t: "cut", answers: 0, disk: true }, "rules")).not.toContain("jawaban");
  });
  test("without a disk nothing is called saved, in either language", () => {
    for (const language of [terminal.id, en]) {
      expect(language.status.cut_memory(2)).toMatch(/BELUM|NOT/);
      expect(language.status.waiting_memory(2)).toMatch(/BELUM|NOT/);
    }
  });
});

describe("words", () => {
  test("nobody is told at the end to have passed or failed", () => {
    const all = (words: unknown): string => JSON.stringify(words, (_, value: unknown) => (typeof value === "function" ? String(value) : value));
    expect(all(terminal.id)).not.toMatch(/lulus|lolos/i);
    expect(all(en.ended)).not.toMatch(/pass|fail/i);
  });
  test("unknown refusals are told with their code", () => {
    expect(words.noticeText({ id: 1, t: "refused", code: "odd", position: 6 })).toContain("Jawaban soal 7 tidak diterima server: alasan \"odd\"");
  });
});
