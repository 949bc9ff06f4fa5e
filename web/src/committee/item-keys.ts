// What an item's weights say about its key. Pure.

import type { ItemView } from "../wire";

/** One choice for an author's eyes. */
export interface KeyedChoice {
  letter: string;
  /** Decimal as stored; empty when this account may not see keys. */
  weight: string;
  /** True for a right choice. In an item whose choices earn different marks there is no single right one. */
  right: boolean;
}

/** Letters, weights and right choices of an item. */
export function keyedChoices(item: Pick<ItemView, "choices" | "weights">): KeyedChoice[] {
  const values = item.weights.map(Number);
  const positive = [...new Set(values.filter((value) => value > 0))];
  const graded = positive.length > 1;
  return item.choices.map((_, index) => ({
    letter: String.fromCharCode(65 + index),
    weight: item.weights[index] ?? "",
    right: !graded && (values[index] ?? 0) > 0,
  }));
}

/** A decimal of the server with the comma people use here. */
export function decimal(text: string): string {
  return text.replace(".", ",");
}
