// Symbols drawn as shapes, so that a state is told by form as well as by colour and no font is needed.

import type { Status } from "./seats";

const PATHS: Record<Status | "connected" | "disconnected" | "silent" | "late" | "alert", { path: string; line?: boolean }> = {
  expected: { path: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11z", line: true },
  checked_in: { path: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11zM8 6.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 1 1 0-2.8z", line: true },
  signed_in: { path: "M8 1.5a6.5 6.5 0 1 0 0 13zM8 2.5a5.5 5.5 0 0 1 0 11v1a6.5 6.5 0 0 0 0-13z" },
  ready: { path: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13z" },
  running: { path: "M4 2l9.5 6L4 14z" },
  paused: { path: "M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z" },
  submitted: { path: "M2.5 8.5l3.6 3.8L13.5 4", line: true },
  expired: { path: "M4 2.5h8L4 13.5h8z", line: true },
  terminated: { path: "M3 3h10v10H3z" },
  absent: { path: "M3.5 3.5l9 9M12.5 3.5l-9 9", line: true },
  refused: { path: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11zM4.2 4.2l7.6 7.6", line: true },
  connected: { path: "M2 7a8.5 8.5 0 0 1 12 0M4.5 9.7a5 5 0 0 1 7 0M8 12.4v.4", line: true },
  disconnected: { path: "M2 7a8.5 8.5 0 0 1 12 0M4.5 9.7a5 5 0 0 1 7 0M8 12.4v.4M2 14.5L14 2", line: true },
  silent: { path: "M8 1.8a6.2 6.2 0 1 1 0 12.4a6.2 6.2 0 1 1 0-12.4zM8 4.5V8l2.4 1.8", line: true },
  late: { path: "M4 1.8h5.5L12.5 5v9.2H4zM6 7h4.5M6 10h4.5", line: true },
  alert: { path: "M8 2L14.5 13.5h-13zM8 6.2v3.4M8 11.4v.6", line: true },
};

/** One symbol; always beside words, so it is hidden from screen readers. */
export function Icon(props: { name: keyof typeof PATHS }) {
  const { path, line } = PATHS[props.name];
  return (
    <svg class={line === true ? "icon icon-line" : "icon"} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
