// Whether there is room for a column at the side; the same width as in `committee.css`.

import { useEffect, useState } from "preact/hooks";

/** True on anything wider than a tablet held upright. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia("(min-width: 900px)").matches);
  useEffect(() => {
    const query = matchMedia("(min-width: 900px)");
    const changed = (): void => setWide(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return wide;
}
