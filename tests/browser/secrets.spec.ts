// Nothing that reaches a terminal before the end says which choice is right or what it is worth.

import type { ItemPage, PaperItem, TerminalNews } from "../../web/src/wire";
import { expect, numberOf, test } from "./support";
import { Terminal } from "./terminal";

/** Words that would tell on an answer, and names of fields that could. */
const TELLING = /weight|key|bobot|kunci|right|correct|benar|score|basis|marks/i;

test("before the end a terminal receives faces only: no key, no weight, no marks", async ({ visit, office }) => {
  const registrar = await office("registrar");
  const proctor = await office("pengawas");
  const committee = await office("panitia");
  const page = await visit("nobody");
  const bodies: Promise<{ url: string; text: string }>[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    // Scripts, styles and the page itself are the same for everybody and are made before there are items.
    if (!pathname.startsWith("/assets/") && pathname !== "/ujian" && pathname !== "/ujian-worker.js") {
      bodies.push(response.text().then((text) => ({ url: pathname, text }), () => ({ url: pathname, text: "" })));
    }
  });
  const terminal = new Terminal(page);

  const number = numberOf(2);
  const seated = await registrar.checkIn(number);
  await proctor.command({ do: "start" });
  await terminal.takeSeat(number, seated);
  await terminal.answer("ABCDE");
  await terminal.status("saved");
  // Everything else a terminal can hear of: a message, a pause, more time, a reload with a fresh welcome.
  await proctor.command({ do: "message", sessions: [], text: "Waktu masih cukup." });
  await expect(page.getByTestId("message")).toBeVisible();
  await proctor.command({ do: "pause", sessions: [seated.session] }, "pemeriksaan");
  await expect(page.getByTestId("paused")).toBeVisible();
  await proctor.command({ do: "resume", sessions: [seated.session] });
  await proctor.command({ do: "grant_time", sessions: [seated.session], seconds: 60 }, "gangguan");
  await expect(page.getByTestId("paused")).toBeHidden();
  await page.reload();
  await terminal.status("saved");

  const paper = terminal.paper();
  await test.step("an item on the paper has these fields and no others", () => {
    expect(paper.items).toHaveLength(110);
    for (const item of paper.items) {
      expect(Object.keys(item).sort()).toEqual(["choices", "item", "language", "multiple", "stem"]);
      for (const choice of item.choices) expect(Object.keys(choice).sort()).toEqual(["id", "text"]);
    }
  });

  await test.step("no frame and no answer names a key, a weight or marks", async () => {
    expect(terminal.news("ended")).toHaveLength(0);
    for (const frame of terminal.heard) {
      const news = JSON.parse(frame) as TerminalNews;
      // What the candidate is to read may use such words ("kata kunci"); everything around it may not.
      const around = news.t === "paper" ? { ...news, items: news.items.map(faceless) } : news;
      expect(JSON.stringify(around), `frame ${news.t}`).not.toMatch(TELLING);
    }
    for (const { url, text } of await Promise.all(bodies)) {
      if (url.startsWith("/media/")) expect(text.replace(/font-weight/g, ""), url).not.toMatch(TELLING);
      else expect(withoutRules(text), url).not.toMatch(TELLING);
    }
  });

  await test.step("what an item's key rests on is nowhere in the traffic", async () => {
    const first = new Set(paper.items.map((item) => item.item));
    const all = [...terminal.heard, ...(await Promise.all(bodies)).map(({ text }) => text)].join("\n");
    let looked = 0;
    for (let bankPage = 1; ; bankPage += 1) {
      const { items, total } = await committee.get<ItemPage>(`/api/v1/bank/items?page=${bankPage}`);
      for (const item of items.filter(({ id, basis }) => first.has(id) && basis.length > 20)) {
        expect(all.includes(item.basis), `the basis of ${item.code} was sent`).toBe(false);
        looked += 1;
      }
      if (bankPage * 50 >= total) break;
    }
    expect(looked).toBeGreaterThan(50);
  });
});

/** An item without what is there to be read. */
function faceless(item: PaperItem): unknown {
  return { ...item, stem: "", choices: item.choices.map(({ id }) => ({ id })) };
}

/** An HTTP answer without the rules of the exam, which are words for people. */
function withoutRules(text: string): string {
  try {
    return JSON.stringify({ ...(JSON.parse(text) as Record<string, unknown>), rules: "" });
  } catch {
    return text;
  }
}
