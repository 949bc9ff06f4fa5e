// A whole number as people type it. Pure.

/** A whole number from `min` to `max`, or why it is none; dots between thousands are understood. */
export function readInteger(text: string, min: number, max: number): { value: number } | { fault: { code: "empty" } | { code: "integer" } | { code: "range"; min: number; max: number } } {
  const trimmed = text.trim();
  if (trimmed === "") {
    return { fault: { code: "empty" } };
  }
  if (!/^-?\d+$/.test(trimmed) && !/^-?\d{1,3}(\.\d{3})+$/.test(trimmed)) {
    return { fault: { code: "integer" } };
  }
  const value = Number(trimmed.replaceAll(".", ""));
  return value < min || value > max ? { fault: { code: "range", min, max } } : { value };
}
