// What a grant may name. Pure.

import type { Grant, Role } from "../wire";

/** Roles that are limited to a hall. */
export function takesHall(role: Role): boolean {
  return role === "registrar" || role === "proctor";
}

/** Another role of a grant. Staff accounts concern the whole installation, and only people in a hall are bound to one. */
export function withRole(grant: Grant, role: Role): Grant {
  return { role, selection: role === "admin" ? null : grant.selection, hall: takesHall(role) ? grant.hall : null };
}

/** Another selection of a grant; halls belong to selections. */
export function withSelection(grant: Grant, selection: string | null): Grant {
  return { ...grant, selection, hall: selection === grant.selection ? grant.hall : null };
}
