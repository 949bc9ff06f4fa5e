// Staff over HTTP, for what a story needs and does not look at.

import { randomBytes } from "node:crypto";
import type {
  CheckIn, DeskList, IssuedPin, ItemPage, ItemView, PaperFrame, PaperItem, ProctorAct, ProctorAnswer, ProctorCommand, SelectionSummary, SelectionView, SittingSummary,
} from "../../web/src/wire";
import { expect, request, type APIRequestContext } from "./playwright";
import type { Server } from "./server";

const DEMO_SITTING = "skb-01";

/** A seat, the PIN for it and the session that belongs to it. */
export interface Seated extends IssuedPin {
  session: string;
}

/** A signed-in member of staff without a window. */
export class Office {
  private constructor(private readonly http: APIRequestContext) {}

  /** Signs in. */
  static async signIn(server: Server, login: string): Promise<Office> {
    const http = await request.newContext({ baseURL: server.url, extraHTTPHeaders: { "x-saksama": "1" }, ignoreHTTPSErrors: true });
    const office = new Office(http);
    const password = server.credentials.staff.find((person) => person.login === login)?.password;
    await office.post("/api/v1/staff/sign-in", { login, password });
    return office;
  }

  /** GET of a document. */
  async get<T>(path: string): Promise<T> {
    const response = await this.http.get(path);
    expect(response.status(), `GET ${path}: ${await response.text()}`).toBeLessThan(300);
    return (await response.json()) as T;
  }

  /** POST of a document. */
  async post<T>(path: string, data: unknown): Promise<T> {
    const response = await this.http.post(path, { data });
    const text = await response.text();
    expect(response.status(), `POST ${path}: ${text}`).toBeLessThan(300);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** POST of a file. */
  async upload<T>(path: string, name: string, text: string): Promise<T> {
    const file = { name, mimeType: "text/csv", buffer: Buffer.from(text) };
    const response = await this.http.post(path, { multipart: { file } });
    expect(response.status(), `POST ${path}: ${await response.text()}`).toBeLessThan(300);
    return (await response.json()) as T;
  }

  /** PUT of a document. */
  async put(path: string, data: unknown): Promise<void> {
    const response = await this.http.put(path, { data });
    expect(response.status(), `PUT ${path}: ${await response.text()}`).toBeLessThan(300);
  }

  private async find(path: string, code: string): Promise<SittingSummary> {
    const sitting = (await this.get<SittingSummary[]>(path)).find((candidate) => candidate.code === code);
    if (sitting === undefined) throw new Error(`there is no sitting ${code}`);
    return sitting;
  }

  /** A sitting, as its proctors see it; the demonstration has one. */
  async sitting(code = DEMO_SITTING): Promise<SittingSummary> {
    return this.find("/api/v1/proctor/sittings", code);
  }

  /** Gives a candidate a seat and a PIN, as the desk does. */
  async checkIn(number: string, code = DEMO_SITTING): Promise<Seated> {
    const sitting = await this.find("/api/v1/desk/sittings", code);
    const list = await this.get<DeskList>(`/api/v1/desk/sittings/${sitting.id}/candidates?find=${number}`);
    const session = list.people[0]?.session ?? "";
    const entry: CheckIn = { id: newId(), identity_confirmed: true, documents: ["ktp"], seat: null, override_reason: null };
    return { ...(await this.post<IssuedPin>(`/api/v1/desk/sessions/${session}/check-in`, entry)), session };
  }

  /** Steers a sitting. */
  async command(act: ProctorAct, reason = "", code = DEMO_SITTING): Promise<ProctorAnswer> {
    const sitting = await this.sitting(code);
    const command: ProctorCommand = { id: newId(), act, reason };
    return this.post<ProctorAnswer>(`/api/v1/sittings/${sitting.id}/commands`, command);
  }

  /** The demonstration's selection, with everything that was set up. */
  async selection(): Promise<SelectionView> {
    const selection = (await this.get<SelectionSummary[]>("/api/v1/selections")).find(({ code }) => code === "demo");
    return this.get<SelectionView>(`/api/v1/selections/${selection?.id}`);
  }

  /** The whole bank with its keys: only the committee's office may see them. */
  async bank(): Promise<Bank> {
    const items = new Map<string, ItemView>();
    for (let page = 1; ; page += 1) {
      const found = await this.get<ItemPage>(`/api/v1/bank/items?page=${page}`);
      for (const item of found.items) items.set(item.id, item);
      if (found.items.length === 0 || items.size >= found.total) return new Bank(items);
    }
  }

  /** Leaves. */
  async leave(): Promise<void> {
    await this.http.dispose();
  }
}

/** The items and what their choices are worth: how a story knows which marks to expect. Letters are those of a paper's shown order. */
export class Bank {
  constructor(readonly items: ReadonlyMap<string, ItemView>) {}

  /** The letters that earn most. */
  best(face: PaperItem): string {
    const weights = this.weights(face);
    const letters = face.choices.map((_, index) => letterOf(index));
    return face.multiple ? letters.filter((_, index) => (weights[index] ?? 0) > 0).join("") : letterOf(weights.indexOf(Math.max(...weights)));
  }

  /** A letter that earns least. */
  worst(face: PaperItem): string {
    const weights = this.weights(face);
    return letterOf(weights.indexOf(Math.min(...weights)));
  }

  /** What letters earn. */
  earned(face: PaperItem, letters: string): number {
    const weights = this.weights(face);
    const positive = weights.filter((weight) => weight > 0).reduce((sum, weight) => sum + weight, 0);
    const chosen = [...letters].map((letter) => weights[letter.charCodeAt(0) - 65] ?? 0).reduce((sum, weight) => sum + weight, 0);
    switch (this.item(face).rule) {
      case "sum":
        return Math.min(positive, Math.max(0, chosen));
      case "all_or_nothing":
        return [...letters].sort().join("") === this.best(face) ? positive : 0;
      default:
        return chosen;
    }
  }

  /** Numbers, from 1, of the paper's items of a section. */
  placesOf(paper: PaperFrame, section: string): number[] {
    return paper.items.flatMap((face, index) => (this.item(face).section === section ? [index + 1] : []));
  }

  /** The item behind a face. */
  item(face: PaperItem): ItemView {
    const item = this.items.get(face.item);
    if (item === undefined) throw new Error(`item ${face.item} is not in the bank`);
    return item;
  }

  // Choices have the same id on every paper, whatever their place there.
  private weights(face: PaperItem): number[] {
    const { weights } = this.item(face);
    return face.choices.map((choice) => Number(weights[choice.id]));
  }
}

function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

/** A fresh id. */
export function newId(): string {
  return randomBytes(16).toString("hex");
}
