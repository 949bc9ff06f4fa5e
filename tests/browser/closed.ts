// An exam that is over: a few candidates sat it, the doors are closed, and what follows is done over HTTP for stories that begin later.

import type {
  AdoptFirst, Computation, FormationView, PreviewMade, PublicationDraft, PublicationView, PublishPreview, PutAttendanceCount, PutFormation, RevisionView, SelectionView,
  StageView,
} from "../../web/src/wire";
import { Bank, type Office } from "./office";
import { expect, type Page } from "./playwright";
import { Terminal } from "./terminal";

/** A candidate who sits the exam, and which items of the paper are answered: `best` earns most, `worst` least. */
export interface Sitter {
  number: string;
  /** Items by section that take one choice, worth five each: how many from the first on are answered best, and how many after them worst. */
  answers: { section: string; best: number; worst?: number }[];
}

/** What somebody was asked first: an item and what was chosen. */
export interface Answered {
  number: string;
  code: string;
}

/** The sitting starts, the sitters answer and finish, the doors are closed. Tells which items each answered best, in order. */
export async function sitAndClose(people: { registrar: Office; proctor: Office; visit: () => Promise<Page> }, bank: Bank, sitters: Sitter[]): Promise<Answered[]> {
  const { registrar, proctor, visit } = people;
  const answered: Answered[] = [];
  await proctor.command({ do: "start" });
  for (const sitter of sitters) {
    const terminal = new Terminal(await visit());
    await terminal.takeSeat(sitter.number, await registrar.checkIn(sitter.number));
    for (const { section, best, worst = 0 } of sitter.answers) {
      const items = bank.placesOf(terminal.paper(), section).filter((item) => !terminal.face(item).multiple).slice(0, best + worst);
      for (const [index, item] of items.entries()) {
        await terminal.goTo(item);
        const face = terminal.face(item);
        const letters = index < best ? bank.best(face) : bank.worst(face);
        for (const letter of letters) await terminal.press(letter);
        if (index < best) answered.push({ number: sitter.number, code: bank.item(face).code });
      }
    }
    await terminal.status("saved");
    await terminal.page.getByTestId("finish").click();
    await terminal.page.getByTestId("yes").click();
    await expect(terminal.page.getByTestId("ended")).toBeVisible();
    await terminal.page.context().close();
  }
  await proctor.command({ do: "close" });
  return answered;
}

/** The stage of the demonstration. */
export function stageOf(selection: SelectionView): StageView {
  const [stage] = selection.stages;
  if (stage === undefined) throw new Error("the demonstration has no stage");
  return stage;
}

/** A formation by code. */
export function formationOf(selection: SelectionView, code: string): FormationView {
  const formation = selection.formations.find((candidate) => candidate.code === code);
  if (formation === undefined) throw new Error(`there is no formation ${code}`);
  return formation;
}

/** Changes how many slots a formation has. */
export async function setSlots(committee: Office, code: string, slots: number): Promise<void> {
  const { id, title, line } = formationOf(await committee.selection(), code);
  await committee.put(`/api/v1/formations/${id}`, { title, slots, line } satisfies PutFormation);
}

/** Enters what the proctors counted, and adopts revision 1. */
export async function adoptFirst(committee: Office, count: { present: number; absent: number }): Promise<RevisionView> {
  const selection = await committee.selection();
  const stage = stageOf(selection);
  for (const sitting of selection.sittings) {
    await committee.put(`/api/v1/sittings/${sitting.id}/attendance-count`, { ...count, note: "" } satisfies PutAttendanceCount);
  }
  const { results, obstacles } = await committee.post<Computation>(`/api/v1/stages/${stage.id}/computation`, {});
  expect(obstacles, "what stands in the way of revision 1").toEqual([]);
  await committee.post(`/api/v1/stages/${stage.id}/revisions`, { input_hash: results.input_hash, reason: "" } satisfies AdoptFirst);
  const [revision] = await committee.get<RevisionView[]>(`/api/v1/stages/${stage.id}/revisions`);
  if (revision === undefined) throw new Error("revision 1 was not stored");
  return revision;
}

/** Announces the newest revision with the words it is proposed with. */
export async function announce(committee: Office): Promise<PublicationView> {
  const stage = stageOf(await committee.selection());
  const { publish } = await committee.get<PublicationDraft>(`/api/v1/stages/${stage.id}/publication-draft`);
  const { id } = await committee.post<PreviewMade>(`/api/v1/stages/${stage.id}/publication-previews`, publish);
  return committee.post<PublicationView>(`/api/v1/stages/${stage.id}/publications`, { preview: id } satisfies PublishPreview);
}
