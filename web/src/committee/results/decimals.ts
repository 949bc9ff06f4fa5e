// Decimals as the server sends them: texts with a point. Compared and subtracted exactly; a float would round what the rules compare.

interface Scaled {
  units: bigint;
  places: number;
}

function read(text: string): Scaled | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (match === null) {
    return undefined;
  }
  const fraction = match[3] ?? "";
  const units = BigInt(`${match[2]}${fraction}`);
  return { units: match[1] === "-" ? -units : units, places: fraction.length };
}

function at(scaled: Scaled, places: number): bigint {
  return scaled.units * 10n ** BigInt(places - scaled.places);
}

/** Below zero when `a` is the smaller; what is no decimal comes before every decimal. */
export function compareDecimals(a: string, b: string): number {
  const [first, second] = [read(a), read(b)];
  if (first === undefined || second === undefined) {
    return Number(first !== undefined) - Number(second !== undefined);
  }
  const places = Math.max(first.places, second.places);
  const [left, right] = [at(first, places), at(second, places)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `after - before` with its sign: "+5", "-0.25", "0"; empty where one of them is no decimal. */
export function difference(before: string, after: string): string {
  const [first, second] = [read(before), read(after)];
  if (first === undefined || second === undefined) {
    return "";
  }
  const places = Math.max(first.places, second.places);
  const units = at(second, places) - at(first, places);
  const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  const size = fraction === "" ? whole : `${whole}.${fraction}`;
  return units === 0n ? "0" : `${units < 0n ? "-" : "+"}${size}`;
}
