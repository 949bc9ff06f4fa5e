// How numbers and times are shown, in Indonesian style.

/** Thousandths of a mark as a decimal with a comma: 12500 -> "12,5", 300000 -> "300". */
export function marks(milli: number): string {
  const sign = milli < 0 ? "-" : "";
  const whole = Math.trunc(Math.abs(milli) / 1000);
  const rest = Math.abs(milli) % 1000;
  if (rest === 0) {
    return `${sign}${whole}`;
  }
  return `${sign}${whole},${String(rest).padStart(3, "0").replace(/0+$/, "")}`;
}

/** Milliseconds as `1:29:05` or `29:05`, rounded up to whole seconds so that 0:00 means over. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const tail = `${String(minutes).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** A wall-clock time of today as `08.30`, with seconds when asked. */
export function clockTime(utcMs: number, seconds = false): string {
  return new Date(utcMs).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) });
}

/** Date and time as `21 Nov 2026 08.30`. */
export function dateTime(utcMs: number): string {
  return new Date(utcMs).toLocaleString("id-ID", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
}
